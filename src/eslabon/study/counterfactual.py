"""Attribution: what a policy that happened changed, as what was observed less what would have been without it.

Equation
    An ensemble is led through the years with every published area assimilated; the growth errors it concludes are the year's own
    luck (weather, news, error of the model). The same members then go through the same years twice more with that luck and no
    figures: with what happened, and with another policy. effect = area(same) - area(other), member by member;
    area(without) = observed - effect.
Source
    Counterfactuals in a structural model with its shocks held (Pearl's abduction, action, prediction).
Leaves out
    That the luck itself could have differed without the policy.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eslabon.clock import month_index, year_of
from eslabon.errors import InputError
from eslabon.evidence.pack import RegionPack
from eslabon.month import advance
from eslabon.policies.scenario import Scenario
from eslabon.runs.opening import open_books
from eslabon.start import OPENINGS
from eslabon.study.assimilate import LEAST_HA, Filter, move
from eslabon.study.calibration.simulate import START
from eslabon.study.hindcast import Roll, roll
from eslabon.study.shrink import thin

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Instead:
    """Another eradication: so many counted hectares a year, from the first year to the last."""

    first: int
    last: int
    area_ha: float


@dataclass(frozen=True)
class Effect:
    """National coca with and without what happened, ha, (member, year), and hectares eradicated in both."""

    years: tuple[int, ...]
    observed_ha: Array
    without_ha: Array
    eradicated_ha: float
    instead_ha: float

    @property
    def change_ha(self) -> Array:
        """What the policy changed, (member, year)."""
        return self.observed_ha - self.without_ha

    def rows(self) -> list[dict[str, float]]:
        """Return the median and 90 % interval of the change by year, and a hectare eradicated."""
        spent = self.eradicated_ha - self.instead_ha
        found = []
        for i, year in enumerate(self.years):
            low, middle, high = np.percentile(self.change_ha[:, i], [5, 50, 95])
            without = float(np.median(self.without_ha[:, i]))
            found.append({"year": year, "without_ha": without, "p05": float(low), "p50": float(middle), "p95": float(high),
                          "per_eradicated_ha": float(middle) / spent if spent else 0.0})  # fmt: skip
        return found


def with_eradication(pack: RegionPack, instead: Instead) -> RegionPack:
    """Return the pack in which another number of hectares was eradicated; zones and departments keep their shares.

    Raises
    ------
    InputError
        If no eradication was published in a year.
    """
    totals = {r.year: r.area_ha for r in pack.eradication if r.scope == "national"}
    missing = [year for year in range(instead.first, instead.last + 1) if year not in totals]
    if missing or instead.first > instead.last:
        rule, remedy = "no eradication was published in these years", "Give years with published eradication, the first before the last."
        raise InputError(rule, value=missing or (instead.first, instead.last), remedy=remedy)
    rows = tuple(
        dataclasses.replace(r, area_ha=r.area_ha * instead.area_ha / totals[r.year]) if instead.first <= r.year <= instead.last else r
        for r in pack.eradication
    )
    return dataclasses.replace(pack, eradication=rows, digest=hashlib.sha256(f"{pack.digest} {instead}".encode()).hexdigest())


def attribute(order: Roll, instead: Instead, progress: Callable[[int], None] = lambda months: None) -> Effect:
    """Return what the eradication of some years changed.

    Parameters
    ----------
    order : Roll
        The ensemble with all figures in use; its last year is the last one compared.
    """
    factual = roll(order, progress)
    same = again_with(order, order.pack, factual, progress)
    other = again_with(order, with_eradication(order.pack, instead), factual, progress)
    years = tuple(range(instead.first, order.until + 1))
    zones = [z.id for z in order.pack.zones]
    observed = np.stack([np.exp(factual.log_sum(factual.analysis[year], zones)) for year in years], axis=1)
    areas = [[np.exp(factual.log_sum(found[year], zones)) for year in years] for found in (same, other)]
    without = observed - np.stack(areas[0], axis=1) + np.stack(areas[1], axis=1)
    span = range(instead.first, instead.last + 1)
    eradicated = sum(r.area_ha for r in order.pack.eradication if r.scope == "national" and r.year in span)
    return Effect(years, observed, without, eradicated, instead.area_ha * len(span))


def again_with(order: Roll, pack: RegionPack, factual: Filter, progress: Callable[[int], None]) -> dict[int, Array]:
    """Return the log areas, (member, zone), year by year, under another pack with the luck of the first."""
    scenario = Scenario("counterfactual", "counterfactual", start=START, until=order.until)
    small = thin(pack, order.divisor)
    world = open_books(small, order.parameters, scenario, order.seed, range(order.members), progress, keep=False).world
    found = {}
    for month in range(OPENINGS[START].books_open, month_index(f"{order.until}-12") + 1):
        advance(world, month)
        progress(order.members)
        if month % 12 == 11:
            year = year_of(month)
            modelled = np.log(np.maximum(world.state.values["counted_ha"] * order.divisor, LEAST_HA))
            found[year] = modelled + factual.luck[year]
            move(world, np.exp(found[year]) / order.divisor)
    return found
