"""How far crews get: published hectares have met their resistance, planned ones meet the armed group and protests."""

from __future__ import annotations

import numpy as np
import pytest
from tiny import row

from eslabon.stages.communities import unrest
from eslabon.stages.eradication import feasible, near


def reach(**changed: float) -> float:
    given = {"fact": 0.0, "presence": 0.0, "presence_cut": 0.8, "mobilisation": 0.2, "mobilisation_start": 0.2, "protest_stop": 0.6}
    return float(feasible(*(row(v) for v in {**given, **changed}.values()))[0, 0])


@pytest.mark.parametrize(
    ("changed", "share"),
    [
        ({}, 1.0),
        ({"presence": 0.6}, 1 - 0.48),
        ({"mobilisation": 0.7}, 1 - 0.6 * 0.5),
        ({"mobilisation": 0.1}, 1.0),
        ({"presence": 0.6, "mobilisation": 0.7}, 0.52 * 0.7),
        ({"presence": 0.6, "mobilisation": 0.7, "fact": 1.0}, 1.0),
        ({"presence": 0.6, "fact": 0.5}, 0.5 + 0.5 * 0.52),
        ({"presence": 1.0, "presence_cut": 1.0}, 0.0),
    ],
)
def test_the_share_of_the_plan_that_is_reached_by_hand(changed: dict[str, float], share: float) -> None:
    assert reach(**changed) == pytest.approx(share)


def test_neighbours_are_weighted_by_nearness() -> None:
    nearness = np.array([[[0.0, 0.25, 0.75], [1.0, 0.0, 0.0], [0.5, 0.5, 0.0]]])
    np.testing.assert_allclose(near(row(8, 4, 2), nearness), row(0.25 * 4 + 0.75 * 2, 8, 6))


def test_people_mobilise_where_crews_come_and_programmes_do_not() -> None:
    assert unrest(row(0.5), row(0.0), row(0.4), row(1.0))[0, 0] == pytest.approx(1 - np.exp(-0.5 * 0.6))
    assert unrest(row(0.5), row(1.0), row(0.4), row(1.0))[0, 0] == 0
    assert unrest(row(0.0), row(0.0), row(0.4), row(1.0))[0, 0] == 0
    assert unrest(row(0.5), row(0.0), row(1.0), row(1.0))[0, 0] == 0
