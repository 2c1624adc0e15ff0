"""Places as tables write them, found in a region's versioned lists: zones with their basins and weights, departments, countries."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from eslabon.errors import InputError
from eslabon.evidence.region import RegionPack
from eslabon.evidence.tables.text import fold, undecorated

Dimension = Literal["zone", "department", "country", "nation"]
Spelling = Literal["same", "normalised", "renamed"]

FILE = "place_names.toml"
_FILLERS = frozenset(
    {
        "zona", "zonas", "zone", "cuenca", "valle", "departamento", "dpto", "depto", "region", "de", "del", "la", "las", "los", "el", "y", "and",
        "the", "of",
    }
)  # fmt: skip
_WORDS = re.compile(r"[a-z0-9]+")
_CLOSE, _OFFERED = 0.55, 3
_LISTS_OF_OTHERS = ("departments",)


@dataclass(frozen=True, slots=True)
class Place:
    """A place that a label names.

    Parameters
    ----------
    place : str
        As the ledger writes it: `Peru/VRAEM`, `Peru/dept/Cusco`, `Bolivia`, `Peru`.
    name : str
        The published name.
    dimension : str
    basins : tuple of (str, float)
        Basins of the model and how much of the place belongs to each, from the pack's crosswalk.
    lists : tuple of str
        Versions of the zone list that have the name.
    spelling : str
        Whether the label is written as the list has it, in another spelling, or under an older or other name.
    note : str
        What the crosswalk says of a change of its bounds.
    """

    place: str
    name: str
    dimension: Dimension
    basins: tuple[tuple[str, float], ...] = ()
    lists: tuple[str, ...] = ()
    spelling: Spelling = "same"
    note: str = ""


@dataclass(frozen=True)
class PlaceNames:
    """All names of a region's places, by dimension and by the words of the name in any order.

    Parameters
    ----------
    nation : str
        The nation's place.
    names : mapping of dimension to mapping of key to Place
    codes : mapping of str to Place
        Departments by their code.
    """

    nation: str
    names: Mapping[Dimension, Mapping[str, Place]]
    codes: Mapping[str, Place]
    _known: dict[tuple[str, str], Place | None] = field(default_factory=dict, repr=False, compare=False)

    def find(self, label: str, dimension: Dimension) -> Place | None:
        """Return the place that a label names in one dimension, None if none."""
        key = (label, dimension)
        if key not in self._known:
            self._known[key] = self._find(label, dimension)
        return self._known[key]

    def _find(self, label: str, dimension: Dimension) -> Place | None:
        found = self.names[dimension].get(key_of(label))
        if found is None or found.spelling != "same" or " ".join(label.split()) == found.name == label:
            return found
        return Place(found.place, found.name, found.dimension, found.basins, found.lists, "normalised", found.note)

    def dimensions(self, label: str) -> tuple[Dimension, ...]:
        """Return the dimensions in which a label names a place."""
        return tuple(dimension for dimension in self.names if self.find(label, dimension))

    def offer(self, label: str, dimension: Dimension | None) -> tuple[str, ...]:
        """Return up to three names closest to a label."""
        wanted: list[Dimension] = [dimension] if dimension else ["zone", "department"]
        known = {fold(p.name): p.name for d in wanted for p in self.names[d].values()}
        return tuple(known[name] for name in difflib.get_close_matches(fold(undecorated(label)), known, _OFFERED, _CLOSE))


def key_of(label: str) -> str:
    """Return the words of a name in alphabetical order, without fillers: the order in which a table writes them never matters."""
    words = _WORDS.findall(fold(undecorated(label)))
    return " ".join(sorted(word for word in words if word not in _FILLERS)) or " ".join(words)


def place_names(pack: RegionPack) -> PlaceNames:
    """Return the names of a pack's places, from its crosswalk and `place_names.toml` (which a pack may lack).

    Raises
    ------
    InputError
        If the file is no TOML, or an alias names no place of the crosswalk.
    """
    more = _read(pack.root / FILE)
    nation = str(more.get("nation", {}).get("place", "Peru"))
    zones = _zones(pack, nation)
    sections: tuple[tuple[str, Spelling], ...] = (("aliases", "normalised"), ("renamed", "renamed"))
    for section, spelling in sections:
        for alias, name in more.get(section, {}).items():
            target = zones.get(key_of(name))
            if target is None:
                rule = "an alias must name a zone of the crosswalk"
                raise InputError(rule, file=FILE, place=f"{section}, {alias}", value=name, remedy="Mend the name.")
            zone = Place(target.place, target.name, "zone", target.basins, target.lists, spelling, target.note)
            if spelling == "renamed":
                zones[key_of(alias)] = zone
            else:
                zones.setdefault(key_of(alias), zone)
    departments = {
        code: Place(f"{nation}/dept/{name}", name, "department", tuple((basin, 1.0) for basin in pack.departments.get(name, ())))
        for code, name in more.get("departments", {}).items()
    }
    known = {place.name for place in departments.values()}
    others = [
        Place(f"{nation}/dept/{name}", name, "department", tuple((basin, 1.0) for basin in basins))
        for name, basins in pack.departments.items()
        if name not in known
    ]
    countries = {key_of(name): Place(place, place, "country") for name, place in more.get("countries", {}).items()}
    nations = {key_of(name): Place(nation, nation, "nation") for name in (nation, *more.get("nation", {}).get("names", ()))}
    named = {key_of(place.name): place for place in (*departments.values(), *others)}
    return PlaceNames(nation, {"zone": zones, "department": named, "country": countries, "nation": nations}, departments)


def _zones(pack: RegionPack, nation: str) -> dict[str, Place]:
    basins: dict[str, dict[str, float]] = {}
    lists: dict[str, list[str]] = {}
    notes: dict[str, str] = {}
    for row in pack.crosswalk:
        if row.list_version in _LISTS_OF_OTHERS:
            continue
        basins.setdefault(row.zone_name, {})[row.basin] = row.weight
        lists.setdefault(row.zone_name, []).append(row.list_version)
        notes[row.zone_name] = row.note if row.list_version == "historic" else ""
    found = {}
    for name, parts in basins.items():
        note = notes[name] if lists[name] == ["historic"] else ""
        found[key_of(name)] = Place(f"{nation}/{name}", name, "zone", tuple(parts.items()), tuple(lists[name]), "same", note)
    return found


def _read(path: Path) -> dict[str, dict[str, str]]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"must be TOML: {error}", file=FILE, remedy="Mend the line named.") from None
