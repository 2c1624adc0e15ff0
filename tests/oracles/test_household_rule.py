"""The compiled household kernel against the same rule as plain Python, and against a household worked by hand."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parent))

from plain_rule import FIRST, HOUSEHOLDS, MONTHS, random_households, two_years

from eslabon.draws import F32
from eslabon.stages import households, passes
from eslabon.state import HOUSEHOLD_FIELDS, MONEY_QUANTUM, MOST_CASH_USD2013, ROW

BEFORE_PROGRAMMES = len(passes.FIELD_SUMS) + len(passes.SALE_SUMS) + 3


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, np.ndarray]:
    """Return what plain Python makes of the households, computed in a process where numba compiles nothing."""
    file = tmp_path_factory.mktemp("plain") / "plain.npz"
    script = Path(__file__).with_name("plain_rule.py")
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONWARNINGS": "ignore::RuntimeWarning"}
    subprocess.run([sys.executable, str(script), str(file)], env=environment, check=True, timeout=300)
    with np.load(file) as found:
        return dict(found)


def test_plain_python_gives_the_compiled_kernels_households_and_sums(plain: dict[str, np.ndarray]) -> None:
    """Tolerance zero.

    Every operation of the rule is one IEEE float32 operation (+ - * / floor min max), correctly rounded in both;
    numba neither reorders nor fuses them without fastmath, and the sums are of multiples of a quantum, so exact.
    Only the two diagnostic sums that are no multiples (bearing area, soil) could depend on the order of addition,
    and both versions add in the same order.
    """
    assert bool(plain["plain"]), "the oracle must not be compiled"
    fields, sums = two_years()
    np.testing.assert_array_equal(fields, plain["fields"])
    np.testing.assert_array_equal(sums, plain["sums"])


def test_the_comparison_covers_every_branch(plain: dict[str, np.ndarray]) -> None:
    """Equality of two runs in which nothing happens would say nothing."""
    sums = plain["sums"]
    assert sums.shape == (MONTHS, BEFORE_PROGRAMMES + len(passes.PROGRAMME_SUMS) + len(passes.YEAR_SUMS) + len(passes.HELD))
    assert (np.abs(sums).sum(axis=0) > 0).all()
    before, after = random_households(), plain["fields"]
    changed = (before != after)[:, FIRST:].any(axis=1)
    constant = {"present", "threshold", "profit_driven", "size_ha", "phase"}
    assert {f.name for f, moved in zip(HOUSEHOLD_FIELDS, changed, strict=True) if not moved} == constant
    np.testing.assert_array_equal(before[:, :FIRST], after[:, :FIRST])


def test_households_stay_in_their_bounds(plain: dict[str, np.ndarray]) -> None:
    for field in HOUSEHOLD_FIELDS:
        values = plain["fields"][ROW[field.name]]
        assert np.isfinite(values).all()
        assert field.low <= values.min() <= values.max() <= field.high, field.name


def test_land_is_conserved_to_the_bit_household_by_household(plain: dict[str, np.ndarray]) -> None:
    """What a household holds changes only by new land: coca or tree crops on forest, never otherwise, and land never goes."""
    names = ("mature_ha", "young_ha", "nursery_ha", "erased_ha", "fallow_ha", "crop_ha")

    def held(x: np.ndarray) -> np.ndarray:
        return x[[ROW[n] for n in names]].astype(np.float64).sum(axis=0)

    gained = held(plain["fields"]) - held(random_households())
    crops = BEFORE_PROGRAMMES + passes.PROGRAMME_SUMS.index("land.crop_on_other")
    coca = BEFORE_PROGRAMMES + len(passes.PROGRAMME_SUMS) + passes.YEAR_SUMS.index("land.planted_forest")
    assert (gained >= 0).all()
    assert gained.sum() == plain["sums"][:, [crops, coca]].sum()


def wanted(**changed: float) -> float:
    """Return the area wanted by a present, rich household of 2 ha and neutral type, whose attraction is zero."""
    given = {"present": 1, "quits": 0, "threshold": -1, "profit_driven": 0, "size": 2, "cash": 1000, "risk": 0, "attraction": 0, "risk_aversion": 1,
             "debt_pull": 0, "liquidity_pull": 0, "need_factor": 1, "profit_factor": 1, "anticipation": 0, "ceiling": 6,
             "credit": 500, "buffer": 250}  # fmt: skip
    return float(households.wanted_area(*(F32(v) for v in {**given, **changed}.values())))


@pytest.mark.parametrize(
    ("changed", "area"),
    [
        ({}, 2.0),
        ({"present": 0}, 0.0),
        ({"quits": 1}, 0.0),
        ({"threshold": 0.5}, 0.0),
        ({"threshold": 1e6}, 0.0),
        ({"threshold": -1e6, "attraction": -50}, 2.0),
        ({"threshold": 1e6, "attraction": 2e6}, 2.0),
        ({"risk": 1.5}, 0.0),
        ({"risk": 0.5, "anticipation": 0.5}, 2.5),
        ({"threshold": 0.5, "cash": -250, "debt_pull": 1.25}, 2.0),  # half of a credit of 500 pulls by 0.625
        ({"threshold": 0.5, "cash": -150, "debt_pull": 1.25}, 0.0),  # 0.3 * 1.25 = 0.375 does not
        ({"threshold": 0.5, "cash": 125, "liquidity_pull": 1.25}, 2.0),  # half of a buffer of 250 missing
        ({"threshold": 0.5, "cash": 175, "liquidity_pull": 1.25}, 0.0),
        ({"need_factor": 0.75, "profit_factor": 3}, 1.5),
        ({"profit_driven": 1, "need_factor": 0.75, "profit_factor": 1.5}, 3.0),
        ({"profit_driven": 1, "profit_factor": 10}, 6.0),
    ],
)
def test_what_a_household_wants_by_hand(changed: dict[str, float], area: float) -> None:
    assert wanted(**changed) == pytest.approx(area, rel=1e-6)


@pytest.mark.parametrize("per_year", [1, 2, 3, 4, 6, 12])
def test_a_stand_is_picked_so_many_times_a_year_whatever_the_phase(per_year: int) -> None:
    for phase in range(12):
        picked = [float(households.harvest(F32(1), F32(1), F32(phase), F32(t), F32(12 / per_year), F32(300))) for t in range(12)]
        assert sorted(set(picked)) == ([300.0] if per_year == 12 else [0.0, 300.0])
        assert sum(picked) == 300 * per_year


def test_consumption_by_hand() -> None:
    """100 of need and half of what exceeds 200; with nothing at hand only credit feeds."""
    rows = {(1000, 50, 30): 100 + 0.5 * (1020 - 200), (120, 50, 30): 100, (-490, 40, 0): 50, (-600, 0, 0): 0}
    for (cash, income, costs), eaten in rows.items():
        found = households.spend(F32(cash), F32(income), F32(costs), F32(100), F32(0.5), F32(200), F32(500))
        assert float(found) == eaten


@pytest.mark.parametrize("price", [3.3, 47.7, 1e4])
def test_a_sale_enters_the_purse_to_the_bit_whatever_the_price(price: float) -> None:
    """The purse holds as much as it may before; what is paid is what it gains, in the sum and household by household."""
    x = random_households()
    x[ROW["cash"]], x[ROW["stock_kg"]] = MOST_CASH_USD2013, np.linspace(0, 50_000, x.shape[1]).astype(np.float32) // 1
    before, sums = x[ROW["cash"]].astype(np.float64), np.zeros(len(passes.SALE_SUMS))
    passes.sale_pass(x, FIRST, HOUSEHOLDS, 0.7, price, 0.1, sums)
    gained = x[ROW["cash"]].astype(np.float64) - before
    assert gained.sum() == sums[passes.SALE_SUMS.index("money.sales")] > 0
    assert np.all(gained / MONEY_QUANTUM == np.round(gained / MONEY_QUANTUM))
    assert gained.max() <= passes.MOST_PAID


def test_soil_rests_at_the_balance_of_use_and_recovery() -> None:
    """Under unbroken coca, d(s - 0.4) = g (1 - s): s = (g + 0.4 d) / (g + d); with none it recovers wholly."""
    used, rested = F32(0.9), F32(0.5)
    for _ in range(3000):
        used = households.rest_soil(F32(used), F32(1), F32(0), F32(0.02), F32(0.01))
        rested = households.rest_soil(F32(rested), F32(0), F32(1), F32(0.02), F32(0.01))
    assert float(used) == pytest.approx((0.01 + 0.4 * 0.02) / 0.03, abs=1e-5)
    assert float(rested) == pytest.approx(1, abs=1e-5)


def test_young_coca_is_counted_at_its_month_and_the_mean_age_is_weighted() -> None:
    mature, age, young, young_age, nursery, nursery_age, matured = (
        float(v) for v in households.ripen(*(F32(v) for v in (3, 40, 1, 17, 0.5, 2, 18, 0)))
    )
    assert (mature, young, nursery, matured) == (4, 0.5, 0, 1)
    assert age == pytest.approx((3 * 40 + 1 * 18) / 4 + 1)
    assert (young_age, nursery_age) == (3, 0)
    assert HOUSEHOLDS == 1000
