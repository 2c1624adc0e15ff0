"""Processing (R7): sites turn leaf into product; exactly a ratio, a unit cost, a capacity and a loss.

Equation
    product = (leaf bought - leaf taken in raids) / ratio. Sites are rebuilt toward those
    that all the leaf on offer would need, slower where bases were added. Inputs are one index of cost (stage signals), which
    also lowers what a site can make. Crews are paid a share of the cost.
Source
    seed-016 (sites), seed-017..019 (crews), seed-028, C0720, C0721, C0726 (ratio); C0899, C0902 (leaf seized).
Leaves out
    Everything about how: by design there is nothing but the four numbers.
Reads / Writes / Conserves
    Reads leaf bought and raids; writes product stores and sites; conserves leaf and product.
"""

from __future__ import annotations

import numpy as np

from eslabon.stages.arrays import Array, ratio, total

WRITES = ("leaf.seized", "leaf.processed", "product.made", "product.seized_at_sites", "product.used", "store_kg", "sites",
          "flow_kg", "raids_done", "crew_pay")  # fmt: skip


def advance(
    leaf_bought_kg: Array, wanted_kg: Array, site_raids_per_yr: Array, raid_basins: Array, enforcement: Array, sites: Array,
    site_kg_per_month: Array, site_rebuild_rate: Array, site_slack: Array, leaf_per_raid_kg: Array, product_per_raid_kg: Array,
    leaf_kg_per_kg_cocaine: Array, store_kg: Array, flow_kg: Array, domestic_use_share: Array, bases_added: Array,
    base_rebuild_effect: Array, processing_usd2013_per_kg: Array, crew_share: Array, rural_wage_index: Array,
) -> dict[str, Array]:  # fmt: skip
    """Raid, process, store, pay the crews."""
    target = sites * raid_basins
    raids = np.minimum(site_raids_per_yr / 12 * enforcement * ratio(target, total(target)), sites)
    leaf_seized = np.minimum(raids * leaf_per_raid_kg, 0.5 * leaf_bought_kg)
    processed = leaf_bought_kg - leaf_seized
    made = processed / leaf_kg_per_kg_cocaine
    seized = np.minimum(raids * product_per_raid_kg, 0.5 * (store_kg + made))
    used = domestic_use_share * made
    used = np.minimum(used, store_kg + made - seized)
    slow = flow_kg + (wanted_kg - flow_kg) / 12
    needed = site_slack * wanted_kg / site_kg_per_month
    rebuilt = site_rebuild_rate * np.exp(-base_rebuild_effect * bases_added)
    return {
        "leaf.seized": leaf_seized,
        "leaf.processed": processed,
        "product.made": made,
        "product.seized_at_sites": seized,
        "product.used": used,
        "store_kg": np.maximum(store_kg + made - seized - used, 0),
        "sites": np.maximum(sites - raids + rebuilt * np.maximum(needed - (sites - raids), 0), 0.02 * needed + 1e-9),
        "flow_kg": slow,
        "raids_done": raids,
        "crew_pay": made * processing_usd2013_per_kg * crew_share * rural_wage_index,
    }
