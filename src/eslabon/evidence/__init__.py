"""Evidence: claims with their sources, the region pack that carries them, and the checks on both.

The package has the name of a verb of the public interface, so it can be called: `eslabon.evidence(place="VRAEM")`.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

VERB = "eslabon.api"
"""Where the verb lives; looked up when called, so that this layer does not import a higher one."""


class _Verb(ModuleType):
    """A package that is also the verb of its name."""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return what `eslabon.api.evidence` returns."""
        return import_module(VERB).evidence(*args, **kwargs)


sys.modules[__name__].__class__ = _Verb
