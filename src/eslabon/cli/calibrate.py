"""`eslabon calibrate`: fit what is estimated to what was published up to a cut-off."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from eslabon.cli.progress import counted

if TYPE_CHECKING:
    from eslabon.study.calibration.coverage import Recovery
    from eslabon.study.calibration.fit import Calibration

console = Console()
SHOWN = 12


def calibrate(
    until: Annotated[int, typer.Option(help="Last year of figures; nothing published after the year that follows is read.")] = 2013,
    simulations: Annotated[int, typer.Option("-n", "--simulations", min=100, help="Simulations in all.")] = 10_000,
    rounds: Annotated[int, typer.Option(min=1, help="Rounds, each drawn nearer to the figures.")] = 4,
    members: Annotated[int, typer.Option(min=10, help="Members of the ensemble left.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random numbers.")] = 0,
    thin: Annotated[float, typer.Option(min=1, help="Households that one simulated household stands for.")] = 20.0,
    workers: Annotated[int, typer.Option(min=0, help="Worker processes; 0: one a core. Never changes a number.")] = 0,
    scheduler: Annotated[str, typer.Option(help="Address of a running Dask scheduler, for more than one machine.")] = "",
    check: Annotated[int, typer.Option(min=0, help="Also let so many simulations play the truth: ranks and coverage.")] = 0,
    out: Annotated[Path, typer.Option(help="Folder of calibrations; the same command continues one.")] = Path("runs"),
    as_json: Annotated[bool, typer.Option("--json", help="Print the document as JSON and nothing else.")] = False,
) -> None:  # fmt: skip
    """Calibrate to the figures up to a cut-off.  Example: eslabon calibrate --until 2013 -n 10000"""
    from eslabon.api import load_region
    from eslabon.study.calibration.calibrate import Plan
    from eslabon.study.calibration.fit import fit, recovery, setting_at

    region = load_region()
    plan = Plan(simulations, rounds, members, workers or os.cpu_count() or 1, scheduler)
    setting = setting_at(region.pack, region.parameters, until, seed, thin)
    with counted("simulations", simulations + members) as tick:
        found = fit(setting, plan, out, tick)
    recovered = recovery(setting, found.simulated, check) if check else None
    document = found.document | ({"recovery": recovered.document()} if recovered else {})
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
        return
    _show(found, recovered)


def _show(found: Calibration, recovered: Recovery | None) -> None:
    document = found.document
    console.print(_checks(document))
    console.print(_informed(document))
    console.print(
        f"{document['simulations']:,} simulations in {len(document['rounds'])} rounds; {document['kept']} kept, worth "
        f"{document['effective_sample_size']:.0f} independent ones; {document['members']} members."
    )
    console.print(f"The figures say nothing about {len(document['not_informed'])} estimated parameters: {', '.join(document['not_informed'])}.")
    if recovered:
        total = recovered.document()
        console.print(f"{total['truths']} truths: 90 % intervals hold {total['coverage_90']:.1%} of them, 50 % intervals {total['coverage_50']:.1%}.")
    console.print(f"Folder:    {found.folder}\nPosterior: {found.artefact}", soft_wrap=True)


def _checks(document: dict[str, Any]) -> Any:
    from rich import box
    from rich.table import Table

    table = Table("figures", "number", "p of as far off or further", "", box=box.SIMPLE_HEAD, title="Does the ensemble make such figures?")
    for row in document["predictive_checks"]:
        table.add_row(row["kind"], str(row["figures"]), f"{row['p']:.3f}", "suspect" if row["suspect"] else "")
    return table


def _informed(document: dict[str, Any]) -> Any:
    from rich import box
    from rich.table import Table

    table = Table("parameter", "shift", "contraction", box=box.SIMPLE_HEAD, title="What the figures said (in prior standard deviations)")
    for row in document["informed"][:SHOWN]:
        table.add_row(row["parameter"], f"{row['shift']:+.2f}", f"{row['contraction']:.2f}")
    return table
