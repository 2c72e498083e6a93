"""The judge's own sum of axle loads: moments of every unit, one after the other.

Nothing here is shared with the planner's `axles.py`. The rule is told in docs/pallets.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from loading.equipment import Equipment
from loading.placed import Placed

_TOLERANCE_KG = 0.5


def axle_faults(placed: Sequence[Placed], e: Equipment) -> Iterable[tuple[str, str]]:
    """Rule and message for every support that bears too much or is lifted off."""
    groups = _groups(e)
    if groups is None:
        return
    (name, at, limit, tare), (rear_name, rear_at, rear_limit, rear_tare) = groups
    load = rear_load = 0.0
    for p in placed:
        lever = (p.x_mm + p.dx_mm / 2 - at) / (rear_at - at)
        load += p.mass_kg - p.mass_kg * lever
        rear_load += p.mass_kg * lever
    for what, cargo, most, own in (
        (name, load, limit, tare),
        (rear_name, rear_load, rear_limit, rear_tare),
    ):
        if most is not None and cargo + own > most + _TOLERANCE_KG:
            yield "axles", f"{cargo + own:,.0f} kg on the {what}; {most:,.0f} kg are allowed"
        if own > 0 and cargo + own < -_TOLERANCE_KG:
            yield "axles", f"the cargo lifts the {what} off ({cargo + own:,.0f} kg)"


_Group = tuple[str, float, float | None, float]


def _groups(e: Equipment) -> tuple[_Group, _Group] | None:
    """Front and rear: name, place, limit (None: none known) and tare."""
    axles = e.axles_mm
    if e.kingpin_mm is not None:
        if not axles:
            return None
        front: _Group = ("kingpin", e.kingpin_mm, None, 0.0)
        rest = slice(0, None)
    else:
        if len(axles) < 2:
            return None
        limit = e.axle_limits_kg[0] if e.axle_limits_kg else None
        front = ("front axles", axles[0], limit, e.axle_tare_kg[0] if e.axle_tare_kg else 0.0)
        rest = slice(1, None)
    place = sum(axles[rest]) / len(axles[rest])
    if place <= front[1]:
        return None
    limits = e.axle_limits_kg[rest]
    return front, ("axles", place, sum(limits) if limits else None, sum(e.axle_tare_kg[rest]))
