"""Migration (R17): households arrive and leave with returns, and move to other basins after eradication.

Equation
    d ln H / dt = (mu ln(x / R*) + frontier rate + opening) * room where the return ratio x = return+ / alternative is above R*;
    mu ln(x / R0) where it is below R0 < R*; between them nobody leaves what has been sunk into planting and nobody comes for it.
    room = 1 - H / H_max. After eradication `displacement_share` * removed share of the growers move to basins by
    nearness * room * pull, pull = max(ln(return+ / alternative) - ln R*, 0) + frontier rate: what leaves one basin arrives in
    others. As a rival rule a share of the removed hectares appears elsewhere with new households. Whole households move; the
    fraction is carried to the next month. The last to come is the first to leave.
Source
    rule-008 (elasticity with entry), rule-030 (leakage), ECON corrections 6 and 8; the two thresholds are those of entry and exit
    under uncertainty with sunk costs (Dixit 1989); the frontier opening is a dated scenario input.
Leaves out
    Families split by moving; what movers own stays behind.
Reads / Writes / Conserves
    Reads return ratios, removals and room; writes presence; conserves people, land, leaf and money.
"""

from __future__ import annotations

import numpy as np

from eslabon.stages.arrays import Array, ratio, total
from eslabon.state import ROW, Population

LEFT = ("land.left_counted", "land.left_young", "land.left_erased", "land.left_fallow", "land.left_crops", "leaf.left",
        "money.leavers_cash", "money.leavers_debt")  # fmt: skip
HELD = {
    name: [ROW[row] for row in rows]
    for name, rows in {
        "land.left_counted": ("mature_ha",), "land.left_young": ("young_ha", "nursery_ha"), "land.left_erased": ("erased_ha",),
        "land.left_fallow": ("fallow_ha",), "land.left_crops": ("crop_ha",), "leaf.left": ("stock_kg",), "titled": ("titled",),
    }.items()
}  # fmt: skip
"""What leavers leave, by the rows of the household array that hold it."""
COUNTS = {"assisted": 1, "paid": 2, "registered": 3}
WRITES = ("people.arrived", "people.left", "people.moved_in", "people.moved_out", *LEFT, "households", "counted_ha", "young_ha",
          "erased_ha", "fallow_ha", "assisted", "paid", "registered", "titled")  # fmt: skip
_EMPTIED = [ROW[n] for n in ("present", "quit", "risk", "cash", "stock_kg", "mature_ha", "stand_age", "young_ha", "young_age", "nursery_ha",
                             "nursery_age", "erased_ha", "erased_age", "fallow_ha", "regrown_ha", "programme", "crop_ha", "crop_age",
                             "titled")]  # fmt: skip


def entry_pull(return_ratio: Array, entry_return_ratio: Array) -> Array:
    """Return how far the return ratio lies above break-even, in logs."""
    pull: Array = np.log(return_ratio) - np.log(entry_return_ratio)
    return pull


def entry_speed(
    return_ratio: Array, households: Array, household_room: Array, entry_rate: Array, entry_return_ratio: Array, exit_return_ratio: Array,
    frontier: Array, frontier_entry: Array, frontier_opening_per_yr: Array,
) -> Array:  # fmt: skip
    """Return the yearly growth rate of households, (member, basin), 1/yr."""
    comes = entry_rate * np.maximum(entry_pull(return_ratio, entry_return_ratio), 0) + frontier * (frontier_entry + frontier_opening_per_yr)
    leaves = entry_rate * np.minimum(entry_pull(return_ratio, exit_return_ratio), 0)
    pull = comes + leaves
    room = np.maximum(1 - households / np.maximum(household_room, 1), 0)
    speed: Array = np.where(pull > 0, pull * room, pull)
    return speed


def destinations(
    return_ratio: Array, entry_return_ratio: Array, frontier: Array, frontier_entry: Array, households: Array, household_room: Array,
    nearness: Array,
) -> Array:  # fmt: skip
    """Return where movers go, (member, from, to), rows summing to 1, or 0 where nowhere draws them."""
    room = np.maximum(ratio(household_room - households, household_room), 0)
    draw = (np.maximum(entry_pull(return_ratio, entry_return_ratio), 0) + frontier * frontier_entry) * room
    weight = nearness * draw[:, None]
    return ratio(weight, total(weight, 2))


def share_out(movers: Array, free: Array) -> Array:
    """Return whole households from each basin to each other, at most what is free: (from, to) fractions rounded down in order."""
    whole = np.floor(movers)
    for to in range(len(free)):
        over = whole[:, to].sum() - free[to]
        for origin in range(len(free)):
            if over <= 0:
                break
            cut = min(over, whole[origin, to])
            whole[origin, to] -= cut
            over -= cut
    return whole


def advance(
    people: list[Population], return_ratio: Array, households: Array, household_room: Array, entry_rate: Array,
    entry_return_ratio: Array, exit_return_ratio: Array, frontier: Array, frontier_entry: Array, frontier_opening_per_yr: Array, settled: Array,
    displacement_share: Array, transfer_share: Array, mean_grower_ha: Array, growers: Array, removed_ha: Array, nearness: Array,
    counted_ha: Array, young_ha: Array, erased_ha: Array, fallow_ha: Array, assisted: Array, paid: Array, registered: Array, titled: Array,
) -> dict[str, Array]:  # fmt: skip
    """Let households arrive, leave and move."""
    rate = settled * entry_speed(return_ratio, households, household_room, entry_rate, entry_return_ratio, exit_return_ratio, frontier,
                                 frontier_entry, frontier_opening_per_yr)  # fmt: skip
    where = destinations(return_ratio, entry_return_ratio, frontier, frontier_entry, households, household_room, nearness)
    pushed = settled * displacement_share * ratio(removed_ha, counted_ha + young_ha + removed_ha) * growers
    moving = pushed[..., None] * where
    sent = total((settled * transfer_share * removed_ha / mean_grower_ha)[..., None] * where, 1)[:, 0]
    wanted = households * np.expm1(rate / 12) + sent
    arrived, left, moved_in, moved_out = (np.zeros_like(rate) for _ in range(4))
    gone = {name: np.zeros_like(rate) for name in (*LEFT, *COUNTS, "titled")}
    for m, population in enumerate(people):
        lost = {n: g[m] for n, g in gone.items()}
        _move(population, moving[m], moved_in[m], moved_out[m], lost)
        population.arriving += wanted[m]
        whole = np.trunc(population.arriving).astype(np.int64)
        population.arriving -= whole
        for b in np.flatnonzero(whole):
            if whole[b] > 0:
                arrived[m, b] = _arrive(population, int(b), int(whole[b]))
            else:
                left[m, b] = leave(population, int(b), -int(whole[b]), lost)
    return {
        "people.arrived": arrived,
        "people.left": left,
        "people.moved_in": moved_in,
        "people.moved_out": moved_out,
        **{name: gone[name] for name in LEFT},
        "households": households + arrived - left + moved_in - moved_out,
        "counted_ha": counted_ha - gone["land.left_counted"],
        "young_ha": young_ha - gone["land.left_young"],
        "erased_ha": erased_ha - gone["land.left_erased"],
        "fallow_ha": fallow_ha - gone["land.left_fallow"],
        "assisted": assisted - gone["assisted"],
        "paid": paid - gone["paid"],
        "registered": registered - gone["registered"],
        "titled": titled - gone["titled"],
    }


def _move(population: Population, moving: Array, moved_in: Array, moved_out: Array, gone: dict[str, Array]) -> None:
    population.moving += moving
    if not (population.moving >= 1).any():
        return
    free = (np.diff(population.offset) - population.top).astype(np.float64)
    whole = share_out(population.moving, free)
    population.moving -= np.floor(population.moving)
    for b in np.flatnonzero(whole.sum(axis=1)):
        moved_out[b] = leave(population, int(b), int(whole[b].sum()), gone)
        shortfall = whole[b].sum() - moved_out[b]
        for to in np.flatnonzero(whole[b]):
            cut = min(shortfall, whole[b, to])
            whole[b, to] -= cut
            shortfall -= cut
    for b in np.flatnonzero(whole.sum(axis=0)):
        moved_in[b] = _arrive(population, int(b), int(whole[:, b].sum()))


def _arrive(population: Population, basin: int, count: int) -> int:
    first, end = population.offset[basin], population.offset[basin + 1]
    count = min(count, int(end - first - population.top[basin]))
    start = first + population.top[basin]
    population.fields[ROW["present"], start : start + count] = 1
    population.top[basin] += count
    return count


def leave(population: Population, basin: int, count: int, gone: dict[str, Array]) -> int:
    """Let the last `count` households of a basin leave, add what they leave to `gone`, and return how many did."""
    count = min(count, int(population.top[basin]))
    stop = population.offset[basin] + population.top[basin]
    leavers = population.fields[:, stop - count : stop]
    held = leavers.astype(np.float64).sum(axis=1)
    for name, rows in HELD.items():
        gone[name][basin] += held[rows].sum()
    for name, code in COUNTS.items():
        gone[name][basin] += np.count_nonzero(leavers[ROW["programme"]] == code)
    debt = -np.minimum(leavers[ROW["cash"]].astype(np.float64), 0).sum()
    gone["money.leavers_debt"][basin] += debt
    gone["money.leavers_cash"][basin] += held[ROW["cash"]] + debt
    leavers[_EMPTIED] = 0
    population.top[basin] -= count
    return count
