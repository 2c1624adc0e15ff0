"""The page as text: nothing from outside, nothing can break out, harms in the same table as supply."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

from eslabon.i18n import translate
from eslabon.report.data import GROUPS, QUANTILES, PageData, in_year, missing_harms, pick
from eslabon.report.markup import json_text, text
from eslabon.report.moves import household_rows, mode_rows
from eslabon.report.numbers import number
from eslabon.report.page import asset, page_text, write_page
from eslabon.report.selection import BY_BASIN, FRONT

HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&{0}$body\u2028"


class Collector(HTMLParser):
    """Counts elements and keeps attributes and the text of script elements."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._in_script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._in_script = tag == "script"
        if self._in_script:
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._in_script = self._in_script and tag != "script"

    def handle_data(self, data: str) -> None:
        if self._in_script:
            self.scripts[-1] += data


def parsed(words: str) -> Collector:
    """Return the page as a browser's parser would see it."""
    found = Collector()
    found.feed(words)
    return found


@pytest.fixture(scope="module")
def english(data: PageData) -> str:
    return page_text(data, "en")


def test_policy_forbids_everything_outside(english: str) -> None:
    policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"
    assert f'content="{policy}"' in english
    assert english.index("Content-Security-Policy") < english.index("<script")


def test_nothing_is_fetched(english: str) -> None:
    for tag, attributes in parsed(english).tags:
        assert not (attributes.get("src") or "")
        assert tag not in {"iframe", "object", "embed", "base"}
        if tag in {"a", "link"}:
            assert (attributes.get("href") or "").startswith(("#", "data:"))
    own = english.replace(asset("echarts.min.js"), "")
    assert "http:" not in own.replace("http-equiv", "")
    assert "https:" not in own
    assert "url(" not in asset("page.css")


def hostile(data: PageData) -> PageData:
    """Return the sample with a dangerous string wherever a string is free."""
    scenarios = [replace(run, name=f"x{at}", title=HOSTILE) for at, run in enumerate(data.scenarios)]
    return replace(
        data,
        question=HOSTILE,
        scenarios=scenarios,
        differences=[{**row, "scenario": "x1"} for row in data.differences],
        basins=[{**item, "name_en": HOSTILE, "name_es": HOSTILE} for item in data.basins],
        corridors=[{**item, "name_en": HOSTILE, "name_es": HOSTILE} for item in data.corridors],
        observations=[{**item, "claims": HOSTILE, "note": HOSTILE, "coverage": HOSTILE} for item in data.observations],
        outcomes=[replace(info, meaning=HOSTILE, unit=HOSTILE) for info in data.outcomes],
        not_modelled={**data.not_modelled, HOSTILE: HOSTILE},
        notes=[HOSTILE],
        manifest={HOSTILE: HOSTILE},
    )


def test_hostile_names_stay_words(data: PageData, english: str) -> None:
    found = parsed(page_text(hostile(data)))
    assert len(found.scripts) == len(parsed(english).scripts) == 4
    assert not any(tag == "img" or "onerror" in attributes for tag, attributes in found.tags)
    figures = json.loads(found.scripts[0])
    assert figures["map"]["wide"]["series"][0]["data"][0]["name"] == HOSTILE
    tips = re.findall(r'"formatter": ?"((?:[^"\\]|\\.)*)"', json.dumps(figures["fan-nation"], ensure_ascii=False))
    assert any("&lt;/script&gt;" in tip for tip in tips)
    assert not any("<b><" in tip or "<img" in tip for tip in tips if "<b>" in tip)


def test_json_cannot_end_its_element() -> None:
    raw = json_text({"a": HOSTILE})
    assert not set("<>&\u2028") & set(raw)
    assert json.loads(raw) == {"a": HOSTILE}


def test_numbers_that_are_not_finite_are_refused_in_json() -> None:
    with pytest.raises(ValueError, match="JSON"):
        json_text(float("nan"))


def tables_of(words: str) -> list[str]:
    """Return the page's tables of outcomes."""
    return [part.partition("</table>")[0] for part in words.split('<table class="outcomes')[1:]]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_front_table_has_supply_and_harms_together(data: PageData, lang: str) -> None:
    words = page_text(data, lang)
    front = tables_of(words)[0]
    for name in FRONT:
        assert text(translate(f"outcome.{name}", lang)) in front
    assert front.count('scope="row"') == len(FRONT) <= 30
    assert missing_harms(FRONT, []) == []
    assert f'<html lang="{lang}"' in words


@pytest.mark.parametrize("lang", ["en", "es"])
def test_every_outcome_is_in_a_folded_table(data: PageData, lang: str) -> None:
    words = page_text(data, lang)
    folded = "".join(tables_of(words)[1:])
    named = [info for info in data.outcomes if info.name != "moved_kg"]
    assert [info.name for info in named if text(translate(f"outcome.{info.name}", lang)) not in folded] == []
    for corridor in data.corridors:
        assert f"{translate('outcome.price_border_usd2013_per_kg', lang)}: {corridor[f'name_{lang}']}" in folded
    assert words.count('<details class="all">') == len(GROUPS)
    assert "<details open" not in words


def test_a_harm_that_is_not_modelled_is_a_row_with_its_reason(data: PageData, sample: ModuleType) -> None:
    words = page_text(sample.without(data, {"violence": "ask us"}), "en")
    front = tables_of(words)[0]
    assert "Violence" in front
    assert "not modelled: ask us" in front
    assert translate("limit.violence", "en") not in words
    assert translate("limit.prison", "en") in words


def test_a_change_that_the_front_table_leaves_out_is_named(data: PageData) -> None:
    clear = [{**row, **dict.fromkeys(QUANTILES, 700.0)} if row["outcome"] == "paid_households" else row for row in data.differences]
    words = page_text(replace(data, differences=clear), "en")
    assert "Also clearly changed: households paid to stay out of coca +700 households" in words


def test_how_product_and_households_move_is_said(data: PageData) -> None:
    head, rows = mode_rows(data, "en")
    assert [row[0] for row in rows] == ["By road", "By air", "On foot", "By river"]
    assert len(head) == 4
    by_basin = {row["basin"]: row["p50"] for row in in_year(pick(data.shown.rows, "households_leaving", None), data.last_year)}
    _, moved = household_rows(data, "en")
    assert moved[0][:2] == ["VRAEM", number(round(by_basin["vraem"]))]


def test_a_page_stays_small_and_keeps_basins_only_where_they_are_shown(data: PageData) -> None:
    words = page_text(data, "es")
    assert len(words) - len(asset("echarts.min.js")) < 1_200_000
    few = [row for row in data.reference.rows if row["basin"] == "ALL" or row["outcome"] in BY_BASIN]
    less = replace(data, scenarios=[replace(data.reference, rows=few), *data.policies])
    assert page_text(less, "es") == words


def test_headings_are_in_order_and_ids_are_unique(english: str) -> None:
    tags = parsed(english).tags
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch("h[1-6]", tag)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    ids = [attributes["id"] for _, attributes in tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {(attributes["href"] or "")[1:] for tag, attributes in tags if tag == "a"}
    assert targets <= set(ids)


def test_every_chart_is_described_and_has_its_option(english: str) -> None:
    found = parsed(english)
    charts = [attributes for _, attributes in found.tags if "data-figure" in attributes]
    assert {chart["data-figure"] for chart in charts} == set(json.loads(found.scripts[0]))
    assert all(chart["role"] == "img" and chart["aria-label"] for chart in charts)


def test_what_must_be_said_is_said(english: str) -> None:
    for words in (
        "All households are synthetic",
        "398 of 400 members",
        "396 of 400 members",
        "of 23 published areas",
        "9b1c77d0a4e2",
    ):
        assert words in english


def test_a_plain_run_without_history_or_corridors_still_makes_a_page(single: PageData, tmp_path: Path) -> None:
    bare = replace(single, history=None, observations=[], corridors=[], manifest={})
    rows = [row for row in single.reference.rows if not row["corridor"]]
    path = write_page(tmp_path / "new" / "page.html", replace(bare, scenarios=[replace(bare.reference, rows=rows)]), "es")
    words = path.read_text(encoding="utf-8")
    assert "Diferencia pareada" not in words
    assert 'id="past"' not in words


def test_the_outline_names_what_the_map_colours() -> None:
    names = {feature["properties"]["name"] for feature in json.loads(asset("peru.json"))["features"]}
    assert {"Bolivia", "Brazil", "Colombia", "Ecuador", "Chile", "lake", "Cusco"} <= names


def test_the_licence_of_the_chart_library_is_shipped() -> None:
    assert "Apache License" in asset("echarts.LICENSE")
    assert "Apache Software Foundation" in asset("echarts.min.js")[:1000]


def test_importing_the_package_is_light() -> None:
    code = "import sys, eslabon.report; print([n for n in ('rich', 'numpy', 'pandas', 'numba') if n in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
