"""Boxes that stand empty in a finished plan, and boxes that its shipments fetch by road."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from routing.boxes import EmptyBoxes
from routing.case import Case
from routing.depots import road_km
from routing.free_time import NO_END
from routing.ledger_chain import Trip


@dataclass(frozen=True)
class Detention:
    """The price of a day after free time, and the cell where it stands."""

    per_day: float
    currency: str
    file: str
    sheet: str = ""
    row: str = ""


@dataclass(frozen=True)
class Emptied:
    """Boxes of one source that stand empty: a row of `empties`, or an inbound shipment's own.

    `until` is the last day free of detention (NO_END: no end); `detention` None: a hard end.
    """

    line: str
    equipment: str
    place: str
    quantity: int
    grade: str
    ready: int
    until: int
    detention: Detention | None
    return_km: float
    haulier: str
    boxes: EmptyBoxes | None
    trip: Trip | None

    @property
    def key(self) -> tuple[str, str]:
        """Its empty_id and import_shipment_id, one of them blank."""
        if self.boxes:
            return self.boxes.empty_id, ""
        return "", self.trip.shipment.shipment_id if self.trip else ""


@dataclass(frozen=True)
class Wanted:
    """Boxes that one shipment fetches by road."""

    trip: Trip
    line: str
    equipment: str
    place: str
    quantity: int
    grade: str
    day: int
    haulier: str
    pick_up_km: float


def emptied_boxes(case: Case, trips: Sequence[Trip]) -> list[Emptied]:
    """All boxes that stand empty at some time: known beforehand, then freed by the plan itself."""
    found = [
        Emptied(
            b.line,
            b.equipment,
            b.location,
            b.quantity,
            b.grade,
            b.available_from.toordinal(),
            b.free_until.toordinal() if b.free_until else NO_END,
            _priced(b.detention_per_day, b.currency, "empties"),
            road_km(case.distances, b.location, b.return_to),
            "",
            b,
            None,
        )
        for b in case.empties
    ]
    for trip in trips:
        if trip.frees:
            last, main = trip.shipment.legs[-1].offer, trip.main_bid
            found.append(
                Emptied(
                    trip.shipment.line,
                    trip.shipment.equipment,
                    trip.shipment.destination,
                    trip.shipment.load_units,
                    trip.grade_after,
                    trip.stripped,
                    NO_END if trip.free_until is None else trip.free_until,
                    _priced(
                        main.detention_per_day,
                        main.currency,
                        main.source_file or "bids",
                        main.source_sheet,
                        main.source_row,
                    ),
                    last.driven_km,
                    last.bid.carrier,
                    None,
                    trip,
                )
            )
    return found


def _priced(per_day: float | None, currency: str, *cell: str) -> Detention | None:
    return None if per_day is None else Detention(per_day, currency, *cell)


def wanted_boxes(trips: Sequence[Trip]) -> list[Wanted]:
    """The boxes that the plan's shipments fetch by road before they are stuffed."""
    return [
        Wanted(
            t,
            t.shipment.line,
            t.shipment.equipment,
            t.shipment.origin,
            t.shipment.load_units,
            t.grade_wanted,
            t.stuffed,
            t.shipment.legs[0].offer.bid.carrier,
            t.shipment.legs[0].offer.driven_km,
        )
        for t in trips
        if t.fetches
    ]
