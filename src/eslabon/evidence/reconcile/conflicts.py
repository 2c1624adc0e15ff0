"""Which claims cannot hold together, and which removal makes peace."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np

from eslabon.errors import InputError
from eslabon.evidence.reconcile.contradictions import broken_inequalities, quarrels_within_groups
from eslabon.evidence.reconcile.fit import Fit, binding, fit
from eslabon.evidence.reconcile.linearisation import Array
from eslabon.evidence.reconcile.minimal_sets import minimal_sets
from eslabon.evidence.reconcile.naming import ALPHA, Accusation, accusations
from eslabon.evidence.reconcile.network import Network
from eslabon.evidence.reconcile.snooping import Checks, Family, checks_of
from eslabon.evidence.reconcile.wls import Status, tail

ConflictKind = Literal["balance", "inequality", "same_quantity", "within_group"]
MOST_CONFLICTS = 20
MOST_REMOVALS = 8
MOST_GREEDY = 8


@dataclass(frozen=True)
class Conflict:
    """A smallest set of claims that cannot all hold.

    Parameters
    ----------
    claims : tuple of str
        With the balances they are rejected; every proper subset is not.
    kind : {"balance", "inequality", "same_quantity", "within_group"}
        They clash through equality balances; an inequality is among them; they say different things of one quantity; or they
        do so within one independence group, where figures should be copies of each other.
    balances : tuple of str
        Balances, inequalities and bounds through which they clash.
    chi2, p : float
        Test of the set alone.
    degrees_of_freedom : int
    """

    claims: tuple[str, ...]
    kind: ConflictKind
    balances: tuple[str, ...]
    chi2: float
    degrees_of_freedom: int
    p: float


@dataclass(frozen=True)
class Removal:
    """Claims whose removal restores consistency.

    Parameters
    ----------
    claims : tuple of str
        One or two pieces of evidence; more only where no two suffice.
    p_before, p_after : float
        Global test with and without them.
    """

    claims: tuple[str, ...]
    p_before: float
    p_after: float


@dataclass(frozen=True)
class Diagnosis:
    """What is wrong with a network, if anything.

    Parameters
    ----------
    alpha : float
        Level of the global and of the family-wise test.
    set_level : float
        Level of each set of claims: that of one claim in the family-wise test, or alpha where no set is rejected there.
    consistent : bool
        Neither test rejects, and no claims of one group contradict each other.
    status : {"converged", "not_converged"}
        Not converged: balances and bounds leave no point, whatever the claims say; nothing else is then worked out.
    chi2, p : float
        Global test; `p` is 1 when no claim checks another.
    p_family : float
        Family-wise test of the largest standardised residual.
    conflicts : tuple of Conflict
        Smallest first.
    removals : tuple of Removal
        Best first.
    accused : tuple of Accusation
        Ranked; see `named`.
    """

    alpha: float
    set_level: float
    consistent: bool
    status: Status
    chi2: float
    degrees_of_freedom: int
    p: float
    p_family: float
    conflicts: tuple[Conflict, ...]
    removals: tuple[Removal, ...]
    accused: tuple[Accusation, ...]

    @property
    def named(self) -> tuple[str, ...]:
        """Claims named as wrong."""
        return tuple(claim for accusation in self.accused if accusation.named for claim in accusation.claims)


def conflicts(network: Network, alpha: float = ALPHA) -> tuple[Conflict, ...]:
    """Return the smallest sets of claims that cannot hold together; see `diagnose`."""
    return diagnose(network, alpha).conflicts


def diagnose(network: Network, alpha: float = ALPHA) -> Diagnosis:
    """Test a network, find the smallest contradictions, the removals that resolve them, and the claims to blame.

    Parameters
    ----------
    network : Network
        What to examine.
    alpha : float
        Level of the global chi-square test and of the family-wise test of the largest standardised residual.

    Returns
    -------
    Diagnosis

    Raises
    ------
    InputError
        If alpha is not between 0 and 0.5.
    """
    if not 0.0 < alpha < 0.5:
        raise InputError("a level lies between 0 and 0.5", place="alpha", value=alpha, remedy="Try 0.05.")
    fitted = fit(network)
    checks = checks_of(fitted)
    family = Family(checks)
    p, p_family = tail(fitted.chi2, checks.degrees), family.p(float(np.abs(checks.standardised).max(initial=0.0)))
    level = _set_level(family, alpha)
    within = _within_groups(network, alpha)
    shut = broken_inequalities(network, level)
    if not fitted.converged:
        return Diagnosis(alpha, level, False, "not_converged", fitted.chi2, checks.degrees, p, p_family, tuple(within), (), ())
    rejected = p <= alpha or p_family <= alpha
    found = _sets(network, (fitted, checks), shut, level) if rejected or shut else []
    if rejected and not found:
        level = alpha
        found = _sets(network, (fitted, checks), shut, level)
    return Diagnosis(
        alpha=alpha,
        set_level=level,
        consistent=not (rejected or within or found),
        status="converged",
        chi2=fitted.chi2,
        degrees_of_freedom=checks.degrees,
        p=p,
        p_family=p_family,
        conflicts=tuple(sorted((*within, *found), key=lambda c: (len(c.claims), c.p, c.claims))[:MOST_CONFLICTS]),
        removals=_removals(network, (fitted, checks), alpha) if p <= alpha else (),
        accused=accusations(network, alpha),
    )


def _set_level(family: Family, alpha: float) -> float:
    """Return the level of one test with which the largest of the family is tested at alpha."""
    from scipy.special import ndtr

    return min(alpha, float(2.0 * ndtr(-family.critical(alpha)))) if family.size else alpha


def _within_groups(network: Network, alpha: float) -> list[Conflict]:
    quarrels = quarrels_within_groups(network, alpha)
    return [Conflict(claims, "within_group", (), chi2, 1, tail(chi2, 1)) for claims, chi2 in quarrels]


def _sets(network: Network, at: tuple[Fit, Checks], shut: tuple[tuple[str, ...], ...], level: float) -> list[Conflict]:
    """Confirm candidate sets on the balances themselves, not on their tangents."""
    fitted, checks = at
    searched = [tuple(claim for i in sorted(pieces) for claim in fitted.pieces[i].claims) for pieces in minimal_sets(checks, level)]
    found: dict[frozenset[str], Conflict] = {}
    for claims in (*shut, *searched):
        if len(found) < MOST_CONFLICTS and frozenset(claims) not in found:
            conflict = _confirmed(network, claims, (level, fitted.x))
            if conflict is not None:
                found[frozenset(conflict.claims)] = conflict
    return list(found.values())


def _confirmed(network: Network, claims: tuple[str, ...], how: tuple[float, Array]) -> Conflict | None:
    """Return the smallest rejected set inside `claims`, or nothing when the claims can hold together after all."""
    level, start = how
    test = _test(network.only(claims), start)
    if test.p > level:
        return None
    for piece in test.fitted.pieces:
        fewer = tuple(claim for claim in claims if claim not in piece.claims)
        if _test(network.only(fewer), test.fitted.x).p <= level:
            return _confirmed(network, fewer, (level, start))
    order = {claim: i for i, claim in enumerate(network.claims)}
    through = binding(test.fitted)
    return Conflict(tuple(sorted(claims, key=order.__getitem__)), _kind(network, through), through, test.fitted.chi2, test.degrees, test.p)


def _kind(network: Network, through: tuple[str, ...]) -> ConflictKind:
    equalities = {balance.id for balance in network.balances if balance.kind != "at_most"}
    if not through:
        return "same_quantity"
    return "balance" if set(through) <= equalities else "inequality"


@dataclass(frozen=True)
class _Test:
    fitted: Fit
    degrees: int
    p: float


def _test(network: Network, start: Array | None = None) -> _Test:
    fitted = fit(network, start)
    degrees = checks_of(fitted).degrees
    return _Test(fitted, degrees, tail(fitted.chi2, degrees))


def _removals(network: Network, at: tuple[Fit, Checks], alpha: float) -> tuple[Removal, ...]:
    """Return single pieces, else pairs, else the shortest greedy list, whose removal restores consistency."""
    fitted, checks = at
    before = tail(fitted.chi2, checks.degrees)
    for size in (1, 2):
        promising = []
        for pieces in combinations(np.flatnonzero(checks.checked).tolist(), size):
            rest = checks
            for piece in pieces:
                rest = rest.without(piece)
            promising.append((tail(rest.chi2, rest.degrees), pieces))
        promising = sorted(promising, key=lambda one: (-one[0], one[1]))[:MOST_REMOVALS]
        found = [_removal(network, fitted, pieces, before) for _, pieces in promising]
        found = sorted((removal for removal in found if removal.p_after > alpha), key=lambda removal: -removal.p_after)
        if found:
            return tuple(found)
    return _greedy(network, (fitted, checks), alpha)


def _removal(network: Network, fitted: Fit, pieces: tuple[int, ...], before: float) -> Removal:
    claims = tuple(claim for i in pieces for claim in fitted.pieces[i].claims)
    return Removal(claims, before, _test(network.without(claims), fitted.x).p)


def _greedy(network: Network, at: tuple[Fit, Checks], alpha: float) -> tuple[Removal, ...]:
    """Take out the piece with the largest standardised residual until the rest is consistent."""
    fitted, checks = at
    before = tail(fitted.chi2, checks.degrees)
    gone: list[str] = []
    while len(gone) < MOST_GREEDY and checks.degrees > 0:
        worst = fitted.pieces[int(np.abs(checks.standardised).argmax())]
        gone += worst.claims
        test = _test(network.without(gone), fitted.x)
        if test.p > alpha:
            return (Removal(tuple(gone), before, test.p),)
        fitted, checks = test.fitted, checks_of(test.fitted)
    return ()
