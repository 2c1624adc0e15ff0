"""Compare: the same members under several scenarios, differences member by member."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from eslabon.errors import InputError
from eslabon.policies.levers import LEVERS, UNDEFINED, WORLD
from eslabon.runs.results import Row, RunResult, quantile_rows
from eslabon.stages.observe import Yearly


@dataclass(frozen=True)
class Comparison:
    """Paired runs; the first is what the others are compared with."""

    runs: tuple[RunResult, ...]

    def differences(self) -> list[Row]:
        """Return quantile rows of the paired differences, each with its scenario."""
        base = self.runs[0]
        rows: list[Row] = []
        for other in self.runs[1:]:
            rows += [{"scenario": other.scenario, **row} for row in quantile_rows(paired(base, other))]
        return rows

    def cost_per_hectare(self) -> list[Row]:
        """Return public cost a hectare that stays out of coca: extra cost over the area it keeps out at the end."""
        rows = []
        base = self.runs[0]
        for other in self.runs[1:]:
            both = common(base, other)
            cost = _value(other, "public_cost_usd2013", both).sum(axis=1) - _value(base, "public_cost_usd2013", both).sum(axis=1)
            area = _value(base, "coca_area_ha", both)[:, -1] - _value(other, "coca_area_ha", both)[:, -1]
            rows.append({"scenario": other.scenario, "median_cost_usd2013": float(np.median(cost)), "median_area_ha": float(np.median(area)),
                         "usd2013_per_ha": float(np.median(cost) / np.median(area)) if np.median(area) > 0 else None,
                         "without_cost": without_cost(other)})  # fmt: skip
        return rows

    def document(self) -> dict[str, Any]:
        """Return the comparison as the plain data that `--json` prints."""
        digest = hashlib.sha256("".join(r.hash for r in self.runs).encode()).hexdigest()
        base = self.runs[0]
        return {
            "run": [str(r.folder) for r in self.runs], "scenario": [r.scenario for r in self.runs[1:]], "against": base.scenario,
            "seed": base.manifest["seed"],
            "members": [{"asked": r.asked, "ok": len(r.members), "failed": list(r.failed)} for r in self.runs],
            "hash": digest, "cell": f"{{outcome}}/{{basin}}/{{corridor}}@{base.scenario}..{{scenario}}/{{year}}",
            "cost_per_persisting_hectare": self.cost_per_hectare(),
            "not_modelled": base.document()["not_modelled"], "rows": self.differences(),
        }  # fmt: skip


def without_cost(run: RunResult) -> list[str]:
    """Return the levers of a run, events of the world aside, whose cost nobody has defined."""
    pulled = run.manifest["scenario"]["levers"]
    return [n for n in pulled if LEVERS[n].cost_status == UNDEFINED and n not in WORLD and not pulled[n].get("unit_cost")]


def common(a: RunResult, b: RunResult) -> list[int]:
    """Return the members both runs have."""
    both = sorted(set(a.members) & set(b.members))
    if not both:
        raise InputError("the runs share no finished member", remedy="Run both with the same members.")
    return both


def _value(run: RunResult, outcome: str, members: Sequence[int]) -> Any:
    index = [run.members.index(m) for m in members]
    return run.values(outcome).values[index]


def paired(base: RunResult, other: RunResult) -> list[Yearly]:
    """Return other minus base, member by member, for every outcome and place they share."""
    both = common(base, other)
    left, right = ([r.members.index(m) for m in both] for r in (base, other))
    mine = {(y.outcome, y.basin, y.corridor): y for y in base.yearly}
    out = []
    for y in other.yearly:
        b = mine.get((y.outcome, y.basin, y.corridor))
        if b is not None and b.years == y.years:
            out.append(Yearly(y.outcome, y.unit, y.basin, y.corridor, y.years, y.values[right] - b.values[left]))
    return out
