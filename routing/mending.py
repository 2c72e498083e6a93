"""Mend a large plan where the loader could not stuff what it counts.

The loader says how many load units it is short of (routing/decode.py). First they are added, with
their offers and boxes, and all goods stay where they are: one small model for all refused groups.
Where capacities leave none, or the loader refuses a group again and again, the group is closed
and the parts of the plan with its orders are planned anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from lowhaul.errors import TimeIsUp
from lowhaul.solve import Limits
from routing.decode import Refusal
from routing.neighbourhoods import Search
from routing.order_blocks import Block
from routing.plan_model import PlanModel
from routing.proposals import Goal

PATIENCE = 3
"""A group that is refused more often is closed."""
ADDING_S = 5.0
"""Seconds to find offers and boxes for the load units that are added."""
CLOSING_S, CLOSING_GAP = 5.0, 1e-4
"""Seconds to plan the orders of a closed group anew, and to what gap: what is dear there stays."""


class Mending:
    """Changes a search's plan so that it heeds what the loader refused."""

    def __init__(self, search: Search, objective: np.ndarray, goal: Goal) -> None:
        self.search = search
        self.model: PlanModel = search.model
        self.objective = objective
        self.goal = goal
        self.refused: Counter[int] = Counter()

    def mend(self, refusals: Sequence[Refusal]) -> None:
        """Heed refusals: add load units, else plan the orders anew without the refused groups.

        Raises TimeIsUp where the loader refuses a group even so.
        """
        self.refused.update(r.group for r in refusals)
        if max(self.refused.values()) > 2 * PATIENCE:
            raise TimeIsUp("The load plans and the routes did not agree in time.")
        hopeful = [r for r in refusals if self.refused[r.group] <= PATIENCE]
        closed = [r for r in refusals if self.refused[r.group] > PATIENCE]
        if len(hopeful) == 1 or (hopeful and not self.add(hopeful)):
            # together they may be too many: those that can be had are, one group after the other
            closed += [r for r in hopeful if not self.add_alone(r)]
        for refusal in closed:
            self.plan_without(refusal)

    def add_alone(self, refusal: Refusal) -> bool:
        """As `add` for one group; where it fell apart, on any of the runs that it uses."""
        used = sum(
            self.search.values[self.model.load_units[refusal.group, i]] > 0.5
            for i in self.runs(refusal.group)
        )
        places = range(used if refusal.apart else 1)
        return any(self.add([refusal], place) for place in places)

    def add(self, refusals: Sequence[Refusal], place: int = 0) -> bool:
        """Give each group the load units that it is short of; False if there are no legs for them.

        A group that fell apart is put on one of its runs: the fullest, or that on another place.
        """
        linear, before = self.model.linear, self.search.values.copy()
        bounds = {
            c: (linear.lower[c], linear.upper[c]) for r in refusals for c in self.columns(r.group)
        }
        for refusal in refusals:
            if refusal.apart:
                self.put_on_one_run(refusal.group, place)
            self.ask_for_more(refusal)
        columns = frozenset(c for r in refusals for c in self.model.group_columns[r.group])
        block = Block(f"{len(refusals)} refused groups", frozenset(), columns)
        limits = Limits(ADDING_S, self.goal.gap, self.goal.seed)
        # a load unit more must not overdraw anything
        self.search.banned[self.search.misses] = True
        proposal = self.search.solve_block(block, self.objective, limits, None)
        self.search.banned[self.search.misses] = False
        if proposal and self.search.take(proposal, self.objective, mending=True):
            return True
        self.search.values = before
        for column, (lower, upper) in bounds.items():
            linear.lower[column], linear.upper[column] = lower, upper
        return False

    def runs(self, group: int) -> list[int]:
        """The indices of a group's open runs, the fullest first."""
        found = [i for i, _ in enumerate(self.model.options.groups[group].runs)]
        load_units, values = self.model.load_units, self.search.values
        return sorted(
            (i for i in found if (group, i) in load_units),
            key=lambda i: (-values[load_units[group, i]], i),
        )

    def columns(self, group: int) -> list[int]:
        """The columns n and c of a group."""
        found = []
        for i in self.runs(group):
            found += [c[group, i] for c in self.both if (group, i) in c]
        return found

    @property
    def both(self) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], int]]:
        """n and c by run."""
        return self.model.load_units, self.model.cargo

    def ask_for_more(self, refusal: Refusal) -> None:
        """Hold what a group has, with the missing load units on its fullest run."""
        linear = self.model.linear
        for place, i in enumerate(self.runs(refusal.group)):
            column = self.model.load_units[refusal.group, i]
            more = refusal.missing if place == 0 else 0
            linear.lower[column] = round(self.search.values[column]) + more
            linear.upper[column] = max(linear.upper[column], linear.lower[column])

    def put_on_one_run(self, group: int, place: int) -> None:
        """Move a group to one run and close its others; its legs do not agree yet.

        `place`: that of the run, the fullest first.
        """
        others = self.runs(group)
        best = others.pop(place)
        for columns in self.both:
            for i in others:
                column = columns.get((group, i))
                if column is not None:
                    self.search.values[columns[group, best]] += self.search.values[column]
                    self.search.values[column] = 0.0
                    self.model.linear.lower[column] = 0.0
                    self.model.linear.upper[column] = 0.0

    def plan_without(self, refusal: Refusal) -> None:
        """Close a group and plan the parts of the plan with its orders anew, all of them at once.

        If no such plan is found in time the old one stands, and is refused again.
        """
        search, model = self.search, self.model
        search.banned[model.group_columns[refusal.group]] = True
        for columns in (model.units, model.whole):
            search.banned[[c for key, c in columns.items() if key.group == refusal.group]] = True
        parts = [b for b in search.blocks if b.orders & refusal.orders]
        joined = Block(
            " and ".join(b.name for b in parts),
            frozenset().union(*(b.orders for b in parts)),
            frozenset().union(*(b.columns for b in parts)),
        )
        limits = Limits(CLOSING_S, CLOSING_GAP, self.goal.seed)
        for within_limits in (True, False):
            search.banned[search.misses] = within_limits
            proposal = search.solve_block(
                joined, self.objective, limits, None, leave_behind=not within_limits
            )
            if proposal and search.take(proposal, self.objective, mending=True):
                break
        search.banned[search.misses] = False
