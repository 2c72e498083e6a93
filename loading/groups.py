"""Groups: units that stay in one load unit, and groups that may not meet."""

from __future__ import annotations

from collections.abc import Sequence

from loading.assign import GROUP, SPACE, Assigned, Goal
from loading.exact import Clock
from loading.floor import TASTES, Standing
from loading.mixed import extend, fill_one, result
from loading.stacks import Piece, Stack, build_stacks


def with_groups(pieces: Sequence[Piece], goal: Goal, bound: int) -> Assigned:
    """Groups stay in one load unit and away from those they may not meet."""
    clock = Clock(goal.seconds)
    clusters: dict[str, list[Piece]] = {}
    for p in pieces:
        if p.unit.group:
            clusters.setdefault(p.unit.group, []).append(p)
    shuns = {
        g: {other for p in members for other in p.unit.not_with} for g, members in clusters.items()
    }
    order = sorted(
        clusters,
        key=lambda g: (
            -max(p.unit.priority for p in clusters[g]),
            -sum(p.area_mm2 * p.height_mm for p in clusters[g]),
            g,
        ),
    )
    loads: list[list[Standing]] = []
    inside: list[set[str]] = []
    left: list[tuple[str, Stack]] = []
    for g in order:
        stacks = build_stacks(clusters[g], goal.e, goal.mass_limit_kg)
        for k, load in enumerate(loads):
            if any(h in shuns[g] or g in shuns[h] for h in inside[k]):
                continue
            filled = fill_one(
                [*(s.stack for s in load), *stacks], [], goal, TASTES, goal.seed, clock
            )
            if filled.standing:
                loads[k] = filled.standing
                inside[k].add(g)
                break
        else:
            filled = fill_one([], stacks, goal, TASTES, goal.seed, clock)
            full = goal.max_loads is not None and len(loads) >= goal.max_loads
            if filled.left or not filled.standing or full:
                left += [(SPACE if full else GROUP, s) for s in stacks]
            else:
                loads.append(filled.standing)
                inside.append({g})
    loose = build_stacks([p for p in pieces if not p.unit.group], goal.e, goal.mass_limit_kg)

    def allowed(k: int, s: Stack) -> bool:
        own = {g for p in s.pieces for g in p.unit.not_with}
        return k >= len(inside) or not own & inside[k]

    loads, over = extend(loads, loose, goal, clock, allowed)
    return result(loads, left + over, goal, bound)
