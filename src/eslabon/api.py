"""The verbs: run, compare, verify; results with labelled arrays for a notebook."""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eslabon.books import require_balance
from eslabon.errors import InputError
from eslabon.evidence.pack import RegionPack, load_pack
from eslabon.params.table import Parameter, load_parameters
from eslabon.policies.levers import LEVERS, Lever
from eslabon.policies.scenario import Scenario, load_scenario
from eslabon.policies.structures import STRUCTURES, Structure
from eslabon.policies.structures import chosen as chosen_structures
from eslabon.runs.ensemble import Order, run_ensemble
from eslabon.runs.results import RunResult
from eslabon.runs.store import BOOKS, PARAMETERS, load_books, load_parameters_drawn, read_manifest
from eslabon.study.compare import Comparison

if TYPE_CHECKING:
    from eslabon.report.evidence import Evidence
    from eslabon.study.calibration.calibrate import Plan
    from eslabon.study.calibration.fit import Calibration
    from eslabon.study.counterfactual import Effect
    from eslabon.study.hindcast import HindcastOrder
    from eslabon.study.reconciliation import Reconciliation
    from eslabon.study.trace import Trace

__all__ = [
    "Comparison", "RunResult", "attribute", "calibrate", "compare", "evidence", "hindcast", "levers", "load_region", "reconcile", "run", "scenarios",
    "structures", "trace", "verify",
]  # fmt: skip
DEFAULT_MEMBERS = 24
POSTERIORS = "posteriors"
"""Folder of a region pack that holds its calibrated ensembles."""
Progress = Callable[[int], None]


@dataclasses.dataclass(frozen=True)
class Region:
    """A region pack with its parameter table."""

    pack: RegionPack
    parameters: Mapping[str, Parameter]

    def scenario(self, name: str | Scenario, until: int | None = None) -> Scenario:
        """Return a scenario by name or path, with another last year if asked."""
        if isinstance(name, Scenario):
            found = name
        else:
            basins = {s.lower(): z.id for z in self.pack.zones for s in (z.id, z.name_es, z.name_en, f"Peru/{z.name_es}")}
            corridors = {s.lower(): c.id for c in self.pack.corridors for s in (c.id, c.name_es, c.name_en)}
            found = load_scenario(name, self.pack.root / "scenarios", basins, corridors)
        if until is None:
            return found
        if not int(found.start) < until <= 2100:
            raise InputError(f"the last year lies after {found.start} and by 2100", value=until, remedy="Give for example --until 2030.")
        return dataclasses.replace(found, until=until)

    def calibrated(self, until: int, folder: str | Path | None = None) -> Region:
        """Return the region with the posterior of a cut-off in place of the priors.

        Parameters
        ----------
        until : int
            Its cut-off.
        folder : path, optional
            Folder of posteriors; the region's own by default.

        Raises
        ------
        InputError
            If there is no such posterior or the file is damaged.
        """
        from eslabon.study.calibration.artefact import digest, load_posterior, stem

        path = Path(folder or self.pack.root / POSTERIORS) / f"{stem(until)}.csv"
        table = load_posterior(path, self.parameters)
        content = hashlib.sha256(f"{self.pack.digest} {digest(path)}".encode()).hexdigest()
        return Region(dataclasses.replace(self.pack, digest=content), table)

    def cutoffs(self, folder: str | Path | None = None) -> list[int]:
        """Return the cut-offs there are posteriors of."""
        return sorted(int(p.stem.split("-")[1]) for p in Path(folder or self.pack.root / POSTERIORS).glob("until-*.csv"))


def load_region(name: str | Path = "peru") -> Region:
    """Return a region pack and its parameters, checked."""
    pack = load_pack(name)
    return Region(pack, load_parameters(pack.root / "parameters.toml", pack.ledger.claims))


def scenarios(region: str | Path = "peru") -> list[str]:
    """Return the names of the shipped scenarios."""
    return sorted(p.stem for p in (load_pack(region).root / "scenarios").glob("*.toml"))


def levers() -> list[Lever]:
    """Return the levers a scenario may pull."""
    return list(LEVERS.values())


def structures() -> list[Structure]:
    """Return the rival rules a run may use in place of the default ones."""
    return list(STRUCTURES.values())


def run(
    scenario: str | Scenario = "baseline", members: int = DEFAULT_MEMBERS, seed: int = 0, *, until: int | None = None, threads: int | None = None,
    chunk: int = 0, out: str | Path = "runs", region: Region | None = None, progress: Progress = lambda months: None,
    structure: Sequence[str] | None = None, posterior: int | None = None,
) -> RunResult:  # fmt: skip
    """Run an ensemble of a scenario and return its result; members stored already are not computed again.

    Parameters
    ----------
    scenario : str or Scenario
        A shipped name, a path to a TOML file, or a scenario.
    members : int
        Members of the ensemble, at least one.
    seed : int
        0 <= seed < 2**64.
    until : int, optional
        Last year.
    threads, chunk : int, optional
        Threads, and members advanced together; neither changes any number.
    out : path
        Folder of runs.
    structure : sequence of str, optional
        Rival rules by name, in place of the scenario's own (see `structures`).
    posterior : int, optional
        Cut-off of a calibrated ensemble to draw members from, in place of the priors.

    Raises
    ------
    InputError
        If an argument or the scenario is out of bounds.
    """
    threads = threads or min(os.cpu_count() or 1, 8)
    checks = (("members", members, 1, 10**6), ("seed", seed, 0, 2**64 - 1), ("threads", threads, 1, 256), ("chunk", chunk, 0, 10**6))
    for name, value, low, high in checks:
        if not low <= value <= high:
            raise InputError(f"{name} must lie from {low} to {high}", value=value, remedy=f"Give --{name} in that range.")
    region = region or load_region()
    region = region.calibrated(posterior) if posterior else region
    chosen = region.scenario(scenario, until)
    if structure is not None:
        chosen = dataclasses.replace(chosen, structure=tuple(s.name for s in chosen_structures(structure)))
    order = Order(chosen, members, seed, threads, chunk)
    return run_ensemble(region.pack, region.parameters, order, Path(out), progress)


def compare(
    names: list[str | Scenario], members: int = DEFAULT_MEMBERS, seed: int = 0, *, until: int | None = None, threads: int | None = None,
    chunk: int = 0, out: str | Path = "runs", region: Region | None = None, progress: Progress = lambda months: None,
    structure: Sequence[str] | None = None, posterior: int | None = None,
) -> Comparison:  # fmt: skip
    """Run several scenarios with the same members and return them paired; the first is the reference."""
    if len(names) < 2:
        raise InputError("a comparison needs two scenarios", value=names, remedy="Example: eslabon compare baseline eradicate-30k.")
    region = region or load_region()
    region = region.calibrated(posterior) if posterior else region
    runs = tuple(
        run(n, members, seed, until=until, threads=threads, chunk=chunk, out=out, region=region, progress=progress, structure=structure)
        for n in names
    )
    return Comparison(runs)


def evidence(
    quantity: str | None = None, place: str | None = None, *, first: int | None = None, last: int | None = None,
    as_of: str | datetime.date | None = None, ledger: str | Path | None = None, pack: RegionPack | None = None,
) -> Evidence:  # fmt: skip
    """Return what the ledger holds on a quantity, a place, or both, with all sides of contested figures.

    Parameters
    ----------
    quantity : str, optional
        For example `coca_area_unodc`.
    place : str, optional
        An id or a name in either language, with or without accents.
    first, last : int, optional
        Years.
    as_of : date, optional
        Only claims public on that day, ISO text or a date.
    ledger : path, optional
        Folder of your own ledger; `ledger` by default, if it is there.
    pack : RegionPack, optional
        Another region.

    Raises
    ------
    InputError
        If the quantity or place is not known; the message offers the nearest ones.
    """
    from eslabon.evidence.browse import Question, browse, read_day
    from eslabon.evidence.ledger_store import layered
    from eslabon.report.evidence import Evidence

    region = pack or load_pack()
    asked = Question(quantity, place, first, last, read_day(as_of))
    return Evidence(browse(region, asked, layered(region.ledger, Path(ledger) if ledger is not None else None)))


def verify(folder: str | Path) -> int:
    """Re-add the books of a stored run and return the number of balances checked.

    Raises
    ------
    BalanceError
        At the first account whose change its postings do not explain to 1e-9 of throughput.
    StoreError
        If the folder is no run or a file is damaged.
    """
    path = Path(folder)
    read_manifest(path)
    files = sorted(path.glob(f"batch-*.{BOOKS}"))
    if not files:
        raise InputError("the run has no books", file=str(path), remedy="Run the scenario first.")
    checked = 0
    for file in files:
        postings, stocks = load_books(file)
        drawn = load_parameters_drawn(file.with_name(file.name.replace(BOOKS, PARAMETERS)))
        require_balance(postings, stocks, drawn["leaf_kg_per_kg_cocaine"], file=str(file))
        checked += sum(s[:, 1:].size for s in stocks.values())
    return checked


def trace(thing: str, run: str | Path | None = None, *, region: Region | None = None) -> Trace:
    """Return what stands behind a thing: claims, sources, priors, and, with a run, shares of variance.

    Parameters
    ----------
    thing : str
        A printed figure such as `coca_area_ha@eradicate-30k/2030`, an outcome, parameter, series, lever, claim or source, or a
        cell of the pack such as `zones.csv/vraem/yield_kg_per_ha_yr`.
    run : path, optional
        Folder of a stored run; a printed figure needs one.

    Raises
    ------
    InputError
        If there is no such thing; the message offers the nearest names.
    """
    from eslabon.study.trace import trace as trace_thing

    region = region or load_region()
    return trace_thing(thing, region.pack, region.parameters, Path(run) if run is not None else None)


def months_of(region: Region, scenario: Scenario) -> int:
    """Return how many months a member of a scenario takes, burn-in included."""
    from eslabon.clock import month_index
    from eslabon.start import OPENINGS

    opening = OPENINGS[scenario.start]
    return month_index(f"{scenario.until}-12") + 1 - opening.books_open + opening.burn_in_months


def reconcile(
    place: str = "VRAEM", year: int = 2013, *, method: str = "wls", claims: str | Path | None = None, ledger: str | Path | None = None,
    alone: bool = False, seed: int = 0, region: str | Path = "peru",
) -> Reconciliation:  # fmt: skip
    """Return which published figures of a place and a year can be true together, and adjusted values with intervals.

    Parameters
    ----------
    place : str
        Id or name, such as `VRAEM`, `Peru` or `Peru/VRAEM`.
    year : int
    method : {"wls", "bayes", "both"}
        Weighted least squares; a posterior with a bias of each source beside it.
    claims : path, optional
        CSV with claims of your own, put beside the ledger's for this reconciliation.
    ledger : path, optional
        Folder of a ledger of your own, added to the pack's.
    alone : bool
        Use the claims of the CSV only.
    seed : int
        Of the sampler.
    region : str or path
        Region pack.

    Returns
    -------
    Reconciliation
        With `findings`, `verdicts`, `consistent`, `table()` and `document()`.

    Raises
    ------
    InputError
        If nothing is claimed of the place in that year, or a file or an option breaks a rule.
    """
    from eslabon.evidence.ledger_store import layered
    from eslabon.evidence.reconcile.claims_file import with_file
    from eslabon.study.reconciliation import reconcile_place

    if alone and claims is None:
        raise InputError("there are no claims of your own", place="--alone", remedy="Name a CSV with claims, or leave --alone out.")
    known = layered(load_pack(region).ledger, Path(ledger) if ledger else None)
    whole = with_file(known, Path(claims), alone=alone) if claims else known
    return reconcile_place(whole, place, year, method, seed)


def calibrate(
    until: int = 2013, *, plan: Plan | None = None, seed: int = 0, divisor: float = 20.0, out: str | Path = "runs", region: Region | None = None,
    progress: Progress = lambda done: None,
) -> Calibration:  # fmt: skip
    """Calibrate the estimated parameters to what was published up to a cut-off, or continue a calibration.

    Parameters
    ----------
    until : int
        Last year of figures; nothing published after the year that follows it is read.
    plan : Plan, optional
        Simulations, rounds, members, workers.
    divisor : float
        Households that one simulated household stands for.
    progress : callable
        Told how many simulations have just been done.

    Raises
    ------
    InputError
        If the cut-off or the plan is out of bounds.
    """
    from eslabon.study.calibration.calibrate import Plan as Whole
    from eslabon.study.calibration.fit import fit, setting_at

    region = region or load_region()
    return fit(setting_at(region.pack, region.parameters, until, seed, divisor), plan or Whole(), Path(out), progress)


def hindcast(
    cutoffs: Sequence[int] = (2013,), *, order: HindcastOrder | None = None, posteriors: str | Path | None = None, region: Region | None = None,
    progress: Progress = lambda months: None,
) -> dict[str, Any]:  # fmt: skip
    """Forecast the years after each cut-off from its posterior, one step ahead and free, and score beside naive forecasts.

    Returns
    -------
    dict
        The document that `hindcast_table.hindcast_document` describes.

    Raises
    ------
    InputError
        If there is no posterior of a cut-off.
    """
    from eslabon.study.hindcast import HindcastOrder as Usual
    from eslabon.study.hindcast import hindcast as forecast

    region = region or load_region()
    tables = {cutoff: region.calibrated(cutoff, posteriors).parameters for cutoff in cutoffs}
    return forecast(region.pack, tables, order or Usual(), progress)


def hindcast_months(order: HindcastOrder, cutoffs: Sequence[int]) -> int:
    """Return how many member-months a hindcast takes."""
    return 2 * len(cutoffs) * order.members * roll_months(order.last)


def attribute(
    first: int, last: int, instead_ha: float = 0.0, *, until: int = 2018, posterior: int = 2013, members: int = 200, seed: int = 0,
    divisor: float = 20.0, posteriors: str | Path | None = None, region: Region | None = None, progress: Progress = lambda months: None,
) -> Effect:  # fmt: skip
    """Return what the eradication of some years changed: observed coca less what would have been with another.

    Parameters
    ----------
    first, last : int
        Years of the other eradication.
    instead_ha : float
        Counted hectares a year in its place.
    until : int
        Last year compared.
    posterior : int
        Cut-off of the calibrated ensemble.

    Raises
    ------
    InputError
        If there is no such posterior, or no eradication was published in a year.
    """
    from eslabon.study.calibration.observed import data_until
    from eslabon.study.counterfactual import Instead
    from eslabon.study.counterfactual import attribute as compare_with
    from eslabon.study.hindcast import Roll

    region = region or load_region()
    table = region.calibrated(posterior, posteriors).parameters
    data = tuple(d for d in data_until(region.pack, until) if d.quantity == "coca_area_ha")
    return compare_with(Roll(region.pack, table, data, until, until, seed, members, divisor), Instead(first, last, instead_ha), progress)


def roll_months(last: int) -> int:
    """Return how many months a member is led through the past to the end of a year."""
    from eslabon.study.hindcast import months_of_roll

    return months_of_roll(last)
