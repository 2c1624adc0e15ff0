"""Assimilation: at the end of each published year the ensemble's coca is moved towards what was counted.

Equation
    Ensemble Kalman filter with perturbed observations on x = [ln area of each zone, growth errors]. Between two years a zone's log
    area grows as the model says plus a growth error g (nation) + e (zone), both first-order autoregressive:
    g' = r g + sqrt(1 - r^2) s n. Published zones observe x, a published nation observes the log of the sum over the zones
    watched that year. x <- x + C_xy (C_yy + R)^-1 (y + error - y_x), C the ensemble's covariances.
Source
    Evensen 1994, Burgers, van Leeuwen and Evensen 1998; carrying last year's error: ECON, section 1.
Leaves out
    Parameters stay as they are; prices, stores and institutions follow by themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from eslabon.draws import normal, stream_key
from eslabon.evidence.pack import ALL, RegionPack
from eslabon.stages.migration import COUNTS, LEFT, leave
from eslabon.start import World, count_land, rescale
from eslabon.study.calibration.observed import Datum

Array = npt.NDArray[np.float64]
PERSISTENCE_PER_YEAR = 0.7
NATION_SD, ZONE_SD = 0.06, 0.12
"""Standard deviations of the growth errors, in logs: of the nation, of a zone beside it (assumed, as in calibration)."""
LEAST_HA = 1e-3
LEAST_LEFT = 0.6
"""Least share of a basin's households that one year's figures leave (as in ECON)."""
MOST_MOVE = 1.5
"""A zone's log area moves by no more than this in one year."""


@dataclass
class Filter:
    """An ensemble's growth errors, and what it expected and concluded year by year.

    Attributes
    ----------
    nation : ndarray (member,)
    zones : ndarray (member, zone)
    forecast, analysis : dict of year to ndarray (member, zone)
        Log counted area before and after that year's figures were used, growth errors included.
    luck : dict of year to ndarray (member, zone)
        The growth errors of a year as concluded from its figures.
    """

    pack: RegionPack
    seed: int
    members: Sequence[int]
    nation: Array = field(init=False)
    zones: Array = field(init=False)
    forecast: dict[int, Array] = field(default_factory=dict)
    analysis: dict[int, Array] = field(default_factory=dict)
    luck: dict[int, Array] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.nation = np.zeros(len(self.members))
        self.zones = np.zeros((len(self.members), len(self.pack.zones)))

    def advance(self, world: World, year: int, data: Sequence[Datum], divisor: float) -> None:
        """End a year: let growth errors act on the modelled area, then use the year's figures, then move the world."""
        names = ["nation", *(z.id for z in self.pack.zones)]
        shock = self._normals(year, "growth error", names)
        kept, fresh = PERSISTENCE_PER_YEAR, np.sqrt(1 - PERSISTENCE_PER_YEAR**2)
        self.nation = kept * self.nation + fresh * NATION_SD * shock[:, 0]
        self.zones = kept * self.zones + fresh * ZONE_SD * shock[:, 1:]
        modelled = np.log(np.maximum(world.state.values["counted_ha"] * divisor, LEAST_HA))
        expected = modelled + self.nation[:, None] + self.zones
        self.forecast[year] = expected
        state = np.concatenate([expected, self.nation[:, None], self.zones], axis=1)
        state = self._update(state, year, data)
        count = len(self.pack.zones)
        concluded, self.nation, self.zones = state[:, :count], state[:, count], state[:, count + 1 :]
        concluded = modelled + np.clip(concluded - modelled, -MOST_MOVE, MOST_MOVE)
        self.luck[year] = self.nation[:, None] + self.zones
        self.analysis[year] = concluded
        move(world, np.exp(concluded) / divisor)

    def _update(self, state: Array, year: int, data: Sequence[Datum]) -> Array:
        """Return the state after the year's figures, (member, state)."""
        found = [d for d in data if d.year == year and d.quantity == "coca_area_ha"]
        if not found:
            return state
        seen = np.stack([self.see(state, d) for d in found], axis=1)
        sd = np.array([np.hypot(d.errors.measurement, d.errors.bias) for d in found])
        error = sd * self._normals(year, "published figure", [d.basin for d in found])
        x, y = state - state.mean(axis=0), seen - seen.mean(axis=0)
        n = len(state) - 1
        gain = np.linalg.solve(y.T @ y / n + np.diag(sd**2), y.T @ x / n)
        moved: Array = state + (np.log([d.value for d in found]) + error - seen) @ gain
        return moved

    def see(self, logs: Array, datum: Datum) -> Array:
        """Return what a published figure should show of log areas (member, zone...), in logs, (member,)."""
        watched = [z.id for z in self.pack.zones if z.monitored_since <= datum.year]
        return self.log_sum(logs, watched if datum.basin == ALL else [datum.basin])

    def log_sum(self, logs: Array, zones: Sequence[str]) -> Array:
        """Return the logarithm of the area of some zones together, (member,)."""
        total = np.zeros(len(logs))
        for i, zone in enumerate(self.pack.zones):
            if zone.id in zones:
                total += np.exp(logs[:, i])
        seen: Array = np.log(np.maximum(total, LEAST_HA))
        return seen

    def _normals(self, year: int, purpose: str, names: Sequence[str]) -> Array:
        keys = [stream_key(self.seed, int(m), purpose, year) for m in self.members]
        return np.array([[normal(key, name) for name in names] for key in keys])


def move(world: World, areas_ha: Array) -> None:
    """Set the counted coca of every member and basin.

    Where there is less than the model has, there are fewer households (down to `LEAST_LEFT` of them at a time): else they would fill
    the room for those who come. What stands, and what each household wants, moves for the rest.
    """
    values = world.state.values
    for i, population in enumerate(world.state.households):
        for b in range(areas_ha.shape[1]):
            now = values["counted_ha"][i, b]
            share = max(min(areas_ha[i, b] / now, 1.0), LEAST_LEFT) if now > 0 else 1.0
            gone = {name: np.zeros(areas_ha.shape[1]) for name in (*LEFT, *COUNTS, "titled")}
            values["households"][i, b] -= leave(population, b, int(values["households"][i, b] * (1 - share)), gone)
            for name in (*COUNTS, "titled"):
                values[name][i, b] -= gone[name][b]
            rescale(population.fields[:, population.offset[b] : population.offset[b + 1]], float(areas_ha[i, b]))
    count_land(world)
