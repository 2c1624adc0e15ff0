"""The page in a real browser: it opens from a file, asks for nothing else, and draws every chart at both widths."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType

import pytest

from eslabon.report import write_page

pytest.importorskip("playwright.sync_api", reason="needs Playwright")
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SAMPLE = Path(__file__).parents[1] / "unit" / "report" / "sample.py"
HOSTILE = "</script><script>window.broken=1</script><img src=x onerror=window.broken=2>"

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="needs Chromium at /usr/bin/chromium (Debian: apt install chromium)")


@dataclass
class Opened:
    """A page with what it asked for and complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def sample() -> ModuleType:
    spec = importlib.util.spec_from_file_location("eslabon_page_sample", SAMPLE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["eslabon_page_sample"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield opened
        opened.close()


def visit(browser: Browser, path: Path, width: int) -> Opened:
    """Open a file at some width and listen from the start."""
    opened = Opened(browser.new_page(viewport={"width": width, "height": 900}))
    opened.page.on("request", lambda request: opened.requests.append(request.url))
    opened.page.on("console", lambda message: opened.complaints.append(f"{message.type}: {message.text}"))
    opened.page.on("pageerror", lambda error: opened.complaints.append(str(error)))
    opened.page.goto(path.as_uri())
    opened.page.wait_for_selector("html[data-ready]")
    return opened


@pytest.mark.parametrize(("lang", "width", "policies"), [("en", 1280, 1), ("es", 400, 1), ("es", 1280, 0), ("en", 400, 2)])
def test_page_needs_nothing_and_draws_all(browser: Browser, sample: ModuleType, tmp_path: Path, lang: str, width: int, policies: int) -> None:
    path = write_page(tmp_path / "page.html", sample.page_data(policies=policies), lang)
    opened = visit(browser, path, width)
    page = opened.page
    charts = page.query_selector_all("[data-figure]")
    assert len(charts) == 9 + policies
    for chart in charts:
        drawing = chart.query_selector("svg, canvas")
        assert drawing is not None
        box = drawing.bounding_box()
        assert box is not None
        assert box["width"] > 200
        assert box["height"] > 150
        assert len(drawing.query_selector_all("path")) > 3
        assert chart.get_attribute("role") == "img"
        assert chart.get_attribute("aria-label")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert opened.requests == [path.as_uri()]
    assert opened.complaints == []
    page.close()


def test_labels_of_horizontal_charts_do_not_overlap(browser: Browser, sample: ModuleType, tmp_path: Path) -> None:
    path = write_page(tmp_path / "page.html", sample.page_data(), "es")
    script = """key => {
        const boxes = [...document.querySelectorAll(`[data-figure="${key}"] text`)]
            .filter(node => node.textContent.trim()).map(node => node.getBoundingClientRect());
        let hits = 0;
        boxes.forEach((a, i) => boxes.slice(i + 1).forEach(b => {
            const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (wide > 2 && high > 4) hits += 1;
        }));
        return hits;
    }"""
    for width in (1280, 400):
        page = visit(browser, path, width).page
        for key in ("fan-nation", "panels", "difference-1", "fan-basins", "map", "ladder", "flow", "past-nation", "past-panels"):
            assert page.evaluate(script, key) == 0, (key, width)
        page.close()


def test_pointing_at_a_year_shows_its_interval(browser: Browser, sample: ModuleType, tmp_path: Path) -> None:
    page = visit(browser, write_page(tmp_path / "page.html", sample.page_data()), 1280).page
    chart = page.locator('[data-figure="fan-nation"]')
    chart.scroll_into_view_if_needed()
    page.wait_for_timeout(500)
    box = chart.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.8)
    page.wait_for_timeout(300)
    assert "90 %:" in chart.inner_text()
    assert "N = 398" in chart.inner_text()
    page.close()


def test_hostile_names_run_nothing(browser: Browser, sample: ModuleType, tmp_path: Path) -> None:
    data = sample.page_data()
    policy = replace(data.policies[0], name="x", title=HOSTILE)
    hostile = replace(
        data,
        question=HOSTILE,
        scenarios=[data.reference, policy],
        differences=[{**row, "scenario": "x"} for row in data.differences],
        basins=[{**item, "name_en": HOSTILE} for item in data.basins],
    )
    opened = visit(browser, write_page(tmp_path / "page.html", hostile), 1280)
    page = opened.page
    for key in ("fan-nation", "map", "flow"):
        chart = page.locator(f'[data-figure="{key}"]')
        chart.scroll_into_view_if_needed()
        page.wait_for_timeout(500)
        box = chart.bounding_box()
        assert box is not None
        for share in (0.35, 0.5, 0.9):
            page.mouse.move(box["x"] + box["width"] * share, box["y"] + box["height"] * 0.7)
            page.wait_for_timeout(120)
    assert page.evaluate("window.broken") is None
    assert page.query_selector("h1 img, .chart img") is None
    assert opened.complaints == []
    assert len(opened.requests) == 1
    page.close()


def test_everything_is_reached_by_keyboard(browser: Browser, sample: ModuleType, tmp_path: Path) -> None:
    page = visit(browser, write_page(tmp_path / "page.html", sample.page_data()), 1280).page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash") == "#answer"
    page.locator("#fan-nation summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("#fan-nation details table").is_visible()
    assert page.locator("#fan-nation details table").inner_text().count("89,755") == 1
    page.close()


@pytest.mark.parametrize(("lang", "width"), [("es", 390), ("en", 1280)])
def test_folded_tables_open_inside_the_page(browser: Browser, sample: ModuleType, tmp_path: Path, lang: str, width: int) -> None:
    page = visit(browser, write_page(tmp_path / "page.html", sample.page_data(), lang), width).page
    folded = page.locator("details.all")
    assert folded.count() == 5
    for at in range(5):
        assert not folded.nth(at).locator("table").is_visible()
        folded.nth(at).locator("summary").focus()
        page.keyboard.press("Enter")
        assert folded.nth(at).locator("table").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    cut = """() => [...document.querySelectorAll("table.outcomes td, table.outcomes th")]
        .filter(cell => cell.scrollWidth > cell.clientWidth + 1 && getComputedStyle(cell).display !== "inline").length"""
    assert page.evaluate(cut) == 0
    page.close()


def test_charts_fit_the_paper_when_it_is_printed(browser: Browser, sample: ModuleType, tmp_path: Path) -> None:
    page = visit(browser, write_page(tmp_path / "page.html", sample.page_data()), 1280).page
    script = """kind => {
        window.dispatchEvent(new Event(kind));
        return [...document.querySelectorAll("[data-figure] svg")].map(drawing => Number(drawing.getAttribute("width")));
    }"""
    assert set(page.evaluate(script, "beforeprint")) == {680}
    assert min(page.evaluate(script, "afterprint")) > 900
    page.close()
