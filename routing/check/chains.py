"""Chains: the legs of a shipment join in place and in time, with its hub passages between."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from routing.bids import WEEKDAYS
from routing.check.plan import GRAM, METRE, Breach, Plan, exactly
from routing.check.rows import Leg, Shipment
from routing.places import SEALED_CHANGE_KINDS


def chain_joined(plan: Plan) -> Iterator[Breach]:
    """The transport rows lead from the stuffing place to the stripping place without a gap."""
    for s in plan.shipments:
        rides = plan.rides_of[s.shipment_id]
        rows = [row for ride in rides for row in ride.rows]
        if not rows:
            yield "legs", s.shipment_id, "the shipment has no transport leg"
            continue
        if rows[0].origin != s.origin or rows[-1].destination != s.destination:
            message = (
                f"the legs go {rows[0].origin}>{rows[-1].destination}, "
                f"the shipment {s.origin}>{s.destination}"
            )
            yield "legs", s.shipment_id, message
        for before, after in pairwise(rows):
            if before.destination != after.origin:
                message = f"it leaves {after.origin}, the leg before ends at {before.destination}"
                yield "legs", after.key, message
        visited = [rows[0].origin, *(r.destination for r in rows)]
        if len(set(visited)) < len(visited):
            yield "legs", s.shipment_id, f"a place is passed twice: {'>'.join(visited)}"
        for ride in rides[1:]:
            place = plan.case.places.get(ride.origin)
            if place and place.kind not in SEALED_CHANGE_KINDS:
                message = f"load units cannot change their leg at {ride.origin}, a {place.kind}"
                yield "legs", ride.first.key, message


def shipment_way(plan: Plan) -> Iterator[Breach]:
    """`route` and `carriers` of a shipment are those of its legs."""
    for s in plan.shipments:
        rides = plan.rides_of[s.shipment_id]
        if not rides:
            continue
        rows = [row for ride in rides for row in ride.rows]
        by_row = ">".join([rows[0].origin, *(r.destination for r in rows)])
        by_ride = ">".join([rides[0].origin, *(r.destination for r in rides)])
        if s.route not in (by_row, by_ride):
            yield "shipments", s.shipment_id, f"route {s.route} is not {by_row} of its legs"
        carriers = tuple(dict.fromkeys(r.first.carrier for r in rides))
        if s.carriers != carriers:
            message = f"carriers {';'.join(s.carriers)} are not {';'.join(carriers)} of its legs"
            yield "shipments", s.shipment_id, message


def chain_in_time(plan: Plan) -> Iterator[Breach]:
    """Each leg departs after the one before arrived, dwell days and cut-off included."""
    for s in plan.shipments:
        there: date | None = s.stuffing_date
        dwell = 0
        for ride in plan.rides_of[s.shipment_id]:
            if ride.depart is None or ride.arrive is None:
                yield "legs", ride.first.key, "depart or arrive is blank"
                continue
            if there is None:
                yield "shipments", s.shipment_id, "stuffing_date is blank"
                there = ride.depart
            cutoff = ride.bid.cutoff_days if ride.bid else 0
            earliest = there + timedelta(days=max(dwell, cutoff))
            if ride.depart < earliest:
                message = (
                    f"it departs {ride.origin} on {ride.depart}; the goods are there on {there}, "
                    f"dwell {dwell} d, cut-off {cutoff} d: {earliest} at the earliest"
                )
                yield "legs", ride.first.key, message
            for before, after in pairwise(ride.rows):
                if before.arrive and after.depart and after.depart < before.arrive:
                    yield "legs", after.key, "it departs before the stretch before it arrives"
            there = ride.arrive
            place = plan.case.places.get(ride.destination)
            dwell = place.dwell_days if place else 0


def shipment_days(plan: Plan) -> Iterator[Breach]:
    """Departure and arrival of a shipment are those of its first and last leg."""
    for s in plan.shipments:
        rides = plan.rides_of[s.shipment_id]
        if not rides:
            continue
        if s.departure_date != rides[0].depart:
            message = f"departure {s.departure_date}, its first leg departs {rides[0].depart}"
            yield "shipments", s.shipment_id, message
        if s.arrival_date != rides[-1].arrive:
            message = f"arrival {s.arrival_date}, its last leg arrives {rides[-1].arrive}"
            yield "shipments", s.shipment_id, message


def transit_of_bid(plan: Plan) -> Iterator[Breach]:
    """A leg takes the transit days of its bid."""
    for _, ride in plan.riding:
        if ride.bid and ride.depart and ride.arrive:
            days = (ride.arrive - ride.depart).days
            if days != ride.bid.transit_days:
                message = (
                    f"it takes {days} days, bid {ride.bid.bid_id} says {ride.bid.transit_days}"
                )
                yield "legs", ride.first.key, message


def departure_day(plan: Plan) -> Iterator[Breach]:
    """A leg departs on a weekday on which its bid departs."""
    for _, ride in plan.riding:
        if ride.bid and ride.depart and ride.bid.departure_days:
            weekday = WEEKDAYS[ride.depart.weekday()]
            if weekday not in ride.bid.departure_days:
                message = (
                    f"{ride.depart} is a {weekday}, {ride.bid.bid_id} departs on "
                    + ", ".join(ride.bid.departure_days)
                )
                yield "legs", ride.first.key, message


def leg_content(plan: Plan) -> Iterator[Breach]:
    """Each transport row moves all load units, TEU and mass of its shipment, no more, no less."""
    for s, ride in plan.riding:
        box = plan.case.equipment.get(s.equipment)
        teu = s.load_units * box.teu if box else 0.0
        for row in ride.rows:
            if row.equipment != s.equipment:
                yield "legs", row.key, f"equipment {row.equipment}, the shipment's is {s.equipment}"
            if row.load_units != s.load_units:
                message = f"{row.load_units:g} load units, the shipment has {s.load_units:g}"
                yield "legs", row.key, message
            if not exactly(row.teu, teu, METRE):
                yield "legs", row.key, f"{row.teu:g} TEU, the shipment has {teu:g}"
            if not exactly(row.mass_kg, s.mass_kg, GRAM):
                yield "legs", row.key, f"{row.mass_kg} kg, the shipment weighs {s.mass_kg} kg"


def restuffed_kg(plan: Plan, shipment: Shipment) -> float:
    """Mass that is re-stuffed where the shipment ends: goods of orders that go further."""
    return sum(
        row.mass_kg
        for row in plan.allocations_of.get(shipment.shipment_id, ())
        if row.order in plan.orders and plan.orders[row.order].destination != shipment.destination
    )


def changes_of(plan: Plan, shipment: Shipment) -> list[str]:
    """The places where a shipment changes its mode, in order; a part load: its vehicle."""
    rides = plan.rides_of[shipment.shipment_id]
    return [
        after.origin
        for before, after in pairwise(rides)
        if before.first.mode != after.first.mode or not shipment.equipment
    ]


def hub_rows_of(plan: Plan, shipment: Shipment) -> list[Leg]:
    """The hub rows of a shipment in their order."""
    return [g for g in plan.legs_of.get(shipment.shipment_id, ()) if g.kind == "hub"]


def hub_rows_complete(plan: Plan) -> Iterator[Breach]:
    """One hub row wherever the mode changes or goods are re-stuffed, and nowhere else.

    A part load leaves its vehicle, and so is re-stuffed, wherever its leg changes.
    """
    for s in plan.shipments:
        wanted = Counter(changes_of(plan, s))
        if restuffed_kg(plan, s) > 0:
            wanted[s.destination] += 1
        found = Counter(g.origin for g in hub_rows_of(plan, s))
        for place in sorted(set(wanted) | set(found)):
            if wanted[place] != found[place]:
                message = f"{found[place]} hub rows at {place}, {wanted[place]} passages there"
                yield "legs", s.shipment_id, message
        for row in hub_rows_of(plan, s):
            if row.origin != row.destination or row.activity_tkm or row.distance_km:
                yield "legs", row.key, "a hub row stays in its place and has no activity"
            mass = restuffed_kg(plan, s) if row.origin == s.destination else s.mass_kg
            if not exactly(row.mass_kg, mass, GRAM):
                yield "legs", row.key, f"{row.mass_kg} kg pass, not {mass} kg"


def order_of_rows(plan: Plan) -> Iterator[Breach]:
    """`seq` counts 1, 2, ... in the order of time, hub rows between the legs that they join."""
    for s in plan.shipments:
        rows = plan.legs_of.get(s.shipment_id, [])
        if [row.seq for row in rows] != list(range(1, len(rows) + 1)):
            yield "legs", s.shipment_id, "seq does not count 1, 2, ..."
        at: str | None = None
        for row in rows:
            if row.kind == "hub" and row.origin != at:
                yield "legs", row.key, f"the shipment is at {at} there"
            if row.kind == "transport":
                at = row.destination


RULES = (
    chain_joined,
    shipment_way,
    chain_in_time,
    shipment_days,
    transit_of_bid,
    departure_day,
    leg_content,
    hub_rows_complete,
    order_of_rows,
)
