"""Politics by hand: terms begin when they do, offices follow rents with their lag, captured offices do less."""

from __future__ import annotations

import math

import pytest
from tiny import Bench, row

from eslabon.clock import month_index, month_text
from eslabon.stages import politics

JUNE = month_index("2025-06")
TERM = month_index("2027-01")
POLITICS = Bench(
    politics.advance,
    month=JUNE, illicit_sales_usd=row(60, 40), dispatched_kg=row(10, 5), rents_mean=row(60, 40), rents_reference=row(100), capture_wish=row(1),
    capture_memory=row(36), capture_response=row(0.5), capture_turnover=row(0.8), anti_corruption=row(0), anti_corruption_effect=row(0.4),
    captured_mayors=row(11.5), captured_seats=row(12), mayors_start=row(11.5), seats_start=row(12), capture_effect=row(0.2),
    bribe_usd2013_per_kg=row(33), bribed_share=row(0.4), most_mayors=row(60), mayors_opening=row(11.5), vraem=row(1, 0),
)  # fmt: skip


def begin(every: int, since: int, at: int) -> list[str]:
    months = range(month_index("1995-01"), month_index("2028-12") + 1)
    return [month_text(m) for m in months if politics.takes_office(m, every, since, at)]


def test_councils_take_office_in_january_of_every_fourth_year() -> None:
    """Municipal terms of Peru since those of 2003."""
    assert begin(4, 2003, politics.JANUARY) == ["1995-01", "1999-01", "2003-01", "2007-01", "2011-01", "2015-01", "2019-01", "2023-01", "2027-01"]


def test_congress_takes_office_in_july_of_every_fifth_year() -> None:
    assert begin(5, 2001, politics.JULY) == ["1996-07", "2001-07", "2006-07", "2011-07", "2016-07", "2021-07", "2026-07"]


def test_at_rest_nothing_moves() -> None:
    for month in (JUNE, TERM):
        found = POLITICS.one(month=month)
        assert (found["captured_mayors"], found["captured_seats"], found["enforcement"], found["capture_wish"]) == (11.5, 12, 1, 1)
        assert found["bribe_per_kg"] == pytest.approx(33 * 0.4)
        assert found["captured_mayors_vraem"] == pytest.approx(11.5 * 0.6)


def test_offices_follow_four_times_the_rents_only_at_the_next_term() -> None:
    """Wish moves a 36th of the way to 4^0.5 a month; in January 2027 mayors close 0.8 of the gap, the seats wait for July."""
    rich = {"illicit_sales_usd": row(240, 160), "rents_mean": row(240, 160)}
    now = POLITICS.one(**rich)
    assert now["capture_wish"] == pytest.approx(1 + 1 / 36)
    assert now["captured_mayors"] == 11.5
    later = POLITICS.one(**rich, month=TERM, capture_wish=row(1.5))
    wish = 1.5 + 0.5 / 36
    assert later["capture_wish"] == pytest.approx(wish)
    assert later["captured_mayors"] == pytest.approx(11.5 + 0.8 * 11.5 * (wish - 1))
    assert later["captured_seats"] == 12


def test_the_lag_is_memory_and_term() -> None:
    """Rents quadruple in July 2023, just after a term began: mayors stay until January 2027, whatever is wished meanwhile."""
    state = {"capture_wish": row(1), "captured_mayors": row(11.5), "captured_seats": row(12), "rents_mean": row(60, 40)}
    mayors = {}
    for month in range(month_index("2023-07"), month_index("2035-01") + 1):
        found = POLITICS(month=month, illicit_sales_usd=row(240, 160), **state)
        state = {name: found[name] for name in state}
        mayors[month] = float(found["captured_mayors"][0, 0])
    assert all(v == 11.5 for m, v in mayors.items() if m < TERM)
    terms = [mayors[month_index(t)] for t in ("2027-01", "2031-01", "2035-01")]
    assert 11.5 < terms[0] < terms[1] < terms[2] < 23
    assert terms[2] > 0.9 * 23, "in the end as many times as many as the square root of the rents says"


def test_mayors_change_in_january_of_council_years_and_seats_in_july_of_congress_years() -> None:
    state = {"captured_mayors": row(11.5), "captured_seats": row(12)}
    changed: dict[str, list[str]] = {"captured_mayors": [], "captured_seats": []}
    for month in range(month_index("2020-01"), month_index("2031-12") + 1):
        found = POLITICS(month=month, capture_wish=row(2), **state)
        for name, months in changed.items():
            if found[name] != state[name]:
                months.append(month_text(month))
        state = {name: found[name] for name in state}
    assert changed == {"captured_mayors": ["2023-01", "2027-01", "2031-01"], "captured_seats": ["2021-07", "2026-07", "2031-07"]}


def test_captured_offices_lower_enforcement_and_effort_raises_it() -> None:
    assert POLITICS.one(captured_mayors=row(23))["enforcement"] == pytest.approx(math.exp(-0.2))
    clean = POLITICS.one(anti_corruption=row(0.5))
    assert clean["enforcement"] == pytest.approx(math.exp(-0.2 * (0.8 - 1)))
    assert clean["bribe_per_kg"] == pytest.approx(33 * 0.4 * 0.8)
    assert clean["capture_wish"] == pytest.approx(1 + (0.8 - 1) / 36)


def test_there_are_no_more_offices_than_there_are() -> None:
    found = POLITICS.one(month=TERM, capture_wish=row(100), rents_mean=row(6e9, 4e9))
    assert found["captured_mayors"] == 60
    assert found["enforcement"] >= 0.3
