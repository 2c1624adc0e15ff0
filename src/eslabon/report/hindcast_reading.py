"""What a hindcast's document says, looked up: trials, places, models, the best naive method, who is better and how surely."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eslabon.errors import InputError

Document = Mapping[str, Any]
NATION = "ALL"
VRAEM = "vraem"
ZONES = "zone-years"
"""Stands for all zones together where a place is named."""
MAIN_CUTOFF = 2013


@dataclass(frozen=True)
class Standing:
    """How a model stands in one trial and place: its row, and those of the naive methods."""

    kind: str
    cutoff: int
    place: str
    model: dict[str, Any]
    naive: tuple[dict[str, Any], ...]

    def best_naive(self, loss: str = "crps") -> dict[str, Any] | None:
        """Return the naive method with the least loss among those that forecast as many cases; None without one."""
        full = [row for row in self.naive if row["scores"]["n"] >= self.model["scores"]["n"]]
        return min(full, key=lambda row: float(row["scores"][loss]), default=None)

    def against(self, naive: str) -> dict[str, Any]:
        """Return the comparison with a naive method."""
        return self.model["against"].get(naive) or {}

    def better_naive(self, loss: str = "crps") -> list[dict[str, Any]]:
        """Return the naive methods with a smaller loss over the same cases, the best first."""
        n, own = self.model["scores"]["n"], self.model["scores"][loss]
        found = [row for row in self.naive if row["scores"]["n"] >= n and row["scores"][loss] < own]
        return sorted(found, key=lambda row: float(row["scores"][loss]))


def main_model(document: Document) -> str:
    """Return the model that a page is about: the first that is no naive method.

    Raises
    ------
    InputError
        If there is none.
    """
    if not document["models"]:
        raise InputError("a hindcast needs the forecasts of a model beside the naive ones", place="models")
    return str(document["models"][0])


def main_cutoff(document: Document) -> int:
    """Return 2013 if there is a trial from it, else the first cut-off."""
    cutoffs = cutoffs_of(document)
    return MAIN_CUTOFF if MAIN_CUTOFF in cutoffs else cutoffs[0]


def cutoffs_of(document: Document) -> list[int]:
    """Return the cut-offs, rising."""
    return sorted({int(trial["cutoff"]) for trial in document["trials"]})


def widest_cutoff(document: Document) -> int:
    """Return the cut-off from which most zones are scored, the earliest of equals."""
    return max(cutoffs_of(document), key=lambda cutoff: (_zones_from(document, cutoff), -cutoff))


def _zones_from(document: Document, cutoff: int) -> int:
    counts = [len(trial["zone_years"]["zones"]) for trial in document["trials"] if trial["cutoff"] == cutoff and trial["zone_years"]]
    return max(counts, default=0)


def find_trial(document: Document, kind: str, cutoff: int) -> dict[str, Any] | None:
    """Return a trial, or None."""
    return next((trial for trial in document["trials"] if trial["kind"] == kind and trial["cutoff"] == cutoff), None)


def find_place(trial: Mapping[str, Any], place: str) -> dict[str, Any] | None:
    """Return what a trial says of a place, or None."""
    return next((found for found in trial["places"] if found["place"] == place), None)


def find_model(rows: Sequence[dict[str, Any]], name: str) -> dict[str, Any] | None:
    """Return the row of a model, or None."""
    return next((row for row in rows if row["model"] == name), None)


def standing(document: Document, kind: str, cutoff: int, place: str, model: str = "") -> Standing | None:
    """Return how a model stands in a place, `ZONES` for all zones together; None where it was not scored."""
    trial = find_trial(document, kind, cutoff)
    if trial is None:
        return None
    found = trial["zone_years"] if place == ZONES else find_place(trial, place)
    rows = found["models"] if found else []
    own = find_model(rows, model or main_model(document))
    return Standing(kind, cutoff, place, own, tuple(row for row in rows if row["naive"])) if own else None


def standings(document: Document, cutoff: int | None = None) -> Iterator[Standing]:
    """Yield how the main model stands in every place of every trial, all zones together first."""
    for trial in document["trials"]:
        if cutoff in (None, trial["cutoff"]):
            for place in [ZONES, *(found["place"] for found in trial["places"])]:
                found = standing(document, trial["kind"], trial["cutoff"], place)
                if found:
                    yield found


def verdict(difference: Mapping[str, Any] | None) -> str:
    """Return who has the smaller loss as far as the interval of the mean difference tells: model, naive, unclear or unknown."""
    if not difference:
        return "unknown"
    if difference["high"] < 0:
        return "model"
    return "naive" if difference["low"] > 0 else "unclear"
