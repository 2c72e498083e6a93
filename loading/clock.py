"""The time that a search may take, shared by all its parts."""

from __future__ import annotations

import time
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Start:
    """When a task began: by the wall, and by the processor time of this process (s)."""

    wall: float = field(default_factory=time.monotonic)
    processor: float = field(default_factory=time.process_time)

    def over(self, seconds: float) -> float:
        """Seconds by the wall taken beyond so many; negative while some are left."""
        return time.monotonic() - self.wall - seconds

    def slowed(self) -> float:
        """How many times its own processor time the task has taken since: others use it, too."""
        own = time.process_time() - self.processor
        return max(1.0, (time.monotonic() - self.wall) / own) if own > 0 else 1.0


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

    def postpone(self, seconds: float) -> None:
        """Give so many seconds more, to the whole as well: what they went into does not count."""
        self.until += seconds
        if self.whole is not None:
            self.whole.postpone(seconds)

    def share(self, parts: int) -> Clock:
        """A clock for the present part, of so many that are still to come."""
        return self.part(self.left() / parts)

    def left(self) -> float:
        """Seconds left."""
        return max(0.0, self.until - time.monotonic())

    def up(self) -> bool:
        """True when the time is used; whoever asks stops then, which is remembered."""
        if time.monotonic() < self.until:
            return False
        self.stop()
        return True

    def short_of(self, seconds: float) -> bool:
        """True if fewer seconds are left, or none; whoever asks stops then, as with `up`."""
        if self.left() > seconds:
            return False
        self.stop()
        return True

    def stop(self) -> None:
        """Remember that the time ended a search."""
        self.stopped = True
        if self.whole is not None:
            self.whole.stop()


class Pace:
    """Whether a number of things to do goes down as fast as the time."""

    def __init__(self, clock: Clock, count: int) -> None:
        self.clock, self.count, self.seconds = clock, count, clock.left()

    def behind(self, waiting: int) -> bool:
        """True if more of the things than of the time is left; the time is used, or it will be."""
        return self.clock.left() * self.count < self.seconds * waiting or self.clock.up()
