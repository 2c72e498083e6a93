"""Monday's work: what to book, order, stuff and hand over, with whom, where and on which day.

Bookings stand on the Monday a week before departure, and not before the day the plan is made for;
everything else stands on its own day.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from lowhaul.units import KG_PER_T
from routing.case import Case
from routing.ledger import Ledger
from routing.ledger_chain import Trip

ORDER = ("book", "order_empty", "stuff", "gate_in", "hand_over_empty")
BOOKED_AHEAD = timedelta(days=7)

Row = dict[str, Any]


def action_rows(case: Case, ledger: Ledger) -> list[Row]:
    """All actions by day, then in the order of the work, then by shipment."""
    rows = [row for trip in ledger.trips for row in _of_trip(case, trip)]
    return sorted(
        rows, key=lambda r: (r["date"], ORDER.index(r["action"]), r["shipment_id"], r["carrier"])
    )


def _of_trip(case: Case, trip: Trip) -> Iterator[Row]:
    yield from _bookings(case, trip)
    yield from _empties_ordered(trip)
    s = trip.shipment
    units = float(s.load_units)
    if units:
        note = f"{len([u for load in s.loads for u in load.placements])} handling units"
        yield _row(trip.stuffed, "stuff", "", trip, units, s.origin, note)
    yield from _gate_in(trip)
    yield from _empties_handed_over(trip)


def _row(
    day: int, action: str, carrier: str, trip: Trip, quantity: float, place: str, note: str
) -> Row:
    return {
        "date": date.fromordinal(day),
        "action": action,
        "carrier": carrier,
        "shipment_id": trip.shipment.shipment_id,
        "quantity": quantity,
        "place": place,
        "note": note,
    }


def _bookings(case: Case, trip: Trip) -> Iterator[Row]:
    """One booking a leg; its quantity is load units, of part loads tonnes."""
    s = trip.shipment
    for leg in s.legs:
        bid = leg.offer.bid
        departs = date.fromordinal(leg.depart)
        ahead = departs - BOOKED_AHEAD
        day = min(max(ahead - timedelta(days=ahead.weekday()), case.settings.as_of), departs)
        cutoff = departs - timedelta(days=bid.cutoff_days)
        note = f"{bid.bid_id} to {bid.destination}, departs {departs}"
        if bid.cutoff_days:
            note += f", cut-off {cutoff}"
        if not leg.paid:
            note += "; paid by others"
        quantity = float(s.load_units) or trip.mass_kg / KG_PER_T
        yield _row(day.toordinal(), "book", bid.carrier, trip, quantity, bid.origin, note)


def _empties_ordered(trip: Trip) -> Iterator[Row]:
    """Where each empty box is fetched: at the port, or where one was emptied."""
    if not trip.fetches:
        return
    s, first = trip.shipment, trip.shipment.legs[0].offer.bid
    rest = s.load_units
    for use in trip.came:
        source = use.empties.empty_id if use.empties else use.import_shipment_id
        note = f"{s.equipment} of {source}, loaded again"
        place = use.depot or use.place
        rest -= use.boxes
        day = trip.stuffed if use.depot else min(use.day, trip.stuffed)
        if use.depot and use.empties:
            come = f"{note}, from {use.place}"
            boxes = float(use.boxes)
            yield _row(use.day, "hand_over_empty", first.carrier, trip, boxes, use.depot, come)
        if use.depot:
            note += f", handed in by {date.fromordinal(use.day)}"
        yield _row(day, "order_empty", first.carrier, trip, float(use.boxes), place, note)
    if rest > 0:
        note = f"{s.equipment} of {s.line}" if s.line else s.equipment
        yield _row(
            trip.stuffed, "order_empty", first.carrier, trip, float(rest), first.destination, note
        )


def _gate_in(trip: Trip) -> Iterator[Row]:
    """Load units at the port of loading, before its cut-off."""
    s = trip.shipment
    for before, leg in pairwise(s.legs):
        if leg.offer.bid.mode == "sea" and before.offer.bid.mode != "sea" and s.load_units:
            cutoff = date.fromordinal(leg.depart - leg.offer.bid.cutoff_days)
            yield _row(
                before.arrive,
                "gate_in",
                before.offer.bid.carrier,
                trip,
                float(s.load_units),
                leg.offer.bid.origin,
                f"cut-off {cutoff}, {leg.offer.bid.carrier} departs {date.fromordinal(leg.depart)}",
            )
            return


def _empties_handed_over(trip: Trip) -> Iterator[Row]:
    """Stripped boxes: to the haulier of the export that loads them again, else to their port."""
    if not trip.frees:
        return
    s, last = trip.shipment, trip.shipment.legs[-1].offer.bid
    rest = s.load_units
    for use in trip.went:
        rest -= use.boxes
        through = f"to {use.depot} for" if use.depot else "to"
        note = f"{through} {use.shipment_id}, loaded again"
        yield _row(
            use.day, "hand_over_empty", last.carrier, trip, float(use.boxes), s.destination, note
        )
    if rest > 0:
        until = trip.free_until
        note = f"free until {date.fromordinal(until)}" if until is not None else ""
        yield _row(
            trip.stripped, "hand_over_empty", last.carrier, trip, float(rest), last.origin, note
        )
