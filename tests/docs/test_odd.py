"""The description of the model leaves nothing out: every row of the system, lever, outcome, parameter and scenario has its place."""

from __future__ import annotations

import re
from pathlib import Path
from types import ModuleType

import pytest

from eslabon.api import Region, scenarios
from eslabon.month import STAGES
from eslabon.policies.levers import LEVERS
from eslabon.policies.structures import STRUCTURES, TEST_ONLY
from eslabon.stages.observe import OUTCOMES
from eslabon.variables import VARIABLES

ROOT = Path(__file__).resolve().parents[2]
ODD = ROOT / "docs" / "explanation" / "ODD.md"
ROWS = [f"R{i}" for i in range(1, 22)]
NEEDED = {"system", "told", "files", "outcomes", "leaves_out"}
OPTIONAL = {"levers", "levers_in_words", "outcomes_in_words", "exists", "later"}
ELEMENTS = (
    "Purpose and patterns", "Entities, state variables and scales", "Process overview and scheduling", "Theoretical and empirical background",
    "Individual decision-making", "Learning", "Individual sensing", "Individual prediction", "Interaction", "Collectives", "Heterogeneity",
    "Stochasticity", "Observation", "Implementation", "Initialisation", "Input data", "Submodels",
)  # fmt: skip


@pytest.fixture(scope="module")
def rows(build_docs: ModuleType) -> dict[str, dict[str, object]]:
    found: dict[str, dict[str, object]] = build_docs.tables.system_rows()
    return found


@pytest.fixture(scope="module")
def odd() -> str:
    return ODD.read_text(encoding="utf-8")


def test_the_rows_are_r1_to_r21_each_whole(rows: dict[str, dict[str, object]]) -> None:
    assert list(rows) == ROWS
    for number, row in rows.items():
        assert row.keys() >= NEEDED and row.keys() <= NEEDED | OPTIONAL, number
        assert row["leaves_out"] or row.get("later"), number


def test_every_outcome_has_one_row_and_every_lever_and_stage_a_row(rows: dict[str, dict[str, object]]) -> None:
    named = [o for row in rows.values() for o in list(row["outcomes"])]  # type: ignore[call-overload]
    assert sorted(named) == sorted({o.name for o in OUTCOMES})
    assert {v.row for v in LEVERS.values()} <= set(ROWS)
    assert {r for s in STAGES for r in s.rows.split()} <= set(ROWS)
    assert {lever for row in rows.values() for lever in list(row.get("levers", []))} <= set(LEVERS)  # type: ignore[call-overload]


def test_every_row_lives_somewhere(rows: dict[str, dict[str, object]]) -> None:
    for number, row in rows.items():
        files = [ROOT / "src" / "eslabon" / str(f) for f in list(row["files"])]  # type: ignore[call-overload]
        assert [f for f in files if not f.exists()] == [], number
        assert files or any(number in s.rows.split() for s in STAGES), number


def test_the_protocol_is_followed(odd: str) -> None:
    headings = re.findall(r"^### \d\.\d+ (.+)$", odd, re.MULTILINE)
    assert [e for e in ELEMENTS if e not in headings] == []
    assert [r for r in ROWS if f"\n| {r} | **" not in odd] == []


def test_nothing_is_left_out(odd: str, region: Region) -> None:
    names = [*region.parameters, *LEVERS, *(o.name for o in OUTCOMES), *(v.name for v in VARIABLES), *STRUCTURES, *region.pack.series]
    assert [n for n in names if f"| `{n}` |" not in odd] == []
    assert [s.name for s in STAGES if not re.search(rf"^#### \d+\. {s.name} ", odd, re.MULTILINE)] == []


def test_the_template_must_name_every_table_and_no_other(build_docs: ModuleType) -> None:
    template = build_docs.TEMPLATE.read_text(encoding="utf-8")
    with pytest.raises(ValueError, match="levers"):
        build_docs.odd_page(template.replace("\n{{levers}}\n", "\n"))
    with pytest.raises(ValueError, match="invented"):
        build_docs.odd_page(template + "\n{{invented}}\n")


def test_words_exist_for_every_way_a_lever_acts(build_docs: ModuleType) -> None:
    assert {v.how for v in LEVERS.values()} <= set(build_docs.HOW)
    page = (ROOT / "docs" / "reference" / "structures.md").read_text(encoding="utf-8")
    assert [n for n in (*STRUCTURES, *TEST_ONLY) if f"| `{n}` |" not in page] == []


def test_every_shipped_scenario_answers_a_question() -> None:
    page = (ROOT / "docs" / "how-to" / "compare-policies.md").read_text(encoding="utf-8")
    assert [n for n in scenarios() if not re.search(rf"[` ]{re.escape(n)}`", page)] == []
