"""A synthetic but life-like report: 18 basins, history 2001-2024, policies 2024-2030; the model's outcomes, no model behind them."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from typing import Any

from eslabon.report.data import HARM_ROWS, OutcomeInfo, PageData, Row, ScenarioResult
from eslabon.stages import observe

BASINS: list[tuple[str, str, float | None, float | None, float]] = [
    ("vraem", "VRAEM", -73.8, -12.4, 36_345),
    ("inambari_tambopata", "Inambari-Tambopata", -69.4, -13.7, 10_508),
    ("bajo_amazonas", "Bajo Amazonas", -70.6, -3.7, 8_277),
    ("huallaga", "Huallaga", -76.1, -9.1, 4_436),
    ("aguaytia", "Aguaytía", -75.5, -8.9, 4_364),
    ("calleria", "Callería", -74.2, -8.2, 4_259),
    ("la_convencion_lares", "La Convención-Lares", -72.5, -12.8, 3_237),
    ("pichis_palcazu_pachitea", "Pichis-Palcazú-Pachitea", -75.0, -10.2, 2_917),
    ("bajo_ucayali", "Bajo Ucayali", -74.6, -6.2, 2_768),
    ("kosnipata", "Kosñipata", -71.3, -13.1, 2_226),
    ("amazonas", "Amazonas", -77.9, -5.2, 1_718),
    ("san_gaban", "San Gabán", -70.4, -13.5, 1_693),
    ("putumayo", "Putumayo", -73.2, -2.4, 1_548),
    ("bajo_huallaga", "Bajo Huallaga", -76.3, -6.9, 1_441),
    ("contamana", "Contamana", -75.0, -7.3, 1_378),
    ("madre_de_dios", "Madre de Dios", -70.2, -12.6, 944),
    ("maranon", "Marañón", -77.4, -4.4, 533),
    ("frontier", "Frontera y otras zonas", None, None, 1_161),
]
ENGLISH = {"frontier": "Frontier and other zones"}
CORRIDORS = [
    ("amazon", "Triple frontera amazónica", "Amazon tri-border"),
    ("pacific", "Pacífico", "Pacific"),
    ("bolivia", "Bolivia", "Bolivia"),
]
NATIONAL = {
    2001: 46_200, 2002: 46_700, 2003: 44_200, 2004: 50_300, 2005: 48_200, 2006: 51_400, 2007: 53_700, 2008: 56_100,
    2009: 59_900, 2010: 61_200, 2011: 62_500, 2012: 60_400, 2013: 49_800, 2014: 42_900, 2015: 40_300, 2016: 43_900,
    2017: 49_900, 2018: 54_134, 2019: 54_655, 2020: 61_777, 2021: 80_681, 2022: 95_008, 2023: 92_784, 2024: 89_755,
}  # fmt: skip
VRAEM = {
    2002: 14_000, 2004: 14_700, 2005: 15_500, 2009: 17_486, 2010: 19_723, 2012: 19_965, 2013: 19_167, 2014: 18_845,
    2015: 18_333, 2016: 20_304, 2017: 21_535, 2018: 24_111, 2019: 26_028, 2020: 27_994, 2021: 32_106, 2022: 35_709,
    2023: 38_253, 2024: 36_345,
}  # fmt: skip

MODELLED = {o.name: o for o in reversed(observe.OUTCOMES)}
OUTCOMES = [OutcomeInfo(o.name, o.unit, o.kind, o.group, o.meaning) for o in reversed(MODELLED.values())]  # type: ignore[arg-type]
PLAIN = (100.0, 0.2, 0.05)
LEVELS = {  # national level in 2024, spread, effect of the policy by 2030
    "leaf_kg": (205e6, 0.12, -0.17),
    "legal_leaf_kg": (2.4e6, 0.10, 0.01),
    "cocaine_kg": (690e3, 0.16, -0.16),
    "seized_kg": (71e3, 0.20, -0.10),
    "exported_kg": (585e3, 0.17, -0.17),
    "replanted_ha": (12_400, 0.25, 0.62),
    "price_leaf_usd2013_per_kg": (2.9, 0.16, 0.08),
    "ladder_leaf_usd2013_per_kg": (730, 0.18, 0.08),
    "price_base_origin_usd2013_per_kg": (860, 0.14, 0.05),
    "price_cocaine_origin_usd2013_per_kg": (1_180, 0.13, 0.04),
    "household_income_usd2013": (2_950, 0.12, -0.07),
    "households": (231_000, 0.01, -0.004),
    "growers": (118_000, 0.08, -0.06),
    "households_leaving": (1_900, 0.35, 0.38),
    "arrests": (4_100, 0.20, 0.12),
    "poverty_share": (0.55, 0.05, 0.02),
    "flights_flown_share": (0.97, 0.01, 0.0),
    "cohort_exposed_share": (0.12, 0.2, 0.01),
    "deaths_civilians": (13.0, 0.3, 0.1),
    "prison_stock": (9_000, 0.3, 0.04),
    "displaced_people": (11_000, 0.4, 0.3),
    "indigenous_exposure_ha": (17_000, 0.1, -0.12),
    "moved_road_kg": (330e3, 0.2, -0.17),
    "paid_households": (0.0, 0.0, 0.0),
    "forest_cleared_ha": (6_700, 0.28, 0.27),
    "eradicated_ha": (20_700, 0.03, 0.45),
    "removed_ha": (17_300, 0.07, 0.43),
    "public_cost_usd2013": (46e6, 0.10, 0.40),
}


def row(
    outcome: str,
    basin: str,
    year: int,
    unit: str,
    median: float,
    spread: float,
    corridor: str | None = None,
    n: int = 400,
) -> Row:
    """Return quantiles of a log-normal around a positive median."""
    ratio = {q: math.exp(z * spread) for q, z in {"p05": -1.645, "p25": -0.674, "p50": 0.0, "p75": 0.674, "p95": 1.645}.items()}
    return {
        "outcome": outcome,
        "basin": basin,
        "corridor": corridor,
        "year": year,
        "unit": unit,
        "n": n,
        **{q: median * r for q, r in ratio.items()},
    }


def scenario_rows(policy: bool) -> list[Row]:
    """Return the yearly rows of the baseline or of the policy."""
    rows: list[Row] = []
    total = sum(item[4] for item in BASINS)
    for year in range(2024, 2031):
        step = (year - 2024) / 6
        for outcome in ("coca_area_ha", "coca_area_observed_ha"):
            wider = 0.03 if outcome.endswith("observed_ha") else 0.01
            national = total * (1 + 0.04 * step) * (1 - (0.2 * step if policy else 0))
            rows.append(row(outcome, "ALL", year, "ha", national, wider + 0.1 * step))
            for place, (basin, _, _, _, area) in enumerate(BASINS):
                effect = (-0.3 if place % 3 else -0.08) if place % 4 != 2 else 0.22
                level = area * (1 + 0.04 * step) * (1 + (effect * step if policy else 0))
                rows.append(row(outcome, basin, year, "ha", level, 0.04 + 0.2 * step))
        for info in OUTCOMES:
            if MODELLED[info.name].dims in ("basin", "nation") and not info.name.startswith("coca_area"):
                level, spread, effect = LEVELS.get(info.name, PLAIN)
                median = level * (1 + 0.02 * step) * (1 + (effect * min(1, step * 1.5) if policy else 0))
                rows.append(row(info.name, "ALL", year, info.unit, median, spread))
                for basin, _, _, _, area in BASINS if MODELLED[info.name].dims == "basin" else ():
                    share = area / total if info.kind in {"flow", "cost", "stock"} else 1
                    rows.append(row(info.name, basin, year, info.unit, median * share, spread * 1.4))
        rows += corridor_rows(year, policy, step, total)
    return rows


def corridor_rows(year: int, policy: bool, step: float, total: float) -> list[Row]:
    """Return flows and border prices by corridor."""
    rows: list[Row] = []
    cut = 1 - (0.17 * step if policy else 0)
    for position, (corridor, _, _) in enumerate(CORRIDORS):
        price = (2_900, 3_300, 2_150)[position] * (1 + (0.03 * step if policy else 0))
        rows.append(row("price_border_usd2013_per_kg", "ALL", year, "usd2013/kg", price, 0.15, corridor))
        carried = 0.0
        for basin, _, _, lat, area in BASINS:
            north = lat is not None and lat > -9.5
            kg = 625e3 * area / total * ((0.7, 0.25, 0.05) if north else (0.08, 0.22, 0.7))[position] * cut
            rows.append(row("moved_kg", basin, year, "kg", kg, 0.3, corridor))
            carried += kg
        rows.append(row("exported_kg", "ALL", year, "kg", 0.92 * carried, 0.2, corridor))
        rows.append(row("seized_kg", "ALL", year, "kg", 0.08 * carried, 0.2, corridor))
    return rows


def difference_rows(reference: list[Row], policy: list[Row], name: str) -> list[Row]:
    """Return paired differences, tighter than the two sets of quantiles because both share their luck."""
    base = {(r["outcome"], r["basin"], r["corridor"], r["year"]): r for r in reference}
    rows = []
    for r in policy:
        other = base[r["outcome"], r["basin"], r["corridor"], r["year"]]
        middle = r["p50"] - other["p50"]
        spread = 0.35 * abs(middle) + 0.012 * abs(other["p50"]) * (r["year"] > 2024)
        z = {"p05": -1.645, "p25": -0.674, "p50": 0.0, "p75": 0.674, "p95": 1.645}
        rows.append({**r, "scenario": name, **{q: middle + v * spread for q, v in z.items()}})
    return rows


def history_result() -> ScenarioResult:
    """Return a history run that misses some published years."""
    luck = random.Random(7)
    rows: list[Row] = []
    for year, area in NATIONAL.items():
        drift = 1 + 0.12 * math.sin(year / 2.3) + luck.uniform(-0.03, 0.03)
        rows.append(row("coca_area_observed_ha", "ALL", year, "ha", area * drift, 0.07, n=396))
        rows.append(row("cocaine_kg", "ALL", year, "kg", area * drift * 7.4, 0.18, n=396))
        rows.append(row("leaf_kg", "ALL", year, "kg sun-dried leaf", area * drift * 2_300, 0.12, n=396))
        rows.append(row("price_leaf_usd2013_per_kg", "ALL", year, "usd2013/kg", 3.3 + 0.6 * math.sin(year / 3), 0.15, n=396))
        rows.append(row("seized_kg", "ALL", year, "kg cocaine", 14e3 + 2.6e3 * (year - 2001), 0.25, n=396))
        for basin, _, _, _, latest in BASINS:
            level = VRAEM.get(year, 14_500 + 300 * (year - 2001)) if basin == "vraem" else latest * area / 95_000
            rows.append(row("coca_area_observed_ha", basin, year, "ha", level * (1 + 0.1 * math.cos(year / 1.9)), 0.1, n=396))
    failed = [{"member": 17, "reason": "non-finite price in vraem, 2009-03"}]
    return ScenarioResult("history", "2001-2024 as it happened", rows, 400, 396, failed)


def observation_list() -> list[dict[str, Any]]:
    """Return published figures; the VRAEM's and the nation's are real, those of other basins are scaled."""

    def item(basin: str, year: int, value: float, claims: str, **more: Any) -> dict[str, Any]:
        plain = {"low": None, "high": None, "coverage": "2024_24", "series_break": "", "note": ""}
        return {
            "quantity": "coca_area_ha",
            "basin": basin,
            "year": year,
            "value": value,
            "unit": "ha",
            "claims": claims,
            **plain,
            **more,
        }

    found = []
    for number, (year, area) in enumerate(NATIONAL.items()):
        extra: dict[str, Any] = {"low": area * 0.92, "high": area * 1.08} if year < 2018 else {}
        if year == 2018:
            extra = {"series_break": "break.method_2018"}
        if year == 2022:
            extra = {"series_break": "zone redefinition"}
        found.append(item("ALL", year, area, f"C{100 + number:04d};C{300 + number:04d}", **extra))
    found += [item("vraem", year, area, f"C{90 + n:04d}") for n, (year, area) in enumerate(VRAEM.items())]
    for basin, _, _, _, latest in BASINS[1:]:
        found += [item(basin, year, round(latest * NATIONAL[year] / 89_755), "C0001") for year in range(2020, 2025)]
    for year, value in {2003: 50.8e6, 2004: 110e6, 2009: 128e6, 2013: 121.4e6, 2016: 106e6, 2020: 146.3e6}.items():
        found.append(item("ALL", year, value, "C0581", quantity="leaf_kg", note="derived"))
    for year, value in {2003: 2.79, 2006: 2.91, 2010: 3.31, 2013: 4.3, 2017: 3.21, 2021: 1.51}.items():
        found.append(item("ALL", year, value, "C0743", quantity="price_leaf_usd2013_per_kg"))
    for year, value in {2004: 13_633, 2011: 24_000, 2014: 34_700, 2020: 38_269, 2023: 65_850.3}.items():
        found.append(item("ALL", year, value, "C0907;C0905", quantity="seized_kg", unit="kg"))
    return found


def page_data(*, policies: int = 1, **changes: Any) -> PageData:
    """Return the sample; `policies=0` gives a plain run."""
    reference = scenario_rows(False)
    scenarios = [ScenarioResult("baseline", "Policies continue", reference, 400, 400, [])]
    differences: list[Row] = []
    names = [("eradicate-30k", "30,000 ha eradicated a year"), ("no-eradication", "No eradication")][:policies]
    for name, title in names:
        rows = [{**found, "n": 398} for found in scenario_rows(True)]
        scenarios.append(ScenarioResult(name, title, rows, 400, 398, [{"member": 3, "reason": "price"}, {"member": 9, "reason": "price"}]))
        differences += difference_rows(reference, rows, name)
    values: dict[str, Any] = {
        "question": "question.eradicate_30k" if policies else "question.baseline",
        "scenarios": scenarios,
        "differences": differences,
        "history": history_result(),
        "observations": observation_list(),
        "basins": [
            {
                "id": i,
                "name_es": es,
                "name_en": ENGLISH.get(i, es),
                "lon": lon,
                "lat": lat,
                "group": "",
                "frontier": i == "frontier",
            }
            for i, es, lon, lat, _ in BASINS
        ],
        "corridors": [{"id": i, "name_es": es, "name_en": en} for i, es, en in CORRIDORS],
        "outcomes": OUTCOMES,
        "not_modelled": {},
        "notes": ["note.priors", "note.inputs_dated", "note.exogenous", "note.system"],
        "manifest": {
            "scenarios": [s.name for s in scenarios],
            "members": 400,
            "seed": 20140,
            "version": "0.1.0",
            "data": "3f9ad0b1c2d4",
            "hash": "9b1c77d0a4e2",
        },
    }
    return PageData(**{**values, **changes})


def without(data: PageData, harms: dict[str, str]) -> PageData:
    """Return the report without the rows of some harms, and with words why."""
    gone = {outcome for harm in harms for outcome in HARM_ROWS[harm]}
    return replace(
        data,
        scenarios=[replace(run, rows=[row for row in run.rows if row["outcome"] not in gone]) for run in data.scenarios],
        differences=[row for row in data.differences if row["outcome"] not in gone],
        outcomes=[info for info in data.outcomes if info.name not in gone],
        not_modelled=harms,
    )
