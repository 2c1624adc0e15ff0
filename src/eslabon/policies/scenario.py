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
from eslabon.policies.levers import LEVERS, SCHEDULE
from eslabon.units import parse_months, parse_quantity

KEYS = ("base", "title", "question", "start", "until", "levers")
STARTS = ("2001", "2024")
FAR = 10**6


@dataclass(frozen=True)
class Pull:
    """One lever pulled: months are indices of `eslabon.clock`, the last one included."""

    lever: str
    amount: float
    announce: int
    start: int
    end: int = FAR
    ramp_months: int = 0
    strength: float = 1.0
    basins: tuple[str, ...] = ()
    corridors: tuple[str, ...] = ()

    def weight(self, month: int) -> float:
        """Return how far the lever replaces the baseline in a month, 0 to `strength`."""
        if not self.start <= month <= self.end:
            return 0.0
        ramp = min(1.0, (month - self.start + 1) / self.ramp_months) if self.ramp_months else 1.0
        return self.strength * ramp


@dataclass(frozen=True)
class Scenario:
    """A question put to the model."""

    name: str
    title: str
    question: str = ""
    start: str = "2024"
    until: int = 2030
    pulls: Mapping[str, Pull] = field(default_factory=dict)

    def canonical(self) -> dict[str, Any]:
        """Return the scenario as plain data, for manifests and content keys."""
        pulls = {k: dataclasses.asdict(v) for k, v in sorted(self.pulls.items())}
        return {"name": self.name, "start": self.start, "until": self.until, "levers": pulls}


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
            raise InputError("start is one of the two starting states", value=start, remedy=nearest(start, STARTS), **self.where("start"))
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
        self.check_keys(entry, (lever.amount, *SCHEDULE, *extra), place)
        for key in (lever.amount, "start"):
            if key not in entry:
                raise InputError(f"the key {key} is missing", remedy=f"Add {key} = ...", **self.where(f"levers.{name}"))
        amount = parse_quantity(entry[lever.amount], lever.unit, minimum=lever.minimum, **self.where(place + lever.amount))
        if amount > lever.maximum:
            raise InputError(f"must be at most {lever.maximum:g} {lever.unit}", value=entry[lever.amount], **self.where(place + lever.amount))
        start = self.month(entry, place, "start", 0)
        announce = self.month(entry, place, "announce", start)
        end = self.month(entry, place, "end", FAR)
        if not announce <= start <= end:
            raise InputError("announce <= start <= end must hold", remedy="Order the months.", **self.where(place + "start"))
        ramp = parse_months(entry.get("ramp", "0 months"), **self.where(place + "ramp"))
        strength = entry.get("strength", 1.0)
        if isinstance(strength, bool) or not isinstance(strength, int | float) or not 0 <= strength <= 1:
            raise InputError("strength is a number from 0 to 1", value=strength, remedy="Write strength = 1.", **self.where(place + "strength"))
        return Pull(name, amount, announce, start, end, ramp, float(strength), self.names(entry, place, "basins", self.basins),
                    self.names(entry, place, "corridors", self.corridors))  # fmt: skip

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
