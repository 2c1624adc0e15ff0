"""The sections of the page as HTML, each from plain data."""

from __future__ import annotations

from eslabon.i18n import has_text, phrase, translate
from eslabon.report.addresses import Cell, addressed, error_address, figure_address, published_address
from eslabon.report.data import HARM_ROWS, NATION, PageData, Row
from eslabon.report.figures import Figure
from eslabon.report.markup import element, listing, paragraph, table, text
from eslabon.report.moves import moves_tables
from eslabon.report.names import harm_name, harm_words, outcome_name, scenario_title
from eslabon.report.numbers import exact, interval, median_interval, number, percent
from eslabon.report.outcome_tables import outcome_tables
from eslabon.report.scoring import Score
from eslabon.report.selection import TILES
from eslabon.report.sentences import (
    VRAEM,
    answer,
    direction,
    members_note,
    misses_sentence,
    past_score,
    past_sentence,
)
from eslabon.report.tables import Line, outcome_lines, past_by_basin, past_by_outcome

MANIFEST = ("scenarios", "members", "seed", "version", "data", "hash")


def section(key: str, heading: str, inner: str) -> str:
    """Return a section with its heading, named by it for readers who hear the page."""
    title = element("h2", text(heading), id=f"{key}-heading")
    return element("section", title + inner, id=key, aria_labelledby=f"{key}-heading")


def answer_section(data: PageData, lang: str) -> str:
    """Return the answer in words and the key numbers."""
    words = "".join(paragraph(sentence) for sentence in answer(data, lang))
    inner = element("div", words, class_="answer") + key_numbers(data, lang)
    return section("answer", translate("page.answer", lang), inner)


def key_numbers(data: PageData, lang: str) -> str:
    """Return tiles of area, exports and harms of the policy, or of the run, with what changed."""
    policy = data.policies[0] if data.policies else None
    lines = {line.info.name: line for line in outcome_lines(data, policy, lang)}
    tiles = "".join(_tile(lines[name], data, lang) for name in TILES if name in lines)
    run = scenario_title(data.shown, lang)
    heading = element("h3", text(translate("page.key_numbers", lang, year=data.last_year)) + " " + element("small", text(run)))
    return heading + element("ul", tiles, class_="tiles")


def _tile(line: Line, data: PageData, lang: str) -> str:
    row, factor = line.policy or line.reference, line.scale.factor
    parts = [
        element("span", text(outcome_name(line.info.name, lang, line.info, short=True)), class_="tile-name"),
        element("span", text(number(row["p50"] * factor)), class_="tile-value", **addressed(line.address(row))),
        element("span", text(line.scale.label), class_="unit"),
        element("span", text(translate("page.key_interval", lang, interval=interval(row, factor))), class_="tile-band"),
    ]
    if line.difference:
        parts.append(
            element(
                "span",
                text(_versus(line.difference, line, data, lang)),
                class_=f"tile-change {direction(line.difference)}",
            )
        )
    return element("li", "".join(parts), class_=f"tile {line.info.group}")


def _versus(change: Row, line: Line, data: PageData, lang: str) -> str:
    factor, reference = line.scale.factor, scenario_title(data.reference, lang)
    if direction(change) == "unclear":
        low, high = (number(change[q] * factor, signed=True) for q in ("p05", "p95"))
        return translate("page.key_unclear", lang, reference=reference, low=low, high=high)
    together = median_interval(change, factor, signed=True).replace(", ", ",\u00a0")
    return translate("page.key_versus", lang, reference=reference, change=together)


def table_section(data: PageData, lang: str) -> str:
    """Return the outcomes in one table a policy, harms beside supply, and all of them by group, folded."""
    return section("table", translate("page.table", lang), outcome_tables(data, lang))


def moves_section(data: PageData, lang: str) -> str:
    """Return how product and households move; empty where no rows say so."""
    inner = moves_tables(data, lang)
    return section("moves", translate("page.moves", lang), inner) if inner else ""


def figure_section(figure: Figure, lang: str, *, level: str = "h2") -> str:
    """Return a chart with its heading, lead, room for the drawing, and its numbers to unfold."""
    description = figure.wide["aria"]["label"]["description"]
    wide, narrow = figure.heights
    style = f"--wide:{wide}px;--narrow:{narrow}px"
    chart = element("div", "", class_="chart", data_figure=figure.key, role="img", aria_label=description, style=style)
    inner = (paragraph(figure.lead, class_="lead") if figure.lead else "") + element("figure", chart)
    if figure.rows:
        head, rows = figure.head, figure.rows
        inner += element("details", element("summary", text(translate("page.numbers", lang))) + table(head, rows, figure.heading))
    if level == "h2":
        return section(figure.key, figure.heading, inner)
    return element("div", element(level, text(figure.heading)) + inner, id=figure.key, class_="subfigure")


def past_section(data: PageData, figures: list[Figure], lang: str) -> str:
    """Return the model beside published figures: fans, a sentence on hits and errors, and the misses."""
    if data.history is None or not figures:
        return ""
    years = [int(row["year"]) for row in data.history.rows]
    parts = [paragraph(translate("page.past_lead", lang, first=min(years), last=max(years)), class_="lead")]
    areas = {"past-nation": NATION, "past-vraem": VRAEM}
    for figure in (figure for figure in figures if figure.key in areas):
        basin = areas[figure.key]
        found = past_score(data, basin)
        words = f"{past_sentence(data, basin, lang)} {misses_sentence(found, lang)}" if found else ""
        numbers = (
            element(
                "details",
                element("summary", text(translate("page.numbers", lang))) + _checks(found, figure.heading, data.history.name, lang),
            )
            if found
            else ""
        )
        parts.append(figure_section(figure, lang, level="h3") + (paragraph(words) if words else "") + numbers)
    parts += [figure_section(figure, lang, level="h3") for figure in figures if figure.key == "past-panels"]
    others = past_by_outcome(data)
    if others:
        head = [translate(f"table.{name}", lang) for name in ("outcome", "inside_of", "mean_percent")]
        lines = [
            [outcome_name(i.name, lang, i), *_of_last(s, data.history.name, f"{s.inside} / {s.n}", percent(s.mean_absolute_percent, signed=False))]
            for i, s in others
        ]
        title = translate("page.past_others", lang)
        parts.append(element("h3", text(title)) + table(head, lines, title))
    scores = past_by_basin(data, lang)
    if scores:
        head = [translate(f"table.{name}", lang) for name in ("basin", "inside_of", "mean_error")]
        rows = [
            [
                name,
                *_of_last(
                    s,
                    data.history.name,
                    f"{s.inside} / {s.n}",
                    f"{number(s.mean_absolute_error)} ha ({percent(s.mean_absolute_percent, signed=False)})",
                ),
            ]
            for name, s in scores
        ]
        title = translate("page.past_basins", lang)
        parts.append(element("h3", text(title)) + table(head, rows, title))
    return section("past", translate("page.past", lang), "".join(parts))


def _checks(found: Score, label: str, run: str, lang: str) -> str:
    head = [translate(f"table.{name}", lang) for name in ("year", "published", "modelled", "error", "verdict", "claims")]
    rows = [
        [
            str(check.year),
            Cell(exact(check.value), published_address(check.published)),
            Cell(median_interval(check.row), figure_address(check.row["outcome"], run, check.row)),
            Cell(number(check.error, signed=True), error_address(check.row["outcome"], run, check.row)),
            translate(f"table.{check.verdict}", lang),
            check.claims,
        ]
        for check in found.checks
    ]
    return table(head, rows, label)


def _of_last(found: Score, run: str, *words: str) -> list[str]:
    """Return numbers that sum up several years, with the address of the last year's difference from what was published."""
    row = found.checks[-1].row
    return [Cell(word, error_address(row["outcome"], run, row)) for word in words]


def sure_section(data: PageData, lang: str) -> str:
    """Return what the results rest on, what is not in the model, and how many members came through."""
    failed = members_note(data, lang)
    if not failed:
        failed = [translate("page.members_all", lang, asked=data.reference.members_asked)]
    notes = [phrase(note, lang) for note in data.notes]
    names = [info.name for info in data.outcomes]
    missing = [f"{harm_name(harm, lang)}: {harm_words(harm, why, names, lang)}" for harm, why in data.not_modelled.items()]
    inner = element("h3", text(translate("page.sure_notes", lang))) + listing([*failed, *notes])
    limits = [f"{harm_name(h, lang)}: {translate(f'limit.{h}', lang)}" for h in HARM_ROWS if h not in data.not_modelled]
    inner += element("h3", text(translate("page.sure_limits", lang))) + listing(limits)
    if missing:
        inner += element("h3", text(translate("page.sure_not", lang))) + listing(missing)
    return section("sure", translate("page.sure", lang), inner)


def manifest_section(data: PageData, lang: str) -> str:
    """Return scenario names, seed, version, digests and the statement that all households are synthetic."""
    known = [name for name in MANIFEST if name in data.manifest]
    rows = []
    for name in [*known, *(name for name in data.manifest if name not in MANIFEST)]:
        key, value = f"page.manifest_{name}", data.manifest[name]
        label = translate(key, lang) if has_text(key, lang) else name.replace("_", " ")
        shown = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
        rows.append(element("div", element("dt", text(label)) + element("dd", text(shown))))
    inner = element("dl", "".join(rows)) + paragraph(translate("page.synthetic", lang), class_="synthetic")
    return section("manifest", translate("page.manifest", lang), inner)
