"""The reference pages say what the code says, and every stage says what it must."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from types import ModuleType

import pytest

from eslabon.month import STAGES, Stage

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "benchmarks" / "README.md"])
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
CLAIM = re.compile(r"\b(?:[CX]\d{4}|(?:seed|rule)-\d{3})\b")
LONGEST_README = 150


def test_reference_pages_equal_a_fresh_build(build_docs: ModuleType) -> None:
    assert build_docs.stale() == [], "run: python tools/build_docs.py"


def test_a_changed_page_is_noticed(build_docs: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build_docs, "DOCS", tmp_path)
    build_docs.write()
    (tmp_path / "mine.md").write_text("not generated", encoding="utf-8")
    (tmp_path / "reference" / "levers.md").write_text("old", encoding="utf-8")
    (tmp_path / "reference" / "left-over.md").write_text("old", encoding="utf-8")
    (tmp_path / "reference" / "state.md").unlink()
    (tmp_path / "explanation" / "ODD.md").write_text("old", encoding="utf-8")
    assert build_docs.stale() == ["explanation/ODD.md", "reference/left-over.md", "reference/levers.md", "reference/state.md"]
    build_docs.write()
    assert (tmp_path / "mine.md").exists()
    assert build_docs.stale() == []


@pytest.mark.parametrize("stage", STAGES, ids=lambda s: s.name)
def test_stage_docstring_has_its_sections(stage: Stage, build_docs: ModuleType) -> None:
    told = build_docs.sections(stage.module.__doc__ or "")
    assert [name for name in ("", *build_docs.SECTIONS) if not told.get(name)] == []


@pytest.mark.parametrize("stage", STAGES, ids=lambda s: s.name)
def test_stage_conserves_what_it_says(stage: Stage, build_docs: ModuleType) -> None:
    last = build_docs.sections(stage.module.__doc__ or "")["Reads / Writes / Conserves"].rsplit("conserves ", 1)[-1]
    named = set(re.findall(r"leaf|product|money|land|people|prisoners", last))
    assert named == set(re.findall(r"[a-z]+", stage.conserves))


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    targets = [t for t in LINK.findall(page.read_text(encoding="utf-8")) if "://" not in t]
    assert [t for t in targets if not (page.parent / t).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_anchors_are_headings(page: Path) -> None:
    def anchors(path: Path) -> set[str]:
        headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE)
        return {re.sub(r"[^\w\- ]", "", h.lower()).replace(" ", "-") for h in headings}

    named = re.findall(r"\]\(([^)#\s:]*)#([^)\s]+)\)", page.read_text(encoding="utf-8"))
    assert [(file, name) for file, name in named if name not in anchors(page.parent / file if file else page)] == []


def test_claims_named_in_hand_written_pages_exist() -> None:
    from eslabon.api import load_region

    known = load_region().pack.ledger.claims
    named = {c for page in PAGES for c in CLAIM.findall(page.read_text(encoding="utf-8"))}
    assert sorted(named - set(known)) == []


def test_readme_is_short_and_its_api_names_exist() -> None:
    import eslabon

    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_README
    for block in re.findall(r"```python[^\n]*\n(.*?)```", text, re.DOTALL):
        names = [n.attr for n in ast.walk(ast.parse(block)) if isinstance(n, ast.Attribute) and isinstance(n.value, ast.Name) and n.value.id == "es"]
        assert names and all(hasattr(eslabon, name) for name in names)
