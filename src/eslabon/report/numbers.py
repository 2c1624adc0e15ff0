"""Numbers as a reader sees them: three significant figures, thousands separators, a unit that suits the size."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from eslabon.i18n import has_text, phrase, translate
from eslabon.report.data import QUANTILES, Kind, Row
from eslabon.units import KG_PER_T

SIGNIFICANT = 3
MILLION = 1e6
SMALLEST_AXIS = 1e-12
SHARE = "_share"
"""How the names of shares of a whole end; other outcomes with the unit 1 are indices."""
MINUS = "\u2212"
DASH = "\u2013"
NARROW_SPACE = "\u202f"
_YEARLY = frozenset({"flow", "income", "cost"})


@dataclass(frozen=True)
class Scale:
    """A factor from the model's unit to the one shown, and the label of that unit."""

    factor: float
    label: str


def scale_for(unit: str, kind: Kind | None, rows: Iterable[Row], lang: str) -> Scale:
    """Return tonnes for large masses, millions for large sums of money, percent for shares, else the unit itself.

    Parameters
    ----------
    unit, kind : str
        Of the outcome; flows, incomes and costs are labelled as yearly.
    rows : iterable of Row
        All rows that will be shown together, so that they share a unit.

    Notes
    -----
    A form named in the unit ("kg sun-dried leaf") is left to the outcome's name, which says it in the reader's language.
    """
    shown = list(rows)
    if unit == "1" and any(str(row.get("outcome", "")).endswith(SHARE) for row in shown):
        return Scale(100.0, translate("unit.percent", lang))
    largest = max((abs(float(row[q])) for row in shown for q in QUANTILES), default=0.0)
    base, _, per = unit.partition("/")
    base = "kg" if base.startswith("kg ") else base
    factor = 1.0
    if base == "kg" and per in {"", "yr", "year"} and largest >= 10 * KG_PER_T:
        base, factor = "t", 1 / KG_PER_T
    elif base.startswith("usd") and per in {"", "yr", "year"} and largest >= MILLION:
        base, factor = f"million_{base}", 1 / MILLION
    yearly = kind in _YEARLY and not per
    return Scale(factor, unit_label("/".join(part for part in (base, per or ("yr" if yearly else "")) if part), lang))


def unit_label(unit: str, lang: str) -> str:
    """Return a unit in words; parts the catalogue does not know stay as they are."""
    whole = f"unit.{slug(unit)}"
    if has_text(whole, lang):
        return translate(whole, lang)
    parts = [phrase(f"unit.{slug(part)}", lang).removeprefix("unit.") for part in unit.split("/")]
    return f" {translate('unit.per', lang)} ".join(parts)


def slug(unit: str) -> str:
    """Return a unit as a catalogue name."""
    return unit.strip().lower().replace("/year", "/yr").replace("/", "_per_").replace(" ", "_").replace("-", "_")


def number(value: float, *, signed: bool = False, digits: int = SIGNIFICANT) -> str:
    """Return `value` with at most `digits` significant figures and a comma at thousands; a true minus sign."""
    if not math.isfinite(value):
        return DASH
    rounded = significant(value, digits)
    places = 0 if rounded == 0 else max(0, digits - 1 - math.floor(math.log10(abs(rounded))))
    text = f"{abs(rounded):,.{places}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    sign = MINUS if rounded < 0 else "+" if signed and rounded > 0 else ""
    return sign + text


def exact(value: float) -> str:
    """Return a quoted, published value as it was published."""
    text = f"{abs(value):,.2f}".rstrip("0").rstrip(".")
    return (MINUS if value < 0 else "") + text


def significant(value: float, digits: int = SIGNIFICANT) -> float:
    """Return `value` rounded to `digits` significant figures."""
    return float(f"{value:.{digits - 1}e}")


def interval(row: Row, factor: float = 1.0, *, signed: bool = False) -> str:
    """Return the 90 % interval of a row: `low–high`, or `low, high` where a sign would meet the dash."""
    low, high = (number(float(row[q]) * factor, signed=signed) for q in ("p05", "p95"))
    return f"{low}, {high}" if signed or low.startswith(MINUS) else f"{low}{DASH}{high}"


def median_interval(row: Row, factor: float = 1.0, *, signed: bool = False) -> str:
    """Return `median [low–high]`."""
    return f"{number(float(row['p50']) * factor, signed=signed)} [{interval(row, factor, signed=signed)}]"


FIRM = 0.2
"""Least share of its median that a reference's lower quantile must reach before percentages of it mean something."""


def percent_row(difference: Row, reference: Row) -> Row | None:
    """Return a difference in percent of the reference median, or None where the reference may be next to nothing."""
    median, low = float(reference["p50"]), float(reference["p05"])
    if not math.isfinite(median) or median == 0 or low < FIRM * median:
        return None
    return {**difference, **{q: 100 * float(difference[q]) / abs(median) for q in QUANTILES}}


def percent(value: float, *, signed: bool = True) -> str:
    """Return a percentage; whole numbers from 10 on."""
    return number(value, signed=signed, digits=2 if abs(value) < 100 else SIGNIFICANT) + f"{NARROW_SPACE}%"


def axis_ticks(low: float, high: float, count: int = 5) -> tuple[float, float, float]:
    """Return minimum, maximum and step of an axis with round ticks that holds `low` and `high`."""
    low, high = min(low, 0.0), max(high, 0.0)
    if high - low < SMALLEST_AXIS:
        return 0.0, 1.0, 1.0
    raw = (high - low) / count
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(m * power for m in (1, 2, 2.5, 5, 10) if m * power >= raw * 0.999)
    return math.floor(low / step) * step, math.ceil(high / step - 1e-9) * step, step
