"""What was found: claims that cannot hold together, and possible reasons; ids and numbers, words are made elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["definition", "variant", "repeat", "inequality", "set"]
"""`definition`: one unit, two weights; `variant`: one chain of sources prints two figures for one thing; `repeat`: one
long number stands for two years; `inequality`: a part exceeds its whole or an input its product as printed; `set`: the smallest
sets that the balances and errors rule out."""


@dataclass(frozen=True)
class Candidate:
    """A possible reason for a difference: a key of the catalogue (`slip.KEY`) and the numbers and ids it names."""

    key: str
    claims: tuple[str, ...]
    numbers: Mapping[str, float | str] = field(default_factory=dict)


def distinct(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """Return each reason once, in order."""
    kept: dict[tuple[str, tuple[str, ...]], Candidate] = {}
    for candidate in candidates:
        kept.setdefault((candidate.key, candidate.claims), candidate)
    return tuple(kept.values())


@dataclass(frozen=True)
class Finding:
    """Claims that cannot hold together.

    Parameters
    ----------
    kind : str
        How it was found.
    claims : tuple of str
        All claims it takes; leaving out any one of them removes the contradiction.
    variable : str
        `key@place` of the variable it shows at.
    numbers : mapping
        What the sentence names: printed values, products, limits.
    candidates : tuple of Candidate
        Possible reasons, the likeliest first.
    strength : float or None
        Standard errors apart where errors were weighed; None where the figures contradict each other as printed.
    """

    kind: Kind
    claims: tuple[str, ...]
    variable: str
    numbers: Mapping[str, float | str]
    candidates: tuple[Candidate, ...] = ()
    strength: float | None = None
