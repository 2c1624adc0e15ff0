"""Calibrate: rounds of simulations, each drawn nearer to what was published, and the ensemble they leave.

A folder holds every batch; the same command continues it after any interruption. What a round draws is worked out from the
batches before it, so the answer is the same for any number of workers and any history of interruptions.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from eslabon.draws import stream_key, uniform
from eslabon.errors import InputError
from eslabon.params.table import ParameterTable, margin_usd2013_per_kg
from eslabon.runs.ensemble import VERSION, code_digest
from eslabon.runs.executors import run_tasks
from eslabon.study.calibration.observed import covariance, logs, noise
from eslabon.study.calibration.posterior import Bank, Posterior, infer
from eslabon.study.calibration.proposals import Proposal, fitted, mixture_weights, values_of
from eslabon.study.calibration.simulate import Batch, Setting, load, save, simulate

Array = npt.NDArray[np.float64]
BATCH = 50
"""Simulations a batch; a fixed number, because proposals are drawn by index."""
KEPT_SHARE, LEAST_KEPT = 0.05, 200
FIRST_SHARE = 0.4
"""Share of all simulations that the first round, from the prior, takes."""


@dataclass(frozen=True)
class Plan:
    """How much work: simulations in all, rounds, members of the ensemble left, worker processes, a scheduler's address."""

    simulations: int = 10_000
    rounds: int = 4
    members: int = 200
    workers: int = 2
    scheduler: str = ""

    def sizes(self) -> list[int]:
        """Return the batches of each round."""
        batches = self.simulations // BATCH
        if batches < self.rounds or self.rounds < 1:
            rule = f"a round takes at least {BATCH} simulations"
            raise InputError(rule, value=self.simulations, remedy="Give more --simulations or fewer --rounds.")
        first = batches if self.rounds == 1 else max(1, round(FIRST_SHARE * batches))
        rest = np.array_split(np.arange(batches - first), self.rounds - 1) if self.rounds > 1 else []
        return [first, *(len(part) for part in rest)]


@dataclass(frozen=True)
class Work:
    """One batch to do: where it goes, what it draws from."""

    path: Path
    setting: Setting
    proposal: Proposal
    first: int


def do(work: Work) -> None:
    """Simulate and store one batch unless it is there."""
    if not work.path.exists():
        save(work.path, simulate(work.setting, work.proposal, range(work.first, work.first + BATCH)))


@dataclass(frozen=True)
class Simulated:
    """All rounds so far.

    Parameters
    ----------
    bank : Bank
        z, whitened noisy figures and weights.
    logs : ndarray (simulation, datum)
        What the model gave, without errors.
    parameters : dict of name to ndarray (simulation,)
    rounds : tuple of (proposal, simulations, share of draws kept)
    """

    bank: Bank
    logs: Array
    parameters: dict[str, Array]
    rounds: tuple[tuple[Proposal, int, float], ...]


def folder_of(root: Path, setting: Setting, plan: Plan) -> Path:
    """Return the folder of a calibration, named by the cut-off and by the content it depends on."""
    table = {n: (p.default, p.low, p.high, p.status) for n, p in setting.table.items()}
    content = [setting.pack.digest, table, [repr(d) for d in setting.data], setting.until, setting.seed, setting.divisor, plan.sizes(), VERSION,
               code_digest()]  # fmt: skip
    key = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]
    return root / f"calibration-{setting.until}-{key}"


def run_rounds(setting: Setting, plan: Plan, folder: Path, progress: Callable[[int], None] = lambda done: None) -> tuple[Simulated, Posterior]:
    """Run what is missing of all rounds and return the simulations and the posterior."""
    proposal, done = Proposal(), 0
    paths: list[Path] = []
    proposals: list[tuple[Proposal, int]] = []
    for number, batches in enumerate(plan.sizes()):
        new = [folder / f"round-{number}" / f"batch-{done + i:05d}.npz" for i in range(batches)]
        tasks = [Work(path, setting, proposal, (done + i) * BATCH) for i, path in enumerate(new)]
        waiting = [t for t in tasks if not t.path.exists()]
        progress(BATCH * (len(tasks) - len(waiting)))
        run_tasks(do, waiting, plan.workers, plan.scheduler, lambda n: progress(BATCH * n))
        paths, done = paths + new, done + batches
        proposals.append((proposal, batches))
        simulated = gather(setting, paths, proposals)
        posterior = infer(simulated.bank, published(setting), max(LEAST_KEPT, round(KEPT_SHARE * len(simulated.logs))))
        proposal = fitted(posterior.z, posterior.weights, posterior.predicted)
    return simulated, posterior


def gather(setting: Setting, paths: Sequence[Path], proposals: Sequence[tuple[Proposal, int]]) -> Simulated:
    """Return the stored batches together, weighed over their rounds."""
    batches: list[Batch] = [load(path) for path in paths]
    rounds, start = [], 0
    for proposal, count in proposals:
        rejected = sum(b.rejected for b in batches[start : start + count])
        rounds.append((proposal, count * BATCH, count * BATCH / (count * BATCH + rejected)))
        start += count
    z, found = np.concatenate([b.z for b in batches]), np.concatenate([b.logs for b in batches])
    figures = whiten(setting, found + noise(setting.data, setting.seed, range(len(found))))
    parameters = {name: np.concatenate([b.parameters[name] for b in batches]) for name in setting.table}
    return Simulated(Bank(z, figures, mixture_weights(z, rounds)), found, parameters, tuple(rounds))


def whiten(setting: Setting, figures: Array) -> Array:
    """Return figures, (..., datum), in units in which their errors are independent and of size one."""
    white: Array = np.linalg.solve(np.linalg.cholesky(covariance(setting.data)), figures.T).T
    return white


def published(setting: Setting) -> Array:
    """Return the published figures, whitened, (datum,)."""
    return whiten(setting, logs(setting.data))


def members_of(setting: Setting, simulated: Simulated, posterior: Posterior, count: int) -> dict[str, Array]:
    """Return the parameters of an equally weighted ensemble, by name, (member,): systematic resampling of the posterior.

    What is estimated is taken as the regression moved it, unless no margin to processing would be left; then as simulated.
    """
    start = uniform(stream_key(setting.seed, 0, "calibration members", 0), "start")
    picked = np.searchsorted(np.cumsum(posterior.weights), (np.arange(count) + start) / count).clip(max=len(posterior.weights) - 1)
    members = [_member(setting, simulated.parameters, int(posterior.rows[i]), posterior.z[i]) for i in picked]
    return {name: np.array([m[name] for m in members]) for name in setting.table}


def _member(setting: Setting, parameters: dict[str, Array], row: int, z: Array) -> dict[str, float]:
    drawn = {name: float(parameters[name][row]) for name in setting.table}
    moved = {**drawn, **values_of(_only(setting.table, setting.names), setting.names, z, {})}
    return moved if margin_usd2013_per_kg(moved) >= 0 else drawn


def _only(table: ParameterTable, names: Sequence[str]) -> dict[str, Any]:
    return {name: table[name] for name in names}
