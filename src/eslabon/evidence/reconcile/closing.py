"""Which of several prints closes a balance to the last digit with the other printed figures."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice, product

from eslabon.evidence.reconcile.chain import Chain, measured_name
from eslabon.evidence.reconcile.findings import Candidate
from eslabon.evidence.reconcile.network import Balance
from eslabon.evidence.reconcile.readings import Reading
from eslabon.evidence.reconcile.trust import last_digit_unit, rounding

MOST_COMBINATIONS = 200
FINE = 5e-4
"""Largest rounding of a number for which a close fit means anything."""


def closing(chain: Chain, reading: Reading) -> Iterator[Candidate]:
    """Yield the balances that a printed figure closes to its last digit, with the claims that close it.

    A figure that is the exact sum or product of others was calculated from them, or they from it; a slip in it would not close.
    """
    if rounding(reading.value) > FINE:
        return
    name = measured_name(reading)
    for balance in chain.network.balances:
        if balance.kind != "at_most" and name in balance.names:
            others = [other for other in balance.names if other != name]
            said = [[r for r in chain.readings if measured_name(r) == other and not r.bound and not r.carried] for other in others]
            for figures in islice(product(*said), MOST_COMBINATIONS):
                value = solved(balance, name, {measured_name(r): r.value for r in figures})
                if abs(value - reading.value) <= 0.55 * last_digit_unit(reading.value):
                    claims = (reading.claim.id, *(r.claim.id for r in figures))
                    yield Candidate("closes", claims, {"value": reading.value, "balance": balance.id.partition("@")[0]})


def solved(balance: Balance, name: str, known: dict[str, float]) -> float:
    """Return the variable `name` that closes a balance with the others known."""
    if balance.kind == "sum":
        total = sum(c * known[t] for t, c in zip(balance.terms, balance.coefficients, strict=True) if t != name)
        if name == balance.result:
            return total
        return (known[balance.result] - total) / balance.coefficients[balance.terms.index(name)]
    power = balance.factor
    for term, exponent in zip(balance.terms, balance.coefficients, strict=True):
        power *= known[term] ** exponent if term != name else 1.0
    if name == balance.result:
        return power
    return float((known[balance.result] / power) ** (1.0 / balance.coefficients[balance.terms.index(name)]))
