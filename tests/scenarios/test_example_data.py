"""The shipped solar example: its tables are complete, connected and rebuilt by its script."""

from __future__ import annotations

import csv
import importlib
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from math import asin, cos, radians, sin, sqrt
from pathlib import Path
from types import ModuleType

import pytest
import yaml

EXAMPLES = Path(__file__).parents[2] / "examples"
SOLAR = EXAMPLES / "solar"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
FULL = {"container", "ftl"}
MARGIN_DAYS = 2
Row = dict[str, str]


def table(name: str) -> list[Row]:
    with (SOLAR / "data" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


TABLES = {path.stem: table(path.stem) for path in sorted((SOLAR / "data").glob("*.csv"))}
PLACES = {row["location_id"]: row for row in TABLES["locations"]}
BIDS = TABLES["bids"]
ORDERS = TABLES["orders"]


def days_of(text: str) -> int:
    return int(text or 0)


def usable(bid: Row, day: date) -> bool:
    starts, ends = date.fromisoformat(bid["valid_from"]), date.fromisoformat(bid["valid_to"])
    sails = not bid["departure_days"] or WEEKDAYS[day.weekday()] in bid["departure_days"].split(";")
    return bid["status"] != "spot" and starts <= day <= ends and sails


def arrival(bid: Row, at: date) -> date | None:
    """Arrival of goods that stand at the origin of the bid from `at`, with the cut-off kept."""
    day = at + timedelta(days=days_of(bid["cutoff_days"]))
    for _ in range(8):
        if usable(bid, day):
            return day + timedelta(days=int(bid["transit_days"]))
        day += timedelta(days=1)
    return None


def after_dwell(place: str, day: date) -> date:
    return day + timedelta(days=days_of(PLACES[place]["dwell_days"]))


BY_ORIGIN: dict[str, list[Row]] = defaultdict(list)
for _bid in BIDS:
    BY_ORIGIN[_bid["origin"]].append(_bid)


def kind_of(bid: Row) -> str:
    """What cannot change on the way but at a place that re-stuffs: box, trailer or part load."""
    return bid["service"] if bid["service"] in FULL else "part"


def earliest(order: Row, bids_from: dict[str, list[Row]]) -> date | None:
    """Earliest arrival of an order over all bids (label correcting on place and kind of load)."""
    ready = date.fromisoformat(order["ready_date"])
    best: dict[tuple[str, str], date] = {(order["origin"], ""): ready}
    open_labels = [(order["origin"], "")]
    while open_labels:
        place, kind = open_labels.pop()
        start = best[place, kind] if not kind else after_dwell(place, best[place, kind])
        for bid in bids_from[place]:
            change = PLACES[place]["can_restuff"] == "yes"
            if kind and kind != kind_of(bid) and not change:
                continue
            there = arrival(bid, start)
            label = (bid["destination"], kind_of(bid))
            if there and (label not in best or there < best[label]):
                best[label] = there
                open_labels.append(label)
    arrivals = [day for (place, _), day in best.items() if place == order["destination"]]
    return min(arrivals, default=None)


def earliest_before(order: Row) -> date | None:
    """Earliest arrival by the ways of `baseline`, its carriers, modes and equipment only."""
    arrivals = []
    for way in TABLES["baseline"]:
        if (way["origin"], way["destination"]) != (order["origin"], order["destination"]):
            continue
        stops = [way["origin"], *filter(None, way["via"].split(";")), way["destination"]]
        modes, names = way["modes"].split(";"), way["carriers"].split(";")
        assert len(stops) - 1 == len(modes) == len(names), way
        day: date | None = date.fromisoformat(order["ready_date"])
        for i, (mode, carrier) in enumerate(zip(modes, names, strict=True)):
            if day is None:
                break
            start = after_dwell(stops[i], day) if i else day
            legs = [
                arrival(bid, start)
                for bid in BY_ORIGIN[stops[i]]
                if (bid["destination"], bid["mode"], bid["carrier"])
                == (stops[i + 1], mode, carrier)
                and (not way["equipment"] or way["equipment"] in bid["equipment"].split(";"))
            ]
            day = min((leg for leg in legs if leg), default=None)
        if day:
            arrivals.append(day)
    return min(arrivals, default=None)


def great_circle_km(a: Row, b: Row) -> float:
    lat1, lon1, lat2, lon2 = (radians(float(x)) for x in (a["lat"], a["lon"], b["lat"], b["lon"]))
    h = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * 6371 * asin(sqrt(h))


def test_sizes() -> None:
    flows = Counter(row["flow"] for row in ORDERS)
    assert flows["outbound"] >= 120
    assert flows["inbound"] >= 45
    assert len({r["destination"] for r in ORDERS if r["flow"] == "outbound"}) >= 12
    assert len(TABLES["carriers"]) >= 12
    assert len(BIDS) >= 300
    assert 12 <= len(TABLES["empties"]) <= 20


def test_keys_are_unique() -> None:
    keys = {
        "locations": ("location_id",),
        "products": ("sku",),
        "packaging": ("packaging_id",),
        "orders": ("order_id", "line"),
        "carriers": ("carrier",),
        "lanes": ("lane_id",),
        "bids": ("bid_id",),
        "empties": ("empty_id",),
        "factors": ("factor_id",),
    }
    for name, columns in keys.items():
        found = [tuple(row[c] for c in columns) for row in TABLES[name]]
        assert len(found) == len(set(found)), name


def test_references() -> None:
    places, carriers = set(PLACES), {r["carrier"] for r in TABLES["carriers"]}
    skus = {r["sku"] for r in TABLES["products"]}
    lanes = {r["lane_id"] for r in TABLES["lanes"]}
    for name in ("orders", "bids", "lanes", "baseline"):
        for row in TABLES[name]:
            assert {row["origin"], row["destination"]} <= places, row
    assert {r["sku"] for r in ORDERS} <= skus
    assert {r["sku"] for r in TABLES["packaging"]} == skus
    assert {r["carrier"] for r in BIDS} <= carriers
    assert {r["line"] for r in BIDS if r["line"]} <= carriers
    assert {r["lane_id"] for r in BIDS} <= lanes
    assert {r["lane_id"] for r in TABLES["bid_charges"] if r["lane_id"]} <= lanes
    assert {r["line"] for r in TABLES["empties"]} <= carriers | {"SOC"}
    for row in TABLES["empties"]:
        assert {row["location"], row["return_to"]} <= places, row
    for row in TABLES["baseline"]:
        assert set(row["carriers"].split(";")) <= carriers, row
        assert {p for p in row["via"].split(";") if p} <= places, row
    for row in TABLES["carriers"]:
        assert {c for c in row["interchange_with"].split(";") if c} <= carriers, row


def test_rates_use_legal_bases() -> None:
    full = {"container", "teu", "trip", "tonne", "kg", "km", "shipment", "bl"}
    part = {"tonne", "kg", "m3", "wm", "ldm", "shipment", "bl", "km"}
    known = {row["base"] for row in TABLES["fx_rates"]} | {"EUR"}
    for bid in BIDS:
        assert bid["rate_basis"] in (full if bid["service"] in FULL else part), bid["bid_id"]
        assert bid["currency"] in known, bid["bid_id"]
        assert float(bid["rate"]) > 0, bid["bid_id"]


def test_every_product_has_one_current_packaging() -> None:
    current = Counter(r["sku"] for r in TABLES["packaging"] if r["status"] == "current")
    assert set(current) == {r["sku"] for r in TABLES["products"]}
    assert set(current.values()) == {1}
    assert sum(r["status"] == "candidate" for r in TABLES["packaging"]) >= 3
    net = {r["sku"]: float(r["net_mass_kg"]) for r in TABLES["products"]}
    for row in TABLES["packaging"]:
        mass = int(row["units"]) * net[row["sku"]] + float(row["packaging_mass_kg"])
        assert float(row["gross_mass_kg"]) == pytest.approx(mass)


@pytest.mark.parametrize("order", ORDERS, ids=lambda o: o["order_id"])
def test_every_order_can_arrive_in_time(order: Row) -> None:
    due = date.fromisoformat(order["due_date"]) - timedelta(days=MARGIN_DAYS)
    base, before = earliest(order, BY_ORIGIN), earliest_before(order)
    assert base is not None, "no way"
    assert base <= due, (base, due)
    assert before is not None, "no baseline way"
    assert before <= due, (before, due)


def test_most_orders_can_go_the_new_way() -> None:
    """Sea from Jinzhou or Yingkou is in time for all but the few urgent exports over sea."""
    near: dict[str, list[Row]] = defaultdict(list)
    for bid in BIDS:
        far = bid["origin"] in ("CNDLC", "CNTXG", "T-SHE")
        if not far and bid["mode"] != "air" and bid["carrier"] != "TIRX":
            near[bid["origin"]].append(bid)
    overseas = [
        o for o in ORDERS if o["flow"] == "outbound" and PLACES[o["destination"]]["country"] != "CN"
    ]
    late = []
    for order in overseas:
        there = earliest(order, near)
        if there is None or there > date.fromisoformat(order["due_date"]):
            late.append(order)
    assert {o["priority"] for o in late} == {"2"}
    assert len(late) == sum(o["priority"] == "2" for o in overseas)


def test_given_distances_are_not_under_the_great_circle() -> None:
    for row in TABLES["distances"]:
        direct = great_circle_km(PLACES[row["from"]], PLACES[row["to"]])
        assert direct <= float(row["distance_km"]) <= 3 * direct + 20, row


def test_sources_are_named() -> None:
    for name in ("road_limits", "distances", "factors", "fx_rates", "baseline"):
        assert all(row["source"] for row in TABLES[name]), name
    for number, bid in enumerate(BIDS, start=2):
        assert bid["source_file"] == "data/bids.csv"
        assert int(bid["source_row"]) == number
        assert bool(bid["co2e_wtw_g"]) == bool(bid["co2e_source"]), bid["bid_id"]
    assumed = [row for row in TABLES["factors"] if row["assumed"] == "yes"]
    assert [row["mode"] for row in assumed] == ["inland_waterway"]


def test_project_lists_the_ladder_of_measures() -> None:
    project = yaml.safe_load((SOLAR / "project.yaml").read_text("utf-8"))
    ladder = project["settings"]["measures"]
    steps = [s["measures"] for n, s in project["scenarios"].items() if n.startswith("step_")]
    assert steps == [ladder[: i + 1] for i in range(len(ladder) - 1)]
    assert project["scenarios"]["baseline"] == {"measures": []}
    assert {"least_cost", "no_round_use"} <= set(project["scenarios"])


@pytest.fixture
def script() -> Iterator[ModuleType]:
    sys.path.insert(0, str(EXAMPLES))
    try:
        yield importlib.import_module("build_solar")
    finally:
        sys.path.remove(str(EXAMPLES))


def test_script_writes_the_same_tables(script: ModuleType, tmp_path: Path) -> None:
    """All tables that need no reference folder come out byte for byte."""
    made = {
        "orders": script.orders(script.SEED),
        "bids": script.bids(),
        "bid_charges": script.bid_charges(),
        "carriers": script.carriers(),
        "empties": script.empties(),
        "baseline": script.baseline(),
        "road_limits": script.road_limits(),
        "distances": script.distances(),
        "factors": script.factors(),
        "fx_rates": script.fx_rates(),
    }
    for name, rows in made.items():
        script.write(tmp_path / f"{name}.csv", rows)
        written = (tmp_path / f"{name}.csv").read_bytes()
        assert written == (SOLAR / "data" / f"{name}.csv").read_bytes(), name
