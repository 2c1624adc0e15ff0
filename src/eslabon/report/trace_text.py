"""A trace in the terminal: the figure, who carries its variance, and the claims behind each parameter, as a tree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from eslabon.report.names import outcome_name
from eslabon.report.numbers import number
from eslabon.report.trace_items import (
    cell_lines,
    claim_branches,
    claim_text,
    lever_text,
    parameter_branch,
    reach_lines,
    source_text,
)
from eslabon.report.trace_words import ARROWS, SURE, band, percent, say, standing_line, status_word, value

if TYPE_CHECKING:
    from rich.console import RenderableType

Document = Mapping[str, Any]
FEW = 12
"""Lines of a long list without `--all`."""
STATUSES = ("assumed", "estimated", "measured")


def trace_text(document: Document, lang: str = "en", everything: bool = False) -> RenderableType:
    """Return what a terminal shows of a trace.

    Parameters
    ----------
    document : mapping
        As `Trace.document()` gives it.
    everything : bool
        Whether long lists are shown whole.
    """
    from rich.console import Group

    most = None if everything else FEW
    parts: dict[str, Any] = {
        "figure": _figure, "outcome": _outcome, "quantity": _outcome, "parameter": _parameter, "claim": claim_text, "source": source_text,
        "series": _cells, "cell": _cells, "lever": lever_text,
    }  # fmt: skip
    return Group(*parts[document["kind"]](document, lang, most), *_also(document, lang))


def _also(document: Document, lang: str) -> Iterator[RenderableType]:
    if document["also"]:
        yield _dim(say("also", lang, list=", ".join(document["also"])))


def _bold(words: str) -> RenderableType:
    from rich.text import Text

    return Text(words, style="bold")


def _dim(words: str) -> RenderableType:
    from rich.text import Text

    return Text(words, style="dim")


def _plain(words: str) -> RenderableType:
    from rich.text import Text

    return Text(words)


def _figure(document: Document, lang: str, most: int | None) -> Iterator[RenderableType]:
    figure, shares = document["figure"], document["shares"]
    place = "" if figure["basin"] == "ALL" else f", {figure['basin']}"
    corridor = f", {figure['corridor']}" if figure["corridor"] else ""
    yield _bold(f"{outcome_name(figure['outcome'], lang)}{place}{corridor}, {figure['year']}")
    signed = bool(figure["against"])
    low, middle, high = (number(figure[q], signed=signed) for q in ("p05", "p50", "p95"))
    key = "difference" if signed else "value"
    yield _plain(say(key, lang, median=middle, low=low, high=high, unit=figure["unit"], members=figure["members"], scenario=figure["scenario"],
                     against=figure["against"]))  # fmt: skip
    yield _dim(figure["address"])
    for lever in document["levers"]:
        yield _plain(_lever_line(lever, lang))
    if document["published"]:
        yield from cell_lines(document["published"], document["claims"], lang, None)
    if shares is None:
        yield _plain(f"\n{say('no_shares', lang, why=document['shares_missing'])}")
        yield from _advice(document["advice"], lang)
        yield from _nearest(document, lang, most)
    else:
        yield from _shares(document, lang)
        yield _named_tree(document, lang)
        yield from _rest(document, lang)
    yield from _path(document, lang)


def _lever_line(lever: Document, lang: str) -> str:
    cost = value(lever["unit_cost"], lever["cost_unit"]) if lever["unit_cost"] else "–"
    return say("lever_line", lang, lever=lever["lever"], amount=value(lever["amount"], lever["unit"]), scenario=lever["scenario"], cost=cost,
               status=status_word(lever["cost_status"], lang))  # fmt: skip


def _shares(document: Document, lang: str) -> Iterator[RenderableType]:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    shares = document["shares"]
    table = Table(box=SIMPLE_HEAD, padding=(0, 2, 0, 0), title=say("shares_title", lang), title_justify="left", title_style="bold")
    table.add_column(say("head_status", lang))
    table.add_column(say("head_share", lang), justify="right")
    table.add_column(say("head_unnamed", lang), justify="right")
    for status in (s for s in STATUSES if s in shares["by_status"]):
        row = shares["by_status"][status]
        table.add_row(status_word(status, lang), _told(row, lang), percent(row["unnamed"]))
    table.add_row(say("unresolved", lang), _told(shares["unresolved"], lang), "")
    yield table
    assumed = shares["by_status"].get("assumed", {"share": 0.0, "low": 0.0, "high": 0.0})
    if assumed["high"] - assumed["low"] >= SURE:
        yield _bold(say("assumed_untold", lang, members=shares["members"]))
    else:
        yield _bold(say("assumed_carry", lang, share=band(assumed)))
    contested = [row for row in document["carried"] if row["contested"]]
    if contested:
        named = ", ".join(f"{' '.join(row['claims'])} {percent(row['share'])} ({row['parameter']})" for row in contested if row["share"] >= 0.005)
        yield _plain(say("contested_carry", lang, share=percent(sum(row["share"] for row in contested)), list=named))


def _told(row: Document, lang: str) -> str:
    return say("untold", lang) if row["high"] - row["low"] >= SURE else band(row)


def _named_tree(document: Document, lang: str) -> RenderableType:
    from rich.tree import Tree

    tree = Tree(say("named", lang, interval="90 %"))
    for entry in (e for e in document["parameters"] if e["share"]):
        share = entry["share"]
        head = f"{band(share)}  {entry['name']} {ARROWS[share['direction']]}  {standing_line(entry, lang)}"
        parameter_branch(tree.add(_bold(head)), entry, document["claims"], lang)
    if not tree.children:
        tree.add(say("named_none", lang, members=document["shares"]["members"], share=percent(document["shares"]["smallest_nameable"])))
    return tree


def _rest(document: Document, lang: str) -> Iterator[RenderableType]:
    shares = document["shares"]
    named = sum(1 for e in document["parameters"] if e["share"])
    yield _plain(say("others", lang, others=shares["candidates"] - named, members=shares["members"], smallest=percent(shares["smallest_nameable"])))
    if shares["idle"]:
        yield _plain(say("idle", lang, list=", ".join(shares["idle"])))
    yield from _advice(shares["advice"], lang)


def _advice(advice: Document, lang: str) -> Iterator[RenderableType]:
    if advice["command"]:
        yield _plain(say("advice", lang, share=percent(advice["share"]), members=advice["members"]))
        yield _dim(f"  {advice['command']}")


def _outcome(document: Document, lang: str, most: int | None) -> Iterator[RenderableType]:
    about = document.get("outcome")
    name = outcome_name(about["name"], lang) if about else document["thing"]
    yield _bold(f"{name}  ({document['thing']}{', ' + about['unit'] if about else ''})")
    if document.get("read_by"):
        yield from reach_lines(document, lang)
    yield from _nearest(document, lang, most)
    yield from _path(document, lang)
    yield _dim(say("give_run", lang))


def _nearest(document: Document, lang: str, most: int | None) -> Iterator[RenderableType]:
    from rich.tree import Tree

    entries = document["parameters"]
    tree = Tree(say("nearest", lang, n=len(entries)))
    for entry in entries[:most]:
        branch = tree.add(_bold(f"{entry['name']}  {standing_line(entry, lang)}"))
        parameter_branch(branch, entry, document["claims"], lang)
    yield tree
    if most is not None and len(entries) > most:
        yield _dim(say("more", lang, n=len(entries) - most))


def _path(document: Document, lang: str) -> Iterator[RenderableType]:
    path = document["path"]
    yield _plain("")
    yield _bold(say("path_title", lang))
    yield _plain(say("path", lang, parameters=path["parameters"], all=path["of_parameters"], outside=path["of_parameters"] - path["parameters"],
                     stages=len(path["stages"]), levers=len(path["levers"])))  # fmt: skip
    yield _plain(say("fixed", lang, n=path["inputs"]))
    for line in fixed_lines(document, lang):
        yield _plain(f"  {line}")


def fixed_lines(document: Document, lang: str) -> list[str]:
    """Return one line a file of the pack: how many of its cells lie on the path, and how many of them are assumed."""
    cells: Counter[str] = Counter()
    assumed: Counter[str] = Counter()
    cited: dict[str, set[str]] = {}
    for item in document["inputs"]:
        file = item["address"].partition("/")[0]
        cells[file] += 1
        assumed[file] += item["standing"] == "assumed"
        cited.setdefault(file, set()).update(item["claims"])
    return [say("fixed_file", lang, file=f, n=n, assumed=assumed[f], claims=len(cited[f])) for f, n in sorted(cells.items())]


def _parameter(document: Document, lang: str, most: int | None) -> Iterator[RenderableType]:
    from rich.tree import Tree

    entry = document["parameters"][0]
    yield _bold(f"{entry['name']}  {standing_line(entry, lang)}")
    tree = Tree(say("meaning", lang, text=entry["meaning"]))
    tree.add(prior_words(entry, lang))
    claim_branches(tree, entry, document["claims"], lang)
    yield tree
    yield from reach_lines(document, lang)


def prior_words(entry: Document, lang: str) -> str:
    """Return a parameter's prior as a line of a tree."""
    from rich.markup import escape

    from eslabon.report.trace_words import prior_line

    return escape(prior_line(entry, lang))


def _cells(document: Document, lang: str, most: int | None) -> Iterator[RenderableType]:
    from rich.tree import Tree

    yield _bold(document["thing"])
    for entry in document.get("parameters", ())[:most]:
        branch = Tree(_bold(f"{entry['name']}  {standing_line(entry, lang)}"))
        parameter_branch(branch, entry, document["claims"], lang)
        yield branch
    yield from cell_lines(document["inputs"], document["claims"], lang, most)
    left = max(len(document["inputs"]), len(document.get("parameters", ()))) - (most or 0)
    if most is not None and left > 0:
        yield _dim(say("more", lang, n=left))
    yield from reach_lines(document, lang)
