"""Addresses of printed numbers: what a reader copies from a page to ask where the number comes from."""

from __future__ import annotations

from typing import Any

from eslabon.study.trace_address import PUBLISHED, Address


class Cell(str):
    """A number as it is printed, with the address that `eslabon trace` finds it by."""

    address: str

    def __new__(cls, words: str, address: str) -> Cell:
        made = super().__new__(cls, words)
        made.address = address
        return made


def figure_address(outcome: str, scenario: str, row: dict[str, Any], base: str | None = None) -> str:
    """Return the address of a row of quantiles: its outcome, place and year in a scenario, or a difference from another."""
    return Address(outcome, scenario, int(row["year"]), str(row["basin"]), row.get("corridor") or None, base).text()


def published_address(item: dict[str, Any]) -> str:
    """Return the address of a published figure in the pack."""
    return f"observations.csv/{item['quantity']}/{item['basin']}/{item['year']}"


def error_address(outcome: str, scenario: str, row: dict[str, Any]) -> str:
    """Return the address of a model's figure less the published one."""
    return figure_address(outcome, scenario, row, PUBLISHED)


def attributes(words: str) -> dict[str, str]:
    """Return the attributes that show a cell's address on the page; none for plain words."""
    return addressed(words.address) if isinstance(words, Cell) else {}


def addressed(address: str) -> dict[str, str]:
    """Return the attributes that show an address."""
    return {"data_cell": address, "title": address}


__all__ = ["Cell", "addressed", "attributes", "error_address", "figure_address", "published_address"]
