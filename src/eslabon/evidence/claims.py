"""Claims: one published number each, with unit, form, place, period, bound, grade and source."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError, model_validator

from eslabon.errors import InputError, nearest
from eslabon.evidence.cells import Row, decode, parse_rows, refuse_repeats
from eslabon.evidence.ledger_chain import CLAIMS, GONE, SOURCES, Problem, read_sealed
from eslabon.evidence.ledger_dates import published_days

Kind = Literal["stock", "flow", "ratio", "event", "price"]
BoundType = Literal["exact", "approximate", "lower", "upper", "range"]
Grade = Literal["A", "B", "C", "D", "M"]

_GRADE_RANK = {"A": 1, "B": 2, "D": 3, "C": 4, "M": 5}
_CONFLICT_RANK, _PREFERRED_RANK = 6, 0


class Claim(BaseModel):
    """A number that somebody published, as it was published.

    `value`, `low` and `high` are in `unit`; areas are stocks at 31 December; `preferred` marks the value to take where
    several are given for one year. Two claims of one `independence_group` come from the same chain and are not
    independent evidence. `corrects` names an earlier claim that this one puts right; both stay. `published` is the day by
    which it was public, `recorded` the day it entered the ledger and `hash` its link in the chain (see `ledger_chain`);
    the ledger fills these three. There is no field for a person or a coordinate.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(min_length=1)
    quantity: str = Field(min_length=1)
    form: str = Field(min_length=1)
    unit: str = Field(min_length=1)
    place: str = Field(min_length=1)
    period_start: datetime.date
    period_end: datetime.date
    kind: Kind
    value: FiniteFloat
    low: FiniteFloat | None
    high: FiniteFloat | None
    bound_type: BoundType
    grade: Grade
    confidence: str
    conflict: bool
    preferred: bool
    source_id: str = Field(min_length=1)
    locator: str
    independence_group: str = Field(min_length=1)
    series_break: str
    note: str
    published: datetime.date | None = None
    corrects: str = ""
    recorded: datetime.date | None = None
    hash: str = ""

    @model_validator(mode="after")
    def _ordered(self) -> Claim:
        if self.period_start > self.period_end:
            raise ValueError("period_start must not be after period_end")
        if self.low is not None and self.low > self.value:
            raise ValueError("low must not exceed value")
        if self.high is not None and self.high < self.value:
            raise ValueError("high must not be below value")
        if self.unit == "ha" and self.value < 0:
            raise ValueError("value in hectares must not be negative")
        return self

    @property
    def year(self) -> int | None:
        """The calendar year of the claim, or None where its period spans several."""
        return self.period_end.year if self.period_start.year == self.period_end.year else None


class Source(BaseModel):
    """Where a claim was read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    source_id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    publisher: str
    year: int | None
    url: str
    kind: str
    recorded: datetime.date | None = None
    hash: str = ""

    def same_as(self, other: Source) -> bool:
        """Return whether both describe one source alike, whenever they were recorded."""
        ledger_columns = {"recorded", "hash"}
        return self.model_dump(exclude=ledger_columns) == other.model_dump(exclude=ledger_columns)


CLAIM_COLUMNS = tuple(Claim.model_fields)
SOURCE_COLUMNS = tuple(Source.model_fields)
COLUMNS = {CLAIMS: CLAIM_COLUMNS, SOURCES: SOURCE_COLUMNS}
"""Columns of a ledger's files."""

LEDGER_COLUMNS = ("published", "corrects", "recorded", "hash")
"""Columns that a new claim need not have."""

_MAY_BE_NONE = {"low", "high", "year", "published", "recorded"}
_Model = TypeVar("_Model", Claim, Source)


@dataclass(frozen=True)
class Ledger:
    """All claims and sources of a pack, by id.

    Parameters
    ----------
    claims : mapping of str to Claim
    sources : mapping of str to Source
    """

    claims: Mapping[str, Claim]
    sources: Mapping[str, Source]
    _index: dict[tuple[str, str], list[Claim]] = field(init=False, repr=False, compare=False)
    _corrections: dict[str, list[Claim]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        index: dict[tuple[str, str], list[Claim]] = {}
        corrections: dict[str, list[Claim]] = {}
        for claim in self.claims.values():
            index.setdefault((claim.quantity, claim.place), []).append(claim)
            if claim.corrects:
                corrections.setdefault(claim.corrects, []).append(claim)
        object.__setattr__(self, "_index", index)
        object.__setattr__(self, "_corrections", corrections)

    def select(self, quantity: str | None = None, place: str | None = None, year: int | None = None, corrected: bool = False) -> list[Claim]:
        """Return the claims on `quantity` in `place` whose period touches `year`; None stands for any.

        Claims that a later one corrects are left out unless `corrected`.
        """
        if quantity is not None and place is not None:
            found: Iterable[Claim] = self._index.get((quantity, place), ())
        else:
            found = self.claims.values()
        return [
            claim
            for claim in found
            if quantity in (None, claim.quantity)
            and place in (None, claim.place)
            and (year is None or claim.period_start.year <= year <= claim.period_end.year)
            and (corrected or claim.id not in self._corrections)
        ]

    def preferred(self, quantity: str, place: str, corrected: bool = False) -> dict[int, Claim]:
        """Return one claim a year, in year order; none that a later one corrects, unless `corrected`.

        The one marked preferred; else read in the publisher's own text, at second hand, derived, contested, from
        memory; else one that another claim contradicts. Among equals the first in the file.
        """
        best: dict[int, Claim] = {}
        for claim in self.select(quantity, place, corrected=corrected):
            year = claim.year
            if year is not None and (year not in best or _rank(claim) < _rank(best[year])):
                best[year] = claim
        return dict(sorted(best.items()))

    def corrections(self, claim_id: str) -> tuple[Claim, ...]:
        """Return the claims that correct this one, in the order of the ledger; empty where it stands."""
        return tuple(self._corrections.get(claim_id, ()))

    @cached_property
    def published(self) -> Mapping[str, datetime.date]:
        """The day by which each claim was public (see `ledger_dates`)."""
        return published_days(self.claims, self.sources)

    def as_known(self, day: datetime.date) -> Ledger:
        """Return the ledger of what was public on `day`: a claim corrected later stands in it."""
        return self._only(lambda claim: self.published[claim.id] <= day)

    def as_recorded(self, day: datetime.date) -> Ledger:
        """Return the ledger as it stood on `day`: only what had been entered by then."""
        return self._only(lambda claim: claim.recorded is None or claim.recorded <= day)

    def _only(self, keep: Callable[[Claim], bool]) -> Ledger:
        kept = {claim.id: self._dated(claim) for claim in self.claims.values() if keep(claim)}
        named = {claim.source_id for claim in kept.values()}
        return Ledger(kept, {name: source for name, source in self.sources.items() if name in named})

    def _dated(self, claim: Claim) -> Claim:
        """Return the claim with its day of publication, which may hang on claims that a vintage lacks."""
        return claim if claim.published else claim.model_copy(update={"published": self.published[claim.id]})

    def guard(self, cutoff: datetime.date) -> Ledger:
        """Return `as_known(cutoff)` in which asking for a later claim by its id raises `InputError`."""
        known = self.as_known(cutoff)
        later = {name: day for name, day in self.published.items() if day > cutoff}
        return Ledger(GuardedClaims(known.claims, later, cutoff), known.sources)

    def joined(self, other: Ledger) -> Ledger:
        """Return this ledger with the claims and sources of `other` after its own.

        Raises
        ------
        InputError
            If both have a claim of one id, or sources of one id that differ.
        """
        for name in other.claims:
            if name in self.claims:
                raise InputError("two ledgers have a claim of this id", place=f"claim {name}", remedy="Give the new claim an id of its own.")
        for name, source in other.sources.items():
            if name in self.sources and not source.same_as(self.sources[name]):
                rule = "two ledgers describe this source differently"
                raise InputError(rule, place=f"source {name}", remedy="Give the new source an id of its own.")
        added = {name: source for name, source in other.sources.items() if name not in self.sources}
        return Ledger({**self.claims, **other.claims}, {**self.sources, **added})


class GuardedClaims(Mapping[str, Claim]):
    """Claims known at a cut-off; to ask for a later one by its id is refused.

    Parameters
    ----------
    known : mapping of str to Claim
        What may be read.
    later : mapping of str to date
        Day of publication of each claim that may not.
    cutoff : date
        The last day that may be known.
    """

    def __init__(self, known: Mapping[str, Claim], later: Mapping[str, datetime.date], cutoff: datetime.date) -> None:
        self._known, self._later, self._cutoff = known, later, cutoff

    def __getitem__(self, name: str) -> Claim:
        if name in self._later:
            rule = f"this claim was published on {self._later[name]}, after the cut-off {self._cutoff}"
            raise InputError(rule, place=f"claim {name}", remedy="Use a claim published by then, or a later cut-off.")
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known)

    def __len__(self) -> int:
        return len(self._known)


def _rank(claim: Claim) -> int:
    if claim.preferred:
        return _PREFERRED_RANK
    return _CONFLICT_RANK if claim.conflict else _GRADE_RANK[claim.grade]


def read_ledger(claims_path: Path, sources_path: Path) -> Ledger:
    """Return the ledger of two CSV files and the seal beside them.

    Raises
    ------
    InputError
        If a cell breaks a rule of `Claim` or `Source`, an id is repeated, a claim names an unknown source, or the chain or
        the seal show that the files were changed otherwise than by appending.
    """
    found = read_sealed(claims_path.parent, COLUMNS)
    for path in (sources_path, claims_path):
        if path.name not in found.texts or Problem(path.name, 1, GONE) in found.problems:
            raise InputError("the pack lacks this file", file=path.name, remedy=f"Add it to {path.parent.name}.")
    ledger = parse_ledger(decode(claims_path, found.texts[CLAIMS]), decode(sources_path, found.texts[SOURCES]))
    if found.problems:
        raise found.problems[0].error()
    return ledger


def parse_ledger(claims: str, sources: str) -> Ledger:
    """Return the ledger of the text of two CSV files, the chain unread."""
    source_rows = parse_rows(SOURCES, sources, SOURCE_COLUMNS)
    refuse_repeats(source_rows, "source_id")
    found = {row.cells["source_id"]: parse_row(Source, row) for row in source_rows}
    claim_rows = parse_rows(CLAIMS, claims, CLAIM_COLUMNS)
    refuse_repeats(claim_rows, "id")
    for row in claim_rows:
        if row.cells["source_id"] not in found:
            raise row.error("source_id", "no source has this id", nearest(row.cells["source_id"], found))
    return Ledger({row.cells["id"]: parse_row(Claim, row) for row in claim_rows}, found)


def parse_row(model: type[_Model], row: Row) -> _Model:
    """Return the row as `model`, naming the cell that breaks its rule."""
    cells = {name: None if name in _MAY_BE_NONE and not cell else cell for name, cell in row.cells.items()}
    try:
        return model.model_validate(cells)
    except ValidationError as error:
        first = error.errors()[0]
        rule = str(first["msg"]).removeprefix("Value error, ")
        column = str(first["loc"][0]) if first["loc"] else rule.split()[0]
        raise row.error(column, rule[:1].lower() + rule[1:], "See the table schema in datapackage.json.") from None
