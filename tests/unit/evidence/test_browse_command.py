"""`eslabon evidence` and `eslabon potential` as a user meets them: words, JSON, exports, refusals with exit code 2."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

import eslabon
from eslabon.cli import main as command
from eslabon.evidence import claims as claims_module
from eslabon.i18n import catalogue


class Done:
    """Exit code and what was printed."""

    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path):  # type: ignore[no-untyped-def]
    """Return a function that runs a command line in an empty folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "170")

    def call(*words: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["eslabon", *words])
        with pytest.raises(SystemExit) as stopped:
            command.main()
        printed = capsys.readouterr()
        return Done(int(stopped.value.code or 0), printed.out, printed.err)

    return call


def test_all_sides_stand_in_the_terminal(run) -> None:  # type: ignore[no-untyped-def]
    done = run("evidence", "--quantity", "leaf_production", "--place", "peru", "--from", "2013", "--to", "2013")
    assert done.code == 0
    for side in ("121,424", "121,242", "115,337", "C0590", "C0591", "C0592", "unodc_survey"):
        assert side in done.out
    assert done.out.count("≠") == 3, "two contradicted sides and the legend"


def test_json_is_one_document_and_nothing_else(run) -> None:  # type: ignore[no-untyped-def]
    done = run("evidence", "-q", "coca_area_us", "-p", "Perú", "--since", "2018", "--json")
    document = json.loads(done.out)
    assert (done.code, done.err) == (0, "")
    values = {row["year"]: row["value"] for row in document["rows"] if row["taken"]}
    assert (values[2013], values[2019]) == (59_500, 72_000)
    assert document["coverage"]["panel"][0]["panel_ha"] == 54_134
    assert document["series"][0]["gaps"] == [1993, 1994, 1998, 2004, 2005, 2006, 2007]


@pytest.mark.parametrize("words", [[], ["--gaps"], ["--coverage"], ["--places"], ["-p", "VRAEM"], ["-q", "coca_area_unodc"]])
def test_both_languages_say_the_same_figures(run, words: list[str]) -> None:  # type: ignore[no-untyped-def]
    english, spanish = (run("evidence", *words, "--lang", lang).out for lang in ("en", "es"))
    assert english != spanish
    figures = [re.findall(r"\d[\d,.]*\d", text) for text in (english, spanish)]
    assert sorted(figures[0]) == sorted(figures[1])


def test_potential_says_what_closes_the_gap(run) -> None:  # type: ignore[no-untyped-def]
    done = run("potential", "--year", "2019")
    said = " ".join(done.out.split())
    gap = ("is at most 400 t: a gap of 305 t", "give the United States figure with 173.7 kg", "249.7 kg", "gives 681 t and leaves 24 t")
    for words in (*gap, "would be 441 t"):
        assert words in said
    spanish = " ".join(run("potential", "--year", "2019", "--lang", "es").out.split())
    assert "es a lo sumo de 400 t: una brecha de 305 t" in spanish


def test_potential_document_adds_up(run) -> None:  # type: ignore[no-untyped-def]
    document = json.loads(run("potential", "--json").out)
    parts = {part["factor"]: part["tonnes"] for part in document["bridge"]["parts"]}
    assert sum(parts.values()) == pytest.approx(document["bridge"]["gap_t"]) == pytest.approx(705 - 400)
    assert [bridge["year"] for bridge in document["every_year"]][-1] == 2021


def test_files_are_written_where_asked(run, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    done = run("evidence", "-q", "leaf_yield", "--export", "out", "--format", "frictionless", "--plot", "--json")
    files = [Path(name).name for name in json.loads(done.out)["files"]]
    assert files == ["datapackage.json", "claims.csv", "sources.csv", "evidence-leaf-yield.en.html"]
    assert all((tmp_path / "out" / name).is_file() for name in files)
    assert run("potential", "--plot", "bridge.html").code == 0
    assert (tmp_path / "bridge.html").is_file()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["evidence", "-p", "Vraen"], "Did you mean 'Peru/VRAEM'"),
        (["evidence", "-q", "leaf_yeild"], "'leaf_yield'"),
        (["evidence", "--as-of", "soon"], "YYYY-MM-DD"),
        (["evidence", "--from", "2020", "--to", "2019"], "first year"),
        (["evidence", "--since", "2005"], "2018"),
        (["evidence", "--ledger", "nowhere"], "nowhere"),
        (["evidence", "-q", "leaf_yield", "--from", "2030", "--plot"], "no claim"),
        (["potential", "--year", "2020"], "Published for 2008"),
        (["potential", "--purity", "90"], "purity"),
    ],
)
def test_bad_input_is_one_message_and_exit_code_2(run, words: list[str], told: str) -> None:  # type: ignore[no-untyped-def]
    done = run(*words)
    assert (done.code, done.out) == (2, "")
    assert told in done.err
    assert "Traceback" not in done.err
    assert len(done.err.strip().splitlines()) == 1


def test_the_verb_is_callable_beside_its_package(tmp_path: Path) -> None:
    found = eslabon.evidence(quantity="coca_area_unodc", place="VRAEM")
    table = found.table()
    assert table.loc[table.taken & (table.year == 2013), "value"].tolist() == [19_167]
    assert set(table.columns) >= {"low", "high", "unit", "form", "bound_type", "grade", "publisher", "independence_group", "conflict", "preferred"}
    assert "VRAEM" in repr(found)
    assert found.plot(tmp_path / "page.html").is_file()
    assert claims_module.__name__ == "eslabon.evidence.claims"


def test_terminal_orders_in_a_ledger_are_not_obeyed() -> None:
    from eslabon.report.evidence_text import shown

    assert shown("\x1b[31mred\x07\u202e [bold]x[/bold] Kosñipata\u00a0ha").plain == "�[31mred�� [bold]x[/bold] Kosñipata\u00a0ha"


def test_words_have_both_languages() -> None:
    tables = ("evidence", "bridge", "quantity", "form", "bound", "grade")
    for lang in ("en", "es"):
        assert {key.partition(".")[0] for key in catalogue(lang)} >= set(tables)
    same = [
        k for k, words in catalogue("en").items() if k.partition(".")[0] in {"evidence", "bridge"} and len(words) > 12 and catalogue("es")[k] == words
    ]
    assert same == ["evidence.series_head", "bridge.ha_unodc"]
