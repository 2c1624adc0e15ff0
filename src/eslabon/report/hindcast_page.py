"""A hindcast as one HTML page that needs no network: fans beside what was published, and scores beside naive forecasts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from string import Template
from typing import Any

from eslabon.i18n import has_text, translate
from eslabon.report.evidence_page import write_text
from eslabon.report.fans import grid_height
from eslabon.report.hindcast_charts import place_fan, zone_fans
from eslabon.report.hindcast_reading import (
    NATION,
    Document,
    cutoffs_of,
    find_trial,
    main_cutoff,
    main_model,
    standing,
    widest_cutoff,
)
from eslabon.report.hindcast_text import (
    KINDS,
    Names,
    Table,
    answer,
    cutoff_table,
    kind_name,
    notes,
    place_table,
    score_table,
    year_table,
)
from eslabon.report.markup import element, json_text, listing, paragraph, table, text
from eslabon.report.names import names_by_id
from eslabon.report.page import asset

FAN = (430, 460)
"""Heights of a fan in px, wide and narrow."""


def write_hindcast_page(
    path: Path, document: Document, basins: Iterable[dict[str, Any]], lang: str = "en", manifest: dict[str, Any] | None = None
) -> Path:  # fmt: skip
    """Write a hindcast and return the file's path.

    Parameters
    ----------
    path : Path
        The file to write; its folder is made if missing.
    document : mapping
        What `eslabon.study.hindcast_table.hindcast_document` returns, with a model beside the naive methods.
    basins : iterable of dict
        `id`, `name_es` and `name_en` of each basin.
    lang : str
        `en` or `es`.
    manifest : dict, optional
        Seed, version, digests; shown at the end.

    Raises
    ------
    InputError
        If the document has no model, or the file cannot be written.
    """
    return write_text(Path(path), hindcast_page(document, names_by_id(basins, lang), lang, manifest or {}))


def hindcast_page(document: Document, names: Names, lang: str, manifest: dict[str, Any]) -> str:
    """Return the page; every word from outside is escaped and every number comes from the document."""
    main_model(document)
    figures: dict[str, Any] = {}
    cutoff, widest = main_cutoff(document), widest_cutoff(document)
    said = element("h2", text(translate("page.answer", lang))) + "".join(paragraph(sentence) for sentence in answer(document, names, lang))
    parts = [("answer", element("section", said, id="answer", class_="answer"))]
    for kind in KINDS:
        parts.append((f"fan_{kind}", _fan_section(document, kind, names, figures, lang)))
    parts.append(("cutoffs", _cutoffs_section(document, lang)))
    parts.append(("places", _places_section(document, widest, names, lang)))
    parts.append(("fan_zones", _zones_section(document, widest, names, figures, lang)))
    parts.append(("years", _tables_section("years", [("", year_table(document, cutoff, NATION, lang))], lang, cutoff=cutoff)))
    parts.append(("reading", _section("reading", translate("hindcast.reading", lang), listing(notes(lang)) + _manifest(manifest, lang))))
    there = [(key, inner) for key, inner in parts if inner]
    return _fill(document, there, figures, lang)


def _fan_section(document: Document, kind: str, names: Names, figures: dict[str, Any], lang: str) -> str:
    """Return the nation's fan of one way of forecasting, with its scores."""
    cutoff = main_cutoff(document)
    trial, found = find_trial(document, kind, cutoff), standing(document, kind, cutoff, NATION)
    if trial is None or found is None:
        return ""
    wide, narrow = (place_fan(found, trial, names, lang, narrow=small) for small in (False, True))
    key = f"fan_{kind}"
    figures[key] = {"wide": wide, "narrow": narrow, "heights": list(FAN)}
    inner = paragraph(translate(f"hindcast.{key}_lead", lang, cutoff=cutoff), class_="lead") + _chart(key, wide, FAN)
    scores = score_table(document, kind, cutoff, NATION, lang)
    if scores:
        title = translate(f"hindcast.scores_{kind}", lang, cutoff=cutoff)
        inner += element("h3", text(title)) + table(scores[0], scores[1], title)
    return _section(key, translate(f"hindcast.{key}", lang, cutoff=cutoff), inner)


def _cutoffs_section(document: Document, lang: str) -> str:
    head, rows = cutoff_table(document, lang)
    title = translate("hindcast.cutoffs", lang)
    return _section("cutoffs", title, paragraph(translate("hindcast.cutoffs_note", lang), class_="lead") + table(head, rows, title))


def _places_section(document: Document, cutoff: int, names: Names, lang: str) -> str:
    made = [(kind_name(kind, lang), place_table(document, kind, cutoff, names, lang)) for kind in KINDS]
    return _tables_section("places", [(title, found) for title, found in made if found], lang, cutoff=cutoff)


def _zones_section(document: Document, cutoff: int, names: Names, figures: dict[str, Any], lang: str) -> str:
    trial = find_trial(document, KINDS[0], cutoff)
    if trial is None or not trial["zone_years"]:
        return ""
    (wide, count), (narrow, _) = (zone_fans(document, cutoff, names, lang, columns=columns) for columns in (4, 2))
    if not count:
        return ""
    heights = (grid_height(count, 4), grid_height(count, 2))
    figures["fan_zones"] = {"wide": wide, "narrow": narrow, "heights": list(heights)}
    inner = paragraph(translate("hindcast.fan_zones_lead", lang), class_="lead") + _chart("fan_zones", wide, heights)
    return _section("fan_zones", translate("hindcast.fan_zones", lang, cutoff=cutoff), inner)


def _tables_section(key: str, made: Sequence[tuple[str, Table]], lang: str, **values: object) -> str:
    title = translate(f"hindcast.{key}", lang, **values)
    inner = "".join(
        (element("h3", text(name[:1].upper() + name[1:])) if name else "") + table(head, rows, name or title) for name, (head, rows) in made
    )
    return _section(key, title, inner) if made else ""


def _section(key: str, heading: str, inner: str) -> str:
    title = element("h2", text(heading), id=f"{key}-heading")
    return element("section", title + inner, id=key, aria_labelledby=f"{key}-heading")


def _chart(key: str, option: dict[str, Any], heights: tuple[int, int]) -> str:
    spoken = option["aria"]["label"]["description"]
    style = f"--wide:{heights[0]}px;--narrow:{heights[1]}px"
    return element("figure", element("div", "", class_="chart", data_figure=key, role="img", aria_label=spoken, style=style))


def _manifest(manifest: dict[str, Any], lang: str) -> str:
    rows = []
    for name, value in manifest.items():
        key = f"page.manifest_{name}"
        label = translate(key, lang) if has_text(key, lang) else name.replace("_", " ")
        rows.append(element("div", element("dt", text(label)) + element("dd", text(value))))
    return element("dl", "".join(rows)) if rows else ""


def _fill(document: Document, parts: Sequence[tuple[str, str]], figures: dict[str, Any], lang: str) -> str:
    cutoff = main_cutoff(document)
    years = [year for trial in document["trials"] if trial["cutoff"] == cutoff for year in trial["years"]]
    links = [element("li", element("a", text(_short(key, document, lang)), href=f"#{key}")) for key, _ in parts]
    return Template(asset("evidence.html")).substitute(
        lang=lang,
        title=text(translate("hindcast.title", lang, first=min(years), last=max(years))),
        brand=text(translate("page.title", lang)),
        tagline=text(translate("hindcast.tagline", lang)),
        made=text(translate("hindcast.made", lang, cutoffs=", ".join(map(str, cutoffs_of(document))))),
        skip=text(translate("page.skip", lang)),
        contents=element("nav", element("ul", "".join(links)), aria_label=translate("page.contents", lang)),
        noscript=text(translate("hindcast.noscript", lang)),
        body="\n".join(inner for _, inner in parts),
        credit=text(translate("evidence.credit", lang)),
        harms=text(translate("hindcast.harms", lang)),
        css=asset("page.css"),
        echarts=asset("echarts.min.js"),
        script=asset("evidence.js"),
        data=json_text({"figures": figures}),
    )


def _short(key: str, document: Document, lang: str) -> str:
    """Return a section's name in the list of contents."""
    if key == "answer":
        return translate("page.answer", lang)
    cutoff = widest_cutoff(document) if key in ("places", "fan_zones") else main_cutoff(document)
    return translate(f"hindcast.{key}", lang, cutoff=cutoff)
