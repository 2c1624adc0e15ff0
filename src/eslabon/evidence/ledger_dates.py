"""When a claim was published: what a reader could have known on a day.

A claim that says when it was published keeps that day. Else the day is that of its source: the day in its address, else the last day
of its year. A number worked out by this project (a source of kind `derived`) is known when the latest of the claims and sources named
in its locator and note is; where none is named, or where the source has no year or is memory, a year after the end of its period.
Whatever the source, no figure but a plan is known before its period ends, and none is recorded before it is known.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from eslabon.evidence.claims import Claim, Source

DERIVED, MEMORY = "derived", "memory"
"""Kinds of source that published nothing themselves."""

PLANS = ("_target", "_budget", "_quota", "_plan")
"""Ends of quantities that are set before their period is over."""

_DAY_IN_ADDRESS = re.compile(r"/((?:19|20)\d\d)[/-](0[1-9]|1[0-2])(?:[/-](0[1-9]|[12]\d|3[01]))?(?![\d])")
_NAME = re.compile(r"[\w-]*\d[\w-]*")


def source_day(source: Source) -> datetime.date | None:
    """Return the day a source was published at the latest, or None where nothing says."""
    if source.year is None or source.kind in (DERIVED, MEMORY):
        return None
    found = _DAY_IN_ADDRESS.search(source.url)
    if found and int(found[1]) == source.year:
        last = calendar.monthrange(source.year, int(found[2]))[1]
        return datetime.date(source.year, int(found[2]), min(int(found[3] or last), last))
    return datetime.date(source.year, 12, 31)


def year_after(day: datetime.date) -> datetime.date:
    """Return the same day a year later."""
    return day.replace(year=day.year + 1, day=28) if (day.month, day.day) == (2, 29) else day.replace(year=day.year + 1)


def published_days(claims: Mapping[str, Claim], sources: Mapping[str, Source]) -> dict[str, datetime.date]:
    """Return the day each claim was published at the latest, by id.

    Raises
    ------
    KeyError
        Never: a claim without its source is dated a year after its period.
    """
    found: dict[str, datetime.date] = {}
    for claim in claims.values():
        _settle(claim, claims, sources, found)
    return found


def _settle(claim: Claim, claims: Mapping[str, Claim], sources: Mapping[str, Source], found: dict[str, datetime.date]) -> None:
    """Enter the day of `claim`, and before it those of the claims it is worked out from."""
    waiting, begun = [claim], set()
    while waiting:
        here = waiting[-1]
        parts = [part for part in _parts(here, claims, sources) if part.id not in found and part.id not in begun]
        begun.add(here.id)
        if parts and here.published is None:
            waiting += parts
            continue
        waiting.pop()
        found.setdefault(here.id, here.published or _day(here, claims, sources, found))


def _parts(claim: Claim, claims: Mapping[str, Claim], sources: Mapping[str, Source]) -> Iterator[Claim]:
    """Yield the claims that a derived claim names."""
    if claim.source_id in sources and sources[claim.source_id].kind == DERIVED:
        for name in _NAME.findall(f"{claim.locator} {claim.note}"):
            if name in claims and name != claim.id:
                yield claims[name]


def _day(claim: Claim, claims: Mapping[str, Claim], sources: Mapping[str, Source], found: Mapping[str, datetime.date]) -> datetime.date:
    source = sources.get(claim.source_id)
    day = source_day(source) if source else None
    if day is None and source and source.kind == DERIVED:
        named = (sources[name] for name in _NAME.findall(claim.note) if name in sources)
        days = [found[part.id] for part in _parts(claim, claims, sources) if part.id in found]
        day = max([*days, *(other for other in map(source_day, named) if other)], default=None)
    if day is None:
        day = year_after(claim.period_end)
    if not claim.quantity.endswith(PLANS):
        day = max(day, claim.period_end)
    return min(day, claim.recorded) if claim.recorded else day
