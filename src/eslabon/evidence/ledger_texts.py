"""What free text in a ledger must never hold: a point on the map, or a way to name or reach a person.

Patterns find what has a shape: coordinates, telephone and document numbers, electronic addresses, aliases, a name after a title. A bare
name has none and is not found; see RESPONSIBLE_USE.md for the rule that the writer keeps.
"""

from __future__ import annotations

import re
from functools import lru_cache

COORDINATE, PHONE, DOCUMENT, MAIL, PERSON = (
    "no coordinates",
    "no telephone numbers",
    "no numbers of identity documents",
    "no electronic mail addresses",
    "no persons: an alias, or a name after a title",
)

_DECIMAL = r"[-−–]?\d{1,3}[.,]\d{2,}"
_AXIS = r"\s*°?\s*[NSEWO]\b"
_COORDINATES = (
    r"[-−]\d{1,2}[.,]\d{2,}\s*°?\s*[;,/ ]\s*[-−]\d{2,3}[.,]\d{2,}",
    rf"\d{{1,2}}[.,]\d{{2,}}{_AXIS}.{{0,4}}?\d{{1,3}}[.,]\d{{2,}}{_AXIS}",
    r"\b[NSEWO]\s?\d{1,3}[.,]\d{3,}",
    rf"\b(?:lat|lon|lng|long|latitude?|longitude?|latitud|longitud)\b\.?\s*[:=]?\s*{_DECIMAL}",
    r"\d{1,3}\s*[°º]\s*\d{1,2}\s*(?:['’′]|\d)",
    r"\d{1,3}(?:[.,]\d+)?\s*[°º]\s*[NSEWO]\b",
    r"\bUTM\b.{0,20}\d{5,}|\b(?:zon[ae]\s*)?1[789]\s?[K-N]\b.{0,4}\d{6}",
    r"(?<![\d.,])\d{6}(?:[.,]\d+)?\s*(?:m?E|[,;/ ])\s*\d{7}(?:[.,]\d+)?(?![\d.,])",
    r"\bgeo:[-\d]|\b[23456789CFGHJMPQRVWX]{4,8}\+[23456789CFGHJMPQRVWX]{2,3}\b",
)
_ADDRESS_COORDINATES = (r"[@=/!,][-−]?\d{1,2}\.\d{3,},[-−]?\d{1,3}\.\d{3,}", r"!3d[-\d.]+!4d[-\d.]+")
_PHONES = (
    r"(?<![\d.,])\+\s?\d{1,3}[\s-]?(?:\(\d+\)[\s-]?)?\d{1,4}(?:[\s-]\d{2,4}){1,3}(?![\d.,%])",
    r"(?<![\d.,])\+\d{9,14}(?!\d)",
    r"(?<![\d.,])9\d{2}[ -]\d{3}[ -]\d{3}(?![\d.,])|(?<![\d.,])9\d{8}(?![\d.,])",
    r"\b(?:tel|tel[eé]fono|telephone|phone|cel|celular|mobile|m[oó]vil|whatsapp)\b[.:\s]*\+?\(?\d[\d\s()-]{5,}",
)
_DOCUMENTS = (
    r"\b(?:D\.?N\.?I|R\.?U\.?C|L\.?E|c[eé]dula|pasaporte|passport|identity card|carn[eé])\b\.?\s*(?:n[.°ºo]*|no\.?|:)?\s*[A-Z]?\d{5,}",
    r"(?<![\d.,/-])(?:10|15|17|20)\d{9}(?![\d.,])",
    r"(?<![\w.,/-])(?!(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:[0-2]\d|3[01]))\d{8}(?![\w.,/-])",
)
_MAIL = (r"[\w.+-]+@[\w-]+\.[A-Za-z]{2,}",)
_TITLE = r"(?:Mr|Mrs|Ms|Dr|Dra|Sr|Sra|Srta|Don|Do[ñn]a|Gen|Gral|Cnel|Cmdte|Capt|Col|Lt|Ing|Lic)"
_PERSONS = (
    r"\b(?:alias|a\.?k\.?a\.?)[\s:]+[\"'“«(]?\w+|\(a\)\s+[\"“«]?[A-ZÁÉÍÓÚÑ]",
    rf"\b{_TITLE}\.?\s+[A-ZÁÉÍÓÚÑ][\w-]+(?:\s+[A-ZÁÉÍÓÚÑ][\w-]+)?",
    r"\b(?:camarada|comrade)\s+[\"“«]?[A-ZÁÉÍÓÚÑ]",
)

_DIGITS = [(re.compile(pattern), rule) for rule, patterns in (
    (COORDINATE, _COORDINATES), (PHONE, _PHONES), (DOCUMENT, _DOCUMENTS)) for pattern in patterns]  # fmt: skip
_WORDS = [(re.compile(pattern), rule) for rule, patterns in ((MAIL, _MAIL), (PERSON, _PERSONS)) for pattern in patterns]
_ADDRESS = [(re.compile(pattern), rule) for rule, patterns in ((COORDINATE, _ADDRESS_COORDINATES), (MAIL, _MAIL)) for pattern in patterns]
_SOME_DIGITS = re.compile(r"\d.*\d|\+[2-9CFGHJMPQRVWX]{2}", re.DOTALL)


@lru_cache(maxsize=16384)
def private_marks(text: str, address: bool = False) -> tuple[str, ...]:
    """Return the rules that a text breaks, each once.

    Parameters
    ----------
    text : str
        Free text of a claim or a source.
    address : bool
        Whether it is an address on the web, whose long numbers are not telephones.
    """
    patterns = _ADDRESS if address else _WORDS + (_DIGITS if _SOME_DIGITS.search(text) else [])
    return tuple(dict.fromkeys(rule for pattern, rule in patterns if pattern.search(text)))
