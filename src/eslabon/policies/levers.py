"""The levers there are: what each replaces in the baseline, in which unit, and for which row of the system."""

from __future__ import annotations

from typing import NamedTuple


class Lever(NamedTuple):
    """One lever: `amount` is the key of its quantity in a scenario, `unit` the unit it must carry."""

    name: str
    amount: str
    unit: str
    minimum: float
    maximum: float
    targets: str
    row: str
    meaning: str


LEVERS = {
    lever.name: lever
    for lever in (
        Lever("forced_eradication", "area", "ha/yr", 0, 1e6, "basins", "R12", "counted hectares the crews eradicate a year"),
        Lever("legal_purchase", "volume", "t/yr", 0, 1e6, "none", "R4", "most leaf the state company buys a year"),
        Lever("legal_price", "factor", "1", 0, 100, "none", "R4", "state company's price as a multiple of the baseline's"),
        Lever("site_raids", "raids", "raids/yr", 0, 1e6, "none", "R13", "processing sites raided a year"),
        Lever("seizure", "share", "1", 0, 1, "corridors", "R13", "least share of the product seized on the way"),
        Lever("corridor_closure", "share", "1", 0, 1, "corridors", "R10", "share by which a corridor is closed"),
        Lever("demand_shock", "change", "1", -0.99, 10, "none", "R10", "relative change of the border price"),
        Lever("input_control", "shock", "1", 0, 10, "none", "R7", "relative rise of the cost of processing"),
    )
}
"""Every lever a scenario may pull; strength 0 to 1 blends it with the baseline."""

SCHEDULE = ("announce", "start", "ramp", "end", "strength")
