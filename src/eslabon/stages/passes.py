"""Compiled drivers: each maps the household rule over one basin in fixed blocks and returns sums in float64.

Fields are copied into a small block first, so the compiler sees constant distances and vectorises; all flows are
multiples of a quantum, so their float64 sums are exact whatever the order. Nothing here decides anything.
"""

from __future__ import annotations

import numpy as np

from eslabon.draws import F32, U32, compiled, inlined, threefry, to_unit
from eslabon.stages.households import (
    ONE,
    TWO,
    ZERO,
    accepts_payment,
    adjust,
    agreed_area,
    assisted,
    bearing,
    harvest,
    next_programme,
    rest_soil,
    ripen,
    spend,
    wanted_area,
    where,
    whole_ha,
    whole_kg,
    whole_usd,
)
from eslabon.state import ROW

BLOCK = 128
MOST_PAID = F32(400_000)
"""Most a household is paid for leaf in a month, usd2013: with the cash it may keep, what float32 holds to the quantum of money."""
(
    PRESENT,
    THRESHOLD,
    PROFIT,
    SIZE,
    PHASE,
    SOIL,
    CASH,
    RISK,
    QUIT,
    MATURE,
    STAND_AGE,
    YOUNG,
    YOUNG_AGE,
    NURSERY,
    NURSERY_AGE,
    ERASED,
    ERASED_AGE,
    FALLOW,
    REGROWN,
    STOCK,
    PROGRAMME,
    CROP,
    CROP_AGE,
    TITLED,
) = range(len(ROW))
FIELDS = len(ROW)
WRITTEN_BY_DECIDING = (SOIL, CASH, RISK, QUIT, MATURE, YOUNG, YOUNG_AGE, NURSERY, NURSERY_AGE, ERASED, ERASED_AGE, FALLOW, REGROWN, CROP_AGE)
READ_TO_DECIDE = (PRESENT, THRESHOLD, PROFIT, SIZE, PROGRAMME, CROP, TITLED, *WRITTEN_BY_DECIDING)
WRITTEN_BY_PROGRAMMES = (MATURE, STAND_AGE, YOUNG, YOUNG_AGE, NURSERY, NURSERY_AGE, ERASED, ERASED_AGE, REGROWN, PROGRAMME, CROP, CROP_AGE, TITLED)

FIELD_SUMS = ("leaf.harvested", "money.harvest_labour", "land.counted", "stock.leaf", "bearing_ha")
SALE_SUMS = ("leaf.sold", "money.sales", "leaf.spoiled")
YEAR_SUMS = (
    "land.planted_erased",
    "land.planted_fallow",
    "land.planted_forest",
    "land.abandoned_counted",
    "land.abandoned_young",
    "money.upkeep",
    "money.planting",
    "money.consumption",
    "replanted_recent_ha",
    "growers",
    "money.crop_income",
    "money.programme_payments",
)
HELD = ("leaf.growers", "money.growers", "land.counted", "land.young", "land.erased", "land.fallow", "people.households",
        "land.assisted_crops")  # fmt: skip
PROGRAMME_SUMS = (
    "land.given_up_counted",
    "land.given_up_young",
    "land.crop_on_erased",
    "land.crop_on_other",
    "assisted",
    "paid",
    "registered",
    "titled",
    "paid_eligible_ha",
    "paid_entered",
    "paid_returned",
)


@inlined
def _load(w, x, f, start, m):  # type: ignore[no-untyped-def]
    source, target = x[f, start : start + m], w[f]
    for j in range(m):
        target[j] = source[j]


@inlined
def _store(x, w, f, start, m):  # type: ignore[no-untyped-def]
    source, target = w[f], x[f, start : start + m]
    for j in range(m):
        target[j] = source[j]


@inlined
def _add(total, out):  # type: ignore[no-untyped-def]
    for s in range(out.shape[0]):
        for j in range(BLOCK):
            total[s, j] += np.float64(out[s, j])


@inlined
def _close(sums, total):  # type: ignore[no-untyped-def]
    for s in range(total.shape[0]):
        for j in range(BLOCK):
            sums[s] += total[s, j]


@compiled
def fields_pass(x, first, n, month, p, sums):  # type: ignore[no-untyped-def]
    """Age stands and pick leaf. p: counted_months, renewal, first_harvest, young_yield, decline_age, decline,
    interval, yield_kg, picker_usd_per_kg."""
    w = np.zeros((FIELDS, BLOCK), np.float32)
    out = np.zeros((5, BLOCK), np.float32)
    total = np.zeros((5, BLOCK))
    t = F32(month)
    (counted_months, renewal, first_harvest, young_yield, decline_age, decline, interval, yield_kg, picker_usd) = (
        p[0],
        p[1],
        p[2],
        p[3],
        p[4],
        p[5],
        p[6],
        p[7],
        p[8],
    )
    for start in range(first, first + n, BLOCK):
        m = min(BLOCK, first + n - start)
        for f in (SOIL, PHASE, CASH, MATURE, STAND_AGE, YOUNG, YOUNG_AGE, NURSERY, NURSERY_AGE, STOCK):
            _load(w, x, f, start, m)
        out[:, m:] = ZERO
        for j in range(m):
            mature, age, young, young_age, nursery, nursery_age, matured = ripen(
                w[MATURE, j], w[STAND_AGE, j], w[YOUNG, j], w[YOUNG_AGE, j], w[NURSERY, j], w[NURSERY_AGE, j], counted_months, renewal
            )
            area = bearing(mature, age, young, young_age, nursery, nursery_age, first_harvest, young_yield, decline_age, decline)
            leaf = harvest(area, w[SOIL, j], w[PHASE, j], t, interval, yield_kg)
            wage = whole_usd(leaf * picker_usd)
            w[MATURE, j] = mature
            w[STAND_AGE, j] = age
            w[YOUNG, j] = young
            w[YOUNG_AGE, j] = young_age
            w[NURSERY, j] = nursery
            w[NURSERY_AGE, j] = nursery_age
            w[STOCK, j] = w[STOCK, j] + leaf
            w[CASH, j] = w[CASH, j] - wage
            out[0, j] = leaf
            out[1, j] = wage
            out[2, j] = matured
            out[3, j] = w[STOCK, j]
            out[4, j] = area
        for f in (CASH, MATURE, STAND_AGE, YOUNG, YOUNG_AGE, NURSERY, NURSERY_AGE, STOCK):
            _store(x, w, f, start, m)
        _add(total, out)
    _close(sums, total)


@compiled
def sale_pass(x, first, n, sold_share, price, spoiled_share, sums):  # type: ignore[no-untyped-def]
    """Sell a share of everyone's leaf at the basin's mean price; the rest waits and loses a share."""
    out = np.zeros((3, BLOCK), np.float32)
    total = np.zeros((3, BLOCK))
    w = np.zeros((FIELDS, BLOCK), np.float32)
    share, usd_per_kg, lost = F32(sold_share), F32(price), F32(spoiled_share)
    for start in range(first, first + n, BLOCK):
        m = min(BLOCK, first + n - start)
        _load(w, x, STOCK, start, m)
        _load(w, x, CASH, start, m)
        out[:, m:] = ZERO
        for j in range(m):
            stock = w[STOCK, j]
            sold = min(whole_kg(stock * share), stock)
            paid = min(whole_usd(sold * usd_per_kg), MOST_PAID)
            rest = stock - sold
            spoiled = min(whole_kg(rest * lost), rest)
            w[STOCK, j] = rest - spoiled
            w[CASH, j] = w[CASH, j] + paid
            out[0, j] = sold
            out[1, j] = paid
            out[2, j] = spoiled
        _store(x, w, STOCK, start, m)
        _store(x, w, CASH, start, m)
        _add(total, out)
    _close(sums, total)


@compiled
def decide_pass(x, first, n, key0, key1, who, p, sums):  # type: ignore[no-untyped-def]
    """Let every household of a basin decide; `p` holds the scalars of `decisions.advance` in the order named here."""
    w = np.zeros((FIELDS, BLOCK), np.float32)
    out = np.zeros((12, BLOCK), np.float32)
    total = np.zeros((12, BLOCK))
    (act_chance, quit_chance, return_chance, attraction, risk_aversion, debt_pull, liquidity_pull, need_factor) = (
        p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7])  # fmt: skip
    (profit_factor, anticipation, ceiling, replant_share, recent_months, upkeep_usd, planting_usd, licit_usd) = (
        p[8], p[9], p[10], p[11], p[12], p[13], p[14], p[15])  # fmt: skip
    need_usd, propensity, buffer, credit, depletion, recovery, forgetting = p[16], p[17], p[18], p[19], p[20], p[21], p[22]
    slowed, title_pull, crop_pull, crop_usd, crop_first, paid_usd, quota = p[23], p[24], p[25], p[26], p[27], p[28], p[29]
    for start in range(first, first + n, BLOCK):
        m = min(BLOCK, first + n - start)
        for f in READ_TO_DECIDE:
            _load(w, x, f, start, m)
        out[:, m:] = ZERO
        for j in range(m):
            a, b = threefry(U32(who), U32(start + j - first), key0, key1)
            present, held, programme = w[PRESENT, j], w[CASH, j], w[PROGRAMME, j]
            acts = to_unit(a) < act_chance * (ONE - slowed * assisted(programme))
            luck = to_unit(b)
            bears = where(w[CROP_AGE, j] >= crop_first, w[CROP, j], ZERO)
            quits = where(w[QUIT, j] > ZERO, where(luck < return_chance, ZERO, ONE), where(luck < quit_chance, ONE, ZERO))
            want = wanted_area(
                present, quits, w[THRESHOLD, j], w[PROFIT, j], w[SIZE, j], held, w[RISK, j],
                attraction - title_pull * w[TITLED, j] - crop_pull * bears, risk_aversion, debt_pull,
                liquidity_pull, need_factor, profit_factor, anticipation, ceiling, credit, buffer,
            )  # fmt: skip
            want = agreed_area(want, programme, quota)
            (mature, young, young_age, nursery, nursery_age, erased, fallow, regrown, plant, again, on_fallow, drop_mature, drop_young) = adjust(
                want, acts, w[MATURE, j], w[YOUNG, j], w[YOUNG_AGE, j], w[NURSERY, j], w[NURSERY_AGE, j], w[ERASED, j], w[FALLOW, j],
                w[REGROWN, j], replant_share,
            )  # fmt: skip
            planted = mature + young + nursery
            upkeep = whole_usd(planted * upkeep_usd)
            planting = whole_usd(plant * planting_usd)
            crop = whole_usd(bears * crop_usd)
            payment = where(programme == TWO, whole_usd(w[SIZE, j] * paid_usd), ZERO)
            licit = where(present > ZERO, licit_usd, ZERO)
            need = where(present > ZERO, need_usd, ZERO)
            eaten = where(present > ZERO, spend(held, licit + crop + payment, upkeep + planting, need, propensity, buffer, credit), ZERO)
            out[8, j] = where(w[ERASED_AGE, j] <= recent_months, again, ZERO)
            w[SOIL, j] = rest_soil(w[SOIL, j], planted, erased + fallow, depletion, recovery)
            w[RISK, j] = w[RISK, j] * forgetting
            w[QUIT, j] = quits
            w[MATURE, j] = mature
            w[YOUNG, j] = young
            w[YOUNG_AGE, j] = young_age
            w[NURSERY, j] = nursery
            w[NURSERY_AGE, j] = nursery_age
            w[ERASED, j] = erased
            w[ERASED_AGE, j] = w[ERASED_AGE, j] + ONE
            w[FALLOW, j] = fallow
            w[REGROWN, j] = regrown
            w[CASH, j] = held + licit + crop + payment - upkeep - planting - eaten
            w[CROP_AGE, j] = where(w[CROP, j] > ZERO, w[CROP_AGE, j] + ONE, ZERO)
            out[0, j] = again
            out[1, j] = on_fallow
            out[2, j] = plant - again - on_fallow
            out[3, j] = drop_mature
            out[4, j] = drop_young
            out[5, j] = upkeep
            out[6, j] = planting
            out[7, j] = eaten
            out[9, j] = where(planted > ZERO, ONE, ZERO)
            out[10, j] = crop
            out[11, j] = payment
        for f in WRITTEN_BY_DECIDING:
            _store(x, w, f, start, m)
        _add(total, out)
    _close(sums, total)


@compiled
def programme_pass(x, first, n, key0, key1, who, p, sums):  # type: ignore[no-untyped-def]
    """Let the households of a basin join or leave programmes; `p` as in `programmes.advance`: chances to be paid, assisted,
    registered, to leave each, to be titled; who accepts payment (0 none, 1 responsive, 2 committed too); hectares of crops."""
    w = np.zeros((FIELDS, BLOCK), np.float32)
    out = np.zeros((11, BLOCK), np.float32)
    total = np.zeros((11, BLOCK))
    pay, assist, register, unassist, unpaid, unregister, title, accepts, crop_ha = p[0], p[1], p[2], p[3], p[4], p[5], p[6], p[7], p[8]
    for start in range(first, first + n, BLOCK):
        m = min(BLOCK, first + n - start)
        for f in WRITTEN_BY_PROGRAMMES:
            _load(w, x, f, start, m)
        _load(w, x, PRESENT, start, m)
        _load(w, x, THRESHOLD, start, m)
        out[:, m:] = ZERO
        for j in range(m):
            a, b = threefry(U32(who), U32(start + j - first), key0, key1)
            stands = w[MATURE, j] + w[YOUNG, j] + w[NURSERY, j]
            old, present = w[PROGRAMME, j], w[PRESENT, j]
            would = accepts_payment(old, present, stands, w[THRESHOLD, j], accepts)
            now = next_programme(old, present, stands, would, to_unit(a), pay, assist, register, unassist, unpaid, unregister)
            joins_paid = where(now == TWO, where(old == TWO, ZERO, ONE), ZERO)
            joins_assist = where(now == ONE, where(old == ONE, ZERO, ONE), ZERO)
            crop = where(w[CROP, j] > ZERO, ZERO, joins_assist * whole_ha(crop_ha))
            erased = w[ERASED, j] + joins_paid * stands
            on_erased = min(crop, erased)
            out[0, j] = joins_paid * w[MATURE, j]
            out[1, j] = joins_paid * (w[YOUNG, j] + w[NURSERY, j])
            out[2, j] = on_erased
            out[3, j] = crop - on_erased
            keep = ONE - joins_paid
            for f in (MATURE, STAND_AGE, YOUNG, YOUNG_AGE, NURSERY, NURSERY_AGE, REGROWN):
                w[f, j] = w[f, j] * keep
            w[ERASED, j] = erased - on_erased
            w[ERASED_AGE, j] = w[ERASED_AGE, j] * keep
            w[PROGRAMME, j] = now
            w[CROP, j] = w[CROP, j] + crop
            w[TITLED, j] = where(to_unit(b) < title, present, w[TITLED, j])
            out[4, j] = assisted(now)
            out[5, j] = where(now == TWO, ONE, ZERO)
            out[6, j] = where(now > F32(2.5), ONE, ZERO)
            out[7, j] = w[TITLED, j]
            out[8, j] = would * stands * keep
            out[9, j] = joins_paid
            out[10, j] = where(old == TWO, where(now == TWO, ZERO, ONE), ZERO)
        for f in WRITTEN_BY_PROGRAMMES:
            _store(x, w, f, start, m)
        _add(total, out)
    _close(sums, total)


@compiled
def stock_pass(x, first, n, out):  # type: ignore[no-untyped-def]
    """Add up what households hold: leaf, cash, counted, young, erased, fallow, presence, crops (the auditor's own count)."""
    w = np.zeros((FIELDS, BLOCK), np.float32)
    held = np.zeros((8, BLOCK), np.float32)
    total = np.zeros((8, BLOCK))
    for start in range(first, first + n, BLOCK):
        m = min(BLOCK, first + n - start)
        for f in (STOCK, CASH, MATURE, YOUNG, NURSERY, ERASED, FALLOW, PRESENT, CROP):
            _load(w, x, f, start, m)
        held[:, m:] = ZERO
        for j in range(m):
            held[0, j] = w[STOCK, j]
            held[1, j] = w[CASH, j]
            held[2, j] = w[MATURE, j]
            held[3, j] = w[YOUNG, j] + w[NURSERY, j]
            held[4, j] = w[ERASED, j]
            held[5, j] = w[FALLOW, j]
            held[6, j] = w[PRESENT, j]
            held[7, j] = w[CROP, j]
        _add(total, held)
    _close(out, total)


@compiled
def _lots(first, n, key0, key1, who, lots):  # type: ignore[no-untyped-def]
    for j in range(n):
        a, _b = threefry(U32(who), U32(j), key0, key1)
        lots[j] = to_unit(a)


@compiled
def eradicate_pass(x, first, n, key0, key1, who, standing_ha, quota_ha, memory, sums):  # type: ignore[no-untyped-def]
    """Visit households in keyed order and uproot whole plots until the quota is met; the last one in part.

    Adds to sums: removed counted ha, removed young ha, of it regrown ha.
    """
    lots = np.empty(n, np.float32)
    _lots(first, n, key0, key1, who, lots)
    visited = np.empty(n, np.int64)
    cut = F32(min(1.0, 1.5 * quota_ha / max(standing_ha, 1e-9) + 0.001))
    count = 0
    while True:
        count, found = 0, 0.0
        for j in range(n):
            if lots[j] < cut:
                i = first + j
                area = np.float64(x[MATURE, i]) + np.float64(x[YOUNG, i]) + np.float64(x[NURSERY, i])
                if area > 0.0:
                    visited[count] = i
                    count += 1
                    found += area
        if found >= quota_ha or cut >= ONE:
            break
        cut = min(ONE, F32(2.0) * cut)
    order = np.empty(count, np.float32)
    for r in range(count):
        order[r] = lots[visited[r] - first]
    left = quota_ha
    for rank in np.argsort(order, kind="mergesort"):
        i = visited[rank]
        stands = x[MATURE, i] + x[YOUNG, i] + x[NURSERY, i]
        share = F32(min(1.0, left / np.float64(stands)))
        mature = min(whole_ha(x[MATURE, i] * share), x[MATURE, i])
        young = min(whole_ha(x[YOUNG, i] * share), x[YOUNG, i])
        nursery = min(whole_ha(x[NURSERY, i] * share), x[NURSERY, i])
        taken = mature + young + nursery
        regrown = min(whole_ha(x[REGROWN, i] * share), taken)
        x[MATURE, i] -= mature
        x[YOUNG, i] -= young
        x[NURSERY, i] -= nursery
        x[REGROWN, i] -= regrown
        x[ERASED, i] += taken
        x[ERASED_AGE, i] = ZERO
        x[RISK, i] += memory * share
        sums[0] += np.float64(mature)
        sums[1] += np.float64(young) + np.float64(nursery)
        sums[2] += np.float64(regrown)
        left -= np.float64(taken)
        if left <= AREA_EPSILON:
            break


AREA_EPSILON = 2.0**-15
