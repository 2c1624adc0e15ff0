"""The rules of RESPONSIBLE_USE.md that a test can check, over code, data, documents and results."""

from __future__ import annotations

import csv
import dataclasses
import json
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eslabon import books, month
from eslabon.errors import InputError
from eslabon.evidence.claims import Claim
from eslabon.evidence.lint import lint_columns
from eslabon.evidence.pack import find_pack
from eslabon.policies.baseline import NEUTRAL
from eslabon.policies.levers import LEVERS
from eslabon.runs.results import RunResult
from eslabon.stages import observe
from eslabon.stages.observe import HARMS, Yearly
from eslabon.state import HOUSEHOLD_FIELDS

ROOT = Path(__file__).resolve().parents[2]
PACK = find_pack("peru")[1]
OUTLINE = ROOT / "src/eslabon/report/assets/peru.json"
THIRD_PARTY = {"echarts.min.js", "echarts.LICENSE"}
TEXTS = {".py", ".md", ".toml", ".csv", ".json", ".html", ".js", ".css", ".cff", ".txt", ".yaml", ".yml"}
SPATIAL = {
    ".geojson", ".topojson", ".shp", ".shx", ".dbf", ".prj", ".kml", ".kmz", ".gpx", ".gpkg", ".tif", ".tiff", ".osm", ".pbf", ".wkt", ".mbtiles",
}  # fmt: skip

PROCESSING = {
    "leaf_kg_per_kg_cocaine", "processing_usd2013_per_kg", "site_kg_per_month", "site_rebuild_rate", "site_slack", "store_months",
    "domestic_use_share", "crew_share",
}  # fmt: skip
"""All that processing may have: a ratio, a cost and the crews' share of it, and what makes up capacity and loss."""
PROCESSING_READS = {
    "leaf_bought_kg", "wanted_kg", "site_raids_per_yr", "sites", "site_kg_per_month", "site_rebuild_rate", "site_slack",
    "leaf_per_raid_kg", "product_per_raid_kg", "leaf_kg_per_kg_cocaine", "store_kg", "flow_kg", "domestic_use_share",
    "processing_usd2013_per_kg", "crew_share", "rural_wage_index", "raid_basins", "enforcement", "bases_added", "base_rebuild_effect",
}  # fmt: skip
"""Beside the four numbers: what crews are paid, and what raids, bases and captured offices do to sites and their rebuilding."""
CORRIDOR_COLUMNS = {
    "id", "name_es", "name_en", "share_start", "base_cost_usd2013_per_kg", "border_price_factor", "capacity_share", "closes", "status", "claims",
}  # fmt: skip
MOST_CORRIDORS = 6

RECIPE = re.compile(
    r"aceton|kerosene|gasoline|solvent|reagent|permanganate|hydrochloric|sulph?uric|ammonia|bicarbonate|maceration|filtration|"
    r"crystalli[sz]|precipitat|oxidi[sz]|reflux|recipe|synthesis|catalyst|temperature|extraction|(^|_)(ether|cement|acid|lime)(_|$)"
)
PLACE = re.compile(
    r"(^|_)(lat|lon|lng|latitude|longitude|utm|coordinates?|gps|village|community|farm|plot|parcel|airstrip|runway|route|crossing|"
    r"checkpoint|patrol|laboratory|hideout|trail)s?(_|$)"
)
FARM_WORDS = {"off_farm_usd2013_per_month"}
"""Names that hold a word of a place without being one."""
COUNTED_POSTS = {"checkpoints", "checkpoints_added", "checkpoint_effect"}
"""Control posts on inputs, as one number for the country and what they add to the cost of inputs: no post has a place."""
PERSON = re.compile(r"(^|_)(person|author|name|surname|alias|dni|phone|email|address|photo|informant|official|leader)s?(_|$)")
SEARCH = re.compile(r"\b(?:dijkstra|shortest_path|a_star|networkx|linprog|milp|differential_evolution|find_route|best_route)\b")
ANY_SEARCH = re.compile(SEARCH.pattern + r"|\bscipy\.optimize\b")
"""In what moves illegal actors no optimiser of any kind; the evidence and the statistics may solve for a best fit."""
MODEL = ("stages/", "policies/", "runs/", "month.py", "start.py", "institutions.py")
OPTIMISE_ILLEGAL = re.compile(r"\b(?:optimi[sz]e|maximi[sz]e|argmax|evade|smuggl\w*)_?\w*(?:corridor|clan|carrier|traffick|buyer)\w*", re.IGNORECASE)
FINE_COORDINATE = re.compile(r"-\d{1,2}\.\d{3,}\s*[,;]\s*-\d{2}\.\d{3,}")
"""Two numbers like a point in Peru to three decimals or more."""


def rows(name: str) -> list[dict[str, str]]:
    with (PACK / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def parameters() -> dict[str, Any]:
    return tomllib.loads((PACK / "parameters.toml").read_text(encoding="utf-8"))


def repository_files() -> list[Path]:
    """Return the files of the repository: those git knows or would take, or those that are there without git."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    if shutil.which("git") and (ROOT / ".git").exists():
        listed = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8").stdout.split("\0")
        return [ROOT / name for name in listed if name and (ROOT / name).is_file()]
    folders = ("src", "tests", "docs", "tools", "benchmarks")
    return [*(p for p in ROOT.glob("*") if p.is_file()), *(p for f in folders for p in (ROOT / f).rglob("*") if p.is_file())]


def text_files(*suffixes: str) -> list[tuple[str, str]]:
    """Return path and text of our own text files, this one left out because it names what it forbids."""
    wanted = set(suffixes) or TEXTS
    own = [p for p in repository_files() if p.suffix in wanted and p.name not in THIRD_PARTY and p != Path(__file__).resolve()]
    return [(p.relative_to(ROOT).as_posix(), p.read_text(encoding="utf-8")) for p in own]


def model_names() -> set[str]:
    """Return every name a quantity has: parameters, fields, flows, outcomes, levers, inputs and outputs of stages."""
    names = set(parameters()) | {f.name for f in HOUSEHOLD_FIELDS} | set(books.FLOWS) | {a.name for a in books.ACCOUNTS}
    names |= {o.name for o in observe.OUTCOMES} | set(LEVERS) | {v.amount for v in LEVERS.values()}
    for stage in month.STAGES:
        names |= {*stage.reads, *stage.writes}
    return names


def matching(pattern: re.Pattern[str], names: Iterable[str]) -> list[str]:
    return sorted(n for n in names if pattern.search(n.lower()))


class TestHow:
    """Rule 1: nothing about how a drug is made."""

    def test_processing_has_a_ratio_a_cost_a_capacity_and_a_loss(self) -> None:
        assert {name for name, p in parameters().items() if p["row"] == "R7"} == PROCESSING

    def test_the_processing_stage_reads_nothing_else(self) -> None:
        stage = next(s for s in month.STAGES if s.name == "processing")
        assert set(stage.reads) <= PROCESSING_READS

    def test_no_quantity_is_about_a_recipe(self) -> None:
        assert matching(RECIPE, model_names()) == []

    def test_no_claim_is_about_a_recipe(self) -> None:
        assert matching(RECIPE, {r["quantity"] for r in rows("claims.csv")} | {r["series"] for r in rows("series.csv")}) == []

    def test_no_lever_touches_processing_beyond_its_cost(self) -> None:
        assert {v.name for v in LEVERS.values() if v.row == "R7"} <= {"input_control"}


class TestWhere:
    """Rule 2: nothing finer than a basin."""

    def test_centres_of_basins_have_one_decimal(self) -> None:
        zones = rows("zones.csv")
        assert zones
        for zone in zones:
            for axis in ("lon", "lat"):
                assert re.fullmatch(r"-?\d{1,3}(\.\d)?", zone[axis]), (zone["id"], axis, zone[axis])

    def test_only_the_outline_is_a_spatial_file(self) -> None:
        found = repository_files()
        assert [p for p in found if p.suffix.lower() in SPATIAL] == []
        spatial = [name for name, text in text_files(".json") if '"coordinates"' in text or '"arcs"' in text]
        assert spatial == [OUTLINE.relative_to(ROOT).as_posix()]

    def test_the_outline_is_for_orientation_only(self) -> None:
        outline = json.loads(OUTLINE.read_text(encoding="utf-8"))
        assert {f["geometry"]["type"] for f in outline["features"]} <= {"Polygon", "MultiPolygon"}
        assert {f["properties"]["kind"] for f in outline["features"]} <= {"country", "department", "lake"}
        assert not re.search(r"\.\d{3,}", OUTLINE.read_text(encoding="utf-8").split('"features"')[1])

    def test_no_text_holds_a_point(self) -> None:
        assert [name for name, text in text_files() if FINE_COORDINATE.search(text)] == []

    def test_no_quantity_is_a_place_finer_than_a_basin(self) -> None:
        assert matching(PLACE, model_names() - FARM_WORDS - COUNTED_POSTS) == []

    def test_posts_on_inputs_are_one_number_for_the_country(self) -> None:
        assert LEVERS["checkpoints"].targets == "none"
        assert NEUTRAL[LEVERS["checkpoints"].signal][0] == "one"

    def test_levers_aim_at_basins_or_corridors(self) -> None:
        assert {v.targets for v in LEVERS.values()} <= {"basins", "corridors", "none"}

    def test_outcomes_are_by_nation_basin_or_corridor_and_by_year(self) -> None:
        assert {o.dims for o in observe.OUTCOMES} <= {"nation", "basin", "corridor", "basin-corridor"}

    def test_captured_offices_and_clans_are_counts_of_the_nation(self) -> None:
        """And of the VRAEM, never of a small basin (rule 2d)."""
        about_offices = [o for o in observe.OUTCOMES if o.unit in ("offices", "groups")]
        assert len(about_offices) >= 4
        assert {o.dims for o in about_offices} == {"nation"}

    def test_no_basin_is_smaller_than_what_is_published(self) -> None:
        assert all(float(z["area_2024_ha"]) >= 500 for z in rows("zones.csv") if z["id"] != "frontier")


class TestEvasion:
    """Rule 3: no routes."""

    def test_corridors_have_aggregate_columns_only(self) -> None:
        corridors = rows("corridors.csv")
        assert set(corridors[0]) == CORRIDOR_COLUMNS
        assert len(corridors) <= MOST_CORRIDORS

    def test_access_links_a_basin_and_a_corridor_by_one_weight(self) -> None:
        assert set(rows("access.csv")[0]) == {"basin", "corridor", "weight"}

    def test_no_code_searches_for_a_way(self) -> None:
        assert [name for name, text in text_files(".py") if SEARCH.search(text)] == []
        moves = [(name, text) for name, text in text_files(".py") if name.removeprefix("src/eslabon/").startswith(MODEL)]
        assert len(moves) > 20
        assert [name for name, text in moves if ANY_SEARCH.search(text)] == []

    def test_no_code_optimises_for_an_illegal_actor(self) -> None:
        assert [name for name, text in text_files(".py") if OPTIMISE_ILLEGAL.search(text)] == []

    def test_no_lever_is_an_illegal_actors(self) -> None:
        assert {v.row for v in LEVERS.values()} & {"R8", "R9", "R11"} == set()


class TestWho:
    """Rule 4: no persons."""

    def test_the_ledger_has_no_column_for_a_person_or_a_point(self) -> None:
        assert matching(PERSON, Claim.model_fields) == matching(PLACE, set(Claim.model_fields) - {"place"}) == []
        assert set(rows("claims.csv")[0]) == set(Claim.model_fields)
        assert Claim.model_config["extra"] == "forbid"

    def test_no_file_of_the_pack_has_such_a_column(self) -> None:
        assert lint_columns(PACK) == ()

    def test_such_a_column_would_be_found(self, tmp_path: Path) -> None:
        (tmp_path / "claims.csv").write_text("id,person,latitude\n1,x,2\n", encoding="utf-8")
        assert [f.where for f in lint_columns(tmp_path)] == ["claims.csv, column person", "claims.csv, column latitude"]

    def test_households_have_no_identity(self) -> None:
        assert matching(PERSON, {f.name for f in HOUSEHOLD_FIELDS}) == []

    def test_children_are_never_a_lever(self) -> None:
        assert matching(re.compile("child|minor|school_age"), [*LEVERS, *(v.amount for v in LEVERS.values())]) == []


class TestHarm:
    """Harm belongs to the result."""

    @staticmethod
    def result(harms: dict[str, tuple[str, str]], outcomes: Iterable[str]) -> RunResult:
        yearly = tuple(Yearly(o, "1", "ALL", None, (2025,), np.ones((1, 1))) for o in outcomes)
        return RunResult(Path("nowhere"), {"scenario": {"name": "x"}}, 1, (0,), (), yearly, harms)

    def test_each_harm_of_the_rules_is_there(self) -> None:
        assert set(HARMS) >= {"income", "violence", "arrests", "prison", "displacement", "indigenous", "forest"}

    def test_a_whole_result_is_accepted(self) -> None:
        assert self.result(dict(HARMS), [o for o, _words in HARMS.values() if o]).members == (0,)

    @pytest.mark.parametrize("harm", sorted(HARMS))
    def test_a_result_without_a_harm_is_refused(self, harm: str) -> None:
        kept = {h: v for h, v in HARMS.items() if h != harm}
        with pytest.raises(InputError, match=harm):
            self.result(kept, [o for o, _words in HARMS.values() if o])

    @pytest.mark.parametrize("harm", sorted(h for h, (o, words) in HARMS.items() if o and not words))
    def test_a_result_without_a_harms_rows_is_refused(self, harm: str) -> None:
        with pytest.raises(InputError, match=harm):
            self.result(dict(HARMS), [o for h, (o, _words) in HARMS.items() if o and h != harm])

    def test_what_is_not_modelled_says_so(self) -> None:
        assert all("not modelled" in words for outcome, words in HARMS.values() if not outcome)

    def test_a_result_cannot_be_stripped_later(self) -> None:
        whole = self.result(dict(HARMS), [o for o, _words in HARMS.values() if o])
        with pytest.raises(InputError):
            dataclasses.replace(whole, yearly=())


def test_every_stored_run_and_page_says_that_households_are_synthetic() -> None:
    for name in ("src/eslabon/runs/ensemble.py", "src/eslabon/runs/results.py", "src/eslabon/cli/main.py"):
        assert "All households are synthetic" in (ROOT / name).read_text(encoding="utf-8"), name
    for language, words in (("en", "synthetic"), ("es", "sintétic")):
        assert words in (ROOT / f"src/eslabon/i18n/{language}.toml").read_text(encoding="utf-8")


def test_the_rules_are_shipped_and_linked() -> None:
    assert (ROOT / "RESPONSIBLE_USE.md").is_file()
    for page in ("README.md", "CONTRIBUTING.md", "docs/index.md"):
        assert "RESPONSIBLE_USE.md" in (ROOT / page).read_text(encoding="utf-8"), page
