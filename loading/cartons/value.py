"""How good a block is in a space: large, snug, of few boxes, and leaving room that can be used.

    volume x snugness^4 x usable room / boxes^0.2

after I. Araya, K. Guerrero and E. Nunez, VCS: a new heuristic function for selecting boxes in the
single container loading problem, Computers and Operations Research 82, 2017 (their exponents).
"""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from loading.cartons.blocks import Blocks
from loading.cartons.state import State, Task

Words = NDArray[np.uint64]
STALE = 20
"""The lengths are found anew when one kind in so many has been used up since."""


@njit(cache=True)
def _shift_in(bits: Words, by: int, words: int) -> None:
    """bits |= bits << by, the highest words first."""
    jump, rest = by >> 6, np.uint64(by & 63)
    back = np.uint64(64) - rest
    for i in range(words - 1, jump - 1, -1):
        moved = bits[i - jump] << rest
        if rest and i - jump > 0:
            moved |= bits[i - jump - 1] >> back
        bits[i] |= moved


@njit(cache=True)
def refresh_reach(task: Task, st: State) -> None:
    """The lengths that sums of box sizes can make along each axis, from the boxes left."""
    bits = np.empty((st.reach.shape[1] >> 6) + 1, np.uint64)
    for axis in range(3):
        most = task.inner[axis]
        words = (most >> 6) + 1
        for i in range(words):
            bits[i] = np.uint64(0)
        bits[0] = np.uint64(1)
        for k in range(st.left.size):
            for w in range(task.n_ways[k]):
                size = task.ways[k, w, axis]
                known = False
                for v in range(w):
                    known = known or task.ways[k, v, axis] == size
                if known:
                    continue
                count, step = st.left[k], 1
                while count > 0 and size * step <= most:
                    step = min(step, count)
                    _shift_in(bits, size * step, words)
                    count -= step
                    step *= 2
        last = 0
        for i in range(most + 1):
            if bits[i >> 6] >> np.uint64(i & 63) & np.uint64(1):
                last = i
            st.reach[axis, i] = last
    st.worn[0] = 0


@njit(cache=True)
def snugness(
    task: Task, st: State, x: int, y: int, z: int, dx: int, dy: int, dz: int, gap: float
) -> float:
    """The share of a cuboid's surface that touches walls or blocks, up to a gap (share of size)."""
    gx, gy, gz = int(gap * dx), int(gap * dy), int(gap * dz)
    ex, ey, ez = x + dx, y + dy, z + dz
    side_x, side_y, side_z = dy * dz, dx * dz, dx * dy
    west = side_x if x <= gx else 0
    east = side_x if ex >= task.inner[0] - gx else 0
    south = side_y if y <= gy else 0
    north = side_y if ey >= task.inner[1] - gy else 0
    low = side_z if z <= gz else 0
    high = side_z if ez >= task.inner[2] - gz else 0
    for i in range(st.n[1]):
        p = st.placed[i]
        ox = min(ex, p[3]) - max(x, p[0])
        if ox < -gx:
            continue
        oy = min(ey, p[4]) - max(y, p[1])
        if oy < -gy:
            continue
        oz = min(ez, p[5]) - max(z, p[2])
        if oz < -gz:
            continue
        if ox <= 0:
            if oy > 0 and oz > 0:
                if p[0] >= ex:
                    east += oy * oz
                else:
                    west += oy * oz
        elif oy <= 0:
            if oz > 0:
                if p[1] >= ey:
                    north += ox * oz
                else:
                    south += ox * oz
        elif oz <= 0:
            if p[2] >= ez:
                high += ox * oy
            else:
                low += ox * oy
    touched = min(west, side_x) + min(east, side_x) + min(south, side_y) + min(north, side_y)
    touched += min(low, side_z) + min(high, side_z)
    return touched / (2.0 * (side_x + side_y + side_z))


@njit(cache=True)
def held(task: Task, b: Blocks, st: State, block: int, x: int, y: int, z: int, corner: int) -> bool:
    """True if enough of each lowest box of a block stands on flat tops."""
    for f in range(b.own_feet[block, 0], b.own_feet[block, 1]):
        dx, dy = b.feet[f, 2], b.feet[f, 3]
        fx, fy = b.feet[f, 0], b.feet[f, 1]
        x0 = x + (b.sizes[block, 0] - fx - dx if corner & 1 else fx)
        y0 = y + (b.sizes[block, 1] - fy - dy if corner & 2 else fy)
        area = 0
        for i in range(st.n[1]):
            p, below, turned = st.placed[i], st.chosen[i, 0], st.chosen[i, 4]
            if p[5] != z:
                continue
            tx, ty = b.top[below, 0], b.top[below, 1]
            px = p[3] - tx if turned & 1 else p[0]
            py = p[4] - ty if turned & 2 else p[1]
            ox = min(x0 + dx, px + tx) - max(x0, px)
            oy = min(y0 + dy, py + ty) - max(y0, py)
            if ox > 0 and oy > 0:
                area += ox * oy
        if area < task.share * dx * dy:
            return False
    return True
