"""Results: what a run says, supply and harm together, by construction."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from eslabon.errors import InputError
from eslabon.stages.observe import HARMS, OUTCOMES, Yearly

if TYPE_CHECKING:
    import xarray

QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.50, "p75": 0.75, "p95": 0.95}
Row = dict[str, Any]


def result_hash(yearly: Sequence[Yearly]) -> str:
    """Return the SHA-256 of keys and values: outcome, basin, corridor, years and every member's float64 values.

    Neither time, path, host, thread, chunk nor file layout enters it.
    """
    digest = hashlib.sha256()
    for row in sorted(yearly, key=lambda r: (r.outcome, r.basin, r.corridor or "")):
        digest.update(f"{row.outcome}|{row.unit}|{row.basin}|{row.corridor or ''}|{row.years}|".encode())
        digest.update(np.ascontiguousarray(row.values, dtype="<f8").tobytes())
    return digest.hexdigest()


def quantile_rows(yearly: Sequence[Yearly]) -> list[Row]:
    """Return one row an outcome, basin, corridor and year, with N and quantiles."""
    rows = []
    for y in yearly:
        levels = np.quantile(y.values, list(QUANTILES.values()), axis=0)
        for i, year in enumerate(y.years):
            numbers = {name: float(levels[q, i]) for q, name in enumerate(QUANTILES)}
            rows.append({"outcome": y.outcome, "basin": y.basin, "corridor": y.corridor, "year": year, "unit": y.unit,
                         "n": int(y.values.shape[0]), **numbers})  # fmt: skip
    return rows


@dataclass(frozen=True)
class RunResult:
    """One scenario's ensemble. It cannot be built without every harm row or the words that it is not modelled.

    Attributes
    ----------
    yearly : list of Yearly
        (member, year) values by outcome and place, members ascending.
    harms : mapping
        Harm to (outcome, words): the outcome that shows it, or why none does.
    """

    folder: Path
    manifest: Mapping[str, Any]
    asked: int
    members: tuple[int, ...]
    failed: tuple[Mapping[str, Any], ...]
    yearly: tuple[Yearly, ...]
    harms: Mapping[str, tuple[str, str]]

    def __post_init__(self) -> None:
        present = {y.outcome for y in self.yearly}
        for harm in HARMS:
            outcome, words = self.harms.get(harm, ("", ""))
            if (outcome not in present) and not words:
                raise InputError(f"a result needs its harm row {harm!r} or the words why it is missing", remedy="Add the row or say why.")

    @property
    def scenario(self) -> str:
        return str(self.manifest["scenario"]["name"])

    @property
    def hash(self) -> str:
        return result_hash(self.yearly)

    def rows(self) -> list[Row]:
        """Return the quantile rows of every outcome and place."""
        return quantile_rows(self.yearly)

    def values(self, outcome: str, basin: str = "ALL", corridor: str | None = None) -> Yearly:
        """Return the (member, year) values of one outcome and place."""
        for y in self.yearly:
            if (y.outcome, y.basin, y.corridor) == (outcome, basin, corridor):
                return y
        raise InputError("no such outcome or place", value=(outcome, basin, corridor), remedy=f"Outcomes: {', '.join(o.name for o in OUTCOMES)}.")

    @property
    def data(self) -> xarray.Dataset:
        """The result with labels: member x year x basin (and corridor), units and meanings as attributes."""
        import xarray as xr

        meaning = {o.name: o.meaning for o in OUTCOMES}
        parts: dict[str, list[xr.Dataset]] = {}
        for y in self.yearly:
            name = y.outcome if y.corridor is None else f"{y.outcome}_by_corridor"
            place = {"basin": [y.basin]} if y.corridor is None else {"basin": [y.basin], "corridor": [y.corridor]}
            coords = {"member": list(self.members), "year": list(y.years), **place}
            values = y.values.reshape(*y.values.shape, *(1 for _ in place))
            array = xr.DataArray(values, coords, dims=("member", "year", *place), attrs={"units": y.unit, "long_name": meaning[y.outcome]})
            parts.setdefault(name, []).append(array.to_dataset(name=name))
        combined = [xr.combine_by_coords(p, combine_attrs="override") for p in parts.values()]
        attrs = {"scenario": self.scenario, "hash": self.hash, "data": self.manifest["data"], "notice": "All households are synthetic."}
        return xr.merge(combined, join="outer").assign_attrs(attrs)

    def __repr__(self) -> str:
        outcomes = len({y.outcome for y in self.yearly})
        return f"<RunResult {self.scenario}: {len(self.members)} of {self.asked} members, {outcomes} outcomes, {self.folder}>"

    def document(self) -> dict[str, Any]:
        """Return the run as the plain data that `--json` prints."""
        return {
            "run": str(self.folder), "scenario": self.scenario, "seed": self.manifest["seed"],
            "members": {"asked": self.asked, "ok": len(self.members), "failed": list(self.failed)},
            "hash": self.hash, "cell": f"{{outcome}}/{{basin}}/{{corridor}}@{self.scenario}/{{year}}",
            "not_modelled": {h: words for h, (_o, words) in self.harms.items() if words},
            "rows": self.rows(),
        }  # fmt: skip


def make_result(folder: Path, manifest: Mapping[str, Any], asked: int, members: Sequence[int], failed: Sequence[Mapping[str, Any]],
                yearly: Sequence[Yearly]) -> RunResult:  # fmt: skip
    """Return a result with the harm rows this version models."""
    return RunResult(folder, manifest, asked, tuple(members), tuple(failed), tuple(yearly), HARMS)
