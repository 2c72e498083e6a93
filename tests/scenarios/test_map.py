"""The map: flows add up, no line runs around the world, a carrier sees only what is its own."""

from __future__ import annotations

import html
import itertools
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lowhaul.errors import UsageError
from routing.bids import Carrier
from scenarios import map as plan_map
from scenarios.disclosure import Forbidden, Secrets, WouldDisclose, refuse_leaks, visible_to
from scenarios.figures import Result
from scenarios.flows import LonLat, cut_of_world, flows, into_world, strands, unwrapped
from scenarios.map import write_map
from scenarios.pages import folder_names, safe_name
from tests.browser import browser, open_page
from tests.scenarios.synthetic import Synthetic, make

HOSTILE = '<script>alert("1")</script>\'"&=cmd|x'


@pytest.fixture(scope="module")
def plan() -> Synthetic:
    return make(60)


@pytest.fixture(scope="module")
def result(plan: Synthetic) -> Result:
    return Result.of(plan.tables, plan.summary)


@pytest.fixture(scope="module")
def written(plan: Synthetic, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_map(tmp_path_factory.mktemp("map"), plan.tables, plan.summary, plan.case)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    with browser() as started:
        yield started


def data_of(page: Path) -> dict[str, Any]:
    """The block of data that the page draws from."""
    text = page.read_text("utf-8")
    found = re.search(r'<script type="application/json" id="lowhaul-data">(.*?)</script>', text)
    assert found
    data: dict[str, Any] = json.loads(found[1])
    return data


# ---- flows and strands


def test_flows_add_up_to_the_transport_rows(result: Result) -> None:
    """Empty ways and hubs are not flows; load units and masses are those of the transport rows."""
    found = flows(result.legs, result.shipments)
    assert sum(f.load_units for f in found) == sum(leg["load_units"] for leg in result.transport)
    mass = sum(leg["mass_kg"] for leg in result.transport)
    assert sum(f.mass_kg for f in found) == pytest.approx(mass)
    assert len({(f.origin, f.destination, f.mode) for f in found}) == len(found)


def test_flows_that_share_a_way_become_one_line() -> None:
    """A to C and B to C meet at M: the piece from M to C is drawn once and knows both."""
    a, b, m, c = (0.0, 0.0), (0.0, 10.0), (10.0, 5.0), (20.0, 5.0)
    found = strands([("sea", [a, m, c]), ("sea", [b, m, c])], cut=-180)
    by_flows = {s.flows: set(s.points) for s in found}
    assert by_flows == {(0,): {a, m}, (1,): {b, m}, (0, 1): {m, c}}


def test_there_and_back_is_one_line_and_modes_stay_apart() -> None:
    a, b = (0.0, 0.0), (10.0, 10.0)
    found = strands([("sea", [a, b]), ("sea", [b, a]), ("rail", [a, b])], cut=-180)
    assert [(s.mode, s.flows) for s in found] == [("rail", (2,)), ("sea", (0, 1))]


def test_a_ring_is_drawn_whole() -> None:
    ring = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)]
    (strand,) = strands([("sea", ring)], cut=-180)
    assert len(strand.points) == 5
    assert strand.points[0] == strand.points[-1]


def test_the_cut_lies_in_the_widest_gap() -> None:
    """Flows from 0 to 120 and from 140 east to 240: the gap from 240 to 360 is the widest."""
    lines = [[(0.0, 0.0), (120.0, 0.0)], [(140.0, 0.0), (179.0, 0.0), (-120.0, 0.0)]]
    cut = cut_of_world(lines, [1, 1])
    assert -120 < cut < 0
    assert cut == pytest.approx(-60, abs=1.5)


def test_flows_all_around_are_cut_where_the_fewest_cross() -> None:
    around = [[(float(x), 0.0) for x in range(0, 181, 20)], [(180.0, 0.0), (270.0, 0.0)],
              [(270.0, 0.0), (360.0, 0.0)]]  # fmt: skip
    cut = cut_of_world(around, [50, 3, 40])
    assert cut == pytest.approx(-135, abs=46)


points = st.lists(st.tuples(st.floats(-540, 540), st.floats(-80, 80)), min_size=2, max_size=12)


@given(points, st.floats(-180, 180))
def test_no_line_runs_around_the_world(line: list[LonLat], cut: float) -> None:
    """Every piece lies in the world of the map and no step is longer than half of it."""
    for piece in into_world(line, cut):
        for (lon0, _), (lon1, _) in itertools.pairwise(piece):
            assert cut - 1e-6 <= lon0 <= cut + 360 + 1e-6
            assert abs(lon1 - lon0) <= 180 + 1e-6


@given(points, st.floats(-180, 180))
def test_pieces_are_as_long_as_the_line(line: list[LonLat], cut: float) -> None:
    """Nothing is lost or drawn twice at the cut (measured in degrees of longitude)."""

    def length(of: Sequence[LonLat]) -> float:
        return sum(abs(b[0] - a[0]) for a, b in itertools.pairwise(of))

    whole = length(unwrapped(line))
    assert sum(length(p) for p in into_world(line, cut)) == pytest.approx(whole, abs=1e-6)


def test_a_line_over_the_cut_ends_at_both_edges() -> None:
    pieces = into_world([(-10.0, 0.0), (10.0, 20.0)], cut=0.0)
    assert pieces == [[(350.0, 0.0), (360.0, 10.0)], [(0.0, 10.0), (10.0, 20.0)]]


# ---- the file


def test_pacific_legs_are_drawn_over_the_pacific(written: Path) -> None:
    """Shanghai to Los Angeles runs east; no step of any line is longer than half the world."""
    data = data_of(written)
    longest = 0
    for strand in data["strands"]:
        steps = strand["line"]
        longest = max([longest, *(abs(x) for x in steps[2::2])])
    assert longest < 18000
    at = {p["name"]: p["at"][1] for p in data["places"]}
    assert at["Shanghai"] < at["Los Angeles"]
    assert data["world"][1][1] - data["world"][0][1] == 36000


def test_the_file_needs_no_network_and_names_no_country(written: Path) -> None:
    text = written.read_text("utf-8")
    assert "default-src 'none'" in html.unescape(text)
    assert not re.search(r"(?:src|href)=[\"']?https?:", text)
    assert "openstreetmap" not in text
    assert "Taiwan" not in text
    assert "Fiji" not in text


def test_online_tiles_only_when_asked(plan: Synthetic, tmp_path: Path) -> None:
    page = write_map(tmp_path, plan.tables, plan.summary, plan.case, online_tiles=True)
    assert "tile.openstreetmap.org" in page.read_text("utf-8")


def test_the_same_plan_gives_the_same_file(written: Path, plan: Synthetic, tmp_path: Path) -> None:
    again = write_map(tmp_path, plan.tables, plan.summary, plan.case)
    assert again.read_bytes() == written.read_bytes()


def test_the_page_holds_no_money(written: Path, plan: Synthetic) -> None:
    data = data_of(written)
    assert set(data["flows"][0]) == {"ends", "mode", "km", "parts"}
    text = written.read_text("utf-8")
    assert not any(f"{bid.rate:.2f}" in text for bid in plan.case.bids)


def test_ten_thousand_shipments_on_a_thousand_lanes_stay_small(
    plan: Synthetic, tmp_path: Path
) -> None:
    """Under 5 MB, though every lane has a line of its own with 60 points."""
    places = dict(plan.case.places)
    base = places["HAM"]
    for i in range(1000):
        lat, lon = -30 + i % 90, -170 + (7 * i) % 340
        places[f"X{i}"] = replace(base, location_id=f"X{i}", name=f"Place {i}", lat=lat, lon=lon)

    class Bent:
        def line(self, origin: str, destination: str, mode: str) -> list[LonLat]:
            a, b = places[origin], places[destination]
            return [
                (a.lon + (b.lon - a.lon) * k / 60, a.lat + (b.lat - a.lat) * k / 60 + (k * 7) % 5)
                for k in range(61)
            ]

    case = _with(plan.case, places=places, distances=Bent())
    shipments, legs = [], []
    for i in range(10_000):
        day = f"2026-{1 + i % 3:02d}-{1 + i % 28:02d}"
        shipments.append({"shipment_id": f"S-{i}", "departure_date": day, "load_units": 3,
                          "pol": "", "pod": ""})  # fmt: skip
        legs.append({"shipment_id": f"S-{i}", "kind": "transport", "mode": "sea", "from": "SHA",
                     "to": f"X{i % 1000}", "carrier": "JADE", "load_units": 3, "depart": day,
                     "mass_kg": 60_000.0, "distance_km": 9000.0, "activity_tkm": 5e5,
                     "co2e_wtw_kg": 1.0})  # fmt: skip
    many = Result(plan.summary, shipments=shipments, legs=legs)
    page = plan_map._page(many, case, plan_map.Numbers(), None, False)
    assert len(page.encode()) < 5_000_000


def _with(case: Any, **changes: Any) -> Any:
    """The case with some of its parts replaced."""
    from types import SimpleNamespace

    return SimpleNamespace(**{**vars(case), **changes})


# ---- what a carrier may see


def test_a_carriers_map_holds_nothing_of_others(plan: Synthetic, tmp_path: Path) -> None:
    page = write_map(tmp_path, plan.tables, plan.summary, plan.case, carrier="BOHA")
    assert page == tmp_path / "carriers" / "BOHA" / "map.html"
    text = page.read_text("utf-8")
    data = data_of(page)
    assert data["carriers"] == ["Bohai Haulage"]
    for other in plan.case.carriers.values():
        if other.carrier != "BOHA":
            assert other.name not in text
            assert f'"{other.carrier}"' not in text
    assert not any(bid.bid_id in text for bid in plan.case.bids)
    assert {p["name"] for p in data["places"]} == {"Jinzhou", "Tianjin"}
    assert "least_co2" not in text
    assert "Spring exports" not in text


def test_every_carrier_gets_a_map(plan: Synthetic, tmp_path: Path) -> None:
    """The search refuses none of the maps that hold only what is theirs."""
    carriers = {leg for leg in plan.tables["legs"]["carrier"] if leg}
    for carrier in carriers:
        write_map(tmp_path, plan.tables, plan.summary, plan.case, carrier=carrier)
    assert len(list((tmp_path / "carriers").iterdir())) == len(carriers)


def test_a_leak_is_found_and_nothing_is_written(
    plan: Synthetic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the filter let everything through, the search of the written page would stop it."""
    monkeypatch.setattr(plan_map, "visible_to", lambda seen, _carrier: seen)
    with pytest.raises(WouldDisclose) as raised:
        write_map(tmp_path, plan.tables, plan.summary, plan.case, carrier="BOHA")
    assert "Jade Line" in raised.value.found
    assert not list(tmp_path.rglob("*.html"))


@pytest.mark.parametrize(
    ("page", "leaks"),
    [
        ("sailing with Jade Line", True),
        ("sailing with JADE", True),
        ("bid JADE-SHA-RTM", True),
        ("Jade Linen is a cloth", False),
        ("1,437.25", True),
        ("EUR 1437", False),
        ("rate: 1437.25", True),
        ("€1437.25 a box", True),
        ("€850", True),
        ("850 km and 850 load units", False),
        ("11437.25", False),
        ("&lt;Jade&#32;Line&gt;", True),
    ],
)
def test_what_counts_as_a_leak(page: str, leaks: bool) -> None:
    """Names, ids and rates as whole words; a whole number alone is a count or a distance."""
    never = Forbidden(frozenset({"Jade Line", "JADE", "JADE-SHA-RTM"}), frozenset({1437.25, 850.0}))
    if leaks:
        with pytest.raises(WouldDisclose):
            refuse_leaks("BOHA", page, "", never, ())
    else:
        refuse_leaks("BOHA", page, "", never, ())


def test_words_of_every_page_and_own_places_are_no_leaks() -> None:
    """A carrier called Road, and another whose name is part of a place on one's own leg."""
    never = Forbidden(frozenset({"Road", "Hamburg"}), frozenset())
    refuse_leaks("X", "Road 12, Port of Hamburg", "Road", never, ["Port of Hamburg"])
    with pytest.raises(WouldDisclose):
        refuse_leaks("X", "Road 12, Port of Hamburg, Hamburg", "Road", never, ["Port of Hamburg"])


def test_forbidden_values_are_those_of_the_others(plan: Synthetic) -> None:
    never = Secrets.of(plan.case).kept_from("JADE", {"KAS"})
    assert {"Venlo", "VEN"} <= never.texts, "a customer that it does not serve"
    assert not {"Kassel", "KAS"} & never.texts
    assert "Ostwind" in never.texts
    assert "OSTW" in never.texts
    assert not {"JADE", "Jade Line"} & never.texts
    own = {b.rate for b in plan.case.bids if b.carrier == "JADE"}
    assert not own & never.rates


def test_a_box_owner_sees_its_turns_only(result: Result) -> None:
    seen = visible_to(result, "JADE")
    own = [row for row in result.round_use if row["line"] == "JADE"]
    assert [row["shipment_id"] for row in seen.round_use] == [row["shipment_id"] for row in own]
    assert own
    assert "cost" not in seen.summary


def test_what_is_seen_holds_no_cost_order_or_carrier_of_others(result: Result) -> None:
    """The rows are cut to what a page may need, so that no template can show the rest."""
    seen = visible_to(result, "JADE")
    for row in (*seen.shipments, *seen.round_use):
        assert not {"cost", "cost_change", "order_ids", "carriers", "route", "line"} & set(row)
    assert seen.costs == seen.loads == seen.order_allocation == []
    assert {leg["carrier"] for leg in seen.legs} == {"JADE"}


def test_a_hauliers_weeks_are_those_of_its_own_legs(plan: Synthetic, tmp_path: Path) -> None:
    """Goods that leave Jinzhou in one week reach the haulier at the far port weeks later."""
    page = write_map(tmp_path, plan.tables, plan.summary, plan.case, carrier="KANT")
    legs = plan.tables["legs"]
    own = legs[(legs["carrier"] == "KANT") & (legs["kind"] == "transport")]
    first = date.fromisoformat(min(own["depart"])).isocalendar()
    assert data_of(page)["weeks"][0] == [first.year, first.week]


def test_an_unknown_carrier_is_a_usage_error(plan: Synthetic, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No carrier 'NOPE'"):
        write_map(tmp_path, plan.tables, plan.summary, plan.case, carrier="NOPE")


def test_folder_names_are_safe_and_distinct() -> None:
    names = [
        "JADE",
        "../JADE",
        "JA/DE",
        "JA\\DE",
        "con",
        "翡翠航运",
        "翡翠",
        "..",
        "",
        "a" * 300,
        "A B",
    ]
    made = [safe_name(n) for n in names]
    assert made[0] == "JADE"
    assert len(set(made)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,60}", m) for m in made)
    assert safe_name("con").lower() != "con"


def test_folders_differ_where_upper_and_lower_case_are_one() -> None:
    """On Windows ABC and abc are one folder; the names do not depend on who else is there twice."""
    made = folder_names(["ABC", "abc", "Abc", "XYZ", "con", "CON", "a/b", "A/B"])
    assert made["XYZ"] == "XYZ"
    assert len({name.casefold() for name in made.values()}) == len(made)
    assert all(re.fullmatch(r"[A-Za-z0-9_-][A-Za-z0-9._-]*", name) for name in made.values())
    assert folder_names(["abc", "ABC"])["abc"] == made["abc"]
    assert folder_names(["abc"]) == {"abc": "abc"}


def test_a_hostile_carrier_stays_in_the_folder(plan: Synthetic, tmp_path: Path) -> None:
    carrier = "../../outside"
    carriers = {**plan.case.carriers, carrier: Carrier(carrier, "Outside", True)}
    case = _with(plan.case, carriers=carriers)
    page = write_map(tmp_path / "results", plan.tables, plan.summary, case, carrier=carrier)
    assert page.resolve().is_relative_to(tmp_path / "results" / "carriers")


# ---- the page in a browser


def test_the_page_draws_filters_and_asks_for_nothing(written: Path, chromium: Any) -> None:
    opened = open_page(chromium, written)
    page, data = opened.page, data_of(written)
    lines = page.locator("path.flow")
    assert lines.count() == len(data["strands"])
    shown = page.locator(".place").count()
    assert shown == len(data["places"])
    total = sum(row[1] for row in data["departures"])
    assert page.locator("#sum b").inner_text() == f"{total:,} load units"

    sea = page.locator('#modes button[data-mode="0"]')
    assert sea.get_attribute("aria-pressed") == "true"
    assert page.locator("path.flow.sea").count() > 0
    sea.click()
    assert sea.get_attribute("aria-pressed") == "false"
    assert page.locator("path.flow.sea").count() == 0
    assert page.locator("#legs tbody", has_text="Sea").count() == 0
    sea.click()
    assert lines.count() == len(data["strands"])

    page.get_by_role("button", name="Ostwind").click()
    assert lines.count() < len(data["strands"])
    assert set(page.locator("#legs tbody td:nth-child(3)").all_inner_texts()) == {"Ostwind"}
    assert page.locator(".place").count() < shown
    page.get_by_role("button", name="All carriers").click()

    for _ in range(len(data["weeks"])):
        page.locator("#hi").press("ArrowLeft")
    first = sum(row[1] for row in data["departures"] if row[0] == 0)
    assert page.locator("#sum b").inner_text().split()[0] == f"{first:,}"
    assert page.locator("#hi").get_attribute("aria-valuetext") == f"week {data['weeks'][0][1]}"
    assert opened.requests == []
    assert opened.errors == []


def test_no_drawn_line_is_longer_than_half_the_map(written: Path, chromium: Any) -> None:
    page = open_page(chromium, written).page
    longest, width = page.evaluate(
        """() => {
          const width = document.querySelector('#map_plan').clientWidth;
          let longest = 0;
          for (const path of document.querySelectorAll('path.flow')) {
            const at = path.getAttribute('d').match(/-?[\\d.]+/g).map(Number);
            for (let i = 2; i + 1 < at.length; i += 2)
              longest = Math.max(longest, Math.abs(at[i] - at[i - 2]));
          }
          return [longest, width];
        }"""
    )
    assert 0 < longest < width / 2


def test_the_widest_line_is_ten_pixels_at_most(written: Path, chromium: Any) -> None:
    page = open_page(chromium, written).page
    widths = page.eval_on_selector_all(
        "path.flow", "paths => paths.map(p => +p.getAttribute('stroke-width'))"
    )
    assert 8 <= max(widths) <= 10
    assert min(widths) >= 1.2
    legend = page.locator("#widths svg")
    assert legend.count() == 3


def test_hostile_names_are_shown_as_text(tmp_path: Path, chromium: Any) -> None:
    """A script in the name of a place or a carrier stays text, on the map and in its insets."""
    plan = make(
        30,
        place_names={"SHA": HOSTILE, "HFE": HOSTILE + "2", "CHZ": "</script><img src=x>"},
        carrier_names={"JADE": HOSTILE + "3"},
    )
    plan.summary["scenario"] = HOSTILE
    path = write_map(tmp_path, plan.tables, plan.summary, plan.case)
    assert "<script>alert" not in path.read_text("utf-8")
    assert "<img" not in path.read_text("utf-8")
    opened = open_page(chromium, path)
    names = opened.page.locator(".place text").all_text_contents()
    assert HOSTILE in names
    assert HOSTILE in opened.page.locator("h1").inner_text()
    assert HOSTILE + "3" in opened.page.locator("#carriers").inner_text()
    assert opened.page.locator("img[src=x]").count() == 0
    assert opened.errors == []
    own = write_map(tmp_path, plan.tables, plan.summary, plan.case, carrier="JADE")
    assert HOSTILE + "3" in open_page(chromium, own).page.locator("h1").inner_text()


def test_a_plan_without_shipments_says_so(plan: Synthetic, tmp_path: Path, chromium: Any) -> None:
    tables = {name: frame.iloc[0:0] for name, frame in plan.tables.items()}
    summary = {**plan.summary, "load_units": {}, "cost": 0.0, "co2e_wtw_kg": 0.0}
    opened = open_page(chromium, write_map(tmp_path, tables, summary, plan.case))
    body = opened.page.inner_text("main")
    assert "No transport is planned in this period." in body
    assert "Nothing departs in this choice." in body
    assert opened.errors == []


@pytest.mark.parametrize("width", [390, 1280])
def test_figures_of_the_weeks_keep_their_size(written: Path, chromium: Any, width: int) -> None:
    """12 px on a phone too: the bars are drawn as wide as they stand (look: nothing under 12)."""
    page = open_page(chromium, written, width=width).page
    drawn, shown = page.evaluate(
        "[document.querySelector('#weeks').viewBox.baseVal.width,"
        " document.querySelector('#weeks').getBoundingClientRect().width]"
    )
    assert shown / drawn == pytest.approx(1, abs=0.01)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_carriers_own_map_does_not_repeat_its_name(
    plan: Synthetic, tmp_path: Path, chromium: Any
) -> None:
    path = write_map(tmp_path, plan.tables, plan.summary, plan.case, carrier="BOHA")
    heads = open_page(chromium, path).page.locator("#legs th:visible").all_inner_texts()
    assert heads == ["From → to", "Mode", "Load units", "Goods, t", "Distance, km"]
