"""Marks that stand where a figure is missing: each source means something else by them, so the user says what."""

from __future__ import annotations

import re

from eslabon.evidence.tables.grid import Cell
from eslabon.evidence.tables.text import fold

_CODES = frozenset(
    {
        "n.d", "n.d.", "nd", "n/d", "n.a", "n.a.", "na", "n/a", "s.d", "s.d.", "sd", "s/d", "s.i", "s.i.", "s/i", "n.r", "n.r.", "nr", "n/r",
        "n.e", "n.e.", "n.m", "n.m.", "n.d.a.", "s/r", "*", "**", "x", "(-)", "(*)", "?", "null", "none", "nan",
        "#n/a", "#n/d", "#div/0!", "#value!", "#¡valor!", "#ref!", "#¡ref!", "#name?", "#num!",
        "no disponible", "no disp.", "not available", "sin dato", "sin datos", "sin informacion", "no reportado", "no reporta", "not reported",
        "no registra", "no registrado", "no monitoreado", "no monitoreada", "not monitored", "no aplica", "not applicable", "no determinado",
        "sin registro", "en proceso", "pendiente",
    }
)  # fmt: skip
_DASHES = re.compile(r"[-_.\s]+")


def missing_code(text: str) -> str:
    """Return the folded code where a text is one, else an empty text."""
    words = fold(text)
    return words if words in _CODES or (words and len(words) < 12 and _DASHES.fullmatch(words) is not None) else ""


def is_missing_code(cell: Cell) -> bool:
    """Return whether a cell holds a mark for a missing figure, or a spreadsheet's error."""
    return cell.kind == "error" or (cell.kind == "text" and bool(missing_code(cell.text)))
