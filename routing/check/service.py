"""Service: every piece of every order is accounted for, never early, late or lost at a hub."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

from routing.check.plan import GRAM, SHARE, Breach, Plan, exactly
from routing.check.rows import Allocation, Shipment
from routing.orders import Order

Stages = dict[str, list[tuple[Allocation, Shipment]]]


def _stages(plan: Plan, order: Order) -> tuple[Stages, Stages]:
    """The allocations of an order line by the place they leave and by the place they reach."""
    leaving: Stages = defaultdict(list)
    reaching: Stages = defaultdict(list)
    for row in plan.allocations_of_order.get((order.order_id, order.line), ()):
        shipment = plan.shipment.get(row.shipment_id)
        if shipment:
            leaving[shipment.origin].append((row, shipment))
            reaching[shipment.destination].append((row, shipment))
    return leaving, reaching


def _pieces(rows: list[tuple[Allocation, Shipment]]) -> float:
    return sum(row.pieces for row, _ in rows)


def pieces_conserved(plan: Plan) -> Iterator[Breach]:
    """Pieces that leave an order's origin, with those unserved, are the pieces ordered."""
    for key, order in plan.orders.items():
        leaving, reaching = _stages(plan, order)
        sent = _pieces(leaving.get(order.origin, []))
        unserved = plan.unserved_pieces.get(key, 0.0)
        if sent + unserved != order.quantity:
            message = (
                f"{sent:g} pieces sent + {unserved:g} unserved are not the {order.quantity} ordered"
            )
            yield "order_allocation", order.key, message
        arrived = _pieces(reaching.get(order.destination, []))
        if arrived != sent:
            message = f"{sent:g} pieces leave {order.origin}, {arrived:g} reach {order.destination}"
            yield "order_allocation", order.key, message
        if order.origin != order.destination and (
            order.destination in leaving or order.origin in reaching
        ):
            yield "order_allocation", order.key, "goods leave their destination or return"
    for row in plan.allocations:
        if row.pieces <= 0 or row.pieces != int(row.pieces):
            yield "order_allocation", row.order_id, f"{row.pieces:g} pieces are not a whole number"


def hub_conserved(plan: Plan) -> Iterator[Breach]:
    """What an order brings into a logistics centre leaves it: pieces, packaging and units."""
    for order in plan.orders.values():
        leaving, reaching = _stages(plan, order)
        for hub in sorted({*leaving, *reaching} - {order.origin, order.destination}):
            place = plan.case.places.get(hub)
            if place is None or not place.can_restuff:
                yield "order_allocation", order.key, f"goods may not be re-stuffed at {hub}"
            balance: dict[str, float] = defaultdict(float)
            for row, _ in reaching.get(hub, ()):
                balance[row.packaging_id] += row.pieces
            for row, _ in leaving.get(hub, ()):
                balance[row.packaging_id] -= row.pieces
            for packaging_id, left in balance.items():
                if left:
                    message = f"{left:g} more pieces in {packaging_id} enter {hub} than leave it"
                    yield "order_allocation", order.key, message
            for _, shipment in reaching.get(hub, ()):
                if shipment.origin != order.origin:
                    message = f"{shipment.shipment_id} is a third run: an order takes one or two"
                    yield "order_allocation", order.key, message


def hub_time(plan: Plan) -> Iterator[Breach]:
    """Pieces leave a logistics centre only after they came, and its dwell days later."""
    for order in plan.orders.values():
        leaving, reaching = _stages(plan, order)
        for hub in sorted(set(leaving) - {order.origin}):
            place = plan.case.places.get(hub)
            dwell = timedelta(days=place.dwell_days if place else 0)
            for _, shipment in leaving[hub]:
                departs, stuffed = shipment.departure_date, shipment.stuffing_date
                if departs is None:
                    continue
                ready = sum(
                    row.pieces
                    for row, s in reaching.get(hub, ())
                    if s.arrival_date
                    and s.arrival_date + dwell <= departs
                    and (stuffed is None or s.arrival_date <= stuffed)
                )
                gone = sum(
                    row.pieces
                    for row, s in leaving[hub]
                    if s.departure_date and s.departure_date <= departs
                )
                if gone > ready:
                    message = (
                        f"{gone:g} pieces have left {hub} by {departs}, {ready:g} were ready there"
                    )
                    yield "shipments", shipment.shipment_id, f"{order.key}: {message}"


def unserved_explained(plan: Plan) -> Iterator[Breach]:
    """Pieces that stay behind have a positive number and a reason."""
    for row in plan.unserved:
        if row.pieces <= 0:
            yield "unserved", f"{row.order_id}/{row.line}", f"{row.pieces:g} pieces are unserved"
        if not row.reason:
            yield "unserved", f"{row.order_id}/{row.line}", "no reason is given"


def not_before_ready(plan: Plan) -> Iterator[Breach]:
    """Nothing is stuffed or departs before the order's ready date."""
    for order in plan.orders.values():
        for _, s in _stages(plan, order)[0].get(order.origin, ()):
            for what, when in (("is stuffed", s.stuffing_date), ("departs", s.departure_date)):
                if when is None or when < order.ready_date:
                    message = f"{order.key} {what} on {when}, ready on {order.ready_date}"
                    yield "shipments", s.shipment_id, message


def due_date_met(plan: Plan) -> Iterator[Breach]:
    """Nothing arrives after the order's due date where lateness is forbidden."""
    if plan.case.settings.lateness_allowed:
        return
    for order in plan.orders.values():
        for _, s in _stages(plan, order)[1].get(order.destination, ()):
            if s.arrival_date is None or s.arrival_date > order.due_date:
                message = f"{order.key} arrives on {s.arrival_date}, due on {order.due_date}"
                yield "shipments", s.shipment_id, message


def _late(plan: Plan) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """The order lines that are served, and those of them of which a piece is late."""
    served, late = set(), set()
    for key, order in plan.orders.items():
        for _, s in _stages(plan, order)[1].get(order.destination, ()):
            served.add(key)
            if s.arrival_date and s.arrival_date > order.due_date:
                late.add(key)
    return served, late


def on_time_said(plan: Plan) -> Iterator[Breach]:
    """`on_time` of a shipment and the plan's share of orders on time say what the dates say."""
    for s in plan.shipments:
        final = [o for o in plan.orders_of(s.shipment_id) if o.destination == s.destination]
        if final and s.arrival_date:
            right = all(s.arrival_date <= o.due_date for o in final)
            if right != s.on_time:
                yield "shipments", s.shipment_id, f"on_time is {s.on_time}, the dates say {right}"
    served, late = _late(plan)
    said = plan.summary.get("on_time_share")
    if served and isinstance(said, (int, float)):
        right_share = (len(served) - len(late)) / len(served)
        if not exactly(float(said), right_share, SHARE):
            message = f"{said} is not {right_share:.4f} (served order lines on time / served)"
            yield "summary", "on_time_share", message


def unsplittable_whole(plan: Plan) -> Iterator[Breach]:
    """An order that may not be split goes whole, on one day and one route a stage."""
    for key, order in plan.orders.items():
        if order.splittable:
            continue
        unserved = plan.unserved_pieces.get(key, 0.0)
        if 0 < unserved < order.quantity:
            yield "unserved", order.key, f"{unserved:g} of {order.quantity} pieces stay behind"
        for place, rows in _stages(plan, order)[0].items():
            ways: set[tuple[date | None, str]] = {(s.departure_date, s.route) for _, s in rows}
            if len(ways) > 1:
                yield "order_allocation", order.key, f"it leaves {place} in {len(ways)} parts"


def units_of_pieces(plan: Plan) -> Iterator[Breach]:
    """Handling units and mass follow from the pieces; one unit an order may be part full."""
    for key, order in plan.orders.items():
        product = plan.case.products.get(order.sku)
        part_full: dict[str, int] = defaultdict(int)
        for row in plan.allocations_of_order.get(key, ()):
            packaging = plan.packaging(order.sku, row.packaging_id)
            if packaging is None or product is None:
                continue
            full, rest = divmod(int(row.pieces), packaging.units)
            units = full + (1 if rest else 0)
            mass = full * packaging.gross_mass_kg
            if rest:
                mass += packaging.packaging_mass_kg + rest * product.net_mass_kg
                shipment = plan.shipment.get(row.shipment_id)
                part_full[shipment.origin if shipment else ""] += 1
            where = f"{order.key} on {row.shipment_id}"
            if row.handling_units != units:
                message = (
                    f"{row.handling_units:g} handling units, {row.pieces:g} pieces are {units}"
                )
                yield "order_allocation", where, message
            if not exactly(row.mass_kg, mass, GRAM):
                yield "order_allocation", where, f"{row.mass_kg} kg, the pieces weigh {mass:.3f} kg"
        for place, count in part_full.items():
            if count > 1:
                message = f"{count} part-full handling units leave {place}"
                yield "order_allocation", order.key, message


RULES = (
    pieces_conserved,
    hub_conserved,
    hub_time,
    unserved_explained,
    not_before_ready,
    due_date_met,
    on_time_said,
    unsplittable_whole,
    units_of_pieces,
)
