"""Which charts a page carries, each in a wide and a narrow form, with its words and its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from eslabon.i18n import translate
from eslabon.report.addresses import Cell, figure_address, published_address
from eslabon.report.brand import Option
from eslabon.report.charts import (
    basin_map,
    difference,
    fan,
    fan_compare,
    flow,
    outcome_panels,
    price_ladder,
    small_multiples,
)
from eslabon.report.data import (
    NATION,
    OutcomeInfo,
    PageData,
    Row,
    ScenarioResult,
    in_year,
    of_scenario,
    pick,
    published,
)
from eslabon.report.fans import LAST_PLACES, grid_height
from eslabon.report.intervals import percent_interval, percent_lines
from eslabon.report.names import names_by_id, outcome_name, place_name, scenario_title
from eslabon.report.numbers import exact, number, percent
from eslabon.report.places import flow_links, link_address
from eslabon.report.selection import AREA, COMPARED, OBSERVED, PANELS
from eslabon.report.sentences import VRAEM
from eslabon.report.tables import past_by_outcome
from eslabon.units import KG_PER_T

YEARS_BEFORE = 10
"""Published years drawn before the scenarios begin."""


@dataclass(frozen=True)
class Figure:
    """One chart of the page: key, heading, lead, the two options, their heights in px, and its numbers as a table."""

    key: str
    heading: str
    lead: str
    wide: Option
    narrow: Option
    heights: tuple[int, int]
    head: Sequence[str] = ()
    rows: Sequence[Sequence[str]] = field(default_factory=list)


def scenario_figures(data: PageData, lang: str) -> list[Figure]:
    """Return the charts of the scenarios in reading order; those without rows are left out."""
    made = [_national_fan(data, lang), _panels(data, lang)]
    made += [_difference(data, policy, lang) for policy in data.policies]
    made += [_basin_fans(data, lang), _map(data, lang), _ladder(data, lang), _flow(data, lang)]
    return [figure for figure in made if figure]


def history_figures(data: PageData, lang: str) -> list[Figure]:
    """Return the fans of the history run beside the published areas of the nation and the VRAEM."""
    if data.history is None:
        return []
    made = []
    for basin, place in ((NATION, "nation"), (VRAEM, "vraem")):
        if pick(data.history.rows, OBSERVED, basin):
            options = [
                fan(
                    data.history.rows,
                    OBSERVED,
                    basin,
                    lang=lang,
                    info=data.info(OBSERVED),
                    observations=data.observations,
                    narrow=narrow,
                )
                for narrow in (False, True)
            ]
            made.append(Figure(f"past-{place}", translate(f"page.past_{place}", lang), "", options[0], options[1], (340, 320)))
    infos = [info for info, _ in past_by_outcome(data)]
    if infos:
        model = (translate("chart.model", lang), data.history.rows)
        wide, narrow = (outcome_panels(model, [], infos, lang=lang, observations=data.observations, columns=columns) for columns in (3, 2))
        heights = (grid_height(len(infos), 3), grid_height(len(infos), 2))
        made.append(Figure("past-panels", translate("page.past_panels", lang), "", wide, narrow, heights))
    return made


def titled(scenario: ScenarioResult, lang: str) -> tuple[str, Sequence[Row]]:
    """Return a scenario as charts take it: its title and rows."""
    return scenario_title(scenario, lang), scenario.rows


def _national_fan(data: PageData, lang: str) -> Figure | None:
    outcome = OBSERVED if pick(data.reference.rows, OBSERVED) else AREA
    rows = pick(data.reference.rows, outcome)
    if not rows:
        return None
    listed = [titled(policy, lang) for policy in data.policies]
    first = int(rows[0]["year"]) - YEARS_BEFORE
    options = [
        fan_compare(
            titled(data.reference, lang),
            listed,
            outcome,
            lang=lang,
            info=data.info(outcome),
            observations=data.observations,
            first_year=first,
            narrow=narrow,
        )
        for narrow in (False, True)
    ]
    head = [translate(f"table.{name}", lang) for name in ("year", "published", "claims")]
    head += [f"{scenario_title(run, lang)} {name}" for run in data.scenarios for name in ("5 %", "50 %", "95 %")]
    return Figure(
        "fan-nation",
        translate("page.fan_nation", lang),
        translate("page.fan_nation_lead", lang),
        options[0],
        options[1],
        (430, 400),
        head,
        _fan_numbers(data, outcome, first),
    )


def _fan_numbers(data: PageData, outcome: str, first: int) -> list[list[str]]:
    dots = {int(item["year"]): item for item in published(data.observations, outcome)}
    fans = [{int(row["year"]): row for row in pick(run.rows, outcome)} for run in data.scenarios]
    years = sorted({year for year in dots if year >= first}.union(*fans))
    lines = []
    for year in years:
        dot = dots.get(year)
        line = [str(year), Cell(exact(dot["value"]), published_address(dot)) if dot else "", str(dot.get("claims") or "") if dot else ""]
        for run, by_year in zip(data.scenarios, fans, strict=True):
            row = by_year.get(year)
            line += [Cell(number(row[q]), figure_address(outcome, run.name, row)) if row else "" for q in ("p05", "p50", "p95")]
        lines.append(line)
    return lines


def _panels(data: PageData, lang: str) -> Figure | None:
    infos: list[OutcomeInfo] = [info for name in PANELS if (info := data.info(name)) and pick(data.reference.rows, name)]
    if not infos:
        return None
    listed = [titled(policy, lang) for policy in data.policies]
    reference = titled(data.reference, lang)
    wide, narrow = (outcome_panels(reference, listed, infos, lang=lang, columns=columns) for columns in (3, 2))
    heights = (grid_height(len(infos), 3), grid_height(len(infos), 2))
    return Figure("panels", translate("page.panels", lang), translate("page.panels_lead", lang), wide, narrow, heights)


def _difference(data: PageData, policy: ScenarioResult, lang: str) -> Figure | None:
    ours = set(COMPARED)
    infos = [info for info in data.distinct_outcomes if info.name in ours] or data.distinct_outcomes
    changed = of_scenario(data.differences, policy.name)
    lines = percent_lines(changed, data.reference.rows, infos, data.last_year)
    if not lines:
        return None
    year = data.last_year
    wide, narrow = (difference(changed, data.reference.rows, infos, year, lang=lang, narrow=small) for small in (False, True))
    names = {"policy": scenario_title(policy, lang), "reference": scenario_title(data.reference, lang)}
    several = f": {names['policy']}" if len(data.policies) > 1 else ""
    head = [translate("table.outcome", lang), "50 %", "90 %", "N"]
    rows = []
    for i, row in lines:
        address = figure_address(i.name, policy.name, row, data.reference.name)
        rows.append([outcome_name(i.name, lang, i), Cell(percent(row["p50"]), address), Cell(percent_interval(row), address), str(row["n"])])
    return Figure(
        f"difference-{data.policies.index(policy) + 1}",
        translate("page.difference", lang) + several,
        translate("page.difference_lead", lang, year=year, **names),
        wide,
        narrow,
        (90 + 32 * len(lines), 110 + 42 * len(lines)),
        head,
        rows,
    )


def _basin_fans(data: PageData, lang: str) -> Figure | None:
    outcome = OBSERVED if pick(data.reference.rows, OBSERVED, None) else AREA
    rows = pick(data.reference.rows, outcome, None)
    if not rows:
        return None
    listed, reference = [titled(policy, lang) for policy in data.policies], titled(data.reference, lang)
    count = min(len({row["basin"] for row in rows}), LAST_PLACES)
    wide, narrow = (
        small_multiples(
            reference,
            listed,
            outcome,
            data.basins,
            lang=lang,
            info=data.info(outcome),
            observations=data.observations,
            first_year=int(rows[0]["year"]) - 4,
            columns=columns,
        )
        for columns in (4, 2)
    )
    heights = (grid_height(count, 4), grid_height(count, 2))
    return Figure("fan-basins", translate("page.fan_basins", lang), translate("page.fan_basins_lead", lang), wide, narrow, heights)


def _ladder(data: PageData, lang: str) -> Figure | None:
    year = data.last_year
    shown = [titled(run, lang) for run in data.scenarios[:2]]
    options = [price_ladder(shown, year, data.corridors, lang=lang, narrow=narrow) for narrow in (False, True)]
    lines = len(options[0]["yAxis"][0]["data"])
    if not lines:
        return None
    lead = translate("page.ladder_lead", lang, year=year)
    return Figure("ladder", translate("page.ladder", lang), lead, options[0], options[1], (90 + 30 * lines, 110 + 36 * lines))


def _flow(data: PageData, lang: str) -> Figure | None:
    year, run = data.last_year, data.shown
    links = flow_links(run.rows, year)
    if not links:
        return None
    wide, narrow = (flow(run.rows, year, data.basins, data.corridors, lang=lang, narrow=small) for small in (False, True))
    known = {
        **{f"basin:{key}": name for key, name in names_by_id(data.basins, lang).items()},
        **{f"corridor:{key}": name for key, name in names_by_id(data.corridors, lang).items()},
        "basin:further": translate("chart.further_basins", lang),
        **{name: translate(f"chart.{name}", lang) for name in ("field", "seized", "border")},
    }
    head = [translate("table.from", lang), translate("table.to", lang), "t"]
    rows = [
        [known.get(k.source, k.source), known.get(k.target, k.target), Cell(number(k.kg / KG_PER_T), link_address(k, run.name, year))] for k in links
    ]
    lead = translate("page.flow_lead", lang, year=year, policy=scenario_title(run, lang))
    return Figure("flow", translate("page.flow", lang), lead, wide, narrow, (540, 520), head, rows)


def _map(data: PageData, lang: str) -> Figure | None:
    year, run = data.last_year, data.shown
    rows = in_year(pick(run.rows, AREA, None), year)
    if not rows:
        return None
    changed = of_scenario(data.differences, run.name)
    wide, narrow = (basin_map(run.rows, year, data.basins, differences=changed, lang=lang, narrow=small) for small in (False, True))
    lead = translate("page.map_lead", lang, year=year, policy=scenario_title(run, lang))
    if changed:
        lead += " " + translate("page.map_colours", lang, reference=scenario_title(data.reference, lang))
    by_basin = {row["basin"]: row for row in rows}
    changes = {row["basin"]: row for row in in_year(pick(changed, AREA, None), year)}
    table = []
    for item in sorted(data.basins, key=lambda b: -float(by_basin.get(b["id"], {}).get("p50", 0))):
        row, change = by_basin.get(item["id"]), changes.get(item["id"])
        if row:
            there = figure_address(AREA, run.name, row)
            line = [place_name(item, lang), *(Cell(number(row[q]), there) for q in ("p05", "p50", "p95"))]
            less = figure_address(AREA, run.name, row, data.reference.name)
            table.append([*line, *(Cell(number(change[q], signed=True), less) for q in ("p05", "p50", "p95"))] if change else line)
    head = [translate("table.basin", lang), "5 %", "50 %", "95 %"]
    head += [f"{translate('table.difference', lang)} {q}" for q in ("5 %", "50 %", "95 %")] if changes else []
    return Figure("map", translate("page.map", lang), lead, wide, narrow, (660, 480), head, table)
