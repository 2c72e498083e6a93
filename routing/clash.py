"""Why no plan exists: a smallest set of demands that cannot be met together.

Deletion filtering (Chinneck and Dravnieks, Locating minimal infeasible constraint sets in linear
programs, ORSA Journal on Computing 3, 1991): demands are left out one after the other, and stay out
as long as the rest still cannot be met. What remains cannot be met, and without any one of it the
rest can. Halves are tried first, then quarters, down to single demands, so that a clash of few
among many is found in few solves; relaxations come first: what they cannot meet no plan can.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from lowhaul.linear import LinearModel
from lowhaul.solve import Limits, relaxation, solve

Meets = Callable[[Sequence["Demand"]], bool | None]
"""Whether a plan meets these demands; None where the time ended before it was known."""


@dataclass(frozen=True)
class Demand:
    """What is asked of a plan, in the planner's words, and the names of the rows that ask it."""

    words: str
    rows: frozenset[str]


@dataclass(frozen=True)
class Clash:
    """Demands that no plan meets together.

    `smallest`: without any one of them the others can be met (else the clock ended the search).
    """

    demands: tuple[Demand, ...]
    smallest: bool

    @property
    def words(self) -> list[str]:
        """The demands in the planner's words."""
        return [d.words for d in self.demands]


def find_clash(
    model: LinearModel, demands: Sequence[Demand], limits: Limits, *, relaxed_only: bool = False
) -> Clash | None:
    """A smallest clash among the demands of a model that has no solution.

    `relaxed_only` for a large model whose relaxation has none: then it is a smallest one of that,
    which no plan meets either. Rows that belong to no demand always hold. None where the model was
    not shown to have no solution in time, or has none even without any demand (then the fault is
    elsewhere).
    """
    ends = time.perf_counter() + limits.time_limit_s

    def asked(relaxed: bool) -> Meets:
        return lambda some: _meets(model, demands, some, relaxed, ends, limits)

    left = list(demands)
    smallest = False
    if asked(True)(left) is False:
        left, smallest = _filtered(left, asked(True))
        if not left:
            return None
        if relaxed_only:
            return Clash(tuple(left), smallest)
        left, smallest = _filtered(left, asked(False))
    elif not relaxed_only and asked(False)(left) is False:
        left, smallest = _filtered(left, asked(False))
    else:
        return None
    return Clash(tuple(left), smallest) if left else None


def _filtered(demands: Sequence[Demand], meets: Meets) -> tuple[list[Demand], bool]:
    """What remains of a set that cannot be met, and whether every demand of it was tried."""
    left = list(demands)
    known = True
    size = max(1, len(left) // 2)
    while True:
        start = 0
        known = True
        while start < len(left):
            rest = left[:start] + left[start + size :]
            answer = meets(rest)
            if answer is False:
                left = rest
            else:
                known = known and answer is not None
                start += size
        if size == 1:
            return left, known
        size = max(1, size // 2)


def _meets(
    model: LinearModel,
    demands: Sequence[Demand],
    kept: Sequence[Demand],
    relaxed: bool,
    ends: float,
    limits: Limits,
) -> bool | None:
    """Whether the model without the demands that are not kept has a solution."""
    left_s = ends - time.perf_counter()
    if left_s <= 0:
        return None
    spoken_of = {name for d in demands for name in d.rows}
    wanted = {name for d in kept for name in d.rows}
    rows = [
        replace(row, lazy=False)
        for row in model.rows
        if row.name not in spoken_of or row.name in wanted
    ]
    some = replace(model, rows=rows, objective={}, constant=0.0)
    asked = replace(limits, time_limit_s=left_s, gap=0.0)
    solved = relaxation(some, asked) if relaxed else solve(some, asked)
    if solved.status == "infeasible":
        return False
    return True if solved.found else None
