"""Courts and prison (R15): arrests become sentences, sentences a stock; high prices in childhood return as prison later.

Equation
    Imprisoned = arrests * imprisoned share * (1 - diverted) * (1 + e * exposed adults) / (1 + e * exposed at the start);
    released = stock / (sentence * factor). Exposure: children of 11 to 14 take on the month's price signal over four years,
    adults the children's over `cohort_lag` years; no exposure where leaf is sold legally or transfers are tied to school.
    Prison risk enters carriage as arrests a kilogram * imprisoned share * years * yearly pay.
Source
    seed-024 (stock), C0996..C0999, rule-025 and C1066 (cohorts), SYSTEM rule 6.
Leaves out
    Street trade and possession; appeals; prisons as places.
Reads / Writes / Conserves
    Reads arrests and prices; writes the prison stock, exposure, risk pay; conserves prisoners.
"""

from __future__ import annotations

import numpy as np

from eslabon.stages.arrays import Array, ratio, total

WRITES = ("prisoners.imprisoned", "prisoners.released", "prison", "exposed_children", "exposed_adults", "leaf_price_slow",
          "prison_pay_usd2013_per_kg", "overcrowding", "prison_income_lost", "cohort_factor")  # fmt: skip
CHILD_YEARS, SLOW_PRICE_YEARS = 4.0, 10.0
"""Years from 11 to 14 (rule-025), and of the mean that a price is compared with (assumed)."""
HIGH_PRICE = 0.3
"""Relative excess over the ten-year mean at which a price counts as fully high (assumed)."""


def cohort_factor(effect: Array, adults: Array, start: Array) -> Array:
    """Return how much more likely prison is for today's adults than for those of the start."""
    return (1 + effect * adults) / (1 + effect * start)


def crowding(others: Array, stock: Array, places: Array) -> Array:
    """Return the inmates of the country over its places."""
    return (others + total(stock)) / places


def advance(
    arrests: Array, imprisoned_share: Array, diverted_share: Array, sentence_years: Array, sentence_factor: Array, prison: Array,
    price_leaf: Array, leaf_price_slow: Array, exposed_children: Array, exposed_adults: Array, exposed_start: Array,
    cohort_prison_effect: Array, cohort_lag: Array, sold_legal_kg: Array, harvested_kg: Array, legal_shelter: Array,
    school_transfers: Array, dispatched_kg: Array, carriers_arrested: Array, yearly_pay_usd2013: Array, other_inmates: Array,
    prison_capacity: Array, rural_wage_index: Array,
) -> dict[str, Array]:  # fmt: skip
    """Sentence, hold, release."""
    slow = leaf_price_slow + (price_leaf - leaf_price_slow) / (12 * SLOW_PRICE_YEARS)
    sheltered = np.clip(ratio(sold_legal_kg, harvested_kg) / legal_shelter, 0, 1)
    signal = np.clip((price_leaf / slow - 1) / HIGH_PRICE, 0, 1) * (1 - sheltered) * (1 - school_transfers)
    children = exposed_children + (signal - exposed_children) / (12 * CHILD_YEARS)
    adults = exposed_adults + (children - exposed_adults) / (12 * cohort_lag)
    factor = cohort_factor(cohort_prison_effect, adults, exposed_start)
    years = sentence_years * sentence_factor
    entered = arrests * imprisoned_share * (1 - diverted_share) * factor
    left = np.minimum(prison / (12 * years), prison)
    stock = prison + entered - left
    risk = ratio(total(carriers_arrested), total(dispatched_kg)) * imprisoned_share * (1 - diverted_share)
    return {
        "prisoners.imprisoned": entered,
        "prisoners.released": left,
        "prison": stock,
        "exposed_children": children,
        "exposed_adults": adults,
        "leaf_price_slow": slow,
        "prison_pay_usd2013_per_kg": risk * years * yearly_pay_usd2013 * rural_wage_index,
        "overcrowding": crowding(other_inmates, stock, prison_capacity),
        "prison_income_lost": stock * yearly_pay_usd2013 * rural_wage_index / 12,
        "cohort_factor": factor,
    }
