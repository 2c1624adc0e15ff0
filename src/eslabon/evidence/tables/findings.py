"""What an import has to say of a table: refusals, questions with the option that answers each, and notes, each with its cells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

Level = Literal["refuse", "ask", "note"]
LEVELS: Mapping[str, Level] = {"E": "refuse", "Q": "ask", "N": "note", "W": "note"}

CODES: Mapping[str, int] = {
    "E-AMBIGUOUS-DATE": 17, "E-AMBIGUOUS-FOOTNOTE": 8, "E-AMBIGUOUS-NUMBER": 2, "E-BAD-RANGE": 24, "E-CODE-LOST-ZEROS": 14,
    "E-CODE-NAME-MISMATCH": 13, "E-CONFLICTING-ROWS": 19, "E-COORDINATES": 0, "E-FINER-THAN-BASIN": 0, "E-KIND-CONTRADICTED": 18,
    "E-LOCALE-CONTRADICTED": 1, "E-MIXED-STYLES-IN-COLUMN": 1, "E-MIXED-UNITS": 20, "E-NEGATIVE": 19, "E-NO-FIGURES": 3, "E-NO-HEADER": 3,
    "E-PERIOD-CONTRADICTED": 18, "E-PERSONAL-DATA": 0, "E-RETYPED": 25, "E-STOCK-DATE": 18, "E-TWO-PARTITIONS": 13,
    "E-UNIT-CONTRADICTED": 20, "E-UNIT-MISFIT": 19, "E-UNREADABLE": 7, "E-WRONG-DIMENSION": 13,
    "Q-BLANK-CELLS": 5, "Q-BLANK-LABEL": 15, "Q-CURRENCY-MIX": 23, "Q-FORM-UNDECLARED": 19, "Q-HIDDEN-CELLS": 0, "Q-HIDDEN-SHEET": 0,
    "Q-HOMONYM": 13, "Q-KIND-UNDECLARED": 18, "Q-LOST-LETTERS": 16, "Q-MISSING-CODE": 7, "Q-MOJIBAKE": 16, "Q-NEW-QUANTITY": 19,
    "Q-PART-YEAR": 18, "Q-PERCENT-BASE": 9, "Q-PERCENT-DOES-NOT-HOLD": 9, "Q-PERIOD-FROM-TITLE": 18, "Q-PERIOD-UNDECLARED": 18,
    "Q-PLACE-UNDECLARED": 11, "Q-POSSIBLE-DUPLICATE": 22, "Q-PRODUCT-DOES-NOT-HOLD": 10, "Q-REPEATED-ROW": 19, "Q-SAME-DATA": 19,
    "Q-SERIES-BREAK": 6, "Q-SEVERAL-COLUMNS": 19, "Q-SEVERAL-SHEETS": 19, "Q-SEVERAL-TABLES": 3, "Q-SOURCE-UNDECLARED": 0, "Q-SPLIT-YEAR": 18,
    "Q-TOTAL-DOES-NOT-HOLD": 4, "Q-TWO-EXCHANGE-RATES": 23, "Q-TWO-STYLES": 1, "Q-UNIT-FROM-TITLE": 3, "Q-UNIT-UNDECLARED": 3,
    "Q-UNKNOWN-PLACE": 11, "Q-ZONES-OVERLAP": 11,
    "N-ACCEPT-UNUSED": 0, "N-BOUND": 24, "N-CONVERTED": 20, "N-COVERAGE-CHANGES": 12, "N-CURRENCY-CONVERTED": 23, "N-DIFFERS-FROM-LEDGER": 6,
    "N-EVENTS": 18, "N-FOOTNOTE-SPLIT": 8, "N-FOREIGN-ROW": 21, "N-HEADER-FOUND": 3, "N-IN-LEDGER": 19, "N-MARKED-PERIOD": 6,
    "N-NAME-NORMALISED": 15, "N-OTHER-MEASURE": 19, "N-OTHER-PRODUCT": 19, "N-PERCENT-EXCLUDED": 9, "N-SAME-FIGURE": 19, "N-SMALL-COUNT": 0,
    "N-SPANISH-DATE": 17,
    "N-TOTALS-EXCLUDED": 4, "N-WITHIN-ROUNDING": 10, "N-ZERO-ROW": 21, "N-ZONE-RECUT": 11, "N-ZONE-RENAMED": 11,
}  # fmt: skip
"""Every code of the interpreting half and the quirk of official tables that it meets; 0 for none of the 25. A code keeps its meaning."""


_LONGEST_VALUE = 200


@dataclass(frozen=True)
class Finding:
    """One thing to say of a table.

    Parameters
    ----------
    code : str
        A key of `CODES`, or a note of the reading half.
    places : tuple of str
        Cells such as `Hoja1!B7`; the first is the one to look at. Empty where the whole file is meant.
    value : str
        What is written there.
    values : mapping of str to str
        One for each further `{name}` in the words.
    options : tuple of str
        Options of the command, each of which answers the question.
    answered : str
        The option that did answer it, else empty.
    """

    code: str
    places: tuple[str, ...] = ()
    value: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    options: tuple[str, ...] = ()
    answered: str = ""

    @property
    def level(self) -> Level:
        """Whether it refuses the file, asks, or tells."""
        return LEVELS[self.code[0]]

    @property
    def open(self) -> bool:
        """Whether it stands in the way of taking the table."""
        return self.level == "refuse" or (self.level == "ask" and not self.answered)

    def document(self) -> dict[str, Any]:
        """Return the finding as plain values."""
        return {
            "code": self.code, "level": self.level, "cells": list(self.places), "value": self.value, "values": dict(self.values),
            "options": list(self.options), "answered": self.answered,
        }  # fmt: skip


@dataclass
class Findings:
    """Findings as they are made; the same thing in further cells is one finding with more cells.

    Parameters
    ----------
    accepted : sequence of str
        Codes that the user accepts.
    """

    accepted: Sequence[str] = ()
    _found: dict[tuple[str, str], Finding] = field(default_factory=dict)
    _places: dict[tuple[str, str], list[str]] = field(default_factory=dict)

    def add(
        self, code: str, place: str = "", value: object = "", *, options: Sequence[str] = (), answered: str = "", key: str = "", **values: object
    ) -> None:  # fmt: skip
        """Add a finding, or a cell to the one with the same code and `key`."""
        places = self._places.setdefault((code, key), [])
        if place and place not in places[-1:]:
            places.append(place)
        if (code, key) in self._found:
            return
        if LEVELS[code[0]] == "ask" and not answered:
            options = tuple(options) or (accept(code),)
            answered = accept(code) if code in self.accepted and accept(code) in options else ""
        words = {name: str(item) for name, item in values.items()}
        self._found[code, key] = Finding(code, (), str(value)[:_LONGEST_VALUE], words, tuple(options), answered)

    def __iter__(self) -> Iterator[Finding]:
        order = ("refuse", "ask", "note")
        found = [replace(finding, places=tuple(self._places[key])) for key, finding in self._found.items()]
        return iter(sorted(found, key=lambda f: (order.index(f.level), bool(f.answered))))

    def codes(self) -> set[str]:
        """Return the codes found so far."""
        return {code for code, _ in self._found}

    def refused(self) -> bool:
        """Return whether anything found so far refuses the file."""
        return any(finding.level == "refuse" for finding in self._found.values())


def accept(code: str) -> str:
    """Return the option that accepts a code."""
    return f"--accept {code}"
