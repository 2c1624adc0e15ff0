"""Moves between basins: where to, how many, whole households, nobody lost; and the two rivals."""

from __future__ import annotations

import math

import numpy as np
import pytest
from tiny import Bench, row

from eslabon.stages import migration
from eslabon.state import ROW, Population

SLOTS, TOP = (200, 200, 200), (100, 100, 100)
NEARNESS = np.array([[[0, 0.5, 0.5], [0.8, 0, 0.2], [0.5, 0.5, 0]]])


def settlers(top: tuple[int, ...] = TOP) -> Population:
    """Return basins of 200 slots, the first ones of each present with 2 ha, 1 ha of fallow, 40 kg and 10 usd."""
    offset = np.concatenate([[0], np.cumsum(SLOTS)]).astype(np.int64)
    fields = np.zeros((len(ROW), offset[-1]), np.float32)
    for b, n in enumerate(top):
        here = slice(offset[b], offset[b] + n)
        for name, value in {"present": 1, "mature_ha": 2, "fallow_ha": 1, "stock_kg": 40, "cash": 10, "programme": 1, "crop_ha": 0.5}.items():
            fields[ROW[name], here] = value
    return Population(fields, offset, np.array(top, np.int64), np.zeros(3), np.zeros((3, 3)))


MIGRATION = Bench(
    migration.advance,
    people=None, return_ratio=row(3.5, 7, 3.5), households=row(*TOP), household_room=row(*SLOTS), entry_rate=row(0), entry_return_ratio=row(3.5),
    exit_return_ratio=row(1), frontier=row(0, 0, 1), frontier_entry=row(0.2), frontier_opening_per_yr=row(0), settled=row(1),
    displacement_share=row(0.2),
    transfer_share=row(0), mean_grower_ha=row(2, 2, 2), growers=row(100, 100, 100), removed_ha=row(50, 0, 0), nearness=NEARNESS,
    counted_ha=row(150, 200, 200), young_ha=row(0, 0, 0), erased_ha=row(50, 0, 0), fallow_ha=row(100, 100, 100), assisted=row(*TOP),
    paid=row(0, 0, 0), registered=row(0, 0, 0), titled=row(0, 0, 0),
)  # fmt: skip


def test_movers_go_by_nearness_room_and_pull() -> None:
    """From the first basin: the second draws ln 2, the third, a frontier, 0.2; both have room for half again."""
    where = migration.destinations(row(3.5, 7, 3.5), row(3.5), row(0, 0, 1), row(0.2), row(*TOP), row(*SLOTS), NEARNESS)[0]
    np.testing.assert_allclose(where.sum(axis=1), 1)
    np.testing.assert_allclose(np.diag(where), 0)
    np.testing.assert_allclose(where[0, 1] / where[0, 2], math.log(2) / 0.2)
    assert where[1].tolist() == [0, 0, 1], "the first draws nobody: its returns only break even"


def test_nobody_goes_where_there_is_no_room_or_nothing_draws() -> None:
    full = migration.destinations(row(3.5, 7, 3.5), row(3.5), row(0, 0, 1), row(0.2), row(100, 200, 300), row(*SLOTS), NEARNESS)
    assert np.all(full == 0)
    none = migration.destinations(row(3, 3, 3), row(3.5), row(0, 0, 0), row(0.2), row(*TOP), row(*SLOTS), NEARNESS)
    assert np.all(none == 0)
    empty = migration.destinations(row(7, 7, 7), row(3.5), row(0, 0, 0), row(0.2), row(100, 0, 100), row(200, 0, 200), NEARNESS)[0]
    assert np.all(empty[:, 1] == 0), "a basin that never had room is none to go to"


def test_only_whole_households_move_and_only_into_free_slots() -> None:
    movers = np.array([[0.0, 2.9, 1.2], [0.0, 0.0, 3.7], [0.4, 0.0, 0.0]])
    assert migration.share_out(movers, np.array([9.0, 9.0, 9.0])).tolist() == [[0, 2, 1], [0, 0, 3], [0, 0, 0]]
    tight = migration.share_out(movers, np.array([9.0, 1.0, 2.0]))
    assert tight.tolist() == [[0, 1, 0], [0, 0, 2], [0, 0, 0]]


@pytest.mark.parametrize("seed", range(20))
def test_sharing_out_never_makes_a_household(seed: int) -> None:
    rng = np.random.default_rng(seed)
    movers, free = rng.uniform(0, 5, (4, 4)), rng.integers(0, 8, 4).astype(float)
    whole = migration.share_out(movers, free)
    assert np.all(whole == np.floor(whole)) and np.all(whole >= 0) and np.all(whole <= movers)
    assert np.all(whole.sum(axis=0) <= free)
    wanted = np.floor(movers).sum(axis=0)
    np.testing.assert_array_equal(whole.sum(axis=0), np.minimum(wanted, free))


def test_a_fifth_of_the_removed_share_of_growers_moves_and_nobody_is_lost() -> None:
    """50 of 200 ha removed push 0.2 * 0.25 * 100 = 5 households, 3.88 to the second basin and 1.12 to the third."""
    people = settlers()
    found = MIGRATION(people=[people])
    assert found["people.moved_out"].tolist() == [[4, 0, 0]]
    assert found["people.moved_in"].tolist() == [[0, 3, 1]]
    np.testing.assert_allclose(people.moving[0], [0, 5 * math.log(2) / (math.log(2) + 0.2) - 3, 5 * 0.2 / (math.log(2) + 0.2) - 1])
    assert people.top.tolist() == [96, 103, 101]
    assert people.fields[ROW["present"]].sum() == 300
    assert found["households"].tolist() == [[96, 103, 101]]
    assert found["land.left_counted"].tolist() == [[8, 0, 0]]
    assert found["counted_ha"][0, 0] == 142
    assert (found["leaf.left"][0, 0], found["money.leavers_cash"][0, 0], found["land.left_crops"][0, 0]) == (160, 40, 2)
    assert found["assisted"].tolist() == [[96, 100, 100]]
    newcomers = people.fields[:, people.offset[1] + 100 : people.offset[1] + 103]
    assert newcomers[ROW["mature_ha"]].sum() == newcomers[ROW["cash"]].sum() == 0, "what movers own stays behind"


def test_month_after_month_as_many_arrive_as_leave() -> None:
    people, households, came = settlers(), row(*TOP), 0.0
    for _ in range(60):
        found = MIGRATION(people=[people], households=households, removed_ha=row(50, 20, 10))
        came += found["people.arrived"].sum() - found["people.left"].sum()
        assert found["people.moved_in"].sum() == found["people.moved_out"].sum()
        households = found["households"]
        np.testing.assert_array_equal(households[0], people.top)
        assert np.all(people.top <= 200)
    assert households.sum() == 300 + came, "the frontier has newcomers of its own"
    assert np.any(households != row(*TOP))


def test_the_rival_without_displacement_moves_nobody() -> None:
    people = settlers()
    found = MIGRATION(people=[people], displacement_share=row(0))
    assert found["people.moved_out"].sum() == found["people.moved_in"].sum() == found["people.arrived"].sum() == 0
    assert people.top.tolist() == list(TOP)


def test_the_rival_that_transfers_hectares_brings_new_households_and_takes_none() -> None:
    """Three tenths of 50 ha at 2 ha a grower are 7.5 households, half of them in each of two basins that draw alike."""
    people, alike = settlers(), {"frontier": row(0, 0, 0), "return_ratio": row(3.5, 7, 7)}
    found = MIGRATION(people=[people], displacement_share=row(0), transfer_share=row(0.3), **alike)
    assert found["people.arrived"].tolist() == [[0, 3, 3]]
    assert found["people.left"].sum() == found["people.moved_out"].sum() == found["people.moved_in"].sum() == 0
    assert people.top.tolist() == [100, 103, 103]


def test_households_grow_with_the_log_of_the_return_ratio_and_their_room() -> None:
    """0.2 * ln 2 a year at half of the room, twice the ratio at which they come; 0.2 * ln 2 leave at half of that at which they go."""
    speed = migration.entry_speed(row(7, 0.5, 3.5), row(*TOP), row(*SLOTS), row(0.2), row(3.5), row(1), row(0, 0, 1), row(0.1), row(0.05))
    np.testing.assert_allclose(speed, row(0.2 * math.log(2) / 2, -0.2 * math.log(2), 0.15 / 2))
    leaving = settlers()
    found = MIGRATION(people=[leaving], return_ratio=row(0.1, 0.1, 0.1), entry_rate=row(0.3), frontier=row(0, 0, 0))
    expected = 100 * (1 - math.exp(-0.3 * math.log(10) / 12))
    assert found["people.left"].tolist() == [[math.floor(expected)] * 3]
    assert leaving.top.tolist() == [100 - math.floor(expected)] * 3


def test_between_the_two_ratios_nobody_comes_or_goes() -> None:
    """What was sunk into planting keeps those who are there; it deters those who are not."""
    between = row(1.01, 2, 3.49)
    speed = migration.entry_speed(between, row(*TOP), row(*SLOTS), row(0.2), row(3.5), row(1), row(0, 0, 0), row(0.1), row(0.05))
    assert speed.tolist() == [[0, 0, 0]]
