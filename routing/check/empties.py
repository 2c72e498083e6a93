"""Empty ways: every box that is hauled comes from somewhere and goes back, or is loaded again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from routing.check.boxes import move_ways, ride_km
from routing.check.figures import empty_g_per_km, factors_by_id, figure_of_leg
from routing.check.plan import GRAM, METRE, Breach, Plan, Ride, exactly
from routing.check.rows import Leg, Shipment


def _empty_rows(plan: Plan, shipment: Shipment, ride: Ride) -> list[Leg]:
    names = {row.tce_id for row in ride.rows}
    return [
        g
        for g in plan.legs_of.get(shipment.shipment_id, ())
        if g.kind == "empty" and g.tce_id in names
    ]


def _hauls(plan: Plan) -> Iterator[tuple[Shipment, Ride, float, float]]:
    """First and last haulage of each shipment: boxes that came reused, boxes that go to reuse."""
    for s in plan.shipments:
        rides = plan.rides_of[s.shipment_id]
        if not rides:
            continue
        came = sum(r.boxes for r in plan.reused_by.get(s.shipment_id, ()))
        went = sum(r.boxes for r in plan.reused_from.get(s.shipment_id, ()))
        if len(rides) == 1:
            if rides[0].is_box_haulage:
                yield s, rides[0], came, went
            continue
        if rides[0].is_box_haulage:
            yield s, rides[0], came, 0.0
        if rides[-1].is_box_haulage:
            yield s, rides[-1], 0.0, went


def empty_ways(plan: Plan) -> Iterator[Breach]:
    """A hauled box runs empty one way: port to plant, or place to port, unless it is reused.

    Reused boxes run from where they stand to the plant instead, by a depot in two ways; a reused
    box of an own import has no way back. Where the haulier's figure already holds its empty way,
    the rows may be left out.
    """
    factors = factors_by_id(plan)
    for s, ride, came, went in _hauls(plan):
        found: dict[tuple[str, str], float] = defaultdict(float)
        for row in _empty_rows(plan, s, ride):
            found[row.origin, row.destination] += row.load_units
            if (
                row.mode != "road"
                or row.equipment != s.equipment
                or row.bid_id != ride.first.bid_id
            ):
                yield "legs", row.key, "an empty way is of the laden leg's bid and equipment"
            if row.teu and not exactly(row.teu, _teu(plan, s) * row.load_units, METRE):
                yield "legs", row.key, f"{row.teu:g} TEU"
        wanted: dict[tuple[str, str], float] = defaultdict(float)
        wanted[ride.destination, ride.origin] = s.load_units - came - went
        for reuse in plan.reused_by.get(s.shipment_id, ()) if came else ():
            for way in move_ways(reuse):
                wanted[way] += reuse.boxes
        figure = figure_of_leg(plan, ride, ride.first, factors)
        held = False
        if figure and ride.bid:
            tare = plan.tare_kg(s.equipment)
            held = empty_g_per_km(plan, figure, ride.bid, tare, factors)[0] == 0
        for way in sorted(set(found) | set(wanted)):
            if found[way] != wanted[way] and not (held and found[way] == 0):
                message = f"{found[way]:g} boxes run empty {way[0]}>{way[1]}, not {wanted[way]:g}"
                yield "legs", ride.first.key, message


def _teu(plan: Plan, shipment: Shipment) -> float:
    box = plan.case.equipment.get(shipment.equipment)
    return box.teu if box else 0.0


def empty_distance(plan: Plan) -> Iterator[Breach]:
    """An empty row drives the kilometres of its way, one way."""
    for leg in plan.legs:
        if leg.kind != "empty":
            continue
        rights = [plan.road_km(leg.origin, leg.destination)]
        for ride in plan.rides_of.get(leg.shipment_id, ()):
            if (ride.destination, ride.origin) == (leg.origin, leg.destination):
                rights.append(ride_km(ride))
        known = [km for km in rights if km is not None]
        if not any(exactly(leg.actual_km, km, METRE) for km in known):
            told = ", ".join(f"{km:.3f}" for km in known)
            yield "legs", leg.key, f"{leg.actual_km} km driven, the way has {told}"
        if not exactly(leg.distance_km, leg.actual_km, METRE) or leg.distance_basis != "actual":
            message = f"{leg.distance_km} km {leg.distance_basis}, not the actual {leg.actual_km}"
            yield "legs", leg.key, message


def depot_days(plan: Plan) -> Iterator[Breach]:
    """A box is handed in at its depot on the day that is told, and leaves it no earlier.

    It leaves where it stands on that day, and the depot by the day of stuffing.
    """
    for s in plan.shipments:
        empty = [g for g in plan.legs_of.get(s.shipment_id, ()) if g.kind == "empty"]
        for reuse in plan.reused_by.get(s.shipment_id, ()):
            if not reuse.depot or reuse.fetched is None or s.stuffing_date is None:
                continue
            for leg in empty:
                way = (leg.origin, leg.destination)
                if leg.depart is None:
                    yield "legs", leg.key, "a date is blank"
                elif way == (reuse.origin, reuse.depot) and leg.depart > reuse.fetched:
                    yield "legs", leg.key, f"handed in on {leg.depart}, not by {reuse.fetched}"
                elif way == (reuse.depot, reuse.destination) and not (
                    reuse.fetched <= leg.depart <= s.stuffing_date
                ):
                    message = f"fetched on {leg.depart}, there from {reuse.fetched}"
                    yield "legs", leg.key, message


def stray_empty_rows(plan: Plan) -> Iterator[Breach]:
    """No empty row stands without a haulage that it serves or a box that it returns."""
    served = {row.tce_id for _, ride, _, _ in _hauls(plan) for row in ride.rows}
    for leg in plan.legs:
        if leg.kind != "empty":
            continue
        if leg.shipment_id and leg.tce_id not in served:
            yield "legs", leg.key, "it serves no first or last haulage of a box"
        if not leg.shipment_id and leg.tce_id.removeprefix("R-") not in plan.empties:
            yield "legs", leg.key, "it returns no box of the table empties"


def unused_returned(plan: Plan) -> Iterator[Breach]:
    """Boxes of ours that are not loaded again travel back, once; those of partners do not."""
    returned: dict[str, float] = defaultdict(float)
    for leg in plan.legs:
        if leg.kind == "empty" and not leg.shipment_id:
            empty_id = leg.tce_id.removeprefix("R-")
            returned[empty_id] += leg.load_units
            box = plan.empties.get(empty_id)
            if box and (leg.origin, leg.destination) != (box.location, box.return_to):
                yield "legs", leg.key, f"the boxes go back {box.location}>{box.return_to}"
            if box and leg.equipment != box.equipment:
                yield "legs", leg.key, f"the boxes are {box.equipment}, not {leg.equipment}"
    for empty_id, box in plan.empties.items():
        used = sum(r.boxes for r in plan.reused_from.get(empty_id, ()))
        wanted = box.quantity - used if box.ours and box.location != box.return_to else 0.0
        if returned[empty_id] != wanted:
            message = f"{returned[empty_id]:g} boxes travel back, it should be {wanted:g}"
            yield "legs", f"R-{empty_id}", message


def unused_explained(plan: Plan) -> Iterator[Breach]:
    """Every emptied box that stays unused has a row of 0 boxes with a reason."""
    explained = {r.source for r in plan.round_use if r.boxes == 0 and r.reason}
    for row in plan.round_use:
        if row.boxes == 0 and not row.reason:
            yield "round_use", row.key, "no reason is given"
        if row.boxes < 0:
            yield "round_use", row.key, f"{row.boxes:g} boxes"
    if not plan.case.settings.on("round_use"):
        return
    left = {
        e.empty_id: e.quantity - sum(r.boxes for r in plan.reused_from.get(e.empty_id, ()))
        for e in plan.case.empties
    }
    for s in plan.shipments:
        rides = plan.rides_of[s.shipment_id]
        inbound = any(o.flow == "inbound" for o in plan.orders_of(s.shipment_id))
        if inbound and len(rides) > 1 and rides[-1].is_box_haulage:
            used = sum(r.boxes for r in plan.reused_from.get(s.shipment_id, ()))
            left[s.shipment_id] = s.load_units - used
    for source, boxes in left.items():
        if boxes > 0 and source not in explained:
            yield "round_use", source, f"{boxes:g} boxes stay unused without a reason"


def avoided_right(plan: Plan) -> Iterator[Breach]:
    """Avoided CO2e = km saved x the empty kilometre of the haulier; its parts add up to it."""
    factors = factors_by_id(plan)
    for row in plan.reused:
        parts = row.co2e_avoided_own_kg + row.co2e_avoided_partner_kg
        if not exactly(parts, row.co2e_avoided_kg, GRAM):
            message = f"own and partner make {parts:.3f} kg, not {row.co2e_avoided_kg} kg"
            yield "round_use", row.key, message
        shipment = plan.shipment.get(row.shipment_id)
        rides = plan.rides_of.get(row.shipment_id, [])
        if not rides or shipment is None or rides[0].bid is None:
            continue
        figure = figure_of_leg(plan, rides[0], rides[0].first, factors)
        if figure is None or figure.per != "vehicle_km":
            continue  # the haulier's figure has no vehicle-km that could be checked
        tare = plan.tare_kg(shipment.equipment)
        right = row.km_saved * empty_g_per_km(plan, figure, rides[0].bid, tare, factors)[0] / 1000
        if not exactly(row.co2e_avoided_kg, right, GRAM):
            yield "round_use", row.key, f"{row.co2e_avoided_kg} kg avoided, it is {right:.3f} kg"


RULES = (
    empty_ways,
    empty_distance,
    depot_days,
    stray_empty_rows,
    unused_returned,
    unused_explained,
    avoided_right,
)
