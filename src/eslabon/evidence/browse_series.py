"""Series: the claims on one quantity, place, form and unit, year by year with all sides, never spliced."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from eslabon.evidence.claims import Claim, Ledger, Source

Key = tuple[str, str, str, str]
"""Quantity, place, form, unit."""


@dataclass(frozen=True)
class Side:
    """What one claim says in a series: the claim, its source, whether it is taken for its year, and what corrects it."""

    claim: Claim
    source: Source
    chosen: bool
    corrected_by: tuple[str, ...] = ()

    @property
    def partial(self) -> bool:
        """Whether a flow was counted over less than its calendar year."""
        start, end = self.claim.period_start, self.claim.period_end
        whole = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31)
        return self.claim.kind == "flow" and self.claim.year is not None and not whole


@dataclass(frozen=True)
class Segment:
    """A stretch of a series measured in one way; `label` names the break that opens it, empty for the first."""

    label: str
    years: tuple[int, ...]


@dataclass(frozen=True)
class Series:
    """All sides of one quantity in one place, in one form and unit.

    Two measuring systems are two quantities, and fresh and dried leaf are two forms, so neither is ever joined.

    Parameters
    ----------
    quantity, place, form, unit : str
    sides : tuple of Side
        By period; in a year the side taken comes first.
    """

    quantity: str
    place: str
    form: str
    unit: str
    sides: tuple[Side, ...]
    chosen: Mapping[int, Side] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        taken = {side.claim.period_end.year: side for side in self.sides if side.chosen}
        object.__setattr__(self, "chosen", dict(sorted(taken.items())))

    @property
    def years(self) -> tuple[int, ...]:
        """Years with at least one claim of their own that stands."""
        return tuple(self.chosen)

    @property
    def gaps(self) -> tuple[int, ...]:
        """Years without a claim between the first and the last."""
        return missing_years(self.years)

    @property
    def contested(self) -> tuple[int, ...]:
        """Years in which a claim is marked as contradicted or two claims give different values."""
        return tuple(year for year in self.years if is_contested(self.in_year(year)))

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The years in stretches of one way of measuring; a break's label opens a stretch where it appears first."""
        found: list[tuple[str, list[int]]] = []
        seen: set[str] = set()
        for year, side in self.chosen.items():
            label = side.claim.series_break
            if not found or (label and label not in seen):
                found.append((label, []))
            seen.add(label)
            found[-1][1].append(year)
        return tuple(Segment(label, tuple(years)) for label, years in found)

    def in_year(self, year: int) -> list[Side]:
        """Return the sides whose period lies in `year`."""
        return [side for side in self.sides if side.claim.year == year]


def is_contested(sides: Iterable[Side]) -> bool:
    """Return whether sides of one year contradict each other."""
    whole = [side for side in sides if not side.partial and not side.corrected_by]
    return any(side.claim.conflict for side in whole) or len({side.claim.value for side in whole}) > 1


def missing_years(years: Iterable[int]) -> tuple[int, ...]:
    """Return the years that lack between the first and the last of `years`."""
    there = set(years)
    return tuple(sorted(set(range(min(there), max(there) + 1)) - there)) if there else ()


def series_of(claims: Iterable[Claim], ledger: Ledger) -> tuple[Series, ...]:
    """Return the claims as series, sorted by quantity and place, those with most years first."""
    grouped: dict[Key, list[Claim]] = {}
    for claim in claims:
        grouped.setdefault((claim.quantity, claim.place, claim.form, claim.unit), []).append(claim)
    found = [_series(key, members, ledger) for key, members in grouped.items()]
    return tuple(sorted(found, key=lambda series: (series.quantity, series.place, -len(series.years), series.form, series.unit)))


def _series(key: Key, claims: list[Claim], ledger: Ledger) -> Series:
    standing = {claim.id: claim for claim in claims if not ledger.corrections(claim.id)}
    taken = {claim.id for claim in Ledger(standing, ledger.sources).preferred(key[0], key[1]).values()}
    sides = [
        Side(claim, ledger.sources[claim.source_id], claim.id in taken, tuple(later.id for later in ledger.corrections(claim.id))) for claim in claims
    ]
    return Series(*key, tuple(sorted(sides, key=_order)))


def _order(side: Side) -> tuple[datetime.date, bool, bool]:
    return side.claim.period_end, not side.chosen, side.claim.conflict


BLOCKS = "▁▂▃▄▅▆▇█"
NO_CLAIM, BREAK = "·", "┊"


def sparkline(series: Series) -> str:
    """Return the taken values as blocks, a year a letter: `·` a year without a claim, `┊` before a series break."""
    if not series.chosen:
        return ""
    values = {year: side.claim.value for year, side in series.chosen.items()}
    low, high = min(values.values()), max(values.values())
    opened = {segment.years[0] for segment in series.segments if segment.label} - {series.years[0]}
    drawn = []
    for year in range(series.years[0], series.years[-1] + 1):
        drawn.append(BREAK if year in opened else "")
        level = (values[year] - low) / (high - low) if year in values and high > low else 0.5
        drawn.append(BLOCKS[round(level * (len(BLOCKS) - 1))] if year in values else NO_CLAIM)
    return "".join(drawn)


def spans(years: Iterable[int]) -> str:
    """Return years in words of figures: `2003-2005, 2007`."""
    runs = [[year for _, year in group] for _, group in itertools.groupby(enumerate(sorted(years)), key=lambda pair: pair[1] - pair[0])]
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)
