"""What cargo does to the axles of a trailer: a beam on two supports.

The front support is the kingpin, the rear one the middle of the axles. Where `kingpin_mm` is blank
the first place of `axles_mm` is the front support (a kingpin or front axles with a limit of their
own) and the other axles are the rear one. Cargo of mass W with its centre of gravity at x loads

    rear = W (x - front place) / (rear place - front place),   front = W - rear,

each in addition to its own tare (statics of a beam). Axles of one group share alike, as their
suspension lets them, so the group's limit is the sum of theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

from loading.equipment import Equipment


@dataclass(frozen=True)
class Support:
    """A kingpin or a group of axles: place from the front wall (mm), limit and tare (kg)."""

    at_mm: float
    limit_kg: float
    tare_kg: float


def supports(e: Equipment) -> tuple[Support, Support] | None:
    """Front and rear support; None where the equipment has no axle data."""
    places, limits, tares = list(e.axles_mm), list(e.axle_limits_kg), list(e.axle_tare_kg)
    if e.kingpin_mm is not None and places:
        front = Support(e.kingpin_mm, inf, 0.0)
    elif e.kingpin_mm is None and len(places) > 1:
        front = Support(places.pop(0), limits.pop(0) if limits else inf, sum(tares[:1]))
        tares = tares[1:]
    else:
        return None
    rear = Support(sum(places) / len(places), sum(limits) if limits else inf, sum(tares))
    return (front, rear) if front.at_mm < rear.at_mm else None


def axles_bind(e: Equipment) -> bool:
    """True if the equipment has an axle limit that a load must keep."""
    pair = supports(e)
    return pair is not None and min(pair[0].limit_kg, pair[1].limit_kg) < inf


def axle_loads_kg(e: Equipment, mass_kg: float, cog_x_mm: float) -> tuple[float, float] | None:
    """Load on front and rear support, tare included; None without axle data."""
    pair = supports(e)
    if pair is None:
        return None
    front, rear = pair
    share = (cog_x_mm - front.at_mm) / (rear.at_mm - front.at_mm)
    return front.tare_kg + mass_kg * (1 - share), rear.tare_kg + mass_kg * share


def axle_window_mm(e: Equipment, mass_kg: float) -> tuple[float, float]:
    """Where the centre of gravity of a cargo may lie, mm from the front wall: least and most.

    The least may exceed the most: then the cargo is heavier than both supports bear together. A
    support whose tare is known must not be lifted off either.
    """
    pair = supports(e)
    if pair is None or mass_kg <= 0:
        return 0.0, float(e.inner_length_mm)
    front, rear = pair
    base = rear.at_mm - front.at_mm
    least, most = 0.0, float(e.inner_length_mm)
    if front.limit_kg < inf:
        least = max(least, rear.at_mm - (front.limit_kg - front.tare_kg) / mass_kg * base)
    if rear.limit_kg < inf:
        most = min(most, front.at_mm + (rear.limit_kg - rear.tare_kg) / mass_kg * base)
    if front.tare_kg > 0:
        most = min(most, rear.at_mm + front.tare_kg / mass_kg * base)
    if rear.tare_kg > 0:
        least = max(least, front.at_mm - rear.tare_kg / mass_kg * base)
    return least, most
