"""`eslabon potential`: why the UNODC-style and the United States series of potential cocaine differ, step by step."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from eslabon.cli.evidence import Language

console = Console()
DEFAULT_YEAR = 2019


def potential(
    year: Annotated[int, typer.Option(help="Year of the two figures.")] = DEFAULT_YEAR,
    purity: Annotated[float | None, typer.Option(help="Share of pure cocaine in the UNODC-style product; no claim states it.")] = None,
    all_years: Annotated[bool, typer.Option("--all-years", help="Show the gap and its parts in every year with both series.")] = False,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Only claims public on that day, YYYY-MM-DD.")] = None,
    ledger: Annotated[Path | None, typer.Option("--ledger", help="Folder of your own ledger; `ledger` by default, if it is there.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Write a page that needs no network to this file.")] = None,
    lang: Annotated[Language, typer.Option(help="Language of the words.")] = Language.en,
    as_json: Annotated[bool, typer.Option("--json", help="Print the document as JSON and nothing else.")] = False,
) -> None:  # fmt: skip
    """Show why two series of potential cocaine differ.  Example: eslabon potential --year 2019"""
    from dataclasses import asdict

    from eslabon.evidence.browse import read_day
    from eslabon.evidence.ledger_store import layered
    from eslabon.evidence.pack import load_pack
    from eslabon.report.potential_text import potential_text, years_text
    from eslabon.study.potential import bridges
    from eslabon.study.potential import potential as study

    day = read_day(as_of)
    whole = layered(load_pack().ledger, ledger)
    known = whole.as_known(day) if day else whole
    found, years = study(known, year, purity), bridges(known, purity)
    if plot is not None:
        from eslabon.report.potential_page import write_potential_page

        write_potential_page(plot, found, years, lang.value)
    if as_json:
        every = [{**asdict(bridge), "gap_t": bridge.gap_t} for bridge in years]
        document = {**found.document(), "every_year": every, "as_of": day.isoformat() if day else None}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
        return
    console.print(years_text(years, lang.value) if all_years else potential_text(found, lang.value))
    if plot is not None:
        from eslabon.i18n import translate

        console.print(translate("evidence.written", lang.value, path=plot), soft_wrap=True, markup=False, highlight=False)
