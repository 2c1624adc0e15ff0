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
from eslabon.stages.arrays import Array, ratio, total


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


def _flow(name: str, unit: str, group: str, source: str, meaning: str, dims: str = "basin") -> Outcome:
    return Outcome(name, unit, "flow", group, dims, source, "", meaning)


def _stock(name: str, unit: str, group: str, source: str, meaning: str, dims: str = "basin") -> Outcome:
    return Outcome(name, unit, "stock", group, dims, source, "", meaning)


def _mean(name: str, unit: str, group: str, source: str, weight: str, meaning: str, dims: str = "basin") -> Outcome:
    return Outcome(name, unit, "price", group, dims, source, weight, meaning)


LEAF, DRUG, USD, PER_KG = "kg sun-dried leaf", "kg cocaine", "usd2013", "usd2013/kg"
OUTCOMES = (
    _stock("coca_area_ha", "ha", "supply", "counted_ha", "coca in production on 31 December"),
    _stock("coca_area_observed_ha", "ha", "supply", "counted_ha", "area as monitoring would publish it, errors included"),
    _stock("coca_young_ha", "ha", "supply", "young_ha", "coca standing that is not yet counted as in production"),
    _flow("leaf_kg", LEAF, "supply", "leaf.harvested", "leaf harvested"),
    _flow("legal_leaf_kg", LEAF, "supply", "leaf.sold_legal", "leaf sold to the state company"),
    _flow("traditional_leaf_kg", LEAF, "supply", "leaf.sold_traditional", "leaf sold for chewing and infusion"),
    _flow("illicit_leaf_kg", LEAF, "supply", "leaf.sold_illicit", "leaf sold to local buyers"),
    _flow("cocaine_kg", DRUG, "supply", "product.made", "potential product made"),
    _flow("seized_kg", DRUG, "state", "seized_kg", "product seized at sites and on the way"),
    _flow("exported_kg", DRUG, "supply", "product.exported", "product arriving at the border"),
    _flow("exported_kg", DRUG, "supply", "corridor_exported_kg", "product arriving at the border", "corridor"),
    _flow("seized_kg", DRUG, "state", "corridor_seized_kg", "product seized on the way", "corridor"),
    _flow("moved_kg", DRUG, "supply", "moved_kg", "product leaving a basin by a corridor", "basin-corridor"),
    *(_flow(f"moved_{mode}_kg", DRUG, "supply", f"moved_{mode}", f"product that moves by the mode {mode}", "nation")
      for mode in ("air", "foot", "river", "road")),
    _stock("flights_flown_share", "1", "state", "flights_flown", "share of the flights wanted that are flown", "nation"),
    _stock("active_corridors", "corridors", "state", "active_corridors", "corridors that carry at least 5 % of what moves", "nation"),
    _flow("seizures", "seizures", "state", "seizures", "seizures on the way", "nation"),
    _stock("processing_sites", "sites", "supply", "sites", "processing sites at work"),
    _stock("clans", "groups", "supply", "clans_active", "buying and shipping groups at work", "nation"),
    _stock("clan_concentration", "1", "supply", "clan_hhi", "Herfindahl index of the groups", "nation"),
    _mean("price_leaf_usd2013_per_kg", PER_KG, "price", "price_leaf", "leaf_sold_kg", "quoted price of sun-dried leaf"),
    _mean("ladder_leaf_usd2013_per_kg", PER_KG, "price", "ladder_leaf", "product.made", "leaf in a kilogram of product"),
    _mean("price_base_origin_usd2013_per_kg", PER_KG, "price", "price_base", "product.made", "base at origin"),
    _mean("price_cocaine_origin_usd2013_per_kg", PER_KG, "price", "price_product", "product.made", "hydrochloride at origin"),
    _mean("price_forward_usd2013_per_kg", PER_KG, "price", "price_forward", "product.made",
          "what leaf, processing, tolls and carriage add up to, lost loads included"),
    _mean("price_border_usd2013_per_kg", PER_KG, "price", "border_price", "corridor_exported_kg", "hydrochloride at the border", "corridor"),
    _stock("colombia_area_ha", "ha", "supply", "colombia_ha", "coca in Colombia", "nation"),
    _stock("bolivia_area_ha", "ha", "supply", "bolivia_ha", "coca in Bolivia", "nation"),
    Outcome(
        "household_income_usd2013", "usd2013/household/yr", "income", "livelihood", "basin", "income", "households",
        "net cash income of a present household",
    ),
    _mean("poverty_share", "1", "livelihood", "poverty_share", "households", "households below the line of cash income"),
    _stock("households", "households", "livelihood", "households", "households in the coca basins"),
    _stock("growers", "households", "livelihood", "growers", "of them growing coca"),
    _mean("wage_coca_usd2013_per_day", "usd2013/day", "livelihood", "wage_coca_usd_per_day", "picking_days", "day wage of a picker"),
    _mean("wage_licit_usd2013_per_day", "usd2013/day", "livelihood", "wage_licit_usd_per_day", "picking_days", "day wage on other crops"),
    _mean("seasonal_workers", "persons", "livelihood", "seasonal_workers", "", "pickers who come from elsewhere, mean of the months"),
    _mean("child_workers", "persons", "livelihood", "child_workers", "", "children who work in coca, mean of the months"),
    _stock("assisted_households", "households", "livelihood", "assisted", "households assisted with legal crops"),
    _stock("paid_households", "households", "livelihood", "paid", "households paid to stay out of coca"),
    _flow("paid_entered", "households", "livelihood", "paid_entered", "households that uproot their coca for a payment"),
    _flow("paid_returned", "households", "livelihood", "paid_returned", "households that leave that agreement"),
    _stock("registered_households", "households", "livelihood", "registered", "households registered under a household quota"),
    _stock("titled_households", "households", "livelihood", "titled", "households titled in the run"),
    _flow("coca_income_usd2013", USD, "livelihood", "coca_income_usd", "what coca earns the basins' households, wages included"),
    _flow("local_income_usd2013", USD, "livelihood", "local_income_made", "income made by its spending in the basin"),
    _flow("laundered_usd2013", USD, "state", "laundered_usd", "trade margin laundered"),
    _stock("fuel_index", "1", "livelihood", "fuel_index", "fuel sales, relative to the start", "nation"),
    _mean("trust", "1", "livelihood", "trust", "households", "trust in the state, 0 to 1"),
    _flow("eradicated_ha", "ha", "state", "eradicated_ha", "hectares counted as eradicated"),
    _flow("eradication_shortfall_ha", "ha", "state", "eradication_shortfall_ha", "planned hectares that crews could not reach"),
    _flow("removed_ha", "ha", "state", "removed_ha", "hectares of coca really removed"),
    _flow("removed_regrown_ha", "ha", "state", "removed_regrown_ha", "of them on plots eradicated before"),
    _flow("voluntary_ha", "ha", "state", "voluntary_ha", "hectares uprooted for a payment"),
    _flow("replanted_ha", "ha", "supply", "replanted_ha", "hectares replanted within 24 months of eradication"),
    _flow("levy_usd2013", USD, "state", "levy_usd", "levied by the armed group"),
    _flow("levied_kg", DRUG, "state", "levied_kg", "product it charged"),
    _flow("carriers_pay_usd2013", USD, "livelihood", "carriage_pay", "paid to carriers"),
    _flow("crews_pay_usd2013", USD, "livelihood", "crew_pay", "paid to processing crews"),
    _flow("bribes_usd2013", USD, "state", "bribes_usd", "bribes paid"),
    _stock("captured_mayors", "offices", "state", "captured_mayors", "municipalities under the trade's influence", "nation"),
    _stock("captured_mayors_vraem", "offices", "state", "captured_mayors_vraem", "of them in the VRAEM", "nation"),
    _stock("captured_seats", "offices", "state", "captured_seats", "seats of congress under its influence", "nation"),
    _stock("armed_group_members", "persons", "state", "group_strength", "members of the armed group", "nation"),
    _stock("armed_group_presence", "1", "state", "group_presence_all", "how present it is, 1 one whole basin", "nation"),
    _flow("captures", "persons", "state", "captures", "members captured", "nation"),
    _flow("attacks", "attacks", "harm", "attacks", "attacks by the armed group"),
    _flow("deaths_civilians", "persons", "harm", "deaths_civil", "civilians killed in attacks and clashes"),
    _flow("deaths_state", "persons", "harm", "deaths_state", "soldiers, police and crews killed"),
    _flow("deaths_group", "persons", "harm", "deaths_group", "members of the armed group killed"),
    _flow("deaths_flights", "persons", "harm", "deaths_flights", "people killed on flights stopped by force", "nation"),
    _flow("protests", "protests", "harm", "protests", "protests against eradication"),
    _flow("arrests", "persons", "harm", "arrests", "arrests at sites, of carriers and clan members; street trade not included"),
    _flow("prison_entries", "persons", "harm", "prisoners.imprisoned", "people imprisoned for the trade"),
    _stock("prison_stock", "persons", "harm", "prison", "people in prison for the trade, by basin of origin"),
    _stock("prison_overcrowding", "1", "harm", "overcrowding", "inmates of the country over the places of 2013", "nation"),
    _flow("prison_income_lost_usd2013", USD, "harm", "prison_income_lost", "income families lose to prison"),
    _mean("cohort_exposed_share", "1", "harm", "exposed_adults", "households", "adults who were 11 to 14 when prices were high"),
    _flow("households_leaving", "households", "harm", "people.left", "households that left coca and the basin because other work paid better"),
    _flow("households_moved_out", "households", "harm", "people.moved_out", "households that moved to another basin after eradication"),
    _flow("households_moved_in", "households", "harm", "people.moved_in", "households that came from another basin after eradication"),
    _flow("displaced_people", "persons", "harm", "displaced_people", "people of households that moved to another basin after eradication"),
    _flow("displaced_ha", "ha", "harm", "displaced_ha", "coca that households from other basins will plant, once settled"),
    _stock("indigenous_exposure_ha", "ha", "harm", "indigenous_ha", "standing coca in indigenous territories"),
    _stock("protected_exposure_ha", "ha", "harm", "protected_ha", "standing coca in protected areas and their buffer zones"),
    _flow("forest_cleared_ha", "ha", "harm", "forest_cleared_ha", "forest cleared for new coca"),
    _flow("public_cost_usd2013", USD, "state", "public_cost", "public cost of eradication, payments and the levers pulled"),
)  # fmt: skip
"""Every outcome there is; supply and harm always travel together."""

MONTHLY = tuple(dict.fromkeys(n for o in OUTCOMES for n in (o.source, o.weight) if n))
HARMS = {
    "income": ("household_income_usd2013", ""),
    "violence": ("deaths_civilians", ""),
    "arrests": ("arrests", ""),
    "prison": ("prison_stock", ""),
    "displacement": ("displaced_people", ""),
    "indigenous": ("indigenous_exposure_ha", ""),
    "forest": ("forest_cleared_ha", ""),
}
"""Each harm: the outcome that shows it, or the words that say why none does."""
PERSONS_PER_HOUSEHOLD = 4.0
"""Mean household (X0154)."""
MODES = ("air", "foot", "river", "road")


def derive(found: Mapping[str, Array]) -> dict[str, Array]:
    """Return the month's derived quantities: income, leaf sold, public cost, who moved, what moved by which mode."""
    sales = found["money.legal_sales"] + found["money.traditional_sales"] + found["money.illicit_sales"]
    costs = found["money.harvest_labour"] + found["money.upkeep"] + found["money.planting"]
    help_usd = found["money.programme_payments"] + found["money.transfers"]
    earned = found["money.licit_income"] + found["money.day_labour"] + found["money.crop_income"]
    share = ratio(found["households"], total(found["households"]))
    grows = ratio(found["growers"], found["households"])
    return {
        "income": sales - costs + earned + help_usd,
        "leaf_sold_kg": found["leaf.sold_legal"] + found["leaf.sold_traditional"] + found["leaf.sold_illicit"],
        "public_cost": found["eradicated_ha"] * found["eradication_usd2013_per_ha"] + help_usd + found["policy_cost_usd2013"] * share,
        "displaced_people": PERSONS_PER_HOUSEHOLD * found["people.moved_out"],
        "displaced_ha": found["people.moved_in"] * grows * found["mean_grower_ha"],
        "group_presence_all": total(found["group_presence"]),
        **{f"moved_{mode}": found["mode_moved_kg"][:, i : i + 1] for i, mode in enumerate(MODES)},
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
            weight = monthly[o.weight].reshape(split.shape) if o.weight else np.ones_like(split)
            top, bottom = _sum(split if o.kind == "income" else split * weight, 2), _sum(weight, 2)
            scale = 12.0 if o.kind == "income" else 1.0
            local = _divide(top, bottom, _sum(split, 2) / 12) * scale
            nation = _divide(_sum(top), _sum(bottom), _sum(_sum(split, 2)) / 12 / split.shape[3]) * scale
            if not o.weight:
                nation = _sum(local)
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
    if o.dims == "nation":
        return [Yearly(o.name, o.unit, "ALL", None, span, nation)]
    if o.dims == "corridor":
        return [Yearly(o.name, o.unit, "ALL", c, span, local[:, :, i]) for i, c in enumerate(corridors)]
    return [Yearly(o.name, o.unit, b, c, span, local[:, :, i, k]) for i, b in enumerate(basins) for k, c in enumerate(corridors)]
