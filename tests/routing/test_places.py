"""Names become places: by UN/LOCODE and its aliases, own id, exact name and country."""

from __future__ import annotations

import pytest

from routing import geo
from routing.geo import find_port, great_circle_km, resolve_coordinates, same_port, unwrapped
from routing.places import (
    AmbiguousPlace,
    Place,
    UnknownPlace,
    find_coordinates,
    resolve_place,
)


def place(place_id: str, name: str, country: str, unlocode: str = "") -> Place:
    return Place(place_id, name, "port", country, 1.0, 2.0, unlocode)


PLACES = {
    p.location_id: p
    for p in (
        place("SH", "Shanghai", "CN", "CNSHA"),
        place("MUC-PLANT", "Plant South", "DE"),
        place("JZ-A", "Jinzhou", "CN"),
        place("JZ-B", "Jinzhou", "CN"),
        place("SJ-CR", "San José", "CR"),
        place("SJ-US", "San Jose", "US"),
        place("V-ES", "Valencia", "ES", "ESVLC"),
        place("V-VE", "Valencia", "VE"),
        place("DEHAM", "Hamburg gate", "DE", "DEHAM"),
        place("HAM-2", "Hamburg south", "DE", "DEHAM"),
        place("NLRTM", "An id that looks like a code", "DE"),
        place("RTM", "Rotterdam", "NL", "NLRTM"),
    )
}


@pytest.mark.parametrize("code", ["CNSHA", "CNSGH", "CNSHG", "cn sha"])
def test_codes_of_one_port_are_one_place(code: str) -> None:
    assert resolve_place(code, PLACES).location_id == "SH"


def test_the_code_goes_before_the_own_id() -> None:
    assert resolve_place("NLRTM", PLACES).location_id == "RTM"


def test_own_id_decides_among_places_of_one_code() -> None:
    assert resolve_place("DEHAM", PLACES).location_id == "DEHAM"
    assert resolve_place("HAM-2", PLACES).location_id == "HAM-2"
    only_terminals = {
        p.location_id: p for p in (PLACES["HAM-2"], place("HAM-3", "x", "DE", "DEHAM"))
    }
    with pytest.raises(AmbiguousPlace) as caught:
        resolve_place("DEHAM", only_terminals)
    assert [c.split(" ")[0] for c in caught.value.candidates] == ["HAM-2", "HAM-3"]


def test_names_are_matched_whole_and_within_their_country() -> None:
    assert resolve_place("plant  SOUTH", PLACES, "DE").location_id == "MUC-PLANT"
    assert resolve_place("Valencia", PLACES, "VE").location_id == "V-VE"
    with pytest.raises(AmbiguousPlace, match="Name the country"):
        resolve_place("Valencia", PLACES)
    for nearly in ("Plant", "Plant South 2", "Jinzhou"):
        with pytest.raises((UnknownPlace, AmbiguousPlace)):
            resolve_place(nearly, PLACES, "DE" if nearly != "Jinzhou" else "CN")
    assert resolve_place("San José", PLACES, "CR").location_id == "SJ-CR"
    with pytest.raises(UnknownPlace):
        resolve_place("San José", PLACES, "US")


def test_an_unknown_code_is_named_in_the_answer() -> None:
    with pytest.raises(UnknownPlace, match=r"BEANR is Antwerp.* Add a row"):
        resolve_place("BEANR", PLACES)


@pytest.mark.parametrize(
    ("code", "lat", "lon"),
    [("CNSHA", 31.2, 121.5), ("DEHAM", 53.5, 9.95), ("CNNBG", 29.9, 121.6), ("USUYU", 40.7, -74.0)],
)
def test_coordinates_of_ports_through_their_aliases(code: str, lat: float, lon: float) -> None:
    found = resolve_coordinates(code)
    assert found is not None
    assert great_circle_km((found[1], found[0]), (lon, lat)) < 50


def test_unknown_codes_have_no_coordinates() -> None:
    assert resolve_coordinates("XXXXX") is None
    assert resolve_coordinates("") is None


def test_aliases_go_both_ways_and_through_others() -> None:
    assert same_port("CNTSN") == {"CNTNJ", "CNTSN", "CNTXG"}
    assert same_port("DEHAM") == {"DEHAM"}
    for code in ("CNTSN", "CNTNJ", "CNTXG"):
        port = find_port(code)
        assert port is not None
        assert port.country == "CN"


def test_every_alias_leads_to_a_port_of_its_own_country_near_by() -> None:
    for row in geo.package_rows("port_aliases.csv"):
        ends = [find_port(row["unlocode"]), find_port(row["same_port_as"])]
        assert any(ends), row
        for port, code in zip(ends, (row["unlocode"], row["same_port_as"]), strict=True):
            assert port is None or port.country == code[:2]


def test_coordinates_by_city_name_only_where_it_is_the_only_one() -> None:
    munich = find_coordinates(name="Munich", country="DE")
    assert (round(munich.lat), round(munich.lon)) == (48, 12)
    assert "GeoNames" in munich.source
    with pytest.raises(AmbiguousPlace) as caught:
        find_coordinates(name="Jinzhou", country="CN")
    assert len(caught.value.candidates) == 2
    assert all("CN-19" in c for c in caught.value.candidates)  # both in Liaoning
    with pytest.raises(UnknownPlace, match="Give lat and lon"):
        find_coordinates(name="Nowhere at all", country="DE")


def test_the_code_goes_before_the_citys_name() -> None:
    found = find_coordinates("CNSGH", "Jinzhou", "CN")
    assert "CNSGH" in found.source
    assert round(found.lat) == 31


def test_package_tables_are_sound() -> None:
    assert len(geo.ports()) > 4000
    for port in geo.ports().values():
        assert -90 <= port.lat <= 90
        assert -180 <= port.lon <= 180
        assert port.confidence in "ABC"
    for factor in geo.circuity().values():
        assert 1.0 <= factor.factor < 1.6
        assert factor.evidence in ("SEEN", "QUOTED", "RECALLED")
        assert factor.source
    assert {("default", "road"), ("default", "rail")} <= set(geo.circuity())
    kilometres = [m.rhine_km for m in geo.rhine_marks()]
    assert kilometres == sorted(set(kilometres))
    assert "Natural Earth" in geo.land()["source"]


def test_unwrapped_lines_never_jump() -> None:
    assert unwrapped([(170.0, 0.0), (-170.0, 0.0), (170.0, 1.0)]) == (
        (170.0, 0.0),
        (190.0, 0.0),
        (170.0, 1.0),
    )
    assert unwrapped([(-170.0, 0.0), (170.0, 0.0)]) == ((-170.0, 0.0), (-190.0, 0.0))


def test_countries_crossed_sees_over_the_180th_meridian() -> None:
    assert geo.countries_crossed([(121.5, 31.2), (6.8, 51.4)], frozenset({"RU", "BR"})) == ("RU",)
    over = [(170.0, 66.0), (200.0, 66.0)]
    assert geo.countries_crossed(over, frozenset({"RU", "US", "FR"})) == ("RU", "US")
    assert geo.countries_crossed([(6.8, 51.4), (6.8, 51.4)], frozenset({"DE"})) == ("DE",)
