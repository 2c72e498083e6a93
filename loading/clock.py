"""The time that a search may take, shared by all its parts."""

from __future__ import annotations

import time


class Clock:
    """Time for the search beyond the first plan; `stopped` tells if any part was cut short.

    A part of a search gets a clock of its own (`part`), which never runs longer than the whole.
    """

    def __init__(self, seconds: float, whole: Clock | None = None) -> None:
        self.whole = whole
        self.until = time.monotonic() + max(0.0, seconds)
        if whole is not None:
            self.until = min(self.until, whole.until)
        self.stopped = False
        self.asked: set[tuple[object, ...]] = set()
        """What CP-SAT was asked already, so that it is not asked twice."""

    def part(self, seconds: float) -> Clock:
        """A clock for a part of the search."""
        return Clock(seconds, self)

    def left(self) -> float:
        """Seconds left."""
        return max(0.0, self.until - time.monotonic())

    def up(self) -> bool:
        """True when the time is used; whoever asks stops then, which is remembered."""
        if time.monotonic() < self.until:
            return False
        self.stop()
        return True

    def stop(self) -> None:
        """Remember that the time ended a search."""
        self.stopped = True
        if self.whole is not None:
            self.whole.stop()
