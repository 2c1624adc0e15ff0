"""The evidence and potential pages in a real browser: nothing is fetched, charts keep their breaks, hostile text stays text."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from eslabon.evidence.browse import Browsed, Question, browse
from eslabon.evidence.claims import Claim, Ledger, Source
from eslabon.evidence.pack import RegionPack, load_pack
from eslabon.report.evidence_charts import series_chart
from eslabon.report.evidence_page import write_evidence_page
from eslabon.report.potential_page import write_potential_page
from eslabon.study.potential import bridges, potential

pytest.importorskip("playwright.sync_api", reason="needs Playwright")
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium at /usr/bin/chromium (Debian: apt install chromium)")

HOSTILE = [
    "<script>window.broken=1</script>", "</script><script>window.broken=2</script>", "<img src=x onerror=window.broken=3>",
    "<svg onload=window.broken=4>",
    '"><script>window.broken=5</script>', "'><script>window.broken=6</script>", "</td></tr></table><script>window.broken=7</script>",
    "<iframe srcdoc='<script>parent.broken=8</script>'></iframe>", "<a href=javascript:window.broken=9>x</a>",
    "javascript:window.broken=10",
    "<!--<script>", "-->", "<![CDATA[", "]]>", "&lt;script&gt;", "&#60;script&#62;", "{a}{b}{c}{@x}",
    "{{constructor.constructor('window.broken=11')()}}",
    "${window.broken=12}", "<body onload=window.broken=13>", "<style>*{display:none}</style>", "<meta http-equiv=refresh content=0>",
    "<base href=https://example.org/>", "<form action=https://example.org/><input name=q></form>",
    "\u2028window.broken=14\u2029", "\u202egnp.exe",
    "<details open ontoggle=window.broken=15>", "<math><mi//xlink:href='data:x,<script>window.broken=16</script>'>", "=HYPERLINK(\"https://x\")",
    "<template><script>window.broken=17</script></template>",
]  # fmt: skip
"""Thirty texts that a careless page would obey."""


@dataclass
class Opened:
    """A page with what it asked for and complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def pack() -> RegionPack:
    return load_pack("peru")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield opened
        opened.close()


def visit(browser: Browser, path: Path, width: int = 1280) -> Opened:
    """Open a file at some width and listen from the start."""
    opened = Opened(browser.new_page(viewport={"width": width, "height": 900}))
    opened.page.on("request", lambda request: opened.requests.append(request.url))
    opened.page.on("console", lambda message: opened.complaints.append(f"{message.type}: {message.text}"))
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.page.goto(path.as_uri())
    opened.page.wait_for_selector("html[data-ready]")
    return opened


def hostile(pack: RegionPack) -> Browsed:
    """Return a ledger in which every text is hostile: two years each of thirty quantities."""
    base: dict[str, Any] = {
        "unit": "t", "kind": "flow", "low": 1.0, "high": 9.0, "bound_type": "range", "grade": "C", "confidence": "contested", "conflict": False,
        "preferred": False, "published": "2012-01-01",
    }  # fmt: skip
    claims, sources = [], {}
    for index, text in enumerate(HOSTILE):
        name = f"{index}{text}"
        sources[name] = Source(source_id=name, title=name, publisher=text, year=2012, url=text, kind=text)
        for year in (2010, 2011):
            words = {
                "quantity": name,
                "place": f"Peru/{text}",
                "form": text,
                "independence_group": text,
                "series_break": text,
                "note": text,
                "locator": text,
            }
            dates = {"period_start": f"{year}-01-01", "period_end": f"{year}-12-31"}
            claims.append(Claim.model_validate({**base, **words, **dates, "id": f"{name}{year}", "value": 5.0, "source_id": name}))
    return browse(replace(pack, ledger=Ledger({claim.id: claim for claim in claims}, sources)))


def test_thirty_hostile_texts_are_shown_as_text(browser: Browser, pack: RegionPack, tmp_path: Path) -> None:
    assert len(HOSTILE) == 30
    found = hostile(pack)
    opened = visit(browser, write_evidence_page(tmp_path / "page.html", found, "en"))
    page = opened.page
    for section in page.query_selector_all("section[data-series]"):
        section.scroll_into_view_if_needed()
        assert section.query_selector("svg") or section.wait_for_selector("svg")
    assert page.evaluate("typeof window.broken") == "undefined"
    assert page.evaluate("document.querySelectorAll('iframe, form, base, img, template, math, body svg svg svg, section a').length") == 0
    assert page.evaluate("document.scripts.length") == 3
    notes = page.evaluate("[...document.querySelectorAll('td.note-cell')].map(cell => cell.textContent)")
    assert sorted(notes) == sorted(text for text in HOSTILE for _ in range(2))
    chosen = page.evaluate("[...document.querySelectorAll('section[data-series]')].map(s => s.dataset.quantity)")
    assert sorted(chosen) == sorted(f"{index}{text}" for index, text in enumerate(HOSTILE))
    assert opened.requests == [(tmp_path / "page.html").as_uri()]
    assert opened.complaints == []
    page.close()


def test_tooltips_show_hostile_text_as_text(browser: Browser, pack: RegionPack, tmp_path: Path) -> None:
    found = hostile(pack)
    opened = visit(browser, write_evidence_page(tmp_path / "page.html", found, "en"))
    for text in (HOSTILE[0], HOSTILE[2], "{a}{b}{c}{@x}"):
        key = next(k for k, series in enumerate(found.series, 1) if series.form == text)
        figure = opened.page.wait_for_selector(f"#series-{key} [data-figure]")
        assert figure is not None
        figure.scroll_into_view_if_needed()
        opened.page.wait_for_selector(f"#series-{key} svg")
        boxes = [box for path in figure.query_selector_all("path") if (box := path.bounding_box())]
        top = figure.bounding_box()
        assert top is not None
        dots = [box for box in boxes if box["y"] > top["y"] + 60 and 6 < box["width"] < 12 and abs(box["width"] - box["height"]) < 1]
        assert dots
        told = []
        for dot in dots:
            opened.page.mouse.move(dot["x"] + dot["width"] / 2 - 1, dot["y"] + dot["height"] / 2)
            opened.page.mouse.move(dot["x"] + dot["width"] / 2, dot["y"] + dot["height"] / 2)
            told.append(figure.inner_text().count(text))
        assert max(told) == 5, "form, publisher, independence group, claim and note"
    assert opened.page.evaluate("typeof window.broken") == "undefined"
    assert opened.page.evaluate("document.querySelectorAll('[data-figure] script, [data-figure] img').length") == 0
    opened.page.close()


@pytest.mark.parametrize(("lang", "width"), [("en", 1280), ("es", 400)])
def test_page_of_an_area_needs_nothing_and_draws(browser: Browser, pack: RegionPack, tmp_path: Path, lang: str, width: int) -> None:
    path = write_evidence_page(tmp_path / "page.html", browse(pack, Question("coca_area_unodc", "Perú")), lang)
    opened = visit(browser, path, width)
    chart = opened.page.wait_for_selector("[data-figure] svg")
    assert chart is not None
    box = chart.bounding_box()
    assert box is not None
    assert box["width"] > 250
    assert opened.page.get_attribute("[data-figure]", "aria-label")
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.requests == [path.as_uri()]
    assert opened.complaints == []
    opened.page.close()


def test_filters_and_download(browser: Browser, pack: RegionPack, tmp_path: Path) -> None:
    found = browse(pack, Question("leaf_yield"))
    opened = visit(browser, write_evidence_page(tmp_path / "page.html", found, "en"))
    page = opened.page
    assert page.inner_text("#series-count") == f"Series shown: {len(found.series)}"
    page.select_option("#filter-place", "Peru/VRAEM")
    assert page.inner_text("#series-count") == "Series shown: 1"
    assert [s.get_attribute("data-place") for s in page.query_selector_all("section[data-series]") if s.is_visible()] == ["Peru/VRAEM"]
    with page.expect_download() as waiting:
        page.click("#download")
    text = Path(waiting.value.path()).read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text)))
    expected = [row for row in found.rows() if row["place"] == "Peru/VRAEM"]
    assert [row["id"] for row in rows] == [row["id"] for row in expected]
    assert [float(row["value"]) for row in rows] == [row["value"] for row in expected]
    assert opened.complaints == []
    page.close()


def test_the_line_never_crosses_a_break_or_a_gap(pack: RegionPack) -> None:
    (series,) = browse(pack, Question("leaf_production", "Peru")).series
    option = series_chart(series, "en")
    assert option is not None
    lines = [drawn for drawn in option["series"] if drawn["type"] == "line"]
    years = option["xAxis"]["data"]
    drawn = [{year for year, point in zip(years, line["data"], strict=True) if point != "-"} for line in lines]
    assert drawn[0] == {"2003"}, "the yield of 2004 is a new way of measuring"
    assert drawn[1] == {"2004", "2005", "2006", "2009", "2010"}
    assert not drawn[1] & {"2007", "2008"}
    assert not any(line["connectNulls"] for line in lines)
    assert len([year for one in drawn for year in one]) == len(series.years)


@pytest.mark.parametrize(("lang", "width"), [("en", 1280), ("es", 400)])
def test_page_of_the_potential_needs_nothing_and_draws(browser: Browser, pack: RegionPack, tmp_path: Path, lang: str, width: int) -> None:
    path = write_potential_page(tmp_path / "page.html", potential(pack.ledger, 2019), bridges(pack.ledger), lang)
    opened = visit(browser, path, width)
    for key in ("bridge", "years"):
        node = opened.page.wait_for_selector(f"[data-figure={key}]")
        assert node is not None
        node.scroll_into_view_if_needed()
        opened.page.wait_for_selector(f"[data-figure={key}] svg")
        assert node.get_attribute("aria-label")
    assert "305" in opened.page.inner_text("#answer")
    assert opened.page.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.requests == [path.as_uri()]
    assert opened.complaints == []
    opened.page.close()
