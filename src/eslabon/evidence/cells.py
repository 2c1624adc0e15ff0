"""Cells of a pack's CSV files, read with their type and place so that a bad one names itself."""

from __future__ import annotations

import csv
import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from eslabon.errors import InputError, nearest


@dataclass(frozen=True)
class Row:
    """One line of a CSV file.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    line : int
        Line in the file, the header being line 1.
    cells : dict of str to str
        Cell text by column, outer blanks removed.
    """

    file: str
    line: int
    cells: dict[str, str]

    def error(self, column: str, rule: str, remedy: str = "") -> InputError:
        """Return the error that names this cell."""
        place = f"line {self.line}, column {column}"
        return InputError(rule, file=self.file, place=place, value=self.cells.get(column, ""), remedy=remedy)

    def text(self, column: str) -> str:
        """Return a cell that must not be empty."""
        value = self.cells[column]
        if not value:
            raise self.error(column, "this cell must not be empty", "Fill it in.")
        return value

    def number(self, column: str, minimum: float = -math.inf, maximum: float = math.inf) -> float:
        """Return a finite number in [`minimum`, `maximum`]."""
        try:
            value = float(self.text(column))
        except ValueError:
            raise self.error(column, "must be a number", "Write digits with a point.") from None
        if not math.isfinite(value):
            raise self.error(column, "must be a finite number", "Leave no NaN or infinity.")
        if not minimum <= value <= maximum:
            raise self.error(column, f"must be from {minimum:g} to {maximum:g}", "Mend the value or its unit.")
        return value

    def optional(self, column: str, minimum: float = -math.inf) -> float | None:
        """Return a finite number, or None for an empty cell."""
        return self.number(column, minimum) if self.cells[column] else None

    def whole(self, column: str, minimum: int, maximum: int) -> int:
        """Return a whole number in [`minimum`, `maximum`]."""
        value = self.number(column, minimum, maximum)
        if value != int(value):
            raise self.error(column, "must be a whole number", "Drop the decimals.")
        return int(value)

    def flag(self, column: str) -> bool:
        """Return a yes/no cell written 1 or 0."""
        return self.choice(column, ("0", "1")) == "1"

    def choice(self, column: str, allowed: Collection[str]) -> str:
        """Return a cell that must be one of `allowed`."""
        value = self.text(column)
        if value not in allowed:
            raise self.error(column, "must be one of the known words", nearest(value, allowed))
        return value

    def ids(self, column: str, known: Collection[str]) -> tuple[str, ...]:
        """Return the semicolon-separated ids of a cell, each of which must be in `known`."""
        found = tuple(part.strip() for part in self.cells[column].split(";") if part.strip())
        for item in found:
            if item not in known:
                raise self.error(column, f"no claim has the id {item!r}", nearest(item, known) if known else "")
        return found


def read_rows(path: Path, columns: Sequence[str]) -> list[Row]:
    """Return the rows of a CSV file that has exactly `columns`.

    Raises
    ------
    InputError
        If the file is missing or not UTF-8, a column is missing, unknown or repeated, or a line is too short or long.
    """
    return parse_rows(path.name, decode(path, read_bytes(path)), columns)


def read_bytes(path: Path) -> bytes:
    """Return the content of a file that a pack or ledger must have."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError("the pack lacks this file", file=path.name, remedy=f"Add it to {path.parent.name}.") from None
    except OSError as error:
        raise InputError(f"cannot read: {error.strerror}", file=str(path), remedy="Name a file that can be read.") from None


def decode(path: Path, content: bytes) -> str:
    """Return the text of a file's bytes."""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise InputError("must be UTF-8 text", file=path.name, place=f"line {line}, byte {error.start}", remedy="Save it as UTF-8.") from None


def parse_rows(file: str, text: str, columns: Sequence[str], optional: Collection[str] = ()) -> list[Row]:
    """Return the rows of CSV text that has `columns`; those in `optional` may be absent and are then empty.

    Raises
    ------
    InputError
        If a column is missing, unknown or repeated, a line is too short or long, or the quoting is broken.
    """
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        header = next(reader, [])
        check_header(file, header, columns, optional)
        absent = {name: "" for name in columns if name not in header}
        rows = []
        for cells in reader:
            if len(cells) != len(header):
                rule = f"has {len(cells)} cells where the header has {len(header)}"
                raise InputError(rule, file=file, place=f"line {reader.line_num}", remedy="Quote cells that hold a comma.")
            rows.append(Row(file, reader.line_num, absent | {name: cell.strip() for name, cell in zip(header, cells, strict=True)}))
    except csv.Error as error:
        raise InputError(f"not CSV: {error}", file=file, place=f"line {reader.line_num}", remedy="Mend the quotes of this line.") from None
    return rows


def check_header(file: str, header: Sequence[str], columns: Sequence[str], optional: Collection[str] = ()) -> None:
    """Refuse a header with a missing, unknown or repeated column."""
    for name in header:
        if name not in columns:
            raise InputError("unknown column", file=file, place=f"line 1, column {name}", value=name, remedy=nearest(name, columns))
        if header.count(name) > 1:
            raise InputError("this column is there twice", file=file, place=f"line 1, column {name}", value=name, remedy="Keep one.")
    for name in columns:
        if name not in header and name not in optional:
            raise InputError("a column is missing", file=file, place=f"line 1, column {name}", remedy=f"Add {name}.")


def refuse_repeats(rows: Sequence[Row], *key: str) -> None:
    """Refuse two rows with the same values in the columns `key`."""
    seen: dict[tuple[str, ...], int] = {}
    for row in rows:
        value = tuple(row.cells[column] for column in key)
        if value in seen:
            rule = f"repeats {' '.join(value)} of line {seen[value]}"
            raise row.error(key[0], rule, "Keep one of the two.")
        seen[value] = row.line
