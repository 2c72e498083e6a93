"""The front: every way to be good at several whole-number objectives at once, found exactly.

A point is non-dominated if nothing is as good in all objectives and better in one. All are
minimised here; `lowhaul.front_search` turns those around that are maximised.

Method: augmented epsilon-constraint over the search region. The first objective is minimised, the
others are held under limits one step below known points, and among equal first values the least
sum of the others is taken, so that each answer is non-dominated. Where a further point may still
lie is kept as local upper bounds: corners u such that nothing known lies strictly below u. A found
point z replaces each corner above it by one corner an objective, in which u_k becomes z_k; corners
within others are left out (Klamroth, Lacour and Vanderpooten, On the representation of the search
region in multi-objective optimization, European Journal of Operational Research 245, 2015). An
answer says more than its point: nothing under the same limits has a smaller first value. So a
corner within those limits, up to that value, is empty without being asked (as the bypass of
AUGMECON2: Mavrotas and Florios, Applied Mathematics and Computation 219, 2013). Two objectives
take one solve a point and one to end; three take about two a point.

It is exact because objectives are whole: between u_k - 1 and u_k there is nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from heapq import nlargest
from typing import Any, Protocol

Point = tuple[int, ...]
Corner = tuple[float, ...]

NO_LIMIT = float("inf")


@dataclass(frozen=True)
class Found:
    """A point and what it stands for (a plan, the values of a model)."""

    point: Point
    solution: Any = None


class Search(Protocol):
    """Whatever can answer: which point is the least?"""

    def least(self, first: int, limits: Sequence[float], known: Found | None) -> Found | None:
        """The least value of objective `first`, then the least sum of all others.

        Every other objective k is at most limits[k]; None if nothing keeps the limits. `known` is
        the best point that does so far, for a start. Raises LowhaulError if it cannot be proved.
        """
        ...


@dataclass(frozen=True)
class Front:
    """All non-dominated points in ascending order, and how many questions they took."""

    found: tuple[Found, ...]
    solves: int

    @property
    def points(self) -> tuple[Point, ...]:
        """The points alone."""
        return tuple(f.point for f in self.found)


def exact_front(
    search: Search,
    objectives: int,
    told: Callable[[int, int], None] | None = None,
    workers: int = 1,
) -> Front:
    """Every non-dominated point of so many objectives (two or more).

    `told` hears of points and solves so far. So many `workers` ask at the same time, each about a
    corner of its own; answers are taken in the order of the corners, so that runs are alike.
    Raises what the search raises.
    """
    region = _Region(objectives)
    known: dict[Point, Found] = {}
    solves = 0
    free = (NO_LIMIT,) * objectives
    for k in range(objectives):
        end = search.least(k, free, None)
        solves += 1
        if end is None:
            return Front((), solves)
        known.setdefault(end.point, end)
        region.least[k] = end.point[k]
        region.most = [max(m, v) for m, v in zip(region.most, end.point, strict=True)]
    for point in known:
        region.cut(point)
    with ThreadPoolExecutor(workers) as pool:
        while corners := region.widest(workers):
            limits = [tuple(u - 1 for u in corner) for corner in corners]
            starts = [_best_under(known, limit) for limit in limits]
            answers = list(pool.map(search.least, [0] * len(corners), limits, starts))
            solves += len(corners)
            for corner, answer in zip(corners, answers, strict=True):
                region.asked(corner, NO_LIMIT if answer is None else answer.point[0])
                if answer is not None and answer.point not in known:
                    known[answer.point] = answer
                    region.cut(answer.point)
            if told:
                told(len(known), solves)
    return Front(tuple(known[point] for point in sorted(known)), solves)


def _best_under(known: dict[Point, Found], limits: Corner) -> Found | None:
    """The known point that keeps the limits of all objectives but the first, and is least there."""
    kept = [p for p in known if all(v <= u for v, u in zip(p[1:], limits[1:], strict=True))]
    return known[min(kept)] if kept else None


class _Region:
    """Where points may still lie: below a corner, unless an answer has said there is none."""

    def __init__(self, objectives: int) -> None:
        self.least = [0] * objectives
        """The best value of each objective."""
        self.most: list[float] = [-NO_LIMIT] * objectives
        """The worst value that a known point has; only the order of asking rests on it."""
        self.corners: list[Corner] = [(NO_LIMIT,) * objectives]
        self.answers: list[tuple[Corner, float]] = []
        """Corners that were asked, and the least first value within their other limits."""

    def cut(self, point: Point) -> None:
        """Take away what a point dominates."""
        self.most = [max(m, v) for m, v in zip(self.most, point, strict=True)]
        above = [u for u in self.corners if _below(point, u)]
        kept = [u for u in self.corners if not _below(point, u)]
        cut = {(*u[:k], float(v), *u[k + 1 :]) for u in above for k, v in enumerate(point)}
        new = [u for u in cut if not self._empty(u)]
        outer = [u for u in new if not any(_within(u, o) for o in (*kept, *new) if o != u)]
        inner = {u for u in kept if any(_within(u, o) for o in outer if o != u)}
        self.corners = [u for u in kept if u not in inner] + sorted(outer)

    def asked(self, corner: Corner, least_first: float) -> None:
        """Keep what an answer says: under the corner's other limits no first value is smaller."""
        self.answers.append((corner, least_first))
        self.corners = [
            u for u in self.corners if not (u[0] <= least_first and _within(u[1:], corner[1:]))
        ]

    def widest(self, count: int) -> list[Corner]:
        """The corners with the widest limits: what their answers say holds for most others."""

        def width(u: Corner) -> tuple[float, Corner]:
            area = 1.0
            for k in range(1, len(u)):
                area *= min(u[k], self.most[k] + 1) - self.least[k]
            return area, u

        return nlargest(count, self.corners, key=width)

    def _empty(self, u: Corner) -> bool:
        if any(v <= least for v, least in zip(u, self.least, strict=True)):
            return True
        return any(u[0] <= first and _within(u[1:], asked[1:]) for asked, first in self.answers)


def _below(point: Sequence[float], corner: Corner) -> bool:
    return all(v < u for v, u in zip(point, corner, strict=True))


def _within(inner: Sequence[float], outer: Sequence[float]) -> bool:
    return all(a <= b for a, b in zip(inner, outer, strict=True))
