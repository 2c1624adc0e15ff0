"""`eslabon reconcile`: which published figures of a place and a year can be true together."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

if TYPE_CHECKING:
    from eslabon.study.reconciliation import Reconciliation

console = Console()
FINDING = 1
"""Exit code where claims cannot hold together."""


class Language(StrEnum):
    """Languages of the words and the page."""

    en = "en"
    es = "es"


def reconcile(
    claims: Annotated[Path | None, typer.Argument(help="CSV with claims of your own, put beside the ledger's.")] = None,
    place: Annotated[str, typer.Option("--place", "-p", help="Id or name of a place, such as VRAEM or Peru.")] = "VRAEM",
    year: Annotated[int, typer.Option("--year", "-y", help="Year.")] = 2013,
    method: Annotated[str, typer.Option(help="wls (weighted least squares), bayes (with a bias of each source) or both.")] = "wls",
    ledger: Annotated[Path | None, typer.Option("--ledger", help="Folder of a ledger of your own, added to the shipped one.")] = None,
    alone: Annotated[bool, typer.Option("--alone", help="Use the claims of the CSV only.")] = False,
    seed: Annotated[int, typer.Option(min=0, help="Seed of the sampler and of --synthetic.")] = 0,
    synthetic: Annotated[int | None, typer.Option("--synthetic", min=1, help="Test the method on so many made-up ledgers instead.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the page, the JSON and the CSV.")] = None,
    lang: Annotated[Language, typer.Option(help="Language of the words and the page.")] = Language.en,
    as_json: Annotated[bool, typer.Option("--json", help="Print the document as JSON and nothing else.")] = False,
) -> None:  # fmt: skip
    """Find claims that cannot all be true.  Example: eslabon reconcile --place VRAEM --year 2013"""
    if synthetic is not None:
        _study(synthetic, seed, method != "wls", as_json, lang.value)
        return
    from eslabon import api

    found = api.reconcile(place, year, method=method, claims=claims, ledger=ledger, alone=alone, seed=seed)
    written = _write(found, out, lang.value)
    if as_json:
        sys.stdout.write(json.dumps({**found.document(), "files": [str(path) for path in written]}, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        _show(found, lang.value)
        for path in written:
            console.print(str(path), soft_wrap=True, markup=False)
    if not found.consistent:
        raise typer.Exit(FINDING)


def _write(found: Reconciliation, out: Path | None, lang: str) -> list[Path]:
    from eslabon.report.reconciliation_page import write_reconciliation

    return write_reconciliation(out, found, lang) if out else []


def _show(found: Reconciliation, lang: str) -> None:
    from eslabon.report.reconciliation_tables import terminal_table
    from eslabon.report.reconciliation_text import report_lines

    console.print(terminal_table(found, lang))
    for line, style in report_lines(found, lang):
        console.print(line, style=style, markup=False, highlight=False, soft_wrap=False)


def _study(count: int, seed: int, bayes: bool, as_json: bool, lang: str) -> None:
    """Test the method on made-up ledgers and print whether it keeps its promises."""
    from eslabon.evidence.reconcile.synthetic import study
    from eslabon.report.reconciliation_study import study_lines, study_table

    document = study(count, seed, bayes)
    if as_json:
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        console.print(study_table(document, lang))
        for line in study_lines(document, lang):
            console.print(line, markup=False, highlight=False)
    acceptance: Any = document["acceptance"]
    if any(line["holds"] is False for line in acceptance):
        raise typer.Exit(FINDING)
