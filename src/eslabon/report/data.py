"""What a report is made from: plain rows and words, no model objects."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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
    rows: list[Row]
    members_asked: int
    members_ok: int
    failed: list[dict[str, Any]]


@dataclass(frozen=True)
class PageData:
    """Everything a page or table shows; the first scenario is the reference.

    Raises
    ------
    InputError
        If there is no scenario, a quantile is not finite, or a harm is neither an outcome nor named in `not_modelled`.
    """

    question: str
    scenarios: list[ScenarioResult]
    differences: list[Row]
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
        missing = missing_harms([outcome.name for outcome in self.outcomes], self.not_modelled)
        if missing:
            raise InputError(
                "supply is never shown without its harms",
                place="not_modelled",
                value=", ".join(missing),
                remedy="Add the outcome, or say in not_modelled why it is missing.",
            )

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

    @property
    def last_year(self) -> int:
        """The last year that the reference reaches."""
        return max((int(row["year"]) for row in self.reference.rows), default=0)

    @property
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


def missing_harms(outcomes: Iterable[str], not_modelled: Iterable[str]) -> list[str]:
    """Return the harms that are neither among `outcomes` nor named in `not_modelled`."""
    names, words = set(outcomes), [key.lower() for key in not_modelled]
    return [harm for harm, carriers in HARM_ROWS.items() if not names.intersection(carriers) and not any(harm in key for key in words)]


def pick(rows: Iterable[Row], outcome: str, basin: str | None = NATION, corridor: str | None = None) -> list[Row]:
    """Return the yearly rows of one outcome in one place, oldest first; `basin=None`: all basins, not the nation."""
    found = [
        row
        for row in rows
        if row["outcome"] == outcome
        and row.get("corridor") == corridor
        and (row["basin"] == basin if basin is not None else row["basin"] != NATION)
        and not row.get("period")
    ]
    return sorted(found, key=lambda row: int(row["year"]))


def in_year(rows: Iterable[Row], year: int) -> list[Row]:
    """Return the rows of one year."""
    return [row for row in rows if int(row["year"]) == year]


def of_scenario(differences: Iterable[Row], scenario: str) -> list[Row]:
    """Return the paired differences of one scenario against the reference."""
    return [row for row in differences if row.get("scenario") == scenario]


def headline(rows: Sequence[Row], outcome: str, kind: Kind, year: int) -> Row | None:
    """Return the national row a table prints: the period mean of a flow where it is given, else the row of `year`."""
    if kind in PERIOD_KINDS:
        for row in rows:
            if row["outcome"] == outcome and row["basin"] == NATION and not row.get("corridor") and row.get("period"):
                return row
    return next(iter(in_year(pick(rows, outcome), year)), None)


def published(observations: Iterable[dict[str, Any]], outcome: str, basin: str = NATION) -> list[dict[str, Any]]:
    """Return the published figures of an outcome in one place, oldest first."""
    quantity = PUBLISHED_AS.get(outcome, outcome)
    found = [item for item in observations if item["quantity"] == quantity and item["basin"] == basin]
    return sorted(found, key=lambda item: int(item["year"]))
