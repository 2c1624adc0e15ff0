"""Appending to a ledger: all or nothing, whatever the disk does; what may enter; how two ledgers lie one over the other."""

from __future__ import annotations

import datetime
import errno
import os
import shutil
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from eslabon.errors import InputError, StoreError
from eslabon.evidence.claims import Claim, Ledger
from eslabon.evidence.ledger_chain import SEAL
from eslabon.evidence.ledger_check import check_chain
from eslabon.evidence.ledger_store import append, held, layered, read_folder
from eslabon.evidence.pack import RegionPack
from small_ledger import POINT, make_claim, make_source

DAY = datetime.date(2026, 11, 25)
LATER = datetime.date(2027, 1, 31)
FIRST = [make_claim(id=f"A{number}", value=str(number)) for number in range(5)]
SECOND = [make_claim(id=f"B{number}", value=str(number), source_id="t") for number in range(5)]


@pytest.fixture
def begun(tmp_path: Path) -> Path:
    """Return a ledger with one append."""
    folder = tmp_path / "ledger"
    append(folder, FIRST, [make_source()], DAY)
    return folder


def again(folder: Path) -> None:
    """Append a second time."""
    append(folder, SECOND, [make_source("t", title="another, with a comma")], LATER)


def another(folder: Path) -> None:
    """Append something else in the second place."""
    append(folder, [make_claim(id="other", source_id="u")], [make_source("u")], LATER)


def content(folder: Path) -> dict[str, bytes]:
    """Return the bytes of a folder's files."""
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def test_what_is_appended_is_read_back(begun: Path) -> None:
    """Values, order and texts come back; the first rows keep their bytes; dates and hashes are filled."""
    before = content(begun)
    again(begun)
    after = content(begun)
    ledger = read_folder(begun)
    assert list(ledger.claims) == [claim.id for claim in [*FIRST, *SECOND]]
    assert ledger.sources["t"].title == "another, with a comma"
    for file in ("claims.csv", "sources.csv"):
        assert after[file].startswith(before[file])
    filled = {"published", "recorded", "hash"}
    for claim in [*FIRST, *SECOND]:
        assert ledger.claims[claim.id].model_dump(exclude=filled) == claim.model_dump(exclude=filled)
    assert {claim.recorded for claim in ledger.claims.values()} == {DAY, LATER}
    assert ledger.claims["A0"].published == datetime.date(2015, 12, 31)
    assert sorted(after) == ["claims.csv", SEAL, "sources.csv"]


def test_every_cell_survives(tmp_path: Path) -> None:
    """Accents, quotes, commas, small and large numbers, empty cells: as they were."""
    hard = make_claim(
        id="hard",
        value="0.000012345",
        low="-1e-7",
        high="1e15",
        bound_type="range",
        unit="1",
        quantity="x",
        note='"quoted", Perú; ½ 𝛼',
        locator="p. 3",
    )
    whole = make_claim(id="whole", value="123456789012", unit="USD", quantity="x", period_start="1999-02-28", period_end="2000-02-29")
    append(tmp_path / "l", [hard, whole], [make_source(year=None)], DAY)
    found = read_folder(tmp_path / "l").claims
    for claim in (hard, whole):
        assert found[claim.id].model_dump(exclude={"published", "recorded", "hash"}) == claim.model_dump(exclude={"published", "recorded", "hash"})
    assert found["whole"].published == datetime.date(2001, 2, 28), "no year of a source: a year after the period, and no 29 February"


def test_the_same_appends_give_the_same_bytes(begun: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    append(other, FIRST, [make_source()], DAY)
    again(begun)
    again(other)
    assert content(begun) == content(other)


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"id": "A1"}, "taken"),
    ({"id": "bad id"}, "letters"),
    ({"id": "../up"}, "letters"),
    ({"source_id": "nobody"}, "no source"),
    ({"corrects": "Z9"}, "earlier"),
    ({"corrects": "new"}, "earlier"),
    ({"note": "two\nlines"}, "one line"),
    ({"note": "two\u2028lines"}, "one line"),
    ({"note": " blank"}, "blanks"),
    ({"note": "=1+1"}, "spreadsheet"),
    ({"unit": "hectares"}, "unit"),
    ({"note": f"at {POINT}"}, "coordinates"),
    ({"published": "2030-01-01"}, "after it is recorded"),
]


@pytest.mark.parametrize(("changes", "words"), REFUSED)
def test_one_bad_row_refuses_all(begun: Path, changes: dict[str, Any], words: str) -> None:
    """A bad row among good ones: the claim is named and nothing is written."""
    before = content(begun)
    bad = make_claim(**{"id": "new", **changes})
    with pytest.raises(InputError, match=words) as caught:
        append(begun, [make_claim(id="good"), bad], [], DAY)
    assert bad.id in caught.value.place
    assert content(begun) == before


def test_a_source_never_changes(begun: Path) -> None:
    with pytest.raises(InputError, match="otherwise"):
        append(begun, [make_claim(id="n")], [make_source(title="another report")], DAY)
    append(begun, [make_claim(id="n")], [make_source()], DAY)
    assert list(read_folder(begun).sources) == ["s"]


def test_rows_are_not_dated_back(begun: Path) -> None:
    again(begun)
    with pytest.raises(InputError, match="2027-01-31"):
        append(begun, [make_claim(id="n")], [], DAY)


def test_a_changed_ledger_takes_no_more(begun: Path) -> None:
    path = begun / "claims.csv"
    path.write_text(path.read_text().replace("A3", "A9"))
    with pytest.raises(InputError, match=r"claims\.csv: line 5"):
        again(begun)


def test_a_refused_first_append_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        append(tmp_path / "new", [make_claim(unit="hectares")], [make_source()], DAY)
    assert not (tmp_path / "new").exists()


def test_no_ledger_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no ledger"):
        read_folder(tmp_path)
    assert held(tmp_path / "nowhere").claims == {}


# --- the disk fails ---------------------------------------------------------------------------------------------------


class Disk:
    """Counts the steps on the disk, and lets something happen at one of them."""

    def __init__(self, at: int, happen: Callable[[], None], lasting: bool = False) -> None:
        self.at, self.happen, self.lasting, self.steps = at, happen, lasting, 0
        self.watch: Callable[[], None] | None = None

    def step(self) -> None:
        self.steps += 1
        if self.watch:
            self.watch()
        if self.steps == self.at or (self.lasting and self.steps > self.at):
            self.happen()

    @contextmanager
    def broken(self) -> Iterator[None]:
        """Put the steps in the way of writing, forcing to disk, and renaming."""
        write_whole, rename = Path.write_bytes, Path.replace

        def write_bytes(path: Path, data: bytes) -> int:
            half = len(data) // 2
            write_whole(path, data[:half])
            self.step()
            return write_whole(path, data)

        def fsync(handle: int) -> None:
            self.step()

        def replace(path: Path, target: Path) -> Path:
            self.step()
            found = rename(path, target)
            self.step()
            return found

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Path, "write_bytes", write_bytes)
            patch.setattr(os, "fsync", fsync)
            patch.setattr(Path, "replace", replace)
            yield


def no_space() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def killed() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def steps_of(begin: Callable[[Path], None], folder: Path) -> int:
    """Return how many steps on the disk an undisturbed append takes."""
    disk = Disk(0, no_space)
    with disk.broken():
        begin(folder)
    return disk.steps


def start(folder: Path) -> None:
    """Append for the first time."""
    append(folder, FIRST, [make_source()], DAY)


@pytest.mark.parametrize("begin", [start, again], ids=["first", "second"])
@pytest.mark.parametrize("lasting", [False, True], ids=["once", "from then on"])
def test_a_failing_disk_never_spoils_a_ledger(begin: Callable[[Path], None], lasting: bool, tmp_path: Path) -> None:
    """Fail the n-th write, fsync or rename for every n: the ledger is as before or as after, and goes on."""
    old, new = tmp_path / "old", tmp_path / "new"
    if begin is again:
        start(old)
        shutil.copytree(old, new)
    total = steps_of(begin, new)
    assert total >= 4 * 5, "four files written, forced, renamed, and the folder forced"
    for number in range(1, total + 1):
        folder = tmp_path / f"{number}"
        if begin is again:
            shutil.copytree(old, folder)
        disk = Disk(number, no_space, lasting)
        with disk.broken(), pytest.raises(StoreError) as caught:
            begin(folder)
        assert str(folder) in caught.value.file
        assert caught.value.remedy
        if not lasting:
            assert held(folder) == held(old), "after one fault the append is taken back"
        _is_old_or_new(folder, begin, old, new)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
@pytest.mark.parametrize("begin", [start, again], ids=["first", "second"])
def test_a_killed_append_never_spoils_a_ledger(begin: Callable[[Path], None], tmp_path: Path) -> None:
    """SIGKILL at every step in a process of its own; and then again in the appends that clear up after it."""
    old, new = tmp_path / "old", tmp_path / "new"
    if begin is again:
        start(old)
        shutil.copytree(old, new)
    total = steps_of(begin, new)
    for number in range(1, total + 1):
        folder = tmp_path / f"{number}"
        if begin is again:
            shutil.copytree(old, folder)
        assert _killed_at(number, begin, folder)
        if number % 3 == 2 and held(folder) == held(old):
            for second in (2, 5, 9, 14, 20):
                _killed_at(second, begin if second % 2 else another, folder)
                assert not (folder / SEAL).exists() or check_chain(folder).files.problems == (), (number, second)
                if held(folder) != held(old):
                    break
        _is_old_or_new(folder, begin, old, new)


def _killed_at(number: int, begin: Callable[[Path], None], folder: Path) -> bool:
    child = os.fork()
    if child == 0:
        try:
            with Disk(number, killed).broken():
                begin(folder)
        finally:
            os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def _is_old_or_new(folder: Path, begin: Callable[[Path], None], old: Path, new: Path) -> None:
    """Check what a reader sees now, and that appending (again) ends in the undisturbed bytes."""
    seen = held(folder)
    assert seen in (held(old), held(new))
    if (folder / SEAL).exists():
        assert check_chain(folder).files.problems == ()
    if seen == held(old):
        begin(folder)
    assert {name: data for name, data in content(folder).items() if not name.endswith(".part")} == content(new)


def test_a_reader_never_sees_half(begun: Path) -> None:
    """At every step of an append a reader sees the ledger as it was, and only after the last rename as it is."""
    old = read_folder(begun)
    seen: list[Ledger] = []
    disk = Disk(0, no_space)
    disk.watch = lambda: seen.append(read_folder(begun))
    with disk.broken():
        again(begun)
    changes = [one != old for one in seen]
    assert changes == sorted(changes), "never back"
    assert not changes[0]
    assert all(one in (old, read_folder(begun)) for one in seen)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork here")
def test_two_writers_lose_nothing(begun: Path) -> None:
    """Three processes append ten claims each, one at a time: all thirty are there."""
    children = []
    for writer in "XYZ":
        child = os.fork()
        if child == 0:
            try:
                for number in range(10):
                    append(begun, [make_claim(id=f"{writer}{number}")], [], LATER)
                os._exit(0)
            finally:
                os._exit(1)
        children.append(child)
    assert [os.waitpid(child, 0)[1] for child in children] == [0, 0, 0]
    assert len(read_folder(begun).claims) == len(FIRST) + 30
    assert check_chain(begun).problems == ()


# --- one ledger over another ------------------------------------------------------------------------------------------


def test_own_ledger_lies_over_the_packs(tmp_path: Path, peru: RegionPack, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user's claim may correct a pack's and name its source, which is copied; the default folder is found by itself."""
    monkeypatch.chdir(tmp_path)
    assert layered(peru.ledger) is peru.ledger
    old = peru.ledger.preferred("coca_area_unodc", "Peru")[2021]
    new = old.model_copy(update={"id": "mine-1", "value": old.value + 1, "corrects": old.id, "published": None})
    append(tmp_path / "ledger", [new], [], DAY, base=peru.ledger)
    both = layered(peru.ledger)
    assert len(both.claims) == len(peru.ledger.claims) + 1
    assert both.sources == peru.ledger.sources
    assert both.preferred("coca_area_unodc", "Peru")[2021].id == "mine-1"
    assert both.claims[old.id] == old
    with pytest.raises(InputError, match="holds no ledger"):
        layered(peru.ledger, tmp_path / "none")


def test_ids_clash(begun: Path) -> None:
    ledger = read_folder(begun)
    with pytest.raises(InputError, match="claim A0"):
        ledger.joined(ledger)
    other = Ledger({}, {"s": make_source(title="other")})
    with pytest.raises(InputError, match="source s"):
        ledger.joined(other)
    assert ledger.joined(Ledger({}, {"s": make_source()})) == ledger


def test_ids_of_the_pack_are_taken(tmp_path: Path, peru: RegionPack) -> None:
    one: Claim = next(iter(peru.ledger.claims.values()))
    with pytest.raises(InputError, match="taken"):
        append(tmp_path / "l", [one], [peru.ledger.sources[one.source_id]], DAY, base=peru.ledger)
