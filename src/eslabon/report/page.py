"""The report as one HTML file that needs nothing else: no network, no fonts, no server."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from pathlib import Path
from string import Template
from typing import Any

from eslabon.i18n import translate
from eslabon.report.data import OutcomeInfo, PageData, Row, ScenarioResult
from eslabon.report.figures import history_figures, scenario_figures
from eslabon.report.markup import element, json_text, text
from eslabon.report.sections import (
    answer_section,
    figure_section,
    manifest_section,
    moves_section,
    past_section,
    sure_section,
    table_section,
)
from eslabon.report.sentences import question

__all__ = ["OutcomeInfo", "PageData", "Row", "ScenarioResult", "page_text", "write_page"]


def write_page(path: Path, data: PageData, lang: str = "en") -> Path:
    """Write the report of `data` as a self-contained HTML file.

    Parameters
    ----------
    path : Path
        The file to write; its folder is made if missing.
    data : PageData
        The rows and words of one or more scenarios.
    lang : str
        `en` or `es`.

    Returns
    -------
    Path
        The file written.
    """
    target = Path(path)
    words = page_text(data, lang)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(words, encoding="utf-8")
    return target


def page_text(data: PageData, lang: str = "en") -> str:
    """Return the whole page; every word from outside is escaped and every number is made of the rows given."""
    figures, past = scenario_figures(data, lang), history_figures(data, lang)
    first = [figure for figure in figures if figure.key == "fan-nation"]
    rest = [figure for figure in figures if figure.key != "fan-nation"]
    parts = [answer_section(data, lang)]
    parts += [figure_section(figure, lang) for figure in first]
    parts.append(table_section(data, lang))
    parts += [figure_section(figure, lang) for figure in rest]
    moves = moves_section(data, lang)
    parts += [moves, past_section(data, past, lang), sure_section(data, lang), manifest_section(data, lang)]
    options = {figure.key: {"wide": figure.wide, "narrow": figure.narrow, "heights": list(figure.heights)} for figure in [*figures, *past]}
    return Template(asset("page.html")).substitute(
        lang=lang,
        title=text(question(data, lang)),
        brand=text(translate("page.title", lang)),
        tagline=text(translate("page.tagline", lang)),
        made=text(translate("page.made", lang, members=data.reference.members_asked)),
        synthetic=text(translate("page.synthetic", lang)),
        skip=text(translate("page.skip", lang)),
        noscript=text(translate("page.noscript", lang)),
        licence=text(translate("page.licence", lang)),
        contents=contents([*(figure.key for figure in figures), *(["moves"] if moves else []), *(["past"] if past else [])], lang),
        body="\n".join(part for part in parts if part),
        css=asset("page.css"),
        echarts=asset("echarts.min.js"),
        script=asset("page.js"),
        figures=json_text(options),
        outline=json_text(outline()),
    )


def contents(keys: list[str], lang: str) -> str:
    """Return links to the sections; `keys` are those a page may lack."""
    names = {
        "answer": "answer", "fan-nation": "fan_nation", "table": "table", "panels": "panels", "difference-1": "difference",
        "fan-basins": "fan_basins", "map": "map", "ladder": "ladder", "flow": "flow", "moves": "moves", "past": "past", "sure": "sure",
        "manifest": "manifest",
    }  # fmt: skip
    there = {"answer", "table", "sure", "manifest", *keys}
    links = [element("li", element("a", text(translate(f"page.{name}", lang)), href=f"#{key}")) for key, name in names.items() if key in there]
    return element("nav", element("ul", "".join(links)), aria_label=translate("page.contents", lang))


@cache
def asset(name: str) -> str:
    """Return a text file shipped beside this module."""
    return files("eslabon.report").joinpath("assets", name).read_text(encoding="utf-8")


def outline() -> dict[str, Any]:
    """Return the outline of Peru and its neighbours as GeoJSON, to be registered as the map "peru"."""
    found: dict[str, Any] = json.loads(asset("peru.json"))
    return found
