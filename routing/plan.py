"""The plan: shipments with their loads, legs, offers and boxes, as frozen objects.

A shipment is one run of load units that share route, dates and bids, all in emptied boxes or none;
or one part load. Everything in the result tables is told from these objects.
"""

from __future__ import annotations

from dataclasses import dataclass

from loading.stuffing import LoadPlan
from loading.units import HandlingUnit
from routing.boxes import EmptyBoxes
from routing.offers import Offer
from routing.options import Packed


@dataclass(frozen=True)
class LegChoice:
    """One leg of a shipment on the offer that carries it (days are ordinals)."""

    offer: Offer
    depart: int
    arrive: int
    paid: bool


@dataclass(frozen=True)
class Content:
    """Handling units of one order in a shipment; `hub` is where they are re-stuffed, if at all."""

    packed: Packed
    units: tuple[HandlingUnit, ...]
    kind: str
    hub: str = ""

    @property
    def mass_kg(self) -> float:
        """Goods and packaging."""
        return sum(u.mass_kg for u in self.units)

    @property
    def pieces(self) -> int:
        """Pieces of the product."""
        return sum(u.pieces for u in self.units)

    @property
    def volume_m3(self) -> float:
        """Outer volume."""
        return self.packed.packaging.volume_m3 * len(self.units)


@dataclass(frozen=True)
class Shipment:
    """Load units (or one part load) with the same route, dates and bids.

    `pickup_place` is where emptied boxes are fetched ("" = at the port, by the haulage bid; several
    places are separated by `;`);
    `released` means that its boxes, once stripped, are loaded again and do not go back.
    """

    shipment_id: str
    origin: str
    destination: str
    equipment: str
    legs: tuple[LegChoice, ...]
    contents: tuple[Content, ...]
    loads: tuple[LoadPlan, ...]
    line: str
    pickup_place: str = ""
    released: bool = False

    @property
    def load_units(self) -> int:
        """Boxes or trailers; 0 for a part load."""
        return len(self.loads)

    @property
    def mass_kg(self) -> float:
        """Goods and packaging."""
        return sum(c.mass_kg for c in self.contents)

    @property
    def volume_m3(self) -> float:
        """Outer volume of the goods."""
        return sum(c.volume_m3 for c in self.contents)

    @property
    def depart(self) -> int:
        """Departure from the origin (ordinal day)."""
        return self.legs[0].depart

    @property
    def arrive(self) -> int:
        """Arrival at the destination (ordinal day)."""
        return self.legs[-1].arrive

    @property
    def stops(self) -> tuple[str, ...]:
        """All places of the route, places a bid passes through included."""
        stops = [self.origin]
        for leg in self.legs:
            stops += [s.destination for s in leg.offer.stretches]
        return tuple(stops)


@dataclass(frozen=True)
class BoxUse:
    """Boxes of one source loaded again by one shipment, fetched on a day (ordinal).

    The source is a row of `empties` or an inbound shipment of this plan, never both. `place` is
    where they stand empty and leave on `day`: for the stuffing place, or for a depot from which
    they are fetched on the day of stuffing (`depot` blank: on the street).
    """

    shipment_id: str
    boxes: int
    day: int
    place: str
    depot: str = ""
    empties: EmptyBoxes | None = None
    import_shipment_id: str = ""


@dataclass(frozen=True)
class Unserved:
    """Pieces of an order that nobody moves, and why."""

    order: str
    pieces: int
    reason: str


@dataclass(frozen=True)
class Plan:
    """A whole plan, before it becomes tables."""

    shipments: tuple[Shipment, ...]
    box_uses: tuple[BoxUse, ...]
    unserved: tuple[Unserved, ...]
