"""Observe: the table of outcomes, and how a year is made of its months.

Stocks are those of 31 December, flows are summed over the year, prices are weighted by sales, income is per present
household and year. The observed area is the model's area as monitoring would publish it: a keyed error with the
model's and the measurement's spread, which grows from zero over the first year after the start.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from eslabon.draws import normal, stream_key
from eslabon.stages.arrays import Array


class Outcome(NamedTuple):
    """One outcome: `source` is the monthly quantity, `weight` what prices and ratios are weighted by."""

    name: str
    unit: str
    kind: str
    group: str
    dims: str
    source: str
    weight: str
    meaning: str


OUTCOMES = (
    Outcome("coca_area_ha", "ha", "stock", "supply", "basin", "counted_ha", "", "coca in production on 31 December"),
    Outcome(
        "coca_area_observed_ha", "ha", "stock", "supply", "basin", "counted_ha", "",
        "area as monitoring would publish it, errors included",
    ),
    Outcome("leaf_kg", "kg sun-dried leaf", "flow", "supply", "basin", "leaf.harvested", "", "leaf harvested"),
    Outcome("legal_leaf_kg", "kg sun-dried leaf", "flow", "supply", "basin", "leaf.sold_legal", "", "leaf sold to the state company"),
    Outcome("cocaine_kg", "kg cocaine", "flow", "supply", "basin", "product.made", "", "potential product made"),
    Outcome("seized_kg", "kg cocaine", "flow", "state", "basin", "seized_kg", "", "product seized at sites and on the way"),
    Outcome("exported_kg", "kg cocaine", "flow", "supply", "basin", "product.exported", "", "product arriving at the border"),
    Outcome("exported_kg", "kg cocaine", "flow", "supply", "corridor", "corridor_exported_kg", "", "product arriving at the border"),
    Outcome("seized_kg", "kg cocaine", "flow", "state", "corridor", "corridor_seized_kg", "", "product seized on the way"),
    Outcome("moved_kg", "kg cocaine", "flow", "supply", "basin-corridor", "moved_kg", "", "product leaving a basin by a corridor"),
    Outcome(
        "price_leaf_usd2013_per_kg", "usd2013/kg", "price", "price", "basin", "price_leaf", "leaf_sold_kg",
        "quoted price of sun-dried leaf",
    ),
    Outcome(
        "ladder_leaf_usd2013_per_kg", "usd2013/kg", "price", "price", "basin", "ladder_leaf", "product.made",
        "leaf in a kilogram of product",
    ),
    Outcome("price_base_origin_usd2013_per_kg", "usd2013/kg", "price", "price", "basin", "price_base", "product.made", "base at origin"),
    Outcome(
        "price_cocaine_origin_usd2013_per_kg", "usd2013/kg", "price", "price", "basin", "price_product", "product.made",
        "hydrochloride at origin",
    ),
    Outcome(
        "price_border_usd2013_per_kg", "usd2013/kg", "price", "price", "corridor", "border_price", "corridor_exported_kg",
        "hydrochloride at the border",
    ),
    Outcome(
        "household_income_usd2013", "usd2013/household/yr", "income", "livelihood", "basin", "income", "households",
        "net cash income of a present household",
    ),
    Outcome("households", "households", "stock", "livelihood", "basin", "households", "", "households in the coca basins"),
    Outcome("growers", "households", "stock", "livelihood", "basin", "growers", "", "of them growing coca"),
    Outcome("households_leaving", "households", "flow", "harm", "basin", "people.left", "", "households that left the basin"),
    Outcome("eradicated_ha", "ha", "flow", "state", "basin", "eradicated_ha", "", "hectares counted as eradicated"),
    Outcome("removed_ha", "ha", "flow", "state", "basin", "removed_ha", "", "hectares of coca really removed"),
    Outcome("replanted_ha", "ha", "flow", "supply", "basin", "replanted_ha", "", "hectares replanted within 24 months of eradication"),
    Outcome("arrests", "persons", "flow", "harm", "basin", "arrests", "", "arrests at sites and of carriers; street trade not included"),
    Outcome("forest_cleared_ha", "ha", "flow", "harm", "basin", "forest_cleared_ha", "", "forest cleared for new coca"),
    Outcome("public_cost_usd2013", "usd2013", "flow", "state", "basin", "public_cost", "", "public cost of eradication"),
)
"""Every outcome there is; supply and harm always travel together."""

MONTHLY = tuple(dict.fromkeys(n for o in OUTCOMES for n in (o.source, o.weight) if n))
HARMS = {
    "income": ("household_income_usd2013", ""),
    "arrests": ("arrests", ""),
    "displacement": ("households_leaving", "departures are counted; where people go, and moves between basins, are not modelled yet"),
    "forest": ("forest_cleared_ha", "a share of newly planted land; protected areas are not modelled yet"),
    "violence": ("", "not modelled yet: attacks and casualties come with the armed group and the communities"),
    "prison": ("", "not modelled yet: sentences and the prison stock come with the courts"),
    "indigenous": ("", "not modelled yet: it comes with the communities"),
}
"""Each harm: the outcome that shows it, or the words that say why none does."""


def derive(found: Mapping[str, Array]) -> dict[str, Array]:
    """Return the month's derived quantities: income, leaf sold, public cost."""
    sales = found["money.legal_sales"] + found["money.traditional_sales"] + found["money.illicit_sales"]
    costs = found["money.harvest_labour"] + found["money.upkeep"] + found["money.planting"]
    return {
        "income": sales - costs + found["money.licit_income"],
        "leaf_sold_kg": found["leaf.sold_legal"] + found["leaf.sold_traditional"] + found["leaf.sold_illicit"],
        "public_cost": found["eradicated_ha"] * found["eradication_usd2013_per_ha"],
    }


class Yearly(NamedTuple):
    """Yearly values of one outcome: (member, year), for a place."""

    outcome: str
    unit: str
    basin: str
    corridor: str | None
    years: tuple[int, ...]
    values: Array


def by_year(
    monthly: Mapping[str, Array], opening: Mapping[str, Array], first_year: int, basins: Sequence[str], corridors: Sequence[str], seed: int,
    members: Sequence[int], error: Mapping[str, Array], monitored_since: Sequence[int],
) -> list[Yearly]:  # fmt: skip
    """Return every outcome by year and place, nation first.

    Parameters
    ----------
    monthly : mapping of name to ndarray (member, month, place...)
        Whole years from January of `first_year`.
    opening : mapping of name to ndarray (member, place)
        Stocks on 31 December of the year before.
    error : mapping of parameter to ndarray (member, 1)
        Holds `area_model_error` and `area_measurement_error`.
    monitored_since : sequence of int
        First year in which each basin was monitored: the nation is observed where it was watched.
    """
    out: list[Yearly] = []
    for o in OUTCOMES:
        value = monthly[o.source]
        years = value.shape[1] // 12
        split = value.reshape(value.shape[0], years, 12, *value.shape[2:])
        span = tuple(range(first_year, first_year + years))
        if o.kind == "stock":
            local = np.concatenate([opening[o.source][:, None], split[:, :, 11]], axis=1)
            nation, span = _sum(local), (first_year - 1, *span)
        elif o.kind == "flow":
            local = _sum(split, 2)
            nation = _sum(local)
        else:
            weight = monthly[o.weight].reshape(split.shape)
            top, bottom = _sum(split if o.kind == "income" else split * weight, 2), _sum(weight, 2)
            scale = 12.0 if o.kind == "income" else 1.0
            local = _divide(top, bottom, _sum(split, 2) / 12) * scale
            nation = _divide(_sum(top), _sum(bottom), _sum(_sum(split, 2)) / 12 / split.shape[3]) * scale
        if o.name == "coca_area_observed_ha":
            watched = np.array([[since <= year for since in monitored_since] for year in span])
            nation = _sum(local * watched)
            local = local * _error(local, span, seed, members, error, basins)
            nation = nation * _error(nation, span, seed, members, error, ())
        out += _places(o, nation, local, span, basins, corridors)
    return out


def _sum(x: Array, axis: int = 2) -> Array:
    parts = np.moveaxis(x, axis, 0)
    added: Array = parts[0].copy()
    for part in parts[1:]:
        added += part
    return added


def _divide(a: Array, b: Array, otherwise: Array) -> Array:
    quotient: Array = np.divide(a, b, out=np.array(otherwise, dtype=float), where=b > 0)
    return quotient


def _error(value: Array, years: Sequence[int], seed: int, members: Sequence[int], error: Mapping[str, Array], places: Sequence[str]) -> Array:
    """Return the factor between the model's area and a published one; the model's part is national."""
    factor = np.ones_like(value)
    for i, member in enumerate(members):
        for j, _year in enumerate(years[1:], 1):
            key = stream_key(seed, member, "observation", years[j])
            shift = error["area_model_error"][i, 0] * normal(key, "model")
            spread = error["area_measurement_error"][i, 0]
            if places:
                factor[i, j] = np.exp([shift + spread * normal(key, f"place {p}") for p in places])
            else:
                factor[i, j] = np.exp(shift + spread * normal(key, "nation"))
    return factor


def _places(o: Outcome, nation: Array, local: Array, span: tuple[int, ...], basins: Sequence[str], corridors: Sequence[str]) -> list[Yearly]:
    if o.dims == "basin":
        rows = [Yearly(o.name, o.unit, "ALL", None, span, nation)]
        return rows + [Yearly(o.name, o.unit, b, None, span, local[:, :, i]) for i, b in enumerate(basins)]
    if o.dims == "corridor":
        return [Yearly(o.name, o.unit, "ALL", c, span, local[:, :, i]) for i, c in enumerate(corridors)]
    return [Yearly(o.name, o.unit, b, c, span, local[:, :, i, k]) for i, b in enumerate(basins) for k, c in enumerate(corridors)]
