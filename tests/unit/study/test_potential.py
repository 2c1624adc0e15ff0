"""Potential production: Shapley values against formulas worked by hand, the chain against published figures, the bridge."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from eslabon.errors import InputError
from eslabon.evidence.claims import Claim, Ledger, Source
from eslabon.evidence.pack import load_pack
from eslabon.study.attribution import shapley
from eslabon.study.potential import FACTORS, Potential, bridges, potential, product_t
from eslabon.study.potential_inputs import NOT_NETTED_HA, conversion_kg_per_kg, leaf_yield_kg_per_ha


@pytest.fixture(scope="module")
def ledger() -> Ledger:
    return load_pack("peru").ledger


@pytest.fixture(scope="module")
def found(ledger: Ledger) -> Potential:
    return potential(ledger, 2019)


def one(**values: float) -> dict[str, Any]:
    return {name: np.array([value]) for name, value in values.items()}


def step(found: Potential, name: str) -> float:
    return next(s.value for s in (*found.unodc_steps, *found.us_steps, *found.objections) if s.step == name)


def test_two_factors_by_hand() -> None:
    parts = shapley(lambda x: x["a"] * x["b"], one(a=2, b=3), one(a=5, b=11))
    assert parts["a"][0] == pytest.approx((5 - 2) * (3 + 11) / 2)
    assert parts["b"][0] == pytest.approx((11 - 3) * (2 + 5) / 2)


def test_three_factors_by_hand() -> None:
    parts = shapley(lambda x: x["a"] * x["b"] * x["c"], one(a=1, b=2, c=3), one(a=4, b=6, c=5))
    assert parts["a"][0] == pytest.approx((4 - 1) * (2 * 3 / 3 + (6 * 3 + 2 * 5) / 6 + 6 * 5 / 3))


def test_an_input_that_does_not_change_carries_nothing() -> None:
    parts = shapley(lambda x: x["a"] + x["b"] ** 2, one(a=2, b=3), one(a=7, b=3))
    assert (parts["a"][0], parts["b"][0]) == (5, 0)


def test_the_values_are_the_mean_over_all_orders() -> None:
    rng = np.random.default_rng(3)
    before, after = ({name: rng.uniform(0.5, 2, 4) for name in FACTORS} for _ in range(2))
    means = {name: np.zeros(4) for name in FACTORS}
    orders = list(itertools.permutations(FACTORS))
    for order in orders:
        now = dict(before)
        for name in order:
            changed = {**now, name: after[name]}
            means[name] += (product_t(changed) - product_t(now)) / len(orders)
            now = changed
    parts = shapley(product_t, before, after)
    for name in FACTORS:
        np.testing.assert_allclose(parts[name], means[name], rtol=1e-10, atol=1e-12)


def test_the_order_of_the_names_does_not_matter() -> None:
    before, after = one(a=2, b=3, c=4), one(a=1, b=7, c=2)
    forth = shapley(lambda x: x["a"] / x["b"] + x["c"] * x["a"], before, after)
    turned = shapley(lambda x: x["a"] / x["b"] + x["c"] * x["a"], dict(reversed(before.items())), after)
    assert {name: pytest.approx(part[0]) for name, part in forth.items()} == {name: part[0] for name, part in turned.items()}


def test_the_chain_of_2019_by_hand(found: Potential) -> None:
    valley, rest = 26_028 * 3_627, (54_655 - 26_028) * (105_960 - 73_643) * 1000 / (43_900 - 20_304)
    leaf_t = (valley + rest) / 1000
    assert step(found, "leaf") == pytest.approx(leaf_t)
    assert step(found, "chain") == pytest.approx((leaf_t - 11_172) / 313)
    assert found.closing_unodc == pytest.approx((leaf_t - 11_172) / 705)
    assert found.closing_us == pytest.approx(72_000 * leaf_t / 54_655 / 705)
    assert found.left_t == pytest.approx(705 - 72_000 * leaf_t / 54_655 / 258.6)
    assert step(found, "us_per_ha") == pytest.approx(705_000 / 72_000)


def test_the_two_figures_are_those_published(found: Potential) -> None:
    bridge = found.bridge
    assert (bridge.unodc_area_ha, bridge.us_area_ha, bridge.unodc_t, bridge.us_t) == (54_655, 72_000, 400, 705)
    assert (bridge.bound, bridge.unodc_claims, bridge.us_claims) == ("upper", ("C0635",), ("C0654",))
    assert bridge.gap_t == 305


def test_the_parts_add_up_to_the_gap_in_every_year(ledger: Ledger) -> None:
    every = bridges(ledger)
    assert [bridge.year for bridge in every] == [*range(2008, 2020), 2021]
    for bridge in every:
        assert sum(part.tonnes for part in bridge.parts) == pytest.approx(bridge.gap_t, abs=1e-9)
        for part in bridge.parts:
            assert part.low - 1e-9 <= part.tonnes <= part.high + 1e-9
    published = {bridge.year: (bridge.unodc_t, bridge.us_t) for bridge in every if bridge.published}
    assert published == {2008: (302, 235), 2013: (350, 360), 2017: (411, 491), 2019: (400, 705), 2021: (1000, 785)}


def test_the_area_part_of_2019_by_hand(found: Potential, ledger: Ledger) -> None:
    """With yield, purity and both ends given, the area part is a mean over the orders of the three inputs that differ."""
    area, leaf, legal, k = 54_655, leaf_yield_kg_per_ha(ledger, 2019).taken.value, 11_172, 313
    u = 400 / ((area * leaf / 1000 - legal) / k)
    k_us = 72_000 * leaf / 1000 / 705
    gain = (72_000 - area) * leaf / 1000
    weights = {(0, 0): 1 / 3, (1, 0): 1 / 6, (0, 1): 1 / 6, (1, 1): 1 / 3}
    expected = sum(weight * gain / (k_us if swapped else k) * (1 if plain else u) for (swapped, plain), weight in weights.items())
    part = next(part for part in found.bridge.parts if part.factor == "area")
    assert part.tonnes == pytest.approx(expected)


def test_the_conversion_left_over_falls_from_the_old_factor_of_375(ledger: Ledger) -> None:
    """In 2008 the United States tonnes are its area times the leaf of the other system over the 375 kg of C0720."""
    implied = {bridge.year: bridge.us_leaf_per_kg for bridge in bridges(ledger)}
    assert implied[2008] == pytest.approx(41_000 * (128_000 / 59_900) / 235)
    assert implied[2008] == pytest.approx(375, rel=0.01)
    assert implied[2015] == pytest.approx(53_000 * (96_304 / 40_300) / 410)
    assert implied[2008] > 1.4 * implied[2019]


def test_objections_by_hand_and_as_the_note_says(found: Potential, ledger: Ledger) -> None:
    removed, claim = NOT_NETTED_HA[2019]
    assert f"{removed:,.0f} of 25,526 ha eradicated not netted out" in ledger.claims[claim].note
    assert step(found, "net_of_eradication") == pytest.approx(705 * 54_000 / 72_000)
    assert step(found, "net_of_legal") == pytest.approx(705 * 63_000 / 72_000)
    assert step(found, "net_of_both") == pytest.approx(705 * 45_000 / 72_000)
    assert step(found, "us_area_net") == 54_000


def test_a_published_step_has_the_value_of_its_claim(ledger: Ledger) -> None:
    for year in (2008, 2013, 2017, 2019, 2021):
        study = potential(ledger, year)
        for row in (*study.unodc_steps, *study.us_steps):
            assert row.basis != "claim" or row.value == ledger.claims[row.claims[0]].value, row
            assert all(name in ledger.claims for name in row.claims)


def test_no_claim_says_what_the_united_states_used(ledger: Ledger, found: Potential) -> None:
    """If this fails, a step that is called an implied residual has become a published one."""
    groups = {c.quantity for c in ledger.claims.values() if c.independence_group == "us_government" and c.place == "Peru"}
    assert not {name for name in groups if name.startswith("leaf")}
    assert {row.step: row.basis for row in found.us_steps if row.step in {"us_yield", "us_per_ha", "us_conversion"}} == {
        "us_yield": "shared", "us_per_ha": "residual", "us_conversion": "residual",
    }  # fmt: skip


def test_ratios_worked_out_from_an_output_explain_nothing(ledger: Ledger, found: Potential) -> None:
    circular = {row.claim for row in found.conversions if row.circular}
    assert circular == {"C0725", "C0726"}
    for year in (2008, 2013, 2019):
        assert not circular & {claim for side in conversion_kg_per_kg(ledger, year).sides for claim in side.claims}


def test_a_stated_purity_moves_only_how_the_gap_is_told(ledger: Ledger, found: Potential) -> None:
    stated = potential(ledger, 2019, 0.9)
    assert (stated.bridge.unodc_t, stated.bridge.us_t) == (400, 705)
    parts = {part.factor: part.tonnes for part in stated.bridge.parts}
    plain = {part.factor: part.tonnes for part in found.bridge.parts}
    assert parts["purity"] < 0
    assert parts["purity"] + parts["conversion"] == pytest.approx(plain["conversion"], rel=0.05)
    assert step(stated, "pure") == pytest.approx(360)


@pytest.mark.parametrize("share", [0.0, -1.0, 1.01, float("nan")])
def test_an_impossible_purity_is_refused(ledger: Ledger, share: float) -> None:
    with pytest.raises(InputError, match="purity"):
        potential(ledger, 2019, share)


def test_a_year_without_both_series_names_those_that_have_them(ledger: Ledger) -> None:
    with pytest.raises(InputError, match="2018, 2019, 2021"):
        potential(ledger, 2020)


def small_ledger(*, leaf: tuple[float, ...] = (2000.0,), us_pure: float = 300.0) -> Ledger:
    """Return one year of both systems; each further yield is a disputed side."""
    base: dict[str, Any] = {
        "place": "Peru", "period_start": "2010-01-01", "period_end": "2010-12-31", "kind": "flow", "low": None, "high": None, "bound_type": "exact",
        "grade": "A", "confidence": "direct", "conflict": False, "preferred": False, "source_id": "s", "locator": "", "independence_group": "g",
        "series_break": "", "note": "", "form": "sun-dried leaf",
    }  # fmt: skip
    rows: list[dict[str, Any]] = [
        {"quantity": "coca_area_unodc", "unit": "ha", "value": 50_000.0, "period_start": "2010-12-31", "kind": "stock"},
        {"quantity": "coca_area_us", "unit": "ha", "value": 60_000.0, "period_start": "2010-12-31", "kind": "stock"},
        {"quantity": "leaf_traditional", "unit": "t", "value": 10_000.0},
        {"quantity": "leaf_per_cocaine", "unit": "kg/kg", "value": 300.0},
        {"quantity": "cocaine_potential_unodc", "unit": "t", "value": 300.0, "form": "cocaine hydrochloride"},
        {"quantity": "cocaine_potential_us_pure", "unit": "t", "value": us_pure, "form": "pure cocaine"},
        *({"quantity": "leaf_yield", "unit": "kg/ha/yr", "value": value, "conflict": n > 0} for n, value in enumerate(leaf)),
    ]
    claims = [Claim.model_validate({**base, **row, "id": f"c{n}"}) for n, row in enumerate(rows)]
    source = Source(source_id="s", title="a report", publisher="", year=None, url="", kind="report")
    return Ledger({claim.id: claim for claim in claims}, {"s": source})


def test_without_contested_inputs_there_is_no_range() -> None:
    """50,000 ha x 2,000 kg less 10,000 t is 90,000 t; over 300 that is the published 300 t, so nothing is left unexplained."""
    study = potential(small_ledger(), 2010)
    for part in study.bridge.parts:
        assert part.low == pytest.approx(part.tonnes, abs=1e-9)
        assert part.high == pytest.approx(part.tonnes, abs=1e-9)
    assert {part.factor: part.tonnes for part in study.bridge.parts}["unexplained"] == pytest.approx(0, abs=1e-9)
    assert study.closing_unodc == pytest.approx(300)
    assert study.closing_us == pytest.approx(60_000 * 2_000 / 1000 / 300)


def test_a_contested_yield_widens_yield_and_conversion_only_on_its_own_account() -> None:
    plain, disputed = (potential(small_ledger(leaf=leaf), 2010).bridge for leaf in ((2000.0,), (2000.0, 2500.0)))
    before = {part.factor: part for part in plain.parts}
    for part in disputed.parts:
        assert part.tonnes == pytest.approx(before[part.factor].tonnes)
        assert (part.high - part.low > 1) == (part.factor in {"area", "yield", "legal", "conversion", "unexplained"}), part


def test_the_gap_changes_sign_with_the_figures() -> None:
    assert potential(small_ledger(us_pure=350.0), 2010).bridge.gap_t == pytest.approx(50)
    assert potential(small_ledger(us_pure=250.0), 2010).bridge.gap_t == pytest.approx(-50)
