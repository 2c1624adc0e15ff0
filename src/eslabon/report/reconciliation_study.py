"""The study of the method on made-up ledgers, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from eslabon.i18n import phrase, translate
from eslabon.report.numbers import DASH, NARROW_SPACE, number

if TYPE_CHECKING:
    from rich.console import RenderableType


def study_table(document: Mapping[str, Any], lang: str) -> RenderableType:
    """Return the acceptance lines: what was found, what was asked, whether it holds."""
    from rich import box
    from rich.table import Table

    table = Table(*(translate(f"study.{key}", lang) for key in ("what", "found", "asked", "holds")), box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for line in document["acceptance"]:
        asked = f"{_percent(line['low'])}{DASH}{_percent(line['high'])}"
        holds = "unknown" if line["holds"] is None else "yes" if line["holds"] else "no"
        table.add_row(phrase(f"{line['line']}", lang), _percent(line["value"]), asked, translate(f"study.{holds}", lang))
    return table


def study_lines(document: Mapping[str, Any], lang: str) -> Iterator[str]:
    """Yield what the ledgers were, and how naming depends on how well others check a claim."""
    pieces, sigmas = (number(document[key]) for key in ("pieces_a_ledger", "planted_sigmas"))
    yield translate("study.head", lang, n=document["ledgers"], seed=document["seed"], pieces=pieces, sigmas=sigmas)
    for row in document["by_redundancy"]:
        if row["ledgers"]:
            values = {"named": _percent(row["named"]), "expected": _percent(row["expected"]), "n": row["ledgers"]}
            yield translate("study.by_redundancy", lang, low=row["from"], high=row["to"], **values)


def _percent(value: float | None) -> str:
    return DASH if value is None else f"{number(100 * value)}{NARROW_SPACE}%"
