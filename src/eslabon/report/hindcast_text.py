"""A hindcast in sentences and rows; page, terminal and README use the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table as RichTable
from rich.text import Text

from eslabon.i18n import has_text, translate
from eslabon.report.hindcast_reading import (
    NATION,
    ZONES,
    Document,
    Standing,
    cutoffs_of,
    find_place,
    find_trial,
    main_cutoff,
    standing,
    standings,
    verdict,
    widest_cutoff,
)
from eslabon.report.numbers import DASH, exact, interval, number, percent

Table = tuple[list[str], list[list[str]]]
Names = Mapping[str, str]
"""Place to its name in the reader's language."""
KINDS = ("one_step", "free")
SIMPLE = ("last_value", "damped_0_5")
"""Naive methods named beside the best one: the two of the prototype."""


def model_name(model: str, lang: str) -> str:
    """Return a model or naive method in words; one that the catalogue does not know keeps its name."""
    key = f"hindcast.model_{model}"
    return translate(key, lang) if has_text(key, lang) else model.replace("_", " ")


def place_name(place: str, names: Names, lang: str) -> str:
    """Return a place in words."""
    if place in (NATION, ZONES):
        return translate("place.nation" if place == NATION else "hindcast.all_zones", lang)
    return " + ".join(names.get(part, part) for part in place.split("+"))


def kind_name(kind: str, lang: str) -> str:
    """Return how forecasts were made in words."""
    return translate(f"hindcast.{kind}", lang)


def answer(document: Document, names: Names, lang: str) -> list[str]:
    """Return the answer in short: one step, free run, coverage, and where a naive forecast is better."""
    cutoff = main_cutoff(document)
    said = [_against_naive(found, lang) for kind in KINDS if (found := standing(document, kind, cutoff, NATION))]
    covered = standing(document, "one_step", widest_cutoff(document), ZONES)
    return [*said, *where_naive_is_better(document, names, lang), *([coverage(covered, lang)] if covered else [])]


def _against_naive(found: Standing, lang: str) -> str:
    """Return a sentence on the errors of the median in the nation, and one on whether that can be told from chance."""
    years = [row["year"] for row in found.model["years"]]
    values = {"model": model_name(found.model["model"], lang), "cutoff": found.cutoff, "first": years[0], "last": years[-1]}
    others = [row for row in found.naive if row["model"] in SIMPLE]
    listed = "; ".join(f"{model_name(row['model'], lang)}: {_ha(row['scores']['rmse'])}" for row in others)
    first = translate(f"hindcast.said_{found.kind}", lang, rmse=_ha(found.model["scores"]["rmse"]), others=listed, **values)
    best = found.best_naive()
    return f"{first} {_surely(found, best, lang)}" if best else first


def _surely(found: Standing, best: dict[str, Any], lang: str) -> str:
    own, other = found.model["scores"]["crps"], best["scores"]["crps"]
    compared = found.against(best["model"])
    told = verdict(compared.get("difference_crps"))
    key = f"hindcast.sure_{told}" if found.kind == "one_step" else f"hindcast.free_{'model' if own < other else 'naive'}"
    values = {"naive": model_name(best["model"], lang), "own": _ha(own), "other": _ha(other), "p": probability(compared.get("difference_crps"))}
    return translate(key, lang, model=model_name(found.model["model"], lang), **values)


def coverage(found: Standing, lang: str) -> str:
    """Return how many figures the 90 % intervals hold."""
    scores = found.model["scores"]
    share = percent(100 * scores["covered_90"] / scores["n"], signed=False)
    return translate(
        "hindcast.coverage",
        lang,
        inside=scores["covered_90"],
        n=scores["n"],
        share=share,
        cutoff=found.cutoff,
        model=model_name(found.model["model"], lang),
    )


def where_naive_is_better(document: Document, names: Names, lang: str) -> list[str]:
    """Return a sentence a trial on the places where a naive forecast has a smaller CRPS, at the main and the widest cut-off."""
    said = []
    for cutoff in dict.fromkeys([main_cutoff(document), widest_cutoff(document)]):
        for kind in KINDS:
            scored = [found for found in standings(document, cutoff) if found.kind == kind and found.place != ZONES]
            worse = [_better(found, better[0], names, lang) for found in scored if (better := found.better_naive())]
            key = "hindcast.where" if worse else "hindcast.nowhere"
            values = {"kind": kind_name(kind, lang), "cutoff": cutoff, "places": len(scored), "count": len(worse), "listed": "; ".join(worse)}
            said += [translate(key, lang, **values)] if scored else []
    return said


def _better(found: Standing, best: dict[str, Any], names: Names, lang: str) -> str:
    sure = verdict(found.against(best["model"]).get("difference_crps")) == "naive"
    return translate(
        "hindcast.better_sure" if sure else "hindcast.better",
        lang,
        place=place_name(found.place, names, lang),
        naive=model_name(best["model"], lang),
        other=_ha(best["scores"]["crps"]),
        own=_ha(found.model["scores"]["crps"]),
    )


def score_table(document: Document, kind: str, cutoff: int, place: str, lang: str) -> Table | None:
    """Return every model's scores in a place, and how the main model stands against each naive method."""
    trial, found = find_trial(document, kind, cutoff), standing(document, kind, cutoff, place)
    if trial is None or found is None:
        return None
    rows = (trial["zone_years"] if place == ZONES else find_place(trial, place) or {})["models"]
    head = ["forecast", "n", "crps", "rmse", "mean_error", "inside_50", "inside_90", "signs", "skill", "difference"]
    ordered = sorted(rows, key=lambda row: (row["naive"], list(document["models"]).index(row["model"]) if not row["naive"] else 0))
    columns = len(head) - (kind == "free")
    return [translate(f"hindcast.head_{name}", lang) for name in head[:columns]], [_score_row(row, found, lang)[:columns] for row in ordered]


def _score_row(row: dict[str, Any], found: Standing, lang: str) -> list[str]:
    scores, compared = row["scores"], found.against(row["model"])
    signs = f"{scores['sign_hits']} / {scores['sign_calls']}" if scores["sign_calls"] else DASH
    return [
        model_name(row["model"], lang),
        str(scores["n"]),
        number(scores["crps"]),
        number(scores["rmse"]),
        number(scores["mean_error"], signed=True),
        f"{scores['covered_50']} / {scores['n']}",
        f"{scores['covered_90']} / {scores['n']}",
        signs,
        skill_words(compared.get("skill_crps")),
        difference_words(compared.get("difference_crps"), lang),
    ]


def cutoff_table(document: Document, lang: str) -> Table:
    """Return the main model beside the best and the simplest naive method, by cut-off, way of forecasting and place."""
    head = ["cutoff", "kind", "place", "n", "crps", "best_naive", "skill", "rmse", "rmse_last", "rmse_damped", "inside_90"]
    rows = []
    for cutoff in cutoffs_of(document):
        for kind in KINDS:
            for place in (NATION, ZONES):
                found = standing(document, kind, cutoff, place)
                if found:
                    rows.append([str(cutoff), kind_name(kind, lang), place_name(place, {}, lang), *_beside_naive(found, lang)])
    return [translate(f"hindcast.head_{name}", lang) for name in head], rows


def place_table(document: Document, kind: str, cutoff: int, names: Names, lang: str) -> Table | None:
    """Return the main model beside naive methods, place by place."""
    trial = find_trial(document, kind, cutoff)
    found = [standing(document, kind, cutoff, place["place"]) for place in trial["places"]] if trial else []
    rows = [[place_name(one.place, names, lang), *_beside_naive(one, lang)] for one in found if one]
    head = ["place", "n", "crps", "best_naive", "skill", "rmse", "rmse_last", "rmse_damped", "inside_90"]
    return ([translate(f"hindcast.head_{name}", lang) for name in head], rows) if rows else None


def _beside_naive(found: Standing, lang: str) -> list[str]:
    scores, best = found.model["scores"], found.best_naive()
    rmse = {row["model"]: number(row["scores"]["rmse"]) for row in found.naive}
    return [
        str(scores["n"]),
        number(scores["crps"]),
        f"{number(best['scores']['crps'])} ({model_name(best['model'], lang)})" if best else DASH,
        skill_words(found.against(best["model"]).get("skill_crps")) if best else DASH,
        number(scores["rmse"]),
        *(rmse.get(name, DASH) for name in SIMPLE),
        f"{scores['covered_90']} / {scores['n']}",
    ]


def year_table(document: Document, cutoff: int, place: str, lang: str) -> Table:
    """Return the years of a place: published, forecasts with their interval, the errors of model and simple naive methods."""
    head = ["year", "published", "one_step", "error", *(f"error_{name}" for name in SIMPLE), "free", "error_free", "claims"]
    found = {kind: standing(document, kind, cutoff, place) for kind in KINDS}
    by_year: dict[str, dict[int, dict[str, Any]]] = {}
    for kind, one in found.items():
        rows = [one.model, *one.naive] if one else []
        by_year.update({f"{kind}:{row['model'] if row['naive'] else ''}": {cell["year"]: cell for cell in row["years"]} for row in rows})
    lines = []
    for year, figure in figures_of(document, cutoff, place).items():
        cells = {name: years.get(year) for name, years in by_year.items()}
        step, free = cells.get("one_step:"), cells.get("free:")
        line = [str(year), exact(round(figure["area_ha"])), _forecast(step), _error(step)]
        line += [_error(cells.get(f"one_step:{name}")) for name in SIMPLE]
        lines.append([*line, _forecast(free), _error(free), claims_words(figure["claims"])])
    return [translate(f"hindcast.head_{name}", lang) for name in head], lines


def figures_of(document: Document, cutoff: int, place: str) -> dict[int, dict[str, Any]]:
    """Return the published figures that a place is scored against, by year; those of one-step forecasts where both exist."""
    found: dict[int, dict[str, Any]] = {}
    for kind in reversed(KINDS):
        trial = find_trial(document, kind, cutoff)
        here = find_place(trial, place) if trial else None
        found.update({figure["year"]: figure for figure in (here["published"] if here else [])})
    return dict(sorted(found.items()))


def claims_words(claims: Sequence[str]) -> str:
    """Return claim ids; of a sum of many zones the first, the last and how many."""
    return ", ".join(claims) if len(claims) <= 3 else f"{claims[0]} … {claims[-1]} ({len(claims)})"


def _forecast(cell: Mapping[str, Any] | None) -> str:
    return f"{number(cell['p50'])} [{interval(dict(cell))}]" if cell else DASH


def _error(cell: Mapping[str, Any] | None) -> str:
    return number(cell["error"], signed=True) if cell else DASH


def skill_words(skill: Mapping[str, Any] | None) -> str:
    """Return skill and its interval in percent."""
    if not skill:
        return DASH
    value, low, high = (percent(100 * skill[end]) for end in ("value", "low", "high"))
    return f"{value} [{low},\u00a0{high}]"


def difference_words(difference: Mapping[str, Any] | None, lang: str) -> str:
    """Return the mean difference of CRPS, its interval, and the p of the test."""
    if not difference:
        return DASH
    value, low, high = (number(difference[end], signed=True) for end in ("mean", "low", "high"))
    return f"{value} [{low},\u00a0{high}], {translate('hindcast.p', lang, p=probability(difference))}"


def probability(difference: Mapping[str, Any] | None) -> str:
    """Return a p with its sign, as a reader expects it."""
    if not difference:
        return DASH
    p = float(difference["p"])
    return "< 0.001" if p < 0.001 else f"= {p:.3f}" if p < 0.01 else f"= {p:.2f}"


def notes(lang: str) -> list[str]:
    """Return how to read the scores."""
    keys = ("note_information", "note_like_for_like", "note_naive", "note_scores", "note_intervals", "note_test", "note_free", "note_zones")
    return [translate(f"hindcast.{key}", lang) for key in keys]


def _ha(value: float) -> str:
    return f"{number(value)} ha"


def hindcast_text(document: Document, names: Names, lang: str) -> RenderableType:
    """Return a hindcast for the terminal: the answer, the nation's scores and all cut-offs."""
    cutoff = main_cutoff(document)
    parts: list[RenderableType] = [Text("\n".join(answer(document, names, lang)))]
    for kind in KINDS:
        found = score_table(document, kind, cutoff, NATION, lang)
        if found:
            title = translate(f"hindcast.scores_{kind}", lang, cutoff=cutoff)
            parts += [Text(f"\n{title}", style="bold"), _terminal(found)]
    parts += [Text(f"\n{translate('hindcast.cutoffs', lang)}", style="bold"), _terminal(cutoff_table(document, lang), text_columns=(0, 1, 2, 5))]
    return Group(*parts)


def _terminal(made: Table, text_columns: Iterable[int] = (0,)) -> RichTable:
    head, rows = made
    left = set(text_columns)
    table = RichTable(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for index, name in enumerate(head):
        table.add_column(name, justify="left" if index in left else "right", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table


def markdown(made: Table) -> str:
    """Return a table as Markdown, for the README."""
    head, rows = made
    lines: Sequence[Sequence[str]] = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines) + "\n"
