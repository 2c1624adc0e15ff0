"""Relations between runs that hold whatever the right numbers are, over random scenarios and seeds."""

from __future__ import annotations

import dataclasses
import inspect
import itertools
from types import ModuleType

import numpy as np
import pytest

from eslabon import start
from eslabon.api import Region
from eslabon.draws import stream_key
from eslabon.evidence.pack import RegionPack
from eslabon.month import advance
from eslabon.params import table
from eslabon.policies.levers import LEVERS
from eslabon.policies.scenario import Pull, Scenario
from eslabon.runs.chunk import ChunkResult, run_chunk
from eslabon.stages import armed_group, carriage, decisions, eradication, observe
from eslabon.start import World
from eslabon.state import AREA_QUANTUM, ROW
from small_region import FIRST_MONTH, Array, ask, assert_same, by_key, copy_world, pull, random_scenario, world_before

SEEDS = range(10)


def with_pull(scenario: Scenario, lever: Pull) -> Scenario:
    return dataclasses.replace(scenario, pulls={**scenario.pulls, lever.lever: lever})


def chunk(region: Region, scenario: Scenario, seed: int) -> ChunkResult:
    return run_chunk(region.pack, region.parameters, scenario, seed, [0, 1])


def advance_stage(world: World, module: ModuleType, name: str, month: int, **changed: Array) -> dict[str, Array]:
    """Run one stage on a world as it stands, with some of what it reads replaced; earlier stages' results are the month's."""
    found = {**advance(copy_world(world), month), **world.constants, **world.plan.at(month), **world.state.values, **changed}
    found |= {"people": world.state.households, "who": world.who, "month": month}
    found["keys"] = [stream_key(world.seed, int(m), name, month) for m in world.state.members]
    result: dict[str, Array] = module.advance(**{n: found[n] for n in inspect.signature(module.advance).parameters})
    return result


def standing(world: World) -> Array:
    """Return each household's coca, counted and young, of the first member."""
    fields = world.state.households[0].fields.astype(np.float64)
    total: Array = fields[ROW["mature_ha"]] + fields[ROW["young_ha"]] + fields[ROW["nursery_ha"]]
    return total


@pytest.fixture(scope="module")
def midway(small: Region) -> World:
    """Return a world in the middle of its second year."""
    return world_before(small, ask(), FIRST_MONTH + 17, seed=3)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_closed_border_exports_nothing(small: Region, seed: int) -> None:
    scenario = with_pull(random_scenario(seed), pull("corridor_closure", 1.0))
    found = chunk(small, scenario, seed)
    rows = by_key(found.yearly)
    assert np.all(rows["exported_kg", "ALL", None].values == 0)
    assert all(np.all(y.values == 0) for y in found.yearly if y.outcome in ("exported_kg", "moved_kg"))
    assert np.all(rows["leaf_kg", "ALL", None].values > 0)


@pytest.mark.parametrize("seed", SEEDS)
def test_when_everything_is_seized_nothing_arrives(small: Region, seed: int) -> None:
    found = chunk(small, with_pull(random_scenario(seed), pull("seizure", 1.0)), seed)
    np.testing.assert_allclose(found.postings["product.exported"], 0, atol=1e-9)
    np.testing.assert_allclose(found.postings["product.seized_in_transit"], found.postings["product.dispatched"], rtol=1e-12)
    assert all(np.all(np.abs(y.values) <= 1e-6) for y in found.yearly if y.outcome == "exported_kg")


def test_one_closed_corridor_carries_nothing_and_the_others_take_over(small: Region) -> None:
    base, closed = (by_key(chunk(small, s, 1).yearly) for s in (ask(), ask(pull("corridor_closure", 1.0, corridors=("pacific",)))))
    for corridor in (c.id for c in small.pack.corridors):
        values = closed["exported_kg", "ALL", corridor].values
        assert np.all(values == 0) if corridor == "pacific" else np.all(values > 0)
    before, after = (r["exported_kg", "ALL", "bolivia"].values[:, -1] / r["cocaine_kg", "ALL", None].values[:, -1] for r in (base, closed))
    assert np.all(after > 1.2 * before)


@pytest.mark.parametrize("seed", SEEDS)
def test_eradication_never_raises_the_same_months_area_in_its_basin(small: Region, seed: int) -> None:
    """The whole month, replanting included, with and without this month's crews."""
    rng = np.random.default_rng(seed)
    month = FIRST_MONTH + int(rng.integers(0, 18))
    world = world_before(small, random_scenario(seed), month, seed)
    areas = []
    for amount in (0.0, rng.uniform(5, 200)):
        trial = copy_world(world)
        signals = {**trial.plan.signals, "eradication_plan_ha": np.zeros_like(trial.plan.signals["eradication_plan_ha"])}
        signals["eradication_plan_ha"][:, 0] = amount
        trial.plan = dataclasses.replace(trial.plan, signals=signals)
        found = advance(trial, month)
        areas.append((found["counted_ha"] + found["young_ha"])[0])
        assert (found["removed_ha"].sum() > 0) == (amount > 0)
    without, with_crews = areas
    assert np.all(with_crews <= without)
    assert with_crews.sum() < without.sum()


@pytest.mark.parametrize("seed", SEEDS)
def test_more_effort_never_removes_fewer_hectares_and_empties_the_same_households_first(small: Region, seed: int) -> None:
    rng = np.random.default_rng(100 + seed)
    month = FIRST_MONTH + int(rng.integers(0, 18))
    world = world_before(small, random_scenario(seed), month, seed)
    plan, before = rng.uniform(0, 30, world.plan.at(month)["eradication_plan_ha"].shape), standing(world)
    removed, emptied, left = [], [], []
    for times in (0.5, 1, 2, 5, 50):
        trial = copy_world(world)
        found = advance_stage(trial, eradication, "eradication", month, eradication_plan_ha=times * plan)
        left.append(standing(trial))
        removed.append(found["removed_ha"][0])
        emptied.append((before > 0) & (left[-1] == 0))
        assert np.isclose((before - left[-1]).sum(), found["removed_ha"].sum(), rtol=1e-12)
    for i in range(1, len(removed)):
        assert np.all(removed[i] >= removed[i - 1])
        assert np.all(emptied[i][emptied[i - 1]])
        assert np.all(left[i] <= left[i - 1])
    assert removed[0].sum() < removed[-1].sum()


@pytest.mark.parametrize("times", [0.1, 1.0, 4.0])
def test_what_crews_remove_is_the_law_of_diminishing_returns(midway: World, times: float) -> None:
    """removed = S (1 - exp(-x E / S)), to a few quanta of land, with a plan for the whole region that met its resistance."""
    month, trial = FIRST_MONTH + 17, copy_world(midway)
    plan = np.zeros_like(trial.plan.at(month)["eradication_plan_ha"])
    plan[0, 0] = 100 * times
    s = (trial.state.values["counted_ha"] + trial.state.values["young_ha"])[0]
    access = trial.constants["eradication_access"][0]
    x = float(trial.constants["eradication_effect"][0, 0])
    planned = plan[0, 0] * s * access / (s * access).sum()
    found = advance_stage(trial, eradication, "eradication", month, eradication_plan_ha=plan, eradication_fact=np.ones((1, 1)))
    np.testing.assert_allclose(found["eradicated_ha"][0], planned, rtol=1e-12)
    by_hand = [si * (1 - np.exp(-x * ei / si)) if si > 0 else 0 for si, ei in zip(s, planned, strict=True)]
    np.testing.assert_allclose(found["removed_ha"][0], by_hand, atol=4 * AREA_QUANTUM)


@pytest.mark.parametrize("seed", SEEDS)
def test_more_seizure_never_lets_more_arrive_from_the_same_stores(small: Region, seed: int) -> None:
    scenario = random_scenario(seed)
    open_border = {n: p for n, p in scenario.pulls.items() if n not in ("corridor_closure", "seizure")}
    world = world_before(small, dataclasses.replace(scenario, pulls=open_border), FIRST_MONTH + 6, seed)
    floors = [np.full((1, len(small.pack.corridors)), share) for share in (0.0, 0.2, 0.5, 0.9, 1.0)]
    store = world.state.values["flow_kg"]
    arrived = [advance_stage(world, carriage, "carriage", FIRST_MONTH + 6, seizure_floor=f, store_kg=store)["product.exported"].sum() for f in floors]
    assert all(a >= b for a, b in itertools.pairwise(arrived))
    assert arrived[0] > arrived[-1] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("seed", SEEDS)
def test_no_eradication_leaves_at_least_as_much_coca_as_a_great_deal(small: Region, seed: int) -> None:
    """And the plan is what is counted as eradicated, or what crews are kept from."""
    none, much = (by_key(chunk(small, ask(pull("forced_eradication", a)), seed).yearly) for a in (0, 1500))
    assert np.all(none["eradicated_ha", "ALL", None].values == 0)
    done, missed = (much[name, "ALL", None].values for name in ("eradicated_ha", "eradication_shortfall_ha"))
    np.testing.assert_allclose(done + missed, 1500, rtol=1e-9)
    assert np.all(done > 0.5 * 1500)
    assert np.all(none["coca_area_ha", "ALL", None].values[:, 1:] > much["coca_area_ha", "ALL", None].values[:, 1:])


@pytest.mark.parametrize("changed", ["trust_gain", "licit_return", "perceived_risk"])
def test_trust_gained_other_crops_and_risk_keep_growers_from_planting(midway: World, changed: str) -> None:
    """The same households in the same month, nothing else different: less is planted and more given up."""
    month = FIRST_MONTH + 17
    usual = advance(copy_world(midway), month)[changed]
    planted, dropped = [], []
    for more in (0.0, 0.4, 2.0):
        given = usual * (1 + more) if changed == "licit_return" else usual + more
        found = advance_stage(copy_world(midway), decisions, "households", month, **{changed: given})
        planted.append(sum(found[f"land.planted_{n}"].sum() for n in ("erased", "fallow", "forest")))
        dropped.append(sum(found[f"land.abandoned_{n}"].sum() for n in ("counted", "young")))
    assert planted[0] > planted[1] > planted[2]
    assert dropped[0] < dropped[1] < dropped[2]


def test_eradication_in_one_basin_touches_no_other_in_the_first_month(small: Region) -> None:
    worlds = [world_before(small, ask(pull("forced_eradication", a, basins=("huallaga",))), FIRST_MONTH, 5) for a in (0, 1500)]
    none, much = (advance(w, FIRST_MONTH)["removed_ha"][0] for w in worlds)
    here = np.array([z.id == "huallaga" for z in small.pack.zones])
    assert np.all(none == 0)
    assert np.all((much > 0) == here)


@pytest.mark.parametrize("seed", range(3))
def test_an_extra_output_changes_no_other(small: Region, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A pack of its own, so that the opened books are not those kept from before."""
    scenario = random_scenario(seed)
    before = chunk(small, scenario, seed).yearly
    another = dataclasses.replace(small, pack=dataclasses.replace(small.pack))
    extra = observe.Outcome("emptied_ha", "ha", "stock", "supply", "basin", "erased_ha", "", "land eradicated and not replanted")
    monkeypatch.setattr(observe, "OUTCOMES", (observe.OUTCOMES[0], extra, *observe.OUTCOMES[1:]))
    monkeypatch.setattr(observe, "MONTHLY", ("erased_ha", *observe.MONTHLY))
    after = chunk(another, scenario, seed).yearly
    assert_same(before, [y for y in after if y.outcome != "emptied_ha"])
    assert len(after) == len(before) + 1 + len(small.pack.zones)


def dearer(region: Region, k: float) -> Region:
    """Return a region in which everything that is money is multiplied by k."""

    def times(p: table.Parameter) -> table.Parameter:
        return dataclasses.replace(p, low=k * p.low, default=k * p.default, high=k * p.high)

    pack: RegionPack = region.pack
    parameters = {n: times(p) if "usd" in p.unit else p for n, p in region.parameters.items()}
    money = ("enaco_price_pen_per_kg", "licit_return_usd2013_per_ha")
    series = {n: dataclasses.replace(s, values=tuple(k * v for v in s.values)) if n in money else s for n, s in pack.series.items()}
    modes = tuple(dataclasses.replace(m, pay_usd2013_per_kg=k * m.pay_usd2013_per_kg) for m in pack.modes)
    corridors = tuple(dataclasses.replace(c, base_cost_usd2013_per_kg=k * c.base_cost_usd2013_per_kg) for c in pack.corridors)
    seen = tuple(dataclasses.replace(o, value=k * o.value) if o.quantity.startswith("price") else o for o in pack.observations)
    return dataclasses.replace(region, pack=dataclasses.replace(pack, series=series, corridors=corridors, modes=modes, observations=seen),
                               parameters=parameters)  # fmt: skip


def without_purse(region: Region) -> Region:
    """Return a region whose growers look at returns alone: the rule's pull of debt and want of cash is off."""
    off = {n: dataclasses.replace(region.parameters[n], low=0.0, default=0.0, high=0.0) for n in ("debt_pull", "liquidity_pull")}
    return dataclasses.replace(region, parameters={**region.parameters, **off})


def dearer_levers(scenario: Scenario, k: float) -> Scenario:
    """Return a scenario whose rewards, payments and unit costs are multiplied by k."""

    def times(p: Pull) -> Pull:
        lever = LEVERS[p.lever]
        amount = k * p.amount if "usd2013" in lever.unit else p.amount
        options = {o.key: k * o.default for o in lever.options if "usd2013" in o.unit}
        return dataclasses.replace(p, amount=amount, unit_cost=lever.unit_cost * (1 if amount != p.amount else k), options=options)

    return dataclasses.replace(scenario, pulls={n: times(p) for n, p in scenario.pulls.items()})


PER_HOUSEHOLD = {
    "household_income_usd2013", "poverty_share", "coca_income_usd2013", "local_income_usd2013", "laundered_usd2013", "fuel_index",
    "public_cost_usd2013",
}  # fmt: skip
"""Outcomes of households' own money, which is kept in sixteenths of a dollar."""


@pytest.mark.parametrize("k", [0.5, 2.0, 8.0])
@pytest.mark.parametrize("seed", range(4))
def test_all_money_times_k_changes_no_hectare_and_multiplies_every_price(small: Region, seed: int, k: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """With no demand so low that leaf comes to its least quote, five cents whatever the money."""
    scenario = with_pull(with_pull(random_scenario(seed), pull("rewards", 1e6)), pull("voluntary_eradication", 200))
    scenario = with_pull(scenario, pull("demand_shock", -0.3))
    plain = without_purse(small)
    base = by_key(chunk(plain, scenario, seed).yearly)
    opened = start.open_institutions

    def open_dearer(*given: object) -> None:
        """The running means of income start from two round numbers."""
        opened(*given)  # type: ignore[arg-type]
        values: dict[str, Array] = given[6]  # type: ignore[assignment]
        values |= {name: k * values[name] for name in ("income_grower_mean", "income_other_mean")}

    monkeypatch.setattr(start, "open_institutions", open_dearer)
    for name in ("REFERENCE_PRODUCT_USD2013", "REFERENCE_LEAF_USD2013"):
        monkeypatch.setattr(table, name, k * getattr(table, name))
    monkeypatch.setattr(armed_group, "REWARD_SCALE_USD2013", k * armed_group.REWARD_SCALE_USD2013)
    monkeypatch.setattr(start, "LEAST_RETURN_USD2013", k * start.LEAST_RETURN_USD2013)
    scaled = by_key(chunk(dearer(plain, k), dearer_levers(scenario, k), seed).yearly)
    for key, row in base.items():
        money = k if "usd2013" in row.unit else 1
        apart = 2e-3 * money * np.abs(row.values).max() if key[0] in PER_HOUSEHOLD else 1e-6
        np.testing.assert_allclose(scaled[key].values, row.values * money, rtol=1e-6, atol=apart, err_msg=str(key))
