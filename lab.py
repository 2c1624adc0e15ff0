#!/usr/bin/env python3
"""Front door, standard library only: `python3 lab.py run`, `python3 lab.py test`, or any `eslabon` command."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
VENV = HERE / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_installed(lock: pathlib.Path) -> bool:
    stamp = VENV / f".{lock.stem}"
    return stamp.exists() and stamp.read_text() == fingerprint(lock)


def fingerprint(lock: pathlib.Path) -> str:
    return hashlib.sha256(lock.read_bytes() + (HERE / "pyproject.toml").read_bytes()).hexdigest()


def install(lock: pathlib.Path) -> None:
    """Put what `lock` lists, and the project itself, into `.venv`."""
    print(f"First use: installing {lock.name} into .venv (about a minute) ...", file=sys.stderr, flush=True)
    if not PYTHON.exists():
        subprocess.check_call([sys.executable, "-m", "venv", str(VENV)])
    uv = shutil.which("uv")
    pip = [uv, "pip", "install", "-q", "-p", str(PYTHON)] if uv else [str(PYTHON), "-m", "pip", "install", "-qq"]
    subprocess.check_call([*pip, "--require-hashes", "-r", str(lock)])
    subprocess.check_call([*pip, "--no-deps", "-e", str(HERE)])
    (VENV / f".{lock.stem}").write_text(fingerprint(lock))


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):
        sys.exit(f"Eslabon needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    command, *rest = arguments or ["run"]
    runtime, development = HERE / "requirements.lock", HERE / "requirements-dev.lock"
    if command == "test" and not is_installed(development):
        install(development)
    elif not (is_installed(runtime) or is_installed(development)):
        install(runtime)
    if command == "test":
        return subprocess.call([str(PYTHON), "-m", "pytest", *rest], cwd=HERE)
    if command == "run" and not rest:
        command, rest = "compare", ["baseline", "eradicate-30k"]
    return subprocess.call([str(PYTHON), "-m", "eslabon", command, *rest])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
