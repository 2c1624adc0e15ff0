"""What is found unaided in the shipped ledger, and what is found after a claim of another place or year is spoilt."""

from __future__ import annotations

import pytest

from eslabon.evidence.claims import Ledger
from eslabon.evidence.pack import RegionPack
from eslabon.study.reconciliation import Reconciliation, reconcile_place


@pytest.fixture(scope="module")
def vraem(peru: RegionPack) -> Reconciliation:
    """Return the VRAEM in the year of the reportage."""
    return reconcile_place(peru.ledger, "VRAEM", 2013)


@pytest.fixture(scope="module")
def nation(peru: RegionPack) -> Reconciliation:
    """Return the nation in the same year."""
    return reconcile_place(peru.ledger, "Peru", 2013)


@pytest.fixture(params=["vraem", "nation"])
def found(request: pytest.FixtureRequest) -> Reconciliation:
    """Return each of the two."""
    both: Reconciliation = request.getfixturevalue(request.param)
    return both


def spoilt(ledger: Ledger, claim: str, **changes: object) -> Ledger:
    """Return the ledger with one claim changed."""
    return Ledger({**ledger.claims, claim: ledger.claims[claim].model_copy(update=changes)}, ledger.sources)


def test_200_t_is_consistent_400_and_600_t_are_not(found: Reconciliation) -> None:
    holds = {verdict.reading.claim.id: verdict.holds for verdict in found.verdicts}
    assert holds["seed-003"] is True
    assert holds["seed-004"] is False
    assert holds["seed-005"] is False
    assert {"seed-004", "seed-005"} <= set(found.left_out)
    assert "seed-003" not in found.left_out


def test_leaf_for_a_kilogram_is_dearer_than_the_product_at_origin(found: Reconciliation) -> None:
    """313 × 38 / 12 = 991 USD and 313 × 38 / 11.5 = 1,034 USD against 800 USD."""
    ladder = next(f for f in found.findings if set(f.claims) == {"seed-028", "seed-008", "seed-020"})
    assert ladder.kind == "inequality"
    assert ladder.numbers["cost_low"] == pytest.approx(313 * 38 / 12)
    assert ladder.numbers["cost_high"] == pytest.approx(313 * 38 / 11.5)


def test_two_exchange_rates_and_two_arrobas(found: Reconciliation) -> None:
    by_kind = {finding.kind: finding for finding in found.findings if finding.kind in ("definition",)}
    assert "seed-009" in by_kind["definition"].claims
    assert (by_kind["definition"].numbers["first"], by_kind["definition"].numbers["second"]) == (11.5, 12.0)
    assert any(f.kind == "variant" and set(f.claims) == {"seed-038", "seed-039"} for f in found.findings)


def test_400_t_needs_169_kg_of_leaf_per_kg(found: Reconciliation) -> None:
    """20,000 ha × 3,600 kg/ha × 0.94 / 400 t, each figure with its claim."""
    verdict = next(v for v in found.verdicts if v.reading.claim.id == "seed-004")
    need = verdict.arithmetic[0]
    assert need.value == pytest.approx(20_000 * 3_600 * 0.94 / 400_000)
    assert round(need.value) == 169
    assert [term.claim for term in need.terms] == ["seed-006", "C0574", "seed-007", "seed-004"]
    assert ("seed-028", 313.0) in need.printed


def test_the_digit_swap_of_2013_is_a_candidate(found: Reconciliation) -> None:
    """121,424 and 121,242 beside 115,337 t; and 121,242 − 9,000 = 112,242 to the last digit."""
    leaf = next(f for f in found.findings if f.kind == "variant" and f.variable == "leaf@Peru")
    assert set(leaf.claims) == {"C0590", "C0591", "C0592"}
    assert any(c.key == "swap" and set(c.claims) == {"C0590", "C0591"} for c in leaf.candidates)
    assert any(c.key == "closes" and set(c.claims) == {"C0591", "C0618", "C0611"} for c in leaf.candidates)


def test_the_engine_names_nobody_it_should_not(found: Reconciliation) -> None:
    """Left out are the two contested totals and the rate that the World Bank's contradicts; the rest fits well."""
    assert set(found.left_out) == {"seed-004", "seed-005", "seed-039"}
    assert found.everything.p < 1e-4 < 0.05 < found.adjustment.p


def test_measuring_systems_are_never_spliced(vraem: Reconciliation) -> None:
    for balance in vraem.chain.network.balances:
        systems = {name.startswith("us_") for name in balance.names}
        assert len(systems) == 1, balance.id


def test_departments_stand_alone(nation: Reconciliation) -> None:
    assert not [v.name for v in nation.chain.network.variables if "dept" in v.name]


PLANTS = [
    ("Peru/VRAEM", 2010, "C0269", {"value": 19_723 * 2.5}),
    ("Peru", 2006, "C0584", {"value": 114_100 * 2.5}),
    ("Peru", 2005, "C0831", {"value": 307 / 2.5}),
    ("Peru/VRAEM", 2016, "C0601", {"value": 736_430.0}),
    ("Peru", 2017, "C0722", {"value": 411 * 2.5}),
]


@pytest.mark.parametrize(("place", "year", "claim", "change"), PLANTS)
def test_a_claim_spoilt_elsewhere_is_found(peru: RegionPack, place: str, year: int, claim: str, change: dict[str, object]) -> None:
    """Area, leaf, value or product times or over 2.5, and leaf with its point moved, in other years and places."""
    ledger = spoilt(peru.ledger, claim, **change)
    before = {frozenset(f.claims) for f in reconcile_place(peru.ledger, place, year).findings}
    after = [f for f in reconcile_place(ledger, place, year).findings if frozenset(f.claims) not in before]
    assert any(claim in finding.claims for finding in after)


def test_a_swap_planted_elsewhere_is_named(peru: RegionPack) -> None:
    """The VRAEM of 2015 a second time, by the same chain of sources, with two digits swapped: 18,333 and 13,833."""
    first = peru.ledger.claims["C0272"]
    ledger = Ledger({**peru.ledger.claims, "copy": first.model_copy(update={"id": "copy", "value": 13_833.0})}, peru.ledger.sources)
    findings = [f for f in reconcile_place(ledger, "VRAEM", 2015).findings if "copy" in f.claims]
    assert any(c.key == "swap" and set(c.claims) == {"C0272", "copy"} for f in findings for c in f.candidates)


def test_two_means_of_one_source_are_explained(peru: RegionPack) -> None:
    """4.3 and 3.7 USD in 2014 are the plain and the weighted mean of one report."""
    found = reconcile_place(peru.ledger, "Peru", 2014)
    prices = next(f for f in found.findings if set(f.claims) == {"C0754", "C0755"})
    assert "means" in {candidate.key for candidate in prices.candidates}


def test_a_figure_of_the_year_before_is_noticed(peru: RegionPack) -> None:
    """20,304 ha is printed for 2016 and for 2017."""
    found = reconcile_place(peru.ledger, "VRAEM", 2017)
    repeat = next(f for f in found.findings if f.kind == "repeat")
    assert set(repeat.claims) == {"C0273", "C0274"}


def test_the_new_yield_of_2004_is_seen_as_a_break(peru: RegionPack) -> None:
    """44,200 ha at the yield of 2004 cannot give the 50,790 t of 2003; the ledger's own series break is the reason offered."""
    found = reconcile_place(peru.ledger, "Peru", 2003)
    clash = next(f for f in found.findings if {"C0240", "C0581"} <= set(f.claims))
    assert any(c.key == "series_break" for c in clash.candidates)
