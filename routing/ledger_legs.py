"""Rows of legs.csv: laden ways, hub passages, empty ways, and returns of unused boxes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from emissions.activity import LegDistance
from emissions.co2e import Co2e
from emissions.elements import empty_element, hub_element, transport_element
from emissions.laws import empty_box_law
from emissions.scopes import ghg_scope
from routing.box_costs import region_of
from routing.boxes import EmptyBoxes
from routing.case import Case
from routing.handling import place_law
from routing.ledger_chain import Passage, Trip
from routing.ledger_costs import handling_charge, move_of
from routing.ledger_rows import CostRow, LegRow
from routing.plan import LegChoice

US, OTHERS = "us", "other"


def shipment_legs(trip: Trip, costs: Sequence[CostRow]) -> list[LegRow]:
    """The rows of one shipment in time order; `costs` are its charges."""
    return [replace(row, seq=i) for i, row in enumerate(_LegWriter(trip, costs).rows(), 1)]


class _LegWriter:
    """Walks along a chain; counts its elements (laden rows and hubs) for their names."""

    def __init__(self, trip: Trip, costs: Sequence[CostRow]) -> None:
        self.trip = trip
        self.case = trip.case
        self.shipment = trip.shipment
        self.elements = 0
        self.cost_of_bid: dict[str, float] = {}
        for row in costs:
            if row.bid_id:
                cost = self.cost_of_bid.get(row.bid_id, 0.0) + row.amount
                self.cost_of_bid[row.bid_id] = round(cost, 2)

    def rows(self) -> Iterator[LegRow]:
        hauls = self.trip.hauls
        last = len(self.shipment.legs) - 1
        passages = self.trip.passages
        for i, leg in enumerate(self.shipment.legs):
            laden = list(self.laden(leg))
            if i == 0 and i in hauls and (last > 0 or self.loads_at_plant(leg)):
                yield from self.fetched(leg, laden[0].element.tce_id)
            yield from laden
            if i == last and i in hauls and (last > 0 or not self.loads_at_plant(leg)):
                yield from self.brought_back(leg, laden[-1].element.tce_id)
            for passage in passages:
                if passage.after == i:
                    yield self.hub(passage)

    def loads_at_plant(self, leg: LegChoice) -> bool:
        """True if the only leg of a box goes from its place to a port or terminal.

        Then its empty way lies before the laden one, else behind it.
        """
        return self.case.places[leg.offer.bid.destination].kind in (
            "port",
            "rail_terminal",
            "barge_terminal",
            "depot",
        )

    def next_id(self) -> str:
        self.elements += 1
        return f"{self.shipment.shipment_id}.{self.elements}"

    def scope(self, paid: bool) -> str:
        """The most severe reading where flows meet: 3.9 only if all goods are sold and not paid."""
        flows = {c.packed.order.flow for c in self.shipment.contents}
        scopes = {ghg_scope(flow, paid_by_us=paid) for flow in flows}
        return scopes.pop() if len(scopes) == 1 else "3.4"

    def laden(self, leg: LegChoice) -> Iterator[LegRow]:
        """One row a stretch; the first carries the cost, days are shared by kilometres."""
        offer, bid = leg.offer, leg.offer.bid
        driven = offer.driven_km or 1.0
        way = 0.0
        for i, stretch in enumerate(offer.stretches):
            depart = leg.depart + int((leg.arrive - leg.depart) * way / driven)
            way += stretch.distance.actual_km
            final = i == len(offer.stretches) - 1
            arrive = leg.depart + int((leg.arrive - leg.depart) * way / driven)
            element = transport_element(
                stretch.law,
                tce_id=self.next_id(),
                mode=bid.mode,
                distance=stretch.distance,
                cargo_kg=self.trip.mass_kg,
                load_units=float(self.shipment.load_units),
                teu=self.trip.teu,
                shipment_id=self.shipment.shipment_id,
                carrier=bid.carrier,
            )
            yield LegRow(
                element,
                0,
                stretch.origin,
                stretch.destination,
                bid.bid_id,
                self.shipment.equipment,
                stretch.distance,
                self.cost_of_bid.get(bid.bid_id, 0.0) if i == 0 else 0.0,
                depart,
                leg.arrive if final else arrive,
                US if leg.paid else OTHERS,
                self.scope(leg.paid),
            )

    def fetched(self, leg: LegChoice, tce_id: str) -> Iterator[LegRow]:
        """The empty ways before stuffing: from the port, or from where emptied boxes stand."""
        rest = self.shipment.load_units
        for use in self.trip.came:
            rest -= use.boxes
            for way in move_of(self.trip, use):
                distance = self.case.distances.leg(*way, "road")
                day = self.trip.stuffed if way[0] == use.depot else use.day
                yield self.empty(leg, tce_id, way, distance, use.boxes, day)
        if rest > 0:
            way = (leg.offer.bid.destination, leg.offer.bid.origin)
            yield self.empty(leg, tce_id, way, _whole(leg), rest, self.trip.stuffed)

    def brought_back(self, leg: LegChoice, tce_id: str) -> Iterator[LegRow]:
        """The empty way back to the port of all boxes that nobody loads again."""
        rest = self.shipment.load_units - sum(use.boxes for use in self.trip.went)
        if rest > 0:
            way = (leg.offer.bid.destination, leg.offer.bid.origin)
            yield self.empty(leg, tce_id, way, _whole(leg), rest, self.trip.stripped)

    def empty(
        self,
        leg: LegChoice,
        tce_id: str,
        way: tuple[str, str],
        distance: LegDistance,
        boxes: int,
        day: int,
    ) -> LegRow:
        equipment = self.case.equipment[self.shipment.equipment]
        element = empty_element(
            leg.offer.stretches[0].law,
            tce_id=tce_id,
            driven_km=distance.actual_km,
            load_units=float(boxes),
            teu=equipment.teu * boxes,
            shipment_id=self.shipment.shipment_id,
            carrier=leg.offer.bid.carrier,
        )
        return LegRow(
            element,
            0,
            *way,
            leg.offer.bid.bid_id,
            self.shipment.equipment,
            distance,
            0.0,
            day,
            day,
            US if leg.paid else OTHERS,
            self.scope(leg.paid),
        )

    def hub(self, passage: Passage) -> LegRow:
        charge = handling_charge(self.trip, passage)
        element = hub_element(
            place_law(self.case, passage.place, restuffed=passage.per_tonne),
            tce_id=self.next_id(),
            cargo_kg=passage.mass_kg,
            teu=self.trip.teu,
            load_units=float(self.shipment.load_units),
            shipment_id=self.shipment.shipment_id,
        )
        place = passage.place.location_id
        return LegRow(
            element,
            0,
            place,
            place,
            "",
            self.shipment.equipment,
            None,
            charge.amount if charge else 0.0,
            passage.arrive,
            passage.depart,
            US if passage.paid else OTHERS,
            self.scope(passage.paid),
        )


def _whole(leg: LegChoice) -> LegDistance:
    """The kilometres of all stretches of a leg."""
    parts = [s.distance for s in leg.offer.stretches]
    if len(parts) == 1:
        return parts[0]
    return LegDistance(
        round(sum(p.sfd_km for p in parts), 3),
        round(sum(p.gcd_km for p in parts), 3),
        round(sum(p.actual_km for p in parts), 3),
        parts[0].basis,
        "; ".join(dict.fromkeys(p.source for p in parts)),
    )


def return_legs(
    case: Case, unused: Sequence[tuple[EmptyBoxes, int]], costs: Mapping[str, float]
) -> list[LegRow]:
    """Returns of unused boxes of ours, on their last free day; a box that is home needs none.

    `costs` is what the return of each row of `empties` costs.
    """
    rows = []
    for boxes, left in unused:
        if not boxes.ours or not left or boxes.location == boxes.return_to:
            continue
        equipment = case.equipment[boxes.equipment]
        distance = case.distances.leg(boxes.location, boxes.return_to, "road")
        element = empty_element(
            empty_box_law(
                case.factors, boxes.vehicle, equipment.tare_kg, region=region_of(case, boxes)
            ),
            tce_id=f"R-{boxes.empty_id}",
            driven_km=distance.actual_km,
            load_units=float(left),
            teu=equipment.teu * left,
        )
        day = (boxes.free_until or boxes.available_from).toordinal()
        rows.append(
            LegRow(
                element,
                1,
                boxes.location,
                boxes.return_to,
                "",
                boxes.equipment,
                distance,
                costs.get(boxes.empty_id, 0.0),
                day,
                day,
                US,
                "3.4",
            )
        )
    return rows


def co2e_of(rows: Sequence[LegRow]) -> Co2e:
    """The sum of rows; each is rounded already."""
    known = [row.element.known for row in rows]
    wtw = round(sum(k.wtw_kg for k in known), 3)
    ttw = round(sum(k.ttw_kg for k in known), 3)
    return Co2e(round(wtw - ttw, 3), ttw)
