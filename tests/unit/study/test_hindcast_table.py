"""The document of a hindcast: every score can be re-added from the samples, and nothing unscored slips in."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest

from eslabon.errors import InputError
from eslabon.study.hindcast_table import Trial, hindcast_document, naive_trial
from eslabon.study.like_for_like import JOINT, AreaSeries
from eslabon.study.naive import METHODS, SIZE
from eslabon.study.scores import crps

YEARS = tuple(range(2008, 2020))
NATION = (60.0, 61.0, 63.0, 62.0, 60.0, 50.0, 43.0, 40.0, 44.0, 50.0, 54.0, 55.0)
ZONE = (20.0, 21.0, 20.0, 22.0, 20.0, 19.0, 19.5, 18.0, 20.0, 22.0, 24.0, 26.0)
OTHER = (5.0, 6.0, 5.5, 5.0, 7.0, 6.0, 6.5, 8.0, 9.0, 8.0, 10.0, 12.0)
ERADICATED = {year: 10.0 + (year - 2008) % 4 for year in range(2008, 2025)}
SERIES = [
    AreaSeries("ALL", YEARS, NATION, claims={2014: ("C1", "C2")}),
    AreaSeries(JOINT, YEARS, tuple(map(sum, zip(ZONE, OTHER, strict=True)))),
    AreaSeries("vraem", YEARS, ZONE),
    AreaSeries("la-convencion-lares", YEARS, OTHER),
    AreaSeries("late", (2015, 2016, 2017, 2018, 2019), (1.0, 2.0, 3.0, 4.0, 5.0)),
]


def with_model(trial: Trial, miss: float = 0.0) -> Trial:
    """Add a model that is right but for `miss`, with a spread of 5 %."""
    spread = np.linspace(0.9, 1.1, 201)
    return trial.with_forecasts({"eslabon": {(f.place, f.year): (f.area_ha + miss) * spread for f in trial.published}})


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    made = [with_model(naive_trial(SERIES, kind, (2013, 2019), ERADICATED), 1.0) for kind in ("one_step", "free")]
    return hindcast_document(made)


def model_of(rows: list[dict[str, Any]], name: str) -> dict[str, Any]:
    return next(row for row in rows if row["model"] == name)


def test_it_is_json_without_nan(document: dict[str, Any]) -> None:
    assert json.loads(json.dumps(document, allow_nan=False)) == document
    assert document["naive"] == list(METHODS)
    assert document["models"] == ["eslabon"]


def test_places_years_and_claims(document: dict[str, Any]) -> None:
    trial = document["trials"][0]
    assert [place["place"] for place in trial["places"]] == ["ALL", JOINT, "vraem", "la-convencion-lares"]
    assert trial["years"] == list(range(2014, 2020))
    first = trial["places"][0]["published"][0]
    assert [figure["area_ha"] for figure in trial["places"][0]["before"]] == list(NATION[:6])
    assert first == {"year": 2014, "area_ha": 43.0, "previous_ha": 50.0, "claims": ["C1", "C2"], "low_ha": None, "high_ha": None}


def test_naive_scores_can_be_worked_out_from_the_published_figures(document: dict[str, Any]) -> None:
    one, free = (model_of(trial["places"][0]["models"], "last_value")["scores"] for trial in document["trials"])
    truth, before = np.array(NATION[6:]), np.array(NATION[5:-1])
    assert one["rmse"] == pytest.approx(math.sqrt(np.mean((before - truth) ** 2)))
    assert one["mean_error"] == pytest.approx(np.mean(before - truth))
    assert free["rmse"] == pytest.approx(math.sqrt(np.mean((50.0 - truth) ** 2)))
    damped = model_of(document["trials"][0]["places"][0]["models"], "damped_0_5")["scores"]
    expected = before + 0.5 * (before - np.array(NATION[4:-2]))
    assert damped["rmse"] == pytest.approx(math.sqrt(np.mean((expected - truth) ** 2)))


def test_signs_of_a_free_run_are_those_of_its_own_path(document: dict[str, Any]) -> None:
    """The nation falls in two of six years; mean growth from 60 to 50 falls in all."""
    rows = document["trials"][1]["places"][0]["models"]
    assert model_of(rows, "last_value")["scores"]["sign_calls"] == 0
    growth = model_of(rows, "growth")["scores"]
    assert (growth["sign_hits"], growth["sign_calls"]) == (2, 6)


def test_a_models_scores_come_from_its_samples(document: dict[str, Any]) -> None:
    found = model_of(document["trials"][0]["places"][0]["models"], "eslabon")
    spread = np.linspace(0.9, 1.1, 201)
    assert found["scores"]["rmse"] == pytest.approx(1.0)
    assert found["scores"]["crps"] == pytest.approx(np.mean([crps(area, (area + 1) * spread) for area in NATION[6:]]))
    assert found["scores"]["covered_90"] == 6
    assert [(row["year"], row["n"]) for row in found["years"]] == [(year, 201) for year in range(2014, 2020)]
    assert found["years"][0]["p05"] == pytest.approx(44 * 0.91)
    naive = model_of(document["trials"][0]["places"][0]["models"], "drift")
    assert naive["years"][0]["n"] == SIZE
    assert "against" not in naive


def test_a_good_model_beats_last_value_and_says_so_by_year(document: dict[str, Any]) -> None:
    against = model_of(document["trials"][0]["places"][0]["models"], "eslabon")["against"]["last_value"]
    losses = np.array([1.0] * 6) - (np.array(NATION[5:-1]) - np.array(NATION[6:])) ** 2
    assert against["difference_squared"]["mean"] == pytest.approx(losses.mean())
    assert against["difference_squared"]["n"] == against["years"] == 6
    last = math.sqrt(np.mean((np.array(NATION[5:-1]) - np.array(NATION[6:])) ** 2))
    assert against["skill_rmse"]["value"] == pytest.approx(1 - 1 / last)
    free = model_of(document["trials"][1]["places"][0]["models"], "eslabon")["against"]["last_value"]
    assert free["difference_squared"] is None
    assert free["skill_rmse"]["value"] > 0


def test_zone_years_count_each_zone_once_and_no_sum(document: dict[str, Any]) -> None:
    pooled = document["trials"][0]["zone_years"]
    assert pooled["zones"] == ["vraem", "la-convencion-lares"]
    found = model_of(pooled["models"], "eslabon")
    assert found["scores"]["n"] == 12
    against = found["against"]["last_value"]
    assert (against["n"], against["years"]) == (12, 6)
    zones = [np.array(zone[5:]) for zone in (ZONE, OTHER)]
    yearly = np.mean([(zone[:-1] - zone[1:]) ** 2 for zone in zones], axis=0)
    assert against["difference_squared"]["mean"] == pytest.approx(np.mean(1 - yearly))


def test_scores_of_a_year(document: dict[str, Any]) -> None:
    row = next(row for row in document["trials"][0]["by_year"] if row["year"] == 2016)
    assert row["nation"]["last_value"]["mean_error"] == pytest.approx(40 - 44)
    assert row["zones"]["eslabon"]["n"] == 2


def test_fewer_forecasts_are_compared_where_both_are() -> None:
    trial = naive_trial(SERIES[:1], "one_step", (2013, 2019), ERADICATED)
    some = {("ALL", year): np.array([40.0, 45.0, 50.0]) for year in (2015, 2016, 2018)}
    found = model_of(hindcast_document([trial.with_forecasts({"part": some})])["trials"][0]["places"][0]["models"], "part")
    assert found["scores"]["n"] == 3
    assert found["against"]["drift"]["n"] == 3


def test_a_zone_forecast_does_not_hang_on_other_places_later_values() -> None:
    later = AreaSeries("la-convencion-lares", YEARS, (*OTHER[:6], *(area * 3 for area in OTHER[6:])))
    one = naive_trial(SERIES, "free", (2013, 2019), ERADICATED).forecasts["last_value"]["vraem", 2016]
    two = naive_trial([*SERIES[:3], later], "free", (2013, 2019), ERADICATED).forecasts["last_value"]["vraem", 2016]
    assert np.array_equal(one, two)


@pytest.mark.parametrize(
    ("cells", "rule"),
    [
        ({("ALL", 2030): np.ones(3)}, "no published figure"),
        ({("nowhere", 2014): np.ones(3)}, "no published figure"),
        ({("ALL", 2014): np.array([1.0, np.nan])}, "finite"),
        ({("ALL", 2014): np.ones(1)}, "at least two"),
        ({("ALL", 2014): np.ones((2, 2))}, "a row of"),
    ],
)
def test_forecasts_that_cannot_be_scored_are_refused(cells: dict[tuple[str, int], Any], rule: str) -> None:
    trial = naive_trial(SERIES[:1], "one_step", (2013, 2019), ERADICATED)
    with pytest.raises(InputError, match=rule):
        hindcast_document([trial.with_forecasts({"bad": cells})])
