"""A batch of simulations: drawn parameters, a thinned history up to the cut-off, and what it gives for each figure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eslabon.evidence.pack import RegionPack
from eslabon.params.table import DrawnTable, ParameterTable
from eslabon.policies.scenario import Scenario
from eslabon.runs.chunk import run_chunk
from eslabon.study.calibration.observed import Datum, modelled
from eslabon.study.calibration.proposals import Proposal, draw
from eslabon.study.shrink import thin
from eslabon.whole_files import replace_whole

Array = npt.NDArray[np.float64]
START = "2001"


@dataclass(frozen=True)
class Setting:
    """What every simulation of a calibration has in common.

    Parameters
    ----------
    pack, table
        As known at the cut-off.
    names : tuple of str
        The estimated parameters.
    data : tuple of Datum
        The figures compared.
    until : int
        Last year simulated and compared.
    seed : int
    divisor : float
        Households that one simulated household stands for.
    """

    pack: RegionPack
    table: ParameterTable
    names: tuple[str, ...]
    data: tuple[Datum, ...]
    until: int
    seed: int
    divisor: float


@dataclass(frozen=True)
class Batch:
    """Simulations in order of their index: z (simulation, parameter), logs (simulation, datum), all parameters, rejected draws."""

    z: Array
    logs: Array
    parameters: dict[str, Array]
    rejected: int


def estimated(table: ParameterTable) -> tuple[str, ...]:
    """Return the names of the parameters that calibration moves."""
    return tuple(name for name, p in table.items() if p.status == "estimated" and p.low < p.high)


def simulate(setting: Setting, proposal: Proposal, indices: Sequence[int]) -> Batch:
    """Return the simulations of some indices; a member that becomes non-finite fits nothing and says so by its distance."""
    drawn = [draw(setting.table, setting.names, proposal, setting.seed, i) for i in indices]
    parameters = {name: np.array([values[name] for values, _, _ in drawn]) for name in setting.table}
    logs = run_history(setting, parameters, indices)
    return Batch(np.stack([z for _, z, _ in drawn]), logs, parameters, sum(r for _, _, r in drawn))


def run_history(setting: Setting, parameters: dict[str, Array], indices: Sequence[int]) -> Array:
    """Return what histories with these parameters give for each figure, in logs, (simulation, datum)."""
    first = indices[0]
    table = DrawnTable(setting.table, {name: np.roll(values, first) for name, values in parameters.items()})
    scenario = Scenario("calibration", "calibration", start=START, until=setting.until)
    result = run_chunk(thin(setting.pack, setting.divisor), table, scenario, setting.seed, list(indices), keep=False)
    found = modelled(result.yearly, setting.data, setting.pack, setting.divisor)
    logs = np.full((len(indices), len(setting.data)), np.log(1e-6))
    position = {member: i for i, member in enumerate(indices)}
    logs[[position[m] for m in result.members]] = found
    return logs


def save(path: Path, batch: Batch) -> None:
    """Store a batch whole or not at all."""
    columns = {"z": batch.z, "logs": batch.logs, "rejected": np.array(batch.rejected)} | {f"p.{n}": v for n, v in batch.parameters.items()}

    def write(part: Path) -> None:
        with part.open("wb") as handle:
            np.savez(handle, **columns)  # type: ignore[arg-type]

    replace_whole(path, write, "Free space or choose another --out, then run the same command: finished batches are kept.")


def load(path: Path) -> Batch:
    """Return a stored batch."""
    with np.load(path, allow_pickle=False) as stored:
        parameters = {name[2:]: stored[name] for name in stored.files if name.startswith("p.")}
        return Batch(stored["z"], stored["logs"], parameters, int(stored["rejected"]))
