"""Experiments on enforcement and what consumers see of it: budgets, seizures, inputs, the retail ladder."""

from __future__ import annotations

import numpy as np

from eslabon.study.bench import Arm, Array, Bench, Parts, percent, pull, quotient, recovery_months, rolling_mean, scenario
from eslabon.study.experiments_market import border_price
from eslabon.study.retail import arriving_kg, clearing_index, north_price, seized_share_after, value_shares

ASSETS = ("road_interdiction", "river_interdiction", "air_interdiction")
BUDGET_MULTIPLE = 3.0
SEIZED_GROWTH = 0.68
INPUT_SHOCK = 1.0
"""Processing costs twice as much at first (assumed: no rise of cost was published)."""
WATCHED_MONTHS = 48


def t13_value_shares(bench: Bench) -> Parts:
    """Takes leaf and border prices of 2008 from a run that starts in 2001 and puts the ladder's freight and home-market margin on
    top: which part of the retail value is added inside the consumer country, and which part growers receive."""
    (arm,) = bench.arms(scenario("from-2001", start="2001", until=2016))
    shares = value_shares(arm.of("ladder_leaf_usd2013_per_kg", 2008), border_price(bench, arm, 2008), bench.ladder(arm))
    return {"inside": shares["inside"], "farm": shares["farm"]}


def t19_tripled_budget(bench: Bench) -> Parts:
    """Triples eradication, site raids and interdiction assets from 2025 on and compares what reaches consumers of the country's
    cocaine in 2027 and 2028."""
    raids = bench.pack.series["site_raids"].values[-5:]
    tripled = [
        pull("forced_eradication", BUDGET_MULTIPLE * bench.usual_eradication_ha(), "2025-01"),
        pull("site_raids", BUDGET_MULTIPLE * sum(raids) / len(raids), "2025-01"),
        *(pull(name, BUDGET_MULTIPLE, "2025-01") for name in ASSETS),
    ]
    off, on = bench.arms(scenario("reference"), scenario("tripled", *tripled))
    ladder = bench.ladder(off)
    arriving = [arriving_kg(arm.mean("exported_kg", (2027, 2028)), ladder) for arm in (off, on)]
    return {"consumers": percent(arriving[1], arriving[0])}


def t21_more_assets(bench: Bench) -> Parts:
    """Raises interdiction assets on roads, rivers and in the air by half from 2025 on and compares, in 2026 and 2027, kilograms
    seized, the value of a seizure at the border price, and how many corridors are in use."""
    off, on = bench.arms(scenario("reference"), scenario("assets", *(pull(name, 1.5, "2025-01") for name in ASSETS), until=2027))
    years = (2026, 2027)

    def value(arm: Arm) -> Array:
        price = np.mean([border_price(bench, arm, year) for year in years], axis=0, dtype=float)
        return quotient(arm.mean("seized_kg", years) * price, arm.mean("seizures", years))

    return {
        "seized": on.mean("seized_kg", years) - off.mean("seized_kg", years),
        "value": value(on) - value(off),
        "corridors": on.mean("active_corridors", years) - off.mean("active_corridors", years),
    }


def t23_input_control(bench: Bench) -> Parts:
    """Doubles the cost of processing from January 2025 by a control that can be got round. The country's monthly exports stand for
    all producers, whom the published control met alike; consumers bid for what arrives, smoothed over the months on the way.
    The highest rise within four years counts, and the months until the price is back within a tenth."""
    off, on = bench.arms(scenario("reference"), scenario("inputs", pull("input_control", INPUT_SHOCK, "2025-01")))
    ladder = bench.ladder(off)
    months = np.round(ladder["pipeline_months"]).astype(int)

    def smooth(arm: Arm) -> Array:
        exported = arm.monthly("product.exported")[:, :WATCHED_MONTHS]
        return np.concatenate([rolling_mean(row[None], int(m)) for row, m in zip(exported, months, strict=True)])

    index = clearing_index(smooth(on), smooth(off), ladder["retail_elasticity"], bench.constant("prices_free"))
    return {"jump": 100 * (index.max(axis=1) - 1), "recovery": recovery_months(index, 0.1)}


def s06_transit_seizures(bench: Bench) -> Parts:
    """Raises what is seized in transit by 68 % from 2002 on: what is lost is bought again at the border, the model answers for four
    years, and the retail price of 2005 is compared with the same members without; also with margins inside the consumer
    country that multiply instead of add."""
    usual = np.array([bench.table["transit_seized_share"].default])
    added = float((seized_share_after(SEIZED_GROWTH, usual) - usual)[0])
    off, on = bench.arms(
        scenario("from-2001", start="2001", until=2016), scenario("seizures", pull("transit_seizure", added, "2002-01"), start="2001", until=2005)
    )
    ladder = bench.ladder(off)
    share = ladder["transit_seized_share"] + added * bench.constant("prices_free")
    before, after = (border_price(bench, arm, 2005) for arm in (off, on))
    chosen = bench.constant("retail_multiplicative") > 0

    def change(multiplicative: bool) -> Array:
        return percent(north_price(after, ladder, share, multiplicative), north_price(before, ladder, multiplicative=multiplicative))

    return {"price": change(chosen), "rival": change(not chosen)}


EXPERIMENTS = {
    "T13": t13_value_shares, "T19": t19_tripled_budget, "T21": t21_more_assets, "T23": t23_input_control, "S06": s06_transit_seizures,
}  # fmt: skip
