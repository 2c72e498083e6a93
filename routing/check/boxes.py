"""Round use: each emptied box that is loaded again may be, fits, and is there in time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from routing.boxes import GRADES, SHIPPER_OWNED
from routing.check.plan import Breach, Plan, Ride
from routing.check.rows import Reuse, Shipment


@dataclass(frozen=True)
class Source:
    """Where boxes come from: what is known of them before anyone loads them again.

    `until` ends their free time; `per_day` prices each day after it, in the project's currency
    (None: there are none).
    """

    line: str
    equipment: str
    place: str
    quantity: float
    grade: str
    available: date | None
    until: date | None
    per_day: float | None
    return_km: tuple[float, ...]
    hauliers: tuple[str, ...] = ()


def main_ride(rides: list[Ride]) -> Ride | None:
    """The ride that names the line: the first at sea, else the longest container ride."""
    boxes = [r for r in rides if r.bid and r.bid.service == "container"]
    at_sea = [r for r in boxes if r.first.mode == "sea"]
    if at_sea:
        return at_sea[0]
    return max(boxes, key=lambda r: r.bid.transit_days if r.bid else 0, default=None)


def line_of(plan: Plan, shipment: Shipment) -> str:
    """The owner of the boxes that a shipment travels in (blank: nobody is named)."""
    ride = main_ride(plan.rides_of[shipment.shipment_id])
    return ride.bid.line if ride and ride.bid else ""


def ride_km(ride: Ride) -> float:
    """Kilometres driven one way."""
    return sum(row.actual_km for row in ride.rows)


def source_of(plan: Plan, row: Reuse) -> Source | None:
    """The boxes that a round-use row takes from, None where there are none of that name."""
    box = plan.empties.get(row.empty_id)
    if box:
        km = plan.road_km(box.location, box.return_to)
        return Source(
            line=box.line,
            equipment=box.equipment,
            place=box.location,
            quantity=box.quantity,
            grade=box.grade,
            available=box.available_from,
            until=box.free_until,
            per_day=_priced(plan, box.detention_per_day, box.currency),
            return_km=() if km is None else (km,),
        )
    shipment = plan.shipment.get(row.import_shipment_id)
    rides = plan.rides_of.get(row.import_shipment_id, [])
    if row.empty_id or shipment is None or not rides or not rides[-1].is_box_haulage:
        return None
    orders = plan.orders_of(shipment.shipment_id)
    unstuffing = max((o.unstuff_days for o in orders), default=0)
    worst = max((o.box_grade_after for o in orders), key=_rank, default="C")
    arrival = shipment.arrival_date
    main = main_ride(rides)
    bid = main.bid if main else None
    free = bid.free_days if bid else None
    km = plan.road_km(rides[-1].destination, rides[-1].origin)
    return Source(
        line=line_of(plan, shipment),
        equipment=shipment.equipment,
        place=shipment.destination,
        quantity=shipment.load_units,
        grade=worst,
        available=arrival + timedelta(days=unstuffing) if arrival else None,
        until=arrival + timedelta(days=free) if arrival and free is not None else None,
        per_day=_priced(plan, bid.detention_per_day, bid.currency) if bid else None,
        return_km=(ride_km(rides[-1]), *(() if km is None else (km,))),
        hauliers=(rides[-1].first.carrier,),
    )


def _priced(plan: Plan, per_day: float | None, currency: str) -> float | None:
    if per_day is None:
        return None
    return per_day * (plan.case.fx.factor(currency) if currency else 1.0)


def _rank(grade: str) -> int:
    return GRADES.index(grade) if grade in GRADES else len(GRADES)


def _turns(plan: Plan) -> Iterator[tuple[Reuse, Source | None, Shipment | None]]:
    for row in plan.reused:
        yield row, source_of(plan, row), plan.shipment.get(row.shipment_id)


def box_exists(plan: Plan) -> Iterator[Breach]:
    """A round-use row takes boxes that stand there, to the place where a shipment is stuffed."""
    for row, source, shipment in _turns(plan):
        if source is None or bool(row.empty_id) == bool(row.import_shipment_id):
            yield "round_use", row.key, "no such boxes are emptied"
            continue
        if row.boxes != int(row.boxes):
            yield "round_use", row.key, f"{row.boxes} boxes are not a whole number"
        if row.origin != source.place:
            yield "round_use", row.key, f"the boxes stand at {source.place}, not {row.origin}"
        if row.line != source.line:
            yield "round_use", row.key, f"the boxes are {source.line}'s, not {row.line}'s"
        if shipment is None or row.destination != shipment.origin:
            yield "round_use", row.key, f"no shipment is stuffed at {row.destination}"


def box_depot(plan: Plan) -> Iterator[Breach]:
    """A box is handed in at places of kind depot only."""
    for row, _, _ in _turns(plan):
        place = plan.case.places.get(row.depot)
        if place and place.kind != "depot":
            yield "round_use", row.key, f"{row.depot} is a {place.kind}, not a depot"


def box_quantity(plan: Plan) -> Iterator[Breach]:
    """No box is loaded twice, and no shipment takes more boxes than it has load units."""
    taken: dict[str, float] = defaultdict(float)
    for row, source, _ in _turns(plan):
        taken[row.source] += row.boxes
        if source and taken[row.source] > source.quantity:
            message = f"{taken[row.source]:g} boxes are taken of {source.quantity:g}"
            yield "round_use", row.key, message
    for shipment_id, rows in plan.reused_by.items():
        boxes = sum(r.boxes for r in rows)
        shipment = plan.shipment.get(shipment_id)
        if shipment and boxes > shipment.load_units:
            message = f"{boxes:g} boxes for {shipment.load_units:g} load units"
            yield "round_use", shipment_id, message
    if "round_use_boxes" in plan.summary:
        boxes = sum(r.boxes for r in plan.reused)
        if float(str(plan.summary["round_use_boxes"])) != boxes:
            message = f"{plan.summary['round_use_boxes']} in the summary, {boxes:g} in the table"
            yield "summary", "round_use_boxes", message


def box_equipment(plan: Plan) -> Iterator[Breach]:
    """The box is of the equipment that the shipment is stuffed in."""
    for row, source, shipment in _turns(plan):
        if source and shipment and len({row.equipment, source.equipment, shipment.equipment}) > 1:
            message = f"{source.equipment} boxes for a shipment in {shipment.equipment}"
            yield "round_use", row.key, message


def box_grade(plan: Plan) -> Iterator[Breach]:
    """The box is clean and sound enough for every product that is stuffed in it."""
    for row, source, shipment in _turns(plan):
        if source is None or shipment is None:
            continue
        for order in plan.orders_of(shipment.shipment_id):
            product = plan.case.products.get(order.sku)
            if product and _rank(source.grade) > _rank(product.min_box_grade):
                message = f"grade {source.grade}, {order.sku} wants {product.min_box_grade}"
                yield "round_use", row.key, message


def box_dates(plan: Plan) -> Iterator[Breach]:
    """A box is fetched when it is free, before its free time ends, not after stuffing."""
    for row, source, shipment in _turns(plan):
        if source is None or shipment is None:
            continue
        fetched, stuffed = row.fetched, shipment.stuffing_date
        if fetched is None or source.available is None or stuffed is None:
            yield "round_use", row.key, "a date is blank"
            continue
        if fetched < source.available:
            message = f"fetched on {fetched}, the boxes are free from {source.available}"
            yield "round_use", row.key, message
        if source.until and fetched > source.until and source.per_day is None:
            message = f"fetched on {fetched}, the free time ends on {source.until}"
            yield "round_use", row.key, message
        if fetched > stuffed:
            yield "round_use", row.key, f"fetched on {fetched}, stuffed on {stuffed}"


def box_waits(plan: Plan) -> Iterator[Breach]:
    """A box from the street waits no longer at the stuffing place than the settings allow."""
    most = plan.case.settings.box_wait_days
    for row, _, shipment in _turns(plan):
        if most is None or row.depot or shipment is None:
            continue
        if row.fetched and shipment.stuffing_date:
            days = (shipment.stuffing_date - row.fetched).days
            if days > most:
                yield "round_use", row.key, f"it waits {days} days to be stuffed, {most} may be"


def box_consent(plan: Plan) -> Iterator[Breach]:
    """Owner, sailing line and hauliers allow round use, and the line loads that owner's boxes."""
    for row, source, shipment in _turns(plan):
        if source is None or shipment is None:
            continue
        sailing = line_of(plan, shipment)
        carriers = plan.case.carriers
        if source.line not in (SHIPPER_OWNED, sailing):
            line = carriers.get(sailing)
            if line is None or source.line not in line.interchange_with:
                message = f"{sailing or 'nobody'} sails; it does not load boxes of {source.line}"
                yield "round_use", row.key, message
        rides = plan.rides_of[shipment.shipment_id]
        hauliers = (*source.hauliers, rides[0].first.carrier) if rides else source.hauliers
        for name in dict.fromkeys((source.line, sailing, *hauliers)):
            if name in carriers and not carriers[name].round_use_allowed:
                yield "round_use", row.key, f"{name} does not allow round use"


def box_haulage(plan: Plan) -> Iterator[Breach]:
    """A shipment that takes an emptied box begins with the road haulage of that box."""
    for row, _, shipment in _turns(plan):
        rides = plan.rides_of.get(row.shipment_id, [])
        if shipment and (not rides or not rides[0].is_box_haulage):
            yield "round_use", row.key, "its first leg is not the road haulage of a box"


def move_ways(row: Reuse) -> list[tuple[str, str]]:
    """The ways of a box from where it stands to the plant: one, or two by a depot."""
    stops = [p for p in (row.origin, row.depot, row.destination) if p]
    return [(a, b) for a, b in pairwise(stops) if a != b]


def move_km(plan: Plan, row: Reuse) -> float | None:
    """Kilometres from where a box stands, by way of the depot if there is one, to the plant."""
    legs = [plan.road_km(a, b) for a, b in move_ways(row)]
    known = [km for km in legs if km is not None]
    return sum(known) if len(known) == len(legs) else None


def box_saves_km(plan: Plan) -> Iterator[Breach]:
    """km_saved = boxes x (return + pick-up avoided - move), and it is above zero."""
    for row, source, shipment in _turns(plan):
        move = move_km(plan, row)
        rides = plan.rides_of.get(row.shipment_id, [])
        if source is None or shipment is None or move is None or not rides:
            continue
        if row.km_saved <= 0:
            yield "round_use", row.key, f"{row.km_saved} km are saved"
        pick_ups = {ride_km(rides[0])}
        by_book = plan.road_km(rides[0].destination, rides[0].origin)
        pick_ups |= set() if by_book is None else {by_book}
        rights = [
            row.boxes * (back + pick_up - move) for back in source.return_km for pick_up in pick_ups
        ]
        if not any(abs(row.km_saved - right) <= 0.0011 * row.boxes for right in rights):
            told = ", ".join(f"{right:.3f}" for right in rights)
            yield "round_use", row.key, f"km_saved {row.km_saved}, the distances give {told}"


RULES = (
    box_exists,
    box_depot,
    box_quantity,
    box_equipment,
    box_grade,
    box_dates,
    box_waits,
    box_consent,
    box_haulage,
    box_saves_km,
)
