"""Published areas of a place, year by year, so that each is compared with the one before on the same zones and method.

More zones are monitored over time, and ways of measuring change. Where that happens between two years a link gives both years
on what they have in common; where a zone was drawn anew the series begins again. Nothing here knows of a model.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from types import MappingProxyType

from eslabon.errors import InputError, nearest
from eslabon.evidence.claims import Claim
from eslabon.evidence.region import ALL, Observation, RegionPack
from eslabon.study.naive import Known

AREA = "coca_area_ha"
JOINT = "vraem+la-convencion-lares"
"""The two basins whose common border is suspected to have moved, taken together."""
SAME_METHOD = {(ALL, 2011): "C0249"}
"""Claims that give a year of change on the way of measuring of the year before: (place, year) to claim."""

_HISTORIC = "historic"
_REDEFINED = "zone redefinition"


@dataclass(frozen=True)
class Link:
    """A year of change on what it has in common with the published year before (ha), and the claims of that year for it."""

    before_ha: float
    after_ha: float
    claims: tuple[str, ...] = ()


@dataclass(frozen=True)
class Published:
    """A figure to score against, the one before on the same zones, and the claims it comes from (ha)."""

    place: str
    year: int
    area_ha: float
    previous_ha: float
    claims: tuple[str, ...]
    low_ha: float | None = None
    high_ha: float | None = None


@dataclass(frozen=True)
class AreaSeries:
    """The published areas of one place.

    Parameters
    ----------
    place : str
        A basin, `ALL`, or `JOINT`.
    years : tuple of int
        Published years, rising; gaps are allowed.
    area_ha : tuple of float
        As published, on all zones of their year, > 0.
    claims : mapping of int to tuple of str
    links : mapping of int to Link
        For years whose zones or method differ from those of the published year before.
    ranges_ha : mapping of int to (low, high)
    """

    place: str
    years: tuple[int, ...]
    area_ha: tuple[float, ...]
    claims: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    links: Mapping[int, Link] = field(default_factory=dict)
    ranges_ha: Mapping[int, tuple[float, float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if list(self.years) != sorted(set(self.years)) or len(self.years) != len(self.area_ha):
            raise InputError("a series has one value a year, oldest first", place=self.place, value=self.years)
        if not all(0 < value < float("inf") for value in self.area_ha):
            raise InputError("a published area is a positive number", place=self.place, value=self.area_ha)
        object.__setattr__(self, "links", MappingProxyType(dict(self.links)))

    def _step(self, index: int) -> Link:
        """Return a published year and the one before on what both have in common."""
        return self.links.get(self.years[index], Link(self.area_ha[index - 1], self.area_ha[index]))

    def known(self, cutoff: int, eradicated_ha: Mapping[int, float], target: int | None = None) -> Known:
        """Return what was published of the years to `cutoff`, on the zones and method of the year `target`.

        Parameters
        ----------
        cutoff : int
            The last year that may be known.
        eradicated_ha : mapping of int to float
            Realised eradication by year, that of the years to forecast included.
        target : int, optional
            The year to forecast, if it is the first published after `cutoff`: its link says on which of the zones of the
            year before it is compared. Without it the zones are those of the last known year.
        """
        last = sum(year <= cutoff for year in self.years) - 1
        if last < 0:
            raise InputError("no published area by then", place=self.place, value=cutoff, remedy="Name a later cut-off.")
        areas = [self.area_ha[last]]
        if target is not None and last + 1 < len(self.years) and self.years[last + 1] == target:
            areas = [self._step(last + 1).before_ha]
        for index in range(last, 0, -1):
            step = self._step(index)
            areas.append(areas[-1] * step.before_ha / step.after_ha)
        return Known(self.place, self.years[: last + 1], tuple(reversed(areas)), MappingProxyType(dict(eradicated_ha)))

    def before(self, cutoff: int) -> list[Published]:
        """Return the figures to the cut-off on the zones of the last of them; the first is its own predecessor."""
        areas = self.known(cutoff, {}).area_ha
        return [self._published(index, area, areas[max(index - 1, 0)]) for index, area in enumerate(areas)]

    def scored(self, cutoff: int, last: int) -> list[Published]:
        """Return the figures after `cutoff` to `last` for one-step forecasts, each on the zones it shares with the one before."""
        found = []
        for index, year in enumerate(self.years):
            if index and cutoff < year <= last:
                step = self._step(index)
                found.append(self._published(index, step.after_ha, step.before_ha))
        return found

    def path(self, cutoff: int, last: int) -> list[Published]:
        """Return the figures after `cutoff` to `last` on the zones of the last year known at the cut-off."""
        begin = sum(year <= cutoff for year in self.years) - 1
        if begin < 0:
            return []
        found, level = [], self.area_ha[begin]
        for index in range(begin + 1, len(self.years)):
            step = self._step(index)
            before, level = level, level * step.after_ha / step.before_ha
            if self.years[index] <= last:
                found.append(self._published(index, level, before))
        return found

    def _published(self, index: int, area_ha: float, previous_ha: float) -> Published:
        year = self.years[index]
        link, (low, high) = self.links.get(year), self.ranges_ha.get(year, (None, None))
        claims = link.claims if link and link.claims else self.claims.get(year, ())
        return Published(self.place, year, area_ha, previous_ha, claims, low, high)


def area_series(pack: RegionPack, place: str, zones_of: int | None = None) -> AreaSeries:
    """Return the published areas of a place.

    Parameters
    ----------
    pack : RegionPack
    place : str
        A basin's id, `ALL`, or `JOINT`.
    zones_of : int, optional
        From the first year published by zone on, take only the zones monitored in that year, so that no later link is needed;
        the first year published by zone stands for all before it.

    Raises
    ------
    InputError
        If the pack has no such place or no area of it.
    """
    members = place.split("+") if place != ALL else [ALL]
    known = {zone.id for zone in pack.zones} | {ALL}
    for name in members:
        if name not in known:
            raise InputError("the pack has no such basin", place="place", value=name, remedy=nearest(name, known))
    by_year = [_by_year(pack, name) for name in members]
    rows = {year: [rows[year] for rows in by_year] for year in sorted(set(by_year[0]).intersection(*by_year[1:]))}
    rows = {year: found for year, found in rows.items() if year >= _begins(rows)}
    if not rows:
        raise InputError("the pack has no area of this place", place="place", value=place)
    parts = {year: _zone_claims(pack, year, found) for year, found in rows.items()}
    kept = next((set(found) for year, found in parts.items() if found and zones_of is not None and year >= zones_of), set())
    made = {year: _figure(found, parts[year], kept) for year, found in rows.items()}
    return AreaSeries(
        place,
        tuple(rows),
        tuple(area for area, _ in made.values()),
        claims={year: claims for year, (_, claims) in made.items()},
        links=_links(pack, place, parts, kept, {year: area for year, (area, _) in made.items()}),
        ranges_ha={year: (row.low, row.high) for year, [row, *more] in rows.items() if row.low is not None and row.high is not None and not more},
    )


def _by_year(pack: RegionPack, basin: str) -> dict[int, Observation]:
    return {row.year: row for row in pack.observations if row.quantity == AREA and row.basin == basin}


def _begins(rows: Mapping[int, Sequence[Observation]]) -> int:
    """Return the first year after which no zone was drawn anew: a redefinition counts where the list of zones changes too."""
    years, first = list(rows), min(rows, default=0)
    for before, year in pairwise(years):
        for old, new in zip(rows[before], rows[year], strict=True):
            if new.series_break == _REDEFINED and new.coverage != old.coverage:
                first = year
    return first


def _zone_claims(pack: RegionPack, year: int, rows: Iterable[Observation]) -> dict[str, Claim]:
    """Return the claims by published zone that a year's figures are made of; empty where they were not published by zone."""
    found: dict[str, Claim] = {}
    for row in rows:
        if row.coverage == _HISTORIC:
            return {}
        zones = [row] if row.basin != ALL else [z for z in pack.observations if z.quantity == AREA and z.year == year and z.basin != ALL]
        claims = [pack.ledger.claims[name] for zone in zones for name in zone.claims]
        found.update({claim.place: claim for claim in claims})
    return found


def _figure(rows: Sequence[Observation], parts: Mapping[str, Claim], kept: set[str]) -> tuple[float, tuple[str, ...]]:
    """Return the published figure and its claims, or those of the zones to keep where more were monitored."""
    if kept and parts and set(parts) != kept:
        return _shared(parts, kept)
    return sum(row.value for row in rows), tuple(dict.fromkeys(claim for row in rows for claim in row.claims))


def _shared(parts: Mapping[str, Claim], zones: set[str]) -> tuple[float, tuple[str, ...]]:
    claims = [claim for name, claim in sorted(parts.items()) if name in zones]
    return sum(claim.value for claim in claims), tuple(claim.id for claim in claims)


def _links(
    pack: RegionPack, place: str, parts: Mapping[int, Mapping[str, Claim]], kept: set[str], area: Mapping[int, float]
) -> dict[int, Link]:  # fmt: skip
    found, years = {}, list(parts)
    for before, year in pairwise(years):
        old, new = (set(parts[one]) & (kept or set(parts[one])) for one in (before, year))
        if old and new and old != new:
            shared = old & new
            after, claims = (area[year], ()) if shared == new else _shared(parts[year], shared)
            found[year] = Link(area[before] if shared == old else _shared(parts[before], shared)[0], after, claims)
        elif (place, year) in SAME_METHOD:
            claim = pack.ledger.claims[SAME_METHOD[place, year]]
            found[year] = Link(area[before], claim.value, (claim.id,))
    return found


def eradicated_by_year(pack: RegionPack) -> dict[int, float]:
    """Return the nation's counted hectares by year."""
    return {row.year: row.area_ha for row in pack.eradication if row.scope == "national"}


def scored_places(series: Iterable[AreaSeries], cutoff: int, least: int = 3) -> list[AreaSeries]:
    """Return the series with at least `least` values to the cut-off and one after it."""
    found = []
    for one in series:
        before = sum(year <= cutoff for year in one.years)
        if before >= least and before < len(one.years):
            found.append(one)
    return found
