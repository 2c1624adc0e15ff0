"""What never enters: persons, and places finer than a basin, looked for in every sheet, hidden ones too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from eslabon.evidence.tables.findings import Findings
from eslabon.evidence.tables.grid import Cell, Sheet, Workbook
from eslabon.evidence.tables.places import PlaceNames
from eslabon.evidence.tables.text import fold

_NAME_HEAD = re.compile(
    r"^(?:nombres?|apellidos?|nombres? y apellidos?|apellidos? y nombres?|nombre completo|nombre del? .*(?:productor|agricultor|titular|detenido).*|"
    r"full name|names?|surnames?|first name|last name|alias|apodo|titular|propietari[oa]s?|empadronad[oa]|beneficiari[oa]|detenid[oa]|intervenid[oa]|"
    r"imputad[oa]|investigad[oa]|agricultor|productor|jefe de hogar|owner|grower|person|direccion(?: domiciliaria)?|domicilio|address)$"
)
_ID_HEAD = re.compile(
    r"^(?:(?:n°|nro\.?|numero)? ?(?:de )?(?:dni|d\.n\.i\.?|documento(?: de identidad)?)|pasaporte|passport|telefonos?|celular(?:es)?|"
    r"phones?(?: number)?|correos?(?: electronicos?)?|e-?mails?|fecha de nacimiento|birth ?date|date of birth)$"
)
_COORDINATE_HEAD = re.compile(
    r"^(?:lat(?:itud|itude)?|lon(?:gitud|gitude|g)?|lng|coord(?:enadas?|inates?)?\b.*|coord\..*|utm\b.*|.*\butm|x_?coord.*|y_?coord.*|easting|northing|gps|"
    r"wkt|geometr[iy]a?|geom|georreferencia.*|lat/lon.*|lat\.|long\.|punto gps|zona utm|datum)$"
)
_EMAIL = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}\.\w{2,}")
_PHONE = re.compile(r"(?<![\d.,])(?:\+?51[ -]?)?9\d{2}[ -]\d{3}[ -]\d{3}(?![\d.,])|(?<![\d.,])\+51 ?\d{9}(?!\d)")
_DNI = re.compile(r"\bd\.?n\.?i\.?\s*(?:n[°o.º]*\s*)?:?\s*\d{8}\b", re.IGNORECASE)
_DEGREES = re.compile(r"\d{1,3}\s?°\s?\d{1,2}\s?['’′]|\b1[789][LKMlkm]\s+\d{6,7}\b|\b(?:POINT|POLYGON|LINESTRING)\s*Z?\s*\(", re.IGNORECASE)
_PAIR = re.compile(r"-\d{1,2}\.\d{3,}\s*[,; ]\s*-\d{2}\.\d{3,}")
_DECIMAL = re.compile(r"-?\d{1,2}[.,]\d{3,}")
_FINE_DECIMALS = 3
_LATITUDES, _LONGITUDES = (-18.5, 0.1), (-81.5, -68.5)
_EASTINGS, _NORTHINGS = (160_000.0, 840_000.0), (7_900_000.0, 10_000_000.0)
_HEAD_ROWS = 40
_SCANNED = 2000
_LOOK = 6
_RUN = 3


def screen(workbook: Workbook, names: PlaceNames, findings: Findings) -> None:
    """Add a refusal for each sheet that holds persons or coordinates; nothing of such a file is taken."""
    for sheet in workbook.sheets:
        _heads(sheet, names, findings)
        _texts(sheet, findings)
        _columns(sheet, findings)


def _heads(sheet: Sheet, names: PlaceNames, findings: Findings) -> None:
    for row, cells in enumerate(sheet.rows[:_HEAD_ROWS]):
        for column, cell in enumerate(cells):
            if cell.kind != "text" or len(cell.text) > 60:
                continue
            words = fold(cell.text).replace("_", " ").strip(" :.*")
            if _COORDINATE_HEAD.match(words):
                if _alone(sheet, row, column):
                    findings.add("E-COORDINATES", sheet.place(row, column), cell.text)
            elif _ID_HEAD.match(words) or (_NAME_HEAD.match(words) and _words_below(sheet, row, column, names)):
                findings.add("E-PERSONAL-DATA", sheet.place(row, column), cell.text)


def _words_below(sheet: Sheet, row: int, column: int, names: PlaceNames) -> bool:
    """Return whether words that are no places stand below a head: persons, and not their number or a zone's name."""
    below = [sheet.rows[r][column] for r in range(row + 1, min(row + 1 + _LOOK, len(sheet.rows)))]
    words = [cell.text for cell in below if cell.kind == "text" and not _figure_like(cell)]
    return bool(words) and sum(not names.dimensions(text) for text in words) > len(words) / 2


def _alone(sheet: Sheet, row: int, column: int) -> bool:
    """Return whether a coordinate's word heads a column of figures, and is no label of a row such as `Norte`."""
    below = [sheet.rows[r][column] for r in range(row + 1, min(row + 1 + _LOOK, len(sheet.rows)))]
    return not below or any(_figure_like(cell) for cell in below) or all(cell.kind == "empty" for cell in below)


def _figure_like(cell: Cell) -> bool:
    return cell.kind in ("number", "formula") or (cell.kind == "text" and any(c.isdigit() for c in cell.text))


def _texts(sheet: Sheet, findings: Findings) -> None:
    for row, cells in enumerate(sheet.rows):
        for column, cell in enumerate(cells):
            if cell.kind != "text":
                continue
            text = cell.text
            if len(text) < 8 or text.isalpha():
                continue
            if ("@" in text and _EMAIL.search(text[:_SCANNED])) or _PHONE.search(text[:_SCANNED]) or _DNI.search(text[:_SCANNED]):
                findings.add("E-PERSONAL-DATA", sheet.place(row, column), text)
            elif _DEGREES.search(text[:_SCANNED]) or _PAIR.search(text[:_SCANNED]):
                findings.add("E-COORDINATES", sheet.place(row, column), text)


def _columns(sheet: Sheet, findings: Findings) -> None:
    """Refuse neighbouring columns whose every figure could be a point in Peru, whatever their heads say."""
    width = max((len(row) for row in sheet.rows), default=0)
    fine = {column: list(_fine(sheet, column)) for column in range(width)}
    for column in range(width - 1):
        for pair in ((column, column + 1), (column + 1, column)):
            first, second = fine[pair[0]], fine[pair[1]]
            if len(first) < _RUN or len(second) < _RUN:
                continue
            degrees = _all_in(first, _LATITUDES, True) and _all_in(second, _LONGITUDES, True)
            metres = _all_in(first, _EASTINGS, False) and _all_in(second, _NORTHINGS, False)
            if degrees or metres:
                row = min(first[0][0], second[0][0])
                findings.add("E-COORDINATES", sheet.place(row, column), sheet.rows[row][column].text)
                break


def _fine(sheet: Sheet, column: int) -> Iterator[tuple[int, float, int]]:
    """Yield row, value and decimals of a column's figures."""
    for row, cells in enumerate(sheet.rows):
        cell = cells[column]
        number = cell.number
        if number is None and cell.kind == "text" and (_DECIMAL.fullmatch(cell.text.strip()) or cell.text.strip().isdecimal()):
            number = float(cell.text.strip().replace(",", "."))
        if number is not None:
            text = repr(number)
            yield row, number, len(text.partition(".")[2])


def _all_in(figures: list[tuple[int, float, int]], bounds: tuple[float, float], fine: bool) -> bool:
    low, high = bounds
    if not all(low <= value <= high for _, value, _ in figures):
        return False
    return not fine or sum(decimals >= _FINE_DECIMALS for _, _, decimals in figures) > len(figures) / 2
