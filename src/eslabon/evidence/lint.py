"""Checks on a ledger that go beyond single cells: known units, forms, sources, bounds, and what must never be there."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from eslabon.errors import nearest
from eslabon.evidence.claims import Claim, Ledger, Source
from eslabon.evidence.ledger_texts import PERSON, private_marks

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
    """One thing wrong with a ledger or a pack: where, what rule, what to do, and what was found there."""

    where: str
    rule: str
    remedy: str
    value: str = ""

    def document(self) -> dict[str, str]:
        """Return the finding as plain values."""
        return {"where": self.where, "rule": self.rule, "value": self.value, "remedy": self.remedy}


def lint_ledger(ledger: Ledger) -> tuple[Finding, ...]:
    """Return what is wrong with a ledger, empty when nothing is.

    Units must be known, leaf and product must say their form, periods must lie in 1900-2100, areas must be dated at 31
    December, every claim must have a source, bounds must have the low and the high that their type needs, a correction must
    point back, and no text may hold a person or a coordinate.
    """
    return (*lint_sources(ledger.sources.values()), *lint_claims(ledger.claims.values(), ledger))


def lint_claims(claims: Iterable[Claim], ledger: Ledger) -> tuple[Finding, ...]:
    """Return what is wrong with claims that are in a ledger or are to be added to it, in this order."""
    order = {name: place for place, name in enumerate(ledger.claims)}
    found: list[Finding] = []
    for claim in claims:
        order.setdefault(claim.id, len(order))
        found += _check(claim, ledger)
        found += _check_bounds(claim)
        found += _check_ledger(claim, order)
        for column in ("locator", "note", "series_break", "confidence", "place", "quantity", "form"):
            found += _marks(f"claim {claim.id}, column {column}", getattr(claim, column))
    return tuple(found)


def lint_sources(sources: Iterable[Source]) -> tuple[Finding, ...]:
    """Return the texts of sources that hold a coordinate or a way to reach a person; authors may be named."""
    return tuple(
        finding
        for source in sources
        for column in ("title", "publisher", "kind", "url")
        for finding in _marks(f"source {source.source_id}, column {column}", getattr(source, column), address=column == "url")
        if finding.rule != PERSON
    )


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
        yield Finding(where, "unknown unit", nearest(claim.unit, KNOWN_UNITS), claim.unit)
    named = _NEEDS_FORM.search(claim.quantity) and not _FORMLESS.search(claim.quantity)
    if named and claim.form == NO_FORM:
        yield Finding(where, "a claim on leaf or product must say its form", "Write for example: sun-dried leaf.", claim.quantity)
    if not 1900 <= claim.period_start.year <= claim.period_end.year <= 2100:
        yield Finding(where, "its period must lie in 1900-2100", "Mend the dates.", f"{claim.period_start} to {claim.period_end}")
    if claim.quantity.startswith("coca_area") and claim.unit == "ha" and (claim.period_end.month, claim.period_end.day) != (12, 31):
        yield Finding(where, "an area is a stock at 31 December", "Mend period_end.", str(claim.period_end))
    if claim.source_id not in ledger.sources:
        remedy = nearest(claim.source_id, ledger.sources) if ledger.sources else "Add the source."
        yield Finding(where, "no source has this id", remedy, claim.source_id)


def _check_bounds(claim: Claim) -> Iterator[Finding]:
    where, kind, ends = f"claim {claim.id}", claim.bound_type, f"{claim.bound_type}, low {claim.low}, high {claim.high}"
    if kind == "range" and (claim.low is None or claim.high is None):
        yield Finding(where, "a range has a low and a high", "Fill in both, or change bound_type.", ends)
    if kind == "range" and claim.low is not None and claim.low == claim.high:
        yield Finding(where, "the low of a range lies below its high", "Mend them, or change bound_type.", ends)
    if kind in ("exact", "lower") and claim.high not in (None, claim.value):
        yield Finding(where, "an exact value and a lower bound have no other high", "Empty high, or change bound_type.", ends)
    if kind in ("exact", "upper") and claim.low not in (None, claim.value):
        yield Finding(where, "an exact value and an upper bound have no other low", "Empty low, or change bound_type.", ends)


def _check_ledger(claim: Claim, order: Mapping[str, int]) -> Iterator[Finding]:
    where = f"claim {claim.id}"
    if claim.corrects and claim.corrects not in order:
        yield Finding(where, "it corrects a claim that is not there", nearest(claim.corrects, order), claim.corrects)
    elif claim.corrects and order[claim.corrects] >= order[claim.id]:
        yield Finding(where, "it corrects a claim that does not come before it", "A correction points back.", claim.corrects)
    if claim.recorded and claim.published and claim.published > claim.recorded:
        yield Finding(where, "it is recorded before it was published", "Mend published.", str(claim.published))


def _marks(where: str, text: str, address: bool = False) -> Iterator[Finding]:
    for rule in private_marks(text, address):
        yield Finding(where, rule, "Leave it out; a claim is about a quantity, a place no finer than a basin, and a period.")
