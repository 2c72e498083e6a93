"""Pay what a plan in the making owes: orders left to serve, limits and rules that are not kept.

1. Load units that overdraw a limit go on other runs of their groups; their goods stay in them.
2. Where too many carriers are counted, all but the largest lose everything.
3. Parts of the plan are planned anew one after the other, those first that owe most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from lowhaul.solve import Limits
from routing.debts import counts_of, drawing, helping
from routing.neighbourhoods import FITS, Search
from routing.order_blocks import Block
from routing.proposals import Goal, countdown

PAYING_S = 2.0
"""Seconds of one part that pays what is owed."""
RUNS_S = 5.0
"""Seconds to find other runs for the load units that overdraw one limit."""
MOST_GROUPS = 150
"""Of more groups other runs are not looked for: nothing would be found in that time."""
KNOWN_SHARE = 0.6
"""Of the time for parts: without columns that no plan has used."""
PAYING_GAP = 1e-4
"""Gap of a part while much is owed: a share of what is owed would hide the objective."""


class Paying:
    """What a search owes, and steps that lessen it."""

    def __init__(self, search: Search, objective: np.ndarray, goal: Goal) -> None:
        self.search = search
        self.objective = objective
        self.goal = replace(goal, gap=PAYING_GAP)
        self.unknown = np.zeros(len(search.values), dtype=bool)
        """Columns of goods that no plan of a block has used."""
        self.parts_at = search.incidence([sorted(b.columns) for b in search.blocks])

    def owing(self) -> list[Block]:
        """The parts that have orders left to serve, or could lessen what is not kept.

        Those with orders left come first, then those with most load units on what is overdrawn.
        """
        search = self.search
        missed = search.missed()
        relief = self.overdrawing(missed)
        help_ = helping(search.rows, missed)
        could = search.carriers_of(help_) | help_
        draws = self.parts_at @ np.where(relief, search.values, 0.0)
        pays = self.parts_at @ (relief | could) > 0
        waits = np.array([search.waits(block) for block in search.blocks])
        order = np.lexsort((-draws, ~waits))
        return [search.blocks[i] for i in order if waits[i] or pays[i]]

    def overdrawing(self, missed: np.ndarray) -> np.ndarray:
        """A mask of the load units and legs in use that draw on what is overdrawn."""
        search = self.search
        legs = drawing(search.rows, missed) & (search.values > 0)
        found: np.ndarray = legs | (search.carriers_of(legs) & (search.values > 0))
        return found

    def pay(self, left_s: Callable[[], float], *, leave_behind: bool = False) -> None:
        """Pay until nothing is owed, the time is over or nothing helps."""
        if left_s() > 0.0:
            self.change_runs(left_s, leave_behind=leave_behind)
        self.drop_carriers(left_s, leave_behind=leave_behind)
        if self.unknown.any():
            with self.known_columns_only():
                until_s = left_s() * (1.0 - KNOWN_SHARE)
                self.pay_by_parts(lambda: left_s() - until_s, leave_behind=leave_behind)
        self.pay_by_parts(left_s, leave_behind=leave_behind)

    @contextmanager
    def known_columns_only(self) -> Iterator[None]:
        """Without columns that no plan of a block has used: parts are much smaller so."""
        search = self.search
        before = search.banned
        search.banned = before | (self.unknown & (search.values <= 0.0))
        try:
            yield
        finally:
            search.banned = before

    def pay_by_parts(self, left_s: Callable[[], float], *, leave_behind: bool) -> None:
        """Plan parts anew that owe something, until none does, or nothing helps."""
        asked: set[str] = set()
        helped = False
        while left_s() > 0.0:
            owing = self.owing()
            blocks = [b for b in owing if b.name not in asked]
            if not blocks:
                if not owing or not helped:
                    return
                asked, helped = set(), False
                continue
            some = blocks[: self.goal.workers]
            helped |= self.search.go_round(
                self.objective, countdown(PAYING_S), self.goal, some, leave_behind=leave_behind
            )
            asked |= {b.name for b in some}

    def change_runs(self, left_s: Callable[[], float], *, leave_behind: bool = False) -> None:
        """Load units that overdraw something may go on any run of their groups, limit by limit."""
        search = self.search
        missed = search.missed()
        for miss in missed[np.argsort(-search.values[missed], kind="stable")]:
            block = self.runs_at(int(miss))
            if left_s() <= 0.0:
                return
            if block is None or search.values[miss] <= FITS:
                continue
            search.progress(f"other {block.name}, {left_s():.0f} s left")
            limits = Limits(min(RUNS_S, left_s()), self.goal.gap, self.goal.seed)
            found = search.solve_block(
                block, self.objective, limits, None, leave_behind=leave_behind
            )
            if found is not None:
                search.take(found, self.objective, leave_behind=leave_behind)

    def runs_at(self, miss: int) -> Block | None:
        """The runs of the groups that overdraw a limit; None if there are none, or too many."""
        model = self.search.model
        at = self.overdrawing(np.array([miss]))
        groups = {group for (group, _), column in model.load_units.items() if at[column]}
        columns = frozenset(
            column
            for runs in (model.load_units, model.cargo)
            for (group, _), column in runs.items()
            if group in groups
        )
        if not columns or len(groups) > MOST_GROUPS:
            return None
        return Block(f"runs of {len(groups)} groups", frozenset(), columns)

    def drop_carriers(self, left_s: Callable[[], float], *, leave_behind: bool) -> None:
        """Where there are too many carriers, take everything from all but the largest.

        No part could do that alone.
        """
        search = self.search
        for count in counts_of(search.linear, search.rows, search.missed()):
            beyond = count.beyond(search.values)
            if not beyond:
                continue
            search.banned[np.concatenate(beyond)] = True
            in_use = search.banned & (search.values > 0)
            carried = search.carriers_of(in_use) & (search.values > 0)
            held = self.parts_at @ (in_use | carried) > 0
            blocks = [search.blocks[i] for i in np.flatnonzero(held)]
            search.go_round(
                self.objective, left_s, self.goal, blocks, mending=True, leave_behind=leave_behind
            )
