"""Names of quantities, forms, units, places and claims as a reader sees them, in either language."""

from __future__ import annotations

from collections.abc import Iterable

from eslabon.evidence.browse_places import DEPARTMENT, NATION
from eslabon.evidence.browse_series import Series, Side, spans
from eslabon.evidence.claims import Claim
from eslabon.i18n import has_text, phrase, translate
from eslabon.report.numbers import DASH, exact, unit_label

TAKEN, PREFERRED, CONTESTED, PARTIAL, CORRECTED = "●", "★", "≠", "◐", "↶"
"""Marks of a side; `evidence.legend` explains them."""
_NO_FORM = "not applicable"


def known(table: str, name: str, lang: str) -> str:
    """Return the catalogue's words for `name`, or the name itself with blanks."""
    key = f"{table}.{name.lower().replace(' ', '_').replace('-', '_')}"
    return translate(key, lang) if has_text(key, lang) else name.replace("_", " ")


def quantity_name(quantity: str, lang: str) -> str:
    """Return a quantity in words."""
    return known("quantity", quantity, lang)


def form_name(form: str, lang: str) -> str:
    """Return a form in words."""
    return known("form", form, lang) if form != _NO_FORM else translate("form.not_applicable", lang)


def unit_name(unit: str, lang: str) -> str:
    """Return a unit in words; `1` is a plain share or number."""
    return "1" if unit == "1" else unit_label(unit, lang)


def place_words(place: str, lang: str) -> str:
    """Return a place in words: the nation, a zone, a department."""
    if place == NATION:
        return "Perú" if lang == "es" else NATION
    if place.startswith(DEPARTMENT):
        return translate("evidence.department", lang, name=place.removeprefix(DEPARTMENT))
    return place.removeprefix(f"{NATION}/")


def series_title(series: Series, lang: str) -> str:
    """Return a series' heading."""
    return translate(
        "evidence.series_head", lang, quantity=quantity_name(series.quantity, lang), place=place_words(series.place, lang),
        unit=unit_name(series.unit, lang), form=form_name(series.form, lang),
    )  # fmt: skip


def series_lead(series: Series, lang: str) -> str:
    """Return what a series holds in one sentence."""
    ends = [side.claim.period_end.year for side in series.sides]
    return translate(
        "evidence.series_lead", lang, n=len(series.sides), years=f"{min(ends)}{DASH}{max(ends)}" if min(ends) < max(ends) else str(ends[0]),
        contested=years_or_none(series.contested, lang), groups=len({side.claim.independence_group for side in series.sides}),
    )  # fmt: skip


def years_or_none(years: Iterable[int], lang: str) -> str:
    """Return years as spans, or "none"."""
    return spans(years) or translate("evidence.none", lang)


def bound_words(claim: Claim, lang: str) -> str:
    """Return a claim's bound and range: `at least`, `range 12,000–16,000`; empty for an exact figure."""
    key = f"bound.{claim.bound_type}"
    words = translate(key, lang) if has_text(key, lang) else ""
    if claim.low is None and claim.high is None:
        return words
    low, high = (exact(end) if end is not None else "…" for end in (claim.low, claim.high))
    return f"{words} {low}{DASH}{high}".strip()


def marks(side: Side) -> str:
    """Return the marks of a side."""
    claim = side.claim
    shown = (
        (side.chosen, TAKEN), (claim.preferred, PREFERRED), (claim.conflict, CONTESTED), (side.partial, PARTIAL), (side.corrected_by, CORRECTED),
    )  # fmt: skip
    return "".join(mark for there, mark in shown if there)


def who(side: Side) -> str:
    """Return who says so: the publisher, else the title, with its year."""
    name = side.source.publisher or side.source.title
    return f"{name} ({side.source.year})" if side.source.year else name


def period_words(claim: Claim) -> str:
    """Return a claim's year, its months where it covers only part of one, or its span."""
    if claim.year is None:
        return f"{claim.period_start.year}{DASH}{claim.period_end.year}"
    return str(claim.year)


def break_words(label: str, lang: str) -> str:
    """Return a series break in the reader's language."""
    return phrase(label, lang)
