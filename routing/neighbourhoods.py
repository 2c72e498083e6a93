"""Search for large plans: destination by destination, with all else held fast.

Orders of one destination share load units with each other and hardly with the rest, so each
*block* of them is a small model that HiGHS solves well, while the whole is beyond it
(docs/decisions/large-plans.md has the measurements). The search starts with every order unserved,
plans block after block, and then goes round again from the finished plan: every step keeps the
plan feasible and none makes it worse. The bound stays that of the whole model.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy import sparse

from lowhaul.linear import LinearModel, Terms
from lowhaul.rows import Rows, vector
from lowhaul.solve import Limits, solve
from routing.arcs import Arc
from routing.demands import demands_of
from routing.model import PlanModel
from routing.order_blocks import ALL_LEGS, Block, blocks_of
from routing.proposals import Cap, Goal, Proposal

BOX_ROWS = ("fetched[", "in_time[", "freed_to_be_used[")
"""Rows of routing/reuse.py: who brings which box where."""
STEP_S = 2.5
LEAST_STEP_S = 0.4
"""Most and least seconds for one block: good plans come early, the rest would go into proofs."""
FITS = 1e-5
"""Rows are kept to within this share of their activity."""
UNSERVED_WEIGHT = 1e5
"""What an unserved handling unit counts in a block, far above any CO2e or cost of moving it."""
MISS_WEIGHT = 1e4
"""What one unit by which a limit or rule is not kept counts in a block."""
LEFT_WEIGHT, KEPT_WEIGHT = 1e4, 1e6
"""Both where orders stay behind rather than that something is not kept: units, and misses."""


class Search:
    """A plan in the making: values by column, and steps that replan one block each."""

    def __init__(self, model: PlanModel, progress: Callable[[str], None]) -> None:
        self.model = model
        self.linear: LinearModel = model.linear
        self.progress = progress
        self.misses = model.misses
        """By what limits and rules are not kept, open while the plan is in the making."""
        weights = model.unserved_weight
        unserved = {c: UNSERVED_WEIGHT * max(1.0, weights[c]) for c in weights}
        misses = dict.fromkeys(self.misses, 1.0)
        self.undone = self.vector(unserved) + MISS_WEIGHT * self.vector(misses)
        """What columns weigh that leave undone what must be done."""
        self.left_behind = self.vector(dict.fromkeys(weights, LEFT_WEIGHT)) + (
            KEPT_WEIGHT * self.vector(misses)
        )
        """The same, where orders rather stay behind than that something is not kept."""
        self.blocks = blocks_of(model)
        self.service = frozenset(weights)
        """The columns that tell which goods stay behind."""
        self.rows = Rows.of(model.linear)
        self.of_boxes = np.array([r.name.startswith(BOX_ROWS) for r in model.linear.rows])
        self.values = self.nothing_served()
        self.banned = np.zeros(len(self.values), dtype=bool)
        """Columns that no step may use any more, though the plan as it stands may."""
        self.load_units_at, self.legs_at, self.frees_boxes = self._legs_of_arcs()

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

    def missed(self) -> np.ndarray:
        """The columns by which something is not kept."""
        misses = np.array(self.misses, dtype=np.int64)
        return misses[self.values[misses] > FITS]

    def owed(self) -> list[str]:
        """What the plan does not keep yet, in the planner's words."""
        rows = np.unique(self.rows.by_column[:, self.missed()].indices)
        names = [self.linear.rows[row].name for row in rows]
        words = [demand.words for demand in demands_of(self.model.options.case, names)]
        capacities = [n for n in names if n.startswith("capacity[")]
        return words + [f"the capacity of bid {n[9:-1].replace(',', ' in ')}" for n in capacities]

    def carriers_of(self, legs: np.ndarray) -> np.ndarray:
        """A mask of the load units that travel on some legs (a mask)."""
        carriers: np.ndarray = self.load_units_at.T @ (self.legs_at @ legs) > 0
        return carriers

    def _legs_of_arcs(self) -> tuple[sparse.csr_matrix, sparse.csr_matrix, np.ndarray]:
        """(load-unit columns, leg columns) by arc, and which arcs free boxes.

        Leg columns are free with a load unit of the block.
        """
        arcs = self.model.arcs
        legs: dict[Arc, list[int]] = defaultdict(list)
        for (arc, _), column in [*arcs.carried.items(), *arcs.turned.items()]:
            legs[arc].append(column)
        for arc, columns in arcs.others.items():
            legs[arc] += columns
        for arc, columns in self.model.reuse.columns_at().items():
            legs[arc] += columns
        frees = np.array([arc.box is not None and arc.box.end == "in" for arc in legs], dtype=bool)
        return (
            self.incidence([list(arcs.uses[arc].load_units) for arc in legs]),
            self.incidence([sorted(set(columns)) for columns in legs.values()]),
            frees,
        )

    def incidence(self, columns: Sequence[Sequence[int]]) -> sparse.csr_matrix:
        """A 1 for each column of each row."""
        starts = np.concatenate(([0], np.cumsum([len(some) for some in columns])))
        indices = np.fromiter((c for some in columns for c in some), dtype=np.int64)
        shape = (len(columns), len(self.linear.names))
        return sparse.csr_matrix((np.ones(len(indices)), indices, starts), shape=shape)

    def vector(self, terms: Terms) -> np.ndarray:
        """A sum of columns as an array by column."""
        return vector(terms, len(self.linear.names))

    def solve_block(
        self,
        block: Block,
        objective: np.ndarray,
        limits: Limits,
        cap: Cap | None,
        *,
        leave_behind: bool = False,
    ) -> Proposal | None:
        """A better plan of one block with all else as it is; nothing is changed yet.

        First every order of the block must be served; only if no such plan is found may some stay
        behind, at a weight above everything else; with `leave_behind` they may at once, if that
        helps to keep limits and rules.
        """
        weights = self._weights(objective, leave_behind)
        nobody = leave_behind or not block.orders
        for all_served in (False,) if nobody else (True, False):
            small, kept = self._small_model(block, weights, cap, all_served)
            solved = solve(small, limits, in_process=True if block.orders else None)
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
        self,
        proposal: Proposal,
        objective: np.ndarray,
        *,
        mending: bool = False,
        leave_behind: bool = False,
    ) -> bool:
        """Make a proposal the plan if it fits and helps; False if another one came in its way.

        When `mending` a plan that new cuts forbid, a proposal may be worse than what it replaces.
        """
        after = self.values + proposal.change
        weights = self._weights(objective, leave_behind)
        worse = weights @ after >= weights @ self.values - 1e-6
        if worse and not mending:
            return True
        moved = np.abs(self.rows.by_row @ proposal.change) > 1e-9
        activity = (self.rows.by_row @ after)[moved]
        slack = FITS * np.maximum(1.0, np.abs(activity))
        fits = (activity <= self.rows.upper[moved] + slack).all() and (
            activity >= self.rows.lower[moved] - slack
        ).all()
        over = (after > np.maximum(self.linear.upper, self.values) + FITS).any()
        if not fits or over or (after < -FITS).any():
            return False
        self.values = after
        return True

    def _unserved(self, block: Block) -> np.ndarray:
        return np.array(sorted(self.service & block.columns), dtype=np.int64)

    def _weights(self, objective: np.ndarray, leave_behind: bool) -> np.ndarray:
        """The objective, with what is unserved or not kept far above it."""
        return objective + (self.left_behind if leave_behind else self.undone)

    def _free(self, block: Block) -> np.ndarray:
        """A mask of the columns that a block may change."""
        upper = np.array(self.linear.upper)
        free = np.zeros(len(upper), dtype=bool)
        free[np.fromiter(block.columns, dtype=np.int64)] = True
        free[self.model.free_columns] = True
        free[self.misses] = False
        in_use = (self.load_units_at + self.legs_at) @ self.values > 0
        arcs = in_use if block is ALL_LEGS else self.load_units_at @ free > 0
        free |= self.legs_at.T @ arcs > 0
        # boxes that inbound runs free: an export of the block may ask for them
        asked = self._touched(free)
        at = self._in_rows(asked[self.of_boxes[asked]])
        free |= self.legs_at.T @ (in_use & self.frees_boxes & (self.legs_at @ at > 0)) > 0
        at = self._in_rows(self._touched(free))
        # a row of load units alone is no leg's: where blocks overdrew it, all legs at once may tell
        free[self.misses] = at[self.misses] | (block is ALL_LEGS)
        return free & ((upper > 0) | (self.values > 0))

    def _touched(self, columns: np.ndarray) -> np.ndarray:
        """The rows in which some of the columns (a mask) stand."""
        return np.unique(self.rows.by_column[:, np.flatnonzero(columns)].indices)

    def _in_rows(self, rows: np.ndarray) -> np.ndarray:
        """A mask of the columns that stand in some rows."""
        found = np.zeros(len(self.values), dtype=bool)
        found[self.rows.by_row[rows].indices] = True
        return found

    def _small_model(
        self, block: Block, weights: np.ndarray, cap: Cap | None, all_served: bool
    ) -> tuple[LinearModel, np.ndarray]:
        """The model over a block's free columns; what is fixed moves to the rows' limits."""
        free = self._free(block)
        unserved = self._unserved(block)
        at = self.values.copy()
        if all_served:
            free[unserved] = False
            at[unserved] = 0.0
        kept = np.flatnonzero(free)
        fixed = np.where(free, 0.0, at)
        touched = self._touched(free)
        rows = self.rows.by_row[touched]
        given = rows @ fixed
        small = LinearModel()
        for c in kept:
            small.column(
                self.linear.names[c],
                0.0 if self.banned[c] else self.linear.lower[c],
                0.0 if self.banned[c] else max(self.linear.upper[c], self.values[c]),
                integer=self.linear.integer[c],
            )
        terms_of = rows[:, kept]
        for i, (row, offset) in enumerate(zip(touched, given, strict=True)):
            own = slice(terms_of.indptr[i], terms_of.indptr[i + 1])
            terms = dict(
                zip(terms_of.indices[own].tolist(), terms_of.data[own].tolist(), strict=True)
            )
            small.row(
                self.linear.rows[row].name,
                terms,
                lower=self.rows.lower[row] - offset,
                upper=self.rows.upper[row] - offset,
            )
        if cap is not None:
            within, most = cap
            terms = {i: float(a) for i, a in enumerate(within[kept]) if a}
            small.row("cap", terms, upper=most - float(within @ fixed))
        small.minimise({i: float(a) for i, a in enumerate(weights[kept]) if a})
        return small, kept

    def go_round(
        self,
        objective: np.ndarray,
        left_s: Callable[[], float],
        goal: Goal,
        blocks: Sequence[Block] | None = None,
        cap: Callable[[], Cap] | None = None,
        *,
        mending: bool = False,
        leave_behind: bool = False,
    ) -> bool:
        """Replan each block once, as many at a time as there are workers; True if any step helped.

        Each block gets twice its even share of the time, since easy ones need little; the round
        ends with the time. Blocks that came in each other's way are asked again, alone.
        """
        waiting = list(self.blocks if blocks is None else blocks)
        batches = [waiting[i : i + goal.workers] for i in range(0, len(waiting), goal.workers)]
        weights = self._weights(objective, leave_behind)
        before = float(weights @ self.values)
        with ThreadPoolExecutor(goal.workers) as pool:
            refused: list[Block] = []
            while batches and left_s() > 0.0:
                batch = batches.pop(0)
                share = min(STEP_S, max(LEAST_STEP_S, 2.0 * left_s() / (len(batches) + 1)))
                limits = Limits(share, goal.gap, goal.seed)
                names = " and ".join(block.name for block in batch)
                self.progress(f"planning {names}, {max(0.0, left_s()):.0f} s left")
                limit = cap() if cap else None
                jobs = [
                    pool.submit(
                        self.solve_block, block, objective, limits, limit, leave_behind=leave_behind
                    )
                    for block in batch
                ]
                for proposal in [job.result() for job in jobs]:
                    if proposal is None:
                        continue
                    taken = self.take(
                        proposal, objective, mending=mending, leave_behind=leave_behind
                    )
                    if not taken and len(batch) > 1:
                        refused.append(proposal.block)
                if not batches:
                    batches, refused = [[block] for block in refused], []
        return float(weights @ self.values) < before - 1e-6 * abs(before)
