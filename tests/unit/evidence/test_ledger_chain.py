"""The chain and the seal: what they are, and that every one of two hundred tamperings shows, with its file and line."""

from __future__ import annotations

import datetime
import hashlib
import json
import shutil
from pathlib import Path

import pytest

from eslabon.errors import InputError
from eslabon.evidence.ledger_check import check_chain
from eslabon.evidence.ledger_store import append, read_folder
from eslabon.evidence.pack import RegionPack
from ledger_tamperings import CLAIMS, COUNT, SEAL, SOURCES, Tampering, read_lines, tamperings

DAY = datetime.date(2026, 11, 25)


@pytest.fixture(scope="session")
def sample(peru: RegionPack, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a ledger of every fortieth claim of the pack, appended in two parts; one corrects another."""
    folder = tmp_path_factory.mktemp("sample") / "ledger"
    claims = list(peru.ledger.claims.values())[::40]
    sources = [peru.ledger.sources[name] for name in dict.fromkeys(claim.source_id for claim in claims)]
    append(folder, claims[:20], sources, DAY)
    last = claims[-1].model_copy(update={"corrects": claims[0].id})
    append(folder, [*claims[20:-1], last], [], DAY + datetime.timedelta(days=30))
    return folder


def _all(folder: Path) -> list[Tampering]:
    return tamperings(folder)


def test_the_chain_is_what_the_documents_say(peru: RegionPack) -> None:
    """Every hash of the shipped ledger follows by the rule of the documentation, computed here on the bytes alone."""
    heads = {}
    sources: dict[str, bytes] = {}
    for file in (SOURCES, CLAIMS):
        header, *rows = read_lines(peru.root, file)
        previous = hashlib.sha256(header).hexdigest().encode()
        for row, record in zip(rows, (peru.ledger.sources if file == SOURCES else peru.ledger.claims).values(), strict=True):
            content, _, stated = row.rpartition(b",")
            source = b"" if file == SOURCES else sources[peru.ledger.claims[record.id].source_id]  # type: ignore[union-attr]
            previous = hashlib.sha256(b"\n".join([previous, content, source])).hexdigest().encode()
            assert previous == stated, (file, row)
            if file == SOURCES:
                sources[record.source_id] = stated
        heads[file] = {"rows": len(rows), "head": previous.decode()}
    assert json.loads((peru.root / SEAL).read_text()) == {"format": 1, **heads}


def test_nothing_is_found_where_nothing_was_changed(sample: Path, peru: RegionPack) -> None:
    assert check_chain(sample).problems == ()
    assert check_chain(peru.root).problems == ()


def test_two_hundred_tamperings_are_found(sample: Path, tmp_path: Path) -> None:
    """200 of 200, each with the file and the line where it was done or where the chain no longer follows."""
    found, missed = 0, []
    for number, tampering in enumerate(_all(sample)):
        folder = tmp_path / str(number)
        shutil.copytree(sample, folder)
        tampering.apply(folder)
        places = {(problem.file, problem.line) for problem in check_chain(folder).problems}
        if places & {(tampering.file, line) for line in tampering.lines}:
            found += 1
        else:
            missed.append((tampering.name, tampering.file, tampering.lines, places))
    assert missed == []
    assert found == COUNT


def test_no_tampered_ledger_is_read(sample: Path, tmp_path: Path) -> None:
    """Reading refuses each of them too, naming file and line; but a seal that only announces rows leaves the sealed ones as they are."""
    whole = read_folder(sample)
    for number, tampering in enumerate(_all(sample)):
        folder = tmp_path / str(number)
        shutil.copytree(sample, folder)
        tampering.apply(folder)
        if tampering.name.endswith("an append that never was"):
            assert read_folder(folder) == whole
            continue
        with pytest.raises(InputError) as caught:
            read_folder(folder)
        error = caught.value
        assert error.file in (CLAIMS, SOURCES, SEAL, str(folder)), tampering.name
        assert error.place.startswith("line ") or "gone" in tampering.name, (tampering.name, str(error))
        assert error.remedy, tampering.name


def test_the_tamperings_are_two_hundred_different_ones(sample: Path, tmp_path: Path) -> None:
    """No two leave the same bytes, and none leaves the ledger as it was."""
    seen = {_bytes_of(sample)}
    for number, tampering in enumerate(_all(sample)):
        folder = tmp_path / str(number)
        shutil.copytree(sample, folder)
        tampering.apply(folder)
        seen.add(_bytes_of(folder))
    assert len(seen) == COUNT + 1


def _bytes_of(folder: Path) -> tuple[tuple[str, bytes], ...]:
    return tuple((path.name, path.read_bytes()) for path in sorted(folder.iterdir()))


def test_a_noted_hash_finds_a_ledger_made_anew(sample: Path, tmp_path: Path, peru: RegionPack) -> None:
    """Who makes every hash anew is found by a hash noted before; an honest ledger still has it after it has grown."""
    noted = json.loads((sample / SEAL).read_text())[CLAIMS]["head"]
    grown, forged = tmp_path / "grown", tmp_path / "forged"
    shutil.copytree(sample, grown)
    one = next(c for c in peru.ledger.claims.values() if c.id not in read_folder(sample).claims)
    append(grown, [one], [peru.ledger.sources[one.source_id]], DAY + datetime.timedelta(days=60))
    honest = read_folder(sample)
    first, *others = honest.claims.values()
    append(forged, [first.model_copy(update={"value": first.value + 1}), *others], list(honest.sources.values()), DAY + datetime.timedelta(days=30))
    assert check_chain(forged).problems == ()
    assert check_chain(grown).has_hash(noted)
    assert check_chain(grown).has_hash(noted[:12].upper())
    assert not check_chain(grown).has_hash(noted[:11])
    assert not check_chain(forged).has_hash(noted)


def test_a_broken_pack_is_refused(pack_copy: Path) -> None:
    """The pack's own ledger is checked whenever it is loaded."""
    from eslabon.evidence.pack import load_pack

    path = pack_copy / SOURCES
    path.write_text(path.read_text(encoding="utf-8").replace("Inforegion,2025", "Inforegion,2024", 1), encoding="utf-8")
    with pytest.raises(InputError, match=r"sources\.csv: line \d+: this row does not follow") as caught:
        load_pack(pack_copy)
    assert "append a claim that corrects it" in caught.value.remedy
