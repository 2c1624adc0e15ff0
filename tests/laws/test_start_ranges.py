"""The whole country in 2013, from the start of 2012: medians lie where the ledger's claims about that time do."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pytest

from eslabon.api import Region
from eslabon.evidence.claims import Claim
from eslabon.runs.chunk import run_chunk
from eslabon.stages.observe import Yearly
from small_region import Array, Key, ask, by_key

MEMBERS = range(12)
PRODUCT = "price_cocaine_origin_usd2013_per_kg"


@pytest.fixture(scope="module")
def rows(region: Region) -> dict[Key, Yearly]:
    found = run_chunk(region.pack, region.parameters, ask(start="2012", until=2013), 0, list(MEMBERS))
    assert not found.failed
    return by_key(found.yearly)


@pytest.fixture(scope="module")
def claims(region: Region) -> dict[str, Claim]:
    return region.pack.ledger.claims


class Place(NamedTuple):
    """Where a median should lie, and which claims say so."""

    low: float
    high: float
    claims: tuple[str, ...]


RANGES = {
    "levy a month, usd2013": Place(50_000, 100_000, ("rule-022",)),
    "levy over price at origin, VRAEM": Place(0.005, 0.04, ("rule-020", "rule-021", "rule-022")),
    "prison stock, VRAEM": Place(3000, 5000, ("seed-024",)),
    "clans": Place(30, 50, ("seed-027",)),
    "processing sites, VRAEM": Place(200, 400, ("seed-016",)),
    "captured municipalities": Place(11, 12, ("seed-029",)),
    "captured seats": Place(11.5, 12.5, ("seed-030",)),
    "armed group, members": Place(300, 500, ("X0188",)),
    "share of leaf sold to the state company": Place(0.02, 0.06, ("C0855", "seed-007")),
    "illicit share of leaf": Place(0.87, 0.94, ("C0596", "C0613")),
    "coca day wage over licit day wage": Place(1.5, 2.6, ("seed-011",)),
}
"""One claim about 4,000 prisoners and one about 40 clans have no published range: a quarter to either side is ours."""


def modelled(rows: dict[Key, Yearly]) -> dict[str, Array]:
    """Return what the members say of 2013 (offices: of the day the books open)."""

    def of(outcome: str, basin: str = "ALL", year: int = 2013) -> Array:
        row = rows[outcome, basin, None]
        return row.values[:, row.years.index(year)]

    return {
        "levy a month, usd2013": of("levy_usd2013") / 12,
        "levy over price at origin, VRAEM": of("levy_usd2013", "vraem") / of("levied_kg", "vraem") / of(PRODUCT, "vraem"),
        "prison stock, VRAEM": of("prison_stock", "vraem"),
        "clans": of("clans"),
        "processing sites, VRAEM": of("processing_sites", "vraem"),
        "captured municipalities": of("captured_mayors", year=2012),
        "captured seats": of("captured_seats", year=2012),
        "armed group, members": of("armed_group_members"),
        "share of leaf sold to the state company": of("legal_leaf_kg") / of("leaf_kg"),
        "illicit share of leaf": of("illicit_leaf_kg") / of("leaf_kg"),
        "coca day wage over licit day wage": of("wage_coca_usd2013_per_day") / of("wage_licit_usd2013_per_day"),
    }


@pytest.mark.parametrize("name", RANGES)
def test_the_median_lies_where_the_claims_do(rows: dict[Key, Yearly], name: str) -> None:
    place, found = RANGES[name], modelled(rows)[name]
    assert place.low <= np.median(found) <= place.high, (place.claims, found)


def test_the_ranges_are_the_ledgers(claims: dict[str, Claim]) -> None:
    """So that a corrected claim makes the range be looked at again."""
    assert (claims["rule-022"].low, claims["rule-022"].high) == (50_000, 100_000)
    assert (claims["seed-024"].value, claims["seed-027"].value) == (4000, 40)
    assert (claims["seed-016"].value, claims["seed-016"].bound_type) == (200, "lower")
    assert (claims["seed-029"].low, claims["seed-029"].high, claims["seed-030"].value) == (11, 12, 12)
    assert (claims["X0188"].low, claims["X0188"].high) == (300, 500)
    assert claims["seed-007"].value == 0.06
    assert claims["seed-011"].value == 2
    assert all(c in claims for place in RANGES.values() for c in place.claims)


def test_offices_of_the_vraem_are_part_of_the_nations(rows: dict[Key, Yearly]) -> None:
    nation, vraem = (rows[name, "ALL", None].values for name in ("captured_mayors", "captured_mayors_vraem"))
    assert np.all((vraem > 0) & (vraem < nation))
