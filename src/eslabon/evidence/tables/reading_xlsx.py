"""XLSX: stored values with their number formats, in one pass over bounded XML; formulas are noted and never computed."""

from __future__ import annotations

import math
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from eslabon.evidence.tables.bounds import CELL_WEIGHT, Meter, Refusal
from eslabon.evidence.tables.grid import Block
from eslabon.evidence.tables.reading_draft import Draft, Notes, excerpt
from eslabon.evidence.tables.reading_formats import clock_text, date_of, format_code, is_iso_date, shown_as
from eslabon.evidence.tables.reading_xml import Attributes, XmlReader, local_attributes, whole
from eslabon.evidence.tables.reading_zip import Archive

WORKBOOK = "xl/workbook.xml"
RELATIONS = "xl/_rels/workbook.xml.rels"
NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
ADDRESS = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})", re.ASCII)
ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")


@dataclass
class Styles:
    """The number format of each cell style."""

    written: dict[int, str] = field(default_factory=dict)
    formats: list[int] = field(default_factory=list)
    _known: dict[str | None, tuple[str, str]] = field(default_factory=dict)

    def code(self, style: str | None, place: Callable[[], str]) -> tuple[str, str]:
        """Return the format code of a style's number, and what it shows: `number`, `date`, `datetime` or `time`."""
        known = self._known.get(style)
        if known is None:
            index = whole(style, 0, place)
            code = format_code(self.formats[index], self.written) if index < len(self.formats) else "General"
            known = self._known[style] = code, shown_as(code)
        return known


@dataclass
class Parts:
    """What the workbook says about its sheets: name, part, hidden; and the calendar."""

    sheets: list[tuple[str, str, bool]] = field(default_factory=list)
    targets: dict[str, tuple[str, str]] = field(default_factory=dict)
    from_1904: bool = False

    def part_of(self, kind: str) -> str:
        """Return the name of the workbook's part of a kind, empty if it has none."""
        return next((part for relation, part in self.targets.values() if relation.endswith(f"/{kind}")), "")


def read_xlsx(archive: Archive, meter: Meter, notes: Notes) -> Iterator[Draft]:
    """Yield the worksheets of a workbook in their order."""
    archive.refuse_nested()
    parts = read_parts(archive, meter)
    styles = read_styles(archive, meter, parts.part_of("styles"))
    strings = SharedStrings(archive, meter, parts.part_of("sharedStrings")).texts
    if len(parts.sheets) > meter.limits.sheets:
        raise Refusal("E-SHEETS", limit=meter.limits.sheets)
    for name, target, hidden in parts.sheets:
        relation, part = parts.targets.get(target, ("", ""))
        if not relation.endswith("/worksheet"):
            notes.add("W-SHEET-SKIPPED", name)
            continue
        draft = Draft(name, meter, notes)
        draft.hidden = hidden
        SheetReader(draft, styles, strings, parts.from_1904).read(archive, part)
        yield draft


def read_parts(archive: Archive, meter: Meter) -> Parts:
    """Return the sheets that the workbook lists and the parts they are in."""
    parts = Parts()

    def workbook_start(name: str, attributes: Attributes) -> None:
        local = local_attributes(attributes)
        if name == "sheet":
            parts.sheets.append((local.get("name", ""), local.get("id", ""), local.get("state", "visible") != "visible"))
        elif name == "workbookPr":
            parts.from_1904 = local.get("date1904", "0").lower() in ("1", "true")

    def relation_start(name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", ""))).lstrip("/")
            parts.targets[attributes.get("Id", "")] = (attributes.get("Type", ""), target)

    XmlReader(WORKBOOK, meter, start=workbook_start).parse(archive.pieces(WORKBOOK))
    XmlReader(RELATIONS, meter, start=relation_start).parse(archive.pieces(RELATIONS))
    if not parts.sheets:
        raise Refusal("E-DAMAGED", WORKBOOK, detail="no sheet")
    return parts


def read_styles(archive: Archive, meter: Meter, part: str) -> Styles:
    """Return the number formats of the workbook's cell styles."""
    styles, inside = Styles(), [False]

    def start(name: str, attributes: Attributes) -> None:
        if name == "numFmt":
            styles.written[whole(attributes.get("numFmtId"), 0)] = attributes.get("formatCode", "")[:255]
        elif name == "cellXfs":
            inside[0] = True
        elif name == "xf" and inside[0]:
            styles.formats.append(whole(attributes.get("numFmtId"), 0))

    def end(name: str) -> None:
        if name == "cellXfs":
            inside[0] = False

    if part:
        XmlReader(part, meter, start=start, end=end).parse(archive.pieces(part))
    return styles


class TextParts:
    """Gathers the text of one cell or shared string, leaving out the phonetic reading of East Asian texts."""

    def __init__(self, meter: Meter) -> None:
        self.meter, self.pieces, self.length, self.open, self.phonetic = meter, list[str](), 0, False, False

    def add(self, text: str, place: Callable[[], str]) -> None:
        """Add a piece."""
        self.length += len(text)
        if self.length > self.meter.limits.text_length:
            raise Refusal("E-TEXT-LENGTH", place(), limit=self.meter.limits.text_length)
        self.pieces.append(text)

    def take(self) -> str:
        """Return the text so far and begin anew."""
        if not self.pieces:
            return ""
        text = self.pieces[0] if len(self.pieces) == 1 else "".join(self.pieces)
        self.pieces, self.length = [], 0
        return ESCAPED.sub(_unescape, text) if "_x" in text else text


def _unescape(found: re.Match[str]) -> str:
    """Return the sign of `_x000D_`; half a surrogate pair stays as written."""
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code <= 0xDFFF else chr(code)


class SharedStrings:
    """The workbook's table of texts."""

    def __init__(self, archive: Archive, meter: Meter, part: str) -> None:
        self.texts: list[str] = []
        self._meter, self._part, self._gather, self._total = meter, part, TextParts(meter), 0
        if part:
            XmlReader(part, meter, start=self._start, end=self._end, text=self._text).parse(archive.pieces(part))

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "rPh":
            self._gather.phonetic = True
        elif name == "t":
            self._gather.open = not self._gather.phonetic

    def _end(self, name: str) -> None:
        if name == "t":
            self._gather.open = False
        elif name == "rPh":
            self._gather.phonetic = False
        elif name == "si":
            text = self._gather.take()
            self._total += len(text)
            if self._total > self._meter.limits.text_total:
                raise Refusal("E-TEXT-TOTAL", self._part, limit=self._meter.limits.text_total)
            self.texts.append(text)

    def _text(self, text: str) -> None:
        if self._gather.open:
            self._gather.add(text, lambda: f"{self._part} {len(self.texts) + 1}")


class SheetReader:
    """One worksheet being parsed into a draft."""

    def __init__(self, draft: Draft, styles: Styles, strings: list[str], from_1904: bool) -> None:
        self.draft, self.styles, self.strings, self.from_1904 = draft, styles, strings, from_1904
        self.row = self.column = -1
        self.kind = "n"
        self.style: str | None = None
        self.formula: str | None = None
        self._value, self._formula = TextParts(draft.meter), TextParts(draft.meter)
        self._target: TextParts | None = None
        self._phonetic = False
        self._hidden_ranges = self._rows_seen = 0
        self._columns: dict[str, int] = {}

    def read(self, archive: Archive, part: str) -> None:
        """Parse the sheet's part."""
        XmlReader(part, self.draft.meter, start=self._start, end=self._end, text=self._text).parse(archive.pieces(part))

    def place(self) -> str:
        """The cell being read, for messages."""
        return self.draft.place(max(self.row, 0), max(self.column, 0))

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._start_cell(attributes)
        elif name in ("v", "t"):
            self._target = None if self._phonetic else self._value
        elif name == "f":
            self._target, self.formula = self._formula, ""
        elif name == "row":
            self._start_row(attributes)
        elif name == "rPh":
            self._phonetic = True
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))
        elif name == "col" and attributes.get("hidden", "0") in ("1", "true"):
            self._hide_columns(attributes)

    def _start_row(self, attributes: Attributes) -> None:
        self.row = whole(attributes.get("r"), self.row + 2, self.place) - 1
        self.column = -1
        self._rows_seen += 1
        if self._rows_seen > 2 * self.draft.meter.limits.rows:
            raise Refusal("E-ROWS", self.place(), limit=self.draft.meter.limits.rows)
        if self.row < 0:
            raise Refusal("E-DAMAGED", self.draft.name, "0", detail="row number")
        if attributes.get("hidden", "0") in ("1", "true") and len(self.draft.hidden_rows) < self.draft.meter.limits.rows:
            self.draft.hidden_rows.add(self.row)

    def _start_cell(self, attributes: Attributes) -> None:
        self.draft.meter.elements += CELL_WEIGHT - 1
        reference = attributes.get("r")
        if reference is None:
            self.column += 1
        else:
            row, self.column = self._address(reference)
            if row != self.row:
                raise Refusal("E-DAMAGED", self.draft.place(row, self.column), detail="cell outside its row")
        self.kind, self.style, self.formula = attributes.get("t", "n"), attributes.get("s"), None

    def _address(self, reference: str) -> tuple[int, int]:
        found = ADDRESS.fullmatch(reference)
        if found is None:
            raise Refusal("E-DAMAGED", self.place(), reference[:60], detail="cell name")
        letters = found[1]
        if letters not in self._columns:
            column = 0
            for letter in letters:
                column = column * 26 + ord(letter) - ord("A") + 1
            self._columns[letters] = column - 1
        return int(found[2]) - 1, self._columns[letters]

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        (top, left), (bottom, right) = self._address(first), self._address(last or first)
        self.draft.merge(Block(min(top, bottom), min(left, right), max(top, bottom), max(left, right)))

    def _hide_columns(self, attributes: Attributes) -> None:
        limit = self.draft.meter.limits.columns
        first, last = (whole(attributes.get(end), 1) for end in ("min", "max"))
        self._hidden_ranges += 1
        if self._hidden_ranges > limit:
            raise Refusal("E-COLUMNS", self.draft.name, limit=limit)
        self.draft.hidden_columns.update(range(max(first - 1, 0), min(last, limit)))

    def _text(self, text: str) -> None:
        if self._target is not None:
            self._target.add(text, self.place)

    def _end(self, name: str) -> None:
        if name == "c":
            self._end_cell()
        elif name == "f":
            self.formula, self._target = self._formula.take(), None
        elif name in ("v", "t"):
            self._target = None
        elif name == "rPh":
            self._phonetic = False

    def _end_cell(self) -> None:
        text = self._value.take()
        if not text and self.formula is None:
            return
        content = self._content(text)
        if self.formula is not None:
            content = self._formula_content(content)
        if content is None:
            return
        shown, rest = content
        self.draft.put(self.row, self.column, shown, rest)

    def _content(self, text: str) -> tuple[str, tuple[Any, ...] | None] | None:
        if self.kind == "s":
            shared = self._shared(text)
            return (shared, None) if shared else None
        if self.kind in ("str", "inlineStr"):
            return (text, None) if text else None
        if self.kind == "b":
            return "TRUE" if text.strip() in ("1", "true") else "FALSE", ("boolean", None, None, "")
        if self.kind == "e":
            self.draft.note("W-ERROR-VALUE", self.row, self.column, text=excerpt(text))
            return text, ("error", None, None, "")
        if self.kind == "d":
            return self._iso_date(text)
        return self._number(text) if text else None

    def _shared(self, text: str) -> str:
        if not text and self.formula is not None:
            return ""
        index = whole(text.strip(), 0, self.place)
        if index >= len(self.strings):
            raise Refusal("E-DAMAGED", self.place(), text[:60], detail="shared text")
        return self.strings[index]

    def _number(self, text: str) -> tuple[str, tuple[Any, ...]]:
        stripped = text.strip()
        if not NUMBER.fullmatch(stripped):
            raise Refusal("E-DAMAGED", self.place(), text[:60], detail="number")
        code, shown = self.styles.code(self.style, self.place)
        number = float(stripped)
        if not math.isfinite(number):
            self.draft.note("W-ERROR-VALUE", self.row, self.column, text=excerpt(text))
            return text, ("error", None, None, code)
        if shown != "number":
            return self._moment(number, code, shown)
        if "%" in code:
            self.draft.note("N-PERCENT", self.row, self.column, format=excerpt(code))
        written = stripped if stripped.lstrip("-").isdigit() else repr(number).removesuffix(".0")
        return written, ("number", number, None, code)

    def _moment(self, number: float, code: str, shown: str) -> tuple[str, tuple[Any, ...]]:
        """A number that the sheet shows as a date or time: both are handed on, the schema decides."""
        if shown == "time":
            self.draft.note("W-RETYPED-TIME", self.row, self.column, format=excerpt(code), text=clock_text(number))
            return clock_text(number), ("date", number, None, code)
        date = date_of(number, self.from_1904)
        text = repr(number).removesuffix(".0") if date is None else date.isoformat()
        self.draft.note("W-RETYPED-DATE", self.row, self.column, format=excerpt(code), text=text)
        return text, ("date", number, None if date is None else text, code)

    def _iso_date(self, text: str) -> tuple[str, tuple[Any, ...]]:
        date = text.strip().removesuffix("Z")
        if not is_iso_date(date):
            raise Refusal("E-DAMAGED", self.place(), text[:60], detail="date")
        self.draft.note("W-RETYPED-DATE", self.row, self.column, format="ISO 8601", text=excerpt(text))
        return text, ("date", None, date, self.styles.code(self.style, self.place)[0])

    def _formula_content(self, content: tuple[str, tuple[Any, ...] | None] | None) -> tuple[str, tuple[Any, ...]]:
        if content is None and self.kind == "str":
            content = "", None
        if content is None:
            text = f"={self.formula}"
            self.draft.note("W-FORMULA-EMPTY", self.row, self.column, text=excerpt(text))
            return text, ("formula", None, None, "")
        shown, rest = content
        self.draft.note("N-FORMULA", self.row, self.column, text=excerpt(f"={self.formula}"))
        kind, number, date, code = rest or ("text", None, None, "")
        return shown, (kind if kind in ("error", "date") else "formula", number, date, code)
