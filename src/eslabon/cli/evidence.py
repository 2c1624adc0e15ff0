"""`eslabon evidence`: browse the ledger of claims: series with all sides, gaps, coverage, page and exports."""

from __future__ import annotations

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

if TYPE_CHECKING:
    from eslabon.evidence.browse import Browsed

console = Console()


class Language(StrEnum):
    """Languages of words and page."""

    en = "en"
    es = "es"


class ExportFormat(StrEnum):
    """What an export is written as."""

    csv = "csv"
    frictionless = "frictionless"


def evidence(
    quantity: Annotated[str | None, typer.Option("--quantity", "-q", help="Quantity, such as coca_area_unodc.")] = None,
    place: Annotated[str | None, typer.Option("--place", "-p", help="Id or name in either language, such as VRAEM.")] = None,
    first: Annotated[int | None, typer.Option("--from", help="First year.")] = None,
    last: Annotated[int | None, typer.Option("--to", help="Last year.")] = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Only claims public on that day, YYYY-MM-DD.")] = None,
    gaps: Annotated[bool, typer.Option("--gaps", help="Show years and zones without a claim.")] = False,
    coverage: Annotated[bool, typer.Option("--coverage", help="Show which zones were monitored, and like-for-like sums.")] = False,
    since: Annotated[int | None, typer.Option("--since", help="Year whose zones the like-for-like sums keep; implies --coverage.")] = None,
    plot: Annotated[bool, typer.Option("--plot", help="Write a page that needs no network, in the export folder or here.")] = False,
    export_to: Annotated[Path | None, typer.Option("--export", help="Write what was found into this folder.")] = None,
    kind: Annotated[ExportFormat, typer.Option("--format", help="Format of the export.")] = ExportFormat.csv,
    ledger: Annotated[Path | None, typer.Option("--ledger", help="Folder of your own ledger; `ledger` by default, if it is there.")] = None,
    places: Annotated[bool, typer.Option("--places", help="List the places instead, with their number of claims.")] = False,
    everything: Annotated[bool, typer.Option("--all", help="List quantities with few claims too.")] = False,
    lang: Annotated[Language, typer.Option(help="Language of the words.")] = Language.en,
    as_json: Annotated[bool, typer.Option("--json", help="Print the document as JSON and nothing else.")] = False,
) -> None:  # fmt: skip
    """Browse published figures, all sides.  Example: eslabon evidence --quantity coca_area_unodc --place VRAEM"""
    from eslabon.evidence.browse import Question, browse, read_day
    from eslabon.evidence.ledger_store import layered
    from eslabon.evidence.pack import load_pack

    pack, asked = load_pack(), Question(quantity, place, first, last, read_day(as_of))
    found = browse(pack, asked, layered(pack.ledger, ledger))
    start = since if since is not None or not coverage else _first_list(found)
    written = _write(found, export_to, kind, plot, lang.value)
    if as_json:
        document = {**found.document(start), "files": [str(path) for path in written]}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
        return
    if places:
        from eslabon.report.evidence_text import places_text

        console.print(places_text(found, lang.value))
    else:
        _show(found, start, gaps, everything, lang.value)
    for path in written:
        _say("evidence.written", lang.value, path=path)


def _show(found: Browsed, since: int | None, gaps: bool, everything: bool, lang: str) -> None:
    from eslabon.report.evidence_text import coverage_text, gaps_text, overview_text, series_text

    asked = found.question
    if asked.as_of:
        _say("evidence.as_of", lang, date=asked.as_of.isoformat())
    if not found.claims:
        _say("evidence.nothing" if asked.place and asked.quantity else "evidence.nothing_at_all", lang, place=asked.place)
        return
    if gaps:
        console.print(gaps_text(found, lang))
    if since is not None:
        console.print(coverage_text(found, since, lang))
    if not gaps and since is None:
        plain = asked.quantity is None and asked.place is None
        console.print(overview_text(found, lang, everything) if plain else series_text(found, lang))


def _write(found: Browsed, folder: Path | None, kind: ExportFormat, plot: bool, lang: str) -> list[Path]:
    written: list[Path] = []
    if folder is not None:
        from eslabon.evidence.export import export

        written += export(found, folder, kind.value)
    if plot:
        from eslabon.report.evidence_page import page_name, write_evidence_page

        written.append(write_evidence_page((folder or Path()) / page_name(found, lang), found, lang))
    return written


def _first_list(found: Browsed) -> int:
    from eslabon.evidence.browse_coverage import zone_lists

    return zone_lists(found.pack.crosswalk)[0].year


def _say(key: str, lang: str, **values: object) -> None:
    from eslabon.i18n import translate

    console.print(translate(key, lang, **values), soft_wrap=True, markup=False, highlight=False)
