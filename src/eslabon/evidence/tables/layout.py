"""Which column of a table holds what: place, period, unit, product, and the figures that the quantity asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from eslabon.evidence.tables.findings import Findings
from eslabon.evidence.tables.grid import Sheet
from eslabon.evidence.tables.heads import Head, cell_span, is_plain_figure
from eslabon.evidence.tables.locate import Table
from eslabon.evidence.tables.missing import is_missing_code
from eslabon.evidence.tables.quantities import MEASURES, PRODUCTS, Quantity, named
from eslabon.evidence.tables.request import ImportRequest
from eslabon.evidence.tables.text import fold

_SAMPLE = 400
_MOSTLY = 0.7


@dataclass(frozen=True)
class Layout:
    """The columns of a table by what they hold; -1 where there is none.

    Parameters
    ----------
    figures : tuple of Head
        Columns taken as the quantity.
    others : tuple of Head
        Columns of figures that are not taken: other measures, percentages, totals.
    places_across : bool
        Whether places stand across the top instead of down a column.
    """

    table: Table
    place: int
    code: int
    periods: tuple[int, ...]
    unit: int
    product: int
    agency: int
    figures: tuple[Head, ...]
    others: tuple[Head, ...]
    places_across: bool = False
    unknown: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """What the quantity looks for: its own measure and product, and what the ledger knows of it."""

    measure: str
    product: str
    known: Quantity | None
    percent: bool


def wanted(request: ImportRequest) -> Wanted:
    """Return what the quantity of a request looks for among the columns."""
    known = request.reference.quantities.get(request.quantity)
    form = request.form or (known.forms[0] if known else "")
    percent = request.unit == "percent" or bool(known and known.units[0].dimension == "percent")
    return Wanted(named(request.quantity, MEASURES), named(form, PRODUCTS), known, percent)


def lay_out(sheet: Sheet, table: Table, request: ImportRequest, findings: Findings) -> Layout:
    """Return the columns of a table by what they hold, with findings where a choice must be made."""
    heads, asked = table.heads, wanted(request)
    across = _places_across(sheet, table, request)
    place = -1 if across else _place_column(sheet, table, request)
    periods = _period_columns(sheet, table, place)
    taken = {place, *periods, *(h.column for h in heads if h.role in ("code", "ordinal", "unit", "product", "agency", "note"))}
    figures = [h for h in heads if h.column not in taken and (h in across if across else _is_figure(sheet, table, h, asked))]
    others = [h for h in heads if h.column not in taken and h not in figures and h.role in ("percent", "total", "figure")]
    chosen = _choose(sheet, figures, request, findings, bool(across))
    return Layout(
        table, place, _first(heads, "code"), periods, _first(heads, "unit"), _first(heads, "product"), _first(heads, "agency"),
        tuple(chosen), tuple(others) + tuple(h for h in figures if h not in chosen), bool(across),
    )  # fmt: skip


def _first(heads: Sequence[Head], role: str) -> int:
    return next((h.column for h in heads if h.role == role), -1)


def body_rows(sheet: Sheet, table: Table) -> range:
    """Return the rows that may belong to a table's body."""
    return range(table.bottom + 1, min(table.last + 1, len(sheet.rows)))


def _places_across(sheet: Sheet, table: Table, request: ImportRequest) -> list[Head]:
    """Return the heads that name places, where at least two do."""
    names = request.reference.places
    found = [h for h in table.heads if h.text and h.span is None and (names.dimensions(h.text) or h.text in request.zones)]
    if len(found) < 2:
        return []
    columns = {h.column for h in found}
    first, last = min(columns), max(columns)
    return [h for h in table.heads if first <= h.column <= last and h.text and h.role not in ("total", "percent")]


def _place_column(sheet: Sheet, table: Table, request: ImportRequest) -> int:
    """Return the column of places: by its head, else the first column of words that are no periods."""
    own = [h.column for h in table.heads if h.role == "place"]
    if own:
        return own[0]
    for head in table.heads:
        if head.role in ("other", "blank", "figure") and head.span is None:
            cells = [sheet.rows[r][head.column] for r in body_rows(sheet, table)[:_SAMPLE] if head.column < len(sheet.rows[r])]
            words = [c for c in cells if c.kind == "text" and not is_plain_figure(c) and not is_missing_code(c)]
            if words and len(words) >= sum(is_plain_figure(c) for c in cells):
                return -1 if sum(cell_span(c) is not None for c in words) > len(words) / 2 else head.column
    return -1


def _period_columns(sheet: Sheet, table: Table, place: int) -> tuple[int, ...]:
    """Return the columns of periods: by their heads, else a column whose cells mostly are periods."""
    own = tuple(h.column for h in table.heads if h.role == "period")
    if own or any(h.span for h in table.heads):
        return own
    for head in table.heads:
        if head.role in ("other", "blank") and head.column != place:
            cells = [sheet.rows[r][head.column] for r in body_rows(sheet, table)[:_SAMPLE] if sheet.rows[r][head.column].kind != "empty"]
            if cells and sum(cell_span(c) is not None for c in cells) > _MOSTLY * len(cells):
                return (head.column,)
    return ()


def _is_figure(sheet: Sheet, table: Table, head: Head, asked: Wanted) -> bool:
    """Return whether a column holds figures that could be the quantity's."""
    if head.role in ("percent", "total"):
        return head.role == "percent" and asked.percent
    if head.role == "figure":
        return True
    cells = [sheet.rows[r][head.column] for r in body_rows(sheet, table)[:_SAMPLE] if sheet.rows[r][head.column].kind != "empty"]
    return bool(cells) and sum(is_plain_figure(c) or is_missing_code(c) for c in cells) > _MOSTLY * len(cells)


def _choose(sheet: Sheet, figures: list[Head], request: ImportRequest, findings: Findings, across: bool) -> list[Head]:
    """Return the columns of the quantity's own measure, product and unit; say which were left out, ask where several remain."""
    asked = wanted(request)
    if request.column:
        named_so = [h for h in figures if fold(request.column) in fold(h.text)]
        if named_so:
            return named_so
        findings.add("E-NO-FIGURES", value=request.column, options=tuple(f'--column "{h.text}"' for h in figures))
        return []
    chosen = figures
    tests: tuple[tuple[str, Callable[[Head], bool]], ...] = (
        ("N-OTHER-MEASURE", lambda h: not (h.measure and asked.measure) or h.measure == asked.measure),
        ("N-OTHER-PRODUCT", lambda h: not (h.product and asked.product) or h.product == asked.product),
        ("N-OTHER-MEASURE", lambda h: h.unit is None or asked.known is None or asked.known.fits(h.unit) or _money_apart(h, asked)),
        ("N-OTHER-MEASURE", lambda h: h.unit is None or not request.unit or h.unit.name == request.unit or not _money_apart(h, asked)),
    )
    for code, fits in tests:
        kept = [h for h in chosen if fits(h)]
        if kept:
            for head in (h for h in chosen if h not in kept):
                findings.add(code, sheet.place(head.row, head.column), head.text, key=head.text)
            chosen = kept
    return chosen if across else _one_each(sheet, chosen, findings)


def _money_apart(head: Head, asked: Wanted) -> bool:
    """Return whether a column is in another currency than the ledger's, per the same unit."""
    if head.unit is None or asked.known is None or not _CURRENCIES & set(head.unit.name.split("/")[0].split()):
        return False
    return any(own.name.partition("/")[2] == head.unit.name.partition("/")[2] and "/" in own.name for own in asked.known.units)


_CURRENCIES = {"USD", "PEN", "EUR"}


def _one_each(sheet: Sheet, chosen: list[Head], findings: Findings) -> list[Head]:
    """Ask which column is meant where two hold figures of the same period."""
    by_span: dict[object, list[Head]] = {}
    for head in chosen:
        by_span.setdefault((head.span, head.marker if head.span else ""), []).append(head)
    for heads in by_span.values():
        if len(heads) > 1:
            options = tuple(f'--column "{head.text}"' for head in heads)
            others = ", ".join(head.text for head in heads)
            findings.add("Q-SEVERAL-COLUMNS", sheet.place(heads[1].row, heads[1].column), heads[1].text, options=options, others=others)
    return [heads[0] for heads in by_span.values()]
