"""Prices (R10): netback from the border to the farm gate.

Equation
    border = scale * (S / (S_ref * replacement demand))^(1/e) * exp(g t) * shock, S the slow mean of Colombia's, Bolivia's and the model's
    Peruvian area. r = min(1, (way out * passage + free store / 3) / flow). Product at origin = floor + (net border - floor) r; leaf =
    p_res + (p_net - p_res) r^2 * mark-down, p_net = (product - cost) / (ratio * quality). Net border = border (1 - belief)
    less carriage, risk, levy and bribes; as a rival rule a constant share of it. The forward price, (leaf + cost + tolls +
    carriage) / (1 - belief), is the ladder's check. Quotes move `price_speed` of the way.
Source
    Rule 3 of the design; C0809 (level), rule-019 (elasticity), C0743 and C0745 (VRAEM against the nation in 2003).
Leaves out
    Contracts and credit between buyers and growers; differences of price inside a basin.
Reads / Writes / Conserves
    Reads flows, stores and areas; writes quoted prices; conserves nothing.
"""

from __future__ import annotations

import numpy as np

from eslabon.stages.arrays import Array, power, total

WRITES = ("area_mean_ha", "border_price", "border_mean", "price_product", "price_leaf", "evacuation", "price_base", "ladder_leaf",
          "price_forward")  # fmt: skip


def net_border(
    border_price: Array, corridor_share: Array, belief: Array, premium: Array, carriage_cost: Array,
    loss_usd2013_per_kg: Array,
) -> Array:  # fmt: skip
    """Return what a kilogram at origin is worth to who carries it to the border, (member, basin) usd2013/kg."""
    net = (1 - belief) * border_price - carriage_cost * premium - belief * loss_usd2013_per_kg
    return total(corridor_share * net[:, None], 2)[..., 0]


def leaf_netback(product: Array, cost: Array, ratio: Array, quality: Array) -> Array:
    """Return the quoted leaf price at which processing breaks even, usd2013 per kg of sun-dried leaf."""
    return (product - cost) / (ratio * quality)


def advance(
    month: int, colombia_ha: Array, bolivia_ha: Array, counted_ha: Array, area_mean_ha: Array, area_memory: Array,
    border_scale: Array, area_reference_ha: Array, closure_elasticity: Array, demand_growth: Array, demand_shock: Array,
    replacement_demand: Array,
    reference_month: Array, border_mean: Array, corridor_price_factor: Array, corridor_share: Array, belief: Array, premium: Array,
    carriage_cost: Array, loss_usd2013_per_kg: Array, levy_per_kg: Array, bribe_per_kg: Array, way_out_kg: Array,
    store_kg: Array, flow_kg: Array, store_months: Array, passage: Array,
    reservation_usd2013_per_kg: Array, harvest_wage_index: Array, processing_usd2013_per_kg: Array, input_cost_index: Array,
    leaf_kg_per_kg_cocaine: Array, quality_factor: Array, price_product: Array, price_leaf: Array, price_speed: Array,
    base_price_ratio: Array, markdown: Array, evacuation_exponent: Array, multiplicative_prices: Array,
    netback_share: Array, prices_free: Array,
) -> dict[str, Array]:  # fmt: skip
    """Set the month's prices from the border inward."""
    area = colombia_ha + bolivia_ha + total(counted_ha)
    mean = area_mean_ha + (area - area_mean_ha) / area_memory
    world = (
        border_scale
        * (mean / area_reference_ha / replacement_demand) ** (prices_free / closure_elasticity)
        * np.exp(prices_free * demand_growth * (month - reference_month) / 12)
        * (1 + demand_shock)
    )
    border = world * corridor_price_factor
    cost = processing_usd2013_per_kg * input_cost_index
    reserve = reservation_usd2013_per_kg * harvest_wage_index
    ratio_kg = leaf_kg_per_kg_cocaine
    floor = cost + ratio_kg * quality_factor * reserve
    tolls = levy_per_kg + bribe_per_kg
    added = net_border(border, corridor_share, belief, premium, carriage_cost, loss_usd2013_per_kg) - tolls
    shared = netback_share * total(corridor_share * ((1 - belief) * border)[:, None], 2)[..., 0]
    net = np.where(multiplicative_prices > 0, shared, added)
    free = np.maximum(store_months * flow_kg - store_kg, 0)
    way_out = (way_out_kg * passage + free / 3) / np.maximum(flow_kg, 1e-9)
    evacuation = np.where(flow_kg > 1e-9, np.minimum(1, way_out), 1.0)
    product = np.maximum(floor + (net - floor) * evacuation, cost)
    at_net = leaf_netback(np.maximum(net, cost), cost, ratio_kg, quality_factor)
    leaf = reserve + (at_net - reserve) * power(evacuation, evacuation_exponent) * markdown
    speed = price_speed * prices_free
    leaf = np.maximum(price_leaf + speed * (leaf - price_leaf), 0.05)
    product = price_product + speed * (product - price_product)
    risk = total(corridor_share * belief[:, None], 2)[..., 0]
    way = total(corridor_share * (carriage_cost * premium)[:, None], 2)[..., 0]
    return {
        "area_mean_ha": mean,
        "border_price": border,
        "border_mean": border_mean + (total(border) / border.shape[1] - border_mean) / area_memory,
        "price_product": product,
        "price_leaf": leaf,
        "evacuation": evacuation,
        "price_base": base_price_ratio * product,
        "ladder_leaf": leaf * ratio_kg * quality_factor,
        "price_forward": (leaf * ratio_kg * quality_factor + cost + tolls + way) / np.maximum(1 - risk, 0.01),
    }
