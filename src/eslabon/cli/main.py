"""`eslabon`: run, compare, validate, verify, month. Exit codes: 0 ok, 1 finding, 2 bad input."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from eslabon.cli.attribute import attribute
from eslabon.cli.calibrate import calibrate
from eslabon.cli.evidence import evidence
from eslabon.cli.hindcast import hindcast
from eslabon.cli.import_table import import_table
from eslabon.cli.ledger import ledger_app
from eslabon.cli.potential import potential
from eslabon.cli.progress import counted
from eslabon.cli.reconcile import reconcile
from eslabon.cli.trace import trace
from eslabon.cli.validate import validate
from eslabon.errors import EslabonError

if TYPE_CHECKING:
    from eslabon.api import Region

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Eslabón: compare public policies for coca-growing regions, harms beside supply.",
)
console, notes = Console(), Console(stderr=True)

Members = Annotated[int, typer.Option("-n", "--members", min=1, help="Members of the ensemble.")]
Seed = Annotated[int, typer.Option(help="Seed of the random numbers; 0 is a seed like any other.")]
Until = Annotated[int | None, typer.Option(help="Last year.")]
Threads = Annotated[int | None, typer.Option(help="Threads; all cores by default. Never changes a number.")]
Chunk = Annotated[int, typer.Option(help="Members advanced together; 0 chooses. Never changes a number.")]
Out = Annotated[Path, typer.Option(help="Folder of runs.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON and nothing else.")]


class Language(StrEnum):
    """Languages of the page and the table."""

    en = "en"
    es = "es"


Lang = Annotated[Language, typer.Option(help="Language of the page and the table.")]
StructureNames = Annotated[
    list[str] | None,
    typer.Option("--structure", help="Rival rule in place of the default; may be repeated. `all`: every rival, and how far the answer moves."),
]
HISTORY_MEMBERS = 12
Everything = Annotated[bool, typer.Option("--all", help="Show every outcome in the table, not only the front ones.")]
RIVALS = "all"
Tick = Callable[[int], None]


@app.command()
def run(
    scenario: Annotated[str, typer.Argument(help="Shipped scenario, or a .toml file.")] = "baseline", members: Members = 24, seed: Seed = 0,
    until: Until = None, threads: Threads = None, chunk: Chunk = 0, out: Out = Path("runs"), as_json: AsJson = False, lang: Lang = Language.en,
    structure: StructureNames = None, everything: Everything = False,
) -> None:  # fmt: skip
    """Run one scenario.  Example: eslabon run baseline -n 24"""
    from eslabon import api

    region = api.load_region()
    chosen = region.scenario(scenario, until)
    months = members * api.months_of(region, chosen)
    under, rivals = _split(structure)
    options: dict[str, Any] = {"threads": threads, "chunk": chunk, "out": out, "region": region}
    if as_json:
        _print(api.run(chosen, members, seed, structure=under, **options).document())
        return
    past = region.scenario("history")
    with counted("member-months", months + _history_months(region, members)) as tick:
        result = api.run(chosen, members, seed, structure=under, progress=tick, **options)
        history = api.run(past, min(members, HISTORY_MEMBERS), seed, structure=under, progress=tick, **options)
    _show(region, [result], [], history, result.folder, chosen.question or chosen.title, lang.value, everything)
    if rivals:
        _rivals([result], lambda name, tick: [api.run(chosen, members, seed, structure=[name], progress=tick, **options)], months)


@app.command()
def compare(
    scenarios: Annotated[list[str], typer.Argument(help="Two or more scenarios; the first is the reference.")], members: Members = 24,
    seed: Seed = 0, until: Until = None, threads: Threads = None, chunk: Chunk = 0, out: Out = Path("runs"), as_json: AsJson = False,
    lang: Lang = Language.en, structure: StructureNames = None, everything: Everything = False,
) -> None:  # fmt: skip
    """Compare scenarios member by member.  Example: eslabon compare baseline eradicate-30k"""
    from eslabon import api

    region = api.load_region()
    chosen = [region.scenario(name, until) for name in scenarios]
    months = members * sum(api.months_of(region, s) for s in chosen)
    under, rivals = _split(structure)
    options: dict[str, Any] = {"threads": threads, "chunk": chunk, "out": out, "region": region}
    if as_json:
        _print(api.compare(list(chosen), members, seed, structure=under, **options).document())
        return
    with counted("member-months", months + _history_months(region, members)) as tick:
        found = api.compare(list(chosen), members, seed, structure=under, progress=tick, **options)
        history = api.run(region.scenario("history"), min(members, HISTORY_MEMBERS), seed, structure=under, progress=tick, **options)
    question = chosen[-1].question or chosen[-1].title
    _show(region, list(found.runs), found.differences(), history, found.runs[-1].folder, question, lang.value, everything)
    for row in found.cost_per_hectare():
        per = f"{row['usd2013_per_ha']:,.0f} usd2013 a hectare" if row["usd2013_per_ha"] else "no hectare stays out"
        missing = f"; the cost of {', '.join(row['without_cost'])} is not defined and not in it" if row["without_cost"] else ""
        console.print(f"Cost per hectare that stays out of coca at the end, {row['scenario']}: {per} (medians{missing}).")
    if rivals:
        _rivals(found.runs, lambda name, tick: api.compare(list(chosen), members, seed, structure=[name], progress=tick, **options).runs, months)


app.command()(trace)
app.command()(validate)
app.command()(calibrate)
app.command()(hindcast)
app.command()(attribute)
app.add_typer(ledger_app, name="ledger")
app.command()(evidence)
app.command()(potential)
app.command()(reconcile)
app.command(name="import")(import_table)


@app.command()
def verify(folder: Annotated[Path, typer.Argument(help="A run's folder.")], as_json: AsJson = False) -> None:
    """Re-add the books of a run with code that does not share the model's totals."""
    from eslabon import api

    checked = api.verify(folder)
    if as_json:
        _print({"run": str(folder), "balances": checked, "ok": True})
    else:
        console.print(f"{checked:,} balances of leaf, product, money, land and people hold to 1e-9 of throughput.")


@app.command()
def month(
    levers: Annotated[bool, typer.Option("--levers", help="List the levers instead.")] = False,
    structures: Annotated[bool, typer.Option("--structures", help="List the rival rules instead.")] = False,
    print_: Annotated[bool, typer.Option("--print", help="Print the month (the default).")] = True, as_json: AsJson = False,
) -> None:  # fmt: skip
    """Print the month as a table: stages, what each reads, writes and conserves, and the time of a step; or the levers."""
    from eslabon.cli.month import lever_rows, show, stage_rows, structure_rows

    rows: list[dict[str, Any]] = list(lever_rows() if levers else structure_rows() if structures else stage_rows())
    if as_json:
        _print({"rows": rows})
        return
    show(rows, console)


def _split(names: list[str] | None) -> tuple[list[str] | None, bool]:
    """Return the structures to run under, and whether to run the rivals one by one."""
    chosen = [n for n in names or [] if n != RIVALS]
    return chosen or None, RIVALS in (names or [])


def _rivals(default: Sequence[Any], again: Callable[[str, Tick], Sequence[Any]], total: int) -> None:
    from eslabon import api
    from eslabon.cli.rivals import show_rivals
    from eslabon.study.rivals import run_rivals

    with counted("member-months", total * len(api.structures())) as tick:
        found = run_rivals(default, lambda name: again(name, tick))
    show_rivals(found, console)


def _history_months(region: Region, members: int) -> int:
    from eslabon import api

    return min(members, HISTORY_MEMBERS) * api.months_of(region, region.scenario("history"))


def _show(
    region: Region, runs: list[Any], differences: list[dict[str, Any]], history: Any, folder: Path, question: str, lang: str, everything: bool
) -> None:
    from eslabon.cli.pages import page_data
    from eslabon.report.page import write_page
    from eslabon.report.tables import terminal_table

    data = page_data(region, runs, differences, history, question)
    console.print(terminal_table(data, lang, everything))
    page = write_page(folder / f"report.{lang}.html", data, lang)
    rejected, asked = int(runs[0].manifest["rejected_draws"]), runs[0].asked
    console.print(f"{len(runs[0].members)} of {asked} members. All households are synthetic.")
    console.print(
        f"{rejected} of {rejected + asked} draws of ratio, cost and quality were rejected: with them, the published leaf in a kilogram "
        "would cost more than the published product."
    )
    console.print(f"Run folder: {folder}\nPage:       {page}", soft_wrap=True)


def _print(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")


def main() -> None:
    """Run the command line; errors of ours are one message on standard error."""
    try:
        app()
    except EslabonError as error:
        sys.stderr.write(f"eslabon: {error}\n")
        sys.exit(error.exit_code)
    except KeyboardInterrupt:
        sys.stderr.write("eslabon: stopped; members finished so far are stored, run again to continue.\n")
        sys.exit(130)
