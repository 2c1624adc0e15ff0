"""The posterior as an artefact of a pack: a CSV with one row a member, and a JSON with how it came about."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from eslabon.errors import InputError, nearest
from eslabon.params.table import DrawnTable, Parameter, ParameterTable
from eslabon.study.calibration.calibrate import Simulated
from eslabon.study.calibration.posterior import Posterior
from eslabon.study.calibration.predictive import Check
from eslabon.study.calibration.simulate import Setting
from eslabon.whole_files import replace_whole

Array = npt.NDArray[np.float64]
DIGITS = 9
UNINFORMED_CONTRACTION, UNINFORMED_SHIFT = 0.1, 0.2
"""A parameter whose variance shrank by less than this share and whose mean moved by less, in prior deviations, was not informed."""


def stem(until: int) -> str:
    """Return the name of the posterior of a cut-off."""
    return f"until-{until}"


def table_text(parameters: Mapping[str, Array]) -> str:
    """Return the members as CSV, one row each, to nine digits."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["member", *parameters])
    for member, row in enumerate(zip(*parameters.values(), strict=True)):
        writer.writerow([member, *(f"{value:.{DIGITS}g}" for value in row)])
    return out.getvalue()


def save_posterior(folder: Path, until: int, parameters: Mapping[str, Array], diagnostics: Mapping[str, Any]) -> Path:
    """Write the members and the diagnostics, each whole or not at all, and return the path of the members."""
    path = folder / f"{stem(until)}.csv"
    _write(path.with_suffix(".json"), json.dumps(diagnostics, indent=1, ensure_ascii=False, allow_nan=False) + "\n")
    _write(path, table_text(parameters))
    return path


def _write(path: Path, text: str) -> None:
    replace_whole(path, lambda part: part.write_text(text, encoding="utf-8", newline="\n"), "Free space or choose another --out.")


def load_posterior(path: Path, priors: ParameterTable) -> DrawnTable:
    """Return a stored posterior over the priors of today's table.

    Raises
    ------
    InputError
        If the file is missing, a column is unknown or missing, or a value is not a number.
    """
    if not path.is_file():
        known = [p.stem for p in path.parent.glob("*.csv")]
        remedy = nearest(path.stem, known) if known else "Run eslabon calibrate."
        raise InputError("no such posterior", file=str(path), value=path.stem, remedy=remedy)
    header, *rows = csv.reader(path.read_text(encoding="utf-8").splitlines())
    for name in header[1:]:
        if name not in priors:
            raise InputError("unknown parameter", file=path.name, place=f"line 1, column {name}", value=name, remedy=nearest(name, priors))
    for name in priors:
        if name not in header:
            raise InputError("a parameter is missing", file=path.name, place="line 1", value=name, remedy="Calibrate again with this version.")
    try:
        values = np.array([[float(cell) for cell in row[1:]] for row in rows])
    except ValueError as error:
        raise InputError("must be numbers", file=path.name, value=str(error), remedy="Restore the file or calibrate again.") from None
    if values.shape != (len(rows), len(header) - 1) or not np.isfinite(values).all() or not len(rows):
        raise InputError("rows must be as long as the header and finite", file=path.name, remedy="Restore the file or calibrate again.")
    return DrawnTable(dict(priors), {name: values[:, i] for i, name in enumerate(header[1:])})


def digest(path: Path) -> str:
    """Return the SHA-256 of a stored posterior."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


@dataclass(frozen=True)
class Informed:
    """What the figures said about one parameter, in prior standard deviations of its normal score."""

    parameter: str
    shift: float
    contraction: float

    @property
    def is_informed(self) -> bool:
        """Whether the figures said anything."""
        return self.contraction >= UNINFORMED_CONTRACTION or abs(self.shift) >= UNINFORMED_SHIFT


def informed(names: Sequence[str], posterior: Posterior) -> list[Informed]:
    """Return what the figures said about each estimated parameter, most informed first."""
    mean = posterior.weights @ posterior.z
    variance = posterior.weights @ (posterior.z - mean) ** 2
    found = [Informed(n, float(m), float(1 - v)) for n, m, v in zip(names, mean, variance, strict=True)]
    return sorted(found, key=lambda i: -max(i.contraction, abs(i.shift)))


def diagnostics(
    setting: Setting, simulated: Simulated, posterior: Posterior, checks: Sequence[Check], parameters: Mapping[str, Array]
) -> dict[str, Any]:
    """Return how a posterior came about, as plain data."""
    said = informed(setting.names, posterior)
    return {
        "until": setting.until,
        "seed": setting.seed,
        "households_each_stands_for": setting.divisor,
        "simulations": len(simulated.logs),
        "rounds": [n for _, n, _ in simulated.rounds],
        "kept": len(posterior.rows),
        "tolerance": round(posterior.tolerance, 4),
        "effective_sample_size": round(posterior.effective_size, 1),
        "figures": [{"quantity": d.quantity, "basin": d.basin, "year": d.year, "value": d.value, "claims": list(d.claims)} for d in setting.data],
        "predictive_checks": [{"kind": c.kind, "figures": c.figures, "p": round(c.p, 4), "suspect": c.suspect} for c in checks],
        "informed": [{"parameter": i.parameter, "shift": round(i.shift, 3), "contraction": round(i.contraction, 3)} for i in said if i.is_informed],
        "not_informed": [i.parameter for i in said if not i.is_informed],
        "priors": {n: _prior(p) for n, p in setting.table.items() if n in setting.names},
        "members": len(next(iter(parameters.values()))),
    }


def _prior(parameter: Parameter) -> dict[str, float]:
    return {"default": parameter.default, "low": parameter.low, "high": parameter.high}
