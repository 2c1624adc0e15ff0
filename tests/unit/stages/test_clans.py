"""Clans by hand: an arrest takes its share, the next one less; rivals take over; few buyers pay less."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tiny import Bench, row

from eslabon.draws import stream_key
from eslabon.stages import clans

SIZE = row(0.5, 0.3, 0.2, 0.0)
CLANS = Bench(
    clans.advance,
    keys=[stream_key(0, 0, "clans", 24_300)], clan_capacity=SIZE, clan_size=SIZE, clan_arrest_trace=row(0), clan_hit_share=row(0.5),
    clan_arrests_usual=row(0), clan_arrest_share_per_yr=row(0), clan_vulnerability=row(1.5), clan_replacement=row(0), clan_slowdown=row(2),
    clan_members=row(25), leaf_supply_elasticity=row(0.4), clan_hhi_start=clans.concentration(SIZE),
)  # fmt: skip
ALL_HIT = {"clan_arrest_share_per_yr": row(6)}
"""Six a year over twelve months and half of the members a hit: every clan is hit every month."""


def test_a_hit_takes_an_exponential_share_and_the_second_one_less() -> None:
    once = CLANS(**ALL_HIT)
    assert once["clan_capacity"] == pytest.approx(SIZE * math.exp(-0.75))
    twice = CLANS(**ALL_HIT, clan_capacity=once["clan_capacity"])
    first, second = 1 - once["clan_strength"][0, 0], once["clan_strength"][0, 0] - twice["clan_strength"][0, 0]
    assert first == pytest.approx(1 - math.exp(-0.75))
    assert second == pytest.approx(first * math.exp(-0.75))
    assert 0 < second < first
    assert once["clan_arrests"][0, 0] == pytest.approx(25 * 0.5 * 3), "the empty slot is nobody"


def test_hits_come_with_their_chance() -> None:
    """0.6 a year at half of the members a hit is a tenth of the clans a month: 2,000 keys of 50 equal clans, five sigma."""
    size = np.full((1, 50), 0.02)
    given = {"clan_capacity": size, "clan_size": size, "clan_hhi_start": row(0.02), "clan_arrest_share_per_yr": row(0.4),
             "clan_arrests_usual": row(0.2)}  # fmt: skip
    hits = sum(float(CLANS(**given, keys=[stream_key(0, m, "clans", 1)])["clan_arrests"][0, 0]) / 12.5 for m in range(2000))
    assert abs(hits / 100_000 - 0.1) < 5 * math.sqrt(0.1 * 0.9 / 100_000)


@pytest.mark.parametrize("n", [1, 4, 40])
def test_concentration_of_equal_shares_is_one_over_their_number(n: int) -> None:
    assert clans.concentration(np.full((1, n), 7.0))[0, 0] == pytest.approx(1 / n)


def test_concentration_by_hand_and_whatever_the_total() -> None:
    assert clans.concentration(SIZE)[0, 0] == pytest.approx(0.25 + 0.09 + 0.04)
    assert clans.concentration(0.1 * SIZE)[0, 0] == pytest.approx(0.38)


def test_the_mark_down_is_one_at_the_start_and_that_of_an_oligopsony_later() -> None:
    """One clan left alone: (e + 0.38) / (e + 1) of the margin at the start."""
    assert CLANS.one()["markdown"] == 1
    alone = CLANS.one(clan_capacity=row(0.5, 0, 0, 0))
    assert alone["clan_hhi"] == pytest.approx(1)
    assert alone["markdown"] == pytest.approx((0.4 + 0.38) / (0.4 + 1))
    elastic = CLANS.one(clan_capacity=row(0.5, 0, 0, 0), leaf_supply_elasticity=row(1e6))
    assert elastic["markdown"] == pytest.approx(1, abs=1e-5), "where supply answers at once nobody has power over its price"


def test_rivals_take_over_and_the_broken_recover_more_slowly_after_many_arrests() -> None:
    """The first clan is gone: everyone's goal is its own size enlarged by half; a tenth a month of the gap."""
    gone = {"clan_capacity": row(0, 0.3, 0.2, 0), "clan_replacement": row(-12 * math.log(0.9))}
    found = CLANS(**gone)["clan_capacity"]
    assert found == pytest.approx(row(0.1 * 0.75, 0.3 + 0.1 * 0.15, 0.2 + 0.1 * 0.1, 0))
    slower = CLANS(**gone, clan_arrest_trace=row(0.3))["clan_capacity"]
    assert np.all(slower[:, :3] < found[:, :3])


def test_left_alone_the_trade_returns_to_its_strength() -> None:
    capacity = row(0.05, 0.3, 0.2, 0)
    for _ in range(400):
        capacity = CLANS(clan_capacity=capacity, clan_replacement=row(1))["clan_capacity"]
    assert capacity == pytest.approx(SIZE, rel=1e-3)


def test_a_clan_is_broken_up_below_three_tenths_of_its_size() -> None:
    assert CLANS.one(clan_capacity=row(0.16, 0.3, 0.05, 0))["clans_active"] == 2
