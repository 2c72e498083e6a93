"""What every map stands on: Leaflet inlined, the land in one grey, folium's page in our own."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from scenarios import pages
from scenarios.flows import TURN

LEAFLET = "1.9.4"
NORTH, SOUTH = 84.0, -60.0
TILES = "https://tile.openstreetmap.org/{z}/{x}/{y}.png"
TILES_BY = "© OpenStreetMap contributors"


@cache
def library() -> dict[str, str]:
    """Leaflet as data URLs, so that the file needs no network."""
    kinds = {"js": "text/javascript", "css": "text/css"}
    return {
        kind: f"data:{mime};base64,"
        + base64.b64encode(pages.asset(f"vendor/leaflet.{kind}").encode()).decode("ascii")
        for kind, mime in kinds.items()
    }


@cache
def land_of(cut: float) -> Any:
    """The land of the world that starts at `cut`, as one shape without borders or names."""
    from shapely import box, set_precision

    world = box(cut, SOUTH, cut + TURN, NORTH)
    return set_precision(_land_thrice().intersection(world), 0.01)


@cache
def _land_thrice() -> Any:
    """The land of three turns of the world beside one another, merged."""
    from shapely import affinity, make_valid, union_all
    from shapely.geometry import shape

    source = resources.files("routing").joinpath("data/land.geojson").read_text("utf-8")
    land = union_all([make_valid(shape(f["geometry"])) for f in json.loads(source)["features"]])
    # the cut at the 180th meridian must not show as a line through Siberia: overlap, then merge
    copies = union_all([affinity.translate(land, turn * TURN) for turn in (-1, 0, 1)])
    return copies.buffer(0.02, join_style="mitre").buffer(-0.02, join_style="mitre")


def folium_page(view: Mapping[str, Any], cut: float, online_tiles: bool) -> str:
    """The whole page: folium's map with the land (or tiles of the network), in our template."""
    import folium
    from branca.element import Figure
    from shapely.geometry import mapping

    class Page(Figure):
        """A figure laid out by our own template, which folium's parts are put into."""

        _template = pages.environment().get_template("map.html.j2")

        def __init__(self) -> None:
            super().__init__()
            self.view = view

    world = folium.Map(
        location=[20, cut + TURN / 2],
        zoom_start=1,
        tiles=TILES if online_tiles else None,
        attr=TILES_BY,
        width="100%",
        height=view["height"],
        zoom_snap=0,
        zoom_delta=0.75,
        attribution_control=online_tiles,
        scroll_wheel_zoom=False,
    )
    world._id = "plan"  # the same file from the same plan: no random names
    world.default_js = [("leaflet", library()["js"])]
    world.default_css = [("leaflet_css", library()["css"])]
    if not online_tiles:
        style = {"className": "land", "stroke": False, "fillOpacity": 1, "fillColor": "var(--land)"}
        layer = folium.GeoJson(
            {"type": "Feature", "properties": {}, "geometry": mapping(land_of(cut))},
            style_function=lambda _feature: style,
            interactive=False,
            control=False,
            smooth_factor=0.5,
        )
        layer._id = "land"
        layer.add_to(world)
    page = Page()
    page._id = "page"
    page.add_child(world)
    return str(page.render())
