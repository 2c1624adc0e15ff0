"""Which outcomes stand in front: in the sentences, the tiles, the first table and the charts; the folded tables have all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eslabon.report.data import HARM_ROWS, OutcomeInfo

AREA = "coca_area_ha"
OBSERVED = "coca_area_observed_ha"

SAID = ("exported_kg", "household_income_usd2013", "public_cost_usd2013")
"""Said beside coca area in the answer."""
HARMS_SAID = ("deaths_civilians", "arrests", "prison_stock", "displaced_people", "indigenous_exposure_ha", "forest_cleared_ha")
"""Said in the answer's own sentence on harms."""
TILES = (
    AREA, "exported_kg", "price_leaf_usd2013_per_kg", "household_income_usd2013",
    "deaths_civilians", "arrests", "prison_stock", "displaced_people",
    "indigenous_exposure_ha", "forest_cleared_ha", "child_workers", "public_cost_usd2013",
)  # fmt: skip
PANELS = (
    "exported_kg", "seized_kg", "price_leaf_usd2013_per_kg", "household_income_usd2013", "poverty_share", "public_cost_usd2013",
    "deaths_civilians", "arrests", "prison_stock", "displaced_people", "indigenous_exposure_ha", "forest_cleared_ha",
)  # fmt: skip
"""Small fans for the whole country: a row of supply, one of households and cost, two of harms."""
FRONT = (
    AREA, "leaf_kg", "legal_leaf_kg", "cocaine_kg", "exported_kg", "replanted_ha",
    "price_leaf_usd2013_per_kg", "price_cocaine_origin_usd2013_per_kg",
    "household_income_usd2013", "poverty_share", "growers", "child_workers",
    "attacks", "deaths_civilians", "deaths_state", "protests", "arrests", "prison_stock", "displaced_people", "indigenous_exposure_ha",
    "protected_exposure_ha", "forest_cleared_ha",
    "seized_kg", "eradicated_ha", "removed_ha", "bribes_usd2013", "captured_mayors", "armed_group_members", "public_cost_usd2013",
)  # fmt: skip
"""The first table of the page and the table of the terminal."""
COMPARED = (*(name for name in FRONT if name not in ("attacks", "captured_mayors", "armed_group_members")), "prison_entries", "trust")
"""The chart of differences in percent."""
BY_BASIN = (AREA, OBSERVED, "seized_kg", "moved_kg", "households_leaving", "households_moved_out", "households_moved_in")
"""Outcomes that charts and tables show by basin; a page needs no other basin's rows."""
MODES = ("moved_road_kg", "moved_air_kg", "moved_foot_kg", "moved_river_kg")
MIRRORED = ("households_moved_in",)
"""Outcomes that only say another one again, from its other end."""
MOVES = ("households_leaving", "households_moved_out", "households_moved_in")


def in_front(outcomes: Iterable[OutcomeInfo]) -> list[OutcomeInfo]:
    """Return the outcomes of the first table; all, if it would miss a harm that the others have."""
    known = list(outcomes)
    chosen = [info for info in known if info.name in FRONT]
    return chosen if chosen and harms_of(chosen) == harms_of(known) else known


def harms_of(outcomes: Sequence[OutcomeInfo]) -> set[str]:
    """Return the harms that some of the outcomes show."""
    names = {info.name for info in outcomes}
    return {harm for harm, carriers in HARM_ROWS.items() if names.intersection(carriers)}
