"""Programmes by hand: who joins, who stays, what is uprooted and planted, on a few hundred households."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from tiny import Bench, row

from eslabon.draws import F32, name_word, stream_key
from eslabon.stages import households, programmes
from eslabon.state import ROW, Population

N = 2000


def chances(wanted: float, have: float, eligible: float) -> tuple[float, float]:
    join, leave = programmes.chances(row(wanted), row(have), row(eligible))
    return float(join[0, 0]), float(leave[0, 0])


def test_a_programme_fills_over_half_a_year_and_empties_alike() -> None:
    assert chances(600, 0, 1000) == (pytest.approx(0.1), 0)
    assert chances(0, 300, 1000) == (0, pytest.approx(1 / 6))
    assert chances(500, 500, 1000) == (0, 0)
    assert chances(6000, 0, 500) == (1, 0), "no more than there are"
    assert chances(600, 0, 0) == (0, 0)
    assert chances(600, 595, 1000) == (0, 0), "within a fiftieth it counts as full"


def back(expected: float, payment: float, licit: float, kept: float) -> float:
    """Return the chance to be back in coca within a year."""
    monthly = programmes.stay_out(row(expected), row(payment), row(licit), row(kept), row(0.006), row(0.3), row(1.6))[0, 0]
    return float(1 - (1 - monthly) ** 12)


def test_paid_families_stay_out_and_four_in_five_return_within_a_year_once_payments_stop() -> None:
    """rule-011 while they are kept up; SYSTEM rule 2 afterwards: 1 - e^-1.6 = 0.8."""
    assert back(1000, 6000, 500, 1) == pytest.approx(1 - math.exp(-0.006))
    assert back(1000, 6000, 500, 0) == pytest.approx(1 - math.exp(-1.6)) == pytest.approx(0.798, abs=0.001)


def test_a_return_above_payment_and_licit_return_tempts_by_its_log() -> None:
    assert back(13_000, 6000, 500, 1) == pytest.approx(1 - math.exp(-0.006 - 0.3 * math.log(2)))
    assert back(6500, 6000, 500, 1) == pytest.approx(1 - math.exp(-0.006))


def village(**given: float | np.ndarray) -> Population:
    """Return one basin of growers with a mature hectare each."""
    fields = np.zeros((len(ROW), N), np.float32)
    for name, value in {"present": 1, "mature_ha": 1, "size_ha": 1, **given}.items():
        fields[ROW[name]] = value
    return Population(fields, np.array([0, N], np.int64), np.array([N], np.int64), np.zeros(1), np.zeros((1, 1)))


def kinds() -> np.ndarray:
    """Return thresholds: a quarter refusing, a quarter responsive, half committed."""
    return np.repeat([1e6, 0.0, -1e6, -1e6], N // 4).astype(np.float32)


PROGRAMMES = Bench(
    programmes.advance,
    people=None, keys=[stream_key(1, 0, "programmes", 24_300)], who=np.array([name_word("vraem")], np.uint32), households=row(N), growers=row(N),
    counted_ha=row(N), young_ha=row(0), erased_ha=row(0), assisted=row(0), paid=row(0), registered=row(0), titled=row(0),
    paid_eligible_ha=row(0), assisted_families=row(0), assisted_added=row(0), assisted_where=row(0), programme_weight=row(1),
    voluntary_ha_per_yr=row(0), voluntary_basins=row(0), voluntary_payment_usd2013_per_ha_yr=row(0), payments_kept=row(0), quota_active=row(0),
    quota_compliance=row(0.7), titles_per_yr=row(0), titles_where=row(0), expected_return=row(3000), licit_return=row(600),
    paid_return_kept=row(0.006), programme_return_pull=row(0.3), paid_return_broken=row(1.6), crop_per_family_ha=row(0.75),
)  # fmt: skip


def binomial(count: float, n: int, p: float) -> bool:
    """Return whether a count lies within five standard deviations of its mean."""
    return abs(count - n * p) <= 5 * math.sqrt(n * p * (1 - p)) + 1e-9


def test_nothing_happens_without_a_programme() -> None:
    people = village()
    before = people.fields.copy()
    found = PROGRAMMES(people=[people])
    np.testing.assert_array_equal(people.fields, before)
    assert all(found[n].sum() == 0 for n in (*programmes.POSTED, *programmes.COUNTS, "paid_entered"))


VOLUNTARY = {"voluntary_ha_per_yr": row(2400), "voluntary_basins": row(1), "payments_kept": row(1)}


@pytest.mark.parametrize(("payment", "who"), [(2999.0, 0), (3000.0, 1), (5999.0, 1), (6000.0, 2)])
def test_the_responsive_accept_the_net_return_and_the_committed_twice_it(payment: float, who: int) -> None:
    """200 ha a month out of 2,000: a tenth of those that would."""
    people = village(threshold=kinds())
    found = PROGRAMMES(people=[people], **VOLUNTARY, voluntary_payment_usd2013_per_ha_yr=row(payment))
    paid = people.fields[ROW["programme"]] == 2
    committed = people.fields[ROW["threshold"]] < -1e5
    willing = [0, N // 2, N][who]
    assert found["paid"][0, 0] == found["paid_entered"][0, 0] == paid.sum()
    assert binomial(float(paid.sum()), max(willing, 1), 0.1) if who else paid.sum() == 0
    assert (paid & committed).any() == (who == 2)
    assert found["voluntary_ha"][0, 0] == paid.sum(), "a hectare each"
    assert found["counted_ha"][0, 0] == N - paid.sum() == people.fields[ROW["mature_ha"]].sum()
    assert found["erased_ha"][0, 0] == paid.sum() == people.fields[ROW["erased_ha"]].sum()
    assert found["paid_usd_per_ha_month"][0, 0] == pytest.approx(payment / 12)


def test_the_next_month_asks_only_for_what_is_left_to_ask() -> None:
    """The share to uproot is of the hectares whose families would, as counted the month before."""
    people = village(threshold=kinds())
    first = PROGRAMMES(people=[people], **VOLUNTARY, voluntary_payment_usd2013_per_ha_yr=row(3000))
    left = N // 2 - first["paid"][0, 0]
    assert first["paid_eligible_ha"][0, 0] == left
    later = {n: first[n] for n in ("paid", "paid_eligible_ha", "counted_ha", "erased_ha")}
    second = PROGRAMMES(people=[people], **VOLUNTARY, **later, voluntary_payment_usd2013_per_ha_yr=row(3000),
                        keys=[stream_key(1, 0, "programmes", 24_301)])  # fmt: skip
    assert binomial(float(second["paid_entered"][0, 0]), int(left), 200 / left)


def test_most_paid_families_are_back_a_year_after_payments_stop() -> None:
    people, state = village(programme=2, mature_ha=0, erased_ha=1), {"paid": row(N), "counted_ha": row(0), "erased_ha": row(N)}
    returned = 0.0
    for month in range(12):
        found = PROGRAMMES(people=[people], **state, keys=[stream_key(1, 0, "programmes", month)])
        returned += found["paid_returned"][0, 0]
        state["paid"] = found["paid"]
    assert binomial(returned, N, 1 - math.exp(-1.6))


def test_assisted_families_plant_crops_where_coca_was_and_then_elsewhere() -> None:
    """0.75 ha each: on half a hectare that was erased, and a quarter of other land."""
    people = village(erased_ha=0.5)
    found = PROGRAMMES(people=[people], erased_ha=row(N / 2), assisted_families=row(1200))
    joined = found["assisted"][0, 0]
    assert binomial(float(joined), N, 0.1)
    assert found["land.crop_on_erased"][0, 0] == 0.5 * joined
    assert found["land.crop_on_other"][0, 0] == 0.25 * joined
    assert people.fields[ROW["crop_ha"]].sum() == 0.75 * joined
    assert people.fields[ROW["erased_ha"]].sum() == found["erased_ha"][0, 0] == N / 2 - 0.5 * joined


def test_no_more_than_four_fifths_of_a_basin_are_assisted() -> None:
    people, state = village(), {"assisted": row(0)}
    for month in range(60):
        state["assisted"] = PROGRAMMES(people=[people], assisted_families=row(1e6), **state, keys=[stream_key(1, 0, "p", month)])["assisted"]
    assert abs(state["assisted"][0, 0] / N - 0.8) < 0.03


def test_communities_register_growers_as_far_as_they_comply_and_let_them_go() -> None:
    people, state = village(), {"registered": row(0)}
    for month in range(60):
        state["registered"] = PROGRAMMES(people=[people], quota_active=row(1), **state, keys=[stream_key(1, 0, "p", month)])["registered"]
    assert abs(state["registered"][0, 0] / N - 0.7) < 0.03
    assert (people.fields[ROW["programme"]] == 3).sum() == state["registered"][0, 0]
    for month in range(60, 160):
        state["registered"] = PROGRAMMES(people=[people], quota_active=row(0), **state, keys=[stream_key(1, 0, "p", month)])["registered"]
    assert state["registered"][0, 0] < 0.01 * N


def test_titles_are_given_at_their_rate() -> None:
    people = village()
    found = PROGRAMMES(people=[people], titles_per_yr=row(1200), titles_where=row(1))
    assert binomial(float(found["titled"][0, 0]), N, 0.05)
    assert people.fields[ROW["titled"]].sum() == found["titled"][0, 0]


def f(function: Callable[..., object], *values: float) -> float:
    return float(function(*(F32(v) for v in values)))  # type: ignore[arg-type]


def test_agreements_cap_what_is_planted() -> None:
    """Paid to stay out: none; registered: no more than the quota; assisted or free: what is wanted."""
    assert [f(households.agreed_area, 2, p, 0.16) for p in (0, 1, 2, 3)] == pytest.approx([2, 2, 0, 0.16])
    assert f(households.agreed_area, 0.1, 3, 0.16) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("programme", "present", "stands", "threshold", "accepts", "would"),
    [
        (0, 1, 1, 0, 1, 1), (0, 1, 1, -1e6, 1, 0), (0, 1, 1, -1e6, 2, 1), (0, 1, 0, 0, 2, 0), (1, 1, 1, 0, 2, 1), (3, 1, 1, 0, 2, 1),
        (2, 1, 1, 0, 2, 0), (0, 0, 1, 0, 2, 0), (0, 1, 1, 0, 0, 0),
    ],
)  # fmt: skip
def test_who_would_uproot(programme: float, present: float, stands: float, threshold: float, accepts: float, would: float) -> None:
    assert f(households.accepts_payment, programme, present, stands, threshold, accepts) == would


@pytest.mark.parametrize(
    ("old", "stands", "would", "luck", "new"),
    [
        (0, 1, 1, 0.05, 2), (0, 1, 0, 0.05, 1), (0, 1, 1, 0.25, 1), (0, 1, 1, 0.55, 3), (0, 0, 0, 0.35, 0), (0, 1, 1, 0.65, 0),
        (1, 1, 0, 0.05, 0), (1, 1, 0, 0.15, 1), (2, 1, 0, 0.15, 0), (2, 1, 0, 0.25, 2), (3, 1, 0, 0.25, 0), (3, 1, 0, 0.35, 3),
        (1, 1, 1, 0.15, 2), (1, 1, 1, 0.25, 0), (1, 1, 1, 0.35, 1), (3, 1, 1, 0.15, 2), (3, 1, 1, 0.45, 0), (3, 1, 1, 0.55, 3),
    ],
)  # fmt: skip
def test_one_draw_decides_on_joining_or_leaving(old: float, stands: float, would: float, luck: float, new: float) -> None:
    """Chances: 0.2 paid (if it would), 0.3 assisted, 0.1 registered (if it grows); to leave 0.1, 0.2, 0.3."""
    assert f(households.next_programme, old, 1, stands, would, luck, 0.2, 0.3, 0.1, 0.1, 0.2, 0.3) == new
    assert f(households.next_programme, 0, 0, stands, would, luck, 0.2, 0.3, 0.1, 0.1, 0.2, 0.3) == 0, "nobody lives there"
