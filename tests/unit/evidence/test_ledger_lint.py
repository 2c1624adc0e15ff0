"""The lint of a ledger: bounds, corrections, what free text must not hold, and figures that echo each other."""

from __future__ import annotations

from typing import Any

import pytest

from eslabon.evidence.ledger_echoes import digits_of, find_echoes
from eslabon.evidence.ledger_texts import COORDINATE, DOCUMENT, MAIL, PERSON, PHONE, private_marks
from eslabon.evidence.lint import lint_ledger
from eslabon.evidence.pack import RegionPack
from small_ledger import POINT, ledger_of, make_claim, make_ledger, make_source

BAD_BOUNDS = [
    ({"bound_type": "range", "low": "90", "high": None}, "a low and a high"),
    ({"bound_type": "range", "low": "100", "high": "100"}, "below its high"),
    ({"bound_type": "exact", "low": "90"}, "no other low"),
    ({"bound_type": "exact", "high": "110"}, "no other high"),
    ({"bound_type": "lower", "high": "110"}, "no other high"),
    ({"bound_type": "upper", "low": "90"}, "no other low"),
]
GOOD_BOUNDS: list[dict[str, Any]] = [
    {"bound_type": "range", "low": "90", "high": "110"},
    {"bound_type": "range", "low": "100", "high": "110"},
    {"bound_type": "exact", "low": "100", "high": "100"},
    {"bound_type": "lower", "low": "90"},
    {"bound_type": "upper", "high": "110"},
    {"bound_type": "approximate", "low": "90", "high": "110"},
    {"bound_type": "approximate"},
]


@pytest.mark.parametrize(("changes", "words"), BAD_BOUNDS)
def test_a_bound_without_what_its_type_needs(changes: dict[str, Any], words: str) -> None:
    findings = lint_ledger(make_ledger(make_claim(**changes)))
    assert [words in finding.rule for finding in findings] == [True]


@pytest.mark.parametrize("changes", GOOD_BOUNDS)
def test_a_bound_with_what_its_type_needs(changes: dict[str, Any]) -> None:
    assert lint_ledger(make_ledger(make_claim(**changes))) == ()


CORRECTIONS = [
    ((("C1", ""), ("C2", "C1"), ("C3", "C2"), ("C4", "C1")), {}),
    ((("C1", "C9"),), {"C1": "not there"}),
    ((("C1", "C2"), ("C2", "")), {"C1": "not come before"}),
    ((("C1", "C1"),), {"C1": "not come before"}),
    ((("C1", "C2"), ("C2", "C1")), {"C1": "not come before"}),
    ((("C1", "C3"), ("C2", "C1"), ("C3", "C2")), {"C1": "not come before"}),
]


@pytest.mark.parametrize(("rows", "expected"), CORRECTIONS)
def test_corrections_point_back(rows: tuple[tuple[str, str], ...], expected: dict[str, str]) -> None:
    """Nowhere, forward, to itself and in circles: each is found once, where it breaks the order."""
    findings = lint_ledger(make_ledger(*(make_claim(id=name, corrects=target) for name, target in rows)))
    assert {finding.where.removeprefix("claim "): True for finding in findings} == dict.fromkeys(expected, True)
    assert all(expected[finding.where.removeprefix("claim ")] in finding.rule for finding in findings)


FORBIDDEN = [
    (f"plot at {POINT}", COORDINATE),
    ("plot at -12,63; -73,78", COORDINATE),
    ("12.63 S, 73.78 W", COORDINATE),
    ("12.6301°S 73.7804°O", COORDINATE),
    ("12°37'48\" S", COORDINATE),
    ("12º 37 de latitud sur", COORDINATE),
    ("73.5° W", COORDINATE),
    ("lat -12.63", COORDINATE),
    ("longitud: 73,78", COORDINATE),
    ("UTM 18L 612345 8603456", COORDINATE),
    ("18L 612345 8603456", COORDINATE),
    ("612345, 8603456", COORDINATE),
    ("612345 E 8603456 N", COORDINATE),
    ("geo:-12.63,-73.78", COORDINATE),
    ("57R9F6CX+2V in the valley", COORDINATE),
    ("call 987654321", PHONE),
    ("call 987 654 321", PHONE),
    ("+51 1 615 5800", PHONE),
    ("+51987654321", PHONE),
    ("tel. 01 615-5800", PHONE),
    ("DNI 12345678", DOCUMENT),
    ("D.N.I. N° 12345678", DOCUMENT),
    ("document 12345678", DOCUMENT),
    ("RUC 20131312955", DOCUMENT),
    ("company 20131312955", DOCUMENT),
    ("pasaporte A1234567", DOCUMENT),
    ("write to someone@example.org", MAIL),
    ("alias Somebody", PERSON),
    ("a leader (a) Somebody", PERSON),
    ("Sr. Pérez said so", PERSON),
    ("Dr. Pérez Gómez", PERSON),
    ("camarada Somebody", PERSON),
]


@pytest.mark.parametrize(("text", "rule"), FORBIDDEN)
def test_private_text_is_found(text: str, rule: str) -> None:
    """Each is found as what it is, in the text itself, and in any of a claim's free fields."""
    assert rule in private_marks(text)
    for column in ("note", "locator", "series_break", "confidence"):
        findings = lint_ledger(make_ledger(make_claim(**{column: text})))
        assert (f"claim C1, column {column}", rule) in {(finding.where, finding.rule) for finding in findings}


ALLOWED = [
    "19,167 / (1-0.040); sources say about 20,000",
    "3,837.35 and 3,892.85, weighted 1:2:1",
    "45.63% on 10 Apr, 42.83% later",
    "from -0.02 to -0.03, or -0.11, -0.25",
    "69529 t / 19167 ha",
    "RM 1086-2024-IN; N° 30021; D.L. 1241",
    "1982-84 = 100; 2001-2013; 20131231",
    "S/ 1,000.50 a day, W. 3.5",
    "data/cpiai.csv at commit a1f785a",
    "temperature 20 °C, 5° in rank",
    "1,234,567 persons of 12,345,678",
    "page 12 to 34, table 5.10",
    "alternative to 1.25 and 2.75 t/ha",
    "PCOFFOTM in archive/external-data-v2.xls",
    "Mejía, Restrepo & Rozo 2017",
    "",
]


@pytest.mark.parametrize("text", ALLOWED)
def test_ordinary_text_is_not(text: str) -> None:
    """Figures, dates, laws, shares, commits and authors are no private marks."""
    assert private_marks(text) == ()


def test_addresses_of_sources() -> None:
    """An address may hold long numbers, not a point on a map; a title may name its author, not how to reach one."""
    good = make_source("g", url="https://paper.example/news/1201653-devida-987654321.html", title="Study by Dr Somebody's office, 2015")
    point = make_source("p", url=f"https://maps.example/@{POINT.replace(' ', '')},15z")
    mail = make_source("m", title="mail from someone@example.org")
    found = {finding.where for finding in lint_ledger(ledger_of(sources=(good, point, mail)))}
    assert found == {"source p, column url", "source m, column title"}


def test_the_pack_has_no_private_text(peru: RegionPack) -> None:
    for claim in peru.ledger.claims.values():
        assert private_marks(f"{claim.locator} | {claim.note}") == (), claim.id


ECHOES = [
    ([("a", 121242), ("b", 121242)], [("A0", "A1")]),
    ([("a", 121242), ("b", 121242), ("c", 121242), ("d", 121424)], [("A0", "A1", "A2")]),
    ([("a", 121242), ("a", 121242)], []),
    ([("a", 40000), ("b", 40000)], []),
    ([("a", 40300), ("b", 40300)], []),
    ([("a", 40310), ("b", 40310)], [("A0", "A1")]),
    ([("a", 0.01234), ("b", 0.01234)], [("A0", "A1")]),
]


@pytest.mark.parametrize(("claims", "expected"), ECHOES)
def test_the_same_odd_figure_from_several_groups(claims: list[tuple[str, float]], expected: list[tuple[str, ...]]) -> None:
    """Four significant digits make a figure odd; one group alone does not echo itself; it is no error."""
    made = [make_claim(id=f"A{n}", value=str(value), independence_group=group) for n, (group, value) in enumerate(claims)]
    ledger = make_ledger(*made)
    assert [tuple(claim.id for claim in echo.claims) for echo in find_echoes(ledger)] == expected
    assert lint_ledger(ledger) == ()


def test_echoes_are_of_one_thing() -> None:
    """Another place, period or unit is another thing; a corrected claim is out."""
    one = make_claim(id="A", value="121242", independence_group="a")
    others = ({"place": "Bolivia"}, {"period_start": "2011-12-31", "period_end": "2011-12-31"}, {"unit": "kg"}, {"quantity": "registered_area"})
    for changes in others:
        assert find_echoes(make_ledger(one, make_claim(id="B", value="121242", independence_group="b", **changes))) == ()
    mended = make_claim(id="B", value="121424", independence_group="b", corrects="A")
    assert find_echoes(make_ledger(one, make_claim(id="A2", value="121242", independence_group="b"), mended)) == ()


@pytest.mark.parametrize(("value", "digits"), [(121242, "121242"), (40300, "403"), (-0.0120, "12"), (1e-7, "1"), (1.5e20, "15"), (0, "")])
def test_digits(value: float, digits: str) -> None:
    assert digits_of(value) == digits
