"""The figures of a table: each cell read by the style of its column, in the unit of its column, row or title."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from eslabon.evidence.tables.body import Body
from eslabon.evidence.tables.figures import STYLES, Figure, Style, Unreadable, read_figure, style_of, value_of
from eslabon.evidence.tables.findings import Findings
from eslabon.evidence.tables.grid import Cell, Sheet
from eslabon.evidence.tables.heads import Head
from eslabon.evidence.tables.layout import Layout
from eslabon.evidence.tables.missing import missing_code
from eslabon.evidence.tables.request import UNMONITORED_WORDS, ZERO_WORDS, ImportRequest

SMALLEST, LARGEST = 1e-9, 1e15
"""Figures of an official table, but for zero, lie between."""
_SIGNIFICANT = 15


@dataclass(frozen=True, slots=True)
class ColumnStyle:
    """How a column of written figures marks thousands and decimals, and the cell that shows it."""

    head: str
    place: str
    style: Style | None
    evidence: str = ""
    text: str = ""


@dataclass(slots=True)
class Reading:
    """One cell of figures.

    Parameters
    ----------
    row, column : int
    text : str
        As printed.
    state : str
        `figure`, `zero` (a blank or code that means zero), `missing`, `unmonitored` or `unread`.
    value : float
    low, high : float or None
    decimals : int
        Printed.
    bound, unit, currency, marker : str
    reason : str
        Why there is no figure.
    """

    row: int
    column: int
    text: str
    state: str = "figure"
    value: float = 0.0
    low: float | None = None
    high: float | None = None
    decimals: int = 0
    bound: str = "exact"
    unit: str = ""
    currency: str = ""
    marker: str = ""
    percent: bool = False
    reason: str = ""


@dataclass
class _Column:
    """What the written figures of a column say of its style."""

    strong: dict[Style, int] = field(default_factory=dict)
    decimal: dict[Style, list[int]] = field(default_factory=dict)
    unclear: dict[Style, list[int]] = field(default_factory=dict)
    odd: list[int] = field(default_factory=list)
    bad: list[int] = field(default_factory=list)


class FigureReader:
    """The cells of a table's figure columns, with findings for each that is not certain."""

    def __init__(self, sheet: Sheet, layout: Layout, request: ImportRequest, findings: Findings) -> None:
        self.sheet, self.layout, self.request, self.findings = sheet, layout, request, findings
        self.styles: dict[int, ColumnStyle] = {}
        self._meanings = request.meanings

    def decide_styles(self, heads: Iterable[Head], rows: list[int]) -> None:
        """Find the style of each column from its own cells; two styles in one table are asked."""
        decided: dict[Style, list[ColumnStyle]] = {}
        for head in heads:
            found = self._style(head, rows)
            self.styles[head.column] = found
            if found.style and found.evidence:
                decided.setdefault(found.style, []).append(found)
        if len(decided) == 2:
            fewer = min(decided.values(), key=len)
            if len({len(columns) for columns in decided.values()}) == 1:
                fewer = list(decided.values())[-1]
            shown = "; ".join(f"{c.head}: {c.text} ({c.style})" for columns in decided.values() for c in columns)
            self.findings.add("Q-TWO-STYLES", fewer[0].place, fewer[0].text, evidence=shown)

    def _style(self, head: Head, rows: list[int]) -> ColumnStyle:
        column = self._evidence(head.column, rows)

        def where(row: int) -> str:
            return self.sheet.place(row, head.column)

        def text(row: int) -> str:
            return self.sheet.rows[row][head.column].text

        if column.bad:
            self.findings.add("E-UNREADABLE", where(column.bad[0]), text(column.bad[0]), what="figure")
        clear: dict[Style, int] = {s: r[0] for s, r in column.decimal.items()} | column.strong
        if self.request.locale:
            return self._by_locale(head, column, clear)
        if len(clear) == 2:
            row = max(clear.values())
            self.findings.add("E-MIXED-STYLES-IN-COLUMN", where(row), text(row), other=text(min(clear.values())))
            return ColumnStyle(head.text, where(row), None)
        style = next(iter(clear), None)
        self._refuse_unclear(head, column, style)
        if style is None:
            odd: Style | None = style_of(_core(text(column.odd[0])))[1] if column.odd else None
            return ColumnStyle(head.text, "", odd, text=text(column.odd[0]) if column.odd else "")
        return ColumnStyle(head.text, where(clear[style]), style, "cell", text(clear[style]))

    def _refuse_unclear(self, head: Head, column: _Column, style: Style | None) -> None:
        """Refuse figures such as `30.000` that nothing in their column decides."""
        unclear = sorted(row for rows in column.unclear.values() for row in rows)
        if column.odd and unclear:
            row = column.odd[0]
            self.findings.add("E-AMBIGUOUS-FOOTNOTE", self.sheet.place(row, head.column), self.sheet.rows[row][head.column].text)
        as_decimals = column.unclear.get(style, []) if style else []
        weak = style is not None and style not in column.strong and len(as_decimals) > len(column.decimal.get(style, []))
        doubtful = sorted(as_decimals) if weak else ([] if style else unclear)
        if doubtful:
            row = doubtful[0]
            text = self.sheet.rows[row][head.column].text
            ends = [value_of(_core(text), each) for each in STYLES]
            readings = " / ".join(f"{end[0]:,.10g}" for end in ends if end)
            options = ("--locale es", "--locale en")
            for doubted in doubtful:
                self.findings.add("E-AMBIGUOUS-NUMBER", self.sheet.place(doubted, head.column), text, options=options, readings=readings)

    def _by_locale(self, head: Head, column: _Column, clear: Mapping[Style, int]) -> ColumnStyle:
        wanted = self.request.locale or None
        for style, row in clear.items():
            if style != wanted:
                where = self.sheet.place(row, head.column)
                self.findings.add("E-LOCALE-CONTRADICTED", where, self.sheet.rows[row][head.column].text, locale=wanted, other=style)
        return ColumnStyle(head.text, "", wanted, "option")

    def _evidence(self, column: int, rows: list[int]) -> _Column:
        found = _Column()
        for row in rows:
            cell = self.sheet.rows[row][column]
            if cell.kind != "text":
                continue
            figure = read_figure(cell.text)
            if not isinstance(figure, Figure):
                continue
            for core in figure.cores:
                evidence, style = style_of(core)
                if evidence == "bad":
                    found.bad.append(row)
                elif evidence == "odd":
                    found.odd.append(row)
                elif style is not None and evidence == "strong":
                    found.strong.setdefault(style, row)
                elif style is not None:
                    (found.decimal if evidence == "decimal" else found.unclear).setdefault(style, []).append(row)
        return found

    def read(self, row: int, head: Head) -> Reading:
        """Return the reading of one cell; what cannot be read is a finding, never zero."""
        cell = self.sheet.rows[row][head.column]
        reading = Reading(row, head.column, cell.text)
        if cell.kind == "empty":
            return self._blank(reading)
        if cell.kind == "date" or (cell.kind == "formula" and cell.date is not None):
            return self._unread(reading, "E-RETYPED", what="date")
        if cell.number is not None and cell.kind in ("number", "formula"):
            return self._stored(reading, cell)
        if code := missing_code(cell.text) or (cell.text.strip().lower() if cell.kind == "error" else ""):
            return self._coded(reading, code)
        if cell.kind in ("boolean", "formula"):
            return self._unread(reading, "E-RETYPED" if cell.kind == "boolean" else "E-UNREADABLE", what="figure")
        figure = read_figure(cell.text)
        if isinstance(figure, Unreadable):
            if cell.text.strip().lower() in self._meanings:
                return self._coded(reading, cell.text.strip().lower())
            return self._unread(reading, _UNREAD[figure.why], what="figure")
        return self._written(reading, figure)

    def _stored(self, reading: Reading, cell: Cell) -> Reading:
        assert cell.number is not None
        shown = cell.number * 100 if cell.percent else cell.number
        if shown and not SMALLEST <= abs(shown) <= LARGEST:
            return self._unread(reading, "E-UNREADABLE")
        digits = f"{shown:.{_SIGNIFICANT}g}"
        reading.value, reading.percent = float(digits), cell.percent
        reading.decimals = 0 if "e" in digits else len(digits.partition(".")[2])
        return reading

    def _written(self, reading: Reading, figure: Figure) -> Reading:
        style = self.styles[reading.column].style if reading.column in self.styles else None
        if style is None and any(style_of(core)[0] in ("unclear", "bad") for core in figure.cores):
            reading.state = "unread"
            return reading
        ends = [end for core in figure.cores if (end := value_of(core, style)) is not None]
        if len(ends) < len(figure.cores) or any(end[0] and not SMALLEST <= end[0] <= LARGEST for end in ends):
            return self._unread(reading, "E-UNREADABLE")
        reading.value, reading.decimals = ends[0]
        reading.bound, reading.unit, reading.currency = figure.bound, figure.unit, figure.currency
        reading.marker, reading.percent = figure.marker, figure.percent
        where = self.sheet.place(reading.row, reading.column)
        if len(ends) == 2:
            reading.low, reading.high = ends[0][0], ends[1][0]
            reading.value, reading.decimals = (reading.low + reading.high) / 2, max(ends[0][1], ends[1][1])
            if reading.low >= reading.high:
                return self._unread(reading, "E-BAD-RANGE")
        if figure.negative:
            reading.value = -reading.value
        if figure.bound != "exact":
            self.findings.add("N-BOUND", where, reading.text, bound=figure.bound, read=f"{reading.value:g}")
        if figure.marker:
            self.findings.add("N-FOOTNOTE-SPLIT", where, reading.text, read=f"{reading.value:.12g}", marker=figure.marker)
        return reading

    def _unread(self, reading: Reading, code: str, what: str = "figure") -> Reading:
        self.findings.add(code, self.sheet.place(reading.row, reading.column), reading.text, what=what)
        reading.state = "unread"
        return reading

    def _blank(self, reading: Reading) -> Reading:
        options = ("--blank zero", "--blank missing", "--blank unmonitored")
        answered = f"--blank {self.request.blank}" if self.request.blank else ""
        self.findings.add("Q-BLANK-CELLS", self.sheet.place(reading.row, reading.column), options=options, answered=answered)
        reading.state, reading.reason = self.request.blank or "missing", "blank"
        return reading

    def _coded(self, reading: Reading, code: str) -> Reading:
        meaning = self._meanings.get(code) or self._meanings.get(reading.text.strip().lower(), "")
        shown = reading.text.strip()
        options = (f'--missing "{shown}=not available"', f'--missing "{shown}=zero"', f'--missing "{shown}=not monitored"')
        answered = f'--missing "{shown}={meaning}"' if meaning else ""
        self.findings.add("Q-MISSING-CODE", self.sheet.place(reading.row, reading.column), shown, options=options, answered=answered, key=code)
        state = "zero" if meaning.lower() in ZERO_WORDS else "unmonitored" if meaning.lower() in UNMONITORED_WORDS else "missing"
        reading.state, reading.reason = state, meaning or shown
        return reading


_UNREAD = {"footnote": "E-AMBIGUOUS-FOOTNOTE", "retyped": "E-RETYPED", "range": "E-UNREADABLE", "text": "E-UNREADABLE"}


def _core(text: str) -> str:
    figure = read_figure(text)
    return figure.cores[0] if isinstance(figure, Figure) else "0"


def data_rows(body: Body) -> list[int]:
    """Return the rows whose figures tell the style of their column: data and totals."""
    return sorted([*body.data, *body.totals])
