"""Data snooping: what each piece of evidence, and each pair, adds to the misfit, from one projection matrix."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from eslabon.evidence.reconcile.fit import RANK_TOLERANCE, Fit
from eslabon.evidence.reconcile.linearisation import Array

UNCHECKED = 1e-6
"""A piece with a smaller redundancy number is checked by nobody."""
FAMILY_DRAWS = 20_000
FAMILY_SEED = 20_250_101
LINKED = 1e-6
"""Pieces whose standardised residuals correlate more than this check one another."""
_ALIKE = 1e-9


@dataclass(frozen=True)
class Checks:
    """How the pieces of evidence check one another, in the tangent of the balances.

    Parameters
    ----------
    projector : (piece, piece) float64
        Maps errors of the pieces, each in its standard error, to their residuals. Its diagonal holds the redundancy numbers.
    residual : (piece,) float64
        Residuals in standard errors of the pieces.
    degrees : int
        Degrees of freedom.

    Notes
    -----
    Equation: projector R = I - D (DᵀD)⁺ Dᵀ; chi2 = vᵀv; standardised w_i = v_i / √R_ii; correlation of two of them
    R_ij / √(R_ii R_jj); without the pieces S chi2 falls by v_Sᵀ R_SS⁻¹ v_S. Source: Baarda (1968), Förstner (1983).
    """

    projector: Array
    residual: Array
    degrees: int

    @property
    def chi2(self) -> float:
        """Sum of squared residuals."""
        return float(self.residual @ self.residual)

    @property
    def redundancy(self) -> Array:
        """(piece,) Redundancy numbers, 0 to 1."""
        return np.clip(np.diag(self.projector), 0.0, 1.0)

    @property
    def checked(self) -> NDArray[np.bool_]:
        """(piece,) Whether anybody checks the piece."""
        return self.redundancy > UNCHECKED

    @property
    def standardised(self) -> Array:
        """(piece,) Residuals in standard errors of themselves; 0 where nobody checks."""
        return np.where(self.checked, self.residual / np.sqrt(np.where(self.checked, self.redundancy, 1.0)), 0.0)

    @property
    def correlation(self) -> Array:
        """(piece, piece) Correlations of the standardised residuals."""
        root = np.sqrt(np.where(self.checked, self.redundancy, np.inf))
        return np.asarray(self.projector / np.outer(root, root), dtype=np.float64)

    def connected(self) -> list[list[int]]:
        """Return the checked pieces in groups that check one another, directly or through others."""
        left = {int(i) for i in np.flatnonzero(self.checked)}
        linked = np.abs(self.correlation) > LINKED
        groups = []
        while left:
            group: set[int] = set()
            edge = {min(left)}
            while edge:
                group |= edge
                edge = {int(j) for i in edge for j in np.flatnonzero(linked[i])} & left - group
            left -= group
            groups.append(sorted(group))
        return groups

    def without(self, piece: int) -> Checks:
        """Return the checks as if a piece were not there; its own row becomes 0."""
        own = float(self.projector[piece, piece])
        if own <= UNCHECKED:
            return self
        column = self.projector[:, piece]
        projector = self.projector - np.outer(column, column) / own
        residual = self.residual - column * (self.residual[piece] / own)
        projector[piece], projector[:, piece], residual[piece] = 0.0, 0.0, 0.0
        return Checks(projector, residual, self.degrees - 1)


def checks_of(fitted: Fit) -> Checks:
    """Return how the pieces of a fit check one another, active inequalities held.

    Parameters
    ----------
    fitted : Fit
        The point of linearisation. Its pieces need not be those it was fitted to.
    """
    count = len(fitted.pieces)
    design = fitted.design(fitted.free)
    left, singular, _ = np.linalg.svd(design, full_matrices=False) if design.size else (np.zeros((count, 0)), np.zeros(0), None)
    known = left[:, singular > RANK_TOLERANCE * max(float(singular.max(initial=0.0)), 1.0)]
    projector = np.eye(count) - known @ known.T
    raw = (np.array([piece.value for piece in fitted.pieces]) - fitted.x[fitted.where]) / fitted.sigma
    return Checks(projector, projector @ raw, count - known.shape[1])


def rival_statistic(checks: Checks, piece: int) -> Array:
    """Return how badly the piece still fits when another one alone is blamed.

    Returns
    -------
    (piece,) float64
        Standard normal if the other piece alone is wrong, whatever the size of its error; 0 where the two cannot be told apart.

    Notes
    -----
    Equation: |w_i - ρ w_j| / √(1 - ρ²), the square root of the further fall in chi2 when i goes after j.
    """
    w, rho = checks.standardised, checks.correlation[piece]
    rest = np.maximum(1.0 - rho**2, 0.0)
    return np.where(rest > _ALIKE, np.abs(w[piece] - rho * w) / np.sqrt(np.where(rest > _ALIKE, rest, 1.0)), 0.0)


class Family:
    """The largest standardised residual that chance alone produces among correlated pieces.

    Simulated with a fixed seed, so that the same claims always give the same answer.
    """

    def __init__(self, checks: Checks) -> None:
        self.size = int(checks.checked.sum())
        root = np.sqrt(np.where(checks.checked, checks.redundancy, 1.0))
        rows = (checks.projector / root[:, None])[checks.checked]
        self.largest = np.sort(np.abs(_noise(checks.residual.size) @ rows.T).max(axis=1)) if self.size else np.zeros(1)

    def p(self, statistic: float) -> float:
        """Return the chance that the largest of the family is at least `statistic`, at most the Bonferroni bound."""
        from scipy.special import ndtr

        if not self.size:
            return 1.0
        above = self.largest.size - int(np.searchsorted(self.largest, statistic))
        simulated = (above + 1) / (self.largest.size + 1)
        return min(simulated, float(2.0 * self.size * ndtr(-statistic)), 1.0)

    def critical(self, alpha: float) -> float:
        """Return the value that the largest of the family exceeds with chance `alpha`."""
        return float(np.quantile(self.largest, 1.0 - alpha))


@lru_cache(maxsize=8)
def _noise(count: int) -> Array:
    return np.random.default_rng(FAMILY_SEED).standard_normal((FAMILY_DRAWS, count))
