"""From results to what a page shows."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from eslabon.report.data import NATION, OutcomeInfo, PageData, ScenarioResult
from eslabon.report.selection import BY_BASIN
from eslabon.runs.results import quantile_rows
from eslabon.stages.observe import HARMS, OUTCOMES

if TYPE_CHECKING:
    from eslabon.api import Region
    from eslabon.runs.results import RunResult

INPUTS = ("eradicated_ha",)
"""Published figures that the model is given: comparing with them would test nothing."""
NOTES = ("uncalibrated", "priors", "price_anchor", "continued", "frontier_opening", "removed", "households", "moves", "system", "exogenous")
"""What every page says of how sure it is: keys of the catalogue's notes."""


def page_data(region: Region, runs: list[RunResult], differences: list[dict[str, Any]], history: RunResult | None, question: str) -> PageData:
    """Return what the report layer draws."""
    pack = region.pack
    return PageData(
        question=question,
        scenarios=[_scenario(r) for r in runs],
        differences=[row for row in differences if _shown(row["outcome"], row["basin"])],
        history=_scenario(history) if history else None,
        observations=[{**dataclasses.asdict(o), "claims": ";".join(o.claims)} for o in pack.observations if o.quantity not in INPUTS],
        basins=[{n: getattr(z, n) for n in ("id", "name_es", "name_en", "lon", "lat", "group", "frontier")} for z in pack.zones],
        corridors=[{n: getattr(c, n) for n in ("id", "name_es", "name_en")} for c in pack.corridors],
        outcomes=[OutcomeInfo(o.name, o.unit, o.kind, o.group, o.meaning) for o in {o.name: o for o in reversed(OUTCOMES)}.values()][::-1],  # type: ignore[arg-type]
        not_modelled={h: words for h, (_outcome, words) in HARMS.items() if words},
        notes=[f"note.{name}" for name in NOTES],
        manifest={
            "scenarios": [r.scenario for r in runs],
            "seed": runs[0].manifest["seed"],
            "version": runs[0].manifest["version"],
            "data": runs[0].manifest["data"],
            "hash": [r.hash for r in runs],
            "members": [len(r.members) for r in runs],
        },
    )


def _scenario(run: RunResult) -> ScenarioResult:
    rows = quantile_rows([y for y in run.yearly if _shown(y.outcome, y.basin)])
    return ScenarioResult(run.scenario, str(run.manifest["title"]), rows, run.asked, len(run.members), [dict(f) for f in run.failed])


def _shown(outcome: str, basin: str) -> bool:
    """Return whether a page shows the outcome there: everything for the nation, few things by basin."""
    return basin == NATION or outcome in BY_BASIN
