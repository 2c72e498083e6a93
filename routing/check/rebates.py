"""Rebates: what a finished plan earns, counted again from its legs and charges.

Counted is what rides on our account. Volumes come from shipments, base costs from the rows BAS.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from lowhaul.units import KG_PER_T
from routing.bids import Bid
from routing.check.plan import CENT, Breach, Plan, Ride
from routing.check.rows import Shipment
from routing.tender import Bundle, Tier

BOUND = 1e-6
"""Volumes this near to the bound of a tier lie on it."""
HUNDRED = 100.0


@dataclass(frozen=True)
class Lot:
    """What one shipment puts on one bid on our account."""

    bid: Bid
    load_units: float
    teu: float
    tonnes: float
    base: float

    def volume(self, unit: str) -> float | None:
        """Its volume in a unit; part loads have tonnes alone."""
        if unit == "t":
            return self.tonnes
        if not self.bid.takes_load_units:
            return None
        return self.teu if unit == "teu" else self.load_units


@dataclass(frozen=True)
class Saving:
    """A discount that the plan has earned on a bid: money, and as a share of the base cost."""

    bid_id: str
    why: str
    amount: float
    share: float


def lane(bid: Bid) -> str:
    """The lane of a bid: its id, or the relation it serves."""
    return bid.lane_id if bid.lane_id else " - ".join((bid.origin, bid.destination))


def lots(plan: Plan) -> list[Lot]:
    """Every ride on our account."""
    return [
        lot(plan, s, ride, ride.bid)
        for s, ride in plan.riding
        if ride.bid is not None and plan.ours(s, ride)
    ]


def lot(plan: Plan, shipment: Shipment, ride: Ride, bid: Bid) -> Lot:
    """One ride: TEU by the table of equipment, not as the leg says."""
    box = plan.case.equipment.get(shipment.equipment)
    teu = shipment.load_units * box.teu if box else 0.0
    base = sum(
        row.amount
        for row in plan.costs_of.get(shipment.shipment_id, ())
        if row.bid_id == bid.bid_id and row.charge_code == "BAS"
    )
    return Lot(bid, shipment.load_units, teu, shipment.mass_kg / KG_PER_T, base)


def savings(plan: Plan) -> list[Saving]:
    """All discounts that the terms of the tender give this plan."""
    every = lots(plan)
    return [*tier_savings(plan, every), *bundle_savings(plan, every)]


def discount_of(plan: Plan) -> dict[str, float]:
    """The share of its base cost that is taken off a bid in all."""
    shares: dict[str, float] = defaultdict(float)
    for saving in savings(plan):
        shares[saving.bid_id] += saving.share
    return dict(shares)


def tier_savings(plan: Plan, every: list[Lot]) -> Iterator[Saving]:
    """All units at the discount of the tier reached, or each tier's units at its own."""
    ladders: dict[tuple[object, ...], list[Tier]] = defaultdict(list)
    for tier in plan.case.tender.tiers:
        ladders[tier.carrier, tier.scope, tier.volume_unit, tier.kind].append(tier)
    for tiers in ladders.values():
        rungs = sorted(tiers, key=lambda t: t.from_volume)
        named = rungs[0]
        inside = [
            (x, units)
            for x in every
            if x.bid.carrier == named.carrier
            and (not named.scope or lane(x.bid) in named.scope)
            and (units := x.volume(named.volume_unit)) is not None
        ]
        volume = sum(units for _, units in inside)
        # a tier holds until the next one begins; after the last one's end there is no discount
        ends = [t.from_volume for t in rungs[1:]] + [rungs[-1].to_volume]
        spans = [
            (t.from_volume, end, t.discount_percent) for t, end in zip(rungs, ends, strict=True)
        ]
        why = f"tier of {named.carrier}"
        if named.kind == "incremental":
            saved = _by_rungs(inside, spans, volume)
        else:
            reached = [p for low, high, p in spans if low - BOUND <= volume <= high + BOUND]
            percent = max(reached, default=0.0)
            saved = defaultdict(float)
            for x, _ in inside:
                saved[x.bid.bid_id] += x.base * percent / HUNDRED
        yield from _told(saved, [x for x, _ in inside], why)


def _by_rungs(
    inside: list[tuple[Lot, float]], spans: list[tuple[float, float, float]], volume: float
) -> dict[str, float]:
    """Units of the highest price take the highest discount, as far as its tier is filled."""
    filled = sorted(
        ((p, max(0.0, min(high, volume) - low)) for low, high, p in spans), key=lambda r: -r[0]
    )
    queue = sorted(
        ((x.base / units, units, x.bid.bid_id) for x, units in inside if units > 0),
        key=lambda u: (-u[0], u[2]),
    )
    saved: dict[str, float] = defaultdict(float)
    start = 0.0
    for price, units, bid_id in queue:
        edge = 0.0
        for percent, room in filled:
            # the part of [start, start + units] that lies in [edge, edge + room]
            both = min(start + units, edge + room) - max(start, edge)
            saved[bid_id] += max(0.0, both) * price * percent / HUNDRED
            edge += room
        start += units
    return saved


def _told(saved: dict[str, float], inside: list[Lot], why: str) -> Iterator[Saving]:
    base: dict[str, float] = defaultdict(float)
    for x in inside:
        base[x.bid.bid_id] += x.base
    for bid_id, amount in saved.items():
        if amount:
            yield Saving(bid_id, why, amount, amount / base[bid_id])


def bundle_savings(plan: Plan, every: list[Lot]) -> Iterator[Saving]:
    """The discounts of the bundles that are taken: the best choice that the terms allow."""
    base: dict[str, float] = defaultdict(float)
    for x in every:
        base[x.bid.bid_id] += x.base
    for bundle in best_bundles(plan, base):
        for bid_id in bundle.bid_ids:
            if bid_id in base:
                share = bundle.discount_percent / HUNDRED
                if base[bid_id] * share:
                    why = f"bundle {bundle.bundle_id}"
                    yield Saving(bid_id, why, base[bid_id] * share, share)


def best_bundles(plan: Plan, base: dict[str, float]) -> tuple[Bundle, ...]:
    """The bundles to take, by trying: of a group one, and each bid in one all-or-nothing bundle.

    Each bid of an all-or-nothing bundle that is used as a whole goes with one that is taken; () if
    that cannot be.
    """
    open_bundles = [b for b in plan.case.tender.bundles if _open(plan, b, base)]
    whole = [b for b in open_bundles if b.kind == "all_or_nothing"]
    loose = [b for b in open_bundles if b.kind != "all_or_nothing"]
    needed = frozenset(x for b in whole for x in b.bid_ids)

    def worth(bundle: Bundle) -> float:
        return bundle.discount_percent * sum(base.get(x, 0.0) for x in bundle.bid_ids)

    def with_loose(taken: tuple[Bundle, ...]) -> tuple[Bundle, ...]:
        groups = {b.xor_group for b in taken if b.xor_group}
        best: dict[str, Bundle] = {}
        for b in sorted(loose, key=worth):
            if b.xor_group and b.xor_group not in groups:
                best[b.xor_group] = b
        return (*taken, *(b for b in loose if not b.xor_group), *best.values())

    @cache
    def covers(left: frozenset[str], groups: frozenset[str]) -> tuple[tuple[Bundle, ...], ...]:
        if not left:
            return ((),)
        first = min(left)
        return tuple(
            (b, *rest)
            for b in whole
            if first in b.bid_ids and left.issuperset(b.bid_ids) and b.xor_group not in groups
            for rest in covers(left - set(b.bid_ids), groups | ({b.xor_group} - {""}))
        )

    # a bundle that shares no bid with another has no choice
    forced = tuple(
        b for b in whole if not any(set(b.bid_ids) & set(x.bid_ids) for x in whole if x is not b)
    )
    named = [b.xor_group for b in forced if b.xor_group]
    if len(set(named)) < len(named):
        return ()
    left = needed.difference(*(b.bid_ids for b in forced))
    choices = [with_loose((*forced, *taken)) for taken in covers(left, frozenset(named))]
    return max(choices, key=lambda some: sum(map(worth, some)), default=())


def _open(plan: Plan, bundle: Bundle, base: dict[str, float]) -> bool:
    """True if enough of its bids are used."""
    used = [x for x in bundle.bid_ids if x in base]
    if bundle.kind == "all_or_nothing":
        return len(used) == len(bundle.bid_ids)
    return len({lane(plan.bids[x]) for x in used}) >= bundle.min_lanes


def rebates_earned(plan: Plan) -> Iterator[Breach]:
    """Each discount row is one that the plan has earned, to the cent, and none is forgotten."""
    right: dict[str, list[Saving]] = defaultdict(list)
    for saving in savings(plan):
        right[saving.bid_id].append(saving)
    said: dict[str, list[float]] = defaultdict(list)
    for row in plan.costs:
        if row.charge_code == "DISC" and row.amount:
            said[row.bid_id].append(row.amount)
    for bid_id in sorted(set(right) | set(said)):
        due = sorted(right[bid_id], key=lambda s: -s.amount)
        given = sorted(said[bid_id])
        for i in range(max(len(due), len(given))):
            asked = due[i].amount if i < len(due) else 0.0
            amount = given[i] if i < len(given) else 0.0
            if abs(amount + asked) > CENT:
                why = due[i].why if i < len(due) else "no rebate"
                yield "costs", f"DISC {bid_id}", f"{amount:.2f}, {why} gives {-asked:.2f}"


def rebate_rows(plan: Plan) -> Iterator[Breach]:
    """A discount row belongs to no shipment, names its bid and carrier, and lowers the cost."""
    for row in plan.costs:
        if row.charge_code != "DISC":
            continue
        bid = plan.bids.get(row.bid_id)
        if bid is None or row.carrier != bid.carrier:
            yield "costs", row.key, f"{row.carrier} gives no discount on bid {row.bid_id!r}"
        if row.shipment_id:
            yield "costs", row.key, "a discount is of a bid as a whole, not of a shipment"
        if row.amount > 0:
            yield "costs", row.key, "a discount raises the cost"


RULES = (rebates_earned, rebate_rows)
