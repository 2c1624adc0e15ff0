"""The balances and bounds of a network as rows: their misfit at a point and its slope."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from eslabon.evidence.reconcile.network import Balance, Network

Array = NDArray[np.float64]
BOUND = "bound"
"""First word of the name of an active bound, as in ``bound:leaf_kg:high``."""


@dataclass(frozen=True)
class Rows:
    """Misfit and slope of some balances at a point.

    Parameters
    ----------
    misfit : (row,) float64
        0 where an equality holds; above 0 where an inequality is violated.
    slope : (row, variable) float64
        Derivative of the misfit by the variables on their scales.
    """

    misfit: Array
    slope: Array


class Relations:
    """The balances of a network, ready to be evaluated at any point.

    Where all its variables are positive on the log scale a balance is written in logarithms: a product is then linear, and a
    sum is ``log result - log Σ c·exp(x)``. Otherwise it is written in natural units.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self.position = {variable.name: i for i, variable in enumerate(network.variables)}
        self.logarithmic = np.array([variable.scale == "log" for variable in network.variables], dtype=bool)
        self.equalities = tuple(b for b in network.balances if b.kind != "at_most")
        self.inequalities = tuple(b for b in network.balances if b.kind == "at_most")
        self.low = np.array([v.scaled(v.low) if math.isfinite(v.low) else -math.inf for v in network.variables])
        self.high = np.array([v.scaled(v.high) if math.isfinite(v.high) else math.inf for v in network.variables])
        self._lower, self._upper = np.flatnonzero(np.isfinite(self.low)), np.flatnonzero(np.isfinite(self.high))
        self._balances = {"equal": self._prepared(self.equalities), "unequal": self._prepared(self.inequalities)}
        self._bounds = np.zeros((self._lower.size + self._upper.size, len(self.position)))
        self._bounds[np.arange(self._lower.size), self._lower] = -1.0
        self._bounds[self._lower.size + np.arange(self._upper.size), self._upper] = 1.0
        names = [variable.name for variable in network.variables]
        self.inequality_names = (
            *(b.id for b in self.inequalities),
            *(f"{BOUND}:{names[i]}:low" for i in self._lower),
            *(f"{BOUND}:{names[i]}:high" for i in self._upper),
        )

    def natural(self, x: Array) -> Array:
        """Return a point on the variables' scales in natural units."""
        return _natural(x, self.logarithmic)

    def equality_rows(self, x: Array) -> Rows:
        """Return the equality balances at a point: 0 where they hold."""
        return self._rows(self._balances["equal"], x)

    def inequality_rows(self, x: Array) -> Rows:
        """Return the inequality balances and the bounds at a point: 0 or less where they hold."""
        balances = self._rows(self._balances["unequal"], x)
        bounds = np.concatenate([self.low[self._lower] - x[self._lower], x[self._upper] - self.high[self._upper]])
        return Rows(np.concatenate([-balances.misfit, bounds]), np.concatenate([-balances.slope, self._bounds]))

    def curvature(self, x: Array, multipliers: Array) -> Array:
        """Return (variable, variable): second derivative of the equality balances, weighted by their multipliers.

        Only sums of logarithmic quantities bend; balances in natural units are taken as straight.
        """
        bent = np.zeros((x.size, x.size))
        for one, multiplier in zip(self._balances["equal"], multipliers, strict=True):
            if one.in_logs and one.balance.kind == "sum":
                shares = -_log_row(one, x[one.where])[1][1:]
                bent[np.ix_(one.where[1:], one.where[1:])] -= multiplier * (np.diag(shares) - np.outer(shares, shares))
        return bent

    def _prepared(self, balances: tuple[Balance, ...]) -> list[_Prepared]:
        found = []
        for balance in balances:
            where = np.array([self.position[name] for name in balance.names])
            logarithmic = self.logarithmic[where]
            in_logs = bool(logarithmic.all()) and (balance.kind != "sum" or min(balance.coefficients) > 0.0)
            found.append(_Prepared(balance, where, logarithmic, np.array(balance.coefficients), in_logs))
        return found

    def _rows(self, prepared: list[_Prepared], x: Array) -> Rows:
        misfit, slope = np.zeros(len(prepared)), np.zeros((len(prepared), len(self.position)))
        for i, one in enumerate(prepared):
            misfit[i], slope[i, one.where] = (_log_row if one.in_logs else _natural_row)(one, x[one.where])
        return Rows(misfit, slope)


@dataclass(frozen=True)
class _Prepared:
    """A balance with the positions of its variables, the result first."""

    balance: Balance
    where: NDArray[np.intp]
    logarithmic: NDArray[np.bool_]
    coefficients: Array
    in_logs: bool


def _natural(x: Array, logarithmic: NDArray[np.bool_]) -> Array:
    return np.where(logarithmic, np.exp(np.where(logarithmic, np.clip(x, -700.0, 700.0), 0.0)), x)


def _log_row(one: _Prepared, x: Array) -> tuple[float, Array]:
    if one.balance.kind != "sum":
        return float(x[0] - math.log(one.balance.factor) - one.coefficients @ x[1:]), np.concatenate([[1.0], -one.coefficients])
    parts = np.log(one.coefficients) + x[1:]
    top = float(parts.max())
    shares = np.exp(parts - top)
    total = float(shares.sum())
    return float(x[0]) - top - math.log(total), np.concatenate([[1.0], -shares / total])


def _natural_row(one: _Prepared, x: Array) -> tuple[float, Array]:
    values = _natural(x, one.logarithmic)
    result, terms = float(values[0]), values[1:]
    with np.errstate(all="ignore"):
        if one.balance.kind == "sum":
            total, partial = float(one.coefficients @ terms), one.coefficients
        else:
            powers = terms**one.coefficients
            total = one.balance.factor * float(np.prod(powers))
            others = np.array([np.prod(np.delete(powers, i)) for i in range(powers.size)])
            partial = one.balance.factor * one.coefficients * terms ** (one.coefficients - 1.0) * others
    return result - total, np.concatenate([[1.0], -partial]) * np.where(one.logarithmic, values, 1.0)
