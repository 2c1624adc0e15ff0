"""Stored runs as a trace reads them: what each member drew, a printed figure member by member, and its shares of variance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from eslabon.errors import InputError, nearest
from eslabon.params.table import Parameter, draw_member, margin_usd2013_per_kg
from eslabon.runs.store import PARAMETERS, load_outcomes, load_parameters_drawn, read_manifest, stored_members
from eslabon.stages.observe import Yearly
from eslabon.study.trace_address import PUBLISHED, Address
from eslabon.study.variance import Design, Shares, variance_shares

Array = npt.NDArray[np.float64]
JOINT = ("leaf_kg_per_kg_cocaine", "processing_usd2013_per_kg", "quality_factor")
"""Parameters whose draws are rejected together (see `params.table.draw_member`)."""
REFERENCE_DRAWS = 20_000
MOSTLY = 0.8
"""Least part of the parameters that must be as the priors give them; a rival rule replaces a few."""
SPREAD = 1e-9
"""Standard deviation, relative to the mean, below which a stored parameter counts as fixed."""


@dataclass(frozen=True)
class StoredRun:
    """One run's folder, opened: who came through and what each member drew."""

    folder: Path
    manifest: Mapping[str, Any]
    members: tuple[int, ...]
    drawn: Mapping[str, Array]

    @property
    def scenario(self) -> str:
        return str(self.manifest["scenario"]["name"])

    @property
    def start(self) -> str:
        return str(self.manifest["scenario"]["start"])

    @property
    def last_year(self) -> int:
        return int(self.manifest["scenario"]["until"])

    def row(self, address: Address) -> Yearly:
        """Return the (member, year) values of an address' outcome and place.

        Raises
        ------
        InputError
            If the run has no such outcome, place or year.
        """
        rows = {(y.basin, y.corridor): y for y in load_outcomes(self.folder, self.members, address.outcome)}
        found = rows.get((address.basin, address.corridor))
        if found is None:
            known = [Address(address.outcome, self.scenario, address.year, b, c).text().partition("@")[0] for b, c in rows]
            wanted = address.text().partition("@")[0]
            raise InputError("the run has no such outcome or place", file=str(self.folder), value=wanted, remedy=nearest(wanted, known))
        if address.year not in found.years:
            remedy = f"It has {found.years[0]} to {found.years[-1]}."
            raise InputError("the run has no such year", file=str(self.folder), value=address.year, remedy=remedy)
        return found


def open_run(folder: Path) -> StoredRun:
    """Return a stored run with what its members drew."""
    manifest = read_manifest(folder)
    members = sorted(stored_members(folder))
    parts = [load_parameters_drawn(f) for f in sorted(folder.glob(f"batch-*.{PARAMETERS}"))]
    if not parts or not members:
        raise InputError("the run has no finished members", file=str(folder), remedy="Run the scenario first.")
    drawn = {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}
    of_member = {int(m): i for i, m in enumerate(drawn.pop("member"))}
    order = [of_member[m] for m in members]
    return StoredRun(folder, manifest, tuple(members), {n: v[order] for n, v in drawn.items()})


def sibling(run: StoredRun, scenario: str) -> StoredRun:
    """Return the run of another scenario beside this one: same folder of runs, seed, data and version.

    Of several the one that shares most members is taken, then the one written last.

    Raises
    ------
    InputError
        If there is none.
    """
    if scenario == run.scenario:
        return run
    found: dict[str, tuple[int, float, Path]] = {}
    for file in sorted(run.folder.parent.glob("*/manifest.json")):
        manifest = read_manifest(file.parent)
        same = all(manifest.get(key) == run.manifest.get(key) for key in ("seed", "data", "version", "region"))
        name = str(manifest["scenario"]["name"])
        shared = len(stored_members(file.parent) & set(run.members)) if same else 0
        kept = (shared, file.stat().st_mtime, file.parent)
        if shared and kept > found.get(name, (0, 0.0, file.parent)):
            found[name] = kept
    if scenario not in found:
        remedy = f"Beside it: {', '.join(sorted(found))}." if found else "Give the folder of a run."
        raise InputError("no run of this scenario with the same seed and data", file=str(run.folder.parent), value=scenario, remedy=remedy)
    return open_run(found[scenario][2])


@dataclass(frozen=True)
class Figure:
    """A printed figure, member by member, and the draws of the same members."""

    address: Address
    unit: str
    values: Array
    drawn: Mapping[str, Array]
    run: StoredRun
    base: StoredRun | None

    def document(self) -> dict[str, Any]:
        """Return the figure as plain data."""
        low, middle, high = (float(q) for q in np.quantile(self.values, (0.05, 0.5, 0.95)))
        a = self.address
        return {"address": a.text(), "outcome": a.outcome, "basin": a.basin, "corridor": a.corridor, "year": a.year, "scenario": a.scenario,
                "against": a.base, "unit": self.unit, "members": len(self.values), "p05": low, "p50": middle, "p95": high,
                "run": str(self.run.folder)}  # fmt: skip


def figure_of(address: Address, run: StoredRun, published: float | None = None) -> Figure:
    """Return a figure of a run, or the difference of two runs, member by member; `published` is what it is compared with."""
    own = sibling(run, address.scenario)
    row = own.row(address)
    values, drawn = row.values[:, row.years.index(address.year)], own.drawn
    if address.base in (None, PUBLISHED):
        return Figure(address, row.unit, values - (published or 0.0), drawn, own, None)
    base = sibling(run, str(address.base))
    other = base.row(address)
    both = sorted(set(own.members) & set(base.members))
    left, right = ([r.members.index(m) for m in both] for r in (own, base))
    difference = values[left] - other.values[right, other.years.index(address.year)]
    return Figure(address, row.unit, difference, {n: v[left] for n, v in drawn.items()}, own, base)


def design_of(figure: Figure, candidates: Sequence[str], standing: Mapping[str, str]) -> Design:
    """Return the places of the members' draws in the priors that the run was stored with.

    Parameters
    ----------
    candidates : sequence of str
        Parameters on the structural path; those that were fixed in the run are left out.
    standing : mapping of str to str
        Group of each parameter: measured, estimated, assumed.
    """
    priors = figure.run.manifest["parameters"]
    names = tuple(n for n in candidates if n in priors and _varies(figure.drawn[n]))
    places = np.column_stack([prior_places(figure.drawn[n], priors[n]) for n in names]) if names else np.empty((len(figure.values), 0))
    joint = [n for n in names if n in JOINT]
    groups = tuple(standing.get(n, "assumed") for n in names)
    if not all(n in priors for n in JOINT) or len(joint) < 1:
        return Design(names, places, groups)
    reference = _reference(priors)
    return Design(names, places, groups, tuple(names.index(n) for n in joint), np.column_stack([reference[n] for n in joint]))


def _varies(values: Array) -> bool:
    return bool(values.std() > SPREAD * max(float(np.abs(values).max()), 1e-300))


def prior_places(values: Array, prior: Mapping[str, float]) -> Array:
    """Return the share of a triangular prior that lies below each value."""
    low, mode, high = (float(prior[k]) for k in ("low", "default", "high"))
    width = max(high - low, 1e-300)
    below = (np.maximum(values - low, 0)) ** 2 / (width * max(mode - low, 1e-300))
    above = 1 - (np.maximum(high - values, 0)) ** 2 / (width * max(high - mode, 1e-300))
    places: Array = np.clip(np.where(values <= mode, below if mode > low else 0.0, above), 0, 1)
    return places


def _reference(priors: Mapping[str, Mapping[str, float]]) -> dict[str, Array]:
    """Return places in the prior of the jointly drawn parameters, as they are after rejection."""
    rng = np.random.default_rng(0)
    places = {n: rng.random(REFERENCE_DRAWS) for n in JOINT}
    values = {n: _quantiles(u, priors[n]) for n, u in places.items()}
    kept = np.asarray(margin_usd2013_per_kg(values)) >= 0  # type: ignore[arg-type]
    return {n: u[kept] for n, u in places.items()}


def _quantiles(places: Array, prior: Mapping[str, float]) -> Array:
    low, mode, high = (float(prior[k]) for k in ("low", "default", "high"))
    width, split = high - low, mode - low
    below, above = low + np.sqrt(places * width * split), high - np.sqrt((1 - places) * width * (width - split))
    values: Array = np.where(places * width <= split, below, above)
    return values


def is_from_priors(run: StoredRun) -> bool:
    """Return whether the first member of a run drew its parameters from the priors it was stored with, and not from a posterior."""
    priors = {
        name: Parameter(name, "", "", float(p["default"]), float(p["low"]), float(p["high"]), "", (), "")
        for name, p in run.manifest["parameters"].items()
    }
    usual, _rejected = draw_member(priors, int(run.manifest["seed"]), run.members[0])
    same = sum(bool(np.isclose(run.drawn[name][0], value)) for name, value in usual.items() if name in run.drawn)
    return same > MOSTLY * len(usual)


def shares_of(figure: Figure, candidates: Sequence[str], standing: Mapping[str, str]) -> Shares:
    """Return the shares of a figure's variance among the parameters that can reach it.

    Raises
    ------
    InputError
        If the members were not drawn from the priors, there are too few, or the figure does not vary.
    """
    if not is_from_priors(figure.run):
        rule = "shares of variance need members drawn from the priors; those of a posterior depend on each other"
        raise InputError(rule, file=str(figure.run.folder), remedy="Run the scenario without a posterior.")
    return variance_shares(figure.values, design_of(figure, candidates, standing), int(figure.run.manifest["seed"]) % 2**32)


def command_for(figure: Figure, members: int) -> str:
    """Return the command that runs so many members of what a figure is made from; members stored already are reused."""
    names = [figure.base.scenario] if figure.base else []
    verb = "compare" if names else "run"
    more = [f"--structure {s}" for s in figure.run.manifest["scenario"].get("structure", ())]
    seed = int(figure.run.manifest["seed"])
    luck = [f"--seed {seed}"] if seed else []
    return " ".join(["eslabon", verb, *names, figure.run.scenario, f"-n {members}", *luck, *more, f"--out {figure.run.folder.parent}"])
