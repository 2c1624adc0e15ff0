"""The local economy by hand, and poverty against the standard library's normal distribution and against draws."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from tiny import Bench, row

from eslabon.stages import economy

ECONOMY = Bench(
    economy.advance,
    legal_sales_usd=row(100), traditional_sales_usd=row(50), harvest_labour_usd=row(80), upkeep_usd=row(40), planting_usd=row(30),
    day_labour_usd=row(60), licit_usd=row(300), crop_usd=row(20), payments_usd=row(10), transfers_usd=row(5), households=row(10),
    growers=row(4), made_kg=row(3), price_product=row(1000), illicit_sales_usd=row(1000), levy_usd=row(200), foreign_buyer_share=row(0.6),
    local_spend_share=row(0.5), local_multiplier=row(1.6), laundered_share=row(0.75), spending_mean=row(400), spending_start=row(100),
    income_grower_mean=row(3000), income_other_mean=row(1000), income_log_sd=row(0.7), poverty_line_usd2013=row(2000), settled=row(1),
)  # fmt: skip


@pytest.mark.parametrize("mean", [500.0, 2000.0, 9000.0])
@pytest.mark.parametrize("spread", [0.3, 0.7, 1.2])
def test_the_share_below_a_line_is_that_of_the_log_normal(mean: float, spread: float) -> None:
    found = float(economy.below(row(2000), row(mean), row(spread))[0, 0])
    log_mean = math.log(mean) - spread**2 / 2
    assert found == pytest.approx(NormalDist(log_mean, spread).cdf(math.log(2000)), abs=1e-12)
    draws = np.random.default_rng(0).lognormal(log_mean, spread, 200_000)
    assert draws.mean() == pytest.approx(mean, rel=0.02)
    assert abs((draws < 2000).mean() - found) < 5 * 0.5 / math.sqrt(200_000)


def test_nobody_earns_less_than_nothing() -> None:
    assert economy.below(row(2000), row(-500), row(0.7))[0, 0] == pytest.approx(1, abs=1e-12)


def test_rents_by_hand() -> None:
    """Leaf sells at 1150 in all, costs 150; with 60 of wages coca brings 1060. Trade: 3000 - 1000 - 200, four tenths stay."""
    found = ECONOMY.one()
    assert found["coca_income_usd"] == pytest.approx(1060)
    assert found["trade_margin_usd"] == pytest.approx(1800)
    assert found["laundered_usd"] == pytest.approx(720 * 0.75)
    spent = 1060 * 0.5 + 720 * 0.25
    assert found["local_spending_usd"] == pytest.approx(spent)
    assert found["local_income_made"] == pytest.approx(spent * 0.6)
    assert found["spending_mean"] == pytest.approx(400 + (spent - 400) / 12)
    assert found["fuel_index"] == pytest.approx(math.sqrt((400 + (spent - 400) / 12) / 100))


def test_a_trade_that_loses_has_no_margin() -> None:
    assert ECONOMY.one(price_product=row(300))["trade_margin_usd"] == 0


def test_mean_incomes_and_who_is_poor() -> None:
    """All share 395 a month over ten households, 474 a year; growers have the farm's 1000 over four besides, 3000 a year."""
    found = ECONOMY.one()
    grower, other = 3000 + (474 + 3000 - 3000) / 12, 1000 + (474 - 1000) / 12
    assert found["income_grower_mean"] == pytest.approx(grower)
    assert found["income_other_mean"] == pytest.approx(other)
    poor = [NormalDist(math.log(m) - 0.245, 0.7).cdf(math.log(2000)) for m in (grower, other)]
    assert found["poverty_share"] == pytest.approx(0.4 * poor[0] + 0.6 * poor[1])
