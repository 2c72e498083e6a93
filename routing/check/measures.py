"""Measures that are switched off: the plan keeps to the baseline there (TABLES.md).

Where a relation has no baseline row, or its row leaves the cell blank, the judge asks only what
needs no baseline: incumbents where the tender is off.
"""

from __future__ import annotations

from collections.abc import Iterator

from routing.baseline import BaselineWay
from routing.check.plan import Breach, Plan, Ride, grouped
from routing.check.rows import Shipment
from routing.orders import Order


def _baseline(plan: Plan) -> dict[str, list[BaselineWay]]:
    return grouped(plan.case.baseline, lambda w: f"{w.origin}>{w.destination}")


def _ways_taken(plan: Plan) -> Iterator[tuple[Order, Shipment, list[Ride]]]:
    """Each order line with each shipment that takes it, once."""
    seen = set()
    for row in plan.allocations:
        order, shipment = plan.orders.get(row.order), plan.shipment.get(row.shipment_id)
        if order and shipment and (row.order, row.shipment_id) not in seen:
            seen.add((row.order, row.shipment_id))
            yield order, shipment, plan.rides_of[shipment.shipment_id]


def _direct(order: Order, shipment: Shipment) -> bool:
    return (shipment.origin, shipment.destination) == (order.origin, order.destination)


def measure_packaging(plan: Plan) -> Iterator[Breach]:
    """Off: no candidate packaging."""
    if plan.case.settings.on("packaging"):
        return
    for row in plan.allocations:
        packaging = plan.packaging(row.sku, row.packaging_id)
        if packaging and packaging.candidate:
            yield "order_allocation", row.order_id, f"{row.packaging_id} is a candidate packaging"


def measure_distance(plan: Plan) -> Iterator[Breach]:
    """Off: direct goods pass the places that the baseline passed."""
    if plan.case.settings.on("distance"):
        return
    baseline = _baseline(plan)
    for order, shipment, rides in _ways_taken(plan):
        ways = baseline.get(f"{order.origin}>{order.destination}", [])
        known = {w.via for w in ways if w.via or len(w.modes) == 1}
        if not known or not _direct(order, shipment):
            continue
        by_ride = tuple(r.destination for r in rides[:-1])
        by_row = tuple(row.destination for r in rides for row in r.rows)[:-1]
        if by_ride not in known and by_row not in known:
            message = f"{order.key} goes via {by_row}, the baseline via {sorted(known)}"
            yield "shipments", shipment.shipment_id, message


def measure_mode_shift(plan: Plan) -> Iterator[Breach]:
    """Off: the modes of the baseline, in its order for direct goods."""
    if plan.case.settings.on("mode_shift"):
        return
    baseline = _baseline(plan)
    for order, shipment, rides in _ways_taken(plan):
        ways = baseline.get(f"{order.origin}>{order.destination}", [])
        known = {w.modes for w in ways if w.modes}
        if not known:
            continue
        modes = tuple(r.first.mode for r in rides)
        allowed = {m for way in known for m in way} | {"road"}  # the way to and from a hub
        right = modes in known if _direct(order, shipment) else set(modes) <= allowed
        if not right:
            message = f"{order.key} goes by {modes}, the baseline by {sorted(known)}"
            yield "shipments", shipment.shipment_id, message


def measure_load_rate(plan: Plan) -> Iterator[Breach]:
    """Off: one order a load unit."""
    if plan.case.settings.on("load_rate"):
        return
    for load in plan.loads:
        inside = {p.order_id for p in plan.placed_in.get(load.load_id, ())}
        if len(inside) > 1:
            yield "loads", load.load_id, f"{sorted(inside)} share a load unit"


def measure_consolidation(plan: Plan) -> Iterator[Breach]:
    """Off: no goods are re-stuffed on their way."""
    if plan.case.settings.on("consolidation"):
        return
    for order, shipment, _ in _ways_taken(plan):
        if not _direct(order, shipment):
            message = f"{order.key} is re-stuffed: {shipment.origin}>{shipment.destination}"
            yield "shipments", shipment.shipment_id, message


def measure_round_use(plan: Plan) -> Iterator[Breach]:
    """Off: every box comes from and goes to its port."""
    if plan.case.settings.on("round_use"):
        return
    for row in plan.reused:
        yield "round_use", row.key, f"{row.boxes:g} boxes are loaded again"


def _reachable(plan: Plan, carriers: set[str], order: Order) -> bool:
    """True if bids of those carriers join the order's places."""
    ways: dict[str, set[str]] = {}
    for bid in plan.case.bids:
        if bid.carrier in carriers:
            ways.setdefault(bid.origin, set()).add(bid.destination)
    reached, edge = {order.origin}, [order.origin]
    while edge:
        edge = [p for place in edge for p in ways.get(place, ()) if p not in reached]
        reached.update(edge)
    return order.destination in reached


def measure_tender(plan: Plan) -> Iterator[Breach]:
    """Off: the carriers of the baseline, else incumbents."""
    if plan.case.settings.on("tender"):
        return
    baseline = _baseline(plan)
    for order, shipment, rides in _ways_taken(plan):
        ways = baseline.get(f"{order.origin}>{order.destination}", [])
        known = {c for w in ways for c in w.carriers}
        incumbent = {c.carrier for c in plan.case.carriers.values() if c.incumbent}
        if not ways and not _reachable(plan, incumbent, order):
            continue  # nobody has carried this relation: there is nothing to keep to
        allowed = known if known and _direct(order, shipment) else known | incumbent
        for ride in rides:
            name = ride.first.carrier
            if name not in allowed and plan.ours(shipment, ride):
                group = f"the baseline's {sorted(known)}" if known else "the incumbents"
                yield "legs", ride.first.key, f"{order.key}: {name} is not one of {group}"


RULES = (
    measure_packaging,
    measure_distance,
    measure_mode_shift,
    measure_load_rate,
    measure_consolidation,
    measure_round_use,
    measure_tender,
)
