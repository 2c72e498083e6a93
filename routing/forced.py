"""Columns that a model's rows hold at zero, whatever else is chosen.

A largest share where only one carrier bids allows it nothing. A relaxation finds that by itself;
blocks of orders planned apart would not know.
"""

from __future__ import annotations

import numpy as np

from lowhaul.linear import LinearModel
from lowhaul.rows import Rows


def close_forced(model: LinearModel) -> int:
    """Close the columns that are 0 in every solution because their row leaves nothing for them.

    A row whose open terms are all of one sign, with a limit of 0 on that side, holds them all at 0
    (no column is ever below 0). Returns how many were closed.
    """
    rows = Rows.of(model)
    positive, negative = (rows.by_row > 0.0).astype(float), (rows.by_row < 0.0).astype(float)
    given = np.array(model.upper)
    upper = given.copy()
    while True:
        open_ = upper > 0.0
        more, less = positive @ open_, negative @ open_
        held = ((rows.upper == 0.0) & (less == 0) & (more > 0)) | (
            (rows.lower == 0.0) & (more == 0) & (less > 0)
        )
        columns = np.unique(rows.by_row[np.flatnonzero(held)].indices)
        columns = columns[open_[columns]]
        if not len(columns):
            break
        upper[columns] = 0.0
    closed = np.flatnonzero((given > 0.0) & (upper <= 0.0))
    for column in closed:
        model.upper[column] = 0.0
    return len(closed)
