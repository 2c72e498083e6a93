"""The bound over all ways of a large plan: floors of all runs (floors.py), proved block by block.

None where legs that are not ours stand in a cost, which floors would count.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from math import inf

from lowhaul.solve import Solved
from routing.block_plans import BlockPlans
from routing.case import Case
from routing.floors import Floors, floors_of, most_discount, paid_floors
from routing.leg_values import Weights
from routing.plan_model import PlanModel
from routing.priced_blocks import PricedBlock, PricedBlocks, Proposed
from routing.searched import Searched
from routing.selection import objective_constant

FLOORS_S, FLOORS_ORDERS = 2.8, 500
"""What floors and their relaxation take, growing with the 1.5th power of the orders
(docs/benchmarks.md)."""
CENTRES_S_PER_ORDER = 0.04
"""What ways through centres take beside it: 7 s for the 167 order lines of the shipped example."""
LEAST_BLOCK_S = 0.3
"""Least seconds in which a block proves its bound."""


def is_claimed(case: Case) -> bool:
    """True if a bound over all ways of a case can be claimed (the module's head)."""
    others_pay = any(order.named_place for order in case.orders)
    return not (Weights.of(case.settings).cost and others_pay)


def seconds_of(case: Case) -> float:
    """About how many seconds it takes before blocks prove their bounds."""
    orders = len(case.orders)
    centres = case.settings.on("consolidation") and any(p.can_restuff for p in case.places.values())
    through = CENTRES_S_PER_ORDER * orders if centres else 0.0
    return float(FLOORS_S * (orders / FLOORS_ORDERS) ** 1.5 + through)


def bound_all_ways(
    searched: Searched, model: PlanModel, relaxed: Solved, left_s: Callable[[], float]
) -> float:
    """A value of the objective that no plan which serves all orders can go below.

    Capacities and boxes have the prices of the relaxation of the searched model, if there is one;
    not where rebates lessen the prices of legs by shares, which floors take off as a whole.
    """
    case = searched.ground.case
    rebated = Weights.of(case.settings).cost and most_discount(case) > 0.0
    paid = None
    if relaxed.status == "optimal" and not rebated:
        paid = paid_floors(model, relaxed, searched.source, searched.ground.reach)
    floors = floors_of(searched.ground, searched.source, paid, left_s)
    # returns of own boxes, less which a reused one counts: only where boxes are counted
    returns = objective_constant(model, case.settings) if paid else 0.0
    if floors.relaxed.status != "optimal" or left_s() <= 0.0:
        return returns + floors.bound()
    return returns + proved_by_blocks(floors, left_s)


def proved_by_blocks(floors: Floors, left_s: Callable[[], float]) -> float:
    """The bound of all blocks together, each in its share of the time."""
    settings = floors.model.options.case.settings
    priced = PricedBlocks(floors.model, floors.relaxed)
    plans = BlockPlans(priced, settings.seed)
    blocks = [block for block in priced.blocks if block.relaxed < inf]
    columns = sum(len(block.columns) for block in blocks)
    per_column_s = left_s() * settings.workers / max(1, columns)
    until = time.perf_counter() + left_s()

    def proved(block: PricedBlock) -> Proposed:
        if time.perf_counter() >= until:
            return Proposed(block, -inf, None)
        seconds = max(LEAST_BLOCK_S, per_column_s * len(block.columns))
        return Proposed(block, plans.proved(block, seconds), None)

    with ThreadPoolExecutor(settings.workers) as pool:
        return floors.bound(list(pool.map(proved, blocks)), priced)
