"""Which parameters do nothing in a scenario: a rule may read them and multiply them by a lever that nobody pulls.

One member's months are run as they were; at the end of every third month each stage that reads a parameter is called again
with the parameter at the ends of its prior. If no stage ever writes anything else, the parameter is idle there.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from eslabon.draws import stream_key
from eslabon.evidence.region import RegionPack
from eslabon.month import ALIASES, STAGES, Stage, advance
from eslabon.params.table import Parameter
from eslabon.policies.pull import Pull
from eslabon.policies.scenario import Scenario
from eslabon.runs.opening import open_books
from eslabon.start import OPENINGS, World
from eslabon.study.lineage import Lineage

EVERY = 3
"""Months between two tries."""
PEOPLE, KEYS = "people", "keys"


def scenario_of(manifest: Mapping[str, Any]) -> Scenario:
    """Return the scenario that a run was stored with."""
    kept = manifest["scenario"]
    pulls = {name: Pull(**{**p, "basins": tuple(p["basins"]), "corridors": tuple(p["corridors"])}) for name, p in kept["levers"].items()}
    return Scenario(str(kept["name"]), str(manifest.get("title", "")), "", str(kept["start"]), int(kept["until"]), pulls, tuple(kept["structure"]))


def idle(names: Iterable[str], manifest: Mapping[str, Any], pack: RegionPack, parameters: Mapping[str, Parameter], graph: Lineage) -> set[str]:
    """Return those of the parameters that no stage, starting state or table of outcomes makes anything of in a stored scenario."""
    wanted = [n for n in names if n in parameters and not _read_elsewhere(n, graph)]
    if not wanted:
        return set()
    scenario = scenario_of(manifest)
    world = open_books(pack, parameters, scenario, int(manifest["seed"]), [0], lambda months: None).world
    waiting = set(wanted)
    first = OPENINGS[scenario.start].books_open
    for month in range(first, world.plan.first_month + world.plan.months):
        found: dict[str, Any] = dict(advance(world, month))
        if (month - first) % EVERY == 0:
            found |= {PEOPLE: world.state.households, "who": world.who, "month": month}
            waiting = {n for n in waiting if not _moves(parameters[n], found, world, month)}
        if not waiting:
            break
    return waiting


def _read_elsewhere(name: str, graph: Lineage) -> bool:
    """Return whether the starting state or the table of outcomes reads a parameter; those are not tried again."""
    stages = {s.name for s in STAGES}
    return any(edge.by not in stages for edge in graph.readers(name))


def _moves(parameter: Parameter, found: Mapping[str, Any], world: World, month: int) -> bool:
    return any(_differs(stage, parameter, found, world, month) for stage in STAGES if parameter.name in stage.reads)


def _differs(stage: Stage, parameter: Parameter, found: Mapping[str, Any], world: World, month: int) -> bool:
    """Return whether a stage writes anything else with the parameter at one of the ends of its prior."""
    usual = _called(stage, found, world, month, {})
    for value in (parameter.low, parameter.high):
        other = _called(stage, found, world, month, {parameter.name: np.full((1, 1), value)})
        if any(not np.array_equal(usual[name], other[name], equal_nan=True) for name in usual):
            return True
    return False


def _called(stage: Stage, found: Mapping[str, Any], world: World, month: int, moved: Mapping[str, Any]) -> dict[str, npt.NDArray[Any]]:
    """Return what a stage writes, its households included, without changing the world."""
    given = {**found, **moved}
    people = copy.deepcopy(world.state.households) if PEOPLE in stage.reads else []
    given |= {PEOPLE: people, KEYS: [stream_key(world.seed, int(m), stage.name, month) for m in world.state.members]}
    written = stage.advance(**{name: given[ALIASES.get(name, name)] for name in stage.reads})
    return {**written, **{f"{PEOPLE} {i}": p.fields for i, p in enumerate(people)}}
