"""Which unit goes into which load unit.

Units of one kind are counted and laid on the best layout of their footprint. Mixed units become
stacks; load units are filled one after the other by best fit with several tastes, equal fillings
are repeated, and where the count lies above the lower bound other divisions are tried: even
shares with repair, noise, and one CP-SAT model over all load units for small cases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from loading.axles import axles_bind
from loading.balance import CogWindow, balanced, cog_window, cog_x
from loading.bounds import lower_bound
from loading.clock import Clock
from loading.equipment import Equipment
from loading.floor import Standing, heaviest_metre_kg
from loading.footprints import Spot
from loading.room import clear_of_reserved
from loading.stacks import Piece, as_stack, door_width, layers_of, may_carry, side_layout

SPACE = "no room left on the floor"
MASS = "the mass limit is reached"
FLOOR = "the floor load for each metre is reached"
COG = "the centre of gravity would lie too far from the middle"
_STEP_MM = 100
AXLES = "the axles would bear more than they may"
GROUP = "the group does not fit into one load unit together"


@dataclass(frozen=True)
class Goal:
    """What is asked of an assignment."""

    e: Equipment
    mass_limit_kg: float
    max_loads: int | None
    cog_tolerance: float
    cog_exception: float
    seed: int
    clock: Clock


@dataclass(frozen=True)
class Assigned:
    """Loads as stacks on their spots; `left` names why pieces found no place."""

    loads: list[list[Standing]]
    left: list[tuple[str, list[Piece]]]
    lower_bound: int


def assign(pieces: Sequence[Piece], goal: Goal) -> Assigned:
    """Divide pieces over load units (see the module)."""
    if not pieces:
        return Assigned([], [], 0)
    bound = lower_bound(pieces, goal.e, goal.mass_limit_kg)
    if goal.max_loads is not None and goal.max_loads <= 0:
        return Assigned([], [(SPACE, list(pieces))], bound)
    in_rows = None
    if axles_bind(goal.e) and not goal.e.reserved:  # rows do not know reserved room
        from loading.rows import assign_rows

        in_rows = assign_rows(pieces, goal, bound)
        if in_rows is not None and not in_rows[1]:
            return in_rows[0]
    found = None
    kind = _one_kind(pieces, goal.e)
    if kind and not goal.e.reserved:
        found = _assign_one_kind(pieces, goal, kind, bound)
    if found is None:
        from loading.mixed import assign_mixed

        found = assign_mixed(pieces, goal, bound)
    return found if in_rows is None else min(in_rows[0], found, key=_missed)


def _missed(found: Assigned) -> tuple[int, int]:
    """Less is better: what is left over, then the number of load units."""
    volume = sum(p.area_mm2 * p.height_mm for _, group in found.left for p in group)
    return volume, len(found.loads)


def _one_kind(pieces: Sequence[Piece], e: Equipment) -> int:
    """The layers of a set of equal units, 0 if they are not of one kind."""
    first = pieces[0]
    for p in pieces:
        same = (
            (p.length_mm, p.width_mm, p.height_mm)
            == (first.length_mm, first.width_mm, first.height_mm)
            and p.unit.packaging.stacks_with == first.unit.packaging.stacks_with
            and p.unit.packaging.rotate_on_floor == first.unit.packaging.rotate_on_floor
            and p.unit.stop == first.unit.stop
            and not p.unit.group
            and not p.unit.not_with
        )
        if not same:
            return 0
    depths = {layers_of(p.unit.packaging, e) for p in pieces}
    return depths.pop() if len(depths) == 1 else 0


def one_kind_load(pieces: Sequence[Piece], e: Equipment, layers: int) -> list[Standing] | None:
    """Equal pieces in one load unit: as few layers as the floor allows; None if they do not fit.

    Part-full (lighter) pieces stand on top.
    """
    first = pieces[0]
    side = (first.length_mm, first.width_mm, first.height_mm)
    full_floor = spots = side_layout(first.unit.packaging, side, e).spots
    if not spots:
        return None
    for high in range(-(-len(pieces) // len(full_floor)), layers + 1):
        count = -(-len(pieces) // high)
        spots = _plain_rows(first, count, e) or full_floor
        full = len(pieces) - count * (high - 1)
        sizes = [high] * full + [high - 1] * (count - full)
        standing = _stand(pieces, sizes, spots, e)
        if standing is not None and _floor_bears(standing, e):
            return standing
    return _one_by_one(pieces, full_floor, e, layers)


def _plain_rows(p: Piece, count: int, e: Equipment) -> tuple[Spot, ...]:
    """Rows that all stand the same way, long sides along the floor if they have room so."""
    ways = as_stack([p]).ways(e.inner_length_mm, e.inner_width_mm, door_width(e))
    for dx, dy in sorted(ways, reverse=True):
        abreast = e.inner_width_mm // dy
        if -(-count // abreast) * dx <= e.inner_length_mm:
            return tuple((i // abreast * dx, i % abreast * dy, dx, dy) for i in range(count))
    return ()


def _stand(
    pieces: Sequence[Piece],
    sizes: Sequence[int],
    spots: Sequence[tuple[int, int, int, int]],
    e: Equipment,
) -> list[Standing] | None:
    standing, at = [], 0
    for size, spot in zip(sizes, spots, strict=False):
        if not size:
            continue
        stack = sorted(pieces[at : at + size], key=lambda p: -p.unit.mass_kg)
        at += size
        if any(not may_carry(stack[:i], stack[i], e) for i in range(1, size)):
            return None
        standing.append(Standing(as_stack(stack), spot))
    return standing


def _floor_bears(standing: Sequence[Standing], e: Equipment) -> bool:
    if e.floor_load_kg_per_m is None:
        return True
    spots = [(s.spot[0], s.spot[2], s.stack.mass_kg) for s in standing]
    return heaviest_metre_kg(spots) <= e.floor_load_kg_per_m + 1e-6


def _one_by_one(
    pieces: Sequence[Piece],
    spots: Sequence[tuple[int, int, int, int]],
    e: Equipment,
    layers: int,
) -> list[Standing] | None:
    """Heavy pieces: one more at a time where the floor still bears it."""
    if e.floor_load_kg_per_m is None:
        return None
    heaviest = max(p.unit.mass_kg for p in pieces)
    sizes = [0] * len(spots)
    missing = len(pieces)
    for _ in range(layers):
        for i, _spot in enumerate(spots):
            if not missing:
                break
            sizes[i] += 1
            loads = [(s[0], s[2], n * heaviest) for s, n in zip(spots, sizes, strict=True) if n]
            if heaviest_metre_kg(loads) <= e.floor_load_kg_per_m + 1e-6:
                missing -= 1
            else:
                sizes[i] -= 1
    return None if missing else _stand(pieces, sizes, spots, e)


def _assign_one_kind(
    pieces: Sequence[Piece], goal: Goal, layers: int, bound: int
) -> Assigned | None:
    """Fill load units with equal pieces, in the order given (higher priority first)."""
    e, limit = goal.e, goal.mass_limit_kg
    first = pieces[0]
    side = (first.length_mm, first.width_mm, first.height_mm)
    most = len(side_layout(first.unit.packaging, side, e).spots) * layers
    rest = sorted(pieces, key=lambda p: -p.unit.priority)
    loads: list[list[Standing]] = []
    why = SPACE
    while rest and (goal.max_loads is None or len(loads) < goal.max_loads):
        chosen: list[Piece] = []
        refused: list[Piece] = []
        mass, why = 0.0, SPACE
        for i, p in enumerate(rest):
            if len(chosen) == most:
                refused += rest[i:]
                break
            if mass + p.unit.mass_kg > limit + 1e-6:
                why = MASS
                refused.append(p)
                continue
            chosen.append(p)
            mass += p.unit.mass_kg
        standing = one_kind_load(chosen, e, layers)
        if standing is None:
            if len(chosen) <= 1:
                return None
            most = len(chosen) - 1
            continue
        standing, balance = settled(standing, goal)
        if not balance:
            return None
        loads.append(standing)
        rest = refused
        if most < len(side_layout(first.unit.packaging, side, e).spots) * layers and why == SPACE:
            why = FLOOR
    left = [(why, rest)] if rest else []
    return Assigned(loads, left, bound)


def settled(standing: Sequence[Standing], goal: Goal) -> tuple[list[Standing], bool]:
    """The stacks balanced, and whether the centre of gravity lies where it may at all.

    Where sections cannot be rearranged (gaps that spread the floor load, reserved room), the cargo
    is moved as a whole.
    """
    e = goal.e
    mass = sum(s.stack.mass_kg for s in standing)
    window = cog_window(e, goal.cog_tolerance, mass)
    most = cog_window(e, goal.cog_exception, mass)
    arranged = balanced(standing, e, window)
    if not clear_of_reserved(((s.stack.height_mm, s.spot) for s in arranged), e):
        arranged = list(standing)
    if mass and window.off(cog_x(arranged)) > 1e-6:
        moved = _moved_as_a_whole(standing, e, window)
        if window.off(cog_x(moved)) < window.off(cog_x(arranged)) - 1e-6:
            arranged = moved
    return arranged, most.off(cog_x(arranged) + _by_tops_mm(arranged, mass)) <= 1e-6 or not mass


def _by_tops_mm(standing: Sequence[Standing], mass_kg: float) -> float:
    """How far parcels on top, which need not lie in the middle, move the centre of gravity."""
    moment = 0.0
    for s in standing:
        turned = s.spot[2:] != (s.stack.length_mm, s.stack.width_mm)
        top = s.stack.pieces[-1]
        for column in s.stack.tops:
            start, size, whole = (
                (column.spot[1], column.spot[3], top.width_mm)
                if turned
                else (column.spot[0], column.spot[2], top.length_mm)
            )
            kg = sum(p.unit.mass_kg for p in column.pieces)
            moment += kg * (start + size / 2 - whole / 2)
    return moment / mass_kg if mass_kg else 0.0


def _moved_as_a_whole(
    standing: Sequence[Standing], e: Equipment, window: CogWindow
) -> list[Standing]:
    """All stacks the same way towards the middle of the window, as far as there is room."""
    start = min(s.spot[0] for s in standing)
    end = max(s.spot[0] + s.spot[2] for s in standing)
    wanted = round(window.middle - cog_x(standing))
    shift = min(max(wanted, -start), e.inner_length_mm - end)
    step = _STEP_MM if shift < 0 else -_STEP_MM
    for by in (shift, *range(shift, 0, step)):
        moved = [replace(s, spot=(s.spot[0] + by, *s.spot[1:])) for s in standing]
        if clear_of_reserved(((s.stack.height_mm, s.spot) for s in moved), e):
            return moved
    return list(standing)
