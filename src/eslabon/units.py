"""Units: the conversion constants, and quantities written with their unit in scenario and pack files."""

from __future__ import annotations

import re

from eslabon.clock import MONTHS_PER_YEAR
from eslabon.errors import InputError

KG_PER_T = 1000.0
KG_PER_ARROBA = {"enaco": 11.5, "vraem_trade": 12.0}
"""kg of sun-dried leaf in an arroba: the legal buyer's and the one quoted in the reportage (seed-009)."""

_QUANTITY = re.compile(r"\s*([-+]?[\d_]+(?:\.\d+)?(?:[eE][-+]?\d+)?)\s*(.*?)\s*")


def parse_quantity(text: object, unit: str, *, file: str = "", place: str = "", minimum: float = 0.0) -> float:
    """Return the number in `text`, which must carry exactly `unit` and be finite and at least `minimum`.

    Parameters
    ----------
    text : str
        For example `"30_000 ha/yr"`; a bare number is refused because its unit is not known.
    unit : str
        The unit required, for example `ha/yr`; `1` for a plain share.

    Raises
    ------
    InputError
        If the text is no quantity, the unit differs, or the number is out of bounds.
    """
    example = f'Write for example "30_000 {unit}".' if unit != "1" else 'Write for example "0.5".'
    if not isinstance(text, str):
        raise InputError(f"a quantity is text with its unit, here {unit}", file=file, place=place, value=text, remedy=example)
    match = _QUANTITY.fullmatch(text)
    if match is None:
        raise InputError(f"a quantity is a finite number and the unit {unit}", file=file, place=place, value=text, remedy=example)
    if (match[2] or "1") != unit:
        raise InputError(f"the unit must be {unit}", file=file, place=place, value=text, remedy=example)
    number = float(match[1])
    if not minimum <= number < float("inf"):
        raise InputError(f"must be at least {minimum:g} {unit}", file=file, place=place, value=text, remedy=example)
    return number


def parse_months(text: object, *, file: str = "", place: str = "") -> int:
    """Return a whole number of months from `"12 months"`."""
    months = parse_quantity(text, "months", file=file, place=place)
    if months != int(months):
        raise InputError("a duration is a whole number of months", file=file, place=place, value=text, remedy='Write "12 months".')
    return int(months)


def per_month(rate_per_year: float) -> float:
    """Return a yearly flow spread evenly over the months."""
    return rate_per_year / MONTHS_PER_YEAR
