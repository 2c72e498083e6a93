"""The shape of a front of two minimised objectives: what a step along it costs, and its knee."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import inf

Pair = tuple[float, float]


def price_of_steps(points: Sequence[Pair]) -> list[float | None]:
    """What one unit less of the second value costs in units of the first, from point to point.

    With points (cost, CO2e in t) in ascending order of cost this is cost per tonne between
    neighbours. None where the second value does not fall.
    """
    return [(b[0] - a[0]) / (a[1] - b[1]) if a[1] > b[1] else None for a, b in pairwise(points)]


def knee(points: Sequence[Pair]) -> int | None:
    """The position of the knee: the point that lies farthest below the line between both ends.

    Both values are measured as shares of their range, so that units do not matter (Das, On
    characterizing the "knee" of the Pareto curve based on normal-boundary intersection, Structural
    Optimization 18, 1999). The first of equal ones; None if no point lies below the line.
    """
    if len(points) < 3:
        return None
    across = [p[0] for p in points]
    down = [p[1] for p in points]
    width, height = max(across) - min(across), max(down) - min(down)
    if not width or not height:
        return None
    below = [
        1 - (x - min(across)) / width - (y - min(down)) / height
        for x, y in zip(across, down, strict=True)
    ]
    best = max(range(len(points)), key=lambda k: (below[k], -k))
    return best if below[best] > 1e-12 else None


def even_limits(best: float, worst: float, count: int) -> list[float]:
    """Limits at even steps from the worst value to the best, for a front that is only sampled."""
    if count < 2:
        raise ValueError("A sampled front has two points or more.")
    return [worst + (best - worst) * k / (count - 1) for k in range(count)]


def lower_curve(bounds: Iterable[Pair]) -> list[Pair]:
    """Steps (limit, least of the other value) below every solution, the widest limit first.

    What none within a limit can go below, none within a narrower limit can.
    """
    steps: list[Pair] = []
    most = -inf
    for limit, bound in sorted(bounds, key=lambda b: (-b[0], -b[1])):
        if bound > most:
            most = bound
            steps.append((limit, bound))
    return steps


def bound_at(steps: Sequence[Pair], value: float) -> float:
    """The steps of `lower_curve` at a value: the other one is at least this."""
    return max((bound for limit, bound in steps if limit >= value), default=-inf)
