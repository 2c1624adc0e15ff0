"""From a workbook of raw cells to claims, by content and not by fixed rows: a pure function of the workbook and the request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from eslabon.errors import InputError, nearest
from eslabon.evidence.lint import KNOWN_UNITS
from eslabon.evidence.tables.body import Body, sort_rows
from eslabon.evidence.tables.breaks import mark_breaks
from eslabon.evidence.tables.choose import choose_table, unmended
from eslabon.evidence.tables.claiming import ClaimMaker, compare_with_ledger, content_hash, settled_form, settled_kind, stored_as
from eslabon.evidence.tables.coverage import coverage
from eslabon.evidence.tables.currency import check_exchange_rates
from eslabon.evidence.tables.findings import Findings
from eslabon.evidence.tables.grid import Sheet, Workbook
from eslabon.evidence.tables.heads import Head
from eslabon.evidence.tables.import_report import ImportReport, LeftOut
from eslabon.evidence.tables.items import Item
from eslabon.evidence.tables.labels import Label, place_labels, resolve
from eslabon.evidence.tables.layout import Layout, Wanted, lay_out, wanted
from eslabon.evidence.tables.periods import Period, PeriodReader
from eslabon.evidence.tables.places import Dimension, Place
from eslabon.evidence.tables.privacy import screen
from eslabon.evidence.tables.quantities import PRODUCTS, named
from eslabon.evidence.tables.ratios import RatioChecker
from eslabon.evidence.tables.readings import FigureReader, Reading, data_rows
from eslabon.evidence.tables.repeats import check_repeats
from eslabon.evidence.tables.request import ImportRequest
from eslabon.evidence.tables.spans import Span
from eslabon.evidence.tables.totals import ADDITIVE, Check, TotalChecker, unnamed_totals
from eslabon.evidence.tables.typed_units import Amount, UnitReader

_HOUSEHOLDS = re.compile(r"famil|household|grower|hogar")
FEWEST_HOUSEHOLDS = 11
"""A cell of fewer households below the nation is suppressed."""


def interpret_workbook(workbook: Workbook, request: ImportRequest) -> ImportReport:
    """Return what an import of a workbook takes, leaves out, converts and asks.

    Parameters
    ----------
    workbook : Workbook
        Raw cells, as `read_workbook` gives them.
    request : ImportRequest

    Returns
    -------
    ImportReport
        Without claims where the file is refused. Nothing is read from or written to a disk.

    Raises
    ------
    InputError
        If an option names what the file does not have.
    """
    findings = Findings(request.accept)
    screen(workbook, request.reference.places, findings)
    if findings.refused():
        return _empty(workbook, request, findings)
    chosen = choose_table(workbook, request, findings)
    _check_source(request, findings)
    if chosen is None:
        return _empty(workbook, request, findings)
    sheet, table = chosen
    asked = wanted(request)
    form, kind = settled_form(request, asked, findings), settled_kind(request, asked, findings)
    _check_quantity(request, asked, findings)
    layout = lay_out(sheet, table, request, findings)
    if not layout.figures:
        findings.add("E-NO-FIGURES", sheet.place(table.bottom, 0), request.quantity)
        return _empty(workbook, request, findings)
    return _Import(workbook, sheet, request, layout, asked, findings, form, kind).report()


@dataclass
class _Import:
    """One table on its way to claims."""

    workbook: Workbook
    sheet: Sheet
    request: ImportRequest
    layout: Layout
    asked: Wanted
    findings: Findings
    form: str
    kind: str
    left_out: list[LeftOut] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)

    def report(self) -> ImportReport:
        table, findings = self.layout.table, self.findings
        if table.top > 0:
            findings.add("N-HEADER-FOUND", self.sheet.place(table.bottom, 0), self.sheet.rows[table.bottom][0].text)
        body = sort_rows(self.sheet, self.layout, self.request.reference.places)
        reader = FigureReader(self.sheet, self.layout, self.request, findings)
        reader.decide_styles((*self.layout.figures, *self.layout.others), data_rows(body))
        items = self._items(body, reader)
        mark_breaks(self.sheet, self.layout, body, items, findings)
        self._check_sums(body, reader, items)
        events = self._events(items)
        watched = coverage(self.sheet, items, findings) if self.kind in ADDITIVE and not events else ()
        if events and self.kind == "flow":
            findings.add("N-EVENTS", self.sheet.place(table.bottom, self.layout.periods[0]), quantity=stored_as(self.request.quantity, False, True))
        counted = [item for item in items if item.counted]
        kept = check_repeats(self.sheet, counted, findings)
        self._leave(item for item in items if not item.counted)
        self._leave_placeless(kept)
        self._leave_rows(body)
        ready = [item for item in kept if item.place and item.period and item.amount]
        if not ready and not any(finding.open for finding in findings):
            findings.add("E-NO-FIGURES", self.sheet.place(table.bottom, 0), self.request.quantity)
        maker = ClaimMaker(self.workbook, self.sheet, self.request, self.form, self.kind)
        _unused(self.request, findings)
        claims = () if findings.refused() else compare_with_ledger([maker.claim(item, body) for item in ready], self.request, findings)
        return ImportReport(
            file=self.workbook.path, format=self.workbook.format, sha256=self.workbook.sha256, encoding=self.workbook.encoding,
            sheet=self.sheet.name, head=self.sheet.place(table.top, 0), quantity=self.request.quantity, form=self.form, kind=self.kind,
            units=", ".join(sorted({item.amount.unit.name for item in ready if item.amount})), findings=tuple(findings), claims=tuple(claims),
            source=maker.source(self._title()),
            places=tuple(self.sheet.place(item.reading.row, item.reading.column) for item in ready) if claims else (),
            left_out=tuple(self.left_out), checks=tuple(self.checks), coverage=watched,
            styles=tuple(style for style in reader.styles.values() if style.evidence), content=content_hash(claims),
            basins={item.place.place: item.place.basins for item in ready if item.place and item.place.basins},
        )  # fmt: skip

    def _title(self) -> str:
        texts = [self.sheet.rows[r][c].text for r, c in self.layout.table.titles]
        return " ".join(max(texts, key=len).split())[:200] if texts else ""

    @staticmethod
    def _events(items: Sequence[Item]) -> bool:
        return any(item.period is not None and item.period.day for item in items)

    def _items(self, body: Body, reader: FigureReader) -> list[Item]:
        """Return the figures of all data rows with place, period, unit and product."""
        self._products(body)
        readings = {(row, head.column): reader.read(row, head) for row in body.data for head in self.layout.figures}
        labels = self._labels(body, readings)
        places = resolve(self.sheet, self.layout, labels, self.request, self.findings)
        default_place = None if labels else self._default_place()
        periods = PeriodReader(self.sheet, self.layout, self.request, self.findings, self.kind == "flow")
        spans = periods.rows(body.data)
        has_periods = bool(spans) or any(head.span for head in self.layout.figures)
        default_period = None if has_periods else periods.default(self.kind == "stock")
        if has_periods and self.request.span and not self._period_is_used(spans):
            self.findings.add("E-PERIOD-CONTRADICTED", self.sheet.place(self.layout.table.bottom, 0), option=self.request.period)
        units = UnitReader(self.sheet, self.layout, self.request, self.asked, self.findings)
        original = unmended(self.workbook, self.sheet)
        items = []
        for row in body.data:
            for head in self.layout.figures:
                key = head.column if self.layout.places_across else row
                period = default_period if default_period else periods.of(head, spans.get(row), self.kind == "stock")
                label = labels.get(key)
                item = Item(readings[row, head.column], head, "", places.get(key, default_place), period)
                if label is not None:
                    item.label = original.rows[label.row][label.column].text
                item.product = self._cell(row, self.layout.product) or head.product
                item.agency = self._cell(row, self.layout.agency)
                self._measure(item, units)
                items.append(item)
        return items

    def _period_is_used(self, spans: dict[int, Span]) -> bool:
        sorts = {head.span.sort for head in self.layout.figures if head.span} | {span.sort for span in spans.values()}
        return bool(sorts & {"split", "month-name"})

    def _labels(self, body: Body, readings: dict[tuple[int, int], Reading]) -> dict[int, Label]:
        """Return the labels of the rows, rows that only add up others moved to the totals."""
        labels = place_labels(self.sheet, self.layout, body.data, self.findings) if not self.layout.places_across else {}
        if self.layout.places_across:
            return place_labels(self.sheet, self.layout, body.data, self.findings)
        names = self.request.reference.places
        known = {row for row, label in labels.items() if names.dimensions(label.text) or label.text.strip() in self.request.zones or label.code}
        if len(known) < len(labels) and not self.layout.periods:
            columns = [head.column for head in self.layout.figures]
            moved = set(unnamed_totals(self.sheet, body.data, known, readings, columns))
            body.totals = sorted([*body.totals, *moved])
            body.data = [row for row in body.data if row not in moved]
            labels = {row: label for row, label in labels.items() if row not in moved}
        if labels and self.request.place:
            raise InputError("the table gives its own places", place="--place", value=self.request.place, remedy="Leave the option out.")
        return labels

    def _default_place(self) -> Place | None:
        names, text = self.request.reference.places, self.request.place
        if not text:
            where = self.sheet.place(self.layout.table.bottom, 0)
            self.findings.add("Q-PLACE-UNDECLARED", where, options=(f"--place {names.nation}", "--place NAME"))
            return None
        order: tuple[Dimension, ...] = (self.request.dimension or "nation", "nation", "zone", "department", "country")
        for dimension in order:
            if place := names.find(text, dimension):
                return place
        known = [place.name for table in names.names.values() for place in table.values()]
        raise InputError("no place of the region has this name", place="--place", value=text, remedy=nearest(text, known))

    def _products(self, body: Body) -> None:
        """Leave out the rows of other products."""
        column = self.layout.product
        if column < 0 or not self.asked.product:
            return
        kept = []
        for row in body.data:
            text = self.sheet.rows[row][column].text
            if named(text, PRODUCTS) == self.asked.product:
                kept.append(row)
                continue
            where = self.sheet.place(row, column)
            self.findings.add("N-OTHER-PRODUCT", where, text, key=text.strip())
            self.left_out.append(LeftOut(where, text, "N-OTHER-PRODUCT"))
        body.data = kept
        if not kept:
            self.findings.add("E-NO-FIGURES", self.sheet.place(self.layout.table.bottom, column), self.asked.product)

    def _cell(self, row: int, column: int) -> str:
        return " ".join(self.sheet.rows[row][column].text.split()) if column >= 0 else ""

    def _measure(self, item: Item, units: UnitReader) -> None:
        """Give a figure its unit and check what the quantity allows."""
        reading, where = item.reading, self.sheet.place(item.reading.row, item.reading.column)
        if reading.state not in ("figure", "zero"):
            return
        item.amount = units.amount(reading, item.head)
        if item.amount is None:
            return
        if item.amount.unit.name not in KNOWN_UNITS:
            self.findings.add("E-UNIT-MISFIT", where, reading.text, unit=item.amount.unit.name, quantity=self.request.quantity, fitting="-")
        if item.value < 0 and self.kind in (*ADDITIVE, "price"):
            self.findings.add("E-NEGATIVE", where, reading.text)
        if item.value == 0 and reading.state == "figure" and self.kind in ADDITIVE:
            self.findings.add("N-ZERO-ROW", where, reading.text)
        if item.place and item.place.dimension == "country":
            self.findings.add("N-FOREIGN-ROW", where, item.label.strip(), key=item.place.place)
        if item.place and item.place.dimension != "nation" and _HOUSEHOLDS.search(self.request.quantity) and 0 < item.value < FEWEST_HOUSEHOLDS:
            self.findings.add("N-SMALL-COUNT", where, reading.text)
            item.reading.state, item.reading.reason = "missing", "fewer than 11 households"
        if item.period:
            self._check_period(item, item.period, where, item.amount)

    def _check_period(self, item: Item, period: Period, where: str, amount: Amount) -> None:
        area = self.request.quantity.startswith("coca_area") and amount.unit.name == "ha" and self.kind == "stock"
        if area and (period.end.month, period.end.day) != (12, 31):
            self.findings.add("E-STOCK-DATE", where, str(period.end))
        if self.kind == "flow" and period.part_of_year:
            head = item.head if item.head.span else None
            spot = self.sheet.place(head.row, head.column) if head else where
            self.findings.add("Q-PART-YEAR", spot, head.text if head else item.reading.text, start=period.start, end=period.end)

    def _check_sums(self, body: Body, reader: FigureReader, items: list[Item]) -> None:
        """Check totals, percentages, products and exchange rates against the figures."""
        layout, additive = self.layout, self.kind in ADDITIVE
        checker = TotalChecker(self.sheet, reader, items, self.findings)
        label = layout.place if layout.place >= 0 else (layout.periods[0] if layout.periods else 0)
        checker.rows(body.totals, layout.figures, label, additive, self._spans_of(body) if layout.place >= 0 else {})
        for head in (h for h in layout.others if h.role == "total" and additive):
            checker.column(head, items)
        ratios = RatioChecker(self.sheet, reader, self.findings)
        sums = {head.column: sum(i.reading.value for i in items if i.head is head and i.counted) for head in layout.figures}
        levels: list[Head] = sorted([*layout.figures, *(h for h in layout.others if h.role == "figure")], key=lambda h: h.column)
        for head in (h for h in layout.others if h.role == "percent"):
            ratios.percentages(head, levels, body.data, sums)
        ratios.products(levels, body.data)
        check_exchange_rates(self.sheet, reader, levels, items, self.findings)
        self.checks = [*checker.checks, *ratios.checks]

    def _spans_of(self, body: Body) -> dict[int, object]:
        """Return the period cell of each row, so that a total is compared with the rows of its own period."""
        if not self.layout.periods:
            return {}
        column = self.layout.periods[0]
        return {row: self.sheet.rows[row][column].text.strip() for row in data_rows(body) if self.sheet.rows[row][column].text.strip()}

    def _leave(self, items: Iterable[Item]) -> None:
        for item in items:
            where = self.sheet.place(item.reading.row, item.reading.column)
            self.left_out.append(LeftOut(where, item.reading.text, f"{item.reading.state}: {item.reading.reason}".rstrip(": ")))

    def _leave_placeless(self, items: Iterable[Item]) -> None:
        for item in items:
            if item.place is None and item.label:
                where = self.sheet.place(item.reading.row, item.reading.column)
                self.left_out.append(LeftOut(where, item.reading.text, f"place: {item.label.strip()}"))

    def _leave_rows(self, body: Body) -> None:
        for row in body.totals:
            for head in self.layout.figures:
                cell = self.sheet.rows[row][head.column]
                if cell.kind != "empty":
                    self.left_out.append(LeftOut(self.sheet.place(row, head.column), cell.text, "N-TOTALS-EXCLUDED"))


def _unused(request: ImportRequest, findings: Findings) -> None:
    for code in request.accept:
        if code not in findings.codes():
            findings.add("N-ACCEPT-UNUSED", value=code, key=code)


def _check_source(request: ImportRequest, findings: Findings) -> None:
    if request.source_id in request.reference.sources:
        return
    if not request.source_id:
        findings.add("Q-SOURCE-UNDECLARED", options=("--source ID --publisher NAME --year YYYY",))
    elif not request.publisher or request.year is None:
        missing = [option for option, given in (("--publisher NAME", request.publisher), ("--year YYYY", request.year)) if not given]
        findings.add("Q-SOURCE-UNDECLARED", value=request.source_id, options=(" ".join(missing),))


def _check_quantity(request: ImportRequest, asked: Wanted, findings: Findings) -> None:
    if asked.known is None:
        near = nearest(request.quantity, request.reference.quantities)
        close = re.findall(r"'([^']+)'", near)
        findings.add("Q-NEW-QUANTITY", value=request.quantity, options=("--accept Q-NEW-QUANTITY", *(f"--as {name}" for name in close)))


def _empty(workbook: Workbook, request: ImportRequest, findings: Findings) -> ImportReport:
    return ImportReport(
        workbook.path, workbook.format, workbook.sha256, workbook.encoding, quantity=request.quantity, findings=tuple(findings)
    )  # fmt: skip
