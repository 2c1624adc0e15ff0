"""Reading of honest and refused files: every cell as written, every decision noted, every other kind of file refused by content."""

from __future__ import annotations

import dataclasses
import datetime
import io
import os
import sqlite3
import struct
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))

from eslabon.evidence.tables.bounds import LIMITS
from eslabon.evidence.tables.codes import READING, TableError, words
from eslabon.evidence.tables.grid import Cell, Sheet, Workbook
from eslabon.evidence.tables.reading import read_workbook
from eslabon.evidence.tables.reading_formats import clock_text, date_of, shown_as
from eslabon.i18n import LANGUAGES
from import_samples import (
    BANNER,
    HEADER,
    ROWS,
    ods,
    ods_cell,
    sample_csv,
    sample_ods,
    sample_xlsx,
    samples,
    sheet,
    xlsx,
    xlsx_parts,
    zipped,
)


def read(folder: Path, content: str | bytes, name: str = "table.dat", **asked: str) -> Workbook:
    """Write a file and read it."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_workbook(path, **asked)  # type: ignore[arg-type]


def refusal(folder: Path, content: str | bytes, name: str = "table.dat", **asked: str) -> TableError:
    """Return the refusal of a file."""
    with pytest.raises(TableError) as caught:
        read(folder, content, name, **asked)
    return caught.value


def texts(table: Sheet) -> list[list[str]]:
    """Return the texts of a sheet."""
    return [[cell.text for cell in row] for row in table.rows]


def codes(workbook: Workbook) -> dict[str, str]:
    """Return the place of each code's first note."""
    return {note.code: note.place for note in reversed(workbook.notes)}


@pytest.mark.parametrize("name", samples())
def test_every_format_gives_the_same_table(name: str, tmp_path: Path) -> None:
    """The zones, years and areas of one table are the same from every format, with the accents they were written with."""
    workbook = read(tmp_path, samples()[name], f"wrong-{name}.pdf")
    rows = workbook.sheets[0].rows
    assert rows[0][0].text == BANNER
    assert [cell.text for cell in rows[1]] == list(HEADER)
    assert [row[0].text for row in rows[2:]] == [row[0] for row in ROWS]
    areas = [row[2].number if row[2].number is not None else float(row[2].text.replace(",", ".")) for row in rows[2:]]
    assert areas == [float(row[2]) for row in ROWS]
    assert [float(row[1].text) for row in rows[2:]] == [2012.0] * 5


def test_format_is_found_by_content(tmp_path: Path) -> None:
    found = {name: read(tmp_path, content, "same.name").format for name, content in samples().items()}
    assert found == {
        "comma.csv": "csv", "semicolon.csv": "csv", "tab.tsv": "csv", "old.csv": "csv", "page.xls": "html", "book.xlsx": "xlsx", "book.ods": "ods"
    }  # fmt: skip


def test_hash_is_of_the_file(tmp_path: Path) -> None:
    """The digest is the one another program prints."""
    workbook = read(tmp_path, b"a;b")
    assert subprocess.run(["sha256sum", workbook.path], capture_output=True, text=True, check=True).stdout.split()[0] == workbook.sha256


ENCODED = "Región;Año;Niño\r\nVRAEM;2013;1.088,88 €\r\nPuno;2013;—\r\n"


@pytest.mark.parametrize(
    ("codec", "found"),
    [("utf-8", "utf-8"), ("utf-8-sig", "utf-8"), ("utf-16", "utf-16-le"), *((name, name) for name in ("utf-16-le", "utf-16-be", "cp1252"))],
)
def test_encodings_are_found(codec: str, found: str, tmp_path: Path) -> None:
    workbook = read(tmp_path, ENCODED.encode(codec))
    assert workbook.encoding == found
    assert texts(workbook.sheets[0]) == [line.split(";") for line in ENCODED.splitlines()]


def test_guessed_encoding_shows_its_evidence(tmp_path: Path) -> None:
    note = next(note for note in read(tmp_path, ENCODED.encode("cp1252")).notes if note.code == "W-ENCODING-GUESSED")
    assert "Región" in str(note.values["sample"])


@pytest.mark.parametrize("codec", ["cp850", "mac-roman"])
def test_old_code_pages_are_refused_unless_stated(codec: str, tmp_path: Path) -> None:
    content = "Región;Año\r\nPichis-Palcazú;2013\r\n".encode(codec)
    error = refusal(tmp_path, content)
    assert error.code == "E-ENCODING"
    assert "Regi" in error.value and f"{codec}: " in error.rule and "ó" in error.rule
    assert texts(read(tmp_path, content, encoding=codec).sheets[0])[0] == ["Región", "Año"]


@pytest.mark.parametrize("word", ["Huánuco", "ACOBAMBA Y HUÁNUCO", "Monzón"])
def test_one_accent_of_an_old_code_page_is_enough(word: str, tmp_path: Path) -> None:
    """á of DOS is the no-break space of Windows, ó of a Macintosh its dash: neither may pass for the other."""
    for codec in ("cp850", "mac-roman"):
        assert refusal(tmp_path, f"zona;ha\n{word};1\n".encode(codec)).code == "E-ENCODING"


WINDOWS = ("Pichis–Palcazu", "2012–2013", "1\u00a0234", "the zone’s area", "“VRAEM”", "19 €", "n.º 3", "Valle (±5 %)", "de la\u00a0zona ó")


@pytest.mark.parametrize("word", WINDOWS)
def test_windows_signs_are_read_as_such(word: str, tmp_path: Path) -> None:
    table = read(tmp_path, f"zona;ha\n{word};1\n".encode("cp1252"))
    assert table.encoding == "cp1252" and table.sheets[0].rows[1][0].text == word


def test_mixed_encodings_are_refused_with_both_places(tmp_path: Path) -> None:
    error = refusal(tmp_path, "zona;ha\nPalcazú;1\n".encode() + "Región;2\n".encode("cp1252"))
    assert (error.code, error.place) == ("E-ENCODING-MIXED", "line 3")
    assert "line 2" in error.rule


def test_stated_encoding_must_fit(tmp_path: Path) -> None:
    assert refusal(tmp_path, "a;ó\n".encode("cp1252"), encoding="utf-8").code == "E-ENCODING-BYTE"
    assert refusal(tmp_path, "a;b\n", encoding="rot13").code == "E-ENCODING-UNKNOWN"


def test_no_byte_of_a_text_is_lost(tmp_path: Path) -> None:
    """Every text of every cell, put together again, gives the file back."""
    content = "a; b ;\u00a0c\n;;\n ;é\u200bx;1\u202f234\n"
    assert "\n".join(";".join(row) for row in texts(read(tmp_path, content).sheets[0])) + "\n" == content


def test_signs_to_look_at_are_noted_with_their_cell(tmp_path: Path) -> None:
    content = "zona;ha;nota\nSelvaÃ³n;1\u00a0234;a\u200bb\nPuno;2;x\ufffdy\n"
    assert {code: place for code, place in codes(read(tmp_path, content)).items() if code != "N-DELIMITER"} == {
        "W-MOJIBAKE": "A2", "N-NO-BREAK-SPACE": "B2", "W-INVISIBLE": "C2", "W-REPLACEMENT": "C3"
    }  # fmt: skip


def test_mojibake_is_kept_and_its_meaning_told(tmp_path: Path) -> None:
    workbook = read(tmp_path, "zona;ha\nPalcazÃº â€“ CAFÉ–BAR;1\n")
    note = next(note for note in workbook.notes if note.code == "W-MOJIBAKE")
    assert note.values["meant"] == "Palcazú – CAFÉ–BAR"
    assert workbook.sheets[0].rows[1][0].text == "PalcazÃº â€“ CAFÉ–BAR"


@pytest.mark.parametrize(("delimiter", "decimal"), [(";", ","), (",", "."), ("\t", ","), ("|", ",")])
def test_delimiters_are_found(delimiter: str, decimal: str, tmp_path: Path) -> None:
    workbook = read(tmp_path, sample_csv(delimiter, decimal))
    assert {len(row) for row in workbook.sheets[0].rows} == {5}


def test_two_likely_delimiters_are_refused_unless_stated(tmp_path: Path) -> None:
    content = "a,b;c\nd,e;f\ng,h;i\n"
    error = refusal(tmp_path, content)
    assert error.code == "E-DELIMITER"
    assert texts(read(tmp_path, content, delimiter=",").sheets[0])[0] == ["a", "b;c"]
    assert refusal(tmp_path, content, delimiter="x").code == "E-DELIMITER-UNKNOWN"


def test_decimal_commas_are_no_delimiter(tmp_path: Path) -> None:
    assert texts(read(tmp_path, "VRAEM;19,9\nPuno;3,4\n").sheets[0]) == [["VRAEM", "19,9"], ["Puno", "3,4"]]


@pytest.mark.parametrize("content", ['a;b\n"x;1\ny;2\n', 'a;b\n"x"y;1\n'])
def test_broken_quotes_are_refused_with_their_line(content: str, tmp_path: Path) -> None:
    error = refusal(tmp_path, content)
    assert (error.code, error.place) == ("E-QUOTE", "line 2")


def test_lines_of_records_are_kept(tmp_path: Path) -> None:
    table = read(tmp_path, 'a;b\n"two\nlines";1\n\nc;d\n').sheets[0]
    assert table.lines == (1, 2, 4, 5)
    assert table.rows[1][0].text == "two\nlines"


def test_ragged_rows_are_noted_and_titles_are_not(tmp_path: Path) -> None:
    assert codes(read(tmp_path, "title\na;b;c\n1;2;3\n4;5\n6;7;8\n"))["W-RAGGED"] == "B4"
    assert "W-RAGGED" not in codes(read(tmp_path, "title\na;b;c\n1;2;3\n"))


OTHER_FILES = {
    "kml": ('<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Placemark/></kml>', "E-SPATIAL"),
    "kml with a comment": ("<!-- export --><kml></kml>", "E-SPATIAL"),
    "gpx": ('\ufeff<?xml version="1.0"?><gpx version="1.1"></gpx>', "E-SPATIAL"),
    "gml": ('<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml"></gml:FeatureCollection>', "E-SPATIAL"),
    "geojson": ('{"type": "FeatureCollection", "features": []}', "E-SPATIAL"),
    "geojson, type last": ('{"features": [], "type":"FeatureCollection"}', "E-SPATIAL"),
    "topojson": ('{"type":"Topology","objects":{}}', "E-SPATIAL"),
    "esri json": ('{"geometryType":"esriGeometryPolygon","features":[]}', "E-SPATIAL"),
    "kmz": (zipped({"doc.kml": "<kml/>"}), "E-SPATIAL"),
    "zipped shapefile": (zipped({"coca.SHP": b"\0\0", "coca.dbf": b""}), "E-SPATIAL"),
    "shp": (struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 50) + bytes(72), "E-SPATIAL"),
    "prj": ('GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"]]', "E-SPATIAL"),
    "dbf": (struct.pack("<BBBBIHH", 3, 113, 12, 31, 1, 65, 11) + bytes(20) + b"ZONA\0\0\0\0\0\0\0C" + bytes(20) + b"\r VRAEM     ", "E-SPATIAL"),
    "flatgeobuf": (b"fgb\x03fgb\x00rest", "E-SPATIAL"),
    "pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "E-FORMAT"),
    "png": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "E-FORMAT"),
    "jpeg": (b"\xff\xd8\xff\xe0\x00\x10JFIF", "E-FORMAT"),
    "gzip": (b"\x1f\x8b\x08\x00" + bytes(20), "E-FORMAT"),
    "docx": (zipped({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"}), "E-FORMAT"),
    "zip of a csv": (zipped({"table.csv": "a;b"}), "E-FORMAT"),
    "xlsb": (zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": b"x"}), "E-FORMAT"),
    "xml spreadsheet 2003": ('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "E-FORMAT"),
    "json": ('[{"zona": "VRAEM", "ha": 1}]', "E-FORMAT"),
    "mhtml": ("MIME-Version: 1.0\nContent-Type: multipart/related", "E-FORMAT"),
    "sylk": ("ID;PWXL;N;E\r\nC;Y1;X1;K1\r\nE\r\n", "E-FORMAT"),
    "rtf": ("{\\rtf1\\ansi table}", "E-FORMAT"),
    "pickle": (b"\x80\x04\x95\x0b\x00\x00\x00\x00\x00\x00\x00", "E-FORMAT"),
    "binary xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "E-XLS"),
    "protected xlsx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + bytes(60), "E-ENCRYPTED"),
    "protected ods": (
        zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "META-INF/manifest.xml": "<encryption-data/>", "content.xml": "?"}),
        "E-ENCRYPTED",
    ),
    "random bytes": (bytes(range(256)) * 4, "E-BINARY"),
    "empty": (b"", "E-EMPTY"),
    "blank": (b" \r\n\t\n", "E-EMPTY"),
    "mark only": (b"\xef\xbb\xbf", "E-NO-TABLE"),
    "page without a table": ("<html><body><p>No table here</p></body></html>", "E-NO-TABLE"),
    "empty workbook": (xlsx({"Hoja1": "<sheetData/>"}), "E-NO-TABLE"),
    "two parts of one name": (None, "E-ZIP-DUPLICATE"),
}


@pytest.mark.parametrize("kind", OTHER_FILES)
def test_other_files_are_refused_by_content(kind: str, tmp_path: Path) -> None:
    content, code = OTHER_FILES[kind]
    if content is None:
        with pytest.warns(UserWarning, match="Duplicate name"):
            content = _twice("xl/workbook.xml")
    error = refusal(tmp_path, content, "official-table.xlsx")
    assert error.code == code, str(error)
    assert "official-table.xlsx" in str(error) and error.remedy


def _twice(name: str) -> bytes:
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for part, content in [*xlsx_parts({"a": ""}).items(), (name, "<workbook/>")]:
            archive.writestr(part, content)
    return buffer.getvalue()


def test_geopackage_is_refused_and_so_is_another_database(tmp_path: Path) -> None:
    for application, code in ((0x47504B47, "E-SPATIAL"), (0, "E-FORMAT")):
        path = tmp_path / f"{code}.csv"
        with sqlite3.connect(path) as connection:
            connection.execute(f"PRAGMA application_id = {application}")
            connection.execute("CREATE TABLE zona (ha REAL)")
        connection.close()
        with pytest.raises(TableError) as caught:
            read_workbook(path)
        assert caught.value.code == code


def test_texts_that_only_look_like_other_files_are_read(tmp_path: Path) -> None:
    """Headers that begin as a bitmap, a program, a SYLK file or a geographic projection do."""
    for head in ("BMP;ha", "MZA;ha", "ID;Producto", "RIFF;ha", "GIF8;ha", "[zona];ha", "[1] zona;ha", "<5 ha;ha", "{zona};ha"):
        assert texts(read(tmp_path, f"{head}\nVRAEM;1\n").sheets[0])[0] == head.split(";")


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, code in (("missing.csv", "E-FILE-MISSING"), ("", "E-FILE-KIND"), ("pipe", "E-FILE-KIND"), ("a\0b", "E-FILE-READ")):
        with pytest.raises(TableError) as caught:
            read_workbook(tmp_path / name)
        assert caught.value.code == code
    with pytest.raises(TableError) as caught:
        read_workbook(Path("/dev/zero"))
    assert caught.value.code == "E-FILE-KIND"


def test_xlsx_cells_carry_what_the_spreadsheet_made_of_them(tmp_path: Path) -> None:
    first, hidden = read(tmp_path, sample_xlsx()).sheets
    vraem, total = first.rows[2], first.rows[6]
    assert vraem[2] == Cell("19925", "number", 19925.0, None, "#,##0")
    assert vraem[3] == Cell("0.331", "number", 0.331, None, "0.00%") and vraem[3].percent
    assert vraem[4] == Cell("2012-12-31", "date", 41274.0, datetime.date(2012, 12, 31), "dd\\/mm\\/yyyy")
    assert (total[2].kind, total[2].number) == ("formula", 36832.5)
    assert [cell.merged for cell in first.rows[0]] == [True] * 5
    assert first.anchor(0, 3) == (0, 0) and first.anchor(1, 3) == (1, 3)
    assert (first.hidden, hidden.hidden) == (False, True)
    assert first.place(6, 1) == "Cuadro 1!B7"


def test_xlsx_notes_name_code_and_cell(tmp_path: Path) -> None:
    assert codes(read(tmp_path, sample_xlsx())) == {
        "N-PERCENT": "Cuadro 1!D3", "W-RETYPED-DATE": "Cuadro 1!E3", "N-FORMULA": "Cuadro 1!C7", "N-MERGED": "Cuadro 1!A1", "W-HIDDEN-SHEET": "Notas"
    }  # fmt: skip


def test_xlsx_kinds_of_cells(tmp_path: Path) -> None:
    row = (
        '<c r="A1" t="b"><v>1</v></c><c r="B1" t="e"><v>#DIV/0!</v></c><c r="C1"><f>A1+1</f></c><c r="D1" s="3"><v>0.5</v></c>'
        '<c r="E1" t="inlineStr"><is><r><t>a </t></r><r><t>b</t></r><rPh><t>x</t></rPh></is></c><c r="F1"><v>1e999</v></c>'
        '<c r="G1" t="str"><f>""</f><v></v></c><c r="H1" t="inlineStr"><is><t>x_x000D_y</t></is></c><c r="I1"><v>53.700000000000003</v></c>'
    )
    workbook = read(tmp_path, xlsx({"h": sheet(row)}))
    cells = workbook.sheets[0].rows[0]
    assert [(cell.kind, cell.text) for cell in cells] == [
        ("boolean", "TRUE"), ("error", "#DIV/0!"), ("formula", "=A1+1"), ("date", "12:00:00"), ("text", "a b"), ("error", "1e999"),
        ("formula", ""), ("text", "x\ry"), ("number", "53.7"),
    ]  # fmt: skip
    assert (cells[2].number, cells[3].date, cells[3].number) == (None, None, 0.5)
    assert codes(workbook) == {"W-ERROR-VALUE": "h!B1", "W-FORMULA-EMPTY": "h!C1", "W-RETYPED-TIME": "h!D1", "N-FORMULA": "h!G1"}


def test_xlsx_as_another_library_writes_it(tmp_path: Path) -> None:
    """A workbook written by openpyxl gives the values openpyxl was given, hidden rows and columns and merged blocks too."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "Año 2013"
    vraem = ["VRAEM", 19167, datetime.date(2013, 12, 31), datetime.time(8, 30), True]
    given = [["zona", "ha", "fecha", "hora", "sí"], vraem, ["Puno", 3.4, None, None, False]]
    for line in given:
        page.append(line)
    page["C3"] = datetime.datetime(1900, 1, 15, 6, 0)
    page.merge_cells("D4:E6")
    page["D4"] = "merged"
    page["B3"].number_format = "0.0%"
    page.row_dimensions[2].hidden = True
    page.column_dimensions["E"].hidden = True
    book.save(tmp_path / "book.xlsx")
    workbook = read_workbook(tmp_path / "book.xlsx")
    table = workbook.sheets[0]
    assert [cell.text for cell in table.rows[0]] == given[0]
    assert [cell.number for cell in table.rows[1]][:2] == [None, 19167.0]
    assert table.rows[1][2].date == datetime.date(2013, 12, 31)
    assert table.rows[2][2].date == datetime.datetime(1900, 1, 15, 6, 0)
    assert (table.rows[1][3].kind, table.rows[1][3].text) == ("date", "08:30:00")
    assert [row[4].kind for row in table.rows[1:3]] == ["boolean", "boolean"]
    assert table.rows[2][1].percent
    assert (table.hidden_rows, table.hidden_columns) == (frozenset({1}), frozenset({4}))
    assert table.rows[3][3] == Cell("merged", "text", merged=True) and table.rows[3][4] == Cell(merged=True)
    assert table.blocks[0].bottom == 3, "a merged block ends with the content"


def test_parts_are_found_by_relation_and_not_by_name(tmp_path: Path) -> None:
    book = xlsx_parts({"h": sheet('<c r="A1" t="s"><v>0</v></c>')}, ["zona"])
    parts = {name.replace("sharedStrings.xml", "Texts.xml"): content for name, content in book.items()}
    relations = "xl/_rels/workbook.xml.rels"
    parts[relations] = str(parts[relations]).replace('Target="sharedStrings.xml"', 'Target="/xl/Texts.xml"')
    assert texts(read(tmp_path, zipped(parts)).sheets[0]) == [["zona"]]


@pytest.mark.parametrize("from_1904", [False, True])
def test_serial_dates_agree_with_openpyxl(from_1904: bool) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904, CALENDAR_WINDOWS_1900, from_excel

    epoch = CALENDAR_MAC_1904 if from_1904 else CALENDAR_WINDOWS_1900
    for serial in (1, 59, 61, 366, 2012, 25569, 41274, 41274.25, 2_000_000.5):
        ours, theirs = date_of(serial, from_1904), from_excel(serial, epoch)
        assert ours == (theirs.date() if theirs.time() == datetime.time() else theirs), serial
    assert date_of(60, False) is None and date_of(-5, False) is None and date_of(3e6, False) is None


def test_clock_text_by_hand() -> None:
    assert [clock_text(x) for x in (0, 0.5, 1.25, 0.999999, -0.25)] == ["00:00:00", "12:00:00", "30:00:00", "24:00:00", "-06:00:00"]


FORMATS = [
    "0.0", '#,##0.0 "ha"', "dd/mm/yyyy", "d-mmm-yy", "mmm-yy", "[$-F800]dddd\\,\\ mmmm\\ dd", "h:mm", "[h]:mm", "mm:ss.0", "yyyy",
    "[Red]0.0;[Blue]-0.0", '"day" 0', "0.00E+00", "_-* #,##0.00_-", "[$S/.-280A] #,##0.00",
    "yyyy-mm-dd hh:mm:ss", "@", "0%", "d/m/yy;@", '#,##0\\ "días"',
]  # fmt: skip


@pytest.mark.parametrize("code", [*FORMATS, *BUILTIN_FORMATS.values()])
def test_date_formats_agree_with_openpyxl(code: str) -> None:
    is_date = is_date_format(code) or is_timedelta_format(code)
    assert (shown_as(code) != "number") == is_date


def test_ods_cells_carry_value_and_what_is_shown(tmp_path: Path) -> None:
    table = read(tmp_path, sample_ods()).sheets[0]
    huallaga = table.rows[3]
    assert huallaga[2] == Cell("9509,5", "number", 9509.5)
    assert huallaga[3].percent and huallaga[3].text == "15.8%"
    assert huallaga[4] == Cell("31/12/12", "date", None, datetime.date(2012, 12, 31), "yyyy-mm-dd")
    assert [cell.merged for cell in table.rows[0]] == [True] * 5
    assert len(table.rows) == 7 and len(table.rows[0]) == 5, "repeated blank cells are not expanded"


def test_ods_repeats_formulas_errors_and_hidden_parts(tmp_path: Path) -> None:
    cells = (
        ods_cell(7).replace("<table:table-cell", '<table:table-cell table:number-columns-repeated="3"'),
        '<table:table-cell table:formula="of:=SUM([.A1:.C1])" office:value-type="float" office:value="21"><text:p>21</text:p></table:table-cell>',
        '<table:table-cell table:formula="of:=1/0" office:value-type="string" calcext:value-type="error"><text:p>#DIV/0!</text:p></table:table-cell>',
        '<table:table-cell office:value-type="string"><office:annotation><text:p>note</text:p></office:annotation>'
        '<text:p>a<text:s text:c="3"/>b</text:p><text:p>c</text:p></table:table-cell>',
        '<table:table-cell office:value-type="time" office:time-value="PT08H30M00S"><text:p>08:30</text:p></table:table-cell>',
    )
    hidden = f'<table:table-row table:visibility="collapse">{"".join(cells[1:])}</table:table-row>'
    rows = f'<table:table-row table:number-rows-repeated="2">{cells[0]}</table:table-row>{hidden}'
    style = '<style:style style:name="ta2"><style:table-properties table:display="false"/></style:style>'
    workbook = read(tmp_path, ods(f'<table:table table:name="h" table:style-name="ta2">{rows}</table:table>', style))
    table = workbook.sheets[0]
    assert [[cell.number for cell in row[:3]] for row in table.rows[:2]] == [[7.0] * 3] * 2
    found = [(cell.kind, cell.text) for cell in table.rows[2][:4]]
    assert found == [("formula", "21"), ("error", "#DIV/0!"), ("text", "a   b\nc"), ("date", "08:30")]
    assert table.hidden and table.hidden_rows == frozenset({2})
    assert set(codes(workbook)) == {"N-FORMULA", "W-ERROR-VALUE", "W-RETYPED-TIME", "W-HIDDEN-SHEET", "W-HIDDEN-ROWS"}


def test_html_spans_entities_and_nested_tables(tmp_path: Path) -> None:
    page = (
        "<p>Fuente: ilustración</p><table><tr><th rowspan=2>Zona</th><th colspan='2'>A&ntilde;o</th></tr><tr><td>2012<td>2013</tr>"
        "<tr><td>VRAE<b>M</b>&nbsp;*<br>valle<td> 19.965 \n<td><table><tr><td>inner</table></table><script>var x='<td>no</td>'</script>"
    )
    workbook = read(tmp_path, page)
    assert texts(workbook.sheets[0]) == [["Zona", "Año", ""], ["", "2012", "2013"], ["VRAEM\u00a0*\nvalle", "19.965", ""]]
    assert workbook.sheets[0].anchor(1, 0) == (0, 0) and workbook.sheets[0].anchor(0, 2) == (0, 1)
    assert texts(workbook.sheets[1]) == [["inner"]]
    assert {"W-NESTED-TABLE", "N-TEXT-OUTSIDE", "N-MERGED", "N-NO-BREAK-SPACE"} <= set(codes(workbook))


def test_page_with_a_message_before_its_first_tag_is_a_page(tmp_path: Path) -> None:
    workbook = read(tmp_path, "Warning: cache off\n<TABLE border=1><thead>\n<tr><td>zona</td></tr></TABLE>")
    assert workbook.format == "html" and texts(workbook.sheets[0]) == [["zona"]]


def test_html_trusts_its_bytes_before_its_words(tmp_path: Path) -> None:
    page = '<meta http-equiv=Content-Type content="text/html; charset=iso-8859-1"><table><tr><td>Región</table>'
    utf8 = read(tmp_path, page.encode())
    assert utf8.encoding == "utf-8" and "W-ENCODING-DECLARED" in codes(utf8) and texts(utf8.sheets[0]) == [["Región"]]
    old = read(tmp_path, page.encode("cp1252"))
    assert old.encoding == "cp1252" and "W-ENCODING-DECLARED" not in codes(old) and texts(old.sheets[0]) == [["Región"]]


def test_damaged_workbooks_name_sheet_and_cell(tmp_path: Path) -> None:
    cells = {
        '<c r="B1" t="s"><v>9</v></c>': "h!B1", '<c r="C1"><v>1,5</v></c>': "h!C1", '<c r="A7"><v>1</v></c>': "h!A7",
        '<c r="A1"><v>1</v></c><c r="A1"><v>2</v></c>': "h!A1", '<c r="1A"><v>1</v></c>': "h!A1", '<c r="A1"><v>٣</v></c>': "h!A1",
    }  # fmt: skip
    for cell, place in cells.items():
        error = refusal(tmp_path, xlsx({"h": sheet(cell)}))
        assert (error.code, error.place) == ("E-DAMAGED", place), cell


def test_messages_cannot_steer_a_terminal(tmp_path: Path) -> None:
    """Names from a file reach a message without line ends, escape sequences or marks that turn the writing around."""
    book = xlsx_parts({"h": sheet('<c r="B1" t="s"><v>9</v></c>')})
    book["xl/workbook.xml"] = str(book["xl/workbook.xml"]).replace('name="h"', 'name="a&#10;b\u202ec"')
    for content in (zipped(book), zipped({**book, "\x1b[31m.zip": "x"})):
        assert str(refusal(tmp_path, content)).isprintable()


def test_limits_can_be_set(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a;b\n1;2\n3;4\n")
    for change, code in (({"rows": 2}, "E-ROWS"), ({"cells": 5}, "E-CELLS"), ({"columns": 1}, "E-COLUMNS"), ({"file_bytes": 5}, "E-FILE-SIZE")):
        with pytest.raises(TableError) as caught:
            read_workbook(path, dataclasses.replace(LIMITS, **change))
        assert caught.value.code == code


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("code", READING)
def test_every_code_has_words(code: str, lang: str) -> None:
    """Each code has a rule, each refusal a remedy, in both languages; a value missing in the words would fail here."""
    values = dict.fromkeys(("limit", "detail", "kind", "line", "readings", "other", "encoding", "known", "declared", "sample", "delimiter", "columns",
                            "share", "count", "cells", "usual", "text", "meant", "sign", "format"), "x")  # fmt: skip
    assert words(code, lang, "", **values)
    assert not code.startswith("E-") or words(code, lang, "-remedy", **values)


def test_kinds_and_details_are_said_in_spanish() -> None:
    assert "imagen PNG" in words("E-FORMAT", "es", kind="PNG image")
    assert "nombre de celda" in words("E-DAMAGED", "es", detail="cell name")
