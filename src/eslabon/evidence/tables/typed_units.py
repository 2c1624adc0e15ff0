"""The unit of every figure, before anything is added: the column's, the row's, the cell's own or the title's, and it must fit."""

from __future__ import annotations

from dataclasses import dataclass

from eslabon.evidence.lint import KNOWN_UNITS
from eslabon.evidence.tables.findings import Findings
from eslabon.evidence.tables.grid import Sheet
from eslabon.evidence.tables.heads import Head
from eslabon.evidence.tables.layout import Layout, Wanted
from eslabon.evidence.tables.measures import Unit, convert, ledger_unit, unit_named, unit_within
from eslabon.evidence.tables.readings import Reading
from eslabon.evidence.tables.request import ImportRequest

_CURRENCY = {"us$": "USD", "u$s": "USD", "usd": "USD", "s/": "PEN", "s/.": "PEN", "pen": "PEN", "eur": "EUR", "€": "EUR"}


@dataclass(frozen=True, slots=True)
class Amount:
    """A figure with its unit: as printed, and as the ledger will have it."""

    printed: Unit
    unit: Unit
    value: float
    low: float | None
    high: float | None
    factor: float


class UnitReader:
    """The units of a table, with findings for what does not fit."""

    def __init__(self, sheet: Sheet, layout: Layout, request: ImportRequest, asked: Wanted, findings: Findings) -> None:
        self.sheet, self.layout, self.request, self.asked, self.findings = sheet, layout, request, asked, findings
        self.declared = (unit_named(request.unit) or ledger_unit(request.unit)) if request.unit else None
        self.titled = self._title()
        corner = next((h for h in layout.table.heads if h.column == layout.place), None)
        self.corner = corner.unit if corner is not None and layout.unit < 0 else None
        self._seen: dict[str, Unit] = {}
        self._currency_of: dict[int, Unit] = {}

    def _title(self) -> tuple[Unit, str, str] | None:
        """Return the unit a title names, with its cell and words; a title nearer the head counts first."""
        for row, column in reversed(self.layout.table.titles):
            text = self.sheet.rows[row][column].text
            unit = unit_within(text)
            if unit is not None and (self.asked.known is None or self.asked.known.fits(unit)):
                return unit, self.sheet.place(row, column), text.strip()
        return None

    def of(self, reading: Reading, head: Head) -> Unit | None:
        """Return the unit of a figure, None where nothing says it (a finding does)."""
        own = self._own(reading, head)
        column = head.unit or self.corner or (self._row_unit(reading.row) if self.layout.unit >= 0 else None)
        if own and column and own.name != column.name and own.dimension != column.dimension and not reading.currency:
            self._misfit(reading, own, "E-MIXED-UNITS")
            return None
        unit = own or column
        if unit is None:
            return self._from_title_or_option(head)
        if self.declared and unit.dimension != self.declared.dimension and not _apart_by_currency(unit, self.declared):
            where = self.sheet.place(head.row, head.column) if not own else self.sheet.place(reading.row, reading.column)
            self.findings.add("E-UNIT-CONTRADICTED", where, head.text if not own else reading.text, unit=unit.name, declared=self.declared.name)
            return None
        return unit

    def _own(self, reading: Reading, head: Head) -> Unit | None:
        """Return the unit written in the cell itself."""
        if reading.percent:
            return unit_named("%")
        currency = _CURRENCY.get(reading.currency, "")
        if reading.unit:
            spelled = f"{currency}{reading.unit}" if reading.unit.startswith("/") else reading.unit
            unit = unit_named(spelled) or (unit_named(f"{currency}/{reading.unit}") if currency else None)
            if unit is None:
                self.findings.add("E-UNREADABLE", self.sheet.place(reading.row, reading.column), reading.text, what="unit")
            return unit
        if not currency:
            return None
        basis = head.unit or self.declared or (self.titled[0] if self.titled else None) or (self.asked.known.units[0] if self.asked.known else None)
        per = basis.name.partition("/")[2] if basis else ""
        return ledger_unit(f"{currency}/{per}" if per else currency)

    def _row_unit(self, row: int) -> Unit | None:
        cell = self.sheet.rows[row][self.layout.unit]
        unit = unit_named(cell.text) if cell.text.strip() else None
        if unit is None:
            self.findings.add("E-UNREADABLE", self.sheet.place(row, self.layout.unit), cell.text, what="unit")
        return unit

    def _from_title_or_option(self, head: Head) -> Unit | None:
        if self.titled:
            unit, where, text = self.titled
            if self.declared and self.declared.name != unit.name:
                self.findings.add("E-UNIT-CONTRADICTED", where, text, unit=unit.name, declared=self.declared.name)
                return None
            answered = f'--unit "{unit.name}"' if self.declared else ""
            self.findings.add("Q-UNIT-FROM-TITLE", where, text, options=(f'--unit "{unit.name}"',), answered=answered, unit=unit.name)
            return unit
        if self.declared:
            return self.declared
        usual = [unit.name for unit in self.asked.known.units] if self.asked.known else ["UNIT"]
        self.findings.add("Q-UNIT-UNDECLARED", self.sheet.place(head.row, head.column), head.text, options=tuple(f'--unit "{u}"' for u in usual))
        return None

    def amount(self, reading: Reading, head: Head) -> Amount | None:
        """Return a figure in a unit that the ledger has for the quantity, None where it does not fit (a finding says so)."""
        unit = self.of(reading, head)
        if unit is None:
            return None
        known = self.asked.known
        if known is not None and not known.fits(unit) and not self._other_currency(unit):
            self._misfit(reading, unit, "E-MIXED-UNITS" if self.layout.unit >= 0 and self._seen else "E-UNIT-MISFIT")
            return None
        self._seen.setdefault(unit.dimension, unit)
        first = self._currency_of.setdefault(reading.column, head.unit or unit)
        target = self._target(unit)
        if not self.declared and _apart_by_currency(unit, first):
            target = self._mixed(reading, unit, first)
        if target.dimension != unit.dimension:
            return self._exchanged(reading, unit, target)
        if target.name != unit.name:
            where = self.sheet.place(reading.row, reading.column)
            self.findings.add("N-CONVERTED", where, reading.text, unit=unit.name, target=target.name, key=unit.name)
        ends = [None if end is None else convert(end, unit, target) for end in (reading.low, reading.high)]
        return Amount(unit, target, convert(reading.value, unit, target), ends[0], ends[1], unit.factor / target.factor)

    def _mixed(self, reading: Reading, unit: Unit, first: Unit) -> Unit:
        """Ask about a figure in another currency than its column's; accepted as it is, it keeps its own."""
        options = (f'--unit "{first.name}" {_rate_option(unit, first)}', "--accept Q-CURRENCY-MIX")
        where = self.sheet.place(reading.row, reading.column)
        self.findings.add("Q-CURRENCY-MIX", where, reading.text, options=options, unit=unit.name, target=first.name)
        return _storable(unit, self.asked)

    def _other_currency(self, unit: Unit) -> bool:
        """Return whether a price is in another currency than the ledger's, per a unit that it has."""
        known = self.asked.known
        return known is not None and any(_apart_by_currency(unit, own) for own in known.units)

    def _misfit(self, reading: Reading, unit: Unit, code: str) -> None:
        column = self.layout.unit if self.layout.unit >= 0 and not reading.unit else reading.column
        where, text = self.sheet.place(reading.row, column), self.sheet.rows[reading.row][column].text
        fitting = ", ".join(sorted({u.name for u in self.asked.known.units})) if self.asked.known else "-"
        self.findings.add(code, where, text, unit=unit.name, quantity=self.request.quantity, fitting=fitting)

    def _target(self, unit: Unit) -> Unit:
        """Return the unit in which the ledger takes a figure: the one asked for, the column's, else the quantity's usual one."""
        if self.declared and (self.declared.dimension == unit.dimension or _apart_by_currency(unit, self.declared)):
            return _storable(self.declared, self.asked)
        usual = [u for u in self.asked.known.units if u.dimension == unit.dimension] if self.asked.known else []
        return usual[0] if self.layout.unit >= 0 and usual else _storable(unit, self.asked)

    def _exchanged(self, reading: Reading, unit: Unit, target: Unit) -> Amount | None:
        """Return a figure in another currency, by a rate with its day and source; without one, ask."""
        rate, where = self.request.rate, self.sheet.place(reading.row, reading.column)
        pair = (unit.name.partition("/")[0].split()[-1], target.name.partition("/")[0].split()[-1])
        factor = None
        if rate is not None:
            factor = {(rate.currency, rate.per): 1 / rate.value, (rate.per, rate.currency): rate.value}.get(pair)
        if factor is None or rate is None:
            self.findings.add("Q-CURRENCY-MIX", where, reading.text, options=(_rate_option(unit, target),), unit=unit.name, target=target.name)
            return None
        used = f"{rate.value:g} {rate.currency}/{rate.per}, {rate.day}, {rate.source_id}"
        self.findings.add("Q-CURRENCY-MIX", where, reading.text, answered=f'--rate "{used}"', unit=unit.name, target=target.name)
        self.findings.add("N-CURRENCY-CONVERTED", where, reading.text, rate=used)
        ends = [None if end is None else float(f"{end * factor:.12g}") for end in (reading.low, reading.high)]
        return Amount(unit, target, float(f"{reading.value * factor:.12g}"), ends[0], ends[1], factor)


def _rate_option(unit: Unit, target: Unit) -> str:
    """Return the option that gives an exchange rate between the currencies of two units."""
    pair = sorted((u.name.partition("/")[0].split()[-1] for u in (unit, target)), key=lambda name: name != "PEN")
    return f'--rate "VALUE {pair[0]}/{pair[1]} YYYY-MM-DD SOURCE"'


def _storable(unit: Unit, asked: Wanted) -> Unit:
    """Return the unit itself if the ledger has it for the quantity, else the quantity's unit of the same dimension."""
    if asked.known is not None:
        same = [own for own in asked.known.units if own.dimension == unit.dimension]
        if same and unit.name not in [own.name for own in same]:
            return same[0]
    if unit.name in KNOWN_UNITS:
        return unit
    return {"area": ledger_unit("ha"), "mass": ledger_unit("kg"), "yield": ledger_unit("kg/ha/yr")}.get(unit.dimension, unit)


def _apart_by_currency(unit: Unit, other: Unit) -> bool:
    """Return whether two units differ in nothing but the currency."""
    first, second = unit.name.partition("/"), other.name.partition("/")
    currencies = {"USD", "PEN", "EUR"}
    return (
        first[2] == second[2] and first[0] != second[0] and first[0].split()[:-1] == second[0].split()[:-1]
        and first[0].split()[-1] in currencies and second[0].split()[-1] in currencies
    )  # fmt: skip
