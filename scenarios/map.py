"""The map of one plan, or of what one carrier may see of it (`map.html`).

A single file made with folium that asks the network for nothing: Leaflet is inlined as data URLs
through the map's own lists, the land is one grey without borders, and the flows are drawn by
`assets/map.js` from a block of JSON. Everything that comes from data reaches the page as text.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lowhaul.errors import UsageError
from scenarios import pages
from scenarios.disclosure import (
    Forbidden,
    Secrets,
    known_to,
    places_of,
    refuse_leaks,
    visible_to,
)
from scenarios.figures import MODE_NAMES, MODES, Result, number, text
from scenarios.flows import (
    TURN,
    Flow,
    LonLat,
    cut_of_world,
    departures,
    flows,
    monday,
    place_in_world,
    sizes,
    strands,
)
from scenarios.insets import insets
from scenarios.map_base import LEAFLET, NORTH, SOUTH, folium_page, land_of, library
from scenarios.pages import Numbers

if TYPE_CHECKING:
    import pandas as pd

    from routing.case import Case

WIDTH_PX = 1104
HEIGHT_PX = (360, 600)
SMALLEST_VIEW = 12.0
"""Degrees of longitude shown at least: nearer, the simple coast lines say less than nothing."""
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline' data:; style-src 'unsafe-inline' data:; "
    "img-src data:"
)
SHAPES = {
    "plant": "plant",
    "port": "circle",
    "airport": "circle",
    "hub": "diamond",
    "depot": "diamond",
    "rail_terminal": "diamond",
    "barge_terminal": "diamond",
}
"""Circle: port; filled square: plant; diamond: terminal or hub; all others an open square."""


def write_map(
    folder: Path,
    tables: Mapping[str, pd.DataFrame],
    summary: Mapping[str, Any],
    case: Case,
    carrier: str | None = None,
    online_tiles: bool = False,
    language: str = "en",
) -> Path:
    """Write `map.html` into `folder`, or `carriers/<carrier>/map.html` with only what is its.

    `online_tiles` puts OpenStreetMap's tiles underneath: they come from the network and show
    borders and names that are not ours.
    """
    result, n = Result.of(tables, summary), Numbers(language)
    if carrier is None:
        page = _page(result, case, n, None, online_tiles)
        return pages.write_whole(folder / "map.html", page)
    if carrier not in case.carriers:
        raise UsageError(f"No carrier {carrier!r}. Known are: {', '.join(sorted(case.carriers))}.")
    seen = visible_to(result, carrier)
    never = Secrets.of(case).kept_from(carrier, places_of(seen, case))
    page = carrier_map(seen, case, carrier, never, n, online_tiles)
    name = pages.folder_names(case.carriers)[carrier]
    return pages.write_whole(folder / "carriers" / name / "map.html", page)


def carrier_map(
    seen: Result,
    case: Case,
    carrier: str,
    never: Forbidden,
    n: Numbers,
    online_tiles: bool = False,
) -> str:
    """The map of what a carrier may see, as text. Raises WouldDisclose if it holds more."""
    page = _page(seen, case, n, carrier, online_tiles)
    blank = _page(Result({}), case, n, carrier, online_tiles)
    known = known_to(carrier, seen, case)
    refuse_leaks(carrier, _without_assets(page), _without_assets(blank), never, known)
    return page


def _without_assets(page: str) -> str:
    """The page without the files that are the same in every map, and without the land."""
    scripts = (*library().values(), *(pages.asset(f) for f in ("map.js", "tokens.css", "map.css")))
    for part in scripts:
        page = page.replace(part, "")
    return re.sub(r"geo_json_land_add\(.*", "", page)


def _page(result: Result, case: Case, n: Numbers, carrier: str | None, online_tiles: bool) -> str:
    found = flows(result.legs, result.shipments)
    lines = [(f.mode, _line(case, f)) for f in found]
    cut = cut_of_world([line for _, line in lines], [float(f.load_units) for f in found])
    data = payload(result, case, found, lines, cut)
    view = {
        "language": n.language,
        "policy": POLICY + (" https:" if online_tiles else ""),
        "styles": pages.asset("tokens.css") + pages.asset("map.css"),
        "script": pages.asset("map.js"),
        "data": embedded(data),
        "run": text(result.summary.get("run_id")),
        "as_of": n.day(case.settings.as_of),
        "leaflet": LEAFLET,
        "height": _height_px([[v / 100 for v in corner] for corner in data["view"]]),
        "modes": [{"key": m, "name": MODE_NAMES[m]} for m in MODES],
        "insets": insets(result, case, land_of(0.0 - TURN / 2), n),
        "carrier_map": carrier is not None,
        "several_carriers": len(data["carriers"]) > 1,
        "empty": not found,
        "lead": _lead(result, case, found, n),
        **_heading(result, case, carrier, n),
    }
    return folium_page(view, cut, online_tiles)


def _heading(result: Result, case: Case, carrier: str | None, n: Numbers) -> dict[str, Any]:
    """Title, line below and status; a carrier's map says nothing of the plan as a whole."""
    units = sum(int(number(s["load_units"])) for s in result.shipments)
    settings = case.settings
    parts = [
        n.days(settings.period_from, settings.period_to),
        pages.count(units, "load unit", "load units", n),
        pages.count(len(result.shipments), "shipment", "shipments", n),
    ]
    if carrier is not None:
        title = f"Transports of {case.carriers[carrier].name}"
        return {"title": title, "about": " · ".join(parts), "status": None}
    carriers = {text(leg["carrier"]) for leg in result.transport} - {""}
    parts.append(pages.count(len(carriers), "carrier", "carriers", n))
    return {
        "title": pages.title_of(result.summary),
        "about": " · ".join(parts),
        "status": pages.status_of(result.summary, n),
    }


def _lead(result: Result, case: Case, found: Sequence[Flow], n: Numbers) -> str:
    """One finding, counted: the main mode, the widest flow, and whether anything flies."""
    work = {m: s["activity_tkm"] for m, s in result.by_mode().items() if m != "hub"}
    whole = sum(work.values())
    if not whole:
        return "No transport is planned in this period."
    first = max(work, key=lambda m: work[m])
    flies = "" if work.get("air") else "; nothing flies"
    words = f"{MODE_NAMES[first]} does {n.percent(work[first] / whole)} of the work{flies}. "
    far = [f for f in found if f.mode == first and f.load_units]
    if not far:
        return words.strip() if len(work) > 1 else f"{len(found)} flows of part loads."
    widest = max(far, key=lambda f: f.load_units)
    ends = [case.places[p].name for p in (widest.origin, widest.destination)]
    units = pages.count(widest.load_units, "load unit", "load units", n)
    flow = f"widest flow is {ends[0]} to {ends[1]} with {units}."
    return f"{words}Its {flow}" if len(work) > 1 else f"The {flow}"


def _line(case: Case, flow: Flow) -> list[LonLat]:
    line = case.distances.line(flow.origin, flow.destination, flow.mode)
    return [(float(lon), float(lat)) for lon, lat in line]


def payload(
    result: Result,
    case: Case,
    found: Sequence[Flow],
    lines: Sequence[tuple[str, Sequence[LonLat]]],
    cut: float,
) -> dict[str, Any]:
    """What `map.js` draws from: no money, no ids, coordinates in hundredths of a degree."""
    carriers = sorted(
        {p.carrier for f in found for p in f.parts}, key=lambda c: (case.carriers[c].name, c)
    )
    weeks = _weeks(found)
    week_at = {w: i for i, w in enumerate(weeks)}
    carrier_at = {c: i for i, c in enumerate(carriers)}
    touched = sizes(found)
    ids = sorted(touched, key=lambda p: (-touched[p], p))
    place_at = {p: i for i, p in enumerate(ids)}
    pieces = strands(lines, cut)
    return {
        "modes": [{"key": m, "name": MODE_NAMES[m]} for m in MODES],
        "carriers": [case.carriers[c].name for c in carriers],
        "weeks": [[w.isocalendar().year, w.isocalendar().week] for w in weeks],
        "places": [
            {
                "name": case.places[p].name,
                "shape": SHAPES.get(case.places[p].kind, "square"),
                "at": _grid(case.places[p].lat, place_in_world(case.places[p].lon, cut)),
            }
            for p in ids
        ],
        "flows": [
            {
                "ends": [place_at[f.origin], place_at[f.destination]],
                "mode": MODES.index(f.mode),
                "km": round(f.distance_km),
                "parts": [
                    [
                        carrier_at[p.carrier],
                        week_at[p.week],
                        p.load_units,
                        round(p.mass_kg / 1000, 1),
                    ]
                    for p in f.parts
                ],
            }
            for f in found
        ],
        "strands": [
            {"mode": MODES.index(s.mode), "flows": list(s.flows), "line": _steps(s.points)}
            for s in pieces
        ],
        "departures": _departures(result, carrier_at, week_at),
        "view": [_grid(*corner) for corner in _view([s.points for s in pieces], cut)],
        "world": [_grid(SOUTH, cut), _grid(NORTH, cut + TURN)],
    }


def _grid(lat: float, lon: float) -> list[int]:
    """A point in hundredths of a degree, as all points of the payload are."""
    return [round(100 * lat), round(100 * lon)]


def _weeks(found: Sequence[Flow]) -> list[Any]:
    """Every week from the first to the last departure, those without one too."""
    from datetime import timedelta

    used = sorted({p.week for f in found for p in f.parts})
    if not used:
        return []
    span = (used[-1] - used[0]).days // 7
    return [used[0] + timedelta(weeks=i) for i in range(span + 1)]


def _steps(points: Sequence[LonLat]) -> list[int]:
    """The first point and then the steps to the next, in hundredths of a degree."""
    flat, x, y = [], 0, 0
    for lon, lat in points:
        to = (round(lon * 100), round(lat * 100))
        flat += [to[0] - x, to[1] - y]
        x, y = to
    return flat


def _departures(
    result: Result, carrier_at: Mapping[str, int], week_at: Mapping[Any, int]
) -> list[list[Any]]:
    """Load units by week and by the modes and carriers they use, so that each counts once."""
    used: dict[str, set[tuple[int, int]]] = {}
    for leg in result.transport:
        pair = (MODES.index(text(leg["mode"])), carrier_at[text(leg["carrier"])])
        used.setdefault(text(leg["shipment_id"]), set()).add(pair)
    departs = departures(result.shipments, result.legs)
    sums: dict[tuple[int, tuple[tuple[int, int], ...]], int] = {}
    for shipment in result.shipments:
        key = text(shipment["shipment_id"])
        when = departs.get(key)
        if key in used and when is not None and monday(when) in week_at:
            where = (week_at[monday(when)], tuple(sorted(used[key])))
            sums[where] = sums.get(where, 0) + int(number(shipment["load_units"]))
    return [
        [week, units, [list(p) for p in pairs]] for (week, pairs), units in sorted(sums.items())
    ]


def _view(lines: Sequence[Sequence[LonLat]], cut: float) -> list[list[float]]:
    """The part of the world to show first: all flows with a margin."""
    points = [p for line in lines for p in line] or [(cut, SOUTH), (cut + TURN, NORTH)]
    west, east = (f(lon for lon, _ in points) for f in (min, max))
    south, north = (f(lat for _, lat in points) for f in (min, max))
    margin = max(0.04 * (east - west), 0.12 * (north - south), 0.4)
    aside = max(margin, (SMALLEST_VIEW - (east - west)) / 2)
    above = max(margin, (SMALLEST_VIEW / 2 - (north - south)) / 2)
    return [
        [max(south - above, SOUTH), max(west - aside, cut)],
        [min(north + above, NORTH), min(east + aside, cut + TURN)],
    ]


def _height_px(view: Sequence[Sequence[float]]) -> int:
    """How high the map is so that the first view fills it (Mercator)."""

    def up(lat: float) -> float:
        return math.degrees(math.asinh(math.tan(math.radians(lat))))

    (south, west), (north, east) = view
    wanted = WIDTH_PX * (up(north) - up(south)) / (east - west)
    return round(min(max(wanted, HEIGHT_PX[0]), HEIGHT_PX[1]))


def embedded(data: Mapping[str, Any]) -> str:
    """JSON for a script element: no character in it can end the element or open another."""
    plain = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for char in "<>&\u2028\u2029":
        plain = plain.replace(char, f"\\u{ord(char):04x}")
    return plain
