"""Text of cells made comparable: accents, case, dashes and spaces folded, footnote markers split off; the original is kept."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LONGEST = 300
"""Characters beyond which a cell is prose, not a label or a figure."""

_PLAIN = str.maketrans(
    {"\u00a0": " ", "\u2007": " ", "\u202f": " ", "\u2009": " ", "\ufeff": " ", "\u200b": " "}
    | {"‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-", "’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"'}
)
SUPERSCRIPT = "⁰¹²³⁴⁵⁶⁷⁸⁹"
_MARKER = re.compile(
    rf"(?:\s*(?:\*+|[†‡§#]+|\(\d{{1,2}}\)|\(\*+\)|\([a-zA-Z]\)|\[\w{{1,2}}\]|[{SUPERSCRIPT}]+|"
    r"(?:(?<=\s)|(?<=[^\W\d]))(?:\d{1,2}|[a-z])/))+\s*$"
)
_LEAD = re.compile(r"^\s*(?:\*+|[†‡§#•·>]+|\d{1,2}[.)]\s|[-–]\s)\s*")


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """Return the text without accents, case, odd dashes and repeated spaces."""
    plain = text[:LONGEST].translate(_PLAIN)
    if not plain.isascii():
        plain = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
    return " ".join(plain.casefold().split())


@lru_cache(maxsize=65536)
def split_marker(text: str) -> tuple[str, str]:
    """Return a label or a head without its footnote marker, and the marker: `Aguaytía 1/` gives `Aguaytía`, `1/`."""
    match = _MARKER.search(text[:LONGEST])
    if match is None or match.start() == 0:
        return text.strip(), ""
    return text[: match.start()].strip(), match[0].strip()


@lru_cache(maxsize=65536)
def undecorated(text: str) -> str:
    """Return a label without its marker, a leading bullet or number, and doubled spaces."""
    label, _ = split_marker(text)
    return " ".join(_LEAD.sub("", label.translate(_PLAIN)).strip(" :.;").split())


def split_superscript(text: str) -> tuple[str, str]:
    """Return a text without its raised digits at the end, and those digits."""
    bare = text.rstrip(SUPERSCRIPT + " ")
    return bare, text[len(bare) :].strip()
