"""Which runs a large plan is searched on: of runs that serve alike, the few best.

A run *stands in* for another where it admits every order that the other admits and carries as
much. A run is left out where one that stands in for it is better for the objective whatever turns
its box may make, and several are better without any turn: so that offers may fill up and boxes
may run short, more than one stays. Of those near the best, the best for the tie-breaker
stays as well. This leaves runs out, so nothing is proved here: the bound is one over all runs
(routing/all_ways.py).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

BETTER_ONES = 3
"""A run is left out where so many stand in for it and are better."""
NEAR = 0.01
"""For the tie-breaker: runs that are dearer than the best by at most this share."""


@dataclass(frozen=True)
class Worth:
    """What runs add to the objective and to the tie-breaker at half a load: arrays by run.

    `at_best` is the objective with the kindest turns of the box at both ends.
    """

    objective: np.ndarray
    at_best: np.ndarray
    tie_breaker: np.ndarray


def thinned(admits: np.ndarray, max_cargo_kg: np.ndarray, worth: Worth) -> np.ndarray:
    """A mask of the runs that are kept; `admits` tells what each run (row) admits (columns)."""
    uses, use = uses_of(admits, max_cargo_kg)
    rank = ranks(worth.objective)
    keep = np.zeros(len(admits), dtype=bool)
    for number, instead in enumerate(stands_in(uses)):
        own = np.flatnonzero(use == number)
        others = np.flatnonzero(instead[use])
        others = others[np.argsort(rank[others])]
        values = worth.objective[others]
        better = np.searchsorted(rank[others], rank[own])
        better_at_best = np.minimum(better, np.searchsorted(values, worth.at_best[own]))
        keep[own] = (better_at_best < 1) | (better < BETTER_ONES)
        near = others[values <= values[0] + NEAR * abs(values[0])]
        keep[own] |= own == near[np.argmin(worth.tie_breaker[near])]
    return keep


def uses_of(admits: np.ndarray, max_cargo_kg: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The different uses of runs (what they admit, then how much they carry), and that of each."""
    packed = np.packbits(admits, axis=1)
    number: dict[tuple[bytes, float], int] = {}
    use = np.array(
        [
            number.setdefault((row.tobytes(), float(kg)), len(number))
            for row, kg in zip(packed, max_cargo_kg, strict=True)
        ],
        dtype=np.int64,
    )
    first = np.zeros(len(number), dtype=np.int64)
    first[use[::-1]] = np.arange(len(use))[::-1]
    return np.column_stack([admits[first], max_cargo_kg[first]]), use


def stands_in(uses: np.ndarray) -> np.ndarray:
    """By use (row) and use (column): True where a run of the column serves for one of the row.

    A use is what a run admits, as a row of 0 and 1, and last how much it carries.
    """
    admits, carries = uses[:, :-1].astype(np.float32), uses[:, -1]
    lost = admits @ (1.0 - admits).T
    return np.asarray((lost < 0.5) & (carries[None, :] >= carries[:, None]))


def ranks(values: np.ndarray) -> np.ndarray:
    """The place of each value in ascending order, of equals the first before the others."""
    rank = np.empty(len(values), dtype=np.int64)
    rank[np.argsort(values, kind="stable")] = np.arange(len(values))
    return rank
