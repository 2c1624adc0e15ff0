"""Reconciling a place and a year: adjusted values, what cannot hold together, and the verdict on each contested claim."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from eslabon.errors import InputError, nearest
from eslabon.evidence.claims import Ledger
from eslabon.evidence.reconcile.arithmetic import Requirement, requirements
from eslabon.evidence.reconcile.asprinted import contradictions
from eslabon.evidence.reconcile.chain import ASSUMPTION, Chain, build_chain
from eslabon.evidence.reconcile.components import components
from eslabon.evidence.reconcile.conflicts import Conflict, diagnose
from eslabon.evidence.reconcile.explain import candidates_between, candidates_for
from eslabon.evidence.reconcile.findings import Candidate, Finding, distinct
from eslabon.evidence.reconcile.fit import fit
from eslabon.evidence.reconcile.needed import Need, required
from eslabon.evidence.reconcile.network import Measurement, Network
from eslabon.evidence.reconcile.readings import DEFINITIONS, Reading
from eslabon.evidence.reconcile.wls import Adjustment, adjust
from eslabon.study.reconciliation_rows import document, flat_rows
from eslabon.study.weighing import Agreement, Scale, agreement, near_range

if TYPE_CHECKING:
    import pandas

    from eslabon.evidence.reconcile.bayes import Posterior

Method = Literal["wls", "bayes", "both"]
METHODS = ("wls", "bayes", "both")
ALPHA = 0.025
"""Level of each of the engine's two tests, of all claims together and of the claim furthest off: together 5 %."""
CONTESTED = 2.576
"""Standard errors from which a contested claim is ruled out by the others: 1 %, two-sided. What is contested is known
beforehand, so each such claim is a question of its own."""
MOST_SETS = 6
"""Smallest sets told beyond those of contested claims; of sets that share more than half, the smallest stands for all."""
MOST_NEEDS, LONGEST_WAY = 4, 3
CHAIN = ("area", "yield", "leaf", "traditional", "illicit", "leaf_per_kg", "product")


@dataclass(frozen=True)
class Verdict:
    """Whether a contested claim can stand beside the claims nobody contests.

    Parameters
    ----------
    reading : Reading
        The claim.
    expected, low, high : float or None
        What the others give, and its 90 % interval, in the reading's unit; None where they do not reach it.
    distance : float or None
        Standard errors between the claim and the others.
    holds : bool or None
        None where nothing can be said.
    against : tuple of str
        Where it does not hold: a smallest set of claims that rules it out.
    arithmetic : tuple of Requirement
        What would have to be true, on printed figures.
    needs : tuple of Need
        The same at adjusted values, for every other variable on the way, the least strained first.
    candidates : tuple of Candidate
        Possible reasons.
    """

    reading: Reading
    expected: float | None
    low: float | None
    high: float | None
    distance: float | None
    holds: bool | None
    against: tuple[str, ...] = ()
    arithmetic: tuple[Requirement, ...] = ()
    needs: tuple[Need, ...] = ()
    candidates: tuple[Candidate, ...] = ()


@dataclass(frozen=True, repr=False)
class Reconciliation:
    """Everything that was found about a place and a year.

    Parameters
    ----------
    chain : Chain
        Variables, claims and balances.
    everything : Agreement
        The test of all claims together.
    adjustment : Adjustment
        Without the claims that were ruled out: the values to use.
    left_out : tuple of str
        Those claims.
    findings : tuple of Finding
        What cannot hold together.
    verdicts : tuple of Verdict
        One a contested claim.
    posterior : Posterior or None
        The Bayesian version, where asked for.
    """

    chain: Chain
    method: Method
    everything: Agreement
    adjustment: Adjustment
    left_out: tuple[str, ...]
    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]
    posterior: Posterior | None = None

    @property
    def consistent(self) -> bool:
        """Whether all claims can hold together."""
        return not self.findings

    def document(self) -> dict[str, Any]:
        """Return everything as plain data."""
        return document(self)

    def table(self) -> pandas.DataFrame:
        """Return one row a claim, with the adjusted value and 90 % interval of what it measures."""
        import pandas

        return pandas.DataFrame(list(flat_rows(self)))

    def __repr__(self) -> str:
        chain = self.chain
        counted = f"{len(chain.readings)} claims, {len(self.findings)} findings"
        ruled_out = ", ".join(self.left_out) or "nothing"
        contested = ", ".join(f"{v.reading.claim.id} {'holds' if v.holds else 'does not hold'}" for v in self.verdicts if v.holds is not None)
        return f"<Reconciliation of {chain.place} {chain.year}: {counted}; ruled out: {ruled_out}; contested: {contested or 'nothing'}>"


def reconcile_place(ledger: Ledger, place: str, year: int, method: str = "wls", seed: int = 0) -> Reconciliation:
    """Reconcile the claims on a place and a year.

    Parameters
    ----------
    ledger : Ledger
    place : str
        As in the ledger, in full or its last part.
    year : int
    method : {"wls", "bayes", "both"}
        Weighted least squares; Bayes, which adds a posterior with a bias of each source; or both.
    seed : int
        Of the sampler.

    Raises
    ------
    InputError
        If nothing is claimed of the place in that year, or the method is unknown.
    """
    if method not in METHODS:
        raise InputError("a method is wls, bayes or both", place="--method", value=method, remedy=nearest(method, METHODS))
    chain = build_chain(ledger, place, year)
    contested = [r for r in chain.readings if r.contested and r.variable not in DEFINITIONS]
    firm = chain.network.without(r.claim.id for r in contested)
    first = _Court(chain, Scale(firm))
    conflicts, named = _examined(chain.network.without(r.claim.id for r in contested if first.rules_out(r)))
    court = _Court(chain, Scale(firm.without(named))) if set(named) & set(firm.claims) else first
    verdicts = [court.verdict(reading) for reading in contested]
    failed = tuple(v.reading.claim.id for v in verdicts if v.holds is False)
    left_out = tuple(dict.fromkeys((*failed, *named)))
    kept = chain.network.without(left_out)
    return Reconciliation(
        chain=chain,
        method=method,  # type: ignore[arg-type]
        everything=agreement(chain.network),
        adjustment=adjust(kept),
        left_out=left_out,
        findings=_findings(chain, verdicts, conflicts),
        verdicts=tuple(verdicts),
        posterior=_posterior(kept, seed) if method != "wls" else None,
    )


class _Court:
    """Each contested claim on its own before the claims that nobody contests."""

    def __init__(self, chain: Chain, scale: Scale) -> None:
        self.chain, self.scale = chain, scale

    def rules_out(self, reading: Reading) -> bool:
        """Return whether the uncontested claims rule one out."""
        return (self.scale.distance(self._measurement(reading)) or 0.0) >= CONTESTED

    def verdict(self, reading: Reading) -> Verdict:
        """Return whether a claim can stand, and what would have to be true."""
        measurement = self._measurement(reading)
        found, apart = self.scale.expected(measurement), self.scale.distance(measurement)
        asked = tuple(requirements(self.chain, reading))
        verdict = Verdict(reading, found.value, found.low, found.high, apart, None if apart is None else apart < CONTESTED, arithmetic=asked)
        if verdict.holds is not False:
            return verdict
        needs = required(self.scale.with_claim(measurement), reading.claim.id).needs
        told = tuple(need for need in needs if _tells(need, reading.place))[:MOST_NEEDS]
        reasons = candidates_for(self.chain, reading, found.low, found.high) if found.low is not None and found.high is not None else ()
        return replace(verdict, against=self.scale.against(measurement, CONTESTED), needs=told, candidates=reasons)

    def _measurement(self, reading: Reading) -> Measurement:
        return self.chain.network.measurement(reading.claim.id)


def _examined(network: Network) -> tuple[list[Conflict], tuple[str, ...]]:
    """Return the smallest contradictions and the claims to blame, part by part of the network."""
    parts = [part for part in components(network) if len(part.measurements) > 1]
    found = [diagnose(part, ALPHA / max(len(parts), 1)) for part in parts]
    named = [claim for diagnosis in found for claim in diagnosis.named if not claim.startswith(ASSUMPTION)]
    return [conflict for diagnosis in found for conflict in diagnosis.conflicts], tuple(named)


def _tells(need: Need, place: str) -> bool:
    """Return whether a need says something: an exact value for a quantity of the chain from field to product, few steps away."""
    key, _, where = need.variable.partition("@")
    near = key in CHAIN and (where == place or key == "leaf_per_kg")
    return near and need.value is not None and need.relation == "exactly" and need.basis != "none" and 0 < len(need.balances) <= LONGEST_WAY


def _findings(chain: Chain, verdicts: Sequence[Verdict], conflicts: Sequence[Conflict]) -> tuple[Finding, ...]:
    found = [_weighed(chain, finding) for finding in contradictions(chain)]
    for verdict in verdicts:
        if verdict.holds is False and not any({verdict.reading.claim.id, *verdict.against} <= set(finding.claims) for finding in found):
            found.append(_of_verdict(verdict))
    told = [frozenset(finding.claims) for finding in found]
    before = len(told)
    for conflict in conflicts:
        claims = frozenset(conflict.claims)
        if len(told) < before + MOST_SETS and not any(2 * len(claims & known) > len(claims) for known in told):
            found.append(_of_conflict(chain, conflict))
            told.append(claims)
    return tuple(found)


def _weighed(chain: Chain, finding: Finding) -> Finding:
    """Return a violated inequality with how far apart its claims are once their errors are weighed."""
    if finding.kind != "inequality":
        return finding
    units = [r.claim.id for r in chain.readings if r.variable in (*DEFINITIONS, "exchange_rate")]
    alone = chain.network.only([*finding.claims, *units])
    rest = chain.network.only([claim for claim in units if claim not in finding.claims])
    return replace(finding, strength=math.sqrt(max(fit(alone).chi2 - fit(rest).chi2, 0.0)))


def _of_verdict(verdict: Verdict) -> Finding:
    reading = verdict.reading
    others = {"expected": verdict.expected or 0.0, "low": verdict.low or 0.0, "high": verdict.high or 0.0}
    numbers: dict[str, float | str] = {"value": reading.value, "accused": reading.claim.id, **others}
    return Finding("set", (reading.claim.id, *verdict.against), reading.name, numbers, verdict.candidates, verdict.distance)


def _of_conflict(chain: Chain, conflict: Conflict) -> Finding:
    readings = [r for r in map(chain.reading, conflict.claims) if r is not None]
    reasons: tuple[Candidate, ...] = ()
    if len(readings) == 2 and readings[0].name == readings[1].name:
        reasons = candidates_between(chain, readings[0], readings[1])
    for reading in readings:
        others = chain.network.only(claim for claim in conflict.claims if claim != reading.claim.id)
        allowed = near_range(others, chain.network.measurement(reading.claim.id).variable)
        reasons += candidates_for(chain, reading, *allowed) if allowed else ()
    breaks = {r.claim.series_break: r.claim.id for r in readings if r.claim.series_break}
    reasons += tuple(Candidate("series_break", (claim,), {"break": label}) for label, claim in breaks.items())
    name = readings[0].name if readings else conflict.claims[0]
    return Finding("set", conflict.claims, name, {"p": conflict.p, "chi2": conflict.chi2}, distinct(reasons), conflict.chi2**0.5)


def _posterior(network: Network, seed: int) -> Posterior:
    from eslabon.evidence.reconcile.bayes import posterior

    return posterior(network, seed=seed)
