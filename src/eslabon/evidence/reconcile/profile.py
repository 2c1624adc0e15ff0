"""Profile-likelihood intervals of quantities that nobody measured, where the tangent of the balances bends too much."""

from __future__ import annotations

import math
from dataclasses import replace

from eslabon.evidence.reconcile.fit import Fit, fit
from eslabon.evidence.reconcile.linearisation import Array
from eslabon.evidence.reconcile.network import Measurement, Network

HELD = "profile pull"
STIFFEST = 0.3
MOST_FITS = 30
FARTHEST = 9.0
CLOSE = 0.01
VANISHING = 1e-4
"""Below this share of its sum a quantity that nobody measured is as good as nothing: the other parts use up the whole."""


def vanishing(fitted: Fit, name: str) -> float | None:
    """Return where the search for the upper end of a vanishing quantity starts, on its scale; None if it does not vanish.

    Parameters
    ----------
    fitted : Fit
        A fit.
    name : str
        A variable on the log scale that no claim measures.
    """
    position = fitted.relations.position
    for balance in fitted.relations.equalities:
        if balance.kind == "sum" and name in balance.terms:
            share = abs(balance.coefficients[balance.terms.index(name)])
            start = float(fitted.x[position[balance.result]]) + math.log(VANISHING / share)
            if fitted.x[position[name]] < start:
                return start
    return None


def profile_end(network: Network, fitted: Fit, name: str, pull: tuple[float, float, float]) -> float:
    """Return one end of a profile-likelihood interval.

    Parameters
    ----------
    network, fitted : Network, Fit
        What was adjusted, and its fit.
    name : str
        A variable on the log scale that no claim measures.
    pull : (float, float, float)
        Where to start, on the variable's scale; standard error from the tangent; number of standard errors to go, negative for
        the lower end.

    Returns
    -------
    float
        On the variable's scale; minus or plus infinity where even 0 or the largest value is not excluded.

    Notes
    -----
    Equation: the end is where chi2, minimised over all else, has risen by the square of the number of standard errors. Points on
    that curve are found by pulling the variable with a made-up measurement and taking the measurement's own share off chi2.
    """
    centre, sigma, wanted = pull
    stiff = min(sigma, STIFFEST)
    near, far, reach, start = 0.0, math.inf, min(2.0 * abs(wanted) * stiff, 1.0), fitted.x
    for _ in range(MOST_FITS):
        at, rise, start = _pulled(network, fitted, name, (centre + math.copysign(reach, wanted), stiff, start))
        if abs(rise - abs(wanted)) < CLOSE:
            return at
        near, far = (reach, far) if rise < abs(wanted) else (near, reach)
        reach = 0.5 * (near + far) if math.isfinite(far) else 2.0 * reach
        if near > FARTHEST:
            return math.copysign(math.inf, wanted)
    return at


def _pulled(network: Network, fitted: Fit, name: str, to: tuple[float, float, Array]) -> tuple[float, float, Array]:
    """Return where a pull takes the variable, the square root of the rise of chi2 there, and the whole point."""
    target, stiff, start = to
    measurement = Measurement(HELD, name, max(network.variable(name).natural(target), 1e-290), stiff, HELD)
    pulled = fit(replace(network, measurements=(*network.measurements, measurement)), start)
    at = float(pulled.x[fitted.relations.position[name]])
    rise = pulled.chi2 - ((at - target) / stiff) ** 2 - fitted.chi2
    return at, math.sqrt(max(rise, 0.0)), pulled.x if pulled.converged else start
