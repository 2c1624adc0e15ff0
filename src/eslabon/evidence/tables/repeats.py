"""Rows that say the same thing twice: repeated and contradicting rows, one event told by several agencies, known data."""

from __future__ import annotations

from collections.abc import Sequence

from eslabon.evidence.tables.findings import Findings
from eslabon.evidence.tables.grid import Sheet
from eslabon.evidence.tables.items import Item

_DAYS = 1
_NEARLY = 0.02
_COMPARED = 200


def check_repeats(sheet: Sheet, items: Sequence[Item], findings: Findings) -> list[Item]:
    """Return the items without exact repeats; contradicting rows are refused, repeats and possible duplicates asked."""
    kept: list[Item] = []
    events: list[Item] = []
    seen: dict[tuple[object, ...], Item] = {}
    for item in items:
        if item.place is None or item.period is None or item.amount is None:
            kept.append(item)
            continue
        if item.period.day:
            events.append(item)
            kept.append(item)
            continue
        key = (item.place.place, item.period.start, item.period.end, item.product, item.series_break)
        first = seen.setdefault(key, item)
        if first is item:
            kept.append(item)
            continue
        where, other = _place(sheet, item), _place(sheet, first)
        if first.value == item.value:
            findings.add("Q-REPEATED-ROW", where, item.reading.text, other=other)
        else:
            findings.add("E-CONFLICTING-ROWS", where, item.reading.text, other=other, first=first.reading.text)
    _duplicates(sheet, events, findings)
    return kept


def _duplicates(sheet: Sheet, events: list[Item], findings: Findings) -> None:
    """Ask about events of one place and product, a day apart at most, with nearly the same figure."""
    groups: dict[tuple[str, str], list[Item]] = {}
    for item in events:
        assert item.place is not None
        groups.setdefault((item.place.place, item.product), []).append(item)
    for group in groups.values():
        group.sort(key=lambda item: (abs(item.value), item.reading.row))
        for index, item in enumerate(group):
            for later in group[index + 1 : index + 1 + _COMPARED]:
                if abs(later.value) * (1 - _NEARLY) > abs(item.value):
                    break
                if _same_event(item, later):
                    first, second = sorted((item, later), key=lambda i: i.reading.row)
                    item.together = later.together = True
                    agencies = " / ".join(filter(None, (first.agency, second.agency))) or "-"
                    where, other = _place(sheet, second), _place(sheet, first)
                    findings.add("Q-POSSIBLE-DUPLICATE", where, second.reading.text, other=other, first=first.reading.text, agencies=agencies)


def _same_event(item: Item, later: Item) -> bool:
    if item.period is None or later.period is None or abs((later.period.start - item.period.start).days) > _DAYS:
        return False
    near = abs(item.value - later.value) <= _NEARLY * max(abs(item.value), abs(later.value))
    apart = item.agency != later.agency or not (item.agency or later.agency)
    return near and item.value != 0 and (apart or item.value == later.value)


def _place(sheet: Sheet, item: Item) -> str:
    return sheet.place(item.reading.row, item.reading.column)
