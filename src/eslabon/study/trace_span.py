"""How much of a prior each claim spans: what of its variance would go if the claim were not there.

Equation
    With the claims of a set S the prior is the triangle whose ends stand as far beyond the outermost values of S as the whole
    prior's ends stand beyond those of all claims; v(S) is its variance. Claims of one independence group count as one. A
    group's part is the Shapley value of v, the mean of what it adds over all orders of coming in; what is left without any
    claim is the margin that the pack set itself.
Source
    Shapley 1953.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from math import factorial

from eslabon.evidence.region import RegionPack
from eslabon.params.table import Parameter
from eslabon.study.trace_claims import in_unit

Interval = tuple[float, float]


@dataclass(frozen=True)
class Span:
    """Parts of a prior's variance, as shares of 1.

    Attributes
    ----------
    by_group : mapping of independence group to float
        What the claims of each group carry.
    groups : mapping of independence group to claim ids
    margin : float
        What no claim spans: set by the pack itself.
    indirect : tuple of str
        Claims cited that do not speak in the parameter's own terms: they bound it through a derivation and carry no part.
    """

    by_group: Mapping[str, float]
    groups: Mapping[str, tuple[str, ...]]
    margin: float
    indirect: tuple[str, ...]


def span(parameter: Parameter, pack: RegionPack) -> Span:
    """Return how the claims of a parameter span its prior."""
    groups: dict[str, tuple[str, ...]] = {}
    intervals: dict[str, list[Interval]] = {}
    indirect = []
    for name in parameter.claims:
        claim = pack.ledger.claims[name]
        found = in_unit(claim, parameter.unit, pack)
        if found is None or found[1] < parameter.low or found[0] > parameter.high:
            indirect.append(name)
            continue
        group = claim.independence_group
        groups[group] = (*groups.get(group, ()), name)
        intervals.setdefault(group, []).append((max(found[0], parameter.low), min(found[1], parameter.high)))
    hulls = {g: (min(i[0] for i in v), max(i[1] for i in v)) for g, v in intervals.items()}
    whole = _variance(parameter, hulls, tuple(hulls))
    if whole <= 0 or not hulls:
        return Span({}, {}, 1.0, tuple(indirect))
    parts = {g: part / whole for g, part in _shapley(parameter, hulls).items()}
    return Span(parts, groups, max(1.0 - sum(parts.values()), 0.0), tuple(indirect))


def _variance(p: Parameter, hulls: Mapping[str, Interval], chosen: tuple[str, ...]) -> float:
    """Return the variance of the prior with the claims of some groups only."""
    if not hulls:
        return triangle_variance(p.low, p.default, p.high)
    first, last = min(h[0] for h in hulls.values()), max(h[1] for h in hulls.values())
    middle = min(max(p.default, first), last)
    low = min((hulls[g][0] for g in chosen), default=middle)
    high = max((hulls[g][1] for g in chosen), default=middle)
    left, right = p.low + (min(low, middle) - first), p.high - (last - max(high, middle))
    return triangle_variance(left, min(max(p.default, left), right), right)


def triangle_variance(low: float, mode: float, high: float) -> float:
    """Return the variance of the triangular law."""
    return (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18


def _shapley(p: Parameter, hulls: Mapping[str, Interval]) -> dict[str, float]:
    names = tuple(hulls)
    n = len(names)
    out = dict.fromkeys(names, 0.0)
    for g in names:
        others = [o for o in names if o != g]
        for size in range(n):
            weight = factorial(size) * factorial(n - size - 1) / factorial(n)
            for chosen in combinations(others, size):
                out[g] += weight * (_variance(p, hulls, (*chosen, g)) - _variance(p, hulls, chosen))
    return out
