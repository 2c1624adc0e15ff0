"""Files made to exhaust memory or time, and a reading process that lies: each is refused with its code, the reader hardly grows."""

from __future__ import annotations

import dataclasses
import json
import sys
import tracemalloc
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from eslabon.evidence.tables import reading
from eslabon.evidence.tables.bounds import LIMITS, Limits
from eslabon.evidence.tables.child import OUT_OF_MEMORY, answer, set_limits
from eslabon.evidence.tables.codes import TableError
from eslabon.evidence.tables.reading import read_workbook
from import_samples import bombs, clean_files

GROWTH_BYTES = 64_000_000
BOMBS = bombs()


@pytest.mark.parametrize("name", BOMBS)
def test_bomb_is_refused(name: str, tmp_path: Path) -> None:
    content, expected = BOMBS[name]
    path = tmp_path / name
    path.write_bytes(content)
    tracemalloc.start()
    try:
        with pytest.raises(TableError) as caught:
            read_workbook(path)
        assert tracemalloc.get_traced_memory()[1] < GROWTH_BYTES
    finally:
        tracemalloc.stop()
    assert caught.value.code in expected, str(caught.value)
    assert name in str(caught.value) and caught.value.remedy


def test_memory_of_the_reading_process_is_bounded(tmp_path: Path) -> None:
    """A table that reads well in the usual bounds is refused, not killed, in narrower ones."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(clean_files(4000)["clean.xlsx"])
    assert len(read_workbook(path).sheets[0].rows) == 4001
    with pytest.raises(TableError) as caught:
        read_workbook(path, dataclasses.replace(LIMITS, memory_bytes=28_000_000))
    assert caught.value.code == "E-MEMORY"


def test_time_of_the_reading_process_is_bounded(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a;b\n")
    with pytest.raises(TableError) as caught:
        read_workbook(path, dataclasses.replace(LIMITS, wall_s=0.001))
    assert caught.value.code == "E-TIME"


def test_a_system_without_memory_bounds_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "resource", None)
    assert set_limits(LIMITS) is False
    notes = json.loads(answer(b"a;b\n", LIMITS, bounded=False)[0])["notes"]
    assert "W-UNBOUNDED" in [note["code"] for note in notes]


HEAD = {"format": "csv", "encoding": "utf-8", "notes": []}
SHEET = {"sheet": "", "hidden": False, "width": 1, "height": 1, "blocks": [], "hidden_rows": [], "hidden_columns": [], "lines": [1]}
LIES: dict[str, tuple[list[object], str]] = {
    "nothing": ([], "E-READER"),
    "no object": ([["x"]], "E-READER"),
    "unknown code": ([{"refusal": {"code": "E-NONE"}}], "E-READER"),
    "unknown format": ([{**HEAD, "format": "pickle"}, SHEET, ["x"], {"end": "SHA"}], "E-READER"),
    "another file's digest": ([HEAD, SHEET, ["x"], {"end": "00"}], "E-CHANGED"),
    "row too long": ([HEAD, SHEET, ["x", "y"], {"end": "SHA"}], "E-READER"),
    "row missing": ([HEAD, SHEET, {"end": "SHA"}], "E-READER"),
    "no end": ([HEAD, SHEET, ["x"]], "E-READER"),
    "more after the end": ([HEAD, SHEET, ["x"], {"end": "SHA"}, 1], "E-READER"),
    "wrong kind": ([HEAD, SHEET, [["code", "x", None, None, "", False]], {"end": "SHA"}], "E-READER"),
    "text for a number": ([HEAD, SHEET, [["number", "x", "1", None, "", False]], {"end": "SHA"}], "E-READER"),
    "no date": ([HEAD, SHEET, [["date", "x", None, "31/12/2013", "", False]], {"end": "SHA"}], "E-READER"),
    "short cell": ([HEAD, SHEET, [["number"]], {"end": "SHA"}], "E-READER"),
    "unknown note": ([{**HEAD, "notes": [{"code": "X"}]}, SHEET, ["x"], {"end": "SHA"}], "E-READER"),
    "odd note": ([{**HEAD, "notes": [1]}, SHEET, ["x"], {"end": "SHA"}], "E-READER"),
    "odd head": ([HEAD, {"sheet": "", "width": "x"}, {"end": "SHA"}], "E-READER"),
    "too many rows claimed": ([HEAD, {**SHEET, "height": 10**12}, ["x"], {"end": "SHA"}], "E-READER"),
    "too wide a sheet": ([HEAD, {**SHEET, "width": 10**12}, ["x"], {"end": "SHA"}], "E-READER"),
}


@pytest.mark.parametrize("lie", LIES)
def test_reading_process_is_not_trusted(lie: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answer, code = LIES[lie]
    written = "".join(json.dumps(line) + "\n" for line in answer)
    script = f"import hashlib, sys; print({written!r}.replace('SHA', hashlib.sha256(sys.stdin.buffer.read()).hexdigest()), end='')"
    assert _refusal_by(script, tmp_path, monkeypatch) == code


@pytest.mark.parametrize(
    ("script", "code"),
    [
        ("while True: print('x' * 10_000)", "E-READER"),
        ("while True: print('x' * 10_000, end='')", "E-TEXT-TOTAL"),
        ("while True: pass", "E-TIME"),
        ("import os; os.abort()", "E-READER"),
        ("print('{\"format\": NaN}')", "E-READER"),
        ("print('[' * 100_000)", "E-READER"),
        ("raise SystemExit(1)", "E-READER"),
        (f"raise SystemExit({OUT_OF_MEMORY})", "E-MEMORY"),
    ],
)
def test_reading_process_that_goes_wrong(script: str, code: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert _refusal_by(script, tmp_path, monkeypatch, dataclasses.replace(LIMITS, wall_s=1.0, answer_bytes=1_000_000)) == code


def _refusal_by(script: str, folder: Path, monkeypatch: pytest.MonkeyPatch, limits: Limits = LIMITS) -> str:
    monkeypatch.setattr(reading, "START", script)
    path = folder / "a.csv"
    path.write_text("a;b\n")
    with pytest.raises(TableError) as caught:
        read_workbook(path, limits)
    return caught.value.code


def test_reading_process_loads_nothing_heavy_and_writes_nothing(tmp_path: Path) -> None:
    """The readers use the standard library alone, so that a file meets as little code as can be."""
    import subprocess

    import eslabon

    code = (
        "import sys; sys.path.append(sys.argv[1]); sys.argv = ['x']\n"
        "from eslabon.evidence.tables import child, reading_delimited, reading_encoding, reading_html, reading_ods, reading_xlsx\n"
        "child.set_limits(child.Limits())\n"
        "print(sorted({m.split('.')[0] for m in sys.modules} - set(sys.stdlib_module_names) - {'__main__'}))\n"
        "try:\n    open(sys.stdin.readline().strip(), 'w').write('x' * 9999)\n    print('wrote')\nexcept OSError:\n    print('refused')"
    )
    package = str(Path(eslabon.__file__).parents[1])
    asked = [sys.executable, "-I", "-S", "-c", code, package]
    done = subprocess.run(asked, capture_output=True, text=True, check=False, input=str(tmp_path / "out"))
    assert done.stdout.split("\n")[0] == "['eslabon']", done.stderr
    assert "wrote" not in done.stdout
