"""Claims that a user offers to a ledger in CSV files of the pack's columns, every row checked and every fault named."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from eslabon.errors import InputError
from eslabon.evidence.cells import Row, decode, parse_rows, read_bytes
from eslabon.evidence.claims import CLAIM_COLUMNS, LEDGER_COLUMNS, SOURCE_COLUMNS, Claim, Ledger, Source, parse_row
from eslabon.evidence.ledger_entry import refuse_row
from eslabon.evidence.lint import lint_claims, lint_sources

MOST_BYTES = 32 * 2**20
FILLED = ("recorded", "hash")
"""Columns that the ledger fills and nobody else."""

_Model = TypeVar("_Model", Claim, Source)


@dataclass(frozen=True)
class Intake:
    """What two files offer: claims, sources, and an error for each row that may not enter."""

    claims: tuple[Claim, ...]
    sources: tuple[Source, ...]
    faults: tuple[InputError, ...]


def read_intake(claims_file: Path, sources_file: Path | None, known: Ledger) -> Intake:
    """Return what the files offer to a ledger that holds `known`.

    Parameters
    ----------
    claims_file : Path
        CSV with the columns of `claims.csv`; the ledger's own four may be absent.
    sources_file : Path, optional
        CSV with the columns of `sources.csv`, for sources that `known` has not.
    known : Ledger
        What is there already, the pack's claims included.

    Raises
    ------
    InputError
        If a file cannot be read as such a table at all.
    """
    faults: list[InputError] = []
    sources = _read(Source, sources_file, SOURCE_COLUMNS, FILLED, faults) if sources_file else []
    claims = _read(Claim, claims_file, CLAIM_COLUMNS, LEDGER_COLUMNS, faults)
    whole = Ledger(known.claims, {**known.sources, **{source.source_id: source for _, source in sources}})
    seen: set[str] = set()
    for row, claim in claims:
        if claim.id in known.claims or claim.id in seen:
            faults.append(row.error("id", "this id is taken", "Give the claim an id of its own."))
        seen.add(claim.id)
    lines = {f"claim {claim.id}": row for row, claim in claims} | {f"source {source.source_id}": row for row, source in sources}
    for finding in (*lint_sources(s for _, s in sources), *lint_claims([c for _, c in claims], whole)):
        what, _, column = finding.where.partition(", column ")
        row = lines[what]
        place = f"line {row.line}, {what}" + (f", column {column}" if column else "")
        faults.append(InputError(finding.rule, file=row.file, place=place, value=finding.value, remedy=finding.remedy))
    return Intake(tuple(claim for _, claim in claims), tuple(source for _, source in sources), tuple(faults))


def _read(
    model: type[_Model], path: Path, columns: Sequence[str], optional: Collection[str], faults: list[InputError]
) -> list[tuple[Row, _Model]]:  # fmt: skip
    content = read_bytes(path)
    if len(content) > MOST_BYTES:
        rule = f"a file of claims has at most {MOST_BYTES // 2**20} MiB"
        raise InputError(rule, file=path.name, value=f"{len(content)} bytes", remedy="Split it.")
    rows = parse_rows(path.name, decode(path, content), columns, optional)
    if not rows:
        raise InputError("there is no row", file=path.name, remedy="Give at least one.")
    found = []
    for row in rows:
        try:
            for column in FILLED:
                if row.cells[column]:
                    raise row.error(column, "the ledger fills this column", "Leave it empty.")
            record = parse_row(model, row)
            refuse_row(record)
            found.append((row, record))
        except InputError as fault:
            place = fault.place if fault.file else f"line {row.line}, {fault.place}"
            faults.append(InputError(fault.rule, file=row.file, place=place, value=fault.value, remedy=fault.remedy))
    return found
