"""What a trace says, as plain data: the path, the parameters with their claims, the fixed inputs, the shares of variance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from eslabon.errors import InputError
from eslabon.params.table import Parameter
from eslabon.stages.observe import OUTCOMES
from eslabon.study.lineage import Path as Way
from eslabon.study.trace_address import PUBLISHED, Address
from eslabon.study.trace_claims import in_unit, is_contested
from eslabon.study.trace_find import Known
from eslabon.study.trace_pack import Use, of_path
from eslabon.study.trace_probe import idle
from eslabon.study.trace_run import Figure, command_for, shares_of
from eslabon.study.trace_span import span
from eslabon.study.variance import Band, Shares, members_needed

Document = dict[str, Any]
WORTH_NAMING = 0.05
"""Share of the variance that the advice on members aims at."""
APART = 0.1
"""Distance between two claims, as a part of the prior's width, from which they say different things of a parameter."""


def path_document(known: Known, target: str) -> tuple[Way, Document]:
    """Return the way to an outcome or quantity, with the parameters nearest first and the fixed inputs behind it."""
    way = known.graph.path(target)
    parameters = [parameter_entry(known, n, way) for n in way.among(known.parameters)]
    inputs = [u.document() for u in of_path(way.distance, known.uses, known.pack, known.start) if u.kind != "lever"]
    levers = sorted(n.removeprefix("lever.") for n in way.distance if n.startswith("lever."))
    document: Document = {
        "path": {"start": known.start, "stages": way.makers(), "parameters": len(parameters), "of_parameters": len(known.parameters),
                 "inputs": len(inputs), "levers": levers},
        "parameters": parameters, "inputs": inputs,
    }  # fmt: skip
    return way, document


def with_claims(known: Known, document: Document, more: Iterable[str] = ()) -> Document:
    """Return a document with every claim that its parameters and inputs cite, each once."""
    cited = [c for part in ("parameters", "inputs", "used_by") for item in document.get(part, ()) for c in item["claims"]]
    return {**document, "claims": known.claims([*more, *cited])}


def parameter_entry(known: Known, name: str, way: Way | None = None) -> Document:
    """Return a parameter with its prior, claims, and how they span it."""
    if name not in known.entries:
        known.entries[name] = _entry(known, known.parameters[name])
    if way is None:
        return dict(known.entries[name])
    return {**known.entries[name], "distance": way.distance[name], "way": [list(step) for step in way.chain(name)], "share": None}


def _entry(known: Known, p: Parameter) -> Document:
    return {
        "name": p.name, "meaning": p.meaning, "unit": p.unit, "row": p.row, "default": p.default, "low": p.low, "high": p.high,
        "status": p.status, "standing": known.standing[p.name], "claims": list(p.claims), **spans_of(known, p),
    }  # fmt: skip


def spans_of(known: Known, p: Parameter) -> Document:
    """Return the parts of a prior's variance that each group of claims spans, and which claims of other groups say otherwise."""
    found = span(p, known.pack)
    spans = []
    for group, part in sorted(found.by_group.items(), key=lambda pair: -pair[1]):
        ids = found.groups[group]
        against = [c for g, others in found.groups.items() if g != group for c in others if _differs(known, p, ids, c)]
        contested = bool(against) or any(is_contested(known.pack.ledger.claims[c], known.pack.ledger) for c in ids)
        spans.append({"group": group, "claims": list(ids), "part": part, "against": against, "contested": contested})
    return {"spans": spans, "margin": found.margin, "indirect": list(found.indirect)}


def _differs(known: Known, p: Parameter, ids: Sequence[str], other: str) -> bool:
    """Return whether another claim stands apart from all of a group's by more than a tenth of the prior's width."""
    theirs = in_unit(known.pack.ledger.claims[other], p.unit, known.pack)
    ours = [o for c in ids if (o := in_unit(known.pack.ledger.claims[c], p.unit, known.pack))]
    gap = min((max(theirs[0] - o[1], o[0] - theirs[1]) for o in ours), default=0.0) if theirs else 0.0
    return gap > APART * (p.high - p.low)


def figure_document(known: Known, figure: Figure, way: Way, document: Document) -> Document:
    """Return the document of a printed figure: its value, and who carries its variance where it varies."""
    document = {"figure": figure.document(), **document}
    try:
        shares, dead = live_shares(known, figure, way)
    except InputError as error:
        needed = members_needed(WORTH_NAMING, len(document["parameters"]))
        advice = {"share": WORTH_NAMING, "members": needed, "command": command_for(figure, needed)}
        return {**document, "shares": None, "shares_missing": error.rule, "advice": advice}
    entries = {e["name"]: e for e in document["parameters"]}
    for name, band in shares.named.items():
        entries[name]["share"] = {**band_document(band), "direction": shares.direction[name]}
    ranked = sorted(document["parameters"], key=lambda e: (-(e["share"] or {"share": -1.0})["share"], e["distance"]))
    return {**document, "parameters": ranked, "shares": shares_document(figure, shares, dead), "carried": carried(ranked)}


def live_shares(known: Known, figure: Figure, way: Way) -> tuple[Shares, list[str]]:
    """Return the shares among the parameters that are at work; one that is named but idle in every scenario of the figure is struck out."""
    runs = [run for run in (figure.run, figure.base) if run]
    dead: set[str] = set()
    checked: set[str] = set()
    while True:
        candidates = [n for n in way.among(known.parameters) if n not in dead]
        shares = shares_of(figure, candidates, known.standing)
        fresh = set(shares.named) - checked
        checked |= fresh
        still = fresh
        for run in runs:
            still = idle(still, run.manifest, known.pack, known.parameters, known.graph) if still else still
        if not still:
            return shares, sorted(dead)
        dead |= still


def band_document(band: Band) -> Document:
    """Return a share with its interval, as plain data."""
    return {"share": band.share, "low": band.low, "high": band.high}


def shares_document(figure: Figure, shares: Shares, dead: Sequence[str]) -> Document:
    """Return the shares by status, what is unresolved, and how many members would say more."""
    needed = shares.members_for(WORTH_NAMING)
    more = needed > shares.members
    return {
        "members": shares.members, "candidates": shares.candidates, "mean": shares.mean, "variance": shares.variance,
        "by_status": {group: {**band_document(band), "unnamed": shares.unnamed[group]} for group, band in sorted(shares.groups.items())},
        "unresolved": band_document(shares.unresolved), "smallest_nameable": shares.smallest, "idle": list(dead),
        "advice": {"share": WORTH_NAMING, "members": needed, "command": command_for(figure, needed) if more else None},
    }  # fmt: skip


def carried(parameters: Iterable[Document]) -> list[Document]:
    """Return the part of the figure's variance that each group of claims carries, largest first.

    A named parameter's share goes to the groups of claims by the part of its prior that they span; the rest of it is the
    margin that no claim spans, or bounded by claims that do not speak in the parameter's own terms.
    """
    rows = []
    for entry in (e for e in parameters if e["share"]):
        band = entry["share"]
        parts = [(s["group"], s["claims"], s["part"], s["contested"], s["against"]) for s in entry["spans"]]
        parts.append((None, entry["indirect"] if not entry["spans"] else [], entry["margin"], False, []))
        rows += [
            {"parameter": entry["name"], "group": group, "claims": claims, "contested": contested, "against": against,
             "share": band["share"] * part, "low": band["low"] * part, "high": band["high"] * part}
            for group, claims, part, contested, against in parts if part > 0
        ]  # fmt: skip
    return sorted(rows, key=lambda row: -row["share"])


def published_value(known: Known, address: Address) -> tuple[float | None, list[Use]]:
    """Return the published figure that a difference from `published` is taken from, with its cell."""
    if address.base != PUBLISHED:
        return None, []
    source = known.outcomes[address.outcome].source
    names = [address.outcome, *(o.name for o in OUTCOMES if o.source == source)]
    wanted = [f"observations.csv/{n}/{address.basin}/{address.year}" for n in names]
    found = [u for u in known.uses if u.address in wanted]
    if not found:
        raise InputError("nothing was published for this figure", value=address.text(), remedy="Leave `published..` out.")
    return float(found[0].value), found[:1]


def used_by(known: Known, claims: Iterable[str]) -> list[Document]:
    """Return the cells of the pack that cite any of the claims."""
    wanted = set(claims)
    return [u.document() for u in known.uses if wanted & set(u.claims)]


def reached(known: Known, node: str) -> list[str]:
    """Return the outcomes that a parameter, series or lever can reach."""
    return [name for name in known.outcomes if node in known.graph.path(f"outcome.{name}").distance]


def readers(known: Known, node: str) -> list[Mapping[str, str]]:
    """Return which stages, plan or starting state read a name, and what they make of it."""
    return [{"by": edge.by, "made": edge.made} for edge in known.graph.readers(node)]
