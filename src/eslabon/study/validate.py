"""Validate: the scoreboard. Published results against the model and against a null model in which nobody responds to anything.

A target passes if the median of the members lies in every published range that counts (or has every published sign). No
parameter was fitted to a target; some share the claims that their parameters were read from, as the ODD document lists.
Experiments are written from the target's statement; see
docs/explanation/validation.md for what was changed afterwards, and why.
"""

from __future__ import annotations

import dataclasses
import hashlib
import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from eslabon.errors import EslabonError
from eslabon.policies.structures import NULL
from eslabon.runs.ensemble import VERSION, code_digest, data_digest
from eslabon.study import experiments_enforcement, experiments_inputs, experiments_land, experiments_market, experiments_people
from eslabon.study.bench import Array, Bench, Parts
from eslabon.study.reasons import NOT_MODELLED, WHY
from eslabon.study.shrink import shrink
from eslabon.study.targets import Part, Target, choose, read_targets

Experiment = Callable[[Bench], Parts]
EXPERIMENTS: dict[str, Experiment] = {
    name: experiment
    for module in (experiments_land, experiments_people, experiments_market, experiments_enforcement, experiments_inputs)
    for name, experiment in module.EXPERIMENTS.items()
}
"""Every experiment by its target."""
QUICK_MEMBERS = 4
QUICK_NOTICE = "Quick look: a few members on a small region. These numbers are not scores."
LEAST_DEFINED = 0.5
"""Share of the members in which a quantity must be defined for its median to count."""
PASS, MISS, NOT_COUNTED = "pass", "miss", "not counted"


@dataclass(frozen=True)
class PartScore:
    """One condition and what the members say: median and 10-90 % band over those in which it is defined."""

    part: Part
    members: int
    defined: int
    median: float
    low: float
    high: float

    @property
    def holds(self) -> bool:
        return self.defined >= LEAST_DEFINED * self.members and bool(np.isfinite(self.median)) and self.part.holds(self.median)

    def document(self) -> dict[str, Any]:
        """Return the numbers as plain data."""
        numbers = {n: float(v) if np.isfinite(v) else None for n, v in (("median", self.median), ("p10", self.low), ("p90", self.high))}
        return {**numbers, "n": self.members, "defined": self.defined, "holds": self.holds}


def score_part(part: Part, values: Array) -> PartScore:
    """Return the score of one condition from the members' values, (member,); NaN is not defined."""
    known = values[np.isfinite(values)]
    low, median, high = np.quantile(known, (0.1, 0.5, 0.9)) if len(known) else (np.nan, np.nan, np.nan)
    return PartScore(part, len(values), len(known), float(median), float(low), float(high))


@dataclass(frozen=True)
class Side:
    """A target's conditions under one model, or the words why it could not be measured."""

    parts: tuple[PartScore, ...]
    words: str = ""

    def passes(self, target: Target) -> bool:
        """Return whether every condition that counts holds."""
        held = {s.part.name for s in self.parts if s.holds}
        return all(p.name in held for p in target.parts if p.counted)


@dataclass(frozen=True)
class Score:
    """A target, the model's side and the null model's."""

    target: Target
    model: Side
    null: Side

    def status(self, side: Side) -> str:
        """Return pass, miss or not counted."""
        if not self.target.counted:
            return NOT_COUNTED
        return PASS if side.passes(self.target) else MISS

    def document(self) -> dict[str, Any]:
        """Return the target's line of the scoreboard as plain data."""
        rows = []
        for part in self.target.parts:
            sides = {n: next((s.document() for s in side.parts if s.part is part), None) for n, side in (("model", self.model), ("null", self.null))}
            published = {**dataclasses.asdict(part), "claims": list(part.claims), "published": part.published()}
            rows.append({"part": published.pop("name"), **published, **sides})
        return {**self.target.document(), "status": self.status(self.model), "null_status": self.status(self.null), "parts": rows,
                "words": self.model.words, "explain": explain(self.target.id)}  # fmt: skip


def explain(target: str) -> dict[str, str]:
    """Return what a target's experiment does, and why it is missed where that is known."""
    experiment = EXPERIMENTS.get(target)
    does = " ".join((inspect.getdoc(experiment) or "").split()) if experiment else "Not modelled."
    return {"does": does, "why_missed": WHY.get(target, NOT_MODELLED.get(target, ""))}


@dataclass(frozen=True)
class Scoreboard:
    """All scores, and how they were made."""

    scores: tuple[Score, ...]
    command: str
    seed: int
    members: int
    quick: bool
    made: Mapping[str, str]

    def passed(self, null: bool = False) -> int:
        """Return how many counted targets pass, by the model or by the null model."""
        return sum(s.status(s.null if null else s.model) == PASS for s in self.scores)

    @property
    def counted(self) -> int:
        return sum(s.target.counted for s in self.scores)

    @property
    def verdict(self) -> str:
        return f"{self.passed()} of {self.counted} pass, null {self.passed(null=True)} of {self.counted}"

    def document(self) -> dict[str, Any]:
        """Return the scoreboard as the plain data that `--json` prints."""
        return {
            "command": self.command, "seed": self.seed, "members": self.members, "quick": self.quick,
            "notice": QUICK_NOTICE if self.quick else "", **self.made,
            "null": {"sha256": null_digest(), "constants": NULL},
            "score": {"pass": self.passed(), "of": self.counted, "null": self.passed(null=True), "words": self.verdict},
            "targets": [s.document() for s in self.scores],
        }  # fmt: skip


def null_digest() -> str:
    """Return the SHA-256 of the null model's constants: it was frozen before the first score."""
    return hashlib.sha256(json.dumps(NULL, sort_keys=True).encode()).hexdigest()


def measure(target: Target, bench: Bench) -> Side:
    """Return a target's conditions on a bench; what is not modelled or cannot run is said in words."""
    experiment = EXPERIMENTS.get(target.id)
    if experiment is None:
        return Side((), NOT_MODELLED.get(target.id, "Not modelled."))
    try:
        found = experiment(bench)
    except EslabonError as error:
        return Side((), f"The experiment failed: {error}")
    return Side(tuple(score_part(part, np.asarray(found[part.name], dtype=float)) for part in target.parts))


def score(bench: Bench, names: Iterable[str], progress: Callable[[str], None] = lambda target: None) -> tuple[Score, ...]:
    """Return the scores of the targets asked for, all if none is named.

    Raises
    ------
    InputError
        For an unknown target.
    """
    null = dataclasses.replace(bench, structure=("null",))
    scores = []
    for target in choose(read_targets(bench.pack), names):
        progress(target.id)
        scores.append(Score(target, measure(target, bench), measure(target, null)))
    return tuple(scores)


def scoreboard(bench: Bench, names: Iterable[str] = (), quick: bool = False, progress: Callable[[str], None] = lambda target: None) -> Scoreboard:
    """Return the scoreboard of a bench; quick ones run on a small region and are no scores."""
    asked = [name.upper() for name in names]
    if quick:
        bench = dataclasses.replace(bench, pack=shrink(bench.pack), members=QUICK_MEMBERS)
    size = "--quick" if quick else f"-n {bench.members}"
    command = " ".join(["eslabon validate", *asked, size, f"--seed {bench.seed}"])
    made = {"version": VERSION, "code": code_digest(), "data": data_digest(bench.pack)}
    return Scoreboard(score(bench, asked, progress), command, bench.seed, bench.members, quick, made)


def markdown_table(document: Mapping[str, Any]) -> str:
    """Return a scoreboard's document as the table of docs/explanation/validation.md."""

    def numbers(side: Mapping[str, Any] | None) -> str:
        if side is None or side["median"] is None:
            return "not defined"
        few = "" if side["defined"] == side["n"] else f"; n {side['defined']}"
        return f"{side['median']:.3g} ({side['p10']:.3g} to {side['p90']:.3g}{few})"

    lines = ["| target | what is measured | published | model: median (10-90 %) | null model |", "| --- | --- | --- | --- | --- |"]
    for target in document["targets"]:
        for i, part in enumerate(target["parts"]):
            name, model, null = (target["id"], f"**{target['status']}** ", f"{target['null_status']} ") if i == 0 else ("", "", "")
            shown = "" if part["counted"] or target["status"] == NOT_COUNTED else " (shown only)"
            cells = (name, part["quantity"] + shown, part["published"], model + numbers(part["model"]), null + numbers(part["null"]))
            lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
