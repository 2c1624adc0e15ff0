"""Figures made into claims: each with the file's hash, sheet and cell in its locator and the original text in its note."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from eslabon.evidence.claims import Claim, Source
from eslabon.evidence.lint import NO_FORM
from eslabon.evidence.tables.body import Body
from eslabon.evidence.tables.findings import Findings
from eslabon.evidence.tables.grid import Sheet, Workbook
from eslabon.evidence.tables.items import Item
from eslabon.evidence.tables.layout import Wanted
from eslabon.evidence.tables.request import ImportRequest

_ID_DIGITS = 14
_ALIKE = 1e-9
_SAME_DATA_SHARE = 0.9
_FEWEST_FOR_SAME = 4
PART_YEAR, EVENT = "_part_year", "_event"


class ClaimMaker:
    """Claims of one table.

    Parameters
    ----------
    workbook, sheet : Workbook, Sheet
    request : ImportRequest
    form, kind : str
        As settled for the quantity.
    """

    def __init__(self, workbook: Workbook, sheet: Sheet, request: ImportRequest, form: str, kind: str) -> None:
        self.workbook, self.sheet, self.request, self.form, self.kind = workbook, sheet, request, form, kind

    def claim(self, item: Item, body: Body) -> Claim:
        """Return the claim of one figure that has place, period and amount."""
        assert item.place is not None and item.period is not None and item.amount is not None
        part = item.period.part_of_year and self.kind == "flow"
        fields: dict[str, Any] = {
            "quantity": stored_as(self.request.quantity, part, item.period.day and self.kind == "flow"),
            "form": self.form, "unit": item.amount.unit.name, "place": item.place.place, "period_start": item.period.start,
            "period_end": item.period.end, "kind": self.kind, "value": item.value, "low": item.amount.low, "high": item.amount.high,
            "bound_type": "lower" if part and item.reading.bound == "exact" else item.reading.bound, "grade": self.request.grade,
            "confidence": "direct", "conflict": False, "preferred": False, "source_id": self.request.source_id or "undeclared",
            "locator": self.locator(item), "independence_group": self._group(item), "series_break": item.series_break,
            "note": self._note(item, body),
        }  # fmt: skip
        return Claim(id=_identity(fields), **fields)

    def locator(self, item: Item) -> str:
        """Return file hash, sheet and cell of a figure."""
        cell = self.sheet.address(item.reading.row, item.reading.column)
        sheet = f"sheet {self.sheet.name!r}, " if self.sheet.name else ""
        return f"sha256:{self.workbook.sha256}, {sheet}cell {cell}"

    def _group(self, item: Item) -> str:
        own = self.request.group or self.request.source_id or "undeclared"
        return f"{own}:possible-duplicates" if item.together else own

    def _note(self, item: Item, body: Body) -> str:
        assert item.amount is not None
        parts = [f'printed "{_one_line(item.reading.text)}"']
        if item.reading.state == "zero":
            parts = [f'printed "{_one_line(item.reading.text)}", which means zero here']
        parts += [f'under "{_one_line(item.head.text)}"'] if item.head.text else []
        parts += [f'place "{_one_line(item.label)}"'] if item.label else []
        if item.amount.printed.name != item.amount.unit.name:
            parts.append(f"printed in {item.amount.printed.name}")
        if item.amount.printed.dimension != item.amount.unit.dimension and self.request.rate:
            rate = self.request.rate
            parts.append(f"at {rate.value:g} {rate.currency}/{rate.per} of {rate.day} ({rate.source_id})")
        marker = item.reading.marker.strip("()/ ")
        if marker:
            parts.append(f"note {marker}: {_one_line(body.footnotes.get(marker, '')) or 'not found'}")
        parts += [f"reported by {_one_line(item.agency)}"] if item.agency else []
        parts += ["may be the same event as another row"] if item.together else []
        return "; ".join(parts)

    def source(self, title: str) -> Source:
        """Return the source of the claims: the ledger's own if it knows the id."""
        known = self.request.reference.sources.get(self.request.source_id)
        if known is not None:
            return known
        return Source(
            source_id=self.request.source_id or "undeclared", title=self.request.title or title or self.workbook.path.rpartition("/")[2],
            publisher=self.request.publisher, year=self.request.year, url=self.request.url, kind=f"official table ({self.workbook.format})",
        )  # fmt: skip


def stored_as(quantity: str, part_of_year: bool, event: bool) -> str:
    """Return the quantity under which a figure of less than a year is stored, so that it never stands for the year's."""
    suffix = EVENT if event else PART_YEAR if part_of_year else ""
    return quantity if quantity.endswith((EVENT, PART_YEAR)) else quantity + suffix


def _one_line(text: str) -> str:
    return " ".join(text.split())[:160]


def _identity(fields: dict[str, Any]) -> str:
    """Return an id made of what the claim says and where it was read, so that the same import gives the same ids."""
    names = ("quantity", "form", "unit", "place", "period_start", "period_end", "value", "low", "high", "bound_type", "source_id", "locator")
    text = "|".join(str(fields[name]) for name in names)
    return "I" + hashlib.sha256(text.encode()).hexdigest()[:_ID_DIGITS]


def content_hash(claims: Sequence[Claim]) -> str:
    """Return the hash of what claims say, whoever published them and wherever they were read."""
    lines = sorted(f"{c.quantity}|{c.form}|{c.unit}|{c.place}|{c.period_start}|{c.period_end}|{c.value!r}|{c.low!r}|{c.high!r}" for c in claims)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def compare_with_ledger(claims: Sequence[Claim], request: ImportRequest, findings: Findings) -> tuple[Claim, ...]:
    """Return the claims with their conflicts marked, and say which figures the ledger has already."""
    known = [(claim, request.reference.same_figure(claim)) for claim in claims]
    same = [(claim, [k for k in others if _alike(k, claim)]) for claim, others in known]
    repeated = [(claim, found[0]) for claim, found in same if found]
    stored = [claim for claim in claims if claim.id in request.reference.ledger.claims]
    if stored:
        findings.add("N-IN-LEDGER", _cell(stored[0]), stored[0].id, count=len(stored))
    fresh = [pair for pair in repeated if pair[0].id not in request.reference.ledger.claims]
    if len(fresh) >= _FEWEST_FOR_SAME and len(repeated) >= _SAME_DATA_SHARE * len(claims):
        sources = ", ".join(sorted({other.source_id for _, other in fresh})[:5])
        groups = tuple(f"--group {group}" for group in sorted({other.independence_group for _, other in fresh})[:3])
        answered = f"--group {request.group}" if request.group else ""
        findings.add(
            "Q-SAME-DATA", _cell(fresh[0][0]), options=(*groups, "--accept Q-SAME-DATA"), answered=answered, count=len(fresh), sources=sources
        )
    elif fresh:
        findings.add("N-SAME-FIGURE", _cell(fresh[0][0]), fresh[0][1].id, count=len(fresh))
    conflicts = set()
    for claim, others in known:
        unlike = [other for other in others if not _alike(other, claim) and other.bound_type == "exact" == claim.bound_type]
        if unlike:
            conflicts.add(claim.id)
            findings.add("N-DIFFERS-FROM-LEDGER", _cell(claim), f"{claim.value:.12g}", other=unlike[0].id, known=f"{unlike[0].value:.12g}")
    return tuple(claim.model_copy(update={"conflict": True}) if claim.id in conflicts else claim for claim in claims)


def _alike(first: Claim, second: Claim) -> bool:
    return abs(first.value - second.value) <= _ALIKE * max(abs(first.value), abs(second.value))


def _cell(claim: Claim) -> str:
    sheet, _, cell = claim.locator.rpartition("cell ")
    name = sheet.partition("sheet ")[2].strip(", ").strip("'\"")
    return f"{name}!{cell}" if name else cell


def settled_form(request: ImportRequest, asked: Wanted, findings: Findings) -> str:
    """Return the form of the quantity, asked where the ledger has several or none."""
    known = asked.known
    if request.form:
        return request.form
    if known and len(known.forms) == 1:
        return known.forms[0]
    forms = known.forms if known else (NO_FORM,)
    findings.add("Q-FORM-UNDECLARED", value=request.quantity, options=tuple(f'--form "{form}"' for form in forms))
    return forms[0]


def settled_kind(request: ImportRequest, asked: Wanted, findings: Findings) -> str:
    """Return stock, flow, ratio or price: the option's, else the ledger's; a contradiction is refused."""
    known = asked.known
    if known and len(known.kinds) == 1:
        if request.kind and request.kind != known.kinds[0]:
            findings.add("E-KIND-CONTRADICTED", value=request.kind, known=known.kinds[0], quantity=request.quantity)
        return known.kinds[0]
    if request.kind:
        return request.kind
    kinds = known.kinds if known else ("stock", "flow", "ratio", "price")
    findings.add("Q-KIND-UNDECLARED", value=request.quantity, options=tuple(f"--kind {kind}" for kind in kinds))
    return kinds[0]
