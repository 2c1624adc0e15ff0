"""Time `import eslabon` in fresh processes: the median of five, beside a process that imports nothing."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 5


def median_seconds(statement: str) -> float:
    """Return the median wall time of a fresh Python that runs `statement`."""
    seconds = []
    for _ in range(RUNS):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", statement], check=True)
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def main() -> None:
    """Print the times."""
    empty, package, verbs = (median_seconds(s) for s in ("pass", "import eslabon", "import eslabon; eslabon.run"))
    print(f"Median of {RUNS} fresh processes; an empty Python takes {empty:.3f} s, taken off below.")
    print(f"import eslabon               {package - empty:.3f} s")
    print(f"first use of eslabon.run     {verbs - empty:.3f} s")


if __name__ == "__main__":
    main()
