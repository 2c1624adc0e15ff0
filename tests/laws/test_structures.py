"""Rival rules: each changes a run, the way its words say; two of one rule cannot be had; an unknown one names the nearest."""

from __future__ import annotations

import dataclasses
import itertools
from pathlib import Path

import numpy as np
import pytest

from eslabon.api import Region, run
from eslabon.errors import InputError
from eslabon.policies.scenario import Pull
from eslabon.policies.structures import DEFAULTS, NULL, STRUCTURES, TEST_ONLY, chosen
from eslabon.runs.chunk import ChunkResult, run_chunk
from small_region import Array, ask, assert_same, by_key, pull

MEMBERS = [0, 1, 2, 3]
BUSY = (pull("forced_eradication", 1200), pull("road_interdiction", 3.0), pull("demand_shock", -0.3))


def found(region: Region, *pulls: Pull, structure: tuple[str, ...] = ()) -> ChunkResult:
    scenario = dataclasses.replace(ask(*pulls), structure=structure)
    return run_chunk(region.pack, region.parameters, scenario, 2, MEMBERS)


def outcome(result: ChunkResult, name: str, corridor: str | None = None) -> Array:
    values: Array = by_key(result.yearly)[name, "ALL", corridor].values
    return values


def price_fall(region: Region, name: str, lever: Pull, *structure: str) -> Array:
    """Return the price of the second year under a lever over that without it, (member,)."""
    return outcome(found(region, lever, structure=structure), name)[:, 1] / outcome(found(region, structure=structure), name)[:, 1]


@pytest.mark.parametrize("name", [*STRUCTURES, *TEST_ONLY])
def test_each_rival_changes_a_run(small: Region, name: str) -> None:
    with pytest.raises(AssertionError):
        assert_same(found(small, *BUSY).yearly, found(small, *BUSY, structure=(name,)).yearly)


def test_the_order_in_which_rivals_are_named_is_no_input(small: Region) -> None:
    names = ("no-adaptation", "todays-price")
    assert_same(found(small, *BUSY, structure=names).yearly, found(small, *BUSY, structure=names[::-1]).yearly)


def test_two_rivals_of_one_rule_are_refused_and_others_combine(small: Region, tmp_path: Path) -> None:
    for one, other in itertools.combinations(STRUCTURES.values(), 2):
        if one.group == other.group:
            with pytest.raises(InputError, match=one.group):
                chosen([one.name, other.name])
        else:
            assert chosen([one.name, other.name]) == (one, other)
    groups = [s.group for s in STRUCTURES.values()]
    assert {g for g in groups if groups.count(g) > 1} == {"displacement", "expectation"}
    with pytest.raises(InputError, match="expectation"):
        run(ask(), 1, region=small, out=tmp_path, structure=["todays-price", "slow-expectation"])
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_rival_names_the_nearest(small: Region, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"Did you mean 'no-displacement'\?"):
        run(ask(), 1, region=small, out=tmp_path, structure=["no-displacment"])
    with pytest.raises(InputError, match="linear-leaf-price"):
        chosen(["zzz"])


def test_a_rival_sets_only_what_members_draw_or_only_structures_change(small: Region) -> None:
    for structure in (*STRUCTURES.values(), *TEST_ONLY.values()):
        assert set(structure.sets) <= set(DEFAULTS) | set(small.parameters), structure.name
        assert structure.sets


def test_origin_keeps_its_share_of_the_border_price_only_under_the_multiplicative_rival(small: Region) -> None:
    """Three tenths off the border price are three tenths off at origin; costs that stay make them more by default."""
    lever, price = pull("demand_shock", -0.3), "price_cocaine_origin_usd2013_per_kg"
    share, usual = price_fall(small, price, lever, "multiplicative-prices"), price_fall(small, price, lever)
    np.testing.assert_allclose(share, 0.7, atol=0.04)
    assert np.all(usual < share - 0.02)


def test_leaf_falls_less_with_the_way_out_under_the_linear_rival(small: Region) -> None:
    lever, price = pull("corridor_closure", 0.5), "price_leaf_usd2013_per_kg"
    linear, square = price_fall(small, price, lever, "linear-leaf-price"), price_fall(small, price, lever)
    assert np.all(square < linear)
    assert np.all(linear < 0.9)


def test_nobody_moves_under_the_rivals_of_displacement_and_one_brings_newcomers(small: Region) -> None:
    runs = {n: found(small, *BUSY, structure=(n,)).postings for n in ("no-displacement", "transfer-of-hectares")}
    for postings in runs.values():
        assert postings["people.moved_out"].sum() == postings["people.moved_in"].sum() == 0
    assert found(small, *BUSY).postings["people.moved_out"].sum() > 0
    arrived = {n: p["people.arrived"].sum(axis=(1, 2)) for n, p in runs.items()}
    assert np.all(arrived["transfer-of-hectares"] > arrived["no-displacement"])


def test_expectations_answer_a_fall_in_the_order_of_their_memory(small: Region) -> None:
    """After two years of a third of the price, those who believe today's have given up most, those who remember least."""
    lever = pull("demand_shock", -0.6)
    left = [outcome(found(small, lever, structure=s), "growers")[:, 1] for s in (("todays-price",), (), ("slow-expectation",))]
    for quick, slow in itertools.pairwise(left):
        assert np.mean(quick < slow) >= 0.75
        assert np.median(quick) < np.median(slow)


def test_without_adaptation_corridors_keep_their_shares(small: Region) -> None:
    """Three tenths more seized towards the Pacific: by default the flow turns, under the rival it does not."""
    lever = pull("seizure", 0.5, corridors=("pacific",))

    def share(structure: tuple[str, ...]) -> Array:
        moved = found(small, lever, structure=structure)
        rows = by_key(moved.yearly)
        parts = {c.id: sum(rows["moved_kg", z.id, c.id].values for z in small.pack.zones) for c in small.pack.corridors}
        return np.asarray(parts["pacific"] / sum(parts.values()))

    stiff, usual = share(("no-adaptation",)), share(())
    assert np.all(usual[:, 1] < 0.9 * stiff[:, 1])
    np.testing.assert_allclose(stiff[:, 1], stiff[:, 0], rtol=0.02)


def test_under_the_null_model_nobody_answers_a_price(small: Region) -> None:
    """A fall of demand reaches neither leaf nor growers; only the constants of the frozen null say so."""
    with_it, without = (found(small, *pulls, structure=("null",)) for pulls in ((pull("demand_shock", -0.6),), ()))
    for name in ("price_leaf_usd2013_per_kg", "coca_area_ha", "growers", "households"):
        np.testing.assert_array_equal(outcome(with_it, name), outcome(without, name))
    assert NULL["prices_free"] == 0
