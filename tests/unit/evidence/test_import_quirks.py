"""The 25 quirks of official tables: each gives its code at its cell, and its twin without the quirk imports cleanly."""

from __future__ import annotations

import sys
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from eslabon.evidence.tables.grid import Workbook
from eslabon.evidence.tables.import_report import ImportReport
from eslabon.evidence.tables.interpret import interpret_workbook
from eslabon.evidence.tables.reading import read_workbook
from eslabon.evidence.tables.request import ImportRequest, parse_pairs, parse_rate

ROOT = Path(__file__).resolve().parents[3]
FOLDER = ROOT / "tests" / "fixtures" / "quirks"
QUIRKS: list[dict[str, Any]] = tomllib.loads((FOLDER / "expected.toml").read_text(encoding="utf-8"))["quirk"]
EACH = pytest.mark.parametrize("quirk", QUIRKS, ids=[quirk["file"] for quirk in QUIRKS])
SETTLED = [quirk for quirk in QUIRKS if quirk["outcome"] == "take" or quirk.get("answer")]
"""Those that an option settles; for the others only mending the file helps."""
NAMES = {"--as": "quantity", "--year-starts": "year_starts"}


@cache
def read(file: str) -> Workbook:
    """Return a fixture as read."""
    return read_workbook(FOLDER / file)


def report(file: str, options: list[str]) -> ImportReport:
    """Return the report of a fixture under options of the command."""
    given: dict[str, Any] = {"source_id": "unodc2005fs"}
    several: dict[str, list[str]] = {"--missing": [], "--zone": [], "--accept": []}
    for option, value in zip(options[::2], options[1::2], strict=True):
        if option in several:
            several[option].append(value)
        elif option == "--rate":
            given["rate"] = parse_rate(value)
        else:
            given[NAMES.get(option, option[2:])] = int(value) if option == "--year-starts" else value
    pairs = {"missing": parse_pairs(several["--missing"], "--missing"), "zones": parse_pairs(several["--zone"], "--zone")}
    return interpret_workbook(read(file), ImportRequest(**given, **pairs, accept=tuple(several["--accept"])))


def twin(file: str) -> str:
    """Return the name of a fixture's twin."""
    path = Path(file)
    return f"{path.stem}.twin{path.suffix}"


def test_every_quirk_has_a_fixture() -> None:
    """All 25 rows of the list are there, and every file of the folder is named in the list."""
    assert {quirk["number"] for quirk in QUIRKS} == set(range(26))
    named = {quirk["file"] for quirk in QUIRKS} | {twin(quirk["file"]) for quirk in QUIRKS} | {"expected.toml"}
    assert {path.name for path in FOLDER.iterdir()} == named


@EACH
def test_code_and_cell(quirk: dict[str, Any]) -> None:
    """The quirk is reported by its code at its cell, and the outcome is the one required."""
    found = report(quirk["file"], quirk["options"])
    finding = next((f for f in found.findings if f.code == quirk["code"]), None)
    assert finding is not None, [f.code for f in found.findings]
    assert (finding.places[0] if finding.places else "") == quirk["cell"]
    assert found.outcome == quirk["outcome"], [(f.code, f.places, f.value) for f in found.findings if f.open]
    codes = {f.code for f in found.findings}
    assert set(quirk.get("also", [])) <= codes
    if quirk["outcome"] == "refuse":
        assert found.claims == ()
    if quirk["outcome"] == "ask":
        assert finding.options and not finding.answered
        assert {f.code for f in found.findings if f.open} == {quirk["code"]}
    if "offers" in quirk:
        assert any(quirk["offers"] in option for option in finding.options)


@pytest.mark.parametrize("quirk", SETTLED, ids=[quirk["file"] for quirk in SETTLED])
def test_the_answer_settles_it(quirk: dict[str, Any]) -> None:
    """With the answer the claims have the values worked out by hand; the code is reported all the same."""
    found = report(quirk["file"], [*quirk["options"], *quirk.get("answer", [])])
    assert found.outcome == "take", [(f.code, f.places, f.value) for f in found.findings if f.open]
    if quirk["code"][0] != "E":
        assert quirk["code"] in {f.code for f in found.findings}
    claims = {place.rpartition("!")[2]: claim for place, claim in zip(found.places, found.claims, strict=True)}
    for cell, wanted in quirk["values"].items():
        place, end, value, *bounds = wanted
        claim = claims[cell]
        assert (claim.place, claim.period_end.isoformat(), claim.value) == (place, end, value)
        low, high, bound = (*bounds[:2], bounds[2]) if bounds else ("", "", "exact")
        assert (claim.low, claim.high, claim.bound_type) == (low or None, high or None, bound)
    assert len(claims) == quirk.get("count", len(claims))
    for cell, words in quirk.get("series_break", {}).items():
        assert claims[cell].series_break == words
    for end, totals in quirk.get("totals", {}).items():
        row = next(row for row in found.coverage if row.end.isoformat() == end)
        assert [row.total, row.same_total] == totals


@EACH
def test_twin_is_clean(quirk: dict[str, Any]) -> None:
    """The same table without the quirk is taken whole, and does not have the code."""
    found = report(twin(quirk["file"]), quirk["options"])
    assert found.outcome == "take", [(f.code, f.places, f.value) for f in found.findings if f.open]
    assert quirk["code"] not in {f.code for f in found.findings}
    assert found.claims


def test_fixtures_are_what_the_tool_writes() -> None:
    """The bytes in the folder are those of tools/build_quirks.py, so that binary files can be reviewed there."""
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        from build_quirks import fixtures
    finally:
        sys.path.remove(str(ROOT / "tools"))
    assert {path.name: path.read_bytes() for path in FOLDER.iterdir() if path.suffix != ".toml"} == fixtures()
