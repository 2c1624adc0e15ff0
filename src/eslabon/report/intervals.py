"""Horizontal intervals: the difference a policy makes, and the price ladder from field to border."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any

from eslabon.i18n import translate
from eslabon.report.brand import (
    GROUP_COLOURS,
    INK,
    MUTED,
    POLICIES,
    REFERENCE,
    Option,
    axis_text,
    category_axis,
    frame,
    legend,
    shade,
    tip,
    value_axis,
    wrap,
)
from eslabon.report.data import GROUPS, OutcomeInfo, Row, headline, in_year, indexed, pick
from eslabon.report.names import outcome_name, place_name
from eslabon.report.numbers import DASH, NARROW_SPACE, axis_ticks, interval, number, percent, percent_row

WIDEST_PERCENT = 150.0
"""Beyond this the axis stops and the printed number goes on, so that one large effect does not flatten the others."""
LADDER = (
    "ladder_leaf_usd2013_per_kg",
    "price_base_origin_usd2013_per_kg",
    "price_cocaine_origin_usd2013_per_kg",
)
BORDER = "price_border_usd2013_per_kg"


def difference(
    differences: Iterable[Row],
    reference: Iterable[Row],
    outcomes: Sequence[OutcomeInfo],
    year: int,
    *,
    lang: str = "en",
    narrow: bool = False,
) -> Option:
    """Return paired differences by outcome in percent of the reference median, harms beside supply.

    Parameters
    ----------
    differences : iterable of Row
        Of one policy against the reference.
    reference : iterable of Row
        The reference's own rows; an outcome whose median is zero there has no percentage and is left to the table.
    outcomes : sequence of OutcomeInfo
        What is drawn; sorted by group.
    year : int
        The year of stocks and prices, and of flows without a period row.
    """
    lines = percent_lines(differences, reference, outcomes, year)
    reach = max((abs(float(row[q])) for _, row in lines for q in ("p05", "p95")), default=1.0)
    reach = min(reach, WIDEST_PERCENT)
    _, edge, step = axis_ticks(0.0, reach, 2 if narrow else 4)
    names = [outcome_name(info.name, lang, info, short=True) for info, _ in lines]
    gap = "\n" if narrow else "  "
    values = [f"{percent(row['p50'])}{gap}[{percent_interval(row)}]" for _, row in lines]
    series: list[Option] = []
    for group in GROUPS:
        members = [index for index, (info, _) in enumerate(lines) if info.group == group]
        if members:
            name = translate(f"group.{group}", lang)
            tips = {
                index: tip(names[index], values[index].replace("\n", " "), translate("chart.n", lang, n=lines[index][1]["n"])) for index in members
            }
            rows = {index: _clipped(lines[index][1], edge) for index in members}
            series += interval_series(name, GROUP_COLOURS[group], rows, tips)
    if series:
        series[0]["markLine"] = _rule_at(0)
    groups = list(dict.fromkeys(info.group for info, _ in lines))
    labels = "; ".join(f"{name} {value}".replace("\n", " ") for name, value in zip(names, values, strict=True))
    return {
        **frame(translate("aria.difference", lang, year=year, list=labels)),
        "legend": legend([(translate(f"group.{group}", lang), "roundRect") for group in groups]),
        "grid": {"left": 8, "right": 14, "top": 52 if narrow else 36, "bottom": 44, **_inside()},
        "xAxis": {
            **value_axis((-edge, edge, step), translate("chart.percent_of_reference", lang), 12),
            "nameLocation": "middle",
            "nameGap": 30,
            "nameTextStyle": {"color": MUTED, "fontSize": 12, "align": "center"},
            "axisLabel": {**axis_text(12), "formatter": "{value} %"},
        },
        "yAxis": _double_axis(names, values, narrow),
        "series": series,
    }


def percent_lines(differences: Iterable[Row], reference: Iterable[Row], outcomes: Sequence[OutcomeInfo], year: int) -> list[tuple[OutcomeInfo, Row]]:
    """Return (outcome, difference in percent) for all that can be given so, sorted by group."""
    found = []
    changed, base = indexed(differences), indexed(reference)
    for info in sorted(outcomes, key=lambda item: GROUPS.index(item.group)):
        row, against = headline(changed, info.name, info.kind, year), headline(base, info.name, info.kind, year)
        share = percent_row(row, against) if row and against else None
        if share is not None:
            found.append((info, share))
    return found


def percent_interval(row: Row) -> str:
    """Return the 90 % interval of a row in percent, signed; the sign % stands with the median."""
    return ", ".join(percent(row[q]).removesuffix(f"{NARROW_SPACE}%") for q in ("p05", "p95"))


def price_ladder(
    scenarios: Sequence[tuple[str, Iterable[Row]]],
    year: int,
    corridors: Sequence[dict[str, Any]],
    *,
    lang: str = "en",
    narrow: bool = False,
) -> Option:
    """Return what one kilogram costs from the leaf in the field to the border, on a logarithmic axis.

    Parameters
    ----------
    scenarios : sequence of (title, rows)
        One or two: the reference and a policy, drawn line under line.
    year : int
        The year shown.
    corridors : sequence of dict
        Border prices are drawn by corridor.
    """
    rungs: list[tuple[str, list[Row | None]]] = []
    for outcome in LADDER:
        rungs.append((outcome_name(outcome, lang, short=True), [_at(rows, outcome, None, year) for _, rows in scenarios]))
    for item in corridors:
        name = translate("chart.border_by", lang, corridor=place_name(item, lang))
        rungs.append((name, [_at(rows, BORDER, str(item["id"]), year) for _, rows in scenarios]))
    rungs = [(name, rows) for name, rows in rungs if any(rows)]
    names, values, series = [], [], []
    drawn = [row for _, rows in rungs for row in rows if row]
    low = round_below(min((float(row["p05"]) for row in drawn), default=1.0))
    high = round_above(max((float(row["p95"]) for row in drawn), default=10.0))
    for position, (title, _) in enumerate(scenarios):
        colour = REFERENCE if position == 0 else POLICIES[(position - 1) % len(POLICIES)]
        rows_at = {line * len(scenarios) + position: rows[position] for line, (_, rows) in enumerate(rungs)}
        known = {index: row for index, row in rows_at.items() if row}
        tips = {
            index: tip(rungs[index // len(scenarios)][0], f"{title}: {_money(row)}", translate("chart.n", lang, n=row["n"]))
            for index, row in known.items()
        }
        series += interval_series(title, colour, known, tips)
    for name, rows in rungs:
        for position, row in enumerate(rows):
            names.append(name if position == 0 else "")
            values.append(_money(row, "\n" if narrow else "  ") if row else DASH)
    spoken = "; ".join(f"{name} {value}".replace("\n", " ") for name, value in zip(names, values, strict=True) if name)
    return {
        **frame(translate("aria.ladder", lang, year=year, list=spoken)),
        "legend": legend([(title, "roundRect") for title, _ in scenarios]),
        "grid": {"left": 8, "right": 14, "top": 52 if narrow else 36, "bottom": 44, **_inside()},
        "xAxis": {
            **value_axis((low, high, 1), translate("chart.usd_per_kg", lang), 12),
            "type": "log",
            "interval": None,
            "nameLocation": "middle",
            "nameGap": 30,
            "nameTextStyle": {"color": MUTED, "fontSize": 12, "align": "center"},
        },
        "yAxis": _double_axis(names, values, narrow),
        "series": series,
    }


def interval_series(name: str, colour: str, rows: dict[int, Row], tips: dict[int, Option]) -> list[Option]:
    """Return a thin line for 90 %, a thick one for 50 % and a dot for the median, at given lines of the chart."""

    def lines(low: str, high: str, width: float, opacity: float) -> Option:
        return {
            "name": name,
            "type": "lines",
            "coordinateSystem": "cartesian2d",
            "data": [{"coords": [[row[low], index], [row[high], index]], "tooltip": tips[index]} for index, row in rows.items()],
            "symbol": "none",
            "lineStyle": {"color": shade(colour, opacity), "width": width, "opacity": 1, "cap": "round"},
            "itemStyle": {"color": colour},
            "z": 3,
        }

    dots = {
        "name": name,
        "type": "scatter",
        "data": [{"value": [row["p50"], index], "tooltip": tips[index]} for index, row in rows.items()],
        "symbolSize": 10,
        "itemStyle": {"color": colour, "borderColor": "#fff", "borderWidth": 1.5},
        "z": 5,
    }
    return [dots, lines("p05", "p95", 2.5, 0.75), lines("p25", "p75", 9, 0.38)]


def round_below(value: float) -> float:
    """Return the largest of 1, 2, 5 times a power of ten that is not above a positive value."""
    power = 10.0 ** math.floor(math.log10(max(value, 1e-6)))
    return max(step * power for step in (1, 2, 5) if step * power <= max(value, 1e-6) * (1 + 1e-12))


def round_above(value: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that is not below a positive value."""
    power = 10.0 ** math.floor(math.log10(max(value, 1e-6)))
    return min(step * power for step in (1, 2, 5, 10) if step * power >= value * (1 - 1e-12))


def _double_axis(names: list[str], values: list[str], narrow: bool) -> list[Option]:
    left = {
        **category_axis([wrap(name, 15) if narrow else name for name in names]),
        "inverse": True,
        "axisLine": {"show": False},
        "axisLabel": {"color": INK, "fontSize": 11 if narrow else 12.5, "lineHeight": 14, "interval": 0},
        "splitLine": {"show": True, "lineStyle": {"color": "#f0f3f6"}},
    }
    right = {
        **category_axis(values),
        "inverse": True,
        "position": "right",
        "axisLine": {"show": False},
        "axisLabel": {
            "color": INK,
            "fontSize": 10.5 if narrow else 12.5,
            "lineHeight": 14,
            "interval": 0,
        },
    }
    return [left, right]


def _inside() -> Option:
    return {"outerBoundsMode": "same", "outerBoundsContain": "axisLabel"}


def _rule_at(value: float) -> Option:
    return {
        "symbol": "none",
        "silent": True,
        "animation": False,
        "label": {"show": False},
        "lineStyle": {"color": INK, "width": 1.2, "type": "solid"},
        "data": [{"xAxis": value}],
    }


def _clipped(row: Row, edge: float) -> Row:
    return {**row, **{q: max(-edge, min(edge, float(row[q]))) for q in ("p05", "p25", "p50", "p75", "p95")}}


def _at(rows: Iterable[Row], outcome: str, corridor: str | None, year: int) -> Row | None:
    return next(iter(in_year(pick(rows, outcome, corridor=corridor), year)), None)


def _money(row: Row, gap: str = " ") -> str:
    return f"{number(row['p50'])}{gap}[{interval(row)}]"
