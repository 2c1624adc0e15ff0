"""Sentences of a reconciliation: findings, reasons, verdicts and what would have to be true."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from eslabon.evidence.reconcile.arithmetic import Requirement, Term
from eslabon.evidence.reconcile.chain import ASSUMPTION, Chain, measured_name
from eslabon.evidence.reconcile.findings import Candidate, Finding
from eslabon.evidence.reconcile.readings import Reading
from eslabon.i18n import has_text, phrase, translate
from eslabon.report.numbers import DASH, MINUS, NARROW_SPACE, number, significant, slug
from eslabon.study.reconciliation import Reconciliation, Verdict

SHARE_UNITS = ("share", "percent", "fraction")
YEARS = ("year", "other_year")


def place_name(place: str, lang: str) -> str:
    """Return a place as a reader calls it: its last part, the nation by its own name."""
    last = place.rpartition("/")[2]
    return translate("place.nation", lang) if last == "Peru" else last


def variable_name(name: str, lang: str) -> str:
    """Return a variable of the network in words, with its place."""
    key, _, place = name.partition("@")
    words = translate(f"chain.{key.partition('[')[0]}", lang)
    return f"{words}, {place_name(place, lang)}" if place else words


def measure(value: float, unit: str, lang: str, key: str = "", *, printed: bool = False) -> str:
    """Return a value with its unit; shares as percentages, growth as a change.

    Parameters
    ----------
    value : float
        In `unit`.
    key : str
        Key of the variable, where it decides how the value is shown.
    printed : bool
        Show every digit, because somebody printed it.
    """
    shown = as_printed if printed else number
    if key == "area_growth":
        change = 100 * (value - 1)
        return f"{'+' if change > 0 else ''}{shown(round(change, 6)).replace('-', MINUS)}{NARROW_SPACE}%"
    if unit in SHARE_UNITS:
        return f"{shown(round(value * (1 if unit == 'percent' else 100), 6))}{NARROW_SPACE}%"
    return f"{shown(value)} {unit_words(unit, lang)}"


def as_printed(value: float) -> str:
    """Return a number with all its digits."""
    text = f"{abs(value):,.6f}".rstrip("0").rstrip(".")
    return (MINUS if value < 0 else "") + text


def unit_words(unit: str, lang: str) -> str:
    """Return a unit of the chain in words."""
    key = f"measure.{slug(unit.removesuffix('/yr')) if unit == 't/yr' else slug(unit)}"
    return translate(key, lang) if has_text(key, lang) else unit


def said(reading: Reading, lang: str) -> str:
    """Return what a claim says: its value with unit, and whether it is a bound or a range."""
    claim, key = reading.claim, reading.variable
    value = measure(reading.value, reading.unit, lang, key, printed=True)
    if reading.bound:
        return translate(f"reconcile.{'at_least' if reading.bound == 'lower' else 'at_most'}", lang, value=value)
    if claim.bound_type == "range" and claim.low is not None and claim.high is not None and claim.low < claim.high:
        ends = [measure(reading.in_unit(end), reading.unit, lang, key, printed=True).partition(" ")[0] for end in (claim.low, claim.high)]
        return f"{value} [{DASH.join(ends)}]"
    return translate("reconcile.about", lang, value=value) if claim.bound_type == "approximate" else value


def listed(items: Sequence[str], lang: str) -> str:
    """Return items as a reader lists them."""
    if len(items) < 2:
        return "".join(items)
    return translate("reconcile.and", lang, first=", ".join(items[:-1]), last=items[-1])


def named_claims(chain: Chain, claims: Iterable[str], lang: str) -> str:
    """Return claims with what they say: `313 kg per kg (seed-028)`."""
    return listed([named_claim(chain, claim, lang) for claim in claims], lang)


def named_claim(chain: Chain, claim: str, lang: str) -> str:
    """Return a claim with what it says, and its year where it stands in for another."""
    reading = chain.reading(claim)
    if claim.startswith(ASSUMPTION):
        return translate("reconcile.assumed_share", lang, place=place_name(claim.partition("@")[2], lang))
    if reading is None:
        return claim
    year = f" {translate('reconcile.carried', lang, year=reading.claim.year)}" if reading.carried else ""
    return f"{said(reading, lang)}{year} ({claim})"


def headline(found: Reconciliation, lang: str) -> str:
    """Return in one sentence whether the claims can hold together."""
    count = len(found.findings)
    key = "can" if not count else "cannot_one" if count == 1 else "cannot"
    values = {"place": where(found.chain, lang), "year": found.chain.year, "n": len(found.chain.readings)}
    return translate(f"reconcile.{key}", lang, **values, count=count) if count > 1 else translate(f"reconcile.{key}", lang, **values)


def test_sentence(found: Reconciliation, lang: str) -> str:
    """Return the chi-square line, with all claims and without those ruled out."""
    everything, kept = found.everything, found.adjustment
    if not everything.degrees_of_freedom:
        return translate("reconcile.test_none", lang)
    words = [_test("test", everything.chi2, everything.degrees_of_freedom, everything.p, lang)]
    if found.left_out:
        ruled_out = listed(found.left_out, lang)
        words.append(_test("test_kept", kept.chi2, kept.degrees_of_freedom, kept.p, lang, ruled_out=ruled_out))
    if not kept.converged:
        words.append(translate("reconcile.not_converged", lang))
    if found.posterior and not found.posterior.converged:
        words.append(translate("reconcile.no_posterior", lang, reason=found.posterior.reason or found.posterior.status))
    return " ".join(words)


def _test(key: str, chi2: float, degrees: int, p: float, lang: str, **extra: str) -> str:
    return translate(f"reconcile.{key}", lang, chi2=number(chi2), degrees=degrees, p=probability(p), **extra)


def probability(p: float) -> str:
    """Return a probability; tiny ones as a bound."""
    return "< 0.0001" if p < 1e-4 else f"= {number(p, digits=2)}"


def apart(standard_errors: float | None) -> str:
    """Return a distance in standard errors."""
    return f"{standard_errors or 0.0:.1f}"


def where(chain: Chain, lang: str) -> str:
    """Return the places a reconciliation speaks of: the asked one, and its nation."""
    return listed([place_name(place, lang) for place in dict.fromkeys((chain.place, chain.nation))], lang)


def finding_sentence(finding: Finding, found: Reconciliation, lang: str) -> str:
    """Return what a finding says."""
    chain, name = found.chain, variable_name(finding.variable, lang)
    if finding.kind == "definition":
        return _definition(finding, name, lang)
    if finding.kind == "variant":
        return translate("reconcile.variant", lang, name=name, list=named_claims(chain, finding.claims, lang))
    if finding.kind == "repeat":
        return _repeat(finding, found, name, lang)
    if finding.kind == "inequality":
        return _inequality(finding, found, lang)
    if "accused" in finding.numbers:
        return _ruled_out(finding, chain, name, lang)
    strength = apart(finding.strength)
    return translate("reconcile.set", lang, name=name, list=named_claims(chain, finding.claims, lang), z=strength)


def _definition(finding: Finding, name: str, lang: str) -> str:
    numbers = finding.numbers
    first, second = (measure(float(numbers[k]), "kg", lang, printed=True) for k in ("first", "second"))
    said_by = {"first_claims": numbers["first_claims"], "second_claims": numbers["second_claims"]}
    return translate("reconcile.definition", lang, name=name.partition(",")[0], first=first, second=second, **said_by)


def _repeat(finding: Finding, found: Reconciliation, name: str, lang: str) -> str:
    numbers, reading = finding.numbers, found.chain.reading(finding.claims[0])
    unit = reading.unit if reading else ""
    value = measure(float(numbers["value"]), unit, lang, finding.variable.partition("@")[0], printed=True)
    years = {key: int(float(numbers[key])) for key in YEARS}
    return translate("reconcile.repeat", lang, name=name, value=value, claim=finding.claims[0], other=finding.claims[1], **years)


def _inequality(finding: Finding, found: Reconciliation, lang: str) -> str:
    chain, numbers = found.chain, finding.numbers
    strength = apart(finding.strength)
    if "ratio" not in numbers:
        part, whole = (named_claim(chain, claim, lang) for claim in (finding.claims[0], finding.claims[-1]))
        rule = translate(f"rule.{rule_key(str(numbers['balance']))}", lang)
        words = translate("reconcile.inequality", lang, rule=rule, part=part, whole=whole)
        return f"{words} {translate('reconcile.weighed_far', lang, z=strength)}"
    ratio, price, product = (chain.reading(claim) for claim in finding.claims)
    assert ratio is not None and price is not None and product is not None
    words = translate(
        "reconcile.leaf_dearer", lang, place=place_name(product.place, lang), ratio=as_printed(ratio.value), ratio_claim=ratio.claim.id,
        price=said(price, lang), price_claim=price.claim.id, cost=_span(float(numbers["cost_low"]), float(numbers["cost_high"])),
        product=said(product, lang), product_claim=product.claim.id, least=number(float(numbers["least"])), most=number(float(numbers["most"])),
    )  # fmt: skip
    near = "leaf_weighed" if (finding.strength or 0.0) < FAR else "weighed_far"
    return f"{words} {_would_hold(float(numbers['cost_low']), (ratio, price, product), lang)} {translate(f'reconcile.{near}', lang, z=strength)}"


def _would_hold(cost: float, claims: tuple[Reading, Reading, Reading], lang: str) -> str:
    """Return what each of the three figures alone would have to be."""
    ratio, price, product = claims
    factor = product.value / cost
    values = {"ratio": ratio.value * factor, "price": price.value * factor, "product": product.value / factor}
    shown = {key: measure(value, r.unit, lang) for (key, value), r in zip(values.items(), claims, strict=True)}
    return translate("reconcile.leaf_would", lang, **shown)


FAR = 2.0
"""Standard errors up to which errors of the usual size explain a contradiction of prices as printed."""


def rule_key(balance: str) -> str:
    """Return the catalogue's key of a balance's rule."""
    key = balance.partition("@")[0].partition(":")[0]
    return "origin_cheaper_than_city" if key.startswith("origin_cheaper_than") else key


def _span(low: float, high: float) -> str:
    ends = [f"{end:,.0f}" for end in (low, high)]
    return ends[0] if ends[0] == ends[1] else "–".join(ends)


def _ruled_out(finding: Finding, chain: Chain, name: str, lang: str) -> str:
    accused, others = finding.claims[0], finding.claims[1:]
    reading = chain.reading(accused)
    assert reading is not None
    ends = _others(finding.numbers["expected"], finding.numbers["low"], finding.numbers["high"], reading, lang)
    strength = apart(finding.strength)
    shown = {"name": name, "value": said(reading, lang), "claim": accused, "others": named_claims(chain, others, lang)}
    return translate("reconcile.ruled_out_by", lang, **shown, **ends, z=strength)


def _others(expected: float | str, low: float | str, high: float | str, reading: Reading, lang: str) -> dict[str, str]:
    values = {"expected": expected, "low": low, "high": high}
    return {key: measure(float(value), reading.unit, lang, reading.variable) for key, value in values.items()}


def reasons_sentence(candidates: Sequence[Candidate], chain: Chain, lang: str) -> str:
    """Return possible reasons in one sentence, empty where none was found."""
    words = list(dict.fromkeys(reason_words(candidate, chain, lang) for candidate in candidates))
    return translate("reconcile.reasons", lang, list="; ".join(words)) if words else ""


def reason_words(candidate: Candidate, chain: Chain, lang: str) -> str:
    """Return one possible reason."""
    shown = {key: _shown(key, value, lang) for key, value in candidate.numbers.items() if key not in ("balance",)}
    shown["claim"] = candidate.claims[0] if candidate.key == "closes" else candidate.claims[-1]
    shown["others"] = named_claims(chain, candidate.claims[1:], lang)
    return translate(f"slip.{candidate.key}", lang, **shown)


def _shown(key: str, value: float | str, lang: str) -> str:
    if isinstance(value, str):
        return phrase(value, lang)
    if key in YEARS:
        return str(int(value))
    return as_printed(significant(value, 4)) if key == "fits" else as_printed(value)


def ordered(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Return verdicts with those that fail first, then statements, then what was merely printed differently."""
    return sorted(verdicts, key=lambda v: (v.holds is not False, v.holds is None, v.reading.claim.grade != "C"))


def verdict_sentence(verdict: Verdict, lang: str) -> str:
    """Return whether a contested claim can stand."""
    reading = verdict.reading
    value = f"{variable_name(measured_name(reading), lang)}: {said(reading, lang)}"
    if verdict.holds is None:
        return translate("reconcile.open", lang, value=value, claim=reading.claim.id)
    if verdict.expected is None or verdict.low is None or verdict.high is None:
        return translate("reconcile.open_bound", lang, value=value, claim=reading.claim.id)
    ends = _others(verdict.expected, verdict.low, verdict.high, reading, lang)
    if verdict.holds:
        return translate("reconcile.holds", lang, value=value, claim=reading.claim.id, **ends)
    z = apart(verdict.distance)
    return translate("reconcile.does_not_hold", lang, value=value, claim=reading.claim.id, z=z, **ends)


def need_sentences(verdict: Verdict, found: Reconciliation, lang: str) -> list[str]:
    """Return what would have to be true for a contested claim, each with its arithmetic; the first only where it holds."""
    asked = verdict.arithmetic if verdict.holds is False else verdict.arithmetic[:1]
    words = [need_sentence(requirement, verdict, found, lang) for requirement in asked]
    return [*words, *(w for w in (adjusted_needs(verdict, lang),) if w and verdict.holds is False)]


def need_sentence(requirement: Requirement, verdict: Verdict, found: Reconciliation, lang: str) -> str:
    """Return one requirement with its calculation and what is printed of it elsewhere."""
    key = requirement.variable.partition("@")[0]
    need = number(requirement.value)
    value = measure(verdict.reading.value, verdict.reading.unit, lang, printed=True)
    place = place_name(verdict.reading.place, lang)
    words = translate(f"reconcile.need_{key}", lang, value=value, place=place, need=need, calculation=calculation(requirement.terms, lang))
    printed = named_claims(found.chain, [claim for claim, _ in requirement.printed], lang)
    return f"{words} {translate('reconcile.printed', lang, list=printed) if printed else translate('reconcile.printed_none', lang)}"


def adjusted_needs(verdict: Verdict, lang: str) -> str:
    """Return what would have to be true at adjusted values, empty where nothing is known."""
    items = []
    for need in verdict.needs:
        if need.value is not None and need.evidence is not None:
            values = {"value": measure(need.value, need.unit, lang), "evidence": measure(need.evidence, need.unit, lang)}
            items.append(translate("reconcile.need_item", lang, name=variable_name(need.variable, lang), **values))
    return translate("reconcile.need_adjusted", lang, list="; ".join(items)) if items else ""


def calculation(terms: Sequence[Term], lang: str) -> str:
    """Return a calculation as it would be written by hand, each figure with the id of its claim."""
    words = []
    difference = next((i for i, term in enumerate(terms) if term.sign == MINUS), None)
    for i, term in enumerate(terms):
        value = as_printed(term.value) if term.unit == "share" else measure(term.value, term.unit, lang, printed=True)
        close = ")" if "(" in term.sign else ""
        words.append(f"{term.sign} {value} ({term.claim}){close}".strip())
        if i == difference and i + 1 < len(terms):
            words = [f"({' '.join(words)})"]
    return " ".join(words)
