"""Conflicts, accusations and what would have to be true, against enumeration, theory and hand calculation."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from scipy.stats import norm

from eslabon.errors import InputError
from eslabon.evidence.reconcile.conflicts import conflicts, diagnose
from eslabon.evidence.reconcile.fit import fit
from eslabon.evidence.reconcile.ledgers import draw_ledger
from eslabon.evidence.reconcile.naming import accusations, named
from eslabon.evidence.reconcile.needed import required
from eslabon.evidence.reconcile.network import Balance, Measurement, Network, Variable
from eslabon.evidence.reconcile.reliability import reliability
from eslabon.evidence.reconcile.snooping import Family, checks_of
from eslabon.evidence.reconcile.wls import adjust

Claim = tuple[str, str, float, float]


def network(names: str, claims: tuple[Claim, ...], *balances: Balance) -> Network:
    """Return a network of log-scale variables; each claim (id, variable, value, sigma) is a group of its own."""
    variables = tuple(Variable(name, "u") for name in names.split())
    return Network(variables, tuple(Measurement(*claim, group=f"group of {claim[0]}") for claim in claims), balances)


CONVERSION = (
    Balance("leaf", "product", "leaf", ("area", "yield")),
    Balance("net", "product", "net", ("leaf", "share")),
    Balance("conversion", "product", "net", ("product", "ratio")),
)
FIELD: tuple[Claim, ...] = (
    ("area", "area", 20_000.0, 0.05),
    ("yield", "yield", 3_600.0, 0.05),
    ("share", "share", 0.94, 0.02),
    ("ratio", "ratio", 320.0, 0.08),
)
NAMES = "area yield leaf share net ratio product"


def test_the_claim_that_does_not_fit_is_found_and_named() -> None:
    """20,000 × 3,600 × 0.94 / 320 = 211.5 t: 205 t and 215 t fit, 400 t does not."""
    low, high = ("two hundred", "product", 205e3, 0.08), ("and more", "product", 215e3, 0.08)
    diagnosis = diagnose(network(NAMES, (*FIELD, low, high, ("four hundred", "product", 400e3, 0.08)), *CONVERSION))
    assert not diagnosis.consistent and diagnosis.named == ("four hundred",)
    assert diagnosis.removals[0].claims == ("four hundred",)
    assert diagnosis.removals[0].p_before < 1e-4 and diagnosis.removals[0].p_after > 0.5
    found = {frozenset(conflict.claims): conflict for conflict in diagnosis.conflicts}
    assert found[frozenset({"two hundred", "four hundred"})].kind == "same_quantity"
    whole = found[frozenset({"area", "yield", "share", "ratio", "four hundred"})]
    assert (whole.kind, whole.balances) == ("balance", ("leaf", "net", "conversion"))
    assert diagnose(network(NAMES, (*FIELD, low, high), *CONVERSION)).consistent


def test_two_claims_alone_accuse_nobody() -> None:
    diagnosis = diagnose(network("x", (("one", "x", 100.0, 0.05), ("other", "x", 200.0, 0.05))))
    assert [conflict.claims for conflict in diagnosis.conflicts] == [("one", "other")]
    assert diagnosis.named == ()
    assert {accusation.rivals for accusation in diagnosis.accused} == {("one",), ("other",)}


def test_minimal_sets_match_an_enumeration_of_all_subsets() -> None:
    """Every set that the search returns is a minimal rejected one, and none of the smallest is missed."""
    claims: tuple[Claim, ...] = (*FIELD, ("p1", "product", 390e3, 0.05), ("p2", "product", 205e3, 0.05), ("leaf", "leaf", 73e6, 0.05))
    whole = network(NAMES, claims, *CONVERSION)
    level = diagnose(whole).set_level
    rejected = {
        frozenset(subset)
        for size in range(2, len(claims) + 1)
        for subset in combinations(whole.claims, size)
        if adjust(whole.only(subset)).p <= level
    }
    minimal = {one for one in rejected if not any(other < one for other in rejected)}
    found = {frozenset(conflict.claims) for conflict in conflicts(whole)}
    assert found <= minimal
    assert min(minimal, key=len) in found
    assert all("p1" in one for one in found)


def test_inputs_dearer_than_the_product_clash_through_the_inequality() -> None:
    ladder = Balance("ladder", "at_most", "product price", ("ratio", "leaf price"))
    variables = (Variable("ratio", "kg/kg"), Variable("leaf price", "USD/kg"), Variable("product price", "USD/kg"))
    values = {"ratio": 313.0, "leaf price": 4.3, "product price": 800.0}
    claims = tuple(Measurement(name, name, value, 0.1, name) for name, value in values.items())
    (conflict,) = diagnose(Network(variables, claims, (ladder,))).conflicts
    assert (set(conflict.claims), conflict.kind, conflict.balances) == (set(values), "inequality", ("ladder",))
    assert conflict.chi2 == pytest.approx(math.log(313.0 * 4.3 / 800.0) ** 2 / 0.03)
    cheap = tuple(replace(m, value=1.5) if m.variable == "leaf price" else m for m in claims)
    assert diagnose(Network(variables, cheap, (ladder,))).consistent


def test_an_inequality_broken_by_one_of_several_figures_is_found() -> None:
    """The mean of the prices satisfies the inequality; one of them, with the inputs, does not."""
    ladder = Balance("ladder", "at_most", "out", ("in",))
    claims = (("in", "in", 1_000.0, 0.05), ("dear", "out", 4_000.0, 0.05), ("cheap", "out", 600.0, 0.05))
    found = {frozenset(c.claims): c.kind for c in conflicts(network("in out", claims, ladder))}
    assert found == {frozenset({"in", "cheap"}): "inequality", frozenset({"dear", "cheap"}): "same_quantity"}


def test_one_source_with_two_figures_is_a_quarrel_of_its_own() -> None:
    claims = (Measurement("early", "rate", 2.8, 0.01, "article"), Measurement("late", "rate", 3.3, 0.01, "article"))
    diagnosis = diagnose(Network((Variable("rate", "PEN/USD"),), claims, ()))
    (conflict,) = diagnosis.conflicts
    assert (conflict.claims, conflict.kind, diagnosis.consistent, diagnosis.named) == (("early", "late"), "within_group", False, ())
    assert conflict.chi2 == pytest.approx(math.log(3.3 / 2.8) ** 2 / 2e-4)


def test_order_of_claims_does_not_decide_who_is_accused() -> None:
    claims = (*FIELD, ("p1", "product", 205e3, 0.08), ("p2", "product", 215e3, 0.08), ("p3", "product", 400e3, 0.08))
    one, other = (network(NAMES, order, *CONVERSION) for order in (claims, claims[::-1]))
    assert {frozenset(c.claims) for c in conflicts(one)} == {frozenset(c.claims) for c in conflicts(other)}
    assert named(one) == named(other) == {"p3"}


def test_copies_share_the_accusation() -> None:
    claims = (*FIELD, ("p1", "product", 205e3, 0.08), ("p2", "product", 215e3, 0.08), ("p3", "product", 400e3, 0.08))
    whole = network(NAMES, claims, *CONVERSION)
    copy = Measurement("copy", "product", 400e3, 0.08, "group of p3")
    assert named(replace(whole, measurements=(*whole.measurements, copy))) == {"p3", "copy"}


def test_two_wrong_claims_are_both_named() -> None:
    fine = tuple((f"{name}{i}", name, value, 0.05) for name, value in (("x", 10.0), ("y", 20.0)) for i in range(5))
    wrong = (("wrong x", "x", 20.0, 0.05), ("wrong y", "y", 10.0, 0.05))
    total = Balance("total", "sum", "z", ("x", "y"))
    assert named(network("x y z", (*fine, *wrong, ("z", "z", 30.0, 0.05)), total)) == {"wrong x", "wrong y"}


def test_removing_a_piece_on_paper_equals_adjusting_without_it() -> None:
    """On balances that are straight in logarithms the tangent is exact."""
    whole = network(NAMES, (*FIELD, ("p1", "product", 205e3, 0.08), ("p2", "product", 300e3, 0.08)), *CONVERSION)
    checks = checks_of(fit(whole))
    for i, claim in enumerate(whole.claims):
        without = adjust(whole.without([claim]))
        assert checks.without(i).chi2 == pytest.approx(without.chi2, rel=1e-6)
        assert checks.without(i).degrees == without.degrees_of_freedom


@pytest.mark.parametrize("pairs", [1, 5, 20])
def test_family_wise_level_against_theory(pairs: int) -> None:
    """Two claims a quantity give one statistic a quantity, and independent ones follow Šidák."""
    names = " ".join(f"x{i}" for i in range(pairs))
    claims = tuple((f"c{i}{k}", f"x{i}", 1.0, 0.1) for i in range(pairs) for k in "ab")
    critical = Family(checks_of(fit(network(names, claims)))).critical(0.05)
    assert critical == pytest.approx(norm.ppf(0.5 + 0.5 * 0.95 ** (1 / pairs)), abs=0.03)


def test_smallest_named_error_is_named_as_often_as_promised() -> None:
    """Plant exactly the promised error among fresh noise: 95 % named, within the error of 50 trials."""
    truth = 100.0
    claims = tuple((f"c{i}", "x", truth, 0.05 + 0.01 * i) for i in range(8))
    whole = network("x", claims)
    smallest = reliability(whole)["c4"]
    rng = np.random.default_rng(6)
    hits = 0
    for _ in range(50):
        noisy = tuple(replace(m, value=truth * math.exp(m.sigma * rng.normal())) for m in whole.measurements)
        wrong = replace(noisy[4], value=truth * math.exp(smallest * noisy[4].sigma))
        hits += "c4" in named(replace(whole, measurements=(*noisy[:4], wrong, *noisy[5:])))
    assert hits >= 43  # fewer has a chance below 1 % at 95 %


def test_nobody_checks_a_lone_claim() -> None:
    whole = network("x y", (("a", "x", 1.0, 0.1), ("b", "y", 1.0, 0.1), ("c", "y", 1.0, 0.1)))
    assert reliability(whole) == {"a": math.inf, "b": math.inf, "c": math.inf}
    assert accusations(whole) == ()


def test_alpha_out_of_range_is_refused() -> None:
    with pytest.raises(InputError, match=r"between 0 and 0\.5"):
        diagnose(network("x", ()), alpha=0.7)


def test_what_would_have_to_be_true_by_hand() -> None:
    """400 t from 20,000 ha × 3,600 kg/ha × 0.94 needs 67,680,000 / 400,000 = 169.2 kg of leaf a kilogram, whatever 200 t says."""
    claims = (*FIELD, ("two", "product", 200e3, 0.1), ("four", "product", 400e3, 0.1))
    needs = required(network(NAMES, claims, *CONVERSION), "four")
    ratio = needs.need("ratio")
    assert ratio.value == pytest.approx(169.2) and ratio.evidence == pytest.approx(320.0)
    assert ratio.sigmas == pytest.approx(math.log(169.2 / 320.0) / 0.08)
    area = needs.need("area")
    assert area.value == pytest.approx(400e3 * 320 / 3_600 / 0.94)
    assert [follower.variable for follower in area.followers] == ["net", "leaf"]
    assert area.followers[1].value == pytest.approx(400e3 * 320 / 0.94)
    sigma_of_net = math.sqrt(0.05**2 + 0.05**2 + 0.02**2)
    assert needs.need("net").basis == "adjustment"
    assert needs.need("net").sigmas == pytest.approx(math.log(400e3 * 320 / 67.68e6) / sigma_of_net)
    assert needs.needs[0] == ratio  # 8.0 standard errors away, the others more


def test_an_inequality_gives_at_least_or_at_most() -> None:
    ladder = Balance("ladder", "at_most", "price", ("ratio", "leaf price"))
    claims = (("ratio", "ratio", 300.0, 0.1), ("leaf price", "leaf price", 4.0, 0.1), ("price", "price", 900.0, 0.1))
    needs = required(_ladder(claims, ladder), "price")
    ratio = needs.need("ratio")
    assert (ratio.relation, ratio.value) == ("at_most", pytest.approx(225.0))
    assert ratio.sigmas == pytest.approx(math.log(225.0 / 300.0) / 0.1)
    lone = required(_ladder(claims, ladder), "ratio").need("price")
    assert (lone.relation, lone.value) == ("at_least", pytest.approx(1_200.0))


def test_needs_without_an_answer_say_why() -> None:
    uses = Balance("uses", "sum", "all", ("a", "b", "c"))
    whole = network("all a b c alone", (("all", "all", 10.0, 0.1), ("a", "a", 20.0, 0.1), ("b", "b", 1.0, 0.1)), uses)
    needs = required(whole, "a")
    assert (needs.need("alone").value, needs.need("alone").reason) == (None, "not_connected")
    assert (needs.need("b").value, needs.need("b").reason) == (None, "not_determined")
    sure = replace(whole, measurements=(*whole.measurements, Measurement("c", "c", 1.0, 0.1, "g")))
    assert required(sure, "a").need("b").reason == "impossible"
    assert required(sure, "a").need("all").value == pytest.approx(22.0)


def test_forty_claims_are_diagnosed_in_full() -> None:
    """A ledger of some forty claims with two planted errors gives sets that are all confirmed on the balances themselves."""
    ledger = draw_ledger(np.random.default_rng((21, 8)))
    moved = tuple(replace(m, value=m.value * 2.0) if i in (18, 33) else m for i, m in enumerate(ledger.network.measurements))
    whole = replace(ledger.network, measurements=moved)
    diagnosis = diagnose(whole)
    assert diagnosis.conflicts and not diagnosis.consistent
    for conflict in diagnosis.conflicts:
        if conflict.kind != "within_group":
            assert adjust(whole.only(conflict.claims)).p == pytest.approx(conflict.p, rel=1e-3)


def _ladder(claims: tuple[Claim, ...], ladder: Balance) -> Network:
    variables = tuple(Variable(name, "u") for name in ("ratio", "leaf price", "price"))
    return Network(variables, tuple(Measurement(*claim, group=claim[0]) for claim in claims), (ladder,))
