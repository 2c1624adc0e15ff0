"""Rival rules in the terminal: how far each moves the answer."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from eslabon.i18n import translate
from eslabon.study.rivals import Rival


def show_rivals(found: Sequence[Rival], console: Console) -> None:
    """Print one row a rival and headline: its median, 90 % interval, and the distance from the default."""
    table = Table("rule replaced", "by", "outcome, last year", "default", "rival", "90 %", "moved", title="Rival rules, everything else alike")
    for rival in found:
        for i, row in enumerate(rival.rows):
            table.add_row(
                rival.group if i == 0 else "", rival.structure if i == 0 else "", translate(f"short.{row['outcome']}", "en"),
                f"{row['default']:,.3g}", f"{row['p50']:,.3g}", f"{row['p05']:,.3g} to {row['p95']:,.3g}", f"{row['moved']:+,.3g}",
                end_section=i == len(rival.rows) - 1,
            )  # fmt: skip
    console.print(table)
    console.print("Medians of the same members. All households are synthetic.")
