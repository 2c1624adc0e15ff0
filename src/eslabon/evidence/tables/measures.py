"""Units as tables write them, their dimension, and conversion within one dimension; nothing crosses a currency without a rate."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from eslabon.evidence.tables.text import fold
from eslabon.units import KG_PER_T

KG_PER_LB = 0.45359237
HA_PER_KM2 = 100.0
_AREA, _MASS, _YIELD, _COUNT = "area", "mass", "yield", "count"


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its name in the ledger, its dimension, and how many of the dimension's first unit it is."""

    name: str
    dimension: str
    factor: float = 1.0


def _units() -> dict[str, Unit]:
    names: dict[str, Unit] = {}

    def add(unit: Unit, words: str) -> None:
        for word in words.split("|"):
            names[word] = unit

    add(Unit("ha", _AREA), "ha|has|hectarea|hectareas|hectare|hectares|ha cultivadas")
    add(Unit("thousand ha", _AREA, 1000.0), "miles de ha|miles de hectareas|miles ha|thousand ha|thousand hectares|000 ha")
    add(Unit("km2", _AREA, HA_PER_KM2), "km2|kilometros cuadrados")
    add(Unit("kg", _MASS), "kg|kgs|kg bruto|kilo|kilos|kilogramo|kilogramos|kilogram|kilograms")
    add(Unit("t", _MASS, KG_PER_T), "t|tm|tn|ton|tons|tonelada|toneladas|tonne|tonnes|metric tons|toneladas metricas|mt")
    add(Unit("thousand t", _MASS, 1000 * KG_PER_T), "miles de t|miles de toneladas|miles de tm|thousand t|thousand tons|thousand tonnes")
    add(Unit("g", _MASS, 0.001), "g|gr|grs|gramo|gramos|gram|grams")
    add(Unit("lb", _MASS, KG_PER_LB), "lb|lbs|libra|libras|pounds")
    add(Unit("arroba", "arroba"), "arroba|arrobas|@")
    add(Unit("l", "volume"), "l|lt|lts|litro|litros|litre|litres|liter|liters|galon|galones|gal")
    add(Unit("kg/ha/yr", _YIELD), "kg/ha|kg/ha/ano|kg/ha/yr|kg por ha|kg por hectarea|kilogramos por hectarea|kg per ha|kg/hectarea")
    add(Unit("t/ha", _YIELD, KG_PER_T), "t/ha|tm/ha|t/ha/ano|t por ha|toneladas por hectarea|tonnes per hectare")
    add(Unit("percent", "percent"), "%|porcentaje|por ciento|percent|percentage")
    add(Unit("count", _COUNT), "unidad|unidades|unid|und|u|numero|n°|nro|casos|number|units|count|familias|families|operativos|laboratorios|pozas")
    add(Unit("persons", _COUNT), "persona|personas|persons|people|detenidos|internos|habitantes|muertos|deaths")
    for scale, many in (("million ", "millones de |millones |million |millions of |mill. de |"), ("", "")):
        for currency, words in _CURRENCIES.items():
            for word in words.split("|"):
                spelled = [f"{m}{word}" for m in many.split("|") if m or not scale]
                spelled += [f"{word} millones", f"{word} million"] if scale else []
                add(Unit(f"{scale}{currency}", f"{scale}{currency}"), "|".join(spelled))
    for currency, words in _CURRENCIES.items():
        for per, endings in _PER.items():
            for word in words.split("|"):
                spelled = [f"{word}{joint}{end}" for end in endings.split("|") for joint in _JOINTS]
                add(Unit(f"{currency}/{per}", f"{currency}/{per}"), "|".join(spelled))
    add(Unit("PEN/USD", "PEN/USD"), "soles por dolar|s/ por us$|pen/usd|s/ por dolar|nuevos soles por dolar")
    return names


_CURRENCIES = {
    "USD": "us$|usd|u$s|us dollars|dolares|dollars|dolares americanos|$us",
    "PEN": "s/|s/.|pen|soles|nuevos soles|sol",
    "EUR": "eur|€|euros",
}
_PER = {
    "kg": "kg|kilo|kilogramo|kilogram", "t": "t|tm|tonelada|tonne", "lb": "lb|libra|pound", "arroba": "arroba|@", "ha": "ha|hectarea|hectare",
    "day": "dia|jornal|day", "month": "mes|month", "trip": "viaje|trip",
}  # fmt: skip
_JOINTS = ("/", " / ", " por ", " per ", " el ", " a ", " x ", "/ ")
_NAMES = _units()
_LEDGER_NAMES = {unit.name.lower(): unit for unit in _NAMES.values()}
_LONG = sorted((name for name in _NAMES if len(name) > 4 and name.replace(" ", "").isalpha()), key=len, reverse=True)
_ANYWHERE = re.compile(r"\b(" + "|".join(map(re.escape, _LONG)) + r")\b")
_PARENTHESES = re.compile(r"[(\[]([^()\[\]]{1,40})[)\]]")
_AFTER = re.compile(r"(?:\ben\b|\bin\b|,|:| - )\s*([^,:()]{1,40})$")


@lru_cache(maxsize=4096)
def unit_named(text: str) -> Unit | None:
    """Return the unit that a whole text names, in Spanish, English or as the ledger writes it; None if none."""
    words = fold(text).strip(" .:")
    words = words.removeprefix("en ").removeprefix("in ")
    return _NAMES.get(words) or _LEDGER_NAMES.get(words) or _NAMES.get(words.replace(".", ""))


@lru_cache(maxsize=4096)
def unit_within(text: str) -> Unit | None:
    """Return the unit named in a head or title: in parentheses, after `en` or a comma, or as a word of its own."""
    words = fold(text)
    for candidate in [*_PARENTHESES.findall(words), *_AFTER.findall(words)]:
        for part in re.split(r"[;,]", candidate):
            if unit := unit_named(part):
                return unit
    if unit := unit_named(words):
        return unit
    match = _ANYWHERE.search(words)
    return _NAMES[match[1]] if match else None


def convert(value: float, source: Unit, target: Unit) -> float:
    """Return a value of one unit in another of the same dimension."""
    if source.factor == target.factor:
        return value
    return float(f"{value * source.factor / target.factor:.12g}")


def ledger_unit(name: str) -> Unit:
    """Return a unit of the ledger by its name; one with no words here is its own dimension."""
    return _LEDGER_NAMES.get(name.lower()) or Unit(name, name)


def unit_names() -> tuple[str, ...]:
    """Return the units that an option may name."""
    return tuple(sorted(unit.name for unit in _LEDGER_NAMES.values()))
