"""Numbers: three significant figures, a unit that suits, axes that hold their data."""

from __future__ import annotations

from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslabon.report.numbers import axis_ticks, exact, interval, number, percent, scale_for, significant, unit_label


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (89_755, "89,800"),
        (1_234_567, "1,230,000"),
        (0, "0"),
        (12.0, "12"),
        (1.2, "1.2"),
        (-0.01234, "−0.0123"),
        (999.9, "1,000"),
        (5, "5"),
    ],
)
def test_three_significant_figures(value: float, words: str) -> None:
    assert number(value) == words


def test_published_values_are_quoted_exactly() -> None:
    assert exact(36_345) == "36,345"
    assert exact(2.95) == "2.95"


def test_signs_and_missing_numbers() -> None:
    assert number(5, signed=True) == "+5"
    assert number(float("nan")) == "–"
    assert percent(-12.34) == "−12\u202f%"
    assert percent(123.4) == "+123\u202f%"


def test_interval_never_joins_a_sign_and_a_dash() -> None:
    assert interval({"p05": -2.0, "p95": 3.0}) == "−2, 3"
    assert interval({"p05": 2.0, "p95": 3.0}) == "2–3"


def test_scale_is_shared_by_all_rows_shown(sample: ModuleType) -> None:
    small, large = (sample.row("x", "ALL", 2024, "kg", value, 0.1) for value in (5.0, 50_000.0))
    assert scale_for("kg", "flow", [small], "en").label == "kg a year"
    both = scale_for("kg", "flow", [small, large], "en")
    assert (both.factor, both.label) == (0.001, "t a year")
    cost = sample.row("x", "ALL", 2024, "usd2013", 46e6, 0.1)
    assert scale_for("usd2013", "cost", [cost], "es").label == "millones de USD de 2013 al año"


def test_unknown_units_are_kept() -> None:
    assert unit_label("furlong/kg", "en") == "furlong per kg"
    assert unit_label("ha/year", "es") == "ha al año"


@given(st.floats(min_value=-1e9, max_value=1e9), st.floats(min_value=-1e9, max_value=1e9))
def test_an_axis_holds_its_data_and_zero(first: float, second: float) -> None:
    low, high = sorted((significant(first, 6), significant(second, 6)))
    bottom, top, step = axis_ticks(low, high)
    slack = max(step * 1e-6, 1e-12)
    assert bottom <= min(low, 0) + slack
    assert max(high, 0) <= top + slack
    assert (top - bottom) / step <= 12
