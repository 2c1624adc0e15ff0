"""How far a printed figure is trusted before anything is compared: one table of standard errors.

All errors are relative (the standard deviation of the logarithm). They were set from the ledger's own disagreement about
one figure (root mean square of the difference of two claims on one quantity, place and year, over the square root of two:
areas 7 % with typing errors and 1 % without, leaf 3 %, traditional use 5 %, shares 9 %, leaf prices 12 %, seizures 20 %)
and from what kind of statement a figure is. They were not fitted to a result; whoever set them knew which claims of 2013 are
disputed.
"""

from __future__ import annotations

import math
from decimal import Decimal

from eslabon.evidence.claims import Claim

AREA, MASS, POTENTIAL, SHARE, PRICE, RATIO, SEIZURE = "area", "mass", "potential", "share", "price", "ratio", "seizure"
RATE, WEIGHT, GROWTH = "rate", "weight", "growth"
"""Kinds of figures: what is measured decides how well an office can know it."""

OFFICIAL = {
    AREA: 0.05, MASS: 0.07, POTENTIAL: 0.10, SHARE: 0.07, PRICE: 0.12, RATIO: 0.10, SEIZURE: 0.10, RATE: 0.01, WEIGHT: 0.02, GROWTH: 0.01,
}  # fmt: skip
"""Standard error of a figure of grade A or B."""
STATEMENT = 0.175
"""Of a figure of grade C, a statement or a contested figure: the middle of 15 to 20 %."""
TESTIMONY = 0.25
"""Of a single testimony or a single case."""
DERIVED, MEMORY = 0.10, 0.15
"""Least error of a figure that somebody worked out (grade D), and of one written down from memory (grade M)."""
QUOTED_RATE = 0.03
"""Of an exchange rate read off two rounded amounts in one sentence."""
APPROXIMATE = 1.5
"""Factor on the error of a figure printed with "about"."""
ABOUT = 0.05
"""What such a figure can stand for on either side, where figures are compared as printed."""
LARGEST_ROUNDING = 0.10
"""Cap on what is read into trailing zeros: 20,000 is not taken as 15,000 to 25,000."""
HALF_WIDTH = 1.64
"""Standard errors from the middle to an end of a 90 % interval; a published range is read as one."""
EXPERT_WORDS = ("testimony", "case")


def last_digit_unit(value: float) -> float:
    """Return the unit of the last printed digit that is not a trailing zero of a whole number.

    >>> last_digit_unit(121424.0), last_digit_unit(49800.0), last_digit_unit(258.6)
    (1.0, 100.0, 0.1)
    """
    digits = Decimal(repr(value)).normalize()
    exponent = digits.as_tuple().exponent
    return float(Decimal(1).scaleb(int(exponent))) if digits else 1.0


def rounding(value: float) -> float:
    """Return half a unit of the last printed digit as a share of the value, capped."""
    return min(0.5 * last_digit_unit(value) / abs(value), LARGEST_ROUNDING) if value else 0.0


def relative_error(claim: Claim, kind: str) -> float:
    """Return the standard error of a claim as a share of its value.

    Parameters
    ----------
    claim : Claim
        As printed, in its own unit.
    kind : str
        One of the kinds above.

    Returns
    -------
    float
        At least the rounding of the printed digits; for a published range a 90 % interval's standard error.
    """
    if claim.bound_type == "range" and claim.low is not None and claim.high is not None and claim.low > 0:
        spread = math.log(claim.high / claim.low) / 2 / HALF_WIDTH
        return max(spread, rounding(claim.value))
    if kind == GROWTH:
        return max(_by_grade(claim, kind), 0.5 * last_digit_unit(claim.value) / 100)
    stated = _by_grade(claim, kind) * (APPROXIMATE if claim.bound_type == "approximate" and kind != RATE else 1.0)
    return max(stated, rounding(claim.value))


def _by_grade(claim: Claim, kind: str) -> float:
    official = OFFICIAL[kind]
    if kind in (RATE, WEIGHT):
        return official if claim.grade in "AB" else max(official, QUOTED_RATE)
    if claim.grade == "C":
        single = any(word in claim.confidence for word in EXPERT_WORDS)
        return max(official, TESTIMONY if single else STATEMENT)
    floor = {"D": DERIVED, "M": MEMORY}.get(claim.grade, 0.0)
    return max(official, floor)


def printed_bounds(claim: Claim) -> tuple[float, float]:
    """Return the lowest and highest value that the printed figure can stand for: its range, else its rounding.

    A lower bound has no upper end and an upper bound no lower one.
    """
    half = max(rounding(claim.value), ABOUT if claim.bound_type == "approximate" else 0.0) * abs(claim.value)
    low = claim.low if claim.low is not None and claim.bound_type == "range" else claim.value - half
    high = claim.high if claim.high is not None and claim.bound_type == "range" else claim.value + half
    if claim.bound_type == "lower":
        return low, math.inf
    if claim.bound_type == "upper":
        return 0.0, high
    return low, high
