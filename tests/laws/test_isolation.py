"""What must not matter does not: other members, chunks, threads, levers not pulled, policies not announced, place in a list."""

from __future__ import annotations

import dataclasses
import shutil
from pathlib import Path

import numpy as np
import pytest

from eslabon.api import Region, load_region, run
from eslabon.evidence.pack import load_pack
from eslabon.policies.levers import LEVERS
from eslabon.policies.scenario import Scenario
from eslabon.runs.chunk import ChunkResult, run_chunk
from eslabon.start import OPENINGS, open_world
from small_region import AMOUNTS, FIRST_MONTH, ask, assert_same, by_key, months, pull, random_scenario

BUSY = ask(pull("forced_eradication", 700, FIRST_MONTH + 3), pull("site_raids", 50), pull("seizure", 0.4, ramp_months=6), name="busy")
HISTORY = ask(start="2001", until=2003, name="past")


def chunk(region: Region, scenario: Scenario, members: list[int] | range = range(1), seed: int = 4) -> ChunkResult:
    return run_chunk(region.pack, region.parameters, scenario, seed, list(members))


@pytest.mark.parametrize("start", ["2024", "2001"])
def test_member_three_alone_equals_member_three_of_eight(small: Region, past: Region, start: str) -> None:
    where, scenario = (small, BUSY) if start == "2024" else (past, HISTORY)
    eight, alone = chunk(where, scenario, range(8)), chunk(where, scenario, [3])
    assert_same(eight.yearly, alone.yearly, slice(3, 4))
    for name, flow in alone.postings.items():
        np.testing.assert_array_equal(flow[0], eight.postings[name][3], err_msg=name)
    areas = by_key(eight.yearly)["coca_area_ha", "ALL", None].values[:, -1]
    assert len(set(areas.tolist())) == 8


def test_threads_and_chunks_change_no_number(small: Region, tmp_path: Path) -> None:
    hashes = set()
    for threads, size in ((1, 1), (1, 5), (2, 1), (2, 2), (1, 3), (2, 0)):
        hashes.add(run(BUSY, 5, 7, region=small, out=tmp_path / f"{threads}-{size}", threads=threads, chunk=size).hash)
    assert len(hashes) == 1
    assert hashes != {run(BUSY, 5, 8, region=small, out=tmp_path / "other").hash}


@pytest.mark.parametrize("lever", sorted(LEVERS))
def test_months_before_an_announcement_are_identical_household_by_household(small: Region, lever: str) -> None:
    """And some month after it is not, or the lever would do nothing."""
    announced, start = FIRST_MONTH + 5, FIRST_MONTH + 9
    with_it = ask(pull(lever, AMOUNTS[lever], start, announced))
    worlds = [open_world(small.pack, small.parameters, s, 2, [0, 1]) for s in (ask(), with_it)]
    differs = []
    for (month, _), _ in zip(*(months(w, small.pack, s) for w, s in zip(worlds, (ask(), with_it), strict=True)), strict=True):
        one, other = (w.state for w in worlds)
        same = all(np.array_equal(a.fields, b.fields) and np.array_equal(a.top, b.top) and np.array_equal(a.arriving, b.arriving)
                   for a, b in zip(one.households, other.households, strict=True))  # fmt: skip
        same = same and all(np.array_equal(one.values[n], other.values[n]) for n in one.values)
        if not same:
            differs.append(month)
    assert differs, f"{lever} changes nothing"
    assert min(differs) >= announced
    if lever == "forced_eradication":
        assert min(differs) == announced


@pytest.mark.parametrize("lever", sorted(LEVERS))
def test_a_lever_of_strength_zero_changes_nothing(small: Region, lever: str) -> None:
    idle = ask(pull(lever, AMOUNTS[lever], FIRST_MONTH + 2, FIRST_MONTH, strength=0.0))
    base = chunk(small, ask(), range(2))
    assert_same(base.yearly, chunk(small, idle, range(2)).yearly)
    full = chunk(small, ask(pull(lever, AMOUNTS[lever], FIRST_MONTH + 2, FIRST_MONTH)), range(2))
    with pytest.raises(AssertionError):
        assert_same(base.yearly, full.yearly)


@pytest.mark.parametrize("seed", range(4))
def test_a_longer_horizon_leaves_the_first_years_identical(small: Region, seed: int) -> None:
    shorter, longer = (by_key(chunk(small, random_scenario(seed, until), range(2), seed).yearly) for until in (2026, 2027))
    assert shorter.keys() == longer.keys()
    for key, row in shorter.items():
        assert longer[key].years[: len(row.years)] == row.years
        np.testing.assert_array_equal(row.values, longer[key].values[:, : len(row.years)], err_msg=str(key))


def test_the_order_of_lines_in_a_pack_is_no_input(region: Region, tmp_path: Path) -> None:
    folder = tmp_path / "peru"
    shutil.copytree(region.pack.root, folder)
    for name in ("zones", "corridors", "access", "series", "eradication", "calendar"):
        head, *lines = (folder / f"{name}.csv").read_text(encoding="utf-8").splitlines()
        (folder / f"{name}.csv").write_text("\n".join([head, *reversed(lines)]) + "\n", encoding="utf-8")
    mixed = load_pack(folder)
    for attribute in ("zones", "corridors", "access", "series", "eradication", "calendar"):
        assert getattr(mixed, attribute) == getattr(region.pack, attribute), attribute


STATE_TOLERANCE = 1e-5
"""Sums over basins are added in the order of basins, so permuting or adding one may change their last bit; an empty basin keeps a
billionth of a site, which draws as little of the raids; and a last bit can tip a household's rounding by a quantum of 2**-16 ha,
which the prices of the months after carry on to others of a basin of a few hectares."""


def assert_close(one: ChunkResult, other: ChunkResult) -> None:
    a, b = by_key(one.yearly), by_key(other.yearly)
    assert a.keys() <= b.keys()
    for key, row in a.items():
        if key[0] != "coca_area_observed_ha":
            np.testing.assert_allclose(b[key].values, row.values, rtol=STATE_TOLERANCE, atol=1e-6, err_msg=str(key))


def with_empty_basin(where: Region, region: Region) -> Region:
    """Return a region with one basin more that has no coca; it sorts between the others, so the later ones move up.

    It lies far away: a neighbour without coca is a neighbour nonetheless, whose growers see no crews.
    """
    model = next(z for z in region.pack.zones if z.id == "contamana")
    areas = {o.area_name: 0.0 for o in OPENINGS.values()}
    empty = dataclasses.replace(model, **areas, traditional_share=0.0, legal_quota_share=0.0, programme_weight=0.0, lon=100.0, lat=60.0)
    zones = tuple(sorted((*where.pack.zones, empty), key=lambda z: z.id))
    return dataclasses.replace(where, pack=dataclasses.replace(where.pack, zones=zones))


def turned(where: Region) -> Region:
    """Return a region with its basins in reverse order."""
    return dataclasses.replace(where, pack=dataclasses.replace(where.pack, zones=where.pack.zones[::-1]))


@pytest.mark.parametrize("seed", range(4))
def test_basins_in_another_order_give_each_basin_the_same(small: Region, seed: int) -> None:
    scenario = random_scenario(seed)
    assert_close(chunk(small, scenario, range(2)), chunk(turned(small), scenario, range(2)))


@pytest.mark.parametrize("start", ["2024", "2001"])
def test_an_empty_basin_changes_nothing_elsewhere_and_stays_empty(small: Region, past: Region, region: Region, start: str) -> None:
    where, scenario = (small, BUSY) if start == "2024" else (past, HISTORY)
    found = chunk(with_empty_basin(where, region), scenario)
    assert_close(chunk(where, scenario), found)
    there = by_key(found.yearly)
    for outcome in ("coca_area_ha", "leaf_kg", "cocaine_kg", "households", "exported_kg", "replanted_ha"):
        assert np.all(there[outcome, "contamana", None].values == 0), outcome


@pytest.mark.filterwarnings("error::RuntimeWarning")
def test_an_empty_basin_is_never_divided_by(small: Region, region: Region) -> None:
    wider = with_empty_basin(small, region)
    world = open_world(wider.pack, wider.parameters, BUSY, 4, [0])
    for _month, found in months(world, wider.pack, BUSY):
        assert all(np.isfinite(v).all() for v in found.values() if isinstance(v, np.ndarray))
        assert np.isfinite(world.state.households[0].arriving).all()


def test_the_error_of_monitoring_belongs_to_the_basin_not_to_its_place_in_the_list(small: Region, region: Region) -> None:
    base = by_key(chunk(small, BUSY).yearly)
    for other in (turned(small), with_empty_basin(small, region)):
        moved = by_key(chunk(other, BUSY).yearly)
        for zone in small.pack.zones:
            key = ("coca_area_observed_ha", zone.id, None)
            np.testing.assert_allclose(moved[key].values, base[key].values, rtol=STATE_TOLERANCE, err_msg=zone.id)


def test_another_pack_folder_gives_the_same_numbers(region: Region, tmp_path: Path) -> None:
    folder = tmp_path / "elsewhere"
    shutil.copytree(region.pack.root, folder)
    assert load_region(folder).pack.digest == region.pack.digest
    assert load_region(folder).parameters == region.parameters
