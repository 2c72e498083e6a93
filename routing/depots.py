"""Ways of an emptied box through an inland depot: handed in there, and fetched from there.

Of several depots the one with the shortest way counts, and of those the first by its id. A way
through a depot is as good as never shorter than the street; it is taken where free time ends too
early (routing/free_time.py), or where no street turn saves kilometres.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from routing.distances import Distances, NoDistance
from routing.places import Place
from routing.road_matrix import NO_ROAD_M, Index, Metres, RoadMatrix

DIRECT = -1
"""Stands where a turn goes through no depot."""


def depots_among(places: Mapping[str, Place]) -> tuple[str, ...]:
    """The places of kind depot, in the order of their ids."""
    return tuple(sorted(p.location_id for p in places.values() if p.kind == "depot"))


def road_km(distances: Distances, origin: str, destination: str) -> float:
    """Driven kilometres by road; 0 where both are the same place.

    Raises NoDistance where no road joins them.
    """
    if origin == destination:
        return 0.0
    return distances.leg(origin, destination, "road").actual_km


def nearest_depot(
    distances: Distances, depots: Iterable[str], origin: str, destination: str
) -> tuple[str, float] | None:
    """The depot of the shortest way between two places and that way's km; None without one."""
    ways = []
    for depot in depots:
        try:
            km = road_km(distances, origin, depot) + road_km(distances, depot, destination)
        except NoDistance:
            continue
        ways.append((km, depot))
    if not ways:
        return None
    km, depot = min(ways)
    return depot, km


def depot_ways(
    distances: Distances, depots: Sequence[str], spots: Sequence[str], sites: Sequence[str]
) -> tuple[Index, Metres]:
    """The same for every spot and site at once: positions of depots (or DIRECT) and metres."""
    shape = (len(spots), len(sites))
    best, way_m = np.full(shape, DIRECT, dtype=np.int64), np.full(shape, NO_ROAD_M, dtype=np.int64)
    for d, depot in enumerate(depots):
        to = RoadMatrix(distances, spots, [depot])
        on = RoadMatrix(distances, [depot], sites)
        at_spot, at_site = np.arange(shape[0]), np.arange(shape[1])
        in_m, out_m = to.metres(at_spot, 0 * at_spot), on.metres(0 * at_site, at_site)
        ways = in_m[:, None] + out_m[None, :]
        best[ways < way_m] = d
        way_m = np.minimum(way_m, ways)
    return best, way_m
