"""What an import found, took, left out and converted, with cells, and the questions that need an answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from eslabon.evidence.claims import Claim, Source
from eslabon.evidence.tables.coverage import Coverage
from eslabon.evidence.tables.findings import Finding
from eslabon.evidence.tables.readings import ColumnStyle
from eslabon.evidence.tables.totals import Check

Outcome = Literal["take", "ask", "refuse"]
EXIT_CODES: dict[str, int] = {"take": 0, "ask": 1, "refuse": 2}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A cell that makes no claim, and why."""

    place: str
    text: str
    why: str


@dataclass(frozen=True)
class ImportReport:
    """The outcome of reading one table.

    Parameters
    ----------
    file, format, sha256, encoding, sheet : str
    head : str
        First cell of the head.
    quantity, form, kind, units : str
        As settled; several units are joined by a comma.
    findings : tuple of Finding
        Refusals first, then open questions.
    claims : tuple of Claim
        What would be stored; empty on refusal.
    source : Source or None
    places : tuple of str
        Cell of each claim.
    left_out : tuple of LeftOut
        Cells without a figure, repeats, and other figures not taken.
    checks : tuple of Check
    coverage : tuple of Coverage
    styles : tuple of ColumnStyle
    content : str
        Hash of what the claims say.
    basins : mapping of str to tuple
        Basins of the model, with weights, of each place.
    """

    file: str
    format: str
    sha256: str
    encoding: str
    sheet: str = ""
    head: str = ""
    quantity: str = ""
    form: str = ""
    kind: str = ""
    units: str = ""
    findings: tuple[Finding, ...] = ()
    claims: tuple[Claim, ...] = ()
    source: Source | None = None
    places: tuple[str, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    checks: tuple[Check, ...] = ()
    coverage: tuple[Coverage, ...] = ()
    styles: tuple[ColumnStyle, ...] = ()
    content: str = ""
    basins: dict[str, tuple[tuple[str, float], ...]] = field(default_factory=dict)

    @property
    def outcome(self) -> Outcome:
        """`refuse` where anything refuses the file, `ask` where a question is open, else `take`."""
        levels = {finding.level for finding in self.findings if finding.open}
        return "refuse" if "refuse" in levels else "ask" if levels else "take"

    @property
    def exit_code(self) -> int:
        """Exit code of the command: 0 taken, 1 questions, 2 refused."""
        return EXIT_CODES[self.outcome]

    def document(self) -> dict[str, Any]:
        """Return the report as plain values."""
        return {
            "file": self.file, "format": self.format, "sha256": self.sha256, "encoding": self.encoding, "sheet": self.sheet, "head": self.head,
            "quantity": self.quantity, "form": self.form, "kind": self.kind, "units": self.units, "outcome": self.outcome,
            "findings": [finding.document() for finding in self.findings],
            "claims": [claim.model_dump(mode="json") for claim in self.claims], "cells": list(self.places),
            "source": self.source.model_dump(mode="json") if self.source else None,
            "left_out": [{"cell": cell.place, "text": cell.text, "why": cell.why} for cell in self.left_out],
            "checks": [
                {"what": c.what, "cell": c.place, "printed": c.printed, "computed": c.computed, "tolerance": c.tolerance, "holds": c.holds}
                for c in self.checks
            ],
            "coverage": [
                {
                    "end": c.end.isoformat(), "zones": c.zones, "total": c.total, "same_zones": c.same_zones, "same_total": c.same_total,
                    "added": list(c.added), "lost": list(c.lost),
                }
                for c in self.coverage
            ],
            "columns": [{"head": s.head, "style": s.style, "cell": s.place, "evidence": s.text, "by": s.evidence} for s in self.styles],
            "content": self.content,
            "basins": {place: [{"basin": b, "weight": w} for b, w in parts] for place, parts in self.basins.items()},
        }  # fmt: skip
