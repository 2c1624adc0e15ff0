"""What would have to be true: a contested claim is held exactly, and every other quantity in turn makes room for it."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from typing import Literal

import numpy as np

from eslabon.evidence.reconcile.network import Balance, Network
from eslabon.evidence.reconcile.pooling import pieces_of
from eslabon.evidence.reconcile.solving import solve
from eslabon.evidence.reconcile.wls import Adjustment, Status, adjust

Relation = Literal["exactly", "at_least", "at_most"]
Basis = Literal["claims", "adjustment", "none"]
Reason = Literal["", "not_connected", "not_determined", "impossible"]
_NUDGE = 1e-6

Path = tuple[tuple[Balance, str], ...]


@dataclass(frozen=True)
class Follower:
    """A quantity between the contested claim and the one that makes room, and the value it takes on the way.

    Parameters
    ----------
    variable, unit : str
    value : float
        In `unit`.
    sigmas : float or None
        Distance from its own evidence in standard errors; None where it has none.
    """

    variable: str
    unit: str
    value: float
    sigmas: float | None


@dataclass(frozen=True)
class Need:
    """What one quantity alone would have to be.

    Parameters
    ----------
    variable, unit : str
        The quantity that makes room.
    relation : {"exactly", "at_least", "at_most"}
        At least or at most where only an inequality connects it with the claim.
    value : float or None
        What it would need to be; None for the `reason` given.
    reason : {"", "not_connected", "not_determined", "impossible"}
        No balance leads to it; a quantity beside the way is not determined; no admissible value exists.
    evidence, sigma : float or None
        What its own evidence says, in `unit`, and the standard error on its scale.
    basis : {"claims", "adjustment", "none"}
        Whether that evidence is its own claims, or what the other claims imply, or missing.
    sigmas : float or None
        Distance of the needed value from the evidence in standard errors; 0 where an inequality holds already.
    balances : tuple of str
        The way from the claim to it.
    followers : tuple of Follower
        The quantities on that way, which follow.
    """

    variable: str
    unit: str
    relation: Relation
    value: float | None
    reason: Reason
    evidence: float | None
    sigma: float | None
    basis: Basis
    sigmas: float | None
    balances: tuple[str, ...]
    followers: tuple[Follower, ...]


@dataclass(frozen=True)
class Requirement:
    """What a contested claim would require of everything else.

    Parameters
    ----------
    claim, variable, unit : str
        The claim that is held.
    value : float
        Its value, in `unit`.
    needs : tuple of Need
        One for each other quantity, nearest to its evidence first, those without an answer last.
    status : {"converged", "not_converged"}
        Of the adjustment that gives the other quantities their values.
    """

    claim: str
    variable: str
    unit: str
    value: float
    needs: tuple[Need, ...]
    status: Status

    def need(self, variable: str) -> Need:
        """Return what the variable of that name would have to be."""
        return next(need for need in self.needs if need.variable == variable)


def required(network: Network, claim: str) -> Requirement:
    """Hold one claim exactly and tell what each other quantity alone would have to be.

    Parameters
    ----------
    network : Network
        Variables, claims and balances.
    claim : str
        Id of the claim to hold.

    Returns
    -------
    Requirement
        The other quantities stand at their adjusted values, adjusted without any claim on the held quantity (if it is what
        this claim says, the other figures for it are wrong). On the way from it to the quantity that makes room, through the
        fewest balances, the quantities in between follow.

    Raises
    ------
    InputError
        If the network has no such claim.

    Notes
    -----
    Equation: along the way each balance is solved for the next variable with the others fixed. Example: 400 t from 20,000 ha ×
    3,600 kg/ha × 0.94 needs 20,000 × 3,600 × 0.94 / 400,000 = 169.2 kg of leaf for one kilogram.
    """
    held = network.measurement(claim)
    rest = network.without(m.claim for m in network.measurements if m.variable == held.variable)
    world = _World(network, adjust(rest), held.variable, held.value)
    needs = [world.need(variable.name) for variable in network.variables if variable.name != held.variable]
    needs.sort(key=lambda need: (need.value is None, math.inf if need.sigmas is None else abs(need.sigmas), need.variable))
    return Requirement(claim, held.variable, network.variable(held.variable).unit, held.value, tuple(needs), world.adjustment.status)


class _World:
    """The other quantities at their adjusted values, and what their own evidence says."""

    def __init__(self, network: Network, adjustment: Adjustment, held: str, value: float) -> None:
        self.network, self.adjustment, self.held = network, adjustment, held
        self.values = {v.name: v.value for v in adjustment.variables if v.value is not None}
        self.values[held] = value
        self.paths = _paths(network, held)
        self.evidence = _evidence(network)

    def need(self, name: str) -> Need:
        if name not in self.paths:
            return self._answer(name, ("exactly", None, "not_connected"), (), ())
        path = self.paths[name]
        relation, value, followers = self._walk(path)
        beside = {side for i, (balance, _) in enumerate(path) for side in balance.names} - {name, self.held} - {step for _, step in path}
        reason: Reason = "not_determined" if not beside <= set(self.values) else "impossible" if value is None else ""
        shown = followers if not reason else ()
        return self._answer(name, (relation, value if not reason else None, reason), tuple(balance.id for balance, _ in path), shown)

    def _walk(self, path: Path) -> tuple[Relation, float | None, tuple[Follower, ...]]:
        """Solve balance after balance from the held quantity to the end of the path."""
        current = {name: np.float64(value) for name, value in self.values.items()}
        relation: Relation = "exactly"
        before, followers = self.held, []
        for balance, name in path:
            if not set(balance.names) - {name} <= set(current):
                return relation, None, ()
            value = float(solve(balance, {k: np.asarray(v) for k, v in current.items()}, name))
            if not self._possible(name, value):
                return relation, None, ()
            relation = _turned(relation, balance, current, (before, name))
            current[name], before = np.float64(value), name
            followers.append(Follower(name, self.network.variable(name).unit, value, self._distance(name, value)))
        return relation, float(current[before]), tuple(followers[:-1])

    def _possible(self, name: str, value: float) -> bool:
        variable = self.network.variable(name)
        return math.isfinite(value) and (variable.scale == "linear" or value > 0.0) and variable.low <= value <= variable.high

    def _basis(self, name: str) -> tuple[Basis, float | None, float | None]:
        """Return where the evidence comes from, its value on the scale and its standard error."""
        if name in self.evidence:
            return "claims", *self.evidence[name]
        adjusted = self.adjustment.variable(name)
        if adjusted.value is None or not adjusted.sigma:
            return "none", None, None
        return "adjustment", self.network.variable(name).scaled(adjusted.value), adjusted.sigma

    def _distance(self, name: str, value: float) -> float | None:
        _, centre, sigma = self._basis(name)
        return None if centre is None or sigma is None else (self.network.variable(name).scaled(value) - centre) / sigma

    def _answer(self, name: str, what: tuple[Relation, float | None, Reason], balances: tuple[str, ...], followers: tuple[Follower, ...]) -> Need:
        relation, value, reason = what
        variable = self.network.variable(name)
        basis, centre, sigma = self._basis(name)
        sigmas = None if value is None else self._distance(name, value)
        if sigmas is not None and ((relation == "at_least" and sigmas < 0.0) or (relation == "at_most" and sigmas > 0.0)):
            sigmas = 0.0
        evidence = None if centre is None else variable.natural(centre)
        return Need(name, variable.unit, relation, value, reason, evidence, sigma, basis, sigmas, balances, followers)


def _turned(relation: Relation, balance: Balance, current: dict[str, np.float64], step: tuple[str, str]) -> Relation:
    """Return the relation after one more balance on the way, from the first variable of `step` to the second."""
    before, name = step
    if balance.kind == "at_most":
        upper = name != balance.result and balance.coefficients[balance.terms.index(name)] > 0.0
        return "at_most" if upper else "at_least"
    if relation == "exactly":
        return relation
    here, there = (
        float(solve(balance, {k: np.asarray(v * (1.0 + nudge if k == before else 1.0)) for k, v in current.items()}, name)) for nudge in (0.0, _NUDGE)
    )
    rising = (there >= here) == (float(current[before]) >= 0.0)
    return relation if rising else "at_least" if relation == "at_most" else "at_most"


def _evidence(network: Network) -> dict[str, tuple[float, float]]:
    """Return mean and standard error of the direct evidence on each variable, on its scale."""
    found = {}
    for variable in network.variables:
        pieces = [piece for piece in pieces_of(network) if piece.variable == variable.name]
        if pieces:
            weights = np.array([piece.sigma**-2 for piece in pieces])
            mean = float(weights @ np.array([piece.value for piece in pieces]) / weights.sum())
            found[variable.name] = (mean, float(weights.sum() ** -0.5))
    return found


def _paths(network: Network, held: str) -> dict[str, Path]:
    """Return the way from the held variable to each other: through equalities where one leads there, else one inequality."""
    equalities = tuple(balance for balance in network.balances if balance.kind != "at_most")
    paths = _walked(equalities, {held: ()})
    for balance in network.balances:
        if balance.kind == "at_most":
            for start in [name for name in balance.names if name in paths and all(b.kind != "at_most" for b, _ in paths[name])]:
                steps = {name: (*paths[start], (balance, name)) for name in balance.names if name not in paths}
                paths |= {name: path for name, path in _walked(equalities, steps).items() if name not in paths}
    return paths


def _walked(balances: tuple[Balance, ...], start: dict[str, Path]) -> dict[str, Path]:
    paths, waiting = dict(start), deque(start)
    while waiting:
        here = waiting.popleft()
        for balance in balances:
            for name in balance.names if here in balance.names else ():
                if name not in paths:
                    paths[name] = (*paths[here], (balance, name))
                    waiting.append(name)
    return paths
