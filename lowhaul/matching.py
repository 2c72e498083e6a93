"""Transport in stages: most of a first value, then of a second, ..., exactly, in whole numbers.

Supplies may go to demands along arcs; each unit on an arc is worth several whole numbers, the
first of which counts most. Nothing must be moved that is worth nothing.

    most  sum_a s1_a f_a, then most sum_a s2_a f_a, ...
    so that  sum of f out of i <= supply_i,  sum of f into j <= demand_j,  f >= 0 integer

Each stage is one min-cost flow (OR-Tools' cost scaling, `ortools.graph`). Its optimal prices u_i
and v_j follow from shortest paths in the residual network; they prove the stage (their value is
that of the flow), and they say what later stages may still change: only arcs whose price is met
(u_i + v_j = s_ij) may carry, and whoever has a price must be used up (complementary slackness;
Ahuja, Magnanti and Orlin, Network Flows, 1993, section 9.4). So no stage is mixed with the next by
large weights, which would leave the range of 64 bits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from lowhaul.solve import SolverFault

FEW = 300_000
"""Up to so many arcs are all put into the network at once."""
FIRST = 25
"""Of more, so many of each end at a time."""
SPREAD = 1_021

Whole = np.ndarray[Any, np.dtype[np.int64]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]


@dataclass(frozen=True)
class Arcs:
    """Arc k leads from supply `tail[k]` to demand `head[k]`."""

    tail: Whole
    head: Whole

    def __len__(self) -> int:
        return len(self.tail)


@dataclass(frozen=True)
class Matching:
    """Units on each arc, and what each stage is worth in all (proved to be the most)."""

    flow: Whole
    totals: tuple[int, ...]


def best_matching(supply: Whole, demand: Whole, arcs: Arcs, values: Sequence[Whole]) -> Matching:
    """The best flow, stage by stage; `values` has the worth of a unit on each arc, by stage.

    The answer depends on the order of supplies, demands and arcs only where all stages tie.
    Raises SolverFault if a stage cannot be proved.
    """
    open_arcs = np.arange(len(arcs), dtype=np.int64)
    flow = np.zeros(len(arcs), dtype=np.int64)
    used_up = np.zeros(len(supply), dtype=bool)
    filled_up = np.zeros(len(demand), dtype=bool)
    for worth in values:
        if not worth[open_arcs].any():
            continue
        stage = _Stage(supply, demand, arcs, worth, open_arcs, used_up, filled_up)
        flow, prices = stage.best()
        stage.prove(flow, prices)
        open_arcs, used_up, filled_up = stage.face(prices)
    return Matching(flow, tuple(int(worth @ flow) for worth in values))


@dataclass(frozen=True)
class _Prices:
    """Dual values: what one more unit of a supply or of a demand would be worth."""

    supply: Whole
    demand: Whole


@dataclass(frozen=True)
class _Stage:
    supply: Whole
    demand: Whole
    arcs: Arcs
    worth: Whole
    open_arcs: Whole
    """The arcs that may carry; earlier stages have closed the others."""
    used_up: Mask
    """Supplies that must be used whole, so that earlier stages keep their value."""
    filled_up: Mask

    def best(self) -> tuple[Whole, _Prices]:
        """The most valuable flow and its prices.

        Of very many arcs only the best of each end go into the network at first; those that its
        prices show to be worth more are added until there are none. Arcs that must carry for the
        sake of earlier stages are all there from the beginning.
        """
        worth = self.worth[self.open_arcs]
        if len(self.open_arcs) <= FEW or self.used_up.any() or self.filled_up.any():
            flow = self.flow(self.open_arcs)
            return flow, self.prices(flow, self.open_arcs)
        active = np.zeros(len(self.open_arcs), dtype=bool)
        tail, head = self.arcs.tail[self.open_arcs], self.arcs.head[self.open_arcs]
        by_tail, by_head = _grouped(tail), _grouped(head)
        # equal arcs are spread, or all supplies would begin with the same demands
        spread = (tail * 7_919 + head * 104_729) % SPREAD
        active[_most_of_each(by_tail, tail, worth * SPREAD + spread)] = True
        active[_most_of_each(by_head, head, worth * SPREAD + spread)] = True
        while True:
            flow = self.flow(self.open_arcs[active])
            prices = self.prices(flow, self.open_arcs[active])
            short = worth - prices.supply[tail] - prices.demand[head]
            if short.max() <= 0:
                return flow, prices
            short *= SPREAD
            short[short > 0] += spread[short > 0]
            active[_most_of_each(by_tail[short[by_tail] > 0], tail, short)] = True
            active[_most_of_each(by_head[short[by_head] > 0], head, short)] = True

    def flow(self, carrying: Whole) -> Whole:
        """The most valuable flow on some arcs: what is left over goes to a sink for nothing."""
        from ortools.graph.python import min_cost_flow

        supplies, demands = len(self.supply), len(self.demand)
        sink = supplies + demands
        network = min_cost_flow.SimpleMinCostFlow()
        tail, head = self.arcs.tail[carrying], self.arcs.head[carrying]
        added = network.add_arcs_with_capacity_and_unit_cost(
            tail,
            supplies + head,
            np.minimum(self.supply[tail], self.demand[head]),
            -self.worth[carrying],
        )
        spare, room = np.flatnonzero(~self.used_up), np.flatnonzero(~self.filled_up)
        for nodes, most in ((spare, self.supply[spare]), (supplies + room, self.demand[room])):
            network.add_arcs_with_capacity_and_unit_cost(
                nodes, np.full(len(nodes), sink), most, np.zeros(len(nodes), dtype=np.int64)
            )
        wanted = np.where(self.filled_up, -self.demand, 0)
        rest = -(int(self.supply.sum()) + int(wanted.sum()))
        network.set_nodes_supplies(np.arange(sink + 1), np.r_[self.supply, wanted, rest])
        status = network.solve()
        if status != network.OPTIMAL:
            raise SolverFault(f"The min-cost flow ended with {status}.")
        found = np.zeros(len(self.arcs), dtype=np.int64)
        found[carrying] = network.flows(added)
        return found

    def prices(self, flow: Whole, carrying: Whole) -> _Prices:
        """Shortest paths in the residual network (Bellman and Ford, all arcs of a round at once).

        Distances fall from 0: along an arc by its worth, back along a used one by as much up, and
        through the sink where a supply or a demand is not used up.
        """
        arcs = carrying[np.argsort(self.arcs.head[carrying], kind="stable")]
        tail, head, worth = self.arcs.tail[arcs], self.arcs.head[arcs], self.worth[arcs]
        heads, first = np.unique(head, return_index=True)
        back = np.flatnonzero(flow[arcs] > 0)
        sent = np.bincount(self.arcs.tail, flow, len(self.supply)).astype(np.int64)
        come = np.bincount(self.arcs.head, flow, len(self.demand)).astype(np.int64)
        spare, room = ~self.used_up, ~self.filled_up
        left, short = spare & (sent < self.supply), room & (come < self.demand)
        taken = room & (come > 0)
        here, there = np.zeros(len(self.supply), np.int64), np.zeros(len(self.demand), np.int64)
        sink = 0
        for _ in range(len(here) + len(there) + 2):
            before = (here.sum(), there.sum(), sink)
            if len(arcs):
                least = np.minimum.reduceat(here[tail] - worth, first)
                there[heads] = np.minimum(there[heads], least)
            np.minimum.at(here, tail[back], there[head[back]] + worth[back])
            sink = min(
                sink, int(here[spare].min(initial=sink)), int(there[short].min(initial=sink))
            )
            here[left] = np.minimum(here[left], sink)
            there[taken] = np.minimum(there[taken], sink)
            if before == (here.sum(), there.sum(), sink):
                break
        else:
            raise SolverFault("The min-cost flow is not optimal: a better cycle exists.")
        bought = sink - there
        return _Prices(here - sink, np.where(room, np.maximum(bought, 0), bought))

    def prove(self, flow: Whole, prices: _Prices) -> None:
        """Hold the flow against its prices: no arc is worth more, and both sides come to as much.

        Raises SolverFault if that is not so.
        """
        tail, head = self.arcs.tail[self.open_arcs], self.arcs.head[self.open_arcs]
        dear = prices.supply[tail] + prices.demand[head] >= self.worth[self.open_arcs]
        free = (prices.supply >= 0) | self.used_up
        asked = (prices.demand >= 0) | self.filled_up
        bound = int(prices.supply @ self.supply) + int(prices.demand @ self.demand)
        if not (dear.all() and free.all() and asked.all() and bound == int(self.worth @ flow)):
            raise SolverFault("The min-cost flow could not be proved to be the best.")

    def face(self, prices: _Prices) -> tuple[Whole, Mask, Mask]:
        """What later stages may change: open arcs, and who must be used up from now on."""
        tail, head = self.arcs.tail[self.open_arcs], self.arcs.head[self.open_arcs]
        met = prices.supply[tail] + prices.demand[head] == self.worth[self.open_arcs]
        return (
            self.open_arcs[met],
            self.used_up | (prices.supply > 0),
            self.filled_up | (prices.demand > 0),
        )


def _grouped(end: Whole) -> Whole:
    """Positions in the order of an end; short numbers are sorted by their digits, in no time."""
    small = len(end) == 0 or int(end.max()) < 2**16
    return np.argsort(end.astype(np.uint16) if small else end, kind="stable")


def _most_of_each(grouped: Whole, end: Whole, worth: Whole) -> Whole:
    """Of positions in the order of an end, the few of each end that are worth most."""
    bounds = np.flatnonzero(np.diff(end[grouped], prepend=-1, append=-1))
    kept = []
    for start, stop in pairwise(bounds):
        some = grouped[start:stop]
        if stop - start > FIRST:
            some = some[np.argpartition(worth[some], -FIRST)[-FIRST:]]
        kept.append(some)
    return np.concatenate(kept)
