"""Write the fixtures of the 25 quirks of official tables: python tools/build_quirks.py. All figures are invented.

Each quirk has at least one file and a twin without the quirk; what must come out is in tests/fixtures/quirks/expected.toml. The bytes
are the same on every machine: archives are not compressed and carry a fixed date.
"""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

FOLDER = Path(__file__).resolve().parents[1] / "tests" / "fixtures" / "quirks"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
LONG_AGO = (1980, 1, 1, 0, 0, 0)
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
SPREADSHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
RELATED = '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
STYLES = (
    f'{DECLARATION}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd\\/mm\\/yyyy"/></numFmts>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)
"""Cell styles 0 general, 1 day/month/year."""

Grid = list[list[object]]
DATE = "date:"
"""A cell written `date:41274` is a number that the workbook shows as a date."""

CSV: dict[str, str] = {
    "01_two_number_styles": "Zona;2011;2012;2013\nVRAEM;19,251.12;19,925.40;1.088,88\nHuallaga;9,509.50;8,760.25;907,10\n",
    "01_two_number_styles.twin": "Zona;2011;2012;2013\nVRAEM;19,251.12;19,925.40;1,088.88\nHuallaga;9,509.50;8,760.25;907.10\n",
    "01b_two_styles_in_a_column": "Zona;2011;2012\nVRAEM;19,251.12;1.925,40\nHuallaga;9,509.50;8,760.25\n",
    "01b_two_styles_in_a_column.twin": "Zona;2011;2012\nVRAEM;19,251.12;1,925.40\nHuallaga;9,509.50;8,760.25\n",
    "02_thirty_or_thirty_thousand": "Zona;2013\nVRAEM;30.000\nHuallaga;12.500\n",
    "02_thirty_or_thirty_thousand.twin": "Zona;2013\nVRAEM;30000\nHuallaga;12500\n",
    "05_blank_cells": "Zona;2012 (ha);2013 (ha)\nVRAEM;19251;18760\nHuallaga;;4120\nSan Gabán;968;\n",
    "05_blank_cells.twin": "Zona;2012 (ha);2013 (ha)\nVRAEM;19251;18760\nHuallaga;9405;4120\nSan Gabán;968;903\n",
    "07_missing_codes": (
        "Zona;2013 (ha)\nVRAEM;18760\nHuallaga;n.d\nSan Gabán;n.a.\nMarañón;s.d.\nKosñipata;-\nPutumayo;..\nContamana;…\nCallería;*\nAguaytía;NR\n"
    ),
    "07_missing_codes.twin": (
        "Zona;2013 (ha)\nVRAEM;18760\nHuallaga;4120\nSan Gabán;903\nMarañón;702\nKosñipata;455\nPutumayo;611\nContamana;88\nCallería;214\n"
        "Aguaytía;0\n"
    ),
    "08_footnotes": (
        "Zona;2012;2013\nVRAEM;40,300ha 2;18,760.5 (4)\nHuallaga;9,509.5;53.7 (4)\nSan Gabán;968;12*\n2/ Incluye el área en abandono.\n"
        "(4) Estimado por muestreo.\n* Una sola imagen.\n"
    ),
    "08_footnotes.twin": "Zona;2012;2013\nVRAEM;40,300;18,760.5\nHuallaga;9,509.5;53.7\nSan Gabán;968;12\n",
    "08b_footnote_or_digit": "Zona;2013 (ha)\nVRAEM;18760\nHuallaga;4120 3\n",
    "08b_footnote_or_digit.twin": "Zona;2013 (ha)\nVRAEM;18760\nHuallaga;4120\n",
    "08c_glued_digit": "Zona;2013 (ha)\nVRAEM;18,760\nHuallaga;4,1203\nSan Gabán;1,020,300\n",
    "08c_glued_digit.twin": "Zona;2013 (ha)\nVRAEM;18,760\nHuallaga;4,120\nSan Gabán;1,020,300\n",
    "09_percent_on_wrong_base": "Zona;2012 (ha);2013 (ha);Var. %\nVRAEM;20000;25000;20.0\nHuallaga;10000;8000;-25.0\n",
    "09_percent_on_wrong_base.twin": "Zona;2012 (ha);2013 (ha)\nVRAEM;20000;25000\nHuallaga;10000;8000\n",
    "10_rounded_product": "Zona;Superficie (ha);Rendimiento (t/ha);Producción (t)\nVRAEM;19965;3.6;72413\nHuallaga;9000;1.5;13500\n",
    "10_rounded_product.twin": "Zona;Superficie (ha);Rendimiento (t/ha);Producción (t)\nVRAEM;20000;3.6;72000\nHuallaga;9000;1.5;13500\n",
    "10b_product_beyond_rounding": "Zona;Superficie (ha);Rendimiento (t/ha);Producción (t)\nVRAEM;19965;3.6;92413\n",
    "10b_product_beyond_rounding.twin": "Zona;Superficie (ha);Rendimiento (t/ha);Producción (t)\nVRAEM;20000;3.6;72000\n",
    "11b_unknown_zone": "Zona;2013 (ha)\nVRAEM;18760\nAlto Hualaga;4120\n",
    "11b_unknown_zone.twin": "Zona;2013 (ha)\nVRAEM;18760\nHuallaga;4120\n",
    "11c_zones_of_two_lists": "Zona;2013 (ha)\nVRAEM;18760\nHuallaga;4120\nMonzón;2050\n",
    "11c_zones_of_two_lists.twin": "Zona;2013 (ha)\nVRAEM;18760\nHuallaga;4120\n",
    "12_more_zones": (
        "Zona;Año;Superficie (ha)\nVRAEM;2020;28110\nHuallaga;2020;1930\nVRAEM;2021;31950\nHuallaga;2021;2410\nBajo Ucayali;2021;1500\n"
        "VRAEM;2022;35010\nHuallaga;2022;3005\nBajo Ucayali;2022;2144\n"
    ),
    "12_more_zones.twin": "Zona;Año;Superficie (ha)\nVRAEM;2020;28110\nHuallaga;2020;1930\nVRAEM;2021;31950\nHuallaga;2021;2410\n",
    "13_homonyms": "Lugar;2022 (ha)\nUcayali;7100\nLoreto;5400\nAmazonas;210\nMadre de Dios;35\n",
    "13_homonyms.twin": "Lugar;2022 (ha)\nUcayali;7100\nLoreto;5400\nPasco;210\nPuno;35\n",
    "13b_code_and_name_differ": "Código;Departamento;2022 (ha)\n25;Ucayali;7100\n16;Lima;5400\n",
    "13b_code_and_name_differ.twin": "Código;Departamento;2022 (ha)\n25;Ucayali;7100\n16;Loreto;5400\n",
    "13c_two_partitions": "Ámbito;2022 (ha)\nUcayali;7100\nLoreto;5400\nVRAEM;35010\n",
    "13c_two_partitions.twin": "Ámbito;2022 (ha)\nUcayali;7100\nLoreto;5400\nCusco;35010\n",
    "15_decorated_names": (
        "Zona;2013 (ha)\n  vraem *;18760\n• Huallaga;4120\nLa  Convención  –  Lares;10950\nSan Gaban 1/;903\n1/ Incluye su entorno.\n"
    ),
    "15_decorated_names.twin": "Zona;2013 (ha)\nVRAEM;18760\nHuallaga;4120\nLa Convención-Lares;10950\nSan Gabán;903\n",
    "16_mojibake": "Zona;2013 (ha)\nVRAEM;18760\nAguaytÃ­a;1650\nCallerÃ­a;214\n",
    "16_mojibake.twin": "Zona;2013 (ha)\nVRAEM;18760\nAguaytía;1650\nCallería;214\n",
    "16b_no_break_space": "Zona;2013 (ha)\nVRAEM;18\u00a0760\nSan\u00a0Gabán;903\n",
    "16b_no_break_space.twin": "Zona;2013 (ha)\nVRAEM;18 760\nSan Gabán;903\n",
    "17_spanish_dates": (
        "Fecha;Departamento;Droga;Cantidad (kg)\n31-dic-14;Cusco;PBC;41.5\nsetiembre 2014;Puno;PBC;120\nset. 2013;Puno;PBC;98\n"
    ),
    "17_spanish_dates.twin": (
        "Fecha;Departamento;Droga;Cantidad (kg)\n2014-12-31;Cusco;PBC;41.5\n2014-09;Puno;PBC;120\n2013-09;Puno;PBC;98\n"
    ),
    "17b_day_or_month": "Fecha;Departamento;Droga;Cantidad (kg)\n03/04/2014;Cusco;PBC;41.5\n05/06/2014;Puno;PBC;120\n",
    "17b_day_or_month.twin": "Fecha;Departamento;Droga;Cantidad (kg)\n13/04/2014;Cusco;PBC;41.5\n05/06/2014;Puno;PBC;120\n",
    "18_year_over_two_years": "Departamento;2012-2013 (kg);2013-2014 (kg)\nCusco;310;295\nPuno;120;188\n",
    "18_year_over_two_years.twin": "Departamento;2012 (kg);2013 (kg)\nCusco;310;295\nPuno;120;188\n",
    "18b_part_of_a_year": "Zona;2012 (ha);Ene-Set 2013\nAguaytía;5100;4033\nHuallaga;2050;1210\n",
    "18b_part_of_a_year.twin": "Zona;2012 (ha);2013 (ha)\nAguaytía;5100;4033\nHuallaga;2050;1210\n",
    "19b_unit_does_not_fit": "Departamento;Droga;2013 (ha)\nCusco;PBC;310\nPuno;PBC;120\n",
    "19b_unit_does_not_fit.twin": "Departamento;Droga;2013 (kg)\nCusco;PBC;310\nPuno;PBC;120\n",
    "19c_row_twice": "Departamento;Droga;2013 (kg)\nCusco;PBC;310\nPuno;PBC;120\nCusco;PBC;310\n",
    "19c_row_twice.twin": "Departamento;Droga;2013 (kg)\nCusco;PBC;310\nPuno;PBC;120\n",
    "19d_rows_contradict": "Departamento;Droga;2013 (kg)\nCusco;PBC;310\nPuno;PBC;120\nCusco;PBC;312\n",
    "19d_rows_contradict.twin": "Departamento;Droga;2013 (kg)\nCusco;PBC;310\nPuno;PBC;120\n",
    "20_mixed_units": "Departamento;Droga;Unidad;2013\nCusco;PBC;kg;310\nPuno;PBC;t;0.12\nLima;PBC;litros;55\n",
    "20_mixed_units.twin": "Departamento;Droga;Unidad;2013\nCusco;PBC;kg;310\nPuno;PBC;kg;120\nLima;PBC;kg;55\n",
    "20b_two_units_of_mass": "Departamento;Droga;Unidad;2013\nCusco;PBC;kg;310\nPuno;PBC;t;0.12\n",
    "20b_two_units_of_mass.twin": "Departamento;Droga;Unidad;2013\nCusco;PBC;kg;310\nPuno;PBC;kg;120\n",
    "21_zero_and_foreign_rows": "Lugar;Droga;2013 (kg)\nCusco;PBC;310\nPuno;PBC;0\nBolivia;PBC;95\n",
    "21_zero_and_foreign_rows.twin": "Lugar;Droga;2013 (kg)\nCusco;PBC;310\nPuno;PBC;120\n",
    "22_one_seizure_two_agencies": (
        "Fecha;Departamento;Institución;Droga;Cantidad (kg)\n2013-08-14;Ayacucho;Policía;PBC;212.5\n2013-08-15;Ayacucho;Fuerza Armada;PBC;212\n"
        "2013-08-15;Puno;Policía;PBC;40\n"
    ),
    "22_one_seizure_two_agencies.twin": (
        "Fecha;Departamento;Institución;Droga;Cantidad (kg)\n2013-08-14;Ayacucho;Policía;PBC;212.5\n2013-09-20;Ayacucho;Fuerza Armada;PBC;212\n"
        "2013-08-15;Puno;Policía;PBC;40\n"
    ),
    "23_currency_mix": "Zona;2013 (US$/kg)\nVRAEM;3.2\nHuallaga;S/ 11.20\n",
    "23_currency_mix.twin": "Zona;2013 (US$/kg)\nVRAEM;3.2\nHuallaga;4.0\n",
    "23b_two_rates": "Zona;Año;Precio (S/ por kg);Precio (US$/kg)\nVRAEM;2013;28.00;10.00\nHuallaga;2013;33.00;10.00\n",
    "23b_two_rates.twin": "Zona;Año;Precio (S/ por kg);Precio (US$/kg)\nVRAEM;2013;28.00;10.00\nHuallaga;2013;29.40;10.50\n",
    "24_bounds": "Zona;2013 (ha)\nVRAEM;más de 18 000\nHuallaga;hasta 4200\nSan Gabán;11 o 12\nMarañón;entre 600 y 700\nKosñipata;unas 450\n",
    "24_bounds.twin": "Zona;2013 (ha)\nVRAEM;18 000\nHuallaga;4200\nSan Gabán;11.5\nMarañón;650\nKosñipata;450\n",
}  # fmt: skip
"""Delimited text, in UTF-8."""

HEAD: list[object] = ["Zona", 2012, 2013]
WORKBOOKS: dict[str, dict[str, Grid]] = {
    "03_banner_and_title_unit": {"Cuadro 1": [
        ["Informe de ejemplo"], [], ["Superficie cultivada con coca según zona (hectáreas)"], ["Al 31 de diciembre de cada año"], [], ["Cuadro 1"],
        [], [],
        HEAD, ["VRAEM", 19251, 18760], ["Huallaga", 9405, 4120],
    ]},
    "03_banner_and_title_unit.twin": {"Cuadro 1": [["Zona", "2012 (ha)", "2013 (ha)"], ["VRAEM", 19251, 18760], ["Huallaga", 9405, 4120]]},
    "04_totals_among_the_data": {"Cuadro 1": [
        ["Zona", "2012 (ha)", "2013 (ha)"], ["VRAEM", 19251, 18760], ["La Convención-Lares", 10950, 10122], ["Sub total sur", 30201, 28882],
        ["Huallaga", 9405, 4120], ["Aguaytía", 2101, 1650], ["Selva central y norte", 11506, 5770], ["Total nacional", 41707, 34652],
    ]},
    "04_totals_among_the_data.twin": {"Cuadro 1": [
        ["Zona", "2012 (ha)", "2013 (ha)"], ["VRAEM", 19251, 18760], ["La Convención-Lares", 10950, 10122], ["Huallaga", 9405, 4120],
        ["Aguaytía", 2101, 1650],
    ]},
    "04b_total_does_not_hold": {"Cuadro 1": [["Zona", "2013 (ha)"], ["VRAEM", 18760], ["Huallaga", 4120], ["Total", 23880]]},
    "04b_total_does_not_hold.twin": {"Cuadro 1": [["Zona", "2013 (ha)"], ["VRAEM", 18760], ["Huallaga", 4120]]},
    "06_adjusted_series": {"Cuadro 1": [
        ["Superficie (ha)", 2010, 2011, "2011 (ajustado)"], ["VRAEM", 19000, 19600, 19250], ["Huallaga", 12100, 12400, 12750],
        ["Total", 31100, 32000, 32000],
    ]},
    "06_adjusted_series.twin": {"Cuadro 1": [["Superficie (ha)", 2010, 2011], ["VRAEM", 19000, 19600], ["Huallaga", 12100, 12400]]},
    "14_codes_without_zeros": {"Hoja1": [["Código", "Departamento", "2013 (ha)"], [1, "Amazonas", 210], [8, "Cusco", 9200], [25, "Ucayali", 7100]]},
    "14_codes_without_zeros.twin": {"Hoja1": [
        ["Código", "Departamento", "2013 (ha)"], ["01", "Amazonas", 210], ["08", "Cusco", 9200], ["25", "Ucayali", 7100],
    ]},
    "19_same_data_two_titles": {
        "Cuadro 5": [["Pasta básica incautada"], [], ["Departamento", "2012 (kg)", "2013 (kg)"], ["Cusco", 310, 295], ["Puno", 120, 188]],
        "Cuadro 6": [["Clorhidrato incautado"], [], ["Departamento", "2012 (kg)", "2013 (kg)"], ["Cusco", 310, 295], ["Puno", 120, 188]],
    },
    "19_same_data_two_titles.twin": {
        "Cuadro 5": [["Pasta básica incautada"], [], ["Departamento", "2012 (kg)", "2013 (kg)"], ["Cusco", 310, 295], ["Puno", 120, 188]],
    },
    "25_retyped_by_the_spreadsheet": {"Hoja1": [["Zona", "2013 (ha)"], ["VRAEM", 18760], ["San Gabán", f"{DATE}41255"], ["Huallaga", 4120]]},
    "25_retyped_by_the_spreadsheet.twin": {"Hoja1": [["Zona", "2013 (ha)"], ["VRAEM", 18760], ["San Gabán", "10-12"], ["Huallaga", 4120]]},
    "00_coordinates": {"Hoja1": [
        ["Zona", "Este", "Norte", "2013 (ha)"], ["VRAEM", 500000, 8500000, 3], ["VRAEM", 500001, 8500001, 2], ["VRAEM", 500002, 8500002, 1],
    ]},
    "00_coordinates.twin": {"Hoja1": [["Zona", "2013 (ha)"], ["VRAEM", 6]]},
}  # fmt: skip
"""Workbooks: sheets by name, rows of cells; text, number, or a date's number."""

ODS: dict[str, Grid] = {
    "11_zones_renamed": [["Zona", "2013 (ha)"], ["VRAE", 18760], ["Pachitea – Pichis – Palcazu", 3020], ["Aguaytia", 1650]],
    "11_zones_renamed.twin": [["Zona", "2013 (ha)"], ["VRAEM", 18760], ["Pichis-Palcazú-Pachitea", 3020], ["Aguaytía", 1650]],
}
PAGES: dict[str, Grid] = {
    "00_persons": [["Zona", "DNI", "2013 (ha)"], ["VRAEM", "00000001", "1"], ["Huallaga", "00000002", "2"]],
    "00_persons.twin": [["Zona", "2013 (ha)"], ["VRAEM", "1"], ["Huallaga", "2"]],
}
"""Pages saved under the name .xls."""


def archive(parts: dict[str, str | bytes]) -> bytes:
    """Return an archive of the parts, without compression and with a fixed date."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as file:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, LONG_AGO)
            info.create_system, info.external_attr = 3, 0o644 << 16
            file.writestr(info, content)
    return buffer.getvalue()


def workbook(sheets: dict[str, Grid]) -> bytes:
    """Return an XLSX workbook."""
    numbered = list(enumerate(sheets.items(), 1))
    names = "".join(f'<sheet name="{escape(name)}" sheetId="{n}" r:id="rId{n}"/>' for n, (name, _) in numbered)
    targets = "".join(f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n, _ in numbered)
    targets += f'<Relationship Id="rId0" Type="{OFFICE}/styles" Target="styles.xml"/>'
    kinds = "".join(_kind(f"worksheets/sheet{n}", "worksheet") for n, _ in numbered) + _kind("workbook", "sheet.main") + _kind("styles", "styles")
    package = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{DECLARATION}<Types xmlns="{TYPES}">{RELATED}{kinds}</Types>',
        "_rels/.rels": f'{DECLARATION}<Relationships xmlns="{PACKAGE}">{package}</Relationships>',
        "xl/workbook.xml": f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{DECLARATION}<Relationships xmlns="{PACKAGE}">{targets}</Relationships>',
        "xl/styles.xml": STYLES,
    }
    for n, (_, grid) in numbered:
        rows = "".join(f'<row r="{number}">{_row(number, row)}</row>' for number, row in enumerate(grid, 1))
        parts[f"xl/worksheets/sheet{n}.xml"] = f'{DECLARATION}<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    return archive(parts)


def _kind(part: str, kind: str) -> str:
    return f'<Override PartName="/xl/{part}.xml" ContentType="{SPREADSHEET}.{kind}+xml"/>'


def _row(number: int, row: list[object]) -> str:
    cells = []
    for letter, cell in zip("ABCDEFGH", row, strict=False):
        where = f'r="{letter}{number}"'
        if isinstance(cell, str) and cell.startswith(DATE):
            cells.append(f'<c {where} s="1"><v>{cell.removeprefix(DATE)}</v></c>')
        elif isinstance(cell, str):
            cells.append(f'<c {where} t="inlineStr"><is><t xml:space="preserve">{escape(cell)}</t></is></c>')
        else:
            cells.append(f"<c {where}><v>{cell}</v></c>")
    return "".join(cells)


def opendocument(grid: Grid) -> bytes:
    """Return an OpenDocument spreadsheet."""
    rows = "".join("<table:table-row>" + "".join(map(_ods_cell, row)) + "</table:table-row>" for row in grid)
    spaces = " ".join(f'xmlns:{name}="{OASIS}:{name}:1.0"' for name in ("office", "table", "text"))
    tables = f'<table:table table:name="Cuadro 1">{rows}</table:table>'
    body = f"<office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    return archive({"mimetype": ODS_TYPE, "content.xml": f"{DECLARATION}<office:document-content {spaces}>{body}</office:document-content>"})


def _ods_cell(value: object) -> str:
    text = f"<text:p>{escape(str(value))}</text:p>"
    kind = 'office:value-type="string"' if isinstance(value, str) else f'office:value-type="float" office:value="{value}"'
    return f"<table:table-cell {kind}>{text}</table:table-cell>"


def page(grid: Grid) -> bytes:
    """Return a page with one table."""
    rows = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>\n" for row in grid)
    return f'<html><head><meta charset="utf-8"></head><body><table>\n{rows}</table></body></html>\n'.encode()


def fixtures() -> dict[str, bytes]:
    """Return every fixture by its file name."""
    plain = CSV["15_decorated_names.twin"].replace(";", "\t")
    return {
        **{f"{name}.csv": text.encode() for name, text in CSV.items()},
        **{f"{name}.xlsx": workbook(sheets) for name, sheets in WORKBOOKS.items()},
        **{f"{name}.ods": opendocument(grid) for name, grid in ODS.items()},
        **{f"{name}.xls": page(grid) for name, grid in PAGES.items()},
        "16c_old_encoding.tsv": plain.encode("cp1252"),
        "16c_old_encoding.twin.tsv": plain.encode(),
    }


def main() -> None:
    """Write the fixtures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, content in sorted(fixtures().items()):
        (FOLDER / name).write_bytes(content)
        print(name)


if __name__ == "__main__":
    main()
