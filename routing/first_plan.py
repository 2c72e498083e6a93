"""The first plan of a search: from priced blocks or block by block; then what it owes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from lowhaul.solve import Limits
from routing.neighbourhoods import Search
from routing.order_blocks import ALL_LEGS
from routing.priced_blocks import PricedBlock, PricedBlocks, Proposed
from routing.proposals import Goal
from routing.schedule import Schedule
from routing.stiffening import Stiffening

Propose = Callable[[PricedBlock], Proposed]

LEGS_SHARE = 0.3
STIFFENING_SHARE = 0.6
PAYING_SHARE = 0.7
SERVING_SHARE = 0.7
"""Shares of the time left for the search: the legs of the blocks' load units, stiffer prices,
paying what is owed; without blocks, serving all orders."""
LEAST_LEGS_S = 3.0
"""Seconds that the choice of all legs has at least."""


@dataclass(frozen=True)
class FirstPlan:
    """Brings a search to a plan that serves what can be served and keeps limits and rules."""

    search: Search
    weighted: np.ndarray
    """The objective by column, with late days."""
    goal: Goal
    schedule: Schedule
    progress: Callable[[str], None]

    def from_blocks(
        self, priced: PricedBlocks, proposed: Sequence[Proposed], propose: Propose
    ) -> bool:
        """Take over the blocks' load units and choose their legs at once; False if none fit.

        While they overdraw something, some blocks are planned anew at stiffer prices. Orders of
        blocks that have no plan yet are planned after the others.
        """
        search = self.search
        found = [p for p in proposed if p.values is not None]
        for proposal in found:
            search.values[proposal.block.columns] = proposal.values
        if not found or not self.choose_legs():
            search.values = search.nothing_served()
            return False
        left = self.schedule.share(STIFFENING_SHARE)
        stiffening = Stiffening(search, priced, propose, self.goal)
        while search.owed() and left() > 0.0:
            best = search.values.copy()
            self.progress(f"stiffer prices for {'; '.join(search.owed())}")
            changed = stiffening.relieve(left)
            if not changed or not self.choose_legs():
                search.values = best
                break
        return True

    def choose_legs(self) -> bool:
        """Offers and boxes of all legs, for load units as they are; False if there are none."""
        seconds = max(LEAST_LEGS_S, LEGS_SHARE * self.schedule.search_left_s)
        limits = Limits(seconds, self.goal.gap, self.goal.seed)
        self.progress(f"offers and boxes of all legs, {limits.time_limit_s:.0f} s")
        legs = self.search.solve_block(ALL_LEGS, self.weighted, limits, None)
        return legs is not None and self.search.take(legs, self.weighted, mending=True)

    def pay_debts(self) -> None:
        """Serve who is left, and keep all limits and rules; at last orders may stay behind."""
        search, schedule = self.search, self.schedule
        owing = search.owing()
        if owing:
            self.progress(f"{len(owing)} parts owe something: {'; '.join(search.owed())}")
            search.pay(self.weighted, schedule.share(PAYING_SHARE), self.goal)
        self.leave_behind(schedule.countdown(schedule.search_left_s + schedule.kept_s / 2.0))

    def leave_behind(self, left_s: Callable[[], float]) -> None:
        """Leave orders behind where limits and rules are not kept otherwise."""
        if self.search.owed():
            self.progress(f"not kept yet: {'; '.join(self.search.owed())}")
            self.choose_legs()
            self.search.pay(self.weighted, left_s, self.goal, leave_behind=True)

    def anew(self) -> None:
        """Serve one block after the other, in boxes from and to the port; then choose the legs."""
        turns = self.close_turns()
        search = self.search
        search.go_round(self.weighted, self.schedule.share(SERVING_SHARE), self.goal)
        for column, upper in turns.items():
            search.linear.upper[column] = upper
        search.go_round(self.weighted, self.schedule.share(LEGS_SHARE), self.goal, [ALL_LEGS])

    def close_turns(self) -> dict[int, float]:
        """Leave reused boxes out at first: blocks are smaller, and a box is soon added to a plan.

        Returns the upper bounds to restore.
        """
        model = self.search.model
        columns = [*model.reuse.turns.values(), *model.arcs.turned.values()]
        upper = {c: model.linear.upper[c] for c in columns}
        for column in columns:
            model.linear.upper[column] = 0.0
        return upper
