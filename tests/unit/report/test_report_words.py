"""Catalogue and sentences: both languages complete, and no verdict that the interval does not carry."""

from __future__ import annotations

import re
import string
import tomllib
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from types import ModuleType

import pytest

from eslabon.cli.pages import NOTES
from eslabon.errors import InputError
from eslabon.evidence.pack import load_pack
from eslabon.i18n import LANGUAGES, catalogue, has_text, phrase, translate
from eslabon.report.data import HARM_ROWS, QUANTILES, PageData, missing_harms
from eslabon.report.names import harm_words, outcome_name, scenario_title
from eslabon.report.numbers import scale_for
from eslabon.report.scoring import judge, score
from eslabon.report.sentences import answer, direction, misses_sentence, past_score
from eslabon.stages import observe


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
def test_every_outcome_has_a_name_in_both_languages(lang: str, table: str) -> None:
    names = {o.name for o in observe.OUTCOMES}
    assert {name for name in names if not has_text(f"{table}.{name}", lang)} == set()
    told = {key.partition(".")[2] for key in catalogue(lang) if key.startswith(f"{table}.")}
    assert told <= names
    words = [translate(f"{table}.{name}", lang) for name in names]
    assert table == "meaning" or len(set(words)) == len(words)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_unit_has_words_in_both_languages(lang: str) -> None:
    for o in observe.OUTCOMES:
        label = scale_for(o.unit, o.kind, [], lang).label  # type: ignore[arg-type]
        assert label in {words for key, words in catalogue(lang).items() if key.startswith("unit.")}, o.unit


def test_every_shipped_scenario_has_its_words_in_both_languages() -> None:
    folder = files("eslabon.regions.peru").joinpath("scenarios")
    shipped = {Path(str(item)).stem: tomllib.loads(item.read_text(encoding="utf-8")) for item in folder.iterdir() if item.name.endswith(".toml")}
    keys = {name.replace("-", "_") for name in shipped}
    for table, field in (("scenario", "title"), ("question", "question")):
        assert {key.partition(".")[2] for key in catalogue("en") if key.startswith(f"{table}.")} == keys
        for name, scenario in shipped.items():
            key = f"{table}.{name.replace('-', '_')}"
            assert translate(key, "en") == scenario[field]
            assert phrase(scenario[field], "es") == translate(key, "es") != scenario[field]


def test_what_the_pack_says_of_published_figures_has_words() -> None:
    for item in load_pack("peru").observations:
        for said in (item.series_break, item.note):
            assert not said or phrase(said, "es") != said, said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_harm_says_what_it_leaves_out(lang: str) -> None:
    for harm in HARM_ROWS:
        assert translate(f"limit.{harm}", lang)
        assert translate(f"harm.{harm}", lang)
    for name in NOTES:
        assert translate(f"note.{name}", lang)


def test_no_text_says_that_the_whole_system_is_still_to_come() -> None:
    stale = re.compile("not modelled yet|not costed|aún no se|todavía no se|come with|vienen con|not part of this version")
    assert [key for lang in LANGUAGES for key, words in catalogue(lang).items() if stale.search(words)] == []


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
    area, beside, harms, past = answer(data, "en")
    assert "ha less (" in area
    for said in ("cocaine exported", "household income", "public cost"):
        assert said in beside
    for harm in ("civilians killed", "people arrested", "people in prison", "people displaced", "coca in indigenous land", "forest cleared"):
        assert harm in harms
    assert "of 23 published areas" in past


def test_an_unclear_difference_is_said_to_be_unclear(data: PageData) -> None:
    wide = [{**row, "p05": -9e5, "p95": 9e5} for row in data.differences]
    area, beside, harms, _ = answer(replace(data, differences=wide), "es")
    assert "no puede decir" in area
    assert beside.startswith("Junto a ello: sin cambio claro: cocaína exportada (de ")
    assert harms.startswith("Daños: sin cambio claro: civiles muertos (de ")
    assert (beside + harms).count("sin cambio claro") == 2


def test_no_change_and_little_change_are_called_so(data: PageData) -> None:
    none = [{**row, **dict.fromkeys(QUANTILES, 0.0)} for row in data.differences]
    _, beside, harms, _ = answer(replace(data, differences=none), "en")
    assert beside == "Beside it: no change in cocaine exported, household income, public cost."
    small = [{**row, "p05": 1.0, "p50": 2.0, "p95": 3.0} if row["outcome"] == "prison_stock" else row for row in none]
    assert "little change in people in prison (+0.011" in answer(replace(data, differences=small), "en")[2]
    assert harms.count("no change in") == 1


def test_an_interval_never_falls_below_nothing(data: PageData) -> None:
    deep = [{**row, "p05": -2e4, "p95": 2e4} if row["outcome"] == "displaced_people" else row for row in data.differences]
    assert "people displaced (−20,000 to +20,000 a year)" in answer(replace(data, differences=deep), "en")[2]


def test_a_plain_run_has_an_answer_without_comparison(single: PageData) -> None:
    area, beside, harms, _ = answer(single, "en")
    assert "against" not in area
    assert "t a year" in beside
    assert "people in prison 9,180 (" in harms
    assert "people displaced 11,200 a year (" in harms


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
    assert harm_words("violence", "not modelled yet: ask us", [], "en") == "not modelled yet: ask us"
    assert harm_words("violence", "ask us", [], "en") == "not modelled: ask us"
    assert harm_words("displacement", "se cuentan las salidas", names, "es") == "solo en parte: se cuentan las salidas"


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


@pytest.mark.parametrize("harm", sorted(HARM_ROWS))
def test_a_report_without_a_harm_is_refused(data: PageData, sample: ModuleType, harm: str) -> None:
    gone = set(HARM_ROWS[harm])
    with pytest.raises(InputError, match=f"{harm}.*never shown without its harms"):
        replace(data, outcomes=[info for info in data.outcomes if info.name not in gone])
    with pytest.raises(InputError, match=f"eradicate-30k.*{harm}.*never shown without its harms"):
        rows = [row for row in data.policies[0].rows if row["outcome"] not in gone or row["basin"] != "ALL"]
        replace(data, scenarios=[data.reference, replace(data.policies[0], rows=rows)])
    assert sample.without(data, {harm: "words"}).not_modelled == {harm: "words"}


def test_the_harms_of_the_model_are_those_of_the_report() -> None:
    assert set(observe.HARMS) == set(HARM_ROWS)
    assert all(outcome in HARM_ROWS[harm] for harm, (outcome, words) in observe.HARMS.items() if not words)


def test_a_quantile_that_is_not_finite_is_refused_with_its_place(data: PageData) -> None:
    rows = [{**data.reference.rows[0], "p95": float("nan")}, *data.reference.rows[1:]]
    with pytest.raises(InputError, match="baseline: coca_area_ha, ALL, 2024, p95"):
        replace(data, scenarios=[replace(data.reference, rows=rows)])
