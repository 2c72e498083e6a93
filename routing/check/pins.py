"""Pins: what was decided stands in the finished plan, told from its tables alone.

An order's shipments are its way: into a logistics centre, out of it, or directly. What a pin fixes
of carrier, equipment and places is asked of the shipments that reach the order's destination, the
day of departure of those that leave its origin; what it forbids of all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from routing.bids import Bid
from routing.check.plan import Breach, Plan, Ride
from routing.check.rows import Shipment
from routing.decisions import Pin
from routing.orders import Order


def _travels(plan: Plan) -> Iterator[tuple[Pin, Order, list[Shipment]]]:
    """Each order line that is pinned, with its shipments."""
    for pin in plan.case.pins:
        for order in plan.case.orders:
            if order.key in pin.orders:
                rows = plan.allocations_of_order.get((order.order_id, order.line), ())
                ids = dict.fromkeys(a.shipment_id for a in rows)
                yield pin, order, [plan.shipment[i] for i in ids if i in plan.shipment]


def _names(pin: Pin, ride: Ride) -> bool:
    """True if a ride is on the pinned bid, or with the pinned carrier."""
    return ride.first.bid_id == pin.bid_id if pin.bid_id else ride.first.carrier == pin.carrier


def _could_ride(plan: Plan, pin: Pin, shipment: Shipment, ride: Ride) -> bool:
    """True if the pinned carrier (or bid) bids for just what a ride does."""

    def serves(bid: Bid) -> bool:
        named = bid.bid_id == pin.bid_id if pin.bid_id else bid.carrier == pin.carrier
        same_ends = (bid.origin, bid.destination) == (ride.origin, ride.destination)
        whole = bool(shipment.equipment) == bid.takes_load_units
        takes = not shipment.equipment or not bid.equipment or shipment.equipment in bid.equipment
        return named and same_ends and whole and takes

    return any(serves(bid) for bid in plan.case.bids)


def _passed(plan: Plan, shipment: Shipment) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The places between its ends: where bids change, and with those that bids pass on the way."""
    rides = plan.rides_of[shipment.shipment_id]
    by_row = tuple(row.destination for r in rides for row in r.rows)[:-1]
    return tuple(r.destination for r in rides[:-1]), by_row


def pinned_carriers(plan: Plan) -> Iterator[Breach]:
    """A pinned carrier or bid has every leg that it serves, and such a leg there is; or none."""
    for pin, order, shipments in _travels(plan):
        if not (pin.carrier or pin.bid_id):
            continue
        for s in shipments:
            rides = plan.rides_of[s.shipment_id]
            with_it = [r for r in rides if _names(pin, r)]
            if not pin.fixes:
                for ride in with_it:
                    yield "legs", ride.first.key, f"{order.key} rides on what {pin} forbids"
                continue
            for ride in rides:
                if ride not in with_it and _could_ride(plan, pin, s, ride):
                    yield "legs", ride.first.key, f"{order.key} is not given to {pin}"
            if s.destination == order.destination and not with_it:
                yield "shipments", s.shipment_id, f"{order.key} has no leg with {pin}"


def pinned_places(plan: Plan) -> Iterator[Breach]:
    """The way of an order passes the pinned places in their order, or none of the forbidden."""
    for pin, order, shipments in _travels(plan):
        if not pin.via:
            continue
        for s in shipments:
            if not pin.fixes:
                met = set(_passed(plan, s)[1]) | ({s.destination} - {order.destination})
                if met & set(pin.via):
                    yield "shipments", s.shipment_id, f"{order.key} passes what {pin} forbids"
            elif s.destination == order.destination:
                if not any(pin.via in _ways(plan, order, s, i, shipments) for i in (0, 1)):
                    yield "shipments", s.shipment_id, f"{order.key} does not go as in {pin}"
            elif s.destination not in pin.via:
                yield "shipments", s.shipment_id, f"{order.key} is taken off its way of {pin}"


def _ways(
    plan: Plan, order: Order, last: Shipment, kind: int, shipments: list[Shipment]
) -> set[tuple[str, ...]]:
    """The places that goods of a last shipment passed, counted by bids (0) or by legs (1)."""
    onward = _passed(plan, last)[kind]
    if last.origin == order.origin:
        return {onward}
    return {
        (*_passed(plan, first)[kind], last.origin, *onward)
        for first in shipments
        if first.destination == last.origin
    }


def pinned_equipment(plan: Plan) -> Iterator[Breach]:
    """Load units are of the pinned equipment, or not of the forbidden one."""
    for pin, order, shipments in _travels(plan):
        for s in shipments if pin.equipment else ():
            same = s.equipment == pin.equipment
            asked = s.destination == order.destination or not pin.fixes
            if asked and same != pin.fixes:
                yield (
                    "shipments",
                    s.shipment_id,
                    f"{order.key} in {s.equipment or 'part loads'}: {pin}",
                )


def pinned_departures(plan: Plan) -> Iterator[Breach]:
    """Goods leave their origin on the pinned day, or not on the forbidden one."""
    for pin, order, shipments in _travels(plan):
        for s in shipments if pin.departure else ():
            if s.origin == order.origin and (s.departure_date == pin.departure) != pin.fixes:
                message = f"{order.key} leaves on {s.departure_date}: {pin}"
                yield "shipments", s.shipment_id, message


def pinned_lanes(plan: Plan) -> Iterator[Breach]:
    """What rides on a pinned lane rides as decided."""
    for pin in plan.case.pins:
        for s, ride in plan.riding if pin.lane else ():
            bid = ride.bid
            relation = f"{ride.origin} - {ride.destination}"
            if bid is None or pin.lane not in (bid.lane_id or relation, relation):
                continue
            told = _lane_breaches(pin, s, ride, bid, ride.depart)
            if told:
                yield "legs", ride.first.key, f"{told}: {pin}"


def _lane_breaches(pin: Pin, shipment: Shipment, ride: Ride, bid: Bid, depart: date | None) -> str:
    """What of a ride is not as the pin of its lane says."""
    if (pin.carrier or pin.bid_id) and _names(pin, ride) != pin.fixes:
        return f"{bid.carrier} with {bid.bid_id}"
    if pin.via and ((bid.via != pin.via) if pin.fixes else bool(set(bid.via) & set(pin.via))):
        return f"via {bid.via}"
    if pin.equipment and (shipment.equipment == pin.equipment) != pin.fixes:
        return shipment.equipment or "a part load"
    if pin.departure and (depart == pin.departure) != pin.fixes:
        return f"it departs {depart}"
    return ""


def booking_told(plan: Plan) -> Iterator[Breach]:
    """The booking of a pinned order stands with each of its shipments."""
    for pin, order, shipments in _travels(plan):
        for s in shipments if pin.fixes and pin.booking_ref else ():
            if s.destination == order.destination and pin.booking_ref not in s.booking_ref:
                yield "shipments", s.shipment_id, f"the booking {pin.booking_ref} is not told"


RULES = (
    pinned_carriers,
    pinned_places,
    pinned_equipment,
    pinned_departures,
    pinned_lanes,
    booking_told,
)
