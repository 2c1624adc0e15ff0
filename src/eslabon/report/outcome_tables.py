"""The page's tables of outcomes: one in front with all harms, and every outcome by group, folded."""

from __future__ import annotations

from collections.abc import Sequence

from eslabon.i18n import translate
from eslabon.report.addresses import addressed
from eslabon.report.data import GROUPS, Group, PageData, Row, ScenarioResult
from eslabon.report.markup import element, paragraph, text
from eslabon.report.names import harm_name, harm_words, outcome_meaning, scenario_title
from eslabon.report.numbers import interval, number
from eslabon.report.sentences import direction
from eslabon.report.tables import Line, also_changed, compared, facts_words, outcome_lines, shared_facts, trace_note


def outcome_tables(data: PageData, lang: str) -> str:
    """Return for each policy the table in front, what it leaves out though it changes, and the folded full tables."""
    parts = [paragraph(translate("page.table_lead", lang), class_="lead")]
    for policy in compared(data):
        front, every = (outcome_lines(data, policy, lang, front=front) for front in (True, False))
        parts.append(_table(data, policy, front, lang, caption=_caption(data, policy, lang)))
        if len(every) > len(front):
            also = also_changed(every, front, lang)
            parts += [paragraph(also, class_="note")] if also else []
            parts += [_folded(data, policy, group, every, lang) for group in GROUPS]
    foot = translate("table.foot" if data.policies else "table.foot_run", lang)
    return "".join([*parts, paragraph(foot, class_="note"), paragraph(trace_note(data, lang), class_="note")])


def _caption(data: PageData, policy: ScenarioResult | None, lang: str) -> str:
    reference = scenario_title(data.reference, lang)
    return translate("table.against", lang, policy=scenario_title(policy, lang), reference=reference) if policy else reference


def _folded(data: PageData, policy: ScenarioResult | None, group: Group, lines: Sequence[Line], lang: str) -> str:
    members = [line for line in lines if line.info.group == group]
    if not members:
        return ""
    title = translate("page.all_of", lang, group=translate(f"group.{group}", lang), n=len(members))
    return element("details", element("summary", text(title)) + _table(data, policy, members, lang), class_="all")


def _table(data: PageData, policy: ScenarioResult | None, lines: Sequence[Line], lang: str, *, caption: str = "") -> str:
    """Return lines as one table, by group; with a caption the harms that are not modelled are rows too."""
    facts = shared_facts(lines)
    heads = [translate(f"table.{name}", lang) for name in (("outcome", "unit") if facts else ("outcome", "unit", "period"))]
    heads += [] if facts else ["N"]
    words = len(heads)
    heads += [scenario_title(data.reference, lang)]
    if policy:
        heads += [scenario_title(policy, lang), translate("table.difference", lang)]
    bodies = []
    for group in GROUPS:
        rows = [_row(line, heads, words, lang) for line in lines if line.info.group == group]
        if caption and group == "harm":
            rows += [_missing_row(data, harm, len(heads), lang) for harm in data.not_modelled]
        if rows:
            bodies.append(_body(group, rows, len(heads), lang, named=bool(caption)))
    cells = (element("th", text(h), scope="col", role="columnheader", class_="word" if at < words else "number") for at, h in enumerate(heads))
    top = element("thead", element("tr", "".join(cells), role="row"), role="rowgroup")
    named = element("caption", text(caption + facts_words(facts, lang))) if caption else ""
    whole = element("table", named + top + "".join(bodies), class_="outcomes front" if caption else "outcomes", role="table")
    return element("div", whole, class_="scroll", role="region", tabindex="0", aria_label=translate("table.scroll", lang))


def _body(group: Group, rows: list[str], width: int, lang: str, *, named: bool) -> str:
    head = ""
    if named:
        name = text(translate(f"group.{group}", lang))
        head = element("tr", element("th", name, scope="rowgroup", role="rowheader", colspan=str(width)), class_="group", role="row")
    return element("tbody", head + "".join(rows), class_=group, role="rowgroup")


def _row(line: Line, heads: list[str], words: int, lang: str) -> str:
    """Return a line as a row; `words` of the columns hold facts, the others numbers."""
    meaning = outcome_meaning(line.info, lang)
    name = text(line.name(lang)) + (element("small", text(meaning)) if meaning else "")
    made = element("th", name, scope="row", role="rowheader")
    for head, cell in zip(heads[1:words], (line.scale.label, line.period, line.n), strict=False):
        made += element("td", text(cell), class_="fact", data_label=head, role="cell")
    numbers: list[tuple[Row | None, str]] = [(line.reference, "number")]
    if len(heads) > words + 1:
        sure = direction(line.difference) if line.difference else "unclear"
        numbers += [(line.policy, "number"), (line.difference, f"number change {sure}")]
    for head, (row, kind) in zip(heads[words:], numbers, strict=True):
        cell = _spread(row, line.scale.factor, signed="change" in kind) if row else ""
        made += element("td", cell, class_=kind, data_label=head, role="cell", **(addressed(line.address(row)) if row else {}))
    return element("tr", made, role="row")


def _spread(row: Row, factor: float, *, signed: bool = False) -> str:
    middle, band = number(float(row["p50"]) * factor, signed=signed), interval(row, factor, signed=signed)
    return element("b", text(middle)) + " " + element("span", text(f"[{band}]"), class_="band")


def _missing_row(data: PageData, harm: str, width: int, lang: str) -> str:
    name = element("th", text(harm_name(harm, lang)), scope="row", role="rowheader")
    why = harm_words(harm, data.not_modelled[harm], (info.name for info in data.outcomes), lang)
    reason = element("td", text(why), colspan=str(width - 1), role="cell")
    return element("tr", name + reason, class_="not-modelled", role="row")
