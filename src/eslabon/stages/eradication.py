"""Eradication (R12, rule 2): crews reach standing coca; counted and removed hectares are two accounts.

Equation
    removed = S (1 - exp(-x E / S)), S all standing coca, young stands included. A plan's hectares go to its basins
    by stock * access; plots are uprooted household by household in keyed order until the quota is met;
    the shortfall is counted less removed, both of them outcomes. A basin a lever names is entered
    whatever its access. Hectares not yet published are reached only as far as
    (1 - cut * presence of the armed group)(1 - stop * mobilisation above the start). Growers learn the hazard of their
    own basin and, with a small weight, of the near ones.
Source
    C0449..C0475 (counted hectares), C0520, C0521 (more counted than standing), C0537, C0538, C0565 (replanting),
    rule-031, C1047, C1049 (neighbours; evidence in both directions).
Leaves out
    Crews as persons, their safety, and where they work inside a basin.
Reads / Writes / Conserves
    Reads the plan and standing coca; writes stands, eradicated land, perceived risk; conserves land.
"""

from __future__ import annotations

import numpy as np

from eslabon.draws import F32, Key
from eslabon.stages import passes
from eslabon.stages.arrays import Array, ratio, total
from eslabon.state import Population

WRITES = ("land.removed_counted", "land.removed_young", "eradicated_ha", "eradication_shortfall_ha", "removed_ha",
          "removed_regrown_ha", "hazard", "perceived_risk", "counted_ha", "young_ha",
          "erased_ha")  # fmt: skip


def near(values: Array, nearness: Array) -> Array:
    """Return the mean of the neighbours' values, weighted by nearness (1, basin, basin)."""
    return total(values[:, None] * nearness, 2)[..., 0]


def allocate(plan_ha: Array, members_of: Array, access: Array, standing_ha: Array) -> Array:
    """Return the counted hectares of each basin: each group's plan spread over its basins by stock * access.

    Parameters
    ----------
    plan_ha : ndarray (group,)
        Hectares this month.
    members_of : ndarray (group, basin)
        1 where the basin belongs to the group.
    """
    out = np.zeros_like(standing_ha)
    for amount, group in zip(plan_ha, members_of, strict=True):
        if amount > 0:
            weight = standing_ha * access * group
            out += amount * ratio(weight, total(weight))
    return out


def feasible(fact: Array, presence: Array, presence_cut: Array, mobilisation: Array, mobilisation_start: Array, protest_stop: Array) -> Array:
    """Return the share of planned hectares the crews can reach; published hectares have met their resistance already."""
    unrest = np.maximum(mobilisation - mobilisation_start, 0)
    open_share = (1 - presence_cut * presence) * (1 - protest_stop * unrest)
    return fact + (1 - fact) * open_share


def advance(
    people: list[Population], keys: list[Key], who: Array, eradication_plan_ha: Array, eradication_groups: Array,
    announced_ha: Array, announced_groups: Array, eradication_access: Array, eradication_named: Array,
    eradication_fact: Array, group_presence: Array, presence_cut: Array, mobilisation: Array, mobilisation_start: Array,
    protest_stop: Array, counted_ha: Array, young_ha: Array, erased_ha: Array, hazard: Array, eradication_effect: Array, risk_memory: Array,
    announcement_credibility: Array, neighbour_learning: Array, nearness: Array,
) -> dict[str, Array]:  # fmt: skip
    """Uproot this month's plan and let growers learn the hazard, their neighbours' included."""
    standing = counted_ha + young_ha
    opened = np.maximum(eradication_access, eradication_named)
    wanted = allocate(eradication_plan_ha[0, :-1], eradication_groups[:-1], eradication_access, standing)
    wanted = wanted + allocate(eradication_plan_ha[0, -1:], eradication_groups[-1:], opened, standing)
    planned = wanted * feasible(eradication_fact, group_presence, presence_cut, mobilisation, mobilisation_start, protest_stop)
    effort = eradication_effect * planned
    quota = standing * (1 - np.exp(-ratio(effort, standing)))
    sums = np.zeros((*standing.shape, 3))
    for m, population in enumerate(people):
        for b in np.flatnonzero(quota[m]):
            key0, key1 = keys[m]
            passes.eradicate_pass(population.fields, population.offset[b], population.top[b], key0, key1, who[b],
                                  standing[m, b], quota[m, b], F32(12 / risk_memory[m, 0]), sums[m, b])  # fmt: skip
    old, young, regrown = np.moveaxis(sums, -1, 0)
    removed = old + young
    learned = hazard + (12 * ratio(removed, standing) - hazard) / risk_memory
    coming = allocate(announced_ha[0], announced_groups, opened, standing)
    announced = 12 * eradication_effect * ratio(coming, standing)
    return {
        "land.removed_counted": old,
        "land.removed_young": young,
        "eradicated_ha": planned,
        "eradication_shortfall_ha": wanted - planned,
        "removed_ha": removed,
        "removed_regrown_ha": regrown,
        "hazard": learned,
        "perceived_risk": learned
        + announcement_credibility * np.maximum(announced - learned, 0) * (announced > 0)
        + neighbour_learning * near(learned, nearness),
        "counted_ha": counted_ha - old,
        "young_ha": young_ha - young,
        "erased_ha": erased_ha + removed,
    }
