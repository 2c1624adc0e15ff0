"""Fields (R1): stands age, and the leaf that is due is picked.

Equation
    leaf = area in full-yield equivalents * soil * yield per harvest, once every 12 / harvests months in the
    household's own phase; young stands bear after the first-harvest lag at part of the full yield.
Source
    C0573..C0580 (yields), C0739..C0741 (lags), seed-010 (harvests a year).
Leaves out
    Weather, varieties, planting density.
Reads / Writes / Conserves
    Reads the households' stands; writes their leaf and cash; conserves leaf and land.
"""

from __future__ import annotations

import numpy as np

from eslabon.stages import passes
from eslabon.stages.arrays import Array
from eslabon.state import Population

WRITES = ("leaf.harvested", "money.harvest_labour", "land.counted", "leaf_available_kg", "counted_ha", "young_ha")


def advance(
    people: list[Population], month: int, counted_months: Array, renewal_rate: Array, first_harvest_months: Array,
    young_yield: Array, decline_age: Array, decline_rate: Array, harvest_interval_months: Array,
    yield_kg_per_harvest: Array, reservation_usd2013_per_kg: Array, quality_factor: Array, hired_share: Array, rural_wage_index: Array,
    picking_wage: Array, counted_ha: Array, young_ha: Array,
) -> dict[str, Array]:  # fmt: skip
    """Age every stand by a month and pick what is due."""
    shape = yield_kg_per_harvest.shape
    picker = reservation_usd2013_per_kg * quality_factor * hired_share * rural_wage_index * picking_wage
    scalars = [
        np.broadcast_to(v, shape)
        for v in (np.round(counted_months), renewal_rate / 12, np.round(first_harvest_months), young_yield, decline_age,
                  decline_rate / 12, harvest_interval_months, yield_kg_per_harvest, picker)
    ]  # fmt: skip
    packed = np.stack(scalars, axis=-1).astype(np.float32)
    sums = np.zeros((*shape, len(passes.FIELD_SUMS)))
    for m, population in enumerate(people):
        for b in np.flatnonzero(population.top):
            passes.fields_pass(population.fields, population.offset[b], population.top[b], month % 12, packed[m, b], sums[m, b])
    found = dict(zip(passes.FIELD_SUMS, np.moveaxis(sums, -1, 0), strict=True))
    return {
        "leaf.harvested": found["leaf.harvested"],
        "money.harvest_labour": found["money.harvest_labour"],
        "land.counted": found["land.counted"],
        "leaf_available_kg": found["stock.leaf"],
        "counted_ha": counted_ha + found["land.counted"],
        "young_ha": young_ha - found["land.counted"],
    }
