"""The Bayesian version against numerical integration, truncated normals and least squares; the study in small."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest
from scipy.stats import halfnorm, norm, truncnorm

from eslabon.errors import InputError
from eslabon.evidence.reconcile.bayes import Posterior, posterior
from eslabon.evidence.reconcile.elimination import eliminate
from eslabon.evidence.reconcile.ledgers import CHAIN, draw_ledger, plant
from eslabon.evidence.reconcile.network import Balance, Measurement, Network, Variable
from eslabon.evidence.reconcile.synthetic import study
from eslabon.evidence.reconcile.wls import adjust


def monte_carlo(sampled: Posterior) -> float:
    """Return five standard errors of a quantile at 5 or 95 %, in posterior standard deviations."""
    return 5.0 * math.sqrt(0.05 * 0.95 / sampled.effective_draws) / float(norm.pdf(norm.ppf(0.05)))


def test_agrees_with_least_squares_where_balances_are_straight() -> None:
    """Products are straight in logarithms: flat priors and Gaussian errors give the least-squares normal exactly."""
    variables = tuple(Variable(name, "u") for name in ("area", "yield", "leaf", "ratio", "product"))
    balances = (Balance("leaf", "product", "leaf", ("area", "yield")), Balance("conversion", "product", "leaf", ("product", "ratio")))
    said = (("area", 20_000.0, 0.05), ("yield", 3_600.0, 0.2), ("leaf", 60e6, 0.1), ("product", 250e3, 0.1), ("area", 23_000.0, 0.1))
    network = Network(variables, tuple(Measurement(f"c{i}", *one, f"g{i}") for i, one in enumerate(said)), balances)
    sampled, adjusted = posterior(network, source_bias_sd=0.0, seed=3), adjust(network)
    assert sampled.converged and sampled.biases == ()
    for one, other in zip(sampled.variables, adjusted.variables, strict=True):
        for mine, theirs in ((one.value, other.value), (one.low, other.low), (one.high, other.high)):
            assert math.log(mine / theirs) == pytest.approx(0.0, abs=monte_carlo(sampled) * other.sigma)


def test_agrees_with_least_squares_on_the_chain_with_small_errors() -> None:
    truth = {"area_ha": 2e4, "yield_kg_per_ha": 3e3, "legal_kg": 4e6, "traditional_kg": 5e6, "lost_kg": 3e6, "product_kg": 1.6e5, "seized_kg": 2e4}
    truth |= {"used_kg": 1e4, "stock_kg": 3e4}
    names = dict.fromkeys(name for balance in CHAIN for name in balance.names)
    claims = tuple(Measurement(f"c{i}", name, value, 0.02, f"g{i}") for i, (name, value) in enumerate(truth.items()))
    network = Network(tuple(Variable(name, "u") for name in names), claims, CHAIN)
    sampled, adjusted = posterior(network, source_bias_sd=0.0, seed=4), adjust(network)
    assert sampled.converged and all(v.observable for v in sampled.variables)
    for one, other in zip(sampled.variables, adjusted.variables, strict=True):
        assert math.log(one.value / other.value) == pytest.approx(0.0, abs=0.2 * other.sigma)
        assert math.log(one.high / one.low) == pytest.approx(math.log(other.high / other.low), rel=0.1)


def test_source_bias_against_numerical_integration() -> None:
    """One quantity, one group with two figures on two quantities, one independent figure; τ integrated on a fine grid by hand.

    x is said to be 1.0 by g (σ 0.05) and 1.3 by h (σ 0.05), in logs 0 and log 1.3. Given τ each figure has variance 0.05² + τ².
    """
    network = Network((Variable("x", "u"),), (Measurement("a", "x", 1.0, 0.05, "g"), Measurement("b", "x", 1.3, 0.05, "h")), ())
    x, tau = np.linspace(-1.5, 2.0, 1_401), np.linspace(1e-4, 0.6, 600)
    spread = np.sqrt(0.05**2 + tau**2)
    joint = norm.pdf(0.0, x[:, None], spread) * norm.pdf(math.log(1.3), x[:, None], spread) * halfnorm.pdf(tau, scale=0.1)
    cumulated = joint.sum(axis=1).cumsum() / joint.sum()
    low, middle, high = np.interp([0.05, 0.5, 0.95], cumulated, x)
    sampled = posterior(network, source_bias_sd=0.1, seed=5)
    found, deviation = sampled.variable("x"), sampled.variable("x").sigma
    assert sampled.converged
    assert math.log(found.value) == pytest.approx(middle, abs=monte_carlo(sampled) * deviation)
    assert math.log(found.low) == pytest.approx(low, abs=monte_carlo(sampled) * deviation)
    assert math.log(found.high) == pytest.approx(high, abs=monte_carlo(sampled) * deviation)
    taus = joint.sum(axis=0).cumsum() / joint.sum()
    assert sampled.bias_spread == pytest.approx(float(np.interp(0.5, taus, tau)), abs=0.02)
    biases = {bias.group: bias.value for bias in sampled.biases}
    assert biases["g"] < 0.0 < biases["h"] and biases["g"] == pytest.approx(-biases["h"], abs=0.01)


def test_one_group_biased_in_all_it_says_is_found_out() -> None:
    """A group says 30 % too much of each of five quantities that three others agree on; only its bias explains that."""
    variables = tuple(Variable(f"x{i}", "u") for i in range(5))
    claims = [Measurement(f"{g}{i}", f"x{i}", 10.0, 0.05, g) for i in range(5) for g in ("one", "two", "three")]
    claims += [Measurement(f"loud{i}", f"x{i}", 13.0, 0.05, "loud") for i in range(5)]
    sampled = posterior(Network(variables, tuple(claims), ()), source_bias_sd=0.2, seed=1)
    loud = next(bias for bias in sampled.biases if bias.group == "loud")
    assert sampled.converged and 0.0 < loud.low < loud.value < loud.high < 0.4
    assert all(bias.low < 0.0 < bias.high for bias in sampled.biases if bias.group != "loud")


def test_a_hard_inequality_truncates() -> None:
    """x ≤ y with y known to be 1: log x is normal (0.1, 0.2) cut off above 0."""
    variables = (Variable("x", "u"), Variable("y", "u"))
    claims = (Measurement("x", "x", math.exp(0.1), 0.2, "g"), Measurement("y", "y", 1.0, 1e-5, "h"))
    sampled = posterior(Network(variables, claims, (Balance("cap", "at_most", "y", ("x",)),)), source_bias_sd=0.0, seed=2)
    expected = truncnorm(-np.inf, (0.0 - 0.1) / 0.2, loc=0.1, scale=0.2)
    found = sampled.variable("x")
    assert sampled.converged and found.high <= 1.001
    for mine, share in ((found.low, 0.05), (found.value, 0.5), (found.high, 0.95)):
        assert math.log(mine) == pytest.approx(expected.ppf(share), abs=0.02)


def test_the_same_seed_gives_the_same_draws() -> None:
    network = Network((Variable("x", "u"),), (Measurement("a", "x", 1.0, 0.1, "g"),), ())
    one, again, other = (posterior(network, seed=seed, most_steps=300) for seed in (9, 9, 10))
    assert one == again != other


def test_too_few_steps_are_a_status() -> None:
    network = draw_ledger(np.random.default_rng(1)).network
    sampled = posterior(network, source_bias_sd=0.0, most_steps=100)
    assert (sampled.status, sampled.steps) == ("not_converged", 100) and "autocorrelation" in sampled.reason


def test_balances_in_a_loop_are_refused_with_their_names() -> None:
    balances = (Balance("rate", "product", "soles", ("dollars", "rate")), Balance("again", "product", "soles", ("dollars", "rate"), factor=2.0))
    variables = tuple(Variable(name, "u") for name in ("soles", "dollars", "rate"))
    sampled = posterior(Network(variables, (), balances))
    assert sampled.status == "not_sampled" and "rate, again" in sampled.reason
    assert all(v.value is None for v in sampled.variables)


def test_negative_bias_scale_is_refused() -> None:
    with pytest.raises(InputError, match="0 or more"):
        posterior(Network((), (), ()), source_bias_sd=-0.1)


def test_elimination_solves_every_balance() -> None:
    ledger = draw_ledger(np.random.default_rng(12))
    elimination = eliminate(ledger.network)
    assert elimination.loops == () and len(elimination.free) == len(ledger.truth) - len(CHAIN)
    chosen = np.log([[ledger.truth[name] for name in elimination.free]])
    assert np.exp(elimination.complete(chosen)[0]) == pytest.approx(list(ledger.truth.values()))


def test_planting_moves_a_claim_by_four_standard_errors() -> None:
    ledger = draw_ledger(np.random.default_rng(2))
    target = ledger.network.measurements[3]
    moved = plant(ledger, (target.claim,), -1.0)
    assert math.log(moved.measurement(target.claim).value / ledger.truth[target.variable]) == pytest.approx(-4.0 * target.sigma)
    assert [m for m in moved.measurements if m.claim != target.claim] == [m for m in ledger.network.measurements if m.claim != target.claim]


def test_study_in_small() -> None:
    """Twenty ledgers cannot prove the promise, but they can break it."""
    document = study(20, seed=2)
    json.dumps(document, allow_nan=False)
    lines = {line["line"]: line["value"] for line in document["acceptance"]}  # type: ignore[union-attr, attr-defined]
    assert 0.82 <= lines["coverage of 90 % intervals, least squares"] <= 0.97
    assert lines["planted wrong claim that others can check is named"] >= 0.85
    assert lines["false accusation, clean ledgers"] <= 0.15
    assert document["least_squares"]["not_converged"] == 0  # type: ignore[index]


def test_study_depends_on_its_seed_alone() -> None:
    assert study(1, seed=5) == study(1, seed=5) != study(1, seed=6)


def test_study_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match="--synthetic"):
        study(0)
