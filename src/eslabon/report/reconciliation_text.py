"""A reconciliation for a terminal: the test, what cannot hold together, and what would have to be true."""

from __future__ import annotations

from collections.abc import Iterator

from eslabon.i18n import translate
from eslabon.report.reconciliation_page import notes
from eslabon.report.reconciliation_words import (
    finding_sentence,
    headline,
    need_sentences,
    ordered,
    reasons_sentence,
    test_sentence,
    verdict_sentence,
)
from eslabon.study.reconciliation import Reconciliation

BOLD, PLAIN, MUTED = "bold", "", "dim"


def report_lines(found: Reconciliation, lang: str) -> Iterator[tuple[str, str]]:
    """Yield lines of text with their style."""
    yield headline(found, lang), BOLD
    yield test_sentence(found, lang), PLAIN
    yield "", PLAIN
    yield translate("reconcile.findings", lang), BOLD
    for number, finding in enumerate(found.findings, start=1):
        yield f"{number}. {finding_sentence(finding, found, lang)}", PLAIN
        reasons = reasons_sentence(finding.candidates, found.chain, lang)
        if reasons:
            yield f"   {reasons}", MUTED
    if not found.findings:
        yield translate("reconcile.no_findings", lang), PLAIN
    yield "", PLAIN
    yield translate("reconcile.contested", lang), BOLD
    for verdict in ordered(found.verdicts):
        yield f"- {verdict_sentence(verdict, lang)}", PLAIN
        for need in need_sentences(verdict, found, lang):
            yield f"    {need}", MUTED
    if not found.verdicts:
        yield translate("reconcile.no_contested", lang), PLAIN
    yield "", PLAIN
    for note in notes(found, lang):
        yield note, MUTED
