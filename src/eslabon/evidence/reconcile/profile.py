"""Profile-likelihood intervals of quantities that nobody measured, where the tangent of the balances bends too much."""

from __future__ import annotations

import math
from dataclasses import replace

from eslabon.evidence.reconcile.fit import Fit, fit
from eslabon.evidence.reconcile.network import Measurement, Network

HELD = "profile pull"
MOST_FITS = 12
FARTHEST = 7.0
CLOSE = 0.01


def profile_end(network: Network, fitted: Fit, name: str, pull: tuple[float, float]) -> float:
    """Return one end of a profile-likelihood interval.

    Parameters
    ----------
    network, fitted : Network, Fit
        What was adjusted, and its fit.
    name : str
        A variable on the log scale that no claim measures.
    pull : (float, float)
        Standard error from the tangent; number of standard errors to go, negative for the lower end.

    Returns
    -------
    float
        On the variable's scale; minus or plus infinity where even 0 or the largest value is not excluded.

    Notes
    -----
    Equation: the end is where chi2, minimised over all else, has risen by the square of the number of standard errors. Points on
    that curve are found by pulling the variable with a made-up measurement and taking the measurement's own share off chi2.
    """
    sigma, wanted = pull
    i = fitted.relations.position[name]
    centre, reach, start = float(fitted.x[i]), 2.0 * wanted * sigma, fitted.x
    for _ in range(MOST_FITS):
        target = network.variable(name).natural(centre + reach)
        measurement = Measurement(HELD, name, max(target, 1e-290), sigma, HELD)
        pulled = fit(replace(network, measurements=(*network.measurements, measurement)), start)
        at, start = float(pulled.x[i]), pulled.x
        own = ((at - centre - reach) / sigma) ** 2
        rise = math.sqrt(max(pulled.chi2 - own - fitted.chi2, 0.0))
        if not pulled.converged or abs(at - centre) > FARTHEST or rise == 0.0:
            return math.copysign(math.inf, wanted)
        if abs(rise - abs(wanted)) < CLOSE:
            return at
        reach *= min(max(abs(wanted) / rise, 0.3), 3.0)
    return at
