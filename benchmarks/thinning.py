"""What thinning costs: the nation's coca of 2001-2013 with one household standing for several, beside every household.

Usage: `python benchmarks/thinning.py [MEMBERS]`. Prints, for each divisor, the mean and the largest deviation of a member's log area.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from eslabon import api
from eslabon.policies.scenario import Scenario
from eslabon.runs.chunk import run_chunk
from eslabon.study.shrink import thin

DIVISORS = (5, 20, 50)


def national_ha(region: api.Region, divisor: float, members: int) -> np.ndarray:
    """Return the nation's coca, (member, year)."""
    scenario = Scenario("thinning", "thinning", start="2001", until=2013)
    found = run_chunk(thin(region.pack, divisor), region.parameters, scenario, 0, range(members), keep=False)
    return divisor * next(row.values for row in found.yearly if (row.outcome, row.basin) == ("coca_area_ha", "ALL"))


def main() -> None:
    """Print the comparison."""
    members = int(sys.argv[1]) if len(sys.argv) > 1 else 16
    region = api.load_region()
    whole = national_ha(region, 1, members)
    for divisor in DIVISORS:
        began = time.process_time()
        away = np.log(national_ha(region, divisor, members) / whole)
        took = (time.process_time() - began) / members
        print(f"1 for {divisor}: mean {away.mean():+.2%}, largest {np.abs(away).max():.2%}, {took:.2f} s a member")


if __name__ == "__main__":
    main()
