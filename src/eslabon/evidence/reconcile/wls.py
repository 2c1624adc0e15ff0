"""Weighted least squares: adjusted values with intervals, residuals, redundancy and the global test."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from eslabon.errors import InputError, nearest
from eslabon.evidence.reconcile.fit import RANK_TOLERANCE, Fit, fit
from eslabon.evidence.reconcile.linearisation import Array
from eslabon.evidence.reconcile.network import Network, Variable
from eslabon.evidence.reconcile.profile import STIFFEST, profile_end, vanishing

INTERVAL = 0.90
_HALF_WIDTH = 1.6448536269514722
BENT = 0.1
"""From this standard error on, an unmeasured quantity on the log scale gets a profile-likelihood interval."""
REDUNDANCY_FLOOR = 1e-6
"""Below this redundancy number nobody can check a claim, and its standardised residual means nothing."""

Status = Literal["converged", "not_converged"]


@dataclass(frozen=True)
class AdjustedVariable:
    """A variable after reconciliation.

    Parameters
    ----------
    name, unit : str
        As in the network.
    value, low, high : float or None
        Best value and its 90 % interval, in `unit`; None where the claims and balances do not determine it.
    sigma : float or None
        Standard error on the variable's scale; None where the best value is nothing.
    observable, measured : bool
        Whether claims and balances determine it; whether a claim says so directly.
    """

    name: str
    unit: str
    value: float | None
    low: float | None
    high: float | None
    sigma: float | None
    observable: bool
    measured: bool


@dataclass(frozen=True)
class Residual:
    """What reconciliation does to one claim.

    Parameters
    ----------
    claim, variable, group : str
        As in the network.
    value, adjusted : float
        The claim and its variable's adjusted value, in the variable's unit.
    residual : float
        Claim minus adjusted value on the variable's scale.
    standardised : float or None
        `residual` in standard errors of itself (standard normal where all claims are right); None where nobody checks it.
    redundancy : float
        0 to 1: the part of an error in the claim that shows in its residual. 0: nobody can check it.
    counted_with : tuple of str
        Other claims that make one piece of evidence with it. Redundancies add up to the degrees of freedom over pieces.
    """

    claim: str
    variable: str
    group: str
    value: float
    adjusted: float
    residual: float
    standardised: float | None
    redundancy: float
    counted_with: tuple[str, ...]


@dataclass(frozen=True)
class Adjustment:
    """A reconciled network.

    Parameters
    ----------
    variables : tuple of AdjustedVariable
        In the network's order.
    residuals : tuple of Residual
        One a claim, in the network's order.
    chi2, p : float
        Weighted sum of squared residuals, and the chance of one as large if all claims are right. p is 1 without redundancy.
    degrees_of_freedom : int
        Pieces of evidence that others check; an active inequality counts as one.
    active : tuple of str
        Inequality balances and bounds (``bound:NAME:high``) that hold with equality and push back.
    status : {"converged", "not_converged"}
        Not converged: no point was found that satisfies all balances. The values must then not be used.
    """

    variables: tuple[AdjustedVariable, ...]
    residuals: tuple[Residual, ...]
    chi2: float
    degrees_of_freedom: int
    p: float
    active: tuple[str, ...]
    status: Status
    iterations: int

    @property
    def converged(self) -> bool:
        """Whether the values may be used."""
        return self.status == "converged"

    def variable(self, name: str) -> AdjustedVariable:
        """Return the adjusted variable of that name.

        Raises
        ------
        InputError
            If there is none.
        """
        for variable in self.variables:
            if variable.name == name:
                return variable
        raise InputError("no such variable", place="variable", value=name, remedy=nearest(name, (v.name for v in self.variables)))

    def residual(self, claim: str) -> Residual:
        """Return the residual of a claim.

        Raises
        ------
        InputError
            If there is none.
        """
        for residual in self.residuals:
            if residual.claim == claim:
                return residual
        raise InputError("no such claim", place="claim", value=claim, remedy=nearest(claim, (r.claim for r in self.residuals)))


def adjust(network: Network) -> Adjustment:
    """Reconcile a network by weighted least squares with its balances as constraints.

    Parameters
    ----------
    network : Network
        Variables, claims and balances. Claims of one independence group on one variable count as one piece of evidence.

    Returns
    -------
    Adjustment
        Adjusted values with 90 % intervals, residuals and the global test. Intervals come from the equality balances alone, so
        an active inequality moves a value but does not make it look surer. A quantity that nobody measured and that the
        others determine within 10 % or worse has an interval from its profile likelihood, down to its bound where 0 is not
        excluded. Where its best value is nothing, value and low end are its bound. Without an upper end it is not observable.

    Notes
    -----
    Equation: with D the pieces' slopes along the free directions N in standard errors, cov(x) = N (DᵀD)⁺ Nᵀ,
    redundancy r = 1 - cov(x)_vv / sigma², standardised residual = residual / (sigma √r), degrees of freedom = pieces - rank D.
    """
    fitted = fit(network)
    degrees = len(fitted.pieces) - rank(fitted.design(fitted.free))
    return Adjustment(
        variables=_variables(network, fitted),
        residuals=_residuals(network, fitted),
        chi2=fitted.chi2,
        degrees_of_freedom=degrees,
        p=tail(fitted.chi2, degrees),
        active=fitted.active,
        status="converged" if fitted.converged else "not_converged",
        iterations=fitted.iterations,
    )


def tail(chi2: float, degrees: int) -> float:
    """Return the chance that chi-square with so many degrees of freedom is at least `chi2`; 1 without any."""
    from scipy.special import chdtrc

    return float(chdtrc(degrees, chi2)) if degrees > 0 else 1.0


def rank(design: Array) -> int:
    """Return the number of directions that the pieces of evidence determine."""
    singular = np.linalg.svd(design, compute_uv=False) if design.size else np.zeros(0)
    return int((singular > RANK_TOLERANCE * max(float(singular.max(initial=0.0)), 1.0)).sum())


def covariance(fitted: Fit, directions: Array) -> tuple[Array, Array]:
    """Return the covariance of the adjusted values on their scales, and which variables are determined.

    Parameters
    ----------
    fitted : Fit
        A fitted point.
    directions : (variable, direction) float64
        `fitted.free` (active inequalities held) or `fitted.open` (equalities alone).

    Returns
    -------
    (variable, variable) float64, (variable,) bool
    """
    if not directions.size:
        return np.zeros((fitted.x.size,) * 2), np.ones(fitted.x.size, dtype=bool)
    _, singular, right = np.linalg.svd(fitted.design(directions)) if fitted.pieces else (None, np.zeros(0), np.eye(directions.shape[1]))
    known = int((singular > RANK_TOLERANCE * max(float(singular.max(initial=0.0)), 1.0)).sum())
    root = directions @ (right[:known].T / singular[:known]) * fitted.unit[:, None]
    undetermined = np.linalg.norm(directions @ right[known:].T, axis=1)
    return root @ root.T, undetermined < 1e-6


def _variables(network: Network, fitted: Fit) -> tuple[AdjustedVariable, ...]:
    spread, determined = covariance(fitted, fitted.open)
    measured = {piece.variable for piece in fitted.pieces}
    found = []
    for i, v in enumerate(network.variables):
        sigma = float(np.sqrt(spread[i, i]))
        ends = _ends(network, fitted, v, (sigma, bool(determined[i])))
        if ends is None:
            found.append(AdjustedVariable(v.name, v.unit, None, None, None, None, False, v.name in measured))
        else:
            found.append(AdjustedVariable(v.name, v.unit, *ends, None if ends[0] == ends[1] else sigma, True, v.name in measured))
    return tuple(found)


def _ends(network: Network, fitted: Fit, variable: Variable, tangent: tuple[float, bool]) -> tuple[float, float, float] | None:
    """Return value and interval in natural units: from the tangent where that is straight enough, else from the profile."""
    sigma, determined = tangent
    x = float(fitted.x[fitted.relations.position[variable.name]])
    measured = any(piece.variable == variable.name for piece in fitted.pieces)
    start = vanishing(fitted, variable.name) if not measured and variable.scale == "log" and fitted.converged else None
    if start is not None:
        high = profile_end(network, fitted, variable.name, (start, STIFFEST, _HALF_WIDTH))
        return (variable.low, variable.low, variable.natural(high)) if math.isfinite(high) else None
    if not determined:
        return None
    if measured or variable.scale == "linear" or sigma < BENT or not fitted.converged:
        low, high = x - _HALF_WIDTH * sigma, x + _HALF_WIDTH * sigma
    else:
        low, high = (profile_end(network, fitted, variable.name, (x, sigma, k)) for k in (-_HALF_WIDTH, _HALF_WIDTH))
    if not math.isfinite(high):
        return None
    return variable.natural(x), variable.natural(low) if math.isfinite(low) else variable.low, variable.natural(high)


def _residuals(network: Network, fitted: Fit) -> tuple[Residual, ...]:
    spread, _ = covariance(fitted, fitted.free)
    of_claim = {}
    for piece, i in zip(fitted.pieces, fitted.where, strict=True):
        redundancy = min(max(1.0 - float(spread[i, i]) / piece.sigma**2, 0.0), 1.0)
        for claim in piece.claims:
            of_claim[claim] = (piece, int(i), redundancy if redundancy > REDUNDANCY_FLOOR else 0.0)
    found = []
    for measurement in network.measurements:
        piece, i, redundancy = of_claim[measurement.claim]
        variable = network.variables[i]
        residual = variable.scaled(measurement.value) - float(fitted.x[i])
        found.append(
            Residual(
                claim=measurement.claim,
                variable=measurement.variable,
                group=measurement.group,
                value=measurement.value,
                adjusted=variable.natural(float(fitted.x[i])),
                residual=residual,
                standardised=residual / (piece.sigma * float(np.sqrt(redundancy))) if redundancy > 0.0 else None,
                redundancy=redundancy,
                counted_with=tuple(claim for claim in piece.claims if claim != measurement.claim),
            )
        )
    return tuple(found)
