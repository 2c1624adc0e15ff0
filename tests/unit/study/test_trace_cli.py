"""The command itself: JSON and nothing else, one message for what is not there, and an import that stays light."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eslabon.cli.main import app
from eslabon.errors import InputError
from small_region import eslabon

PAGE = """<section id="table"><div class="scroll" aria-label="Areas"><table><caption>Areas, 2030</caption>
<thead><tr><th>Outcome</th><th>Base</th></tr></thead>
<tbody><tr><th>Coca area<small>in production</small></th><td data-cell="coca_area_ha@baseline/2030"><b>90</b> [80–100]</td></tr></tbody>
</table></div></section>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder of a run whose page has one cell."""
    (tmp_path / "manifest.json").write_text('{"scenario": {"name": "baseline"}}', encoding="utf-8")
    (tmp_path / "report.en.html").write_text(PAGE, encoding="utf-8")
    return tmp_path


def test_json_prints_the_document_and_nothing_else(tmp_path: Path) -> None:
    done = eslabon(["trace", "leaf_kg_per_kg_cocaine", "--json"], tmp_path)
    document = json.loads(done.stdout)
    assert (done.returncode, done.stderr, document["kind"]) == (0, "", "parameter")
    assert {"C0720", "C0721", "C0726", "seed-028"} == set(document["claims"])


def test_an_unknown_thing_is_one_message_and_exit_code_two(tmp_path: Path) -> None:
    done = eslabon(["trace", "leaf_per_kg_cocaine"], tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.count("\n") == 1
    assert "leaf_kg_per_kg_cocaine" in done.stderr
    assert "Traceback" not in done.stderr


def test_tables_and_cells_of_a_page_are_listed(folder: Path) -> None:
    runner = CliRunner()
    tables = json.loads(runner.invoke(app, ["trace", "--run", str(folder), "--json"]).stdout)
    assert tables["tables"] == [{"table": "table-1", "title": "Areas, 2030", "cells": 1, "first": "coca_area_ha@baseline/2030"}]
    cells = json.loads(runner.invoke(app, ["trace", "--run", str(folder), "--table", "table-1", "--json"]).stdout)
    assert cells["cells"] == [{"row": "Coca area", "column": "Base", "shown": "90 [80–100]", "address": "coca_area_ha@baseline/2030"}]
    for words in (["--lang", "en"], ["--lang", "es", "--table", "table-1"]):
        assert "coca_area_ha@baseline/2030" in runner.invoke(app, ["trace", "--run", str(folder), *words]).stdout


@pytest.mark.parametrize("arguments", [["trace"], ["trace", "--table", "table-1"], ["trace", "coca_area_ha@baseline/2030"]])
def test_what_lacks_a_run_is_refused(arguments: list[str]) -> None:
    assert isinstance(CliRunner().invoke(app, arguments).exception, InputError)


def test_a_page_without_addresses_or_a_folder_without_a_page_is_refused(folder: Path) -> None:
    (folder / "report.en.html").write_text("<table><tbody><tr><td>1</td></tr></tbody></table>", encoding="utf-8")
    assert "older" in str(CliRunner().invoke(app, ["trace", "--run", str(folder)]).exception)
    (folder / "report.en.html").unlink()
    assert "no page" in str(CliRunner().invoke(app, ["trace", "--run", str(folder)]).exception)


def test_the_command_line_loads_without_the_study() -> None:
    code = "import sys, eslabon.cli.main; print([m for m in ('eslabon.study.trace', 'scipy.stats', 'pandas', 'eslabon.month') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
