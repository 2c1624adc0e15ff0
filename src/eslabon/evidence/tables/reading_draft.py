"""A sheet while it is being read: cells are put anywhere, counted, and handed on row by row as plain lists for JSON."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from eslabon.evidence.tables.bounds import Meter, Refusal
from eslabon.evidence.tables.grid import Block, place

WIRE_EMPTY, WIRE_COVERED = 0, 1
"""A blank cell and a blank cell of a merged block; a plain text travels as a string, any other cell as a list of six."""
INVISIBLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]")
NO_BREAK_SPACE = re.compile("[\u00a0\u2007\u202f]")
_TRAIL = "[\u0080-\u00bf" + bytes(range(0x80, 0xA0)).decode("cp1252", "ignore") + "]"
MOJIBAKE = re.compile(f"[ÂÃ]{_TRAIL}|â{_TRAIL}{{2}}|ï»¿")
"""What accented letters, quotes and dashes look like once their UTF-8 was read as cp1252."""


class Notes:
    """Notes gathered while reading: one for each code and column, with the first place and how often."""

    def __init__(self, limit: int) -> None:
        self.limit, self._found = limit, dict[tuple[str, str], dict[str, Any]]()

    def add(self, code: str, place: str = "", /, group: str = "", **values: str | int) -> None:
        """Add a note; a second one with the same code and group only raises the first one's count."""
        known = self._found.get((code, group))
        if known is not None and group:
            known["values"]["count"] += 1
        elif len(self._found) < self.limit:
            self._found[code, group or f"{place} {len(self._found)}"] = {"code": code, "place": place, "values": {"count": 1, **values}}

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return iter(self._found.values())


class Draft:
    """One sheet being read."""

    def __init__(self, name: str, meter: Meter, notes: Notes) -> None:
        self.name, self.meter, self.notes = name[:255], meter, notes
        self.hidden = False
        self.cells: dict[int, dict[int, str | list[Any]]] = {}
        self.blocks: list[Block] = []
        self.hidden_rows: set[int] = set()
        self.hidden_columns: set[int] = set()
        self.lines: list[int] = []

    def place(self, row: int, column: int) -> str:
        """Return sheet and cell for a message."""
        return place(self.name, row, column)

    def note(self, code: str, row: int, column: int, **values: str | int) -> None:
        """Add a note on a cell; further ones of the same column are counted."""
        self.notes.add(code, self.place(row, column), group=f"{self.name}!{column}", **values)

    def put(self, row: int, column: int, text: str, rest: tuple[Any, ...] | None = None) -> None:
        """Put a cell; `rest` is kind, number, ISO date and number format of a cell that is not plain text."""
        limits = self.meter.limits
        if row >= limits.rows:
            raise Refusal("E-ROWS", self.place(row, column), limit=limits.rows)
        if column >= limits.columns:
            raise Refusal("E-COLUMNS", self.place(row, column), limit=limits.columns)
        try:
            self.meter.add_cell(len(text))
        except Refusal as refusal:
            refusal.place = self.place(row, column)
            raise
        cells = self.cells.get(row)
        if cells is None:
            cells = self.cells[row] = {}
        if column in cells:
            raise Refusal("E-DAMAGED", self.place(row, column), detail="repeated cell")
        if not (text.isascii() and text.isprintable()):
            self._look_at(text, row, column)
        cells[column] = text if rest is None else [rest[0], text, *rest[1:], False]

    def _look_at(self, text: str, row: int, column: int) -> None:
        if NO_BREAK_SPACE.search(text):
            self.note("N-NO-BREAK-SPACE", row, column, text=excerpt(text))
        if "\ufffd" in text:
            self.note("W-REPLACEMENT", row, column, text=excerpt(text))
        if found := INVISIBLE.search(text):
            self.note("W-INVISIBLE", row, column, sign=f"U+{ord(found[0]):04X}", text=excerpt(text))
        if (mended := unscramble(text)) != text:
            self.note("W-MOJIBAKE", row, column, text=excerpt(text), meant=excerpt(mended))

    def merge(self, block: Block) -> None:
        """Note a merged block; it is cut to the sheet's content when the sheet is finished."""
        if len(self.blocks) >= self.meter.limits.rows:
            raise Refusal("E-ROWS", self.place(block.top, block.left), limit=self.meter.limits.rows)
        self.blocks.append(block)

    def finish(self) -> Iterator[dict[str, Any] | list[Any]]:
        """Yield the sheet's head, then its rows, each as plain data for JSON."""
        height = max(self.cells, default=-1) + 1
        width = max((max(cells) for cells in self.cells.values() if cells), default=-1) + 1
        self.meter.add_area(self.name, height * width)
        self._merge_cells(height, width)
        for kind, hidden in (("ROWS", self.hidden_rows), ("COLUMNS", self.hidden_columns)):
            self._note_hidden(kind, hidden, height if kind == "ROWS" else width)
        if self.hidden:
            self.notes.add("W-HIDDEN-SHEET", self.name)
        yield {
            "sheet": self.name,
            "hidden": self.hidden,
            "width": width,
            "height": height,
            "blocks": [[b.top, b.left, b.bottom, b.right] for b in self.blocks],
            "hidden_rows": sorted(self.hidden_rows),
            "hidden_columns": sorted(self.hidden_columns),
            "lines": self.lines[:height],
        }
        for row in range(height):
            cells = self.cells.pop(row, {})
            yield [cells.get(column, WIRE_EMPTY) for column in range(max(cells, default=-1) + 1)]

    def _note_hidden(self, kind: str, hidden: set[int], end: int) -> None:
        inside = sorted(index for index in hidden if index < end)
        hidden.intersection_update(inside)
        if inside:
            first = self.place(inside[0], 0) if kind == "ROWS" else self.place(0, inside[0])
            self.notes.add(f"W-HIDDEN-{kind}", first, group=f"{self.name}!", count=len(inside))

    def _merge_cells(self, height: int, width: int) -> None:
        inside = (Block(b.top, b.left, min(b.bottom, height - 1), min(b.right, width - 1)) for b in self.blocks if b.top < height and b.left < width)
        self.blocks = [b for b in inside if (b.bottom, b.right) != (b.top, b.left)]
        for block in self.blocks:
            self.meter.add_area(self.place(block.top, block.left), (block.bottom - block.top + 1) * (block.right - block.left + 1))
            for row in range(block.top, block.bottom + 1):
                cells = self.cells.setdefault(row, {})
                for column in range(block.left, block.right + 1):
                    cells[column] = _merged(cells.get(column, WIRE_EMPTY))
        if self.blocks:
            first = self.place(self.blocks[0].top, self.blocks[0].left)
            self.notes.add("N-MERGED", first, group=f"{self.name}!", count=len(self.blocks))


def _merged(cell: Any) -> Any:
    if cell in (WIRE_EMPTY, WIRE_COVERED):
        return WIRE_COVERED
    return ["text", cell, None, None, "", True] if isinstance(cell, str) else [*cell[:-1], True]


def excerpt(text: str) -> str:
    """Return at most 60 characters of a text for a note."""
    return text if len(text) <= 60 else f"{text[:59]}…"


def unscramble(text: str) -> str:
    """Return the text with each piece of UTF-8 that was read as cp1252 read again as UTF-8: `SelvaÃ³n` becomes `Selvaón`."""
    once = MOJIBAKE.sub(_reread, text)
    return once if once == text else unscramble(once)


def _reread(found: re.Match[str]) -> str:
    try:
        return b"".join(_byte(sign) for sign in found[0]).decode("utf-8")
    except (UnicodeEncodeError, UnicodeDecodeError):
        return found[0]


def _byte(sign: str) -> bytes:
    return sign.encode("latin-1" if ord(sign) < 256 else "cp1252")
