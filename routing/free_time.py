"""Free time: until when an emptied box may be handed over, and what later days cost.

Data       a   day on which a box stands ready        e   last day free of detention (none: no end)
           p   price of a day after e (none: e is a hard end)
           s   first day on which an export is stuffed
           h   days that a fetched box may wait at the stuffing place (none: as many as it takes)
Fetched    on y = max(a, s - h) at the earliest, and on s at the latest
On the street   handed over on y: max(0, y - e) days are paid at p, and not allowed without p
Through a depot handed in on a: max(0, a - e) days are paid at p, and not allowed without p

Detention ends when a box is handed over: to the haulier of the export, or to a depot. Waiting at
the stuffing place comes after that, so with h unlimited the day a alone decides, and with h given
the day s - h does. Both kinds of round use, whole plans (routing/reuse.py) and `lowhaul reuse`
(routing/street_pairs.py), take their days from here; days are ordinals, alone or as arrays.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf
from typing import Any, TypeVar

import numpy as np

from routing.boxes import EmptyBoxes
from routing.case import Case
from routing.runs import Run

Days = TypeVar("Days", int, np.ndarray[Any, np.dtype[np.int64]])
NO_END = 10**7
"""A day after all others, for boxes without an end of their free time."""


def fetched_from(ready: Days, opens: Days) -> Days:
    """The first day of fetching: ready, and no earlier than the stuffing place takes a box."""
    first: Days = ready + (opens - ready) * (opens > ready)
    return first


def late_days(day: Days, end: Days) -> Days:
    """Days after the end of free time."""
    late: Days = (day - end) * (day > end)
    return late


@dataclass(frozen=True, order=True)
class FreeEnd:
    """The last day free of detention, and the price of each day after it (inf: none may be had).

    The default stands where the end decides nothing. Money is in the project's currency.
    """

    day: int = NO_END
    per_day: float = 0.0

    def detention(self, days: int) -> float:
        """What so many days after the end cost; inf where they may not be had."""
        return days * self.per_day if days else 0.0


NO_LIMIT = FreeEnd()


class FreeTime:
    """Free time under the settings of a case."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.wait_days = case.settings.box_wait_days
        self.binds = self.wait_days is not None
        """True if the day of stuffing decides whether free time is over."""

    def opens(self, stuffing: int) -> int:
        """The first day on which the stuffing place takes a box for a stuffing day."""
        return 0 if self.wait_days is None else stuffing - self.wait_days

    def price(self, per_day: float | None, currency: str) -> float:
        """A price of a day in the project's currency, inf where none is given."""
        if per_day is None:
            return inf
        return per_day * self.case.fx.factor(currency) if per_day and currency else per_day

    def known(self, boxes: EmptyBoxes) -> FreeEnd:
        """The end of free time of a row of `empties`, as far as it decides anything."""
        if not self.binds or boxes.free_until is None:
            return NO_LIMIT
        per_day = self.price(boxes.detention_per_day, boxes.currency)
        return FreeEnd(boxes.free_until.toordinal(), per_day)

    def freed(self, run: Run, unstuff_days: int) -> FreeEnd | None:
        """The same of a box that a run frees, no earlier than it stands ready; None: never free."""
        if run.free_days is None:
            return NO_LIMIT
        per_day = self.price(*run.detention)
        if late_days(unstuff_days, run.free_days) and per_day == inf:
            return None
        if not self.binds:
            return NO_LIMIT
        return FreeEnd(run.arrive + max(unstuff_days, run.free_days), per_day)

    def due_when_ready(self, run: Run, unstuff_days: int) -> float:
        """Detention of a freed box up to the day on which it stands ready."""
        days = late_days(unstuff_days, NO_END if run.free_days is None else run.free_days)
        return days * self.price(*run.detention) if days else 0.0

    def late_for(self, stuffing: int, end: FreeEnd) -> int:
        """Days after the end at which a box is fetched on the street for a stuffing day."""
        return late_days(self.opens(stuffing), end.day) if self.binds else 0

    def handed_over(self, ready: int, free_until: int, stuffing: int, depot: str) -> int:
        """The day on which a box leaves where it stands: as late as it costs nothing more.

        For a depot it leaves when it stands ready, as under `lowhaul reuse`.
        """
        if depot:
            return ready
        return max(fetched_from(ready, self.opens(stuffing)), min(free_until, stuffing))
