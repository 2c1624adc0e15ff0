"""Exponential smoothing with or without a damped trend (ETS(A,N,N), ETS(A,Ad,N)), for series of three to thirty values.

The parameters are searched on a grid, so that a fit never fails and never depends on a starting point: gradient fits of so short
series end at a bound or need ten values. The last value, and a trend damped by a fixed factor, are points of the grid.

Equation
--------
y_t = l_(t-1) + f b_(t-1) + e_t;  l_t = l_(t-1) + f b_(t-1) + a e_t;  b_t = f b_(t-1) + g e_t

Source
------
Hyndman, Koehler, Ord, Snyder (2008), Forecasting with Exponential Smoothing, chapters 2 and 6.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_LEVELS = tuple(step / 10 for step in range(1, 11))
_TREND_SHARES = (0.1, 0.2, 0.3, 0.5, 0.7, 1.0)
_DAMPINGS = (0.3, 0.5, 0.7, 0.8, 0.9, 0.98)
_TINY = 1e-12


@dataclass(frozen=True)
class Smoothing:
    """A fit: the parameters a, g and f of the equation and the level and trend after the last value."""

    level_weight: float
    trend_weight: float
    damping: float
    level: float
    trend: float


def fit_smoothing(years: Sequence[int], values: Array) -> Smoothing:
    """Return the fit with the least corrected Akaike criterion.

    Parameters
    ----------
    years : sequence of int, (n,)
        Rising; gaps are filled by straight lines between known values.
    values : (n,) float64

    Notes
    -----
    The level starts at the first value and the trend at zero. Where the errors are too few for a criterion (fewer than four for
    the level alone, six with a trend), the last value is kept.
    """
    every = np.interp(np.arange(years[0], years[-1] + 1), years, values)
    count = len(every) - 1
    best, least = Smoothing(1.0, 0.0, 1.0, float(every[-1]), 0.0), math.inf
    for grid, parameters in ((_level_grid(), 2), (_trend_grid(), 4)):
        if count - parameters - 1 <= 0:
            continue
        squares, level, trend = run_smoothing(every, grid)
        at = int(np.argmin(squares))
        fit = count * math.log(max(float(squares[at]), _TINY) / count)
        criterion = fit + 2 * parameters + 2 * parameters * (parameters + 1) / (count - parameters - 1)
        if criterion < least:
            a, g, f = map(float, grid[:, at])
            best, least = Smoothing(a, g, f, float(level[at]), float(trend[at])), criterion
    return best


def run_smoothing(values: Array, grid: Array) -> tuple[Array, Array, Array]:
    """Return the sum of squared one-step errors, the last level and the last trend of each column (a, g, f) of a grid."""
    a, g, f = grid
    level, trend, squares = np.full(a.size, values[0]), np.zeros(a.size), np.zeros(a.size)
    for value in values[1:]:
        expected = level + f * trend
        error = value - expected
        level, trend, squares = expected + a * error, f * trend + g * error, squares + error**2
    return squares, level, trend


def smoothing_path(fit: Smoothing, reach: int) -> Array:
    """Return the point forecasts 1 to `reach` years ahead."""
    return fit.level + fit.trend * np.cumsum(fit.damping ** np.arange(1, reach + 1, dtype=float))


def smoothing_spread(fit: Smoothing, reach: int) -> Array:
    """Return the standard deviation of the forecasts 1 to `reach` years ahead, in those of one year ahead."""
    damped = np.cumsum(fit.damping ** np.arange(1, reach, dtype=float))
    lasting = np.concatenate([[1.0], fit.level_weight + fit.trend_weight * damped])
    return np.asarray(np.sqrt(np.cumsum(lasting**2)))


def _level_grid() -> Array:
    return np.array([(a, 0.0, 1.0) for a in _LEVELS]).T


def _trend_grid() -> Array:
    return np.array([(a, a * share, f) for a, share, f in product(_LEVELS, _TREND_SHARES, _DAMPINGS)]).T
