"""Where the adjustment starts: measured values, carried through the balances to what nobody measured."""

from __future__ import annotations

import numpy as np

from eslabon.evidence.reconcile.linearisation import Array, Relations
from eslabon.evidence.reconcile.network import Balance
from eslabon.evidence.reconcile.solving import solve

SMALL_SHARE = 0.05


def start_values(relations: Relations, mean: Array) -> Array:
    """Return a starting point on the variables' scales.

    Parameters
    ----------
    relations : Relations
        Balances and bounds.
    mean : (variable,) float64
        Mean of the evidence on each variable, NaN where there is none.

    Returns
    -------
    (variable,) float64
        Finite and inside the bounds. It is only a start: no result depends on it.
    """
    network = relations.network
    known = {v.name: np.float64(v.natural(mean[i])) for i, v in enumerate(network.variables) if not np.isnan(mean[i])}
    while len(known) < len(network.variables):
        found = _next(relations.equalities, known) or {_first_unknown(relations, known): np.float64(1.0)}
        known |= found
    x = np.array([v.scaled(float(known[v.name])) for v in network.variables])
    x = np.where(np.isfinite(x), x, np.where(np.isfinite(relations.low), relations.low, 0.0))
    return np.asarray(np.clip(x, relations.low, relations.high), dtype=np.float64)


def _next(balances: tuple[Balance, ...], known: dict[str, np.float64]) -> dict[str, np.float64]:
    """Return what one balance tells of its unknown variables: one exactly, or shares of what is left over."""
    for balance in sorted(balances, key=lambda b: sum(name not in known for name in b.names)):
        unknown = [name for name in balance.names if name not in known]
        if len(unknown) == 1:
            return {unknown[0]: _positive(balance, known, unknown[0])}
        if unknown and balance.kind == "sum" and balance.result not in unknown:
            left = known[balance.result] - sum(known[name] for name in balance.terms if name in known)
            left = left if left > 0.0 else SMALL_SHARE * abs(known[balance.result])
            return {name: np.float64(left / len(unknown)) for name in unknown}
    return {}


def _positive(balance: Balance, known: dict[str, np.float64], unknown: str) -> np.float64:
    value = float(solve(balance, {name: np.asarray(known[name]) for name in known}, unknown))
    if np.isfinite(value) and value > 0.0:
        return np.float64(value)
    return np.float64(SMALL_SHARE * max(abs(float(known[name])) for name in balance.names if name in known))


def _first_unknown(relations: Relations, known: dict[str, np.float64]) -> str:
    return next(v.name for v in relations.network.variables if v.name not in known)
