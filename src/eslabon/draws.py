"""Keyed random numbers: value = f(seed, member, stage, month, who, decision), with no state at all.

The generator is threefry2x32 with 20 rounds (Salmon et al. 2011, Random123). Because a number depends only on
its key, the same household has the same luck in every scenario, thread, chunk and machine.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import config, njit

U32 = np.uint32
F32 = np.float32
_PARITY = U32(0x1BD11BDA)
_TO_UNIT = F32(2.0**-24)
_EIGHT = U32(8)

_SOURCES = ("draws.py", "state.py", "stages/households.py", "stages/passes.py")


def _kernel_cache() -> str:
    """Return a folder for compiled kernels named by all their sources: numba itself watches one file a function."""
    here = Path(__file__).parent
    digest = hashlib.sha256(b"".join((here / s).read_bytes() for s in _SOURCES)).hexdigest()[:12]
    for root in (here / "__pycache__", Path.home() / ".cache" / "eslabon", Path(tempfile.gettempdir()) / "eslabon"):
        folder = root / f"kernels-{digest}"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK):
            return str(folder)
    return ""


if not config.CACHE_DIR:
    config.CACHE_DIR = _kernel_cache()

inlined: Callable[..., Any] = njit(cache=True, error_model="numpy", forceinline=True)
"""Decorator of everything called inside the household loop: LLVM must see one loop body to vectorise it."""
compiled: Callable[..., Any] = njit(cache=True, error_model="numpy", nogil=True)
"""Decorator of the drivers that Python calls."""


@inlined
def _rotate(x, bits):  # type: ignore[no-untyped-def]
    return U32(U32(x << U32(bits)) | U32(x >> U32(32 - bits)))


@inlined
def _four_rounds(x0, x1, a, b, c, d):  # type: ignore[no-untyped-def]
    x0 = U32(x0 + x1)
    x1 = _rotate(x1, a) ^ x0
    x0 = U32(x0 + x1)
    x1 = _rotate(x1, b) ^ x0
    x0 = U32(x0 + x1)
    x1 = _rotate(x1, c) ^ x0
    x0 = U32(x0 + x1)
    x1 = _rotate(x1, d) ^ x0
    return x0, x1


@inlined
def threefry(x0, x1, k0, k1):  # type: ignore[no-untyped-def]
    """Return the two 32-bit words of threefry2x32-20 for counter (x0, x1) and key (k0, k1)."""
    k2 = U32(k0 ^ k1 ^ _PARITY)
    x0 = U32(x0 + k0)
    x1 = U32(x1 + k1)
    x0, x1 = _four_rounds(x0, x1, 13, 15, 26, 6)
    x0 = U32(x0 + k1)
    x1 = U32(U32(x1 + k2) + U32(1))
    x0, x1 = _four_rounds(x0, x1, 17, 29, 16, 24)
    x0 = U32(x0 + k2)
    x1 = U32(U32(x1 + k0) + U32(2))
    x0, x1 = _four_rounds(x0, x1, 13, 15, 26, 6)
    x0 = U32(x0 + k0)
    x1 = U32(U32(x1 + k1) + U32(3))
    x0, x1 = _four_rounds(x0, x1, 17, 29, 16, 24)
    x0 = U32(x0 + k1)
    x1 = U32(U32(x1 + k2) + U32(4))
    x0, x1 = _four_rounds(x0, x1, 13, 15, 26, 6)
    x0 = U32(x0 + k2)
    x1 = U32(U32(x1 + k0) + U32(5))
    return x0, x1


@inlined
def to_unit(word):  # type: ignore[no-untyped-def]
    """Return a float32 in [0, 1) from the upper 24 bits of a word."""
    return F32(np.int32(U32(word) >> _EIGHT)) * _TO_UNIT


@compiled
def _words(x0: int, x1: int, k0: int, k1: int) -> tuple[int, int]:
    return threefry(U32(x0), U32(x1), U32(k0), U32(k1))  # type: ignore[no-any-return]


@compiled
def _fill(k0, k1, who, first, out):  # type: ignore[no-untyped-def]
    for i in range(out.shape[1]):
        a, b = threefry(U32(who), U32(first + i), k0, k1)
        out[0, i] = to_unit(a)
        out[1, i] = to_unit(b)


Key = tuple[np.uint32, np.uint32]


def name_word(name: str) -> np.uint32:
    """Return a 32-bit identity of a name, the same in every process: who somebody is never depends on position."""
    return U32(int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest(), "little"))


def stream_key(seed: int, member: int, stage: str, month: int) -> Key:
    """Return the key of one stage's draws in one month of one member.

    Parameters
    ----------
    seed : int
        0 <= seed < 2**64; zero is a seed like any other.
    member : int
        Index of the ensemble member, >= 0.
    stage : str
        Name of the stage or of the purpose ("parameters", "start").
    month : int
        Month index of `eslabon.clock`, or 0 outside time.
    """
    low, high = seed & 0xFFFFFFFF, (seed >> 32) & 0xFFFFFFFF
    a, b = _words(member, int(name_word(stage)), low, high)
    a, b = _words(month, 0, a, b)
    return U32(a), U32(b)


def uniforms(key: Key, who: str, size: int, first: int = 0) -> npt.NDArray[np.float32]:
    """Return two independent uniforms in [0, 1) for each of `size` serial numbers of `who`.

    Returns
    -------
    ndarray of float32, shape (2, size)
        Element [d, i] depends only on (key, who, first + i, d).
    """
    out = np.empty((2, size), np.float32)
    _fill(key[0], key[1], name_word(who), first, out)
    return out


def uniform(key: Key, who: str) -> float:
    """Return one uniform in (0, 1) for the name `who`, at 2**-24 resolution, never exactly 0."""
    return (float(uniforms(key, who, 1)[0, 0]) * 2**24 + 0.5) / 2**24


def normal(key: Key, who: str) -> float:
    """Return one standard normal deviate for the name `who`."""
    return NormalDist().inv_cdf(uniform(key, who))
