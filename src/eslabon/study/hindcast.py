"""Hindcast: a calibrated ensemble goes through the years after its cut-off, with the policies and world prices that happened.

One step ahead, each year's published areas are assimilated before the next year is forecast; free-running, only those up to the
cut-off are. Nothing published later enters a forecast but what policies did and what the world paid.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from eslabon.clock import month_index, year_of
from eslabon.draws import normal, stream_key
from eslabon.evidence.pack import ALL, RegionPack
from eslabon.month import advance
from eslabon.params.table import ParameterTable
from eslabon.policies.scenario import Scenario
from eslabon.runs.opening import open_books
from eslabon.start import OPENINGS
from eslabon.study.assimilate import Filter
from eslabon.study.calibration.observed import NATION, ZONE, Datum, data_until
from eslabon.study.calibration.simulate import START
from eslabon.study.hindcast_table import KINDS, Trial, hindcast_document, naive_trial
from eslabon.study.like_for_like import JOINT, area_series, eradicated_by_year
from eslabon.study.shrink import thin

Array = npt.NDArray[np.float64]
MODEL = "eslabon"
LISTED = 2018
"""First year published by zone: places are compared on its list of zones."""


@dataclass(frozen=True)
class HindcastOrder:
    """How much: members, the last year forecast, seed, and households that one simulated household stands for."""

    members: int = 200
    last: int = 2024
    seed: int = 0
    divisor: float = 20.0


@dataclass(frozen=True)
class Roll:
    """What to run: the pack, the members' parameters, the figures there are, and up to which year they are used.

    Parameters
    ----------
    parameters : ParameterTable
    data : tuple of Datum
        Published areas; those of years after `use_until` are not read.
    until, use_until : int
        Last year run; last year whose figures are assimilated.
    divisor : float
        Households that one simulated household stands for.
    """

    pack: RegionPack
    parameters: ParameterTable
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


def months_of_roll(last: int) -> int:
    """Return the months a member runs to the end of a year, burn-in included."""
    opening = OPENINGS[START]
    return month_index(f"{last}-12") + 1 - opening.books_open + opening.burn_in_months


def forecasts(ensemble: Filter, trial: Trial) -> dict[tuple[str, int], Array]:
    """Return draws of every figure a trial scores, by place and year, from what the ensemble expected before it used the year's."""
    return {(figure.place, figure.year): predicted(ensemble, figure.place, figure.year, trial) for figure in trial.published}


def predicted(ensemble: Filter, place: str, year: int, trial: Trial) -> Array:
    """Return draws of what would be published of a place, ha, (member,), on the zones the trial compares."""
    watched = year - 1 if trial.kind == "one_step" else trial.cutoff
    zones = {ALL: [z.id for z in ensemble.pack.zones if z.monitored_since <= watched], JOINT: JOINT.split("+")}.get(place, [place])
    errors = NATION["coca_area_ha"] if place == ALL else ZONE["coca_area_ha"]
    sd = float(np.hypot(errors.measurement, errors.bias))
    keys = [stream_key(ensemble.seed, int(m), "published figure to come", year) for m in ensemble.members]
    error = np.array([normal(key, place) for key in keys])
    drawn: Array = np.exp(ensemble.log_sum(ensemble.forecast[year], zones) + sd * error)
    return drawn


def hindcast(pack: RegionPack, posteriors: Mapping[int, ParameterTable], order: HindcastOrder, progress: Callable[[int], None]) -> dict[str, Any]:
    """Return the document of a hindcast: for each cut-off, forecasts one step ahead and free, beside the naive ones.

    Parameters
    ----------
    posteriors : mapping of cut-off to ParameterTable
        A posterior, as `Region.calibrated` gives it.
    """
    series = [area_series(pack, place, LISTED) for place in (ALL, JOINT, *(z.id for z in pack.zones))]
    data = tuple(d for d in data_until(pack, order.last) if d.quantity == "coca_area_ha")
    trials = []
    for cutoff, posterior in sorted(posteriors.items()):
        for kind in KINDS:
            use_until = order.last if kind == "one_step" else cutoff
            ensemble = roll(Roll(pack, posterior, data, order.last, use_until, order.seed, order.members, order.divisor), progress)
            trial = naive_trial(series, kind, (cutoff, order.last), eradicated_by_year(pack), order.seed)
            trials.append(trial.with_forecasts({MODEL: forecasts(ensemble, trial)}))
    return hindcast_document(trials, order.seed)
