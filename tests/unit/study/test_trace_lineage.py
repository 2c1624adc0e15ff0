"""The structural path against the model itself: what lies outside it cannot move an outcome, what lies inside may."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from eslabon import start
from eslabon.api import Region
from eslabon.evidence.region import RegionPack
from eslabon.month import STAGES, advance
from eslabon.params.table import Parameter, draw_ensemble
from eslabon.policies.levers import LEVERS
from eslabon.policies.plan import make_plan
from eslabon.stages import observe
from eslabon.stages.arrays import total
from eslabon.start import OPENINGS, open_world, settle_books
from eslabon.study.lineage import Lineage, lineage, signals_of
from eslabon.study.trace_pack import anchors
from eslabon.study.trace_reads import Words, read_functions
from small_region import AMOUNTS, ask, pull

Array = npt.NDArray[np.float64]
MONTHS = 5
"""Months at rest, and after the books open."""


@pytest.fixture(scope="module")
def graph(small: Region) -> Lineage:
    return lineage(small.pack)


@pytest.fixture(scope="module")
def moved(small: Region) -> Mapping[str, set[str]]:
    """Return for every quantity the parameters that move it: one member a parameter, all with the same luck, every lever pulled."""
    names = sorted(small.parameters)

    def one_by_one(table: Mapping[str, Parameter], seed: int, members: Iterable[int]) -> tuple[dict[str, Array], int]:
        base, _rejected = draw_ensemble(table, seed, [0])
        drawn = {name: np.repeat(value, len(names) + 1, axis=0) for name, value in base.items()}
        for i, name in enumerate(names, 1):
            p = table[name]
            at = 0.9 if drawn[name][i, 0] < (p.low + p.high) / 2 else 0.1
            drawn[name][i, 0] = p.low + at * (p.high - p.low)
        return drawn, 0

    found: dict[str, set[str]] = {}

    def note(values: Mapping[str, Any]) -> None:
        for quantity, value in values.items():
            if isinstance(value, np.ndarray) and value.shape[:1] == (len(names) + 1,):
                same = (value == value[:1]) | (np.isnan(value) & np.isnan(value[:1]))
                other = np.flatnonzero(~same.reshape(len(value), -1).all(axis=1))
                found.setdefault(quantity, set()).update(names[i - 1] for i in other)

    scenario = ask(*(pull(name, amount) for name, amount in AMOUNTS.items()), until=2025)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(start, "draw_ensemble", one_by_one)
        world = open_world(small.pack, small.parameters, scenario, 0, [0] * (len(names) + 1))
    note({**world.constants, **world.state.values})
    first = OPENINGS["2024"].books_open
    for month in range(first - MONTHS, first + MONTHS):
        seen = advance(world, month)
        if month == first - 1:
            settle_books(world, small.pack, seen)
        note({**seen, **observe.derive(seen), "people": np.array([[p.fields.sum()] for p in world.state.households])})
    return found


def test_no_parameter_outside_the_path_of_a_quantity_moves_it(graph: Lineage, moved: Mapping[str, set[str]]) -> None:
    wrong = {q: extra for q, names in moved.items() if (extra := names - set(graph.path(q).distance))}
    assert wrong == {}
    assert len(moved) > 300


def test_most_parameters_on_the_path_of_coca_area_move_it(graph: Lineage, moved: Mapping[str, set[str]], small: Region) -> None:
    inside = set(graph.path("outcome.coca_area_ha").among(small.parameters))
    assert len(moved["counted_ha"]) > 0.6 * len(inside)
    assert {"leaf_kg_per_kg_cocaine", "participation_slope", "adjustment_rate", "size_log_sd"} <= moved["counted_ha"]


@pytest.mark.parametrize("name", ["poverty_line_usd2013", "prison_capacity", "forest_scale", "clash_deaths_per_1000_ha", "wage_ratio"])
def test_parameters_of_what_nobody_answers_to_are_outside(graph: Lineage, moved: Mapping[str, set[str]], name: str) -> None:
    assert name not in graph.path("outcome.coca_area_ha").distance
    assert name not in moved["counted_ha"]
    assert any(name in graph.path(f"outcome.{o.name}").distance for o in observe.OUTCOMES)


def test_only_the_observed_area_reads_the_errors_of_measurement(graph: Lineage) -> None:
    readers = {o.name for o in observe.OUTCOMES if "area_measurement_error" in graph.path(f"outcome.{o.name}").distance}
    assert readers == {"coca_area_observed_ha"}


def test_every_parameter_is_in_the_graph_and_reaches_an_outcome(graph: Lineage, small: Region) -> None:
    reached = set().union(*(graph.path(f"outcome.{o.name}").distance for o in observe.OUTCOMES))
    assert set(small.parameters) - reached == set()


def test_every_quantity_a_stage_writes_or_reads_is_in_the_graph(graph: Lineage) -> None:
    made = {edge.made for edge in graph.edges}
    assert {name for stage in STAGES for name in stage.writes} <= made
    assert {o.source for o in observe.OUTCOMES} <= made


def test_a_chain_leads_from_the_outcome_to_the_parameter(graph: Lineage) -> None:
    way = graph.path("outcome.cocaine_kg")
    chain = way.chain("leaf_kg_per_kg_cocaine")
    assert chain[0] == ("observe", "outcome.cocaine_kg")
    assert chain[-1] == ("processing", "product.made")
    assert len(chain) == way.distance["leaf_kg_per_kg_cocaine"]


@pytest.mark.parametrize("lever", sorted(LEVERS))
def test_a_lever_moves_the_signals_of_its_edges_and_no_others(graph: Lineage, small: Region, lever: str) -> None:
    first = OPENINGS["2024"].books_open
    usual, pulled = (make_plan(small.pack, s, first, 12) for s in (ask(), ask(pull(lever, AMOUNTS[lever], announce=first, start=first + 2))))
    changed = {n for n in usual.signals if not np.array_equal(usual.signals[n], pulled.signals[n])}
    changed |= {n for n in usual.constants if not np.array_equal(usual.constants[n], pulled.constants[n])}
    edges = {edge.made for edge in graph.edges if f"lever.{lever}" in edge.of}
    assert changed
    assert changed <= edges
    assert signals_of(LEVERS[lever]) <= edges


@pytest.mark.parametrize("series", ["pen_per_usd", "colombia_area_ha", "site_raids", "licit_return_usd2013_per_ha", "rural_wage_index"])
def test_a_series_moves_the_signals_of_its_edges_and_no_others(graph: Lineage, small: Region, series: str) -> None:
    other = _with_series(small.pack, series, 1.1)
    first = OPENINGS["2024"].books_open - 24
    usual, moved_plan = (make_plan(pack, ask(), first, 72) for pack in (small.pack, other))
    changed = {n for n in usual.signals if not np.array_equal(usual.signals[n], moved_plan.signals[n])}
    edges = {edge.made for edge in graph.edges if f"series.{series}" in edge.of}
    assert changed
    assert changed <= edges


def _with_series(pack: RegionPack, name: str, factor: float) -> RegionPack:
    series = pack.series[name]
    return dataclasses.replace(pack, series={**pack.series, name: dataclasses.replace(series, values=tuple(factor * v for v in series.values))})


@pytest.mark.parametrize("year", ["2012", "2024"])
def test_only_the_anchor_observations_move_a_starting_state(small: Region, year: str) -> None:
    chosen = anchors(small.pack, year)

    def scaled(inside: bool) -> RegionPack:
        rows = tuple(
            dataclasses.replace(o, value=1.2 * o.value) if (f"observations.csv/{o.quantity}/{o.basin}/{o.year}" in chosen) == inside else o
            for o in small.pack.observations
        )
        return dataclasses.replace(small.pack, observations=rows)

    scenario = ask(start=year, until=int(year) + 2)
    usual, same, other = (open_world(pack, small.parameters, scenario, 0, [0]).constants for pack in (small.pack, scaled(False), scaled(True)))
    assert all(np.array_equal(usual[n], same[n]) for n in usual)
    assert not np.array_equal(usual["border_scale"], other["border_scale"])


def _doubled(out: Array, x: Array) -> None:
    out[:] = 2 * x


def _toy(area: Array, price: Array, people_total: Array, unused: Array) -> dict[str, Array]:
    held = np.zeros_like(area)
    for row in range(len(area)):
        part = held[row]
        _doubled(part, price[row])
    names = dict.fromkeys(("land.a", "land.b"), held)
    local = dict(zip(("x", "y"), (area, people_total), strict=True))
    more = {f"land.{letter}": price for letter in ("c", "d")}
    return {**names, **more, "sum": total(local["x"]), "plain": np.ones_like(unused)}


def test_a_toy_function_is_read_through_views_calls_and_loops() -> None:
    words = Words({}, frozenset(), {}, {}, "2024")
    given = {name: frozenset({name}) for name in ("area", "price", "people_total", "unused")}
    writes = read_functions([_toy, _doubled], words, {_toy: given})[_toy].writes
    assert "price" in writes["land.a"]
    assert "price" in writes["land.b"]
    assert writes["land.d"] == {"price"}
    assert "area" in writes["sum"]
    assert "unused" not in writes["land.a"] | writes["sum"]
