"""The time of a large plan: for the search, and what is kept for all that comes after it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from routing.proposals import countdown
from routing.selection import Clock

KEPT_S, KEPT_S_PER_ORDER = 4.0, 0.015
"""Seconds that load plans, mending, the check and all pages take (docs/benchmarks.md)."""
MOST_KEPT = 0.28
"""The most of the whole limit that is kept for them."""
KEPT_WITHOUT_PAGES = 0.5
"""The share of it that is kept for a point of a front, which has no pages of its own."""


@dataclass(frozen=True)
class Schedule:
    """The clock of a run, and the seconds of it that are kept for the time after the search."""

    clock: Clock
    kept_s: float

    @classmethod
    def of(cls, clock: Clock, orders: int, *, pages: bool = True) -> Schedule:
        """The schedule of a plan of so many order lines, with pages of its own or without."""
        kept_s = min(KEPT_S + KEPT_S_PER_ORDER * orders, MOST_KEPT * clock.limit_s)
        return cls(clock, kept_s if pages else KEPT_WITHOUT_PAGES * kept_s)

    @property
    def search_left_s(self) -> float:
        """Seconds left for the search."""
        return max(0.0, self.clock.left_s - self.kept_s)

    def share(self, of_search: float) -> Callable[[], float]:
        """Seconds left of that share of what is left for the search now."""
        return self.countdown(of_search * self.search_left_s)

    def countdown(self, seconds: float) -> Callable[[], float]:
        """Seconds left of so many from now on, none once the run is asked to stop."""
        left_s = countdown(seconds)
        return lambda: 0.0 if self.clock.interrupted else left_s()
