"""Relaxations as arrays against GLOP on drawn models: same values, and prices that add up."""

from __future__ import annotations

from math import inf
from random import Random

import numpy as np
import pytest

from lowhaul.large_relaxation import relax_large
from lowhaul.linear import LinearModel
from lowhaul.solve import Limits, relaxation

LIMITS = {"most": (-inf, 9.0), "least": (2.0, inf), "equal": (3.0, 3.0), "between": (1.0, 6.0)}


def drawn(seed: int) -> LinearModel:
    """Eight columns, six rows of every kind; 15 of the first 40 have no solution."""
    random = Random(seed)
    model = LinearModel()
    for i in range(8):
        model.column(f"x{i}", 0.0, random.choice([3.0, inf]))
    for i in range(6):
        terms = {c: float(random.randint(-2, 4)) for c in random.sample(range(8), 3)}
        lower, upper = LIMITS[random.choice(list(LIMITS))]
        model.row(f"r{i}", terms, lower=lower, upper=upper)
    model.minimise({c: float(random.randint(1, 9)) for c in range(8)}, 5.0)
    return model


@pytest.mark.parametrize("seed", range(40))
def test_a_large_relaxation_ends_as_a_small_one(seed: int) -> None:
    model = drawn(seed)
    small, large = relaxation(model, Limits(5.0)), relax_large(model, Limits(5.0))
    assert large.status == small.status
    if small.status != "optimal":
        return
    assert large.objective == pytest.approx(small.objective, abs=1e-6)
    slopes = np.array([model.objective[c] for c in range(8)])
    for row, price in zip(model.rows, large.prices, strict=True):
        for column, coefficient in row.terms.items():
            slopes[column] -= coefficient * price
    assert np.allclose(slopes, large.reduced_costs, atol=1e-6)


def test_lazy_rows_are_left_out() -> None:
    """x >= 2 is lazy: without it 0 is the least, and its price is 0; x + y >= 1 costs 1."""
    model = LinearModel()
    x, y = model.column("x"), model.column("y")
    model.row("lazy", {x: 1.0}, lower=2.0, lazy=True)
    model.row("both", {x: 1.0, y: 1.0}, lower=1.0)
    model.minimise({x: 3.0, y: 1.0})
    found = relax_large(model, Limits(5.0))
    assert found.values == (0.0, 1.0)
    assert found.prices == (0.0, 1.0)
    assert found.bound == 1.0
