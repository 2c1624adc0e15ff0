"""The two chains of potential production as rows: each step with its value, where it comes from, and its claims."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from eslabon.evidence.claims import Ledger
from eslabon.study.potential_inputs import (
    LEGAL_AREA,
    NOT_NETTED_HA,
    PLACE,
    Contested,
    Side,
    contested,
    conversion_kg_per_kg,
    export_quality,
    leaf_yield_kg_per_ha,
    legal_leaf_t,
    purity,
    unodc_area_ha,
    unodc_cocaine_t,
    us_area_ha,
    us_pure_t,
    zones_of,
)
from eslabon.units import KG_PER_T


@dataclass(frozen=True)
class Step:
    """A row of a chain: which step, its value and unit, where it comes from, its claims, and the range of its sides."""

    step: str
    value: float
    unit: str
    basis: str
    claims: tuple[str, ...]
    how: str
    low: float
    high: float


@dataclass(frozen=True)
class Inputs:
    """What both chains take in a year, each with all its sides."""

    area: Contested
    leaf: Contested
    legal: Contested
    conversion: Contested
    purity: Contested
    published: Contested | None
    us_area: Contested
    us_leaf: Contested
    us_pure: Contested


def read_inputs(ledger: Ledger, year: int, stated_purity: float | None) -> Inputs:
    """Return the inputs of a year, the leaf yield of one system lent to the other."""
    us_pure, us_area, leaf = us_pure_t(ledger, year), us_area_ha(ledger, year), leaf_yield_kg_per_ha(ledger, year)
    borrowed = contested([Side(side.value, "shared", side.claims, "shared_yield") for side in leaf.sides])
    return Inputs(
        unodc_area_ha(ledger, year), leaf, legal_leaf_t(ledger, year), conversion_kg_per_kg(ledger, year), purity(ledger, year, stated_purity),
        unodc_cocaine_t(ledger, year), us_area, borrowed, us_pure,
    )  # fmt: skip


def _step(name: str, unit: str, given: Contested) -> Step:
    taken = given.taken
    return Step(name, taken.value, unit, taken.basis, taken.claims, taken.how, given.low, given.high)


def _worked(name: str, unit: str, value: float, claims: Iterable[str] = (), *, how: str, basis: str = "computed") -> Step:
    return Step(name, value, unit, basis, tuple(claims), how, value, value)


def unodc_steps(ledger: Ledger, year: int, inputs: Inputs) -> tuple[Step, ...]:
    """Return the UNODC-style chain, from area to product."""
    area, leaf, legal, conversion = (given.taken.value for given in (inputs.area, inputs.leaf, inputs.legal, inputs.conversion))
    leaf_t = area * leaf / KG_PER_T
    chain_t = (leaf_t - legal) / conversion
    steps = [_step("area", "ha", inputs.area)]
    steps += [_worked("area_year_ends", "ha", side.value, side.claims, how=side.how) for side in inputs.area.sides if side.how == "year_ends"]
    steps += _zone_steps(ledger, year)
    steps += [
        _step("yield", "kg/ha/yr", inputs.leaf),
        _worked("leaf", "t", leaf_t, how="times"),
        _step("legal", "t", inputs.legal),
        _worked("leaf_left", "t", leaf_t - legal, how="less"),
        _step("conversion", "kg/kg", inputs.conversion),
        _worked("chain", "t", chain_t, how="over"),
    ]
    if inputs.published is not None:
        steps.append(_step("published", "t", inputs.published))
        steps.append(_worked("unexplained", "ratio", inputs.published.taken.value / chain_t, how="published_over_chain", basis="residual"))
    steps.append(_step("purity", "share", inputs.purity))
    shown = inputs.published.taken.value if inputs.published else chain_t
    return (*steps, _worked("pure", "t", shown * inputs.purity.taken.value, how="share"))


def _zone_steps(ledger: Ledger, year: int) -> list[Step]:
    zones = zones_of(ledger, year)
    if not zones:
        return []
    first, yields = zones[0], [zone.valley_kg_per_ha for zone in zones]
    valley = Step(
        "valley_kg_per_ha", first.valley_kg_per_ha, "kg/ha/yr", "claim", first.claims["valley_kg_per_ha"], "valley_yield", min(yields), max(yields)
    )
    return [
        _worked("valley_ha", "ha", first.valley_ha, first.claims["valley_ha"], how="published", basis="claim"),
        valley,
        _worked("rest_ha", "ha", first.rest_ha, first.claims["rest_ha"], how="rest_area"),
        _worked("rest_kg_per_ha", "kg/ha/yr", first.rest_kg_per_ha, first.claims["rest_kg_per_ha"], how="rest_yield"),
    ]


def us_steps(ledger: Ledger, year: int, inputs: Inputs) -> tuple[Step, ...]:
    """Return the United States chain: what is published of it, and what is left over between."""
    area, pure = inputs.us_area.taken.value, inputs.us_pure.taken.value
    per_ha = [KG_PER_T * p.value / a.value for p in inputs.us_pure.sides for a in inputs.us_area.sides]
    per_kg = [leaf.value / density for leaf in inputs.us_leaf.sides for density in per_ha]
    leaf = inputs.us_leaf.taken.value
    steps = [_step("us_area", "ha", inputs.us_area)]
    if year in NOT_NETTED_HA:
        removed, claim = NOT_NETTED_HA[year]
        steps.append(_worked("us_area_net", "ha", area - removed, dict.fromkeys((*inputs.us_area.taken.claims, claim)), how="not_netted"))
    steps += [
        _step("us_yield", "kg/ha/yr", inputs.us_leaf),
        Step("us_per_ha", KG_PER_T * pure / area, "kg/ha", "residual", (), "us_per_ha", min(per_ha), max(per_ha)),
        Step("us_conversion", leaf * area / KG_PER_T / pure, "kg/kg", "residual", (), "us_conversion", min(per_kg), max(per_kg)),
        _step("us_pure", "t", inputs.us_pure),
    ]
    quality = export_quality(ledger, year)
    if quality:
        given = contested(quality)
        steps.append(_step("us_quality", "share", given))
        exported = [pure / side.value for side in given.sides]
        steps.append(Step("us_export", exported[0], "t", "computed", quality[0].claims, "us_export", min(exported), max(exported)))
    return tuple(steps)


def objections(ledger: Ledger, year: int, inputs: Inputs) -> tuple[Step, ...]:
    """Return what the United States chain gives when its critics' hectares are taken out, at its own tonnes a hectare."""
    if year not in NOT_NETTED_HA:
        return ()
    area, pure = inputs.us_area.taken.value, inputs.us_pure.taken.value
    removed, claim = NOT_NETTED_HA[year]
    legal = ledger.preferred(LEGAL_AREA, PLACE).get(year)
    steps = [_worked("net_of_eradication", "t", pure * (area - removed) / area, (claim,), how="not_netted")]
    if legal is not None:
        steps.append(_worked("net_of_legal", "t", pure * (area - legal.value) / area, (claim, legal.id), how="legal_hectares"))
        steps.append(_worked("net_of_both", "t", pure * (area - removed - legal.value) / area, (claim, legal.id), how="both_objections"))
    return tuple(steps)
