"""The table of a reconciliation: variables, what is claimed and by whom, adjusted values, differences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from eslabon.i18n import translate
from eslabon.report.numbers import DASH, NARROW_SPACE, number
from eslabon.report.reconciliation_words import measure, said, variable_name
from eslabon.study.reconciliation import Reconciliation
from eslabon.study.reconciliation_rows import ClaimRow, VariableRow, variable_rows

if TYPE_CHECKING:
    from rich.console import RenderableType

CROSS = "✗"
TOLD = ("traditional", "legal", "lost", "illicit", "leaf", "leaf_per_kg", "leaf_cost", "product")
"""Variables of the short table that nobody need claim."""
SMALL = 0.05
"""Percent below which a difference is not shown."""


def head(found: Reconciliation, lang: str) -> list[str]:
    """Return the column heads."""
    keys = ["variable", "claims", "off", *(["adjusted"] if found.method != "bayes" else []), *(["bayes"] if found.posterior else [])]
    return [translate(f"reconcile.{key}", lang) for key in keys]


def lines(found: Reconciliation, lang: str, *, short: bool = False) -> list[list[list[str]]]:
    """Return the rows of the table; each cell is a list of lines, so that a claim and its difference stand side by side.

    `short` leaves out what nobody claims, except what leads from leaf to product.
    """
    shown = [row for row in variable_rows(found) if row.claims or row.derived or (row.adjusted is not None and (not short or row.key in TOLD))]
    return [_line(row, found, lang) for row in shown]


def _line(row: VariableRow, found: Reconciliation, lang: str) -> list[list[str]]:
    claims = [_claim(claim, found, lang) for claim in row.claims]
    off = [_off(claim, lang) for claim in row.claims]
    if row.derived:
        text = ", ".join(f"{said(reading, lang)} ({reading.claim.id})" for reading in row.derived)
        claims.append(translate("reconcile.derived", lang, claims=text))
    cells = [[variable_name(f"{row.key}@{row.place}", lang)], claims, off]
    if found.method != "bayes":
        cells.append(_adjusted(row.adjusted, row.low, row.high, row, lang))
    if found.posterior:
        value, low, high = row.posterior or (None, None, None)
        cells.append(_adjusted(value, low, high, row, lang))
    return cells


def _claim(claim: ClaimRow, found: Reconciliation, lang: str) -> str:
    reading = claim.reading
    source = found.chain.sources.get(reading.claim.source_id)
    who = (source.publisher or source.title) if source else reading.claim.source_id
    year = f" {translate('reconcile.carried', lang, year=reading.claim.year)}" if reading.carried else ""
    return f"{said(reading, lang)}{year}, {reading.claim.id}: {who}"


def _off(claim: ClaimRow, lang: str) -> str:
    if claim.ruled_out:
        return f"{CROSS} {translate('reconcile.ruled_out', lang)}"
    if claim.percent is None or claim.reading.bound or abs(claim.percent) < SMALL:
        return DASH
    return f"{number(claim.percent, signed=True, digits=2)}{NARROW_SPACE}%"


def _adjusted(value: float | None, low: float | None, high: float | None, row: VariableRow, lang: str) -> list[str]:
    if value is None or low is None or high is None:
        return [DASH]
    ends = [measure(end, row.unit, lang, row.key).partition(" ")[0] for end in (low, high)]
    return [f"{measure(value, row.unit, lang, row.key)} [{DASH.join(ends)}]"]


def terminal_table(found: Reconciliation, lang: str) -> RenderableType:
    """Return the table for a terminal."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    table: Any = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), show_lines=False)
    for i, name in enumerate(head(found, lang)):
        table.add_column(name, justify="right" if i == 2 else "left", ratio=None, overflow="fold", min_width=(12, 22, 9, 14, 14)[i])
    for cells in lines(found, lang, short=True):
        _add(table, [[escape(line) for line in cell] for cell in cells])
    return table  # type: ignore[no-any-return]


def _add(table: Any, cells: list[list[str]]) -> None:
    """Add a row for each claim of a variable, so that long sources wrap beside their own difference."""
    depth = max(len(cell) for cell in cells)
    for i in range(depth):
        table.add_row(*(cell[i] if i < len(cell) else "" for cell in cells), end_section=i == depth - 1)
