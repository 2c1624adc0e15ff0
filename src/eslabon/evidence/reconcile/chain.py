"""From the ledger to a network: the chain from area to product and its prices, for a place, its nation and a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import inf

from eslabon.errors import InputError
from eslabon.evidence.claims import Ledger, Source
from eslabon.evidence.reconcile.balances import active, templates
from eslabon.evidence.reconcile.groups import groups_of
from eslabon.evidence.reconcile.network import Balance, Measurement, Network, Variable
from eslabon.evidence.reconcile.readings import (
    CITIES,
    DEFINITIONS,
    RULES,
    Reading,
    find_place,
    named,
    nation_of,
    read,
    select,
)
from eslabon.evidence.reconcile.trust import AREA

CARRIED = {"leaf_per_kg": False, "traditional": False, "yield": True}
"""Variables that few years measure, and whether zones have them: else the nearest claims before and after stand in."""
CARRY_YEARS = 8
DRIFT = 0.03
"""Standard error added for each year between such a claim and the year it stands in for."""
SAME_SHARE = 0.5
"""Standard error of the assumption that a zone's share is its nation's."""
ASSUMPTION = "assumed:"
"""Prefix of the ids of what is assumed, not claimed."""
COMPUTED_UNITS = {"previous_area": "ha", "leaf_cost": "USD/kg", "seized": "t", "same_traditional_share": "ratio"}
"""Units of variables that no claim gives directly."""


@dataclass(frozen=True)
class Chain:
    """The network of a place and a year, with what stands behind it.

    Parameters
    ----------
    place, nation : str
        As in the ledger.
    year : int
    network : Network
        Variables are named `key@place`; measurements carry the ids of claims, or `assumed:…`.
    readings : tuple of Reading
        Evidence in the network.
    derived : tuple of Reading
        Figures worked out from other claims: shown beside, never counted.
    idle : tuple of Reading
        Evidence that no balance and no other claim can be held against.
    nearby : tuple of Reading
        What is said of the same places in the two years before and after: a figure may have slipped a line.
    assumptions : tuple of str
        Ids of what was assumed.
    sources : mapping of str to Source
        Where the claims were read.
    """

    place: str
    nation: str
    year: int
    network: Network
    readings: tuple[Reading, ...]
    derived: tuple[Reading, ...] = ()
    idle: tuple[Reading, ...] = ()
    nearby: tuple[Reading, ...] = ()
    assumptions: tuple[str, ...] = ()
    sources: Mapping[str, Source] = field(default_factory=dict)

    @property
    def places(self) -> tuple[str, ...]:
        """Places whose variables are in the network, the asked one first."""
        found = [self.place, self.nation, *(name.partition("@")[2] for name in (v.name for v in self.network.variables))]
        return tuple(dict.fromkeys(found))

    def of(self, variable: str, place: str) -> list[Reading]:
        """Return the evidence on a variable at a place."""
        return [reading for reading in self.readings if reading.variable == variable and reading.place == place]

    def reading(self, claim: str) -> Reading | None:
        """Return the reading of a claim, or None."""
        return next((r for r in (*self.readings, *self.derived, *self.idle) if r.claim.id == claim), None)


def build_chain(ledger: Ledger, place: str, year: int) -> Chain:
    """Return the network of the chain at a place in a year.

    The nation of the place comes along, since its ratios are inherited and bound the zone; for a nation, each zone of which
    more than the area is claimed comes along.

    Parameters
    ----------
    ledger : Ledger
    place : str
        In full (`Peru/VRAEM`) or its last part, with or without accents.
    year : int

    Raises
    ------
    InputError
        If no claim of the chain speaks of the place, or none does in that year.
    """
    found = find_place(ledger, place)
    nation = nation_of(found)
    cities = [f"{nation}/{city}" for city in CITIES]
    zones = _talked_about(ledger, nation, year) if found in (nation, *cities) else [found]
    every = select(ledger, [nation, *zones, *cities], year)
    if not any(reading.place == found for reading in every):
        years = sorted({c.year for c in ledger.select() if c.place == found and c.quantity in RULES and c.year})
        remedy = f"Claims speak of {found} in {', '.join(map(str, years))}." if years else "Ask for another place."
        raise InputError("no claim on the chain speaks of this place in this year", place="--year", value=year, remedy=remedy)
    every += _agreed(ledger, nation, year, every)
    every += [r for area in dict.fromkeys((nation, *zones)) for r in _carried(ledger, area, year, every)]
    every += _last_year(ledger, every, year)
    nearby = [r for gap in (-2, -1, 1, 2) for r in select(ledger, [nation, *zones], year + gap)]
    chain = _assemble(found, nation, year, [z for z in zones if z != nation], every)
    named_sources = {r.claim.source_id for r in (*every, *nearby)}
    return replace(chain, nearby=tuple(nearby), sources={name: s for name, s in ledger.sources.items() if name in named_sources})


def _talked_about(ledger: Ledger, nation: str, year: int) -> list[str]:
    """Return the zones of which a year's claims say more than the area."""
    found = []
    for claim in ledger.select():
        inside, _, zone = claim.place.partition("/")
        rule = RULES.get(claim.quantity)
        single = inside == nation and zone and "/" not in zone and "+" not in zone and zone not in CITIES
        if rule and single and claim.year == year and _beyond_area(rule.variable):
            found.append(claim.place)
    return list(dict.fromkeys(found))


def _beyond_area(variable: str) -> bool:
    rules = {rule.variable: rule.kind for rule in RULES.values()}
    return rules[variable] != AREA and variable not in ("area_share", "area_growth")


def _agreed(ledger: Ledger, nation: str, year: int, every: Sequence[Reading]) -> list[Reading]:
    """Return what other years say of the units that the year's claims use or speak of: a definition does not change."""
    used = [v for v in DEFINITIONS if any(v == r.variable or f"/{v}" in r.unit for r in every)]
    found = (read(c, ledger) for c in ledger.select() if c.place == nation and c.year != year)
    return [reading for reading in found if reading and reading.variable in used]


def _carried(ledger: Ledger, place: str, year: int, every: Sequence[Reading]) -> list[Reading]:
    """Return the nearest claims before and after on variables of which the year says nothing that is uncontested."""
    found = []
    for variable, of_zones in CARRIED.items():
        firm = (r for r in every if r.variable == variable and r.place == place and not (r.derived or r.contested or r.bound))
        if (of_zones or place == nation_of(place)) and not any(firm):
            found += [reading for side in (-1, 1) for reading in _nearest(ledger, place, variable, year, side)]
    return found


def _nearest(ledger: Ledger, place: str, variable: str, year: int, side: int) -> list[Reading]:
    near: dict[int, list[Reading]] = {}
    for claim in ledger.select():
        gap = side * (claim.year - year) if claim.year else 0
        if claim.place == place and 0 < gap <= CARRY_YEARS:
            reading = read(claim, ledger, carried=gap, drift=DRIFT)
            if reading and reading.variable == variable and not reading.derived and not reading.bound:
                near.setdefault(gap, []).append(reading)
    return near[min(near)] if near else []


def _last_year(ledger: Ledger, every: Sequence[Reading], year: int) -> list[Reading]:
    """Return last year's areas of places whose growth is claimed."""
    places = [r.place for r in every if r.variable == "area_growth"]
    found = (r for r in select(ledger, places, year - 1) if r.variable == "area" and not r.derived)
    return [Reading(r.claim, "previous_area", r.place, r.value, r.unit, r.sigma) for r in found]


def _assemble(place: str, nation: str, year: int, zones: Sequence[str], every: Sequence[Reading]) -> Chain:
    evidence = [reading for reading in every if not reading.derived]
    measured = {measured_name(reading) for reading in evidence if not reading.bound}
    cities = [f"{nation}/{city}" for city in CITIES]
    chosen = active(templates(nation, zones, cities, measured), measured)
    names = dict.fromkeys(name for template in chosen for name in template.balance.names)
    names.update(dict.fromkeys(measured_name(reading) for reading in evidence if not reading.bound))
    used = [reading for reading in evidence if measured_name(reading) in names]
    bounds = [_bound(reading) for reading in used if reading.bound]
    assumed = [template.assumed for template in chosen if template.assumed]
    groups = groups_of(used)
    return Chain(
        place=place,
        nation=nation,
        year=year,
        network=Network(
            variables=(*(_variable(name) for name in names), *(variable for variable, _ in bounds)),
            measurements=(*(_measurement(reading, groups) for reading in used), *(_assumption(name) for name in assumed)),
            balances=(*(template.balance for template in chosen), *(balance for _, balance in bounds)),
        ),
        readings=tuple(used),
        derived=tuple(reading for reading in every if reading.derived),
        idle=tuple(reading for reading in evidence if measured_name(reading) not in names),
        assumptions=tuple(ASSUMPTION + name for name in assumed),
    )


def measured_name(reading: Reading) -> str:
    """Return the network's name of what a claim measures; a price in soles or by the arroba is a variable of its own."""
    own_unit = unit_of(reading.variable)
    return reading.name if reading.unit == own_unit else named(f"{reading.variable}[{reading.unit}]", reading.place)


def unit_of(variable: str) -> str:
    """Return the unit of a variable."""
    if variable in COMPUTED_UNITS:
        return COMPUTED_UNITS[variable]
    return next(rule.unit for rule in RULES.values() if rule.variable == variable)


def _variable(name: str) -> Variable:
    key = name.partition("@")[0]
    variable, _, unit = key.partition("[")
    return Variable(name, unit.rstrip("]") or unit_of(variable), high=1.0 if variable.endswith("_share") and not variable.startswith("same") else inf)


def _measurement(reading: Reading, groups: Mapping[str, str]) -> Measurement:
    name = bound_name(reading) if reading.bound else measured_name(reading)
    return Measurement(reading.claim.id, name, reading.value, reading.sigma, groups[reading.claim.id], reading.contested)


def bound_name(reading: Reading) -> str:
    """Return the variable that stands for a claimed bound."""
    return f"bound:{reading.claim.id}"


def _bound(reading: Reading) -> tuple[Variable, Balance]:
    """Return a claimed bound as a variable of its own and the inequality that holds it."""
    name, of = bound_name(reading), measured_name(reading)
    smaller, larger = (name, of) if reading.bound == "lower" else (of, name)
    return Variable(name, reading.unit), Balance(f"{reading.bound}:{reading.claim.id}", "at_most", larger, (smaller,))


def _assumption(name: str) -> Measurement:
    return Measurement(ASSUMPTION + name, name, 1.0, SAME_SHARE, ASSUMPTION + name)
