"""Sections of the evidence page: overview, filters, a series with all its sides, gaps, coverage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eslabon.evidence.browse import Browsed
from eslabon.evidence.browse_coverage import like_for_like, zone_lists
from eslabon.evidence.browse_series import Series, Side, spans
from eslabon.i18n import translate
from eslabon.report.evidence_charts import HEIGHT
from eslabon.report.evidence_text import never_covered_words
from eslabon.report.evidence_words import (
    bound_words,
    break_words,
    marks,
    period_words,
    place_words,
    quantity_name,
    series_lead,
    series_title,
    unit_name,
    who,
)
from eslabon.report.markup import element, paragraph, table, text
from eslabon.report.numbers import DASH, exact

SIDE_COLUMNS = ("year", "mark", "value", "range", "grade", "who", "group", "claim", "note")


def heads(names: Iterable[str], lang: str) -> list[str]:
    """Return column heads in words."""
    return [translate(f"evidence.{name}", lang) for name in names]


def overview_section(found: Browsed, lang: str) -> str:
    """Return the table of quantities."""
    rows = [
        [
            quantity_name(row.quantity, lang), row.quantity, str(row.claims), str(row.places), f"{row.first_year}{DASH}{row.last_year}",
            str(row.contested_years), str(row.independent_groups), " ".join(f"{grade}{count}" for grade, count in row.grades.items()),
        ]
        for row in found.overview
    ]  # fmt: skip
    head = ["", *heads(("quantity", "claims", "places", "years", "contested_years", "groups", "grades"), lang)]
    name = translate("evidence.overview", lang)
    grades = " ".join(f"{translate(f'grade.{grade}', lang)}." for grade in "ABCDM")
    inner = element("details", element("summary", text(f"{name} ({len(rows)})")) + table(head, rows, name) + paragraph(grades, class_="note"))
    return element("section", element("h2", text(name)) + inner, id="overview")


def filters(found: Browsed, lang: str) -> str:
    """Return the choice of quantity and place, and the button that downloads what is shown."""
    quantities = sorted({series.quantity for series in found.series}, key=lambda name: quantity_name(name, lang).casefold())
    places = sorted({series.place for series in found.series}, key=lambda name: place_words(name, lang).casefold())
    chosen = [
        _select("quantity", [(name, f"{quantity_name(name, lang)} ({name})") for name in quantities], "all", lang),
        _select("place", [(name, place_words(name, lang)) for name in places], "all_places", lang),
        element("button", text(translate("evidence.download", lang)), id="download", type="button"),
    ]
    count = element("p", "", id="series-count", class_="note", aria_live="polite")
    return element("div", "".join(chosen), class_="filters") + count + paragraph(translate("evidence.legend", lang), class_="note")


def _select(name: str, options: Sequence[tuple[str, str]], every: str, lang: str) -> str:
    first = element("option", text(translate(f"evidence.{every}", lang)), value="") if len(options) > 1 else ""
    inner = first + "".join(element("option", text(words), value=value) for value, words in options)
    return element("label", text(translate(f"evidence.filter_{name}", lang)) + element("select", inner, id=f"filter-{name}"))


def series_section(series: Series, key: str, drawn: bool, lang: str) -> str:
    """Return a series: heading, chart, and the table of all its sides."""
    chart = chart_box(key, (HEIGHT, HEIGHT)) if drawn else ""
    inner = element("h2", text(series_title(series, lang))) + paragraph(series_lead(series, lang), class_="lead") + chart + sides_table(series, lang)
    return element("section", inner, id=key, data_series=key, data_quantity=series.quantity, data_place=series.place)


def chart_box(key: str, heights: tuple[int, int]) -> str:
    """Return the place of a chart, as high as the chart will be on a wide and on a narrow page."""
    return element("figure", element("div", "", class_="chart", data_figure=key, style=f"--wide:{heights[0]}px;--narrow:{heights[1]}px"))


def sides_table(series: Series, lang: str) -> str:
    """Return all sides, a row a claim; a row of its own says where the way of measuring changes."""
    top = element("tr", "".join(element("th", text(name), scope="col") for name in heads(SIDE_COLUMNS, lang)))
    opened = {segment.years[0]: segment.label for segment in series.segments if segment.label}
    body = []
    for side in series.sides:
        label = opened.pop(side.claim.period_end.year, "") if side.claim.year is not None else ""
        if label:
            words = translate("evidence.break_row", lang, label=break_words(label, lang))
            body.append(element("tr", element("td", text(words), colspan=str(len(SIDE_COLUMNS))), class_="break"))
        body.append(_side_row(side, lang))
    whole = element("table", element("thead", top) + element("tbody", "".join(body)))
    return element("div", whole, class_="scroll", role="region", tabindex="0", aria_label=series_title(series, lang))


def _side_row(side: Side, lang: str) -> str:
    claim = side.claim
    source = element("a", text(who(side)), href=side.source.url, rel="noreferrer") if is_web(side.source.url) else text(who(side))
    cells = [
        element("th", text(period_words(claim)), scope="row"), element("td", text(marks(side)), class_="mark"),
        element("td", text(exact(claim.value)), class_="number"), element("td", text(bound_words(claim, lang))), element("td", text(claim.grade)),
        element("td", source), element("td", text(claim.independence_group)), element("td", text(claim.id)),
        element("td", text(claim.note), class_="note-cell"),
    ]  # fmt: skip
    return element("tr", "".join(cells))


def is_web(address: str) -> bool:
    """Return whether an address may be a link: nothing but the web."""
    return address.startswith(("https://", "http://")) and not any(letter.isspace() or ord(letter) < 32 for letter in address)


def gap_section(found: Browsed, lang: str) -> str:
    """Return the years without a claim, and zones never covered."""
    name = translate("evidence.gaps", lang)
    inner = element("h2", text(name))
    if found.gaps:
        named = [(gap.series, spans(gap.years)) for gap in found.gaps]
        rows = [[quantity_name(s.quantity, lang), place_words(s.place, lang), unit_name(s.unit, lang), years] for s, years in named]
        shown = table(heads(("quantity", "place", "unit", "missing_years"), lang), rows, name)
        inner += paragraph(translate("evidence.gaps_lead", lang)) + shown
    else:
        inner += paragraph(translate("evidence.gaps_none", lang))
    if found.question.quantity and not found.places:
        inner += paragraph(never_covered_words(found, lang))
    return element("section", inner, id="gaps")


def coverage_section(found: Browsed, lang: str) -> str:
    """Return the zone lists and the like-for-like sums since the first of them."""
    lists = zone_lists(found.pack.crosswalk)
    if not lists:
        return ""
    name, since = translate("evidence.coverage", lang), lists[0].year
    inner = element("h2", text(name)) + paragraph(translate("evidence.coverage_lead", lang, first=since))
    listed = [[str(item.year), item.version, str(len(item.zones)), ", ".join(item.added)] for item in lists]
    inner += table(heads(("year", "list", "zones", "added"), lang), listed, name)
    panel = like_for_like(found.ledger, found.pack.crosswalk, since, found.question.last)
    rows = [
        [str(row.year), str(row.zones_monitored), *("" if value is None else exact(value) for value in (row.panel_ha, row.published_ha, row.rest_ha))]
        for row in panel
    ]
    title = translate("evidence.panel", lang, n=panel[0].panel_zones if panel else 0, since=since)
    inner += element("h3", text(title)) + table(heads(("year", "zones", "panel_sum", "published_total", "outside"), lang), rows, title)
    return element("section", inner, id="coverage")
