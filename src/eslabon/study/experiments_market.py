"""Experiments on the market in the producing countries: flights, the balloon, price steps, legal leaf, levies, a glut."""

from __future__ import annotations

import dataclasses

import numpy as np

from eslabon.study.bench import Arm, Array, Bench, Parts, altered, percent, pull, quotient, scenario
from eslabon.study.retail import landed_price

STOPPED_SHARE = 0.03
GROUP_CHARGE_USD2013 = 450.0
GROUP_PRICE_USD, USUAL_PRICE_USD = 2269.0, 993.0
"""Product at origin where the other group charges (press), and in Peru in 2012 (C0809)."""
BOLIVIA_HA = {1995: 48_600.0, 1996: 48_100.0, 1997: 45_800.0, 1998: 38_000.0, 1999: 21_800.0, 2000: 14_600.0}
"""Coca of Bolivia at the end of each year (US figures, from memory)."""
BUYERS_GONE = 1 / 3
"""Share of the buyers that leave (assumed; no figure was published)."""


def t10_air_bridge(bench: Bench) -> Parts:
    """Starts at the end of 1995 and stops 3 % of the flights by force from January 1996, against the same members without: how
    many flights stay away in 1997-1999, how the leaf price of 1996 differs, and how the area changes from 1995 to 1999."""
    off, on = bench.arms(
        scenario("1995-off", start="1995", until=1999),
        scenario("1995-denial", pull("air_denial", STOPPED_SHARE, "1996-01"), start="1995", until=1999),
    )
    price = "price_leaf_usd2013_per_kg"
    return {
        "deterred": 1 - on.mean("flights_flown_share", (1997, 1998, 1999)),
        "leaf": percent(on.of(price, 1996), off.of(price, 1996)),
        "area": percent(on.of("coca_area_ha", 1999), on.of("coca_area_ha", 1995)),
    }


def t11_third_country(bench: Bench) -> Parts:
    """Starts at the end of 1995, squeezes Peru by stopping flights and Bolivia by its published fall (US figures, from memory), lets
    Colombia answer the price, and asks for Colombia's share of the three countries at the end of 1999."""
    bolivia = bench.pack.series["bolivia_area_ha"]
    years, values = (tuple(part) for part in zip(*BOLIVIA_HA.items(), strict=True))
    path = dataclasses.replace(bolivia, years=years, values=values, statuses=("assumed",) * len(years), claims=((),) * len(years), known_since=years)
    pack = altered(bench.pack, f"Bolivia {values}", series={**bench.pack.series, "bolivia_area_ha": path})
    denial = pull("air_denial", STOPPED_SHARE, "1996-01")
    (arm,) = bench.arms(scenario("1995-squeeze", denial, start="1995", until=1999), pack=pack)

    def countries(year: int) -> list[Array]:
        return [arm.of(name, year) for name in ("colombia_area_ha", "bolivia_area_ha", "coca_area_ha")]

    before, after = (np.stack(countries(year)) for year in (1995, 1999))
    return {"share": quotient(after[0], after.sum(axis=0)), "total": percent(after.sum(axis=0), before.sum(axis=0))}


def border_price(bench: Bench, arm: Arm, year: int, corridor: str = "") -> Array:
    """Return the price at the border, of one corridor or the mean of all."""
    ids = [corridor] if corridor else [c.id for c in bench.pack.corridors]
    price: Array = np.mean([arm.of("price_border_usd2013_per_kg", year, corridor=c) for c in ids], axis=0, dtype=float)
    return price


def t15_price_steps(bench: Bench) -> Parts:
    """Divides the model's price at the end of the corridor to Bolivia in 2025, and the ladder's wholesale price in Spain, by the
    price at origin in the VRAEM."""
    (arm,) = bench.arms(scenario("reference"))
    ladder = bench.ladder(arm)
    origin = arm.of("price_cocaine_origin_usd2013_per_kg", 2025, "vraem")
    spain = landed_price(border_price(bench, arm, 2025), ladder["transit_seized_share"], ladder["freight_europe_usd2013_per_kg"])
    return {"bolivia": quotient(border_price(bench, arm, 2025, "bolivia"), origin), "spain": quotient(spain, origin)}


def t24_legal_leaf(bench: Bench) -> Parts:
    """Starts at the end of 2015 with what was published and asks where the leaf of 2016 went; once more with the state company's
    price doubled."""
    usual, doubled = bench.arms(
        scenario("from-2015", start="2015", until=2022),
        scenario("2016-legal-price", pull("legal_price", 2.0, "2016-01"), start="2015", until=2016),
    )

    def share(arm: Arm, outcome: str) -> Array:
        return quotient(arm.of(outcome, 2016), arm.of("leaf_kg", 2016))

    return {
        "illicit": share(usual, "illicit_leaf_kg"), "state": share(usual, "legal_leaf_kg"), "doubled": share(doubled, "illicit_leaf_kg"),
    }  # fmt: skip


def t25_levy(bench: Bench) -> Parts:
    """Divides the levy on a levied kilogram by the price at origin, both in the VRAEM, in 2013; then with a charge of 450 dollars
    and a border price raised as much as product there cost more than in Peru (2,269 against 993 dollars), in 2014."""
    usual, *_ = bench.arms(scenario("from-2012", start="2012", until=2016))
    charged = ("levy_passage_usd2013_per_kg", "levy_carriage_usd2013_per_kg")
    table = {
        n: dataclasses.replace(p, default=GROUP_CHARGE_USD2013, low=GROUP_CHARGE_USD2013, high=GROUP_CHARGE_USD2013) if n in charged else p
        for n, p in bench.table.items()
    }
    dearer = pull("demand_shock", GROUP_PRICE_USD / USUAL_PRICE_USD - 1, "2013-01")
    pack = altered(bench.pack, f"levies of {GROUP_CHARGE_USD2013}")
    other, *_ = bench.arms(scenario("charge-450", dearer, start="2012", until=2014), pack=pack, table=table)

    def share(arm: Arm, year: int) -> Array:
        levy = quotient(arm.of("levy_usd2013", year, "vraem"), arm.of("levied_kg", year, "vraem"))
        return quotient(levy, arm.of("price_cocaine_origin_usd2013_per_kg", year, "vraem"))

    return {"vraem": share(usual, 2013), "colombia": share(other, 2014)}


def s08_glut(bench: Bench) -> Parts:
    """Starts at the end of 2012, when Peru's area was near its highest so far, raises the neighbours' area as Colombia's grew from
    2020 to 2022, takes a third of the buyers away in 2013, and compares the leaf price of 2014 with the same members without."""
    colombia = bench.pack.series["colombia_area_ha"]
    growth = colombia.at_year(2022) / colombia.at_year(2020) - 1
    glut = [pull(f"{country}_shock", growth, "2013-01") for country in ("colombia", "bolivia")]
    thinner = pull("clan_arrests", BUYERS_GONE, "2013-01", "2013-12")
    off, on = bench.arms(
        scenario("from-2012", start="2012", until=2016),
        scenario("glut", *glut, thinner, start="2012", until=2014),
    )
    price = "price_leaf_usd2013_per_kg"
    return {"leaf": percent(on.of(price, 2014), off.of(price, 2014))}


EXPERIMENTS = {
    "T10": t10_air_bridge, "T11": t11_third_country, "T15": t15_price_steps, "T24": t24_legal_leaf, "T25": t25_levy, "S08": s08_glut,
}  # fmt: skip
