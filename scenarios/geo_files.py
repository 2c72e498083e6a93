"""The plan for geographic information systems: `shipments.gpkg` and `legs.geojson`.

Both hold the columns of their result tables. Lines are those of the map: at sea the network's, on
land and in the air a sketch of which places are joined; they are simplified to about a kilometre.
A line that crosses the 180th meridian is cut there (RFC 7946, section 3.1.9), so that it is drawn
over the Pacific and not around the world.
"""

from __future__ import annotations

import json
import math
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lowhaul.columns import Column, Table
from lowhaul.result_tables import LEGS, SHIPMENTS
from lowhaul.writing import write_text
from scenarios.figures import Row, day, text, yes
from scenarios.flows import LonLat, into_world, unwrapped

if TYPE_CHECKING:
    import pandas as pd

    from routing.case import Case

SHIPMENTS_FILE, LEGS_FILE = "shipments.gpkg", "legs.geojson"
CRS = "EPSG:4326"
MERIDIAN = -180.0
TOLERANCE_DEGREES = 0.01
DECIMALS = 5
"""Of a degree: about a metre."""
PLACE_COLUMNS = ("location_id", "name", "kind", "country", "unlocode", "lat", "lon")

Pieces = tuple[tuple[LonLat, ...], ...]


def write_geo_files(folder: Path, tables: Mapping[str, pd.DataFrame], case: Case) -> None:
    """Write both files into `folder`; the same plan gives the same bytes."""
    lines = Lines(case)
    legs = typed_rows(LEGS, tables["legs"])
    write_text(legs_geojson(legs, lines), folder / LEGS_FILE)
    shipments = typed_rows(SHIPMENTS, tables["shipments"])
    _write_geopackage(folder / SHIPMENTS_FILE, shipments, legs, lines)


class Lines:
    """The lines between places, cut at the 180th meridian; each is made once."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self._known: dict[tuple[str, str, str], Pieces] = {}

    def pieces(self, leg: Row) -> Pieces:
        """The line of a leg: one piece, or more where it crosses the meridian."""
        key = (leg["from"], leg["to"], leg["mode"])
        if key not in self._known:
            self._known[key] = cut_at_meridian(self.case.distances.line(*key))
        return self._known[key]

    def point(self, place: str) -> LonLat:
        """Where a place is."""
        at = self.case.places[place]
        return _rounded((place_longitude(at.lon), at.lat))

    @cached_property
    def texts(self) -> dict[tuple[str, str, str], str]:
        """Geometries as GeoJSON that were written before, by their leg."""
        return {}


def place_longitude(lon: float) -> float:
    """The same longitude between -180 and 180."""
    return lon if -180.0 <= lon <= 180.0 else (lon + 180.0) % 360.0 - 180.0


def cut_at_meridian(points: Sequence[LonLat]) -> Pieces:
    """A line between -180 and 180 degrees: simplified, and cut where it crosses the meridian."""
    line = unwrapped([(float(lon), float(lat)) for lon, lat in points])
    pieces = [tuple(map(_rounded, piece)) for piece in into_world(_simple(line), MERIDIAN)]
    whole = tuple(p for p in pieces if len(set(p)) > 1)
    return whole or tuple(pieces[:1])  # two places at one spot: a line without length


def _simple(line: list[LonLat]) -> list[LonLat]:
    if len(line) < 3:
        return line if len(line) > 1 else line * 2
    from shapely import LineString, simplify

    found = simplify(LineString(line), TOLERANCE_DEGREES, preserve_topology=False).coords
    return [(x, y) for x, y in found] if len(found) > 1 else [line[0], line[-1]]


def _rounded(point: LonLat) -> LonLat:
    return (round(point[0], DECIMALS), round(point[1], DECIMALS))


def typed_rows(table: Table, frame: pd.DataFrame) -> list[Row]:
    """The declared columns of a result table as plain values; blank numbers and days are None."""
    columns = []
    for column in table.columns:
        values = frame[column.name].tolist() if column.name in frame else [None] * len(frame)
        columns.append([_value(column, value) for value in values])
    return [dict(zip(table.names, row, strict=True)) for row in zip(*columns, strict=True)]


def _value(column: Column, value: Any) -> str | int | float | bool | date | None:
    if column.kind == "date":
        return day(value)
    shown = text(value)
    if not shown:
        return None if column.kind in ("number", "integer", "yesno") else ""
    if column.kind == "yesno":
        return yes(value)
    if column.kind in ("number", "integer"):
        number = float(value)
        return (
            int(number) if column.kind == "integer" else number if math.isfinite(number) else None
        )
    return shown


# ---- GeoJSON


def legs_geojson(legs: Iterable[Row], lines: Lines) -> str:
    """Every row of legs.csv as a feature: ways as lines, hubs as points (RFC 7946)."""
    features = ",\n".join(_feature(leg, lines) for leg in legs)
    return '{"type":"FeatureCollection","features":[\n' + features + "\n]}\n"


def _feature(leg: Row, lines: Lines) -> str:
    properties = {k: v.isoformat() if isinstance(v, date) else v for k, v in leg.items()}
    geometry = _geometry(leg, lines)
    return (
        f'{{"type":"Feature","geometry":{geometry},"properties":'
        + json.dumps(properties, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        + "}"
    )


def _geometry(leg: Row, lines: Lines) -> str:
    key = (leg["from"], leg["to"], leg["mode"])
    if key not in lines.texts:
        shape: dict[str, Any]
        if leg["kind"] == "hub":
            shape = {"type": "Point", "coordinates": lines.point(leg["from"])}
        else:
            pieces = lines.pieces(leg)
            shape = {"type": "LineString", "coordinates": pieces[0]}
            if len(pieces) > 1:
                shape = {"type": "MultiLineString", "coordinates": pieces}
        lines.texts[key] = json.dumps(shape, separators=(",", ":"))
    return lines.texts[key]


# ---- GeoPackage


def _write_geopackage(
    path: Path, shipments: Sequence[Row], legs: Iterable[Row], lines: Lines
) -> None:
    """Layers `shipments` (the ways of each, as one multi-line) and `places`."""
    import geopandas
    import pyogrio
    from shapely import MultiLineString, Point

    ways: dict[str, list[Row]] = defaultdict(list)
    used: set[str] = set()
    for leg in legs:
        used |= {leg["from"], leg["to"]}
        if leg["kind"] == "transport":
            ways[leg["shipment_id"]].append(leg)
    places = [lines.case.places[p] for p in sorted(used)]
    layers = {
        "shipments": geopandas.GeoDataFrame(
            _arrow_columns(SHIPMENTS, shipments),
            geometry=[
                MultiLineString(list(_pieces_of(ways[s["shipment_id"]], lines))) for s in shipments
            ],
            crs=CRS,
        ),
        "places": geopandas.GeoDataFrame(
            {name: [getattr(p, name, p.location_id) for p in places] for name in PLACE_COLUMNS},
            geometry=[Point(lines.point(p.location_id)) for p in places],
            crs=CRS,
        ),
    }
    # the format notes when it was changed last: the day the plan was made for, not that of writing
    kinds = {"shipments": "MultiLineString", "places": "Point"}
    settled = {"OGR_CURRENT_DATE": f"{lines.case.settings.as_of}T00:00:00.000Z"}
    pyogrio.set_gdal_config_options(settled)
    draft = Path(tempfile.mkdtemp(prefix=".geo.", dir=path.parent))
    try:
        for name, layer in layers.items():
            layer.to_file(draft / path.name, layer=name, driver="GPKG", engine="pyogrio",
                          use_arrow=True, geometry_type=kinds[name])  # fmt: skip
        (draft / path.name).replace(path)
    finally:
        pyogrio.set_gdal_config_options(dict.fromkeys(settled))
        shutil.rmtree(draft, ignore_errors=True)


def _pieces_of(legs: Iterable[Row], lines: Lines) -> Iterator[tuple[LonLat, ...]]:
    for leg in legs:
        yield from lines.pieces(leg)


def _arrow_columns(table: Table, rows: Sequence[Row]) -> Mapping[str, Any]:
    """Typed columns, so that an empty table too has days, whole numbers and yes/no."""
    import pandas as pd
    import pyarrow as pa

    types = {"date": pa.date32(), "number": pa.float64(), "integer": pa.int64(),
             "yesno": pa.bool_()}  # fmt: skip
    return {
        c.name: pd.Series(
            [row[c.name] for row in rows], dtype=pd.ArrowDtype(types.get(c.kind, pa.string()))
        )
        for c in table.columns
    }
