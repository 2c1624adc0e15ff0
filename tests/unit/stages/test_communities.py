"""Communities by hand: trust, protests where programmes are absent, committees, clashes, exposure."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tiny import Bench, row

from eslabon.stages import communities

COMMUNITIES = Bench(
    communities.advance,
    households=row(1000, 500), assisted=row(200, 0), paid=row(0, 0), titled=row(0, 0), paid_returned=row(0, 0), payments_kept=row(0),
    programme_share_start=row(0.2, 0), hazard=row(0.3, 0.3), hazard_start=row(0.3, 0.3), curfew=row(0, 0), trust=row(0.4, 0.4), trust_start=row(0.4),
    trust_speed=row(0.5), trust_programmes=row(0.5), trust_titles=row(0.2), trust_eradication=row(0.3), trust_curfew=row(0.1),
    mobilisation=row(0, 0), mobilisation_response=row(1), mobilisation_speed=row(2), protests_usual=row(24), growers=row(5000, 5000),
    self_defence=row(0.4, 0), attacks=row(4, 0), attacks_usual=row(48), group_presence_start=row(0.6, 0), eradicated_ha=row(2000, 0),
    clash_deaths_per_1000_ha=row(0.1), clash_state_share=row(0.6), deaths_state_attacks=row(1, 0), deaths_civil_attacks=row(2, 0),
    counted_ha=row(900, 100), young_ha=row(100, 50), indigenous_share=row(0.3, 0.1),
)  # fmt: skip


def trust_after_a_year(**changed: object) -> float:
    """Return the first basin's trust when a year's pace of half the way is let run to its end."""
    trust = row(0.4, 0.4)
    for _ in range(1000):
        trust = COMMUNITIES(trust=trust, **changed)["trust"]
    return float(trust[0, 0])


@pytest.mark.parametrize(
    ("changed", "goal"),
    [
        ({}, 0.4),
        ({"assisted": row(600, 0)}, 0.4 + 0.5 * 0.4),
        ({"titled": row(500, 0)}, 0.4 + 0.2 * 0.5),
        ({"hazard": row(0.8, 0.3)}, 0.4 - 0.3 * 0.5),
        ({"curfew": row(0.8, 0)}, 0.4 - 0.1 * 0.8),
        ({"paid": row(300, 0), "payments_kept": row(1)}, 0.4 + 0.5 * 0.3),
        ({"paid": row(300, 0), "payments_kept": row(0)}, 0.4 - 0.5 * 0.3),
        ({"hazard": row(9, 0.3)}, 0.0),
    ],
)
def test_trust_comes_to_what_programmes_titles_crews_nights_and_promises_make_it(changed: dict[str, object], goal: float) -> None:
    assert trust_after_a_year(**changed) == pytest.approx(goal, abs=1e-9)


def test_trust_moves_a_twelfth_of_its_yearly_speed() -> None:
    assert COMMUNITIES(assisted=row(600, 0))["trust"][0, 0] == pytest.approx(0.4 + 0.5 / 12 * 0.2)
    assert COMMUNITIES(assisted=row(600, 0))["trust_gain"][0, 0] == pytest.approx(0.5 / 12 * 0.2)


def test_protests_need_the_absence_of_programmes() -> None:
    """1 - exp(-0.3 (1 - assisted) 0.6) of mobilisation, a sixth of the way; 24 a year for ten thousand growers."""
    found = COMMUNITIES()
    expected = [2 / 12 * (1 - math.exp(-0.3 * (1 - share) * 0.6)) for share in (0.2, 0.0)]
    np.testing.assert_allclose(found["mobilisation"][0], expected)
    np.testing.assert_allclose(found["protests"][0], [2 * m * 0.5 for m in expected])
    assert found["protests"][0, 0] < found["protests"][0, 1]
    assert COMMUNITIES(assisted=row(1000, 500))["protests"].max() == 0
    assert COMMUNITIES(hazard=row(0, 0))["protests"].max() == 0


def test_clashes_cost_lives_by_hectares_and_mobilisation() -> None:
    """0.1 a thousand hectares: 0.2, half as much again at a mobilisation of a half, six tenths of them the state's."""
    found = COMMUNITIES(mobilisation=row(0.5, 0), mobilisation_speed=row(0))
    np.testing.assert_allclose(found["deaths_state"], row(1 + 0.3 * 0.6, 0))
    np.testing.assert_allclose(found["deaths_civil"], row(2 + 0.3 * 0.4, 0))


def test_committees_follow_attacks_and_are_at_rest_at_the_usual() -> None:
    assert COMMUNITIES()["self_defence"][0, 0] == pytest.approx(0.4)
    assert COMMUNITIES(attacks=row(8, 0))["self_defence"][0, 0] == pytest.approx(0.4 + 0.4 / 36)
    assert COMMUNITIES(attacks=row(0, 8))["self_defence"][0, 1] == 0, "none where the group has not been"


def test_exposure_is_a_share_of_all_standing_coca() -> None:
    np.testing.assert_allclose(COMMUNITIES()["indigenous_ha"], row(300, 15))
