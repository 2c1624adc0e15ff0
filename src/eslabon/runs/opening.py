"""The opened books: the starting state after its burn-in, kept so that scenarios that share it compute it once.

Compared scenarios differ only after the books open; what comes before is the same for the same pack, parameters, start,
structure, seed and members, as long as the plan of the burn-in is the same. A kept state is copied, never handed out.
"""

from __future__ import annotations

import copy
import dataclasses
import hashlib
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eslabon.clock import month_text
from eslabon.evidence.pack import RegionPack
from eslabon.month import advance
from eslabon.params.table import ParameterTable
from eslabon.policies.plan import Plan
from eslabon.policies.scenario import Scenario
from eslabon.stages import observe
from eslabon.stages.arrays import Array
from eslabon.start import OPENINGS, World, open_world, plan_for, settle_books

MEMORY_SHARE = 4
FALLBACK_BYTES = 1_000_000_000


def most_bytes() -> int:
    """Return the memory that kept states may take together: a quarter of the machine's, or 1 GB where it does not tell."""
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // MEMORY_SHARE
    except (AttributeError, ValueError, OSError):
        return FALLBACK_BYTES


@dataclass(frozen=True)
class Opened:
    """A world on the day its books open, the stocks of that day, and the members that broke before."""

    world: World
    stocks: dict[str, Array]
    failed: dict[int, str]


@dataclass(frozen=True)
class _Kept:
    pack: RegionPack
    table: ParameterTable
    opened: Opened
    size: int


_shelf: OrderedDict[str, _Kept] = OrderedDict()
_lock = threading.Lock()


def open_books(
    pack: RegionPack, table: ParameterTable, scenario: Scenario, seed: int, members: Sequence[int], progress: Callable[[int], None], keep: bool = True
) -> Opened:
    """Return the world of `members` when its books open, computed or copied from what is kept; `keep` it for a scenario that shares it."""
    plan = plan_for(pack, scenario)
    months = OPENINGS[scenario.start].burn_in_months
    key = _key(pack, table, scenario, seed, members, plan)
    with _lock:
        kept = _shelf.get(key)
        if kept:
            _shelf.move_to_end(key)
    if kept:
        progress(len(members) * months)
        return _copy(kept.opened, plan)
    fresh = _burn_in(pack, table, scenario, seed, members, plan, progress)
    if keep:
        _keep(key, pack, table, fresh)
    return fresh


def _key(pack: RegionPack, table: ParameterTable, scenario: Scenario, seed: int, members: Sequence[int], plan: Plan) -> str:
    digest = hashlib.sha256(repr((id(pack), id(table), scenario.start, scenario.structure, seed, tuple(members))).encode())
    months = OPENINGS[scenario.start].burn_in_months
    for name in sorted(plan.signals):
        digest.update(plan.signals[name][:months].tobytes())
    for name in sorted(plan.constants):
        digest.update(plan.constants[name].tobytes())
    return digest.hexdigest()


def _burn_in(
    pack: RegionPack, table: ParameterTable, scenario: Scenario, seed: int, members: Sequence[int], plan: Plan, progress: Callable[[int], None]
) -> Opened:
    world = open_world(pack, table, scenario, seed, members, plan)
    failed: dict[int, str] = {}
    for month in range(plan.first_month, OPENINGS[scenario.start].books_open):
        found = advance(world, month)
        for position, name in world.state.non_finite().items():
            failed.setdefault(int(members[position]), f"{name} became non-finite in {month_text(month)}")
        progress(len(members))
    found |= observe.derive(found)
    settle_books(world, pack, found)
    now = {**found, **world.state.values, "counted_ha": world.areas}
    return Opened(world, {o.source: now[o.source] for o in observe.OUTCOMES if o.kind == "stock"}, failed)


def _copy(opened: Opened, plan: Plan) -> Opened:
    world = opened.world
    state = copy.deepcopy(world.state)
    constants = {**world.constants, **plan.constants}
    return Opened(dataclasses.replace(world, state=state, constants=constants, plan=plan), dict(opened.stocks), dict(opened.failed))


def _keep(key: str, pack: RegionPack, table: ParameterTable, opened: Opened) -> None:
    size = sum(p.fields.nbytes for p in opened.world.state.households)
    limit = most_bytes()
    if size > limit:
        return
    copied = _copy(opened, opened.world.plan)
    with _lock:
        _shelf[key] = _Kept(pack, table, copied, size)
        while sum(k.size for k in _shelf.values()) > limit:
            _shelf.popitem(last=False)
