"""Entry and exit of households (rule 1; moves between basins come with the whole system).

Equation
    d ln H / dt = mu [ln(return+ / alternative) - ln R*] * room + frontier rate + opening; room = 1 - H / H_max when
    positive, 1 when negative. Whole households move; the fraction is carried to the next month. The last to come is
    the first to leave.
Source
    rule-008 (elasticity with entry), ECON correction 6; the frontier opening is a dated scenario input.
Leaves out
    Where leavers go and where those who arrive come from.
Reads / Writes / Conserves
    Reads return ratios and room; writes presence; conserves people, land, leaf and money.
"""

from __future__ import annotations

import numpy as np

from eslabon.stages.arrays import Array
from eslabon.state import ROW, Population

LEFT = ("land.left_counted", "land.left_young", "land.left_erased", "land.left_fallow", "leaf.left", "money.leavers_cash",
        "money.leavers_debt")  # fmt: skip
WRITES = ("people.arrived", "people.left", *LEFT, "households", "counted_ha", "young_ha", "erased_ha", "fallow_ha")
_EMPTIED = [ROW[n] for n in ("present", "quit", "risk", "cash", "stock_kg", "mature_ha", "stand_age", "young_ha", "young_age", "nursery_ha",
                             "nursery_age", "erased_ha", "erased_age", "fallow_ha", "regrown_ha")]  # fmt: skip


def entry_speed(
    return_ratio: Array, households: Array, household_room: Array, entry_rate: Array, entry_return_ratio: Array, frontier: Array,
    frontier_entry: Array, frontier_opening_per_yr: Array,
) -> Array:  # fmt: skip
    """Return the yearly growth rate of households, (member, basin), 1/yr."""
    pull = entry_rate * (np.log(return_ratio) - np.log(entry_return_ratio)) + frontier * (frontier_entry + frontier_opening_per_yr)
    room = np.maximum(1 - households / np.maximum(household_room, 1), 0)
    speed: Array = np.where(pull > 0, pull * room, pull)
    return speed


def advance(
    people: list[Population], return_ratio: Array, households: Array, household_room: Array, entry_rate: Array,
    entry_return_ratio: Array, frontier: Array, frontier_entry: Array, frontier_opening_per_yr: Array, settled: Array,
    counted_ha: Array, young_ha: Array, erased_ha: Array, fallow_ha: Array,
) -> dict[str, Array]:  # fmt: skip
    """Let households arrive and leave."""
    rate = settled * entry_speed(return_ratio, households, household_room, entry_rate, entry_return_ratio, frontier, frontier_entry,
                                      frontier_opening_per_yr)  # fmt: skip
    wanted = households * np.expm1(rate / 12)
    arrived, left = np.zeros_like(rate), np.zeros_like(rate)
    gone = {name: np.zeros_like(rate) for name in LEFT}
    for m, population in enumerate(people):
        population.arriving += wanted[m]
        whole = np.trunc(population.arriving).astype(np.int64)
        population.arriving -= whole
        for b in np.flatnonzero(whole):
            if whole[b] > 0:
                arrived[m, b] = _arrive(population, int(b), int(whole[b]))
            else:
                left[m, b] = _leave(population, int(b), -int(whole[b]), {n: g[m] for n, g in gone.items()})
    return {
        "people.arrived": arrived,
        "people.left": left,
        **gone,
        "households": households + arrived - left,
        "counted_ha": counted_ha - gone["land.left_counted"],
        "young_ha": young_ha - gone["land.left_young"],
        "erased_ha": erased_ha - gone["land.left_erased"],
        "fallow_ha": fallow_ha - gone["land.left_fallow"],
    }


def _arrive(population: Population, basin: int, count: int) -> int:
    first, end = population.offset[basin], population.offset[basin + 1]
    count = min(count, int(end - first - population.top[basin]))
    start = first + population.top[basin]
    population.fields[ROW["present"], start : start + count] = 1
    population.top[basin] += count
    return count


def _leave(population: Population, basin: int, count: int, gone: dict[str, Array]) -> int:
    count = min(count, int(population.top[basin]))
    stop = population.offset[basin] + population.top[basin]
    leavers = population.fields[:, stop - count : stop]

    def held(*names: str) -> float:
        return float(sum(leavers[ROW[n]].astype(np.float64).sum() for n in names))

    gone["land.left_counted"][basin] = held("mature_ha")
    gone["land.left_young"][basin] = held("young_ha", "nursery_ha")
    gone["land.left_erased"][basin] = held("erased_ha")
    gone["land.left_fallow"][basin] = held("fallow_ha")
    gone["leaf.left"][basin] = held("stock_kg")
    cash = leavers[ROW["cash"]].astype(np.float64)
    gone["money.leavers_cash"][basin] = cash[cash > 0].sum()
    gone["money.leavers_debt"][basin] = -cash[cash < 0].sum()
    leavers[_EMPTIED] = 0
    population.top[basin] -= count
    return count
