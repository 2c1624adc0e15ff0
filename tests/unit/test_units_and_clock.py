"""Quantities with their unit, months as integers, and the prior of a parameter, by hand."""

from __future__ import annotations

import datetime
import math

import numpy as np
import pytest

from eslabon.api import Region
from eslabon.clock import is_december, month_index, month_text, year_of
from eslabon.errors import InputError, nearest
from eslabon.params.table import Parameter, draw_member, margin_usd2013_per_kg
from eslabon.policies.scenario import Pull
from eslabon.units import parse_months, parse_quantity, per_month


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [("30_000 ha/yr", "ha/yr", 30_000), ("2.5e3 t/yr", "t/yr", 2500), (" 0.5 ", "1", 0.5), ("0.5 1", "1", 0.5), ("0 ha/yr", "ha/yr", 0)],
)
def test_a_quantity_carries_its_unit(text: str, unit: str, value: float) -> None:
    assert parse_quantity(text, unit) == value


@pytest.mark.parametrize(
    "text", ["30000", 30000, 30000.0, None, True, "30000 ha", "30000 ha/month", "nan ha/yr", "inf ha/yr", "1e999 ha/yr", "-1 ha/yr", "ha/yr", ""]
)
def test_anything_else_is_refused_and_the_remedy_shows_the_form(text: object) -> None:
    with pytest.raises(InputError) as caught:
        parse_quantity(text, "ha/yr", file="s.toml", place="line 3, area")
    message = str(caught.value)
    assert "s.toml: line 3, area" in message
    assert "ha/yr" in caught.value.rule
    assert '"30_000 ha/yr"' in caught.value.remedy


def test_a_duration_is_whole_months() -> None:
    assert parse_months("12 months") == 12
    for text in ("1.5 months", "12", "1 year", "-1 months"):
        with pytest.raises(InputError):
            parse_months(text)


def test_months_count_like_the_calendar() -> None:
    start = datetime.date(1999, 11, 1)
    first = month_index("1999-11")
    for n in range(40):
        month = start.month - 1 + n
        date = datetime.date(start.year + month // 12, month % 12 + 1, 1)
        assert month_text(first + n) == f"{date:%Y-%m}"
        assert year_of(first + n) == date.year
        assert is_december(first + n) == (date.month == 12)
        assert month_index(month_text(first + n)) == first + n


@pytest.mark.parametrize("text", ["2025", "2025-13", "2025-00", "2025-1", "25-01", "2025-01-01", "2025/01", "", "2025-01 "])
def test_a_month_has_one_form(text: str) -> None:
    with pytest.raises(InputError, match="YYYY-MM"):
        month_index(text)


def test_a_yearly_flow_is_spread_over_twelve_months() -> None:
    assert 12 * per_month(30_000) == 30_000


def test_the_nearest_name_is_offered_or_all_of_them() -> None:
    assert nearest("forced_eradicaton", ["forced_eradication", "seizure"]) == "Did you mean 'forced_eradication'?"
    assert nearest("zzz", ["b", "a"]) == "Valid: a, b."


def test_a_lever_ramps_up_holds_and_ends() -> None:
    lever = Pull("seizure", 1.0, 100, 102, end=107, ramp_months=4, strength=0.8)
    assert [lever.weight(t) for t in range(100, 110)] == pytest.approx([0, 0, 0.2, 0.4, 0.6, 0.8, 0.8, 0.8, 0, 0])


def test_the_prior_is_the_triangular_distribution() -> None:
    p = Parameter("p", "1", "R0", 3.0, 2.0, 7.0, "assumed", (), "test")
    for x in (2.0, 2.5, 3.0, 4.0, 6.5, 7.0):
        share = (x - 2) ** 2 / (5 * 1) if x <= 3 else 1 - (7 - x) ** 2 / (5 * 4)
        assert p.quantile(share) == pytest.approx(x, abs=1e-12)
    draws = [p.quantile((i + 0.5) / 20_000) for i in range(20_000)]
    assert np.mean(draws) == pytest.approx((2 + 3 + 7) / 3, abs=1e-4)
    assert Parameter("p", "1", "R0", 3.0, 3.0, 3.0, "assumed", (), "test").quantile(0.4) == 3.0


def test_drawn_parameters_lie_in_bounds_leave_a_margin_and_differ_between_members(region: Region) -> None:
    seen = []
    for member in range(30):
        values, _rejected = draw_member(region.parameters, 0, member)
        assert all(p.low <= values[n] <= p.high and math.isfinite(values[n]) for n, p in region.parameters.items())
        assert margin_usd2013_per_kg(values) >= 0
        seen.append(tuple(values.values()))
    assert len(set(seen)) == 30


def test_a_new_parameter_leaves_every_other_draw_alone(region: Region) -> None:
    more = {"an_added_one": Parameter("an_added_one", "1", "R0", 1.0, 0.0, 2.0, "assumed", (), "test"), **region.parameters}
    before, after = draw_member(region.parameters, 3, 5)[0], draw_member(more, 3, 5)[0]
    assert {n: after[n] for n in before} == before
