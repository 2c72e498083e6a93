"""Rows that every plan of a block keeps, for load units are whole: they lift the block's bound.

Orders S of a block need room in load units of the runs R(S) that admit any of them, or travel
another way (part loads, centres). In any measure of room (volume, mass, floor), with what a load
unit of run r holds at most, a_r, and what the orders amount to, w:

    sum over r in R(S) of a_r n_r  +  sum over other ways of w_j x_j  >=  w

Divided by some d and rounded (mixed-integer rounding: Nemhauser and Wolsey, A recursive procedure
to generate all cuts for 0-1 mixed integer programs, Mathematical Programming 46, 1990), with
f the fraction of w / d, this becomes

    sum of G(a_r / d) n_r + sum of G(w_j / d) x_j  >=  floor(w / d) + 1
    G(a) = floor(a) + min(1, fraction of a / f),  for a column that may be in parts a / f

Sets S are orders ready and due within some days, orders that share runs in a relaxation, and those
with one order more or less; of them the rows are taken that a relaxation breaks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from lowhaul.linear import LinearModel, Row
from routing.filling.tables import Table

LEAST_FRACTION = 0.02
"""With a smaller fraction f a row says little."""
BROKEN = 1e-3
"""A row that is broken by less is not added."""
MOST_ROWS = 20
"""Rows that are added at once, those first that are broken most."""
MOST_CHANGED = 12
"""Sets that are tried with one order more or less."""


@dataclass(frozen=True)
class Measure:
    """What orders amount to (infinite where it is not measured), and what runs hold at most.

    `held[o, r]`: what a load unit of a run would hold if it held that order alone.
    """

    name: str
    amount: np.ndarray
    held: np.ndarray


class Rounding:
    """The rows of one block; `rows` gives those that a solution of its relaxation breaks."""

    def __init__(self, table: Table, small: LinearModel, kept: np.ndarray) -> None:
        at = {int(column): new for new, column in enumerate(kept)}
        goods = table.goods
        runs = np.arange(len(table.runs))
        bits = goods.admits[:, runs >> 6] >> (runs & 63).astype(np.uint64) & np.uint64(1)
        self.admits = bits.astype(bool)
        self.columns = np.array([at.get(run.column, -1) for run in table.runs])
        self.admits[:, self.columns < 0] = False
        self.units = np.array([p.count for p in table.packed], dtype=float)
        self.others = self._other_ways(table, small, at)
        self.known = np.array([ways is not None for ways in self.others])
        self.in_units = {
            (o, group): (at[unit.column], unit.per_column)
            for (o, group), unit in table.units.items()
            if unit.column in at
        }
        self.groups = np.array([run.group for run in table.runs])
        self.whole = np.array(small.integer)
        self.measures = _measures(table, self.units)
        self.given = self._within_days(table)
        self.seen: set[tuple[str, float, bytes]] = set()

    def _other_ways(
        self, table: Table, small: LinearModel, at: dict[int, int]
    ) -> list[dict[int, float] | None]:
        """By order the columns of its other ways with units; None where it has packagings."""
        direct = {at[unit.column] for unit in table.units.values() if unit.column in at}
        served = {row.name: row for row in small.rows if row.name.startswith("served[")}
        found: list[dict[int, float] | None] = []
        for p in table.packed:
            row = served.get(f"served[{p.order.key}]")
            other = None
            if row is not None and row.lower == row.upper == p.count:
                other = {c: a for c, a in row.terms.items() if c not in direct}
            found.append(other)
        return found

    def _within_days(self, table: Table) -> np.ndarray:
        """Sets of orders (masks) that are ready from one day on and due until another."""
        ready = np.array([p.order.ready_date.toordinal() for p in table.packed])
        due = np.array([p.order.due_date.toordinal() for p in table.packed])
        sets = {
            (mask := (ready >= first) & (due <= last) & self.known).tobytes(): mask
            for first in np.unique(ready)
            for last in np.unique(due)
        }
        found = [mask for mask in sets.values() if mask.any()]
        return np.array(found, dtype=bool).reshape(-1, len(due))

    def rows(self, values: Sequence[float]) -> list[Row]:
        """The rows that a solution breaks most, of those not given before."""
        x = np.array(values)
        sets = np.unique(np.vstack([self.given, self._together(x)]), axis=0)
        found = self._broken(sets, x)
        best = {mask.tobytes(): mask for _, _, _, mask in found[:MOST_CHANGED]}
        flipped = [mask ^ one for mask in best.values() for one in np.eye(len(mask), dtype=bool)]
        if flipped:
            more = np.unique(np.array(flipped) & self.known, axis=0)
            found = sorted([*found, *self._broken(more[more.any(axis=1)], x)], key=_by_depth)
        rows: list[Row] = []
        for _, measure, divisor, mask in found:
            key = (measure.name, divisor, mask.tobytes())
            if key not in self.seen and len(rows) < MOST_ROWS:
                self.seen.add(key)
                rows.append(self._row(measure, divisor, mask))
        return rows

    def _together(self, x: np.ndarray) -> np.ndarray:
        """Sets of orders that travel in one group in a solution, and those that share groups."""
        inside: dict[int, np.ndarray] = {}
        for (o, group), (column, _) in self.in_units.items():
            if x[column] > BROKEN and self.known[o]:
                inside.setdefault(group, np.zeros(len(self.known), dtype=bool))[o] = True
        sets = [*inside.values()]
        joined = [a | b for a in sets for b in sets if (a & b).any()]
        return np.array([*sets, *joined], dtype=bool).reshape(-1, len(self.known))

    def _broken(
        self, sets: np.ndarray, x: np.ndarray
    ) -> list[tuple[float, Measure, float, np.ndarray]]:
        """(how deep, measure, divisor, set) of rows that a solution breaks, the deepest first."""
        on_run = np.where(self.columns >= 0, x[self.columns], 0.0)
        found = []
        for measure in self.measures:
            some = sets[~(sets & ~np.isfinite(measure.amount)).any(axis=1)]
            if not len(some):
                continue
            amount = some @ np.where(np.isfinite(measure.amount), measure.amount, 0.0)
            held = np.where(self.admits, measure.held, 0.0)
            most = np.array([held[mask].max(axis=0) for mask in some])
            elsewhere = self._elsewhere(measure, x)
            for divisor in _divisors(measure.held[self.admits]):
                whole = np.floor(amount / divisor + 1e-9)
                fraction = amount / divisor - whole
                told = fraction > LEAST_FRACTION
                f = np.where(told, fraction, 1.0)
                steps = np.floor(most / divisor + 1e-9)
                rest = np.maximum(0.0, most / divisor - steps) / f[:, None]
                reached = (steps + np.minimum(1.0, rest)) @ on_run
                # other ways count with their largest coefficient here: none is added in vain
                reached += some @ elsewhere / divisor / f
                short = np.where(told, whole + 1.0 - reached, 0.0)
                for at in np.flatnonzero(short > BROKEN):
                    found.append((float(short[at]), measure, divisor, some[at]))
        return sorted(found, key=_by_depth)

    def _elsewhere(self, measure: Measure, x: np.ndarray) -> np.ndarray:
        """What of each order travels another way."""
        return np.array(
            [
                sum(x[c] * units for c, units in (ways or {}).items()) * amount / count
                if np.isfinite(amount) else 0.0
                for ways, amount, count in zip(
                    self.others, measure.amount, self.units, strict=True
                )
            ]
        )  # fmt: skip

    def _row(self, measure: Measure, divisor: float, mask: np.ndarray) -> Row:
        amount = float(measure.amount[mask].sum()) / divisor
        whole = np.floor(amount + 1e-9)
        f = amount - whole
        most = np.where(self.admits[mask], measure.held[mask], 0.0).max(axis=0) / divisor
        terms: dict[int, float] = {}
        for at in np.flatnonzero((most > 0.0) & (self.columns >= 0)):
            terms[int(self.columns[at])] = _rounded(float(most[at]), f)
        for o in np.flatnonzero(mask):
            for column, units in (self.others[o] or {}).items():
                share = float(measure.amount[o]) * units / float(self.units[o]) / divisor
                terms[column] = _rounded(share, f) if self.whole[column] else share / f
        return Row("rounded", {c: a for c, a in terms.items() if a}, float(whole + 1.0), np.inf)


def _by_depth(found: tuple[float, Measure, float, np.ndarray]) -> tuple[float, str, float, bytes]:
    depth, measure, divisor, mask = found
    return -depth, measure.name, divisor, mask.tobytes()


def _rounded(a: float, f: float) -> float:
    """G of the module's head."""
    steps = float(np.floor(a + 1e-9))
    return steps + min(1.0, max(0.0, a - steps) / f)


def _divisors(held: np.ndarray) -> list[float]:
    """What a load unit of some run holds, each amount once."""
    return [float(d) for d in np.unique(np.round(held[held > 0.0], 6))]


def _measures(table: Table, units: np.ndarray) -> list[Measure]:
    """Volume, mass, and the floor of each type of load unit."""
    goods = table.goods
    types = np.array([run.type for run in table.runs])
    ones = np.ones((len(units), 1))
    found = [
        Measure("volume", goods.unit_m3 * units, ones * goods.m3[types]),
        Measure("mass", goods.unit_kg * units, ones * goods.most_kg),
    ]
    a_floor, stands = goods.layers * goods.spots, goods.fits > 0
    for e in range(len(goods.m3)):
        amount = np.where(stands[:, e], units / a_floor[:, e], np.inf)
        in_both = stands[:, [e]] & stands[:, types]
        each = np.where(in_both, a_floor[:, types] / a_floor[:, [e]], 0.0)
        found.append(Measure(f"floor {e}", amount, each * goods.room[types]))
    return found
