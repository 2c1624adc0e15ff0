"""The month as a page: the stages in their order, what each reads is its arguments, what it writes it declares."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType
from typing import Any

from eslabon.books import FLOWS
from eslabon.draws import stream_key
from eslabon.stages import (
    armed_group,
    carriage,
    clans,
    communities,
    decisions,
    economy,
    eradication,
    fields,
    justice,
    labour,
    land,
    leaf_market,
    migration,
    policing,
    politics,
    prices,
    processing,
    programmes,
    signals,
)
from eslabon.stages.arrays import Array
from eslabon.start import World

ALIASES = {
    "seized_in_transit_kg": "product.seized_in_transit",
    "seized_at_sites_kg": "product.seized_at_sites",
    "dispatched_kg": "product.dispatched",
    "made_kg": "product.made",
    "harvested_kg": "leaf.harvested",
    "sold_legal_kg": "leaf.sold_legal",
    "planted_forest_ha": "land.planted_forest",
    "harvest_labour_usd": "money.harvest_labour",
    "legal_sales_usd": "money.legal_sales",
    "traditional_sales_usd": "money.traditional_sales",
    "illicit_sales_usd": "money.illicit_sales",
    "upkeep_usd": "money.upkeep",
    "planting_usd": "money.planting",
    "licit_usd": "money.licit_income",
    "day_labour_usd": "money.day_labour",
    "crop_usd": "money.crop_income",
    "payments_usd": "money.programme_payments",
    "transfers_usd": "money.transfers",
}
"""Arguments that name a posting of an earlier stage."""
NOT_VALUES = ("people", "keys", "who", "month")


@dataclass(frozen=True)
class Stage:
    """One stage of the month."""

    name: str
    rows: str
    conserves: str
    module: ModuleType

    @property
    def advance(self) -> Callable[..., dict[str, Array]]:
        return self.module.advance  # type: ignore[no-any-return]

    @property
    def reads(self) -> tuple[str, ...]:
        return tuple(inspect.signature(self.advance).parameters)

    @property
    def writes(self) -> tuple[str, ...]:
        return self.module.WRITES  # type: ignore[no-any-return]


STAGES = (
    Stage("signals", "R10 R13 R17", "-", signals),
    Stage("fields", "R1", "leaf, land", fields),
    Stage("leaf_market", "R4 R6", "leaf, money", leaf_market),
    Stage("processing", "R7", "leaf, product", processing),
    Stage("clans", "R8", "-", clans),
    Stage("carriage", "R9 R10", "product", carriage),
    Stage("prices", "R10", "-", prices),
    Stage("armed_group", "R11", "-", armed_group),
    Stage("eradication", "R12", "land", eradication),
    Stage("policing", "R13", "-", policing),
    Stage("programmes", "R4 R5", "land", programmes),
    Stage("politics", "R14", "-", politics),
    Stage("justice", "R15", "prisoners", justice),
    Stage("communities", "R16", "-", communities),
    Stage("labour", "R3", "money", labour),
    Stage("households", "R2 R5", "land, money", decisions),
    Stage("migration", "R17", "people, land, leaf, money", migration),
    Stage("economy", "R18", "-", economy),
    Stage("land", "R19", "-", land),
)
"""The month. The plan feeds `signals`, the first stage; `observe` reads everything after the last."""
_PLAIN = {stage.name: stage.reads for stage in STAGES}


def advance(world: World, month: int, seconds: dict[str, float] | None = None) -> dict[str, Array]:
    """Advance every member of a chunk by one month and return all that was posted or computed.

    Parameters
    ----------
    world : World
        Changed in place: households and `state.values`.
    month : int
        Month index of `eslabon.clock`.
    seconds : dict, optional
        Time spent in each stage is added here.
    """
    found: dict[str, Any] = {**world.constants, **world.plan.at(month), **world.state.values}
    found |= {"people": world.state.households, "who": world.who, "month": month}
    for stage in STAGES:
        began = time.perf_counter()
        if "keys" in _PLAIN[stage.name]:
            found["keys"] = [stream_key(world.seed, int(m), stage.name, month) for m in world.state.members]
        change = stage.advance(**{name: found[ALIASES.get(name, name)] for name in _PLAIN[stage.name]})
        found |= change
        for name, value in change.items():
            if name in world.state.values:
                world.state.values[name] = value
        if seconds is not None:
            seconds[stage.name] = seconds.get(stage.name, 0.0) + time.perf_counter() - began
    return found


def check_wiring(known: set[str]) -> list[str]:
    """Return what is wrong with the wiring: undeclared flows, or arguments that nothing provides."""
    faults = []
    available = set(known) | set(NOT_VALUES)
    for stage in STAGES:
        faults += [f"{stage.name} reads {n}" for n in stage.reads if ALIASES.get(n, n) not in available]
        faults += [f"{stage.name} posts {n}" for n in stage.writes if "." in n and n not in FLOWS]
        available |= set(stage.writes)
    return faults
