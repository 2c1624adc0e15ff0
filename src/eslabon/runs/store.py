"""The store: a run is a folder; each batch of members is a set of Parquet files, renamed into place when whole.

The books and parameters of a batch are written first and its outcomes last, so a batch counts only once its outcomes are there; an
interrupted run continues by running it again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import numpy.typing as npt

from eslabon.books import FLOWS
from eslabon.errors import StoreError
from eslabon.runs.chunk import STOCKS, ChunkResult
from eslabon.stages.observe import Yearly
from eslabon.whole_files import replace_whole

Array = npt.NDArray[np.float64]
OUTCOMES, BOOKS, PARAMETERS = "outcomes.parquet", "books.parquet", "parameters.parquet"


def write_text(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    _in_place(path, lambda part: part.write_text(text, encoding="utf-8"))


def _in_place(path: Path, write: Any) -> None:
    replace_whole(path, write, "Free space or choose another --out.")


def _write_parquet(path: Path, columns: Mapping[str, Any]) -> None:
    def write(part: Path) -> None:
        with duckdb.connect() as connection:
            connection.register("batch", dict(columns))
            connection.execute(f"COPY (SELECT * FROM batch) TO '{str(part).replace(chr(39), chr(39) * 2)}' (FORMAT parquet)")

    _in_place(path, write)


def save_batch(folder: Path, batch: ChunkResult) -> None:
    """Store a chunk's books, drawn parameters and, last, outcomes."""
    stem = f"batch-{batch.members[0]:06d}-{batch.members[-1]:06d}"
    _write_parquet(folder / f"{stem}.{BOOKS}", _books(batch))
    _write_parquet(folder / f"{stem}.{PARAMETERS}", {"member": np.array(batch.members), **batch.parameters})
    _write_parquet(folder / f"{stem}.{OUTCOMES}", _outcomes(batch))


def _books(batch: ChunkResult) -> dict[str, Any]:
    some = batch.stocks[STOCKS[0]]
    members, months, basins = some.shape
    grid = np.indices((members, months, basins)).reshape(3, -1)
    columns: dict[str, Any] = {"member": np.array(batch.members)[grid[0]], "month": grid[1], "basin": grid[2]}
    for name, stock in batch.stocks.items():
        columns[f"stock.{name}"] = stock.reshape(-1)
    for name, flow in batch.postings.items():
        columns[f"flow.{name}"] = np.concatenate([np.zeros((members, 1, basins)), flow], axis=1).reshape(-1)
    return columns


def _outcomes(batch: ChunkResult) -> dict[str, Any]:
    columns: dict[str, list[Any]] = {n: [] for n in ("member", "outcome", "unit", "basin", "corridor", "year", "value")}
    members = np.array(batch.members)
    for row in batch.yearly:
        n, years = row.values.shape
        columns["member"].append(np.repeat(members, years))
        columns["year"].append(np.tile(np.array(row.years), n))
        columns["value"].append(row.values.reshape(-1))
        for name, text in (("outcome", row.outcome), ("unit", row.unit), ("basin", row.basin), ("corridor", row.corridor or "")):
            columns[name].append(np.full(n * years, text, dtype=object))
    return {name: np.concatenate(parts) for name, parts in columns.items()}


def stored_members(folder: Path) -> set[int]:
    """Return the members whose outcomes are stored."""
    files = sorted(folder.glob(f"batch-*.{OUTCOMES}"))
    found: set[int] = set()
    for file in files:
        found |= {int(m) for (m,) in _query(f"SELECT DISTINCT member FROM {_read(file)}", file)}
    return found


def _read(file: Path) -> str:
    return f"read_parquet('{str(file).replace(chr(39), chr(39) * 2)}')"


def _query(sql: str, file: Path) -> list[tuple[Any, ...]]:
    try:
        with duckdb.connect() as connection:
            rows: list[tuple[Any, ...]] = connection.execute(sql).fetchall()
            return rows
    except duckdb.Error as error:
        raise StoreError("damaged or unreadable", file=str(file), remedy="Delete this file and run again.") from error


def load_outcomes(folder: Path, members: Sequence[int] | None = None, outcome: str | None = None) -> list[Yearly]:
    """Return the yearly outcomes of a run, members in ascending order.

    Parameters
    ----------
    members : sequence of int, optional
        Only these; all by default.
    outcome : str, optional
        Only this one; all by default.
    """
    files = sorted(folder.glob(f"batch-*.{OUTCOMES}"))
    if not files:
        raise StoreError("no finished members here", file=str(folder), remedy="Run the scenario first.")
    chosen = f"WHERE member IN ({','.join(map(str, members))})" if members is not None else "WHERE true"
    chosen += f" AND outcome = '{outcome.replace(chr(39), chr(39) * 2)}'" if outcome is not None else ""
    listed = ", ".join(f"'{str(f).replace(chr(39), chr(39) * 2)}'" for f in files)
    try:
        with duckdb.connect() as connection:
            table = connection.execute(
                f"SELECT outcome, unit, basin, corridor, member, year, value FROM read_parquet([{listed}]) {chosen} "
                "ORDER BY outcome, basin, corridor, member, year"
            ).fetchnumpy()
    except duckdb.Error as error:
        raise StoreError("damaged or unreadable", file=str(folder), remedy="Run the scenario again into a new folder.") from error
    return list(_split(table)) if len(table["value"]) else []


def _split(table: Mapping[str, Any]) -> list[Yearly]:
    out = []
    codes = [np.unique(np.asarray(table[n], dtype=str), return_inverse=True) for n in ("outcome", "basin", "corridor")]
    group = (codes[0][1] * len(codes[1][0]) + codes[1][1]) * len(codes[2][0]) + codes[2][1]
    edges = np.flatnonzero(np.diff(group)) + 1
    for start, stop in zip([0, *edges], [*edges, len(group)], strict=True):
        years = tuple(int(y) for y in np.unique(table["year"][start:stop]))
        values = np.asarray(table["value"][start:stop], dtype=float).reshape(-1, len(years))
        name, unit, basin, corridor = (str(table[n][start]) for n in ("outcome", "unit", "basin", "corridor"))
        out.append(Yearly(name, unit, basin, corridor or None, years, values))
    return out


def load_books(file: Path) -> tuple[dict[str, Array], dict[str, Array]]:
    """Return the postings and stocks of one batch, as `books.audit` takes them."""
    try:
        with duckdb.connect() as connection:
            table = connection.execute(f"SELECT * FROM {_read(file)} ORDER BY member, month, basin").fetchnumpy()
    except duckdb.Error as error:
        raise StoreError("damaged or unreadable", file=str(file), remedy="Delete this batch and run again.") from error
    shape = tuple(len(np.unique(table[n])) for n in ("member", "month", "basin"))
    missing = [n for n in (*(f"flow.{f}" for f in FLOWS), *(f"stock.{s}" for s in STOCKS)) if n not in table]
    if missing or np.prod(shape) != len(table["member"]):
        raise StoreError("incomplete books", file=str(file), value=missing, remedy="Delete this batch and run again.")
    postings = {n: np.asarray(table[f"flow.{n}"], dtype=float).reshape(shape)[:, 1:] for n in FLOWS}
    return postings, {n: np.asarray(table[f"stock.{n}"], dtype=float).reshape(shape) for n in STOCKS}


def load_parameters_drawn(file: Path) -> dict[str, Array]:
    """Return what the members of one batch drew, by parameter, members ascending."""
    try:
        with duckdb.connect() as connection:
            table = connection.execute(f"SELECT * FROM {_read(file)} ORDER BY member").fetchnumpy()
    except duckdb.Error as error:
        raise StoreError("damaged or unreadable", file=str(file), remedy="Delete this batch and run again.") from error
    return {name: np.asarray(values, dtype=float) for name, values in table.items()}


def read_manifest(folder: Path) -> dict[str, Any]:
    """Return a run's manifest."""
    path = folder / "manifest.json"
    try:
        return dict(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        raise StoreError("not a run folder", file=str(path), remedy="Give the folder that `eslabon run` printed.") from error
