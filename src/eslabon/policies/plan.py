"""The plan: what the world and the policies bring, month by month, the same for every member.

Levers act on the baseline's signals in the order of the table of levers, so the order of a scenario's lines is no input.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from eslabon.clock import MONTHS_PER_YEAR
from eslabon.evidence.pack import RegionPack
from eslabon.policies.baseline import NEUTRAL, Array, baseline_signals, eradication_by_month, eradication_groups
from eslabon.policies.levers import BY_MODEL, LEVERS, MODES
from eslabon.policies.pull import Pull
from eslabon.policies.scenario import Scenario

_PROMISED = next(o.default for o in LEVERS["voluntary_eradication"].options if o.key == "payment")
_ORDER = {name: i for i, name in enumerate(LEVERS)}


@dataclass(frozen=True)
class Plan:
    """Signals by name, each (month, ...): one value, one a basin, one a corridor, one a mode, or one a group of basins."""

    first_month: int
    months: int
    signals: dict[str, Array]
    constants: dict[str, Array]

    def at(self, month: int) -> dict[str, Array]:
        """Return the month's signals with a leading member axis of one."""
        i = month - self.first_month
        return {name: value[i][None] for name, value in self.signals.items()}


def make_plan(pack: RegionPack, scenario: Scenario, first_month: int, months: int) -> Plan:
    """Return the plan of `months` months from `first_month` for a scenario; a lever of strength 0 is not there."""
    span = range(first_month, first_month + months)
    active = {p.lever: p for p in sorted(scenario.pulls.values(), key=lambda p: _ORDER[p.lever]) if p.strength > 0}
    signals = baseline_signals(pack, span)
    eradication, constants = _eradication(pack, active.get("forced_eradication"), span)
    signals |= eradication
    for pull in active.values():
        weight = np.array([[pull.weight(month)] for month in span])
        usual = _usual_amount(pull, signals)
        if LEVERS[pull.lever].how != "plan":
            _act(pack, pull, signals, weight)
        _mark(pack, pull, signals, weight, span)
        signals["policy_cost_usd2013"] += weight * _cost_per_month(pull, usual)
    return Plan(first_month, months, signals, constants)


def _usual_amount(pull: Pull, signals: dict[str, Array]) -> Array:
    """Return what the baseline already does of a policy that a lever replaces, (month, 1), in the lever's unit."""
    lever = LEVERS[pull.lever]
    replaces = lever.how == "replace" and lever.signal not in NEUTRAL
    return signals[lever.signal] / lever.factor if replaces else np.zeros((1, 1))


def _cost_per_month(pull: Pull, usual: Array) -> Array:
    """Return what a lever costs beyond the baseline a month, usd2013; less than nothing where it cuts a policy."""
    if LEVERS[pull.lever].cost_status == BY_MODEL:
        return np.zeros((1, 1))
    cost: Array = (pull.costed_amount - usual) * pull.cost_per_unit / MONTHS_PER_YEAR
    return cost


def _places(pack: RegionPack, pull: Pull, signal: str) -> npt.NDArray[np.bool_]:
    """Return which columns of a signal a lever acts on; all basins or corridors where it names none."""
    dims = NEUTRAL[signal][0] if signal in NEUTRAL else "one"
    if dims == "basins":
        return np.array([not pull.basins or z.id in pull.basins for z in pack.zones])
    if dims == "corridors":
        return np.array([not pull.corridors or c.id in pull.corridors for c in pack.corridors])
    return np.array([m in LEVERS[pull.lever].modes for m in MODES]) if dims == "modes" else np.array([True])


def _act(pack: RegionPack, pull: Pull, signals: dict[str, Array], weight: Array) -> None:
    """Let a lever act on its signal, in its places, in the months it has a weight."""
    lever, amount = LEVERS[pull.lever], pull.effective_amount * LEVERS[pull.lever].factor
    before, places = signals[lever.signal], _places(pack, pull, lever.signal)
    if lever.how == "replace":
        after = (1 - weight) * before + weight * amount
    elif lever.how in ("add", "split"):
        after = before + weight * (amount / max(places.sum(), 1) if lever.how == "split" else amount)
    elif lever.how == "scale":
        after = before * (1 + weight * (amount - 1))
    elif lever.how == "reduce":
        after = before * (1 - weight * amount)
    else:
        after = np.full_like(before, amount)
    signals[lever.signal] = np.where((weight > 0) & places, after, before)


def _mark(pack: RegionPack, pull: Pull, signals: dict[str, Array], weight: Array, span: range) -> None:
    """Write the lever's options, and where and whether it is pulled."""
    reached = np.array([[month >= pull.start] for month in span])
    promised = pull.strength * np.array([[float(pull.announce <= month < pull.start)] for month in span])
    for mark in LEVERS[pull.lever].marks:
        before, places = signals[mark.signal], _places(pack, pull, mark.signal)
        when, after = {
            "reached": (reached & places, np.ones_like(before)),
            "running": ((weight > 0) & places, np.ones_like(before)),
            "weight": ((weight > 0) & places, weight * np.ones_like(before)),
            "only": ((weight > 0) & ~places, before * (1 - weight)),
            "promised": ((promised > 0) & places, promised * pull.options.get("payment", _PROMISED) * np.ones_like(before)),
        }[mark.kind]
        signals[mark.signal] = np.where(when, after, before)
    for option in LEVERS[pull.lever].options:
        value = pull.options.get(option.key, option.default)
        signals[option.signal] = np.where(weight > 0, value, signals[option.signal])


def _eradication(pack: RegionPack, pull: Pull | None, span: range) -> tuple[dict[str, Array], dict[str, Array]]:
    """Return the signals of the eradication plan, the lever's group the last one, and the groups' memberships."""
    groups = eradication_groups(pack)
    amounts, fact = eradication_by_month(pack, groups, span)
    amounts, announced = np.pad(amounts, ((0, 0), (0, 1))), np.zeros((len(span), 1))
    named = [float(pull is not None and z.id in pull.basins) for z in pack.zones]
    if pull:
        monthly = pull.effective_amount / MONTHS_PER_YEAR
        weight = np.array([[pull.weight(month)] for month in span])
        amounts, fact = amounts * (1 - weight), fact * (1 - weight)
        amounts[:, -1:] = weight * monthly
        coming = np.array([[pull.announce <= month < pull.start] for month in span])
        announced = np.where(coming, pull.strength * monthly, 0.0)
    chosen = named if pull and pull.basins else [1.0] * len(named)
    signals = {"eradication_plan_ha": amounts, "announced_ha": announced, "eradication_fact": fact}
    constants = {
        "eradication_groups": np.array([*groups.values(), chosen]),
        "announced_groups": np.array([chosen]),
        "eradication_named": np.array([named]),
    }
    return signals, constants
