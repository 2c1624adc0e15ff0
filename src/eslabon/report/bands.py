"""The pieces of a fan: stacked bands, median, published dots, breaks, and a strip that answers the pointer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from eslabon.i18n import phrase, translate
from eslabon.report.brand import INK, MUTED, Option, shade, tip
from eslabon.report.data import Row
from eslabon.report.numbers import Scale, exact, interval, number

OUTER, INNER = 0.2, 0.38
"""Opacity of the 90 % and of the 50 % band."""
_NOTHING = "-"


@dataclass(frozen=True)
class Fan:
    """One set of bands: its name in the legend, colour and yearly rows."""

    name: str
    colour: str
    rows: Sequence[Row]
    dashed: bool = False


@dataclass(frozen=True)
class Panel:
    """One fan chart: the years of its axis, the bands, the published figures and the unit."""

    title: str
    fans: Sequence[Fan]
    scale: Scale
    years: Sequence[int]
    observations: Sequence[dict[str, Any]] = field(default_factory=list)

    @property
    def low(self) -> float:
        """The lowest value drawn, in the unit shown."""
        return min((float(row["p05"]) * self.scale.factor for fan in self.fans for row in fan.rows), default=0.0)

    @property
    def high(self) -> float:
        """The highest value drawn, in the unit shown."""
        bands = (float(row["p95"]) for fan in self.fans for row in fan.rows)
        dots = (float(item.get("high") or item["value"]) for item in self.observations if item["year"] in self.years)
        return max([*bands, *dots], default=0.0) * self.scale.factor


def years_of(rows: Iterable[Row], observations: Iterable[dict[str, Any]] = (), first: int | None = None) -> list[int]:
    """Return every year from the first to the last that rows or observations have, none before `first`."""
    years = [int(item["year"]) for source in (rows, observations) for item in source]
    if not years:
        return []
    return list(range(max(min(years), first or min(years)), max(years) + 1))


def band_series(fan: Fan, panel: Panel, axis: int = 0) -> list[Option]:
    """Return five line series: an invisible base, three stacked bands up to the 95th percentile, and the median."""
    by_year = {int(row["year"]): row for row in fan.rows}

    def values(upper: str, lower: str | None = None) -> list[Any]:
        out: list[Any] = []
        for year in panel.years:
            row = by_year.get(year)
            top = None if row is None else float(row[upper]) - (float(row[lower]) if lower else 0.0)
            out.append(_NOTHING if top is None else round(top * panel.scale.factor, 6))
        return out

    def line(data: list[Any], area: str | None) -> Option:
        style: Option = {"areaStyle": {"color": area, "opacity": 1}} if area else {}
        return {
            "name": fan.name if area else "",
            "type": "line",
            "data": data,
            "stack": f"{fan.name}:{axis}",
            "stackStrategy": "all",
            "symbol": "none",
            "silent": True,
            "lineStyle": {"width": 0},
            "itemStyle": {"color": fan.colour},
            "xAxisIndex": axis,
            "yAxisIndex": axis,
            "z": 2,
            **style,
        }

    outer, inner = shade(fan.colour, OUTER), shade(fan.colour, INNER)
    median = {
        "name": fan.name,
        "type": "line",
        "data": values("p50"),
        "symbol": "none",
        "silent": True,
        "lineStyle": {"width": 2.4, "color": fan.colour, "type": "dashed" if fan.dashed else "solid"},
        "itemStyle": {"color": fan.colour},
        "xAxisIndex": axis,
        "yAxisIndex": axis,
        "z": 3,
    }
    return [
        line(values("p05"), None),
        line(values("p25", "p05"), outer),
        line(values("p75", "p25"), inner),
        line(values("p95", "p75"), outer),
        median,
    ]


def hover_strip(panel: Panel, top: float, lang: str, axis: int = 0) -> Option:
    """Return unseen bars, one a year, that show all quantiles of that year when pointed at."""
    data: list[Any] = []
    for year in panel.years:
        lines: list[str] = []
        for fan in panel.fans:
            for row in fan.rows:
                if int(row["year"]) == year:
                    value = number(float(row["p50"]) * panel.scale.factor)
                    band = interval(row, panel.scale.factor)
                    lines.append(translate("chart.tip_fan", lang, name=fan.name, median=value, interval=band, n=row["n"]))
        heading = f"{panel.title} {year} ({panel.scale.label})" if panel.title else f"{year} ({panel.scale.label})"
        data.append({"value": top, "tooltip": tip(heading, *lines)} if lines else _NOTHING)
    return {
        "name": "",
        "type": "bar",
        "data": data,
        "barWidth": "100%",
        "barCategoryGap": "0%",
        "itemStyle": {"color": "rgba(0,0,0,0)"},
        "emphasis": {"itemStyle": {"color": "rgba(27,39,51,.06)"}},
        "xAxisIndex": axis,
        "yAxisIndex": axis,
        "z": 1,
    }


def dot_series(panel: Panel, lang: str, axis: int = 0, size: float = 8) -> list[Option]:
    """Return the published ranges as thin lines and the published figures as dots above them, claims in the tooltip."""
    dots: list[Option] = []
    ranges: list[Option] = []
    for item in panel.observations:
        if item["year"] not in panel.years:
            continue
        year, factor = str(item["year"]), panel.scale.factor
        ends = [float(item[end]) * factor for end in ("low", "high") if item.get(end) is not None]
        span = f"{exact(ends[0])}–{exact(ends[1])}" if len(ends) == 2 else ""
        dots.append(
            {
                "value": [year, round(float(item["value"]) * factor, 6)],
                "tooltip": tip(
                    f"{translate('chart.published', lang)} {year}",
                    f"{exact(item['value'] * factor)} {panel.scale.label}",
                    translate("chart.range", lang, span=span) if span else "",
                    translate("chart.claims", lang, claims=item["claims"]) if item.get("claims") else "",
                    coverage_words(str(item.get("coverage") or ""), lang),
                    phrase(str(item.get("note") or ""), lang),
                ),
            }
        )
        if span:
            ranges.append({"coords": [[year, ends[0]], [year, ends[1]]]})
    name, place = translate("chart.published", lang), {"xAxisIndex": axis, "yAxisIndex": axis}
    drawn = {
        "name": name,
        "type": "scatter",
        "data": dots,
        "symbolSize": size,
        "itemStyle": {"color": INK, "borderColor": "#fff", "borderWidth": 1.2, "opacity": 1},
        "z": 6,
        **place,
    }
    bars = {
        "name": "",
        "type": "lines",
        "coordinateSystem": "cartesian2d",
        "data": ranges,
        "symbol": "none",
        "silent": True,
        "lineStyle": {"color": INK, "width": 1.3, "opacity": 1},
        "z": 5,
        **place,
    }
    return [bars, drawn] if ranges else [drawn]


def coverage_words(code: str, lang: str) -> str:
    """Return what `2024_24` (24 zones, list of 2024) says in words; nothing for a historic list, other words as given."""
    year, _, zones = code.partition("_")
    if year.isdigit() and zones.isdigit():
        return translate("chart.zones", lang, year=year, zones=zones)
    return "" if code == "historic" else phrase(code, lang)


def break_series(panel: Panel, lang: str, axis: int = 0, words: bool = True) -> Option | None:
    """Return thin vertical marks where the published series changed its method or zones, or None if it never did."""
    marks = []
    for item in panel.observations:
        found = item.get("series_break")
        if not found or item["year"] not in panel.years:
            continue
        text = translate("chart.break", lang) if str(found).lower() in {"true", "yes", "1"} else phrase(str(found), lang)
        marks.append({"xAxis": str(item["year"]), "label": {"formatter": text, "show": words}})
    if not marks:
        return None
    return {
        "name": "",
        "type": "line",
        "data": [],
        "xAxisIndex": axis,
        "yAxisIndex": axis,
        "markLine": {
            "symbol": "none",
            "silent": True,
            "animation": False,
            "lineStyle": {"color": "#8592a0", "width": 1, "type": [3, 3]},
            "label": {"position": "insideStartBottom", "color": MUTED, "fontSize": 11},
            "data": marks,
        },
    }


def panel_series(panel: Panel, top: float, lang: str, *, axis: int = 0, dot: float = 8, words: bool = True) -> list[Option]:
    """Return every series of one panel, from back to front."""
    series = [hover_strip(panel, top, lang, axis)]
    for fan in panel.fans:
        series += band_series(fan, panel, axis)
    if panel.observations:
        series += dot_series(panel, lang, axis, dot)
        marks = break_series(panel, lang, axis, words)
        series += [marks] if marks else []
    return series
