"""A reconciliation as rows and as a document: plain data for tables, files and pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from eslabon.evidence.reconcile.chain import measured_name, unit_of
from eslabon.evidence.reconcile.readings import Reading, named

if TYPE_CHECKING:
    from eslabon.evidence.reconcile.arithmetic import Requirement
    from eslabon.evidence.reconcile.findings import Candidate, Finding
    from eslabon.evidence.reconcile.wls import AdjustedVariable
    from eslabon.study.reconciliation import Reconciliation, Verdict

ORDER = (
    "area", "area_share", "area_growth", "previous_area", "yield", "harvests", "leaf", "leaf_share", "traditional", "traditional_share", "legal",
    "legal_share", "lost", "illicit", "leaf_per_kg", "product", "product_share", "seized", "seized_hcl", "seized_base", "leaf_price", "leaf_cost",
    "leaf_value", "base_price", "product_price", "exchange_rate", "arroba", "us_area", "us_pure", "us_export", "same_traditional_share",
)  # fmt: skip


@dataclass(frozen=True)
class ClaimRow:
    """A claim beside the adjusted value of what it measures.

    Parameters
    ----------
    reading : Reading
    adjusted : float or None
        Adjusted value in the reading's unit.
    percent : float or None
        How far the claim lies from it, in percent of it.
    ruled_out : bool
        Left out of the adjustment because it cannot hold with the others.
    """

    reading: Reading
    adjusted: float | None
    percent: float | None
    ruled_out: bool


@dataclass(frozen=True)
class VariableRow:
    """A variable at a place: what is claimed of it, and its adjusted value with a 90 % interval, in `unit`."""

    key: str
    place: str
    unit: str
    adjusted: float | None
    low: float | None
    high: float | None
    claims: tuple[ClaimRow, ...]
    derived: tuple[Reading, ...]
    posterior: tuple[float, float, float] | None = None


def variable_rows(found: Reconciliation) -> list[VariableRow]:
    """Return the variables of the asked place first, then of its nation and other places, in the order of the chain."""
    names = {variable.name for variable in found.chain.network.variables}
    places = found.chain.places
    plain = [name for name in names if ":" not in name and "[" not in name]
    plain += [reading.name for reading in found.chain.readings if reading.name not in names]
    ordered = sorted(dict.fromkeys(plain), key=lambda n: (places.index(n.partition("@")[2]), ORDER.index(n.partition("@")[0])))
    return [_row(found, name) for name in ordered]


def _row(found: Reconciliation, name: str) -> VariableRow:
    key, _, place = name.partition("@")
    adjusted = adjusted_variable(found, name)
    claims = tuple(_claim_row(found, reading) for reading in found.chain.readings if reading.name == name)
    derived = tuple(reading for reading in found.chain.derived if reading.name == name)
    value, low, high = (adjusted.value, adjusted.low, adjusted.high) if adjusted else (None, None, None)
    return VariableRow(key, place, unit_of(key), value, low, high, claims, derived, _posterior(found, name))


def adjusted_variable(found: Reconciliation, name: str) -> AdjustedVariable | None:
    """Return the adjusted variable of that name where the network has it and the values may be used."""
    if not found.adjustment.converged:
        return None
    return next((v for v in found.adjustment.variables if v.name == name), None)


def _posterior(found: Reconciliation, name: str) -> tuple[float, float, float] | None:
    if found.posterior is None or not found.posterior.converged:
        return None
    for variable in found.posterior.variables:
        if variable.name == name and variable.value is not None and variable.low is not None and variable.high is not None:
            return variable.value, variable.low, variable.high
    return None


def _claim_row(found: Reconciliation, reading: Reading) -> ClaimRow:
    adjusted = adjusted_variable(found, measured_name(reading))
    value = adjusted.value if adjusted else None
    percent = 100 * (reading.value / value - 1) if value else None
    return ClaimRow(reading, value, percent, reading.claim.id in found.left_out)


def document(found: Reconciliation) -> dict[str, Any]:
    """Return everything as plain data: JSON without loss."""
    chain = found.chain
    return {
        "place": chain.place,
        "nation": chain.nation,
        "year": chain.year,
        "method": found.method,
        "consistent": found.consistent,
        "test": {"all_claims": _test(found.everything), "kept_claims": _test(found.adjustment)},
        "ruled_out": list(found.left_out),
        "assumed": list(chain.assumptions),
        "variables": [_variable(row, found) for row in variable_rows(found)],
        "findings": [_finding(finding) for finding in found.findings],
        "contested": [_verdict(verdict) for verdict in found.verdicts],
        "not_comparable": [_reading(reading) for reading in chain.idle],
        "bayes": _bayes(found),
    }


def flat_rows(found: Reconciliation) -> Iterator[dict[str, Any]]:
    """Yield one flat row a claim, and one a variable without claims, for a spreadsheet."""
    for row in variable_rows(found):
        head = {"variable": row.key, "place": row.place, "year": found.chain.year}
        tail = {"adjusted": row.adjusted, "low": row.low, "high": row.high, "adjusted_unit": row.unit}
        for claim in row.claims:
            yield {**head, **_claim(claim, found), **tail}
        if not row.claims:
            yield {**head, **dict.fromkeys(CLAIM_CELLS), **tail}


CLAIM_CELLS = ("claim", "value", "unit", "bound", "source", "publisher", "grade", "contested", "carried_years", "difference_percent", "ruled_out")


def _claim(row: ClaimRow, found: Reconciliation) -> dict[str, Any]:
    reading, source = row.reading, found.chain.sources.get(row.reading.claim.source_id)
    values = (
        reading.claim.id, reading.value, reading.unit, reading.bound or reading.claim.bound_type, source.title if source else "",
        source.publisher if source else "", reading.claim.grade, reading.contested, reading.carried, row.percent, row.ruled_out,
    )  # fmt: skip
    return dict(zip(CLAIM_CELLS, values, strict=True))


def _variable(row: VariableRow, found: Reconciliation) -> dict[str, Any]:
    return {
        "variable": row.key,
        "place": row.place,
        "unit": row.unit,
        "adjusted": row.adjusted,
        "low": row.low,
        "high": row.high,
        "bayes": list(row.posterior) if row.posterior else None,
        "claims": [_claim(claim, found) for claim in row.claims],
        "derived": [_reading(reading) for reading in row.derived],
    }


def _reading(reading: Reading) -> dict[str, Any]:
    return {"claim": reading.claim.id, "variable": named(reading.variable, reading.place), "value": reading.value, "unit": reading.unit}


def _test(adjustment: Any) -> dict[str, Any]:
    return {"chi2": adjustment.chi2, "degrees_of_freedom": adjustment.degrees_of_freedom, "p": adjustment.p, "status": adjustment.status}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "kind": finding.kind,
        "claims": list(finding.claims),
        "variable": finding.variable,
        "numbers": dict(finding.numbers),
        "standard_errors": finding.strength,
        "candidates": [_candidate(candidate) for candidate in finding.candidates],
    }


def _candidate(candidate: Candidate) -> dict[str, Any]:
    return {"reason": candidate.key, "claims": list(candidate.claims), "numbers": dict(candidate.numbers)}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {
        **_reading(verdict.reading),
        "holds": verdict.holds,
        "others": {"value": verdict.expected, "low": verdict.low, "high": verdict.high},
        "standard_errors": verdict.distance,
        "against": list(verdict.against),
        "would_need": [_requirement(requirement) for requirement in verdict.arithmetic],
        "would_need_adjusted": [{"variable": n.variable, "unit": n.unit, "value": n.value, "evidence": n.evidence} for n in verdict.needs],
        "candidates": [_candidate(candidate) for candidate in verdict.candidates],
    }


def _requirement(requirement: Requirement) -> dict[str, Any]:
    return {
        "variable": requirement.variable,
        "value": requirement.value,
        "unit": requirement.unit,
        "calculation": [{"sign": t.sign, "value": t.value, "unit": t.unit, "claim": t.claim} for t in requirement.terms],
        "printed": [{"claim": claim, "value": value} for claim, value in requirement.printed],
    }


def _bayes(found: Reconciliation) -> dict[str, Any] | None:
    if found.posterior is None:
        return None
    biases = [{"group": b.group, "bias": b.value, "low": b.low, "high": b.high} for b in found.posterior.biases]
    return {"status": found.posterior.status, "reason": found.posterior.reason, "bias_of_sources": biases}
