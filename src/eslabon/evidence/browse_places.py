"""Places by any name a reader may use: an id, a Spanish or English name, with or without accents, `Peru/VRAEM`."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Sequence

from eslabon.errors import InputError
from eslabon.evidence.region import CrosswalkRow, Zone

NATION = "Peru"
"""The place of a figure for the whole country."""
DEPARTMENT = f"{NATION}/dept/"
_NATION_NAMES = ("Perú", "ALL", "nation", "nación", "national", "nacional")
_CLOSE, _OFFERED = 0.6, 3


def folded(name: str) -> str:
    """Return a name as it is compared: lower case, no accents, hyphens and runs of blanks as one blank."""
    plain = "".join(letter for letter in unicodedata.normalize("NFD", name.casefold()) if not unicodedata.combining(letter))
    return " ".join(plain.replace("-", " ").replace("_", " ").split())


def list_year(version: str) -> int | None:
    """Return the first year of a published zone list such as `2021_19`, or None for other groupings of places."""
    head, _, count = version.partition("_")
    return int(head) if head.isdigit() and count.isdigit() else None


class Gazetteer:
    """The places a ledger speaks of, and the names by which they are found.

    Parameters
    ----------
    places : iterable of str
        Places of claims, such as `Peru/VRAEM`.
    zones : sequence of Zone
        Basins of the model; one that merges several published zones stands for all of them.
    crosswalk : sequence of CrosswalkRow
        Published names of places and their basins.
    """

    def __init__(self, places: Iterable[str], zones: Sequence[Zone], crosswalk: Sequence[CrosswalkRow]) -> None:
        self.places = tuple(sorted(set(places)))
        self._names: dict[str, tuple[str, ...]] = {}
        known = set(self.places)
        for name in (*self.places, *(p.removeprefix("/") for p in self.places)):
            self._add(name, (name,))
        for name in _NATION_NAMES:
            self._add(name, (NATION,))
        zoned = [row for row in crosswalk if list_year(row.list_version) is not None]
        for row in zoned:
            self._add(row.zone_name, (f"{NATION}/{row.zone_name}",))
        for zone in zones:
            parts = tuple(dict.fromkeys(f"{NATION}/{row.zone_name}" for row in zoned if row.basin == zone.id))
            for name in (zone.id, zone.name_es, zone.name_en):
                self._add(name, parts)
        for row in (row for row in crosswalk if row.list_version == "historic"):
            own = f"{NATION}/{row.zone_name}"
            heir = tuple(f"{NATION}/{zone.name_es}" for zone in zones if zone.id == row.basin)
            self._add(row.zone_name, (own,) if own in known else heir)
        for place in self.places:
            self._add(place.removeprefix(DEPARTMENT).removeprefix(f"{NATION}/"), (place,))

    def _add(self, name: str, places: tuple[str, ...]) -> None:
        """Let `name` stand for `places`, unless it already stands for others; `Peru/` may go before any name."""
        for spelled in (name, f"{NATION}/{name}"):
            self._names.setdefault(folded(spelled), places)

    def find(self, name: str) -> tuple[str, ...]:
        """Return the places that `name` stands for.

        Raises
        ------
        InputError
            If no place has that name; the message offers the nearest ones.
        """
        found = self._names.get(folded(name))
        if found is None:
            raise InputError("no place of the ledger has this name", place="--place", value=name, remedy=self._offer(name))
        return found

    def _offer(self, name: str) -> str:
        close = difflib.get_close_matches(folded(name), self._names, n=2 * _OFFERED, cutoff=_CLOSE)
        offered = list(dict.fromkeys(place for key in close for place in self._names[key]))[:_OFFERED]
        if offered:
            return f"Did you mean {' or '.join(map(repr, offered))}?"
        return f"Examples: {NATION}, VRAEM, La Convención-Lares, {DEPARTMENT}Ucayali; eslabon evidence --places lists all {len(self.places)}."


def find_quantity(name: str, known: Iterable[str]) -> str:
    """Return a quantity of the ledger by its id; blanks and hyphens may stand for underscores.

    Raises
    ------
    InputError
        If the ledger has no such quantity; the message offers the nearest ones.
    """
    ids = {folded(quantity): quantity for quantity in sorted(set(known))}
    asked = folded(name)
    if asked in ids:
        return ids[asked]
    close = difflib.get_close_matches(asked, ids, n=_OFFERED, cutoff=_CLOSE) or [key for key in ids if asked and asked in key][:_OFFERED]
    offered = f"Did you mean {' or '.join(repr(ids[key]) for key in close)}?" if close else "eslabon evidence --all lists all quantities."
    raise InputError("the ledger has no such quantity", place="--quantity", value=name, remedy=offered)
