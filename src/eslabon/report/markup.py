"""HTML from words: everything is escaped here, and data is embedded so that it cannot end its own element."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from html import escape

from eslabon.report.addresses import attributes

_UNSAFE = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})


def text(words: object) -> str:
    """Return words with HTML's own characters escaped."""
    return escape(str(words), quote=True)


def element(tag: str, inner: str, **attributes: str) -> str:
    """Return an element around markup that is already safe; `class_` gives class, `aria_label` gives aria-label."""
    given = "".join(f' {name.rstrip("_").replace("_", "-")}="{text(value)}"' for name, value in attributes.items())
    return f"<{tag}{given}>{inner}</{tag}>"


def paragraph(words: str, **attributes: str) -> str:
    """Return a paragraph of plain words."""
    return element("p", text(words), **attributes)


def listing(items: Iterable[str]) -> str:
    """Return a bulleted list of plain words."""
    return element("ul", "".join(element("li", text(item)) for item in items))


def json_text(value: object) -> str:
    """Return JSON that can stand inside a script element whatever its strings hold."""
    raw = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return raw.translate(_UNSAFE)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], label: str) -> str:
    """Return a plain table of words: column heads and row heads carry their scope; it scrolls inside its own frame."""
    top = element("tr", "".join(element("th", text(cell), scope="col") for cell in head))
    body = []
    for first, *rest in rows:
        cells = element("th", text(first), scope="row") + "".join(element("td", text(cell), **attributes(cell)) for cell in rest)
        body.append(element("tr", cells))
    whole = element("table", element("thead", top) + element("tbody", "".join(body)))
    return element("div", whole, class_="scroll", role="region", tabindex="0", aria_label=label)
