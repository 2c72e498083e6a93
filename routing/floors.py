"""A bound over all ways: every run at the least that it can add, whatever the others do.

The *floor* of a run is the least that its legs add to the objective: on each leg the best offer, at
both ends the better of a box from (to) the port and a reused one. Terms of the tender are left out.
Of capacities and boxes only the prices of a relaxation are kept (box_prices.py): what draws on them
pays, and what there is of them is taken off. Without such prices they cost nothing at all. So the
least sum of floors that serves the orders is below every plan.

At these floors a run is left out where another one admits all of its orders, carries as much and
has no higher floor, empty and full: that changes nothing, so no way is missing from this bound.
What is left falls into blocks of orders, each of which proves its own bound (block_plans.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from math import inf

import numpy as np

from lowhaul.linear import LinearModel, add_terms
from lowhaul.solve import Limits, Solved, relaxation
from routing.arcs import Arcs
from routing.box_prices import BoxPrices
from routing.case import Case
from routing.ground import Ground
from routing.groups import Entry, Group, Packed
from routing.leg_values import Scarcity, Values, Weights
from routing.model_groups import GroupRows, OpenRun
from routing.model_orders import OrderRows, PartRows
from routing.opening import Opening
from routing.options import options_from
from routing.orders import Order
from routing.plan_model import Cuts, PlanModel
from routing.priced_blocks import PricedBlocks, Proposed
from routing.reach import TurnReach
from routing.reuse import Reuse
from routing.run_sources import FewRuns, Way, Windows
from routing.runs import Run
from routing.selection import servable
from routing.thinning import stands_in, uses_of
from routing.through_centres import Through, ThroughCentres


class FloorRuns:
    """The runs that no other one outdoes at their floors, which are kept by run (identity)."""

    def __init__(self, source: FewRuns, paid: Paid | None) -> None:
        self.source = source
        self.values = paid.values if paid else source.objective
        self.boxes = paid.boxes if paid else None
        self.floor: dict[int, tuple[float, float]] = {}
        """Least value without cargo and of one more kg, by the identity of the run."""

    def offers_centre(self, order: Order) -> bool:
        """See `RunSource`: centres are counted apart (through_centres.py)."""
        return False

    def runs(
        self, ways: Sequence[Way], windows: Windows, days: range
    ) -> list[tuple[Run, list[Entry]]]:
        """See `RunSource`."""
        table, admits = self.source.table(ways, windows, days)
        if not len(table):
            return []
        round_use = self.source.case.settings.on("round_use")
        floors = self.values.floors(table, round_use=round_use, boxes=self.boxes)
        payload_kg = self.source.case.equipment[ways[0][0].equipment].payload_kg
        found = []
        entries = self.source.admitting.sorted(windows)
        for index in np.flatnonzero(not_outdone(admits, table.max_cargo_kg, floors)):
            run = table.run(int(index))
            empty, full = (float(v) for v in floors[:, index])
            self.floor[id(run)] = (empty, (full - empty) / payload_kg)
            found.append((run, list(compress(entries, admits[index]))))
        return found


def not_outdone(admits: np.ndarray, max_cargo_kg: np.ndarray, floors: np.ndarray) -> np.ndarray:
    """A mask of the runs that no other one outdoes; of equals the first stays.

    `admits` tells what each run (row) admits (columns), `floors` its least values (2, runs).
    """
    uses, use = uses_of(admits, max_cargo_kg)
    keep = np.zeros(len(use), dtype=bool)
    for index, instead in enumerate(stands_in(uses)):
        own = np.flatnonzero(use == index)
        others = np.flatnonzero(instead[use] & (use != index))
        # cheapest empty first: each is outdone by one before it that is no dearer full
        order = own[np.lexsort((floors[1, own], floors[0, own]))]
        before = np.minimum.accumulate(np.concatenate(([inf], floors[1, order])))[:-1]
        keep[order] = floors[1, order] < before
        if len(others):
            order = others[np.argsort(floors[0, others])]
            before = np.minimum.accumulate(floors[1, order])
            at = np.searchsorted(floors[0, order], floors[0, own], side="right") - 1
            keep[own] &= (at < 0) | (floors[1, own] < before[np.maximum(at, 0)])
    # one that is worth using empty may be used beside the one that outdoes it
    return np.asarray(keep | (floors[0] < 0.0))


class FloorRows(GroupRows):
    """Groups whose runs add their floors instead of using legs."""

    def __init__(self, model: PlanModel, floor: Mapping[int, tuple[float, float]]) -> None:
        super().__init__(model, Cuts())
        self.floor = floor
        self.value: dict[int, float] = {}

    def open_runs(self, group: Group) -> list[OpenRun]:
        """Every run: its legs have offers."""
        return [OpenRun(i, run, ()) for i, run in enumerate(group.runs)]

    def least_cargo_kg(self, run: Run) -> float:
        """None is asked for: a run may then stand for one of a lighter weight band."""
        return 0.0

    def put_on_legs(
        self, r: OpenRun, count: int, cargo_kg: Mapping[int, float], most: float
    ) -> None:
        """Count the floor of a run."""
        empty, per_kg = self.floor[id(r.run)]
        add_terms(self.value, {count: empty})
        add_terms(self.value, cargo_kg, per_kg)


class ServedRows(OrderRows):
    """The service of orders, which may go through centres at the least that this adds."""

    def __init__(self, model: PlanModel, through: Through) -> None:
        super().__init__(model)
        self.through = through
        self.value: dict[int, float] = {}

    def travelling(self, packed: Packed, kind: str, hub: str) -> dict[int, float]:
        """Handling units on one part of the way of an order; through a centre, in any parts."""
        terms = super().travelling(packed, kind, hub)
        key, name = packed.order.key, packed.packaging.packaging_id
        if kind == "direct" and (key, name) in self.through:
            column = self.linear.column(f"through[{key},{name}]", 0.0, float(packed.count))
            terms[column] = 1.0
            self.value[column] = self.through[key, name] / packed.count
        return terms


@dataclass(frozen=True)
class Paid:
    """Floors at the prices of a relaxation: of legs and of boxes, and what these come to."""

    values: Values
    boxes: BoxPrices
    constant: float


def paid_floors(model: PlanModel, relaxed: Solved, source: FewRuns, reach: TurnReach) -> Paid:
    """The prices of capacities and boxes that a relaxation of the searched model has."""
    case, prices = source.case, np.array(relaxed.prices)
    by_bid = {bid.bid_id: bid for bid in case.bids}
    capacity: dict[tuple[str, str], float] = {}
    constant = 0.0
    for row, price in zip(model.linear.rows, prices.tolist(), strict=True):
        if price < 0.0 and row.name.startswith("capacity["):
            bid_id, _, period = row.name.removeprefix("capacity[")[:-1].rpartition(",")
            if by_bid[bid_id].volume_unit != "t":  # tonnes are not known before goods are loaded
                capacity[bid_id, period] = -price
                constant += -price * row.upper
    calendar = source.calendar
    weights = Weights.of(case.settings)
    values = Values(case, calendar.network, calendar, weights, Scarcity(capacity))
    boxes = BoxPrices.of(model, prices, reach, values)
    return Paid(values, boxes, constant + boxes.constant)


@dataclass(frozen=True)
class Floors:
    """The model of all runs at their floors, and the bound of its relaxation (-inf: none)."""

    model: PlanModel
    relaxed: Solved
    constant: float
    share: float
    """What rebates leave of every price at least."""

    def bound(self, proved: Sequence[Proposed] = (), priced: PricedBlocks | None = None) -> float:
        """A value of the objective that no plan which serves all orders can go below."""
        if self.relaxed.status != "optimal":
            return -inf
        bound = (priced.bound(proved) if priced else self.relaxed.bound) - self.constant
        return bound * (self.share if bound > 0.0 else 1.0)


def floors_of(
    ground: Ground, source: FewRuns, paid: Paid | None, left_s: Callable[[], float]
) -> Floors:
    """All runs at their floors, and their relaxation if that bounds anything and has time."""
    case = ground.case
    runs = FloorRuns(source, paid)
    opening = Opening(ground, runs)
    options = options_from(ground, opening)
    linear = LinearModel()
    arcs = Arcs(case, ground.network, linear)
    model = PlanModel(options, linear, arcs, Reuse(case, arcs, linear))
    groups, parts = FloorRows(model, runs.floor), PartRows(model)
    for group in options.groups:
        groups.add(group)
    for part in options.parts:
        parts.add(part)
    through: Through = {}
    sound = True
    if case.settings.on("consolidation"):
        centres = ThroughCentres(source, opening, runs.values, runs.boxes)
        through, sound = centres.least(), centres.sound
    orders = ServedRows(model, through)
    for key in options.packed:
        orders.serve(key)
    model.goods_rows = len(linear.rows)
    for column in servable(model):
        linear.upper[column] = 0.0
    weights = Weights.of(case.settings)
    value = add_terms(groups.value | orders.value, model.co2e, weights.co2e)
    linear.minimise(add_terms(value, model.cost, weights.cost))
    share = 1.0 - most_discount(case) if weights.cost else 1.0
    left = left_s()
    if not sound or left <= 0.0:
        relaxed = Solved("timeout", message="an empty load unit gains" if left > 0.0 else "")
    else:
        relaxed = relaxation(linear, Limits(left))
    return Floors(model, relaxed, paid.constant if paid else 0.0, share)


def most_discount(case: Case) -> float:
    """A share that the rebates of a carrier, all together, take off none of its prices."""
    percent: dict[str, float] = defaultdict(float)
    for scale in case.tender.scales:
        best = max(tier.discount_percent for tier in scale.tiers)
        percent[scale.tiers[0].carrier] += best
    carrier_of = {bid.bid_id: bid.carrier for bid in case.bids}
    for bundle in case.tender.bundles:
        for carrier in {carrier_of[bid_id] for bid_id in bundle.bid_ids}:
            percent[carrier] += bundle.discount_percent
    return min(1.0, max(percent.values(), default=0.0) / 100.0)
