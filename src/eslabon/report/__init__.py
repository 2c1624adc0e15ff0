"""Reports: charts, tables and the self-contained page, made from plain rows; loaded on first use."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME = {
    "OutcomeInfo": "data",
    "PageData": "data",
    "Row": "data",
    "ScenarioResult": "data",
    "history_table": "tables",
    "terminal_table": "tables",
    "write_page": "page",
}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
