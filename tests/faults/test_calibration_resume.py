"""A calibration interrupted anywhere, or run by more workers, leaves the same posterior to the byte."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from eslabon import api
from eslabon.study.calibration.artefact import load_posterior
from eslabon.study.calibration.calibrate import Plan
from eslabon.study.calibration.fit import fit, setting_at
from eslabon.study.calibration.simulate import Setting

SIMULATIONS, MEMBERS, DIVISOR, UNTIL = 200, 30, 400.0, 2003


@pytest.fixture(scope="module")
def setting() -> Setting:
    region = api.load_region()
    return setting_at(region.pack, region.parameters, UNTIL, 3, DIVISOR)


@pytest.fixture(scope="module")
def calm(setting: Setting, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return fit(setting, Plan(SIMULATIONS, 2, MEMBERS, 1), tmp_path_factory.mktemp("calm")).artefact.read_bytes()


def test_two_workers_leave_the_same(setting: Setting, calm: bytes, tmp_path: Path) -> None:
    assert fit(setting, Plan(SIMULATIONS, 2, MEMBERS, 2), tmp_path).artefact.read_bytes() == calm


def test_lost_batches_are_made_again(setting: Setting, calm: bytes, tmp_path: Path) -> None:
    found = fit(setting, Plan(SIMULATIONS, 2, MEMBERS, 1), tmp_path)
    for lost in ("round-0/batch-00001.npz", "round-1/batch-00002.npz", "ensemble/batch-00000.npz"):
        (found.folder / lost).unlink()
    assert fit(setting, Plan(SIMULATIONS, 2, MEMBERS, 1), tmp_path).artefact.read_bytes() == calm


def test_killed_runs_continue(calm: bytes, tmp_path: Path) -> None:
    arguments = ["--until", UNTIL, "-n", SIMULATIONS, "--rounds", 2, "--members", MEMBERS, "--thin", DIVISOR, "--seed", 3, "--workers", 1]
    command = [sys.executable, "-m", "eslabon", "calibrate", *map(str, arguments), "--out", str(tmp_path), "--json"]
    for batch in (1, 3):
        running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        wait_until(lambda n=batch: len(list(tmp_path.glob("*/round-*/batch-*.npz"))) >= n, running)  # type: ignore[misc]
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    (artefact,) = tmp_path.glob("*/until-*.csv")
    assert artefact.read_bytes() == calm


def wait_until(done: Callable[[], bool], running: subprocess.Popen[bytes]) -> None:
    while not done() and running.poll() is None:
        time.sleep(0.05)


def test_the_artefact_is_read_back(setting: Setting, tmp_path: Path) -> None:
    found = fit(setting, Plan(SIMULATIONS, 2, MEMBERS, 1), tmp_path)
    table = load_posterior(found.artefact, api.load_region().parameters)
    for name, values in found.parameters.items():
        assert table.drawn[name] == pytest.approx(values, rel=1e-8)
        assert len(values) == MEMBERS
    assert table.of_member(MEMBERS + 2) == table.of_member(2), "beyond the last member it starts again"


def test_a_planted_bug_is_found(setting: Setting, tmp_path: Path) -> None:
    """Half the yield cannot make the leaf that was published on the area that was published."""
    import dataclasses

    region = api.load_region()
    halved = tuple(dataclasses.replace(z, yield_kg_per_ha_yr=z.yield_kg_per_ha_yr / 2) for z in region.pack.zones)
    broken = dataclasses.replace(region.pack, zones=halved, digest="halved")
    later = setting_at(broken, region.parameters, 2006, 3, DIVISOR)
    sound = setting_at(region.pack, region.parameters, 2006, 3, DIVISOR)
    checks = {name: {c.kind: c for c in fit(s, Plan(200, 2, MEMBERS, 1), tmp_path).checks} for name, s in (("broken", later), ("sound", sound))}
    assert checks["broken"]["leaf_kg"].suspect
    assert not checks["sound"]["leaf_kg"].suspect
