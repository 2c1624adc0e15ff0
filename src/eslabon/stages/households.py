"""The rule of one household (R1, R2), written once: it reads like the specification and runs compiled or as Python.

Equation
    Rule 1 of the design. A household grows if its attraction exceeds its own threshold; it wants
    `size * f(return)`; with the chance 1 - exp(-rate/12) a month it closes the gap between what stands and what it
    wants. Coca bears after the first-harvest lag and is counted as in production after a longer one.
Source
    rule-001..003 (types), rule-006, rule-007 (need and profit), rule-009 (adjustment), C0739..C0741 (lags).
Leaves out
    Credit markets, tenancy, children's work, and any plot below the household.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import types
from numba.extending import intrinsic, overload

from eslabon.draws import F32, inlined
from eslabon.state import AREA_QUANTUM, LEAF_QUANTUM, MONEY_QUANTUM, MOST_CASH_USD2013

ZERO, HALF, ONE, TWO, THREE = F32(0), F32(0.5), F32(1), F32(2), F32(3)
ALWAYS_GROWS = F32(-1e5)
"""Threshold below which a household is committed: it grows whatever the attraction."""
TINY = F32(1e-6)
_HA, _PER_HA = F32(AREA_QUANTUM), F32(1 / AREA_QUANTUM)
_KG, _PER_KG = F32(LEAF_QUANTUM), F32(1 / LEAF_QUANTUM)
_USD, _PER_USD = F32(MONEY_QUANTUM), F32(1 / MONEY_QUANTUM)
_MOST_CASH = F32(MOST_CASH_USD2013)


def where(condition: Any, yes: Any, no: Any) -> Any:
    """Return `yes` if `condition` else `no`, without a branch when compiled."""
    return yes if condition else no


@intrinsic
def _select(context, condition, yes, no):  # type: ignore[no-untyped-def]
    def generate(context, builder, signature, arguments):  # type: ignore[no-untyped-def]
        return builder.select(*arguments)

    return types.float32(types.boolean, types.float32, types.float32), generate


@overload(where, jit_options={"forceinline": True, "error_model": "numpy"})
def _where_compiled(condition, yes, no):  # type: ignore[no-untyped-def]
    return lambda condition, yes, no: _select(condition, yes, no)


@inlined
def whole_ha(area):  # type: ignore[no-untyped-def]
    """Round an area to the quantum of land."""
    return np.floor(area * _PER_HA + HALF) * _HA


@inlined
def whole_kg(leaf):  # type: ignore[no-untyped-def]
    """Round leaf to the quantum of leaf."""
    return np.floor(leaf * _PER_KG + HALF) * _KG


@inlined
def whole_usd(money):  # type: ignore[no-untyped-def]
    """Round money to the quantum of money."""
    return np.floor(money * _PER_USD + HALF) * _USD


@inlined
def ripen(mature, stand_age, young, young_age, nursery, nursery_age, counted_months, renewal):  # type: ignore[no-untyped-def]
    """Age the stands by a month; young coca past `counted_months` joins the mature stand."""
    young_age = where(young > ZERO, young_age + ONE, ZERO)
    nursery_age = where(nursery > ZERO, nursery_age + ONE, ZERO)
    done = young_age >= counted_months
    matured = where(done, young, ZERO)
    total = mature + matured
    mean_age = (stand_age * mature + young_age * matured) / max(total, TINY)
    stand_age = where(total > ZERO, mean_age + ONE - renewal * mean_age, ZERO)
    return (
        total,
        stand_age,
        where(done, nursery, young),
        where(done, nursery_age, young_age),
        where(done, ZERO, nursery),
        where(done, ZERO, nursery_age),
        matured,
    )


@inlined
def bearing(mature, stand_age, young, young_age, nursery, nursery_age, first_harvest, young_yield, decline_age, decline):  # type: ignore[no-untyped-def]
    """Return hectares of full-yield equivalents: a stand left alone rises, peaks, declines."""
    ageing = max(ONE - decline * max(stand_age - decline_age, ZERO), F32(0.3))
    return (
        mature * ageing
        + young_yield * where(young_age >= first_harvest, young, ZERO)
        + young_yield * where(nursery_age >= first_harvest, nursery, ZERO)
    )


@inlined
def harvest(area, soil, phase, month, interval, yield_kg):  # type: ignore[no-untyped-def]
    """Return the leaf picked this month: once every `interval` months, in the household's own phase."""
    turn = month + phase
    due = turn - np.floor(turn / interval) * interval < HALF
    return where(due, whole_kg(area * soil * yield_kg), ZERO)


@inlined
def rest_soil(soil, coca, idle, depletion, recovery):  # type: ignore[no-untyped-def]
    """Return next month's soil quality: coca exhausts it, rest and manure restore it."""
    share = coca / max(coca + idle, TINY)
    used = where(coca > ZERO, share, ZERO)
    return min(max(soil - depletion * used * (soil - F32(0.4)) + recovery * (ONE - soil), F32(0.4)), ONE)


@inlined
def wanted_area(  # type: ignore[no-untyped-def]
    present, quits, threshold, profit_driven, size, cash, risk, attraction, risk_aversion, debt_pull, liquidity_pull, need_factor,
    profit_factor, anticipation, ceiling, credit, buffer,
):  # fmt: skip
    """Return the coca area the household wants (Rule 1): type and attraction decide whether, need or profit how much."""
    debt = min(max(-cash / credit, ZERO), ONE)
    short = min(max(ONE - cash / buffer, ZERO), ONE)
    pull = attraction - risk_aversion * risk + debt_pull * debt + liquidity_pull * short
    grows = (present > ZERO) & (quits < HALF) & (pull > threshold)
    factor = where(profit_driven > HALF, profit_factor, need_factor)
    return where(grows, min(size * factor * (ONE + anticipation * risk), ceiling), ZERO)


@inlined
def assisted(programme):  # type: ignore[no-untyped-def]
    """Return 1 if the household is assisted with legal crops."""
    return where(programme == ONE, ONE, ZERO)


@inlined
def agreed_area(want, programme, quota):  # type: ignore[no-untyped-def]
    """Return the wanted area under the household's agreement: none if paid to stay out, at most the quota if registered."""
    return where(programme == TWO, ZERO, where(programme == THREE, min(want, quota), want))


@inlined
def accepts_payment(programme, present, stands, threshold, accepts):  # type: ignore[no-untyped-def]
    """Return 1 if a grower who is not paid yet would uproot for the payment; the committed only if it is twice the return."""
    willing = where(threshold > ALWAYS_GROWS, accepts, accepts - ONE)
    free = where(programme == TWO, ZERO, present)
    return where((willing > HALF) & (stands > ZERO), free, ZERO)


@inlined
def next_programme(old, present, stands, would, luck, pay, assist, register, unassist, unpaid, unregister):  # type: ignore[no-untyped-def]
    """Return the household's programme after this month; one draw decides, payment first, for the assisted and registered too."""
    chance_paid = would * present * pay
    chance_register = where(stands > ZERO, register, ZERO)
    joined = where(luck < chance_paid + assist, ONE, where(luck < chance_paid + assist + chance_register, THREE, ZERO))
    leave = where(old == ONE, unassist, where(old == TWO, unpaid, unregister))
    stays = where(luck < chance_paid + leave, ZERO, old)
    other = where(old == ZERO, where(present > ZERO, joined, ZERO), stays)
    return where(luck < chance_paid, TWO, other)


@inlined
def spend(cash, income, costs, need, propensity, buffer, credit):  # type: ignore[no-untyped-def]
    """Return this month's consumption: need first, then a share of what exceeds the buffer, within credit."""
    at_hand = cash + income - costs
    wish = need + propensity * max(at_hand - buffer, ZERO)
    return whole_usd(max(max(min(wish, at_hand + credit), ZERO), at_hand - _MOST_CASH))


@inlined
def adjust(want, acts, mature, young, young_age, nursery, nursery_age, erased, fallow, regrown, replant_share):  # type: ignore[no-untyped-def]
    """Close the gap between what is wanted and what stands, if the household acts this month.

    New coca goes to formerly eradicated plots first (a share of it), then to fallow, then to new land; it joins the
    younger of two cohorts. What is given up is taken from all stands alike and rests as fallow.
    """
    stands = mature + young + nursery
    gap = where(acts, want - stands, ZERO)
    plant = whole_ha(max(gap, ZERO))
    share = max(-gap, ZERO) / max(stands, TINY)
    drop_mature = min(whole_ha(mature * share), mature)
    drop_young = min(whole_ha(young * share), young)
    drop_nursery = min(whole_ha(nursery * share), nursery)
    again = min(whole_ha(plant * replant_share), erased)
    on_fallow = min(plant - again, fallow)
    mature = mature - drop_mature
    young = young - drop_young
    nursery = nursery - drop_nursery
    first = young <= ZERO
    merged = nursery + where(first, ZERO, plant)
    nursery_age = where(first, nursery_age, nursery_age * nursery / max(merged, TINY))
    young_age = where(first, ZERO, young_age)
    young = where(first, plant, young)
    erased = erased - again
    fallow = fallow - on_fallow + drop_mature + drop_young + drop_nursery
    regrown = min(whole_ha(regrown * (ONE - share)) + again, mature + young + merged)
    return (mature, young, young_age, merged, nursery_age, erased, fallow, regrown,
            plant, again, on_fallow, drop_mature, drop_young + drop_nursery)  # fmt: skip
