"""Lower bounds of the number of load units: mass, volume and floor, none of them an opinion."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import ceil, inf

from loading.equipment import Equipment
from loading.footprints import longest_filled
from loading.stacks import Piece, door_width, layers_of, side_layout
from loading.units import Packaging

_SLACK = 1e-9


def lower_bound(pieces: Sequence[Piece], e: Equipment, mass_limit_kg: float) -> int:
    """No fewer load units than this can hold the pieces."""
    if not pieces:
        return 0
    least = max(
        1,
        _by_mass(pieces, mass_limit_kg),
        _by_floor(pieces, e),
        ceil(sum(p.area_mm2 * p.height_mm for p in pieces) / (e.floor_mm2 * e.usable_height_mm)),
    )
    return _by_count(pieces, e, least)


def _by_mass(pieces: Sequence[Piece], limit: float) -> int:
    """Total mass; units above half the limit never meet; equal masses are whole numbers."""
    masses = [p.unit.mass_kg for p in pieces]
    bound = ceil(sum(masses) / limit - _SLACK)
    heavy = 0
    for least, count in sorted(Counter(m for m in masses if m > 0).items(), reverse=True):
        heavy += count
        bound = max(bound, ceil(heavy / max(1, int((limit + 1e-6) // least))))
    return bound


def _by_floor(pieces: Sequence[Piece], e: Equipment) -> int:
    """Floor that stacks need at least, against the floor that their sizes can fill.

    Units of one stack code share a column as high as the load unit at most, and with as many
    layers as the most generous of them allows.
    """
    kinds: dict[str, list[Piece]] = {}
    for p in pieces:
        kinds.setdefault(p.unit.packaging.stacks_with, []).append(p)
    need = 0.0
    for kind in kinds.values():
        most = max(p.unit.packaging.max_stack for p in kind)
        by_height = sum(p.area_mm2 * p.height_mm for p in kind) / e.usable_height_mm
        if len({p.unit.packaging for p in kind}) == 1 and kind[0].unit.packaging.upright_only:
            most = max(1, layers_of(kind[0].unit.packaging, e))
            by_height = 0.0
        upright = [p for p in kind if p.unit.packaging.upright_only]
        need += max(by_height, sum(p.area_mm2 for p in upright) / most)
    usable = e.floor_mm2
    if all(p.unit.packaging.upright_only for p in pieces):
        one_of_each = {p.unit.packaging: p for p in pieces}.values()
        sizes_l = tuple({s for p in one_of_each for s in _sizes_along(p)})
        sizes_w = tuple({s for p in one_of_each for s in _sizes_across(p, e)})
        usable = longest_filled(sizes_l, e.inner_length_mm) * longest_filled(
            sizes_w, e.inner_width_mm
        )
    return ceil(need / usable - _SLACK) if usable else len(pieces)


def _sizes_along(p: Piece) -> tuple[int, ...]:
    return (p.length_mm, p.width_mm) if p.unit.packaging.rotate_on_floor else (p.length_mm,)


def _sizes_across(p: Piece, e: Equipment) -> tuple[int, ...]:
    sizes = (p.length_mm, p.width_mm) if p.unit.packaging.rotate_on_floor else (p.width_mm,)
    return tuple(s for s in sizes if s <= door_width(e))


def _by_count(pieces: Sequence[Piece], e: Equipment, least: int) -> int:
    """Each packaging alone needs the floor spots and layers of its own best layout.

    `least`: a bound that is known; layouts that cannot raise it are not looked for.
    """
    counts = Counter(p.unit.packaging for p in pieces)
    bound = least
    for packaging, count in counts.most_common():
        if count <= bound * _in_a_grid(packaging, e):
            continue  # not worth the best layout: a plain one says as much
        room = most_units(packaging, e)
        if 0 < room < inf:
            bound = max(bound, ceil(count / room))
    return bound


def _in_a_grid(p: Packaging, e: Equipment) -> int:
    """As many units as surely go into one load unit as far as the floor is concerned."""
    length, width = p.planned_mm[:2]
    ways = [(length, width), (width, length)] if p.rotate_on_floor else [(length, width)]
    most = max((e.inner_length_mm // dx) * (door_width(e) // dy) for dx, dy in ways)
    by_mass = e.payload_kg // p.gross_mass_kg if p.gross_mass_kg > 0 else most
    return int(min(most, by_mass))


def most_units(p: Packaging, e: Equipment, mass_limit_kg: float = inf) -> float:
    """No load unit holds more of one packaging, whatever else is in it.

    Columns that hold one stand on spots of their own, and none holds more than its layers: what
    stands between them only adds height and load. Units that may be laid on a side have no such
    count here (infinite).
    """
    by_mass = inf
    if p.gross_mass_kg > 0:
        by_mass = (min(mass_limit_kg, e.payload_kg) + 1e-6) // p.gross_mass_kg
    if not p.upright_only:
        return by_mass
    side = p.planned_mm
    return min(by_mass, side_layout(p, side, e).bound * layers_of(p, e))
