"""Clans (R8): about forty anonymous groups that buy and ship; arrests lower their capacity, rivals take over.

Equation
    A clan is hit with a chance of (usual + policy's share of members a year) / members taken in a hit; its capacity falls
    by exp(-h a), a the share arrested, so that a second arrest takes less. It recovers toward its own share, enlarged by
    what others left, at `clan_replacement` * exp(-slow * arrests of the year). Concentration is the Herfindahl index;
    few buyers pay less: the leaf's margin is multiplied by e / (e + HHI) relative to the start, e the supply elasticity of leaf.
Source
    seed-027 (number), seed-037 and C0975 (phases), SYSTEM rule 6; mark-down after the Cournot oligopsony, assumed.
Leaves out
    Who they are, alliances, violence among them. Ids are positions without a counterpart.
Reads / Writes / Conserves
    Reads arrests planned; writes capacities, concentration, mark-down; conserves nothing.
"""

from __future__ import annotations

import numpy as np

from eslabon.draws import Key, uniforms
from eslabon.stages.arrays import Array, total

WRITES = ("clan_capacity", "clan_arrest_trace", "clan_strength", "clan_hhi", "clans_active", "markdown", "clan_arrests")
ALIVE = 0.3
"""Share of its own size below which a clan counts as broken up (assumed)."""


def concentration(capacity: Array) -> Array:
    """Return the Herfindahl index, (member, 1)."""
    share = capacity / np.maximum(total(capacity), 1e-12)
    return total(share**2)


def advance(
    keys: list[Key], clan_capacity: Array, clan_size: Array, clan_arrest_trace: Array, clan_hit_share: Array,
    clan_arrests_usual: Array, clan_arrest_share_per_yr: Array, clan_vulnerability: Array, clan_replacement: Array,
    clan_slowdown: Array, clan_members: Array, leaf_supply_elasticity: Array, clan_hhi_start: Array,
) -> dict[str, Array]:  # fmt: skip
    """Arrest, replace, and set the mark-down."""
    yearly = clan_arrests_usual + clan_arrest_share_per_yr
    chance = np.minimum(yearly / 12 / clan_hit_share, 1.0)
    luck = np.stack([uniforms(key, "hit", clan_capacity.shape[1])[0] for key in keys]).astype(np.float64)
    hit = (luck < chance) & (clan_size > 0)
    arrested = np.where(hit, clan_hit_share, 0.0)
    after = clan_capacity * np.exp(-clan_vulnerability * arrested)
    trace = clan_arrest_trace + (12 * total(arrested * clan_size) - clan_arrest_trace) / 12
    goal = clan_size * (1 + np.maximum(1 - total(after), 0))
    speed = 1 - np.exp(-clan_replacement * np.exp(-clan_slowdown * trace) / 12)
    after = after + speed * np.maximum(goal - after, 0) - speed * np.maximum(after - goal, 0)
    hhi = concentration(after)
    elasticity = leaf_supply_elasticity
    return {
        "clan_capacity": after,
        "clan_arrest_trace": trace,
        "clan_strength": total(after),
        "clan_hhi": hhi,
        "clans_active": total(((after > ALIVE * clan_size) & (clan_size > 0)).astype(np.float64)),
        "markdown": (elasticity + clan_hhi_start) / (elasticity + hhi),
        "clan_arrests": clan_members * total(arrested * (clan_size > 0)),
    }
