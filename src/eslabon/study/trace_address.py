"""Addresses of printed figures: which outcome, where, in which scenario and year, or which difference of two.

`coca_area_ha@eradicate-30k/2030`, by place `coca_area_ha/vraem@eradicate-30k/2030`, by corridor
`price_border_usd2013_per_kg/ALL/bolivia@baseline/2030`, and a difference `coca_area_ha@baseline..eradicate-30k/2030`. A difference from the
published figure is written `@published..history/2013`.
"""

from __future__ import annotations

from dataclasses import dataclass

from eslabon.errors import InputError

NATION = "ALL"
PUBLISHED = "published"
"""Stands where a scenario would, for figures that somebody published."""
_NOWHERE = ("", "None", "-")


@dataclass(frozen=True)
class Address:
    """A printed figure; with `base`, the difference `scenario` less `base`."""

    outcome: str
    scenario: str
    year: int
    basin: str = NATION
    corridor: str | None = None
    base: str | None = None

    def text(self) -> str:
        """Return the address as it is written, places left out where they are the nation."""
        place = "" if self.basin == NATION and not self.corridor else f"/{self.basin}"
        corridor = f"/{self.corridor}" if self.corridor else ""
        base = f"{self.base}.." if self.base else ""
        return f"{self.outcome}{place}{corridor}@{base}{self.scenario}/{self.year}"


def parse_address(text: str) -> Address:
    """Return the address that a text writes.

    Raises
    ------
    InputError
        If it is not written like `coca_area_ha@eradicate-30k/2030`.
    """
    what, _at, where = text.strip().partition("@")
    run, _slash, year = where.rpartition("/")
    outcome, *places = what.split("/")
    if not outcome or not run or not year.isdigit() or len(places) > 2:
        raise InputError("a figure's address is OUTCOME@SCENARIO/YEAR", value=text, remedy="Example: coca_area_ha@eradicate-30k/2030.")
    basin, corridor = [*places, NATION, ""][:2] if places else (NATION, "")
    base, dots, scenario = run.partition("..")
    return Address(
        outcome, scenario if dots else run, int(year), NATION if basin in _NOWHERE else basin,
        None if corridor in (*_NOWHERE, NATION) else corridor, base if dots else None,
    )  # fmt: skip


def is_address(text: str) -> bool:
    """Return whether a text is written like an address."""
    return "@" in text
