"""Stacks on the floor of one load unit: best fit from the front wall to the door.

The floor is seen as a skyline: for every stretch of the width, how far from the front wall the
cargo reaches. The next stack goes where the skyline is lowest, the one that fills that gap best.
So nothing is ever set behind cargo that is already there, and the order of stops is kept.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from loading.equipment import Equipment
from loading.footprints import Spot, ways_of
from loading.room import headroom_mm
from loading.rules import FLOOR_WINDOW_MM
from loading.stacks import Stack, as_stack, door_width


@dataclass(frozen=True)
class Standing:
    """A stack on its spot."""

    stack: Stack
    spot: Spot


@dataclass(frozen=True)
class Taste:
    """How best fit chooses: what it prefers where several stacks fit a gap."""

    by_width: float = 1.0
    by_area: float = 0.0
    by_length: float = 0.0
    by_mass: float = 0.0
    noise: float = 0.0


TASTES = (
    Taste(by_width=1.0),
    Taste(by_width=0.5, by_area=0.5),
    Taste(by_area=1.0),
    Taste(by_width=0.7, by_length=0.3),
    Taste(by_width=0.6, by_mass=0.6),
    Taste(by_width=0.6, by_mass=-0.4),
)

_FLOOR_STEP_MM = 200
_Key = tuple[int, int, bool]


def heaviest_metre_kg(standing: Iterable[tuple[int, int, float]]) -> float:
    """The greatest mass on any running metre: (x, size along x, mass) of what stands there.

    Mass is taken as spread evenly along each spot, so that the mass up to a place is a broken line
    through the edges, and only windows which start or end at an edge need a look.
    """
    spots = list(standing)
    if not spots:
        return 0.0
    x, dx, mass = (np.array(values, np.float64) for values in zip(*spots, strict=True))
    edges = np.concatenate((x, x + dx))
    order = edges.argsort(kind="stable")
    edges = edges[order]
    rise = np.concatenate((mass / dx, -mass / dx))[order]  # kg on each mm behind an edge
    up_to = np.concatenate(([0.0], np.cumsum(np.cumsum(rise)[:-1] * np.diff(edges))))
    starts = np.concatenate((edges, edges - FLOOR_WINDOW_MM))
    inside = np.interp(starts + FLOOR_WINDOW_MM, edges, up_to) - np.interp(starts, edges, up_to)
    return float(inside.max())


@dataclass
class Skyline:
    """One attempt to fill one load unit."""

    e: Equipment
    mass_limit_kg: float
    taste: Taste
    rng: random.Random
    standing: list[Standing] = field(default_factory=list)
    segments: list[list[int]] = field(default_factory=list)
    mass_kg: float = 0.0
    floor_bound: bool = False
    """True if the floor load turned a stack away."""

    def __post_init__(self) -> None:
        edges = {0, self.e.inner_width_mm}
        for r in self.e.reserved:
            edges |= {y for y in (r.y_mm, r.end[1]) if 0 < y < self.e.inner_width_mm}
        self.segments = [
            [y0, y1, self._reach_of_reserved(y0, y1)] for y0, y1 in pairwise(sorted(edges))
        ]
        self._merge()

    def _reach_of_reserved(self, y0: int, y1: int) -> int:
        """How far reserved boxes on the floor reach from the front wall in that stretch."""
        reach = 0
        for r in sorted(self.e.reserved, key=lambda r: r.x_mm):
            if r.z_mm <= 0 and r.x_mm <= reach and r.y_mm < y1 and y0 < r.end[1]:
                reach = max(reach, min(r.end[0], self.e.inner_length_mm))
        return reach

    def fill(self, stacks: Sequence[Stack]) -> list[Stack]:
        """Set as many of the stacks as fit; return what is left. Later stops come first."""
        left: list[Stack] = []
        stops = {s.stop for s in stacks}
        if len(stops) == 1:
            return self._fill_stop(list(stacks))
        for stop in sorted(stops, reverse=True):
            left += self._fill_stop([s for s in stacks if s.stop == stop])
        return left

    def _fill_stop(self, stacks: list[Stack]) -> list[Stack]:
        kinds: dict[_Key, list[Stack]] = {}
        for s in sorted(stacks, key=lambda s: s.mass_kg):
            kinds.setdefault((s.length_mm, s.width_mm, s.turn), []).append(s)
        blocked: list[Stack] = []
        while kinds:
            i = min(range(len(self.segments)), key=lambda k: (self.segments[k][2], k))
            x = self.segments[i][2]
            if x >= self.e.inner_length_mm:
                break
            pick = self._choose(kinds, i)
            if pick is None:
                self._raise(i)
                continue
            key, dx, dy = pick
            group = kinds[key]
            heaviest = self._heaviest_that_may(group)
            if heaviest is None:
                blocked += group
                del kinds[key]
                continue
            stack = group[heaviest]
            if not self._floor_bears(x, dx, stack.mass_kg):
                # leave a gap to the row in front: a metre then carries less of both
                self.floor_bound = True
                self.segments[i][2] = min(x + _FLOOR_STEP_MM, self.e.inner_length_mm)
                self._merge()
                continue
            del group[heaviest]
            if not group:
                del kinds[key]
            y = self._side(i, dy)
            room = headroom_mm(self.e, (x, y, dx, dy))
            if stack.height_mm > room:
                stack, rests = _cut(stack, room)
                for rest in rests:
                    kind = kinds.setdefault((rest.length_mm, rest.width_mm, rest.turn), [])
                    kind.append(rest)
                    kind.sort(key=lambda s: s.mass_kg)
            self._set(i, stack, (x, y, dx, dy))
        return blocked + [s for group in kinds.values() for s in group]

    def _heaviest_that_may(self, group: list[Stack]) -> int | None:
        """The place of the last stack of a group, which is sorted by mass, that the limit takes."""
        for i in range(len(group) - 1, -1, -1):
            if self.mass_kg + group[i].mass_kg <= self.mass_limit_kg + 1e-9:
                return i
        return None

    def _choose(self, kinds: dict[_Key, list[Stack]], i: int) -> tuple[_Key, int, int] | None:
        """The kind, and its way of standing, that fills a stretch best."""
        y0, y1, x = self.segments[i]
        width, length = y1 - y0, self.e.inner_length_mm - x
        door = door_width(self.e)
        inner_l, inner_w = self.e.inner_length_mm, self.e.inner_width_mm
        best, best_score = None, -1e9
        for key, group in kinds.items():
            a, b, turn = key
            for dx, dy in ways_of(a, b, turn, inner_l, inner_w, door):
                if dy > width or dx > length:
                    continue
                if self.e.reserved and not self._headroom_for(
                    group, (x, self._side(i, dy), dx, dy)
                ):
                    continue
                t = self.taste
                score = (
                    t.by_width * (dy * max(1, width // dy)) / width
                    + t.by_area * (dx * dy) / (self.e.inner_width_mm**2)
                    + t.by_length * dx / self.e.inner_width_mm
                    + t.by_mass * group[-1].mass_kg / self.mass_limit_kg * 10
                    + t.noise * self.rng.random()
                )
                if score > best_score:
                    best, best_score = (key, dx, dy), score
        return best

    def _headroom_for(self, group: list[Stack], spot: Spot) -> bool:
        """True if at least the lowest unit of the stack that is next may stand there."""
        at = self._heaviest_that_may(group)
        return at is None or group[at].pieces[0].height_mm <= headroom_mm(self.e, spot)

    def _side(self, i: int, dy: int) -> int:
        """Against the higher neighbour, so that gaps stay together."""
        y0, y1, _ = self.segments[i]
        before = self.segments[i - 1][2] if i else self.e.inner_length_mm
        after = self.segments[i + 1][2] if i + 1 < len(self.segments) else self.e.inner_length_mm
        return y0 if before >= after else y1 - dy

    def _floor_bears(self, x: int, dx: int, mass_kg: float) -> bool:
        limit = self.e.floor_load_kg_per_m
        if limit is None or self.mass_kg + mass_kg <= limit:
            return True
        spots = [(s.spot[0], s.spot[2], s.stack.mass_kg) for s in self.standing]
        near = [
            s
            for s in spots
            if s[0] < x + dx + FLOOR_WINDOW_MM and s[0] + s[1] > x - FLOOR_WINDOW_MM
        ]
        if sum(s[2] for s in near) + mass_kg <= limit:
            return True
        return heaviest_metre_kg([*near, (x, dx, mass_kg)]) <= limit + 1e-6

    def _set(self, i: int, stack: Stack, spot: Spot) -> None:
        x, y, dx, dy = spot
        y0, y1, base = self.segments[i]
        parts = [[y0, y, base], [y, y + dy, x + dx], [y + dy, y1, base]]
        self.segments[i : i + 1] = [p for p in parts if p[0] < p[1]]
        self._merge()
        self.standing.append(Standing(stack, spot))
        self.mass_kg += stack.mass_kg

    def _raise(self, i: int) -> None:
        """Nothing fits into the lowest stretch: it is lost up to its lower neighbour."""
        y0, y1, x = self.segments[i]
        near = [self.segments[k][2] for k in (i - 1, i + 1) if 0 <= k < len(self.segments)]
        near += [r.end[0] for r in self.e.reserved if r.y_mm < y1 and y0 < r.end[1]]
        near = [end for end in near if end > x]
        self.segments[i][2] = min([*near, self.e.inner_length_mm])
        self._merge()

    def _merge(self) -> None:
        merged: list[list[int]] = []
        for seg in self.segments:
            if merged and merged[-1][2] == seg[2]:
                merged[-1][1] = seg[1]
            else:
                merged.append(seg)
        self.segments = merged


def _cut(stack: Stack, room_mm: float) -> tuple[Stack, list[Stack]]:
    """The lower part that stands under a ceiling, and what was above it as stacks of their own."""
    high, take = 0, 0
    for p in stack.pieces:
        if high + p.height_mm > room_mm:
            break
        high, take = high + p.height_mm, take + 1
    rests = [as_stack(stack.pieces[take:])] if take < len(stack.pieces) else []
    return as_stack(stack.pieces[:take]), rests + [as_stack(t.pieces) for t in stack.tops]


def best_fit(
    stacks: Sequence[Stack], e: Equipment, mass_limit_kg: float, taste: Taste, seed: int
) -> tuple[list[Standing], list[Stack], bool]:
    """One attempt: what stands where, what is left, and whether the floor load turned any away.

    Where only mass is left over, stacks are split so that single units use what the limit leaves.
    """
    sky = Skyline(e, mass_limit_kg, taste, random.Random(seed))
    left = sky.fill(stacks)
    lightest = min((p.unit.mass_kg for s in left for p in s.pieces), default=float("inf"))
    if sky.mass_kg + lightest <= mass_limit_kg and any(
        len(s.pieces) > 1 and s.mass_kg + sky.mass_kg > mass_limit_kg for s in left
    ):
        left = _fill_with_parts(sky, left)
    return sky.standing, left, sky.floor_bound


def _fill_with_parts(sky: Skyline, left: list[Stack]) -> list[Stack]:
    """Take units off stacks that are too heavy as a whole, and set them if the floor allows."""
    rest: list[Stack] = []
    last_stop = min((s.stack.stop for s in sky.standing), default=None)
    for s in left:
        if s.tops:
            rest.append(s)
            continue
        room = sky.mass_limit_kg - sky.mass_kg
        take = 0
        while take < len(s.pieces) and sum(p.unit.mass_kg for p in s.pieces[: take + 1]) <= room:
            take += 1
        if not 0 < take < len(s.pieces) or (last_stop is not None and s.stop != last_stop):
            rest.append(s)
            continue
        part = as_stack(s.pieces[:take])
        back = sky.fill([part])
        rest.append(s if back else as_stack(s.pieces[take:]))
    return rest
