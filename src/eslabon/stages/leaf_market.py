"""Leaf market (R4, R6): the state company, traditional traders and local buyers take the leaf on offer.

Equation
    Growers hold back up to `postponed_most` of their leaf as the price nears the reservation price. The state
    company takes min(quota, share * (legal price / illicit price relative to a third) ** response); traditional
    traders take their demand; local buyers the rest, up to what sites can make and what can leave or be stored.
    The flow on offer is this month's harvest at most: leaf that waits is no new flow.
Source
    seed-007, seed-014, C0855..C0858, C0616..C0621 (legal and traditional), rule 3 of the design.
Leaves out
    Grades of leaf (a quality factor stands for them) and credit from buyers.
Reads / Writes / Conserves
    Reads leaf on hand and quoted prices; writes growers' leaf and cash; conserves leaf and money.
"""

from __future__ import annotations

import numpy as np

from eslabon.stages import passes
from eslabon.stages.arrays import Array, ratio, total
from eslabon.state import Population

WRITES = (
    "leaf.sold_legal", "leaf.sold_traditional", "leaf.sold_illicit", "leaf.spoiled", "money.legal_sales",
    "money.traditional_sales", "money.illicit_sales", "money.buyers_funded", "leaf_bought_kg", "wanted_kg",
)  # fmt: skip
NEAR = 1.5
"""Multiple of the reservation price at which growers start to hold leaf back (assumed)."""
USUAL_RATIO = 1 / 3
"""Legal over illicit price in the reportage (seed-014)."""


def advance(
    people: list[Population], leaf_available_kg: Array, harvested_kg: Array, price_leaf: Array, reservation_usd2013_per_kg: Array,
    harvest_wage_index: Array, quality_factor: Array, postponed_most: Array, spoilage_per_month: Array,
    enaco_purchases_kg: Array, enaco_price_usd2013_per_kg: Array, legal_quota_share: Array, legal_share_most: Array,
    legal_response: Array, traditional_demand_kg: Array, traditional_share: Array, way_out_kg: Array, passage: Array, store_kg: Array,
    flow_kg: Array, store_months: Array, sites: Array, site_kg_per_month: Array, leaf_kg_per_kg_cocaine: Array,
    input_cost_index: Array,
) -> dict[str, Array]:  # fmt: skip
    """Clear the month's leaf market, basin by basin."""
    reserve = reservation_usd2013_per_kg * harvest_wage_index
    nearness = np.clip((NEAR * reserve - price_leaf) / ((NEAR - 1) * reserve), 0, 1)
    offered = leaf_available_kg * (1 - postponed_most * nearness)
    appeal = (enaco_price_usd2013_per_kg / price_leaf / USUAL_RATIO) ** legal_response
    quota = enaco_purchases_kg / 12 * legal_quota_share
    legal = np.minimum(np.minimum(quota, offered * np.minimum(legal_share_most * appeal, 1)), offered)
    traditional = np.minimum(np.maximum(traditional_demand_kg - total(legal) * 12, 0) / 12 * traditional_share, offered - legal)
    room = way_out_kg * passage + np.maximum(store_months * flow_kg - store_kg, 0)
    limit = leaf_kg_per_kg_cocaine * np.minimum(room, sites * site_kg_per_month / input_cost_index)
    on_offer = np.maximum(offered - legal - traditional, 0)
    illicit = np.minimum(on_offer, limit)
    planned = legal + traditional + illicit
    share = np.minimum(ratio(planned, leaf_available_kg), 1)
    paid = quality_factor * price_leaf
    value = legal * enaco_price_usd2013_per_kg + (traditional + illicit) * paid
    mean_price = ratio(value, planned)
    sums = np.zeros((*share.shape, len(passes.SALE_SUMS)))
    for m, population in enumerate(people):
        for b in np.flatnonzero(population.top):
            passes.sale_pass(population.fields, population.offset[b], population.top[b], share[m, b], mean_price[m, b],
                             spoilage_per_month[m, 0], sums[m, b])  # fmt: skip
    sold, receipts, spoiled = np.moveaxis(sums, -1, 0)
    legal = np.minimum(legal, sold)
    traditional = np.minimum(traditional, sold - legal)
    legal_money = np.minimum(legal * enaco_price_usd2013_per_kg, receipts)
    traditional_money = np.minimum(traditional * paid, receipts - legal_money)
    illicit_money = receipts - legal_money - traditional_money
    illicit = sold - legal - traditional
    return {
        "leaf.sold_legal": legal,
        "leaf.sold_traditional": traditional,
        "leaf.sold_illicit": illicit,
        "leaf.spoiled": spoiled,
        "money.legal_sales": legal_money,
        "money.traditional_sales": traditional_money,
        "money.illicit_sales": illicit_money,
        "money.buyers_funded": illicit_money,
        "leaf_bought_kg": illicit,
        "wanted_kg": np.minimum(on_offer, harvested_kg) / leaf_kg_per_kg_cocaine,
    }
