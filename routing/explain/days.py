"""When a shipment could ride on another bid, with the bids of all its other legs held."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from routing.bids import Bid
from routing.case import Case
from routing.explain.judging import Obstacle
from routing.network import bundle
from routing.offers import Offer
from routing.plan import Content, LegChoice, Plan, Shipment
from routing.runs import leave

FAR_AHEAD = 120
"""So many days are tried."""
NEVER = 10**7


class Days:
    """Between which days each leg of a finished plan may run."""

    def __init__(self, case: Case, plan: Plan) -> None:
        self.case = case
        self.arrivals: dict[tuple[str, str], list[int]] = defaultdict(list)
        """Arrivals at a centre, by order and centre."""
        self.onward: dict[tuple[str, str], list[int]] = defaultdict(list)
        """Stuffing days out of a centre, by order and centre."""
        self.fetched: dict[str, int] = {}
        """The last day on which a shipment fetches a reused box."""
        for shipment in plan.shipments:
            for content in shipment.contents:
                key = (content.packed.order.key, content.hub)
                if content.kind == "in":
                    self.arrivals[key].append(shipment.arrive)
                elif content.kind == "out":
                    self.onward[key].append(stuffed(shipment))
        for use in plan.box_uses:
            self.fetched[use.shipment_id] = max(self.fetched.get(use.shipment_id, 0), use.day)

    def ready(self, shipment: Shipment) -> int:
        """The first day on which all its goods (and the boxes that it loads again) are there."""
        goods = max((self._ready(c) for c in shipment.contents), default=stuffed(shipment))
        return max(goods, self.fetched[shipment.shipment_id]) if shipment.pickup_place else goods

    def _ready(self, content: Content) -> int:
        order = content.packed.order
        if content.kind != "out":
            return order.ready_date.toordinal()
        dwell = self.case.places[content.hub].dwell_days
        return max(self.arrivals[order.key, content.hub], default=0) + dwell

    def due(self, shipment: Shipment) -> int:
        """The last day on which it may arrive; boxes that go on from it are not to come later."""
        last = min((self._due(c) for c in shipment.contents), default=shipment.arrive)
        if self.case.settings.lateness_allowed:
            last = max(last, shipment.arrive)
        return min(last, shipment.arrive) if shipment.released else last

    def _due(self, content: Content) -> int:
        order = content.packed.order
        if content.kind != "in":
            return order.due_date.toordinal()
        dwell = self.case.places[content.hub].dwell_days
        return min(self.onward[order.key, content.hub], default=NEVER) - dwell

    def legs_with(
        self, shipment: Shipment, index: int, offer: Offer
    ) -> tuple[tuple[LegChoice, ...], Obstacle | None]:
        """The legs with one of them on another offer, and what is wrong with their days, if any.

        All other legs keep their bids. Days move as little as they must: first those after the
        other offer, then the start, to the nearest day at which all arrive in time on valid bids.
        """
        now, first, last = stuffed(shipment), self.ready(shipment), self.due(shipment)
        offers = [leg.offer for leg in shipment.legs]
        offers[index] = offer
        in_time: tuple[LegChoice, ...] = ()
        nearest_first = sorted(range(first, max(first, last) + 1), key=lambda d: (abs(d - now), d))
        for start in nearest_first[:FAR_AHEAD]:
            for patient in (True, False):
                legs = self.chain(shipment, offers, start, patient)
                if legs[-1].arrive <= last and all(self.holds(g.offer.bid, g.depart) for g in legs):
                    return legs, None
                if legs[-1].arrive <= last and not in_time:
                    in_time = legs
        if in_time:
            return in_time, None  # the judge says which bid does not hold
        legs = self.chain(shipment, offers, first, patient=False)
        told = f"it arrives {date.fromordinal(legs[-1].arrive)} at the earliest, wanted by "
        return legs, Obstacle("too late", told + f"{date.fromordinal(last)}")

    def chain(
        self, shipment: Shipment, offers: list[Offer], start: int, patient: bool
    ) -> tuple[LegChoice, ...]:
        """Legs set forward in time from a day of stuffing; `patient`: not before today's days."""
        legs: list[LegChoice] = []
        day = start
        for i, (leg, offer) in enumerate(zip(shipment.legs, offers, strict=True)):
            link = bundle(-1, (offer,))
            depart = leave(self.case.places[offer.bid.origin], day, i == 0, link)
            if patient and leg.depart >= depart:
                depart = link.departure_on_or_after(leg.depart)
            day = depart + offer.bid.transit_days
            legs.append(LegChoice(offer, depart, day, leg.paid))
        return tuple(legs)

    def holds(self, bid: Bid, day: int) -> bool:
        """True if bid and carrier hold on a day."""
        when, until = date.fromordinal(day), self.case.carriers[bid.carrier].qualified_until
        return (
            (bid.valid_from is None or bid.valid_from <= when)
            and (bid.valid_to is None or when <= bid.valid_to)
            and (until is None or when <= until)
        )


def stuffed(shipment: Shipment) -> int:
    """The day of stuffing: the last that the first leg's cut-off allows."""
    return shipment.legs[0].depart - shipment.legs[0].offer.bid.cutoff_days
