"""Potential production, two ways: why the UNODC-style and the United States series differ, input by input.

Both are one chain, P = (A y - L) / k / p x u, with A the area (ha), y sun-dried leaf a hectare, L leaf for traditional and
legal use, k sun-dried leaf in a kilogram of pure cocaine, p the share of pure cocaine in the tonnes published, and u what
the published figure has beyond its own published inputs. The two systems are compared, never joined. What the United
States did for yield and conversion is in no claim: its k is what is left over when its published area and tonnes are
taken together with the leaf yield of the other system.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from eslabon.evidence.claims import Ledger
from eslabon.study.attribution import Array, shapley
from eslabon.study.potential_inputs import DERIVED, PLACE, UNODC_AREA, US_AREA, Contested, conversions, us_years
from eslabon.study.potential_steps import Inputs, Step, objections, read_inputs, unodc_steps, us_steps
from eslabon.units import KG_PER_T

FACTORS = ("area", "yield", "legal", "conversion", "purity", "unexplained")
"""Parts of the gap, in the order in which they are shown."""


@dataclass(frozen=True)
class Part:
    """How many tonnes of the gap an input carries, and the least and most over all sides of the contested inputs."""

    factor: str
    tonnes: float
    low: float
    high: float


@dataclass(frozen=True)
class Closing:
    """What a conversion gives: on UNODC-style inputs, and on the United States area without a legal deduction (t pure)."""

    claim: str
    year: int | None
    leaf_kg_per_kg: float
    circular: bool
    unodc_inputs_t: float
    us_area_t: float


@dataclass(frozen=True)
class Bridge:
    """From the UNODC-style figure of a year to the United States one, part by part.

    `published` says whether the UNODC-style end was published; otherwise it is the chain's own result. `us_leaf_per_kg` is
    the sun-dried leaf in a kilogram of pure cocaine left over on the United States side.
    """

    year: int
    unodc_area_ha: float
    us_area_ha: float
    unodc_t: float
    us_t: float
    published: bool
    bound: str
    unodc_claims: tuple[str, ...]
    us_claims: tuple[str, ...]
    us_leaf_per_kg: float
    parts: tuple[Part, ...]

    @property
    def gap_t(self) -> float:
        """The gap in tonnes."""
        return self.us_t - self.unodc_t


@dataclass(frozen=True)
class Potential:
    """The study of one year.

    `closing_unodc` and `closing_us` are the kg of leaf in a kg of pure cocaine with which UNODC-style inputs, and the
    United States area without legal deduction, give the United States figure; `left_t` is what the lowest published
    conversion still leaves there.
    """

    bridge: Bridge
    unodc_steps: tuple[Step, ...]
    us_steps: tuple[Step, ...]
    conversions: tuple[Closing, ...]
    closing_unodc: float
    closing_us: float
    left_t: float
    objections: tuple[Step, ...]

    def document(self) -> dict[str, Any]:
        """Return everything as plain data for JSON."""
        found = asdict(self)
        found["bridge"]["gap_t"] = self.bridge.gap_t
        return {"year": self.bridge.year, **found}


def potential(ledger: Ledger, year: int, stated_purity: float | None = None) -> Potential:
    """Return the study of a year in which both areas and the United States potential are published.

    Parameters
    ----------
    ledger : Ledger
    year : int
    stated_purity : float, optional
        Share of pure cocaine in the product of the UNODC-style figure, in (0, 1]; read as pure if left out.

    Raises
    ------
    InputError
        If a series lacks the year; the message says which years it has.
    """
    inputs = read_inputs(ledger, year, stated_purity)
    found = _bridge(ledger, year, inputs)
    leaf_t = inputs.area.taken.value * inputs.leaf.taken.value / KG_PER_T - inputs.legal.taken.value
    us_leaf_t = inputs.us_area.taken.value * inputs.us_leaf.taken.value / KG_PER_T
    table = tuple(
        Closing(
            claim.id, claim.year, claim.value, claim.grade == DERIVED,
            leaf_t / claim.value * inputs.purity.taken.value, us_leaf_t / claim.value * inputs.purity.taken.value,
        )
        for claim in conversions(ledger)
    )  # fmt: skip
    usable = [row.us_area_t for row in table if not row.circular and row.year is not None and row.year <= year]
    return Potential(
        found, unodc_steps(ledger, year, inputs), us_steps(ledger, year, inputs), table,
        leaf_t / found.us_t, found.us_leaf_per_kg, found.us_t - max(usable), objections(ledger, year, inputs),
    )  # fmt: skip


def bridges(ledger: Ledger, stated_purity: float | None = None) -> tuple[Bridge, ...]:
    """Return the bridge of every year in which both areas and the United States potential are published."""
    areas = [ledger.preferred(quantity, PLACE) for quantity in (UNODC_AREA, US_AREA)]
    years = [year for year in us_years(ledger) if all(year in known for known in areas)]
    return tuple(_bridge(ledger, year, read_inputs(ledger, year, stated_purity)) for year in years)


def product_t(inputs: Mapping[str, Array]) -> Array:
    """Return potential production in the tonnes that are published (t).

    Equation: (area x yield / 1000 - legal) / conversion / purity x unexplained.
    """
    leaf_t = inputs["area"] * inputs["yield"] / KG_PER_T - inputs["legal"]
    found: Array = leaf_t / inputs["conversion"] / inputs["purity"] * inputs["unexplained"]
    return found


def _ends(cases: Mapping[str, Array]) -> tuple[dict[str, Array], dict[str, Array]]:
    """Return the chain's inputs at both ends, case by case."""
    one, none = np.ones_like(cases["area"]), np.zeros_like(cases["area"])
    chain_t = (cases["area"] * cases["leaf"] / KG_PER_T - cases["legal"]) / cases["conversion"]
    unexplained = np.where(np.isnan(cases["published"]), 1.0, cases["published"] / chain_t)
    unodc = {
        "area": cases["area"], "yield": cases["leaf"], "legal": cases["legal"], "conversion": cases["conversion"] / cases["purity"],
        "purity": cases["purity"], "unexplained": unexplained,
    }  # fmt: skip
    implied = cases["us_area"] * cases["us_leaf"] / KG_PER_T / cases["us_pure"]
    us = {"area": cases["us_area"], "yield": cases["us_leaf"], "legal": none, "conversion": implied, "purity": one, "unexplained": one}
    return unodc, us


def _cases(inputs: Inputs, every: bool) -> dict[str, Array]:
    """Return the values taken as one case, or every combination of sides."""
    names = list(inputs.__dataclass_fields__)
    columns: list[list[float]] = []
    for name in names:
        given: Contested | None = getattr(inputs, name)
        columns.append([np.nan] if given is None else [side.value for side in given.sides] if every else [given.taken.value])
    rows = np.array(list(itertools.product(*columns)), dtype=np.float64)
    return {name: rows[:, index] for index, name in enumerate(names)}


def _bridge(ledger: Ledger, year: int, inputs: Inputs) -> Bridge:
    before, after = _ends(_cases(inputs, every=False))
    parts, spread = shapley(product_t, before, after), shapley(product_t, *_ends(_cases(inputs, every=True)))
    published = inputs.published
    return Bridge(
        year,
        inputs.area.taken.value,
        inputs.us_area.taken.value,
        published.taken.value if published else float(product_t(before)[0]),
        inputs.us_pure.taken.value,
        published is not None,
        ledger.claims[published.taken.claims[0]].bound_type if published else "",
        published.taken.claims if published else (),
        inputs.us_pure.taken.claims,
        float(after["conversion"][0]),
        tuple(Part(name, float(parts[name][0]), float(spread[name].min()), float(spread[name].max())) for name in FACTORS),
    )
