"""Delimited text: the delimiter found by how evenly it cuts the lines, quotes read strictly, every cell a raw text."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from eslabon.evidence.tables.bounds import Meter, Refusal
from eslabon.evidence.tables.reading_draft import Draft, Notes

DELIMITERS = {";": ";", ",": ",", "\t": "tab", "|": "|"}
SAMPLE_ROWS = 400
SAMPLE_CHARACTERS = 400_000
LINE_CHARACTERS = 1_000_000
BETWEEN_DIGITS = re.compile(r"\d,\d")
LINE_END = re.compile(r"\r\n|\r|\n")


class Cut(NamedTuple):
    """How a sign cuts the lines: the share of lines with the usual number of cells, and that number."""

    share: float
    columns: int
    sign: str


def read_delimited(text: str, meter: Meter, notes: Notes, delimiter: str | None = None) -> Draft:
    """Return the one sheet of a delimited text.

    Raises
    ------
    Refusal
        E-DELIMITER, E-QUOTE, E-BINARY, E-TEXT-LENGTH, E-ROWS, E-COLUMNS, E-CELLS.
    """
    if "\x00" in text:
        raise Refusal("E-BINARY", f"line {text.count(chr(10), 0, text.index(chr(0))) + 1}")
    _refuse_long_lines(text, meter)
    csv.field_size_limit(meter.limits.text_length)
    if delimiter is not None and delimiter not in DELIMITERS:
        raise Refusal("E-DELIMITER-UNKNOWN", value=delimiter[:20], known=" ".join(DELIMITERS.values()))
    delimiter = delimiter or _stated(text) or find_delimiter(text, notes)
    draft = Draft("", meter, notes)
    widths = []
    for row, (line, cells) in enumerate(_records(text, delimiter, meter)):
        draft.lines.append(line)
        for column, cell in enumerate(cells):
            if cell:
                draft.put(row, column, cell)
        widths.append(len(cells))
    _note_ragged(draft, widths)
    return draft


def _note_ragged(draft: Draft, widths: list[int]) -> None:
    """Note rows of two cells or more that have another number of cells than most; a title in one cell is none."""
    usual = Counter(width for width in widths if width > 1).most_common(1)
    for row, width in enumerate(widths):
        if width > 1 and width != usual[0][0]:
            draft.notes.add("W-RAGGED", draft.place(row, width - 1), group="ragged", cells=width, usual=usual[0][0])


def _refuse_long_lines(text: str, meter: Meter) -> None:
    begin = 0
    for line, end in enumerate(LINE_END.finditer(text), 1):
        if end.start() - begin > LINE_CHARACTERS:
            raise Refusal("E-LINE-LENGTH", f"line {line}", limit=LINE_CHARACTERS)
        if line > 2 * meter.limits.rows:
            raise Refusal("E-ROWS", f"line {line}", limit=meter.limits.rows)
        begin = end.end()
    if len(text) - begin > LINE_CHARACTERS:
        raise Refusal("E-LINE-LENGTH", "last line", limit=LINE_CHARACTERS)


def _stated(text: str) -> str:
    """Return the delimiter of a first line such as `sep=;`, which Excel reads."""
    found = re.match(r'"?sep=([;,\t|])"?\r?\n', text, re.IGNORECASE)
    return found[1] if found else ""


def _records(text: str, delimiter: str, meter: Meter) -> Iterator[tuple[int, list[str]]]:
    """Yield the line on which each record begins, and its cells."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    try:
        for cells in reader:
            if len(cells) > meter.limits.columns:
                raise Refusal("E-COLUMNS", f"line {line}", limit=meter.limits.columns)
            yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        if "field limit" in str(error):
            raise Refusal("E-TEXT-LENGTH", f"line {line}", limit=meter.limits.text_length) from None
        raise Refusal("E-QUOTE", f"line {line}", detail=str(error)[:100]) from None


def find_delimiter(text: str, notes: Notes) -> str:
    """Return the delimiter that cuts most lines into the same number of cells; a tie is refused.

    A comma that only ever stands between digits is a decimal mark and no delimiter when another sign cuts the lines.
    """
    head = text[:SAMPLE_CHARACTERS].rpartition("\n")[0] if len(text) > SAMPLE_CHARACTERS else text
    signs = [sign for sign in DELIMITERS if sign in head]
    cuts = [Cut(*_cut(head, sign), sign) for sign in signs]
    if len([cut for cut in cuts if cut.columns > 1]) > 1 and _only_decimal(head):
        cuts = [cut for cut in cuts if cut.sign != ","]
    ranked = sorted((cut for cut in cuts if cut.columns > 1), reverse=True)
    if not ranked:
        return ","
    best = ranked[0]
    for other in ranked[1:]:
        if other.share >= 0.8 * best.share and best.columns < 2 * other.columns:
            readings = "; ".join(f"{DELIMITERS[cut.sign]}: {cut.columns}" for cut in (best, other))
            raise Refusal("E-DELIMITER", readings=readings)
    notes.add("N-DELIMITER", delimiter=DELIMITERS[best.sign], columns=best.columns, share=round(100 * best.share))
    return best.sign


def _only_decimal(text: str) -> bool:
    return all(BETWEEN_DIGITS.match(text, max(0, comma.start() - 1)) for comma in re.finditer(",", text))


def _cut(text: str, sign: str) -> tuple[float, int]:
    """Return the share of lines that `sign` cuts into the most usual number of cells above one, and that number."""
    counts: Counter[int] = Counter()
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=sign):
            if any(cells):
                counts[len(cells)] += 1
            if counts.total() >= SAMPLE_ROWS:
                break
    except csv.Error:
        return 0.0, 0
    total = counts.total()
    columns, rows = max(((n, k) for n, k in counts.items() if n > 1), key=lambda entry: (entry[1], entry[0]), default=(0, 0))
    return (rows / total if total else 0.0), columns
