"""Two years of a thousand random households under random conditions.

Run as a script with NUMBA_DISABLE_JIT=1 it is plain Python; imported, the same passes are compiled.
"""

from __future__ import annotations

import sys

import numpy as np
import numpy.typing as npt

from eslabon.draws import F32, stream_key
from eslabon.stages import passes
from eslabon.state import AREA_QUANTUM, LEAF_QUANTUM, MONEY_QUANTUM, ROW

HOUSEHOLDS, MONTHS, FIRST = 1000, 24, 5
WHO = np.uint32(12345)
Fields = npt.NDArray[np.float32]
Sums = npt.NDArray[np.float64]


def random_households(seed: int = 11) -> Fields:
    """Return households spread over their whole domain: absent, refusing, indebted, with every kind of land."""
    rng = np.random.default_rng(seed)
    n = HOUSEHOLDS + FIRST

    def some(share: float, low: float, high: float, quantum: float = 0.0) -> Fields:
        value = rng.uniform(low, high, n) * (rng.random(n) < share)
        return (np.floor(value / quantum) * quantum if quantum else value).astype(np.float32)

    x = np.zeros((len(ROW), n), np.float32)
    x[ROW["present"]] = rng.random(n) < 0.9
    x[ROW["threshold"]] = np.where(rng.random(n) < 0.2, 1e6, np.where(rng.random(n) < 0.3, -1e6, rng.logistic(size=n)))
    x[ROW["profit_driven"]] = rng.random(n) < 0.5
    x[ROW["size_ha"]], x[ROW["phase"]] = some(1, 0.1, 6), rng.integers(0, 12, n)
    x[ROW["soil"]], x[ROW["cash"]] = some(1, 0.4, 1), some(1, -1500, 3000, MONEY_QUANTUM)
    x[ROW["risk"]], x[ROW["quit"]] = some(0.5, 0, 2), rng.random(n) < 0.1
    for area, age, share, oldest in (("mature_ha", "stand_age", 0.7, 300), ("young_ha", "young_age", 0.4, 20), ("nursery_ha", "nursery_age", 0.2, 6)):
        x[ROW[area]] = some(share, 0, 3, AREA_QUANTUM)
        x[ROW[age]] = np.floor(some(1, 0, oldest)) * (x[ROW[area]] > 0)
    x[ROW["erased_ha"]], x[ROW["erased_age"]] = some(0.4, 0, 2, AREA_QUANTUM), np.floor(some(1, 0, 60))
    x[ROW["fallow_ha"]], x[ROW["stock_kg"]] = some(0.3, 0, 2, AREA_QUANTUM), some(0.6, 0, 900, LEAF_QUANTUM)
    x[ROW["regrown_ha"]] = np.minimum(some(0.3, 0, 2, AREA_QUANTUM), x[ROW["mature_ha"]])
    x[ROW["programme"]] = rng.integers(0, 4, n) * x[ROW["present"]] * (rng.random(n) < 0.6)
    x[ROW["crop_ha"]] = some(0.3, 0, 2, AREA_QUANTUM)
    x[ROW["crop_age"]] = np.floor(some(1, 0, 60)) * (x[ROW["crop_ha"]] > 0)
    x[ROW["titled"]] = rng.random(n) < 0.2
    return x


def two_years() -> tuple[Fields, Sums]:
    """Advance the households through every pass, and return their fields and each month's sums."""
    x, rng = random_households(), np.random.default_rng(12)
    rows = []
    for month in range(MONTHS):
        (key0, key1), programme_key = stream_key(3, 1, "oracle", month), stream_key(3, 1, "programmes", month)
        interval, yield_kg, picker = 12 / rng.integers(1, 7), rng.uniform(200, 1200), rng.uniform(0, 0.6)
        fields_scalars = [18, rng.uniform(0, 0.01), 6, 0.5, 60, rng.uniform(0, 0.02), interval, yield_kg, picker]
        decide_scalars = [
            rng.uniform(0.02, 0.3), rng.choice([0, 0.1]), rng.choice([0, 0.1]), rng.normal(), rng.uniform(0, 2), rng.uniform(0, 1),
            rng.uniform(0, 1), rng.uniform(0.7, 1.1), rng.uniform(0.5, 2), rng.uniform(0, 0.3), 6, rng.uniform(0, 1), 24,
            rng.uniform(20, 50), rng.uniform(200, 700), np.round(rng.uniform(50, 200) / MONEY_QUANTUM) * MONEY_QUANTUM, rng.uniform(100, 220),
            rng.uniform(0.2, 0.9), rng.uniform(100, 500), rng.uniform(200, 800), rng.uniform(0, 0.01), rng.uniform(0, 0.02), rng.uniform(0.9, 1),
            rng.uniform(0, 0.8), rng.uniform(0, 1), rng.uniform(0, 1), rng.uniform(20, 120), 36, rng.uniform(0, 500), rng.uniform(0.1, 1),
        ]  # fmt: skip
        programme_scalars = [*rng.uniform(0, 0.05, 7), month % 3, rng.uniform(0.2, 1.5)]
        sold, price, lost = rng.uniform(0, 1), rng.uniform(0.3, 8), rng.uniform(0, 0.3)
        found = [np.zeros(len(passes.FIELD_SUMS)), np.zeros(len(passes.SALE_SUMS)), np.zeros(3), np.zeros(len(passes.PROGRAMME_SUMS)),
                 np.zeros(len(passes.YEAR_SUMS)), np.zeros(len(passes.HELD))]  # fmt: skip
        passes.fields_pass(x, FIRST, HOUSEHOLDS, month % 12, np.array(fields_scalars, np.float32), found[0])
        passes.sale_pass(x, FIRST, HOUSEHOLDS, sold, price, lost, found[1])
        if month % 3 == 0:
            standing = float(x[[ROW["mature_ha"], ROW["young_ha"], ROW["nursery_ha"]], FIRST:].astype(np.float64).sum())
            passes.eradicate_pass(x, FIRST, HOUSEHOLDS, key0, key1, WHO, standing, 0.04 * standing, F32(0.5), found[2])
        passes.programme_pass(x, FIRST, HOUSEHOLDS, *programme_key, WHO, np.array(programme_scalars, np.float32), found[3])
        passes.decide_pass(x, FIRST, HOUSEHOLDS, key0, key1, WHO, np.array(decide_scalars, np.float32), found[4])
        passes.stock_pass(x, FIRST, HOUSEHOLDS, found[5])
        rows.append(np.concatenate(found))
    return x, np.array(rows)


if __name__ == "__main__":
    with np.errstate(all="ignore"):
        fields, sums = two_years()
    np.savez(sys.argv[1], fields=fields, sums=sums, plain=np.array(isinstance(passes.decide_pass, type(random_households))))
