"""The Peru pack: what it must hold, that it adds up, and that it is rebuilt from the evidence byte by byte."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from eslabon.clock import month_index
from eslabon.evidence.pack import ALL, OBSERVED, RegionPack, Series, load_pack

ROOT = Path(__file__).resolve().parents[3]
EVIDENCE = Path(os.environ.get("ESLABON_EVIDENCE", ROOT.parent / "shared" / "evidence"))
BUILT = ("claims.csv", "sources.csv", "ledger.json", "observations.csv")
SERIES = {
    "colombia_area_ha",
    "bolivia_area_ha",
    "us_price_index",
    "pen_per_usd",
    "licit_return_usd2013_per_ha",
    "rural_wage_index",
    "traditional_demand_kg",
    "enaco_purchases_kg",
    "enaco_price_pen_per_kg",
    "site_raids",
    "assisted_families",
    "counterterrorism_bases",
    "frontier_opening_per_yr",
}


def observed(pack: RegionPack, quantity: str) -> dict[tuple[str, int], float]:
    """Return the observations of a quantity by basin and year."""
    return {(item.basin, item.year): item.value for item in pack.observations if item.quantity == quantity}


def test_entities(peru: RegionPack) -> None:
    """18 basins and four corridors, sorted, with every access pair and month."""
    assert [zone.id for zone in peru.zones] == sorted(zone.id for zone in peru.zones)
    assert len(peru.zones) == 18
    assert [corridor.id for corridor in peru.corridors] == ["amazon", "bolivia", "overland", "pacific"]
    assert [corridor.id for corridor in peru.corridors if not corridor.closes] == ["overland"]
    assert len(peru.access) == 18 * 4
    assert all(peru.access[zone.id, "overland"] == 1 for zone in peru.zones)
    assert [mode.id for mode in peru.modes] == ["air", "foot", "river", "road"]
    assert len(peru.mode_start) == 4 * 4
    assert len(peru.calendar) == 18 * 12
    assert set(peru.series) == SERIES
    assert {item.quantity for item in peru.observations} == set(OBSERVED)


@pytest.mark.parametrize("year", range(2018, 2025))
def test_zones_add_to_nation(peru: RegionPack, year: int) -> None:
    """Basin areas of a year add to the published nation within rounding."""
    area = observed(peru, "coca_area_ha")
    parts = sum(value for (basin, when), value in area.items() if when == year and basin != ALL)
    assert parts == pytest.approx(area[ALL, year], abs=2)


def test_start_areas(peru: RegionPack) -> None:
    """2001 adds to 46,200 over basins monitored then; 2024 adds to the published nation."""
    then = [zone.area_2001_ha for zone in peru.zones if zone.monitored_since <= 2018]
    assert sum(then) == 46_200
    assert sum(zone.area_2024_ha for zone in peru.zones) == pytest.approx(89_755, abs=2)
    groups = {zone.group: 0.0 for zone in peru.zones}
    for zone in peru.zones:
        groups[zone.group] += zone.area_2001_ha if zone.monitored_since <= 2018 else 0.0
    assert groups == {"vraem": 13_600, "huallaga": 15_000, "la_convencion_lares": 12_400, "south": 1_400, "rest": 3_800}


@pytest.mark.parametrize(("year", "claim"), [(2022, "X0215"), (2023, "X0216")])
def test_indigenous_exposure_holds_in_other_years(peru: RegionPack, year: int, claim: str) -> None:
    """The shares set on 2021 give the published hectares of other years within 4 %."""
    area = observed(peru, "coca_area_ha")
    found = sum(zone.indigenous_share * area[zone.id, year] for zone in peru.zones)
    assert found == pytest.approx(peru.ledger.claims[claim].value, rel=0.04)


@pytest.mark.parametrize(("year", "nation"), [(2012, 60_400), (2015, 40_300)])
def test_areas_between(peru: RegionPack, year: int, nation: float) -> None:
    """Basins monitored then add to the published nation; a basin with a figure of the year has that figure."""
    areas = {zone.id: getattr(zone, f"area_{year}_ha") for zone in peru.zones}
    assert sum(areas[zone.id] for zone in peru.zones if zone.monitored_since <= 2018) == nation
    for (basin, when), value in observed(peru, "coca_area_ha").items():
        assert when != year or basin == ALL or areas[basin] == value


def test_areas_of_1995(peru: RegionPack) -> None:
    """1995 adds to the United States figure, by the shares of four regions."""
    nation = peru.ledger.claims["C0343"].value
    areas = {zone.id: zone.area_1995_ha for zone in peru.zones}
    assert sum(areas.values()) == nation
    named = {"huallaga": 0.45, "vraem": 0.25, "la-convencion-lares": 0.12}
    assert {basin: areas[basin] / nation for basin in named} == pytest.approx(named, abs=1e-4)


def test_exposure_meets_the_nation(peru: RegionPack) -> None:
    """Weighted by area, indigenous and protected shares give the published hectares within a thousandth."""
    area, claims = observed(peru, "coca_area_ha"), peru.ledger.claims
    for name, year, parts in (("indigenous_share", 2021, ["C0340"]), ("protected_share", 2023, ["C0335", "C0337"])):
        found = sum(getattr(zone, name) * area[zone.id, year] for zone in peru.zones)
        assert found == pytest.approx(sum(claims[part].value for part in parts), rel=2e-3), name


def test_the_programme_weight_meets_the_vraem(peru: RegionPack) -> None:
    """The families of the VRAEM in 2025 over its weight are the nation's in the series."""
    weight = next(zone.programme_weight for zone in peru.zones if zone.id == "vraem")
    families = peru.series["assisted_families"].at_year(2025)
    assert peru.ledger.claims["C1043"].value / weight == pytest.approx(families, rel=0.01)


def test_shares_sum_to_one(peru: RegionPack) -> None:
    """Shares of legal demand and of the flow at the start are whole."""
    assert sum(zone.traditional_share for zone in peru.zones) == pytest.approx(1)
    assert sum(zone.legal_quota_share for zone in peru.zones) == pytest.approx(1)
    assert sum(zone.programme_weight for zone in peru.zones) == pytest.approx(1)
    assert sum(corridor.share_start for corridor in peru.corridors) == pytest.approx(1)
    for corridor in peru.corridors:
        assert sum(peru.mode_start[corridor.id, mode.id] for mode in peru.modes) == pytest.approx(1)


@pytest.mark.parametrize("year", [2016, 2017])
def test_yield_gives_national_leaf(peru: RegionPack, year: int) -> None:
    """Basin yields on published areas give published leaf within 2 % (the Huallaga's small area taken as 1,500 ha)."""
    area, leaf = observed(peru, "coca_area_ha"), observed(peru, "leaf_kg")
    by_id = {zone.id: zone.yield_kg_per_ha_yr for zone in peru.zones}
    other = area[ALL, year] - area["vraem", year] - 1500
    total = area["vraem", year] * by_id["vraem"] + 1500 * by_id["huallaga"] + other * by_id["maranon"]
    assert total == pytest.approx(leaf[ALL, year], rel=0.02)


def test_eradication(peru: RegionPack) -> None:
    """Every year has a national row, shares of a year stay within it, and nothing falls on the VRAEM."""
    years = {row.year: row.area_ha for row in peru.eradication if row.scope == "national"}
    assert sorted(years) == list(range(2001, 2026))
    basins = {**peru.departments, **{zone.id: (zone.id,) for zone in peru.zones}}
    shares = dict.fromkeys(years, 0.0)
    for row in peru.eradication:
        if row.scope != "national":
            shares[row.year] += row.share_of_year
            assert row.area_ha == pytest.approx(row.share_of_year * years[row.year], rel=1e-3, abs=5)
            assert "vraem" not in basins[row.place]
    assert all(0 < share <= 1.001 for share in shares.values())


def test_deflator_comes_from_claims(peru: RegionPack) -> None:
    """The deflator is the consumer price index over that of 2013."""
    cpi = peru.ledger.preferred("us_cpi", "United States")
    index = peru.series["us_price_index"]
    assert index.at_year(2013) == 1
    for year in index.years:
        assert index.at_year(year) == pytest.approx(cpi[year].value / cpi[2013].value, rel=1e-5)


def test_licit_return_meets_its_anchors(peru: RegionPack) -> None:
    """Half of gross is cost; the mix meets coffee 2013 and cacao 2016 and 2023."""
    arabica = peru.ledger.preferred("price_arabica_world", "Global")
    for year, cacao_pen in ((2016, 4.75), (2023, 7.5)):
        coffee = 612 * 1.69 * arabica[year].value / arabica[2013].value
        cacao = 700 * cacao_pen / peru.series["pen_per_usd"].at_year(year)
        expected = 0.5 * (coffee + cacao) / 2 / peru.series["us_price_index"].at_year(year)
        assert peru.series["licit_return_usd2013_per_ha"].at_year(year) == pytest.approx(expected, rel=1e-3)


def test_prices_are_deflated(peru: RegionPack) -> None:
    """A price in soles goes through the exchange rate and the deflator."""
    price = observed(peru, "price_leaf_usd2013_per_kg")
    rate, index = peru.series["pen_per_usd"], peru.series["us_price_index"]
    assert price[ALL, 2013] == pytest.approx(4.3)
    assert price[ALL, 2021] == pytest.approx(6.8 / rate.at_year(2021) / index.at_year(2021), rel=1e-4)
    assert price["vraem", 2015] == pytest.approx(50 / 11.5 / index.at_year(2015), rel=1e-4)


def test_series_between_and_outside_years() -> None:
    """Stocks are linear between year ends and flat outside; yearly values step."""
    series = Series("s", "ha", (2000, 2001, 2003), (10.0, 22.0, 46.0), ("",) * 3, ((),) * 3, (2001,) * 3)
    assert series.at_month(month_index("2000-12")) == 10
    assert series.at_month(month_index("2001-06")) == pytest.approx(16)
    assert series.at_month(month_index("2001-12")) == 22
    assert series.at_month(month_index("2002-12")) == pytest.approx(34)
    assert series.at_month(month_index("2003-12")) == 46
    assert series.at_month(month_index("1990-01")) == 10
    assert series.at_month(month_index("2030-01")) == 46
    assert [series.at_year(year) for year in (1990, 2000, 2002, 2003, 2030)] == [10, 10, 22, 46, 46]


def test_crosswalk_covers_places(peru: RegionPack) -> None:
    """Every zone or department an area is published for has a basin."""
    known = {row.zone_name for row in peru.crosswalk}
    areas = [claim for claim in peru.ledger.claims.values() if claim.quantity.startswith("coca_area")]
    places = {claim.place for claim in areas if claim.place.startswith("Peru/")}
    assert {place.removeprefix("Peru/").removeprefix("dept/") for place in places} <= known


def test_every_cited_claim_exists() -> None:
    """Every id in a claims column, of any file, is in the ledger."""
    root = load_pack("peru").root
    ledger = load_pack("peru").ledger
    for path in root.glob("*.csv"):
        for found in re.findall(r"\b(?:C\d{4}|X\d{4}|seed-\d{3}|rule-\d{3})\b", path.read_text(encoding="utf-8")):
            assert found in ledger.claims, f"{path.name}: {found}"


def test_assumptions_say_so(peru: RegionPack) -> None:
    """A measured figure has a claim; frontier opening is never more than an assumption."""
    for series in peru.series.values():
        for status, claims in zip(series.statuses, series.claims, strict=True):
            assert status == "assumed" or claims, series.name
    assert set(peru.series["frontier_opening_per_yr"].statuses) == {"assumed"}
    assert all(known >= year for s in peru.series.values() for year, known in zip(s.years, s.known_since, strict=True))


def test_digest_follows_the_bytes(pack_copy: Path, peru: RegionPack) -> None:
    """A copy has the same digest; one changed byte gives another."""
    assert load_pack(pack_copy).digest == peru.digest
    path = pack_copy / "events.csv"
    path.write_text(path.read_text(encoding="utf-8") + "2026,test,Peru,\n", encoding="utf-8")
    assert load_pack(pack_copy).digest != peru.digest


def test_data_package_is_valid(peru: RegionPack) -> None:
    """Frictionless finds nothing wrong, and the schema names the columns the loader wants."""
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(peru.root / "datapackage.json"))
    assert report.valid, report.flatten(["type", "note"])
    package = json.loads((peru.root / "datapackage.json").read_text(encoding="utf-8"))
    assert {resource["path"] for resource in package["resources"]} == {path.name for path in peru.root.glob("*.csv")}
    assert "@" not in json.dumps(package)


def test_nothing_forbidden_in_the_files(peru: RegionPack) -> None:
    """No e-mail, machine path or carriage return, and no coordinate finer than a decimal."""
    for path in [*peru.root.glob("*.csv"), peru.root / "README.md", peru.root / "datapackage.json"]:
        text = path.read_bytes().decode("utf-8")
        assert "\r" not in text
        assert not re.search(r"[\w.]+@[\w-]+\.\w|/(home|work|root)/", text), path.name
        assert not re.search(r"-\d{1,2}\.\d{3,},\s?-\d{1,2}\.\d{3,}", text), path.name


def test_load_is_fast() -> None:
    """Loading stays under a quarter of a second, the best of five."""
    best = 1.0
    for _ in range(5):
        start = time.perf_counter()
        load_pack("peru")
        best = min(best, time.perf_counter() - start)
    assert best < 0.25


@pytest.mark.skipif(not (EVIDENCE / "claims.csv").exists(), reason="the evidence folder is not here")
def test_rebuild_gives_the_same_bytes(peru: RegionPack, tmp_path: Path) -> None:
    """The built files are what the tool makes of the evidence."""
    for path in peru.root.glob("*.csv"):
        if path.name not in BUILT:
            shutil.copy(path, tmp_path)
    tool = ROOT / "tools" / "build_peru_pack.py"
    subprocess.run([sys.executable, str(tool), str(EVIDENCE), str(tmp_path)], check=True)
    for name in BUILT:
        assert (tmp_path / name).read_bytes() == (peru.root / name).read_bytes(), name
