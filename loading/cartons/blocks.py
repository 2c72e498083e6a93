"""Blocks: boxes joined into cuboids with hardly a gap, the bricks of the search.

A block is one box, or two blocks side by side along one axis, whose boxes fill at least 98 % of
the cuboid around them (general blocks: T. Fanslau and A. Bortfeldt, A tree search algorithm for
solving the container loading problem, INFORMS Journal on Computing 22(2), 2010). Where boxes must
be supported in full, an upper block stands within the *top area* of the lower one: the rectangle
from the block's origin on which its top is flat and without a hole.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from loading.cartons.boxes import BoxKind, BoxPlace

MOST_KINDS = 5
"""Kinds of boxes that one block may mix."""

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]


class Blocks(NamedTuple):
    """Blocks as arrays, one entry a block.

    sizes (n, 3); top (n, 2) length and width of the top area; volume of the boxes; gain: what they
    are worth; boxes: how
    many; kinds and amounts (n, MOST_KINDS) with `mixed` of them used; parts (n, 3): the two blocks
    it was joined of and the axis, or (-1, way, -1) for a single box; mass_kg; feet (m, 4) the
    lowest boxes (x, y, dx, dy), and own_feet (n, 2) which of them are those of a block (only where
    a part of the footprint may hang).
    """

    sizes: Ints
    top: Ints
    volume: Longs
    gain: Longs
    boxes: Ints
    kinds: Ints
    amounts: Ints
    mixed: Ints
    parts: Ints
    mass_kg: NDArray[np.float64]
    feet: Ints
    own_feet: Ints


@njit(cache=True)
def _same(b: Blocks, i: int, j: int) -> bool:
    """Blocks that no search could tell apart."""
    for axis in range(3):
        if b.sizes[i, axis] != b.sizes[j, axis]:
            return False
    if b.top[i, 0] != b.top[j, 0] or b.top[i, 1] != b.top[j, 1] or b.mixed[i] != b.mixed[j]:
        return False
    for k in range(b.mixed[i]):
        if b.kinds[i, k] != b.kinds[j, k] or b.amounts[i, k] != b.amounts[j, k]:
            return False
    return True


@njit(cache=True)
def _is_new(b: Blocks, n: int, table: Ints) -> bool:
    """Enter block n into the hash table; False if its like is there."""
    h = np.int64(b.sizes[n, 0]) * 73856093 ^ np.int64(b.sizes[n, 1]) * 19349663
    h ^= np.int64(b.sizes[n, 2]) * 83492791 ^ np.int64(b.top[n, 0]) * 2654435761
    for k in range(b.mixed[n]):
        h = h * 31 + b.kinds[n, k] * 1000003 + b.amounts[n, k]
    at = (h ^ (h >> 17)) & (table.size - 1)
    while table[at] >= 0:
        if _same(b, table[at], n):
            return False
        at = (at + 1) & (table.size - 1)
    table[at] = n
    return True


@njit(cache=True)
def _merge_kinds(b: Blocks, i: int, j: int, n: int, counts: Ints) -> bool:
    """The kinds of two blocks together, sorted; False if too many kinds or too few boxes."""
    p, q, k = 0, 0, 0
    while p < b.mixed[i] or q < b.mixed[j]:
        if k == MOST_KINDS:
            return False
        kp = b.kinds[i, p] if p < b.mixed[i] else np.int32(2**31 - 1)
        kq = b.kinds[j, q] if q < b.mixed[j] else np.int32(2**31 - 1)
        kind, amount = min(kp, kq), 0
        if kp == kind:
            amount += b.amounts[i, p]
            p += 1
        if kq == kind:
            amount += b.amounts[j, q]
            q += 1
        if amount > counts[kind]:
            return False
        b.kinds[n, k], b.amounts[n, k] = kind, amount
        k += 1
    b.mixed[n] = k
    return True


@njit(cache=True)
def _join_top(b: Blocks, i: int, j: int, axis: int, n: int) -> None:
    """The top area of two blocks side by side (axis 0, 1) or upon one another (axis 2)."""
    if axis == 2:
        b.top[n, 0], b.top[n, 1] = b.top[j, 0], b.top[j, 1]
        return
    b.top[n, 0], b.top[n, 1] = b.top[i, 0], b.top[i, 1]
    if b.sizes[i, 2] == b.sizes[j, 2] and b.top[i, axis] == b.sizes[i, axis]:
        other = 1 - axis
        along = b.top[i, axis] + b.top[j, axis]
        across = min(b.top[i, other], b.top[j, other])
        if np.int64(along) * across >= np.int64(b.top[i, 0]) * b.top[i, 1]:
            b.top[n, axis], b.top[n, other] = along, across


@njit(cache=True)
def _join(
    b: Blocks,
    i: int,
    j: int,
    axis: int,
    n: int,
    inner: Ints,
    counts: Ints,
    fill: float,
    supported: bool,
) -> bool:
    """Write block n = i and then j along the axis; False if that is no block."""
    cuboid = np.int64(1)
    for a in range(3):
        p, q = b.sizes[i, a], b.sizes[j, a]
        size = p + q if a == axis else max(p, q)
        if size > inner[a]:
            return False
        b.sizes[n, a] = size
        cuboid *= size
    volume = b.volume[i] + b.volume[j]
    if volume < fill * cuboid:
        return False
    if supported:
        if axis == 2:
            if b.sizes[j, 0] > b.top[i, 0] or b.sizes[j, 1] > b.top[i, 1]:
                return False
        elif b.sizes[i, 2] < b.sizes[j, 2]:
            return False
    if not _merge_kinds(b, i, j, n, counts):
        return False
    _join_top(b, i, j, axis, n)
    b.volume[n] = volume
    b.mass_kg[n] = b.mass_kg[i] + b.mass_kg[j]
    b.boxes[n] = b.boxes[i] + b.boxes[j]
    b.parts[n, 0], b.parts[n, 1], b.parts[n, 2] = i, j, axis
    return True


@njit(cache=True)
def _grow(
    b: Blocks,
    singles: int,
    inner: Ints,
    counts: Ints,
    fill: float,
    supported: bool,
    pure: int,
    doubling: bool,
) -> int:
    """Join blocks, small ones first, until the arrays are full; returns how many there are.

    The first `pure` places are for blocks of one kind and way: rows, layers and bricks of it,
    which grow box by box, row by row and layer by layer, or double each time.
    """
    most = b.boxes.size - 1
    table = np.full(1 << int(np.ceil(np.log2(4.0 * (most + 1)))), -1, np.int32)
    for n in range(singles):
        _is_new(b, n, table)
    n = singles
    start = 0
    while start < n and n < pure:
        end = n
        for i in range(start, end):
            for axis in range(3):
                if n >= pure:
                    break
                # a row grows by its box, a layer by its row, a brick by its layer
                last = b.parts[i, 2] if b.parts[i, 0] >= 0 else 0
                if axis < last:
                    continue
                j = i
                while not doubling and b.parts[j, 0] >= 0 and b.parts[j, 2] == axis:
                    j = b.parts[j, 0]
                if _join(b, i, j, axis, n, inner, counts, fill, supported) and _is_new(b, n, table):
                    n += 1
        start = end
    start = 0
    while start < n and n < most:
        end = n
        for i in range(start, end):
            xi, yi, zi = b.sizes[i, 0], b.sizes[i, 1], b.sizes[i, 2]
            for j in range(min(end, i + 1)):
                xj, yj, zj = b.sizes[j, 0], b.sizes[j, 1], b.sizes[j, 2]
                room = (b.volume[i] + b.volume[j]) / fill
                mx, my, mz = max(xi, xj), max(yi, yj), max(zi, zj)
                for axis in range(3):
                    if axis == 0:
                        fits = float(xi + xj) * my * mz <= room
                    elif axis == 1:
                        fits = float(yi + yj) * mx * mz <= room
                    else:
                        fits = float(zi + zj) * mx * my <= room
                    if not fits:
                        continue
                    for turn in range(2 if i != j else 1):
                        p, q = (j, i) if turn else (i, j)
                        if _join(b, p, q, axis, n, inner, counts, fill, supported) and _is_new(
                            b, n, table
                        ):
                            n += 1
                            if n >= most:
                                return n
        start = end
    return n


def make_blocks(
    kinds: Sequence[BoxKind],
    inner: tuple[int, int, int],
    *,
    most: int,
    fill: float,
    supported: bool,
    pure_share: float = 0.5,
    doubling: bool = False,
) -> Blocks:
    """At most `most` blocks of these boxes for a container of these inner sizes.

    `supported`: every box inside a block stands on others in full. `pure_share`: the part of the
    places that rows, layers and bricks of one kind and way may take first; `doubling`: only those
    of 1, 2, 4, 8... boxes along each axis (for very many small boxes).
    """
    singles = [
        (k, w, way)
        for k, kind in enumerate(kinds)
        for w, way in enumerate(kind.ways)
        if kind.count > 0 and all(s <= room for s, room in zip(way, inner, strict=True))
    ]
    n = max(most, len(singles)) + 1
    b = _empty(n)
    for i, (k, w, way) in enumerate(singles):
        b.sizes[i] = way
        b.top[i] = way[:2]
        b.volume[i] = kinds[k].volume
        b.boxes[i] = b.amounts[i, 0] = b.mixed[i] = 1
        b.kinds[i, 0] = k
        b.parts[i] = (-1, w, -1)
        b.mass_kg[i] = kinds[k].mass_kg
    counts = np.array([kind.count for kind in kinds], np.int32)
    used = len(singles)
    if used:
        pure = max(used, int(used + (n - 1 - used) * pure_share))
        used = _grow(b, used, np.array(inner, np.int32), counts, fill, supported, pure, doubling)
    b.amounts[np.arange(MOST_KINDS) >= b.mixed[:, None]] = 0
    return b._replace(**{name: getattr(b, name)[:used] for name in _PER_BLOCK})


_PER_BLOCK = (
    "sizes", "top", "volume", "gain", "boxes", "kinds", "amounts", "mixed", "parts", "mass_kg",
    "own_feet",
)  # fmt: skip


def _empty(n: int) -> Blocks:
    return Blocks(
        np.zeros((n, 3), np.int32),
        np.zeros((n, 2), np.int32),
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
        np.zeros(n, np.int32),
        np.zeros((n, MOST_KINDS), np.int32),
        np.zeros((n, MOST_KINDS), np.int32),
        np.zeros(n, np.int32),
        np.zeros((n, 3), np.int32),
        np.zeros(n, np.float64),
        np.zeros((0, 4), np.int32),
        np.zeros((n, 2), np.int32),
    )


def ranked(b: Blocks, gains: Longs, power: float) -> tuple[Blocks, NDArray[np.float64]]:
    """The blocks by falling score, and that score: gain / boxes^power; `gains` of each kind."""
    gain = (b.amounts * gains[b.kinds]).sum(axis=1)
    worth = gain / b.boxes.astype(np.float64) ** power
    order = np.argsort(-worth, kind="stable")
    place_of = np.empty_like(order)
    place_of[order] = np.arange(order.size)
    parts = b.parts[order]
    joined = parts[:, 0] >= 0
    parts[joined, :2] = place_of[parts[joined, :2]]
    fields = {name: getattr(b, name)[order] for name in _PER_BLOCK}
    fields["parts"] = parts.astype(np.int32)
    fields["gain"] = gain[order]
    return b._replace(**fields), worth[order]


def with_feet(b: Blocks) -> Blocks:
    """The blocks with their lowest boxes."""
    feet: list[tuple[int, int, int, int]] = []
    for i in range(b.boxes.size):
        lowest = boxes_of(b, i, (0, 0, 0), (False, False, False))
        b.own_feet[i, 0] = len(feet)
        feet += [(p.x, p.y, p.dx, p.dy) for p in lowest if p.z == 0]
        b.own_feet[i, 1] = len(feet)
    return b._replace(feet=np.array(feet, np.int32).reshape(-1, 4))


def boxes_of(
    b: Blocks, block: int, origin: tuple[int, int, int], mirrored: tuple[bool, bool, bool]
) -> list[BoxPlace]:
    """The boxes of a block whose lower corner stands at `origin`; mirrored along some axes."""
    whole = [int(s) for s in b.sizes[block]]
    found = []
    todo: list[tuple[int, tuple[int, ...]]] = [(block, (0, 0, 0))]
    while todo:
        i, at = todo.pop()
        first, second, axis = (int(v) for v in b.parts[i])
        if first < 0:
            size = [int(s) for s in b.sizes[i]]
            start = [
                o + (w - a - s if m else a)
                for o, w, a, s, m in zip(origin, whole, at, size, mirrored, strict=True)
            ]
            found.append(BoxPlace(int(b.kinds[i, 0]), *start, *size))
            continue
        beside = list(at)
        beside[axis] += int(b.sizes[first, axis])
        todo += [(second, tuple(beside)), (first, at)]
    return found
