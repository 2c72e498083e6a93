"""Money beside the bids: handling, fees, fixed costs, returns, and how all of it adds up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lowhaul.units import KG_PER_T
from routing.check.boxes import source_of
from routing.check.chains import hub_rows_of
from routing.check.charges import OUTSIDE_BID, cents
from routing.check.plan import CENT, Breach, Plan, exactly

SHARED = "FIX", "DISC"


def _sum_of(plan: Plan, shipment_id: str, code: str) -> float:
    return sum(c.amount for c in plan.costs_of.get(shipment_id, ()) if c.charge_code == code)


def cost_of_handling(plan: Plan) -> Iterator[Breach]:
    """Each hub passage is paid once: per tonne where re-stuffed, per load unit where sealed.

    Nobody asks us for a passage beyond the named place; at that place itself either may pay.
    """
    for s in plan.shipments:
        low = high = 0.0
        passages = hub_rows_of(plan, s)
        for row in passages:
            place = plan.case.places.get(row.origin)
            if place is None:
                continue
            fx = plan.case.fx.factor(place.currency)
            if row.origin == s.destination or not s.equipment:
                amount = cents(row.mass_kg / KG_PER_T * place.handling_cost_per_t * fx)
            else:
                amount = cents(s.load_units * place.handling_cost_per_load_unit * fx)
            sides = [
                plan.ours(s, ride)
                for ride in plan.rides_of[s.shipment_id]
                if row.origin in (ride.origin, ride.destination)
            ]
            low += amount if all(sides) else 0.0
            high += amount if any(sides) else 0.0
        said = _sum_of(plan, s.shipment_id, "HDL")
        grain = CENT * max(1, len(passages))
        if not low - grain < said < high + grain:
            yield "costs", f"{s.shipment_id} HDL", f"{said:.2f}, its hubs ask {high:.2f}"


def cost_of_reuse(plan: Plan) -> Iterator[Breach]:
    """The owner of each reused box gets its fee."""
    for s in plan.shipments:
        right = 0.0
        rows = plan.reused_by.get(s.shipment_id, [])
        for row in rows:
            owner = plan.case.carriers.get(row.line)
            if owner:
                fx = plan.case.fx.factor(owner.currency)
                right += cents(row.boxes * owner.round_use_fee * fx)
        said = _sum_of(plan, s.shipment_id, "RUF")
        if abs(said - right) > CENT * max(1, len(rows)):
            yield "costs", f"{s.shipment_id} RUF", f"{said:.2f}, the owners ask {right:.2f}"


def cost_of_detention(plan: Plan) -> Iterator[Breach]:
    """Each day from the end of free time to the day on which a box leaves is paid, box by box."""
    of_bids = {(b.bid_id, c.charge_code) for b in plan.case.bids for c in b.charges}
    for s in plan.shipments:
        rows = plan.reused_by.get(s.shipment_id, [])
        right = 0.0
        for row in rows:
            source = source_of(plan, row)
            if source and source.until and source.per_day is not None and row.fetched:
                days = max(0, (row.fetched - source.until).days)
                right += cents(row.boxes * days * source.per_day)
        said = sum(
            c.amount
            for c in plan.costs_of.get(s.shipment_id, ())
            if c.charge_code == "DET" and (c.bid_id, c.charge_code) not in of_bids
        )
        if abs(said - right) > CENT * max(1, len(rows)):
            message = f"{said:.2f} of detention, the free times give {right:.2f}"
            yield "costs", f"{s.shipment_id} DET", message
    for c in plan.costs:
        if c.charge_code == "DET" and not c.shipment_id:
            yield "costs", c.key, "detention is of the shipment that loads the box"


def cost_of_carriers(plan: Plan) -> Iterator[Breach]:
    """Each carrier that is used is paid its fixed cost once, no other carrier."""
    right: dict[str, float] = defaultdict(float)
    for name in {ride.first.carrier for s, ride in plan.riding if plan.ours(s, ride)}:
        carrier = plan.case.carriers.get(name)
        if carrier and carrier.fixed_cost:
            right[name] = cents(carrier.fixed_cost * plan.case.fx.factor(carrier.currency))
    said: dict[str, float] = defaultdict(float)
    for row in plan.costs:
        if row.charge_code == "FIX":
            said[row.carrier] += row.amount
            if row.shipment_id:
                yield "costs", row.key, "a fixed cost belongs to no shipment"
    for name in sorted(set(right) | set(said)):
        if not exactly(said[name], right[name], CENT):
            yield "costs", f"FIX {name}", f"{said[name]:.2f}, it asks {right[name]:.2f}"


def cost_of_returns(plan: Plan) -> Iterator[Breach]:
    """Boxes of ours that are not loaded again cost their return; nothing else has no shipment."""
    right: dict[tuple[float, str], float] = defaultdict(float)
    for empty_id, box in plan.empties.items():
        left = box.quantity - sum(r.boxes for r in plan.reused_from.get(empty_id, ()))
        if box.ours and left > 0 and box.return_cost:
            right[box.return_cost, box.currency or plan.case.settings.currency] += left
    said: dict[tuple[float, str], float] = defaultdict(float)
    for row in plan.costs_of.get("", ()):
        if row.charge_code not in SHARED and row.amount:
            said[row.rate, row.rate_currency or plan.case.settings.currency] += row.quantity
    for price in sorted(set(right) | set(said)):
        if not exactly(said[price], right[price], 1e-6):
            message = f"{said[price]:g} boxes at {price[0]:g} {price[1]}, it is {right[price]:g}"
            yield "costs", "returns of unused boxes", message


def cost_of_leg(plan: Plan) -> Iterator[Breach]:
    """A leg's cost is the charges of its bid; its first stretch carries them, nothing else does."""
    carried: dict[tuple[str, str], list[float]] = defaultdict(list)
    for s, ride in plan.riding:
        rows = [c for c in plan.costs_of.get(s.shipment_id, ()) if c.bid_id == ride.first.bid_id]
        every = sum(c.amount for c in rows)
        priced = sum(c.amount for c in rows if c.charge_code not in OUTSIDE_BID)
        cost = ride.first.cost
        if not exactly(cost, every, CENT) and not exactly(cost, priced, CENT):
            yield "legs", ride.first.key, f"cost {cost}, its charges make {priced:.2f}"
        for row in ride.rows[1:]:
            if row.cost:
                yield "legs", row.key, "only the first stretch of a bid carries its cost"
    for leg in plan.legs:
        if leg.kind == "hub":
            carried[leg.shipment_id, "HDL"].append(leg.cost)
        elif leg.kind == "empty" and leg.shipment_id and leg.cost:
            yield "legs", leg.key, "the laden leg carries the cost of its empty way"
    for (shipment_id, code), costs in carried.items():
        total = sum(costs)
        if total and not exactly(total, _sum_of(plan, shipment_id, code), CENT):
            yield "legs", shipment_id, f"its hubs carry {total:.2f}, not its {code} charges"


def cost_of_shipment(plan: Plan) -> Iterator[Breach]:
    """A shipment's cost is its own charges and its share of those without shipment."""
    shared = sum(c.amount for c in plan.costs_of.get("", ()))
    own: dict[str, float] = defaultdict(float)
    base: dict[str, float] = defaultdict(float)
    for row in plan.costs:
        if row.shipment_id:
            own[row.shipment_id] += row.amount
            base[row.shipment_id] += row.amount if row.charge_code == "BAS" else 0.0
    count = len(plan.shipments)
    totals = [sum(own.values()), sum(base.values())]
    for s in plan.shipments:
        mine = own[s.shipment_id]
        # the share goes by base cost: the shipment's own charges, or its base rates alone
        rights = [
            mine + shared * (part[s.shipment_id] / total if total else 1 / count)
            for part, total in zip((own, base), totals, strict=True)
        ]
        grain = 0.01 + CENT if shared else CENT  # the largest remainder gives whole cents
        if not any(exactly(s.cost, right, grain) for right in rights):
            yield "shipments", s.shipment_id, f"cost {s.cost}, its charges make {rights[0]:.2f}"


def cost_of_order(plan: Plan) -> Iterator[Breach]:
    """The order lines of a shipment share its cost and CO2e: to the cent and gram, by mass."""
    for s in plan.shipments:
        rows = plan.allocations_of.get(s.shipment_id, [])
        legs = plan.legs_of.get(s.shipment_id, [])
        ttw = sum(g.co2e_ttw_kg for g in legs)
        mass = sum(r.mass_kg for r in rows)
        shared = (
            ("cost", s.cost, 0.01, [r.cost for r in rows]),
            ("co2e_wtw_kg", s.co2e_wtw_kg, 0.001, [r.co2e_wtw_kg for r in rows]),
            ("co2e_ttw_kg", ttw, 0.001, [r.co2e_ttw_kg for r in rows]),
        )
        for what, total, grain, parts in shared:
            if rows and not exactly(sum(parts), total, grain / 2):
                message = f"{what}: its orders share {sum(parts):.3f} of {total:.3f}"
                yield "order_allocation", s.shipment_id, message
            for row, part in zip(rows, parts, strict=True):
                right = total * row.mass_kg / mass if mass else 0.0
                if row.allocation_basis == "mass" and not exactly(part, right, grain * 1.01):
                    message = f"{what} {part}, its mass asks {right:.3f}"
                    yield "order_allocation", f"{row.order_id} on {s.shipment_id}", message


def cost_total(plan: Plan) -> Iterator[Breach]:
    """The plan's cost is the sum of its charges, and of its shipments, to the cent."""
    said = float(str(plan.summary.get("cost") or 0.0))
    charges = sum(c.amount for c in plan.costs)
    if not exactly(said, charges, CENT):
        yield "summary", "cost", f"{said}, the charges make {charges:.2f}"
    shipments = sum(s.cost for s in plan.shipments)
    if plan.shipments and not exactly(said, shipments, CENT):
        yield "summary", "cost", f"{said}, the shipments make {shipments:.2f}"
    if plan.summary.get("currency") not in (None, plan.case.settings.currency):
        yield "summary", "currency", f"{plan.summary['currency']} is not the project's"


def budget_kept(plan: Plan) -> Iterator[Breach]:
    """The plan costs no more than the budget."""
    budget = plan.case.settings.budget
    said = float(str(plan.summary.get("cost") or 0.0))
    if budget is not None and said > budget + CENT:
        yield "summary", "cost", f"{said} is above the budget of {budget}"


RULES = (
    cost_of_handling,
    cost_of_reuse,
    cost_of_detention,
    cost_of_carriers,
    cost_of_returns,
    cost_of_leg,
    cost_of_shipment,
    cost_of_order,
    cost_total,
    budget_kept,
)
