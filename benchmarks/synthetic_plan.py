"""A large made-up plan for pages and packs: the tests' synthetic result spread over many lanes.

The tests' generator (tests/scenarios/synthetic.py) knows nine relations. Here each customer stands
for many in a circle of some hundred kilometres, each plant for five, and each haulier for several,
by the number of the shipment and without chance: shipment i goes to customer i mod `lanes` / 9.
Masses, prices, days and ports stay as they are, so that all totals still add up.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pandas as pd

from routing.distances import Distances
from routing.places import Place
from tests.scenarios.synthetic import CHAINS, Synthetic, make

PLANTS_EACH = 5
DEGREES_AWAY = 4.0
Rename = Callable[[str, int], str]


def large_plan(shipments: int, lanes: int, carriers: int) -> Synthetic:
    """A result of so many shipments on about so many lanes, by about so many carriers."""
    plan = make(shipments)
    customers = max(1, round(lanes / len(CHAINS)))
    ends = {chain[-1][1] for _, chain, _ in CHAINS.values()}
    plants = {origin for origin, _, _ in CHAINS.values()}
    hauliers = {c for _, chain, _ in CHAINS.values() for mode, _, c, _ in chain if mode == "road"}
    others = len(set(plan.tables["legs"]["carrier"]) - hauliers - {""})
    each = max(1, round((carriers - others) / len(hauliers)))

    def place(at: str, i: int) -> str:
        if at in ends:
            return f"{at}-{i % customers:03d}"
        return f"{at}-{i % customers % PLANTS_EACH}" if at in plants else at

    def carrier(known: str, i: int) -> str:
        return f"{known}{i % each:02d}" if known in hauliers else known

    tables = _renamed(plan.tables, place, carrier)
    case = _case(plan.case, tables)
    return Synthetic(tables, plan.summary, case)


def _renamed(
    tables: dict[str, pd.DataFrame], place: Rename, carrier: Rename
) -> dict[str, pd.DataFrame]:
    """All tables with the new places and carriers; a bid is one of a carrier between two places."""
    found = dict(tables)
    for name, columns in (("shipments", ("origin", "destination")), ("legs", ("from", "to")),
                          ("round_use", ("from", "to"))):  # fmt: skip
        frame = tables[name].copy()
        number = [int(s.rpartition("-")[2]) if s else 0 for s in frame["shipment_id"]]
        for column in columns:
            frame[column] = [place(p, i) for p, i in zip(frame[column], number, strict=True)]
        if name == "legs":
            pairs = zip(frame["carrier"], number, strict=True)
            frame["carrier"] = [carrier(c, i) if c else "" for c, i in pairs]
            ways = zip(frame["carrier"], frame["from"], frame["to"], frame["kind"], strict=True)
            frame["bid_id"] = [
                "" if not c else f"{c}-{b}-{a}" if kind == "empty" else f"{c}-{a}-{b}"
                for c, a, b, kind in ways
            ]
        found[name] = frame
    legs = found["legs"]
    used = legs[legs["bid_id"] != ""]
    sums = used.groupby(["carrier", "bid_id", "equipment"], as_index=False).agg(
        cost=("cost", "sum"), co2e_wtw_kg=("co2e_wtw_kg", "sum"), volume=("load_units", "max")
    )
    sums["cost"] = sums["cost"].round(2)
    sums["volume_unit"] = "load_unit"
    sums["lane_id"] = sums["bid_id"].str.split("-", n=1).str[1]
    found["awards"] = sums.reindex(columns=tables["awards"].columns, fill_value="")
    return found


def _case(case: Any, tables: dict[str, pd.DataFrame]) -> Any:
    legs = tables["legs"]
    places: dict[str, Place] = dict(case.places)
    turns = tables["round_use"]
    named = {*legs["from"], *legs["to"], *turns["from"], *turns["to"]} - {""}
    for at in sorted(named - set(places)):
        base, _, number = at.rpartition("-")
        known, i = case.places[base], int(number)
        away = DEGREES_AWAY * math.sqrt((i % 97 + 1) / 98)  # evenly over a disc: the golden angle
        turn = i * math.pi * (3 - math.sqrt(5))
        places[at] = replace(
            known,
            location_id=at,
            name=f"{known.name} {i + 1}",
            lat=round(known.lat + away * math.sin(turn), 4),
            lon=round(known.lon + away * math.cos(turn), 4),
        )
    carriers = dict(case.carriers)
    for name in sorted(set(legs["carrier"]) - set(carriers) - {""}):
        known = case.carriers[name[:-2]]
        carriers[name] = replace(known, carrier=name, name=f"{known.name} {name[-2:]}")
    old = {bid.bid_id: bid for bid in case.bids}
    by_carrier = {bid.carrier: bid for bid in case.bids}
    bids = []
    used = legs[legs["bid_id"] != ""].drop_duplicates("bid_id")
    for leg in used.to_dict("records"):
        bid_id, carrier = leg["bid_id"], leg["carrier"]
        known = old.get(bid_id) or by_carrier.get(carrier) or by_carrier[carrier[:-2]]
        ends = (leg["from"], leg["to"])
        origin, destination = ends[::-1] if leg["kind"] == "empty" else ends
        bids.append(
            replace(known, bid_id=bid_id, carrier=carrier, origin=origin, destination=destination,
                    rate=round(known.rate + len(bids) / 100, 2), lane_id=bid_id.partition("-")[2])
        )  # fmt: skip
    orders = [
        replace(order, origin=row.origin, destination=row.destination)
        for order, row in zip(case.orders, tables["shipments"].itertuples(), strict=True)
    ]
    return SimpleNamespace(
        **{**vars(case), "places": places, "carriers": carriers, "bids": tuple(bids),
           "orders": tuple(orders), "distances": Distances(places)}
    )  # fmt: skip
