"""The ledger: selection, the value to prefer, and its lint."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from eslabon.evidence.lint import lint_columns, lint_ledger
from eslabon.evidence.pack import RegionPack
from small_ledger import make_claim, make_ledger

ORDER = [
    make_claim(id="contested", conflict="1"),
    make_claim(id="memory", grade="M"),
    make_claim(id="statement", grade="C"),
    make_claim(id="derived", grade="D"),
    make_claim(id="second_hand", grade="B"),
    make_claim(id="direct", grade="A"),
    make_claim(id="marked", grade="B", conflict="1", preferred="1"),
]


@pytest.mark.parametrize("count", range(1, len(ORDER) + 1))
def test_preferred_order(count: int) -> None:
    """Each better kind of claim wins over all before it, wherever it stands in the file."""
    for claims in (ORDER[:count], ORDER[:count][::-1]):
        assert make_ledger(*claims).preferred("coca_area_unodc", "Peru")[2010].id == ORDER[count - 1].id


def test_preferred_leaves_out_spans_of_years() -> None:
    """A figure over several years is nobody's value for one."""
    ledger = make_ledger(make_claim(period_start="2009-12-31"))
    assert ledger.preferred("coca_area_unodc", "Peru") == {}
    assert [claim.id for claim in ledger.select("coca_area_unodc", "Peru", 2009)] == ["C1"]


def test_preferred_published(peru: RegionPack) -> None:
    """The values of the evidence README's core table are the ones preferred."""
    area = peru.ledger.preferred("coca_area_unodc", "Peru")
    vraem = peru.ledger.preferred("coca_area_unodc", "Peru/VRAEM")
    eradication = peru.ledger.preferred("eradication", "Peru")
    assert [area[year].value for year in (2001, 2011, 2018, 2021, 2024)] == [46200, 62500, 54134, 80681, 89755]
    assert [vraem[year].value for year in (2005, 2017, 2019, 2022)] == [15500, 21535, 26028, 35709]
    assert [eradication[year].value for year in (2003, 2013, 2017, 2024)] == [11312, 23900, 23096.08, 26475]
    assert list(area) == sorted(area)


def test_select(peru: RegionPack) -> None:
    """Any of quantity, place and year narrows the choice."""
    everything = peru.ledger.select()
    assert len(everything) == len(peru.ledger.claims)
    assert {claim.value for claim in peru.ledger.select("coca_area_unodc", "Peru", 2011)} == {62500, 64400}
    assert len(peru.ledger.select(quantity="policy_event")) == 3
    assert peru.ledger.select("no_such_quantity") == []


def test_claims_cannot_change_or_grow() -> None:
    """A claim is frozen and has no room for a person."""
    with pytest.raises(ValidationError):
        make_claim(person="somebody")
    with pytest.raises(ValidationError):
        make_claim().value = 3.0


BROKEN = [
    ({"unit": "hectares"}, "unknown unit"),
    ({"quantity": "leaf_production", "form": "not applicable", "unit": "t"}, "must say its form"),
    ({"period_start": "1800-12-31"}, "1900-2100"),
    ({"period_end": "2011-06-30"}, "31 December"),
    ({"source_id": "unheard_of"}, "no source"),
    ({"bound_type": "range"}, "low and a high"),
]


@pytest.mark.parametrize(("changes", "words"), BROKEN)
def test_lint_finds(changes: dict[str, object], words: str) -> None:
    """Each broken claim gives exactly one finding."""
    findings = lint_ledger(make_ledger(make_claim(**changes)))
    assert len(findings) == 1
    assert words in findings[0].rule


def test_lint_clean(peru: RegionPack) -> None:
    """The shipped pack has nothing to find."""
    assert lint_ledger(peru.ledger) == ()
    assert lint_columns(peru.root) == ()


def test_lint_columns(spoil: Callable[[str, str, str], Path]) -> None:
    """Coordinates are found in any file but the list of basins."""
    folder = spoil("events.csv", "date,event,place,claims", "date,event,gps_lat,claims")
    assert [finding.where for finding in lint_columns(folder)] == ["events.csv, column gps_lat"]
