"""Where places lie, and lines between them: coordinates of ports and cities, the geodesic, land.

Coordinates are WGS84 degrees. Lines are lists of (longitude, latitude), as GeoJSON has them. The
tables come with the package (routing/data, sources in docs/distances.md); none is for navigation.
"""

from __future__ import annotations

import csv
import json
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from lowhaul.units import METRE, round_half_up

LonLat = tuple[float, float]


@dataclass(frozen=True)
class Port:
    """One row of ports.csv. `confidence`: A two sources agree within 50 km, B one source, C two
    sources 50 to 150 km apart."""

    unlocode: str
    name: str
    country: str
    lat: float
    lon: float
    container: bool
    confidence: str
    source: str


@dataclass(frozen=True)
class City:
    """One row of cities.csv: a place of 100,000 people or more (GeoNames, CC BY 4.0)."""

    country: str
    name: str
    admin1: str
    lat: float
    lon: float

    def __str__(self) -> str:
        return f"{self.name}, {self.country}-{self.admin1} ({self.lat}, {self.lon})"


@dataclass(frozen=True)
class RhineMark:
    """One row of rhine_km.csv: a point of the river and its official kilometre."""

    point: str
    rhine_km: float
    lat: float
    lon: float
    evidence: str


@dataclass(frozen=True)
class Circuity:
    """One row of circuity.csv: driven kilometres over great-circle kilometres.

    `evidence`: SEEN in the source named, QUOTED by somebody else, RECALLED from memory.
    """

    country: str
    mode: str
    factor: float
    evidence: str
    source: str


def package_rows(name: str) -> list[dict[str, str]]:
    """The rows of one CSV file of the package's data, as text."""
    text = (files("routing") / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


@lru_cache(maxsize=1)
def ports() -> Mapping[str, Port]:
    """All known ports by UN/LOCODE."""
    return {
        r["unlocode"]: Port(
            r["unlocode"],
            r["name"],
            r["country"],
            float(r["lat"]),
            float(r["lon"]),
            r["container"] == "yes",
            r["confidence"],
            r["source"],
        )
        for r in package_rows("ports.csv")
    }


@lru_cache(maxsize=1)
def cities() -> Mapping[tuple[str, str], tuple[City, ...]]:
    """Cities by (country, folded name); a name may stand for several."""
    found: dict[tuple[str, str], list[City]] = defaultdict(list)
    for r in package_rows("cities.csv"):
        city = City(r["country"], r["name"], r["admin1"], float(r["lat"]), float(r["lon"]))
        found[city.country, folded(city.name)].append(city)
    return {key: tuple(value) for key, value in found.items()}


@lru_cache(maxsize=1)
def rhine_marks() -> tuple[RhineMark, ...]:
    """The kilometre marks of the navigable Rhine, upstream first."""
    marks = [
        RhineMark(r["point"], float(r["rhine_km"]), float(r["lat"]), float(r["lon"]), r["evidence"])
        for r in package_rows("rhine_km.csv")
    ]
    return tuple(sorted(marks, key=lambda mark: mark.rhine_km))


@lru_cache(maxsize=1)
def circuity() -> Mapping[tuple[str, str], Circuity]:
    """Circuity factors by (country, mode); country `default` stands for all others."""
    return {
        (r["country"], r["mode"]): Circuity(
            r["country"], r["mode"], float(r["factor"]), r["evidence"], r["source"]
        )
        for r in package_rows("circuity.csv")
    }


@lru_cache(maxsize=1)
def land() -> Mapping[str, Any]:
    """Country outlines as GeoJSON, cut at the 180th meridian (Natural Earth, public domain).

    Properties: `name` and `country` (ISO 3166 alpha-2, empty where it has no code).
    """
    text = (files("routing") / "data" / "land.geojson").read_text(encoding="utf-8")
    loaded: Mapping[str, Any] = json.loads(text)
    return loaded


def folded(name: str) -> str:
    """A name for comparison: no case, no double blanks, one Unicode form."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def clean_unlocode(unlocode: str) -> str:
    """A UN/LOCODE as the tables hold it: `de ham` -> `DEHAM`."""
    return "".join(unlocode.split()).upper()


def same_port(unlocode: str) -> frozenset[str]:
    """All codes in use for that port (CNSHA, CNSGH, CNSHG ...), itself included."""
    code = clean_unlocode(unlocode)
    return _alias_groups().get(code, frozenset({code}))


def find_port(unlocode: str) -> Port | None:
    """The port of a UN/LOCODE, through the other codes in use for it; None if unknown."""
    code = clean_unlocode(unlocode)
    if code in ports():
        return ports()[code]
    known = [ports()[c] for c in sorted(same_port(code)) if c in ports()]
    return min(known, key=lambda p: (p.confidence, not p.container, p.unlocode), default=None)


def resolve_coordinates(unlocode: str) -> tuple[float, float] | None:
    """(lat, lon) of a UN/LOCODE, through the other codes in use for it; None if unknown."""
    port = find_port(unlocode)
    return (port.lat, port.lon) if port else None


def find_cities(name: str, country: str) -> tuple[City, ...]:
    """The cities of exactly that name in a country; more than one is for the planner to decide."""
    return cities().get((country.strip().upper(), folded(name)), ())


def great_circle_km(a: LonLat, b: LonLat) -> float:
    """The geodesic on the WGS84 ellipsoid between two (lon, lat) points, km."""
    return float(_geod().inv(a[0], a[1], b[0], b[1])[2]) / 1000


def great_circles_m(lon_a: Any, lat_a: Any, lon_b: Any, lat_b: Any) -> Any:
    """The same for arrays of degrees, in metres."""
    return _geod().inv(lon_a, lat_a, lon_b, lat_b)[2]


def line_km(line: Sequence[LonLat]) -> float:
    """The length of a line whose stretches are geodesics, km."""
    return float(_geod().line_length([p[0] for p in line], [p[1] for p in line])) / 1000


def great_circle_line(a: LonLat, b: LonLat, step_km: float = 250.0) -> tuple[LonLat, ...]:
    """The geodesic as a line with a point about every `step_km` (31 between at most)."""
    if a == b:
        return (a, b)
    between = min(31, int(great_circle_km(a, b) // step_km) + 1)
    points = _geod().npts(a[0], a[1], b[0], b[1], between)
    rounded = [(round_half_up(x, 5), round_half_up(y, 5)) for x, y in points]
    return unwrapped([a, *rounded, b])


def unwrapped(line: Sequence[LonLat]) -> tuple[LonLat, ...]:
    """The line with longitudes that go on over the 180th meridian (181, not -179).

    The first point is brought into -180..180; the others follow it by the shorter side.
    """
    points: list[LonLat] = []
    previous = 0.0
    for lon, lat in line:
        turns = -((lon - previous + 180.0) // 360.0)
        lon = lon + 360.0 * turns
        points.append((round_half_up(lon, 9) if turns else lon, lat))
        previous = lon
    return tuple(points)


def countries_crossed(line: Sequence[LonLat], among: frozenset[str]) -> tuple[str, ...]:
    """Those of the countries `among` (ISO alpha-2) whose land a line crosses, sorted."""
    from shapely import LineString
    from shapely.affinity import translate

    # A line over the 180th meridian leaves the frame of the outlines: try it one turn away too.
    drawn = LineString(line)
    copies = [drawn, translate(drawn, xoff=360.0), translate(drawn, xoff=-360.0)]
    outlines = _outlines()
    return tuple(
        sorted(
            country
            for country in among
            if country in outlines and any(outlines[country].intersects(c) for c in copies)
        )
    )


def kilometre_text(km: float) -> str:
    """Kilometres for a sentence: `1234.5`."""
    return f"{round_half_up(km, METRE):g}"


@lru_cache(maxsize=1)
def _outlines() -> Mapping[str, Any]:
    from shapely.geometry import shape
    from shapely.ops import unary_union

    parts: dict[str, list[Any]] = defaultdict(list)
    for feature in land()["features"]:
        if country := feature["properties"]["country"]:
            parts[country].append(shape(feature["geometry"]))
    return {country: unary_union(shapes) for country, shapes in parts.items()}


@lru_cache(maxsize=1)
def _alias_groups() -> Mapping[str, frozenset[str]]:
    """Codes that are joined by port_aliases.csv, directly or through others."""
    groups: dict[str, frozenset[str]] = {}
    for r in package_rows("port_aliases.csv"):
        a, b = r["unlocode"], r["same_port_as"]
        joined = groups.get(a, frozenset({a})) | groups.get(b, frozenset({b}))
        for code in joined:
            groups[code] = joined
    return groups


@lru_cache(maxsize=1)
def _geod() -> Any:
    from pyproj import Geod

    return Geod(ellps="WGS84")
