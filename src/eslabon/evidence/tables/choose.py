"""The sheet and the table that are meant; where several could be, the user says which."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from eslabon.errors import InputError, nearest
from eslabon.evidence.tables.findings import Findings
from eslabon.evidence.tables.grid import Sheet, Workbook
from eslabon.evidence.tables.locate import Table, find_tables
from eslabon.evidence.tables.mended import mended
from eslabon.evidence.tables.request import ImportRequest
from eslabon.evidence.tables.text import fold

NOTES_ASKED = {
    "W-MOJIBAKE": "Q-MOJIBAKE", "W-REPLACEMENT": "Q-LOST-LETTERS", "W-HIDDEN-ROWS": "Q-HIDDEN-CELLS", "W-HIDDEN-COLUMNS": "Q-HIDDEN-CELLS",
}  # fmt: skip
"""Notes of the reading half that need an answer, and the question each becomes."""


def choose_table(workbook: Workbook, request: ImportRequest, findings: Findings) -> tuple[Sheet, Table] | None:
    """Return the sheet, its wrongly decoded texts mended, and the table; None where there is none (a finding says so)."""
    found = [(sheet, find_tables(sheet, request.reference.places)) for sheet in map(mended, workbook.sheets)]
    chosen = _sheet(found, request, findings)
    if chosen is None:
        return None
    sheet, tables = chosen
    _carry_notes(workbook, sheet, findings)
    if not tables:
        findings.add("E-NO-HEADER", sheet.place(0, 0), options=())
        return None
    return sheet, _table(sheet, tables, request, findings)


def _sheet(found: Sequence[tuple[Sheet, list[Table]]], request: ImportRequest, findings: Findings) -> tuple[Sheet, list[Table]] | None:
    if request.sheet:
        named = [pair for pair in found if fold(pair[0].name) == fold(request.sheet)]
        if not named:
            names = [sheet.name for sheet, _ in found]
            raise InputError("the file has no sheet of this name", place="--sheet", value=request.sheet, remedy=nearest(request.sheet, names))
        _same_data(found, f'--sheet "{request.sheet}"', findings)
        return named[0]
    shown = [pair for pair in found if pair[1] and not pair[0].hidden]
    hidden = [pair for pair in found if pair[1] and pair[0].hidden]
    if not shown and hidden:
        options = tuple(f'--sheet "{sheet.name}"' for sheet, _ in hidden)
        findings.add("Q-HIDDEN-SHEET", hidden[0][0].place(0, 0), hidden[0][0].name, options=options)
        return hidden[0]
    if len(shown) > 1 and not _same_data(shown, "", findings):
        options = tuple(f'--sheet "{sheet.name}"' for sheet, _ in shown)
        findings.add("Q-SEVERAL-SHEETS", shown[1][0].place(shown[1][1][0].top, 0), shown[1][0].name, options=options)
    candidates = shown or list(found)
    return candidates[0] if candidates else None


def _same_data(found: Sequence[tuple[Sheet, list[Table]]], answered: str, findings: Findings) -> bool:
    """Ask where two sheets hold the same table under other titles; return whether they do."""
    seen: dict[str, tuple[Sheet, Table]] = {}
    for sheet, tables in found:
        for table in tables[:1]:
            content = _content(sheet, table)
            if content in seen:
                options = (f'--sheet "{seen[content][0].name}"', f'--sheet "{sheet.name}"')
                where = sheet.place(table.top, 0)
                findings.add(
                    "Q-SAME-DATA", where, sheet.name, options=options, answered=answered, count=len(table.heads), sources=seen[content][0].name
                )
                return True
            seen[content] = (sheet, table)
    return False


def _content(sheet: Sheet, table: Table) -> str:
    """Return the hash of a table's head and body, without its titles and what stands below."""
    rows = sheet.rows[table.top : table.last + 1]
    lines = ["|".join(cell.text.strip() for cell in row).strip("|") for row in rows if sum(cell.kind != "empty" for cell in row) > 1]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _table(sheet: Sheet, tables: list[Table], request: ImportRequest, findings: Findings) -> Table:
    if request.table > len(tables):
        rule = f"the sheet has {len(tables)} tables"
        raise InputError(rule, place="--table", value=request.table, remedy=f"Name one from 1 to {len(tables)}.")
    if request.table:
        return tables[request.table - 1]
    if len(tables) > 1:
        second = tables[1]
        options = tuple(f"--table {number}" for number in range(1, len(tables) + 1))
        findings.add("Q-SEVERAL-TABLES", sheet.place(second.top, 0), options=options, count=len(tables))
    return tables[0]


def _carry_notes(workbook: Workbook, sheet: Sheet, findings: Findings) -> None:
    """Add the notes of the reading half; some of them need an answer."""
    for note in workbook.notes:
        values = {name: str(value) for name, value in note.values.items()}
        if note.code in NOTES_ASKED and (not sheet.name or note.place.startswith((f"{sheet.name}!", sheet.name)) or not note.place):
            values.setdefault("text", "")
            findings.add(NOTES_ASKED[note.code], note.place, values["text"], count=values.get("count", "1"), meant=values.get("meant", ""))
        findings.add(note.code, note.place, "", key=note.place, **{k: v for k, v in values.items() if k not in ("value", "place", "key")})


def unmended(workbook: Workbook, sheet: Sheet) -> Sheet:
    """Return the sheet as it was read, its texts untouched."""
    return next((own for own in workbook.sheets if own.name == sheet.name), replace(sheet))
