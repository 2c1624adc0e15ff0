"""Validate: the ladder against hand calculations, the rule of passing, and the scoreboard in quick form."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
from pathlib import Path

import numpy as np
import pytest
import typer
from typer.testing import CliRunner

from eslabon.api import Region
from eslabon.cli.validate import validate
from eslabon.errors import InputError
from eslabon.policies.structures import NULL
from eslabon.study import retail
from eslabon.study.bench import Bench, altered, percent, pull, quotient, recovery_months, rolling_mean, scenario
from eslabon.study.reasons import NOT_MODELLED, WHY
from eslabon.study.shrink import shrink
from eslabon.study.targets import FILE, Part, Target, choose, read_targets
from eslabon.study.validate import EXPERIMENTS, QUICK_NOTICE, PartScore, Scoreboard, Side, explain, null_digest, score_part, scoreboard

LADDER = {
    "retail_elasticity": np.array([-1.0]),
    "transit_seized_share": np.array([0.2]),
    "freight_north_usd2013_per_kg": np.array([20_000.0]),
    "inside_north_usd2013_per_kg": np.array([100_000.0]),
}
SOME = ("T02", "T04", "T21", "S03", "S01")


def part(
    kind: str = "range", value: float | None = 0.5, low: float | None = 0.0, high: float | None = 1.0, counted: bool = True, name: str = "a"
) -> Part:
    return Part(name, "words", "quantity", kind, value, low, high, "1", "Peru", "2016", "somebody", (), counted)


def bench(region: Region, out: Path, members: int = 2) -> Bench:
    return Bench(shrink(region.pack), region.parameters, members, 0, out)


# The ladder beyond the border


def test_what_is_lost_on_the_way_is_paid_by_what_arrives() -> None:
    assert retail.landed_price(np.array([1000.0]), np.array([0.2]), np.array([20_000.0])).tolist() == [21_250.0]


def test_additive_and_multiplicative_ladders_agree_at_the_reference_and_differ_beyond() -> None:
    reference = np.array([retail.BORDER_REFERENCE_USD2013])
    landed = reference / 0.8 + 20_000
    assert retail.north_price(reference, LADDER) == pytest.approx(landed + 100_000)
    assert retail.north_price(reference, LADDER, multiplicative=True) == pytest.approx(landed + 100_000)
    dearer = (reference + 800, reference + 800)
    assert retail.north_price(dearer[0], LADDER) - retail.north_price(reference, LADDER) == pytest.approx(1000)
    risen = retail.north_price(dearer[1], LADDER, multiplicative=True) / retail.north_price(reference, LADDER, multiplicative=True)
    assert risen == pytest.approx((landed + 1000) / landed)


def test_value_shares_add_to_one_and_are_those_by_hand() -> None:
    shares = retail.value_shares(np.array([400.0]), np.array([1000.0]), LADDER)
    assert sum(s[0] for s in shares.values()) == pytest.approx(1)
    assert shares["farm"] == pytest.approx(500 / 121_250)
    assert shares["source"] == pytest.approx(750 / 121_250)
    assert shares["international"] == pytest.approx(20_000 / 121_250)
    assert shares["inside"] == pytest.approx(100_000 / 121_250)


def test_a_fifth_less_on_sale_raises_the_price_by_a_quarter_at_unit_elasticity() -> None:
    four_fifths, usual = np.array([[80.0, 100.0]]), np.array([[100.0, 100.0]])
    assert retail.clearing_index(four_fifths, usual, np.array([-1.0])).tolist() == [[1.25, 1.0]]
    assert retail.clearing_index(four_fifths, usual, np.array([-0.5])) == pytest.approx(np.array([[1.5625, 1.0]]))
    assert retail.clearing_index(four_fifths, usual, np.array([-1.0]), prices_free=0.0).tolist() == [[1.0, 1.0]]


def test_more_seized_kilograms_are_a_larger_share_of_larger_shipments() -> None:
    """0.3 instead of 0.2 are seized of what must be 1.1 for 0.8 to arrive."""
    assert retail.seized_share_after(0.5, np.array([0.2])) == pytest.approx(0.3 / 1.1)
    assert retail.seized_share_after(0.0, np.array([0.2])) == pytest.approx(0.2)


def test_the_ladder_draws_its_own_members_by_key() -> None:
    shared = {name: np.zeros(40) for name in retail.SHARED}
    many, one = retail.draw_ladder(7, range(40), shared), retail.draw_ladder(7, [17], shared)
    for name, constant in retail.RETAIL.items():
        assert many[name][17] == one[name][0]
        assert (many[name] >= constant.low).all() and (many[name] <= constant.high).all()
        assert len(set(many[name])) > 30
        assert constant.meaning and constant.unit
    assert many["retail_elasticity"].tolist() == [0.0] * 40
    assert retail.arriving_kg(np.array([50.0]), LADDER).tolist() == [40.0]


def test_every_constant_of_the_ladder_says_what_it_rests_on(region: Region) -> None:
    for constant in retail.RETAIL.values():
        assert constant.status == ("estimated" if constant.claims else "assumed")
        assert all(c in region.pack.ledger.claims for c in constant.claims)


# Arithmetic of the experiments


def test_rolling_mean_and_recovery_by_hand() -> None:
    assert rolling_mean(np.array([[1.0, 3.0, 5.0, 7.0]]), 3).tolist() == [[1, 2, 3, 5]]
    index = np.array([[1.0, 1.3, 1.2, 1.05, 1.0], [1.0, 1.1, 1.2, 1.3, 1.4]])
    found = recovery_months(index, 0.1)
    assert found[0] == 4
    assert math.isnan(found[1])


def test_change_of_nothing_is_not_defined() -> None:
    found = percent(np.array([110.0, 1.0]), np.array([100.0, 0.0]))
    assert found[0] == pytest.approx(10)
    assert math.isnan(found[1])
    assert math.isnan(quotient(np.ones(1), np.zeros(1))[0])


def test_an_unknown_lever_names_the_nearest() -> None:
    with pytest.raises(InputError, match="site_raids"):
        pull("site_raid", 1.0, "2025-01")


# The rule of passing


@pytest.mark.parametrize(("median", "holds"), [(0.0, True), (1.0, True), (0.5, True), (-1e-9, False), (1.0001, False)])
def test_a_range_includes_its_ends(median: float, holds: bool) -> None:
    assert part().holds(median) is holds


@pytest.mark.parametrize(("sign", "up", "still", "down"), [(1, True, False, False), (-1, False, False, True), (0, True, True, False)])
def test_a_sign_is_strict_but_for_not_falling(sign: float, up: bool, still: bool, down: bool) -> None:
    found = part("sign", sign, None, None)
    assert [found.holds(m) for m in (2.0, 0.0, -2.0)] == [up, still, down]


def test_the_median_decides_and_undefined_members_are_named() -> None:
    found = score_part(part(), np.array([0.4, 0.6, np.nan, 9.0]))
    assert (found.median, found.defined, found.members, found.holds) == (0.6, 3, 4, True)
    assert found.document()["p10"] == pytest.approx(0.44)
    assert not score_part(part(), np.array([0.5, np.nan, np.nan])).holds
    assert score_part(part(), np.full(3, np.nan)).document() == {"median": None, "p10": None, "p90": None, "n": 3, "defined": 0, "holds": False}


def test_a_target_passes_only_if_every_part_that_counts_holds() -> None:
    first, second, shown = part(), part(name="b"), part(name="c", counted=False)
    target = Target("T00", (first, second, shown))

    def side(*medians: float) -> Side:
        return Side(tuple(PartScore(p, 4, 4, m, m, m) for p, m in zip(target.parts, medians, strict=True)))

    assert side(0.5, 0.5, 99).passes(target)
    assert not side(0.5, 1.5, 0.5).passes(target)
    assert not Side((), "not modelled").passes(target)


# The targets


def test_twenty_four_targets_count_and_four_check_inputs(region: Region) -> None:
    targets = read_targets(region.pack)
    counted = {t.id for t in targets.values() if t.counted}
    assert len(counted) == 24
    assert {t.id for t in targets.values() if t.is_input} == {"S01", "S02", "S09", "T16"} == set(targets) - counted
    for target in targets.values():
        assert target.id in EXPERIMENTS or target.id in NOT_MODELLED
        assert explain(target.id)["does"]
    assert set(EXPERIMENTS) | set(NOT_MODELLED) == set(targets)
    assert set(WHY) <= counted


def test_unknown_targets_name_the_nearest(region: Region) -> None:
    targets = read_targets(region.pack)
    assert [t.id for t in choose(targets, ["s07", "T02"])] == ["T02", "S07"]
    assert choose(targets, []) == list(targets.values())
    with pytest.raises(InputError, match="T02"):
        choose(targets, ["T022"])


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("T90,a,words,quantity,sign,2,,,kg,Peru,2016,somebody,,yes", "a sign is"),
        ("T90,a,words,quantity,range,1,3,2,kg,Peru,2016,somebody,,yes", "in order"),
        ("T90,a,words,quantity,range,1,0,2,kg,Peru,2016,somebody,no-such-claim,yes", "no claim"),
        ("T02,change,words,quantity,range,1,0,2,kg,Peru,2016,somebody,,yes", "repeats"),
        ("T90,a,words,quantity,range,1,0,2,kg,Peru,2016,somebody,,perhaps", "known words"),
    ],
)
def test_a_bad_target_names_its_cell(region: Region, tmp_path: Path, row: str, said: str) -> None:
    text = (region.pack.root / FILE).read_text(encoding="utf-8")
    (tmp_path / FILE).write_text(text + row + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=said):
        read_targets(dataclasses.replace(region.pack, root=tmp_path))


# Runs on the small region


def test_the_small_region_keeps_its_place_in_the_world(region: Region) -> None:
    small = shrink(region.pack)
    seen = {(o.quantity, o.basin, o.year): o.value for o in small.observations}
    whole = {(o.quantity, o.basin, o.year): o.value for o in region.pack.observations}
    place = "coca_area_ha", "ALL", 2016
    of_colombia = [p.series["colombia_area_ha"].at_year(2016) for p in (small, region.pack)]
    assert seen[place] / of_colombia[0] == pytest.approx(whole[place] / of_colombia[1])
    assert len({small.digest, region.pack.digest, shrink(region.pack, divisor=10.0).digest}) == 3


def test_arms_are_paired_and_altered_packs_are_kept_apart(region: Region, tmp_path: Path) -> None:
    here = bench(region, tmp_path)
    off, on = here.arms(scenario("a", until=2025), scenario("b", pull("demand_shock", 0.5, "2025-01"), until=2025))
    assert off.members == on.members == (0, 1)
    assert (on.of("price_leaf_usd2013_per_kg", 2025) > off.of("price_leaf_usd2013_per_kg", 2025)).all()
    assert (off.of("coca_area_ha", 2024) == on.of("coca_area_ha", 2024)).all()
    basins = off.of("exported_kg", 2025, *here.ids())
    np.testing.assert_allclose(basins, off.of("exported_kg", 2025))
    np.testing.assert_allclose(off.monthly("product.exported").sum(axis=1), basins)
    (apart,) = here.arms(scenario("a", until=2025), pack=altered(here.pack, "another"))
    assert apart.run.folder != off.run.folder
    (null,) = dataclasses.replace(here, structure=("null",)).arms(scenario("a", until=2025))
    assert null.run.manifest["scenario"]["structure"] == ["null"]
    assert here.constant("prices_free") == 1
    assert dataclasses.replace(here, structure=("null",)).constant("prices_free") == 0


@pytest.fixture(scope="module")
def board(region: Region, tmp_path_factory: pytest.TempPathFactory) -> Scoreboard:
    """Return a quick scoreboard of a few targets."""
    out = tmp_path_factory.mktemp("validate")
    return scoreboard(Bench(region.pack, region.parameters, 100, 0, out), SOME, quick=True)


def test_the_scoreboard_counts_what_counts(board: Scoreboard) -> None:
    assert [s.target.id for s in board.scores] == ["T02", "T04", "T21", "S01", "S03"]
    assert board.counted == 4
    assert board.passed() == sum(s.status(s.model) == "pass" for s in board.scores)
    assert f"{board.passed()} of 4 pass, null {board.passed(null=True)} of 4" == board.verdict
    assert {s.target.id: s.status(s.model) for s in board.scores}["S03"] == "miss"
    assert {s.target.id: s.status(s.model) for s in board.scores}["S01"] == "not counted"


def test_the_document_says_how_it_was_made(board: Scoreboard) -> None:
    document = json.loads(json.dumps(board.document(), allow_nan=False))
    assert document["command"] == "eslabon validate T02 T04 T21 S03 S01 --quick --seed 0"
    assert (document["seed"], document["members"], document["quick"], document["notice"]) == (0, 4, True, QUICK_NOTICE)
    assert document["null"]["constants"] == NULL
    assert document["null"]["sha256"] == hashlib.sha256(json.dumps(NULL, sort_keys=True).encode()).hexdigest() == null_digest()
    assert len(document["code"]) == len(document["data"]) == 64
    rows = {t["id"]: t for t in document["targets"]}
    assert rows["S03"]["parts"][0]["model"] is None and "violence" in rows["S03"]["words"].lower()
    change = rows["T02"]["parts"][0]
    assert change["published"] == "-5 to 20 percent" and change["model"]["n"] == 4
    assert change["model"]["p10"] <= change["model"]["median"] <= change["model"]["p90"]
    assert rows["T21"]["parts"][0]["published"] == "rises"


def test_the_same_command_gives_the_same_numbers(board: Scoreboard, region: Region, tmp_path: Path) -> None:
    again = scoreboard(Bench(region.pack, region.parameters, 100, 0, tmp_path, threads=1), ["T04"], quick=True)
    assert again.scores[0].document() == board.scores[1].document()


def test_the_command_line_prints_one_document(tmp_path: Path) -> None:
    app = typer.Typer()
    app.command()(validate)
    done = CliRunner().invoke(app, ["s01", "s03", "--quick", "--json", "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    document = json.loads(done.stdout)
    assert document["score"] == {"pass": 0, "of": 1, "null": 0, "words": "0 of 1 pass, null 0 of 1"}
    assert json.loads((tmp_path / "validation-quick-0.json").read_text(encoding="utf-8")) == document
    shown = CliRunner().invoke(app, ["T16", "--quick", "--out", str(tmp_path)])
    assert QUICK_NOTICE in shown.stdout and "0.3 to 0.5 share" in shown.stdout
    refused = CliRunner().invoke(app, ["T99", "--quick", "--out", str(tmp_path)])
    assert isinstance(refused.exception, InputError)
