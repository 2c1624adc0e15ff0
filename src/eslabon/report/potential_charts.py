"""Charts of potential production: the bridge from one figure to the other, and its parts in every year."""

from __future__ import annotations

from collections.abc import Sequence

from eslabon.i18n import translate
from eslabon.report.brand import INK, LESS, MORE, MUTED, PAPER, POLICIES, REFERENCE, Option, axis_text, category_axis, frame, legend, value_axis, wrap
from eslabon.report.evidence_charts import plain_tip
from eslabon.report.numbers import axis_ticks
from eslabon.report.potential_text import factor_name, signed, span, tonnes_text
from eslabon.study.potential import FACTORS, Bridge

COLOURS = (REFERENCE, "#5b9bc4", "#00664f", POLICIES[0], POLICIES[1], MUTED)
"""One colour a part, in the order of FACTORS."""
ROOM = 0.06
"""A bar longer than this share of the axis has its number inside."""


def bridge_chart(bridge: Bridge, lang: str, narrow: bool = False) -> Option:
    """Return the waterfall from the UNODC-style figure to the United States one, with the range of each part.

    Bars stand upright on a wide page and lie on a narrow one.
    """
    names = [translate("bridge.from", lang, year=bridge.year), *(factor_name(name, lang) for name in FACTORS)]
    names = [wrap(name, 14) for name in (*names, translate("bridge.to", lang, year=bridge.year))]
    steps = _levels(bridge)
    reach = [(name, level + part.low, level + part.high) for name, level, part in zip(names[1:-1], steps, bridge.parts, strict=False)]
    ends = [bridge.unodc_t, bridge.us_t, *(end for _, low, high in reach for end in (low, high))]
    bounds = axis_ticks(min(ends), max(ends), 3 if narrow else 5)
    room = ROOM * (bounds[1] - bounds[0]) * (2 if narrow else 1)
    bars = [_bar(names[0], bridge.unodc_t, REFERENCE, tonnes_text(bridge.unodc_t), narrow=narrow, room=room)]
    for name, part in zip(names[1:-1], bridge.parts, strict=True):
        colour = MORE[0] if part.tonnes > 0 else LESS[0]
        bar = _bar(name, abs(part.tonnes), colour, signed(part.tonnes), narrow=narrow, room=room)
        bars.append({**bar, "tooltip": plain_tip(name.replace("\n", " "), f"{signed(part.tonnes)} t", span(part))})
    bars.append(_bar(names[-1], bridge.us_t, REFERENCE, tonnes_text(bridge.us_t), narrow=narrow, room=room))
    floors = [0.0, *(min(level, level + part.tonnes) for level, part in zip(steps, bridge.parts, strict=False)), 0.0]
    whiskers = [[{"coord": _at(name, low, narrow)}, {"coord": _at(name, high, narrow)}] for name, low, high in reach if round(low) != round(high)]
    axes = _axes(names, bounds, narrow)
    return {**frame(_spoken(bridge, lang)), **axes, "series": _stack(floors, bars, whiskers)}


def _levels(bridge: Bridge) -> list[float]:
    """Return the tonnes reached before each part, and after the last."""
    levels = [bridge.unodc_t]
    for part in bridge.parts:
        levels.append(levels[-1] + part.tonnes)
    return levels


def _axes(names: list[str], bounds: tuple[float, float, float], narrow: bool) -> Option:
    words = {**axis_text(11 if narrow else 12), "interval": 0, "hideOverlap": False, "lineHeight": 15}
    category, value = {**category_axis(names), "axisLabel": words, "inverse": narrow}, value_axis(bounds, "t")
    grid = {"left": 8, "right": 22 if narrow else 14, "top": 34, "bottom": 8, "outerBoundsMode": "same", "outerBoundsContain": "axisLabel"}
    return {"grid": grid, "xAxis": value if narrow else category, "yAxis": category if narrow else value}


def _stack(floors: list[float], bars: list[Option], whiskers: list[list[Option]]) -> list[Option]:
    stacked: Option = {"type": "bar", "stack": "bridge", "barCategoryGap": "28%"}
    style = {"color": INK, "width": 1.5, "type": "solid", "opacity": 0.7}
    rules = {"silent": True, "symbol": ["none", "none"], "label": {"show": False}, "lineStyle": style, "data": whiskers, "z": 1}
    hidden = {**stacked, "data": floors, "itemStyle": {"color": "transparent"}, "silent": True, "tooltip": {"show": False}}
    return [hidden, {**stacked, "data": bars, "markLine": rules}]


def _at(name: str, tonnes: float, narrow: bool) -> list[float | str]:
    return [tonnes, name] if narrow else [name, tonnes]


def _spoken(bridge: Bridge, lang: str) -> str:
    parts = ", ".join(f"{factor_name(part.factor, lang)} {signed(part.tonnes)}" for part in bridge.parts)
    return translate("bridge.aria", lang, unodc=tonnes_text(bridge.unodc_t), us=tonnes_text(bridge.us_t), parts=parts)


def _bar(name: str, value: float, colour: str, words: str, *, narrow: bool, room: float) -> Option:
    inside = value > room
    place = "inside" if inside else "right" if narrow else "top"
    label = {"show": True, "position": place, "formatter": words, "color": PAPER if inside else INK, "fontWeight": 600}
    return {"value": value, "itemStyle": {"color": colour}, "label": label, "tooltip": plain_tip(name.replace("\n", " "), f"{words} t")}


def years_chart(bridges: Sequence[Bridge], lang: str) -> Option:
    """Return the parts of the gap in every year as stacked bars, and the gap as a dot."""
    years = [str(bridge.year) for bridge in bridges]
    above = [sum(max(part.tonnes, 0) for part in bridge.parts) for bridge in bridges]
    below = [sum(min(part.tonnes, 0) for part in bridge.parts) for bridge in bridges]
    series = [_year_bars(bridges, index, colour, lang) for index, colour in enumerate(COLOURS)]
    gap = translate("bridge.total", lang)
    dots = [{"value": [str(b.year), b.gap_t], "tooltip": plain_tip(f"{b.year} {gap}", f"{signed(b.gap_t)} t")} for b in bridges]
    dot = {"color": PAPER, "borderColor": INK, "borderWidth": 2}
    series.append({"type": "scatter", "name": gap, "data": dots, "symbol": "diamond", "symbolSize": 12, "itemStyle": dot, "z": 5})
    listed = "; ".join(f"{bridge.year} {signed(bridge.gap_t)} t" for bridge in bridges)
    return {
        **frame(f"{translate('bridge.all_years', lang)}. {gap}: {listed}."),
        "legend": legend([*((factor_name(name, lang), "roundRect") for name in FACTORS), (gap, "diamond")]),
        "grid": {"left": 8, "right": 14, "top": 112, "bottom": 8, "outerBoundsMode": "same", "outerBoundsContain": "axisLabel"},
        "xAxis": {**category_axis(years), "axisLine": {"onZero": False}},
        "yAxis": value_axis(axis_ticks(min(below, default=0.0), max(above, default=0.0)), "t"),
        "series": series,
    }


def _year_bars(bridges: Sequence[Bridge], index: int, colour: str, lang: str) -> Option:
    name = factor_name(FACTORS[index], lang)
    parts = [(bridge.year, bridge.parts[index]) for bridge in bridges]
    data = [{"value": part.tonnes, "tooltip": plain_tip(f"{year} {name}", f"{signed(part.tonnes)} t", span(part))} for year, part in parts]
    return {"type": "bar", "stack": "gap", "name": name, "data": data, "itemStyle": {"color": colour}, "barCategoryGap": "30%"}
