"""`eslabon trace`: from a printed figure, a parameter or a cell back to claims, sources, priors and shares of variance."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from eslabon.errors import InputError

if TYPE_CHECKING:
    from eslabon.report.page_cells import PageTable

console = Console()


class Language(StrEnum):
    """Languages of the words."""

    en = "en"
    es = "es"


def trace(
    thing: Annotated[str | None, typer.Argument(help="A figure such as coca_area_ha@baseline/2030, an outcome, parameter, series, lever, claim, "
                                                "source, or a cell such as zones.csv/vraem.")] = None,
    run: Annotated[Path | None, typer.Option("--run", help="A run's folder; alone it lists the tables of its page.")] = None,
    table: Annotated[str | None, typer.Option("--table", help="A table of the run's page.")] = None,
    row: Annotated[str | None, typer.Option("--row", help="Its row, by the beginning of its head.")] = None,
    column: Annotated[str | None, typer.Option("--column", help="Its column, by the beginning of its head.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Show long lists whole.")] = False,
    lang: Annotated[Language, typer.Option(help="Language of the words.")] = Language.en,
    as_json: Annotated[bool, typer.Option("--json", help="Print the document as JSON and nothing else.")] = False,
) -> None:  # fmt: skip
    """Find the claims behind a number.  Example: eslabon trace leaf_kg_per_kg_cocaine"""
    if thing is None:
        thing = _chosen(run, (table, row, column), lang.value, as_json)
        if thing is None:
            return
    from eslabon import api
    from eslabon.report.trace_text import trace_text

    document = api.trace(thing, run=run).document()
    if as_json:
        _print(document)
    else:
        console.print(trace_text(document, lang.value, everything))


def _chosen(run: Path | None, cell: tuple[str | None, str | None, str | None], lang: str, as_json: bool) -> str | None:
    """Return the address of the cell that table, row and column name, or list what there is and return None."""
    from eslabon.report.page_cells import choose_table, page_of, read_page
    from eslabon.runs.store import read_manifest

    if run is None:
        raise InputError("nothing to trace", remedy="Give a thing such as coca_area_ha, or --run FOLDER to list a page's tables.")
    read_manifest(run)
    page = page_of(run, lang)
    tables = read_page(page)
    table, row, column = cell
    if table is None:
        _list_tables(page, tables, lang, as_json)
        return None
    chosen = choose_table(tables, table)
    if row is None or column is None:
        _list_cells(chosen, row, lang, as_json)
        return None
    return chosen.find(row, column).address


def _list_tables(page: Path, tables: dict[str, PageTable], lang: str, as_json: bool) -> None:
    if as_json:
        _print({"page": str(page), "tables": [{"table": t.name, "title": t.title, "cells": len(t.cells), "first": t.cells[0].address}
                                              for t in tables.values()]})  # fmt: skip
        return
    from eslabon.report.trace_words import say

    rows = [(t.name, t.title, str(len(t.cells)), t.cells[0].address) for t in tables.values()]
    _show(say("tables", lang, file=page.name), [say(f"head_{n}", lang) for n in ("table", "title", "cells", "first")], rows, 0)
    console.print(say("tables_hint", lang))


def _list_cells(table: PageTable, row: str | None, lang: str, as_json: bool) -> None:
    cells = [c for c in table.cells if row is None or c.row.casefold().startswith(row.casefold())]
    if as_json:
        _print({"table": table.name, "title": table.title, "cells": [vars(c) for c in cells]})
        return
    from eslabon.report.trace_words import say

    rows = [(c.row, c.column, c.shown, c.address) for c in cells]
    _show(f"{table.name}: {table.title}", [say(f"head_{n}", lang) for n in ("row", "column", "shown", "address")], rows, 3)


def _show(title: str, heads: Sequence[str], rows: Sequence[tuple[str, ...]], whole: int) -> None:
    """Print a table; the column `whole` is what a reader copies, and is never broken."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    shown = Table(title=title, title_justify="left", title_style="bold", box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for head in heads:
        shown.add_column(head, overflow="fold", no_wrap=head == heads[whole])
    for cells in rows:
        shown.add_row(*map(Text, cells))
    console.print(shown)


def _print(document: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
