"""Hindcast: a calibrated ensemble goes through the years after its cut-off, with the policies and world prices that happened.

One step ahead, each year's published areas are assimilated before the next year is forecast; free-running, only those up to the
cut-off are. Nothing published later enters a forecast but what policies did and what the world paid.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eslabon.clock import month_index, year_of
from eslabon.draws import normal, stream_key
from eslabon.evidence.pack import RegionPack
from eslabon.month import advance
from eslabon.params.table import DrawnTable
from eslabon.policies.scenario import Scenario
from eslabon.runs.opening import open_books
from eslabon.start import OPENINGS
from eslabon.study.assimilate import Filter
from eslabon.study.calibration.observed import Datum
from eslabon.study.calibration.simulate import START
from eslabon.study.shrink import thin

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Roll:
    """What to run: the pack, the members' parameters, the figures there are, and up to which year they are used.

    Parameters
    ----------
    parameters : DrawnTable
    data : tuple of Datum
        Published areas; those of years after `use_until` are not read.
    until, use_until : int
        Last year run; last year whose figures are assimilated.
    divisor : float
        Households that one simulated household stands for.
    """

    pack: RegionPack
    parameters: DrawnTable
    data: tuple[Datum, ...]
    until: int
    use_until: int
    seed: int
    members: int
    divisor: float


def roll(order: Roll, progress: Callable[[int], None] = lambda months: None) -> Filter:
    """Run an ensemble from 2001 to the last year and return what it expected and concluded year by year."""
    small = thin(order.pack, order.divisor)
    scenario = Scenario("hindcast", "hindcast", start=START, until=order.until)
    members = range(order.members)
    world = open_books(small, order.parameters, scenario, order.seed, members, progress, keep=False).world
    known = [d for d in order.data if d.year <= order.use_until]
    ensemble = Filter(small, order.seed, members)
    for month in range(OPENINGS[START].books_open, month_index(f"{order.until}-12") + 1):
        advance(world, month)
        progress(order.members)
        if month % 12 == 11:
            ensemble.advance(world, year_of(month), known, order.divisor)
    return ensemble


def predicted(ensemble: Filter, datum: Datum) -> Array:
    """Return draws of what would be published, (member,), from what the ensemble expected before it used the year's figures."""
    seen = ensemble.see(ensemble.forecast[datum.year], datum)
    sd = float(np.hypot(datum.errors.measurement, datum.errors.bias))
    keys = [stream_key(ensemble.seed, int(m), "published figure to come", datum.year) for m in ensemble.members]
    error = np.array([normal(key, f"{datum.quantity} {datum.basin}") for key in keys])
    drawn: Array = np.exp(seen + sd * error)
    return drawn


def scored_zones(data: Sequence[Datum], until: int) -> list[str]:
    """Return the places with at least three published areas up to the cut-off."""
    counts: dict[str, int] = {}
    for d in data:
        if d.quantity == "coca_area_ha" and d.year <= until:
            counts[d.basin] = counts.get(d.basin, 0) + 1
    return sorted(place for place, count in counts.items() if count >= 3)
