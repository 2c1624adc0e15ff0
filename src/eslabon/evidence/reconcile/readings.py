"""Which claim speaks of which variable of the chain, in which unit, and which claims must not be mixed in."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from eslabon.errors import InputError, nearest
from eslabon.evidence.claims import Claim, Ledger
from eslabon.evidence.reconcile.trust import AREA, GROWTH, MASS, POTENTIAL, PRICE, RATE, RATIO, SEIZURE, SHARE, WEIGHT, relative_error

SUN_DRIED = "sun-dried leaf"
DRY_RATIO = "sun-dried leaf per cocaine hydrochloride"
PRODUCT = ("cocaine hydrochloride", "cocaine, form not stated", "pure cocaine")
CITIES = ("Lima",)
"""Places that are a market further down the chain and grow nothing."""


@dataclass(frozen=True)
class Rule:
    """A quantity of the ledger speaks of a variable.

    `forms` are the forms it must have (empty: any), `units` the units it may be given in with their factor to the
    variable's unit; a unit with factor 0 stays as it is and is bound to the variable by a balance.
    """

    variable: str
    kind: str
    unit: str
    units: tuple[tuple[str, float], ...]
    forms: tuple[str, ...] = ()


_TONNES = (("t", 1.0), ("t/yr", 1.0), ("kg", 0.001))
_PERCENT = (("percent", 0.01), ("share", 1.0), ("fraction", 1.0))
_PER_KG = (("USD/kg", 1.0), ("PEN/kg", 0.0), ("USD/arroba", 0.0), ("PEN/arroba", 0.0), ("USD/lb", 1 / 0.45359237), ("USD/t", 0.001))


def _mass(variable: str, *forms: str, kind: str = MASS) -> Rule:
    return Rule(variable, kind, "t", _TONNES, forms)


def _area(variable: str, *forms: str) -> Rule:
    return Rule(variable, AREA, "ha", (("ha", 1.0),), forms)


def _share(variable: str) -> Rule:
    return Rule(variable, SHARE, "share", _PERCENT)


def _price(variable: str, *forms: str) -> Rule:
    return Rule(variable, PRICE, "USD/kg", _PER_KG, forms)


RULES: dict[str, Rule] = {
    "coca_area_unodc": _area("area", "coca area in production"),
    "coca_area": _area("area", "coca area", "coca area in production"),
    "coca_area_us": _area("us_area", "coca area, United States system"),
    "coca_area_share": _share("area_share"),
    "coca_area_change": Rule("area_growth", GROWTH, "ratio", (("percent", 0.01),), ("coca area in production",)),
    "leaf_yield": Rule("yield", MASS, "kg/ha/yr", (("kg/ha/yr", 1.0), ("kg/ha", 1.0), ("t/ha", 1000.0)), (SUN_DRIED,)),
    "leaf_production": _mass("leaf", SUN_DRIED),
    "leaf_share": _share("leaf_share"),
    "leaf_to_trafficking": _mass("illicit", SUN_DRIED),
    "leaf_traditional": _mass("traditional", SUN_DRIED),
    "legal_demand": _mass("traditional", SUN_DRIED),
    "leaf_traditional_share": _share("traditional_share"),
    "leaf_lost": _mass("lost", SUN_DRIED),
    "enaco_purchases": _mass("legal", SUN_DRIED),
    "legal_share_of_leaf": _share("legal_share"),
    "enaco_share_of_leaf": _share("legal_share"),
    "leaf_per_cocaine": Rule("leaf_per_kg", RATIO, "kg/kg", (("kg/kg", 1.0),), (DRY_RATIO,)),
    "cocaine_production": _mass("product", *PRODUCT, kind=POTENTIAL),
    "cocaine_potential_other": _mass("product", *PRODUCT, kind=POTENTIAL),
    "cocaine_potential_unodc": _mass("product", *PRODUCT, kind=POTENTIAL),
    "cocaine_potential_us_pure": _mass("us_pure", *PRODUCT, kind=POTENTIAL),
    "cocaine_potential_us_export": _mass("us_export", "cocaine of export quality", kind=POTENTIAL),
    "cocaine_share": _share("product_share"),
    "seizure_hcl": _mass("seized_hcl", "cocaine hydrochloride", kind=SEIZURE),
    "seizure_pbc": _mass("seized_base", "cocaine base", kind=SEIZURE),
    "seizure_hcl_part_year": _mass("seized_hcl", "cocaine hydrochloride", kind=SEIZURE),
    "seizure_pbc_part_year": _mass("seized_base", "cocaine base", kind=SEIZURE),
    "price_leaf": _price("leaf_price", SUN_DRIED),
    "leaf_price": _price("leaf_price", SUN_DRIED),
    "price_leaf_arroba": _price("leaf_price", SUN_DRIED),
    "price_pbc": _price("base_price", "cocaine base"),
    "price_hcl": _price("product_price", "cocaine hydrochloride"),
    "price_cocaine": _price("product_price", "cocaine hydrochloride"),
    "farmgate_value": Rule("leaf_value", PRICE, "million USD", (("million USD", 1.0), ("USD", 1e-6)), (SUN_DRIED,)),
    "exchange_rate": Rule("exchange_rate", RATE, "PEN/USD", (("PEN/USD", 1.0),)),
    "arroba": Rule("arroba", WEIGHT, "kg", (("kg", 1.0),)),
    "harvests_per_year": Rule("harvests", RATIO, "1/yr", (("1/yr", 1.0),)),
}
"""Quantities of the ledger that speak of the chain.

Left out on purpose: drugs seized or burnt "of all kinds" (mixtures), leaf seized with its drying not stated, gross
eradication (it is not a change of standing area), avoided cocaine and counterfactual areas (not measured), registered
areas, and anything given for a department (another partition of the same total).
"""

WHOLE_YEAR_DAYS = 360
DEFINITIONS = ("arroba",)
"""Variables that are agreed, not measured: two values are two definitions, whatever their error."""


@dataclass(frozen=True)
class Reading:
    """What a claim says of a variable at a place in a year.

    Parameters
    ----------
    claim : Claim
        As printed.
    variable : str
        Key of the variable.
    place : str
        Place of the variable.
    value : float
        In `unit`.
    unit : str
        Of `value`; the variable's own unit unless a currency or an arroba is converted inside the network.
    sigma : float
        Relative standard error.
    derived : bool
        Worked out by us from other claims: shown, never counted.
    carried : int
        Years between the claim and the year it is used for.
    """

    claim: Claim
    variable: str
    place: str
    value: float
    unit: str
    sigma: float
    derived: bool = False
    carried: int = 0

    @property
    def name(self) -> str:
        """The variable and its place, unique in a network."""
        return named(self.variable, self.place)

    @property
    def contested(self) -> bool:
        """Whether the ledger says that somebody disputes the claim."""
        return self.claim.conflict or "contest" in self.claim.confidence

    @property
    def bound(self) -> str:
        """`lower`, `upper`, or nothing; a flow over part of a year is a lower bound of the year's."""
        if self.claim.bound_type in ("lower", "upper"):
            return self.claim.bound_type
        days = (self.claim.period_end - self.claim.period_start).days
        return "lower" if self.claim.kind == "flow" and 0 < days < WHOLE_YEAR_DAYS else ""

    def in_unit(self, printed: float) -> float:
        """Return a printed number of the claim (its value, low or high) in the reading's unit."""
        return _converted(printed, RULES[self.claim.quantity], self.claim.unit)


def named(variable: str, place: str) -> str:
    """Return the name of a variable at a place."""
    return f"{variable}@{place}"


def nation_of(place: str) -> str:
    """Return the nation a place lies in."""
    return place.partition("/")[0]


def read(claim: Claim, ledger: Ledger, carried: int = 0, drift: float = 0.0) -> Reading | None:
    """Return what a claim says of the chain, or None where it says nothing of it, or says it of another form or unit."""
    rule = RULES.get(claim.quantity)
    if rule is None or (rule.forms and claim.form not in rule.forms) or claim.unit not in dict(rule.units):
        return None
    value = _converted(claim.value, rule, claim.unit)
    if not (math.isfinite(value) and value > 0.0):
        return None
    own_unit = rule.unit if dict(rule.units)[claim.unit] else claim.unit
    sigma = math.hypot(relative_error(claim, rule.kind), drift * carried)
    source = ledger.sources.get(claim.source_id)
    derived = source is not None and source.kind == "derived"
    return Reading(claim, rule.variable, claim.place, value, own_unit, sigma, derived, carried)


def _converted(printed: float, rule: Rule, unit: str) -> float:
    factor = dict(rule.units)[unit]
    if rule.kind == GROWTH:
        return 1.0 + printed * factor
    return printed * factor if factor else printed


def select(ledger: Ledger, places: Iterable[str], year: int) -> list[Reading]:
    """Return the readings of a year at some places, in the order of the ledger; those of part of a year included."""
    wanted = set(places)
    found = (read(claim, ledger) for claim in ledger.select() if claim.place in wanted and claim.year == year)
    return [reading for reading in found if reading is not None]


def find_place(ledger: Ledger, name: str) -> str:
    """Return the ledger's place of that name: in full, its last part, with or without accents.

    Raises
    ------
    InputError
        If no claim of the chain speaks of such a place.
    """
    places = sorted({claim.place for claim in ledger.select() if claim.quantity in RULES}, key=lambda place: (-len(place.split("/")), place))
    short = {_plain(place.rpartition("/")[2]): place for place in places}
    found = {**short, **{_plain(place): place for place in places}}.get(_plain(name))
    if found is None:
        remedy = nearest(name, {place.rpartition("/")[2] for place in places})
        raise InputError("no claim on the chain speaks of this place", place="--place", value=name, remedy=remedy)
    return found


def _plain(words: str) -> str:
    letters = unicodedata.normalize("NFKD", words.strip().lower())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
