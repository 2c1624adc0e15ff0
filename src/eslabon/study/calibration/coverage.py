"""Simulation-based calibration: does the method recover truths that it is given?

Simulations drawn from the prior play the truth in turn: their noisy figures are published, and the others infer. If the method is
right, a truth's rank among its posterior is uniform and 90 % intervals hold it in nine cases of ten (Talts and others 2018).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eslabon.study.calibration.posterior import Bank, infer, learn_summary

Array = npt.NDArray[np.float64]
LEVELS = (0.5, 0.9)
BINS = 10


@dataclass(frozen=True)
class Recovery:
    """What became of the truths.

    Parameters
    ----------
    names : tuple of str
    ranks : ndarray (truth, parameter)
        Share of the posterior's weight below the truth.
    contraction : ndarray (parameter,)
        One less the mean posterior variance over the prior's: 0 where the figures say nothing.
    """

    names: tuple[str, ...]
    ranks: Array
    contraction: Array

    def coverage(self, level: float) -> Array:
        """Return how often the central interval holds the truth, by parameter."""
        inside: Array = np.mean(np.abs(self.ranks - 0.5) <= level / 2, axis=0)
        return inside

    def document(self) -> dict[str, object]:
        """Return ranks in bins, coverage and contraction, by parameter and in all."""
        bins = [np.histogram(column, BINS, (0, 1))[0].tolist() for column in self.ranks.T]
        rows = [
            {"parameter": n, "ranks": b, "coverage_90": float(c90), "coverage_50": float(c50), "contraction": float(k)}
            for n, b, c90, c50, k in zip(self.names, bins, self.coverage(0.9), self.coverage(0.5), self.contraction, strict=True)
        ]
        total = {f"coverage_{round(100 * level)}": float(self.coverage(level).mean()) for level in LEVELS}
        return {"truths": len(self.ranks), **total, "parameters": rows}


def recover(bank: Bank, names: Sequence[str], truths: int, keep: int) -> Recovery:
    """Let the first `truths` simulations of an unweighted bank play the truth in turn.

    The summaries are learned from simulations that play no truth.
    """
    rest = Bank(bank.z[truths:], bank.figures[truths:], bank.weights[truths:])
    summary = learn_summary(rest)
    ranks, variance = [], []
    for i in range(truths):
        posterior = infer(rest, bank.figures[i], keep, summary)
        ranks.append(posterior.weights @ (posterior.z < bank.z[i]))
        mean = posterior.weights @ posterior.z
        variance.append(posterior.weights @ (posterior.z - mean) ** 2)
    prior = bank.z.var(axis=0)
    return Recovery(tuple(names), np.array(ranks), 1 - np.mean(variance, axis=0) / prior)
