"""Fans against independent facts: bands are differences of quantiles, dots are the published figures."""

from __future__ import annotations

import json
from types import ModuleType
from typing import Any

import pytest

from eslabon.report import charts
from eslabon.report.data import PageData, pick, published
from eslabon.report.fans import LAST_PLACES, grid_height

AREA = "coca_area_observed_ha"


def stacked(option: dict[str, Any], name: str) -> list[list[Any]]:
    """Return the stacked series of one fan, base first."""
    return [series["data"] for series in option["series"] if series.get("stack", "").startswith(f"{name}:")]


def test_stacked_bands_reach_each_quantile(data: PageData) -> None:
    assert data.history is not None
    option = charts.fan(data.history.rows, AREA, info=data.info(AREA), name="Model")
    rows = pick(data.history.rows, AREA)
    layers = stacked(option, "Model")
    for at, row in enumerate(rows):
        sums = [sum(layer[at] for layer in layers[: count + 1]) for count in range(4)]
        assert sums == pytest.approx([row["p05"], row["p25"], row["p75"], row["p95"]], abs=1e-4)
    median = next(series for series in option["series"] if series["type"] == "line" and series["lineStyle"]["width"] > 0)
    assert median["data"] == pytest.approx([row["p50"] for row in rows], abs=1e-4)


def test_dots_are_the_published_figures_with_claims_and_ranges(data: PageData) -> None:
    assert data.history is not None
    option = charts.fan(data.history.rows, AREA, observations=data.observations)
    dots = next(series for series in option["series"] if series["type"] == "scatter")["data"]
    expected = published(data.observations, AREA)
    assert [dot["value"] for dot in dots] == [[str(item["year"]), item["value"]] for item in expected]
    assert "C0100;C0300" in dots[0]["tooltip"]["formatter"]
    bars = next(series for series in option["series"] if series["type"] == "lines")["data"]
    assert [bar["coords"][0][1] for bar in bars] == [item["low"] for item in expected if item["low"]]


def test_a_break_is_a_mark_with_words(data: PageData) -> None:
    assert data.history is not None
    option = charts.fan(data.history.rows, AREA, observations=data.observations, lang="es")
    marks = [mark for series in option["series"] if not series["data"] for mark in series["markLine"]["data"]]
    assert [(mark["xAxis"], mark["label"]["formatter"]) for mark in marks] == [
        ("2018", "nuevo método"),
        ("2022", "zonas redefinidas"),
    ]


def test_large_masses_are_drawn_in_tonnes(data: PageData) -> None:
    info = data.info("cocaine_kg")
    option = charts.fan(data.reference.rows, "cocaine_kg", info=info, name="M")
    assert option["yAxis"]["name"] == "t a year"
    first = pick(data.reference.rows, "cocaine_kg")[0]
    assert stacked(option, "M")[0][0] == pytest.approx(first["p05"] / 1000)


def test_compare_draws_both_fans_and_earlier_published_years(data: PageData) -> None:
    policy = data.policies[0]
    option = charts.fan_compare(("A", data.reference.rows), [("B", policy.rows)], AREA, observations=data.observations, first_year=2015)
    assert option["xAxis"]["data"][0] == "2015"
    assert option["xAxis"]["data"][-1] == "2030"
    assert len(stacked(option, "A")) == len(stacked(option, "B")) == 4
    assert stacked(option, "A")[0][0] == "-"
    assert [entry["name"] for entry in option["legend"]["data"]] == ["A", "B", "Published figure"]


def test_negative_values_stack_through_zero(sample: ModuleType) -> None:
    row = {**sample.row("x", "ALL", 2024, "ha", 1.0, 0.1), "p05": -3.0, "p25": -1.0, "p50": 0.0, "p75": 1.0, "p95": 2.0}
    option = charts.fan([row], "x", name="M")
    assert sum(layer[0] for layer in stacked(option, "M")) == 2.0
    assert all(s["stackStrategy"] == "all" for s in option["series"] if "stack" in s)
    assert option["yAxis"]["min"] <= -3.0


def test_small_multiples_show_the_largest_basins_and_never_add_medians(data: PageData, sample: ModuleType) -> None:
    option = charts.small_multiples(("A", data.reference.rows), [], AREA, data.basins)
    titles = [title["text"] for title in option["title"]]
    assert len(titles) == len(option["grid"]) == LAST_PLACES
    assert titles[0].startswith("VRAEM")
    assert titles[1] == "Inambari-Tambopata"
    last = [series for series in option["series"] if series["xAxisIndex"] == LAST_PLACES - 1]
    smallest = min(sample.BASINS, key=lambda basin: basin[4])
    values = next(series for series in last if series["name"] == smallest[1])["data"]
    assert values[0]["value"] == pytest.approx(smallest[4], rel=0.01)
    assert len(last) == len(sample.BASINS) - (LAST_PLACES - 1)


def test_panels_stay_inside_their_height(data: PageData) -> None:
    for columns in (2, 4):
        option = charts.small_multiples(("A", data.reference.rows), [], AREA, data.basins, columns=columns)
        height = grid_height(LAST_PLACES, columns)
        assert all(grid["top"] + grid["height"] < height for grid in option["grid"])


def test_options_are_plain_json_without_animation(data: PageData) -> None:
    option = charts.outcome_panels(("A", data.reference.rows), [("B", data.policies[0].rows)], data.outcomes[:3])
    assert json.loads(json.dumps(option)) == option
    assert option["animation"] is False
    assert option["aria"]["label"]["description"]
