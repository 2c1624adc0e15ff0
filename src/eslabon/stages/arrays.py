"""Array operations whose result for a member never depends on how many members there are."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]


def total(x: Array, axis: int = 1) -> Array:
    """Return the sum over `axis`, kept as length one, added in order of position."""
    parts = np.moveaxis(x, axis, 0)
    out = parts[0].copy()
    for part in parts[1:]:
        out += part
    return np.expand_dims(out, axis)


def ratio(a: Array, b: Array) -> Array:
    """Return a / b, and 0 where b is 0."""
    return np.divide(a, b, out=np.zeros(np.broadcast_shapes(a.shape, b.shape)), where=b > 0)


def power(x: Array, exponent: Array) -> Array:
    """Return x to the exponent, one a member; the operator squares where there is one member and not where there are more."""
    found: Array = np.float_power(x, exponent)
    return found
