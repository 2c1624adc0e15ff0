"""Forecasts that know no coca: what a model has to beat, on the same information as the model.

Each method turns the areas published to a cut-off into a median for every later year and a band around it. The band comes from
the errors the method would have made inside those same years, one step ahead, in logarithms. Nothing dated later can be read:
a method is handed a `Known`, which holds nothing else, but for the eradication that was realised.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import pairwise
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from eslabon.draws import stream_key, uniforms
from eslabon.errors import InputError
from eslabon.study.smoothing import fit_smoothing, smoothing_path, smoothing_spread

Array = NDArray[np.float64]

FLOOR = 0.05
"""Least standard deviation of the logarithm of a one-step forecast, assumed: no published area is surer than about 5 %."""
TYPICAL_WEIGHT = 2
"""How many errors the typical yearly change counts for beside a method's own errors, which may be one or two."""
WIDEST = 0.7
"""Largest standard deviation of the logarithm, assumed: a 90 % interval from a third to three times the median."""
LEAST_SHARE = 0.01
"""No median falls below this share of the last known area: a straight line downwards would cross zero."""
SIZE = 999
"""Samples of a forecast; odd, so that one of them is the median."""


@dataclass(frozen=True)
class Known:
    """What may be known of one place when a forecast is made, on one list of zones and one way of measuring.

    Parameters
    ----------
    place : str
    years : tuple of int
        Published years, rising; gaps are allowed.
    area_ha : tuple of float, > 0
    eradicated_ha : mapping of int to float
        Counted hectares by year, those of the years to forecast included.
    """

    place: str
    years: tuple[int, ...]
    area_ha: tuple[float, ...]
    eradicated_ha: Mapping[int, float] = field(default_factory=dict)

    def first(self, count: int) -> Known:
        """Return what was known when only the first `count` areas had been published."""
        return replace(self, years=self.years[:count], area_ha=self.area_ha[:count])

    @property
    def logs(self) -> Array:
        """Logarithms of the areas."""
        return np.asarray(np.log(self.area_ha), float)


@dataclass(frozen=True)
class Method:
    """A naive method: how many areas it needs, its medians 1 to h years ahead, and how its band widens (1 at one year)."""

    name: str
    least: int
    path_ha: Callable[[Known, int], Array | None]
    spread: Callable[[Known, int], Array]


@dataclass(frozen=True)
class Forecast:
    """A predictive distribution for some years.

    Parameters
    ----------
    method, place : str
    years : tuple of int, (h,)
    median_ha : (h,) float64
    samples_ha : (n, h) float64
        Rows are paths; their order differs from method to method.
    error_sd : float
        Standard deviation of the logarithm of a one-step forecast.
    """

    method: str
    place: str
    years: tuple[int, ...]
    median_ha: Array
    samples_ha: Array
    error_sd: float


def forecast(known: Known, years: Sequence[int], method: str, *, seed: int = 0, typical_sd: float | None = None) -> Forecast | None:
    """Return the forecast of a method for some years after the last known one.

    Parameters
    ----------
    known : Known
    years : sequence of int
        Years to forecast, rising, all after the last known year.
    method : str
        A name in `METHODS`.
    seed : int
        Orders the samples into paths; the distribution of a year does not depend on it.
    typical_sd : float, optional
        Typical yearly change of the logarithm in comparable places (`typical_change`); the place's own by default.

    Returns
    -------
    Forecast or None
        None where the method needs more areas, or the eradication of a year, than there are.

    Raises
    ------
    InputError
        If a year is not after the last known one.

    Notes
    -----
    Logarithms are normal around the median with standard deviation s * spread(h), at most `WIDEST`, where
    s**2 = (sum of e**2 + 2 t**2) / (m + 2), at least `FLOOR`; e are the m one-step errors over the years known, each made from the
    years before it and divided by the spread of its horizon, and t is the typical yearly change.
    """
    rule = METHODS[method]
    if not years or min(years) <= known.years[-1]:
        raise InputError("a forecast is of years after the last known one", place=known.place, value=list(years))
    reach = max(years) - known.years[-1]
    path = rule.path_ha(known, reach) if len(known.years) >= rule.least else None
    if path is None:
        return None
    at = [year - known.years[-1] - 1 for year in years]
    median = _above_floor(path, known)[at]
    error_sd = one_step_sd(known, rule, typical_sd)
    deviates = _paths(seed, f"{method}:{known.place}", known.years[-1], reach)[:, at]
    samples = median * np.exp(np.minimum(error_sd * rule.spread(known, reach)[at], WIDEST) * deviates)
    return Forecast(method, known.place, tuple(years), median, samples, error_sd)


def one_step_sd(known: Known, method: Method, typical_sd: float | None = None) -> float:
    """Return the standard deviation of the logarithm of a one-step forecast, from the errors made inside the years known."""
    typical = typical_change([known]) if typical_sd is None else typical_sd
    errors = one_step_errors(known, method)
    pooled = (float(errors @ errors) + TYPICAL_WEIGHT * typical**2) / (len(errors) + TYPICAL_WEIGHT)
    return max(math.sqrt(pooled), FLOOR)


def one_step_errors(known: Known, method: Method) -> Array:
    """Return log(published / forecast) of every known year that the years before it can forecast, scaled to one year ahead."""
    errors = []
    for count in range(method.least, len(known.years)):
        before, reach = known.first(count), known.years[count] - known.years[count - 1]
        path = method.path_ha(before, reach)
        if path is not None:
            median = _above_floor(path, before)[-1]
            errors.append(math.log(known.area_ha[count] / median) / method.spread(before, reach)[-1])
    return np.array(errors)


def typical_change(places: Sequence[Known]) -> float:
    """Return the root mean square of the yearly change of the logarithm over some places; 0 where no place has two areas."""
    changes = [np.diff(known.logs) / np.sqrt(np.diff(known.years)) for known in places]
    together = np.concatenate([*changes, np.empty(0)])
    return float(np.sqrt(np.mean(together**2))) if together.size else 0.0


def _above_floor(path: Array, known: Known) -> Array:
    return np.maximum(path, LEAST_SHARE * known.area_ha[-1])


def _paths(seed: int, who: str, origin: int, reach: int) -> Array:
    """Return standard normal deviates, (SIZE, reach): exact quantiles in each year, ordered as random walks order them."""
    quantiles = _quantiles()
    key = stream_key(seed, 0, "naive", origin)
    steps = [quantiles[np.argsort(uniforms(key, f"{who}:{ahead}", SIZE)[0], kind="stable")] for ahead in range(reach)]
    walks = np.cumsum(steps, axis=0)
    ranks = np.argsort(np.argsort(walks, axis=1, kind="stable"), axis=1, kind="stable")
    return np.ascontiguousarray(quantiles[ranks].T)


@cache
def _quantiles() -> Array:
    return np.array([NormalDist().inv_cdf((i + 0.5) / SIZE) for i in range(SIZE)])


def _ahead(reach: int) -> Array:
    return np.arange(1, reach + 1, dtype=float)


def _last_value(known: Known, reach: int) -> Array:
    return np.full(reach, known.area_ha[-1])


def _drift(known: Known, reach: int) -> Array:
    """Return the last area and the mean yearly change in hectares from the first to the last known year."""
    slope = (known.area_ha[-1] - known.area_ha[0]) / (known.years[-1] - known.years[0])
    return known.area_ha[-1] + slope * _ahead(reach)


def _growth(known: Known, reach: int) -> Array:
    """Return the last area growing at the mean yearly rate from the first to the last known year."""
    rate = math.log(known.area_ha[-1] / known.area_ha[0]) / (known.years[-1] - known.years[0])
    return np.asarray(known.area_ha[-1] * np.exp(rate * _ahead(reach)))


def _damped(damping: float) -> Callable[[Known, int], Array]:
    """Return the rule: each year changes by `damping` times the change of the year before."""

    def path(known: Known, reach: int) -> Array:
        change = (known.area_ha[-1] - known.area_ha[-2]) / (known.years[-1] - known.years[-2])
        return known.area_ha[-1] + change * np.cumsum(damping ** _ahead(reach))

    return path


def _eradication(known: Known, reach: int) -> Array | None:
    """Return the path of a regression: change of the logarithm a year = a + b * counted hectares of that year.

    The eradication of the years to forecast is known; what lies outside the range seen so far counts as its end, since a straight
    line through a few points says nothing there. Over a gap the mean eradication of its years is taken.
    """
    last = known.years[-1]
    gaps = list(pairwise(known.years))
    needed = [list(range(before + 1, year + 1)) for before, year in gaps] + [[last + step] for step in range(1, reach + 1)]
    if any(year not in known.eradicated_ha for years in needed for year in years):
        return None
    counted = np.array([np.mean([known.eradicated_ha[year] for year in years]) for years in needed])
    changes = np.diff(known.logs) / np.diff(known.years)
    past = counted[: len(gaps)]
    coming = np.clip(counted[len(gaps) :], past.min(), past.max())
    centred = past - past.mean()
    slope = float(centred @ changes / (centred @ centred)) if centred.any() else 0.0
    return np.asarray(known.area_ha[-1] * np.exp(np.cumsum(changes.mean() + slope * (coming - past.mean()))))


def _smoothed(known: Known, reach: int) -> Array:
    return np.exp(smoothing_path(fit_smoothing(known.years, known.logs), reach))


def _walk(_: Known, reach: int) -> Array:
    return np.sqrt(_ahead(reach))


def _walk_with_trend(known: Known, reach: int) -> Array:
    """Return the spread of a random walk whose mean step is estimated over the span of the known years."""
    span = known.years[-1] - known.years[0]
    return np.sqrt((_ahead(reach) + _ahead(reach) ** 2 / span) / (1 + 1 / span))


def _damped_spread(damping: float) -> Callable[[Known, int], Array]:
    def spread(_: Known, reach: int) -> Array:
        lasting = np.cumsum(damping ** (_ahead(reach) - 1))
        return np.asarray(np.sqrt(np.cumsum(lasting**2)))

    return spread


def _smoothed_spread(known: Known, reach: int) -> Array:
    return smoothing_spread(fit_smoothing(known.years, known.logs), reach)


METHODS: Mapping[str, Method] = {
    method.name: method
    for method in (
        Method("last_value", 1, _last_value, _walk),
        Method("drift", 2, _drift, _walk_with_trend),
        Method("growth", 2, _growth, _walk_with_trend),
        Method("damped_0_5", 2, _damped(0.5), _damped_spread(0.5)),
        Method("damped_0_9", 2, _damped(0.9), _damped_spread(0.9)),
        Method("smoothing", 1, _smoothed, _smoothed_spread),
        Method("eradication", 5, _eradication, _walk),
    )
}
"""Last value; mean change; mean growth; damped trends with a fixed factor; exponential smoothing chosen on what is known;
regression of the change on realised eradication."""
