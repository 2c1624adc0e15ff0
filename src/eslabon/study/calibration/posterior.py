"""From simulations to a posterior: the nearest ones, moved by a local regression.

Equation
    Summaries are the linear predictions from the whitened figures of those parameters that figures predict at all: half of the
    simulations teach, the other half judge (Fearnhead and Prangle 2012, and a test of R squared). The distance of a simulation is
    that of its summaries from the published ones, each in units of what it leaves unexplained. The nearest share is kept with
    Epanechnikov weights times its mixture weight and moved by the weighted local regression of z on the summaries (Beaumont,
    Zhang and Balding 2002), shrunk where chance explains as much. Simulated figures carry a draw of all errors, so the posterior is
    the exact one given that the summaries fall within the tolerance (Wilkinson 2013).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
RIDGE = 1e-3
LEAST_R2 = 0.03
"""Share of a parameter's variance that its summary must explain in simulations it was not learned from."""
LEAST_SUMMARIES = 2


@dataclass(frozen=True)
class Bank:
    """Simulations: their z, (simulation, parameter), noisy whitened figures, (simulation, datum), and weights, (simulation,)."""

    z: Array
    figures: Array
    weights: Array

    def without(self, row: int) -> Bank:
        """Return the bank with one simulation left out."""
        keep = np.arange(len(self.z)) != row
        return Bank(self.z[keep], self.figures[keep], self.weights[keep])


@dataclass(frozen=True)
class Posterior:
    """Kept simulations: their rows in the bank, moved z, weights that sum to 1, the tolerance, and which parameters have summaries."""

    rows: npt.NDArray[np.int64]
    z: Array
    weights: Array
    tolerance: float
    predicted: npt.NDArray[np.bool_]

    @property
    def effective_size(self) -> float:
        """Effective number of simulations behind the posterior."""
        return float(1 / np.sum(self.weights**2))


@dataclass(frozen=True)
class Summary:
    """The linear map from whitened figures to summaries, (datum, summary), how much of its parameter each leaves open, and of which."""

    weights: Array
    centre: Array
    left: Array
    predicted: npt.NDArray[np.bool_]

    def of(self, figures: Array) -> Array:
        """Return summaries in units of what they leave open, (..., summary)."""
        found: Array = (figures - self.centre) @ self.weights / self.left
        return found


def learn_summary(bank: Bank) -> Summary:
    """Return the summaries of the parameters that figures predict, by weighted ridge regression."""
    even = np.arange(len(bank.z)) % 2 == 0
    slope, centre, middle, _ = _ridge(bank, even)
    share = bank.weights[~even] / bank.weights[~even].sum()
    judged = bank.z[~even] - middle
    missed = judged - (bank.figures[~even] - centre) @ slope
    spread = share @ (judged - share @ judged) ** 2
    explained = 1 - share @ missed**2 / spread
    least = min(LEAST_R2, float(np.sort(explained)[-LEAST_SUMMARIES:][0]))
    chosen = explained >= least
    slope, centre, _, left = _ridge(bank, np.ones(len(bank.z), bool))
    return Summary(slope[:, chosen], centre, left[chosen], chosen)


def _ridge(bank: Bank, rows: npt.NDArray[np.bool_]) -> tuple[Array, Array, Array, Array]:
    """Return the slopes (datum, parameter), both means, and the standard deviation left open."""
    share = bank.weights[rows] / bank.weights[rows].sum()
    centre, middle = share @ bank.figures[rows], share @ bank.z[rows]
    x, y = bank.figures[rows] - centre, bank.z[rows] - middle
    gram = (share[:, None] * x).T @ x
    slope = np.linalg.solve(gram + RIDGE * np.trace(gram) / len(gram) * np.eye(len(gram)), (share[:, None] * x).T @ y)
    return slope, centre, middle, np.sqrt(share @ (y - x @ slope) ** 2)


def infer(bank: Bank, observed: Array, keep: int, summary: Summary | None = None) -> Posterior:
    """Return the posterior of z given whitened published figures.

    Parameters
    ----------
    observed : ndarray (datum,)
    keep : int
        Simulations kept.
    summary : Summary, optional
        Learned from the bank where not given.
    """
    summary = summary or learn_summary(bank)
    offset = summary.of(bank.figures) - summary.of(observed)
    distance = np.sqrt(np.sum(offset**2, axis=1))
    order = np.argsort(distance, kind="stable")
    rows = order[: min(keep, len(order) - 1)]
    tolerance = float(distance[order[min(keep, len(order) - 1)]])
    weights = bank.weights[rows] * (1 - (distance[rows] / tolerance) ** 2)
    weights = weights / weights.sum()
    return Posterior(rows, _moved(offset[rows], bank.z[rows], weights), weights, tolerance, summary.predicted)


def _moved(offset: Array, z: Array, weights: Array) -> Array:
    """Return z as it would be had its summaries met the published ones, by a weighted local regression.

    Each parameter's slopes are shrunk by the share of what they explain that chance would explain too, and what they leave is
    widened for the slopes that were fitted.
    """
    axes = _axes(offset, weights)
    x = offset @ axes
    centred, middle = x - weights @ x, weights @ z
    y = z - middle
    size, count = 1 / float(np.sum(weights**2)), axes.shape[1]
    slope = np.linalg.solve((weights[:, None] * centred).T @ centred, (weights[:, None] * centred).T @ y)
    total, left = weights @ y**2, weights @ (y - centred @ slope) ** 2
    freedom = max(size - count - 1, 1.0)
    shrink = np.clip(1 - count * left / (freedom * np.maximum(total - left, 1e-12)), 0, 1)
    slope = slope * shrink
    widen = np.sqrt(1 + shrink * count / freedom)
    moved: Array = middle + (y - centred @ slope) * widen - (weights @ x) @ slope
    return moved


def _axes(offset: Array, weights: Array) -> Array:
    """Return the directions in which the summaries vary, (summary, axis)."""
    centred = offset - weights @ offset
    _, size, right = np.linalg.svd(np.sqrt(weights)[:, None] * centred, full_matrices=False)
    found: Array = right[size > 1e-3 * size[0]].T
    return found
