"""What a file of tables holds once it is read: sheets of raw cells, and notes on what reading had to decide."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

CellKind = Literal["empty", "text", "number", "date", "boolean", "error", "formula"]
FileFormat = Literal["csv", "xlsx", "ods", "html"]


@dataclass(frozen=True, slots=True)
class Cell:
    """One raw cell; nothing is interpreted and nothing is stripped.

    Parameters
    ----------
    text : str
        As written (CSV, HTML), as shown (ODS) or as stored (XLSX: the shortest digits of a number, an ISO date, `TRUE`). For a
        formula without a stored result, the formula itself, from its `=`.
    kind : str
        What the file says the cell is. CSV and HTML know only `empty` and `text`. A cell that the spreadsheet shows as a date or
        time is `date` (the interpretation must not take its `number` for a figure), and one that holds an error is `error`, also
        where a formula made them. Any other formula's cell is `formula` and carries the stored result in `text` and `number`.
    number : float or None
        The stored number. A percentage is stored as a share: 0.537 where the sheet shows 53.7 %. A date or time in XLSX has its
        serial number here.
    date : date, datetime or None
        None for a time of day, a duration, and a serial number that no calendar has.
    number_format : str
        The format code (`0.0%`, `dd/mm/yyyy`); in ODS the kind of value in the same notation (`0%`, `yyyy-mm-dd`); else empty.
    merged : bool
        The cell belongs to a merged block; only the block's first cell has a content (`Sheet.anchor` finds it).
    """

    text: str = ""
    kind: CellKind = "empty"
    number: float | None = None
    date: datetime.date | datetime.datetime | None = None
    number_format: str = ""
    merged: bool = False

    @property
    def percent(self) -> bool:
        """Whether the spreadsheet shows the stored share as a percentage."""
        return self.number is not None and "%" in self.number_format


EMPTY = Cell()
COVERED = Cell(merged=True)


@dataclass(frozen=True, slots=True)
class Block:
    """A merged block of cells, first and last row and column counted from 0, both inside."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """One sheet, or one table of an HTML page: rows of equal length, from cell A1.

    Parameters
    ----------
    name : str
        As written in the file; `table 1`, `table 2` … in HTML and empty in CSV.
    rows : tuple of tuple of Cell
        Blank rows and columns after the last content are left out.
    hidden : bool
        The spreadsheet does not show this sheet.
    blocks : tuple of Block
        Merged blocks.
    hidden_rows, hidden_columns : frozenset of int
        Rows and columns, from 0, that the spreadsheet does not show; their cells are read all the same.
    lines : tuple of int
        For CSV the line of the file, from 1, on which each row begins; else empty.
    """

    name: str
    rows: tuple[tuple[Cell, ...], ...]
    hidden: bool = False
    blocks: tuple[Block, ...] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    lines: tuple[int, ...] = ()

    def address(self, row: int, column: int) -> str:
        """Return the name of a cell, such as `B7`, from its row and column counted from 0."""
        return address(row, column)

    def place(self, row: int, column: int) -> str:
        """Return sheet and cell for a message, such as `Hoja1!B7`, from row and column counted from 0."""
        return place(self.name, row, column)

    def anchor(self, row: int, column: int) -> tuple[int, int]:
        """Return row and column of the cell whose content this cell shows: itself, or the first cell of its merged block."""
        if not self.rows[row][column].merged:
            return row, column
        for block in self.blocks:
            if block.top <= row <= block.bottom and block.left <= column <= block.right:
                return block.top, block.left
        return row, column


@dataclass(frozen=True, slots=True)
class Note:
    """Something that reading had to decide, or that the file hides from its reader.

    Parameters
    ----------
    code : str
        From `codes.CODES`; the words are in the catalogue under the key given there.
    place : str
        Such as `Hoja1!B7`; empty where the note is on the whole file.
    values : mapping of str to str or int
        One for each `{name}` in the words.
    """

    code: str
    place: str = ""
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file of tables as read.

    Parameters
    ----------
    path : str
        As given by the user.
    format : str
        Found by content; the name's ending is never looked at.
    sha256 : str
        Of the file's bytes, in hexadecimal.
    encoding : str
        In which the text was decoded; `utf-8` for XLSX and ODS.
    sheets : tuple of Sheet
    notes : tuple of Note
    """

    path: str
    format: FileFormat
    sha256: str
    encoding: str
    sheets: tuple[Sheet, ...]
    notes: tuple[Note, ...] = ()


def address(row: int, column: int) -> str:
    """Return the name of a cell, such as `B7`, from its row and column counted from 0."""
    letters, rest = "", column + 1
    while rest:
        rest, letter = divmod(rest - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"


def place(sheet: str, row: int, column: int) -> str:
    """Return sheet and cell for a message, such as `Hoja1!B7`, from row and column counted from 0."""
    return f"{printable(sheet)}!{address(row, column)}" if sheet else address(row, column)


def printable(text: str) -> str:
    """Return a text for a message with `?` for each sign that could steer a terminal or turn its line around."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else "?" for sign in text)
