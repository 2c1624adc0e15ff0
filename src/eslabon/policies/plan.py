"""The plan: what the world and the policies bring, month by month, the same for every member.

The baseline continues each policy after its last published year with the mean of its last five published years;
levers blend over it. Crop returns revert likewise; other series of the world are carried flat.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eslabon.clock import MONTHS_PER_YEAR, year_of
from eslabon.evidence.pack import RegionPack
from eslabon.policies.scenario import Pull, Scenario
from eslabon.units import KG_PER_T

Array = npt.NDArray[np.float64]
CONTINUED_YEARS = 5


@dataclass(frozen=True)
class Plan:
    """Signals by name, each (month, ...): one value, one a basin, one a corridor, or one a group of basins."""

    first_month: int
    months: int
    signals: dict[str, Array]
    constants: dict[str, Array]

    def at(self, month: int) -> dict[str, Array]:
        """Return the month's signals with a leading member axis of one."""
        i = month - self.first_month
        return {name: value[i][None] for name, value in self.signals.items()}


STOCKS = ("colombia_area_ha", "bolivia_area_ha")
FLAT = ("rural_wage_index", "traditional_demand_kg", "frontier_opening_per_yr")
CONTINUED = ("enaco_purchases_kg", "site_raids", "licit_return_usd2013_per_ha")
"""Series continued after their last year by the mean of the last five: policies, and crop returns, which spike."""


def make_plan(pack: RegionPack, scenario: Scenario, first_month: int, months: int) -> Plan:
    """Return the plan of `months` months from `first_month` for a scenario."""
    span = range(first_month, first_month + months)
    signals: dict[str, Array] = {}
    for name in STOCKS:
        signals[name] = _column([pack.series[name].at_month(t) for t in span])
    for name in FLAT:
        signals[name] = _column([pack.series[name].at_year(year_of(t)) for t in span])
    for name in CONTINUED:
        signals[name] = _column([_continued(pack, name, year_of(t)) for t in span])
    price = pack.series["enaco_price_pen_per_kg"]
    real = [price.at_year(y) / pack.series["pen_per_usd"].at_year(y) / pack.series["us_price_index"].at_year(y) for y in map(year_of, span)]
    signals["enaco_price_usd2013_per_kg"] = _column(real)
    signals["site_raids_per_yr"] = signals.pop("site_raids")
    corridors = len(pack.corridors)
    signals |= {
        "corridor_open": np.ones((months, corridors)),
        "seizure_floor": np.zeros((months, corridors)),
        "seizure_pressure": np.ones((months, 1)),
        "demand_shock": np.zeros((months, 1)),
        "input_cost_index": np.ones((months, 1)),
    }
    constants = _eradication(pack, scenario, signals, span)
    for pull in scenario.pulls.values():
        if pull.lever != "forced_eradication":
            _blend(pack, pull, signals, span)
    return Plan(first_month, months, signals, constants)


def _column(values: list[float]) -> Array:
    return np.array(values, dtype=float)[:, None]


def _continued(pack: RegionPack, name: str, year: int) -> float:
    series = pack.series[name]
    if year <= series.years[-1]:
        return series.at_year(year)
    return float(np.mean(series.values[-CONTINUED_YEARS:]))


def _eradication(pack: RegionPack, scenario: Scenario, signals: dict[str, Array], span: range) -> dict[str, Array]:
    """Fill the eradication plan by group; return the groups' memberships (group, basin)."""
    ids = [z.id for z in pack.zones]
    groups: dict[str, list[float]] = {"Peru": [1.0] * len(ids)}
    for row in pack.eradication:
        inside = pack.departments.get(row.place, ()) if row.scope == "department" else (row.place,)
        if row.scope != "national":
            groups.setdefault(row.place, [float(i in inside) for i in ids])
    names = list(groups)
    amounts = np.zeros((len(span), len(groups) + 1))
    for i, month in enumerate(span):
        for name, area in _eradication_of_year(pack, year_of(month)).items():
            amounts[i, names.index(name)] = area / MONTHS_PER_YEAR
    pull = scenario.pulls.get("forced_eradication")
    chosen = [float(not pull or not pull.basins or i in pull.basins) for i in ids]
    announced = np.zeros((len(span), 1))
    if pull:
        for i, month in enumerate(span):
            weight = pull.weight(month)
            amounts[i] *= 1 - weight
            amounts[i, -1] = weight * pull.amount / MONTHS_PER_YEAR
            coming = pull.announce <= month < pull.start
            announced[i] = pull.strength * pull.amount / MONTHS_PER_YEAR if coming else 0.0
    signals["eradication_plan_ha"], signals["announced_ha"] = amounts, announced
    return {"eradication_groups": np.array([*groups.values(), chosen]), "announced_groups": np.array([chosen])}


def _eradication_of_year(pack: RegionPack, year: int) -> dict[str, float]:
    """Return counted hectares by group; what no zone or department accounts for goes to the nation."""
    totals = {r.year: r.area_ha for r in pack.eradication if r.scope == "national"}
    if year not in totals:
        last = sorted(totals)[-CONTINUED_YEARS:]
        return {"Peru": float(np.mean([totals[y] for y in last]))}
    parts: dict[str, float] = {r.place: r.area_ha for r in pack.eradication if r.year == year and r.scope != "national"}
    return {"Peru": max(totals[year] - sum(parts.values()), 0.0), **parts}


def _blend(pack: RegionPack, pull: Pull, signals: dict[str, Array], span: range) -> None:
    name, target = {
        "legal_purchase": ("enaco_purchases_kg", pull.amount * KG_PER_T),
        "legal_price": ("enaco_price_usd2013_per_kg", None),
        "site_raids": ("site_raids_per_yr", pull.amount),
        "seizure": ("seizure_floor", pull.amount),
        "corridor_closure": ("corridor_open", 1 - pull.amount),
        "demand_shock": ("demand_shock", pull.amount),
        "input_control": ("input_cost_index", 1 + pull.amount),
    }[pull.lever]
    chosen = np.array([not pull.corridors or c.id in pull.corridors for c in pack.corridors])
    for i, month in enumerate(span):
        weight = pull.weight(month)
        if weight > 0:
            before = signals[name][i]
            goal = before * pull.amount if target is None else np.full_like(before, target)
            after = before + weight * (goal - before)
            signals[name][i] = np.where(chosen, after, before) if pull.corridors else after
