"""How good forecasts were: distance of the distribution, of the median, coverage, sign; and whether one beats another.

Smaller is better for every loss. All losses are in hectares where forecasts are.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eslabon.draws import stream_key, uniforms

Array = NDArray[np.float64]

LEVELS = (0.5, 0.9)
"""Central intervals whose coverage is counted."""
BLOCK_YEARS, RESAMPLES = 2, 2000
"""Length of the blocks of years that are drawn together, and how many times; both assumed."""
SAME = 1e-6
"""A forecast change below this share of the year before has no sign."""


def crps(observed: float, samples: Array) -> float:
    """Return the continuous ranked probability score of an ensemble, without the bias of a small one.

    Parameters
    ----------
    observed : float
    samples : (n,) float64, n >= 2

    Equation
    --------
    mean |x - y| - (1/2) sum over i, j of |x_i - x_j| / (n (n - 1)), the "fair" score; the double sum by order statistics.

    Source
    ------
    Ferro (2014); Zamo and Naveau (2018). The tests compare with scoringrules, whose import alone compiles for seconds.
    """
    ordered = np.sort(np.asarray(samples, float))
    n = ordered.size
    spread = float(ordered @ (2 * np.arange(n) - (n - 1))) / (n * (n - 1))
    return float(np.mean(np.abs(ordered - observed))) - spread


def inside(observed: float, samples: Array, level: float) -> bool:
    """Return whether a figure lies in the central interval of that level; the ends count as inside."""
    low, high = np.quantile(samples, [(1 - level) / 2, (1 + level) / 2])
    return bool(low <= observed <= high)


@dataclass(frozen=True)
class Case:
    """One forecast beside what was published: the group and year it belongs to, its losses and whether its bands held."""

    place: str
    year: int
    observed: float
    median: float
    crps: float
    inside: Mapping[float, bool]
    sign_called: bool
    sign_hit: bool

    @property
    def error(self) -> float:
        """Median less published."""
        return self.median - self.observed


@dataclass(frozen=True)
class Change:
    """What a year is compared with for the sign of its change: the figure before, and what the forecast started from."""

    observed_from: float
    forecast_from: float


def case(place: str, year: int, observed: float, samples: Array, change: Change | None = None) -> Case:
    """Return the scores of one forecast; without `change` it calls no sign."""
    median = float(np.median(samples))
    step = median - change.forecast_from if change else 0.0
    called = change is not None and abs(step) > SAME * abs(change.forecast_from)
    hit = called and change is not None and step * (observed - change.observed_from) > 0
    return Case(
        place, year, observed, median, crps(observed, samples),
        {level: inside(observed, samples, level) for level in LEVELS}, called, hit,
    )  # fmt: skip


@dataclass(frozen=True)
class Scores:
    """Scores of some cases.

    Parameters
    ----------
    n : int
        Cases.
    crps, rmse, mean_error, mean_absolute_error : float
        In the unit of the forecasts; the last three are of the median.
    covered : mapping of level to int
        How many cases lay inside the central interval of that level.
    sign_hits, sign_calls : int
        Hits of the sign of the change, among the forecasts that call one.
    """

    n: int
    crps: float
    rmse: float
    mean_error: float
    mean_absolute_error: float
    covered: Mapping[float, int]
    sign_hits: int
    sign_calls: int


def score(cases: Sequence[Case]) -> Scores:
    """Return the scores of at least one case."""
    errors = np.array([one.error for one in cases])
    return Scores(
        n=len(cases),
        crps=float(np.mean([one.crps for one in cases])),
        rmse=float(np.sqrt(np.mean(errors**2))),
        mean_error=float(np.mean(errors)),
        mean_absolute_error=float(np.mean(np.abs(errors))),
        covered={level: sum(one.inside[level] for one in cases) for level in LEVELS},
        sign_hits=sum(one.sign_hit for one in cases),
        sign_calls=sum(one.sign_called for one in cases),
    )


@dataclass(frozen=True)
class Difference:
    """A Diebold-Mariano comparison: mean of loss less reference's loss, its interval, the statistic and its p (two-sided)."""

    n: int
    mean: float
    low: float
    high: float
    statistic: float
    p: float


def diebold_mariano(losses: Sequence[float], reference: Sequence[float], *, horizon: int = 1, level: float = 0.9) -> Difference | None:
    """Return how the mean loss differs from that of a reference, with the correction for few cases.

    Parameters
    ----------
    losses, reference : sequence of float, (n,)
        Losses of the same cases in the order of time.
    horizon : int
        Steps ahead; errors of an h-step forecast are correlated over h - 1 steps.
    level : float
        Of the interval of the mean difference.

    Returns
    -------
    Difference or None
        Negative mean: smaller losses than the reference. None with fewer than three cases or where all differ alike.

    Equation
    --------
    S = d / sqrt(V / n) with V = g0 + 2 sum g_k, k < h, of the differences d_t (Bartlett weights where V would not be positive);
    S* = S sqrt((n + 1 - 2 h + h (h - 1) / n) / n) against Student's t with n - 1 degrees of freedom.

    Source
    ------
    Diebold and Mariano (1995); Harvey, Leybourne and Newbold (1997).
    """
    from scipy import stats

    difference = np.asarray(losses, float) - np.asarray(reference, float)
    n, mean = difference.size, float(difference.mean()) if difference.size else 0.0
    shrink = (n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n if n else 0.0
    variance = _long_run_variance(difference, horizon) if n > 2 else 0.0
    if variance <= 0 or shrink <= 0:
        return None
    error = math.sqrt(variance / n / shrink)
    reach = float(stats.t.ppf((1 + level) / 2, n - 1)) * error
    statistic = mean / error
    return Difference(n, mean, mean - reach, mean + reach, statistic, float(2 * stats.t.sf(abs(statistic), n - 1)))


def _long_run_variance(values: Array, horizon: int) -> float:
    centred = values - values.mean()
    moments = [float(centred[lag:] @ centred[: values.size - lag]) / values.size for lag in range(min(horizon, values.size))]
    plain = moments[0] + 2 * sum(moments[1:])
    if plain > 0:
        return plain
    return moments[0] + 2 * sum((1 - lag / horizon) * moment for lag, moment in enumerate(moments) if lag)


@dataclass(frozen=True)
class Skill:
    """1 - score / score of the reference, and its interval; skill is claimed only where the interval is above 0."""

    value: float
    low: float
    high: float


def skill(
    losses: Mapping[int, Sequence[float]], reference: Mapping[int, Sequence[float]],
    *, root: bool = False, level: float = 0.9, seed: int = 0,
) -> Skill | None:  # fmt: skip
    """Return the skill against a reference with a bootstrap interval over blocks of years.

    Parameters
    ----------
    losses, reference : mapping of year to losses
        The same years and cases in both; the cases of a year are drawn together, for they share what happened in it.
    root : bool
        Whether the score is the square root of the mean loss (RMSE from squared errors).
    level : float
    seed : int
        Orders the draws; the same seed gives the same interval.

    Returns
    -------
    Skill or None
        None with fewer than three years or where the reference is never wrong.
    """
    years = sorted(losses)
    ours, theirs, cases = (np.array([f(years_of[year]) for year in years]) for f, years_of in ((sum, losses), (sum, reference), (len, losses)))
    if len(years) < 3 or theirs.sum() <= 0:
        return None
    shape: Callable[[Array], Array] = np.sqrt if root else np.asarray
    drawn = _blocks(len(years), seed)
    count = cases[drawn].sum(axis=1)
    below = theirs[drawn].sum(axis=1) / count
    above = ours[drawn].sum(axis=1) / count
    ratios = shape(above[below > 0]) / shape(below[below > 0])
    low, high = np.quantile(1 - ratios, [(1 - level) / 2, (1 + level) / 2])
    value = 1 - float(shape(ours.sum() / cases.sum()) / shape(theirs.sum() / cases.sum()))
    return Skill(value, float(low), float(high))


def _blocks(n: int, seed: int) -> NDArray[np.intp]:
    """Return positions of resampled years, (RESAMPLES, n): blocks of `BLOCK_YEARS` that wrap round the end."""
    width = min(BLOCK_YEARS, n)
    per = math.ceil(n / width)
    starts = (uniforms(stream_key(seed, 0, "bootstrap", 0), f"years:{n}", RESAMPLES * per)[0] * n).astype(np.intp)
    years = (starts.reshape(RESAMPLES, per, 1) + np.arange(width)) % n
    return np.ascontiguousarray(years.reshape(RESAMPLES, per * width)[:, :n])
