"""Properties the stages rely on: an element's result depends on no other element, and sums on no member count."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eslabon.clock import month_index, month_text
from eslabon.params.table import Parameter
from eslabon.stages.arrays import power, ratio, total
from eslabon.stages.eradication import allocate
from eslabon.units import parse_quantity

FUNCTIONS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "exp": lambda x: np.exp(x),
    "expm1": lambda x: np.expm1(x),
    "log": lambda x: np.log(np.abs(x) + 1e-3),
    "power": lambda x: (np.abs(x) + 1e-3) ** 1.7,
    "power by array": lambda x: (np.abs(x) + 1e-3) ** (0.3 + 0 * x),
    "square": lambda x: x**2,
    "quotient": lambda x: 1.3 / (np.abs(x) + 1e-3),
}
some = settings(deadline=None, max_examples=50)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_an_element_does_not_depend_on_the_length_or_place_of_its_array(name: str) -> None:
    """Vectorised loops and their remainders must agree, or a member's luck would hang on the chunk it is in."""
    f, x = FUNCTIONS[name], np.random.default_rng(0).normal(0, 3, (37, 18))
    whole = f(x)
    for first in range(9):
        for size in (1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17):
            np.testing.assert_array_equal(f(x[first : first + size]), whole[first : first + size])
    for i in (0, 5, 36):
        np.testing.assert_array_equal(f(x[[i]]), whole[[i]])
        np.testing.assert_array_equal(f(x[:, [i % 18]]), whole[:, [i % 18]])
    np.testing.assert_array_equal(f(np.asfortranarray(x)), whole)
    np.testing.assert_array_equal(f(x[::2, ::3]), whole[::2, ::3])


@pytest.mark.parametrize("exponent", [0.0, 0.5, 1.0, 2.0, -1.0, 1.7])
def test_a_power_with_one_exponent_a_member_does_not_depend_on_how_many_members_there_are(exponent: float) -> None:
    """The operator takes another way for some exponents when an array has one row."""
    x, by_member = np.random.default_rng(0).uniform(0.01, 2, (3000, 4)), np.full((3000, 1), exponent)
    whole = power(x, by_member)
    for size in (1, 2, 3, 8):
        parts = [power(x[i : i + size], by_member[i : i + size]) for i in range(0, 3000, size)]
        np.testing.assert_array_equal(np.concatenate(parts), whole)
    np.testing.assert_allclose(whole, x**exponent, rtol=1e-15)


@some
@given(st.integers(1, 9), st.integers(1, 20), st.integers(0, 2**32 - 1))
def test_a_members_total_does_not_depend_on_how_many_members_there_are(members: int, basins: int, seed: int) -> None:
    x = np.random.default_rng(seed).lognormal(0, 8, (members, basins))
    whole = total(x)
    for m in range(members):
        assert total(x[[m]])[0, 0] == whole[m, 0]
    np.testing.assert_allclose(whole[:, 0], [sum(row) for row in x.tolist()], rtol=0)


@some
@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=6), st.lists(st.just(0.0) | st.floats(1e-9, 1e9), min_size=6, max_size=6))
def test_a_ratio_is_the_quotient_or_zero(a: list[float], b: list[float]) -> None:
    found = ratio(np.array(a), np.array(b[: len(a)]))
    assert found.tolist() == [x / y if y > 0 else 0.0 for x, y in zip(a, b, strict=False)]


@some
@given(
    st.lists(st.floats(0, 1e5), min_size=4, max_size=4),
    st.lists(st.floats(0, 1), min_size=4, max_size=4),
    st.lists(st.floats(1, 1e5), min_size=2, max_size=2),
)
def test_a_plan_is_spread_wholly_and_only_over_its_basins(standing: list[float], access: list[float], plan: list[float]) -> None:
    groups = np.array([[1.0, 1.0, 0.0, 0.0], [0.0, 1.0, 1.0, 1.0]])
    found = allocate(np.array(plan), groups, np.array([access]), np.array([standing]))[0]
    reach = [standing[b] * access[b] for b in range(4)]
    weights = [sum(reach[:2]), sum(reach[1:])]
    by_hand = [sum(plan[g] * groups[g, b] * reach[b] / weights[g] for g in range(2) if weights[g] > 0) for b in range(4)]
    assert found.tolist() == pytest.approx(by_hand, rel=1e-9, abs=1e-9)
    assert (found >= 0).all()


@some
@given(st.floats(0, 1e300), st.sampled_from(["ha/yr", "t/yr", "raids/yr", "months"]))
def test_a_written_quantity_is_read_back(number: float, unit: str) -> None:
    assert parse_quantity(f"{number!r} {unit}", unit) == number


@some
@given(st.integers(0, 9999 * 12 + 11))
def test_a_written_month_is_read_back(month: int) -> None:
    assert month_index(month_text(month)) == month


@some
@given(st.floats(-10, 10), st.floats(0, 10), st.floats(0, 10), st.floats(0, 1), st.floats(0, 1))
def test_a_prior_is_monotone_and_bounded(low: float, left: float, right: float, u: float, v: float) -> None:
    p = Parameter("p", "1", "R0", low + left, low, low + left + right, "assumed", (), "test")
    a, b = p.quantile(min(u, v)), p.quantile(max(u, v))
    assert p.low - 1e-9 <= a <= b + 1e-12 <= p.high + 1e-9
