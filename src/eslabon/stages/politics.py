"""Politics (R14): offices are captured where illicit rents grow, with the lag of elections; capture lowers enforcement.

Equation
    Wish to capture = (rents / rents of 2013)^response * (1 - effect * anti-corruption), remembered over
    `capture_memory` months. When new councils or a new congress take office, `turnover` of the gap is closed. Enforcement =
    exp(-effect * (offices / offices when the books opened - 1)). Bribes a kilogram rise with the offices.
Source
    seed-029, seed-030 (counts), C0833 (farm-gate value of 2013), rule-023 (bribes); municipal terms of four years, congress of five.
Leaves out
    Parties, persons, and any place: counts exist for the nation and the VRAEM only.
Reads / Writes / Conserves
    Reads illicit rents; writes captured offices, enforcement, bribes; conserves nothing.
"""

from __future__ import annotations

import numpy as np

from eslabon.stages.arrays import Array, ratio, total

WRITES = ("rents_mean", "capture_wish", "captured_mayors", "captured_seats", "captured_mayors_vraem", "enforcement", "bribe_per_kg",
          "bribes_usd")  # fmt: skip
JANUARY, JULY = 0, 6


def takes_office(month: int, every: int, since: int, at: int) -> bool:
    """Return whether a term begins in `month`: every so many years since a year, in a month of the year (0 is January)."""
    return month % 12 == at and (month // 12 - since) % every == 0


def capture_pull(rents: Array, response: Array) -> Array:
    """Return how many offices the trade wants, relative to 2013, at rents relative to that year's."""
    pull: Array = np.clip(rents, 0.05, 10.0) ** response
    return pull


def advance(
    month: int, illicit_sales_usd: Array, dispatched_kg: Array, rents_mean: Array, rents_reference: Array, capture_wish: Array,
    capture_memory: Array, capture_response: Array, capture_turnover: Array, anti_corruption: Array, anti_corruption_effect: Array,
    captured_mayors: Array, captured_seats: Array, mayors_start: Array, seats_start: Array, capture_effect: Array,
    bribe_usd2013_per_kg: Array, bribed_share: Array, most_mayors: Array, mayors_opening: Array, vraem: Array,
) -> dict[str, Array]:  # fmt: skip
    """Follow the rents, vote, and set enforcement."""
    rents = rents_mean + (illicit_sales_usd - rents_mean) / 12
    pull = capture_pull(ratio(total(rents), rents_reference), capture_response) * (1 - anti_corruption_effect * anti_corruption)
    wish = capture_wish + (pull - capture_wish) / capture_memory
    mayors = captured_mayors + takes_office(month, 4, 2003, JANUARY) * capture_turnover * (mayors_start * wish - captured_mayors)
    seats = captured_seats + takes_office(month, 5, 2001, JULY) * capture_turnover * (seats_start * wish - captured_seats)
    mayors = np.clip(mayors, 0, most_mayors)
    index = mayors / mayors_opening
    clean = 1 - anti_corruption_effect * anti_corruption
    bribe = bribe_usd2013_per_kg * bribed_share * index * clean
    return {
        "rents_mean": rents,
        "capture_wish": wish,
        "captured_mayors": mayors,
        "captured_seats": np.clip(seats, 0, 130),
        "captured_mayors_vraem": mayors * ratio(total(rents * vraem), total(rents)),
        "enforcement": np.clip(np.exp(-capture_effect * (index * clean - 1)), 0.3, 1.5),
        "bribe_per_kg": bribe,
        "bribes_usd": bribe * dispatched_kg,
    }
