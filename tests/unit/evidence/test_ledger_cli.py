"""`eslabon ledger`: what a user types, reads and gets as an exit code."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from eslabon.cli.main import main
from eslabon.evidence import ledger_chain, ledger_texts, lint
from eslabon.evidence.claims import CLAIM_COLUMNS, LEDGER_COLUMNS
from eslabon.evidence.ledger_store import read_folder
from eslabon.i18n import catalogue, phrase
from small_ledger import POINT, make_claim, make_ledger

Call = Callable[..., tuple[int, str, str]]
COLUMNS = [column for column in CLAIM_COLUMNS if column not in LEDGER_COLUMNS]


@pytest.fixture
def call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Call:
    """Return a function that runs the command in an empty folder and returns exit code, output and errors."""
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["eslabon", "ledger", *words])
        with pytest.raises(SystemExit) as left:
            main()
        shown = capsys.readouterr()
        return int(left.value.code or 0), shown.out, shown.err

    return run


def put(name: str, *changes: dict[str, Any], columns: list[str] = COLUMNS) -> None:
    """Write a file of claims, each a valid one with changes."""
    good = {**make_claim(source_id="repo_devida", unit="ha").model_dump(mode="json"), "conflict": 0, "preferred": 0}
    with Path(name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        writer.writerows({**good, "id": f"mine-{n}", **change} for n, change in enumerate(changes, start=1))


def test_verify_the_shipped_ledger(call: Call) -> None:
    code, out, _ = call("verify")
    assert code == 0
    assert "claims.csv: rows 1," in out
    assert "nothing but appending" in out
    code, out, _ = call("verify", "--json", "--lang", "es")
    document = json.loads(out)
    (pack,) = document["ledgers"]
    assert (code, document["ok"], pack["problems"]) == (0, True, [])
    assert call("verify", "--head", pack["claims.csv"]["head"])[0] == 0
    code, out, _ = call("verify", "--head", "0123456789abcdef", "--lang", "es")
    assert (code, "no es continuación" in out) == (1, True)


def test_append_is_dry_until_asked(call: Call) -> None:
    """The dry run shows the rows and writes nothing; --write writes; verify and lint then see both ledgers."""
    put("claims.csv", {}, {"value": 7, "corrects": "mine-1"}, columns=[*COLUMNS, "corrects"])
    code, out, _ = call("append", "claims.csv")
    assert (code, Path("ledger").exists()) == (0, False)
    assert "mine-2" in out
    assert "corrects mine-1" in out
    assert "Nothing was written" in out
    code, out, _ = call("append", "claims.csv", "--write", "--recorded", "2027-01-31", "--json")
    document = json.loads(out)
    assert (code, document["written"], document["seal"]["rows"], document["sources"]) == (0, True, 2, ["repo_devida"])
    ledger = read_folder(Path("ledger"))
    assert [str(claim.recorded) for claim in ledger.claims.values()] == ["2027-01-31"] * 2
    assert [claim.id for claim in ledger.select("coca_area_unodc", "Peru")] == ["mine-2"]
    assert len(json.loads(call("verify", "--json")[1])["ledgers"]) == 2
    assert json.loads(call("lint", "--json")[1])["ok"]
    code, out, _ = call("append", "claims.csv", "--write")
    assert (code, "taken" in out) == (2, True)
    assert len(read_folder(Path("ledger")).claims) == 2


def test_every_fault_is_shown_and_none_is_written(call: Call) -> None:
    """One line for each fault, with file, line and column; the good row does not enter either."""
    put(
        "claims.csv", {}, {"unit": "hectares"}, {"value": "many"}, {"source_id": "repo_divida"}, {"note": f"at {POINT}"},
        {"id": "C0001"}, {"id": "mine-1"}, {"note": "@SUM(A1)"}, {"bound_type": "range"},
    )  # fmt: skip
    code, out, _ = call("append", "claims.csv", "--write")
    assert code == 2
    assert not Path("ledger").exists()
    for line, words in ((3, "unknown unit"), (4, "valid number"), (5, "repo_devida"), (6, "coordinates"), (7, "taken"), (8, "taken"),
                        (9, "spreadsheet"), (10, "low and a high")):  # fmt: skip
        assert any(f"claims.csv: line {line}" in row and words in row for row in out.splitlines()), (line, words)
    document = json.loads(call("append", "claims.csv", "--json")[1])
    assert (len(document["faults"]), document["ok"], document["written"]) == (8, False, False)


def test_new_sources_come_in_a_file(call: Call) -> None:
    put("claims.csv", {"source_id": "new-report"})
    Path("sources.csv").write_text("source_id,title,publisher,year,url,kind\nnew-report,A report,An office,2024,,report\n", encoding="utf-8")
    assert call("append", "claims.csv")[0] == 2
    assert call("append", "claims.csv", "--sources", "sources.csv", "--write", "--ledger", "mine")[0] == 0
    assert read_folder(Path("mine")).claims["mine-1"].published == read_folder(Path("mine")).claims["mine-1"].published
    assert str(read_folder(Path("mine")).claims["mine-1"].published) == "2024-12-31"


BAD_FILES = [
    (b"", "a column is missing"),
    (b"id,quantity\n", "a column is missing"),
    (b"id,quantity,person\n", "unknown column"),
    (",".join(COLUMNS).encode() + b"\n", "no row"),
    (",".join(COLUMNS).encode() + b"\nmine-1,short\n", "cells"),
    (",".join(COLUMNS).encode() + b'\n"mine-1\n', "not CSV"),
    (b"\xff\xfe\x00", "UTF-8"),
]


@pytest.mark.parametrize(("content", "words"), BAD_FILES)
def test_a_bad_file_is_one_message(call: Call, content: bytes, words: str) -> None:
    """No traceback: the file, the place, the rule, and exit code 2."""
    Path("claims.csv").write_bytes(content)
    code, out, err = call("append", "claims.csv", "--write")
    assert (code, out) == (2, "")
    assert err.startswith("eslabon: claims.csv")
    assert words in err
    assert not Path("ledger").exists()


def test_a_missing_file(call: Call) -> None:
    code, _, err = call("append", "nowhere.csv")
    assert (code, "nowhere.csv" in err) == (2, True)
    code, _, err = call("lint", "--ledger", "nowhere")
    assert (code, "holds no ledger" in err) == (2, True)


def test_the_ledger_fills_its_own_columns(call: Call) -> None:
    put("claims.csv", {"hash": "0" * 64}, {"recorded": "2020-01-01"}, columns=list(CLAIM_COLUMNS))
    code, out, _ = call("append", "claims.csv")
    assert (code, out.count("the ledger fills this column")) == (2, 2)


def test_a_changed_own_ledger_is_a_finding(call: Call) -> None:
    """verify names the line and exits 1; append refuses with 2."""
    put("claims.csv", {}, {"value": 7})
    call("append", "claims.csv", "--write")
    path = Path("ledger/claims.csv")
    path.write_text(path.read_text(encoding="utf-8").replace("stock,7,", "stock,8,"), encoding="utf-8")
    code, out, _ = call("verify")
    assert (code, "claims.csv, line 3: this row does not follow" in out) == (1, True)
    code, out, _ = call("verify", "--lang", "es")
    assert "claims.csv, línea 3: esta fila no se sigue de la anterior" in out
    document = json.loads(call("verify", "--json")[1])
    assert document["ledgers"][1]["problems"][0] == {"file": "claims.csv", "line": 3, "rule": ledger_chain.LINK, "remedy": ledger_chain.RESTORE}
    put("more.csv", {"id": "mine-9"})
    code, _, err = call("append", "more.csv", "--write")
    assert (code, "claims.csv: line 3" in err) == (2, True)


def test_an_unfinished_append_is_said(call: Call) -> None:
    """A seal that announces rows: verify says so and exits 1; the next append clears it."""
    put("claims.csv", {})
    call("append", "claims.csv", "--write")
    path = Path("ledger/ledger.json")
    seal, _ = ledger_chain.read_seal(path.read_text(encoding="utf-8"))
    assert seal
    path.write_text(ledger_chain.Seal(seal.claims, seal.sources, (seal.claims, seal.sources)).text(), encoding="utf-8")
    code, out, _ = call("verify")
    assert (code, "did not finish" in out) == (1, True)
    put("more.csv", {"id": "mine-9"})
    assert call("append", "more.csv", "--write")[0] == 0
    assert call("verify")[0] == 0


def test_every_rule_has_its_words_in_spanish() -> None:
    """The rules and remedies of the chain and the lint, which arrive in English, are in both catalogues."""
    chain = {value for name, value in vars(ledger_chain).items() if name.isupper() and isinstance(value, str) and " " in value}
    texts = {ledger_texts.COORDINATE, ledger_texts.PHONE, ledger_texts.DOCUMENT, ledger_texts.MAIL, ledger_texts.PERSON}
    broken = (
        {"unit": "hectares"}, {"quantity": "leaf_production", "form": "not applicable", "unit": "t"}, {"period_start": "1800-12-31"},
        {"period_end": "2011-06-30"}, {"bound_type": "range"}, {"bound_type": "range", "low": "100", "high": "100"}, {"high": "101"},
        {"low": "99"}, {"corrects": "C1"}, {"published": "2012-01-01", "recorded": "2011-01-01"}, {"note": "tel. 987654321"},
    )  # fmt: skip
    found = [finding for changes in broken for finding in lint.lint_ledger(make_ledger(make_claim(**changes)))]
    assert len(found) >= len(broken)
    rules = {finding.rule for finding in found} | {finding.remedy for finding in found if not finding.remedy.startswith(("Did you", "Valid"))}
    for text in chain | texts | rules:
        assert phrase(text, "es") != text, text
    remarks = {key: words for key, words in catalogue("en").items() if key.startswith(("remark.ledger_", "remark.lint_"))}
    assert chain <= set(remarks.values())


def test_spanish_shows_findings_whole(call: Call) -> None:
    """A finding reads in Spanish to its end, the nearest word included."""
    from eslabon.cli.ledger import _remedy

    assert _remedy("Did you mean 'ha'?", "es") == "¿Quiso decir 'ha'?"
    assert _remedy("Valid: a, b.", "es") == "Válidos: a, b."
    assert _remedy("Mend the dates.", "es") == "Corrija las fechas."
    code, out, _ = call("lint", "--lang", "es")
    assert (code, "hallazgos: 0" in out) == (0, True)
