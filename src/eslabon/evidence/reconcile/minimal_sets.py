"""Smallest sets of pieces of evidence that cannot hold together, by removing pieces one and two at a time."""

from __future__ import annotations

from itertools import combinations

import numpy as np

from eslabon.evidence.reconcile.snooping import Checks
from eslabon.evidence.reconcile.wls import tail

MAX_REMOVED = 2
EXHAUSTIVE = 8
LARGEST = 8
"""Larger sets explain nothing to a reader; the whole chain from area to exports has a dozen quantities."""
MOST_SETS = 60

PieceSet = frozenset[int]


def minimal_sets(checks: Checks, level: float) -> tuple[PieceSet, ...]:
    """Return minimal rejected sets of pieces, smallest first.

    Parameters
    ----------
    checks : Checks
        All pieces.
    level : float
        A set is rejected when the chi-square test of the set and the balances gives a p at or below it.

    Returns
    -------
    tuple of frozenset of int
        Positions of pieces. Each set is rejected and none of its proper subsets is (all are tried up to eight pieces, beyond
        that those with one piece less), has at most eight pieces, and hangs together: small misfits that have nothing to do
        with each other make no set. Found by taking out none, one and two pieces and shrinking what remains: a network may
        hold more.
    """
    found: dict[PieceSet, float] = {}
    waiting: list[PieceSet] = [frozenset()]
    seen: set[PieceSet] = set()
    while waiting and len(found) < MOST_SETS:
        removed = waiting.pop(0)
        if removed in seen:
            continue
        seen.add(removed)
        remaining = _descended(_without(checks, removed), level)
        if remaining is None:
            continue
        smallest = _shrunk(remaining, level)
        alone = _only(checks, smallest)
        if len(smallest) <= LARGEST and len(alone.connected()) == 1:
            found[smallest] = tail(alone.chi2, alone.degrees)
        if len(removed) < MAX_REMOVED:
            waiting += [removed | {piece} for piece in sorted(smallest)]
    return tuple(sorted(found, key=lambda pieces: (len(pieces), found[pieces], sorted(pieces))))


def _rejected(checks: Checks, level: float) -> bool:
    return tail(checks.chi2, checks.degrees) <= level


def _without(checks: Checks, pieces: PieceSet) -> Checks:
    for piece in sorted(pieces):
        checks = checks.without(piece)
    return checks


def _only(checks: Checks, pieces: PieceSet) -> Checks:
    return _without(checks, frozenset(range(checks.residual.size)) - pieces)


def _descended(checks: Checks, level: float) -> Checks | None:
    """Take out pieces that hide a contradiction, until what remains is rejected; nothing when it never is.

    Many good pieces dilute a chi-square test. The piece whose absence makes the rest look worst goes first.
    """
    while not _rejected(checks, level):
        if checks.degrees <= 1:
            return None
        trials = [checks.without(int(piece)) for piece in np.flatnonzero(checks.checked)]
        checks = min(trials, key=lambda trial: tail(trial.chi2, trial.degrees))
    return checks


def _shrunk(checks: Checks, level: float) -> PieceSet:
    """Take out pieces, least misfit first, as long as what remains is rejected."""
    kept = [int(piece) for piece in np.argsort(np.abs(checks.standardised), kind="stable") if checks.redundancy[piece] > 0.0]
    again = True
    while again:
        again = False
        for piece in tuple(kept):
            trial = checks.without(piece)
            if trial is checks or _rejected(trial, level):
                checks, again = trial, True
                kept.remove(piece)
    return _smallest_inside(checks, frozenset(kept), level)


def _smallest_inside(checks: Checks, pieces: PieceSet, level: float) -> PieceSet:
    """Return the smallest rejected subset of a small set: a test can reject a part and not the whole."""
    if len(pieces) <= EXHAUSTIVE:
        for size in range(2, len(pieces)):
            for subset in combinations(sorted(pieces), size):
                if _rejected(_without(checks, pieces - frozenset(subset)), level):
                    return frozenset(subset)
    return pieces
