"""A filling without a search, for when there is no time for one.

Into each cuboid of free room goes the brick of equal boxes that suits it best; what is left above,
beside and before the brick is filled in the same way (after J. A. George and D. F. Robinson, A
heuristic for packing boxes into a container, Computers and Operations Research 7, 1980). Every
brick stands on the floor or on one brick, so all boxes are supported in full, and the order in
which they are found is one of stuffing: nothing is ever set before something deeper inside.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from loading.cartons.boxes import BoxKind, BoxPlace, Sizes

SNUG = 1.0
"""Exponent of the share that a brick fills of the slab of room it stands in."""

_Longs = NDArray[np.int64]


def plain_filling(
    kinds: Sequence[BoxKind],
    inner: Sizes,
    *,
    counts: Sequence[int] | None = None,
    gains: Sequence[int] | None = None,
    most_kg: float = math.inf,
    snug: float = SNUG,
) -> tuple[BoxPlace, ...]:
    """Boxes for one container, in the order of stuffing.

    `counts`: how many boxes of each kind there are; `gains`: what a box of each kind is worth in
    place of its volume; `snug`: the exponent of `SNUG`, for other fillings of the same boxes.
    """
    ways = [(k, way) for k, kind in enumerate(kinds) for way in kind.ways]
    if not ways:
        return ()
    of = np.array([k for k, _ in ways], np.int64)
    sizes = np.array([way for _, way in ways], np.int64)
    worth = np.array([k.volume for k in kinds] if gains is None else gains, np.float64)[of]
    mass = np.array([k.mass_kg for k in kinds], np.float64)[of]
    left = np.array([k.count for k in kinds] if counts is None else counts, np.int64)
    kg = most_kg
    rooms: list[tuple[Sizes, Sizes]] = [((0, 0, 0), inner)]
    found: list[BoxPlace] = []
    while rooms:
        at, room = rooms.pop()
        here = _within(of, sizes, left, room)
        if not here.size:
            continue
        by_mass = (kg + 1e-9) // mass[here].clip(1e-9) if kg < math.inf else math.inf
        number = np.minimum(left[of[here]], by_mass).astype(np.int64)
        brick = _bricks(sizes[here], number, room)
        boxes = brick.prod(axis=1)
        slab = (sizes[here, 0] * brick[:, 0]).clip(1) * room[1] * room[2]
        value = boxes * worth[here] * (boxes * sizes[here].prod(axis=1) / slab) ** snug
        best = int(value.argmax())
        if value[best] <= 0:
            continue
        way = int(here[best])
        size: Sizes = tuple(sizes[way].tolist())
        along, across, high = brick[best].tolist()
        found += _boxes(int(of[way]), at, size, (along, across, high))
        left[of[way]] -= boxes[best]
        kg -= float(boxes[best]) * float(mass[way])
        dx, dy, dz = along * size[0], across * size[1], high * size[2]
        (x, y, z), (length, width, height) = at, room
        rooms.append(((x + dx, y, z), (length - dx, width, height)))
        rooms.append(((x, y + dy, z), (dx, width - dy, height)))
        rooms.append(((x, y, z + dz), (dx, dy, height - dz)))
    return tuple(found)


def _within(of: _Longs, sizes: _Longs, left: _Longs, room: Sizes) -> _Longs:
    """The ways of standing, of boxes that are left, that the room takes."""
    if min(room) <= 0:
        return np.empty(0, np.int64)
    return np.flatnonzero((left[of] > 0) & (sizes <= np.array(room)).all(axis=1))


def _bricks(sizes: _Longs, number: _Longs, room: Sizes) -> _Longs:
    """For each way the brick of at most so many boxes: how many along, across and upon another.

    Whole walls across the room; of fewer boxes whole columns; of fewer still one column.
    """
    most = np.array(room) // sizes
    high = np.minimum(most[:, 2], number)
    across = np.minimum(most[:, 1], number // high.clip(1))
    along = np.minimum(most[:, 0], number // (high * across).clip(1))
    return np.stack((along, across, high), axis=1)


def _boxes(kind: int, at: Sizes, size: Sizes, brick: Sizes) -> list[BoxPlace]:
    """The boxes of a brick from the front wall to the door, each layer from below."""
    (x, y, z), (dx, dy, dz), (along, across, high) = at, size, brick
    return [
        BoxPlace(kind, x + i * dx, y + j * dy, z + k * dz, dx, dy, dz)
        for i in range(along)
        for k in range(high)
        for j in range(across)
    ]
