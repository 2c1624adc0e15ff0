"""The files of a region pack: one reader each, which refuses what breaks a rule and says where."""

from __future__ import annotations

import math
import re
from pathlib import Path

from eslabon.clock import MONTHS_PER_YEAR
from eslabon.errors import InputError, nearest
from eslabon.evidence.cells import Row, read_rows, refuse_repeats
from eslabon.evidence.claims import Ledger
from eslabon.evidence.region import (
    ALL,
    COVERAGES,
    OBSERVED,
    SCOPES,
    STATUSES,
    ZONE_GROUPS,
    Corridor,
    CrosswalkRow,
    EradicationRow,
    Event,
    Mode,
    Observation,
    Series,
    Zone,
)

_YEARS = (1900, 2100)
_SUM_TOLERANCE = 1e-6
_BASIN_ID = re.compile(r"[a-z]+(-[a-z]+)*")


def _check_sum(rows: list[Row], column: str, within: str = "") -> None:
    total = math.fsum(float(row.cells[column]) for row in rows)
    if abs(total - 1.0) > _SUM_TOLERANCE:
        place = f"{within}, column {column}" if within else f"column {column}"
        raise InputError("must sum to 1", file=rows[-1].file, place=place, value=f"{total:g}", remedy="Rescale it.")


def _basin(row: Row, column: str, basins: tuple[str, ...]) -> str:
    value = row.text(column)
    if value not in basins:
        raise row.error(column, "no basin has this id", nearest(value, basins))
    return value


def _one_decimal(row: Row, column: str, limit: float) -> float:
    value = row.number(column, -limit, limit)
    if round(value, 1) != value:
        raise row.error(column, "no coordinate is finer than one decimal degree", "Round it.")
    return value


def _zone(row: Row, ledger: Ledger) -> Zone:
    if not _BASIN_ID.fullmatch(row.text("id")):
        raise row.error("id", "a basin id is lower-case ascii words joined by hyphens", "Example: la-convencion-lares.")
    return Zone(
        id=row.text("id"),
        name_es=row.text("name_es"),
        name_en=row.text("name_en"),
        group=row.choice("group", ZONE_GROUPS),
        frontier=row.flag("frontier"),
        monitored_since=row.whole("monitored_since", *_YEARS),
        area_1995_ha=row.number("area_1995_ha", 0),
        area_2001_ha=row.number("area_2001_ha", 0),
        area_2012_ha=row.number("area_2012_ha", 0),
        area_2015_ha=row.number("area_2015_ha", 0),
        area_2024_ha=row.number("area_2024_ha", 0),
        yield_kg_per_ha_yr=row.number("yield_kg_per_ha_yr", 100, 10_000),
        harvests_per_yr=row.whole("harvests_per_yr", 1, 6),
        mean_coca_ha_per_grower=row.number("mean_coca_ha_per_grower", 0.1, 6),
        land_room_ratio=row.number("land_room_ratio", 1, 100),
        eradication_access=row.number("eradication_access", 0, 1),
        licit_return_factor=row.number("licit_return_factor", 0, 1),
        traditional_share=row.number("traditional_share", 0, 1),
        legal_quota_share=row.number("legal_quota_share", 0, 1),
        indigenous_share=row.number("indigenous_share", 0, 1),
        protected_share=row.number("protected_share", 0, 1),
        forest_share_new=row.number("forest_share_new", 0, 1),
        programme_weight=row.number("programme_weight", 0, 1),
        group_presence=row.number("group_presence", 0, 1),
        lon=_one_decimal(row, "lon", 180),
        lat=_one_decimal(row, "lat", 90),
        status=row.choice("status", STATUSES),
        claims=row.ids("claims", ledger.claims),
    )


def read_zones(root: Path, ledger: Ledger) -> tuple[Zone, ...]:
    """Return the content of zones.csv, sorted by id."""
    rows = read_rows(root / "zones.csv", tuple(Zone.__dataclass_fields__))
    refuse_repeats(rows, "id")
    zones = sorted((_zone(row, ledger) for row in rows), key=lambda zone: zone.id)
    for column in ("traditional_share", "legal_quota_share", "programme_weight"):
        _check_sum(rows, column)
    return tuple(zones)


def read_corridors(root: Path, ledger: Ledger) -> tuple[Corridor, ...]:
    """Return the content of corridors.csv, sorted by id."""
    rows = read_rows(root / "corridors.csv", tuple(Corridor.__dataclass_fields__))
    refuse_repeats(rows, "id")
    corridors = [
        Corridor(
            id=row.text("id"),
            name_es=row.text("name_es"),
            name_en=row.text("name_en"),
            share_start=row.number("share_start", 0, 1),
            base_cost_usd2013_per_kg=row.number("base_cost_usd2013_per_kg", 0),
            border_price_factor=row.number("border_price_factor", 0, 10),
            capacity_share=row.number("capacity_share", 0, 1),
            closes=row.flag("closes"),
            status=row.choice("status", STATUSES),
            claims=row.ids("claims", ledger.claims),
        )
        for row in rows
    ]
    _check_sum(rows, "share_start")
    return tuple(sorted(corridors, key=lambda corridor: corridor.id))


def read_modes(root: Path, ledger: Ledger) -> tuple[Mode, ...]:
    """Return the content of modes.csv, sorted by id."""
    rows = read_rows(root / "modes.csv", tuple(Mode.__dataclass_fields__))
    refuse_repeats(rows, "id")
    modes = [
        Mode(
            id=row.text("id"),
            name_es=row.text("name_es"),
            name_en=row.text("name_en"),
            cost_factor=row.number("cost_factor", 0, 10),
            risk_factor=row.number("risk_factor", 0, 10),
            pay_usd2013_per_kg=row.number("pay_usd2013_per_kg", 0),
            carriers_per_tonne=row.number("carriers_per_tonne", 0),
            status=row.choice("status", STATUSES),
            claims=row.ids("claims", ledger.claims),
        )
        for row in rows
    ]
    return tuple(sorted(modes, key=lambda mode: mode.id))


def read_mode_start(root: Path, ledger: Ledger, corridors: tuple[str, ...], modes: tuple[str, ...]) -> dict[tuple[str, str], float]:
    """Return the content of corridor_modes.csv by (corridor, mode); every pair must be there, a corridor sums to 1."""
    rows = read_rows(root / "corridor_modes.csv", ("corridor", "mode", "share_start", "status", "claims"))
    refuse_repeats(rows, "corridor", "mode")
    found = {}
    for row in rows:
        row.choice("status", STATUSES)
        row.ids("claims", ledger.claims)
        pair = row.choice("corridor", corridors), row.choice("mode", modes)
        found[pair] = row.number("share_start", 0, 1)
    for corridor in corridors:
        for mode in modes:
            if (corridor, mode) not in found:
                remedy = "Add its row; share 0 leaves it unused."
                raise InputError("a pair is missing", file="corridor_modes.csv", place=f"{corridor}, {mode}", remedy=remedy)
        _check_sum([row for row in rows if row.cells["corridor"] == corridor], "share_start", corridor)
    return found


def read_access(root: Path, basins: tuple[str, ...], corridors: tuple[str, ...]) -> dict[tuple[str, str], float]:
    """Return the content of access.csv by (basin, corridor); every pair must be there."""
    rows = read_rows(root / "access.csv", ("basin", "corridor", "weight"))
    refuse_repeats(rows, "basin", "corridor")
    access = {}
    for row in rows:
        access[_basin(row, "basin", basins), row.choice("corridor", corridors)] = row.number("weight", 0, 1)
    for basin in basins:
        for corridor in corridors:
            if (basin, corridor) not in access:
                remedy = "Add its row; weight 0 closes it."
                raise InputError("a pair is missing", file="access.csv", place=f"{basin}, {corridor}", remedy=remedy)
    return access


def read_crosswalk(root: Path, basins: tuple[str, ...]) -> tuple[CrosswalkRow, ...]:
    """Return the content of crosswalk.csv."""
    rows = read_rows(root / "crosswalk.csv", tuple(CrosswalkRow.__dataclass_fields__))
    refuse_repeats(rows, "list_version", "zone_name", "basin")
    return tuple(
        CrosswalkRow(
            row.text("list_version"),
            row.text("zone_name"),
            _basin(row, "basin", basins),
            row.number("weight", 0, 1),
            row.cells["note"],
        )
        for row in rows
    )


_SERIES_COLUMNS = ("series", "year", "value", "low", "high", "unit", "status", "claims", "known_since", "note")


def read_series(root: Path, ledger: Ledger) -> dict[str, Series]:
    """Return the content of series.csv by series name."""
    rows = read_rows(root / "series.csv", _SERIES_COLUMNS)
    refuse_repeats(rows, "series", "year")
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        grouped.setdefault(row.text("series"), []).append(row)
    found = {}
    for name, members in sorted(grouped.items()):
        members.sort(key=lambda row: row.whole("year", *_YEARS))
        for row in members:
            row.optional("low")
            row.optional("high")
            if row.text("unit") != members[0].text("unit"):
                raise row.error("unit", "a series has one unit", f"Write {members[0].text('unit')}.")
        found[name] = Series(
            name=name,
            unit=members[0].text("unit"),
            years=tuple(row.whole("year", *_YEARS) for row in members),
            values=tuple(row.number("value", 0) for row in members),
            statuses=tuple(row.choice("status", STATUSES) for row in members),
            claims=tuple(row.ids("claims", ledger.claims) for row in members),
            known_since=tuple(row.whole("known_since", *_YEARS) for row in members),
        )
    return found


_ERADICATION_COLUMNS = (*EradicationRow.__dataclass_fields__, "note")


def read_eradication(root: Path, ledger: Ledger, basins: tuple[str, ...], departments: dict[str, tuple[str, ...]]) -> tuple[EradicationRow, ...]:
    """Return the content of eradication.csv, ordered by year, scope and place."""
    rows = read_rows(root / "eradication.csv", _ERADICATION_COLUMNS)
    refuse_repeats(rows, "year", "scope", "place")
    found = []
    for row in rows:
        scope = row.choice("scope", SCOPES)
        if scope == "zone":
            _basin(row, "place", basins)
        elif scope == "department":
            row.choice("place", departments)
        found.append(
            EradicationRow(
                year=row.whole("year", *_YEARS),
                scope=scope,
                place=row.text("place"),
                area_ha=row.number("area_ha", 0),
                share_of_year=row.number("share_of_year", 0, 1),
                status=row.choice("status", STATUSES),
                claims=row.ids("claims", ledger.claims),
                known_since=row.whole("known_since", *_YEARS),
            )
        )
    return tuple(sorted(found, key=lambda item: (item.year, SCOPES.index(item.scope), item.place)))


def read_observations(root: Path, ledger: Ledger, basins: tuple[str, ...]) -> tuple[Observation, ...]:
    """Return the content of observations.csv."""
    rows = read_rows(root / "observations.csv", tuple(Observation.__dataclass_fields__))
    refuse_repeats(rows, "quantity", "basin", "year")
    found = []
    for row in rows:
        quantity = row.choice("quantity", OBSERVED)
        if row.text("unit") != OBSERVED[quantity]:
            raise row.error("unit", f"the unit of {quantity} is {OBSERVED[quantity]}", "Convert the value.")
        found.append(
            Observation(
                quantity=quantity,
                basin=_basin(row, "basin", (ALL, *basins)),
                year=row.whole("year", *_YEARS),
                value=row.number("value", 0),
                low=row.optional("low", 0),
                high=row.optional("high", 0),
                unit=row.text("unit"),
                claims=row.ids("claims", ledger.claims),
                coverage=row.choice("coverage", COVERAGES),
                series_break=row.cells["series_break"],
                note=row.cells["note"],
            )
        )
    return tuple(found)


def read_events(root: Path, ledger: Ledger) -> tuple[Event, ...]:
    """Return the content of events.csv."""
    rows = read_rows(root / "events.csv", tuple(Event.__dataclass_fields__))
    for row in rows:
        if not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-\d{2})?)?", row.text("date")):
            raise row.error("date", "a date is written YYYY, YYYY-MM or YYYY-MM-DD", "Example: 2001-04-20.")
    return tuple(Event(row.text("date"), row.text("event"), row.text("place"), row.ids("claims", ledger.claims)) for row in rows)


def read_calendar(root: Path, basins: tuple[str, ...]) -> dict[tuple[str, int], float]:
    """Return the content of calendar.csv by (basin, month); every month must be there."""
    rows = read_rows(root / "calendar.csv", ("basin", "month", "wage_season_factor"))
    refuse_repeats(rows, "basin", "month")
    found = {(_basin(row, "basin", basins), row.whole("month", 1, MONTHS_PER_YEAR)): row.number("wage_season_factor", 0.1, 10) for row in rows}
    for basin in basins:
        for month in range(1, MONTHS_PER_YEAR + 1):
            if (basin, month) not in found:
                raise InputError("a month is missing", file="calendar.csv", place=f"{basin}, month {month}", remedy="Add it.")
    return found
