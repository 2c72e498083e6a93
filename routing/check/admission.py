"""Bids: each leg rides on a bid that serves it, on that day, within its weights and volumes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from lowhaul.units import KG_PER_T
from routing.bids import Bid
from routing.check.plan import GRAM, SHARE, Breach, Plan, Ride, grouped
from routing.check.rows import Shipment


def bid_serves(plan: Plan) -> Iterator[Breach]:
    """The bid of a leg exists and is for its places, mode, carrier and equipment."""
    for _, ride in plan.riding:
        row, bid = ride.first, ride.bid
        if bid is None:
            yield "legs", row.key, f"bid {row.bid_id!r} does not exist"
            continue
        if (ride.origin, ride.destination) != (bid.origin, bid.destination):
            message = f"bid {bid.bid_id} goes {bid.origin}>{bid.destination}"
            yield "legs", row.key, message
        via = tuple(r.destination for r in ride.rows[:-1])
        if via != bid.via:
            yield "legs", row.key, f"it passes {via}, bid {bid.bid_id} goes via {bid.via}"
        for row in ride.rows:
            if row.mode != bid.mode:
                yield "legs", row.key, f"mode {row.mode}, bid {bid.bid_id} is for {bid.mode}"
            if row.carrier != bid.carrier:
                yield "legs", row.key, f"carrier {row.carrier}, bid {bid.bid_id} is {bid.carrier}'s"


def equipment_fits(plan: Plan) -> Iterator[Breach]:
    """Containers ride on container bids, trailers on ftl bids, part loads on the others."""
    for s, ride in plan.riding:
        bid, row = ride.bid, ride.first
        if bid is None:
            continue
        box = plan.case.equipment.get(s.equipment)
        if bid.takes_load_units:
            if box is None:
                yield "legs", row.key, f"a part load rides on {bid.bid_id}, a {bid.service} bid"
            elif not bid.accepts(s.equipment):
                yield "legs", row.key, f"{bid.bid_id} does not take {s.equipment}"
            elif not bid.equipment and (box.teu > 0) != (bid.service == "container"):
                yield "legs", row.key, f"{s.equipment} does not ride on a {bid.service} bid"
        elif s.equipment:
            yield "legs", row.key, f"load units ride on {bid.bid_id}, a {bid.service} bid"


def bid_in_force(plan: Plan) -> Iterator[Breach]:
    """The bid is valid on the day that the leg departs."""
    for _, ride in plan.riding:
        bid, when = ride.bid, ride.depart
        if bid is None or when is None:
            continue
        if (bid.valid_from and when < bid.valid_from) or (bid.valid_to and when > bid.valid_to):
            message = (
                f"{bid.bid_id} holds {bid.valid_from} to {bid.valid_to}, the leg departs {when}"
            )
            yield "legs", ride.first.key, message


def carrier_qualified(plan: Plan) -> Iterator[Breach]:
    """The carrier is qualified on the day that the leg departs."""
    for _, ride in plan.riding:
        carrier = plan.case.carriers.get(ride.bid.carrier) if ride.bid else None
        if carrier is None:
            continue
        until = carrier.qualified_until
        if not carrier.qualified or (until and ride.depart and ride.depart > until):
            said = f"until {until}" if carrier.qualified else "no"
            message = f"{carrier.carrier} is qualified: {said}; the leg departs {ride.depart}"
            yield "legs", ride.first.key, message


def mode_open(plan: Plan) -> Iterator[Breach]:
    """Only the modes that the settings allow are used; avoided countries are not passed."""
    settings = plan.case.settings
    for s, ride in plan.riding:
        for row in ride.rows:
            if row.mode not in settings.modes:
                yield "legs", row.key, f"mode {row.mode} is not allowed in this plan"
            place = plan.case.places.get(row.destination)
            passed = place is not None and row.destination != s.destination
            if place and passed and place.country in settings.avoid_countries:
                yield "legs", row.key, f"it passes {place.country}, which is to be avoided"


def spot_allowed(plan: Plan) -> Iterator[Breach]:
    """Spot bids are used only where the settings allow them."""
    for _, ride in plan.riding:
        if ride.bid and ride.bid.status == "spot" and not plan.case.settings.allow_spot:
            yield "legs", ride.first.key, f"{ride.bid.bid_id} is a spot bid"


def weight_band(plan: Plan) -> Iterator[Breach]:
    """Cargo of each load unit, or chargeable mass of a part load, lies in the bid's weights."""
    for s, ride in plan.riding:
        bid = ride.bid
        if bid is None or (bid.weight_from_kg is None and bid.weight_to_kg is None):
            continue
        if bid.takes_load_units:
            masses = [u.mass_kg for u in plan.loads_of.get(s.shipment_id, ())]
        else:
            masses = [max(s.mass_kg, s.volume_m3 * (bid.kg_per_m3 or 0.0))]
        low = bid.weight_from_kg if bid.weight_from_kg is not None else 0.0
        high = bid.weight_to_kg if bid.weight_to_kg is not None else float("inf")
        outside = [m for m in masses if not low - GRAM <= m <= high + GRAM]
        if outside:
            message = f"{outside[0]:.3f} kg is outside {low:g} to {high:g} kg of {bid.bid_id}"
            yield "legs", ride.first.key, message


def volume_of(bid: Bid, unit: str, shipment: Shipment, ride: Ride) -> float:
    """What a ride takes of a bid's volume, in a unit (blank: the service's own)."""
    unit = unit or bid.volume_unit or ("load_unit" if bid.takes_load_units else "t")
    if unit == "teu":
        return ride.first.teu
    return ride.first.load_units if unit == "load_unit" else shipment.mass_kg / KG_PER_T


def _span(bid: Bid, when: date) -> str:
    if bid.capacity_per == "day":
        return when.isoformat()
    if bid.capacity_per == "week":
        year, week, _ = when.isocalendar()
        return f"{year}-W{week:02d}"
    return "the period"


def capacity_kept(plan: Plan) -> Iterator[Breach]:
    """No bid carries more than its capacity a day, ISO week or period, by departure."""
    used: dict[tuple[str, str], float] = defaultdict(float)
    for s, ride in plan.riding:
        if ride.bid and ride.depart and ride.bid.capacity is not None:
            used[ride.bid.bid_id, _span(ride.bid, ride.depart)] += volume_of(ride.bid, "", s, ride)
    for (bid_id, span), volume in used.items():
        capacity = plan.bids[bid_id].capacity
        if capacity is not None and volume > capacity + 1e-6:
            message = f"{volume:g} in {span}, its capacity is {capacity:g}"
            yield "legs", bid_id, message


def minimum_kept(plan: Plan) -> Iterator[Breach]:
    """A bid that is used gets its minimum volume over the period."""
    used: dict[str, float] = defaultdict(float)
    for s, ride in plan.riding:
        if ride.bid and ride.bid.min_volume > 0:
            used[ride.bid.bid_id] += volume_of(ride.bid, "", s, ride)
    for bid_id, volume in used.items():
        least = plan.bids[bid_id].min_volume
        if volume < least - 1e-6:
            yield "legs", bid_id, f"{volume:g} over the period, its minimum is {least:g}"


def awards_told(plan: Plan) -> Iterator[Breach]:
    """Awards say what the legs use: every bid, its volume, cost, CO2e and share of its lane."""
    volume: dict[str, float] = defaultdict(float)
    cost: dict[str, float] = defaultdict(float)
    co2e: dict[str, float] = defaultdict(float)
    awarded = grouped(plan.awards, lambda a: a.bid_id)
    for s, ride in plan.riding:
        if ride.bid:
            unit = awarded[ride.bid.bid_id][0].volume_unit if ride.bid.bid_id in awarded else ""
            volume[ride.bid.bid_id] += volume_of(ride.bid, unit, s, ride)
    for leg in plan.legs:
        cost[leg.bid_id] += leg.cost
        co2e[leg.bid_id] += leg.co2e_wtw_kg
    for bid_id in volume:
        rows = awarded.get(bid_id, [])
        if not rows:
            yield "awards", bid_id, "the bid is used but not awarded"
            continue
        told = {
            "volume": (sum(a.volume for a in rows), volume[bid_id], 1e-3),
            "cost": (sum(a.cost for a in rows), cost[bid_id], 0.00501),
            "co2e_wtw_kg": (sum(a.co2e_wtw_kg for a in rows), co2e[bid_id], GRAM),
        }
        for what, (said, right, tolerance) in told.items():
            if abs(said - right) > tolerance:
                yield "awards", bid_id, f"{what} {said:.3f}, the legs make {right:.3f}"
        if any(a.carrier != plan.bids[bid_id].carrier for a in rows):
            yield "awards", bid_id, f"the bid is {plan.bids[bid_id].carrier}'s"
    for award in plan.awards:
        if award.volume and award.bid_id not in volume:
            yield "awards", award.bid_id, f"{award.volume:g} awarded, no leg uses the bid"
    shares: dict[str, list[float]] = defaultdict(list)
    for award in plan.awards:
        if award.lane_id and award.share_of_lane is not None:
            shares[award.lane_id].append(award.share_of_lane)
    for lane, parts in shares.items():
        if sum(parts) > 1 + SHARE * len(parts):
            yield "awards", lane, f"the shares of the lane add up to {sum(parts):.3f}"


RULES = (
    bid_serves,
    equipment_fits,
    bid_in_force,
    carrier_qualified,
    mode_open,
    spot_allowed,
    weight_band,
    capacity_kept,
    minimum_kept,
    awards_told,
)
