"""The labour market by hand: the wage clears it, seasons move it, children are counted."""

from __future__ import annotations

import numpy as np
import pytest
from tiny import Bench, row

from eslabon.stages import labour
from eslabon.state import MONEY_QUANTUM

SEASON = np.ones((1, 1, 12))
LABOUR = Bench(
    labour.advance,
    month=24_303, harvested_kg=row(1200), harvest_labour_usd=row(500), crew_pay=row(300), carriage_pay=row(200), households=row(50),
    growers=row(40), harvest_usual=row(1200), labour_supply=row(1200), labour_elasticity=row(2), labour_migration=row(4), wage_season=SEASON,
    picking_wage=row(1), wage_mean=row(1), licit_wage_usd2013_per_day=row(10), wage_ratio=row(2), rural_wage_index=row(1.1),
    reservation_usd2013_per_kg=row(1), quality_factor=row(0.75), hired_share=row(0.5), local_labour_share=row(0.6),
    days_offered_per_household=row(0.2), children_per_grower=row(0.5), child_work_elasticity=row(0.3), expected_return=row(1000),
    return_start=row(1000), school_transfers=row(0), school_effect=row(0.4),
)  # fmt: skip


@pytest.mark.parametrize("elasticity", [0.8, 2.0, 4.0])
@pytest.mark.parametrize("tightness", [0.8, 1.0, 1.3])
@pytest.mark.parametrize("season", [0.9, 1.1])
def test_the_wage_clears_the_market(elasticity: float, tightness: float, season: float) -> None:
    """Days wanted are days offered: demand = supply * (wage / season)^elasticity."""
    wage = labour.clearing_wage(row(100 * tightness), row(100), row(season), row(elasticity))
    np.testing.assert_allclose(100 * (wage / season) ** elasticity, 100 * tightness)


def test_the_wage_stays_between_half_and_twice() -> None:
    found = labour.clearing_wage(row(1e6, 1, 5), row(1, 1e6, 0), row(1, 1, 0.9), row(1.0))
    assert found.tolist() == [[2, 0.5, 0.9]], "without anybody who offers days, the season's"


def test_at_rest_wages_are_usual_and_a_coca_day_pays_twice_a_licit_one() -> None:
    found = LABOUR.one()
    assert found["picking_wage"] == 1
    assert found["wage_coca_usd_per_day"] == pytest.approx(22)
    assert found["wage_licit_usd_per_day"] == pytest.approx(11)
    assert found["harvest_usual"] == found["labour_supply"] == 1200


def test_a_season_of_its_own_month() -> None:
    season = SEASON.copy()
    season[0, 0, 24_303 % 12] = 1.2
    assert LABOUR.one(wage_season=season)["picking_wage"] == pytest.approx(1.2)


def test_a_doubled_harvest_raises_wages_until_people_come() -> None:
    """The slow harvest rises by a twelfth of 1200 a month, the supply by a third of what is missing."""
    found = LABOUR.one(harvested_kg=row(2400))
    assert found["harvest_usual"] == pytest.approx(1300)
    assert found["labour_supply"] == pytest.approx(1200 + 100 / 3)
    assert found["picking_wage"] == pytest.approx((1300 / (1200 + 100 / 3)) ** 0.5)
    state = {"harvest_usual": row(1200), "labour_supply": row(1200)}
    for _ in range(300):
        now = LABOUR(harvested_kg=row(2400), **state)
        state = {name: now[name] for name in state}
    assert now["picking_wage"][0, 0] == pytest.approx(1, abs=1e-6)


def test_days_of_picking_and_who_comes_for_them() -> None:
    """1200 kg at 0.75 usd are 900 usd, 45 days at 20; half of them hired, 10 offered in the basin, 12.5 from elsewhere."""
    found = LABOUR.one()
    assert found["picking_days"] == pytest.approx(45)
    assert found["seasonal_workers"] == pytest.approx(12.5 / 25)
    assert LABOUR.one(days_offered_per_household=row(1))["seasonal_workers"] == 0


def test_six_tenths_of_wages_stay_with_the_basins_households_to_the_quantum() -> None:
    """0.6 * 1000 usd over 50 households."""
    assert LABOUR.one()["day_labour_usd_per_household"] == pytest.approx(12)
    odd = LABOUR.one(crew_pay=row(301))["day_labour_usd_per_household"]
    assert odd / MONEY_QUANTUM == round(odd / MONEY_QUANTUM)
    assert abs(odd - 12.012) <= MONEY_QUANTUM / 2


def test_children_work_with_the_return_and_less_with_transfers() -> None:
    """20 at the start; twice the return 2^0.3 as many; transfers for all four tenths fewer."""
    assert LABOUR.one()["child_workers"] == pytest.approx(20)
    assert LABOUR.one(expected_return=row(2000))["child_workers"] == pytest.approx(20 * 2**0.3)
    assert LABOUR.one(school_transfers=row(1))["child_workers"] == pytest.approx(12)
    assert LABOUR.one(expected_return=row(-500))["child_workers"] == pytest.approx(20 * 0.05**0.3)
