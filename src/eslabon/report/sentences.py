"""What the numbers say, in sentences made from the rows: medians, intervals, and no verdict that they do not carry."""

from __future__ import annotations

from collections.abc import Iterable

from eslabon.i18n import phrase, translate
from eslabon.report.data import NATION, OutcomeInfo, PageData, Row, ScenarioResult, headline, indexed, of_scenario
from eslabon.report.names import outcome_name, scenario_title
from eslabon.report.numbers import interval, number, percent, percent_row, scale_for
from eslabon.report.scoring import Score, score
from eslabon.report.selection import AREA, HARMS_SAID, OBSERVED, SAID

VRAEM = "vraem"
LITTLE = 0.005
"""A clear change whose median is below this share of the reference is called little."""
COUNTED = frozenset({"persons", "people", "households"})


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
    """Return sentences on one policy against the reference: coca area, what stands beside it, harms."""
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
    for key, outcomes in (("beside", SAID), ("harms", HARMS_SAID)):
        said = clauses(data, changed, outcomes, lang)
        if said:
            out.append(translate(f"answer.{key}", lang, list=said))
    return out


def clauses(data: PageData, changed: Iterable[Row], outcomes: Iterable[str], lang: str) -> str:
    """Return what changes clearly, then what does not, each with its interval."""
    rows = indexed(changed)
    found: dict[str, list[str]] = {"clear": [], "little": [], "unclear": [], "same": []}
    for outcome in outcomes:
        info = data.info(outcome)
        row = headline(rows, outcome, info.kind, data.last_year) if info else None
        base = headline(data.reference.rows, outcome, info.kind, data.last_year) if info else None
        if info and row and base:
            kind = "same" if row["p05"] == row["p95"] == 0 else "unclear" if direction(row) == "unclear" else _size(row, base)
            found[kind].append(clause(info, row, base, lang, kind))
    parts = [translate(f"answer.{kind}", lang, list=", ".join(said)) for kind, said in found.items() if said and kind != "clear"]
    return "; ".join([*found["clear"], *parts])


def _size(row: Row, base: Row) -> str:
    return "little" if abs(float(row["p50"])) < LITTLE * abs(float(base["p50"])) else "clear"


def run_answer(data: PageData, lang: str) -> list[str]:
    """Return sentences on a plain run, which has no reference."""
    year, rows, names = data.last_year, data.reference.rows, {"policy": scenario_title(data.reference, lang)}
    out: list[str] = []
    area = headline(rows, AREA, "stock", year)
    if area:
        out.append(translate("answer.run_area", lang, **names, year=year, value=number(area["p50"]), band=interval(area)))
    for key, outcomes in (("beside", SAID), ("harms", HARMS_SAID)):
        parts = [_run_part(data, info, lang) for outcome in outcomes if (info := data.info(outcome))]
        said = "; ".join(part for part in parts if part)
        if said:
            out.append(translate(f"answer.{key}", lang, list=said))
    return out


def _run_part(data: PageData, info: OutcomeInfo, lang: str) -> str:
    row = headline(data.reference.rows, info.name, info.kind, data.last_year)
    if row is None:
        return ""
    scale = scale_for(info.unit, info.kind, [row], lang)
    value, band = number(row["p50"] * scale.factor), interval(row, scale.factor)
    name = lower_first(outcome_name(info.name, lang, info, short=True))
    unit = short_unit(info, scale.label, lang)
    return translate("answer.run_part", lang, name=name, value=f"{value} {unit}".strip(), band=band)


def clause(info: OutcomeInfo, row: Row, base: Row, lang: str, kind: str = "clear") -> str:
    """Return `name −12 % (−20 % to −4 %)`; without the median where it is small or unsure, and only the name of what stays.

    The outcome's own unit is used where a percentage would mean nothing or an interval would reach below nothing.
    """
    name = lower_first(outcome_name(info.name, lang, info, short=True))
    if kind == "same":
        return name
    key = "answer.clause" if kind == "clear" else "answer.clause_band"
    share = percent_row(row, base)
    if share is not None and share["p05"] >= -100:
        return translate(key, lang, name=name, value=percent(share["p50"]), low=percent(share["p05"]), high=percent(share["p95"]))
    scale = scale_for(info.unit, info.kind, [row], lang)
    value, low, high = (number(float(row[q]) * scale.factor, signed=True) for q in ("p50", "p05", "p95"))
    unit = short_unit(info, scale.label, lang)
    return translate(key, lang, name=name, value=f"{value} {unit}".strip(), low=low, high=f"{high} {unit}".strip())


def short_unit(info: OutcomeInfo, label: str, lang: str) -> str:
    """Return the unit as it stands behind a name that says already whom it counts."""
    if info.unit not in COUNTED:
        return label
    return translate("unit.a_year", lang) if info.kind == "flow" else ""


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
