"""What a file is, by its content: a table that can be read, or something else that is refused by its kind."""

from __future__ import annotations

import re

from eslabon.evidence.tables.bounds import Refusal
from eslabon.evidence.tables.reading_zip import Archive

HEAD = 4096
BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
SPATIAL_STARTS = {
    b"\x00\x00\x27\x0a": "Shapefile",
    b"fgb\x03": "FlatGeobuf",
    b"GEOGCS[": "Shapefile projection",
    b"PROJCS[": "Shapefile projection",
    b"GEOGCRS[": "projection",
    b"PROJCRS[": "projection",
    b"GRIB": "GRIB raster",
}
OTHER_STARTS = {
    b"%PDF-": "PDF",
    b"\x89PNG\r\n\x1a\n": "PNG image",
    b"\xff\xd8\xff": "JPEG image",
    b"GIF8": "GIF image",
    b"BM": "BMP image",
    b"II*\x00": "TIFF image",
    b"MM\x00*": "TIFF image",
    b"RIFF": "RIFF media",
    b"\x1f\x8b": "gzip archive",
    b"BZh": "bzip2 archive",
    b"\xfd7zXZ\x00": "xz archive",
    b"7z\xbc\xaf\x27\x1c": "7-Zip archive",
    b"Rar!\x1a\x07": "RAR archive",
    b"\x28\xb5\x2f\xfd": "Zstandard archive",
    b"PAR1": "Parquet",
    b"\x89HDF": "HDF5",
    b"CDF\x01": "NetCDF",
    b"CDF\x02": "NetCDF",
    b"{\\rtf": "RTF document",
    b"\x7fELF": "program",
    b"MZ": "program",
    b"MIME-Version:": "web archive (MHTML)",
    b"ID;P": "SYLK",
    b"\x80\x04\x95": "pickle",
}
BINARY_STARTS = (b"BM", b"MZ", b"RIFF", b"GRIB", b"GIF8", b"BZh", b"PAR1")
"""Starts that are also the first letters of an honest text; they count only beside bytes that no text has."""
SPATIAL_ROOTS = {"kml": "KML", "gpx": "GPX", "featurecollection": "GML", "osm": "OpenStreetMap", "qgis": "QGIS project"}
OTHER_ROOTS = {"workbook": "XML Spreadsheet 2003", "document": "flat OpenDocument", "document-content": "flat OpenDocument", "svg": "SVG image"}
GEOJSON = re.compile(rb'"type"\s*:\s*"(FeatureCollection|Feature|Topology|GeometryCollection|(Multi)?(Point|LineString|Polygon))"')
ESRI_JSON = re.compile(rb'"(geometryType|spatialReference|rings|paths)"\s*:')
ZIP_SPATIAL = {".kml": "KMZ", ".shp": "zipped Shapefile", ".shx": "zipped Shapefile", ".gpkg": "zipped GeoPackage", ".gdbtable": "zipped geodatabase",
               ".geojson": "zipped GeoJSON", ".gpx": "zipped GPX", ".tif": "zipped raster", ".qgs": "QGIS project"}  # fmt: skip
HTML_TAGS = re.compile(rb"<(!doctype\s+html|html|head|body|table|meta|style|center|div|font)\b", re.IGNORECASE)
HTML_TABLE = re.compile(rb"<table\b[^>]{0,300}>\s{0,99}(<[^>]{0,300}>\s{0,99}){0,5}<t[drh]\b", re.IGNORECASE)
"""A table in a page that begins with a text, as one with an error message of the server before its first tag."""
XML_ROOT = re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[\s/>]")
XML_PREAMBLE = re.compile(rb"(?:\s+|<\?[^>]*\?>|<!--.*?-->|<!DOCTYPE[^>\[]*>)+", re.DOTALL)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def find_kind(data: bytes) -> str:
    """Return `zip`, `html` or `text` for what can be read on; refuse anything else by its kind.

    Raises
    ------
    Refusal
        E-EMPTY, E-SPATIAL, E-FORMAT, E-XLS, E-ENCRYPTED.
    """
    if not data.strip(b"\x00 \t\r\n"):
        raise Refusal("E-EMPTY")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return "zip"
    if data.startswith(OLE):
        protected = "EncryptedPackage".encode("utf-16-le") in data
        raise Refusal("E-ENCRYPTED" if protected else "E-XLS")
    _refuse_binary(data)
    return _markup_kind(data) or "text"


def _refuse_binary(data: bytes) -> None:
    odd = any(byte in data[:HEAD] for byte in (b"\x00", b"\x01", b"\x02"))
    for starts, code in ((SPATIAL_STARTS, "E-SPATIAL"), (OTHER_STARTS, "E-FORMAT")):
        for start, kind in starts.items():
            if data.startswith(start) and (odd or start not in BINARY_STARTS):
                _refuse_start(code, kind, data)
    if data.startswith(b"SQLite format 3\x00"):
        geopackage = data[68:72] in (b"GPKG", b"GP10", b"GP11") or b"gpkg_contents" in data[:65_536]
        raise Refusal("E-SPATIAL", kind="GeoPackage") if geopackage else Refusal("E-FORMAT", kind="SQLite database")
    if _is_dbase(data):
        raise Refusal("E-SPATIAL", kind="dBASE table of a Shapefile")
    if data[8:12] == b"MSSM" or data[4:8] == b"ftyp":
        raise Refusal("E-FORMAT", kind="media")


def _refuse_start(code: str, kind: str, data: bytes) -> None:
    if kind == "SYLK" and not re.match(rb"ID;P[^\r\n]*\r?\n[A-Z];", data):
        return
    raise Refusal(code, kind=kind)


def _is_dbase(data: bytes) -> bool:
    """Whether the head is that of a dBASE file: version, a date, and a header length that ends in the field terminator."""
    if len(data) < 65 or data[0] not in (0x02, 0x03, 0x30, 0x31, 0x43, 0x83, 0x8B, 0xF5):
        return False
    header = int.from_bytes(data[8:10], "little")
    return 1 <= data[2] <= 12 and 1 <= data[3] <= 31 and 64 < header <= len(data) and data[header - 1] == 0x0D


def _markup_kind(data: bytes) -> str | None:
    """Return `html` for a page with a table, None for plain text; refuse other markup and JSON."""
    head = _ascii_view(data)
    begin = head[:65_536].lstrip()
    if begin[:1] in (b"{", b"[") and (kind := _json_kind(begin)):
        raise Refusal("E-SPATIAL" if kind != "JSON" else "E-FORMAT", kind=kind)
    if not begin.startswith(b"<"):
        return "html" if HTML_TABLE.search(begin) else None
    preamble = XML_PREAMBLE.match(begin)
    root = XML_ROOT.match(begin, preamble.end() if preamble else 0)
    name = root[1].decode("ascii").lower() if root else ""
    if name in SPATIAL_ROOTS:
        raise Refusal("E-SPATIAL", kind=SPATIAL_ROOTS[name])
    if name in OTHER_ROOTS:
        raise Refusal("E-FORMAT", kind=OTHER_ROOTS[name])
    if HTML_TAGS.search(begin):
        return "html"
    if begin.startswith(b"<?xml") or b"<!DOCTYPE" in begin or b"<!ENTITY" in begin:
        raise Refusal("E-FORMAT", kind="XML")
    return None


def _json_kind(begin: bytes) -> str:
    if GEOJSON.search(begin):
        return "GeoJSON"
    if ESRI_JSON.search(begin):
        return "Esri JSON"
    return "JSON" if re.match(rb'[\[{]\s*([\[{"\]}]|-?[\d.]+\s*,)', begin) else ""


def _ascii_view(data: bytes) -> bytes:
    """Return the head of a text with what UTF-16 and a byte order mark put between its letters taken out."""
    head = data[: 2 * 65_536]
    for mark in BOMS:
        head = head.removeprefix(mark)
    return head.replace(b"\x00", b"") if head[:HEAD].count(b"\x00") > len(head[:HEAD]) // 4 else head


def find_zip_kind(archive: Archive) -> str:
    """Return `xlsx` or `ods`; refuse any other zip file by its kind."""
    names = archive.names
    for name in names:
        for ending, kind in ZIP_SPATIAL.items():
            if name.lower().endswith(ending):
                raise Refusal("E-SPATIAL", name[:200], kind=kind)
    if "xl/workbook.bin" in archive:
        raise Refusal("E-FORMAT", kind="XLSB")
    if "[Content_Types].xml" in archive and any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "content.xml" in archive and archive.read("mimetype").startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
        return "ods"
    if any(name.startswith(("word/", "ppt/")) for name in names) or "mimetype" in archive:
        raise Refusal("E-FORMAT", kind="document")
    archive.refuse_nested()
    raise Refusal("E-FORMAT", kind="zip archive")
