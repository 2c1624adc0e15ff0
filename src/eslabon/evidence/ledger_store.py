"""A ledger on disk: rows are only ever added, all of an append or none of it, whatever happens to the disk meanwhile.

An append writes the seal with what is to come, then the two longer files, then the new seal; each is renamed into place whole. The
seal says how many rows count, so until the last step a reader sees the ledger as it was, and afterwards as it is. What an append
that was cut off left behind is cleared by the next one.
"""

from __future__ import annotations

import contextlib
import csv
import datetime
import io
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from eslabon.errors import InputError, StoreError
from eslabon.evidence.claims import CLAIM_COLUMNS, COLUMNS, SOURCE_COLUMNS, Claim, Ledger, Source, parse_ledger, read_ledger
from eslabon.evidence.ledger_chain import CLAIMS, SEAL, SOURCES, Extent, Seal, SealedFiles, header_of, link, read_sealed, start_of
from eslabon.evidence.ledger_entry import prepare
from eslabon.whole_files import force_folder, replace_whole

if sys.platform != "win32":
    import fcntl

OWN = Path("ledger")
"""Folder of a user's own ledger, where none is named."""

_REMEDY = "Free space, or choose another --ledger."
_EMPTY = Seal(Extent(0, start_of(CLAIM_COLUMNS)), Extent(0, start_of(SOURCE_COLUMNS)))


def read_folder(folder: Path) -> Ledger:
    """Return the ledger in a folder.

    Raises
    ------
    InputError
        If it is not there, or was changed otherwise than by appending.
    """
    if not (folder / SEAL).is_file():
        raise InputError("this folder holds no ledger", file=str(folder), remedy="Name another, or start one with `eslabon ledger append`.")
    return read_ledger(folder / CLAIMS, folder / SOURCES)


def layered(base: Ledger, folder: Path | None = None) -> Ledger:
    """Return `base` with the claims of a user's own ledger after its own.

    Parameters
    ----------
    base : Ledger
        A pack's.
    folder : Path, optional
        Where the user's is; where none is named, `ledger` if there is one, else nothing is added.
    """
    if folder is None and not (OWN / SEAL).is_file():
        return base
    return base.joined(read_folder(folder or OWN))


def append(folder: Path, claims: Sequence[Claim], sources: Sequence[Source], recorded: datetime.date, *, base: Ledger | None = None) -> Seal:
    """Add claims and sources to the ledger in `folder`, all or none.

    Parameters
    ----------
    folder : Path
        Where the ledger is; started if there is none.
    claims : sequence of Claim
        Their `recorded` and `hash` are filled here, and `published` where it is empty.
    sources : sequence of Source
        Those not in the ledger yet; one that is there and says the same is skipped.
    recorded : date
        The day they enter; not before the last row's.
    base : Ledger, optional
        The pack's: its claims may be corrected, its sources named (they are copied), its ids not used again.

    Returns
    -------
    Seal
        What is under seal afterwards.

    Raises
    ------
    InputError
        If a claim or source may not be added; nothing is.
    StoreError
        If the disk refuses; the ledger stands as it was.
    """
    made = _make(folder)
    try:
        with _locked(folder):
            return _append(folder, claims, sources, recorded, base)
    finally:
        if made:
            with contextlib.suppress(OSError):
                folder.rmdir()


def _append(folder: Path, claims: Sequence[Claim], sources: Sequence[Source], recorded: datetime.date, base: Ledger | None) -> Seal:
    state = _state(folder)
    before = _parsed(state)
    new = prepare(before, claims, sources, recorded, base)
    if not any(new):
        return _sealed(state)
    lines, seal = _linked(before, _sealed(state), *new)
    for left in folder.glob(".*.part"):
        left.unlink(missing_ok=True)
    if state.seal and state.seal.next:
        _clear(folder, state, state.seal)
    pending = replace(_sealed(state), next=(seal.claims, seal.sources))
    try:
        _put(folder, SEAL, pending.text().encode())
        _put(folder, SOURCES, state.texts[SOURCES] + lines[SOURCES])
        _put(folder, CLAIMS, state.texts[CLAIMS] + lines[CLAIMS])
        _put(folder, SEAL, seal.text().encode())
    except StoreError:
        with contextlib.suppress(StoreError):
            _clear(folder, state, pending)
        raise
    return seal


def held(folder: Path) -> Ledger:
    """Return what a folder's ledger holds; nothing, where there is none yet."""
    return _parsed(_state(folder))


def _make(folder: Path) -> bool:
    """Make the folder and return whether it was not there; where it stays empty, it is taken away again."""
    there = folder.is_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"cannot write: {error.strerror}", file=str(folder), remedy=_REMEDY) from error
    return not there


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """Let one writer at a time into a folder, where the system can lock one."""
    if sys.platform == "win32":
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _state(folder: Path) -> SealedFiles:
    if not any((folder / name).exists() for name in (CLAIMS, SOURCES, SEAL)):
        return SealedFiles({file: header_of(columns) + b"\n" for file, columns in COLUMNS.items()}, {}, None)
    state = read_sealed(folder, COLUMNS)
    for problem in state.problems:
        raise problem.error()
    return state


def _sealed(state: SealedFiles) -> Seal:
    return replace(state.seal, next=None) if state.seal else _EMPTY


def _parsed(state: SealedFiles) -> Ledger:
    return parse_ledger(state.texts[CLAIMS].decode(), state.texts[SOURCES].decode())


def _linked(before: Ledger, seal: Seal, claims: Sequence[Claim], sources: Sequence[Source]) -> tuple[dict[str, bytes], Seal]:
    """Return the new lines of both files and the seal that is right with them."""
    hashes = {name: source.hash for name, source in before.sources.items()}
    lines: dict[str, list[bytes]] = {SOURCES: [], CLAIMS: []}
    head = seal.sources.head
    for source in sources:
        content = _content(source)
        head = hashes[source.source_id] = link(head, content)
        lines[SOURCES].append(content + b"," + head.encode() + b"\n")
    last = Extent(seal.sources.rows + len(sources), head)
    head = seal.claims.head
    for claim in claims:
        content = _content(claim)
        head = link(head, content, hashes[claim.source_id])
        lines[CLAIMS].append(content + b"," + head.encode() + b"\n")
    return {file: b"".join(rows) for file, rows in lines.items()}, Seal(Extent(seal.claims.rows + len(claims), head), last)


def _content(row: Claim | Source) -> bytes:
    """Return a row as it stands in the file, without its last comma and hash."""
    text = io.StringIO()
    cells: Mapping[str, object] = row.model_dump(exclude={"hash"})
    csv.writer(text, lineterminator="").writerow(cell(value) for value in cells.values())
    return text.getvalue().encode()


def cell(value: object) -> str:
    """Return a value as the files write it: no text for None, 1 and 0 for yes and no, the shortest digits for a number."""
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(int(value)) if isinstance(value, bool) else str(value)


def _clear(folder: Path, state: SealedFiles, pending: Seal) -> None:
    """Take an append that was cut off out of the files, claims before the sources that their hashes hang on.

    `pending`, the seal that allows for it, stands until both are short again.
    """
    _put(folder, SEAL, pending.text().encode())
    _put(folder, CLAIMS, state.texts[CLAIMS])
    _put(folder, SOURCES, state.texts[SOURCES])
    _put(folder, SEAL, _sealed(state).text().encode())


def _put(folder: Path, name: str, content: bytes) -> None:
    replace_whole(folder / name, lambda part: part.write_bytes(content), _REMEDY)
    force_folder(folder, _REMEDY)
