"""Two hundred ways to change a ledger otherwise than by appending, and where each must show."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

CLAIMS, SOURCES, SEAL = "claims.csv", "sources.csv", "ledger.json"
COUNT = 200
Lines = list[bytes]


@dataclass(frozen=True)
class Tampering:
    """One change: its name, what it does to a folder, the file and the lines of which one must be named.

    Parameters
    ----------
    name : str
    apply : callable
        Given the folder, changes a file in it.
    file : str
    lines : tuple of int
        The header being line 1.
    """

    name: str
    apply: Callable[[Path], None]
    file: str
    lines: tuple[int, ...]


def tamperings(folder: Path, seed: int = 21) -> list[Tampering]:
    """Return 200 tamperings with the ledger in `folder`, which is only read.

    Every column of both files is edited; rows go, move, come, and are doubled; hashes are made anew; the seal, the bytes between
    the cells and the files themselves are changed; what is left of the two hundred are single bits.
    """
    dice = random.Random(seed)
    found = [
        *_edits(folder, CLAIMS, 2, dice), *_edits(folder, SOURCES, 2, dice), *_rows(folder, CLAIMS), *_rows(folder, SOURCES),
        *_forged(folder, CLAIMS), *_forged(folder, SOURCES), *_relinked(folder), *_bytes(folder, CLAIMS), *_bytes(folder, SOURCES), *_seals(folder),
    ]  # fmt: skip
    if len(found) > COUNT:
        raise ValueError(f"{len(found)} tamperings before the single bits")
    return [*found, *_bits(folder, COUNT - len(found), dice)]


def read_lines(folder: Path, file: str) -> Lines:
    """Return a file's lines, the last without an empty one after it."""
    return (folder / file).read_bytes().removesuffix(b"\n").split(b"\n")


def write_lines(folder: Path, file: str, lines: Lines) -> None:
    (folder / file).write_bytes(b"\n".join(lines) + b"\n")


def link(previous: bytes, content: bytes, source: bytes = b"") -> bytes:
    return hashlib.sha256(previous + b"\n" + content + b"\n" + source).hexdigest().encode()


def _replace(name: str, file: str, line: int, new: bytes | None, *where: int) -> Tampering:
    """Return the tampering that puts `new` for a line, or takes it out."""

    def apply(folder: Path) -> None:
        lines = read_lines(folder, file)
        lines[line - 1 : line] = [] if new is None else new.split(b"\n")
        write_lines(folder, file, lines)

    return Tampering(f"{file}: {name}", apply, file, where or (line,))


def _cells(line: bytes) -> list[str]:
    return next(csv.reader([line.decode()]))


def _line(cells: list[str]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(cells)
    return text.getvalue().encode()


def _other(text: str, column: str) -> str:
    """Return another text that could stand in the column."""
    if column in ("conflict", "preferred"):
        return "1" if text == "0" else "0"
    if column in ("period_start", "period_end", "published", "recorded"):
        return f"{int(text[:4]) - 1}{text[4:]}"
    if column in ("low", "high", "value", "year"):
        return f"{text}1" if text else "1"
    if column == "hash":
        return text[:-1] + ("0" if text[-1] != "0" else "1")
    return f"{text}x"


def _edits(folder: Path, file: str, each: int, dice: random.Random) -> Iterator[Tampering]:
    lines = read_lines(folder, file)
    for place, column in enumerate(_cells(lines[0])):
        for line in dice.sample(range(2, len(lines) + 1), each):
            cells = _cells(lines[line - 1])
            cells[place] = _other(cells[place], column)
            yield _replace(f"{column} of line {line}", file, line, _line(cells))


def _rows(folder: Path, file: str) -> Iterator[Tampering]:
    lines = read_lines(folder, file)
    last, middle = len(lines), len(lines) // 2
    for line in (2, middle, last - 1):
        yield _replace(f"line {line} goes", file, line, None)
        yield _replace(f"line {line} twice", file, line, lines[line - 1] + b"\n" + lines[line - 1], line + 1)
        yield _replace(f"a row after line {line}", file, line, lines[line - 1] + b"\n" + _with_id(lines[line - 1]), line + 1)
    yield _replace("the last row goes", file, last, None)
    yield _replace("the last row twice", file, last, lines[-1] + b"\n" + lines[-1], last + 1)
    yield _replace("a row after the last", file, last, lines[-1] + b"\n" + _with_id(lines[-1]), last + 1)
    for kept in (1, 2, middle):
        yield Tampering(f"{file}: only {kept} lines", lambda f, kept=kept: write_lines(f, file, lines[:kept]), file, (kept + 1,))
    for one, two in ((2, 3), (middle, middle + 1), (last - 1, last), (2, last)):
        swapped = [*lines]
        swapped[one - 1], swapped[two - 1] = swapped[two - 1], swapped[one - 1]
        yield Tampering(f"{file}: lines {one} and {two} swapped", lambda f, s=swapped: write_lines(f, file, s), file, (one,))
    yield Tampering(f"{file}: backwards", lambda f: write_lines(f, file, [lines[0], *lines[:0:-1]]), file, (2,))


def _with_id(line: bytes) -> bytes:
    return b"new-1," + line.split(b",", 1)[1]


def _source_hashes(folder: Path) -> dict[str, bytes]:
    return {_cells(line)[0]: line.rpartition(b",")[2] for line in read_lines(folder, SOURCES)[1:]}


def _hash(folder: Path, file: str, previous: bytes, content: bytes) -> bytes:
    """Return the right hash of a row, computed here and not by the package."""
    if file == SOURCES:
        return link(previous, content)
    header = _cells(read_lines(folder, CLAIMS)[0])
    return link(previous, content, _source_hashes(folder)[_cells(content)[header.index("source_id")]])


def _before(lines: Lines, line: int) -> bytes:
    """Return the hash that the row in `line` follows."""
    return hashlib.sha256(lines[0]).hexdigest().encode() if line == 2 else lines[line - 2].rpartition(b",")[2]


def _forged(folder: Path, file: str) -> Iterator[Tampering]:
    """Yield rows changed or added whose own hash is right, with the chain after them as it was."""
    lines = read_lines(folder, file)
    place = _cells(lines[0]).index("note" if file == CLAIMS else "title")
    for line in (2, len(lines) // 2, len(lines) - 1):
        cells = _cells(lines[line - 1])[:-1]
        cells[place] = "changed"
        content = _line(cells)
        row = content + b"," + _hash(folder, file, _before(lines, line), content)
        yield _replace(f"line {line} changed and hashed anew", file, line, row, line + 1)
        content = _with_id(lines[line - 1]).rpartition(b",")[0]
        row = content + b"," + _hash(folder, file, _before(lines, line + 1), content)
        yield _replace(f"a well hashed row after line {line}", file, line, lines[line - 1] + b"\n" + row, line + 2)
    content = _with_id(lines[-1]).rpartition(b",")[0]
    row = content + b"," + _hash(folder, file, _before(lines, len(lines) + 1), content)
    yield _replace("a well hashed row at the end", file, len(lines), lines[-1] + b"\n" + row, len(lines) + 1)


def _relinked(folder: Path) -> Iterator[Tampering]:
    """Yield files of which every hash is right but the seal, or but those of the other file."""
    for file in (CLAIMS, SOURCES):
        lines = read_lines(folder, file)
        place = _cells(lines[0]).index("note" if file == CLAIMS else "title")
        for line in (2, len(lines)):
            chain = _chain(folder, file, lines, line, place)
            sealed = 4 if file == CLAIMS else 8
            expected = (SEAL, (sealed + 1,)) if file == CLAIMS else (CLAIMS, _citing(folder, lines[line - 1]))
            yield Tampering(f"{file}: linked anew from line {line}", lambda f, c=chain, n=file: write_lines(f, n, c), *expected)
        head = chain[-1].rpartition(b",")[2]
        if file == SOURCES:

            def both(f: Path, chain: Lines = chain, head: bytes = head, old: bytes = lines[-1].rpartition(b",")[2]) -> None:
                write_lines(f, SOURCES, chain)
                (f / SEAL).write_bytes((f / SEAL).read_bytes().replace(old, head))

            yield Tampering("sources.csv: linked and sealed anew", both, CLAIMS, _citing(folder, lines[-1]))


def _chain(folder: Path, file: str, lines: Lines, line: int, place: int) -> Lines:
    chain = lines[: line - 1]
    for number in range(line, len(lines) + 1):
        cells = _cells(lines[number - 1])[:-1]
        if number == line:
            cells[place] = "changed"
        content = _line(cells)
        chain.append(content + b"," + _hash(folder, file, _before([*chain, b""], number), content))
    return chain


def _citing(folder: Path, source: bytes) -> tuple[int, ...]:
    """Return the lines of the claims that name a source, or one after it, whose hash a new chain changes."""
    names = [_cells(line)[0] for line in read_lines(folder, SOURCES)[1:]]
    changed = set(names[names.index(_cells(source)[0]) :])
    lines = read_lines(folder, CLAIMS)
    place = _cells(lines[0]).index("source_id")
    return tuple(number for number, line in enumerate(lines[1:], start=2) if _cells(line)[place] in changed)


def _bytes(folder: Path, file: str) -> Iterator[Tampering]:
    """Yield changes of what stands between the cells, and of the file as a whole."""
    content = (folder / file).read_bytes()
    lines = read_lines(folder, file)
    last, middle = len(lines), len(lines) // 2
    yield _whole("with a byte-order mark", file, b"\xef\xbb\xbf" + content, 1)
    yield _whole("with carriage returns", file, content.replace(b"\n", b"\r\n"), 1)
    yield _whole("without its last line feed", file, content[:-1], last)
    yield _whole("with an empty line at the end", file, content + b"\n", last + 1)
    yield _whole("empty", file, b"", 1)
    yield _whole("cut in the middle of a row", file, content[: -len(lines[-1]) // 2], last)
    yield _whole("in another encoding", file, content.decode().replace("a", "á", 1).encode("latin-1", "replace"), 1)
    yield Tampering(f"{file}: gone", lambda folder: (folder / file).unlink(), file, (1,))
    row = lines[middle - 1]
    yield _replace("a carriage return in one line", file, middle, row + b"\r")
    yield _replace("a blank at the end of a line", file, middle, row + b" ")
    yield _replace("a blank at the start of a line", file, middle, b" " + row)
    yield _replace("a blank after a comma", file, middle, row.replace(b",", b", ", 1))
    yield _replace("quotes that need not be", file, middle, b'"' + row.replace(b",", b'",', 1))
    yield _replace("capitals in the hash", file, middle, row[:-64] + row[-64:].upper())
    yield _replace("an empty line", file, middle, b"\n" + row)
    yield _replace("another header", file, 1, lines[0].replace(b"hash", b"Hash"))


def _whole(name: str, file: str, content: bytes, line: int) -> Tampering:
    return Tampering(f"{file}: {name}", lambda folder: _put(folder / file, content), file, (line,))


def _put(path: Path, content: bytes) -> None:
    path.write_bytes(content)


def _seals(folder: Path) -> Iterator[Tampering]:
    text = (folder / SEAL).read_text()
    lines = text.splitlines()
    claims, sources = json.loads(text)[CLAIMS], json.loads(text)[SOURCES]
    for name, extent, line in ((CLAIMS, claims, 3), (SOURCES, sources, 7)):
        rows, head = extent["rows"], extent["head"]
        for wrong in (rows - 1, rows + 1, 0):
            yield _seal(f"{wrong} rows of {name}", line + 1, "\n".join([*lines[:line], f'  "rows": {wrong},', *lines[line + 1 :]]) + "\n")
        yield _seal(f"another hash of {name}", line + 2, text.replace(head, head[::-1]))
    both = {"claims.csv": claims, "sources.csv": sources}
    later = {name: {"rows": extent["rows"] + 1, "head": "0" * 64} for name, extent in both.items()}
    yield _seal("an append that never was", 1, json.dumps({"format": 1, **both, "next": later}, indent=1) + "\n")
    yield _seal("another format", 2, text.replace('"format": 1', '"format": 2'))
    yield _seal("one line", 1, json.dumps(json.loads(text)) + "\n")
    yield _seal("carriage returns", 1, text.replace("\n", "\r\n"))
    yield _seal("no last line feed", len(lines), text.rstrip("\n"))
    yield _seal("not JSON", len(lines), text.replace("}\n}", "}\n", 1))
    yield _seal("empty", 1, "")
    yield Tampering("ledger.json: gone", lambda folder: (folder / SEAL).unlink(), SEAL, (1,))


def _seal(name: str, line: int, text: str) -> Tampering:
    near = tuple(range(max(line - 1, 1), line + 2))
    return Tampering(f"ledger.json: {name}", lambda folder: _put(folder / SEAL, text.encode()), SEAL, near)


def _bits(folder: Path, count: int, dice: random.Random) -> Iterator[Tampering]:
    for number in range(count):
        file = (CLAIMS, SOURCES)[number % 2]
        content = bytearray((folder / file).read_bytes())
        place, bit = dice.randrange(len(content)), dice.randrange(8)
        line = content.count(b"\n", 0, place) + 1
        content[place] ^= 1 << bit
        yield Tampering(f"{file}: bit {bit} of byte {place}", lambda f, n=file, c=bytes(content): _put(f / n, c), file, (line, line + 1))
