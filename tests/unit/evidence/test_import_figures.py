"""Written figures, periods, units and names, each against what a person reads."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eslabon.evidence.pack import load_pack
from eslabon.evidence.tables.figures import Figure, Unreadable, read_figure, style_of, value_of
from eslabon.evidence.tables.measures import convert, ledger_unit, unit_named, unit_within
from eslabon.evidence.tables.missing import missing_code
from eslabon.evidence.tables.places import place_names
from eslabon.evidence.tables.spans import day_in_order, read_span

DAY = datetime.date

FIGURES = [
    ("40,300ha 2", "en", 40300.0, "exact", "ha", "2"), ("12*", None, 12.0, "exact", "", "*"), ("53,7 (4)", "es", 53.7, "exact", "", "(4)"),
    ("53,7²", "es", 53.7, "exact", "", "²"), ("1.088,88", "es", 1088.88, "exact", "", ""), ("1,088.88", "en", 1088.88, "exact", "", ""),
    ("25 000", None, 25000.0, "exact", "", ""), ("1'234,567.5", "en", 1234567.5, "exact", "", ""),
    ("más de 25 000 ha", None, 25000.0, "lower", "ha", ""),
    ("al menos 12", None, 12.0, "lower", "", ""), (">= 7", None, 7.0, "lower", "", ""), ("hasta 400", None, 400.0, "upper", "", ""),
    ("up to 400 t", None, 400.0, "upper", "t", ""), ("< 5", None, 5.0, "upper", "", ""), ("aprox. 300", None, 300.0, "approximate", "", ""),
    ("casi 12", None, 12.0, "approximate", "", ""), ("S/ 8,40", "es", 8.4, "exact", "", ""), ("US$ 3.2", "en", 3.2, "exact", "", ""),
    ("12 %", None, 12.0, "exact", "", ""), ("0,125", "es", 0.125, "exact", "", ""), ("1.234.567", "es", 1234567.0, "exact", "", ""),
]  # fmt: skip
RANGES = [("11 o 12", 11, 12), ("10-12", 10, 12), ("entre 10 y 12 kg", 10, 12), ("200 a 300 t", 200, 300), ("between 5 and 7", 5, 7)]
NOT_FIGURES = [
    ("12 3", "footnote"), ("(4)", "footnote"), ("(1,234)", "footnote"), ("12p", "footnote"), ("1²3", "footnote"), ("1E+05", "retyped"),
    ("2012-2013", "range"), ("n.d", "text"), ("-", "text"), ("doce", "text"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "style", "value", "bound", "unit", "marker"), FIGURES)
def test_figure_reads_as_a_person_reads_it(text: str, style: str, value: float, bound: str, unit: str, marker: str) -> None:
    figure = read_figure(text)
    assert isinstance(figure, Figure)
    read = value_of(figure.cores[0], style)  # type: ignore[arg-type]
    assert read is not None
    assert (read[0], figure.bound, figure.unit, figure.marker) == (value, bound, unit, marker)
    assert style_of(figure.cores[0])[1] in (style, None) or style_of(figure.cores[0])[0] == "unclear"


@pytest.mark.parametrize(("text", "low", "high"), RANGES)
def test_range_has_two_ends(text: str, low: float, high: float) -> None:
    figure = read_figure(text)
    assert isinstance(figure, Figure)
    assert figure.bound == "range"
    assert [float(core) for core in figure.cores] == [low, high]


@pytest.mark.parametrize(("text", "why"), NOT_FIGURES)
def test_what_is_no_figure_says_why(text: str, why: str) -> None:
    assert read_figure(text) == Unreadable(why)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["30.000", "12,500", "999.999"])
def test_one_group_of_three_decides_nothing(text: str) -> None:
    assert style_of(text)[0] == "unclear"
    assert value_of(text, "es") != value_of(text, "en")


@given(st.integers(0, 10**12), st.integers(0, 6), st.sampled_from(["es", "en"]))
def test_printed_numbers_come_back(number: int, decimals: int, style: str) -> None:
    """A number printed in a style with thousands marks is read back exactly, its decimals counted."""
    text = f"{number // 10**decimals:,}"
    fraction = f"{number % 10**decimals:0{decimals}d}" if decimals else ""
    text = f"{text}.{fraction}" if decimals else text
    printed = text.translate(str.maketrans(",.", ".,")) if style == "es" else text
    assert value_of(printed, style) == (float(text.replace(",", "")), decimals)  # type: ignore[arg-type]


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    """Any text is a figure with finite ends, or says why not."""
    figure = read_figure(text)
    if isinstance(figure, Figure):
        ends = [value_of(core, style) for core in figure.cores for style in ("es", "en")]  # type: ignore[arg-type]
        assert all(end is None or end[0] >= 0 for end in ends)


SPANS = [
    ("2013", DAY(2013, 1, 1), DAY(2013, 12, 31), "year"), ("Año 2013 (p)", DAY(2013, 1, 1), DAY(2013, 12, 31), "year"),
    ("2012-2013", DAY(2012, 1, 1), DAY(2013, 12, 31), "split"), ("2012/13", DAY(2012, 1, 1), DAY(2013, 12, 31), "split"),
    ("1995-2005", DAY(1995, 1, 1), DAY(2005, 12, 31), "several"), ("setiembre 2014", DAY(2014, 9, 1), DAY(2014, 9, 30), "month"),
    ("set. 2014", DAY(2014, 9, 1), DAY(2014, 9, 30), "month"), ("feb-12", DAY(2012, 2, 1), DAY(2012, 2, 29), "month"),
    ("31-dic-14", DAY(2014, 12, 31), DAY(2014, 12, 31), "day"), ("30 de setiembre del 2014", DAY(2014, 9, 30), DAY(2014, 9, 30), "day"),
    ("al 31/12/2013", DAY(2013, 12, 31), DAY(2013, 12, 31), "day"), ("Ene-Set 2013", DAY(2013, 1, 1), DAY(2013, 9, 30), "part"),
    ("2013 (ene.-set.)", DAY(2013, 1, 1), DAY(2013, 9, 30), "part"), ("I semestre 2013", DAY(2013, 1, 1), DAY(2013, 6, 30), "part"),
    ("IV trim. 2013", DAY(2013, 10, 1), DAY(2013, 12, 31), "part"), ("enero a diciembre 2013", DAY(2013, 1, 1), DAY(2013, 12, 31), "year"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "start", "end", "sort"), SPANS)
def test_span_has_start_and_end(text: str, start: datetime.date, end: datetime.date, sort: str) -> None:
    span = read_span(text)
    assert span is not None
    assert (span.start, span.end, span.sort) == (start, end, sort)


@pytest.mark.parametrize("text", ["Huallaga", "40300", "31/31/2014", "30 de febrero de 2014", "13", "2013 ha", "VRAEM 2013"])
def test_what_is_no_period(text: str) -> None:
    assert read_span(text) is None


def test_day_and_month_are_never_guessed() -> None:
    span = read_span("03/04/2014")
    assert span is not None
    assert span.start is None
    in_order = {order: day_in_order(span, order) for order in ("dmy", "mdy")}
    assert in_order["dmy"] and in_order["dmy"].start == DAY(2014, 4, 3)
    assert in_order["mdy"] and in_order["mdy"].start == DAY(2014, 3, 4)


UNITS = [
    ("Superficie (ha)", "ha"), ("Área, en hectáreas", "ha"), ("Producción (miles de t)", "thousand t"), ("Rendimiento (t/ha)", "t/ha"),
    ("Precio (US$/kg)", "USD/kg"), ("Precio (S/ por kg)", "PEN/kg"), ("Superficie cultivada con coca, 2012-2013 (miles de hectáreas)", "thousand ha"),
    ("Monto (millones de soles)", "million PEN"), ("Var. %", None), ("Zona", None),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name"), UNITS)
def test_unit_of_a_head(text: str, name: str | None) -> None:
    unit = unit_within(text)
    assert (unit.name if unit else None) == name


def test_conversions_by_hand() -> None:
    """1,5 t are 1,500 kg; 62.5 thousand ha are 62,500 ha; 3.6 t/ha are 3,600 kg/ha; a pound is 0.45359237 kg."""
    kg = ledger_unit("kg")
    assert convert(1.5, ledger_unit("t"), kg) == 1500.0
    assert convert(62.5, ledger_unit("thousand ha"), ledger_unit("ha")) == 62500.0
    assert convert(3.6, ledger_unit("t/ha"), ledger_unit("kg/ha/yr")) == 3600.0
    assert convert(2.0, ledger_unit("lb"), kg) == 0.90718474
    soles, dollars = unit_named("S/ por kg"), unit_named("US$/kg")
    assert soles and dollars and soles.dimension != dollars.dimension


@pytest.mark.parametrize("text", ["n.d", "N.D.", "n.a.", "s.d.", "-", "–", "..", "…", "*", "NR", "no disponible", "#N/A"])
def test_missing_codes(text: str) -> None:
    assert missing_code(text)


@pytest.mark.parametrize("text", ["0", "12*", "VRAEM", "-5", "", "n", "no"])
def test_figures_and_words_are_no_missing_codes(text: str) -> None:
    assert not missing_code(text)


PLACES = [
    ("VRAE", "zone", "Peru/VRAEM", "renamed"), ("  vraem *", "zone", "Peru/VRAEM", "normalised"),
    ("Pachitea – Pichis – Palcazu", "zone", "Peru/Pichis-Palcazú-Pachitea", "normalised"),
    ("Palcazú, Pichis y Pachitea", "zone", "Peru/Pichis-Palcazú-Pachitea", "normalised"), ("AGUAYTIA 1/", "zone", "Peru/Aguaytía", "normalised"),
    ("La Convención-Lares", "zone", "Peru/La Convención-Lares", "same"), ("Lares – La Convención", "zone", "Peru/La Convención-Lares", "normalised"),
    ("Dpto. Cusco", "department", "Peru/dept/Cusco", "normalised"), ("Perú", "nation", "Peru", "normalised"),
    ("Brasil", "country", "Brazil", "normalised"),
]  # fmt: skip


@pytest.mark.parametrize(("label", "dimension", "place", "spelling"), PLACES)
def test_place_of_a_label(label: str, dimension: str, place: str, spelling: str) -> None:
    names = place_names(load_pack("peru"))
    found = names.find(label, dimension)  # type: ignore[arg-type]
    assert found is not None
    assert (found.place, found.spelling) == (place, spelling)


def test_every_zone_of_every_list_is_known_with_its_basins() -> None:
    """Each name of the crosswalk is found, and its weights are those of the pack."""
    pack = load_pack("peru")
    names = place_names(pack)
    for row in pack.crosswalk:
        dimension = "department" if row.list_version == "departments" else "zone"
        found = names.find(row.zone_name, dimension)
        assert found is not None, row
        assert row.basin in dict(found.basins)


def test_unknown_name_offers_the_nearest() -> None:
    assert place_names(load_pack("peru")).offer("Alto Hualaga", "zone")[0] == "Alto Huallaga"
