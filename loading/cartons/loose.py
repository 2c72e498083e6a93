"""Handling units that are loose cartons: when the carton packer is asked, and its load plans.

Units are loose cartons if every one of them is set by hand (`HAND_KG`), may be built on
(`max_stack` above 1), and stands on any other (one stack code); if none has a stop, a group or a
priority of its own; and if there are at least `MANY` of them. What the packer does not look at
(bearing, floor load, centre of gravity) the check does: a plan that fails it is not used.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from loading.assign import SPACE, Goal
from loading.cartons.boxes import BoxKind, BoxPlace, ways_by_flags
from loading.cartons.limit import CROWD, Limit
from loading.cartons.plain import plain_filling
from loading.check import Fault, Placed, check_load, errors
from loading.clock import Clock
from loading.equipment import Equipment
from loading.floor import heaviest_metre_kg
from loading.rules import FLOOR_WINDOW_MM, HAND_KG
from loading.units import HandlingUnit, Packaging

if TYPE_CHECKING:
    from loading.stuffing import LoadPlan, Stuffing

NO_PLAN = "no arrangement within the rules was found in the time"
MANY = 30
"""Fewer units are planned as stacks: floors are then asked of CP-SAT."""
VERY_MANY = 1500
"""More units are never asked of the stack planner first: it would take minutes."""
FILLS = (0.94, 0.88, 0.82, 0.76, 0.68, 0.6, 0.5)
"""How full a smaller room may get, tried in turn, when a load is drawn together or spread out."""
DEALT_FROM = 2
"""Heavy cargo need not be tight: the first of `FILLS` are not tried for it."""
AGAIN_ITERATIONS = 100
AGAIN_S = 0.3
FLOOR_CARE = 1.4
"""A part load is drawn together to this many times the length that its mass needs at least."""
PACK_SHARE = 0.7
"""Share of the time for packing at most; the rest is for balance and the check."""
CHECKED_S = 7e-5
"""Seconds for which the check looks at a unit (measured; docs/cartons.md): never packed away."""
STACKED_SHARE = 0.3
"""Share of the time for the stack planner where it is asked first."""
EASE = (1.0, 0.85, 0.6, 0.4)
"""Shares of the mass limit, tried in turn until the check passes (heavy cargo, weak floors)."""
USUAL_FILL = 0.85
"""How full containers get at least: heavy cargo is spread over the floor to that height."""


def is_loose(units: Sequence[HandlingUnit]) -> bool:
    """True if the units are loose cartons (see the module)."""
    if len(units) < MANY:
        return False
    first = units[0]
    packagings = {u.packaging for u in units}
    return all(
        p.gross_mass_kg <= HAND_KG
        and p.max_stack > 1
        and p.stacks_with == first.packaging.stacks_with
        for p in packagings
    ) and all(
        u.stop == first.stop and not u.group and not u.not_with and u.priority == first.priority
        for u in units
    )


def stuffed_loose(
    units: Sequence[HandlingUnit],
    goal: Goal,
    stacked: Callable[[Sequence[HandlingUnit], Clock], Stuffing],
    max_cargo_kg: float | None,
) -> Stuffing:
    """The better of the stack planner's result and the carton packer's.

    Better: more volume loaded where not all of it is, else fewer load units. `stacked` asks the
    stack planner.
    """
    from loading.stuffing import Stuffing

    e, limit_kg = goal.e, goal.mass_limit_kg
    clock = goal.clock
    first = None
    if len(units) <= VERY_MANY:
        first = stacked(units, clock.part(STACKED_SHARE * clock.left()))
    if first is not None and first.proved and not first.left:
        return first
    room = _room(units, e)
    kinds = {p: _kind(p, room, e) for p in {u.packaging: None for u in units}}
    never = [u for u in units if not kinds[u.packaging].ways or u.mass_kg > limit_kg]
    sound = [u for u in units if kinds[u.packaging].ways and u.mass_kg <= limit_kg]
    plans, rest, bound = _plans(sound, kinds, goal, max_cargo_kg)
    rescued = Stuffing((), (), 0, True)
    if rest and goal.max_loads is None and len(rest) <= VERY_MANY:
        rescued = stacked(rest, clock)
        plans += rescued.loads
    plans = sorted(plans, key=lambda p: -p.volume_use)[: goal.max_loads]
    loaded = {u.unit_id for plan in plans for u in plan.units}
    left = [u for u in sound if u.unit_id not in loaded]
    refused = stacked(never, clock) if never else Stuffing((), (), 0, True)
    why = NO_PLAN if rest and len(rest) > VERY_MANY else SPACE
    told = rescued.reasons or ((f"{len(left)} units: {why}",) if left else ())
    reasons = (*refused.reasons, *told)
    cartons = Stuffing(
        tuple(plans), (*refused.left, *left), bound,
        not left and len(plans) == bound, reasons,
        left_because=(*refused.left_because, *(why for _ in left)),
    )  # fmt: skip
    return cartons if first is None or _better(cartons, first) else first


def _plans(
    units: Sequence[HandlingUnit],
    kinds: dict[Packaging, BoxKind],
    goal: Goal,
    max_cargo_kg: float | None,
) -> tuple[list[LoadPlan], list[HandlingUnit], int]:
    """Sound plans, the units that are in none, and a lower bound of the load units.

    What the check refuses is packed once more with less in each load unit.
    """
    plans: list[LoadPlan] = []
    rest, bound = list(units), 0
    for ease in EASE:
        packed, least = _packed(rest, kinds, goal, goal.mass_limit_kg * ease)
        bound = bound or least
        rest = []
        for load in packed:
            plan = None
            if len(rest) <= len(units) // 4 or ease == EASE[-1]:
                plan = _sound_plan(load, goal, max_cargo_kg)
            if plan is None:
                rest += [u for u, _ in load]
            else:
                plans.append(plan)
        if not rest:
            break
    return plans, rest, bound


def _better(a: Stuffing, b: Stuffing) -> bool:
    more = sum(p.volume_use for p in a.loads) - sum(p.volume_use for p in b.loads)
    if a.left or b.left:
        return more > 1e-9
    return len(a.loads) < len(b.loads)


def _kind(p: Packaging, inner: tuple[int, int, int], e: Equipment) -> BoxKind:
    """A packaging as a kind of boxes that pass the door; all as heavy as a full one."""
    sizes = p.planned_mm
    upright = (not p.upright_only, not p.upright_only, True)
    door = (inner[0], min(inner[1], e.door_width_mm or inner[1]), e.door_height_mm or inner[2])
    ways = tuple(
        way
        for way in ways_by_flags(sizes, upright, p.rotate_on_floor)
        if all(s <= min(i, d) for s, i, d in zip(way, inner, door, strict=True))
    )
    return BoxKind(sizes, 0, ways, p.gross_mass_kg)


def _room(units: Sequence[HandlingUnit], e: Equipment) -> tuple[int, int, int]:
    """The room to fill: so low that no chain of boxes has more layers than allowed."""
    packagings = {u.packaging for u in units}
    lowest = min(p.planned_mm[2] if p.upright_only else min(p.planned_mm) for p in packagings)
    layers = min(p.max_stack for p in packagings)
    height = min(e.usable_height_mm, (layers + 1) * lowest - 1)
    return (e.inner_length_mm, e.inner_width_mm, height)


_Load = list[tuple[HandlingUnit, BoxPlace]]


def _packed(
    units: Sequence[HandlingUnit],
    kinds: dict[Packaging, BoxKind],
    goal: Goal,
    limit_kg: float,
) -> tuple[list[_Load], int]:
    """All units in few containers, and a lower bound of how many there must be."""
    from loading.cartons.many import least_containers, pack_all

    waiting: dict[Packaging, list[HandlingUnit]] = {}
    for u in sorted(units, key=lambda u: u.mass_kg):
        waiting.setdefault(u.packaging, []).append(u)
    listed = list(waiting)
    if not listed:
        return [], 0
    asked = [replace(kinds[p], count=len(waiting[p])) for p in listed]
    room = _room(units, goal.e)
    bound = least_containers(asked, room, goal.mass_limit_kg)
    by_mass = math.ceil(sum(u.mass_kg for u in units) / limit_kg)
    if by_mass * USUAL_FILL * math.prod(room) > sum(k.volume * k.count for k in asked):
        dealt = _dealt(list(waiting.values()), kinds, goal, by_mass)
        if dealt is not None:
            return dealt, bound
    left = goal.clock.left()
    limit = Limit(max(0.0, min(PACK_SHARE * left, left - CHECKED_S * len(units))))
    found = pack_all(asked, room, limit, most_kg=limit_kg, seed=goal.seed)
    goal.clock.postpone(found.compiled_s)
    if len(found.loads) > found.bound:
        goal.clock.stop()
    loads = [[(waiting[listed[place.kind]].pop(), place) for place in load] for load in found.loads]
    return loads, bound


def _dealt(
    piles: Sequence[Sequence[HandlingUnit]],
    kinds: dict[Packaging, BoxKind],
    goal: Goal,
    containers: int,
) -> list[_Load] | None:
    """Heavy cargo: every container gets its share of each kind, spread low over the floor."""
    e = goal.e
    shares: list[list[HandlingUnit]] = [[] for _ in range(min(containers, sum(map(len, piles))))]
    at = 0
    for pile in piles:
        for u in pile:
            shares[at % len(shares)].append(u)
            at += 1
    loads = []
    rooms = _low_rooms(shares[0], e)[DEALT_FROM:]
    for share in shares:
        if goal.clock.up():
            return None
        while rooms:  # the shares are alike: what was too low for one is too low for the next
            load = _again(share, goal, rooms[:1])
            if load is not None:
                loads.append(load)
                break
            del rooms[0]
        else:
            return None
    return loads


def _volume(units: Sequence[HandlingUnit]) -> int:
    sizes = [u.packaging for u in units]
    return sum(p.length_mm * p.width_mm * p.height_mm for p in sizes)


def _sound_plan(load: _Load, goal: Goal, max_cargo_kg: float | None) -> LoadPlan | None:
    """An arrangement of a load that the check finds no error in, balanced if that goes.

    As it is packed; else spread out over the floor (floor load), or moved along, or, while there
    is time, drawn together and moved (centre of gravity).
    """
    e, tolerance = goal.e, goal.cog_tolerance
    units = [u for u, _ in load]
    plan = _plan(load, e, tolerance)
    if e.floor_load_kg_per_m is not None and plan.floor_kg_per_m > e.floor_load_kg_per_m:
        low = _spread(units, goal)
        if low is None:
            return None
        load, plan = low, _plan(low, e, tolerance)
        if plan.floor_kg_per_m > e.floor_load_kg_per_m:
            return None
    sound = None if errors(_faults(plan, max_cargo_kg)) else plan
    if not e.is_container or abs(plan.cog_share) <= tolerance:
        return sound
    for together in (False, True):
        if together and goal.clock.up():
            break
        some = _drawn_together(units, goal) if together else load
        if some is None:
            continue
        moved = _moved(some, e, tolerance)
        if errors(_faults(moved, max_cargo_kg)):
            continue
        if not moved.cog_exceptional:
            return moved
        sound = sound or moved
    return sound


def _moved(load: _Load, e: Equipment, tolerance: float) -> LoadPlan:
    """The load moved along until its centre of gravity lies in the middle, as far as it goes."""
    first = min(p.x for _, p in load)
    free = e.inner_length_mm - max(p.x + p.dx for _, p in load)
    off = round(_plan(load, e, tolerance).cog_x_mm - e.inner_length_mm / 2)
    by = max(-first, min(free, -off))
    return _plan([(u, replace(p, x=p.x + by)) for u, p in load], e, tolerance)


def _drawn_together(units: Sequence[HandlingUnit], goal: Goal) -> _Load | None:
    """The units in the shortest part of the container that takes them all and bears them."""
    e = goal.e
    _, width, height = _room(units, e)
    volume = _volume(units)
    least = 0.0
    if e.floor_load_kg_per_m is not None:
        mass = sum(u.mass_kg for u in units)
        least = FLOOR_CARE * FLOOR_WINDOW_MM * mass / e.floor_load_kg_per_m
    rooms = []
    for fill in FILLS:
        length = math.ceil(max(least, volume / (width * height * fill)))
        rooms.append((length, width, min(height, math.ceil(volume / (length * width * fill)))))
    return _again(units, goal, rooms)


def _spread(units: Sequence[HandlingUnit], goal: Goal) -> _Load | None:
    """The units as low as they can stand all over the floor."""
    return _again(units, goal, _low_rooms(units, goal.e))


def _low_rooms(units: Sequence[HandlingUnit], e: Equipment) -> list[tuple[int, int, int]]:
    length, width, height = _room(units, e)
    volume = _volume(units)
    low = [math.ceil(volume / (length * width * f)) for f in FILLS]
    return [(length, width, min(h, height)) for h in low]


def _again(
    units: Sequence[HandlingUnit], goal: Goal, rooms: Sequence[tuple[int, int, int]]
) -> _Load | None:
    """The units packed into the first of the rooms that takes them all.

    Very many boxes, and all when the time is used, are set plainly first; a search must be worth
    its time.
    """
    e, clock = goal.e, goal.clock
    piles: dict[Packaging, list[HandlingUnit]] = {}
    for u in sorted(units, key=lambda u: u.mass_kg):
        piles.setdefault(u.packaging, []).append(u)
    most = _room(units, e)
    kinds = [replace(_kind(p, most, e), count=len(pile)) for p, pile in piles.items()]
    waiting = list(piles.values())
    for room in rooms:
        if room[0] > e.inner_length_mm:
            break
        late = clock.up()
        places: Sequence[BoxPlace] = ()
        if late or len(units) > CROWD:
            places = plain_filling(kinds, room)
        if len(places) < len(units) and not late:
            places = _searched(kinds, room, clock)
        if len(places) == len(units):
            return [(waiting[place.kind].pop(), place) for place in places]
    return None


def _searched(
    kinds: Sequence[BoxKind], room: tuple[int, int, int], clock: Clock
) -> Sequence[BoxPlace]:
    """A short search of one filling."""
    from loading.cartons.pack import get_ready, pack_boxes

    clock.postpone(get_ready())
    return pack_boxes(kinds, room, Limit(AGAIN_S, AGAIN_ITERATIONS)).places


def _plan(load: _Load, e: Equipment, tolerance: float) -> LoadPlan:
    """Placements and figures of one load; the places are in the order of stuffing."""
    from loading.stuffing import LoadPlan, Placement

    placements = tuple(
        Placement(unit, step, p.x, p.y, p.z, p.dx, p.dy, p.dz)
        for step, (unit, p) in enumerate(load, 1)
    )
    mass = sum(u.mass_kg for u, _ in load)

    def centre(start: Callable[[BoxPlace], int], size: Callable[[BoxPlace], int]) -> float:
        moment = sum(u.mass_kg * (start(p) + size(p) / 2) for u, p in load)
        return moment / mass if mass else 0.0

    cog_x = centre(lambda p: p.x, lambda p: p.dx)
    share = cog_x / e.inner_length_mm - 0.5 if mass else 0.0
    volume = sum(p.dx * p.dy * p.dz for _, p in load)
    return LoadPlan(
        equipment=e,
        placements=placements,
        mass_kg=mass,
        volume_use=volume / (e.floor_mm2 * e.inner_height_mm),
        mass_use=mass / e.payload_kg,
        floor_use=sum(p.dx * p.dy for _, p in load if p.z == 0) / e.floor_mm2,
        cog_x_mm=cog_x,
        cog_y_mm=centre(lambda p: p.y, lambda p: p.dy),
        cog_z_mm=centre(lambda p: p.z, lambda p: p.dz),
        cog_share=share,
        cog_exceptional=e.is_container and abs(share) > tolerance,
        floor_kg_per_m=heaviest_metre_kg([(p.x, p.dx, u.mass_kg) for u, p in load]),
    )


def _faults(plan: LoadPlan, max_cargo_kg: float | None) -> list[Fault]:
    """What the independent check says of a plan."""
    placed = [
        Placed(
            p.step, p.x_mm, p.y_mm, p.z_mm, p.dx_mm, p.dy_mm, p.dz_mm,
            p.unit.mass_kg, p.unit.packaging,
        )
        for p in plan.placements
    ]  # fmt: skip
    return check_load("", plan.equipment, placed, max_cargo_kg=max_cargo_kg)
