"""How many equal footprints stand on a floor, and where: the pallet loading problem.

Block layouts (rows, lanes, guillotine cuts, a pinwheel of five blocks) answer almost every call at
once. A bound from the lengths that can be filled at all tells when the answer is the best one;
only where the two differ is CP-SAT asked for one more, within a deterministic limit.

    Decide     x_i, y_i  front left corner of footprint i;  t_i turned or not
    So that    no two footprints overlap, all lie on the floor          (NoOverlap2D)
               at every x the widths add up to the inner width at most  (cumulative; same along y)
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from loading.rules import DOOR_SIDE_MM

Spot = tuple[int, int, int, int]
"""x, y of the corner nearest front and left wall, then the size along x and y, mm."""

_MOST_GUILLOTINE_STEPS = 400_000
_MOST_FOR_CP_SAT = 40
_MOST_FOR_PINWHEEL = 90


@dataclass(frozen=True)
class FloorLayout:
    """Spots for equal footprints; `bound` is a proven upper limit of their number."""

    spots: tuple[Spot, ...]
    bound: int

    @property
    def proved(self) -> bool:
        """True if no layout holds more."""
        return len(self.spots) >= self.bound


@lru_cache(maxsize=4096)
def floor_layout(
    length_mm: int, width_mm: int, turn: bool, floor_l: int, floor_w: int, door_w: int
) -> FloorLayout:
    """Most footprints of one size on a floor (`turn`: the long side may stand across).

    `door_w` is the free width of the door: nothing wider across can be pushed in.
    """
    ways = ways_of(length_mm, width_mm, turn, floor_l, floor_w, door_w)
    if not ways:
        return FloorLayout((), 0)
    bound = _bound(ways, floor_l, floor_w)
    best: tuple[Spot, ...] = ()
    for make in (_rows, _lanes, _pinwheel, _guillotine):
        found = make(ways, floor_l, floor_w)
        if len(found) > len(best):
            best = found
        if len(best) >= bound:
            break
    if len(best) < bound <= _MOST_FOR_CP_SAT:
        best, bound = _one_more(ways, floor_l, floor_w, best, bound)
    return FloorLayout(tuple(sorted(best)), bound)


@lru_cache(maxsize=4096)
def ways_of(
    length_mm: int, width_mm: int, turn: bool, floor_l: int, floor_w: int, door_w: int
) -> list[tuple[int, int]]:
    """The ways a footprint may stand on a floor: size along x, size across.

    Where there is a door frame, a way that all but fills it is left out if the other one is wider
    of it: boxes differ by a few millimetres.
    """
    sizes = [(length_mm, width_mm)]
    if turn and length_mm != width_mm:
        sizes.append((width_mm, length_mm))
    ways = [(dx, dy) for dx, dy in sizes if dx <= floor_l and dy <= min(floor_w, door_w)]
    easy = [way for way in ways if door_w >= floor_w or way[1] <= door_w - DOOR_SIDE_MM]
    return easy or ways


def count_in_rows(ways: list[tuple[int, int]], floor_l: int, floor_w: int) -> int:
    """How many footprints stand in rows across the floor, or in lanes along it, each of one way.

    Nearly always what the best layout holds, and known at once.
    """
    best = 0
    for sizes, length, width in (
        (ways, floor_l, floor_w),
        ([(dy, dx) for dx, dy in ways], floor_w, floor_l),
    ):
        (first, in_first), (last, in_last) = (
            (deep, width // wide) for deep, wide in (sizes[0], sizes[-1])
        )
        for n in range(length // first + 1):
            best = max(best, n * in_first + (length - n * first) // last * in_last)
    return best


def filled_lengths(sizes: tuple[int, ...], limit: int) -> list[int]:
    """All sums of the sizes up to the limit, 0 included, ascending (the raster points)."""
    bits = _filled(sizes, limit)
    return [i for i in range(limit + 1) if bits >> i & 1]


def longest_filled(sizes: tuple[int, ...], limit: int) -> int:
    """The greatest sum of the sizes up to the limit."""
    return _filled(sizes, limit).bit_length() - 1


def _filled(sizes: tuple[int, ...], limit: int) -> int:
    """A bit for each sum of the sizes up to the limit."""
    bits = 1
    for size in set(sizes):
        if 0 < size <= limit:
            while True:
                more = bits | ((bits << size) & ((1 << (limit + 1)) - 1))
                if more == bits:
                    break
                bits = more
    return bits


def _bound(ways: list[tuple[int, int]], floor_l: int, floor_w: int) -> int:
    """An upper limit of the count; one way alone is a grid.

    Two ways: a cut across the floor at any x meets n1 footprints of the first and n2 of the second
    way, with n1 dy1 + n2 dy2 <= W. Averaged over x these pairs lie in the convex hull of the whole
    ones: (dx1 N1 / L, dx2 N2 / L). The same holds for cuts along the floor. The largest N1 + N2
    that both hulls allow is the bound.
    """
    if len(ways) == 1:
        return (floor_l // ways[0][0]) * (floor_w // ways[0][1])
    (dx1, dy1), (dx2, dy2) = ways
    across = _hull(dy1, dy2, floor_w)
    along = _hull(dx1, dx2, floor_l)
    best = 0
    for n1 in range((floor_l * floor_w) // (dx1 * dy1) + 1):
        n2 = min(
            _height(across, dx1 * n1 / floor_l) * floor_l / dx2,
            _height(along, dy1 * n1 / floor_w) * floor_w / dy2,
        )
        if n2 >= 0:
            best = max(best, n1 + int(n2 + 1e-6))
    return best


def _hull(size1: int, size2: int, limit: int) -> list[tuple[int, int]]:
    """Upper hull of the pairs (n1, n2) with n1 size1 + n2 size2 <= limit, n1 ascending."""
    hull: list[tuple[int, int]] = []
    for n1 in range(limit // size1 + 1):
        point = (n1, (limit - n1 * size1) // size2)
        while len(hull) > 1:
            (ax, ay), (bx, by) = hull[-2], hull[-1]
            if (bx - ax) * (point[1] - ay) < (by - ay) * (point[0] - ax):
                break
            hull.pop()
        hull.append(point)
    return hull


def _height(hull: list[tuple[int, int]], at: float) -> float:
    """The hull's height at a place; negative beyond its end."""
    if at > hull[-1][0] + 1e-9:
        return -1.0
    for (ax, ay), (bx, by) in pairwise(hull):
        if at <= bx:
            return ay + (by - ay) * (at - ax) / (bx - ax)
    return float(hull[-1][1])


def _grid(x: int, y: int, way: tuple[int, int], length: int, width: int) -> list[Spot]:
    """A block of equal footprints from a corner."""
    dx, dy = way
    return [
        (x + i * dx, y + j * dy, dx, dy) for i in range(length // dx) for j in range(width // dy)
    ]


def _best_sum(options: list[tuple[int, int]], limit: int) -> list[int]:
    """Which options (size, value) fill a length with most value: indices, larger value first."""
    value = [0] * (limit + 1)
    taken = [-1] * (limit + 1)
    for at in range(1, limit + 1):
        value[at] = value[at - 1]
        for i, (size, gain) in enumerate(options):
            if size <= at and value[at - size] + gain > value[at]:
                value[at], taken[at] = value[at - size] + gain, i
    chosen, at = [], limit
    while at > 0:
        if taken[at] < 0:
            at -= 1
        else:
            chosen.append(taken[at])
            at -= options[taken[at]][0]
    return sorted(chosen, key=lambda i: (-options[i][1], i))


def _rows(ways: list[tuple[int, int]], floor_l: int, floor_w: int) -> tuple[Spot, ...]:
    """Rows across the floor, each of one way of standing."""
    options = [(dx, floor_w // dy) for dx, dy in ways]
    spots: list[Spot] = []
    x = 0
    for i in _best_sum(options, floor_l):
        spots += _grid(x, 0, ways[i], ways[i][0], floor_w)
        x += ways[i][0]
    return tuple(spots)


def _lanes(ways: list[tuple[int, int]], floor_l: int, floor_w: int) -> tuple[Spot, ...]:
    """Lanes along the floor, each of one way of standing."""
    options = [(dy, floor_l // dx) for dx, dy in ways]
    spots: list[Spot] = []
    y = 0
    for i in _best_sum(options, floor_w):
        spots += _grid(0, y, ways[i], floor_l, ways[i][1])
        y += ways[i][1]
    return tuple(spots)


def _guillotine(ways: list[tuple[int, int]], floor_l: int, floor_w: int) -> tuple[Spot, ...]:
    """The best layout of cuts from wall to wall (dynamic programme on the raster points)."""
    sizes = tuple(s for way in ways for s in way)
    xs, ys = filled_lengths(sizes, floor_l), filled_lengths(sizes, floor_w)
    if len(xs) * len(ys) * (len(xs) + len(ys)) > _MOST_GUILLOTINE_STEPS:
        return ()
    down_x, down_y = _round_down(xs, floor_l), _round_down(ys, floor_w)
    best: dict[tuple[int, int], tuple[int, str, int]] = {}
    for width in ys:
        for length in xs:
            count, kind, at = 0, "", 0
            for i, (dx, dy) in enumerate(ways):
                n = (length // dx) * (width // dy)
                if n > count:
                    count, kind, at = n, "grid", i
            for cut in xs[1:]:
                if 2 * cut > length:
                    break
                n = best[cut, width][0] + best[down_x[length - cut], width][0]
                if n > count:
                    count, kind, at = n, "x", cut
            for cut in ys[1:]:
                if 2 * cut > width:
                    break
                n = best[length, cut][0] + best[length, down_y[width - cut]][0]
                if n > count:
                    count, kind, at = n, "y", cut
            if width == ys[-1]:
                n = _pinwheel_count(ways, length, width)[0]
                if n > count:
                    count, kind, at = n, "pinwheel", 0
            best[length, width] = (count, kind, at)
    spots: list[Spot] = []
    todo = [(0, 0, down_x[floor_l], down_y[floor_w])]
    while todo:
        x, y, length, width = todo.pop()
        _, kind, at = best[length, width]
        if kind == "grid":
            spots += _grid(x, y, ways[at], length, width)
        elif kind == "pinwheel":
            spots += [(x + u, y + v, du, dv) for u, v, du, dv in _pinwheel(ways, length, width)]
        elif kind == "x":
            rest = down_x[length - at]
            todo += [(x, y, rest, width), (x + rest, y, at, width)]
        elif kind == "y":
            rest = down_y[width - at]
            todo += [(x, y, length, rest), (x, y + rest, length, at)]
    return tuple(spots)


def _round_down(points: list[int], limit: int) -> list[int]:
    """For every length the largest raster point not above it."""
    down, last = [0] * (limit + 1), 0
    marks = set(points)
    for at in range(limit + 1):
        last = at if at in marks else last
        down[at] = last
    return down


def _pinwheel(ways: list[tuple[int, int]], floor_l: int, floor_w: int) -> tuple[Spot, ...]:
    """Five blocks round a centre, the four outer ones standing by turns in either way.

    Block 1 fills [0, x1] x [0, y1], block 2 [x1, L] x [0, y2], block 3 [x2, L] x [y2, W], block 4
    [0, x2] x [y1, W], the middle [x1, x2] x [y2, y1], for all x1 <= x2 and y2 <= y1.
    """
    count, cuts, chosen = _pinwheel_count(ways, floor_l, floor_w)
    if not count:
        return ()
    blocks = _five(chosen[0], chosen[1], cuts, floor_l, floor_w)
    return tuple(spot for b in blocks for spot in _grid(*b))


def _pinwheel_count(
    ways: list[tuple[int, int]], floor_l: int, floor_w: int
) -> tuple[int, tuple[int, int, int, int], list[tuple[int, int]]]:
    """The best five blocks: how many they hold, their cuts, and which way comes first."""
    best, cuts = 0, (0, 0, 0, 0)
    chosen = ways
    if len(ways) < 2 or (floor_l * floor_w) // (ways[0][0] * ways[0][1]) > _MOST_FOR_PINWHEEL:
        return best, cuts, chosen
    for p, q in ((ways[0], ways[1]), (ways[1], ways[0])):
        for x1 in range(p[0], floor_l + 1, p[0]):
            for x2 in range(floor_l - (floor_l - x1) // p[0] * p[0], floor_l, p[0]):
                for y1 in range(p[1], floor_w + 1, p[1]):
                    for y2 in range(floor_w - (floor_w - 1) // p[1] * p[1], y1 + 1, p[1]):
                        count = _five_count(p, q, (x1, x2, y1, y2), floor_l, floor_w)
                        if count > best:
                            best, cuts, chosen = count, (x1, x2, y1, y2), [p, q]
    return best, cuts, chosen


def _five_count(
    p: tuple[int, int],
    q: tuple[int, int],
    cuts: tuple[int, int, int, int],
    floor_l: int,
    floor_w: int,
) -> int:
    """How many the five blocks hold."""
    x1, x2, y1, y2 = cuts
    inner_l, inner_w = x2 - x1, y1 - y2
    return (
        (x1 // p[0]) * (y1 // p[1])
        + ((floor_l - x1) // q[0]) * (y2 // q[1])
        + ((floor_l - x2) // p[0]) * ((floor_w - y2) // p[1])
        + (x2 // q[0]) * ((floor_w - y1) // q[1])
        + max((inner_l // p[0]) * (inner_w // p[1]), (inner_l // q[0]) * (inner_w // q[1]))
    )


def _five(
    p: tuple[int, int],
    q: tuple[int, int],
    cuts: tuple[int, int, int, int],
    floor_l: int,
    floor_w: int,
) -> list[tuple[int, int, tuple[int, int], int, int]]:
    """The blocks of one pinwheel: x, y, way of standing, length, width."""
    x1, x2, y1, y2 = cuts
    inner = (x2 - x1, y1 - y2)
    middle = max((p, q), key=lambda way: (inner[0] // way[0]) * (inner[1] // way[1]))
    return [
        (0, 0, p, x1, y1),
        (x1, 0, q, floor_l - x1, y2),
        (x2, y2, p, floor_l - x2, floor_w - y2),
        (0, y1, q, x2, floor_w - y1),
        (x1, y2, middle, inner[0], inner[1]),
    ]


def _one_more(
    ways: list[tuple[int, int]],
    floor_l: int,
    floor_w: int,
    best: tuple[Spot, ...],
    bound: int,
) -> tuple[tuple[Spot, ...], int]:
    """Ask CP-SAT for layouts above the best block layout until it has proved there is none."""
    from loading.cpsat import place_equal

    while len(best) < bound:
        spots, none = place_equal(ways, len(best) + 1, floor_l, floor_w, best)
        if spots is None:
            return best, len(best) if none else bound
        best = spots
    return best, bound
