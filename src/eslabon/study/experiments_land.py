"""Experiments on land: eradication, spraying, replanting, the years that were observed, the frontier."""

from __future__ import annotations

import numpy as np

from eslabon.study.bench import Array, Bench, Parts, percent, pull, quotient, scenario

PULSE_SHARE = 0.1
"""Extra hectares of a pulse over the basin's coca."""
LEAST_GROWTH_PERCENT = 1.0
"""Growth of the valley below which a ratio to it means nothing."""
STANDING = ("coca_area_ha", "coca_young_ha")


def reached(bench: Bench) -> str:
    """Return the basin with most coca among those that crews can reach fully."""
    open_to_crews = [z for z in bench.pack.zones if z.eradication_access >= 1]
    return max(open_to_crews, key=lambda z: z.area_2024_ha).id


def departments(bench: Bench, *names: str) -> tuple[str, ...]:
    """Return the frontier basins of some departments."""
    inside = {b for name in names for b in bench.pack.departments.get(name, ())}
    return tuple(z.id for z in bench.pack.zones if z.frontier and z.id in inside)


def t01_spraying(bench: Bench) -> Parts:
    """Sprays a tenth of one basin's coca in December 2025 and nothing elsewhere that month, and compares all standing coca of
    the basin a year later with the same members not sprayed; recovery is that of sprayed plants (test structure)."""
    basin = reached(bench)
    area_ha = PULSE_SHARE * bench.area_ha("2024", basin)
    month = "2025-12"
    off, on = bench.arms(
        *(scenario(f"spray-{name}", pull("forced_eradication", amount, month, month, basins=[basin]), until=2026, structure=("spraying",))
          for name, amount in (("off", 0.0), ("on", 12 * area_ha)))
    )  # fmt: skip
    sprayed = on.of("eradicated_ha", 2025, basin) - off.of("eradicated_ha", 2025, basin)
    change = sum(on.of(name, 2026, basin) - off.of(name, 2026, basin) for name in STANDING)
    return {"effect": quotient(np.asarray(change), sprayed)}


def t02_growth_2016(bench: Bench) -> Parts:
    """Starts at the end of 2015 with the areas and policies that were published and lets 2016 happen, 30,150 ha eradicated."""
    (arm,) = bench.arms(scenario("from-2015", start="2015", until=2022))
    return {"change": percent(arm.of("coca_area_ha", 2016), arm.of("coca_area_ha", 2015))}


def t03_fall_2013(bench: Bench) -> Parts:
    """Starts at the end of 2012 with the areas and policies that were published and lets 2013 happen, 23,900 ha eradicated."""
    (arm,) = bench.arms(scenario("from-2012", start="2012", until=2016))
    return {"change": percent(arm.of("coca_area_ha", 2013), arm.of("coca_area_ha", 2012))}


def t04_uprooted_again(bench: Bench) -> Parts:
    """Goes on with the mean eradication of the last five years for three years and asks, in the third, which share of what crews
    removed stood on plots they had eradicated before; 2025, which rests on the starting state, stands beside it and does not count."""
    (arm,) = bench.arms(scenario("reference"))
    return {name: quotient(arm.of("removed_regrown_ha", year), arm.of("removed_ha", year)) for name, year in (("share", 2027), ("in_2025", 2025))}


def t08_neighbours(bench: Bench) -> Parts:
    """Sprays half of one basin's coca a year for two years and nothing elsewhere, against nothing at all, and compares the
    relative effect on forest newly cleared for coca in the second year in the three nearest basins with that at home. Members in
    which spraying holds nothing back at home have no ratio."""
    basin = reached(bench)
    near = bench.nearest(basin)
    area_ha = 0.5 * bench.area_ha("2024", basin)
    off, on = bench.arms(
        *(scenario(f"spray-years-{name}", pull("forced_eradication", amount, "2025-01", basins=[basin]), until=2026, structure=("spraying",))
          for name, amount in (("off", 0.0), ("on", area_ha)))
    )  # fmt: skip
    home = percent(on.of("forest_cleared_ha", 2026, basin), off.of("forest_cleared_ha", 2026, basin))
    away = percent(on.of("forest_cleared_ha", 2026, *near), off.of("forest_cleared_ha", 2026, *near))
    return {"ratio": quotient(away, np.where(home < 0, home, np.nan))}


def t09_frontier(bench: Bench) -> Parts:
    """Starts at the end of 2015, lets the published policies happen, and compares the growth of 2022 in the frontier basins of
    Ucayali and Loreto with that in the VRAEM; the frontier's opening in 2019-2021 is an input. Members in which the VRAEM
    grows by less than one percent have no ratio."""
    (arm,) = bench.arms(scenario("from-2015", start="2015", until=2022))
    frontier = departments(bench, "Ucayali", "Loreto")
    grown: dict[str, Array] = {
        name: percent(arm.of("coca_area_ha", 2022, *places), arm.of("coca_area_ha", 2021, *places))
        for name, places in (("frontier", frontier), ("valley", ("vraem",)))
    }
    return {"ratio": quotient(grown["frontier"], np.where(grown["valley"] >= LEAST_GROWTH_PERCENT, grown["valley"], np.nan))}


def s07_net_of_eradication(bench: Bench) -> Parts:
    """Starts at the end of 2012, lets 2013-2016 happen, and divides the net fall of the area by the hectares eradicated."""
    (arm,) = bench.arms(scenario("from-2012", start="2012", until=2016))
    fallen = arm.of("coca_area_ha", 2012) - arm.of("coca_area_ha", 2016)
    return {"ratio": quotient(fallen, 4 * arm.mean("eradicated_ha", range(2013, 2017)))}


EXPERIMENTS = {
    "T01": t01_spraying, "T02": t02_growth_2016, "T03": t03_fall_2013, "T04": t04_uprooted_again, "T08": t08_neighbours,
    "T09": t09_frontier, "S07": s07_net_of_eradication,
}  # fmt: skip
