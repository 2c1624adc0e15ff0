"""The place of each row or column: found in the region's lists, by code where there is one, never guessed between two."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from eslabon.evidence.tables.findings import Findings
from eslabon.evidence.tables.grid import Cell, Sheet
from eslabon.evidence.tables.layout import Layout
from eslabon.evidence.tables.places import Dimension, Place, PlaceNames
from eslabon.evidence.tables.request import ImportRequest
from eslabon.evidence.tables.text import fold, undecorated

_FINE_LABEL = re.compile(r"^(?:distrito|provincia|caserio|cc\.?pp|centro poblado|comunidad|anexo|fundo|sector|c\.n\.|c\.p\.)\b")
_DEPARTMENT_DIGITS = 2
LEFT_OUT = "-"
"""What a name is said to stand for where its rows are to be left out."""
_DIMENSIONS: tuple[Dimension, ...] = ("zone", "department")


@dataclass(frozen=True, slots=True)
class Label:
    """A place as a table writes it, with its cell."""

    text: str
    row: int
    column: int
    code: Cell | None = None


def place_labels(sheet: Sheet, layout: Layout, data: list[int], findings: Findings) -> dict[int, Label]:
    """Return the label of each row, or of each column where places stand across; merged labels reach down."""
    if layout.places_across:
        return {h.column: Label(h.text, h.row, h.column) for h in layout.figures}
    labels: dict[int, Label] = {}
    if layout.place < 0:
        return labels
    last: Label | None = None
    for row in data:
        cell = sheet.rows[row][layout.place]
        at = row
        if not cell.text.strip() and cell.merged:
            at, _ = sheet.anchor(row, layout.place)
            cell = sheet.rows[at][layout.place]
        code = sheet.rows[row][layout.code] if layout.code >= 0 else None
        if cell.text.strip():
            last = labels[row] = Label(cell.text, at, layout.place, code)
        elif code is not None and code.kind != "empty":
            labels[row] = Label("", row, layout.place, code)
        else:
            findings.add("Q-BLANK-LABEL", sheet.place(row, layout.place), above=last.text.strip() if last else "")
            if last:
                labels[row] = last
    return labels


def resolve(sheet: Sheet, layout: Layout, labels: Mapping[int, Label], request: ImportRequest, findings: Findings) -> dict[int, Place]:
    """Return the place of each row (or column), with findings for what is unknown, ambiguous or finer than a basin."""
    names = request.reference.places
    fine = next((h for h in layout.table.heads if h.role == "fine"), None)
    if fine is not None:
        findings.add("E-FINER-THAN-BASIN", sheet.place(fine.row, fine.column), fine.text)
    if not labels:
        return {}
    if layout.code >= 0 and not layout.places_across:
        return _by_code(sheet, layout, labels, names, findings)
    dimension = _dimension(sheet, layout, labels, request, findings)
    known: dict[str, Place | None] = {}
    found: dict[int, Place] = {}
    for key, label in labels.items():
        if label.text not in known:
            known[label.text] = _resolve_one(sheet, label, dimension, request, findings)
        place = known[label.text]
        if place is not None:
            found[key] = place
            _report_spelling(sheet, label, place, findings)
    _report_overlap(sheet, labels, found, findings)
    return found


def _resolve_one(sheet: Sheet, label: Label, dimension: Dimension | None, request: ImportRequest, findings: Findings) -> Place | None:
    names, where = request.reference.places, sheet.place(label.row, label.column)
    if _FINE_LABEL.match(fold(undecorated(label.text))):
        findings.add("E-FINER-THAN-BASIN", where, label.text)
        return None
    bare = undecorated(label.text)
    text = request.zones.get(label.text.strip(), request.zones.get(bare, label.text))
    if text == LEFT_OUT:
        findings.add("Q-UNKNOWN-PLACE", where, label.text, answered=f'--zone "{bare}={LEFT_OUT}"', key=bare, nearest=LEFT_OUT)
        return None
    for candidate in (dimension, "nation", "country"):
        if candidate and (place := names.find(text, candidate)):
            if text != label.text:
                findings.add("Q-UNKNOWN-PLACE", where, label.text, answered=f'--zone "{bare}={text}"', key=bare, nearest=text)
            return place
    other = next((d for d in _DIMENSIONS if names.find(text, d)), None)
    if other and dimension and request.dimension:
        findings.add("E-WRONG-DIMENSION", where, label.text, dimension=dimension, other=other)
    elif other and dimension:
        findings.add("E-TWO-PARTITIONS", where, label.text, dimension=dimension, other=other)
    elif not other:
        offered = names.offer(text, dimension)
        options = tuple(f'--zone "{bare}={name}"' for name in (*(offered or ("NAME",)), LEFT_OUT))
        findings.add("Q-UNKNOWN-PLACE", where, label.text, options=options, key=bare, nearest=", ".join(offered) or "-")
    return None


def _dimension(sheet: Sheet, layout: Layout, labels: Mapping[int, Label], request: ImportRequest, findings: Findings) -> Dimension | None:
    """Return the dimension of a table's places where no name decides otherwise; homonyms are asked."""
    names = request.reference.places
    head = next((fold(h.text) for h in layout.table.heads if h.column == layout.place), "")
    only: dict[Dimension, int] = {"zone": 0, "department": 0}
    homonym: Label | None = None
    for text, label in {label.text: label for label in reversed(list(labels.values()))}.items():
        mapped = request.zones.get(undecorated(text), text)
        possible = [d for d in names.dimensions(mapped) if d in only]
        if len(possible) == 1:
            only[possible[0]] += 1
        elif possible:
            homonym = label
    if homonym is not None:
        where, answered = sheet.place(homonym.row, homonym.column), f"--dimension {request.dimension}" if request.dimension else ""
        findings.add("Q-HOMONYM", where, homonym.text.strip(), options=("--dimension zone", "--dimension department"), answered=answered)
    if request.dimension:
        return request.dimension
    if re.match(r"d(?:e)?p(?:ar)?t", head) or only["department"] > only["zone"]:
        return "department"
    return "zone"


def _by_code(sheet: Sheet, layout: Layout, labels: Mapping[int, Label], names: PlaceNames, findings: Findings) -> dict[int, Place]:
    """Return places by their codes only; a code is text with its leading zero, and its name must be the list's."""
    found: dict[int, Place] = {}
    for row, label in labels.items():
        code, where = label.code, sheet.place(row, layout.code)
        if code is None or code.kind == "empty":
            findings.add("Q-BLANK-LABEL", where)
            continue
        digits = code.text.strip()
        if code.number is not None or (digits.isdigit() and len(digits) < _DEPARTMENT_DIGITS):
            findings.add("E-CODE-LOST-ZEROS", where, digits)
        elif digits.isdigit() and len(digits) > _DEPARTMENT_DIGITS and digits not in names.codes:
            findings.add("E-FINER-THAN-BASIN", where, digits)
        elif digits not in names.codes:
            findings.add("E-CODE-NAME-MISMATCH", where, digits, name=label.text.strip(), expected="-")
        elif label.text.strip() and not _same_name(label.text, names.codes[digits], names):
            findings.add("E-CODE-NAME-MISMATCH", where, digits, name=label.text.strip(), expected=names.codes[digits].name)
        else:
            found[row] = names.codes[digits]
    return found


def _same_name(text: str, place: Place, names: PlaceNames) -> bool:
    found = names.find(text, "department")
    return found is not None and found.place == place.place


def _report_spelling(sheet: Sheet, label: Label, place: Place, findings: Findings) -> None:
    where = sheet.place(label.row, label.column)
    if place.spelling == "renamed":
        findings.add("N-ZONE-RENAMED", where, label.text, key=place.name, name=place.name)
    elif place.spelling == "normalised" and place.dimension != "nation":
        findings.add("N-NAME-NORMALISED", where, label.text, name=place.name)
    if place.note:
        findings.add("N-ZONE-RECUT", where, label.text, key=place.name, note=place.note)


def _report_overlap(sheet: Sheet, labels: Mapping[int, Label], found: Mapping[int, Place], findings: Findings) -> None:
    """Ask where two published names of different lists share a basin: their sum would count land twice."""
    by_basin: dict[str, tuple[str, tuple[str, ...]]] = {}
    for key, place in found.items():
        if place.dimension != "zone":
            continue
        for basin, weight in place.basins:
            name, lists = by_basin.setdefault(basin, (place.name, place.lists))
            if name != place.name and weight > 0 and not set(lists) & set(place.lists):
                label = labels[key]
                findings.add("Q-ZONES-OVERLAP", sheet.place(label.row, label.column), label.text.strip(), key=place.name, other=name, basin=basin)
