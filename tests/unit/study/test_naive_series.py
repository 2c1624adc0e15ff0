"""Like for like: a year is compared with the one before on the same zones and the same way of measuring."""

from __future__ import annotations

import pytest

from eslabon.errors import InputError
from eslabon.evidence.pack import RegionPack, load_pack
from eslabon.study.like_for_like import JOINT, AreaSeries, Link, area_series, eradicated_by_year, scored_places


@pytest.fixture(scope="module")
def pack() -> RegionPack:
    return load_pack("peru")


SERIES = AreaSeries("ALL", (2019, 2020, 2021, 2022), (100.0, 110.0, 150.0, 180.0), links={2021: Link(110.0, 132.0), 2022: Link(150.0, 165.0)})


def test_history_is_put_on_the_zones_of_the_year_forecast() -> None:
    assert SERIES.known(2020, {}, 2021).area_ha == pytest.approx((100, 110))
    assert SERIES.known(2021, {}, 2022).area_ha == pytest.approx((100 * 150 / 132, 110 * 150 / 132, 150))
    assert SERIES.known(2021, {}, 2022).years == (2019, 2020, 2021)


def test_one_step_figures_stand_on_the_zones_of_the_year_before() -> None:
    assert [(figure.year, figure.previous_ha, figure.area_ha) for figure in SERIES.scored(2020, 2022)] == [(2021, 110, 132), (2022, 150, 165)]


def test_free_figures_stand_on_the_zones_of_the_cutoff() -> None:
    path = SERIES.path(2020, 2022)
    assert [figure.area_ha for figure in path] == pytest.approx([132, 132 * 165 / 150])
    assert [figure.previous_ha for figure in path] == pytest.approx([110, 132])
    assert [figure.year for figure in SERIES.path(2020, 2021)] == [2021]


def test_shrinking_coverage_uses_the_year_before_on_fewer_zones() -> None:
    fewer = AreaSeries("x", (2019, 2020, 2021), (50.0, 100.0, 90.0), links={2021: Link(80.0, 90.0)})
    assert fewer.known(2020, {}, 2021).area_ha == pytest.approx((40, 80))


@pytest.mark.parametrize(("years", "areas"), [((2002, 2001), (1.0, 2.0)), ((2001, 2002), (1.0,)), ((2001,), (0.0,))])
def test_a_broken_series_is_refused(years: tuple[int, ...], areas: tuple[float, ...]) -> None:
    with pytest.raises(InputError):
        AreaSeries("x", years, areas)


def test_nothing_known_is_refused() -> None:
    with pytest.raises(InputError, match="no published area by then"):
        SERIES.known(2018, {})


def test_the_nation_on_the_fourteen_zones_has_the_published_sums(pack: RegionPack) -> None:
    """The hindcast of the prototype gives 88,342 of 95,008 ha in 2022, +23.4 % in 2021 and +15.9 % in 2022."""
    fixed = area_series(pack, "ALL", 2020)
    area = dict(zip(fixed.years, fixed.area_ha, strict=True))
    assert area[2022] == 88342
    assert area[2021] / area[2020] == pytest.approx(1.234, abs=5e-4)
    assert area[2022] / area[2021] == pytest.approx(1.159, abs=5e-4)
    assert area_series(pack, "ALL", 2013).area_ha == fixed.area_ha
    assert set(fixed.links) == {2011}


def test_the_nation_as_published_is_linked_where_zones_enter(pack: RegionPack) -> None:
    """About 4,500 ha of the rise of 2021 is in newly monitored zones, says the claim."""
    whole = area_series(pack, "ALL")
    assert dict(zip(whole.years, whole.area_ha, strict=True))[2022] == 95008
    assert set(whole.links) == {2011, 2021, 2022, 2023, 2024}
    assert 80681 - whole.links[2021].after_ha == pytest.approx(4531, abs=120)
    assert whole.links[2021].before_ha == 61777
    assert whole.links[2011] == Link(61200, 64400, ("C0249",))
    assert whole.claims[2020] == ("C0124",)


def test_a_figure_on_fewer_zones_names_the_claims_it_adds_up(pack: RegionPack) -> None:
    for series in (area_series(pack, "ALL", 2020), area_series(pack, "ALL")):
        figure = next(one for one in series.scored(2020, 2024) if one.year == 2021)
        assert len(figure.claims) == 14
        assert figure.area_ha == sum(pack.ledger.claims[name].value for name in figure.claims)
        assert {pack.ledger.claims[name].year for name in figure.claims} == {2021}


def test_a_zone_drawn_anew_begins_again(pack: RegionPack) -> None:
    assert area_series(pack, "huallaga").years[0] == 2018
    assert area_series(pack, "vraem").years[0] == 2002


def test_small_zones_that_enter_a_basin_are_linked(pack: RegionPack) -> None:
    frontier = area_series(pack, "frontier")
    assert (frontier.links[2021].before_ha, frontier.links[2021].after_ha) == (726, 721)


def test_the_joint_place_adds_two_basins_where_both_are_published(pack: RegionPack) -> None:
    joint = area_series(pack, JOINT)
    assert joint.years == (2004, 2005, 2016, *range(2018, 2025))
    assert joint.area_ha[0] == 14700 + 12700
    assert joint.claims[2004] == ("C0265", "C0284")


def test_which_places_are_scored(pack: RegionPack) -> None:
    every = [area_series(pack, place) for place in ("ALL", *(zone.id for zone in pack.zones))]
    assert [one.place for one in scored_places(every, 2013)] == ["ALL", "vraem"]
    late = {one.place for one in scored_places(every, 2020)}
    assert late == {"ALL", *(zone.id for zone in pack.zones)} - {"amazonas", "bajo-huallaga", "bajo-ucayali", "madre-de-dios"}


def test_an_unknown_place_is_named(pack: RegionPack) -> None:
    with pytest.raises(InputError, match="vraem"):
        area_series(pack, "vraen")


def test_eradication_is_the_nations(pack: RegionPack) -> None:
    counted = eradicated_by_year(pack)
    assert (counted[2015], counted[2021]) == (35868, 5774)
