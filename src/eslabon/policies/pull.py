"""One lever pulled: how much, when, where, and within which budget."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from eslabon.errors import InputError
from eslabon.policies.levers import LEVERS

FAR = 10**6
"""The last month of a lever that has no end."""


@dataclass(frozen=True)
class Pull:
    """One lever pulled: months are indices of `eslabon.clock`, the last one included.

    `budget` is in usd2013 a year; `unit_cost` and each of `options` stand at the lever's default where not given.
    """

    lever: str
    amount: float
    announce: int
    start: int
    end: int = FAR
    ramp_months: int = 0
    strength: float = 1.0
    basins: tuple[str, ...] = ()
    corridors: tuple[str, ...] = ()
    budget: float | None = None
    unit_cost: float | None = None
    options: Mapping[str, float] = field(default_factory=dict)

    def weight(self, month: int) -> float:
        """Return how far the lever acts in a month, 0 to `strength`."""
        if not self.start <= month <= self.end:
            return 0.0
        ramp = min(1.0, (month - self.start + 1) / self.ramp_months) if self.ramp_months else 1.0
        return self.strength * ramp

    @property
    def cost_per_unit(self) -> float:
        """Usd2013 per unit of amount and year."""
        return LEVERS[self.lever].unit_cost if self.unit_cost is None else self.unit_cost

    @property
    def costed_amount(self) -> float:
        """What is paid for: the amount, or for a multiple of the baseline what lies above 1, within the budget."""
        wanted = max(self.amount - 1, 0.0) if LEVERS[self.lever].how == "scale" else abs(self.amount)
        return wanted if self.budget is None else min(wanted, self.affordable())

    @property
    def effective_amount(self) -> float:
        """The amount that the budget allows."""
        if self.budget is None:
            return self.amount
        if LEVERS[self.lever].how == "scale":
            return min(self.amount, 1 + self.affordable())
        return math.copysign(self.costed_amount, self.amount)

    def affordable(self, **where: str) -> float:
        """Return the units a year that the budget pays for.

        Raises
        ------
        InputError
            If no cost per unit is known; `where` names file and place.
        """
        if self.budget is None:
            return math.inf
        if not self.cost_per_unit:
            remedy = f'Add unit_cost = "... {LEVERS[self.lever].cost_unit}", or leave the budget out.'
            raise InputError(f"a budget needs a cost per unit, and {self.lever} has none", value=self.budget, remedy=remedy, **where)
        return self.budget / self.cost_per_unit
