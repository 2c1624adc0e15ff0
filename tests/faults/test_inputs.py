"""Bad input: one message with file, line or field, value, rule and remedy; exit code 2; nothing written."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from eslabon.api import Region, load_region, run
from eslabon.errors import InputError
from small_region import eslabon

GOOD = """base = "baseline"
title = "test"
until = 2025

[levers.forced_eradication]
area = "30_000 ha/yr"
announce = "2025-01"
start = "2025-01"
basins = ["vraem"]

[levers.corridor_closure]
share = "0.5"
start = "2025-06"
ramp = "6 months"
corridors = ["pacific"]

[levers.bases]
bases = "10 bases"
start = "2025-06"
budget = "8_000_000 usd2013/yr"
unit_cost = "1_000_000 usd2013/base/yr"

[levers.voluntary_eradication]
area = "5_000 ha/yr"
payment = "4_000 usd2013/ha/yr"
start = "2025-06"
strength = 0.5

[levers.air_interdiction]
assets = "2"
start = "2025-06"
"""

FAULTS = {
    "misspelt key": ('title = "test"', 'titel = "test"', "line 2", "'titel'", "Did you mean 'title'?"),
    "misspelt lever": ("forced_eradication", "forced_eradicaton", "line 5", "'forced_eradicaton'", "Did you mean 'forced_eradication'?"),
    "misspelt key of a lever": ("announce =", "anounce =", "line 7", "'anounce'", "Did you mean 'announce'?"),
    "wrong unit": ("30_000 ha/yr", "30_000 ha/month", "line 6", "'30_000 ha/month'", "the unit must be ha/yr"),
    "no unit": ('"30_000 ha/yr"', "30000", "line 6", "'30000'", "ha/yr"),
    "unknown basin": ('["vraem"]', '["vraen"]', "line 9", "'vraen'", "Did you mean 'vraem'?"),
    "unknown corridor": ('["pacific"]', '["pacifico"]', "line 15", "'pacifico'", "Did you mean 'pac"),
    "negative hectares": ("30_000 ha/yr", "-30_000 ha/yr", "line 6", "'-30_000 ha/yr'", "must be at least 0 ha/yr"),
    "not a number": ("30_000 ha/yr", "nan ha/yr", "line 6", "'nan ha/yr'", "finite number"),
    "infinite": ("30_000 ha/yr", "1e999 ha/yr", "line 6", "'1e999 ha/yr'", "ha/yr"),
    "share above one": ('share = "0.5"', 'share = "50"', "line 12", "'50'", "at most 1"),
    "not a month": ('start = "2025-06"', 'start = "June"', "line 13", "'June'", "YYYY-MM"),
    "months out of order": ('announce = "2025-01"', 'announce = "2025-03"', "levers.forced_eradication.start", "", "announce <= start <= end"),
    "half a month": ("6 months", "6.5 months", "line 14", "'6.5 months'", "whole number of months"),
    "a bare budget": ('"8_000_000 usd2013/yr"', "8_000_000", "line 20", "'8000000'", "usd2013/yr"),
    "a budget of another period": ("usd2013/yr", "usd2013/month", "line 20", "usd2013/month'", "the unit must be usd2013/yr"),
    "a budget below zero": ('"8_000_000', '"-8_000_000', "line 20", "'-8_000_000 usd2013/yr'", "must be at least 0 usd2013/yr"),
    "a cost of another unit": ("usd2013/base/yr", "usd2013/ha", "line 21", "'1_000_000 usd2013/ha'", "the unit must be usd2013/base/yr"),
    "a budget and no cost": (
        'assets = "2"',
        'assets = "2"\nunit_cost = "0 usd2013/yr"\nbudget = "5 usd2013/yr"',
        "line 32",
        "'5.0'",
        "needs a cost per unit",
    ),
    "a budget the model spends": ("strength = 0.5", 'budget = "5 usd2013/yr"', "line 27", "'5.0'", 'Add unit_cost = "... usd2013/ha"'),
    "a misspelt option": ("payment =", "paiment =", "line 25", "'paiment'", "Did you mean 'payment'?"),
    "an option of another lever": ('bases = "10 bases"', 'payment = "10 bases"', "line 18", "'payment'", "unknown key"),
    "an option in another unit": ("usd2013/ha/yr", "usd2013/ha", "line 25", "'4_000 usd2013/ha'", "the unit must be usd2013/ha/yr"),
    "an option out of bounds": ("4_000 usd2013/ha/yr", "4e6 usd2013/ha/yr", "line 25", "'4e6 usd2013/ha/yr'", "at most 100000 usd2013/ha/yr"),
    "too many bases": ("10 bases", "201 bases", "line 18", "'201 bases'", "at most 200 bases"),
    "a unit in the singular": ("10 bases", "10 base", "line 18", "'10 base'", "the unit must be bases"),
    "strength above one": ("strength = 0.5", "strength = 1.5", "line 27", "'1.5'", "from 0 to 1"),
    "places of a lever without": ('assets = "2"', 'assets = "2"\nbasins = ["vraem"]', "line 31", "'basins'", "unknown key"),
    "basins of a lever by corridor": ('corridors = ["pacific"]', 'basins = ["vraem"]', "line 15", "'basins'", "unknown key"),
    "another start": ("until = 2025", 'until = 2025\nstart = "2014"', "line 4, start", "'2014'", "Valid: 1995, 2001, 2012, 2015, 2024"),
    "no start": ('start = "2025-06"\n', "", "levers.corridor_closure", "", "the key start is missing"),
    "year in the past": ("until = 2025", "until = 1999", "line 3", "'1999'", "from 2025 to 2100"),
    "base unknown": ('base = "baseline"', 'base = "baselin"', "", "'baselin'", "Did you mean 'baseline'?"),
    "no base": ('base = "baseline"\n', "", "scenario.toml", "", 'base = "baseline"'),
    "not TOML": ('title = "test"', "title = test", "line 2", "", "not valid TOML"),
}
"""Name: text of the good scenario, what it becomes, and the place, value and words the message must have."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "scenario.toml"


def test_the_scenario_without_fault_is_read(file: Path, region: Region) -> None:
    file.write_text(GOOD, encoding="utf-8")
    found = region.scenario(str(file))
    assert found.until == 2025
    lever = found.pulls["forced_eradication"]
    assert (lever.amount, lever.basins, lever.start - 2025 * 12) == (30_000, ("vraem",), 0)
    assert (found.pulls["corridor_closure"].ramp_months, found.pulls["corridor_closure"].corridors) == (6, ("pacific",))
    bases, voluntary = found.pulls["bases"], found.pulls["voluntary_eradication"]
    assert (bases.budget, bases.cost_per_unit, bases.effective_amount) == (8e6, 1e6, 8)
    assert (voluntary.options, voluntary.strength, voluntary.budget) == ({"payment": 4000}, 0.5, None)


@pytest.mark.parametrize(("start", "first"), [("1995", 1996), ("2001", 2001), ("2012", 2013), ("2015", 2016), ("2024", 2025)])
def test_the_last_year_is_one_after_the_start(start: str, first: int, file: Path, region: Region) -> None:
    text = GOOD.replace("until = 2025", f'start = "{start}"\nuntil = {{}}')
    file.write_text(text.format(first), encoding="utf-8")
    assert region.scenario(str(file)).until == first
    file.write_text(text.format(first - 1), encoding="utf-8")
    with pytest.raises(InputError, match=f"from {first} to 2100"):
        region.scenario(str(file))


@pytest.mark.parametrize("name", FAULTS)
def test_a_scenarios_fault_is_named_with_its_place(name: str, file: Path, region: Region) -> None:
    old, new, place, value, words = FAULTS[name]
    assert old in GOOD
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        region.scenario(str(file))
    message = str(caught.value)
    assert all(part in message for part in (place, value, words)), message
    assert name == "base unknown" or str(file) in message, message
    assert "\n" not in message


@pytest.mark.parametrize("name", ["misspelt key", "misspelt lever", "wrong unit", "unknown basin", "negative hectares", "not a number", "not TOML"])
def test_the_command_line_says_it_exits_with_two_and_writes_nothing(name: str, file: Path, tmp_path: Path) -> None:
    old, new, place, value, words = FAULTS[name]
    file.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    found = eslabon(["run", file, "-n", 1, "--json", "--out", "out"], tmp_path)
    assert found.returncode == 2, found.stderr
    assert found.stdout == ""
    assert all(part in found.stderr for part in (str(file), place, value, words)), found.stderr
    assert len(found.stderr.strip().splitlines()) == 1
    assert "Traceback" not in found.stderr
    assert sorted(p.name for p in tmp_path.iterdir()) == ["scenario.toml"]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "baselin"], "Did you mean 'baseline'?"),
        (["run", "nowhere.toml"], "no such scenario"),
        (["run", "baseline", "--seed", "-1"], "seed must lie from 0"),
        (["run", "baseline", "--until", "2024"], "the last year lies after 2024"),
        (["compare", "baseline"], "a comparison needs two scenarios"),
        (["verify", "nowhere"], "not a run folder"),
    ],
)
def test_a_bad_argument_is_one_message_and_nothing_is_written(arguments: list[str], words: str, tmp_path: Path) -> None:
    json = [] if "verify" in arguments else ["--json", "--out", "out"]
    found = eslabon([*arguments, *json], tmp_path)
    assert found.returncode == 2
    assert words in found.stderr
    assert len(found.stderr.strip().splitlines()) == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("arguments", [["run", "-n", "0"], ["run", "-n", "nan"], ["run", "--memebrs", "4"], ["rum"], ["run", "--seed", "1.5"]])
def test_what_is_no_command_line_exits_with_two_names_it_and_writes_nothing(arguments: list[str], tmp_path: Path) -> None:
    found = eslabon(arguments, tmp_path, COLUMNS="200")
    assert found.returncode == 2
    assert arguments[-1] in found.stderr or arguments[1] in found.stderr
    assert "Traceback" not in found.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("seed", "members", "threads", "chunk"), [(-1, 1, 1, 0), (2**64, 1, 1, 0), (0, 0, 1, 0), (0, 1, 1000, 0), (0, 1, 1, -1)])
def test_a_number_out_of_bounds_is_refused_before_anything_is_written(
    seed: int, members: int, threads: int, chunk: int, region: Region, tmp_path: Path
) -> None:
    with pytest.raises(InputError, match="must lie from"):
        run("baseline", members, seed, region=region, threads=threads, chunk=chunk, out=tmp_path)
    assert list(tmp_path.iterdir()) == []


PACK_FAULTS = {
    "negative hectares": ("zones.csv", ",4259,", ",-4259,", ("line", "area_2024_ha", "-4259", "from 0")),
    "not a number": ("zones.csv", ",4259,", ",nan,", ("line", "area_2024_ha", "nan", "finite")),
    "no number": ("zones.csv", ",4259,", ",many,", ("line", "area_2024_ha", "many", "number")),
    "infinite": ("zones.csv", ",4259,", ",inf,", ("line", "area_2024_ha", "inf", "finite")),
    "misspelt column": ("zones.csv", "area_2024_ha", "area_2024", ("area_2024",)),
    "unknown basin": ("access.csv", "vraem,", "vraen,", ("line", "vraen", "Did you mean 'vraem'?")),
    "parameter of nan": ("parameters.toml", "default = 0.33", "default = nan", ("[grower_share_refuser]", "nan", "finite")),
    "parameter of text": ("parameters.toml", "default = 0.33", 'default = "0.33"', ("[grower_share_refuser]", "0.33", "finite number")),
    "bounds out of order": ("parameters.toml", "default = 0.33", "default = 0.99", ("[grower_share_refuser]", "0.99", "low <= default <= high")),
    "misspelt key": ("parameters.toml", "default = 0.33", "defualt = 0.33", ("[grower_share_refuser]", "defualt", "Did you mean 'default'?")),
    "unknown claim": ("parameters.toml", '["rule-001"]', '["rule-0001"]', ("[grower_share_refuser]", "rule-0001", "Did you mean 'rule-")),
    "unknown status": ("parameters.toml", '"estimated"', '"estimate"', ("[grower_share_refuser]", "estimate", "Did you mean 'estimated'?")),
    "not TOML": ("parameters.toml", "default = 0.33", "default = 0,33", ("line 8",)),
}


@pytest.mark.parametrize("name", PACK_FAULTS)
def test_a_packs_fault_is_named_with_its_file(name: str, region: Region, tmp_path: Path) -> None:
    file, old, new, words = PACK_FAULTS[name]
    folder = Path(shutil.copytree(region.pack.root, tmp_path / "peru"))
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        load_region(folder)
    message = str(caught.value)
    assert all(word in message for word in (file, *words)), message
    assert caught.value.exit_code == 2
    assert "\n" not in message


def test_the_command_line_refuses_a_pack_with_a_nan(region: Region, tmp_path: Path) -> None:
    """The whole way, in a process of its own: the shipped pack is swapped for the spoilt one."""
    folder = Path(shutil.copytree(region.pack.root, tmp_path / "peru"))
    zones = folder / "zones.csv"
    zones.write_text(zones.read_text(encoding="utf-8").replace(",4259,", ",nan,", 1), encoding="utf-8")
    code = (
        "import sys; from eslabon.evidence import pack; from eslabon.cli.main import main; from pathlib import Path;"
        f"pack.find_pack = lambda name: ('peru', Path({str(folder)!r}));"
        "sys.argv = ['eslabon', 'run', 'baseline', '-n', '1', '--json', '--out', 'out']; main()"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert found.returncode == 2, found.stderr
    assert found.stdout == ""
    assert all(word in found.stderr for word in ("zones.csv", "area_2024_ha", "nan", "finite")), found.stderr
    assert "Traceback" not in found.stderr
    assert not (tmp_path / "out").exists()
