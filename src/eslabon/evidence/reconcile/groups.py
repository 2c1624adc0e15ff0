"""Which claims are one piece of evidence: repeats of a figure down one chain of sources, but not its contested sides."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from eslabon.evidence.reconcile.readings import Reading

APART = 2.0
"""Standard errors of their difference from which two figures of one chain are two statements, not one repeated."""


def groups_of(readings: Iterable[Reading]) -> Mapping[str, str]:
    """Return the independence group of each claim.

    Claims of one chain of sources on one variable are one piece of evidence where they say about the same. Where they are
    further apart than their errors allow, the chain tells two different things (two speakers in one article, a figure and
    its correction), and each side is put to the test on its own.
    """
    together: dict[tuple[str, str, str], list[Reading]] = {}
    for reading in readings:
        together.setdefault((reading.name, reading.unit, reading.claim.independence_group), []).append(reading)
    found = {}
    for (_, _, group), members in together.items():
        for k, side in enumerate(_sides(members)):
            found.update({reading.claim.id: group if k == 0 else f"{group}/{k + 1}" for reading in side})
    return found


def _sides(members: Sequence[Reading]) -> list[list[Reading]]:
    ordered = sorted(members, key=lambda r: r.value)
    sides = [[ordered[0]]]
    for reading in ordered[1:]:
        near = min(abs(math.log(reading.value / other.value)) / math.hypot(reading.sigma, other.sigma) for other in sides[-1])
        if near < APART:
            sides[-1].append(reading)
        else:
            sides.append([reading])
    return sides
