"""Attribution: how much of a difference between two results each input carries, whatever the order of exchange."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Inputs = Mapping[str, Array]


def shapley(result: Callable[[Inputs], Array], before: Inputs, after: Inputs) -> dict[str, Array]:
    """Return the part of `result(after) - result(before)` that each input carries.

    Parameters
    ----------
    result : callable
        From inputs by name to results, element by element.
    before, after : mapping of str to (case,) float64
        The same inputs at the two ends, one element a case.

    Returns
    -------
    dict of str to (case,) float64
        Parts that add up to the difference.

    Notes
    -----
    Equation: the part of input i is the mean, over all orders of exchanging inputs one after the other, of the change
    that exchanging i makes. With n inputs and S the set exchanged before i, an order has the weight |S|! (n-|S|-1)! / n!.

    Source: L. S. Shapley, A value for n-person games, 1953.
    """
    names = list(before)
    count = len(names)
    known = {taken: result({name: (after if name in taken else before)[name] for name in names}) for taken in _subsets(names)}
    parts = {}
    for name in names:
        rest = [other for other in names if other != name]
        parts[name] = sum(
            math.factorial(len(taken)) * math.factorial(count - len(taken) - 1) / math.factorial(count) * (known[taken | {name}] - known[taken])
            for taken in _subsets(rest)
        )
    return {name: np.asarray(part, dtype=np.float64) for name, part in parts.items()}


def _subsets(names: list[str]) -> list[frozenset[str]]:
    return [frozenset(chosen) for size in range(len(names) + 1) for chosen in itertools.combinations(names, size)]
