"""Checks on a ledger that go beyond single cells: known units, forms, sources, bounds, and what must never be there."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from eslabon.errors import nearest
from eslabon.evidence.claims import Claim, Ledger

_UNITS = (
    "1 1/month 1/yr EUR/kg PEN PEN/USD PEN/arroba PEN/day PEN/kg PEN/month USD USD/arroba USD/day USD/ha USD/kg USD/lb USD/month "
    "USD/t USD/trip count count/day count/yr day/ha/yr elasticity event h ha ha/ha ha/yr index kg kg/day kg/flight kg/ha kg/ha/yr kg/kg "
    "month percent persons persons/yr plants/ha probability ratio share t t/yr year yes/no"
)
KNOWN_UNITS = frozenset(_UNITS.split()) | {"million COP", "million PEN", "million USD", "million USD/yr", "million persons"}
"""Units that a claim may carry."""

NO_FORM = "not applicable"
_NEEDS_FORM = re.compile(r"leaf|cocaine|pbc|hcl")
_FORMLESS = re.compile(r"users|share_of_leaf|share$")
FORBIDDEN_COLUMNS = re.compile(
    r"(^|_)(person|people|author|surname|alias|dni|phone|email|address|lat|lon|lng|latitude|longitude|utm|wkt|geom|"
    r"geometry|coordinates?|gps|village|community|farm)(_|$)"
)
"""Column names of a person or a place finer than a basin."""

ZONE_COORDINATES = {"lat", "lon"}
"""The only coordinates allowed: one-decimal zone centres in zones.csv."""


@dataclass(frozen=True)
class Finding:
    """One thing wrong with a ledger or a pack: where, what rule, what to do."""

    where: str
    rule: str
    remedy: str


def lint_ledger(ledger: Ledger) -> tuple[Finding, ...]:
    """Return what is wrong with a ledger, empty when nothing is.

    Units must be known, leaf and product must say their form, periods must lie in 1900-2100, areas must be dated at 31
    December, every claim must have a source, and a range must have both ends.
    """
    return tuple(finding for claim in ledger.claims.values() for finding in _check(claim, ledger))


def lint_columns(root: Path) -> tuple[Finding, ...]:
    """Return the columns of a pack's CSV files that could hold a person or a place finer than a basin."""
    found = []
    for path in sorted(root.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header = next(csv.reader(file), [])
        allowed = ZONE_COORDINATES if path.name == "zones.csv" else set()
        for name in header:
            if FORBIDDEN_COLUMNS.search(name.lower()) and name not in allowed:
                found.append(Finding(f"{path.name}, column {name}", "no persons and no coordinates", "Remove the column."))
    return tuple(found)


def _check(claim: Claim, ledger: Ledger) -> Iterator[Finding]:
    where = f"claim {claim.id}"
    if claim.unit not in KNOWN_UNITS:
        yield Finding(where, f"unknown unit {claim.unit!r}", nearest(claim.unit, KNOWN_UNITS))
    named = _NEEDS_FORM.search(claim.quantity) and not _FORMLESS.search(claim.quantity)
    if named and claim.form == NO_FORM:
        yield Finding(where, f"{claim.quantity} must say its form", "Write for example: sun-dried leaf.")
    if not 1900 <= claim.period_start.year <= claim.period_end.year <= 2100:
        yield Finding(where, "its period must lie in 1900-2100", "Mend the dates.")
    if claim.quantity.startswith("coca_area") and claim.unit == "ha" and (claim.period_end.month, claim.period_end.day) != (12, 31):
        yield Finding(where, "an area is a stock at 31 December", "Mend period_end.")
    if claim.source_id not in ledger.sources:
        yield Finding(where, f"no source has the id {claim.source_id!r}", nearest(claim.source_id, ledger.sources))
    if claim.bound_type == "range" and (claim.low is None or claim.high is None):
        yield Finding(where, "a range has a low and a high", "Fill in both, or change bound_type.")
