"""The levers there are: the signal each acts on and how, its unit and bounds, what a unit costs, and what else it may say."""

from __future__ import annotations

from typing import NamedTuple

from eslabon.units import KG_PER_T

MODES = ("air", "foot", "river", "road")
"""The order of modes in every signal that has one value a mode."""

ASSUMED, BY_MODEL, UNDEFINED = "assumed", "counted by the model", "not defined"
"""Whose word a unit cost is; the plan's cost leaves out what the model counts from what it really did."""


class Option(NamedTuple):
    """A further key of a lever's table; its signal holds the value in every month the lever has a weight."""

    key: str
    unit: str
    default: float
    minimum: float
    maximum: float
    signal: str
    meaning: str


class Mark(NamedTuple):
    """A signal that says where or whether a lever is pulled.

    `kind` is "reached" (1 in the chosen places from the start on, also after the end), "running" (1 while the lever
    has a weight), "weight" (that weight, in the chosen places), "only" (less by the weight outside the places named) or
    "promised" (the payment that is announced and not yet made, in the chosen places).
    """

    signal: str
    kind: str


class Lever(NamedTuple):
    """One lever: `amount` is the key of its quantity in a scenario, `unit` the unit it must carry.

    `how` it acts on `signal` with weight w and amount a (times `factor`, which turns `unit` into the signal's):
    "replace" blends to a; "add" adds w a; "split" adds w a divided equally over the chosen places; "scale" multiplies
    by 1 + w (a - 1); "reduce" multiplies by 1 - w a; "hold" is a while w > 0; "plan" is eradication's own rule.
    """

    name: str
    amount: str
    unit: str
    minimum: float
    maximum: float
    targets: str
    row: str
    meaning: str
    signal: str
    how: str
    unit_cost: float = 0.0
    cost_status: str = UNDEFINED
    options: tuple[Option, ...] = ()
    marks: tuple[Mark, ...] = ()
    modes: tuple[str, ...] = MODES
    factor: float = 1.0

    @property
    def cost_unit(self) -> str:
        """The unit of a cost per unit of the amount and year, such as `usd2013/ha` for an amount in ha/yr."""
        if self.unit in ("1", "usd2013/yr"):
            return "usd2013/yr" if self.unit == "1" else "1"
        thing, _, per_year = self.unit.partition("/")
        return f"usd2013/{thing.removesuffix('s')}" + ("" if per_year else "/yr")


_BINDING = Option("binding", "1", 0, 0, 1, "input_binding", "share of the control that cannot be got round")
_PAYMENT = Option("payment", "usd2013/ha/yr", 6000, 0, 1e5, "voluntary_payment_usd2013_per_ha_yr", "paid a year for a hectare kept out of coca")

# fmt: off
_LAND_AND_MARKETS = (
    Lever("forced_eradication", "area", "ha/yr", 0, 1e6, "basins", "R12", "counted hectares the crews eradicate a year",
          "eradication_plan_ha", "plan", 950, BY_MODEL),
    Lever("voluntary_eradication", "area", "ha/yr", 0, 1e6, "basins", "R12", "hectares families pull up for a payment a year",
          "voluntary_ha_per_yr", "add", 0, BY_MODEL, options=(_PAYMENT,),
          marks=(Mark("voluntary_basins", "reached"), Mark("payments_kept", "running"),
                 Mark("promised_payment_usd2013_per_ha_yr", "promised"))),
    Lever("legal_purchase", "volume", "t/yr", 0, 1e6, "none", "R4", "most leaf the state company buys a year",
          "enaco_purchases_kg", "replace", 2500, ASSUMED, factor=KG_PER_T),
    Lever("legal_price", "factor", "1", 0, 100, "none", "R4", "state company's price as a multiple of the baseline's",
          "enaco_price_usd2013_per_kg", "scale"),
    Lever("household_quota", "area", "ha", 0, 10, "basins", "R16", "coca a household may keep under community control",
          "quota_ha", "hold", marks=(Mark("quota_active", "weight"),)),
    Lever("alternative_development", "families", "households", 0, 1e6, "basins", "R5", "families assisted beyond the baseline's",
          "assisted_added", "add", 1500, ASSUMED, marks=(Mark("assisted_where", "reached"),)),
    Lever("land_title", "households", "households/yr", 0, 1e6, "basins", "R5", "households that receive a land title a year",
          "titles_per_yr", "add", 800, ASSUMED, marks=(Mark("titles_where", "reached"),)),
    Lever("school_transfers", "share", "1", 0, 1, "basins", "R15", "share of households with a transfer tied to school attendance",
          "school_transfers", "replace", 0, BY_MODEL),
    Lever("road_improvement", "saving", "1", 0, 1, "basins", "R5", "share by which roads lower the transport cost of legal crops",
          "road_improvement", "replace"),
)
_POLICE_AND_COURTS = (
    Lever("site_raids", "raids", "raids/yr", 0, 1e6, "basins", "R13", "processing sites raided a year",
          "site_raids_per_yr", "replace", 3000, ASSUMED, marks=(Mark("raid_basins", "only"),)),
    Lever("seizure", "share", "1", 0, 1, "corridors", "R13", "least share of the product seized on the way",
          "seizure_floor", "replace"),
    Lever("road_interdiction", "assets", "1", 0, 10, "none", "R13", "assets on roads and paths as a multiple of the baseline's",
          "mode_effort", "scale", 20e6, ASSUMED, modes=("foot", "road")),
    Lever("river_interdiction", "assets", "1", 0, 10, "none", "R13", "assets on rivers as a multiple of the baseline's",
          "mode_effort", "scale", 20e6, ASSUMED, modes=("river",)),
    Lever("air_interdiction", "assets", "1", 0, 10, "none", "R13", "assets against flights as a multiple of the baseline's",
          "mode_effort", "scale", 20e6, ASSUMED, modes=("air",)),
    Lever("air_denial", "share", "1", 0, 0.5, "none", "R13", "share of flights stopped by force when all fly",
          "air_denial_share", "replace", 60e6, ASSUMED),
    Lever("input_control", "shock", "1", 0, 10, "none", "R7", "relative rise of the cost of processing",
          "input_shock", "replace", 20e6, ASSUMED, options=(_BINDING,)),
    Lever("checkpoints", "posts", "posts", 0, 500, "none", "R13", "control posts on inputs beyond the baseline's",
          "checkpoints_added", "add", 0.3e6, ASSUMED),
    Lever("bases", "bases", "bases", 0, 200, "basins", "R13", "police and army bases added, equally over the basins",
          "bases_added", "split", 2e6, ASSUMED),
    Lever("curfew", "share", "1", 0, 1, "basins", "R13", "share of the nights under curfew",
          "curfew", "replace", 5e6, ASSUMED),
    Lever("rewards", "reward", "usd2013/yr", 0, 1e9, "none", "R13", "paid a year for captures in the armed group",
          "rewards_usd2013_per_yr", "add", 1, ASSUMED),
    Lever("clan_arrests", "share", "1", 0, 0.9, "none", "R13", "share of clan members arrested a year beyond the baseline's",
          "clan_arrest_share_per_yr", "add", 40e6, ASSUMED),
    Lever("anti_corruption", "effort", "1", 0, 1, "none", "R14", "effort against captured offices, from none to all that can be done",
          "anti_corruption", "replace", 30e6, ASSUMED),
    Lever("sentencing", "factor", "1", 0.1, 5, "none", "R15", "length of sentences as a multiple of the baseline's",
          "sentence_factor", "scale"),
    Lever("prison_alternatives", "share", "1", 0, 1, "none", "R15", "share of convictions served outside prison",
          "diverted_share", "replace"),
)
_WORLD = (
    Lever("corridor_closure", "share", "1", 0, 1, "corridors", "R10", "share by which a corridor is closed",
          "corridor_open", "reduce"),
    Lever("demand_shock", "change", "1", -0.99, 10, "none", "R10", "relative change of the border price",
          "demand_shock", "replace"),
    Lever("transit_seizure", "share", "1", 0, 0.6, "none", "R10", "share of the product seized beyond the border sale, added to the usual one",
          "transit_seizure_added", "replace"),
    Lever("colombia_shock", "change", "1", -0.95, 5, "none", "R17", "relative change of Colombia's coca area",
          "colombia_change", "replace"),
    Lever("bolivia_shock", "change", "1", -0.95, 5, "none", "R17", "relative change of Bolivia's coca area",
          "bolivia_change", "replace"),
    Lever("crop_price", "change", "1", -0.95, 5, "none", "R5", "relative change of the price of legal crops",
          "crop_price_change", "replace"),
)
# fmt: on

LEVERS = {lever.name: lever for lever in (*_LAND_AND_MARKETS, *_POLICE_AND_COURTS, *_WORLD)}
"""Every lever a scenario may pull; strength 0 to 1 blends it with the baseline."""

WORLD = frozenset(lever.name for lever in _WORLD)
"""Levers that are events of the world and no policy."""

SCHEDULE = ("announce", "start", "ramp", "end", "strength", "budget", "unit_cost")
"""Keys that every lever's table may have beside its amount, its places and its options."""
