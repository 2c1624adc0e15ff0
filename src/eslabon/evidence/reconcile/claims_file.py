"""Claims of a user's own file, in the ledger's columns or in a short form, put beside the ledger's for one reconciliation."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from pathlib import Path

from eslabon.errors import InputError, nearest
from eslabon.evidence.cells import Row, decode, parse_rows, read_bytes, refuse_repeats
from eslabon.evidence.claims import CLAIM_COLUMNS, Claim, Ledger, Source, parse_row
from eslabon.evidence.reconcile.readings import RULES, Rule
from eslabon.evidence.reconcile.trust import AREA, GROWTH, PRICE, RATE, RATIO, SHARE, WEIGHT

SHORT_COLUMNS = ("id", "quantity", "place", "year", "value", "unit")
"""Columns that every claim of a short file needs; any column of the ledger may be added."""
OPTIONAL = tuple(column for column in (*CLAIM_COLUMNS, "year") if column not in SHORT_COLUMNS)
OWN_SOURCE = "own-file"
MOST_BYTES = 8 * 2**20
_GRADES = {"direct": "A", "secondary": "B", "reported": "B", "derived": "D", "memory": "M"}
_KINDS = {AREA: "stock", SHARE: "ratio", RATIO: "ratio", GROWTH: "ratio", PRICE: "price", RATE: "ratio", WEIGHT: "ratio"}


def with_file(ledger: Ledger, path: Path, *, alone: bool = False) -> Ledger:
    """Return the ledger with the claims of a CSV file; one with the id of a ledger's claim takes its place.

    Rows on quantities of the ledger that are no part of the chain are passed over.

    Parameters
    ----------
    ledger : Ledger
    path : Path
        CSV with the columns id, quantity, place, year, value and unit, or with those of `claims.csv`. What a column does not
        say is taken from the ledger's claim of the same id, else from what is usual for the quantity.
    alone : bool
        Leave out the ledger's own claims.

    Raises
    ------
    InputError
        If the file cannot be read, or a cell breaks a rule; the message names line and column.
    """
    if not path.is_file():
        raise InputError("there is no such file", file=str(path), remedy="Name a CSV with claims.")
    content = read_bytes(path)
    if len(content) > MOST_BYTES:
        rule = f"a file of claims has at most {MOST_BYTES // 2**20} MiB"
        raise InputError(rule, file=path.name, value=f"{len(content)} bytes", remedy="Split it.")
    text = decode(path, content)
    full = "period_start" in text.partition("\n")[0]
    columns = tuple(c for c in SHORT_COLUMNS if c != "year" or not full)
    rows = parse_rows(path.name, text, (*columns, *OPTIONAL), [c for c in OPTIONAL if not (full and c.startswith("period_"))])
    refuse_repeats(rows, "id")
    spoken = {claim.quantity for claim in ledger.claims.values()}
    claims = {row.cells["id"]: _claim(row, ledger) for row in rows if row.cells["quantity"] in RULES or row.cells["quantity"] not in spoken}
    if not claims:
        raise InputError("there is no claim on the chain", file=path.name, remedy=f"The chain has: {', '.join(RULES)}.")
    own = Source(source_id=OWN_SOURCE, title=path.name, publisher="", year=None, url="", kind="own file")
    return Ledger(claims if alone else {**ledger.claims, **claims}, {**ledger.sources, OWN_SOURCE: own})


def _claim(row: Row, ledger: Ledger) -> Claim:
    cells = {column: cell for column, cell in row.cells.items() if cell}
    quantity = cells.get("quantity", "")
    if quantity not in RULES:
        raise row.error("quantity", "no variable of the chain has this quantity", nearest(quantity, RULES))
    if cells.get("unit") not in dict(RULES[quantity].units):
        raise row.error("unit", f"{quantity} is not given in this unit", nearest(cells.get("unit", ""), dict(RULES[quantity].units)))
    known = ledger.claims.get(cells.get("id", ""))
    usual = _known(known) if known else _usual(cells, RULES[quantity])
    dated = _dates(row, cells)
    filled = {**usual, **cells, **dated}
    filled.pop("year", None)
    if filled.get("source_id") not in ledger.sources:
        filled["source_id"] = OWN_SOURCE
    whole = {column: filled.get(column, "") for column in CLAIM_COLUMNS} | {"recorded": "", "published": "", "hash": ""}
    return parse_row(Claim, Row(row.file, row.line, whole))


def _known(claim: Claim) -> dict[str, str]:
    """Return the cells of the ledger's claim of the same id, its value and range left out."""
    kept = {name: value for name, value in claim.model_dump().items() if name not in ("value", "low", "high", "hash", "recorded", "published")}
    return {name: str(int(value)) if isinstance(value, bool) else str(value) for name, value in kept.items() if value is not None}


def _usual(cells: Mapping[str, str], rule: Rule) -> dict[str, str]:
    confidence = cells.get("confidence", "")
    both = cells.get("low") and cells.get("high")
    grade = next((grade for word, grade in _GRADES.items() if word in confidence), "C" if confidence else "B")
    return {
        "form": rule.forms[0] if rule.forms else "not applicable",
        "kind": _KINDS.get(rule.kind, "flow"),
        "bound_type": "range" if both else "exact",
        "grade": grade,
        "conflict": str(int("conflict" in confidence or "contest" in confidence)),
        "preferred": "0",
        "source_id": OWN_SOURCE,
        "independence_group": cells.get("source_id") or cells.get("id", "") or OWN_SOURCE,
    }


def _dates(row: Row, cells: Mapping[str, str]) -> dict[str, str]:
    """Return the period of a whole year where only the year is given; an area stands at its end."""
    if "year" not in cells:
        return {}
    if not (cells["year"].isdigit() and 1900 <= int(cells["year"]) <= 2100):
        raise row.error("year", "a year is a whole number from 1900 to 2100", "Write for example 2013.")
    year = int(cells["year"])
    first = datetime.date(year, 12, 31) if RULES[cells["quantity"]].kind == AREA else datetime.date(year, 1, 1)
    return {"period_start": first.isoformat(), "period_end": datetime.date(year, 12, 31).isoformat()}
