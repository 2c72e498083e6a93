"""One load unit's floor asked of CP-SAT."""

from __future__ import annotations

from collections.abc import Sequence

from loading.assign import Goal, settled
from loading.balance import cog_window
from loading.clock import Clock
from loading.cpsat import Rect, place_all
from loading.floor import Standing, heaviest_metre_kg
from loading.stacks import Stack, door_width

_LEAST_S = 0.05
"""For a question that is asked at all."""


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
            seconds=max(_LEAST_S, clock.left()),
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
