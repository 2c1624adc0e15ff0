"""Compared scenarios share the state in which their books open; nothing may leak from one to the next."""

from __future__ import annotations

import dataclasses

import pytest

from eslabon.api import Region
from eslabon.runs import opening
from eslabon.runs.chunk import run_chunk
from small_region import FIRST_MONTH, ask, assert_same, pull

POLICY = ask(pull("forced_eradication", 900.0, FIRST_MONTH), name="policy")


@pytest.fixture(autouse=True)
def empty_shelf() -> None:
    opening._shelf.clear()


def test_a_run_from_a_kept_state_is_the_run_computed_afresh(small: Region) -> None:
    fresh = run_chunk(small.pack, small.parameters, POLICY, 3, [0, 1])
    opening._shelf.clear()
    run_chunk(small.pack, small.parameters, ask(), 3, [0, 1])
    assert len(opening._shelf) == 1
    copied = run_chunk(small.pack, small.parameters, POLICY, 3, [0, 1])
    assert len(opening._shelf) == 1
    assert_same(fresh.yearly, copied.yearly)


def test_what_differs_before_the_books_open_is_not_shared(small: Region) -> None:
    run_chunk(small.pack, small.parameters, ask(), 3, [0, 1])
    for other in (dataclasses.replace(ask(), structure=("no-displacement",)), ask(start="2012", until=2014)):
        before = len(opening._shelf)
        run_chunk(small.pack, small.parameters, other, 3, [0, 1])
        assert len(opening._shelf) == before + 1
    poorer = dataclasses.replace(small.pack)
    run_chunk(poorer, small.parameters, ask(), 3, [0, 1])
    assert len(opening._shelf) == 4


def test_kept_states_stay_within_the_limit(small: Region, monkeypatch: pytest.MonkeyPatch) -> None:
    run_chunk(small.pack, small.parameters, ask(), 3, [0])
    (kept,) = opening._shelf.values()
    monkeypatch.setattr(opening, "most_bytes", lambda: int(1.5 * kept.size))
    run_chunk(small.pack, small.parameters, ask(), 4, [0])
    assert len(opening._shelf) == 1
    monkeypatch.setattr(opening, "most_bytes", lambda: kept.size // 2)
    opening._shelf.clear()
    run_chunk(small.pack, small.parameters, ask(), 5, [0])
    assert not opening._shelf
