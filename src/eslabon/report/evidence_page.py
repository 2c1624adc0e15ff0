"""The ledger as one HTML page that needs no network: a chart and a table a series, filters, and a CSV to take away."""

from __future__ import annotations

import re
from pathlib import Path
from string import Template
from typing import Any

from eslabon.errors import InputError
from eslabon.evidence.browse import Browsed
from eslabon.evidence.browse_coverage import AREA
from eslabon.evidence.browse_places import NATION, folded
from eslabon.evidence.browse_rows import ROW_FIELDS
from eslabon.evidence.browse_series import Series
from eslabon.evidence.export import csv_text
from eslabon.i18n import translate
from eslabon.report.evidence_charts import HEIGHT, series_chart
from eslabon.report.evidence_sections import coverage_section, filters, gap_section, overview_section, series_section
from eslabon.report.evidence_words import place_words, quantity_name
from eslabon.report.markup import json_text, text
from eslabon.report.page import asset


def page_name(found: Browsed, lang: str) -> str:
    """Return a file name that says what the page is about."""
    asked = found.question
    parts = ["evidence", *(re.sub(r"[^a-z0-9]+", "-", folded(part)).strip("-") for part in (asked.quantity, asked.place) if part)]
    return f"{'-'.join(part for part in parts if part)}.{lang}.html"


def write_evidence_page(path: Path, found: Browsed, lang: str = "en") -> Path:
    """Write what was browsed as a self-contained HTML file and return its path.

    Raises
    ------
    InputError
        If nothing was found, or the file cannot be written.
    """
    if not found.claims:
        raise InputError("there is no claim to draw", place="--plot", remedy="Widen the years, or leave out the place.")
    return write_text(Path(path), evidence_page(found, lang))


def write_text(path: Path, words: str) -> Path:
    """Write a page, naming the file that cannot be written."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(words, encoding="utf-8")
    except OSError as error:
        raise InputError("cannot write the page there", file=str(path), value=error.strerror or "", remedy="Name another file.") from None
    return path


def evidence_page(found: Browsed, lang: str) -> str:
    """Return the page; every word from outside is escaped."""
    figures = {
        series_key(index): {"wide": option, "heights": [HEIGHT, HEIGHT]}
        for index, series in enumerate(found.series)
        if (option := series_chart(series, lang)) is not None
    }
    plain = found.question.quantity is None and found.question.place is None
    parts = [overview_section(found, lang)] if plain else []
    parts.append(filters(found, lang))
    parts += [series_section(series, series_key(index), series_key(index) in figures, lang) for index, series in enumerate(found.series)]
    parts.append(gap_section(found, lang))
    if found.question.quantity in (None, AREA) and (not found.places or NATION in found.places):
        parts.append(coverage_section(found, lang))
    said = translate("evidence.as_of", lang, date=found.question.as_of.isoformat()) if found.question.as_of else ""
    data = {
        "figures": figures,
        "head": csv_text([], ROW_FIELDS),
        "lines": csv_lines(found),
        "file": page_name(found, lang).replace(".html", ".csv"),
        "words": {"shown": translate("evidence.shown", lang, n="{n}")},
    }
    return fill(lang, title(found, lang), made=said, body="\n".join(parts), data=data)


def fill(lang: str, heading: str, *, made: str, body: str, data: dict[str, Any], tagline: str = "evidence.tagline", links: str = "") -> str:
    """Return the template filled with a body and its data."""
    return Template(asset("evidence.html")).substitute(
        lang=lang,
        title=text(heading),
        brand=text(translate("page.title", lang)),
        tagline=text(translate(tagline, lang)),
        made=text(made),
        skip=text(translate("page.skip", lang)),
        contents=links,
        noscript=text(translate("evidence.noscript", lang)),
        body=body,
        credit=text(translate("evidence.credit", lang)),
        harms=text(translate("evidence.no_harms", lang)),
        css=asset("page.css"),
        echarts=asset("echarts.min.js"),
        script=asset("evidence.js"),
        data=json_text(data),
    )


def title(found: Browsed, lang: str) -> str:
    """Return the heading: the quantity and the place asked for."""
    asked = found.question
    parts = [quantity_name(asked.quantity, lang)] if asked.quantity else []
    if asked.place:
        parts.append(", ".join(place_words(place, lang) for place in found.places))
    return ": ".join(parts) or translate("evidence.title", lang)


def series_key(index: int) -> str:
    """Return the id of a series on the page."""
    return f"series-{index + 1}"


def csv_lines(found: Browsed) -> list[list[str]]:
    """Return each row of the download with the id of its series."""
    keys = {_identity(series): series_key(index) for index, series in enumerate(found.series)}
    head = len(csv_text([], ROW_FIELDS))
    return [[keys[row["quantity"], row["place"], row["form"], row["unit"]], csv_text([row], ROW_FIELDS)[head:]] for row in found.rows()]


def _identity(series: Series) -> tuple[str, str, str, str]:
    return series.quantity, series.place, series.form, series.unit
