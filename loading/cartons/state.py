"""What the search knows of one part-filled container, and how a block changes it.

Free room is kept as maximal spaces: cuboids that may overlap and that no other contains
(F. Parreno et al., A maximal-space algorithm for the container loading problem, INFORMS Journal
on Computing 20(3), 2008). Where boxes must be supported, every space stands on the floor or on a
flat top; equal tops that touch are one floor for the next boxes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from loading.cartons.blocks import Blocks, Ints, Longs

MOST_SPACES = 400
MOST_PLACED = 1000
PIECES = 1000


class Task(NamedTuple):
    """The problem as arrays: inner sizes, and the ways that boxes of each kind may stand.

    ways (kinds, 6, 3) and how many of them are used; least: the smallest size of any of them along
    each axis; `share` of each box's footprint that must be held up; `supported`: 1 where that is
    all of it, so that spaces stand on floors; most_kg.
    """

    inner: Ints
    ways: Ints
    n_ways: Ints
    least: Ints
    supported: int
    share: float
    most_kg: float


class State(NamedTuple):
    """A part-filled container.

    left: boxes of each kind; spaces (n, 8): two corners, distance to the nearest corner of the
    container, which corner; placed (n, 6): two corners; chosen (n, 5): block, origin, corner;
    n: spaces, placed; gain: what the boxes are worth; mass_kg: of the boxes; reach: by axis and
    length the greatest length up to it that boxes left can make up; worn: how many kinds
    were used up since `reach` was made; at first, all.
    """

    left: Ints
    spaces: Ints
    placed: Ints
    chosen: Ints
    n: Ints
    gain: Longs
    mass_kg: NDArray[np.float64]
    reach: Ints
    worn: Ints


def new_state(task: Task, left: Ints) -> State:
    """An empty container."""
    state = State(
        left.astype(np.int32).copy(),
        np.zeros((MOST_SPACES, 8), np.int32),
        np.zeros((MOST_PLACED, 6), np.int32),
        np.zeros((MOST_PLACED, 5), np.int32),
        np.zeros(2, np.int32),
        np.zeros(1, np.int64),
        np.zeros(1, np.float64),
        np.zeros((3, int(task.inner.max()) + 1), np.int32),
        np.full(1, left.size, np.int32),
    )
    state.spaces[0, 3:6] = task.inner
    state.n[0] = 1
    return state


@njit(cache=True)
def _copy_row(a: Ints, i: int, to: Ints, j: int) -> None:
    """Row i of one array to row j of another (loops compile far faster than slices)."""
    for c in range(to.shape[1]):
        to[j, c] = a[i, c]


@njit(cache=True)
def copy_state(a: State, to: State) -> None:
    """Make `to` equal to `a`."""
    for k in range(a.left.size):
        to.left[k] = a.left[k]
    for i in range(a.n[0]):
        _copy_row(a.spaces, i, to.spaces, i)
    for i in range(a.n[1]):
        _copy_row(a.placed, i, to.placed, i)
        _copy_row(a.chosen, i, to.chosen, i)
    for axis in range(3):
        _copy_row(a.reach, axis, to.reach, axis)
    to.n[0], to.n[1] = a.n[0], a.n[1]
    to.gain[0] = a.gain[0]
    to.mass_kg[0] = a.mass_kg[0]
    to.worn[0] = a.worn[0]


@njit(cache=True)
def drop(st: State, at: int) -> None:
    """Forget a space."""
    st.n[0] -= 1
    _copy_row(st.spaces, st.n[0], st.spaces, at)


@njit(cache=True)
def measure_space(task: Task, s: Ints) -> None:
    """Set the distance of a space to the nearest corner of the container, and that corner."""
    total, corner = 0, 0
    for axis in range(3):
        near, far = s[axis], task.inner[axis] - s[axis + 3]
        if axis == 2 and task.share > 0.0:
            total += near
        elif far < near:
            total += far
            corner |= 1 << axis
        else:
            total += near
    s[6], s[7] = total, corner


@njit(cache=True)
def any_fits(task: Task, left: Ints, s: Ints) -> bool:
    """True if some box that is left fits into the space."""
    dx, dy, dz = s[3] - s[0], s[4] - s[1], s[5] - s[2]
    if dx < task.least[0] or dy < task.least[1] or dz < task.least[2]:
        return False
    for k in range(left.size):
        if left[k] > 0:
            for w in range(task.n_ways[k]):
                if (
                    task.ways[k, w, 0] <= dx
                    and task.ways[k, w, 1] <= dy
                    and task.ways[k, w, 2] <= dz
                ):
                    return True
    return False


@njit(cache=True)
def _within(a: Ints, b: Ints) -> bool:
    return bool(
        a[0] >= b[0]
        and a[1] >= b[1]
        and a[2] >= b[2]
        and a[3] <= b[3]
        and a[4] <= b[4]
        and a[5] <= b[5]
    )


@njit(cache=True)
def _add_space(task: Task, st: State, s: Ints) -> None:
    """Enter a space unless another holds it or no box fits; drop those that it holds."""
    if not any_fits(task, st.left, s):
        return
    for i in range(st.n[0]):
        if _within(s, st.spaces[i]):
            return
    i = 0
    while i < st.n[0]:
        if _within(st.spaces[i], s):
            drop(st, i)
        else:
            i += 1
    if st.n[0] < MOST_SPACES:
        measure_space(task, s)
        for c in range(8):
            st.spaces[st.n[0], c] = s[c]
        st.n[0] += 1


@njit(cache=True)
def _cut_spaces(task: Task, st: State, box: Ints, pieces: Ints) -> None:
    """Take a cuboid out of all spaces; what is left of each is entered again."""
    cut = i = 0
    while i < st.n[0]:
        s = st.spaces[i]
        if (
            s[0] < box[3]
            and box[0] < s[3]
            and s[1] < box[4]
            and box[1] < s[4]
            and s[2] < box[5]
            and box[2] < s[5]
        ):
            for axis in range(3):
                low = box[axis] > s[axis] and not (axis == 2 and task.supported)
                if low and cut < pieces.shape[0]:
                    _copy_row(st.spaces, i, pieces, cut)
                    pieces[cut, axis + 3] = box[axis]
                    cut += 1
                high = box[axis + 3] < s[axis + 3] and not (axis == 2 and task.supported)
                if high and cut < pieces.shape[0]:
                    _copy_row(st.spaces, i, pieces, cut)
                    pieces[cut, axis] = box[axis + 3]
                    cut += 1
            drop(st, i)
        else:
            i += 1
    for c in range(cut):
        _add_space(task, st, pieces[c])


@njit(cache=True)
def _spread(task: Task, st: State, first: Ints, pieces: Ints) -> None:
    """Enter a flat top, and with it every floor that it makes with equal tops that touch it."""
    t = np.empty(8, np.int32)
    for c in range(8):
        pieces[0, c] = first[c]
    todo = 1
    while todo > 0 and todo < pieces.shape[0] - 1:
        todo -= 1
        for c in range(8):
            t[c] = pieces[todo, c]
        for i in range(st.n[0]):
            s = st.spaces[i]
            if s[2] != t[2] or s[0] > t[3] or t[0] > s[3] or s[1] > t[4] or t[1] > s[4]:
                continue
            for axis in range(2):
                other = 1 - axis
                low, high = max(s[other], t[other]), min(s[other + 3], t[other + 3])
                start, end = min(s[axis], t[axis]), max(s[axis + 3], t[axis + 3])
                if high <= low or todo >= pieces.shape[0] - 1:
                    continue
                m = pieces[todo]
                for c in range(8):
                    m[c] = t[c]
                m[axis], m[axis + 3], m[other], m[other + 3] = start, end, low, high
                held = _within(m, t)
                for j in range(st.n[0]):
                    if held:
                        break
                    held = _within(m, st.spaces[j])
                if not held and any_fits(task, st.left, m):
                    todo += 1
        _add_space(task, st, t)


@njit(cache=True)
def place(task: Task, b: Blocks, st: State, block: int | np.int32, at: int, pieces: Ints) -> None:
    """Set a block into the corner of space `at` that lies nearest a corner of the container."""
    s = st.spaces[at]
    corner = s[7]
    box = np.empty(8, np.int32)
    for axis in range(3):
        size = b.sizes[block, axis]
        box[axis] = s[axis + 3] - size if corner >> axis & 1 else s[axis]
        box[axis + 3] = box[axis] + size
    n = st.n[1]
    for c in range(6):
        st.placed[n, c] = box[c]
    st.chosen[n, 0], st.chosen[n, 4] = block, corner
    for c in range(3):
        st.chosen[n, 1 + c] = box[c]
    st.n[1] = n + 1
    st.gain[0] += b.gain[block]
    st.mass_kg[0] += b.mass_kg[block]
    for k in range(b.mixed[block]):
        kind = b.kinds[block, k]
        st.left[kind] -= b.amounts[block, k]
        if st.left[kind] == 0:
            st.worn[0] += 1
    _cut_spaces(task, st, box, pieces)
    if task.supported:
        for axis in range(2):
            size = b.top[block, axis]
            if corner >> axis & 1:
                box[axis] = box[axis + 3] - size
            else:
                box[axis + 3] = box[axis] + size
        box[2], box[5] = box[5], task.inner[2]
        _spread(task, st, box, pieces)
