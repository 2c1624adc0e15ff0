"""Checks of whole ledgers: that nothing but appending happened to them, and that every row keeps the rules."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eslabon.evidence.claims import COLUMNS, Ledger
from eslabon.evidence.ledger_chain import CLAIMS, FINISH, SEAL, SOURCES, UNFINISHED, Problem, SealedFiles, read_sealed
from eslabon.evidence.lint import Finding, lint_claims, lint_columns, lint_sources

SHORTEST_HEAD = 12
"""Hexadecimal digits from which the beginning of a hash is taken for the hash."""


@dataclass(frozen=True)
class ChainCheck:
    """What the chain and the seal of a folder say.

    Parameters
    ----------
    folder : Path
    files : SealedFiles
        As read.
    problems : tuple of Problem
        Empty where nothing but appending happened; an append that did not finish counts as one.
    """

    folder: Path
    files: SealedFiles
    problems: tuple[Problem, ...]

    def has_hash(self, head: str) -> bool:
        """Return whether a row has this hash, or one that begins with these digits: whether the ledger goes on from there."""
        wanted = head.lower()
        hashes = (known for chain in self.files.chains.values() for known in chain.hashes)
        return len(wanted) >= SHORTEST_HEAD and any(known.startswith(wanted) for known in hashes)

    def document(self) -> dict[str, Any]:
        """Return the check as plain values."""
        extents = {file: chain.extent.document() for file, chain in sorted(self.files.chains.items())}
        return {"folder": str(self.folder), **extents, "problems": [p.document() for p in self.problems], "ok": not self.problems}


def check_chain(folder: Path) -> ChainCheck:
    """Return what is wrong with the chain and the seal of the ledger in `folder`."""
    files = read_sealed(folder, COLUMNS)
    problems = files.problems
    if files.unfinished:
        problems = (*problems, Problem(SEAL, 1, UNFINISHED, FINISH))
    return ChainCheck(folder, files, problems)


def check_rows(ledger: Ledger, whole: Ledger, root: Path) -> tuple[Finding, ...]:
    """Return what breaks a rule in a ledger, each with file and line, and in the columns of its folder.

    Parameters
    ----------
    ledger : Ledger
        The one to check.
    whole : Ledger
        The same with what lies under it, whose claims it may correct.
    root : Path
        Its folder.
    """
    places = {f"claim {name}": f"{CLAIMS}, line {line}" for line, name in enumerate(ledger.claims, start=2)}
    places |= {f"source {name}": f"{SOURCES}, line {line}" for line, name in enumerate(ledger.sources, start=2)}
    found = []
    for finding in (*lint_sources(ledger.sources.values()), *lint_claims(ledger.claims.values(), whole)):
        what = finding.where.split(", column ")[0]
        found.append(Finding(f"{places[what]}: {finding.where}", finding.rule, finding.remedy, finding.value))
    return (*found, *lint_columns(root))
