"""Stacks: what stands on one spot of the floor, built within the rules of each unit.

A stack is fully supported: every unit lies inside the footprint of the one below. `max_stack`
counts layers from a unit upwards, itself included; `max_top_load_kg` limits what stands on it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import permutations

from loading.clock import Clock
from loading.equipment import Equipment
from loading.footprints import FloorLayout, Spot, count_in_rows, floor_layout, ways_of
from loading.rules import FLOOR_WINDOW_MM, HAND_KG, LIFT_CLEARANCE_MM, MM2_PER_M2
from loading.units import HandlingUnit, Packaging

_SLACK_KG = 1e-9
_MOST_OPEN = 150
"""Stacks that a unit is tried on, the latest ones: in long lists older ones seldom fit better."""


@dataclass(frozen=True)
class Piece:
    """A handling unit with the side it stands on: length and width of its footprint, height."""

    unit: HandlingUnit
    length_mm: int
    width_mm: int
    height_mm: int

    @property
    def area_mm2(self) -> int:
        """Its footprint."""
        return self.length_mm * self.width_mm


@dataclass(frozen=True)
class Top:
    """A column of small pieces on the top unit of a stack, and its spot on that unit."""

    pieces: tuple[Piece, ...]
    spot: Spot


@dataclass(frozen=True)
class Stack:
    """Pieces upon one another, the lowest first; the footprint is that of the lowest.

    `tops` stand side by side on the highest of them (see `tops.py`).
    """

    pieces: tuple[Piece, ...]
    turn: bool
    """True if the long side may stand across the floor."""
    tops: tuple[Top, ...] = ()

    @cached_property
    def all_pieces(self) -> tuple[Piece, ...]:
        """The pieces and those on top."""
        return (*self.pieces, *(p for top in self.tops for p in top.pieces))

    @property
    def length_mm(self) -> int:
        """Length of the footprint, before turning."""
        return self.pieces[0].length_mm

    @property
    def width_mm(self) -> int:
        """Width of the footprint, before turning."""
        return self.pieces[0].width_mm

    @property
    def area_mm2(self) -> int:
        """Footprint."""
        return self.pieces[0].area_mm2

    @cached_property
    def height_mm(self) -> int:
        """Height of the whole stack."""
        high = max((sum(p.height_mm for p in top.pieces) for top in self.tops), default=0)
        return sum(p.height_mm for p in self.pieces) + high

    @cached_property
    def mass_kg(self) -> float:
        """Mass of the whole stack."""
        return sum(p.unit.mass_kg for p in self.all_pieces)

    @cached_property
    def footprint(self) -> tuple[int, int, bool, int]:
        """Length, width, whether it may be turned, and its stop."""
        return (self.length_mm, self.width_mm, self.turn, self.stop)

    @cached_property
    def likeness(self) -> tuple[float, int]:
        """Mass and height: stacks of one footprint and these are the same to a layout."""
        return (round(self.mass_kg, 6), self.height_mm)

    @property
    def stop(self) -> int:
        """Unloading order (one stack holds one stop only)."""
        return self.pieces[0].unit.stop

    def ways(self, floor_l: int, floor_w: int, door_w: int) -> tuple[tuple[int, int], ...]:
        """The ways it may stand on a floor: size along x, size across."""
        ways = ways_of(self.length_mm, self.width_mm, self.turn, floor_l, floor_w, door_w)
        return tuple(ways)


def door_width(e: Equipment) -> int:
    """Free width of the door; the inner width where no door is known."""
    return min(e.inner_width_mm, e.door_width_mm or e.inner_width_mm)


def door_height(e: Equipment) -> int:
    """Free height of the door; the inner height where no door is known."""
    return min(e.usable_height_mm, e.door_height_mm or e.usable_height_mm)


def top_limit_mm(p: Packaging, e: Equipment, on_floor: bool) -> int:
    """How high the top of a unit may come: through the door, and lifted over what it stands on.

    A unit on the floor must pass the door; one set on another needs the lift clearance under the
    door header as well, unless it is light enough for hands: then the roof is the limit.
    """
    if on_floor:
        return door_height(e)
    if p.gross_mass_kg <= HAND_KG:
        return e.usable_height_mm
    header = min(e.inner_height_mm, e.door_height_mm or e.inner_height_mm)
    return min(header - LIFT_CLEARANCE_MM, e.usable_height_mm)


def floor_limit_kg(e: Equipment, size_x_mm: int, area_mm2: int | None = None) -> float:
    """Mass that may stand on a stretch of the floor of that length (a running metre at least).

    With a footprint in mm2, also what its square metres may bear.
    """
    most = float("inf")
    if e.floor_load_kg_per_m is not None:
        most = e.floor_load_kg_per_m * max(size_x_mm, FLOOR_WINDOW_MM) / FLOOR_WINDOW_MM
    if e.floor_load_kg_per_m2 is not None and area_mm2 is not None:
        most = min(most, e.floor_load_kg_per_m2 * area_mm2 / MM2_PER_M2)
    return most


def sides(p: Packaging) -> list[tuple[int, int, int]]:
    """The sides a packaging may stand on, as (length, width, height); the given one first."""
    given = p.planned_mm
    if p.upright_only:
        return [given]
    found = [given]
    for a, b, h in permutations(given):
        if a >= b and all(sorted((a, b)) != sorted(f[:2]) or h != f[2] for f in found):
            found.append((a, b, h))
    return found


def _layers(p: Packaging, side: tuple[int, int, int], e: Equipment) -> int:
    if not side_fits(p, side, e):
        return 0
    high = 1
    while (
        high < p.max_stack
        and (high + 1) * side[2] <= top_limit_mm(p, e, on_floor=False)
        and (p.max_top_load_kg is None or high * p.gross_mass_kg <= p.max_top_load_kg)
        and (high + 1) * p.gross_mass_kg
        <= min(e.payload_kg, floor_limit_kg(e, max(side[:2]), side[0] * side[1]))
    ):
        high += 1
    return high


def side_fits(p: Packaging, side: tuple[int, int, int], e: Equipment) -> bool:
    """True if one unit on that side passes the door and may stand on the floor at all."""
    if side[2] > door_height(e) or p.gross_mass_kg > e.payload_kg:
        return False
    ways = [(side[0], side[1])]
    if p.rotate_on_floor:
        ways.append((side[1], side[0]))
    return any(
        dx <= e.inner_length_mm
        and dy <= door_width(e)
        and p.gross_mass_kg <= floor_limit_kg(e, dx, dx * dy)
        for dx, dy in ways
    )


def side_layout(p: Packaging, side: tuple[int, int, int], e: Equipment) -> FloorLayout:
    """The floor full of that side."""
    return floor_layout(
        side[0], side[1], p.rotate_on_floor, e.inner_length_mm, e.inner_width_mm, door_width(e)
    )


@lru_cache(maxsize=4096)
def best_side(p: Packaging, e: Equipment) -> tuple[int, int, int]:
    """The side on which most units find room in rows; the given one where nothing is gained.

    Rows, not the best layout: that may take a second for each side, and a list has thousands.
    """
    options = sides(p)
    if len(options) == 1:
        return options[0]
    floor = (e.inner_length_mm, e.inner_width_mm)

    def count(side: tuple[int, int, int]) -> int:
        ways = ways_of(side[0], side[1], p.rotate_on_floor, *floor, door_width(e))
        return _layers(p, side, e) * count_in_rows(ways, *floor) if ways else 0

    return max(options, key=count)


@lru_cache(maxsize=4096)
def layers_of(p: Packaging, e: Equipment) -> int:
    """How many units of a packaging may stand upon one another in that equipment."""
    return _layers(p, best_side(p, e), e)


def piece(unit: HandlingUnit, e: Equipment) -> Piece:
    """The unit on its best side."""
    return Piece(unit, *best_side(unit.packaging, e))


def may_carry(stack: Sequence[Piece], top: Piece, e: Equipment) -> bool:
    """True if one more piece may be set on the stack."""
    below = stack[-1]
    if below.unit.packaging.stacks_with != top.unit.packaging.stacks_with:
        return False
    if not lies_within(top, below):
        return False
    height = sum(p.height_mm for p in stack) + top.height_mm
    if height > top_limit_mm(top.unit.packaging, e, on_floor=False):
        return False
    load = top.unit.mass_kg
    for layers, p in enumerate(reversed(stack), start=2):
        packaging = p.unit.packaging
        if layers > packaging.max_stack:
            return False
        if packaging.max_top_load_kg is not None and load > packaging.max_top_load_kg + 1e-9:
            return False
        load += p.unit.mass_kg
    base = stack[0]
    floor = floor_limit_kg(e, max(base.length_mm, base.width_mm), base.area_mm2)
    return load <= min(e.payload_kg, floor)


def lies_within(top: Piece, below: Piece) -> bool:
    """True if the footprint of `top` lies inside that of `below`, as it stands or turned."""
    if top.length_mm <= below.length_mm and top.width_mm <= below.width_mm:
        return True
    return (
        top.unit.packaging.rotate_on_floor
        and top.width_mm <= below.length_mm
        and top.length_mm <= below.width_mm
    )


def build_stacks(
    pieces: Sequence[Piece], e: Equipment, mass_limit_kg: float, clock: Clock | None = None
) -> list[Stack]:
    """Put pieces into few stacks: large footprints and heavy ones below, best fit in height.

    Pieces of different stops, groups or stack codes never share a stack. Two orders of filling
    (by mass, by height) are tried for each kind; the one that needs less floor is kept. When the
    time is used, the first one will do.
    """
    kinds: dict[tuple[str, int, str, tuple[str, ...]], list[Piece]] = {}
    for p in pieces:
        unit = p.unit
        key = (unit.packaging.stacks_with, unit.stop, unit.group, unit.not_with)
        kinds.setdefault(key, []).append(p)
    from loading.tops import parcels_of, topped

    built: list[Stack] = []
    for kind in kinds.values():
        best = _least(kind, e, mass_limit_kg, clock)
        parcels = [] if clock and clock.up() else parcels_of(kind)
        if parcels:
            small = {id(p) for p in parcels}
            large = _least([p for p in kind if id(p) not in small], e, mass_limit_kg, clock)
            ended, rest = topped(parcels, large, e, mass_limit_kg)
            ended += _least(rest, e, mass_limit_kg, clock) if rest else []
            if (_floor_of(ended), len(ended)) <= (_floor_of(best), len(best)):
                best = ended
        built += best
    return built


def _least(
    kind: Sequence[Piece], e: Equipment, mass_limit_kg: float, clock: Clock | None
) -> list[Stack]:
    """Pieces that may share stacks, in stacks of the least floor that is found."""
    by_mass = sorted(kind, key=lambda p: (-p.area_mm2, -p.unit.mass_kg, -p.height_mm))
    by_height = sorted(kind, key=lambda p: (-p.area_mm2, -p.height_mm, -p.unit.mass_kg))
    tries = [_fill(by_mass, e, mass_limit_kg)]
    if clock and clock.up():
        return tries[0]
    if len({p.height_mm for p in kind}) > 1:
        tries.append(_fill(by_height, e, mass_limit_kg))
    best = min(tries, key=_floor_of)
    if _floor_of(best) > _least_floor(kind, e) and not (clock and clock.up()):
        from loading.stack_cover import cover

        covered = cover(kind, e, mass_limit_kg)
        if covered is not None and _floor_of(covered) < _floor_of(best):
            best = covered
    return best


def _floor_of(stacks: Sequence[Stack]) -> int:
    return sum(s.area_mm2 for s in stacks)


def _least_floor(kind: Sequence[Piece], e: Equipment) -> float:
    """Less floor than this is impossible: by layers, and for those that carry nothing."""
    most = max(p.unit.packaging.max_stack for p in kind)
    least = min(p.area_mm2 for p in kind)
    alone = [p for p in kind if p.unit.packaging.max_stack == 1]
    by_layers = max(sum(p.area_mm2 for p in kind) / most, least * -(-len(kind) // most))
    if len({p.unit.packaging for p in kind}) == 1:
        by_layers = least * -(-len(kind) // max(1, layers_of(kind[0].unit.packaging, e)))
    return max(by_layers, float(sum(p.area_mm2 for p in alone)))


class _Growing:
    """A stack that is being built, and what it still takes; the rules are those of `may_carry`."""

    def __init__(self, first: Piece, e: Equipment, mass_limit_kg: float) -> None:
        floor = floor_limit_kg(e, max(first.length_mm, first.width_mm), first.area_mm2)
        self.pieces: list[Piece] = []
        self.height_mm = self.area_mm2 = 0
        self.room_kg = min(e.payload_kg, floor, mass_limit_kg) + _SLACK_KG
        self.layers = first.unit.packaging.max_stack + 1
        self.add(first, self.room_kg)

    def add(self, p: Piece, room_kg: float) -> None:
        """Set a piece on top; `room_kg` as it was answered for it."""
        packaging = p.unit.packaging
        self.pieces.append(p)
        self.area_mm2 = p.area_mm2  # of the top one
        self.height_mm += p.height_mm
        self.room_kg = room_kg - p.unit.mass_kg
        if packaging.max_top_load_kg is not None:
            self.room_kg = min(self.room_kg, packaging.max_top_load_kg + _SLACK_KG)
        self.layers = min(self.layers - 1, packaging.max_stack - 1)

    def takes(self, p: Piece) -> bool:
        """True if a piece of the same code, for which there is height and bearing, may be set."""
        return self.layers > 0 and lies_within(p, self.pieces[-1])


def _fill(pieces: Sequence[Piece], e: Equipment, mass_limit_kg: float) -> list[Stack]:
    """Set each piece on the stack that it fills best, or on the floor."""
    lowest = min((p.height_mm for p in pieces), default=0)
    tops = {p: top_limit_mm(p, e, on_floor=False) for p in {q.unit.packaging for q in pieces}}
    full: list[_Growing] = []
    growing: list[_Growing] = []
    for p in pieces:
        highest_mm = tops[p.unit.packaging] - p.height_mm
        mass_kg, area_mm2 = p.unit.mass_kg, p.area_mm2
        best, best_waste = -1, 0
        for i in range(max(0, len(growing) - _MOST_OPEN), len(growing)):
            stack = growing[i]
            # the quick no comes first: this loop is the longest of a long list
            if stack.height_mm > highest_mm or mass_kg > stack.room_kg or not stack.takes(p):
                continue
            waste = stack.area_mm2 - area_mm2 - stack.height_mm
            if best < 0 or waste < best_waste:
                best, best_waste = i, waste
        if best < 0:
            growing.append(_Growing(p, e, mass_limit_kg))
            best = len(growing) - 1
        else:
            growing[best].add(p, growing[best].room_kg)
        stack = growing[best]
        if stack.layers < 1 or stack.height_mm + lowest > e.usable_height_mm:
            full.append(growing.pop(best))
    return [as_stack(s.pieces) for s in full + growing]


def as_stack(pieces: Sequence[Piece]) -> Stack:
    """A stack of the pieces; it may be turned if each of them may."""
    return Stack(tuple(pieces), all(p.unit.packaging.rotate_on_floor for p in pieces))
