"""Structural alternatives: rival rules a user can switch, each a few constants that replace what a member drew.

A structure never adds code paths of its own: it sets constants that the stages read anyway, for every member alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from eslabon.errors import InputError, nearest


class Structure(NamedTuple):
    """One rival choice; `group` says which rule it replaces, and two of one group cannot be combined."""

    name: str
    group: str
    meaning: str
    sets: Mapping[str, float]


DEFAULTS: dict[str, float] = {
    "multiplicative_prices": 0.0,
    "evacuation_exponent": 2.0,
    "transfer_share": 0.0,
    "prices_free": 1.0,
    "retail_multiplicative": 0.0,
}
"""Constants that only a structure changes."""

STRUCTURES = {
    s.name: s
    for s in (
        Structure(
            "multiplicative-prices", "price formation",
            "prices at origin are a fixed share of the border price; the default subtracts costs and risk from it",
            {"multiplicative_prices": 1.0},
        ),
        Structure(
            "linear-leaf-price", "leaf price", "the leaf's margin falls with the way out, not with its square", {"evacuation_exponent": 1.0}
        ),
        Structure(
            "no-displacement", "displacement", "nobody moves to another basin because of eradication", {"displacement_share": 0.0}
        ),
        Structure(
            "transfer-of-hectares", "displacement",
            "a share of the removed hectares appears in other basins, with new households, while the old ones stay and replant",
            {"displacement_share": 0.0, "transfer_share": 0.3},
        ),
        Structure("todays-price", "expectation", "growers expect last month's return to last", {"expectation_months": 1.0}),
        Structure("slow-expectation", "expectation", "growers remember three years of returns", {"expectation_months": 36.0}),
        Structure(
            "no-adaptation", "seizure adaptation", "neither carriers nor the police learn: shares, beliefs and allocation stay",
            {"belief_learning": 0.0, "premium_learning": 0.0, "corridor_shift": 0.0, "mode_shift": 0.0, "interdictor_focus": 0.0,
             "load_splitting": 0.0},
        ),
    )
}  # fmt: skip
"""Rivals a user may choose."""

NULL = {
    "participation_slope": 0.0, "risk_aversion": 0.0, "debt_pull": 0.0, "liquidity_pull": 0.0, "trust_pull": 0.0, "need_exponent": 0.0,
    "profit_exponent": 0.0, "anticipation": 0.0, "entry_rate": 0.0, "frontier_entry": 0.0, "displacement_share": 0.0, "quit_rate": 0.0,
    "belief_learning": 0.0, "premium_learning": 0.0, "corridor_shift": 0.0, "mode_shift": 0.0, "interdictor_focus": 0.0,
    "load_splitting": 0.0, "capacity_follow_rate": 0.0, "site_rebuild_rate": 1.0, "prices_free": 0.0, "substitution_months": 1e6,
    "group_response": 0.0, "capture_response": 0.0, "neighbour_response": 0.0, "postponed_most": 0.0, "clan_replacement": 0.0,
    "deterrence_air": 1e6, "programme_return_pull": 0.0, "cohort_prison_effect": 0.0, "levy_passage_usd2013_per_kg": 0.0,
    "levy_carriage_usd2013_per_kg": 0.0,
}  # fmt: skip
"""The null model: constant shares and prices, nobody responds to anything; land is replanted at the usual rate."""

SPRAYING = {
    "adjustment_rate": 2.9, "frontier_adjustment": 1.0, "counted_months": 6.0, "first_harvest_months": 6.0, "replant_share": 1.0,
}  # fmt: skip
"""Spraying in Colombia, for two validation targets only: sprayed plants recover at 2.9 a year and are counted soon."""

TEST_ONLY = {
    "null": Structure("null", "null", "constant shares and prices, no adaptation", NULL),
    "spraying": Structure("spraying", "spraying", "recovery after spraying, never used in Peru", SPRAYING),
}
"""Structures that only `eslabon validate` uses."""


def chosen(names: Iterable[str]) -> tuple[Structure, ...]:
    """Return the structures of these names.

    Raises
    ------
    InputError
        For an unknown name, or two rivals of one rule.
    """
    known = {**STRUCTURES, **TEST_ONLY}
    found: dict[str, Structure] = {}
    for name in names:
        if name not in known:
            raise InputError("no such structure", value=name, remedy=nearest(name, STRUCTURES))
        structure = known[name]
        if structure.group in found and found[structure.group].name != name:
            raise InputError(f"two choices for the {structure.group}", value=(found[structure.group].name, name), remedy="Choose one.")
        found[structure.group] = structure
    return tuple(found.values())
