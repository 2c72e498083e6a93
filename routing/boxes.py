"""Emptied import boxes (table `empties`), and boxes wanted for export (table `wanted`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

GRADES = ("A", "B", "C")
SHIPPER_OWNED = "SOC"


@dataclass(frozen=True)
class EmptyBoxes:
    """Boxes of one owner that stand empty at one place.

    They are fetched on a day from `available_from` to `free_until` (None: no limit), both
    included, and not after stuffing. `ours`: a box that is not loaded again returns on our account.
    """

    empty_id: str
    equipment: str
    location: str
    line: str
    quantity: int
    available_from: date
    return_to: str
    free_until: date | None = None
    return_cost: float = 0.0
    currency: str = ""
    vehicle: str = ""
    grade: str = "A"
    ours: bool = True
    detention_per_day: float | None = None
    """Per box and day after `free_until`, in `currency`; None: free time is a hard end."""


@dataclass(frozen=True)
class WantedBoxes:
    """Boxes wanted for export (table `wanted`): stuffed on a day from `from_date` to `to_date`.

    `line` is the sailing line of the booking, or SOC; `port` is where the empty boxes would come
    from without round use.
    """

    wanted_id: str
    equipment: str
    location: str
    line: str
    quantity: int
    from_date: date
    to_date: date
    port: str
    min_grade: str = "C"


def grade_suffices(grade: str, wanted: str) -> bool:
    """True if a box of `grade` may carry goods that want at least `wanted` (A is best)."""
    return GRADES.index(grade) <= GRADES.index(wanted)
