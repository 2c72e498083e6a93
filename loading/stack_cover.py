"""Stacks with the least floor: all ways of stacking a few kinds, and a covering model over them.

    Decide     s_q  stacks of pattern q (whole): which kinds stand on one another
    So that    every kind stands in patterns at least as often as there are units of it
    Minimise   floor

Kinds are pieces of one packaging and mass. A stack from which a unit is taken out is still a stack
(what stood on it lies inside the one below), so that covering is enough.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from loading.equipment import Equipment
from loading.stacks import Piece, Stack, as_stack, may_carry
from loading.units import HandlingUnit, Packaging
from lowhaul.linear import LinearModel
from lowhaul.solve import Limits, solve

_MOST_PATTERNS = 1_500
_MOST_KINDS = 40
_SECONDS = 2.0

Kind = tuple[Packaging, float, int, int, int]
"""Packaging, mass, and the side it stands on (length, width, height)."""
Pattern = tuple[int, ...]
"""Kinds from the floor up, as their positions."""


def kind_of(p: Piece) -> Kind:
    """What makes two pieces the same to a stack."""
    return (p.unit.packaging, p.unit.mass_kg, p.length_mm, p.width_mm, p.height_mm)


def _sample(kind: Kind) -> Piece:
    packaging, mass_kg, length, width, height = kind
    return Piece(HandlingUnit("", "", packaging, 1, mass_kg), length, width, height)


@lru_cache(maxsize=512)
def patterns(
    kinds: tuple[Kind, ...], counts: tuple[int, ...], e: Equipment, mass_limit_kg: float
) -> tuple[Pattern, ...]:
    """Every way to stack the kinds that holds a multiset of its own; empty if there are too many.

    Of the ways that hold the same units one is kept: they take floor alike where the lowest unit
    is the largest.
    """
    if len(kinds) > _MOST_KINDS:
        return ()
    samples = [_sample(k) for k in kinds]
    found: dict[tuple[int, frozenset[tuple[int, int]]], Pattern] = {}
    waiting: list[tuple[list[Piece], Pattern]] = [([p], (k,)) for k, p in enumerate(samples)]
    seen = 0
    while waiting:
        stack, pattern = waiting.pop()
        seen += 1
        if len(found) > _MOST_PATTERNS or seen > 20 * _MOST_PATTERNS:
            return ()
        found.setdefault((stack[0].area_mm2, frozenset(Counter(pattern).items())), pattern)
        # each order of the same units is gone on from: another order may carry more
        mass_kg = sum(p.unit.mass_kg for p in stack)
        waiting += [
            ([*stack, p], (*pattern, k))
            for k, p in enumerate(samples)
            if pattern.count(k) < counts[k]
            and mass_kg + p.unit.mass_kg <= mass_limit_kg + 1e-9
            and may_carry(stack, p, e)
        ]
    return tuple(found.values())


@lru_cache(maxsize=512)
def _cover(
    kinds: tuple[Kind, ...], counts: tuple[int, ...], e: Equipment, mass_limit_kg: float
) -> tuple[tuple[Pattern, int], ...]:
    """How often each pattern is used; empty where the question is too large."""
    known = patterns(kinds, counts, e, mass_limit_kg)
    if not known:
        return ()
    model = LinearModel()
    columns = [model.column(str(q), integer=True) for q in known]
    for k, count in enumerate(counts):
        inside = {c: float(q.count(k)) for c, q in zip(columns, known, strict=True)}
        model.row(f"kind {k}", inside, lower=float(count))
    area = [kinds[q[0]][2] * kinds[q[0]][3] / 1e6 for q in known]
    # of equal floors the lower stacks: they are easier to set, and lighter on the floor
    model.minimise(
        {c: a * (1 + 1e-6 * len(q)) for c, a, q in zip(columns, area, known, strict=True)}
    )
    solved = solve(model, Limits(_SECONDS), in_process=True)
    if not solved.found:
        return ()
    return tuple((q, round(v)) for q, v in zip(known, solved.values, strict=True) if round(v) > 0)


def cover(pieces: Sequence[Piece], e: Equipment, mass_limit_kg: float) -> list[Stack] | None:
    """The pieces in stacks of the least floor; None where they are too many kinds to try all."""
    waiting: dict[Kind, list[Piece]] = {}
    for p in pieces:
        waiting.setdefault(kind_of(p), []).append(p)
    kinds = tuple(waiting)
    used = _cover(kinds, tuple(len(v) for v in waiting.values()), e, mass_limit_kg)
    if not used:
        return None
    stacks: list[Stack] = []
    # high stacks first, so that what is covered twice is missing from single units
    for pattern, times in sorted(used, key=lambda u: (-len(u[0]), u[0])):
        for _ in range(times):
            stack = [waiting[kinds[k]].pop(0) for k in pattern if waiting[kinds[k]]]
            if stack:
                stacks.append(as_stack(stack))
    return None if any(waiting.values()) else stacks
