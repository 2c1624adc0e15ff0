"""Vintages: what was known on a day, what was in the ledger on a day, and corrections that point back."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from eslabon.errors import InputError
from eslabon.evidence.ledger_dates import published_days, source_day
from eslabon.evidence.pack import RegionPack
from small_ledger import ledger_of, make_claim, make_source

Date = datetime.date


DAYS = [
    ({"year": 2015}, Date(2015, 12, 31)),
    ({"year": 2015, "url": "https://paper.example/2015/07/09/coca"}, Date(2015, 7, 9)),
    ({"year": 2015, "url": "https://paper.example/2015/02/coca"}, Date(2015, 2, 28)),
    ({"year": 2015, "url": "https://paper.example/2015-03-04-coca"}, Date(2015, 3, 4)),
    ({"year": 2015, "url": "https://2012-2017.agency.example/2012/07/09"}, Date(2015, 12, 31)),
    ({"year": 2015, "url": "https://paper.example/2015/13/coca"}, Date(2015, 12, 31)),
    ({"year": None}, None),
    ({"year": 2015, "kind": "derived"}, None),
    ({"year": 2015, "kind": "memory"}, None),
]


@pytest.mark.parametrize(("changes", "day"), DAYS)
def test_day_of_a_source(changes: dict[str, Any], day: Date | None) -> None:
    """The day in the address where its year agrees, else the end of the year; nothing for what published nothing."""
    assert source_day(make_source(**changes)) == day


FROM_RULE = [
    ({}, {}, Date(2015, 12, 31), "the source's year"),
    ({"period_start": "2016-12-31", "period_end": "2016-12-31"}, {}, Date(2016, 12, 31), "no figure before its period ends"),
    ({"period_end": "2016-12-31", "quantity": "eradication_target"}, {}, Date(2015, 12, 31), "but a plan"),
    ({"period_end": "2016-12-31", "quantity": "targeted"}, {}, Date(2016, 12, 31), "a plan ends in _target"),
    ({"recorded": "2015-06-01"}, {}, Date(2015, 6, 1), "not after it was recorded"),
    ({}, {"year": None}, Date(2011, 12, 31), "no year: a year after the period"),
    ({"published": "2012-02-03"}, {}, Date(2012, 2, 3), "what the claim says itself"),
    ({"source_id": "unheard_of"}, {}, Date(2011, 12, 31), "no source: a year after the period"),
    ({"note": "see P1"}, {"kind": "memory"}, Date(2011, 12, 31), "memory names no parts"),
    ({"note": "from P1 (s2), P2"}, {"kind": "derived"}, Date(2019, 12, 31), "the latest of the claims and sources named"),
    ({"note": "from P2"}, {"kind": "derived"}, Date(2013, 12, 31), "the claim named"),
    ({"note": "0.5 x P2 (s2)"}, {"kind": "derived"}, Date(2018, 12, 31), "the source named"),
]


@pytest.mark.parametrize(("changes", "of_source", "day", "why"), FROM_RULE)
def test_the_rule(changes: dict[str, Any], of_source: dict[str, Any], day: Date, why: str) -> None:
    """Each sentence of the rule, on claims made for it; the parts come after what is worked out from them."""
    claim = make_claim(id="C1", **changes)
    parts = [make_claim(id="P1", source_id="s3"), make_claim(id="P2", source_id="s4")]
    sources = [make_source(**of_source), make_source("s2", year=2018), make_source("s3", year=2019), make_source("s4", year=2013)]
    days = published_days({c.id: c for c in (claim, *parts)}, {s.source_id: s for s in sources})
    assert days["C1"] == day, why


PUBLISHED = [
    ("C0001", Date(2019, 12, 31), "DEVIDA's area of 2018, transcribed in 2025"),
    ("C0413", Date(2016, 12, 31), "Colombia 2015, from the report on 2015"),
    ("C0414", Date(2025, 12, 31), "Colombia 2016 as revised in the report on 2024"),
    ("X0014", Date(2014, 12, 31), "consumer prices of 2013, read in a copy of 2026"),
    ("C0475", Date(2025, 12, 31), "a year's total told in that year: not before its end"),
    ("C0491", Date(2025, 11, 26), "to 26 November, in a paper of 13 November by its address: not before its end"),
    ("X0120", Date(2014, 12, 31), "midway between two counts, the later of a source of 2014"),
    ("X0130", Date(2018, 12, 31), "worked out from X0120 (2014), X0126 (2014) and C0959, whose source is of 2018"),
    ("C0300", Date(2019, 12, 31), "worked out from sources of 2017 and 2019 that its note names"),
    ("C0299", Date(2013, 12, 31), "worked out, no source named: a year after"),
    ("X0106", Date(2001, 12, 31), "from memory: a year after"),
    ("C0541", Date(2013, 12, 31), "a budget is known before its year"),
    ("X0135", Date(2011, 12, 31), "given in extra_ledger.csv"),
    ("X0133", Date(2026, 11, 25), "never after the day it was recorded"),
]


@pytest.mark.parametrize(("claim", "day", "why"), PUBLISHED)
def test_day_of_a_claim(peru: RegionPack, claim: str, day: Date, why: str) -> None:
    """Days set by hand from the rows and their sources."""
    assert peru.ledger.claims[claim].published == day, why
    assert peru.ledger.published[claim] == day


def test_every_claim_of_the_pack_is_dated(peru: RegionPack) -> None:
    """All have a day; none but plans and what the overrides name before its period ends; none after it was recorded."""
    early = set()
    for claim in peru.ledger.claims.values():
        assert claim.published and claim.recorded and claim.published <= claim.recorded
        if claim.published < claim.period_end and not claim.quantity.endswith(("_target", "_budget")):
            early.add(claim.id)
    assert early == {"X0135", "X0133", "rule-012"}


def test_a_vintage_holds_what_was_known(peru: RegionPack) -> None:
    """On the last day of 2013: the UN figure for 2012 and not that for 2013; a subset, and more each year."""
    then = peru.ledger.as_known(Date(2013, 12, 31))
    area = then.preferred("coca_area_unodc", "Peru")
    assert (max(area), area[2012].value) == (2012, 60_400)
    assert all(claim.published <= Date(2013, 12, 31) for claim in then.claims.values() if claim.published)
    sizes = [len(peru.ledger.as_known(Date(year, 12, 31)).claims) for year in range(1990, 2027)]
    assert sizes == sorted(sizes)
    assert sizes[-1] == len(peru.ledger.claims)
    assert {claim.source_id for claim in then.claims.values()} == set(then.sources)


def test_a_vintage_of_a_vintage_is_the_earlier(peru: RegionPack) -> None:
    for one, two in ((2010, 2018), (2018, 2010)):
        nested = peru.ledger.as_known(Date(one, 12, 31)).as_known(Date(two, 12, 31))
        assert nested.claims == peru.ledger.as_known(Date(min(one, two), 12, 31)).claims


def test_a_derived_claim_keeps_its_day_without_its_parts() -> None:
    """What it hangs on may be missing from a vintage; its day was settled before."""
    parts = make_claim(id="P1", source_id="late")
    derived = make_claim(id="D1", source_id="derived", note="from P1")
    sources = (make_source("late", year=2018), make_source("derived", kind="derived"))
    ledger = ledger_of(parts, derived, sources=sources)
    assert ledger.published == {"P1": Date(2018, 12, 31), "D1": Date(2018, 12, 31)}
    assert ledger.as_known(Date(2017, 12, 31)).claims == {}
    later = ledger_of(parts.model_copy(update={"recorded": Date(2027, 1, 1)}), derived, sources=sources)
    before = later.as_recorded(Date(2026, 1, 1))
    assert before.published == {"D1": Date(2018, 12, 31)}


def test_claims_worked_out_from_each_other_end() -> None:
    """A circle of derived claims is dated a year after, and does not run for ever."""
    one, two = make_claim(id="D1", source_id="d", note="from D2"), make_claim(id="D2", source_id="d", note="from D1")
    days = published_days({"D1": one, "D2": two}, {"d": make_source("d", kind="derived")})
    assert set(days.values()) == {Date(2011, 12, 31)}


def test_guard_refuses_what_came_later(peru: RegionPack) -> None:
    """Whatever way a later claim is asked for by its id, the answer names it, its day and the cut-off."""
    cutoff = Date(2013, 12, 31)
    seen = peru.ledger.guard(cutoff)
    later = next(claim for claim in peru.ledger.claims.values() if claim.published and claim.published > cutoff)
    asks = (lambda: seen.claims[later.id], lambda: seen.claims.get(later.id), lambda: later.id in seen.claims)
    for ask in asks:
        with pytest.raises(InputError) as caught:
            ask()
        assert later.id in caught.value.place
        assert str(later.published) in str(caught.value)
        assert "2013-12-31" in str(caught.value)
    known = peru.ledger.as_known(cutoff)
    assert dict(seen.claims) == known.claims
    assert len(seen.claims) == len(known.claims)
    assert seen.select(quantity="eradication") == known.select(quantity="eradication")
    with pytest.raises(KeyError):
        seen.claims["no such claim"]


OLD = make_claim(id="C1", value="100", source_id="s")
NEW = make_claim(id="C2", value="120", source_id="revised", corrects="C1")
NEWEST = make_claim(id="C3", value="130", source_id="revised", corrects="C2")


def test_a_corrected_claim_stays_and_is_not_preferred() -> None:
    """Both rows stay; the old one comes only when asked for, and in a vintage before the correction."""
    ledger = ledger_of(OLD, NEW, sources=(make_source(), make_source("revised", year=2018)))
    query = ("coca_area_unodc", "Peru")
    assert [claim.id for claim in ledger.select(*query)] == ["C2"]
    assert [claim.id for claim in ledger.select(*query, corrected=True)] == ["C1", "C2"]
    assert ledger.preferred(*query)[2010].id == "C2"
    assert ledger.preferred(*query, corrected=True)[2010].id == "C1", "the first in the file among equals"
    assert ledger.claims["C1"] is OLD
    assert ledger.corrections("C1") == (NEW,)
    assert ledger.corrections("C2") == ()
    assert ledger.as_known(Date(2017, 12, 31)).preferred(*query)[2010].id == "C1"
    assert ledger.as_known(Date(2018, 12, 31)).preferred(*query)[2010].id == "C2"


def test_a_corrected_correction_is_not_preferred() -> None:
    ledger = ledger_of(OLD, NEW, NEWEST, sources=(make_source(), make_source("revised", year=2018)))
    assert [claim.id for claim in ledger.select("coca_area_unodc", "Peru")] == ["C3"]


def test_a_slip_of_ours_is_another_matter() -> None:
    """A correction of our reading has the day of its source; what this ledger held before is asked by the day recorded."""
    old = OLD.model_copy(update={"recorded": Date(2026, 11, 25)})
    mended = make_claim(id="C2", value="120", corrects="C1", recorded="2027-01-31")
    ledger = ledger_of(old, mended)
    assert ledger.as_known(Date(2015, 12, 31)).preferred("coca_area_unodc", "Peru")[2010].id == "C2"
    assert ledger.as_recorded(Date(2026, 12, 31)).preferred("coca_area_unodc", "Peru")[2010].id == "C1"
    assert ledger.as_recorded(Date(2027, 1, 31)).preferred("coca_area_unodc", "Peru")[2010].id == "C2"
