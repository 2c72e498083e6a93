"""Groups: units that stay in one load unit, and groups that may not meet."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from loading.assign import GROUP, SPACE, Assigned, Goal
from loading.clock import Clock
from loading.floor import TASTES, Standing
from loading.mixed import Division, extend, fill_one, result
from loading.stacks import Piece, Stack, build_stacks


def with_groups(pieces: Sequence[Piece], goal: Goal, bound: int) -> Assigned:
    """Groups stay in one load unit and away from those they may not meet.

    All groups first, then single units. Where not everything fits, once more by priority: what is
    more urgent takes its room before anything else does.
    """
    urgency: dict[str, float] = {}
    for p in pieces:
        urgency[p.unit.group] = max(urgency.get(p.unit.group, 0.0), p.unit.priority)
    by_level: dict[float, list[Piece]] = {}
    for p in pieces:
        level = urgency[p.unit.group] if p.unit.group else p.unit.priority
        by_level.setdefault(level, []).append(p)
    division = _filled([pieces], goal)
    if division[1] and len(by_level) > 1:
        division = _filled([by_level[level] for level in sorted(by_level, reverse=True)], goal)
    return result(division[0], division[1], goal, bound)


def _filled(rounds: Sequence[Sequence[Piece]], goal: Goal) -> Division:
    """One round after the other, groups first in each."""
    clock = goal.clock
    loads: list[list[Standing]] = []
    inside: list[set[str]] = []
    """Groups in each load unit."""
    shunned: list[set[str]] = []
    """Groups that what is in it may not meet."""
    left: list[tuple[str, Stack]] = []
    for pieces in rounds:
        clusters: dict[str, list[Piece]] = {}
        for p in pieces:
            if p.unit.group:
                clusters.setdefault(p.unit.group, []).append(p)
        for g in sorted(clusters, key=lambda g: (-_room(clusters[g]), g)):
            stacks = build_stacks(clusters[g], goal.e, goal.mass_limit_kg, clock)
            shuns = {other for p in clusters[g] for other in p.unit.not_with}
            why = _place_group(g, shuns, stacks, loads, inside, shunned, goal, clock)
            left += [(why, s) for s in stacks] if why else []
        single = [p for p in pieces if not p.unit.group]
        loose = build_stacks(single, goal.e, goal.mass_limit_kg, clock)

        loads, over = extend(loads, loose, goal, clock, _meets_none_of(inside))
        left += over
        inside += [set() for _ in range(len(loads) - len(inside))]
        shunned = [{g for s in load for g in _shuns(s.stack)} for load in loads]
    return loads, left


def _room(pieces: Sequence[Piece]) -> int:
    return sum(p.area_mm2 * p.height_mm for p in pieces)


def _shuns(stack: Stack) -> set[str]:
    return {g for p in stack.pieces for g in p.unit.not_with}


def _meets_none_of(inside: list[set[str]]) -> Callable[[int, Stack], bool]:
    """Whether a stack may go into the k-th load unit; new ones hold no group yet."""
    return lambda k, s: k >= len(inside) or not _shuns(s) & inside[k]


def _place_group(
    group: str,
    shuns: set[str],
    stacks: list[Stack],
    loads: list[list[Standing]],
    inside: list[set[str]],
    shunned: list[set[str]],
    goal: Goal,
    clock: Clock,
) -> str:
    """Into the first load unit that takes the whole group, or a new one; why not, if it cannot."""
    for k, load in enumerate(loads):
        if shuns & inside[k] or group in shunned[k]:
            continue
        filled = fill_one([*(s.stack for s in load), *stacks], [], goal, TASTES, goal.seed, clock)
        if filled.standing:
            loads[k] = filled.standing
            inside[k].add(group)
            shunned[k] |= shuns
            return ""
    filled = fill_one([], stacks, goal, TASTES, goal.seed, clock)
    if filled.left or not filled.standing:
        return GROUP
    if goal.max_loads is not None and len(loads) >= goal.max_loads:
        return SPACE
    loads.append(filled.standing)
    inside.append({group})
    shunned.append(set(shuns))
    return ""
