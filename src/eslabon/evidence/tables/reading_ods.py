"""ODS: cells with what they store and what they show; repeated cells and rows are expanded only where they hold something."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from eslabon.evidence.tables.bounds import CELL_WEIGHT, Meter, Refusal
from eslabon.evidence.tables.grid import Block
from eslabon.evidence.tables.reading_draft import Draft, Notes, excerpt
from eslabon.evidence.tables.reading_formats import is_iso_date
from eslabon.evidence.tables.reading_xml import Attributes, XmlReader, local_attributes, whole
from eslabon.evidence.tables.reading_zip import Archive

CONTENT = "content.xml"
BLANKS = re.compile("[ \t\r\n]+")
FORMATS = {"percentage": "0%", "date": "yyyy-mm-dd", "time": "hh:mm:ss"}
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
EXTENSION = ":calcext:"
"""In the namespace of LibreOffice's own attributes, which repeat the standard ones and tell errors from texts."""
ROW_PARTS = ("table-cell", "covered-table-cell")


def read_ods(archive: Archive, meter: Meter, notes: Notes) -> Iterator[Draft]:
    """Yield the sheets of an OpenDocument spreadsheet in their order."""
    archive.refuse_nested()
    if b"encryption-data" in archive.read("META-INF/manifest.xml", 1_000_000):
        raise Refusal("E-ENCRYPTED", CONTENT)
    reader = ContentReader(meter, notes)
    XmlReader(CONTENT, meter, start=reader.start, end=reader.end, text=reader.text).parse(archive.pieces(CONTENT))
    if not reader.drafts:
        raise Refusal("E-DAMAGED", CONTENT, detail="no sheet")
    yield from reader.drafts


class ContentReader:
    """The content of the document being parsed."""

    def __init__(self, meter: Meter, notes: Notes) -> None:
        self.meter, self.notes = meter, notes
        self.drafts: list[Draft] = []
        self._depth = 0
        self._table_depth = self._cell_depth = self._paragraph_depth = 0
        self._row = self._column = self._table_column = 0
        self._row_repeat = 1
        self._row_cells: list[tuple[int, str, tuple[Any, ...] | None]] = []
        self._cell: Attributes = {}
        self._is_error = False
        self._shown: list[str] = []
        self._shown_length = 0
        self._style = ""
        self._hidden_styles: set[str] = set()

    @property
    def _draft(self) -> Draft:
        return self.drafts[-1]

    def start(self, name: str, attributes: Attributes) -> None:
        """Handle the start of an element."""
        self._depth += 1
        if self._cell_depth:
            self._inside_cell(name, attributes)
        elif name in ROW_PARTS:
            self._start_cell(attributes)
        elif name == "table-row":
            self._start_row(local_attributes(attributes))
        elif name == "table-column":
            self._start_column(local_attributes(attributes))
        elif name == "table":
            self._start_table(local_attributes(attributes))
        elif name == "style":
            self._style = local_attributes(attributes).get("name", "")
        elif name == "table-properties" and local_attributes(attributes).get("display") == "false":
            self._hidden_styles.add(self._style)

    def end(self, name: str) -> None:
        """Handle the end of an element."""
        if self._cell_depth and self._depth == self._cell_depth:
            self._end_cell()
        elif self._paragraph_depth == self._depth:
            self._paragraph_depth = 0
        elif name == "table-row" and self._table_depth and not self._cell_depth:
            self._end_row()
        elif name == "table" and self._depth == self._table_depth:
            self._table_depth = 0
        self._depth -= 1

    def text(self, text: str) -> None:
        """Handle character data, of which only a cell's own paragraphs are shown in it."""
        if self._paragraph_depth:
            self._show(BLANKS.sub(" ", text))

    def _start_table(self, attributes: Attributes) -> None:
        if self._table_depth:
            raise Refusal("E-DAMAGED", self._draft.name, detail="table inside a table")
        if len(self.drafts) >= self.meter.limits.sheets:
            raise Refusal("E-SHEETS", limit=self.meter.limits.sheets)
        self._table_depth = self._depth
        self._row = self._table_column = 0
        self.drafts.append(Draft(attributes.get("name", ""), self.meter, self.notes))
        self._draft.hidden = attributes.get("style-name", "") in self._hidden_styles

    def _start_column(self, attributes: Attributes) -> None:
        if not self._table_depth:
            return
        repeat = whole(attributes.get("number-columns-repeated"), 1)
        if attributes.get("visibility", "visible") != "visible":
            limit = self.meter.limits.columns
            self._draft.hidden_columns.update(range(min(self._table_column, limit), min(self._table_column + repeat, limit)))
        self._table_column += repeat

    def _start_row(self, attributes: Attributes) -> None:
        if not self._table_depth:
            return
        self._row_repeat = whole(attributes.get("number-rows-repeated"), 1)
        self._column, self._row_cells = 0, []
        if attributes.get("visibility", "visible") != "visible":
            limit = self.meter.limits.rows
            self._draft.hidden_rows.update(range(min(self._row, limit), min(self._row + self._row_repeat, limit)))

    def _end_row(self) -> None:
        if self._row_cells and self._row + self._row_repeat > self.meter.limits.rows:
            raise Refusal("E-ROWS", self._draft.place(self._row, 0), limit=self.meter.limits.rows)
        for row in range(self._row, self._row + self._row_repeat if self._row_cells else self._row):
            for column, text, rest in self._row_cells:
                self._draft.put(row, column, text, rest)
        self._row += self._row_repeat

    def _start_cell(self, attributes: Attributes) -> None:
        if not self._table_depth:
            return
        self._cell_depth = self._depth
        self.meter.elements += CELL_WEIGHT - 1
        self._is_error = False
        cell = self._cell = {}
        for name, value in attributes.items():
            if EXTENSION not in name:
                cell[name[name.rfind(" ") + 1 :]] = value
            elif value == "error":
                self._is_error = True
        self._shown, self._shown_length = [], 0

    def _inside_cell(self, name: str, attributes: Attributes) -> None:
        if name == "p" and self._depth == self._cell_depth + 1:
            self._paragraph_depth = self._depth
            if self._shown:
                self._show("\n")
        elif self._paragraph_depth and name == "s":
            count = whole(local_attributes(attributes).get("c"), 1, self._place)
            self._show(" " * min(count, self.meter.limits.text_length + 1))
        elif self._paragraph_depth and name in ("tab", "line-break"):
            self._show("\t" if name == "tab" else "\n")

    def _place(self) -> str:
        return self._draft.place(self._row, self._column)

    def _show(self, text: str) -> None:
        self._shown_length += len(text)
        if self._shown_length > self.meter.limits.text_length:
            raise Refusal("E-TEXT-LENGTH", self._place(), limit=self.meter.limits.text_length)
        self._shown.append(text)

    def _end_cell(self) -> None:
        self._cell_depth = self._paragraph_depth = 0
        repeat = whole(self._cell.get("number-columns-repeated"), 1, self._place)
        content = self._content("".join(self._shown))
        if content is not None:
            if self._column + repeat > self.meter.limits.columns:
                raise Refusal("E-COLUMNS", self._place(), limit=self.meter.limits.columns)
            self._row_cells.extend((column, *content) for column in range(self._column, self._column + repeat))
        if "number-rows-spanned" in self._cell or "number-columns-spanned" in self._cell:
            self._merge()
        self._column += repeat

    def _merge(self) -> None:
        down, right = (whole(self._cell.get(f"number-{axis}-spanned"), 1, self._place) for axis in ("rows", "columns"))
        if down > 1 or right > 1:
            self._draft.merge(Block(self._row, self._column, self._row + down - 1, self._column + right - 1))

    def _content(self, shown: str) -> tuple[str, tuple[Any, ...] | None] | None:
        """Return what the cell shows, with kind, number, ISO date and format where it is more than a text."""
        kind, formula = self._cell.get("value-type", ""), self._cell.get("formula")
        rest = self._typed(kind, shown)
        text = shown or self._cell.get("string-value") or self._cell.get(_VALUES.get(kind, ""), "")
        if self._is_error or (rest is not None and rest[0] == "error"):
            self._draft.note("W-ERROR-VALUE", self._row, self._column, text=excerpt(text))
            return text, ("error", None, None, "")
        if formula is not None:
            return self._formula(formula, text, rest)
        return (text, rest) if text or rest is not None else None

    def _formula(self, formula: str, text: str, rest: tuple[Any, ...] | None) -> tuple[str, tuple[Any, ...]]:
        written = "=" + formula.partition("=")[2]
        if not text and rest is None and "value-type" not in self._cell:
            self._draft.note("W-FORMULA-EMPTY", self._row, self._column, text=excerpt(written))
            return written[: self.meter.limits.text_length], ("formula", None, None, "")
        self._draft.note("N-FORMULA", self._row, self._column, text=excerpt(written))
        kind, number, date, code = rest or ("text", None, None, "")
        return text, (kind if kind == "date" else "formula", number, date, code)

    def _typed(self, kind: str, shown: str) -> tuple[Any, ...] | None:
        if kind in ("float", "percentage", "currency"):
            return self._number(kind)
        if kind == "boolean":
            return "boolean", None, None, ""
        if kind == "date":
            date = self._cell.get("date-value", "").removesuffix("Z")
            self._draft.note("W-RETYPED-DATE", self._row, self._column, format=FORMATS[kind], text=excerpt(shown or date))
            return "date", None, date if is_iso_date(date) else None, FORMATS[kind]
        if kind == "time":
            self._draft.note("W-RETYPED-TIME", self._row, self._column, format=FORMATS[kind], text=excerpt(shown))
            return "date", None, None, FORMATS[kind]
        return None

    def _number(self, kind: str) -> tuple[Any, ...]:
        value = self._cell.get("value", "")
        if value in ("INF", "-INF", "NaN"):
            return "error", None, None, ""
        if not NUMBER.fullmatch(value) or abs(number := float(value)) == float("inf"):
            raise Refusal("E-DAMAGED", self._place(), value[:60], detail="number")
        if kind == "percentage":
            self._draft.note("N-PERCENT", self._row, self._column, format=FORMATS[kind])
        currency = f"[${self._cell.get('currency', '')[:10]}]" if kind == "currency" else ""
        return "number", number, None, FORMATS.get(kind, currency)


_VALUES = {"float": "value", "percentage": "value", "currency": "value", "date": "date-value", "time": "time-value", "boolean": "boolean-value"}
