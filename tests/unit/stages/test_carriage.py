"""Carriage by hand: what is seized, what deters, how corridors and modes shift, and that no kilogram is lost."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tiny import Bench, row

from eslabon.stages import carriage

MODES = np.array([[[0.2, 0.8], [0.6, 0.4]]])
"""Two corridors by two modes, the first of them air."""
CARRIAGE = Bench(
    carriage.advance,
    store_kg=row(300, 80), capacity_kg=row(100, 100), flow_kg=row(100, 100), way_out_kg=row(200, 100),
    corridor_share=np.array([[[0.5, 0.5], [0.25, 0.75]]]), corridor_start=np.array([[[0.5, 0.5], [0.25, 0.75]]]), corridor_open=row(1, 1),
    corridor_capacity_share=row(1, 1), mode_share=MODES, mode_start=MODES, mode_risk=row(0.5, 1.5), mode_cost=row(1, 2),
    mode_carriers=row(4, 40), mode_pay=row(25, 40), mode_effort=row(1, 1), assets_exponent=row(0.6), belief=row(0.1, 0.1),
    mode_belief=row(0.1, 0.1), mode_belief_start=row(0.1, 0.1), premium=row(1, 1), interdictor_trace=row(0.5, 0.5), seized_share=row(0.1),
    enforcement=row(1), seizure_floor=row(0, 0), air_denial_share=row(0), denial_trace=row(0), deterrence_air=row(0.02),
    denial_persistence=row(0.8), border_price=row(2000, 2000), price_product=row(1000, 1000), corridor_cost_usd2013_per_kg=row(100, 150),
    corridor_logit_usd=row(200), corridor_shift=row(0), mode_shift=row(0), belief_learning=row(0.36), premium_learning=row(0.1),
    premium_reference=row(0.43), loss_weight=row(2), loss_usd2013_per_kg=row(200), interdictor_memory=row(0.6), interdictor_focus=row(0.5),
    capacity_headroom=row(0.1), capacity_follow_rate=row(0.12), wanted_kg=row(200, 100), settled=row(1), load_size=row(60), load_kg=row(60),
    load_splitting=row(0.8), arrests_per_seized_kg=row(0.04), prison_pay_usd2013_per_kg=row(7), rural_wage_index=row(1),
    flight_kg=row(300), deaths_per_stopped_flight=row(1.5),
)  # fmt: skip
MOVED = np.array([[[100, 100], [20, 60]]])
"""All of 200 of 300 and all of 80, by corridor."""
TAKEN = np.array([[0.1 * (0.2 * 0.5 + 0.8 * 1.5) / 1.3, 0.1 * (0.6 * 0.5 + 0.4 * 1.5) / 0.9]])
"""The usual tenth, by construction: a mode's risk is relative to the corridor's mean at the start."""


def assert_conserved(found: dict[str, np.ndarray], store: np.ndarray) -> None:
    out, gone, there = (found[f"product.{n}"] for n in ("dispatched", "seized_in_transit", "exported"))
    np.testing.assert_allclose(out, gone + there, rtol=1e-12)
    np.testing.assert_allclose(store, found["store_kg"] + out, rtol=1e-12)
    np.testing.assert_allclose(found["moved_kg"].sum(axis=2), out, rtol=1e-12)
    np.testing.assert_allclose(found["mode_moved_kg"].sum(), out.sum(), rtol=1e-12)
    np.testing.assert_allclose(found["corridor_seized_kg"].sum(), gone.sum(), rtol=1e-12)
    np.testing.assert_allclose(found["corridor_exported_kg"].sum(), there.sum(), rtol=1e-12)
    assert all((v >= 0).all() for v in (out, gone, there, found["store_kg"]))


def test_the_usual_month_by_hand() -> None:
    found = CARRIAGE()
    np.testing.assert_allclose(TAKEN, 0.1)
    np.testing.assert_allclose(found["moved_kg"], MOVED)
    np.testing.assert_allclose(found["product.seized_in_transit"], row(20, 8))
    np.testing.assert_allclose(found["product.exported"], row(180, 72))
    np.testing.assert_allclose(found["store_kg"], row(100, 0))
    np.testing.assert_allclose(found["corridor_seized_kg"], row(12, 16))
    np.testing.assert_allclose(found["mode_moved_kg"], row(0.2 * 120 + 0.6 * 160, 0.8 * 120 + 0.4 * 160))
    np.testing.assert_allclose(found["seizures"], row(28 / 60))
    np.testing.assert_allclose(found["carriage_cost"], row(107, 157), err_msg="the mix of the start costs what the corridor costs, and prison")
    np.testing.assert_allclose(found["belief"], row(0.1, 0.1))
    np.testing.assert_allclose(found["capacity_kg"], row(100 + 0.01 * (220 - 100), 100 + 0.01 * (110 - 100)))


@pytest.mark.parametrize("seed", range(20))
def test_no_kilogram_is_lost_whatever_is_tried(seed: int) -> None:
    rng = np.random.default_rng(seed)
    store = rng.uniform(0, 500, (1, 2))
    found = CARRIAGE(
        store_kg=store, way_out_kg=rng.uniform(0, 500, (1, 2)), corridor_open=rng.choice([0, 0.3, 1], (1, 2)),
        corridor_capacity_share=rng.uniform(0, 1, (1, 2)), mode_effort=rng.uniform(0, 10, (1, 2)), seizure_floor=rng.choice([0, 0.5, 1], (1, 2)),
        air_denial_share=rng.uniform(0, 0.5, (1, 1)), denial_trace=rng.uniform(0, 0.5, (1, 1)), corridor_shift=row(0.5), mode_shift=row(0.5),
        price_product=rng.uniform(100, 3000, (1, 2)), seized_share=rng.uniform(0, 1, (1, 1)),
    )  # fmt: skip
    assert_conserved(found, store)
    np.testing.assert_allclose(found["corridor_share"].sum(axis=2), 1)
    np.testing.assert_allclose(found["mode_share"].sum(axis=2), 1)


def test_five_times_the_assets_on_one_mode_take_their_power_of_it() -> None:
    """risk of the second mode 1.5 / 1.3 or 1.5 / 0.9 of the mean, times 5^0.6; the first mode as before."""
    found = CARRIAGE(mode_effort=row(1, 5))
    by_corridor = [120 * (0.2 * 0.5 + 0.8 * 1.5 * 5**0.6) / 1.3 * 0.1, 160 * (0.6 * 0.5 + 0.4 * 1.5 * 5**0.6) / 0.9 * 0.1]
    np.testing.assert_allclose(found["corridor_seized_kg"], row(*by_corridor))


def test_modes_shift_away_from_the_one_that_is_pressed() -> None:
    """Belief in the risk of the second mode rises first; then its share falls month by month."""
    state = {"mode_share": MODES, "mode_belief": row(0.1, 0.1)}
    shares = []
    for _ in range(12):
        found = CARRIAGE(mode_effort=row(1, 5), mode_shift=row(0.057), **state)
        state = {name: found[name] for name in state}
        shares.append(found["mode_share"][0, :, 1])
    assert state["mode_belief"][0, 1] > 2 * state["mode_belief"][0, 0]
    falls = np.diff([MODES[0, :, 1], *shares], axis=0)
    np.testing.assert_allclose(falls[0], 0, atol=1e-15)
    assert np.all(falls[1:] < 0)


def test_a_corridor_that_is_believed_riskier_is_wanted_less_by_the_logit() -> None:
    """0.1 more belief costs (2000 - 1000) * 0.1 + 0.1 * 2 * (200 + 1000) = 340: odds fall by e^(340 / 200)."""
    start = np.array([[[0.5, 0.5]]])
    wish = carriage.corridor_wish(start, row(0.2, 0.1), row(1, 1), row(2000, 2000), row(1000), row(100, 100), row(2), row(200), row(200))
    assert wish[0, 0, 0] / wish[0, 0, 1] == pytest.approx(math.exp(-340 / 200))


def test_shares_move_only_part_of_the_way() -> None:
    found = CARRIAGE(corridor_shift=row(0.057), belief=row(0.3, 0.1))
    wish = carriage.corridor_wish(np.array([[[0.5, 0.5], [0.25, 0.75]]]), row(0.3, 0.1), row(1, 1), row(2000, 2000), row(1000, 1000), row(100, 150),
                                  row(2), row(200), row(200))  # fmt: skip
    wish = wish / wish.sum(axis=2, keepdims=True)
    np.testing.assert_allclose(found["corridor_share"][0, 0, 0], 0.5 + 0.057 * (wish[0, 0, 0] - 0.5))


@pytest.mark.parametrize(("trace", "flown"), [(0.0, 1.0), (0.01, 1.0), (0.02, 1.0), (0.03, 2 / 3), (0.1, 0.2)])
def test_flights_stopped_by_force_deter_by_threshold_over_risk(trace: float, flown: float) -> None:
    found = CARRIAGE(denial_trace=row(trace))
    assert found["flights_flown"][0, 0] == pytest.approx(flown)
    np.testing.assert_allclose(found["mode_moved_kg"][0, 0], (0.2 * 120 + 0.6 * 160) * flown)
    np.testing.assert_allclose(found["mode_moved_kg"][0, 1], 0.8 * 120 + 0.4 * 160)
    assert_conserved(found, row(300, 80))


def test_the_fewer_fly_the_larger_a_share_of_them_is_stopped() -> None:
    """A tenth of those that fly at 0.2 of the flights is 0.1 * 0.2^-0.8; the trace remembers it with 0.4."""
    found = CARRIAGE(denial_trace=row(0.1), air_denial_share=row(0.1))
    stopped = 0.1 * 0.2**-0.8
    assert found["denial_trace"][0, 0] == pytest.approx(0.6 * 0.1 + 0.4 * stopped)
    air = np.array([0.2 * 0.2, 0.6 * 0.2])
    other = np.array([0.8, 0.4])
    mean_risk = np.array([1.3, 0.9])
    lost = MOVED[0].sum(axis=0) * (air * (1 - (1 - 0.05 / mean_risk) * (1 - stopped)) + other * 0.15 / mean_risk)
    np.testing.assert_allclose(found["corridor_seized_kg"][0], lost)
    flights = (MOVED[0].sum(axis=0) * air).sum() / 300
    np.testing.assert_allclose(found["deaths_flights"], row(flights * stopped * 1.5))


def test_a_closed_corridor_keeps_its_load_in_the_store() -> None:
    found = CARRIAGE(corridor_open=row(0, 1))
    np.testing.assert_allclose(found["moved_kg"], MOVED * [0, 1])
    np.testing.assert_allclose(found["store_kg"], row(200, 20))
    assert_conserved(found, row(300, 80))


def test_passage_is_what_open_corridors_and_flights_let_through() -> None:
    """The first corridor closed: a half and three quarters pass; a fifth of the flights flown: air's 0.2 and 0.6 lose four fifths."""
    np.testing.assert_allclose(CARRIAGE()["passage"], row(1, 1))
    np.testing.assert_allclose(CARRIAGE(corridor_open=row(0, 1))["passage"], row(0.5, 0.75))
    through = np.array([0.8 + 0.2 * 0.2, 0.4 + 0.6 * 0.2])
    by_hand = [0.5 * through[0] + 0.5 * through[1], 0.25 * through[0] + 0.75 * through[1]]
    np.testing.assert_allclose(CARRIAGE(denial_trace=row(0.1))["passage"], row(*by_hand))


def test_while_nothing_passes_nobody_forgets_the_way() -> None:
    """Shares stay shares when every corridor is closed, so that the trade is whole when they open."""
    found = CARRIAGE(corridor_open=row(0, 0), corridor_shift=row(0.057))
    np.testing.assert_allclose(found["corridor_share"], np.array([[[0.5, 0.5], [0.25, 0.75]]]))
    assert found["product.dispatched"].sum() == 0


def test_a_narrow_corridor_takes_its_share_of_what_leaves() -> None:
    found = CARRIAGE(corridor_capacity_share=row(0.1, 1))
    np.testing.assert_allclose(found["moved_kg"].sum(axis=1), row(28, 160))


def test_what_is_seized_is_believed_and_paid_for() -> None:
    """Three times the seizures: belief 0.1 + 0.36 * 0.2; premium stays one below the reference and rises above it."""
    found = CARRIAGE(seized_share=row(0.3))
    np.testing.assert_allclose(found["belief"], row(0.172, 0.172))
    np.testing.assert_allclose(found["premium"], row(1, 1))
    dear = CARRIAGE(belief=row(0.86, 0.1), seizure_floor=row(0.86, 0))
    np.testing.assert_allclose(dear["premium"], row(0.9 + 0.1 * 4, 1))


def test_the_interdictor_focuses_where_it_took_most() -> None:
    """Traces of 0.8 and 0.2 at 0.5: focus sqrt(0.8) and sqrt(0.2) over their mean by what moves, 120 and 160 kg."""
    mean = (math.sqrt(0.8) * 120 + math.sqrt(0.2) * 160) / 280
    found = CARRIAGE(interdictor_trace=row(0.8, 0.2))
    np.testing.assert_allclose(found["corridor_seized_kg"], row(12 * math.sqrt(0.8) / mean, 16 * math.sqrt(0.2) / mean))
    np.testing.assert_allclose(found["corridor_seized_kg"].sum(), 28, err_msg="its means are limited: focus moves them, no more")
    again = CARRIAGE()["interdictor_trace"]
    np.testing.assert_allclose(again, row(0.6 * 0.5 + 0.4 * 12 / 28, 0.6 * 0.5 + 0.4 * 16 / 28))


@pytest.mark.parametrize("floor", [0.3, 1.0])
def test_a_floor_is_seized_whatever_the_rest_would(floor: float) -> None:
    found = CARRIAGE(seizure_floor=row(floor, floor))
    np.testing.assert_allclose(found["product.seized_in_transit"], np.array([[200, 80]]) * floor)


def test_loads_are_split_as_effort_rises() -> None:
    found = CARRIAGE(mode_effort=row(5, 5), corridor_shift=row(0.1))
    assert found["load_size"][0, 0] == pytest.approx(60 + 0.1 * (60 * (5**0.6) ** -0.8 - 60))


def test_carriers_arrested_follow_who_carried_what_was_lost() -> None:
    """0.04 a kilogram for the mix of the start; where only the second mode is lost, its 40 a tonne against the mean."""
    mean = (0.2 * 4 + 0.8 * 40 + 0.6 * 4 + 0.4 * 40) / 2
    found = CARRIAGE(mode_risk=row(0, 1))
    np.testing.assert_allclose(found["carriers_arrested"], np.array([[20, 8]]) * 0.04 * 40 / mean)


def test_dearer_modes_cost_more_and_pay_more() -> None:
    """All by the second mode: twice the unit cost against the start's 1.8 and 1.4."""
    second = np.array([[[0.0, 1.0], [0.0, 1.0]]])
    found = CARRIAGE(mode_share=second)
    np.testing.assert_allclose(found["carriage_cost"], row(100 * 2 / 1.8 + 7, 150 * 2 / 1.4 + 7))
    np.testing.assert_allclose(found["carriage_pay"], row(200 * 40, 80 * 40))
