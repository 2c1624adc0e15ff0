"""Random numbers against the published vectors of Random123, an implementation in plain integers, and statistics."""

from __future__ import annotations

import math

import numpy as np
import pytest

from eslabon.draws import F32, U32, name_word, normal, stream_key, threefry, to_unit, uniform, uniforms

MASK = 0xFFFFFFFF
KEY = stream_key(7, 0, "test", 0)


def threefry_of_integers(counter: tuple[int, int], key: tuple[int, int]) -> tuple[int, int]:
    """Return threefry2x32-20 as Salmon et al. (2011) write it: key injection after every four rounds."""
    keys = (*key, key[0] ^ key[1] ^ 0x1BD11BDA)
    a, b = (counter[0] + keys[0]) & MASK, (counter[1] + keys[1]) & MASK
    for turn in range(20):
        bits = (13, 15, 26, 6, 17, 29, 16, 24)[turn % 8]
        a = (a + b) & MASK
        b = ((b << bits) | (b >> (32 - bits))) & MASK ^ a
        if turn % 4 == 3:
            n = turn // 4 + 1
            a, b = (a + keys[n % 3]) & MASK, (b + keys[(n + 1) % 3] + n) & MASK
    return a, b


def compiled(counter: tuple[int, int], key: tuple[int, int]) -> tuple[int, int]:
    a, b = threefry(*(U32(word) for word in (*counter, *key)))
    return int(a), int(b)


@pytest.mark.parametrize(
    ("counter", "key", "answer"),
    [
        ((0, 0), (0, 0), (0x6B200159, 0x99BA4EFE)),
        ((MASK, MASK), (MASK, MASK), (0x1CB996FC, 0xBB002BE7)),
        ((0x243F6A88, 0x85A308D3), (0x13198A2E, 0x03707344), (0xC4923A9C, 0x483DF7A0)),
    ],
)
def test_known_answers_of_random123(counter: tuple[int, int], key: tuple[int, int], answer: tuple[int, int]) -> None:
    assert compiled(counter, key) == answer
    assert threefry_of_integers(counter, key) == answer


def test_equals_plain_integers_on_random_words() -> None:
    for a, b, c, d in np.random.default_rng(1).integers(0, 2**32, (300, 4)).tolist():
        assert compiled((a, b), (c, d)) == threefry_of_integers((a, b), (c, d))


def test_uniforms_take_the_upper_24_bits_of_the_words() -> None:
    found = uniforms(KEY, "vraem", 50, first=3)
    for i in range(50):
        words = threefry_of_integers((int(name_word("vraem")), 3 + i), (int(KEY[0]), int(KEY[1])))
        assert [float(v) for v in found[:, i]] == [word // 256 / 2**24 for word in words]


def test_a_number_depends_on_neither_call_length_nor_first_offset() -> None:
    whole = uniforms(KEY, "vraem", 1000)
    for first, size in ((0, 1), (17, 5), (128, 300), (999, 1)):
        np.testing.assert_array_equal(uniforms(KEY, "vraem", size, first), whole[:, first : first + size])


def test_seed_zero_is_a_seed_and_every_part_of_the_key_counts() -> None:
    base = (0, 0, "fields", 24300)
    others = [(1, 0, "fields", 24300), (2**32, 0, "fields", 24300), (2**64 - 1, 0, "fields", 24300), (0, 1, "fields", 24300),
              (0, 0, "prices", 24300), (0, 0, "fields", 24301)]  # fmt: skip
    streams = [tuple(uniforms(stream_key(*k), "vraem", 8).reshape(-1).tolist()) for k in (base, *others)]
    streams.append(tuple(uniforms(stream_key(*base), "huallaga", 8).reshape(-1).tolist()))
    assert len(set(streams)) == len(streams)
    assert len(set(streams[0])) == 16


def test_mean_variance_and_correlation_of_a_million_uniforms() -> None:
    n = 1_000_000
    pair = uniforms(stream_key(0, 0, "test", 0), "vraem", n).astype(float)
    for x in pair:
        assert abs(x.mean() - 1 / 2) < 5 * math.sqrt(1 / 12 / n)
        assert abs(x.var() - 1 / 12) < 5 * math.sqrt(1 / 180 / n)
        assert 0 <= x.min() < 1e-5 < 1 - 1e-5 < x.max() < 1
        assert abs(np.corrcoef(x[:-1], x[1:])[0, 1]) < 5 / math.sqrt(n)
    assert abs(np.corrcoef(*pair)[0, 1]) < 5 / math.sqrt(n)


def test_neighbouring_months_and_members_are_uncorrelated() -> None:
    n = 100_000
    base = uniforms(stream_key(0, 0, "test", 0), "vraem", n)[0]
    for other in (stream_key(0, 0, "test", 1), stream_key(0, 1, "test", 0), stream_key(1, 0, "test", 0)):
        assert abs(np.corrcoef(base, uniforms(other, "vraem", n)[0])[0, 1]) < 5 / math.sqrt(n)


def test_extreme_words_give_a_number_in_the_half_open_interval() -> None:
    assert float(to_unit(U32(0))) == 0.0
    assert float(to_unit(U32(MASK))) == 1 - 2**-24
    assert isinstance(to_unit(U32(MASK)), float | F32)


def test_one_uniform_is_never_at_the_ends_and_a_normal_is_its_quantile() -> None:
    for name in ("a", "b", "c"):
        u, z = uniform(KEY, name), normal(KEY, name)
        assert 0 < u < 1
        assert 0.5 * (1 + math.erf(z / math.sqrt(2))) == pytest.approx(u, abs=1e-12)
