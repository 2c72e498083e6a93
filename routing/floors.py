"""A bound over all ways: every run at the least that it can add, whatever the others do.

The *floor* of a run is the least that its legs add to the objective: on each leg the best offer, at
both ends the better of a box from (to) the port and a reused one that costs and emits nothing to
bring. Capacities, terms of the tender and the number of boxes are left out; so the least sum of
floors that serves the orders is below every plan.

At these floors a run is left out where another one admits all of its orders, carries as much and
has no higher floor, empty and full: that changes nothing, so no way is missing from this bound.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import compress
from math import inf

import numpy as np

from lowhaul.linear import LinearModel, add_terms
from lowhaul.solve import Limits, relaxation
from routing.arcs import Arcs
from routing.case import Case
from routing.ground import Ground
from routing.groups import Entry, Group
from routing.leg_values import Weights
from routing.model_groups import GroupRows, OpenRun
from routing.model_orders import OrderRows, PartRows
from routing.opening import Opening
from routing.options import options_from
from routing.orders import Order
from routing.plan_model import Cuts, PlanModel
from routing.reuse import Reuse
from routing.run_sources import FewRuns, Way, Windows
from routing.runs import Run
from routing.selection import servable
from routing.thinning import stands_in, uses_of


class FloorRuns:
    """The runs that no other one outdoes at their floors, which are kept by run (identity)."""

    def __init__(self, source: FewRuns) -> None:
        self.source = source
        self.floor: dict[int, tuple[float, float]] = {}
        """Least value without cargo and of one more kg, by the identity of the run."""

    def offers_centre(self, order: Order) -> bool:
        """See `RunSource`."""
        return True

    def runs(
        self, ways: Sequence[Way], windows: Windows, days: range
    ) -> list[tuple[Run, list[Entry]]]:
        """See `RunSource`."""
        table, admits = self.source.table(ways, windows, days)
        if not len(table):
            return []
        round_use = self.source.case.settings.on("round_use")
        floors = self.source.objective.floors(table, round_use=round_use)
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
    number = np.arange(len(use))
    keep = np.zeros(len(use), dtype=bool)
    for index, instead in enumerate(stands_in(uses)):
        own, others = np.flatnonzero(use == index), np.flatnonzero(instead[use])
        as_good = (floors[:, None, others] <= floors[:, own, None]).all(axis=0)
        better = (floors[:, None, others] < floors[:, own, None]).any(axis=0)
        wider = (use[others] != index)[None, :]
        earlier = number[others][None, :] < number[own][:, None]
        keep[own] = ~(as_good & (better | wider | earlier)).any(axis=1)
    return keep


class FloorRows(GroupRows):
    """Groups whose runs add their floors instead of using legs."""

    def __init__(self, model: PlanModel, floor: Mapping[int, tuple[float, float]]) -> None:
        super().__init__(model, Cuts())
        self.floor = floor
        self.value: dict[int, float] = {}

    def open_runs(self, group: Group) -> list[OpenRun]:
        """Every run: its legs have offers."""
        return [OpenRun(i, run, ()) for i, run in enumerate(group.runs)]

    def put_on_legs(
        self, r: OpenRun, count: int, cargo_kg: Mapping[int, float], most: float
    ) -> None:
        """Count the floor of a run."""
        empty, per_kg = self.floor[id(r.run)]
        add_terms(self.value, {count: empty})
        add_terms(self.value, cargo_kg, per_kg)


def floor_bound(ground: Ground, source: FewRuns, limits: Limits) -> float:
    """A value of the objective that no plan which serves all orders can go below.

    Minus infinity where that was not proved in time.
    """
    case = ground.case
    runs = FloorRuns(source)
    options = options_from(ground, Opening(ground, runs))
    linear = LinearModel()
    arcs = Arcs(case, ground.network, linear)
    model = PlanModel(options, linear, arcs, Reuse(case, arcs, linear))
    groups, parts = FloorRows(model, runs.floor), PartRows(model)
    for group in options.groups:
        groups.add(group)
    for part in options.parts:
        parts.add(part)
    orders = OrderRows(model)
    for key in options.packed:
        orders.serve(key)
    for column in servable(model):
        linear.upper[column] = 0.0
    weights = Weights.of(case.settings)
    value = add_terms(dict(groups.value), model.co2e, weights.co2e)
    linear.minimise(add_terms(value, model.cost, weights.cost))
    relaxed = relaxation(linear, limits)
    if relaxed.status != "optimal":
        return -inf
    return relaxed.bound * (1.0 - most_discount(case) if weights.cost else 1.0)


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
