"""Words that say a figure belongs to another series: adjusted, revised, a new method; they go into the claim's series break."""

from __future__ import annotations

import re
from collections.abc import Sequence

from eslabon.evidence.tables.body import Body
from eslabon.evidence.tables.findings import Findings
from eslabon.evidence.tables.grid import Sheet
from eslabon.evidence.tables.items import Item
from eslabon.evidence.tables.layout import Layout
from eslabon.evidence.tables.text import fold

_BREAK = re.compile(
    r"ajustad|adjusted|revisad|revised|corregid|corrected|reestimad|re-estimated|nueva metodologia|nuevo metodo|new method|metodologia anterior|"
    r"metodo anterior|old method|cambio de metodo|change of method|serie (?:empalmada|nueva|antigua)|spliced|no comparable|not comparable|recalculad"
)
_PRELIMINARY = re.compile(r"preliminar|preliminary|provisional|^\(?p\)?/?$|^\(?e\)?/?$|estimad|estimated")


def mark_breaks(sheet: Sheet, layout: Layout, body: Body, items: Sequence[Item], findings: Findings) -> None:
    """Fill the series break of figures whose head, footnote, label or title speaks of one, and ask."""
    titles = [(r, c) for r, c in layout.table.titles if _BREAK.search(fold(sheet.rows[r][c].text))]
    for row, column in titles:
        findings.add("Q-SERIES-BREAK", sheet.place(row, column), sheet.rows[row][column].text.strip())
    title = sheet.rows[titles[0][0]][titles[0][1]].text.strip() if titles else ""
    for row in body.totals:
        text = sheet.rows[row][max(layout.place, 0)].text
        if _BREAK.search(fold(text)):
            findings.add("Q-SERIES-BREAK", sheet.place(row, max(layout.place, 0)), text.strip(), key=str(row))
    for item in items:
        words, row, column = _words(item, body)
        if words and _BREAK.search(fold(words)):
            item.series_break = words
            findings.add("Q-SERIES-BREAK", sheet.place(row, column), words, key=words)
        elif words and _PRELIMINARY.search(fold(words)):
            findings.add("N-MARKED-PERIOD", sheet.place(row, column), words, key=words)
        item.series_break = item.series_break or title


def _words(item: Item, body: Body) -> tuple[str, int, int]:
    """Return the words of a figure's head, label or footnotes that may speak of a break, with their cell."""
    head = item.head
    for marker in (head.marker, item.period.marker if item.period else ""):
        text = body.footnotes.get(marker.strip("()/ "), "") or (marker if len(marker) > 3 or _PRELIMINARY.search(marker) else "")
        if text:
            return text, head.row, head.column
    if _BREAK.search(fold(head.text)):
        return head.text, head.row, head.column
    if item.label and _BREAK.search(fold(item.label)):
        return item.label, item.reading.row, item.reading.column
    text = body.footnotes.get(item.reading.marker.strip("()/ "), "") if item.reading.marker else ""
    return (text, item.reading.row, item.reading.column) if text else ("", 0, 0)
