"""Single things of a trace in the terminal: claims, sources, levers, cells, and the branches of a parameter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from eslabon.report.trace_words import claim_line, percent, prior_line, say, sides_line, source_line, standing_line, status_word, value, way_line

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.tree import Tree

Document = Mapping[str, Any]
MOST_OUTCOMES = 6


def parameter_branch(tree: Tree, entry: Document, claims: Mapping[str, Document], lang: str) -> None:
    """Add a parameter's meaning, prior, way and claims to its branch."""
    from rich.text import Text

    words = [entry["meaning"]] if lang == "en" else []
    tree.add(Text("; ".join([*words, prior_line(entry, lang)])))
    if way_line(entry, lang):
        tree.add(Text(way_line(entry, lang), style="dim"))
    claim_branches(tree, entry, claims, lang)


def claim_branches(tree: Tree, entry: Document, claims: Mapping[str, Document], lang: str) -> None:
    """Add the claims that span a prior with their part, then the margin of the pack, then claims that bound it indirectly."""
    from rich.text import Text

    carried = (entry.get("share") or {}).get("share")
    for found in entry["spans"]:
        part = percent(found["part"] * (carried if carried is not None else 1.0))
        for name in found["claims"]:
            _add_claim(tree, claims[name], claims, lang, before=f"{part}  ", against=found["against"])
            part = " " * len(part)
    if entry["spans"] and entry["margin"] >= 0.005:
        tree.add(Text(say("margin", lang, share=percent(entry["margin"] * (carried if carried is not None else 1.0)))))
    for name in entry["indirect"]:
        _add_claim(tree, claims[name], claims, lang, before=f"{say('indirect', lang)}  ")
    if not entry["claims"]:
        tree.add(Text(say("no_claim", lang)))


def _add_claim(tree: Tree, claim: Document, claims: Mapping[str, Document], lang: str, *, before: str = "", against: Sequence[str] = ()) -> None:
    from rich.text import Text

    lines = [f"{before}{claim_line(claim, lang)}", source_line(claim), sides_line(claim, against, claims, lang)]
    text = Text(lines[0])
    for line in filter(None, lines[1:]):
        text.append(f"\n      {line}", style="yellow" if line == lines[2] else "dim")
    tree.add(text)


def reach_lines(document: Document, lang: str) -> Iterator[RenderableType]:
    """Return who reads a thing and which outcomes it can reach."""
    from rich.text import Text

    makers: dict[str, list[str]] = {}
    for reader in document.get("read_by", ()):
        makers.setdefault(reader["by"], []).append(reader["made"].removeprefix("outcome."))
    if makers:
        words = "; ".join(f"{by} ({_first_few(list(dict.fromkeys(made)))})" for by, made in makers.items())
        yield Text(say("read_by", lang, list=words))
    outcomes = document.get("reaches", ())
    if outcomes:
        yield Text(say("reaches", lang, n=len(outcomes), list=_first_few(outcomes)))
    elif "reaches" in document:
        yield Text(say("reaches_none", lang))


def _first_few(names: Sequence[str]) -> str:
    return ", ".join(names[:MOST_OUTCOMES]) + (" …" if len(names) > MOST_OUTCOMES else "")


def claim_text(document: Document, lang: str, most: int | None) -> Iterator[RenderableType]:
    """Return a claim, where it was read, its sides, and what uses it."""
    from rich.text import Text

    claim = document["claims"][document["tells"]]
    yield Text(claim_line(claim, lang), style="bold")
    yield Text(f"{claim['quantity']}, {claim['form']}")
    yield Text(say("group", lang, group=claim["independence_group"], bound=claim["bound"], confidence=claim["confidence"]))
    yield Text(f"{source_line(claim)}, {claim['locator']}" if claim["locator"] else source_line(claim))
    if claim["source"]["url"]:
        yield Text(claim["source"]["url"], style="dim", overflow="fold")
    if sides_line(claim, (), document["claims"], lang):
        yield Text(sides_line(claim, (), document["claims"], lang), style="yellow")
    for entry in document["parameters"]:
        yield from _in_parameter(document["tells"], entry, document["claims"], lang)
    if claim["note"]:
        yield Text(say("note", lang, text=claim["note"]))
    yield from _used(document, lang, most)


def _in_parameter(claim: str, entry: Document, claims: Mapping[str, Document], lang: str) -> Iterator[RenderableType]:
    """Return how much of a parameter's prior a claim spans, and who says otherwise there."""
    from rich.text import Text

    for found in (s for s in entry["spans"] if claim in s["claims"]):
        yield Text(say("spans", lang, part=percent(found["part"]), parameter=entry["name"], group=found["group"]))
        if found["against"]:
            yield Text(f"  {sides_line({**claims[claim], 'sides': []}, found['against'], claims, lang)}", style="yellow")
    if claim in entry["indirect"]:
        yield Text(say("bounds", lang, parameter=entry["name"]))


def _used(document: Document, lang: str, most: int | None) -> Iterator[RenderableType]:
    from rich.text import Text

    uses = document["used_by"]
    yield Text(say("used_by", lang, n=len(uses)) if uses else say("unused", lang), style="bold")
    for item in uses[:most]:
        yield Text(f"  {item['address']}  {value(item['value'], item['unit'])}  {status_word(item['standing'], lang)}")
    if most is not None and len(uses) > most:
        yield Text(say("more", lang, n=len(uses) - most), style="dim")
    if document.get("rules"):
        yield Text(say("rules", lang, list=", ".join(document["rules"])))


def source_text(document: Document, lang: str, most: int | None) -> Iterator[RenderableType]:
    """Return a source, its claims, and what uses them."""
    from rich.text import Text

    source = document["source"]
    yield Text(source["title"], style="bold")
    yield Text(", ".join(str(p) for p in (source["publisher"], source["year"]) if p))
    yield Text(source["url"], style="dim", overflow="fold")
    claims = list(document["claims"].values())
    yield Text(say("claims_of", lang, n=len(claims)), style="bold")
    for claim in claims[:most]:
        yield Text(f"  {claim_line(claim, lang)}  {claim['quantity']}")
    if most is not None and len(claims) > most:
        yield Text(say("more", lang, n=len(claims) - most), style="dim")
    yield from _used(document, lang, most)


def lever_text(document: Document, lang: str, most: int | None) -> Iterator[RenderableType]:
    """Return a lever: what it does, what a unit costs and on whose word."""
    from rich.text import Text

    lever = document["lever"]
    yield Text(f"{lever['name']}  {lever['amount']} ({lever['unit']})", style="bold")
    if lang == "en":
        yield Text(lever["meaning"])
    for item in document["inputs"]:
        known = status_word(item["status"] or "assumed", lang)
        yield Text(f"  {item['address']}  {value(item['value'], item['unit'])}  {known}")
    yield from reach_lines(document, lang)


def cell_lines(inputs: Sequence[Document], claims: Mapping[str, Document], lang: str, most: int | None) -> Iterator[RenderableType]:
    """Return cells of the pack with their claims, as a tree."""
    from rich.text import Text
    from rich.tree import Tree

    if any(item["claims"] for item in inputs):
        yield Text(say("row_claims", lang), style="dim")
    for item in inputs[:most]:
        tree = Tree(Text(f"{item['address']}  {value(item['value'], item['unit'])}  {standing_line(item, lang)}"))
        for name in item["claims"]:
            _add_claim(tree, claims[name], claims, lang)
        if not item["claims"]:
            tree.add(Text(say("no_claim", lang)))
        yield tree
