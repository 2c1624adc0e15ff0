"""From simulations to a posterior: the nearest ones, moved by a local regression.

Equation
    Summaries are the linear predictions of the estimated parameters from the whitened figures (Fearnhead and Prangle 2012). The
    distance of a simulation is that of its summaries from the published ones, each in units of what it leaves unexplained.
    The nearest share is kept with Epanechnikov weights times its mixture weight and moved by the weighted local regression of
    z on the summaries (Beaumont, Zhang and Balding 2002). Simulated figures carry a draw of all errors, so the posterior is the
    exact one given that the summaries fall within the tolerance (Wilkinson 2013).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
RIDGE = 1e-3


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
    """Kept simulations: their rows in the bank, moved z, weights that sum to 1, and the tolerance."""

    rows: npt.NDArray[np.int64]
    z: Array
    weights: Array
    tolerance: float

    @property
    def effective_size(self) -> float:
        """Effective number of simulations behind the posterior."""
        return float(1 / np.sum(self.weights**2))


@dataclass(frozen=True)
class Summary:
    """The linear map from whitened figures to summaries, and how much of each parameter they leave open."""

    weights: Array
    centre: Array
    left: Array

    def of(self, figures: Array) -> Array:
        """Return summaries in units of what they leave open, (..., parameter)."""
        found: Array = (figures - self.centre) @ self.weights / self.left
        return found


def learn_summary(bank: Bank) -> Summary:
    """Return the summaries that predict each parameter best, by weighted ridge regression."""
    share = bank.weights / bank.weights.sum()
    centre, middle = share @ bank.figures, share @ bank.z
    x, y = bank.figures - centre, bank.z - middle
    gram = (share[:, None] * x).T @ x
    scale = np.trace(gram) / len(gram)
    weights = np.linalg.solve(gram + RIDGE * scale * np.eye(len(gram)), (share[:, None] * x).T @ y)
    left = np.sqrt(share @ (y - x @ weights) ** 2)
    return Summary(weights, centre, left)


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
    return Posterior(rows, bank.z[rows] - _explained(offset[rows], bank.z[rows], weights), weights, tolerance)


def _explained(offset: Array, z: Array, weights: Array) -> Array:
    """Return the part of z that the local regression explains by the offset of the summaries."""
    centred = offset - weights @ offset
    left, size, right = np.linalg.svd(np.sqrt(weights)[:, None] * centred, full_matrices=False)
    kept = size > 1e-3 * size[0]
    axes = right[kept]
    x = centred @ axes.T
    y = z - weights @ z
    gram = (weights[:, None] * x).T @ x
    slope = np.linalg.solve(gram + RIDGE * np.trace(gram) / len(gram) * np.eye(len(gram)), (weights[:, None] * x).T @ y)
    moved: Array = offset @ axes.T @ slope
    return moved
