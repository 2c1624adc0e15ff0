"""Texts that were decoded wrongly before they reached the file (`AguaytÃ­a`), read as they were meant so that names can match."""

from __future__ import annotations

import re
from dataclasses import replace

from eslabon.evidence.tables.grid import Cell, Sheet

_SIGN = re.compile("[ÂÃâ][\u0080-\u00bf\u0152-\u0153\u0160-\u0161\u0178\u017d-\u017e\u0192\u02c6\u02dc\u2013-\u2122]")


def mended(sheet: Sheet) -> Sheet:
    """Return a sheet with wrongly decoded texts as they were meant; the user is asked to confirm."""
    if not any(_SIGN.search(cell.text) for row in sheet.rows for cell in row if not cell.text.isascii()):
        return sheet
    return replace(sheet, rows=tuple(tuple(_mended(cell) for cell in row) for row in sheet.rows))


def _mended(cell: Cell) -> Cell:
    if cell.kind != "text" or cell.text.isascii() or not _SIGN.search(cell.text):
        return cell
    for encoding in ("cp1252", "latin-1"):
        try:
            return replace(cell, text=cell.text.encode(encoding).decode("utf-8"))
        except (UnicodeEncodeError, UnicodeDecodeError):
            continue
    return cell
