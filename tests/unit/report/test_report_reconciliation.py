"""Words, table, chart, page and command of a reconciliation."""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eslabon.cli.main import app
from eslabon.evidence.pack import load_pack
from eslabon.evidence.reconcile.claims_file import with_file
from eslabon.i18n import LANGUAGES, catalogue
from eslabon.report.reconciliation_charts import steps, waterfall
from eslabon.report.reconciliation_page import csv_text, file_stem, reconciliation_page, write_reconciliation
from eslabon.report.reconciliation_study import study_lines, study_table
from eslabon.report.reconciliation_tables import lines
from eslabon.report.reconciliation_text import report_lines
from eslabon.report.reconciliation_words import calculation, measure, test_sentence
from eslabon.study.reconciliation import Reconciliation, reconcile_place
from eslabon.study.reconciliation_rows import document

RUN = CliRunner()
test_sentence.__test__ = False  # type: ignore[attr-defined]
OWN = """id,quantity,place,year,value,unit,source_id
<b>a,coca_area_unodc,Atlantis,2013,50000,ha,
b,leaf_yield,Atlantis,2013,2400,kg/ha/yr,
c,leaf_production,Atlantis,2013,120000,t,
=d,leaf_traditional,Atlantis,2013,9000,t,
e,leaf_to_trafficking,Atlantis,2013,111000,t,
f,leaf_per_cocaine,Atlantis,2013,300,kg/kg,
g,cocaine_production,Atlantis,2013,370,t/yr,
"""


@pytest.fixture(scope="module")
def vraem() -> Reconciliation:
    """Return the VRAEM in 2013."""
    return reconcile_place(load_pack("peru").ledger, "VRAEM", 2013)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """Return a file of made-up claims that agree."""
    path = tmp_path / "own.csv"
    path.write_text(OWN, encoding="utf-8")
    return path


def words(found: Reconciliation, lang: str) -> str:
    """Return the report as one text."""
    return "\n".join(line for line, _ in report_lines(found, lang))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_report_says_what_the_issue_asks(vraem: Reconciliation, lang: str) -> None:
    said = words(vraem, lang)
    assert "20,000 ha (seed-006) × 3,600 kg/ha (C0574) × (1 − 0.06 (seed-007)) ÷ 400 t (seed-004) = 169 kg" in said
    for claim in ("seed-004", "seed-005", "seed-009", "seed-020", "seed-028", "seed-038", "seed-039", "C0590", "C0591", "C0592"):
        assert claim in said
    assert {"en": "digits changed places (121,424 and 121,242)", "es": "dígitos cambiados de lugar (121,424 y 121,242)"}[lang] in said


def test_the_two_languages_differ_in_every_sentence(vraem: Reconciliation) -> None:
    english, spanish = (set(words(vraem, lang).splitlines()) - {""} for lang in LANGUAGES)
    assert not english & spanish


def test_every_variable_rule_and_reason_has_its_words() -> None:
    from eslabon.evidence.reconcile.readings import RULES
    from eslabon.study.reconciliation_rows import ORDER

    known = set(catalogue("en"))
    assert {f"chain.{rule.variable}" for rule in RULES.values()} | {f"chain.{key}" for key in ORDER} <= known


def test_values_are_shown_as_a_reader_expects() -> None:
    assert measure(0.573, "share", "en", "leaf_share", printed=True) == "57.3\u202f%"
    assert measure(0.96, "ratio", "en", "area_growth") == "−4\u202f%"
    assert measure(2.7019, "PEN/USD", "es", printed=True) == "2.7019 PEN por USD"
    assert measure(121_424, "t", "en", printed=True) == "121,424 t"


def test_a_difference_before_a_division_is_put_in_brackets(vraem: Reconciliation) -> None:
    verdict = next(v for v in vraem.verdicts if v.reading.claim.id == "C0591")
    assert calculation(verdict.arithmetic[0].terms, "en").startswith("(121,242 t (C0591) − 9,000 t (C0618)) ÷ ")


def test_the_table_names_value_id_and_publisher(vraem: Reconciliation) -> None:
    cells = next(cells for cells in lines(vraem, "en") if cells[0] == ["Product, VRAEM"])
    assert cells[1][-1].startswith("400 t, seed-004: InSight Crime")
    assert cells[2][-1].startswith("✗")


def test_the_document_is_json_and_the_csv_has_every_claim(vraem: Reconciliation) -> None:
    told = json.loads(json.dumps(document(vraem), allow_nan=False))
    claims = {claim["claim"] for variable in told["variables"] for claim in variable["claims"]}
    assert claims == {reading.claim.id for reading in vraem.chain.readings}
    rows = list(csv.DictReader(io.StringIO(csv_text(vraem))))
    assert {row["claim"] for row in rows} - {""} == claims
    assert {row["claim"] for row in rows if row["ruled_out"] == "True"} == set(vraem.left_out)


def test_the_waterfall_adds_up(vraem: Reconciliation) -> None:
    """What is taken off the leaf leads exactly to what is left for the trade, and every claim has its mark."""
    bars = {bar.row.key: bar for bar in steps(vraem, "Peru/VRAEM")}
    taken = [bar for bar in bars.values() if bar.origin is not None]
    assert bars["leaf"].end - sum(bar.start - bar.end for bar in taken) == pytest.approx(bars["illicit"].end, rel=1e-6)
    series = waterfall(vraem, "Peru/VRAEM")["series"]
    crosses = [point["value"][0] for one in series if one.get("symbolSize") == 13 for point in one["data"]]
    circles = [point["value"][0] for one in series if one.get("symbolSize") == 9 for point in one["data"]]
    assert crosses == [400.0]
    assert {190.0, 200.0, 69_529.0} <= set(circles)


def test_the_frame_and_the_result_print_themselves(vraem: Reconciliation) -> None:
    table = vraem.table()
    assert set(vraem.left_out) == set(table.loc[table["ruled_out"] == True, "claim"])  # noqa: E712
    assert "seed-004 does not hold" in repr(vraem)
    assert "seed-003 holds" in repr(vraem)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.bold = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.bold += tag == "b"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_is_whole_and_offline(vraem: Reconciliation, lang: str) -> None:
    page = reconciliation_page(vraem, lang)
    tags = _Tags()
    tags.feed(page)
    assert {"answer", "findings", "flow", "contested", "table", "sure"} <= set(tags.ids)
    assert len(tags.ids) == len(set(tags.ids))
    assert "src=" not in page.partition("<script>")[0]
    assert f'<html lang="{lang}">' in page


def test_words_from_a_file_are_never_markup_or_formulas(own: Path, tmp_path: Path) -> None:
    found = reconcile_place(with_file(load_pack("peru").ledger, own, alone=True), "Atlantis", 2013)
    tags = _Tags()
    tags.feed(reconciliation_page(found).partition("<script")[0])
    assert tags.bold == 1
    assert "'=d" in csv_text(found)
    assert {path.suffix for path in write_reconciliation(tmp_path / "new", found)} == {".html", ".json", ".csv"}
    assert file_stem(found) == "reconcile-atlantis-2013"


def test_the_command_ends_with_0_1_or_2(own: Path, tmp_path: Path) -> None:
    """No finding, a finding, bad input."""
    clean = RUN.invoke(app, ["reconcile", str(own), "--alone", "--place", "Atlantis", "--json"])
    assert clean.exit_code == 0, clean.output
    assert json.loads(clean.stdout)["consistent"] is True
    wrong = tmp_path / "wrong.csv"
    wrong.write_text(OWN.replace("120000", "310000"), encoding="utf-8")
    finding = RUN.invoke(app, ["reconcile", str(wrong), "--alone", "--place", "Atlantis", "--lang", "es"])
    assert finding.exit_code == 1
    assert "no pueden" in finding.stdout
    bad = RUN.invoke(app, ["reconcile", "--place", "VRAEM", "--year", "1955"])
    assert "2013" in str(bad.exception)
    assert RUN.invoke(app, ["reconcile", "--method", "wsl"]).exception is not None


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_study_is_told_in_words(lang: str) -> None:
    line = {"line": "false accusation, clean ledgers", "value": 0.02, "low": 0.0, "high": 0.05, "holds": True}
    row = {"from": 0.9, "to": 0.95, "ledgers": 4, "named": 0.75, "expected": 0.9}
    made = {"ledgers": 4, "seed": 0, "pieces_a_ledger": 37.0, "planted_sigmas": 4.0, "acceptance": [line], "by_redundancy": [row]}
    assert "75\u202f%" in list(study_lines(made, lang))[1]
    table = study_table(made, lang)
    assert next(iter(table.columns[0].cells)) == catalogue(lang)["remark.false_clean"]  # type: ignore[union-attr]
