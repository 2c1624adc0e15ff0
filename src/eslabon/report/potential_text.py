"""The study of potential production in words and as terminal tables; the page uses the same sentences and rows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from eslabon.i18n import translate
from eslabon.report.evidence_words import unit_name
from eslabon.report.numbers import DASH, MINUS, exact, number, percent
from eslabon.study.potential import FACTORS, Bridge, Part, Potential
from eslabon.study.potential_steps import Step

COMPUTED = "◦"
"""Mark of a figure that the chain gives because none is published."""
LARGE = 1e4
"""From here on a figure that was worked out is shown with five digits, else with four."""
Rows = list[list[str]]


def answer(found: Potential, lang: str) -> list[str]:
    """Return the answer in short, a sentence an item."""
    bridge = found.bridge
    values = {"year": bridge.year, "us": tonnes_text(bridge.us_t), "unodc": tonnes_text(bridge.unodc_t), "gap": tonnes_text(abs(bridge.gap_t))}
    if bridge.published:
        bound = translate(f"bridge.bound_{bridge.bound}", lang)
        first = translate("bridge.answer_more" if bridge.gap_t >= 0 else "bridge.answer_less", lang, bound=bound, **values)
    else:
        first = translate("bridge.answer_computed", lang, **values)
    parts = ", ".join(f"{factor_name(part.factor, lang)} {signed(part.tonnes)}" for part in bridge.parts)
    said = [
        first,
        translate("bridge.areas", lang, unodc=exact(bridge.unodc_area_ha), us=exact(bridge.us_area_ha)),
        translate("bridge.parts", lang, parts=parts),
        translate("bridge.closes", lang, unodc=number(found.closing_unodc, digits=4), us=number(found.closing_us, digits=4)),
        _left(found, lang),
    ]
    both = [step for step in found.objections if step.step == "net_of_both"]
    return [*said, *(translate("bridge.objections", lang, both=tonnes_text(step.value)) for step in both)]


def _left(found: Potential, lang: str) -> str:
    usable = [row for row in found.conversions if not row.circular and row.year is not None and row.year <= found.bridge.year]
    best = max(usable, key=lambda row: row.us_area_t)
    key = "bridge.left" if found.left_t > 0 else "bridge.left_over"
    values = {"kg": exact(best.leaf_kg_per_kg), "claim": best.claim, "t": tonnes_text(best.us_area_t), "left": tonnes_text(abs(found.left_t))}
    return translate(key, lang, year=found.bridge.year, **values)


def part_rows(bridge: Bridge, lang: str) -> tuple[list[str], Rows]:
    """Return head and rows of the parts of the gap; the last row is the gap."""
    head = [translate(f"bridge.{name}", lang) for name in ("part", "tonnes", "range", "share_of_gap")]
    rows = [[factor_name(part.factor, lang), signed(part.tonnes), span(part), _share(part.tonnes, bridge)] for part in bridge.parts]
    return head, [*rows, [translate("bridge.total", lang), signed(bridge.gap_t), "", _share(bridge.gap_t, bridge)]]


def step_rows(steps: Iterable[Step], lang: str, reasons: bool = True) -> tuple[list[str], Rows]:
    """Return head and rows of a chain, with how each value was chosen or worked out if `reasons`."""
    names = ("step", "value", "unit", "sides", "basis", *(["how"] if reasons else []), "claims")
    rows = []
    for step in steps:
        how = [translate(f"bridge.how_{step.how}", lang) if step.how else ""] if reasons else []
        named = [translate(f"bridge.step_{step.step}", lang), _figure(step.value, step), unit_name(step.unit, lang), _sides(step)]
        rows.append([*named, translate(f"bridge.basis_{step.basis}", lang), *how, ", ".join(step.claims)])
    return [translate(f"bridge.{name}", lang) for name in names], rows


def conversion_rows(found: Potential, lang: str) -> tuple[list[str], Rows]:
    """Return head and rows of the conversions and of those that would close the gap."""
    head = [translate(f"bridge.{name}", lang) for name in ("leaf_per_kg", "year", "on_unodc", "on_us", "gap_left", "claims", "how")]
    us = found.bridge.us_t
    rows = []
    for row in found.conversions:
        tonnes = [tonnes_text(row.unodc_inputs_t), tonnes_text(row.us_area_t), signed(us - row.us_area_t)]
        words = translate("bridge.circular", lang) if row.circular else ""
        rows.append([exact(row.leaf_kg_per_kg), str(row.year or ""), *tonnes, row.claim, words])
    needed = translate("bridge.needed", lang)
    rows.append([number(found.closing_unodc, digits=4), "", tonnes_text(us), "", "0", "", needed])
    rows.append([number(found.closing_us, digits=4), "", "", tonnes_text(us), "0", "", needed])
    return head, rows


def year_rows(bridges: Sequence[Bridge], lang: str, ranges: bool = True) -> tuple[list[str], Rows]:
    """Return head and rows of all years; parts with their range if asked."""
    head = [translate(f"bridge.{name}", lang) for name in ("year", "ha_unodc", "ha_us", "t_unodc", "t_us", "us_kg", "total", *FACTORS)]
    rows = []
    for bridge in bridges:
        areas = [exact(bridge.unodc_area_ha), exact(bridge.us_area_ha)]
        ends = [_bounded(bridge), tonnes_text(bridge.us_t), number(bridge.us_leaf_per_kg), signed(bridge.gap_t)]
        rows.append([str(bridge.year), *areas, *ends, *(_with_span(part) if ranges else signed(part.tonnes) for part in bridge.parts)])
    return head, rows


def factor_name(factor: str, lang: str) -> str:
    """Return a part of the gap in words."""
    return translate(f"bridge.{factor}", lang)


def notes(lang: str) -> list[str]:
    """Return what every reader must know of the method."""
    return [translate(f"bridge.{name}", lang) for name in ("residual_note", "method_note", "never_spliced")]


def potential_text(found: Potential, lang: str) -> RenderableType:
    """Return the study of a year for the terminal."""
    bridge = found.bridge
    parts: list[RenderableType] = [Text(translate("bridge.title", lang, year=bridge.year), style="bold"), Text(" ".join(answer(found, lang)))]
    parts.append(_table(*part_rows(bridge, lang), numeric=(1, 2, 3)))
    for name, steps in (("unodc_chain", found.unodc_steps), ("us_chain", found.us_steps), ("objections_head", found.objections)):
        if steps:
            parts += [Text(translate(f"bridge.{name}", lang), style="bold"), _table(*step_rows(steps, lang, reasons=False), numeric=(1,))]
    parts += [Text(translate("bridge.conversions", lang), style="bold"), _table(*conversion_rows(found, lang), numeric=(0, 2, 3, 4))]
    return Group(*parts, *(Text(note, style="dim") for note in notes(lang)))


def years_text(bridges: Sequence[Bridge], lang: str) -> RenderableType:
    """Return all years for the terminal."""
    table = _table(*year_rows(bridges, lang, ranges=False), numeric=range(1, 7 + len(FACTORS)))
    said = [translate("bridge.all_years_note", lang), translate("bridge.ranges_elsewhere", lang), *notes(lang)]
    return Group(Text(translate("bridge.all_years", lang), style="bold"), table, *(Text(note, style="dim") for note in said))


def span(part: Part) -> str:
    """Return the range of a part over all sides."""
    return signed(part.low) if round(part.low) == round(part.high) else f"{signed(part.low)} … {signed(part.high)}"


def _with_span(part: Part) -> str:
    return signed(part.tonnes) if round(part.low) == round(part.high) else f"{signed(part.tonnes)} [{span(part)}]"


def _bounded(bridge: Bridge) -> str:
    mark = {"upper": "≤ ", "lower": "≥ "}.get(bridge.bound, "") if bridge.published else f"{COMPUTED} "
    return mark + tonnes_text(bridge.unodc_t)


def _sides(step: Step) -> str:
    return "" if step.low == step.high else f"{_figure(step.low, step)}{DASH}{_figure(step.high, step)}"


def _figure(value: float, step: Step) -> str:
    """Return a published figure as it was published, and few figures of one that was worked out."""
    return exact(value) if step.basis == "claim" else number(value, digits=5 if value >= LARGE else 4)


def _share(tonnes: float, bridge: Bridge) -> str:
    return percent(100 * tonnes / bridge.gap_t, signed=False) if abs(bridge.gap_t) >= 1 else ""


def tonnes_text(tonnes: float) -> str:
    """Return whole tonnes."""
    return f"{tonnes:,.0f}"


def signed(tonnes: float) -> str:
    """Return whole tonnes with their sign."""
    whole = round(tonnes)
    return "0" if whole == 0 else (MINUS if whole < 0 else "+") + f"{abs(whole):,}"


def _table(head: Sequence[str], rows: Rows, numeric: Iterable[int]) -> Table:
    right = set(numeric)
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for index, name in enumerate(head):
        table.add_column(name, justify="right" if index in right else "left", overflow="fold", min_width=6 if index in right else 4)
    for row in rows:
        table.add_row(*map(Text, row))
    return table
