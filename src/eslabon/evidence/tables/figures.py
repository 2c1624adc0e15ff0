"""One written figure: its digits as printed, the way its marks of thousands and decimals read, bound words, unit and footnote."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from eslabon.evidence.tables.text import LONGEST, SUPERSCRIPT, fold, split_superscript

Style = Literal["es", "en"]
"""How thousands and decimals are marked: `1.234,5` or `1,234.5`."""
STYLES: tuple[Style, Style] = ("es", "en")
Evidence = Literal["plain", "strong", "decimal", "odd", "unclear", "bad"]
Bound = Literal["exact", "approximate", "lower", "upper", "range"]

_CORE = r"(?:\d{1,3}(?:[ ']\d{3})+(?:[.,]\d+)*|\d+(?:[.,]\d+)*)"
_CURRENCY = r"(?:us\$|u\$s|usd|s/\.?|\$|pen\b|eur\b|€)"
_BOUNDS: dict[str, Bound] = {
    r"mas de|mayor(?: que| a| de)?|superior a|supera(?: los| las)?|al menos|no menos de|por lo menos|como minimo|minimo|desde|"
    r"more than|over|at least|no less than|above|>=?|≥": "lower",
    r"hasta|menos de|menor(?: que| a| de)?|inferior a|no mas de|como maximo|maximo|up to|at most|less than|no more than|under|below|<=?|≤": "upper",
    r"aprox(?:\.|imadamente)?|unos|unas|cerca de|alrededor de|casi|about|around|approx(?:\.|imately)?|nearly|almost|circa|ca?\.|~|≈|±": "approximate",
}  # fmt: skip
_BOUND = re.compile("|".join(f"(?P<{bound}>{words})" for words, bound in _BOUNDS.items()), re.ASCII)
_NUMBER = re.compile(rf"(?P<neg>-)?\s*(?P<cur>{_CURRENCY})?\s*(?P<neg2>-)?(?P<core>{_CORE})\s*(?P<rest>.*)", re.ASCII)
_REST = re.compile(
    r"(?P<percent>%|por ciento|percent)?\s*(?P<unit>[a-z$€/][a-z0-9$€/.\- ]*?)?\s*"
    r"(?P<marker>\*+|\(\*+\)|\(\d{1,2}\)|\([a-z]\)|\[\w{1,2}\]|(?:\d{1,2}|[a-z])/|[†‡§#]+|(?<=[a-z.%]) \d{1,2})?"
)
_RANGE = re.compile(
    rf"(?:(?:entre|between|de|from|desde)\s+)?(?P<cur>{_CURRENCY})?\s*(?P<low>{_CORE})\s*(?P<inner>[a-z$][a-z$/. ]*?)?\s*"
    rf"(?:-|\b(?:a|o|u|or|to|y|and|hasta)\b)\s*(?:{_CURRENCY})?\s*(?P<high>{_CORE})\s*(?P<rest>.*)",
    re.ASCII,
)
_GROUP = 3
_EXPONENT = re.compile(r"-?\d+(?:[.,]\d+)?e[+-]?\d+", re.ASCII)
_YEARS = re.compile(r"(?:19|20)\d\d")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as printed, not yet a number: only its column says how its marks read.

    Parameters
    ----------
    cores : tuple of str
        The digits with their marks: one, or the two ends of a range.
    negative, percent : bool
    bound : str
    currency, unit, marker : str
        As printed around the digits, folded; empty where there is none.
    """

    cores: tuple[str, ...]
    negative: bool = False
    percent: bool = False
    bound: Bound = "exact"
    currency: str = ""
    unit: str = ""
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """Why a cell that holds digits is no figure: `footnote` (a marker may be part of the number), `retyped`, `range`, `text`."""

    why: Literal["footnote", "retyped", "range", "text"]


@lru_cache(maxsize=65536)
def read_figure(text: str) -> Figure | Unreadable:
    """Return the figure written in a cell, or why it cannot be read; never a guess and never zero."""
    if text.isascii() and text.isdigit():
        return Figure((text,))
    if len(text) > LONGEST:
        return Unreadable("text")
    bare, raised = split_superscript(text.strip())
    if any(sign in SUPERSCRIPT for sign in bare):
        return Unreadable("footnote")
    words = fold(bare)
    if _EXPONENT.fullmatch(words):
        return Unreadable("retyped")
    bound: Bound = "exact"
    lead = _BOUND.match(words)
    if lead and lead.end() < len(words) and not words[lead.end()].isalpha():
        bound, words = _bound_of(lead), words[lead.end() :].lstrip()
    found = _read_range(words, raised) if bound in ("exact", "approximate") else None
    return found or _read_single(words, raised, bound)


def _bound_of(match: re.Match[str]) -> Bound:
    bounds: tuple[Bound, ...] = ("lower", "upper", "approximate")
    return next((bound for bound in bounds if match[bound]), "exact")


def _read_range(words: str, raised: str) -> Figure | Unreadable | None:
    match = _RANGE.fullmatch(words)
    if match is None:
        return None
    low, high = match["low"], match["high"]
    if _YEARS.fullmatch(low) and (_YEARS.fullmatch(high) or len(high) == 2):
        return Unreadable("range")
    rest = _REST.fullmatch(match["rest"])
    if rest is None:
        return Unreadable("text")
    unit = (rest["unit"] or match["inner"] or "").strip()
    return Figure((low, high), False, bool(rest["percent"]), "range", match["cur"] or "", unit, (rest["marker"] or raised).strip())


def _read_single(words: str, raised: str, bound: Bound) -> Figure | Unreadable:
    match = _NUMBER.fullmatch(words)
    if match is None:
        inner = words.strip("() ")
        return Unreadable("footnote" if words.startswith("(") and _NUMBER.fullmatch(inner) else "text")
    rest = _REST.fullmatch(match["rest"])
    if rest is None:
        return Unreadable("footnote" if re.match(r"[\d(\[*a-z]{1,4}", match["rest"]) else "text")
    unit, marker = (rest["unit"] or "").strip(), (rest["marker"] or raised).strip()
    if len(unit) == 1 and unit in "abcdefpr":
        return Unreadable("footnote")
    if len(unit) == 2 and unit[1] == "/":
        unit, marker = "", unit
    negative = bool(match["neg"] or match["neg2"])
    return Figure((match["core"],), negative, bool(rest["percent"]), bound, match["cur"] or "", unit, marker)


@lru_cache(maxsize=65536)
def style_of(core: str) -> tuple[Evidence, Style | None]:
    """Return what the digits say of their own style: for certain, by decimals, or (`30.000`) nothing."""
    grouped = " " in core or "'" in core
    digits = core.replace(" ", "").replace("'", "")
    marks = [c for c in digits if c in ".,"]
    if not marks:
        return "plain", None
    parts = re.split(r"[.,]", digits)
    if len(marks) > 1:
        return _style_of_many(marks, parts, grouped)
    decimal_style: Style = "es" if marks[0] == "," else "en"
    thousands_style: Style = "en" if marks[0] == "," else "es"
    left, right = parts
    if grouped:
        return ("strong", thousands_style) if "'" in core and len(right) == 3 else ("strong", decimal_style)
    if len(right) == 3 and len(left) <= 3 and not left.startswith("0"):
        return "unclear", decimal_style
    if len(right) > 3:
        return "odd", decimal_style
    return "decimal", decimal_style


def _style_of_many(marks: list[str], parts: list[str], grouped: bool) -> tuple[Evidence, Style | None]:
    last = marks[-1]
    one_kind = len(set(marks)) == 1
    groups = parts[1:] if one_kind else parts[1:-1]
    if any(len(group) != 3 for group in groups) or (len(parts[0]) > 3 and not grouped) or (not one_kind and last in marks[:-1]):
        return "bad", None
    decimal_comma = (last == ".") if one_kind else (last == ",")
    return "strong", "es" if decimal_comma else "en"


@lru_cache(maxsize=65536)
def value_of(core: str, style: Style | None) -> tuple[float, int] | None:
    """Return the number of the digits in a style, and how many decimals are printed; None if they are not written in that style."""
    digits = core.replace(" ", "").replace("'", "")
    thousands, decimal = (".", ",") if style == "es" else (",", ".")
    whole, _, fraction = digits.partition(decimal)
    groups = whole.split(thousands)
    if not all(part.isdigit() for part in groups) or any(len(group) != _GROUP for group in groups[1:]) or (fraction and not fraction.isdigit()):
        return None
    if len(groups) > 1 and len(groups[0]) > _GROUP and digits == core:
        return None
    value = float(f"{''.join(groups)}.{fraction or 0}")
    return (value, len(fraction)) if math.isfinite(value) else None
