"""A reconciliation as one HTML file that needs no network, and as JSON and CSV beside it."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path
from string import Template

from eslabon.errors import InputError
from eslabon.i18n import translate
from eslabon.report.figures import Figure
from eslabon.report.markup import element, json_text, listing, paragraph, table, text
from eslabon.report.page import asset, outline
from eslabon.report.reconciliation_charts import chart_height, steps, waterfall
from eslabon.report.reconciliation_tables import head, lines
from eslabon.report.reconciliation_words import (
    finding_sentence,
    headline,
    need_sentences,
    ordered,
    place_name,
    reasons_sentence,
    test_sentence,
    verdict_sentence,
)
from eslabon.report.sections import figure_section, section
from eslabon.study.reconciliation import Reconciliation
from eslabon.study.reconciliation_rows import flat_rows

NOTES = ("false", "errors", "counted", "systems", "carried", "lost")
NARROW_EXTRA = 30


def write_reconciliation(folder: Path, found: Reconciliation, lang: str = "en") -> list[Path]:
    """Write page, JSON and CSV of a reconciliation into a folder and return their paths.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    stem = file_stem(found)
    files = {
        f"{stem}.{lang}.html": reconciliation_page(found, lang),
        f"{stem}.json": json.dumps(found.document(), ensure_ascii=False, allow_nan=False, indent=1) + "\n",
        f"{stem}.csv": csv_text(found),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, words in files.items():
            (folder / name).write_text(words, encoding="utf-8", newline="")
    except OSError as error:
        raise InputError("cannot write the files there", file=str(folder), value=error.strerror or "", remedy="Name another --out.") from None
    return [folder / name for name in files]


def file_stem(found: Reconciliation) -> str:
    """Return a file name without its ending, made of letters, digits and hyphens."""
    place = re.sub(r"[^a-z0-9]+", "-", found.chain.place.rpartition("/")[2].lower()).strip("-")
    return f"reconcile-{place}-{found.chain.year}"


def csv_text(found: Reconciliation) -> str:
    """Return one row a claim; words that a spreadsheet would run as a formula are made harmless."""
    rows = list(flat_rows(found))
    file = io.StringIO()
    writer = csv.DictWriter(file, fieldnames=list(rows[0]), lineterminator="\n")
    writer.writeheader()
    for row in rows:
        writer.writerow({key: f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t" and value else value for key, value in row.items()})
    return file.getvalue()


def reconciliation_page(found: Reconciliation, lang: str = "en") -> str:
    """Return the whole page; every word from outside is escaped."""
    figures = waterfalls(found, lang)
    keys = ["answer", "findings", *(["flow"] if figures else []), "contested", "table", "sure"]
    names = {"answer": "page.answer", **{key: f"reconcile.{key}" for key in keys[1:]}}
    parts = [
        section("answer", translate("page.answer", lang), _answer(found, lang)),
        section("findings", translate("reconcile.findings", lang), _findings(found, lang)),
        section("flow", translate("reconcile.flow", lang), _flow(figures, lang)) if figures else "",
        section("contested", translate("reconcile.contested", lang), _contested(found, lang)),
        section("table", translate("reconcile.table", lang), _table(found, lang)),
        section("sure", translate("reconcile.sure", lang), listing(notes(found, lang))),
    ]
    links = [element("li", element("a", text(translate(names[key], lang)), href=f"#{key}")) for key in keys]
    place, year = place_name(found.chain.place, lang), found.chain.year
    return Template(asset("page.html")).substitute(
        lang=lang,
        title=text(translate("reconcile.title", lang, place=place, year=year)),
        brand=text(translate("page.title", lang)),
        tagline=text(translate("reconcile.tagline", lang)),
        made=text(translate("reconcile.whole_page", lang, place=place, year=year)),
        synthetic=text(translate("reconcile.note_false", lang)),
        skip=text(translate("page.skip", lang)),
        noscript=text(translate("page.noscript", lang)),
        licence=text(translate("page.licence", lang)),
        contents=element("nav", element("ul", "".join(links)), aria_label=translate("page.contents", lang)),
        body="\n".join(part for part in parts if part),
        css=asset("page.css"),
        echarts=asset("echarts.min.js"),
        script=asset("page.js"),
        figures=json_text({f.key: {"wide": f.wide, "narrow": f.narrow, "heights": list(f.heights)} for f in figures}),
        outline=json_text(outline()),
    )


def waterfalls(found: Reconciliation, lang: str) -> list[Figure]:
    """Return a chart for the asked place and one for its nation, where their leaf or product is known."""
    figures = []
    for i, place in enumerate(dict.fromkeys((found.chain.place, found.chain.nation, *_zones(found)))):
        bars = steps(found, place)
        if len(bars) > 1:
            wide, narrow = (waterfall(found, place, lang, narrow=small) for small in (False, True))
            height = chart_height(bars)
            figures.append(Figure(f"flow-{i + 1}", place_name(place, lang), "", wide, narrow, (height, height + NARROW_EXTRA)))
    return figures


def _zones(found: Reconciliation) -> list[str]:
    return [place for place in found.chain.places if place.startswith(f"{found.chain.nation}/")]


def notes(found: Reconciliation, lang: str) -> list[str]:
    """Return what a reader must know to read the page."""
    said = [translate(f"reconcile.note_{name}", lang) for name in NOTES]
    assumed = [translate("reconcile.assumed_share", lang, place=place_name(name.partition("@")[2], lang)) for name in found.chain.assumptions]
    return [*said, *(words[:1].upper() + words[1:] + "." for words in assumed)]


def _answer(found: Reconciliation, lang: str) -> str:
    words = paragraph(headline(found, lang)) + paragraph(test_sentence(found, lang))
    tiles = {"findings": len(found.findings), "claims": len(found.chain.readings), "ruled_out": len(found.left_out)}
    items = [
        element("span", text(translate(f"reconcile.tile_{key}", lang)), class_="tile-name") + element("span", str(count), class_="tile-value")
        for key, count in tiles.items()
    ]
    return element("div", words, class_="answer") + element("ul", "".join(element("li", item, class_="tile") for item in items), class_="tiles")


def _findings(found: Reconciliation, lang: str) -> str:
    if not found.findings:
        return paragraph(translate("reconcile.no_findings", lang))
    items = []
    for finding in found.findings:
        reasons = reasons_sentence(finding.candidates, found.chain, lang)
        items.append(element("li", text(finding_sentence(finding, found, lang)) + (element("p", text(reasons), class_="note") if reasons else "")))
    return element("ol", "".join(items))


def _flow(figures: list[Figure], lang: str) -> str:
    lead = paragraph(translate("reconcile.flow_lead", lang), class_="lead")
    return lead + "".join(figure_section(figure, lang, level="h3") for figure in figures)


def _contested(found: Reconciliation, lang: str) -> str:
    if not found.verdicts:
        return paragraph(translate("reconcile.no_contested", lang))
    parts = []
    for verdict in ordered(found.verdicts):
        needs = need_sentences(verdict, found, lang)
        parts.append(element("h3", text(verdict_sentence(verdict, lang))) + (listing(needs) if needs else ""))
    return "".join(parts)


def _table(found: Reconciliation, lang: str) -> str:
    rows = []
    for cells in lines(found, lang):
        depth = max(len(cell) for cell in cells)
        rows += [[cell[i] if i < len(cell) else "" for cell in cells] for i in range(depth)]
    return table(head(found, lang), rows, translate("reconcile.table", lang))
