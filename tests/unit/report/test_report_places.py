"""Flow and map: nothing is lost at a node, areas are in proportion, nothing finer than a basin."""

from __future__ import annotations

import math

import pytest

from eslabon.report import charts
from eslabon.report.data import PageData, in_year, pick
from eslabon.report.labels import Disc, places
from eslabon.report.places import change_class, flow_links


def test_every_inner_node_passes_on_what_it_receives(data: PageData) -> None:
    links = flow_links(data.policies[0].rows, 2030)
    inner = {link.source for link in links} & {link.target for link in links}
    assert len(inner) > 5
    for node in inner:
        received = sum(link.kg for link in links if link.target == node)
        assert received == pytest.approx(sum(link.kg for link in links if link.source == node))
    made = sum(link.kg for link in links if link.source == "field")
    ends = sum(link.kg for link in links if link.target in {"seized", "border"})
    assert made == pytest.approx(ends)


def test_what_crosses_the_border_is_the_exported_median(data: PageData) -> None:
    rows = data.reference.rows
    arrived = {link.source: link.kg for link in flow_links(rows, 2030) if link.target == "border"}
    for corridor in data.corridors:
        exported = in_year(pick(rows, "exported_kg", corridor=corridor["id"]), 2030)[0]["p50"]
        assert arrived[f"corridor:{corridor['id']}"] == pytest.approx(exported)


def test_seizures_at_home_are_what_the_way_does_not_explain(data: PageData) -> None:
    rows = data.reference.rows
    links = flow_links(rows, 2030, smallest=0)
    at_home = next(link.kg for link in links if (link.source, link.target) == ("basin:vraem", "seized"))
    seized = in_year(pick(rows, "seized_kg", "vraem"), 2030)[0]["p50"]
    dispatched = sum(link.kg for link in links if link.source == "basin:vraem" and link.target.startswith("corridor"))
    assert at_home == pytest.approx(seized - 0.08 * dispatched)


def test_without_corridor_seizures_the_rest_is_lost_on_the_way(data: PageData) -> None:
    rows = [row for row in data.reference.rows if row["outcome"] != "seized_kg"]
    links = flow_links(rows, 2030)
    carried = sum(link.kg for link in links if link.target == "corridor:pacific")
    lost = next(link.kg for link in links if (link.source, link.target) == ("corridor:pacific", "seized"))
    assert lost == pytest.approx(0.08 * carried)


def test_small_basins_are_drawn_together(data: PageData) -> None:
    sources = {link.source for link in flow_links(data.reference.rows, 2030)}
    assert "basin:vraem" in sources
    assert "basin:further" in sources
    assert "basin:maranon" not in sources


def test_telephone_chart_begins_at_the_basins(data: PageData) -> None:
    option = charts.flow(data.reference.rows, 2030, data.basins, data.corridors, narrow=True)
    names = {node["name"]: node["depth"] for node in option["series"][0]["data"]}
    assert "field" not in names
    assert names["basin:vraem"] == 0


def test_flow_without_rows_is_empty() -> None:
    assert flow_links([], 2030) == []


def test_disc_area_is_in_proportion_to_coca_area(data: PageData) -> None:
    option = charts.basin_map(data.reference.rows, 2030, data.basins)
    discs = {point["name"]: point for series in option["series"] for point in series["data"]}
    big, small = discs["VRAEM"], discs["Inambari-Tambopata"]
    areas = (big["symbolSize"] / small["symbolSize"]) ** 2
    assert areas == pytest.approx(big["value"][2] / small["value"][2], rel=0.01)


def test_a_basin_without_a_centre_is_left_out(data: PageData) -> None:
    option = charts.basin_map(data.reference.rows, 2030, data.basins)
    names = [point["name"] for series in option["series"] for point in series["data"]]
    assert len(names) == len(data.basins) - 1
    assert "Frontier and other zones" not in names


@pytest.mark.parametrize(
    ("quantiles", "expected"),
    [
        ((-9, -5, -1), "less_sure"),
        ((-9, -5, 1), "less"),
        ((1, 5, 9), "more_sure"),
        ((-1, 5, 9), "more"),
        ((-1, 0, 1), "same"),
    ],
)
def test_colour_says_direction_and_certainty(quantiles: tuple[float, float, float], expected: str) -> None:
    row = dict(zip(("p05", "p50", "p95"), quantiles, strict=True))
    assert change_class(row)[0] == expected


def test_names_on_the_map_do_not_touch() -> None:
    discs = [Disc(100 + 3 * step, 100 + 7 * math.sin(step), 8, "Zona larga") for step in range(6)]
    found = places(discs, 12, (0, 400))
    assert found[0] is not None
    kept = [place for place in found if place]
    assert len({(place.side, place.dx, place.dy) for place in kept}) > 1


def test_a_name_keeps_inside_the_map() -> None:
    place = places([Disc(390, 50, 5, "Zona")], 12, (0, 400))[0]
    assert place is not None
    assert place.side == "left"
