"""Scores against closed forms, worked examples and numbers counted by hand."""

from __future__ import annotations

import itertools
import math
from statistics import NormalDist, mean

import numpy as np
import pytest
from scipy import integrate, stats

from eslabon.study import scores
from eslabon.study.scores import BLOCK_YEARS, Change, case, crps, diebold_mariano, inside, score, skill


def normal_crps(observed: float, centre: float, sd: float) -> float:
    """Return the closed form of Gneiting et al. (2005)."""
    z, law = (observed - centre) / sd, NormalDist()
    return sd * (z * (2 * law.cdf(z) - 1) + 2 * law.pdf(z) - 1 / math.sqrt(math.pi))


@pytest.mark.parametrize("observed", [52.0, 60.0, 43.5])
def test_crps_of_a_normal_is_its_closed_form(observed: float) -> None:
    samples = np.array([NormalDist(50, 4).inv_cdf((i + 0.5) / 4000) for i in range(4000)])
    assert crps(observed, samples) == pytest.approx(normal_crps(observed, 50, 4), rel=2e-3)


def test_crps_is_the_integral_of_squared_distance_between_distributions_but_for_the_small_sample_term() -> None:
    samples, observed = np.array([1.0, 3.0, 7.0]), 4.0
    plain, _ = integrate.quad(lambda x: ((samples <= x).mean() - (observed <= x)) ** 2, 0, 8, points=[1, 3, 4, 7])
    pairs = np.abs(samples[:, None] - samples).sum()
    assert crps(observed, samples) == pytest.approx(plain + pairs / 2 * (1 / 9 - 1 / 6))


def test_crps_is_that_of_another_library() -> None:
    import scoringrules

    samples = np.random.default_rng(2).gamma(3, size=40)
    for observed in (0.5, 3.0, 11.0):
        assert crps(observed, samples) == pytest.approx(float(scoringrules.crps_ensemble(observed, samples, estimator="fair", backend="numpy")))


def test_crps_does_not_favour_large_ensembles() -> None:
    rng = np.random.default_rng(3)
    small = mean(crps(0.7, rng.normal(size=5)) for _ in range(4000))
    assert small == pytest.approx(normal_crps(0.7, 0, 1), abs=0.02)


def test_coverage_on_known_quantiles() -> None:
    samples = np.arange(101.0)
    assert [inside(value, samples, 0.9) for value in (4.9, 5.0, 95.0, 95.1)] == [False, True, True, False]
    assert [inside(value, samples, 0.5) for value in (24.9, 25.0, 75.0, 75.1)] == [False, True, True, False]


def test_scores_counted_by_hand() -> None:
    found = score(
        [
            case("ALL", 2014, 44.0, np.array([38.0, 40.0, 42.0]), change=Change(50.0, 50.0)),
            case("ALL", 2015, 41.0, np.array([45.0, 47.0, 49.0]), change=Change(44.0, 44.0)),
            case("ALL", 2016, 45.0, np.array([40.0, 41.0, 42.0]), change=Change(41.0, 41.0)),
        ]
    )
    assert found.n == 3
    assert found.rmse == pytest.approx(math.sqrt((16 + 36 + 16) / 3))
    assert found.mean_error == pytest.approx((-4 + 6 - 4) / 3)
    assert found.mean_absolute_error == pytest.approx(14 / 3)
    assert (found.sign_hits, found.sign_calls) == (1, 2)
    assert found.covered == {0.5: 0, 0.9: 0}


def test_a_forecast_of_no_change_calls_no_sign() -> None:
    same = case("ALL", 2014, 44.0, np.array([49.0, 50.0, 51.0]), change=Change(50.0, 50.0))
    assert (same.sign_called, same.sign_hit) == (False, False)
    assert not case("ALL", 2014, 44.0, np.array([49.0, 50.0, 51.0])).sign_called


def test_a_free_run_is_asked_for_its_own_change() -> None:
    falling = case("ALL", 2015, 41.0, np.array([59.0, 60.0, 61.0]), change=Change(observed_from=44.0, forecast_from=62.0))
    assert (falling.sign_called, falling.sign_hit) == (True, True)


LOSSES, REFERENCE = [4.0, 1.0, 6.0, 3.0, 2.0, 5.0], [6.0, 4.0, 7.0, 3.0, 6.0, 7.0]
"""Differences -2, -3, -1, 0, -4, -2: mean -2, sum of squares around it 10."""


def test_diebold_mariano_worked_by_hand() -> None:
    found = diebold_mariano(LOSSES, REFERENCE)
    assert found is not None
    variance = 10 / 6
    plain = -2 / math.sqrt(variance / 6)
    assert found.statistic == pytest.approx(plain * math.sqrt(5 / 6)) == pytest.approx(-3.4641016)
    assert found.p == pytest.approx(2 * stats.t.cdf(-3.4641016, 5))
    half = 2.0150484 * math.sqrt(variance / 6) / math.sqrt(5 / 6)
    assert (found.low, found.high) == pytest.approx((-2 - half, -2 + half), rel=1e-6)


def test_diebold_mariano_two_steps_ahead_worked_by_hand() -> None:
    found = diebold_mariano(LOSSES, REFERENCE, horizon=2)
    assert found is not None
    centred = [0.0, -1.0, 1.0, 2.0, -2.0, 0.0]
    first = sum(a * b for a, b in itertools.pairwise(centred)) / 6
    assert first == -0.5
    correction = (6 + 1 - 4 + 2 / 6) / 6
    assert found.statistic == pytest.approx(-2 / math.sqrt((10 / 6 - 1) / 6) * math.sqrt(correction))


def test_one_step_diebold_mariano_is_the_paired_t_test() -> None:
    rng = np.random.default_rng(11)
    a, b = rng.gamma(2, size=14), rng.gamma(2.5, size=14)
    found, known = diebold_mariano(list(a), list(b)), stats.ttest_rel(a, b)
    assert found is not None
    interval = known.confidence_interval(0.9)
    assert (found.statistic, found.p, found.low, found.high) == pytest.approx((known.statistic, known.pvalue, interval.low, interval.high))


@pytest.mark.parametrize(("a", "b"), [([1.0, 2.0], [2.0, 1.0]), ([1.0, 2.0, 3.0], [2.0, 3.0, 4.0]), ([], [])])
def test_nothing_is_said_of_too_few_or_equal_differences(a: list[float], b: list[float]) -> None:
    assert diebold_mariano(a, b) is None


def test_a_negative_variance_falls_back_on_positive_weights() -> None:
    swings = [3.0, -3.0, 3.0, -3.0, 3.0, -3.0, 3.0, -3.5]
    found = diebold_mariano(swings, [0.0] * 8, horizon=2)
    assert found is not None
    assert found.high > found.mean > found.low


def by_year(losses: list[float]) -> dict[int, list[float]]:
    return {2014 + at: [loss] for at, loss in enumerate(losses)}


def test_skill_is_one_minus_the_ratio_of_the_scores() -> None:
    found = skill(by_year(LOSSES), by_year(REFERENCE))
    rooted = skill(by_year(LOSSES), by_year(REFERENCE), root=True)
    assert found is not None
    assert rooted is not None
    assert found.value == pytest.approx(1 - 21 / 33)
    assert rooted.value == pytest.approx(1 - math.sqrt(21 / 33))
    assert found.low < found.value < found.high < 1


def test_skill_of_a_fixed_ratio_has_no_width_and_of_itself_is_zero() -> None:
    half = skill(by_year([x / 2 for x in REFERENCE]), by_year(REFERENCE))
    same = skill(by_year(REFERENCE), by_year(REFERENCE))
    assert half is not None
    assert same is not None
    assert (half.low, half.value, half.high) == pytest.approx((0.5, 0.5, 0.5))
    assert (same.low, same.value, same.high) == pytest.approx((0, 0, 0))


def test_years_with_more_places_weigh_more() -> None:
    found = skill({1: [1.0, 1.0, 1.0], 2: [0.0], 3: [0.0]}, {1: [2.0, 2.0, 2.0], 2: [4.0], 3: [4.0]})
    assert found is not None
    assert found.value == pytest.approx(1 - 3 / 14)


def test_the_interval_of_skill_holds_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    hits = 0
    for _ in range(200):
        a, b = rng.exponential(1.0, 40), rng.exponential(2.0, 40)
        found = skill(by_year(list(a)), by_year(list(b)))
        assert found is not None
        hits += found.low <= 0.5 <= found.high
    assert 160 <= hits <= 196


def test_blocks_are_neighbouring_years_and_keyed() -> None:
    drawn = scores._blocks(11, 0)
    assert drawn.shape == (scores.RESAMPLES, 11)
    pairs = drawn[:, : 11 - 11 % BLOCK_YEARS].reshape(-1, BLOCK_YEARS)
    assert np.all((pairs[:, 0] + 1) % 11 == pairs[:, 1])
    assert np.array_equal(drawn, scores._blocks(11, 0))
    assert not np.array_equal(drawn, scores._blocks(11, 1))


def test_too_few_years_have_no_skill() -> None:
    assert skill(by_year([1.0, 2.0]), by_year([2.0, 3.0])) is None
    assert skill(by_year([1.0, 2.0, 3.0]), by_year([0.0, 0.0, 0.0])) is None
