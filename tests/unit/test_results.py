"""Results: harm rows are a condition of being, and a year is made of its months as written by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from eslabon.api import Region, compare, run
from eslabon.errors import InputError
from eslabon.runs.results import RunResult, quantile_rows
from eslabon.stages import observe
from eslabon.stages.observe import HARMS, MONTHLY, OUTCOMES, Yearly
from small_region import ask, by_key, pull

BASINS, CORRIDORS = ("a", "b"), ("x", "y")
YEARS = 2


def tiny(**given: np.ndarray) -> dict[tuple[str, str, str | None], Yearly]:
    """Return the yearly values of one member, two years, two basins; what is not given is one every month."""
    shapes = {o.source: {"nation": (1,), "basin": (2,), "corridor": (2,), "basin-corridor": (2, 2)}[o.dims] for o in OUTCOMES}
    shapes |= {o.weight: shapes[o.source] for o in OUTCOMES if o.weight}
    monthly = {n: np.ones((1, 12 * YEARS, *shapes[n])) for n in MONTHLY}
    monthly |= {n: v[None] for n, v in given.items()}
    opening = {o.source: np.full((1, *shapes[o.source]), 7.0) for o in OUTCOMES if o.kind == "stock"}
    error = {"area_model_error": np.zeros((1, 1)), "area_measurement_error": np.zeros((1, 1))}
    return by_key(observe.by_year(monthly, opening, 2025, BASINS, CORRIDORS, 0, [0], error, monitored_since=(2001, 2026)))


def in_months(**values: float) -> np.ndarray:
    """Return (month, 2) zeros but for entries such as m3a=5: month 3, basin a."""
    out = np.zeros((12 * YEARS, 2))
    for name, value in values.items():
        out[int(name[1:-1]), BASINS.index(name[-1])] = value
    return out


def test_a_stock_is_the_one_of_december_with_the_opening_before() -> None:
    rows = tiny(counted_ha=in_months(m11a=100, m11b=20, m23a=50, m5a=999))
    assert rows["coca_area_ha", "a", None].years == (2024, 2025, 2026)
    assert rows["coca_area_ha", "a", None].values.tolist() == [[7, 100, 50]]
    assert rows["coca_area_ha", "b", None].values.tolist() == [[7, 20, 0]]
    assert rows["coca_area_ha", "ALL", None].values.tolist() == [[14, 120, 50]]


def test_the_nation_is_observed_only_where_it_was_watched() -> None:
    """Without error of model or measurement; basin b is monitored since 2026."""
    rows = tiny(counted_ha=in_months(m11a=100, m11b=20, m23a=50, m23b=30))
    assert rows["coca_area_observed_ha", "ALL", None].values.tolist() == [[7, 100, 80]]
    assert rows["coca_area_observed_ha", "b", None].values.tolist() == [[7, 20, 30]]


def test_a_flow_is_the_sum_of_its_months_and_basins() -> None:
    rows = tiny(**{"leaf.harvested": in_months(m0a=3, m11a=4, m12a=10, m6b=5)})
    assert rows["leaf_kg", "a", None].years == (2025, 2026)
    assert rows["leaf_kg", "a", None].values.tolist() == [[7, 10]]
    assert rows["leaf_kg", "ALL", None].values.tolist() == [[12, 10]]


def test_a_price_is_weighted_by_sales() -> None:
    price = in_months(m0a=2, m1a=5, m0b=8, m12a=3, m12b=9)
    sold = in_months(m0a=30, m1a=10, m0b=60, m12a=1)
    rows = tiny(price_leaf=price, leaf_sold_kg=sold)
    assert rows["price_leaf_usd2013_per_kg", "a", None].values.tolist() == [[(2 * 30 + 5 * 10) / 40, 3]]
    assert rows["price_leaf_usd2013_per_kg", "b", None].values[0, 0] == 8
    assert rows["price_leaf_usd2013_per_kg", "ALL", None].values.tolist() == [[(60 + 50 + 480) / 100, 3]]


def test_a_price_nobody_paid_is_the_mean_quote() -> None:
    rows = tiny(price_leaf=np.tile([2.0, 4.0], (24, 1)), leaf_sold_kg=np.zeros((24, 2)))
    assert rows["price_leaf_usd2013_per_kg", "b", None].values.tolist() == [[4, 4]]
    assert rows["price_leaf_usd2013_per_kg", "ALL", None].values.tolist() == [[3, 3]]


def test_income_is_per_household_and_year() -> None:
    """Ten households all year and 1200 in all: 120 each; who is there half the year counts half."""
    rows = tiny(income=in_months(m0a=1200, m3b=300, m12a=24), households=np.repeat([[10.0, 5.0], [4.0, 0.0]], 12, axis=0) * 1.0)
    assert rows["household_income_usd2013", "a", None].values.tolist() == [[120, 6]]
    assert rows["household_income_usd2013", "b", None].values[0, 0] == 60
    assert rows["household_income_usd2013", "ALL", None].values.tolist() == [[100, 6]]
    half = np.concatenate([np.full((6, 2), 10.0), np.zeros((18, 2))])
    assert tiny(income=in_months(m0a=1200), households=half)["household_income_usd2013", "a", None].values[0, 0] == 240


def test_corridors_have_their_rows() -> None:
    rows = tiny(corridor_exported_kg=np.tile([1.0, 2.5], (24, 1)))
    assert rows["exported_kg", "ALL", "y"].values.tolist() == [[30, 30]]
    moved = np.arange(4.0).reshape(1, 2, 2).repeat(24, axis=0)
    assert tiny(moved_kg=moved)["moved_kg", "b", "x"].values.tolist() == [[24, 24]]


def test_a_mean_without_weight_is_added_over_basins() -> None:
    """Three children in one basin and half of the year four in the other are five in the nation."""
    children = np.concatenate([np.tile([3.0, 4.0], (6, 1)), np.tile([3.0, 0.0], (18, 1))])
    rows = tiny(child_workers=children)
    assert rows["child_workers", "b", None].values.tolist() == [[2, 0]]
    assert rows["child_workers", "ALL", None].values.tolist() == [[5, 3]]


def test_what_only_the_nation_has_has_one_row() -> None:
    rows = tiny(captured_mayors=np.arange(24.0)[:, None])
    assert rows["captured_mayors", "ALL", None].values.tolist() == [[7, 11, 23]]
    assert not any(k[0] == "captured_mayors" and k[1] != "ALL" for k in rows)


def test_income_and_cost_are_derived_by_hand() -> None:
    names = ("money.legal_sales", "money.traditional_sales", "money.illicit_sales", "money.harvest_labour", "money.upkeep", "money.planting",
             "money.licit_income", "money.day_labour", "money.crop_income", "money.programme_payments", "money.transfers",
             "leaf.sold_legal", "leaf.sold_traditional", "leaf.sold_illicit", "eradicated_ha")  # fmt: skip
    given = {n: np.array([[2.0**i, 0.0]]) for i, n in enumerate(names)}
    given |= {n: np.array([[30.0, 10.0]]) for n in ("households", "growers", "people.left", "people.moved_out", "people.moved_in", "group_presence")}
    given |= {"eradication_usd2013_per_ha": np.array([[3.0]]), "policy_cost_usd2013": np.array([[400.0]]), "mean_grower_ha": np.array([[0.5, 2.0]])}
    found = observe.derive({**given, "mode_moved_kg": np.array([[1.0, 2.0, 3.0, 4.0]])})
    assert found["income"].tolist() == [[(1 + 2 + 4) - (8 + 16 + 32) + (64 + 128 + 256) + (512 + 1024), 0]]
    assert found["leaf_sold_kg"].tolist() == [[2048 + 4096 + 8192, 0]]
    assert found["public_cost"].tolist() == [[3 * 16384 + 512 + 1024 + 300, 100]], "a lever's cost by where people are"
    assert found["displaced_people"].tolist() == [[4 * 30, 4 * 10]], "who left for better pay is no displaced person"
    assert found["displaced_ha"].tolist() == [[15, 20]], "all of them grow"
    assert found["group_presence_all"].tolist() == [[40]]
    assert [found[f"moved_{m}"].tolist() for m in ("air", "foot", "river", "road")] == [[[1]], [[2]], [[3]], [[4]]]


@pytest.fixture(scope="module")
def result(small: Region, tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """Return a short run of five members."""
    return run(ask(until=2025), 5, 0, region=small, out=tmp_path_factory.mktemp("runs"), threads=1)


def rebuilt(result: RunResult, yearly: tuple[Yearly, ...], harms: dict[str, tuple[str, str]]) -> RunResult:
    return RunResult(result.folder, result.manifest, result.asked, result.members, result.failed, yearly, harms)


@pytest.mark.parametrize("harm", sorted(HARMS))
def test_no_result_without_a_harms_row_or_the_words_why(result: RunResult, harm: str) -> None:
    outcome, words = HARMS[harm]
    without = tuple(y for y in result.yearly if y.outcome != outcome)
    others = {h: v for h, v in HARMS.items() if h != harm}
    for yearly, harms in ((result.yearly, others), (without, {**others, harm: (outcome, "")}), ((), {**others, harm: ("", "")})):
        with pytest.raises(InputError, match=harm):
            rebuilt(result, yearly, {h: (o, w or "said") if h != harm else (o, w) for h, (o, w) in harms.items()})
    assert rebuilt(result, without, {**{h: (o, w or "said") for h, (o, w) in others.items()}, harm: ("", words or "not modelled yet")})


def test_every_harm_is_shown_or_explained(result: RunResult) -> None:
    shown = {r["outcome"] for r in result.document()["rows"]}
    for harm, (outcome, _words) in HARMS.items():
        assert outcome in shown or result.document()["not_modelled"][harm], harm


def test_quantiles_by_hand() -> None:
    values = np.array([[5.0], [1.0], [3.0], [2.0], [4.0]])
    (row,) = quantile_rows([Yearly("leaf_kg", "kg", "ALL", None, (2025,), values)])
    assert (row["n"], row["p05"], row["p25"], row["p50"], row["p75"], row["p95"]) == (5, pytest.approx(1.2), 2, 3, 4, pytest.approx(4.8))


def test_the_document_has_the_keys_promised(result: RunResult) -> None:
    document = result.document()
    assert {"run", "scenario", "seed", "members", "hash", "rows"} <= document.keys()
    assert document["members"] == {"asked": 5, "ok": 5, "failed": []}
    promised = {"coca_area_ha", "leaf_kg", "cocaine_kg", "seized_kg", "exported_kg", "price_leaf_usd2013_per_kg",
                "price_cocaine_origin_usd2013_per_kg", "household_income_usd2013", "eradicated_ha", "replanted_ha", "arrests"}  # fmt: skip
    assert promised <= {r["outcome"] for r in document["rows"]}
    for row in document["rows"]:
        assert row.keys() == {"outcome", "basin", "corridor", "year", "unit", "n", "p05", "p25", "p50", "p75", "p95"}
        assert row["p05"] <= row["p25"] <= row["p50"] <= row["p75"] <= row["p95"]
        assert row["n"] == 5


def test_an_unknown_outcome_names_the_known_ones(result: RunResult) -> None:
    with pytest.raises(InputError, match="coca_area_ha"):
        result.values("coca_area")


def test_labelled_arrays_hold_the_same_values(result: RunResult) -> None:
    found = result.data
    for y in result.yearly:
        if y.corridor is None:
            chosen = found[y.outcome].sel(basin=y.basin, year=list(y.years)).transpose("member", "year")
            np.testing.assert_array_equal(chosen.values, y.values)
            assert found[y.outcome].attrs["units"] == y.unit


def test_differences_are_paired_member_by_member(small: Region, tmp_path: Path) -> None:
    policy = ask(pull("forced_eradication", 1200), until=2025, name="policy")
    found = compare([ask(until=2025, name="base"), policy], 4, 0, region=small, out=tmp_path, threads=1)
    base, with_it = (r.values("coca_area_ha").values for r in found.runs)
    rows = [r for r in found.differences() if (r["outcome"], r["basin"], r["year"]) == ("coca_area_ha", "ALL", 2025)]
    assert len(rows) == 1
    assert rows[0]["p50"] == pytest.approx(np.median(with_it[:, 1] - base[:, 1]), rel=1e-12)
    assert rows[0]["p50"] < 0
