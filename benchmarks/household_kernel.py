"""Time the household rule: nanoseconds per household-month of its passes, and the ratio to a scalar build.

    python benchmarks/household_kernel.py              about a minute
    python benchmarks/household_kernel.py --quick      10,000 households only

Two threads means two members at once, each on its own thread, as an ensemble runs; the time is still per
household-month. The scalar build is the same Python functions compiled in a process of its own with the loop and
block vectorisers switched off.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np

from eslabon.draws import U32, name_word, stream_key
from eslabon.stages import passes
from eslabon.state import ROW, Households

SIZES = (10_000, 100_000, 1_000_000)
THREADS = (1, 2)
TARGET_SECONDS = 0.08
ROUNDS = 15
SCALAR = {"NUMBA_LOOP_VECTORIZE": "0", "NUMBA_SLP_VECTORIZE": "0"}
Timings = dict[str, float]


def make_households(count: int, member: int) -> Households:
    """Return made-up households: one in ten slots empty, half of the rest growing."""
    luck = np.random.default_rng(member)
    fields = np.zeros((len(ROW), count), np.float32)
    fields[ROW["present"]] = luck.random(count) < 0.9
    fields[ROW["threshold"]] = luck.normal(0, 2, count)
    fields[ROW["profit_driven"]] = luck.random(count) < 0.27
    fields[ROW["size_ha"]] = luck.lognormal(-0.3, 0.8, count).clip(0.1, 6)
    fields[ROW["phase"]] = luck.integers(0, 12, count)
    fields[ROW["soil"]] = luck.uniform(0.6, 1, count)
    fields[ROW["cash"]] = np.floor(luck.normal(200, 200, count))
    for name, share in (("mature_ha", 1.0), ("young_ha", 0.2), ("nursery_ha", 0.1), ("erased_ha", 0.2), ("fallow_ha", 0.3)):
        fields[ROW[name]] = np.floor(luck.uniform(0, share, count) * 2**16) / 2**16
    return fields


def stages(x: Households) -> dict[str, Callable[[int], None]]:
    """Return the passes, each as a function of the month; the programmes' one runs only where families join or leave."""
    count, who = x.shape[1], name_word("vraem")
    fields = np.array([18, 0.08 / 12, 12, 0.5, 120, 0.03 / 12, 3, 1100, 0.45], np.float32)
    decide = np.array([0.065, 0, 0.15, 0.1, 0.5, 0.2, 0.2, 1, 1, 0.1, 6, 0.5, 24, 37.5, 400, 130, 150, 0.3, 300, 500, 0.005, 0.008, 0.96,
                       0.4, 0.6, 0.4, 40, 36, 500, 0.4], np.float32)  # fmt: skip
    programme = np.array([0.01, 0.01, 0.01, 0.01, 0.01, 0.01, 0.001, 2, 1], np.float32)

    def run_decide(month: int) -> None:
        key = stream_key(0, 0, "households", month)
        passes.decide_pass(x, 0, count, key[0], key[1], U32(who), decide, np.zeros(len(passes.YEAR_SUMS)))

    def run_programme(month: int) -> None:
        key = stream_key(0, 0, "programmes", month)
        passes.programme_pass(x, 0, count, key[0], key[1], U32(who), programme, np.zeros(len(passes.PROGRAMME_SUMS)))

    return {
        "fields": lambda month: passes.fields_pass(x, 0, count, month, fields, np.zeros(len(passes.FIELD_SUMS))),
        "sale": lambda month: passes.sale_pass(x, 0, count, 0.9, 3.0, 0.1, np.zeros(len(passes.SALE_SUMS))),
        "decide": run_decide,
        "programme": run_programme,
    }


def best(work: Callable[[], None]) -> float:
    """Return the shortest of several rounds of `work`, in seconds."""
    seconds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - began)
    return min(seconds)


def advance_all(pool: ThreadPoolExecutor, works: list[Callable[[int], None]], months: int) -> None:
    """Advance every member by `months`, each on its own thread."""

    def advance(work: Callable[[int], None]) -> None:
        for month in range(months):
            work(month)

    list(pool.map(advance, works))


def measure(count: int, threads: int) -> Timings:
    """Return nanoseconds per household-month of each pass with `threads` members at once."""
    members = [stages(make_households(count, m)) for m in range(threads)]
    months = max(2, int(TARGET_SECONDS / (count * 10e-9)))
    found: Timings = {}
    with ThreadPoolExecutor(threads) as pool:
        for name in members[0]:
            for member in members:
                member[name](0)

            seconds = best(partial(advance_all, pool, [member[name] for member in members], months))
            found[name] = seconds / (count * months * threads) * 1e9
    found["all four"] = sum(found.values())
    return found


def measure_scalar(sizes: tuple[int, ...]) -> dict[int, Timings]:
    """Return the one-thread timings of the same functions compiled without vectorisation, in another process."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, **SCALAR, "NUMBA_CACHE_DIR": folder}
        command = [sys.executable, __file__, "--raw", *map(str, sizes)]
        printed = subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout
    return {int(size): timings for size, timings in json.loads(printed).items()}


def main(arguments: list[str]) -> None:
    """Print the table."""
    if "--raw" in arguments:
        sizes = [int(a) for a in arguments if a.isdigit()]
        print(json.dumps({size: measure(size, 1) for size in sizes}))
        return
    sizes = SIZES[:1] if "--quick" in arguments else SIZES
    names = ("fields", "sale", "decide", "programme", "all four")
    load = f"load {os.getloadavg()[0]:.1f} before" if hasattr(os, "getloadavg") else "load unknown"
    print(f"{platform.machine()}, {os.cpu_count()} cores, {load}, Python {platform.python_version()}.")
    scalar = measure_scalar(sizes)
    print(f"ns per household-month, best of {ROUNDS} rounds.")
    print(f"{'households':>12} {'build':>12} {'threads':>8}" + "".join(f"{n:>12}" for n in names))
    for size in sizes:
        one = Timings()
        for threads in THREADS:
            found = measure(size, threads)
            one = one or found
            print(f"{size:>12,} {'vectorised':>12} {threads:>8}" + "".join(f"{found[n]:>12.2f}" for n in names))
        print(f"{size:>12,} {'scalar':>12} {1:>8}" + "".join(f"{scalar[size][n]:>12.2f}" for n in names))
        print(f"{size:>12,} {'scalar/vect.':>12} {1:>8}" + "".join(f"{scalar[size][n] / one[n]:>12.1f}" for n in names))


if __name__ == "__main__":
    main(sys.argv[1:])
