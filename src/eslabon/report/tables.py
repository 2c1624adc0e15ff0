"""Tables for a terminal: outcomes with their harms, and the model beside published figures."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eslabon.i18n import translate
from eslabon.report.addresses import figure_address
from eslabon.report.data import GROUPS, NATION, PUBLISHED_AS, OutcomeInfo, PageData, Row, ScenarioResult, headline, of_scenario
from eslabon.report.names import basin_name, harm_name, harm_status, harm_words, outcome_name, place_name, scenario_title
from eslabon.report.numbers import Scale, exact, median_interval, number, percent, scale_for
from eslabon.report.scoring import Score, score
from eslabon.report.selection import MIRRORED, OBSERVED, in_front
from eslabon.report.sentences import VRAEM, direction, lower_first, members_note, misses_sentence, past_score

if TYPE_CHECKING:
    from rich.console import Console, ConsoleOptions, RenderableType

ROOMY = 156
"""Columns of a terminal from which unit and year have their own columns."""
NOTABLE, MOST = 0.02, 6
"""Least size, as a share of the reference, and number of the changes named below a table that leaves them out."""


@dataclass(frozen=True)
class Line:
    """One outcome of a table: the rows of the reference, the policy and their paired difference, in a shared unit.

    `place` is the corridor's name where the outcome has no national row, `runs` the names of reference and policy.
    """

    info: OutcomeInfo
    scale: Scale
    period: str
    reference: Row
    policy: Row | None
    difference: Row | None
    place: str = ""
    runs: tuple[str, str] = ("", "")

    def address(self, row: Row) -> str:
        """Return the address of one of the line's rows."""
        if row is self.difference:
            return figure_address(self.info.name, self.runs[1], row, self.runs[0])
        return figure_address(self.info.name, self.runs[row is self.policy], row)

    def name(self, lang: str, *, short: bool = False) -> str:
        """Return the outcome in words, with its corridor."""
        words = outcome_name(self.info.name, lang, self.info, short=short)
        return f"{words}: {self.place}" if self.place else words

    @property
    def size(self) -> float:
        """Size of the difference as a share of the reference; infinite where that is nothing."""
        change = abs(float(self.difference["p50"])) if self.difference else 0.0
        base = abs(float(self.reference["p50"]))
        return change / base if base else float("inf") if change else 0.0

    @property
    def n(self) -> str:
        """Members behind the numbers; both where they differ."""
        counts = dict.fromkeys(str(row["n"]) for row in (self.reference, self.policy) if row)
        return "/".join(counts)


def outcome_lines(data: PageData, policy: ScenarioResult | None, lang: str, *, front: bool = False) -> list[Line]:
    """Return the lines of a table by group, supply first and harms beside it; outcomes without rows are left out.

    `front` keeps those that stand in front. Else all are given, by corridor where the nation has no row.
    """
    outcomes = in_front(data.distinct_outcomes) if front else data.distinct_outcomes
    lines = []
    for info in sorted(outcomes, key=lambda item: GROUPS.index(item.group)):
        whole = _line(data, policy, info, None, lang)
        places = [] if front or whole else data.corridors
        lines += [line for line in (whole, *(_line(data, policy, info, place, lang) for place in places)) if line]
    return lines


def _line(data: PageData, policy: ScenarioResult | None, info: OutcomeInfo, place: dict[str, Any] | None, lang: str) -> Line | None:
    corridor = str(place["id"]) if place else None

    def row(rows: Iterable[Row]) -> Row | None:
        return headline(rows, info.name, info.kind, data.last_year, corridor)

    base = row(data.reference.rows)
    if base is None:
        return None
    other = row(policy.rows) if policy else None
    change = row(of_scenario(data.differences, policy.name)) if policy else None
    scale = scale_for(info.unit, info.kind, [found for found in (base, other) if found], lang)
    runs = data.reference.name, policy.name if policy else ""
    return Line(info, scale, str(base.get("period") or base["year"]), base, other, change, place_name(place, lang) if place else "", runs)


def also_changed(lines: Iterable[Line], shown: Iterable[Line], lang: str) -> str:
    """Return the clear and notable changes among `lines` that `shown` leaves out, largest first; empty if there is none."""
    names = {line.info.name for line in shown}.union(MIRRORED)
    found = [line for line in lines if line.difference and line.info.name not in names and line.size >= NOTABLE]
    clear = sorted((line for line in found if line.difference and direction(line.difference) != "unclear"), key=lambda line: -line.size)
    said = [
        f"{lower_first(line.name(lang))} {number(float(line.difference['p50']) * line.scale.factor, signed=True)} {line.scale.label}"
        for line in clear[:MOST]
        if line.difference
    ]
    return translate("table.also", lang, list="; ".join(said)) if said else ""


def shared_facts(lines: Iterable[Line]) -> tuple[str, str] | None:
    """Return year and N where all lines have the same, so that a table says them once."""
    found = {(line.period, line.n) for line in lines}
    return found.pop() if len(found) == 1 else None


def facts_words(facts: tuple[str, str] | None, lang: str) -> str:
    """Return shared year and N as they stand behind a table's title."""
    return f", {facts[0]}, {translate('chart.n', lang, n=facts[1])}" if facts else ""


def compared(data: PageData) -> list[ScenarioResult | None]:
    """Return what the tables are made for: each policy, or nothing to compare with in a plain run."""
    return list(data.policies) or [None]


def terminal_table(data: PageData, lang: str = "en", everything: bool = False) -> RenderableType:
    """Return one table a policy: reference, policy and paired difference, harms in the same table as supply.

    Parameters
    ----------
    data : PageData
        The rows and words of one or more scenarios.
    lang : str
        `en` or `es`.
    everything : bool
        Whether every outcome is a row, or only those that stand in front: all harms, supply, prices, livelihoods, cost.

    Notes
    -----
    Harms that are not modelled are rows too, with the reason in words below.
    """
    from rich.console import Group
    from rich.padding import Padding
    from rich.text import Text

    tables: list[RenderableType] = [_OutcomeTable(data, policy, lang, everything) for policy in compared(data)]
    foot = [translate("table.foot" if data.policies else "table.foot_run", lang)]
    if not everything:
        foot = [*_left_out(data, lang), *foot]
    names = [info.name for info in data.outcomes]
    for harm, why in data.not_modelled.items():
        reason = harm_words(harm, why, names, lang)
        foot.append(translate("table.not_modelled_why", lang, harm=harm_name(harm, lang), reason=reason))
    foot += [*members_note(data, lang), translate("page.synthetic", lang), trace_note(data, lang)]
    return Group(*tables, *(Padding(Text(line, style="dim"), (0, 1)) for line in foot))


def trace_note(data: PageData, lang: str) -> str:
    """Return how a reader finds the claims behind a number, with the address of one that is shown."""
    lines = outcome_lines(data, data.policies[0] if data.policies else None, lang, front=True)
    example = lines[0].address(lines[0].policy or lines[0].reference) if lines else ""
    return translate("trace.foot", lang, address=example, run=translate("trace.run_word", lang))


def _left_out(data: PageData, lang: str) -> list[str]:
    every, front = (outcome_lines(data, None, lang, front=front) for front in (False, True))
    if len(every) == len(front):
        return []
    said = [translate("table.shown", lang, shown=len(front), all=len(every))]
    for policy in data.policies:
        lines, shown = (outcome_lines(data, policy, lang, front=front) for front in (False, True))
        also = also_changed(lines, shown, lang)
        several = f"{scenario_title(policy, lang)}: " if len(data.policies) > 1 else ""
        said += [several + (lower_first(also) if several else also)] if also else []
    return said


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
    everything: bool

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[RenderableType]:
        roomy = options.max_width >= ROOMY
        lines = outcome_lines(self.data, self.policy, self.lang, front=not self.everything)
        yield _one_table(self.data, self.policy, lines, self.lang, roomy=roomy)


def _one_table(data: PageData, policy: ScenarioResult | None, lines: list[Line], lang: str, *, roomy: bool) -> RenderableType:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    reference = scenario_title(data.reference, lang)
    title = translate("table.against", lang, policy=scenario_title(policy, lang), reference=reference) if policy else reference
    facts = shared_facts(lines)
    table = Table(title=Text(title + facts_words(facts, lang)), title_justify="left", box=SIMPLE_HEAD, padding=(0, 1, 0, 0), title_style="bold")
    table.add_column(translate("table.outcome", lang))
    if roomy:
        table.add_column(translate("table.unit", lang))
    if roomy and not facts:
        table.add_column(translate("table.period", lang))
        table.add_column("N", justify="right")
    heads = [reference] if policy is None else [reference, scenario_title(policy, lang), translate("table.difference", lang)]
    cells = [_cells(line, lang, compared=bool(policy), roomy=roomy, facts=not facts) for line in lines]
    gap = len(table.columns)
    for at, head in enumerate(heads):
        width = max((len(part) for found in cells for part in found[at - len(heads)].split("\n")), default=1)
        table.add_column(Text(head, overflow="fold"), justify="right", min_width=width)
    for group in GROUPS:
        members = [found for line, found in zip(lines, cells, strict=True) if line.info.group == group]
        if not members and group != "harm":
            continue
        table.add_section()
        table.add_row(Text(translate(f"group.{group}", lang), style="bold"))
        for found in members:
            table.add_row(*(Text(cell, no_wrap=at >= gap) for at, cell in enumerate(found)))
        if group == "harm":
            names = [info.name for info in data.outcomes]
            for harm in data.not_modelled:
                table.add_row(Text(harm_name(harm, lang)), *[""] * (gap - 1), Text(harm_status(harm, names, lang), style="italic"))
    return table


def _cells(line: Line, lang: str, *, compared: bool, roomy: bool, facts: bool) -> list[str]:
    """Return the cells of a line; in a narrow terminal unit, year and N stand below the name, and intervals below medians."""
    said = [line.period, line.n] if facts else []
    if roomy:
        cells, gap = [line.name(lang), line.scale.label, *said], " "
    else:
        small = ", ".join([line.scale.label, *([*said[:1], f"N {line.n}"] if said else [])])
        cells, gap = [f"{line.name(lang)}\n{small}"], "\n"
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
