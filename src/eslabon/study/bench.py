"""The bench: where an experiment pulls levers on the same members again and again, and reads what they left."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eslabon.clock import month_index
from eslabon.errors import InputError, nearest
from eslabon.evidence.pack import RegionPack
from eslabon.params.table import ParameterTable
from eslabon.policies.levers import LEVERS
from eslabon.policies.pull import FAR, Pull
from eslabon.policies.scenario import Scenario
from eslabon.policies.structures import DEFAULTS, chosen
from eslabon.runs.ensemble import Order, run_ensemble
from eslabon.runs.results import RunResult
from eslabon.runs.store import BOOKS, PARAMETERS, load_books, load_parameters_drawn
from eslabon.study.retail import SHARED, Ladder, draw_ladder

Array = npt.NDArray[np.float64]
Parts = dict[str, Array]
"""What an experiment measures: values (member,) by the part of the target they belong to."""


def pull(
    lever: str, amount: float, start: str, end: str = "", *, basins: Sequence[str] = (), corridors: Sequence[str] = (), **options: float
) -> Pull:
    """Return one lever pulled from a month `YYYY-MM` on, to the end of another or for good.

    Raises
    ------
    InputError
        If there is no such lever.
    """
    if lever not in LEVERS:
        raise InputError("no such lever", value=lever, remedy=nearest(lever, LEVERS))
    first = month_index(start)
    last = month_index(end) if end else FAR
    return Pull(lever, amount, first, first, last, basins=tuple(sorted(basins)), corridors=tuple(sorted(corridors)), options=options)


def scenario(name: str, *pulls: Pull, start: str = "2024", until: int = 2028, structure: Sequence[str] = ()) -> Scenario:
    """Return the scenario of one arm of an experiment."""
    levers = {p.lever: p for p in pulls}
    return Scenario(f"validate-{name}", name, start=start, until=until, pulls=levers, structure=tuple(structure))


def altered(pack: RegionPack, note: str, **changes: object) -> RegionPack:
    """Return a pack with some fields changed; the note enters its digest, so that its runs are kept apart."""
    digest = hashlib.sha256(f"{pack.digest} {note}".encode()).hexdigest()
    return dataclasses.replace(pack, digest=digest, **changes)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Arm:
    """One finished run, seen through the members it shares with the other arms."""

    run: RunResult
    members: tuple[int, ...]

    def of(self, outcome: str, year: int, *basins: str, corridor: str | None = None) -> Array:
        """Return an outcome of a year, (member,), added over basins; the nation's if none is named."""
        index = [self.run.members.index(m) for m in self.members]
        found = [self.run.values(outcome, basin, corridor) for basin in basins or ("ALL",)]
        values: Array = np.sum([row.values[index, row.years.index(year)] for row in found], axis=0, dtype=float)
        return values

    def mean(self, outcome: str, years: Sequence[int], *basins: str) -> Array:
        """Return the mean of several years."""
        values: Array = np.mean([self.of(outcome, year, *basins) for year in years], axis=0, dtype=float)
        return values

    def monthly(self, flow: str) -> Array:
        """Return a posting of the nation month by month, (member, month), from the stored books."""
        kept: dict[int, Array] = {}
        for file in self._files():
            drawn = load_parameters_drawn(file.with_name(file.name.replace(BOOKS, PARAMETERS)))
            postings = load_books(file)[0][flow].sum(axis=2)
            kept |= {int(m): postings[i] for i, m in enumerate(drawn["member"])}
        return np.stack([kept[m] for m in self.members])

    def drawn(self, parameter: str) -> Array:
        """Return what each member drew for a parameter, (member,)."""
        kept: dict[int, float] = {}
        for file in self._files():
            table = load_parameters_drawn(file.with_name(file.name.replace(BOOKS, PARAMETERS)))
            kept |= {int(m): float(v) for m, v in zip(table["member"], table[parameter], strict=True)}
        return np.array([kept[m] for m in self.members])

    def _files(self) -> list[Path]:
        return sorted(self.run.folder.glob(f"batch-*.{BOOKS}"))


@dataclass(frozen=True)
class Bench:
    """A region, an ensemble and a place to keep runs; every arm of every experiment has the same members.

    Attributes
    ----------
    structure : tuple of str
        Structures set in every run, such as `null`.
    """

    pack: RegionPack
    table: ParameterTable
    members: int
    seed: int
    out: Path
    threads: int = 2
    structure: tuple[str, ...] = ()

    def arms(self, *scenarios: Scenario, pack: RegionPack | None = None, table: ParameterTable | None = None) -> tuple[Arm, ...]:
        """Run scenarios with the same members and return them paired; what is stored is not computed again."""
        runs = []
        for found in scenarios:
            both = dataclasses.replace(found, structure=tuple(sorted({*found.structure, *self.structure})))
            order = Order(both, self.members, self.seed, self.threads)
            runs.append(run_ensemble(pack or self.pack, table or self.table, order, self.out))
        shared = tuple(sorted(set.intersection(*(set(r.members) for r in runs))))
        if not shared:
            raise InputError("the arms of the experiment share no finished member", remedy="Report it.")
        return tuple(Arm(r, shared) for r in runs)

    def constant(self, name: str) -> float:
        """Return a constant that only structures change, as this bench sets it."""
        return {**DEFAULTS, **{n: v for s in chosen(self.structure) for n, v in s.sets.items()}}[name]

    def ladder(self, arm: Arm) -> Ladder:
        """Return the ladder beyond the border as the members of an arm have it."""
        return draw_ladder(self.seed, arm.members, {name: arm.drawn(name) for name in SHARED})

    def ids(self) -> tuple[str, ...]:
        """Return all basins."""
        return tuple(z.id for z in self.pack.zones)

    def nearest(self, basin: str, most: int = 3) -> tuple[str, ...]:
        """Return the other basins nearest to one, by their rough centres."""
        here = next(z for z in self.pack.zones if z.id == basin)
        others = sorted((z for z in self.pack.zones if z.id != basin), key=lambda z: (z.lon - here.lon) ** 2 + (z.lat - here.lat) ** 2)
        return tuple(z.id for z in others[:most])

    def area_ha(self, year: str, *basins: str) -> float:
        """Return counted coca at the end of a starting year, of the nation if no basin is named."""
        return float(sum(getattr(z, f"area_{year}_ha") for z in self.pack.zones if not basins or z.id in basins))

    def eradication_ha(self, years: Sequence[int]) -> float:
        """Return the published counted hectares of several years, added."""
        return sum(r.area_ha for r in self.pack.eradication if r.scope == "national" and r.year in years)

    def usual_eradication_ha(self, last: int = 5) -> float:
        """Return what the baseline eradicates a year once nothing is published: the mean of the last years."""
        national = sorted((r.year, r.area_ha) for r in self.pack.eradication if r.scope == "national")[-last:]
        return sum(area for _year, area in national) / len(national)


def percent(after: Array, before: Array) -> Array:
    """Return the relative change in percent; undefined (NaN) where there was nothing before."""
    return 100 * (np.divide(after, before, out=np.full_like(after, np.nan), where=before > 0) - 1)


def quotient(top: Array, bottom: Array) -> Array:
    """Return top / bottom, NaN where the bottom is zero."""
    return np.divide(top, bottom, out=np.full_like(top, np.nan), where=bottom != 0)


def recovery_months(index: Array, within: float) -> Array:
    """Return the month after its highest value at which each row is within a share of 1 again; NaN if it never is.

    Parameters
    ----------
    index : ndarray (member, month)
        A price relative to the same month without the shock; the shock begins with the first month.
    within : float
        Distance from 1 that counts as recovered.
    """
    out = np.full(len(index), np.nan)
    for i, row in enumerate(index):
        peak = int(row.argmax())
        back = np.flatnonzero(row[peak:] <= 1 + within)
        if len(back):
            out[i] = peak + back[0] + 1
    return out


def rolling_mean(series: Array, months: int) -> Array:
    """Return the mean of each month and the months before it, as far as there are any, (member, month)."""
    added = np.cumsum(series, axis=1)
    width = np.minimum(np.arange(1, series.shape[1] + 1), months)
    before = np.concatenate([np.zeros((len(series), months)), added], axis=1)[:, : series.shape[1]]
    mean: Array = (added - before) / width
    return mean
