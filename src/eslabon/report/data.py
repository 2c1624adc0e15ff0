"""What a report is made from: plain rows and words, no model objects."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from eslabon.errors import InputError

Row = dict[str, Any]
"""outcome, basin ("ALL" = nation), corridor or None, year, unit, n, p05, p25, p50, p75, p95; differences: `scenario`.

A row may also carry `period` (for example "2025-2030"): it then summarises those years, is left out of yearly charts
and is preferred by the tables for flows, incomes and costs.
"""
Kind = Literal["stock", "flow", "price", "income", "cost", "ratio"]
Group = Literal["supply", "price", "livelihood", "harm", "state"]
GROUPS: tuple[Group, ...] = ("supply", "price", "livelihood", "harm", "state")
NATION = "ALL"
QUANTILES = ("p05", "p25", "p50", "p75", "p95")
NOISE = 1e-9
"""A difference below this share of the reference's level is rounding: sums of many terms in double precision."""
PERIOD_KINDS = frozenset({"flow", "income", "cost"})

PUBLISHED_AS = {"coca_area_observed_ha": "coca_area_ha"}
"""Outcome of the model -> the published quantity it is compared with, where the names differ."""

HARM_ROWS = {
    "income": ("household_income_usd2013",),
    "violence": ("deaths_civilians", "attacks", "deaths_state"),
    "arrests": ("arrests",),
    "prison": ("prison_stock",),
    "displacement": ("displaced_people",),
    "indigenous": ("indigenous_exposure_ha",),
    "forest": ("forest_cleared_ha",),
}
"""Harms that stand beside supply: each is an outcome or is named in `not_modelled` (RESPONSIBLE_USE.md, rule 4)."""


class Rows(tuple[Row, ...]):
    """Rows with what is looked up in them, sorted out once: a result has tens of thousands."""

    @cached_property
    def yearly(self) -> dict[tuple[str, str | None], dict[str, list[Row]]]:
        """Outcome and corridor -> basin -> rows of single years, oldest first."""
        found: dict[tuple[str, str | None], dict[str, list[Row]]] = {}
        for row in self:
            if not row.get("period"):
                found.setdefault((row["outcome"], row.get("corridor")), {}).setdefault(row["basin"], []).append(row)
        for by_basin in found.values():
            for rows in by_basin.values():
                rows.sort(key=_year)
        return found

    @cached_property
    def periods(self) -> dict[str, Row]:
        """Outcome -> the national row that sums up several years."""
        return {row["outcome"]: row for row in reversed(self) if row.get("period") and row["basin"] == NATION and not row.get("corridor")}

    @cached_property
    def scenarios(self) -> dict[str, Rows]:
        """Scenario -> its rows, where the rows name one."""
        found: dict[str, list[Row]] = {}
        for row in self:
            found.setdefault(str(row.get("scenario", "")), []).append(row)
        return {name: Rows(rows) for name, rows in found.items()}


def indexed(rows: Iterable[Row]) -> Rows:
    """Return rows that are looked up fast; those that are so already come back as they are."""
    return rows if isinstance(rows, Rows) else Rows(rows)


@dataclass(frozen=True)
class OutcomeInfo:
    """One outcome: its name, unit, kind, the group it is shown in and what it means."""

    name: str
    unit: str
    kind: Kind
    group: Group
    meaning: str


@dataclass(frozen=True)
class ScenarioResult:
    """Quantiles of one scenario's ensemble and how many of its members came through."""

    name: str
    title: str
    rows: Sequence[Row]
    members_asked: int
    members_ok: int
    failed: list[dict[str, Any]]

    def __post_init__(self) -> None:
        object.__setattr__(self, "rows", indexed(self.rows))


@dataclass(frozen=True)
class PageData:
    """Everything a page or table shows; the first scenario is the reference.

    Raises
    ------
    InputError
        If there is no scenario, a quantile is not finite, or a harm is neither an outcome with national rows in every
        scenario nor named in `not_modelled`.
    """

    question: str
    scenarios: list[ScenarioResult]
    differences: Sequence[Row]
    history: ScenarioResult | None
    observations: list[dict[str, Any]]
    basins: list[dict[str, Any]]
    corridors: list[dict[str, Any]]
    outcomes: list[OutcomeInfo]
    not_modelled: dict[str, str]
    notes: list[str]
    manifest: dict[str, Any]

    def __post_init__(self) -> None:
        if not self.scenarios:
            raise InputError("a report needs at least one scenario", place="scenarios", value=self.question)
        known = {outcome.name for outcome in self.outcomes}
        for run in self.scenarios:
            present = {outcome for (outcome, _corridor), by_basin in indexed(run.rows).yearly.items() if NATION in by_basin}
            missing = missing_harms(known & present, self.not_modelled)
            if missing:
                raise InputError(
                    "supply is never shown without its harms",
                    place=f"not_modelled ({run.name})",
                    value=", ".join(missing),
                    remedy="Add the outcome with its rows, or say in not_modelled why it is missing.",
                )
        object.__setattr__(self, "differences", without_noise(self.differences, self.reference.rows))
        for run in [*self.scenarios, *([self.history] if self.history else [])]:
            check_finite(run.rows, run.name)
        check_finite(self.differences, "differences")

    @property
    def reference(self) -> ScenarioResult:
        """The scenario the others are compared with."""
        return self.scenarios[0]

    @property
    def policies(self) -> list[ScenarioResult]:
        """The scenarios after the reference; empty for a plain run."""
        return self.scenarios[1:]

    @property
    def shown(self) -> ScenarioResult:
        """The scenario a single-scenario figure draws: the first policy, or the only run."""
        return self.policies[0] if self.policies else self.reference

    @cached_property
    def last_year(self) -> int:
        """The last year that the reference reaches."""
        return max((int(row["year"]) for row in self.reference.rows), default=0)

    @cached_property
    def distinct_outcomes(self) -> list[OutcomeInfo]:
        """The outcomes, each name once; an engine may list one name for several dimensions."""
        return list({item.name: item for item in reversed(self.outcomes)}.values())[::-1]

    def info(self, outcome: str) -> OutcomeInfo | None:
        """Return what is known of an outcome, or None if the report does not carry it."""
        return next((item for item in self.outcomes if item.name == outcome), None)


def check_finite(rows: Iterable[Row], name: str) -> None:
    """Raise InputError at the first quantile that is not a finite number."""
    for row in rows:
        for quantile in QUANTILES:
            if not math.isfinite(row[quantile]):
                where = f"{name}: {row['outcome']}, {row['basin']}, {row['year']}, {quantile}"
                raise InputError("a quantile shown to a reader is a finite number", place=where, value=row[quantile])


def without_noise(differences: Iterable[Row], reference: Iterable[Row]) -> Rows:
    """Return differences with exact zeros where nothing but the rounding of sums differs from the reference."""
    places = indexed(reference).yearly
    out = []
    for row in differences:
        base = places.get((row["outcome"], row.get("corridor")), {}).get(row["basin"], ())
        level = max((abs(float(other[q])) for other in base for q in QUANTILES), default=0.0)
        quiet = any(row[q] for q in QUANTILES) and all(abs(float(row[q])) <= NOISE * level for q in QUANTILES)
        out.append({**row, **dict.fromkeys(QUANTILES, 0.0)} if quiet else row)
    return Rows(out)


def missing_harms(outcomes: Iterable[str], not_modelled: Iterable[str]) -> list[str]:
    """Return the harms that are neither among `outcomes` nor named in `not_modelled`."""
    names, words = set(outcomes), [key.lower() for key in not_modelled]
    return [harm for harm, carriers in HARM_ROWS.items() if not names.intersection(carriers) and not any(harm in key for key in words)]


def pick(rows: Iterable[Row], outcome: str, basin: str | None = NATION, corridor: str | None = None) -> list[Row]:
    """Return the yearly rows of one outcome in one place, oldest first; `basin=None`: all basins, not the nation."""
    places = indexed(rows).yearly.get((outcome, corridor), {})
    if basin is not None:
        return list(places.get(basin, ()))
    return sorted((row for place, found in places.items() if place != NATION for row in found), key=_year)


def _year(row: Row) -> int:
    return int(row["year"])


def in_year(rows: Iterable[Row], year: int) -> list[Row]:
    """Return the rows of one year."""
    return [row for row in rows if int(row["year"]) == year]


def of_scenario(differences: Iterable[Row], scenario: str) -> Rows:
    """Return the paired differences of one scenario against the reference."""
    return indexed(differences).scenarios.get(scenario, Rows())


def headline(rows: Iterable[Row], outcome: str, kind: Kind, year: int, corridor: str | None = None) -> Row | None:
    """Return the national row a table prints: the period mean of a flow where it is given, else the row of `year`."""
    known = indexed(rows)
    if kind in PERIOD_KINDS and corridor is None and outcome in known.periods:
        return known.periods[outcome]
    return next(iter(in_year(pick(known, outcome, corridor=corridor), year)), None)


def published(observations: Iterable[dict[str, Any]], outcome: str, basin: str = NATION) -> list[dict[str, Any]]:
    """Return the published figures of an outcome in one place, oldest first."""
    quantity = PUBLISHED_AS.get(outcome, outcome)
    found = [item for item in observations if item["quantity"] == quantity and item["basin"] == basin]
    return sorted(found, key=lambda item: int(item["year"]))
