"""The judge of what the floor bears and where nothing may stand; part of `check.py`.

The floor feels a stack through the units that stand on it: what stands above comes down by contact
area, and each unit on the floor spreads its share evenly over its own footprint.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from loading.equipment import Equipment
from loading.placed import Placed
from loading.rules import FLOOR_WINDOW_MM, MM2_PER_M2

Below = Sequence[Sequence[tuple[int, int]]]
"""For each unit: the units that it rests on, with the area of contact, mm2."""
_Said = Iterable[tuple[str, str]]


def reserved_room(placed: Sequence[Placed], e: Equipment) -> _Said:
    """Nothing above the load line, nothing in reserved room."""
    for p in placed:
        if e.load_line_mm is not None and p.end[2] > e.load_line_mm:
            yield "load_line", f"{p.name} ends {p.end[2] - e.load_line_mm} mm over the load line"
        for r in e.reserved:
            start = (r.x_mm, r.y_mm, r.z_mm)
            size = (r.dx_mm, r.dy_mm, r.dz_mm)
            at = (p.x_mm, p.y_mm, p.z_mm)
            if all(
                a < s + d and s < end for a, end, s, d in zip(at, p.end, start, size, strict=True)
            ):
                yield (
                    "reserved",
                    f"{p.name} stands in room that is kept free ({r.name or 'reserved'})",
                )


def floor_loads(placed: Sequence[Placed], below: Below, e: Equipment) -> _Said:
    """The mass on any running metre and on the square metres under each unit."""
    if e.floor_load_kg_per_m is not None:
        metre, at = heaviest_metre(placed, below)
        if metre > e.floor_load_kg_per_m + 0.5:
            yield (
                "floor_load",
                f"{metre:,.0f} kg stand on the metre from {at:,.0f} mm; "
                f"{e.floor_load_kg_per_m:,.0f} kg are allowed",
            )
    if e.floor_load_kg_per_m2 is not None:
        for p, kg in on_the_floor(placed, below):
            square = kg / (p.dx_mm * p.dy_mm) * MM2_PER_M2
            if square > e.floor_load_kg_per_m2 + 0.5:
                yield (
                    "floor_load_m2",
                    f"{p.name} and what stands on it press {square:,.0f} kg on a square metre; "
                    f"{e.floor_load_kg_per_m2:,.0f} kg are allowed",
                )


def on_the_floor(placed: Sequence[Placed], below: Below) -> list[tuple[Placed, float]]:
    """Each unit on the floor with the mass that comes down through it, its own included."""
    through = [p.mass_kg for p in placed]
    for i in sorted(range(len(placed)), key=lambda i: -placed[i].z_mm):
        contact = sum(area for _, area in below[i])
        for j, area in below[i]:
            through[j] += through[i] * area / contact
    return [(p, kg) for p, kg in zip(placed, through, strict=True) if p.z_mm <= 0]


def heaviest_metre(placed: Sequence[Placed], below: Below) -> tuple[float, float]:
    """The greatest mass over any metre of the length, and where that metre starts.

    The mass up to a place is a broken line through the edges; its rise over one metre is greatest
    where a metre starts or ends at one.
    """
    floor = on_the_floor(placed, below)
    starts = np.array([p.x_mm for p, _ in floor], np.float64)
    sizes = np.array([max(1, p.dx_mm) for p, _ in floor], np.float64)
    masses = np.array([kg for _, kg in floor], np.float64)

    def up_to(x: NDArray[np.float64]) -> NDArray[np.float64]:
        return (np.subtract.outer(x, starts) / sizes).clip(0.0, 1.0) @ masses

    edges = sorted({p.x_mm for p, _ in floor} | {p.end[0] for p, _ in floor})
    xs = np.array(edges, np.float64)
    here = up_to(xs)
    ahead = up_to(xs + FLOOR_WINDOW_MM) - here
    back = here - up_to(xs - FLOOR_WINDOW_MM)
    windows = [*zip(ahead.tolist(), xs.tolist(), strict=True)]
    windows += zip(back.tolist(), (xs - FLOOR_WINDOW_MM).tolist(), strict=True)
    return max(windows, default=(0.0, 0.0))
