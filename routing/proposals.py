"""What a step of the search for large plans is asked for, and what it proposes."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from routing.order_blocks import Block


@dataclass(frozen=True)
class Goal:
    """How well and with what each block is solved."""

    gap: float
    seed: int
    workers: int


@dataclass(frozen=True)
class Proposal:
    """A change of the plan, by column, that replans one block."""

    block: Block
    change: np.ndarray


Cap = tuple[np.ndarray, float]
"""What each column adds, and the most that they may add up to."""


def countdown(seconds: float) -> Callable[[], float]:
    """Seconds left of so many from now on."""
    until = time.perf_counter() + seconds
    return lambda: until - time.perf_counter()
