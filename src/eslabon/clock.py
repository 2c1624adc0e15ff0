"""Time: a month is an integer, months since January of year 0, so that arithmetic needs no library."""

from __future__ import annotations

import re

from eslabon.errors import InputError

MONTHS_PER_YEAR = 12
_FORM = re.compile(r"(\d{4})-(0[1-9]|1[0-2])")


def month_index(text: str, *, file: str = "", place: str = "") -> int:
    """Return months since January of year 0 for `YYYY-MM`.

    Raises
    ------
    InputError
        If `text` is not of the form `YYYY-MM`.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise InputError("a month is written YYYY-MM", file=file, place=place, value=text, remedy="Example: 2025-01.")
    return int(match[1]) * MONTHS_PER_YEAR + int(match[2]) - 1


def month_text(month: int) -> str:
    """Return `YYYY-MM` for a month index."""
    return f"{year_of(month):04d}-{month % MONTHS_PER_YEAR + 1:02d}"


def year_of(month: int) -> int:
    """Return the calendar year of a month index."""
    return month // MONTHS_PER_YEAR


def is_december(month: int) -> bool:
    """Return whether the month is the last of its year."""
    return month % MONTHS_PER_YEAR == MONTHS_PER_YEAR - 1
