"""Labour market (R3): pickers' wages clear by basin and season; seasonal workers come; children help.

Equation
    Wage relative to its usual = season * (picking demand / labour supply)^(1 / elasticity), within half and twice; supply
    follows demand at `labour_migration` a year. Days = leaf * picking cost / coca wage; the coca wage is about twice the licit
    one. Hired days beyond what the basin's households offer are worked by people from elsewhere. Part of all wages of
    pickers, crews and carriers is earned by the basin's households. Working children follow the return with an elasticity;
    transfers tied to school lower them.
Source
    seed-011 (wage ratio), seed-013, seed-015, C0990, C1004 (wages), C1002, C1003, C1064 (children).
Leaves out
    Contracts, piece rates by skill, unemployment. Children's work is an outcome only.
Reads / Writes / Conserves
    Reads the harvest, wages paid; writes wages, supply, earnings; conserves money (with households).
"""

from __future__ import annotations

import numpy as np

from eslabon.stages.arrays import Array, ratio
from eslabon.state import MONEY_QUANTUM

WRITES = ("picking_wage", "wage_mean", "harvest_usual", "labour_supply", "day_labour_usd_per_household", "wage_coca_usd_per_day",
          "wage_licit_usd_per_day", "picking_days", "seasonal_workers", "child_workers")  # fmt: skip
WAGE_LOW, WAGE_HIGH = 0.5, 2.0
"""Least and most of the usual wage (assumed)."""
DAYS_A_MONTH = 25.0
"""Days a hired picker works a month (assumed)."""


def clearing_wage(demand: Array, supply: Array, season: Array, elasticity: Array) -> Array:
    """Return the wage, relative to the usual one, at which the days wanted are the days offered."""
    tightness = np.maximum(ratio(demand, supply), 1e-6)
    wage: Array = np.clip(season * tightness ** (1 / elasticity), WAGE_LOW, WAGE_HIGH)
    return np.where(supply > 0, wage, season)


def advance(
    month: int, harvested_kg: Array, harvest_labour_usd: Array, crew_pay: Array, carriage_pay: Array, households: Array, growers: Array,
    harvest_usual: Array, labour_supply: Array, labour_elasticity: Array, labour_migration: Array, wage_season: Array, picking_wage: Array,
    wage_mean: Array, licit_wage_usd2013_per_day: Array, wage_ratio: Array, rural_wage_index: Array,
    reservation_usd2013_per_kg: Array, quality_factor: Array, hired_share: Array, local_labour_share: Array,
    days_offered_per_household: Array, children_per_grower: Array, child_work_elasticity: Array, expected_return: Array,
    return_start: Array, school_transfers: Array, school_effect: Array,
) -> dict[str, Array]:  # fmt: skip
    """Clear the labour market of every basin."""
    usual = harvest_usual + (harvested_kg - harvest_usual) / 12
    supply = labour_supply + labour_migration / 12 * (usual - labour_supply)
    season = wage_season[:, :, (month % 12)]
    wage = clearing_wage(usual, supply, season, labour_elasticity)
    coca_wage = licit_wage_usd2013_per_day * wage_ratio
    days = harvested_kg * reservation_usd2013_per_kg * quality_factor / coca_wage
    offered = households * days_offered_per_household
    hired = days * hired_share
    paid = (harvest_labour_usd + crew_pay + carriage_pay) * local_labour_share
    price = np.maximum(expected_return, 0.05 * return_start) / return_start
    children = growers * children_per_grower * np.minimum(price**child_work_elasticity, 2.0)
    return {
        "picking_wage": wage,
        "wage_mean": wage_mean + (wage - wage_mean) / 12,
        "harvest_usual": usual,
        "labour_supply": supply,
        "day_labour_usd_per_household": np.round(ratio(paid, households) / MONEY_QUANTUM) * MONEY_QUANTUM,
        "wage_coca_usd_per_day": coca_wage * rural_wage_index * picking_wage,
        "wage_licit_usd_per_day": licit_wage_usd2013_per_day * rural_wage_index * np.ones_like(wage),
        "picking_days": days,
        "seasonal_workers": np.maximum(hired - offered, 0) / DAYS_A_MONTH,
        "child_workers": children * (1 - school_effect * school_transfers),
    }
