"""State: one float32 array of household fields a member, and float64 arrays `[member, basin]` for the rest."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]
Households = npt.NDArray[np.float32]


class Field(NamedTuple):
    """One row of the household array."""

    name: str
    unit: str
    low: float
    high: float
    meaning: str


HOUSEHOLD_FIELDS = (
    Field("present", "1", 0, 1, "the slot holds a household"),
    Field("threshold", "logit", -1e6, 1e6, "attraction above which it grows coca; committed low, refusers high"),
    Field("profit_driven", "1", 0, 1, "area follows relative profit (1) or need (0)"),
    Field("size_ha", "ha", 0, 64, "coca area wanted at the starting return"),
    Field("phase", "month", 0, 11, "harvest phase, a property of the household"),
    Field("soil", "1", 0.4, 1, "soil quality relative to rested land"),
    Field("cash", "usd2013", -1e5, 1e6, "cash; negative is debt"),
    Field("risk", "1/yr", 0, 12, "own memory of eradication, as a yearly rate"),
    Field("quit", "1", 0, 1, "has left coca because it lost money"),
    Field("mature_ha", "ha", 0, 64, "coca counted as in production"),
    Field("stand_age", "month", 0, 1200, "mean age of the mature stand"),
    Field("young_ha", "ha", 0, 64, "older planting not yet counted"),
    Field("young_age", "month", 0, 60, "its age"),
    Field("nursery_ha", "ha", 0, 64, "newer planting not yet counted"),
    Field("nursery_age", "month", 0, 60, "its age"),
    Field("erased_ha", "ha", 0, 128, "land whose coca was eradicated and not replanted"),
    Field("erased_age", "month", 0, 1200, "months since the last eradication"),
    Field("fallow_ha", "ha", 0, 128, "land resting after coca was abandoned"),
    Field("regrown_ha", "ha", 0, 64, "coca standing on formerly eradicated plots"),
    Field("stock_kg", "kg sun-dried leaf", 0, 2e5, "leaf harvested and not sold"),
    Field("programme", "1", 0, 3, "0 none, 1 assisted, 2 paid to stay out of coca, 3 registered under a household quota"),
    Field("crop_ha", "ha", 0, 64, "tree crops planted with assistance"),
    Field("crop_age", "month", 0, 1200, "their age"),
    Field("titled", "1", 0, 1, "holds a formal land title given in the run"),
)
"""The household array's rows, in order."""

ROW = {f.name: i for i, f in enumerate(HOUSEHOLD_FIELDS)}
AREA_QUANTUM = 2.0**-16
LEAF_QUANTUM = 2.0**-6
MONEY_QUANTUM = 2.0**-4
MOST_CASH_USD2013 = 500_000.0
"""Household flows are multiples of these (ha, kg, usd2013), so float32 arithmetic on them is exact and any sum of
them in float64 is exact too: what leaves one account is, to the bit, what enters another. Cash above `MOST_CASH_USD2013` is spent at once: beyond a
million, float32 could no longer hold the quantum."""


@dataclass
class Population:
    """The household slots of one member, sorted by basin.

    Attributes
    ----------
    fields : ndarray of float32, shape (field, slot)
    offset : ndarray of int64, shape (basin + 1,)
        First slot of each basin.
    top : ndarray of int64, shape (basin,)
        Slots in use from the basin's first one; beyond it nobody has ever lived.
    arriving : ndarray of float64, shape (basin,)
        Fraction of a household carried to the next month by entry and exit.
    moving : ndarray of float64, shape (basin, basin)
        The same for those who move, from and to.
    """

    fields: Households
    offset: npt.NDArray[np.int64]
    top: npt.NDArray[np.int64]
    arriving: Array
    moving: Array


@dataclass
class State:
    """All that changes: households, and named arrays `[member, basin]`, `[member, corridor]` or `[member, 1]`."""

    members: npt.NDArray[np.int64]
    households: list[Population]
    values: dict[str, Array] = field(default_factory=dict)

    def non_finite(self) -> dict[int, str]:
        """Return, for each position along the member axis that holds a NaN or infinity, the variable's name."""
        bad: dict[int, str] = {}
        for name, value in self.values.items():
            broken = ~np.isfinite(value).all(axis=tuple(range(1, value.ndim)))
            for position in np.flatnonzero(broken):
                bad.setdefault(int(position), name)
        return bad
