"""Browse the ledger: overview, series with all sides, gaps and coverage of what was asked for. Pure; draws nothing."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from eslabon.errors import InputError
from eslabon.evidence.browse_coverage import AREA, like_for_like, zone_lists
from eslabon.evidence.browse_places import NATION, Gazetteer, find_quantity
from eslabon.evidence.browse_rows import ROW_FIELDS, plain_row, segment_numbers
from eslabon.evidence.browse_series import Series, series_of
from eslabon.evidence.claims import Claim, Ledger
from eslabon.evidence.region import RegionPack


@dataclass(frozen=True)
class Question:
    """What a reader asks the ledger: a quantity, a place, years, and the day up to which things were known."""

    quantity: str | None = None
    place: str | None = None
    first: int | None = None
    last: int | None = None
    as_of: datetime.date | None = None

    def __post_init__(self) -> None:
        if self.first is not None and self.last is not None and self.first > self.last:
            rule = "the first year must not come after the last"
            raise InputError(rule, place="--from", value=self.first, remedy=f"Give --to {self.first} or later.")

    def has_year(self, claim: Claim) -> bool:
        """Return whether the claim's period touches the years asked for."""
        late = self.first is None or claim.period_end.year >= self.first
        return late and (self.last is None or claim.period_start.year <= self.last)


def read_day(text: str | datetime.date | None) -> datetime.date | None:
    """Return the day of an `as of`, given as a date or as YYYY-MM-DD; None stands for now."""
    if text is None or isinstance(text, datetime.date):
        return text
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise InputError("a day is written YYYY-MM-DD", place="--as-of", value=text, remedy="Write for example 2014-06-30.") from None


@dataclass(frozen=True)
class OverviewRow:
    """How well a quantity is documented."""

    quantity: str
    claims: int
    places: int
    first_year: int
    last_year: int
    years: int
    contested_years: int
    grades: dict[str, int]
    independent_groups: int


@dataclass(frozen=True)
class Gap:
    """Years without a claim between the first and the last of a series."""

    series: Series
    years: tuple[int, ...]


@dataclass(frozen=True)
class Browsed:
    """What the ledger holds on a question.

    Parameters
    ----------
    question : Question
    places : tuple of str
        The places of claims that the question's place stands for; empty for any.
    ledger : Ledger
        The claims as known on the day asked for.
    pack : RegionPack
        Zones and zone lists.
    """

    question: Question
    places: tuple[str, ...]
    ledger: Ledger
    pack: RegionPack
    claims: tuple[Claim, ...] = field(init=False)

    def __post_init__(self) -> None:
        asked = self.question
        found = (c for c in self.ledger.select(asked.quantity, corrected=True) if (not self.places or c.place in self.places) and asked.has_year(c))
        object.__setattr__(self, "claims", tuple(found))

    @cached_property
    def series(self) -> tuple[Series, ...]:
        """The claims as series."""
        return series_of(self.claims, self.ledger)

    @cached_property
    def overview(self) -> tuple[OverviewRow, ...]:
        """One row a quantity, the best documented first."""
        by_quantity: dict[str, list[Claim]] = {}
        for claim in self.claims:
            by_quantity.setdefault(claim.quantity, []).append(claim)
        rows = [self._row(quantity, claims) for quantity, claims in by_quantity.items()]
        return tuple(sorted(rows, key=lambda row: (-row.claims, row.quantity)))

    def _row(self, quantity: str, claims: list[Claim]) -> OverviewRow:
        contested = {year for series in self.series if series.quantity == quantity for year in series.contested}
        years = {claim.period_end.year for claim in claims}
        grades = Counter(str(claim.grade) for claim in claims)
        return OverviewRow(
            quantity, len(claims), len({claim.place for claim in claims}), min(years), max(years), len(years), len(contested),
            {grade: grades[grade] for grade in "ABCDM" if grade in grades}, len({claim.independence_group for claim in claims}),
        )  # fmt: skip

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Series of at least two years that lack some between."""
        return tuple(Gap(series, series.gaps) for series in self.series if series.gaps)

    @cached_property
    def never_covered(self) -> dict[str, tuple[str, ...]]:
        """Zones of the latest list that have no claim on a quantity, by quantity."""
        lists = zone_lists(self.pack.crosswalk)
        zones = [f"{NATION}/{name}" for name in lists[-1].zones] if lists else []
        wanted = [zone for zone in zones if not self.places or zone in self.places]
        found: dict[str, tuple[str, ...]] = {}
        for quantity in sorted({claim.quantity for claim in self.claims}):
            there = {claim.place for claim in self.ledger.select(quantity)}
            found[quantity] = tuple(zone for zone in wanted if zone not in there)
        return {quantity: lacking for quantity, lacking in found.items() if lacking}

    def coverage(self, since: int | None = None) -> dict[str, Any]:
        """Return the zone lists by year and the like-for-like sums of the zones monitored in `since`, as plain data."""
        lists = zone_lists(self.pack.crosswalk)
        start = since if since is not None else lists[0].year
        panel = like_for_like(self.ledger, self.pack.crosswalk, start, self.question.last)
        return {
            "quantity": AREA,
            "since": start,
            "lists": [{"year": item.year, "list": item.version, "zones": list(item.zones), "added": list(item.added)} for item in lists],
            "basins": [{"basin": zone.id, "monitored_since": zone.monitored_since} for zone in self.pack.zones],
            "panel": [
                {
                    "year": row.year, "zones_monitored": row.zones_monitored, "panel_zones": row.panel_zones,
                    "panel_with_claim": row.panel_with_claim, "panel_ha": row.panel_ha, "published_ha": row.published_ha,
                    "outside_panel_ha": row.rest_ha, "claims": list(row.claims),
                }
                for row in panel
            ],
        }  # fmt: skip

    def rows(self) -> list[dict[str, Any]]:
        """Return one plain row a claim, with its source, its basin, its stretch of the series and whether it is taken."""
        basins = {f"{NATION}/{row.zone_name}": row.basin for row in self.pack.crosswalk if row.weight == 1}
        found = []
        for series in self.series:
            numbers = segment_numbers(series)
            for side in series.sides:
                found.append(plain_row(side, numbers[side.claim.period_end.year], basins, self.ledger.published[side.claim.id]))
        return found

    def table(self) -> Any:
        """Return the rows as a pandas DataFrame."""
        import pandas

        return pandas.DataFrame(self.rows(), columns=list(ROW_FIELDS))

    def document(self, since: int | None = None) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        asked = self.question
        return {
            "quantity": asked.quantity,
            "place": asked.place,
            "places": list(self.places),
            "from": asked.first,
            "to": asked.last,
            "as_of": asked.as_of.isoformat() if asked.as_of else None,
            "claims": len(self.claims),
            "overview": [_plain_overview(row) for row in self.overview],
            "series": [_plain_series(series) for series in self.series],
            "gaps": [{**_named(gap.series), "years": list(gap.years)} for gap in self.gaps],
            "never_covered": {q: list(zones) for q, zones in self.never_covered.items()} if asked.quantity else {},
            "coverage": self.coverage(since) if since is not None else None,
            "rows": self.rows(),
        }


def browse(pack: RegionPack, question: Question | None = None, ledger: Ledger | None = None) -> Browsed:
    """Return what a ledger holds on a question.

    Parameters
    ----------
    pack : RegionPack
        Zones, zone lists and, by default, the ledger.
    question : Question, optional
        Everything if left out.
    ledger : Ledger, optional
        Another ledger of the same region.

    Raises
    ------
    InputError
        If the quantity or the place is not known; the message offers the nearest ones.
    """
    asked = question or Question()
    known = ledger or pack.ledger
    quantity = find_quantity(asked.quantity, (c.quantity for c in known.claims.values())) if asked.quantity else None
    gazetteer = Gazetteer((c.place for c in known.claims.values()), pack.zones, pack.crosswalk)
    places = gazetteer.find(asked.place) if asked.place else ()
    settled = Question(quantity, asked.place, asked.first, asked.last, asked.as_of)
    return Browsed(settled, places, known.as_known(asked.as_of) if asked.as_of else known, pack)


def _named(series: Series) -> dict[str, Any]:
    return {"quantity": series.quantity, "place": series.place, "form": series.form, "unit": series.unit}


def _plain_series(series: Series) -> dict[str, Any]:
    return {
        **_named(series),
        "years": list(series.years),
        "taken": {str(year): side.claim.id for year, side in series.chosen.items()},
        "contested_years": list(series.contested),
        "segments": [{"break": segment.label, "years": list(segment.years)} for segment in series.segments],
        "gaps": list(series.gaps),
        "independent_groups": sorted({side.claim.independence_group for side in series.sides}),
    }


def _plain_overview(row: OverviewRow) -> dict[str, Any]:
    return {name: getattr(row, name) for name in OverviewRow.__dataclass_fields__}


def every_place(claims: Iterable[Claim]) -> dict[str, int]:
    """Return the places of claims and how many claims each has, in the order of their names."""
    return dict(sorted(Counter(claim.place for claim in claims).items()))
