"""Executors: tasks that write their own results, run here or on Dask workers; which one, and how many, changes no byte.

A task is a function of one small argument and must be safe to run twice: it writes its result whole or not at all and returns
nothing that matters. A killed worker's task is given to another; a killed driver starts again and skips what is written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from eslabon.errors import MemberError

Task = TypeVar("Task")
FREE_PORT = "127.0.0.1:0"
"""The scheduler answers on loopback only, on whatever port is free."""
ATTEMPTS = 100
"""Workers that may die under one task before it is given up."""


def run_tasks(
    function: Callable[[Task], object], tasks: Sequence[Task], workers: int = 1, scheduler: str = "",
    progress: Callable[[int], None] = lambda done: None,
) -> None:  # fmt: skip
    """Run a function on every task and return when all are done.

    Parameters
    ----------
    workers : int
        Processes; with 1 and no scheduler everything runs in this one.
    scheduler : str
        Address of a running Dask scheduler, for more than one machine; empty starts workers on this machine's loopback.
    progress : callable
        Told after each task: 1.

    Raises
    ------
    MemberError
        If a task fails.
    """
    if workers == 1 and not scheduler:
        for task in tasks:
            function(task)
            progress(1)
        return
    if tasks:
        _on_dask(function, tasks, min(workers, len(tasks)), scheduler, progress)


def _on_dask(function: Callable[[Task], object], tasks: Sequence[Task], workers: int, scheduler: str, progress: Callable[[int], None]) -> None:
    import dask
    from distributed import Client, LocalCluster, as_completed

    settings: dict[str, Any] = {"distributed.scheduler.allowed-failures": ATTEMPTS, "distributed.worker.daemon": True}
    with dask.config.set(settings), _cluster(LocalCluster, workers, scheduler) as cluster, Client(cluster) as client:
        jobs = client.map(function, tasks, pure=False, retries=0)
        for job in as_completed(jobs):
            if job.status == "error":
                raise MemberError(f"a task failed: {job.exception()}", remedy="Run the same command again; what is finished is kept.")
            progress(1)


class _Address:
    """A scheduler that runs already: nothing to start and nothing to stop."""

    def __init__(self, address: str) -> None:
        self.address = address

    def __enter__(self) -> str:
        return self.address

    def __exit__(self, *reason: object) -> None:
        return None


def _cluster(local: Any, workers: int, scheduler: str) -> Any:
    if scheduler:
        return _Address(scheduler)
    return local(n_workers=workers, threads_per_worker=1, processes=True, host="127.0.0.1", dashboard_address=FREE_PORT, silence_logs=50)
