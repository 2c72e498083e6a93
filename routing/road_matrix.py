"""Road kilometres between many places at once, the same to the metre as `Distances` leg by leg.

Millions of legs one by one would take minutes. Here they are whole arrays: great circle x circuity
as in `routing.distances`, and the table `distances` where it has the pair. A quick lower bound says
first which legs are worth measuring.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from routing.distances import Distances, NoDistance
from routing.geo import circuity, great_circles_m

Metres = np.ndarray[Any, np.dtype[np.int64]]
Index = np.ndarray[Any, np.dtype[np.int64]]
Degrees = np.ndarray[Any, np.dtype[np.float64]]

NO_ROAD_M = 10**9
"""Stands where no road joins two places: longer than anything it could be saved against."""
SPHERE_M = 6_371_008.8
SPHERE_ERR = 0.99
"""A great circle on the mean sphere is within 0.6 % of the one on the WGS84 ellipsoid."""


class RoadMatrix:
    """Driven metres from each of some places to each of others."""

    def __init__(
        self, distances: Distances, origins: Sequence[str], destinations: Sequence[str]
    ) -> None:
        self._start = _Ends(distances, origins)
        self._end = _Ends(distances, destinations)
        self._own = _given(distances, self._start.at, self._end.at)

    def least_m(self) -> Metres:
        """A lower bound for every pair: never above the metres, at most 2 % below them."""
        a, b = self._start, self._end
        bent = (a.circuity[:, None] + b.circuity[None, :]) / 2
        sine = (
            np.sin((b.lat[None, :] - a.lat[:, None]) / 2) ** 2
            + np.cos(a.lat)[:, None]
            * np.cos(b.lat)[None, :]
            * np.sin((b.lon[None, :] - a.lon[:, None]) / 2) ** 2
        )
        arc = 2 * np.arcsin(np.sqrt(np.clip(sine, 0.0, 1.0)))
        least: Metres = np.floor(arc * bent * (SPHERE_M * SPHERE_ERR)).astype(np.int64)
        for (i, j), metres in self._own.items():
            least[i, j] = metres
        return least

    def metres(self, i: Index, j: Index) -> Metres:
        """The metres from origin i to destination j, for each pair of positions."""
        a, b = self._start, self._end
        gcd_m = great_circles_m(a.lon_deg[i], a.lat_deg[i], b.lon_deg[j], b.lat_deg[j])
        bent = (a.circuity[i] + b.circuity[j]) / 2
        metres: Metres = np.floor(gcd_m * bent + 0.5).astype(np.int64)
        here = np.array([a.at.get(place, -1) for place in b.at], dtype=np.int64)
        metres[here[j] == i] = 0
        if self._own:
            width = len(b.at)
            keys = np.array([o * width + d for o, d in self._own], dtype=np.int64)
            given = np.array(list(self._own.values()), dtype=np.int64)
            order = np.argsort(keys)
            wanted = i * width + j
            at = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
            found = keys[order][at] == wanted
            metres[found] = given[order][at][found]
        return metres


class _Ends:
    """The places at one end, as arrays."""

    def __init__(self, distances: Distances, ids: Sequence[str]) -> None:
        places = [distances.places[place] for place in ids]
        factors = circuity()
        self.at = {place: k for k, place in enumerate(ids)}
        self.lat_deg: Degrees = np.array([p.lat for p in places], dtype=float)
        self.lon_deg: Degrees = np.array([p.lon for p in places], dtype=float)
        self.lat, self.lon = np.radians(self.lat_deg), np.radians(self.lon_deg)
        self.circuity: Degrees = np.array(
            [(factors.get((p.country, "road")) or factors["default", "road"]).factor
             for p in places]
        )  # fmt: skip


def _given(
    distances: Distances, start: dict[str, int], end: dict[str, int]
) -> dict[tuple[int, int], int]:
    """The pairs whose metres are not great circle x circuity: own distances, and avoided places."""
    found = {}
    for origin, destination in distances.own_pairs("road"):
        if origin in start and destination in end and origin != destination:
            metres = _leg_m(distances, origin, destination)
            found[start[origin], end[destination]] = metres
    avoided = {p for p in (*start, *end) if distances.places[p].country in distances.avoid}
    for origin in start:
        for destination in end:
            if avoided and (origin in avoided or destination in avoided):
                found[start[origin], end[destination]] = NO_ROAD_M
    return found


def _leg_m(distances: Distances, origin: str, destination: str) -> int:
    try:
        return round(distances.leg(origin, destination, "road").actual_km * 1000)
    except NoDistance:
        return NO_ROAD_M
