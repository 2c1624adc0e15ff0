"""Claims, parameters and shares of a trace as short lines a reader can scan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from eslabon.i18n import has_text, translate
from eslabon.report.numbers import NARROW_SPACE, exact

Document = Mapping[str, Any]
TITLE, PUBLISHER = 54, 24
"""Most letters of a source's title and of its publisher in a line."""
ARROWS = {1: "↑", -1: "↓", 0: "~"}
"""The figure rises with the parameter, falls, or bends."""
SURE = 0.8
"""Width of an interval from which a share is not told at all."""


def say(key: str, lang: str, **values: object) -> str:
    """Return a text of this command."""
    return translate(f"trace.{key}", lang, **values)


def percent(share: float) -> str:
    """Return a share in percent: whole numbers from 1 on, `<1 %` below."""
    return f"<1{NARROW_SPACE}%" if 0 < share < 0.01 else f"{100 * share:.0f}{NARROW_SPACE}%"


def band(share: Document) -> str:
    """Return a share with its interval."""
    return f"{percent(share['share'])} [{100 * share['low']:.0f}–{100 * share['high']:.0f}]"


def status_word(status: str, lang: str) -> str:
    """Return a status in words."""
    key = f"trace.status_{status.replace(' ', '_')}"
    return translate(key, lang) if has_text(key, lang) else status


def value(number: float | str, unit: str) -> str:
    """Return a value with its unit; `1` is no unit."""
    shown = exact(number) if isinstance(number, int | float) and abs(number) >= 0.01 else f"{number:g}" if isinstance(number, int | float) else number
    return shown if unit in ("", "1") else f"{shown} {unit}"


def years(claim: Document) -> str:
    """Return the year of a claim, or the first and last of its period."""
    first, last = (str(day)[:4] for day in claim["period"])
    return first if first == last else f"{first}–{last}"


def claim_line(claim: Document, lang: str) -> str:
    """Return a claim in one line: id, value, place, year, grade."""
    span = "" if claim["low"] is None and claim["high"] is None else f" ({_end(claim['low'])} – {_end(claim['high'])})"
    return f"{claim['id']}  {value(claim['value'], claim['unit'])}{span}, {claim['place']} {years(claim)}, {say('grade', lang, grade=claim['grade'])}"


def _end(number: float | None) -> str:
    return "…" if number is None else exact(number)


def source_line(claim: Document) -> str:
    """Return where a claim was read."""
    source = claim["source"]
    title = str(source["title"])
    short = title if len(title) <= TITLE else f"{title[: TITLE - 1].rstrip()}…"
    publisher = str(source["publisher"])
    publisher = publisher if len(publisher) <= PUBLISHER else f"{publisher[: PUBLISHER - 1].rstrip()}…"
    facts = ", ".join(str(part) for part in (publisher, source["year"]) if part)
    return f"{short} ({facts})" if facts else short


def sides_line(claim: Document, against: Sequence[str], claims: Mapping[str, Document], lang: str) -> str:
    """Return the claims that say otherwise, with their values; empty where none is known and the ledger marks nothing."""
    sides = {s["id"]: exact(s["value"]) for s in claim["sides"]}
    sides |= {c: exact(claims[c]["value"]) for c in against if c in claims}
    if sides:
        return say("sides", lang, list=", ".join(f"{name} ({number})" for name, number in sides.items()))
    return say("contested", lang) if claim["contested"] else ""


def prior_line(entry: Document, lang: str) -> str:
    """Return a parameter's prior."""
    low, middle, high = (exact(entry[k]) if abs(entry[k]) >= 0.01 or entry[k] == 0 else f"{entry[k]:g}" for k in ("low", "default", "high"))
    return say("prior", lang, low=low, high=high, default=middle, unit="" if entry["unit"] == "1" else entry["unit"]).rstrip()


def standing_line(entry: Document, lang: str) -> str:
    """Return the status that counts, and the declared one where no claim is cited for it."""
    word = status_word(entry["standing"], lang)
    declared = entry.get("status")
    if declared and declared != entry["standing"]:
        return say("declared", lang, standing=word, status=status_word(declared, lang))
    return word


def way_line(entry: Document, lang: str) -> str:
    """Return the shortest way from a parameter to the outcome, nearest to the parameter first."""
    steps = [f"{maker} → {made.removeprefix('outcome.')}" for maker, made in reversed(entry.get("way", ()))]
    return say("way", lang, steps=" → ".join(steps)) if steps else ""
