"""The first plan of a search: from plans of blocks, or block by block; then what it owes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property, partial
from math import inf

import numpy as np

from lowhaul.solve import Limits
from routing.block_choice import MOST_CHARGE, BlockChoice
from routing.neighbourhoods import Search
from routing.order_blocks import ALL_LEGS
from routing.paying import Paying
from routing.priced_blocks import PricedBlock, PricedBlocks, Proposed
from routing.proposals import Goal
from routing.schedule import Schedule
from routing.searched import Shared

Propose = Callable[[PricedBlock], Proposed]

LEGS_SHARE = 0.3
MIXING_SHARE, MANY_MIXING_SHARE, SHARED_MIXING_SHARE = 0.75, 0.5, 0.4
CHOICE_SHARE, PRICING_SHARE = 0.6, 0.4
PAYING_SHARE = 0.7
SERVING_SHARE = 0.7
"""Shares of the time left for the search: all legs; mixing plans of blocks (of many blocks less, as
they are settled one after another; less still where plans share a model and begin with the blocks
of others), choosing one for each; prices of all legs, for proofs; paying what is owed; without
blocks, serving all orders."""
ENOUGH = 5e-4
"""Blocks are planned anew while that gains more than this share of the objective."""
LEAST_LEGS_S = 3.0
"""Seconds that the choice of all legs has at least."""


@dataclass(frozen=True)
class FirstPlan:
    """Brings a search to a plan that serves what can be served and keeps limits and rules."""

    search: Search
    weighted: np.ndarray
    """The objective by column, with late days."""
    late: np.ndarray
    """What late days count in it."""
    goal: Goal
    schedule: Schedule
    progress: Callable[[str], None]

    def from_blocks(
        self,
        priced: PricedBlocks,
        proposed: Sequence[Proposed],
        propose: Propose,
        shared: Shared | None = None,
    ) -> bool:
        """Choose one of several plans for each block, and all legs at once; False if none fit.

        The plans that blocks have are mixed at least cost; at the prices of the mix blocks are
        planned anew, until that gains little. Orders of blocks that have no plan yet are planned
        after the others.
        """
        search = self.search
        choice = BlockChoice(search, priced, self.late)
        if shared:
            for at, known in shared.known.items():
                for values in known:
                    choice.learn(at, values)
        for proposal in proposed:
            choice.add(proposal)
        if choice.found:
            share = MANY_MIXING_SHARE if choice.many else MIXING_SHARE
            self.mix(choice, propose, SHARED_MIXING_SHARE if shared else share)
            if shared:
                shared.learn({at: [p.values for p in some] for at, some in choice.found.items()})
            left = self.schedule.share(CHOICE_SHARE)
            self.progress(f"one plan of each block, {left():.0f} s")
            choice.choose(left, self.goal.seed, partial(self.plan_anew, choice, propose, left))
            if self.choose_legs():
                if shared:
                    # its bounds are proved at these prices alone
                    choice.price_every_leg(Limits(self.schedule.share(PRICING_SHARE)()))
                if choice.many:
                    self.paying.unknown = choice.unknown()
                return True
        search.values = search.nothing_served()
        return False

    def mix(self, choice: BlockChoice, propose: Propose, share: float) -> None:
        """Plan blocks anew at the prices of mixes of their plans in a share of the time."""
        left = self.schedule.share(share)
        took_s = 0.0
        while left() > took_s:
            begun = left()
            mixed = choice.relax(Limits(max(LEAST_LEGS_S, left())))
            if mixed is None:
                return
            missed = f", {mixed.missed} limits missed" if mixed.missed else ""
            self.progress(f"plans of blocks mixed: {mixed.value:,.0f}{missed}, {left():.0f} s left")
            choice.priced.reprice(mixed.prices)
            gain = self.plan_anew(choice, propose, left, choice.priced.blocks)
            settled = not mixed.missed or choice.charge >= MOST_CHARGE
            if gain <= ENOUGH * abs(mixed.value) and settled:
                return
            took_s = begun - left()

    def plan_anew(
        self,
        choice: BlockChoice,
        propose: Propose,
        left_s: Callable[[], float],
        blocks: Sequence[PricedBlock],
    ) -> float:
        """Plan blocks at the prices of now; what they are better by than the plans before."""

        def in_time(block: PricedBlock) -> Proposed:
            return propose(block) if left_s() > 0.0 else Proposed(block, -inf, None)

        with ThreadPoolExecutor(self.goal.workers) as pool:
            planned = pool.map(in_time, [block for block in blocks if block.plans])
            return sum(choice.add(proposed) for proposed in planned)

    @cached_property
    def paying(self) -> Paying:
        """What the search owes."""
        return Paying(self.search, self.weighted, self.goal)

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
        owing = self.paying.owing()
        if owing:
            self.progress(f"{len(owing)} parts owe something: {'; '.join(search.owed())}")
            self.paying.pay(schedule.share(PAYING_SHARE))
        self.leave_behind(schedule.countdown(schedule.search_left_s + schedule.kept_s / 2.0))

    def leave_behind(self, left_s: Callable[[], float]) -> None:
        """Leave orders behind where limits and rules are not kept otherwise."""
        if self.search.owed():
            self.progress(f"not kept yet: {'; '.join(self.search.owed())}")
            self.choose_legs()
            self.paying.pay(left_s, leave_behind=True)

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
