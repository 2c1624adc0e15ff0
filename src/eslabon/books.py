"""Books: the table of flows, the postings of a run, and the independent auditor that re-adds them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from eslabon.errors import BalanceError

Array = npt.NDArray[np.float64]


class Flow(NamedTuple):
    """One kind of posting: so much of a commodity moved between two accounts of a basin in a month."""

    commodity: str
    source: str
    target: str
    meaning: str


class Account(NamedTuple):
    """A stock that must explain itself; accounts not listed are the outside world."""

    commodity: str
    name: str
    unit: str


ACCOUNTS = (
    Account("leaf", "growers", "kg sun-dried leaf"),
    Account("leaf", "buyers", "kg sun-dried leaf"),
    Account("product", "stores", "kg cocaine"),
    Account("product", "in_transit", "kg cocaine"),
    Account("money", "growers", "usd2013"),
    Account("money", "buyers", "usd2013"),
    Account("land", "counted", "ha"),
    Account("land", "young", "ha"),
    Account("land", "erased", "ha"),
    Account("land", "fallow", "ha"),
    Account("land", "assisted_crops", "ha"),
    Account("people", "households", "households"),
    Account("prisoners", "prison", "persons"),
)

FLOWS: dict[str, Flow] = {
    "leaf.harvested": Flow("leaf", "fields", "growers", "leaf picked"),
    "leaf.sold_legal": Flow("leaf", "growers", "state_company", "leaf sold to the state company"),
    "leaf.sold_traditional": Flow("leaf", "growers", "traditional_trade", "leaf sold for chewing and infusion"),
    "leaf.sold_illicit": Flow("leaf", "growers", "buyers", "leaf sold to local buyers"),
    "leaf.spoiled": Flow("leaf", "growers", "waste", "unsold leaf lost while it waits"),
    "leaf.seized": Flow("leaf", "buyers", "seized", "leaf taken at processing sites"),
    "leaf.processed": Flow("leaf", "buyers", "processed", "leaf turned into product"),
    "product.made": Flow("product", "processing", "stores", "product made"),
    "product.seized_at_sites": Flow("product", "stores", "seized", "product taken at processing sites"),
    "product.used": Flow("product", "stores", "domestic_use", "product used in the country"),
    "product.dispatched": Flow("product", "stores", "in_transit", "product leaving the basin by the corridors"),
    "product.seized_in_transit": Flow("product", "in_transit", "seized", "product taken on the way"),
    "product.exported": Flow("product", "in_transit", "border", "product arriving at the border"),
    "money.legal_sales": Flow("money", "state_company", "growers", "paid by the state company"),
    "money.traditional_sales": Flow("money", "traditional_trade", "growers", "paid by traditional traders"),
    "money.illicit_sales": Flow("money", "buyers", "growers", "paid by local buyers"),
    "money.buyers_funded": Flow("money", "trade", "buyers", "advanced to local buyers for their purchases"),
    "money.harvest_labour": Flow("money", "growers", "labourers", "paid to hired pickers"),
    "money.upkeep": Flow("money", "growers", "suppliers", "inputs and upkeep of the stand"),
    "money.planting": Flow("money", "growers", "suppliers", "cost of planting"),
    "money.licit_income": Flow("money", "licit_markets", "growers", "other crops and licit day work"),
    "money.day_labour": Flow("money", "labourers", "growers", "earned as pickers, crews and carriers by the basin's households"),
    "money.crop_income": Flow("money", "licit_markets", "growers", "earned with assisted tree crops"),
    "money.programme_payments": Flow("money", "state", "growers", "paid to families that stay out of coca"),
    "money.transfers": Flow("money", "state", "growers", "transfers tied to school attendance"),
    "money.consumption": Flow("money", "growers", "shops", "household spending"),
    "money.leavers_cash": Flow("money", "growers", "elsewhere", "cash of households that left"),
    "money.leavers_debt": Flow("money", "lenders", "growers", "debts of households that left, written off"),
    "land.counted": Flow("land", "young", "counted", "young coca that comes into production"),
    "land.planted_forest": Flow("land", "forest_and_other", "young", "coca planted on new land"),
    "land.planted_fallow": Flow("land", "fallow", "young", "coca planted on fallow"),
    "land.planted_erased": Flow("land", "erased", "young", "coca replanted on eradicated plots"),
    "land.abandoned_counted": Flow("land", "counted", "fallow", "productive coca given up"),
    "land.abandoned_young": Flow("land", "young", "fallow", "young coca given up"),
    "land.removed_counted": Flow("land", "counted", "erased", "productive coca eradicated"),
    "land.removed_young": Flow("land", "young", "erased", "young coca eradicated"),
    "land.left_counted": Flow("land", "counted", "forest_and_other", "coca of households that left"),
    "land.left_young": Flow("land", "young", "forest_and_other", "young coca of households that left"),
    "land.left_erased": Flow("land", "erased", "forest_and_other", "eradicated land of households that left"),
    "land.left_fallow": Flow("land", "fallow", "forest_and_other", "fallow of households that left"),
    "land.given_up_counted": Flow("land", "counted", "erased", "productive coca uprooted by its growers for a payment"),
    "land.given_up_young": Flow("land", "young", "erased", "young coca uprooted by its growers for a payment"),
    "land.crop_on_erased": Flow("land", "erased", "assisted_crops", "tree crops planted where coca was"),
    "land.crop_on_other": Flow("land", "forest_and_other", "assisted_crops", "tree crops planted on other land"),
    "land.left_crops": Flow("land", "assisted_crops", "forest_and_other", "tree crops of households that left"),
    "leaf.left": Flow("leaf", "growers", "waste", "leaf of households that left"),
    "people.arrived": Flow("people", "elsewhere", "households", "households that arrived"),
    "people.left": Flow("people", "households", "elsewhere", "households that left"),
    "people.moved_in": Flow("people", "road", "households", "households that came from another basin after eradication"),
    "people.moved_out": Flow("people", "households", "road", "households that went to another basin after eradication"),
    "prisoners.imprisoned": Flow("prisoners", "free", "prison", "people imprisoned, pre-trial detention included"),
    "prisoners.released": Flow("prisoners", "prison", "free", "people released"),
}
"""Every kind of posting there is; a stage that posts another name is refused."""

TOLERANCE = 1e-9


class Imbalance(NamedTuple):
    """A stock whose change its postings do not explain."""

    commodity: str
    account: str
    member: int
    month: int
    basin: int
    residual: float


def audit(postings: Mapping[str, Array], stocks: Mapping[str, Array], leaf_per_product: Array | None = None) -> Iterator[Imbalance]:
    """Re-add every account and yield what does not balance.

    Parameters
    ----------
    postings : mapping of flow name to ndarray (member, month, basin)
        As stored; a negative posting is an imbalance of its source account.
    stocks : mapping of `commodity.account` to ndarray (member, month + 1, basin)
        Closing stocks, with the opening ones at month 0. They are read from the households, never from totals.
    leaf_per_product : ndarray (member,), optional
        Each member's ratio, kg of leaf per kg of product: what was made must be what was processed over it.

    Yields
    ------
    Imbalance
        With the residual relative to the month's gross throughput plus the stock, where above 1e-9.
    """
    for account in ACCOUNTS:
        stock = stocks[f"{account.commodity}.{account.name}"]
        net, gross = np.zeros_like(stock[:, 1:]), np.zeros_like(stock[:, 1:])
        for name, amount in postings.items():
            flow = FLOWS[name]
            if flow.commodity != account.commodity:
                continue
            if flow.target == account.name:
                net, gross = net + amount, gross + np.abs(amount)
            if flow.source == account.name:
                net, gross = net - amount, gross + np.abs(amount)
        scale = np.maximum(gross + np.abs(stock[:, 1:]), 1.0)
        residual = np.abs(stock[:, 1:] - stock[:, :-1] - net) / scale
        for m, t, b in np.argwhere(~(residual <= TOLERANCE)):
            yield Imbalance(account.commodity, account.name, int(m), int(t), int(b), float(residual[m, t, b]))
    for name, amount in postings.items():
        for m, t, b in np.argwhere(~(amount >= -1e-6)):
            yield Imbalance(FLOWS[name].commodity, f"{name} is negative", int(m), int(t), int(b), float(amount[m, t, b]))
    yield from _audit_transformation(postings, leaf_per_product)


def _audit_transformation(postings: Mapping[str, Array], leaf_per_product: Array | None) -> Iterator[Imbalance]:
    """Product comes only from processed leaf: by the member's ratio, or, if that is not known, never more than the leaf."""
    made, used = postings["product.made"], postings["leaf.processed"]
    if leaf_per_product is None:
        wrong = np.where((made > TOLERANCE) & (made > used), made, 0.0)
    else:
        needed = made * np.asarray(leaf_per_product)[:, None, None]
        wrong = np.abs(needed - used) / np.maximum(used, 1.0)
    for m, t, b in np.argwhere(~(wrong <= TOLERANCE)):
        yield Imbalance("product", "made from leaf", int(m), int(t), int(b), float(wrong[m, t, b]))


def require_balance(postings: Mapping[str, Array], stocks: Mapping[str, Array], leaf_per_product: Array | None = None, *, file: str = "") -> None:
    """Raise `BalanceError` at the first imbalance."""
    for found in audit(postings, stocks, leaf_per_product):
        raise BalanceError(
            "stock change and postings differ by more than 1e-9 of throughput",
            file=file,
            place=f"{found.commodity}.{found.account}, member {found.member}, month {found.month}, basin {found.basin}",
            value=found.residual,
            remedy="The run is damaged or the model leaks; do not use it.",
        )
