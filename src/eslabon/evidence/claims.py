"""Claims: one published number each, with unit, form, place, period, bound, grade and source."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, FiniteFloat, ValidationError, model_validator

from eslabon.errors import nearest
from eslabon.evidence.cells import Row, read_rows, refuse_repeats

Kind = Literal["stock", "flow", "ratio", "event", "price"]
BoundType = Literal["exact", "approximate", "lower", "upper", "range"]
Grade = Literal["A", "B", "C", "D", "M"]

_GRADE_RANK = {"A": 1, "B": 2, "D": 3, "C": 4, "M": 5}
_CONFLICT_RANK, _PREFERRED_RANK = 6, 0


class Claim(BaseModel):
    """A number that somebody published, as it was published.

    `value`, `low` and `high` are in `unit`; areas are stocks at 31 December; `preferred` marks the value to take where
    several are given for one year. Two claims of one `independence_group` come from the same chain and are not
    independent evidence. There is no field for a person or a coordinate.
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


CLAIM_COLUMNS = tuple(Claim.model_fields)
SOURCE_COLUMNS = tuple(Source.model_fields)
_MAY_BE_NONE = {"low", "high", "year"}
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

    def __post_init__(self) -> None:
        index: dict[tuple[str, str], list[Claim]] = {}
        for claim in self.claims.values():
            index.setdefault((claim.quantity, claim.place), []).append(claim)
        object.__setattr__(self, "_index", index)

    def select(self, quantity: str | None = None, place: str | None = None, year: int | None = None) -> list[Claim]:
        """Return the claims on `quantity` in `place` whose period touches `year`; None stands for any."""
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
        ]

    def preferred(self, quantity: str, place: str) -> dict[int, Claim]:
        """Return one claim a year, in year order.

        The one marked preferred; else read in the publisher's own text, at second hand, derived, contested, from
        memory; else one that another claim contradicts. Among equals the first in the file.
        """
        best: dict[int, Claim] = {}
        for claim in self._index.get((quantity, place), ()):
            year = claim.year
            if year is not None and (year not in best or _rank(claim) < _rank(best[year])):
                best[year] = claim
        return dict(sorted(best.items()))


def _rank(claim: Claim) -> int:
    if claim.preferred:
        return _PREFERRED_RANK
    return _CONFLICT_RANK if claim.conflict else _GRADE_RANK[claim.grade]


def read_ledger(claims_path: Path, sources_path: Path) -> Ledger:
    """Return the ledger of two CSV files.

    Raises
    ------
    InputError
        If a cell breaks a rule of `Claim` or `Source`, an id is repeated, or a claim names an unknown source.
    """
    source_rows = read_rows(sources_path, SOURCE_COLUMNS)
    refuse_repeats(source_rows, "source_id")
    sources = {row.cells["source_id"]: _parse(Source, row) for row in source_rows}
    claim_rows = read_rows(claims_path, CLAIM_COLUMNS)
    refuse_repeats(claim_rows, "id")
    claims = {}
    for row in claim_rows:
        claim = _parse(Claim, row)
        if claim.source_id not in sources:
            raise row.error("source_id", "no source has this id", nearest(claim.source_id, sources))
        claims[claim.id] = claim
    return Ledger(claims, sources)


def _parse(model: type[_Model], row: Row) -> _Model:
    """Return the row as `model`, naming the cell that breaks its rule."""
    cells = {name: None if name in _MAY_BE_NONE and not cell else cell for name, cell in row.cells.items()}
    try:
        return model.model_validate(cells)
    except ValidationError as error:
        first = error.errors()[0]
        rule = str(first["msg"]).removeprefix("Value error, ")
        column = str(first["loc"][0]) if first["loc"] else rule.split()[0]
        raise row.error(column, rule[:1].lower() + rule[1:], "See the table schema in datapackage.json.") from None
