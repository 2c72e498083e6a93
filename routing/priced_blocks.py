"""Blocks of orders planned apart, with the legs' prices instead of the legs.

Goods rows (orders, groups) tie few orders together; leg rows (offers, capacities, boxes, terms of
the tender) tie all. A relaxation prices each leg row, and those prices stand in for the rows:

    least of c x  >=  y b + sum over blocks of the least of (c - y A) x on the goods rows

for any prices y of the right sign (Geoffrion, Lagrangean relaxation for integer programming,
Mathematical Programming Study 2, 1974). Each block is a small model: its proved bound lifts the
bound of the whole, and its solution is where the search begins.

A run is left out of a block where another one of the same terms admits all of its orders, carries
as much and is no dearer at these prices, empty and full: that changes no block's least value.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from math import floor, inf, isfinite

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from lowhaul.linear import LinearModel
from lowhaul.rows import Rows, vector
from lowhaul.solve import Limits, Solved, relative_gap, relaxation, solve
from routing.groups import Entry, Group
from routing.plan_model import PlanModel, UnitKey

RELAXED_GAP = 0.003
"""Blocks are solved to this gap."""
ROOMS = ((1.0, 0.45), (0.98, 0.35), (0.95, 0.2))
"""How much of a load unit's room is counted while goods travel in any parts, and the share of a
block's time for each. What is left of the time goes into proof."""
IN_HASTE = ((0.98, 0.6), (0.95, 0.4))
"""The same where time is scarce: nothing is proved then."""
SCARCE_S = 0.9
"""With less time for a block, time is scarce."""
GOOD = 0.03
"""With a gap like that, load units are not chosen anew with less room."""
ROOM_ROWS = ("volume[", "floor[", "stack_floor[", "mass[", "limit[")
"""Rows of routing/model_groups.py that limit what load units hold."""
LARGE_BLOCK = 3_000
"""Columns beyond which a block is planned without logistics centres."""
LEAST_S = 0.3
"""Seconds that a step has at least."""
RELAXATION_S = 2.0


@dataclass(frozen=True)
class PricedBlock:
    """Columns and goods rows of orders that share load units, and their value in the relaxation.

    The value is infinite where the block is a part of another one: then it proves nothing. That
    other one proves a bound, and `plans` nothing.
    """

    columns: np.ndarray
    rows: np.ndarray
    relaxed: float
    plans: bool = True


@dataclass(frozen=True)
class Proposed:
    """What a block would do at the prices: its proved bound, and values of its columns, if any.

    `value` is what those come to, at the prices.
    """

    block: PricedBlock
    bound: float
    values: np.ndarray | None
    value: float = inf


class PricedBlocks:
    """The blocks of a model at the prices of one relaxation of it."""

    def __init__(self, model: PlanModel, relaxed: Solved) -> None:
        self.model = model
        self.linear: LinearModel = model.linear
        self.matrix = Rows.of(model.linear).by_row
        prices = np.array(relaxed.prices)
        prices[: model.goods_rows] = 0.0
        objective = vector(self.linear.objective, len(self.linear.names))
        self.priced = objective - self.matrix.T @ prices
        self._lift()
        self.blocks = self._blocks(np.array(relaxed.values))
        self.given_upper = np.array(self.linear.upper)
        """With all service that is possible asked for."""
        self.upper = self._open()

    @contextmanager
    def dearer(self, loads: np.ndarray, share: float) -> Iterator[None]:
        """With dearer load units and part loads (a mask); meanwhile nothing is proved.

        With an infinite share they are closed.
        """
        before = self.priced.copy(), self.upper
        if isfinite(share):
            self.priced[loads] += share * np.abs(self.priced[loads])
        self.upper = self._open()
        if not isfinite(share):
            self.upper[loads] = 0.0
        try:
            yield
        finally:
            self.priced, self.upper = before

    def _open(self) -> np.ndarray:
        """Upper limits of columns, 0 for runs that another one replaces at these prices."""
        upper = self.given_upper.copy()
        upper[self._outdone()] = 0.0
        return upper

    def _lift(self) -> None:
        """Raise the price of each balance of legs as far as its own columns allow.

        Where nothing flows, a relaxation may price a leg far below its cheapest offer. Raised, the
        price says what the leg would cost; no column becomes worth using, so the bound holds.
        """
        goods = np.zeros(self.matrix.shape[1], dtype=bool)
        goods[self.matrix[: self.model.goods_rows].indices] = True
        # boxes are balanced after offers, and their price goes into that of the offers
        for index in reversed(range(self.model.goods_rows, len(self.linear.rows))):
            row = self.linear.rows[index]
            if row.lower != 0.0 or row.upper != 0.0:
                continue
            at = slice(self.matrix.indptr[index], self.matrix.indptr[index + 1])
            columns, terms = self.matrix.indices[at], self.matrix.data[at]
            into = (terms > 0.0) & ~goods[columns]
            if goods[columns[terms > 0.0]].any() or not into.any():
                continue
            spare = float((self.priced[columns[into]] / terms[into]).min())
            if spare > 0.0:
                self.priced[columns] -= spare * terms

    def _blocks(self, values: np.ndarray) -> list[PricedBlock]:
        """The parts of the goods rows that share no column, the largest first.

        What is too large for its time is planned without logistics centres, in the parts that are
        left then; as a whole it proves a bound.
        """
        rows = np.arange(self.model.goods_rows)
        centres = self._columns_of_centres()
        found: list[PricedBlock] = []
        for own, columns in self._joined(rows, np.zeros(self.matrix.shape[1], dtype=bool)):
            value = float(self.priced[columns] @ values[columns])
            large = len(columns) > LARGE_BLOCK
            found.append(PricedBlock(columns, own, value, plans=not large))
            if large:
                found += [PricedBlock(c, r, inf) for r, c in self._joined(own, centres) if len(c)]
        return sorted(found, key=lambda block: -len(block.columns))

    def _joined(self, rows: np.ndarray, without: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
        """Rows and columns that hang together, without some columns (a mask)."""
        goods = self.matrix[rows] @ sparse.diags((~without).astype(float))
        goods.eliminate_zeros()
        columns = np.unique(goods.indices)
        own = goods[:, columns]
        _, label = connected_components(sparse.bmat([[None, own], [own.T, None]]), directed=False)
        of_row, of_column = label[: len(rows)], label[len(rows) :]
        order_r, order_c = np.argsort(of_row, kind="stable"), np.argsort(of_column, kind="stable")
        parts = np.arange(label.max() + 1)
        starts_r = np.searchsorted(of_row[order_r], parts)
        starts_c = np.searchsorted(of_column[order_c], parts)
        return list(
            zip(
                np.split(rows[order_r], starts_r[1:]),
                np.split(columns[order_c], starts_c[1:]),
                strict=True,
            )
        )

    def _columns_of_centres(self) -> np.ndarray:
        """A mask of the columns of goods that go through a logistics centre."""
        through = np.zeros(self.matrix.shape[1], dtype=bool)
        groups = set()
        for index, some in self._units_of_groups().items():
            for key, column in some:
                if key.entry.kind != "direct":
                    through[column] = True
            if all(key.entry.kind != "direct" for key, _ in some):
                groups.add(index)
        for index in groups:
            through[self.model.group_columns.get(index, [])] = True
        for part, column in self.model.parts.items():
            through[column] |= part.option.entry.kind != "direct"
        return through

    def _outdone(self) -> list[int]:
        """Columns of runs that another one replaces at these prices, and of groups left without."""
        alike: dict[Hashable, list[Group]] = defaultdict(list)
        for group in self.model.options.groups:
            sharing = group.sharing
            alike[
                group.origin, group.destination, sharing.equipment, sharing.terms, sharing.alone,
                sharing.room, sharing.arrive, sharing.depart, sharing.only,
            ].append(group)  # fmt: skip
        units = self._units_of_groups()
        closed: list[int] = []
        for groups in alike.values():
            closed += self._outdone_of(groups, units)
        return closed

    def _units_of_groups(self) -> dict[int, list[tuple[UnitKey, int]]]:
        found: dict[int, list[tuple[UnitKey, int]]] = defaultdict(list)
        for columns in (self.model.units, self.model.whole):
            for key, column in columns.items():
                found[key.group].append((key, column))
        return found

    def _outdone_of(
        self, groups: list[Group], units: dict[int, list[tuple[UnitKey, int]]]
    ) -> list[int]:
        offered = []
        for group in groups:
            entries = frozenset(group.sharing.entries)
            for index, run in enumerate(group.runs):
                n = self.model.load_units.get((group.index, index))
                if n is None:
                    continue
                c = self.model.cargo.get((group.index, index))
                per_kg = self.priced[c] if c is not None else self._per_kg(units[group.index])
                empty = float(self.priced[n])
                full = empty + float(per_kg) * run.max_cargo_kg
                offered.append((empty, full, -run.max_cargo_kg, group.index, n, c, entries))
        offered.sort(key=lambda o: (o[0] + o[1], -len(o[6]), o[2]))
        kept: list[tuple[float, float, float, frozenset[Entry]]] = []
        open_groups: set[int] = set()
        closed: list[int] = []
        for empty, full, carries, index, n, c, entries in offered:
            if any(
                e <= empty and f <= full and m <= carries and entries <= some
                for e, f, m, some in kept
            ):
                closed += [n] if c is None else [n, c]
            else:
                kept.append((empty, full, carries, entries))
                open_groups.add(index)
        for group in groups:
            if group.index not in open_groups:
                closed += [column for _, column in units[group.index]]
                closed += self.model.group_columns.get(group.index, [])
        return closed

    def _per_kg(self, units: list[tuple[UnitKey, int]]) -> float:
        """What a kg of cargo adds in a group of one run, where it stands on the units."""
        slopes = []
        for key, column in units:
            packed = next(
                p
                for p in self.model.options.packed[key.entry.order]
                if p.packaging.packaging_id == key.packaging_id
            )
            whole = column in self.model.whole_columns
            mass_kg = packed.mass_kg if whole else packed.mass_kg / packed.count
            slopes.append(float(self.priced[column]) / mass_kg)
        return min(slopes, default=0.0)

    def bound(self, relaxed: Solved, proposed: list[Proposed]) -> float:
        """A bound for the whole: that of the relaxation, lifted by what blocks have proved."""
        return relaxed.bound + sum(max(0.0, p.bound - p.block.relaxed) for p in proposed)

    def propose(
        self,
        block: PricedBlock,
        seconds: float,
        seed: int,
        left_s: Callable[[], float],
        *,
        proves: bool = True,
    ) -> Proposed:
        """Plan a block: load units with goods in any parts, then whole units in those; then proof.

        Where whole units do not fit, load units are chosen anew as if they had a little less room.
        The last step opens the load units again, to lift the bound and to find better ones, if the
        block `proves` one. Once no time is left, that is done in haste.
        """
        if not block.plans:
            whole, _ = self._small(block, self.upper, whole_units=False)
            proved = solve(whole, Limits(seconds, RELAXED_GAP, seed), in_process=True)
            return Proposed(block, proved.bound, None)
        found = Proposed(block, -inf, None)
        until = time.perf_counter() + seconds
        rooms = ROOMS if seconds >= SCARCE_S and left_s() > 0.0 else IN_HASTE
        for room, share in rooms:
            relaxed, kept = self._small(block, self.upper, whole_units=False, room=room)
            limits = Limits(max(LEAST_S, share * seconds), RELAXED_GAP, seed)
            first = solve(relaxed, limits, in_process=True)
            if room == 1.0:
                found = replace(found, bound=first.bound)
            if first.found:
                upper = self.upper.copy()
                for at, column in enumerate(kept):
                    if int(column) in self.model.load_unit_columns:
                        upper[column] = min(upper[column], round(first.values[at]))
                found = self._whole(block, upper, Limits(LEAST_S, RELAXED_GAP, seed), found)
            in_haste = rooms is IN_HASTE and found.values is not None
            if in_haste or relative_gap(found.value, found.bound) <= GOOD:
                break
        left = min(until - time.perf_counter(), left_s())
        if block.relaxed == inf or not proves:
            return found
        if left < LEAST_S or relative_gap(found.value, found.bound) <= RELAXED_GAP:
            return found
        upper, bound = self._worth_it(block, found)
        limits = Limits(left, RELAXED_GAP, seed)
        return self._whole(block, upper, limits, replace(found, bound=bound), proves=True)

    def _whole(
        self,
        block: PricedBlock,
        upper: np.ndarray,
        limits: Limits,
        held: Proposed,
        *,
        proves: bool = False,
    ) -> Proposed:
        """The better of `held` and what whole units within `upper` give.

        If that `proves`, what lies outside is no better than `held`.
        """
        small, kept = self._small(block, upper, whole_units=True)
        solved = solve(small, limits, in_process=True)
        bound = held.bound
        if proves:
            reached = held.value if solved.status == "infeasible" else solved.bound
            bound = max(bound, min(held.value, reached))
        if not solved.found or solved.objective >= held.value:
            return replace(held, bound=bound)
        values = np.zeros(len(self.upper))
        values[kept] = solved.values
        values = np.where(np.array(self.linear.integer), np.round(values), values)
        return Proposed(block, bound, values[block.columns], solved.objective)

    def _worth_it(self, block: PricedBlock, held: Proposed) -> tuple[np.ndarray, float]:
        """Upper limits of columns in any plan of a block that is better than `held`; and a bound.

        A column whose reduced cost is more than what lies between `held` and the relaxation is in
        none of them.
        """
        small, kept = self._small(block, self.upper, whole_units=True)
        relaxed = relaxation(small, Limits(RELAXATION_S))
        upper = self.upper.copy()
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
        self, block: PricedBlock, upper: np.ndarray, *, whole_units: bool, room: float = 1.0
    ) -> tuple[LinearModel, np.ndarray]:
        """The model of a block and the columns that it kept; load units have that much room."""
        linear = self.linear
        kept = block.columns[upper[block.columns] > 0.0]
        new = {int(column): at for at, column in enumerate(kept)}
        n_columns = self.model.load_unit_columns
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
            if terms or row.lower > 0.0:
                small.row(row.name, terms, lower=row.lower, upper=row.upper)
        small.minimise({new[int(c)]: float(self.priced[c]) for c in kept})
        return small, kept
