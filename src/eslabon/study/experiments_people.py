"""Experiments on people: payments, titles, the choice to grow, children who grew up with high prices."""

from __future__ import annotations

import dataclasses

import numpy as np

from eslabon.study.bench import Arm, Array, Bench, Parts, altered, percent, pull, quotient, scenario

GENEROUS_USD2013_PER_HA_YR = 12_000.0
"""Far more than twice the net return of a hectare outside the VRAEM, so that the committed accept as well."""
LEAST_SHARE = 0.01
"""Share of the national coca that a small basin must hold to have enough families."""
CROPS_CHEAPER = -0.2
MORE_ERADICATION = 1.25
FEARS = ("risk_aversion",)
"""Parameters by which growers mind the risk of losing their coca."""
HIGH_PRICE_SHOCK = 0.6


def small_basin(bench: Bench) -> str:
    """Return the smallest basin off the frontier that holds at least a hundredth of the national coca."""
    least = LEAST_SHARE * bench.area_ha("2024")
    return min((z for z in bench.pack.zones if not z.frontier and z.area_2024_ha >= least), key=lambda z: z.area_2024_ha).id


def legal_basin(bench: Bench) -> str:
    """Return the basin with the largest share of the legal quota."""
    return max(bench.pack.zones, key=lambda z: z.legal_quota_share).id


def t05_kept_payments(bench: Bench) -> Parts:
    """Lets families give up 6 % of the coca a year for a yearly payment of 6,000 dollars a hectare in 2025 and 2026, keeps paying,
    and divides, at the end of 2026, the families that went back to coca by those that joined; the mean family joined a year ago."""
    programme = pull("voluntary_eradication", 0.06 * bench.area_ha("2024"), "2025-01", payment=6_000.0)
    (arm,) = bench.arms(scenario("paid", programme, until=2026))
    years = (2025, 2026)
    return {"share": quotient(arm.mean("paid_returned", years), arm.mean("paid_entered", years))}


def t06_all_paid(bench: Bench) -> Parts:
    """Offers every grower of one small basin 12,000 dollars a hectare and year from 2026 on, and compares its coca at the end of
    2027 and 2028 with 2024 and 2025; the three nearest basins are compared with the same members without the programme."""
    basin = small_basin(bench)
    offer = pull("voluntary_eradication", 1.5 * bench.area_ha("2024", basin), "2026-01", basins=[basin], payment=GENEROUS_USD2013_PER_HA_YR)
    off, on = bench.arms(scenario("reference"), scenario("all-paid", offer))
    own = percent(on.mean("coca_area_ha", (2027, 2028), basin), on.mean("coca_area_ha", (2024, 2025), basin))
    near = bench.nearest(basin)
    return {"own": own, "neighbours": percent(on.of("coca_area_ha", 2028, *near), off.of("coca_area_ha", 2028, *near))}


def s05_titles(bench: Bench) -> Parts:
    """Gives a title to about a twentieth of the households a year from 2025 to 2028 and divides the change of coca at the end of
    2028 by the licit land of the households titled."""
    households_per_yr = 0.05 * bench.area_ha("2024") / 0.5
    off, on = bench.arms(scenario("reference"), scenario("titles", pull("land_title", households_per_yr, "2025-01")))
    titled_ha = on.of("titled_households", 2028) * on.drawn("licit_land_ha")
    return {"effect": quotient(on.of("coca_area_ha", 2028) - off.of("coca_area_ha", 2028), titled_ha)}


def participation(arm: Arm, year: int, *basins: str) -> Array:
    """Return growers over households."""
    return quotient(arm.of("growers", year, *basins), arm.of("households", year, *basins))


def elasticity(choice: tuple[Array, Array], cause: tuple[Array, Array]) -> Array:
    """Return d ln choice / d ln cause between two arms."""
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = np.log(choice[1] / choice[0])
        return quotient(np.asarray(moved), np.asarray(np.log(cause[1] / cause[0])))


def t20_choice(bench: Bench) -> Parts:
    """Eradicates a quarter more than the usual hectares for three years and relates growers per household to the removal rate, in
    the basins where crews work; what the same hectares do to growers who do not mind the risk (their coca is uprooted all the
    same) is taken off. And lowers the price of legal crops by a fifth for three years, which raises relative profit by a quarter.
    Both elasticities are taken with the sign they should have."""
    usual_ha = bench.usual_eradication_ha()
    risks = [
        scenario("risk-off", pull("forced_eradication", usual_ha, "2025-01"), until=2027),
        scenario("risk-on", pull("forced_eradication", MORE_ERADICATION * usual_ha, "2025-01"), until=2027),
    ]
    fearless = {n: dataclasses.replace(p, default=0.0, low=0.0, high=0.0) if n in FEARS else p for n, p in bench.table.items()}
    cheaper = scenario("crops-cheaper", pull("crop_price", CROPS_CHEAPER, "2025-01"), until=2027)
    less, more, cheap, rest = bench.arms(*risks, cheaper, scenario("reference"))
    calm = bench.arms(*risks, pack=altered(bench.pack, "nobody minds the risk"), table=fearless)
    worked = [z.id for z in bench.pack.zones if z.eradication_access > 0]

    def removal_rate(arm: Arm) -> Array:
        standing = arm.of("coca_area_ha", 2027, *worked) + arm.of("coca_young_ha", 2027, *worked)
        return quotient(arm.of("removed_ha", 2027, *worked), standing)

    def answer(off: Arm, on: Arm) -> Array:
        return elasticity((participation(off, 2027, *worked), participation(on, 2027, *worked)), (removal_rate(off), removal_rate(on)))

    even = np.ones(len(less.members))
    profit = elasticity((participation(rest, 2027), participation(cheap, 2027)), (even, even / (1 + CROPS_CHEAPER)))
    return {"risk": answer(*calm) - answer(less, more), "profit": profit}


def s04_cohorts(bench: Bench) -> Parts:
    """Raises the border price by three fifths in 2002-2005 and compares, ten years later, imprisonments per arrest with the same
    members without the boom: outside the legal basin per unit of exposure, in the basin with most legal sales as they are."""
    boom = pull("demand_shock", HIGH_PRICE_SHOCK, "2002-01", "2005-12")
    off, on = bench.arms(scenario("from-2001", start="2001", until=2016), scenario("boom", boom, start="2001", until=2016))
    legal = legal_basin(bench)
    others = [b for b in bench.ids() if b != legal]

    def per_arrest(arm: Arm, *basins: str) -> Array:
        years = range(2012, 2017)
        return quotient(arm.mean("prison_entries", years, *basins), arm.mean("arrests", years, *basins))

    def exposure(arm: Arm) -> Array:
        weight = [arm.mean("arrests", range(2012, 2017), b) for b in others]
        seen = [arm.mean("cohort_exposed_share", range(2012, 2017), b) for b in others]
        return quotient(np.sum([w * s for w, s in zip(weight, seen, strict=True)], axis=0), np.sum(weight, axis=0))

    rise = per_arrest(on, *others) / per_arrest(off, *others) - 1
    more = exposure(on) - exposure(off)
    return {"exposed": quotient(rise, more), "legal": per_arrest(on, legal) / per_arrest(off, legal) - 1}


EXPERIMENTS = {"T05": t05_kept_payments, "T06": t06_all_paid, "S05": s05_titles, "T20": t20_choice, "S04": s04_cohorts}
