"""All boxes into as few equal containers as can be found.

Fillings of one container are patterns; a set-covering model chooses how often each is used
(P. C. Gilmore and R. E. Gomory, A linear programming approach to the cutting-stock problem,
Operations Research 9, 1961). New patterns come from the single-container search with boxes worth
their dual prices, so that what is hard to place goes in first.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from loading.cartons.boxes import BoxKind, BoxPlace, Sizes, off_grid, on_grid
from loading.cartons.limit import Limit, is_crowd
from loading.cartons.plain import SNUG, plain_filling
from lowhaul.linear import LinearModel
from lowhaul.solve import Limits, relaxation, solve

if TYPE_CHECKING:
    from loading.cartons.search import Search

Counts = tuple[int, ...]

FIRST_ITERATIONS = 300
"""Greedy completions for each container of the first plan."""
PRICED_ITERATIONS = 400
"""Greedy completions for a pattern by dual prices."""
MOST_KINDS = 60
"""A container is offered so many kinds at least of a list that has more: more make it slow."""
OFFERED = 1.1
"""So many times what a container holds it is offered then."""
MODEL_S = 2.0
"""Seconds for the set-covering model, each time."""
LEAST_MODEL_S = 0.05
PLAIN_TRIES = 300
"""Plans of plain fillings that are tried for a long list: many boxes a container or many kinds."""
SNUGS = (0.5, 1.0, 2.0, 4.0)
"""Exponents that these draw from."""


@dataclass(frozen=True)
class PackedAll:
    """Containers with their boxes in the order of stuffing.

    `bound`: fewer are impossible; `left`: boxes of each kind that fit into no container;
    `compiled_s`: seconds that compiling took, which are no part of the limit.
    """

    loads: tuple[tuple[BoxPlace, ...], ...]
    bound: int
    left: Counts
    compiled_s: float = 0.0


def least_containers(
    kinds: Sequence[BoxKind], inner: tuple[int, int, int], most_kg: float = math.inf
) -> int:
    """A lower bound: by volume, by mass, and by boxes of which no two share a container."""
    volume = sum(k.volume * k.count for k in kinds)
    mass = sum(k.mass_kg * k.count for k in kinds)
    alone = sum(
        k.count
        for k in kinds
        if all(all(2 * s > room for s, room in zip(way, inner, strict=True)) for way in k.ways)
    )
    by_mass = math.ceil(mass / most_kg - 1e-9) if most_kg < math.inf else 0
    return max(-(-volume // math.prod(inner)), by_mass, alone)


def pack_all(
    kinds: Sequence[BoxKind],
    inner: tuple[int, int, int],
    limit: Limit,
    *,
    support: float = 1.0,
    most_kg: float = math.inf,
    orderly: bool = True,
    seed: int = 1,
) -> PackedAll:
    """All boxes into few containers; boxes that fit into none are left (see `pack_boxes`)."""
    fitting = [replace(k, ways=_ways_inside(k, inner)) for k in kinds]
    left = tuple(k.count if not k.ways or k.mass_kg > most_kg else 0 for k in fitting)
    fitting = [replace(k, count=k.count - n) for k, n in zip(fitting, left, strict=True)]
    bound = least_containers(fitting, inner, most_kg)
    if not any(k.count for k in fitting):
        return PackedAll((), 0, left)
    small, room, grid = on_grid(fitting, inner)

    def searching(some: Sequence[BoxKind]) -> Search:
        from loading.cartons.search import Search

        return Search(some, room, support=support, most_kg=most_kg, orderly=orderly)

    job = _Patterns(small, room, searching, limit, bound, random.Random(seed), most_kg)
    loads = tuple(off_grid(load, grid) for load in job.run())
    return PackedAll(loads, bound, left, job.compiled_s)


def _ways_inside(kind: BoxKind, inner: tuple[int, int, int]) -> tuple[tuple[int, int, int], ...]:
    return tuple(w for w in kind.ways if all(s <= room for s, room in zip(w, inner, strict=True)))


class _Patterns:
    """The pool of patterns of one job and the best plan made of them."""

    def __init__(
        self,
        kinds: Sequence[BoxKind],
        inner: Sizes,
        searching: Callable[[Sequence[BoxKind]], Search],
        limit: Limit,
        bound: int,
        dice: random.Random,
        most_kg: float,
    ) -> None:
        self.kinds, self.searching = kinds, searching
        self.limit, self.bound, self.dice = limit, bound, dice
        self.running = limit.started()
        self.inner, self.room, self.most_kg = inner, math.prod(inner), most_kg
        self.long = len(kinds) > MOST_KINDS or is_crowd(kinds, inner)
        self.wanted: Counts = tuple(k.count for k in kinds)
        self.compiled_s = 0.0
        self.pool: dict[Counts, tuple[BoxPlace, ...]] = {}
        self.plan: list[Counts] = []
        self.iterations = 0
        self.fill_s = limit.seconds / (2 * bound + 2)
        """Half of the time is enough for a first searched plan."""

    def run(self) -> list[tuple[BoxPlace, ...]]:
        """Patterns until the time is used or the bound is reached; then the containers.

        The first plan is made of plain fillings, which takes hardly any time.
        """
        self.plan = self._plainly(self.wanted)
        for _ in range(PLAIN_TRIES if self.long else 0):
            if self._up():
                break
            self._take_fewer(self._plainly(self.wanted, shaken=True))
        if self.long and not self._up():
            self._improve(self._prices()[1])
        if self._up():
            return self._containers()
        self._get_ready()
        if not self._up():
            self._take_fewer(self._one_after_the_other(self.wanted, FIRST_ITERATIONS))
        work = PRICED_ITERATIONS
        while self.search is None and not self._up():
            self._shaken(4 * FIRST_ITERATIONS)
        dry = 0
        while not self._up():
            prices, value = self._prices()
            found = self._priced(prices, work)
            if self._up():
                break
            if found:
                dry = 0
                if self.dice.random() < 0.7:
                    continue
            dry += 1
            work = min(20 * PRICED_ITERATIONS, int(work * (1.3 if not found else 1.0)))
            self._improve(value)
            if dry > 3:
                self._shaken(work)
        return self._containers()

    def _get_ready(self) -> None:
        """Load the compiled search; where it must be compiled first, that does not count."""
        from loading.cartons.pack import get_ready

        self.compiled_s = get_ready()
        self.running.postpone(self.compiled_s)

    @cached_property
    def search(self) -> Search | None:
        """Of all kinds; of very many, a new one is made of some for each container."""
        return self.searching(self.kinds) if len(self.kinds) <= MOST_KINDS else None

    def _up(self) -> bool:
        return len(self.plan) <= self.bound or self.running.over(self.iterations)

    def _moment(self) -> Limits:
        """Time for a model: `MODEL_S`, or what is left."""
        return Limits(min(MODEL_S, max(LEAST_MODEL_S, self.running.left())))

    def _plainly(self, counts: Counts, *, shaken: bool = False) -> list[Counts]:
        """A plan of plain fillings; `shaken`: with boxes worth a little more or less.

        A shaken plan is given up, and empty, where it is no better or the time is used.
        """
        plan: list[Counts] = []
        rest = list(counts)
        snug = self.dice.choice(SNUGS) if shaken else SNUG
        gains = self._shaken_gains() if shaken else None
        while any(rest):
            if shaken and (len(plan) >= len(self.plan) - 1 or self._up()):
                return []
            places = plain_filling(
                self.kinds, self.inner, counts=rest, gains=gains, most_kg=self.most_kg, snug=snug
            )
            self.iterations += shaken
            plan += self._as_often_as_can_be(self._entered(places), rest)
        return plan

    def _entered(self, places: tuple[BoxPlace, ...]) -> Counts:
        """The pattern of a filling, which is kept in the pool."""
        pattern = _counted(places, len(self.wanted))
        self.pool.setdefault(pattern, places)
        return pattern

    def _as_often_as_can_be(self, pattern: Counts, rest: list[int]) -> list[Counts]:
        """The pattern, as often as the boxes of `rest` last; they are taken out of it."""
        times = min(n // p for n, p in zip(rest, pattern, strict=True) if p)
        for k, p in enumerate(pattern):
            rest[k] -= times * p
        return [pattern] * times

    def _fill(self, counts: Counts, iterations: int, gains: Sequence[int] | None = None) -> Counts:
        """A new pattern of at most these boxes, into the pool."""
        seconds = min(self.fill_s, self.running.left())
        most = Limit(seconds, iterations, self.limit.clock)
        if self.search is not None:
            found = self.search.run(most, counts=counts, gains=gains)
            places = found.places
        else:
            some = self._offered(counts)
            search = self.searching([replace(self.kinds[k], count=counts[k]) for k in some])
            worth = None if gains is None else [gains[k] for k in some]
            found = search.run(most, gains=worth)
            places = tuple(replace(p, kind=some[p.kind]) for p in found.places)
        self.iterations += found.iterations
        return self._entered(places)

    def _offered(self, counts: Counts) -> list[int]:
        """Kinds for one container: those that were begun, then others, until there is plenty."""
        waiting = [k for k, n in enumerate(counts) if n]
        waiting.sort(key=lambda k: counts[k] == self.wanted[k])
        volume = 0
        for i, k in enumerate(waiting):
            if i >= MOST_KINDS and volume >= OFFERED * self.room:
                return waiting[:i]
            volume += self.kinds[k].volume * counts[k]
        return waiting

    def _one_after_the_other(
        self,
        counts: Counts,
        iterations: int,
        gains: Sequence[int] | None = None,
        most: int | None = None,
    ) -> list[Counts]:
        """Fill one container after the other, a filling as often as the boxes last.

        It is given up when the time is used, or when with `most` so many are not enough.
        """
        plan: list[Counts] = []
        rest = list(counts)
        while any(rest) and not self.running.late():
            if most is not None and (len(plan) >= most or self._up()):
                break
            pattern = self._fill(tuple(rest), iterations, gains)
            if not any(pattern):
                pattern = self._fill(tuple(rest), iterations)
            plan += self._as_often_as_can_be(pattern, rest)
        return [] if any(rest) else plan

    def _prices(self) -> tuple[list[float], float]:
        """Dual prices of the set-covering model over the pool, and its value."""
        model = LinearModel()
        columns = [model.column(f"kind {k}") for k in range(len(self.wanted))]
        for i, pattern in enumerate(self.pool):
            model.row(f"pattern {i}", dict(zip(columns, map(float, pattern), strict=True)), upper=1)
        model.minimise({c: -float(n) for c, n in zip(columns, self.wanted, strict=True)})
        solved = relaxation(model, self._moment())
        return [max(0.0, v) for v in solved.values], -solved.objective

    def _priced(self, prices: Sequence[float], iterations: int) -> bool:
        """A pattern worth more than one container at these prices; True if there is a new one."""
        gains = self._gains(prices)
        before = len(self.pool)
        pattern = self._fill(self.wanted, iterations, gains)
        worth = sum(p * n for p, n in zip(prices, pattern, strict=True))
        return len(self.pool) > before and worth > 1 + 1e-6

    def _gains(self, prices: Sequence[float]) -> list[int]:
        """Prices as whole numbers, none above the box's volume (scaled by the best of them)."""
        kinds = self.kinds
        most = max(p / k.volume for p, k in zip(prices, kinds, strict=True))
        if most <= 0:
            return [k.volume for k in kinds]
        return [max(1, int(p / most)) for p in prices]

    def _improve(self, value: float) -> None:
        """Choose patterns as a whole, and round the relaxation down and fill up the rest."""
        if value > len(self.plan) - 1 + 1e-6:
            return
        model = LinearModel()
        patterns = list(self.pool)
        columns = [model.column(f"pattern {i}", integer=True) for i in range(len(patterns))]
        for k, n in enumerate(self.wanted):
            terms = {c: float(p[k]) for c, p in zip(columns, patterns, strict=True)}
            model.row(f"kind {k}", terms, lower=n)
        model.minimise(dict.fromkeys(columns, 1.0))
        solved = solve(model, self._moment(), in_process=True)
        if solved.found and round(solved.objective) < len(self.plan):
            chosen = [
                p for p, v in zip(patterns, solved.values, strict=True) for _ in range(round(v))
            ]
            self._take(chosen)

    def _take(self, chosen: Sequence[Counts]) -> None:
        """A cover as a plan: boxes that it holds too many of are taken out again."""
        plan = self._exactly(chosen)
        if plan is not None and len(plan) < len(self.plan):
            self.plan = plan

    def _exactly(self, chosen: Sequence[Counts]) -> list[Counts] | None:
        """The patterns of a cover without the boxes that are too many, filled again."""
        rest = list(self.wanted)
        plan: list[Counts] = []
        for pattern in sorted(chosen, reverse=True):
            wanted = tuple(min(p, n) for p, n in zip(pattern, rest, strict=True))
            got = pattern if wanted == pattern else self._fill(wanted, FIRST_ITERATIONS)
            if not any(got):
                continue
            plan.append(got)
            rest = [n - g for n, g in zip(rest, got, strict=True)]
        if any(rest):
            counts = tuple(rest)
            plan += self._one_after_the_other(counts, FIRST_ITERATIONS) or self._plainly(counts)
        return plan

    def _shaken(self, iterations: int) -> None:
        """Another sequence of fillings, with boxes worth a little more or less than their size."""
        gains, fewer = self._shaken_gains(), len(self.plan) - 1
        self._take_fewer(self._one_after_the_other(self.wanted, iterations // 4, gains, fewer))

    def _shaken_gains(self) -> list[int]:
        return [max(1, int(k.volume * self.dice.uniform(0.7, 1.0))) for k in self.kinds]

    def _take_fewer(self, plan: list[Counts]) -> None:
        """Take a complete plan (an empty one was given up) if it has fewer containers."""
        if plan and len(plan) < len(self.plan):
            self.plan = plan

    def _containers(self) -> list[tuple[BoxPlace, ...]]:
        return [self.pool[pattern] for pattern in self.plan]


def _counted(places: Sequence[BoxPlace], kinds: int) -> Counts:
    counts = [0] * kinds
    for p in places:
        counts[p.kind] += 1
    return tuple(counts)
