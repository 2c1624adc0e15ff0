"""Possible reasons why two figures differ, or why one does not fit: slips of the pen, units, years, measuring systems."""

from __future__ import annotations

from collections.abc import Iterator

from eslabon.evidence.reconcile.chain import Chain
from eslabon.evidence.reconcile.closing import closing
from eslabon.evidence.reconcile.findings import Candidate
from eslabon.evidence.reconcile.readings import RULES, Reading
from eslabon.evidence.reconcile.slips import (
    LEAST_DIGITS,
    digits_of,
    is_cut_off,
    is_digit_lost,
    is_digit_swap,
    is_digit_typo,
    is_factor,
    power_of_ten,
    swaps_of,
)
from eslabon.evidence.reconcile.trust import PRICE, last_digit_unit, rounding

POUND_PER_KG = 2.20462
RATE_TOLERANCE, PURITY = 0.03, (0.6, 0.9)
"""How near a ratio must come to an exchange rate; pure cocaine in a kilogram of export quality."""
OTHER_SYSTEM = {"area": ("us_area",), "product": ("us_pure", "us_export"), "us_area": ("area",), "us_pure": ("product",), "us_export": ("product",)}
YEARS_AROUND = 2


def candidates_between(chain: Chain, one: Reading, other: Reading) -> tuple[Candidate, ...]:
    """Return possible reasons why two printed figures for one thing differ."""
    both, numbers = (one.claim.id, other.claim.id), {"first": one.claim.value, "second": other.claim.value}
    found = [Candidate(key, both, numbers) for key in _digits(one.claim.value, other.claim.value)]
    found += [Candidate(key, both, {**numbers, **extra}) for key, extra in _factors(chain, one, one.value, other.value)]
    if is_cut_off(one.value, other.value) or is_cut_off(other.value, one.value):
        found.append(Candidate("cut_off", both, numbers))
    found += [c for reading in (one, other) for c in closing(chain, reading)]
    if RULES[one.claim.quantity].kind == PRICE and one.claim.source_id == other.claim.source_id:
        found.append(Candidate("means", both, numbers))
    breaks = {r.claim.series_break for r in (one, other)} - {""}
    found += [Candidate("series_break", both, {**numbers, "break": label}) for label in sorted(breaks)]
    suspects = [r for r in (one, other) if r.contested] or [one, other]
    found += [reason for reading in suspects for reason in _elsewhere(chain, reading)]
    return tuple(found)


def candidates_for(chain: Chain, reading: Reading, low: float, high: float) -> tuple[Candidate, ...]:
    """Return possible reasons why a claim lies outside what all others allow.

    Parameters
    ----------
    chain : Chain
    reading : Reading
        The claim.
    low, high : float
        What the others allow, in the reading's unit.
    """
    value, claim = reading.value, (reading.claim.id,)
    found = []
    for swapped in dict.fromkeys(swaps_of(value)):
        if low <= swapped <= high:
            found.append(Candidate("swap_fits", claim, {"value": value, "fits": swapped}))
    for exponent in (-3, -2, -1, 1, 2, 3):
        if low <= value * 10.0**exponent <= high:
            key = "percent" if reading.variable.endswith("_share") and abs(exponent) == 2 else "ten_fits"
            found.append(Candidate(key, claim, {"value": value, "fits": value * 10.0**exponent, "factor": 10.0 ** abs(exponent)}))
    found += [c for key, factor, extra in _unit_factors(chain, reading) for c in _fitting(key, reading, factor, extra, low, high)]
    return (*found, *candidates_elsewhere(chain, reading))


def candidates_elsewhere(chain: Chain, reading: Reading) -> tuple[Candidate, ...]:
    """Return where else the number stands: a year nearby, the other measuring system, the nation."""
    return (*_elsewhere(chain, reading), *_whole(chain, reading))


def _digits(one: float, other: float) -> Iterator[str]:
    if is_digit_swap(one, other):
        yield "swap"
    elif is_digit_typo(one, other):
        yield "typo"
    elif is_digit_lost(one, other):
        yield "digit_lost"


def _factors(chain: Chain, reading: Reading, one: float, other: float) -> Iterator[tuple[str, dict[str, float | str]]]:
    exponent = power_of_ten(one, other, max(rounding(one), rounding(other), 0.005))
    if exponent:
        share = reading.variable.endswith("_share") and abs(exponent) == 2
        yield ("percent" if share else "ten"), {"factor": 10.0 ** abs(exponent), "value": one, "fits": other}
    for key, factor, extra in _unit_factors(chain, reading):
        if is_factor(one, other, factor, RATE_TOLERANCE if key == "currency" else 0.004):
            yield key, {**extra, "value": one, "fits": other}


def _unit_factors(chain: Chain, reading: Reading) -> Iterator[tuple[str, float, dict[str, float | str]]]:
    """Yield the unit slips that a figure of this kind can suffer: catalogue key, factor, what to name."""
    kind = RULES[reading.claim.quantity].kind
    if kind == PRICE:
        for rate in chain.of("exchange_rate", chain.nation):
            yield "currency", rate.value, {"rate": rate.value, "rate_claim": rate.claim.id}
    if reading.unit.endswith("/kg") and kind == PRICE:
        yield "pound", POUND_PER_KG, {"factor": POUND_PER_KG}
    if reading.variable == "leaf_price":
        for arroba in chain.of("arroba", chain.nation):
            yield "arroba_or_kg", arroba.value, {"kg": arroba.value}
    if kind == PRICE or reading.unit in ("t", "kg/ha/yr"):
        weights = sorted({v for r in chain.of("arroba", chain.nation) for v in (r.claim.value, r.claim.low, r.claim.high) if v})
        if len(weights) > 1 and "leaf" in reading.claim.form:
            yield "two_arrobas", weights[-1] / weights[0], {"low": weights[0], "high": weights[-1]}


def _fitting(key: str, reading: Reading, factor: float, extra: dict[str, float | str], low: float, high: float) -> Iterator[Candidate]:
    for fits in (reading.value * factor, reading.value / factor):
        if low <= fits <= high:
            yield Candidate(key, (reading.claim.id,), {**extra, "value": reading.value, "fits": fits})


def _elsewhere(chain: Chain, reading: Reading) -> Iterator[Candidate]:
    """Yield other places where the same number stands: a year nearby, or the other measuring system."""
    if reading.carried:
        return
    for near in chain.nearby:
        if near.variable == reading.variable and near.place == reading.place and _same_print(near.value, reading.value):
            yield Candidate("year", (reading.claim.id, near.claim.id), {"value": reading.value, "year": float(near.claim.year or 0)})
    for other in chain.readings:
        if other.place == reading.place and other.variable in OTHER_SYSTEM.get(reading.variable, ()):
            if _same_print(other.value, reading.value):
                yield Candidate("system", (reading.claim.id, other.claim.id), {"value": reading.value, "other": other.value})
            elif reading.variable == "product" and other.variable == "us_pure" and PURITY[0] <= other.value / reading.value <= PURITY[1]:
                yield Candidate("purity", (reading.claim.id, other.claim.id), {"value": reading.value, "other": other.value})


def _whole(chain: Chain, reading: Reading) -> Iterator[Candidate]:
    """Yield the nation's figure that a zone's claim may be taken from."""
    if reading.place == chain.nation or reading.variable.endswith("_share"):
        return
    same = (reading.variable, *OTHER_SYSTEM.get(reading.variable, ()))
    for other in chain.readings:
        if other.place == chain.nation and other.variable in same and is_factor(reading.value, other.value, 1.0, 0.10):
            yield Candidate("whole", (reading.claim.id, other.claim.id), {"value": reading.value, "other": other.value})


def _same_print(found: float, printed: float) -> bool:
    """Return whether a number is the printed one, or rounds to it; short numbers that are merely equal prove nothing."""
    digits = len(digits_of(printed).rstrip("0"))
    if found == printed:
        return digits >= LEAST_DIGITS
    return digits > 1 and abs(found - printed) <= 0.5 * last_digit_unit(printed)
