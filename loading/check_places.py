"""How units stand to one another: which meet, what each rests on, what bars the way to the door.

A load may hold ten thousand cartons, so each unit is compared with all others of interest at
once, and never with those that are far away.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from loading.placed import Placed

_MOST_AT_ONCE = 1_000_000
"""Pairs that are compared at once: more take much memory."""

_Corners = NDArray[np.int64]


def _corners(placed: Sequence[Placed]) -> tuple[_Corners, _Corners]:
    """The corners nearest to and farthest from the origin, a row a unit (mm)."""
    low = np.array([(p.x_mm, p.y_mm, p.z_mm) for p in placed], np.int64).reshape(-1, 3)
    return low, np.array([p.end for p in placed], np.int64).reshape(-1, 3)


def meeting(placed: Sequence[Placed]) -> Iterator[tuple[Placed, Placed]]:
    """Pairs that take the same room (sorted by x, so that far ones are never compared)."""
    by_x = sorted(placed, key=lambda p: p.x_mm)
    low, high = _corners(by_x)
    ends = np.searchsorted(low[:, 0], high[:, 0])
    for i, end in enumerate(ends.tolist()):
        near = slice(i + 1, end)
        shared = np.minimum(high[near, 1:], high[i, 1:]) > np.maximum(low[near, 1:], low[i, 1:])
        for j in np.flatnonzero(shared.all(axis=1)).tolist():
            yield by_x[i], by_x[i + 1 + j]


def rests_on(placed: Sequence[Placed]) -> list[list[tuple[int, int]]]:
    """For each unit: which units it rests on, and with how much of its area (mm2)."""
    low, high = _corners(placed)
    tops, feet = _by_level(high[:, 2]), _by_level(low[:, 2])
    below: list[list[tuple[int, int]]] = [[] for _ in placed]
    for z, standing in feet.items():
        if z <= 0 or z not in tops:
            continue
        under = tops[z]
        parts = -(-len(standing) * len(under) // _MOST_AT_ONCE)
        for some in np.array_split(standing, parts):
            x, y = (
                np.minimum.outer(high[some, axis], high[under, axis])
                - np.maximum.outer(low[some, axis], low[under, axis])
                for axis in (0, 1)
            )
            upper, lower = np.nonzero((x > 0) & (y > 0))
            areas = (x[upper, lower] * y[upper, lower]).tolist()
            for i, j, area in zip(some[upper].tolist(), under[lower].tolist(), areas, strict=True):
                below[i].append((j, area))
    return below


def _by_level(heights: NDArray[np.int64]) -> dict[int, NDArray[np.int64]]:
    """The units by a height of theirs."""
    found: dict[int, list[int]] = {}
    for i, z in enumerate(heights.tolist()):
        found.setdefault(z, []).append(i)
    return {z: np.array(some, np.int64) for z, some in found.items()}


def in_the_way(
    placed: Sequence[Placed], turn: Callable[[Placed], int]
) -> Iterator[tuple[Placed, Placed]]:
    """Pairs (p, q): q has its turn before p, and lies on the straight way from the door to p.

    Seen from the door, the cargo of earlier turns is a front: how far it reaches at every place
    of the width and height. A unit has a free way if that front ends where the unit ends, or
    before. Only where it does not, those in the way are looked for one by one.
    """
    if not placed:
        return
    order = sorted(range(len(placed)), key=lambda i: turn(placed[i]))
    low, high = _corners(placed)
    ys, zs = (np.unique(np.concatenate((low[:, a], high[:, a]))) for a in (1, 2))
    y0, y1 = np.searchsorted(ys, low[:, 1]), np.searchsorted(ys, high[:, 1])
    z0, z1 = np.searchsorted(zs, low[:, 2]), np.searchsorted(zs, high[:, 2])
    turns = np.array([turn(p) for p in placed], np.int64)
    start = np.full((len(ys), len(zs)), np.iinfo(np.int64).min)
    """Where the unit that starts nearest the door starts, of those set already."""
    waiting: list[int] = []
    for i in order:
        if waiting and turns[waiting[0]] != turns[i]:
            for j in waiting:
                seen = start[y0[j] : y1[j], z0[j] : z1[j]]
                np.maximum(seen, low[j, 0], out=seen)
            waiting = []
        waiting.append(i)
        if (start[y0[i] : y1[i], z0[i] : z1[i]] >= high[i, 0]).any():
            across = np.minimum(high[:, 1:], high[i, 1:]) > np.maximum(low[:, 1:], low[i, 1:])
            barred = (low[:, 0] >= high[i, 0]) & (turns < turns[i]) & across.all(axis=1)
            for j in np.flatnonzero(barred).tolist():
                yield placed[i], placed[j]
