"""Which columns of a plan in the making could pay what rules and capacities are still owed.

A plan in the making may overdraw a capacity or fall short of a rule of the award by its `miss`
columns (routing/arcs.py, routing/tender_rows.py). A row that is overdrawn is relieved by what it
holds; a row that falls short is helped by whatever may add to it. Shares stand on sums of legs'
columns, so those are followed back to the legs.
"""

from __future__ import annotations

import numpy as np

from lowhaul.rows import Rows


def drawing(rows: Rows, missed: np.ndarray) -> np.ndarray:
    """A mask of the columns that draw on a row that one of the `missed` columns overdraws."""
    return _paying(rows, missed, overdrawn=True)


def helping(rows: Rows, missed: np.ndarray) -> np.ndarray:
    """A mask of the columns that add to a row that falls short by one of the `missed` columns."""
    return _paying(rows, missed, overdrawn=False)


def using(rows: Rows, used: int) -> np.ndarray:
    """A mask of the columns that may be above 0 only if `used` is 1 (sum <= M used)."""
    found = np.zeros(rows.by_row.shape[1], dtype=bool)
    for index in rows.by_column[:, [used]].indices:
        columns, terms = rows.row(index)
        if rows.upper[index] == 0.0 and (terms[columns == used] < 0.0).all():
            found[columns[terms > 0.0]] = True
    return found


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
