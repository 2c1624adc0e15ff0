"""Forest cleared and protected land exposed, by hand."""

from __future__ import annotations

import numpy as np
from tiny import row

from eslabon.stages import land


def test_forest_is_a_share_of_new_land_and_exposure_of_standing_coca() -> None:
    found = land.advance(row(100, 50), row(0.7, 0.4), row(0.5), row(900, 200), row(100, 0), row(0.19, 0.1))
    np.testing.assert_allclose(found["forest_cleared_ha"], row(35, 10))
    np.testing.assert_allclose(found["protected_ha"], row(190, 20))


def test_no_more_forest_is_cleared_than_land_is_planted() -> None:
    found = land.advance(row(100), row(0.7), row(3.0), row(0), row(0), row(0))
    assert found["forest_cleared_ha"].tolist() == [[100]]
