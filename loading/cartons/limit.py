"""When a search for carton fillings ends, and what counts as very many boxes.

Nothing here needs the compiled search, so that a list which has no time for it never loads it.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass

from loading.cartons.boxes import BoxKind

CROWD = 600
"""A container that takes more boxes than that takes very many."""


@dataclass(frozen=True)
class Limit:
    """When the search ends: after seconds, or after so many greedy completions.

    Without seconds the plan is the same every time. `clock`: wall, or cpu for this process's own
    processor time. However short it is, there is a plain filling (`plain.py`).
    """

    seconds: float = math.inf
    iterations: int | None = None
    clock: str = "wall"

    def started(self) -> Running:
        """The limit, counted from now on."""
        return Running(self)


class Running:
    """A limit that runs."""

    def __init__(self, limit: Limit) -> None:
        self._now = time.process_time if limit.clock == "cpu" else time.monotonic
        self._until = self._now() + limit.seconds
        self._iterations = math.inf if limit.iterations is None else limit.iterations

    def left(self) -> float:
        """Seconds left."""
        return max(0.0, self._until - self._now())

    def postpone(self, seconds: float) -> None:
        """Give so many seconds more: what they went into does not count."""
        self._until += seconds

    def late(self) -> bool:
        """True if the seconds are used up."""
        return self._now() >= self._until

    def over(self, done: int) -> bool:
        """True if the seconds or so many iterations are used up."""
        return done >= self._iterations or self.late()


def is_crowd(kinds: Sequence[BoxKind], inner: tuple[int, int, int]) -> bool:
    """True if a container takes more than `CROWD` of the boxes, by their volume."""
    boxes = sum(k.count for k in kinds)
    volume = sum(k.volume * k.count for k in kinds)
    return boxes * min(volume, math.prod(inner)) > CROWD * volume
