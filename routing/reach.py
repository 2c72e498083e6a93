"""Where an emptied box could meet a stuffing: by place, equipment, line, days and kilometres.

Only there do the day and the line of a run count for round use; everywhere else they would only
make the model larger.
"""

from __future__ import annotations

from functools import cache

from routing.case import Case
from routing.consent import line_loads, owner_consents
from routing.depots import depots_among, nearest_depot
from routing.distances import NoDistance
from routing.network import Link
from routing.runs import Run

Kind = tuple[str, str, str]
"""Place, equipment, line."""
NEVER = 10**9


class TurnReach:
    """Collects where boxes may be fetched and freed, then answers for single runs.

    `wanted` holds the last day on which a box could be stuffed, `standing` the first on which one
    could stand ready, each with the longest empty way that a turn would save.
    """

    def __init__(self, case: Case) -> None:
        self.case = case
        self.wanted: dict[Kind, tuple[int, float]] = {}
        self.standing: dict[Kind, tuple[int, float]] = {}
        self.depots = depots_among(case.places)
        self.first_day = cache(self._first_day)
        self.last_day = cache(self._last_day)
        for boxes in case.empties:
            if owner_consents(case, boxes.line):
                km = self._km(boxes.location, boxes.return_to) or 0.0
                kind = (boxes.location, boxes.equipment, boxes.line)
                self._stand(kind, boxes.available_from.toordinal(), km)

    def add_way(self, way: tuple[Link, ...], line: str, first: int, due: int) -> None:
        """Learn from one way of some orders what it could fetch and free.

        `first` is the earliest day on which one is ready, its days of stripping added; `due` the
        latest on which one may arrive.
        """
        if len(way) < 2:
            return
        days = sum(link.transit_days for link in way)
        if way[0].is_haulage:
            kind = (way[0].origin, way[0].equipment, line)
            last, km = self.wanted.get(kind, (-NEVER, 0.0))
            self.wanted[kind] = (max(last, due - days), max(km, _longest_km(way[0])))
        if way[-1].is_haulage:
            kind = (way[-1].destination, way[-1].equipment, line)
            self._stand(kind, first + days, _longest_km(way[-1]))

    def _stand(self, kind: Kind, day: int, km: float) -> None:
        first, known_km = self.standing.get(kind, (NEVER, 0.0))
        self.standing[kind] = (min(first, day), max(km, known_km))

    def fetches(self, run: Run) -> bool:
        """True if the box of a run could be one that was emptied nearby before it is stuffed."""
        first = run.steps[0].link
        if not self.case.settings.on("round_use") or not first.is_haulage or len(run.steps) < 2:
            return False
        return run.stuffed >= self.first_day((run.origin, run.equipment, run.line))

    def frees(self, run: Run) -> bool:
        """True if the box of a run, once stripped, could be loaded again nearby."""
        last = run.steps[-1].link
        if not self.case.settings.on("round_use") or not last.is_haulage or len(run.steps) < 2:
            return False
        return run.arrive <= self.last_day((run.destination, run.equipment, run.line))

    def _first_day(self, wanted: Kind) -> int:
        return min(
            (
                day
                for standing, (day, _) in self.standing.items()
                if self._may_meet(standing, wanted)
            ),
            default=NEVER,
        )

    def _last_day(self, standing: Kind) -> int:
        return max(
            (day for wanted, (day, _) in self.wanted.items() if self._may_meet(standing, wanted)),
            default=-NEVER,
        )

    def _may_meet(self, standing: Kind, wanted: Kind) -> bool:
        """True if equipment, lines and kilometres allow a turn between the two."""
        if standing[1] != wanted[1] or standing not in self.standing or wanted not in self.wanted:
            return False
        if not line_loads(self.case, wanted[2], standing[2]):
            return False
        saved_km = self.standing[standing][1] + self.wanted[wanted][1]
        move_km = self._km(standing[0], wanted[0])
        if move_km is not None and move_km < saved_km:
            return True
        way = nearest_depot(self.case.distances, self.depots, standing[0], wanted[0])
        return way is not None and way[1] < saved_km

    def _km(self, origin: str, destination: str) -> float | None:
        if origin == destination:
            return 0.0
        try:
            return self.case.distances.leg(origin, destination, "road").actual_km
        except NoDistance:
            return None


def _longest_km(link: Link) -> float:
    return max(offer.driven_km for offer in link.offers)
