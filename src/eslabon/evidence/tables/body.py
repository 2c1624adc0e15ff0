"""Rows of a table's body by what they are: data, totals, group names, repeated heads, footnotes."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from eslabon.evidence.tables.grid import Sheet
from eslabon.evidence.tables.heads import is_plain_figure
from eslabon.evidence.tables.layout import Layout, body_rows
from eslabon.evidence.tables.missing import is_missing_code
from eslabon.evidence.tables.places import PlaceNames
from eslabon.evidence.tables.text import fold, undecorated

TOTAL = re.compile(r"^(?:sub[ -]?total|total|gran total|suma|nacional|total nacional|promedio|average|resto suma)\b")
_NOTE = re.compile(
    r"^(?:fuentes?|sources?|notas?|notes?|elaboracion|elaborado|prepared by|leyenda|legend|\(?\*+\)?\s|\d{1,2}/|[a-z]/|\(\d{1,2}\)|\(\w\)\s|"
    r"[0-9⁰¹²³⁴-⁹]{1,2}\s[a-z])"
)
_FOOTNOTE = re.compile(r"^\s*(?P<mark>\(\d{1,2}\)|\(\*+\)|\*+|\(?[a-z]\)|\d{1,2}/|[a-z]/|[⁰¹²³⁴-⁹]+|\d{1,2}(?=\s))\s*[:.-]?\s*(?P<words>\S.*)$")


@dataclass
class Body:
    """The rows of a table's body.

    Parameters
    ----------
    data, totals : list of int
        Rows of figures; rows of totals, subtotals and averages.
    groups : list of (int, str)
        Rows that only name a group.
    notes : list of (int, int)
        Cells of footnotes and sources.
    footnotes : dict of str to str
        Words of each footnote by its marker.
    """

    data: list[int] = field(default_factory=list)
    totals: list[int] = field(default_factory=list)
    groups: list[tuple[int, str]] = field(default_factory=list)
    notes: list[tuple[int, int]] = field(default_factory=list)
    footnotes: dict[str, str] = field(default_factory=dict)


def sort_rows(sheet: Sheet, layout: Layout, names: PlaceNames) -> Body:
    """Return the rows of a table's body by what they are."""
    body = Body()
    figure_columns = [h.column for h in (*layout.figures, *layout.others)]
    label_column = layout.place if layout.place >= 0 else (layout.periods[0] if layout.periods else 0)
    for row in body_rows(sheet, layout.table):
        cells = sheet.rows[row]
        if all(cell.kind == "empty" for cell in cells):
            continue
        filled = any(cells[c].kind != "empty" for c in figure_columns)
        first = next(c for c, cell in enumerate(cells) if cell.kind != "empty")
        if _is_note(sheet, row, first, figure_columns):
            _add_note(body, sheet, row, first)
        elif _repeats_head(sheet, layout, row):
            continue
        elif _is_total(sheet, layout, row, label_column):
            body.totals.append(row)
        elif filled or _names_place(cells[layout.place].text if layout.place >= 0 else "", names):
            body.data.append(row)
        elif body.notes:
            _add_note(body, sheet, row, first)
        else:
            body.groups.append((row, cells[first].text.strip()))
    _national_rows(sheet, layout, names, body)
    return body


def _is_note(sheet: Sheet, row: int, first: int, figure_columns: list[int]) -> bool:
    cells = sheet.rows[row]
    text = cells[first].text.strip()
    if cells[first].kind != "text" or any(is_plain_figure(cells[c]) or is_missing_code(cells[c]) for c in figure_columns if c != first):
        return False
    return bool(_NOTE.match(fold(text))) and len(text) > 3 and not is_plain_figure(cells[first])


def _add_note(body: Body, sheet: Sheet, row: int, first: int) -> None:
    for column, cell in enumerate(sheet.rows[row]):
        if cell.text.strip():
            body.notes.append((row, column))
    match = _FOOTNOTE.match(sheet.rows[row][first].text)
    if match:
        body.footnotes[match["mark"].strip("()/ ")] = match["words"].strip()


def _repeats_head(sheet: Sheet, layout: Layout, row: int) -> bool:
    top = sheet.rows[layout.table.bottom]
    if sheet.rows[row][-1].text != top[-1].text:
        return False
    return [cell.text.strip() for cell in sheet.rows[row]] == [cell.text.strip() for cell in top]


def _is_total(sheet: Sheet, layout: Layout, row: int, label_column: int) -> bool:
    cells = sheet.rows[row]
    texts = [cells[c].text for c in range(label_column + 1)] or [""]
    return any(TOTAL.match(fold(undecorated(text))) for text in texts if text.strip())


def _names_place(label: str, names: PlaceNames) -> bool:
    return bool(label.strip()) and bool(names.dimensions(label))


def _national_rows(sheet: Sheet, layout: Layout, names: PlaceNames, body: Body) -> None:
    """Move rows of the nation to the totals where the table has rows of other places of the nation."""
    if layout.place < 0:
        return
    national = [r for r in body.data if names.find(sheet.rows[r][layout.place].text, "nation")]
    parts = any(not names.find(sheet.rows[r][layout.place].text, "country") for r in body.data if r not in set(national))
    if national and parts:
        moved = set(national)
        body.totals = sorted([*body.totals, *moved])
        body.data = [r for r in body.data if r not in moved]
