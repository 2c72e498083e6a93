"""Compiles the search for fillings before it is needed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np

from routing.filling.anneal import anneal
from routing.filling.split import Goods, Pieces, new_path


def get_ready(told: Callable[[str], None]) -> None:
    """Compile the search where that was not done before, and say so; else load it."""
    if anneal.signatures:
        return
    kept = anneal.stats.cache_path
    if not kept or not any(Path(kept).glob("anneal.anneal-*.nbi")):
        told("compiling the search for fillings, once; this takes about 10 s")
    pieces = Pieces(np.array([0, 1]), np.array([1, 1]))
    first, best = np.arange(2), np.arange(2)
    parted, best_parted = np.zeros(2, np.int64), np.zeros(2, np.int64)
    anneal(
        two_boxes(), pieces, first, parted, best, best_parted, (new_path(3), new_path(3)),
        2, 1.0, 0.1, 1,
    )  # fmt: skip


def two_boxes() -> Goods:
    """Two orders of one unit each, one type of load unit with one run."""
    whole, one = np.zeros(2, np.int64), np.ones(2)
    single = np.ones((2, 1), np.int64)
    return Goods(
        whole=whole, unit_kg=one, unit_m3=one, kind=whole, handling=np.zeros((2, 1)),
        layers=single, spots=single, fits=single, admits=np.ones((2, 1), np.uint64),
        m3=np.array([2.0]), kg=np.array([2.0]), room=np.array([1.0]),
        first=np.array([0, 1]), empty=np.array([1.0]), per_kg=np.array([0.0]),
        least_kg=np.array([0.0]), most_kg=np.array([2.0]), part=np.full(2, 9.0),
    )  # fmt: skip
