"""Shares of variance against functions whose shares are known by hand, and against nothing at all."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest

from eslabon.errors import InputError
from eslabon.study.variance import DEGREE, Design, Shares, members_needed, polynomials, variance_shares

Array = npt.NDArray[np.float64]
GROUPS = ("assumed", "estimated", "measured")
LINEAR = np.array([0.4, 0.2, 0.1])
"""Shares of the first three parameters of the linear function; the rest is noise or many small parameters."""


def design(rng: np.random.Generator, members: int, parameters: int) -> Design:
    """Return independent uniform places; parameter i belongs to group i modulo three."""
    names = tuple(f"p{i}" for i in range(parameters))
    return Design(names, rng.random((members, parameters)), tuple(GROUPS[i % 3] for i in range(parameters)))


def straight(places: Array) -> Array:
    """Return uniform places scaled to mean 0 and variance 1."""
    return np.sqrt(12) * (places - 0.5)


def named(shares: Shares, parameters: int) -> Array:
    return np.array([shares.named[f"p{i}"].share if f"p{i}" in shares.named else 0.0 for i in range(parameters)])


def test_terms_have_mean_zero_variance_one_and_do_not_overlap() -> None:
    nodes, weights = np.polynomial.legendre.leggauss(20)
    terms = polynomials((nodes[:, None] + 1) / 2)
    np.testing.assert_allclose(terms.T @ (weights / 2), 0, atol=1e-12)
    np.testing.assert_allclose((terms * (weights / 2)[:, None]).T @ terms, np.eye(DEGREE), atol=1e-12)


def test_a_linear_function_without_noise_is_split_exactly() -> None:
    rng = np.random.default_rng(3)
    found = design(rng, 120, 40)
    y = straight(found.places[:, :3]) @ np.sqrt([0.5, 0.3, 0.2])
    shares = variance_shares(y, found)
    np.testing.assert_allclose(named(shares, 3), [0.5, 0.3, 0.2], atol=1e-9)
    assert set(shares.named) == {"p0", "p1", "p2"}
    assert shares.unresolved.share == pytest.approx(0, abs=1e-9)
    assert [shares.groups[g].share for g in GROUPS] == pytest.approx([0.5, 0.3, 0.2], abs=1e-9)


def test_shares_of_a_noisy_linear_function_have_no_bias_and_intervals_hold_them() -> None:
    rng, got, inside, groups, held = np.random.default_rng(4), [], [], [], []
    true = {"assumed": 0.4, "estimated": 0.2, "measured": 0.1}
    for _ in range(20):
        found = design(rng, 120, 60)
        y = straight(found.places[:, :3]) @ np.sqrt(LINEAR) + np.sqrt(0.3) * rng.standard_normal(120)
        shares = variance_shares(y, found)
        got.append(named(shares, 3))
        inside += [shares.named[f"p{i}"].low <= LINEAR[i] <= shares.named[f"p{i}"].high for i in range(3) if f"p{i}" in shares.named]
        groups.append([shares.groups[g].share for g in GROUPS])
        held += [shares.groups[g].low <= true[g] <= shares.groups[g].high for g in GROUPS]
    np.testing.assert_allclose(np.mean(got, axis=0), LINEAR, atol=0.03)
    np.testing.assert_allclose(np.mean(groups, axis=0), list(true.values()), atol=0.03)
    assert np.mean(inside) >= 0.8
    assert np.mean(held) >= 0.8


def test_many_small_parameters_are_found_as_a_group_though_none_can_be_named() -> None:
    rng, totals, most = np.random.default_rng(5), [], 0
    for _ in range(8):
        found = design(rng, 200, 120)
        small = straight(found.places[:, 0::3]) @ np.full(40, np.sqrt(0.5 / 40))
        shares = variance_shares(small + np.sqrt(0.5) * rng.standard_normal(200), found)
        totals.append([shares.groups[g].share for g in GROUPS] + [shares.unresolved.share])
        most = max(most, len(shares.named))
    assert most <= 3
    np.testing.assert_allclose(np.mean(totals, axis=0), [0.5, 0, 0, 0.5], atol=0.1)


def test_ishigami_within_a_twentieth() -> None:
    """First-order shares 0.314, 0.442 and 0; 0.244 is an interaction and stays unresolved (Ishigami and Homma 1990)."""
    rng, found = np.random.default_rng(6), []
    for _ in range(4):
        made = design(rng, 300, 12)
        x = np.pi * (2 * made.places[:, :3] - 1)
        y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
        shares = variance_shares(y, made)
        found.append([*named(shares, 3), shares.unresolved.share])
    np.testing.assert_allclose(np.mean(found, axis=0), [0.314, 0.442, 0.0, 0.244], atol=0.05)


def test_the_g_function_within_a_twentieth() -> None:
    """First-order variances 1 / 3 / (1 + a)^2 of a product of |4u - 2| (Saltelli and Sobol' 1995)."""
    a = np.array([0.0, 1.0, 4.5, 9.0, 99.0, 99.0])
    variances = 1 / 3 / (1 + a) ** 2
    true = variances / (np.prod(1 + variances) - 1)
    rng, found = np.random.default_rng(7), []
    for _ in range(4):
        made = design(rng, 300, 12)
        y = np.prod((np.abs(4 * made.places[:, :6] - 2) + a) / (1 + a), axis=1)
        found.append(named(variance_shares(y, made), 6))
    np.testing.assert_allclose(np.mean(found, axis=0), true, atol=0.05)


@pytest.mark.parametrize(("members", "repetitions"), [(24, 100), (80, 60)])
def test_nothing_is_named_where_nothing_matters(members: int, repetitions: int) -> None:
    rng, wrong = np.random.default_rng(8), 0
    for k in range(repetitions):
        y = rng.standard_normal(members) if k % 2 else rng.lognormal(size=members)
        wrong += bool(variance_shares(y, design(rng, members, 80)).named)
    assert wrong <= 0.05 * repetitions


def test_what_twelve_members_cannot_tell_has_a_wide_interval() -> None:
    rng = np.random.default_rng(9)
    shares = variance_shares(rng.standard_normal(12), design(rng, 12, 150))
    assert all(band.high - band.low > 0.8 for band in shares.groups.values())


def test_advice_on_members_is_enough_to_name_a_parameter_four_times_in_five() -> None:
    members, rng = members_needed(0.2, 60), np.random.default_rng(10)
    hits = 0
    for _ in range(30):
        found = design(rng, members, 60)
        y = np.sqrt(0.2) * straight(found.places[:, 0]) + np.sqrt(0.8) * rng.standard_normal(members)
        hits += "p0" in variance_shares(y, found).named
    assert 0.6 <= hits / 30 <= 0.97
    assert members_needed(0.02, 60) > members_needed(0.2, 60) > members_needed(0.2, 60, carried=0.7)


def test_parameters_drawn_jointly_share_what_they_carry_together() -> None:
    """With y = a + b and correlation r, the covariance of each with y is 1 + r: half of the variance of y each."""
    rng = np.random.default_rng(11)

    def law(size: int) -> Array:
        places = rng.random((3 * size, 2))
        return places[places.sum(axis=1) < 1.2][:size]

    places = np.column_stack([law(200), rng.random((200, 30))])
    made = Design(tuple(f"p{i}" for i in range(32)), places, ("assumed",) * 32, (0, 1), law(20_000))
    shares = variance_shares(places[:, 0] + places[:, 1], made)
    assert named(shares, 2) == pytest.approx([0.5, 0.5], abs=0.06)
    assert sum(b.share for b in shares.groups.values()) + shares.unresolved.share == pytest.approx(1, abs=1e-6)


def test_luck_is_repeatable_and_the_order_of_parameters_does_not_matter() -> None:
    rng = np.random.default_rng(12)
    made = design(rng, 100, 30)
    y = straight(made.places[:, :2]) @ np.sqrt([0.5, 0.2]) + np.sqrt(0.3) * rng.standard_normal(100)
    turned = Design(made.names[::-1], made.places[:, ::-1], made.groups[::-1])
    one, again, other = variance_shares(y, made), variance_shares(y, made), variance_shares(y, turned)
    assert one == again
    assert {n: b.share for n, b in one.named.items()} == pytest.approx({n: b.share for n, b in other.named.items()})


@pytest.mark.parametrize("values", [np.ones(50), np.zeros(50), np.arange(5.0)])
def test_a_figure_that_does_not_vary_or_has_too_few_members_is_refused(values: Array) -> None:
    with pytest.raises(InputError):
        variance_shares(values, design(np.random.default_rng(0), len(values), 10))
