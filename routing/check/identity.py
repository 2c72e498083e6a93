"""Ids: each once, and every id that a row names exists."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from routing.boxes import SHIPPER_OWNED
from routing.check.plan import Breach, Plan

LEG_KINDS = frozenset({"transport", "hub", "empty"})


def ids_unique(plan: Plan) -> Iterator[Breach]:
    """Shipments, loads, leg elements and allocation keys stand once each."""
    keys: dict[tuple[str, str], Iterable[object]] = {
        ("shipments", "shipment_id"): [s.shipment_id for s in plan.shipments],
        ("loads", "load_id"): [u.load_id for u in plan.loads],
        ("tocs", "toc_id"): [t.toc_id for t in plan.tocs],
        ("legs", "shipment_id and seq"): [
            f"{g.shipment_id}/{g.seq:g}" for g in plan.legs if g.shipment_id
        ],
        ("legs", "tce_id of its kind"): [
            f"{g.tce_id} {g.kind}" for g in plan.legs if g.kind in ("transport", "hub")
        ],
        ("order_allocation", "order, shipment and packaging"): [
            f"{a.order_id}/{a.line} {a.shipment_id} {a.packaging_id}" for a in plan.allocations
        ],
        ("unserved", "order line"): [f"{u.order_id}/{u.line}" for u in plan.unserved],
        ("placements", "load and step"): [f"{p.load_id}/{p.step:g}" for p in plan.placed],
        ("costs", "shipment_id and seq"): [
            f"{c.shipment_id}/{c.seq:g}" for c in plan.costs if c.shipment_id
        ],
    }
    for (table, what), values in keys.items():
        for value, times in Counter(values).items():
            if times > 1:
                yield table, str(value), f"{what} stands {times} times"
            elif not value:
                yield table, str(value), f"{what} is blank"


def references_known(plan: Plan) -> Iterator[Breach]:
    """Every shipment, order, bid, carrier, place, equipment and packaging that a row names."""
    case = plan.case
    kinds: dict[str, Iterable[str]] = {
        "shipment": {*plan.shipment, ""},
        "order line": {f"{o}/{line}" for o, line in plan.orders},
        "bid": {*plan.bids, ""},
        "carrier": {*case.carriers, ""},
        "place": {*case.places, ""},
        "equipment": {*case.equipment, ""},
        "box": {*plan.empties, ""},
        "load": {u.load_id for u in plan.loads},
        "box owner": {*case.carriers, SHIPPER_OWNED, "", *(e.line for e in case.empties)},
    }
    for table, key, kind, value in _named(plan):
        if value not in kinds[kind]:
            yield table, key, f"{kind} {value!r} is not known"
    for leg in plan.legs:
        if leg.kind not in LEG_KINDS:
            yield "legs", leg.key, f"kind {leg.kind!r} is not one of {sorted(LEG_KINDS)}"
        if leg.kind == "transport" and not leg.shipment_id:
            yield "legs", leg.key, "a transport belongs to a shipment"
    for row in plan.allocations:
        order = plan.orders.get(row.order)
        if order and order.sku != row.sku:
            yield "order_allocation", row.order_id, f"sku {row.sku} is not the order's {order.sku}"
        if order and plan.packaging(order.sku, row.packaging_id) is None:
            message = f"packaging {row.packaging_id} is not one of {order.sku}"
            yield "order_allocation", row.order_id, message


def _named(plan: Plan) -> Iterator[tuple[str, str, str, str]]:
    for s in plan.shipments:
        for place in (s.origin, s.destination):
            yield "shipments", s.shipment_id, "place", place
        yield "shipments", s.shipment_id, "equipment", s.equipment
        for carrier in s.carriers:
            yield "shipments", s.shipment_id, "carrier", carrier
    for g in plan.legs:
        yield "legs", g.key, "shipment", g.shipment_id
        yield "legs", g.key, "bid", g.bid_id
        yield "legs", g.key, "carrier", g.carrier
        yield "legs", g.key, "equipment", g.equipment
        for place in (g.origin, g.destination):
            yield "legs", g.key, "place", place
    for a in plan.allocations:
        yield "order_allocation", a.order_id, "shipment", a.shipment_id
        yield "order_allocation", a.order_id, "order line", f"{a.order_id}/{a.line}"
    for u in plan.loads:
        yield "loads", u.load_id, "shipment", u.shipment_id
        yield "loads", u.load_id, "equipment", u.equipment
    for p in plan.placed:
        yield "placements", p.load_id, "load", p.load_id
        yield "placements", p.load_id, "order line", f"{p.order_id}/{p.line}"
    for c in plan.costs:
        yield "costs", c.key, "shipment", c.shipment_id
        yield "costs", c.key, "bid", c.bid_id
    for r in plan.round_use:
        yield "round_use", r.key, "shipment", r.shipment_id
        yield "round_use", r.key, "shipment", r.import_shipment_id
        yield "round_use", r.key, "box", r.empty_id
        yield "round_use", r.key, "box owner", r.line
        yield "round_use", r.key, "equipment", r.equipment
        for place in (r.origin, r.destination, r.depot):
            yield "round_use", r.key, "place", place
    for w in plan.awards:
        yield "awards", w.bid_id, "bid", w.bid_id
        yield "awards", w.bid_id, "carrier", w.carrier
    for t in plan.actions:
        yield "actions", t.action, "shipment", t.shipment_id
    for n in plan.unserved:
        yield "unserved", n.order_id, "order line", f"{n.order_id}/{n.line}"


RULES = (ids_unique, references_known)
