"""Build claims.csv, sources.csv and observations.csv of the Peru region pack.

Usage: `python tools/build_peru_pack.py EVIDENCE_FOLDER [PACK_FOLDER]`. Reads claims.csv, seed_claims.csv,
rule_claims.csv and sources.csv of the evidence folder, `extra_claims.csv` and `extra_sources.csv` beside this file, and
series.csv and crosswalk.csv of the pack (its deflator, exchange rate and zone names). The same input gives the same
bytes. Claims and sources are a ledger: rows that are there keep their place and hash, new ones go to the end, and a
change to an old one is refused. A row added later than the first day needs its day in `extra_ledger.csv`.
"""

from __future__ import annotations

import calendar
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from eslabon.errors import EslabonError, InputError
from eslabon.evidence.cells import Row
from eslabon.evidence.claims import CLAIM_COLUMNS, SOURCE_COLUMNS, Claim, Ledger, Source, parse_row
from eslabon.evidence.ledger_store import append, held
from peru_dates import FIRST_RECORDED, ledger_cells, read_overrides
from peru_observations import Cells, build_observations, read

Record = TypeVar("Record", Claim, Source)
HERE = Path(__file__).resolve().parent
PACK = HERE.parent / "src" / "eslabon" / "regions" / "peru"

# --- units and forms ------------------------------------------------------------------------------------------------

PLAIN_UNITS = {
    "kg HCl/ha": "kg/ha",
    "kg leaf/kg HCl": "kg/kg",
    "kg leaf/ha/yr, short run": "kg/ha/yr",
    "million soles": "million PEN",
    "PEN/kg organic": "PEN/kg",
    "fraction": "share",
    "flights/yr": "count/yr",
    "flights/day": "count/day",
    "months": "month",
    "ha coca per ha sprayed": "ha/ha",
    "ha coca per ha titled": "ha/ha",
    "ha cacao+coffee": "ha",
    "relative rise": "share",
    "ratio to previous year": "ratio",
    "ratio to capacity": "ratio",
}
"""Evidence unit to pack unit, where no rule below applies; what is lost is kept in the note."""

COUNTED = ("labs", "strips", "families", "growers", "districts", "aircraft", "jobs")
PERSONS = ("children", "soldiers", "police", "members", "officers", "persons")
SAID_BY_FORM = ("t pure", "t export quality", "t HCl", "t sun-dried", *COUNTED, *PERSONS)
"""Units whose wording the form or the quantity keeps, so that the note need not."""

COCAINE_FORMS = {
    "t pure": "pure cocaine",
    "t export quality": "cocaine of export quality",
    "t HCl": "cocaine hydrochloride",
}


def plain_unit(unit: str) -> str:
    """Return the pack's unit for an evidence unit."""
    if unit in PLAIN_UNITS:
        return PLAIN_UNITS[unit]
    for start, plain in (
        ("t pure", "t"),
        ("t sun-dried", "t"),
        ("t export", "t"),
        ("t HCl", "t"),
        ("kg cocaine", "kg"),
    ):
        if unit.startswith(start):
            return plain
    if unit.startswith(("%", "qualitative")):
        return "percent" if unit.startswith("%") else "1"
    if unit.startswith("share"):
        return "share"
    if unit.startswith("months"):
        return "month"
    if unit.startswith("elasticity"):
        return "elasticity"
    if unit in COUNTED:
        return "count"
    return "persons" if unit in PERSONS else unit


def form_of(quantity: str, unit: str) -> str:
    """Return the physical form a number is about."""
    if quantity in ("leaf_users", "leaf_share", "seizure_share_of_production", "seized_share_in_country"):
        return "sun-dried leaf" if quantity == "leaf_share" else "not applicable"
    if unit in COCAINE_FORMS:
        return COCAINE_FORMS[unit]
    for pattern, form in (
        (r"^wage|_bases$", "not applicable"),
        (r"fresh_leaf", "fresh coca leaf"),
        (r"cocaine_pure", "pure cocaine"),
        (r"^coca_area_unodc|^coca_area_(share|change|new|organic|in_|trad)", "coca area in production"),
        (r"^coca_area_us", "coca area, United States system"),
        (r"^coca_area|^registered_area", "coca area"),
        (r"^eradication|^conversion|^overplanting", "coca area eradicated"),
        (r"seizure_leaf|seized_leaf", "coca leaf, drying not stated"),
        (r"pbc|base", "cocaine base"),
        (r"hcl|price_cocaine|cocaine_avoided|implied_cocaine", "cocaine hydrochloride"),
        (r"leaf_per_cocaine", "sun-dried leaf per cocaine hydrochloride"),
        (r"leaf|^enaco|^legal_demand|^private_demand|^farmgate", "sun-dried leaf"),
        (r"^cocaine|seizure_cocaine|flight_payload|^levy|^bribe|^organiser|^export_share", "cocaine, form not stated"),
        (r"^drugs", "all drugs"),
        (r"cacao", "cacao beans"),
        (r"coffee|arabica", "green coffee"),
        (r"cocoa", "cocoa beans"),
        (r"^ad_area", "cacao and coffee area"),
    ):
        if re.search(pattern, quantity):
            return form
    return "not applicable"


PRICES = (
    r"^price|_price|^wage|_wage|^levy_(passage|own)|^bribe|_pay$|exchange_rate|reward|^enaco_price"
    r"|^transfer|^title_cost|^poverty_line|^pnis_(monthly|payment)"
)
RATIOS = (
    r"share|ratio|yield|per_cocaine|^effect|density|poverty"
    r"|elasticity|_rate|slope|memory|threshold|_change|shock|markup|per_year|^arroba$"
)
STOCKS = (
    r"^coca_area|^registered|population|^prison|airstrips_existing|districts|coffee_area|strength|drug_users|leaf_users|police_anti"
    r"|clans|captured|crew|processing_sites|children|^basins|export_centres|(ad|pnis)_families|farm_size|workers"
    r"|household_size|municipalities|congress_seats|_bases$"
)


def kind_of(quantity: str, unit: str) -> str:
    """Return whether a number is a stock, flow, ratio, event or price."""
    if unit in ("event", "year", "yes/no"):
        return "event"
    if unit in (
        "percent",
        "share",
        "ratio",
        "elasticity",
        "probability",
        "kg/kg",
        "kg/ha",
        "ha/ha",
        "1",
        "index",
        "month",
        "h",
    ):
        return "ratio"
    for pattern, kind in ((r"_area_us_change", "ratio"), (PRICES, "price"), (STOCKS, "stock"), (RATIOS, "ratio")):
        if re.search(pattern, quantity) and not (kind == "price" and unit == "t/yr"):
            return kind
    return "flow"


# --- periods, bounds, grades ----------------------------------------------------------------------------------------

MONTHS = {name: number for number, name in enumerate(calendar.month_abbr) if name}


def last_day(year: int, month: int) -> str:
    """Return the last day of a month, ISO."""
    return f"{year:04d}-{month:02d}-{calendar.monthrange(year, month)[1]:02d}"


def part_year_end(year: str, note: str) -> str:
    """Return the last day that a part-year figure covers, from its note."""
    for pattern in (r"to (?:mid-)?(\d+) ([A-Z][a-z]{2})", r"Jan-(\d+) ([A-Z][a-z]{2})"):
        if found := re.search(pattern, note):
            return f"{year}-{MONTHS[found[2]]:02d}-{int(found[1]):02d}"
    if found := re.search(r"to mid-([A-Z][a-z]{2})", note):
        return f"{year}-{MONTHS[found[1]]:02d}-15"
    if found := re.search(r"(?:Jan-|to )([A-Z][a-z]{2})", note):
        return last_day(int(year), MONTHS[found[1]])
    return f"{year}-10-31" if note.startswith("10 months") else f"{year}-06-30"


def period_of(row: Cells) -> tuple[str, str]:
    """Return first and last day of a claim's period; areas are dated 31 December."""
    year, quantity = row["year"], row["quantity"]
    if re.fullmatch(r"\d{4}", year):
        if quantity.startswith("coca_area"):
            return f"{year}-12-31", f"{year}-12-31"
        if quantity.endswith("part_year"):
            return f"{year}-01-01", part_year_end(year, row["note"])
        return f"{year}-01-01", f"{year}-12-31"
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", year):
        return year, year
    if found := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", year):
        running = quantity.endswith("part_year") or quantity in ("replanting_share", "cocaine_avoided_claim")
        return f"{found[1]}-{'01' if running else found[2]}-01", last_day(int(found[1]), int(found[2]))
    if found := re.fullmatch(r"(\d{4})(?:-(\d{2}))?[-/](\d{4})(?:-(\d{2}))?", year):
        return f"{found[1]}-{found[2] or '01'}-01", last_day(int(found[3]), int(found[4] or 12))
    raise ValueError(f"period not understood: {row['id']} {year}")


EXACT_DESPITE_NOTE = {"C0285", "C0462", "C0541", "C0574", "C0843", "C0593", "C0577", "seed-017", "seed-019", "seed-031"}
"""Claims whose note qualifies another number than their own value."""

LOWER = r"more than|at least|lower bound|slightly over"
UPPER = r"upper bound|never above|at most|as much as|almost"
ABOUT = r"\babout\b|\baround\b|\bapprox|\brounded\b|\brough|c\. 20"


def bound_of(row: Cells) -> str:
    """Return how a value bounds the truth, from its range, unit and note."""
    text = f"{row['unit']} {row['note']}".lower()
    if row["quantity"].endswith("part_year"):
        return "lower"
    if row["low"] and row["high"] and row["low"] != row["high"]:
        return "range"
    official = row["source_id"] == "repo_devida" or row["quantity"].startswith("effect_eradication")
    if official or row["id"] in EXACT_DESPITE_NOTE:
        return "exact"
    if re.search(LOWER, text):
        return "upper" if float(row["value"]) < 0 else "lower"
    if re.search(UPPER, text):
        return "upper"
    return "approximate" if re.search(ABOUT, text) else "exact"


GRADES = {
    "direct": "A",
    "secondary": "B",
    "derived": "D",
    "conflicting": "B",
    "reported": "B",
    "contested": "C",
    "memory": "M",
}


def grade_of(confidence: str) -> str:
    """Return the grade for a word of confidence; expert statements, single testimonies and officials' claims are C."""
    return GRADES.get(confidence, "C")


# --- groups, breaks, wording ----------------------------------------------------------------------------------------

SOURCE_GROUPS = {
    "devida_monitoring": (
        "repo_devida proactivo2021 lr2022 efe2022 elbuho2023 infor2024 dep2024 infor2025 gob2025 caretas2025b "
        "andina2025 lampadia2023 reuters2020 lr2021 huachos2022 24h2020 inforondcp insight2017 "
        "pledge2023 infobae2024forest gestion2024devida"
    ),
    "us_government": (
        "incsr2018 incsr2019 ondcp2019 ondcp2022 addiction2020 pledge2021 dnb2022 factbook th4 state2003 mh2001 sunsent1998 cia1985 "
        "crt2008 crt2009 crt2010 crt2013 crt2014 crt2016 crt2018 dea2008 ndcs2010 usaid2015ad usaid2021ad"
    ),
    "unodc_wdr": "wdr2008 wdr2025 vindo",
    "unodc_simci": "simci",
    "corah_reports": (
        "infor2011replant infor2011half gobcorah2019 dialogo2020 gestion2021 tdh2022 telesur2023 infobae2024 "
        "afp2025 impetu2024 corah2025 diariouno2025 caretas2025 radiovida2025 lr2019nov infor2019axes rfi2018 "
        "latimes2004 sr490_2016 peruinf2023 infortag2025 andina2018jan"
    ),
    "peru_police": (
        "infor2009lab lr2018jan huachos2018 conlafe2014 zazoom2024 pl2022 ens2022 elper2021 panam2019 andina2018inc gestion2021inc pd2016 lr2023air"
    ),
    "unodc_survey": (
        "unodc2005fs ncjrs2003 correo2005 ap2003 un2006 net360_2007 esmiperu2010 psg2010 amecon2010 "
        "infor2009price infor2009val infor2010vrae infor2010nat infor2010leaf unodc2011 peru21_2012 "
        "unnews2012 ap2013 rcm2013 unodc2013 gestion2013 cdnve2014 amecon2014 correo2014 plant2015 unodc2014 "
        "eldeber2015 insight_fig3 unodc2015dk huachos2016 unodc2016 plant2017 piura30 aguaytia2017 unodc2017 "
        "exitosa2018 gestion2019efe correo2019 telemetro2019 correopuno2019 stabroek2013 tn8_2016 afp2014 "
        "elcom2017 bolfs2005 boluno2012 udgtv2023 vntv2025 correopuno2018"
    ),
    "davalos_morales": "davalos2019 eafit2019",
    "sviatschi": "sviat2022 sviat_abs",
}
GROUP_OF = {source: group for group, sources in SOURCE_GROUPS.items() for source in sources.split()}


def group_of(quantity: str, source_id: str) -> str:
    """Return the publisher or chain of sources a claim comes from."""
    if quantity.startswith(("coca_area_us", "cocaine_potential_us")):
        return "us_government"
    if quantity in ("eradication", "eradication_part_year"):
        return "corah_reports" if source_id != "derived" else "derived"
    return GROUP_OF.get(source_id, source_id)


BREAKS = (
    ("coca_area_unodc", "Peru", 2011, "2010/11 method"),
    ("leaf_production", "Peru", 2011, "2010/11 method"),
    ("coca_area_unodc", "Peru", 2021, "2020/21 coverage"),
    ("leaf_production", "Peru", 2004, "2003/04 yield"),
    ("leaf_yield", "Peru", 2004, "2003/04 yield"),
    ("cocaine_potential_unodc", "Peru", 2006, "conversion ratio 2005/06"),
    ("coca_area_unodc", "Peru/Huallaga", 2018, "zone redefinition"),
)
"""Quantity, place and first year of a new way of measuring, and the name of the break."""


def break_of(quantity: str, place: str, year: str) -> str:
    """Return the series break that a claim sits at."""
    if place == "Peru/Alto Huallaga" and quantity == "coca_area_unodc":
        return "zone redefinition"
    return next((name for q, p, first, name in BREAKS if (q, p, str(first)) == (quantity, place, year)), "")


WORDING = (
    (r"^[A-Z][a-z]+ interview$", "interview with an analyst"),
    (r" \([A-Z]\. [A-Z][a-z]+\)", ""),
    (r"as cited by [A-Z][a-z]+$", "as cited by a former head of the state company"),
    (r" \([A-Z][a-z]+ [A-Z][a-z]+\)$", ""),
    (r"^analyst blog \(.*\)$", "analyst blog"),
)
"""How interviewees, officials and columnists are named in the evidence; a pack names their role."""


def reword(text: str) -> str:
    """Return text without names of interviewees and officials, on one line."""
    for pattern, words in WORDING:
        text = re.sub(pattern, words, text)
    return " ".join(text.split())


# --- rows -----------------------------------------------------------------------------------------------------------


def claim_row(row: Cells) -> Cells:
    """Return a pack claim for a row of claims.csv, seed_claims.csv or extra_claims.csv."""
    start, end = period_of(row)
    unit = plain_unit(row["unit"])
    note = row["note"]
    preferred = note.startswith("PREFERRED")
    note = note.removeprefix("PREFERRED").lstrip(". ")
    if unit != row["unit"] and row["unit"] not in SAID_BY_FORM:
        note = f"{note}; unit as given: {row['unit']}" if note else f"unit as given: {row['unit']}"
    return {
        "id": row["id"],
        "quantity": row["quantity"],
        "form": form_of(row["quantity"], row["unit"]),
        "unit": unit,
        "place": row["place"],
        "period_start": start,
        "period_end": end,
        "kind": kind_of(row["quantity"], unit),
        "value": row["value"],
        "low": row["low"],
        "high": row["high"],
        "bound_type": bound_of(row),
        "grade": row.get("grade") or grade_of(row["confidence"]),
        "confidence": row["confidence"],
        "conflict": "1" if row["confidence"] in ("conflicting", "contested") else "0",
        "preferred": "1" if preferred else "0",
        "source_id": row["source_id"],
        "locator": reword(row["locator"]),
        "independence_group": group_of(row["quantity"], row["source_id"]),
        "series_break": break_of(row["quantity"], row["place"], row["year"]),
        "note": reword(note),
    }


RULE_SOURCES = {
    "Ibanez & Martinsson": "ibmart2013",
    "Ibanez & Carlsson": "ibanez2010",
    "Garcia-Yi": "garciayi2014",
    "derived": "derived",
    "claims": "derived",
    "CORAH": "derived",
    "Mejia Restrepo": "mrr2017",
    "UNODC verification": "unodc_verif2019",
    "Moreno-Sanchez": "moreno2003",
    "Magliocca": "narcologic2019",
    "corridor-by-year": "narcoabm",
    "Anthony": "ida2000",
    "AIC": "elasticity_reviews",
    "IDL-Reporteros via": "peru21_2012b",
    "IDL-Reporteros": "idl2012",
    "press": "press_air2015",
    "police figures": "larazon2024",
    "Sviatschi": "sviat_abs",
    "Cunningham": "cunningham2015",
    "Munoz-Mora": "munozmora2018",
    "agronomic": "memory",
    "Davalos": "davalos2019",
}
"""How a rule's source text begins, and the source it stands for."""


def rule_row(row: Cells) -> Cells:
    """Return a pack claim for a row of rule_claims.csv, whose source is text and whose grade is given."""
    source = next(value for start, value in RULE_SOURCES.items() if row["source"].startswith(start))
    return claim_row({**row, "source_id": source, "locator": row["source"], "confidence": f"grade {row['grade']}"})


def claim_rows(evidence: Path) -> list[Cells]:
    """Return the rows of all claims with their ledger columns, in the order in which they were recorded."""
    rows = [claim_row(row) for name in ("claims.csv", "seed_claims.csv") for row in read(evidence / name)]
    rows += [rule_row(row) for row in read(evidence / "rule_claims.csv")]
    rows += [claim_row(row) for row in read(HERE / "extra_claims.csv")]
    overrides = read_overrides()
    if unknown := set(overrides) - {row["id"] for row in rows}:
        raise InputError("no claim has this id", file="extra_ledger.csv", value=", ".join(sorted(unknown)), remedy="Mend the id.")
    return sorted((row | ledger_cells(row, overrides) for row in rows), key=lambda row: row["recorded"])


def source_rows(evidence: Path) -> list[Cells]:
    """Return the rows of all sources."""
    rows = read(evidence / "sources.csv") + read(HERE / "extra_sources.csv")
    return [{name: reword(cell) for name, cell in row.items()} for row in rows]


def records(model: type[Record], file: str, columns: Sequence[str], rows: Sequence[Cells]) -> list[Record]:
    """Return rows as claims or sources; a bad one is named by its place among the rows."""
    empty = dict.fromkeys(columns, "")
    return [parse_row(model, Row(file, line, {**empty, **row})) for line, row in enumerate(rows, start=2)]


def build_ledger(evidence: Path, pack: Path) -> None:
    """Append to claims.csv and sources.csv what is not in them yet, in the order of the days it was recorded.

    Raises
    ------
    InputError
        If a row that is there differs from what would be built, or a new one would be recorded before the last.
    """
    claims = records(Claim, "claims", CLAIM_COLUMNS, claim_rows(evidence))
    sources = records(Source, "sources", SOURCE_COLUMNS, source_rows(evidence))
    there = held(pack)
    refuse_changes(there, claims, sources)
    new = [claim for claim in claims if claim.id not in there.claims]
    if there.claims:
        refuse_undated(new)
    written = set(there.sources)
    for day in sorted({claim.recorded or FIRST_RECORDED for claim in new}):
        batch = [claim for claim in new if claim.recorded == day]
        named = {claim.source_id for claim in batch}
        append(pack, batch, [source for source in sources if source.source_id in named - written], day)
        written |= named


def refuse_undated(claims: Sequence[Claim]) -> None:
    """Refuse a later claim for which extra_ledger.csv gives no day."""
    dated = {name for name, row in read_overrides().items() if row["recorded"]}
    for claim in claims:
        if claim.id not in dated:
            remedy = "Add a row to extra_ledger.csv with the day it is recorded and the reason."
            raise InputError("a claim added to a ledger needs its day", place=f"claim {claim.id}", remedy=remedy)


def refuse_changes(there: Ledger, claims: Sequence[Claim], sources: Sequence[Source]) -> None:
    """Refuse to build where a row of the ledger would change or go."""
    built = {claim.id: claim for claim in claims}
    remedy = "Rows never change: restore the row in the evidence, and add a claim that corrects it (extra_claims.csv, extra_ledger.csv)."
    for claim in there.claims.values():
        if claim.id not in built:
            raise InputError("the ledger has this claim, the evidence has not", place=f"claim {claim.id}", remedy=remedy)
        same = claim.model_dump(exclude={"published", "hash"}) == built[claim.id].model_dump(exclude={"published", "hash"})
        if not same or built[claim.id].published not in (None, claim.published):
            raise InputError("the ledger has this claim otherwise", place=f"claim {claim.id}", remedy=remedy)
    new = {source.source_id: source for source in sources}
    for name, source in there.sources.items():
        if name not in new or not source.same_as(new[name]):
            raise InputError("the ledger has this source otherwise", place=f"source {name}", remedy=remedy)


def main(arguments: Sequence[str]) -> int:
    """Build the pack's generated files."""
    if not 1 <= len(arguments) <= 2:
        sys.stderr.write("usage: build_peru_pack.py EVIDENCE_FOLDER [PACK_FOLDER]\n")
        return 2
    pack = Path(arguments[1]) if len(arguments) == 2 else PACK
    try:
        build_ledger(Path(arguments[0]), pack)
    except EslabonError as error:
        sys.stderr.write(f"build_peru_pack: {error}\n")
        return error.exit_code
    build_observations(pack)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
