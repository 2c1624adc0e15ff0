"""Small ledgers for tests: a valid claim, a valid source, and ledgers of a few."""

from __future__ import annotations

from typing import Any

from eslabon.evidence.claims import Claim, Ledger, Source

POINT = f"{-11.1111}, {-72.2222}"
"""Text like a point on the map, of made-up digits; put together here so that no file holds one."""


def make_claim(**changes: object) -> Claim:
    """Return a valid claim with some fields changed."""
    cells: dict[str, object] = {
        "id": "C1",
        "quantity": "coca_area_unodc",
        "form": "coca area in production",
        "unit": "ha",
        "place": "Peru",
        "period_start": "2010-12-31",
        "period_end": "2010-12-31",
        "kind": "stock",
        "value": "100",
        "low": None,
        "high": None,
        "bound_type": "exact",
        "grade": "B",
        "confidence": "secondary",
        "conflict": "0",
        "preferred": "0",
        "source_id": "s",
        "locator": "",
        "independence_group": "g",
        "series_break": "",
        "note": "",
    }
    return Claim.model_validate({**cells, **changes})


def make_source(name: str = "s", **changes: Any) -> Source:
    """Return a source of 2015 with some fields changed."""
    return Source.model_validate({"source_id": name, "title": "a report", "publisher": "", "year": 2015, "url": "", "kind": "report", **changes})


def ledger_of(*claims: Claim, sources: tuple[Source, ...] = (make_source(),)) -> Ledger:
    """Return a ledger of these."""
    return Ledger({claim.id: claim for claim in claims}, {source.source_id: source for source in sources})


def make_ledger(*claims: Claim) -> Ledger:
    """Return a ledger of these claims and the source `s`."""
    source = Source(source_id="s", title="a report", publisher="", year=None, url="", kind="report")
    return Ledger({claim.id: claim for claim in claims}, {"s": source})
