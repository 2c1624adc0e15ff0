"""Fans of a hindcast: forecasts with their bands, what was published, and the medians of naive forecasts as thin lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eslabon.i18n import translate
from eslabon.report.bands import Fan, Panel, panel_series
from eslabon.report.brand import INK, MUTED, POLICIES, REFERENCE, Option, category_axis, frame, legend, tip, value_axis
from eslabon.report.fans import grid_of_fans
from eslabon.report.hindcast_reading import Standing, find_place, standing
from eslabon.report.hindcast_text import KINDS, claims_words, model_name, place_name
from eslabon.report.numbers import Scale, axis_ticks, exact, interval, number

LINES = {
    "last_value": (MUTED, "dotted"),
    "damped_0_5": (POLICIES[0], "solid"),
    "smoothing": (POLICIES[1], "dashed"),
    "eradication": (POLICIES[2], "dashed"),
}
"""Naive methods drawn, with colour and dash: more would hide the dots."""
YEARS_BEFORE = 8
"""Published years drawn before the cut-off."""
HECTARES = Scale(1.0, "ha")
HIGHEST = 1.6
"""How far above the highest dot an axis may reach, so that a wide free run does not flatten what was published."""


def place_fan(found: Standing, trial: Mapping[str, Any], names: Mapping[str, str], lang: str, *, narrow: bool = False) -> Option:
    """Return the fan of a model in one place of one trial.

    Parameters
    ----------
    found : Standing
        The model and the naive methods there.
    trial : mapping
        The trial of the document, for its figures.
    names : mapping of place to name
    lang : str
    narrow : bool
        Whether the chart is drawn for a telephone.
    """
    panel = _panel(found, trial, lang)
    bounds = _bounds(panel, 5)
    size = 11 if narrow else 12
    published = translate("hindcast.chart_published", lang)
    drawn = [row for row in found.naive if row["model"] in LINES]
    entries = [(panel.fans[0].name, "roundRect"), (published, "circle"), *((model_name(row["model"], lang), _DASH) for row in drawn)]
    series = panel_series(panel, bounds[1], lang, dot=7 if narrow else 9)
    series = [{**one, "name": published} if one.get("type") == "scatter" else one for one in series]
    years = [str(year) for year in panel.years]
    top = 22 * len(entries) + 28 if narrow else 62
    return {
        **frame(_spoken(found, trial, names, lang)),
        "legend": legend(entries, **({"orient": "vertical", "itemGap": 7} if narrow else {})),
        "grid": {"left": 8, "right": 14, "top": top, "bottom": 8, "outerBoundsMode": "same", "outerBoundsContain": "axisLabel"},
        "xAxis": category_axis(years, size),
        "yAxis": value_axis(bounds, "ha", size),
        "series": [*series, *(_line(row, panel.years, bounds[1], lang) for row in drawn), _cutoff(found.cutoff, panel, lang)],
    }


_DASH = "path://M0,4 L16,4 L16,6 L0,6 Z"


def zone_fans(document: Mapping[str, Any], cutoff: int, names: Mapping[str, str], lang: str, *, columns: int) -> tuple[Option, int]:
    """Return small one-step fans of every zone scored from a cut-off, largest first, and how many there are."""
    trial = next(one for one in document["trials"] if one["kind"] == KINDS[0] and one["cutoff"] == cutoff)
    found = [standing(document, KINDS[0], cutoff, place) for place in trial["zone_years"]["zones"]]
    panels = [_panel(one, trial, lang, place_name(one.place, names, lang)) for one in found if one]
    ordered = sorted(panels, key=lambda panel: -max(item["value"] for item in panel.observations))
    spoken = translate("hindcast.aria_zones", lang, zones=", ".join(panel.title for panel in ordered))
    return grid_of_fans(ordered, spoken, lang, columns=columns), len(ordered)


def _panel(found: Standing, trial: Mapping[str, Any], lang: str, title: str = "") -> Panel:
    """Return the bands and dots of a place; published years before the cut-off are drawn for a while."""
    here = find_place(trial, found.place) or {"before": [], "published": []}
    before = [figure for figure in here["before"] if figure["year"] > found.cutoff - YEARS_BEFORE]
    dots = [_dot(figure) for figure in [*before, *here["published"]]]
    years = range(min(dot["year"] for dot in dots), max(dot["year"] for dot in dots) + 1)
    return Panel(title, [Fan(model_name(found.model["model"], lang), REFERENCE, found.model["years"])], HECTARES, list(years), dots)


def _dot(figure: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "year": figure["year"],
        "value": round(figure["area_ha"]),
        "low": figure["low_ha"],
        "high": figure["high_ha"],
        "claims": claims_words(figure["claims"]),
    }


def _bounds(panel: Panel, count: int) -> tuple[float, float, float]:
    highest = HIGHEST * max(float(item["value"]) for item in panel.observations)
    return axis_ticks(0.0, min(panel.high, highest), count)


def _line(row: Mapping[str, Any], years: Sequence[int], top: float, lang: str) -> Option:
    """Return the medians of a naive method as a thin line; those above the frame are left out."""
    name, (colour, dash) = model_name(row["model"], lang), LINES[row["model"]]
    medians = {cell["year"]: cell["p50"] for cell in row["years"]}
    return {
        "name": name,
        "type": "line",
        "data": [
            {"value": round(medians[year], 3), "tooltip": tip(f"{name} {year}", f"{number(medians[year])} ha")}
            if year in medians and medians[year] <= top
            else "-"
            for year in years
        ],
        "symbol": "circle",
        "symbolSize": 4,
        "lineStyle": {"width": 1.4, "color": colour, "type": dash},
        "itemStyle": {"color": colour},
        "connectNulls": False,
        "z": 4,
    }


def _cutoff(cutoff: int, panel: Panel, lang: str) -> Option:
    """Return a vertical rule at the cut-off."""
    at = str(cutoff if cutoff in panel.years else panel.years[0])
    return {
        "name": "",
        "type": "line",
        "data": [],
        "markLine": {
            "symbol": "none",
            "silent": True,
            "animation": False,
            "lineStyle": {"color": INK, "width": 1, "type": [3, 3]},
            "label": {"position": "insideEndTop", "formatter": translate("hindcast.chart_cutoff", lang), "color": MUTED, "fontSize": 11},
            "data": [{"xAxis": at}],
        },
    }


def _spoken(found: Standing, trial: Mapping[str, Any], names: Mapping[str, str], lang: str) -> str:
    here = find_place(trial, found.place) or {"published": []}
    figures = {figure["year"]: figure["area_ha"] for figure in here["published"]}
    listed = " ".join(
        translate(
            "hindcast.aria_year", lang, year=cell["year"], published=exact(round(figures[cell["year"]])),
            median=number(cell["p50"]), interval=interval(cell),
        )
        for cell in found.model["years"]
    )  # fmt: skip
    kind = translate(f"hindcast.{found.kind}", lang)
    return translate("hindcast.aria_fan", lang, place=place_name(found.place, names, lang), kind=kind, list=listed)
