"""Published figures for a notebook: a labelled table, a document, and a page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eslabon.evidence.browse import Browsed
from eslabon.evidence.browse_series import Series, sparkline
from eslabon.report.evidence_words import series_title


@dataclass(frozen=True, repr=False)
class Evidence:
    """What the ledger holds on a quantity, a place, or both, with all sides.

    Parameters
    ----------
    found : Browsed
        The claims, as series, with their gaps.
    """

    found: Browsed

    @property
    def series(self) -> tuple[Series, ...]:
        """One series a quantity, place, form and unit; never spliced."""
        return self.found.series

    def table(self) -> Any:
        """Return a pandas DataFrame, a row a claim: value, unit, form, bound, grade, source, independence group, marks."""
        return self.found.table()

    def document(self, since: int | None = None) -> dict[str, Any]:
        """Return everything as plain data; with `since`, also coverage and the like-for-like sums from that year."""
        return self.found.document(since)

    def plot(self, path: str | Path, lang: str = "en") -> Path:
        """Write a page that needs no network, and return its path.

        Raises
        ------
        InputError
            If there is no claim, or the file cannot be written.
        """
        from eslabon.report.evidence_page import write_evidence_page

        return write_evidence_page(Path(path), self.found, lang)

    def __repr__(self) -> str:
        lines = [f"{series_title(series, 'en')}: {sparkline(series)}" for series in self.series[:12]]
        more = [f"... and {len(self.series) - 12} further series"] if len(self.series) > 12 else []
        return "\n".join([f"Evidence: {len(self.found.claims)} claims in {len(self.series)} series", *lines, *more])
