"""The reference page of the codes of `eslabon import`, from the tables of codes and the catalogue."""

from __future__ import annotations

from doc_tables import table
from eslabon.evidence.tables.codes import READING
from eslabon.evidence.tables.findings import CODES, LEVELS
from eslabon.i18n import catalogue

MEANING = {"refuse": "Refusals", "ask": "Questions", "note": "Notes"}


def import_codes_page() -> str:
    """Return the page of every code, its words in English, what to do, and the quirk of official tables that it meets."""
    text = "# Codes of `eslabon import`\n\nA code keeps its meaning. `E-` refuses the file (exit code 2), `Q-` is a question that an option answers "
    text += "(exit code 1 while it is open), `N-` and `W-` tell. In braces: what was found. `quirk` is the number in the list of "
    text += (
        "quirks of official tables, 0 for what is none of them. [How to import a table](../how-to/import-a-table.md).\n\n## Of what the table says\n"
    )
    for level, heading in MEANING.items():
        codes = sorted(code for code in CODES if LEVELS[code[0]] == level)
        rows = [(f"`{code}`", CODES[code], _words(f"import_code.{code.lower()}"), _words(f"import_code.{code.lower()}-remedy")) for code in codes]
        text += f"\n### {heading}\n\n" + table(("code", "quirk", "what it says", "what to do"), rows)
    rows = [(f"`{code}`", "", _words(key), _words(f"{key}-remedy")) for code, key in sorted(READING.items())]
    return text + "\n## Of how the file was read\n\n" + table(("code", "", "what it says", "what to do"), rows)


def _words(key: str) -> str:
    return catalogue("en").get(key, "").replace("|", "\\|")
