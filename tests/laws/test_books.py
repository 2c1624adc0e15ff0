"""Conservation: leaf, product, money, land and people are re-added from the postings; planted leaks are caught."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from eslabon.api import Region, run, verify
from eslabon.books import ACCOUNTS, FLOWS, audit, require_balance
from eslabon.errors import BalanceError
from eslabon.month import check_wiring
from eslabon.params.table import draw_ensemble
from eslabon.policies.scenario import Scenario
from eslabon.runs.chunk import ChunkResult, run_chunk
from eslabon.runs.store import load_books, save_batch
from small_region import FIRST_MONTH, ask, by_key, pull, random_scenario

EXTREMES = (
    ask(name="nothing"),
    ask(pull("demand_shock", -0.9), name="crash"),
    ask(pull("corridor_closure", 1.0), name="closed"),
    ask(pull("seizure", 1.0), name="all-seized"),
    ask(pull("forced_eradication", 50_000), pull("site_raids", 1000), pull("demand_shock", 3), name="everything"),
    ask(pull("demand_shock", -0.9, ramp_months=12), pull("corridor_closure", 1.0, FIRST_MONTH + 9), pull("legal_purchase", 1e6), name="legal"),
)
SCENARIOS = (*EXTREMES, *(random_scenario(s) for s in range(8)))


@pytest.fixture(scope="module")
def batch(small: Region) -> ChunkResult:
    """Return two years of two members under several levers."""
    scenario = ask(pull("forced_eradication", 800), pull("site_raids", 80), pull("demand_shock", -0.3), pull("voluntary_eradication", 100),
                   pull("alternative_development", 500))  # fmt: skip
    return run_chunk(small.pack, small.parameters, scenario, 5, [0, 1])


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda s: s.name)
def test_books_balance_under_any_policy(small: Region, scenario: Scenario) -> None:
    found = run_chunk(small.pack, small.parameters, scenario, 1, [0, 1])
    assert not found.failed
    assert list(audit(found.postings, found.stocks)) == []
    assert largest_residual(found) <= 1e-9


def largest_residual(found: ChunkResult) -> float:
    """Return the largest unexplained change of a stock over the whole run, relative to what passed through it.

    Written from the list of flows alone, over all months at once, so that it shares nothing with the auditor.
    """
    worst = 0.0
    for account in ACCOUNTS:
        stock = found.stocks[f"{account.commodity}.{account.name}"]
        change, passed = stock[:, -1] - stock[:, 0], np.abs(stock).max(axis=1) + 1
        for name, flow in FLOWS.items():
            sign = (flow.target == account.name) - (flow.source == account.name) if flow.commodity == account.commodity else 0
            change = change - sign * found.postings[name].sum(axis=1)
            passed = passed + abs(sign) * found.postings[name].sum(axis=1)
        worst = max(worst, float((np.abs(change) / passed).max()))
    return worst


def test_the_laws_written_out(batch: ChunkResult, small: Region) -> None:
    """Leaf, product and land of the whole run, without the table of flows."""
    p = {n: v.sum(axis=1) for n, v in batch.postings.items()}
    gained = {n: v[:, -1] - v[:, 0] for n, v in batch.stocks.items()}
    sold = p["leaf.sold_legal"] + p["leaf.sold_traditional"] + p["leaf.sold_illicit"]
    np.testing.assert_allclose(p["leaf.harvested"], sold + p["leaf.spoiled"] + p["leaf.left"] + gained["leaf.growers"], rtol=1e-9)
    np.testing.assert_allclose(p["leaf.sold_illicit"], p["leaf.processed"] + p["leaf.seized"], rtol=1e-9)
    ratio = draw_ensemble(small.parameters, 5, [0, 1])[0]["leaf_kg_per_kg_cocaine"]
    np.testing.assert_allclose(p["product.made"] * ratio, p["leaf.processed"], rtol=1e-9)
    away = p["product.seized_at_sites"] + p["product.used"] + p["product.seized_in_transit"] + p["product.exported"]
    np.testing.assert_allclose(p["product.made"], away + gained["product.stores"], rtol=1e-9)
    land = sum(gained[f"land.{n}"] for n in ("counted", "young", "erased", "fallow", "assisted_crops"))
    left = sum(p[f"land.left_{n}"] for n in ("counted", "young", "erased", "fallow", "crops"))
    np.testing.assert_allclose(land, p["land.planted_forest"] + p["land.crop_on_other"] - left, atol=1e-6)
    np.testing.assert_allclose(gained["prisoners.prison"], p["prisoners.imprisoned"] - p["prisoners.released"], rtol=1e-9)
    np.testing.assert_allclose(p["people.moved_in"].sum(axis=1), p["people.moved_out"].sum(axis=1), rtol=0)
    happened = ("leaf.sold_illicit", "product.exported", "land.removed_counted", "land.planted_forest", "land.crop_on_other", "people.moved_out",
                "land.given_up_counted", "prisoners.released")  # fmt: skip
    assert all((p[n] > 0).any() for n in happened)


def test_yearly_outcomes_are_the_sums_of_the_postings(batch: ChunkResult, small: Region) -> None:
    rows = by_key(batch.yearly)
    for outcome, flow in {"leaf_kg": "leaf.harvested", "cocaine_kg": "product.made", "exported_kg": "product.exported"}.items():
        nation = batch.postings[flow].reshape(2, 2, 12, -1).sum(axis=(2, 3))
        np.testing.assert_allclose(rows[outcome, "ALL", None].values, nation, rtol=1e-12)
        parts = sum(rows[outcome, z.id, None].values for z in small.pack.zones)
        np.testing.assert_allclose(parts, nation, rtol=1e-12)
    by_corridor = sum(rows["exported_kg", "ALL", c.id].values for c in small.pack.corridors)
    np.testing.assert_allclose(by_corridor, rows["exported_kg", "ALL", None].values, rtol=1e-9)
    decembers = batch.stocks["land.counted"][:, [12, 24]].sum(axis=2)
    np.testing.assert_allclose(rows["coca_area_ha", "ALL", None].values[:, 1:], decembers, rtol=1e-12)


def test_the_books_open_on_the_published_areas(batch: ChunkResult, small: Region) -> None:
    """To the quantum of land, 2^-16 ha a household."""
    published = np.array([z.area_2024_ha for z in small.pack.zones])
    np.testing.assert_allclose(batch.stocks["land.counted"][:, 0], np.tile(published, (2, 1)), atol=0.05)


Leak = Callable[[dict[str, np.ndarray], dict[str, np.ndarray], tuple[int, int, int]], None]


def sold_twice(flows: dict[str, np.ndarray], stocks: dict[str, np.ndarray], at: tuple[int, int, int]) -> None:
    flows["leaf.sold_illicit"][at] *= 2


def share_above_one(flows: dict[str, np.ndarray], stocks: dict[str, np.ndarray], at: tuple[int, int, int]) -> None:
    """Consistent otherwise: more is seized than was on the way, and exports make up for it."""
    flows["product.seized_in_transit"][at] = 1.2 * flows["product.dispatched"][at]
    flows["product.exported"][at] = -0.2 * flows["product.dispatched"][at]


def unit_slip(flows: dict[str, np.ndarray], stocks: dict[str, np.ndarray], at: tuple[int, int, int]) -> None:
    flows["leaf.processed"][at] /= 1000


def consistent_unit_slip(flows: dict[str, np.ndarray], stocks: dict[str, np.ndarray], at: tuple[int, int, int]) -> None:
    """Product in grams, its store too: only the leaf it was made from tells."""
    m, t, b = at
    stocks["product.stores"][m, t + 1 :, b] += 999 * flows["product.made"][at]
    flows["product.made"][at] *= 1000


def hectares_appear(flows: dict[str, np.ndarray], stocks: dict[str, np.ndarray], at: tuple[int, int, int]) -> None:
    m, t, b = at
    stocks["land.counted"][m, t + 1 :, b] += 0.001


def product_without_leaf(flows: dict[str, np.ndarray], stocks: dict[str, np.ndarray], at: tuple[int, int, int]) -> None:
    """All leaf is seized, and product is made nevertheless; leaf and product balance each for itself."""
    flows["leaf.seized"][at] += flows["leaf.processed"][at]
    flows["leaf.processed"][at] = 0


def paid_but_not_received(flows: dict[str, np.ndarray], stocks: dict[str, np.ndarray], at: tuple[int, int, int]) -> None:
    m, t, b = at
    stocks["money.growers"][m, t + 1 :, b] -= 0.01 * flows["money.illicit_sales"][at]


LEAKS: tuple[tuple[Leak, str], ...] = (
    (sold_twice, "leaf"),
    (share_above_one, "product"),
    (unit_slip, "leaf"),
    (consistent_unit_slip, "product"),
    (hectares_appear, "land"),
    (product_without_leaf, "product"),
    (paid_but_not_received, "money"),
)


@pytest.mark.parametrize(("leak", "commodity"), LEAKS, ids=[leak.__name__ for leak, _ in LEAKS])
def test_a_planted_leak_is_caught_where_it_is(leak: Leak, commodity: str, batch: ChunkResult, tmp_path: Path) -> None:
    """The books go through the store, as `eslabon verify` reads them."""
    flows, stocks = ({n: v.copy() for n, v in book.items()} for book in (batch.postings, batch.stocks))
    at = (1, 7, int(np.argmax(batch.postings["product.made"][1, 7])))
    leak(flows, stocks, at)
    save_batch(tmp_path, dataclasses.replace(batch, postings=flows, stocks=stocks))
    stored = load_books(next(tmp_path.glob("*.books.parquet")))
    found = list(audit(*stored))
    assert commodity in {f.commodity for f in found}
    assert {(f.member, f.basin) for f in found} == {(at[0], at[2])}
    assert min(f.month for f in found) == at[1]
    with pytest.raises(BalanceError, match="member 1, month 7, basin"):
        require_balance(*stored)


def test_a_number_that_is_none_is_caught(batch: ChunkResult) -> None:
    stocks = {n: v.copy() for n, v in batch.stocks.items()}
    stocks["land.fallow"][0, 5, 1] = np.nan
    assert {(f.commodity, f.account) for f in audit(batch.postings, stocks)} == {("land", "fallow")}


def test_the_store_gives_the_books_back_to_the_bit(batch: ChunkResult, tmp_path: Path) -> None:
    save_batch(tmp_path, batch)
    flows, stocks = load_books(next(tmp_path.glob("*.books.parquet")))
    for name, value in batch.postings.items():
        np.testing.assert_array_equal(flows[name], value)
    for name, value in batch.stocks.items():
        np.testing.assert_array_equal(stocks[name], value)


def test_verify_counts_every_account_month_basin_and_member(small: Region, tmp_path: Path) -> None:
    folder = run(ask(until=2025), 3, region=small, out=tmp_path, threads=1, chunk=2).folder
    assert verify(folder) == len(ACCOUNTS) * 12 * len(small.pack.zones) * 3


def test_every_flow_moves_between_two_accounts_and_every_argument_is_provided(small: Region) -> None:
    from eslabon.start import open_world

    known = {(a.commodity, a.name) for a in ACCOUNTS}
    for name, flow in FLOWS.items():
        assert flow.source != flow.target
        assert name.startswith(f"{flow.commodity}.")
        assert {(flow.commodity, flow.source), (flow.commodity, flow.target)} & known, name
    world = open_world(small.pack, small.parameters, ask(), 0, [0])
    assert check_wiring({*world.constants, *world.plan.signals, *world.state.values}) == []


def test_product_beyond_the_ratio_is_caught_even_when_the_store_agrees(small: Region) -> None:
    """A tenth more product than the leaf makes, with the stores raised to match, balances by itself: the ratio finds it."""
    scenario = SCENARIOS[0]
    found = run_chunk(small.pack, small.parameters, scenario, 1, [0, 1])
    ratio = found.parameters["leaf_kg_per_kg_cocaine"]
    assert list(audit(found.postings, found.stocks, ratio)) == []
    extra = 0.1 * found.postings["product.made"][:, 3:4]
    postings = {**found.postings, "product.made": found.postings["product.made"].copy()}
    postings["product.made"][:, 3:4] += extra
    stocks = {**found.stocks, "product.stores": found.stocks["product.stores"].copy()}
    stocks["product.stores"][:, 4:] += extra
    assert list(audit(postings, stocks)) == []
    assert {(i.account, i.month) for i in audit(postings, stocks, ratio)} == {("made from leaf", 3)}
