"""The table of codes: every refusal and note of reading has a short stable code and its words in the catalogue.

Codes that begin with `E-` refuse the file; `W-` report a decision or something to look at; `N-` inform. Each code has the words
`<key>`; a refusal has also `<key>-remedy`.
"""

from __future__ import annotations

import re

from eslabon.errors import InputError

READING: dict[str, str] = {
    "E-FILE-MISSING": "reading.e-file-missing",
    "E-FILE-KIND": "reading.e-file-kind",
    "E-FILE-READ": "reading.e-file-read",
    "E-FILE-SIZE": "reading.e-file-size",
    "E-CHANGED": "reading.e-changed",
    "E-EMPTY": "reading.e-empty",
    "E-SPATIAL": "reading.e-spatial",
    "E-FORMAT": "reading.e-format",
    "E-XLS": "reading.e-xls",
    "E-ENCRYPTED": "reading.e-encrypted",
    "E-BINARY": "reading.e-binary",
    "E-ZIP-DAMAGED": "reading.e-zip-damaged",
    "E-ZIP-MEMBERS": "reading.e-zip-members",
    "E-ZIP-DUPLICATE": "reading.e-zip-duplicate",
    "E-ZIP-NESTED": "reading.e-zip-nested",
    "E-BOMB-SIZE": "reading.e-bomb-size",
    "E-BOMB-RATIO": "reading.e-bomb-ratio",
    "E-XML": "reading.e-xml",
    "E-XML-DTD": "reading.e-xml-dtd",
    "E-XML-DEPTH": "reading.e-xml-depth",
    "E-XML-TOKEN": "reading.e-xml-token",
    "E-XML-ELEMENTS": "reading.e-xml-elements",
    "E-HTML-TAG": "reading.e-html-tag",
    "E-DAMAGED": "reading.e-damaged",
    "E-SHEETS": "reading.e-sheets",
    "E-ROWS": "reading.e-rows",
    "E-COLUMNS": "reading.e-columns",
    "E-CELLS": "reading.e-cells",
    "E-AREA": "reading.e-area",
    "E-SPAN": "reading.e-span",
    "E-TEXT-LENGTH": "reading.e-text-length",
    "E-TEXT-TOTAL": "reading.e-text-total",
    "E-LINE-LENGTH": "reading.e-line-length",
    "E-ENCODING": "reading.e-encoding",
    "E-ENCODING-MIXED": "reading.e-encoding-mixed",
    "E-ENCODING-BYTE": "reading.e-encoding-byte",
    "E-ENCODING-UNKNOWN": "reading.e-encoding-unknown",
    "E-DELIMITER": "reading.e-delimiter",
    "E-DELIMITER-UNKNOWN": "reading.e-delimiter-unknown",
    "E-QUOTE": "reading.e-quote",
    "E-NO-TABLE": "reading.e-no-table",
    "E-TIME": "reading.e-time",
    "E-MEMORY": "reading.e-memory",
    "E-READER": "reading.e-reader",
    "N-ENCODING-MARK": "reading.n-encoding-mark",
    "W-ENCODING-GUESSED": "reading.w-encoding-guessed",
    "W-ENCODING-DECLARED": "reading.w-encoding-declared",
    "N-DELIMITER": "reading.n-delimiter",
    "W-RAGGED": "reading.w-ragged",
    "W-MOJIBAKE": "reading.w-mojibake",
    "N-NO-BREAK-SPACE": "reading.n-no-break-space",
    "W-REPLACEMENT": "reading.w-replacement",
    "W-INVISIBLE": "reading.w-invisible",
    "W-RETYPED-DATE": "reading.w-retyped-date",
    "W-RETYPED-TIME": "reading.w-retyped-time",
    "N-PERCENT": "reading.n-percent",
    "N-FORMULA": "reading.n-formula",
    "W-FORMULA-EMPTY": "reading.w-formula-empty",
    "W-ERROR-VALUE": "reading.w-error-value",
    "N-MERGED": "reading.n-merged",
    "W-HIDDEN-SHEET": "reading.w-hidden-sheet",
    "W-HIDDEN-ROWS": "reading.w-hidden-rows",
    "W-HIDDEN-COLUMNS": "reading.w-hidden-columns",
    "W-SHEET-SKIPPED": "reading.w-sheet-skipped",
    "W-NESTED-TABLE": "reading.w-nested-table",
    "N-TEXT-OUTSIDE": "reading.n-text-outside",
    "W-UNBOUNDED": "reading.w-unbounded",
}
"""Codes of the reading half, words in the catalogue table `reading`."""

CODES = READING
"""Code → catalogue key. A code, once published, keeps its meaning; those of the interpreting half are in `findings.CODES`."""


class TableError(InputError):
    """A table file is refused.

    Parameters
    ----------
    code : str
        A key of `CODES`.
    file, place, value : str
        Where it happened (`Hoja1!B7`) and what was found there.
    **values
        One for each `{name}` in the words of the rule and the remedy.
    """

    def __init__(self, code: str, *, file: str = "", place: str = "", value: object = "", **values: object) -> None:
        self.code, self.values = code, values
        rule, remedy = words(code, "en", "", **values), words(code, "en", "-remedy", **values)
        super().__init__(rule, file=file, place=place, value=value, remedy=remedy)

    def message(self) -> str:
        """Return the one-paragraph text shown to the user, the code in brackets at its end."""
        return f"{super().message()} [{self.code}]"


def words(code: str, lang: str, part: str = "", **values: object) -> str:
    """Return the words of a code in `lang`; `part` is `-remedy` for what to do about a refusal."""
    from eslabon.i18n import has_text, translate

    for name in ("detail", "kind"):
        key = f"reading.{name}-{_slug(values.get(name))}"
        if has_text(key, lang):
            values[name] = translate(key, lang)
    return translate(CODES[code] + part, lang, **values)


def _slug(text: object) -> str:
    return re.sub("[^a-z0-9]+", "-", str(text).lower()).strip("-")
