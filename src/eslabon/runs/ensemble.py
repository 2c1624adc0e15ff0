"""An ensemble: members in chunks on threads; what is stored already is not computed again."""

from __future__ import annotations

import hashlib
import json
import platform
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eslabon.errors import EslabonError, MemberError
from eslabon.evidence.pack import RegionPack
from eslabon.params.table import ParameterTable, draw_ensemble
from eslabon.policies.scenario import Scenario
from eslabon.runs.chunk import run_chunk
from eslabon.runs.results import RunResult, make_result
from eslabon.runs.store import load_outcomes, read_manifest, save_batch, stored_members, write_text

VERSION = "0.3.0"
LARGEST_CHUNK = 12
Progress = Callable[[int], None]


@dataclass(frozen=True)
class Order:
    """What is to be run."""

    scenario: Scenario
    members: int
    seed: int = 0
    threads: int = 2
    chunk: int = 0

    def size(self) -> int:
        """Return members a chunk; results never depend on it."""
        return self.chunk or max(1, min(LARGEST_CHUNK, -(-self.members // self.threads)))


def data_digest(pack: RegionPack) -> str:
    """Return the SHA-256 of everything a result depends on beside scenario, seed and version."""
    text = (pack.root / "parameters.toml").read_bytes()
    return hashlib.sha256(pack.digest.encode() + text).hexdigest()


NOT_MODEL = ("report", "cli", "i18n", "api.py", "study")


def code_digest() -> str:
    """Return the SHA-256 of the model's own sources, so that a changed model never reuses members of an older one."""
    root = Path(__file__).parents[1]
    files = sorted(p for p in root.rglob("*.py") if p.relative_to(root).parts[0] not in NOT_MODEL)
    return hashlib.sha256(b"".join(p.read_bytes() for p in files)).hexdigest()


def run_folder(root: Path, pack: RegionPack, order: Order) -> Path:
    """Return the folder of a run: named by the scenario and by the content it depends on."""
    content = {"scenario": order.scenario.canonical(), "seed": order.seed, "version": VERSION, "code": code_digest(), "data": data_digest(pack)}
    key = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]
    return root / f"{order.scenario.name}-{key}"


def run_ensemble(pack: RegionPack, table: ParameterTable, order: Order, root: Path, progress: Progress = lambda months: None) -> RunResult:
    """Run what is missing of an order and return the whole result.

    Parameters
    ----------
    root : Path
        Folder of runs; the run's own folder is made inside it.
    progress : callable
        Told how many member-months have just been done.
    """
    folder = run_folder(root, pack, order)
    done = stored_members(folder) if folder.is_dir() else set()
    missing = [m for m in range(order.members) if m not in done]
    failed = _failed(folder) if folder.is_dir() else {}
    missing = [m for m in missing if m not in failed]
    _manifest(folder, pack, order, table, failed)
    size = order.size()
    groups = [missing[i : i + size] for i in range(0, len(missing), size)]
    with ThreadPoolExecutor(max_workers=order.threads) as pool:
        jobs: dict[Future[dict[int, str]], Sequence[int]] = {
            pool.submit(_store_chunk, folder, pack, table, order, group, progress): group for group in groups
        }
        try:
            for job in as_completed(jobs):
                failed |= _reason(job, jobs[job])
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    _manifest(folder, pack, order, table, failed)
    return load_run(folder, pack, order.members)


def _store_chunk(folder: Path, pack: RegionPack, table: ParameterTable, order: Order, group: Sequence[int], progress: Progress) -> dict[int, str]:
    result = run_chunk(pack, table, order.scenario, order.seed, group, progress)
    save_batch(folder, result)
    return result.failed


def _reason(job: Future[dict[int, str]], members: Sequence[int]) -> dict[int, str]:
    try:
        return job.result()
    except MemberError as error:
        return dict.fromkeys(members, str(error))


def _failed(folder: Path) -> dict[int, str]:
    try:
        return {int(f["member"]): str(f["why"]) for f in read_manifest(folder).get("failed", [])}
    except EslabonError:
        return {}


def _manifest(folder: Path, pack: RegionPack, order: Order, table: ParameterTable, failed: dict[int, str]) -> None:
    resolved = {n: {"default": p.default, "low": p.low, "high": p.high, "unit": p.unit, "status": p.status} for n, p in table.items()}
    content: dict[str, Any] = {
        "scenario": order.scenario.canonical(), "title": order.scenario.title, "question": order.scenario.question, "seed": order.seed,
        "members": order.members, "version": VERSION, "region": pack.name, "data": data_digest(pack), "python": platform.python_version(),
        "parameters": resolved, "failed": [{"member": m, "why": w} for m, w in sorted(failed.items())],
        "rejected_draws": draw_ensemble(table, order.seed, range(order.members))[1],
        "notice": "All households are synthetic.",
    }  # fmt: skip
    write_text(folder / "manifest.json", json.dumps(content, indent=1, ensure_ascii=False))


def load_run(folder: Path, pack: RegionPack, members: int | None = None) -> RunResult:
    """Return a stored run; with `members`, the first so many of it."""
    manifest = read_manifest(folder)
    asked = members or int(manifest["members"])
    have = sorted(m for m in stored_members(folder) if m < asked)
    failed = [f for f in manifest["failed"] if f["member"] < asked]
    return make_result(folder, manifest, asked, have, failed, load_outcomes(folder, have))
