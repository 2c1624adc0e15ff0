"""The balances of the chain as templates, and which of them the claims of a place and a year bring to life."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from eslabon.evidence.reconcile.network import Balance
from eslabon.evidence.reconcile.readings import named
from eslabon.units import KG_PER_T

PER_T = 1 / KG_PER_T
LEAST_PURITY = 0.5
"""Least part of what is seized as base or hydrochloride that is counted as product: purity is not stated."""
SHARES = (("area", "area_share"), ("leaf", "leaf_share"), ("product", "product_share"))
WITHIN_NATION = ("area", "leaf", "illicit", "product")
CURRENCY, ARROBA = "PEN", "arroba"


@dataclass(frozen=True)
class Template:
    """A balance that comes to life where enough of it is known.

    `assumed` names a ratio of 1 that stands in the balance and that nobody claims; `needs` are variables that must not be
    known otherwise, or the balance stays away.
    """

    balance: Balance
    assumed: str = ""
    unless: tuple[str, ...] = ()


def templates(nation: str, zones: Sequence[str], cities: Sequence[str], measured: Collection[str]) -> list[Template]:
    """Return the balances of a nation with some of its zones, equalities first."""
    found = [t for place in (*zones, nation) for t in _of_place(place, nation, measured)]
    for zone in zones:
        found += _of_zone(zone, nation)
    found += [Template(b) for b in _conversions(nation, measured)]
    found += [Template(b) for place in (*zones, nation) for b in _limits(place)]
    found += [Template(b) for zone in zones for b in _limits_of_zone(zone, nation, cities)]
    return found


def active(offered: Iterable[Template], measured: Collection[str]) -> list[Template]:
    """Return the templates that bind something: equalities of which at most one variable is unknown, then inequalities.

    An equality that leaves one variable open makes it known, so others may follow.
    """
    offered = list(offered)
    known, chosen = set(measured), []
    waiting = [t for t in offered if t.balance.kind != "at_most"]
    while True:
        ready = [t for t in waiting if _unknown(t, known) <= 1 and not set(t.unless) & set(measured)]
        if not ready:
            break
        for template in ready:
            known |= set(template.balance.names)
            waiting.remove(template)
        chosen += ready
    order = {id(t): i for i, t in enumerate(offered)}
    chosen += [t for t in offered if t.balance.kind == "at_most" and set(t.balance.names) <= known]
    return sorted(chosen, key=lambda t: order[id(t)])


def _unknown(template: Template, known: set[str]) -> int:
    return len(set(template.balance.names) - known - {template.assumed})


def _product(key: str, place: str, result: str, terms: Sequence[str], factor: float = 1.0) -> Balance:
    return Balance(f"{key}@{place}", "product", result, tuple(terms), factor=factor)


def _of_place(place: str, nation: str, measured: Collection[str]) -> list[Template]:
    def at(variable: str) -> str:
        return named(variable, place)

    ratio = ratio_name(place, nation, measured)
    lost = [at("lost")] if at("lost") in measured else []
    found = [
        _product("area_times_yield", place, at("leaf"), [at("area"), at("yield")], PER_T),
        _product("growth_of_area", place, at("area"), [at("previous_area"), at("area_growth")]),
        _product("share_of_traditional", place, at("traditional"), [at("traditional_share"), at("leaf")]),
        _product("share_of_legal", place, at("legal"), [at("legal_share"), at("leaf")]),
        Balance(f"leaf_uses@{place}", "sum", at("leaf"), (at("traditional"), at("illicit"), *lost)),
        _product("illicit_to_product", place, at("illicit"), [ratio, at("product")]),
        _product("leaf_of_a_kilogram", place, at("leaf_cost"), [ratio, at("leaf_price")]),
        _product("value_of_leaf", place, at("leaf_value"), [at("leaf"), at("leaf_price")], PER_T),
        Balance(f"seized_together@{place}", "sum", at("seized"), (at("seized_hcl"), at("seized_base"))),
    ]
    return [Template(balance) for balance in found]


def ratio_name(place: str, nation: str, measured: Collection[str]) -> str:
    """Return the variable that is the leaf per kilogram of a place: its own, or its nation's where it has none."""
    own = named("leaf_per_kg", place)
    return own if own in measured or place == nation else named("leaf_per_kg", nation)


def _of_zone(zone: str, nation: str) -> list[Template]:
    found = [_product(f"{share}_of_nation", zone, named(whole, zone), [named(share, zone), named(whole, nation)]) for whole, share in SHARES]
    own, same = named("traditional_share", zone), named("same_traditional_share", zone)
    inherits = _product("traditional_share_as_nation", zone, own, [same, named("traditional_share", nation)])
    return [*(Template(balance) for balance in found), Template(inherits, same, unless=(own, named("traditional", zone), named("illicit", zone)))]


def _conversions(nation: str, measured: Collection[str]) -> list[Balance]:
    """Return what binds a price given in another currency or by the arroba to the price in USD a kilogram."""
    found = []
    for name in sorted(measured):
        key, _, place = name.partition("@")
        variable, _, unit = key.partition("[")
        terms = [named("exchange_rate", nation)] if CURRENCY in unit else []
        terms += [named("arroba", nation)] if ARROBA in unit else []
        if terms:
            found.append(_product(f"convert_{key}", place, name, [named(variable, place), *terms]))
    return found


def _limits(place: str) -> list[Balance]:
    def at_most(key: str, smaller: str, larger: str, factor: float = 1.0) -> Balance:
        return Balance(f"{key}@{place}", "at_most", named(larger, place), (named(smaller, place),), factor=factor)

    return [
        at_most("legal_is_traditional", "legal", "traditional"),
        at_most("leaf_cheaper_than_product", "leaf_cost", "product_price"),
        at_most("base_cheaper_than_product", "base_price", "product_price"),
        at_most("seized_within_product", "seized", "product", LEAST_PURITY),
        at_most("pure_within_export", "us_pure", "us_export"),
    ]


def _limits_of_zone(zone: str, nation: str, cities: Sequence[str]) -> list[Balance]:
    whole = [Balance(f"{v}_within_nation@{zone}", "at_most", named(v, nation), (named(v, zone),)) for v in WITHIN_NATION]
    markets = [
        Balance(f"origin_cheaper_than_{city}@{zone}", "at_most", named("product_price", city), (named("product_price", zone),)) for city in cities
    ]
    return whole + markets
