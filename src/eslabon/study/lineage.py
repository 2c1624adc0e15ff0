"""The structural path: from an outcome through the month and the starting state to parameters, series, zones and levers.

The graph is read from the code's own tables and text: the stages' arguments and `WRITES`, the aliases of the month, the
table of outcomes, the levers, and the functions that make the plan and the starting state. It says what *may* matter: a
quantity outside the path cannot move the outcome, one inside may still move it by nothing.
"""

from __future__ import annotations

import dataclasses
import inspect
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from types import ModuleType
from typing import Any

from eslabon import institutions, start
from eslabon.evidence.region import Corridor, Mode, RegionPack, Zone
from eslabon.month import ALIASES, NOT_VALUES, STAGES
from eslabon.policies import baseline, plan
from eslabon.policies.levers import LEVERS, Lever
from eslabon.stages import observe, passes
from eslabon.study.trace_reads import NONE, PEOPLE, Origins, Summaries, Words, read_functions

START, PLAN, OUTCOME = "start", "plan", "observe"
"""Makers of quantities beside the stages: the starting state, the plan, and the yearly table of outcomes."""
_FILES: dict[str, type[Zone | Corridor | Mode]] = {"zones": Zone, "corridors": Corridor, "modes": Mode}
_LABELS = ("id", "name_es", "name_en", "status", "claims", "lon", "lat", "group")
_TABLES = {"access": "access", "mode_start": "corridor_modes", "calendar": "calendar", "observations": "observations",
           "eradication": "eradication", "departments": "crosswalk"}  # fmt: skip
PREFIXES = ("zones.", "corridors.", "modes.", "series.", "lever.")


@dataclass(frozen=True)
class Edge:
    """A quantity is made from others by a stage, the plan, the starting state or the table of outcomes."""

    made: str
    by: str
    of: Origins


@dataclass(frozen=True)
class Path:
    """All that an outcome may depend on.

    Attributes
    ----------
    distance : mapping of name to int
        Steps from the outcome to each name, through makers.
    via : mapping of name to (maker, quantity)
        The last step on a shortest way: who read the name, to make what.
    """

    outcome: str
    distance: Mapping[str, int]
    via: Mapping[str, tuple[str, str]]

    def chain(self, name: str) -> list[tuple[str, str]]:
        """Return a shortest way from the outcome to a name, as (maker, what it made)."""
        steps: list[tuple[str, str]] = []
        while name in self.via:
            maker, made = self.via[name]
            steps.append((maker, made))
            name = made
        return steps[::-1]

    def among(self, names: Iterable[str]) -> list[str]:
        """Return those of the names that lie on the path, nearest first."""
        return sorted((n for n in names if n in self.distance), key=lambda n: (self.distance[n], n))

    def makers(self) -> list[str]:
        """Return the stages and other makers on the path, in the order of the month."""
        used = {maker for maker, _made in self.via.values()}
        return [m for m in (PLAN, START, *(s.name for s in STAGES), OUTCOME) if m in used]


@dataclass(frozen=True)
class Lineage:
    """The graph of one region and starting state."""

    edges: tuple[Edge, ...]

    @cached_property
    def _sources(self) -> dict[str, list[tuple[str, list[str]]]]:
        """Quantity -> its makers, each with what it is made from in order."""
        sources: dict[str, list[tuple[str, list[str]]]] = {}
        for edge in self.edges:
            sources.setdefault(edge.made, []).append((edge.by, sorted(edge.of)))
        return sources

    @cached_property
    def _paths(self) -> dict[str, Path]:
        return {}

    def path(self, outcome: str) -> Path:
        """Return all that an outcome, or any quantity of the model, may depend on."""
        if outcome not in self._paths:
            self._paths[outcome] = self._walk(outcome)
        return self._paths[outcome]

    def _walk(self, outcome: str) -> Path:
        distance, via, waiting = {outcome: 0}, {}, deque([outcome])
        while waiting:
            made = waiting.popleft()
            for by, of in self._sources.get(made, ()):
                for name in of:
                    if name not in distance:
                        distance[name], via[name] = distance[made] + 1, (by, made)
                        waiting.append(name)
        return Path(outcome, distance, via)

    def readers(self, name: str) -> list[Edge]:
        """Return who reads a name, and to make what."""
        return [edge for edge in self.edges if name in edge.of]

    def names(self) -> frozenset[str]:
        """Return every name of the graph."""
        return frozenset().union(*(edge.of | {edge.made} for edge in self.edges))


def lineage(pack: RegionPack, year: str = "2024") -> Lineage:
    """Return the graph of a region for one of the starting states."""
    return _lineage(frozenset(pack.series), year)


@cache
def _lineage(series: frozenset[str], year: str) -> Lineage:
    columns = {f.name: f"{file}.{f.name}" for file, kind in _FILES.items() for f in dataclasses.fields(kind) if f.name not in _LABELS}
    parts = {name: frozenset({name}) if f.type == "Array" else NONE for name, f in start.World.__dataclass_fields__.items()}
    found = _read(Words(columns, series, _TABLES, parts, year))
    edges = [*_stage_edges(found), *_made(found, (plan, baseline), PLAN), *_made(found, (start, institutions), START)]
    return Lineage((*edges, *_lever_edges(found), *_outcome_edges(found)))


def _functions(module: ModuleType) -> list[Callable[..., Any]]:
    """Return a module's own functions in order; of compiled ones the Python text."""
    found = [f for f in (getattr(f, "py_func", f) for f in vars(module).values()) if inspect.isfunction(f) and f.__module__ == module.__name__]
    return sorted(found, key=lambda f: f.__code__.co_firstlineno)


def _read(words: Words) -> Summaries:
    modules = [*(s.module for s in STAGES), passes, start, institutions, baseline, plan, observe]
    functions = [f for module in dict.fromkeys(modules) for f in _functions(module)]
    arguments = {s.advance: {n: frozenset({ALIASES.get(n, n)}) for n in s.reads if n not in NOT_VALUES} for s in STAGES}
    return read_functions(functions, words, arguments)


def _stage_edges(found: Summaries) -> list[Edge]:
    """Return what each stage writes, from its own text; a declared name the text does not show is made from all it reads."""
    edges = []
    for stage in STAGES:
        writes = found[stage.advance].writes
        everything = frozenset(ALIASES.get(n, n) for n in stage.reads if n not in NOT_VALUES)
        names = (*stage.writes, *([PEOPLE] if PEOPLE in writes else []))
        edges += [Edge(name, stage.name, frozenset(writes.get(name, everything))) for name in names]
    return edges


def _made(found: Summaries, modules: Iterable[ModuleType], by: str) -> list[Edge]:
    functions = [f for module in modules for f in _functions(module)]
    return [Edge(name, by, frozenset(origins)) for f in functions for name, origins in found[f].writes.items()]


def signals_of(lever: Lever) -> set[str]:
    """Return the signals that a lever acts on, its options and marks included."""
    return {lever.signal, "policy_cost_usd2013", *(o.signal for o in lever.options), *(m.signal for m in lever.marks)}


def _lever_edges(found: Summaries) -> list[Edge]:
    planned = set(found[plan._eradication].writes)
    return [
        Edge(signal, PLAN, frozenset({f"lever.{lever.name}"}))
        for lever in LEVERS.values()
        for signal in (signals_of(lever) | planned if lever.how == "plan" else signals_of(lever))
    ]


def _outcome_edges(found: Summaries) -> list[Edge]:
    """Return how the table of outcomes is made; the error of the observed area is read where the code names that outcome."""
    derived = found[observe.derive].writes
    edges = [Edge(name, OUTCOME, frozenset(origins)) for name, origins in derived.items()]
    for o in observe.OUTCOMES:
        extra = found[observe._error].reads if o.name == OBSERVED else set()
        edges.append(Edge(f"outcome.{o.name}", OUTCOME, frozenset({o.source, *([o.weight] if o.weight else []), *extra})))
    return edges


OBSERVED = "coca_area_observed_ha"
