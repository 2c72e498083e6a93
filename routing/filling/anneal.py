"""Searches for the sequence of goods that fills load units best: simulated annealing.

A step moves some pieces, swaps two, turns a few round, or lets an order travel as a part load (or
no longer); each is judged by `split`. A worse sequence is taken with a chance that falls as the
search goes on (Kirkpatrick, Gelatt and Vecchi, Optimization by Simulated Annealing, Science 220,
1983).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from routing.filling.split import NEVER, Goods, Path, Pieces, Whole, split

REACH = 12
"""How far a piece is moved at most."""


@njit(cache=True, nogil=True)
def anneal(
    goods: Goods,
    pieces: Pieces,
    sequence: Whole,
    parted: Whole,
    best_sequence: Whole,
    best_parted: Whole,
    paths: tuple[Path, Path],
    steps: int,
    warm: float,
    cold: float,
    seed: int,
) -> float:
    """Change a sequence for so many steps; returns the least objective met.

    `sequence` and `parted` (1 where an order is a part load) are where the search stands, `best_*`
    what was best. The temperature falls from `warm` to `cold`.
    """
    np.random.seed(seed)
    count, orders = len(sequence), len(parted)
    here, there = paths
    starts, tried_starts = np.zeros(count + 1, np.int64), np.zeros(count + 1, np.int64)
    sent, tried_sent = np.empty(count, np.int64), np.empty(count, np.int64)
    tried, tried_parted = sequence.copy(), parted.copy()
    n = _sent(goods, pieces, sequence, parted, sent)
    value = _parts(goods, parted) + split(goods, pieces, sent, n, starts, here, 0)
    best_sequence[:] = sequence
    best_parted[:] = parted
    best = value
    for step in range(steps):
        heat = warm * (cold / warm) ** (step / steps)
        tried[:] = sequence
        tried_parted[:] = parted
        draw = np.random.random()
        a = np.random.randint(count)
        b = min(max(a + np.random.randint(-REACH, REACH + 1), 0), count - 1)
        if draw < 0.1:
            o = np.random.randint(orders)
            if goods.part[o] >= NEVER:
                continue
            tried_parted[o] = 1 - tried_parted[o]
        elif a == b:
            continue
        elif draw < 0.55:
            length = 1
            if draw < 0.4:  # all that lies together of an order
                while (
                    a + length < count
                    and pieces.order[sequence[a + length]] == pieces.order[sequence[a]]
                ):
                    length += 1
                while a > 0 and pieces.order[sequence[a - 1]] == pieces.order[sequence[a]]:
                    a, length = a - 1, length + 1
            if a == b or max(a, b) + length > count:
                continue
            if a < b:
                tried[a:b] = sequence[a + length : b + length]
            else:
                tried[b + length : a + length] = sequence[b:a]
            tried[b : b + length] = sequence[a : a + length]
        elif draw < 0.9:
            tried[a], tried[b] = sequence[b], sequence[a]
        else:
            low, high = min(a, b), max(a, b)
            for at in range(low, high + 1):
                tried[at] = sequence[low + high - at]
        tried_n = _sent(goods, pieces, tried, tried_parted, tried_sent)
        since = 0
        while since < min(n, tried_n) and sent[since] == tried_sent[since]:
            since += 1
        if since == n == tried_n and (parted == tried_parted).all():
            continue
        same = starts[since] + 1
        there.best[:same] = here.best[:same]
        there.begins[:same] = here.begins[:same]
        there.run[:same] = here.run[:same]
        there.load_units[:same] = here.load_units[:same]
        there.saw[:same] = here.saw[:same]
        new = _parts(goods, tried_parted)
        new += split(goods, pieces, tried_sent, tried_n, tried_starts, there, since)
        if new <= value or np.random.random() < np.exp((value - new) / heat):
            value = new
            sequence[:] = tried
            parted[:] = tried_parted
            sent, tried_sent = tried_sent, sent
            starts, tried_starts = tried_starts, starts
            here, there = there, here
            n = tried_n
            if value < best - 1e-9:
                best = value
                best_sequence[:] = sequence
                best_parted[:] = parted
    return best


@njit(cache=True, nogil=True)
def _sent(goods: Goods, pieces: Pieces, sequence: Whole, parted: Whole, sent: Whole) -> int:
    """Write the pieces that travel in load units to `sent`; returns how many they are."""
    n = 0
    for number in sequence:
        if not parted[pieces.order[number]]:
            sent[n] = number
            n += 1
    return n


@njit(cache=True, nogil=True)
def _parts(goods: Goods, parted: Whole) -> float:
    """The objective of what travels as part loads."""
    value = 0.0
    for o in range(len(parted)):
        if parted[o]:
            value += goods.part[o]
    return value
