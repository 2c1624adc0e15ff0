"""Where product goes: a flow chart from field to border; discs on the outline of Peru; nothing finer than a basin."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from eslabon.i18n import translate
from eslabon.report.addresses import figure_address
from eslabon.report.brand import INK, LESS, MORE, MUTED, REFERENCE, Option, frame, legend, tip, wrap
from eslabon.report.data import NATION, Row, in_year, indexed, pick
from eslabon.report.labels import Disc, Place, places
from eslabon.report.names import names_by_id, place_name
from eslabon.report.numbers import interval, number
from eslabon.units import KG_PER_T

SMALL_SHARE = 0.025
"""Basins below this share of the flow are drawn together, so that labels stay apart."""
FIELD, SEIZED, BORDER, FURTHER = "field", "seized", "border", "basin:further"
WEST, EAST, NORTH, SOUTH = -83.0, -64.0, 0.4, -18.6
"""The part of the world the map shows, degrees."""
NEIGHBOURS = ("Bolivia", "Brazil", "Colombia", "Ecuador", "Chile")
CHANGES = ("less_sure", "less", "same", "more", "more_sure", "none")
"""Classes of a difference in the order of the legend."""
_COLOURS = {"field": "#00664f", "basin": "#3c8f7c", "corridor": REFERENCE, "seized": "#b8480a", "border": "#7a3b8f"}


@dataclass(frozen=True)
class Link:
    """Product between two nodes, kg a year of medians."""

    source: str
    target: str
    kg: float


def flow_links(rows: Iterable[Row], year: int, smallest: float = SMALL_SHARE) -> list[Link]:
    """Return field → basin → corridor or seized → border, so that every inner node passes on what it receives.

    The corridors carry the medians of `moved_kg`. Each loses the share that its own medians of seized and exported
    product give. What a basin's `seized_kg` has beyond its part of those losses is seized before it leaves the basin.
    Medians of parts need not add up to the median of the whole.
    """
    found = indexed(rows)
    moved = moved_medians(found, year)
    lost = {corridor: lost_share(found, year, corridor, moved) for corridor in dict.fromkeys(c for _, c in moved)}
    taken = {str(row["basin"]): float(row["p50"]) for row in in_year(pick(found, "seized_kg", None), year)}
    at_home = {}
    for basin in dict.fromkeys([*(b for b, _ in moved), *taken]):
        on_the_way = sum(kg * lost[corridor] for (b, corridor), kg in moved.items() if b == basin)
        at_home[basin] = max(0.0, taken.get(basin, 0.0) - on_the_way)
    total = {b: kg + sum(out for (basin, _), out in moved.items() if basin == b) for b, kg in at_home.items()}
    whole = sum(total.values())
    kg_of: dict[tuple[str, str], float] = {}

    def add(source: str, target: str, kg: float) -> None:
        if kg > 1e-9 * whole:
            kg_of[source, target] = kg_of.get((source, target), 0.0) + kg

    node = {b: f"basin:{b}" if total[b] >= smallest * whole else FURTHER for b in total}
    for basin in sorted(total, key=lambda b: -total[b]):
        add(FIELD, node[basin], total[basin])
        for (origin, corridor), kg in moved.items():
            if origin == basin:
                add(node[basin], f"corridor:{corridor}", kg)
        add(node[basin], SEIZED, at_home[basin])
    for corridor, share in lost.items():
        carried = sum(kg for (_, c), kg in moved.items() if c == corridor)
        add(f"corridor:{corridor}", BORDER, carried * (1 - share))
        add(f"corridor:{corridor}", SEIZED, carried * share)
    return [Link(source, target, kg) for (source, target), kg in kg_of.items()]


def link_address(link: Link, run: str, year: int) -> str:
    """Return the address of the figure a link is drawn from: product made, moved, seized or exported there.

    Basins drawn together stand at the nation's figure.
    """
    ends = dict(end.split(":", 1) for end in (link.source, link.target) if ":" in end)
    basin = ends.get("basin", NATION)
    place = {"basin": NATION if basin == FURTHER.partition(":")[2] else basin, "corridor": ends.get("corridor"), "year": year}
    if link.source == FIELD:
        outcome = "cocaine_kg"
    elif link.target in (SEIZED, BORDER):
        outcome = "seized_kg" if link.target == SEIZED else "exported_kg"
    else:
        outcome = "moved_kg" if place["basin"] != NATION else "exported_kg"
    return figure_address(outcome, run, place)


def moved_medians(rows: Iterable[Row], year: int) -> dict[tuple[str, str], float]:
    """Return the median that leaves each basin by each corridor, kg."""
    return {
        (str(row["basin"]), str(row["corridor"])): max(0.0, float(row["p50"]))
        for row in in_year(rows, year)
        if row["outcome"] == "moved_kg" and row.get("corridor") and row["basin"] != NATION and not row.get("period")
    }


def lost_share(rows: Iterable[Row], year: int, corridor: str, moved: dict[tuple[str, str], float]) -> float:
    """Return the share of a corridor's product that does not cross the border, from its medians."""
    medians = [in_year(pick(rows, outcome, corridor=corridor), year) for outcome in ("seized_kg", "exported_kg")]
    seized, exported = (float(found[0]["p50"]) if found else None for found in medians)
    carried = sum(kg for (_, c), kg in moved.items() if c == corridor)
    if exported is None or carried == 0:
        return 0.0
    if seized is None:
        return max(0.0, 1 - exported / carried)
    return seized / (seized + exported) if seized + exported > 0 else 0.0


def flow(
    rows: Iterable[Row],
    year: int,
    basins: Sequence[dict[str, Any]],
    corridors: Sequence[dict[str, Any]],
    *,
    lang: str = "en",
    narrow: bool = False,
) -> Option:
    """Return a Sankey chart of one year: fields, basins, corridors, border; see `flow_links`.

    On a telephone the chart begins at the basins, and more of them are drawn together.
    """
    links = flow_links(rows, year, 0.045 if narrow else SMALL_SHARE)
    if narrow:
        links = [link for link in links if link.source != FIELD]
    known = {
        FIELD: translate("chart.field", lang),
        SEIZED: translate("chart.seized", lang),
        BORDER: translate("chart.border", lang),
        FURTHER: translate("chart.further_basins", lang),
        **{f"basin:{key}": name for key, name in names_by_id(basins, lang).items()},
        **{f"corridor:{key}": name for key, name in names_by_id(corridors, lang).items()},
    }
    nodes = [_flow_node(name, known, links, narrow) for name in dict.fromkeys(end for link in links for end in (link.source, link.target))]
    spoken = [str(node["label"]["formatter"]).replace("\n", " ") for node in nodes]
    return {
        **frame(translate("aria.flow", lang, year=year, list="; ".join(spoken))),
        "series": [
            {
                "type": "sankey",
                "left": 4,
                "right": 4,
                "top": 10,
                "bottom": 10,
                "nodeWidth": 12,
                "nodeGap": 9 if narrow else 11,
                "layoutIterations": 48,
                "draggable": False,
                "emphasis": {"focus": "adjacency"},
                "lineStyle": {"color": "source", "opacity": 0.28, "curveness": 0.5},
                "label": {
                    "color": INK,
                    "fontSize": 10 if narrow else 12,
                    "lineHeight": 12 if narrow else 15,
                    "textBorderColor": "#fff",
                    "textBorderWidth": 3,
                },
                "data": nodes,
                "links": [
                    {
                        "source": link.source,
                        "target": link.target,
                        "value": round(link.kg / KG_PER_T, 6),
                        "tooltip": tip(
                            f"{known.get(link.source, link.source)} → {known.get(link.target, link.target)}",
                            f"{number(link.kg / KG_PER_T)} t",
                        ),
                    }
                    for link in links
                ],
            }
        ],
    }


def _flow_node(name: str, known: dict[str, str], links: Sequence[Link], narrow: bool) -> Option:
    kg = max(sum(k.kg for k in links if k.target == name), sum(k.kg for k in links if k.source == name))
    words, tonnes = known.get(name, name.partition(":")[2]), f"{number(kg / KG_PER_T)} t"
    kind, ends = name.partition(":")[0], name in (SEIZED, BORDER)
    lines = f"{words} {tonnes}" if kind == "basin" else f"{wrap(words, 14) if narrow else words}\n{tonnes}"
    return {
        "name": name,
        "depth": {"field": 0, "basin": 1, "corridor": 2, "seized": 3, "border": 3}[kind] - narrow,
        "itemStyle": {"color": _COLOURS[kind]},
        "label": {"formatter": lines, "position": "left" if ends else "right", "align": "right" if ends else "left"},
        "tooltip": tip(words, tonnes),
    }


def basin_map(
    rows: Iterable[Row],
    year: int,
    basins: Sequence[dict[str, Any]],
    *,
    outcome: str = "coca_area_ha",
    differences: Iterable[Row] = (),
    lang: str = "en",
    narrow: bool = False,
) -> Option:
    """Return discs at rough zone centres, their area in proportion to the outcome, on the outline of Peru.

    With `differences` (of one policy) the colour says whether the basin has less or more, and how surely. The map
    "peru" (`assets/peru.json`) must be registered. Basins without a centre are left out.
    """
    sizes = {row["basin"]: row for row in in_year(pick(rows, outcome, None), year)}
    changes = {row["basin"]: row for row in in_year(pick(differences, outcome, None), year)}
    largest = max((float(row["p50"]) for row in sizes.values()), default=1.0) or 1.0
    widest, font, scale = (40, 10, 19.0) if narrow else (64, 12, 32.0)
    ranked = sorted((item for item in basins if item["id"] in sizes), key=lambda item: -float(sizes[item["id"]]["p50"]))
    shown = [item for item in ranked if has_centre(item)]
    discs = []
    for item in shown:
        share = max(0.0, float(sizes[item["id"]]["p50"])) / largest
        radius = max(5.0, widest * math.sqrt(share)) / 2
        discs.append(Disc(item["lon"] * scale, -item["lat"] * scale, radius, place_name(item, lang)))
    classes: dict[str, tuple[str, list[Option]]] = {}
    spoken = []
    for item, disc, place in zip(shown, discs, places(discs, font, (WEST * scale, EAST * scale)), strict=True):
        row, change = sizes[item["id"]], changes.get(item["id"])
        key, colour = change_class(change)
        lines = [f"{year}: {number(row['p50'])} ha [{interval(row)}]", _change_words(change, lang)]
        point = {
            "name": disc.words,
            "value": [item["lon"], item["lat"], row["p50"]],
            "symbolSize": round(2 * disc.radius, 2),
            "label": _label(disc.words, place),
            "tooltip": tip(disc.words, *lines),
        }
        classes.setdefault(key, (colour, []))[1].append(point)
        spoken.append(f"{disc.words} {number(row['p50'])} ha")
    named = {translate(f"chart.change_{key}", lang): classes[key] for key in CHANGES if key in classes}
    legends = [(label, "circle") for label in named] if changes else []
    return {
        **frame(translate("aria.map", lang, year=year, list="; ".join(spoken))),
        "legend": legend(legends, orient="vertical" if narrow else "horizontal", itemGap=7 if narrow else 16),
        "geo": _outline(22 * len(legends) + 6 if narrow else 30),
        "graphic": _size_key(largest, widest),
        "series": [_discs(label, colour, points, font) for label, (colour, points) in named.items()],
    }


def has_centre(item: dict[str, Any]) -> bool:
    """Return whether a basin has a rough centre; merged zones have none."""
    return all(isinstance(item.get(axis), (int, float)) and math.isfinite(item[axis]) for axis in ("lon", "lat"))


def change_class(change: Row | None) -> tuple[str, str]:
    """Return the class of a difference and its colour: less or more, sure (90 % interval beside zero) or likely."""
    if change is None:
        return "none", REFERENCE
    if change["p95"] < 0:
        return "less_sure", LESS[0]
    if change["p05"] > 0:
        return "more_sure", MORE[0]
    if change["p50"] == 0:
        return "same", "#9aa7b3"
    return ("less", LESS[1]) if change["p50"] < 0 else ("more", MORE[1])


def _discs(label: str, colour: str, discs: list[Option], font: float) -> Option:
    return {
        "name": label,
        "type": "scatter",
        "coordinateSystem": "geo",
        "data": discs,
        "itemStyle": {"color": colour, "opacity": 0.88, "borderColor": "#fff", "borderWidth": 1.2},
        "label": {
            "distance": 3,
            "fontSize": font,
            "color": INK,
            "textBorderColor": "#fff",
            "textBorderWidth": 3,
        },
        "z": 4,
    }


def _label(words: str, place: Place | None) -> Option:
    if place is None:
        return {"show": False}
    return {
        "show": True,
        "formatter": words,
        "position": place.side,
        "offset": [round(place.dx, 1), round(place.dy, 1)],
    }


def _outline(top: int) -> Option:
    neighbour = {"areaColor": "#eef0f2", "borderColor": "#d3d9de"}
    regions = [{"name": name, "itemStyle": neighbour} for name in NEIGHBOURS]
    return {
        "map": "peru",
        "roam": False,
        "silent": True,
        "aspectScale": 1,
        "top": top,
        "bottom": 4,
        "left": "center",
        "boundingCoords": [[WEST, NORTH], [EAST, SOUTH]],
        "clip": True,
        "itemStyle": {"areaColor": "#dfe7e2", "borderColor": "#fff", "borderWidth": 0.8},
        "emphasis": {"disabled": True},
        "regions": [*regions, {"name": "lake", "itemStyle": {"areaColor": "#c3d9e8", "borderColor": "#c3d9e8"}}],
    }


def _size_key(largest: float, widest: float) -> list[Option]:
    """Two example discs with their words, bottom left, where the map shows the sea."""
    power = 10.0 ** math.floor(math.log10(largest))
    parts: list[Option] = []
    top = 0.0
    for value in (power, power / 10):
        radius = widest * math.sqrt(value / largest) / 2
        widest_radius = widest * math.sqrt(power / largest) / 2
        top += radius
        circle = {"cx": widest_radius + 2, "cy": top, "r": radius}
        parts.append({"type": "circle", "shape": circle, "style": {"fill": "#d9dfe4", "stroke": MUTED}})
        words = {"text": f"{number(value)} ha", "x": 2 * widest_radius + 10, "y": top, "fill": MUTED, "fontSize": 11}
        parts.append({"type": "text", "style": {**words, "textVerticalAlign": "middle"}})
        top += radius + 8
    return [{"type": "group", "left": 6, "bottom": 10, "silent": True, "children": parts}]


def _change_words(change: Row | None, lang: str) -> str:
    if change is None:
        return ""
    return translate("chart.change", lang, value=number(change["p50"], signed=True), interval=interval(change, signed=True))
