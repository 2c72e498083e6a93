"""What the carton packer is asked and what it answers: kinds of boxes, a container, places.

Lengths are whole numbers of one unit (mm in load lists, cm or inches in published problems).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations

Sizes = tuple[int, int, int]


@dataclass(frozen=True)
class BoxKind:
    """Equal boxes: `sizes` (length, width, height), how many, and the ways they may stand.

    `ways`: allowed (dx, dy, dz), each a permutation of `sizes`. `mass_kg` is that of one box.
    """

    sizes: tuple[int, int, int]
    count: int
    ways: tuple[tuple[int, int, int], ...]
    mass_kg: float = 0.0

    @property
    def volume(self) -> int:
        """Volume of one box, in cubed units of length."""
        return self.sizes[0] * self.sizes[1] * self.sizes[2]


@dataclass(frozen=True)
class BoxPlace:
    """One box in its place; `kind` is the index of its kind."""

    kind: int
    x: int
    y: int
    z: int
    dx: int
    dy: int
    dz: int


def ways_by_flags(
    sizes: tuple[int, int, int], upright: Sequence[bool], turn: bool = True
) -> tuple[tuple[int, int, int], ...]:
    """The ways a box may stand: `upright[i]` says that its i-th size may be the vertical one.

    Without `turn` the first size stays along the container where the box stands as it is given;
    laid on another side, the longer of the two other sizes does.
    """
    found = []
    for order in permutations(range(3)):
        dx, dy, dz = (sizes[i] for i in order)
        if not upright[order[2]]:
            continue
        as_given = dz == sizes[2] and {dx, dy} == {sizes[0], sizes[1]}
        along = dx == sizes[0] if as_given else dx >= dy
        if (turn or along) and (dx, dy, dz) not in found:
            found.append((dx, dy, dz))
    return tuple(found)


def on_grid(kinds: Sequence[BoxKind], inner: Sizes) -> tuple[list[BoxKind], Sizes, int]:
    """Kinds and container in steps of the greatest common divisor of all sizes, and that step.

    Of the container only whole steps count. Fewer steps make the search faster, not coarser. The
    step is 0 where no kind has a way to stand.
    """
    grid = math.gcd(*(s for kind in kinds for way in kind.ways for s in way))
    if grid < 1:
        return list(kinds), inner, 0
    small = [
        replace(
            kind,
            sizes=_divided(kind.sizes, grid),
            ways=tuple(_divided(way, grid) for way in kind.ways),
        )
        for kind in kinds
    ]
    return small, _divided(inner, grid), grid


def off_grid(places: Sequence[BoxPlace], grid: int) -> tuple[BoxPlace, ...]:
    """Places in the unit of lengths again."""
    return tuple(
        BoxPlace(p.kind, *(v * grid for v in (p.x, p.y, p.z, p.dx, p.dy, p.dz))) for p in places
    )


def _divided(sizes: Sizes, grid: int) -> Sizes:
    return (sizes[0] // grid, sizes[1] // grid, sizes[2] // grid)
