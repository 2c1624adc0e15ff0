"""Words: every label and sentence a reader sees, in Spanish and English, looked up by key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from eslabon.errors import InputError, nearest

LANGUAGES = ("en", "es")
PARTS = ("", ".outcomes", ".scenarios", ".ledger", ".reconcile", ".trace", ".importer", ".evidence", ".hindcast")
"""A language's files: the page's own words, the names of what it shows, the shipped scenarios, the evidence laboratory."""
SENTENCES = frozenset({"scenario", "question", "note", "break", "remark"})
"""Tables whose English texts may arrive as data (scenario files, packs) and are then found by their words."""


@cache
def catalogue(lang: str) -> Mapping[str, str]:
    """Return all texts of one language, keyed `table.name`.

    Raises
    ------
    InputError
        If there is no catalogue for `lang`.
    """
    if lang not in LANGUAGES:
        raise InputError("a language is en or es", place="lang", value=lang, remedy=nearest(lang, LANGUAGES))
    texts = (files("eslabon.i18n").joinpath(f"{lang}{part}.toml").read_text(encoding="utf-8") for part in PARTS)
    tables = [item for text in texts for item in tomllib.loads(text).items()]
    return MappingProxyType({f"{table}.{name}": words for table, entries in tables for name, words in entries.items()})


def translate(key: str, lang: str, **values: object) -> str:
    """Return the text of `key` in `lang` with `values` put in.

    Parameters
    ----------
    key : str
        For example `outcome.coca_area_ha`.
    lang : str
        `en` or `es`.
    **values : object
        One for each `{name}` of the text; they are inserted as they are and never read as a pattern.

    Raises
    ------
    InputError
        If the key or one of its values is missing.
    """
    words = catalogue(lang)
    if key not in words:
        raise InputError("the catalogue has no such text", file=f"i18n/{lang}.toml", place=key, remedy=nearest(key, words))
    try:
        return words[key].format_map(values)
    except KeyError as missing:
        raise InputError("the text needs this value", file=f"i18n/{lang}.toml", place=key, value=missing.args[0]) from None


def has_text(key: str, lang: str) -> bool:
    """Return whether the catalogue of `lang` has `key`."""
    return key in catalogue(lang)


def phrase(text: str, lang: str) -> str:
    """Return the text in `lang` if it is a key or an English sentence of the catalogue, else `text` as it is.

    Lets a caller pass `reason.violence` or a scenario's English title and be read in both languages, while a sentence of
    a user's own is quoted.
    """
    return catalogue(lang).get(_english_keys().get(text, text), text)


@cache
def _english_keys() -> Mapping[str, str]:
    words = catalogue("en").items()
    return MappingProxyType({text: key for key, text in words if key.partition(".")[0] in SENTENCES and "{" not in text})
