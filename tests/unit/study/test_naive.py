"""Naive forecasts against hand calculation, another implementation, and every attempt to let them see the future."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eslabon.errors import InputError
from eslabon.study.like_for_like import AreaSeries, Link
from eslabon.study.naive import FLOOR, METHODS, SIZE, WIDEST, Known, forecast, one_step_errors, typical_change
from eslabon.study.smoothing import fit_smoothing, run_smoothing, smoothing_path, smoothing_spread

YEARS = tuple(range(2001, 2014))
AREAS = (46200.0, 46700.0, 44200.0, 50300.0, 48200.0, 51400.0, 53700.0, 56100.0, 59900.0, 61200.0, 62500.0, 60400.0, 49800.0)
ERADICATED = {year: 9000.0 + 700 * (year - 2001) for year in range(2001, 2031)}
KNOWN = Known("ALL", YEARS, AREAS, ERADICATED)


def medians(method: str, *years: int, known: Known = KNOWN) -> list[float]:
    found = forecast(known, years, method)
    assert found is not None
    return list(found.median_ha)


def test_medians_worked_by_hand() -> None:
    assert medians("last_value", 2014, 2020) == [49800, 49800]
    assert medians("drift", 2014, 2016) == pytest.approx([49800 + 300, 49800 + 900])
    assert medians("growth", 2014, 2025) == pytest.approx([49800 * (49800 / 46200) ** (1 / 12), 49800 * 49800 / 46200])
    assert medians("damped_0_5", 2014, 2015, 2016) == pytest.approx([44500, 41850, 40525])
    assert medians("damped_0_9", 2014, 2015) == pytest.approx([49800 - 9540, 49800 - 9540 - 8586])


def test_a_gap_is_shared_by_its_years() -> None:
    gapped = Known("vraem", (2004, 2005, 2009), (14000.0, 15000.0, 19000.0))
    assert medians("damped_0_5", 2010, known=gapped) == [19500]
    assert medians("drift", 2010, known=gapped) == [20000]
    assert typical_change([gapped]) == pytest.approx(math.sqrt((math.log(15 / 14) ** 2 + math.log(19 / 15) ** 2 / 4) / 2))


def test_regression_on_eradication_finds_the_line_it_was_made_from() -> None:
    counted = {2001: 9e3, 2002: 7e3, 2003: 12e3, 2004: 10e3, 2005: 15e3, 2006: 8e3, 2007: 11e3, 2008: 14e3, 2009: 40e3}
    logs = [math.log(50000.0)]
    for year in range(2002, 2008):
        logs.append(logs[-1] + 0.12 - 1e-5 * counted[year])
    known = Known("ALL", tuple(range(2001, 2008)), tuple(map(math.exp, logs)), counted)
    expected = math.exp(logs[-1] + 0.12 - 0.14)
    assert medians("eradication", 2008, 2009, known=known) == pytest.approx([expected, expected * math.exp(0.12 - 0.15)])
    assert forecast(replace(known, eradicated_ha={y: v for y, v in counted.items() if y < 2008}), [2008], "eradication") is None
    assert forecast(known.first(4), [2005], "eradication") is None


def test_band_is_that_of_the_errors_made_so_far() -> None:
    known = Known("x", (2001, 2002, 2003, 2004), (100.0, 120.0, 90.0, 130.0))
    changes = np.log([120 / 100, 90 / 120, 130 / 90])
    assert one_step_errors(known, METHODS["last_value"]) == pytest.approx(changes)
    found = forecast(known, [2005, 2008], "last_value", typical_sd=0.1)
    assert found is not None
    assert found.error_sd == pytest.approx(math.sqrt((changes @ changes + 2 * 0.1**2) / 5))
    logs = np.log(found.samples_ha)
    assert np.quantile(logs[:, 0], 0.95) - math.log(130) == pytest.approx(1.645 * found.error_sd, rel=5e-3)
    assert logs[:, 1].std() / logs[:, 0].std() == pytest.approx(2)


def test_bands_keep_their_floor_and_their_ceiling() -> None:
    still = forecast(Known("x", (2001, 2002, 2003), (100.0, 100.0, 100.0)), [2004], "last_value")
    wild = forecast(Known("x", (2001, 2002, 2003), (100.0, 400.0, 90.0)), [2030], "damped_0_9")
    assert still is not None
    assert wild is not None
    assert still.error_sd == FLOOR
    assert np.log(wild.samples_ha).std() <= WIDEST
    assert np.all(wild.samples_ha > 0)


@pytest.mark.parametrize("method", sorted(METHODS))
def test_every_method_widens_is_keyed_and_has_its_median_among_the_samples(method: str) -> None:
    made = [forecast(KNOWN, range(2014, 2020), method, seed=seed) for seed in (7, 7, 8)]
    first, again, other = (found for found in made if found is not None)
    assert first.samples_ha.shape == (SIZE, 6)
    assert np.array_equal(first.samples_ha, again.samples_ha)
    assert not np.array_equal(first.samples_ha, other.samples_ha)
    assert np.sort(first.samples_ha, axis=0) == pytest.approx(np.sort(other.samples_ha, axis=0))
    assert np.median(first.samples_ha, axis=0) == pytest.approx(first.median_ha)
    assert np.all(np.diff(np.log(first.samples_ha).std(axis=0)) >= -1e-12)


def test_paths_hang_together() -> None:
    found = forecast(KNOWN, range(2014, 2022), "last_value")
    assert found is not None
    logs = np.log(found.samples_ha)
    near, far = np.corrcoef(logs[:, 6], logs[:, 7])[0, 1], np.corrcoef(logs[:, 0], logs[:, 7])[0, 1]
    assert near == pytest.approx(math.sqrt(7 / 8), abs=0.06)
    assert far == pytest.approx(math.sqrt(1 / 8), abs=0.12)


@pytest.mark.parametrize("method", sorted(METHODS))
def test_scaling_all_areas_scales_the_forecast(method: str) -> None:
    twice = replace(KNOWN, area_ha=tuple(2 * area for area in AREAS))
    one, two = forecast(KNOWN, [2014, 2018], method), forecast(twice, [2014, 2018], method)
    assert one is not None
    assert two is not None
    assert two.median_ha == pytest.approx(2 * one.median_ha)
    assert two.error_sd == pytest.approx(one.error_sd)


SERIES = AreaSeries(
    "ALL", tuple(range(2001, 2021)), (*AREAS, 42900.0, 40300.0, 43900.0, 49900.0, 54134.0, 54655.0, 61777.0), links={2011: Link(61200.0, 64400.0)}
)


@settings(max_examples=60, deadline=None)
@given(
    cutoff=st.integers(2006, 2018),
    later=st.lists(st.floats(0.2, 5.0), min_size=20, max_size=20),
    counted=st.lists(st.floats(0.0, 60000.0), min_size=30, max_size=30),
    method=st.sampled_from(sorted(METHODS)),
)
def test_nothing_dated_after_the_information_changes_a_forecast(cutoff: int, later: list[float], counted: list[float], method: str) -> None:
    areas = tuple(area * factor if year > cutoff else area for year, area, factor in zip(SERIES.years, SERIES.area_ha, later, strict=True))
    links = {year: link if year <= cutoff else Link(link.before_ha, link.after_ha * later[0]) for year, link in SERIES.links.items()}
    changed = replace(SERIES, area_ha=areas, links=links)
    target = cutoff + 1
    eradicated = {year: counted[year - 2001] if year > target else area for year, area in ERADICATED.items()}
    one = forecast(SERIES.known(cutoff, ERADICATED, target), [target], method)
    two = forecast(changed.known(cutoff, eradicated, target), [target], method)
    assert one is not None
    assert two is not None
    assert np.array_equal(one.samples_ha, two.samples_ha)


def test_only_the_regression_reads_eradication() -> None:
    other = replace(KNOWN, eradicated_ha={**ERADICATED, 2014: 9500.0})
    for method in METHODS:
        same = medians(method, 2014) == medians(method, 2014, known=other)
        assert same is (method != "eradication"), method


def test_eradication_beyond_what_was_seen_counts_as_the_most_seen() -> None:
    most, more = (replace(KNOWN, eradicated_ha={**ERADICATED, 2014: counted}) for counted in (ERADICATED[2013], 50000.0))
    assert medians("eradication", 2014, known=more) == medians("eradication", 2014, known=most)


def test_a_forecast_of_the_past_is_refused() -> None:
    with pytest.raises(InputError, match="after the last known"):
        forecast(KNOWN, [2013], "drift")


def test_smoothing_recursion_is_that_of_another_library() -> None:
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    values = KNOWN.logs
    for a, g, f in ((0.6, 0.3, 0.9), (0.9, 0.5, 0.8), (0.2, 0.1, 0.98)):
        given_start = {"initialization_method": "known", "initial_level": values[0], "initial_trend": 0.0}
        other = ETSModel(values, error="add", trend="add", damped_trend=True, **given_start).smooth([a, g, f])
        squares, level, trend = run_smoothing(values, np.array([[a], [g], [f]]))
        assert squares[0] == pytest.approx(float(np.sum(np.asarray(other.resid) ** 2)))
        assert level[0] == pytest.approx(float(np.asarray(other.level)[-1]))
        path = level[0] + trend[0] * np.cumsum(f ** np.arange(1, 6))
        assert path == pytest.approx(np.asarray(other.forecast(5)))


def test_smoothing_chooses_by_what_there_is() -> None:
    short = fit_smoothing((2001, 2002, 2003), np.log([100.0, 120.0, 150.0]))
    assert (short.level_weight, short.trend) == (1.0, 0.0)
    trending = np.cumsum([0.0, *(0.1 * 0.98**k for k in range(20))])
    found = fit_smoothing(range(2001, 2022), trending)
    assert found.trend > 0.03
    assert smoothing_path(found, 1)[0] == pytest.approx(trending[-1] + 0.1 * 0.98**20, abs=0.01)
    rng = np.random.default_rng(4)
    flat = fit_smoothing(range(2001, 2031), 10 + 0.1 * rng.normal(size=30))
    assert flat.level_weight <= 0.4


def test_smoothing_spread_of_a_random_walk_and_of_a_damped_trend() -> None:
    walk = fit_smoothing((2001, 2002, 2003), np.array([1.0, 2.0, 3.0]))
    assert smoothing_spread(walk, 4) == pytest.approx(np.sqrt([1, 2, 3, 4]))
    damped = replace(walk, level_weight=1.0, trend_weight=1.0, damping=0.5)
    assert smoothing_spread(damped, 3) == pytest.approx(np.sqrt([1, 1 + 1.5**2, 1 + 1.5**2 + 1.75**2]))
