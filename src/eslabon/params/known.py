"""Parameters as known at a cut-off: a prior that rests on a later claim gives way to a wide one.

Equation
    The wide prior keeps its mode and ranges from half of it to twice as much, or as far as it did if that is further; a share,
    or the part that is learned in a month, stays below one.
"""

from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Mapping

from eslabon.params.table import Parameter, ParameterTable

WIDE_FACTOR = 2.0
SHARES = ("1", "share", "probability", "1/month")
"""Units of parameters that cannot exceed one where their prior does not; a memory by the month is such a share."""


def later_claims(parameter: Parameter, published: Mapping[str, datetime.date], day: datetime.date) -> tuple[str, ...]:
    """Return the claims of a parameter that were published after a day."""
    return tuple(claim for claim in parameter.claims if published[claim] > day)


def wide(parameter: Parameter) -> Parameter:
    """Return the parameter with a prior that says little more than its sign and its order of size."""
    half, twice = sorted((parameter.default / WIDE_FACTOR, parameter.default * WIDE_FACTOR))
    low, high = min(half, parameter.low), max(twice, parameter.high)
    capped = parameter.unit in SHARES and parameter.high <= 1
    return dataclasses.replace(parameter, low=low, high=min(high, 1.0) if capped else high, claims=())


def table_as_known(table: ParameterTable, published: Mapping[str, datetime.date], day: datetime.date) -> dict[str, Parameter]:
    """Return the table with the priors that rest on later claims made wide."""
    return {name: wide(p) if later_claims(p, published, day) else p for name, p in table.items()}
