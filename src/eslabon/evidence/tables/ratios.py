"""Percentages and products printed in a table, worked out again from its levels: shown, never stored."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eslabon.evidence.tables.findings import Findings
from eslabon.evidence.tables.grid import Sheet
from eslabon.evidence.tables.heads import Head
from eslabon.evidence.tables.readings import FigureReader, Reading
from eslabon.evidence.tables.spans import years_in
from eslabon.evidence.tables.text import fold
from eslabon.evidence.tables.totals import Check

_SHARE = re.compile(r"participacion|share|part\.|% del total|% of total|porcentaje|distribucion|estructura")
_SPLIT_YEARS = re.compile(r"((?:19|20)\d\d)\s?[-/]\s?(\d\d)\b")


@dataclass(frozen=True, slots=True)
class _Pair:
    """The two levels that a percentage compares."""

    first: Reading
    second: Reading


class RatioChecker:
    """Percentage columns and area × yield = production, against the levels beside them."""

    def __init__(self, sheet: Sheet, reader: FigureReader, findings: Findings) -> None:
        self.sheet, self.reader, self.findings = sheet, reader, findings
        self.checks: list[Check] = []

    def percentages(self, head: Head, heads: Sequence[Head], rows: Sequence[int], totals: Mapping[int, float]) -> None:
        """Check a column of percentages; on the wrong base it is asked, and it is never taken."""
        self.findings.add("N-PERCENT-EXCLUDED", self.sheet.place(head.row, head.column), head.text)
        share = bool(_SHARE.search(fold(head.text)))
        pair = None if share else _columns_of(head, heads)
        if not share and pair is None:
            return
        for row in rows:
            printed = self._figure(row, head)
            if printed is None:
                continue
            if pair is not None:
                first, second = self._figure(row, pair[0]), self._figure(row, pair[1])
                if first and second and first.value and second.value:
                    self._change(printed, _Pair(first, second))
            elif left := _left_of(head, heads):
                part, whole = self._figure(row, left), totals.get(left.column)
                if part and whole:
                    self._share(printed, part, whole)

    def _figure(self, row: int, head: Head) -> Reading | None:
        cell = self.sheet.rows[row][head.column]
        if cell.kind not in ("number", "text", "formula") or not cell.text.strip():
            return None
        quiet = FigureReader(self.sheet, self.reader.layout, self.reader.request, Findings())
        quiet.styles = self.reader.styles
        reading = quiet.read(row, head)
        return reading if reading.state == "figure" else None

    def _change(self, printed: Reading, pair: _Pair) -> None:
        difference = pair.second.value - pair.first.value
        right, wrong = 100 * difference / pair.first.value, 100 * difference / pair.second.value
        slack = _change_slack(printed, pair)
        where = self.sheet.place(printed.row, printed.column)
        holds = abs(printed.value - right) <= slack
        self.checks.append(Check("percent", where, printed.value, right, slack, holds))
        if holds:
            return
        if abs(printed.value - wrong) <= slack:
            digits = printed.decimals + 1
            self.findings.add(
                "Q-PERCENT-BASE", where, printed.text, right=f"{right:.{digits}f}", wrong=f"{wrong:.{digits}f}", key=str(printed.column)
            )
        else:
            self._contradicted(printed, right)

    def _share(self, printed: Reading, part: Reading, whole: float) -> None:
        computed = 100 * part.value / whole
        slack = 0.5 * 10.0**-printed.decimals + 100 * 0.5 * 10.0**-part.decimals / abs(whole)
        where = self.sheet.place(printed.row, printed.column)
        holds = abs(printed.value - computed) <= slack * (1 + 1e-9)
        self.checks.append(Check("share", where, printed.value, computed, slack, holds))
        if not holds:
            self._contradicted(printed, computed)

    def _contradicted(self, printed: Reading, computed: float) -> None:
        where = self.sheet.place(printed.row, printed.column)
        shown = f"{computed:.{printed.decimals + 1}f}"
        self.findings.add("Q-PERCENT-DOES-NOT-HOLD", where, printed.text, computed=shown, key=str(printed.column))

    def products(self, heads: Sequence[Head], rows: Sequence[int]) -> None:
        """Check area × yield = production where a table prints all three."""
        periods: dict[object, dict[str, Head]] = {}
        for head in heads:
            if head.unit is not None and head.role == "figure":
                periods.setdefault(head.span, {})[head.unit.dimension] = head
        for by_dimension in periods.values():
            if {"area", "yield", "mass"} <= set(by_dimension):
                self._products(by_dimension, rows)

    def _products(self, by_dimension: Mapping[str, Head], rows: Sequence[int]) -> None:
        area, rate, mass = (by_dimension[dimension] for dimension in ("area", "yield", "mass"))
        for row in rows:
            parts = [self._figure(row, head) for head in (area, rate, mass)]
            if all(parts):
                self._product(area, rate, mass, [part for part in parts if part])

    def _product(self, area: Head, rate: Head, mass: Head, parts: Sequence[Reading]) -> None:
        assert area.unit and rate.unit and mass.unit
        scale = area.unit.factor * rate.unit.factor / mass.unit.factor
        half = [0.5 * 10.0**-part.decimals for part in parts]
        low = (parts[0].value - half[0]) * (parts[1].value - half[1]) * scale - half[2]
        high = (parts[0].value + half[0]) * (parts[1].value + half[1]) * scale + half[2]
        computed, printed = parts[0].value * parts[1].value * scale, parts[2]
        where = self.sheet.place(printed.row, printed.column)
        holds = low - 1e-9 * abs(low) <= printed.value <= high + 1e-9 * abs(high)
        self.checks.append(Check("product", where, printed.value, computed, (high - low) / 2, holds))
        if not holds:
            self.findings.add("Q-PRODUCT-DOES-NOT-HOLD", where, printed.text, computed=f"{computed:.8g}")
        elif abs(computed - printed.value) > half[2] * (1 + 1e-9):
            self.findings.add("N-WITHIN-ROUNDING", where, printed.text, computed=f"{computed:.8g}", tolerance=f"{(high - low) / 2:.3g}")


def _change_slack(printed: Reading, pair: _Pair) -> float:
    """Return how far rounding of the percentage and of both levels may move it."""
    first, second = pair.first, pair.second
    levels = 100 * (0.5 * 10.0**-first.decimals * abs(second.value / first.value**2) + 0.5 * 10.0**-second.decimals / abs(first.value))
    return (0.5 * 10.0**-printed.decimals + levels) * (1 + 1e-9)


def _columns_of(head: Head, heads: Sequence[Head]) -> tuple[Head, Head] | None:
    """Return the two columns of levels that a column of changes compares: by the years it names, else the two to its left."""
    by_year = {h.span.year: h for h in heads if h.span is not None}
    text = _SPLIT_YEARS.sub(lambda m: f"{m[1]} {m[1][:2]}{m[2]}", head.text)
    years = [year for year in years_in(text) if year in by_year]
    if len(set(years)) == 2:
        return by_year[min(years)], by_year[max(years)]
    left = [h for h in heads if h.column < head.column and h.span is not None]
    return (left[-2], left[-1]) if len(left) > 1 else None


def _left_of(head: Head, heads: Sequence[Head]) -> Head | None:
    left = [h for h in heads if h.column < head.column]
    return left[-1] if left else None
