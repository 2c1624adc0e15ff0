"""Fit a pack at a cut-off: what was known then, rounds of simulations, an ensemble, its checks, the artefact."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from eslabon.errors import InputError
from eslabon.evidence.known import known_by, pack_as_known
from eslabon.evidence.pack import RegionPack
from eslabon.params.known import table_as_known
from eslabon.params.table import ParameterTable
from eslabon.runs.executors import run_tasks
from eslabon.study.calibration.artefact import diagnostics, save_posterior
from eslabon.study.calibration.calibrate import BATCH, Plan, Simulated, folder_of, members_of, run_rounds
from eslabon.study.calibration.coverage import Recovery, recover
from eslabon.study.calibration.observed import data_until
from eslabon.study.calibration.posterior import Posterior
from eslabon.study.calibration.predictive import Check, check
from eslabon.study.calibration.simulate import Batch, Setting, estimated, load, run_history, save

Array = npt.NDArray[np.float64]
DIVISOR = 20.0
"""Households that one simulated household stands for: `benchmarks/thinning.py` shows what it costs."""
TRUTHS, TRUTHS_KEPT_SHARE = 200, 0.2
TEACHERS = 5
"""Simulations there must be for each that plays the truth."""


@dataclass(frozen=True)
class Calibration:
    """A finished calibration: where it lies, its simulations, posterior, ensemble, predictive logs, checks and diagnostics."""

    folder: Path
    artefact: Path
    setting: Setting
    simulated: Simulated
    posterior: Posterior
    parameters: dict[str, Array]
    predictive: Array
    checks: tuple[Check, ...]
    document: dict[str, Any]


@dataclass(frozen=True)
class Again:
    """A batch of the ensemble to be simulated again with its final parameters."""

    path: Path
    setting: Setting
    parameters: dict[str, Array]
    first: int


def setting_at(pack: RegionPack, table: ParameterTable, until: int, seed: int = 0, divisor: float = DIVISOR) -> Setting:
    """Return the setting of a calibration at a cut-off: nothing in it was published later."""
    known = pack_as_known(pack, until)
    priors = table_as_known(table, pack.ledger.published, known_by(until))
    return Setting(known, priors, estimated(priors), data_until(known, until), until, seed, divisor)


def fit(setting: Setting, plan: Plan, out: Path, progress: Callable[[int], None] = lambda done: None) -> Calibration:
    """Calibrate, or continue a calibration, and store its artefact in its folder."""
    folder = folder_of(out, setting, plan)
    simulated, posterior = run_rounds(setting, plan, folder, progress)
    parameters = members_of(setting, simulated, posterior, plan.members)
    predictive = simulate_again(setting, plan, parameters, folder, progress)
    checks = check(setting.data, predictive, setting.seed)
    document = diagnostics(setting, simulated, posterior, checks, parameters)
    artefact = save_posterior(folder, setting.until, parameters, document)
    return Calibration(folder, artefact, setting, simulated, posterior, parameters, predictive, checks, document)


def simulate_again(setting: Setting, plan: Plan, parameters: dict[str, Array], folder: Path, progress: Callable[[int], None]) -> Array:
    """Return what the ensemble itself gives for each figure, in logs, (member, datum): regression moved its parameters."""
    firsts = range(0, plan.members, BATCH)
    tasks = [Again(folder / "ensemble" / f"batch-{first:05d}.npz", setting, parameters, first) for first in firsts]
    run_tasks(again, [t for t in tasks if not t.path.exists()], plan.workers, plan.scheduler, lambda n: progress(BATCH * n))
    return np.concatenate([load(t.path).logs for t in tasks])


def again(work: Again) -> None:
    """Simulate and store one batch of the ensemble."""
    members = range(work.first, min(work.first + BATCH, len(next(iter(work.parameters.values())))))
    given = {name: values[members.start : members.stop] for name, values in work.parameters.items()}
    logs = run_history(work.setting, given, members)
    save(work.path, Batch(np.zeros((len(members), 0)), logs, given, 0))


def recovery(setting: Setting, simulated: Simulated, truths: int = TRUTHS) -> Recovery:
    """Return the simulation-based calibration check on the simulations of the first round, which are drawn from the prior."""
    first = simulated.rounds[0][1]
    if first < (TEACHERS + 1) * truths:
        rule = f"the first round has {first} simulations, and {truths} truths need {(TEACHERS + 1) * truths}"
        raise InputError(rule, place="--check", value=truths, remedy="Give more --simulations or a smaller --check.")
    bank = type(simulated.bank)(simulated.bank.z[:first], simulated.bank.figures[:first], np.ones(first))
    return recover(bank, setting.names, truths, max(1, round(TRUTHS_KEPT_SHARE * (first - truths))))
