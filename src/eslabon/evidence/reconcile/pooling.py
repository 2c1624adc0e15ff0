"""Pieces of evidence: claims of one independence group on one variable are one piece, however many there are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from eslabon.evidence.reconcile.network import Measurement, Network


@dataclass(frozen=True)
class Piece:
    """One piece of evidence on one variable.

    Parameters
    ----------
    claims : tuple of str
        The claims that make it up; one, unless a group says a thing more than once.
    group, variable : str
        Independence group and name of the variable.
    value, sigma : float
        On the variable's scale.
    """

    claims: tuple[str, ...]
    group: str
    variable: str
    value: float
    sigma: float


def pieces_of(network: Network) -> tuple[Piece, ...]:
    """Return the pieces of evidence of a network, in the order of their first claim.

    Returns
    -------
    tuple of Piece
        Value: the mean of the group's claims. Sigma: that of its surest claim, widened by their spread.

    Notes
    -----
    Equation: ``sigma² = min(sigma_i)² + s²`` with s the standard deviation (n - 1) of the values on the variable's scale. A
    repeated figure adds nothing; figures that differ within one chain of sources make that chain less sure, not surer.
    """
    together: dict[tuple[str, str], list[Measurement]] = {}
    for measurement in network.measurements:
        together.setdefault((measurement.variable, measurement.group), []).append(measurement)
    return tuple(_pool(network, variable, group, members) for (variable, group), members in together.items())


def _pool(network: Network, variable: str, group: str, members: list[Measurement]) -> Piece:
    scaled = np.array([network.variable(variable).scaled(m.value) for m in members])
    spread = float(np.std(scaled, ddof=1)) if len(members) > 1 else 0.0
    sigma = float(np.hypot(min(m.sigma for m in members), spread))
    return Piece(tuple(m.claim for m in members), group, variable, float(scaled.mean()), sigma)
