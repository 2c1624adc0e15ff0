"""A small region for tests: four Peruvian basins with a twentieth of their coca, and ways to run it."""

from __future__ import annotations

import copy
import dataclasses
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eslabon.api import Region
from eslabon.clock import month_index
from eslabon.evidence.pack import RegionPack
from eslabon.month import advance
from eslabon.params.table import Parameter
from eslabon.policies.levers import LEVERS
from eslabon.policies.scenario import Pull, Scenario
from eslabon.stages.observe import Yearly
from eslabon.start import OPENINGS, World, open_world, settle_books
from eslabon.study.shrink import DIVISOR

Array = npt.NDArray[np.float64]
Key = tuple[str, str, str | None]

FIRST_MONTH = month_index("2025-01")
AMOUNTS = {
    "forced_eradication": 1200.0,
    "voluntary_eradication": 500.0,
    "legal_purchase": 2000.0,
    "legal_price": 3.0,
    "household_quota": 0.16,
    "alternative_development": 1000.0,
    "land_title": 500.0,
    "school_transfers": 0.8,
    "road_improvement": 0.5,
    "site_raids": 60.0,
    "seizure": 0.6,
    "road_interdiction": 3.0,
    "river_interdiction": 3.0,
    "air_interdiction": 3.0,
    "air_denial": 0.2,
    "input_control": 1.0,
    "checkpoints": 50.0,
    "bases": 10.0,
    "curfew": 0.8,
    "rewards": 5e6,
    "clan_arrests": 0.5,
    "anti_corruption": 0.8,
    "sentencing": 0.3,
    "prison_alternatives": 0.6,
    "corridor_closure": 0.8,
    "demand_shock": -0.5,
    "transit_seizure": 0.3,
    "colombia_shock": -0.5,
    "bolivia_shock": -0.5,
    "crop_price": 0.8,
}
"""An amount of each lever that matters in the small region."""


def shrink_parameters(parameters: Mapping[str, Parameter], divisor: float = DIVISOR) -> dict[str, Parameter]:
    """Return the parameters with the nation's leaf, which rents are measured against, divided alike."""
    leaf = parameters["farmgate_value_usd2013"]
    less = dataclasses.replace(leaf, low=leaf.low / divisor, default=leaf.default / divisor, high=leaf.high / divisor)
    return {**parameters, "farmgate_value_usd2013": less}


def pull(lever: str, amount: float, start: int = FIRST_MONTH, announce: int | None = None, **more: object) -> Pull:
    """Return one pulled lever, by default from the first month of the books on."""
    return Pull(lever, amount, start if announce is None else announce, start, **more)  # type: ignore[arg-type]


def ask(*pulls: Pull, until: int = 2026, name: str = "test", start: str = "2024") -> Scenario:
    """Return a scenario of these levers."""
    return Scenario(name, name, start=start, until=until, pulls={p.lever: p for p in pulls})


def highest(lever: str) -> float:
    """Return the highest amount to try: three times the one that matters, within the lever's bounds."""
    return min(LEVERS[lever].maximum, 3 * abs(AMOUNTS[lever]))


def random_scenario(seed: int, until: int = 2026, start: str = "2024") -> Scenario:
    """Return one to five levers with random amounts, schedules and strengths."""
    rng = np.random.default_rng(seed)
    first, pulls = OPENINGS[start].books_open, []
    for name in map(str, rng.choice(sorted(LEVERS), size=rng.integers(1, 6), replace=False)):
        announce = first + int(rng.integers(0, 6))
        begin = announce + int(rng.integers(0, 6))
        ramp, strength = int(rng.integers(0, 7)), float(rng.choice([1.0, 0.5]))
        amount = float(rng.uniform(max(LEVERS[name].minimum, -0.9), highest(name)))
        pulls.append(pull(name, amount, begin, announce, ramp_months=ramp, strength=strength))
    return ask(*pulls, until=until, name=f"random-{seed}", start=start)


def months(world: World, pack: RegionPack, scenario: Scenario) -> Iterator[tuple[int, dict[str, Array]]]:
    """Advance a world month by month, the end of the burn-in included, and yield month and findings."""
    last = OPENINGS[scenario.start].books_open - 1
    for month in range(world.plan.first_month, world.plan.first_month + world.plan.months):
        found = advance(world, month)
        if month == last:
            settle_books(world, pack, found)
        yield month, found


def world_before(region: Region, scenario: Scenario, month: int, seed: int = 0, members: Iterable[int] = (0,)) -> World:
    """Return a world as it stands at the beginning of `month`."""
    world = open_world(region.pack, region.parameters, scenario, seed, list(members))
    if month > world.plan.first_month:
        for now, _found in months(world, region.pack, scenario):
            if now == month - 1:
                break
    return world


def copy_world(world: World) -> World:
    """Return a world that can be advanced without changing the first."""
    return dataclasses.replace(world, state=copy.deepcopy(world.state))


def by_key(yearly: Iterable[Yearly]) -> dict[Key, Yearly]:
    """Return yearly values by outcome, basin and corridor."""
    return {(y.outcome, y.basin, y.corridor): y for y in yearly}


def assert_same(one: Iterable[Yearly], other: Iterable[Yearly], rows: slice = slice(None)) -> None:
    """Assert that two results agree to the bit; `rows` picks the members of the first."""
    a, b = by_key(one), by_key(other)
    assert a.keys() == b.keys()
    for key, found in a.items():
        np.testing.assert_array_equal(found.values[rows], b[key].values, err_msg=str(key))
        assert found.years == b[key].years


def eslabon(arguments: Iterable[object], cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    command = [sys.executable, "-m", "eslabon", *map(str, arguments)]
    settings: Mapping[str, str] = {**os.environ, **environment}
    return subprocess.run(command, cwd=cwd, env=dict(settings), capture_output=True, text=True, timeout=300, check=False)
