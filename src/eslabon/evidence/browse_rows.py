"""The tidy table: a plain row a claim, with its source, its stretch of the series, and whether it is taken."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

from eslabon.evidence.browse_places import NATION
from eslabon.evidence.browse_series import Series, Side

ROW_FIELDS = (
    "id", "quantity", "place", "basin", "year", "period_start", "period_end", "value", "low", "high", "unit", "form", "kind", "bound_type",
    "grade", "confidence", "conflict", "preferred", "taken", "part_year", "segment", "series_break", "published", "corrects", "corrected_by",
    "independence_group", "source_id", "source", "publisher", "source_year", "url", "locator", "note",
)  # fmt: skip
"""Columns of the tidy table."""


def segment_numbers(series: Series) -> dict[int, int]:
    """Return the number of the stretch, from 1, that each year of a series lies in."""
    starts = [(segment.years[0], number) for number, segment in enumerate(series.segments, 1)]
    years = range(min(s.claim.period_end.year for s in series.sides), max(s.claim.period_end.year for s in series.sides) + 1)
    return {year: max((number for start, number in starts if start <= year), default=1) for year in years}


def plain_row(side: Side, segment: int, basins: Mapping[str, str], published: datetime.date) -> dict[str, Any]:
    """Return a side as a plain row, dates as text."""
    claim, source = side.claim, side.source
    named: dict[str, Any] = {
        "basin": basins.get(claim.place, "ALL" if claim.place == NATION else ""), "year": claim.year, "taken": side.chosen,
        "period_start": claim.period_start.isoformat(), "period_end": claim.period_end.isoformat(), "part_year": side.partial, "segment": segment,
        "published": published.isoformat(), "corrected_by": ";".join(side.corrected_by), "source": source.title, "publisher": source.publisher,
        "source_year": source.year, "url": source.url,
    }  # fmt: skip
    return {name: named[name] if name in named else getattr(claim, name) for name in ROW_FIELDS}
