"""How every chart looks: colours that colour-blind readers can tell apart, type, and the common parts of an option."""

from __future__ import annotations

import textwrap
from html import escape
from typing import Any

from eslabon.report.data import Group

Option = dict[str, Any]

INK = "#1b2733"
MUTED = "#51606e"
RULE = "#d5dbe1"
PAPER = "#ffffff"
REFERENCE = "#0b5c8f"
POLICIES = ("#b8480a", "#7a3b8f", "#00664f")
LESS, MORE = ("#0f766e", "#8fc7bf"), ("#b8480a", "#eeb48f")
"""Certain and likely shade of a decrease and of an increase."""
GROUP_COLOURS: dict[Group, str] = {
    "supply": "#0b5c8f",
    "price": "#6a5a00",
    "livelihood": "#00664f",
    "harm": "#b8480a",
    "state": "#7a3b8f",
}
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif"


def shade(colour: str, opacity: float) -> str:
    """Return a `#rrggbb` colour as rgba with an opacity."""
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def frame(description: str) -> Option:
    """Return the parts that every option shares: no animation, a spoken description, type and tooltip."""
    return {
        "animation": False,
        "aria": {"enabled": True, "label": {"description": description}},
        "textStyle": {"fontFamily": FONT, "color": INK},
        "backgroundColor": PAPER,
        "tooltip": {
            "trigger": "item",
            "confine": True,
            "borderColor": RULE,
            "textStyle": {"color": INK, "fontSize": 12.5},
            "extraCssText": "max-width:380px;white-space:normal;box-shadow:0 2px 8px rgba(0,0,0,.12)",
        },
    }


def tip(title: str, *lines: str) -> Option:
    """Return a tooltip made of escaped words; ECharts reads tooltips as HTML."""
    return {"formatter": "<br>".join([f"<b>{escape(title)}</b>", *(escape(line) for line in lines if line)])}


def wrap(words: str, width: int) -> str:
    """Return words broken into lines, for labels on a telephone."""
    return "\n".join(textwrap.wrap(words, width, break_long_words=False, break_on_hyphens=True)) or words


def axis_text(size: float = 12) -> Option:
    """Return the style of axis labels."""
    return {"color": MUTED, "fontSize": size, "hideOverlap": True}


def value_axis(bounds: tuple[float, float, float], name: str = "", size: float = 12) -> Option:
    """Return a value axis with round ticks and its unit above it."""
    low, high, step = bounds
    return {
        "type": "value",
        "min": low,
        "max": high,
        "interval": step,
        "name": name,
        "nameLocation": "end",
        "nameGap": 12,
        "nameTextStyle": {"color": MUTED, "fontSize": size, "align": "left"},
        "axisLabel": axis_text(size),
        "axisLine": {"show": False},
        "axisTick": {"show": False},
        "splitLine": {"lineStyle": {"color": "#e8ecf0"}},
    }


def category_axis(names: list[str], size: float = 12) -> Option:
    """Return a category axis."""
    return {
        "type": "category",
        "data": names,
        "axisLabel": axis_text(size),
        "axisLine": {"lineStyle": {"color": "#9aa7b3"}},
        "axisTick": {"show": False},
    }


def legend(entries: list[tuple[str, str]], **place: Any) -> Option:
    """Return a legend of (name, icon) that does not toggle, so that a band never loses its half."""
    return {
        "data": [{"name": name, "icon": icon} for name, icon in entries],
        "selectedMode": False,
        "top": 0,
        "left": 0,
        "itemWidth": 16,
        "itemHeight": 10,
        "itemGap": 16,
        "textStyle": {"color": INK, "fontSize": 12.5},
        **place,
    }
