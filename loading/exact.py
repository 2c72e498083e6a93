"""One load unit's floor asked of CP-SAT, and the time that such questions may take."""

from __future__ import annotations

import time
from collections.abc import Sequence

from loading.assign import Goal, settled
from loading.balance import cog_window
from loading.cpsat import Rect, place_all
from loading.floor import Standing, heaviest_metre_kg
from loading.stacks import Stack, door_width


class Clock:
    """Time for the search beyond the first plan."""

    def __init__(self, seconds: float) -> None:
        self.until = time.monotonic() + seconds
        self.asked: set[tuple[object, ...]] = set()
        """What CP-SAT was asked already, so that it is not asked twice."""

    def left(self) -> float:
        """Seconds left, never quite none."""
        return max(0.05, self.until - time.monotonic())

    def up(self) -> bool:
        """True when the time is used."""
        return time.monotonic() > self.until


def lay_out_exactly(stacks: Sequence[Stack], goal: Goal, clock: Clock) -> list[Standing] | None:
    """All stacks on one floor with the centre of gravity kept, by CP-SAT; None if not found."""
    e = goal.e
    ordered = sorted(stacks, key=lambda s: (-s.area_mm2, s.length_mm, s.width_mm, -s.mass_kg))
    mass = sum(s.mass_kg for s in ordered)
    window = cog_window(e, goal.cog_exception, mass)
    rects = [
        Rect(s.ways(e.inner_length_mm, e.inner_width_mm, door_width(e)), s.mass_kg) for s in ordered
    ]
    if any(not r.ways for r in rects):
        return None
    for cog in (None, (window.least + 2, window.most - 2)):
        spots, _ = place_all(
            rects,
            e.inner_length_mm,
            e.inner_width_mm,
            cog=cog,
            seed=goal.seed,
            seconds=clock.left(),
        )
        if spots is None:
            return None
        standing = [Standing(s, spot) for s, spot in zip(ordered, spots, strict=True)]
        arranged, sound = settled(standing, goal)
        if sound and _floor_ok(arranged, goal):
            return arranged
    return None


def _floor_ok(standing: Sequence[Standing], goal: Goal) -> bool:
    limit = goal.e.floor_load_kg_per_m
    if limit is None:
        return True
    spots = [(s.spot[0], s.spot[2], s.stack.mass_kg) for s in standing]
    return heaviest_metre_kg(spots) <= limit + 1e-6
