"""The chain of a ledger's rows and the seal on its end, by which any later change is found.

A ledger is a folder with `claims.csv`, `sources.csv` and the seal `ledger.json`. The last column of a row is its hash: SHA-256 of the
hash of the row before, the row's own text without its hash, and for a claim the hash of the source row it names, joined by line feeds.
The first row follows the SHA-256 of the header. The seal holds the number of rows and the last hash of each file. While rows are being
appended it also holds what the files will be (`next`); rows beyond the sealed ones are then no part of the ledger yet.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from typing import Any

from eslabon.errors import InputError

CLAIMS, SOURCES, SEAL = "claims.csv", "sources.csv", "ledger.json"
FORMAT = 1

HEADER = "the header is not the one of a ledger"
LINK = "this row does not follow from the row before it: one of the two was changed, added or moved, or rows between them were taken out"
OPEN_END = "the last row does not end with a line feed"
MISSING = "rows that the seal counts are missing from here on"
UNSEALED = "the rows from here on are not under the seal"
GONE = "this file of the ledger is missing"
SEAL_FORM = "the seal is not written as a ledger writes it"
SEAL_ROWS = "the number of rows in the seal is not that of the file"
SEAL_HEAD = "the last hash in the seal is not that of the file"
UNFINISHED = "an append did not finish; its rows are no part of the ledger"
RESTORE = "Put the file back as it was; to change a figure, append a claim that corrects it."
FINISH = "Append again: what was left is cleared first."


@dataclass(frozen=True)
class Extent:
    """How far a file of a ledger goes: number of rows and hash of the last (of the header, where there is none)."""

    rows: int
    head: str

    def document(self) -> dict[str, Any]:
        """Return the extent as the seal writes it."""
        return {"rows": self.rows, "head": self.head}


@dataclass(frozen=True)
class Seal:
    """What is under seal, and what will be when an append that has begun is done.

    Parameters
    ----------
    claims, sources : Extent
    next : pair of Extent, optional
        Extents of claims and sources after the append that is under way.
    """

    claims: Extent
    sources: Extent
    next: tuple[Extent, Extent] | None = None

    def text(self) -> str:
        """Return the seal as it stands in the file."""
        document: dict[str, Any] = {"format": FORMAT, CLAIMS: self.claims.document(), SOURCES: self.sources.document()}
        if self.next:
            document["next"] = {CLAIMS: self.next[0].document(), SOURCES: self.next[1].document()}
        return json.dumps(document, indent=1) + "\n"


@dataclass(frozen=True)
class Problem:
    """One thing that shows that a ledger was changed otherwise than by appending."""

    file: str
    line: int
    rule: str
    remedy: str = RESTORE

    def error(self) -> InputError:
        """Return the error that names the file and the line."""
        return InputError(self.rule, file=self.file, place=f"line {self.line}", remedy=self.remedy)

    def document(self) -> dict[str, Any]:
        """Return the problem as plain values."""
        return {"file": self.file, "line": self.line, "rule": self.rule, "remedy": self.remedy}


@dataclass(frozen=True)
class Chain:
    """The rows of one file as they stand: the stated hash of each, the hash of the header, and what is wrong."""

    start: str
    hashes: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def extent(self) -> Extent:
        """How far the file goes."""
        return Extent(len(self.hashes), self.at(len(self.hashes)))

    def at(self, rows: int) -> str:
        """Return the hash after the first `rows` rows."""
        return self.hashes[rows - 1] if rows else self.start


@dataclass(frozen=True)
class SealedFiles:
    """A ledger's folder as read: text of the sealed rows, chains, seal, and all that is wrong."""

    texts: Mapping[str, bytes]
    chains: Mapping[str, Chain]
    seal: Seal | None
    problems: tuple[Problem, ...] = field(default=())

    @property
    def unfinished(self) -> bool:
        """Whether an append was begun and not finished."""
        return self.seal is not None and self.seal.next is not None


def header_of(columns: Sequence[str]) -> bytes:
    """Return the header line, without its line feed."""
    return ",".join(columns).encode()


def link(previous: str, content: bytes, source: str = "") -> str:
    """Return the hash of a row.

    Parameters
    ----------
    previous : str
        Hash of the row before, or of the header.
    content : bytes
        The row's text without its last comma and hash.
    source : str
        Hash of the source row that a claim names; empty for a source.
    """
    return hashlib.sha256(b"\n".join((previous.encode(), content, source.encode()))).hexdigest()


def start_of(columns: Sequence[str]) -> str:
    """Return the hash that the first row follows."""
    return hashlib.sha256(header_of(columns)).hexdigest()


def walk(file: str, content: bytes, columns: Sequence[str], sources: Mapping[str, str] | None = None) -> Chain:
    """Return the chain of one file.

    Parameters
    ----------
    file : str
        Its name, for messages.
    content : bytes
        Its bytes.
    columns : sequence of str
        The columns it must have, `hash` last.
    sources : mapping of str to str, optional
        Hash of each source by id, where the rows are claims.
    """
    head, *lines = content.split(b"\n")
    problems = [] if head == header_of(columns) else [Problem(file, 1, HEADER)]
    if lines and lines[-1] == b"":
        lines.pop()
    else:
        problems.append(Problem(file, len(lines) + 1, OPEN_END))
    named = _named_sources(lines, columns) if sources is not None else [""] * len(lines)
    start = previous = start_of(columns)
    hashes = []
    for number, (line, source) in enumerate(zip(lines, named, strict=True), start=2):
        row, _, stated = line.rpartition(b",")
        if link(previous, row, (sources or {}).get(source, "")).encode() != stated:
            problems.append(Problem(file, number, LINK))
        previous = stated.decode("utf-8", "replace")
        hashes.append(previous)
    return Chain(start, tuple(hashes), tuple(problems))


def _named_sources(lines: Iterable[bytes], columns: Sequence[str]) -> list[str]:
    place = columns.index("source_id")
    return [_cell(line, place) for line in lines]


def _cell(line: bytes, place: int) -> str:
    try:
        cells = next(csv.reader([line.decode()]), [])
    except (UnicodeDecodeError, csv.Error):
        return ""
    return cells[place] if place < len(cells) else ""


def ids_of(content: bytes) -> list[str]:
    """Return the first cell of each row."""
    return [_cell(line, 0) for line in content.split(b"\n")[1:] if line]


def read_seal(text: str) -> tuple[Seal | None, list[Problem]]:
    """Return the seal of a text, and what is wrong with how it is written."""
    try:
        document = json.loads(text)
        following = document.get("next")
        pair = (_extent(following, CLAIMS), _extent(following, SOURCES)) if following is not None else None
        seal = Seal(_extent(document, CLAIMS), _extent(document, SOURCES), pair)
    except json.JSONDecodeError as error:
        return None, [Problem(SEAL, error.lineno, SEAL_FORM)]
    except (KeyError, TypeError, AttributeError, ValueError, RecursionError):
        return None, [Problem(SEAL, 1, SEAL_FORM)]
    pairs = enumerate(zip_longest(text.split("\n"), seal.text().split("\n")), start=1)
    differing = next((number for number, (found, expected) in pairs if found != expected), 0)
    return seal, [Problem(SEAL, differing, SEAL_FORM)] if differing else []


def _extent(document: Any, file: str) -> Extent:
    rows, head = document[file]["rows"], document[file]["head"]
    if type(rows) is not int or rows < 0 or type(head) is not str:
        raise ValueError(file)
    return Extent(rows, head)


def compare(file: str, chain: Chain, seal: Seal) -> list[Problem]:
    """Return where a file and its seal disagree."""
    sealed = seal.claims if file == CLAIMS else seal.sources
    found = chain.extent
    if found == sealed:
        return []
    if seal.next and found == seal.next[file == SOURCES] and chain.at(min(sealed.rows, found.rows)) == sealed.head:
        return []
    line = next(number for number, text in enumerate(seal.text().split("\n"), start=1) if text.startswith(f' "{file}"'))
    if found.rows == sealed.rows:
        return [Problem(SEAL, line + 2, SEAL_HEAD)]
    if found.head == sealed.head:
        return [Problem(SEAL, line + 1, SEAL_ROWS)]
    if found.rows < sealed.rows:
        return [Problem(file, found.rows + 2, MISSING)]
    return [Problem(file, sealed.rows + 2, UNSEALED)]


def read_sealed(folder: Path, columns: Mapping[str, Sequence[str]]) -> SealedFiles:
    """Return a ledger's folder as it stands, with every problem found; nothing is raised for what can be named.

    Parameters
    ----------
    folder : Path
        Holds the two files and the seal.
    columns : mapping of str to sequence of str
        Columns of `claims.csv` and of `sources.csv`.
    """
    contents = _steady(folder)
    seal, problems = read_seal(_text(contents[SEAL])) if SEAL in contents else (None, [Problem(SEAL, 1, GONE)])
    texts: dict[str, bytes] = {}
    chains: dict[str, Chain] = {}
    hashes: dict[str, str] | None = None
    for file in (SOURCES, CLAIMS):
        empty = seal is not None and seal.next is not None and not (seal.sources if file == SOURCES else seal.claims).rows
        if file not in contents and not empty:
            problems.append(Problem(file, 1, GONE))
        content = contents.get(file, header_of(columns[file]) + b"\n")
        chain = walk(file, content, columns[file], hashes)
        hashes = hashes if hashes is not None else dict(zip(ids_of(content), chain.hashes, strict=False))
        problems += chain.problems
        problems += compare(file, chain, seal) if seal and file in contents else []
        texts[file], chains[file] = _sealed_part(file, content, seal), chain
    return SealedFiles(texts, chains, seal, tuple(problems))


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")


def _sealed_part(file: str, content: bytes, seal: Seal | None) -> bytes:
    if seal is None or seal.next is None:
        return content
    rows = (seal.claims if file == CLAIMS else seal.sources).rows
    return b"".join(content.splitlines(keepends=True)[: rows + 1])


def _steady(folder: Path) -> dict[str, bytes]:
    """Return the files' bytes, read again where an append changed the seal meanwhile."""
    contents = _read(folder)
    while (again := _read(folder)).get(SEAL) != contents.get(SEAL):
        contents = again
    return contents


def _read(folder: Path) -> dict[str, bytes]:
    found = {}
    for file in (SEAL, SOURCES, CLAIMS):
        try:
            found[file] = (folder / file).read_bytes()
        except FileNotFoundError:
            continue
        except OSError as error:
            raise InputError(f"cannot read: {error.strerror}", file=str(folder / file), remedy="Name a folder that can be read.") from None
    return found
