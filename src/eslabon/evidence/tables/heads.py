"""One head of a table read by its words: what the column holds, its period, unit, measure and product."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from eslabon.evidence.tables.figures import Figure, read_figure
from eslabon.evidence.tables.grid import Cell
from eslabon.evidence.tables.measures import Unit, unit_named, unit_within
from eslabon.evidence.tables.quantities import MEASURES, PRODUCTS, named
from eslabon.evidence.tables.spans import FIRST_YEAR, LAST_YEAR, Span, months, read_span, years_in
from eslabon.evidence.tables.text import fold, split_marker

Role = Literal[
    "place", "code", "ordinal", "period", "unit", "product", "agency", "note", "percent", "total", "figure", "fine", "other", "blank"
]  # fmt: skip
_WORDS: tuple[tuple[Role, str], ...] = (
        ("fine", r"\b(?:distritos?|provincias?|caserios?|centros? poblados?|cc\.?pp|comunidad(?:es)?|anexo|fundos?|parcelas?|chacra|sector(?:es)?|"
                 r"localidad(?:es)?|village|district|province|community|farms?|plots?|hamlet|laboratorio n|pista n)\b"),
        ("ordinal", r"^(?:n°|nº|no|nro\.?|no\.|#|item|orden)$"),
        ("code", r"^(?:ubigeo|codigo|cod\b\.?|code|id)\b"),
        ("place", r"^(?:nombre de (?:la |el )?)?(?:zonas?|ambitos?|cuencas?|valles?|departamentos?|dptos?\b\.?|depto\b\.?|region(?:es)?|pais(?:es)?|"
                  r"lugar|zones?|basins?|places?|departments?|regions?|country|countries|territorio)\b"),
        ("period", r"^(?:anos?|anio|years?|fechas?|dates?|mes|meses|months?|periodos?|periods?|gestion|trimestre|semestre|quarter)\b"),
        ("unit", r"^(?:unidad(?:es)?(?: de medida)?|units?(?: of measure)?|u\.?m\.?|medida)$"),
        ("agency", r"^(?:institucion(?:es)?|entidad(?:es)?|agencias?|agency|agencies|organismos?|unidad policial|unidad ejecutora|fuerza|"
                   r"reportado por|reported by)\b"),
        ("note", r"^(?:observacion(?:es)?|notas?|comentarios?|remarks?|notes?|comments?|fuentes?|sources?|llamada)\b"),
        ("percent", r"%|^(?:var\b\.?|variacion|cambio|participacion|porcentaje|percent|shares?|change|crecimiento|incremento|tasa|part\.)"),
        ("total", r"^(?:total(?:es)?|subtotal|sub-total|suma|acumulado|promedio|gran total|average|mean|sum)\b"),
        ("product", r"^(?:productos?|drogas?|tipos? de droga|drugs?|products?|sustancias?|especie)\b"),
)  # fmt: skip
_ROLES = tuple((role, re.compile(words)) for role, words in _WORDS)
_FIGURE = re.compile(r"^(?:valor(?:es)?|values?|cantidad|amount|peso|weight|monto|figure|cifra|dato)\b")

_UNIT_BEHIND = re.compile(r"(?P<label>[^()]{1,60}?)\s*[(\[](?P<unit>[^()\[\]]{1,40})[)\]]")


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column.

    Parameters
    ----------
    text : str
        As printed, the levels of a head of several rows joined by ` / `.
    role : str
        What the column holds.
    row, column : int
        Of the lowest cell of the head that is not empty, from 0.
    span : Span or None
        The period it names.
    unit : Unit or None
    measure, product : str
        A key of `MEASURES` and of `PRODUCTS`, or empty.
    marker : str
        Footnote marker or words beside a year.
    """

    text: str
    role: Role
    row: int = 0
    column: int = 0
    span: Span | None = None
    unit: Unit | None = None
    measure: str = ""
    product: str = ""
    marker: str = ""


def cell_span(cell: Cell) -> Span | None:
    """Return the period that a head or a cell of a period column holds."""
    if cell.kind == "date" or (cell.kind == "formula" and cell.date is not None):
        day = cell.date.date() if isinstance(cell.date, datetime.datetime) else cell.date
        return Span("day", day, day) if day else None
    if cell.number is not None:
        return read_span(str(int(cell.number))) if FIRST_YEAR <= cell.number <= LAST_YEAR and cell.number == int(cell.number) else None
    return read_span(cell.text.strip())


def is_plain_figure(cell: Cell) -> bool:
    """Return whether a cell holds a figure that is no year: what a head never does."""
    if cell.kind == "empty":
        return False
    if cell.kind == "number" or (cell.kind == "formula" and cell.number is not None):
        return cell_span(cell) is None
    if cell.kind != "text":
        return False
    figure = read_figure(cell.text)
    known = isinstance(figure, Figure) and (not figure.unit or unit_named(figure.unit) is not None or bool(figure.currency))
    return known and read_span(cell.text.strip()) is None


def read_head(cell: Cell, row: int, column: int) -> Head:
    """Return what one cell of a head says."""
    text = " ".join(cell.text.split())
    if not text:
        return Head("", "blank", row, column)
    if known := _span_with_unit(text):
        return replace(known, row=row, column=column)
    if span := cell_span(cell):
        return Head(text, "figure", row, column, span, marker=span.marker)
    return replace(_worded(text), row=row, column=column)


@lru_cache(maxsize=4096)
def _span_with_unit(text: str) -> Head | None:
    """Return the head that is a period and its unit in brackets, such as `2012-2013 (kg)`; None if it is no such head."""
    match = _UNIT_BEHIND.fullmatch(text)
    unit = unit_named(match["unit"]) if match else None
    span = read_span(match["label"]) if match and unit else None
    return Head(text, "figure", span=span, unit=unit, marker=span.marker) if span else None


@lru_cache(maxsize=4096)
def _worded(text: str) -> Head:
    label, marker = split_marker(text)
    words = fold(label)
    role: Role = next((role for role, pattern in _ROLES if pattern.search(words)), "other")
    measure, product, unit = named(label, MEASURES), named(label, PRODUCTS), unit_within(text)
    if role == "other" and (measure or unit or (product and len(words) < 40) or _FIGURE.search(words)):
        role = "figure"
    if role == "total" and measure:
        role = "figure"
    if role not in ("figure", "percent", "total", "place"):
        unit = None
    years = years_in(label)
    span = read_span(str(years[0])) if role in ("figure", "total") and len(years) == 1 else None
    return Head(text, role, span=span, unit=unit, measure=measure, product=product, marker=marker)


def joined(upper: Head, lower: Head) -> Head:
    """Return the head of two levels: the lower one speaks first, the upper one fills what it leaves open."""
    if lower.role == "blank" and not lower.text:
        return upper
    if upper.role == "blank":
        return lower
    first = {upper.role, lower.role}
    strongest: tuple[Role, ...] = ("fine", "percent", "total")
    role: Role = next((r for r in strongest if r in first), "other")
    if role == "other":
        role = upper.role if lower.role in ("other", "blank") else lower.role
    if upper.span and lower.role == "other":
        role = "figure"
    return Head(
        f"{upper.text} / {lower.text}", role, lower.row, lower.column, _joined_span(upper.span, lower.span), lower.unit or upper.unit,
        lower.measure or upper.measure, lower.product or upper.product, lower.marker or upper.marker,
    )  # fmt: skip


def _joined_span(upper: Span | None, lower: Span | None) -> Span | None:
    for year, month in ((upper, lower), (lower, upper)):
        if year and month and year.sort == "year" and month.sort == "month-name" and year.year:
            return month_of(year.year, month)
    return lower or upper


def month_of(year: int, span: Span) -> Span:
    """Return the month that a month's name is in a year."""
    return months(year, span.month, span.month, "month", span.spanish)
