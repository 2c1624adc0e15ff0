"""How product moves, by mode, and which households leave or move, by basin: two small tables of the last year."""

from __future__ import annotations

from eslabon.i18n import translate
from eslabon.report.addresses import Cell, figure_address
from eslabon.report.data import PageData, in_year, pick
from eslabon.report.markup import element, paragraph, table, text
from eslabon.report.names import outcome_name, place_name, scenario_title
from eslabon.report.numbers import median_interval, number, percent
from eslabon.report.selection import MODES, MOVES
from eslabon.report.tables import outcome_lines
from eslabon.units import KG_PER_T

LARGEST = 8
"""Basins of the table of households."""
Rows = list[list[str]]


def moves_tables(data: PageData, lang: str) -> str:
    """Return both tables with their leads, side by side where there is room; empty without rows."""
    parts = []
    for key, (head, rows) in {"modes": mode_rows(data, lang), "households": household_rows(data, lang)}.items():
        if rows:
            title = translate(f"page.moves_{key}", lang)
            lead = translate(f"page.moves_{key}_lead", lang, policy=scenario_title(data.shown, lang), year=data.last_year)
            parts.append(element("div", element("h3", text(title)) + paragraph(lead, class_="lead") + table(head, rows, title)))
    return element("div", "".join(parts), class_="pair") if parts else ""


def mode_rows(data: PageData, lang: str) -> tuple[list[str], Rows]:
    """Return head and rows of the modes: tonnes and share of each scenario, and the paired difference.

    The share is that of the medians.
    """
    policy = data.policies[0] if data.policies else None
    found = {line.info.name: line for line in outcome_lines(data, policy, lang) if line.info.name in MODES}
    lines = [found[name] for name in MODES if name in found]
    runs = [[float(line.reference["p50"]) for line in lines], [float(line.policy["p50"]) for line in lines if line.policy]]
    whole = [sum(medians) for medians in runs]
    if whole[0] <= 0:
        return [], []
    head = [translate("table.mode", lang), scenario_title(data.reference, lang)]
    head += [scenario_title(policy, lang), translate("table.difference", lang)] if policy else []
    rows = []
    for at, line in enumerate(lines):
        sources = (line.reference, line.policy)
        cells = [
            Cell(f"{number(kg[at] / KG_PER_T)} ({percent(100 * kg[at] / all_kg, signed=False)})", line.address(row))
            for kg, all_kg, row in zip(runs, whole, sources, strict=True)
            if kg and row
        ]
        change = Cell(median_interval(line.difference, 1 / KG_PER_T, signed=True), line.address(line.difference)) if line.difference else ""
        rows.append([line.name(lang, short=True), *cells, *([change] if policy else [])])
    return head, rows


def household_rows(data: PageData, lang: str) -> tuple[list[str], Rows]:
    """Return head and rows of the basins that most households leave, move out of or come to; medians."""
    medians = {name: {str(row["basin"]): float(row["p50"]) for row in in_year(pick(data.shown.rows, name, None), data.last_year)} for name in MOVES}
    sizes = {str(item["id"]): sum(by_basin.get(str(item["id"]), 0.0) for by_basin in medians.values()) for item in data.basins}
    ranked = sorted((item for item in data.basins if round(sizes[str(item["id"])]) > 0), key=lambda item: -sizes[str(item["id"])])
    head = [translate("table.basin", lang), *(outcome_name(name, lang, short=True) for name in MOVES)]
    run, year = data.shown.name, data.last_year
    rows = []
    for item in ranked:
        basin = str(item["id"])
        address = {name: figure_address(name, run, {"basin": basin, "year": year}) for name in medians}
        cells = [Cell(number(round(by_basin.get(basin, 0.0))), address[name]) for name, by_basin in medians.items()]
        rows.append([place_name(item, lang), *cells])
    return head, rows[:LARGEST]
