"""Units and rounding, the same everywhere.

Masses are kg, distances km, CO2e kg, lengths mm, money in the currency that is named beside it.
Rows of result tables are rounded half up, and totals are sums of rounded rows, so that every
table adds up to `summary.json` to the cent and the gram.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

KG_PER_T = 1000.0
MM3_PER_M3 = 1e9
G_PER_KG = 1000.0
TEU_T_AVERAGE = 10.0
"""Average cargo in a TEU, t (parameters.csv, teu_t_average)."""

CENT = 2
GRAM = 3
METRE = 3


def round_half_up(value: float, digits: int) -> float:
    """Round as a person does: 0.125 -> 0.13 at two digits; the sign is kept apart.

    The shortest decimal text of the float is rounded, so 2.675 becomes 2.68 although its binary
    value lies a hair below.
    """
    step = Decimal(1).scaleb(-digits)
    rounded = float(Decimal(repr(float(value))).quantize(step, rounding=ROUND_HALF_UP))
    return rounded + 0.0  # no negative zero in tables


def money(value: float) -> float:
    """Money to the cent."""
    return round_half_up(value, CENT)


def kilograms(value: float) -> float:
    """A mass or CO2e in kg to the gram."""
    return round_half_up(value, GRAM)


def kilometres(value: float) -> float:
    """A distance in km to the metre."""
    return round_half_up(value, METRE)


def split_exactly(total: float, weights: Sequence[float], digits: int) -> list[float]:
    """Split `total` over `weights` so that the rounded parts add up to it (largest remainder).

    Ties go to the earlier part, so that the split is the same every time. Without any weight the
    parts are equal.
    """
    if not weights:
        return []
    scale = 10**digits
    units = round(round_half_up(total, digits) * scale)
    whole = sum(weights)
    shares = [w / whole if whole else 1 / len(weights) for w in weights]
    exact = [units * share for share in shares]
    floors = [int(e // 1) for e in exact]
    missing = units - sum(floors)
    by_remainder = sorted(range(len(exact)), key=lambda i: (floors[i] - exact[i], i))
    for i in by_remainder[:missing]:
        floors[i] += 1
    return [f / scale for f in floors]
