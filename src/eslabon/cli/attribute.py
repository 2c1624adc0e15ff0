"""`eslabon attribute`: what the eradication of some years changed."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from eslabon.cli.progress import counted

console = Console()


def attribute(
    first: Annotated[int, typer.Option(help="First year of other eradication.")] = 2013,
    last: Annotated[int, typer.Option(help="Last year of it.")] = 2016,
    instead: Annotated[float, typer.Option(min=0, help="Counted hectares a year in its place.")] = 0.0,
    until: Annotated[int, typer.Option(help="Last year compared.")] = 2018,
    posterior: Annotated[int, typer.Option(help="Cut-off of the calibrated ensemble.")] = 2013,
    members: Annotated[int, typer.Option("-n", "--members", min=20, help="Members of the ensemble.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random numbers.")] = 0,
    thin: Annotated[float, typer.Option(min=1, help="Households that one simulated household stands for.")] = 20.0,
    posteriors: Annotated[Path | None, typer.Option(help="Folder of posteriors; the region's own by default.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON and nothing else.")] = False,
) -> None:  # fmt: skip
    """Observed coca less what would have been.  Example: eslabon attribute --first 2013 --last 2016 --instead 10000"""
    from eslabon import api
    from eslabon.i18n import translate
    from eslabon.report.data import HARM_ROWS

    with counted("member-months", 3 * members * api.roll_months(until)) as tick:
        effect = api.attribute(
            first, last, instead, until=until, posterior=posterior, members=members, seed=seed, divisor=thin, posteriors=posteriors, progress=tick
        )
    rows = effect.rows()
    if as_json:
        document = {"eradicated_ha": effect.eradicated_ha, "instead_ha": effect.instead_ha, "years": rows, "not_modelled": list(HARM_ROWS)}
        sys.stdout.write(json.dumps(document, allow_nan=False) + "\n")
        return
    from rich import box
    from rich.table import Table

    title = f"{effect.eradicated_ha:,.0f} ha eradicated in {first}-{last} against {effect.instead_ha:,.0f} ha, N = {members}"
    table = Table("year", "without, ha", "change, ha (90 % interval)", "a hectare eradicated", box=box.SIMPLE_HEAD, title=title)
    for row in rows:
        change = f"{row['p50']:+,.0f} ({row['p05']:+,.0f} to {row['p95']:+,.0f})"
        table.add_row(str(row["year"]), f"{row['without_ha']:,.0f}", change, f"{row['per_eradicated_ha']:+.2f} ha")
    console.print(table)
    console.print("Observed coca less what the same members would have had, with the same luck. All households are synthetic.")
    console.print(translate("attribute.harms", "en"))
