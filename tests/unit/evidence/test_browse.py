"""Browsing: published values as quoted in the evidence files' own table, all sides, gaps, breaks, vintages, coverage."""

from __future__ import annotations

import csv
import datetime
import random
from dataclasses import replace
from typing import Any

import pytest

from eslabon.errors import InputError
from eslabon.evidence.browse import Browsed, Question, browse, read_day
from eslabon.evidence.browse_coverage import like_for_like, zone_lists
from eslabon.evidence.browse_places import Gazetteer, folded
from eslabon.evidence.browse_series import missing_years, series_of, spans, sparkline
from eslabon.evidence.claims import Claim, Ledger, Source
from eslabon.evidence.pack import RegionPack

CORE = """
2001 46200 - 34000
2002 46700 14000 36600
2003 44200 - 31150
2004 50300 14700 -
2005 48200 15500 -
2006 51400 - -
2007 53700 - -
2008 56100 - 41000
2009 59900 17486 40000
2010 61200 19723 53000
2011 62500 - 49500
2012 60400 19965 50500
2013 49800 19167 59500
2014 42900 18845 46500
2015 40300 18333 53000
2016 43900 20304 44000
2017 49900 21535 49800
2018 54134 24111 52100
2019 54655 26028 72000
2020 61777 27994 88200
2021 80681 32106 84400
2022 95008 35709 -
2023 92784 38253 -
2024 89755 36345 -
"""
"""The core table of the evidence files: year, Peru and VRAEM (UNODC, DEVIDA), Peru (United States), in ha."""

FOURTEEN = (
    "Aguaytía", "Alto Chicama", "Bajo Amazonas", "Callería", "Contamana", "Huallaga", "Inambari-Tambopata", "Kosñipata", "La Convención-Lares",
    "Marañón", "Pichis-Palcazú-Pachitea", "Putumayo", "San Gabán", "VRAEM",
)  # fmt: skip
"""The zones monitored in 2018."""


def a_claim(name: str, year: int, value: float, **changes: Any) -> Claim:
    """Return a claim on leaf in a made-up place."""
    cells: dict[str, Any] = {
        "id": name, "quantity": "leaf_production", "form": "sun-dried leaf", "unit": "t", "place": "Peru/VRAEM", "period_start": f"{year}-01-01",
        "period_end": f"{year}-12-31", "kind": "flow", "value": value, "low": None, "high": None, "bound_type": "exact", "grade": "B",
        "confidence": "secondary", "conflict": False, "preferred": False, "source_id": "s", "locator": "", "independence_group": "g",
        "series_break": "", "note": "", "published": f"{year + 1}-06-01",
    }  # fmt: skip
    return Claim.model_validate({**cells, **changes})


def a_ledger(*claims: Claim) -> Ledger:
    """Return a ledger of these claims."""
    return Ledger({c.id: c for c in claims}, {"s": Source(source_id="s", title="a report", publisher="", year=None, url="", kind="report")})


def taken(found: Browsed) -> dict[int, float]:
    """Return the values taken, by year, of the only series with a year in it."""
    series = max(found.series, key=lambda item: len(item.years))
    return {year: side.claim.value for year, side in series.chosen.items()}


@pytest.mark.parametrize(
    ("column", "quantity", "place"), [(1, "coca_area_unodc", "Peru"), (2, "coca_area_unodc", "VRAEM"), (3, "coca_area_us", "Perú")]
)
def test_values_taken_are_those_of_the_published_table(peru: RegionPack, column: int, quantity: str, place: str) -> None:
    rows = [line.split() for line in CORE.split("\n") if line]
    expected = {int(row[0]): float(row[column]) for row in rows if row[column] != "-"}
    found = taken(browse(peru, Question(quantity, place, 2001, 2024)))
    assert found == expected
    missing = {int(row[0]) for row in rows if row[column] == "-" and min(expected) < int(row[0]) < max(expected)}
    assert missing == set(missing_years(found))


def test_contested_leaf_of_2013_keeps_three_sides(peru: RegionPack) -> None:
    (series,) = browse(peru, Question("leaf_production", "peru", 2013, 2013)).series
    assert [side.claim.value for side in series.sides] == [121424, 121242, 115337]
    assert series.contested == (2013,)
    assert [side.chosen for side in series.sides] == [True, False, False]


def test_planted_holes_are_found() -> None:
    claims = [a_claim(f"c{year}", year, 10.0) for year in (2001, 2002, 2005, 2006, 2009)]
    ledger = a_ledger(*claims, a_claim("span", 2007, 5.0, period_start="2003-01-01"))
    (series,) = series_of(ledger.claims.values(), ledger)
    assert series.gaps == (2003, 2004, 2007, 2008)
    assert spans(series.gaps) == "2003-2004, 2007-2008"
    assert len(series.sides) == 6


def test_systems_and_forms_are_never_joined() -> None:
    ledger = a_ledger(
        a_claim("sun", 2001, 10.0), a_claim("fresh", 2002, 20.0, form="fresh coca leaf"), a_claim("un", 2003, 30.0, quantity="coca_area_unodc"),
        a_claim("us", 2004, 40.0, quantity="coca_area_us"), a_claim("kg", 2005, 50.0, unit="kg"),
    )  # fmt: skip
    found = series_of(ledger.claims.values(), ledger)
    assert sorted(len(series.sides) for series in found) == [1, 1, 1, 1, 1]


def test_a_break_opens_a_stretch_once() -> None:
    labels = {2001: "", 2002: "", 2003: "new way", 2004: "new way", 2005: ""}
    ledger = a_ledger(*(a_claim(f"c{year}", year, 1.0 + year, series_break=label) for year, label in labels.items()))
    (series,) = series_of(ledger.claims.values(), ledger)
    assert [(segment.label, segment.years) for segment in series.segments] == [("", (2001, 2002)), ("new way", (2003, 2004, 2005))]


@pytest.mark.parametrize(
    ("second", "contested"),
    [
        ({"value": 10.0}, False),
        ({"value": 11.0}, True),
        ({"value": 10.0, "conflict": True}, True),
        ({"value": 6.0, "period_end": "2001-08-31"}, False),
    ],
)
def test_what_makes_a_year_contested(second: dict[str, Any], contested: bool) -> None:
    changes = {"period_end": "2001-12-31", **second}
    ledger = a_ledger(a_claim("first", 2001, 10.0), a_claim("second", 2001, changes.pop("value"), **changes))
    (series,) = series_of(ledger.claims.values(), ledger)
    assert bool(series.contested) is contested


def test_a_corrected_claim_stays_but_is_not_taken() -> None:
    ledger = a_ledger(a_claim("wrong", 2001, 99.0, preferred=True), a_claim("right", 2001, 10.0, corrects="wrong"))
    (series,) = series_of(ledger.claims.values(), ledger)
    assert series.chosen[2001].claim.id == "right"
    assert {side.claim.id: side.corrected_by for side in series.sides} == {"wrong": ("right",), "right": ()}
    assert series.contested == ()


def test_the_order_of_the_file_and_other_claims_change_nothing(peru: RegionPack) -> None:
    before = taken(browse(peru, Question("eradication", "Peru")))
    claims = list(peru.ledger.claims.values())
    random.Random(4).shuffle(claims)
    claims.append(a_claim("other", 2001, 1.0, place="Peru/Elsewhere", source_id=claims[0].source_id))
    mixed = Ledger({claim.id: claim for claim in claims}, peru.ledger.sources)
    assert taken(browse(peru, Question("eradication", "Peru"), mixed)) == before


def test_sparkline_by_hand() -> None:
    values = {2001: 0.0, 2002: 7.0, 2004: 3.0, 2005: 4.0}
    ledger = a_ledger(*(a_claim(f"c{y}", y, v, series_break="new" if y == 2004 else "") for y, v in values.items()))
    (series,) = series_of(ledger.claims.values(), ledger)
    assert sparkline(series) == "▁█·┊▄▅"


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("Peru/VRAEM", "Peru/VRAEM"), ("vraem", "Peru/VRAEM"), ("VRAE", "Peru/VRAEM"), ("la convencion lares", "Peru/La Convención-Lares"),
        ("la-convencion-lares", "Peru/La Convención-Lares"), ("KOSÑIPATA", "Peru/Kosñipata"), ("Lower Amazon", "Peru/Bajo Amazonas"),
        ("Peru/Lower Amazon", "Peru/Bajo Amazonas"), ("Ucayali", "Peru/dept/Ucayali"), ("Amazonas", "Peru/Amazonas"), ("perú", "Peru"),
        ("Alto Huallaga", "Peru/Alto Huallaga"), ("Bolivia", "Bolivia"),
    ],
)  # fmt: skip
def test_places_by_any_name(peru: RegionPack, name: str, place: str) -> None:
    gazetteer = Gazetteer((c.place for c in peru.ledger.claims.values()), peru.zones, peru.crosswalk)
    assert gazetteer.find(name) == (place,)


def test_a_merged_basin_stands_for_its_zones(peru: RegionPack) -> None:
    merged = {row.zone_name for row in peru.crosswalk if row.basin == "frontier" and row.list_version == "2024_24"}
    found = browse(peru, Question("coca_area_unodc", "frontier"))
    assert {place.removeprefix("Peru/") for place in found.places} == merged
    assert len(merged) == 7


@pytest.mark.parametrize(
    ("name", "offered"), [("Vraen", "Peru/VRAEM"), ("Aguaytia2", "Peru/Aguaytía"), ("La Convencion", "Peru/La Convención-Lares")]
)
def test_an_unknown_place_offers_the_nearest(peru: RegionPack, name: str, offered: str) -> None:
    with pytest.raises(InputError, match=offered):
        browse(peru, Question(None, name))


def test_an_unknown_quantity_offers_the_nearest(peru: RegionPack) -> None:
    with pytest.raises(InputError, match="'leaf_yield'"):
        browse(peru, Question("leaf_yeild"))
    assert browse(peru, Question("Leaf Yield", "Peru")).question.quantity == "leaf_yield"


def test_a_vintage_has_nothing_published_later(peru: RegionPack) -> None:
    day = datetime.date(2014, 12, 31)
    then, now = (browse(peru, Question("leaf_production", "Peru", as_of=asked)) for asked in (day, None))
    assert {row["id"] for row in then.rows()} < {row["id"] for row in now.rows()}
    assert all(row["published"] <= day.isoformat() for row in then.rows())
    assert "C0591" in {row["id"] for row in now.rows()} - {row["id"] for row in then.rows()}


def test_bad_years_and_days_are_refused() -> None:
    with pytest.raises(InputError, match="first year"):
        Question(first=2010, last=2009)
    with pytest.raises(InputError, match="YYYY-MM-DD"):
        read_day("2014")


def test_overview_counts_what_the_file_holds(peru: RegionPack) -> None:
    with (peru.root / "claims.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["quantity"] == "eradication"]
    (row,) = [row for row in browse(peru).overview if row.quantity == "eradication"]
    assert (row.claims, row.places) == (len(rows), len({r["place"] for r in rows}))
    assert row.independent_groups == len({r["independence_group"] for r in rows})
    assert sum(row.grades.values()) == len(rows)


def test_like_for_like_sums_are_those_of_the_fourteen_zones(peru: RegionPack) -> None:
    with (peru.root / "claims.csv").open(encoding="utf-8", newline="") as file:
        areas = {
            (row["place"], int(row["period_end"][:4])): float(row["value"])
            for row in csv.DictReader(file)
            if row["quantity"] == "coca_area_unodc" and row["source_id"] == "repo_devida"
        }
    found = {row.year: row for row in like_for_like(peru.ledger, peru.crosswalk, 2018)}
    assert set(found) == set(range(2018, 2025))
    for year, row in found.items():
        assert row.panel_ha == sum(areas[f"Peru/{zone}", year] for zone in FOURTEEN)
    assert [found[year].rest_ha for year in (2018, 2019, 2020)] == [0, 0, 0]
    growth = found[2021].panel_ha - found[2020].panel_ha  # type: ignore[operator]
    assert growth == pytest.approx(14_381, abs=100), "published real growth of 2021 is 14,281 or 14,381 ha"
    assert found[2021].rest_ha == pytest.approx(4_523, abs=100), "published newly monitored land is 4,523 or 4,531 ha"


@pytest.mark.parametrize(("since", "rounding"), [(2021, -1), (2022, 0), (2023, 1), (2024, 2)])
def test_the_sum_of_all_zones_misses_the_nation_only_by_rounding(peru: RegionPack, since: int, rounding: int) -> None:
    assert like_for_like(peru.ledger, peru.crosswalk, since, since)[0].rest_ha == rounding


def test_a_panel_with_a_missing_zone_has_no_sum(peru: RegionPack) -> None:
    claims = {k: c for k, c in peru.ledger.claims.items() if not (c.place == "Peru/Callería" and c.year == 2020)}
    found = {row.year: row for row in like_for_like(Ledger(claims, peru.ledger.sources), peru.crosswalk, 2018, 2020)}
    assert (found[2020].panel_ha, found[2020].panel_with_claim) == (None, 13)
    assert found[2019].panel_ha == 54_655


def test_zone_lists_count_as_published(peru: RegionPack) -> None:
    assert {item.year: len(item.zones) for item in zone_lists(peru.crosswalk)} == {2018: 14, 2021: 19, 2022: 20, 2023: 21, 2024: 24}
    with pytest.raises(InputError, match="2018"):
        like_for_like(peru.ledger, peru.crosswalk, 2005)


def test_never_covered_zones_of_a_planted_hole(peru: RegionPack) -> None:
    claims = {k: c for k, c in peru.ledger.claims.items() if c.place != "Peru/Tigre"}
    found = browse(replace(peru, ledger=Ledger(claims, peru.ledger.sources)), Question("coca_area_unodc"))
    assert found.never_covered["coca_area_unodc"] == ("Peru/Tigre",)


def test_names_fold_alike() -> None:
    assert folded("  La Convención-Lares ") == folded("la_convencion lares")
