"""What a reader means by a word: a printed figure, an outcome, a parameter, a claim, a series, a lever, a cell, a source."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from eslabon.books import FLOWS
from eslabon.errors import InputError
from eslabon.evidence.region import RegionPack
from eslabon.params.table import Parameter
from eslabon.policies.levers import LEVERS
from eslabon.stages.observe import OUTCOMES, Outcome
from eslabon.study.lineage import Lineage, lineage
from eslabon.study.trace_address import is_address
from eslabon.study.trace_claims import claim_document
from eslabon.study.trace_pack import Use, find_uses, uses

KINDS = ("figure", "outcome", "parameter", "claim", "series", "lever", "source", "cell", "quantity")
"""What a word may stand for, in the order it is looked up; `series/pen_per_usd` says which is meant."""
SHOWN = 3
DEFAULT_START = "2024"


@dataclass(frozen=True)
class Known:
    """A region and everything in it that can be traced."""

    pack: RegionPack
    parameters: Mapping[str, Parameter]
    start: str = DEFAULT_START

    @cached_property
    def outcomes(self) -> dict[str, Outcome]:
        """Outcomes by name, the first of those that share one."""
        return {name: next(o for o in OUTCOMES if o.name == name) for name in dict.fromkeys(o.name for o in OUTCOMES)}

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        return uses(self.pack, self.parameters)

    @cached_property
    def graph(self) -> Lineage:
        return lineage(self.pack, self.start)

    @cached_property
    def entries(self) -> dict[str, dict[str, Any]]:
        """Parameters as plain data, filled as they are asked for."""
        return {}

    @cached_property
    def told(self) -> dict[str, dict[str, Any]]:
        """Claims as plain data, filled as they are asked for."""
        return {}

    def claims(self, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
        """Return claims by id with their sources and sides, in the order given, each once."""
        for name in ids:
            if name not in self.told:
                self.told[name] = claim_document(self.pack.ledger.claims[name], self.pack.ledger)
        return {name: self.told[name] for name in dict.fromkeys(ids)}

    @cached_property
    def by_kind(self) -> dict[str, frozenset[str]]:
        """Names by kind; cells are the addresses of the pack."""
        places = {p for u in self.uses for p in _prefixes(u.address)}
        quantities = {n for n in self.graph.names() if "." not in n or n in FLOWS}
        return {
            "outcome": frozenset(self.outcomes), "parameter": frozenset(self.parameters), "claim": frozenset(self.pack.ledger.claims),
            "series": frozenset(self.pack.series), "lever": frozenset(LEVERS), "source": frozenset(self.pack.ledger.sources),
            "cell": frozenset(places), "quantity": frozenset(quantities),
        }  # fmt: skip

    @cached_property
    def standing(self) -> dict[str, str]:
        """Return the status that counts of every parameter: assumed where it cites no claim."""
        return {u.node: u.standing for u in self.uses if u.kind == "parameter"}


_shelf: dict[tuple[int, int, str], Known] = {}
SHELF = 8
"""Regions kept ready; each holds its pack, so that its identity stays its own."""


def known_region(pack: RegionPack, parameters: Mapping[str, Parameter], start: str = DEFAULT_START) -> Known:
    """Return what can be traced in a region, worked out once for each pack and starting state."""
    key = id(pack), id(parameters), start
    if key not in _shelf:
        if len(_shelf) >= SHELF:
            _shelf.pop(next(iter(_shelf)))
        _shelf[key] = Known(pack, parameters, start)
    return _shelf[key]


def _prefixes(address: str) -> list[str]:
    parts = address.split("/")
    return ["/".join(parts[: i + 1]) for i in range(len(parts))]


@dataclass(frozen=True)
class Found:
    """What was meant; `also` names what else goes by the same word."""

    kind: str
    name: str
    also: tuple[str, ...] = ()


def find(text: str, known: Known) -> Found:
    """Return what a text stands for.

    Raises
    ------
    InputError
        For something that does not exist; the nearest names are in the message.
    """
    word = text.strip()
    if is_address(word):
        return Found("figure", word)
    kind, _slash, rest = word.partition("/")
    if kind in known.by_kind and rest in known.by_kind[kind]:
        return Found(kind, rest)
    word = word.replace(":", "/").strip("/")
    if word.partition("/")[0] in known.outcomes and "/" in word:
        return Found("outcome", word)
    kinds = [k for k, names in known.by_kind.items() if word in names]
    if not kinds:
        raise InputError("nothing here goes by this name", value=text, remedy=_nearest(word, known))
    others = tuple(f"{k}/{word}" for k in kinds[1:] if k != "quantity")
    return Found(kinds[0], word, others)


def _nearest(word: str, known: Known) -> str:
    """Return the nearest names of all kinds, or examples where none is near."""
    names = {name.lower(): name for found in known.by_kind.values() for name in found}
    close = [names[n] for n in difflib.get_close_matches(word.lower(), names, n=SHOWN, cutoff=0.6)]
    close += [n for n in sorted(names.values(), key=len) if len(word) > SHOWN and word.lower() in n.lower() and n not in close][: SHOWN - len(close)]
    if close:
        return f"Did you mean {' or '.join(map(repr, close))}?"
    return "Give an outcome such as coca_area_ha, a parameter, a series, a claim id, a lever, or a figure such as coca_area_ha@baseline/2030."


def cells_below(name: str, known: Known) -> list[Use]:
    """Return the cells at an address of the pack, or of a series."""
    return find_uses(name, known.uses)
