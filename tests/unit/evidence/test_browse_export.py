"""Exports: the same values, units, nulls and letters after a round trip; a valid package; no cell that a spreadsheet runs."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from eslabon.errors import InputError
from eslabon.evidence.browse import Browsed, Question, browse
from eslabon.evidence.claims import Claim, Ledger, Source
from eslabon.evidence.export import export, guarded, plain_text
from eslabon.evidence.pack import RegionPack

HOSTILE = [
    "=1+1", "=HYPERLINK(\"http://x\",\"y\")", "=cmd|'/c calc'!A1", "+1+1", "-1+1", "-2.5% on 2003", "@SUM(A1:A2)", "\t=1+1", "\r=1+1", "\n=1+1",
    " =1+1", "  +1", "'=1+1", "''", "'", "＝1+1", "＋1", "－1", "＠SUM(1)", "=DDE(\"a\";\"b\";\"c\")", "=IMPORTXML(\"http://x\")", "+", "-", "=", "@",
    "\u00a0=1+1", "\u2003-1", "=\"a\"&\"b\"", "-", "+A1;=B1",
]  # fmt: skip
"""Thirty texts that a spreadsheet may run."""
NUMBER = re.compile(r"-?\d+(\.\d+)?(e[-+]?\d+)?")


def odd_claims() -> Ledger:
    """Return claims with leading zeros, accents, nothing, negative numbers, line ends and formulas in their texts."""
    base: dict[str, Any] = {
        "quantity": "leaf_price_change", "form": "hoja de coca, ñandú", "unit": "percent", "place": "Peru/Aguaytía", "period_start": "2010-01-01",
        "period_end": "2010-12-31", "kind": "ratio", "value": -2.75, "low": None, "high": None, "bound_type": "exact", "grade": "B",
        "confidence": "secondary", "conflict": False, "preferred": False, "source_id": "s1", "locator": "", "independence_group": "g",
        "series_break": "", "note": "", "published": "2011-05-06",
    }  # fmt: skip
    claims = [Claim.model_validate({**base, "id": f"{n:04d}", "note": text}) for n, text in enumerate(HOSTILE)]
    last = {"id": "9001", "value": 1 / 3, "low": -1.0, "high": 1e12, "note": 'a "quoted", text\nof two lines — Kosñipata'}
    claims.append(Claim.model_validate({**base, **last}))
    source = Source(source_id="s1", title="=Informe: «coca» ñ", publisher="-UNODC", year=None, url="https://example.org/?a=1,2", kind="press")
    return Ledger({claim.id: claim for claim in claims}, {"s1": source})


@pytest.fixture
def odd(peru: RegionPack) -> Browsed:
    return browse(replace(peru, ledger=odd_claims()))


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def restored(rows: list[dict[str, str]]) -> list[dict[str, Any]]:
    """Return cells as a reader gets them who knows only the rules written in the package: types by column, guard off."""
    numbers, flags = {"value", "low", "high", "year", "segment", "source_year"}, {"conflict", "preferred", "taken", "part_year"}
    found = []
    for row in rows:
        cells: dict[str, Any] = {}
        for name, cell in row.items():
            if name in numbers:
                cells[name] = float(cell) if cell else None
            elif name in flags:
                cells[name] = {"1": True, "0": False}[cell]
            else:
                cells[name] = cell[1:] if cell.startswith("'") else cell
        found.append(cells)
    return found


def test_csv_gives_back_every_cell(odd: Browsed, tmp_path: Path) -> None:
    (path,) = export(odd, tmp_path, "csv")
    assert restored(read_csv(path)) == [dict(row) for row in odd.rows()]
    assert [row["id"] for row in read_csv(path)][:2] == ["0000", "0001"]


def test_csv_of_the_whole_ledger_gives_back_every_cell(peru: RegionPack, tmp_path: Path) -> None:
    found = browse(peru)
    (path,) = export(found, tmp_path, "csv")
    assert restored(read_csv(path)) == found.rows()
    assert len(read_csv(path)) == len(peru.ledger.claims)


@pytest.mark.parametrize("kind", ["csv", "frictionless"])
def test_no_cell_begins_like_a_formula(odd: Browsed, tmp_path: Path, kind: Any) -> None:
    for path in export(odd, tmp_path, kind):
        if path.suffix != ".csv":
            continue
        for row in read_csv(path):
            for name, cell in row.items():
                first = cell.strip()[:1]
                assert first not in {"=", "+", "-", "@", "＝", "＋", "－", "＠"} or NUMBER.fullmatch(cell), (name, cell)
                assert cell[:1] not in {"\t", "\r", "\n"}, (name, cell)


@pytest.mark.parametrize("text", HOSTILE)
def test_the_guard_comes_off_again(text: str) -> None:
    assert plain_text(guarded(text)) == text
    assert guarded(text).startswith("'")


@pytest.mark.parametrize("text", ["UNODC", "0012", "Kosñipata", "2-3", "a=b", ""])
def test_harmless_text_is_left_alone(text: str) -> None:
    assert guarded(text) == text


def test_negative_numbers_stay_numbers(odd: Browsed, tmp_path: Path) -> None:
    (path,) = export(odd, tmp_path, "csv")
    assert {row["value"] for row in read_csv(path)} == {"-2.75", repr(1 / 3)}
    assert [row["low"] for row in read_csv(path)][-1] == "-1"


def test_the_package_is_valid_and_says_whose_figures_they_are(odd: Browsed, peru: RegionPack, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    for name, found in (("odd", odd), ("area", browse(peru, Question("coca_area_unodc", "Perú")))):
        files = export(found, tmp_path / name, "frictionless")
        report = frictionless.validate(str(files[0]))
        assert report.valid, report.flatten(["type", "message"])
        package = json.loads(files[0].read_text(encoding="utf-8"))
        used = {claim.source_id for claim in found.claims}
        assert {row["source_id"] for row in read_csv(tmp_path / name / "sources.csv")} == used
        assert len(package["sources"]) == len(used)
        assert package["licenses"][0]["name"] == "CC-BY-4.0"
        assert any("UNODC" in source["title"] for source in package["sources"])


def test_a_spoilt_package_is_found(peru: RegionPack, tmp_path: Path) -> None:
    frictionless = pytest.importorskip("frictionless")
    files = export(browse(peru, Question("leaf_yield")), tmp_path, "frictionless")
    path = tmp_path / "claims.csv"
    path.write_text(path.read_text(encoding="utf-8").replace("unodc2005fs", "nobody"), encoding="utf-8")
    assert not frictionless.validate(str(files[0])).valid


def test_nothing_is_not_exported(peru: RegionPack, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no claim"):
        export(browse(peru, Question("leaf_yield", "Peru", 1900, 1950)), tmp_path, "csv")
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot write"):
        export(browse(peru, Question("leaf_yield")), tmp_path / "file", "csv")
