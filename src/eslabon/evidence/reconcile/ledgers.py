"""Made-up ledgers with known truth, drawn from the balances of the chain."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from eslabon.evidence.reconcile.network import Balance, Measurement, Network, Variable

CHAIN = (
    Balance("leaf", "product", "leaf_kg", ("area_ha", "yield_kg_per_ha")),
    Balance("uses of leaf", "sum", "leaf_kg", ("legal_kg", "traditional_kg", "illicit_kg", "lost_kg")),
    Balance("conversion", "product", "illicit_kg", ("product_kg", "leaf_per_kg")),
    Balance("uses of product", "sum", "product_kg", ("seized_kg", "exported_kg", "used_kg", "stock_kg")),
)
UNITS = {
    "area_ha": "ha",
    "yield_kg_per_ha": "kg/ha",
    "leaf_per_kg": "kg/kg",
} | {name: "kg" for balance in CHAIN for name in balance.names if name.endswith("_kg") and name != "leaf_per_kg"}
GROUPS = 12
MOST_CLAIMS = 6
UNMEASURED = 0.25
COPIED = 0.10
LEAST_SIGMA, LARGEST_SIGMA = 0.03, 0.25
PLANTED_SIGMAS = 4.0


@dataclass(frozen=True)
class Ledger:
    """A ledger with its truth.

    Parameters
    ----------
    network : Network
        Claims and balances, as a user would give them.
    truth : dict of str to float
        True value of each variable, in its unit.
    bias : dict of str to float
        True relative error that all figures of an independence group share.
    """

    network: Network
    truth: dict[str, float]
    bias: dict[str, float]


def draw_ledger(rng: np.random.Generator, bias_sd: float = 0.0) -> Ledger:
    """Draw a ledger.

    Parameters
    ----------
    rng : Generator
        Source of randomness.
    bias_sd : float
        Scale of the half-normal from which the spread of the groups' biases is drawn; 0 for none.

    Returns
    -------
    Ledger
        About a quarter of the quantities without any claim, the others with one to six claims of different groups with stated
        standard errors of 3 to 25 %, and one claim in ten repeated by its own group.
    """
    truth = _truth(rng)
    spread = abs(float(rng.normal(0.0, bias_sd))) if bias_sd > 0.0 else 0.0
    bias = {f"group {g}": float(rng.normal(0.0, 1.0)) * spread for g in range(GROUPS)}
    measurements: list[Measurement] = []
    for name, value in truth.items():
        if rng.random() >= UNMEASURED:
            for g in rng.permutation(GROUPS)[: int(rng.integers(1, MOST_CLAIMS + 1))]:
                measurements += _claims(rng, (name, value), (f"group {g}", bias[f"group {g}"]), len(measurements))
    return Ledger(Network(tuple(Variable(name, UNITS[name]) for name in truth), tuple(measurements), CHAIN), truth, bias)


def plant(ledger: Ledger, claims: tuple[str, ...], sign: float) -> Network:
    """Return the ledger's network with claims moved to their truth plus or minus four standard errors.

    Parameters
    ----------
    ledger : Ledger
        A clean ledger.
    claims : tuple of str
        One piece of evidence: a claim and its copies.
    sign : float
        1 or -1.
    """

    def moved(m: Measurement) -> Measurement:
        wrong = ledger.truth[m.variable] * math.exp(sign * PLANTED_SIGMAS * m.sigma)
        return replace(m, value=wrong) if m.claim in claims else m

    return replace(ledger.network, measurements=tuple(moved(m) for m in ledger.network.measurements))


def _truth(rng: np.random.Generator) -> dict[str, float]:
    area, leaf_yield, ratio = (math.exp(rng.uniform(math.log(a), math.log(b))) for a, b in ((10_000, 60_000), (1_200, 3_700), (240, 400)))
    leaf = area * leaf_yield
    legal, traditional, illicit, lost = (float(share) * leaf for share in rng.dirichlet((6.0, 8.0, 82.0, 4.0)))
    product = illicit / ratio
    seized, exported, used, stock = (float(share) * product for share in rng.dirichlet((8.0, 78.0, 4.0, 10.0)))
    return {
        "area_ha": area,
        "yield_kg_per_ha": leaf_yield,
        "leaf_kg": leaf,
        "legal_kg": legal,
        "traditional_kg": traditional,
        "illicit_kg": illicit,
        "lost_kg": lost,
        "leaf_per_kg": ratio,
        "product_kg": product,
        "seized_kg": seized,
        "exported_kg": exported,
        "used_kg": used,
        "stock_kg": stock,
    }


def _claims(rng: np.random.Generator, quantity: tuple[str, float], source: tuple[str, float], count: int) -> list[Measurement]:
    """Return a group's claim on a quantity, now and then twice."""
    (name, truth), (group, bias) = quantity, source
    sigma = math.exp(rng.uniform(math.log(LEAST_SIGMA), math.log(LARGEST_SIGMA)))
    value = truth * math.exp(bias + sigma * float(rng.normal()))
    first = Measurement(f"c{count:02d}", name, value, sigma, group)
    return [first, replace(first, claim=f"c{count + 1:02d}")] if rng.random() < COPIED else [first]
