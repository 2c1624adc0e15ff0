"""Police (R13, first part): arrests that go with seizures on the way and raids on sites.

Equation
    arrests = raids * arrests per raid + kilograms seized on the way * arrests per kilogram.
Source
    Assumed with wide priors; C0959 counts all drug arrests of 2017 (17,971), street trade included, as an upper bound.
Leaves out
    Arrests for street trade and possession; checkpoints, bases, curfew and air interdiction (next).
Reads / Writes / Conserves
    Reads seizures and raids; writes arrests; conserves nothing.
"""

from __future__ import annotations

from eslabon.stages.arrays import Array

WRITES = ("arrests", "seized_kg")


def advance(
    raids_done: Array, arrests_per_raid: Array, arrests_per_seized_kg: Array, seized_in_transit_kg: Array,
    seized_at_sites_kg: Array,
) -> dict[str, Array]:  # fmt: skip
    """Count the month's arrests and seizures by basin of origin."""
    return {
        "arrests": raids_done * arrests_per_raid + seized_in_transit_kg * arrests_per_seized_kg,
        "seized_kg": seized_in_transit_kg + seized_at_sites_kg,
    }
