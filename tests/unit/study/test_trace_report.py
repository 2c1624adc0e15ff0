"""Every number of a report leads back to claims: page, JSON and terminal of a small run, cell by cell."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from rich.console import Console

from eslabon import api
from eslabon.api import Region
from eslabon.cli.pages import page_data
from eslabon.errors import InputError
from eslabon.report.data import PageData
from eslabon.report.page import write_page
from eslabon.report.page_cells import choose_table, page_of, read_page
from eslabon.report.tables import terminal_table
from eslabon.report.trace_text import trace_text
from eslabon.study.compare import Comparison
from eslabon.study.lineage import lineage
from eslabon.study.trace import Trace
from eslabon.study.trace_address import NATION, parse_address
from eslabon.study.trace_pack import ASSUMED, uses
from eslabon.study.trace_probe import idle
from eslabon.study.trace_run import figure_of, is_from_priors, open_run, prior_places, shares_of, sibling
from small_region import pull

MEMBERS, LAST = 13, 2026
PLAIN_HEADS = {"N", "Year", "Año", "Claims", "Unit"}
"""Columns that hold no figure of the model or of a source."""


class Run(NamedTuple):
    """A comparison on the small region, its page and its data."""

    region: Region
    comparison: Comparison
    folder: Path
    data: PageData


@pytest.fixture(scope="module")
def run(small: Region, tmp_path_factory: pytest.TempPathFactory) -> Run:
    out = tmp_path_factory.mktemp("runs")
    base = small.scenario("baseline", LAST)
    policy = dataclasses.replace(base, name="crews", pulls={"forced_eradication": pull("forced_eradication", 1500.0)})
    found = api.compare([base, policy], MEMBERS, until=LAST, threads=1, out=out, region=small)
    past = api.run(dataclasses.replace(base, name="history", start="2012", until=2015), 3, threads=1, out=out, region=small)
    data = page_data(small, list(found.runs), found.differences(), past, "What would crews do?")
    for lang in ("en", "es"):
        write_page(found.runs[-1].folder / f"report.{lang}.html", data, lang)
    return Run(small, found, found.runs[-1].folder, data)


class Cells(HTMLParser):
    """Reads the body cells of every table: text, attributes, and the head of the column."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str], str]] = []
        self.tiles: list[dict[str, str]] = []
        self.heads: list[str] = []
        self.body, self.at = False, 0
        self.words: list[str] | None = None
        self.given: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if given.get("class") == "tile-value":
            self.tiles.append(given)
        if tag == "table":
            self.heads, self.body = [], False
        self.body = self.body or tag == "tbody"
        if tag == "tr":
            self.at = 0
        if tag in ("td", "th"):
            self.words, self.given = [], given

    def handle_data(self, data: str) -> None:
        if self.words is not None:
            self.words.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("td", "th") or self.words is None:
            return
        text, self.words = "".join(self.words), None
        if not self.body:
            self.heads.append(text)
        elif tag == "td":
            self.found.append((text, self.given, self.heads[self.at] if self.at < len(self.heads) else ""))
        self.at += 1


def numbers_of(page: Path) -> Iterator[tuple[str, str]]:
    """Yield the printed text and the address of every cell with a number of the model or of a source."""
    parser = Cells()
    parser.feed(page.read_text(encoding="utf-8"))
    for text, given, head in parser.found:
        if re.search(r"\d", text) and "fact" not in given.get("class", "") and head not in PLAIN_HEADS and "colspan" not in given:
            yield text, given.get("data-cell", "")
    for given in parser.tiles:
        yield "tile", given.get("data-cell", "")


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_number_of_every_table_of_the_page_has_an_address(run: Run, lang: str) -> None:
    found = [(text, address) for text, address in numbers_of(run.folder / f"report.{lang}.html") if not re.fullmatch(r"[CX]\d{4}(;[CX]\d{4})*", text)]
    assert [text for text, address in found if not address] == []
    assert len(found) > 300


def test_every_address_of_the_page_is_a_value_of_a_run_or_a_cell_of_the_pack(run: Run) -> None:
    cells = {u.address for u in uses(run.region.pack, run.region.parameters)}
    runs = {r.scenario: {(y.outcome, y.basin, y.corridor): y.years for y in r.yearly} for r in run.comparison.runs}
    opened = open_run(run.folder)
    history = sibling(opened, "history")
    for _text, address in numbers_of(run.folder / "report.en.html"):
        if "@" not in address:
            assert address in cells
            continue
        a = parse_address(address)
        if a.scenario == "history":
            assert a.year in history.row(a).years
        else:
            assert a.year in runs[a.scenario][a.outcome, a.basin, a.corridor], address
        assert a.base in (None, "baseline", "published")


def ends_in_claims_or_assumed(found: Trace) -> None:
    """Assert that the path is not empty, and that each end of it cites claims that are told, or is called assumed."""
    document = found.document()
    assert document["parameters"]
    for item in (*document["parameters"], *document["inputs"]):
        assert item["claims"] or item["standing"] == ASSUMED
        assert all(c in document["claims"] for c in item["claims"])
    assert found.claims


def test_trace_finds_claims_or_assumed_parameters_behind_every_outcome_of_the_page(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """All cells of one outcome have its path, so each outcome stands for its cells; some cells are traced in the run."""
    monkeypatch.setattr("eslabon.study.variance.LEAST_MEMBERS", MEMBERS + 1)
    addresses = {a for _text, a in numbers_of(run.folder / "report.en.html") if "@" in a}
    outcomes = {parse_address(a).outcome for a in addresses}
    assert len(outcomes) > 80
    for outcome in sorted(outcomes):
        ends_in_claims_or_assumed(api.trace(outcome, region=run.region))
    for address in sorted(addresses)[:: len(addresses) // 6]:
        found = api.trace(address, run.folder, region=run.region)
        assert found.document()["figure"]["address"] == address
        ends_in_claims_or_assumed(found)
    json.dumps(found.document(), allow_nan=False)


def test_published_cells_lead_to_their_claims(run: Run) -> None:
    published = {address for _text, address in numbers_of(run.folder / "report.en.html") if address.startswith("observations.csv")}
    assert published
    for address in sorted(published):
        assert api.trace(address, region=run.region).claims


def test_every_row_of_the_json_documents_has_an_address_that_gives_its_numbers(run: Run) -> None:
    single, paired = run.comparison.runs[1].document(), run.comparison.document()
    opened = {name: sibling(open_run(run.folder), name) for name in ("baseline", "crews")}
    for document, step in ((single, 97), (paired, 101)):
        for row in document["rows"][::step][:15]:
            a = parse_address(document["cell"].format(**row))
            assert (a.outcome, a.basin, a.corridor, a.year) == (row["outcome"], row["basin"], row["corridor"], row["year"])
            values = opened[a.scenario].row(a)
            found = values.values[:, values.years.index(a.year)]
            if a.base:
                other = opened[a.base].row(a)
                found = found - other.values[:, other.years.index(a.year)]
            assert np.median(found) == pytest.approx(row["p50"], rel=1e-12, abs=1e-12)
    assert {parse_address(paired["cell"].format(**r)).base for r in paired["rows"]} == {"baseline"}


def test_the_terminal_names_an_address_that_can_be_traced(run: Run) -> None:
    console = Console(width=120, record=True, force_terminal=False)
    console.print(terminal_table(run.data))
    address = re.search(r'eslabon trace "([^"]+)"', console.export_text())
    assert address
    assert parse_address(address[1]).scenario == "crews"
    assert open_run(run.folder).row(parse_address(address[1])).basin == NATION


def test_a_cell_is_found_by_table_row_and_column(run: Run) -> None:
    tables = read_page(page_of(run.folder, "en"))
    assert {"table-1", "map-1", "flow-1", "moves-1"} <= set(tables)
    cell = choose_table(tables, "table-1").find("coca area", "paired")
    assert cell.address == f"coca_area_ha@baseline..crews/{LAST}"
    assert choose_table(tables, "map-1").find("VRAEM", "50").address == f"coca_area_ha/vraem@crews/{LAST}"
    for wrong in (("no row", "paired"), ("coca area", "no column")):
        with pytest.raises(InputError):
            choose_table(tables, "table-1").find(*wrong)
    with pytest.raises(InputError, match="table-1"):
        choose_table(tables, "tabel-1")


@pytest.fixture(scope="module")
def traced(run: Run) -> Trace:
    return api.trace(f"coca_area_ha@baseline..crews/{LAST}", run.folder, region=run.region)


def test_a_figure_says_what_assumed_parameters_carry_and_how_many_members_would_tell(traced: Trace) -> None:
    shares = traced.document()["shares"]
    assert shares["members"] == MEMBERS
    whole = sum(s["share"] for s in shares["by_status"].values()) + shares["unresolved"]["share"]
    assert whole == pytest.approx(1)
    assert shares["advice"]["members"] > MEMBERS
    assert "eslabon compare baseline crews -n" in shares["advice"]["command"]
    assert "carry" in repr(traced)


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("everything", [False, True])
def test_the_tree_of_a_figure_fits_a_terminal_of_100_columns(traced: Trace, lang: str, everything: bool) -> None:
    console = Console(width=100, record=True, force_terminal=False)
    console.print(trace_text(traced.document(), lang, everything))
    lines = console.export_text().splitlines()
    assert max(map(len, lines)) <= 100
    assert any("coca_area_ha@baseline..crews" in line for line in lines)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_kind_of_thing_can_be_printed(run: Run, lang: str) -> None:
    for thing in ("coca_area_ha", "replant_share", "C0721", "pen_per_usd", "site_raids", "zones.csv/vraem", "hazard", "unodc2005fs",
                  "access.csv", "levers/site_raids", "parameters.toml/title_pull", "lever/site_raids"):  # fmt: skip
        console = Console(width=100, record=True, force_terminal=False)
        console.print(trace_text(api.trace(thing, region=run.region).document(), lang))
        assert len(console.export_text()) > 100


def test_parameters_that_multiply_a_lever_nobody_pulls_are_idle(run: Run) -> None:
    names = ("checkpoint_effect", "curfew_drag", "eradication_effect", "leaf_kg_per_kg_cocaine", "need_exponent")
    found = idle(names, open_run(run.folder).manifest, run.region.pack, run.region.parameters, lineage(run.region.pack))
    assert found == {"checkpoint_effect", "curfew_drag"}


def test_members_of_a_posterior_have_no_shares(run: Run) -> None:
    opened = open_run(run.folder)
    assert is_from_priors(opened)
    other = dataclasses.replace(opened, drawn={n: v[::-1] for n, v in opened.drawn.items()})
    assert not is_from_priors(other)
    figure = figure_of(parse_address(f"coca_area_ha@crews/{LAST}"), opened)
    with pytest.raises(InputError, match="posterior"):
        shares_of(dataclasses.replace(figure, run=other), ["replant_share"], {})


def test_draws_lie_evenly_in_their_priors(region: Region) -> None:
    """The place of a quantile in its prior is the probability it was made from."""
    for p in region.parameters.values():
        at = np.linspace(0.01, 0.99, 25)
        values = np.array([p.quantile(u) for u in at])
        if p.high > p.low:
            np.testing.assert_allclose(prior_places(values, {"low": p.low, "default": p.default, "high": p.high}), at, atol=1e-7)


@pytest.mark.parametrize("thing", ["coca_area_ha@nowhere/2026", "coca_area_ha@crews/2050", "coca_area_ha/vraen@crews/2026", "hazard@crews/2026"])
def test_a_figure_that_the_run_does_not_have_is_told_in_one_message(run: Run, thing: str) -> None:
    with pytest.raises(InputError):
        api.trace(thing, run.folder, region=run.region)


def test_a_figure_needs_a_run(run: Run) -> None:
    with pytest.raises(InputError, match="--run"):
        api.trace("coca_area_ha@crews/2026", region=run.region)
