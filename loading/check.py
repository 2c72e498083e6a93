"""The judge of load plans: every rule again, from the placements alone, without any solver.

Nothing here is shared with the planner but the figures of `rules.py`. A plan is *stuffable* if the
units can be set one after the other in the order of their steps: when a unit is set,
* all that it rests on is already there, and
* nothing that is already there lies on its straight way in from the door: the prism behind it, as
  wide and as high as the unit in its final place, must be free.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from loading.axle_check import axle_faults
from loading.check_floor import floor_loads, heaviest_metre, on_the_floor, reserved_room
from loading.check_places import in_the_way, meeting, rests_on
from loading.equipment import Equipment
from loading.placed import Fault, Placed, placed_from_rows
from loading.rules import (
    COG_EXCEPTION,
    COG_SHARE,
    HAND_KG,
    LIFT_CLEARANCE_MM,
    MM2_PER_M2,
)
from loading.units import Packaging

_GRAM = 0.0015
"""Two rounded grams may differ by this much, kg."""
_SHARE = 6e-5
"""Shares are written with four decimals or more."""


__all__ = [
    "Fault",
    "Placed",
    "centre_of_gravity",
    "check_groups",
    "check_load",
    "check_units",
    "errors",
    "heaviest_metre_kg",
    "heaviest_square_metre_kg",
    "placed_from_rows",
]


def check_load(
    load_id: str,
    e: Equipment,
    placed: Sequence[Placed],
    *,
    max_cargo_kg: float | None = None,
    totals: Mapping[str, Any] | None = None,
) -> list[Fault]:
    """All faults of one load unit. `totals`: its row of `loads.csv`, compared where given."""
    found: list[Fault] = []

    def fault(rule: str, message: str, severity: str = "error") -> None:
        found.append(Fault(rule, load_id, message, severity))

    for p in placed:
        for rule, message in [*_size(p), *_inside(p, e)]:
            fault(rule, f"{p.name} {message}")
    for a, b in meeting(placed):
        fault("overlap", f"{a.name} and {b.name} take the same room")
    below = rests_on(placed)
    for rule, message in [
        *_support(placed, below),
        *_stacking(placed, below),
        *_steps(placed, below),
        *_stops(placed, below),
        *_company(placed),
        *_masses(placed, e, max_cargo_kg),
        *reserved_room(placed, e),
        *floor_loads(placed, below, e),
        *axle_faults(placed, e),
    ]:
        fault(rule, message)
    found += _cog_faults(load_id, e, placed)
    if totals is not None:
        for rule, message in _totals(placed, e, totals):
            fault(rule, message)
    return found


def heaviest_metre_kg(placed: Sequence[Placed]) -> float:
    """The greatest mass on any running metre of the floor."""
    return heaviest_metre(placed, rests_on(placed))[0]


def heaviest_square_metre_kg(placed: Sequence[Placed]) -> float:
    """The greatest mass on a square metre under a unit that stands on the floor."""
    pressed = on_the_floor(placed, rests_on(placed))
    return max((kg / (p.dx_mm * p.dy_mm) * MM2_PER_M2 for p, kg in pressed), default=0.0)


def errors(faults: Iterable[Fault]) -> list[Fault]:
    """The faults that refuse a plan."""
    return [f for f in faults if f.severity == "error"]


def check_units(loads: Mapping[str, Sequence[str]], expected: Iterable[str]) -> list[Fault]:
    """Every expected unit is loaded once and no other is; `loads`: unit ids by load."""
    seen: dict[str, str] = {}
    found = []
    wanted = set(expected)
    for load_id, units in loads.items():
        for unit in units:
            if unit in seen:
                found.append(Fault("twice", load_id, f"{unit} is also loaded in {seen[unit]}"))
            elif unit not in wanted:
                found.append(Fault("unknown", load_id, f"{unit} is not in the list"))
            seen[unit] = load_id
    return found + [Fault("missing", "", f"{u} is not loaded") for u in sorted(wanted - set(seen))]


def check_groups(loads: Mapping[str, Sequence[Placed]]) -> list[Fault]:
    """Units of one group stay in one load unit."""
    homes: dict[str, str] = {}
    found = []
    for load_id, placed in loads.items():
        for group in sorted({p.group for p in placed if p.group}):
            home = homes.setdefault(group, load_id)
            if home != load_id:
                found.append(Fault("group", load_id, f"a part of group {group} is in {home}"))
    return found


_Said = Iterable[tuple[str, str]]


def _size(p: Placed) -> _Said:
    """The unit is as large as its packaging and stands on a side that it may stand on."""
    k = p.packaging
    length, width, height = (_with_tolerance(s, k) for s in (k.length_mm, k.width_mm, k.height_mm))
    if sorted((p.dx_mm, p.dy_mm, p.dz_mm)) != sorted((length, width, height)):
        yield "size", f"is not {length} x {width} x {height} mm"
        return
    on_given_side = p.dz_mm == height and {p.dx_mm, p.dy_mm} == {length, width}
    if k.upright_only and p.dz_mm != height:
        yield "upright", "must stand upright"
    elif not k.rotate_on_floor and (p.dx_mm != length if on_given_side else p.dx_mm < p.dy_mm):
        yield "turned", "must not be turned on the floor"
    if p.mass_kg < 0 or p.mass_kg > k.gross_mass_kg + _GRAM:
        yield "unit_mass", f"weighs {p.mass_kg:g} kg; its packaging {k.gross_mass_kg:g} at most"


def _with_tolerance(size_mm: int, k: Packaging) -> int:
    """A size as it must be planned: whole mm, the packaging's tolerance added."""
    wanted = size_mm + size_mm * k.tolerance_share + k.tolerance_mm
    whole = int(wanted)
    return whole if wanted - whole < 1e-6 else whole + 1


def _inside(p: Placed, e: Equipment) -> _Said:
    """Inside the walls, through the door, and liftable."""
    inner = (e.inner_length_mm, e.inner_width_mm, e.inner_height_mm)
    names = ("length", "width", "height")
    for start, end, limit, name in zip((p.x_mm, p.y_mm, p.z_mm), p.end, inner, names, strict=True):
        if start < 0 or end > limit:
            yield "wall", f"reaches outside in {name} ({start} to {end} of {limit} mm)"
    if e.door_width_mm is not None and p.dy_mm > e.door_width_mm:
        yield "door", f"is wider ({p.dy_mm} mm) than the door ({e.door_width_mm} mm)"
    header = min(e.inner_height_mm, e.door_height_mm or e.inner_height_mm)
    if p.dz_mm > header:
        yield "door", f"is higher ({p.dz_mm} mm) than the door ({header} mm)"
    by_hand = p.packaging.gross_mass_kg <= HAND_KG
    if p.z_mm > 0 and not by_hand and p.end[2] + LIFT_CLEARANCE_MM > header:
        yield (
            "lift",
            f"ends {header - p.end[2]} mm under the door header; {LIFT_CLEARANCE_MM} mm are "
            "needed to lift it over the unit below",
        )


def _support(placed: Sequence[Placed], below: Sequence[Sequence[tuple[int, int]]]) -> _Said:
    """Every unit stands on the floor or is held up under its whole footprint."""
    for p, supports in zip(placed, below, strict=True):
        area = p.dx_mm * p.dy_mm
        held = sum(a for _, a in supports)
        if p.z_mm > 0 and held < area:
            yield "support", f"{p.name} is held up under {held / area:.0%} of its footprint"


def _stacking(placed: Sequence[Placed], below: Sequence[Sequence[tuple[int, int]]]) -> _Said:
    """Stack codes, layers and bearing; a load is shared by contact area."""
    height = [1] * len(placed)
    carried = [0.0] * len(placed)
    for i in sorted(range(len(placed)), key=lambda i: -placed[i].z_mm):
        p = placed[i]
        contact = sum(area for _, area in below[i])
        for j, area in below[i]:
            q = placed[j]
            height[j] = max(height[j], height[i] + 1)
            carried[j] += (p.mass_kg + carried[i]) * area / contact
            code_p = p.packaging.stack_code or ("", p.packaging.packaging_id)
            code_q = q.packaging.stack_code or ("", q.packaging.packaging_id)
            if code_p != code_q:
                yield "stack_code", f"{p.name} may not stand on {q.name}"
    for p, layers, kg in zip(placed, height, carried, strict=True):
        if layers > p.packaging.max_stack:
            yield "layers", f"{p.name} stands {layers} high, {p.packaging.max_stack} allowed"
        most = p.packaging.max_top_load_kg
        if most is not None and kg > most + _GRAM:
            yield "bearing", f"{p.name} bears {kg:,.1f} kg, {most:,.1f} allowed"


def _steps(placed: Sequence[Placed], below: Sequence[Sequence[tuple[int, int]]]) -> _Said:
    """Steps run from 1 without a gap and can be done one after the other."""
    if sorted(p.step for p in placed) != list(range(1, len(placed) + 1)):
        yield "steps", "the steps do not run from 1 without a gap"
    for p, supports in zip(placed, below, strict=True):
        for j, _ in supports:
            if placed[j].step >= p.step:
                yield "order", f"{p.name} is set before {placed[j].name}, on which it rests"
    for p, q in in_the_way(placed, lambda p: p.step):
        yield "reach", f"{p.name} cannot be brought in: {q.name} already stands before it"


def _stops(placed: Sequence[Placed], below: Sequence[Sequence[tuple[int, int]]]) -> _Said:
    """What is unloaded first stands free: nothing of a later stop before it or upon it."""
    if len({p.stop for p in placed}) < 2:
        return
    for p, q in in_the_way(placed, lambda p: -p.stop):
        yield "stop", f"{p.name} of stop {p.stop} stands behind {q.name} of stop {q.stop}"
    for p, supports in zip(placed, below, strict=True):
        for j, _ in supports:
            if p.stop > placed[j].stop:
                yield "stop", f"{p.name} of stop {p.stop} stands on {placed[j].name}"


def _company(placed: Sequence[Placed]) -> _Said:
    """Groups that may not meet."""
    groups = {p.group for p in placed if p.group}
    for p in placed:
        clash = sorted(groups & set(p.not_with))
        if clash:
            yield "not_with", f"{p.name} may not travel with group {clash[0]}"


def _masses(placed: Sequence[Placed], e: Equipment, max_cargo_kg: float | None) -> _Said:
    """Payload and road limit."""
    mass = sum(p.mass_kg for p in placed)
    if mass > e.payload_kg + _GRAM:
        yield "payload", f"{mass:,.1f} kg of cargo; the payload is {e.payload_kg:,.1f} kg"
    if max_cargo_kg is not None and mass > max_cargo_kg + _GRAM:
        yield "road_limit", f"{mass:,.1f} kg of cargo; the road allows {max_cargo_kg:,.1f} kg"


def centre_of_gravity(placed: Sequence[Placed]) -> tuple[float, float, float]:
    """The common centre of gravity (mm); the middle of each unit is taken for its own."""
    mass = sum(p.mass_kg for p in placed)
    if not mass:
        return (0.0, 0.0, 0.0)
    return (
        sum(p.mass_kg * (p.x_mm + p.end[0]) for p in placed) / mass / 2,
        sum(p.mass_kg * (p.y_mm + p.end[1]) for p in placed) / mass / 2,
        sum(p.mass_kg * (p.z_mm + p.end[2]) for p in placed) / mass / 2,
    )


def _cog_faults(load_id: str, e: Equipment, placed: Sequence[Placed]) -> list[Fault]:
    """Containers: along the length 5 %, told up to 10 %, refused beyond."""
    if not e.is_container or not sum(p.mass_kg for p in placed):
        return []
    share = centre_of_gravity(placed)[0] / e.inner_length_mm - 0.5
    text = f"the centre of gravity lies {share:+.1%} of the length from the middle"
    if abs(share) > COG_EXCEPTION + _SHARE:
        return [Fault("cog", load_id, f"{text}; {COG_EXCEPTION:.0%} is the most")]
    if abs(share) > COG_SHARE + _SHARE:
        return [
            Fault("cog", load_id, f"{text}; beyond {COG_SHARE:.0%} tell the carrier", "warning")
        ]
    return []


def _totals(placed: Sequence[Placed], e: Equipment, totals: Mapping[str, Any]) -> _Said:
    """The row of `loads.csv` against the placements."""
    mass = sum(p.mass_kg for p in placed)
    volume = sum(
        p.packaging.length_mm * p.packaging.width_mm * p.packaging.height_mm for p in placed
    )
    floor = sum(p.dx_mm * p.dy_mm for p in placed if p.z_mm == 0)
    inner = e.inner_length_mm * e.inner_width_mm
    cog = centre_of_gravity(placed)
    wanted: dict[str, tuple[float, float]] = {
        "handling_units": (len(placed), 0),
        "mass_kg": (mass, _GRAM * max(1, len(placed))),
        "vgm_kg": (mass + e.tare_kg, _GRAM * max(1, len(placed))),
        "volume_use": (volume / (inner * e.inner_height_mm), _SHARE),
        "mass_use": (mass / e.payload_kg, _SHARE),
        "floor_use": (floor / inner, _SHARE),
        "cog_x_mm": (cog[0], 1.0),
        "cog_y_mm": (cog[1], 1.0),
        "cog_z_mm": (cog[2], 1.0),
    }
    for name, (right, tolerance) in wanted.items():
        if name in totals and abs(float(totals[name]) - right) > tolerance:
            yield "total", f"{name} is {float(totals[name]):g}; the placements give {right:g}"
