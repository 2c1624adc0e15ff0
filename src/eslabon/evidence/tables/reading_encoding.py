"""The encoding of a text file: found from its bytes, with the evidence shown, or refused; no byte is ever dropped."""

from __future__ import annotations

import re

from eslabon.evidence.tables.bounds import Refusal
from eslabon.evidence.tables.reading_draft import Notes, excerpt

NAMES = {
    "utf-8": "utf-8", "utf8": "utf-8", "utf-8-sig": "utf-8", "ascii": "utf-8", "us-ascii": "utf-8",
    "utf-16": "utf-16", "utf-16-le": "utf-16-le", "utf-16le": "utf-16-le", "utf-16-be": "utf-16-be", "utf-16be": "utf-16-be",
    "cp1252": "cp1252", "windows-1252": "cp1252", "ansi": "cp1252", "latin-1": "latin-1", "latin1": "latin-1", "iso-8859-1": "latin-1",
    "iso-8859-15": "iso8859-15", "cp850": "cp850", "cp437": "cp437", "mac-roman": "mac-roman", "macintosh": "mac-roman",
}  # fmt: skip
"""Names a user or a page may give → Python codec; no other codec is ever looked up."""
MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
OTHERS = ("cp850", "mac-roman")
"""Tried beside cp1252 when that leaves odd signs inside words: the code page of DOS and that of old Macintoshes."""
ODD_IN_WORD = re.compile("(?<=[^\\W\\d_])[^\\w\\s!-/:-@\\[-`{-~’‘´·°…–—-](?=[^\\W\\d_])")
ACCENTED_UTF8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}")
NOT_SPANISH = re.compile(
    "[^\x00-\x7fáéíóúñüÁÉÍÓÚÑÜ]|[0-9][^\x00-\x7f]|[^\x00-\x7f][0-9]|[a-záéíóúñü][ÁÉÍÓÚÑÜ]|[áéíóúñü][A-Z]|(?<![A-Za-z])[^\x00-\x7f](?![A-Za-z])"
)
"""In a Spanish text: another sign than its letters, an accented letter beside a digit or alone, a capital inside a word."""
SPANISH = re.compile("[áéíóúñüÁÉÍÓÚÑÜ]")


def decode(data: bytes, notes: Notes, asked: str | None = None, declared: str | None = None) -> tuple[str, str]:
    """Return the text of a file and the encoding it was read in.

    Parameters
    ----------
    data : bytes
    notes : Notes
        Receives the evidence.
    asked : str or None
        Encoding that the user states; nothing is guessed then.
    declared : str or None
        Encoding that the file itself states (a page's `charset`); checked against the bytes.

    Raises
    ------
    Refusal
        E-ENCODING, E-ENCODING-BYTE, E-ENCODING-MIXED, E-ENCODING-UNKNOWN.
    """
    if asked is not None:
        if asked.lower() not in NAMES:
            raise Refusal("E-ENCODING-UNKNOWN", value=asked[:60], known=", ".join(sorted(set(NAMES.values()))))
        return _strictly(data, NAMES[asked.lower()], notes)
    for mark, name in MARKS:
        if data.startswith(mark):
            return _strictly(data, name, notes)
    text, name = _without_mark(data, notes)
    stated = NAMES.get((declared or name).lower(), "").replace("latin-1", "cp1252")
    if name != stated and not text.isascii():
        notes.add("W-ENCODING-DECLARED", declared=str(declared)[:40], encoding=name)
    return text, name


def _strictly(data: bytes, name: str, notes: Notes) -> tuple[str, str]:
    for mark, marked in MARKS:
        if data.startswith(mark) and (name == marked or (name == "utf-16" and marked.startswith(name))):
            data, name = data[len(mark) :], marked
            notes.add("N-ENCODING-MARK", encoding=name)
            break
    try:
        return data.decode(name), name
    except UnicodeDecodeError as error:
        found = data[error.start : error.start + 1].hex()
        raise Refusal("E-ENCODING-BYTE", _line(data, error.start), f"0x{found}", encoding=name) from None


def _without_mark(data: bytes, notes: Notes) -> tuple[str, str]:
    if b"\x00" in data:
        return _wide(data, notes)
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError as error:
        if ACCENTED_UTF8.search(data):
            _refuse_mixture(data, error.start)
        return _one_byte(data, notes)


def _wide(data: bytes, notes: Notes) -> tuple[str, str]:
    """UTF-16 without a mark: the zero bytes stand all on one side of the letters."""
    head = data[:4096]
    even, odd = head[::2].count(0), head[1::2].count(0)
    name = "utf-16-le" if odd > 20 * even else "utf-16-be" if even > 20 * odd else ""
    if not name or max(even, odd) < len(head) // 5:
        raise Refusal("E-BINARY", _line(data, data.index(b"\x00")))
    text, name = _strictly(data, name, notes)
    notes.add("W-ENCODING-GUESSED", encoding=name, sample=excerpt(text.strip().splitlines()[0]) if text.strip() else "")
    return text, name


def _refuse_mixture(data: bytes, start: int) -> None:
    """Refuse a file that holds both pieces of UTF-8 and bytes that no UTF-8 has, as when two exports were joined."""
    pieces = [found for found in ACCENTED_UTF8.finditer(data) if SPANISH.match(found[0].decode("utf-8", "replace"))]
    if pieces:
        sample = _around(data, start).decode("cp1252", "replace")
        other = _around(data, pieces[0].start()).decode("utf-8", "replace")
        raise Refusal("E-ENCODING-MIXED", _line(data, start), excerpt(sample), other=excerpt(other), line=_line(data, pieces[0].start()))


def _one_byte(data: bytes, notes: Notes) -> tuple[str, str]:
    """Take cp1252, or latin-1 where it differs in nothing, unless odd signs inside words speak for another code page."""
    text = data.decode("cp1252", "surrogateescape")
    first = re.search(rb"[\x80-\xff]", data)
    bad = re.search("[\udc80-\udcff]", text) or ODD_IN_WORD.search(text) or (first if _reads_better(data, text) else None)
    sample = _around(data, first.start() if first else 0)
    if bad is None:
        notes.add("W-ENCODING-GUESSED", encoding="cp1252", sample=excerpt(sample.decode("cp1252")))
        return text, "cp1252"
    near = _around(data, bad.start())
    readings = "; ".join(f"{name}: {excerpt(near.decode(name, 'replace'))}" for name in ("cp1252", *OTHERS))
    raise Refusal("E-ENCODING", _line(data, bad.start()), excerpt(near.decode("cp1252", "replace")), readings=readings)


def _reads_better(data: bytes, text: str) -> bool:
    """Whether another code page gives Spanish letters inside words and nothing else, where cp1252 gives no such letter at all.

    A lone typographic apostrophe, common in cp1252, is no sign of a Macintosh file, where its byte is an í.
    """
    if SPANISH.search(text) or not re.search(rb"[\x80-\x91\x93-\xff]", data):
        return False
    return any(not NOT_SPANISH.search(data.decode(name)) for name in OTHERS)


def _around(data: bytes, start: int) -> bytes:
    """Return the bytes of the line around a place, at most 24 on each side."""
    before = re.split(rb"[\r\n]", data[max(0, start - 24) : start])[-1]
    return before + re.split(rb"[\r\n]", data[start : start + 24])[0]


def _line(data: bytes, start: int) -> str:
    return f"line {data.count(10, 0, start) + 1}"
