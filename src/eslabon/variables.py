"""The state beyond the household: every array of `State.values`, with what it is by, its unit, its bounds and its meaning."""

from __future__ import annotations

from math import inf
from typing import NamedTuple


class Variable(NamedTuple):
    """One array of `State.values`.

    `dims` says what there is one value for beside the member: "nation" (one value), "basin", "corridor", "mode", "clan",
    "neighbour" (Colombia, Bolivia), or two of these joined by a hyphen. Values lie in [low, high] in every month.
    """

    name: str
    dims: str
    unit: str
    low: float
    high: float
    meaning: str


HA, KG, PRODUCT, PERSONS, HOUSEHOLDS = "ha", "kg cocaine", "kg cocaine/month", "persons", "households"
USD_KG, USD_MONTH = "usd2013/kg", "usd2013/month"

# fmt: off
_LAND_AND_PEOPLE = (
    Variable("counted_ha", "basin", HA, 0, inf, "coca old enough to be counted as in production"),
    Variable("young_ha", "basin", HA, 0, inf, "coca planted and not yet counted"),
    Variable("erased_ha", "basin", HA, 0, inf, "land whose coca was uprooted and not replanted"),
    Variable("fallow_ha", "basin", HA, 0, inf, "land resting after its coca was given up"),
    Variable("households", "basin", HOUSEHOLDS, 0, inf, "households present"),
    Variable("growers", "basin", HOUSEHOLDS, 0, inf, "of them with coca standing"),
    Variable("assisted", "basin", HOUSEHOLDS, 0, inf, "households assisted with legal crops"),
    Variable("paid", "basin", HOUSEHOLDS, 0, inf, "households paid to stay out of coca"),
    Variable("registered", "basin", HOUSEHOLDS, 0, inf, "households registered under a household quota"),
    Variable("titled", "basin", HOUSEHOLDS, 0, inf, "households titled in the run"),
    Variable("paid_eligible_ha", "basin", HA, 0, inf, "coca of households that would uproot it for the payment on offer"),
    Variable("hazard", "basin", "1/yr", 0, 12, "remembered rate at which standing coca is removed"),
    Variable("perceived_risk", "basin", "1/yr", 0, inf, "what growers reckon with: the hazard, what is announced, what neighbours tell"),
    Variable("loss_months", "basin", "month", 0, inf, "months in a row in which coca was expected to lose cash"),
    Variable("expected_return", "basin", "usd2013/ha/yr", -inf, inf, "remembered net return of coca, own labour counted at its wage"),
    Variable("expected_licit", "basin", "usd2013/ha/yr", 0, inf, "remembered net return of legal crops"),
)
_LEAF_AND_PRODUCT = (
    Variable("flow_kg", "basin", PRODUCT, 0, inf, "slow mean of the product that the leaf on offer would make"),
    Variable("capacity_kg", "basin", PRODUCT, 0, inf, "evacuation capacity: what those who ship can carry away"),
    Variable("way_out_kg", "basin", PRODUCT, 0, inf, "of it what can be used this month, after arrests of clans and curfew"),
    Variable("store_kg", "basin", KG, 0, inf, "product stored in the basin"),
    Variable("sites", "basin", "sites", 0, inf, "processing sites at work"),
    Variable("substitution", "nation", "1", 0, inf, "how far substitutes have replaced controlled inputs, as a share of the cost"),
    Variable("input_cost_index", "nation", "1", 1, inf, "cost of processing relative to the usual one"),
    Variable("clan_capacity", "clan", "1", 0, 2, "capacity of a buying and shipping group, as a share of all at the start"),
    Variable("clan_arrest_trace", "nation", "1/yr", 0, 12, "share of clan members arrested in the last year or so"),
    Variable("clan_strength", "nation", "1", 0, 2, "capacity of all groups, 1 at the start"),
    Variable("markdown", "nation", "1", 0, inf, "how much of the leaf's margin buyers pass on, 1 at the concentration of the start"),
)
_CARRIAGE = (
    Variable("corridor_share", "basin-corridor", "1", 0, 1, "share of a basin's product that leaves by a corridor"),
    Variable("mode_share", "corridor-mode", "1", 0, 1, "share of a corridor's product that goes by a mode"),
    Variable("belief", "corridor", "1", 0, 1, "seized share that those who ship reckon with"),
    Variable("mode_belief", "mode", "1", 0, 1, "the same for a mode, nation-wide"),
    Variable("premium", "corridor", "1", 1, inf, "multiple of the cost of carriage that is paid for risk"),
    Variable("interdictor_trace", "corridor", "1", 0, 1, "where police and army remember having seized: shares of what was taken"),
    Variable("denial_trace", "nation", "1", 0, 1, "remembered share of flights stopped by force"),
    Variable("passage", "basin", "1", 0, 1, "share of what leaves the basin that closures and grounded flights let through"),
    Variable("flights_flown", "nation", "1", 0, 1, "share of the wanted flights that are flown"),
    Variable("load_size", "nation", KG, 0, inf, "mean of what one seizure takes"),
    Variable("carriage_cost", "corridor", USD_KG, 0, inf, "cost of carriage, pay for the risk of prison included"),
    Variable("prison_pay_usd2013_per_kg", "nation", USD_KG, 0, inf, "pay for the risk of prison: expected years times a year's earnings"),
)
_PRICES = (
    Variable("price_leaf", "basin", USD_KG, 0.05, inf, "quoted price of sun-dried leaf"),
    Variable("leaf_price_slow", "basin", USD_KG, 0.05, inf, "its mean over ten years"),
    Variable("price_product", "basin", USD_KG, 0, inf, "hydrochloride at origin"),
    Variable("price_base", "basin", USD_KG, 0, inf, "base at origin"),
    Variable("ladder_leaf", "basin", "usd2013/kg cocaine", 0, inf, "price of the leaf in a kilogram of product"),
    Variable("price_forward", "basin", USD_KG, 0, inf, "check of the ladder: leaf, processing, tolls and carriage, lost loads included"),
    Variable("border_price", "corridor", USD_KG, 0, inf, "hydrochloride where it leaves the country"),
    Variable("border_mean", "nation", USD_KG, 0, inf, "slow mean of the border price over the corridors"),
    Variable("border_anchor", "nation", USD_KG, 0, inf, "the same when the neighbours' published series ended"),
    Variable("evacuation", "basin", "1", 0, 1, "how much of what is made can leave"),
    Variable("levy_per_kg", "basin", USD_KG, 0, inf, "what the armed group charges, a kilogram dispatched"),
    Variable("bribe_per_kg", "nation", USD_KG, 0, inf, "bribes, a kilogram dispatched"),
    Variable("area_mean_ha", "nation", HA, 0, inf, "slow mean of the coca area of the three countries"),
    Variable("colombia_ha", "nation", HA, 0, inf, "coca in Colombia"),
    Variable("bolivia_ha", "nation", HA, 0, inf, "coca in Bolivia"),
    Variable("neighbour_log", "neighbour", "1", -inf, inf, "log of a neighbour's area over what its series says"),
    Variable("replacement_demand", "nation", "1", 0, inf, "demand at the border relative to the usual, more being lost beyond it"),
)
_LABOUR_AND_MONEY = (
    Variable("picking_wage", "basin", "1", 0.5, 2, "wage of pickers relative to the usual one"),
    Variable("wage_mean", "basin", "1", 0, 2, "its mean over a year"),
    Variable("harvest_wage_index", "basin", "1", 0, inf, "that mean times the index of rural wages"),
    Variable("harvest_usual", "basin", "kg sun-dried leaf/month", 0, inf, "leaf picked a month, mean of a year"),
    Variable("labour_supply", "basin", "kg sun-dried leaf/month", 0, inf, "leaf that the pickers on hand can pick at the usual wage"),
    Variable("income_grower_mean", "basin", "usd2013/household/yr", -inf, inf, "cash income of a household with coca, mean of a year"),
    Variable("income_other_mean", "basin", "usd2013/household/yr", -inf, inf, "the same of a household without coca"),
    Variable("rents_mean", "basin", USD_MONTH, 0, inf, "illicit sales of leaf, mean of a year"),
    Variable("spending_mean", "basin", USD_MONTH, 0, inf, "spending that coca brings to the basin, mean of a year"),
)
_INSTITUTIONS = (
    Variable("group_presence", "basin", "1", 0, 1, "how present the armed group is"),
    Variable("group_strength", "nation", PERSONS, 0, inf, "its members"),
    Variable("group_revenue_mean", "nation", USD_MONTH, 0, inf, "what it levies, mean of a year"),
    Variable("self_defence", "basin", "1", 0, 1, "share of communities with a self-defence committee"),
    Variable("captured_mayors", "nation", "offices", 0, inf, "municipalities under the trade's influence; a count, nothing else"),
    Variable("captured_seats", "nation", "offices", 0, 130, "seats of congress under its influence; a count, nothing else"),
    Variable("capture_wish", "nation", "1", 0, inf, "offices that rents would capture, relative to the start"),
    Variable("enforcement", "nation", "1", 0.3, 1.5, "what captured offices leave of raids and seizures, 1 at the start"),
    Variable("overcrowding", "nation", "1", 0, inf, "inmates of the country over its places"),
    Variable("prison", "basin", PERSONS, 0, inf, "people in prison for the trade, by basin of origin"),
    Variable("exposed_children", "basin", "1", 0, 1, "share of children of 11 to 14 who live through high leaf prices"),
    Variable("exposed_adults", "basin", "1", 0, 1, "share of adults who did as children"),
    Variable("trust", "basin", "1", 0, 1, "trust in the state"),
    Variable("trust_gain", "basin", "1", -1, 1, "trust less that of the start"),
    Variable("mobilisation", "basin", "1", 0, 1, "mobilisation against eradication"),
)
# fmt: on

VARIABLES = (*_LAND_AND_PEOPLE, *_LEAF_AND_PRODUCT, *_CARRIAGE, *_PRICES, *_LABOUR_AND_MONEY, *_INSTITUTIONS)
"""Every array of `State.values`, in the order of the chain."""
