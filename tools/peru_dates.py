"""When the claims of the Peru pack were published and recorded, where the rule of `eslabon.evidence.ledger_dates` does not say.

Some sources repeat what others published before: yearly statistics read in a later copy, and official tables read in a
transcription. `extra_ledger.csv` gives the days of single rows, with the reason, and names the claim that a claim corrects.
"""

from __future__ import annotations

import datetime
from pathlib import Path

from eslabon.errors import InputError
from peru_observations import Cells, read

FIRST_RECORDED = datetime.date(2026, 11, 25)
"""The day the ledger began: every row that says nothing else was recorded then."""

RUNNING = ("bls_cpi", "wb_fx", "imf_pcps", "bigmac")
"""Statistics that come out year by year and are not revised, read in a later copy: public by the end of the year after."""

TRANSCRIBED = ("repo_devida",)
"""Tables of the monitoring office read in a later transcription: the office publishes a year's areas in the year after. What the
transcription has may be a later cut of the zones."""

REVISED = {"simci": 2015}
"""Series whose years up to this one are as that year's report has them, which came out in the year after."""

OVERRIDES = Path(__file__).resolve().parent / "extra_ledger.csv"


def read_overrides() -> dict[str, Cells]:
    """Return the rows of extra_ledger.csv by the id of the claim or source."""
    rows = read(OVERRIDES)
    for row in rows:
        if not row["reason"]:
            raise InputError("say why", file="extra_ledger.csv", place=row["id"], remedy="Fill in the reason.")
    return {row["id"]: row for row in rows}


def published_of(row: Cells) -> str:
    """Return the day a claim of a repeated publication was public, ISO; empty where the general rule holds."""
    year = int(row["period_end"][:4])
    if row["source_id"] in RUNNING:
        return f"{year + 1}-12-31"
    if row["source_id"] in REVISED and year <= REVISED[row["source_id"]]:
        return f"{REVISED[row['source_id']] + 1}-12-31"
    if row["source_id"] in TRANSCRIBED:
        return f"{year + 1}-12-31"
    return ""


def ledger_cells(row: Cells, overrides: dict[str, Cells]) -> Cells:
    """Return the ledger columns of a claim's row: published, corrects, recorded."""
    given = overrides.get(row["id"], {})
    recorded = given.get("recorded") or FIRST_RECORDED.isoformat()
    published = given.get("published") or published_of(row)
    return {"published": min(published, recorded), "corrects": given.get("corrects", ""), "recorded": recorded}
