"""Netback prices worked by hand: two corridors, one basin."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from eslabon.stages import prices
from eslabon.stages.decisions import net_return

RATIO, QUALITY, COST, RESERVE = 400.0, 0.75, 200.0, 0.8
NET = 0.25 * (0.9 * 2000 - 150 * 1.2 - 0.1 * 500) + 0.75 * (0.8 * 2100 - 100 * 1.0 - 0.2 * 500)
"""0.25 * 1570 + 0.75 * 1480 = 1502.5"""
FLOOR = COST + RATIO * QUALITY * RESERVE


def column(*values: float) -> Any:
    return np.array([values], dtype=float)


def inputs(**changed: Any) -> dict[str, Any]:
    """Return the arguments of a market at its reference: the border pays 2000 and 2100 usd2013/kg."""
    given = {
        "month": 24000, "colombia_ha": column(150_000), "bolivia_ha": column(20_000), "counted_ha": column(30_000),
        "area_mean_ha": column(200_000), "area_memory": column(24), "border_scale": column(2000), "area_reference_ha": column(200_000),
        "closure_elasticity": column(-0.5), "demand_growth": column(0.01), "demand_shock": column(0), "reference_month": column(24000),
        "corridor_price_factor": column(1, 1.05), "corridor_share": np.array([[[0.25, 0.75]]]), "belief": column(0.1, 0.2),
        "premium": column(1.2, 1), "carriage_cost": column(150, 100), "loss_usd2013_per_kg": column(500),
        "levy_per_kg": column(0), "bribe_per_kg": column(0), "replacement_demand": column(1), "border_mean": column(2050),
        "way_out_kg": column(100), "store_kg": column(0), "flow_kg": column(100), "store_months": column(1),
        "passage": column(1),
        "reservation_usd2013_per_kg": column(RESERVE), "harvest_wage_index": column(1), "processing_usd2013_per_kg": column(COST),
        "input_cost_index": column(1), "leaf_kg_per_kg_cocaine": column(RATIO), "quality_factor": column(QUALITY),
        "price_product": column(700), "price_leaf": column(3), "price_speed": column(1), "base_price_ratio": column(0.7),
        "markdown": column(1), "evacuation_exponent": column(2), "multiplicative_prices": column(0),
        "netback_share": column(0.5), "prices_free": column(1),
    }  # fmt: skip
    return {**given, **changed}


def advance(**changed: Any) -> dict[str, float]:
    return {name: float(value.reshape(-1)[0]) for name, value in prices.advance(**inputs(**changed)).items()}


def test_when_everything_gets_out_origin_earns_the_border_price_less_the_way() -> None:
    assert pytest.approx(1502.5) == NET
    found = advance()
    assert found["evacuation"] == 1
    assert found["border_price"] == pytest.approx(2000)
    assert found["price_product"] == pytest.approx(1502.5)
    assert found["price_leaf"] == pytest.approx((1502.5 - 200) / (400 * 0.75))
    assert found["price_base"] == pytest.approx(0.7 * 1502.5)
    assert found["ladder_leaf"] == pytest.approx(1302.5)


@pytest.mark.parametrize("r", [0.75, 0.5, 0.1])
def test_when_part_gets_out_product_falls_with_r_and_leaf_with_its_square(r: float) -> None:
    found = advance(way_out_kg=column(100 * r), store_kg=column(100))
    at_net = (1502.5 - 200) / 300
    assert found["evacuation"] == pytest.approx(r)
    assert found["price_product"] == pytest.approx(440 + (1502.5 - 440) * r)
    assert found["price_leaf"] == pytest.approx(0.8 + (at_net - 0.8) * r * r)


def test_a_third_of_the_free_store_helps_for_a_while() -> None:
    assert advance(way_out_kg=column(50), store_kg=column(10))["evacuation"] == pytest.approx(0.5 + 90 / 3 / 100)


def test_when_nothing_gets_out_leaf_is_at_the_reservation_price_and_product_at_the_floor() -> None:
    found = advance(way_out_kg=column(0), store_kg=column(100))
    assert found["evacuation"] == 0
    assert found["price_leaf"] == pytest.approx(RESERVE)
    assert found["price_product"] == pytest.approx(FLOOR)


@pytest.mark.parametrize("r", [1.0, 0.8, 0.5, 0.2, 0.0])
def test_what_a_kilogram_leaves_is_the_wedge_that_stays_with_processing(r: float) -> None:
    """Product - cost - leaf = (net border - floor) (r - r^2): nothing at r = 0 and 1, a quarter at most."""
    found = advance(way_out_kg=column(100 * r), store_kg=column(100))
    margin = found["price_product"] - COST - found["ladder_leaf"]
    assert margin == pytest.approx((NET - FLOOR) * (r - r * r), abs=1e-9)


def test_quotes_move_only_part_of_the_way() -> None:
    found = advance(price_speed=column(0.25))
    assert found["price_product"] == pytest.approx(700 + 0.25 * (1502.5 - 700))
    assert found["price_leaf"] == pytest.approx(3 + 0.25 * (1302.5 / 300 - 3))


def test_the_border_price_follows_supply_growth_and_shock() -> None:
    assert advance(demand_shock=column(-0.9))["border_price"] == pytest.approx(200)
    assert advance(reference_month=column(24000 - 24))["border_price"] == pytest.approx(2000 * np.exp(0.02))
    quarter_more = advance(area_mean_ha=column(250_000), colombia_ha=column(200_000))
    assert quarter_more["border_price"] == pytest.approx(2000 * 1.25**-2)
    moved = advance(colombia_ha=column(174_000))
    assert moved["area_mean_ha"] == pytest.approx(201_000)


@pytest.mark.parametrize("open_share", [0.75, 0.3, 0.0])
def test_what_cannot_pass_cannot_leave_however_large_the_capacity_built_for_it(open_share: float) -> None:
    assert advance(passage=column(open_share), store_kg=column(100))["evacuation"] == pytest.approx(open_share)


def test_dearer_inputs_lower_the_leaf_price_by_what_a_kilogram_of_product_holds() -> None:
    fall = advance()["price_leaf"] - advance(input_cost_index=column(2))["price_leaf"]
    assert fall == pytest.approx(COST / (RATIO * QUALITY))


MONEY = ("border_scale", "carriage_cost", "loss_usd2013_per_kg", "reservation_usd2013_per_kg", "processing_usd2013_per_kg",
         "price_product", "price_leaf")  # fmt: skip


@pytest.mark.parametrize("r", [1.0, 0.4])
def test_all_money_times_k_is_all_prices_times_k(r: float) -> None:
    k, place = 3.7, {"way_out_kg": column(100 * r), "store_kg": column(100)}
    before = advance(**place)
    after = advance(**place, **{n: k * inputs()[n] for n in MONEY})
    for name in ("border_price", "price_product", "price_leaf", "price_base", "ladder_leaf"):
        assert after[name] == pytest.approx(k * before[name])
    for name in ("evacuation", "area_mean_ha"):
        assert after[name] == before[name]


def test_a_hectares_return_by_hand_and_times_k() -> None:
    """2000 kg of leaf at 0.75 * (3 - 0.8 * 1.1) each, less 450 of upkeep."""
    given = {"price_leaf": column(3), "quality_factor": column(0.75), "yield_kg_per_ha_yr": column(2000), "reservation_usd2013_per_kg": column(0.8),
             "harvest_wage_index": column(1.1), "upkeep_usd2013_per_ha": column(450)}  # fmt: skip
    assert float(net_return(**given)[0, 0]) == pytest.approx(2000 * 0.75 * 2.12 - 450)
    scaled = {n: 4 * v if "usd" in n or n == "price_leaf" else v for n, v in given.items()}
    assert float(net_return(**scaled)[0, 0]) == pytest.approx(4 * (2000 * 0.75 * 2.12 - 450))


def test_levy_and_bribe_come_off_what_a_kilogram_earns_at_origin() -> None:
    """4 and 13 usd2013/kg less for product; leaf bears them divided by the 300 kg of quoted leaf in a kilogram."""
    free, charged = advance(), advance(levy_per_kg=column(4), bribe_per_kg=column(13))
    assert free["price_product"] - charged["price_product"] == pytest.approx(17)
    assert free["price_leaf"] - charged["price_leaf"] == pytest.approx(17 / 300)


def test_the_mark_down_takes_its_share_of_the_leafs_margin_only() -> None:
    full, marked = advance(), advance(markdown=column(0.8))
    assert marked["price_leaf"] - RESERVE == pytest.approx(0.8 * (full["price_leaf"] - RESERVE))
    assert marked["price_product"] == full["price_product"]


@pytest.mark.parametrize("r", [0.9, 0.5, 0.2])
def test_with_the_linear_rival_leaf_falls_with_r_itself(r: float) -> None:
    found = advance(way_out_kg=column(100 * r), store_kg=column(100), evacuation_exponent=column(1))
    assert found["price_leaf"] == pytest.approx(RESERVE + (1302.5 / 300 - RESERVE) * r)


def test_with_the_multiplicative_rival_origin_earns_a_share_of_the_border_price() -> None:
    """A share of a half of 0.25 * 0.9 * 2000 + 0.75 * 0.8 * 2100 = 1710; costs of carriage no longer matter."""
    found = advance(multiplicative_prices=column(1), netback_share=column(0.5))
    assert found["price_product"] == pytest.approx(855)
    dearer = advance(multiplicative_prices=column(1), netback_share=column(0.5), carriage_cost=column(300, 300))
    assert dearer["price_product"] == pytest.approx(855)


def test_bound_prices_do_not_move_and_the_border_hears_only_of_shocks() -> None:
    found = advance(prices_free=column(0), area_mean_ha=column(400_000), reference_month=column(0), demand_shock=column(-0.25))
    assert found["border_price"] == pytest.approx(1500)
    assert (found["price_product"], found["price_leaf"]) == (700, 3)


def test_demand_replaced_beyond_the_border_raises_its_price_by_the_closure_elasticity() -> None:
    assert advance(replacement_demand=column(1.44))["border_price"] == pytest.approx(2000 * 1.44**2)


def test_the_forward_price_pays_leaf_processing_tolls_way_and_lost_loads() -> None:
    """(1302.5 + 200 + 17 + 0.25 * 150 * 1.2 + 0.75 * 100) / (1 - 0.25 * 0.1 - 0.75 * 0.2), leaf as quoted with those tolls."""
    found = advance(levy_per_kg=column(4), bribe_per_kg=column(13))
    assert found["price_forward"] == pytest.approx(((1302.5 - 17) + 200 + 17 + 45 + 75) / 0.825)


def test_the_slow_mean_of_the_border_price_moves_one_part_in_memory() -> None:
    assert advance(border_mean=column(1450))["border_mean"] == pytest.approx(1450 + (2050 - 1450) / 24)
