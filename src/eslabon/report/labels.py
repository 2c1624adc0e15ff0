"""Where the names on the map go: beside their disc, where they touch nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
GAP, LETTER, LINE = 4.0, 0.56, 1.25
"""Distance from the disc in px; width of a letter and height of a line in font sizes."""
SHIFTS = (0.0, -0.3, 0.3, -0.45, 0.45)
"""How far a name above or below its disc may move sideways, in its own widths."""


@dataclass(frozen=True)
class Disc:
    """A disc in px, y downwards, with the words beside it."""

    x: float
    y: float
    radius: float
    words: str


@dataclass(frozen=True)
class Place:
    """A side of the disc and an offset from there in px."""

    side: str
    dx: float
    dy: float


def places(discs: Sequence[Disc], font: float, limits: tuple[float, float]) -> list[Place | None]:
    """Return for each disc the first place where its words fit, or None where there is no room.

    Earlier discs choose first, so pass the most important ones first. `limits` are the left and right edge of the map.
    """
    taken: list[Box] = [(d.x - d.radius, d.y - d.radius, d.x + d.radius, d.y + d.radius) for d in discs]
    chosen: list[Place | None] = []
    for disc in discs:
        fitting = next(((place, box) for place, box in _candidates(disc, font) if _is_free(box, taken, limits)), None)
        if fitting:
            taken.append(fitting[1])
        chosen.append(fitting[0] if fitting else None)
    return chosen


def _candidates(disc: Disc, font: float) -> Iterator[tuple[Place, Box]]:
    width, height, reach = len(disc.words) * font * LETTER, font * LINE, disc.radius + GAP
    top, bottom = disc.y - height / 2, disc.y + height / 2
    yield Place("right", 0, 0), (disc.x + reach, top, disc.x + reach + width, bottom)
    yield Place("left", 0, 0), (disc.x - reach - width, top, disc.x - reach, bottom)
    for dy in (0.0, 6.0, 12.0):
        for shift in SHIFTS:
            dx = shift * width
            left, right = disc.x - width / 2 + dx, disc.x + width / 2 + dx
            yield Place("top", dx, -dy), (left, disc.y - reach - height - dy, right, disc.y - reach - dy)
            yield Place("bottom", dx, dy), (left, disc.y + reach + dy, right, disc.y + reach + height + dy)


def _is_free(box: Box, taken: Sequence[Box], limits: tuple[float, float]) -> bool:
    left, top, right, bottom = box
    inside = left >= limits[0] and right <= limits[1]
    return inside and all(right <= x0 or left >= x1 or bottom <= y0 or top >= y1 for x0, y0, x1, y1 in taken)
