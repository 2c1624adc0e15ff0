"""Each lever alone, against the baseline with the same random numbers: what it should move moves the way the evidence says.

Ids are of the ledger (`claims.csv`) or of the validation targets; where no figure was published, the row of the design that
asks for the response is named. The small region, three years, six members.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import pytest

from eslabon.api import Region
from eslabon.clock import month_index
from eslabon.month import advance
from eslabon.policies.levers import LEVERS
from eslabon.policies.scenario import Pull
from eslabon.runs.chunk import run_chunk
from eslabon.runs.opening import open_books
from eslabon.stages.observe import Yearly
from eslabon.start import World
from eslabon.study.targets import read_targets
from small_region import AMOUNTS, FIRST_MONTH, Array, Key, ask, by_key, pull

SEED, MEMBERS, UNTIL = 11, (0, 1, 2, 3, 4, 5), 2027
AGREE = 5
"""Of six members so many must move that way, and so must the median."""


class Move(NamedTuple):
    """What a lever moves: an outcome in a year of the run (1 is the first), up (1) or down (-1), and who says so."""

    lever: str
    outcome: str
    sign: int
    year: int
    evidence: str


MOVES = (
    Move("forced_eradication", "coca_area_ha", -1, 3, "S07: a seventh of a hectare less for every hectare over four years; T03"),
    Move("forced_eradication", "protests", 1, 3, "SYSTEM R16, C0340: mobilisation against crews"),
    Move("forced_eradication", "households_moved_out", 1, 3, "rule-030, SYSTEM rule 2: displacement out of the origin"),
    Move("voluntary_eradication", "coca_area_ha", -1, 3, "T06: coca nearly vanishes where growers are paid; rule-011"),
    Move("voluntary_eradication", "household_income_usd2013", 1, 3, "SYSTEM rule 1: nobody gives up for less than the net return"),
    Move("legal_purchase", "legal_leaf_kg", 1, 1, "T24, C0855: what the state company buys is bounded by its quota"),
    Move("legal_purchase", "illicit_leaf_kg", -1, 1, "T24: leaf bought legally is not bought illicitly"),
    Move("legal_price", "household_income_usd2013", 1, 1, "seed-014: the state company pays a third of the illicit price"),
    Move("household_quota", "coca_area_ha", -1, 3, "SYSTEM section 5: the cato under community control"),
    Move("household_quota", "coca_income_usd2013", -1, 3, "a smaller area at a price that hardly moves"),
    Move("alternative_development", "growers", -1, 3, "C1063: less coca in assisted communities"),
    Move("alternative_development", "protests", -1, 3, "SYSTEM R16: protests where programmes are absent"),
    Move("land_title", "growers", -1, 3, "rule-027, S05: a hectare titled goes with one or two less of coca"),
    Move("land_title", "coca_area_ha", -1, 3, "rule-027, S05"),
    Move("school_transfers", "child_workers", -1, 1, "C1064, SYSTEM R2: children's work, transfers tied to school"),
    Move("school_transfers", "cohort_exposed_share", -1, 3, "rule-025, C1066: no cohort effect under school-linked transfers"),
    Move("road_improvement", "growers", -1, 3, "SYSTEM R5: transport cost by remoteness; S02 for the ratio of returns"),
    Move("site_raids", "arrests", 1, 3, "C0959: arrests as an upper bound; SYSTEM R13"),
    Move("site_raids", "seized_kg", 1, 3, "C0899, C0902: leaf and product seized at sites"),
    Move("seizure", "seized_kg", 1, 1, "rule-029: the share seized on the way"),
    Move("seizure", "price_cocaine_origin_usd2013_per_kg", -1, 1, "SYSTEM rule 3: losses on the way come off the netback"),
    Move("road_interdiction", "seized_kg", 1, 1, "T21: more assets, more seized"),
    Move("road_interdiction", "moved_road_kg", -1, 3, "SYSTEM R9: mode shifts when one is pressed; rule-015"),
    Move("river_interdiction", "seized_kg", 1, 1, "T21"),
    Move("river_interdiction", "moved_river_kg", -1, 3, "SYSTEM R9, rule-015"),
    Move("air_interdiction", "seized_kg", 1, 1, "T21"),
    Move("air_interdiction", "moved_air_kg", -1, 3, "SYSTEM R9, rule-015"),
    Move("air_denial", "flights_flown_share", -1, 1, "T10, rule-017: force against few keeps most on the ground"),
    Move("air_denial", "price_leaf_usd2013_per_kg", -1, 1, "T10, C0786: leaf lost a quarter and more in the first year"),
    Move("input_control", "price_leaf_usd2013_per_kg", -1, 1, "rule-026, T23: dearer inputs at once; the leaf bears them (rule 3)"),
    Move("checkpoints", "price_leaf_usd2013_per_kg", -1, 1, "C0948, C0950: inputs seized; as an input control"),
    Move("bases", "armed_group_presence", -1, 3, "X0191..X0193: bases and the group's strength; SYSTEM R11"),
    Move("bases", "levy_usd2013", -1, 3, "rule-022: levies where it is present"),
    Move("curfew", "trust", -1, 3, "seed-036: a night curfew is in force; SYSTEM R16"),
    Move("rewards", "captures", 1, 1, "seed-031: rewards for leaders"),
    Move("rewards", "armed_group_members", -1, 3, "seed-031; X0187, X0188: strength"),
    Move("clan_arrests", "arrests", 1, 1, "seed-027: a share of about forty groups' members"),
    Move("clan_arrests", "price_leaf_usd2013_per_kg", -1, 3, "SYSTEM R8: arrest of a share lowers capacity; S08: fewer buyers, cheaper leaf"),
    Move("clan_arrests", "exported_kg", -1, 3, "SYSTEM rule 6"),
    Move("anti_corruption", "seized_kg", 1, 1, "SYSTEM R14: capture lowers enforcement"),
    Move("anti_corruption", "captured_mayors", -1, 3, "seed-029: offices, at the next election"),
    Move("anti_corruption", "bribes_usd2013", -1, 1, "rule-023"),
    Move("sentencing", "prison_stock", -1, 1, "seed-024, SYSTEM R15: a stock is entries times years"),
    Move("prison_alternatives", "prison_entries", -1, 1, "X0129, X0130: who is imprisoned"),
    Move("prison_alternatives", "prison_stock", -1, 3, "seed-024, SYSTEM R15"),
    Move("corridor_closure", "exported_kg", -1, 1, "SYSTEM rule 4: what is closed carries nothing"),
    Move("corridor_closure", "price_leaf_usd2013_per_kg", -1, 1, "S08: fewer buyers halve the price of leaf; SYSTEM rule 3"),
    Move("demand_shock", "price_leaf_usd2013_per_kg", -1, 1, "SYSTEM rule 3: netback"),
    Move("demand_shock", "coca_area_ha", -1, 3, "rule-008: area follows price within four years"),
    Move("transit_seizure", "price_leaf_usd2013_per_kg", 1, 1, "SYSTEM R6, rule 3: seizing beyond the border sale raises replacement demand; X0209"),
    Move("transit_seizure", "coca_area_ha", 1, 3, "rule-008"),
    Move("colombia_shock", "price_leaf_usd2013_per_kg", 1, 3, "C1067, T11: the balloon between countries, by price; rule-019"),
    Move("colombia_shock", "growers", 1, 3, "C1067, T11"),
    Move("bolivia_shock", "price_leaf_usd2013_per_kg", 1, 3, "C1067; rule-019"),
    Move("crop_price", "growers", -1, 3, "rule-007: profit relative to coffee; T20"),
    Move("crop_price", "household_income_usd2013", 1, 1, "S02: what a hectare of coffee grosses"),
)  # fmt: skip


class Runs:
    """Runs of the small region, each computed once."""

    def __init__(self, region: Region) -> None:
        self.region = region
        self._kept: dict[str, dict[Key, Yearly]] = {}

    def rows(self, *pulls: Pull) -> dict[Key, Yearly]:
        """Return the yearly outcomes under these levers."""
        key = repr(pulls)
        if key not in self._kept:
            found = run_chunk(self.region.pack, self.region.parameters, ask(*pulls, until=UNTIL), SEED, list(MEMBERS))
            self._kept[key] = by_key(found.yearly)
        return self._kept[key]

    def opened(self, *pulls: Pull) -> World:
        """Return the world on the day its books open."""
        return open_books(self.region.pack, self.region.parameters, ask(*pulls, until=UNTIL), SEED, list(MEMBERS), lambda done: None).world

    def months(self, names: Iterable[str], months: int, *pulls: Pull) -> dict[str, Array]:
        """Return what so many months from the opening of the books found, (month, member, ...)."""
        world = self.opened(*pulls)
        kept: dict[str, list[Array]] = {name: [] for name in names}
        for month in range(FIRST_MONTH, FIRST_MONTH + months):
            found = advance(world, month)
            for name, values in kept.items():
                values.append(found[name].copy())
        return {name: np.stack(values) for name, values in kept.items()}

    def pair(self, outcome: str, year: int, *pulls: Pull) -> tuple[Array, Array]:
        """Return the nation's outcome in a year without and with the levers, (member,)."""
        chosen = FIRST_MONTH // 12 + year - 1
        rows = [r[outcome, "ALL", None] for r in (self.rows(), self.rows(*pulls))]
        return tuple(row.values[:, row.years.index(chosen)] for row in rows)  # type: ignore[return-value]

    def traces(self, names: Iterable[str], months: int, *pulls: Pull) -> tuple[dict[str, Array], dict[str, Array]]:
        """Return monthly findings without and with the levers."""
        names = tuple(names)
        return self.months(names, months), self.months(names, months, *pulls)


def lever(name: str, amount: float | None = None, **more: object) -> Pull:
    """Return a pulled lever, by default at an amount that matters in the small region."""
    return pull(name, AMOUNTS[name] if amount is None else amount, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def runs(small: Region) -> Runs:
    return Runs(small)


def test_every_lever_has_a_direction(small: Region) -> None:
    """And every id in the table is in the ledger or among the targets."""
    assert {m.lever for m in MOVES} == set(LEVERS)
    known = set(small.pack.ledger.claims) | set(read_targets(small.pack))
    for move in MOVES:
        cited = re.findall(r"\b(?:[CXTS]\d{2,4}|rule-\d{3}|seed-\d{3})\b", move.evidence)
        assert set(cited) <= known, move
        assert cited or "SYSTEM" in move.evidence or "price" in move.evidence, move


@pytest.mark.parametrize("move", MOVES, ids=lambda m: f"{m.lever}-{m.outcome}")
def test_a_lever_moves_what_it_should(runs: Runs, move: Move) -> None:
    before, after = runs.pair(move.outcome, move.year, lever(move.lever))
    change = move.sign * (after - before)
    assert (change > 0).sum() >= AGREE, (move.evidence, change)
    assert np.median(change) > 0


# Mechanisms that a yearly outcome does not show


def test_curfew_and_arrests_of_clans_narrow_the_way_out(runs: Runs) -> None:
    """seed-036 and SYSTEM rule 6: at once by the drag of the nights; by clans' lost strength within a year."""
    usual, nights = runs.traces(["way_out_kg"], 12, lever("curfew"))
    np.testing.assert_array_less(nights["way_out_kg"][0], usual["way_out_kg"][0])
    usual, arrests = runs.traces(["way_out_kg", "clan_strength"], 12, lever("clan_arrests"))
    assert np.all(arrests["clan_strength"][-1] < usual["clan_strength"][-1])
    assert np.all(arrests["way_out_kg"][-1].sum(axis=1) < usual["way_out_kg"][-1].sum(axis=1))


def test_anti_corruption_raises_enforcement_at_once(runs: Runs) -> None:
    usual, clean = runs.traces(["enforcement"], 2, lever("anti_corruption"))
    assert np.all(clean["enforcement"] > usual["enforcement"])


def test_roads_raise_what_legal_crops_bring(runs: Runs) -> None:
    """SYSTEM R5: most where the way is long."""
    usual, roads = runs.traces(["licit_return"], 1, lever("road_improvement"))
    rise = (roads["licit_return"] / usual["licit_return"])[0, 0]
    factor = np.array([z.licit_return_factor for z in runs.region.pack.zones])
    np.testing.assert_allclose(rise, (1 - (1 - factor) / 2) / factor)


@pytest.mark.parametrize("name", ["input_control", "checkpoints"])
def test_an_input_control_lowers_the_leaf_price_at_once_and_fades(runs: Runs, name: str) -> None:
    """rule-026, T23: gone within two years; the cost index shows it in the first month and falls every month."""
    usual, control = runs.traces(["input_cost_index", "price_leaf"], 36, lever(name))
    index, leaf = control["input_cost_index"][:, :, 0], control["price_leaf"] / usual["price_leaf"]
    assert np.all(index[0] > 1.01)
    assert np.all(np.diff(index, axis=0) < 0)
    fall = 1 - leaf.mean(axis=2)
    assert np.all(fall[0] > 0)
    worst = fall.max(axis=0)
    assert np.all(fall[-1] < 0.25 * worst)
    assert np.all(index[24] - 1 < 0.1 * (index[0] - 1) + 1e-9)


def test_what_cannot_be_got_round_does_not_fade(runs: Runs) -> None:
    """SYSTEM, input control: permanent when binding."""
    usual, control = runs.traces(["input_cost_index", "price_leaf"], 36, lever("input_control", options={"binding": 1.0}))
    np.testing.assert_allclose(control["input_cost_index"], 2)
    fall = 1 - (control["price_leaf"] / usual["price_leaf"]).mean(axis=2)
    assert np.all(fall[-1] > 0.5 * fall[6])
    assert np.all(fall[-1] > 0)


def test_less_coca_abroad_raises_the_border_price_and_more_lowers_it(runs: Runs) -> None:
    """rule-019: price falls with the area of three countries, elasticity below zero."""
    usual, less = runs.traces(["border_price"], 24, lever("colombia_shock"))
    _, more = runs.traces(["border_price"], 24, lever("colombia_shock", 0.5))
    assert np.all(less["border_price"][-1] > usual["border_price"][-1])
    assert np.all(more["border_price"][-1] < usual["border_price"][-1])


def test_sentences_half_as_long_hold_half_as_many_in_the_end(runs: Runs) -> None:
    """SYSTEM R15: arrests hardly answer, so the stock heads for half."""
    before, after = runs.pair("prison_stock", 3, lever("sentencing", 0.5))
    entries = runs.pair("prison_entries", 3, lever("sentencing", 0.5))
    np.testing.assert_allclose(entries[1], entries[0], rtol=0.1)
    assert np.all((after > 0.5 * before) & (after < 0.85 * before))


def test_payments_that_stop_bring_coca_back(runs: Runs) -> None:
    """SYSTEM rule 2: with payments kept up 0.006 a year return, once they stop four in five within a year."""
    kept = lever("voluntary_eradication")
    stopped = lever("voluntary_eradication", end=month_index("2025-12"))
    stayed, gone = (runs.rows(p)["paid_returned", "ALL", None].values.sum(axis=1) for p in (kept, stopped))
    households = runs.rows(stopped)["paid_households", "ALL", None].values
    assert np.all(gone > 5 * stayed)
    assert np.all(households[:, 2] < 0.35 * households[:, 1])


def test_a_payment_announced_a_year_ahead_is_planted_for(runs: Runs) -> None:
    """SYSTEM rule 2: a payment that depends on the area at a register date is an incentive like any other."""
    promised = lever("voluntary_eradication", start=month_index("2026-01"), announce=FIRST_MONTH)
    unannounced = lever("voluntary_eradication", start=month_index("2026-01"))
    rows = [runs.rows(p)["growers", "ALL", None].values[:, 1] for p in (promised, unannounced)]
    assert np.all(rows[0] > rows[1])
    np.testing.assert_array_equal(rows[1], runs.rows()["growers", "ALL", None].values[:, 1])


def test_twice_the_assets_seize_more_in_smaller_loads_on_no_fewer_corridors(runs: Runs) -> None:
    """T21, all modes at once: more seized, lower value a seizure, no corridor falls idle."""
    assets = [lever(n, 2.0) for n in ("road_interdiction", "river_interdiction", "air_interdiction")]
    seized, seizures, corridors = (runs.pair(n, 3, *assets) for n in ("seized_kg", "seizures", "active_corridors"))
    assert np.all(seized[1] > seized[0])
    assert np.all(seized[1] / seizures[1] < seized[0] / seizures[0])
    assert np.all(corridors[1] >= corridors[0])


# Both signs of the response of the leaf price to pressure on the trade (SYSTEM R6)


def test_closing_the_way_out_lowers_the_leaf_price_because_leaf_cannot_leave(runs: Runs) -> None:
    """The border price hardly moves, and not down; what falls is the share that gets out, and leaf with its square."""
    usual, closed = runs.traces(["evacuation", "border_price", "price_leaf", "store_kg"], 12, lever("corridor_closure"))
    assert np.all(closed["evacuation"][1:] < 0.7 * usual["evacuation"][1:])
    assert np.all(closed["price_leaf"][-1] < 0.8 * usual["price_leaf"][-1])
    np.testing.assert_array_less(usual["border_price"][-1] * (1 - 1e-9), closed["border_price"][-1])
    assert np.all(closed["border_price"][-1] < 1.1 * usual["border_price"][-1])
    assert np.all(closed["store_kg"][-1].sum(axis=1) > usual["store_kg"][-1].sum(axis=1))


def test_seizing_beyond_the_border_raises_the_leaf_price_because_what_is_lost_is_bought_again(runs: Runs) -> None:
    """The border price rises at once, by the replacement demand to one over the closure elasticity; the way out stays open."""
    usual, beyond = runs.traces(["evacuation", "border_price", "price_leaf", "replacement_demand"], 12, lever("transit_seizure"))
    elasticity = runs.opened().constants["closure_elasticity"]
    assert np.all(beyond["replacement_demand"] > 1.2)
    rise = beyond["border_price"][0] / usual["border_price"][0]
    np.testing.assert_allclose(rise, np.broadcast_to(beyond["replacement_demand"][0] ** (-1 / elasticity), rise.shape), rtol=1e-9)
    assert np.all(rise > 1)
    np.testing.assert_allclose(beyond["evacuation"][0], usual["evacuation"][0])
    assert np.all(beyond["price_leaf"][-1] > 1.1 * usual["price_leaf"][-1])
