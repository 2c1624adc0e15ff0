"""Eliminating the equality balances: which variables are free, and how the others follow from them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eslabon.evidence.reconcile.linearisation import Array
from eslabon.evidence.reconcile.network import Balance, Network
from eslabon.evidence.reconcile.solving import solve


@dataclass(frozen=True)
class Elimination:
    """An order in which every equality balance is solved for a variable that follows from the others.

    Parameters
    ----------
    network : Network
        The network.
    free : tuple of str
        Variables that may be chosen.
    steps : tuple of (Balance, str)
        Balances in order, each with the variable that it gives.
    loops : tuple of str
        Balances that could not be ordered, because all their variables are bound to one another more than once; empty where
        the elimination is complete.
    """

    network: Network
    free: tuple[str, ...]
    steps: tuple[tuple[Balance, str], ...]
    loops: tuple[str, ...]

    def complete(self, chosen: Array) -> Array:
        """Return all variables from the free ones.

        Parameters
        ----------
        chosen : (draw, free) float64
            The free variables on their scales.

        Returns
        -------
        (draw, variable) float64
            All variables on their scales, NaN where a variable on the log scale would have to be 0 or less.
        """
        variables = {variable.name: variable for variable in self.network.variables}
        values = {}
        for i, name in enumerate(self.free):
            values[name] = np.exp(chosen[:, i]) if variables[name].scale == "log" else chosen[:, i]
        for balance, name in self.steps:
            values[name] = solve(balance, values, name)
        with np.errstate(all="ignore"):
            columns = [np.log(values[v.name]) if v.scale == "log" else values[v.name] for v in self.network.variables]
        found = np.stack([np.broadcast_to(column, chosen.shape[:1]) for column in columns], axis=1)
        return np.where(np.isfinite(found), found, np.nan)


def eliminate(network: Network) -> Elimination:
    """Choose the variables that follow from the balances, unmeasured ones first.

    Parameters
    ----------
    network : Network
        Its equality balances are eliminated; inequalities are left to the caller.

    Returns
    -------
    Elimination

    Notes
    -----
    A variable that stands in only one of the balances left is solved from that balance, last; the balance is then set aside.
    A result is taken before a term, because a sum of positive terms is always positive.
    """
    measured = {measurement.variable for measurement in network.measurements}
    left = [balance for balance in network.balances if balance.kind != "at_most"]
    steps: list[tuple[Balance, str]] = []
    while left:
        choices = [(name in measured, name != b.result, i, name) for i, b in enumerate(left) for name in b.names if _stands_once(left, name)]
        if not choices:
            break
        _, _, i, name = min(choices)
        steps.insert(0, (left.pop(i), name))
    solved = {name for _, name in steps}
    free = tuple(variable.name for variable in network.variables if variable.name not in solved)
    return Elimination(network, free, tuple(steps), tuple(balance.id for balance in left))


def _stands_once(balances: list[Balance], name: str) -> bool:
    return sum(name in balance.names for balance in balances) == 1
