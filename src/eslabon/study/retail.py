"""A thin ladder beyond the border, for the validation targets that ask what consumers pay; nothing here feeds back.

Equation
    landed = border / (1 - s) + freight, s the share seized in transit. Within the consumer country either
    retail = landed + inside (additive, the default), or retail = landed * (1 + inside / landed_ref) (multiplicative, a
    rival form). Consumers buy C = C0 (retail / retail_0)^e. If what arrives is fixed, the price clears:
    retail = retail_0 (arriving / arriving_0)^(1/e). Shippers replace what is seized: shipped = C + seized.
Source
    rule-019 (e). The other constants are of this file and marked: none of them is taken from a validation target, but two of the
    targets (T13, the European part of T15) test little more than them.
Leaves out
    Every step by name, purity, inventories but for a delay, poly-drug use; anything about a route.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from eslabon.draws import stream_key, uniform
from eslabon.params.table import REFERENCE_PRODUCT_USD2013, Parameter

Array = npt.NDArray[np.float64]


def _constant(name: str, unit: str, default: float, low: float, high: float, claims: tuple[str, ...], meaning: str) -> Parameter:
    status = "estimated" if claims else "assumed"
    return Parameter(name, unit, "R10", default, low, high, status, claims, meaning)


RETAIL = {
    p.name: p
    for p in (
        _constant(
            "retail_elasticity", "1", -0.9, -1.5, -0.5, ("rule-019",), "elasticity of consumption to the retail price",
        ),
        _constant(
            "transit_seized_share", "1", 0.2, 0.1, 0.35, (),
            "share of what leaves the Andes that is seized on the way; from memory, official estimates of the 2000s lie between",
        ),
        _constant(
            "freight_north_usd2013_per_kg", "usd2013/kg", 24_000, 19_000, 30_000, (),
            "import less export price, United States about 2000; from memory, two published ladders (15,000 and 23,000 dollars at import)",
        ),
        _constant(
            "inside_north_usd2013_per_kg", "usd2013/kg", 175_000, 128_000, 223_000, (),
            "retail less import price of a pure kilogram, United States about 2000; from memory, the same two ladders (110,000 and 188,000)",
        ),
        _constant(
            "freight_europe_usd2013_per_kg", "usd2013/kg", 33_000, 27_000, 41_000, (),
            "wholesale price in Spain in the 2010s less the export price; from memory, police averages of 30,000 to 34,000 euros",
        ),
        _constant(
            "pipeline_months", "month", 3, 1, 6, (), "months from the border to the consumer, over which shortages are smoothed",
        ),
    )
}  # fmt: skip
"""The ladder's own constants, each with a triangular prior like the model's parameters."""

BORDER_REFERENCE_USD2013 = REFERENCE_PRODUCT_USD2013
"""Hydrochloride in Peru in 2012 (C0809): where additive and multiplicative ladder agree."""

Ladder = dict[str, Array]


def draw_ladder(seed: int, members: Sequence[int]) -> Ladder:
    """Return each constant as (member,), one keyed draw a member; the model's own draws are not touched."""
    keys = [stream_key(seed, m, "retail", 0) for m in members]
    return {name: np.array([p.quantile(uniform(key, name)) for key in keys]) for name, p in RETAIL.items()}


def landed_price(border: Array, seized_share: Array, freight: Array) -> Array:
    """Return the price on arrival, usd2013/kg: what is lost on the way is paid by what arrives.

    Parameters
    ----------
    border, freight : ndarray (member,)
        Usd2013 a kilogram.
    seized_share : ndarray (member,)
        Share of shipments seized, below 1.
    """
    return border / (1 - seized_share) + freight


def retail_price(landed: Array, inside: Array, landed_reference: Array, multiplicative: bool = False) -> Array:
    """Return the price of a pure kilogram to consumers, usd2013."""
    return landed * (1 + inside / landed_reference) if multiplicative else landed + inside


def north_price(border: Array, ladder: Ladder, seized_share: Array | None = None, multiplicative: bool = False) -> Array:
    """Return the retail price in North America that a border price and a share seized on the way lead to."""
    freight = ladder["freight_north_usd2013_per_kg"]
    share = ladder["transit_seized_share"] if seized_share is None else seized_share
    reference = landed_price(np.full_like(freight, BORDER_REFERENCE_USD2013), ladder["transit_seized_share"], freight)
    return retail_price(landed_price(border, share, freight), ladder["inside_north_usd2013_per_kg"], reference, multiplicative)


def value_shares(farm: Array, border: Array, ladder: Ladder) -> dict[str, Array]:
    """Return who adds what to the retail value of a kilogram in North America.

    Parameters
    ----------
    farm : ndarray (member,)
        Paid to growers for the leaf in a kilogram of product, usd2013; lost kilograms are paid by those that arrive.
    border : ndarray (member,)
        Usd2013 a kilogram.

    Returns
    -------
    dict of name to ndarray (member,)
        `farm`, `source`, `international`, `inside`; they add to one.
    """
    arriving = 1 - ladder["transit_seized_share"]
    landed = landed_price(border, ladder["transit_seized_share"], ladder["freight_north_usd2013_per_kg"])
    retail = north_price(border, ladder)
    steps = {"farm": farm / arriving, "source": (border - farm) / arriving, "international": landed - border / arriving, "inside": retail - landed}
    return {name: step / retail for name, step in steps.items()}


def arriving_kg(exported: Array, ladder: Ladder) -> Array:
    """Return what reaches consumers of what crosses the border, kg."""
    return exported * (1 - ladder["transit_seized_share"])


def clearing_index(arriving: Array, usual: Array, elasticity: Array, prices_free: float = 1.0) -> Array:
    """Return the retail price relative to the usual one when `arriving` instead of `usual` is on sale, (member, ...).

    Parameters
    ----------
    elasticity : ndarray (member,)
        Below 0.
    prices_free : float
        0 keeps prices constant (the null model).
    """
    exponent = prices_free / elasticity.reshape(-1, *[1] * (arriving.ndim - 1))
    return np.asarray((arriving / usual) ** exponent)


def replacement(seized_growth: float, ladder: Ladder, price_ratio: Array) -> tuple[Array, Array]:
    """Return shipments relative to before, and the new share seized, when seized kilograms grow and consumers are served.

    Parameters
    ----------
    seized_growth : float
        Relative growth of the kilograms seized in transit, such as 0.68.
    price_ratio : ndarray (member,)
        Retail price relative to before, which consumers answer.

    Returns
    -------
    shipped : ndarray (member,)
        1 at rest.
    share : ndarray (member,)
        Seized over shipped.
    """
    before = ladder["transit_seized_share"]
    seized = before * (1 + seized_growth)
    shipped = (1 - before) * price_ratio ** ladder["retail_elasticity"] + seized
    return shipped, seized / shipped
