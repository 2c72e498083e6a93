"""Which columns of a plan in the making could pay what rules and capacities are still owed.

A plan in the making may overdraw a capacity or fall short of a rule of the award by its `miss`
columns (routing/arcs.py, routing/tender_rows.py). A row that is overdrawn is relieved by what it
holds; a row that falls short is helped by whatever may add to it. Shares stand on sums of legs'
columns, so those are followed back to the legs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from lowhaul.linear import LinearModel
from lowhaul.rows import Rows

COUNT_ROWS = "max_carriers"
CARRIER_ROWS, USED_ROWS = "carrier_used[", ("carrier_used[", "bid_used[")
"""Rows of routing/tender_rules.py, routing/tender_rows.py and routing/arcs.py: how many are used,
and what is carried <= M used."""
FITS = 1e-6
"""What counts as carried."""


def drawing(rows: Rows, missed: np.ndarray) -> np.ndarray:
    """A mask of the columns that draw on a row that one of the `missed` columns overdraws."""
    return _paying(rows, missed, overdrawn=True)


def helping(rows: Rows, missed: np.ndarray) -> np.ndarray:
    """A mask of the columns that add to a row that falls short by one of the `missed` columns."""
    return _paying(rows, missed, overdrawn=False)


@dataclass(frozen=True)
class Count:
    """A rule that counts carriers: how many there may be, and what each of them may carry.

    `carried` holds columns that are above 0 only where a carrier is used.
    """

    most: float
    carried: tuple[np.ndarray, ...]

    def beyond(self, values: np.ndarray) -> list[np.ndarray]:
        """Where a plan has too many carriers, what all but the largest ones may carry."""
        carries = np.array([float(values[columns].sum()) for columns in self.carried])
        if (carries > FITS).sum() <= self.most:
            return []
        largest = np.argsort(-carries, kind="stable")
        return [self.carried[at] for at in largest[int(self.most) :]]


def counts_of(linear: LinearModel, rows: Rows, misses: Iterable[int]) -> list[Count]:
    """The rules that count carriers, of those that may be missed."""
    found = []
    for miss in misses:
        index = int(rows.rows_of(miss)[0])
        if linear.rows[index].name.startswith(COUNT_ROWS):
            columns, terms = rows.row(index)
            own = (_carried(linear, rows, used) for used in columns[terms > 0.0].tolist())
            some = tuple(carried for carried in own if len(carried))
            found.append(Count(float(rows.upper[index]), some))
    return found


def _carried(linear: LinearModel, rows: Rows, used: int) -> np.ndarray:
    """What may be above 0 only if a carrier (or one of its bids) is used."""
    found: set[int] = set()
    asked = [used]
    while asked:
        switch = asked.pop()
        for index in rows.rows_of(switch).tolist():
            columns, terms = rows.row(index)
            name = linear.rows[index].name
            if name.startswith(USED_ROWS) and (terms[columns == switch] < 0.0).all():
                held = columns[terms > 0.0].tolist()
                found.update(held)
                if name.startswith(CARRIER_ROWS):
                    asked += held  # bids that are used, or what they carry: that switches nothing
    return np.array(sorted(found), dtype=np.int64)


def _paying(rows: Rows, missed: np.ndarray, *, overdrawn: bool) -> np.ndarray:
    pays = np.zeros(rows.by_row.shape[1], dtype=bool)
    for index in np.unique(rows.by_column[:, missed].indices):
        if bool(np.isfinite(rows.upper[index])) == overdrawn:
            columns, terms = rows.row(index)
            pays[columns[terms > 0.0]] = True
    pays[missed] = False
    sums = np.unique(rows.by_column[:, np.flatnonzero(pays)].indices)
    for index in sums[(rows.lower[sums] == 0.0) & (rows.upper[sums] == 0.0)]:
        columns, terms = rows.row(index)
        # a sum stands with -1 beside what it adds up
        total = columns[terms < 0.0]
        if len(total) == 1 and pays[total[0]]:
            pays[columns[terms > 0.0]] = True
    return pays
