"""Copies of the Peru pack that a test may spoil."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from eslabon.evidence.pack import RegionPack, find_pack, load_pack


@pytest.fixture(scope="session")
def peru() -> RegionPack:
    """Return the shipped pack."""
    return load_pack("peru")


@pytest.fixture
def pack_copy(tmp_path: Path) -> Path:
    """Return a copy of the shipped pack's data files."""
    folder = tmp_path / "copy"
    folder.mkdir()
    root = find_pack("peru")[1]
    for path in [*root.glob("*.csv"), root / "ledger.json"]:
        shutil.copy(path, folder)
    return folder


@pytest.fixture
def spoil(pack_copy: Path) -> Callable[[str, str, str], Path]:
    """Return a function that replaces the first occurrence of a text in a file of the copy."""

    def replace(file: str, old: str, new: str) -> Path:
        path = pack_copy / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return pack_copy

    return replace
