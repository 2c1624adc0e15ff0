"""The baseline: every signal of the month as the world and the policies bring it when no lever is pulled.

Each policy continues after its last published year with the mean of its last five published years. Crop returns revert
likewise; other series of the world are carried flat. What only a lever changes stands at its neutral value.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from eslabon.clock import MONTHS_PER_YEAR, year_of
from eslabon.evidence.pack import EradicationRow, RegionPack
from eslabon.policies.levers import MODES

Array = npt.NDArray[np.float64]
CONTINUED_YEARS = 5
NATION = "Peru"
"""Group of all basins, the first."""

STOCKS = ("colombia_area_ha", "bolivia_area_ha")
FLAT = ("rural_wage_index", "traditional_demand_kg", "frontier_opening_per_yr", "counterterrorism_bases")
CONTINUED = ("enaco_purchases_kg", "site_raids", "licit_return_usd2013_per_ha", "assisted_families")
"""Series continued after their last year by the mean of the last five: policies, and crop returns, which spike."""
OPTIONAL = ("assisted_families",)
"""Series a pack may leave out; they are 0 then."""

NEUTRAL: dict[str, tuple[str, float]] = {
    "corridor_open": ("corridors", 1.0),
    "seizure_floor": ("corridors", 0.0),
    "mode_effort": ("modes", 1.0),
    "air_denial_share": ("one", 0.0),
    "demand_shock": ("one", 0.0),
    "transit_seizure_added": ("one", 0.0),
    "colombia_change": ("one", 0.0),
    "bolivia_change": ("one", 0.0),
    "crop_price_change": ("one", 0.0),
    "input_shock": ("one", 0.0),
    "input_binding": ("one", 0.0),
    "checkpoints_added": ("one", 0.0),
    "raid_basins": ("basins", 1.0),
    "bases_added": ("basins", 0.0),
    "curfew": ("basins", 0.0),
    "rewards_usd2013_per_yr": ("one", 0.0),
    "clan_arrest_share_per_yr": ("one", 0.0),
    "anti_corruption": ("one", 0.0),
    "sentence_factor": ("one", 1.0),
    "diverted_share": ("one", 0.0),
    "voluntary_ha_per_yr": ("one", 0.0),
    "voluntary_basins": ("basins", 0.0),
    "voluntary_payment_usd2013_per_ha_yr": ("one", 0.0),
    "payments_kept": ("one", 0.0),
    "promised_payment_usd2013_per_ha_yr": ("basins", 0.0),
    "assisted_added": ("one", 0.0),
    "assisted_where": ("basins", 0.0),
    "quota_ha": ("basins", 0.0),
    "quota_active": ("basins", 0.0),
    "titles_per_yr": ("one", 0.0),
    "titles_where": ("basins", 0.0),
    "school_transfers": ("basins", 0.0),
    "road_improvement": ("basins", 0.0),
    "policy_cost_usd2013": ("one", 0.0),
}
"""Signals that only levers change: what they have one value for, and that value with no lever pulled."""


def column(values: list[float]) -> Array:
    """Return one value a month as (month, 1)."""
    return np.array(values, dtype=float)[:, None]


def baseline_signals(pack: RegionPack, span: range) -> dict[str, Array]:
    """Return every signal but eradication's, (month, ...), with no lever pulled."""
    signals: dict[str, Array] = {}
    for name in STOCKS:
        signals[name] = column([pack.series[name].at_month(t) for t in span])
    for name in FLAT:
        signals[name] = column([pack.series[name].at_year(year_of(t)) for t in span])
    for name in CONTINUED:
        signals[name] = column([_continued(pack, name, year_of(t)) for t in span])
    price = pack.series["enaco_price_pen_per_kg"]
    real = [price.at_year(y) / pack.series["pen_per_usd"].at_year(y) / pack.series["us_price_index"].at_year(y) for y in map(year_of, span)]
    signals["enaco_price_usd2013_per_kg"] = column(real)
    signals["site_raids_per_yr"] = signals.pop("site_raids")
    wide = {"one": 1, "basins": len(pack.zones), "corridors": len(pack.corridors), "modes": len(MODES)}
    return signals | {name: np.full((len(span), wide[dims]), value) for name, (dims, value) in NEUTRAL.items()}


def _continued(pack: RegionPack, name: str, year: int) -> float:
    if name in OPTIONAL and name not in pack.series:
        return 0.0
    series = pack.series[name]
    if year <= series.years[-1]:
        return series.at_year(year)
    return float(np.mean(series.values[-CONTINUED_YEARS:]))


def eradication_groups(pack: RegionPack) -> dict[str, list[float]]:
    """Return memberships by basin: of the nation, of every department and zone with a plan of its own, and of the rest of the nation.

    A zone's or department's figure is all that was eradicated there in the year, so what it leaves of the nation's goes to the
    other basins; to all of them where crews reach no other.
    """
    ids = [z.id for z in pack.zones]
    reached = {z.id for z in pack.zones if z.eradication_access > 0}
    groups: dict[str, list[float]] = {NATION: [1.0] * len(ids)}
    for row in pack.eradication:
        if row.scope != "national":
            groups.setdefault(row.place, [float(i in _inside(pack, row)) for i in ids])
    for year in {row.year for row in pack.eradication}:
        listed = {basin for row in _parts(pack, year) for basin in _inside(pack, row)}
        if listed and reached - listed:
            groups.setdefault(_rest(pack, year), [float(i not in listed) for i in ids])
    return groups


def _parts(pack: RegionPack, year: int) -> list[EradicationRow]:
    return [r for r in pack.eradication if r.year == year and r.scope != "national"]


def _inside(pack: RegionPack, row: EradicationRow) -> tuple[str, ...]:
    return pack.departments.get(row.place, ()) if row.scope == "department" else (row.place,)


def _rest(pack: RegionPack, year: int) -> str:
    """Return the name of the group of basins that no department or zone of the year accounts for."""
    return " ".join((NATION, "but", *sorted(r.place for r in _parts(pack, year))))


def eradication_by_month(pack: RegionPack, groups: dict[str, list[float]], span: range) -> tuple[Array, Array]:
    """Return hectares by (month, group), and by month 1 where the year's total is published, else 0."""
    amounts, fact = np.zeros((len(span), len(groups))), np.zeros((len(span), 1))
    totals = {r.year: r.area_ha for r in pack.eradication if r.scope == "national"}
    position = {name: i for i, name in enumerate(groups)}
    for i, month in enumerate(span):
        for name, area in _eradication_of_year(pack, totals, year_of(month)).items():
            amounts[i, position.get(name, 0)] += area / MONTHS_PER_YEAR
        fact[i] = year_of(month) in totals
    return amounts, fact


def _eradication_of_year(pack: RegionPack, totals: dict[int, float], year: int) -> dict[str, float]:
    """Return counted hectares by group; what no zone or department accounts for goes to the rest of the nation."""
    if year not in totals and year > min(totals):
        last = sorted(totals)[-CONTINUED_YEARS:]
        return {NATION: float(np.mean([totals[y] for y in last]))}
    year = max(year, min(totals))
    parts: dict[str, float] = {r.place: r.area_ha for r in _parts(pack, year)}
    rest = max(totals[year] - sum(parts.values()), 0.0)
    return {_rest(pack, year) if parts else NATION: rest, **parts}
