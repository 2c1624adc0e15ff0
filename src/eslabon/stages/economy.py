"""Local economy (R18): what coca brings to the basin, how much of it is spent there, what is laundered.

Equation
    Coca income = sales - costs + wages. Trade margin = product * price at origin - leaf paid - levies, crews and inputs included;
    foreign buyers keep their share. Local spending = income * local share + the margin kept; income made by it = spending *
    (multiplier - 1). Fuel sales move with the square root of spending relative to the start. Poverty = share of a log-normal
    with the mean income of growers, and of others, below the line.
Source
    Multiplier from studies of local cash transfers (assumed for coca); seed-037, C0975 (foreign buyers); C0981, C0983 (poverty).
Leaves out
    Banks, firms, and prices of anything but leaf, product and labour. No feedback on households yet but their own spending.
Reads / Writes / Conserves
    Reads money flows; writes indicators; conserves nothing.
"""

from __future__ import annotations

import math

import numpy as np

from eslabon.stages.arrays import Array, ratio, total

WRITES = ("coca_income_usd", "trade_margin_usd", "local_spending_usd", "local_income_made", "laundered_usd", "spending_mean", "fuel_index",
          "income_grower_mean", "income_other_mean", "poverty_share")  # fmt: skip
_erf = np.vectorize(math.erf, otypes=[float])


def below(line: Array, mean: Array, log_sd: Array) -> Array:
    """Return the share of a log-normal with this mean and log spread that lies below the line."""
    level = np.maximum(mean, 1.0)
    z = (np.log(line / level) + log_sd**2 / 2) / log_sd
    share: Array = 0.5 * (1 + _erf(z / math.sqrt(2)))
    return share


def advance(
    legal_sales_usd: Array, traditional_sales_usd: Array, harvest_labour_usd: Array, upkeep_usd: Array, planting_usd: Array,
    day_labour_usd: Array, licit_usd: Array,
    crop_usd: Array, payments_usd: Array, transfers_usd: Array, households: Array, growers: Array, made_kg: Array, price_product: Array,
    illicit_sales_usd: Array, levy_usd: Array, foreign_buyer_share: Array,
    local_spend_share: Array, local_multiplier: Array, laundered_share: Array, spending_mean: Array, spending_start: Array,
    income_grower_mean: Array, income_other_mean: Array, income_log_sd: Array, poverty_line_usd2013: Array, settled: Array,
) -> dict[str, Array]:  # fmt: skip
    """Add up rents, and how many live below the line."""
    farm = legal_sales_usd + traditional_sales_usd + illicit_sales_usd - harvest_labour_usd - upkeep_usd - planting_usd
    coca = farm + day_labour_usd
    margin = np.maximum(made_kg * price_product - illicit_sales_usd - levy_usd, 0)
    kept = margin * (1 - foreign_buyer_share)
    spent = np.maximum(coca, 0) * local_spend_share + kept * (1 - laundered_share)
    mean = spending_mean + (spent - spending_mean) / np.where(settled > 0, 12.0, 3.0)
    shared = 12 * ratio(licit_usd + day_labour_usd + crop_usd + payments_usd + transfers_usd, households)
    grower = income_grower_mean + (shared + 12 * ratio(farm, growers) - income_grower_mean) / 12
    other = income_other_mean + (shared - income_other_mean) / 12
    poor = growers * below(poverty_line_usd2013, grower, income_log_sd) + (households - growers) * below(poverty_line_usd2013, other, income_log_sd)
    return {
        "coca_income_usd": coca,
        "trade_margin_usd": margin,
        "local_spending_usd": spent,
        "local_income_made": spent * (local_multiplier - 1),
        "laundered_usd": kept * laundered_share,
        "spending_mean": mean,
        "fuel_index": np.where(spending_start > 0, np.sqrt(total(mean) / np.maximum(spending_start, 1e-9)), 1.0),
        "income_grower_mean": grower,
        "income_other_mean": other,
        "poverty_share": ratio(poor, households),
    }
