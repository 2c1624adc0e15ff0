"""Households decide (R2): returns are compared, areas adjusted, money spent.

Equation
    Rule 1. Net return per hectare and year = yield * quality * (price - reservation price) - upkeep; attraction = offset +
    slope * ln(return+ / alternative) - aversion * perceived risk, return+ at least 5 % of the starting one.
    Need-driven factor clip((return / start)^-theta, 0.7, 1.1); profit-driven ((return+ / alternative) / start)^eta.
Source
    rule-001..007, rule-009, rule-012; SYSTEM rule 1.
Leaves out
    Titles, services, legitimacy and programmes (levers of the next stages).
Reads / Writes / Conserves
    Reads prices, risk, alternatives; writes stands, land, cash; conserves land and money.
"""

from __future__ import annotations

import numpy as np

from eslabon.draws import Key
from eslabon.stages import passes
from eslabon.stages.arrays import Array
from eslabon.state import MONEY_QUANTUM, Population

LAND = ("land.planted_erased", "land.planted_fallow", "land.planted_forest", "land.abandoned_counted", "land.abandoned_young",
        "money.upkeep", "money.planting", "money.licit_income", "money.consumption")  # fmt: skip
WRITES = (*LAND, "expected_return", "loss_months", "return_ratio", "counted_ha", "young_ha", "erased_ha", "fallow_ha",
          "growers", "households", "replanted_ha", "forest_cleared_ha")  # fmt: skip
LOSS_MONTHS = 3
REFUSED = 2e6


def net_return(
    price_leaf: Array, quality_factor: Array, yield_kg_per_ha_yr: Array, reservation_usd2013_per_kg: Array, rural_wage_index: Array,
    upkeep_usd2013_per_ha: Array,
) -> Array:  # fmt: skip
    """Return the net return of coca, usd2013 per hectare and year, own labour counted at its wage."""
    margin = quality_factor * (price_leaf - reservation_usd2013_per_kg * rural_wage_index)
    return yield_kg_per_ha_yr * margin - upkeep_usd2013_per_ha


def advance(
    people: list[Population], keys: list[Key], who: Array, price_leaf: Array, quality_factor: Array, yield_kg_per_ha_yr: Array,
    reservation_usd2013_per_kg: Array, rural_wage_index: Array, upkeep_usd2013_per_ha: Array, expected_return: Array,
    expectation_months: Array, loss_months: Array, return_start: Array, ratio_start: Array, participation_offset: Array,
    participation_slope: Array, risk_aversion: Array, own_risk_weight: Array, perceived_risk: Array, debt_pull: Array,
    liquidity_pull: Array, extreme_return_ratio: Array, need_exponent: Array, profit_exponent: Array, adjustment_rate: Array,
    frontier_adjustment: Array, frontier: Array, quit_rate: Array, anticipation: Array, family_ceiling_ha: Array,
    replant_share: Array, planting_usd2013_per_ha: Array, licit_land_ha: Array, licit_return_usd2013_per_ha: Array,
    licit_return_factor: Array, eradication_licit_loss: Array, off_farm_usd2013_per_month: Array, need_usd2013_per_month: Array,
    spending_share: Array, buffer_usd2013: Array, credit_usd2013: Array, soil_depletion: Array, soil_recovery: Array,
    risk_memory: Array, forest_share: Array, area_cap_factor: Array,
) -> dict[str, Array]:  # fmt: skip
    """Let every household of every basin decide."""
    now = net_return(price_leaf, quality_factor, yield_kg_per_ha_yr, reservation_usd2013_per_kg, rural_wage_index, upkeep_usd2013_per_ha)
    expected = expected_return + (now - expected_return) / expectation_months
    losing = np.where(expected < 0, loss_months + 1, 0.0)
    useful = np.maximum(expected, 0.05 * return_start)
    licit = licit_return_usd2013_per_ha * licit_return_factor * np.exp(-eradication_licit_loss * perceived_risk)
    relative = useful / licit
    attraction = (
        participation_offset
        + participation_slope * np.log(relative)
        - risk_aversion * (1 - own_risk_weight) * perceived_risk
        + np.where(relative > extreme_return_ratio, REFUSED, 0.0)
    )
    quits = np.where(losing >= LOSS_MONTHS, 1 - np.exp(-quit_rate / 12), 0.0)
    back = np.where(expected > 0, 1 - np.exp(-quit_rate / 12), 0.0)
    speed = adjustment_rate * np.where(frontier > 0, frontier_adjustment, 1.0)
    need = np.minimum(np.clip((useful / return_start) ** -need_exponent, 0.7, 1.1), area_cap_factor)
    profit = np.minimum((relative / ratio_start) ** profit_exponent, area_cap_factor)
    income = licit_land_ha * licit / 12 + off_farm_usd2013_per_month * rural_wage_index
    shape = price_leaf.shape
    scalars = (
        1 - np.exp(-speed / 12), quits, back, attraction, risk_aversion * own_risk_weight, debt_pull, liquidity_pull, need,
        profit, anticipation, family_ceiling_ha, replant_share, np.full(shape, 24.0), upkeep_usd2013_per_ha / 12,
        planting_usd2013_per_ha, np.round(income / MONEY_QUANTUM) * MONEY_QUANTUM, need_usd2013_per_month, spending_share, buffer_usd2013,
        credit_usd2013, soil_depletion / 12, soil_recovery / 12, 1 - 1 / risk_memory,
    )  # fmt: skip
    packed = np.stack([np.broadcast_to(s, shape) for s in scalars], axis=-1).astype(np.float32)
    sums = np.zeros((*shape, len(passes.YEAR_SUMS)))
    for m, population in enumerate(people):
        key0, key1 = keys[m]
        for b in np.flatnonzero(population.top):
            passes.decide_pass(population.fields, population.offset[b], population.top[b], key0, key1, who[b], packed[m, b], sums[m, b])
    found = dict(zip(passes.YEAR_SUMS, np.moveaxis(sums, -1, 0), strict=True))
    return {
        **{name: found[name] for name in LAND},
        "expected_return": expected,
        "loss_months": losing,
        "return_ratio": relative,
        "replanted_ha": found["replanted_recent_ha"],
        "forest_cleared_ha": forest_share * found["land.planted_forest"],
        **{name: found[name] for name in ("counted_ha", "young_ha", "erased_ha", "fallow_ha", "growers", "households")},
    }
