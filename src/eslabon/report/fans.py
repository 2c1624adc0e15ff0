"""Fan charts: one outcome in one place, reference beside policy, or many places or outcomes in one style."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from eslabon.i18n import translate
from eslabon.report.bands import Fan, Panel, panel_series, years_of
from eslabon.report.brand import (
    INK,
    MUTED,
    POLICIES,
    REFERENCE,
    Option,
    axis_text,
    category_axis,
    frame,
    legend,
    tip,
    value_axis,
)
from eslabon.report.data import NATION, OutcomeInfo, Row, indexed, pick, published
from eslabon.report.names import basin_name, outcome_name
from eslabon.report.numbers import Scale, axis_ticks, interval, number, scale_for

Observations = Sequence[dict[str, Any]]
LAST_PLACES = 12
"""Panels of `small_multiples`, the one for all further basins included."""
PANEL_TITLE: Option = {"fontSize": 13, "fontWeight": 600, "lineHeight": 17, "color": INK}
HEAD, PANEL = 54, 184
"""Height in px of the legend above a grid and of one panel."""


def fan(
    rows: Iterable[Row],
    outcome: str,
    basin: str = NATION,
    *,
    lang: str = "en",
    info: OutcomeInfo | None = None,
    observations: Observations = (),
    name: str = "",
    narrow: bool = False,
) -> Option:
    """Return a fan chart of one outcome in one basin or the nation.

    Parameters
    ----------
    rows : iterable of Row
        Yearly quantiles; other outcomes and places are ignored.
    outcome, basin : str
        What is drawn and where; `ALL` is the nation.
    info : OutcomeInfo, optional
        Unit and kind, for the axis name; the unit of the rows is used without it.
    observations : sequence of dict
        Published figures; only those of this outcome and place are drawn.
    name : str
        The run in the legend; "Model" if empty.
    narrow : bool
        Whether the chart is drawn for a telephone.
    """
    model = Fan(name or translate("chart.model", lang), REFERENCE, pick(rows, outcome, basin))
    return _single(panel_of([model], outcome, basin, lang=lang, info=info, observations=observations), outcome, lang, narrow)


def fan_compare(
    reference: tuple[str, Iterable[Row]],
    policies: Sequence[tuple[str, Iterable[Row]]],
    outcome: str,
    basin: str = NATION,
    *,
    lang: str = "en",
    info: OutcomeInfo | None = None,
    observations: Observations = (),
    first_year: int | None = None,
    narrow: bool = False,
) -> Option:
    """Return the fans of the reference and of each policy on one axis; see `fan`.

    Parameters
    ----------
    reference, policies : (title, rows)
        The reference is dashed and blue; each policy has its own colour.
    first_year : int, optional
        The first year of published figures to draw before the scenarios begin.
    """
    fans = compare_fans(reference, policies, outcome, basin)
    panel = panel_of(fans, outcome, basin, lang=lang, info=info, observations=observations, first_year=first_year)
    return _single(panel, outcome, lang, narrow)


def small_multiples(
    reference: tuple[str, Iterable[Row]],
    policies: Sequence[tuple[str, Iterable[Row]]],
    outcome: str,
    basins: Sequence[dict[str, Any]],
    *,
    lang: str = "en",
    info: OutcomeInfo | None = None,
    observations: Observations = (),
    first_year: int | None = None,
    columns: int = 4,
) -> Option:
    """Return one small fan a basin, largest first, and a last panel with the medians of all further basins.

    Each panel has its own scale. The further basins are drawn as single lines: their medians are never added.
    """
    runs = [(name, indexed(found)) for name, found in (reference, *policies)]
    ranked = sorted(basins, key=lambda item: -_first_median(runs[0][1], outcome, item["id"]))
    cut = len(ranked) if len(ranked) <= LAST_PLACES else LAST_PLACES - 1
    fans = [compare_fans(runs[0], runs[1:], outcome, item["id"]) for item in ranked[:cut]]
    scale = _shared_scale([row for found in fans for single in found for row in single.rows], info, lang)
    panels: list[Panel] = []
    for item, found in zip(ranked[:cut], fans, strict=True):
        name = basin_name(item, lang) if panels else f"{basin_name(item, lang)} ({scale.label})"
        panel = panel_of(
            found,
            outcome,
            item["id"],
            lang=lang,
            observations=observations,
            first_year=first_year,
            title=name,
            scale=scale,
        )
        panels += [panel] if panel.years else []
    lines = [(basin_name(item, lang), pick(runs[:2][-1][1], outcome, item["id"])) for item in ranked[cut:]]
    spoken = {"outcome": outcome_name(outcome, lang, info), "basins": ", ".join(panel.title for panel in panels)}
    description = translate("aria.small_multiples", lang, **spoken)
    return grid_of_fans(panels, description, lang, columns=columns, further=[line for line in lines if line[1]])


def outcome_panels(
    reference: tuple[str, Iterable[Row]],
    policies: Sequence[tuple[str, Iterable[Row]]],
    outcomes: Sequence[OutcomeInfo],
    *,
    lang: str = "en",
    observations: Observations = (),
    columns: int = 3,
) -> Option:
    """Return one small national fan an outcome, so that harms stand beside supply, with published figures if given."""
    title, rows = reference[0], indexed(reference[1])
    listed = [(name, indexed(found)) for name, found in policies]
    panels = []
    for info in outcomes:
        fans = compare_fans((title, rows), listed, info.name, NATION)
        panel = panel_of(
            fans,
            info.name,
            NATION,
            lang=lang,
            info=info,
            observations=observations,
            title=outcome_name(info.name, lang, info, short=True),
        )
        if panel.years:
            panels.append(panel)
    description = translate("aria.outcome_panels", lang, outcomes=", ".join(panel.title for panel in panels))
    return grid_of_fans(panels, description, lang, columns=columns, units=True)


def compare_fans(reference: tuple[str, Iterable[Row]], policies: Sequence[tuple[str, Iterable[Row]]], outcome: str, basin: str) -> list[Fan]:
    """Return the fans of one outcome and place, the reference first; it is dashed where a policy stands beside it."""
    fans = [Fan(reference[0], REFERENCE, pick(reference[1], outcome, basin), dashed=bool(policies))]
    for position, (title, rows) in enumerate(policies):
        fans.append(Fan(title, POLICIES[position % len(POLICIES)], pick(rows, outcome, basin)))
    return [found for found in fans if found.rows]


def panel_of(
    fans: Sequence[Fan],
    outcome: str,
    basin: str,
    *,
    lang: str,
    info: OutcomeInfo | None = None,
    observations: Observations = (),
    first_year: int | None = None,
    title: str = "",
    scale: Scale | None = None,
) -> Panel:
    """Return the panel of some fans with the published figures of the same outcome and place."""
    rows = [row for found in fans for row in found.rows]
    begin = min((int(row["year"]) for row in rows), default=0) if first_year is None else first_year
    dots = [item for item in published(observations, outcome, basin) if int(item["year"]) >= begin]
    shown = scale or _shared_scale(rows, info, lang)
    return Panel(title, fans, shown, years_of(rows, dots), dots)


def grid_height(count: int, columns: int) -> int:
    """Return the height in px that a grid of `count` panels needs."""
    return HEAD + PANEL * max(1, math.ceil(count / columns))


def grid_of_fans(
    panels: Sequence[Panel],
    description: str,
    lang: str,
    *,
    columns: int,
    units: bool = False,
    further: Sequence[tuple[str, list[Row]]] = (),
) -> Option:
    """Return many panels in one option, row by row; draw it `grid_height` px high."""
    count = len(panels) + bool(further)
    option: Option = {**frame(description), "title": [], "grid": [], "xAxis": [], "yAxis": [], "series": []}
    for index in range(count):
        left, top = index % columns * 100 / columns, HEAD + index // columns * PANEL
        option["grid"].append(
            {
                "left": f"{left + 0.6:.3f}%",
                "top": top + (48 if units else 34),
                "width": f"{100 / columns - 2.4:.3f}%",
                "height": PANEL - (78 if units else 62),
                "outerBoundsMode": "same",
                "outerBoundsContain": "axisLabel",
            }
        )
        place = {"left": f"{left + 0.6:.3f}%", "top": top}
        if index < len(panels):
            _add_panel(option, panels[index], index, place, lang=lang, units=units, columns=columns)
        else:
            _add_further(option, further, panels, index, place, lang=lang, columns=columns)
    names = dict.fromkeys(found.name for panel in panels for found in panel.fans)
    dots = [(translate("chart.published", lang), "circle")] if any(panel.observations for panel in panels) else []
    option["legend"] = legend([*((name, "roundRect") for name in names), *dots], itemGap=12 if columns < 3 else 16)
    return option


def _add_panel(option: Option, panel: Panel, index: int, place: Option, *, lang: str, units: bool, columns: int) -> None:
    bounds = axis_ticks(panel.low, panel.high, 3)
    subtext = {"subtext": panel.scale.label, "subtextStyle": {"color": MUTED, "fontSize": 11, "lineHeight": 13}, "itemGap": 1} if units else {}
    option["title"].append({"text": panel.title, "textStyle": _title_style(columns), "padding": 0, **subtext, **place})
    years = [str(year) for year in panel.years]
    option["xAxis"].append(
        {
            **category_axis(years, 11),
            "gridIndex": index,
            "axisLabel": {**axis_text(11), "interval": _year_step(len(years), 3)},
        }
    )
    option["yAxis"].append({**value_axis(bounds, "", 11), "gridIndex": index})
    option["series"] += panel_series(panel, bounds[1], lang, axis=index, dot=5, words=False)


def _add_further(
    option: Option,
    further: Sequence[tuple[str, list[Row]]],
    panels: Sequence[Panel],
    index: int,
    place: Option,
    *,
    lang: str,
    columns: int,
) -> None:
    rows = [row for _, found in further for row in found]
    factor, unit = (panels[0].scale.factor, panels[0].scale.label) if panels else (1.0, "")
    high = max(float(row["p50"]) for row in rows) * factor
    bounds, years = axis_ticks(0.0, high, 3), years_of(rows)
    title = translate("chart.further", lang, n=len(further))
    option["title"].append({"text": title, "textStyle": _title_style(columns), "padding": 0, **place})
    option["xAxis"].append(
        {
            **category_axis([str(year) for year in years], 11),
            "gridIndex": index,
            "axisLabel": {**axis_text(11), "interval": _year_step(len(years), 3)},
        }
    )
    option["yAxis"].append({**value_axis(bounds, "", 11), "gridIndex": index})
    for name, found in further:
        medians = {int(row["year"]): round(float(row["p50"]) * factor, 6) for row in found}
        option["series"].append(
            {
                "name": name,
                "type": "line",
                "data": [
                    {"value": medians[year], "tooltip": tip(f"{name} {year}", f"{number(medians[year])} {unit}")} if year in medians else "-"
                    for year in years
                ],
                "symbol": "circle",
                "symbolSize": 4,
                "lineStyle": {"width": 1.4, "color": MUTED},
                "itemStyle": {"color": MUTED},
                "xAxisIndex": index,
                "yAxisIndex": index,
            }
        )


def _single(panel: Panel, outcome: str, lang: str, narrow: bool) -> Option:
    bounds = axis_ticks(panel.low, panel.high)
    size = 11 if narrow else 12
    entries = [(found.name, "roundRect") for found in panel.fans]
    if panel.observations:
        entries.append((translate("chart.published", lang), "circle"))
    years = [str(year) for year in panel.years]
    top = 22 * len(entries) + 28 if narrow else 54
    key = legend(entries, **({"orient": "vertical", "itemGap": 7} if narrow else {}))
    return {
        **frame(_describe(panel, outcome, lang)),
        "legend": key,
        "grid": {
            "left": 8,
            "right": 14,
            "top": top,
            "bottom": 8,
            "outerBoundsMode": "same",
            "outerBoundsContain": "axisLabel",
        },
        "xAxis": category_axis(years, size),
        "yAxis": value_axis(bounds, panel.scale.label, size),
        "series": panel_series(panel, bounds[1], lang, dot=7 if narrow else 9),
    }


def _describe(panel: Panel, outcome: str, lang: str) -> str:
    parts = [translate("aria.fan", lang, outcome=outcome_name(outcome, lang), unit=panel.scale.label)]
    for found in panel.fans:
        row = found.rows[-1]
        factor = panel.scale.factor
        parts.append(
            translate(
                "aria.fan_last",
                lang,
                name=found.name,
                year=row["year"],
                median=number(row["p50"] * factor),
                interval=interval(row, factor),
            )
        )
    return " ".join(parts)


def _shared_scale(rows: Sequence[Row], info: OutcomeInfo | None, lang: str) -> Scale:
    unit = info.unit if info else next((str(row["unit"]) for row in rows), "")
    return scale_for(unit, info.kind if info else None, rows, lang)


def _first_median(rows: Iterable[Row], outcome: str, basin: str) -> float:
    found = pick(rows, outcome, basin)
    return float(found[0]["p50"]) if found else 0.0


def _title_style(columns: int) -> Option:
    small: Option = {"fontSize": 12} if columns == 2 else {}
    return {**PANEL_TITLE, **small, "width": {1: 330, 2: 172, 3: 310}.get(columns, 235), "overflow": "truncate"}


def _year_step(years: int, labels: int) -> int:
    return max(0, math.ceil(years / labels) - 1)
