"""Naming the claim that is wrong: only when it stands out of its family and no other claim explains the misfit as well."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eslabon.evidence.reconcile.fit import Fit, fit, relinearised
from eslabon.evidence.reconcile.network import Network
from eslabon.evidence.reconcile.snooping import Family, checks_of, rival_statistic
from eslabon.evidence.reconcile.wls import rank, tail

ALPHA = 0.05
"""Level of a diagnosis: the chance that clean claims are accused at all."""
NAMING_SHARES = (0.6, 0.2)
"""Shares of that level, family-wise, at which a first and a second claim of connected evidence are named. What is left covers
the curvature of the balances."""
RIVAL_STATISTIC = 1.959963984540054
"""A rival is ruled out when blaming it alone is itself rejected at 5 %, two-sided."""
SCREENED = 5


@dataclass(frozen=True)
class Accusation:
    """A claim that may be wrong, with what speaks for and against.

    Parameters
    ----------
    claims : tuple of str
        The claim; more than one where claims of one independence group make one piece of evidence.
    statistic : float
        Square root of the fall in chi2 without it: its distance from what all others imply, in standard errors.
    p_family : float
        Chance that the largest such distance among all claims is as large when all claims are right.
    p_before, p_after : float
        Global test with and without it.
    rivals : tuple of str
        Claims that explain the misfit about as well when blamed alone.
    named : bool
        True when `p_family` is at or below the level and there are no rivals.
    """

    claims: tuple[str, ...]
    statistic: float
    p_family: float
    p_before: float
    p_after: float
    rivals: tuple[str, ...]
    named: bool


def accusations(network: Network, alpha: float = ALPHA) -> tuple[Accusation, ...]:
    """Return the accused claims, the named ones first, then by statistic.

    Parameters
    ----------
    network : Network
        What to examine.
    alpha : float
        With all claims right, any claim at all is named with at most this chance.

    Returns
    -------
    tuple of Accusation
        Empty when no claim stands out of its family. An accusation with rivals names nobody.
    """
    fitted = fit(network)
    checks = checks_of(fitted)
    family = Family(checks)
    found: list[Accusation] = []
    for members in checks.connected():
        found += _examine(network, {fitted.pieces[i].claims for i in members}, (fitted, family, alpha))
    return tuple(sorted(found, key=lambda a: (not a.named, -a.statistic, a.claims)))


def named(network: Network, alpha: float = ALPHA) -> frozenset[str]:
    """Return the claims that are named as wrong."""
    return frozenset(claim for accusation in accusations(network, alpha) if accusation.named for claim in accusation.claims)


def _examine(network: Network, members: set[tuple[str, ...]], how: tuple[Fit, Family, float]) -> list[Accusation]:
    """Name up to two claims of connected evidence, the second among what is left without the first."""
    fitted, family, alpha = how
    found: list[Accusation] = []
    for share in NAMING_SHARES:
        accused = _accuse(network, members, (fitted, family, share * alpha))
        found += [a for a in accused if a.named or not found]
        if not accused or not accused[0].named:
            break
        network, members = network.without(accused[0].claims), members - {accused[0].claims}
        fitted = fit(network)
        family = Family(checks_of(fitted))
    return found


def _accuse(network: Network, members: set[tuple[str, ...]], how: tuple[Fit, Family, float]) -> list[Accusation]:
    """Return the prime suspect and its rivals, or nothing when nobody stands out."""
    fitted, family, level = how
    checks = checks_of(fitted)
    strength = np.where([piece.claims in members for piece in fitted.pieces], np.abs(checks.standardised), 0.0)
    suspects = [int(i) for i in np.argsort(-strength, kind="stable")[:SCREENED] if strength[i] > 0.0]
    without = {i: fit(network.without(fitted.pieces[i].claims), fitted.x) for i in suspects}
    falls = {i: fitted.chi2 - without[i].chi2 for i in suspects if without[i].converged}
    if not fitted.converged or not falls:
        return []
    prime = max(falls, key=lambda i: falls[i])
    statistic = float(np.sqrt(max(falls[prime], 0.0)))
    if family.p(statistic) > level:
        return []
    rivals = _rivals(fitted, without[prime], prime)
    suspected = [prime, *rivals]
    accused = []
    for i in suspected:
        own = statistic if i == prime else float(np.sqrt(max(falls.get(i, float(strength[i]) ** 2), 0.0)))
        accused.append(_accusation(network, fitted, i, (own, family.p(own), [j for j in suspected if j != i])))
    return accused


def _rivals(fitted: Fit, without: Fit, prime: int) -> list[int]:
    """Return the pieces that could be the only wrong one instead of `prime`, judged at the point fitted without it."""
    at_clean_point = checks_of(relinearised(fitted, without.x))
    statistic = rival_statistic(at_clean_point, prime)
    return [int(j) for j in np.flatnonzero(at_clean_point.checked & (statistic < RIVAL_STATISTIC)) if j != prime]


def _accusation(network: Network, fitted: Fit, piece: int, what: tuple[float, float, list[int]]) -> Accusation:
    statistic, p_family, rivals = what
    claims = fitted.pieces[piece].claims
    after = fit(network.without(claims), fitted.x)
    return Accusation(
        claims=claims,
        statistic=statistic,
        p_family=p_family,
        p_before=_p(fitted),
        p_after=_p(after),
        rivals=tuple(claim for rival in rivals for claim in fitted.pieces[rival].claims),
        named=not rivals,
    )


def _p(fitted: Fit) -> float:
    return tail(fitted.chi2, len(fitted.pieces) - rank(fitted.design(fitted.free)))
