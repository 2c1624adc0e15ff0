"""Programmes (R4, R5): families are registered, assisted, paid to stay out, titled; promises are kept or broken.

Equation
    Assisted families move toward the plan's number within half a year. Each month families uproot the plan's hectares for a
    payment: the responsive accept at the net return of coca, the committed at twice it. While paid they stay out but for
    `paid_return_kept` a year plus `programme_return_pull` * ln(return / (payment + licit return)) when positive; once payments
    stop they return at `paid_return_broken`. Assisted families plant tree crops that bear after `crop_first_months` and
    replant coca slower. Families under a household quota plant no more than it, as far as communities comply.
Source
    rule-002 (committed), rule-011 and T05 (kept), rule-027 (title), C1032..C1045 (families, hectares), SYSTEM rule 2.
Leaves out
    Who is chosen, quality of assistance, crops by name.
Reads / Writes / Conserves
    Reads the plan and returns; writes households' programme, crops, titles; conserves land.
"""

from __future__ import annotations

import numpy as np

from eslabon.draws import Key
from eslabon.stages import passes
from eslabon.stages.arrays import Array, ratio, total
from eslabon.state import Population

POSTED = ("land.given_up_counted", "land.given_up_young", "land.crop_on_erased", "land.crop_on_other")
COUNTS = ("assisted", "paid", "registered", "titled")
WRITES = (*POSTED, *COUNTS, "paid_eligible_ha", "paid_entered", "paid_returned", "voluntary_ha", "counted_ha", "young_ha", "erased_ha",
          "paid_usd_per_ha_month")  # fmt: skip
MONTHS_TO_ENROL = 6.0
"""Months in which a programme reaches its number of families (assumed)."""
MOST_ASSISTED = 0.8
"""Most of a basin's households that can be assisted (assumed)."""
ENOUGH = 0.02
"""Share of the wanted number from which a programme counts as full (assumed)."""
PATIENT_MULTIPLE = 2.0
"""Payment over net return at which the committed give up (SYSTEM rule 1)."""


def chances(wanted: Array, have: Array, eligible: Array) -> tuple[Array, Array]:
    """Return monthly chances to join and to leave a programme that should hold `wanted` families."""
    near = np.maximum(ENOUGH * wanted, 1.0)
    gap = np.where(np.abs(wanted - have) < near, 0.0, wanted - have) / MONTHS_TO_ENROL
    return np.clip(ratio(np.maximum(gap, 0), eligible), 0, 1), np.clip(ratio(np.maximum(-gap, 0), have), 0, 1)


def stay_out(expected: Array, payment: Array, licit: Array, kept: Array, usual: Array, pull: Array, broken: Array) -> Array:
    """Return the monthly chance that a paid family goes back to coca."""
    tempted = np.maximum(np.log(np.maximum(expected, 1.0) / np.maximum(payment + licit, 1.0)), 0)
    rate = np.where(kept > 0, usual + pull * tempted, broken)
    return 1 - np.exp(-rate / 12)


def advance(
    people: list[Population], keys: list[Key], who: Array, households: Array, growers: Array, counted_ha: Array, young_ha: Array,
    erased_ha: Array, assisted: Array, paid: Array, registered: Array, titled: Array, paid_eligible_ha: Array,
    assisted_families: Array, assisted_added: Array, assisted_where: Array, programme_weight: Array, voluntary_ha_per_yr: Array,
    voluntary_basins: Array, voluntary_payment_usd2013_per_ha_yr: Array, payments_kept: Array, quota_active: Array,
    quota_compliance: Array, titles_per_yr: Array, titles_where: Array, expected_return: Array, licit_return: Array,
    paid_return_kept: Array, programme_return_pull: Array, paid_return_broken: Array, crop_per_family_ha: Array,
) -> dict[str, Array]:  # fmt: skip
    """Enrol, uproot, plant, title; count who is in what."""
    shape = counted_ha.shape
    free = np.maximum(households - assisted - paid - registered, 0)
    where = assisted_where * households
    goal = np.minimum(assisted_families * programme_weight + assisted_added * ratio(where, total(where)), MOST_ASSISTED * households)
    assist, unassist = chances(goal, assisted, free)
    register, unregister = chances(quota_active * quota_compliance * growers, registered, growers)
    payment = voluntary_payment_usd2013_per_ha_yr * np.ones(shape)
    worth = np.maximum(expected_return, 0.0)
    accepts = (payment >= worth).astype(np.float64) + (payment >= PATIENT_MULTIPLE * worth)
    standing = (counted_ha + young_ha) * voluntary_basins
    quota = voluntary_ha_per_yr / 12 * payments_kept * ratio(standing, total(standing))
    pool = np.where(paid_eligible_ha > 0, paid_eligible_ha, standing)
    join = np.where(accepts > 0, np.clip(ratio(quota, np.maximum(pool, quota)), 0, 1), 0.0)
    back = np.where(paid > 0, stay_out(expected_return, payment, licit_return, payments_kept, paid_return_kept, programme_return_pull,
                                       paid_return_broken), 0.0)  # fmt: skip
    homes = households * titles_where
    title = np.clip(ratio(titles_per_yr / 12 * ratio(homes, total(homes)), np.maximum(households - titled, 1)), 0, 1)
    scalars = (join, assist, register, unassist, back, unregister, title, accepts, crop_per_family_ha)
    packed = np.stack([np.broadcast_to(s, shape) for s in scalars], axis=-1).astype(np.float32)
    busy = (packed[..., :7] > 0).any(axis=-1) | (voluntary_ha_per_yr * voluntary_basins > 0)
    sums = np.zeros((*shape, len(passes.PROGRAMME_SUMS)))
    for m, population in enumerate(people):
        key0, key1 = keys[m]
        for b in np.flatnonzero(busy[m] & (population.top > 0)):
            passes.programme_pass(population.fields, population.offset[b], population.top[b], key0, key1, who[b], packed[m, b], sums[m, b])
    found = dict(zip(passes.PROGRAMME_SUMS, np.moveaxis(sums, -1, 0), strict=True))
    counts = {name: np.where(busy, found[name], have) for name, have in zip(COUNTS, (assisted, paid, registered, titled), strict=True)}
    given = found["land.given_up_counted"] + found["land.given_up_young"]
    return {
        **{name: found[name] for name in POSTED},
        **counts,
        "paid_eligible_ha": found["paid_eligible_ha"],
        "paid_entered": found["paid_entered"],
        "paid_returned": found["paid_returned"],
        "voluntary_ha": given,
        "counted_ha": counted_ha - found["land.given_up_counted"],
        "young_ha": young_ha - found["land.given_up_young"],
        "erased_ha": erased_ha + given - found["land.crop_on_erased"],
        "paid_usd_per_ha_month": payment * payments_kept / 12,
    }
