"""Small files of tables made by code, honest and hostile, for the tests, the fuzzing and the benchmark of `eslabon import`.

The figures are invented and look like an official table of coca areas: a banner, a header, zones with accents, a total.
"""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from xml.sax.saxutils import escape

HEADER = ("Zona", "Año", "Superficie (ha)", "Participación", "Fecha de corte")
ROWS = (
    ("Apurímac-Ene-Mantaro", 2012, 19925, 0.331, 41274),
    ("Alto Huallaga", 2012, 9509.5, 0.158, 41274),
    ("Pichis–Palcazú–Pachitea", 2012, 3734, 0.062, 41274),
    ("Inambari-Tambopata", 2012, 3664, 0.061, 41274),
    ("Total", 2012, 36832.5, 0.612, 41274),
)
DEPARTMENTS = (
    "Amazonas", "Áncash", "Apurímac", "Arequipa", "Ayacucho", "Cajamarca", "Cusco", "Huancavelica", "Huánuco", "Ica", "Junín", "La Libertad",
    "Lambayeque", "Lima", "Loreto", "Madre de Dios", "Moquegua", "Pasco", "Piura", "Puno", "San Martín", "Tacna", "Tumbes", "Ucayali",
)  # fmt: skip
MONTHS = ["enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "setiembre", "octubre", "noviembre", "diciembre"]
BANNER = "Superficie cultivada con coca según zona, al 31 de diciembre (ilustración)"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
OASIS = "urn:oasis:names:tc:opendocument:xmlns"
ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'
STYLES = (
    f'{DECLARATION}<styleSheet xmlns="{MAIN}"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd\\/mm\\/yyyy"/></numFmts>'
    '<cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="164"/><xf numFmtId="20"/><xf numFmtId="3"/></cellXfs></styleSheet>'
)
"""Cell styles 0 General, 1 percentage, 2 day/month/year, 3 time of day, 4 thousands."""


def zipped(parts: Mapping[str, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip file of the parts in their order."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def xlsx_parts(sheets: Mapping[str, str], texts: Sequence[str] = (), hidden: Iterable[str] = (), properties: str = "") -> dict[str, str | bytes]:
    """Return the parts of a workbook whose sheets are given as XML between `<worksheet>` and its end."""
    states = dict.fromkeys(hidden, ' state="hidden"')
    numbered = list(enumerate(sheets, 1))
    names = "".join(f'<sheet name="{escape(s)}" sheetId="{n}" r:id="rId{n}"{states.get(s, "")}/>' for n, s in numbered)
    targets = "".join(f'<Relationship Id="rId{n}" Type="{OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n, _ in numbered)
    targets += "".join(f'<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="{kind}.xml"/>' for kind in ("styles", "sharedStrings"))
    parts: dict[str, str | bytes] = {
        "[Content_Types].xml": f'{DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "xl/workbook.xml": f'{DECLARATION}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}<sheets>{names}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{DECLARATION}<Relationships xmlns="{PACKAGE}">{targets}</Relationships>',
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": f'{DECLARATION}<sst xmlns="{MAIN}">{"".join(f"<si><t>{escape(text)}</t></si>" for text in texts)}</sst>',
    }
    for number, name in numbered:
        parts[f"xl/worksheets/sheet{number}.xml"] = f'{DECLARATION}<worksheet xmlns="{MAIN}">{sheets[name]}</worksheet>'
    return parts


def xlsx(sheets: Mapping[str, str], texts: Sequence[str] = (), hidden: Iterable[str] = (), properties: str = "") -> bytes:
    """Return a workbook; see `xlsx_parts`."""
    return zipped(xlsx_parts(sheets, texts, hidden, properties))


def sheet(*rows: str) -> str:
    """Return the data of a worksheet from the XML of its rows' cells."""
    return "<sheetData>" + "".join(f'<row r="{number}">{cells}</row>' for number, cells in enumerate(rows, 1)) + "</sheetData>"


def ods(tables: str, styles: str = "") -> bytes:
    """Return an OpenDocument spreadsheet from the XML of its tables."""
    return zipped({"mimetype": ODS_TYPE, "content.xml": ods_content(tables, styles)})


def ods_content(tables: str, styles: str = "") -> str:
    """Return the content part of an OpenDocument spreadsheet."""
    spaces = " ".join(f'xmlns:{name}="{OASIS}:{name}:1.0"' for name in ("office", "table", "text", "style"))
    more = 'xmlns:calcext="urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0"'
    body = f"<office:automatic-styles>{styles}</office:automatic-styles><office:body><office:spreadsheet>{tables}</office:spreadsheet></office:body>"
    return f"{DECLARATION}<office:document-content {spaces} {more}>{body}</office:document-content>"


def ods_table(name: str, *rows: str) -> str:
    """Return the XML of a table from that of its rows' cells."""
    return f'<table:table table:name="{name}">' + "".join(f"<table:table-row>{cells}</table:table-row>" for cells in rows) + "</table:table>"


def ods_cell(value: object, shown: str = "") -> str:
    """Return the XML of a cell with a number or a text."""
    text = f"<text:p>{escape(shown or str(value))}</text:p>"
    if isinstance(value, str):
        return f'<table:table-cell office:value-type="string">{text}</table:table-cell>'
    return f'<table:table-cell office:value-type="float" office:value="{value}">{text}</table:table-cell>'


def sample_csv(delimiter: str = ";", decimal: str = ",") -> str:
    """Return the sample table as delimited text with the decimal mark given."""
    rows = [[f'"{BANNER}"', "", "", "", ""], list(HEADER)]
    for zone, year, area, share, _ in ROWS:
        rows.append([zone, str(year), str(area).replace(".", decimal), f"{share:.1%}".replace(".", decimal), "31/12/2012"])
    return "".join(delimiter.join(row) + "\r\n" for row in rows)


def sample_html() -> str:
    """Return the sample table as a page with a merged banner and entities."""
    cells = "".join(f"<tr><td>{escape(z)}</td><td>{y}</td><td>{a}</td><td>{p:.1%}</td><td>31/12/2012</td></tr>\n" for z, y, a, p, _ in ROWS)
    head = "".join(f"<th>{escape(name)}</th>" for name in HEADER).replace("ó", "&oacute;")
    return page(f"<tr><td colspan=5>{BANNER}</td></tr><tr>{head}</tr>{cells}")


def page(rows: str) -> str:
    """Return a page with one table."""
    return f'<html><head><meta charset="utf-8"></head><body><table border=1>{rows}</table></body></html>'


def sample_xlsx() -> bytes:
    """Return the sample table as a workbook with formats, a formula, a merged banner and a hidden sheet."""
    texts = [BANNER, *HEADER, *(row[0] for row in ROWS)]
    rows = ['<c r="A1" t="s"><v>0</v></c>', "".join(f'<c r="{"ABCDE"[i]}2" t="s"><v>{i + 1}</v></c>' for i in range(5))]
    for number, (_, year, area, share, serial) in enumerate(ROWS, 3):
        total = "<f>SUM(C3:C6)</f>" if number == 7 else ""
        rows.append(
            f'<c r="A{number}" t="s"><v>{number + 3}</v></c><c r="B{number}"><v>{year}</v></c><c r="C{number}" s="4">{total}<v>{area}</v></c>'
            f'<c r="D{number}" s="1"><v>{share}</v></c><c r="E{number}" s="2"><v>{serial}</v></c>'
        )
    merged = '<mergeCells count="1"><mergeCell ref="A1:E1"/></mergeCells>'
    return xlsx({"Cuadro 1": sheet(*rows) + merged, "Notas": sheet('<c r="A1" t="inlineStr"><is><t>nota</t></is></c>')}, texts, hidden=["Notas"])


def sample_ods() -> bytes:
    """Return the sample table as an OpenDocument spreadsheet."""
    banner = f'<table:table-cell table:number-columns-spanned="5" office:value-type="string"><text:p>{BANNER}</text:p></table:table-cell>'
    rows = [banner + '<table:covered-table-cell table:number-columns-repeated="4"/>', "".join(ods_cell(name) for name in HEADER)]
    for zone, year, area, share, _ in ROWS:
        percent = f'<table:table-cell office:value-type="percentage" office:value="{share}"><text:p>{share:.1%}</text:p></table:table-cell>'
        date = '<table:table-cell office:value-type="date" office:date-value="2012-12-31"><text:p>31/12/12</text:p></table:table-cell>'
        rows.append(ods_cell(zone) + ods_cell(year) + ods_cell(area, str(area).replace(".", ",")) + percent + date)
    blank = '<table:table-cell table:number-columns-repeated="1019"/>'
    return ods(ods_table("Cuadro 1", *rows, blank))


def samples() -> dict[str, bytes]:
    """Return one honest file of each kind, by its name."""
    return {
        "comma.csv": sample_csv(",", ".").encode(),
        "semicolon.csv": sample_csv().encode("utf-8-sig"),
        "tab.tsv": sample_csv("\t").encode("utf-16"),
        "old.csv": sample_csv().encode("cp1252"),
        "page.xls": sample_html().encode(),
        "book.xlsx": sample_xlsx(),
        "book.ods": sample_ods(),
    }


def clean_table(rows: int) -> list[tuple[str | int | float, ...]]:
    """Return a clean table of departments and months with a header and the number of rows asked for."""
    draw = random.Random(2013)
    head = ("Departamento", "Mes", "Hoja de coca decomisada (kg)", "Operativos", "Personal", "Observación")
    body = (
        (DEPARTMENTS[row % 24], f"{MONTHS[row // 24 % 12]} {1990 + row // 288}", round(4e3 * draw.random(), 1), draw.randrange(60), draw.randrange(9),
         f"parte {row}")
        for row in range(rows)
    )  # fmt: skip
    return [head, *body]


def clean_files(rows: int) -> dict[str, bytes]:
    """Return the clean table in each format."""
    table = clean_table(rows)
    lines = "".join(";".join(map(str, row)) + "\n" for row in table)
    lines_html = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>\n" for row in table)
    return {
        "clean.csv": lines.encode(),
        "clean.xlsx": _clean_xlsx(table),
        "clean.ods": ods(ods_table("Hoja1", *("".join(map(ods_cell, row)) for row in table))),
        "clean.html": page(lines_html).encode(),
    }


def _clean_xlsx(table: Sequence[Sequence[str | int | float]]) -> bytes:
    places: dict[str, int] = {}
    rows = []
    for number, row in enumerate(table, 1):
        cells = []
        for letter, cell in zip("ABCDEF", row, strict=True):
            if isinstance(cell, str):
                cells.append(f'<c r="{letter}{number}" t="s"><v>{places.setdefault(cell, len(places))}</v></c>')
            else:
                cells.append(f'<c r="{letter}{number}"><v>{cell!r}</v></c>')
        rows.append("".join(cells))
    return xlsx({"Hoja1": sheet(*rows)}, list(places))


def bombs() -> dict[str, tuple[bytes, set[str]]]:
    """Return small files that would grow without bounds, each with the codes that may refuse it."""
    big = b"\x00" * 100_000_000
    grown = xlsx_parts({"Hoja1": ""})
    many = "".join(f'<c r="{letters}1"><v>1</v></c>' for letters in _letters(1500))
    wide = '<c r="XFD1048576"><v>1</v></c>'
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    lol = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "lol">{laughs}]><worksheet><sheetData><row><c><v>&l9;</v></c></row></sheetData></worksheet>'
    repeated = '<table:table-cell table:number-columns-repeated="1073741824" office:value-type="string"><text:p>x</text:p></table:table-cell>'
    rows = f'<table:table table:name="a"><table:table-row table:number-rows-repeated="1073741824">{ods_cell(1)}</table:table-row></table:table>'
    spaces = '<table:table-cell office:value-type="string"><text:p><text:s text:c="1073741824"/></text:p></table:table-cell>'
    grows = {"E-BOMB-RATIO", "E-BOMB-SIZE", "E-XML", "E-XML-TOKEN"}
    rowspans = b"<table><tr>" + b"<td rowspan=100000>x" * 999 + b"</tr>" + b"<tr>" * 99_000 + b"<td>y</table>"
    inner = zipped({"a": big[:1_000_000]})
    return {
        "zeros.xlsx": (zipped({**grown, "xl/worksheets/sheet1.xml": big}), grows),
        "blanks.xlsx": (zipped({**grown, "xl/worksheets/sheet1.xml": b" " * 100_000_000}), grows),
        "texts.xlsx": (_texts_bomb(), {"E-BOMB-RATIO", "E-TEXT-TOTAL"}),
        "shared.xlsx": (_shared_bomb(), {"E-TEXT-TOTAL", "E-BOMB-RATIO"}),
        "elements.xlsx": (_elements_bomb(grown), {"E-ROWS", "E-XML-ELEMENTS", "E-BOMB-RATIO"}),
        "columns.xlsx": (xlsx({"Hoja1": sheet(many)}), {"E-COLUMNS"}),
        "corner.xlsx": (xlsx({"Hoja1": f'<sheetData><row r="1048576">{wide}</row></sheetData>'}), {"E-ROWS", "E-COLUMNS"}),
        "area.xlsx": (xlsx({"Hoja1": _diagonal(3000)}), {"E-AREA", "E-COLUMNS"}),
        "merges.xlsx": (xlsx({"Hoja1": _merges()}), {"E-AREA"}),
        "laughs.xlsx": (zipped({**grown, "xl/worksheets/sheet1.xml": lol}), {"E-XML-DTD"}),
        "laughs.xml": (lol.encode(), {"E-FORMAT", "E-XML-DTD"}),
        "nested.xlsx": (zipped({**grown, "xl/embeddings/a.xlsx": inner}), {"E-ZIP-NESTED"}),
        "nested.zip": (zipped({"a.zip": inner}), {"E-ZIP-NESTED"}),
        "members.xlsx": (zipped({**grown, **{f"xl/media/{n}": b"" for n in range(5000)}}), {"E-ZIP-MEMBERS"}),
        "lies.xlsx": (_lying_size({**grown, "xl/worksheets/sheet1.xml": big}), {"E-ZIP-DAMAGED", *grows}),
        "columns.ods": (ods(ods_table("a", repeated)), {"E-COLUMNS"}),
        "rows.ods": (ods(rows), {"E-ROWS"}),
        "spaces.ods": (ods(ods_table("a", spaces)), {"E-TEXT-LENGTH"}),
        "depth.ods": (ods("<text:a>" * 100_000), {"E-XML-DEPTH"}),
        "colspan.html": (b"<table><tr><td colspan=1000000000>x</td></tr></table>", {"E-SPAN"}),
        "rowspan.html": (rowspans, {"E-XML-ELEMENTS", "E-AREA"}),
        "tags.html": (b"<table>" + b"<a" * 1_000_000, {"E-HTML-TAG"}),
        "line.csv": (b"zona" * 2_000_000, {"E-LINE-LENGTH"}),
        "commas.csv": (b"a;b\n" + b";" * 900_000, {"E-COLUMNS"}),
        "quote.csv": (b'a;b\n"' + b"x;y\n" * 1_000_000, {"E-TEXT-LENGTH", "E-ROWS"}),
        "lines.csv": (b"\n" * 10_000_000 + b"a", {"E-ROWS"}),
    }


def _letters(number: int) -> list[str]:
    alphabet = [chr(65 + n) for n in range(26)]
    two = [a + b for a in alphabet for b in alphabet]
    return (alphabet + two + [a + b for a in alphabet for b in two])[:number]


def _texts_bomb() -> bytes:
    text = "x" * 32_000
    parts = xlsx_parts({"Hoja1": sheet('<c r="A1" t="s"><v>0</v></c>')}, [text] * 5000)
    return zipped(parts)


def _shared_bomb() -> bytes:
    """One long text that half a million cells refer to."""
    rows = (f'<row r="{n}">' + "".join(f'<c r="{c}{n}" t="s"><v>0</v></c>' for c in "ABCDEFGHIJ") + "</row>" for n in range(1, 5001))
    return xlsx({"Hoja1": "<sheetData>" + "".join(rows) + "</sheetData>"}, ["x" * 32_000])


def _elements_bomb(parts: dict[str, str | bytes]) -> bytes:
    return zipped({**parts, "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{"<row/>" * 5_000_000}</sheetData></worksheet>'})


def _diagonal(number: int) -> str:
    letters = _letters(1000)
    rows = (f'<row r="{30 * n + 1}"><c r="{letters[n % 1000]}{30 * n + 1}"><v>1</v></c></row>' for n in range(number))
    return "<sheetData>" + "".join(rows) + "</sheetData>"


def _merges() -> str:
    cells = '<c r="A1"><v>1</v></c>', '<c r="ALL1"><v>1</v></c>'
    far = '<row r="1">' + "".join(cells) + '</row><row r="1500"><c r="A1500"><v>1</v></c></row>'
    return f"<sheetData>{far}</sheetData><mergeCells>" + '<mergeCell ref="A1:XFD1048576"/>' * 5000 + "</mergeCells>"


def _lying_size(parts: dict[str, str | bytes]) -> bytes:
    """A zip whose directory and headers declare 100 bytes for what unpacks to 100 MB."""
    data = bytearray(zipped(parts))
    true = (100_000_000).to_bytes(4, "little")
    start = data.find(true)
    while start >= 0:
        data[start : start + 4] = (100).to_bytes(4, "little")
        start = data.find(true, start + 1)
    return bytes(data)
