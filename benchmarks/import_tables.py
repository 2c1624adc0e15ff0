"""Time the import of a clean table in each format: reading in its child process, and interpreting what was read.

Run `python benchmarks/import_tables.py [--rows 10000] [--rounds 5]`. *wall* is that of `read_workbook`, best of the rounds, and long on
a busy machine; *child*, *parent* and *interpret* are the processor time of the reading process with its start, of the process that
takes its answer, and of `interpret_workbook`; *work* is their sum. Then every bomb of `import_samples.py` is refused in a
fresh process: how long the slowest took, by how much the memory of the importing process rose at most, and the most that a reading
process held.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from eslabon.evidence.tables.interpret import interpret_workbook
from eslabon.evidence.tables.reading import read_workbook
from eslabon.evidence.tables.request import ImportRequest
from import_samples import bombs, clean_files

REQUEST = ImportRequest(
    "coca_leaf_seized", source_id="invented", publisher="invented", title="invented", year=2024, column="Hoja de coca decomisada (kg)", unit="kg",
    kind="flow", form="sun-dried leaf", dimension="department", accept=("Q-NEW-QUANTITY", "Q-PART-YEAR"),
)  # fmt: skip


def best_seconds(work: Callable[[], object], rounds: int, clock: Callable[[], float] = time.perf_counter) -> float:
    """Return the shortest time of the rounds."""
    seconds = []
    for _ in range(rounds):
        gc.collect()
        began = clock()
        work()
        seconds.append(clock() - began)
    return min(seconds)


def children_seconds() -> float:
    """Return the processor time of all reading processes so far, their start included."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def time_clean(path: Path, rounds: int) -> str:
    """Return the line of one clean file."""
    wall = best_seconds(lambda: read_workbook(path), rounds)
    child = best_seconds(lambda: read_workbook(path), rounds, children_seconds)
    parent = best_seconds(lambda: read_workbook(path), rounds, time.process_time)
    workbook = read_workbook(path)
    interpret = best_seconds(lambda: interpret_workbook(workbook, REQUEST), rounds, time.process_time)
    claims = len(interpret_workbook(workbook, REQUEST).claims)
    size_kb, work = path.stat().st_size / 1e3, child + parent + interpret
    return f"{path.name:12s}{size_kb:8.0f}{wall:10.2f}{child:9.2f}{parent:9.2f}{interpret:11.2f}{work:8.2f}{claims:9,d}"


TRY_BOMB = """
import resource, sys, time
from pathlib import Path
from eslabon.evidence.tables.codes import TableError
from eslabon.evidence.tables.reading import read_workbook
try:
    read_workbook(Path(sys.argv[2]))
except TableError:
    pass
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
began, used = time.perf_counter(), time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
try:
    read_workbook(Path(sys.argv[1]))
    code = "read"
except TableError as error:
    code = error.code
growth = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
used = time.process_time() + sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2]) - used
print(code, time.perf_counter() - began, used, growth / 1e3, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3)
"""
"""In a fresh process: refuse an empty file first, so that all code is loaded, then the bomb."""


class Refused(NamedTuple):
    """What the refusal of one bomb cost."""

    name: str
    code: str
    wall_s: float
    processor_s: float
    growth_mb: float
    child_mb: float


def try_bombs(folder: Path) -> list[Refused]:
    """Return what each bomb cost, each tried in a process of its own."""
    empty = folder / "empty"
    empty.touch()
    found = []
    for name, (content, _) in bombs().items():
        path = folder / name
        path.write_bytes(content)
        done = subprocess.run([sys.executable, "-c", TRY_BOMB, str(path), str(empty)], capture_output=True, text=True, check=True)
        code, *numbers = done.stdout.split()
        found.append(Refused(name, code, *map(float, numbers)))
    return found


def time_command(path: Path, rounds: int) -> str:
    """Return the line of the whole command, a dry run from its start to its last line: wall, and processor time with its children."""
    command = [sys.executable, "-m", "eslabon", "import", str(path), "--as", "seizure_leaf", "--source", "invented", "--publisher", "invented"]
    command += ["--year", "2024", "--unit", "kg", "--column", "Hoja de coca decomisada (kg)", "--form", "coca leaf, drying not stated"]
    command += ["--dimension", "department", "--accept", "Q-PART-YEAR", "--json"]
    walls, works = [], []
    for _ in range(rounds):
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        walls.append(time.perf_counter() - began)
        works.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    taken = len(json.loads(done.stdout)["claims"])
    spent = f"{min(walls):.2f} s on the wall, {min(works):.2f} s of processor time"
    return f"Whole command on {path.name}: {spent}, {taken:,} claims, exit {done.returncode}."


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    print(f"{platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {platform.python_version()}.")
    print(f"Clean table of {asked.rows:,} rows and 6 columns; seconds, best of {asked.rounds}.")
    print("file              kB      wall    child   parent  interpret    work   claims")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file, content in clean_files(asked.rows).items():
            (folder / file).write_bytes(content)
            print(time_clean(folder / file, asked.rounds))
        print(time_command(folder / "clean.csv", asked.rounds))
        costs = try_bombs(folder)
    slowest, hardest, biggest, child = (max(costs, key=lambda cost: cost[column]) for column in (2, 3, 4, 5))
    refused = sum(cost.code.startswith("E-") for cost in costs)
    print(f"{refused} of {len(costs)} bombs refused.")
    print(f"Slowest {slowest.wall_s:.2f} s on the wall ({slowest.name}), {hardest.processor_s:.2f} s of processor time ({hardest.name}).")
    print(f"Most growth {biggest.growth_mb:.0f} MB ({biggest.name}), largest reading process {child.child_mb:.0f} MB ({child.name}).")


if __name__ == "__main__":
    main()
