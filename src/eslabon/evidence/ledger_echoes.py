"""Claims that may be one: the same odd figure for the same thing from sources that are counted as independent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eslabon.evidence.claims import Claim, Ledger

ODD_DIGITS = 4
"""Significant digits from which a figure is odd: two counts of one thing hardly ever agree on so many by chance."""


@dataclass(frozen=True)
class Echo:
    """Claims of several independence groups with one odd figure for one quantity, place and period.

    Parameters
    ----------
    claims : tuple of Claim
        In the order of the ledger; at least two.
    """

    claims: tuple[Claim, ...]

    @property
    def groups(self) -> tuple[str, ...]:
        """The independence groups, in the order of the ledger."""
        return tuple(dict.fromkeys(claim.independence_group for claim in self.claims))

    def document(self) -> dict[str, object]:
        """Return the echo as plain values."""
        first = self.claims[0]
        return {
            "quantity": first.quantity,
            "place": first.place,
            "period_start": first.period_start.isoformat(),
            "period_end": first.period_end.isoformat(),
            "value": first.value,
            "unit": first.unit,
            "claims": [claim.id for claim in self.claims],
            "independence_groups": list(self.groups),
        }


def digits_of(value: float) -> str:
    """Return the significant digits of a number, without its sign, point, and zeros at either end."""
    mantissa = f"{abs(value):.15g}".split("e")[0]
    return mantissa.replace(".", "").strip("0")


def find_echoes(ledger: Ledger) -> tuple[Echo, ...]:
    """Return the odd figures that several independence groups give alike.

    Three outlets with the same odd figure are one source. It is a suggestion, not an error: two may have read one original, or
    have agreed.
    """
    alike: dict[tuple[object, ...], list[Claim]] = {}
    for claim in ledger.select():
        digits = digits_of(claim.value)
        if len(digits) >= ODD_DIGITS:
            key = (claim.quantity, claim.place, claim.unit, claim.period_start, claim.period_end, digits)
            alike.setdefault(key, []).append(claim)
    return tuple(Echo(tuple(claims)) for claims in alike.values() if _several(claims))


def _several(claims: Sequence[Claim]) -> bool:
    return len({claim.independence_group for claim in claims}) > 1
