"""Differences and the price ladder: percent of the reference, intervals in order, a log axis that holds them."""

from __future__ import annotations

from types import ModuleType

import pytest

from eslabon.report import charts
from eslabon.report.data import PageData, headline, of_scenario
from eslabon.report.intervals import round_above, round_below


def test_difference_is_percent_of_the_reference_median(data: PageData) -> None:
    changed = of_scenario(data.differences, "eradicate-30k")
    infos = [info for info in data.outcomes if info.name == "coca_area_ha"]
    option = charts.difference(changed, data.reference.rows, infos, 2030)
    row = headline(changed, "coca_area_ha", "stock", 2030)
    base = headline(data.reference.rows, "coca_area_ha", "stock", 2030)
    assert row is not None
    assert base is not None
    dot = next(series for series in option["series"] if series["type"] == "scatter")["data"][0]
    assert dot["value"][0] == pytest.approx(100 * row["p50"] / base["p50"])
    thin = next(series for series in option["series"] if series["type"] == "lines")["data"][0]["coords"]
    assert [end[0] for end in thin] == pytest.approx([100 * row[q] / base["p50"] for q in ("p05", "p95")])


def test_harms_stand_beside_supply(data: PageData) -> None:
    changed = of_scenario(data.differences, "eradicate-30k")
    option = charts.difference(changed, data.reference.rows, data.outcomes, 2030)
    groups = [entry["name"] for entry in option["legend"]["data"]]
    assert groups == ["Supply", "Prices", "Livelihoods", "Harms", "State, corruption and the armed group"]


def test_a_reference_of_zero_has_no_percentage(sample: ModuleType, data: PageData) -> None:
    info = data.info("eradicated_ha")
    assert info is not None
    base = {
        **sample.row("eradicated_ha", "ALL", 2030, "ha", 1.0, 0.1),
        **dict.fromkeys(("p05", "p25", "p50", "p75", "p95"), 0.0),
    }
    change = sample.row("eradicated_ha", "ALL", 2030, "ha", 30_000.0, 0.1)
    assert charts.difference([change], [base], [info], 2030)["series"] == []


def test_a_very_large_effect_stops_at_the_edge_but_is_printed(sample: ModuleType, data: PageData) -> None:
    info = data.info("eradicated_ha")
    assert info is not None
    base = sample.row("eradicated_ha", "ALL", 2030, "ha", 100.0, 0.1)
    change = sample.row("eradicated_ha", "ALL", 2030, "ha", 900.0, 0.1)
    option = charts.difference([change], [base], [info], 2030)
    edge = option["xAxis"]["max"]
    assert all(abs(series["data"][0]["value"][0]) <= edge for series in option["series"] if series["type"] == "scatter")
    assert option["yAxis"][1]["data"][0].startswith("+900")


def test_ladder_climbs_from_field_to_border(data: PageData) -> None:
    option = charts.price_ladder([("A", data.reference.rows)], 2030, data.corridors)
    names = option["yAxis"][0]["data"]
    assert names[0] == "Leaf for one kg of cocaine"
    assert names[-1] == "At the border: Bolivia"
    dots = next(series for series in option["series"] if series["type"] == "scatter")["data"]
    medians = [dot["value"][0] for dot in dots]
    assert medians[:3] == sorted(medians[:3])
    assert min(medians[3:]) > medians[2]
    axis = option["xAxis"]
    assert axis["type"] == "log"
    ends = [end[0] for series in option["series"] if series["type"] == "lines" for line in series["data"] for end in line["coords"]]
    assert axis["min"] <= min(ends)
    assert max(ends) <= axis["max"]


def test_ladder_puts_two_scenarios_line_under_line(data: PageData) -> None:
    option = charts.price_ladder([("A", data.reference.rows), ("B", data.policies[0].rows)], 2030, data.corridors)
    assert len(option["yAxis"][0]["data"]) == 2 * (3 + len(data.corridors))
    assert option["yAxis"][0]["data"][1] == ""


@pytest.mark.parametrize(("value", "below", "above"), [(554, 500, 1000), (1000, 1000, 1000), (4350, 2000, 5000), (0.3, 0.2, 0.5)])
def test_round_ends(value: float, below: float, above: float) -> None:
    assert round_below(value) == pytest.approx(below)
    assert round_above(value) == pytest.approx(above)
