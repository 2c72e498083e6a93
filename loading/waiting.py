"""Stacks that wait for a load unit.

A load unit is offered all of them, or, of a long list, a part: from every footprint as many as a
floor holds, the heaviest and the lightest, and of very many footprints every second, third... one,
beginning with another one each time. So the work for a load unit does not grow with the list.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from loading.equipment import Equipment
from loading.floor import Standing
from loading.stacks import Stack

MOST_OFFERED = 600
"""From so many waiting stacks on, a part of them is offered."""
_MOST_FOOTPRINTS = 60
"""Footprints that are offered then."""
_HURRIED = 4
"""In a hurry so many times fewer footprints are offered, and of each so many times fewer stacks."""

_Footprint = tuple[int, int, bool, int]
_Likeness = tuple[float, int]


class Waiting:
    """Stacks by footprint and likeness; of those that are alike, the first come goes first."""

    def __init__(self, stacks: Iterable[Stack]) -> None:
        self._kinds: dict[_Footprint, dict[_Likeness, list[Stack]]] = {}
        self._count = 0
        self._turn = 0
        self.add(stacks)

    def __len__(self) -> int:
        return self._count

    def add(self, stacks: Iterable[Stack]) -> None:
        """More stacks that wait."""
        for s in stacks:
            self._kinds.setdefault(s.footprint, {}).setdefault(s.likeness, []).append(s)
            self._count += 1

    def take_all(self) -> list[Stack]:
        """All of them; none waits any longer."""
        found = [s for alike in self._kinds.values() for some in alike.values() for s in some]
        self._kinds, self._count = {}, 0
        return found

    def offered(self, e: Equipment, *, hurried: bool = False) -> list[Stack]:
        """What the next load unit is offered; it no longer waits until it is added again.

        `hurried`: only a little more than it holds.
        """
        if self._count <= MOST_OFFERED:
            return self.take_all()
        self._turn += 1
        footprints = sorted(self._kinds)
        fewer = _HURRIED if hurried else 1
        step = -(-len(footprints) * fewer // _MOST_FOOTPRINTS)
        found: list[Stack] = []
        for footprint in footprints[self._turn % step :: step]:
            room = -(-e.floor_mm2 // (footprint[0] * footprint[1] * fewer))
            found += self._ends(footprint, room)
        self._count -= len(found)
        return found

    def _ends(self, footprint: _Footprint, room: int) -> list[Stack]:
        """So many of the lightest and so many of the heaviest stacks of a footprint."""
        alike = self._kinds[footprint]
        by_mass = sorted(alike)
        found: list[Stack] = []
        for keys in (by_mass, by_mass[::-1]):
            wanted = room
            for key in keys:
                some = alike.get(key, [])
                taken = min(wanted, len(some))
                found += some[:taken]
                del some[:taken]
                wanted -= taken
                if not some:
                    alike.pop(key, None)
                if not wanted:
                    break
        if not alike:
            del self._kinds[footprint]
        return found

    def copies(self, standing: Sequence[Standing], most: int | None) -> list[list[Standing]]:
        """The same load again, as often as the stacks that wait allow (and `most`)."""
        pattern = Counter((s.stack.footprint, s.stack.likeness) for s in standing)
        times = min(len(self._kinds.get(f, {}).get(k, ())) // n for (f, k), n in pattern.items())
        if most is not None:
            times = min(times, most)
        found = []
        for _ in range(times):
            load = []
            for s in standing:
                load.append(Standing(self._pop(s.stack.footprint, s.stack.likeness), s.spot))
            found.append(load)
        return found

    def _pop(self, footprint: _Footprint, likeness: _Likeness) -> Stack:
        alike = self._kinds[footprint]
        stack = alike[likeness].pop(0)
        self._count -= 1
        if not alike[likeness]:
            del alike[likeness]
            if not alike:
                del self._kinds[footprint]
        return stack
