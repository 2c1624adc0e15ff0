"""Observations of the Peru region pack: the published figure to compare with, year by year, taken from its ledger."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from eslabon.evidence.claims import Claim, Ledger, read_ledger
from eslabon.evidence.pack import ALL, OBSERVED, CrosswalkRow, Observation
from eslabon.units import KG_PER_ARROBA, KG_PER_T

Cells = dict[str, str]


def read(path: Path) -> list[Cells]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write rows as UTF-8 CSV with LF."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


COVERAGE = {2021: "2021_19", 2022: "2022_20", 2023: "2023_21", 2024: "2024_24", 2025: "2024_24"}
SEIZED = ("seizure_hcl", "seizure_pbc")


def coverage_of(year: int) -> str:
    """Return the list of zones monitored in a year."""
    return "historic" if year < 2018 else COVERAGE.get(year, "2018_14")


class Observations:
    """Collects observations from the ledger, in 2013 dollars where they are prices."""

    def __init__(self, ledger: Ledger, series: Sequence[Cells], crosswalk: Sequence[CrosswalkRow]) -> None:
        """Keep the ledger, the names of zones, and the deflator and exchange rate by year."""
        self.ledger = ledger
        self.crosswalk = crosswalk
        self.deflator = {int(row["year"]): float(row["value"]) for row in series if row["series"] == "us_price_index"}
        self.pen = {int(row["year"]): float(row["value"]) for row in series if row["series"] == "pen_per_usd"}
        self.rows: list[dict[str, object]] = []

    def add(self, quantity: str, basin: str, year: int, claims: Sequence[Claim], scale: float, note: str = "") -> None:
        """Add the sum of `claims` times `scale`; bounds are kept where one claim has them."""
        one = claims[0] if len(claims) == 1 else None
        notes = [note] if note else []
        if any(claim.bound_type == "lower" for claim in claims):
            notes.append("lower bound")
        if any(claim.grade == "D" for claim in claims):
            notes.append("derived")
        breaks = {claim.series_break for claim in claims} - {""}
        self.rows.append(
            {
                "quantity": quantity,
                "basin": basin,
                "year": year,
                "value": f"{sum(claim.value for claim in claims) * scale:.6g}",
                "low": f"{one.low * scale:.6g}" if one and one.low is not None else "",
                "high": f"{one.high * scale:.6g}" if one and one.high is not None else "",
                "unit": OBSERVED[quantity],
                "claims": ";".join(claim.id for claim in claims),
                "coverage": coverage_of(year),
                "series_break": next(iter(sorted(breaks)), ""),
                "note": "; ".join(notes),
            }
        )

    def areas(self) -> None:
        """Add national and basin areas."""
        for year, claim in self.ledger.preferred("coca_area_unodc", "Peru").items():
            if year >= 2001:
                self.add("coca_area_ha", ALL, year, [claim], 1.0)
        found: dict[tuple[str, int], list[Claim]] = {}
        for name, basin in dict.fromkeys((row.zone_name, row.basin) for row in self.crosswalk):
            for year, claim in self.ledger.preferred("coca_area_unodc", f"Peru/{name}").items():
                if year >= 2018 or (basin, year) not in found:
                    found.setdefault((basin, year), []).append(claim)
        for (basin, year), claims in sorted(found.items()):
            self.add("coca_area_ha", basin, year, claims, 1.0)

    def prices(self) -> None:
        """Add leaf and cocaine prices at origin, in USD of 2013."""
        for quantity, names in (
            ("price_leaf_usd2013_per_kg", ("price_leaf", "price_leaf_arroba")),
            ("price_cocaine_origin_usd2013_per_kg", ("price_hcl",)),
        ):
            for basin, place in ((ALL, "Peru"), ("vraem", "Peru/VRAEM")):
                seen: set[int] = set()
                for name in names:
                    for year, claim in self.ledger.preferred(name, place).items():
                        if year in self.deflator and year not in seen:
                            seen.add(year)
                            self.add(quantity, basin, year, [claim], self.scale(claim, year), self.price_note(claim))

    def scale(self, claim: Claim, year: int) -> float:
        """Return what turns a price into USD of 2013 a kilogram."""
        currency, mass = claim.unit.split("/")
        rate = self.pen[year] if currency == "PEN" else 1.0
        return 1 / (KG_PER_ARROBA["enaco"] if mass == "arroba" else 1.0) / rate / self.deflator[year]

    @staticmethod
    def price_note(claim: Claim) -> str:
        """Return what a reader of a converted price must know."""
        arroba = "arroba taken as 11.5 kg" if claim.unit.endswith("arroba") else ""
        cities = "includes destination cities" if claim.id == "C0811" else ""
        return "; ".join(part for part in (arroba, cities) if part)

    def flows(self) -> None:
        """Add leaf, seizures and eradication."""
        for basin, place in ((ALL, "Peru"), ("vraem", "Peru/VRAEM")):
            for year, claim in self.ledger.preferred("leaf_production", place).items():
                self.add("leaf_kg", basin, year, [claim], KG_PER_T)
        added = "base and hydrochloride added, not made pure"
        parts = [self.ledger.preferred(name, "Peru") for name in SEIZED]
        for year in sorted(set(parts[0]) & set(parts[1])):
            self.add("seized_kg", ALL, year, [part[year] for part in parts], 1.0, added)
        for year, claim in self.ledger.preferred("seizure_cocaine_total", "Peru").items():
            self.add("seized_kg", ALL, year, [claim], 1.0, "base and hydrochloride together, as published")
        for year, claim in self.ledger.preferred("eradication", "Peru").items():
            self.add("eradicated_ha", ALL, year, [claim], 1.0)


def build_observations(pack: Path) -> None:
    """Write observations.csv from the pack's ledger, series and crosswalk."""
    crosswalk = [
        CrosswalkRow(row["list_version"], row["zone_name"], row["basin"], float(row["weight"]), row["note"])
        for row in read(pack / "crosswalk.csv")
        if row["list_version"] not in ("departments", "groups")
    ]
    ledger = read_ledger(pack / "claims.csv", pack / "sources.csv")
    observations = Observations(ledger, read(pack / "series.csv"), crosswalk)
    observations.areas()
    observations.prices()
    observations.flows()
    order = list(OBSERVED)
    rows = sorted(observations.rows, key=lambda row: (order.index(str(row["quantity"])), str(row["basin"]), str(row["year"])))
    write(pack / "observations.csv", tuple(Observation.__dataclass_fields__), rows)
