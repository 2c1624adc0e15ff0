"""Courts and prison by hand: a stock with inflow and outflow, sentences, and children of high-price years."""

from __future__ import annotations

import pytest
from tiny import Bench, row

from eslabon.stages import justice

JUSTICE = Bench(
    justice.advance,
    arrests=row(100), imprisoned_share=row(0.42), diverted_share=row(0), sentence_years=row(7), sentence_factor=row(1), prison=row(0),
    price_leaf=row(3), leaf_price_slow=row(3), exposed_children=row(0.1), exposed_adults=row(0.1), exposed_start=row(0.1),
    cohort_prison_effect=row(0.3), cohort_lag=row(10), sold_legal_kg=row(0), harvested_kg=row(1000), legal_shelter=row(0.5),
    school_transfers=row(0), dispatched_kg=row(500), carriers_arrested=row(10), yearly_pay_usd2013=row(2500), other_inmates=row(50_000),
    prison_capacity=row(28_500), rural_wage_index=row(1.2),
)  # fmt: skip
NO_COHORTS = {"cohort_prison_effect": row(0)}


def held(months: int, start: float = 0.0, **changed: object) -> float:
    stock = row(start)
    for _ in range(months):
        stock = JUSTICE(prison=stock, **NO_COHORTS, **changed)["prison"]
    return float(stock[0, 0])


def test_at_rest_the_stock_is_entries_times_years() -> None:
    """42 a month for seven years: 42 * 12 * 7 = 3528; 63 % of the way after seven."""
    rest = 42 * 84
    assert held(3000) == pytest.approx(rest)
    assert held(1, start=rest) == pytest.approx(rest)
    assert held(84) == pytest.approx(rest * (1 - (1 - 1 / 84) ** 84))


def test_in_and_out_balance_every_month() -> None:
    found = JUSTICE.one(prison=row(500), **NO_COHORTS)
    assert found["prisoners.imprisoned"] == pytest.approx(42)
    assert found["prisoners.released"] == pytest.approx(500 / 84)
    assert found["prison"] == pytest.approx(500 + 42 - 500 / 84)


@pytest.mark.parametrize(("changed", "share"), [({"sentence_factor": row(0.5)}, 0.5), ({"diverted_share": row(0.6)}, 0.4)])
def test_half_as_long_or_half_as_many_hold_half(changed: dict[str, object], share: float) -> None:
    assert held(3000, **changed) == pytest.approx(42 * 84 * share)


def test_nobody_is_released_twice() -> None:
    """A tenth of a 5-year sentence is half a year: a sixth of the stock a month; a hundredth would be more than all."""
    assert JUSTICE.one(prison=row(60), sentence_years=row(5), sentence_factor=row(0.1))["prisoners.released"] == pytest.approx(10)
    assert JUSTICE.one(prison=row(60), sentence_years=row(0.05))["prisoners.released"] == 60


def test_an_exposed_cohort_is_imprisoned_more_by_the_effect() -> None:
    """Against a cohort nobody of which was exposed: S04's 30 %."""
    assert justice.cohort_factor(row(0.3), row(1), row(0))[0, 0] == pytest.approx(1.3)
    assert justice.cohort_factor(row(0.3), row(0.4), row(0.4))[0, 0] == 1
    found = JUSTICE.one(exposed_adults=row(1), exposed_children=row(1), cohort_lag=row(1e9), price_leaf=row(6))
    assert found["prisoners.imprisoned"] == pytest.approx(42 * 1.3 / 1.03)


def test_children_take_on_high_prices_over_four_years_and_adults_theirs_with_the_lag() -> None:
    """A price three tenths above its ten-year mean counts fully."""
    slow = 3 + (4 - 3) / 120
    found = JUSTICE.one(price_leaf=row(4))
    assert found["leaf_price_slow"] == pytest.approx(slow)
    children = 0.1 + 0.9 / 48
    assert found["exposed_children"] == pytest.approx(children)
    assert found["exposed_adults"] == pytest.approx(0.1 + (children - 0.1) / 120)
    half = JUSTICE.one(price_leaf=row(3.3))
    excess = 3.3 / (3 + 0.3 / 120) - 1
    assert half["exposed_children"] == pytest.approx(0.1 + (excess / 0.3 - 0.1) / 48)


@pytest.mark.parametrize("sheltered", [{"sold_legal_kg": row(500)}, {"school_transfers": row(1)}])
def test_where_leaf_is_sold_legally_or_transfers_ask_for_school_no_child_is_exposed(sheltered: dict[str, object]) -> None:
    """rule-025: no effect there."""
    found = JUSTICE.one(price_leaf=row(6), **sheltered)
    assert found["exposed_children"] == pytest.approx(0.1 * (1 - 1 / 48))


def test_prison_risk_is_paid_as_expected_years() -> None:
    """10 carriers of 500 kg, 42 % of them imprisoned for 7 years of 2500 usd at wages 1.2 times those of 2013."""
    assert JUSTICE.one()["prison_pay_usd2013_per_kg"] == pytest.approx(0.02 * 0.42 * 7 * 2500 * 1.2)
    assert JUSTICE.one(diverted_share=row(1))["prison_pay_usd2013_per_kg"] == 0


def test_overcrowding_counts_everybody_and_families_lose_pay() -> None:
    found = JUSTICE.one(prison=row(1000), **NO_COHORTS)
    stock = 1000 + 42 - 1000 / 84
    assert found["overcrowding"] == pytest.approx((50_000 + stock) / 28_500)
    assert found["prison_income_lost"] == pytest.approx(stock * 2500 * 1.2 / 12)
