"""`eslabon import` as a user meets it: dry run, answers, storing all or nothing, both languages, JSON, the reference page."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from eslabon.cli.main import app
from eslabon.evidence.ledger_store import read_folder
from eslabon.evidence.tables.codes import READING
from eslabon.evidence.tables.findings import CODES

ROOT = Path(__file__).resolve().parents[3]
QUIRKS = ROOT / "tests" / "fixtures" / "quirks"
TABLE = "Zona;2012 (ha);2013 (ha)\nVRAEM;19251;18760\nHuallaga;9405;4120\nKosñipata;455;007\n"
NEW_SOURCE = ["--source", "invented2014", "--publisher", "Nobody", "--year", "2014"]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a clean table on disk."""
    path = tmp_path / "areas.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def run(*words: object) -> Result:
    """Return what the command does."""
    return CliRunner().invoke(app, ["import", *map(str, words)])


def document(result: Result) -> dict[str, Any]:
    """Return the JSON document, which must be all that was printed."""
    return json.loads(result.stdout)  # type: ignore[no-any-return]


def test_dry_run_stores_nothing_and_write_stores_all(file: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "own"
    asked = [file, "--as", "coca_area_unodc", *NEW_SOURCE, "--ledger", ledger]
    dry = run(*asked)
    assert dry.exit_code == 0, dry.output
    assert not ledger.exists()
    assert "add --write" in dry.stdout
    written = run(*asked, "--write", "--json")
    assert written.exit_code == 0, written.output
    assert document(written)["stored"] == 6
    stored = read_folder(ledger)
    assert sorted(claim.value for claim in stored.claims.values()) == [7.0, 455.0, 4120.0, 9405.0, 18760.0, 19251.0]
    assert {claim.source_id for claim in stored.claims.values()} == set(stored.sources) == {"invented2014"}
    kosnipata = next(claim for claim in stored.claims.values() if claim.value == 7.0)
    assert kosnipata.place == "Peru/Kosñipata"
    assert 'printed "007"' in kosnipata.note
    assert f"sha256:{document(written)['sha256']}, cell C4" in kosnipata.locator


def test_the_same_import_again_adds_nothing(file: Path, tmp_path: Path) -> None:
    ledger = tmp_path / "own"
    asked = [file, "--as", "coca_area_unodc", *NEW_SOURCE, "--ledger", ledger, "--write", "--json"]
    assert document(run(*asked))["stored"] == 6
    before = {path.name: path.read_bytes() for path in ledger.iterdir()}
    again = run(*asked)
    assert again.exit_code == 0, again.output
    assert document(again)["stored"] == 0
    assert {path.name: path.read_bytes() for path in ledger.iterdir()} == before


@pytest.mark.parametrize("name", ["02_thirty_or_thirty_thousand.csv", "05_blank_cells.csv", "14_codes_without_zeros.xlsx", "00_persons.xls"])
def test_nothing_is_stored_while_anything_is_open(name: str, tmp_path: Path) -> None:
    ledger = tmp_path / "own"
    result = run(QUIRKS / name, "--as", "coca_area_unodc", "--unit", "ha", *NEW_SOURCE, "--ledger", ledger, "--write")
    assert result.exit_code in (1, 2)
    assert not ledger.exists()
    assert "nothing was stored" in result.stdout


def test_a_question_shows_the_option_that_answers_it(file: Path, tmp_path: Path) -> None:
    """Each option offered is one that the command takes, and it settles the question."""
    first = document(run(file, "--as", "coca_area_unodc", "--json", "--ledger", tmp_path / "own"))
    finding = next(f for f in first["findings"] if f["code"] == "Q-SOURCE-UNDECLARED")
    assert finding["options"] == ["--source ID --publisher NAME --year YYYY"]
    blank = document(run(QUIRKS / "05_blank_cells.csv", "--as", "coca_area_unodc", *NEW_SOURCE, "--json"))
    options = next(f["options"] for f in blank["findings"] if f["code"] == "Q-BLANK-CELLS")
    assert len(options) == 3
    for option in options:
        assert run(QUIRKS / "05_blank_cells.csv", "--as", "coca_area_unodc", *NEW_SOURCE, *option.split()).exit_code == 0


def test_json_is_all_that_is_printed_also_on_refusal(tmp_path: Path) -> None:
    refused = run(QUIRKS / "00_coordinates.xlsx", "--as", "coca_area_unodc", "--json")
    assert refused.exit_code == 2
    assert document(refused)["outcome"] == "refuse" and document(refused)["claims"] == []
    empty = tmp_path / "empty.csv"
    empty.touch()
    unread = run(empty, "--as", "coca_area_unodc", "--json")
    assert unread.exit_code == 2
    assert document(unread)["findings"][0]["code"] == "E-EMPTY"


@pytest.mark.parametrize(
    ("lang", "words"), [("en", ("Questions", "Answer with", "empty cells")), ("es", ("Preguntas", "Responda con", "celdas vacías"))]
)
def test_both_languages(lang: str, words: tuple[str, ...]) -> None:
    result = run(QUIRKS / "05_blank_cells.csv", "--as", "coca_area_unodc", *NEW_SOURCE, "--lang", lang)
    assert result.exit_code == 1
    for word in words:
        assert word in result.stdout


def test_an_unread_file_is_refused_in_the_language(tmp_path: Path) -> None:
    result = run(tmp_path / "none.csv", "--as", "coca_area_unodc", "--lang", "es")
    assert result.exit_code == 2
    assert "E-FILE-MISSING" in result.stdout and "Rechazado" in result.stdout


def test_a_bad_option_is_one_message() -> None:
    result = run(QUIRKS / "05_blank_cells.csv", "--as", "coca_area_unodc", "--missing", "n.d")
    assert result.exception is not None
    assert "NAME=MEANING" in str(result.exception)


def test_reference_page_lists_every_code_with_its_words() -> None:
    """docs/reference/import-codes.md has one row for each code of the interpretation, and none that does not exist."""
    text = (ROOT / "docs/reference/import-codes.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `([EQNW]-[A-Z-]+)` \|", text, re.MULTILINE)
    assert sorted(listed) == sorted({*CODES, *READING})
