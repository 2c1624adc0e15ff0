"""`eslabon validate`: the scoreboard in the terminal or as JSON."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

if TYPE_CHECKING:
    from rich.table import Table

    from eslabon.study.validate import Scoreboard

console, notes = Console(), Console(stderr=True)


def validate(
    targets: Annotated[list[str] | None, typer.Argument(help="Targets such as T02; all if none is named.")] = None,
    members: Annotated[int, typer.Option("-n", "--members", min=1, help="Members of every arm; at least 100 for a score.")] = 100,
    quick: Annotated[bool, typer.Option("--quick", help="Four members on a small region: a look, not a score.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random numbers.")] = 0,
    posterior: Annotated[int | None, typer.Option(help="Cut-off of a calibrated ensemble to draw members from, in place of the priors.")] = None,
    out: Annotated[Path, typer.Option(help="Folder of runs.")] = Path("runs"),
    as_json: Annotated[bool, typer.Option("--json", help="Print the document as JSON and nothing else.")] = False,
) -> None:  # fmt: skip
    """Compare published results with the model and with a null model.  Example: eslabon validate T02 T03 --quick"""
    from eslabon.api import load_region
    from eslabon.runs.store import write_text
    from eslabon.study.bench import Bench
    from eslabon.study.targets import choose, read_targets
    from eslabon.study.validate import scoreboard

    region = load_region()
    region = region.calibrated(posterior) if posterior else region
    wanted = choose(read_targets(region.pack), targets or [])
    bench = Bench(region.pack, region.parameters, members, seed, out, min(os.cpu_count() or 1, 8))
    with _progress(len(wanted)) as tick:
        board = scoreboard(bench, [t.id for t in wanted] if targets else [], quick, tick)
    document = board.document()
    drawn = f"-until-{posterior}" if posterior else ""
    file = out / f"validation-{'quick' if quick else members}-{seed}{drawn}.json"
    write_text(file, json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False))
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
        return
    _show(board, bool(targets))
    console.print(f"Document: {file}", soft_wrap=True)


def _progress(total: int) -> Any:
    from contextlib import contextmanager

    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    @contextmanager
    def bar() -> Any:
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=notes) as shown:
            task = shown.add_task("targets", total=total)
            done = iter(range(total))

            def tick(target: str) -> None:
                shown.update(task, completed=next(done), description=f"target {target}")

            yield tick
            shown.update(task, completed=total, description="targets")

    return bar()


def _show(board: Scoreboard, explained: bool) -> None:
    from eslabon.study.validate import QUICK_NOTICE

    if board.quick:
        console.print(f"[bold]{QUICK_NOTICE}[/bold]")
    console.print(_table(board))
    for score in board.document()["targets"]:
        why = score["explain"]["why_missed"] if score["status"] == "miss" else ""
        if explained:
            console.print(f"{score['id']}: {score['explain']['does']}")
        if why or score["words"]:
            console.print(f"{score['id']} missed: {why or score['words']}")
    console.print(f"{board.verdict}. {board.members} members, seed {board.seed}: {board.command}")
    console.print(
        "No parameter was fitted to a target; some were read from the same studies, see docs/explanation/validation.md. All households are synthetic."
    )


def _table(board: Scoreboard) -> Table:
    from rich import box
    from rich.table import Table

    table = Table("target", "what is measured", "published", "model: median (10-90 %)", "null model", box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for score in board.document()["targets"]:
        for i, part in enumerate(score["parts"]):
            head = (score["id"], score["status"], score["null_status"]) if i == 0 else ("", "", "")
            shown = "" if part["counted"] or score["status"] == "not counted" else " (shown only)"
            model = f"{head[1]} {_numbers(part['model'])}".strip()
            null = f"{head[2]} {_numbers(part['null'], band=False)}".strip()
            last = i == len(score["parts"]) - 1
            table.add_row(head[0], part["quantity"] + shown, part["published"], model, null, end_section=last)
    return table


def _numbers(side: dict[str, Any] | None, band: bool = True) -> str:
    if side is None or side["median"] is None:
        return "not defined"
    median = f"{side['median']:.3g}"
    few = "" if side["defined"] == side["n"] else f", n {side['defined']} of {side['n']}"
    return f"{median} ({side['p10']:.3g} to {side['p90']:.3g}{few})" if band else median
