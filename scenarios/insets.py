"""Small maps of round use, one for each port that boxes would have gone back to."""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

from scenarios.figures import Result, Row, number, text
from scenarios.pages import Numbers, count

if TYPE_CHECKING:
    from routing.case import Case

WIDTH, HEIGHT, MARGIN = 344.0, 250.0, 56.0
SHOWN = 5
PAIRS_DRAWN = 2
"""More turns than that around one port make a knot; the caption counts the others."""

Point = tuple[float, float]


def insets(result: Result, case: Case, land: Any, n: Numbers) -> dict[str, Any]:
    """The cards of the regions, the largest first, and the sentence above them."""
    turns = [r for r in result.round_use if number(r["boxes"])]
    ports = _ports(result, case)
    regions: dict[str, list[Row]] = defaultdict(list)
    for row in turns:
        regions[ports.get(_key(row), "")].append(row)
    by_size = sorted(regions, key=lambda p: (-sum(number(r["boxes"]) for r in regions[p]), p))
    cards = [_card(port, regions[port], case, land, n) for port in by_size[:SHOWN]]
    rest = sum(number(r["boxes"]) for port in by_size[SHOWN:] for r in regions[port])
    boxes = int(sum(number(r["boxes"]) for r in turns))
    words = (
        f"{count(boxes, 'import box is', 'import boxes are', n)} loaded for export near where "
        f"{'it was' if boxes == 1 else 'they were'} emptied. "
        "Coast lines are simplified; distances are not."
    )
    if rest:
        words += f" {count(int(rest), 'box', 'boxes', n)} of other ports are not drawn."
    return {"cards": cards, "finding": words}


def _key(row: Row) -> str:
    return f"{text(row['empty_id'])}|{text(row['import_shipment_id'])}|{text(row['shipment_id'])}"


def _ports(result: Result, case: Case) -> dict[str, str]:
    """The port of each turn: where its box would go back to, else where the export leaves."""
    returns = {e.empty_id: e.return_to for e in case.empties}
    leaves = {text(s["shipment_id"]): text(s["pol"]) for s in result.shipments}
    arrives = {text(s["shipment_id"]): text(s["pod"]) for s in result.shipments}
    return {
        _key(r): returns.get(text(r["empty_id"]))
        or arrives.get(text(r["import_shipment_id"]))
        or leaves.get(text(r["shipment_id"]))
        or ""
        for r in result.round_use
    }


@dataclass(frozen=True)
class _Frame:
    """The window of one inset: where a coordinate stands in its view box."""

    west: float
    north: float
    px_per_degree: float
    narrower: float

    def at(self, lon: float, lat: float) -> Point:
        return (
            (lon - self.west) * self.px_per_degree * self.narrower,
            (self.north - lat) * self.px_per_degree,
        )

    @property
    def box(self) -> tuple[float, float, float, float]:
        east = self.west + WIDTH / (self.px_per_degree * self.narrower)
        return (self.west, self.north - HEIGHT / self.px_per_degree, east, self.north)


def _frame(points: Sequence[Point]) -> _Frame:
    lons, lats = [p[0] for p in points], [p[1] for p in points]
    middle = ((min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2)
    narrower = math.cos(math.radians(middle[1]))
    wide, high = (max(lons) - min(lons)) * narrower, max(lats) - min(lats)
    scale = min(
        (WIDTH - 2 * MARGIN) / max(wide, 0.05), (HEIGHT - 2 * MARGIN) / max(high, 0.05), 600.0
    )
    west = middle[0] - WIDTH / 2 / scale / narrower
    return _Frame(west, middle[1] + HEIGHT / 2 / scale, scale, narrower)


def _card(port: str, rows: Sequence[Row], case: Case, land: Any, n: Numbers) -> dict[str, Any]:
    pairs: dict[tuple[str, str, str], float] = defaultdict(float)
    for row in rows:
        pairs[(text(row["from"]), text(row["depot"]), text(row["to"]))] += number(row["boxes"])
    ordered = sorted(pairs, key=lambda p: (-pairs[p], p))
    boxes = int(sum(pairs.values()))
    km = sum(number(r["km_saved"]) for r in rows)
    co2e = sum(number(r["co2e_avoided_kg"]) for r in rows) / 1000
    name = case.places[port].name if port in case.places else "no port"
    kinds = {depot for _, depot, _ in pairs}
    depots = sorted(case.places[d].name for d in kinds if d in case.places)
    how = f"through {', '.join(depots)}" if depots else "street turn"
    more = len(ordered) - PAIRS_DRAWN
    about = f"{count(boxes, 'box', 'boxes', n)} · {how}"
    if more > 0:
        about += f" · {count(more, 'more pair', 'more pairs', n)} of places not drawn"
    return {
        "name": f"Around {name}" if port in case.places else name,
        "about": about,
        "km": n.whole(km),
        "co2e": n.fixed(co2e),
        "a_box": f"{n.whole(km / boxes)} km a box",
        "svg": _drawing(port, ordered[:PAIRS_DRAWN], case.places, land, f"Around {name}: {about}"),
    }


def _drawing(
    port: str,
    pairs: Sequence[tuple[str, str, str]],
    places: Mapping[str, Any],
    land: Any,
    says: str,
) -> Markup:
    ids = dict.fromkeys(
        p for p in (port, *(i for a, d, b in pairs for i in (a, d, b))) if p in places
    )
    frame = _frame([(places[i].lon, places[i].lat) for i in ids])
    at = {i: frame.at(places[i].lon, places[i].lat) for i in ids}
    body = [f'<path class="land" d="{_land_path(land, frame)}"/>']
    for start, depot, end in pairs:
        if port in at:
            body.append(_arc(at[start], at[port], -0.22, "av"))
            body.append(_arc(at[port], at[end], -0.22, "av"))
            body.append(_arc(at[port], at[start], 0.06, "ld"))
            body.append(_arc(at[end], at[port], 0.06, "ld"))
        stops = [start, *([depot] if depot in at else []), end]
        body += [_arc(at[a], at[b], 0.12, "tr") for a, b in itertools.pairwise(stops)]
    plants, importers = {p[2] for p in pairs}, {p[0] for p in pairs}
    for i in ids:
        body.append(_mark(at[i], "plant" if i in plants else "square" if i in importers else i,
                          i == port))  # fmt: skip
    body += _labels([(at[i], places[i].name) for i in ids])
    return Markup(
        f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" role="img" aria-label="{escape(says)}">'
        f"{''.join(body)}</svg>"
    )


def _land_path(land: Any, frame: _Frame) -> str:
    from shapely import box

    seen = land.intersection(box(*frame.box))
    rings = []
    for polygon in getattr(seen, "geoms", [seen]):
        if polygon.is_empty or polygon.geom_type != "Polygon":
            continue
        for ring in (polygon.exterior, *polygon.interiors):
            points = [frame.at(x, y) for x, y in ring.coords]
            rings.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points) + "Z")
    return "".join(rings)


def _arc(a: Point, b: Point, bend: float, kind: str) -> str:
    """A curve from a to b that stops short of both marks, with an arrow at its end."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    long = math.hypot(dx, dy)
    if long < 14:
        return ""
    trim = 8 / long
    x0, y0 = a[0] + dx * trim, a[1] + dy * trim
    x1, y1 = b[0] - dx * trim, b[1] - dy * trim
    mx, my = (a[0] + b[0]) / 2 - dy * bend, (a[1] + b[1]) / 2 + dx * bend
    path = f"M{x0:.1f} {y0:.1f}Q{mx:.1f} {my:.1f} {x1:.1f} {y1:.1f}"
    return f'<path d="{path}" class="{kind}" marker-end="url(#end-{kind})"/>'


def _mark(at: Point, kind: str, is_port: bool) -> str:
    x, y = at
    if is_port:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" class="nd"/>'
    if kind in ("plant", "square"):
        name = "nd pl" if kind == "plant" else "nd"
        return f'<rect x="{x - 4.5:.1f}" y="{y - 4.5:.1f}" width="9" height="9" class="{name}"/>'
    path = f"M{x:.1f} {y - 6:.1f}l6 6l-6 6l-6 -6z"
    return f'<path d="{path}" class="nd"/>'


def _labels(names: Sequence[tuple[Point, str]]) -> list[str]:
    """Names beside their marks, where two would lie on each other on the next best side."""
    taken = [(x - 7, y - 7, x + 7, y + 7) for (x, y), _ in names]
    middle = tuple(sum(at[i] for at, _ in names) / max(len(names), 1) for i in (0, 1))
    out = []
    for (x, y), name in names:
        wide = sum(12.0 if ord(c) > 0x2E80 else 6.8 for c in name)
        sides = [
            (x, y - 11, "middle", x - wide / 2),
            (x, y + 20, "middle", x - wide / 2),
            (x + 10, y + 4, "start", x + 10),
            (x - 10, y + 4, "end", x - 10 - wide),
        ]
        # away from the middle, where the lines are
        out_x, out_y = x - middle[0], y - middle[1]
        sides.sort(key=lambda side: -((side[0] - x) * out_x + (side[1] - 4 - y) * out_y))
        for tx, ty, anchor, left in sides:
            area = (left, ty - 11, left + wide, ty + 3)
            inside = area[0] >= 2 and area[2] <= WIDTH - 2 and area[1] >= 2 and area[3] < HEIGHT
            if inside and not any(_overlap(area, other) for other in taken):
                taken.append(area)
                out.append(
                    f'<text x="{tx:.1f}" y="{ty:.1f}" text-anchor="{anchor}" class="nl">'
                    f"{escape(name)}</text>"
                )
                break
    return out


Area = tuple[float, float, float, float]


def _overlap(a: Area, b: Area) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
