"""Where product goes: a flow chart from field to border, and discs on the outline of Peru; nothing finer than a basin."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from eslabon.i18n import translate
from eslabon.report.brand import INK, LESS, MORE, MUTED, REFERENCE, Option, frame, legend, tip
from eslabon.report.data import NATION, Row, in_year, pick
from eslabon.report.names import names_by_id, place_name
from eslabon.report.numbers import interval, number
from eslabon.units import KG_PER_T

SMALL_SHARE = 0.025
"""Basins below this share of the flow are drawn together, so that labels stay apart."""
FIELD, SEIZED, BORDER, FURTHER = "field", "seized", "border", "basin:further"
NEIGHBOURS = ("Bolivia", "Brazil", "Colombia", "Ecuador", "Chile")
_COLOURS = {"field": "#00664f", "basin": "#3c8f7c", "corridor": REFERENCE, "seized": "#b8480a", "border": "#7a3b8f"}


@dataclass(frozen=True)
class Link:
    """Product between two nodes, kg a year of medians."""

    source: str
    target: str
    kg: float


def flow_links(rows: Iterable[Row], year: int) -> list[Link]:
    """Return field → basin → corridor or seized → border, so that every inner node passes on what it receives.

    The corridors carry the medians of `moved_kg`; a basin's inflow is what leaves it plus what is seized there; what a
    corridor takes in and does not export is drawn as seized or lost on the way. Medians of parts need not add up to the
    median of the whole.
    """
    found = list(rows)
    moved = [
        (str(row["basin"]), str(row["corridor"]), max(0.0, float(row["p50"])))
        for row in found
        if row["outcome"] == "moved_kg" and int(row["year"]) == year and row.get("corridor") and row["basin"] != NATION and not row.get("period")
    ]
    seized = {
        str(row["basin"]): max(0.0, float(row["p50"])) for row in in_year(pick(found, "seized_kg", None), year)
    }
    basins = list(dict.fromkeys([*(basin for basin, _, _ in moved), *seized]))
    total = {b: sum(kg for basin, _, kg in moved if basin == b) + seized.get(b, 0.0) for b in basins}
    whole = sum(total.values())
    node = {b: f"basin:{b}" if total[b] >= SMALL_SHARE * whole else FURTHER for b in basins}
    kg_of: dict[tuple[str, str], float] = {}

    def add(source: str, target: str, kg: float) -> None:
        if kg > 0:
            kg_of[source, target] = kg_of.get((source, target), 0.0) + kg

    for basin in sorted(basins, key=lambda b: -total[b]):
        add(FIELD, node[basin], total[basin])
        add(node[basin], SEIZED, seized.get(basin, 0.0))
    carried: dict[str, float] = {}
    for basin, corridor, kg in moved:
        add(node[basin], f"corridor:{corridor}", kg)
        carried[corridor] = carried.get(corridor, 0.0) + kg
    for corridor, kg in carried.items():
        row = next(iter(in_year(pick(found, "exported_kg", corridor=corridor), year)), None)
        arrives = min(kg, float(row["p50"])) if row else kg
        add(f"corridor:{corridor}", BORDER, arrives)
        if kg - arrives > 1e-9 * kg:
            add(f"corridor:{corridor}", SEIZED, kg - arrives)
    return [Link(source, target, kg) for (source, target), kg in kg_of.items()]


def flow(
    rows: Iterable[Row],
    year: int,
    basins: Sequence[dict[str, Any]],
    corridors: Sequence[dict[str, Any]],
    *,
    lang: str = "en",
    narrow: bool = False,
) -> Option:
    """Return a Sankey chart of one year's product from the fields by basin and corridor to the border; see `flow_links`."""
    links = flow_links(rows, year)
    known = {
        FIELD: translate("chart.field", lang),
        SEIZED: translate("chart.seized", lang),
        BORDER: translate("chart.border", lang),
        FURTHER: translate("chart.further_basins", lang),
        **{f"basin:{key}": name for key, name in names_by_id(basins, lang).items()},
        **{f"corridor:{key}": name for key, name in names_by_id(corridors, lang).items()},
    }
    nodes: list[Option] = []
    spoken = []
    for name in dict.fromkeys(end for link in links for end in (link.source, link.target)):
        kg = max(sum(k.kg for k in links if k.target == name), sum(k.kg for k in links if k.source == name))
        words, tonnes = known.get(name, name.partition(":")[2]), f"{number(kg / KG_PER_T)} t"
        depth = {"field": 0, "basin": 1, "corridor": 2, "seized": 3, "border": 3}[name.partition(":")[0]]
        ends = name in (SEIZED, BORDER)
        label = {
            "formatter": f"{words}\n{tonnes}" if ends or name == FIELD or name.startswith("corridor") else f"{words} {tonnes}",
            "position": "left" if ends else "right",
        }
        nodes.append(
            {
                "name": name,
                "depth": depth,
                "itemStyle": {"color": _COLOURS[name.partition(":")[0]]},
                "label": label,
                "tooltip": tip(words, tonnes),
            }
        )
        spoken.append(f"{words} {tonnes}")
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

    With `differences` (of one policy) the colour says whether the basin has less or more, and how surely. The map "peru"
    (`assets/peru.json`) must be registered. Basins without a centre are left out.
    """
    sizes = {row["basin"]: row for row in in_year(pick(rows, outcome, None), year)}
    changes = {row["basin"]: row for row in in_year(pick(differences, outcome, None), year)}
    largest = max((float(row["p50"]) for row in sizes.values()), default=1.0) or 1.0
    widest = 44 if narrow else 66
    classes: dict[str, tuple[str, list[Option]]] = {}
    spoken = []
    for item in sorted(basins, key=lambda b: -float(sizes.get(b["id"], {}).get("p50", 0.0))):
        row = sizes.get(item["id"])
        if row is None or item.get("lon") is None or item.get("lat") is None:
            continue
        name, change = place_name(item, lang), changes.get(item["id"])
        key, colour = change_class(change)
        label = translate(f"chart.change_{key}", lang)
        lines = [f"{year}: {number(row['p50'])} ha [{interval(row)}]", _change_words(change, lang)]
        size = max(5.0, widest * math.sqrt(max(0.0, float(row["p50"])) / largest))
        disc = {"name": name, "value": [item["lon"], item["lat"], row["p50"]], "symbolSize": round(size, 2), "tooltip": tip(name, *lines)}
        classes.setdefault(label, (colour, []))[1].append({**disc, "label": {"formatter": name}})
        spoken.append(f"{name} {number(row['p50'])} ha")
    shown = [(label, "circle") for label in classes] if changes else []
    return {
        **frame(translate("aria.map", lang, year=year, list="; ".join(spoken))),
        "legend": legend(shown, orient="vertical" if narrow else "horizontal", itemGap=7 if narrow else 16),
        "geo": _outline(24 * len(shown) if narrow else 30),
        "graphic": _size_key(largest, widest),
        "series": [_discs(label, colour, discs, narrow) for label, (colour, discs) in classes.items()],
    }


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


def _discs(label: str, colour: str, discs: list[Option], narrow: bool) -> Option:
    return {
        "name": label,
        "type": "scatter",
        "coordinateSystem": "geo",
        "data": discs,
        "itemStyle": {"color": colour, "opacity": 0.88, "borderColor": "#fff", "borderWidth": 1.2},
        "label": {
            "show": True,
            "position": "right",
            "distance": 3,
            "fontSize": 10 if narrow else 12,
            "color": INK,
            "textBorderColor": "#fff",
            "textBorderWidth": 3,
        },
        "labelLayout": {"hideOverlap": True, "moveOverlap": "shiftY"},
        "z": 4,
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
        "boundingCoords": [[-82.0, 0.4], [-67.6, -18.6]],
        "clip": True,
        "itemStyle": {"areaColor": "#dfe7e2", "borderColor": "#fff", "borderWidth": 0.8},
        "emphasis": {"disabled": True},
        "regions": [*regions, {"name": "lake", "itemStyle": {"areaColor": "#c3d9e8", "borderColor": "#c3d9e8"}}],
    }


def _size_key(largest: float, widest: float) -> list[Option]:
    power = 10.0 ** math.floor(math.log10(largest))
    examples = [power, power / 10]
    parts: list[Option] = []
    left = 6.0
    for value in examples:
        radius = widest * math.sqrt(value / largest) / 2
        parts.append(
            {
                "type": "circle",
                "left": left,
                "bottom": 30 - radius + radius if radius > 24 else 30 - radius,
                "shape": {"r": radius},
                "style": {"fill": "rgba(81,96,110,.25)", "stroke": MUTED},
                "silent": True,
            }
        )
        words = {"text": f"{number(value)} ha", "fill": MUTED, "fontSize": 11}
        parts.append({"type": "text", "left": left, "bottom": 4, "style": words, "silent": True})
        left += max(2 * radius, 58) + 10
    return parts


def _change_words(change: Row | None, lang: str) -> str:
    if change is None:
        return ""
    return translate("chart.change", lang, value=number(change["p50"], signed=True), interval=interval(change, signed=True))
