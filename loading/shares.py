"""Which load unit takes how many stacks of each kind, where mass leaves hardly any room.

    Decide     n_kt  stacks of kind k in load unit t
    So that    sum_t n_kt = stacks of kind k
               every t:  mass <= the limit,  length of rows <= the inner length
               load units are ordered by mass (they are alike)

CP-SAT with a deterministic limit: the same question has the same answer. Whether a share can stand
within the axle limits is for the caller to try.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import ceil, floor

from loading.cpsat import WORKERS, solver_of
from loading.stacks import Stack

_TENTHS = 10
"""Masses are counted in tenths of a kg, stacks rounded up and the limit down."""
_MOST_VARIABLES = 400


def share_out(
    stacks: Sequence[Stack],
    count: int,
    limit_kg: float,
    length_mm: int,
    length_of: Callable[[Stack], float],
    seed: int = 1,
    work: float = 1.0,
    seconds: float = 10.0,
) -> list[list[Stack]] | None:
    """Stacks by load unit, or None if no division was found within the limits.

    `length_of`: floor length that a stack takes if its row is full of its like.
    """
    kinds: dict[tuple[int, int, bool, int, float], list[Stack]] = {}
    for s in stacks:
        kinds.setdefault((s.length_mm, s.width_mm, s.turn, s.stop, s.mass_kg), []).append(s)
    groups = list(kinds.values())
    if len(groups) * count > _MOST_VARIABLES:
        return None
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    masses = [ceil(g[0].mass_kg * _TENTHS - 1e-6) for g in groups]
    lengths = [floor(length_of(g[0])) for g in groups]
    n = [
        [model.new_int_var(0, len(g), f"n{k}_{t}") for t in range(count)]
        for k, g in enumerate(groups)
    ]
    for g, row in zip(groups, n, strict=True):
        model.add(sum(row) == len(g))
    for t in range(count):
        mass = sum(m * row[t] for m, row in zip(masses, n, strict=True))
        model.add(mass <= floor(limit_kg * _TENTHS))
        model.add(sum(d * row[t] for d, row in zip(lengths, n, strict=True)) <= length_mm)
        if t + 1 < count:
            model.add(mass >= sum(m * row[t + 1] for m, row in zip(masses, n, strict=True)))
    solver = solver_of(seed, work, seconds, WORKERS)
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    shares: list[list[Stack]] = [[] for _ in range(count)]
    for g, row in zip(groups, n, strict=True):
        rest = list(g)
        for t in range(count):
            take = int(solver.value(row[t]))
            shares[t] += rest[:take]
            rest = rest[take:]
    return shares
