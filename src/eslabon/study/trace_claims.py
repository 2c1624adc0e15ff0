"""Claims as a reader needs them: value, source, grade, and the sides that say otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from eslabon.evidence.claims import Claim, Ledger
from eslabon.evidence.region import RegionPack

_SHARES = {"share": 1.0, "ratio": 1.0, "probability": 1.0, "elasticity": 1.0, "1": 1.0, "percent": 0.01}
_COUNTS = {"count": 1.0, "persons": 1.0, "persons/yr": 1.0}
UNITS: Mapping[str, Mapping[str, float]] = {
    "1": _SHARES,
    "month": {"month": 1.0, "year": 12.0},
    "yr": {"year": 1.0, "month": 1 / 12},
    "1/yr": {"1/yr": 1.0, "1/month": 12.0, "count": 1.0},
    "1/month": {"1/month": 1.0, "1/yr": 1 / 12},
    "persons": _COUNTS,
    "groups": _COUNTS,
    "offices": _COUNTS,
    "kg": {"kg": 1.0, "kg/flight": 1.0, "t": 1000.0},
    "usd2013/yr": {"USD/month": 12.0, "million USD": 1e6, "million USD/yr": 1e6, "PEN/month": 12.0, "million PEN": 1e6},
    "usd2013/month": {"USD/month": 1.0, "PEN/month": 1.0, "PEN": 1.0, "USD": 1.0},
    "usd2013/day": {"USD/day": 1.0, "PEN/day": 1.0},
    "usd2013/kg": {"USD/kg": 1.0, "PEN/kg": 1.0},
}
"""Unit of a parameter, and the units of claims that say the same: what to multiply by, before money is brought to 2013."""


def in_unit(claim: Claim, unit: str, pack: RegionPack) -> tuple[float, float] | None:
    """Return a claim's lowest and highest value in a parameter's unit, or None where it speaks of something else.

    Money is turned into dollars by the year's exchange rate and into those of 2013 by the consumer price index.
    """
    factor = 1.0 if claim.unit == unit else UNITS.get(unit, {}).get(claim.unit)
    if factor is None:
        return None
    if unit.startswith("usd2013"):
        year = claim.period_end.year
        factor /= pack.series["us_price_index"].at_year(year) if "us_price_index" in pack.series else 1.0
        if "PEN" in claim.unit:
            factor /= pack.series["pen_per_usd"].at_year(year)
    values = [v * factor for v in (claim.value, claim.low, claim.high) if v is not None]
    return min(values), max(values)


def rivals(claim: Claim, ledger: Ledger) -> list[Claim]:
    """Return the claims that speak of the same quantity, form, unit, place and time, and say something else."""
    low, high = _range(claim)
    return [
        other
        for other in ledger.select(claim.quantity, claim.place)
        if other.id != claim.id
        and (other.form, other.unit) == (claim.form, claim.unit)
        and other.period_start <= claim.period_end
        and other.period_end >= claim.period_start
        and (_range(other)[0] > high or _range(other)[1] < low)
    ]


def _range(claim: Claim) -> tuple[float, float]:
    values = [v for v in (claim.value, claim.low, claim.high) if v is not None]
    return min(values), max(values)


def claim_document(claim: Claim, ledger: Ledger) -> dict[str, Any]:
    """Return a claim with its source and its sides, as plain data."""
    source = ledger.sources[claim.source_id]
    return {
        "id": claim.id, "quantity": claim.quantity, "form": claim.form, "value": claim.value, "low": claim.low, "high": claim.high,
        "unit": claim.unit, "place": claim.place, "period": [claim.period_start.isoformat(), claim.period_end.isoformat()],
        "bound": claim.bound_type, "grade": claim.grade, "confidence": claim.confidence, "independence_group": claim.independence_group,
        "preferred": claim.preferred, "contested": is_contested(claim, ledger),
        "sides": [{"id": r.id, "value": r.value, "independence_group": r.independence_group} for r in rivals(claim, ledger)],
        "source": {"id": source.source_id, "title": source.title, "publisher": source.publisher, "year": source.year, "url": source.url},
        "locator": claim.locator, "series_break": claim.series_break, "note": claim.note,
    }  # fmt: skip


def is_contested(claim: Claim, ledger: Ledger) -> bool:
    """Return whether the ledger marks a claim as contradicted, or another claim on the same thing says otherwise."""
    return claim.conflict or bool(rivals(claim, ledger))
