"""Number formats of spreadsheets: what a stored number is shown as, and the date of a serial number."""

from __future__ import annotations

import datetime
import re
from functools import cache

BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "mm-dd-yy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss",
    22: "m/d/yy h:mm", 37: "#,##0_);(#,##0)", 38: "#,##0_);[Red](#,##0)", 39: "#,##0.00_);(#,##0.00)", 40: "#,##0.00_);[Red](#,##0.00)",
    45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0", 48: "##0.0E+0", 49: "@",
}  # fmt: skip
"""Format codes that a workbook uses without writing them down (ECMA-376 part 1, 18.8.30)."""
LOCAL_DATES = range(27, 37)
"""Built-in codes that mean dates in East Asian versions and are unused elsewhere."""
LITERAL = re.compile(r'"[^"]*"?|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
DAY = re.compile(r"[dy]|mmm", re.IGNORECASE)
TIME = re.compile(r"[hs]|\[m+\]|am/pm", re.IGNORECASE)
ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d{1,9})?)?", re.ASCII)
SECONDS_A_DAY = 86_400
LAST_SERIAL = 2_958_465
"""31 December 9999."""
FALSE_LEAP_DAY = 60
"""29 February 1900, which the 1900 calendar of spreadsheets has and no other."""


def format_code(number: int, written: dict[int, str]) -> str:
    """Return a format code by its number, from those the workbook writes down or those built in."""
    if number in written:
        return written[number]
    return "yyyy-mm-dd" if number in LOCAL_DATES else BUILT_IN.get(number, "General")


@cache
def shown_as(code: str) -> str:
    """Return `number`, `date`, `datetime` or `time`, as the format code shows a positive number."""
    section = LITERAL.sub("", code).split(";", 1)[0]
    if section.lower() == "general":
        return "number"
    month_alone = "m" in section.lower() and not TIME.search(section) and not re.search("[0#?]", section)
    day, time = bool(DAY.search(section)) or month_alone, bool(TIME.search(section))
    if day and re.search("[0#?]", re.sub(r"s\.0+", "", section, flags=re.IGNORECASE)):
        return "number"
    return "datetime" if day and time else "date" if day else "time" if time else "number"


def date_of(serial: float, from_1904: bool) -> datetime.date | datetime.datetime | None:
    """Return the date of a serial number, with the time of day if it has one; None where the calendar has no such day."""
    days, fraction = divmod(serial, 1)
    seconds = round(fraction * SECONDS_A_DAY)
    if from_1904:
        days += 1462
    if not 1 <= days <= LAST_SERIAL or (days == FALSE_LEAP_DAY and not from_1904):
        return None
    start = datetime.datetime(1899, 12, 31 if days < FALSE_LEAP_DAY else 30)
    try:
        moment = start + datetime.timedelta(days=days, seconds=seconds)
    except OverflowError:
        return None
    return moment if seconds % SECONDS_A_DAY else moment.date()


def is_iso_date(text: str) -> bool:
    """Return whether a text is a date, or a date with a time of day, that a calendar has: `2012-12-31`, `2012-12-31T08:30:00`."""
    if not ISO_DATE.fullmatch(text):
        return False
    try:
        datetime.datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def clock_text(serial: float) -> str:
    """Return a time of day or a duration as hours, minutes and seconds: `12:30:00`."""
    seconds = round(serial * SECONDS_A_DAY)
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"
