"""Catalogue and sentences: both languages complete, and no verdict that the interval does not carry."""

from __future__ import annotations

import string
from dataclasses import replace
from types import ModuleType

import pytest

from eslabon.errors import InputError
from eslabon.i18n import LANGUAGES, catalogue, phrase, translate
from eslabon.report.data import PageData, missing_harms
from eslabon.report.names import harm_words, outcome_name, scenario_title
from eslabon.report.scoring import judge, score
from eslabon.report.sentences import answer, direction, misses_sentence, past_score


def fields(words: str) -> set[str]:
    """Return the names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def test_both_catalogues_have_the_same_keys_and_fields() -> None:
    english, spanish = catalogue("en"), catalogue("es")
    assert set(english) == set(spanish)
    assert [key for key in english if fields(english[key]) != fields(spanish[key])] == []
    assert [key for lang in LANGUAGES for key, words in catalogue(lang).items() if not words.strip()] == []


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("table", ["outcome", "short", "meaning"])
def test_every_outcome_has_a_name_in_both_languages(sample: ModuleType, lang: str, table: str) -> None:
    for info in [*sample.OUTCOMES]:
        assert translate(f"{table}.{info.name}", lang)


def test_a_missing_key_language_or_value_is_an_error() -> None:
    with pytest.raises(InputError, match=r"outcome\.coca_area_ha"):
        translate("outcome.coca_area_hb", "en")
    with pytest.raises(InputError, match="en or es"):
        translate("outcome.coca_area_ha", "fr")
    with pytest.raises(InputError, match="needs this value"):
        translate("chart.n", "en")


def test_inserted_values_are_never_read_as_patterns() -> None:
    assert translate("chart.n", "en", n="{claims}") == "N = {claims}"


def test_words_of_a_user_are_kept(data: PageData) -> None:
    assert phrase("My own note", "es") == "My own note"
    assert outcome_name("my_outcome", "es") == "my outcome"
    assert scenario_title(replace(data.reference, name="mine", title="My plan"), "es") == "My plan"
    assert scenario_title(data.reference, "es") == "Las políticas continúan"


@pytest.mark.parametrize(("low", "high", "expected"), [(-9, -1, "less"), (1, 9, "more"), (-1, 9, "unclear"), (0, 9, "unclear")])
def test_direction_needs_the_whole_interval_on_one_side(low: float, high: float, expected: str) -> None:
    assert direction({"p05": low, "p50": 4.0, "p95": high}) == expected


def test_the_answer_says_area_and_harms_and_past(data: PageData) -> None:
    area, beside, past = answer(data, "en")
    assert "ha less (" in area
    for harm in ("household income", "people arrested", "households leaving", "forest cleared"):
        assert harm in beside
    assert "of 23 published areas" in past


def test_an_unclear_difference_is_said_to_be_unclear(data: PageData) -> None:
    wide = [{**row, "p05": -9e5, "p95": 9e5} for row in data.differences]
    area, beside, _ = answer(replace(data, differences=wide), "es")
    assert "no puede decir" in area
    assert beside.count("sin cambio claro") == 6


def test_a_plain_run_has_an_answer_without_comparison(single: PageData) -> None:
    area, beside, _ = answer(single, "en")
    assert "against" not in area
    assert "t a year" in beside


def test_score_counts_hits_and_mean_absolute_error(sample: ModuleType) -> None:
    rows = [sample.row("coca_area_observed_ha", "ALL", year, "ha", 100.0, 0.05) for year in (2001, 2002, 2003)]
    dots = [{"quantity": "coca_area_ha", "basin": "ALL", "year": y, "value": v, "claims": "C1"} for y, v in ((2001, 101), (2002, 150), (2003, 70))]
    found = score(rows, dots, "coca_area_observed_ha")
    assert found is not None
    assert (found.inside, found.n) == (1, 3)
    assert found.mean_absolute_error == pytest.approx((1 + 50 + 30) / 3)
    assert found.mean_absolute_percent == pytest.approx(100 * (1 / 101 + 50 / 150 + 30 / 70) / 3)
    assert misses_sentence(found, "en") == "Missed years: model too high in 2003; model too low in 2002."
    assert judge(100.0, rows[0]) == "inside"


def test_the_start_of_a_stock_is_no_prediction(sample: ModuleType) -> None:
    rows = [sample.row("coca_area_observed_ha", "ALL", year, "ha", 100.0, 0.05) for year in (2001, 2002)]
    dots = [{"quantity": "coca_area_ha", "basin": "ALL", "year": y, "value": 100.0, "claims": ""} for y in (2001, 2002)]
    found = score(rows, dots, "coca_area_observed_ha", is_stock=True)
    assert found is not None
    assert [check.year for check in found.checks] == [2002]


def test_a_harm_with_an_outcome_is_missing_only_in_part(data: PageData) -> None:
    names = [info.name for info in data.outcomes]
    assert harm_words("violence", "reason.violence", names, "en").startswith("not modelled yet")
    assert harm_words("violence", "ask us", names, "en") == "not modelled: ask us"
    assert harm_words("displacement", "reason.displacement", names, "es").startswith("solo en parte: se cuentan")


def test_english_words_of_a_pack_are_found_again() -> None:
    assert phrase("No eradication", "es") == "Sin erradicación"
    assert phrase("zone redefinition", "es") == "zonas redefinidas"
    assert phrase("What if eradication stopped?", "es") == "¿Qué pasaría si se dejara de erradicar?"


def test_the_history_of_the_sample_keeps_its_misses(data: PageData) -> None:
    found = past_score(data, "ALL")
    assert found is not None
    outside = [c for c in found.checks if not c.row["p05"] <= c.value <= c.row["p95"]]
    assert len(found.misses) == len(outside) > 0


def test_supply_without_harms_is_refused(data: PageData) -> None:
    assert missing_harms(["household_income_usd2013"], ["violence", "prison", "indigenous exposure"]) == [
        "arrests",
        "displacement",
        "forest",
    ]
    with pytest.raises(InputError, match="never shown without its harms"):
        replace(data, not_modelled={})


def test_a_quantile_that_is_not_finite_is_refused_with_its_place(data: PageData) -> None:
    rows = [{**data.reference.rows[0], "p95": float("nan")}]
    with pytest.raises(InputError, match="baseline: coca_area_ha, ALL, 2024, p95"):
        replace(data, scenarios=[replace(data.reference, rows=rows)])
