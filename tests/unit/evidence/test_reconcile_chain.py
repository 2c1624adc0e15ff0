"""From claims to readings: units, forms, bounds, errors, slips of the pen, and made-up ledgers whose truth is known."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from eslabon.errors import InputError
from eslabon.evidence.claims import Claim, Ledger, Source
from eslabon.evidence.pack import RegionPack
from eslabon.evidence.reconcile.chain import build_chain
from eslabon.evidence.reconcile.claims_file import with_file
from eslabon.evidence.reconcile.groups import groups_of
from eslabon.evidence.reconcile.readings import RULES, find_place, read
from eslabon.evidence.reconcile.slips import is_cut_off, is_digit_lost, is_digit_swap, is_digit_typo, power_of_ten, rounds_to, swaps_of
from eslabon.evidence.reconcile.trust import HALF_WIDTH, last_digit_unit, printed_bounds, relative_error, rounding
from eslabon.study.reconciliation import Reconciliation, reconcile_place

EMPTY = Ledger({}, {"s": Source(source_id="s", title="t", publisher="", year=None, url="", kind="press")})


def claim(quantity: str, value: float, unit: str, **changes: object) -> Claim:
    """Return a claim of grade B on Atlantis in 2013, with what the quantity needs."""
    rule = RULES[quantity]
    area = rule.kind == "area"
    cells: dict[str, object] = {
        "id": f"{quantity}-{value:g}", "quantity": quantity, "form": rule.forms[0] if rule.forms else "not applicable", "unit": unit,
        "place": "Atlantis", "period_start": "2013-12-31" if area else "2013-01-01", "period_end": "2013-12-31",
        "kind": "stock" if area else "flow", "value": value, "low": None, "high": None, "bound_type": "exact", "grade": "B", "confidence": "",
        "conflict": False, "preferred": False, "source_id": "s", "locator": "", "independence_group": f"g-{quantity}-{value:g}",
        "series_break": "", "note": "",
    }  # fmt: skip
    return Claim.model_validate(cells | changes)


def ledger(*claims: Claim) -> Ledger:
    """Return a ledger of claims."""
    return Ledger({c.id: c for c in claims}, EMPTY.sources)


def findings(found: Reconciliation) -> list[tuple[str, frozenset[str]]]:
    """Return kind and claims of each finding."""
    return [(finding.kind, frozenset(finding.claims)) for finding in found.findings]


def clean(noise: np.random.Generator | None = None, **changes: object) -> Ledger:
    """Return a ledger of a nation and a valley whose figures obey every balance, exactly or with errors as assumed."""
    area, per_area, valley = 50_000.0, 2_400.0, 0.4
    leaf, traditional, ratio = 120_000.0, 9_000.0, 300.0
    truth = [
        ("coca_area_unodc", area, "ha", "Atlantis"), ("leaf_yield", per_area, "kg/ha/yr", "Atlantis"), ("leaf_production", leaf, "t", "Atlantis"),
        ("leaf_traditional", traditional, "t", "Atlantis"), ("leaf_to_trafficking", leaf - traditional, "t", "Atlantis"),
        ("leaf_per_cocaine", ratio, "kg/kg", "Atlantis"), ("cocaine_production", (leaf - traditional) / ratio, "t/yr", "Atlantis"),
        ("coca_area_unodc", area * valley, "ha", "Atlantis/Valle"), ("coca_area_share", 100 * valley, "percent", "Atlantis/Valle"),
        ("leaf_yield", 3_600.0, "kg/ha/yr", "Atlantis/Valle"), ("leaf_production", 72_000.0, "t", "Atlantis/Valle"),
        ("leaf_share", 60.0, "percent", "Atlantis/Valle"), ("cocaine_production", 72_000 * (1 - 0.075) / ratio, "t/yr", "Atlantis/Valle"),
        ("leaf_price", 24.0, "USD/arroba", "Atlantis/Valle"), ("price_hcl", 900.0, "USD/kg", "Atlantis/Valle"),
        ("arroba", 12.0, "kg", "Atlantis"), ("exchange_rate", 2.7, "PEN/USD", "Atlantis"),
    ]  # fmt: skip
    claims = []
    for i, (quantity, value, unit, place) in enumerate(truth):
        made = claim(quantity, value, unit, place=place, id=f"k{i}", independence_group=f"g{i}")
        if noise is not None and quantity != "arroba":
            error = relative_error(made.model_copy(update={"value": value * 1.000123}), RULES[quantity].kind)
            made = made.model_copy(update={"value": value * math.exp(float(noise.normal(0.0, error)))})
        claims.append(made.model_copy(update=dict(changes.get(made.id, {}))))  # type: ignore[call-overload]
    return ledger(*claims)


@pytest.mark.parametrize(
    ("value", "unit", "share"),
    [(121_424, 1, 0.5 / 121_424), (49_800, 100, 50 / 49_800), (258.6, 0.1, 0.05 / 258.6), (600, 100, 50 / 600), (20_000, 10_000, 0.10)],
)
def test_rounding_is_half_a_unit_of_the_last_printed_digit(value: float, unit: float, share: float) -> None:
    """By hand; for 20,000 half a unit would be a quarter of it, which is capped."""
    assert last_digit_unit(value) == pytest.approx(unit)
    assert rounding(value) == pytest.approx(share)


def test_errors_come_from_grade_kind_range_and_digits() -> None:
    assert relative_error(claim("coca_area_unodc", 49_800, "ha"), "area") == 0.05
    assert relative_error(claim("leaf_per_cocaine", 313, "kg/kg", grade="C", confidence="expert statement"), "ratio") == 0.175
    ranged = claim("price_leaf", 4.0, "USD/kg", low=2.0, high=8.0, bound_type="range")
    assert relative_error(ranged, "price") == pytest.approx(math.log(8 / 2) / 2 / HALF_WIDTH)
    assert relative_error(claim("cocaine_production", 400, "t", grade="A"), "mass") == pytest.approx(0.10)
    assert relative_error(claim("price_leaf", 4.0, "USD/kg", bound_type="approximate"), "price") == pytest.approx(0.18)
    shown = claim("price_leaf", 4.0, "USD/kg", bound_type="lower")
    assert printed_bounds(shown) == (3.6, math.inf)


@pytest.mark.parametrize(
    ("quantity", "value", "unit", "expected"),
    [("legal_share_of_leaf", 6, "percent", 0.06), ("legal_share_of_leaf", 0.06, "share", 0.06), ("seizure_hcl", 24_000, "kg", 24.0),
     ("coca_area_change", -4.0, "percent", 0.96), ("leaf_yield", 3.6, "t/ha", 3600.0), ("price_hcl", 1000.0, "USD/lb", 2204.62262)],
)  # fmt: skip
def test_units_are_converted(quantity: str, value: float, unit: str, expected: float) -> None:
    reading = read(claim(quantity, value, unit), EMPTY)
    assert reading is not None
    assert reading.value == pytest.approx(expected)


def test_other_forms_and_mixtures_say_nothing_of_the_chain() -> None:
    """Fresh leaf is not sun-dried leaf; the United States area is not the area; drugs of all kinds are no product."""
    assert read(claim("leaf_production", 300_000, "t", form="fresh coca leaf"), EMPTY) is None
    other = read(claim("coca_area_us", 59_500, "ha"), EMPTY)
    assert other is not None
    assert other.variable == "us_area"
    assert not {"drugs_seized_all", "drugs_incinerated", "seizure_leaf", "eradication", "cocaine_avoided_claim"} & set(RULES)


def test_a_flow_of_part_of_a_year_is_a_lower_bound() -> None:
    part = claim("seizure_hcl", 20_000, "kg", period_end="2013-10-31")
    whole = claim("seizure_hcl", 20_000, "kg")
    assert [r.bound for r in (read(part, EMPTY), read(whole, EMPTY)) if r] == ["lower", ""]


def test_what_we_derived_is_shown_and_not_counted(peru: RegionPack) -> None:
    chain = build_chain(peru.ledger, "VRAEM", 2013)
    derived = {reading.claim.id for reading in chain.derived}
    assert derived >= {"C0578", "C0726"}
    assert not derived & set(chain.network.claims)


def test_repeats_of_one_chain_count_once_and_its_sides_apart() -> None:
    """121,424 and 121,242 are one figure; 200 and 400 in one article are two."""
    values = {"a": 121_424.0, "b": 121_242.0, "c": 200_000.0}
    readings = [read(claim("leaf_production", value, "t", id=name, independence_group="one"), EMPTY) for name, value in values.items()]
    groups = groups_of([reading for reading in readings if reading])
    assert groups["a"] == groups["b"] != groups["c"]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [(19_167, 19_617, True), (121_424, 121_242, True), (2_300, 3_200, True), (121_424, 121_434, False), (19_167, 16_917, False), (45, 54, False)],
)
def test_digit_swaps(one: float, other: float, expected: bool) -> None:
    assert is_digit_swap(one, other) is expected
    assert is_digit_swap(other, one) is expected


def test_other_slips() -> None:
    assert is_digit_typo(80_681, 81_681)
    assert not is_digit_typo(80_681, 81_781)
    assert is_digit_lost(4_940, 49_400)
    assert power_of_ten(1_200, 12) == 2
    assert power_of_ten(1_200, 13) == 0
    assert rounds_to(15_530, 15_500)
    assert rounds_to(353, 355)
    assert not rounds_to(106_401, 106_700)
    assert is_cut_off(36_600, 36_000)
    assert 21_535 in set(swaps_of(12_535))
    assert list(swaps_of(600)) == []


def test_places_by_any_name(peru: RegionPack) -> None:
    assert find_place(peru.ledger, "vraem") == "Peru/VRAEM"
    assert find_place(peru.ledger, "la convencion-lares") == "Peru/La Convención-Lares"
    assert find_place(peru.ledger, "Peru/dept/Puno") == "Peru/dept/Puno"
    with pytest.raises(InputError, match="VRAEM"):
        find_place(peru.ledger, "VRAM")


def test_a_year_without_claims_names_those_with(peru: RegionPack) -> None:
    with pytest.raises(InputError, match="2013"):
        build_chain(peru.ledger, "VRAEM", 1955)


def test_a_clean_ledger_gives_no_finding() -> None:
    """Every figure obeys every balance: nothing is found, nothing left out, and nothing moves."""
    for place in ("Atlantis", "Valle"):
        found = reconcile_place(clean(), place, 2013)
        assert found.consistent, findings(found)
        assert found.left_out == ()
        assert found.adjustment.chi2 < 0.05
    assert found.adjustment.variable("product@Atlantis/Valle").value == pytest.approx(222.0, rel=0.02)


def test_noise_as_assumed_is_rarely_accused() -> None:
    """With errors of just the assumed size one ledger in twenty may be accused; more than 2 in 16 has a chance of 5 %."""
    accused = [not reconcile_place(clean(np.random.default_rng((7, i))), "Valle", 2013).consistent for i in range(16)]
    assert sum(accused) <= 2


PLANTS = [
    ("k10", {"value": 72_000 * 2.5}, None),
    ("k12", {"value": 555.0, "conflict": True}, None),
    ("k8", {"value": 0.4}, "percent"),
    ("k13", {"value": 60.0}, None),
    ("k2", {"value": 12_000.0}, "ten_fits"),
]


@pytest.mark.parametrize(("wrong", "change", "reason"), PLANTS)
def test_a_planted_error_is_found(wrong: str, change: dict[str, object], reason: str | None) -> None:
    """Leaf of the valley times 2.5, a contested product of 555 t, a fraction for a percentage, dear leaf, a lost nought."""
    found = reconcile_place(clean(**{wrong: change}), "Valle", 2013)
    named = [finding for finding in found.findings if wrong in finding.claims]
    assert named
    assert reason is None or reason in {c.key for finding in named for c in finding.candidates if wrong in c.claims}


def test_two_definitions_and_a_swap_are_found_elsewhere() -> None:
    """A second arroba, and the valley's area printed a second time by the same chain of sources with two digits swapped."""
    second = claim("arroba", 11.5, "kg", id="other-arroba")
    swapped = claim("coca_area_unodc", 24_870, "ha", id="swapped", place="Atlantis/Valle", independence_group="g7")
    first = {"k7": {"value": 24_780.0}, "k8": {"value": 49.6}, "k10": {"value": 89_208.0}, "k11": {"value": 74.3}, "k12": {"value": 275.0}}
    base = clean(**first)
    found = reconcile_place(Ledger({**base.claims, "other-arroba": second, "swapped": swapped}, base.sources), "Valle", 2013)
    kinds = dict(findings(found))
    assert kinds["definition"] == {"k15", "other-arroba"}
    assert kinds["variant"] == {"k7", "swapped"}
    variant = next(finding for finding in found.findings if finding.kind == "variant")
    assert "swap" in {candidate.key for candidate in variant.candidates}


def test_findings_do_not_depend_on_the_order_of_the_ledger() -> None:
    base = clean(k10={"value": 180_000.0})
    turned = Ledger(dict(reversed(base.claims.items())), base.sources)
    assert set(findings(reconcile_place(base, "Valle", 2013))) == set(findings(reconcile_place(turned, "Valle", 2013)))


def test_changing_soles_and_dollars_together_changes_nothing() -> None:
    """A leaf price in soles at the rate of the year is the same evidence as in dollars."""
    soles = clean(k13={"value": 24.0 * 2.7, "unit": "PEN/arroba"})
    one, other = (reconcile_place(given, "Valle", 2013).adjustment.variable("leaf_cost@Atlantis/Valle").value for given in (clean(), soles))
    assert one == pytest.approx(other)


def test_own_claims_in_short_form(tmp_path: Path, peru: RegionPack) -> None:
    path = tmp_path / "own.csv"
    path.write_text("id,quantity,place,year,value,unit\nmine,cocaine_production,Peru/VRAEM,2013,900,t/yr\n", encoding="utf-8")
    whole = with_file(peru.ledger, path)
    assert whole.claims["mine"].form == "cocaine hydrochloride"
    assert len(whole.claims) == len(peru.ledger.claims) + 1
    assert list(with_file(peru.ledger, path, alone=True).claims) == ["mine"]


def test_a_missing_file_is_named(tmp_path: Path, peru: RegionPack) -> None:
    with pytest.raises(InputError, match="no such file"):
        with_file(peru.ledger, tmp_path / "none.csv")


def test_a_city_is_a_market_and_no_zone(peru: RegionPack) -> None:
    chain = build_chain(peru.ledger, "Lima", 2013)
    assert chain.places[0] == "Peru/Lima"
    assert "origin_cheaper_than_Peru/Lima@Peru/VRAEM" in {balance.id for balance in chain.network.balances}


@pytest.mark.parametrize(
    ("row", "column"),
    [("a,cocaine_producton,Peru,2013,1,t", "quantity"), ("a,leaf_yield,Peru,2013,1,t", "unit"), ("a,leaf_yield,Peru,13,1,kg/ha/yr", "year"),
     ("a,leaf_yield,Peru,2013,much,kg/ha/yr", "value")],
)  # fmt: skip
def test_own_claims_that_break_a_rule_name_their_cell(tmp_path: Path, peru: RegionPack, row: str, column: str) -> None:
    path = tmp_path / "own.csv"
    path.write_text(f"id,quantity,place,year,value,unit\n{row}\n", encoding="utf-8")
    with pytest.raises(InputError, match=f"own.csv: line 2, column {column}"):
        with_file(peru.ledger, path)
