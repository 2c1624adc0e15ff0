"""What the ledger already says of a quantity: its forms, units and kind, which an imported table must fit."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from eslabon.evidence.claims import Claim
from eslabon.evidence.tables.measures import Unit, ledger_unit
from eslabon.evidence.tables.text import fold


@dataclass(frozen=True)
class Quantity:
    """A quantity of the ledger, with what its claims carry, the most frequent first."""

    name: str
    forms: tuple[str, ...]
    units: tuple[Unit, ...]
    kinds: tuple[str, ...]

    def fits(self, unit: Unit) -> bool:
        """Return whether a unit is of a dimension that the quantity has."""
        return any(unit.dimension == own.dimension for own in self.units)


MEASURES: Mapping[str, re.Pattern[str]] = {
    name: re.compile(words)
    for name, words in (
        ("eradication", r"erradic|eradicat"),
        ("yield", r"rendimiento|yield"),
        ("price", r"precio|price|cotizacion|tipo de cambio|exchange rate"),
        ("seizure", r"incaut|decomis|seiz|destrui|incinera"),
        ("production", r"produccion|production|output"),
        ("area", r"superficie|\barea\b|hectareas|cultivad|sembrad|cultivation"),
        ("families", r"familias|hogares|families|households|productores|growers"),
    )
}
"""What a head or a quantity's name says is measured; the first that matches counts."""

PRODUCTS: Mapping[str, re.Pattern[str]] = {
    name: re.compile(words)
    for name, words in (
        ("cocaine base", r"\bpbc\b|pasta basica|cocaine base|coca paste|\bpb\b|base de cocaina"),
        ("cocaine hydrochloride", r"clorhidrato|hydrochloride|\bhcl\b|\bchc\b|\bcc\b|\bclc\b"),
        ("coca leaf", r"hoja|leaf|\bcoca seca\b"),
        ("cannabis", r"marihuana|cannabis|marijuana"),
        ("opium", r"opio|amapola|opium|poppy"),
        ("inputs", r"insumo|precursor|quimic|chemical|\biqpf\b|\biqbf\b"),
        ("other drug", r"extasis|mdma|lsd|ketamina|heroina|heroin|sintetic"),
    )
}
"""Products that a product column or head may name."""


def named(words: str, patterns: Mapping[str, re.Pattern[str]]) -> str:
    """Return the first of the patterns' names that a text speaks of, empty if none."""
    text = fold(words).replace("_", " ")
    return next((name for name, pattern in patterns.items() if pattern.search(text)), "")


def quantities(claims: Iterable[Claim]) -> dict[str, Quantity]:
    """Return the quantities of a ledger by name."""
    forms: dict[str, Counter[str]] = {}
    units: dict[str, Counter[str]] = {}
    kinds: dict[str, Counter[str]] = {}
    for claim in claims:
        for table, word in ((forms, claim.form), (units, claim.unit), (kinds, claim.kind)):
            table.setdefault(claim.quantity, Counter())[word] += 1
    return {name: Quantity(name, _ranked(forms[name]), tuple(ledger_unit(u) for u in _ranked(units[name])), _ranked(kinds[name])) for name in forms}


def _ranked(counts: Counter[str]) -> tuple[str, ...]:
    return tuple(word for word, _ in counts.most_common())
