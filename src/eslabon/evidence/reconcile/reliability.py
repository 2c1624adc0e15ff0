"""How large an error in a claim must be before the others can name it: the geometry alone, before any value is looked at."""

from __future__ import annotations

import numpy as np

from eslabon.evidence.reconcile.fit import fit
from eslabon.evidence.reconcile.linearisation import Array
from eslabon.evidence.reconcile.naming import ALPHA, NAMING_SHARES, RIVAL_STATISTIC
from eslabon.evidence.reconcile.network import Network
from eslabon.evidence.reconcile.snooping import UNCHECKED, Checks, Family, checks_of

POWER = 0.95
_POWER_QUANTILE = 1.6448536269514722


def smallest_named_error(checks: Checks, critical: float) -> Array:
    """Return the error in each piece of evidence that is named with 95 % chance.

    Parameters
    ----------
    checks : Checks
        How the pieces check one another.
    critical : float
        Family-wise critical value of the largest standardised residual.

    Returns
    -------
    (piece,) float64
        In the piece's standard errors; infinite where nobody checks it, or where a rival can never be told apart from it.

    Notes
    -----
    Equation: an error of d standard errors gives a standardised residual of mean d √r and variance 1 - r (r the redundancy
    number, the others' noise). It exceeds c with 95 % chance from d = (c + 1.645 √(1 - r)) / √r. The same holds for the test
    against each rival j with c = 1.96 and r (1 - ρ_ij²). The largest of these counts.
    Source: Baarda (1968) for the smallest detectable error, Förstner (1983) for the smallest separable one.
    """
    rho = checks.correlation - np.diag(np.diag(checks.correlation))
    against_rivals = checks.redundancy[:, None] * np.clip(1.0 - rho**2, 0.0, 1.0)
    worst_rival = np.max(_needed(against_rivals, RIVAL_STATISTIC), axis=1, initial=0.0)
    return np.asarray(np.maximum(_needed(checks.redundancy, critical), worst_rival), dtype=np.float64)


def chance_of_naming(checks: Checks, critical: float, error: float) -> Array:
    """Return the chance that an error of so many standard errors lifts each piece above the family-wise critical value.

    Parameters
    ----------
    checks : Checks
        How the pieces check one another.
    critical : float
        Family-wise critical value of the largest standardised residual.
    error : float
        In the piece's standard errors; the piece has no other error, as in a planted one.

    Returns
    -------
    (piece,) float64
        An upper bound of the chance of naming it, because rivals are left out; 0 where nobody checks it.
    """
    from scipy.special import ndtr

    r = checks.redundancy
    noise = np.sqrt(np.maximum(1.0 - r, 1e-12))
    return np.asarray(np.where(checks.checked, ndtr((error * np.sqrt(r) - critical) / noise), 0.0), dtype=np.float64)


def reliability(network: Network, alpha: float = ALPHA) -> dict[str, float]:
    """Return for each claim the smallest error that would be named, in its standard errors; infinite where none would.

    Parameters
    ----------
    network : Network
        What to examine. Claims of one group on one quantity share their figure.
    alpha : float
        Level of a diagnosis; a first claim is named at 0.6 of it, family-wise.
    """
    fitted = fit(network)
    checks = checks_of(fitted)
    smallest = smallest_named_error(checks, Family(checks).critical(NAMING_SHARES[0] * alpha))
    return {claim: float(smallest[i]) for i, piece in enumerate(fitted.pieces) for claim in piece.claims}


def _needed(redundancy: Array, critical: float) -> Array:
    shown = np.where(redundancy > UNCHECKED, redundancy, 1.0)
    needed = (critical + _POWER_QUANTILE * np.sqrt(1.0 - shown)) / np.sqrt(shown)
    return np.asarray(np.where(redundancy > UNCHECKED, needed, np.inf), dtype=np.float64)
