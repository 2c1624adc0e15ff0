"""Every figure as a pure function that returns an ECharts option: the same dict for page, notebook, lab and picture.

All texts come from the catalogue; nothing is animated; each option carries a spoken description; bands are the 50
and the 90 % interval. Options are plain data (no functions), so they can be written as JSON anywhere.
"""

from __future__ import annotations

from eslabon.report.fans import fan, fan_compare, outcome_panels, small_multiples
from eslabon.report.intervals import difference, price_ladder
from eslabon.report.places import basin_map, flow

__all__ = ["basin_map", "difference", "fan", "fan_compare", "flow", "outcome_panels", "price_ladder", "small_multiples"]
