"""Feed broken files to the import and report what breaks: a crash, a hang, a traceback, a refusal that does not explain itself.

Each file is an honest sample (`import_samples.py`) with bits flipped, its end cut off, a piece of another file put in, bytes repeated,
or, inside a zip, a part broken or a cell replaced. A file may be read or refused; a refusal must be an `InputError` with a code, the
file's name, a rule and a remedy. What is read is interpreted too, as a newcomer asks and with every question answered beforehand.

Run `python tools/fuzz_import.py --count 5000 --seed 0 [--jobs 1] [--inside] [--keep FOLDER]`; exit status 1 if anything was found. With
`--inside` the same readers run in this process, without the limits of a child and without the time it takes to start one.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import math
import random
import re
import sys
import tempfile
import time
import traceback
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parent))

from eslabon.errors import InputError
from eslabon.evidence.tables import child
from eslabon.evidence.tables.bounds import LIMITS
from eslabon.evidence.tables.codes import TableError
from eslabon.evidence.tables.findings import CODES, LEVELS
from eslabon.evidence.tables.grid import Workbook
from eslabon.evidence.tables.import_report import ImportReport
from eslabon.evidence.tables.interpret import interpret_workbook
from eslabon.evidence.tables.reading import read_workbook, take_answer
from eslabon.evidence.tables.request import ImportRequest
from import_samples import samples, zipped

HANG_S = 5.0
"""Processor time, so that a busy machine does not count; the reading process has its own limit, passed as E-TIME."""
HOSTILE = ("", "=1+1", "1e999", "nan", "-", "1.088,88", "12*", "2147483648", "á\u00a0", "Ã³", "\u202e", "<b>x</b>", "0" * 5000, "31/02/2013",
           "9" * 400, "\x7f", "'", '"', ";", "&amp;", "_xD800_", "_x0000_", "#REF!", "s.d.", "2012–2013", "-1", "A1:XFD1048576")  # fmt: skip
NUMBERS = ("-1", "0", "007", "1.5", "60", "99999", "1e308", "1048577", "4294967296", "1" * 30, "1" * 5000, "٣", "NaN")
Draw = random.Random
Read = Callable[[Path], Workbook]
Interpret = Callable[[Workbook], Iterable[ImportReport]]


class Finding(NamedTuple):
    """What is wrong with the answer to one file."""

    name: str
    what: str


class Outcome(NamedTuple):
    """The answer to one file: a refusal's code or what was read, seconds of work in this process, and what is wrong with it."""

    answer: str
    seconds: float
    findings: list[Finding]


def flip(data: bytearray, draw: Draw) -> bytearray:
    """Flip one to twenty bits."""
    for _ in range(draw.randint(1, 20)):
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    return data


def cut(data: bytearray, draw: Draw) -> bytearray:
    """Cut off the end."""
    return data[: draw.randrange(len(data))]


def splice(data: bytearray, draw: Draw) -> bytearray:
    """Put a piece of another sample in a place, over what is there or between."""
    other = draw.choice(list(samples_once().values()))
    start, length, place = draw.randrange(len(other)), draw.randint(1, 400), draw.randrange(len(data))
    data[place : place + draw.choice((0, length))] = other[start : start + length]
    return data


def repeat(data: bytearray, draw: Draw) -> bytearray:
    """Repeat a piece up to five hundred times."""
    start = draw.randrange(len(data))
    piece = data[start : start + draw.randint(1, 60)]
    data[start:start] = piece * draw.randint(1, 500)
    return data


def hostile(data: bytearray, draw: Draw) -> bytearray:
    """Put a hostile text in the place of what stands between two marks."""
    marks = [place for place, byte in enumerate(data) if byte in b";,\t><\"'"]
    if len(marks) < 2:
        return data
    first = draw.randrange(len(marks) - 1)
    data[marks[first] + 1 : marks[first + 1]] = draw.choice(HOSTILE).encode()
    return data


def exchange(data: bytearray, draw: Draw) -> bytearray:
    """Exchange two quoted values or two texts between tags, so that XML stays well-formed and means something else."""
    found = list(re.finditer(draw.choice((rb'"[^"<>]*"', rb">[^<>]+<", rb"\d+")), bytes(data)))
    if len(found) > 1:
        first, second = sorted(draw.sample(found, 2), key=lambda match: match.start())
        data[second.start() : second.end()] = first[0]
        data[first.start() : first.end()] = second[0]
    return data


def renumber(data: bytearray, draw: Draw) -> bytearray:
    """Put another number in the place of one."""
    found = list(re.finditer(rb"\d+", bytes(data)))
    if found:
        chosen = draw.choice(found)
        data[chosen.start() : chosen.end()] = draw.choice(NUMBERS).encode()
    return data


BREAKS: tuple[Callable[[bytearray, Draw], bytearray], ...] = (flip, cut, splice, repeat, hostile, hostile, exchange, exchange, renumber, renumber)


@cache
def samples_once() -> dict[str, bytes]:
    """Return the samples, made once."""
    return samples()


def broken(data: bytes, draw: Draw) -> bytes:
    """Return the file broken in one to three ways, in a part of it where it is a zip file."""
    if data.startswith(b"PK") and draw.random() < 0.75:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts: dict[str, str | bytes] = {name: archive.read(name) for name in archive.namelist()}
        chosen = draw.choice([name for name in parts if name != "mimetype"])
        parts[chosen] = _break(bytes(parts[chosen]), draw)  # type: ignore[arg-type]
        return zipped(parts)
    return _break(data, draw)


def _break(data: bytes, draw: Draw) -> bytes:
    for _ in range(draw.choice((1, 1, 1, 2, 3))):
        data = bytes(draw.choice(BREAKS)(bytearray(data), draw)) if data else data
    return data


def broken_files(count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of broken files; number n of a seed is the same whatever the count."""
    for number in range(count):
        draw = random.Random(f"{seed}/{number}")
        name = draw.choice(list(samples_once()))
        yield f"{number:05d}-{name}", broken(samples_once()[name], draw)


def interpretation() -> Interpret:
    """Return the second half of the import, asked twice: as a newcomer asks it, and with every question answered beforehand."""
    told = ImportRequest(
        "coca_area_unodc", source_id="fuzz", publisher="fuzz", title="fuzz", year=2013, unit="ha", kind="stock",
        dates="dmy", blank="missing", dimension="zone", accept=[code for code in CODES if LEVELS[code[0]] == "ask"],
    )  # fmt: skip
    bare = ImportRequest("coca_area_unodc")

    def both(workbook: Workbook) -> Iterator[ImportReport]:
        for request in (bare, told):
            yield interpret_workbook(workbook, request)

    return both


def read_inside(path: Path) -> Workbook:
    """Read as `read_workbook` does, without a child process."""
    data = path.read_bytes()
    return take_answer(path, hashlib.sha256(data).hexdigest(), iter(child.answer(data, LIMITS)))


def try_file(path: Path, interpret: Interpret, read: Read = read_workbook) -> Outcome:
    """Import one file and judge the answer."""
    began, findings, answer = time.thread_time(), [], "read"
    try:
        workbook = read(path)
        for report in interpret(workbook):
            findings += [Finding(path.name, what) for what in _judge_report(report)]
            answer = "taken" if report.claims else "read, nothing taken"
    except InputError as error:
        answer = getattr(error, "code", "refused by the interpretation")
        findings += [Finding(path.name, what) for what in _judge(error, path.name, answer)]
    except Exception:
        findings.append(Finding(path.name, traceback.format_exc()))
        answer = "traceback"
    seconds = time.thread_time() - began
    if seconds > HANG_S or answer == "E-TIME":
        findings.append(Finding(path.name, f"hangs: {answer} after {seconds:.1f} s of work here"))
    return Outcome(answer, seconds, findings)


def _judge(error: InputError, name: str, code: str) -> Iterator[str]:
    if code == "E-READER":
        yield f"refused without a reason: {error}"
    if isinstance(error, TableError) and name not in error.file:
        yield f"the refusal does not name the file: {error}"
    if not error.rule or not error.remedy:
        yield f"the refusal lacks rule or remedy: {error}"
    if "Traceback" in str(error) or "\n" in str(error).strip():
        yield f"the refusal is no single paragraph: {error}"


def _judge_report(report: ImportReport) -> Iterator[str]:
    """Every finding must be fit for JSON, every claim must hold a finite number, and what is open must keep claims from being taken."""
    for finding in report.findings:
        json.dumps(finding.document(), allow_nan=False)
    for claim in report.claims:
        if not all(math.isfinite(number) for number in (claim.value, claim.low, claim.high) if number is not None):
            yield f"a claim without a finite number: {claim}"
    if report.claims and any(finding.level == "refuse" for finding in report.findings):
        yield "claims are taken from a refused table"


def fuzz(count: int, seed: int, jobs: int = 1, keep: Path | None = None, read: Read = read_workbook) -> Iterable[Outcome]:
    """Yield the outcome of each broken file; files with findings are copied to `keep`."""
    interpret = interpretation()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:

        def one(item: tuple[str, bytes]) -> Outcome:
            path = Path(folder) / item[0]
            path.write_bytes(item[1])
            outcome = try_file(path, interpret, read)
            if outcome.findings and keep is not None:
                keep.mkdir(parents=True, exist_ok=True)
                (keep / item[0]).write_bytes(item[1])
            path.unlink()
            return outcome

        yield from pool.map(one, broken_files(count, seed))


def main() -> int:
    """Run and print a summary."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--inside", action="store_true", help="read in this process")
    parser.add_argument("--keep", type=Path, help="folder for the files with findings")
    asked = parser.parse_args()
    answers: Counter[str] = Counter()
    slowest, found = 0.0, 0
    for outcome in fuzz(asked.count, asked.seed, asked.jobs, asked.keep, read_inside if asked.inside else read_workbook):
        answers[outcome.answer] += 1
        slowest = max(slowest, outcome.seconds)
        for finding in outcome.findings:
            found += 1
            print(f"{finding.name}: {finding.what}")
    print(f"{asked.count} broken files, seed {asked.seed}: {found} findings, most work {slowest:.2f} s.")
    for answer, number in answers.most_common():
        print(f"{number:6d}  {answer}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
