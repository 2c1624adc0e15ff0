"""Assimilation, forecasts without a look ahead, attribution, and the posteriors that are shipped."""

from __future__ import annotations

import dataclasses
import json
from datetime import date

import numpy as np
import pytest

from eslabon import api
from eslabon.evidence.known import known_by
from eslabon.params.table import DrawnTable, draw_ensemble
from eslabon.study.assimilate import Filter
from eslabon.study.calibration.observed import Datum, Errors, data_until
from eslabon.study.counterfactual import Instead, attribute, with_eradication
from eslabon.study.hindcast import Roll, roll

MEMBERS, LAST, DIVISOR = 20, 2005, 400.0


@pytest.fixture(scope="module")
def region() -> api.Region:
    return api.load_region()


@pytest.fixture(scope="module")
def order(region: api.Region) -> Roll:
    drawn = {name: values[:, 0] for name, values in draw_ensemble(region.parameters, 1, range(MEMBERS))[0].items()}
    data = tuple(d for d in data_until(region.pack, LAST) if d.quantity == "coca_area_ha")
    return Roll(region.pack, DrawnTable(region.parameters, drawn), data, LAST, LAST, 0, MEMBERS, DIVISOR)


def test_the_update_is_kalmans(region: api.Region) -> None:
    """One zone observed with the ensemble's own variance: the mean moves half-way and the variance is halved."""
    members, zone = 4000, region.pack.zones[0]
    ensemble = Filter(region.pack, 0, range(members))
    count = len(region.pack.zones)
    luck = np.random.default_rng(0)
    state = np.zeros((members, 2 * count + 1))
    state[:, 0] = np.log(1000) + 0.2 * luck.standard_normal(members)
    datum = Datum("coca_area_ha", zone.id, 2004, 1500.0, 0, Errors(0.2, 0.0, 0.0), ())
    moved = ensemble._update(state, 2004, [datum])
    assert moved[:, 0].mean() == pytest.approx((np.log(1000) + np.log(1500)) / 2, abs=0.02)
    assert moved[:, 0].std() == pytest.approx(0.2 / np.sqrt(2), rel=0.05)
    assert ensemble._update(state, 2003, [datum]) is state, "another year's figure moves nothing"


def test_figures_draw_the_ensemble_to_them(order: Roll) -> None:
    seen, unseen = roll(order), roll(dataclasses.replace(order, use_until=2001))
    (nation,) = (d for d in order.data if (d.basin, d.year) == ("ALL", LAST))

    def miss(ensemble: Filter) -> float:
        """Return how far the members lie from the figure on average."""
        return float(np.mean(np.abs(ensemble.see(ensemble.analysis[LAST], nation) - np.log(nation.value))))

    assert miss(seen) < miss(unseen)


def test_no_forecast_sees_its_year_or_later(order: Roll) -> None:
    """What is published of 2004 and 2005 may be anything: the forecasts of 2003 and 2004 stay as they are."""
    other = tuple(dataclasses.replace(d, value=2 * d.value) if d.year >= 2004 else d for d in order.data)
    one, two = roll(order), roll(dataclasses.replace(order, data=other))
    for year in (2002, 2003, 2004):
        assert (one.forecast[year] == two.forecast[year]).all()
    assert not np.allclose(one.forecast[2005], two.forecast[2005])


def test_what_happened_instead_of_itself_changes_nothing(order: Roll) -> None:
    hectares = {r.year: r.area_ha for r in order.pack.eradication if r.scope == "national"}
    effect = attribute(order, Instead(2004, 2004, hectares[2004]))
    assert effect.change_ha == pytest.approx(np.zeros_like(effect.change_ha), abs=1e-6)


def test_less_eradication_leaves_more_coca(order: Roll) -> None:
    effect = attribute(order, Instead(2003, 2004, 0.0))
    assert effect.years == (2003, 2004, 2005)
    assert (np.median(effect.change_ha, axis=0)[:2] < 0).all()
    assert effect.eradicated_ha == 11_312 + 10_257
    row = effect.rows()[1]
    assert row["per_eradicated_ha"] == pytest.approx(row["p50"] / 21_569)


def test_shares_of_places_are_kept(region: api.Region) -> None:
    before = {(r.year, r.place): r.area_ha for r in region.pack.eradication}
    after = {(r.year, r.place): r.area_ha for r in with_eradication(region.pack, Instead(2013, 2014, 10_000)).eradication}
    assert after[2013, "Peru"] == 10_000
    assert after[2013, "huallaga"] / after[2013, "Peru"] == pytest.approx(before[2013, "huallaga"] / before[2013, "Peru"])
    assert after[2012, "Peru"] == before[2012, "Peru"]


@pytest.mark.parametrize("until", api.load_region().cutoffs())
def test_a_shipped_posterior_fits_its_table_and_knows_nothing_later(region: api.Region, until: int) -> None:
    table = region.calibrated(until).parameters
    assert isinstance(table, DrawnTable)
    assert set(table.drawn) == set(region.parameters)
    path = region.pack.root / api.POSTERIORS / f"until-{until}.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    for name, prior in document["priors"].items():
        values = table.drawn[name]
        assert prior["low"] - 1e-9 <= values.min() and values.max() <= prior["high"] + 1e-9
    days = [region.pack.ledger.published[claim] for figure in document["figures"] for claim in figure["claims"]]
    assert max(days, default=date.min) <= known_by(until)
    assert max(figure["year"] for figure in document["figures"]) <= until
    assert document["effective_sample_size"] > 30
