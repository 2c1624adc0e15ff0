"""Region packs: what the model knows of a country, loaded from a folder of CSV files and checked cell by cell."""

from __future__ import annotations

import hashlib
from importlib import util
from importlib.metadata import entry_points
from pathlib import Path

from eslabon.errors import InputError, nearest
from eslabon.evidence import region_files
from eslabon.evidence.claims import read_ledger
from eslabon.evidence.region import (
    ALL,
    OBSERVED,
    Corridor,
    CrosswalkRow,
    EradicationRow,
    Event,
    Mode,
    Observation,
    RegionPack,
    Series,
    Zone,
)

__all__ = [
    "ALL",
    "OBSERVED",
    "Corridor",
    "CrosswalkRow",
    "EradicationRow",
    "Event",
    "Mode",
    "Observation",
    "RegionPack",
    "Series",
    "Zone",
    "find_pack",
    "load_pack",
]

GROUP = "eslabon.regions"
"""Entry-point group under which installed packages offer region packs."""


def load_pack(name_or_path: str | Path = "peru") -> RegionPack:
    """Return the pack of that name (entry points of the group `eslabon.regions`) or in that folder.

    Raises
    ------
    InputError
        If there is no such pack, or a cell of it breaks a rule; the message names file, line and column.
    """
    name, root = find_pack(name_or_path)
    ledger = read_ledger(root / "claims.csv", root / "sources.csv")
    zones = region_files.read_zones(root, ledger)
    basins = tuple(zone.id for zone in zones)
    corridors = region_files.read_corridors(root, ledger)
    corridor_ids = tuple(corridor.id for corridor in corridors)
    modes = region_files.read_modes(root, ledger)
    crosswalk = region_files.read_crosswalk(root, basins)
    departments: dict[str, tuple[str, ...]] = {}
    for row in crosswalk:
        if row.list_version == "departments" and row.weight > 0:
            departments[row.zone_name] = (*departments.get(row.zone_name, ()), row.basin)
    return RegionPack(
        name=name,
        root=root,
        zones=zones,
        corridors=corridors,
        access=region_files.read_access(root, basins, corridor_ids),
        modes=modes,
        mode_start=region_files.read_mode_start(root, ledger, corridor_ids, tuple(mode.id for mode in modes)),
        series=region_files.read_series(root, ledger),
        eradication=region_files.read_eradication(root, ledger, basins, departments),
        departments=departments,
        crosswalk=crosswalk,
        observations=region_files.read_observations(root, ledger, basins),
        events=region_files.read_events(root, ledger),
        calendar=region_files.read_calendar(root, basins),
        ledger=ledger,
        digest=_digest(root),
    )


def find_pack(name_or_path: str | Path) -> tuple[str, Path]:
    """Return a pack's name and folder."""
    points = {point.name: point.value for point in entry_points(group=GROUP)}
    if isinstance(name_or_path, str) and name_or_path in points:
        spec = util.find_spec(points[name_or_path])
        if spec is None or spec.origin is None:
            rule = "the region pack's package is not installed"
            raise InputError(rule, place=points[name_or_path], remedy="Install it, or name a folder.")
        return name_or_path, Path(spec.origin).parent
    folder = Path(name_or_path)
    if not folder.is_dir():
        remedy = nearest(str(name_or_path), points) if points else "Name a folder."
        raise InputError("must be a region pack's name or folder", value=name_or_path, remedy=remedy)
    return folder.resolve().name, folder


def _digest(root: Path) -> str:
    found = hashlib.sha256()
    for path in sorted(root.glob("*.csv")):
        found.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return found.hexdigest()
