"""Coverage: which zones the area monitoring looked at each year, and sums that compare like with like."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from eslabon.errors import InputError
from eslabon.evidence.browse_places import NATION, list_year
from eslabon.evidence.claims import Ledger
from eslabon.evidence.region import CrosswalkRow, Zone

AREA = "coca_area_unodc"
"""The quantity whose monitoring grew by zones."""


@dataclass(frozen=True)
class ZoneList:
    """A published list of monitored zones: its first year, its name in the crosswalk, its zones and those it adds."""

    year: int
    version: str
    zones: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True)
class LikeForLike:
    """One year of a fixed panel of zones beside the published total, in hectares.

    `panel_ha` is None where a zone of the panel has no claim; `rest_ha` is the published total less the panel.
    """

    year: int
    zones_monitored: int
    panel_zones: int
    panel_with_claim: int
    panel_ha: float | None
    published_ha: float | None
    claims: tuple[str, ...]

    @property
    def rest_ha(self) -> float | None:
        """Hectares of the published total outside the panel."""
        return None if self.panel_ha is None or self.published_ha is None else self.published_ha - self.panel_ha


def zone_lists(crosswalk: Sequence[CrosswalkRow]) -> tuple[ZoneList, ...]:
    """Return the published zone lists in order of their first year."""
    versions = sorted({(year, row.list_version) for row in crosswalk if (year := list_year(row.list_version)) is not None})
    found: list[ZoneList] = []
    before: set[str] = set()
    for year, version in versions:
        zones = tuple(sorted({row.zone_name for row in crosswalk if row.list_version == version}))
        found.append(ZoneList(year, version, zones, tuple(name for name in zones if name not in before) if found else ()))
        before = set(zones)
    return tuple(found)


def list_in(year: int, lists: Sequence[ZoneList]) -> ZoneList | None:
    """Return the list that was in use in `year`, or None before the first one."""
    return next((found for found in reversed(lists) if found.year <= year), None)


def basins_by_start(zones: Iterable[Zone]) -> dict[int, tuple[str, ...]]:
    """Return the basins of the model by the year their monitoring began."""
    found: dict[int, tuple[str, ...]] = {}
    for zone in zones:
        found[zone.monitored_since] = (*found.get(zone.monitored_since, ()), zone.id)
    return dict(sorted(found.items()))


def like_for_like(ledger: Ledger, crosswalk: Sequence[CrosswalkRow], since: int, last: int | None = None) -> tuple[LikeForLike, ...]:
    """Return yearly sums over the zones monitored in `since`, beside the published total of the nation.

    Parameters
    ----------
    since : int
        The year whose zone list is the panel.
    last : int, optional
        The last year; by default the last one with a published total.

    Raises
    ------
    InputError
        If no published zone list is known for `since`.
    """
    lists = zone_lists(crosswalk)
    panel = list_in(since, lists)
    if panel is None:
        first = lists[0].year if lists else "-"
        remedy = f"Give --since {first} or later."
        raise InputError(f"the zones monitored are listed from {first} on", place="--since", value=since, remedy=remedy)
    total = ledger.preferred(AREA, NATION)
    by_zone = {name: ledger.preferred(AREA, f"{NATION}/{name}") for name in panel.zones}
    found = []
    for year in range(since, (last if last is not None else max(total, default=since - 1)) + 1):
        there = [by_zone[name][year] for name in panel.zones if year in by_zone[name]]
        whole = sum(claim.value for claim in there) if len(there) == len(panel.zones) else None
        now = list_in(year, lists)
        published = total[year].value if year in total else None
        ids = tuple(claim.id for claim in (*there, *([total[year]] if year in total else [])))
        found.append(LikeForLike(year, len(now.zones) if now else 0, len(panel.zones), len(there), whole, published, ids))
    return tuple(found)
