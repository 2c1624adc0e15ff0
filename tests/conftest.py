"""What every test may ask for: the shipped region, and a small one that runs in a fraction of a second."""

from __future__ import annotations

import dataclasses
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from eslabon.api import Region, load_region
from eslabon.study.shrink import shrink
from small_region import shrink_parameters


@pytest.fixture(scope="session")
def region() -> Region:
    """Return Peru as shipped."""
    return load_region()


@pytest.fixture(scope="session")
def small(region: Region) -> Region:
    """Return four basins with a twentieth of their coca."""
    return dataclasses.replace(region, pack=shrink(region.pack), parameters=shrink_parameters(region.parameters))


@pytest.fixture(scope="session")
def past(region: Region) -> Region:
    """Return the same four basins at their full size, as the 2001 start needs: its spread is given in hectares."""
    return dataclasses.replace(region, pack=shrink(region.pack, divisor=1.0))
