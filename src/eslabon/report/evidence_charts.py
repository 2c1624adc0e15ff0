"""One chart a series: every side as a point, ranges as bars, the value taken as a line that stops at breaks and gaps."""

from __future__ import annotations

from eslabon.evidence.browse_series import Series, Side
from eslabon.i18n import translate
from eslabon.report.brand import INK, MUTED, PAPER, POLICIES, REFERENCE, Option, axis_text, category_axis, frame, legend, tip, value_axis
from eslabon.report.evidence_words import (
    bound_words,
    break_words,
    form_name,
    marks,
    place_words,
    quantity_name,
    unit_name,
    who,
    years_or_none,
)
from eslabon.report.numbers import axis_ticks, exact

HEIGHT = 340
"""Height of a chart in px."""
POINTS = {"chart_other": (MUTED, "circle"), "chart_contested": (POLICIES[0], "diamond")}
"""Colour and form of sides that are not taken."""
LABELS = 12
"""Most labels on the axis of years."""


def series_chart(series: Series, lang: str) -> Option | None:
    """Return the chart of a series, or None where it has fewer than two years.

    The line of taken values is drawn a stretch at a time: it never crosses a series break, a year without a claim, or a
    change of quantity, form or unit.
    """
    dated = [side for side in series.sides if side.claim.year is not None]
    years = [str(year) for year in range(series.years[0], series.years[-1] + 1)] if series.years else []
    if len(series.years) < 2:
        return None
    ends = [value for side in dated for value in (side.claim.value, side.claim.low, side.claim.high) if value is not None]
    bounds = axis_ticks(min(ends), max(ends))
    others = [side for side in dated if not side.chosen]
    disputed = [side for side in others if side.claim.conflict]
    drawn = [*_lines(series, years, lang), _points(series, "chart_other", [s for s in others if s not in disputed], lang)]
    drawn += [_points(series, "chart_contested", disputed, lang), _missing(series, bounds[0], lang)]
    drawn[0]["markLine"] = _breaks(series, lang)
    drawn[-2]["markLine"] = _ranges(dated)
    return {
        **frame(spoken(series, lang)),
        "legend": legend(_legend(series, others, disputed, lang)),
        "grid": {"left": 8, "right": 14, "top": 74, "bottom": 8, "outerBoundsMode": "same", "outerBoundsContain": "axisLabel"},
        "xAxis": {**category_axis(years), "axisLabel": {**axis_text(), "interval": max(0, -(-len(years) // LABELS) - 1)}},
        "yAxis": value_axis(bounds, unit_name(series.unit, lang)),
        "series": drawn,
    }


def spoken(series: Series, lang: str) -> str:
    """Return the description that is read aloud."""
    labels = ", ".join(break_words(segment.label, lang) for segment in series.segments if segment.label)
    return translate(
        "evidence.aria", lang, quantity=quantity_name(series.quantity, lang), place=place_words(series.place, lang), n=len(series.sides),
        unit=unit_name(series.unit, lang), first=series.years[0], last=series.years[-1], contested=years_or_none(series.contested, lang),
        breaks=labels or translate("evidence.none", lang), gaps=years_or_none(series.gaps, lang),
    )  # fmt: skip


def side_tip(side: Side, series: Series, lang: str) -> Option:
    """Return the tooltip of a side: what, who, grade, independence group, claim."""
    claim = side.claim
    value = f"{marks(side)} {bound_words(claim, lang)} {exact(claim.value)} {unit_name(claim.unit, lang)}".strip()
    lines = (
        form_name(series.form, lang), who(side), f"{translate('evidence.grade', lang)} {claim.grade}",
        f"{translate('evidence.group', lang)}: {claim.independence_group}", f"{translate('evidence.claim', lang)} {claim.id}", claim.note,
    )  # fmt: skip
    return plain_tip(str(claim.period_end.year), value, *lines)


def plain_tip(title: str, *lines: str) -> Option:
    """Return a tooltip in which braces are text and no template of the chart library."""
    found = tip(title, *lines)
    return {"formatter": found["formatter"].replace("{", "&#123;").replace("}", "&#125;")}


def _lines(series: Series, years: list[str], lang: str) -> list[Option]:
    """Return one line a stretch of one way of measuring; years without a claim stay empty."""
    return [
        {
            "type": "line",
            "name": translate("evidence.chart_taken", lang),
            "data": [
                {"value": series.chosen[int(year)].claim.value, "tooltip": side_tip(series.chosen[int(year)], series, lang)}
                if int(year) in segment.years
                else "-"
                for year in years
            ],
            "connectNulls": False,
            "symbol": "circle",
            "symbolSize": 8,
            "lineStyle": {"color": REFERENCE, "width": 2},
            "itemStyle": {"color": REFERENCE},
        }
        for segment in series.segments
    ]


def _points(series: Series, name: str, sides: list[Side], lang: str) -> Option:
    colour, symbol = POINTS[name]
    return {
        "type": "scatter",
        "name": translate(f"evidence.{name}", lang),
        "data": [{"value": [str(side.claim.year), side.claim.value], "tooltip": side_tip(side, series, lang)} for side in sides],
        "symbol": symbol,
        "symbolSize": 10,
        "itemStyle": {"color": PAPER, "borderColor": colour, "borderWidth": 2},
        "z": 4,
    }


def _ranges(sides: list[Side]) -> Option:
    """Return a bar from the low to the high of each side that gives a range."""
    pairs = [(side, side.claim.low, side.claim.high) for side in sides if side.claim.low is not None or side.claim.high is not None]
    data = [
        [
            {"coord": [str(side.claim.year), low if low is not None else side.claim.value]},
            {"coord": [str(side.claim.year), high if high is not None else side.claim.value]},
        ]
        for side, low, high in pairs
    ]
    style = {"color": MUTED, "width": 3, "type": "solid", "opacity": 0.55}
    return {"silent": True, "symbol": ["none", "none"], "label": {"show": False}, "lineStyle": style, "data": data}


def _breaks(series: Series, lang: str) -> Option:
    """Return a dashed rule where a new way of measuring begins."""
    data = [
        {"xAxis": str(segment.years[0]), "label": {"formatter": break_words(segment.label, lang).replace("{", "(").replace("}", ")")}}
        for segment in series.segments[1:]
    ]
    label = {"position": "end", "color": INK, "fontSize": 11, "distance": 2}
    return {"silent": True, "symbol": ["none", "none"], "label": label, "lineStyle": {"color": INK, "type": "dashed", "width": 1}, "data": data}


def _missing(series: Series, floor: float, lang: str) -> Option:
    """Return a small cross on the axis in each year without a claim."""
    words = translate("evidence.chart_gap", lang)
    return {
        "type": "scatter",
        "name": words,
        "data": [{"value": [str(year), floor], "tooltip": plain_tip(str(year), words)} for year in series.gaps],
        "symbol": "path://M0,0 L10,10 M10,0 L0,10",
        "symbolSize": 7,
        "itemStyle": {"color": "transparent", "borderColor": MUTED, "borderWidth": 1.5},
    }


def _legend(series: Series, others: list[Side], disputed: list[Side], lang: str) -> list[tuple[str, str]]:
    there = (
        ("chart_taken", "circle", True), ("chart_other", "circle", len(others) > len(disputed)), ("chart_contested", "diamond", bool(disputed)),
        ("chart_gap", "path://M0,0 L10,10 M10,0 L0,10", bool(series.gaps)),
    )  # fmt: skip
    return [(translate(f"evidence.{name}", lang), icon) for name, icon, shown in there if shown]
