"""One chunk of members, from the starting state to the last month, with its books."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from eslabon.books import FLOWS
from eslabon.clock import month_text, year_of
from eslabon.errors import MemberError
from eslabon.evidence.pack import RegionPack
from eslabon.month import advance
from eslabon.params.table import ParameterTable
from eslabon.policies.scenario import Scenario
from eslabon.runs.opening import open_books
from eslabon.stages import observe, passes
from eslabon.stages.arrays import Array
from eslabon.start import OPENINGS, World

STOCKS = (*passes.HELD, "prisoners.prison", "leaf.buyers", "product.stores", "product.in_transit", "money.buyers")


@dataclass
class ChunkResult:
    """What a chunk leaves: yearly outcomes, postings and stocks, the parameters, and who failed.

    Attributes
    ----------
    postings : dict of flow to ndarray (member, month, basin)
    stocks : dict of account to ndarray (member, month + 1, basin)
    failed : dict of member to reason
    parameters : dict of name to ndarray (member,)
        What each member drew.
    """

    members: list[int]
    yearly: list[observe.Yearly]
    postings: dict[str, Array]
    stocks: dict[str, Array]
    failed: dict[int, str]
    parameters: dict[str, Array]


def count_stocks(world: World) -> dict[str, Array]:
    """Return what every account holds, (member, basin), counted household by household."""
    shape = world.areas.shape
    held = np.zeros((*shape, len(passes.HELD)))
    for m, population in enumerate(world.state.households):
        for b in np.flatnonzero(population.top):
            passes.stock_pass(population.fields, population.offset[b], population.top[b], held[m, b])
    out = dict(zip(passes.HELD, np.moveaxis(held, -1, 0), strict=True))
    empty = np.zeros(shape)
    values = world.state.values
    return {
        **out, "leaf.buyers": empty, "product.stores": values["store_kg"].copy(), "product.in_transit": empty, "money.buyers": empty,
        "prisoners.prison": values["prison"].copy(),
    }  # fmt: skip


def run_chunk(
    pack: RegionPack, table: ParameterTable, scenario: Scenario, seed: int, members: Sequence[int],
    progress: Callable[[int], None] = lambda months: None, keep: bool = True,
) -> ChunkResult:  # fmt: skip
    """Run `members` of a scenario and return their results; a member that breaks is named, the others go on.

    With `keep` the opened books are kept for a scenario that shares them.
    """
    begun = open_books(pack, table, scenario, seed, members, progress, keep)
    world, failed = begun.world, begun.failed
    record: dict[str, list[Array]] = {name: [] for name in (*observe.MONTHLY, *FLOWS)}
    stocks: dict[str, list[Array]] = {name: [] for name in STOCKS}
    _append(stocks, count_stocks(world))
    first = OPENINGS[scenario.start].books_open
    for month in range(first, world.plan.first_month + world.plan.months):
        found = advance(world, month)
        found |= observe.derive(found)
        for position, name in world.state.non_finite().items():
            failed.setdefault(int(members[position]), f"{name} became non-finite in {month_text(month)}")
        progress(len(members))
        _append(record, {name: np.asarray(found[name]) for name in record})
        _append(stocks, count_stocks(world))
    return _gather(pack, table, world, seed, record, stocks, begun.stocks, failed, year_of(first))


def _append(series: dict[str, list[Array]], values: dict[str, Array]) -> None:
    for name, kept in series.items():
        kept.append(values[name])


def _gather(
    pack: RegionPack, table: ParameterTable, world: World, seed: int, record: dict[str, list[Array]], stocks: dict[str, list[Array]],
    opened: dict[str, Array], failed: dict[int, str], first_year: int,
) -> ChunkResult:  # fmt: skip
    members = [int(m) for m in world.state.members]
    if len(failed) == len(members):
        raise MemberError("every member of the chunk became non-finite", value=failed, remedy="Report this scenario.")
    keep = np.array([m not in failed for m in members])
    stacked = {name: np.stack(values, axis=1)[keep] for name, values in record.items()}
    held = {name: np.stack(values, axis=1)[keep] for name, values in stocks.items()}
    kept = [m for m in members if m not in failed]
    error = {n: world.constants[n][keep] for n in ("area_model_error", "area_measurement_error")}
    yearly = observe.by_year(stacked, {n: v[keep] for n, v in opened.items()}, first_year, [z.id for z in pack.zones],
                             [c.id for c in pack.corridors], seed, kept, error, [z.monitored_since for z in pack.zones])  # fmt: skip
    postings = {name: stacked[name] for name in FLOWS}
    drawn = {name: world.constants[name][keep, 0] for name in table}
    return ChunkResult(kept, yearly, postings, held, failed, drawn)
