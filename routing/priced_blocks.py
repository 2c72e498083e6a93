"""Blocks of orders planned apart, with the legs' prices instead of the legs.

Goods rows (orders, groups) tie few orders together; leg rows (offers, capacities, boxes, terms of
the tender) tie all. A relaxation prices each leg row, and those prices stand in for the rows:

    least of c x  >=  y b + sum over blocks of the least of (c - y A) x on the goods rows

for any prices y of the right sign (Geoffrion, Lagrangean relaxation for integer programming,
Mathematical Programming Study 2, 1974). Each block is a small model: its proved bound lifts the
bound of the whole, and its solution is where the search begins.

How blocks are planned stands in block_plans.py. A run is left out of one where another one of the
same terms admits all of its orders, carries as much and is no dearer at these prices, empty and
full: that changes no block's least value.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from lowhaul.linear import LinearModel
from lowhaul.rows import Rows, vector
from lowhaul.solve import Solved
from routing.groups import Entry, Group
from routing.plan_model import PlanModel, UnitKey

LARGE_BLOCK = 3_000
"""Columns beyond which a block is planned without logistics centres."""


@dataclass(frozen=True)
class PricedBlock:
    """Columns and goods rows of orders that share load units, and their value in the relaxation.

    The value is infinite where the block is a part of another one: then it proves nothing. That
    other one proves a bound, and `plans` nothing; `parts` are what it falls into without centres.
    """

    columns: np.ndarray
    rows: np.ndarray
    relaxed: float
    plans: bool = True
    parts: tuple[PricedBlock, ...] = ()


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
    """The blocks of a model at the prices of one relaxation of it, or at others.

    Other prices are *rough*: without a relaxation each leg costs what its cheapest offer does, and
    later prices may be those of a mix of plans (block_choice.py).
    """

    def __init__(self, model: PlanModel, relaxed: Solved | None) -> None:
        self.model = model
        self.linear: LinearModel = model.linear
        self.rows = Rows.of(model.linear)
        self.matrix = self.rows.by_row
        self.relaxed = relaxed
        """The relaxation whose prices these are, None where prices are rough."""
        prices = np.zeros(len(self.linear.rows))
        self.relaxed_values = np.zeros(len(self.linear.names))
        if relaxed is not None:
            prices = np.array(relaxed.prices)
            self.relaxed_values = np.array(relaxed.values)
        self._take(prices)
        self.blocks = self._blocks(self.relaxed_values)
        self.integer = np.array(self.linear.integer)
        self.given_upper = np.array(self.linear.upper)
        """With all service that is possible asked for."""
        self.implied_upper = self.rows.implied_upper(self.given_upper)
        self.upper = self._open()

    def reprice(self, prices: np.ndarray) -> None:
        """Take other prices of the leg rows, of the signs of their limits; goods rows have none."""
        self.relaxed = None
        self._take(prices)
        self.upper = self._open()

    @property
    def rough(self) -> bool:
        """True if the prices are not those of a relaxation."""
        return self.relaxed is None

    def _take(self, prices: np.ndarray) -> None:
        prices = prices.copy()
        prices[: self.model.goods_rows] = 0.0
        limits = np.where(prices > 0.0, self.rows.lower, self.rows.upper)
        prices[~np.isfinite(limits)] = 0.0
        self.given = float(prices @ np.where(prices == 0.0, 0.0, limits))
        """What the rows' limits come to at the prices."""
        objective = vector(self.linear.objective, len(self.linear.names))
        self.priced = objective - self.matrix.T @ prices
        self._lift()

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
            parts: list[PricedBlock] = []
            if len(columns) > LARGE_BLOCK:
                parts = [PricedBlock(c, r, inf) for r, c in self._joined(own, centres) if len(c)]
            found.append(PricedBlock(columns, own, value, not parts, tuple(parts)))
            found += parts
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
                kg = -run.max_cargo_kg, run.least_cargo_kg
                offered.append((empty, full, kg, group.index, n, c, entries))
        offered.sort(key=lambda o: (o[0] + o[1], -len(o[6]), o[2]))
        kept: list[tuple[float, float, tuple[float, float], frozenset[Entry]]] = []
        open_groups: set[int] = set()
        closed: list[int] = []
        for empty, full, kg, index, n, c, entries in offered:
            # one that is worth using empty may be used beside the one that replaces it
            if empty >= 0.0 and any(
                e <= empty and f <= full and k[0] <= kg[0] and k[1] <= kg[1] and entries <= some
                for e, f, k, some in kept
            ):
                closed += [n] if c is None else [n, c]
            else:
                kept.append((empty, full, kg, entries))
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

    def bound(self, proposed: Sequence[Proposed]) -> float:
        """A bound for the whole: that of the relaxation, lifted by what blocks have proved.

        With rough prices it is what the blocks have proved and no leg can lessen.
        """
        if self.relaxed is not None:
            return self.relaxed.bound + sum(max(0.0, p.bound - p.block.relaxed) for p in proposed)
        proved = [p for p in proposed if p.block.relaxed < inf]
        goods = np.zeros(len(self.priced), dtype=bool)
        bound = self.linear.constant + self.given
        for p in proved:
            goods[p.block.columns] = True
            bound += max(p.bound, self.least(p.block.columns))
        return bound + self.least(np.flatnonzero(~goods))

    def least(self, columns: np.ndarray) -> float:
        """The least that some columns add at the prices, whatever the rows ask of them."""
        price = self.priced[columns]
        used = price < 0.0
        return float(price[used] @ self.implied_upper[columns[used]])
