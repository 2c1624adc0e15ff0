"""Two currencies of one price in one table: the exchange rate that each row implies must be one and the same within a period."""

from __future__ import annotations

from collections.abc import Sequence

from eslabon.evidence.tables.findings import Findings
from eslabon.evidence.tables.grid import Sheet
from eslabon.evidence.tables.heads import Head
from eslabon.evidence.tables.items import Item
from eslabon.evidence.tables.readings import FigureReader, Reading

_CURRENCIES = {"USD", "PEN", "EUR"}


def check_exchange_rates(sheet: Sheet, reader: FigureReader, heads: Sequence[Head], items: Sequence[Item], findings: Findings) -> None:
    """Ask where the rows of one period imply exchange rates that rounding cannot explain."""
    pair = _pair(heads)
    if pair is None:
        return
    own, other = pair
    seen: dict[object, tuple[float, float, str]] = {}
    for item in items:
        if item.head is not own and item.head is not other:
            continue
        row = item.reading.row
        first, second = _figure(reader, row, own), _figure(reader, row, other)
        if first is None or second is None or not first.value or not second.value:
            continue
        low, high = _implied(first, second)
        where = sheet.place(row, own.column)
        key = (item.period.start, item.period.end) if item.period else None
        before = seen.setdefault(key, (low, high, where))
        if low > before[1] or high < before[0]:
            findings.add(
                "Q-TWO-EXCHANGE-RATES", where, f"{first.text} / {second.text}", rate=f"{first.value / second.value:.4g}",
                other=f"{(before[0] + before[1]) / 2:.4g}", elsewhere=before[2],
            )  # fmt: skip


def _figure(reader: FigureReader, row: int, head: Head) -> Reading | None:
    quiet = FigureReader(reader.sheet, reader.layout, reader.request, Findings())
    quiet.styles = reader.styles
    reading = quiet.read(row, head)
    return reading if reading.state == "figure" else None


def _implied(first: Reading, second: Reading) -> tuple[float, float]:
    half = [0.5 * 10.0**-reading.decimals for reading in (first, second)]
    return (first.value - half[0]) / (second.value + half[1]), (first.value + half[0]) / max(second.value - half[1], 1e-12)


def _pair(heads: Sequence[Head]) -> tuple[Head, Head] | None:
    """Return the columns of one price in soles and in dollars (or another two currencies)."""
    priced = [h for h in heads if h.unit is not None and h.unit.name.partition("/")[0].split()[-1] in _CURRENCIES]
    for own in priced:
        for other in priced:
            if own.unit and other.unit and own.unit.name != other.unit.name and own.unit.name.partition("/")[2] == other.unit.name.partition("/")[2]:
                return (own, other) if own.unit.name.startswith("PEN") else (other, own)
    return None
