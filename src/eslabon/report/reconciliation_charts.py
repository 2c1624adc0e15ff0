"""The waterfall from leaf to product: adjusted bars with intervals, every claim as a mark, those ruled out as crosses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eslabon.i18n import translate
from eslabon.report.brand import INK, MORE, MUTED, PAPER, POLICIES, REFERENCE, Option, axis_text, category_axis, frame, legend, tip, value_axis, wrap
from eslabon.report.numbers import axis_ticks, number
from eslabon.report.reconciliation_words import as_printed, measure, place_name, said, unit_words
from eslabon.study.reconciliation import Reconciliation
from eslabon.study.reconciliation_rows import ClaimRow, VariableRow, variable_rows

LEAF_ROWS = ("leaf", "legal", "traditional", "lost", "illicit")
TAKEN = ("legal", "traditional", "lost")
"""What is taken off the leaf before it reaches the trade; what is sold legally is part of traditional use."""
COLOURS = {"leaf": REFERENCE, "legal": "#00664f", "traditional": "#5a9e8a", "lost": MUTED, "illicit": MORE[0], "product": POLICIES[1]}
CROSS = "path://M0,1 L1,0 L4,3 L7,0 L8,1 L5,4 L8,7 L7,8 L4,5 L1,8 L0,7 L3,4 Z"
LINE_HEIGHT, GAP, HEAD_HEIGHT = 54, 66, 160


@dataclass(frozen=True)
class Step:
    """A bar of the waterfall: a row, and from where to where it runs; what is taken off is counted down from `origin`."""

    row: VariableRow
    start: float
    end: float
    origin: float | None = None
    rest: bool = False

    def at(self, value: float) -> float:
        """Return where a value of the row lies on the axis."""
        return value if self.origin is None else self.origin - value


def steps(found: Reconciliation, place: str) -> list[Step]:
    """Return the bars of a place from leaf to product; empty where its leaf and product are not known."""
    rows = {row.key: row for row in variable_rows(found) if row.place == place and row.adjusted is not None}
    made, left = [], rows["leaf"].adjusted if "leaf" in rows else None
    for key in LEAF_ROWS:
        row = rows.get(key)
        if row is None or row.adjusted is None:
            continue
        if key in TAKEN and left is not None:
            rest = key == "traditional" and "legal" in rows
            of = _beyond_legal(row, rows) if rest else row.adjusted
            made.append(Step(row, left, left - of, left + row.adjusted - of if rest else left, rest))
            left -= of
        elif key not in TAKEN:
            made.append(Step(row, 0.0, row.adjusted))
    product = rows.get("product")
    return [*made, Step(product, 0.0, product.adjusted)] if product and product.adjusted else made


def _beyond_legal(row: VariableRow, rows: dict[str, VariableRow]) -> float:
    legal = rows["legal"].adjusted if "legal" in rows else None
    return max((row.adjusted or 0.0) - (legal or 0.0), 0.0)


def chart_height(bars: Sequence[Step]) -> int:
    """Return the height of the chart in px."""
    return HEAD_HEIGHT + LINE_HEIGHT * len(bars)


def waterfall(found: Reconciliation, place: str, lang: str = "en", *, narrow: bool = False) -> Option:
    """Return the way from leaf to product at a place: adjusted values with 90 % intervals, and all sides of every figure.

    Parameters
    ----------
    found : Reconciliation
    place : str
        The asked place or its nation.
    narrow : bool
        For a telephone.
    """
    bars = steps(found, place)
    leaf, product = [b for b in bars if b.row.key != "product"], [b for b in bars if b.row.key == "product"]
    spoken = "; ".join(f"{_name(bar, lang)} {_value(bar, lang)}" for bar in bars)
    grids, series = [], []
    x_axes, y_axes = [], []
    top = 58 if narrow else 40
    for index, (group, unit) in enumerate(((leaf, "reconcile.waterfall_leaf"), (product, "reconcile.waterfall_product"))):
        height = LINE_HEIGHT * max(len(group), 1)
        grids.append({"left": 8, "right": 26, "top": top, "height": height, "outerBoundsMode": "same", "outerBoundsContain": "axisLabel"})
        names = [wrap(_name(bar, lang), 16 if narrow else 26) for bar in group]
        axis = {**value_axis(_bounds(group), translate(unit, lang)), "gridIndex": index, "position": "bottom"}
        axis |= {"nameLocation": "middle", "nameGap": 26, "nameTextStyle": {"color": MUTED, "fontSize": 12, "align": "center"}}
        x_axes.append(axis)
        words = {**axis_text(11 if narrow else 12.5), "color": INK, "interval": 0, "hideOverlap": False, "lineHeight": 15}
        y_axes.append({**category_axis(names), "gridIndex": index, "inverse": True, "axisLabel": words})
        series += _series(found, group, index, lang)
        top += height + GAP
    if not product:
        grids, x_axes, y_axes = grids[:1], x_axes[:1], y_axes[:1]
        series = [s for s in series if s.get("xAxisIndex") == 0]
    title = translate("reconcile.aria", lang, place=place_name(place, lang), year=found.chain.year, list=spoken)
    entries = [(translate(f"reconcile.{key}", lang), icon) for key, icon in (("bars", "roundRect"), ("claim_mark", "circle"), ("cross_mark", CROSS))]
    return {**frame(title), "legend": legend(entries), "grid": grids, "xAxis": x_axes, "yAxis": y_axes, "series": series}


def _bounds(bars: Sequence[Step]) -> tuple[float, float, float]:
    ends = [bar.end for bar in bars] + [bar.start for bar in bars]
    ends += [bar.at(claim.reading.value) for bar in bars for claim in bar.row.claims]
    ends += [bar.at(bar.row.high) for bar in bars if bar.row.high is not None]
    return axis_ticks(0.0, max(ends, default=1.0) * 1.02)


def _series(found: Reconciliation, bars: Sequence[Step], index: int, lang: str) -> list[Option]:
    axes = {"xAxisIndex": index, "yAxisIndex": index}
    floor = {**axes, "type": "bar", "stack": f"s{index}", "silent": True, "itemStyle": {"color": "transparent"}, "tooltip": {"show": False}}
    name = translate("reconcile.bars", lang)
    solid = {**axes, "type": "bar", "stack": f"s{index}", "name": name, "barWidth": 22, "itemStyle": {"color": REFERENCE}}
    made = [
        {**floor, "data": [min(bar.start, bar.end) for bar in bars], "barWidth": 22},
        {**solid, "data": [_bar(bar, lang) for bar in bars]},
        {**axes, **_intervals(bars, lang)},
    ]
    marks = [(line, bar, c) for line, bar in enumerate(bars) for c in sorted(bar.row.claims, key=lambda c: c.reading.value) if not c.reading.bound]
    for key, ruled_out in (("claim_mark", False), ("cross_mark", True)):
        points = [_mark(i, line, bar, claim, found, lang) for i, (line, bar, claim) in enumerate(marks) if claim.ruled_out is ruled_out]
        made.append({**axes, **_marks(translate(f"reconcile.{key}", lang), points, ruled_out)})
    return made


def _bar(bar: Step, lang: str) -> Option:
    return {
        "value": abs(bar.end - bar.start),
        "itemStyle": {"color": COLOURS[bar.row.key], "opacity": 0.85},
        "tooltip": tip(_name(bar, lang), _value(bar, lang)),
    }


def _intervals(bars: Sequence[Step], lang: str) -> Option:
    data = []
    for line, bar in enumerate(bars):
        if bar.row.low is not None and bar.row.high is not None:
            ends = [[bar.at(bar.row.low), line], [bar.at(bar.row.high), line]]
            data.append({"coords": ends, "tooltip": tip(_name(bar, lang), _value(bar, lang))})
    style = {"color": INK, "width": 2, "opacity": 1}
    return {"type": "lines", "coordinateSystem": "cartesian2d", "data": data, "symbol": "none", "lineStyle": style, "z": 4}


def _mark(place: int, line: int, bar: Step, claim: ClaimRow, found: Reconciliation, lang: str) -> Option:
    reading = claim.reading
    source = found.chain.sources.get(reading.claim.source_id)
    who = (source.publisher or source.title) if source else ""
    words = tip(f"{said(reading, lang)} ({reading.claim.id})", _name(bar, lang), who)
    side = {"position": "top" if place % 2 == 0 else "bottom"}
    return {"value": [bar.at(reading.value), line], "name": as_printed(reading.value), "label": side, "tooltip": words}


def _marks(name: str, points: list[Option], ruled_out: bool) -> Option:
    colour = "#9b1c1c" if ruled_out else PAPER
    label = {"show": True, "formatter": "{b}", "position": "top", "distance": 7, "fontSize": 11, "color": colour if ruled_out else INK}
    return {
        "type": "scatter",
        "name": name,
        "data": points,
        "symbol": CROSS if ruled_out else "circle",
        "symbolSize": 13 if ruled_out else 9,
        "itemStyle": {"color": colour, "borderColor": colour if ruled_out else INK, "borderWidth": 0 if ruled_out else 1.6},
        "label": label,
        "labelLayout": {"hideOverlap": True},
        "z": 6 if ruled_out else 5,
    }


def _name(bar: Step, lang: str) -> str:
    return translate("reconcile.other_traditional" if bar.rest else f"chain.{bar.row.key}", lang)


def _value(bar: Step, lang: str) -> str:
    row = bar.row
    if row.adjusted is None or row.low is None or row.high is None:
        return ""
    if bar.rest:
        return measure(bar.start - bar.end, row.unit, lang)
    return f"{measure(row.adjusted, row.unit, lang)} [{number(row.low)}–{number(row.high)} {unit_words(row.unit, lang)}]"
