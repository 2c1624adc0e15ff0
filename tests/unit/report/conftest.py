"""The sample report, loaded by path so that it works under any import mode of pytest."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from eslabon.report.data import PageData


def load_sample() -> ModuleType:
    """Return the module beside this file."""
    name = "eslabon_report_sample"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name("sample.py"))
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    """Return the builders of the sample."""
    return load_sample()


@pytest.fixture(scope="session")
def data(sample: ModuleType) -> PageData:
    """Return a comparison of the baseline and one policy."""
    made: PageData = sample.page_data()
    return made


@pytest.fixture(scope="session")
def single(sample: ModuleType) -> PageData:
    """Return a plain run without differences."""
    made: PageData = sample.page_data(policies=0)
    return made
