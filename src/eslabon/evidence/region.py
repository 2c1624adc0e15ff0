"""What a region pack holds: basins, corridors, yearly series, eradication, observations, events."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from pathlib import Path

from eslabon.clock import MONTHS_PER_YEAR, year_of
from eslabon.evidence.claims import Ledger

ALL = "ALL"
"""The basin id of a figure for the whole country."""

STATUSES = ("measured", "estimated", "assumed")
ZONE_GROUPS = ("vraem", "huallaga", "la_convencion_lares", "south", "rest")
SCOPES = ("national", "department", "zone")
OBSERVED = {
    "coca_area_ha": "ha",
    "price_leaf_usd2013_per_kg": "usd2013/kg",
    "price_cocaine_origin_usd2013_per_kg": "usd2013/kg",
    "leaf_kg": "kg",
    "seized_kg": "kg",
    "eradicated_ha": "ha",
}
"""Observed quantities and their units."""

COVERAGES = ("historic", "2018_14", "2021_19", "2022_20", "2023_21", "2024_24")

_DECEMBER = 11


@dataclass(frozen=True)
class Zone:
    """A basin of the model.

    Areas are counted coca in production at 31 December (ha; 1995 in another measuring system), yield is sun-dried leaf
    (kg/ha/yr), ratios and shares are plain numbers. `indigenous_share` and `protected_share` are of standing coca,
    `forest_share_new` of newly planted land, `programme_weight` of the nation's assisted families, `group_presence` how
    present the armed group was in 2013. `lon` and `lat` are a rough centre to one decimal degree.
    """

    id: str
    name_es: str
    name_en: str
    group: str
    frontier: bool
    monitored_since: int
    area_1995_ha: float
    area_2001_ha: float
    area_2012_ha: float
    area_2015_ha: float
    area_2024_ha: float
    yield_kg_per_ha_yr: float
    harvests_per_yr: int
    mean_coca_ha_per_grower: float
    land_room_ratio: float
    eradication_access: float
    licit_return_factor: float
    traditional_share: float
    legal_quota_share: float
    indigenous_share: float
    protected_share: float
    forest_share_new: float
    programme_weight: float
    group_presence: float
    lon: float
    lat: float
    status: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Corridor:
    """An aggregate direction in which product leaves; cost in USD of 2013 a kilogram, shares of the national flow."""

    id: str
    name_es: str
    name_en: str
    share_start: float
    base_cost_usd2013_per_kg: float
    border_price_factor: float
    capacity_share: float
    closes: bool
    status: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Mode:
    """An aggregate way of carrying, relative to the corridor's mean: what it costs, how much of it is seized, who is paid.

    Factors multiply a corridor's cost and its chance of seizure, pay is carriers' pay in USD of 2013 a kilogram,
    `carriers_per_tonne` counts persons paid to move a tonne once.
    """

    id: str
    name_es: str
    name_en: str
    cost_factor: float
    risk_factor: float
    pay_usd2013_per_kg: float
    carriers_per_tonne: float
    status: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Series:
    """A yearly series; `known_since` is the year in which each figure was published."""

    name: str
    unit: str
    years: tuple[int, ...]
    values: tuple[float, ...]
    statuses: tuple[str, ...]
    claims: tuple[tuple[str, ...], ...]
    known_since: tuple[int, ...]

    def at_year(self, year: int) -> float:
        """Return the year's value; the last known one in gaps and after the end, the first before the start."""
        return self.values[max(bisect.bisect_right(self.years, year) - 1, 0)]

    def at_month(self, month: int) -> float:
        """Return a stock given at each 31 December for the end of a month, linear between, flat outside.

        Parameters
        ----------
        month : int
            Months since January of year 0, as in `eslabon.clock`.
        """
        after = bisect.bisect_right(self.years, year_of(month - _DECEMBER))
        if after == 0:
            return self.values[0]
        if after == len(self.years):
            return self.values[-1]
        start, end = self.years[after - 1], self.years[after]
        part = (month - _DECEMBER - start * MONTHS_PER_YEAR) / ((end - start) * MONTHS_PER_YEAR)
        return self.values[after - 1] + part * (self.values[after] - self.values[after - 1])


@dataclass(frozen=True)
class EradicationRow:
    """Counted hectares eradicated in a year, in the nation, a department or a zone, and their share of the nation's."""

    year: int
    scope: str
    place: str
    area_ha: float
    share_of_year: float
    status: str
    claims: tuple[str, ...]
    known_since: int


@dataclass(frozen=True)
class Observation:
    """A published figure that charts and scores compare with; basin `ALL` is the country."""

    quantity: str
    basin: str
    year: int
    value: float
    low: float | None
    high: float | None
    unit: str
    claims: tuple[str, ...]
    coverage: str
    series_break: str
    note: str


@dataclass(frozen=True)
class CrosswalkRow:
    """How much (0 to 1) of a published place belongs to a basin, for one version of the zone list."""

    list_version: str
    zone_name: str
    basin: str
    weight: float
    note: str


@dataclass(frozen=True)
class Event:
    """A dated change of policy or circumstance; the date is ISO, of a year, a month or a day."""

    date: str
    event: str
    place: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class RegionPack:
    """Everything a run needs to know of a region.

    Zones, corridors and modes are sorted by id. `access` maps (basin, corridor) to 0-1, `mode_start` (corridor, mode) to
    the mode's share of the corridor at the start, `departments` a department to the basins it touches, `calendar`
    (basin, month 1-12) to a wage factor. `digest` is the sha256 of the data files.
    """

    name: str
    root: Path
    zones: tuple[Zone, ...]
    corridors: tuple[Corridor, ...]
    access: dict[tuple[str, str], float]
    modes: tuple[Mode, ...]
    mode_start: dict[tuple[str, str], float]
    series: dict[str, Series]
    eradication: tuple[EradicationRow, ...]
    departments: dict[str, tuple[str, ...]]
    crosswalk: tuple[CrosswalkRow, ...]
    observations: tuple[Observation, ...]
    events: tuple[Event, ...]
    calendar: dict[tuple[str, int], float]
    ledger: Ledger
    digest: str
