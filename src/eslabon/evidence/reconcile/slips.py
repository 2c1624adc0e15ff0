"""Slips of the pen: what turns one printed number into another."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import pairwise

from eslabon.evidence.reconcile.trust import last_digit_unit

LEAST_DIGITS = 3
"""Significant digits a number must have before a swap in it means anything."""
SAME = 0.005
"""Relative difference below which a factor is taken as hit."""


def digits_of(value: float) -> str:
    """Return the printed digits of a number without its point."""
    return f"{value:.10g}".replace(".", "").lstrip("0")


def is_digit_swap(one: float, other: float) -> bool:
    """Return whether two neighbouring digits changed places, or a run of two alternating digits began with the wrong one.

    >>> is_digit_swap(19167, 19617), is_digit_swap(121424, 121242), is_digit_swap(121424, 121424)
    (True, True, False)
    """
    a, b = digits_of(one), digits_of(other)
    if len(a) != len(b) or a == b or len(a) < LEAST_DIGITS or not _same_size(one, other):
        return False
    apart = [i for i, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
    run, mirrored = a[apart[0] : apart[-1] + 1], b[apart[0] : apart[-1] + 1]
    return len(apart) == len(run) in (2, 3) and len(set(run)) == 2 and mirrored == run.translate(str.maketrans(run[:2], run[1::-1]))


def is_digit_typo(one: float, other: float) -> bool:
    """Return whether exactly one digit differs."""
    a, b = digits_of(one), digits_of(other)
    return len(a) == len(b) > LEAST_DIGITS and _same_size(one, other) and sum(x != y for x, y in zip(a, b, strict=True)) == 1


def is_digit_lost(one: float, other: float) -> bool:
    """Return whether one number is the other with a digit left out."""
    short, long = sorted((digits_of(one), digits_of(other)), key=len)
    return len(long) == len(short) + 1 > LEAST_DIGITS and any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def power_of_ten(one: float, other: float, tolerance: float = SAME) -> int:
    """Return k where one number is 10^k times the other within a tolerance and k is not 0, else 0."""
    exponent = round(math.log10(one / other))
    return exponent if exponent and abs(one / other / 10.0**exponent - 1) <= tolerance else 0


def rounds_to(fine: float, coarse: float) -> bool:
    """Return whether a number rounds to a coarser one: to its last digit that is not 0, or to the nearest 5 of it.

    >>> rounds_to(15530, 15500), rounds_to(353, 355), rounds_to(106401, 106700)
    (True, True, False)
    """
    unit = last_digit_unit(coarse)
    step = 5 * unit if round(coarse / unit) % 10 == 5 else unit
    return step > last_digit_unit(fine) and abs(fine - coarse) <= step / 2


def is_cut_off(fine: float, coarse: float) -> bool:
    """Return whether the coarser number is the other one cut off instead of rounded."""
    unit = last_digit_unit(coarse)
    return unit > last_digit_unit(fine) and 0.5 * unit < fine - coarse < unit


def swaps_of(value: float) -> Iterator[float]:
    """Yield the numbers that a swap of two neighbouring digits makes of this one, its size kept."""
    text = f"{value:.10g}"
    places = [i for i, character in enumerate(text) if character.isdigit()]
    if len(digits_of(value).rstrip("0")) < LEAST_DIGITS:
        return
    for i, j in pairwise(places):
        if text[i] != text[j]:
            letters = list(text)
            letters[i], letters[j] = letters[j], letters[i]
            if letters[0] != "0":
                yield float("".join(letters))


def is_factor(one: float, other: float, factor: float, tolerance: float = SAME) -> bool:
    """Return whether one number is the other times or over a factor, within a tolerance."""
    ratio = max(one, other) / min(one, other)
    return abs(ratio / factor - 1) <= tolerance


def _same_size(one: float, other: float) -> bool:
    return math.floor(math.log10(one)) == math.floor(math.log10(other))
