"""From results to what a page shows."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from eslabon.report.data import OutcomeInfo, PageData, ScenarioResult
from eslabon.stages.observe import HARMS, OUTCOMES

if TYPE_CHECKING:
    from eslabon.api import Region
    from eslabon.runs.results import RunResult

NOTES = (
    "Parameters are drawn from priors; nothing is calibrated yet. Each change of a prior after the first comparison with published "
    "figures is logged with its reason in docs/prior-changes.md.",
    "Moves of households between basins, clans, carriers, the armed group, politics, courts and communities come with the whole system.",
    "The opening of the frontier in 2019-2021 is a dated scenario input of the history run, until data identify a mechanism.",
    "The border price is anchored to the last published product price in the VRAEM (2023, claim C0822); the national leaf price of 2021 "
    "(C0775) is about half of what that implies.",
    "After the last published year each policy, and the return of other crops, continues at the mean of its last five years.",
    "Counted hectares are what agencies report; removed hectares are what crews really uproot in the model.",
)


def page_data(region: Region, runs: list[RunResult], differences: list[dict[str, Any]], history: RunResult | None, question: str) -> PageData:
    """Return what the report layer draws."""
    pack = region.pack
    return PageData(
        question=question,
        scenarios=[_scenario(r) for r in runs],
        differences=differences,
        history=_scenario(history) if history else None,
        observations=[{**dataclasses.asdict(o), "claims": ";".join(o.claims)} for o in pack.observations],
        basins=[{n: getattr(z, n) for n in ("id", "name_es", "name_en", "lon", "lat", "group", "frontier")} for z in pack.zones],
        corridors=[{n: getattr(c, n) for n in ("id", "name_es", "name_en")} for c in pack.corridors],
        outcomes=[OutcomeInfo(o.name, o.unit, o.kind, o.group, o.meaning) for o in {o.name: o for o in reversed(OUTCOMES)}.values()][::-1],  # type: ignore[arg-type]
        not_modelled={h: words for h, (outcome, words) in HARMS.items() if not outcome},
        notes=[*NOTES, *(f"{h}: {words}" for h, (outcome, words) in HARMS.items() if outcome and words)],
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
    return ScenarioResult(run.scenario, str(run.manifest["title"]), run.rows(), run.asked, len(run.members), [dict(f) for f in run.failed])
