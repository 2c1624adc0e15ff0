"""Names of outcomes, basins, corridors and scenarios in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from eslabon.i18n import has_text, phrase, translate
from eslabon.report.data import HARM_ROWS, OutcomeInfo, ScenarioResult


def outcome_name(outcome: str, lang: str, info: OutcomeInfo | None = None, *, short: bool = False) -> str:
    """Return an outcome in words; one that the catalogue does not know keeps the words of `info`, or its name."""
    for table in ("short", "outcome") if short else ("outcome",):
        if has_text(f"{table}.{outcome}", lang):
            return translate(f"{table}.{outcome}", lang)
    if info is not None and info.meaning and len(info.meaning) <= 60:
        return info.meaning
    return outcome.replace("_", " ")


def outcome_meaning(info: OutcomeInfo, lang: str) -> str:
    """Return what an outcome means, from the catalogue if it knows it, else as the engine says it."""
    key = f"meaning.{info.name}"
    return translate(key, lang) if has_text(key, lang) else info.meaning


def harm_name(harm: str, lang: str) -> str:
    """Return a harm that is not modelled in words."""
    key = f"harm.{harm.lower().replace(' ', '_')}"
    return translate(key, lang) if has_text(key, lang) else harm.replace("_", " ")


def harm_status(harm: str, outcomes: Iterable[str], lang: str) -> str:
    """Return "not modelled", or "only in part" for a harm of which some outcome is modelled."""
    names = set(outcomes)
    part = any(token in harm.lower() and names.intersection(carriers) for token, carriers in HARM_ROWS.items())
    return translate("table.partly" if part else "table.not_modelled", lang)


def harm_words(harm: str, why: str, outcomes: Iterable[str], lang: str) -> str:
    """Return why a harm is missing, opened by its status unless the words say it themselves."""
    names, words, missing = list(outcomes), phrase(why, lang), translate("table.not_modelled", lang)
    status = harm_status(harm, names, lang)
    return words if status == missing and missing in words else f"{status}: {words}"


def place_name(item: dict[str, Any], lang: str) -> str:
    """Return a basin's or corridor's name."""
    return str(item.get(f"name_{lang}") or item["id"])


basin_name = place_name


def names_by_id(items: Iterable[dict[str, Any]], lang: str) -> dict[str, str]:
    """Return id -> name of basins or corridors."""
    return {str(item["id"]): place_name(item, lang) for item in items}


def scenario_title(scenario: ScenarioResult, lang: str) -> str:
    """Return the title of a scenario: ours in both languages, a user's as it was written."""
    return phrase(scenario.title or scenario.name, lang)
