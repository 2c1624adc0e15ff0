"""What the numbers say, in sentences made from the rows: medians, intervals, and no verdict that they do not carry."""

from __future__ import annotations

from collections.abc import Iterable

from eslabon.i18n import phrase, translate
from eslabon.report.data import NATION, PageData, Row, ScenarioResult, headline, of_scenario
from eslabon.report.names import outcome_name, scenario_title
from eslabon.report.numbers import interval, number, percent, percent_row, scale_for
from eslabon.report.scoring import Score, score

AREA = "coca_area_ha"
OBSERVED = "coca_area_observed_ha"
VRAEM = "vraem"
BESIDE_SUPPLY = (
    "exported_kg",
    "household_income_usd2013",
    "arrests",
    "households_leaving",
    "forest_cleared_ha",
    "public_cost_usd2013",
)


def question(data: PageData, lang: str) -> str:
    """Return the question in the reader's language where the catalogue has it."""
    return phrase(data.question, lang)


def answer(data: PageData, lang: str) -> list[str]:
    """Return the answer in words: area, supply beside harms, and how far the model can be trusted."""
    out = [sentence for policy in data.policies for sentence in policy_answer(data, policy, lang)]
    if not data.policies:
        out = run_answer(data, lang)
    past = past_sentence(data, NATION, lang)
    return [*out, past] if past else out


def policy_answer(data: PageData, policy: ScenarioResult, lang: str) -> list[str]:
    """Return two sentences on one policy against the reference."""
    year, changed = data.last_year, of_scenario(data.differences, policy.name)
    names = {"policy": scenario_title(policy, lang), "reference": scenario_title(data.reference, lang), "year": year}
    out = []
    rows = [headline(found, AREA, "stock", year) for found in (policy.rows, data.reference.rows, changed)]
    if rows[0] and rows[1] and rows[2]:
        out.append(
            translate(
                f"answer.area_{direction(rows[2])}",
                lang,
                **names,
                value=number(rows[0]["p50"]),
                band=interval(rows[0]),
                base=number(rows[1]["p50"]),
                size=number(abs(rows[2]["p50"])),
                **size_bounds(rows[2]),
            )
        )
    clauses = [clause(data, changed, outcome, lang) for outcome in BESIDE_SUPPLY]
    said = [found for found in clauses if found]
    if said:
        out.append(translate("answer.beside", lang, list="; ".join(said), year=year))
    return out


def run_answer(data: PageData, lang: str) -> list[str]:
    """Return two sentences on a plain run, which has no reference."""
    year, rows, names = data.last_year, data.reference.rows, {"policy": scenario_title(data.reference, lang)}
    out = []
    area = headline(rows, AREA, "stock", year)
    if area:
        out.append(translate("answer.run_area", lang, **names, year=year, value=number(area["p50"]), band=interval(area)))
    parts = []
    for outcome in BESIDE_SUPPLY:
        info = data.info(outcome)
        row = headline(rows, outcome, info.kind, year) if info else None
        if info and row:
            scale = scale_for(info.unit, info.kind, [row], lang)
            value, band = number(row["p50"] * scale.factor), interval(row, scale.factor)
            name = lower_first(outcome_name(outcome, lang, info, short=True))
            parts.append(translate("answer.run_part", lang, name=name, value=value, band=band, unit=scale.label))
    if parts:
        out.append(translate("answer.run_beside", lang, list="; ".join(parts), year=year))
    return out


def clause(data: PageData, changed: Iterable[Row], outcome: str, lang: str) -> str:
    """Return `name −12 % [−20 %, −4 %]`, or that the sign is not clear; empty if it cannot be said."""
    info = data.info(outcome)
    if info is None:
        return ""
    row = headline(list(changed), outcome, info.kind, data.last_year)
    base = headline(data.reference.rows, outcome, info.kind, data.last_year)
    if row is None or base is None:
        return ""
    share = percent_row(row, base)
    key = "answer.clause_unclear" if direction(row) == "unclear" else "answer.clause"
    name = lower_first(outcome_name(outcome, lang, info, short=True))
    if share is not None:
        return translate(key, lang, name=name, value=percent(share["p50"]), low=percent(share["p05"]), high=percent(share["p95"]))
    scale = scale_for(info.unit, info.kind, [row], lang)
    value, low, high = (number(float(row[q]) * scale.factor, signed=True) for q in ("p50", "p05", "p95"))
    return translate(key, lang, name=name, value=f"{value} {scale.label}", low=low, high=high)


def lower_first(words: str) -> str:
    """Return words as they stand inside a sentence."""
    return words[:1].lower() + words[1:]


def direction(difference: Row) -> str:
    """Return `less` or `more` where the 90 % interval lies on one side of zero, else `unclear`."""
    if difference["p95"] < 0:
        return "less"
    return "more" if difference["p05"] > 0 else "unclear"


def size_bounds(difference: Row) -> dict[str, str]:
    """Return the interval of a difference as sizes where its sign is clear, else with signs."""
    low, high = float(difference["p05"]), float(difference["p95"])
    if direction(difference) == "unclear":
        return {"low": number(low, signed=True), "high": number(high, signed=True)}
    small, large = sorted((abs(low), abs(high)))
    return {"low": number(small), "high": number(large)}


def past_score(data: PageData, basin: str) -> Score | None:
    """Return how the history run meets the published areas of a basin or the nation."""
    return score(data.history.rows, data.observations, OBSERVED, basin, is_stock=True) if data.history else None


def past_sentence(data: PageData, basin: str, lang: str) -> str:
    """Return k of n published years inside the 90 % interval and the mean absolute error; empty without a history."""
    found = past_score(data, basin)
    if found is None:
        return ""
    place = translate("place.nation" if basin == NATION else "place.vraem" if basin == VRAEM else "place.basin", lang, basin=basin)
    return translate(
        "answer.past",
        lang,
        place=place,
        inside=found.inside,
        n=found.n,
        first=found.checks[0].year,
        last=found.checks[-1].year,
        error=number(found.mean_absolute_error),
        percent=percent(found.mean_absolute_percent, signed=False),
    )


def misses_sentence(found: Score, lang: str) -> str:
    """Return which published years the model misses, and on which side."""
    if not found.misses:
        return translate("answer.no_miss", lang)
    sides = []
    for verdict in ("above", "below"):
        years = ", ".join(str(check.year) for check in found.misses if check.verdict == verdict)
        if years:
            sides.append(translate(f"answer.miss_{verdict}", lang, years=years))
    return translate("answer.misses", lang, list="; ".join(sides))


def members_note(data: PageData, lang: str) -> list[str]:
    """Return one sentence for each run that lost members: k of n came through."""
    runs = [*data.scenarios, *([data.history] if data.history else [])]
    return [
        translate("page.members_failed", lang, name=scenario_title(run, lang), ok=run.members_ok, asked=run.members_asked)
        for run in runs
        if run.members_ok < run.members_asked
    ]
