"""Terminal tables: every outcome and every harm, at any width, in both languages."""

from __future__ import annotations

import io
from dataclasses import replace
from types import ModuleType

import pytest
from rich.console import Console, RenderableType

from eslabon.i18n import translate
from eslabon.report.data import QUANTILES, PageData
from eslabon.report.selection import FRONT
from eslabon.report.tables import history_table, outcome_lines, terminal_table


def printed(renderable: RenderableType, width: int) -> str:
    """Return what a terminal of some width shows."""
    console = Console(width=width, file=io.StringIO(), color_system=None)
    console.print(renderable)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("width", [80, 100, 160])
def test_numbers_are_never_cut(data: PageData, lang: str, width: int) -> None:
    words = printed(terminal_table(data, lang), width)
    assert "…" not in words
    assert max(len(line) for line in words.splitlines()) <= width
    for line in outcome_lines(data, data.policies[0], lang):
        assert line.difference is not None
    assert "[−31,300, −6,080]" in words


@pytest.mark.parametrize("lang", ["en", "es"])
def test_the_table_shows_what_stands_in_front_and_says_so(data: PageData, lang: str) -> None:
    words = printed(terminal_table(data, lang), 200)
    names = [line.info.name for line in outcome_lines(data, None, lang, front=True)]
    assert sorted(names) == sorted(FRONT)
    assert 26 <= len(FRONT) <= 30
    for name in FRONT:
        assert translate(f"outcome.{name}", lang).split(" (")[0][:20] in words
    assert translate("outcome.fuel_index", lang) not in words
    assert f"{len(FRONT)} " in words
    assert "--all" in words


@pytest.mark.parametrize("lang", ["en", "es"])
def test_everything_shows_every_outcome(data: PageData, lang: str) -> None:
    words = printed(terminal_table(data, lang, everything=True), 250)
    for info in data.outcomes:
        assert info.name == "moved_kg" or translate(f"outcome.{info.name}", lang).split(" (")[0][:20] in words
    assert "--all" not in words


@pytest.mark.parametrize("lang", ["en", "es"])
def test_harms_that_are_not_modelled_are_rows_with_their_reason(data: PageData, sample: ModuleType, lang: str) -> None:
    words = printed(terminal_table(sample.without(data, {"violence": "ask us", "prison": "ask them"}), lang), 200)
    for harm, why in (("violence", "ask us"), ("prison", "ask them")):
        assert f"{translate(f'harm.{harm}', lang)}: {translate('table.not_modelled', lang)}: {why}" in words


def test_year_and_members_are_said_once_where_they_are_the_same(data: PageData) -> None:
    alike = printed(terminal_table(replace(data, scenarios=data.scenarios[:1], differences=[])), 120)
    assert alike.count("N = 400") == 1
    assert alike.count("2030") == 2  # in the title, and in the address shown below
    mixed = printed(terminal_table(data), 120)
    assert mixed.count("N 400/398") == len(FRONT) or "N = 400/398" in mixed


def test_rounding_is_no_difference(data: PageData) -> None:
    noise = [{**row, **dict.fromkeys(QUANTILES, 1e-13)} for row in data.differences]
    quiet = replace(data, differences=noise)
    lines = [line for line in outcome_lines(quiet, quiet.policies[0], "en") if line.reference["p50"]]
    assert len(lines) > 50
    assert all(line.difference and line.difference["p50"] == 0 for line in lines)


def test_shares_are_percentages(data: PageData) -> None:
    line = next(line for line in outcome_lines(data, None, "en") if line.info.name == "poverty_share")
    assert (line.scale.factor, line.scale.label) == (100.0, "%")
    index = next(line for line in outcome_lines(data, None, "en") if line.info.name == "trust")
    assert (index.scale.factor, index.scale.label) == (1.0, "index")


def test_failed_members_are_said(data: PageData) -> None:
    assert "398 of 400 members" in printed(terminal_table(data), 120)


def test_markup_in_names_is_not_obeyed(data: PageData) -> None:
    hostile = replace(data.policies[0], name="x", title="[red]plan[/red] [bold")
    words = printed(terminal_table(replace(data, scenarios=[data.reference, hostile])), 200)
    assert "[red]plan[/red] [bold" in words


def test_a_plain_run_has_no_difference_column(single: PageData) -> None:
    words = printed(terminal_table(single), 160)
    assert "Paired difference" not in words
    assert "Also clearly changed" not in words


def test_a_period_row_is_preferred_for_flows_only(data: PageData) -> None:
    rows = [row for row in data.reference.rows if row["basin"] == "ALL" and not row["corridor"]]
    mean = [{**row, "period": "2025-2030"} for row in rows if row["year"] == 2030 and row["outcome"] in {"arrests", "growers"}]
    changed = replace(data, scenarios=[replace(data.reference, rows=[*rows, *mean])], differences=[])
    periods = {line.info.name: line.period for line in outcome_lines(changed, None, "en")}
    assert periods["arrests"] == "2025-2030"
    assert periods["growers"] == "2030"


def test_history_table_says_hit_or_miss_by_year(data: PageData) -> None:
    words = printed(history_table(data), 100)
    assert "89,755" in words
    assert "36,345" in words
    assert words.count("model too low") > 1
    assert printed(history_table(replace(data, history=None)), 100).startswith("There is no history run")
