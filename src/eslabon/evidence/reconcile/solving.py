"""Solving one balance for one of its variables when the others are known."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from eslabon.evidence.reconcile.network import Balance

Values = NDArray[np.float64]


def solve(balance: Balance, values: Mapping[str, Values], unknown: str) -> Values:
    """Return the value of `unknown` with which a balance holds exactly.

    Parameters
    ----------
    balance : Balance
        An ``at_most`` balance is solved as if it held with equality.
    values : mapping of str to array
        The other variables in natural units; arrays of one shape.
    unknown : str
        The variable to solve for.

    Returns
    -------
    array
        In natural units; NaN or negative where no positive value exists. The caller judges.
    """
    with np.errstate(all="ignore"):
        return _solve_sum(balance, values, unknown) if balance.kind == "sum" else _solve_product(balance, values, unknown)


def _solve_sum(balance: Balance, values: Mapping[str, Values], unknown: str) -> Values:
    weighted = {name: c * values[name] for name, c in zip(balance.terms, balance.coefficients, strict=True) if name != unknown}
    total = np.asarray(sum(weighted.values(), start=np.float64(0.0)))
    if unknown == balance.result:
        return total
    return np.asarray((values[balance.result] - total) / balance.coefficients[balance.terms.index(unknown)])


def _solve_product(balance: Balance, values: Mapping[str, Values], unknown: str) -> Values:
    product = np.float64(balance.factor) * np.asarray(1.0)
    for name, power in zip(balance.terms, balance.coefficients, strict=True):
        if name != unknown:
            product = product * np.power(values[name], power)
    if unknown == balance.result:
        return np.asarray(product)
    power = balance.coefficients[balance.terms.index(unknown)]
    return np.asarray(np.power(values[balance.result] / product, 1.0 / power))
