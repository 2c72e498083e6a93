"""The sea network: each trap of the searoute package is one test."""

from __future__ import annotations

import pytest
import searoute
from searoute.classes.passages import Passage

from routing import sea
from routing.geo import great_circle_km, line_km, ports
from routing.sea import NoSeaRoute, UnknownPassage, closed_set, sea_route, sea_warnings

SHANGHAI, ROTTERDAM = (121.5, 31.2167), (4.14, 51.95)
LOS_ANGELES, BUSAN, HALIFAX = (-118.25, 33.75), (129.04, 35.1), (-63.57, 44.65)
PORT_SAID, SOKHNA = (32.31, 31.26), (32.36, 29.65)
BALBOA, COLON = (-79.5667, 8.95), (-79.9, 9.35)
ODESSA, JEBEL_ALI = (30.73, 46.5), (55.0567, 25.0072)
OPEN = closed_set(())
NAMES = ("A", "B")


def test_the_northwest_passage_is_closed_whatever_else_is_named() -> None:
    assert closed_set(["suez"]) == {"suez", "northwest"}
    # searoute itself opens it as soon as another passage is named
    theirs = searoute.searoute(BUSAN, ROTTERDAM, restrictions=["suez"], return_passages=True)
    searoute.setup_M().restrictions = [Passage.northwest]
    assert "northwest" in theirs.properties["traversed_passages"]
    ours = sea_route(BUSAN, ROTTERDAM, closed_set(["suez"]))
    assert "northwest" not in ours.passages


def test_closing_suez_alone_goes_through_panama_and_says_so() -> None:
    closed = closed_set(["suez"])
    route = sea_route(SHANGHAI, ROTTERDAM, closed)
    assert route.passages == ("panama",)
    assert any("close panama too" in w for w in sea_warnings(route, closed, NAMES))

    both = closed_set(["suez", "panama"])
    cape = sea_route(SHANGHAI, ROTTERDAM, both)
    assert "south_africa" in cape.passages
    assert cape.km > route.km
    assert not any("panama" in w for w in sea_warnings(cape, both, NAMES))


def test_panama_is_no_surprise_where_suez_is_open() -> None:
    route = sea_route(SHANGHAI, (-81.1, 32.0833), OPEN)
    assert "panama" in route.passages
    assert not any("panama" in w for w in sea_warnings(route, OPEN, NAMES))


@pytest.mark.parametrize("name", ["suezz", "Suez", "cape", ""])
def test_misspelt_passages_are_refused_with_the_known_names(name: str) -> None:
    with pytest.raises(UnknownPassage, match=r"Known are: babalmandab, .*suez, sunda"):
        closed_set([name])


def test_the_known_passages_are_those_of_the_package_and_its_network() -> None:
    on_the_network = {d.get("passage") for _, _, d in searoute.setup_M().edges(data=True)}
    theirs = {name for name in Passage.valid_passages() if isinstance(name, str)}
    assert set(sea.PASSAGES) == theirs | {"dardanelles"}
    assert set(sea.PASSAGES) <= on_the_network


def test_no_way_is_an_error_and_never_0_km() -> None:
    with pytest.raises(NoSeaRoute, match="No way at sea with these passages closed: bosporus"):
        sea_route(ODESSA, ROTTERDAM, closed_set(["bosporus"]))
    with pytest.raises(NoSeaRoute, match="ormuz"):
        sea_route(JEBEL_ALI, SHANGHAI, closed_set(["ormuz"]))


def test_two_places_at_one_node_are_an_error() -> None:
    with pytest.raises(NoSeaRoute, match="cannot tell them apart"):
        sea_route(ROTTERDAM, (4.15, 51.951), OPEN)


def test_nothing_is_shorter_than_the_great_circle(monkeypatch: pytest.MonkeyPatch) -> None:
    sample = [p for p in ports().values() if p.container and p.confidence == "A"][::40]
    for a in sample:
        for b in sample[::3]:
            origin, destination = (a.lon, a.lat), (b.lon, b.lat)
            try:
                route = sea_route(origin, destination, OPEN)
            except NoSeaRoute:
                continue
            assert route.km >= great_circle_km(origin, destination) > 0
    monkeypatch.setattr(sea, "line_km", lambda line: 1.0)
    sea._sea_route.cache_clear()  # the answer may be known from another test
    with pytest.raises(NoSeaRoute, match="less than the great circle"):
        sea_route(SHANGHAI, ROTTERDAM, OPEN)


def test_places_far_from_the_network_are_refused_or_named() -> None:
    with pytest.raises(NoSeaRoute, match=r"48\.137, 11\.575 lies \d+ km from the sea network"):
        sea_route((11.575, 48.137), ROTTERDAM, OPEN)
    route = sea_route(SHANGHAI, ROTTERDAM, OPEN)
    assert 25 < route.snap_origin_km < 150
    assert route.snap_destination_km < 5
    warnings = sea_warnings(route, OPEN, ("CNSHA", "NLRTM"))
    assert [w for w in warnings if w.startswith("CNSHA lies 33 km")]
    assert not [w for w in warnings if w.startswith("NLRTM")]


def test_the_way_to_the_network_is_part_of_the_kilometres() -> None:
    route = sea_route(SHANGHAI, ROTTERDAM, OPEN)
    assert (route.line[0], route.line[-1]) == (SHANGHAI, ROTTERDAM)
    assert route.km == pytest.approx(line_km(route.line))
    inner = line_km(route.line[1:-1])
    assert route.km == pytest.approx(inner + route.snap_origin_km + route.snap_destination_km)


def test_the_nearest_node_is_found_on_the_globe_and_not_in_degrees() -> None:
    fiji_side, samoa_side = (179.99, -17.0), (-179.99, -17.0)
    network = sea._network()
    assert great_circle_km(network.nearest(fiji_side)[0], network.nearest(samoa_side)[0]) < 1
    north = (25.5, 65.0)  # Oulu: a degree of longitude is half a degree of latitude
    km = network.nearest(north)[1]
    assert km == pytest.approx(min(great_circle_km(north, n) for n in network._nodes))


def test_the_shared_network_is_never_changed() -> None:
    network = searoute.setup_M()
    before = searoute.searoute(SHANGHAI, ROTTERDAM).properties["length"]
    kept, edges = list(network.restrictions), network.number_of_edges()
    free = sea_route(SHANGHAI, ROTTERDAM, OPEN)
    sea_route(SHANGHAI, ROTTERDAM, closed_set(["suez", "panama", "malacca"]))
    assert (list(network.restrictions), network.number_of_edges()) == (kept, edges)
    assert searoute.searoute(SHANGHAI, ROTTERDAM).properties["length"] == before
    assert sea_route(SHANGHAI, ROTTERDAM, OPEN) == free


def test_restrictions_that_others_leave_behind_do_not_reach_us() -> None:
    free = sea_route(SHANGHAI, ROTTERDAM, OPEN)
    searoute.searoute(SHANGHAI, ROTTERDAM, restrictions=["suez", "panama", "south_africa"])
    try:
        assert sea_route(SHANGHAI, ROTTERDAM, OPEN) == free
    finally:
        searoute.setup_M().restrictions = [Passage.northwest]


def test_short_legs_are_flagged() -> None:
    felixstowe = (1.3167, 51.95)
    short = sea_route(felixstowe, ROTTERDAM, OPEN)
    assert any("500 nautical miles" in w for w in sea_warnings(short, OPEN, NAMES))
    long = sea_route(HALIFAX, ROTTERDAM, OPEN)
    assert sea_warnings(long, OPEN, NAMES) == []


@pytest.mark.parametrize("passage", ["suez", "panama"])
def test_a_canal_is_cut_at_one_edge(passage: str) -> None:
    cut = [
        (u, v)
        for u, v, d in searoute.setup_M().edges(data=True)
        if d.get("passage") == passage and sea._passes(passage, u, v)
    ]
    assert len(cut) == 1
    assert great_circle_km(*cut[0]) < 100


def test_a_closed_canal_leaves_the_ports_at_its_mouths_on_their_own_seas() -> None:
    closed = closed_set(["suez", "panama"])
    assert sea_route(SHANGHAI, SOKHNA, closed).km == sea_route(SHANGHAI, SOKHNA, OPEN).km
    assert sea_route(ROTTERDAM, PORT_SAID, closed).km == sea_route(ROTTERDAM, PORT_SAID, OPEN).km
    assert "suez" not in sea_route(SHANGHAI, SOKHNA, OPEN).passages
    assert sea_route(PORT_SAID, SOKHNA, closed).km > 20000
    assert sea_route(SHANGHAI, BALBOA, closed).km < 17000
    assert sea_route(ROTTERDAM, COLON, closed).km < 9500
    assert sea_route(BALBOA, COLON, closed).km > 10000


def test_both_directions_are_one_way() -> None:
    there = sea_route(SHANGHAI, LOS_ANGELES, OPEN)
    back = sea_route(LOS_ANGELES, SHANGHAI, OPEN)
    assert there.km == back.km
    assert len(there.line) == len(back.line)
    assert there.line[0] == SHANGHAI
    assert back.line[0] == LOS_ANGELES
    assert there.line[-1][0] == pytest.approx(360 - 118.25)
    assert back.line[-1][0] == pytest.approx(121.5 - 360)
