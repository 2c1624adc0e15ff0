"""Every cell of a pack that the model or its tests use, with the claims it rests on or the word that it is assumed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from eslabon.evidence.cells import read_rows
from eslabon.evidence.region import Corridor, Mode, RegionPack, Zone
from eslabon.params.table import Parameter
from eslabon.policies.levers import LEVERS
from eslabon.start import OPENINGS
from eslabon.study.targets import FILE, read_targets

ASSUMED = "assumed"
_WORDS = ("id", "name_es", "name_en", "status", "claims", "group", "lon", "lat")
PARAMETERS_FILE = "parameters.toml"


@dataclass(frozen=True)
class Use:
    """One value that the model or a comparison uses, and the claims that its row cites.

    Attributes
    ----------
    address : str
        File, row and column, such as `series.csv/pen_per_usd/2013`.
    node : str
        The name that stands for it in the structural path.
    status : str
        As declared in the pack; "" where the file has no such column.
    """

    address: str
    node: str
    kind: str
    value: float | str
    unit: str
    status: str
    claims: tuple[str, ...]

    @property
    def standing(self) -> str:
        """The status that counts: without a claim a value is assumed, whatever it is called."""
        return (self.status or "cited") if self.claims else ASSUMED

    def document(self) -> dict[str, Any]:
        """Return the use as plain data."""
        return {"address": self.address, "kind": self.kind, "value": self.value, "unit": self.unit, "status": self.status or None,
                "standing": self.standing, "claims": list(self.claims)}  # fmt: skip


def uses(pack: RegionPack, parameters: Mapping[str, Parameter]) -> tuple[Use, ...]:
    """Return every use of the pack: parameters, files of places, series, eradication, observations, events, targets, levers."""
    return (*_parameters(parameters), *_places(pack), *_pairs(pack), *_series(pack), *_eradication(pack), *_figures(pack), *_levers())


def _parameters(parameters: Mapping[str, Parameter]) -> Iterator[Use]:
    for name, p in parameters.items():
        yield Use(f"{PARAMETERS_FILE}/{name}", name, "parameter", p.default, p.unit, p.status, p.claims)


def _places(pack: RegionPack) -> Iterator[Use]:
    kinds: dict[str, Iterable[Zone | Corridor | Mode]] = {"zones": pack.zones, "corridors": pack.corridors, "modes": pack.modes}
    for file, rows in kinds.items():
        for row in rows:
            for column in (f.name for f in dataclasses.fields(row) if f.name not in _WORDS):
                value = float(getattr(row, column))
                yield Use(f"{file}.csv/{row.id}/{column}", f"{file}.{column}", file[:-1], value, "", row.status, row.claims)


def _pairs(pack: RegionPack) -> Iterator[Use]:
    for (basin, corridor), weight in pack.access.items():
        yield Use(f"access.csv/{basin}/{corridor}", "access", "access", weight, "1", "", ())
    for (basin, month), factor in pack.calendar.items():
        yield Use(f"calendar.csv/{basin}/{month}", "calendar", "calendar", factor, "1", "", ())
    for row in read_rows(pack.root / "corridor_modes.csv", ("corridor", "mode", "share_start", "status", "claims")):
        c = row.cells
        cited = row.ids("claims", pack.ledger.claims)
        yield Use(f"corridor_modes.csv/{c['corridor']}/{c['mode']}", "corridor_modes", "mode share", float(c["share_start"]), "1", c["status"], cited)
    for item in pack.crosswalk:
        yield Use(f"crosswalk.csv/{item.list_version}/{item.zone_name}/{item.basin}", "crosswalk", "crosswalk", item.weight, "1", "", ())


def _series(pack: RegionPack) -> Iterator[Use]:
    for name, s in pack.series.items():
        for year, value, status, claims in zip(s.years, s.values, s.statuses, s.claims, strict=True):
            yield Use(f"series.csv/{name}/{year}", f"series.{name}", "series", value, s.unit, status, claims)


def _eradication(pack: RegionPack) -> Iterator[Use]:
    for r in pack.eradication:
        yield Use(f"eradication.csv/{r.year}/{r.scope}/{r.place}", "eradication", "eradication", r.area_ha, "ha", r.status, r.claims)


def _figures(pack: RegionPack) -> Iterator[Use]:
    for o in pack.observations:
        yield Use(f"observations.csv/{o.quantity}/{o.basin}/{o.year}", "observations", "observation", o.value, o.unit, "", o.claims)
    for e in pack.events:
        yield Use(f"events.csv/{e.date}/{e.event}", "events", "event", e.date, "", "", e.claims)
    for target in read_targets(pack).values():
        for part in target.parts:
            yield Use(f"{FILE}/{target.id}/{part.name}", "targets", "target", part.published(), part.unit, "", part.claims)


def _levers() -> Iterator[Use]:
    for lever in LEVERS.values():
        yield Use(f"levers/{lever.name}/unit_cost", f"lever.{lever.name}", "lever", lever.unit_cost, lever.cost_unit, lever.cost_status, ())
        for option in lever.options:
            yield Use(f"levers/{lever.name}/{option.key}", f"lever.{lever.name}", "lever", option.default, option.unit, "", ())


def anchors(pack: RegionPack, start: str) -> set[str]:
    """Return the addresses of the observations that a starting state is set by: the anchor price, and the areas of its years."""
    opening = OPENINGS[start]
    wanted = {("coca_area_ha", "ALL", y) for y in (opening.price_year - 1, opening.price_year)}
    wanted |= {(opening.price_quantity, opening.price_basin, opening.price_year)}
    return {f"observations.csv/{o.quantity}/{o.basin}/{o.year}" for o in pack.observations if (o.quantity, o.basin, o.year) in wanted}


def of_path(names: Iterable[str], known: Iterable[Use], pack: RegionPack, start: str) -> list[Use]:
    """Return the uses that stand behind the names of a path, parameters aside, in the order of the files."""
    on_path, anchored = set(names), anchors(pack, start)
    return [u for u in known if u.node in on_path and u.kind != "parameter" and (u.node != "observations" or u.address in anchored)]


def find_uses(text: str, known: Iterable[Use]) -> list[Use]:
    """Return the uses at an address, or below it: `zones.csv/vraem` gives all columns of the row."""
    wanted = text.replace(":", "/").strip("/")
    return [u for u in known if u.address == wanted or u.address.startswith(f"{wanted}/")]
