"""Eslabón: an open laboratory for the coca-cocaine economy. Public names only, loaded on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from eslabon.api import (
        Comparison,
        RunResult,
        attribute,
        calibrate,
        compare,
        evidence,
        hindcast,
        levers,
        reconcile,
        run,
        scenarios,
        structures,
        trace,
        verify,
    )

__version__ = "0.3.0"
__all__ = [
    "Comparison", "RunResult", "attribute", "calibrate", "compare", "evidence", "hindcast", "levers", "reconcile",
    "run", "scenarios", "structures", "trace", "verify",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    if name in __all__:
        from eslabon import api

        return getattr(api, name)
    raise AttributeError(f"module 'eslabon' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
