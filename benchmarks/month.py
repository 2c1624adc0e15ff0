"""Time a whole month of the shipped baseline: milliseconds a member-month by stage, nanoseconds a household-month in all.

python benchmarks/month.py              six members at once on one thread, about a minute
"""

from __future__ import annotations

import os
import time

from eslabon.api import load_region
from eslabon.month import advance
from eslabon.start import open_world

MEMBERS, MONTHS, ROUNDS = 6, 6, 4


def main() -> None:
    """Print the table; the best of the rounds counts."""
    region = load_region()
    world = open_world(region.pack, region.parameters, region.scenario("baseline"), 0, list(range(MEMBERS)))
    month = world.plan.first_month
    advance(world, month)
    best: dict[str, float] = {}
    shortest = float("inf")
    for _ in range(ROUNDS):
        seconds: dict[str, float] = {}
        began = time.perf_counter()
        for _ in range(MONTHS):
            month += 1
            advance(world, month, seconds)
        whole = time.perf_counter() - began
        if whole < shortest:
            shortest, best = whole, seconds
    households = sum(int(p.top.sum()) for p in world.state.households) / MEMBERS
    per_month = shortest / MONTHS / MEMBERS
    print(f"{MEMBERS} members, {households:,.0f} households each, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}.")
    for name, value in sorted(best.items(), key=lambda item: -item[1]):
        print(f"{name:14} {1000 * value / MONTHS / MEMBERS:8.3f} ms a member-month")
    print(f"{'all':14} {1000 * per_month:8.3f} ms a member-month, {1e9 * per_month / households:.1f} ns a household-month")


if __name__ == "__main__":
    main()
