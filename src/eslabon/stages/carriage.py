"""Carriage (R10 and the corridor part of rule 4): product leaves the basins by three corridors and a backstop.

Equation
    Dispatch = min(store, capacity) split by shares. Value of a corridor = (1 - belief)(border price - origin price)
    - cost * premium - belief * weight * (loss + origin price); wanted shares are logit in value around the starting
    shares; realised shares move `corridor_shift` of the way a month. Belief learns the realised seized share;
    premium R <- max(1, (1 - l) R + l (belief / reference)^2).
Source
    rule-013..016 (learning, premium, shift, interdictor), C0969 and C0970 (shares), rule-029 (seized share).
Leaves out
    Modes, carriers and clans (next), and anything about a route: a corridor is a direction with a cost.
Reads / Writes / Conserves
    Reads stores, shares and seizure pressure; writes stores, shares, belief; conserves product.
"""

from __future__ import annotations

import numpy as np

from eslabon.stages.arrays import Array, ratio, total

WRITES = ("product.dispatched", "product.seized_in_transit", "product.exported", "store_kg", "capacity_kg", "corridor_share",
          "belief", "premium", "interdictor_trace", "moved_kg", "corridor_seized_kg", "corridor_exported_kg")  # fmt: skip
FOCUS_LOW, FOCUS_HIGH = 0.3, 3.0


def advance(
    store_kg: Array, capacity_kg: Array, flow_kg: Array, corridor_share: Array, corridor_start: Array, corridor_open: Array,
    corridor_capacity_share: Array, belief: Array, premium: Array, interdictor_trace: Array, seized_share: Array,
    seizure_pressure: Array, seizure_floor: Array, border_price: Array, price_product: Array,
    corridor_cost_usd2013_per_kg: Array, corridor_logit_usd: Array, corridor_shift: Array, belief_learning: Array,
    premium_learning: Array, premium_reference: Array, loss_weight: Array, loss_usd2013_per_kg: Array,
    interdictor_memory: Array, interdictor_focus: Array, capacity_headroom: Array, capacity_follow_rate: Array, wanted_kg: Array,
    settled: Array,
) -> dict[str, Array]:  # fmt: skip
    """Move the product, seize part of it, and let both sides learn."""
    gain = (1 - belief)[:, None] * (border_price[:, None] - price_product[..., None])
    burden = (corridor_cost_usd2013_per_kg * premium)[:, None] + (belief * loss_weight)[:, None] * (
        loss_usd2013_per_kg[..., None] + price_product[..., None]
    )
    value = gain - burden
    best = value.max(axis=2, keepdims=True)
    wish = corridor_start * np.exp(np.clip((value - best) / corridor_logit_usd[..., None], -30, 0))
    wish = wish * corridor_open[:, None]
    wish = ratio(wish, total(wish, 2))
    share = corridor_share + corridor_shift[..., None] * (wish - corridor_share)
    passable = share * corridor_open[:, None]
    dispatch = np.minimum(store_kg, capacity_kg)
    moved = dispatch[..., None] * passable
    cap = corridor_capacity_share * total(dispatch)
    moved = moved * np.minimum(ratio(cap, total(moved, 1)[:, 0]), 1)[:, None]
    mean_focus = total(interdictor_trace**interdictor_focus * total(moved, 1)[:, 0]) / np.maximum(total(total(moved, 1)[:, 0]), 1e-12)
    focus = np.clip(ratio(interdictor_trace**interdictor_focus, mean_focus), FOCUS_LOW, FOCUS_HIGH)
    taken_share = np.clip(np.maximum(seized_share * seizure_pressure * focus, seizure_floor), 0, 1)
    seized = moved * taken_share[:, None]
    arrived = moved - seized
    by_corridor, lost = total(moved, 1)[:, 0], total(seized, 1)[:, 0]
    belief_now = belief + belief_learning * (np.where(by_corridor > 0, taken_share, belief) - belief)
    out = total(moved, 2)[..., 0]
    taken = np.minimum(total(seized, 2)[..., 0], out)
    return {
        "product.dispatched": out,
        "product.seized_in_transit": taken,
        "product.exported": out - taken,
        "store_kg": np.maximum(store_kg - out, 0),
        "capacity_kg": np.maximum(
            capacity_kg + settled * capacity_follow_rate / 12 * ((1 + capacity_headroom) * wanted_kg - capacity_kg), 0
        ),
        "corridor_share": share,
        "belief": belief_now,
        "premium": np.maximum(
            1, (1 - premium_learning) * premium + premium_learning * (belief_now / premium_reference) ** 2
        ),
        "interdictor_trace": interdictor_memory * interdictor_trace + (1 - interdictor_memory) * ratio(lost, total(lost)),
        "moved_kg": moved,
        "corridor_seized_kg": lost,
        "corridor_exported_kg": total(arrived, 1)[:, 0],
    }
