"""The constrained least-squares point: successive linearisation with an active set of inequalities."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from eslabon.evidence.reconcile.linearisation import Array, Relations, Rows
from eslabon.evidence.reconcile.network import Network
from eslabon.evidence.reconcile.pooling import Piece, pieces_of
from eslabon.evidence.reconcile.start_values import start_values

MAX_ITERATIONS = 100
STRAIGHT_ITERATIONS = 10
"""After so many steps the curvature of sums is taken into account; before, tangents are enough and safer."""
MAX_HALVINGS = 30
STEP_TOLERANCE = 1e-8
RANK_TOLERANCE = 1e-9
LONGEST_LOG_STEP = 2.0


@dataclass(frozen=True)
class Fit:
    """A fitted point with the linear algebra around it.

    Parameters
    ----------
    x : (variable,) float64
        Adjusted values on the variables' scales.
    unit : (variable,) float64
        Step that counts as 1 for a variable; `free` is in these units, so that no result depends on units of measurement.
    free, open : (variable, direction) float64
        Orthonormal directions in which the balances let the point move: with the active inequalities held, and without them.
    active : tuple of str
        Inequalities and bounds that hold with equality and push back.
    chi2 : float
        Weighted sum of squared residuals of the pieces of evidence.
    misfit : float
        Largest violation of a balance, on the scale of its row.
    """

    relations: Relations
    pieces: tuple[Piece, ...]
    x: Array
    unit: Array
    free: Array
    open: Array
    active: tuple[str, ...]
    chi2: float
    misfit: float
    iterations: int
    converged: bool

    @property
    def where(self) -> NDArray[np.intp]:
        """(piece,) Position of the variable that each piece measures."""
        return np.array([self.relations.position[piece.variable] for piece in self.pieces], dtype=np.intp)

    @property
    def sigma(self) -> Array:
        """(piece,) Standard error of each piece on its variable's scale."""
        return np.array([piece.sigma for piece in self.pieces])

    def design(self, directions: Array) -> Array:
        """Return (piece, direction): how the pieces' expected values move along directions, in standard errors."""
        return directions[self.where] * (self.unit[self.where] / self.sigma)[:, None]


class _Problem:
    """Weights, scales and rows of one adjustment."""

    def __init__(self, network: Network, start: Array | None) -> None:
        self.relations = Relations(network)
        self.pieces = pieces_of(network)
        size = len(network.variables)
        self.weight, weighted = np.zeros(size), np.zeros(size)
        for piece in self.pieces:
            i = self.relations.position[piece.variable]
            self.weight[i] += piece.sigma**-2
            weighted[i] += piece.value * piece.sigma**-2
        self.measured = self.weight > 0.0
        self.mean = np.where(self.measured, weighted / np.where(self.measured, self.weight, 1.0), np.nan)
        self.start = start_values(self.relations, self.mean) if start is None else start
        fallback = np.where(self.relations.logarithmic, 0.1, np.maximum(0.1 * np.abs(self.start), 1e-12))
        self.unit = np.where(self.measured, np.where(self.measured, self.weight, 1.0) ** -0.5, fallback)
        self.weight_in_units = self.weight * self.unit**2
        self.mean = np.where(self.measured, self.mean, 0.0)

    def merit(self, x: Array, norms: tuple[Array, Array], penalty: float) -> float:
        equal, unequal = self.relations.equality_rows(x), self.relations.inequality_rows(x)
        violation = np.abs(equal.misfit / norms[0]).sum() + np.maximum(unequal.misfit / norms[1], 0.0).sum()
        value = 0.5 * float(self.weight @ (x - self.mean) ** 2) + penalty * float(violation)
        return value if math.isfinite(value) else math.inf


@dataclass(frozen=True)
class _Tangent:
    """Rows at a point, each divided by the length of its slope, and those lengths."""

    equal: Rows
    unequal: Rows
    norms: tuple[Array, Array]


def _tangent(problem: _Problem, x: Array) -> _Tangent:
    rows = (problem.relations.equality_rows(x), problem.relations.inequality_rows(x))
    equal, unequal = _norms(rows[0], problem.unit), _norms(rows[1], problem.unit)
    return _Tangent(_over(rows[0], equal, problem.unit), _over(rows[1], unequal, problem.unit), (equal, unequal))


def _over(rows: Rows, norm: Array, unit: Array) -> Rows:
    return Rows(rows.misfit / norm, rows.slope * unit / norm[:, None])


def _norms(rows: Rows, unit: Array) -> Array:
    norm = np.linalg.norm(rows.slope * unit, axis=1)
    return np.where(norm > 0.0, norm, 1.0)


def fit(network: Network, start: Array | None = None) -> Fit:
    """Return the point that satisfies the balances and lies nearest to the evidence.

    Parameters
    ----------
    network : Network
        What to fit.
    start : (variable,) float64, optional
        Where to start, on the variables' scales; the point of a similar fit saves steps.

    Returns
    -------
    Fit
        With `converged` false where no point satisfies all balances, or none was found.

    Notes
    -----
    Equation: minimise ``Σ ((y_p - x_v(p)) / sigma_p)²`` subject to g(x) = 0 and h(x) ≤ 0. In each step g and h are replaced by
    their tangents, the resulting quadratic problem is solved exactly in the null space of the balances (an active set for h),
    and the step is shortened until an exact-penalty merit falls.
    Source: Cencic & Rechberger (2008) for the linearised adjustment of flow systems; Nocedal & Wright (2006), chapters 16-18.
    """
    problem = _Problem(network, start)
    x, penalty, done, iterations = problem.start, 1.0, False, 0
    active: tuple[int, ...] = ()
    multipliers = np.zeros(0)
    while not done and iterations < MAX_ITERATIONS:
        iterations += 1
        tangent = _tangent(problem, x)
        bend = _bend(problem, x, tangent, multipliers) if iterations > STRAIGHT_ITERATIONS else None
        step, active, multipliers = _quadratic_step(problem, _Point(x, bend), tangent, active)
        penalty = max(penalty, 2.0 * float(np.abs(multipliers).max(initial=0.0)))
        x, length = _shortened(problem, x, step, (tangent.norms, penalty))
        done = length <= STEP_TOLERANCE
    return _finish(problem, x, active, (iterations, done))


def relinearised(fitted: Fit, x: Array) -> Fit:
    """Return a fit's tangent taken at another point: the same pieces, balances and active inequalities.

    Parameters
    ----------
    fitted : Fit
        The fit.
    x : (variable,) float64
        Where to take the tangent, for example the point fitted without a suspect.

    Returns
    -------
    Fit
        Its `x` is the point of the tangent of the balances that is nearest to the given one.
    """
    rows = _held(fitted, x)
    inverse, free = _split(rows.slope)
    return replace(fitted, x=x - fitted.unit * (inverse @ rows.misfit), free=free)


def _held(fitted: Fit, x: Array) -> Rows:
    """Return the equality balances and the active inequalities at a point, in the fit's units."""
    relations = fitted.relations
    active = [relations.inequality_names.index(name) for name in fitted.active]
    rows = _join(relations.equality_rows(x), relations.inequality_rows(x), active)
    return Rows(rows.misfit, rows.slope * fitted.unit)


def binding(fitted: Fit) -> tuple[str, ...]:
    """Return the balances, inequalities and bounds that hold the evidence away from its own values, in their order."""
    names = (*(balance.id for balance in fitted.relations.equalities), *fitted.active)
    slope = _held(fitted, fitted.x).slope
    if not names or not fitted.pieces:
        return ()
    pull = np.zeros(fitted.x.size)
    gap = np.array([piece.value for piece in fitted.pieces]) - fitted.x[fitted.where]
    np.add.at(pull, fitted.where, gap / fitted.sigma**2 * fitted.unit[fitted.where])
    force = np.abs(np.linalg.lstsq(slope.T, pull, rcond=None)[0]) * np.linalg.norm(slope, axis=1)
    return tuple(name for name, size in zip(names, force, strict=True) if size > 1e-4 * max(float(np.abs(pull).max()), 1e-3))


@dataclass(frozen=True)
class _Point:
    """Where a step starts, and how the balances bend there, in units; None for straight."""

    x: Array
    bend: Array | None


def _bend(problem: _Problem, x: Array, tangent: _Tangent, multipliers: Array) -> Array:
    count = tangent.equal.misfit.size
    bent = problem.relations.curvature(x, multipliers[:count] / tangent.norms[0])
    return np.asarray(bent * np.outer(problem.unit, problem.unit), dtype=np.float64)


def _quadratic_step(problem: _Problem, point: _Point, tangent: _Tangent, active: tuple[int, ...]) -> tuple[Array, tuple[int, ...], Array]:
    """Solve the tangent problem; return the step in units, the active inequalities and all multipliers."""
    equal, unequal = tangent.equal, tangent.unequal
    working = list(active)
    for _ in range(4 * unequal.misfit.size + 10):
        step, multipliers = _equality_step(problem, point, _join(equal, unequal, working))
        pressing = multipliers[equal.misfit.size :]
        after = unequal.misfit + unequal.slope @ step
        after[working] = -math.inf
        if after.size and after.max() > 1e-10:
            working.append(int(after.argmax()))
        elif pressing.size and pressing.min() < -1e-12:
            working.pop(int(pressing.argmin()))
        else:
            break
    return step, tuple(working), multipliers


def _join(equal: Rows, unequal: Rows, working: list[int]) -> Rows:
    return Rows(np.concatenate([equal.misfit, unequal.misfit[working]]), np.vstack([equal.slope, unequal.slope[working]]))


def _equality_step(problem: _Problem, point: _Point, rows: Rows) -> tuple[Array, Array]:
    """Minimise the weighted residuals along the tangent of the given rows; return the step and the rows' multipliers."""
    inverse, free = _split(rows.slope)
    step = -inverse @ rows.misfit
    gap = (point.x - problem.mean) / problem.unit * problem.measured
    if free.size:
        step = step + free @ _along(problem.weight_in_units, free, (gap, step), point.bend)
    return step, -inverse.T @ (problem.weight_in_units * (gap + step))


def _along(weight: Array, free: Array, at: tuple[Array, Array], bend: Array | None) -> Array:
    """Return how far to go along the free directions: Newton's step where that is a minimum, else the least-squares step."""
    gap, step = at
    if bend is not None:
        size, direction = np.linalg.eigh(free.T @ (np.diag(weight) + bend) @ free)
        if size.min() > -RANK_TOLERANCE:
            pull = direction.T @ (free.T @ (weight * (gap + step) + bend @ step))
            return np.asarray(-direction @ np.where(size > RANK_TOLERANCE, pull / np.where(size > RANK_TOLERANCE, size, 1.0), 0.0))
    root = np.sqrt(weight)
    return np.asarray(np.linalg.lstsq(root[:, None] * free, -root * (gap + step), rcond=RANK_TOLERANCE)[0])


def _split(slope: Array) -> tuple[Array, Array]:
    """Return the pseudo-inverse of a matrix and an orthonormal basis of its null space."""
    size = slope.shape[1]
    if not slope.size:
        return np.zeros((size, 0)), np.eye(size)
    left, singular, right = np.linalg.svd(slope)
    rank = int((singular > RANK_TOLERANCE * max(singular[0], 1.0)).sum())
    return right[:rank].T / singular[:rank] @ left[:, :rank].T, right[rank:].T


def _shortened(problem: _Problem, x: Array, step: Array, measure: tuple[tuple[Array, Array], float]) -> tuple[Array, float]:
    """Return the next point and the length of the full step."""
    move = step * problem.unit
    longest = float(np.abs(move[problem.relations.logarithmic]).max(initial=0.0))
    share = min(1.0, LONGEST_LOG_STEP / longest) if longest > 0.0 else 1.0
    length = float(np.abs(step).max(initial=0.0))
    before = problem.merit(x, *measure)
    for _ in range(MAX_HALVINGS):
        if problem.merit(x + share * move, *measure) <= before * (1.0 + 1e-12) + 1e-14:
            break
        share *= 0.5
    return x + share * move, length


def _finish(problem: _Problem, x: Array, active: tuple[int, ...], how: tuple[int, bool]) -> Fit:
    tangent = _tangent(problem, x)
    equal, unequal = tangent.equal, tangent.unequal
    misfit = max(float(np.abs(equal.misfit).max(initial=0.0)), float(unequal.misfit.max(initial=0.0)))
    names = problem.relations.inequality_names
    sigma, values = np.array([p.sigma for p in problem.pieces]), np.array([p.value for p in problem.pieces])
    where = np.array([problem.relations.position[p.variable] for p in problem.pieces], dtype=np.intp)
    return Fit(
        relations=problem.relations,
        pieces=problem.pieces,
        x=x,
        unit=problem.unit,
        free=_split(_join(equal, unequal, list(active)).slope)[1],
        open=_split(equal.slope)[1],
        active=tuple(names[i] for i in active),
        chi2=float((((values - x[where]) / sigma) ** 2).sum()) if sigma.size else 0.0,
        misfit=misfit,
        iterations=how[0],
        converged=how[1] and misfit < 1e-6,
    )
