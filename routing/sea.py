"""Shortest ways at sea on the network of the `searoute` package, without its traps.

Only the network (nodes, edges, names of passages) is taken from `searoute` 1.6.0; the search is
ours. Its own function writes the closed passages into a graph that all callers share, ignores a
misspelt passage, answers "no path" with 0 km, and moves a place to the nearest node (measured in
degrees) without a word. Here the graph is only read, and each of those cases is an error or a
warning. Ways count from place to place: the stretch to the network is part of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from lowhaul.errors import LowhaulError
from routing.geo import LonLat, great_circle_km, line_km, unwrapped

if TYPE_CHECKING:
    import networkx as nx
    import numpy as np

PASSAGES = (
    "babalmandab",
    "bering",
    "bosporus",
    "chili",
    "dardanelles",
    "gibraltar",
    "malacca",
    "northwest",
    "ormuz",
    "panama",
    "south_africa",
    "suez",
    "sunda",
)
"""Passages that can be closed: those of `searoute`, and the Dardanelles, which its network names
although its list does not. `south_africa` is the Cape of Good Hope, `chili` the Magellan waters."""

ALWAYS_CLOSED = frozenset({"northwest"})
"""Not a freight route. `searoute` opens it as soon as any other passage is named."""

SNAP_WARN_KM = 25.0
SNAP_LIMIT_KM = 150.0
"""How far a place may lie from the network. Of 1,044 container ports half lie within 16 km, 95 %
within 151 km; the rest are inland or on coasts that the network leaves out (docs/distances.md)."""

SHORT_LEG_KM = 500 * 1.852
"""Below 500 nautical miles the network errs by 10 % and more: its nodes lie too far apart."""

CANAL_GATES: Mapping[str, tuple[int, float]] = {"suez": (1, 30.5), "panama": (0, -79.70)}
"""Where a closed canal is cut: (axis, degrees); axis 0 is longitude, 1 latitude.

The network names the approaches `suez` and `panama` too (on the Red Sea side as far as 27 N), so
closing every edge of that name would cut off Ain Sokhna, Port Said, Balboa and Colon from the sea
that they lie on. Only the edge over this line is closed.
"""


class NoSeaRoute(LowhaulError):
    """The network has no usable way between two places; the message says what to do."""

    exit_code = 3


class UnknownPassage(LowhaulError):
    """A passage that the network does not know: closing it would change nothing."""

    exit_code = 3


@dataclass(frozen=True)
class SeaRoute:
    """One way at sea: its km (place to place), line, passages in order and km to the network.

    The longitudes of `line` do not jump at the 180th meridian, so they may exceed 180.
    """

    km: float
    line: tuple[LonLat, ...]
    passages: tuple[str, ...]
    snap_origin_km: float
    snap_destination_km: float


def closed_set(names: Iterable[str]) -> frozenset[str]:
    """The passages to close: those named and the Northwest Passage; refuses unknown names."""
    closed = frozenset(names)
    unknown = sorted(closed - set(PASSAGES))
    if unknown:
        raise UnknownPassage(
            f"Unknown passage {', '.join(repr(n) for n in unknown)} in closed_passages. "
            f"Known are: {', '.join(PASSAGES)}."
        )
    return closed | ALWAYS_CLOSED


def sea_route(origin: LonLat, destination: LonLat, closed: frozenset[str]) -> SeaRoute:
    """The shortest way between two points given as (lon, lat), with `closed` passages shut.

    `closed` comes from `closed_set`. Both directions give the same kilometres and the same line.
    """
    if destination < origin:
        back = _sea_route(destination, origin, closed)
        return SeaRoute(
            back.km,
            unwrapped(back.line[::-1]),
            back.passages[::-1],
            back.snap_destination_km,
            back.snap_origin_km,
        )
    return _sea_route(origin, destination, closed)


def sea_warnings(route: SeaRoute, closed: frozenset[str], names: tuple[str, str]) -> list[str]:
    """What a planner should know of this way, in plain words."""
    warnings = []
    snaps = (route.snap_origin_km, route.snap_destination_km)
    for name, snap_km in zip(names, snaps, strict=True):
        if snap_km > SNAP_WARN_KM:
            warnings.append(
                f"{name} lies {snap_km:.0f} km from the sea network; that stretch is counted as a "
                "straight line"
            )
    if route.km < SHORT_LEG_KM:
        warnings.append(
            "sea leg under 500 nautical miles: the network errs by 10 % and more here; give the "
            "distance if you have it"
        )
    if "suez" in closed and "panama" not in closed and "panama" in route.passages:
        warnings.append(
            "with Suez closed the shortest way goes through Panama; close panama too if the ships "
            "go round the Cape"
        )
    return warnings


@lru_cache(maxsize=4096)  # a year of transports asks for the same ports in both directions
def _sea_route(origin: LonLat, destination: LonLat, closed: frozenset[str]) -> SeaRoute:
    import networkx as nx

    network = _network()
    start, start_km = network.nearest(origin)
    end, end_km = network.nearest(destination)
    for point, km in ((origin, start_km), (destination, end_km)):
        if km > SNAP_LIMIT_KM:
            raise NoSeaRoute(
                f"The place at {point[1]:.3f}, {point[0]:.3f} lies {km:.0f} km from the sea "
                f"network (limit {SNAP_LIMIT_KM:.0f} km). Check its coordinates, or give the "
                "distance in the table distances."
            )
    if start == end:
        raise NoSeaRoute(
            "Both places lie at the same node of the sea network, which cannot tell them apart. "
            "Give the distance in the table distances."
        )
    try:
        _, path = nx.bidirectional_dijkstra(network.graph, start, end, network.weight(closed))
    except nx.NetworkXNoPath:
        raise NoSeaRoute(
            f"No way at sea with these passages closed: {', '.join(sorted(closed))}."
        ) from None
    line = unwrapped([origin, *path, destination])
    km = line_km(line)
    if km < great_circle_km(origin, destination) * (1 - 1e-9):
        raise NoSeaRoute("The sea network gives less than the great circle: its data is broken.")
    return SeaRoute(km, line, network.passages(path), start_km, end_km)


class _Network:
    """The marine network of `searoute`, read and never written: other callers share it."""

    def __init__(self, graph: nx.Graph[LonLat]) -> None:
        import numpy as np

        self.graph = graph
        # Nodes that only the Northwest Passage joins are no harbour for anyone.
        usable = [
            node
            for node, joined in graph.adjacency()
            if any(data.get("passage") not in ALWAYS_CLOSED for data in joined.values())
        ]
        self._nodes: list[LonLat] = sorted(usable)
        self._xyz: np.ndarray[Any, Any] = _unit_vectors(np.array(self._nodes, dtype=float))

    def nearest(self, point: LonLat) -> tuple[LonLat, float]:
        """The node nearest to a point on the globe, and the km to it."""
        import numpy as np

        towards = _unit_vectors(np.array([point], dtype=float))[0]
        # Of the nodes that the sphere finds nearest, the ellipsoid decides.
        order = np.argsort(-(self._xyz @ towards), kind="stable")[:4]
        near = [self._nodes[int(i)] for i in order]
        return min(((n, great_circle_km(point, n)) for n in near), key=lambda pair: pair[1])

    def weight(self, closed: frozenset[str]) -> Callable[[LonLat, LonLat, Any], float | None]:
        """Edge lengths in km for a search; None hides an edge that is closed."""

        def km(u: LonLat, v: LonLat, data: Any) -> float | None:
            name = data.get("passage")
            if name in closed and _passes(name, u, v):
                return None
            return float(data["weight"])

        return km

    def passages(self, path: list[LonLat]) -> tuple[str, ...]:
        """The named passages that a path goes through, in its order, each once."""
        found: dict[str, None] = {}
        for u, v in pairwise(path):
            name = self.graph[u][v].get("passage")
            if name in PASSAGES and _passes(name, u, v):
                found[name] = None
        return tuple(found)


def _passes(passage: str, u: LonLat, v: LonLat) -> bool:
    """True if an edge of that name goes through the passage, not only up to a canal's mouth."""
    gate = CANAL_GATES.get(passage)
    if gate is None:
        return True
    axis, degrees = gate
    return (u[axis] < degrees) != (v[axis] < degrees)


def _unit_vectors(lon_lat: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    import numpy as np

    lon, lat = np.radians(lon_lat[:, 0]), np.radians(lon_lat[:, 1])
    return np.column_stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


@lru_cache(maxsize=1)
def _network() -> _Network:
    import searoute  # slow: reads 2 MB of network

    return _Network(searoute.setup_M())
