"""The tables of a written page and the addresses of their cells, read back from the page itself."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from eslabon.errors import InputError, nearest


@dataclass(frozen=True)
class PageCell:
    """One number of a table: its row and column as they are headed, how it is printed, and its address."""

    row: str
    column: str
    shown: str
    address: str


@dataclass
class PageTable:
    """One table of a page: the section's id and its number there, what it is called, and its cells."""

    name: str
    title: str
    cells: list[PageCell] = field(default_factory=list)

    def find(self, row: str, column: str) -> PageCell:
        """Return the cell of a row and a column, by their heads or the beginning of them.

        Raises
        ------
        InputError
            If no cell is there.
        """
        rows = {c.row for c in self.cells}
        there = [c for c in self.cells if _matches(c.row, row)]
        if not there:
            raise InputError("the table has no such row", place=self.name, value=row, remedy=nearest(row, rows))
        found = [c for c in there if _matches(c.column, column)]
        if not found:
            raise InputError("the table has no such column", place=self.name, value=column, remedy=nearest(column, {c.column for c in there}))
        return found[0]


def _matches(head: str, wanted: str) -> bool:
    return head.casefold().startswith(wanted.strip().casefold())


def read_page(path: Path) -> dict[str, PageTable]:
    """Return the tables of a page by name, those without an address left out.

    Raises
    ------
    InputError
        If no cell of the page has an address.
    """
    parser = _Parser()
    parser.feed(path.read_text(encoding="utf-8"))
    found = {t.name: t for t in parser.tables if t.cells}
    if not found:
        raise InputError("no cell of the page has an address", file=str(path), remedy="It is older than addresses: run the scenario again.")
    return found


def page_of(folder: Path, lang: str) -> Path:
    """Return the page that a run's folder holds, in the language asked for if there is one.

    Raises
    ------
    InputError
        If the folder holds none.
    """
    pages = sorted(folder.glob("report.*.html"), key=lambda p: p.name != f"report.{lang}.html")
    if not pages:
        raise InputError("the run's folder holds no page", file=str(folder), remedy="`eslabon run` and `eslabon compare` write one without --json.")
    return pages[0]


def choose_table(tables: dict[str, PageTable], name: str) -> PageTable:
    """Return a table by name.

    Raises
    ------
    InputError
        If there is none.
    """
    if name not in tables:
        raise InputError("the page has no such table", value=name, remedy=nearest(name, tables))
    return tables[name]


class _Parser(HTMLParser):
    """Follows sections, tables, heads and cells."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[PageTable] = []
        self.section, self.inside = "page", ""
        self.words: list[str] = []
        self.heads: list[str] = []
        self.row, self.column = "", 0
        self.address = ""
        self.label, self.summary = "", ""
        self.body = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in ("section", "div") and given.get("id") and (tag == "section" or given.get("class") == "subfigure"):
            self.section = given["id"]
        if tag == "div" and given.get("class") == "scroll":
            self.label = given.get("aria-label", "")
        if tag == "summary":
            self.inside, self.words = tag, []
        if tag == "table":
            title = self.summary if given.get("class") == "outcomes" else self.label
            number = sum(t.name.rpartition("-")[0] == self.section for t in self.tables) + 1
            self.tables.append(PageTable(f"{self.section}-{number}", title))
            self.heads, self.body = [], False
        if tag == "tbody":
            self.body = True
        if tag == "tr":
            self.row, self.column = "", 0
        if tag in ("th", "td", "caption"):
            self.inside, self.words, self.address = tag, [], given.get("data-cell", "")
        if tag == "small" and self.inside == "th":
            self.inside = "meaning"

    def handle_data(self, data: str) -> None:
        if self.inside in ("th", "td", "caption", "summary"):
            self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "small" and self.inside == "meaning":
            self.inside = "th"
        if tag == "summary":
            self.summary, self.inside = "".join(self.words).strip(), ""
        if tag not in ("th", "td", "caption") or not self.tables:
            return
        words, table = "".join(self.words).strip(), self.tables[-1]
        self.inside = ""
        if tag == "caption":
            table.title = words
        elif tag == "th" and not self.body:
            self.heads.append(words)
        elif tag == "th":
            self.row = words
        elif self.address:
            head = self.heads[self.column] if self.column < len(self.heads) else ""
            table.cells.append(PageCell(self.row, head, words, self.address))
        self.column += 1
