"""The parameter table: read, checked, and drawn from, one keyed draw a parameter and member."""

from __future__ import annotations

import math
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eslabon.draws import stream_key, uniform
from eslabon.errors import InputError, nearest

STATUSES = ("measured", "estimated", "assumed")
_KEYS = {"unit", "row", "default", "low", "high", "status", "claims", "meaning"}
ATTEMPTS = 200


@dataclass(frozen=True)
class Parameter:
    """One parameter: its prior is triangular on [low, high] with mode `default`."""

    name: str
    unit: str
    row: str
    default: float
    low: float
    high: float
    status: str
    claims: tuple[str, ...]
    meaning: str

    def quantile(self, u: float) -> float:
        """Return the value below which a share `u` of the prior lies."""
        width, split = self.high - self.low, self.default - self.low
        if width == 0:
            return self.default
        if u * width <= split:
            return self.low + math.sqrt(u * width * split)
        return self.high - math.sqrt((1 - u) * width * (width - split))


ParameterTable = Mapping[str, Parameter]


@dataclass(frozen=True)
class DrawnTable(ParameterTable):
    """A parameter table whose members have values of their own: proposals of a calibration, or its posterior.

    Parameters
    ----------
    priors : mapping of name to Parameter
        What the values were drawn from at first.
    drawn : mapping of name to ndarray (member,)
        A value for each parameter of `priors`; member m takes the m-th, and beyond the last it starts again.
    """

    priors: ParameterTable
    drawn: Mapping[str, npt.NDArray[np.float64]]

    def __getitem__(self, name: str) -> Parameter:
        return self.priors[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.priors)

    def __len__(self) -> int:
        return len(self.priors)

    def of_member(self, member: int) -> dict[str, float]:
        """Return the values of one member."""
        return {name: float(values[member % len(values)]) for name, values in self.drawn.items()}


def load_parameters(path: Path, known_claims: Iterable[str]) -> dict[str, Parameter]:
    """Read a parameter table and refuse anything that is not in its schema.

    Raises
    ------
    InputError
        For an unknown or missing key, a value that is not a finite number, bounds out of order, an unknown status
        or an unknown claim.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise InputError("not valid TOML", file=str(path), place=str(error), remedy="Mend the line.") from error
    claims = set(known_claims)
    return {name: _parameter(name, entry, path, claims) for name, entry in raw.items()}


def _parameter(name: str, entry: Mapping[str, object], path: Path, claims: set[str]) -> Parameter:
    where = {"file": str(path), "place": f"[{name}]"}
    for key in entry:
        if key not in _KEYS:
            raise InputError("unknown key", value=key, remedy=nearest(key, _KEYS), **where)
    for key in sorted(_KEYS - set(entry)):
        raise InputError(f"the key {key} is missing", remedy=f"Add {key} = ...", **where)
    for key in ("default", "low", "high"):
        value = entry[key]
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            raise InputError(f"{key} must be a finite number", value=value, remedy="Write a number.", **where)
    default, low, high = (float(str(entry[k])) for k in ("default", "low", "high"))
    if not low <= default <= high:
        raise InputError("low <= default <= high must hold", value=(low, default, high), remedy="Order them.", **where)
    if entry["status"] not in STATUSES:
        raise InputError("unknown status", value=entry["status"], remedy=nearest(str(entry["status"]), STATUSES), **where)
    cited = tuple(str(c) for c in list(entry["claims"]))  # type: ignore[call-overload]
    for claim in cited:
        if claim not in claims:
            raise InputError("unknown claim", value=claim, remedy=nearest(claim, claims), **where)
    if entry["status"] == "measured" and not cited:
        raise InputError("a measured parameter cites at least one claim", remedy="Cite it or call it assumed.", **where)
    return Parameter(name, str(entry["unit"]), str(entry["row"]), default, low, high, str(entry["status"]), cited, str(entry["meaning"]))


REFERENCE_PRODUCT_USD2013 = 993 * 1.0147
"""Hydrochloride in Peru in 2012 (C0809), in dollars of 2013."""
REFERENCE_LEAF_USD2013 = 3.3 * 1.0147
"""Quoted leaf in Peru in 2012 (C0752), in dollars of 2013."""


def margin_usd2013_per_kg(values: Mapping[str, float]) -> float:
    """Return what is left of a kilogram of product in 2012 after its leaf and its processing are paid."""
    leaf = values["leaf_kg_per_kg_cocaine"] * values["quality_factor"] * REFERENCE_LEAF_USD2013
    return REFERENCE_PRODUCT_USD2013 - values["processing_usd2013_per_kg"] - leaf


def draw_member(table: ParameterTable, seed: int, member: int) -> tuple[dict[str, float], int]:
    """Return a member's parameters and the number of rejected draws before them.

    Ratio, quality and cost are drawn jointly: a combination in which the published leaf in a kilogram costs more
    than the published product is rejected, because no trade could live on it.
    """
    if isinstance(table, DrawnTable):
        return table.of_member(member), 0
    for attempt in range(ATTEMPTS):
        key = stream_key(seed, member, "parameters", attempt)
        values = {name: p.quantile(uniform(key, name)) for name, p in table.items()}
        if margin_usd2013_per_kg(values) >= 0:
            return values, attempt
    raise InputError("no draw leaves a margin to processing", remedy="Widen the priors of ratio, quality or cost.")


def draw_ensemble(table: ParameterTable, seed: int, members: Iterable[int]) -> tuple[dict[str, npt.NDArray[np.float64]], int]:
    """Return each parameter as an array (member, 1), and how many draws were rejected in all."""
    drawn = [draw_member(table, seed, m) for m in members]
    values = {n: np.array([[d[0][n]] for d in drawn]) for n in table}
    return values, sum(d[1] for d in drawn)
