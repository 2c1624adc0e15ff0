"""Weighted least squares against algebra done by hand, another optimiser, and relations that must hold."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize, minimize_scalar

from eslabon.errors import InputError
from eslabon.evidence.reconcile.ledgers import draw_ledger
from eslabon.evidence.reconcile.network import Balance, Measurement, Network, Variable
from eslabon.evidence.reconcile.wls import adjust

Z90 = 1.6448536269514722


def linear(*names: str) -> tuple[Variable, ...]:
    """Return variables on the linear scale, free to be negative."""
    return tuple(Variable(name, "t", "linear", low=-math.inf) for name in names)


def splitter(values: tuple[float, float, float] = (100.0, 60.0, 30.0), unit: float = 1.0) -> Network:
    """Return F1 = F2 + F3 with standard errors 5, 3 and 4, all in units of `unit`."""
    sigmas = (5.0, 3.0, 4.0)
    measurements = tuple(Measurement(f"c{i}", f"f{i}", values[i - 1] * unit, sigmas[i - 1] * unit, f"g{i}") for i in (1, 2, 3))
    return Network(linear("f1", "f2", "f3"), measurements, (Balance("split", "sum", "f1", ("f2", "f3")),))


def chain(*measurements: Measurement) -> Network:
    """Return area × yield = leaf = legal + illicit on the log scale."""
    names = ("area", "yield", "leaf", "legal", "illicit")
    balances = (Balance("leaf", "product", "leaf", ("area", "yield")), Balance("uses", "sum", "leaf", ("legal", "illicit")))
    return Network(tuple(Variable(name, "u") for name in names), measurements, balances)


def test_splitter_by_hand() -> None:
    """Misfit w = f1 - f2 - f3 = 10, its variance 25 + 9 + 16 = 50, so λ = w / 50 = 0.2.

    Corrections are -σ²λ for f1 and +σ²λ for f2 and f3: 100 - 5, 60 + 1.8, 30 + 3.2; the balance 95 = 61.8 + 33.2 holds.
    chi2 = w² / 50 = 2 with one degree of freedom; adjusted variances are σ² - σ⁴ / 50: 12.5, 7.38, 10.88; redundancies
    σ² / 50: 0.5, 0.18, 0.32; each standardised residual is w / √50 = √2 in size.
    """
    adjustment = adjust(splitter())
    assert [v.value for v in adjustment.variables] == pytest.approx([95.0, 61.8, 33.2])
    assert [v.sigma for v in adjustment.variables] == pytest.approx([math.sqrt(12.5), math.sqrt(7.38), math.sqrt(10.88)])
    assert adjustment.variable("f1").low == pytest.approx(95.0 - Z90 * math.sqrt(12.5))
    assert (adjustment.chi2, adjustment.degrees_of_freedom) == (pytest.approx(2.0), 1)
    assert adjustment.p == pytest.approx(math.erfc(1.0))  # P(chi2_1 > 2) = P(|z| > √2)
    assert [r.redundancy for r in adjustment.residuals] == pytest.approx([0.5, 0.18, 0.32])
    assert [r.standardised for r in adjustment.residuals] == pytest.approx([math.sqrt(2), -math.sqrt(2), -math.sqrt(2)])
    assert adjustment.converged


def test_chain_against_another_optimiser() -> None:
    network = chain(
        Measurement("a", "area", 20_000.0, 0.05, "g1"),
        Measurement("y", "yield", 3_600.0, 0.10, "g2"),
        Measurement("f", "leaf", 60e6, 0.08, "g3"),
        Measurement("l", "legal", 12e6, 0.30, "g4"),
        Measurement("i", "illicit", 90e6, 0.15, "g5"),
    )
    measured = np.log([20_000.0, 3_600.0, 60e6, 12e6, 90e6])
    sigma = np.array([0.05, 0.10, 0.08, 0.30, 0.15])
    balances = (
        {"type": "eq", "fun": lambda x: x[0] + x[1] - x[2]},
        {"type": "eq", "fun": lambda x: math.log(math.exp(x[3] - x[2]) + math.exp(x[4] - x[2]))},
    )
    other = minimize(
        lambda x: float((((x - measured) / sigma) ** 2).sum()),
        measured,
        method="SLSQP",
        constraints=balances,
        options={"ftol": 1e-14, "maxiter": 1000},
    )
    adjustment = adjust(network)
    assert adjustment.converged and other.success
    assert [v.value for v in adjustment.variables] == pytest.approx(np.exp(other.x), rel=1e-4)
    assert adjustment.chi2 == pytest.approx(other.fun, rel=1e-6)


@pytest.mark.parametrize(("leaf", "legal", "illicit"), [(100.0, 300.0, 50.0), (1_000.0, 10.0, 900.0), (5.0, 400.0, 300.0), (100.0, 1e-3, 1e-3)])
def test_gross_contradictions_converge_to_the_best_point(leaf: float, legal: float, illicit: float) -> None:
    """With leaf eliminated the problem has two unknowns and no constraint; another optimiser finds the same least misfit."""
    said = (("leaf", leaf, 0.02), ("legal", legal, 0.02), ("illicit", illicit, 0.5))
    adjustment = adjust(chain(*(Measurement(name, name, value, sigma, name) for name, value, sigma in said)))

    def misfit(x: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
        whole = np.logaddexp(x[0], x[1])
        return float(((np.array([whole, *x]) - np.log([leaf, legal, illicit])) ** 2 / np.array([0.02, 0.02, 0.5]) ** 2).sum())

    starts = [np.log([legal, illicit]), np.log([leaf / 2, leaf / 2]), np.log([leaf, leaf / 100])]
    best = min(
        (minimize(misfit, x, method="Nelder-Mead", options={"xatol": 1e-9, "fatol": 1e-9, "maxiter": 4_000}) for x in starts), key=lambda m: m.fun
    )
    assert adjustment.converged
    assert adjustment.chi2 == pytest.approx(best.fun, rel=1e-5)


def test_unmeasured_quantity_follows_and_its_error_propagates() -> None:
    """leaf = area × yield with relative errors 0.03 and 0.04 has the relative error 0.05."""
    network = chain(Measurement("a", "area", 10.0, 0.03, "g1"), Measurement("y", "yield", 5.0, 0.04, "g2"))
    leaf = adjust(network).variable("leaf")
    assert (leaf.value, leaf.sigma, leaf.measured, leaf.observable) == (pytest.approx(50.0), pytest.approx(0.05), False, True)


def test_unobservable_quantities_are_reported_not_invented() -> None:
    """Leaf is known; two unknown uses share it, so neither is determined."""
    adjustment = adjust(chain(Measurement("f", "leaf", 70e6, 0.1, "g1"), Measurement("a", "area", 2e4, 0.1, "g2")))
    known = {v.name: v.observable for v in adjustment.variables}
    assert known == {"area": True, "yield": True, "leaf": True, "legal": False, "illicit": False}
    assert adjustment.variable("illicit").value is None and adjustment.variable("illicit").low is None
    assert (adjustment.degrees_of_freedom, adjustment.p) == (0, 1.0)
    assert all(r.redundancy == 0.0 and r.standardised is None for r in adjustment.residuals)


def test_one_more_claim_makes_the_rest_observable() -> None:
    claims = (Measurement("f", "leaf", 70.0, 0.01, "g1"), Measurement("l", "legal", 10.0, 0.01, "g2"))
    illicit = adjust(chain(*claims)).variable("illicit")
    assert illicit.value == pytest.approx(60.0)
    assert illicit.sigma == pytest.approx(math.hypot(70.0 * 0.01, 10.0 * 0.01) / 60.0)


def test_redundancies_add_up_to_the_degrees_of_freedom() -> None:
    for i in range(8):
        adjustment = adjust(draw_ledger(np.random.default_rng((404, i))).network)
        pieces = {(r.variable, r.group): r.redundancy for r in adjustment.residuals}
        assert sum(pieces.values()) == pytest.approx(adjustment.degrees_of_freedom, abs=1e-4)


def test_order_of_claims_variables_and_balances_changes_nothing() -> None:
    network = draw_ledger(np.random.default_rng(3)).network
    turned = Network(network.variables[::-1], network.measurements[::-1], network.balances[::-1])
    one, other = adjust(network), adjust(turned)
    assert other.chi2 == pytest.approx(one.chi2, rel=1e-6)
    assert sum(v.observable for v in one.variables) > 5
    for variable in one.variables:
        again = other.variable(variable.name)
        assert again.observable == variable.observable
        if variable.observable:
            assert again.value == pytest.approx(variable.value, rel=1e-6)
            assert again.low == pytest.approx(variable.low, rel=1e-4)


@settings(max_examples=25, deadline=None)
@given(
    values=st.tuples(*(st.floats(1.0, 1_000.0) for _ in range(3))),
    unit=st.sampled_from([1e-6, 1e-3, 1e3, 1e6]),
)
def test_units_change_nothing(values: tuple[float, float, float], unit: float) -> None:
    one, other = adjust(splitter(values)), adjust(splitter(values, unit))
    assert other.chi2 == pytest.approx(one.chi2, rel=1e-6, abs=1e-9)
    assert [v.value / unit for v in other.variables] == pytest.approx([v.value for v in one.variables], rel=1e-6, abs=1e-6)
    assert [r.redundancy for r in other.residuals] == pytest.approx([r.redundancy for r in one.residuals])


def test_log_scale_units_change_nothing() -> None:
    kilograms = chain(
        Measurement("a", "area", 20.0, 0.05, "1"), Measurement("y", "yield", 3_600.0, 0.1, "2"), Measurement("f", "leaf", 60_000.0, 0.1, "3")
    )
    leaf_in_t = (replace(kilograms.balances[0], factor=1e-3), kilograms.balances[1])
    claims = (*kilograms.measurements[:2], replace(kilograms.measurements[2], value=60.0))
    tonnes = Network(kilograms.variables, claims, leaf_in_t)
    one, other = adjust(kilograms), adjust(tonnes)
    assert other.variable("leaf").value == pytest.approx(one.variable("leaf").value / 1e3)
    assert (other.variable("area").low, other.chi2) == (pytest.approx(one.variable("area").low), pytest.approx(one.chi2))


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000))
def test_adjusted_values_satisfy_every_balance(seed: int) -> None:
    ledger = draw_ledger(np.random.default_rng((1, seed)))
    adjustment = adjust(ledger.network)
    value = {v.name: v.value for v in adjustment.variables}
    for balance in ledger.network.balances:
        if all(value[name] is not None for name in balance.names):
            terms = [value[name] for name in balance.terms]
            right = math.prod(terms) if balance.kind == "product" else sum(terms)
            assert value[balance.result] == pytest.approx(right, rel=1e-6)


def test_claims_that_agree_stay_as_they_are() -> None:
    network = chain(Measurement("a", "area", 4.0, 0.1, "1"), Measurement("y", "yield", 5.0, 0.2, "2"), Measurement("f", "leaf", 20.0, 0.3, "3"))
    adjustment = adjust(network)
    assert [r.residual for r in adjustment.residuals] == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)
    assert (adjustment.chi2, adjustment.p) == (pytest.approx(0.0, abs=1e-12), pytest.approx(1.0))


def test_copies_within_a_group_do_not_narrow_an_interval() -> None:
    once = chain(Measurement("a", "area", 10.0, 0.1, "ministry"), Measurement("y", "yield", 5.0, 0.1, "other"))
    copies = tuple(Measurement(f"copy{i}", "area", 10.0, 0.1, "ministry") for i in range(5))
    again = replace(once, measurements=(*once.measurements, *copies))
    apart = replace(once, measurements=(*once.measurements, replace(copies[0], group="survey")))
    one, many, two = (adjust(network).variable("leaf") for network in (once, again, apart))
    assert (many.low, many.high) == (pytest.approx(one.low), pytest.approx(one.high))
    assert two.sigma == pytest.approx(math.hypot(0.1 / math.sqrt(2.0), 0.1))
    assert adjust(again).residual("copy3").counted_with == ("a", "copy0", "copy1", "copy2", "copy4")


def test_figures_that_differ_within_a_group_make_it_less_sure() -> None:
    """Logarithms ±0.1 around 10: mean 0 (in logs of 10), standard deviation 0.1 √2, so sigma² = 0.05² + 0.02."""
    claims = (Measurement("low", "area", 10.0 * math.exp(-0.1), 0.05, "g"), Measurement("high", "area", 10.0 * math.exp(0.1), 0.20, "g"))
    area = adjust(chain(*claims)).variable("area")
    assert (area.value, area.sigma) == (pytest.approx(10.0), pytest.approx(math.sqrt(0.05**2 + 0.02)))


def test_inequality_by_hand() -> None:
    """a ≤ b with a = 10 ± 1, b = 6 ± 2: both at (10 / 1 + 6 / 4) / (1 + 1 / 4) = 9.2, and chi2 = (10 - 6)² / (1 + 4) = 3.2."""
    claims = (Measurement("a", "a", 10.0, 1.0, "1"), Measurement("b", "b", 6.0, 2.0, "2"))
    adjustment = adjust(Network(linear("a", "b"), claims, (Balance("ladder", "at_most", "b", ("a",)),)))
    assert [v.value for v in adjustment.variables] == pytest.approx([9.2, 9.2])
    assert (adjustment.chi2, adjustment.degrees_of_freedom, adjustment.active) == (pytest.approx(3.2), 1, ("ladder",))


def test_inequality_that_holds_is_as_if_absent() -> None:
    claims = (Measurement("a", "a", 5.0, 1.0, "1"), Measurement("b", "b", 6.0, 2.0, "2"))
    adjustment = adjust(Network(linear("a", "b"), claims, (Balance("ladder", "at_most", "b", ("a",)),)))
    assert [v.value for v in adjustment.variables] == pytest.approx([5.0, 6.0])
    assert (adjustment.chi2, adjustment.degrees_of_freedom, adjustment.active) == (pytest.approx(0.0), 0, ())


def test_a_bound_holds() -> None:
    """A share cannot exceed 1: what is claimed of a part as more than the whole moves the parts, not the bound."""
    variables = (Variable("part", "t"), Variable("whole", "t"), Variable("share", "1", high=1.0))
    claims = (Measurement("p", "part", 12.0, 0.1, "1"), Measurement("w", "whole", 10.0, 0.1, "2"))
    adjustment = adjust(Network(variables, claims, (Balance("share", "product", "part", ("whole", "share")),)))
    assert adjustment.active == ("bound:share:high",)
    assert adjustment.variable("part").value == pytest.approx(math.sqrt(120.0)) == adjustment.variable("whole").value
    assert adjustment.chi2 == pytest.approx(math.log(1.2) ** 2 / 0.02)


def test_balances_that_cannot_hold_are_a_status() -> None:
    variables = (Variable("part", "t", low=20.0), Variable("whole", "t", high=10.0))
    adjustment = adjust(Network(variables, (Measurement("p", "part", 25.0, 0.1, "1"),), (Balance("b", "at_most", "whole", ("part",)),)))
    assert adjustment.status == "not_converged"


@pytest.mark.parametrize(("seized", "best"), [(90.0, 10.0), (99.9, 0.1), (120.0, 0.0)])
def test_remainder_near_zero_has_a_profile_interval(seized: float, best: float) -> None:
    """exported = product - seized with 5 % each: the ends are where chi2, minimised over seized, has risen by 1.645².

    With 120 seized of 100 produced the best value is nothing, and chi2 there is log(1.2)² / (2 · 0.05²).
    """
    variables = tuple(Variable(name, "t") for name in ("product", "seized", "exported"))
    claims = (Measurement("p", "product", 100.0, 0.05, "1"), Measurement("s", "seized", seized, 0.05, "2"))
    exported = adjust(Network(variables, claims, (Balance("uses", "sum", "product", ("seized", "exported")),))).variable("exported")
    least = math.log(1.2) ** 2 / (2 * 0.05**2) if best == 0.0 else 0.0

    def rise(out: float) -> float:
        def chi2(log_seized: float) -> float:
            return (math.log((math.exp(log_seized) + out) / 100.0) / 0.05) ** 2 + ((log_seized - math.log(seized)) / 0.05) ** 2

        return float(minimize_scalar(chi2, bounds=(4.0, 5.5), method="bounded", options={"xatol": 1e-10}).fun) - least - Z90**2

    assert exported.observable and exported.value == pytest.approx(best, rel=1e-5)
    assert exported.high == pytest.approx(brentq(rise, 0.5, 60.0), rel=0.01)
    assert rise(1e-9) < 0.0 and exported.low == 0.0  # nothing exported is not excluded


def test_two_unknown_parts_of_nothing_are_at_most_so_much() -> None:
    """What is left for two parts is nothing at best: each is bounded by what could be left, though neither is determined."""
    variables = tuple(Variable(name, "t") for name in ("all", "a", "b", "c"))
    claims = (Measurement("all", "all", 100.0, 0.05, "1"), Measurement("a", "a", 110.0, 0.05, "2"))
    adjustment = adjust(Network(variables, claims, (Balance("uses", "sum", "all", ("a", "b", "c")),)))
    b, c = adjustment.variable("b"), adjustment.variable("c")
    assert (b.value, b.low, b.sigma) == (0.0, 0.0, None) and b.high == pytest.approx(c.high, rel=0.02)
    assert 0.0 < b.high < 20.0


@pytest.mark.parametrize("seed", range(6))
def test_every_number_that_is_given_is_finite(seed: int) -> None:
    for adjusted in adjust(draw_ledger(np.random.default_rng((0, 0, (40, 148, 151, 208, 211, 213)[seed]))).network).variables:
        assert adjusted.observable == (adjusted.value is not None)
        assert all(math.isfinite(x) for x in (adjusted.value, adjusted.low, adjusted.high) if x is not None)


def test_nothing_claimed_nothing_known() -> None:
    adjustment = adjust(chain())
    assert not any(v.observable for v in adjustment.variables)
    assert (adjustment.chi2, adjustment.degrees_of_freedom, adjustment.p) == (0.0, 0, 1.0)


def _sound() -> Network:
    return splitter()


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: Measurement("c", "f1", 1.0, 0.0, "g"), "claim c.*above 0"),
        (lambda: Measurement("c", "f1", 1.0, math.nan, "g"), "claim c.*above 0"),
        (lambda: Measurement("c", "f1", math.inf, 1.0, "g"), "claim c.*finite"),
        (lambda: Measurement("c", "f1", 1.0, 1.0, ""), "independence group"),
        (lambda: Variable("v", "t", "log", low=-1.0), "variable v.*positive"),
        (lambda: Variable("v", "t", low=2.0, high=1.0), "variable v.*below"),
        (lambda: Variable("v", "t", "logg"), "Did you mean 'log'"),  # type: ignore[arg-type]
        (lambda: Balance("b", "sums", "x", ("y",)), "Did you mean 'sum'"),  # type: ignore[arg-type]
        (lambda: Balance("b", "sum", "x", ("y",), (1.0, 2.0)), "one coefficient a term"),
        (lambda: Balance("b", "sum", "x", ("x",)), "only once in a balance"),
        (lambda: replace(_sound(), balances=(Balance("b", "sum", "f1", ("f9",)),)), "balance b.*'f9'"),
        (lambda: replace(_sound(), measurements=(Measurement("c", "f7", 1.0, 1.0, "g"),)), "claim c.*'f7'.*Did you mean"),
        (lambda: replace(_sound(), measurements=_sound().measurements * 2), "claim c1.*only once"),
        (lambda: chain(Measurement("c", "area", -1.0, 0.1, "g")), "claim c.*above 0"),
        (lambda: _sound().measurement("c9"), "no such claim.*Did you mean"),
    ],
)
def test_broken_input_is_refused_with_its_place(build: object, words: str) -> None:
    with pytest.raises(InputError, match=words):
        build()  # type: ignore[operator]
