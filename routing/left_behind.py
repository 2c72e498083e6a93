"""Why orders stay behind, in the planner's words: no way, no way in time, or what is asked.

What closes a bid to an order is named, and so is all that is asked of a plan besides: a rule of
the award may keep an order away as well as a capacity does.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date

from loading.stuffing import fits
from routing.bids import Bid
from routing.case import Case
from routing.decode import Decoded
from routing.demands import asked_of_all
from routing.options import Options, Packed
from routing.orders import Order
from routing.pins import narrowed
from routing.plan import Unserved
from routing.runs import MAX_LEGS, part_ways, set_days, set_part_days
from routing.selection import Stage

NAMED = 6
"""So many bids or demands are named, the rest is counted."""
NOT_PROVED = " The search found no plan that serves it; that there is none is not proved."


def unserved(options: Options, decoded: Decoded, stages: Sequence[Stage]) -> tuple[Unserved, ...]:
    """The orders that stay behind, each with its reason."""
    proved = any(s.name == "unserved" and s.status == "optimal" for s in stages)
    on_ways = bids_on_ways(options, decoded.unserved_units.keys())
    asked = asked_in_all(options.case)
    left = []
    for key, units in decoded.unserved_units.items():
        packed = options.packed[key][0]
        pieces = sum(u.pieces for u in units)
        if key in on_ways:
            why = covered_by_none(packed.order, on_ways[key], asked) + (
                "" if proved else NOT_PROVED
            )
        else:
            why = no_way(options, packed)
        left.append(Unserved(key, pieces, why))
    return tuple(left)


def no_way(options: Options, packed: Packed) -> str:
    """An order without any way: where the ways end, or when the first would arrive."""
    order, case = packed.order, options.case
    relation = f"{order.origin} to {order.destination}"
    earliest = _earliest_arrival(options, packed)
    if earliest is None:
        closed = closed_bids(case, order)
        told = f" Closed to it: {'; '.join(closed)}." if closed else ""
        return f"No bid or chain of bids that fits these goods leads from {relation}.{told}"
    return (
        f"No way from {relation} arrives by {order.due_date}; the earliest arrival is "
        f"{date.fromordinal(earliest)} when leaving on {order.ready_date}. "
        f"Period {case.settings.period_from} to {case.settings.period_to}."
    )


def bids_on_ways(options: Options, orders: Collection[str]) -> dict[str, list[Bid]]:
    """The bids of load units on the ways of some orders; those without any way are left out."""
    found: dict[str, dict[str, Bid]] = {
        part.entry.order: {} for part in options.parts if part.entry.order in orders
    }
    for group in options.groups:
        own = {e.order for e in group.sharing.entries if e.kind != "in" and e.order in orders}
        if own:
            bids = {o.bid.bid_id: o.bid for run in group.runs for s in run.steps
                    for o in s.link.offers}  # fmt: skip
            for order in own:
                found.setdefault(order, {}).update(bids)
    return {order: [bids[bid_id] for bid_id in sorted(bids)] for order, bids in found.items()}


def asked_in_all(case: Case) -> list[str]:
    """What is asked of the whole plan and may keep an order away, in words."""
    asked = list(dict.fromkeys(asked_of_all(case)))
    return [*asked, "the pins of the table decisions"] if case.pins else asked


def covered_by_none(order: Order, bids: Sequence[Bid], asked: Sequence[str]) -> str:
    """An order that has ways: what is scarce on them, and what else is asked of the plan."""
    relation = f"{order.origin} to {order.destination}"
    besides = f" within what is asked: {_listed(asked)}" if asked else ""
    text = f"The bids from {relation} in its weeks do not cover all orders{besides}."
    for what, some in (
        ("capacity", [b.bid_id for b in bids if b.capacity is not None]),
        ("minimum volume", [b.bid_id for b in bids if b.min_volume]),
    ):
        if some:
            text += f" Bids with a {what} on its ways: {_listed(some)}."
    return text


def closed_bids(case: Case, order: Order) -> list[str]:
    """The bids that could be part of a chain for an order but are closed to it, by reason."""
    links = [(b.origin, b.destination) for b in case.bids]
    after = _reached(order.origin, links)
    before = _reached(order.destination, [(end, start) for start, end in links])
    by_reason: dict[str, list[str]] = defaultdict(list)
    for bid in case.bids:
        back = bid.destination == order.origin or bid.origin == order.destination
        if bid.origin in after and bid.destination in before and not back:
            why = why_closed(case, bid, order)
            if why:
                by_reason[why].append(bid.bid_id)
    return [f"{_listed(some)} ({why})" for why, some in by_reason.items()]


def why_closed(case: Case, bid: Bid, order: Order) -> str:
    """What closes a bid to an order on every day, empty if nothing does."""
    settings, carrier = case.settings, case.carriers[bid.carrier]
    until = carrier.qualified_until
    passed = {case.places[p].country for p in (bid.origin, bid.destination, *bid.via)}
    avoided = sorted(passed & set(settings.avoid_countries))
    found: Mapping[str, bool] = {
        f"{bid.carrier} is not qualified": not carrier.qualified,
        f"{bid.carrier} is qualified until {until}": until is not None and until < order.ready_date,
        f"valid until {bid.valid_to}": bid.valid_to is not None and bid.valid_to < order.ready_date,
        f"valid from {bid.valid_from}": (
            bid.valid_from is not None and bid.valid_from > order.due_date
        ),
        f"{bid.mode} is switched off": bid.mode not in settings.modes,
        "spot, which the project does not allow": bid.status == "spot" and not settings.allow_spot,
        f"avoided country {', '.join(avoided)}": bool(avoided),
        "a pin of its lane": narrowed(case, bid) is None,
    }
    return next((why for why, holds in found.items() if holds), "")


def _reached(start: str, links: Iterable[tuple[str, str]]) -> set[str]:
    """All places that can be reached over links, the start included."""
    onward: dict[str, list[str]] = defaultdict(list)
    for here, there in links:
        onward[here].append(there)
    reached, waiting = {start}, [start]
    while waiting:
        for place in onward[waiting.pop()]:
            if place not in reached:
                reached.add(place)
                waiting.append(place)
    return reached


def _listed(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    return ", ".join(names[:NAMED]) + (f" and {more} more" if more > 0 else "")


def _earliest_arrival(options: Options, packed: Packed) -> int | None:
    order = packed.order
    start = order.ready_date.toordinal()
    arrivals = []
    for equipment in options.case.equipment.values():
        if not fits(packed.packaging, equipment):
            continue
        for way in options.network.ways(order.origin, order.destination, equipment.code, MAX_LEGS):
            steps = set_days(options.network, way, start)
            if steps is not None:
                arrivals.append(steps[-1].arrive)
    for offers in part_ways(options.network, order.origin, order.destination):
        run = set_part_days(options.network, offers, start)
        if run is not None:
            arrivals.append(run.arrive)
    return min(arrivals, default=None)
