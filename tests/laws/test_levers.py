"""Five hundred random combinations of levers: every balance holds, nothing is negative, nothing is no number."""

from __future__ import annotations

import numpy as np
import pytest

from eslabon.api import Region
from eslabon.books import ACCOUNTS, FLOWS, audit
from eslabon.policies.levers import LEVERS
from eslabon.policies.scenario import Scenario
from eslabon.runs.chunk import ChunkResult, run_chunk
from small_region import FIRST_MONTH, ask, highest, pull

COMBINATIONS, PARTS = 500, 10
MAY_BE_NEGATIVE = {"money.growers", "coca_income_usd2013", "household_income_usd2013", "local_income_usd2013", "public_cost_usd2013"}
"""Cash with debt; incomes and costs after cuts."""


def random_levers(seed: int, region: Region) -> Scenario:
    """Return two to twelve levers with random amounts, places, months, strengths and options; one amount in five at a bound."""
    rng = np.random.default_rng([2024, seed])
    places = {"basins": [z.id for z in region.pack.zones], "corridors": [c.id for c in region.pack.corridors]}
    pulls = []
    for name in map(str, rng.choice(sorted(LEVERS), size=rng.integers(2, 13), replace=False)):
        lever = LEVERS[name]
        amount = float(rng.uniform(lever.minimum, highest(name)))
        if rng.random() < 0.2:
            amount = float(rng.choice([lever.minimum, lever.maximum]))
        start = FIRST_MONTH + int(rng.integers(0, 7))
        more: dict[str, object] = {"ramp_months": int(rng.integers(0, 5)), "strength": float(rng.choice([1.0, 0.5]))}
        if rng.random() < 0.5:
            more["end"] = start + int(rng.integers(0, 6))
        if lever.targets in places and rng.random() < 0.5:
            chosen = rng.choice(places[lever.targets], size=rng.integers(1, 3), replace=False)
            more[lever.targets] = tuple(sorted(map(str, chosen)))
        more["options"] = {o.key: float(rng.uniform(o.minimum, min(o.maximum, 20_000))) for o in lever.options}
        pulls.append(pull(name, amount, start, max(FIRST_MONTH, start - int(rng.integers(0, 4))), **more))
    return ask(*pulls, until=2025, name=f"levers-{seed}")


@pytest.fixture(scope="module")
def scenarios(small: Region) -> list[Scenario]:
    return [random_levers(seed, small) for seed in range(COMBINATIONS)]


def test_the_combinations_reach_every_lever_bound_and_option(scenarios: list[Scenario]) -> None:
    pulls = [p for s in scenarios for p in s.pulls.values()]
    for name, lever in LEVERS.items():
        mine = [p for p in pulls if p.lever == name]
        assert len(mine) > 50
        assert {lever.minimum, lever.maximum} <= {p.amount for p in mine}, name
    assert {len(s.pulls) for s in scenarios} == set(range(2, 13))


def check(found: ChunkResult, scenario: Scenario) -> None:
    """Assert every law on one run."""
    assert not found.failed, (scenario.name, found.failed)
    assert list(audit(found.postings, found.stocks, found.parameters["leaf_kg_per_kg_cocaine"])) == [], scenario.name
    moved = (found.postings[f"people.moved_{way}"].sum(axis=2) for way in ("in", "out"))
    np.testing.assert_array_equal(*moved, err_msg=scenario.name)
    for account in ACCOUNTS:
        name = f"{account.commodity}.{account.name}"
        assert name in MAY_BE_NEGATIVE or found.stocks[name].min() >= 0, (scenario.name, name)
    for name in FLOWS:
        assert found.postings[name].min() >= -1e-6, (scenario.name, name)
    for row in found.yearly:
        assert np.isfinite(row.values).all(), (scenario.name, row.outcome, row.basin)
        assert row.outcome in MAY_BE_NEGATIVE or row.values.min() >= -1e-6, (scenario.name, row.outcome, row.basin)


@pytest.mark.parametrize("part", range(PARTS))
def test_every_balance_holds_under_any_combination(small: Region, scenarios: list[Scenario], part: int) -> None:
    """Leaf, product, money, hectares, people and prisoners to 1e-9 of throughput, a year of one member each."""
    for scenario in scenarios[part::PARTS]:
        check(run_chunk(small.pack, small.parameters, scenario, 3, [part]), scenario)


def test_people_and_hectares_add_up_for_the_nation(small: Region, scenarios: list[Scenario]) -> None:
    """Written out, without the table of accounts, over the whole year and both households' and land's totals."""
    for scenario in scenarios[:: COMBINATIONS // 20]:
        found = run_chunk(small.pack, small.parameters, scenario, 3, [0])
        p = {n: float(v.sum()) for n, v in found.postings.items()}
        gained = {n: float((v[:, -1] - v[:, 0]).sum()) for n, v in found.stocks.items()}
        assert gained["people.households"] == p["people.arrived"] - p["people.left"]
        assert gained["prisoners.prison"] == pytest.approx(p["prisoners.imprisoned"] - p["prisoners.released"], abs=1e-9)
        land = sum(gained[f"land.{n}"] for n in ("counted", "young", "erased", "fallow", "assisted_crops"))
        left = sum(p[f"land.left_{n}"] for n in ("counted", "young", "erased", "fallow", "crops"))
        assert land == p["land.planted_forest"] + p["land.crop_on_other"] - left, "multiples of a quantum add exactly"
        assert gained["land.counted"] == p["land.counted"] - sum(p[f"land.{n}_counted"] for n in ("abandoned", "removed", "left", "given_up")), (
            scenario.name
        )
