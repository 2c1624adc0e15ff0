"""Terminal tables: every outcome and every harm, at any width, in both languages."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from rich.console import Console, RenderableType

from eslabon.i18n import translate
from eslabon.report.data import PageData
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
def test_all_outcomes_and_all_harms_are_rows(data: PageData, lang: str) -> None:
    words = printed(terminal_table(data, lang), 200)
    for info in data.outcomes:
        assert translate(f"outcome.{info.name}", lang).split(" (")[0][:20] in words
    assert words.count(translate("table.not_modelled", lang)) >= len(data.not_modelled)
    for harm in data.not_modelled:
        assert translate(f"reason.{harm}", lang)[:30] in words


def test_failed_members_are_said(data: PageData) -> None:
    assert "398 of 400 members" in printed(terminal_table(data), 120)


def test_markup_in_names_is_not_obeyed(data: PageData) -> None:
    hostile = replace(data.policies[0], name="x", title="[red]plan[/red] [bold")
    words = printed(terminal_table(replace(data, scenarios=[data.reference, hostile])), 200)
    assert "[red]plan[/red] [bold" in words


def test_a_plain_run_has_no_difference_column(single: PageData) -> None:
    words = printed(terminal_table(single), 160)
    assert "Paired difference" not in words
    assert "not modelled" in words


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
