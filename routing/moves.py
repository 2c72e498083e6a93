"""Moves of emptied boxes: how far, on the street or through a depot, and what they save.

A turn saves the way back and the way of the pick-up, less the move. Ways are measured once; two
places that no road joins are infinitely far apart.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from math import inf

from routing.case import Case
from routing.depots import depots_among, nearest_depot, road_km
from routing.distances import NoDistance

ANY_RETURN = "*"
"""The port of return where it decides nothing (see `Moves.return_key`)."""


class Moves:
    """Kilometres of one case; `limited`: depots are used where free time ends too early, too."""

    def __init__(self, case: Case, *, limited: bool) -> None:
        self.case = case
        self.limited = limited
        self.depots = depots_among(case.places)
        self.returns: dict[str, set[str]] = defaultdict(set)
        """Ports that boxes freed at a place would go back to."""
        self.least_pick_up_km: dict[str, float] = {}
        self.same_return: dict[str, bool] = {}
        self.km = cache(self._km)
        self.ways = cache(self._ways)
        self.back_km = cache(self._back_km)

    def learn_return(self, place: str, port: str) -> None:
        """A box freed at a place may go back to a port."""
        self.returns[place].add(port)

    def learn_pick_up(self, place: str, km: float) -> None:
        """A box for a stuffing place may come from a port that lies so far."""
        self.least_pick_up_km[place] = min(km, self.least_pick_up_km.get(place, km))

    def _km(self, origin: str, destination: str) -> float:
        try:
            return road_km(self.case.distances, origin, destination)
        except NoDistance:
            return inf

    def _ways(self, origin: str, destination: str) -> tuple[tuple[str, float], ...]:
        """Depot and kilometres of each way of a box: the street first (its depot is blank)."""
        street = ("", self.km(origin, destination))
        way = nearest_depot(self.case.distances, self.depots, origin, destination)
        return (street,) if way is None else (street, way)

    def _back_km(self, place: str, return_to: str) -> float:
        """The way back of a box; the shortest one where the port of return decides nothing."""
        ports = self.returns[place] if return_to == ANY_RETURN else {return_to}
        return min(self.km(place, port) for port in ports)

    def return_key(self, place: str, port: str) -> str:
        """The port that a freed box would go back to, or `*` where it decides nothing."""
        if place not in self.same_return:
            nearest_km = min(self.km(place, p) for p in self.returns[place])
            country = self.case.places[place].country
            self.same_return[place] = all(
                self.longest_km(place, stuffing) < nearest_km + km
                for stuffing, km in self.least_pick_up_km.items()
                if self.case.places[stuffing].country == country
            )
        return ANY_RETURN if self.same_return[place] else port

    def longest_km(self, origin: str, destination: str) -> float:
        """The longest way that a box could take between two places."""
        ways = self.ways(origin, destination)
        return max(km for _, km in ways) if self.limited else ways[0][1]
