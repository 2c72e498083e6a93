"""Mixed units: stacks of several footprints divided over load units."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from loading.assign import AXLES, COG, FLOOR, MASS, SPACE, Assigned, Goal, settled
from loading.balance import cog_window, cog_x
from loading.clock import Clock, Pace
from loading.exact import lay_out_exactly
from loading.floor import TASTES, Skyline, Standing, Taste, best_fit
from loading.stacks import Piece, Stack, build_stacks
from loading.waiting import MOST_OFFERED, Waiting

_MOST_FOR_CP_SAT = 36
_NOISE = 0.35
_MOST_ATTEMPTS = 40
_MOST_RETRIES = 40
_MANY, _STACKS_SHARE = 5_000, 0.1
"""With so many pieces better stacks may take this share of the time: the floor needs the rest."""
_EXCEPTION = 0.05
"""What a centre of gravity beyond 5 % costs in the worth of a filling (one floor counts 1)."""
_SHARE_OF_EQUALS = 0.5
"""Of the time, where priorities differ: for a plan in which all that goes is alike."""
_MOST_EVEN = 100_000
"""Stacks times load units up to which shares are made even."""


@dataclass(frozen=True)
class Filled:
    """One load unit after an attempt, what is left, and what turned any away beside room and mass.

    `floor_bound`: the floor load; `cog_bound`: the centre of gravity, or the axles of a trailer.
    """

    standing: list[Standing]
    left: list[Stack]
    floor_bound: bool
    cog_bound: bool = False


def assign_mixed(pieces: Sequence[Piece], goal: Goal, bound: int) -> Assigned:
    """Divide pieces of several footprints, stops or groups over load units."""
    clock = goal.clock
    if any(p.unit.group for p in pieces):
        from loading.groups import with_groups

        return with_groups(pieces, goal, bound)
    in_part = clock.part(clock.left() * (_STACKS_SHARE if len(pieces) > _MANY else 1.0))
    stacks = build_stacks(pieces, goal.e, goal.mass_limit_kg, in_part)
    levels = sorted({p.unit.priority for p in pieces}, reverse=True)
    share = 1.0 if len(levels) == 1 else _SHARE_OF_EQUALS
    best = _divide(stacks, goal, bound, clock.part(share * clock.left()))
    if best[1] and len(levels) > 1:
        best = _by_priority(pieces, levels, goal)
    return result(best[0], best[1], goal, bound)


Division = tuple[list[list[Standing]], list[tuple[str, Stack]]]


def result(
    loads: list[list[Standing]], left: list[tuple[str, Stack]], goal: Goal, bound: int
) -> Assigned:
    """Stacks that are left over, as pieces by reason."""
    by_reason: dict[str, list[Piece]] = {}
    for why, stack in left:
        by_reason.setdefault(why, []).extend(stack.all_pieces)
    return Assigned(loads, list(by_reason.items()), bound)


def _divide(stacks: list[Stack], goal: Goal, bound: int, clock: Clock) -> Division:
    """Greedy first; other divisions while the count lies above what is wanted."""
    best = _greedy(stacks, goal, TASTES, goal.seed, clock)
    wanted = bound if goal.max_loads is None else max(bound, min(goal.max_loads, len(best[0])))

    def good(division: Division) -> bool:
        return not division[1] and len(division[0]) <= wanted

    def better(division: Division) -> bool:
        return _worth(division) < _worth(best)

    attempt = 0
    most = _MOST_ATTEMPTS if goal.max_loads is None else 10 * _MOST_ATTEMPTS
    while not good(best) and not clock.up() and attempt < most:
        attempt += 1
        target = len(best[0]) if best[1] else len(best[0]) - 1
        if target < bound:
            break
        if attempt % 3 == 1 and len(stacks) * target <= _MOST_EVEN:
            tried = _even(stacks, target, goal, attempt, clock)
        else:
            noisy = tuple(_noisy(t) for t in TASTES)
            tried = _greedy(stacks, goal, noisy, goal.seed + attempt, clock, first=False)
        if better(tried):
            best = tried
    return best


def _worth(division: Division) -> tuple[float, int]:
    """Less is better: what is left over, then the number of load units."""
    return (sum(s.area_mm2 for _, s in division[1]), len(division[0]))


def _noisy(taste: Taste) -> Taste:
    return Taste(taste.by_width, taste.by_area, taste.by_length, taste.by_mass, _NOISE)


def _greedy(
    stacks: Sequence[Stack],
    goal: Goal,
    tastes: Sequence[Taste],
    seed: int,
    clock: Clock,
    first: bool = True,
) -> Division:
    """One load unit after the other, each as full as can be; equal fillings are repeated.

    With `first`, to the end, and in a hurry wherever a long list is behind its time; without, it
    is given up when the time is used.
    """
    waiting = Waiting(stacks)
    pace = Pace(clock, len(waiting))
    loads: list[list[Standing]] = []
    last: Filled | None = None
    while waiting and (goal.max_loads is None or len(loads) < goal.max_loads):
        if not first and clock.up():
            break
        hurried = pace.count > MOST_OFFERED and pace.behind(len(waiting))
        own = clock.part(0.0) if hurried else clock
        offered = waiting.offered(goal.e, hurried=hurried)
        filled = fill_one([], offered, goal, tastes, seed + len(loads), own, hurried=hurried)
        waiting.add(filled.left)
        if not filled.standing:
            break
        loads.append(filled.standing)
        last = filled
        most = None if goal.max_loads is None else goal.max_loads - len(loads)
        loads += waiting.copies(filled.standing, most)
    rest = waiting.take_all()
    return loads, [(_why(s, loads, goal, last), s) for s in rest]


def _why(stack: Stack, loads: Sequence[Sequence[Standing]], goal: Goal, last: Filled | None) -> str:
    """Why a stack found no place: mass, floor load or space."""
    lightest = min(p.unit.mass_kg for p in stack.pieces)
    if loads and all(
        sum(s.stack.mass_kg for s in load) + lightest > goal.mass_limit_kg for load in loads
    ):
        return MASS
    if last is not None and last.floor_bound:
        return FLOOR
    if last is not None and (last.cog_bound or not loads):
        return COG if goal.e.is_container else AXLES
    return SPACE


def fill_one(
    must: Sequence[Stack],
    may: Sequence[Stack],
    goal: Goal,
    tastes: Sequence[Taste],
    seed: int,
    clock: Clock,
    *,
    hurried: bool = False,
) -> Filled:
    """One load unit with all of `must` and as much of `may` as can be; `hurried`: by one taste."""
    best: Filled | None = None
    best_value = -1.0
    least = (
        0 if hurried or len(may) > MOST_OFFERED else 1
    )  # tastes that are tried however late it is
    for i, taste in enumerate(tastes):
        for filled in _attempts(must, may, goal, taste, seed * 31 + i):
            if _value(filled, goal) <= best_value:
                continue
            standing, sound = settled(filled.standing, goal)
            out: list[Stack] | None = []
            if not sound:
                standing, out = _lightened(standing, goal, _unit_ids(must), clock)
            if out is None:
                continue
            filled = Filled(standing, filled.left + out, filled.floor_bound, bool(out))
            value = _value(filled, goal) - (_EXCEPTION if _exceptional(filled, goal) else 0.0)
            if value > best_value:
                best, best_value = filled, value
        if best is not None and (
            (not best.left and not _exceptional(best, goal)) or (i >= least and clock.up())
        ):
            break
    if best is None:
        return Filled([], [*must, *may], False)
    if _exceptional(best, goal):
        best = _centred(best, goal, seed, clock)
    if best.left and not must:
        best = _last_ones(best, goal, clock)
    return best


def _unit_ids(stacks: Sequence[Stack]) -> set[str]:
    """The units of stacks: a stack may have been cut, its units stay what they are."""
    return {p.unit.unit_id for s in stacks for p in s.all_pieces}


def _exceptional(filled: Filled, goal: Goal) -> bool:
    """True if the centre of gravity lies beyond the ordinary tolerance."""
    mass = sum(s.stack.mass_kg for s in filled.standing)
    window = cog_window(goal.e, goal.cog_tolerance, mass)
    return window.off(cog_x(filled.standing)) > 1e-6


def _centred(filled: Filled, goal: Goal, seed: int, clock: Clock) -> Filled:
    """The same stacks laid out otherwise, until the centre of gravity is an ordinary one."""
    stacks = [s.stack for s in filled.standing]
    for i in range(_MOST_RETRIES):
        if clock.up():
            break
        taste = _noisy(TASTES[i % len(TASTES)])
        standing, left, _ = best_fit(stacks, goal.e, goal.mass_limit_kg, taste, seed * 97 + i)
        if left:
            continue
        tried = replace(filled, standing=settled(standing, goal)[0])
        if not _exceptional(tried, goal):
            return tried
    return filled


def _attempts(
    must: Sequence[Stack], may: Sequence[Stack], goal: Goal, taste: Taste, seed: int
) -> list[Filled]:
    """Best fit over all of them; if a `must` was left out, once more with those set first."""
    standing, left, floor_bound = best_fit([*must, *may], goal.e, goal.mass_limit_kg, taste, seed)
    wanted = _unit_ids(must)
    if not wanted or wanted <= _unit_ids([s.stack for s in standing]):
        return [Filled(standing, left, floor_bound)]
    if len({s.stop for s in (*must, *may)}) > 1:
        standing, left, floor_bound = best_fit(must, goal.e, goal.mass_limit_kg, taste, seed)
        return [] if left else [Filled(standing, list(may), floor_bound)]
    sky = Skyline(goal.e, goal.mass_limit_kg, taste, random.Random(seed))
    if sky.fill(must):
        return []
    left = sky.fill(may)
    return [Filled(sky.standing, left, sky.floor_bound)]


def _value(filled: Filled, goal: Goal) -> float:
    """How good a filling is: floor, mass and volume in shares of what there is."""
    area = sum(s.stack.area_mm2 for s in filled.standing) / goal.e.floor_mm2
    mass = sum(s.stack.mass_kg for s in filled.standing) / goal.mass_limit_kg
    volume = sum(s.stack.area_mm2 * s.stack.height_mm for s in filled.standing) / (
        goal.e.floor_mm2 * goal.e.usable_height_mm
    )
    return area + 0.5 * mass + 0.5 * volume + (10.0 if not filled.left else 0.0)


def _lightened(
    standing: list[Standing], goal: Goal, must: set[str], clock: Clock
) -> tuple[list[Standing], list[Stack] | None]:
    """Take stacks out until the centre of gravity is sound; None if that cannot be.

    One stack: the smallest that does it; when the time is used, the first one.
    """
    out: list[Stack] = []
    now = list(standing)
    while len(now) > 1 and len(out) < 6:
        options: list[tuple[int, int, list[Standing], Standing]] = []
        for s in now:
            if must & _unit_ids([s.stack]):
                continue
            arranged, sound = settled([t for t in now if t is not s], goal)
            if sound:
                options.append((-s.stack.area_mm2, len(options), arranged, s))
                if clock.up():
                    break
        if options:
            _, _, arranged, s = max(options)
            return arranged, [*out, s.stack]
        heaviest = max(
            (s for s in now if not must & _unit_ids([s.stack])),
            key=lambda s: s.stack.mass_kg,
            default=None,
        )
        if heaviest is None:
            return standing, None
        out.append(heaviest.stack)
        now = [t for t in now if t is not heaviest]
    return standing, None


def _last_ones(filled: Filled, goal: Goal, clock: Clock) -> Filled:
    """Where everything could still go in by area and mass, ask CP-SAT for a layout of all."""
    stacks = [s.stack for s in filled.standing] + filled.left
    stops = {s.stop for s in stacks}
    mass = sum(s.mass_kg for s in stacks)
    if (
        len(stacks) > _MOST_FOR_CP_SAT
        or len(stops) > 1
        or mass > goal.mass_limit_kg + 1e-6
        or filled.floor_bound
        or goal.e.reserved
        or sum(s.area_mm2 for s in stacks) > goal.e.floor_mm2
        or clock.up()
    ):
        return filled
    question = tuple(sorted((s.length_mm, s.width_mm, s.turn, round(s.mass_kg, 6)) for s in stacks))
    if question in clock.asked:
        return filled
    clock.asked.add(question)
    standing = lay_out_exactly(stacks, goal, clock)
    return filled if standing is None else Filled(standing, [], False)


def _even(stacks: Sequence[Stack], count: int, goal: Goal, attempt: int, clock: Clock) -> Division:
    """Even shares of floor and mass for a given number of load units, then repair."""
    if count < 1:
        return [], [(SPACE, s) for s in stacks]
    floor, limit = goal.e.floor_mm2, goal.mass_limit_kg

    def size(s: Stack) -> float:
        return max(s.area_mm2 / floor, s.mass_kg / limit)

    shares: list[list[Stack]] = [[] for _ in range(count)]
    fill = [[0.0, 0.0] for _ in range(count)]
    for s in sorted(stacks, key=lambda s: -size(s)):
        area, mass = s.area_mm2 / floor, s.mass_kg / limit

        def strain(k: int, area: float = area, mass: float = mass) -> tuple[bool, float]:
            after = (fill[k][0] + area, fill[k][1] + mass)
            return max(after) > 1.0 + 1e-9, max(after) + 0.2 * sum(after)

        k = min(range(count), key=strain)
        shares[k].append(s)
        fill[k][0] += area
        fill[k][1] += mass
    loads: list[list[Standing]] = []
    over: list[Stack] = []
    for k, share in enumerate(shares):
        if clock.up():
            return [], [(SPACE, s) for s in stacks]
        filled = fill_one([], share, goal, TASTES, goal.seed + attempt + k, clock)
        loads.append(filled.standing)
        over += filled.left
    for k in range(count):
        if not over:
            break
        present = [s.stack for s in loads[k]]
        filled = fill_one(present, over, goal, TASTES, goal.seed + attempt + k, clock)
        if filled.standing:
            loads[k], over = filled.standing, filled.left
    return [load for load in loads if load], [(_why(s, loads, goal, None), s) for s in over]


def _by_priority(pieces: Sequence[Piece], levels: Sequence[float], goal: Goal) -> Division:
    """Not everything fits: the highest priority first, lower ones where room is left."""
    loads: list[list[Standing]] = []
    left: list[tuple[str, Stack]] = []
    for level in levels:
        some = [p for p in pieces if p.unit.priority == level]
        rest = build_stacks(some, goal.e, goal.mass_limit_kg, goal.clock)
        loads, over = extend(loads, rest, goal, goal.clock, lambda k, s: True)
        left += over
    return loads, left


def extend(
    loads: list[list[Standing]],
    stacks: list[Stack],
    goal: Goal,
    clock: Clock,
    allowed: Callable[[int, Stack], bool],
) -> Division:
    """Fill the room that is left in load units, then open new ones."""
    rest = stacks
    extended: list[list[Standing]] = []
    for k, load in enumerate(loads):
        may = [s for s in rest if allowed(k, s)]
        never = [s for s in rest if not allowed(k, s)]
        filled = fill_one([s.stack for s in load], may, goal, TASTES, goal.seed + k, clock)
        if not filled.standing:
            extended.append(load)
            continue
        extended.append(filled.standing)
        rest = [*filled.left, *never]
    if rest and (goal.max_loads is None or len(extended) < goal.max_loads):
        room = None if goal.max_loads is None else goal.max_loads - len(extended)
        more, over = _greedy(rest, replace(goal, max_loads=room), TASTES, goal.seed, clock)
        return extended + more, over
    return extended, [(_why(s, extended, goal, None), s) for s in rest]
