"""Armed group (R11, rule 5): it charges the trade where it is present; revenue keeps it there.

Equation
    Levied kilograms = dispatched * presence * coverage; levy = passage charge, or the higher one on the share it carries
    itself. Presence moves toward that of 2013 * (revenue / start)^response * (strength / start)^(1/2) * exp(-effect * bases over
    those of 2013, policy's included).
    Strength gains recruits in proportion to revenue^response and loses deaths and captures; captures rise with
    ln(1 + rewards / 0.3 million). Attacks = usual * presence * strength relative to the start * (1 + provocation * operations).
Source
    rule-020..022 (levies), X0179..X0184 (attacks), X0187..X0193 (strength, bases), C1005..C1016 (deaths),
    seed-031 (rewards), SYSTEM rule 5.
Leaves out
    Ideology, places, persons. One group, one aggregate.
Reads / Writes / Conserves
    Reads dispatches, bases, rewards; writes presence, strength, levies, attacks, deaths; conserves nothing.
"""

from __future__ import annotations

import numpy as np

from eslabon.stages.arrays import Array, ratio, total

WRITES = ("group_presence", "group_strength", "group_revenue_mean", "levied_kg", "levy_usd", "levy_per_kg", "attacks", "captures",
          "deaths_state_attacks", "deaths_group", "deaths_civil_attacks")  # fmt: skip
REWARD_SCALE_USD2013 = 300_000.0
"""The reward offered for a leader (seed-031)."""
MOST_PRESENCE = 0.95


def advance(
    dispatched_kg: Array, group_presence: Array, group_presence_start: Array, group_strength: Array, group_strength_start: Array,
    group_revenue_mean: Array, group_revenue_start: Array, group_response: Array, group_speed: Array, levy_coverage: Array,
    levy_carriage_share: Array, levy_passage_usd2013_per_kg: Array, levy_carriage_usd2013_per_kg: Array, bases_added: Array,
    counterterrorism_bases: Array, bases_2013: Array,
    base_effect: Array, rewards_usd2013_per_yr: Array, reward_effect: Array, captures_usual: Array, attacks_usual: Array,
    provocation: Array, hazard: Array, deaths_state_per_attack: Array, deaths_group_per_attack: Array,
    deaths_civil_per_attack: Array, self_defence: Array, self_defence_effect: Array,
) -> dict[str, Array]:  # fmt: skip
    """Levy, recruit, attack."""
    charge = levy_passage_usd2013_per_kg * (1 - levy_carriage_share) + levy_carriage_usd2013_per_kg * levy_carriage_share
    levied = dispatched_kg * group_presence * levy_coverage
    levy = levied * charge
    revenue = group_revenue_mean + (total(levy) - group_revenue_mean) / 12
    wealth = np.clip(ratio(revenue, group_revenue_start), 0.05, 4.0) ** group_response
    strength = group_strength / group_strength_start
    bases = bases_added + counterterrorism_bases - bases_2013
    goal = np.minimum(group_presence_start * wealth * np.sqrt(strength) * np.exp(-base_effect * bases), MOST_PRESENCE)
    presence = group_presence + group_speed / 12 * (goal - group_presence)
    operations = hazard + bases_added / 10
    there = ratio(total(group_presence), total(group_presence_start))
    attacks = attacks_usual / 12 * ratio(group_presence, total(group_presence_start)) * strength * (1 + provocation * operations)
    attacks = attacks * (1 - self_defence_effect * self_defence)
    captures = captures_usual / 12 * strength * (1 + reward_effect * np.log1p(rewards_usd2013_per_yr / REWARD_SCALE_USD2013))
    usual = captures_usual / 12 + attacks_usual / 12 * deaths_group_per_attack
    recruits = usual * wealth * np.minimum(there, 1.5)
    fallen = total(attacks) * deaths_group_per_attack
    return {
        "group_presence": np.clip(presence, 0, MOST_PRESENCE),
        "group_strength": np.clip(group_strength + recruits - captures - fallen, 0.02 * group_strength_start, 5 * group_strength_start),
        "group_revenue_mean": revenue,
        "levied_kg": levied,
        "levy_usd": levy,
        "levy_per_kg": ratio(levy, dispatched_kg),
        "attacks": attacks,
        "captures": captures,
        "deaths_state_attacks": attacks * deaths_state_per_attack,
        "deaths_group": attacks * deaths_group_per_attack,
        "deaths_civil_attacks": attacks * deaths_civil_per_attack,
    }
