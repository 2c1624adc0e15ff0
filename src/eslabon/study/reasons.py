"""Why a target is missed, in plain words, written after the score and apart from it: nothing here changes a number."""

from __future__ import annotations

NOT_MODELLED = {
    "S03": "Violence in the model belongs to Peru's armed group and to eradication; there is no violence of scarcity in another country, so "
    "this is counted as a miss.",
}
"""Targets without an experiment: counted, and missed."""

WHY: dict[str, str] = {}
"""Reasons by target, for those that were missed."""
