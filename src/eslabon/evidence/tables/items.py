"""A figure with all that it needs to become a claim: place, period, unit, product, and the cell it stands in."""

from __future__ import annotations

from dataclasses import dataclass

from eslabon.evidence.tables.heads import Head
from eslabon.evidence.tables.periods import Period
from eslabon.evidence.tables.places import Place
from eslabon.evidence.tables.readings import Reading
from eslabon.evidence.tables.typed_units import Amount


@dataclass(slots=True)
class Item:
    """One figure of a table.

    Parameters
    ----------
    reading : Reading
    head : Head
    label : str
        The place as printed.
    place : Place or None
    period : Period or None
    amount : Amount or None
        None for a figure that is missing or does not fit.
    product, agency : str
    """

    reading: Reading
    head: Head
    label: str = ""
    place: Place | None = None
    period: Period | None = None
    amount: Amount | None = None
    product: str = ""
    agency: str = ""
    series_break: str = ""
    together: bool = False

    @property
    def value(self) -> float:
        """The figure in the ledger's unit, zero where a blank or code means zero."""
        return self.amount.value if self.amount else self.reading.value

    @property
    def half_digit(self) -> float:
        """Half of the last printed digit, in the ledger's unit: how far rounding may have moved the figure."""
        return 0.5 * 10.0**-self.reading.decimals * (self.amount.factor if self.amount else 1.0)

    @property
    def counted(self) -> bool:
        """Whether there is a figure, printed or meant as zero."""
        return self.reading.state in ("figure", "zero")
