"""Contents: in the load units stands what the orders were allocated, and it may stand there."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from loading.check import Placed as Unit
from loading.check import check_load, errors
from routing.check.plan import GRAM, Breach, Plan, exactly

TOTALS = (
    "handling_units",
    "mass_kg",
    "vgm_kg",
    "volume_use",
    "mass_use",
    "floor_use",
    "cog_x_mm",
    "cog_y_mm",
    "cog_z_mm",
)
"""Figures of a load unit that its placements give."""


def shipment_content(plan: Plan) -> Iterator[Breach]:
    """Mass, volume, orders and packaging of a shipment are those of its allocations."""
    for s in plan.shipments:
        rows = plan.allocations_of.get(s.shipment_id, [])
        if not rows:
            yield "shipments", s.shipment_id, "nothing is allocated to it"
            continue
        mass = sum(r.mass_kg for r in rows)
        if not exactly(s.mass_kg, mass, GRAM):
            yield "shipments", s.shipment_id, f"{s.mass_kg} kg, its orders weigh {mass:.3f} kg"
        volume = 0.0
        for row in rows:
            packaging = plan.packaging(row.sku, row.packaging_id)
            volume += row.handling_units * packaging.volume_m3 if packaging else 0.0
        if not exactly(s.volume_m3, volume, 0.00501):
            yield "shipments", s.shipment_id, f"{s.volume_m3} m3, its units have {volume:.3f} m3"
        for what, said, right in (
            ("order_ids", s.order_ids, sorted({r.order_id for r in rows})),
            ("packaging_ids", s.packaging_ids, sorted({r.packaging_id for r in rows})),
        ):
            if sorted(said) != right:
                yield "shipments", s.shipment_id, f"{what} {said} are not {right}"


def load_count(plan: Plan) -> Iterator[Breach]:
    """A shipment has a row in loads for each load unit; a part load has none."""
    for s in plan.shipments:
        loads = plan.loads_of.get(s.shipment_id, [])
        if len(loads) != s.load_units:
            message = f"{s.load_units:g} load units, {len(loads)} rows in loads"
            yield "shipments", s.shipment_id, message
        if not s.equipment and s.load_units:
            yield "shipments", s.shipment_id, "load units without equipment"
        if s.equipment and not s.load_units:
            yield "shipments", s.shipment_id, "equipment without load units"
        for load in loads:
            if load.equipment != s.equipment:
                message = f"equipment {load.equipment}, the shipment's is {s.equipment}"
                yield "loads", load.load_id, message


def load_told(plan: Plan) -> Iterator[Breach]:
    """Units, masses and rates of use of a load unit follow from its placements."""
    for load in plan.loads:
        placed = plan.placed_in.get(load.load_id, [])
        mass = sum(p.mass_kg for p in placed)
        if load.handling_units != len(placed) or not placed:
            message = f"{load.handling_units:g} handling units, {len(placed)} placements"
            yield "loads", load.load_id, message
        if not exactly(load.mass_kg, mass, GRAM):
            yield "loads", load.load_id, f"{load.mass_kg} kg, its placements weigh {mass:.3f} kg"
        if sorted(p.step for p in placed) != list(range(1, len(placed) + 1)):
            yield "placements", load.load_id, "the steps of stuffing do not count 1, 2, ..."


def load_stuffed(plan: Plan) -> Iterator[Breach]:
    """The loader's judge finds each load unit sound: no overlap, support, order, masses, uses."""
    for load in plan.loads:
        box = plan.case.equipment.get(load.equipment)
        placed = []
        for p in plan.placed_in.get(load.load_id, ()):
            order = plan.orders.get((p.order_id, p.line))
            packaging = plan.packaging(order.sku, p.packaging_id) if order else None
            if packaging:
                mm = (p.x_mm, p.y_mm, p.z_mm, p.dx_mm, p.dy_mm, p.dz_mm)
                x, y, z, dx, dy, dz = (round(value) for value in mm)
                placed.append(Unit(round(p.step), x, y, z, dx, dy, dz, p.mass_kg, packaging))
        if box is None or not placed:
            continue
        totals = {name: getattr(load, name) for name in TOTALS}
        for fault in errors(check_load(load.load_id, box, placed, totals=totals)):
            yield "loads", load.load_id, f"{fault.rule}: {fault.message}"


def placed_as_allocated(plan: Plan) -> Iterator[Breach]:
    """The handling units in the load units of a shipment are those allocated to it."""
    shipment_of = {u.load_id: u.shipment_id for u in plan.loads}
    count: Counter[tuple[str, str, str, str]] = Counter()
    mass: dict[tuple[str, str, str, str], float] = defaultdict(float)
    for p in plan.placed:
        key = (shipment_of.get(p.load_id, ""), p.order_id, p.line, p.packaging_id)
        count[key] += 1
        mass[key] += p.mass_kg
    allocated: set[tuple[str, str, str, str]] = set()
    for a in plan.allocations:
        shipment = plan.shipment.get(a.shipment_id)
        if shipment is None or not shipment.equipment:
            continue
        key = (a.shipment_id, a.order_id, a.line, a.packaging_id)
        allocated.add(key)
        if count[key] != a.handling_units:
            message = f"{count[key]} placed, {a.handling_units:g} allocated"
            yield "placements", "/".join(key), message
        elif not exactly(mass[key], a.mass_kg, GRAM):
            message = f"{mass[key]:.3f} kg placed, {a.mass_kg} kg allocated"
            yield "placements", "/".join(key), message
    for key in sorted(set(count) - allocated):
        yield "placements", "/".join(key), "placed, but not allocated to the shipment"


def payload_kept(plan: Plan) -> Iterator[Breach]:
    """No load unit holds more than its payload."""
    for load in plan.loads:
        box = plan.case.equipment.get(load.equipment)
        if box and load.mass_kg > box.payload_kg + GRAM:
            yield "loads", load.load_id, f"{load.mass_kg} kg, its payload is {box.payload_kg} kg"


def road_limit_kept(plan: Plan) -> Iterator[Breach]:
    """No load unit is heavier than the road limits at both ends of its road legs."""
    for s, ride in plan.riding:
        if ride.first.mode != "road" or not s.equipment:
            continue
        heaviest = max((u.mass_kg for u in plan.loads_of.get(s.shipment_id, ())), default=0.0)
        for stop in dict.fromkeys(p for row in ride.rows for p in (row.origin, row.destination)):
            place = plan.case.places.get(stop)
            limit = plan.case.max_cargo_kg(place.country, s.equipment) if place else None
            if place and limit is not None and heaviest > limit + GRAM:
                message = f"{heaviest} kg of cargo, the roads of {place.country} allow {limit:g} kg"
                yield "legs", ride.first.key, message


def load_stuffable(plan: Plan) -> Iterator[Breach]:
    """Every load unit is marked as one that can really be stuffed."""
    for load in plan.loads:
        if not load.stuffable:
            yield "loads", load.load_id, "it cannot be stuffed"


def mixing_allowed(plan: Plan) -> Iterator[Breach]:
    """An order that may not be mixed is alone in its load units."""
    for load in plan.loads:
        placed = plan.placed_in.get(load.load_id, [])
        inside = {p.order_id for p in placed}
        if len(inside) < 2:
            continue
        for key in {(p.order_id, p.line) for p in placed}:
            order = plan.orders.get(key)
            if order and not order.mix_allowed:
                message = f"{order.key} may not be mixed; with it: {sorted(inside)}"
                yield "loads", load.load_id, message


def equipment_of_order(plan: Plan) -> Iterator[Breach]:
    """An order travels only in the equipment that it allows."""
    for row in plan.allocations:
        order, shipment = plan.orders.get(row.order), plan.shipment.get(row.shipment_id)
        if not order or not shipment or not shipment.equipment or not order.equipment_allowed:
            continue
        if shipment.equipment not in order.equipment_allowed:
            message = f"in {shipment.equipment}, it allows {', '.join(order.equipment_allowed)}"
            yield "order_allocation", f"{order.key} on {row.shipment_id}", message


RULES = (
    shipment_content,
    load_count,
    load_told,
    load_stuffed,
    placed_as_allocated,
    payload_kept,
    road_limit_kept,
    load_stuffable,
    mixing_allowed,
    equipment_of_order,
)
