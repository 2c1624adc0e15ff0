"""One family of errors: every message names the file, the place, the value, the rule and the remedy."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class EslabonError(Exception):
    """Base of all errors a user can meet; subclasses differ by what the user can do about it.

    Parameters
    ----------
    rule : str
        What was expected, in words.
    file, place, value : str
        Where it happened and what was found there; empty where it has no meaning.
    remedy : str
        What to do about it.
    """

    exit_code = 2

    def __init__(self, rule: str, *, file: str = "", place: str = "", value: object = "", remedy: str = "") -> None:
        self.rule, self.file, self.place, self.value, self.remedy = rule, file, place, str(value), remedy
        super().__init__(self.message())

    def message(self) -> str:
        """Return the one-paragraph text shown to the user."""
        where = ": ".join(part for part in (self.file, self.place) if part)
        found = f"found {self.value!r}; " if self.value else ""
        text = f"{where}: {found}{self.rule}" if where else f"{found}{self.rule}"
        return f"{text.rstrip('.')}. {self.remedy}".rstrip()


class InputError(EslabonError):
    """A scenario, pack or command-line value breaks a rule; mend the input."""


class StoreError(EslabonError):
    """A run folder is missing, unreadable or damaged; point at another or run again."""


class BalanceError(EslabonError):
    """The books do not balance; the result must not be used."""

    exit_code = 1


class MemberError(EslabonError):
    """One ensemble member became non-finite; the others go on."""

    exit_code = 1


def nearest(name: str, known: Iterable[str]) -> str:
    """Return a remedy that names the known word closest to `name`."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    return f"Did you mean {close[0]!r}?" if close else f"Valid: {', '.join(names)}."
