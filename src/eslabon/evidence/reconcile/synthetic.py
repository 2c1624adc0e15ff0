"""The study of the method itself: made-up ledgers with known truth, clean and with one planted wrong claim."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from eslabon.errors import InputError
from eslabon.evidence.reconcile.bayes import SOURCE_BIAS_SD, posterior
from eslabon.evidence.reconcile.fit import fit
from eslabon.evidence.reconcile.ledgers import PLANTED_SIGMAS, Ledger, draw_ledger, plant
from eslabon.evidence.reconcile.naming import ALPHA, NAMING_SHARES, named
from eslabon.evidence.reconcile.reliability import chance_of_naming, smallest_named_error
from eslabon.evidence.reconcile.snooping import Family, checks_of
from eslabon.evidence.reconcile.wls import AdjustedVariable, adjust

MOST_LEDGERS = 10_000
CLASSES = (0.0, 0.3, 0.5, 0.7, 0.8, 0.85, 0.9, 0.95, 1.0)
COVERAGE = (0.87, 0.93)
LEAST_NAMED, MOST_FALSE = 0.95, 0.05
_CLEAN, _BIASED = 0, 1

Document = dict[str, object]


@dataclass(frozen=True)
class Planted:
    """One planted wrong claim and what became of it."""

    redundancy: float
    expected: float
    named: bool
    innocent: bool


@dataclass(frozen=True)
class Cover:
    """Whether intervals held the truth, and whether the adjustment gave any."""

    inside: tuple[bool, ...]
    converged: bool


@dataclass(frozen=True)
class Trial:
    """What one ledger shows."""

    cover: Cover
    p: float
    pieces: int
    checkable: float
    false_accusation: bool
    checked: Planted | None
    anyone: Planted


def study(count: int, seed: int = 0, bayes: bool = False) -> Document:
    """Return how well intervals and accusations do on made-up ledgers.

    Parameters
    ----------
    count : int
        Ledgers, 1 to 10,000.
    seed : int
        Ledger i is drawn from (seed, i) alone, so a longer study begins with the ledgers of a shorter one.
    bayes : bool
        Also sample the Bayesian version, on ledgers with biased sources and on the clean ones without a bias term; seconds
        each.

    Returns
    -------
    dict
        Ready for JSON: coverage, accusations on clean and planted ledgers, detection by redundancy class beside what theory
        expects, and the acceptance lines with whether each holds.

    Raises
    ------
    InputError
        If `count` is out of range.
    """
    if not 1 <= count <= MOST_LEDGERS:
        raise InputError(f"the number of ledgers lies between 1 and {MOST_LEDGERS}", place="--synthetic", value=count, remedy="Try 300.")
    trials = [_trial(seed, i) for i in range(count)]
    document: Document = {
        "ledgers": count,
        "seed": seed,
        "alpha": ALPHA,
        "planted_sigmas": PLANTED_SIGMAS,
        "pieces_a_ledger": _mean([t.pieces for t in trials]),
        "least_squares": _coverage([t.cover for t in trials]),
        "clean": {"false_accusations": _mean([t.false_accusation for t in trials]), "global_p_below_alpha": _mean([t.p <= ALPHA for t in trials])},
        "planted_where_others_can_check": _planting([t.checked for t in trials if t.checked]),
        "share_of_claims_that_others_can_check": _mean([t.checkable for t in trials]),
        "planted_anywhere": _planting([t.anyone for t in trials]),
        "by_redundancy": _by_redundancy([t.anyone for t in trials]),
        "bayes": _bayes(count, seed) if bayes else None,
    }
    return {**document, "acceptance": _acceptance(document)}


def _trial(seed: int, i: int) -> Trial:
    rng = np.random.default_rng((seed, _CLEAN, i))
    ledger = draw_ledger(rng)
    adjustment = adjust(ledger.network)
    fitted = fit(ledger.network)
    checks = checks_of(fitted)
    critical = Family(checks).critical(NAMING_SHARES[0] * ALPHA)
    checkable = np.flatnonzero(smallest_named_error(checks, critical) <= PLANTED_SIGMAS)
    chances = chance_of_naming(checks, critical, PLANTED_SIGMAS)

    def planted(candidates: Sequence[int]) -> Planted:
        piece, sign = int(rng.choice(candidates)), float(rng.choice([-1.0, 1.0]))
        guilty = frozenset(fitted.pieces[piece].claims)
        accused = named(plant(ledger, tuple(guilty), sign))
        return Planted(float(checks.redundancy[piece]), float(chances[piece]), guilty <= accused, bool(accused - guilty))

    return Trial(
        cover=_cover(adjustment.variables, ledger, adjustment.converged),
        p=adjustment.p,
        pieces=len(fitted.pieces),
        checkable=checkable.size / len(fitted.pieces),
        false_accusation=bool(named(ledger.network)),
        checked=planted(checkable.tolist()) if checkable.size else None,
        anyone=planted(range(len(fitted.pieces))),
    )


def _cover(variables: Sequence[AdjustedVariable], ledger: Ledger, converged: bool) -> Cover:
    intervals = [(v.low, ledger.truth[v.name], v.high) for v in variables if v.low is not None and v.high is not None]
    return Cover(tuple(low <= truth <= high for low, truth, high in intervals if converged), converged)


def _bayes(count: int, seed: int) -> Document:
    """Return coverage of the Bayesian version on ledgers with biased sources, and on clean ones without its bias term."""
    biased, biased_least_squares, clean = [], [], []
    for i in range(count):
        ledger = draw_ledger(np.random.default_rng((seed, _BIASED, i)), SOURCE_BIAS_SD)
        biased.append(_sampled(ledger, SOURCE_BIAS_SD, i))
        adjustment = adjust(ledger.network)
        biased_least_squares.append(_cover(adjustment.variables, ledger, adjustment.converged))
        clean.append(_sampled(draw_ledger(np.random.default_rng((seed, _CLEAN, i))), 0.0, i))
    return {
        "source_bias_sd": SOURCE_BIAS_SD,
        "biased_sources": _coverage(biased),
        "biased_sources_least_squares": _coverage(biased_least_squares),
        "clean_without_bias_term": _coverage(clean),
    }


def _sampled(ledger: Ledger, bias_sd: float, seed: int) -> Cover:
    sampled = posterior(ledger.network, bias_sd, seed)
    return _cover(sampled.variables, ledger, sampled.converged)


def _coverage(covers: Sequence[Cover]) -> Document:
    """Return the share of intervals that hold the truth, with its standard error over ledgers."""
    used = [c for c in covers if c.inside]
    inside, total = np.array([sum(c.inside) for c in used]), np.array([len(c.inside) for c in used])
    share = float(inside.sum() / total.sum()) if used else None
    error = float(np.sqrt(((inside - share * total) ** 2).sum()) / total.sum()) if share is not None else None
    return {
        "coverage": share,
        "standard_error": error,
        "intervals": int(total.sum()),
        "not_converged": sum(not c.converged for c in covers),
    }


def _planting(planted: Sequence[Planted]) -> Document:
    return {
        "ledgers": len(planted),
        "named": _mean([p.named for p in planted]),
        "expected": _mean([p.expected for p in planted]),
        "innocent_named": _mean([p.innocent for p in planted]),
    }


def _by_redundancy(planted: Sequence[Planted]) -> list[Document]:
    rows: list[Document] = []
    for low, high in pairwise(CLASSES):
        inside = [p for p in planted if low <= p.redundancy < high or (high == 1.0 and p.redundancy >= 1.0)]
        rows.append({"from": low, "to": high, **_planting(inside)})
    return rows


def _acceptance(document: Document) -> list[Document]:
    least_squares, clean, planted = (document[key] for key in ("least_squares", "clean", "planted_where_others_can_check"))
    assert isinstance(least_squares, dict) and isinstance(clean, dict) and isinstance(planted, dict)
    lines = [
        _line("coverage of 90 % intervals, least squares", least_squares["coverage"], COVERAGE),
        _line("planted wrong claim that others can check is named", planted["named"], (LEAST_NAMED, 1.0)),
        _line("false accusation, clean ledgers", clean["false_accusations"], (0.0, MOST_FALSE)),
        _line("innocent claim named, planted ledgers", planted["innocent_named"], (0.0, MOST_FALSE)),
    ]
    bayes = document["bayes"]
    if isinstance(bayes, dict):
        lines += [
            _line("coverage of 90 % intervals, Bayesian, biased sources", bayes["biased_sources"]["coverage"], COVERAGE),
            _line("coverage of 90 % intervals, Bayesian, clean", bayes["clean_without_bias_term"]["coverage"], COVERAGE),
        ]
    return lines


def _line(what: str, value: float | None, between: tuple[float, float]) -> Document:
    low, high = between
    return {"line": what, "value": value, "low": low, "high": high, "holds": None if value is None else low <= value <= high}


def _mean(values: Sequence[float]) -> float | None:
    return float(np.mean(values)) if len(values) else None
