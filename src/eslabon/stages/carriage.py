"""Carriage (R9, R10 and rule 4): product leaves the basins by corridors and modes; both sides learn.

Equation
    Dispatch = min(store, way out) split by corridor and mode. Value of a corridor = (1 - belief)(border
    price - origin price) - cost * premium - belief * weight * (loss + origin price); wanted shares are logit in value
    around the starting shares; realised shares move `corridor_shift` of the way a month, modes `mode_shift`.
    Belief learns the realised seized share; premium R <- max(1, (1 - l) R + l (belief / reference)^2). A kilogram is seized
    with the usual share * enforcement * the interdictor's focus * the mode's risk * assets^`assets_exponent`. Flights stopped
    by force deter: min(1, P0 / P), P the remembered share of those that fly.
Source
    rule-013..018 (learning, premium, shift, interdictor, deterrence), C0968..C0970 (shares), rule-029 (seized share).
Leaves out
    Anything about a route or a load: a corridor is a direction, a mode a cost, a risk and a pay.
Reads / Writes / Conserves
    Reads stores, shares and effort; writes stores, shares, beliefs; conserves product.
"""

from __future__ import annotations

import numpy as np

from eslabon.stages.arrays import Array, ratio, total

WRITES = ("product.dispatched", "product.seized_in_transit", "product.exported", "store_kg", "capacity_kg", "corridor_share",
          "mode_share", "belief", "mode_belief", "premium", "interdictor_trace", "denial_trace", "flights_flown", "load_size",
          "carriage_cost", "moved_kg", "mode_moved_kg", "corridor_seized_kg", "corridor_exported_kg", "seizures", "active_corridors",
          "carriers_arrested", "carriage_pay", "deaths_flights", "passage")  # fmt: skip
FOCUS_LOW, FOCUS_HIGH = 0.3, 3.0
"""Least and most the police can press a corridor, relative to the mean (assumed)."""
ACTIVE = 0.05
"""Share of what moves from which a corridor counts as active (assumed)."""
MOST_TAKEN = 0.95
"""Most that is seized of what moves by a mode, but for a floor that a policy sets (assumed)."""
TRACE = 1e-9
"""Mean memory of seizures below which there is nothing to focus on."""
AIR = 0


def corridor_wish(
    start: Array, belief: Array, premium: Array, border_price: Array, price_product: Array, cost: Array, loss_weight: Array, loss: Array,
    logit_usd: Array,
) -> Array:  # fmt: skip
    """Return wanted corridor shares, (member, basin, corridor), not yet normalised."""
    gain = (1 - belief)[:, None] * (border_price[:, None] - price_product[..., None])
    burden = (cost * premium)[:, None] + (belief * loss_weight)[:, None] * (loss[..., None] + price_product[..., None])
    value = gain - burden
    best = value.max(axis=2, keepdims=True)
    wish: Array = start * np.exp(np.clip((value - best) / logit_usd[..., None], -30, 0))
    return wish


def taken_shares(
    usual: Array, trace: Array, focus_exponent: Array, moving: Array, mode_start: Array, mode_risk: Array, effort: Array, floor: Array
) -> Array:
    """Return the seized share by corridor and mode, (member, corridor, mode)."""
    focused = trace**focus_exponent
    mean = total(focused * moving) / np.maximum(total(moving), 1e-12)
    focus = np.clip(ratio(focused, np.where(mean > TRACE, mean, 0)), FOCUS_LOW, FOCUS_HIGH)
    risk = mode_risk / total(mode_start * mode_risk, 2)
    share = (usual * focus)[..., None] * risk * effort[:, None]
    return np.maximum(np.clip(share, 0, MOST_TAKEN), floor[..., None])


def learn(belief: Array, rate: Array, moved: Array, seen: Array) -> Array:
    """Return the belief after a month: it moves toward what was seen, where anything moved."""
    moved_on: Array = belief + rate * (np.where(moved > 0, seen, belief) - belief)
    return moved_on


def carriers_per_kg(lost_by_mode: Array, mode_carriers: Array, mode_start: Array) -> Array:
    """Return the carriers taken with a seized kilogram, relative to the usual mix of modes."""
    usual: Array = total(total(mode_start * mode_carriers, 2)[..., 0]) / mode_start.shape[1]
    return ratio(total(lost_by_mode * mode_carriers), total(lost_by_mode)) / usual


def advance(
    store_kg: Array, capacity_kg: Array, flow_kg: Array, way_out_kg: Array, corridor_share: Array, corridor_start: Array,
    corridor_open: Array, corridor_capacity_share: Array, mode_share: Array, mode_start: Array, mode_risk: Array, mode_cost: Array,
    mode_carriers: Array, mode_pay: Array, mode_effort: Array, assets_exponent: Array, belief: Array, mode_belief: Array,
    mode_belief_start: Array, premium: Array, interdictor_trace: Array, seized_share: Array, enforcement: Array, seizure_floor: Array,
    air_denial_share: Array, denial_trace: Array, deterrence_air: Array, denial_persistence: Array, border_price: Array,
    price_product: Array, corridor_cost_usd2013_per_kg: Array, corridor_logit_usd: Array, corridor_shift: Array, mode_shift: Array,
    belief_learning: Array, premium_learning: Array, premium_reference: Array, loss_weight: Array, loss_usd2013_per_kg: Array,
    interdictor_memory: Array, interdictor_focus: Array, capacity_headroom: Array, capacity_follow_rate: Array, wanted_kg: Array,
    settled: Array, load_size: Array, load_kg: Array, load_splitting: Array,
    arrests_per_seized_kg: Array, prison_pay_usd2013_per_kg: Array, rural_wage_index: Array,
    flight_kg: Array, deaths_per_stopped_flight: Array,
) -> dict[str, Array]:  # fmt: skip
    """Move the product, seize part of it, and let both sides learn."""
    wish = corridor_wish(corridor_start, belief, premium, border_price, price_product, corridor_cost_usd2013_per_kg, loss_weight,
                         loss_usd2013_per_kg, corridor_logit_usd) * corridor_open[:, None]  # fmt: skip
    wished = np.where(total(wish, 2) > 0, ratio(wish, total(wish, 2)), corridor_share)
    share = corridor_share + corridor_shift[..., None] * (wished - corridor_share)
    flown = np.minimum(1.0, deterrence_air / np.maximum(denial_trace, 1e-9))
    flies = np.concatenate([flown, *[np.ones_like(flown)] * (mode_share.shape[2] - 1)], axis=1)
    price = total(price_product * flow_kg) / np.maximum(total(flow_kg), 1e-9)
    fear = (mode_belief - mode_belief_start) * loss_weight * (loss_usd2013_per_kg + price)
    mode_wish = mode_start * (np.exp(np.clip(-fear / corridor_logit_usd, -30, 30)) * flies)[:, None]
    modes = mode_share + mode_shift[..., None] * (ratio(mode_wish, total(mode_wish, 2)) - mode_share)
    dispatch = np.minimum(store_kg, way_out_kg)
    wanted = dispatch[..., None] * share * corridor_open[:, None]
    cap = corridor_capacity_share * total(dispatch)
    wanted = wanted * np.minimum(ratio(cap, total(wanted, 1)[:, 0]), 1)[:, None]
    passing = modes * flies[:, None]
    moved = wanted * total(passing, 2)[..., 0][:, None]
    effort = mode_effort**assets_exponent
    by_corridor = total(moved, 1)[:, 0]
    taken = taken_shares(seized_share * enforcement, interdictor_trace, interdictor_focus, by_corridor, mode_start, mode_risk, effort,
                         seizure_floor)  # fmt: skip
    stopped = np.minimum(air_denial_share * flown**-denial_persistence, 0.9)
    taken[:, :, AIR] = 1 - (1 - taken[:, :, AIR]) * (1 - stopped)
    mix = ratio(passing, total(passing, 2))
    corridor_taken = total(taken * mix, 2)[..., 0]
    seized = moved * corridor_taken[:, None]
    moved_by_mode = total(by_corridor[..., None] * mix, 1)[:, 0]
    lost_by_mode = total(by_corridor[..., None] * mix * taken, 1)[:, 0]
    lost = total(seized, 1)[:, 0]
    belief_now = learn(belief, belief_learning, by_corridor, corridor_taken)
    mode_now = learn(mode_belief, belief_learning, moved_by_mode, ratio(lost_by_mode, moved_by_mode))
    out = total(moved, 2)[..., 0]
    gone = np.minimum(total(seized, 2)[..., 0], out)
    effort_mean = total(effort * moved_by_mode) / np.maximum(total(moved_by_mode), 1e-12)
    load = load_size + corridor_shift * (load_kg * np.maximum(effort_mean, 1e-3) ** -load_splitting - load_size)
    mode_cost_now = total(modes * mode_cost, 2)[..., 0] / total(mode_start * mode_cost, 2)[..., 0]
    flights_stopped = moved_by_mode[:, AIR : AIR + 1] * stopped / flight_kg
    return {
        "product.dispatched": out,
        "product.seized_in_transit": gone,
        "product.exported": out - gone,
        "store_kg": np.maximum(store_kg - out, 0),
        "capacity_kg": np.maximum(
            capacity_kg + settled * capacity_follow_rate / 12 * ((1 + capacity_headroom) * wanted_kg - capacity_kg), 0
        ),
        "corridor_share": share,
        "mode_share": modes,
        "belief": belief_now,
        "mode_belief": mode_now,
        "premium": np.maximum(1, (1 - premium_learning) * premium + premium_learning * (belief_now / premium_reference) ** 2),
        "interdictor_trace": interdictor_memory * interdictor_trace + (1 - interdictor_memory) * ratio(lost, total(lost)),
        "denial_trace": interdictor_memory * denial_trace + (1 - interdictor_memory) * stopped,
        "flights_flown": flown,
        "load_size": load,
        "carriage_cost": corridor_cost_usd2013_per_kg * mode_cost_now + prison_pay_usd2013_per_kg,
        "moved_kg": moved,
        "mode_moved_kg": moved_by_mode,
        "corridor_seized_kg": lost,
        "corridor_exported_kg": total(moved - seized, 1)[:, 0],
        "seizures": total(lost) / load,
        "active_corridors": total((by_corridor > ACTIVE * total(by_corridor)).astype(np.float64)),
        "carriers_arrested": gone * arrests_per_seized_kg * carriers_per_kg(lost_by_mode, mode_carriers, mode_start),
        "passage": np.clip(total(share * (corridor_open * total(passing, 2)[..., 0])[:, None], 2)[..., 0], 0, 1),
        "deaths_flights": flights_stopped * deaths_per_stopped_flight,
        "carriage_pay": out * total(moved_by_mode * mode_pay) / np.maximum(total(moved_by_mode), 1e-12) * rural_wage_index,
    }  # fmt: skip
