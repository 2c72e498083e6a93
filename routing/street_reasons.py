"""Why an emptied box stays unused, in the planner's words: the first rule that leaves no export.

The rules are asked one after the other (routing/street_turns.py): owner, type, line, grade, consent
of the lines, days, kilometres. What passes them all is left because others save more.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from routing.boxes import SHIPPER_OWNED, EmptyBoxes
from routing.consent import owner_consents
from routing.road_matrix import Index, RoadMatrix
from routing.street_pairs import Rows
from routing.street_turns import StreetTurns
from routing.turn_case import TurnCase

KINDS = {
    "owner": "the owner does not consent",
    "type": "no export of that type",
    "line": "other line",
    "grade": "no export takes that grade",
    "consent": "the sailing lines do not consent",
    "time": "no export in time",
    "far": "too far",
    "served": "all exports are served better",
    "worth": "not worth it",
}
"""The kinds of reasons, as they are counted in the summary."""


def reasons(case: TurnCase, plan: StreetTurns) -> Iterator[tuple[int, int, str, str]]:
    """Row of `empties`, unused boxes, kind of reason and its words, for every row with some."""
    asked = _Asked(case, Rows(case), plan)
    for i, left in enumerate(plan.left):
        if left:
            kind, words = asked.why(i)
            yield i, left, kind, words


class _Asked:
    """All wanted rows, from which each rule takes some away."""

    def __init__(self, case: TurnCase, rows: Rows, plan: StreetTurns) -> None:
        self.case, self.rows, self.plan = case, rows, plan
        self.roads = RoadMatrix(case.distances, rows.spots, rows.sites)

    def why(self, i: int) -> tuple[str, str]:
        """The kind of reason for row i, and its words."""
        case, rows, boxes = self.case, self.rows, self.case.empties[i]
        if not owner_consents(case, boxes.line):
            return "owner", f"{boxes.line} does not let its boxes be loaded again."
        left = np.flatnonzero(rows.type_wanted == rows.type_there[i])
        if not len(left):
            return "type", f"No export wants an empty {boxes.equipment}."
        left = left[rows.agreed[rows.owner[i], rows.line[left]]]
        if not len(left):
            return "line", f"No export sails with a line that loads boxes of {_of(boxes)}."
        left = left[rows.grade_there[i] <= rows.grade_wanted[left]]
        if not len(left):
            return "grade", f"All exports of their line want a better box than {boxes.grade}."
        left = left[rows.consent[rows.owner[i], rows.line[left]]]
        if not len(left):
            return "consent", "The lines of the exports do not take part in round use."
        in_time, words = self._in_time(i, left)
        if not len(in_time):
            return "time", f"No export in time: {words}"
        if not self.plan.allowed[i]:
            return "far", f"Too far: {self._nearest(i, in_time)}"
        if self.plan.idle[i]:
            return "worth", "Not worth it: loading them again would cost more than it saves."
        return "served", "All exports that could take them are served better by other boxes."

    def _in_time(self, i: int, left: Index) -> tuple[Index, str]:
        rows, boxes = self.rows, self.case.empties[i]
        after = left[rows.closes[left] >= rows.ready[i]]
        if not len(after):
            return after, f"the last one is stuffed before they stand ready ({_ready(boxes)})."
        if not np.isnan(rows.late_rate[i]) or self.case.depots:
            return after, ""
        kept = after[np.maximum(rows.ready[i], rows.opens[after]) <= rows.free_until[i]]
        return kept, f"the next one is stuffed after their free time ({boxes.free_until})."

    def _nearest(self, i: int, left: Index) -> str:
        """The export with the most to save on the street, and why even that is not enough."""
        rows = self.rows
        move = self.roads.metres(np.full(len(left), rows.spot[i]), rows.site[left])
        saved = rows.back_m[i] + rows.pick_up_m[left] - move
        best = int(saved.argmax())
        if saved[best] > 0:
            return "through a depot no turn saves kilometres, and on the street their time is over."
        return (
            f"even to {self.case.wanted[left[best]].location} the move of {_km(move[best])} km is "
            f"no shorter than the {_km(move[best] + saved[best])} km that it saves."
        )


def _of(boxes: EmptyBoxes) -> str:
    return "the shipper (SOC)" if boxes.line == SHIPPER_OWNED else boxes.line


def _ready(boxes: EmptyBoxes) -> str:
    return boxes.available_from.isoformat()


def _km(metres: Any) -> str:
    return f"{int(metres) / 1000:.0f}"
