"""The order of stuffing: what must stand before a box can be set, found from the places alone.

A box is set after all that it rests on, and before all that stands on its straight way to the
door. Such an order nearly always exists; where boxes hold one another up in a ring, the smallest
of them is given up with what stands on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

import numpy as np
from numpy.typing import NDArray

from loading.cartons.boxes import BoxPlace

Corners = NDArray[np.int64]


def stuffing_order(places: Sequence[BoxPlace]) -> tuple[list[BoxPlace], list[BoxPlace]]:
    """The boxes from the front wall to the door and from the floor up, and those given up."""
    if not places:
        return [], []
    low, high = _corners(places)
    after, waits = _successors(low, high)
    key = [(p.x, p.z, p.y, i) for i, p in enumerate(places)]
    ready = [key[i] for i in range(len(places)) if not waits[i]]
    heapify(ready)
    ordered: list[int] = []
    gone: set[int] = set()
    settled = [False] * len(places)
    while len(ordered) + len(gone) < len(places):
        if not ready:
            for i in _given_up(places, low, high, settled):
                settled[i] = True
                gone.add(i)
                _release(i, after, waits, settled, key, ready)
            continue
        i = heappop(ready)[3]
        if settled[i]:
            continue
        settled[i] = True
        ordered.append(i)
        _release(i, after, waits, settled, key, ready)
    return [places[i] for i in ordered], [places[i] for i in sorted(gone)]


def _corners(places: Sequence[BoxPlace]) -> tuple[Corners, Corners]:
    low = np.array([(p.x, p.y, p.z) for p in places], np.int64)
    return low, low + np.array([(p.dx, p.dy, p.dz) for p in places], np.int64)


def _successors(low: Corners, high: Corners) -> tuple[list[Corners], list[int]]:
    """For each box those that must be set later, and how many must be set before it."""
    by_x = np.argsort(low[:, 0], kind="stable")
    x0, y0, z0 = (np.ascontiguousarray(low[by_x, axis], np.int32) for axis in range(3))
    x1, y1, z1 = (np.ascontiguousarray(high[by_x, axis], np.int32) for axis in range(3))
    levels: dict[int, list[int]] = {}
    for j, z in enumerate(z0.tolist()):
        levels.setdefault(z, []).append(j)
    standing_at = {z: np.array(some, np.int64) for z, some in levels.items()}
    nobody = np.empty(0, np.int64)
    ahead = np.searchsorted(x0, x1).tolist()
    after: list[Corners] = [nobody] * len(low)
    waits = np.zeros(len(low), np.int64)
    for i, (first, name) in enumerate(zip(ahead, by_x.tolist(), strict=True)):
        across = (y0[first:] < y1[i]) & (y1[first:] > y0[i])
        across &= (z0[first:] < z1[i]) & (z1[first:] > z0[i])
        on = standing_at.get(int(z1[i]), nobody)
        on = on[(x0[on] < x1[i]) & (x1[on] > x0[i]) & (y0[on] < y1[i]) & (y1[on] > y0[i])]
        later = by_x[np.concatenate((np.flatnonzero(across) + first, on))]
        waits[later] += 1
        after[name] = later
    return after, waits.tolist()


def _release(
    i: int,
    after: Sequence[Corners],
    waits: list[int],
    settled: Sequence[bool],
    key: Sequence[tuple[int, int, int, int]],
    ready: list[tuple[int, int, int, int]],
) -> None:
    for j in after[i].tolist():
        waits[j] -= 1
        if not waits[j] and not settled[j]:
            heappush(ready, key[j])


def _given_up(
    places: Sequence[BoxPlace], low: Corners, high: Corners, settled: Sequence[bool]
) -> list[int]:
    """The smallest box of those that wait for one another, and all that stands on it."""
    waiting = [i for i, done in enumerate(settled) if not done]
    smallest = min(waiting, key=lambda i: (places[i].dx * places[i].dy * places[i].dz, i))
    found, todo = {smallest}, [smallest]
    while todo:
        i = todo.pop()
        meets = (low < high[i]) & (high > low[i])
        for j in np.flatnonzero((low[:, 2] == high[i, 2]) & meets[:, 0] & meets[:, 1]).tolist():
            if j not in found:
                found.add(j)
                todo.append(j)
    return sorted(found)
