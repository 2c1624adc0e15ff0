"""The leaf market by hand: who takes what of a hundred households' leaf, who pays, and what waits."""

from __future__ import annotations

import numpy as np
import pytest
from tiny import Bench, row

from eslabon.stages import leaf_market
from eslabon.state import ROW, Population

N, EACH = 100, 100.0


def holders() -> Population:
    """Return one basin of households with 100 kg each."""
    fields = np.zeros((len(ROW), N), np.float32)
    fields[ROW["present"]], fields[ROW["stock_kg"]] = 1, EACH
    return Population(fields, np.array([0, N], np.int64), np.array([N], np.int64), np.zeros(1), np.zeros((1, 1)))


MARKET = Bench(
    leaf_market.advance,
    people=None, leaf_available_kg=row(N * EACH), harvested_kg=row(8000), price_leaf=row(3), reservation_usd2013_per_kg=row(1),
    harvest_wage_index=row(1), quality_factor=row(0.75), postponed_most=row(0.6), spoilage_per_month=row(0.1), enaco_purchases_kg=row(6000),
    enaco_price_usd2013_per_kg=row(1), legal_quota_share=row(1), legal_share_most=row(0.1), legal_response=row(1), traditional_demand_kg=row(18_000),
    traditional_share=row(1), way_out_kg=row(100), passage=row(1), store_kg=row(50), flow_kg=row(50), store_months=row(1), sites=row(10),
    site_kg_per_month=row(90), leaf_kg_per_kg_cocaine=row(100), input_cost_index=row(1),
)  # fmt: skip


def test_state_company_traditional_trade_and_buyers_share_the_leaf() -> None:
    """500 kg of quota, 1500 less those 500 chewed, the rest to buyers, who could take 10,000; pay at a third, and by quality."""
    people = holders()
    found = MARKET(people=[people])
    assert found["leaf.sold_legal"][0, 0] == 500
    assert found["leaf.sold_traditional"][0, 0] == pytest.approx(1000)
    assert found["leaf.sold_illicit"][0, 0] == pytest.approx(8500)
    assert found["leaf.spoiled"][0, 0] == 0
    paid = {n: found[f"money.{n}_sales"][0, 0] for n in ("legal", "traditional", "illicit")}
    assert paid["legal"] == 500
    assert paid["traditional"] == pytest.approx(1000 * 0.75 * 3)
    assert sum(paid.values()) == people.fields[ROW["cash"]].astype(np.float64).sum() == pytest.approx(500 + 9500 * 2.25, abs=N / 32)
    assert found["money.buyers_funded"][0, 0] == paid["illicit"]


@pytest.mark.parametrize(
    ("changed", "takes"),
    [
        ({"way_out_kg": row(40)}, 4000),
        ({"passage": row(0.3)}, 3000),
        ({"passage": row(0.3), "store_kg": row(30)}, 5000),
        ({"sites": row(0.5)}, 4500),
        ({"sites": row(0.5), "input_cost_index": row(2)}, 2250),
    ],
)
def test_buyers_take_no_more_than_can_be_made_and_leave_or_be_stored(changed: dict[str, object], takes: float) -> None:
    """At 100 kg of leaf a kilogram; what nobody takes waits and loses a tenth."""
    people = holders()
    found = MARKET(people=[people], **changed)
    assert found["leaf.sold_illicit"][0, 0] == pytest.approx(takes, abs=N / 64)
    waiting = people.fields[ROW["stock_kg"]].astype(np.float64).sum()
    assert found["leaf.spoiled"][0, 0] == pytest.approx(0.1 * (8500 - takes), abs=N / 32)
    assert waiting == N * EACH - sum(found[f"leaf.{n}"][0, 0] for n in ("sold_legal", "sold_traditional", "sold_illicit", "spoiled"))


def test_the_flow_on_offer_is_the_harvest_at_most() -> None:
    """Leaf that waits from earlier months is no new flow to build sites and ways for."""
    assert MARKET(people=[holders()])["wanted_kg"][0, 0] == pytest.approx(80)
    assert MARKET(people=[holders()], harvested_kg=row(20_000))["wanted_kg"][0, 0] == pytest.approx(85)


@pytest.mark.parametrize(("price", "offered"), [(1.5, 1.0), (1.25, 0.7), (1.0, 0.4), (0.5, 0.4)])
def test_growers_hold_leaf_back_as_the_price_nears_the_reservation_price(price: float, offered: float) -> None:
    found = MARKET(people=[holders()], price_leaf=row(price), enaco_purchases_kg=row(0), traditional_demand_kg=row(0), way_out_kg=row(1e6),
                   sites=row(1e6))  # fmt: skip
    assert found["leaf.sold_illicit"][0, 0] == pytest.approx(N * EACH * offered, abs=N / 64)


def test_a_dearer_legal_price_draws_leaf_only_within_the_quota() -> None:
    """A quota that does not bind: a tenth of the leaf at a third of the illicit price, twice as much at twice that."""
    free = {"enaco_purchases_kg": row(1e6), "traditional_demand_kg": row(0)}
    assert MARKET(people=[holders()], **free)["leaf.sold_legal"][0, 0] == pytest.approx(1000)
    assert MARKET(people=[holders()], **free, enaco_price_usd2013_per_kg=row(2))["leaf.sold_legal"][0, 0] == pytest.approx(2000)
    assert MARKET(people=[holders()], enaco_price_usd2013_per_kg=row(2))["leaf.sold_legal"][0, 0] == 500
