"""From legs to what a map draws: flows, the cut of the world, and strands.

A flow is all that moves between two places by one mode. Flows that share a piece of way are added
up before drawing: a strand is a piece of line with one set of flows on it, so that no line ever
lies on another to show volume. Longitudes are unwrapped: the world of a map runs from its cut to
the cut plus 360 degrees, and no line runs around it.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from scenarios.figures import Row, day, number, text

LonLat = tuple[float, float]
GRID = 100
"""Points are kept to a hundredth of a degree, about 1 km: lines that share a way meet exactly."""
TURN = 360


@dataclass(frozen=True)
class Part:
    """What one carrier moves on a flow with the departures of one week (its Monday)."""

    carrier: str
    week: date
    load_units: int
    mass_kg: float


@dataclass(frozen=True)
class Flow:
    """All that moves from one place to another by one mode."""

    origin: str
    destination: str
    mode: str
    distance_km: float
    parts: tuple[Part, ...]

    @property
    def load_units(self) -> int:
        """Load units of all carriers and weeks."""
        return sum(p.load_units for p in self.parts)

    @property
    def mass_kg(self) -> float:
        """Goods and packaging of all carriers and weeks."""
        return sum(p.mass_kg for p in self.parts)


@dataclass(frozen=True)
class Strand:
    """A piece of line in the world of the map, with the flows (by index) that share it."""

    mode: str
    points: tuple[LonLat, ...]
    flows: tuple[int, ...]


def monday(when: date) -> date:
    """The first day of an ISO week."""
    return when - timedelta(days=when.weekday())


def departures(shipments: Iterable[Row], legs: Iterable[Row]) -> dict[str, date]:
    """The day each shipment departs; where the table has none, its first leg's day."""
    found: dict[str, date] = {}
    for leg in legs:
        when = day(leg["depart"])
        key = text(leg["shipment_id"])
        if when and (key not in found or when < found[key]):
            found[key] = when
    for shipment in shipments:
        when = day(shipment["departure_date"])
        if when:
            found[text(shipment["shipment_id"])] = when
    return found


def flows(legs: Sequence[Row], shipments: Sequence[Row]) -> tuple[Flow, ...]:
    """Transport rows added up by place, place and mode; empty ways and hubs are not flows."""
    departs = departures(shipments, legs)
    sums: dict[tuple[str, str, str], dict[tuple[str, date], list[float]]] = {}
    distances: dict[tuple[str, str, str], float] = {}
    for leg in legs:
        when = departs.get(text(leg["shipment_id"]))
        if text(leg["kind"]) != "transport" or when is None:
            continue
        key = (text(leg["from"]), text(leg["to"]), text(leg["mode"]))
        distances[key] = max(distances.get(key, 0.0), number(leg["distance_km"]))
        part = sums.setdefault(key, {}).setdefault((text(leg["carrier"]), monday(when)), [0.0, 0.0])
        part[0] += number(leg["load_units"])
        part[1] += number(leg["mass_kg"])
    return tuple(
        Flow(
            *key,
            distances[key],
            tuple(
                Part(carrier, week, round(units), mass)
                for (carrier, week), (units, mass) in sorted(parts.items())
            ),
        )
        for key, parts in sorted(sums.items())
    )


def unwrapped(points: Sequence[LonLat]) -> list[LonLat]:
    """The same line with no step over more than half the world."""
    line = [points[0]]
    for lon, lat in points[1:]:
        line.append((lon - TURN * round((lon - line[-1][0]) / TURN), lat))
    return line


def cut_of_world(lines: Sequence[Sequence[LonLat]], weights: Sequence[float]) -> float:
    """The longitude at which the map ends: the middle of the widest gap that no flow crosses.

    Where flows go all the way round, it is where the fewest load units cross.
    """
    crossing = [0.0] * TURN
    for points, weight in zip(lines, weights, strict=True):
        line = unwrapped(points)
        low, high = (f(lon for lon, _ in line) for f in (min, max))
        for degree in range(math.floor(low), min(math.floor(high), math.floor(low) + TURN - 1) + 1):
            crossing[degree % TURN] += max(weight, 1.0)
    least = min(crossing)
    start, length = _longest_run([c == least for c in crossing])
    return _centred((start + length / 2) % TURN)


def _centred(lon: float) -> float:
    return lon - TURN if lon > TURN / 2 else lon


def _longest_run(fits: Sequence[bool]) -> tuple[int, int]:
    """Start and length of the longest run on a ring (the first of equals)."""
    if all(fits):
        return 0, len(fits)
    best, first = (0, 0), fits.index(False)
    start, length = 0, 0
    for i in range(first, first + len(fits)):
        if not fits[i % len(fits)]:
            length = 0
            continue
        start, length = (start if length else i), length + 1
        if length > best[1]:
            best = (start % len(fits), length)
    return best


def into_world(points: Sequence[LonLat], cut: float) -> list[list[LonLat]]:
    """A line in the world that starts at `cut`, in two or more pieces where it crosses the cut."""
    line = unwrapped(points)
    shift = -TURN * math.floor((line[0][0] - cut) / TURN)
    pieces: list[list[LonLat]] = [[(line[0][0] + shift, line[0][1])]]
    for (lon0, lat0), (lon1, lat1) in itertools.pairwise(line):
        x0, x1 = lon0 + shift, lon1 + shift
        while x1 < cut or x1 > cut + TURN:
            edge = cut if x1 < cut else cut + TURN
            lat = lat0 + (lat1 - lat0) * ((edge - x0) / (x1 - x0) if x1 != x0 else 0.0)
            pieces[-1].append((edge, lat))
            back = TURN if x1 < cut else -TURN
            shift, x0, x1, lat0 = shift + back, edge + back, x1 + back, lat
            pieces.append([(x0, lat0)])
        pieces[-1].append((x1, lat1))
    return [p for p in pieces if len(p) > 1]


def place_in_world(lon: float, cut: float) -> float:
    """The longitude at which a place stands on the map."""
    return lon - TURN * math.floor((lon - cut) / TURN)


Node = tuple[int, int]


def strands(lines: Sequence[tuple[str, Sequence[LonLat]]], cut: float) -> tuple[Strand, ...]:
    """Add up lines (mode and points; the index is the flow) where they share their way."""
    edges: dict[tuple[str, Node, Node], set[int]] = defaultdict(set)
    for flow, (mode, points) in enumerate(lines):
        for piece in into_world(points, cut):
            nodes = [(round(lon * GRID), round(lat * GRID)) for lon, lat in piece]
            for a, b in itertools.pairwise(nodes):
                if a != b:
                    edges[(mode, *((a, b) if a < b else (b, a)))].add(flow)
    groups: dict[tuple[str, tuple[int, ...]], list[tuple[Node, Node]]] = defaultdict(list)
    for (mode, a, b), on_it in edges.items():
        groups[(mode, tuple(sorted(on_it)))].append((a, b))
    found = []
    for (mode, on_it_all), pairs in sorted(groups.items()):
        for path in _paths(pairs):
            points = tuple((x / GRID, y / GRID) for x, y in _simplified(path))
            found.append(Strand(mode, points, on_it_all))
    return tuple(found)


def _paths(pairs: Sequence[tuple[Node, Node]]) -> list[list[Node]]:
    """Edges chained into as few paths as walking from the ends gives."""
    beside: dict[Node, list[Node]] = defaultdict(list)
    for a, b in sorted(pairs):
        beside[a].append(b)
        beside[b].append(a)
    paths: list[list[Node]] = []
    # ends and forks first, so that what is left over afterwards are rings
    for start in sorted(beside, key=lambda node: (len(beside[node]) == 2, node)):
        while beside[start]:
            path = [start]
            while beside[path[-1]]:
                here = path[-1]
                there = beside[here].pop()
                beside[there].remove(here)
                path.append(there)
                if len(beside[there]) != 1:
                    break
            paths.append(path)
    return paths


def _simplified(path: Sequence[Node], tolerance: float = 3.0) -> list[Node]:
    """Drop points that lie nearer than `tolerance` (hundredths of a degree) to the line."""
    keep = {0, len(path) - 1}
    todo = [(0, len(path) - 1)]
    while todo:
        first, last = todo.pop()
        far, at = 0.0, 0
        for i in range(first + 1, last):
            away = _distance(path[i], path[first], path[last])
            if away > far:
                far, at = away, i
        if far > tolerance:
            keep.add(at)
            todo += [(first, at), (at, last)]
    return [path[i] for i in sorted(keep)]


def _distance(p: Node, a: Node, b: Node) -> float:
    dx, dy = b[0] - a[0], b[1] - a[1]
    whole = dx * dx + dy * dy
    along = ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / whole if whole else 0.0
    along = min(max(along, 0.0), 1.0)
    return math.hypot(p[0] - a[0] - along * dx, p[1] - a[1] - along * dy)


def sizes(found: Sequence[Flow]) -> Mapping[str, int]:
    """Load units that touch each place, for the order in which labels give way."""
    touched: dict[str, int] = defaultdict(int)
    for flow in found:
        for place in (flow.origin, flow.destination):
            touched[place] += flow.load_units
    return touched
