"""What calibration compares: published figures up to a cut-off, with what may be wrong with them and with the model.

Equation
    ln published = ln model + bias of the series + measurement error + model error, all normal; the bias is shared by the
    figures between two breaks of a series, the model error of a series decays with the years between two figures.
Source
    ECON (sd of log area between counts 0.063; a model-error term of about 0.09 in log); the other deviations are assumed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eslabon.draws import normal, stream_key
from eslabon.evidence.pack import ALL, RegionPack
from eslabon.stages.observe import Yearly

Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Errors:
    """Standard deviations, in logs, of a figure and of the model behind it."""

    measurement: float
    bias: float
    model: float


NATION = {
    "coca_area_ha": Errors(0.05, 0.03, 0.09),
    "leaf_kg": Errors(0.08, 0.05, 0.10),
    "price_leaf_usd2013_per_kg": Errors(0.10, 0.05, 0.15),
    "price_cocaine_origin_usd2013_per_kg": Errors(0.15, 0.10, 0.15),
    "seized_kg": Errors(0.20, 0.20, 0.60),
}
"""Quantities that are compared, and their errors for the whole country."""
ZONE = {**NATION, "coca_area_ha": Errors(0.08, 0.03, 0.12)}
PERSISTENCE_PER_YEAR = 0.7
"""Correlation of the model error of one series from a year to the next."""
LEAST_AREA_HA = 500.0
"""Zone areas below this are not compared: a campaign or a cloud decides them."""
EXTENSIVE = ("coca_area_ha", "leaf_kg", "seized_kg")
"""Quantities that a thinned region gives divided."""
OTHER_BASIS = ("yield", "conversion")
"""Words of a break after which a series is another quantity; what stands before it is not compared."""
TINY = 1e-6


@dataclass(frozen=True)
class Datum:
    """One published figure and its errors; `era` counts the breaks of its series before it."""

    quantity: str
    basin: str
    year: int
    value: float
    era: int
    errors: Errors
    claims: tuple[str, ...]


def data_until(pack: RegionPack, until: int) -> tuple[Datum, ...]:
    """Return the figures of the years up to `until`, by quantity, basin and year."""
    found, eras = [], dict.fromkeys(((o.quantity, o.basin) for o in pack.observations), 0)
    begins = {(o.quantity, o.basin): o.year for o in pack.observations if any(word in o.series_break for word in OTHER_BASIS)}
    for o in sorted(pack.observations, key=lambda o: (o.quantity, o.basin, o.year)):
        eras[o.quantity, o.basin] += bool(o.series_break)
        small = o.quantity == "coca_area_ha" and o.value < LEAST_AREA_HA
        other = o.year < min(begins.get((o.quantity, o.basin), o.year), until + 1)
        if o.quantity in NATION and o.year <= until and not small and not other:
            errors = (NATION if o.basin == ALL else ZONE)[o.quantity]
            found.append(Datum(o.quantity, o.basin, o.year, o.value, eras[o.quantity, o.basin], errors, o.claims))
    return tuple(found)


def logs(data: Sequence[Datum]) -> Array:
    """Return the published figures in logs, (datum,)."""
    found: Array = np.log([d.value for d in data])
    return found


def covariance(data: Sequence[Datum]) -> Array:
    """Return the covariance of all errors in logs, (datum, datum)."""
    out = np.zeros((len(data), len(data)))
    for i, a in enumerate(data):
        out[i, i] += a.errors.measurement**2
        for j, b in enumerate(data):
            if (a.quantity, a.basin) == (b.quantity, b.basin):
                out[i, j] += a.errors.model * b.errors.model * PERSISTENCE_PER_YEAR ** abs(a.year - b.year)
                out[i, j] += a.errors.bias * b.errors.bias * (a.era == b.era)
    return out


def modelled(yearly: Sequence[Yearly], data: Sequence[Datum], pack: RegionPack, divisor: float = 1.0) -> Array:
    """Return what the model has for each figure, in logs, (member, datum); the nation's area on the zones watched that year.

    A value that is not there counts as a millionth of its unit, so that its distance is very large and finite.
    """
    table = {(row.outcome, row.basin): row for row in yearly if row.corridor is None}
    columns = [_column(table, d, pack) * (divisor if d.quantity in EXTENSIVE else 1.0) for d in data]
    found: Array = np.log(np.maximum(np.nan_to_num(np.stack(columns, axis=1)), TINY))
    return found


def _column(table: dict[tuple[str, str], Yearly], datum: Datum, pack: RegionPack) -> Array:
    watched = [z.id for z in pack.zones if z.monitored_since <= datum.year]
    basins = watched if (datum.quantity, datum.basin) == ("coca_area_ha", ALL) else [datum.basin]
    rows = [table[datum.quantity, basin] for basin in basins]
    total: Array = np.sum([row.values[:, row.years.index(datum.year)] for row in rows], axis=0, dtype=float)
    return total


def noise(data: Sequence[Datum], seed: int, indices: Sequence[int]) -> Array:
    """Return a draw of all errors for each simulation, (simulation, datum), keyed by its index."""
    root = np.linalg.cholesky(covariance(data))
    names = [f"{d.quantity} {d.basin} {d.year}" for d in data]
    keys = [stream_key(seed, index, "calibration noise", 0) for index in indices]
    white = np.array([[normal(key, name) for name in names] for key in keys])
    errors = np.zeros_like(white)
    for j in range(len(names)):
        errors += white[:, j : j + 1] * root[:, j]
    return errors
