"""Reserved room: boxes inside an equipment where nothing may stand, and what is left around them.

Stacks stand on the floor, so that all a planner needs to know of a spot is how high a stack there
may be: up to the lowest reserved box above its footprint.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import inf

from loading.equipment import Equipment
from loading.footprints import Spot


def headroom_mm(e: Equipment, spot: Spot) -> float:
    """How high a stack on that spot may be; 0 where a reserved box stands on the floor."""
    x, y, dx, dy = spot
    return min(
        (
            r.z_mm
            for r in e.reserved
            if r.x_mm < x + dx and x < r.end[0] and r.y_mm < y + dy and y < r.end[1]
        ),
        default=inf,
    )


def clear_of_reserved(standing: Iterable[tuple[int, Spot]], e: Equipment) -> bool:
    """True if no stack, given as (height, spot), reaches into reserved room."""
    return all(height <= headroom_mm(e, spot) for height, spot in standing)
