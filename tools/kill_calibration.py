"""Kill a calibration again and again and compare what it leaves with an undisturbed one.

Usage: `python tools/kill_calibration.py --kills 10 --simulations 1000 --until 2013`. Prints how many finished batches each kill left, and
whether the posteriors are the same to the byte. Exit code 1 if they are not.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path


def command(arguments: argparse.Namespace, out: Path) -> list[str]:
    """Return the calibration to run into a folder."""
    return [
        sys.executable, "-m", "eslabon", "calibrate", "--until", str(arguments.until), "-n", str(arguments.simulations), "--rounds", "2",
        "--members", "50", "--thin", str(arguments.thin), "--workers", "2", "--out", str(out), "--json",
    ]  # fmt: skip


def batches(out: Path) -> int:
    """Return how many batches are finished."""
    return len(list(out.glob("*/*/batch-*.npz")))


def posterior(out: Path) -> bytes:
    """Return the artefact."""
    (found,) = out.glob("*/until-*.csv")
    return found.read_bytes()


def kill_once(arguments: argparse.Namespace, out: Path, seconds: float) -> bool:
    """Start the calibration and kill it and its workers; return whether it was still at work."""
    running = subprocess.Popen(command(arguments, out), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    time.sleep(seconds)
    alive = running.poll() is None
    if alive:
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    return alive


def main() -> int:
    """Run the comparison."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--simulations", type=int, default=1000)
    parser.add_argument("--until", type=int, default=2013)
    parser.add_argument("--thin", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    luck = random.Random(arguments.seed)
    with tempfile.TemporaryDirectory() as folder:
        calm, stormy = Path(folder) / "calm", Path(folder) / "stormy"
        began = time.monotonic()
        subprocess.run(command(arguments, calm), check=True, stdout=subprocess.DEVNULL)
        took = time.monotonic() - began
        killed = 0
        while killed < arguments.kills:
            if not kill_once(arguments, stormy, luck.uniform(0.1, 0.3) * took):
                break
            killed += 1
            print(f"kill {killed}: {batches(stormy)} batches finished")
        subprocess.run(command(arguments, stormy), check=True, stdout=subprocess.DEVNULL)
        same = posterior(calm) == posterior(stormy)
    print(f"{killed} kills; posteriors {'the same to the byte' if same else 'DIFFER'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
