"""From a path to a workbook of raw cells: the file is read by a bounded child process, whose answer is checked line by line."""

from __future__ import annotations

import datetime
import hashlib
import json
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from dataclasses import asdict
from io import BufferedReader
from pathlib import Path
from typing import Any, NoReturn, cast

from eslabon.evidence.tables.bounds import LIMITS, MEGABYTE, Limits
from eslabon.evidence.tables.child import OUT_OF_MEMORY
from eslabon.evidence.tables.codes import CODES, TableError
from eslabon.evidence.tables.grid import COVERED, EMPTY, Block, Cell, CellKind, FileFormat, Note, Sheet, Workbook, printable

KINDS = ("text", "number", "date", "boolean", "error", "formula")
FORMATS = ("csv", "xlsx", "ods", "html")
ENVIRONMENT = {name: value for name, value in os.environ.items() if name in ("SYSTEMROOT", "PATH")}
START = "import sys; sys.path.append(sys.argv[1]); from eslabon.evidence.tables.child import main; main(sys.argv[2:])"
"""The reading process sees the standard library and this package, and neither the user's settings nor other installed code."""


def read_workbook(path: Path, limits: Limits = LIMITS, encoding: str | None = None, delimiter: str | None = None) -> Workbook:
    """Read a file of tables without trusting it.

    Parameters
    ----------
    path : Path
        XLSX, ODS, CSV and other delimited text, or HTML (also under the name `.xls`); the format is found by content.
    limits : Limits
        What the file may cost.
    encoding, delimiter : str or None
        Of a text file, where the user states them; else found from the bytes, with the evidence in the notes.

    Returns
    -------
    Workbook
        Raw cells, and notes on all that had to be decided.

    Raises
    ------
    TableError
        The file is refused; `code` says why, the message names file, place, rule and remedy.
    """
    asked = {"limits": asdict(limits), "encoding": encoding, "delimiter": delimiter}
    with _open(path, limits) as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        with closing(_ask(file, limits, asked)) as lines:
            return take_answer(path, sha256, lines, limits)


def take_answer(path: Path, sha256: str, lines: Iterator[bytes], limits: Limits = LIMITS) -> Workbook:
    """Return the workbook that a reading process hands back for the file with this digest, or raise the refusal it found."""
    try:
        return _Answer(str(path), sha256, lines, limits.area).workbook()
    except TableError as error:
        raise TableError(error.code, file=str(path), place=error.place, value=error.value, **error.values) from None


def _open(path: Path, limits: Limits) -> BufferedReader:
    """Open a regular file; a pipe or a device could block or never end."""
    try:
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        raise TableError("E-FILE-MISSING", file=str(path)) from None
    except (OSError, ValueError) as error:
        raise TableError("E-FILE-READ", file=str(path), detail=getattr(error, "strerror", None) or str(error)) from None
    status = os.fstat(number)
    if stat.S_ISREG(status.st_mode) and status.st_size <= limits.file_bytes:
        return os.fdopen(number, "rb")
    os.close(number)
    if stat.S_ISREG(status.st_mode):
        raise TableError("E-FILE-SIZE", file=str(path), limit=limits.file_bytes // MEGABYTE)
    raise TableError("E-FILE-KIND", file=str(path))


def _ask(file: BufferedReader, limits: Limits, asked: dict[str, Any]) -> Generator[bytes, None, None]:
    """Yield the lines that the reading process writes; it is ended when it passes its time or writes too much.

    Raises
    ------
    TableError
        E-TIME, E-MEMORY, E-READER, E-TEXT-TOTAL.
    """
    package = str(Path(__file__).parents[3])
    command = [sys.executable, "-I", "-S", "-c", START, package, json.dumps(asked)]
    late = threading.Event()
    with subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=ENVIRONMENT) as process:
        timer = threading.Timer(limits.wall_s, _end_late, (process, late))
        timer.start()
        try:
            yield from _lines(cast(BufferedReader, process.stdout), limits)
            ended = process.wait()
        finally:
            timer.cancel()
            process.kill()
    if late.is_set():
        raise TableError("E-TIME", limit=f"{limits.wall_s:g}")
    if ended == -getattr(signal, "SIGXCPU", 24):
        raise TableError("E-TIME", limit=limits.processor_s)
    if ended == OUT_OF_MEMORY:
        raise TableError("E-MEMORY", limit=limits.memory_bytes // MEGABYTE)
    if ended:
        raise TableError("E-READER", value=f"exit {ended}")


def _end_late(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _lines(output: BufferedReader, limits: Limits) -> Iterator[bytes]:
    size = 0
    while line := output.readline(limits.answer_bytes - size + 1):
        size += len(line)
        if size > limits.answer_bytes:
            raise TableError("E-TEXT-TOTAL", limit=limits.answer_bytes)
        yield line


class _Answer:
    """The lines of a reading process, checked as those of a stranger."""

    def __init__(self, path: str, sha256: str, lines: Iterator[bytes], area: int) -> None:
        self.path, self.sha256, self._lines, self._area = path, sha256, lines, area
        self._known: dict[str, Cell] = {}

    def workbook(self) -> Workbook:
        """Return the workbook, or raise the refusal that the process found."""
        try:
            return self._workbook()
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            return _mistrust(type(error).__name__)

    def _workbook(self) -> Workbook:
        head = self._next()
        if "refusal" in head:
            _refuse(head["refusal"])
        sheets, item = list[Sheet](), self._next()
        while "sheet" in item:
            sheets.append(self._sheet(item))
            item = self._next()
        if item.get("end") != self.sha256:
            raise TableError("E-CHANGED")
        for _ in self._lines:
            _mistrust("trailing line")
        kind, encoding = head.get("format"), head.get("encoding")
        if kind not in FORMATS or not isinstance(encoding, str):
            _mistrust("head")
        notes = tuple(_note(note) for note in head.get("notes", ()))
        return Workbook(self.path, cast(FileFormat, kind), self.sha256, encoding, tuple(sheets), notes)

    def _next(self) -> dict[str, Any]:
        item = self._load()
        return item if isinstance(item, dict) else _mistrust("row without a sheet")

    def _load(self) -> Any:
        line = next(self._lines, b"")
        if not line.endswith(b"\n"):
            _drain(self._lines)
            _mistrust("end of answer")
        try:
            return json.loads(line, parse_constant=_mistrust)
        except RecursionError:
            return _mistrust("line")

    def _sheet(self, head: dict[str, Any]) -> Sheet:
        width, height = int(head["width"]), int(head["height"])
        self._area -= width * height
        if self._area < 0 or (width > 0) != (height > 0):
            _mistrust("size")
        blocks = tuple(Block(*(int(end) for end in block)) for block in head["blocks"])
        hidden = [frozenset(int(index) for index in head[name]) for name in ("hidden_rows", "hidden_columns")]
        lines = tuple(int(line) for line in head["lines"])
        rows = tuple(self._row(width) for _ in range(height))
        return Sheet(str(head["sheet"]), rows, head["hidden"] is True, blocks, hidden[0], hidden[1], lines)

    def _row(self, width: int) -> tuple[Cell, ...]:
        items = self._load()
        if not isinstance(items, list) or len(items) > width:
            _mistrust("row")
        return (*map(self._cell, items), *(EMPTY,) * (width - len(items)))

    def _cell(self, item: Any) -> Cell:
        if isinstance(item, str):
            known = self._known.get(item)
            if known is None:
                known = self._known[item] = Cell(item, "text")
            return known
        if isinstance(item, list):
            return _typed_cell(item)
        return COVERED if item == 1 else EMPTY if item == 0 else _mistrust("cell")


def _typed_cell(item: list[Any]) -> Cell:
    kind, text, number, date, number_format, merged = item
    sound = kind in KINDS and isinstance(text, str) and isinstance(number_format, str) and isinstance(merged, bool)
    if not sound or not (number is None or isinstance(number, float)):
        _mistrust("cell")
    return Cell(text, cast(CellKind, kind), number, None if date is None else _date(date), number_format, merged)


def _date(text: str) -> datetime.date:
    return datetime.date.fromisoformat(text) if len(text) == 10 else datetime.datetime.fromisoformat(text)


def _note(item: dict[str, Any]) -> Note:
    code = item.get("code")
    if code not in CODES:
        _mistrust("note")
    return Note(str(code), printable(str(item.get("place", ""))), {str(name): value for name, value in item.get("values", {}).items()})


def _refuse(refusal: dict[str, Any]) -> NoReturn:
    code = refusal.get("code")
    if code not in CODES:
        _mistrust("refusal")
    values = {name: printable(value) if isinstance(value, str) else value for name, value in refusal.get("values", {}).items()}
    raise TableError(str(code), place=printable(str(refusal.get("place", ""))), value=refusal.get("value", ""), **values)


def _drain(lines: Iterator[bytes]) -> None:
    """Let the process come to its end, which tells why it wrote no more."""
    for _ in lines:
        continue


def _mistrust(what: str) -> NoReturn:
    raise TableError("E-READER", value=what)
