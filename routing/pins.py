"""Pins: what is decided already (table `decisions`), and what it leaves open to orders and lanes.

A pin fixes (or freezes, which is the same) what it names, or forbids it:

* **lane**: of the bids on the lane, fix leaves those of the carrier, that bid, those via those
  places, that equipment, that day of departure; forbid takes the one thing that it names away.
* **order**: wherever the carrier (the bid) serves a leg of the order's way, fix gives it the leg,
  and the way that reaches the destination has such a leg; the way passes the places of `via` and no
  others; the load units that reach the destination are of the equipment; the goods leave their
  origin on the day. Forbid: no leg, no place, no load unit, no departure of that kind.

Pins come on top of measures that are off. The judge asks the same of the result tables
(routing/check/pins.py).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from routing.bids import Bid
from routing.decisions import Pin
from routing.tender import lane_of

if TYPE_CHECKING:
    from routing.case import Case
    from routing.groups import Entry
    from routing.plan import Shipment
    from routing.runs import PartRun, Run


class OpenBids(frozenset[str]):
    """The bids open to an order, by id, where a set of carriers is not exact enough."""


def is_of(pin: Pin, bid: Bid) -> bool:
    """True if a bid is the pinned one, or the pinned carrier's."""
    return bid.bid_id == pin.bid_id if pin.bid_id else bid.carrier == pin.carrier


def bid_open(bid: Bid, open_to: frozenset[str] | None) -> bool:
    """True if a bid is among those open to an order: all, those of some carriers, or named ones."""
    if open_to is None:
        return True
    return (bid.bid_id if isinstance(open_to, OpenBids) else bid.carrier) in open_to


def compete(one: Bid, other: Bid) -> bool:
    """True if two bids serve the same leg of the same load units (or part loads)."""
    return (
        (one.origin, one.destination) == (other.origin, other.destination)
        and one.takes_load_units == other.takes_load_units
        and (
            not (one.equipment and other.equipment)
            or bool(set(one.equipment) & set(other.equipment))
        )
    )


class Pins:
    """What the pins of a case leave open to the entries of its orders."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.of_order: dict[str, list[Pin]] = {}
        for pin in case.pins:
            for key in pin.orders:
                self.of_order.setdefault(key, []).append(pin)
        self._open: dict[tuple[str, frozenset[str] | None], frozenset[str] | None] = {}

    def carriers(self, entry: Entry, open_to: frozenset[str] | None) -> frozenset[str] | None:
        """What is open to an entry of the carriers that measures leave to it."""
        named = [p for p in self.of_order.get(entry.order, ()) if p.carrier or p.bid_id]
        if not named:
            return open_to
        key = (entry.order, open_to)
        if key not in self._open:
            self._open[key] = self._open_bids(named, open_to)
        return self._open[key]

    def _open_bids(
        self, pins: Iterable[Pin], open_to: frozenset[str] | None
    ) -> frozenset[str] | None:
        bids = [b for b in self.case.bids if bid_open(b, open_to)]
        for pin in pins:
            ours = [b for b in self.case.bids if is_of(pin, b)]
            if pin.fixes:
                bids = [b for b in bids if is_of(pin, b) or not any(compete(b, o) for o in ours)]
            else:
                bids = [b for b in bids if not is_of(pin, b)]
        return OpenBids(b.bid_id for b in bids)

    def admits(self, run: Run | PartRun, entry: Entry) -> bool:
        """True if the pins of its order let an entry travel on a run."""
        pins = self.of_order.get(entry.order, ())
        return all(
            _fixed(pin, run, entry) if pin.fixes else _allowed(pin, run, entry) for pin in pins
        )


def _fixed(pin: Pin, run: Run | PartRun, entry: Entry) -> bool:
    reaches, leaves = entry.kind != "in", entry.kind != "out"
    if pin.via and not _on_way(pin.via, run.via, entry):
        return False
    if reaches and pin.equipment and getattr(run, "equipment", "") != pin.equipment:
        return False
    if leaves and pin.departure and run.depart != pin.departure.toordinal():
        return False
    rides = not (pin.carrier or pin.bid_id) or any(is_of(pin, b) for b in _bids(run))
    return rides or not reaches


def _allowed(pin: Pin, run: Run | PartRun, entry: Entry) -> bool:
    passed = {*run.via, entry.hub} - {""}
    if passed & set(pin.via):
        return False
    if pin.equipment and getattr(run, "equipment", "") == pin.equipment:
        return False
    leaves = entry.kind != "out" and pin.departure is not None
    return not (leaves and pin.departure and run.depart == pin.departure.toordinal())


def _on_way(wanted: tuple[str, ...], via: tuple[str, ...], entry: Entry) -> bool:
    """True if a run is the part of the pinned way that its entry stands for."""
    if entry.kind == "direct":
        return via == wanted
    if entry.hub not in wanted:
        return False
    at = wanted.index(entry.hub)
    return via == (wanted[:at] if entry.kind == "in" else wanted[at + 1 :])


def _bids(run: Run | PartRun) -> list[Bid]:
    """The bids that may carry a leg of a run."""
    return [
        offer.bid
        for step in run.steps
        for offer in (step.link.offers if hasattr(step, "link") else (step.offer,))
    ]


def booking_refs(case: Case, shipment: Shipment) -> list[str]:
    """The bookings of a shipment: of its orders that it brings to their destination, of its lanes.

    A lane's booking holds for what rides as its pin says.
    """
    found = []
    keys = {
        c.packed.order.key
        for c in shipment.contents
        if c.packed.order.destination == shipment.destination
    }
    for pin in case.pins:
        if not (pin.fixes and pin.booking_ref):
            continue
        bids = [leg.offer.bid for leg in shipment.legs]
        on_lane = pin.lane and any(
            pin.lane in (lane_of(b), f"{b.origin} - {b.destination}") for b in bids
        )
        if on_lane or keys & pin.orders:
            found.append(pin.booking_ref)
    return list(dict.fromkeys(found))


def pinned_days(case: Case) -> set[int]:
    """The days of departure that pins name (ordinals)."""
    return {pin.departure.toordinal() for pin in case.pins if pin.departure}


def narrowed(case: Case, bid: Bid) -> Bid | None:
    """What the pins of its lane leave of a bid; None where they close it."""
    left = bid
    for pin in case.pins:
        if not pin.lane or pin.lane not in (lane_of(bid), f"{bid.origin} - {bid.destination}"):
            continue
        closed = _closes(pin, bid)
        if closed:
            return None
        some = _with_equipment(case, pin, left)
        if some is None:
            return None
        left = _with_days(pin, some)
    return left


def _closes(pin: Pin, bid: Bid) -> bool:
    if pin.fixes:
        other = bool(pin.carrier or pin.bid_id) and not is_of(pin, bid)
        return other or (bool(pin.via) and bid.via != pin.via)
    named = bool(pin.carrier or pin.bid_id) and is_of(pin, bid)
    return named or bool(set(bid.via) & set(pin.via))


def _with_equipment(case: Case, pin: Pin, bid: Bid) -> Bid | None:
    if not pin.equipment:
        return bid
    if not bid.takes_load_units:
        return None if pin.fixes else bid
    container = bid.service == "container"
    every = bid.equipment or tuple(
        e.code for e in case.equipment.values() if e.is_container == container
    )
    kept = tuple(e for e in every if (e == pin.equipment) == pin.fixes)
    return replace(bid, equipment=kept) if kept else None


def _with_days(pin: Pin, bid: Bid) -> Bid:
    if pin.departure is None:
        return bid
    if not pin.fixes:
        return replace(bid, closed_on=(*bid.closed_on, pin.departure))
    first = max(bid.valid_from or pin.departure, pin.departure)
    last = min(bid.valid_to or pin.departure, pin.departure)
    return replace(bid, valid_from=first, valid_to=last)
