"""Inference on toys whose posterior is known in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from eslabon.study.calibration.coverage import recover
from eslabon.study.calibration.posterior import Bank, infer
from eslabon.study.calibration.proposals import DEFENSIVE_SHARE, Proposal, fitted, mixture_weights

SLOPE = np.array([[1.0, 0.0, 0.0], [0.5, 1.0, 0.0], [0.0, 0.5, 0.0], [1.0, -1.0, 0.0]])
"""Four figures answer two of three parameters; the third is idle."""
NOISE = 0.7


def toy(size: int, seed: int) -> Bank:
    luck = np.random.default_rng(seed)
    z = luck.standard_normal((size, 3))
    figures = z @ SLOPE.T + NOISE * luck.standard_normal((size, 4))
    return Bank(z, figures / NOISE, np.ones(size))


def exact(observed: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Posterior of a linear model with a standard normal prior, worked out by matrix algebra."""
    precision = SLOPE.T @ SLOPE / NOISE**2 + np.eye(3)
    spread = np.linalg.inv(precision)
    return spread @ SLOPE.T @ observed / NOISE, spread


def test_linear_posterior_is_found() -> None:
    bank, observed = toy(20_000, 1), np.array([1.5, 1.0, -0.5, 2.0])
    mean, spread = exact(observed)
    found = infer(bank, observed, 1000)
    assert found.weights @ found.z == pytest.approx(mean, abs=0.12)
    centred = found.z - found.weights @ found.z
    covariance = (found.weights[:, None] * centred).T @ centred
    assert np.sqrt(np.diag(covariance)) == pytest.approx(np.sqrt(np.diag(spread)), rel=0.1)


def test_idle_parameter_keeps_its_prior() -> None:
    found = infer(toy(20_000, 2), np.zeros(4), 1000)
    assert found.weights @ found.z[:, 2] == pytest.approx(0, abs=0.12)
    assert found.weights @ found.z[:, 2] ** 2 == pytest.approx(1, abs=0.15)


def test_order_of_simulations_is_no_input() -> None:
    bank, observed = toy(3000, 3), np.array([1.0, 0.0, 0.0, 1.0])
    turned = Bank(bank.z[::-1], bank.figures[::-1], bank.weights[::-1])
    one, other = infer(bank, observed, 200), infer(turned, observed, 200)
    assert one.weights @ one.z == pytest.approx(other.weights @ other.z, abs=1e-9)


def test_truths_are_recovered_in_nine_cases_of_ten() -> None:
    found = recover(toy(8_000, 4), ("first", "second", "idle"), 400, 400)
    assert found.coverage(0.9).mean() == pytest.approx(0.9, abs=0.03)
    assert found.coverage(0.5).mean() == pytest.approx(0.5, abs=0.05)
    _, spread = exact(np.zeros(4))
    assert found.contraction[:2] == pytest.approx(1 - np.diag(spread)[:2], abs=0.07)
    assert found.contraction[2] == pytest.approx(0, abs=0.07)


def test_overconfident_inference_fails_the_check() -> None:
    """The check can fail: intervals half as wide cover much less than nine in ten."""
    bank = toy(8_000, 5)
    narrow = recover(Bank(bank.z, bank.figures, bank.weights), ("a", "b", "c"), 400, 400)
    shrunk = np.abs(narrow.ranks - 0.5) <= 0.225
    assert shrunk.mean() < 0.6


def test_mixture_weights_undo_the_proposal() -> None:
    """A mean under the prior is the weighted mean under any proposal: E z^2 = 1 and E z = 0."""
    luck = np.random.default_rng(6)
    proposal = Proposal(np.array([0.8]), np.array([[0.6]]))
    choice = luck.uniform(size=40_000)
    draws = np.array([proposal.place(white, c) for white, c in zip(luck.standard_normal((40_000, 1)), choice, strict=True)])
    prior = luck.standard_normal((20_000, 1))
    z = np.concatenate([prior, draws])
    weights = mixture_weights(z, [(Proposal(), 20_000, 1.0), (proposal, 40_000, 1.0)])
    assert weights @ z[:, 0] / weights.sum() == pytest.approx(0, abs=0.03)
    assert weights @ z[:, 0] ** 2 / weights.sum() == pytest.approx(1, abs=0.04)


def test_density_of_a_proposal_is_its_mixture_by_hand() -> None:
    proposal, z = Proposal(np.array([1.0]), np.array([[2.0]])), np.array([[0.0], [1.0]])

    def normal(x: float, mean: float, sd: float) -> float:
        return float(np.exp(-0.5 * ((x - mean) / sd) ** 2) / (sd * np.sqrt(2 * np.pi)))

    by_hand = [(1 - DEFENSIVE_SHARE) * normal(x, 1, 2) / normal(x, 0, 1) + DEFENSIVE_SHARE for x in (0.0, 1.0)]
    assert proposal.density(z) == pytest.approx(by_hand)


def test_fitted_proposal_has_the_weighted_mean() -> None:
    z, weights = np.array([[0.0, 0.0], [2.0, 0.0], [0.0, 4.0], [1.0, 1.0]]), np.array([1.0, 1.0, 1.0, 5.0])
    assert fitted(z, weights, np.array([True, True])).mean == pytest.approx((weights @ z) / 8)


def test_what_does_not_move_is_proposed_from_its_prior() -> None:
    z, weights = np.random.default_rng(7).standard_normal((50, 2)) + 3, np.ones(50)
    proposal = fitted(z, weights, np.array([True, False]))
    assert proposal.mean is not None and proposal.mean[1] == 0
    at = np.array([[3.0, -1.0], [3.0, 2.0]])
    assert proposal.density(at)[0] == pytest.approx(proposal.density(at)[1]), "its value is no part of the weight"
