"""Claims behind the pack: every parameter and cell has one or is called assumed; spans, sides and units by hand."""

from __future__ import annotations

import dataclasses
import datetime
from typing import Any

import pytest

from eslabon.api import Region
from eslabon.api import trace as trace_thing
from eslabon.errors import InputError
from eslabon.evidence.claims import Claim, Ledger
from eslabon.params.table import Parameter
from eslabon.study.trace import trace
from eslabon.study.trace_address import Address, parse_address
from eslabon.study.trace_claims import in_unit, is_contested, rivals
from eslabon.study.trace_pack import ASSUMED, uses
from eslabon.study.trace_span import span, triangle_variance


def claim(name: str, value: float, **more: Any) -> Claim:
    """Return a claim with the fields that do not matter filled in."""
    given = {
        "id": name, "quantity": "leaf_per_cocaine", "form": "sun-dried leaf", "unit": "kg/kg", "place": "Peru",
        "period_start": datetime.date(2013, 1, 1), "period_end": datetime.date(2013, 12, 31), "kind": "ratio", "value": value, "low": None,
        "high": None, "bound_type": "exact", "grade": "A", "confidence": "direct", "conflict": False, "preferred": False, "source_id": "s",
        "locator": "", "independence_group": name, "series_break": "", "note": "",
    }  # fmt: skip
    return Claim(**{**given, **more})


def spanned(region: Region, prior: tuple[float, float, float], *claims: Claim) -> Any:
    """Return the span of a prior (low, mode, high) by claims."""
    pack = dataclasses.replace(region.pack, ledger=Ledger({c.id: c for c in claims}, {}))
    low, mode, high = prior
    return span(Parameter("p", "kg/kg", "R7", mode, low, high, "measured", tuple(c.id for c in claims), ""), pack)


def test_every_parameter_traces_to_a_claim_or_says_assumed(region: Region) -> None:
    for name, parameter in region.parameters.items():
        found = trace(name, region.pack, region.parameters)
        entry = found.document()["parameters"][0]
        assert entry["name"] == name
        if parameter.claims:
            assert set(parameter.claims) <= set(found.claims)
            assert entry["standing"] == parameter.status
        else:
            assert entry["standing"] == ASSUMED
            assert found.assumed == [name]


def test_every_cell_of_the_pack_traces_to_a_claim_or_says_assumed(region: Region) -> None:
    known = uses(region.pack, region.parameters)
    addresses = [u.address for u in known]
    assert len(addresses) == len(set(addresses))
    kinds = {u.kind for u in known}
    assert {"parameter", "series", "zone", "corridor", "mode", "eradication", "observation", "target", "lever", "event"} <= kinds
    for use in known:
        assert bool(use.claims) or use.standing == ASSUMED, use
        assert set(use.claims) <= set(region.pack.ledger.claims)


def test_a_value_that_loses_its_claims_is_assumed_whatever_it_is_called(region: Region) -> None:
    bare = {n: dataclasses.replace(p, claims=()) for n, p in region.parameters.items()}
    document = trace("leaf_kg_per_kg_cocaine", region.pack, bare).document()["parameters"][0]
    assert (document["status"], document["standing"]) == ("measured", ASSUMED)


def test_a_claim_names_all_that_uses_it(region: Region) -> None:
    document = trace("C0721", region.pack, region.parameters).document()
    assert [u["address"] for u in document["used_by"]] == ["parameters.toml/leaf_kg_per_kg_cocaine"]
    assert document["rules"] == ["processing"]
    series = trace("X0027", region.pack, region.parameters).document()
    assert "series.csv/pen_per_usd/2000" in [u["address"] for u in series["used_by"]]


def test_claims_at_both_ends_span_the_whole_prior_between_them(region: Region) -> None:
    """One claim at each end of a symmetrical prior: each takes half, nothing is left to the pack."""
    found = spanned(region, (250.0, 300.0, 350.0), claim("a", 250.0), claim("b", 350.0))
    assert found.by_group == pytest.approx({"a": 0.5, "b": 0.5})
    assert found.margin == pytest.approx(0, abs=1e-12)


def test_a_single_claim_at_the_mode_spans_nothing(region: Region) -> None:
    found = spanned(region, (250.0, 300.0, 350.0), claim("a", 300.0))
    assert found.by_group == {"a": 0.0}
    assert found.margin == 1.0


def test_two_groups_that_say_the_same_share_and_one_group_counts_once(region: Region) -> None:
    echo = spanned(region, (250.0, 300.0, 350.0), claim("a", 250.0), claim("b", 350.0), claim("c", 350.0))
    assert echo.by_group["b"] == pytest.approx(echo.by_group["c"])
    assert echo.by_group["a"] > 2 * echo.by_group["b"] * 0.99
    once = spanned(region, (250.0, 300.0, 350.0), claim("a", 250.0), claim("b", 350.0), claim("c", 350.0, independence_group="b"))
    assert once.by_group == pytest.approx({"a": 0.5, "b": 0.5})


def test_what_the_pack_adds_beyond_the_claims_is_its_own_margin(region: Region) -> None:
    """Claims at 280 and 320 inside 250 to 350: without them the ends move in by 20 each, to 270 and 330."""
    found = spanned(region, (250.0, 300.0, 350.0), claim("a", 280.0), claim("b", 320.0))
    assert found.margin == pytest.approx(triangle_variance(270, 300, 330) / triangle_variance(250, 300, 350))
    assert sum(found.by_group.values()) + found.margin == pytest.approx(1)


def test_claims_in_other_terms_bound_a_prior_and_span_nothing(region: Region) -> None:
    found = spanned(region, (250.0, 300.0, 350.0), claim("a", 12.0, unit="PEN/kg"), claim("b", 900.0))
    assert (found.by_group, found.indirect, found.margin) == ({}, ("a", "b"), 1.0)


def test_triangle_variance_by_hand() -> None:
    assert triangle_variance(0, 0, 1) == pytest.approx(1 / 18)
    assert triangle_variance(0, 0.5, 1) == pytest.approx(1 / 24)


def test_money_is_brought_to_dollars_of_2013(region: Region) -> None:
    soles = claim("a", 100.0, unit="PEN/day", period_start=datetime.date(2019, 1, 1), period_end=datetime.date(2019, 12, 31))
    rate, prices = region.pack.series["pen_per_usd"].at_year(2019), region.pack.series["us_price_index"].at_year(2019)
    assert in_unit(soles, "usd2013/day", region.pack) == pytest.approx((100 / rate / prices,) * 2)
    assert in_unit(claim("b", 45.0, unit="percent"), "1", region.pack) == pytest.approx((0.45, 0.45))
    assert in_unit(claim("c", 5.0, low=4.0, high=6.0, unit="1/month"), "1/yr", region.pack) == pytest.approx((48.0, 72.0))
    assert in_unit(claim("d", 5.0), "month", region.pack) is None


def test_sides_are_other_claims_on_the_same_thing_that_disagree() -> None:
    mine = claim("a", 313.0)
    others = [
        claim("b", 375.0), claim("same", 313.0), claim("wide", 300.0, low=290.0, high=320.0), claim("elsewhere", 375.0, place="Colombia"),
        claim("later", 375.0, period_start=datetime.date(2014, 1, 1), period_end=datetime.date(2014, 12, 31)),
        claim("form", 375.0, form="fresh leaf"),
    ]  # fmt: skip
    ledger = Ledger({c.id: c for c in (mine, *others)}, {})
    assert [c.id for c in rivals(mine, ledger)] == ["b"]
    assert is_contested(mine, ledger)
    assert is_contested(claim("flagged", 1.0, conflict=True), Ledger({}, {}))
    assert not is_contested(mine, Ledger({"a": mine}, {}))


@pytest.mark.parametrize(
    "address",
    [
        Address("coca_area_ha", "eradicate-30k", 2030),
        Address("coca_area_ha", "eradicate-30k", 2030, "vraem"),
        Address("moved_kg", "baseline", 2027, "vraem", "bolivia"),
        Address("price_border_usd2013_per_kg", "baseline", 2030, "ALL", "bolivia"),
        Address("coca_area_ha", "eradicate-30k", 2030, base="baseline"),
        Address("coca_area_observed_ha", "history", 2013, "vraem", base="published"),
    ],
)
def test_an_address_reads_back_as_it_was_written(address: Address) -> None:
    assert parse_address(address.text()) == address


@pytest.mark.parametrize("text", ["@baseline/2030", "coca_area_ha@baseline", "coca_area_ha@/2030", "a/b/c/d@x/2030", "coca_area_ha@x/next"])
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="coca_area_ha@eradicate-30k/2030"):
        parse_address(text)


@pytest.mark.parametrize(
    ("word", "near"),
    [("leaf_per_kg_cocaine", "leaf_kg_per_kg_cocaine"), ("C07211", "C0721"), ("coca_area", "coca_area_ha"), ("zones.csv/vraen", "zones.csv/vraem")],
)
def test_an_unknown_thing_is_told_with_its_nearest_names(region: Region, word: str, near: str) -> None:
    with pytest.raises(InputError, match=near):
        trace_thing(word, region=region)


def test_a_word_that_means_two_things_says_so(region: Region) -> None:
    found = trace_thing("colombia_area_ha", region=region).document()
    assert (found["kind"], found["also"]) == ("outcome", ["series/colombia_area_ha"])
    assert trace_thing("series/colombia_area_ha", region=region).kind == "series"


@pytest.mark.parametrize("name", ["coca_area_ha", "leaf_kg_per_kg_cocaine", "pen_per_usd", "zones.csv/vraem", "forced_eradication", "hazard"])
def test_the_table_has_a_row_for_every_item_and_claim(region: Region, name: str) -> None:
    found = trace_thing(name, region=region)
    document = found.document()
    items = [*document.get("parameters", ()), *document.get("inputs", ())]
    assert len(found.table()) == sum(max(len(i["claims"]), 1) for i in items)
    assert found.table().query("claim.isnull()")["standing"].isin([ASSUMED]).all()
    assert found.kind in repr(found)
