"""Parcels on top of stacks: small units side by side on the unit that ends a stack.

A stack may end with a surface instead of a unit: columns of smaller units of the same stack code,
laid on the top unit as if that were a floor. Every column lies inside the footprint of the top
unit, which therefore supports it whole; layers and bearing count through the stack.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from math import inf

from loading.equipment import Equipment
from loading.floor import TASTES, Skyline, Standing
from loading.stacks import Piece, Stack, Top, as_stack, floor_limit_kg, may_carry, top_limit_mm

_SMALL = 0.5
"""A parcel's footprint is at most this share of the largest one of its code."""
_MOST_PIECES = 3_000
_ENOUGH = 3.0
"""So many times what the surface can hold is offered to it."""


def topped(
    pieces: Sequence[Piece], large_stacks: Sequence[Stack], e: Equipment, mass_limit_kg: float
) -> tuple[list[Stack], list[Piece]]:
    """The stacks with parcels on top, and the parcels that found no room there."""
    rest = sorted(pieces, key=lambda p: (-p.area_mm2, -p.height_mm, -p.unit.mass_kg))
    stacks = []
    for stack in sorted(large_stacks, key=lambda s: s.height_mm):
        ended, rest = _top_off(stack, rest, e, mass_limit_kg) if rest else (stack, rest)
        stacks.append(ended)
    return stacks, rest


def parcels_of(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces small enough to stand side by side on the largest ones; none in a long list."""
    if len(pieces) > _MOST_PIECES:
        return []
    most = max(p.area_mm2 for p in pieces)
    return [p for p in pieces if p.area_mm2 <= _SMALL * most]


def _top_off(
    stack: Stack, parcels: list[Piece], e: Equipment, mass_limit_kg: float
) -> tuple[Stack, list[Piece]]:
    """One stack with as many parcels on top as its rules allow."""
    top = stack.pieces[-1]
    room = _room_kg(stack, e, mass_limit_kg)
    layers = min(
        p.unit.packaging.max_stack - depth
        for depth, p in enumerate(reversed(stack.pieces), start=1)
    )
    straight = all(
        p.length_mm <= q.length_mm and p.width_mm <= q.width_mm
        for q, p in zip(stack.pieces, stack.pieces[1:], strict=False)
    )
    if layers < 1 or room <= 0 or not straight:
        return stack, parcels
    columns = _columns(parcels, top, stack.height_mm, layers, e)
    if not columns:
        return stack, parcels
    surface = replace(
        e, inner_length_mm=top.length_mm, inner_width_mm=top.width_mm, door_width_mm=None,
        floor_load_kg_per_m=None, floor_load_kg_per_m2=None, reserved=(),
    )  # fmt: skip
    sky = Skyline(surface, room, TASTES[1], random.Random(0))
    left = sky.fill([as_stack(c) for c in columns])
    # where a whole column is too heavy, single parcels may not be
    sky.fill([as_stack([p]) for column in left for p in column.pieces])
    if not sky.standing:
        return stack, parcels
    used = {id(p) for s in sky.standing for p in s.stack.pieces}
    turn = stack.turn and all(s.stack.turn for s in sky.standing)
    ended = Stack(stack.pieces, turn, _in_the_middle(sky.standing, top))
    return ended, [p for p in parcels if id(p) not in used]


def _in_the_middle(standing: Sequence[Standing], top: Piece) -> tuple[Top, ...]:
    """The columns as they stand, moved together so that as much is free on either side."""
    along = (top.length_mm - max(s.spot[0] + s.spot[2] for s in standing)) // 2
    across = (top.width_mm - max(s.spot[1] + s.spot[3] for s in standing)) // 2
    tops = [
        Top(s.stack.pieces, (s.spot[0] + along, s.spot[1] + across, *s.spot[2:])) for s in standing
    ]
    return tuple(sorted(tops, key=lambda t: t.spot))


def _room_kg(stack: Stack, e: Equipment, mass_limit_kg: float) -> float:
    """What may still stand on a stack: bearing of each unit, floor load and mass limit."""
    base = stack.pieces[0]
    room = min(
        mass_limit_kg,
        floor_limit_kg(e, min(base.length_mm, base.width_mm), base.area_mm2),
    )
    room -= stack.mass_kg
    above = 0.0
    for p in reversed(stack.pieces):
        most = p.unit.packaging.max_top_load_kg
        room = min(room, inf if most is None else most - above)
        above += p.unit.mass_kg
    return room


def _columns(
    parcels: Sequence[Piece], top: Piece, below_mm: int, layers: int, e: Equipment
) -> list[list[Piece]]:
    """Parcels in columns that end under the roof (or the door header, lifted) from that height."""
    columns: list[list[Piece]] = []
    area = 0
    for p in parcels:
        limit = top_limit_mm(p.unit.packaging, e, on_floor=False)
        if below_mm + p.height_mm > limit or p.area_mm2 > _SMALL * top.area_mm2:
            continue
        for column in columns:
            high = below_mm + sum(q.height_mm for q in column) + p.height_mm
            if len(column) < layers and high <= limit and may_carry(column, p, e):
                column.append(p)
                break
        else:
            if area > _ENOUGH * top.area_mm2:
                break
            columns.append([p])
            area += p.area_mm2
    return columns
