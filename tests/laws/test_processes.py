"""The same command gives the same hash in every process, locale, time zone, folder, thread and chunk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from small_region import eslabon

COMMAND = ("run", "baseline", "-n", 2, "--until", 2025, "--seed", 7, "--json")


def document(folder: Path, *more: object, **environment: str) -> dict[str, Any]:
    folder.mkdir()
    found = eslabon([*COMMAND, *more], folder, **environment)
    assert found.returncode == 0, found.stderr
    printed: dict[str, Any] = json.loads(found.stdout)
    return printed


def test_hash_is_the_same_across_processes(tmp_path: Path) -> None:
    base = document(tmp_path / "a", PYTHONHASHSEED="0", LC_ALL="C", TZ="UTC")
    others = [
        document(tmp_path / "ñ b", "--threads", 1, PYTHONHASHSEED="1234", LC_ALL="de_DE.UTF-8", TZ="Asia/Kathmandu"),
        document(tmp_path / "c", "--threads", 2, "--chunk", 1, PYTHONHASHSEED="42", LC_ALL="tr_TR.UTF-8", TZ="America/Lima"),
        document(tmp_path / "d", "--chunk", 2, "--out", "elsewhere", LC_NUMERIC="fr_FR.UTF-8"),
    ]
    assert {d["hash"] for d in others} == {base["hash"]}
    assert all(d["rows"] == base["rows"] for d in others)


def test_another_seed_has_another_hash_and_zero_is_one(tmp_path: Path) -> None:
    base = document(tmp_path / "a", "--seed", 0)
    assert base["seed"] == 0
    assert base["members"] == {"asked": 2, "ok": 2, "failed": []}
    assert base["hash"] != document(tmp_path / "b", "--seed", 1)["hash"]
