"""A thin ladder beyond the border, for the validation targets that ask what consumers pay; nothing here feeds back.

Equation
    landed = border / (1 - s) + freight, s the share seized in transit. Within the consumer country either
    retail = landed + inside (additive, the default), or retail = landed * (1 + inside / landed_ref) (multiplicative, a
    rival form). Consumers buy C = C0 (retail / retail_0)^e. If what arrives is fixed, the price clears:
    retail = retail_0 (arriving / arriving_0)^(1/e). Shippers replace what is seized: the model's replacement demand.
Source
    rule-019 and X0209 (e, s: parameters of the model); X0201..X0207 (the ladder's own constants). None of them is taken from a
    validation target, but two of the targets (T13, the European part of T15) test little more than them.
Leaves out
    Every step by name, purity, inventories but for a delay, poly-drug use; anything about a route.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
            "freight_north_usd2013_per_kg", "usd2013/kg", 18_700, 14_000, 24_000, ("X0201", "X0202"),
            "wholesale in Los Angeles less export price, pure kilogram of 2007; a quarter either way is assumed",
        ),
        _constant(
            "inside_north_usd2013_per_kg", "usd2013/kg", 115_700, 87_000, 177_000, ("X0202", "X0203", "X0204", "X0205"),
            "retail less wholesale in the United States, pure kilogram of 2007; the ends are recorded purchases of 2007 and 2008",
        ),
        _constant(
            "freight_europe_usd2013_per_kg", "usd2013/kg", 16_000, 11_600, 35_600, ("X0206", "X0207"),
            "wholesale in Spain less 1,300 dollars of export price, 2024; the upper end is 2016",
        ),
        _constant(
            "pipeline_months", "month", 3, 1, 6, (), "months from the border to the consumer, over which shortages are smoothed",
        ),
    )
}  # fmt: skip
"""The ladder's own constants, each with a triangular prior like the model's parameters."""

SHARED = ("transit_seized_share", "retail_elasticity")
"""Parameters of the model that the ladder uses as each member drew them."""

BORDER_REFERENCE_USD2013 = REFERENCE_PRODUCT_USD2013
"""Hydrochloride in Peru in 2012 (C0809): where additive and multiplicative ladder agree."""

Ladder = dict[str, Array]


def draw_ladder(seed: int, members: Sequence[int], shared: Mapping[str, Array]) -> Ladder:
    """Return each constant as (member,): one keyed draw a member, and what the members drew for the shared parameters."""
    keys = [stream_key(seed, m, "retail", 0) for m in members]
    own = {name: np.array([p.quantile(uniform(key, name)) for key in keys]) for name, p in RETAIL.items()}
    return {**own, **{name: shared[name] for name in SHARED}}


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


def seized_share_after(growth: float, share: Array) -> Array:
    """Return the share of shipments seized when the kilograms seized grow and consumers are served as before.

    Parameters
    ----------
    growth : float
        Relative growth of the kilograms seized, such as 0.68.
    share : ndarray (member,)
        Share of shipments seized before.
    """
    seized = share * (1 + growth)
    return seized / (1 - share + seized)
