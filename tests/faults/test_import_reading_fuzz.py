"""A few broken files of `tools/fuzz_import.py`, and that it finds what is planted."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

import fuzz_import
from eslabon.errors import InputError
from eslabon.evidence.tables.codes import TableError
from eslabon.evidence.tables.grid import Workbook


def test_sixty_broken_files_are_read_or_refused_with_reasons() -> None:
    outcomes = list(fuzz_import.fuzz(60, seed=2024))
    assert [finding for outcome in outcomes for finding in outcome.findings] == []
    answers = {outcome.answer for outcome in outcomes}
    assert len(answers & {"E-XML", "E-ZIP-DAMAGED", "E-ENCODING-BYTE", "E-ENCODING-MIXED", "E-QUOTE", "E-DAMAGED"}) >= 3, "too tame"


def test_a_broken_file_is_the_same_whatever_the_count() -> None:
    assert list(fuzz_import.broken_files(3, 5)) == list(fuzz_import.broken_files(9, 5))[:3]
    assert list(fuzz_import.broken_files(3, 5)) != list(fuzz_import.broken_files(3, 6))


@pytest.mark.parametrize(
    ("raised", "found"),
    [
        (KeyError("zona"), "KeyError"),
        (InputError("a rule without a remedy"), "lacks rule or remedy"),
        (InputError("a rule", remedy="Traceback (most recent call last)"), "no single paragraph"),
        (TableError("E-READER", file="sample.csv"), "without a reason"),
        (TableError("E-EMPTY"), "does not name the file"),
    ],
)
def test_planted_faults_are_found(raised: Exception, found: str, tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    path.write_bytes(fuzz_import.samples_once()["comma.csv"])

    def interpret(workbook: Workbook) -> Iterator[fuzz_import.ImportReport]:
        raise raised

    outcome = fuzz_import.try_file(path, interpret)
    assert any(found in finding.what for finding in outcome.findings), outcome


def test_a_hang_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "sample.csv"
    path.write_text("a;b\n")
    monkeypatch.setattr(fuzz_import, "HANG_S", 0.0)
    assert "hangs" in fuzz_import.try_file(path, lambda workbook: iter(())).findings[0].what
