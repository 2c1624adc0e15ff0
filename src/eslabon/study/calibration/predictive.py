"""Posterior predictive checks: does the calibrated ensemble look like what was published?

Equation
    For each kind of figure, discrepancy = chi-squared of the figures around an ensemble member under the errors stated. The check's
    p is the share of members for which a figure drawn around the member is at least as far from it as the published one
    (Gelman, Meng and Stern 1996); small p says that the model, with all its errors, does not make such figures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eslabon.study.calibration.observed import Datum, covariance, logs, noise

Array = npt.NDArray[np.float64]
SUSPECT = 0.01
"""A p below this says that something is wrong."""


@dataclass(frozen=True)
class Check:
    """One kind of figure: how many, their p, and whether it is suspect."""

    kind: str
    figures: int
    p: float

    @property
    def suspect(self) -> bool:
        """Whether the model does not make such figures."""
        return self.p < SUSPECT


def check(data: Sequence[Datum], modelled: Array, seed: int) -> tuple[Check, ...]:
    """Return the checks of each kind of figure and, last, of all together.

    Parameters
    ----------
    modelled : ndarray (member, datum)
        What the ensemble gives, in logs, without errors.
    """
    drawn = noise(data, seed, range(len(modelled)))
    kinds = sorted({d.quantity for d in data})
    groups = {kind: [i for i, d in enumerate(data) if d.quantity == kind] for kind in kinds} | {"all": list(range(len(data)))}
    found = []
    for kind, rows in groups.items():
        spread = covariance([data[i] for i in rows])
        away = _squared(logs(data)[rows] - modelled[:, rows], spread)
        usual = _squared(drawn[:, rows], spread)
        found.append(Check(kind, len(rows), float(np.mean(usual >= away))))
    return tuple(found)


def _squared(offset: Array, spread: Array) -> Array:
    white = np.linalg.solve(np.linalg.cholesky(spread), offset.T)
    total: Array = np.sum(white**2, axis=0)
    return total
