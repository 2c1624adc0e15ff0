"""The static checks, run with the rest so that one command shows all: style, types, layers."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CHECKS = {
    "ruff": ["-m", "ruff", "check", "."],
    "mypy": ["-m", "mypy"],
    "layers": ["-c", "from importlinter.cli import lint_imports_command as c; c()"],
}


@pytest.mark.parametrize("check", CHECKS)
def test_static_check_passes(check: str) -> None:
    done = subprocess.run([sys.executable, *CHECKS[check]], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]


def test_import_is_light() -> None:
    """`import eslabon` loads nothing heavy: the engine comes with the first verb."""
    code = "import sys, eslabon; print([m for m in ('numba', 'numpy', 'duckdb', 'pandas', 'pydantic') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_the_month_is_wired() -> None:
    """Every argument of every stage is provided by the plan, the parameters, the start or an earlier stage."""
    from eslabon import api
    from eslabon.month import check_wiring
    from eslabon.start import open_world

    region = api.load_region()
    world = open_world(region.pack, region.parameters, region.scenario("baseline", 2025), 0, [0])
    known = {*world.constants, *world.plan.signals, *world.state.values}
    assert check_wiring(known) == []
    assert check_wiring(known - {"price_leaf"}) != []
