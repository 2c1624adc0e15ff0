"""Trace: from a figure, an outcome, a parameter or a cell back to claims, sources, priors and shares of variance."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eslabon.errors import InputError
from eslabon.evidence.region import RegionPack
from eslabon.month import STAGES
from eslabon.policies.levers import LEVERS
from eslabon.study.trace_address import parse_address
from eslabon.study.trace_build import (
    Document,
    figure_document,
    parameter_entry,
    path_document,
    published_value,
    reached,
    readers,
    used_by,
    with_claims,
)
from eslabon.study.trace_find import Found, Known, cells_below, find, known_region
from eslabon.study.trace_pack import ASSUMED
from eslabon.study.trace_run import Figure, StoredRun, figure_of, open_run

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas

    from eslabon.params.table import Parameter

_CLAIM = re.compile(r"\b(?:C\d{4}|X\d{4}|seed-\d{3}|rule-\d{3})\b")


@dataclass(frozen=True)
class Trace:
    """What stands behind a thing; `document()` is what `--json` prints, `table()` one row a parameter or cell and claim."""

    content: Document

    @property
    def thing(self) -> str:
        return str(self.content["thing"])

    @property
    def kind(self) -> str:
        return str(self.content["kind"])

    @property
    def claims(self) -> list[str]:
        """Ids of all claims behind the thing."""
        return list(self.content["claims"])

    @property
    def assumed(self) -> list[str]:
        """Parameters and cells behind it that rest on no claim."""
        items = [*self.content.get("parameters", ()), *self.content.get("inputs", ())]
        return [str(item.get("name") or item["address"]) for item in items if item["standing"] == ASSUMED]

    def document(self) -> Document:
        """Return the trace as plain data."""
        return dict(self.content)

    def table(self) -> pandas.DataFrame:
        """Return one row for each parameter or cell and each claim it cites; assumed ones have a row without a claim."""
        import pandas

        rows = []
        for item in [*self.content.get("parameters", ()), *self.content.get("inputs", ()), *self.content.get("used_by", ())]:
            share = (item.get("share") or {}).get("share")
            own = {"name": item.get("name") or item["address"], "value": item.get("default", item.get("value")), "unit": item["unit"],
                   "standing": item["standing"], "share": share}  # fmt: skip
            rows += [{**own, **self._claim(c)} for c in item["claims"]] or [{**own, **self._claim(None)}]
        return pandas.DataFrame(rows, columns=["name", "value", "unit", "standing", "share", "claim", "claim_value", "claim_unit", "grade", "source"])

    def _claim(self, name: str | None) -> dict[str, Any]:
        claim = self.content["claims"].get(name, {})
        return {"claim": name, "claim_value": claim.get("value"), "claim_unit": claim.get("unit"), "grade": claim.get("grade"),
                "source": claim.get("source", {}).get("title")}  # fmt: skip

    def __repr__(self) -> str:
        parts = [f"{len(self.content.get(name, ()))} {name}" for name in ("parameters", "inputs", "claims", "used_by") if self.content.get(name)]
        assumed = ((self.content.get("shares") or {}).get("by_status") or {}).get(ASSUMED)
        carried = f"; assumed parameters carry {assumed['share']:.0%} of its variance" if assumed else ""
        return f"<Trace {self.kind} {self.thing}: {', '.join(parts)}{carried}>"


def trace(thing: str, pack: RegionPack, parameters: Mapping[str, Parameter], run: Path | None = None) -> Trace:
    """Return what stands behind a thing.

    Parameters
    ----------
    thing : str
        A printed figure such as `coca_area_ha@eradicate-30k/2030`, an outcome, parameter, series, lever, claim, source, a cell
        of the pack such as `zones.csv/vraem/yield_kg_per_ha_yr`, or any quantity of the model.
    run : Path, optional
        Folder of a stored run; a figure needs one, and an outcome becomes the figure of the run's last year.

    Raises
    ------
    InputError
        If there is no such thing, place, year or run; the message names the nearest.
    """
    opened = open_run(run) if run else None
    known = known_region(pack, parameters, opened.start) if opened else known_region(pack, parameters)
    found = find(thing, known)
    document = {"thing": thing, "kind": found.kind, "also": list(found.also), **_document(found, known, opened)}
    return Trace({**document, "claims": document.pop("claims")})


def _document(found: Found, known: Known, run: StoredRun | None) -> Document:
    if found.kind == "figure" or (found.kind == "outcome" and run):
        return _figure(found, known, run)
    if found.kind == "outcome":
        return _outcome(found.name.partition("/")[0], known)
    makers = {"parameter": _parameter, "claim": _claim, "source": _source, "series": _series, "lever": _lever, "cell": _cell, "quantity": _quantity}
    return makers[found.kind](found.name, known)


def _figure(found: Found, known: Known, run: StoredRun | None) -> Document:
    if run is None:
        raise InputError("a printed figure belongs to a run", value=found.name, remedy="Add --run FOLDER, as `eslabon compare` printed it.")
    text = found.name if found.kind == "figure" else f"{found.name}@{run.scenario}/{run.last_year}"
    address = parse_address(text)
    if address.outcome not in known.outcomes:
        find(address.outcome, known)
        raise InputError("only outcomes are printed in a run", value=address.outcome, remedy="Example: coca_area_ha@baseline/2030.")
    value, cells = published_value(known, address)
    figure = figure_of(address, run, value)
    here = known_region(known.pack, known.parameters, figure.run.start)
    way, document = path_document(here, f"outcome.{address.outcome}")
    document |= {"outcome": _outcome_words(address.outcome, here), "published": [c.document() for c in cells], "levers": _pulled(figure)}
    if cells:
        document["inputs"] = [cells[0].document(), *document["inputs"]]
    return with_claims(here, figure_document(here, figure, way, document))


def _pulled(figure: Figure) -> list[Document]:
    """Return the levers that the figure's scenarios pull, with what is known of their cost."""
    pulled: dict[str, Document] = {}
    for run in (run for run in (figure.run, figure.base) if run):
        for name, pull in run.manifest["scenario"]["levers"].items():
            lever = LEVERS[name]
            pulled[name] = {"lever": name, "scenario": run.scenario, "amount": pull["amount"], "unit": lever.unit,
                            "unit_cost": pull["unit_cost"] if pull["unit_cost"] is not None else lever.unit_cost, "cost_unit": lever.cost_unit,
                            "cost_status": "given" if pull["unit_cost"] is not None else lever.cost_status}  # fmt: skip
    return list(pulled.values())


def _outcome_words(name: str, known: Known) -> Document:
    o = known.outcomes[name]
    return {"name": o.name, "unit": o.unit, "kind": o.kind, "group": o.group, "source": o.source, "weight": o.weight or None, "meaning": o.meaning}


def _outcome(name: str, known: Known) -> Document:
    _way, document = path_document(known, f"outcome.{name}")
    return with_claims(known, {"outcome": _outcome_words(name, known), **document})


def _quantity(name: str, known: Known) -> Document:
    _way, document = path_document(known, name)
    return with_claims(known, {"read_by": readers(known, name), **document})


def _parameter(name: str, known: Known) -> Document:
    entry = parameter_entry(known, name)
    return with_claims(known, {"parameters": [entry], "read_by": readers(known, name), "reaches": reached(known, name)})


def _series(name: str, known: Known) -> Document:
    rows = [c.document() for c in cells_below(f"series.csv/{name}", known)]
    node = f"series.{name}"
    return with_claims(known, {"inputs": rows, "read_by": readers(known, node), "reaches": reached(known, node)})


def _lever(name: str, known: Known) -> Document:
    lever, node = LEVERS[name], f"lever.{name}"
    rows = [u.document() for u in known.uses if u.node == node]
    about = {"name": name, "meaning": lever.meaning, "amount": lever.amount, "unit": lever.unit, "how": lever.how, "row": lever.row}
    return with_claims(known, {"lever": about, "inputs": rows, "read_by": readers(known, node), "reaches": reached(known, node)})


def _cell(name: str, known: Known) -> Document:
    found = cells_below(name, known)
    nodes = dict.fromkeys(u.node for u in found)
    reads = [r for node in list(nodes)[:1] for r in readers(known, node)] if len(nodes) == 1 else []
    outcomes = reached(known, next(iter(nodes))) if len(nodes) == 1 else []
    entries = [parameter_entry(known, u.node) for u in found if u.kind == "parameter"]
    inputs = [u.document() for u in found if u.kind != "parameter"]
    return with_claims(known, {"parameters": entries, "inputs": inputs, "read_by": reads, "reaches": outcomes})


def _claim(name: str, known: Known) -> Document:
    uses = used_by(known, [name])
    entries = [parameter_entry(known, u["address"].rpartition("/")[2]) for u in uses if u["kind"] == "parameter"]
    return with_claims(known, {"used_by": uses, "parameters": entries, "rules": rules_citing(name), "tells": name}, [name])


def _source(name: str, known: Known) -> Document:
    ids = [c.id for c in known.pack.ledger.claims.values() if c.source_id == name]
    source = known.pack.ledger.sources[name]
    about = {"id": name, "title": source.title, "publisher": source.publisher, "year": source.year, "url": source.url}
    return with_claims(known, {"source": about, "used_by": used_by(known, ids)}, ids)


def rules_citing(claim: str) -> list[str]:
    """Return the stages whose text names a claim as the source of their rule."""
    return [stage for stage, cited in _cited().items() if claim in cited]


@cache
def _cited() -> dict[str, frozenset[str]]:
    return {s.name: frozenset(_CLAIM.findall(s.module.__doc__ or "")) for s in STAGES}
