"""Police and army (R13): raids, arrests, and the limits of both; seizures on the way are the carriage's.

Equation
    Raids go to basins by the sites they hold, as far as enforcement (1 at the start, less where offices are captured) lets them.
    arrests = raids * arrests per raid + carriers taken with seized loads + clan members.
Source
    Assumed with wide priors; C0959 counts all drug arrests of 2017 (17,971), street trade included, as an upper bound.
Leaves out
    Arrests for street trade and possession; anything below a basin.
Reads / Writes / Conserves
    Reads seizures and raids; writes arrests; conserves nothing.
"""

from __future__ import annotations

from eslabon.stages.arrays import Array, ratio, total

WRITES = ("arrests", "seized_kg")


def advance(
    raids_done: Array, arrests_per_raid: Array, carriers_arrested: Array, clan_arrests: Array, seized_in_transit_kg: Array,
    seized_at_sites_kg: Array, dispatched_kg: Array,
) -> dict[str, Array]:  # fmt: skip
    """Count the month's arrests and seizures by basin of origin; clan members by where the product comes from."""
    return {
        "arrests": raids_done * arrests_per_raid + carriers_arrested + clan_arrests * ratio(dispatched_kg, total(dispatched_kg)),
        "seized_kg": seized_in_transit_kg + seized_at_sites_kg,
    }
