"""Building the Peru ledger from the evidence: rows that are there stay, new ones go to the end, and a change is refused."""

from __future__ import annotations

import csv
import datetime
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from eslabon.evidence.ledger_check import check_chain
from eslabon.evidence.ledger_store import read_folder

ROOT = Path(__file__).resolve().parents[3]
EVIDENCE = Path(os.environ.get("ESLABON_EVIDENCE", ROOT.parent / "shared" / "evidence"))
LEDGER = ("claims.csv", "sources.csv", "ledger.json")

pytestmark = pytest.mark.skipif(not (EVIDENCE / "claims.csv").exists(), reason="the evidence folder is not here")


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    """Return a copy of the evidence and of the tools, side by side, to be changed."""
    shutil.copytree(EVIDENCE, tmp_path / "evidence")
    shutil.copytree(ROOT / "tools", tmp_path / "tools", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "evidence"


def build(evidence: Path, pack: Path) -> tuple[int, str]:
    """Run the copied tool and return its exit code and errors."""
    done = subprocess.run(
        [sys.executable, str(evidence.parent / "tools" / "build_peru_pack.py"), str(evidence), str(pack)], capture_output=True, text=True, check=False
    )
    return done.returncode, done.stderr


def add(path: Path, text: str) -> None:
    """Add a line to a file."""
    path.write_text(path.read_text(encoding="utf-8") + text + "\n", encoding="utf-8")


def swap(path: Path, old: str, new: str) -> None:
    """Replace the first occurrence of a text in a file."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


NEW = "X9001,coca_area_unodc,Peru,2024,89700,,,ha,repo_devida,a later table,direct,revised"


def test_building_again_changes_nothing(evidence: Path, pack_copy: Path) -> None:
    before = {name: (pack_copy / name).read_bytes() for name in LEDGER}
    assert build(evidence, pack_copy) == (0, "")
    assert {name: (pack_copy / name).read_bytes() for name in LEDGER} == before


def test_a_new_row_goes_to_the_end(evidence: Path, pack_copy: Path, tmp_path: Path) -> None:
    """With its day and what it corrects; the old bytes stay in front; building from nothing gives the same bytes."""
    tools = evidence.parent / "tools"
    old = read_folder(pack_copy)
    corrected = old.preferred("coca_area_unodc", "Peru")[2024]
    add(tools / "extra_claims.csv", NEW)
    add(tools / "extra_ledger.csv", f"X9001,2027-03-01,2027-02-15,{corrected.id},the office revised it")
    before = {name: (pack_copy / name).read_bytes() for name in LEDGER[:2]}
    assert build(evidence, pack_copy) == (0, "")
    assert (pack_copy / "claims.csv").read_bytes().startswith(before["claims.csv"])
    assert (pack_copy / "sources.csv").read_bytes() == before["sources.csv"]
    claim = list(read_folder(pack_copy).claims.values())[-1]
    assert (claim.id, claim.corrects, str(claim.recorded), str(claim.published)) == ("X9001", corrected.id, "2027-03-01", "2027-02-15")
    assert read_folder(pack_copy).preferred("coca_area_unodc", "Peru")[2024].id == "X9001"
    assert read_folder(pack_copy).as_known(datetime.date(2026, 12, 31)).preferred("coca_area_unodc", "Peru")[2024].id == corrected.id
    anew = tmp_path / "anew"
    anew.mkdir()
    for path in pack_copy.glob("*.csv"):
        if path.name not in LEDGER:
            shutil.copy(path, anew)
    assert build(evidence, anew) == (0, "")
    assert all((anew / name).read_bytes() == (pack_copy / name).read_bytes() for name in (*LEDGER, "observations.csv"))
    assert check_chain(anew).problems == ()


REFUSED = [
    ("evidence/claims.csv", ",1517,", ",1518,", "claim C0001", "otherwise"),
    ("evidence/claims.csv", "C0001,", "C9001,", "claim C0001", "evidence has not"),
    ("evidence/sources.csv", "UNODC / Government of Peru", "UNODC and Government of Peru", "source unodc2005fs", "otherwise"),
    ("tools/extra_ledger.csv", "X0135,,2011-12-31,", "X0135,,2012-12-31,", "claim X0135", "otherwise"),
    ("tools/peru_dates.py", "datetime.date(2026, 11, 25)", "datetime.date(2026, 11, 26)", "claim C0001", "otherwise"),
]


@pytest.mark.parametrize(("file", "old", "new", "place", "words"), REFUSED)
def test_a_change_to_an_old_row_is_refused(evidence: Path, pack_copy: Path, file: str, old: str, new: str, place: str, words: str) -> None:
    """The row is named, the remedy is a correction, and not a byte changes."""
    before = {name: (pack_copy / name).read_bytes() for name in LEDGER}
    swap(evidence.parent / file, old, new)
    code, errors = build(evidence, pack_copy)
    assert code == 2
    assert place in errors
    assert words in errors
    assert "add a claim that corrects it" in errors
    assert "Traceback" not in errors
    assert {name: (pack_copy / name).read_bytes() for name in LEDGER} == before


def test_a_later_row_needs_its_day(evidence: Path, pack_copy: Path) -> None:
    add(evidence.parent / "tools" / "extra_claims.csv", NEW)
    code, errors = build(evidence, pack_copy)
    assert (code, "X9001" in errors, "extra_ledger.csv" in errors) == (2, True, True)


def test_a_tampered_ledger_is_not_built_upon(evidence: Path, pack_copy: Path) -> None:
    swap(pack_copy / "claims.csv", "stock,1517,", "stock,1518,")
    code, errors = build(evidence, pack_copy)
    assert (code, "claims.csv: line 2" in errors) == (2, True)


def test_every_override_has_a_reason() -> None:
    with (ROOT / "tools" / "extra_ledger.csv").open(encoding="utf-8", newline="") as file:
        assert all(row["reason"] for row in csv.DictReader(file))
