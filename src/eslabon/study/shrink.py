"""A small region: a few basins of a pack with their coca divided, for quick looks and for tests."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Iterable

from eslabon.evidence.pack import ALL, RegionPack, Zone

ZONES = ("calleria", "huallaga", "san-gaban", "vraem")
DIVISOR = 20.0
DIVIDED_SERIES = ("assisted_families", "enaco_purchases_kg", "site_raids", "traditional_demand_kg")
"""Yearly series that grow with the size of the region."""
NEIGHBOURS = ("bolivia_area_ha", "colombia_area_ha")
"""Areas that must stay as large as before beside the region's, or the border price would change."""
NATIONAL_SHARE = 0.5
"""Share of the nation that the four zones of `ZONES` stand for: they hold about half of the coca."""


def shrink_zone(zone: Zone, divisor: float) -> Zone:
    """Return a zone with its coca divided, whatever years its areas are given for."""
    areas = {f.name: getattr(zone, f.name) / divisor for f in dataclasses.fields(zone) if f.name.startswith("area_")}
    return dataclasses.replace(zone, **areas)


def keep_zones(pack: RegionPack, zones: Iterable[Zone]) -> RegionPack:
    """Return a pack with just these zones; the rows about others go, and the digest says which are left."""
    kept = tuple(zones)
    ids = {z.id for z in kept}
    return dataclasses.replace(
        pack,
        zones=kept,
        eradication=tuple(r for r in pack.eradication if r.scope != "zone" or r.place in ids),
        departments={d: tuple(b for b in basins if b in ids) for d, basins in pack.departments.items()},
        observations=tuple(o for o in pack.observations if o.basin in ids | {"ALL"}),
        digest=hashlib.sha256(f"{pack.digest} {sorted(ids)}".encode()).hexdigest(),
    )


def thin(pack: RegionPack, divisor: float) -> RegionPack:
    """Return the whole pack with one household standing for `divisor`; areas and masses it gives are divided by that."""
    return shrink(pack, [z.id for z in pack.zones], divisor, 1.0) if divisor != 1 else pack


def shrink(pack: RegionPack, ids: Iterable[str] = ZONES, divisor: float = DIVISOR, national_share: float = NATIONAL_SHARE) -> RegionPack:
    """Return a few zones of a pack with areas, eradication and legal trade divided alike.

    Parameters
    ----------
    ids : iterable of str
        The basins that stay.
    divisor : float
        What their coca, the eradication and the legal trade are divided by, > 0.
    national_share : float
        Share of the nation that the basins stand for.
    """
    small = keep_zones(pack, [shrink_zone(z, divisor) for z in pack.zones if z.id in set(ids)])
    nation = divisor / national_share
    divisors = {**dict.fromkeys(DIVIDED_SERIES, divisor), **dict.fromkeys(NEIGHBOURS, nation)}
    series = {n: dataclasses.replace(s, values=tuple(v / divisors[n] for v in s.values)) if n in divisors else s for n, s in pack.series.items()}
    rows = tuple(dataclasses.replace(r, area_ha=r.area_ha / nation) for r in small.eradication)
    seen = tuple(dataclasses.replace(o, value=o.value / nation) if (o.quantity, o.basin) == ("coca_area_ha", ALL) else o for o in small.observations)
    digest = hashlib.sha256(f"{small.digest} {divisor}".encode()).hexdigest()
    return dataclasses.replace(small, series=series, eradication=rows, observations=seen, digest=digest)
