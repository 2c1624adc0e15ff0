"""Signals (R10, R13, R17): what the world and this month's plan bring, before anybody acts.

Equation
    Neighbours = published area * (1 + shock) * f, f = 1 until the last published year, then ln f moves at
    `neighbour_speed` toward response * ln(border price / price of that year). Licit return = world return * (1 + crop
    shock) * (1 - (1 - access factor)(1 - road saving)). An input control raises the cost of processing at once by
    its shock; substitutes enter at 1 / `substitution_months`, up to what is not binding; posts on the way add
    `checkpoint_effect` * ln(1 + posts / 10). The way out is evacuation capacity * clans' strength * (1 - drag * curfew).
    Seizing beyond the border sale raises demand at the border, ((1 - usual) / (1 - seized))^(1 + cost share * elasticity).
Source
    rule-026 (decay of input controls), C1067 (balloon between countries, sign only), SYSTEM rule 3.
Leaves out
    What the inputs are; governments of neighbour countries.
Reads / Writes / Conserves
    Reads the plan, the border price and wages; writes neighbours' areas, licit returns, the input index; conserves nothing.
"""

from __future__ import annotations

import numpy as np

from eslabon.stages.arrays import Array

WRITES = ("neighbour_log", "colombia_ha", "bolivia_ha", "border_anchor", "licit_return", "substitution", "input_cost_index",
          "harvest_wage_index", "way_out_kg", "replacement_demand")  # fmt: skip


def input_index(shock: Array, binding: Array, substitution: Array, months: Array) -> tuple[Array, Array]:
    """Return the index of the cost of inputs (1 at rest) and the substitutes found, after one more month."""
    index = np.maximum(1 + shock - (1 - binding) * np.minimum(substitution, shock), 1.0)
    return index, substitution + (shock - substitution) / np.maximum(months, 1.0)


def replacement(usual: Array, added: Array, cost_share: Array, elasticity: Array) -> Array:
    """Return demand at the border relative to the usual, when a larger share is seized beyond it.

    What is lost is bought again: a kilogram sold to consumers needs 1 / (1 - seized) at the border, and its dearer import
    lowers consumption only as far as import is part of the retail price.
    """
    factor: Array = ((1 - usual) / (1 - np.minimum(usual + added, 0.9))) ** (1 + cost_share * elasticity)
    return factor


def advance(
    month: int, colombia_area_ha: Array, bolivia_area_ha: Array, colombia_change: Array, bolivia_change: Array,
    neighbour_log: Array, neighbour_log_start: Array, neighbour_response: Array, neighbour_speed: Array,
    neighbours_known_until: Array, border_mean: Array, border_anchor: Array,
    licit_return_usd2013_per_ha: Array, licit_return_factor: Array, crop_price_change: Array, road_improvement: Array,
    input_shock: Array, input_binding: Array, checkpoints_added: Array, checkpoint_effect: Array, substitution: Array,
    substitution_months: Array, rural_wage_index: Array, wage_mean: Array, capacity_kg: Array, clan_strength: Array, curfew: Array,
    curfew_drag: Array, transit_seizure_added: Array, transit_seized_share: Array, import_cost_share: Array, retail_elasticity: Array,
) -> dict[str, Array]:  # fmt: skip
    """Set the month's outside conditions."""
    free = month > neighbours_known_until
    anchor = np.where(free, border_anchor, border_mean)
    target = neighbour_response * np.log(border_mean / anchor)
    log = neighbour_log + np.where(free, neighbour_speed / 12 * (target - (neighbour_log - neighbour_log_start)), 0.0)
    shock = input_shock + checkpoint_effect * np.log1p(checkpoints_added / 10)
    index, substitutes = input_index(shock, input_binding, substitution, substitution_months)
    return {
        "neighbour_log": log,
        "colombia_ha": colombia_area_ha * (1 + colombia_change) * np.exp(log[:, :1]),
        "bolivia_ha": bolivia_area_ha * (1 + bolivia_change) * np.exp(log[:, 1:]),
        "border_anchor": anchor,
        "licit_return": licit_return_usd2013_per_ha * (1 + crop_price_change) * (1 - (1 - licit_return_factor) * (1 - road_improvement)),
        "substitution": substitutes,
        "input_cost_index": index,
        "harvest_wage_index": rural_wage_index * wage_mean,
        "way_out_kg": capacity_kg * clan_strength * (1 - curfew_drag * curfew),
        "replacement_demand": replacement(transit_seized_share, transit_seizure_added, import_cost_share, retail_elasticity),
    }
