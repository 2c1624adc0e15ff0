"""The period of each figure: from the head, the row, the title or the option; a stock has a day, a flow a start and an end."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from eslabon.clock import MONTHS_PER_YEAR
from eslabon.evidence.tables.findings import Findings
from eslabon.evidence.tables.grid import Sheet
from eslabon.evidence.tables.heads import Head, cell_span, month_of
from eslabon.evidence.tables.layout import Layout
from eslabon.evidence.tables.request import ImportRequest
from eslabon.evidence.tables.spans import Span, day_in_order, year_from, years_in


@dataclass(frozen=True, slots=True)
class Period:
    """Start and end of a figure's period, what it is a part of, and the words beside it."""

    start: datetime.date
    end: datetime.date
    part_of_year: bool = False
    day: bool = False
    marker: str = ""


class PeriodReader:
    """The periods of a table, with findings for each that is not certain.

    Parameters
    ----------
    sheet : Sheet
    layout : Layout
    request : ImportRequest
    findings : Findings
    cumulative : bool
        Whether a figure under a day is what was added up to it since January: a flow.
    """

    def __init__(self, sheet: Sheet, layout: Layout, request: ImportRequest, findings: Findings, cumulative: bool = False) -> None:
        self.sheet, self.layout, self.request, self.findings, self.cumulative = sheet, layout, request, findings, cumulative
        self._order: dict[int, str] = {}

    def rows(self, data: list[int]) -> dict[int, Span]:
        """Return the span of each row from its columns of periods; several columns (year, month) are joined."""
        found: dict[int, Span] = {}
        for column in self.layout.periods:
            self._decide_order(column, data)
            for row, span in self._column(column, data):
                before = found.get(row)
                found[row] = _together(before, span) if before else span
        return found

    def _column(self, column: int, data: list[int]) -> Iterator[tuple[int, Span]]:
        last: Span | None = None
        for row in data:
            cell, where = self.sheet.rows[row][column], self.sheet.place(row, column)
            if cell.kind == "empty":
                if cell.merged:
                    above, left = self.sheet.anchor(row, column)
                    cell = self.sheet.rows[above][left]
                elif last is not None:
                    self.findings.add("Q-BLANK-LABEL", where, above="")
                    yield row, last
                    continue
            span = cell_span(cell)
            if span is not None and span.day_month != (0, 0) and span.start is None and column in self._order:
                span = day_in_order(span, self._order[column])
            if span is None:
                self.findings.add("E-UNREADABLE", where, cell.text, what="period")
                continue
            if span.spanish:
                self.findings.add("N-SPANISH-DATE", where, cell.text, read=f"{span.start}" if span.start else str(span.month))
            last = span
            yield row, span

    def _decide_order(self, column: int, data: list[int]) -> None:
        """Find the order of day and month in a column from a date that decides it; a mixture of dates and texts is refused."""
        orders: dict[str, int] = {}
        unclear, typed = -1, -1
        for row in data:
            cell = self.sheet.rows[row][column]
            typed = row if cell.kind == "date" and typed < 0 else typed
            span = cell_span(cell)
            if span is None or span.day_month == (0, 0):
                continue
            first, second = span.day_month
            if span.start is None:
                unclear = row if unclear < 0 else unclear
            elif first != second:
                orders.setdefault("dmy" if first > MONTHS_PER_YEAR else "mdy", row)
        texts = [row for row in (unclear, *orders.values()) if row >= 0]
        if typed >= 0 and texts:
            self.findings.add(
                "E-RETYPED", self.sheet.place(min(typed, *texts), column), self.sheet.rows[min(typed, *texts)][column].text, what="date"
            )
        elif len(orders) == 2:
            row = max(orders.values())
            self.findings.add("E-AMBIGUOUS-DATE", self.sheet.place(row, column), self.sheet.rows[row][column].text)
        elif unclear >= 0 and not orders and not self.request.dates:
            self.findings.add(
                "E-AMBIGUOUS-DATE", self.sheet.place(unclear, column), self.sheet.rows[unclear][column].text, options=("--dates dmy", "--dates mdy")
            )  # fmt: skip
        self._order[column] = next(iter(orders), self.request.dates or "dmy")

    def of(self, head: Head, row_span: Span | None, stock: bool) -> Period | None:
        """Return the period of a figure, None where it is not known (a finding says so)."""
        span = _together(row_span, head.span) if head.span and row_span else head.span or row_span
        if span is None:
            return None
        if span.sort == "month-name":
            return self._month_of_title(head, span)
        if span.start is None or span.end is None:
            return self._date_of_digits(head, span, stock)
        if span.sort == "split":
            return self._split(head, span, stock)
        if span.sort == "day" and span is head.span and self.cumulative:
            return _since_january(span)
        return _period(span, stock)

    def _date_of_digits(self, head: Head, span: Span, stock: bool) -> Period | None:
        """Return a date of digits in the order that the option gives; no head decides the order of another."""
        read = day_in_order(span, self.request.dates) if self.request.dates else None
        if read is None:
            options = ("--dates dmy", "--dates mdy")
            self.findings.add("E-AMBIGUOUS-DATE", self.sheet.place(head.row, head.column), head.text, options=options)
            return None
        return _since_january(read) if self.cumulative else _period(read, stock)

    def _month_of_title(self, head: Head, span: Span) -> Period | None:
        years = self._title_years()
        if self.request.span and self.request.span.sort == "year" and self.request.span.year:
            return _period(month_of(self.request.span.year, span), False)
        option = f"--period {years[0]}" if len(years) == 1 else "--period YEAR"
        self.findings.add("Q-PERIOD-UNDECLARED", self.sheet.place(head.row, head.column), head.text, options=(option,))
        return None

    def _split(self, head: Head, span: Span, stock: bool) -> Period | None:
        """Return the twelve months of a year such as 2012-2013, if its first month is known."""
        if self.request.year_starts:
            self.findings.add(
                "Q-SPLIT-YEAR", self.sheet.place(head.row, head.column), head.text, answered=f"--year-starts {self.request.year_starts}"
            )
            return _period(year_from(self.request.year_starts, span), stock)
        if self.request.span:
            answered = f"--period {self.request.period}"
            self.findings.add("Q-SPLIT-YEAR", self.sheet.place(head.row, head.column), head.text, answered=answered)
            return _period(self.request.span, stock)
        assert span.start is not None
        year = span.start.year
        options = ("--year-starts 7", "--year-starts MONTH", f"--period {year}-07..{year + 1}-06")
        self.findings.add("Q-SPLIT-YEAR", self.sheet.place(head.row, head.column), head.text, options=options)
        return None

    def default(self, stock: bool) -> Period | None:
        """Return the period of a table that has none in heads or rows: the option's, or asked with what the title says."""
        years, titles = self._title_years(), self.layout.table.titles
        if self.request.span:
            if len(years) == 1 and self.request.span.end and self.request.span.end.year != years[0]:
                self.findings.add("E-PERIOD-CONTRADICTED", self._title_place(years[0]), str(years[0]), option=self.request.period)
            elif years:
                self.findings.add("Q-PERIOD-FROM-TITLE", self._title_place(years[0]), str(years[0]), answered=f"--period {self.request.period}")
            return _period(self.request.span, stock)
        if years:
            options = tuple(f"--period {year}" for year in years)
            self.findings.add("Q-PERIOD-FROM-TITLE", self._title_place(years[0]), ", ".join(map(str, years)), options=options)
        else:
            where = self.sheet.place(*titles[0]) if titles else self.sheet.place(self.layout.table.top, 0)
            self.findings.add("Q-PERIOD-UNDECLARED", where, options=("--period YEAR", "--period YYYY-MM..YYYY-MM"))
        return None

    def _title_years(self) -> list[int]:
        return sorted({year for row, column in self.layout.table.titles for year in years_in(self.sheet.rows[row][column].text)})

    def _title_place(self, year: int) -> str:
        return next(self.sheet.place(r, c) for r, c in self.layout.table.titles if year in years_in(self.sheet.rows[r][c].text))


def _together(first: Span, second: Span) -> Span:
    """Return the month of a year where one gives the year and the other the month; else the second, which is the finer."""
    for year, month in ((first, second), (second, first)):
        if year.sort == "year" and month.sort == "month-name" and year.year:
            return month_of(year.year, month)
    return first if second.sort == "year" and first.sort != "year" else second


def _since_january(span: Span) -> Period:
    """Return the part of a year up to the day that a head names: flows are added up to it."""
    assert span.end is not None
    start = datetime.date(span.end.year, 1, 1)
    return Period(start, span.end, (span.end.month, span.end.day) != (MONTHS_PER_YEAR, 31), marker=span.marker)


def _period(span: Span, stock: bool) -> Period:
    assert span.start is not None and span.end is not None
    if stock and span.sort in ("year", "several", "split"):
        return Period(span.end, span.end, marker=span.marker)
    if stock:
        return Period(span.end, span.end, day=span.sort == "day", marker=span.marker)
    return Period(span.start, span.end, span.sort in ("part", "month"), span.sort == "day", span.marker)
