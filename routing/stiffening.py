"""Plan some priced blocks anew at stiffer prices, where together they overdraw something.

At the prices of a relaxation a block does not mind which of several runs it takes, while a share
or a capacity minds how many blocks take the same one. So load units and part loads that overdraw
become a little dearer, and blocks are planned again, those with most of them first, until enough
went elsewhere. What was overdrawn once stays dearer, or loads would go back there when the next
limit is relieved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from math import ceil, inf

import numpy as np

from routing.debts import drawing
from routing.neighbourhoods import Search
from routing.priced_blocks import PricedBlock, PricedBlocks, Proposed
from routing.proposals import Goal

DEARER = 0.04
"""The share by which loads that overdraw become dearer at first; twice as much each time again."""
MOST = 0.5
"""Where more than this share of them must go elsewhere, they are closed."""


class Stiffening:
    """The priced blocks of a search, and how often each limit was overdrawn."""

    def __init__(
        self,
        search: Search,
        priced: PricedBlocks,
        propose: Callable[[PricedBlock], Proposed],
        goal: Goal,
    ) -> None:
        self.search = search
        self.priced = priced
        self.propose = propose
        self.goal = goal
        self.times: Counter[int] = Counter()
        self.charged: dict[int, tuple[np.ndarray, float]] = {}
        """By limit that was overdrawn: which loads became dearer, and by what share."""
        self.loads = np.zeros(len(search.values), dtype=bool)
        self.loads[[*search.model.load_units.values(), *search.model.parts.values()]] = True

    def relieve(self, left_s: Callable[[], float]) -> bool:
        """Change load units and goods of some blocks; False if none could be changed.

        The limit that most loads are too many for comes first. The legs of the plan do not agree
        with what is changed yet.
        """
        asked = []
        for miss in self.search.missed():
            at = self.loads_on(drawing(self.search.rows, np.array([miss])))
            if at.any():
                asked.append((_loads(self.search, at, miss), int(miss), at))
            elif (legs := self.search.least_carrier(miss)) is not None:
                at = self.loads_on(legs)
                asked.append((ceil(self.search.values[at].sum()), int(miss), at))
        asked.sort(key=lambda one: (-one[0], one[1]))
        closed = [(at, inf) for need, miss, at in asked if self._charge(need, miss, at)]
        left = [float(self.search.values[at].sum()) - need for need, _, at in asked]
        changed = False
        with self.priced.dearer([*self.charged.values(), *closed]):
            for (_, _, at), most in zip(asked, left, strict=True):
                changed |= self.plan_anew(at, most, left_s)
        return changed

    def _charge(self, need: int, miss: int, at: np.ndarray) -> bool:
        """Make loads dearer, from now on; True if they are to be closed this time."""
        if need > MOST * float(self.search.values[at].sum()):
            return True
        self.charged[miss] = at, DEARER * 2.0 ** self.times[miss]
        self.times[miss] += 1
        return False

    def loads_on(self, legs: np.ndarray) -> np.ndarray:
        """A mask of the loads that travel on some legs, or stand for them."""
        loads: np.ndarray = (self.search.carriers_of(legs) | legs) & self.loads
        return loads

    def plan_anew(self, at: np.ndarray, most: float, left_s: Callable[[], float]) -> bool:
        """Plan blocks anew until so many loads of a mask are left; True if one was changed."""
        search = self.search
        blocks = [b for b in self.priced.blocks if b.plans]
        held = [float(search.values[b.columns][at[b.columns]].sum()) for b in blocks]
        order = np.argsort([-h for h in held], kind="stable")
        waiting = [blocks[i] for i in order if held[i] > 0.0]
        changed = False
        with ThreadPoolExecutor(self.goal.workers) as pool:
            while waiting and left_s() > 0.0 and search.values[at].sum() > most:
                batch, waiting = waiting[: self.goal.workers], waiting[self.goal.workers :]
                for proposed in pool.map(self.propose, batch):
                    if proposed.values is not None:
                        search.values[proposed.block.columns] = proposed.values
                        changed = True
        return changed


def _loads(search: Search, at: np.ndarray, miss: int) -> int:
    """How many loads (of those of the mask) the overdrawn amount comes to."""
    row = search.rows.by_column[:, [miss]].indices[0]
    columns, terms = search.rows.row(row)
    columns, terms = columns[columns != miss], terms[columns != miss]
    # what leaves a carrier goes to another one, and lowers its share twice
    terms = terms - min(0.0, float(terms.min()))
    drawn = float(terms @ search.values[columns])
    return ceil(float(search.values[miss] * search.values[at].sum()) / max(drawn, 1e-9) - 1e-6)
