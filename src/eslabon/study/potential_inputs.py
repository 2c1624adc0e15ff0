"""Inputs of potential production: what the ledger says of area, leaf, deductions, conversion and purity in a year."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from eslabon.errors import InputError
from eslabon.evidence.claims import Claim, Ledger
from eslabon.units import KG_PER_T

PLACE, VALLEY = "Peru", "Peru/VRAEM"
UNODC_AREA, US_AREA = "coca_area_unodc", "coca_area_us"
LEAF, YIELD, CONVERSION = "leaf_production", "leaf_yield", "leaf_per_cocaine"
LEGAL = ("leaf_traditional", "legal_demand")
UNODC_COCAINE = ("cocaine_potential_unodc", "cocaine_potential_other")
US_PURE, US_EXPORT = "cocaine_potential_us_pure", "cocaine_potential_us_export"
PURE = "pure cocaine"
DERIVED = "D"

Basis = Literal["claim", "computed", "shared", "assumed", "residual"]
"""Where a number comes from: published; worked out from published ones; borrowed from the other system; set; left over."""

NOT_NETTED_HA = {2019: (18_000.0, "C0365")}
"""Hectares eradicated that the United States did not net out, as the monitoring office says in the note of that claim."""
LEGAL_AREA = "coca_area_traditional"


@dataclass(frozen=True)
class Side:
    """One possible value of an input, with its basis, the claims behind it and the key of the words that say how."""

    value: float
    basis: Basis
    claims: tuple[str, ...]
    how: str


@dataclass(frozen=True)
class Contested:
    """An input: the value taken, and every side it may have."""

    taken: Side
    sides: tuple[Side, ...]

    @property
    def low(self) -> float:
        """The least value of any side."""
        return min(side.value for side in self.sides)

    @property
    def high(self) -> float:
        """The greatest value of any side."""
        return max(side.value for side in self.sides)


def contested(sides: Sequence[Side]) -> Contested:
    """Return an input whose first side is taken; sides of equal value are kept once."""
    seen: dict[float, Side] = {}
    for side in sides:
        seen.setdefault(round(side.value, 6), side)
    return Contested(sides[0], tuple(seen.values()))


def refuse_year(year: int, what: str, years: Iterable[int]) -> InputError:
    """Return the error that says for which years something is published."""
    listed = ", ".join(map(str, sorted(set(years))))
    remedy = f"Published for {listed}." if listed else "It has none at all; take a later --as-of, or leave it out."
    return InputError(f"the ledger has no {what} for this year", place="--year", value=year, remedy=remedy)


def of_year(ledger: Ledger, quantity: str, place: str, year: int, how: str = "published") -> list[Side]:
    """Return all sides of a published figure of a year, the preferred first; ends of ranges are sides too."""
    best = ledger.preferred(quantity, place).get(year)
    if best is None:
        return []
    claims = [best, *(claim for claim in ledger.select(quantity, place, year) if claim.year == year and claim != best)]
    values = [(claim, value) for claim in claims for value in (claim.value, claim.low, claim.high) if value is not None]
    return [Side(value, "claim", (claim.id,), how) for claim, value in values]


def up_to(ledger: Ledger, quantity: str, place: str, year: int) -> list[Claim]:
    """Return the latest undisputed claim up to a year, then every disputed one since; of the year itself, all."""
    past = [claim for claim in ledger.select(quantity, place) if claim.year is not None and claim.year <= year]
    firm = [claim for claim in past if not claim.conflict]
    if not firm:
        return sorted(past, key=lambda claim: -claim.period_end.year)
    last = max(claim.period_end.year for claim in firm)
    best = ledger.preferred(quantity, place)[last]
    first = best if not best.conflict else next(claim for claim in firm if claim.year == last)
    return [first, *(claim for claim in past if claim != first and claim.period_end.year >= last)]


def unodc_area_ha(ledger: Ledger, year: int) -> Contested:
    """Return the area in production at 31 December (ha); the mean of the two year ends is one of its sides."""
    sides = of_year(ledger, UNODC_AREA, PLACE, year)
    if not sides:
        raise refuse_year(year, "UNODC or DEVIDA area", ledger.preferred(UNODC_AREA, PLACE))
    before = ledger.preferred(UNODC_AREA, PLACE).get(year - 1)
    if before is not None:
        sides.append(Side((before.value + sides[0].value) / 2, "computed", (before.id, *sides[0].claims), "year_ends"))
    return contested(sides)


def us_area_ha(ledger: Ledger, year: int) -> Contested:
    """Return the area of the United States system (ha)."""
    sides = of_year(ledger, US_AREA, PLACE, year)
    if not sides:
        raise refuse_year(year, "United States area", ledger.preferred(US_AREA, PLACE))
    return contested(sides)


def leaf_yield_kg_per_ha(ledger: Ledger, year: int) -> Contested:
    """Return sun-dried leaf a hectare and year, the mean of the nation: published leaf over area, published yield, by zone.

    Equation: by zone, (area_VRAEM x yield_VRAEM + area_rest x yield_rest) / area; the rest's yield is that of the latest
    year in which leaf and area are published for the nation and the VRAEM.
    """
    sides = [*_leaf_over_area(ledger, year), *of_year(ledger, YIELD, PLACE, year, "published_yield"), *by_zone(ledger, year)]
    known = sorted({claim.year for claim in (*ledger.select(LEAF, PLACE), *ledger.select(YIELD, PLACE)) if claim.year is not None})
    for other in sorted(known, key=lambda found: abs(found - year)):
        if sides:
            break
        sides = [
            Side(side.value, "computed", side.claims, "other_year")
            for side in (*of_year(ledger, YIELD, PLACE, other), *_leaf_over_area(ledger, other))
        ]
    if not sides:
        raise refuse_year(year, "leaf yield", known)
    return contested(sides)


def _leaf_over_area(ledger: Ledger, year: int) -> list[Side]:
    area = ledger.preferred(UNODC_AREA, PLACE).get(year)
    if area is None:
        return []
    leaf = of_year(ledger, LEAF, PLACE, year)
    return [Side(side.value * KG_PER_T / area.value, "computed", (*side.claims, area.id), "leaf_over_area") for side in leaf]


@dataclass(frozen=True)
class Zone:
    """The nation's leaf by zone: area (ha) and yield (kg/ha) of the VRAEM and of the rest, with their claims."""

    valley_ha: float
    valley_kg_per_ha: float
    rest_ha: float
    rest_kg_per_ha: float
    rest_year: int
    claims: dict[str, tuple[str, ...]]

    @property
    def mean_kg_per_ha(self) -> float:
        """The yield of the nation."""
        return (self.valley_ha * self.valley_kg_per_ha + self.rest_ha * self.rest_kg_per_ha) / (self.valley_ha + self.rest_ha)


def zones_of(ledger: Ledger, year: int) -> list[Zone]:
    """Return the nation by zone in a year, one a side of the VRAEM's yield; none where the VRAEM's area is unknown."""
    nation, valley = (ledger.preferred(UNODC_AREA, place).get(year) for place in (PLACE, VALLEY))
    rest = _rest_yield(ledger, year)
    if nation is None or valley is None or rest is None:
        return []
    rest_kg_per_ha, rest_year, rest_claims = rest
    return [
        Zone(
            valley.value, claim.value, nation.value - valley.value, rest_kg_per_ha, rest_year,
            {"valley_ha": (valley.id,), "valley_kg_per_ha": (claim.id,), "rest_ha": (nation.id, valley.id), "rest_kg_per_ha": rest_claims},
        )
        for claim in up_to(ledger, YIELD, VALLEY, year)
    ]  # fmt: skip


def by_zone(ledger: Ledger, year: int) -> list[Side]:
    """Return the nation's yield worked out by zone (kg/ha)."""
    return [
        Side(zone.mean_kg_per_ha, "computed", tuple(dict.fromkeys(i for ids in zone.claims.values() for i in ids)), "by_zone")
        for zone in zones_of(ledger, year)
    ]


def _rest_yield(ledger: Ledger, year: int) -> tuple[float, int, tuple[str, ...]] | None:
    """Return the yield outside the VRAEM (kg/ha) of the latest year up to `year`, that year, and its claims."""
    series = [ledger.preferred(quantity, place) for quantity in (LEAF, UNODC_AREA) for place in (PLACE, VALLEY)]
    years = [found for found in sorted(set(series[0]).intersection(*series[1:])) if found <= year]
    if not years:
        return None
    leaf, valley_leaf, area, valley_area = (found[years[-1]] for found in series)
    value = (leaf.value - valley_leaf.value) * KG_PER_T / (area.value - valley_area.value)
    return value, years[-1], (leaf.id, valley_leaf.id, area.id, valley_area.id)


def legal_leaf_t(ledger: Ledger, year: int) -> Contested:
    """Return sun-dried leaf for traditional and legal use (t), of the latest year up to `year`."""
    sides = [Side(claim.value, "claim", (claim.id,), "legal") for quantity in LEGAL for claim in up_to(ledger, quantity, PLACE, year)]
    if not sides:
        raise refuse_year(year, "leaf for traditional use up to it", [c.period_end.year for q in LEGAL for c in ledger.select(q, PLACE)])
    return contested(sides)


def conversions(ledger: Ledger) -> list[Claim]:
    """Return all published numbers of kg of sun-dried leaf in a kg of product, by year."""
    found = [claim for claim in ledger.select(CONVERSION, PLACE) if claim.year is not None]
    return sorted(found, key=lambda claim: (claim.period_end, -claim.value))


def conversion_kg_per_kg(ledger: Ledger, year: int) -> Contested:
    """Return kg of sun-dried leaf in a kg of product: of the year, else the latest undisputed; earlier ones are sides.

    Ratios worked out from a published output (grade D) are left out: with them the output would explain itself.
    """
    usable = [claim for claim in conversions(ledger) if claim.grade != DERIVED and claim.period_end.year <= year]
    if not usable:
        raise refuse_year(year, "conversion up to it", [claim.period_end.year for claim in conversions(ledger) if claim.grade != DERIVED])
    firm = [claim for claim in usable if claim.year == year or not claim.conflict] or usable
    taken = firm[-1]
    return contested([Side(claim.value, "claim", (claim.id,), "conversion") for claim in (taken, *(c for c in usable if c != taken))])


def export_quality(ledger: Ledger, year: int) -> list[Side]:
    """Return pure over export-quality tonnage of the United States system, the latest year up to `year` first, then the least."""
    pure, export = ledger.preferred(US_PURE, PLACE), ledger.preferred(US_EXPORT, PLACE)
    sides = {
        found: Side(pure[found].value / export[found].value, "computed", (pure[found].id, export[found].id), "export_quality")
        for found in sorted(set(pure) & set(export))
        if found <= year
    }
    return [sides[max(sides)], min(sides.values(), key=lambda side: side.value)] if sides else []


def purity(ledger: Ledger, year: int, stated: float | None) -> Contested:
    """Return the share of pure cocaine in the product of the UNODC-style figure.

    No claim states it. Unless `stated`, the figure is read as pure, and the export quality of the other system is a side.
    """
    if stated is not None:
        if not 0 < stated <= 1:
            raise InputError("purity is a share above 0 and up to 1", place="--purity", value=stated, remedy="Give for example --purity 0.9.")
        return contested([Side(stated, "assumed", (), "purity_stated")])
    return contested([Side(1.0, "assumed", (), "purity_read_as_pure"), *export_quality(ledger, year)])


def unodc_cocaine_t(ledger: Ledger, year: int) -> Contested | None:
    """Return the published UNODC or Peruvian figure of potential product (t), or None where there is none."""
    sides = [side for quantity in UNODC_COCAINE for side in of_year(ledger, quantity, PLACE, year)]
    return contested(sides) if sides else None


def us_pure_t(ledger: Ledger, year: int) -> Contested:
    """Return the published United States figure of potential pure cocaine (t)."""
    sides = [side for side in of_year(ledger, US_PURE, PLACE, year) if all(ledger.claims[i].form == PURE for i in side.claims)]
    if not sides:
        raise refuse_year(year, "United States potential of pure cocaine", us_years(ledger))
    return contested(sides)


def us_years(ledger: Ledger) -> list[int]:
    """Return the years of the United States series of pure cocaine."""
    return [year for year, claim in ledger.preferred(US_PURE, PLACE).items() if claim.form == PURE]
