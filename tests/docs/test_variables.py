"""The table of state variables is complete, says what each array is by, and its bounds hold month by month."""

from __future__ import annotations

import dataclasses
import re

import numpy as np
import pytest

from eslabon.api import Region
from eslabon.clock import month_index
from eslabon.institutions import CLAN_SLOTS
from eslabon.month import STAGES, advance
from eslabon.policies.pull import Pull
from eslabon.policies.scenario import Scenario
from eslabon.start import OPENINGS, World, open_world, settle_books
from eslabon.study.shrink import shrink
from eslabon.variables import VARIABLES

BASINS = ("calleria", "huallaga", "vraem")
"""Three, so that what is by basin cannot be mistaken for what is by corridor or mode."""
MEMBERS = (0, 1)
NAMED_UNITS = {"_per_kg": "usd2013/kg", "_ha": "ha", "_kg": "kg"}
STOCK = r"1|month|ha|kg cocaine|persons|households|offices|sites"
UNIT = re.compile(rf"{STOCK}|(1|kg [a-z -]+|usd2013|usd2013/ha|usd2013/household)/(yr|month)|usd2013/kg( cocaine)?")


@pytest.fixture(scope="module")
def scenario() -> Scenario:
    """Return a scenario that pulls hard on many things at once."""
    first = month_index("2025-01")
    amounts = {"forced_eradication": 4000.0, "voluntary_eradication": 500.0, "land_title": 500.0, "air_denial": 0.3, "clan_arrests": 0.6,
               "input_control": 1.0, "curfew": 1.0, "bases": 20.0, "transit_seizure": 0.3, "corridor_closure": 0.9}  # fmt: skip
    return Scenario("hard", "hard", until=2025, pulls={n: Pull(n, amount, first, first) for n, amount in amounts.items()})


@pytest.fixture(scope="module")
def three(region: Region) -> Region:
    return dataclasses.replace(region, pack=shrink(region.pack, BASINS))


def opened(region: Region, scenario: Scenario) -> World:
    return open_world(region.pack, region.parameters, scenario, 0, MEMBERS)


def test_every_array_is_in_the_table_once(three: Region, scenario: Scenario) -> None:
    names = [v.name for v in VARIABLES]
    assert len(names) == len(set(names))
    assert set(names) == set(opened(three, scenario).state.values)


def test_each_has_the_shape_and_the_bounds_it_says(three: Region, scenario: Scenario) -> None:
    world = opened(three, scenario)
    size = {"nation": 1, "basin": len(BASINS), "corridor": len(three.pack.corridors), "mode": len(three.pack.modes)}
    size |= {"clan": CLAN_SLOTS, "neighbour": 2}
    last = OPENINGS[scenario.start].books_open - 1
    for month in range(world.plan.first_month, world.plan.first_month + world.plan.months):
        found = advance(world, month)
        if month == last:
            settle_books(world, three.pack, found)
        for v in VARIABLES:
            value = world.state.values[v.name]
            assert value.shape == (len(MEMBERS), *(size[d] for d in v.dims.split("-"))), v.name
            assert v.low - 1e-9 <= np.min(value) and np.max(value) <= v.high + 1e-9, (v.name, month, np.min(value), np.max(value))


def test_units_are_known_and_agree_with_names() -> None:
    assert [v.name for v in VARIABLES if not UNIT.fullmatch(v.unit)] == []
    for v in VARIABLES:
        named = [unit for ending, unit in NAMED_UNITS.items() if v.name.endswith(ending)]
        assert v.unit.startswith(tuple(named[:1]) or ""), v.name


def test_every_one_is_changed_by_a_stage() -> None:
    written = {name for stage in STAGES for name in stage.writes}
    assert [v.name for v in VARIABLES if v.name not in written] == []
