"""Rivals: how far the headline moves when a structural choice is replaced by another, everything else alike."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from eslabon.policies.structures import STRUCTURES, Structure
from eslabon.runs.results import Row, RunResult
from eslabon.stages.arrays import Array
from eslabon.study.compare import common

HEADLINES = ("coca_area_ha", "exported_kg", "household_income_usd2013", "deaths_civilians", "prison_stock", "displaced_people", "forest_cleared_ha")
"""National outcomes of the last year that a rival is judged by: supply and its harms."""


@dataclass(frozen=True)
class Rival:
    """One structure's answer: for each headline its median and 90 % interval, and the default's median."""

    structure: str
    group: str
    meaning: str
    rows: tuple[Row, ...]


def headline(runs: Sequence[RunResult], outcome: str) -> Array:
    """Return a headline by member: the last year's value of a single run, or of the last run less the first."""
    if len(runs) == 1:
        return np.asarray(runs[0].values(outcome).values[:, -1])
    both = common(runs[0], runs[-1])
    first, last = ([r.members.index(m) for m in both] for r in (runs[0], runs[-1]))
    return np.asarray(runs[-1].values(outcome).values[last, -1] - runs[0].values(outcome).values[first, -1])


def rival_rows(default: Sequence[RunResult], rival: Sequence[RunResult]) -> tuple[Row, ...]:
    """Return one row a headline: the default's median, the rival's median and 90 % interval, how far it moved."""
    rows = []
    for outcome in HEADLINES:
        usual, other = headline(default, outcome), headline(rival, outcome)
        low, middle, high = np.quantile(other, (0.05, 0.5, 0.95))
        rows.append({"outcome": outcome, "default": float(np.median(usual)), "p05": float(low), "p50": float(middle), "p95": float(high),
                     "moved": float(middle - np.median(usual)), "n": int(other.size)})  # fmt: skip
    return tuple(rows)


def run_rivals(
    default: Sequence[RunResult], again: Callable[[str], Sequence[RunResult]], rivals: Sequence[Structure] = tuple(STRUCTURES.values())
) -> list[Rival]:
    """Return every rival's answer beside the default's.

    Parameters
    ----------
    default : sequence of RunResult
        One run, or the reference and the policy.
    again : callable
        Runs the same under the structure of that name.
    """
    return [Rival(s.name, s.group, s.meaning, rival_rows(default, again(s.name))) for s in rivals]
