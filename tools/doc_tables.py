"""The tables of the documentation, each made from the code's own tables or from the region pack."""

from __future__ import annotations

import ast
import inspect
import tomllib
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from math import isinf
from pathlib import Path
from typing import Any

from eslabon import books, institutions, month, start
from eslabon.api import Region, load_region
from eslabon.clock import month_text
from eslabon.evidence.region import STATUSES
from eslabon.policies import baseline
from eslabon.policies.levers import BY_MODEL, LEVERS, UNDEFINED, Lever
from eslabon.policies.structures import DEFAULTS, STRUCTURES, Structure
from eslabon.stages import observe
from eslabon.state import HOUSEHOLD_FIELDS
from eslabon.study.targets import read_targets
from eslabon.variables import VARIABLES

SYSTEM_ROWS = Path(__file__).resolve().parents[1] / "docs" / "explanation" / "odd_rows.toml"
SECTIONS = ("Equation", "Source", "Leaves out", "Reads / Writes / Conserves")


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def code(names: Iterable[str]) -> str:
    """Return names as inline code, with commas between them."""
    return ", ".join(f"`{name}`" for name in dict.fromkeys(names)) or "-"


def bounds(low: float, high: float) -> str:
    """Return bounds in words."""
    if isinf(low) and isinf(high):
        return "any"
    if isinf(low) or isinf(high):
        return f"at least {low:g}" if isinf(high) else f"at most {high:g}"
    return f"{low:g} to {high:g}"


def sections(docstring: str) -> dict[str, str]:
    """Return a docstring's summary (key "") and its titled sections, each as one paragraph."""
    found: dict[str, list[str]] = {"": []}
    title = ""
    for line in inspect.cleandoc(docstring).splitlines():
        if line and not line.startswith(" ") and line in SECTIONS:
            title = line
            found[title] = []
        else:
            found[title].append(line.strip())
    return {name: " ".join(part for part in lines if part) for name, lines in found.items()}


def source_file(stage: month.Stage) -> str:
    """Return a stage's file under src/eslabon."""
    return stage.module.__name__.removeprefix("eslabon.").replace(".", "/") + ".py"


@cache
def peru() -> Region:
    """Return the shipped region."""
    return load_region()


def fixed_numbers(module: Any) -> list[tuple[str, str, str]]:
    """Return the numbers a module fixes by name, with the words that stand below them."""
    body, found = ast.parse(inspect.getsource(module)).body, []
    for line, after in zip(body, [*body[1:], None], strict=True):
        if not isinstance(line, ast.Assign) or not isinstance(line.targets[0], ast.Name | ast.Tuple):
            continue
        names, values = line.targets[0], line.value
        pairs = zip(names.elts, values.elts, strict=True) if isinstance(names, ast.Tuple) and isinstance(values, ast.Tuple) else [(names, values)]
        words = after.value.value if isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant) else "-"
        for name, value in pairs:
            number = value.value if isinstance(value, ast.Constant) else None
            if isinstance(name, ast.Name) and isinstance(number, int | float):
                found.append((f"`{name.id}`", f"{number:,.12g}", " ".join(str(words).split())))
    return found


def parameter_table() -> str:
    """Return the table of parameters, with the stages that read each."""
    used = {n: [s.name for s in month.STAGES if n in s.reads] or ["start and observation"] for n in peru().parameters}
    rows = [
        (f"`{p.name}`", p.unit, p.row, f"{p.default:g}", bounds(p.low, p.high), p.status, ", ".join(p.claims) or "-", ", ".join(used[p.name]),
         p.meaning)
        for p in peru().parameters.values()
    ]  # fmt: skip
    return table(("name", "unit", "row", "default", "bounds", "status", "claims", "read by", "meaning"), rows)


def parameter_counts() -> str:
    """Return how many parameters there are, by status."""
    known = peru().parameters
    counts = {s: sum(p.status == s for p in known.values()) for s in ("measured", "estimated", "assumed")}
    return f"{len(known)} parameters: " + ", ".join(f"{n} {s}" for s, n in counts.items()) + ".\n"


def outcome_table() -> str:
    """Return the table of outcomes."""
    rows = [(f"`{o.name}`", o.unit, o.kind, o.group, o.dims, o.meaning) for o in observe.OUTCOMES]
    return table(("outcome", "unit", "kind", "group", "by", "meaning"), rows)


def harm_table() -> str:
    """Return the table of harms."""
    harms = [(h, f"`{o}`" if o else "none", words or "-") for h, (o, words) in observe.HARMS.items()]
    return table(("harm", "outcome", "what is missing"), harms)


def unit_cost(lever: Lever) -> str:
    """Return what a unit of a lever costs, and whose word it is."""
    if lever.cost_status == UNDEFINED:
        return UNDEFINED
    if lever.cost_status == BY_MODEL:
        return BY_MODEL + (f"; for a budget {lever.unit_cost:,.0f} {lever.cost_unit}" if lever.unit_cost else "")
    return f"{lever.unit_cost:,.0f} {lever.cost_unit}, {lever.cost_status}"


def lever_table() -> str:
    """Return the table of levers."""
    rows = []
    for v in LEVERS.values():
        acts = f"`{v.signal}`, {v.how}" + (f" ({', '.join(v.modes)})" if len(v.modes) < len(observe.MODES) else "")
        options = "; ".join(f"`{o.key}` {o.unit}, {bounds(o.minimum, o.maximum)}, else {o.default:g}: {o.meaning}" for o in v.options)
        rows.append((f"`{v.name}`", f"`{v.amount}`", v.unit, bounds(v.minimum, v.maximum), v.targets, acts, unit_cost(v), options or "-", v.row,
                     v.meaning))  # fmt: skip
    return table(("lever", "quantity", "unit", "bounds", "places", "acts on, how", "cost of a unit", "further keys", "row", "meaning"), rows)


def structure_rows(structures: Iterable[Structure]) -> list[tuple[str, str, str, str]]:
    """Return rows of structures: what each replaces, says and sets."""
    known = {n: f"{p.default:g}" for n, p in peru().parameters.items()} | {n: f"{v:g}" for n, v in DEFAULTS.items()}
    return [(f"`{s.name}`", s.group, s.meaning, ", ".join(f"`{n}` = {v:g} (usually {known[n]})" for n, v in s.sets.items())) for s in structures]


def structure_table() -> str:
    """Return the table of rival rules."""
    return table(("structure", "replaces the rule of", "what it says", "what it sets"), structure_rows(STRUCTURES.values()))


def account_table() -> str:
    """Return the table of accounts."""
    return table(("commodity", "account", "unit"), ((a.commodity, f"`{a.name}`", a.unit) for a in books.ACCOUNTS))


def flow_table() -> str:
    """Return the table of flows."""
    rows = [(f"`{name}`", f"`{f.source}`", f"`{f.target}`", f.meaning) for name, f in books.FLOWS.items()]
    return table(("flow", "from", "to", "meaning"), rows)


def household_table() -> str:
    """Return the table of the fields of a household."""
    rows = [(i, f"`{f.name}`", f.unit, bounds(f.low, f.high), f.meaning) for i, f in enumerate(HOUSEHOLD_FIELDS)]
    return table(("row", "field", "unit", "bounds", "meaning"), rows)


def variable_table() -> str:
    """Return the table of state variables beside the households', with the stages that change each."""
    rows = [
        (f"`{v.name}`", v.dims, v.unit, bounds(v.low, v.high), ", ".join(s.name for s in month.STAGES if v.name in s.writes), v.meaning)
        for v in VARIABLES
    ]
    return table(("variable", "by", "unit", "bounds", "changed by", "meaning"), rows)


def system_rows() -> dict[str, dict[str, Any]]:
    """Return the rows of the system by their number, as written by hand."""
    return tomllib.loads(SYSTEM_ROWS.read_text(encoding="utf-8"))


def system_table() -> str:
    """Return the rows R1-R21: where each lives, its levers, its outcomes, what it leaves out."""
    rows = []
    for number, row in system_rows().items():
        stages = [s for s in month.STAGES if number in s.rows.split()]
        where = [f"[{s.name}](../reference/stages/{s.name}.md) (`{source_file(s)}`)" for s in stages] + [f"`{f}`" for f in row["files"]]
        levers = row.get("levers_in_words") or code([*(n for n, v in LEVERS.items() if v.row == number), *row.get("levers", [])])
        outcomes = [words for words in (code(row["outcomes"]), row.get("outcomes_in_words")) if words and words != "-"]
        out = [f"{words}{row[key]}" for key, words in (("exists", "exists: "), ("later", "comes later: "), ("leaves_out", "")) if row.get(key)]
        rows.append((number, f"**{row['system']}.** {row['told']}", ", ".join(where), levers, "; ".join(outcomes), "; ".join(out)))
    return table(("row", "system", "where it lives", "levers", "outcomes", "leaves out"), rows)


def basin_table() -> str:
    """Return the basins with what the claims or we say of them."""
    rows = [
        (f"`{z.id}`", z.name_en, "yes" if z.frontier else "-", f"{z.area_2024_ha:,.0f}", f"{z.yield_kg_per_ha_yr:,.0f}", z.harvests_per_yr,
         *(f"{v:g}" for v in (z.mean_coca_ha_per_grower, z.land_room_ratio, z.eradication_access, z.licit_return_factor, z.indigenous_share,
                              z.protected_share, z.forest_share_new, z.group_presence)))
        for z in peru().pack.zones
    ]  # fmt: skip
    head = ("id", "name", "frontier", "coca 2024, ha", "leaf, kg/ha/yr", "harvests/yr", "ha a grower", "room over 2001", "access of crews",
            "licit return kept", "indigenous share", "protected share", "forest in new land", "armed group 2013")  # fmt: skip
    return table(head, rows)


def corridor_table() -> str:
    """Return the corridors."""
    rows = [
        (f"`{c.id}`", c.name_en, *(f"{v:g}" for v in (c.share_start, c.base_cost_usd2013_per_kg, c.border_price_factor, c.capacity_share)),
         "yes" if c.closes else "never", c.status)
        for c in peru().pack.corridors
    ]  # fmt: skip
    return table(("id", "name", "share at the start", "cost, usd2013/kg", "price factor", "most of the flow", "can close", "status"), rows)


def mode_table() -> str:
    """Return the modes."""
    rows = [
        (f"`{m.id}`", m.name_en, *(f"{v:g}" for v in (m.cost_factor, m.risk_factor, m.pay_usd2013_per_kg, m.carriers_per_tonne)), m.status)
        for m in peru().pack.modes
    ]
    return table(("id", "name", "cost factor", "risk factor", "pay, usd2013/kg", "persons a tonne", "status"), rows)


def schedule_table() -> str:
    """Return the stages in order: the state they read and change, what they post, what they conserve."""
    held = {v.name for v in VARIABLES}
    rows: list[tuple[object, ...]] = []
    for i, s in enumerate(month.STAGES, 1):
        people = ["households' fields"] if "people" in s.reads else []
        reads = ", ".join(people + [f"`{n}`" for n in s.reads if n in held]) or "-"
        changes = ", ".join(people + [f"`{n}`" for n in s.writes if n in held]) or "-"
        rows.append((i, f"[{s.name}](../reference/stages/{s.name}.md)", s.rows, reads, changes, code(n for n in s.writes if "." in n), s.conserves))
    rows.append((len(rows) + 1, "observe", "all", "everything", "-", "-", "closes the accounts"))
    return table(("order", "stage", "rows", "reads of the state", "changes of the state", "posts", "conserves"), rows)


def opening_table() -> str:
    """Return the starting states and how each is anchored."""
    rows = []
    for name, o in start.OPENINGS.items():
        where = "the nation" if o.price_basin == "ALL" else f"`{o.price_basin}`"
        anchor = f"`{o.price_quantity}` of {o.price_year}, {where}" + (f", {o.price_value:g}" if o.price_value else "")
        rows.append((f"`{name}`", month_text(o.books_open), f"{o.burn_in_months} months", f"`{o.area_name}`", anchor))
    return table(("start", "books open", "burn-in before", "areas, of `zones.csv`", "price that anchors the level"), rows)


def series_table() -> str:
    """Return the yearly series that drive the model, and how each goes on after its last year."""
    after = dict.fromkeys(baseline.STOCKS, "flat, then answers the border price") | dict.fromkeys(baseline.FLAT, "flat")
    after |= dict.fromkeys(baseline.CONTINUED, "mean of its last five years")
    rows = []
    for s in peru().pack.series.values():
        counts = ", ".join(f"{s.statuses.count(word)} {word}" for word in STATUSES if word in s.statuses)
        rows.append((f"`{s.name}`", s.unit, f"{s.years[0]}-{s.years[-1]}", counts, after.get(s.name, "flat")))
    return table(("series", "unit", "years", "status of its years", "after the last year"), rows)


def target_table() -> str:
    """Return the published results that the model is scored against, and the parameters that stand on the same claims."""
    rows = []
    for target in read_targets(peru().pack).values():
        where = "; ".join(dict.fromkeys(f"{p.place} {p.period}" for p in target.parts))
        claims = {c for p in target.parts for c in p.claims}
        shared = code(p.name for p in peru().parameters.values() if claims.intersection(p.claims))
        rows.append((target.id, "; ".join(p.statement for p in target.parts), where, "yes" if target.counted else "shown only", shared))
    return table(("target", "published result", "where, when", "counted", "parameters that cite the same claims"), rows)


def submodels() -> str:
    """Return a section a stage: equation, sources, parameters, fixed numbers."""
    text = ""
    for i, stage in enumerate(month.STAGES, 1):
        told = sections(stage.module.__doc__ or "")
        drawn = [n for n in stage.reads if n in peru().parameters]
        fixed = [f"{name} = {value}" + (f" ({words.rstrip('.')})" if words != "-" else "") for name, value, words in fixed_numbers(stage.module)]
        text += f"#### {i}. {stage.name} ({stage.rows})\n\n{told['']}\n\n{told['Equation']}\n\n*Sources.* {told['Source']}\n\n"
        text += f"*Leaves out.* {told['Leaves out']}\n\n"
        text += f"*Parameters.* {code(drawn)}.\n\n" if drawn else ""
        text += f"*Fixed numbers.* {'; '.join(fixed)}.\n\n" if fixed else ""
    return text


def start_numbers() -> str:
    """Return the numbers that the start fixes."""
    return table(("name", "value", "meaning"), [*fixed_numbers(start), *fixed_numbers(institutions)])


def evidence_counts() -> str:
    """Return how much evidence there is, in words."""
    pack = peru().pack
    contested = sum(bool(c.conflict) for c in pack.ledger.claims.values())
    text = f"The ledger holds {len(pack.ledger.claims):,} claims from {len(pack.ledger.sources)} sources; {contested} are contradicted by another "
    return text + f"one, and stay. {len(pack.observations)} published figures stand ready to be compared with results."


ODD_PARTS: dict[str, Callable[[], str]] = {
    "system_rows": system_table, "targets": target_table, "household_fields": household_table, "variables": variable_table, "basins": basin_table,
    "corridors": corridor_table, "modes": mode_table, "schedule": schedule_table, "structures": structure_table, "openings": opening_table,
    "start_numbers": start_numbers, "series": series_table, "evidence_counts": evidence_counts, "submodels": submodels, "accounts": account_table,
    "flows": flow_table, "parameter_counts": parameter_counts, "parameters": parameter_table, "levers": lever_table, "outcomes": outcome_table,
    "harms": harm_table,
}  # fmt: skip
"""What a line `{{name}}` of the template stands for."""
