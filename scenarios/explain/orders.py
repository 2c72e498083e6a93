"""How an order travels, leg by leg, and which other bids and ways there were."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from lowhaul.console import table
from lowhaul.units import kilograms, money
from routing.check.rows import Allocation, Unserved
from routing.explain.books import Figures
from routing.explain.rivals import Field, Rival, Stake
from routing.explain.turning import better
from routing.explain.ways import OtherWays, Way, WayFinder
from routing.plan import LegChoice, Shipment
from scenarios.explain.lanes import cut, rival_dict
from scenarios.pages import NONE, Numbers

EXCLUDED_SHOWN = 4
"""So many excluded bids of a leg are printed; --json has all."""


@dataclass(frozen=True)
class LegTold:
    """A leg of an order's shipment: the order's share of its cost and CO2e, and the other bids."""

    leg: LegChoice
    share: Figures
    rivals: tuple[Rival, ...]
    second: Rival | None


@dataclass(frozen=True)
class Journey:
    """One shipment that the order travels in."""

    shipment: Shipment
    allocated: Allocation
    part: float
    """The order's share of the shipment's mass."""
    legs: tuple[LegTold, ...]
    others: OtherWays
    best_is_better: bool


@dataclass(frozen=True)
class OrderView:
    """All journeys of an order, and what of it is not served."""

    order: str
    journeys: tuple[Journey, ...]
    unserved: tuple[Unserved, ...]

    def as_dict(self) -> dict[str, Any]:
        """For `--json`."""
        return {
            "shipments": [_journey_dict(j) for j in self.journeys],
            "unserved": [
                {"line": u.line, "pieces": u.pieces, "reason": u.reason} for u in self.unserved
            ],
        }

    def text(self) -> str:
        """For the console."""
        n = Numbers()
        parts = [
            f"Line {u.line}: {n.whole(u.pieces)} pieces are not served. {u.reason}"
            for u in self.unserved
        ]
        parts += [_journey_text(j, n) for j in self.journeys]
        return "\n\n".join(parts)


def order_view(field: Field, name: str) -> OrderView:
    """An order (all its lines) or one order line."""

    def named(order_id: str, line: str) -> bool:
        return name in (order_id, f"{order_id}/{line}")

    finder = WayFinder(field)
    journeys = [
        _journey(field, finder, row)
        for row in field.judged.allocations
        if named(row.order_id, row.line)
    ]
    left = tuple(u for u in field.judged.unserved if named(u.order_id, u.line))
    return OrderView(name, tuple(journeys), left)


def _journey(field: Field, finder: WayFinder, row: Allocation) -> Journey:
    shipment = field.by_id[row.shipment_id]
    whole = sum(a.mass_kg for a in field.judged.allocations_of[row.shipment_id])
    part = row.mass_kg / whole if whole else 0.0
    legs = []
    for i, leg in enumerate(shipment.legs):
        stake = Stake(leg.offer.bid, ((shipment.shipment_id, i),))
        rivals = field.rivals(stake)
        legs.append(
            LegTold(leg, _share(field, shipment, leg, part), tuple(rivals), field.runner_up(rivals))
        )
    others = finder.other_ways(shipment)
    ahead = others.best is not None and better(others.best.change, field)
    return Journey(shipment, row, part, tuple(legs), others, ahead)


def _share(field: Field, shipment: Shipment, leg: LegChoice, part: float) -> Figures:
    """What the order bears of a leg by mass, the empty ways that it pays included."""
    rows = [
        r
        for r in field.judged.legs
        if r.shipment_id == shipment.shipment_id and r.bid_id == leg.offer.bid.bid_id
    ]
    cost, co2e_kg = sum(r.cost for r in rows), sum(r.co2e_wtw_kg for r in rows)
    return Figures(money(part * cost), kilograms(part * co2e_kg))


def _journey_text(journey: Journey, n: Numbers) -> str:
    s, a = journey.shipment, journey.allocated
    units = f"{s.load_units} x {s.equipment}" if s.equipment else "a part load"
    lines = [
        f"Line {a.line}: {n.whole(a.pieces)} pieces of {a.sku} in shipment {s.shipment_id} "
        f"({units}, {n.percent(journey.part)} of its mass): cost {n.fixed(a.cost, 2)}, "
        f"CO₂e {n.fixed(a.co2e_wtw_kg)} kg",
    ]
    rows = [_leg_row(told, n) for told in journey.legs]
    legs = Figures(
        money(sum(t.share.cost for t in journey.legs)),
        kilograms(sum(t.share.co2e_kg for t in journey.legs)),
    )
    rest = Figures(a.cost, a.co2e_wtw_kg) - legs
    if abs(rest.cost) >= 0.01 or abs(rest.co2e_kg) >= 0.001:
        rows.append(
            ("hubs, boxes, rebates, fixed costs", "", "", n.fixed(rest.cost, 2),
             n.fixed(rest.co2e_kg), "", "", "")
        )  # fmt: skip
    head = ("leg", "days", "bid", "cost", "CO₂e kg", "next best bid", "cost", "CO₂e kg")
    lines += ["", table(head, rows, left=(0, 1, 2, 5))]
    lines += _excluded(journey)
    lines += ["", *_ways_text(journey, n)]
    return "\n".join(lines)


def _leg_row(told: LegTold, n: Numbers) -> tuple[str, ...]:
    bid, leg = told.leg.offer.bid, told.leg
    change = told.second.change if told.second else None
    return (
        f"{bid.origin} > {bid.destination} ({bid.mode})",
        f"{date.fromordinal(leg.depart)} to {date.fromordinal(leg.arrive)}",
        bid.bid_id,
        n.fixed(told.share.cost, 2),
        n.fixed(told.share.co2e_kg),
        told.second.bid.bid_id if told.second else NONE,
        n.change(change.cost, 2) if change else NONE,
        n.change(change.co2e_kg, 1) if change else NONE,
    )


def _excluded(journey: Journey) -> list[str]:
    lines = []
    for told in journey.legs:
        out = [r for r in told.rivals if r.obstacles]
        lines += [f"  {r.bid.bid_id}: {cut(str(r.obstacles[0]))}" for r in out[:EXCLUDED_SHOWN]]
        if len(out) > EXCLUDED_SHOWN:
            bid = told.leg.offer.bid
            more = len(out) - EXCLUDED_SHOWN
            lines.append(f"  and {more} more bids {bid.origin} > {bid.destination}")
    return ["", "Excluded on these legs", *lines] if lines else []


def _ways_text(journey: Journey, n: Numbers) -> list[str]:
    others = journey.others
    if not others.booked and not others.left:
        return ["There is no other way for these load units."]
    lines = []
    if others.booked:
        lines.append("Other ways of this shipment (what it would cost and emit more)")
        best = others.best
        rows = [
            (
                ">".join(w.shipment.stops),
                ", ".join(dict.fromkeys(g.offer.bid.carrier for g in w.shipment.legs)),
                n.change(w.change.cost, 2),
                n.change(w.change.co2e_kg, 1),
                _standing(w, best, journey.best_is_better, n),
            )
            for w in others.booked
        ]
        lines.append(table(("way", "carriers", "cost", "CO₂e kg", ""), rows, left=(0, 1, 4)))
    lines += [f"{n.whole(count)} other ways: {why}." for why, count in others.left]
    return lines


def _standing(way: Way, best: Way | None, ahead: bool, n: Numbers) -> str:
    if way.obstacles:
        return cut(str(way.obstacles[0]))
    told = "behind"
    if way is best:
        told = "better on its own" if ahead else "best other way"
    lost = f", {n.whole(way.turns_lost)} boxes no longer reused" if way.turns_lost else ""
    return told + lost


def _journey_dict(journey: Journey) -> dict[str, Any]:
    row = journey.allocated
    return {
        "shipment_id": row.shipment_id,
        "line": row.line,
        "pieces": row.pieces,
        "share_of_mass": round(journey.part, 6),
        "cost": row.cost,
        "co2e_wtw_kg": row.co2e_wtw_kg,
        "legs": [
            {
                "from": t.leg.offer.bid.origin,
                "to": t.leg.offer.bid.destination,
                "mode": t.leg.offer.bid.mode,
                "depart": date.fromordinal(t.leg.depart).isoformat(),
                "arrive": date.fromordinal(t.leg.arrive).isoformat(),
                "carrier": t.leg.offer.bid.carrier,
                "bid_id": t.leg.offer.bid.bid_id,
                "cost": t.share.cost,
                "co2e_wtw_kg": t.share.co2e_kg,
                "runner_up": t.second.bid.bid_id if t.second else None,
                "rivals": [rival_dict(r) for r in t.rivals],
            }
            for t in journey.legs
        ],
        "other_ways": [
            {
                "route": list(w.shipment.stops),
                "modes": [g.offer.bid.mode for g in w.shipment.legs],
                "bids": [g.offer.bid.bid_id for g in w.shipment.legs],
                "cost_change": w.change.cost,
                "co2e_change_kg": w.change.co2e_kg,
                "boxes_no_longer_reused": w.turns_lost,
                "excluded_by": [{"rule": o.name, "facts": o.words} for o in w.obstacles],
            }
            for w in journey.others.booked
        ],
        "other_ways_left": dict(journey.others.left),
        "best_other_way_is_better": journey.best_is_better,
    }
