"""What may enter a ledger: new claims and sources, checked against what is there and made ready to be written."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence

from eslabon.errors import InputError, nearest
from eslabon.evidence.claims import Claim, Ledger, Source
from eslabon.evidence.ledger_dates import published_days
from eslabon.evidence.lint import lint_claims, lint_sources

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_BREAK = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_FORMULA = ("=", "@")


def prepare(
    before: Ledger, claims: Sequence[Claim], sources: Sequence[Source], recorded: datetime.date, base: Ledger | None = None
) -> tuple[list[Claim], list[Source]]:  # fmt: skip
    """Return the claims and sources to write, dated; hashes are still empty.

    Parameters
    ----------
    before : Ledger
        What the ledger holds.
    claims, sources : sequences
        What is to be added, in this order.
    recorded : date
        The day they enter.
    base : Ledger, optional
        A ledger under this one, whose claims may be corrected and whose sources may be named.

    Raises
    ------
    InputError
        For the first that may not enter.
    """
    _refuse_older(before, recorded)
    known = base.joined(before) if base else before
    entering = _sources(before, known, claims, sources, recorded)
    whole = Ledger(known.claims, {**known.sources, **{source.source_id: source for source in entering}})
    dated = _dated(whole, [claim.model_copy(update={"recorded": recorded, "hash": ""}) for claim in claims])
    for problem in (*lint_sources(entering), *lint_claims(dated, whole)):
        raise InputError(problem.rule, place=problem.where, value=problem.value, remedy=problem.remedy)
    return dated, entering


def _refuse_older(before: Ledger, recorded: datetime.date) -> None:
    last = max((row.recorded for rows in (before.claims, before.sources) for row in rows.values() if row.recorded), default=recorded)
    if recorded < last:
        raise InputError(f"the last rows were recorded on {last}", place="recorded", value=recorded, remedy="Give that day or a later one.")


def _sources(
    before: Ledger, known: Ledger, claims: Sequence[Claim], sources: Sequence[Source], recorded: datetime.date
) -> list[Source]:  # fmt: skip
    """Return the sources to write: those given and those of the base that a claim names, less those already there."""
    wanted = {source.source_id: source for source in sources}
    for claim in claims:
        if claim.source_id not in wanted and claim.source_id in known.sources:
            wanted[claim.source_id] = known.sources[claim.source_id]
    entering = []
    for name, source in wanted.items():
        if name in known.sources and not source.same_as(known.sources[name]):
            rule = "the ledger describes this source otherwise"
            raise InputError(rule, place=f"source {name}", remedy="Rows never change: give the new source an id of its own.")
        if name not in before.sources:
            refuse_row(source)
            entering.append(source.model_copy(update={"recorded": recorded, "hash": ""}))
    return entering


def _dated(whole: Ledger, claims: Sequence[Claim]) -> list[Claim]:
    together: dict[str, Claim] = dict(whole.claims)
    for claim in claims:
        refuse_row(claim)
        if claim.id in together:
            raise InputError("this id is taken", place=f"claim {claim.id}", value=claim.id, remedy="Give the claim an id of its own.")
        if claim.source_id not in whole.sources:
            rule, remedy = "no source has this id", nearest(claim.source_id, whole.sources) if whole.sources else "Add the source."
            raise InputError(rule, place=f"claim {claim.id}, column source_id", value=claim.source_id, remedy=remedy)
        if claim.corrects and claim.corrects not in together:
            rule, remedy = "a claim can only correct an earlier one", nearest(claim.corrects, together) if together else "Leave it empty."
            raise InputError(rule, place=f"claim {claim.id}, column corrects", value=claim.corrects, remedy=remedy)
        together[claim.id] = claim
    days = published_days(together, whole.sources)
    return [claim.model_copy(update={"published": days[claim.id]}) for claim in claims]


def refuse_row(row: Claim | Source) -> None:
    """Refuse a claim or source whose id or texts cannot stand in the files.

    Raises
    ------
    InputError
        With the column, if an id is not one, or a text has breaks, outer blanks, or would run in a spreadsheet.
    """
    place, name = (f"claim {row.id}", row.id) if isinstance(row, Claim) else (f"source {row.source_id}", row.source_id)
    if not _ID.fullmatch(name):
        rule = "an id has up to 64 letters, digits, points, hyphens and underscores"
        raise InputError(rule, place=place, value=name, remedy="Example: mine-001.")
    for column, value in _texts(row):
        where = f"{place}, column {column}"
        if _BREAK.search(value) or value != value.strip():
            raise InputError("a text is on one line, without blanks around it", place=where, value=value, remedy="Take out breaks and blanks.")
        if value.startswith(_FORMULA):
            raise InputError("a spreadsheet would run this text", place=where, value=value, remedy="Begin with another sign.")
    if isinstance(row, Claim) and row.published and row.recorded and row.published > row.recorded:
        rule = f"a claim cannot be published after it is recorded, {row.recorded}"
        raise InputError(rule, place=f"{place}, column published", value=row.published, remedy="Mend the date.")


def _texts(row: Claim | Source) -> Iterator[tuple[str, str]]:
    values: Mapping[str, object] = row.model_dump()
    return ((column, value) for column, value in values.items() if isinstance(value, str) and column != "hash")
