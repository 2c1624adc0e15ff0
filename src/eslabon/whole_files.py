"""Files that are written whole or not at all: a new file beside the old one, forced to disk, renamed into place."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable
from pathlib import Path

from eslabon.errors import StoreError


def replace_whole(path: Path, write: Callable[[Path], object], remedy: str) -> None:
    """Let `write` fill a file beside `path`, force it to disk, and put it in the place of `path`.

    Parameters
    ----------
    path : Path
        The file to replace; its folder is made if it is not there.
    write : callable
        Given the path of the new file, writes it.
    remedy : str
        What a user can do if the disk refuses.

    Raises
    ------
    StoreError
        If a step is refused; what stood at `path` is untouched.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(part)
        with part.open("rb") as handle:
            os.fsync(handle.fileno())
        part.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise StoreError(f"cannot write: {error.strerror}", file=str(path), remedy=remedy) from error


def force_folder(folder: Path, remedy: str) -> None:
    """Force the names in a folder to disk, where the system lets a folder be opened and forced.

    Raises
    ------
    StoreError
        If the disk refuses.
    """
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise StoreError(f"cannot write: {error.strerror}", file=str(folder), remedy=remedy) from error
    finally:
        os.close(handle)
