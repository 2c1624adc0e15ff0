"""Tables found on a sheet by content: a row of heads, whichever row it is, with figures below it and titles above it."""

from __future__ import annotations

from dataclasses import dataclass

from eslabon.evidence.tables.grid import Cell, Sheet
from eslabon.evidence.tables.heads import Head, is_plain_figure, joined, read_head
from eslabon.evidence.tables.missing import is_missing_code
from eslabon.evidence.tables.places import PlaceNames

_BELOW = 8
"""Rows below a head among which a figure must be."""
_FARTHEST = 100
_MOST_LEVELS = 3
_STRUCTURE = frozenset({"place", "code", "period", "unit", "product", "agency", "figure", "percent", "total", "ordinal", "note", "fine"})


@dataclass(frozen=True)
class Table:
    """A table on a sheet.

    Parameters
    ----------
    heads : tuple of Head
        One for each column.
    top, bottom : int
        First and last row of the head, from 0.
    last : int
        Last row that may belong to the body.
    titles : tuple of (int, int)
        Cells above the head that hold words.
    """

    heads: tuple[Head, ...]
    top: int
    bottom: int
    last: int
    titles: tuple[tuple[int, int], ...]


def find_tables(sheet: Sheet, places: PlaceNames) -> list[Table]:
    """Return the tables of a sheet from top to bottom; a head repeated at a page's end belongs to the table above."""
    tops: list[tuple[int, int, tuple[Head, ...]]] = []
    row, after_gap = 0, True
    while row < len(sheet.rows):
        filled = sum(cell.kind != "empty" for cell in sheet.rows[row])
        if after_gap and filled > 1 and _is_head(sheet, row, places):
            top, bottom, heads = _levels(sheet, row)
            if not (tops and _same_words(heads, tops[-1][2])):
                tops.append((top, bottom, heads))
            row = bottom
        after_gap = not tops or filled <= 1
        row += 1
    found: list[Table] = []
    for number, (top, bottom, heads) in enumerate(tops):
        start = found[-1].bottom + 1 if found else 0
        last = tops[number + 1][0] - 1 if number + 1 < len(tops) else len(sheet.rows) - 1
        above = range(_title_start(sheet, start, top, bool(found)), top)
        titles = tuple((r, c) for r in above for c, cell in enumerate(sheet.rows[r]) if cell.text.strip())
        found.append(Table(heads, top, bottom, last, titles))
    return [_without_next_titles(sheet, table, found[i + 1] if i + 1 < len(found) else None) for i, table in enumerate(found)]


def _title_start(sheet: Sheet, start: int, top: int, later: bool) -> int:
    """Return the first of the title rows above a head: all rows above the first table, else those since its last row of figures."""
    if not later:
        return start
    row = top
    while row > start and not any(is_plain_figure(cell) for cell in sheet.rows[row - 1]):
        row -= 1
    return row


def _without_next_titles(sheet: Sheet, table: Table, following: Table | None) -> Table:
    if following is None or not following.titles:
        return table
    return Table(table.heads, table.top, table.bottom, min(table.last, following.titles[0][0] - 1), table.titles)


def _is_head(sheet: Sheet, row: int, places: PlaceNames) -> bool:
    cells = sheet.rows[row]
    if any(is_plain_figure(cell) for cell in cells):
        return False
    heads = [read_head(cell, row, column) for column, cell in enumerate(cells)]
    spans = sum(head.span is not None for head in heads)
    roles = sum(head.role in _STRUCTURE and head.span is None for head in heads)
    if spans >= 2 or (spans and roles) or roles >= 2:
        return _has_body(sheet, row, heads)
    named = sum(bool(head.text) and bool(places.dimensions(head.text)) for head in heads)
    return named >= 2 and named + roles + spans + 1 >= sum(bool(head.text) for head in heads) and _has_body(sheet, row, heads)


def _has_body(sheet: Sheet, row: int, heads: list[Head]) -> bool:
    """Return whether figures stand below a row in a column that is not one of periods."""
    columns = [head.column for head in heads if head.role not in ("period", "code", "ordinal")]
    below, seen = row + 1, 0
    while below < min(len(sheet.rows), row + _FARTHEST) and seen < _BELOW:
        cells = sheet.rows[below]
        filled = [c for c in columns if c < len(cells) and cells[c].kind != "empty"]
        seen += bool(filled)
        if any(is_plain_figure(cells[c]) or is_missing_code(cells[c]) or _year_as_figure(cells[c], heads[c]) for c in filled):
            return True
        below += 1
    return False


def _year_as_figure(cell: Cell, head: Head) -> bool:
    """Return whether a number that could be a year stands under a head of figures."""
    return head.role == "figure" and head.span is None and cell.kind == "number"


def _levels(sheet: Sheet, row: int) -> tuple[int, int, tuple[Head, ...]]:
    """Return the first and last row of a head and its heads, the rows above and below joined where they belong to it."""
    top, bottom = row, row
    while bottom + 1 < len(sheet.rows) and bottom - top + 1 < _MOST_LEVELS and _is_lower_level(sheet, bottom + 1, row):
        bottom += 1
    if top > 0 and bottom == row and _is_upper_level(sheet, top - 1, row):
        top -= 1
    heads = _heads_of(sheet, top, fill=bottom > top)
    for level in range(top + 1, bottom + 1):
        lower = _heads_of(sheet, level, fill=level < bottom)
        heads = [joined(above, below) for above, below in zip(heads, lower, strict=True)]
    return top, bottom, tuple(heads)


def _is_lower_level(sheet: Sheet, row: int, head_row: int) -> bool:
    cells = sheet.rows[row]
    filled = [c for c, cell in enumerate(cells) if cell.text.strip()]
    first = next((c for c, cell in enumerate(sheet.rows[head_row]) if cell.text.strip()), 0)
    if not filled or filled[0] <= first:
        return False
    return not any(is_plain_figure(cells[c]) or is_missing_code(cells[c]) or cells[c].kind in ("date", "error", "boolean") for c in filled)


def _is_upper_level(sheet: Sheet, row: int, head_row: int) -> bool:
    cells = sheet.rows[row]
    filled = [c for c, cell in enumerate(cells) if cell.text.strip()]
    first = next((c for c, cell in enumerate(sheet.rows[head_row]) if cell.text.strip()), 0)
    return bool(filled) and filled[0] > first and not any(is_plain_figure(cells[c]) for c in filled)


def _heads_of(sheet: Sheet, row: int, fill: bool) -> list[Head]:
    """Return the heads of one row; an upper level reaches right over the empty cells that follow it."""
    heads: list[Head] = []
    for column, cell in enumerate(sheet.rows[row]):
        if cell.kind == "empty":
            above, left = sheet.anchor(row, column) if cell.merged else (row, column)
            if cell.merged and (above, left) != (row, column):
                source = sheet.rows[above][left]
                heads.append(read_head(source, above, column) if above == row or not fill else Head("", "blank", row, column))
                continue
            if fill and heads and heads[-1].text and not cell.merged and column > 1:
                previous = heads[-1]
                heads.append(Head(previous.text, previous.role, row, column, previous.span, previous.unit, previous.measure, previous.product))
                continue
        heads.append(read_head(cell, row, column))
    return heads


def _same_words(heads: tuple[Head, ...], others: tuple[Head, ...]) -> bool:
    return [head.text for head in heads] == [head.text for head in others]
