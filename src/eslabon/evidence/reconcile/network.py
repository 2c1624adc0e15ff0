"""A network to reconcile: variables, what claims say of them, and the balances that bind them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Literal

from eslabon.errors import InputError, nearest

Scale = Literal["log", "linear"]
BalanceKind = Literal["product", "sum", "at_most"]
_KINDS = ("product", "sum", "at_most")


@dataclass(frozen=True)
class Variable:
    """A quantity of the chain.

    Parameters
    ----------
    name, unit : str
        Its name, unique in a network, and the unit of its values.
    scale : {"log", "linear"}
        Where its errors are symmetric: in the logarithm (positive quantities) or in the value itself.
    low, high : float
        Hard physical bounds in `unit`; wide, because they are not evidence.
    """

    name: str
    unit: str
    scale: Scale = "log"
    low: float = 0.0
    high: float = math.inf

    def __post_init__(self) -> None:
        place = f"variable {self.name}"
        if not self.name:
            raise InputError("a variable must have a name", remedy="Name it.")
        if self.scale not in ("log", "linear"):
            raise InputError("a scale is log or linear", place=place, value=self.scale, remedy=nearest(self.scale, ("log", "linear")))
        if math.isnan(self.low) or math.isnan(self.high) or not self.low < self.high:
            raise InputError("low must be below high", place=place, value=(self.low, self.high), remedy="Mend the bounds.")
        if self.scale == "log" and self.low < 0.0:
            raise InputError("a variable on the log scale is positive", place=place, value=self.low, remedy="Set low to 0 or more.")

    def scaled(self, value: float) -> float:
        """Return a value in `unit` on the variable's scale."""
        if self.scale == "linear":
            return value
        return math.log(value) if value > 0.0 else -math.inf

    def natural(self, scaled: float) -> float:
        """Return a value on the variable's scale in `unit`."""
        return scaled if self.scale == "linear" else math.exp(min(scaled, 700.0))


@dataclass(frozen=True)
class Measurement:
    """What one claim says of one variable.

    Parameters
    ----------
    claim : str
        Id of the claim, unique in a network.
    variable : str
        Name of the variable it measures.
    value : float
        In the variable's unit.
    sigma : float
        Standard error on the variable's scale: relative (0.1 = 10 %) for log, in the variable's unit for linear.
    group : str
        Independence group: claims of one group come down one chain of sources and count once.
    contested : bool
        Whether somebody disputes it. Carried along for the reader; it changes no weight.
    """

    claim: str
    variable: str
    value: float
    sigma: float
    group: str
    contested: bool = False

    def __post_init__(self) -> None:
        place = f"claim {self.claim}"
        if not math.isfinite(self.value):
            raise InputError("a claim's value must be a finite number", place=place, value=self.value, remedy="Leave the claim out.")
        if not (math.isfinite(self.sigma) and self.sigma > 0.0):
            raise InputError("a standard error must be finite and above 0", place=place, value=self.sigma, remedy="State how sure the claim is.")
        if not self.claim or not self.group:
            raise InputError("a claim must have an id and an independence group", place=place, remedy="Give it both.")


@dataclass(frozen=True)
class Balance:
    """A relation that holds exactly between variables.

    Parameters
    ----------
    id : str
        Unique in a network.
    kind : {"product", "sum", "at_most"}
        ``product``: result = factor × Π term**coefficient; ``sum``: result = Σ coefficient × term;
        ``at_most``: factor × Π term**coefficient ≤ result.
    result : str
        Name of the variable on the left of the equation (on the right of the inequality).
    terms : tuple of str
        Names of the other variables.
    coefficients : tuple of float
        Powers (product, at_most) or multipliers (sum), one a term; empty means all 1.
    factor : float
        Constant of a product or an inequality, for units.
    """

    id: str
    kind: BalanceKind
    result: str
    terms: tuple[str, ...]
    coefficients: tuple[float, ...] = ()
    factor: float = 1.0

    def __post_init__(self) -> None:
        place = f"balance {self.id}"
        if self.kind not in _KINDS:
            raise InputError("unknown kind of balance", place=place, value=self.kind, remedy=nearest(self.kind, _KINDS))
        if not self.coefficients:
            object.__setattr__(self, "coefficients", (1.0,) * len(self.terms))
        if not self.terms or len(self.coefficients) != len(self.terms):
            raise InputError("a balance has at least one term and one coefficient a term", place=place, remedy="Mend the lists.")
        if not all(math.isfinite(c) and c != 0.0 for c in self.coefficients):
            raise InputError("coefficients must be finite and not 0", place=place, value=self.coefficients, remedy="Leave the term out.")
        if len(set(self.names)) != len(self.names):
            raise InputError("a variable may stand only once in a balance", place=place, value=self.names, remedy="Add up its coefficients.")
        if not (math.isfinite(self.factor) and self.factor > 0.0) or (self.kind == "sum" and self.factor != 1.0):
            raise InputError("a factor is above 0, and 1 in a sum", place=place, value=self.factor, remedy="Put it into the coefficients.")

    @property
    def names(self) -> tuple[str, ...]:
        """The result and the terms."""
        return (self.result, *self.terms)


@dataclass(frozen=True)
class Network:
    """Variables, measurements and balances that are reconciled together.

    Raises
    ------
    InputError
        If a name is unknown or repeated, or a value does not fit its variable's scale or bounds.
    """

    variables: tuple[Variable, ...]
    measurements: tuple[Measurement, ...]
    balances: tuple[Balance, ...]

    def __post_init__(self) -> None:
        names = [variable.name for variable in self.variables]
        _refuse_repeats("variable", names)
        _refuse_repeats("claim", (m.claim for m in self.measurements))
        _refuse_repeats("balance", (b.id for b in self.balances))
        known = set(names)
        for measurement in self.measurements:
            self._check_measurement(measurement, known)
        for balance in self.balances:
            for name in balance.names:
                if name not in known:
                    raise InputError("a balance names an unknown variable", place=f"balance {balance.id}", value=name, remedy=nearest(name, known))

    def _check_measurement(self, measurement: Measurement, known: Collection[str]) -> None:
        place = f"claim {measurement.claim}"
        if measurement.variable not in known:
            remedy = nearest(measurement.variable, known)
            raise InputError("a claim measures an unknown variable", place=place, value=measurement.variable, remedy=remedy)
        if self.variable(measurement.variable).scale == "log" and measurement.value <= 0.0:
            remedy = "Leave the claim out, or put the variable on the linear scale."
            raise InputError("a claim on a log-scale variable must be above 0", place=place, value=measurement.value, remedy=remedy)

    def variable(self, name: str) -> Variable:
        """Return the variable of that name."""
        return self.variables[self.index(name)]

    def index(self, name: str) -> int:
        """Return the position of the variable of that name."""
        return next(i for i, variable in enumerate(self.variables) if variable.name == name)

    @property
    def claims(self) -> tuple[str, ...]:
        """Ids of the claims, in order."""
        return tuple(measurement.claim for measurement in self.measurements)

    def measurement(self, claim: str) -> Measurement:
        """Return what a claim measures.

        Raises
        ------
        InputError
            If the network has no such claim.
        """
        for measurement in self.measurements:
            if measurement.claim == claim:
                return measurement
        raise InputError("no such claim in the network", place="claim", value=claim, remedy=nearest(claim, self.claims))

    def without(self, claims: Iterable[str]) -> Network:
        """Return the network as if nobody had made these claims."""
        gone = set(claims)
        return replace(self, measurements=tuple(m for m in self.measurements if m.claim not in gone))

    def only(self, claims: Iterable[str]) -> Network:
        """Return the network with these claims and no other."""
        kept = set(claims)
        return replace(self, measurements=tuple(m for m in self.measurements if m.claim in kept))


def _refuse_repeats(what: str, names: Iterable[str]) -> None:
    for name, times in Counter(names).items():
        if times > 1:
            raise InputError(f"a {what} may be named only once", place=f"{what} {name}", value=f"{times} times", remedy="Rename or merge.")
