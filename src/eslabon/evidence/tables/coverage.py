"""Like-for-like totals beside all-zone totals where more zones are watched over time."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

from eslabon.evidence.tables.findings import Findings
from eslabon.evidence.tables.grid import Sheet
from eslabon.evidence.tables.items import Item


@dataclass(frozen=True, slots=True)
class Coverage:
    """The total of a period over all zones that it has, and over the zones that every period has."""

    end: datetime.date
    zones: int
    total: float
    same_zones: int
    same_total: float
    added: tuple[str, ...]
    lost: tuple[str, ...]


def coverage(sheet: Sheet, items: Sequence[Item], findings: Findings) -> tuple[Coverage, ...]:
    """Return totals by period, if the zones of the periods differ, else nothing."""
    periods: dict[datetime.date, dict[str, Item]] = {}
    for item in items:
        if item.place is None or item.period is None or item.place.dimension != "zone":
            continue
        watched = periods.setdefault(item.period.end, {})
        if item.counted:
            watched.setdefault(item.place.name, item)
    periods = {end: zones for end, zones in sorted(periods.items()) if zones}
    sets = [set(zones) for zones in periods.values()]
    common = set.intersection(*sets) if len(sets) > 1 else set[str]()
    if not common or all(zones == common for zones in sets):
        return ()
    rows: list[Coverage] = []
    before: dict[str, Item] = {}
    for end, zones in periods.items():
        added = tuple(sorted(set(zones) - set(before))) if before else ()
        lost = tuple(sorted(set(before) - set(zones)))
        if added or lost:
            cell = zones[added[0]] if added else before[lost[0]]
            changes = [f"+ {name}" for name in added] + [f"- {name}" for name in lost]
            findings.add("N-COVERAGE-CHANGES", sheet.place(cell.reading.row, cell.reading.column), ", ".join(changes), key=str(end), year=end.year)
        same = sum(item.value for name, item in zones.items() if name in common)
        rows.append(Coverage(end, len(zones), sum(item.value for item in zones.values()), len(common), same, added, lost))
        before = zones
    return tuple(rows)
