"""Rounding half up of whole columns, value for value as `units.round_half_up` does it."""

from __future__ import annotations

from typing import Any

import numpy as np

from lowhaul.units import GRAM, round_half_up

Array = np.ndarray[Any, Any]

NEAR = 1e-6
"""So near to a half, counted in the last digit, ..."""
NOISE = 1e-11
"""... and this share of the value: far above the noise of some ten operations (1e-15 each)."""
LARGEST_EXACT = 2.0**52
"""Above it a float has no place for halves."""


def rounded(values: Array, digits: int = GRAM) -> Array:
    """`round_half_up` of every value; NaN and infinity stay."""
    scale = 10.0**digits
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = np.abs(values) * scale
        result = np.copysign(np.floor(scaled + 0.5), values) / scale + 0.0
        one_by_one = near_half(values, digits) | (scaled >= LARGEST_EXACT)
    for i in np.flatnonzero(one_by_one & np.isfinite(values)):
        result[i] = round_half_up(float(values[i]), digits)
    return np.asarray(result)


def near_half(values: Array, digits: int = GRAM) -> Array:
    """Where a value lies so near a half of its last digit that its last bits decide."""
    with np.errstate(invalid="ignore", over="ignore"):
        scaled = np.abs(values) * 10.0**digits
        off = np.abs(scaled - np.floor(scaled) - 0.5)
        return np.asarray(off < NEAR + NOISE * scaled)
