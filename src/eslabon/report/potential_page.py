"""The study of potential production as one HTML page that needs no network."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from eslabon.i18n import translate
from eslabon.report.evidence_page import fill, write_text
from eslabon.report.evidence_sections import chart_box
from eslabon.report.markup import element, listing, paragraph, table, text
from eslabon.report.potential_charts import bridge_chart, years_chart
from eslabon.report.potential_text import Rows, answer, conversion_rows, notes, part_rows, step_rows, year_rows
from eslabon.study.potential import Bridge, Potential

SECTIONS = ("waterfall", "chains", "conversions", "all_years")
WATERFALL, YEARS = (400, 460), (430, 450)
"""Heights of the charts in px, wide and narrow."""


def write_potential_page(path: Path, found: Potential, years: Sequence[Bridge], lang: str = "en") -> Path:
    """Write the study of a year, with all years beside it, and return the file's path.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    return write_text(Path(path), potential_page(found, years, lang))


def potential_page(found: Potential, years: Sequence[Bridge], lang: str) -> str:
    """Return the page."""
    figures = {
        "bridge": {"wide": bridge_chart(found.bridge, lang), "narrow": bridge_chart(found.bridge, lang, narrow=True), "heights": list(WATERFALL)},
        "years": {"wide": years_chart(years, lang), "heights": list(YEARS)},
    }
    said = [paragraph(sentence) for sentence in answer(found, lang)]
    body = [
        element("section", element("h2", text(translate("page.answer", lang))) + "".join(said), id="answer", class_="answer"),
        _section("waterfall", chart_box("bridge", WATERFALL) + _table("waterfall", part_rows(found.bridge, lang), lang) + listing(notes(lang)), lang),
        _section("chains", _chains(found, lang), lang),
        _section("conversions", _table("conversions", conversion_rows(found, lang), lang), lang),
        _section("all_years", _all_years(years, lang), lang),
    ]
    title = translate("bridge.title", lang, year=found.bridge.year)
    made = translate("bridge.never_spliced", lang)
    data = {"figures": figures}
    return fill(lang, title, made=made, body="\n".join(body), data=data, tagline="bridge.tagline", links=_contents(lang))


def _all_years(years: Sequence[Bridge], lang: str) -> str:
    note = paragraph(translate("bridge.all_years_note", lang))
    return chart_box("years", YEARS) + note + _table("all_years", year_rows(years, lang), lang)


def _contents(lang: str) -> str:
    links = [element("li", element("a", text(translate(f"bridge.{key}", lang)), href=f"#{key}")) for key in SECTIONS]
    return element("nav", element("ul", "".join(links)), aria_label=translate("page.contents", lang))


def _chains(found: Potential, lang: str) -> str:
    parts = []
    for name, steps in (("unodc_chain", found.unodc_steps), ("us_chain", found.us_steps), ("objections_head", found.objections)):
        if steps:
            parts.append(element("h3", text(translate(f"bridge.{name}", lang))) + _table(name, step_rows(steps, lang), lang))
    return "".join(parts)


def _section(key: str, inner: str, lang: str) -> str:
    return element("section", element("h2", text(translate(f"bridge.{key}", lang))) + inner, id=key)


def _table(key: str, made: tuple[list[str], Rows], lang: str) -> str:
    head, rows = made
    return table(head, rows, translate(f"bridge.{key}", lang))
