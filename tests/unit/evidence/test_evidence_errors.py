"""A bad cell in a pack names its file, line and column, and the nearest valid word."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from eslabon.errors import InputError
from eslabon.evidence.pack import load_pack

Spoil = Callable[[str, str, str], Path]

BAD_CELLS = [
    ("zones.csv", "huallaga,0,2001,51885,15000,", "huallaga,0,2001,51885,nan,", "column area_2001_ha", "finite"),
    ("zones.csv", "huallaga,0,2001,51885,15000,", "huallaga,0,2001,51885,inf,", "column area_2001_ha", "finite"),
    ("zones.csv", "huallaga,0,2001,51885,15000,", "huallaga,0,2001,51885,-1,", "column area_2001_ha", "from 0"),
    ("zones.csv", "huallaga,0,2001,51885,15000,", "huallaga,0,2001,51885,many,", "column area_2001_ha", "number"),
    ("zones.csv", "huallaga,0,2001,51885,15000,", "huallaga,0,2001.5,51885,15000,", "column monitored_since", "whole"),
    ("zones.csv", "huallaga,0,2001,51885,15000,", "huallaga,maybe,2001,51885,15000,", "column frontier", "known words"),
    ("zones.csv", "huallaga,0,2001,51885,15000,", "huallaga,0,2001,-1,15000,", "column area_1995_ha", "from 0"),
    ("zones.csv", "15000,9509,", "15000,-9509,", "column area_2012_ha", "from 0"),
    ("zones.csv", "9509,2131,", "9509,-2131,", "column area_2015_ha", "from 0"),
    ("zones.csv", "0.152,0.076,0.4,0.22,0.6,", "1.152,0.076,0.4,0.22,0.6,", "column indigenous_share", "from 0 to 1"),
    ("zones.csv", "0.152,0.076,0.4,0.22,0.6,", "0.152,-0.1,0.4,0.22,0.6,", "column protected_share", "from 0 to 1"),
    ("zones.csv", "0.152,0.076,0.4,0.22,0.6,", "0.152,0.076,1.4,0.22,0.6,", "column forest_share_new", "from 0 to 1"),
    ("zones.csv", "0.152,0.076,0.4,0.22,0.6,", "0.152,0.076,0.4,0.32,0.6,", "column programme_weight", "sum to 1"),
    ("zones.csv", "0.152,0.076,0.4,0.22,0.6,", "0.152,0.076,0.4,0.22,6,", "column group_presence", "from 0 to 1"),
    ("zones.csv", "-73.8,-12.4", "-73.81,-12.4", "column lon", "one decimal"),
    ("zones.csv", "C0118;", "C9118;", "column claims", "no claim"),
    ("zones.csv", "vraem,VRAEM", "VRAEM,VRAEM", "column id", "lower-case"),
    ("zones.csv", "assumed", "guessed", "column status", "'assumed'"),
    ("zones.csv", "huallaga,Huallaga", "vraem,Huallaga", "column id", "repeats vraem"),
    ("zones.csv", "huallaga,Huallaga", "huallaga,", "column name_es", "empty"),
    ("access.csv", "vraem,bolivia", "vrame,bolivia", "column basin", "'vraem'"),
    ("access.csv", "vraem,bolivia", "vraem,bolvia", "column corridor", "'bolivia'"),
    ("access.csv", "vraem,bolivia,1\n", "", "vraem, bolivia", "missing"),
    ("corridors.csv", "0.43", "0.53", "column share_start", "sum to 1"),
    ("modes.csv", "road,Carretera", "river,Carretera", "column id", "repeats river"),
    ("modes.csv", "Road,0.7", "Road,-0.7", "column cost_factor", "from 0"),
    ("modes.csv", "Road,0.7,1.4", "Road,0.7,nan", "column risk_factor", "finite"),
    ("modes.csv", "12,12,assumed", "-12,12,assumed", "column pay_usd2013_per_kg", "from 0"),
    ("modes.csv", "12,12,assumed", "12,,assumed", "column carriers_per_tonne", "empty"),
    ("modes.csv", "rule-023", "rule-923", "column claims", "no claim"),
    ("corridor_modes.csv", "bolivia,air,0.55", "bolivia,air,0.65", "bolivia, column share_start", "sum to 1"),
    ("corridor_modes.csv", "bolivia,air,0.55", "bolivia,air,1.55", "column share_start", "from 0 to 1"),
    ("corridor_modes.csv", "bolivia,air", "bolivia,aire", "column mode", "'air'"),
    ("corridor_modes.csv", "bolivia,air", "bolvia,air", "column corridor", "'bolivia'"),
    ("corridor_modes.csv", "bolivia,river,0,assumed,\n", "", "bolivia, river", "missing"),
    ("corridor_modes.csv", "bolivia,road", "bolivia,air", "column corridor", "repeats bolivia air"),
    ("crosswalk.csv", "VRAE,vraem", "VRAE,varem", "column basin", "'vraem'"),
    ("series.csv", "bolivia_area_ha,2005,25400", "bolivia_area_ha,2005,-25400", "column value", "from 0"),
    ("series.csv", "bolivia_area_ha,2005,", "bolivia_area_ha,2004,", "column series", "repeats"),
    ("series.csv", "27700,,,ha", "27700,,,km2", "column unit", "one unit"),
    ("eradication.csv", "department,Loreto", "department,Lorreto", "column place", "'Loreto'"),
    ("eradication.csv", "zone,huallaga", "zone,hualaga", "column place", "'huallaga'"),
    ("observations.csv", "coca_area_ha,ALL", "coca_areas_ha,ALL", "column quantity", "'coca_area_ha'"),
    ("observations.csv", "46200,,,ha", "46200,,,kg", "column unit", "unit of coca_area_ha"),
    ("calendar.csv", "vraem,12,0.9\n", "", "vraem, month 12", "missing"),
    ("events.csv", "2001-04-20", "20 April 2001", "column date", "YYYY"),
    ("claims.csv", "C0001,", "C0002,", "column id", "repeats C0002"),
    ("claims.csv", ",repo_devida,", ",repo_divida,", "column source_id", "'repo_devida'"),
    ("claims.csv", "stock,1517", "stock,nan", "column value", "finite"),
    ("claims.csv", "stock,1517", "stock,-1517", "column value", "hectares"),
    ("claims.csv", "stock,1517,,", "stock,1517,1600,", "column low", "exceed"),
    ("claims.csv", "stock,1517,,", "stock,1517,,1500", "column high", "below"),
    ("claims.csv", "stock,1517", "stack,1517", "column kind", "stock"),
    ("claims.csv", "2018-12-31,2018-12-31", "2018-12-32,2018-12-31", "column period_start", "date"),
    ("claims.csv", "2018-12-31,2018-12-31", "2019-12-31,2018-12-31", "column period_start", "after"),
]


@pytest.mark.parametrize(("file", "old", "new", "place", "words"), BAD_CELLS)
def test_bad_cell_is_named(spoil: Spoil, file: str, old: str, new: str, place: str, words: str) -> None:
    """Each spoiled cell is refused with its file, its place and what was expected."""
    with pytest.raises(InputError) as caught:
        load_pack(spoil(file, old, new))
    assert caught.value.file == file
    assert place in caught.value.place
    assert words in str(caught.value)


def test_cell_error_counts_lines(spoil: Spoil) -> None:
    """The line named is the line of the file, the header being line 1."""
    folder = spoil("corridors.csv", "amazon,", "bolivia,")
    with pytest.raises(InputError) as caught:
        load_pack(folder)
    assert caught.value.place == "line 3, column id"


def test_unknown_column(spoil: Spoil) -> None:
    """A misspelt column is refused with the nearest name."""
    with pytest.raises(InputError, match=r"unknown column.*area_2001_ha"):
        load_pack(spoil("zones.csv", "area_2001_ha", "area_2001_hac"))


def test_missing_column(spoil: Spoil) -> None:
    """A missing column is refused by name."""
    folder = spoil("access.csv", "basin,corridor,weight", "basin,corridor")
    with pytest.raises(InputError, match="a column is missing"):
        load_pack(folder)


def test_person_column_is_refused(pack_copy: Path) -> None:
    """A column for a person has no place in the ledger."""
    path = pack_copy / "claims.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([lines[0] + ",person", *(line + "," for line in lines[1:])]), encoding="utf-8")
    with pytest.raises(InputError, match="unknown column"):
        load_pack(pack_copy)


def test_short_line(spoil: Spoil) -> None:
    """A line with too few cells is refused."""
    with pytest.raises(InputError, match="has 2 cells where the header has 3"):
        load_pack(spoil("access.csv", "vraem,bolivia,1\n", "vraem,bolivia\n"))


def test_missing_file(pack_copy: Path) -> None:
    """A pack without one of its files is refused."""
    (pack_copy / "events.csv").unlink()
    with pytest.raises(InputError, match=r"events\.csv: the pack lacks this file"):
        load_pack(pack_copy)


def test_not_utf8(pack_copy: Path) -> None:
    """A file in another encoding is refused."""
    (pack_copy / "events.csv").write_bytes("date,event,place,claims\n2001,año,Peru,\n".encode("latin-1"))
    with pytest.raises(InputError, match="UTF-8"):
        load_pack(pack_copy)


def test_unknown_pack() -> None:
    """An unknown pack name is answered with the nearest one."""
    with pytest.raises(InputError, match="Did you mean 'peru'"):
        load_pack("perou")
