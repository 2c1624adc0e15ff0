"""The first boundary scenarios of `tools/boundary_scenarios.py`, and that it finds what is planted."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

import boundary_scenarios as boundary
from eslabon.policies.levers import LEVERS
from eslabon.policies.scenario import STARTS
from eslabon.stages import carriage, labour

COUNT, PARTS = 60, 6


@pytest.mark.parametrize("part", range(PARTS))
def test_nothing_breaks_at_the_edges(part: int) -> None:
    """Sixty of the two thousand: every lever alone or with others, every start and corner of the parameters among them."""
    faults = [f for n in chosen()[part::PARTS] for f in boundary.try_number(n)]
    assert faults == []


def chosen() -> list[int]:
    """Return every second lever's bounds alone, and thirty combinations."""
    singles = [n for n in range(2 * len(LEVERS)) if n // 2 % 2 == 0]
    return [*singles, *range(2 * len(LEVERS), 2 * len(LEVERS) + COUNT - len(singles))]


@pytest.mark.parametrize("number", [113, 164, 245])
def test_fortunes_are_counted_to_the_bit(number: int) -> None:
    """Where leaf cost a hundred dollars, a month's sale was once more than float32 holds to a sixteenth of a dollar."""
    assert boundary.try_number(number) == []


def test_the_sixty_reach_every_start_lever_corner_and_a_rival() -> None:
    cases = [boundary.make_case(n) for n in chosen()]
    assert len(cases) == COUNT
    assert {c.scenario.start for c in cases} == set(STARTS)
    assert {name for c in cases for name in c.scenario.pulls} == set(LEVERS)
    assert {c.corner for c in cases} == {"drawn", "least", "most", "mixed"}
    assert any(c.scenario.structure for c in cases)
    for name, p in boundary.small_region().parameters.items():
        fixed = [c.parameters[name].default for c in cases if c.corner != "drawn"]
        assert {p.low, p.high} <= set(fixed), name


def test_a_case_is_made_again_from_its_number() -> None:
    assert boundary.make_case(77) == boundary.make_case(77)
    assert boundary.make_case(77).scenario.pulls != boundary.make_case(77, seed=1).scenario.pulls


@pytest.mark.parametrize(("value", "kind"), [(-1.0, "negative"), (np.nan, "non-finite"), (np.inf, "non-finite")])
def test_a_planted_value_is_found_where_it_is(value: float, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the labour stage, from the second month of the books on."""
    case = boundary.make_case(4)
    planted = boundary.OPENINGS[case.scenario.start].books_open + 1
    plain = labour.advance

    def spoilt(**given: object) -> dict[str, np.ndarray]:
        found = plain(**given)  # type: ignore[arg-type]
        if given["month"] >= planted:  # type: ignore[operator]
            found["child_workers"] = found["child_workers"].copy()
            found["child_workers"][-1, 2] = value
        return found

    monkeypatch.setattr(labour, "advance", spoilt)
    (fault,) = boundary.try_case(case)
    assert (fault.kind, fault.stage, fault.variable) == (kind, "labour", "child_workers")
    assert (fault.member, fault.month) == (case.members[-1], boundary.month_text(planted))


def test_a_planted_leak_and_a_broken_stage_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    case = boundary.make_case(4)
    plain = carriage.advance

    def leaking(**given: object) -> dict[str, np.ndarray]:
        found = plain(**given)  # type: ignore[arg-type]
        return {**found, "product.exported": 1.001 * found["product.exported"]}

    monkeypatch.setattr(carriage, "advance", leaking)
    assert {f.kind for f in boundary.try_case(case)} == {"imbalance"}
    monkeypatch.setattr(carriage, "advance", lambda **given: 1 / 0)
    (fault,) = boundary.try_case(case)
    assert fault.kind == "stopped"
    assert "ZeroDivisionError" in fault.variable


def test_a_household_out_of_its_bounds_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    case = boundary.make_case(4)
    tighter = tuple(f._replace(high=0.5) if f.name == "soil" else f for f in boundary.HOUSEHOLD_FIELDS)
    monkeypatch.setattr(boundary, "HOUSEHOLD_FIELDS", tighter)
    assert {(f.kind, f.variable) for f in boundary.try_case(case)} == {("out of bounds", "soil")}
