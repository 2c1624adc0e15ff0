"""How far one claim stands from others, and a smallest set of others that rules it out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from eslabon.evidence.reconcile.components import components
from eslabon.evidence.reconcile.fit import fit
from eslabon.evidence.reconcile.linearisation import Array
from eslabon.evidence.reconcile.network import Measurement, Network
from eslabon.evidence.reconcile.trust import HALF_WIDTH
from eslabon.evidence.reconcile.wls import AdjustedVariable, Adjustment, adjust, covariance, rank, tail

_NOTHING = 1e-9


@dataclass(frozen=True)
class Agreement:
    """The chi-square test of some claims: the statistic, its degrees of freedom, the chance of one as large, and the status."""

    chi2: float
    degrees_of_freedom: int
    p: float
    status: str


def agreement(network: Network) -> Agreement:
    """Return the test of all claims of a network together."""
    fitted = fit(network)
    degrees = len(fitted.pieces) - rank(fitted.design(fitted.free))
    return Agreement(fitted.chi2, degrees, tail(fitted.chi2, degrees), "converged" if fitted.converged else "not_converged")


class Scale:
    """A network of claims against which single claims are weighed.

    Parameters
    ----------
    network : Network
        Claims that nobody contests, with the balances.
    """

    def __init__(self, network: Network) -> None:
        self.network = network

    @cached_property
    def adjustment(self) -> Adjustment:
        """The values that these claims give."""
        return adjust(self.network)

    @cached_property
    def chi2(self) -> float:
        """Weighted sum of squared residuals of these claims alone."""
        return fit(self.network).chi2

    def expected(self, measurement: Measurement) -> AdjustedVariable:
        """Return what these claims give for the variable that a claim measures."""
        return self.adjustment.variable(measurement.variable)

    def with_claim(self, measurement: Measurement) -> Network:
        """Return the network with one claim more."""
        return _with(self.network, measurement)

    def distance(self, measurement: Measurement) -> float | None:
        """Return how many standard errors a claim stands from what these claims imply.

        Returns
        -------
        float or None
            Square root of the rise of chi-square that the claim brings; None where these claims say nothing of it.
        """
        rise = fit(self.with_claim(measurement)).chi2 - self.chi2
        if rise <= _NOTHING and near_range(self.network, measurement.variable) is None:
            return None
        return math.sqrt(max(rise, 0.0))

    def against(self, measurement: Measurement, limit: float) -> tuple[str, ...]:
        """Return a smallest set of these claims that alone puts a claim at least `limit` standard errors apart.

        One claim on the same quantity, where that suffices. Else claims are dropped one after the other, those that matter least
        first, as long as the rest still rules it out.
        """
        alone = self._directly(measurement)
        if alone and alone[0] >= limit:
            return (alone[1],)
        part = next(p for p in components(self.with_claim(measurement)) if measurement.claim in p.claims)
        start = fit(part).x
        kept = [claim for claim in part.claims if claim != measurement.claim]
        worth = {claim: _apart(part.without([claim]), measurement.claim, start) for claim in kept}
        for claim in sorted(kept, key=lambda name: -worth[name]):
            fewer = [name for name in kept if name != claim]
            if _apart(part.only([measurement.claim, *fewer]), measurement.claim, start) >= limit:
                kept = fewer
        return tuple(kept)

    def _directly(self, measurement: Measurement) -> tuple[float, str] | None:
        """Return the claim on the same quantity that is furthest off, and how many standard errors."""
        scaled = self.network.variable(measurement.variable).scaled
        same = [m for m in self.network.measurements if m.variable == measurement.variable and m.claim != measurement.claim]
        found = [(abs(scaled(m.value) - scaled(measurement.value)) / math.hypot(m.sigma, measurement.sigma), m.claim) for m in same]
        return max(found, default=None)


def near_range(network: Network, name: str) -> tuple[float, float] | None:
    """Return the 90 % interval of a variable in the tangent of the balances, or None where it is not determined.

    Good enough to ask whether a mended figure would fit; intervals for readers come from `adjust`.
    """
    fitted = fit(network)
    spread, determined = covariance(fitted, fitted.open)
    i = network.index(name)
    if not determined[i] or not fitted.converged:
        return None
    variable, half = network.variable(name), HALF_WIDTH * math.sqrt(max(float(spread[i, i]), 0.0))
    return variable.natural(float(fitted.x[i]) - half), variable.natural(float(fitted.x[i]) + half)


def _with(network: Network, measurement: Measurement) -> Network:
    return Network(network.variables, (*network.measurements, measurement), network.balances)


def _apart(network: Network, claim: str, start: Array) -> float:
    return math.sqrt(max(fit(network, start).chi2 - fit(network.without([claim]), start).chi2, 0.0))
