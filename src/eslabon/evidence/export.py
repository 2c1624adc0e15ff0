"""Exports: claims with their sources as tidy CSV, or as a Frictionless data package with licences and attribution.

A spreadsheet runs a cell that begins like a formula. A text cell that begins with `=`, `+`, `-`, `@`, an apostrophe, a
tab or a line end therefore gets an apostrophe in front; `plain_text` takes it off again. Numbers stay numbers, negative
ones too.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from eslabon.errors import InputError
from eslabon.evidence.browse import Browsed
from eslabon.evidence.browse_rows import ROW_FIELDS
from eslabon.evidence.claims import Source

Format = Literal["csv", "frictionless"]
FORMATS: tuple[Format, ...] = ("csv", "frictionless")
GUARD = "'"
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")
_FIRST = (GUARD, "\t", "\r", "\n")
_NUMBERS = {"value", "low", "high"}
_WHOLE = {"year", "segment", "source_year"}
_FLAGS = {"conflict", "preferred", "taken", "part_year"}
_DATES = {"period_start", "period_end", "published"}
_REQUIRED = {"id", "quantity", "place", "unit", "form", "source_id", "value", "period_start", "period_end"}
_FROM_SOURCE = ("source", "publisher", "source_year", "url")
CLAIM_FIELDS = tuple(name for name in ROW_FIELDS if name not in _FROM_SOURCE)
SOURCE_FIELDS = ("source_id", "title", "publisher", "year", "url", "kind")
LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0 for the selection and arrangement; published figures remain their publishers'",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
_MEANINGS = {
    "id": "claim id of the ledger; never reused",
    "basin": "basin of the model; ALL for the country, empty where the place is no single basin",
    "year": "calendar year; empty where the period spans several",
    "value": "the figure as published, in `unit`",
    "low": "lower end where the source gives a range",
    "high": "upper end where the source gives a range",
    "bound_type": "exact, approximate, lower, upper or range",
    "grade": "A publisher's own text, B second hand, C contested or a single statement, D derived, M from memory",
    "conflict": "another claim says otherwise",
    "preferred": "marked in the ledger as the value to take",
    "taken": "the value taken for its year by the ledger's order of preference",
    "part_year": "a flow counted over less than its year",
    "segment": "stretch of the series measured in one way; two stretches must not be joined",
    "series_break": "first figure of a new way of measuring",
    "published": "day by which the claim was public",
    "corrects": "earlier claim that this one puts right",
    "corrected_by": "later claims that put this one right",
    "independence_group": "claims of one group come down one chain of sources and count once",
}


def guarded(text: str) -> str:
    """Return a text cell that no spreadsheet runs as a formula."""
    return GUARD + text if text.startswith(_FIRST) or text.lstrip().startswith(_FORMULA) else text


def plain_text(cell: str) -> str:
    """Return a cell written by `guarded` as it was."""
    return cell.removeprefix(GUARD)


def cell_text(name: str, value: object) -> str:
    """Return the cell of a row: numbers in full, flags as 1 and 0, nothing as an empty cell, text guarded."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, int | float):
        return str(int(value)) if float(value).is_integer() else repr(float(value))
    return str(value) if name in _DATES else guarded(str(value))


def csv_text(rows: Iterable[Mapping[str, Any]], columns: Sequence[str]) -> str:
    """Return rows as CSV text with a header, guarded against formulas."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([cell_text(name, row[name]) for name in columns] for row in rows)
    return out.getvalue()


def export(found: Browsed, folder: Path, kind: Format) -> tuple[Path, ...]:
    """Write what was browsed into a folder and return the files written.

    Parameters
    ----------
    found : Browsed
    folder : Path
        Made if missing.
    kind : str
        `csv`: `evidence.csv`, a row a claim with its source. `frictionless`: `datapackage.json`, `claims.csv`, `sources.csv`.

    Raises
    ------
    InputError
        If nothing was found, or `folder` is a file.
    """
    if not found.claims:
        raise InputError("there is no claim to export", place="--export", remedy="Widen the years, or leave out the place.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        texts = _csv_files(found) if kind == "csv" else _package_files(found)
        for name, text in texts.items():
            (folder / name).write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise InputError("cannot write the export there", file=str(folder), value=error.strerror or "", remedy="Name another folder.") from None
    return tuple(folder / name for name in texts)


def _csv_files(found: Browsed) -> dict[str, str]:
    return {"evidence.csv": csv_text(found.rows(), ROW_FIELDS)}


def _package_files(found: Browsed) -> dict[str, str]:
    used = {claim.source_id for claim in found.claims}
    sources = [source for key, source in sorted(found.ledger.sources.items()) if key in used]
    texts = {
        "claims.csv": csv_text(found.rows(), CLAIM_FIELDS),
        "sources.csv": csv_text((source.model_dump() for source in sources), SOURCE_FIELDS),
    }
    package = _descriptor(found, sources)
    return {"datapackage.json": json.dumps(package, ensure_ascii=False, indent=1, allow_nan=False) + "\n", **texts}


def attribution(source: Source) -> str:
    """Return how a source is credited: publisher, title, year, address."""
    year = f" ({source.year})" if source.year else ""
    return ", ".join(part for part in (source.publisher, f"{source.title}{year}", source.url) if part)


def _descriptor(found: Browsed, sources: Sequence[Source]) -> dict[str, Any]:
    asked = found.question
    scope = ", ".join(part for part in (asked.quantity, asked.place) if part) or "all quantities and places"
    known = f", as known on {asked.as_of.isoformat()}" if asked.as_of else ""
    return {
        "profile": "data-package",
        "name": "eslabon-evidence",
        "title": f"Published claims on the coca and cocaine economy: {scope}{known}",
        "description": (
            "A row a claim, with all sides of contested figures. Series of different quantity, place, form, unit or segment must not be joined. "
            "A text cell that begins like a spreadsheet formula has an apostrophe in front. "
            "Credit the publisher of each figure, listed under sources, and Eslabon for the selection."
        ),
        "licenses": [LICENCE],
        "contributors": [{"title": "The Eslabon developers", "role": "author"}],
        "sources": [{"title": attribution(source), **({"path": source.url} if source.url.startswith("http") else {})} for source in sources],
        "resources": [
            _resource("claims", CLAIM_FIELDS, "id", [{"fields": "source_id", "reference": {"resource": "sources", "fields": "source_id"}}]),
            _resource("sources", SOURCE_FIELDS, "source_id", []),
        ],
    }


def _resource(name: str, columns: Sequence[str], key: str, foreign: list[dict[str, Any]]) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": [_field(column, name) for column in columns], "missingValues": [""], "primaryKey": key}
    if foreign:
        schema["foreignKeys"] = foreign
    dialect = {"delimiter": ",", "quoteChar": '"', "doubleQuote": True, "lineTerminator": "\r\n"}
    return {
        "name": name, "path": f"{name}.csv", "profile": "tabular-data-resource", "format": "csv", "encoding": "utf-8", "dialect": dialect,
        "schema": schema,
    }  # fmt: skip


def _field(column: str, resource: str) -> dict[str, Any]:
    found: dict[str, Any] = {"name": column, "type": "string"}
    if column in _NUMBERS:
        found["type"] = "number"
    elif column in _WHOLE:
        found["type"] = "integer"
    elif column in _FLAGS:
        found |= {"type": "boolean", "trueValues": ["1"], "falseValues": ["0"]}
    elif column in _DATES:
        found["type"] = "date"
    if resource == "claims" and column in _MEANINGS:
        found["description"] = _MEANINGS[column]
    if resource == "claims" and column in _REQUIRED:
        found["constraints"] = {"required": True}
    return found
