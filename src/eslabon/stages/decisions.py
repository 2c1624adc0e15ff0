"""Households decide (R2): returns are compared, areas adjusted, money spent.

Equation
    Rule 1. Net return per hectare and year = yield * quality * (price - reservation price) - upkeep; attraction = offset +
    slope * ln(return+ / alternative) - aversion * perceived risk, return+ at least 5 % of the starting one.
    A family gives up a stand whose price no longer pays what it must pay in cash, pickers and upkeep; its own labour has nowhere
    better to go at once (Chayanov 1925). Returns of coca and of legal crops are both expected to be what they were, over the same memory.
    A payment announced and not yet made counts as return by its credibility: who will be paid by the hectare plants.
    Trust gained, titles and bearing tree crops lower it. Need-driven factor clip((return / start)^-theta, 0.7, 1.1);
    profit-driven ((return+ / alternative) / start)^eta.
Source
    rule-001..007, rule-009, rule-012, rule-027 (title); SYSTEM rule 1.
Leaves out
    Savings beyond cash, inheritance, and choices below the household.
Reads / Writes / Conserves
    Reads prices, risk, alternatives; writes stands, land, cash; conserves land and money.
"""

from __future__ import annotations

import numpy as np

from eslabon.draws import Key
from eslabon.stages import passes
from eslabon.stages.arrays import Array, total
from eslabon.state import MONEY_QUANTUM, Population

FLOWS = ("land.planted_erased", "land.planted_fallow", "land.planted_forest", "land.abandoned_counted", "land.abandoned_young",
         "money.upkeep", "money.planting", "money.consumption", "money.crop_income", "money.programme_payments")  # fmt: skip
WRITES = (*FLOWS, "money.licit_income", "money.day_labour", "money.transfers", "expected_return", "expected_licit", "loss_months", "return_ratio",
          "counted_ha", "young_ha", "erased_ha", "fallow_ha", "growers", "replanted_ha")  # fmt: skip
LOSS_MONTHS = 3
"""Months of expected loss in cash after which growers start to give up (SYSTEM rule 1)."""
REFUSED = 2e6
"""Attraction that moves even refusers, in logits."""
RECENT_MONTHS = 24.0
"""Months within which coca planted on an eradicated plot counts as replanted."""


def net_return(
    price_leaf: Array, quality_factor: Array, yield_kg_per_ha_yr: Array, reservation_usd2013_per_kg: Array, harvest_wage_index: Array,
    upkeep_usd2013_per_ha: Array,
) -> Array:  # fmt: skip
    """Return the net return of coca, usd2013 per hectare and year, own labour counted at its wage."""
    margin = quality_factor * (price_leaf - reservation_usd2013_per_kg * harvest_wage_index)
    return yield_kg_per_ha_yr * margin - upkeep_usd2013_per_ha


def whole_usd(value: Array) -> Array:
    """Round to the quantum of money, so that float32 holds it exactly."""
    rounded: Array = np.round(value / MONEY_QUANTUM) * MONEY_QUANTUM
    return rounded


def advance(
    people: list[Population], keys: list[Key], who: Array, price_leaf: Array, quality_factor: Array, yield_kg_per_ha_yr: Array,
    reservation_usd2013_per_kg: Array, hired_share: Array, harvest_wage_index: Array, rural_wage_index: Array,
    upkeep_usd2013_per_ha: Array, expected_return: Array, expected_licit: Array, expectation_months: Array, loss_months: Array,
    return_start: Array, ratio_start: Array,
    participation_offset: Array, participation_slope: Array, risk_aversion: Array, own_risk_weight: Array, perceived_risk: Array,
    hazard: Array, debt_pull: Array, liquidity_pull: Array, trust_pull: Array, trust_gain: Array, neighbour_learning: Array,
    nearness: Array, extreme_return_ratio: Array, need_exponent: Array, profit_exponent: Array, adjustment_rate: Array,
    frontier_adjustment: Array, frontier: Array, assisted_slowdown: Array, quit_rate: Array, anticipation: Array,
    family_ceiling_ha: Array, replant_share: Array, planting_usd2013_per_ha: Array, licit_land_ha: Array, licit_return: Array,
    eradication_licit_loss: Array, off_farm_usd2013_per_month: Array, coca_labour_share: Array, day_labour_usd_per_household: Array,
    school_transfers: Array, transfer_usd2013_per_month: Array, need_usd2013_per_month: Array, spending_share: Array,
    buffer_usd2013: Array, credit_usd2013: Array, soil_depletion: Array, soil_recovery: Array, risk_memory: Array,
    area_cap_factor: Array, title_pull: Array, crop_pull: Array, crop_boost: Array, crop_first_months: Array,
    paid_usd_per_ha_month: Array, promised_payment_usd2013_per_ha_yr: Array, announcement_credibility: Array, quota_ha: Array,
    households: Array, counted_ha: Array, young_ha: Array, erased_ha: Array,
    fallow_ha: Array,
) -> dict[str, Array]:  # fmt: skip
    """Let every household of every basin decide."""
    now = net_return(price_leaf, quality_factor, yield_kg_per_ha_yr, reservation_usd2013_per_kg, harvest_wage_index, upkeep_usd2013_per_ha)
    expected = expected_return + (now - expected_return) / expectation_months
    own_labour = (1 - hired_share) * yield_kg_per_ha_yr * quality_factor * reservation_usd2013_per_kg * harvest_wage_index
    left_over = expected + own_labour
    losing = np.where(left_over < 0, loss_months + 1, 0.0)
    useful = np.maximum(expected + announcement_credibility * promised_payment_usd2013_per_ha_yr, 0.05 * return_start)
    expected_crops = expected_licit + (licit_return - expected_licit) / expectation_months
    spared = np.exp(-eradication_licit_loss * hazard)
    licit = licit_return * spared
    relative = useful / (expected_crops * spared)
    attraction = (
        participation_offset
        + participation_slope * np.log(relative)
        - risk_aversion * (1 - own_risk_weight) * perceived_risk
        - trust_pull * (trust_gain + neighbour_learning * total(trust_gain[:, None] * nearness, 2)[..., 0])
        + np.where(relative > extreme_return_ratio, REFUSED, 0.0)
    )
    quits = np.where(losing >= LOSS_MONTHS, 1 - np.exp(-quit_rate / 12), 0.0)
    back = np.where(left_over > 0, 1 - np.exp(-quit_rate / 12), 0.0)
    speed = adjustment_rate * np.where(frontier > 0, frontier_adjustment, 1.0)
    need = np.minimum(np.clip((useful / return_start) ** -need_exponent, 0.7, 1.1), area_cap_factor)
    profit = np.minimum((relative / ratio_start) ** profit_exponent, area_cap_factor)
    other = whole_usd(licit_land_ha * licit / 12 + off_farm_usd2013_per_month * (1 - coca_labour_share) * rural_wage_index)
    transfer = whole_usd(transfer_usd2013_per_month * school_transfers)
    shape = price_leaf.shape
    scalars = (
        1 - np.exp(-speed / 12), quits, back, attraction, risk_aversion * own_risk_weight, debt_pull, liquidity_pull, need,
        profit, anticipation, family_ceiling_ha, replant_share, np.full(shape, RECENT_MONTHS), upkeep_usd2013_per_ha / 12,
        planting_usd2013_per_ha, other + day_labour_usd_per_household + transfer, need_usd2013_per_month, spending_share, buffer_usd2013,
        credit_usd2013, soil_depletion / 12, soil_recovery / 12, 1 - 1 / risk_memory, assisted_slowdown, title_pull, crop_pull,
        crop_boost * licit / 12, np.round(crop_first_months), paid_usd_per_ha_month, quota_ha,
    )  # fmt: skip
    packed = np.stack([np.broadcast_to(s, shape) for s in scalars], axis=-1).astype(np.float32)
    sums = np.zeros((*shape, len(passes.YEAR_SUMS)))
    for m, population in enumerate(people):
        key0, key1 = keys[m]
        for b in np.flatnonzero(population.top):
            passes.decide_pass(population.fields, population.offset[b], population.top[b], key0, key1, who[b], packed[m, b], sums[m, b])
    found = dict(zip(passes.YEAR_SUMS, np.moveaxis(sums, -1, 0), strict=True))
    again, on_fallow, fresh, old, young = (found[name] for name in FLOWS[:5])
    return {
        **{name: found[name] for name in FLOWS},
        "money.licit_income": other * households,
        "money.day_labour": day_labour_usd_per_household * households,
        "money.transfers": transfer * households,
        "expected_return": expected,
        "expected_licit": expected_crops,
        "loss_months": losing,
        "return_ratio": relative,
        "replanted_ha": found["replanted_recent_ha"],
        "growers": found["growers"],
        "counted_ha": counted_ha - old,
        "young_ha": young_ha + again + on_fallow + fresh - young,
        "erased_ha": erased_ha - again,
        "fallow_ha": fallow_ha + old + young - on_fallow,
    }
