"""Fills load units with the goods of a block, at the prices of its columns."""

from __future__ import annotations

import time
from dataclasses import dataclass
from math import ceil

import numpy as np

from lowhaul.rows import Rows
from routing.filling.anneal import anneal
from routing.filling.split import NEVER, new_path, split
from routing.filling.tables import Table, values_of
from routing.plan_model import PlanModel

STEPS_A_PIECE = 80
"""Steps of a search by the pieces of its block. Seven times as many gained 0.6 %; small models
around what was found gain more in that time (docs/decisions/large-plans.md)."""
TRIAL_STEPS = 100
"""Steps that tell how fast this machine is."""
WARM, COLD = 0.03, 0.001
"""Temperatures as shares of what an empty load unit adds to the objective."""
FITS = 1e-6
"""Rows are kept to within this share of their activity."""


@dataclass(frozen=True)
class Filled:
    """Values of a block's columns, and what they come to."""

    values: np.ndarray
    value: float


def fill(
    model: PlanModel,
    rows: Rows,
    table: Table,
    columns: np.ndarray,
    goods_rows: np.ndarray,
    upper: np.ndarray,
    priced: np.ndarray,
    seconds: float,
    seed: int,
) -> Filled | None:
    """The best filling found for the goods of a block; None where it keeps not all rows.

    `table`, `columns` and `goods_rows` are those of the block, `upper` the limits of all columns,
    `priced` their objective. With time enough the same seed gives the same filling.
    """
    found = _searched(table, seconds, seed)
    if found is None:
        return None
    sequence, parted = found
    sent = np.array([n for n in sequence if not parted[table.pieces.order[n]]], dtype=np.int64)
    path = new_path(int(table.pieces.units.sum()) + 1)
    split(table.goods, table.pieces, sent, len(sent), np.zeros(len(sent) + 1, np.int64), path, 0)
    values = np.zeros(len(upper))
    for column, value in values_of(table, model, sequence, parted, path).items():
        whole = model.linear.integer[column]
        values[column] = round(value) if whole else value
    _complete(model, rows, values, {run.group for run in table.runs})
    activity = rows.by_row[goods_rows] @ values
    slack = FITS * np.maximum(1.0, np.abs(activity))
    kept = (activity <= rows.upper[goods_rows] + slack).all() and (
        activity >= rows.lower[goods_rows] - slack
    ).all()
    if not kept or (values[columns] > upper[columns] + FITS).any():
        return None
    return Filled(values[columns], float(priced[columns] @ values[columns]))


def _searched(table: Table, seconds: float, seed: int) -> tuple[np.ndarray, np.ndarray] | None:
    """The best sequence found, and which orders travel as part loads."""
    goods, pieces = table.goods, table.pieces
    count, orders = len(pieces.order), len(table.packed)
    sequence, parted = np.arange(count), np.zeros(orders, dtype=np.int64)
    best, best_parted = sequence.copy(), parted.copy()
    places = int(pieces.units.sum()) + 1
    paths = new_path(places), new_path(places)
    each = max(float(np.abs(goods.empty).mean()), 1e-9)

    def searched(steps: int) -> float:
        return float(
            anneal(goods, pieces, sequence, parted, best, best_parted, paths, steps,
                   WARM * each, COLD * each, seed)
        )  # fmt: skip

    started = time.perf_counter()
    searched(TRIAL_STEPS)
    spent = time.perf_counter() - started
    in_time = int(TRIAL_STEPS * max(0.0, seconds - spent) / max(spent, 1e-9))
    value = searched(max(TRIAL_STEPS, min(STEPS_A_PIECE * count, in_time)))
    return (best, best_parted) if value < NEVER else None


def _complete(model: PlanModel, rows: Rows, values: np.ndarray, groups: set[int]) -> None:
    """Stacks and choices of a run: as few as the rows of the groups ask for."""
    for group in sorted(groups):
        for column in model.group_columns.get(group, ()):
            if column in model.load_unit_columns or column in model.cargo_columns:
                continue
            at = slice(rows.by_column.indptr[column], rows.by_column.indptr[column + 1])
            least = 0.0
            for row, own in zip(rows.by_column.indices[at], rows.by_column.data[at], strict=True):
                if own < 0.0:
                    others, terms = rows.row(row)
                    least = max(least, float(terms @ values[others]) / -own)
            values[column] = ceil(least - FITS)


__all__ = ["Filled", "fill"]
