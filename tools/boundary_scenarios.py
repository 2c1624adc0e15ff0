"""Run scenarios at the edges of what may be asked, on a small region, and report what breaks.

Every lever at its least, its most, nothing or next to nothing, alone and many together; parameters at their bounds;
every starting state; rival rules. Each month of each member is checked for values that are no number, negative or, where
they are shares, above 1, and the books are audited. A fault names case, member, month, stage and variable.

Run `python tools/boundary_scenarios.py --count 2000 [--seed 0] [--jobs 1]`; exit status 1 if anything was found.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import sys
import time
import traceback
import warnings
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from typing import Any, NamedTuple

import numpy as np

from eslabon.api import Region, load_region
from eslabon.books import FLOWS, audit
from eslabon.clock import month_text, year_of
from eslabon.month import STAGES, advance
from eslabon.params.table import Parameter, margin_usd2013_per_kg
from eslabon.policies.levers import LEVERS
from eslabon.policies.pull import FAR, Pull
from eslabon.policies.scenario import STARTS, Scenario
from eslabon.policies.structures import STRUCTURES
from eslabon.runs.chunk import STOCKS, count_stocks
from eslabon.start import OPENINGS, World, open_world, settle_books
from eslabon.state import HOUSEHOLD_FIELDS, ROW
from eslabon.study.shrink import DIVISOR, shrink

SIGNED = {"neighbour_log", "trust_gain", "expected_return", "coca_income_usd", "income_grower_mean", "income_other_mean"}
"""What stages write that may be below zero."""
SHARES = {"corridor_share", "mode_share", "belief", "mode_belief", "flights_flown", "evacuation", "group_presence", "trust", "mobilisation",
          "self_defence", "exposed_children", "exposed_adults", "poverty_share", "denial_trace", "interdictor_trace"}  # fmt: skip
"""What stages write that is a share."""
ROUNDING = 1e-6
SHRINK_TOO = ("farmgate_value_usd2013",)
"""Parameters that grow with the nation."""
MARGIN = ("leaf_kg_per_kg_cocaine", "quality_factor", "processing_usd2013_per_kg")
"""Parameters drawn jointly, so that processing pays."""


class Case(NamedTuple):
    """One scenario to try: where its parameters stand, and for how many members."""

    number: int
    scenario: Scenario
    corner: str
    parameters: dict[str, Parameter]
    members: tuple[int, ...]

    def describe(self) -> dict[str, Any]:
        """Return what is needed to try it again."""
        pulls = {
            n: {"amount": p.amount, "start": month_text(p.start), "end": "" if p.end == FAR else month_text(p.end), "ramp": p.ramp_months,
                "strength": p.strength, "places": [*p.basins, *p.corridors], **p.options}
            for n, p in self.scenario.pulls.items()
        }  # fmt: skip
        return {"case": self.number, "start": self.scenario.start, "parameters": self.corner, "structure": self.scenario.structure, "levers": pulls}


class Fault(NamedTuple):
    """Something that must not be."""

    kind: str
    case: int
    member: int
    month: str
    stage: str
    variable: str
    value: float


@cache
def small_region() -> Region:
    """Return four basins with a twentieth of their coca."""
    region = load_region()
    parameters = dict(region.parameters)
    for name in SHRINK_TOO:
        p = parameters[name]
        parameters[name] = dataclasses.replace(p, low=p.low / DIVISOR, default=p.default / DIVISOR, high=p.high / DIVISOR)
    return Region(shrink(region.pack), parameters)


def make_case(number: int, seed: int = 0) -> Case:
    """Return case `number`: the first ones pull one lever each at its least and its most, the others what the seed says."""
    region, rng = small_region(), np.random.default_rng([seed, number])
    start = STARTS[number % len(STARTS)]
    alone = number // 2 < len(LEVERS)
    names = [list(LEVERS)[number // 2]] if alone else rng.choice(sorted(LEVERS), size=rng.integers(1, len(LEVERS) + 1), replace=False)
    first = OPENINGS[start].books_open
    years = int(rng.integers(1, 3))
    pulls = {}
    for name in map(str, names):
        least_or_most = LEVERS[name].minimum if number % 2 == 0 else LEVERS[name].maximum
        amount = least_or_most if alone else _edge(name, rng)
        pulls[name] = _pull(name, amount, first, region, rng)
    groups: dict[str, list[str]] = {}
    for structure in STRUCTURES.values():
        groups.setdefault(structure.group, []).append(structure.name)
    rivals = tuple(str(rng.choice(names)) for names in groups.values() if rng.random() < 0.15)
    scenario = Scenario(f"boundary-{number}", "boundary", "", start, year_of(first) + years - 1, pulls, rivals)
    corner = str(rng.choice(["drawn", "least", "most", "mixed", "mixed"]))
    return Case(number, scenario, corner, _corner(region.parameters, corner, rng), (0, 1) if corner == "drawn" else (0,))


def _edge(name: str, rng: np.random.Generator) -> float:
    """Return an amount at an edge: least, most, nothing, next to nothing, or, so that others show, something between."""
    low, high = LEVERS[name].minimum, LEVERS[name].maximum
    return float(rng.choice([low, high, min(max(0.0, low), high), min(max(1e-9, low), high), rng.uniform(low, high)]))


def _pull(name: str, amount: float, first: int, region: Region, rng: np.random.Generator) -> Pull:
    lever = LEVERS[name]
    places = {"basins": [z.id for z in region.pack.zones], "corridors": [c.id for c in region.pack.corridors]}
    chosen = (str(rng.choice(places[lever.targets])),) if lever.targets in places and rng.random() < 0.3 else ()
    begin = first + int(rng.choice([0, 0, 3, 11]))
    end = begin + int(rng.choice([0, 2])) if rng.random() < 0.3 else FAR
    return Pull(
        name, amount, first + int(rng.integers(0, begin - first + 1)), begin, end, int(rng.choice([0, 0, 6])), float(rng.choice([1.0, 1.0, 1e-6])),
        basins=chosen if lever.targets == "basins" else (), corridors=chosen if lever.targets == "corridors" else (),
        options={o.key: float(rng.choice([o.minimum, o.maximum, o.default])) for o in lever.options},
    )  # fmt: skip


def _corner(parameters: dict[str, Parameter], corner: str, rng: np.random.Generator) -> dict[str, Parameter]:
    """Return the parameters at bounds: all least, all most, or each one or the other; those drawn jointly so that processing pays."""
    if corner == "drawn":
        return parameters
    picks = {"least": [0.0], "most": [1.0], "mixed": [0.0, 1.0]}[corner]
    found = {}
    for name, p in parameters.items():
        value = p.low if rng.choice(picks) == 0 else p.high
        found[name] = dataclasses.replace(p, low=value, default=value, high=value)
    while margin_usd2013_per_kg({n: p.default for n, p in found.items()}) < 0:
        name = str(rng.choice(MARGIN))
        value = parameters[name].low
        found[name] = dataclasses.replace(found[name], low=value, default=value, high=value)
    return found


def try_case(case: Case, seed: int = 0) -> list[Fault]:
    """Run a case and return its faults, the first of each variable."""
    faults: dict[tuple[str, str], Fault] = {}
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", RuntimeWarning)
        try:
            for fault in _run(case, seed):
                faults.setdefault((fault.kind, fault.variable), fault)
        except Exception:
            where = traceback.extract_tb(sys.exc_info()[2])[-1]
            said = traceback.format_exc().strip().splitlines()[-1]
            faults["stopped", ""] = Fault("stopped", case.number, -1, "", f"{where.filename.rsplit('/', 1)[-1]}:{where.lineno}", said, np.nan)
    for warning in told:
        place = f"{warning.filename.rsplit('/', 1)[-1]}:{warning.lineno}"
        faults.setdefault(("warning", place), Fault("warning", case.number, -1, "", place, str(warning.message), np.nan))
    return list(faults.values())


def _run(case: Case, seed: int) -> Iterator[Fault]:
    pack, scenario = small_region().pack, case.scenario
    world = open_world(pack, case.parameters, scenario, seed, case.members)
    books_open = OPENINGS[scenario.start].books_open
    record: dict[str, list[Any]] = {name: [] for name in FLOWS}
    stocks: dict[str, list[Any]] = {name: [] for name in STOCKS}
    for month in range(world.plan.first_month, world.plan.first_month + world.plan.months):
        found = advance(world, month)
        yield from _look(case, world, found, month)
        if month == books_open - 1:
            settle_books(world, pack, found)
        if month >= books_open:
            for name, kept in record.items():
                kept.append(found[name])
        if month >= books_open - 1:
            for name, held in count_stocks(world).items():
                stocks[name].append(held)
    postings = {n: np.stack(v, axis=1) for n, v in record.items()}
    for i in audit(postings, {n: np.stack(v, axis=1) for n, v in stocks.items()}, world.constants["leaf_kg_per_kg_cocaine"][:, 0]):
        place = f"{i.commodity}.{i.account}"
        yield Fault("imbalance", case.number, case.members[i.member], month_text(books_open + i.month), "", place, i.residual)
    moved = [postings[f"people.moved_{way}"].sum(axis=2) for way in ("in", "out")]
    for m, t in np.argwhere(moved[0] != moved[1]):
        yield Fault("imbalance", case.number, case.members[m], month_text(books_open + t), "migration", "people moved", float(moved[0][m, t]))


def _look(case: Case, world: World, found: dict[str, Any], month: int) -> Iterator[Fault]:
    """Yield what one month holds that must not be, stage by stage, then household by household."""
    for stage in STAGES:
        for name in stage.writes:
            yield from _wrong(case, np.asarray(found[name]), stage.name, name, month)
    for m, population in enumerate(world.state.households):
        for field in HOUSEHOLD_FIELDS:
            values = population.fields[ROW[field.name]]
            bad = ~((values >= field.low) & (values <= field.high))
            if bad.any():
                worst = float(values[bad][0])
                yield Fault("out of bounds", case.number, case.members[m], month_text(month), "households", field.name, worst)
        for name in ("arriving", "moving"):
            yield from _wrong(case, getattr(population, name)[None], "migration", name, month, signed=name == "arriving")


def _wrong(case: Case, value: Any, stage: str, name: str, month: int, signed: bool = False) -> Iterator[Fault]:
    checks = [("non-finite", ~np.isfinite(value))]
    if name not in SIGNED and not signed:
        checks.append(("negative", value < -ROUNDING))
    if name in SHARES:
        checks.append(("above one", value > 1 + ROUNDING))
    for kind, bad in checks:
        if bad.any():
            at = np.argwhere(bad)[0]
            member = case.members[at[0]] if value.shape[0] == len(case.members) else -1
            yield Fault(kind, case.number, member, month_text(month), stage, name, float(value[tuple(at)]))


def try_number(number: int, seed: int = 0) -> list[Fault]:
    """Make a case and run it."""
    return try_case(make_case(number, seed), seed)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2000, help="how many scenarios")
    parser.add_argument("--first", type=int, default=0, help="number of the first one")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1, help="processes")
    given = parser.parse_args()
    began, numbers = time.perf_counter(), range(given.first, given.first + given.count)
    kinds: Counter[tuple[str, str, str]] = Counter()
    broken = 0
    with ProcessPoolExecutor(given.jobs) as pool:
        for number, faults in zip(numbers, pool.map(try_number, numbers, [given.seed] * given.count, chunksize=10), strict=True):
            broken += any(f.kind != "warning" for f in faults)
            for fault in faults:
                kinds[fault.kind, fault.stage, fault.variable] += 1
                if kinds[fault.kind, fault.stage, fault.variable] <= 3:
                    print(json.dumps({**fault._asdict(), "try": make_case(number, given.seed).describe()}), flush=True)
    print(f"{given.count} boundary scenarios, seed {given.seed}: {broken} with a fault, {time.perf_counter() - began:.0f} s.")
    for (kind, stage, variable), n in kinds.most_common():
        print(f"{n:6d}  {kind:14s} {stage:16s} {variable}")
    return int(broken > 0)


if __name__ == "__main__":
    sys.exit(main())
