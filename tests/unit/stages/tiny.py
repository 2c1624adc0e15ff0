"""Tiny arrays for stages worked by hand: one member, a basin or two, and only what a test changes is written in it."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

Array = np.ndarray


def row(*values: float) -> Array:
    """Return one member's values, (1, n)."""
    return np.array([values], dtype=float)


class Bench:
    """A stage with a value for everything it reads; a call says what differs, and a wrong name is an error."""

    def __init__(self, function: Callable[..., Any], **usual: Any) -> None:
        self.function, self.usual = function, usual

    def __call__(self, **changed: Any) -> dict[str, Array]:
        reads = set(inspect.signature(self.function).parameters)
        assert reads == set(self.usual) >= set(changed), (reads ^ set(self.usual), set(changed) - reads)
        found: dict[str, Array] = self.function(**{**self.usual, **changed})
        return found

    def one(self, **changed: Any) -> dict[str, float]:
        """Return the first element of everything found."""
        return {name: float(np.asarray(value).reshape(-1)[0]) for name, value in self(**changed).items()}
