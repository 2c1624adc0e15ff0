"""Build the generated pages of the documentation from the code and the region pack, so that they cannot go stale.

Run `python tools/build_docs.py` to write docs/reference/ and docs/explanation/ODD.md;
`--check` to learn which pages differ from a fresh build (exit 1 if any);
`--readme` to put the start of what `python3 lab.py run` prints, and a picture of its page, into README.md.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import doc_tables as tables
from doc_tables import SECTIONS, code, sections, table
from eslabon import books, month
from eslabon.policies.levers import SCHEDULE
from eslabon.policies.structures import TEST_ONLY
from eslabon.state import AREA_QUANTUM, LEAF_QUANTUM, MONEY_QUANTUM
from import_codes_page import import_codes_page

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
TEMPLATE = ROOT / "docs" / "explanation" / "odd_template.md"
GENERATED = ("reference", "explanation/ODD.md")
"""What is written whole: a folder of pages, and one page."""
NOTICE = "<!-- Written by tools/build_docs.py; do not edit by hand. -->\n\n"
EXCERPT = re.compile(r"(<!-- excerpt begins -->\n).*?(<!-- excerpt ends -->)", re.DOTALL)
EXCERPT_ROWS = ("Coca area, end of year", "Cocaine that leaves Peru", "Mean income", "People arrested", "People in prison", "Civilians killed",
                "People displaced", "Forest cleared", "Public cost")  # fmt: skip
PLACEHOLDER = re.compile(r"^\{\{(\w+)\}\}$", re.MULTILINE)
HOW = {
    "replace": "the lever's quantity takes the place of the baseline's",
    "add": "it is added to the baseline's",
    "split": "it is added to the baseline's, divided equally over the places named",
    "scale": "the baseline's is multiplied by it",
    "reduce": "the baseline's is lowered by that share",
    "hold": "it holds as a limit while the lever acts",
    "plan": "it takes the place of the baseline's plan of eradication, and is shared out over the basins named",
}
"""How a lever acts on its signal, in words."""


def stage_page(position: int, stage: month.Stage) -> str:
    """Return the page of one stage: what its docstring says and what the wiring shows."""
    told = sections(stage.module.__doc__ or "")
    text = f"# Stage {position}: {stage.name}\n\n{told['']}\n\n"
    text += table(
        ("", ""), (("file", f"`src/eslabon/{tables.source_file(stage)}`"), ("rows of the system", stage.rows), ("conserves", stage.conserves))
    )
    for name in SECTIONS:
        text += f"\n## {name}\n\n{told.get(name, 'Not said.')}\n"
    drawn = [n for n in stage.reads if n in tables.peru().parameters]
    text += f"\n## Parameters\n\n{code(drawn)}\n\n## Every input\n\n{code(stage.reads)}\n\n## Every output\n\n{code(stage.writes)}\n"
    fixed = tables.fixed_numbers(stage.module)
    return text + ("\n## Fixed numbers\n\n" + table(("name", "value", "meaning"), fixed) if fixed else "")


def stage_index() -> str:
    """Return the list of the stages in order."""
    rows = [(i, f"[{s.name}]({s.name}.md)", s.rows, s.conserves, sections(s.module.__doc__ or "")[""]) for i, s in enumerate(month.STAGES, 1)]
    head = "# The month, stage by stage\n\nThe plan feeds `signals`, the first stage; `observe` reads everything after the last one.\n\n"
    return head + table(("order", "stage", "rows", "conserves", "what it does"), rows)


def parameters_page() -> str:
    """Return the page of the parameters of the Peru pack."""
    text = f"# Parameters of the Peru pack\n\n{tables.parameter_counts()}\n"
    text += "Each member of an ensemble draws every parameter once, from a triangular prior with its peak at the default. A measured "
    text += "parameter cites the claims it was read from; claims beside an assumed one only bound it. Claims are in `claims.csv` of the pack. "
    text += "A [structure](structures.md) replaces some of them.\n\n"
    return text + tables.parameter_table()


def outcomes_page() -> str:
    """Return the page of the outcomes and the harms."""
    text = "# Outcomes\n\nStocks are those of 31 December, flows are summed over the year, prices are weighted by what was sold, and income is "
    text += "per present household and year. Results are yearly and never finer than a basin; `nation` means that there is no figure by basin.\n\n"
    text += tables.outcome_table()
    text += "\n## Harms\n\nEvery result carries each of these, or the words that it is not modelled; a result without them cannot be built. "
    return text + "[What each is, and is not](../explanation/harms.md).\n\n" + tables.harm_table()


def levers_page() -> str:
    """Return the page of the levers a scenario may pull."""
    text = "# Levers\n\nA scenario pulls a lever with its quantity, written with the unit, and these keys: " + code(SCHEDULE)
    text += ". `start` is needed. `places` says whether it may name `basins` or `corridors`; named none, it means all. "
    text += "[How to write one](../how-to/write-a-scenario.md).\n\n"
    text += tables.lever_table()
    text += "\n## How a lever acts\n\nAll of it is blended with the baseline by `strength` and `ramp`, a weight from 0 to 1.\n\n"
    text += table(("how", "what happens to the signal"), HOW.items())
    text += "\n## Costs and budgets\n\nThe cost of a unit is that of one unit of the quantity for a year. `unit_cost` in a scenario replaces it. A "
    text += "`budget`, in `usd2013/yr`, lowers the quantity to what it pays for. *Assumed* costs are ours; what is *counted by the model* "
    text += "is worked out from what really happens; where a cost is *not defined*, the public cost leaves the lever out. "
    return text + "[What public cost counts](../explanation/costs.md).\n"


def structures_page() -> str:
    """Return the page of the structural alternatives."""
    text = "# Structures: rival rules\n\nWhere the literature does not agree on a rule, the default has a rival. A structure replaces a few "
    text += "numbers in every member alike; nothing else changes. Two rivals of one rule cannot be combined. "
    text += "[How to use them](../how-to/try-a-rival-rule.md).\n\n" + tables.structure_table()
    text += "\n## Only for validation\n\n`eslabon validate` uses these too; results of policies never do.\n\n"
    return text + table(("structure", "replaces the rule of", "what it says", "what it sets"), tables.structure_rows(TEST_ONLY.values()))


def flows_page() -> str:
    """Return the page of the accounts and every kind of posting between them."""
    text = "# Accounts and flows\n\nAn account is a stock whose change must equal its postings, each month and basin, to a relative "
    text += f"{books.TOLERANCE:g}. `eslabon verify` re-adds them. Names that are no account are the outside world.\n\n"
    return f"{text}## Accounts\n\n{tables.account_table()}\n## Flows\n\n{tables.flow_table()}"


def state_page() -> str:
    """Return the page of all that changes."""
    text = "# State: all that changes\n\n## A household\n\nAll households are synthetic. A member holds them as one float32 array, a row a field "
    text += "and a column a slot, slots sorted by basin. What a household gains or loses is a multiple of "
    text += f"{AREA_QUANTUM:g} ha, {LEAF_QUANTUM:g} kg or {MONEY_QUANTUM:g} usd2013 ([why](../decisions/0001-quantised-flows.md)).\n\n"
    text += tables.household_table()
    text += "\n## Everything else\n\nArrays of float64 with a leading axis for members, in `State.values`. *nation* is one value a member, "
    text += "*neighbour* Colombia and Bolivia, *clan* a position in a list of groups. Fractions of households that wait for the next month "
    return text + "(`arriving` by basin, `moving` by basin of origin and of arrival) are kept beside the households.\n\n" + tables.variable_table()


def odd_page(template: str) -> str:
    """Return the ODD+D document: our prose, with a table for every line `{{name}}`.

    Raises
    ------
    ValueError
        If the template names a table that is not there, or leaves one out.
    """
    wrong = set(PLACEHOLDER.findall(template)) ^ set(tables.ODD_PARTS)
    if wrong:
        raise ValueError(f"{TEMPLATE.name} and the tables differ: {sorted(wrong)}")
    prose = template.partition("-->\n\n")[2]
    return PLACEHOLDER.sub(lambda m: tables.ODD_PARTS[m[1]]().rstrip("\n"), prose)


def pages() -> dict[str, str]:
    """Return every generated page by its path under docs."""
    found = {f"reference/stages/{s.name}.md": stage_page(i, s) for i, s in enumerate(month.STAGES, 1)}
    found["reference/stages/index.md"] = stage_index()
    makers = {"parameters": parameters_page, "outcomes": outcomes_page, "levers": levers_page, "flows": flows_page, "state": state_page,
              "structures": structures_page, "import-codes": import_codes_page}  # fmt: skip
    found |= {f"reference/{name}.md": make() for name, make in makers.items()}
    found["explanation/ODD.md"] = odd_page(TEMPLATE.read_text(encoding="utf-8"))
    return {name: NOTICE + text for name, text in found.items()}


def written() -> dict[str, Path]:
    """Return the generated pages that are there, by their path under docs."""
    files = [f for name in GENERATED for f in ((DOCS / name).rglob("*.md") if not name.endswith(".md") else [DOCS / name]) if f.is_file()]
    return {f.relative_to(DOCS).as_posix(): f for f in files}


def stale() -> list[str]:
    """Return the pages that are missing, left over, or differ from a fresh build."""
    fresh, there = pages(), {name: file.read_text(encoding="utf-8") for name, file in written().items()}
    return sorted(name for name in fresh.keys() | there.keys() if fresh.get(name) != there.get(name))


def write() -> None:
    """Write every page and remove those that no stage stands behind any more."""
    fresh = pages()
    for name, file in written().items():
        if name not in fresh:
            file.unlink()
    for name, text in fresh.items():
        path = DOCS / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def excerpt(printed: str) -> str:
    """Return the head of the printed table, the rows of `EXCERPT_ROWS` (two lines each) and the last line."""
    lines = [line.rstrip() for line in printed.splitlines()]
    kept = [line for line in lines[:4] if line.strip()]
    for i, line in enumerate(lines):
        if line.strip().startswith("Median ["):
            break
        if line.strip().startswith(EXCERPT_ROWS):
            kept += [part for part in lines[i : i + 2] if part.strip()] if "not modelled" not in line else [line]
    return "\n".join([*kept, lines[-1]])


def take_picture(page: Path) -> None:
    """Take the README's picture of a page, if there is a chromium to take it with."""
    chromium = shutil.which("chromium")
    if chromium is None:
        print("no chromium: docs/images/page.png is left as it was")
        return
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=1280,1700", "--virtual-time-budget=4000"]
    picture = ROOT / "docs" / "images" / "page.png"
    subprocess.run([chromium, *options, f"--screenshot={picture}", page.resolve().as_uri()], check=True, capture_output=True)


def write_readme() -> None:
    """Run the main command in an empty folder; put the start of what it prints, and its page, into the README."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "COLUMNS": "118", "NO_COLOR": "1"}
        command = [sys.executable, "-m", "eslabon", "compare", "baseline", "eradicate-30k"]
        printed = subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True, encoding="utf-8").stdout.rstrip()
        take_picture(next(Path(folder).glob("runs/*/report.en.html")))
    path = ROOT / "README.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(EXCERPT.sub(lambda m: f"{m[1]}```text\n{excerpt(printed)}\n```\n{m[2]}", text), encoding="utf-8")


def main(arguments: list[str]) -> int:
    """Build, check, or refresh the README's excerpt."""
    if "--check" in arguments:
        wrong = stale()
        for name in wrong:
            print(f"docs/{name} differs from a fresh build. Run: python tools/build_docs.py")
        return int(bool(wrong))
    if "--readme" in arguments:
        write_readme()
        return 0
    write()
    print(f"{len(pages())} pages in {DOCS.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
