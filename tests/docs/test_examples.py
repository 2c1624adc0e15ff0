"""Every block of the documentation that is marked as runnable runs, in the order of its page, in an empty folder."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).resolve().parents[2]
BLOCK = re.compile(r"^```(\w+) ([^\n]+)\n(.*?)^```$", re.DOTALL | re.MULTILINE)


class Block(NamedTuple):
    """One marked block: its language, its marks, and its text."""

    language: str
    marks: tuple[str, ...]
    text: str


def blocks(page: Path) -> list[Block]:
    """Return the marked blocks of a page in order."""
    return [Block(language, tuple(marks.split()), text) for language, marks, text in BLOCK.findall(page.read_text(encoding="utf-8"))]


PAGES = [p for p in sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]) if blocks(p)]


def commands(block: Block, folder: Path) -> list[list[str]]:
    """Return a block as commands; `eslabon` is this interpreter's, and patterns of files are filled in."""
    if block.language == "python":
        return [[sys.executable, "-c", block.text]]
    found = []
    for line in block.text.splitlines():
        words = shlex.split(line, comments=True)
        if words:
            assert words[0] == "eslabon", f"a runnable line starts with eslabon: {line}"
            files = [str(p) for w in words[1:] for p in (sorted(folder.glob(w)) if "*" in w else [w])]
            found.append([sys.executable, "-m", "eslabon", *files])
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_page_runs(page: Path, tmp_path: Path) -> None:
    for block in blocks(page):
        if block.language == "toml":
            assert block.marks[0] == "scenario"
            (tmp_path / block.marks[1]).write_text(block.text, encoding="utf-8")
            continue
        assert block.marks[0] == "runnable"
        for command in commands(block, tmp_path):
            done = subprocess.run(
                command, cwd=tmp_path, env={**os.environ, "PYTHONUTF8": "1"}, capture_output=True, text=True, encoding="utf-8", timeout=300
            )
            wanted = 2 if "fails" in block.marks else 0
            assert done.returncode == wanted, f"{command}\n{done.stdout}\n{done.stderr}"


def test_the_marked_pages_are_found() -> None:
    assert {p.name for p in PAGES} >= {"first-answer.md", "write-a-scenario.md", "result-hash.md", "how-the-month-works.md", "README.md"}
