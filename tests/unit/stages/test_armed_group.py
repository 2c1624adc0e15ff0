"""The armed group by hand: what it charges, what it lives on, what bases and rewards do."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tiny import Bench, row

from eslabon.api import Region
from eslabon.params.table import draw_ensemble
from eslabon.stages import armed_group

LEVY = 1000 * 0.6 * 0.8 * 7.9
GROUP = Bench(
    armed_group.advance,
    dispatched_kg=row(1000, 500), group_presence=row(0.6, 0), group_presence_start=row(0.6, 0), group_strength=row(400),
    group_strength_start=row(400), group_revenue_mean=row(LEVY), group_revenue_start=row(LEVY), group_response=row(0.5),
    group_speed=row(0.5), levy_coverage=row(0.8), levy_carriage_share=row(0.15), levy_passage_usd2013_per_kg=row(4),
    levy_carriage_usd2013_per_kg=row(30), bases_added=row(0, 0), counterterrorism_bases=row(35),
    bases_2013=row(35), base_effect=row(0.03), rewards_usd2013_per_yr=row(0),
    reward_effect=row(0.5), captures_usual=row(24), attacks_usual=row(48), provocation=row(1), hazard=row(0, 0),
    deaths_state_per_attack=row(0.25), deaths_group_per_attack=row(0.2), deaths_civil_per_attack=row(0.5), self_defence=row(0, 0),
    self_defence_effect=row(0.2),
)  # fmt: skip


def test_the_levy_by_hand() -> None:
    """4 for passage on 85 %, 30 on the 15 % it carries: 7.90 on each of the 480 kg it meets, 3.79 on each dispatched."""
    found = GROUP()
    assert found["levied_kg"] == pytest.approx(row(480, 0))
    assert found["levy_usd"] == pytest.approx(row(3792, 0))
    assert found["levy_per_kg"] == pytest.approx(row(3.792, 0))


def test_a_levied_kilogram_pays_a_few_per_cent_of_its_price(region: Region) -> None:
    """rule-020..022 against the 800 usd/kg of seed-020, for what 200 members draw."""
    p = draw_ensemble(region.parameters, 0, range(200))[0]
    share = p["levy_carriage_share"]
    charge = p["levy_passage_usd2013_per_kg"] * (1 - share) + p["levy_carriage_usd2013_per_kg"] * share
    assert 0.005 <= charge.min() / 800 <= charge.max() / 800 <= 0.04


def test_at_rest_it_stays_as_it_is() -> None:
    found = GROUP()
    assert found["group_strength"] == pytest.approx(row(400))
    assert found["group_presence"] == pytest.approx(row(0.6, 0))
    assert found["group_revenue_mean"] == pytest.approx(row(LEVY))
    assert found["attacks"] == pytest.approx(row(4, 0)), "48 a year"
    assert found["captures"] == pytest.approx(row(2))
    assert found["deaths_state_attacks"].sum() == pytest.approx(1)
    assert found["deaths_civil_attacks"].sum() == pytest.approx(2)
    assert found["deaths_group"].sum() == pytest.approx(0.8)


def test_bases_push_presence_toward_their_exponential() -> None:
    found = GROUP(bases_added=row(10, 0))["group_presence"][0, 0]
    assert found == pytest.approx(0.6 + 0.5 / 12 * 0.6 * (math.exp(-0.3) - 1))
    presence = row(0.6, 0)
    assert GROUP(counterterrorism_bases=row(45))["group_presence"][0, 0] == found, "bases of the record count like those of a policy"
    for _ in range(1000):
        presence = GROUP(bases_added=row(10, 0), group_presence=presence, group_response=row(0))["group_presence"]
    assert presence[0, 0] == pytest.approx(0.6 * math.exp(-0.3)), "where revenue does not feed it"


def test_a_reward_of_the_published_size_a_year_adds_the_effect_times_ln_two() -> None:
    assert GROUP.one(rewards_usd2013_per_yr=row(300_000))["captures"] == pytest.approx(2 * (1 + 0.5 * math.log(2)))


def test_captures_beyond_the_usual_shrink_it_by_as_many() -> None:
    more = 2 * 0.5 * math.log1p(5e6 / 3e5)
    assert GROUP.one(rewards_usd2013_per_yr=row(5e6))["group_strength"] == pytest.approx(400 - more)


def test_operations_provoke_and_committees_protect() -> None:
    assert GROUP(hazard=row(0.5, 0))["attacks"] == pytest.approx(row(6, 0))
    assert GROUP(bases_added=row(5, 0))["attacks"] == pytest.approx(row(6, 0))
    assert GROUP(self_defence=row(0.5, 0))["attacks"] == pytest.approx(row(3.6, 0))


def test_a_twelfth_of_a_lost_years_revenue_is_forgotten_a_month_and_recruits_with_it() -> None:
    found = GROUP.one(dispatched_kg=row(0, 0))
    assert found["group_revenue_mean"] == pytest.approx(LEVY * 11 / 12)
    lost = (2 + 4 * 0.2) * (1 - math.sqrt(11 / 12))
    assert found["group_strength"] == pytest.approx(400 - lost)


def test_it_neither_vanishes_nor_fills_a_basin() -> None:
    found = GROUP(group_strength=row(8), group_presence=row(0.95, 0), dispatched_kg=row(1e9, 0), rewards_usd2013_per_yr=row(1e9))
    assert found["group_strength"][0, 0] >= 0.02 * 400
    assert found["group_presence"].max() <= 0.95
    assert np.isfinite(found["levy_usd"]).all()
