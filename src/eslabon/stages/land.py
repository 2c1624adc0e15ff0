"""Land (R19): forest cleared for coca, and coca in protected and buffer zones.

Equation
    Forest cleared = newly planted land * share of the basin's new land that was forest * scale. Protected exposure = coca *
    share of the basin's coca inside protected areas or their buffers.
Source
    C0334..C0339 (protected areas and buffers), SYSTEM row R19; shares of forest by basin are assumed.
Leaves out
    Forest cleared for other crops, airstrips or roads; regrowth; carbon.
Reads / Writes / Conserves
    Reads plantings and coca; writes forest cleared and exposure; conserves nothing.
"""

from __future__ import annotations

import numpy as np

from eslabon.stages.arrays import Array

WRITES = ("forest_cleared_ha", "protected_ha")


def advance(planted_forest_ha: Array, forest_share_new: Array, forest_scale: Array, counted_ha: Array, young_ha: Array,
            protected_share: Array) -> dict[str, Array]:  # fmt: skip
    """Count what is cleared and what is exposed."""
    return {
        "forest_cleared_ha": planted_forest_ha * np.minimum(forest_share_new * forest_scale, 1),
        "protected_ha": (counted_ha + young_ha) * protected_share,
    }
