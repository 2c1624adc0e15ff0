"""Outside conditions by hand: input controls that fade, replacement demand, neighbours, licit returns, the way out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tiny import Bench, row

from eslabon.stages import signals

SIGNALS = Bench(
    signals.advance,
    month=24_300, colombia_area_ha=row(150_000), bolivia_area_ha=row(30_000), colombia_change=row(0), bolivia_change=row(0),
    neighbour_log=row(0, 0), neighbour_log_start=row(0, 0), neighbour_response=row(0.5), neighbour_speed=row(0.4),
    neighbours_known_until=row(24_299), border_mean=row(1000), border_anchor=row(1000), licit_return_usd2013_per_ha=row(1000),
    licit_return_factor=row(0.6), crop_price_change=row(0), road_improvement=row(0), input_shock=row(0), input_binding=row(0),
    checkpoints_added=row(0), checkpoint_effect=row(0.03), substitution=row(0), substitution_months=row(9), rural_wage_index=row(1.2),
    wage_mean=row(0.9), capacity_kg=row(100), clan_strength=row(1), curfew=row(0), curfew_drag=row(0.1), transit_seizure_added=row(0),
    transit_seized_share=row(0.2), import_cost_share=row(0.15), retail_elasticity=row(-0.9),
)  # fmt: skip


def fading(shock: float, tau: float, months: int, binding: float = 0.0) -> list[float]:
    """Return the index of so many months under a constant control, substitutes starting from none."""
    found, substitutes = [], row(0)
    for _ in range(months):
        index, substitutes = signals.input_index(row(shock), row(binding), substitutes, row(tau))
        found.append(float(index[0, 0]))
    return found


def test_a_control_that_can_be_got_round_raises_cost_at_once_and_fades_by_its_time_constant() -> None:
    """1 + shock (1 - 1 / tau)^t, exactly; rule 3's e^(-t / tau) as the step grows small: half the step, half the error."""
    assert fading(0.5, 9, 40) == pytest.approx([1 + 0.5 * (1 - 1 / 9) ** t for t in range(40)])
    errors = []
    for steps in (50, 100, 200):
        index = fading(0.5, steps, 2 * steps + 1)
        errors.append(max(abs(index[t] - 1 - 0.5 * math.exp(-t / steps)) for t in range(2 * steps + 1)))
    assert errors[0] < 0.003
    assert errors[0] / errors[1] == pytest.approx(2, rel=0.05)
    assert errors[1] / errors[2] == pytest.approx(2, rel=0.05)


def test_what_binds_stays() -> None:
    assert fading(0.5, 9, 200, binding=0.4)[-1] == pytest.approx(1 + 0.5 * 0.4)
    assert fading(0.5, 9, 200, binding=1.0) == pytest.approx([1.5] * 200)


def test_a_lifted_control_leaves_no_gift() -> None:
    """Substitutes are there, the control is not: inputs cost what they did, never less."""
    index, left = signals.input_index(row(0), row(0), row(0.5), row(9))
    assert index[0, 0] == 1
    assert left[0, 0] == pytest.approx(0.5 * (1 - 1 / 9))


def test_fifty_posts_cost_what_their_logarithm_says() -> None:
    assert SIGNALS.one(checkpoints_added=row(50))["input_cost_index"] == pytest.approx(1 + 0.03 * math.log(6))
    both = SIGNALS.one(checkpoints_added=row(50), input_shock=row(0.5))
    assert both["input_cost_index"] == pytest.approx(1.5 + 0.03 * math.log(6))


@pytest.mark.parametrize(("elasticity", "share"), [(0.0, 0.15), (-0.9, 0.0)])
def test_without_a_response_of_consumers_all_that_is_lost_is_bought_again(elasticity: float, share: float) -> None:
    """A fifth is lost as it is; with two fifths lost a consumer's kilogram needs 1 / 0.6 in place of 1 / 0.8."""
    found = signals.replacement(row(0.2), row(0.2), row(share), row(elasticity))
    assert found[0, 0] == pytest.approx(0.8 / 0.6)


def test_dearer_imports_lower_consumption_as_far_as_they_are_part_of_its_price() -> None:
    assert signals.replacement(row(0.2), row(0.2), row(0.15), row(-0.9))[0, 0] == pytest.approx((4 / 3) ** (1 - 0.135))
    assert signals.replacement(row(0.2), row(0), row(0.15), row(-0.9))[0, 0] == 1
    assert signals.replacement(row(0.3), row(5), row(0), row(0))[0, 0] == pytest.approx(0.7 / 0.1), "a tenth always arrives"


def test_licit_return_bears_price_and_road() -> None:
    """1000 * 1.5, of which six tenths arrive; roads that save half the cost of the way bring 0.8 of it."""
    found = SIGNALS.one(crop_price_change=row(0.5), road_improvement=row(0.5))
    assert found["licit_return"] == pytest.approx(1000 * 1.5 * (1 - 0.4 * 0.5))
    assert SIGNALS.one(road_improvement=row(1))["licit_return"] == pytest.approx(1000)


def test_the_way_out_is_capacity_times_clans_less_the_drag_of_the_nights() -> None:
    assert SIGNALS.one(clan_strength=row(0.8), curfew=row(0.5))["way_out_kg"] == pytest.approx(100 * 0.8 * 0.95)


def test_neighbours_are_as_published_until_they_are_not() -> None:
    """Afterwards a border price one and a half times the last published year's draws them by response * ln 1.5 in the end."""
    known = SIGNALS.one(neighbours_known_until=row(24_300), border_mean=row(1500), colombia_change=row(-0.5))
    assert known["colombia_ha"] == pytest.approx(75_000)
    assert known["border_anchor"] == 1500
    free = SIGNALS.one(border_mean=row(1500))
    assert free["border_anchor"] == 1000
    assert math.log(free["colombia_ha"] / 150_000) == pytest.approx(0.4 / 12 * 0.5 * math.log(1.5))
    log = row(0, 0)
    for _ in range(600):
        log = SIGNALS(border_mean=row(1500), neighbour_log=log)["neighbour_log"]
    assert np.exp(log) == pytest.approx(np.full((1, 2), 1.5**0.5), rel=1e-6)
