"""What would have to be true for a claim, in plain arithmetic on printed figures: 400 t needs so many kilograms of leaf each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eslabon.evidence.reconcile.asprinted import in_dollars
from eslabon.evidence.reconcile.balances import PER_T
from eslabon.evidence.reconcile.chain import Chain
from eslabon.evidence.reconcile.readings import Reading, named
from eslabon.units import KG_PER_T

_GRADES = "ABDCM"


@dataclass(frozen=True)
class Term:
    """A figure in a calculation: how it enters (`×`, `÷`, `−`, `× (1 −`), its value and unit, and whose it is."""

    sign: str
    value: float
    unit: str
    claim: str


@dataclass(frozen=True)
class Requirement:
    """What another variable would have to be if the claim were right and the other figures stood as printed.

    Parameters
    ----------
    claim : str
        The claim put to the test.
    variable, unit : str
        `key@place` of the other variable.
    value : float
        What it would have to be.
    terms : tuple of Term
        The calculation, from left to right.
    printed : tuple of (str, float)
        What claims say of that variable: id and value.
    """

    claim: str
    variable: str
    unit: str
    value: float
    terms: tuple[Term, ...]
    printed: tuple[tuple[str, float], ...]

    @property
    def times(self) -> float | None:
        """How many times the nearest printed figure it would have to be."""
        ratios = [self.value / value for _, value in self.printed]
        return min(ratios, key=lambda ratio: abs(ratio - 1)) if ratios else None


def requirements(chain: Chain, reading: Reading) -> list[Requirement]:
    """Return what a claim on the product or its leaf would need, by the figures of its own source first.

    Equation: product = area × yield × (1 − share not for the trade) ÷ leaf per kilogram, solved for one variable after the
    other.
    """
    place = reading.place
    leaf = _trade_leaf(chain, reading)
    ratio = _best(chain, "leaf_per_kg", place, reading) or _best(chain, "leaf_per_kg", chain.nation, reading)
    product = reading if reading.variable == "product" else _best(chain, "product", place, reading)
    found = []
    if reading.variable == "product" and leaf:
        found.append(_solve(chain, reading, ("leaf_per_kg", "kg/kg"), (*leaf, Term("÷", reading.value, "t", reading.claim.id))))
    if reading.variable == "product" and ratio:
        wanted = (Term("", reading.value, "t", reading.claim.id), Term("×", ratio.value, "kg/kg", ratio.claim.id))
        found.append(_solve(chain, reading, ("illicit", "t"), wanted))
        found += _fields(chain, reading, wanted, leaf)
    if reading.variable == "leaf_per_kg" and leaf:
        found.append(_solve(chain, reading, ("product", "t"), (*leaf, Term("÷", reading.value, "kg/kg", reading.claim.id))))
    if reading.variable in ("leaf_per_kg", "leaf", "illicit") and product and ratio and reading.variable != "leaf_per_kg" and leaf:
        found.append(_solve(chain, reading, ("leaf_per_kg", "kg/kg"), (*leaf, Term("÷", product.value, "t", product.claim.id))))
    if reading.variable == "leaf":
        area = _best(chain, "area", place, reading)
        if area:
            terms = (Term("", reading.value, "t", reading.claim.id), Term("÷", area.value, "ha", area.claim.id))
            found.append(_solve(chain, reading, ("yield", "kg/ha/yr"), terms, KG_PER_T))
    return found


def _fields(chain: Chain, reading: Reading, wanted: Sequence[Term], leaf: Sequence[Term]) -> list[Requirement]:
    """Return the yield and the area that the leaf wanted would need, where the leaf is worked out from fields."""
    if len(leaf) < 2 or leaf[0].unit != "ha":
        return []
    kept = tuple(Term(term.sign.replace("×", "÷"), term.value, term.unit, term.claim) for term in leaf[2:])
    area, per_area = leaf[0], leaf[1]
    return [
        _solve(chain, reading, ("yield", "kg/ha/yr"), (*wanted, *kept, Term("÷", area.value, area.unit, area.claim)), KG_PER_T),
        _solve(chain, reading, ("area", "ha"), (*wanted, *kept, Term("÷", per_area.value, per_area.unit, per_area.claim)), KG_PER_T),
    ]


def _trade_leaf(chain: Chain, reading: Reading) -> tuple[Term, ...]:
    """Return the calculation of the leaf left for the trade at a place, by the claim's own source as far as it goes."""
    place = reading.place
    own = [r for r in chain.readings if r.claim.source_id == reading.claim.source_id and r.place == place]
    illicit = _best(chain, "illicit", place, reading)
    if reading.variable == "illicit":
        return (Term("", reading.value, "t", reading.claim.id),)
    if illicit and not any(r.variable in ("area", "leaf") for r in own):
        return (Term("", illicit.value, "t", illicit.claim.id),)
    leaf = reading if reading.variable == "leaf" else _best(chain, "leaf", place, reading)
    area, per_area = _best(chain, "area", place, reading), _best(chain, "yield", place, reading)
    by_fields = area is not None and per_area is not None and (area in own or leaf is None)
    start: tuple[Term, ...]
    if by_fields and area and per_area and reading.variable != "leaf":
        start = (Term("", area.value, "ha", area.claim.id), Term("×", per_area.value, "kg/ha/yr", per_area.claim.id))
    elif leaf:
        start = (Term("", leaf.value, "t", leaf.claim.id),)
    else:
        return ()
    return (*start, *_not_traded(chain, reading))


def _not_traded(chain: Chain, reading: Reading) -> tuple[Term, ...]:
    """Return what is taken off for legal and traditional use: by the place's own figures, else by the nation's share."""
    for variable in ("traditional_share", "legal_share"):
        share = _best(chain, variable, reading.place, reading)
        if share:
            return (Term("× (1 −", share.value, "share", share.claim.id),)
    traditional = _best(chain, "traditional", reading.place, reading)
    if traditional:
        return (Term("−", traditional.value, "t", traditional.claim.id),)
    return ()


def _best(chain: Chain, variable: str, place: str, of: Reading) -> Reading | None:
    """Return the claim to calculate with: of the same source, else preferred, else by grade; never a bound if there is more."""
    found = [r for r in chain.of(variable, place) if r.claim.id != of.claim.id and not r.bound]

    def rank(r: Reading) -> tuple[bool, int, bool, bool, int]:
        return (r.claim.source_id != of.claim.source_id, r.carried, not r.claim.preferred, r.contested, _GRADES.index(r.claim.grade))

    return min(found, key=rank, default=None)


def _solve(chain: Chain, reading: Reading, wanted: tuple[str, str], terms: tuple[Term, ...], factor: float = 1.0) -> Requirement:
    variable, unit = wanted
    value = factor * calculate(terms)
    place = reading.place if variable != "leaf_per_kg" or chain.of(variable, reading.place) else chain.nation
    printed = tuple((r.claim.id, _middle(chain, r)) for r in chain.of(variable, place) if r.claim.id != reading.claim.id)
    return Requirement(reading.claim.id, named(variable, reading.place), unit, value, terms, printed)


def _middle(chain: Chain, reading: Reading) -> float:
    low, high = in_dollars(chain, reading)
    return reading.value if low <= reading.value <= high else (low + high) / 2


def calculate(terms: Sequence[Term]) -> float:
    """Return the value of a calculation, tonnes where hectares meet kilograms a hectare."""
    value = terms[0].value
    for term in terms[1:]:
        if term.sign == "×":
            value *= term.value * (PER_T if term.unit == "kg/ha/yr" else 1.0)
        elif term.sign == "÷":
            value /= term.value
        elif term.sign == "−":
            value -= term.value
        elif term.sign == "× (1 −":
            value *= 1.0 - term.value
        else:
            value /= 1.0 - term.value
    return value
