"""Checks of inputs: figures the model is given, shown beside what was published and never counted."""

from __future__ import annotations

import numpy as np

from eslabon.params.table import draw_ensemble
from eslabon.study.bench import Array, Bench, Parts

RIVAL_AREAS = ("C0246", "C0355")


def _drawn(bench: Bench, name: str) -> Array:
    return np.asarray(draw_ensemble(bench.table, bench.seed, range(bench.members))[0][name][:, 0])


def _mean_yield_kg_per_ha_yr(bench: Bench, year: str) -> float:
    areas = [getattr(z, f"area_{year}_ha") for z in bench.pack.zones]
    return float(np.average([z.yield_kg_per_ha_yr for z in bench.pack.zones], weights=areas))


def s01_conversion(bench: Bench) -> Parts:
    """Divides the mean yield of 2024, weighted by area, by the leaf a kilogram of product takes."""
    return {"conversion": _mean_yield_kg_per_ha_yr(bench, "2024") / _drawn(bench, "leaf_kg_per_kg_cocaine")}


def s02_revenue(bench: Bench) -> Parts:
    """Divides yield times the published leaf price of 2013 by twice the net return of legal crops, half of whose revenue is cost."""
    price = next(o.value for o in bench.pack.observations if (o.quantity, o.basin, o.year) == ("price_leaf_usd2013_per_kg", "ALL", 2013))
    licit = 2 * bench.pack.series["licit_return_usd2013_per_ha"].at_year(2013)
    return {"revenue": np.full(bench.members, _mean_yield_kg_per_ha_yr(bench, "2012") * price / licit)}


def s09_rival_areas(bench: Bench) -> Parts:
    """Divides the two official areas of 2009 that the pack keeps side by side."""
    higher, lower = (bench.pack.ledger.claims[c].value for c in RIVAL_AREAS)
    return {"ratio": np.full(bench.members, float(higher or 0) / float(lower or 1))}


def t16_committed(bench: Bench) -> Parts:
    """Takes the share of committed households that each member drew."""
    return {"committed": _drawn(bench, "grower_share_committed")}


EXPERIMENTS = {"S01": s01_conversion, "S02": s02_revenue, "S09": s09_rival_areas, "T16": t16_committed}
