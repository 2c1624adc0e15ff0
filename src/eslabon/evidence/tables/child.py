"""The reading process: one file from standard input, within limits set before the first byte, out as lines of JSON.

It runs with nothing but the standard library and this package on its path, opens no other file, writes none, and starts no other
program. Its answer is either one refusal or head, sheets, rows, notes and end; nothing is written before all has been read.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from eslabon.evidence.tables.bounds import MEGABYTE, Limits, Meter, Refusal
from eslabon.evidence.tables.reading_draft import Draft, Notes
from eslabon.evidence.tables.reading_kinds import find_kind, find_zip_kind

OUT_OF_MEMORY = 3
"""Exit status of a process that has no memory left, not even to say so."""
ENCODER = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":"))


def main(arguments: list[str]) -> None:
    """Read one file and write the answer; `arguments` is one JSON text with `limits`, `encoding` and `delimiter`."""
    asked = json.loads(arguments[0])
    limits = Limits(**asked["limits"])
    gc.disable()
    bounded = set_limits(limits)
    try:
        data = sys.stdin.buffer.read(limits.file_bytes + 1)
        sys.stdout.buffer.writelines(answer(data, limits, asked["encoding"], asked["delimiter"], bounded))
        sys.stdout.buffer.flush()
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def answer(data: bytes, limits: Limits, encoding: str | None = None, delimiter: str | None = None, bounded: bool = True) -> list[bytes]:
    """Return the lines of the answer for the bytes of a file: what `read` gives, or one refusal."""
    try:
        lines = read(data, limits, encoding, delimiter, bounded)
    except Refusal as refusal:
        lines = [_refused(refusal.code, refusal.place, refusal.value, refusal.values)]
    except MemoryError:
        raise
    except Exception as error:
        lines = [_refused("E-READER", value=type(error).__name__)]
    return [line.encode() + b"\n" for line in lines]


def set_limits(limits: Limits) -> bool:
    """Bound this process's memory, time and output; return False on a system that cannot."""
    try:
        import resource
    except ImportError:
        return False
    for kind, most in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.processor_s),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(kind)[1]
        bound = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (bound, bound))
    return True


def _refused(code: str, place: str = "", value: str = "", values: dict[str, Any] | None = None, **more: Any) -> str:
    return _line({"refusal": {"code": code, "place": place, "value": value[:200], "values": {**(values or {}), **more}}})


def _line(data: Any) -> str:
    return ENCODER.encode(data)


def read(data: bytes, limits: Limits, encoding: str | None = None, delimiter: str | None = None, bounded: bool = True) -> list[str]:
    """Return the whole answer for the bytes of a file, one JSON text a line.

    Raises
    ------
    Refusal
        With the code of the first rule that the file breaks.
    """
    if len(data) > limits.file_bytes:
        raise Refusal("E-FILE-SIZE", limit=limits.file_bytes // MEGABYTE)
    meter, notes = Meter(limits), Notes(limits.notes)
    if not bounded:
        notes.add("W-UNBOUNDED")
    kind, used, drafts = open_tables(data, meter, notes, encoding, delimiter)
    sheets = list(_sheet_lines(drafts, limits.answer_bytes))
    if not meter.cells:
        raise Refusal("E-NO-TABLE")
    head = {"format": kind, "encoding": used, "notes": list(notes)}
    return [_line(head), *sheets, _line({"end": hashlib.sha256(data).hexdigest()})]


def open_tables(
    data: bytes, meter: Meter, notes: Notes, encoding: str | None, delimiter: str | None
) -> tuple[str, str, Iterable[Draft]]:  # fmt: skip
    """Return the format, the encoding and the sheets of a file; readers are only loaded for the format found."""
    kind = find_kind(data)
    if kind == "zip":
        return _open_zip(data, meter, notes)
    from eslabon.evidence.tables.reading_encoding import decode

    if kind == "html":
        from eslabon.evidence.tables.reading_html import declared_charset, read_html

        text, used = decode(data, notes, encoding, declared_charset(data))
        return kind, used, read_html(text, meter, notes)
    from eslabon.evidence.tables.reading_delimited import read_delimited

    text, used = decode(data, notes, encoding)
    return "csv", used, [read_delimited(text, meter, notes, delimiter)]


def _open_zip(data: bytes, meter: Meter, notes: Notes) -> tuple[str, str, Iterable[Draft]]:
    from eslabon.evidence.tables.reading_zip import Archive

    archive = Archive(data, meter)
    kind = find_zip_kind(archive)
    if kind == "xlsx":
        from eslabon.evidence.tables.reading_xlsx import read_xlsx

        return kind, "utf-8", read_xlsx(archive, meter, notes)
    from eslabon.evidence.tables.reading_ods import read_ods

    return kind, "utf-8", read_ods(archive, meter, notes)


def _sheet_lines(drafts: Iterable[Draft], limit: int) -> Iterator[str]:
    size = 0
    for draft in drafts:
        for item in draft.finish():
            line = _line(item)
            size += len(line) + 1
            if size > limit:
                raise Refusal("E-TEXT-TOTAL", draft.name, limit=limit)
            yield line
