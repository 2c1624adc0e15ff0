"""The store: interrupted runs continue, damage is named, and files never change a number."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from eslabon.api import Region, run, verify
from eslabon.errors import StoreError
from eslabon.runs.chunk import run_chunk
from eslabon.runs.results import RunResult
from eslabon.runs.store import load_outcomes, read_manifest, save_batch, stored_members, write_text
from small_region import FIRST_MONTH, ask, assert_same, by_key, pull

SCENARIO = ask(pull("forced_eradication", 500, FIRST_MONTH + 4), until=2025)


def ask_for(small: Region, members: int, out: Path, chunk: int = 2) -> RunResult:
    return run(SCENARIO, members, 9, region=small, out=out, threads=1, chunk=chunk)


@pytest.fixture(scope="module")
def whole(small: Region, tmp_path_factory: pytest.TempPathFactory) -> RunResult:
    """Return four members run at once."""
    return ask_for(small, 4, tmp_path_factory.mktemp("whole"), chunk=4)


@pytest.fixture
def stored(whole: RunResult, tmp_path: Path) -> Path:
    """Return a copy of that run's folder, to be spoilt."""
    return Path(shutil.copytree(whole.folder, tmp_path / whole.folder.name))


def test_two_members_and_two_more_are_four_at_once(small: Region, whole: RunResult, tmp_path: Path) -> None:
    first = ask_for(small, 2, tmp_path)
    before = {f: f.read_bytes() for f in first.folder.glob("batch-*")}
    assert len(before) == 3, "books, drawn parameters, outcomes"
    four = ask_for(small, 4, tmp_path)
    assert four.hash == whole.hash != first.hash
    assert four.members == (0, 1, 2, 3)
    assert all(f.read_bytes() == content for f, content in before.items()), "what was stored is not computed again"


def test_fewer_members_than_stored_are_the_first_of_them(small: Region, whole: RunResult, tmp_path: Path) -> None:
    shutil.copytree(whole.folder, tmp_path / whole.folder.name)
    assert ask_for(small, 2, tmp_path).hash == ask_for(small, 2, tmp_path / "anew").hash


def test_an_interrupted_run_continues(small: Region, whole: RunResult, tmp_path: Path) -> None:
    done = 0

    def pull_the_plug(months: int) -> None:
        nonlocal done
        done += months
        if done > 130:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(SCENARIO, 4, 9, region=small, out=tmp_path, threads=1, chunk=1, progress=pull_the_plug)
    (folder,) = tmp_path.iterdir()
    assert 0 < len(stored_members(folder)) < 4
    assert ask_for(small, 4, tmp_path).hash == whole.hash


def test_outcomes_missing_beside_their_books_are_computed_again(small: Region, whole: RunResult, stored: Path) -> None:
    for file in stored.glob("*.outcomes.parquet"):
        file.unlink()
    assert list(stored.glob("*.books.parquet"))
    assert stored_members(stored) == set()
    assert ask_for(small, 4, stored.parent).hash == whole.hash


@pytest.mark.parametrize("kept", [0, 10, 0.5, 0.99])
def test_a_truncated_file_is_named(small: Region, stored: Path, kept: float) -> None:
    file = next(stored.glob("*.outcomes.parquet"))
    content = file.read_bytes()
    file.write_bytes(content[: int(kept * len(content)) if kept < 1 else int(kept)])
    with pytest.raises(StoreError) as caught:
        ask_for(small, 4, stored.parent)
    assert str(file) in str(caught.value)
    assert caught.value.remedy
    assert caught.value.exit_code == 2


def test_truncated_books_are_named(stored: Path) -> None:
    file = next(stored.glob("*.books.parquet"))
    file.write_bytes(file.read_bytes()[:-300])
    with pytest.raises(StoreError) as caught:
        verify(stored)
    assert str(file) in str(caught.value)


def test_no_run_and_a_spoilt_manifest_are_named(stored: Path, tmp_path: Path) -> None:
    (stored / "manifest.json").write_text("{", encoding="utf-8")
    for folder in (tmp_path / "nowhere", stored):
        with pytest.raises(StoreError, match=r"manifest\.json"):
            read_manifest(folder)
    with pytest.raises(StoreError, match="nowhere"):
        load_outcomes(tmp_path / "nowhere")


def test_what_is_stored_is_what_was_computed(small: Region, tmp_path: Path) -> None:
    batch = run_chunk(small.pack, small.parameters, SCENARIO, 9, [5, 2, 11])
    save_batch(tmp_path, batch)
    assert stored_members(tmp_path) == {2, 5, 11}
    loaded = by_key(load_outcomes(tmp_path))
    computed = by_key(batch.yearly)
    assert loaded.keys() == computed.keys()
    for key, row in loaded.items():
        assert row.values.tolist() == computed[key].values[[1, 0, 2]].tolist()
        assert (row.unit, row.years) == (computed[key].unit, computed[key].years)


def test_the_hash_forgets_folder_batches_and_order_and_sees_each_last_bit(small: Region, whole: RunResult, tmp_path: Path) -> None:
    again = ask_for(small, 4, tmp_path / "it's here", chunk=1)
    assert again.hash == whole.hash
    assert_same(again.yearly, whole.yearly)
    whole_copy = [y._replace(values=y.values.copy()) for y in whole.yearly]
    from eslabon.runs.results import result_hash

    assert result_hash(whole_copy[::-1]) == whole.hash
    row = next(y for y in whole_copy if y.outcome == "leaf_kg")
    row.values[0, 0] += row.values[0, 0] * 2.0**-52
    assert result_hash(whole_copy) != whole.hash


def test_other_scenarios_and_seeds_get_other_folders(small: Region, whole: RunResult, tmp_path: Path) -> None:
    changed = ask(pull("forced_eradication", 501, FIRST_MONTH + 4), until=2025)
    folders = {run(s, 1, seed, region=small, out=tmp_path).folder.name for s, seed in ((SCENARIO, 9), (SCENARIO, 10), (changed, 9))}
    assert len(folders) == 3
    assert whole.folder.name in folders


def test_the_manifest_says_what_the_run_depends_on(whole: RunResult) -> None:
    manifest = read_manifest(whole.folder)
    assert manifest["seed"] == 9
    assert manifest["scenario"]["levers"]["forced_eradication"]["amount"] == 500
    assert set(manifest["parameters"]["seized_share"]) == {"default", "low", "high", "unit", "status"}
    assert manifest["failed"] == []
    assert len(manifest["data"]) == 64


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    write_text(tmp_path / "a" / "b.txt", "ñ")
    assert (tmp_path / "a" / "b.txt").read_text(encoding="utf-8") == "ñ"
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(StoreError, match="cannot write"):
        write_text(tmp_path / "file" / "below.txt", "y")
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a", "b.txt", "file"]
