"""What the user asks of an import: the quantity, and the answers that a table itself does not give."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Literal, get_args

from eslabon.errors import InputError, nearest
from eslabon.evidence.claims import Claim, Grade, Kind, Ledger, Source
from eslabon.evidence.lint import KNOWN_UNITS
from eslabon.evidence.pack import load_pack
from eslabon.evidence.region import RegionPack
from eslabon.evidence.tables.figures import Style
from eslabon.evidence.tables.findings import CODES, LEVELS
from eslabon.evidence.tables.measures import unit_named, unit_names
from eslabon.evidence.tables.places import PlaceNames, place_names
from eslabon.evidence.tables.quantities import Quantity, quantities
from eslabon.evidence.tables.spans import Span, read_span
from eslabon.evidence.tables.text import fold

Blank = Literal["zero", "missing", "unmonitored"]
ZERO_WORDS = frozenset({"zero", "cero", "0", "none", "nil"})
UNMONITORED_WORDS = frozenset({"unmonitored", "not monitored", "no monitoreado", "no monitoreada"})
_PERIOD = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_RATE = re.compile(r"(\d+(?:\.\d+)?) ([A-Z]{3})/([A-Z]{3}) (\d{4}-\d\d-\d\d) (\S+)")


@dataclass(frozen=True)
class Rate:
    """An exchange rate with its day and the source it was read in: `value` of `per_unit` for one of `unit`."""

    value: float
    currency: str
    per: str
    day: datetime.date
    source_id: str


@dataclass(frozen=True)
class Reference:
    """What is known beforehand: places, quantities and the claims and sources of the ledger."""

    places: PlaceNames
    quantities: Mapping[str, Quantity]
    sources: Mapping[str, Source]
    ledger: Ledger
    _published: dict[tuple[str, str, str, datetime.date, datetime.date], list[Claim]] = field(default_factory=dict, repr=False, compare=False)

    def same_figure(self, claim: Claim) -> list[Claim]:
        """Return the ledger's claims on the same quantity, form, unit, place and period as a claim."""
        if not self._published:
            for known in self.ledger.claims.values():
                self._published.setdefault(_subject(known), []).append(known)
            self._published.setdefault(("", "", "", datetime.date.min, datetime.date.min), [])
        return self._published.get(_subject(claim), [])


def _subject(claim: Claim) -> tuple[str, str, str, datetime.date, datetime.date]:
    return claim.quantity, f"{claim.form}|{claim.unit}", claim.place, claim.period_start, claim.period_end


def reference(pack: RegionPack, ledger: Ledger | None = None) -> Reference:
    """Return what a pack, and a ledger joined to its own, know."""
    joined = ledger or pack.ledger
    return Reference(place_names(pack), quantities(joined.claims.values()), joined.sources, joined)


@cache
def peru() -> Reference:
    """Return what the shipped pack knows."""
    return reference(load_pack("peru"))


@dataclass(frozen=True)
class ImportRequest:
    """Everything an import may be told; what is empty must be found in the table or is asked.

    Parameters
    ----------
    quantity : str
        As in the ledger: `coca_area_unodc`.
    source_id, publisher, title, url : str
        The source; one known to the ledger needs its id only.
    year : int or None
        The source's.
    sheet, column : str
        Name of the sheet; head of the column of figures where several could be meant.
    table : int
        Which table of the sheet, from 1; 0 where there is one.
    unit, form, kind : str
        As in the ledger.
    period : str
        `2013`, `2013-12-31` or `2012-07..2013-06`, for a table that gives none.
    year_starts : int
        Month in which a year written 2012-2013 begins; 0 if not said.
    locale : str
        `es` (1.234,5) or `en` (1,234.5) for all figures.
    dates : str
        `dmy` or `mdy` for dates of digits.
    blank : str
        What an empty cell means.
    missing : mapping of str to str
        Codes such as `n.d` and what each means.
    zones : mapping of str to str
        Names in the table and the known name that each stands for.
    place, dimension : str
        The place of a table without places; what its places are.
    rate : Rate or None
        For figures in another currency than `unit`.
    grade, group : str
        Grade of the claims; their independence group, the source if empty.
    accept : sequence of str
        Codes of questions accepted as they are.
    reference : Reference
    """

    quantity: str
    source_id: str = ""
    publisher: str = ""
    title: str = ""
    url: str = ""
    year: int | None = None
    sheet: str = ""
    column: str = ""
    table: int = 0
    unit: str = ""
    form: str = ""
    kind: Kind | Literal[""] = ""
    period: str = ""
    year_starts: int = 0
    locale: Style | Literal[""] = ""
    dates: Literal["dmy", "mdy", ""] = ""
    blank: Blank | Literal[""] = ""
    missing: Mapping[str, str] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)
    place: str = ""
    dimension: Literal["zone", "department", ""] = ""
    rate: Rate | None = None
    grade: Grade = "A"
    group: str = ""
    accept: Sequence[str] = ()
    reference: Reference = field(default_factory=peru)

    def __post_init__(self) -> None:
        for option, value, allowed in (
            ("--kind", self.kind, get_args(Kind)), ("--locale", self.locale, ("es", "en")), ("--dates", self.dates, ("dmy", "mdy")),
            ("--blank", self.blank, get_args(Blank)), ("--dimension", self.dimension, ("zone", "department")),
            ("--grade", self.grade, get_args(Grade)),
        ):  # fmt: skip
            if value and value not in allowed:
                raise InputError(f"must be one of {', '.join(allowed)}", place=option, value=value, remedy=nearest(str(value), allowed))
        if not re.fullmatch(r"[a-z][a-z0-9_]{1,63}", self.quantity):
            raise InputError("a quantity is a name in lower case", place="--as", value=self.quantity, remedy="Example: coca_area_unodc.")
        if not 0 <= self.year_starts <= 12:
            raise InputError("a month is 1 to 12", place="--year-starts", value=self.year_starts, remedy="Example: 7.")
        for code in self.accept:
            check_acceptable(code)
        if self.unit and unit_named(self.unit) is None and self.unit not in KNOWN_UNITS:
            raise InputError("no such unit", place="--unit", value=self.unit, remedy=nearest(self.unit, unit_names()))
        if self.period:
            parse_period(self.period)

    @property
    def span(self) -> Span | None:
        """The period given, None if none was."""
        return parse_period(self.period) if self.period else None

    @property
    def meanings(self) -> dict[str, str]:
        """What each missing code means, by its folded text."""
        return {fold(code): meaning for code, meaning in self.missing.items()}


def check_acceptable(code: str) -> None:
    """Refuse to accept what is no question."""
    questions = [known for known in CODES if LEVELS[known[0]] == "ask"]
    if code not in CODES:
        raise InputError("no question has this code", place="--accept", value=code, remedy=nearest(code, questions))
    if code not in questions:
        rule = "a refusal cannot be accepted" if code.startswith("E") else "a note needs no answer"
        raise InputError(rule, place="--accept", value=code, remedy="Mend the file, or give the option that the message names.")


def parse_pairs(texts: Sequence[str], option: str) -> dict[str, str]:
    """Return `name=meaning` options as a mapping."""
    pairs = {}
    for text in texts:
        name, equals, meaning = text.rpartition("=")
        if not (equals and name and meaning.strip()):
            raise InputError("must be written NAME=MEANING", place=option, value=text, remedy=f'Example: {option} "n.d=not available".')
        pairs[name] = meaning.strip()
    return pairs


def parse_rate(text: str) -> Rate:
    """Return an exchange rate written `2.70 PEN/USD 2013-06-30 SOURCE`.

    Raises
    ------
    InputError
        If rate, day or source is missing.
    """
    match = _RATE.fullmatch(text.strip())
    if match is None or float(match[1]) <= 0:
        rule = "an exchange rate has a value, two currencies, a day and the id of its source"
        raise InputError(rule, place="--rate", value=text, remedy='Example: --rate "2.70 PEN/USD 2013-06-30 bcrp2013".')
    return Rate(float(match[1]), match[2], match[3], _day(match[4], "--rate"), match[5])


def parse_period(text: str) -> Span:
    """Return a period written `2013`, `2013-12-31`, `2013-06` or `2012-07..2013-06`.

    Raises
    ------
    InputError
        If it is written otherwise, or ends before it starts.
    """
    first, dots, last = text.partition("..")
    start, end = _span_of(first), _span_of(last if dots else first)
    if start is None or end is None or start.start is None or end.end is None or start.start > end.end:
        rule = "a period is a year, a month, a day, or a first and a last one"
        raise InputError(rule, place="--period", value=text, remedy="Examples: 2013, 2013-12-31, 2012-07..2013-06.")
    return Span("several", start.start, end.end) if dots else start


def _span_of(text: str) -> Span | None:
    return read_span(text) if _PERIOD.fullmatch(text) else None


def _day(text: str, option: str) -> datetime.date:
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise InputError("no such day", place=option, value=text, remedy="A day is written YYYY-MM-DD.") from None
