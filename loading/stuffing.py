"""Stuffing: handling units into as few load units as can be, every one of them a real plan.

Two worlds meet here. Units of one footprint, the common case of pallets, are counted: floor
spots x layers against mass, and laid out at once. Mixed units are built into stacks, the stacks
are laid on floors (`assign.py`). Both end in the same placements, from the front wall to the door.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from loading import assign
from loading.balance import cog_window, rows
from loading.cartons.loose import is_loose, stuffed_loose
from loading.clock import Clock
from loading.equipment import Equipment
from loading.floor import Standing, heaviest_metre_kg
from loading.rules import COG_EXCEPTION, COG_SHARE
from loading.stacks import (
    as_stack,
    best_side,
    floor_limit_kg,
    layers_of,
    piece,
    side_fits,
    side_layout,
    sides,
)
from loading.units import HandlingUnit, Packaging

_GROW_TOGETHER = 2


@dataclass(frozen=True)
class Placement:
    """One handling unit in its place; `step` is the order of stuffing, from 1.

    x counts from the front wall, y from the left wall, z from the floor (mm).
    """

    unit: HandlingUnit
    step: int
    x_mm: int
    y_mm: int
    z_mm: int
    dx_mm: int
    dy_mm: int
    dz_mm: int


@dataclass(frozen=True)
class LoadPlan:
    """One load unit with its content. Shares are 0 to 1 of the equipment's own limits."""

    equipment: Equipment
    placements: tuple[Placement, ...]
    mass_kg: float
    volume_use: float
    mass_use: float
    floor_use: float
    cog_x_mm: float
    cog_y_mm: float
    cog_z_mm: float
    cog_share: float = 0.0
    """Centre of gravity: distance from mid-length as a share of the inner length, signed."""
    cog_exceptional: bool = False
    """True beyond the ordinary 5 %, within the 10 % of special circumstances."""
    floor_kg_per_m: float = 0.0
    """The greatest mass on any running metre of the floor."""

    @property
    def vgm_kg(self) -> float:
        """Verified gross mass: cargo and tare."""
        return self.mass_kg + self.equipment.tare_kg

    @property
    def units(self) -> tuple[HandlingUnit, ...]:
        """The handling units, in the order of stuffing."""
        return tuple(p.unit for p in self.placements)


@dataclass(frozen=True)
class Stuffing:
    """Load units for a set of handling units.

    `left`: units without a place, with `reasons` in the planner's words. `lower_bound`: fewer load
    units than this are impossible; `proved`: the number of loads is the least there is.
    """

    loads: tuple[LoadPlan, ...]
    left: tuple[HandlingUnit, ...]
    lower_bound: int
    proved: bool
    reasons: tuple[str, ...] = field(default=())
    left_because: tuple[str, ...] = field(default=())
    """For each unit of `left`, why it found no place."""


def layers(p: Packaging, e: Equipment) -> int:
    """How many of a packaging may stand upon one another (0: it does not fit at all)."""
    return layers_of(p, e)


def floor_count(p: Packaging, e: Equipment) -> int:
    """Most footprints of a packaging on the floor (proved or best found; cached)."""
    return len(side_layout(p, best_side(p, e), e).spots) if fits(p, e) else 0


def fits(p: Packaging, e: Equipment) -> bool:
    """True if one unit fits through the door, on the floor and within the payload."""
    return any(side_fits(p, side, e) for side in sides(p))


@lru_cache(maxsize=4096)
def capacity(p: Packaging, e: Equipment, max_cargo_kg: float | None = None) -> int:
    """Most full units of one packaging in one load unit: floor, layers, mass and floor load."""
    if not fits(p, e):
        return 0
    limit = mass_limit_kg(e, max_cargo_kg)
    most = floor_count(p, e) * layers(p, e)
    if p.gross_mass_kg > 0:
        most = min(most, int((limit + 1e-6) // p.gross_mass_kg))
    while most > 0:
        units = [HandlingUnit(f"#{i}", "", p, p.units, p.gross_mass_kg) for i in range(most)]
        if e.reserved:
            found = stuff(units, e, max_loads=1, max_cargo_kg=max_cargo_kg).loads
            return len(found[0].placements) if found else 0
        if assign.one_kind_load([piece(u, e) for u in units], e, layers(p, e)) is not None:
            break
        most -= 1
    return most


def mass_limit_kg(e: Equipment, max_cargo_kg: float | None) -> float:
    """The lower of payload and road limit."""
    return e.payload_kg if max_cargo_kg is None else min(e.payload_kg, max_cargo_kg)


def stuff(
    units: Sequence[HandlingUnit],
    e: Equipment,
    *,
    max_loads: int | None = None,
    max_cargo_kg: float | None = None,
    cog_tolerance: float = COG_SHARE,
    cog_exception: float = COG_EXCEPTION,
    seed: int = 1,
    seconds: float = 1.0,
    clock: Clock | None = None,
) -> Stuffing:
    """Put units into load units of one equipment.

    With `max_loads` into at most that many, if that can be done (`left` holds the rest); without,
    into as few as can be found. `seconds` limits the search beyond the first plan; it is never
    used up where the first plan meets the lower bound. `clock`: in place of it, a clock that is
    shared with other searches. Loose cartons are packed as such where that
    needs fewer load units or loads more (`cartons/loose.py`).
    """
    limit = mass_limit_kg(e, max_cargo_kg)
    goal = assign.Goal(
        e,
        limit,
        max_loads,
        cog_tolerance,
        max(cog_exception, cog_tolerance),
        seed,
        clock or Clock(seconds),
    )
    if e.reserved or not is_loose(units):  # the packer does not know reserved room
        return _stacked(units, goal)
    return stuffed_loose(
        units, goal, lambda some, part: _stacked(some, replace(goal, clock=part)), max_cargo_kg
    )


def _stacked(units: Sequence[HandlingUnit], goal: assign.Goal) -> Stuffing:
    """Units as stacks on floors."""
    e, limit = goal.e, goal.mass_limit_kg
    reasons: dict[str, list[HandlingUnit]] = {}
    sound: list[HandlingUnit] = []
    for unit in units:
        why = _why_never(unit, e, limit)
        if why:
            reasons.setdefault(why, []).append(unit)
        else:
            sound.append(unit)
    found = assign.assign([piece(u, e) for u in sound], goal)
    loads = tuple(_plan(standing, e, goal) for standing in found.loads)
    for why, pieces in found.left:
        reasons.setdefault(why, []).extend(p.unit for p in pieces)
    left = tuple(u for group in reasons.values() for u in group)
    complete = not any(pieces for _, pieces in found.left)
    return Stuffing(
        loads,
        left,
        found.lower_bound,
        complete and len(loads) == found.lower_bound,
        tuple(_reason(why, group) for why, group in reasons.items()),
        tuple(why for why, group in reasons.items() for _ in group),
    )


def _reason(why: str, group: Sequence[HandlingUnit]) -> str:
    count = f"{len(group)} units" if len(group) > 1 else "1 unit"
    orders = sorted({u.order for u in group if u.order})
    of = f" of {', '.join(orders[:3])}{' and others' if len(orders) > 3 else ''}" if orders else ""
    return f"{count}{of}: {why}"


def _why_never(unit: HandlingUnit, e: Equipment, limit: float) -> str:
    """Why a unit can never go into this equipment; empty if it can."""
    p = unit.packaging
    name = e.trade_name or e.code
    if unit.mass_kg > limit + 1e-9:
        return f"heavier than a {name} may carry here ({unit.mass_kg:,.0f} of {limit:,.0f} kg)"
    side = best_side(p, e)
    if side_fits(p, side, e):
        return ""
    size = f"{side[0]} x {side[1]} x {side[2]} mm"
    if unit.mass_kg > floor_limit_kg(e, max(side[:2]), side[0] * side[1]) + 1e-9:
        return f"too heavy for each metre of the floor of a {name} ({unit.mass_kg:,.0f} kg)"
    return f"too large for a {name} or its door ({size})"


def _plan(standing: Sequence[Standing], e: Equipment, goal: assign.Goal) -> LoadPlan:
    """The placements of one load, in the order of stuffing, and its figures."""
    mass = sum(s.stack.mass_kg for s in standing)
    window = cog_window(e, goal.cog_tolerance, mass)
    placements: list[Placement] = []
    for row in rows(standing):
        for s, layer in _row_order(row):
            placements.append(_placement(s, layer, len(placements) + 1))
        for s in row:
            placements += _placed_on_top(s, len(placements) + 1)
    moments = [0.0, 0.0, 0.0]
    volume = floor = 0
    for p in placements:
        k = p.unit.packaging
        for axis, (start, size) in enumerate(
            ((p.x_mm, p.dx_mm), (p.y_mm, p.dy_mm), (p.z_mm, p.dz_mm))
        ):
            moments[axis] += p.unit.mass_kg * (start + size / 2)
        volume += k.length_mm * k.width_mm * k.height_mm
        floor += p.dx_mm * p.dy_mm if p.z_mm == 0 else 0
    cog = [m / mass if mass else 0.0 for m in moments]
    spots = [(s.spot[0], s.spot[2], s.stack.mass_kg) for s in standing]
    return LoadPlan(
        equipment=e,
        placements=tuple(placements),
        mass_kg=mass,
        volume_use=volume / (e.floor_mm2 * e.inner_height_mm),
        mass_use=mass / e.payload_kg,
        floor_use=floor / e.floor_mm2,
        cog_x_mm=cog[0],
        cog_y_mm=cog[1],
        cog_z_mm=cog[2],
        cog_share=cog[0] / e.inner_length_mm - 0.5 if mass else 0.0,
        cog_exceptional=mass > 0 and window.off(cog[0]) > 1e-6,
        floor_kg_per_m=heaviest_metre_kg(spots),
    )


def _row_order(row: Sequence[Standing]) -> list[tuple[Standing, int]]:
    """Two stacks side by side grow together, layer by layer; more are built one by one."""
    units = [(s, layer) for s in row for layer in range(len(s.stack.pieces))]
    return units if len(row) > _GROW_TOGETHER else sorted(units, key=lambda u: u[1])


def _placement(s: Standing, layer: int, step: int) -> Placement:
    """A unit of a stack; smaller ones stand in the middle of the one below."""
    x, y, dx, dy = s.spot
    turned = (dx, dy) != (s.stack.length_mm, s.stack.width_mm)
    length, width = s.stack.length_mm, s.stack.width_mm
    for p in s.stack.pieces[1 : layer + 1]:
        along = p.length_mm <= length and p.width_mm <= width
        length, width = (p.length_mm, p.width_mm) if along else (p.width_mm, p.length_mm)
        inner_x, inner_y = (width, length) if turned else (length, width)
        x, y = x + (dx - inner_x) // 2, y + (dy - inner_y) // 2
        dx, dy = inner_x, inner_y
    z = sum(p.height_mm for p in s.stack.pieces[:layer])
    top = s.stack.pieces[layer]
    return Placement(top.unit, step, x, y, z, dx, dy, top.height_mm)


def _placed_on_top(s: Standing, step: int) -> list[Placement]:
    """Parcels on the top unit of a stack, from the front wall; each column from below."""
    if not s.stack.tops:
        return []
    base = _placement(s, len(s.stack.pieces) - 1, 0)
    turned = (base.dx_mm, base.dy_mm) != (
        s.stack.pieces[-1].length_mm,
        s.stack.pieces[-1].width_mm,
    )
    found: list[Placement] = []
    spots = [
        (top.pieces, (v, u, dv, du) if turned else (u, v, du, dv))
        for top in s.stack.tops
        for u, v, du, dv in [top.spot]
    ]
    for pieces, (x, y, dx, dy) in sorted(spots, key=lambda t: t[1]):
        column = Standing(as_stack(pieces), (base.x_mm + x, base.y_mm + y, dx, dy))
        for layer in range(len(pieces)):
            placed = _placement(column, layer, step + len(found))
            found.append(replace(placed, z_mm=placed.z_mm + base.z_mm + base.dz_mm))
    return found


__all__ = [
    "LoadPlan",
    "Placement",
    "Stuffing",
    "capacity",
    "fits",
    "floor_count",
    "layers",
    "mass_limit_kg",
    "stuff",
]
