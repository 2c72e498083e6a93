"""Which plan of each block, so that together they keep all limits at least cost.

Sets:        blocks b; plans k of a block that were found so far (K_b); legs' columns j (offers,
             boxes, terms of the tender); limits and rules m that may be missed meanwhile.
Data:        c_bk what a plan's own columns add to the objective, a_bk what it asks of each leg
             row; c_j, A_j the same of a leg's column; p_m the price of a unit by which m is missed.
Decisions:   l_bk (the share of plan k), x_j >= 0, miss_m >= 0.
Objective:   least sum c_bk l_bk + sum c_j x_j + sum p_m miss_m
Constraints: sum over k of l_bk = 1 for each b; lower <= sum a_bk l_bk + A x - miss <= upper for
             each leg row.

Where there are too many carriers, what others than the largest carry costs p_m as well.

Relaxed, its prices of the leg rows tell what scarce offers and boxes are worth to all blocks; at
those prices blocks are planned anew, and the new plans join the old ones (Dantzig and Wolfe,
Decomposition principle for linear programs, Operations Research 8, 1960). With whole l_bk it
chooses a plan of each block; legs come out whole nearly always, and are chosen for themselves
afterwards. Prices of what is missed begin low and double, as high ones drive all blocks away at
once. Legs that no plan uses are left out and priced as their cheapest offer (priced_blocks.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import ceil, inf, isfinite

import numpy as np

from lowhaul.linear import LinearModel
from lowhaul.solve import Limits, Solved, relaxation, solve
from routing.debts import counts_of
from routing.neighbourhoods import FITS, Search
from routing.priced_blocks import PricedBlock, PricedBlocks, Proposed

CHARGE = 0.1
"""What a unit that is missed costs at first, as a share of a load unit's part of the objective."""
MOST_CHARGE = 100.0
"""The most of it: what is missed then, no mix of the plans can keep."""
WHOLE_CHARGE = 3.0
"""The same where one plan of each block is chosen."""
WHOLE_GAP = 1e-3
"""The gap of that choice."""
MOST_AT_ONCE = 100
"""Blocks whose plans are chosen together."""
SETTLED, SURE = 0.25, 0.99
"""Of more blocks this share is settled at a time, and all with such a share of one plan."""
KEPT_FREE = 0.1
"""The share of a capacity that is then kept free."""
MOST_ANEW = 220
"""So many blocks are planned anew while others are settled."""

PlanAnew = Callable[[Sequence[PricedBlock]], object]
"""Plans blocks at the prices of now and adds what it finds."""


@dataclass(frozen=True)
class BlockPlan:
    """A plan of a block: its own part of the objective, what it asks of leg rows, its columns."""

    cost: float
    rows: np.ndarray
    asked: np.ndarray
    values: np.ndarray


@dataclass(frozen=True)
class Mixed:
    """Plans mixed at least cost: the objective, prices by row, and how many limits are missed."""

    value: float
    prices: np.ndarray
    missed: int


@dataclass(frozen=True)
class Master:
    """The model, with the columns that it kept of the whole one and the rows' places there."""

    model: LinearModel
    kept: np.ndarray
    shares: dict[tuple[int, int], int]
    rows: np.ndarray


class BlockChoice:
    """The plans found of each block of a search, and the choice among them."""

    def __init__(self, search: Search, priced: PricedBlocks, late: np.ndarray) -> None:
        self.search = search
        self.priced = priced
        self.late = late
        """What late days count by column, beside the objective that blocks are priced by."""
        self.objective = search.vector(search.linear.objective) + late
        self.found: dict[int, list[BlockPlan]] = defaultdict(list)
        self.used = np.zeros(len(late), dtype=bool)
        """Columns that any of the plans uses."""
        self.charge = CHARGE
        self.at = {id(block): b for b, block in enumerate(priced.blocks)}
        first = search.model.goods_rows
        self.leg_rows = search.rows.by_row[first:]
        self.goods = np.zeros(len(late), dtype=bool)
        """Columns of blocks."""
        for block in priced.blocks:
            self.goods[block.columns] = True
        self.beside = (np.array(search.linear.upper) > 0.0) & ~self.goods
        """Open columns of legs and terms."""
        self.legs_of_arcs = np.asarray(search.legs_at.sum(axis=0)).ravel() > 0.0
        self.loads = search.vector(dict.fromkeys(search.model.load_units.values(), 1.0))
        self.is_leg = self.legs_of_arcs | (self.loads > 0.0)
        """Columns that count load units on legs."""
        self.kept_free = self._kept_free()
        """How much of each leg row's upper limit is left free."""
        self.counts = counts_of(search.linear, search.rows, search.misses)
        self.beyond: dict[int, np.ndarray] = {}
        """By count of carriers the legs of those beyond the most that there may be."""
        self.mixed = np.zeros(len(late))
        """The last mix, by column."""
        self.prices: np.ndarray | None = None
        """Those of the last mix of all blocks."""
        self.shares: dict[int, np.ndarray] = {}
        """The shares of its plans, by block."""

    @property
    def many(self) -> bool:
        """True where blocks are too many for one choice."""
        return sum(block.plans for block in self.priced.blocks) > MOST_AT_ONCE

    def unknown(self) -> np.ndarray:
        """A mask of the columns of goods that no plan uses; goods may always stay behind."""
        found = self.goods & ~self.used
        found[list(self.search.service)] = False
        return found

    def _kept_free(self) -> np.ndarray:
        """A tenth of each capacity, where very many blocks are settled one after another.

        What whole plans overdraw beside the mix must go somewhere.
        """
        first, linear = self.search.model.goods_rows, self.search.linear
        free = np.zeros(len(linear.rows) - first)
        if self.many:
            for at, row in enumerate(linear.rows[first:]):
                if row.name.startswith("capacity["):
                    free[at] = KEPT_FREE * row.upper
        return free

    def add(self, proposed: Proposed) -> float:
        """Keep a plan of a block; what it is better by than those it has, at the prices of now."""
        if proposed.values is None:
            return 0.0
        columns, at = proposed.block.columns, self.at[id(proposed.block)]
        price = self.priced.priced[columns] + self.late[columns]
        before = min((float(price @ plan.values) for plan in self.found[at]), default=inf)
        better = before - float(price @ proposed.values)
        if self.found[at] and better <= FITS * abs(before):
            return 0.0
        self.learn(at, proposed.values)
        return better if isfinite(better) else 0.0

    def learn(self, at: int, own: np.ndarray) -> None:
        """Keep a plan of the block in a place, by the values of its columns."""
        values = np.zeros(len(self.objective))
        values[self.priced.blocks[at].columns] = own
        asked = self.leg_rows @ values
        rows = np.flatnonzero(asked)
        cost = float(self.objective @ values)
        self.found[at].append(BlockPlan(cost, rows, asked[rows], own))
        self.used |= values > 0.0

    def relax(self, limits: Limits, taken: Mapping[int, int] | None = None) -> Mixed | None:
        """The cheapest mix of the plans found, and its prices; None if none was found in time.

        Of some blocks a plan is `taken` already.
        """
        master = self._master(whole=False, taken=taken)
        solved = relaxation(master.model, limits)
        if solved.status != "optimal":
            return None
        prices = self._prices(master, solved)
        self._remember(master, solved)
        missed = int((self.mixed[self.search.misses] > FITS).sum()) + self._drop_carriers()
        if missed and taken is None:
            self.charge = min(2.0 * self.charge, MOST_CHARGE)
        if not taken:
            self.prices = prices
        return Mixed(solved.objective, prices, missed)

    def price_every_leg(self, limits: Limits) -> None:
        """Take the prices of a mix with all legs, also those that no plan uses; for proofs.

        Without them boxes that nobody fetches would have no price, and prove nothing.
        """
        master = self._master(whole=False, every_leg=True)
        solved = relaxation(master.model, limits)
        if solved.status == "optimal":
            self.priced.reprice(self._prices(master, solved))

    def _prices(self, master: Master, solved: Solved) -> np.ndarray:
        """Prices by row of the whole model; in the small one the rows of its blocks come first."""
        prices = np.zeros(len(self.search.linear.rows))
        prices[master.rows] = np.array(solved.prices)[len(self.found) :]
        return prices

    def choose(self, left_s: Callable[[], float], seed: int, plan_anew: PlanAnew) -> None:
        """Put one plan of each block in the search's plan, the largest shares if time runs out.

        The legs do not agree yet. Where blocks are too many for one choice, those with the largest
        shares are settled first, some at a time, and the others are mixed again; once only few are
        left, they are planned anew at the prices of what is left for them. In the end prices are
        those of the mix again.
        """
        self.charge = max(self.charge, WHOLE_CHARGE)
        of_the_mix = self.prices
        taken: dict[int, int] = {}
        while (waiting := self.found.keys() - taken.keys()) and left_s() > 0.0:
            if len(waiting) <= MOST_AT_ONCE and not taken:
                master = self._master(whole=True)
                solved = solve(master.model, Limits(left_s(), WHOLE_GAP, seed))
                if solved.found:
                    self._remember(master, solved)
                break
            mixed = self.relax(Limits(left_s()), taken)
            if mixed and len(waiting) <= MOST_ANEW:
                self.priced.reprice(mixed.prices)
                plan_anew([self.priced.blocks[b] for b in sorted(waiting)])
                mixed = self.relax(Limits(left_s()), taken)
            if not mixed:
                break
            surest = sorted(waiting, key=lambda b: (-self.shares[b].max(), b))
            sure = sum(self.shares[b].max() > SURE for b in surest)
            for b in surest[: max(sure, ceil(SETTLED * len(surest)))]:
                taken[b] = int(np.argmax(self.shares[b]))
        for b, plans in self.found.items():
            best = taken.get(b, int(np.argmax(self.shares[b])) if b in self.shares else 0)
            self.search.values[self.priced.blocks[b].columns] = plans[best].values
        if taken and of_the_mix is not None:
            self.priced.reprice(of_the_mix)

    def _drop_carriers(self) -> int:
        """Where there are too many carriers, make all but the largest dear; how often there are.

        In a mix that counts carriers in parts, any number of them would do.
        """
        over = 0
        for at, count in enumerate(self.counts):
            if beyond := count.beyond(self.mixed):
                columns = np.concatenate(beyond)
                self.beyond[at] = columns[self.is_leg[columns]]
                over += 1
        return over

    def _remember(self, master: Master, solved: Solved) -> None:
        """Keep a mix: the shares of the plans, and the values of all columns."""
        values = np.array(solved.values)
        self.mixed = np.zeros(len(self.objective))
        self.mixed[master.kept] = values[: len(master.kept)]
        self.shares = {b: np.zeros(len(plans)) for b, plans in self.found.items()}
        for (b, k), column in master.shares.items():
            self.shares[b][k] = values[column]
            plan = self.found[b][k]
            self.mixed[self.priced.blocks[b].columns] += values[column] * plan.values

    def _master(
        self, *, whole: bool, taken: Mapping[int, int] | None = None, every_leg: bool = False
    ) -> Master:
        """The model of the module's head; of some blocks a plan is `taken` already.

        Legs that no plan uses are left out, or `every_leg` is there.
        """
        search, linear = self.search, self.search.linear
        arcs = (search.load_units_at + search.legs_at) @ self.used > 0
        legs = search.legs_at.T @ arcs > 0
        kept = np.flatnonzero(self.beside & (legs | ~self.legs_of_arcs | every_leg))
        model = LinearModel()
        objective: dict[int, float] = {}
        charges = self._charges()
        dear = np.zeros(len(self.objective))
        for beyond in self.beyond.values():
            dear[beyond] = self.charge * self.value_of_a_load
        for new, c in enumerate(kept.tolist()):
            model.column(linear.names[c], linear.lower[c], linear.upper[c])
            objective[new] = charges.get(c, float(self.objective[c])) + dear[c]
        shares: dict[tuple[int, int], int] = {}
        asked: dict[int, dict[int, float]] = defaultdict(dict)
        for b, plans in self.found.items():
            dear_here = dear[self.priced.blocks[b].columns]
            for k, plan in enumerate(plans):
                most = float(taken is None or taken.get(b, k) == k)
                share = model.column(f"l[{b},{k}]", 0.0, most, integer=whole)
                shares[b, k] = share
                objective[share] = plan.cost + float(dear_here @ plan.values)
                for row, amount in zip(plan.rows.tolist(), plan.asked.tolist(), strict=True):
                    asked[row][share] = amount
            own = {shares[b, k]: 1.0 for k in range(len(plans))}
            model.row(f"one[{b}]", own, lower=1.0, upper=1.0)
        of_legs = self.leg_rows[:, kept]
        first = search.model.goods_rows
        rows = np.union1d(np.flatnonzero(np.diff(of_legs.indptr)), list(asked)).astype(np.int64)
        for row in rows.tolist():
            at = slice(of_legs.indptr[row], of_legs.indptr[row + 1])
            terms = dict(zip(of_legs.indices[at].tolist(), of_legs.data[at].tolist(), strict=True))
            terms.update(asked.get(row, {}))
            lower = search.rows.lower[first + row]
            upper = search.rows.upper[first + row] - self.kept_free[row]
            model.row(linear.rows[first + row].name, terms, lower=lower, upper=upper)
        model.minimise(objective, linear.constant)
        return Master(model, kept, shares, first + rows)

    def _charges(self) -> dict[int, float]:
        """The price of one unit of each miss: that of so many load units as it stands for."""
        charge = self.charge * self.value_of_a_load
        return {miss: charge * self._loads_of_a_unit(miss) for miss in self.search.misses}

    @cached_property
    def value_of_a_load(self) -> float:
        """A load unit's part of the objective, at the prices before any mix."""
        value = loads = 0.0
        for b, plans in self.found.items():
            columns, values = self.priced.blocks[b].columns, plans[0].values
            value += float(self.priced.priced[columns] @ values)
            loads += float(self.loads[columns] @ values)
        return abs(value) / max(1.0, loads) or 1.0

    def _loads_of_a_unit(self, miss: int) -> float:
        """How many load units stand for a unit of a miss: none more than by its row's terms."""
        rows = self.search.rows
        columns, terms = rows.row(rows.by_column[:, [miss]].indices[0])
        return float(np.abs(terms[columns == miss]).max() / np.abs(terms).max())
