"""`eslabon month`: the stages as a table, with the time of a step, or the levers, or the structures."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

MEASURED_MONTHS = 6


def lever_rows() -> list[dict[str, str]]:
    """Return one row a lever."""
    from eslabon import api

    rows = []
    for v in api.levers():
        cost = f"{v.unit_cost:,.0f} {v.cost_unit}" if v.unit_cost else "-"
        options = ", ".join(f"{o.key} ({o.unit})" for o in v.options) or "-"
        rows.append({"lever": v.name, "amount": v.amount, "unit": v.unit, "options": options, "places": v.targets, "row": v.row,
                     "unit cost": f"{cost} ({v.cost_status})", "meaning": v.meaning})  # fmt: skip
    return rows


def structure_rows() -> list[dict[str, str]]:
    """Return one row a structural alternative."""
    from eslabon import api

    return [{"structure": s.name, "replaces": s.group, "meaning": s.meaning} for s in api.structures()]


def stage_rows() -> list[dict[str, str]]:
    """Return one row a stage: what it reads, writes and conserves, and its time a step, measured here and now."""
    from eslabon import api
    from eslabon.month import STAGES

    seconds, known = measure(), api.load_region().parameters
    return [
        {"stage": s.name, "rows": s.rows, "reads": _reads(s.reads, known), "writes": ", ".join(s.writes), "conserves": s.conserves,
         "ms a step": f"{1000 * seconds[s.name]:.2f}"}
        for s in STAGES
    ]  # fmt: skip


def _reads(names: Sequence[str], parameters: Collection[str]) -> str:
    """Return what a stage reads: state, signals and flows by name, parameters by their number."""
    drawn = sum(n in parameters for n in names)
    return ", ".join(n for n in names if n not in parameters) + (f"; {drawn} parameters" if drawn else "")


def measure() -> Mapping[str, float]:
    """Return the seconds of one step of one member of the baseline, by stage, after a first step that compiles."""
    from eslabon import api
    from eslabon.month import advance
    from eslabon.start import open_world

    region = api.load_region()
    world = open_world(region.pack, region.parameters, region.scenario("baseline"), 0, [0])
    first = world.plan.first_month
    advance(world, first)
    seconds: dict[str, float] = {}
    for month in range(first + 1, first + 1 + MEASURED_MONTHS):
        advance(world, month, seconds)
    return {name: value / MEASURED_MONTHS for name, value in seconds.items()}


def show(rows: list[dict[str, Any]], console: Console) -> None:
    """Print rows as a table."""
    table = Table(show_lines=True)
    for name in rows[0]:
        table.add_column(name, overflow="fold", ratio=3 if name in ("reads", "writes", "meaning") else None, min_width=4)
    for row in rows:
        table.add_row(*map(str, row.values()))
    console.print(table)
