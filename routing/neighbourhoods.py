"""Search for large plans: destination by destination, with all else held fast.

Orders of one destination share load units with each other and hardly with the rest, so each
*block* of them is a small model that HiGHS solves well, while the whole is beyond it
(docs/decisions/large-plans.md has the measurements). The search starts with every order unserved,
plans block after block, and then goes round again from the finished plan: every step keeps the
plan feasible and none makes it worse. The bound stays that of the whole model.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from lowhaul.linear import LinearModel, Terms
from lowhaul.solve import Limits, solve
from routing.arcs import Arc
from routing.model import PlanModel
from routing.orders import Order

STEP_S = 2.5
LEAST_STEP_S = 0.4
"""Most and least seconds for one block: good plans come early, the rest would go into proofs."""
FITS = 1e-5
"""Rows are kept to within this share of their activity."""
MOST_ORDERS = 4
"""Orders of one block: more make its model slow, fewer see too little of each other."""
UNSERVED_WEIGHT = 1e5
"""What an unserved handling unit counts in a block, far above any CO2e or cost of moving it."""


@dataclass(frozen=True)
class Block:
    """Orders that are planned together, with the columns that are theirs."""

    name: str
    orders: frozenset[str]
    columns: frozenset[int]


def blocks_of(model: PlanModel) -> list[Block]:
    """Blocks by the place where orders end; inbound ones by the place where they begin.

    A place with many orders has several blocks, by ready date; the load units of the others stay
    open to each of them.
    """
    by_place: dict[str, list[Order]] = defaultdict(list)
    for order in model.options.case.orders:
        inbound = order.flow == "inbound"
        by_place[f"from {order.origin}" if inbound else f"to {order.destination}"].append(order)
    block_of: dict[str, str] = {}
    for place, some in by_place.items():
        some.sort(key=lambda o: (o.ready_date, o.key))
        parts = -(-len(some) // MOST_ORDERS)
        size = -(-len(some) // parts)
        for index, order in enumerate(some):
            part = f", part {index // size + 1}" if parts > 1 else ""
            block_of[order.key] = place + part
    members: dict[str, set[str]] = defaultdict(set)
    for key, name in block_of.items():
        members[name].add(key)
    columns: dict[str, set[int]] = defaultdict(set)
    for unit, column in [*model.units.items(), *model.whole.items()]:
        columns[block_of[unit.entry.order]].add(column)
    for part_key, column in model.parts.items():
        columns[block_of[part_key.option.entry.order]].add(column)
    for (key, _), column in [*model.unserved.items(), *model.chosen.items()]:
        columns[block_of[key]].add(column)
    for index, own in model.group_columns.items():
        for name in {block_of[e.order] for e in model.options.groups[index].sharing.entries}:
            columns[name].update(own)
    return [
        Block(name, frozenset(members[name]), frozenset(columns[name]))
        for name in sorted(members, key=lambda n: (n.startswith("to "), *reversed(n.split(", "))))
    ]


ALL_LEGS = Block("offers and boxes of all legs", frozenset(), frozenset())
"""No order moves: only who carries the load units, and which boxes they travel in."""


@dataclass(frozen=True)
class Goal:
    """How well and with what each block is solved."""

    gap: float
    seed: int
    workers: int


@dataclass(frozen=True)
class Proposal:
    """A change of the plan, by column, that replans one block."""

    block: Block
    change: np.ndarray


Cap = tuple[Mapping[int, float], float]
"""Terms and the most that they may add up to."""


class Search:
    """A plan in the making: values by column, and steps that replan one block each."""

    def __init__(self, model: PlanModel, progress: Callable[[str], None]) -> None:
        self.model = model
        self.linear: LinearModel = model.linear
        self.progress = progress
        self.blocks = blocks_of(model)
        self._read_rows()
        self.values = self.nothing_served()
        self.shared = self._shared_columns()

    def _read_rows(self) -> None:
        """The rows as matrices, by row and by column, with their limits."""
        rows = self.linear.rows
        counts = [len(r.terms) for r in rows]
        indices = np.fromiter((c for r in rows for c in r.terms), dtype=np.int64)
        data = np.fromiter((a for r in rows for a in r.terms.values()), dtype=float)
        starts = np.concatenate(([0], np.cumsum(counts)))
        shape = (len(rows), len(self.linear.names))
        self.by_row = sparse.csr_matrix((data, indices, starts), shape=shape)
        self.by_column = self.by_row.tocsc()
        self.lower = np.array([r.lower for r in rows])
        self.upper = np.array([r.upper for r in rows])

    def nothing_served(self) -> np.ndarray:
        """The plan that moves nothing."""
        values = np.zeros(len(self.linear.names))
        for key, some in self.model.options.packed.items():
            packed = some[0]
            name = packed.packaging.packaging_id
            values[self.model.unserved[key, name]] = (
                packed.count if packed.order.splittable else 1.0
            )
            if (key, name) in self.model.chosen:
                values[self.model.chosen[key, name]] = 1.0
        if self.model.tender:
            for column, value in self.model.tender.start.items():
                values[column] = value
        return values

    def waits(self, block: Block) -> bool:
        """True if an order of a block is not served yet."""
        return bool((self.values[self._unserved(block)] > 0.5).any())

    @property
    def misses(self) -> list[int]:
        """What rules of the award fall short, open while the plan is in the making."""
        return self.model.tender.misses if self.model.tender else []

    def owed(self) -> list[str]:
        """The rules of the award that the plan does not keep yet."""
        return [
            self.linear.names[c].removeprefix("miss[").removesuffix("]")
            for c in self.misses
            if self.values[c] > FITS
        ]

    def start_from(self, values: Sequence[float]) -> None:
        """Take over an earlier plan; what new cuts forbid stays broken until steps mend it."""
        self.values = np.array(values)

    def _shared_columns(self) -> list[tuple[np.ndarray, np.ndarray, bool]]:
        """(load-unit columns, leg columns, frees boxes) of each arc.

        Leg columns are free with a load unit of the block; those of inbound boxes always, so that
        an export may ask for them.
        """
        arcs = self.model.arcs
        legs: dict[Arc, list[int]] = defaultdict(list)
        for (arc, _), column in [*arcs.carried.items(), *arcs.turned.items()]:
            legs[arc].append(column)
        for arc, columns in arcs.others.items():
            legs[arc] += columns
        for arc, columns in self.model.reuse.columns_at().items():
            legs[arc] += columns
        return [
            (
                np.fromiter(arcs.uses[arc].load_units, dtype=np.int64),
                np.array(sorted(set(columns)), dtype=np.int64),
                arc.box is not None and arc.box.end == "in",
            )
            for arc, columns in legs.items()
        ]

    def solve_block(
        self, block: Block, objective: Mapping[int, float], limits: Limits, cap: Cap | None
    ) -> Proposal | None:
        """A better plan of one block with all else as it is; nothing is changed yet.

        First every order of the block must be served; only if no such plan is found may some stay
        behind, at a weight above everything else.
        """
        for all_served in (True, False):
            small, kept = self._small_model(block, objective, cap, all_served)
            solved = solve(small, limits, in_process=block is not ALL_LEGS)
            if solved.found:
                values = np.array(solved.values)
                whole = np.array([self.linear.integer[c] for c in kept])
                values = np.where(whole, np.round(values), values)
                change = np.zeros(len(self.linear.names))
                change[kept] = values
                if all_served:
                    kept = np.concatenate([kept, self._unserved(block)])
                change[kept] -= self.values[kept]
                return Proposal(block, change)
        return None

    def take(
        self, proposal: Proposal, objective: Mapping[int, float], *, mending: bool = False
    ) -> bool:
        """Make a proposal the plan if it fits and helps; False if another one came in its way.

        When `mending` a plan that new cuts forbid, a proposal may be worse than what it replaces.
        """
        after = self.values + proposal.change
        worse = self._worth(after, objective) >= self._worth(self.values, objective) - 1e-6
        if worse and not mending:
            return True
        moved = np.abs(self.by_row @ proposal.change) > 1e-9
        activity = (self.by_row @ after)[moved]
        slack = FITS * np.maximum(1.0, np.abs(activity))
        fits = (activity <= self.upper[moved] + slack).all() and (
            activity >= self.lower[moved] - slack
        ).all()
        over = (after > np.maximum(self.linear.upper, self.values) + FITS).any()
        if not fits or over or (after < -FITS).any():
            return False
        self.values = after
        return True

    def _unserved(self, block: Block) -> np.ndarray:
        return np.array(
            [c for c in self.model.unserved_weight if c in block.columns], dtype=np.int64
        )

    def _worth(self, values: np.ndarray, objective: Mapping[int, float]) -> float:
        weights = self.model.unserved_weight
        unserved = sum(max(1.0, w) * float(values[c]) for c, w in weights.items())
        missed = sum(float(values[c]) for c in self.misses)
        return UNSERVED_WEIGHT * (unserved + missed) + self._value(objective, values)

    def _value(self, terms: Terms, values: np.ndarray | None = None) -> float:
        at = self.values if values is None else values
        return float(sum(a * at[c] for c, a in terms.items()))

    def _free(self, block: Block) -> np.ndarray:
        free = np.zeros(len(self.linear.names), dtype=bool)
        upper = np.array(self.linear.upper)
        own = np.fromiter(block.columns, dtype=np.int64)
        free[own] = True
        free[self.model.free_columns] = True
        for load_units, legs, frees_boxes in self.shared:
            in_use = self.values[load_units].any()
            if free[load_units].any() or (in_use and (frees_boxes or block is ALL_LEGS)):
                free[legs] = True
        return free & ((upper > 0) | (self.values > 0))

    def _small_model(
        self,
        block: Block,
        objective: Mapping[int, float],
        cap: Cap | None,
        all_served: bool,
    ) -> tuple[LinearModel, np.ndarray]:
        """The model over a block's free columns; what is fixed moves to the rows' limits."""
        free = self._free(block)
        weights = dict(objective)
        weights |= dict.fromkeys(self.misses, UNSERVED_WEIGHT)
        unserved = self._unserved(block)
        at = self.values.copy()
        if all_served:
            free[unserved] = False
            at[unserved] = 0.0
        else:
            for column in unserved:
                weight = max(1.0, self.model.unserved_weight[int(column)])
                weights[int(column)] = UNSERVED_WEIGHT * weight
        kept = np.flatnonzero(free)
        new = {int(c): i for i, c in enumerate(kept)}
        fixed = np.where(free, 0.0, at)
        touched = np.unique(self.by_column[:, kept].indices)
        given = self.by_row[touched] @ fixed
        small = LinearModel()
        for c in kept:
            small.column(
                self.linear.names[c],
                self.linear.lower[c],
                max(self.linear.upper[c], self.values[c]),
                integer=self.linear.integer[c],
            )
        for row, offset in zip(touched, given, strict=True):
            terms = {new[c]: a for c, a in self.linear.rows[row].terms.items() if c in new}
            small.row(
                self.linear.rows[row].name,
                terms,
                lower=self.lower[row] - offset,
                upper=self.upper[row] - offset,
            )
        if cap is not None:
            terms = {new[c]: a for c, a in cap[0].items() if c in new}
            small.row("cap", terms, upper=cap[1] - self._value(cap[0], fixed))
        small.minimise({new[c]: a for c, a in weights.items() if c in new})
        return small, kept

    def go_round(
        self,
        objective: Mapping[int, float],
        left_s: Callable[[], float],
        goal: Goal,
        blocks: Sequence[Block] | None = None,
        cap: Callable[[], Cap] | None = None,
        *,
        must_finish: bool = False,
        mending: bool = False,
    ) -> bool:
        """Replan each block once, as many at a time as there are workers; True if any step helped.

        Each block gets twice its even share of the time, since easy ones need little. Without
        `must_finish` the round ends with the time; with it every block is asked at least briefly.
        Blocks that came in each other's way are asked again, alone.
        """
        waiting = list(self.blocks if blocks is None else blocks)
        batches = [waiting[i : i + goal.workers] for i in range(0, len(waiting), goal.workers)]
        before = self._worth(self.values, objective)
        with ThreadPoolExecutor(goal.workers) as pool:
            refused: list[Block] = []
            while batches and (left_s() > 0.0 or must_finish):
                batch = batches.pop(0)
                share = min(STEP_S, max(LEAST_STEP_S, 2.0 * left_s() / (len(batches) + 1)))
                limits = Limits(share, goal.gap, goal.seed)
                names = " and ".join(block.name for block in batch)
                self.progress(f"planning {names}, {max(0.0, left_s()):.0f} s left")
                limit = cap() if cap else None
                jobs = [
                    pool.submit(self.solve_block, block, objective, limits, limit)
                    for block in batch
                ]
                for proposal in [job.result() for job in jobs]:
                    if proposal is None:
                        continue
                    taken = self.take(proposal, objective, mending=mending)
                    if not taken and len(batch) > 1:
                        refused.append(proposal.block)
                if not batches:
                    batches, refused = [[block] for block in refused], []
        return self._worth(self.values, objective) < before - 1e-6 * abs(before)
