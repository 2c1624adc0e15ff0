"""What a pack knew at a cut-off: figures of the years up to it, published by the end of the year after.

A yearly figure is published in the year that follows; a cut-off of 2013 therefore knows what was published by 31 December 2014 about
the years up to 2013. Everything else is not merely left out: asking the ledger for a later claim is refused.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import math
from collections.abc import Iterable

from eslabon.errors import InputError
from eslabon.evidence.pack import RegionPack
from eslabon.evidence.region import EradicationRow, Series, Zone


def known_by(until: int) -> datetime.date:
    """Return the day by which the figures of a year are published."""
    return datetime.date(until + 1, 12, 31)


def pack_as_known(pack: RegionPack, until: int) -> RegionPack:
    """Return the pack as it was known at a cut-off, its ledger guarded.

    Raises
    ------
    InputError
        If the cut-off lies before any published area.
    """
    published, day = pack.ledger.published, known_by(until)
    seen = tuple(o for o in pack.observations if o.year <= until and all(published[claim] <= day for claim in o.claims))
    if not any(o.quantity == "coca_area_ha" for o in seen):
        raise InputError("nothing was published up to this cut-off", value=until, remedy="Give a later --until, for example 2013.")
    return dataclasses.replace(
        pack,
        zones=tuple(_zone(zone, until) for zone in pack.zones),
        series={name: _series(series, until) for name, series in pack.series.items()},
        eradication=_eradication(pack.eradication, until),
        observations=seen,
        events=tuple(e for e in pack.events if int(e.date[:4]) <= until),
        ledger=pack.ledger.guard(day),
        digest=hashlib.sha256(f"{pack.digest} as known at {until}".encode()).hexdigest(),
    )


def _zone(zone: Zone, until: int) -> Zone:
    """Return the zone with the areas of later years unknown: whatever is worked out from them is not a number."""
    names = [f.name for f in dataclasses.fields(zone) if f.name.startswith("area_")]
    later = {name: math.nan for name in names if int(name.split("_")[1]) > until}
    return dataclasses.replace(zone, **later)  # type: ignore[arg-type]


def _series(series: Series, until: int) -> Series:
    """Return the years up to the cut-off; a value not published by then is the last that was."""
    years, values, last = [], [], None
    for year, value, since in zip(series.years, series.values, series.known_since, strict=True):
        if year > until:
            break
        last = value if since <= until + 1 or last is None else last
        years.append(year)
        values.append(last)
    kept = len(years)
    return dataclasses.replace(
        series, years=tuple(years), values=tuple(values), statuses=series.statuses[:kept], claims=series.claims[:kept],
        known_since=series.known_since[:kept],
    )  # fmt: skip


def _eradication(rows: Iterable[EradicationRow], until: int) -> tuple[EradicationRow, ...]:
    """Return the years up to the cut-off; where a year's hectares were not published by then, the last that were, in its shares."""
    kept, last, factor = [], None, 1.0
    for row in sorted((r for r in rows if r.year <= until), key=lambda r: (r.year, r.scope != "national")):
        if row.scope == "national":
            total = row.area_ha
            factor = 1.0 if row.known_since <= until + 1 or last is None else last / total
            last = total * factor
        kept.append(dataclasses.replace(row, area_ha=row.area_ha * factor))
    return tuple(kept)
