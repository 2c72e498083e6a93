"""shipments.gpkg and legs.geojson: every row with its columns, cut at the 180th meridian."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import geopandas
import pandas as pd
import pyogrio
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowhaul.result_tables import LEGS, SHIPMENTS
from scenarios.flows import LonLat, unwrapped
from scenarios.geo_files import PLACE_COLUMNS, cut_at_meridian, write_geo_files
from tests.scenarios.synthetic import Synthetic, make


@pytest.fixture(scope="module")
def plan() -> Synthetic:
    return make(60)


@pytest.fixture(scope="module")
def folder(plan: Synthetic, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("geo")
    write_geo_files(made, plan.tables, plan.case)
    return made


@pytest.fixture(scope="module")
def features(folder: Path) -> list[dict[str, Any]]:
    document = json.loads((folder / "legs.geojson").read_text("utf-8"))
    assert set(document) == {"type", "features"}, "RFC 7946 knows no crs"
    assert document["type"] == "FeatureCollection"
    found: list[dict[str, Any]] = document["features"]
    return found


def _parts(geometry: dict[str, Any]) -> list[list[list[float]]]:
    many = geometry["type"] == "MultiLineString"
    return geometry["coordinates"] if many else [geometry["coordinates"]]


def test_a_line_over_the_pacific_is_cut_at_the_meridian() -> None:
    """From 170 E to 170 W, north by 20 degrees: it reaches 180 in the middle, at 10 N."""
    pieces = cut_at_meridian([(170.0, 0.0), (190.0, 20.0)])
    assert pieces == (((170.0, 0.0), (180.0, 10.0)), ((-180.0, 10.0), (-170.0, 20.0)))
    west = cut_at_meridian([(-170.0, 20.0), (170.0, 0.0)])
    assert west == (((-170.0, 20.0), (-180.0, 10.0)), ((180.0, 10.0), (170.0, 0.0)))


def test_a_line_that_crosses_nothing_stays_in_one_piece() -> None:
    assert cut_at_meridian([(10.0, 50.0), (20.0, 55.0)]) == (((10.0, 50.0), (20.0, 55.0)),)
    assert cut_at_meridian([(170.0, 0.0), (180.0, 5.0)]) == (((170.0, 0.0), (180.0, 5.0)),)


def test_two_places_at_one_spot_are_a_line_without_length() -> None:
    assert cut_at_meridian([(10.0, 50.0), (10.0, 50.0)]) == (((10.0, 50.0), (10.0, 50.0)),)


@given(st.lists(st.tuples(st.floats(-540, 540), st.floats(-80, 80)), min_size=2, max_size=12))
def test_pieces_stay_in_the_world_and_lose_nothing(line: list[LonLat]) -> None:
    """No step over more than half the world, and the ends are those of the line."""
    pieces = cut_at_meridian(line)
    for piece in pieces:
        assert len(piece) > 1
        assert all(-180 <= lon <= 180 for lon, _ in piece)
        for (a, _), (b, _) in itertools.pairwise(piece):
            assert abs(b - a) <= 180.01
    for before, after in itertools.pairwise(pieces):
        assert {abs(before[-1][0]), abs(after[0][0])} == {180.0}
        assert before[-1][1] == pytest.approx(after[0][1], abs=1e-4)
    whole = unwrapped(line)
    for piece, end in ((pieces[0][0], whole[0]), (pieces[-1][-1], whole[-1])):
        assert (piece[0] - end[0]) % 360 == pytest.approx(0, abs=0.02) or (
            piece[0] - end[0]
        ) % 360 == pytest.approx(360, abs=0.02)


def test_every_leg_is_a_feature_with_the_columns_of_its_table(
    plan: Synthetic, features: list[dict[str, Any]]
) -> None:
    legs = plan.tables["legs"]
    assert len(features) == len(legs)
    for feature, row in zip(features, legs.to_dict("records"), strict=True):
        said = feature["properties"]
        assert tuple(said) == LEGS.names
        for name in ("tce_id", "shipment_id", "kind", "from", "to", "carrier", "depart"):
            assert said[name] == row[name]
        for name in ("mass_kg", "load_units", "co2e_wtw_kg", "cost"):
            assert said[name] == pytest.approx(row[name])
        assert said["covered"] is (row["covered"] == "yes")


def test_ways_are_lines_and_hubs_are_points(
    plan: Synthetic, features: list[dict[str, Any]]
) -> None:
    places = plan.case.places
    for feature in features:
        said, geometry = feature["properties"], feature["geometry"]
        start, end = places[said["from"]], places[said["to"]]
        if said["kind"] == "hub":
            assert geometry == {"type": "Point", "coordinates": [start.lon, start.lat]}
            continue
        parts = _parts(geometry)
        assert parts[0][0] == pytest.approx([start.lon, start.lat])
        assert parts[-1][-1] == pytest.approx([end.lon, end.lat])


def test_pacific_legs_are_two_lines_and_none_runs_around_the_world(
    features: list[dict[str, Any]],
) -> None:
    """Shanghai to Los Angeles ends at 180 E and goes on at 180 W."""
    kinds = set()
    for feature in features:
        said, geometry = feature["properties"], feature["geometry"]
        if said["kind"] == "hub":
            continue
        for part in _parts(geometry):
            for (a, _), (b, _) in itertools.pairwise(part):
                assert abs(b - a) < 180
        if (said["from"], said["to"]) == ("SHA", "LAX"):
            kinds.add(geometry["type"])
            east, west = _parts(geometry)
            assert (east[-1][0], west[0][0]) == (180, -180)
            assert east[-1][1] == west[0][1]
    assert kinds == {"MultiLineString"}


def test_the_geopackage_has_shipments_and_places(plan: Synthetic, folder: Path) -> None:
    path = folder / "shipments.gpkg"
    assert pyogrio.list_layers(path).tolist() == [
        ["shipments", "MultiLineString"],
        ["places", "Point"],
    ]
    shipments = geopandas.read_file(path, layer="shipments")
    places = geopandas.read_file(path, layer="places")
    assert shipments.crs == places.crs == "EPSG:4326"
    assert tuple(shipments.columns[:-1]) == SHIPMENTS.names
    assert tuple(places.columns[:-1]) == PLACE_COLUMNS
    table = plan.tables["shipments"]
    assert list(shipments["shipment_id"]) == list(table["shipment_id"])
    assert shipments["mass_kg"].sum() == pytest.approx(table["mass_kg"].sum())
    assert shipments["load_units"].sum() == table["load_units"].sum()
    assert list(shipments["arrival_date"].dt.date.astype(str)) == list(table["arrival_date"])
    assert shipments["cutoff_date"].isna().all()
    assert list(shipments["on_time"]) == [v == "yes" for v in table["on_time"]]
    legs = plan.tables["legs"]
    assert set(places["location_id"]) == set(legs["from"]) | set(legs["to"])
    assert shipments.total_bounds[0] == -180
    for row in shipments.itertuples():
        for piece in row.geometry.geoms:
            steps = [b[0] - a[0] for a, b in itertools.pairwise(piece.coords)]
            assert max(map(abs, steps)) < 180


def test_the_same_plan_gives_the_same_bytes(
    plan: Synthetic, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A GeoPackage notes when it was changed: it is the day of the plan and not that of writing."""
    write_geo_files(tmp_path, plan.tables, plan.case)
    assert {p.name for p in tmp_path.iterdir()} == {"shipments.gpkg", "legs.geojson"}
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (folder / path.name).read_bytes()
    changed = pyogrio.read_dataframe(
        tmp_path / "shipments.gpkg",
        sql="SELECT last_change FROM gpkg_contents",
        read_geometry=False,
    )
    assert {str(v)[:10] for v in changed["last_change"]} == {"2025-12-15"}


def test_an_empty_plan_has_empty_layers_with_their_columns(plan: Synthetic, tmp_path: Path) -> None:
    tables: dict[str, pd.DataFrame] = {n: f.iloc[0:0] for n, f in plan.tables.items()}
    write_geo_files(tmp_path, tables, plan.case)
    info = pyogrio.read_info(tmp_path / "shipments.gpkg", layer="shipments")
    assert info["features"] == 0
    assert tuple(info["fields"]) == SHIPMENTS.names
    assert json.loads((tmp_path / "legs.geojson").read_text("utf-8"))["features"] == []
