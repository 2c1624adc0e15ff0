"""`eslabon ledger`: verify the chain of claims, lint them, append new ones."""

from __future__ import annotations

import datetime
import json
import re
import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from eslabon.i18n import phrase, translate

if TYPE_CHECKING:
    from eslabon.evidence.claims import Ledger
    from eslabon.evidence.ledger_check import ChainCheck
    from eslabon.evidence.ledger_echoes import Echo
    from eslabon.evidence.lint import Finding

ledger_app = typer.Typer(no_args_is_help=True, help="The ledger of claims: verify its chain, lint its rows, append to your own.")
console = Console()


class Language(StrEnum):
    """Languages of the messages."""

    en = "en"
    es = "es"


Folder = Annotated[Path | None, typer.Option("--ledger", help="Folder of your own ledger; `ledger` by default, if it is there.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the document as JSON and nothing else.")]
Lang = Annotated[Language, typer.Option(help="Language of the messages.")]
FINDING, BAD_INPUT = 1, 2


@ledger_app.command()
def verify(
    ledger: Folder = None, head: Annotated[str | None, typer.Option(help="A hash noted earlier, 12 digits or more: must still be there.")] = None,
    as_json: AsJson = False, lang: Lang = Language.en,
) -> None:  # fmt: skip
    """Check that nothing but appending happened to the pack's ledger and to yours.  Example: eslabon ledger verify"""
    from eslabon.evidence.ledger_check import check_chain

    checks = [check_chain(folder) for folder in _folders(ledger)]
    kept = head is None or any(check.has_hash(head) for check in checks)
    ok = kept and all(not check.problems for check in checks)
    if as_json:
        noted = {"head": head, "head_found": kept} if head is not None else {}
        _print({"ledgers": [check.document() for check in checks], **noted, "ok": ok})
    else:
        for check in checks:
            _show_chain(check, lang.value)
        if head is not None:
            _say(translate("ledger.head_found" if kept else "ledger.head_lost", lang.value, head=head))
    raise typer.Exit(0 if ok else FINDING)


@ledger_app.command()
def lint(ledger: Folder = None, as_json: AsJson = False, lang: Lang = Language.en) -> None:
    """Check units, forms, periods, bounds, corrections, and that no text names a person or a point.  Example: eslabon ledger lint"""
    from eslabon.evidence.ledger_check import check_rows
    from eslabon.evidence.ledger_echoes import find_echoes
    from eslabon.evidence.pack import load_pack

    pack = load_pack()
    own = _own(pack.ledger, ledger)
    whole = pack.ledger.joined(own[1]) if own else pack.ledger
    findings = list(check_rows(pack.ledger, pack.ledger, pack.root))
    if own:
        findings += check_rows(own[1], whole, own[0])
    echoes = find_echoes(whole)
    if as_json:
        echoed = [echo.document() for echo in echoes]
        _print({"claims": len(whole.claims), "findings": [f.document() for f in findings], "suggestions": echoed, "ok": not findings})
    else:
        _show_lint(len(whole.claims), findings, echoes, lang.value)
    raise typer.Exit(FINDING if findings else 0)


@ledger_app.command()
def append(
    file: Annotated[Path, typer.Argument(help="CSV of claims with the columns of the pack's claims.csv.")],
    sources: Annotated[Path | None, typer.Option(help="CSV of the sources that neither the pack nor your ledger has.")] = None,
    ledger: Annotated[Path, typer.Option("--ledger", help="Folder of your own ledger; started if it is not there.")] = Path("ledger"),
    write: Annotated[bool, typer.Option("--write", help="Write; without it nothing is written.")] = False,
    recorded: Annotated[datetime.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Day the rows enter; today by default.")] = None,
    as_json: AsJson = False, lang: Lang = Language.en,
) -> None:  # fmt: skip
    """Add claims to your own ledger, all or none; a dry run unless --write.  Example: eslabon ledger append claims.csv --write"""
    from eslabon.evidence import ledger_store
    from eslabon.evidence.ledger_entry import prepare
    from eslabon.evidence.ledger_intake import read_intake
    from eslabon.evidence.pack import load_pack

    base, day = load_pack().ledger, (recorded or datetime.datetime.now()).date()
    before = ledger_store.held(ledger)
    intake = read_intake(file, sources, base.joined(before))
    faults = [{"file": f.file, "place": f.place, "value": f.value, "rule": f.rule, "remedy": f.remedy} for f in intake.faults]
    if intake.faults:
        if as_json:
            _print({"file": str(file), "faults": faults, "written": False, "ok": False})
        else:
            for fault in intake.faults:
                _say(str(fault))
            _say(translate("ledger.refused", lang.value, count=len(faults), file=file.name))
        raise typer.Exit(BAD_INPUT)
    claims, entering = prepare(before, intake.claims, intake.sources, day, base)
    seal = ledger_store.append(ledger, intake.claims, intake.sources, day, base=base) if write else None
    if as_json:
        rows = [claim.model_dump(mode="json", exclude={"hash"}) for claim in claims]
        sealed = {"rows": seal.claims.rows, "head": seal.claims.head} if seal else None
        _print({"ledger": str(ledger), "claims": rows, "sources": [s.source_id for s in entering], "faults": [], "written": write,
                "seal": sealed, "ok": True})  # fmt: skip
        return
    for claim in claims:
        period = f"{claim.period_start} {translate('ledger.to', lang.value)} {claim.period_end}"
        corrected = translate("ledger.corrects", lang.value, id=claim.corrects) if claim.corrects else ""
        _say(f"{claim.id}  {claim.quantity}  {claim.place}  {period}  {claim.value:g} {claim.unit}  {claim.source_id}  {corrected}".rstrip())
    counts = {"claims": len(claims), "sources": len(entering), "folder": ledger}
    if seal is None:
        _say(translate("ledger.dry_run", lang.value, **counts))
    else:
        _say(translate("ledger.appended", lang.value, **counts, rows=seal.claims.rows, head=seal.claims.head))


def _folders(ledger: Path | None) -> list[Path]:
    from eslabon.evidence.ledger_chain import SEAL
    from eslabon.evidence.ledger_store import OWN
    from eslabon.evidence.pack import find_pack

    own = [ledger] if ledger is not None else [OWN] if (OWN / SEAL).is_file() else []
    return [find_pack("peru")[1], *own]


def _own(base: Ledger, folder: Path | None) -> tuple[Path, Ledger] | None:
    """Return a user's own ledger and its folder, if one is named or is there."""
    from eslabon.evidence.ledger_store import read_folder

    own = _folders(folder)[1:]
    return (own[0], read_folder(own[0])) if own else None


def _show_chain(check: ChainCheck, lang: str) -> None:
    _say(translate("ledger.of_folder", lang, folder=check.folder))
    for file, chain in sorted(check.files.chains.items()):
        _say(translate("ledger.extent", lang, file=file, rows=f"{chain.extent.rows:,}", head=chain.extent.head))
    for problem in check.problems:
        place = translate("ledger.line", lang, file=problem.file, line=problem.line)
        _say(f"  {place}: {phrase(problem.rule, lang)}. {phrase(problem.remedy, lang)}")
    _say(translate("ledger.broken" if check.problems else "ledger.whole", lang, count=len(check.problems)))


def _show_lint(claims: int, findings: list[Finding], echoes: tuple[Echo, ...], lang: str) -> None:
    for finding in findings:
        value = translate("ledger.found", lang, value=finding.value) if finding.value else ""
        _say(f"{finding.where}: {value}{phrase(finding.rule, lang)}. {_remedy(finding.remedy, lang)}")
    for echo in echoes:
        first = echo.claims[0]
        _say(
            translate(
                "ledger.echo", lang, claims=", ".join(c.id for c in echo.claims), value=f"{first.value:,.10g} {first.unit}",
                quantity=first.quantity, place=first.place, groups=", ".join(echo.groups),
            )
        )  # fmt: skip
    _say(translate("ledger.linted", lang, claims=f"{claims:,}", findings=len(findings), suggestions=len(echoes)))


def _remedy(text: str, lang: str) -> str:
    """Return a remedy in the language; that which names the nearest words is put together anew."""
    if found := re.fullmatch(r"Did you mean (.+)\?", text):
        return translate("ledger.did_you_mean", lang, word=found[1])
    if found := re.fullmatch(r"Valid: (.+)\.", text):
        return translate("ledger.valid", lang, words=found[1])
    return phrase(text, lang)


def _say(text: str) -> None:
    console.print(text, markup=False, highlight=False, soft_wrap=True)


def _print(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document, ensure_ascii=False, allow_nan=False) + "\n")
