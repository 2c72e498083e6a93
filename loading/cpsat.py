"""Floor layouts with CP-SAT (`NoOverlap2D`), where block layouts and best fit leave a doubt.

Every search has a seed, interleaved workers and a deterministic limit, so that the same question
has the same answer on every machine; the wall-clock limit is a safety net far above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from loading.footprints import Spot

WORKERS = 8
"""Fewer workers lose the strategies that find mixed plans: measured, also on two cores."""
WORKERS_FOR_COUNTS = 1
"""Equal footprints: eight interleaved workers need up to ten times as long for the same answers
(measured on 14 footprints that blocks do not settle)."""


@dataclass(frozen=True)
class Rect:
    """A footprint that must find a place: the ways it may stand (size along x, across y)."""

    ways: tuple[tuple[int, int], ...]
    mass_kg: float = 0.0


def solver_of(seed: int, work: float, seconds: float, workers: int) -> Any:
    """CP-SAT with a seed and a deterministic limit (`work`); `seconds` is a safety net."""
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    solver.parameters.num_workers = workers
    solver.parameters.random_seed = seed
    solver.parameters.interleave_search = workers > 1
    solver.parameters.max_deterministic_time = work
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.catch_sigint_signal = False  # Ctrl-C is ours: it ends more than one question
    return solver


def place_equal(
    ways: Sequence[tuple[int, int]],
    count: int,
    floor_l: int,
    floor_w: int,
    hint: Sequence[Spot] = (),
    work: float = 0.3,
    seconds: float = 10.0,
) -> tuple[tuple[Spot, ...] | None, bool]:
    """Spots for `count` equal footprints, or None and whether that is proved."""
    rects = [Rect(tuple(ways))] * count
    return place_all(
        rects, floor_l, floor_w, hint=hint, work=work, seconds=seconds, workers=WORKERS_FOR_COUNTS
    )


def place_all(
    rects: Sequence[Rect],
    floor_l: int,
    floor_w: int,
    *,
    hint: Sequence[Spot] = (),
    cog: tuple[float, float] | None = None,
    seed: int = 1,
    work: float = 0.3,
    seconds: float = 10.0,
    workers: int = WORKERS,
) -> tuple[tuple[Spot, ...] | None, bool]:
    """A spot for every footprint, or None and whether that is proved.

    `cog`: least and greatest place of the common centre of gravity along x, mm. Equal footprints
    are ordered by x, which takes the symmetry out.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    xs, ys, x_sizes, y_sizes, x_spans, y_spans = [], [], [], [], [], []
    for i, rect in enumerate(rects):
        least = min(min(way) for way in rect.ways)
        x = model.new_int_var(0, floor_l - least, f"x{i}")
        y = model.new_int_var(0, floor_w - least, f"y{i}")
        if len(rect.ways) == 1:
            dx, dy = rect.ways[0]
            model.add(x <= floor_l - dx)
            model.add(y <= floor_w - dy)
            x_span = model.new_fixed_size_interval_var(x, dx, f"x_span{i}")
            y_span = model.new_fixed_size_interval_var(y, dy, f"y_span{i}")
            x_size: Any = dx
            y_size: Any = dy
        else:
            turned = model.new_bool_var(f"turned{i}")
            (a, b), (c, d) = rect.ways
            x_size, y_size = a + (c - a) * turned, b + (d - b) * turned
            model.add(x + x_size <= floor_l)
            model.add(y + y_size <= floor_w)
            x_end = model.new_int_var(0, floor_l, f"x_end{i}")
            y_end = model.new_int_var(0, floor_w, f"y_end{i}")
            x_span = model.new_interval_var(x, x_size, x_end, f"x_span{i}")
            y_span = model.new_interval_var(y, y_size, y_end, f"y_span{i}")
            if i < len(hint):
                model.add_hint(turned, int(hint[i][2:] != (a, b)))
        if i < len(hint):
            model.add_hint(x, hint[i][0])
            model.add_hint(y, hint[i][1])
        xs.append(x)
        ys.append(y)
        x_sizes.append(x_size)
        y_sizes.append(y_size)
        x_spans.append(x_span)
        y_spans.append(y_span)
    model.add_no_overlap_2d(x_spans, y_spans)
    model.add_cumulative(x_spans, y_sizes, floor_w)
    model.add_cumulative(y_spans, x_sizes, floor_l)
    for i in range(len(rects) - 1):
        if rects[i] == rects[i + 1]:
            model.add(xs[i] <= xs[i + 1])
    if cog is not None:
        # twice the moment, in kg mm with whole kg, keeps the sums far under 2^31 x 2^31
        grams = [max(1, round(r.mass_kg)) for r in rects]
        moment = sum(m * (2 * x + size) for m, x, size in zip(grams, xs, x_sizes, strict=True))
        model.add(moment >= round(2 * sum(grams) * cog[0]))
        model.add(moment <= round(2 * sum(grams) * cog[1]))
    solver = solver_of(seed, work, seconds, workers)
    status = solver.solve(model)
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        spots = tuple(
            (solver.value(x), solver.value(y), int(solver.value(dx)), int(solver.value(dy)))
            for x, y, dx, dy in zip(xs, ys, x_sizes, y_sizes, strict=True)
        )
        return spots, False
    return None, status == cp_model.INFEASIBLE
