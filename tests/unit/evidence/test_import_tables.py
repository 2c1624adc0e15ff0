"""Whole tables: laid out in many ways with the same content, refused for persons and points, and never altered in silence."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eslabon.errors import InputError
from eslabon.evidence.tables.findings import CODES
from eslabon.evidence.tables.grid import Cell, Sheet, Workbook
from eslabon.evidence.tables.import_report import ImportReport
from eslabon.evidence.tables.interpret import interpret_workbook
from eslabon.evidence.tables.request import ImportRequest, parse_period, parse_rate
from eslabon.i18n import LANGUAGES, has_text

SHA = "ab" * 32
AREAS = {("VRAEM", 2012): 19251.0, ("VRAEM", 2013): 18760.0, ("Huallaga", 2012): 9405.0, ("Huallaga", 2013): 4120.0}


def cell(value: object) -> Cell:
    """Return a cell as a workbook would hold it."""
    if isinstance(value, str):
        return Cell(value, "text") if value else Cell()
    return Cell(repr(value), "number", float(value))  # type: ignore[arg-type]


def sheet(rows: Sequence[Sequence[object]], name: str = "", hidden: bool = False) -> Sheet:
    """Return a sheet of cells."""
    width = max(map(len, rows))
    return Sheet(name, tuple(tuple(cell(value) for value in [*row, *[""] * (width - len(row))]) for row in rows), hidden)


def table(text: str) -> Sheet:
    """Return a sheet of comma-separated text."""
    return sheet(list(csv.reader(io.StringIO(text))))


def interpret(what: str | Sheet | Sequence[Sheet], quantity: str = "coca_area_unodc", **options: Any) -> ImportReport:
    """Return the report of a text, a sheet or several."""
    sheets = (table(what),) if isinstance(what, str) else (what,) if isinstance(what, Sheet) else tuple(what)
    options.setdefault("source_id", "unodc2005fs")
    return interpret_workbook(Workbook("invented.xlsx", "xlsx", SHA, "utf-8", sheets), ImportRequest(quantity, **options))


def areas(report: ImportReport) -> dict[tuple[str, int], float]:
    """Return the claims' values by zone and year."""
    assert report.outcome == "take", [(f.code, f.places, f.value) for f in report.findings if f.open]
    return {(claim.place.removeprefix("Peru/"), claim.period_end.year): claim.value for claim in report.claims}


LAYOUTS = {
    "wide": "Zona,2012 (ha),2013 (ha)\nVRAEM,19251,18760\nHuallaga,9405,4120\n",
    "unit in the corner": "Superficie (ha),2012,2013\nVRAEM,19251,18760\nHuallaga,9405,4120\n",
    "long": "Zona,Año,Superficie (ha)\nVRAEM,2012,19251\nVRAEM,2013,18760\nHuallaga,2012,9405\nHuallaga,2013,4120\n",
    "places across": "Año,VRAEM,Huallaga\n2012,19251 ha,9405 ha\n2013,18760 ha,4120 ha\n",
    "two levels": "Zona,Superficie (ha),,Producción (t),\n,2012,2013,2012,2013\nVRAEM,19251,18760,1,2\nHuallaga,9405,4120,3,4\n",
    "years above measures": "Zona,2012,,2013,\n,Área (ha),Producción (t),Área (ha),Producción (t)\nVRAEM,19251,1,18760,2\nHuallaga,9405,3,4120,4\n",
    "one column a year": "Zona,Superficie 2012 (ha),Superficie 2013 (ha)\nVRAEM,19251,18760\nHuallaga,9405,4120\n",
    "unit column": "Zona,Año,Unidad,Valor\nVRAEM,2012,ha,19251\nVRAEM,2013,ha,18760\nHuallaga,2012,ha,9405\nHuallaga,2013,km2,41.20\n",
    "heads again": "Zona,2012 (ha),2013 (ha)\nVRAEM,19251,18760\nZona,2012 (ha),2013 (ha)\nHuallaga,9405,4120\n",
    "thousands of hectares": "Zona,2012 (miles de ha),2013 (miles de ha)\nVRAEM,19.25100,18.76000\nHuallaga,9.40500,4.12000\n",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_one_content_in_every_layout(layout: str) -> None:
    """The way a table is laid out changes no figure."""
    assert areas(interpret(LAYOUTS[layout])) == AREAS


def test_banner_blank_rows_and_columns_change_nothing() -> None:
    """A table moved right and down under a banner gives the same figures, its cells named where they are now."""
    rows = [["Informe"], [], *[["", *row] for row in csv.reader(io.StringIO(LAYOUTS["wide"]))]]
    moved = interpret(sheet(rows, "Cuadro 1"))
    assert areas(moved) == AREAS
    assert moved.places[0] == "Cuadro 1!C4"
    assert "cell C4" in moved.claims[0].locator and SHA in moved.claims[0].locator


def test_order_of_rows_and_columns_changes_no_figure() -> None:
    turned = "2013 (ha),Zona,2012 (ha)\n4120,Huallaga,9405\n18760,VRAEM,19251\n"
    assert areas(interpret(turned)) == AREAS


def test_a_claim_keeps_the_original_text() -> None:
    report = interpret("Zona,2013 (ha)\nvraem  1/,más de 18 000 (4)\n(4) Según muestreo.\n")
    claim = report.claims[0]
    assert (claim.value, claim.bound_type, claim.place) == (18000.0, "lower", "Peru/VRAEM")
    for words in ('printed "más de 18 000 (4)"', 'place "vraem 1/"', "Según muestreo"):
        assert words in claim.note


BAD_CELLS = [
    "", "n.d", "-", "*", "1.2.3", "12 3", "(12)", "12p", "1E5", "2012-2013", "VRAEM", "doce", "12 kg", "-12", "19.251", "19,251", "12%",
    "S/ 12", "9-5", "hasta 12", "más de 7", "12*", "12 (1)", "1²3", "#N/A", "10 o 11", "TRUE", "١٢ ha",
]  # fmt: skip
FIGURE_CELLS = [(1, 1), (1, 2), (2, 1), (2, 2)]


@pytest.mark.parametrize("text", BAD_CELLS)
@pytest.mark.parametrize("at", FIGURE_CELLS)
def test_no_odd_cell_is_accepted_in_silence(text: str, at: tuple[int, int]) -> None:
    """Whatever stands in a figure's place, the report names that cell, or the figure is taken as plainly written."""
    rows: list[list[object]] = [["Zona", "2012 (ha)", "2013 (ha)"], ["VRAEM", 19251, 18760], ["Huallaga", 9405, 4120]]
    rows[at[0]][at[1]] = text
    report = interpret(sheet(rows))
    where = "BC"[at[1] - 1] + str(at[0] + 1)
    named = {place for finding in report.findings for place in finding.places}
    assert where in named
    others = {place: claim.value for place, claim in zip(report.places, report.claims, strict=True) if place != where}
    assert all(value == rows[int(place[1]) - 1]["ABC".index(place[0])] for place, value in others.items())


@pytest.mark.parametrize("text", ["", "Hualaga", "VRAEM", "Amazonas", "Total", "Cusco", "Bolivia", "Distrito de X", "2013", "Zona 7"])
def test_no_odd_label_is_accepted_in_silence(text: str) -> None:
    """A label that is not a zone of its own is named, and its figures never go to another zone."""
    report = interpret(sheet([["Zona", "2012 (ha)", "2013 (ha)"], ["VRAEM", 19251, 18760], [text, 9405, 4120]]))
    named = {place for finding in report.findings for place in finding.places}
    assert named & {"A3", "B3", "C3"}
    assert {c.value for c in report.claims if c.place == "Peru/VRAEM"} <= ({19251.0, 18760.0} if text else {19251.0, 18760.0, 9405.0, 4120.0})


REFUSED = [
    ("Zona,Nombre del productor,2013 (ha)\nVRAEM,Fulano de Tal,3\n", "E-PERSONAL-DATA", "B1"),
    ("Zona,DNI,2013 (ha)\nVRAEM,00000000,3\n", "E-PERSONAL-DATA", "B1"),
    ("Zona,2013 (ha),Celular\nVRAEM,3,x\n", "E-PERSONAL-DATA", "C1"),
    ("Zona,2013 (ha),Nota\nVRAEM,3,escribir a alguien@ejemplo.org\n", "E-PERSONAL-DATA", "C2"),
    ("Zona,2013 (ha)\nVRAEM,3\nContacto: DNI 00000000,\n", "E-PERSONAL-DATA", "A3"),
    ("Zona,Latitud,Longitud,2013 (ha)\nVRAEM,0,0,3\n", "E-COORDINATES", "B1"),
    ("Zona,UTM,2013 (ha)\nVRAEM,0,3\n", "E-COORDINATES", "B1"),
    ("Zona,a,b,2013 (ha)\n" + "".join(f"VRAEM,{-1 - step / 7},{-70 - step / 7},3\n" for step in (1, 2, 3)), "E-COORDINATES", "B2"),
    ("Zona,2013 (ha)\nVRAEM,3\nPunto: -1.11111 -70.11111,\n", "E-COORDINATES", "A3"),
    ("Zona,2013 (ha)\nVRAEM,3\nPOINT (1 1),\n", "E-COORDINATES", "A3"),
    ("Distrito,2013 (ha)\nAlguno,3\nOtro,4\n", "E-FINER-THAN-BASIN", "A1"),
    ("Código,Lugar,2013 (ha)\n250101,Alguno,3\n", "E-FINER-THAN-BASIN", "A2"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "where"), REFUSED)
def test_persons_and_points_refuse_the_file(text: str, code: str, where: str) -> None:
    report = interpret(text)
    assert report.outcome == "refuse"
    assert report.claims == ()
    finding = next(f for f in report.findings if f.code == code)
    assert finding.places[0] == where


def test_a_hidden_sheet_is_screened_too() -> None:
    clean = table(LAYOUTS["wide"])
    secret = sheet([["Zona", "DNI"], ["VRAEM", "00000000"]], "oculta", hidden=True)
    report = interpret([clean, secret])
    assert report.outcome == "refuse"
    assert report.findings[0].places == ("oculta!B1",)


@pytest.mark.parametrize("text", ["Zona,Detenidos,2013 (ha)\nVRAEM,12,3\n", "Nombre de la zona,2013 (ha)\nVRAEM,3\n", "Nombre,2013 (ha)\nVRAEM,3\n"])
def test_counts_and_names_of_zones_are_no_persons(text: str) -> None:
    assert "E-PERSONAL-DATA" not in {f.code for f in interpret(text).findings}


def test_kind_form_and_unit_come_from_the_ledger_or_are_asked() -> None:
    asked = {f.code for f in interpret("Zona,2013 (ha)\nVRAEM,3\n", "brand_new").findings if f.open}
    assert asked == {"Q-NEW-QUANTITY", "Q-FORM-UNDECLARED", "Q-KIND-UNDECLARED"}
    told = interpret("Zona,2013 (ha)\nVRAEM,3\n", "brand_new", kind="stock", form="coca area", accept=("Q-NEW-QUANTITY",))
    assert told.outcome == "take"
    assert told.claims[0].kind == "stock"
    assert {f.code for f in interpret("Zona,2013 (ha)\nVRAEM,3\n", kind="flow").findings if f.open} == {"E-KIND-CONTRADICTED"}


def test_stock_has_a_day_and_flow_a_start_and_an_end() -> None:
    stock = interpret("Zona,2013 (ha)\nVRAEM,3\n").claims[0]
    flow = interpret("Zona,2013 (ha)\nVRAEM,3\n", "eradication").claims[0]
    assert stock.period_start == stock.period_end and stock.period_end.isoformat() == "2013-12-31"
    assert (flow.period_start.isoformat(), flow.period_end.isoformat()) == ("2013-01-01", "2013-12-31")


def test_a_month_never_stands_for_its_year() -> None:
    """Figures of months and days are stored under names of their own, as lower bounds or events."""
    text = "Mes,2013 (kg)\nEnero,10\nFebrero,12\n"
    report = interpret(text, "seizure_pbc", place="Peru", accept=("Q-PART-YEAR",))
    assert [(c.quantity, c.bound_type, c.period_end.month) for c in report.claims] == [
        ("seizure_pbc_part_year", "lower", 1),
        ("seizure_pbc_part_year", "lower", 2),
    ]
    events = interpret("Fecha,Departamento,Cantidad (kg)\n2013-05-02,Cusco,10\n", "seizure_pbc")
    assert events.claims[0].quantity == "seizure_pbc_event"


def test_total_column_and_total_rows_are_checks() -> None:
    """Row and column totals worked by hand hold; one changed by 1 beyond rounding does not."""
    text = "Departamento,Enero 2013 (kg),Febrero 2013 (kg),Total\nCusco,10,12,22\nPuno,7,8,15\nTotal,17,20,37\n"
    report = interpret(text, "seizure_pbc", accept=("Q-PART-YEAR",))
    assert report.outcome == "take" and len(report.claims) == 4
    assert [check.holds for check in report.checks] == [True] * len(report.checks) and len(report.checks) == 4
    wrong = interpret(text.replace("15", "18"), "seizure_pbc", accept=("Q-PART-YEAR",))
    assert {f.code: f.places for f in wrong.findings if f.open} == {"Q-TOTAL-DOES-NOT-HOLD": ("D3",)}


def test_parts_that_miss_their_total_by_rounding_are_within_it() -> None:
    """Three parts printed whole may miss their total by two at most: 1.5 for the parts and 0.5 for the total."""
    table_of = "Zona,2013 (ha)\nVRAEM,10\nHuallaga,20\nAguaytía,30\nTotal,{}\n"
    assert {f.code for f in interpret(table_of.format(62)).findings if f.code[0] != "D"} >= {"N-WITHIN-ROUNDING"}
    assert "Q-TOTAL-DOES-NOT-HOLD" in {f.code for f in interpret(table_of.format(63)).findings}


def test_a_right_percentage_is_quiet_and_a_wrong_one_is_asked() -> None:
    """From 20,000 to 25,000 is +25 %; 20 % is the same change on the later figure; 40 % is neither."""
    text = "Zona,2012 (ha),2013 (ha),Var. %\nVRAEM,20000,25000,{}\n"
    codes = {printed: {f.code for f in interpret(text.format(printed)).findings} for printed in ("25.0", "20.0", "40.0")}
    assert not codes["25.0"] & {"Q-PERCENT-BASE", "Q-PERCENT-DOES-NOT-HOLD"}
    assert "Q-PERCENT-BASE" in codes["20.0"]
    assert "Q-PERCENT-DOES-NOT-HOLD" in codes["40.0"]


def test_products_are_checked_year_by_year() -> None:
    """10 ha at 3 t/ha are 30 t; 20 ha at 4 t/ha are 80 t and not 99."""
    heads = "Zona,2012 (ha),2013 (ha),2012 (t/ha),2013 (t/ha),2012 (t),2013 (t)\n"
    right = interpret(heads + "VRAEM,10,20,3.0,4.0,30,80\n", "leaf_production")
    assert [check.holds for check in right.checks if check.what == "product"] == [True, True]
    wrong = interpret(heads + "VRAEM,10,20,3.0,4.0,30,99\n", "leaf_production")
    assert {f.code: f.places for f in wrong.findings if f.open} == {"Q-PRODUCT-DOES-NOT-HOLD": ("G2",)}


def test_a_row_may_be_left_out_by_name() -> None:
    """A row that stands for no zone can be left out; it still counts in the check of the total, and is reported."""
    text = "Zona,2013 (ha)\nVRAEM,18760\nResto,40\nTotal,18800\n"
    assert {f.code for f in interpret(text).findings if f.open} == {"Q-UNKNOWN-PLACE"}
    report = interpret(text, zones={"Resto": "-"})
    assert areas(report) == {("VRAEM", 2013): 18760.0}
    assert [(cell.place, cell.why) for cell in report.left_out] == [("B3", "place: Resto"), ("B4", "N-TOTALS-EXCLUDED")]
    assert [check.holds for check in report.checks] == [True]


def test_other_product_columns_are_left_out() -> None:
    text = "Departamento,PBC (kg),Clorhidrato (kg),Marihuana (kg)\nCusco,310,12,5\n"
    report = interpret(text, "seizure_pbc", period="2013")
    assert [(claim.value, place) for claim, place in zip(report.claims, report.places, strict=True)] == [(310.0, "B2")]
    assert [f.places for f in report.findings if f.code == "N-OTHER-PRODUCT"] == [("C1",), ("D1",)]


def test_two_columns_that_could_be_meant_are_asked() -> None:
    text = "Departamento,Operación A 2013 (kg),Operación B 2013 (kg)\nCusco,310,12\n"
    asked = interpret(text, "seizure_pbc")
    finding = next(f for f in asked.findings if f.open)
    assert finding.code == "Q-SEVERAL-COLUMNS"
    assert interpret(text, "seizure_pbc", column="Operación A").claims[0].value == 310.0


def test_few_households_are_suppressed() -> None:
    text = "Zona,2013\nVRAEM,10\nHuallaga,11\n"
    report = interpret(text, "ad_families", unit="count")
    assert [claim.value for claim in report.claims] == [11.0]
    assert next(f.places for f in report.findings if f.code == "N-SMALL-COUNT") == ("B2",)


def test_two_tables_and_two_sheets_are_asked() -> None:
    first, second = table(LAYOUTS["wide"]), table("Zona,2014 (ha)\nVRAEM,5\n")
    both = sheet([*[[c.text for c in row] for row in first.rows], [], ["Otro cuadro"], *[[c.text for c in row] for row in second.rows]])
    assert "Q-SEVERAL-TABLES" in {f.code for f in interpret(both).findings if f.open}
    assert areas(interpret(both, table=1)) == AREAS
    assert areas(interpret(both, table=2)) == {("VRAEM", 2014): 5.0}
    sheets = [Sheet("a", first.rows), Sheet("b", second.rows)]
    assert "Q-SEVERAL-SHEETS" in {f.code for f in interpret(sheets).findings if f.open}
    assert areas(interpret(sheets, sheet="b")) == {("VRAEM", 2014): 5.0}


def test_known_figures_and_contradicted_ones_are_told_apart() -> None:
    """The ledger's own figures of 2018-2021 come back as the same data; one figure changed is a conflict."""
    known = {c.period_end.year: c for c in interpret(LAYOUTS["wide"]).claims}
    assert known
    ledger = ImportRequest("coca_area_unodc").reference.ledger
    rows = [["Zona", "Año", "Superficie (ha)"]]
    rows += [["Aguaytía", str(year), f"{ledger.preferred('coca_area_unodc', 'Peru/Aguaytía')[year].value:g}"] for year in (2018, 2019, 2020, 2021)]
    same = interpret(sheet(rows))
    assert {f.code for f in same.findings if f.open} == {"Q-SAME-DATA"}
    assert not any(claim.conflict for claim in same.claims)
    rows[1][2] = "99999"
    changed = interpret(sheet(rows))
    assert [claim.conflict for claim in changed.claims] == [True, False, False, False]
    assert "N-DIFFERS-FROM-LEDGER" in {f.code for f in changed.findings}


def test_currency_needs_rate_day_and_source() -> None:
    """28 soles at 2.80 soles a dollar are 10 dollars; without the rate it is asked."""
    text = "Zona,2013 (S/ por kg)\nVRAEM,28.00\n"
    assert {f.code for f in interpret(text, "price_leaf", unit="USD/kg").findings if f.open} == {"Q-CURRENCY-MIX"}
    done = interpret(text, "price_leaf", unit="USD/kg", rate=parse_rate("2.80 PEN/USD 2013-12-31 somewhere"))
    assert (done.claims[0].value, done.claims[0].unit) == (10.0, "USD/kg")
    assert "2.8 PEN/USD of 2013-12-31 (somewhere)" in done.claims[0].note
    kept = interpret(text, "price_leaf")
    assert (kept.claims[0].value, kept.claims[0].unit) == (28.0, "PEN/kg")


def test_same_import_gives_the_same_claims() -> None:
    assert interpret(LAYOUTS["wide"]).document() == interpret(LAYOUTS["wide"]).document()


@pytest.mark.parametrize(
    "options",
    [
        {"kind": "pile"}, {"locale": "de"}, {"blank": "maybe"}, {"unit": "bushel"}, {"period": "soon"}, {"period": "2013..2012"}, {"grade": "Z"},
        {"accept": ("Q-NO-SUCH",)}, {"accept": ("E-COORDINATES",)}, {"accept": ("N-BOUND",)}, {"year_starts": 13}, {"place": "Atlantis"},
        {"sheet": "no"}, {"table": 9}, {"dimension": "village"},
    ],
)  # fmt: skip
def test_an_option_that_cannot_be_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        interpret("Año,Superficie (ha)\n2013,3\n", **options)


@pytest.mark.parametrize("text", ["2.80", "2.80 PEN/USD", "2.80 PEN/USD 2013-13-01 x", "0 PEN/USD 2013-01-01 x", "2,80 PEN/USD 2013-01-01 x"])
def test_a_rate_without_all_its_parts_is_refused(text: str) -> None:
    with pytest.raises(InputError):
        parse_rate(text)


def test_period_option() -> None:
    span = parse_period("2012-07..2013-06")
    assert (str(span.start), str(span.end)) == ("2012-07-01", "2013-06-30")


def test_every_code_has_words_and_what_to_do() -> None:
    """Each code says what it is in both languages; each refusal says what to do, each question offers an option."""
    for lang in LANGUAGES:
        for code in CODES:
            assert has_text(f"import_code.{code.lower()}", lang), code
            assert has_text(f"import_code.{code.lower()}-remedy", lang) == code.startswith("E"), code


ZONES = ["VRAEM", "Huallaga", "Aguaytía", "San Gabán", "Marañón", "Kosñipata"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.decimals(0, 99_999, places=2, allow_nan=False), min_size=3, max_size=6), st.sampled_from([None, ("es", ",", "."), ("en", ".", ",")]),
    st.sampled_from(["wide", "long"]),
)  # fmt: skip
def test_values_come_back_as_they_were_written(values: list[Decimal], style: tuple[str, str, str] | None, layout: str) -> None:
    """Figures written by us, typed or as text in either style, come back equal, zone by zone."""
    zones = ZONES[: len(values)]

    def written(value: Decimal) -> object:
        if style is None:
            return float(value)
        return f"{value:,.2f}".translate(str.maketrans(",.", style[2] + style[1]))

    rows: list[list[object]] = [["Zona", "2013 (ha)"]] if layout == "wide" else [["Zona", "Año", "Superficie (ha)"]]
    for zone, value in zip(zones, values, strict=True):
        rows.append([zone, written(value)] if layout == "wide" else [zone, 2013, written(value)])
    report = interpret(sheet(rows), locale=style[0] if style else "")
    assert report.outcome == "take", [(f.code, f.places) for f in report.findings if f.open]
    assert [(c.place, c.value) for c in report.claims] == [(f"Peru/{zone}", float(value)) for zone, value in zip(zones, values, strict=True)]
