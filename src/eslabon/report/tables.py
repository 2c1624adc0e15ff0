"""Tables for a terminal: every outcome with its harms, and the model beside published figures."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from eslabon.i18n import translate
from eslabon.report.data import GROUPS, NATION, PUBLISHED_AS, OutcomeInfo, PageData, Row, ScenarioResult, headline, of_scenario
from eslabon.report.names import basin_name, harm_name, harm_status, harm_words, outcome_name, scenario_title
from eslabon.report.numbers import Scale, exact, median_interval, number, percent, scale_for
from eslabon.report.scoring import Score, score
from eslabon.report.sentences import OBSERVED, VRAEM, members_note, misses_sentence, past_score

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType

ROOMY = 156
"""Columns of a terminal from which unit and year have their own columns."""


@dataclass(frozen=True)
class Line:
    """One outcome of a table: the rows of the reference, the policy and their paired difference, in a shared unit."""

    info: OutcomeInfo
    scale: Scale
    period: str
    reference: Row
    policy: Row | None
    difference: Row | None

    @property
    def n(self) -> str:
        """Members behind the numbers; both where they differ."""
        counts = dict.fromkeys(str(row["n"]) for row in (self.reference, self.policy) if row)
        return "/".join(counts)


def outcome_lines(data: PageData, policy: ScenarioResult | None, lang: str) -> list[Line]:
    """Return the lines of a table by group, supply first and harms beside it; outcomes without rows are left out."""
    changed = of_scenario(data.differences, policy.name) if policy else []
    lines = []
    for info in sorted(data.distinct_outcomes, key=lambda item: GROUPS.index(item.group)):
        year = data.last_year
        base = headline(data.reference.rows, info.name, info.kind, year)
        if base is None:
            continue
        other = headline(policy.rows, info.name, info.kind, year) if policy else None
        change = headline(changed, info.name, info.kind, year) if policy else None
        scale = scale_for(info.unit, info.kind, [row for row in (base, other) if row], lang)
        lines.append(Line(info, scale, str(base.get("period") or base["year"]), base, other, change))
    return lines


def compared(data: PageData) -> list[ScenarioResult | None]:
    """Return what the tables are made for: each policy, or nothing to compare with in a plain run."""
    return list(data.policies) or [None]


def terminal_table(data: PageData, lang: str = "en") -> RenderableType:
    """Return one table a policy: reference, policy and paired difference of every outcome, harms in the same table.

    Harms that are not modelled are rows too, with the reason in words below.
    """
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    tables: list[RenderableType] = [_OutcomeTable(data, policy, lang) for policy in compared(data)]
    foot = [translate("table.foot" if data.policies else "table.foot_run", lang)]
    names = [info.name for info in data.outcomes]
    for harm, why in data.not_modelled.items():
        reason = harm_words(harm, why, names, lang)
        foot.append(translate("table.not_modelled_why", lang, harm=harm_name(harm, lang), reason=reason))
    foot += [*members_note(data, lang), translate("page.synthetic", lang)]
    return Group(*tables, *(Padding(Text(line, style="dim"), (0, 1)) for line in foot))


def history_table(data: PageData, lang: str = "en") -> RenderableType:
    """Return the model's area beside the published one by year, for the nation and the VRAEM, with hit or miss."""
    from rich.console import Group
    from rich.text import Text

    if data.history is None:
        return Text(translate("table.no_history", lang))
    parts: list[RenderableType] = []
    for basin, place in ((NATION, "place.nation"), (VRAEM, "place.vraem")):
        found = past_score(data, basin)
        if found is not None:
            parts += [_past_table(found, translate(place, lang), lang), Text(misses_sentence(found, lang)), Text("")]
    return Group(*parts) if parts else Text(translate("table.no_history", lang))


@dataclass(frozen=True)
class _OutcomeTable:
    """A table that puts unit and year below the outcome's name where the terminal is narrow."""

    data: PageData
    policy: ScenarioResult | None
    lang: str

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        roomy = options.max_width >= ROOMY
        yield _one_table(self.data, self.policy, self.lang, roomy)


def _one_table(data: PageData, policy: ScenarioResult | None, lang: str, roomy: bool) -> RenderableType:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    reference = scenario_title(data.reference, lang)
    title = translate("table.against", lang, policy=scenario_title(policy, lang), reference=reference) if policy else reference
    table = Table(title=Text(title), title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), title_style="bold")
    for name in ("outcome", "unit", "period") if roomy else ("outcome",):
        table.add_column(translate(f"table.{name}", lang))
    if roomy:
        table.add_column("N", justify="right")
    heads = [reference] if policy is None else [reference, scenario_title(policy, lang), translate("table.difference", lang)]
    lines = outcome_lines(data, policy, lang)
    cells = {line.info.name: _cells(line, lang, bool(policy), roomy) for line in lines}
    for at, head in enumerate(heads):
        place = at - len(heads)
        width = max((len(part) for found in cells.values() for part in found[place].split("\n")), default=1)
        table.add_column(Text(head, overflow="fold"), justify="right", min_width=width)
    for group in GROUPS:
        members = [line for line in lines if line.info.group == group]
        if not members and group != "harm":
            continue
        table.add_section()
        table.add_row(Text(translate(f"group.{group}", lang), style="bold"))
        for line in members:
            table.add_row(*(Text(cell, no_wrap=at > roomy) for at, cell in enumerate(cells[line.info.name])))
        if group == "harm":
            names = [info.name for info in data.outcomes]
            for harm in data.not_modelled:
                gap = ("", "", "") if roomy else ()
                table.add_row(Text(harm_name(harm, lang)), *gap, Text(harm_status(harm, names, lang), style="italic"))
    return table


def _cells(line: Line, lang: str, compared: bool, roomy: bool) -> list[str]:
    name = outcome_name(line.info.name, lang, line.info)
    small = f"{name}\n{line.scale.label}, {line.period}, N {line.n}"
    cells = [name, line.scale.label, line.period, line.n] if roomy else [small]
    gap = " " if roomy else "\n"
    rows: list[tuple[Row | None, bool]] = [(line.reference, False)]
    rows += [(line.policy, False), (line.difference, True)] if compared else []
    numbers = [median_interval(row, line.scale.factor, signed=signed) if row else "" for row, signed in rows]
    return [*cells, *(cell.replace(" [", f"{gap}[", 1) for cell in numbers)]


def _past_table(found: Score, place: str, lang: str) -> RenderableType:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    error, share = number(found.mean_absolute_error), percent(found.mean_absolute_percent, signed=False)
    title = translate("table.past", lang, place=place, inside=found.inside, n=found.n, error=error, percent=share)
    table = Table(title=Text(title), title_justify="left", box=SIMPLE_HEAD, pad_edge=False, title_style="bold")
    table.add_column(translate("table.year", lang))
    for name in ("published", "modelled", "error"):
        table.add_column(translate(f"table.{name}", lang), justify="right")
    table.add_column(translate("table.verdict", lang))
    for check in found.checks:
        verdict = Text(translate(f"table.{check.verdict}", lang), style="" if check.verdict == "inside" else "bold")
        cells = (str(check.year), exact(check.value), median_interval(check.row), number(check.error, signed=True))
        table.add_row(*(Text(cell) for cell in cells), verdict)
    return table


def past_by_basin(data: PageData, lang: str) -> list[tuple[str, Score]]:
    """Return the score of every basin that has published figures, best known first."""
    if data.history is None:
        return []
    found = [(basin_name(item, lang), past_score(data, item["id"])) for item in data.basins]
    return sorted(((name, result) for name, result in found if result), key=lambda pair: -pair[1].checks[-1].value)


def past_by_outcome(data: PageData) -> list[tuple[OutcomeInfo, Score]]:
    """Return the national score of every other outcome that has published figures, in the order of the tables."""
    if data.history is None:
        return []
    rows, dots = data.history.rows, data.observations
    infos = [info for info in data.distinct_outcomes if info.name not in (OBSERVED, *PUBLISHED_AS.values())]
    found = [(info, score(rows, dots, info.name, is_stock=info.kind == "stock")) for info in infos]
    return [(info, result) for info, result in found if result]
