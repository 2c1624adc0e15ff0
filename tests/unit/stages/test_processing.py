"""Sites by hand: raids find what there is, leaf becomes product by the ratio, bases slow rebuilding."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tiny import Bench, row

from eslabon.stages import policing, processing

PROCESSING = Bench(
    processing.advance,
    leaf_bought_kg=row(31_300, 15_650), wanted_kg=row(110, 50), site_raids_per_yr=row(0), raid_basins=row(1, 1), enforcement=row(1),
    sites=row(3, 1), site_kg_per_month=row(60), site_rebuild_rate=row(0.5), site_slack=row(1.2), leaf_per_raid_kg=row(300),
    product_per_raid_kg=row(8), leaf_kg_per_kg_cocaine=row(313), store_kg=row(100, 100), flow_kg=row(98, 50), domestic_use_share=row(0.02),
    bases_added=row(0, 0), base_rebuild_effect=row(0.05), processing_usd2013_per_kg=row(150), crew_share=row(0.3), rural_wage_index=row(1.1),
)  # fmt: skip


def test_without_raids_the_leaf_becomes_product() -> None:
    found = PROCESSING()
    np.testing.assert_allclose(found["product.made"], row(100, 50))
    np.testing.assert_allclose(found["product.used"], row(2, 1))
    np.testing.assert_allclose(found["store_kg"], row(198, 149))
    np.testing.assert_allclose(found["crew_pay"], np.array([[100, 50]]) * 150 * 0.3 * 1.1)
    np.testing.assert_allclose(found["flow_kg"], row(99, 50))


def test_raids_go_by_sites_as_far_as_enforcement_lets_them() -> None:
    """24 a year at 0.8: 1.6 a month, three quarters of them in the first basin; no more than there are sites."""
    found = PROCESSING(site_raids_per_yr=row(24), enforcement=row(0.8))
    np.testing.assert_allclose(found["raids_done"], row(1.2, 0.4))
    np.testing.assert_allclose(found["leaf.seized"], row(360, 120))
    np.testing.assert_allclose(found["leaf.processed"] + found["leaf.seized"], row(31_300, 15_650))
    np.testing.assert_allclose(found["product.seized_at_sites"], row(9.6, 3.2))
    made = found["leaf.processed"] / 313
    np.testing.assert_allclose(found["store_kg"], 100 + made - found["product.seized_at_sites"] - 0.02 * made)
    np.testing.assert_allclose(PROCESSING(site_raids_per_yr=row(1e6))["raids_done"], row(3, 1))
    np.testing.assert_allclose(PROCESSING(site_raids_per_yr=row(24), raid_basins=row(0, 1))["raids_done"], row(0, 1))


@pytest.mark.parametrize("bases", [0.0, 10.0])
def test_half_of_what_is_missing_is_rebuilt_and_less_near_bases(bases: float) -> None:
    """110 kg wanted need 2.2 sites at 60 kg and a slack of 1.2; 1.2 are missing after raids."""
    found = PROCESSING(sites=row(1, 1), bases_added=row(bases, 0))
    assert found["sites"][0, 0] == pytest.approx(1 + 0.5 * math.exp(-0.05 * bases) * 1.2)


def test_arrests_are_added_up_where_the_product_comes_from() -> None:
    found = policing.advance(row(2, 0), row(1.5), row(3, 1), row(8), row(20, 10), row(5, 0), row(300, 100))
    np.testing.assert_allclose(found["arrests"], row(3 + 3 + 6, 1 + 2))
    np.testing.assert_allclose(found["seized_kg"], row(25, 10))
