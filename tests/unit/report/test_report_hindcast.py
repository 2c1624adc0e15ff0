"""The hindcast page: offline, honest about where a naive forecast is better, its numbers those of the document."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from eslabon.errors import InputError
from eslabon.report.hindcast_charts import HIGHEST, LINES, place_fan, zone_fans
from eslabon.report.hindcast_page import hindcast_page, write_hindcast_page
from eslabon.report.hindcast_reading import ZONES, find_trial, main_cutoff, standing, verdict, widest_cutoff
from eslabon.report.hindcast_text import (
    answer,
    claims_words,
    cutoff_table,
    hindcast_text,
    markdown,
    place_table,
    probability,
    score_table,
    skill_words,
    year_table,
)
from eslabon.report.numbers import number
from eslabon.report.page import asset
from eslabon.study.hindcast_table import KINDS, Trial, hindcast_document, naive_trial
from eslabon.study.like_for_like import AreaSeries

YEARS = tuple(range(2004, 2021))
NATION = (50e3, 48e3, 51e3, 54e3, 56e3, 60e3, 61e3, 62e3, 60e3, 50e3, 43e3, 40e3, 44e3, 50e3, 54e3, 55e3, 62e3)
VRAEM = (14e3, 15e3, 16e3, 17e3, 17e3, 17.5e3, 19e3, 19e3, 20e3, 19e3, 18.8e3, 18e3, 20e3, 21e3, 24e3, 26e3, 28e3)
ERADICATED = {year: 9e3 + 1e3 * (year % 5) for year in range(2004, 2021)}
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>"
NAMES = {"vraem": "VRAEM", "south": "Sur"}


def made(miss: Callable[[str, int], float], sd: float = 0.04, claims: str = "C1") -> dict[str, Any]:
    """Return the document of a model that misses each figure by a share."""
    wanted = [(cutoff, kind) for cutoff in (2010, 2013) for kind in KINDS]
    series = [AreaSeries("ALL", YEARS, NATION, claims=dict.fromkeys(YEARS, (claims,))), AreaSeries("vraem", YEARS, VRAEM)]
    series.append(AreaSeries("south", YEARS[7:], tuple(3e3 + 150.0 * at for at in range(10))))
    return hindcast_document([_with_model(naive_trial(series, kind, (cutoff, 2020), ERADICATED), miss, sd) for cutoff, kind in wanted])


def _with_model(trial: Trial, miss: Callable[[str, int], float], sd: float = 0.04) -> Trial:
    spread = np.exp(sd * np.linspace(-2, 2, 101))
    return trial.with_forecasts({"eslabon": {(f.place, f.year): f.area_ha * (1 + miss(f.place, f.year)) * spread for f in trial.published}})


@pytest.fixture(scope="module")
def good() -> dict[str, Any]:
    return made(lambda _, year: 0.01 * (-1) ** year)


@pytest.fixture(scope="module")
def bad() -> dict[str, Any]:
    return made(lambda _, year: 0.5 + 0.02 * (year % 3))


@pytest.mark.parametrize("lang", ["en", "es"])
def test_page_fetches_nothing_and_has_every_section(good: dict[str, Any], lang: str) -> None:
    words = hindcast_page(good, NAMES, lang, {"seed": 0})
    assert f'<html lang="{lang}"' in words
    assert "default-src 'none'" in words
    own = words.replace(asset("echarts.min.js"), "")
    assert not re.search(r"https?:|url\(", own.replace("http-equiv", ""))
    for key in ("answer", "fan_one_step", "fan_free", "cutoffs", "places", "fan_zones", "years", "reading"):
        assert f'id="{key}"' in words
        assert f'href="#{key}"' in words
    assert "{" not in re.sub(r"<(script|style)[^>]*>.*?</\1>", "", words, flags=re.DOTALL)


def test_names_from_outside_stay_words() -> None:
    document = made(lambda *_: 0.02, claims=HOSTILE)
    document["models"] = [HOSTILE]
    for trial in document["trials"]:
        for model in [m for place in trial["places"] for m in place["models"]] + trial["zone_years"]["models"]:
            model["model"] = HOSTILE if model["model"] == "eslabon" else model["model"]
    words = hindcast_page(document, {"vraem": HOSTILE, "south": HOSTILE}, "en", {HOSTILE: HOSTILE})
    own = words.replace(asset("echarts.min.js"), "")
    assert own.count("<script") == 3
    assert "<img" not in own
    data = re.search(r'id="page-data">(.*?)</script>', words, re.DOTALL)
    assert data is not None
    tips = re.findall(r'"formatter": ?"((?:[^"\\]|\\.)*)"', json.dumps(json.loads(data[1]), ensure_ascii=False))
    assert not any("<img" in tip or "<script" in tip for tip in tips)


def test_the_answer_gives_the_errors_that_hand_calculation_gives(good: dict[str, Any]) -> None:
    truth, before, two = np.array(NATION[10:]), np.array(NATION[9:-1]), np.array(NATION[8:-2])
    last = math.sqrt(np.mean((before - truth) ** 2))
    damped = math.sqrt(np.mean((before + 0.5 * (before - two) - truth) ** 2))
    said = answer(good, NAMES, "en")
    assert f"last value: {number(last)} ha; damped trend 0.5: {number(damped)} ha" in said[0]
    assert f"by {number(math.sqrt(np.mean((0.01 * truth) ** 2)))} ha (RMSE)" in said[0]
    assert "is also closer" in said[0]
    straight = "Among 3 places, one step ahead from 2013, a naive forecast is better by CRPS in 1: Sur (mean change"
    assert said[2].startswith(straight), "the south is a straight line, which mean change forecasts exactly"
    assert "hold 14 of 14" in said[-1]


def test_a_bad_model_is_called_worse_in_both_languages(bad: dict[str, Any]) -> None:
    english, spanish = " ".join(answer(bad, NAMES, "en")), " ".join(answer(bad, NAMES, "es"))
    assert "is closer than that of Eslabón" in english
    assert "a naive forecast is better by CRPS in 3: Peru (" in english
    assert "beyond chance at 90 %" in english
    assert "hold 0 of 14" in english
    assert "queda más cerca que la de Eslabón" in spanish
    assert "un pronóstico ingenuo es mejor por CRPS en 3: Perú (" in spanish


def test_what_chance_could_do_is_said_to_be_unclear() -> None:
    shaky = made(lambda _, year: 0.01 * (-1) ** year, sd=0.08)
    found = standing(shaky, "one_step", 2013, "ALL")
    assert found is not None
    best = found.best_naive()
    assert best is not None
    assert verdict(found.against(best["model"])["difference_crps"]) == "unclear"
    assert "cannot be told from chance" in answer(shaky, NAMES, "en")[0]


@pytest.mark.parametrize(
    ("difference", "word"),
    [(None, "unknown"), ({"low": -3, "high": -1}, "model"), ({"low": 1, "high": 3}, "naive"), ({"low": -1, "high": 3}, "unclear")],
)
def test_verdicts(difference: dict[str, float] | None, word: str) -> None:
    assert verdict(difference) == word


def test_tables_carry_the_documents_numbers(good: dict[str, Any]) -> None:
    made_table = score_table(good, "one_step", 2013, "ALL", "en")
    assert made_table is not None
    head, rows = made_table
    place = good["trials"][2]["places"][0]
    scores = {model["model"]: model["scores"] for model in place["models"]}
    assert [row[0] for row in rows][:2] == ["Eslabón", "last value"]
    assert rows[1][2:4] == [number(scores["last_value"]["crps"]), number(scores["last_value"]["rmse"])]
    assert rows[1][head.index("Sign of change")] == "–"
    free = score_table(good, "free", 2013, "ALL", "en")
    assert free is not None
    assert len(free[0]) == len(free[1][0]) == len(head) - 1
    years = year_table(good, 2013, "ALL", "en")[1]
    assert [row[0] for row in years] == [str(year) for year in range(2014, 2021)]
    assert years[0][1] == "43,000"
    assert years[0][4] == number(50e3 - 43e3, signed=True)
    assert years[0][-1] == "C1"


def test_cutoffs_and_places_are_all_listed(good: dict[str, Any]) -> None:
    assert [row[:3] for row in cutoff_table(good, "en")[1]] == [
        [cutoff, kind, place] for cutoff in ("2010", "2013") for kind in ("one step ahead", "free run") for place in ("Peru", "all zones together")
    ]
    assert (main_cutoff(good), widest_cutoff(good)) == (2013, 2013)
    places = place_table(good, "free", 2013, NAMES, "es")
    assert places is not None
    assert [row[0] for row in places[1]] == ["Perú", "VRAEM", "Sur"]


def test_a_method_that_forecasts_less_is_no_best_naive(good: dict[str, Any]) -> None:
    trial = find_trial(good, "one_step", 2013)
    assert trial is not None
    found = standing(good, "one_step", 2013, ZONES)
    assert found is not None
    short = [{**row, "scores": {**row["scores"], "n": 1, "crps": 0.0}} if row["model"] == "drift" else row for row in found.naive]
    best = type(found)(found.kind, found.cutoff, found.place, found.model, tuple(short)).best_naive()
    assert best is not None
    assert best["model"] != "drift"


def test_fan_draws_bands_dots_lines_and_keeps_the_dots_readable(good: dict[str, Any]) -> None:
    trial, found = find_trial(good, "free", 2010), standing(good, "free", 2010, "ALL")
    assert trial is not None
    assert found is not None
    option = place_fan(found, trial, NAMES, "en")
    assert option["yAxis"]["max"] <= 1.3 * HIGHEST * max(NATION)
    dots = next(series for series in option["series"] if series["type"] == "scatter")["data"]
    assert [dot["value"] for dot in dots][-1] == ["2020", 62000]
    assert dots[0]["value"] == ["2004", 50000]
    named = {series["name"] for series in option["series"] if series["type"] == "line"}
    assert len(LINES) == len(named & {"last value", "damped trend 0.5", "exponential smoothing", "regression on eradication"})
    assert "2014: published 43,000" in option["aria"]["label"]["description"]
    zones, count = zone_fans(good, 2010, NAMES, "en", columns=4)
    assert count == len(zones["grid"]) == 1


def test_small_words() -> None:
    assert claims_words(["C1", "C2"]) == "C1, C2"
    assert claims_words(["C1", "C2", "C3", "C4"]) == "C1 … C4 (4)"
    assert [probability({"p": p}) for p in (0.0004, 0.004, 0.04)] == ["< 0.001", "= 0.004", "= 0.04"]
    assert skill_words({"value": -0.1, "low": -0.3, "high": 0.05}).replace("\u202f", " ").replace("\u00a0", " ") == "−10 % [−30 %, +5 %]"
    assert markdown((["a", "b"], [["1|2", "3"]])) == "| a | b |\n| --- | --- |\n| 1\\|2 | 3 |\n"


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_terminal_says_the_same(good: dict[str, Any], lang: str) -> None:
    from rich.console import Console

    console = Console(width=400, record=True, file=None, quiet=False)
    with console.capture() as captured:
        console.print(hindcast_text(good, NAMES, lang))
    words = captured.get()
    assert all(sentence in words for sentence in answer(good, NAMES, lang))


def test_only_naive_forecasts_make_no_page() -> None:
    trial = naive_trial([AreaSeries("ALL", YEARS, NATION)], "one_step", (2013, 2020), ERADICATED)
    with pytest.raises(InputError, match="forecasts of a model"):
        hindcast_page(hindcast_document([trial]), NAMES, "en", {})


def test_a_page_without_zones_or_free_run_leaves_them_out() -> None:
    trial = _with_model(naive_trial([AreaSeries("ALL", YEARS, NATION)], "one_step", (2013, 2020), ERADICATED), lambda *_: 0.02)
    words = hindcast_page(hindcast_document([trial]), NAMES, "en", {})
    assert 'id="fan_zones"' not in words
    assert 'id="fan_free"' not in words
    assert 'id="fan_one_step"' in words


def test_it_opens_in_a_browser_without_a_complaint(good: dict[str, Any], tmp_path: Path) -> None:
    api = pytest.importorskip("playwright.sync_api", reason="needs Playwright")
    if not Path("/usr/bin/chromium").exists():
        pytest.skip("needs Chromium at /usr/bin/chromium (Debian: apt install chromium)")
    path = write_hindcast_page(tmp_path / "page.html", good, [{"id": "vraem", "name_en": "VRAEM", "name_es": "VRAEM"}])
    complaints: list[str] = []
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 400, "height": 6000})
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda request: complaints.append(request.url) if not request.url.startswith("file:") else None)
        page.goto(path.as_uri())
        page.wait_for_selector("[data-figure=fan_one_step] svg")
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
        browser.close()
    assert complaints == []
