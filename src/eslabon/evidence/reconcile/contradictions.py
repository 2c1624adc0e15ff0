"""Contradictions that can be read off the claims: within one independence group, and against one inequality."""

from __future__ import annotations

from itertools import combinations, islice, product

from eslabon.evidence.reconcile.network import Balance, Measurement, Network
from eslabon.evidence.reconcile.wls import tail

MOST_COMBINATIONS = 5_000


def quarrels_within_groups(network: Network, alpha: float) -> tuple[tuple[tuple[str, str], float], ...]:
    """Return pairs of claims of one group on one quantity that differ by more than they say they are sure of.

    Parameters
    ----------
    network : Network
        What to examine.
    alpha : float
        Level, shared out over the pairs (Bonferroni).

    Returns
    -------
    tuple of ((claim, claim), chi2)
        Figures of one chain of sources should be copies of each other, so a difference is a slip or a second figure.
    """
    together: dict[tuple[str, str], list[Measurement]] = {}
    for measurement in network.measurements:
        together.setdefault((measurement.variable, measurement.group), []).append(measurement)
    pairs = [pair for members in together.values() for pair in combinations(members, 2)]
    tested = [((one.claim, other.claim), _distance(network, one, other)) for one, other in pairs]
    return tuple((claims, chi2) for claims, chi2 in tested if tail(chi2, 1) * len(pairs) <= alpha)


def broken_inequalities(network: Network, level: float) -> tuple[tuple[str, ...], ...]:
    """Return sets of claims, one a quantity, that break an inequality between those quantities.

    Parameters
    ----------
    network : Network
        What to examine.
    level : float
        Level of each set.

    Returns
    -------
    tuple of tuple of str
        Only sets whose quantities are all on the log scale and all claimed; others are found by the general search.
    """
    found = []
    for balance in network.balances:
        if balance.kind == "at_most" and all(network.variable(name).scale == "log" for name in balance.names):
            choices = [[m for m in network.measurements if m.variable == name] for name in balance.names]
            for chosen in islice(product(*choices), MOST_COMBINATIONS):
                if _broken(network, balance, chosen, level):
                    found.append(tuple(m.claim for m in chosen))
    return tuple(found)


def _distance(network: Network, one: Measurement, other: Measurement) -> float:
    variable = network.variable(one.variable)
    return (variable.scaled(one.value) - variable.scaled(other.value)) ** 2 / (one.sigma**2 + other.sigma**2)


def _broken(network: Network, balance: Balance, chosen: tuple[Measurement, ...], level: float) -> bool:
    powers = (-1.0, *balance.coefficients)
    scaled = [network.variable(m.variable).scaled(m.value) for m in chosen]
    excess = sum(power * x for power, x in zip(powers, scaled, strict=True)) + network.variable(balance.result).scaled(balance.factor)
    variance = sum((power * m.sigma) ** 2 for power, m in zip(powers, chosen, strict=True))
    return excess > 0.0 and tail(excess**2 / variance, 1) <= level
