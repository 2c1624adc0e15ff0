"""`eslabon hindcast`: a calibrated ensemble forecasts the years after its cut-off, beside naive forecasts."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from eslabon.cli.progress import counted
from eslabon.errors import InputError

console = Console()


def hindcast(
    until: Annotated[list[int] | None, typer.Option(help="Cut-off; may be repeated. All shipped posteriors by default.")] = None,
    members: Annotated[int, typer.Option("-n", "--members", min=20, help="Members of the ensemble.")] = 200,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the random numbers.")] = 0,
    thin: Annotated[float, typer.Option(min=1, help="Households that one simulated household stands for.")] = 20.0,
    posteriors: Annotated[Path | None, typer.Option(help="Folder of posteriors; the region's own by default.")] = None,
    out: Annotated[Path, typer.Option(help="Folder for the page and the document.")] = Path("runs"),
    lang: Annotated[str, typer.Option(help="Language of the page: en or es.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="Print the document as JSON and nothing else.")] = False,
) -> None:  # fmt: skip
    """Forecast the years after a cut-off and score.  Example: eslabon hindcast --until 2013"""
    from eslabon import api
    from eslabon.report.data import HARM_ROWS
    from eslabon.report.hindcast_page import write_hindcast_page
    from eslabon.report.hindcast_text import hindcast_text
    from eslabon.runs.store import write_text
    from eslabon.study.hindcast import HindcastOrder

    region = api.load_region()
    cutoffs = sorted(set(until)) if until else region.cutoffs(posteriors)
    if not cutoffs:
        raise InputError("there is no posterior", file=str(posteriors or "the region"), remedy="Run eslabon calibrate --until 2013 first.")
    order = HindcastOrder(members, seed=seed, divisor=thin)
    with counted("member-months", api.hindcast_months(order, cutoffs)) as tick:
        document = api.hindcast(cutoffs, order=order, posteriors=posteriors, region=region, progress=tick)
    document |= {"not_modelled": list(HARM_ROWS)}
    stem = "hindcast-" + "-".join(str(c) for c in cutoffs)
    write_text(out / f"{stem}.json", json.dumps(document, indent=1, ensure_ascii=False, allow_nan=False))
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
        return
    zones = [{"id": z.id, "name_es": z.name_es, "name_en": z.name_en} for z in region.pack.zones]
    page = write_hindcast_page(out / f"{stem}.{lang}.html", document, zones, lang, {"seed": seed, "members": members})
    console.print(hindcast_text(document, {z["id"]: z[f"name_{lang}"] for z in zones}, lang))
    console.print(f"Document: {out / stem}.json\nPage:     {page}", soft_wrap=True)
