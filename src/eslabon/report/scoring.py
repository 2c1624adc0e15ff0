"""The model against published figures: which lie inside its 90 % interval, and how far off its median is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from eslabon.report.data import NATION, Row, pick, published

Verdict = Literal["inside", "above", "below"]


@dataclass(frozen=True)
class Check:
    """One published figure beside the model: `above` means that the model's whole interval lies above the figure."""

    year: int
    value: float
    row: Row
    verdict: Verdict
    claims: str
    quantity: str = ""

    @property
    def published(self) -> dict[str, Any]:
        """Quantity, place and year of the published figure."""
        return {"quantity": self.quantity, "basin": self.row["basin"], "year": self.year}

    @property
    def error(self) -> float:
        """Model median minus published value."""
        return float(self.row["p50"]) - self.value


@dataclass(frozen=True)
class Score:
    """All checks of one outcome in one place."""

    checks: Sequence[Check]

    @property
    def n(self) -> int:
        """Published figures compared."""
        return len(self.checks)

    @property
    def inside(self) -> int:
        """How many lie inside the model's 90 % interval."""
        return sum(check.verdict == "inside" for check in self.checks)

    @property
    def mean_absolute_error(self) -> float:
        """Mean distance of the model's median from the published values, in their unit."""
        return sum(abs(check.error) for check in self.checks) / self.n

    @property
    def mean_absolute_percent(self) -> float:
        """Mean distance in percent of the published values."""
        sized = [check for check in self.checks if check.value]
        return 100 * sum(abs(check.error / check.value) for check in sized) / len(sized)

    @property
    def misses(self) -> list[Check]:
        """The published figures outside the interval."""
        return [check for check in self.checks if check.verdict != "inside"]


def score(rows: Iterable[Row], observations: Iterable[dict[str, Any]], outcome: str, basin: str = NATION, *, is_stock: bool = False) -> Score | None:
    """Return how the rows of one outcome and place meet its published figures, or None if there are none to compare.

    The first year of a stock is left out: there the run was started from published figures, which is no prediction.
    """
    found = pick(rows, outcome, basin)
    by_year = {int(row["year"]): row for row in (found[1:] if is_stock else found)}
    checks = []
    for item in published(observations, outcome, basin):
        row = by_year.get(int(item["year"]))
        if row is not None:
            value = float(item["value"])
            checks.append(Check(int(item["year"]), value, row, judge(value, row), str(item.get("claims") or ""), str(item["quantity"])))
    return Score(checks) if checks else None


def judge(value: float, row: Row) -> Verdict:
    """Return whether a published value lies inside a row's 90 % interval, or where the interval lies beside it."""
    if float(row["p05"]) > value:
        return "above"
    return "below" if float(row["p95"]) < value else "inside"
