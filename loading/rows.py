"""Pallets in rows for trailers whose axles bind: which trailer takes what, in which order of rows.

Uniform cargo from wall to door lies with its middle far behind the kingpin, and the axles reach
their limit long before the payload. So mass is shared evenly over the trailers first, and in each
of them rows change places (heavy ones to the front), until the centre of gravity lies where both
supports bear their part. Where no order does it, the whole cargo stands away from the front wall.
What still has no place is exchanged for something lighter elsewhere, then a trailer is added, or
the goods are left over, those of low priority first.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from math import inf

from loading.assign import MASS, SPACE, Assigned, Goal, settled
from loading.balance import CogWindow, cog_window
from loading.equipment import Equipment
from loading.floor import Standing, heaviest_metre_kg
from loading.shares import share_out
from loading.stacks import Piece, Stack, as_stack, build_stacks, door_width

AXLES = "the axles would bear too much"
_MOST_MORE = 6
"""So many load units above the lower bound are tried one by one."""
_MOST_EXCHANGES = 600
"""So many trailers are asked to take what a stack without a place would push out of another."""
_SAME_LENGTH = 1.15
"""Stacks side by side differ in length by this factor at most, if others can be found."""


_MOST_TO_DOUBT_ROWS = 200
"""Above, a division in rows is kept without trying another method: that would take too long."""
_TIGHT = 0.97
"""From this share of the mass limit on, a division of the masses is asked of CP-SAT."""


@dataclass
class Row:
    """Stacks side by side: each with its size along and across."""

    stacks: list[tuple[Stack, int, int]] = field(default_factory=list)

    @property
    def length_mm(self) -> int:
        """Length of floor that it takes."""
        return max(dx for _, dx, _ in self.stacks)

    @property
    def mass_kg(self) -> float:
        """Mass of all its stacks."""
        return sum(s.mass_kg for s, _, _ in self.stacks)

    @property
    def moment(self) -> float:
        """Mass times distance from the row's own start, kg mm."""
        return sum(s.mass_kg * dx / 2 for s, dx, _ in self.stacks)


def assign_rows(pieces: Sequence[Piece], goal: Goal, bound: int) -> tuple[Assigned, bool] | None:
    """Divide pieces over as few trailers as can be; None where groups ask for another method.

    The second answer is True where the floor is what binds, so that a layout of it other than in
    rows could do better.
    """
    if any(p.unit.group or p.unit.not_with for p in pieces):
        return None
    if all(p.unit.packaging.max_stack == 1 for p in pieces):
        stacks = [as_stack([p]) for p in pieces]
    else:
        stacks = build_stacks(pieces, goal.e, goal.mass_limit_kg, goal.clock)
    stacks.sort(
        key=lambda s: (-max(p.unit.priority for p in s.pieces), -s.mass_kg, -s.area_mm2),
    )
    most = goal.max_loads if goal.max_loads is not None else len(stacks)
    count = tried = min(bound, most)
    best = failed = _divided(stacks, count, goal)
    while best[1] and count < most:
        # one more at first; where far too little was taken, as many as the rest seems to need
        failed, tried = best, count
        taken = len(stacks) - len(best[1])
        jump = 1 if count < bound + _MOST_MORE else max(1, len(best[1]) * count // max(1, taken))
        count = min(most, count + jump)
        best = _divided(stacks, count, goal)
    while not best[1] and count - tried > 1:
        fewer = _divided(stacks, count - 1, goal)
        if fewer[1]:
            break
        best, count = fewer, count - 1
    loads = [_stood(rows, goal) for rows in best[0] if rows]
    if any(load is None for load in loads):
        return None
    left: dict[str, list[Piece]] = {}
    for s in best[1]:
        left.setdefault(_why(s, best[0], goal), []).extend(s.pieces)
    found = Assigned([load for load in loads if load], list(left.items()), bound)
    if len(stacks) > _MOST_TO_DOUBT_ROWS or not failed[1]:
        return found, False
    return found, any(_why(s, failed[0], goal) == SPACE for s in failed[1])


def _why(s: Stack, loads: Sequence[Sequence[Row]], goal: Goal) -> str:
    """Why a stack found no place in any trailer: mass, axles or space."""
    inside = [[t for row in load for t, _, _ in row.stacks] for load in loads]
    if all(sum(t.mass_kg for t in has) + s.mass_kg > goal.mass_limit_kg + 1e-6 for has in inside):
        return MASS
    free = replace(goal, e=replace(goal.e, axle_limits_kg=(), axle_tare_kg=()))
    if any(arranged([*has, s], free) is not None for has in inside):
        return AXLES
    return SPACE


def _divided(
    stacks: Sequence[Stack], count: int, goal: Goal
) -> tuple[list[list[Row]], list[Stack]]:
    """Each stack into the least strained of so many trailers; rows of each, and what is left."""
    inside: list[list[Stack]] = [[] for _ in range(count)]
    rows: list[list[Row]] = [[] for _ in range(count)]
    left: list[Stack] = []
    refused: dict[tuple[object, ...], set[int]] = {}
    strain = [[0.0, 0.0] for _ in range(count)]
    """How full each trailer is, by mass and by floor."""
    for s in stacks:
        kind = (s.length_mm, s.width_mm, s.turn, s.stop, round(s.mass_kg, 3))
        full = refused.setdefault(kind, set())
        for k in sorted(range(count), key=lambda k: (max(strain[k]), k)):
            # a trailer that refused a stack has no room for its like later on
            if k in full:
                continue
            found = arranged([*inside[k], s], goal)
            if found is not None:
                inside[k].append(s)
                rows[k] = found
                strain[k][0] += s.mass_kg / goal.mass_limit_kg
                strain[k][1] += s.area_mm2 / goal.e.floor_mm2
                break
            full.add(k)
        else:
            left.append(s)
    if len(left) > count:
        return rows, left
    left = [s for s in left if not _exchanged(s, inside, rows, goal)]
    if left and goal.max_loads is None:
        shared = _shared_out(stacks, count, goal)
        if shared is not None:
            return shared, []
    return rows, left


def _shared_out(stacks: Sequence[Stack], count: int, goal: Goal) -> list[list[Row]] | None:
    """All stacks in so many trailers by CP-SAT, where mass leaves hardly any room; or None.

    Even cargo as long as twice the greatest distance of its middle is as far as axles let it
    reach; longer shares are not asked for.
    """
    mean = sum(s.mass_kg for s in stacks) / count
    if not _TIGHT * goal.mass_limit_kg <= mean <= goal.mass_limit_kg:
        return None
    reach = 2 * cog_window(goal.e, goal.cog_exception, mean).most
    shares = share_out(
        stacks, count, goal.mass_limit_kg, int(min(goal.e.inner_length_mm, reach)),
        lambda s: _length_share(s, goal.e), goal.seed,
    )  # fmt: skip
    rows = []
    for share in shares or ():
        found = arranged(share, goal)
        if found is None:
            return None
        rows.append(found)
    return rows or None


def _exchanged(s: Stack, inside: list[list[Stack]], rows: list[list[Row]], goal: Goal) -> bool:
    """Set a stack in the place of another that finds room in another trailer."""
    questions = 0
    for k, here in enumerate(inside):
        tried: set[tuple[int, int, float]] = set()
        for i, t in enumerate(here):
            if questions > _MOST_EXCHANGES:
                return False
            kind = (t.length_mm, t.width_mm, round(t.mass_kg, 3))
            if kind in tried or any(p.unit.priority > s.pieces[0].unit.priority for p in t.pieces):
                continue
            tried.add(kind)
            with_s = arranged([*here[:i], *here[i + 1 :], s], goal)
            if with_s is None:
                continue
            for j, there in enumerate(inside):
                if j == k:
                    continue
                questions += 1
                with_t = arranged([*there, t], goal)
                if with_t is not None:
                    inside[k] = [*here[:i], *here[i + 1 :], s]
                    inside[j] = [*there, t]
                    rows[k], rows[j] = with_s, with_t
                    return True
    return False


def arranged(stacks: Sequence[Stack], goal: Goal) -> list[Row] | None:
    """The rows of one trailer from front to door; None if its limits cannot be kept."""
    e = goal.e
    mass = sum(s.mass_kg for s in stacks)
    if mass > goal.mass_limit_kg + 1e-6 or sum(s.area_mm2 for s in stacks) > e.floor_mm2:
        return None
    window = cog_window(e, goal.cog_exception, mass)
    if window.least > window.most:
        return None
    rows: list[Row] = []
    for stop in sorted({s.stop for s in stacks}, reverse=True):
        some = _rows_of([s for s in stacks if s.stop == stop], e)
        rows += sorted(some, key=lambda r: -r.mass_kg / r.length_mm)
    room = e.inner_length_mm - sum(r.length_mm for r in rows)
    if room < 0:
        return None
    at = _cog(rows, mass)
    if at + room < window.least:
        rows = _ordered(rows, window, mass)
        at = _cog(rows, mass)
    if at > window.most or at + room < window.least:
        return None
    if e.floor_load_kg_per_m is not None:
        spots = [(x, dx, s.mass_kg) for x, r in _places(rows) for s, dx, _ in r.stacks]
        if heaviest_metre_kg(spots) > e.floor_load_kg_per_m + 1e-6:
            return None
    return rows


def _rows_of(stacks: Sequence[Stack], e: Equipment) -> list[Row]:
    """Rows across the floor: heavy stacks side by side, so that rows differ in mass."""
    waiting = [(s, *_way(s, e)) for s in sorted(stacks, key=lambda s: -s.mass_kg)]
    rows: list[Row] = []
    while waiting:
        first = waiting.pop(0)
        row = Row([first])
        room = e.inner_width_mm - first[2]
        for longest in (first[1] * _SAME_LENGTH, inf):
            while room > 0:
                at = next(
                    (
                        i
                        for i, (_, dx, dy) in enumerate(waiting)
                        if dy <= room and dx <= longest and dx * longest >= first[1] ** 2
                    ),
                    None,
                )
                if at is None:
                    break
                room -= waiting[at][2]
                row.stacks.append(waiting.pop(at))
        rows.append(row)
    return rows


def _way(s: Stack, e: Equipment) -> tuple[int, int]:
    """The way of standing that takes least length of floor for each stack."""
    ways = s.ways(e.inner_length_mm, e.inner_width_mm, door_width(e))
    return min(ways, key=lambda way: (way[0] / (e.inner_width_mm // way[1]), way[0]))


def _length_share(s: Stack, e: Equipment) -> float:
    """Length of floor for each stack where a row is full of its like."""
    along, across = _way(s, e)
    return along / (e.inner_width_mm // across)


def _places(rows: Sequence[Row]) -> list[tuple[int, Row]]:
    """Where each row starts, from the front wall on."""
    x, found = 0, []
    for r in rows:
        found.append((x, r))
        x += r.length_mm
    return found


def _cog(rows: Sequence[Row], mass: float) -> float:
    """Centre of gravity along x, mm (0 without mass)."""
    return sum(r.mass_kg * x + r.moment for x, r in _places(rows)) / mass if mass else 0.0


def _ordered(rows: list[Row], window: CogWindow, mass: float) -> list[Row]:
    """Rows of one stop change places, as little as is needed, until the cargo lies far enough
    from the front wall; heavy rows stay in front otherwise.
    """
    now, at = rows, _cog(rows, mass)
    while at < window.least:
        best, best_at = None, at
        for i in range(len(now)):
            for j in range(i + 1, len(now)):
                if now[i].stacks[0][0].stop != now[j].stacks[0][0].stop:
                    break
                tried = list(now)
                tried[i], tried[j] = now[j], now[i]
                place = _cog(tried, mass)
                if best_at + 1e-6 < place <= window.most and not (best_at >= window.least):
                    best, best_at = tried, place
        if best is None:
            break
        now, at = best, best_at
    return now


def _stood(rows: Sequence[Row], goal: Goal) -> list[Standing] | None:
    """The stacks on their spots, moved from the front wall where needed; None if unsound."""
    mass = sum(row.mass_kg for row in rows)
    standing = []
    for x, row in _places(_ordered(list(rows), cog_window(goal.e, goal.cog_tolerance, mass), mass)):
        y = 0
        for s, dx, dy in row.stacks:
            standing.append(Standing(s, (x, y, dx, dy)))
            y += dy
    found, sound = settled(standing, goal)
    return found if sound else None
