"""`eslabon import`: an official table to claims, a dry run first; nothing is stored while a question is open."""

from __future__ import annotations

import datetime
import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer
from rich.console import Console
from rich.markup import escape

from eslabon.i18n import has_text, translate

if TYPE_CHECKING:
    from eslabon.evidence.claims import Claim, Ledger
    from eslabon.evidence.region import RegionPack
    from eslabon.evidence.tables.codes import TableError
    from eslabon.evidence.tables.findings import Finding
    from eslabon.evidence.tables.import_report import ImportReport
    from eslabon.evidence.tables.request import ImportRequest

console = Console(soft_wrap=True, highlight=False)
_CHECKED = 200
"""Claims that a dry run checks against the ledger's own rules, spread over the table; storing checks all."""
_SHOWN_CLAIMS, _SHOWN_OUT, _SHOWN_CELLS = 8, 12, 3


class Language(StrEnum):
    """Languages of the messages."""

    en = "en"
    es = "es"


Many = list[str] | None


def import_table(
    file: Annotated[Path, typer.Argument(help="XLSX, ODS, CSV, or HTML under the name .xls.")],
    quantity: Annotated[str, typer.Option("--as", help="Quantity, as in the ledger: coca_area_unodc.")],
    source: Annotated[str, typer.Option("--source", help="Id of the source; a known one needs nothing more.")] = "",
    publisher: Annotated[str, typer.Option(help="Publisher of a new source.")] = "",
    year: Annotated[int | None, typer.Option(help="Year in which a new source was published.")] = None,
    title: Annotated[str, typer.Option(help="Title of a new source; the table's by default.")] = "",
    url: Annotated[str, typer.Option(help="Address of a new source.")] = "",
    sheet: Annotated[str, typer.Option(help="Name of the sheet.")] = "",
    table: Annotated[int, typer.Option(min=0, help="Which table of the sheet, from 1.")] = 0,
    column: Annotated[str, typer.Option(help="Head of the column of figures, where several could be meant.")] = "",
    unit: Annotated[str, typer.Option(help="Unit of the figures as printed: ha, kg, USD/kg.")] = "",
    form: Annotated[str, typer.Option(help="Form, as in the ledger: sun-dried leaf.")] = "",
    kind: Annotated[str, typer.Option(help="stock, flow, ratio or price.")] = "",
    period: Annotated[str, typer.Option(help="Of a table that gives none: 2013, 2013-12-31 or 2012-07..2013-06.")] = "",
    year_starts: Annotated[int, typer.Option(min=0, max=12, help="Month in which a year written 2012-2013 begins.")] = 0,
    locale: Annotated[str, typer.Option(help="es (1.234,5) or en (1,234.5).")] = "",
    dates: Annotated[str, typer.Option(help="Order of dates of digits: dmy or mdy.")] = "",
    blank: Annotated[str, typer.Option(help="What an empty cell means: zero, missing or unmonitored.")] = "",
    missing: Annotated[Many, typer.Option("--missing", help='What a mark means: "n.d=not available". May be repeated.')] = None,
    zone: Annotated[Many, typer.Option("--zone", help='A name of the table and the known one: "Hualaga=Huallaga". May be repeated.')] = None,
    place: Annotated[str, typer.Option(help="Place of a table that names none: Peru, VRAEM.")] = "",
    dimension: Annotated[str, typer.Option(help="What the places are: zone or department.")] = "",
    rate: Annotated[str, typer.Option(help='Exchange rate with day and source: "2.70 PEN/USD 2013-06-30 ID".')] = "",
    grade: Annotated[str, typer.Option(help="Grade of the claims: A the publisher's own table, B a copy.")] = "A",
    group: Annotated[str, typer.Option(help="Independence group; the source by default.")] = "",
    accept: Annotated[Many, typer.Option("--accept", help="Code of a question accepted as it is. May be repeated.")] = None,
    encoding: Annotated[str | None, typer.Option(help="Encoding of a text file, where it cannot be told.")] = None,
    delimiter: Annotated[str | None, typer.Option(help="Sign between the cells of a text file, where it cannot be told.")] = None,
    ledger: Annotated[Path, typer.Option("--ledger", help="Folder of your own ledger; started if it is not there.")] = Path("ledger"),
    write: Annotated[bool, typer.Option("--write", help="Store the claims, all or none; without it nothing is stored.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON and nothing else.")] = False,
    lang: Annotated[Language, typer.Option(help="Language of the messages.")] = Language.en,
) -> None:  # fmt: skip
    """Turn an official table into claims: a dry run that shows what would be taken, and asks.

    Example: eslabon import areas.xlsx --as coca_area_unodc --source unodc2013
    """
    from eslabon.evidence.ledger_store import held
    from eslabon.evidence.pack import load_pack
    from eslabon.evidence.tables.codes import TableError
    from eslabon.evidence.tables.interpret import interpret_workbook
    from eslabon.evidence.tables.reading import read_workbook
    from eslabon.evidence.tables.request import ImportRequest, parse_pairs, parse_rate, reference

    pack = load_pack()
    own = held(ledger)
    request = ImportRequest(
        quantity=quantity, source_id=source, publisher=publisher, title=title, url=url, year=year, sheet=sheet, column=column, table=table, unit=unit,
        form=form, kind=cast(Any, kind), period=period, year_starts=year_starts, locale=cast(Any, locale), dates=cast(Any, dates),
        blank=cast(Any, blank), missing=parse_pairs(missing or [], "--missing"), zones=parse_pairs(zone or [], "--zone"), place=place,
        dimension=cast(Any, dimension), rate=parse_rate(rate) if rate else None, grade=cast(Any, grade), group=group, accept=tuple(accept or ()),
        reference=reference(pack, pack.ledger.joined(own)),
    )  # fmt: skip
    try:
        workbook = read_workbook(file, encoding=encoding, delimiter=delimiter)
    except TableError as error:
        _refuse_unread(error, as_json, lang.value)
        raise typer.Exit(error.exit_code) from None
    report = interpret_workbook(workbook, request)
    stored = _store(report, pack, own, ledger, write) if report.outcome == "take" else None
    if as_json:
        document = {**report.document(), "ledger": str(ledger), "written": bool(write and stored is not None), "stored": stored if write else 0}
        sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
    else:
        _show(report, request, lang.value)
        _close(report, stored, ledger, write, lang.value)
    raise typer.Exit(report.exit_code)


def _refuse_unread(error: TableError, as_json: bool, lang: str) -> None:
    """Say why a file could not be read, in the language asked for."""
    from eslabon.evidence.tables.codes import words

    if as_json:
        finding = {"code": error.code, "level": "refuse", "cells": [error.place] if error.place else [], "value": error.value, "words": error.rule,
                   "remedy": error.remedy}  # fmt: skip
        sys.stdout.write(json.dumps({"file": error.file, "outcome": "refuse", "findings": [finding], "claims": []}, ensure_ascii=False) + "\n")
        return
    where = ": ".join(part for part in (error.file, error.place) if part)
    value = f" “{error.value}”" if error.value else ""
    _say(f"{where}{value}: {words(error.code, lang, '', **error.values)} [{error.code}]")
    _say(f"  {words(error.code, lang, '-remedy', **error.values)}")
    _say(_word("unread_file", lang))


def _store(report: ImportReport, pack: RegionPack, own: Ledger, ledger: Path, write: bool) -> int:
    """Check the claims against the ledger's own rules and, if asked, store them; return how many are new."""
    from eslabon.evidence.ledger_entry import prepare
    from eslabon.evidence.ledger_store import append

    claims: list[Claim] = [claim for claim in report.claims if claim.id not in own.claims]
    if not claims or report.source is None:
        return 0
    today = datetime.datetime.now().date()
    if write:
        append(ledger, claims, [report.source], today, base=pack.ledger)
    else:
        prepare(own, claims[:: max(1, len(claims) // _CHECKED)], [report.source], today, pack.ledger)
    return len(claims)


def _show(report: ImportReport, request: ImportRequest, lang: str) -> None:
    """Print what was found, taken and left out, and what must be answered."""
    _say(f"{_word('file', lang)}: {report.file} ({report.format}, {report.encoding}, sha256 {report.sha256[:12]})")
    if report.head:
        _say(f"{_word('table', lang)}: {_word('table_line', lang, head=report.head)}")
        line = _word("quantity_line", lang, quantity=report.quantity, form=report.form, kind=_term(report.kind, lang), units=report.units or "?")
        _say(f"{_word('taken_as', lang)}: {line}")
    if report.source is not None and request.source_id:
        shown = ", ".join(str(part) for part in (report.source.title, report.source.publisher, report.source.year) if part)
        _say(f"{_word('source', lang)}: {request.source_id}: {shown}")
    _styles(report, lang)
    for level, heading in (("refuse", "refusals"), ("ask", "questions"), ("note", "notes")):
        chosen = [finding for finding in report.findings if finding.level == level and not finding.answered]
        _findings(chosen, heading, lang)
        if level == "ask":
            _findings([finding for finding in report.findings if finding.answered], "answered", lang)
    _claims(report, lang)
    _left_out(report, lang)
    _coverage(report, lang)
    if report.checks:
        held = sum(check.holds for check in report.checks)
        _say("\n" + _word("checks_line", lang, held=held, count=len(report.checks)))


def _styles(report: ImportReport, lang: str) -> None:
    shown = [_word("style", lang, head=s.head, text=s.text, cell=s.place) for s in report.styles if s.evidence == "cell"]
    options = {s.style for s in report.styles if s.evidence == "option" and s.style}
    shown += [_word("style_option", lang, style=style) for style in sorted(options)]
    if shown:
        _say(_word("style_line", lang, styles="; ".join(shown[:_SHOWN_CLAIMS])))


def _findings(findings: list[Finding], heading: str, lang: str) -> None:
    if not findings:
        return
    console.print(f"\n[bold]{_word(heading, lang)}[/bold]")
    for finding in findings:
        cells = ", ".join(finding.places[:_SHOWN_CELLS])
        if len(finding.places) > _SHOWN_CELLS:
            cells += f" {_word('more_cells', lang, count=len(finding.places) - _SHOWN_CELLS)}"
        value = f" “{finding.value.strip()}”" if finding.value.strip() else ""
        where = f"{cells}{value}: " if cells or value else ""
        _say(f"  {where}{finding_words(finding, lang)} [{finding.code}]")
        if finding.level == "refuse":
            _say(f"    {finding_words(finding, lang, '-remedy')}")
        elif finding.answered:
            _say(f"    {_word('answered_by', lang, option=finding.answered)}")
        if finding.options and finding.open:
            _say(f"    {_word('answer', lang)} {_word('or', lang).join(f' {option} ' for option in finding.options).strip()}")


def finding_words(finding: Finding, lang: str, part: str = "") -> str:
    """Return the words of a finding, of either half of the import."""
    from eslabon.evidence.tables.codes import CODES as READ
    from eslabon.evidence.tables.codes import words
    from eslabon.evidence.tables.findings import CODES

    if finding.code in CODES:
        values = {name: _term(value, lang) for name, value in finding.values.items()}
        return translate(f"import_code.{finding.code.lower()}{part}", lang, **values)
    return words(finding.code, lang, part, **finding.values) if finding.code in READ else finding.code


def _claims(report: ImportReport, lang: str) -> None:
    from rich import box
    from rich.table import Table

    if not report.claims:
        return
    shown = Table(*(_word(name, lang) for name in ("cell", "place", "period", "value", "unit", "bound")), box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for claim, place in list(zip(report.claims, report.places, strict=True))[:_SHOWN_CLAIMS]:
        period = _period(claim)
        value = f"{claim.value:,.12g}" if claim.low is None else f"{claim.low:,.12g} – {claim.high:,.12g}"
        shown.add_row(
            escape(place), escape(claim.place), period, value, claim.unit, "" if claim.bound_type == "exact" else _term(claim.bound_type, lang)
        )
    console.print(f"\n[bold]{_word('claims', lang)}: {len(report.claims)}[/bold]")
    console.print(shown)
    if len(report.claims) > _SHOWN_CLAIMS:
        _say(_word("more_claims", lang, count=len(report.claims) - _SHOWN_CLAIMS))


def _period(claim: Claim) -> str:
    """Return a day, a year, or a first and a last day."""
    start, end = claim.period_start, claim.period_end
    if start == end:
        return str(end)
    whole_year = (start.year, start.month, start.day, end.month, end.day) == (end.year, 1, 1, 12, 31)
    return str(end.year) if whole_year else f"{start}..{end}"


def _left_out(report: ImportReport, lang: str) -> None:
    if not report.left_out:
        return
    console.print(f"\n[bold]{_word('left_out', lang)}: {len(report.left_out)}[/bold]")
    for cell in report.left_out[:_SHOWN_OUT]:
        text = f" “{cell.text.strip()}”" if cell.text.strip() else ""
        _say(f"  {cell.place}{text}: {_why(cell.why, lang)}")
    if len(report.left_out) > _SHOWN_OUT:
        _say("  " + _word("more_out", lang, count=len(report.left_out) - _SHOWN_OUT))


def _why(why: str, lang: str) -> str:
    state, _, reason = why.partition(": ")
    known = {"N-TOTALS-EXCLUDED": "why_total", "N-OTHER-PRODUCT": "why_product", "missing": "why_missing", "unmonitored": "why_unmonitored",
             "unread": "why_unread", "place": "why_place"}  # fmt: skip
    return _word(known.get(state, "why_unread"), lang, reason=reason)


def _coverage(report: ImportReport, lang: str) -> None:
    from rich import box
    from rich.table import Table

    if not report.coverage:
        return
    same = _word("same_total", lang, count=report.coverage[0].same_zones)
    shown = Table(
        _word("end", lang), _word("zones", lang), _word("total", lang), same, _word("change", lang), box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0)
    )
    for row in report.coverage:
        change = ", ".join([f"+ {name}" for name in row.added] + [f"- {name}" for name in row.lost])
        shown.add_row(str(row.end), str(row.zones), f"{row.total:,.12g}", f"{row.same_total:,.12g}", escape(change))
    console.print(f"\n[bold]{_word('coverage', lang)}[/bold]")
    console.print(shown)


def _close(report: ImportReport, stored: int | None, ledger: Path, write: bool, lang: str) -> None:
    """Print the last line: what was stored, or what stands in the way."""
    asked = sum(finding.open for finding in report.findings)
    if report.outcome == "refuse":
        line = _word("refused", lang)
    elif report.outcome == "ask":
        line = _word("asked_one", lang) if asked == 1 else _word("asked", lang, count=asked)
    elif not stored:
        line = _word("stored_none", lang, ledger=ledger)
    else:
        line = _word("stored" if write else "ready", lang, count=stored, ledger=ledger)
    _say("\n" + line + (" " + _word("not_written", lang) if write and report.outcome != "take" else ""))


def _term(word: str, lang: str) -> str:
    """Return a term of ours (`zone`, `lower`, `flow`) in the language; other words are quoted as they are."""
    return _word(f"term_{word}", lang) if has_text(f"import.term_{word}", lang) else word


def _word(key: str, lang: str, **values: object) -> str:
    return translate(f"import.{key}", lang, **values)


def _say(text: str) -> None:
    console.print(escape(text))
