"""Tables of an HTML page, as the systems that call them XLS write them: each `table` becomes a sheet of texts."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from eslabon.evidence.tables.bounds import Meter, Refusal
from eslabon.evidence.tables.grid import Block
from eslabon.evidence.tables.reading_draft import Draft, Notes, excerpt

CHARSET = re.compile(rb"<(?:meta\b[^>]{0,300}?charset|\?xml\b[^>]{0,100}?encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_-]{1,40})", re.IGNORECASE)
BLANKS = re.compile("[ \t\r\n\f]+")
LONG_REFERENCE = re.compile("&#[0-9]{12,}")
HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
SPAN = re.compile(r"\s*(\d+)", re.ASCII)
UNSEEN = ("script", "style", "template", "noscript", "title", "textarea")
"""Elements whose content is code or is not shown in the page."""
NEW_LINE = ("br", "p", "div", "li")
TAG_CHARACTERS = 60_000

HtmlAttributes = list[tuple[str, str | None]]


def declared_charset(data: bytes) -> str | None:
    """Return the encoding that the page states in its first bytes."""
    found = CHARSET.search(data[:4096].replace(b"\x00", b""))
    return found[1].decode("ascii") if found else None


def read_html(text: str, meter: Meter, notes: Notes) -> list[Draft]:
    """Return the tables of a page in the order in which they begin.

    Raises
    ------
    Refusal
        E-NO-TABLE, E-HTML-TAG, E-SPAN and those of the meter.
    """
    _refuse_long_tags(text)
    page = Page(meter, notes)
    try:
        page.feed(text)
        page.close()
    except AssertionError as error:
        raise Refusal("E-HTML-TAG", f"line {page.getpos()[0]}", str(error)[:60], limit=TAG_CHARACTERS) from None
    page.finish()
    if not page.drafts:
        raise Refusal("E-NO-TABLE")
    return page.drafts


def _refuse_long_tags(text: str) -> None:
    """Refuse a tag or comment that does not end: the parser would search for its end again and again."""
    if found := LONG_REFERENCE.search(text):
        raise Refusal("E-HTML-TAG", f"line {text.count(chr(10), 0, found.start()) + 1}", found[0][:20], limit=TAG_CHARACTERS)
    begin = text.find("<")
    while begin >= 0:
        ending = "-->" if text.startswith("<!--", begin) else "]>" if text.startswith("<![", begin) else ">"
        end = text.find(ending, begin, begin + TAG_CHARACTERS)
        if end < 0:
            if ending == ">" and len(text) - begin < TAG_CHARACTERS and text.find("<", begin + 1) < 0:
                return
            raise Refusal("E-HTML-TAG", f"line {text.count(chr(10), 0, begin) + 1}", limit=TAG_CHARACTERS)
        begin = text.find("<", end)


class Table:
    """One table being read: where its next cell goes, and which cells earlier ones cover."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft
        self.row, self.column = -1, 0
        self.covered: dict[int, int] = {}
        self.cell: tuple[int, int] | None = None
        self.pieces: list[str] = []
        self.length = 0

    def start_row(self) -> None:
        """Begin a row."""
        self.end_cell()
        self.row, self.column = self.row + 1, 0
        self.draft.meter.add_elements(len(self.covered), self.draft.name)
        self.covered = {column: last for column, last in self.covered.items() if last >= self.row}

    def start_cell(self, down: int, right: int) -> None:
        """Begin a cell at the next column that no cell above covers."""
        if self.row < 0:
            self.start_row()
        self.end_cell()
        while self.column in self.covered:
            self.column += 1
        self.cell, self.pieces, self.length = (self.row, self.column), [], 0
        if self.column + right > self.draft.meter.limits.columns:
            raise Refusal("E-COLUMNS", self.draft.place(self.row, min(self.column, 999_999)), str(right), limit=self.draft.meter.limits.columns)
        if down > 1:
            self.covered.update(dict.fromkeys(range(self.column, self.column + right), self.row + down - 1))
        if down > 1 or right > 1:
            self.draft.merge(Block(self.row, self.column, self.row + down - 1, self.column + right - 1))
        self.column += right

    def add(self, text: str) -> None:
        """Add a piece of text to the open cell."""
        if self.cell is None:
            return
        self.length += len(text)
        if self.length > self.draft.meter.limits.text_length:
            raise Refusal("E-TEXT-LENGTH", self.draft.place(*self.cell), limit=self.draft.meter.limits.text_length)
        self.pieces.append(text)

    def end_cell(self) -> None:
        """Put the open cell, its blanks run together as a browser shows them; a no-break space stays."""
        if self.cell is None:
            return
        lines = (BLANKS.sub(" ", line).strip(" ") for line in "".join(self.pieces).split("\v"))
        text = "\n".join(lines).strip("\n")
        if text:
            self.draft.put(*self.cell, text)
        self.cell = None


class Page(HTMLParser):
    """An HTML page being parsed."""

    def __init__(self, meter: Meter, notes: Notes) -> None:
        super().__init__(convert_charrefs=True)
        self.meter, self.notes = meter, notes
        self.drafts: list[Draft] = []
        self._open: list[Table] = []
        self._unseen = ""

    def handle_starttag(self, tag: str, attrs: HtmlAttributes) -> None:
        """Handle `<tag>`."""
        self.meter.add_elements(1, self.drafts[-1].name if self.drafts else "")
        if self._unseen:
            return
        if tag in UNSEEN:
            self._unseen = tag
        elif tag == "table":
            self._start_table(dict(attrs))
        elif self._open:
            self._start_inside(tag, dict(attrs))

    def handle_startendtag(self, tag: str, attrs: HtmlAttributes) -> None:
        """Handle `<tag/>`: only elements without content may be written so."""
        self.handle_starttag(tag, attrs)
        if tag in UNSEEN:
            self._unseen = ""

    def handle_endtag(self, tag: str) -> None:
        """Handle `</tag>`."""
        if self._unseen:
            self._unseen = "" if tag == self._unseen else self._unseen
        elif self._open and tag == "table":
            self._open.pop().end_cell()
        elif self._open and tag in ("td", "th", "tr"):
            self._open[-1].end_cell()
        elif self._open and tag in NEW_LINE:
            self._open[-1].add("\v")

    def handle_data(self, data: str) -> None:
        """Handle text between tags."""
        if self._unseen:
            return
        if self._open:
            self._open[-1].add(data.replace("\v", " "))
        elif data.strip():
            self.notes.add("N-TEXT-OUTSIDE", group="outside", text=excerpt(BLANKS.sub(" ", data).strip()))

    def finish(self) -> None:
        """Close what the page left open."""
        while self._open:
            self._open.pop().end_cell()

    def _start_table(self, attributes: dict[str, str | None]) -> None:
        if len(self.drafts) >= self.meter.limits.sheets:
            raise Refusal("E-SHEETS", limit=self.meter.limits.sheets)
        draft = Draft(f"table {len(self.drafts) + 1}", self.meter, self.notes)
        draft.hidden = _is_hidden(attributes)
        if self._open:
            self.notes.add("W-NESTED-TABLE", draft.name, group="nested")
        self.drafts.append(draft)
        self._open.append(Table(draft))

    def _start_inside(self, tag: str, attributes: dict[str, str | None]) -> None:
        table = self._open[-1]
        if tag == "tr":
            table.start_row()
            if _is_hidden(attributes):
                table.draft.hidden_rows.add(table.row)
        elif tag in ("td", "th"):
            table.start_cell(self._span(attributes, "rowspan"), self._span(attributes, "colspan"))
        elif tag in NEW_LINE:
            table.add("\v")

    def _span(self, attributes: dict[str, str | None], name: str) -> int:
        """Return a span as browsers do: what is no positive number counts as one; more than the limit is refused."""
        table = self._open[-1]
        if name not in attributes:
            return 1
        digits = SPAN.match(attributes[name] or "1")
        limit = self.meter.limits.columns if name == "colspan" else self.meter.limits.rows
        if digits and (len(digits[1]) > 9 or int(digits[1]) > limit):
            raise Refusal("E-SPAN", table.draft.place(max(table.row, 0), table.column), digits[1][:20], limit=limit)
        return max(int(digits[1]) if digits else 1, 1)


def _is_hidden(attributes: dict[str, str | None]) -> bool:
    return "hidden" in attributes or HIDDEN.search(attributes.get("style") or "") is not None
