"""Communities (R16): trust, mobilisation against eradication, self-defence, casualties of clashes, exposure of indigenous land.

Equation
    Trust moves at `trust_speed` toward start + programmes' share gained + titles - eradication above the start - curfew -
    broken promises. Mobilisation moves toward 1 - exp(-k * hazard * (1 - assisted share) * (1 - trust)): protests stop crews
    where programmes are absent. Self-defence follows attacks. Clashes cost lives in proportion to hectares and mobilisation.
Source
    C0340 (indigenous territories), C1009..C1014 (casualties), SYSTEM row R16; the speeds are assumed.
Leaves out
    Organisations, leaders, villages. Exposure is a share of a basin's coca.
Reads / Writes / Conserves
    Reads programmes, hazard, attacks; writes trust, mobilisation, protests, deaths; conserves nothing.
"""

from __future__ import annotations

import numpy as np

from eslabon.stages.arrays import Array, ratio

WRITES = ("trust", "trust_gain", "mobilisation", "protests", "self_defence", "deaths_state", "deaths_civil", "indigenous_ha")


def unrest(hazard: Array, assisted_share: Array, trust: Array, response: Array) -> Array:
    """Return the mobilisation that eradication meets once people have organised, 0 to 1."""
    return 1 - np.exp(-response * hazard * (1 - assisted_share) * (1 - trust))


def advance(
    households: Array, assisted: Array, paid: Array, titled: Array, paid_returned: Array, payments_kept: Array, programme_share_start: Array,
    hazard: Array, hazard_start: Array, curfew: Array, trust: Array, trust_start: Array, trust_speed: Array,
    trust_programmes: Array, trust_titles: Array, trust_eradication: Array, trust_curfew: Array, mobilisation: Array,
    mobilisation_response: Array, mobilisation_speed: Array, protests_usual: Array, growers: Array, self_defence: Array,
    attacks: Array, attacks_usual: Array, group_presence_start: Array, eradicated_ha: Array, clash_deaths_per_1000_ha: Array,
    clash_state_share: Array, deaths_state_attacks: Array, deaths_civil_attacks: Array, counted_ha: Array, young_ha: Array,
    indigenous_share: Array,
) -> dict[str, Array]:  # fmt: skip
    """Move trust and mobilisation, count protests and the dead."""
    people = np.maximum(households, 1)
    share = (assisted + paid * payments_kept) / people
    broken = ratio(paid, people) * (1 - payments_kept) + ratio(paid_returned, people)
    goal = (
        trust_start
        + trust_programmes * (share - programme_share_start - broken)
        + trust_titles * titled / people
        - trust_eradication * (hazard - hazard_start)
        - trust_curfew * curfew
    )
    now = trust + trust_speed / 12 * (np.clip(goal, 0, 1) - trust)
    wish = unrest(hazard, np.minimum(share, 1), now, mobilisation_response)
    moved = mobilisation + mobilisation_speed / 12 * (wish - mobilisation)
    threat = np.minimum(12 * ratio(attacks, attacks_usual * np.ones_like(attacks)), 3.0) * (group_presence_start > 0)
    clashes = clash_deaths_per_1000_ha * eradicated_ha / 1000 * (1 + moved)
    return {
        "trust": now,
        "trust_gain": now - trust_start,
        "mobilisation": moved,
        "protests": protests_usual / 12 * moved * growers / 10_000,
        "self_defence": np.clip(self_defence + (0.4 * threat - self_defence) / 36, 0, 1),
        "deaths_state": deaths_state_attacks + clashes * clash_state_share,
        "deaths_civil": deaths_civil_attacks + clashes * (1 - clash_state_share),
        "indigenous_ha": (counted_ha + young_ha) * indigenous_share,
    }
