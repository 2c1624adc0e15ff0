"""Contradictions that need no statistics: two weights of one unit, two prints of one figure, a part above its whole."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import combinations, product

from eslabon.evidence.reconcile.chain import Chain, measured_name
from eslabon.evidence.reconcile.explain import candidates_between, candidates_elsewhere
from eslabon.evidence.reconcile.findings import Finding, distinct
from eslabon.evidence.reconcile.network import Balance
from eslabon.evidence.reconcile.readings import DEFINITIONS, Reading, named
from eslabon.evidence.reconcile.slips import digits_of, rounds_to
from eslabon.evidence.reconcile.trust import printed_bounds

Range = tuple[float, float]
LONG_NUMBER = 4
"""Significant digits from which the same number in two years is no coincidence."""
MARKET_PRICES = ("leaf_cost", "base_price", "product_price")
"""Held against each other as printed in one market only: means over many places need not be in order."""


def contradictions(chain: Chain) -> list[Finding]:
    """Return what contradicts itself as printed, rounding and published ranges allowed for.

    Returns
    -------
    list of Finding
        Definitions, variants of one figure within one chain of sources, figures repeated from a year beside, and violated
        inequalities, in this order.
    """
    return [*_definitions(chain), *_variants(chain), *_repeats(chain), *_inequalities(chain)]


def _definitions(chain: Chain) -> Iterator[Finding]:
    for variable in DEFINITIONS:
        readings = chain.of(variable, chain.nation) + [r for r in chain.idle if r.variable == variable]
        said: dict[float, list[str]] = {}
        for reading in readings:
            for value in (reading.claim.value, reading.claim.low, reading.claim.high):
                if value is not None:
                    said.setdefault(value, []).append(reading.claim.id)
        if len(said) > 1:
            values = sorted(said)
            claims = tuple(dict.fromkeys(claim for value in values for claim in said[value]))
            numbers: dict[str, float | str] = {"first": values[0], "second": values[-1]}
            numbers |= {"first_claims": _join(said[values[0]]), "second_claims": _join(said[values[-1]])}
            yield Finding("definition", claims, named(variable, chain.nation), numbers)


def _variants(chain: Chain) -> Iterator[Finding]:
    together: dict[tuple[str, str], list[Reading]] = {}
    for reading in chain.readings:
        if not reading.bound and not reading.carried and reading.variable not in DEFINITIONS:
            together.setdefault((measured_name(reading), reading.claim.independence_group), []).append(reading)
    for (name, _), members in together.items():
        apart = [(a, b) for a, b in combinations(members, 2) if not _one_print(a, b)]
        if apart:
            claims = tuple(dict.fromkeys(r.claim.id for pair in apart for r in pair))
            values = [r.value for pair in apart for r in pair]
            reasons = distinct(reason for a, b in apart for reason in candidates_between(chain, a, b))
            yield Finding("variant", claims, name, {"low": min(values), "high": max(values)}, reasons)


def printed_range(reading: Reading) -> Range:
    """Return the lowest and highest value a reading can stand for, in its own unit."""
    low, high = printed_bounds(reading.claim)
    return tuple(sorted((reading.in_unit(low) if math.isfinite(low) else low, reading.in_unit(high) if math.isfinite(high) else high)))  # type: ignore[return-value]


def _one_print(one: Reading, other: Reading) -> bool:
    """Return whether two figures can be one, rounded differently."""
    a, b = printed_range(one), printed_range(other)
    return (a[0] <= b[1] and b[0] <= a[1]) or rounds_to(one.value, other.value) or rounds_to(other.value, one.value)


def _repeats(chain: Chain) -> Iterator[Finding]:
    """Yield figures that a chain of sources prints, digit by digit, for two years running."""
    for reading in chain.readings:
        for near in chain.nearby:
            same = near.variable == reading.variable and near.place == reading.place and near.value == reading.value and near.unit == reading.unit
            years = abs((near.claim.year or 0) - chain.year)
            if same and years == 1 and not near.derived and not reading.carried and len(digits_of(reading.value).rstrip("0")) >= LONG_NUMBER:
                numbers: dict[str, float | str] = {"value": reading.value, "year": float(chain.year), "other_year": float(near.claim.year or 0)}
                yield Finding("repeat", (reading.claim.id, near.claim.id), reading.name, numbers)


def _inequalities(chain: Chain) -> Iterator[Finding]:
    for balance in chain.network.balances:
        if balance.kind == "at_most" and len(balance.terms) == 1:
            yield from _violations(chain, balance)


def _violations(chain: Chain, balance: Balance) -> Iterator[Finding]:
    smaller, larger = balance.terms[0], balance.result
    variable, _, place = larger.partition("@")
    if place == chain.nation and variable in MARKET_PRICES:
        return
    for (parts, low), (wholes, high) in product(_sides(chain, smaller), _sides(chain, larger)):
        least, most = balance.factor * low[0], high[1]
        if least > most > 0:
            claims = (*parts, *wholes)
            numbers: dict[str, float | str] = {"least": least, "most": most, "part": smaller, "whole": larger, "balance": balance.id}
            if len(parts) == 2:
                costs = [parts[0].value * price for price in _printed_price(chain, parts[1])]
                numbers |= {"ratio": parts[0].value, "cost_low": min(costs), "cost_high": max(costs)}
            reasons = distinct(reason for reading in claims for reason in candidates_elsewhere(chain, reading))
            yield Finding("inequality", tuple(reading.claim.id for reading in claims), larger, numbers, reasons)


def _sides(chain: Chain, name: str) -> Iterator[tuple[tuple[Reading, ...], Range]]:
    """Yield what claims say of a variable as printed: the claims and the range they allow, in the variable's unit."""
    variable, _, place = name.partition("@")
    if variable == "leaf_cost":
        ratios = [r for r in chain.of("leaf_per_kg", place) or chain.of("leaf_per_kg", chain.nation) if not r.carried]
        for ratio, price in product(ratios, chain.of("leaf_price", place)):
            printed, paid = printed_range(ratio), in_dollars(chain, price)
            yield (ratio, price), (printed[0] * paid[0], ratio.value * paid[1])
        return
    for reading in chain.readings:
        claimed_bound = name == f"bound:{reading.claim.id}"
        if claimed_bound or (reading.name == name and not reading.bound and not reading.carried):
            yield (reading,), in_dollars(chain, reading)


def in_dollars(chain: Chain, reading: Reading) -> Range:
    """Return the range a reading can stand for in its variable's unit.

    A price in soles or by the arroba is converted with every rate and weight that the ledger gives, so the range is wide.
    """
    low, high = printed_range(reading)
    if "/arroba" in reading.unit:
        weights = [v for r in chain.of("arroba", chain.nation) for v in printed_weights(r)]
        low, high = (low / max(weights), high / min(weights)) if weights else (low, high)
    if reading.unit.startswith("PEN"):
        rates = [v for r in chain.of("exchange_rate", chain.nation) for v in printed_range(r)]
        low, high = (low / max(rates), high / min(rates)) if rates else (low, high)
    return low, high


def _printed_price(chain: Chain, price: Reading) -> list[float]:
    """Return a printed price in USD a kilogram, once for each rate and weight that the ledger gives."""
    weights = [v for r in chain.of("arroba", chain.nation) for v in printed_weights(r)] if "/arroba" in price.unit else []
    rates = [r.value for r in chain.of("exchange_rate", chain.nation)] if price.unit.startswith("PEN") else []
    return [price.value / weight / rate for weight, rate in product(weights or [1.0], rates or [1.0])]


def printed_weights(reading: Reading) -> list[float]:
    """Return the weights that a claim on a unit gives, unrounded: a unit is agreed, not measured."""
    claim = reading.claim
    return [value for value in (claim.value, claim.low, claim.high) if value is not None]


def _join(claims: Sequence[str]) -> str:
    return ", ".join(dict.fromkeys(claims))
