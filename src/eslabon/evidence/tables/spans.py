"""Periods as tables write them: years, months, days, parts of a year, in Spanish and English, with what stays unclear."""

from __future__ import annotations

import calendar
import datetime
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from eslabon.clock import MONTHS_PER_YEAR
from eslabon.evidence.tables.text import LONGEST, fold, split_marker

Sort = Literal["year", "month", "day", "part", "split", "several", "month-name"]
"""A year, a month, a day, a part of a year, a year over two calendar years, several years, a month without a year."""

FIRST_YEAR, LAST_YEAR = 1900, 2100
_TWO_DIGIT_PIVOT = 50
_MONTHS = {
    "ene": 1, "enero": 1, "jan": 1, "january": 1, "feb": 2, "febrero": 2, "february": 2, "mar": 3, "marzo": 3, "march": 3,
    "abr": 4, "abril": 4, "apr": 4, "april": 4, "may": 5, "mayo": 5, "jun": 6, "junio": 6, "june": 6, "jul": 7, "julio": 7, "july": 7,
    "ago": 8, "agosto": 8, "aug": 8, "august": 8, "set": 9, "setiembre": 9, "sep": 9, "sept": 9, "septiembre": 9, "september": 9,
    "oct": 10, "octubre": 10, "october": 10, "nov": 11, "noviembre": 11, "november": 11, "dic": 12, "diciembre": 12, "dec": 12, "december": 12,
}  # fmt: skip
SPANISH_ONLY = frozenset(
    {
        "ene", "enero", "febrero", "marzo", "abr", "abril", "mayo", "junio", "julio", "ago", "agosto", "set", "setiembre", "septiembre",
        "octubre", "noviembre", "dic", "diciembre",
    }
)  # fmt: skip
_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\.?"
_MONTH2 = _MONTH.replace("month", "month2", 1)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_SHORT = r"(?P<year>(?:19|20)\d\d|\d\d)"
_PARTS = {
    r"(?:i|1|1er|primer)\.?\s?(?:sem(?:estre)?\.?|s)|h1|first half": (1, 6),
    r"(?:ii|2|2do|segundo)\.?\s?(?:sem(?:estre)?\.?|s)|h2|second half": (7, 12),
    r"(?:i|1|1er|primer)\.?\s?(?:trim(?:estre)?\.?|t)|q1": (1, 3),
    r"(?:ii|2|2do|segundo)\.?\s?(?:trim(?:estre)?\.?|t)|q2": (4, 6),
    r"(?:iii|3|3er|tercer)\.?\s?(?:trim(?:estre)?\.?|t)|q3": (7, 9),
    r"(?:iv|4|4to|cuarto)\.?\s?(?:trim(?:estre)?\.?|t)|q4": (10, 12),
}
_WRITTEN: tuple[tuple[Sort, str], ...] = (
    ("year", rf"(?:ano|anio|year|gestion|al ano)?\s*{_YEAR}"),
    ("split", rf"(?:ano|campana|campaign|ejercicio)?\s*{_YEAR}\s?[-/]\s?(?P<second>(?:19|20)\d\d|\d\d)"),
    ("day", r"(?P<year>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?:[t ]00:00(?::00)?)?"),
    ("day", rf"(?:al\s)?(?P<d>\d{{1,2}})(?:[ -/]|\sde\s){_MONTH}(?:[ -/]|\sdel?\s|,\s?){_SHORT}"),
    ("day", rf"{_MONTH}\s(?P<d>\d{{1,2}}),?\s{_YEAR}"),
    ("day", r"(?:al\s)?(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})[/.-](?P<year>(?:19|20)\d\d|\d\d)"),
    ("month", r"(?P<year>(?:19|20)\d\d)-(?P<m>0[1-9]|1[0-2])"),
    ("month", rf"{_MONTH}(?:[ -/]|\sdel?\s){_SHORT}"),
    ("month", rf"{_YEAR}(?:[ -/]){_MONTH}"),
    ("part", rf"{_MONTH}\s?(?:-|a|to)\s?{_MONTH2}\s?(?:de |del )?{_YEAR}"),
    ("part", rf"{_YEAR}\s?\(?\s?{_MONTH}\s?(?:-|a|to)\s?{_MONTH2}\s?\)?"),
    ("month-name", _MONTH),
)
_PATTERNS = tuple((sort, re.compile(words)) for sort, words in _WRITTEN)
_ANY_PART = "|".join(_PARTS)
_PART = re.compile(rf"(?:(?P<before>{_ANY_PART})\s?(?:de |del |-)?{_YEAR})|(?:{_YEAR.replace('year', 'year2')}[\s-]?\(?(?P<after>{_ANY_PART})\)?)")


@dataclass(frozen=True, slots=True)
class Span:
    """A period as written.

    Parameters
    ----------
    sort : str
    start, end : date or None
        None for a month without a year, and for a date whose day and month cannot be told apart.
    month : int
        Of a month without a year, else 0.
    marker : str
        A footnote marker or words beside it: `(p)`, `ajustado`.
    spanish : bool
        Whether a Spanish month was read.
    day_month, digit_year : tuple of int, int
        The two numbers of a date written with digits, whose order its column decides; `digit_year` is its year.
    """

    sort: Sort
    start: datetime.date | None = None
    end: datetime.date | None = None
    month: int = 0
    marker: str = ""
    spanish: bool = False
    day_month: tuple[int, int] = (0, 0)
    digit_year: int = 0

    @property
    def year(self) -> int | None:
        """The year in which the period ends."""
        return self.end.year if self.end else None


@lru_cache(maxsize=16384)
def read_span(text: str) -> Span | None:
    """Return the period that a whole cell or head writes, None where it is something else."""
    if not text or len(text) > LONGEST:
        return None
    label, marker = split_marker(text)
    words = fold(label).strip(" .:;")
    found = _part(words) or _first(words)
    if found is None and (cut := re.fullmatch(rf"{_YEAR}\s+(?P<rest>\(?[a-z][a-z .]{{3,40}}\)?)", words)):
        found, marker = _year(int(cut["year"])), cut["rest"].strip("() ")
    if found is None or not marker:
        return found
    return Span(found.sort, found.start, found.end, found.month, marker, found.spanish, found.day_month)


def _first(words: str) -> Span | None:
    for sort, pattern in _PATTERNS:
        match = pattern.fullmatch(words)
        if match and (span := _span(sort, match.groupdict())):
            return span
    return None


def _year(year: int) -> Span:
    return Span("year", datetime.date(year, 1, 1), datetime.date(year, MONTHS_PER_YEAR, 31))


def _span(sort: Sort, found: dict[str, str | None]) -> Span | None:
    spanish = (found.get("month") or "") in SPANISH_ONLY or (found.get("month2") or "") in SPANISH_ONLY
    month = _MONTHS.get(found.get("month") or "", 0) or int(found.get("m") or 0)
    if sort == "month-name":
        return Span(sort, month=month, spanish=spanish)
    year = full_year(found["year"] or "")
    if sort == "year":
        return _year(year)
    if sort == "split":
        return _split(year, found["second"] or "")
    if sort == "day":
        return _day(year, month, found, spanish)
    last = _MONTHS.get(found.get("month2") or "", month)
    return months(year, month, last, sort, spanish) if month <= last else None


def _split(year: int, second: str) -> Span | None:
    last = int(second) if len(second) == 4 else year // 100 * 100 + int(second)
    if last <= year:
        return None
    return Span("split" if last == year + 1 else "several", datetime.date(year, 1, 1), datetime.date(last, MONTHS_PER_YEAR, 31))


def _day(year: int, month: int, found: dict[str, str | None], spanish: bool) -> Span | None:
    if found.get("a"):
        return _digits(year, int(found["a"] or 0), int(found["b"] or 0))
    date = _date(year, month, int(found["d"] or 0))
    return Span("day", date, date, spanish=spanish) if date else None


def _digits(year: int, first: int, second: int) -> Span | None:
    """Return a date of digits; without dates where day and month cannot be told apart."""
    spans = [date for date in (_date(year, second, first), _date(year, first, second)) if date]
    if not spans:
        return None
    if len(spans) == 2 and first != second:
        return Span("day", day_month=(first, second), digit_year=year)
    return Span("day", spans[0], spans[0], day_month=(first, second), digit_year=year)


def day_in_order(span: Span, order: str) -> Span | None:
    """Return a date of digits read in an order, `dmy` or `mdy`; None if there is no such day."""
    first, second = span.day_month
    date = _date(span.digit_year, second, first) if order == "dmy" else _date(span.digit_year, first, second)
    return Span("day", date, date, marker=span.marker, day_month=span.day_month, digit_year=span.digit_year) if date else None


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def months(year: int, first: int, last: int, sort: Sort = "part", spanish: bool = False) -> Span:
    """Return the span from a first to a last month of a year; the whole year is a year."""
    end = datetime.date(year, last, calendar.monthrange(year, last)[1])
    whole: Sort = "year" if (first, last) == (1, MONTHS_PER_YEAR) else sort
    return Span(whole, datetime.date(year, first, 1), end, spanish=spanish)


def full_year(text: str) -> int:
    """Return a year of four digits from four or two."""
    year = int(text)
    if len(text) > 2:
        return year
    return year + (1900 if year >= _TWO_DIGIT_PIVOT else 2000)


def _part(words: str) -> Span | None:
    match = _PART.fullmatch(words)
    if match is None:
        return None
    part = match["before"] or match["after"]
    for pattern, (first, last) in _PARTS.items():
        if re.fullmatch(pattern, part):
            return months(int(match["year"] or match["year2"]), first, last, spanish=True)
    return None


def year_from(month: int, span: Span) -> Span:
    """Return the twelve months from a month of the first year of a split year such as 2012-2013."""
    assert span.start is not None
    year = span.start.year
    end = datetime.date(year + 1, month, 1) - datetime.timedelta(days=1)
    return Span("year", datetime.date(year, month, 1), end, marker=span.marker)


def years_in(text: str) -> list[int]:
    """Return the years named anywhere in a title."""
    return [int(year) for year in re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text[: 4 * LONGEST])]
