"""What was browsed, for the terminal: overview, series with all sides and a sparkline, gaps, coverage."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from eslabon.evidence.browse import Browsed, every_place
from eslabon.evidence.browse_coverage import basins_by_start, like_for_like, zone_lists
from eslabon.evidence.browse_series import Series, spans, sparkline
from eslabon.i18n import translate
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
from eslabon.report.numbers import DASH, exact

FEW = 5
"""Quantities with fewer claims are left out of the overview unless all are asked for."""
MOST_IN_FULL = 6
"""More series than this are shown a line each."""


def overview_text(found: Browsed, lang: str, everything: bool) -> RenderableType:
    """Return the overview: a row a quantity."""
    rows = [row for row in found.overview if everything or row.claims >= FEW] or list(found.overview)
    years = [claim.period_end.year for claim in found.claims]
    lead = translate(
        "evidence.overview_lead", lang, claims=len(found.claims), quantities=len(found.overview), places=len({c.place for c in found.claims}),
        first=min(years), last=max(years), groups=len({c.independence_group for c in found.claims}),
    )  # fmt: skip
    table = _table(("quantity", "claims", "places", "years", "covered", "contested_years", "groups", "grades"), lang)
    for row in rows:
        span = f"{row.first_year}{DASH}{row.last_year}" if row.first_year != row.last_year else str(row.first_year)
        grades = " ".join(f"{grade}{count}" for grade, count in row.grades.items())
        counts = (row.claims, row.places, span, row.years, row.contested_years or "", row.independent_groups)
        table.add_row(shown(row.quantity), *(shown(str(cell)) for cell in counts), shown(grades))
    parts: list[RenderableType] = [shown(lead), table]
    if len(rows) < len(found.overview):
        parts.append(shown(translate("evidence.overview_more", lang, n=len(found.overview) - len(rows), least=FEW)))
    parts.append(shown(" ".join(f"{translate(f'grade.{grade}', lang)}." for grade in "ABCDM"), style="dim"))
    return Group(*parts)


def series_text(found: Browsed, lang: str) -> RenderableType:
    """Return the series in full, or a line each where there are many."""
    if len(found.series) > MOST_IN_FULL:
        return _lines(found.series, lang)
    parts = [part for series in found.series for part in _full(series, lang)]
    return Group(*parts, shown(translate("evidence.legend", lang), style="dim"))


def _lines(series: Sequence[Series], lang: str) -> RenderableType:
    table = _table(("quantity", "place", "unit", "years", "sides", "contested_years"), lang)
    table.add_column("", overflow="fold")
    several = len({found.quantity for found in series}) > 1
    for found in series:
        years = spans(found.years) if len(found.years) < 2 else f"{found.years[0]}{DASH}{found.years[-1]}"
        name = found.quantity if several else quantity_name(found.quantity, lang)
        cells = (name, place_words(found.place, lang), unit_name(found.unit, lang), years, len(found.sides), len(found.contested) or "")
        table.add_row(*(shown(str(cell)) for cell in cells), shown(sparkline(found)))
    return Group(shown(translate("evidence.many", lang, n=len(series))), table, shown(translate("evidence.spark_key", lang), style="dim"))


def _full(series: Series, lang: str) -> Iterator[RenderableType]:
    yield shown(series_title(series, lang), style="bold")
    yield shown(series_lead(series, lang))
    if len(series.years) > 1:
        first, last = series.years[0], series.years[-1]
        low, high = (exact(series.chosen[year].claim.value) for year in (first, last))
        yield shown(f"{first} {low}  {sparkline(series)}  {last} {high}   {translate('evidence.spark_key', lang)}")
    table = _table(("year", "mark", "value", "range", "grade", "who", "group", "claim"), lang)
    opened = {segment.years[0]: segment.label for segment in series.segments if segment.label}
    for side in series.sides:
        claim = side.claim
        label = opened.pop(claim.period_end.year, "") if claim.year is not None else ""
        if label:
            table.add_section()
            table.add_row("", "┊", "", "", "", shown(translate("evidence.break_short", lang, label=break_words(label, lang)), style="bold"), "", "")
        cells = (period_words(claim), marks(side), exact(claim.value), bound_words(claim, lang), claim.grade, who(side), claim.independence_group)
        table.add_row(*(shown(cell) for cell in cells), shown(claim.id))
    yield table


def places_text(found: Browsed, lang: str) -> RenderableType:
    """Return the places of the claims found, as the ledger writes them and in words, with how many claims each has."""
    table = _table(("place", "name", "claims"), lang)
    for place, count in every_place(found.claims).items():
        table.add_row(shown(place), shown(place_words(place, lang)), str(count))
    return table


def gaps_text(found: Browsed, lang: str) -> RenderableType:
    """Return missing years by series, and zones never covered where a quantity was asked for."""
    parts: list[RenderableType] = [shown(translate("evidence.gaps", lang), style="bold")]
    if found.gaps:
        table = _table(("quantity", "place", "unit", "missing_years"), lang)
        for gap in found.gaps:
            cells = (gap.series.quantity, place_words(gap.series.place, lang), unit_name(gap.series.unit, lang), spans(gap.years))
            table.add_row(*(shown(cell) for cell in cells))
        parts += [shown(translate("evidence.gaps_lead", lang)), table]
    else:
        parts.append(shown(translate("evidence.gaps_none", lang)))
    if found.question.quantity and not found.places:
        parts.append(shown(never_covered_words(found, lang)))
    return Group(*parts)


def never_covered_words(found: Browsed, lang: str) -> str:
    """Return which zones of the latest list have no claim on the quantity asked for."""
    lacking = found.never_covered.get(found.question.quantity or "", ())
    lists = zone_lists(found.pack.crosswalk)
    if lists and len(lacking) == len(lists[-1].zones):
        return translate("evidence.never_all", lang, n=len(lacking))
    if not lacking:
        return translate("evidence.never_none", lang)
    return translate("evidence.never", lang, places=", ".join(place_words(place, lang) for place in lacking))


def coverage_text(found: Browsed, since: int | None, lang: str) -> RenderableType:
    """Return the zone lists by year, and like-for-like sums beside published totals."""
    lists = zone_lists(found.pack.crosswalk)
    start = since if since is not None else lists[0].year
    parts: list[RenderableType] = [shown(translate("evidence.coverage", lang), style="bold")]
    parts.append(shown(translate("evidence.coverage_lead", lang, first=lists[0].year)))
    table = _table(("year", "list", "zones", "added"), lang)
    for item in lists:
        table.add_row(str(item.year), item.version, str(len(item.zones)), shown(", ".join(item.added)))
    parts.append(table)
    for year, basins in basins_by_start(found.pack.zones).items():
        parts.append(shown(translate("evidence.basins_since", lang, year=year, basins=", ".join(basins))))
    rows = like_for_like(found.ledger, found.pack.crosswalk, start, found.question.last)
    panel = _table(("year", "zones", "panel_sum", "published_total", "outside"), lang)
    for row in rows:
        short = translate("evidence.panel_incomplete", lang, there=row.panel_with_claim, n=row.panel_zones)
        cells = (exact(row.panel_ha) if row.panel_ha is not None else short, _number(row.published_ha), _number(row.rest_ha))
        panel.add_row(str(row.year), str(row.zones_monitored), *cells)
    size = rows[0].panel_zones if rows else 0
    return Group(*parts, shown(translate("evidence.panel", lang, n=size, since=start), style="bold"), panel)


def shown(words: str, style: str = "") -> Text:
    """Return words of a ledger as plain text: no markup, and no letter that a terminal would obey."""
    return Text("".join(letter if unicodedata.category(letter)[0] != "C" else "\ufffd" for letter in words), style=style)


def _number(value: float | None) -> str:
    return exact(value) if value is not None else ""


_RIGHT = {"claims", "places", "covered", "contested_years", "groups", "value", "sides", "zones", "panel_sum", "published_total", "outside"}
_WHOLE = {"year", "years", "value", "mark", "claim", "unit", "list"}


def _table(columns: Sequence[str], lang: str) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for name in columns:
        table.add_column(translate(f"evidence.{name}", lang), justify="right" if name in _RIGHT else "left", no_wrap=name in _WHOLE, overflow="fold")
    return table
