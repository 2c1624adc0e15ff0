"""The share of an outcome's variance that each parameter carries, from the members that are stored anyway.

Equation
    y = mean + sum_j f_j(u_j) + rest, u_j the place of a member's draw in the prior, uniform on [0, 1]; f_j is a sum of Legendre
    polynomials up to degree 6. A term enters only if its partial correlation beats what `1 - LEVEL` of permutations of the
    residuals reach with the best of all terms. The share of a named parameter is Var f_j / Var y, less what chance adds to
    a squared coefficient. What the others carry together is a component of variance by group (Haseman and Elston's moments);
    the rest is unresolved: interactions, other curves, chance.
Source
    Sobol' 1993 (first-order shares); Freedman and Lane 1983 (permuted residuals); Westfall and Young 1993 (the largest of many);
    Haseman and Elston 1972 (components by moments); Caniou and Sudret 2010 (shares of dependent inputs by covariance).
Leaves out
    Interactions by name: they stay in what is unresolved.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from eslabon.errors import InputError

Array = npt.NDArray[np.float64]
DEGREE = 6
LEVEL = 0.01
"""Chance that a parameter is named where none matters."""
STRAIGHT = 0.8
"""Part of `LEVEL` that tests straight lines; the rest tests curves."""
PERMUTATIONS, RESAMPLES, BLOCKS = 300, 200, 20
LEAST_MEMBERS = 12
"""Members below which nothing is said."""
RIDGE = 1e-9
"""Added to the normal equations, so that members drawn again can always be solved for."""
SPREAD = 1e-12
"""Standard deviation, relative to the size of the values, below which an outcome does not vary."""
POWER = 0.8
"""Chance to name a parameter that the advice on members aims at."""


@dataclass(frozen=True)
class Band:
    """A share with its 90 % interval, as part of 1."""

    share: float
    low: float
    high: float

    @staticmethod
    def within(share: float, low: float, high: float) -> Band:
        """Return a share and its interval, cut to 0 and 1."""
        middle = min(max(share, 0.0), 1.0)
        return Band(middle, min(max(low, 0.0), middle), max(min(high, 1.0), middle))


@dataclass(frozen=True)
class Shares:
    """Where the variance of an outcome comes from.

    Attributes
    ----------
    named : mapping of parameter to Band
        Parameters that chance cannot explain, largest first.
    direction : mapping of parameter to int
        1 where the outcome rises with it, -1 where it falls, 0 where it bends.
    groups : mapping of group to Band
        All parameters of a group together, named or not.
    unnamed : mapping of group to float
        Part of each group that no single parameter could be named for.
    unresolved : Band
        Interactions, other curves, chance.
    """

    members: int
    candidates: int
    mean: float
    variance: float
    named: Mapping[str, Band]
    direction: Mapping[str, int]
    groups: Mapping[str, Band]
    unnamed: Mapping[str, float]
    unresolved: Band
    smallest: float

    def members_for(self, share: float) -> int:
        """Return how many members name a parameter of this share with a chance of 80 %, what is named already accounted for."""
        carried = sum(band.share for band in self.named.values())
        return members_needed(share, self.candidates, min(carried, 1 - share))


def members_needed(share: float, candidates: int, carried: float = 0.0) -> int:
    """Return the members at which a parameter of this share of the variance is named with a chance of `POWER`.

    Parameters
    ----------
    share : float
        Of the outcome's variance, > 0.
    candidates : int
        Parameters it is looked for among.
    carried : float
        Share of those already named, which no longer disturb.
    """
    from scipy import stats

    partial = min(share / (1 - carried), 0.99)
    for members in _ladder():
        strength = math.atanh(math.sqrt(partial)) * math.sqrt(members - 3)
        if strength >= _limit_t(members, candidates) + stats.norm.ppf(POWER):
            return members
    return members


def _ladder() -> list[int]:
    return [*range(20, 100, 5), *range(100, 500, 20), *range(500, 2000, 50), *range(2000, 20001, 500)]


def _limit_t(members: int, candidates: int) -> float:
    """Return the t value that a straight term must reach among so many."""
    from scipy import stats

    single = 1 - (1 - LEVEL * STRAIGHT) ** (1 / max(candidates, 1))
    return float(stats.t.ppf(1 - single / 2, max(members - 2, 1)))


@dataclass(frozen=True)
class Design:
    """Draws as places in their priors, (member, parameter) in [0, 1], independent and uniform but for a few.

    `groups` names a group for each parameter. Where some parameters are drawn jointly, `joint` holds their positions and
    `reference` a large sample of their law, (draw, joint parameter).
    """

    names: tuple[str, ...]
    places: Array
    groups: tuple[str, ...]
    joint: tuple[int, ...] = ()
    reference: Array | None = None

    @cached_property
    def raw_law(self) -> tuple[Array, Array]:
        """Mean and covariance of the joint parameters' terms before they are scaled."""
        if self.reference is None:
            return np.zeros(0), np.zeros((0, 0))
        raw = polynomials(self.reference)
        return raw.mean(axis=0), np.cov(raw, rowvar=False)

    @cached_property
    def joint_columns(self) -> dict[int, int]:
        """Column of a term -> its place in the joint law."""
        return {j * DEGREE + k: i * DEGREE + k for i, j in enumerate(self.joint) for k in range(DEGREE)}

    @cached_property
    def terms(self) -> Array:
        """Every term of every member, (member, parameter x degree), mean 0 and variance 1 under the law."""
        out = polynomials(self.places)
        mean, covariance = self.raw_law
        for column, at in self.joint_columns.items():
            out[:, column] = (out[:, column] - mean[at]) / np.sqrt(covariance[at, at])
        return out

    def law(self, columns: Sequence[int]) -> Array:
        """Return the covariance of some terms under the law."""
        out, (_mean, covariance) = np.eye(len(columns)), self.raw_law
        places = [self.joint_columns.get(c) for c in columns]
        for a, i in enumerate(places):
            for b, k in enumerate(places):
                if i is not None and k is not None:
                    out[a, b] = covariance[i, k] / np.sqrt(covariance[i, i] * covariance[k, k])
        return out

    def without(self, members: npt.NDArray[np.bool_]) -> Design:
        """Return the design of the other members."""
        rest = dataclasses.replace(self, places=self.places[~members])
        vars(rest).update(terms=self.terms[~members], raw_law=self.raw_law)
        return rest

    def parameter(self, column: int) -> int:
        """Return the parameter that a term belongs to."""
        return column // DEGREE


def polynomials(places: Array) -> Array:
    """Return Legendre polynomials of degree 1 to 6, of variance 1 on uniform places, (member, parameter x degree)."""
    values = np.polynomial.legendre.legvander(2 * places - 1, DEGREE)[..., 1:]
    scaled: Array = (values * np.sqrt(2 * np.arange(1, DEGREE + 1) + 1.0)).reshape(len(places), -1)
    return scaled


def variance_shares(values: Array, design: Design, seed: int = 0) -> Shares:
    """Return the shares of the variance of `values`, (member,).

    Raises
    ------
    InputError
        With fewer than 12 members, or values that do not vary.
    """
    n = len(values)
    if n < LEAST_MEMBERS:
        raise InputError(f"shares of variance need at least {LEAST_MEMBERS} members, and there are {n}", remedy="Run more with -n.")
    if values.std() <= SPREAD * max(np.abs(values).max(), 1e-300):
        raise InputError("this figure does not vary between members", value=float(values.mean()), remedy="Nothing is to be shared out.")
    y = (values - values.mean()) / values.std(ddof=1)
    rng = np.random.default_rng(seed)
    chosen = _choose(y, design, rng)
    point = _Fit.of(y, design, chosen)
    bands = _named_bands(y, design, chosen, point, rng)
    groups, unresolved, unnamed = _group_bands(y, design, chosen)
    names = sorted(bands, key=lambda j: -bands[j].share)
    return Shares(
        n, len(design.names), float(values.mean()), float(values.var(ddof=1)), {design.names[j]: bands[j] for j in names},
        {design.names[j]: point.direction(j) for j in names}, groups, unnamed, unresolved, _smallest(n, len(design.names), point.named),
    )  # fmt: skip


def _smallest(members: int, candidates: int, carried: float) -> float:
    """Return the share at which a further parameter would be named with a chance of 80 %."""
    from scipy import stats

    strength = (_limit_t(members, candidates) + stats.norm.ppf(POWER)) / math.sqrt(max(members - 3, 1))
    return float(math.tanh(strength) ** 2 * (1 - min(max(carried, 0.0), 0.999)))


def _choose(y: Array, design: Design, rng: np.random.Generator) -> list[int]:
    """Return the terms that beat chance, in the order they entered."""
    terms = design.terms - design.terms.mean(axis=0)
    n, chosen = len(y), list[int]()
    basis = np.empty((n, 0))
    residual = y - y.mean()
    while len(chosen) < n // 4:
        scores = _Scores.of(terms, basis, chosen, n, len(design.names))
        found = scores.best(residual[:, None])
        shuffled = np.stack([rng.permutation(residual) for _ in range(PERMUTATIONS)], axis=1)
        shuffled -= basis @ (basis.T @ shuffled)
        if (1 + (scores.best(shuffled) >= found[0]).sum()) / (1 + PERMUTATIONS) > LEVEL:
            break
        chosen.append(int(np.argmax(scores.all(residual[:, None])[:, 0])))
        added = terms[:, chosen[-1]] - basis @ (basis.T @ terms[:, chosen[-1]])
        basis = np.column_stack([basis, added / np.linalg.norm(added)])
        residual = residual - basis[:, -1] * (basis[:, -1] @ residual)
        if residual @ residual < 1e-10 * (y @ y):
            break
    return chosen


@dataclass(frozen=True)
class _Scores:
    """Terms cleared of those already chosen; a score is a partial correlation over what its kind must reach."""

    cleared: Array
    limits: Array

    @classmethod
    def of(cls, terms: Array, basis: Array, chosen: Sequence[int], members: int, parameters: int) -> _Scores:
        left = terms - basis @ (basis.T @ terms)
        size = np.linalg.norm(left, axis=0)
        usable = size > 1e-6 * np.linalg.norm(terms, axis=0)
        usable[list(chosen)] = False
        unit = np.where(usable, left / np.where(usable, size, 1.0), 0.0)
        degrees = max(members - 2 - basis.shape[1], 1)
        limits = np.tile([_limit(degrees, LEVEL * STRAIGHT, parameters)] + [_limit(degrees, LEVEL * (1 - STRAIGHT), parameters * (DEGREE - 1))] *
                         (DEGREE - 1), parameters)  # fmt: skip
        return cls(unit, limits)

    def all(self, residuals: Array) -> Array:
        """Return the score of every term with every residual, (term, residual)."""
        size = np.maximum(np.linalg.norm(residuals, axis=0), 1e-300)
        scored: Array = np.abs(self.cleared.T @ residuals) / size / self.limits[:, None]
        return scored

    def best(self, residuals: Array) -> Array:
        """Return the largest score with every residual."""
        best: Array = self.all(residuals).max(axis=0)
        return best


def _limit(degrees: int, level: float, tests: int) -> float:
    """Return the correlation that one of so many must reach at a level, were values normal."""
    from scipy import stats

    t = stats.t.ppf(1 - (1 - (1 - level) ** (1 / tests)) / 2, degrees)
    return float(t / math.sqrt(degrees + t * t))


@dataclass(frozen=True)
class _Fit:
    """A least-squares fit of the chosen terms: unbiased variance by parameter, and of the rest, on the scale of y."""

    design: Design
    chosen: tuple[int, ...]
    coefficients: Array
    by_parameter: Mapping[int, float]
    rest: float

    @classmethod
    def of(cls, y: Array, design: Design, chosen: Sequence[int], weights: Array | None = None) -> _Fit:
        w = np.ones(len(y)) if weights is None else weights
        x = np.column_stack([np.ones(len(y)), design.terms[:, chosen]])
        inverse = np.linalg.inv((x * w[:, None]).T @ x + RIDGE * np.eye(x.shape[1]))
        beta = inverse @ ((x * w[:, None]).T @ y)
        error = y - x @ beta
        rest = float((w * error**2).sum() / max(w.sum() - x.shape[1], 1))
        product = (np.outer(beta, beta) - rest * inverse)[1:, 1:] * design.law(chosen)
        carried: dict[int, float] = {}
        for row, column in zip(product, chosen, strict=True):
            j = design.parameter(column)
            carried[j] = carried.get(j, 0.0) + float(row.sum())
        return cls(design, tuple(chosen), beta[1:], carried, rest)

    @property
    def total(self) -> float:
        return sum(self.by_parameter.values()) + self.rest

    @property
    def named(self) -> float:
        """Share of all named parameters together."""
        return sum(self.by_parameter.values()) / self.total if self.total > 0 else 0.0

    def share(self, j: int) -> float:
        return self.by_parameter.get(j, 0.0) / self.total if self.total > 0 else 0.0

    def direction(self, j: int) -> int:
        """Return the sign of a parameter's straight term, 0 without one."""
        straight = [c for column, c in zip(self.chosen, self.coefficients, strict=True) if column == j * DEGREE]
        return int(np.sign(straight[0])) if straight else 0


def _named_bands(y: Array, design: Design, chosen: Sequence[int], point: _Fit, rng: np.random.Generator) -> dict[int, Band]:
    """Return each named parameter's share; intervals from members drawn again with replacement, the chosen terms kept."""
    if not chosen:
        return {}
    n = len(y)
    fits = [_Fit.of(y, design, chosen, rng.multinomial(n, np.full(n, 1 / n)).astype(float)) for _ in range(RESAMPLES)]
    bands = {}
    for j in point.by_parameter:
        low, high = np.quantile([fit.share(j) for fit in fits], (0.05, 0.95))
        bands[j] = Band.within(point.share(j), float(low), float(high))
    return bands


def _split(y: Array, design: Design, chosen: Sequence[int]) -> tuple[dict[str, float], dict[str, float], float]:
    """Return the variance of groups (named, unnamed) and of the rest, as shares that sum to one."""
    fit = _Fit.of(y, design, chosen)
    total = fit.total if fit.total > 0 else 1.0
    labels, terms = list(dict.fromkeys(design.groups)), design.terms
    named = {g: sum(v for j, v in fit.by_parameter.items() if design.groups[j] == g) / total for g in labels}
    x = np.column_stack([np.ones(len(y)), terms[:, chosen]])
    q, _r = np.linalg.qr(x)
    error = y - q @ (q.T @ y)
    kernels = []
    for g in labels:
        columns = [j * DEGREE for j in range(len(design.names)) if design.groups[j] == g and j not in fit.by_parameter]
        z = terms[:, columns]
        z = z - q @ (q.T @ z)
        kernels.append(z @ z.T / max(len(columns), 1))
    parts = _components(error, kernels, len(y) - x.shape[1])
    if parts.sum() <= 0:
        return named, dict.fromkeys(labels, 0.0), fit.rest / total
    parts = parts * fit.rest / total / parts.sum()
    return named, {g: float(v) for g, v in zip(labels, parts[:-1], strict=True)}, float(parts[-1])


def _components(error: Array, kernels: Sequence[Array], degrees: int) -> Array:
    """Return components of variance, none below zero, whose expected quadratic forms meet the residual's: one a kernel, and chance."""
    from scipy.optimize import nnls

    size = len(kernels)
    left, right = np.zeros((size + 1, size + 1)), np.zeros(size + 1)
    for a, kernel in enumerate(kernels):
        left[a, :size] = [float((kernel * other).sum()) for other in kernels]
        left[a, size] = left[size, a] = float(np.trace(kernel))
        right[a] = error @ kernel @ error
    left[size, size], right[size] = float(max(degrees, 1)), error @ error
    weight = 1 / np.sqrt(np.maximum(np.diag(left), 1e-12))
    solved, _norm = nnls(left * weight[:, None], right * weight)
    return np.asarray(solved, dtype=float)


def _group_bands(y: Array, design: Design, chosen: Sequence[int]) -> tuple[dict[str, Band], Band, dict[str, float]]:
    """Return groups and what is unresolved; intervals from leaving out one of twenty blocks of members at a time.

    They are never narrower than what a component of so many parameters can be known to from so many members.
    """
    named, unnamed, rest = _split(y, design, chosen)
    n, blocks = len(y), min(BLOCKS, len(y))
    labels = list(named)
    whole = np.array([*(named[g] + unnamed[g] for g in labels), rest])
    parts = []
    for block in range(blocks):
        left = np.arange(n) % blocks == block
        a, b, c = _split(y[~left], design.without(left), chosen)
        parts.append([*(a[g] + b[g] for g in labels), c])
    spread = np.sqrt((blocks - 1) / blocks * ((np.array(parts) - np.mean(parts, axis=0)) ** 2).sum(axis=0))
    counts = [design.groups.count(g) for g in labels]
    spread = np.maximum(spread, (rest + sum(unnamed.values())) * np.sqrt([2 * c for c in (*counts, sum(counts))]) / n)
    bands = [Band.within(float(v), float(v - 1.645 * s), float(v + 1.645 * s)) for v, s in zip(whole, spread, strict=True)]
    return dict(zip(labels, bands[:-1], strict=True)), bands[-1], unnamed
