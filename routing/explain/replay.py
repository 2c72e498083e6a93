"""A finished plan, from its result tables back to the objects that the books are kept from.

The tables hold all that the books need but the order of stuffing: load units come back without
their content's places.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from loading.equipment import Equipment
from loading.stuffing import LoadPlan
from loading.units import HandlingUnit, handling_units
from lowhaul.errors import LowhaulError
from routing.case import Case
from routing.check.plan import Plan as Judged
from routing.check.plan import Ride
from routing.check.rows import Allocation
from routing.check.rows import Shipment as Row
from routing.offers import Offer
from routing.options import Packed
from routing.plan import BoxUse, Content, LegChoice, Plan, Shipment

OfferKey = tuple[str, str]
"""bid_id and equipment (blank: part loads)."""


class PlanOfOtherInputs(LowhaulError):
    """The inputs no longer hold what a plan's tables speak of."""

    exit_code = 2


def replayed(case: Case, judged: Judged, offers: Iterable[Offer]) -> Plan:
    """The plan whose tables `judged` reads, on the offers of today's inputs.

    Raises PlanOfOtherInputs where the plan uses a bid, an order, a packaging or an emptied box
    that is not there any more.
    """
    by_key = {(o.bid.bid_id, o.equipment): o for o in offers}
    shipments = tuple(_shipment(case, judged, row, by_key) for row in judged.shipments)
    uses = []
    for row in judged.reused:
        if row.empty_id and row.empty_id not in judged.empties:
            raise _gone(f"the boxes {row.empty_id}")
        uses.append(
            BoxUse(
                row.shipment_id,
                round(row.boxes),
                row.fetched.toordinal() if row.fetched else 0,
                row.origin,
                row.depot,
                empties=judged.empties[row.empty_id] if row.empty_id else None,
                import_shipment_id=row.import_shipment_id,
            )
        )
    return Plan(shipments, tuple(uses), ())


def _gone(what: str) -> PlanOfOtherInputs:
    return PlanOfOtherInputs(
        f"The plan uses {what}, and the inputs have none like it now. Plan the scenario again."
    )


def _shipment(case: Case, judged: Judged, row: Row, offers: Mapping[OfferKey, Offer]) -> Shipment:
    rides = judged.rides_of[row.shipment_id]
    legs = tuple(_leg(judged, row, ride, offers) for ride in rides)
    came = judged.reused_by.get(row.shipment_id, [])
    box = case.equipment.get(row.equipment)
    if row.equipment and box is None:
        raise _gone(f"equipment {row.equipment}")
    return Shipment(
        row.shipment_id,
        row.origin,
        row.destination,
        row.equipment,
        legs,
        tuple(_content(judged, row, a) for a in judged.allocations_of.get(row.shipment_id, ())),
        tuple(_load(box) for _ in range(round(row.load_units))) if box else (),
        line_of(legs),
        ";".join(dict.fromkeys(r.origin for r in came)),
        row.shipment_id in judged.reused_from,
    )


def line_of(legs: tuple[LegChoice, ...]) -> str:
    """The line of a run: that of its first leg at sea, else of its longest."""
    at_sea = [leg for leg in legs if leg.offer.bid.mode == "sea"]
    main = at_sea[0] if at_sea else max(legs, key=lambda leg: leg.offer.bid.transit_days)
    return main.offer.bid.line


def _leg(judged: Judged, row: Row, ride: Ride, offers: Mapping[OfferKey, Offer]) -> LegChoice:
    offer = offers.get((ride.first.bid_id, row.equipment))
    if offer is None or ride.depart is None or ride.arrive is None:
        raise _gone(f"bid {ride.first.bid_id} ({row.equipment or 'part loads'})")
    ours = judged.ours(row, ride)
    return LegChoice(offer, ride.depart.toordinal(), ride.arrive.toordinal(), ours)


def _content(judged: Judged, row: Row, allocated: Allocation) -> Content:
    order = judged.orders.get(allocated.order)
    packaging = judged.packaging(allocated.sku, allocated.packaging_id)
    if order is None or packaging is None:
        raise _gone(f"order {allocated.order_id} in {allocated.packaging_id}")
    net_mass_kg = judged.case.products[order.sku].net_mass_kg
    units = handling_units(order.key, order.quantity, net_mass_kg, packaging)
    # in proportion all full, or with the one that is part full
    count, pieces = round(allocated.handling_units), round(allocated.pieces)
    full: list[HandlingUnit] = [u for u in units if u.pieces == packaging.units]
    rest = [u for u in units if u.pieces < packaging.units]
    part = rest if pieces < count * packaging.units else []
    kind, hub = "direct", ""
    if row.destination != order.destination:
        kind, hub = "in", row.destination
    elif row.origin != order.origin:
        kind, hub = "out", row.origin
    packed = Packed(order, packaging, tuple(units))
    return Content(packed, (*full[: count - len(part)], *part), kind, hub)


def _load(equipment: Equipment) -> LoadPlan:
    return LoadPlan(equipment, (), 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
