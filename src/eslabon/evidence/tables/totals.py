"""Totals and subtotals of a table: found by word or by arithmetic, used as checks, left out of the claims."""

from __future__ import annotations

import bisect
import re
from collections.abc import Sequence
from dataclasses import dataclass

from eslabon.evidence.tables.findings import Findings
from eslabon.evidence.tables.grid import Sheet
from eslabon.evidence.tables.heads import Head
from eslabon.evidence.tables.items import Item
from eslabon.evidence.tables.readings import FigureReader, Reading
from eslabon.evidence.tables.text import fold

_AVERAGE = re.compile(r"promedio|average|mean|media")
_FEW_TOTALS = 300
"""Rows of totals up to which each is also compared with all rows of the table."""
ADDITIVE = ("stock", "flow")


@dataclass(frozen=True, slots=True)
class Check:
    """A sum, product or percentage printed in the table beside what its parts give."""

    what: str
    place: str
    printed: float
    computed: float
    tolerance: float
    holds: bool


def unnamed_totals(sheet: Sheet, rows: Sequence[int], named: set[int], readings: dict[tuple[int, int], Reading], columns: Sequence[int]) -> list[int]:
    """Return rows without a known place whose every figure is the sum of at least two rows right before or after them."""
    found = []
    order = list(rows)
    for index, row in enumerate(order):
        if row in named:
            continue
        before = _run(order[:index][::-1], named)
        after = _run(order[index + 1 :], named)
        if any(len(run) > 1 and _sums(row, run[:n], readings, columns) for run in (before, after) for n in range(2, len(run) + 1)):
            found.append(row)
    return found


def _run(rows: Sequence[int], named: set[int]) -> list[int]:
    run: list[int] = []
    for row in rows:
        if row not in named:
            break
        run.append(row)
    return run[:60]


def _sums(row: int, parts: Sequence[int], readings: dict[tuple[int, int], Reading], columns: Sequence[int]) -> bool:
    checked = 0
    for column in columns:
        total = readings.get((row, column))
        if total is None or total.state != "figure":
            continue
        cells = [cell for part in parts if (cell := readings.get((part, column))) and cell.state == "figure"]
        slack = sum(0.5 * 10.0**-cell.decimals for cell in (*cells, total)) if cells else 0.0
        if len(cells) < 2 or abs(sum(cell.value for cell in cells) - total.value) > slack * (1 + 1e-9) or total.value == 0:
            return False
        checked += 1
    return checked > 0


class TotalChecker:
    """Totals of rows and columns against their parts."""

    def __init__(self, sheet: Sheet, reader: FigureReader, items: Sequence[Item], findings: Findings) -> None:
        self.sheet, self.reader, self.findings = sheet, reader, findings
        self.checks: list[Check] = []
        self._by_column: dict[int, list[Item]] = {}
        for item in items:
            if item.counted:
                self._by_column.setdefault(item.reading.column, []).append(item)

    def rows(self, totals: Sequence[int], heads: Sequence[Head], label_column: int, additive: bool, spans: dict[int, object]) -> None:
        """Check each row of totals, column by column, against the rows it can be the sum of."""
        previous = -1
        for row in totals:
            label = self.sheet.rows[row][max(label_column, 0)].text.strip()
            self.findings.add("N-TOTALS-EXCLUDED", self.sheet.place(row, max(label_column, 0)), label)
            if additive and not _AVERAGE.search(fold(label)):
                for head in heads:
                    self._row(row, head, previous, totals, spans)
            previous = row

    def _row(self, row: int, head: Head, previous: int, totals: Sequence[int], spans: dict[int, object]) -> None:
        total = self._total(row, head)
        if total is None:
            return
        column = self._by_column.get(head.column, [])
        rows = [item.reading.row for item in column]
        next_total = next((t for t in totals if t > row), rows[-1] + 1 if rows else 0)
        since = column[bisect.bisect_right(rows, previous) : bisect.bisect_left(rows, row)]
        until = column[bisect.bisect_right(rows, row) : bisect.bisect_left(rows, next_total)]
        runs = [since, until]
        if len(totals) <= _FEW_TOTALS:
            runs += [column, column[: bisect.bisect_left(rows, row)], column[bisect.bisect_right(rows, row) :]]
        if row in spans:
            runs = [[item for item in run if spans.get(item.reading.row) == spans[row]] for run in runs]
        runs += [[item for item in run if not (item.place and item.place.dimension == "country")] for run in runs]
        sums = [(sum(i.reading.value for i in run), _slack(run, total)) for run in runs if run]
        if not sums:
            return
        best, slack = min(sums, key=lambda pair: max(abs(pair[0] - total.value) - pair[1], 0.0))
        self._add("row", total, best, slack)

    def _total(self, row: int, head: Head) -> Reading | None:
        cell = self.sheet.rows[row][head.column]
        if cell.kind == "empty":
            return None
        total = self.reader.read(row, head)
        return total if total.state == "figure" else None

    def column(self, head: Head, items: Sequence[Item]) -> None:
        """Check a column of totals against the figures of each row."""
        self.findings.add("N-TOTALS-EXCLUDED", self.sheet.place(head.row, head.column), head.text)
        by_row: dict[int, list[Item]] = {}
        for item in items:
            by_row.setdefault(item.reading.row, []).append(item)
        for row, parts in by_row.items():
            counted = [part for part in parts if part.counted]
            total = self._total(row, head)
            if total is not None and len(counted) > 1:
                self._add("column", total, sum(i.reading.value for i in counted), _slack(counted, total))

    def _add(self, what: str, total: Reading, computed: float, slack: float) -> None:
        holds = abs(computed - total.value) <= slack * (1 + 1e-9) + 1e-9 * abs(total.value)
        where = self.sheet.place(total.row, total.column)
        self.checks.append(Check(what, where, total.value, computed, slack, holds))
        if not holds:
            self.findings.add("Q-TOTAL-DOES-NOT-HOLD", where, total.text, computed=f"{computed:.12g}", difference=f"{total.value - computed:.6g}")
        elif abs(computed - total.value) > 1e-9 * max(abs(total.value), 1.0):
            self.findings.add("N-WITHIN-ROUNDING", where, total.text, computed=f"{computed:.12g}", tolerance=f"{slack:g}")


def _slack(parts: Sequence[Item], total: Reading) -> float:
    return sum(0.5 * 10.0**-i.reading.decimals for i in parts if i.reading.state == "figure") + 0.5 * 10.0**-total.decimals
