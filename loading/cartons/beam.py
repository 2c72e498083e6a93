"""One step of the search: the best blocks for a space, and what filling up greedily ends with."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from loading.cartons.blocks import Blocks, Ints, Longs
from loading.cartons.state import State, Task, any_fits, copy_state, drop, place
from loading.cartons.value import STALE, held, refresh_reach, snugness


@njit(cache=True)
def nearest_space(task: Task, st: State) -> int:
    """The space nearest a corner of the container, of equal ones the largest; -1: none is left.

    Spaces into which no box fits any more are dropped.
    """
    while st.n[0] > 0:
        best, best_at, best_size = 2**31 - 1, -1, np.int64(0)
        for i in range(st.n[0]):
            s = st.spaces[i]
            if s[6] > best:
                continue
            size = np.int64(s[3] - s[0]) * (s[4] - s[1]) * (s[5] - s[2])
            if s[6] < best or size > best_size:
                best, best_at, best_size = s[6], i, size
        if any_fits(task, st.left, st.spaces[best_at]):
            return best_at
        drop(st, best_at)
    return -1


@njit(cache=True)
def first_that_can_fit(score: NDArray[np.float64], room: float) -> int:
    """The first block whose score is no more than the room (a score is at most the volume)."""
    lo, hi = 0, score.size
    while lo < hi:
        mid = (lo + hi) // 2
        if score[mid] > room:
            lo = mid + 1
        else:
            hi = mid
    return lo


@njit(cache=True)
def best_blocks(
    task: Task,
    b: Blocks,
    score: NDArray[np.float64],
    st: State,
    at: int,
    gap: float,
    found: Ints,
    values: NDArray[np.float64],
) -> int:
    """The best blocks for a space, best first; as many as `found` has room for."""
    if st.worn[0] * STALE >= st.left.size:
        refresh_reach(task, st)
    s = st.spaces[at]
    lx, ly, lz = s[3] - s[0], s[4] - s[1], s[5] - s[2]
    corner = s[7]
    reach_x, reach_y, reach_z = st.reach[0], st.reach[1], st.reach[2]
    whole = float(reach_x[lx]) * reach_y[ly] * reach_z[lz]
    hangs = 0.0 < task.share < 1.0
    wanted, n = found.size, 0
    least = 0.0
    for i in range(first_that_can_fit(score, float(lx) * ly * lz), score.size):
        if score[i] <= least:
            break
        dx, dy, dz = b.sizes[i, 0], b.sizes[i, 1], b.sizes[i, 2]
        if dx > lx or dy > ly or dz > lz:
            continue
        # a face turned away from the corner touches nothing unless the block ends near the space's
        side_x, side_y, side_z = float(dy * dz), float(dx * dz), float(dx * dy)
        sides = side_x + side_y + side_z
        snug = sides
        if dx + int(gap * dx) >= lx:
            snug += side_x
        if dy + int(gap * dy) >= ly:
            snug += side_y
        if dz + int(gap * dz) >= lz:
            snug += side_z
        snug /= 2.0 * sides
        snug *= snug
        if score[i] * snug * snug <= least:
            continue
        enough = st.mass_kg[0] + b.mass_kg[i] <= task.most_kg
        for k in range(b.mixed[i]):
            if b.amounts[i, k] > st.left[b.kinds[i, k]]:
                enough = False
                break
        if not enough:
            continue
        usable = float(dx + reach_x[lx - dx]) * (dy + reach_y[ly - dy]) * (dz + reach_z[lz - dz])
        value = score[i] * min(1.0, usable / whole)
        if value * snug * snug <= least:
            continue
        x = s[3] - dx if corner & 1 else s[0]
        y = s[4] - dy if corner & 2 else s[1]
        z = s[5] - dz if corner & 4 else s[2]
        snug = snugness(task, st, x, y, z, dx, dy, dz, gap)
        snug *= snug
        value *= snug * snug
        if value <= least or (hangs and z > 0 and not held(task, b, st, i, x, y, z, corner)):
            continue
        j = n if n < wanted else wanted - 1
        while j > 0 and values[j - 1] < value:
            values[j], found[j] = values[j - 1], found[j - 1]
            j -= 1
        values[j], found[j] = value, i
        if n < wanted:
            n += 1
        if n == wanted:
            least = values[n - 1]
    return n


@njit(cache=True)
def complete(
    task: Task,
    b: Blocks,
    score: NDArray[np.float64],
    st: State,
    gap: float,
    pieces: Ints,
    steps: int,
) -> int:
    """Fill what is left of the container with the best block for each space.

    Stops after so many spaces; returns how many it might still have looked at, 0 if it was stopped.
    """
    found, values = np.empty(1, np.int32), np.empty(1, np.float64)
    while steps > 0 and st.n[1] < st.placed.shape[0]:
        at = nearest_space(task, st)
        if at < 0:
            return steps
        if best_blocks(task, b, score, st, at, gap, found, values):
            place(task, b, st, found[0], at, pieces)
        else:
            drop(st, at)
        steps -= 1
    return steps


@njit(cache=True)
def expand(
    task: Task,
    b: Blocks,
    score: NDArray[np.float64],
    st: State,
    gap: float,
    width: int,
    scratch: State,
    best: State,
    pieces: Ints,
    out_block: Ints,
    out_value: Longs,
    turn: Ints,
    steps: int,
) -> bool:
    """The next blocks of a state and the gain that each ends with; keeps the best plan.

    After so many spaces it stops, so that the caller may look at the clock, and returns False;
    called again with the same arrays it goes on. `turn`: how many blocks there are (-1 at the first
    call), how many of them are completed, and 1 while the next one is under way in `scratch`.
    """
    at = -1
    if turn[0] < 0:
        n = 0
        values = np.empty(width, np.float64)
        while n == 0:
            at = nearest_space(task, st)
            if at < 0 or st.n[1] >= st.placed.shape[0]:
                break
            n = best_blocks(task, b, score, st, at, gap, out_block, values)
            if n == 0:
                drop(st, at)
        turn[0], turn[1], turn[2] = n, 0, 0
    else:
        at = nearest_space(task, st)
    while turn[1] < turn[0]:
        i = turn[1]
        if turn[2] == 0:
            copy_state(st, scratch)
            place(task, b, scratch, out_block[i], at, pieces)
            turn[2] = 1
        steps = complete(task, b, score, scratch, gap, pieces, steps)
        if scratch.gain[0] > best.gain[0]:
            copy_state(scratch, best)
        if steps <= 0:
            return False
        out_value[i] = scratch.gain[0]
        turn[1], turn[2] = i + 1, 0
    return True


@njit(cache=True)
def child_of(
    task: Task, b: Blocks, st: State, block: int, at: int, child: State, pieces: Ints
) -> None:
    """Make `child` the state with one more block in its space `at`."""
    copy_state(st, child)
    number = np.int32(block)
    place(task, b, child, number, at, pieces)
