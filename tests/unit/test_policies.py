"""Policies: what each lever does to the plan, by hand; costs and budgets; the shipped scenarios."""

from __future__ import annotations

import dataclasses
import itertools
import random
import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pytest

from eslabon.api import Region
from eslabon.clock import month_index
from eslabon.errors import InputError
from eslabon.policies.levers import LEVERS, Lever
from eslabon.policies.plan import Plan, make_plan
from eslabon.policies.pull import Pull
from eslabon.policies.scenario import STARTS, Scenario
from small_region import ask, pull

Array = npt.NDArray[np.float64]

FIRST, START = month_index("2025-01"), month_index("2026-01")
MONTHS = 48
AIR, FOOT, RIVER, ROAD = range(4)
SPECIFIED = {
    "corridor_open": ("C", 1), "seizure_floor": ("C", 0), "demand_shock": ("1", 0), "mode_effort": ("M", 1), "air_denial_share": ("1", 0),
    "input_shock": ("1", 0), "input_binding": ("1", 0), "checkpoints_added": ("1", 0), "raid_basins": ("B", 1), "bases_added": ("B", 0),
    "curfew": ("B", 0), "rewards_usd2013_per_yr": ("1", 0), "clan_arrest_share_per_yr": ("1", 0), "anti_corruption": ("1", 0),
    "sentence_factor": ("1", 1), "diverted_share": ("1", 0), "colombia_change": ("1", 0), "bolivia_change": ("1", 0),
    "transit_seizure_added": ("1", 0), "promised_payment_usd2013_per_ha_yr": ("B", 0), "crop_price_change": ("1", 0),
    "road_improvement": ("B", 0), "voluntary_ha_per_yr": ("1", 0), "voluntary_basins": ("B", 0), "payments_kept": ("1", 0),
    "voluntary_payment_usd2013_per_ha_yr": ("1", 0), "assisted_where": ("B", 0), "assisted_added": ("1", 0), "quota_ha": ("B", 0),
    "quota_active": ("B", 0), "titles_per_yr": ("1", 0), "titles_where": ("B", 0), "school_transfers": ("B", 0),
    "policy_cost_usd2013": ("1", 0), "announced_ha": ("1", 0),
}  # fmt: skip
"""Width (one, a basin, a corridor, a mode) and value of each signal that only levers change."""


def plan_of(region: Region, *pulls: Pull, first: int = FIRST, months: int = MONTHS) -> Plan:
    return make_plan(region.pack, ask(*pulls), first, months)


def one(plan: Plan, signal: str) -> Array:
    """Return a signal that has one value a month, from 2026 on."""
    values = plan.signals[signal]
    assert values.shape == (MONTHS, 1)
    return values[START - FIRST :, 0]


def late(plan: Plan, signal: str) -> Array:
    """Return the values of a signal in the last month."""
    last: Array = plan.signals[signal][-1]
    return last


def basins(region: Region, *names: str) -> list[int]:
    return [[z.id for z in region.pack.zones].index(n) for n in names]


def everything(plan: Plan) -> dict[str, bytes]:
    """Return signals and constants as bytes, so that a comparison is to the bit."""
    return {n: v.tobytes() for n, v in {**plan.signals, **plan.constants}.items()}


def some_pull(lever: Lever, **more: object) -> Pull:
    """Return a pull that matters, with every key the lever knows."""
    amount = 0.4 if lever.unit == "1" else min(40.0, lever.maximum / 2)
    if lever.targets == "basins":
        more["basins"] = ("huallaga", "vraem")
    if lever.targets == "corridors":
        more["corridors"] = ("pacific",)
    return pull(lever.name, amount, START, START - 3, options={o.key: o.maximum / 2 for o in lever.options}, **more)


each_lever = pytest.mark.parametrize("lever", LEVERS.values(), ids=lambda v: v.name)


class TestBaseline:
    def test_signals_are_those_of_the_specification(self, region: Region) -> None:
        wide = {"1": 1, "B": len(region.pack.zones), "C": len(region.pack.corridors), "M": 4}
        found = plan_of(region).signals
        for name, (width, value) in SPECIFIED.items():
            assert found[name].shape == (MONTHS, wide[width]), name
            assert np.all(found[name] == value), name
        assert {"seizure_pressure", "input_cost_index"}.isdisjoint(found)

    def test_policies_go_on_at_the_mean_of_their_last_five_years(self, region: Region) -> None:
        plan = plan_of(region, months=12 * 8)
        for signal, series in (("site_raids_per_yr", "site_raids"), ("enaco_purchases_kg", "enaco_purchases_kg")):
            last = region.pack.series[series].values[-5:]
            assert late(plan, signal)[0] == pytest.approx(sum(last) / 5)
        totals = [r.area_ha for r in region.pack.eradication if r.scope == "national"]
        assert late(plan, "eradication_plan_ha").sum() * 12 == pytest.approx(sum(totals[-5:]) / 5)

    def test_families_assisted_are_zero_where_a_pack_knows_none(self, region: Region) -> None:
        series = {n: s for n, s in region.pack.series.items() if n != "assisted_families"}
        poor = dataclasses.replace(region, pack=dataclasses.replace(region.pack, series=series))
        assert np.all(plan_of(poor).signals["assisted_families"] == 0)
        raids = dataclasses.replace(region.pack.series["site_raids"], name="assisted_families")
        rich = dataclasses.replace(region, pack=dataclasses.replace(region.pack, series={**series, "assisted_families": raids}))
        assert np.array_equal(plan_of(rich).signals["assisted_families"], plan_of(rich).signals["site_raids_per_yr"])

    def test_published_years_are_fact_and_later_ones_are_not(self, region: Region) -> None:
        last = max(r.year for r in region.pack.eradication if r.scope == "national")
        plan = plan_of(region, first=last * 12, months=24)
        assert plan.signals["eradication_fact"].tolist() == [[1.0]] * 12 + [[0.0]] * 12

    def test_before_the_first_published_year_its_hectares_stand_in(self, region: Region) -> None:
        rows = [r for r in region.pack.eradication if r.scope == "national"]
        plan = plan_of(region, first=(rows[0].year - 1) * 12, months=12)
        assert plan.signals["eradication_plan_ha"].sum() == pytest.approx(rows[0].area_ha)
        assert np.all(plan.signals["eradication_fact"] == 0)


class TestSchedule:
    def test_a_ramp_goes_in_equal_steps_to_the_strength_and_the_end_is_included(self, region: Region) -> None:
        lever = pull("seizure", 0.8, START, ramp_months=4, strength=0.5, end=START + 5)
        found = plan_of(region, lever).signals["seizure_floor"][:, 0]
        assert found[12:20].tolist() == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.4, 0.4, 0, 0])
        assert np.all(found[:12] == 0)

    @each_lever
    def test_strength_zero_is_the_baseline_to_the_bit(self, lever: Lever, region: Region) -> None:
        idle = some_pull(lever, strength=0.0)
        assert everything(plan_of(region, idle)) == everything(plan_of(region))
        assert everything(plan_of(region, dataclasses.replace(idle, strength=1.0))) != everything(plan_of(region))

    @each_lever
    def test_nothing_changes_before_the_announcement_and_nothing_but_what_the_table_says(self, lever: Lever, region: Region) -> None:
        base, plan = plan_of(region), plan_of(region, some_pull(lever))
        own = {lever.signal, "policy_cost_usd2013", *(m.signal for m in lever.marks), *(o.signal for o in lever.options)}
        if lever.name == "forced_eradication":
            own |= {"announced_ha", "eradication_fact"}
        changed = {n for n in base.signals if not np.array_equal(base.signals[n], plan.signals[n])}
        assert lever.signal in changed <= own
        heard = lever.name == "forced_eradication" or any(m.kind == "promised" for m in lever.marks)
        before = START - FIRST - (3 if heard else 0)
        for name in base.signals:
            assert np.array_equal(base.signals[name][:before], plan.signals[name][:before]), name

    @each_lever
    def test_after_the_end_only_memberships_stay(self, lever: Lever, region: Region) -> None:
        base, plan = plan_of(region), plan_of(region, some_pull(lever, end=START + 5))
        kept = {m.signal for m in lever.marks if m.kind == "reached"}
        for name in base.signals:
            same = np.array_equal(base.signals[name][START - FIRST + 6 :], plan.signals[name][START - FIRST + 6 :])
            assert same != (name in kept), name

    def test_half_strength_goes_half_way(self, region: Region) -> None:
        base, plan = plan_of(region), plan_of(region, pull("site_raids", 2000, START, strength=0.5), pull("legal_price", 1.5, START, strength=0.5))
        assert one(plan, "site_raids_per_yr") == pytest.approx(0.5 * one(base, "site_raids_per_yr") + 1000)
        assert one(plan, "enaco_price_usd2013_per_kg") == pytest.approx(1.25 * one(base, "enaco_price_usd2013_per_kg"))


class TestEradication:
    def test_the_levers_hectares_replace_the_baselines_by_weight(self, region: Region) -> None:
        base = plan_of(region).signals["eradication_plan_ha"]
        plan = plan_of(region, pull("forced_eradication", 12_000, START, ramp_months=4, strength=0.5)).signals["eradication_plan_ha"]
        for month, weight in enumerate((0.125, 0.25, 0.375, 0.5, 0.5), START - FIRST):
            assert plan[month, :-1] == pytest.approx((1 - weight) * base[month, :-1])
            assert plan[month, -1] == pytest.approx(weight * 1000)

    def test_a_pulled_lever_leaves_less_fact(self, region: Region) -> None:
        start = month_index("2024-07")
        lever = pull("forced_eradication", 5000, start, strength=0.4)
        fact = plan_of(region, lever, first=month_index("2024-01")).signals["eradication_fact"][:12, 0]
        assert fact.tolist() == pytest.approx([1.0] * 6 + [0.6] * 6)

    def test_named_basins_are_named_and_only_they_are_chosen(self, region: Region) -> None:
        plan = plan_of(region, pull("forced_eradication", 5000, START, basins=("huallaga", "vraem")))
        expected = np.zeros((1, len(region.pack.zones)))
        expected[0, basins(region, "huallaga", "vraem")] = 1
        for constant in (plan.constants["eradication_named"], plan.constants["announced_groups"], plan.constants["eradication_groups"][-1:]):
            assert np.array_equal(constant, expected)

    def test_without_names_all_are_chosen_and_none_is_named(self, region: Region) -> None:
        plan = plan_of(region, pull("forced_eradication", 5000, START))
        assert np.all(plan.constants["eradication_named"] == 0)
        assert np.all(plan.constants["eradication_groups"][-1] == 1)

    def test_it_is_heard_of_from_the_announcement_until_it_starts(self, region: Region) -> None:
        lever = pull("forced_eradication", 24_000, START, START - 3, strength=0.5)
        heard = plan_of(region, lever).signals["announced_ha"][:, 0]
        assert heard[9:12].tolist() == pytest.approx([1000.0] * 3)
        assert heard.sum() == pytest.approx(3000)


class TestTargets:
    def test_a_corridor_closes_by_its_share_and_the_others_stay_open(self, region: Region) -> None:
        plan = plan_of(region, pull("corridor_closure", 0.75, START, corridors=("pacific",)))
        expected = [0.25 if c.id == "pacific" else 1.0 for c in region.pack.corridors]
        assert late(plan, "corridor_open").tolist() == pytest.approx(expected)
        assert np.all(late(plan_of(region, pull("corridor_closure", 1.0, START)), "corridor_open") == 0)
        assert np.all(late(plan_of(region, pull("corridor_closure", 0.5, START, strength=0.5)), "corridor_open") == 0.75)

    def test_bases_are_divided_equally_over_the_basins(self, region: Region) -> None:
        named = late(plan_of(region, pull("bases", 10, START, basins=("huallaga", "vraem"))), "bases_added")
        assert named[basins(region, "huallaga", "vraem")].tolist() == [5, 5]
        assert named.sum() == 10
        everywhere = late(plan_of(region, pull("bases", 9, START)), "bases_added")
        assert everywhere == pytest.approx(np.full(len(region.pack.zones), 9 / len(region.pack.zones)))

    @pytest.mark.parametrize("lever", ["curfew", "school_transfers", "road_improvement"])
    def test_a_share_holds_in_the_named_basins_or_in_all(self, lever: str, region: Region) -> None:
        named = late(plan_of(region, pull(lever, 0.6, START, basins=("vraem",))), LEVERS[lever].signal)
        assert named[basins(region, "vraem")] == pytest.approx(0.6)
        assert named.sum() == pytest.approx(0.6)
        assert late(plan_of(region, pull(lever, 0.6, START)), LEVERS[lever].signal) == pytest.approx(np.full(len(named), 0.6))

    def test_raids_leave_the_basins_not_named_by_weight(self, region: Region) -> None:
        shares = late(plan_of(region, pull("site_raids", 900, START, strength=0.7, basins=("vraem",))), "raid_basins")
        assert shares == pytest.approx([1.0 if z.id == "vraem" else 0.3 for z in region.pack.zones])
        assert np.all(plan_of(region, pull("site_raids", 900, START)).signals["raid_basins"] == 1)

    @pytest.mark.parametrize(("lever", "modes"), [("road_interdiction", {FOOT, ROAD}), ("river_interdiction", {RIVER}), ("air_interdiction", {AIR})])
    def test_assets_multiply_the_effort_on_their_modes(self, lever: str, modes: set[int], region: Region) -> None:
        effort = late(plan_of(region, pull(lever, 3, START, strength=0.5)), "mode_effort")
        assert effort.tolist() == [2.0 if m in modes else 1.0 for m in range(4)]

    def test_a_quota_is_an_area_and_a_weight_in_its_basins(self, region: Region) -> None:
        plan = plan_of(region, pull("household_quota", 0.16, START, strength=0.5, basins=("vraem",)))
        (b,) = basins(region, "vraem")
        assert (late(plan, "quota_ha")[b], late(plan, "quota_active")[b]) == (0.16, 0.5)
        assert (late(plan, "quota_ha").sum(), late(plan, "quota_active").sum()) == (0.16, 0.5)

    def test_families_pull_up_while_paid_and_are_remembered_after(self, region: Region) -> None:
        lever = pull("voluntary_eradication", 10_000, START, ramp_months=2, end=START + 11, basins=("vraem",), options={"payment": 4000.0})
        plan = plan_of(region, lever)
        assert one(plan, "voluntary_ha_per_yr").tolist() == [5000.0] + [10_000.0] * 11 + [0.0] * 24
        assert one(plan, "payments_kept").tolist() == [1.0] * 12 + [0.0] * 24
        assert one(plan, "voluntary_payment_usd2013_per_ha_yr").tolist() == [4000.0] * 12 + [0.0] * 24
        where = plan.signals["voluntary_basins"]
        assert np.all(where[:12] == 0)
        assert np.all(where[12:, basins(region, "vraem")] == 1)
        assert where.sum() == 36

    def test_an_option_not_given_stands_at_its_default(self, region: Region) -> None:
        plan = plan_of(region, pull("voluntary_eradication", 10_000, START), pull("input_control", 0.2, START))
        assert late(plan, "voluntary_payment_usd2013_per_ha_yr")[0] == 6000
        assert (late(plan, "input_shock")[0], late(plan, "input_binding")[0]) == (0.2, 0.0)
        assert late(plan_of(region, pull("input_control", 0.2, START, strength=0.5, options={"binding": 0.8})), "input_binding")[0] == 0.8

    @pytest.mark.parametrize(
        ("lever", "signal", "where"),
        [("alternative_development", "assisted_added", "assisted_where"), ("land_title", "titles_per_yr", "titles_where")],
    )
    def test_households_are_added_and_spread_over_the_basins(self, lever: str, signal: str, where: str, region: Region) -> None:
        plan = plan_of(region, pull(lever, 8000, START, strength=0.25, basins=("huallaga", "vraem")))
        assert late(plan, signal).tolist() == [2000.0]
        assert np.flatnonzero(late(plan, where)).tolist() == basins(region, "huallaga", "vraem")
        assert np.all(late(plan_of(region, pull(lever, 8000, START)), where) == 1)
        assert np.array_equal(plan.signals["assisted_families"], plan_of(region).signals["assisted_families"])

    def test_tonnes_become_kilograms(self, region: Region) -> None:
        assert one(plan_of(region, pull("legal_purchase", 5722, START)), "enaco_purchases_kg").tolist() == [5_722_000.0] * 36


class TestTogether:
    def test_modes_pressed_together_are_each_pressed(self, region: Region) -> None:
        levers = (pull("road_interdiction", 2, START), pull("river_interdiction", 3, START), pull("air_interdiction", 0.5, START))
        assert late(plan_of(region, *levers), "mode_effort").tolist() == [0.5, 2, 3, 2]

    @pytest.mark.parametrize("seed", range(5))
    def test_the_order_of_levers_is_no_input(self, seed: int, region: Region) -> None:
        pulls = [some_pull(lever, strength=0.7, ramp_months=3) for lever in LEVERS.values()]
        mixed = random.Random(seed).sample(pulls, len(pulls))
        assert everything(plan_of(region, *mixed)) == everything(plan_of(region, *pulls))

    def test_levers_together_are_each_lever_alone_where_they_share_no_signal(self, region: Region) -> None:
        """Costs add, and two levers that share a signal act on different modes of it."""
        pulls = [some_pull(lever) for lever in LEVERS.values()]
        base, whole, alone = plan_of(region), plan_of(region, *pulls), [plan_of(region, p) for p in pulls]
        for name, signal in base.signals.items():
            changes = sum((p.signals[name] - signal for p in alone), np.zeros_like(signal))
            np.testing.assert_allclose(whole.signals[name] - signal, changes, rtol=1e-9, atol=1e-9, err_msg=name)

    def test_no_two_levers_overwrite_each_other(self) -> None:
        overwriting = [(v.signal, v.modes) for v in LEVERS.values() if v.how not in ("add", "split")]
        marks = [m.signal for v in LEVERS.values() for m in v.marks] + [o.signal for v in LEVERS.values() for o in v.options]
        assert len(set(marks)) == len(marks)
        for (signal, modes), (other, other_modes) in itertools.combinations(overwriting, 2):
            assert signal != other or set(modes).isdisjoint(other_modes), signal


class TestMoney:
    @staticmethod
    def yearly(region: Region, *pulls: Pull) -> float:
        """Return the cost of the last year, by when every ramp is over."""
        return float(plan_of(region, *pulls).signals["policy_cost_usd2013"][-12:].sum())

    @pytest.mark.parametrize(
        ("lever", "cost"),
        [
            (pull("bases", 10, START), 10 * 2e6),
            (pull("bases", 10, START, strength=0.5), 5 * 2e6),
            (pull("bases", 10, START, unit_cost=3e6), 30e6),
            (pull("bases", 10, START, budget=8e6, unit_cost=1e6), 8e6),
            (pull("bases", 10, START, budget=80e6), 20e6),
            (pull("air_interdiction", 2.5, START), 1.5 * 20e6),
            (pull("air_interdiction", 0.5, START), 0),
            (pull("air_interdiction", 3, START, budget=20e6), 20e6),
            (pull("air_denial", 0.1, START), 0.1 * 60e6),
            (pull("rewards", 5e6, START), 5e6),
            (pull("alternative_development", 20_000, START, budget=15e6), 15e6),
            (pull("land_title", 10_000, START), 8e6),
            (pull("legal_price", 2, START), 0),
            (pull("demand_shock", -0.5, START), 0),
            (pull("demand_shock", -0.5, START, unit_cost=4e6), 2e6),
        ],
        ids=lambda v: v.lever if isinstance(v, Pull) else f"{v:g}",
    )
    def test_a_years_cost_by_hand(self, lever: Pull, cost: float, region: Region) -> None:
        assert self.yearly(region, lever) == pytest.approx(cost)

    @pytest.mark.parametrize(
        ("name", "series", "unit", "cost"), [("legal_purchase", "enaco_purchases_kg", 1000, 2500), ("site_raids", "site_raids", 1, 3000)]
    )
    def test_a_policy_that_goes_on_anyway_costs_what_is_added_to_it(self, name: str, series: str, unit: float, cost: float, region: Region) -> None:
        usual = sum(region.pack.series[series].values[-5:]) / 5 / unit
        assert self.yearly(region, pull(name, usual + 10, START)) == pytest.approx(10 * cost)
        assert self.yearly(region, pull(name, usual - 10, START)) == pytest.approx(-10 * cost)

    @pytest.mark.parametrize("name", ["forced_eradication", "voluntary_eradication", "school_transfers"])
    def test_what_the_model_counts_is_not_counted_twice(self, name: str, region: Region) -> None:
        assert self.yearly(region, dataclasses.replace(some_pull(LEVERS[name]), unit_cost=900.0)) == 0

    def test_costs_follow_the_ramp_and_add_up(self, region: Region) -> None:
        bases, assets = pull("bases", 6, START, ramp_months=3), pull("air_interdiction", 2.2, START + 1, end=START + 1)
        found = one(plan_of(region, bases, assets), "policy_cost_usd2013")[:4]
        assert found.tolist() == pytest.approx([2e6 * 2 / 12, 2e6 * 4 / 12 + 1.2 * 20e6 / 12, 1e6, 1e6])

    def test_a_budget_limits_what_is_done(self, region: Region) -> None:
        def signal(lever: Pull) -> float:
            return float(plan_of(region, lever).signals[LEVERS[lever.lever].signal][-1].max())

        assert signal(pull("land_title", 10_000, START, budget=4e6)) == pytest.approx(5000)
        assert signal(pull("air_interdiction", 3, START, budget=10e6)) == pytest.approx(1.5)
        assert signal(pull("air_interdiction", 0.5, START, budget=10e6)) == 1
        assert late(plan_of(region, pull("air_interdiction", 0.5, START, budget=10e6)), "mode_effort")[AIR] == 0.5
        assert signal(pull("land_title", 10_000, START, budget=0.0)) == 0
        assert signal(pull("demand_shock", -0.5, START, budget=2e6, unit_cost=10e6)) == pytest.approx(-0.2)

    def test_a_budget_limits_crews_and_what_is_announced(self, region: Region) -> None:
        plan = plan_of(region, pull("forced_eradication", 30_000, START, START - 1, budget=11.4e6))
        assert late(plan, "eradication_plan_ha")[-1] * 12 == pytest.approx(11.4e6 / 950)
        assert plan.signals["announced_ha"].sum() == pytest.approx(1000)

    @each_lever
    def test_no_lever_costs_more_than_its_budget(self, lever: Lever, region: Region) -> None:
        high = dataclasses.replace(some_pull(lever), amount=lever.maximum, budget=7e6, unit_cost=lever.unit_cost or 1e8)
        assert self.yearly(region, high) <= 7e6 * (1 + 1e-12)

    def test_a_budget_needs_a_cost(self, region: Region) -> None:
        with pytest.raises(InputError, match=r"seizure has none.*usd2013/yr"):
            plan_of(region, pull("seizure", 0.5, START, budget=1e6))

    @each_lever
    def test_the_table_says_whose_word_a_cost_is(self, lever: Lever) -> None:
        assert lever.cost_status in ("assumed", "counted by the model", "not defined")
        assert (lever.unit_cost > 0) == (lever.cost_status == "assumed") or lever.cost_status == "counted by the model"

    def test_the_unit_of_a_cost_is_money_per_unit_and_year(self) -> None:
        units = {"forced_eradication": "usd2013/ha", "legal_purchase": "usd2013/t", "site_raids": "usd2013/raid", "bases": "usd2013/base/yr",
                 "alternative_development": "usd2013/household/yr", "land_title": "usd2013/household", "curfew": "usd2013/yr", "rewards": "1",
                 "household_quota": "usd2013/ha/yr"}  # fmt: skip
        assert {name: LEVERS[name].cost_unit for name in units} == units

    def test_crews_cost_what_the_parameter_table_says(self, region: Region) -> None:
        assert LEVERS["forced_eradication"].unit_cost == region.parameters["eradication_usd2013_per_ha"].default


def shipped(region: Region) -> Iterator[Scenario]:
    for path in sorted((region.pack.root / "scenarios").glob("*.toml")):
        yield region.scenario(path.stem)


class TestShipped:
    def test_each_loads_asks_something_and_says_in_a_comment_what_it_assumes(self, region: Region) -> None:
        found = list(shipped(region))
        assert len({s.title for s in found}) == len({s.question for s in found}) == len(found) >= 30
        for scenario in found:
            assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", scenario.name)
            assert scenario.question.endswith("?"), scenario.name
            assert scenario.start in STARTS
            text = (region.pack.root / "scenarios" / f"{scenario.name}.toml").read_text(encoding="utf-8")
            assert text.startswith("# ")
            assert len(text.splitlines()) <= 40

    def test_each_pulls_something_that_changes_the_plan_before_it_ends(self, region: Region) -> None:
        base = everything(plan_of(region, months=72))
        seen = {}
        for scenario in shipped(region):
            if not scenario.pulls:
                assert scenario.name == "baseline" or scenario.name.startswith("history")
                continue
            last = month_index(f"{scenario.until}-12")
            assert all(p.weight(min(last, p.end)) > 0 for p in scenario.pulls.values()), scenario.name
            seen[scenario.name] = everything(make_plan(region.pack, scenario, FIRST, 72))
            assert seen[scenario.name] != base
        assert all(a != b for a, b in itertools.combinations(seen.values(), 2))

    def test_each_lever_is_pulled_by_one_at_least(self, region: Region) -> None:
        assert {name for scenario in shipped(region) for name in scenario.pulls} == set(LEVERS)

    def test_the_options_the_budget_and_the_schedule_are_shown(self, region: Region) -> None:
        pulls = [p for scenario in shipped(region) for p in scenario.pulls.values()]
        assert {o.key for v in LEVERS.values() for o in v.options} <= {key for p in pulls for key in p.options}
        assert any(p.budget is not None for p in pulls)
        assert any(p.announce < p.start for p in pulls)
        assert any(p.end < month_index("2030-12") for p in pulls)

    def test_what_a_scenario_adds_to_its_base_is_all_that_differs(self, region: Region) -> None:
        alone, both = region.scenario("eradicate-30k"), region.scenario("eradicate-30k-with-programmes")
        assert both.pulls["forced_eradication"] == alone.pulls["forced_eradication"]
        assert set(both.pulls) - set(alone.pulls) == {"alternative_development"}

    def test_plain_data_of_a_scenario_holds_all_that_changes_the_plan(self, region: Region) -> None:
        """So that a run is never taken for another's: the content key is made of it."""
        lever = region.scenario("programme-10m").pulls["alternative_development"]
        changes = ({"budget": 5e6}, {"unit_cost": 2000.0}, {"options": {"x": 1.0}}, {"strength": 0.5}, {"end": START + 30})
        plain = [ask(dataclasses.replace(lever, **change)).canonical() for change in ({}, *changes)]  # type: ignore[arg-type]
        assert all(a != b for a, b in itertools.combinations(plain, 2))
