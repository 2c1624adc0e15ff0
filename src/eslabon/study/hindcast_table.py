"""Forecasts beside what was published, and beside each other: the document of a hindcast, ready for JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from eslabon.errors import InputError
from eslabon.evidence.region import ALL
from eslabon.study.like_for_like import JOINT, AreaSeries, Published, scored_places
from eslabon.study.naive import METHODS, Known, forecast, typical_change
from eslabon.study.scores import LEVELS, Case, Change, Scores, case, diebold_mariano, score, skill

Array = NDArray[np.float64]
Forecasts = Mapping[str, Mapping[tuple[str, int], Array]]
"""Model to (place, year) to samples (n,) in ha."""
Kind = Literal["one_step", "free"]
KINDS: tuple[Kind, ...] = ("one_step", "free")
QUANTILES = {"p05": 0.05, "p25": 0.25, "p50": 0.5, "p75": 0.75, "p95": 0.95}
INTERVAL = 0.9
"""Level of the intervals of differences and of skill."""


@dataclass(frozen=True)
class Trial:
    """One way of forecasting from one cut-off: the figures to score against and the forecasts of every model.

    `one_step` forecasts each year from all published years before it; `free` forecasts all years from the cut-off. A place has
    the same figures for every model. `before` holds figures to the cut-off, to be drawn and not scored.
    """

    kind: Kind
    cutoff: int
    published: tuple[Published, ...]
    forecasts: Forecasts
    before: tuple[Published, ...] = ()

    def with_forecasts(self, more: Forecasts) -> Trial:
        """Return the trial with the forecasts of further models."""
        return replace(self, forecasts={**self.forecasts, **more})


def naive_trial(
    series: Iterable[AreaSeries], kind: Kind, years: tuple[int, int], eradicated_ha: Mapping[int, float], seed: int = 0
) -> Trial:  # fmt: skip
    """Return a trial with all naive forecasts of the places that have three values before the cut-off.

    Parameters
    ----------
    series : iterable of AreaSeries
        The nation, basins, basins together.
    kind : {"one_step", "free"}
    years : (cutoff, last)
        Figures after the first year, up to the second, are scored.
    eradicated_ha : mapping of int to float
        The nation's realised eradication; the regression of every place uses it.
    seed : int
    """
    cutoff, last = years
    chosen = scored_places(series, cutoff)
    found: dict[str, dict[tuple[str, int], Array]] = {name: {} for name in METHODS}
    published: list[Published] = []
    for one in chosen:
        targets = one.scored(cutoff, last) if kind == "one_step" else one.path(cutoff, last)
        published += targets
        for known, wanted in _occasions(one, kind, cutoff, [target.year for target in targets], eradicated_ha):
            typical = typical_change([other.known(known.years[-1], eradicated_ha) for other in _alike(one, chosen)])
            for name in METHODS:
                made = forecast(known, wanted, name, seed=seed, typical_sd=typical)
                if made is not None:
                    found[name].update({(one.place, year): made.samples_ha[:, at] for at, year in enumerate(wanted)})
    before = tuple(figure for one in chosen for figure in one.before(cutoff))
    return Trial(kind, cutoff, tuple(published), {name: cells for name, cells in found.items() if cells}, before)


def _occasions(
    one: AreaSeries, kind: Kind, cutoff: int, targets: Sequence[int], eradicated_ha: Mapping[int, float]
) -> list[tuple[Known, list[int]]]:  # fmt: skip
    """Return what is known and which years are forecast from it, for each time a forecast is made."""
    if kind == "free":
        return [(one.known(cutoff, eradicated_ha), list(targets))] if targets else []
    return [(one.known(target - 1, eradicated_ha, target), [target]) for target in targets]


def _alike(one: AreaSeries, others: Sequence[AreaSeries]) -> list[AreaSeries]:
    """Return the places whose changes are comparable: the nation and the joint place stand alone, basins together."""
    return [one] if is_sum(one.place) else [other for other in others if not is_sum(other.place)]


def is_sum(place: str) -> bool:
    """Return whether a place is made of others, so that its cases are not counted among those of the zones."""
    return place in (ALL, JOINT)


def hindcast_document(trials: Sequence[Trial], seed: int = 0) -> dict[str, Any]:
    """Return the scores of every trial by place, year and model, and how each model stands against each naive method.

    Parameters
    ----------
    trials : sequence of Trial
    seed : int
        Of the bootstrap.

    Returns
    -------
    dict
        `trials`, each with `places` (the figures with their claims; for each model its bands, errors by year, scores, and
        comparisons with the naive methods), `zone_years` (all zones together) and `by_year`. Areas are in ha. A model
        is scored on the years it forecasts, `n`; comparisons take the years both forecast.

    Raises
    ------
    InputError
        If a forecast is of a place and year that is not scored, or holds a number that is not finite.
    """
    return {
        "quantity": "coca_area_ha",
        "unit": "ha",
        "interval_level": INTERVAL,
        "naive": [name for name in METHODS if any(name in trial.forecasts for trial in trials)],
        "models": list(dict.fromkeys(name for trial in trials for name in trial.forecasts if name not in METHODS)),
        "trials": [_trial(trial, seed) for trial in trials],
    }


def _trial(trial: Trial, seed: int) -> dict[str, Any]:
    cases = {name: _cases(trial, name) for name in trial.forecasts}
    places = list(dict.fromkeys(figure.place for figure in trial.published))
    zones = [place for place in places if not is_sum(place)]
    pooled = {name: [one for one in found if one.place in zones] for name, found in cases.items()}
    return {
        "kind": trial.kind,
        "cutoff": trial.cutoff,
        "years": sorted({figure.year for figure in trial.published}),
        "places": [_place(trial, place, cases, seed) for place in places],
        "zone_years": {"zones": zones, "models": _models(pooled, trial.kind, seed)} if zones else None,
        "by_year": _by_year(cases, zones),
    }


def _cases(trial: Trial, model: str) -> list[Case]:
    """Return a model's cases in the order of the published figures."""
    forecasts, figures = trial.forecasts[model], {(figure.place, figure.year): figure for figure in trial.published}
    for cell, samples in forecasts.items():
        where = f"{model}: {cell[0]}, {cell[1]}"
        if cell not in figures:
            raise InputError("there is no published figure to score this forecast against", place=where)
        if np.ndim(samples) != 1 or np.size(samples) < 2 or not np.all(np.isfinite(samples)):
            raise InputError("a forecast is a row of at least two finite numbers", place=where)
    made: list[Case] = []
    for cell, figure in figures.items():
        if cell in forecasts:
            change = Change(figure.previous_ha, _started_from(trial, made, figure))
            made.append(case(*cell, figure.area_ha, np.asarray(forecasts[cell], float), change))
    return made


def _started_from(trial: Trial, made: Sequence[Case], figure: Published) -> float:
    """Return the area a forecast changes from: in a free run its own median of the year before, else the published one."""
    own = made[-1] if made and made[-1].place == figure.place else None
    return own.median if own and trial.kind == "free" else figure.previous_ha


def _place(trial: Trial, place: str, cases: Mapping[str, Sequence[Case]], seed: int) -> dict[str, Any]:
    here = {name: [one for one in found if one.place == place] for name, found in cases.items()}
    models = _models(here, trial.kind, seed)
    for model in models:
        samples = {year: trial.forecasts[model["model"]][place, year] for year in (one.year for one in here[model["model"]])}
        model["years"] = [_year(one, samples[one.year]) for one in here[model["model"]]]
    published, before = ([_figure(figure) for figure in figures if figure.place == place] for figures in (trial.published, trial.before))
    return {"place": place, "before": before, "published": published, "models": models}


def _figure(figure: Published) -> dict[str, Any]:
    found = asdict(figure)
    del found["place"]
    return {**found, "claims": list(figure.claims)}


def _year(one: Case, samples: Array) -> dict[str, Any]:
    bands = np.quantile(np.asarray(samples, float), list(QUANTILES.values()))
    return {
        "year": one.year,
        "n": int(np.size(samples)),
        **{name: float(value) for name, value in zip(QUANTILES, bands, strict=True)},
        "error": one.error,
        "crps": one.crps,
        **{f"inside_{round(100 * level)}": one.inside[level] for level in LEVELS},
    }


def _models(cases: Mapping[str, Sequence[Case]], kind: Kind, seed: int) -> list[dict[str, Any]]:
    naive = [name for name in METHODS if cases.get(name)]
    found = []
    for name, ours in cases.items():
        if ours:
            row: dict[str, Any] = {"model": name, "naive": name in METHODS, "scores": scores_row(score(ours))}
            if name not in METHODS:
                row["against"] = {other: _against(ours, cases[other], kind, seed) for other in naive}
            found.append(row)
    return found


def scores_row(found: Scores) -> dict[str, Any]:
    """Return scores as plain values."""
    row = {**asdict(found), **{f"covered_{round(100 * level)}": count for level, count in found.covered.items()}}
    del row["covered"]
    return row


def _against(ours: Sequence[Case], theirs: Sequence[Case], kind: Kind, seed: int) -> dict[str, Any] | None:
    """Return a model's comparison with one naive method on the places and years both forecast.

    The Diebold-Mariano test takes the mean loss of each year, since the zones of a year are not independent. The errors of a free
    run grow from one start, for which that test says nothing: only skill is given.
    """
    other = {(one.place, one.year): one for one in theirs}
    pairs = [(one, other[one.place, one.year]) for one in ours if (one.place, one.year) in other]
    if not pairs:
        return None
    years = sorted({one.year for one, _ in pairs})
    row: dict[str, Any] = {"n": len(pairs), "years": len(years)}
    for name, loss, root in (("crps", _crps, False), ("rmse", _squared, True)):
        mine, reference = ({year: [loss(pair[side]) for pair in pairs if pair[0].year == year] for year in years} for side in (0, 1))
        gained = skill(mine, reference, root=root, level=INTERVAL, seed=seed)
        row[f"skill_{name}"] = asdict(gained) if gained else None
        means = [[float(np.mean(losses[year])) for year in years] for losses in (mine, reference)]
        tested = diebold_mariano(means[0], means[1], level=INTERVAL) if kind == "one_step" else None
        row[f"difference_{'crps' if name == 'crps' else 'squared'}"] = asdict(tested) if tested else None
    return row


def _crps(one: Case) -> float:
    return one.crps


def _squared(one: Case) -> float:
    return one.error**2


def _by_year(cases: Mapping[str, Sequence[Case]], zones: Sequence[str]) -> list[dict[str, Any]]:
    """Return the scores of each year: the nation's, and those of all zones of the year together."""
    found = []
    for year in sorted({one.year for made in cases.values() for one in made}):
        row: dict[str, Any] = {"year": year}
        for name, places in (("nation", [ALL]), ("zones", zones)):
            made = {model: [one for one in ours if one.year == year and one.place in places] for model, ours in cases.items()}
            row[name] = {model: scores_row(score(ours)) for model, ours in made.items() if ours}
        found.append(row)
    return found
