"""The Bayesian version: biased sources, hard limits, and a posterior sampled with many walkers at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from eslabon.errors import InputError
from eslabon.evidence.reconcile.elimination import Elimination, eliminate
from eslabon.evidence.reconcile.fit import Fit, fit
from eslabon.evidence.reconcile.linearisation import Array
from eslabon.evidence.reconcile.network import Network
from eslabon.evidence.reconcile.wls import AdjustedVariable, covariance

SOURCE_BIAS_SD = 0.10
"""Scale of the half-normal on the spread of sources' biases, relative."""
WIDEST_LOG = 7.0
"""Half-width of the prior of a variable without bounds: a factor of 1,100 either way of its adjusted value."""
MOST_STEPS = 20_000
WARM_UP = 300
BLOCK = 200
TAIL_DEGREES = 8.0
STEPS_PER_TIME = 50
STEADY = 0.05
FEWEST_WALKERS = 48
SPREAD_NODES = 20
BIAS_DRAWS = 4_000
BIAS_SEED = 20_250_102

PosteriorStatus = Literal["converged", "not_converged", "not_sampled"]


@dataclass(frozen=True)
class SourceBias:
    """What the claims say of the bias of one independence group.

    Parameters
    ----------
    group : str
    value, low, high : float
        Posterior mean and 90 % interval of the error shared by all its figures, relative (0.1: it says 10 % too much).
    """

    group: str
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Posterior:
    """A network reconciled by sampling.

    Parameters
    ----------
    variables : tuple of AdjustedVariable
        Median, 90 % interval and standard deviation on the scale; None where only the prior determines a variable.
    biases : tuple of SourceBias
        One a group; empty without a bias term.
    bias_spread : float
        Posterior median of the spread of the biases, relative.
    status : {"converged", "not_converged", "not_sampled"}
        Not converged: the chains are too short for their autocorrelation, use nothing. Not sampled: `reason` says why.
    autocorrelation_steps, effective_draws, acceptance, steps : float, float, float, int
        Longest integrated autocorrelation time over parameters, independent draws it leaves, accepted share, steps a walker.
    """

    variables: tuple[AdjustedVariable, ...]
    biases: tuple[SourceBias, ...]
    bias_spread: float
    status: PosteriorStatus
    reason: str
    autocorrelation_steps: float
    effective_draws: float
    acceptance: float
    steps: int

    @property
    def converged(self) -> bool:
        """Whether the values may be used."""
        return self.status == "converged"

    def variable(self, name: str) -> AdjustedVariable:
        """Return the variable of that name."""
        return next(variable for variable in self.variables if variable.name == name)


def posterior(network: Network, source_bias_sd: float = SOURCE_BIAS_SD, seed: int = 0, most_steps: int = MOST_STEPS) -> Posterior:
    """Reconcile a network by sampling its posterior.

    Parameters
    ----------
    network : Network
        Variables, claims and balances.
    source_bias_sd : float
        Scale of the half-normal prior on the spread of the groups' biases, relative; 0 leaves the bias term out, and the
        result then agrees with weighted least squares where errors are small.
    seed : int
        Seed of the walkers.
    most_steps : int
        Steps a walker after which sampling stops, converged or not.

    Returns
    -------
    Posterior

    Raises
    ------
    InputError
        If `source_bias_sd` is negative or not finite.

    Notes
    -----
    Equation: y_p = x_v(p) + b_g(p) s_p + e_p, e_p ~ N(0, sigma_p²), b_g ~ N(0, τ²), τ ~ half-normal(source_bias_sd), with s_p = 1 on
    the log scale and the claimed value on the linear scale. The b_g are integrated out exactly, τ by
    quadrature. The free variables are uniform
    on their scales between their bounds (or within a factor of 1,100 of the adjusted value); bounds and inequalities of all
    variables are hard. Source: Foreman-Mackey et al. (2013) for the sampler and its convergence rule; ter Braak (2006) for its
    differential-evolution move, which is mixed with independent proposals from a Student t.
    """
    if not (np.isfinite(source_bias_sd) and source_bias_sd >= 0.0):
        raise InputError("the scale of source biases is 0 or more", place="source_bias_sd", value=source_bias_sd, remedy="Try 0.1.")
    fitted, elimination = fit(network), eliminate(network)
    if not elimination.free:
        return _refused(network, fitted, "there is no variable to choose")
    if elimination.loops:
        return _refused(network, fitted, f"balances form a loop: {', '.join(elimination.loops)}")
    if not fitted.converged:
        return _refused(network, fitted, "weighted least squares found no point that satisfies all balances")
    target = _Target(fitted, elimination, source_bias_sd)
    start = _walkers(target, np.random.default_rng(seed))
    if start is None:
        return _refused(network, fitted, "no admissible starting points were found")
    return _summary(target, _sampled(target, start, (seed, most_steps)))


class _Target:
    """The log-posterior of the free variables for many walkers at once, sources' biases and their spread integrated out."""

    def __init__(self, fitted: Fit, elimination: Elimination, source_bias_sd: float) -> None:
        self.fitted, self.elimination = fitted, elimination
        relations = fitted.relations
        self.where, self.sigma = fitted.where, fitted.sigma
        self.value = np.array([piece.value for piece in fitted.pieces])
        self.groups = sorted({piece.group for piece in fitted.pieces})
        loading = np.where(relations.logarithmic[self.where], 1.0, np.abs(self.value))
        member = np.array([[piece.group == group for group in self.groups] for piece in fitted.pieces]).reshape(self.value.size, -1)
        self.loading = loading[:, None] / self.sigma[:, None] * member
        self.spreads, self.weights = _spread_nodes(source_bias_sd)
        hold = (self.loading**2).sum(axis=0)
        shared = 1.0 + self.spreads[:, None] ** 2 * hold
        self.bias_variance = self.spreads[:, None] ** 2 / shared
        self.node_constant = np.log(self.weights) - 0.5 * np.log(shared).sum(axis=1)
        self.free = np.array([relations.position[name] for name in elimination.free], dtype=np.intp)
        reach = np.where(relations.logarithmic, WIDEST_LOG, np.maximum(1e3 * fitted.unit, 10.0 * np.abs(fitted.x)))
        prior = np.isin(np.arange(fitted.x.size), self.free)
        self.low = np.where(np.isfinite(relations.low), relations.low, np.where(prior, fitted.x - reach, -np.inf))
        self.high = np.where(np.isfinite(relations.high), relations.high, np.where(prior, fitted.x + reach, np.inf))

    def __call__(self, chosen: Array) -> Array:
        """Return (walker,) log-posterior of (walker, free) values, minus infinity where a balance or bound cannot hold."""
        x = self.elimination.complete(chosen)
        admissible = self._admissible(x)
        x = np.where(admissible[:, None], x, self.fitted.x)
        nodes, misfit = self.nodes(x)
        top = nodes.max(axis=1)
        return np.where(admissible, top + np.log(np.exp(nodes - top[:, None]).sum(axis=1)) - 0.5 * misfit, -np.inf)

    def nodes(self, x: Array) -> tuple[Array, Array]:
        """Return (draw, node) log-weights of the spreads of biases, and (draw,) the misfit without any bias."""
        residual = (self.value - x[:, self.where]) / self.sigma
        return self.node_constant + 0.5 * (residual @ self.loading) ** 2 @ self.bias_variance.T, (residual**2).sum(axis=1)

    def _admissible(self, x: Array) -> NDArray[np.bool_]:
        relations = self.fitted.relations
        with np.errstate(invalid="ignore"):
            inside = np.asarray((np.isfinite(x) & (x >= self.low) & (x <= self.high)).all(axis=1), dtype=np.bool_)
        for balance in relations.inequalities:
            where = [relations.position[name] for name in balance.names]
            natural = relations.natural(np.where(inside[:, None], x, self.fitted.x))[:, where]
            inside = inside & _holds(natural, np.array(balance.coefficients), balance.factor)
        return inside


def _spread_nodes(source_bias_sd: float) -> tuple[Array, Array]:
    """Return nodes and weights of the half-normal prior on the spread of biases: Gauss-Legendre in its quantiles."""
    from scipy.special import ndtri

    if source_bias_sd == 0.0:
        return np.zeros(1), np.ones(1)
    points, weights = np.polynomial.legendre.leggauss(SPREAD_NODES)
    return source_bias_sd * ndtri(0.75 + 0.25 * points), 0.5 * weights


def _holds(natural: Array, powers: Array, factor: float) -> NDArray[np.bool_]:
    with np.errstate(all="ignore"):
        return np.asarray(factor * np.prod(natural[:, 1:] ** powers, axis=1) <= natural[:, 0] * (1.0 + 1e-12), dtype=np.bool_)


@dataclass(frozen=True)
class _Chains:
    """Draws of all walkers after burn-in, with what the sampler says of itself."""

    chosen: Array
    time: float
    acceptance: float
    steps: int
    converged: bool


def _walkers(target: _Target, rng: np.random.Generator) -> Array | None:
    """Return (walker, free) starting points around the least-squares point, all admissible."""
    count = max(4 * target.free.size, FEWEST_WALKERS)
    spread, determined = covariance(target.fitted, target.fitted.open)
    width = np.where(determined, np.sqrt(np.diag(spread)), 0.5 * target.fitted.unit)[target.free]
    centre, found = target.fitted.x[target.free], np.zeros((0, target.free.size))
    for attempt in range(60):
        points = centre + rng.standard_normal((2 * count, target.free.size)) * width * 0.85**attempt
        found = np.vstack([found, points[np.isfinite(target(points))]])
        if found.shape[0] >= count:
            return found[:count]
    return None


def _sampled(target: _Target, start: Array, how: tuple[int, int]) -> _Chains:
    """Run the walkers until the chains are long against their autocorrelation time and that time is steady."""
    import emcee

    seed, most_steps = how
    state = emcee.State(start, random_state=np.random.RandomState(seed).get_state())
    warm = emcee.EnsembleSampler(*start.shape, target, vectorize=True, moves=emcee.moves.DEMove())
    state = warm.run_mcmc(state, min(WARM_UP, most_steps), skip_initial_state_check=True)
    far = _FarJumps(warm.get_chain(discard=min(WARM_UP, most_steps) // 2, flat=True))
    moves = [(emcee.moves.DEMove(), 0.5), (emcee.moves.MHMove(far), 0.5)]
    sampler = emcee.EnsembleSampler(*start.shape, target, vectorize=True, moves=moves)
    before, time, converged = np.inf, np.inf, False
    while sampler.iteration + WARM_UP < most_steps and not converged:
        state = sampler.run_mcmc(state, BLOCK, skip_initial_state_check=True)
        time = float(np.max(sampler.get_autocorr_time(tol=0)))
        converged = bool(np.isfinite(time) and sampler.iteration > STEPS_PER_TIME * time and abs(time - before) < STEADY * time)
        before = time
    kept = sampler if sampler.iteration else warm
    chosen = kept.get_chain(discard=kept.iteration // 10, flat=True)
    return _Chains(chosen, time, float(np.mean(kept.acceptance_fraction)), warm.iteration + sampler.iteration, converged)


class _FarJumps:
    """Proposals that do not depend on where a walker stands: a Student t fitted to the warm-up, which is then thrown away."""

    def __init__(self, warm: Array) -> None:
        self.centre = warm.mean(axis=0)
        spread = np.atleast_2d(np.cov(warm, rowvar=False)) + 1e-18 * np.eye(warm.shape[1])
        self.root = np.linalg.cholesky(spread)

    def __call__(self, at: Array, rng: np.random.RandomState) -> tuple[Array, Array]:
        stretch = np.sqrt(TAIL_DEGREES / rng.chisquare(TAIL_DEGREES, at.shape[0]))
        there = self.centre + (rng.standard_normal(at.shape) * stretch[:, None]) @ self.root.T
        return there, self._log_density(at) - self._log_density(there)

    def _log_density(self, at: Array) -> Array:
        distance = (np.linalg.solve(self.root, (at - self.centre).T) ** 2).sum(axis=0)
        return np.asarray(-0.5 * (TAIL_DEGREES + at.shape[1]) * np.log1p(distance / TAIL_DEGREES))


def _summary(target: _Target, chains: _Chains) -> Posterior:
    x = target.elimination.complete(chains.chosen)
    spread, biases = _biases(target, x[:: max(1, x.shape[0] // BIAS_DRAWS)])
    return Posterior(
        variables=_variables(target, x),
        biases=biases,
        bias_spread=spread,
        status="converged" if chains.converged else "not_converged",
        reason="" if chains.converged else "the chains are too short for their autocorrelation time",
        autocorrelation_steps=chains.time,
        effective_draws=chains.chosen.shape[0] / chains.time if np.isfinite(chains.time) else 0.0,
        acceptance=chains.acceptance,
        steps=chains.steps,
    )


def _variables(target: _Target, x: Array) -> tuple[AdjustedVariable, ...]:
    _, determined = covariance(target.fitted, target.fitted.open)
    measured = {piece.variable for piece in target.fitted.pieces}
    low, middle, high = np.quantile(x, (0.05, 0.5, 0.95), axis=0)
    found = []
    for i, v in enumerate(target.elimination.network.variables):
        if determined[i]:
            ends = (v.natural(float(middle[i])), v.natural(float(low[i])), v.natural(float(high[i])))
            found.append(AdjustedVariable(v.name, v.unit, *ends, float(np.std(x[:, i])), True, v.name in measured))
        else:
            found.append(AdjustedVariable(v.name, v.unit, None, None, None, None, False, v.name in measured))
    return tuple(found)


def _biases(target: _Target, x: Array) -> tuple[float, tuple[SourceBias, ...]]:
    """Return the median spread of biases and each group's bias, drawn from their exact conditionals given the draws of x."""
    if target.spreads.size == 1:
        return 0.0, ()
    rng = np.random.default_rng(BIAS_SEED)
    nodes, _ = target.nodes(x)
    node = (nodes + rng.gumbel(size=nodes.shape)).argmax(axis=1)
    residual = (target.value - x[:, target.where]) / target.sigma
    mean = target.bias_variance[node] * (residual @ target.loading)
    draws = mean + np.sqrt(target.bias_variance[node]) * rng.standard_normal(mean.shape)
    low, high = np.quantile(draws, (0.05, 0.95), axis=0)
    biases = tuple(SourceBias(group, float(mean[:, g].mean()), float(low[g]), float(high[g])) for g, group in enumerate(target.groups))
    return float(np.median(target.spreads[node])), biases


def _refused(network: Network, fitted: Fit, reason: str) -> Posterior:
    measured = {piece.variable for piece in fitted.pieces}
    empty = tuple(AdjustedVariable(v.name, v.unit, None, None, None, None, False, v.name in measured) for v in network.variables)
    return Posterior(empty, (), float("nan"), "not_sampled", reason, float("nan"), 0.0, float("nan"), 0)
