"""Plans of priced blocks: load units filled in turn, then small models around what was found.

1. Goods are put in a sequence that fills load units best (routing/filling): quick, and whole.
2. Handling units are chosen anew in those load units.
3. Rows that hold as load units are whole (rounding.py) lift the relaxation: a bound of the block.
   With them, load units are chosen with goods in any parts, which may find better ones.
4. Load units near those that were found are opened, for anything that is better.
5. With time left, all that could be better is opened, to lift the bound.

In haste only 1, 2, the bound of 3, and 5 if time is left after all.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import floor, inf, isfinite

import numpy as np

from lowhaul.linear import LinearModel, Row
from lowhaul.solve import Limits, relative_gap, relaxation, solve
from routing.filling.fill import fill
from routing.filling.tables import Table, table_of
from routing.priced_blocks import PricedBlock, PricedBlocks, Proposed
from routing.rounding import Rounding

RELAXED_GAP = 0.003
"""Blocks are solved to this gap."""
FILL_SHARE = 0.2
NEAR_SHARE = 0.3
"""Shares of a block's time: the sequence, and load units near those that were found."""
ROOMS = ((1.0, 0.35), (0.98, 0.25), (0.95, 0.2))
"""How much of a load unit's room is counted while goods travel in any parts, and the share of a
block's time for each. What is left of the time goes into proof."""
IN_HASTE = ((0.98, 0.6), (0.95, 0.4))
"""The same where time is scarce and 1 and 2 gave no plan."""
SCARCE_S = 0.9
"""With less time for a block, time is scarce."""
GOOD = 0.03
"""With a gap like that, load units are not chosen anew with less room."""
ROOM_ROWS = ("volume[", "floor[", "stack_floor[", "mass[", "limit[")
"""Rows of routing/model_groups.py that limit what load units hold."""
LEAST_S = 0.3
"""Seconds that a step has at least."""
RELAXATION_S = 2.0
MOST_ROUNDED = 6_000
"""Columns of a block beyond which rounded rows take too long."""
MOST_PROVED = 30_000
"""Columns of a block beyond which it proves nothing beyond the relaxation in its time."""
FITS = 1e-6
"""What counts as used in the relaxation."""
BETTER = 1e-4
"""The share by which a plan must be better to be looked for."""


@dataclass(frozen=True)
class BlockPlans:
    """Plans blocks at the prices that they have now."""

    priced: PricedBlocks
    seed: int

    def propose(
        self,
        block: PricedBlock,
        seconds: float,
        left_s: Callable[[], float],
        *,
        proves: bool = True,
    ) -> Proposed:
        """Plan a block in its time, and prove a bound if it `proves` one (the module's head).

        Once no time is left, that is done in haste.
        """
        if not block.plans:
            return Proposed(block, self.proved(block, seconds), None)
        priced = self.priced
        until = time.perf_counter() + seconds
        scarce = seconds < SCARCE_S or left_s() <= 0.0 or priced.rough
        table = table_of(priced.model, block.columns, priced.upper, priced.priced)
        found = self._filled(block, table, max(LEAST_S, FILL_SHARE * seconds))
        if found.values is not None:
            found = self._in_load_units(block, found)
            if not proves:
                return found
        rows: list[Row] = []
        if table is not None:
            rows, bound = self._rounded(block, table)
            found = replace(found, bound=bound)
        if found.values is None or not scarce:
            found = self._found_anew(block, found, rows, seconds, scarce=scarce)
        left = min(until - time.perf_counter(), left_s())
        if block.relaxed == inf or not proves or priced.rough:
            return found
        if left < LEAST_S or relative_gap(found.value, found.bound) <= RELAXED_GAP:
            return found
        upper, bound = self._worth_it(block, found, rows)
        limits = Limits(left, RELAXED_GAP, self.seed)
        return self._whole(block, upper, limits, replace(found, bound=bound), rows, proves=True)

    def _found_anew(
        self, block: PricedBlock, found: Proposed, rows: list[Row], seconds: float, *, scarce: bool
    ) -> Proposed:
        """Load units chosen with goods in any parts; then those near what was found."""
        for room, share in IN_HASTE if scarce else ROOMS:
            found = self._in_any_parts(block, found, room, rows, max(LEAST_S, share * seconds))
            in_haste = scarce and found.values is not None
            if in_haste or relative_gap(found.value, found.bound) <= GOOD:
                break
        if found.values is not None and not scarce:
            found = self._near(block, found, rows, NEAR_SHARE * seconds)
        return found

    def proved(self, block: PricedBlock, seconds: float) -> float:
        """A bound of a block without a plan: at rough prices that of its relaxation, rounded.

        Where prices are those of a relaxation a very large block proves nothing beyond it.
        """
        priced, count = self.priced, len(block.columns)
        if count > MOST_ROUNDED and priced.rough:
            return self._in_parts(block)
        if count > MOST_PROVED:
            return -inf
        rows: list[Row] = []
        proved = -inf
        if count <= MOST_ROUNDED:
            table = table_of(priced.model, block.columns, priced.upper, priced.priced)
            rows, proved = ([], -inf) if table is None else self._rounded(block, table)
        if priced.rough and isfinite(proved):
            return proved
        # whole units prove more in a small block, and nothing in time in one that centres join
        whole_units = block.plans and not priced.rough
        small, _ = self._small(block, priced.upper, whole_units=whole_units, rows=rows)
        if priced.rough:
            return relaxation(small, Limits(RELAXATION_S)).bound
        solved = solve(small, Limits(seconds, RELAXED_GAP, self.seed), in_process=True)
        return max(proved, solved.bound)

    def _in_parts(self, block: PricedBlock) -> float:
        """A bound of a block by what it falls into without centres, where nothing is asked for
        that centres could serve as well.
        """
        priced = self.priced
        outside = np.zeros(len(priced.upper), dtype=bool)
        outside[block.columns] = True
        for part in block.parts:
            outside[part.columns] = False
        bound = priced.least(np.flatnonzero(outside))
        for part in block.parts:
            small, _ = self._small(part, priced.upper, whole_units=False, outside=outside)
            bound += relaxation(small, Limits(RELAXATION_S)).bound
        return bound

    def _filled(self, block: PricedBlock, table: Table | None, seconds: float) -> Proposed:
        """Load units filled in turn; without values where that keeps not all rows."""
        priced = self.priced
        filled = None
        if table is not None:
            filled = fill(
                priced.model, priced.rows, table, block.columns, block.rows, priced.upper,
                priced.priced, seconds, self.seed,
            )  # fmt: skip
        if filled is None:
            return Proposed(block, -inf, None)
        return Proposed(block, -inf, filled.values, filled.value)

    def _rounded(self, block: PricedBlock, table: Table) -> tuple[list[Row], float]:
        """Rows that hold as load units are whole, in columns of the whole model; and a bound."""
        small, kept = self._small(block, self.priced.upper, whole_units=False)
        given = len(small.rows)
        rounding = Rounding(table, small, kept)
        bound = relaxation(small, Limits(RELAXATION_S), rounding.rows).bound
        rows = [
            replace(row, terms={int(kept[c]): a for c, a in row.terms.items()})
            for row in small.rows[given:]
        ]
        return rows, bound

    def _in_load_units(self, block: PricedBlock, found: Proposed) -> Proposed:
        """Handling units chosen anew in the load units of a plan."""
        upper = self.priced.upper.copy()
        load_units, held = self._load_units(block, found)
        upper[load_units] = np.minimum(upper[load_units], held)
        return self._whole(block, upper, Limits(LEAST_S, RELAXED_GAP, self.seed), found)

    def _in_any_parts(
        self, block: PricedBlock, held: Proposed, room: float, rows: list[Row], seconds: float
    ) -> Proposed:
        """Load units with goods in any parts and so much of their room, then whole units in them.

        With all of the room that bounds the block.
        """
        upper = self.priced.upper
        relaxed, kept = self._small(block, upper, whole_units=False, room=room, rows=rows)
        first = solve(relaxed, Limits(seconds, RELAXED_GAP, self.seed), in_process=True)
        if room == 1.0:
            held = replace(held, bound=max(held.bound, first.bound))
        if not first.found:
            return held
        upper = upper.copy()
        for at, column in enumerate(kept):
            if int(column) in self.priced.model.load_unit_columns:
                upper[column] = min(upper[column], round(first.values[at]))
        return self._whole(block, upper, Limits(LEAST_S, RELAXED_GAP, self.seed), held, rows)

    def _near(
        self, block: PricedBlock, found: Proposed, rows: list[Row], seconds: float
    ) -> Proposed:
        """Better plans with the runs of a plan or of the relaxation, one load unit more at most."""
        upper = self.priced.upper.copy()
        load_units, held = self._load_units(block, found)
        used = (held > 0.0) | (self.priced.relaxed_values[load_units] > FITS)
        upper[load_units] = np.where(used, np.minimum(upper[load_units], held + 1.0), 0.0)
        return self._whole(block, upper, Limits(seconds, RELAXED_GAP, self.seed), found, rows)

    def _load_units(self, block: PricedBlock, found: Proposed) -> tuple[np.ndarray, np.ndarray]:
        """The load-unit columns of a block, and their values in a plan."""
        numbers = self.priced.model.load_unit_columns
        at = np.array([int(c) in numbers for c in block.columns], dtype=bool)
        assert found.values is not None
        return block.columns[at], found.values[at]

    def _whole(
        self,
        block: PricedBlock,
        upper: np.ndarray,
        limits: Limits,
        held: Proposed,
        rows: Sequence[Row] = (),
        *,
        proves: bool = False,
    ) -> Proposed:
        """The better of `held` and what whole units within `upper` give.

        If that `proves`, what lies outside is no better than `held`.
        """
        small, kept = self._small(block, upper, whole_units=True, rows=rows)
        enough = inf
        if held.values is not None:
            enough = held.value - BETTER * abs(held.value)
            small.row("better", dict(small.objective), upper=enough)
        solved = solve(small, limits, in_process=True)
        bound = held.bound
        if proves:
            reached = inf if solved.status == "infeasible" else solved.bound
            bound = max(bound, min(enough, reached))
        if not solved.found or solved.objective >= held.value:
            return replace(held, bound=bound)
        values = np.zeros(len(self.priced.upper))
        values[kept] = solved.values
        values = np.where(self.priced.integer, np.round(values), values)
        return Proposed(block, bound, values[block.columns], solved.objective)

    def _worth_it(
        self, block: PricedBlock, held: Proposed, rows: list[Row]
    ) -> tuple[np.ndarray, float]:
        """Upper limits of columns in any plan of a block that is better than `held`; and a bound.

        A column whose reduced cost is more than what lies between `held` and the relaxation is in
        none of them.
        """
        small, kept = self._small(block, self.priced.upper, whole_units=True, rows=rows)
        relaxed = relaxation(small, Limits(RELAXATION_S))
        upper = self.priced.upper.copy()
        if relaxed.status != "optimal":
            return upper, held.bound
        if held.values is None:
            return upper, max(held.bound, relaxed.bound)
        spare = held.value - relaxed.bound
        for at, column in enumerate(kept):
            slope = relaxed.reduced_costs[at]
            if small.integer[at] and slope > 0.0 and relaxed.values[at] < 1e-7:
                upper[column] = min(upper[column], floor(spare / slope + 1e-6))
        return upper, max(held.bound, relaxed.bound)

    def _small(
        self,
        block: PricedBlock,
        upper: np.ndarray,
        *,
        whole_units: bool,
        room: float = 1.0,
        rows: Sequence[Row] = (),
        outside: np.ndarray | None = None,
    ) -> tuple[LinearModel, np.ndarray]:
        """The model of a block and the columns that it kept; load units have that much room.

        `rows` are kept as well. Columns `outside` (a mask) may hold anything; rows allow for it.
        """
        linear = self.priced.linear
        kept = block.columns[upper[block.columns] > 0.0]
        new = {int(column): at for at, column in enumerate(kept)}
        n_columns = self.priced.model.load_unit_columns
        small = LinearModel()
        for column in kept:
            whole = linear.integer[column] and (
                whole_units or column in n_columns or linear.upper[column] <= 1.0
            )
            small.column(
                linear.names[column], linear.lower[column], float(upper[column]), integer=whole
            )
        for index in block.rows:
            row = linear.rows[index]
            terms = {new[c]: a for c, a in row.terms.items() if c in new}
            if row.name.startswith(ROOM_ROWS):
                terms = {at: a * room if kept[at] in n_columns else a for at, a in terms.items()}
            least, most = row.lower, row.upper
            if outside is not None:
                beside = [a for c, a in row.terms.items() if outside[c]]
                least = -inf if max(beside, default=0.0) > 0.0 else least
                most = inf if min(beside, default=0.0) < 0.0 else most
            if terms or least > 0.0:
                small.row(row.name, terms, lower=least, upper=most)
        for row in rows:
            terms = {new[c]: a for c, a in row.terms.items() if c in new}
            small.row(row.name, terms, lower=row.lower)
        small.minimise({new[int(c)]: float(self.priced.priced[c]) for c in kept})
        return small, kept
