"""Proposals: what parameters a round of simulations tries, and how much weight each of them carries.

Equation
    A parameter's prior quantile u is worked with as z = Phi^-1(u), standard normal under the prior. Round 0 draws from the
    prior; a later one draws the parameters that figures predict from 0.8 N(m, 1.5 S) + 0.2 prior, m and S those of the
    posterior so far, and everything else from the prior: moving what figures say nothing about would only waste weight. A
    simulation weighs phi(z) / sum_r (n_r / n) q_r(z) over all rounds r (deterministic mixture), so that none is wasted.
Source
    Adaptive multiple importance sampling: Cornuet, Marin, Mira and Robert 2012.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

from eslabon.draws import stream_key, uniform
from eslabon.errors import InputError
from eslabon.params.table import ATTEMPTS, ParameterTable, margin_usd2013_per_kg

Array = npt.NDArray[np.float64]
DEFENSIVE_SHARE = 0.2
INFLATION = 1.5
_NORMAL = NormalDist()


@dataclass(frozen=True)
class Proposal:
    """Where one round draws from: the prior, or a normal in z with a share of the prior.

    Parameters
    ----------
    mean : ndarray (parameter,), optional
    root : ndarray (parameter, parameter), optional
        Cholesky factor of the covariance; None for both is the prior.
    """

    mean: Array | None = None
    root: Array | None = None

    def density(self, z: Array) -> Array:
        """Return the density of each row of z relative to the prior's, (row,)."""
        if self.mean is None or self.root is None:
            return np.ones(len(z))
        white = np.linalg.solve(self.root, (z - self.mean).T)
        log_normal = -0.5 * np.sum(white**2, axis=0) - np.log(np.diag(self.root)).sum()
        ratio: Array = (1 - DEFENSIVE_SHARE) * np.exp(log_normal + 0.5 * np.sum(z**2, axis=1)) + DEFENSIVE_SHARE
        return ratio

    def place(self, white: Array, choice: float) -> Array:
        """Return the z of one draw from standard normals and a uniform."""
        if self.mean is None or self.root is None or choice < DEFENSIVE_SHARE:
            return white
        moved: Array = self.mean + self.root @ white
        return moved


def fitted(z: Array, weights: Array, moves: npt.NDArray[np.bool_]) -> Proposal:
    """Return the proposal around weighted points z, (point, parameter), in the parameters that move; the prior in the others."""
    share = weights / weights.sum()
    mean = np.where(moves, share @ z, 0.0)
    spread = (share[:, None] * (z - mean)).T @ (z - mean)
    both = np.outer(moves, moves)
    count = len(moves)
    covariance = np.where(both, INFLATION * (spread + 1e-4 * np.eye(count)), np.eye(count))
    return Proposal(mean, np.linalg.cholesky(covariance))


def draw(table: ParameterTable, names: Sequence[str], proposal: Proposal, seed: int, index: int) -> tuple[dict[str, float], Array, int]:
    """Return one simulation's parameters, the z of the estimated ones, and how many draws without a margin were rejected.

    Parameters
    ----------
    names : sequence of str
        The estimated parameters; all others come from their priors.
    index : int
        The simulation's number, over all rounds.
    """
    for attempt in range(ATTEMPTS):
        key = stream_key(seed, index, "calibration", attempt)
        quantiles = {name: uniform(key, name) for name in table}
        white = np.array([_NORMAL.inv_cdf(quantiles[name]) for name in names])
        z = proposal.place(white, uniform(key, "which part"))
        values = values_of(table, names, z, quantiles)
        if margin_usd2013_per_kg(values) >= 0:
            return values, z, attempt
    raise InputError("no draw leaves a margin to processing", remedy="Widen the priors of ratio, quality or cost.")


def values_of(table: ParameterTable, names: Sequence[str], z: Array, quantiles: dict[str, float]) -> dict[str, float]:
    """Return all parameters: those of `names` at z, the others at their quantiles."""
    chosen = {**quantiles, **{name: _NORMAL.cdf(float(v)) for name, v in zip(names, z, strict=True)}}
    return {name: p.quantile(chosen[name]) for name, p in table.items()}


def mixture_weights(z: Array, rounds: Sequence[tuple[Proposal, int, float]]) -> Array:
    """Return the weight of every simulation, mean 1; a round is its proposal, its size, and the share of its draws kept.

    The share kept is part of a round's density: draws without a margin were rejected.
    """
    size = sum(n for _, n, _ in rounds)
    kept = rounds[0][2]
    mixed = np.zeros(len(z))
    for proposal, n, share in rounds:
        mixed += n / size * proposal.density(z) * kept / share
    weights: Array = 1 / mixed
    scaled: Array = weights / weights.mean()
    return scaled
