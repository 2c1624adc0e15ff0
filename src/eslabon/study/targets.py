"""Validation targets: published results, each with one or more parts, read from the region pack."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from eslabon.errors import InputError, nearest
from eslabon.evidence.cells import Row, read_rows, refuse_repeats
from eslabon.evidence.pack import RegionPack

FILE = "validation_targets.csv"
COLUMNS = ("id", "part", "statement", "quantity", "kind", "value", "low", "high", "unit", "place", "period", "source", "claims", "counted")
KINDS = ("range", "sign", "input")


@dataclass(frozen=True)
class Part:
    """One condition of a target: a published range, or a sign (`value` 1 up, -1 down, 0 not down)."""

    name: str
    statement: str
    quantity: str
    kind: str
    value: float | None
    low: float | None
    high: float | None
    unit: str
    place: str
    period: str
    source: str
    claims: tuple[str, ...]
    counted: bool

    def holds(self, median: float) -> bool:
        """Return whether a median fulfils the condition; the ends of a range count as inside."""
        if self.kind == "sign":
            return {1.0: median > 0, -1.0: median < 0}.get(float(self.value or 0), median >= 0)
        return self.low is not None and self.high is not None and self.low <= median <= self.high

    def published(self) -> str:
        """Return the condition in words."""
        if self.kind == "sign":
            return {1.0: "rises", -1.0: "falls"}.get(float(self.value or 0), "does not fall")
        return f"{self.low:g} to {self.high:g} {self.unit}"


@dataclass(frozen=True)
class Target:
    """A published result; it is counted in the score if one of its parts is, and passes if all counted parts hold."""

    id: str
    parts: tuple[Part, ...]

    @property
    def counted(self) -> bool:
        return any(p.counted for p in self.parts)

    @property
    def is_input(self) -> bool:
        return all(p.kind == "input" for p in self.parts)

    @property
    def statement(self) -> str:
        return ", ".join(p.statement for p in self.parts if p.counted or self.is_input) + "."

    def document(self) -> dict[str, Any]:
        """Return what was published, as plain data."""
        return {"id": self.id, "statement": self.statement, "counted": self.counted}


def read_targets(pack: RegionPack) -> dict[str, Target]:
    """Return a pack's validation targets by id, in the order of the file.

    Raises
    ------
    InputError
        If the file is missing or a cell breaks a rule.
    """
    rows = read_rows(pack.root / FILE, COLUMNS)
    refuse_repeats(rows, "id", "part")
    parts: dict[str, list[Part]] = {}
    for row in rows:
        parts.setdefault(row.text("id"), []).append(_part(row, pack))
    return {name: Target(name, tuple(found)) for name, found in parts.items()}


def _part(row: Row, pack: RegionPack) -> Part:
    kind = row.choice("kind", KINDS)
    value, low, high = (row.optional(n) for n in ("value", "low", "high"))
    if kind == "sign" and value not in (-1.0, 0.0, 1.0):
        raise row.error("value", "a sign is -1, 0 or 1", "Write 1 for a rise.")
    if kind != "sign" and (low is None or high is None or low > high):
        raise row.error("low", "a range has a low and a high, in order", "Fill in both.")
    counted = row.choice("counted", ("yes", "no")) == "yes"
    return Part(row.text("part"), row.text("statement"), row.text("quantity"), kind, value, low, high, row.text("unit"), row.text("place"),
                row.text("period"), row.text("source"), row.ids("claims", pack.ledger.claims), counted)  # fmt: skip


def choose(targets: dict[str, Target], names: Iterable[str]) -> list[Target]:
    """Return the targets asked for, in the order of the file; all if none is named.

    Raises
    ------
    InputError
        For an unknown target.
    """
    wanted = {name.upper() for name in names}
    for name in sorted(wanted):
        if name not in targets:
            raise InputError("no such target", value=name, remedy=nearest(name, targets))
    return [t for t in targets.values() if not wanted or t.id in wanted]
