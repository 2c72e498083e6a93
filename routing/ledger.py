"""The books of a plan: from shipments to the rows that the result tables hold.

Every row is rounded half up when it is made (cents, grams, metres) and every total is a sum of
rounded rows, so tables, shipments and summary agree to the cent and the gram. Costs and CO2e of a
shipment are split over its order lines by mass with the largest remainder.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from emissions.elements import Element
from lowhaul.units import CENT, kilograms, money, split_exactly
from routing.case import Case
from routing.costs import BASE
from routing.ledger_boxes import emptied_boxes, wanted_boxes
from routing.ledger_chain import Trip, trips_of
from routing.ledger_costs import (
    carried_on,
    rebate_charges,
    return_charge,
    shared_charges,
    shipment_charges,
)
from routing.ledger_legs import co2e_of, return_legs, shipment_legs
from routing.ledger_reuse import possible_turns, round_use_rows
from routing.ledger_rows import AllocationRow, CostRow, LegRow, RoundUseRow, ShipmentSums
from routing.plan import Content, Plan
from routing.rebates import rebates_of, shares_of

TEU_DIGITS = 6


@dataclass(frozen=True)
class Ledger:
    """All rows of a plan that have a figure of cost or CO2e; `sums` by shipment_id.

    `round_use_possible` is the most boxes that the plan's load units could load again.
    """

    trips: tuple[Trip, ...]
    legs: tuple[LegRow, ...]
    costs: tuple[CostRow, ...]
    round_use: tuple[RoundUseRow, ...]
    allocation: tuple[AllocationRow, ...]
    sums: dict[str, ShipmentSums]
    round_use_possible: int

    @property
    def elements(self) -> list[Element]:
        """The elements of all chains, returns of unused boxes included."""
        return [row.element for row in self.legs]

    @property
    def cost(self) -> float:
        """The plan's cost: the sum of all charges."""
        return money(sum(row.amount for row in self.costs))

    @property
    def round_use_boxes(self) -> int:
        """Boxes that are loaded again."""
        return sum(row.boxes for row in self.round_use)


def make_ledger(case: Case, plan: Plan) -> Ledger:
    """Book a plan. Deterministic: the same plan gives the same rows."""
    trips = trips_of(case, plan.shipments, plan.box_uses)
    carried = carried_on(trips)
    rebates = rebates_of(case, carried)
    discounts = shares_of(rebates)
    trips = tuple(replace(t, discounts=discounts) for t in trips)
    emptied, wanted = emptied_boxes(case, trips), wanted_boxes(trips)
    source_of = {boxes.key: boxes for boxes in emptied}
    costs: list[CostRow] = []
    legs: list[LegRow] = []
    own: dict[str, list[CostRow]] = {}
    co2e = {}
    for trip in trips:
        shipment_id = trip.shipment.shipment_id
        sources = [
            source_of[use.empties.empty_id if use.empties else "", use.import_shipment_id]
            for use in trip.came
        ]
        own[shipment_id] = shipment_charges(trip, sources)
        costs += own[shipment_id]
        rows = shipment_legs(trip, own[shipment_id])
        co2e[shipment_id] = co2e_of(rows)
        legs += rows
    used: dict[str, int] = defaultdict(int)
    for use in plan.box_uses:
        if use.empties is not None:
            used[use.empties.empty_id] += use.boxes
    unused = [(boxes, boxes.quantity - used[boxes.empty_id]) for boxes in case.empties]
    shared = shared_charges(case, trips, unused, rebate_charges(case, carried, rebates))
    returned = {
        boxes.empty_id: return_charge(case, boxes, left).amount
        for boxes, left in unused
        if boxes.ours and left
    }
    legs += return_legs(case, unused, returned)
    cost_of = _with_shares(own, shared)
    sums = {
        t.shipment.shipment_id: ShipmentSums(
            t.mass_kg,
            t.volume_m3,
            t.teu,
            cost_of[t.shipment.shipment_id],
            kilograms(co2e[t.shipment.shipment_id].wtw_kg),
            co2e[t.shipment.shipment_id].ttw_kg,
        )
        for t in trips
    }
    return Ledger(
        trips,
        tuple(legs),
        (*costs, *shared),
        tuple(round_use_rows(case, trips, emptied, wanted)),
        tuple(row for t in trips for row in allocation(t, sums[t.shipment.shipment_id])),
        sums,
        possible_turns(case, emptied, wanted),
    )


def _with_shares(own: dict[str, list[CostRow]], shared: Sequence[CostRow]) -> dict[str, float]:
    """Each shipment's charges and its share of those without shipment, by base cost."""
    base = [sum(r.amount for r in rows if r.charge_code == BASE) for rows in own.values()]
    shares = split_exactly(money(sum(r.amount for r in shared)), base, CENT)
    return {
        shipment_id: money(sum(r.amount for r in rows) + share)
        for (shipment_id, rows), share in zip(own.items(), shares, strict=True)
    }


def allocation(trip: Trip, sums: ShipmentSums) -> list[AllocationRow]:
    """What each order line has of a shipment: by mass, exact to the cent and the gram."""
    contents: dict[tuple[str, str], list[Content]] = {}
    for content in trip.shipment.contents:
        key = (content.packed.order.key, content.packed.packaging.packaging_id)
        contents.setdefault(key, []).append(content)
    masses = [kilograms(sum(kilograms(c.mass_kg) for c in some)) for some in contents.values()]
    costs = split_exactly(sums.cost, masses, CENT)
    wtw_ttw = [split_exactly(total, masses, 3) for total in (sums.co2e_wtw_kg, sums.co2e_ttw_kg)]
    teu = split_exactly(sums.teu, masses, TEU_DIGITS)
    rows = []
    for i, some in enumerate(contents.values()):
        order, packaging = some[0].packed.order, some[0].packed.packaging
        rows.append(
            AllocationRow(
                order.order_id,
                order.line,
                order.sku,
                trip.shipment.shipment_id,
                packaging.packaging_id,
                sum(len(c.units) for c in some),
                sum(c.pieces for c in some),
                masses[i],
                teu[i],
                costs[i],
                wtw_ttw[0][i],
                wtw_ttw[1][i],
            )
        )
    return rows
