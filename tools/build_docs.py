"""Build the reference pages of the documentation from the code and the region pack, so that they cannot go stale.

Run `python tools/build_docs.py` to write docs/reference/;
`--check` to learn which pages differ from a fresh build (exit 1 if any);
`--readme` to put the start of what `python3 lab.py run` prints, and a picture of its page, into README.md.
"""

from __future__ import annotations

import inspect
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from eslabon import books, month
from eslabon.api import load_region
from eslabon.policies.levers import LEVERS
from eslabon.stages import observe
from eslabon.state import AREA_QUANTUM, HOUSEHOLD_FIELDS, LEAF_QUANTUM, MONEY_QUANTUM

ROOT = Path(__file__).resolve().parents[1]
REFERENCE = ROOT / "docs" / "reference"
NOTICE = "<!-- Written by tools/build_docs.py; do not edit by hand. -->\n\n"
SECTIONS = ("Equation", "Source", "Leaves out", "Reads / Writes / Conserves")
EXCERPT = re.compile(r"(<!-- excerpt begins -->\n).*?(<!-- excerpt ends -->)", re.DOTALL)
EXCERPT_ROWS = ("Coca area, end of year", "Cocaine that leaves Peru", "Mean income", "People arrested", "Forest cleared", "Violence", "Public cost")


def table(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines) + "\n"


def code(names: Iterable[str]) -> str:
    """Return names as inline code, with commas between them."""
    return ", ".join(f"`{name}`" for name in names) or "-"


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


def stage_page(position: int, stage: month.Stage) -> str:
    """Return the page of one stage: what its docstring says and what the wiring shows."""
    told = sections(stage.module.__doc__ or "")
    text = f"# Stage {position}: {stage.name}\n\n{told['']}\n\n"
    file = f"`src/{stage.module.__name__.replace('.', '/')}.py`"
    text += table(("", ""), (("file", file), ("rows of the system", stage.rows), ("conserves", stage.conserves)))
    for name in SECTIONS:
        text += f"\n## {name}\n\n{told.get(name, 'Not said.')}\n"
    text += f"\n## Every input\n\n{code(stage.reads)}\n\n## Every output\n\n{code(stage.writes)}\n"
    return text


def stage_index() -> str:
    """Return the list of the stages in order."""
    rows = [(i, f"[{s.name}]({s.name}.md)", s.rows, s.conserves, sections(s.module.__doc__ or "")[""]) for i, s in enumerate(month.STAGES, 1)]
    head = "# The month, stage by stage\n\nThe plan brings the month's signals before stage 1; `observe` reads everything after the last stage.\n\n"
    return head + table(("order", "stage", "rows", "conserves", "what it does"), rows)


def parameters_page() -> str:
    """Return the table of parameters of the Peru pack."""
    known = load_region().parameters
    counts = {s: sum(p.status == s for p in known.values()) for s in ("measured", "estimated", "assumed")}
    text = f"# Parameters of the Peru pack\n\n{len(known)} parameters: " + ", ".join(f"{n} {s}" for s, n in counts.items()) + ".\n\n"
    text += "Each member of an ensemble draws every parameter once, from a triangular prior with its peak at the default. A measured "
    text += "parameter cites the claims it was read from; claims beside an assumed one only bound it. Claims are in `claims.csv` of the pack.\n\n"
    rows = [
        (f"`{p.name}`", p.unit, p.row, f"{p.default:g}", f"{p.low:g} to {p.high:g}", p.status, ", ".join(p.claims) or "-", p.meaning)
        for p in known.values()
    ]
    return text + table(("name", "unit", "row", "default", "bounds", "status", "claims", "meaning"), rows)


def outcomes_page() -> str:
    """Return the outcomes and the harms."""
    text = "# Outcomes\n\nStocks are those of 31 December, flows are summed over the year, prices are weighted by what was sold, and income is "
    text += "per present household and year. Results are yearly and never finer than a basin.\n\n"
    rows = [(f"`{o.name}`", o.unit, o.kind, o.group, o.dims, o.meaning) for o in observe.OUTCOMES]
    text += table(("outcome", "unit", "kind", "group", "by", "meaning"), rows)
    text += "\n## Harms\n\nEvery result carries each of these, or the words that it is not modelled; a result without them cannot be built.\n\n"
    harms = [(h, f"`{o}`" if o else "none", words or "-") for h, (o, words) in observe.HARMS.items()]
    return text + table(("harm", "outcome", "what is missing"), harms)


def levers_page() -> str:
    """Return the levers a scenario may pull."""
    text = "# Levers\n\nA scenario pulls a lever with its quantity, written with the unit, and a schedule: "
    text += "`start` (needed), `announce`, `ramp`, `end`, `strength` from 0 to 1. `targets` says whether it may name basins or corridors.\n\n"
    rows = [(f"`{v.name}`", f"`{v.amount}`", v.unit, f"{v.minimum:g} to {v.maximum:g}", v.targets, v.row, v.meaning) for v in LEVERS.values()]
    return text + table(("lever", "quantity", "unit", "bounds", "targets", "row", "meaning"), rows)


def flows_page() -> str:
    """Return the accounts and every kind of posting between them."""
    text = "# Accounts and flows\n\nAn account is a stock whose change must equal its postings, each month and basin, to a relative "
    text += f"{books.TOLERANCE:g}. `eslabon verify` re-adds them. Names that are no account are the outside world.\n\n## Accounts\n\n"
    text += table(("commodity", "account", "unit"), ((a.commodity, f"`{a.name}`", a.unit) for a in books.ACCOUNTS))
    rows = [(f"`{name}`", f"`{f.source}`", f"`{f.target}`", f.meaning) for name, f in books.FLOWS.items()]
    return text + "\n## Flows\n\n" + table(("flow", "from", "to", "meaning"), rows)


def state_page() -> str:
    """Return the fields of a household."""
    text = "# What a household is\n\nAll households are synthetic. A member holds them as one float32 array, a row a field and a column a slot, "
    text += "slots sorted by basin. What a household gains or loses is a multiple of "
    text += f"{AREA_QUANTUM:g} ha, {LEAF_QUANTUM:g} kg or {MONEY_QUANTUM:g} usd2013 ([why](../decisions/0001-quantised-flows.md)).\n\n"
    rows = [(i, f"`{f.name}`", f.unit, f"{f.low:g} to {f.high:g}", f.meaning) for i, f in enumerate(HOUSEHOLD_FIELDS)]
    return text + table(("row", "field", "unit", "bounds", "meaning"), rows)


def pages() -> dict[str, str]:
    """Return every generated page by its path under docs/reference."""
    found = {f"stages/{s.name}.md": stage_page(i, s) for i, s in enumerate(month.STAGES, 1)}
    found["stages/index.md"] = stage_index()
    makers = {"parameters": parameters_page, "outcomes": outcomes_page, "levers": levers_page, "flows": flows_page, "state": state_page}
    found |= {f"{name}.md": make() for name, make in makers.items()}
    return {name: NOTICE + text for name, text in found.items()}


def stale() -> list[str]:
    """Return the pages that are missing, left over, or differ from a fresh build."""
    fresh = pages()
    there = {p.relative_to(REFERENCE).as_posix(): p.read_text(encoding="utf-8") for p in REFERENCE.rglob("*.md")}
    return sorted(name for name in fresh.keys() | there.keys() if fresh.get(name) != there.get(name))


def write() -> None:
    """Write every page and remove those that no stage stands behind any more."""
    fresh = pages()
    for path in REFERENCE.rglob("*.md"):
        if path.relative_to(REFERENCE).as_posix() not in fresh:
            path.unlink()
    for name, text in fresh.items():
        path = REFERENCE / name
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
            print(f"docs/reference/{name} differs from a fresh build. Run: python tools/build_docs.py")
        return int(bool(wrong))
    if "--readme" in arguments:
        write_readme()
        return 0
    write()
    print(f"{len(pages())} pages in {REFERENCE.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
