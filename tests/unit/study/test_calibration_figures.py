"""What is compared: figures up to the cut-off, their errors, and what may be known."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from eslabon import api
from eslabon.errors import InputError
from eslabon.evidence.known import known_by, pack_as_known
from eslabon.params.known import later_claims, table_as_known, wide
from eslabon.stages.observe import Yearly
from eslabon.study.calibration.fit import setting_at
from eslabon.study.calibration.observed import covariance, data_until, logs, modelled, noise


@pytest.fixture(scope="module")
def region() -> api.Region:
    return api.load_region()


def test_no_figure_after_the_cut_off(region: api.Region) -> None:
    assert max(d.year for d in data_until(region.pack, 2010)) == 2010
    later = [d for d in data_until(region.pack, 2013) if d not in data_until(region.pack, 2010)]
    assert {d.year for d in later} <= {2011, 2012, 2013}


def test_a_claim_after_the_cut_off_cannot_be_read(region: api.Region) -> None:
    known = pack_as_known(region.pack, 2013)
    late = next(name for name, day in region.pack.ledger.published.items() if day > known_by(2013))
    with pytest.raises(InputError, match=late):
        known.ledger.claims[late]


def test_calibration_sees_only_claims_known_at_its_cut_off(region: api.Region) -> None:
    setting = setting_at(region.pack, region.parameters, 2013)
    published = region.pack.ledger.published
    cited = {c for d in setting.data for c in d.claims} | {c for p in setting.table.values() for c in p.claims}
    assert cited
    assert max(published[c] for c in cited) <= known_by(2013)
    assert all(year <= 2013 for s in setting.pack.series.values() for year in s.years)
    assert all(row.year <= 2013 for row in setting.pack.eradication)


def test_later_areas_are_not_numbers(region: api.Region) -> None:
    zone = pack_as_known(region.pack, 2013).zones[0]
    assert np.isnan([zone.area_2015_ha, zone.area_2024_ha]).all()
    assert zone.area_2001_ha == region.pack.zones[0].area_2001_ha


def test_a_series_value_published_later_is_the_last_known(region: api.Region) -> None:
    raids = region.pack.series["site_raids"]
    known = pack_as_known(region.pack, 2013).series["site_raids"]
    assert raids.known_since[raids.years.index(2013)] > 2014
    assert known.at_year(2013) == raids.at_year(2012)


def test_priors_that_rest_on_later_claims_become_wide(region: api.Region) -> None:
    day, published = known_by(2013), region.pack.ledger.published
    table = table_as_known(region.parameters, published, day)
    for name, before in region.parameters.items():
        after = table[name]
        if later_claims(before, published, day):
            assert after.claims == ()
            assert after.low <= before.low and after.high >= before.high and after.high - after.low > 0
        else:
            assert after == before
    share = wide(dataclasses.replace(region.parameters["replant_share"], claims=("C0537",)))
    assert (share.low, share.high) == (0.25, 1.0)


def test_errors_of_one_series_hang_together_and_end_at_a_break(region: api.Region) -> None:
    data = data_until(region.pack, 2013)
    spread = covariance(data)
    position = {(d.quantity, d.basin, d.year): i for i, d in enumerate(data)}
    near, far = (position["coca_area_ha", "ALL", year] for year in (2009, 2001))
    last = position["coca_area_ha", "ALL", 2008]
    assert spread[last, near] > spread[last, far] > 0
    assert spread[last, position["leaf_kg", "ALL", 2009]] == 0
    assert np.linalg.eigvalsh(spread).min() > 0


def test_noise_has_the_stated_covariance(region: api.Region) -> None:
    data = data_until(region.pack, 2004)
    drawn = noise(data, 0, range(4000))
    assert np.cov(drawn.T) == pytest.approx(covariance(data), abs=0.012)
    assert (noise(data, 0, [17]) == drawn[17]).all()


def test_modelled_nation_is_the_sum_of_watched_zones(region: api.Region) -> None:
    data = [d for d in data_until(region.pack, 2013) if (d.quantity, d.basin) == ("coca_area_ha", "ALL")]
    years = tuple(range(2001, 2014))
    rows = [Yearly("coca_area_ha", "ha", z.id, None, years, np.full((2, 13), 100.0)) for z in region.pack.zones]
    watched = sum(z.monitored_since <= 2013 for z in region.pack.zones)
    assert 0 < watched < len(region.pack.zones)
    assert modelled(rows, data, region.pack, 20.0) == pytest.approx(np.log(np.full((2, len(data)), 100.0 * watched * 20)))
    assert logs(data)[0] == pytest.approx(np.log(46_200))


def test_hectares_published_later_are_the_last_known_in_their_shares(region: api.Region) -> None:
    """2006 was worked out from a figure of 2009: at a cut-off of 2006 the 12,232 ha of 2005 stand for it."""
    rows = {(r.year, r.place): r.area_ha for r in pack_as_known(region.pack, 2006).eradication}
    assert rows[2006, "Peru"] == rows[2005, "Peru"] == 12_232
    assert rows[2006, "huallaga"] / rows[2006, "Peru"] == pytest.approx(0.7071, abs=1e-4)
    assert {(r.year, r.place): r.area_ha for r in pack_as_known(region.pack, 2013).eradication}[2006, "Peru"] == 11_536
