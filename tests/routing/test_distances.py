"""Distances: order of trust, bases, countries and lines, against published figures."""

from __future__ import annotations

import csv
import math
import pickle
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from emissions.activity import LegDistance
from routing.distances import Distances, NoDistance, OwnDistance
from routing.places import Place
from routing.sea import UnknownPassage

PUBLISHED = list(
    csv.DictReader(
        (Path(__file__).parent / "published_distances.csv").read_text(encoding="utf-8").splitlines()
    )
)
CLOSED = {
    "": ("northwest",),
    "suez": ("northwest", "panama"),
    "cape": ("suez", "panama"),
    "panama": ("suez",),
}


def place(place_id: str, country: str, lat: float, lon: float, kind: str = "port") -> Place:
    return Place(place_id, place_id, kind, country, lat, lon)


PLACES = {
    p.location_id: p
    for p in (
        place("CNSHA", "CN", 31.2167, 121.5),
        place("NLRTM", "NL", 51.95, 4.14),
        place("USLAX", "US", 33.75, -118.25),
        place("DEDUI", "DE", 51.43, 6.76),
        place("CHBSL", "CH", 47.57, 7.59),
        place("DEMUC", "DE", 48.137, 11.575),
        place("JPTYO", "JP", 35.62, 139.77),
        place("JPOSA", "JP", 34.65, 135.43),
        place("CNCKG", "CN", 29.56, 106.55),
        place("KZALA", "KZ", 43.25, 76.95),
        place("TWIN", "DE", 51.43, 6.76),
    )
}


@pytest.fixture(scope="module")
def plain() -> Distances:
    return Distances(PLACES)


def published(row: dict[str, str]) -> LegDistance:
    ends = {
        side: place(
            side,
            row[f"{side}_unlocode"][:2],
            float(row[f"{side}_lat"]),
            float(row[f"{side}_lon"]),
        )
        for side in ("from", "to")
    }
    mode = "inland_waterway" if row["mode"] == "iww" else row["mode"]
    closed = CLOSED.get(row["via"], ("northwest",))
    return Distances(ends, closed_passages=closed).leg("from", "to", mode)


@pytest.mark.parametrize(
    "row", [r for r in PUBLISHED if r["mode"] == "sea"], ids=lambda r: f"{r['id']}-{r['to_name']}"
)
def test_sea_kilometres_agree_with_published_tables(row: dict[str, str]) -> None:
    leg = published(row)
    assert leg.basis == "sfd"
    error_pct = 100 * abs(leg.sfd_km / float(row["km"]) - 1)
    assert error_pct <= float(row["tolerance_pct"])
    if row["via"] in ("suez", "panama"):
        assert row["via"] in leg.source


@pytest.mark.parametrize(
    "row", [r for r in PUBLISHED if r["mode"] in ("road", "rail", "air")], ids=lambda r: r["id"]
)
def test_land_and_air_kilometres_agree_with_published_figures(row: dict[str, str]) -> None:
    leg = published(row)
    km = leg.gcd_km if row["mode"] == "air" else leg.actual_km
    assert km == pytest.approx(float(row["km"]), rel=float(row["tolerance_pct"]) / 100)


def test_rhine_kilometres_are_differences_of_the_official_marks() -> None:
    basel_cologne, strasbourg_mainz = (r for r in PUBLISHED if r["via"] == "Rhine")
    assert published(basel_cologne).actual_km == 521.0
    assert published(basel_cologne).warning == ""
    assert published(strasbourg_mainz).actual_km == 205.0


def test_a_recalled_rhine_mark_is_said_to_be_so(plain: Distances) -> None:
    leg = plain.leg("NLRTM", "DEDUI", "inland_waterway")
    assert leg.actual_km == leg.sfd_km == 1033 - 780
    assert "recalled" in leg.warning
    assert plain.leg("DEDUI", "NLRTM", "inland_waterway").actual_km == leg.actual_km


@pytest.mark.parametrize(("a", "b"), [("CNSHA", "CNCKG"), ("NLRTM", "DEMUC"), ("DEDUI", "TWIN")])
def test_other_waterways_ask_for_their_kilometres(plain: Distances, a: str, b: str) -> None:
    with pytest.raises(NoDistance, match="give the kilometres in the table distances"):
        plain.leg(a, b, "inland_waterway")


def test_the_given_distance_wins_over_the_own_table_and_that_over_the_network() -> None:
    own = [OwnDistance("CNSHA", "NLRTM", "sea", 20000.0, "sfd", "line's table")]
    distances = Distances(PLACES, own)
    given_leg = distances.leg("CNSHA", "NLRTM", "sea", 21000.0, "actual", "bid B1")
    assert (given_leg.actual_km, given_leg.source) == (21000.0, "bid B1")
    own_leg = distances.leg("CNSHA", "NLRTM", "sea")
    assert (own_leg.sfd_km, own_leg.source, own_leg.basis) == (20000.0, "line's table", "sfd")
    assert own_leg.actual_km == 23000.0  # SFD x 1.15
    assert "searoute" in Distances(PLACES).leg("CNSHA", "NLRTM", "sea").source


def test_own_distances_hold_both_ways_unless_the_other_is_given() -> None:
    there = OwnDistance("DEDUI", "DEMUC", "road", 620.0, "actual", "route planner")
    back = OwnDistance("DEMUC", "DEDUI", "road", 640.0, "actual", "route planner")
    assert Distances(PLACES, [there]).leg("DEMUC", "DEDUI", "road").actual_km == 620.0
    both = Distances(PLACES, [there, back])
    assert both.leg("DEDUI", "DEMUC", "road").actual_km == 620.0
    assert both.leg("DEMUC", "DEDUI", "road").actual_km == 640.0
    with pytest.raises(NoDistance, match="Keep one"):
        Distances(PLACES, [there, OwnDistance("DEDUI", "DEMUC", "road", 1.0, "actual", "")])


def test_own_distances_of_one_mode_say_nothing_of_another() -> None:
    own = [OwnDistance("DEDUI", "DEMUC", "road", 620.0, "actual", "route planner")]
    assert "great circle" in Distances(PLACES, own).leg("DEDUI", "DEMUC", "rail").source


def test_road_is_the_great_circle_times_the_countrys_factor(plain: Distances) -> None:
    leg = plain.leg("DEDUI", "DEMUC", "road")
    assert leg.basis == "actual"
    assert leg.actual_km == pytest.approx(leg.gcd_km * 1.32, abs=0.002)
    assert leg.sfd_km == pytest.approx(leg.actual_km / 1.05, abs=0.001)  # DAF once
    assert "DE 1.32 quoted" in leg.source


def test_over_a_border_the_factor_is_the_mean_of_both_countries(plain: Distances) -> None:
    leg = plain.leg("NLRTM", "DEDUI", "road")
    assert leg.actual_km == pytest.approx(leg.gcd_km * (1.17 + 1.32) / 2, abs=0.002)
    assert "NL default 1.17 seen" in leg.source


def test_rail_takes_its_default_factor(plain: Distances) -> None:
    leg = plain.leg("CNCKG", "DEDUI", "rail")
    assert leg.actual_km == leg.sfd_km == pytest.approx(leg.gcd_km * 1.31, abs=0.002)


def test_a_recalled_factor_carries_a_warning(plain: Distances) -> None:
    assert "unverified" in plain.leg("JPTYO", "JPOSA", "road").warning
    assert plain.leg("DEDUI", "DEMUC", "road").warning == ""


def test_air_counts_the_geodesic_and_flies_95_km_more(plain: Distances) -> None:
    leg = plain.leg("CNSHA", "DEMUC", "air")
    assert leg.basis == "gcd"
    assert leg.activity_km("air") == leg.gcd_km == leg.sfd_km
    assert leg.actual_km == pytest.approx(leg.gcd_km + 95.0)


def test_an_actual_distance_is_turned_to_sfd_but_never_below_the_great_circle(
    plain: Distances,
) -> None:
    gcd_km = plain.leg("DEDUI", "DEMUC", "road").gcd_km
    leg = plain.leg("DEDUI", "DEMUC", "road", gcd_km * 1.02)
    assert leg.sfd_km == leg.gcd_km == gcd_km
    assert leg.warning == ""


def test_a_distance_under_the_great_circle_is_taken_and_doubted(plain: Distances) -> None:
    leg = plain.leg("DEDUI", "DEMUC", "road", 100.0)
    assert (leg.actual_km, leg.sfd_km) == (100.0, 100.0)
    assert "shorter than the great circle" in leg.warning


def test_a_given_great_circle_says_nothing_of_the_way(plain: Distances) -> None:
    leg = plain.leg("DEDUI", "DEMUC", "road", 480.0, "gcd", "bid B1")
    assert leg.gcd_km == 480.0
    assert leg.actual_km == pytest.approx(480.0 * 1.32)
    flight = plain.leg("CNSHA", "DEMUC", "air", 8800.0, "gcd", "airline")
    assert (flight.gcd_km, flight.sfd_km, flight.actual_km) == (8800.0, 8800.0, 8895.0)


@pytest.mark.parametrize("km", [0.0, -1.0, math.nan, math.inf])
def test_impossible_distances_are_refused(plain: Distances, km: float) -> None:
    with pytest.raises(NoDistance, match="no distance"):
        plain.leg("DEDUI", "DEMUC", "road", km)


def test_unknown_words_are_refused_with_the_known_ones(plain: Distances) -> None:
    with pytest.raises(NoDistance, match="Known are: sfd, gcd, actual"):
        plain.leg("DEDUI", "DEMUC", "road", 5.0, "driven")
    with pytest.raises(NoDistance, match="Known are: road, sea"):
        plain.leg("DEDUI", "DEMUC", "truck")
    with pytest.raises(NoDistance, match="DEXXX is not in the table locations"):
        plain.leg("DEDUI", "DEXXX", "road")
    with pytest.raises(UnknownPassage, match=r"'suezz'.*babalmandab"):
        Distances(PLACES, closed_passages=("suezz",))


def test_from_a_place_to_itself_is_no_way(plain: Distances) -> None:
    assert plain.leg("DEDUI", "DEDUI", "road").actual_km == 0.0
    twins = plain.leg("DEDUI", "TWIN", "road")
    assert twins.actual_km == 0.0
    assert "same coordinates" in twins.warning


def test_a_sea_leg_that_the_network_lacks_names_both_places(plain: Distances) -> None:
    with pytest.raises(NoDistance, match=r"CNSHA to DEMUC by sea: .*km from the sea network"):
        plain.leg("CNSHA", "DEMUC", "sea")
    given_leg = plain.leg("CNSHA", "DEMUC", "sea", 20000.0, "sfd")
    assert given_leg.sfd_km == 20000.0


def test_avoided_countries_refuse_ends_and_doubt_land_ways_across() -> None:
    distances = Distances(PLACES, avoid=("RU", "US"))
    assert "crosses RU" in distances.leg("CNSHA", "DEDUI", "rail").warning
    assert distances.leg("CNSHA", "CNCKG", "rail").warning == ""
    with pytest.raises(NoDistance, match="avoid_countries"):
        distances.leg("CNSHA", "USLAX", "sea")


def test_rounded_to_the_metre_kept_and_equal_in_every_process(plain: Distances) -> None:
    leg = plain.leg("CNSHA", "NLRTM", "sea")
    for km in (leg.sfd_km, leg.gcd_km, leg.actual_km):
        assert km == round(km, 3)
    assert plain.leg("CNSHA", "NLRTM", "sea") is leg
    copy: Distances = pickle.loads(pickle.dumps(plain))
    assert copy.leg("CNSHA", "NLRTM", "sea") == leg


def test_lines_run_from_place_to_place(plain: Distances) -> None:
    for mode in ("road", "rail", "sea", "air", "inland_waterway"):
        line = plain.line("NLRTM", "CHBSL" if mode == "inland_waterway" else "CNSHA", mode)
        assert line[0] == (4.14, 51.95)
        assert line[-1] == ((7.59, 47.57) if mode == "inland_waterway" else (121.5, 31.2167))
        assert 2 <= len(line) < 200
    assert (8.28, 50.01) in plain.line("CHBSL", "NLRTM", "inland_waterway")  # by Mainz


@pytest.mark.parametrize("mode", ["sea", "air"])
def test_lines_go_on_over_the_180th_meridian(plain: Distances, mode: str) -> None:
    line = plain.line("CNSHA", "USLAX", mode)
    assert line[-1] == (pytest.approx(360 - 118.25), 33.75)
    steps = [abs(b[0] - a[0]) for a, b in pairwise(line)]
    assert max(steps) < 30
    back = plain.line("USLAX", "CNSHA", mode)
    assert back[0] == (-118.25, 33.75)
    assert back[-1] == (pytest.approx(121.5 - 360), 31.2167)


def test_a_line_that_was_handed_out_may_be_changed_without_harm(plain: Distances) -> None:
    plain.line("CNSHA", "USLAX", "sea").clear()
    assert plain.line("CNSHA", "USLAX", "sea")
    assert len(plain.line("CNSHA", "DEMUC", "sea")) > 2  # no way at sea: drawn straight


POINTS = st.tuples(st.floats(-60, 70), st.floats(-180, 180))


@settings(max_examples=60, deadline=None)
@given(POINTS, POINTS, st.sampled_from(["road", "rail", "sea", "air"]))
def test_the_bases_keep_their_order(
    a: tuple[float, float], b: tuple[float, float], mode: str
) -> None:
    distances = Distances({"a": place("a", "DE", *a), "b": place("b", "CN", *b)})
    try:
        leg = distances.leg("a", "b", mode)
    except NoDistance:
        assert mode == "sea"
        return
    assert leg.gcd_km <= leg.sfd_km <= leg.actual_km
    back = distances.leg("b", "a", mode)
    assert (back.sfd_km, back.gcd_km) == (leg.sfd_km, leg.gcd_km)
    line = distances.line("a", "b", mode)
    assert max(abs(q[0] - p[0]) for p, q in pairwise(line)) <= 180
