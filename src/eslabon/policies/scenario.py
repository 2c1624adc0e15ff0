"""Scenarios: small TOML files that say only what differs from their base; anything unknown is an error."""

from __future__ import annotations

import dataclasses
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from eslabon.clock import month_index
from eslabon.errors import InputError, nearest
from eslabon.policies.levers import LEVERS, SCHEDULE, Lever
from eslabon.policies.pull import FAR, Pull
from eslabon.units import parse_months, parse_quantity

KEYS = ("base", "title", "question", "start", "until", "levers")
STARTS = ("1995", "2001", "2012", "2015", "2024")
"""Years at whose end a run may start."""
MOST = 1e12
"""The highest quantity of any kind."""


@dataclass(frozen=True)
class Scenario:
    """A question put to the model."""

    name: str
    title: str
    question: str = ""
    start: str = "2024"
    until: int = 2030
    pulls: Mapping[str, Pull] = field(default_factory=dict)
    structure: tuple[str, ...] = ()

    def canonical(self) -> dict[str, Any]:
        """Return the scenario as plain data, for manifests and content keys."""
        pulls = {k: dataclasses.asdict(v) for k, v in sorted(self.pulls.items())}
        return {"name": self.name, "start": self.start, "until": self.until, "levers": pulls, "structure": sorted(self.structure)}


def load_scenario(name: str, folder: Path, basins: Mapping[str, str], corridors: Mapping[str, str]) -> Scenario:
    """Return the shipped scenario `name`, or the one in the TOML file at that path.

    Parameters
    ----------
    name : str
        A shipped name such as `eradicate-30k`, or a path that ends in `.toml`.
    folder : Path
        Where the shipped scenarios are.
    basins, corridors : mapping
        Accepted spelling (lower case) to id.

    Raises
    ------
    InputError
        For an unknown name, key, lever, basin, unit or value; the message names the file, line and remedy.
    """
    path = Path(name) if name.endswith(".toml") else folder / f"{name}.toml"
    if not path.is_file():
        known = [p.stem for p in folder.glob("*.toml")]
        raise InputError("no such scenario", value=name, remedy=nearest(name, known))
    text = path.read_text(encoding="utf-8")
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError("not valid TOML", file=str(path), place=str(error), remedy="Mend that line.") from error
    reader = _Reader(path, text, basins, corridors)
    reader.check_keys(raw, KEYS, "")
    base = Scenario(path.stem, path.stem)
    if "base" in raw:
        base = load_scenario(str(raw["base"]), folder, basins, corridors)
    elif path.parent != folder:
        raise InputError("a scenario says what it is based on", file=str(path), remedy='Add base = "baseline".')
    return reader.scenario(base, raw)


@dataclass(frozen=True)
class _Reader:
    path: Path
    text: str
    basins: Mapping[str, str]
    corridors: Mapping[str, str]

    def where(self, key: str) -> dict[str, str]:
        table, _, last = key.rpartition(".")
        here = ""
        for number, line in enumerate(self.text.splitlines(), 1):
            stripped = line.strip()
            if stripped.startswith("["):
                here = stripped.split("#")[0].strip(" []")
            if here == key or (here == table and stripped.partition("=")[0].strip() == last):
                return {"file": str(self.path), "place": f"line {number}, {key}"}
        return {"file": str(self.path), "place": key}

    def check_keys(self, table: Mapping[str, Any], known: tuple[str, ...], prefix: str) -> None:
        for key in table:
            if key not in known:
                raise InputError("unknown key", value=key, remedy=nearest(key, known), **self.where(prefix + key))

    def scenario(self, base: Scenario, raw: Mapping[str, Any]) -> Scenario:
        levers = raw.get("levers", {})
        if not isinstance(levers, dict):
            raise InputError("levers is a table", value=levers, remedy="Write [levers.forced_eradication].", **self.where("levers"))
        self.check_keys(levers, tuple(LEVERS), "levers.")
        pulls = {**base.pulls, **{name: self.pull(name, entry) for name, entry in levers.items()}}
        start, until = str(raw.get("start", base.start)), raw.get("until", base.until)
        if start not in STARTS:
            raise InputError("start is one of the starting states", value=start, remedy=f"Valid: {', '.join(STARTS)}.", **self.where("start"))
        first = int(start) + (0 if start == "2001" else 1)
        if not isinstance(until, int) or not first <= until <= 2100:
            raise InputError(f"until is a year from {first} to 2100", value=until, remedy="Write until = 2030.", **self.where("until"))
        title = str(raw.get("title", base.title if "base" in raw else self.path.stem))
        return Scenario(self.path.stem, title, str(raw.get("question", title)), start, until, pulls)

    def pull(self, name: str, entry: Any) -> Pull:
        lever, place = LEVERS[name], f"levers.{name}."
        if not isinstance(entry, dict):
            raise InputError("a lever is a table", value=entry, remedy=f"Write [levers.{name}].", **self.where(f"levers.{name}"))
        extra = {"basins": ("basins",), "corridors": ("corridors",)}.get(lever.targets, ())
        self.check_keys(entry, (lever.amount, *SCHEDULE, *extra, *(o.key for o in lever.options)), place)
        for key in (lever.amount, "start"):
            if key not in entry:
                raise InputError(f"the key {key} is missing", remedy=f"Add {key} = ...", **self.where(f"levers.{name}"))
        start = self.month(entry, place, "start", 0)
        announce, end = self.month(entry, place, "announce", start), self.month(entry, place, "end", FAR)
        if not announce <= start <= end:
            raise InputError("announce <= start <= end must hold", remedy="Order the months.", **self.where(place + "start"))
        pull = Pull(
            name,
            self.quantity(entry, place + lever.amount, lever.unit, lever.minimum, lever.maximum),
            announce,
            start,
            end,
            ramp_months=parse_months(entry.get("ramp", "0 months"), **self.where(place + "ramp")),
            strength=self.strength(entry, place),
            basins=self.names(entry, place, "basins", self.basins),
            corridors=self.names(entry, place, "corridors", self.corridors),
            **self.money(entry, place, lever),
            options={o.key: self.quantity(entry, place + o.key, o.unit, o.minimum, o.maximum) for o in lever.options if o.key in entry},
        )
        pull.affordable(**self.where(place + "budget"))
        return pull

    def quantity(self, entry: Mapping[str, Any], place: str, unit: str, minimum: float = 0.0, maximum: float = MOST) -> float:
        """Return the quantity at `place`, whose last part is its key."""
        text = entry[place.rpartition(".")[2]]
        found = parse_quantity(text, unit, minimum=minimum, **self.where(place))
        if found > maximum:
            raise InputError(f"must be at most {maximum:g} {unit}", value=text, **self.where(place))
        return found

    def money(self, entry: Mapping[str, Any], place: str, lever: Lever) -> dict[str, float]:
        units = {"budget": "usd2013/yr", "unit_cost": lever.cost_unit}
        return {key: self.quantity(entry, place + key, unit) for key, unit in units.items() if key in entry}

    def strength(self, entry: Mapping[str, Any], place: str) -> float:
        found = entry.get("strength", 1.0)
        if isinstance(found, bool) or not isinstance(found, int | float) or not 0 <= found <= 1:
            raise InputError("strength is a number from 0 to 1", value=found, remedy="Write strength = 1.", **self.where(place + "strength"))
        return float(found)

    def month(self, entry: Mapping[str, Any], place: str, key: str, default: int) -> int:
        return month_index(str(entry[key]), **self.where(place + key)) if key in entry else default

    def names(self, entry: Mapping[str, Any], place: str, key: str, known: Mapping[str, str]) -> tuple[str, ...]:
        listed = entry.get(key, [])
        if not isinstance(listed, list):
            raise InputError(f"{key} is a list", value=listed, remedy=f'Write {key} = ["..."].', **self.where(place + key))
        for name in listed:
            if str(name).lower() not in known:
                raise InputError("unknown name", value=name, remedy=nearest(str(name).lower(), known), **self.where(place + key))
        return tuple(sorted({known[str(name).lower()] for name in listed}))
