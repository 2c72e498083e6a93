"""Transport in stages, against every flow and against linear programming."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy.optimize import linprog

from lowhaul import matching
from lowhaul.matching import Arcs, best_matching


def random_case(
    draw: np.random.Generator, most: int, values: int
) -> tuple[np.ndarray, np.ndarray, Arcs, list[np.ndarray]]:
    supplies, demands = draw.integers(1, most, 2)
    pairs = [(i, j) for i in range(supplies) for j in range(demands) if draw.random() < 0.7]
    pairs += pairs[:1]  # two ways between the same ends
    tail = np.array([i for i, _ in pairs], dtype=np.int64)
    head = np.array([j for _, j in pairs], dtype=np.int64)
    worth = [draw.integers(-2, 5, len(pairs)) for _ in range(values)]
    return draw.integers(1, 3, supplies), draw.integers(1, 3, demands), Arcs(tail, head), worth


def carries(supply: np.ndarray, demand: np.ndarray, arcs: Arcs, flow: np.ndarray) -> bool:
    sent = np.bincount(arcs.tail, flow, len(supply))
    come = np.bincount(arcs.head, flow, len(demand))
    return bool((flow >= 0).all() and (sent <= supply).all() and (come <= demand).all())


@pytest.mark.parametrize("seed", range(8))
def test_no_flow_is_better_stage_by_stage(seed: int) -> None:
    draw = np.random.default_rng(seed)
    for _ in range(40):
        supply, demand, arcs, worth = random_case(draw, 4, 3)
        if len(arcs) > 7:
            continue
        found = best_matching(supply, demand, arcs, worth)
        assert carries(supply, demand, arcs, found.flow)
        assert found.totals == tuple(int(w @ found.flow) for w in worth)
        flows = itertools.product(
            *(range(min(supply[i], demand[j]) + 1)
              for i, j in zip(arcs.tail, arcs.head, strict=True))
        )  # fmt: skip
        sound = (np.array(f) for f in flows)
        best = max(
            tuple(int(w @ f) for w in worth) for f in sound if carries(supply, demand, arcs, f)
        )
        assert found.totals == best


@pytest.mark.parametrize("seed", range(4))
def test_the_first_value_is_that_of_the_linear_programme(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The matrix is totally unimodular, so the linear programme has a whole optimum."""
    draw = np.random.default_rng(seed)
    tail, head = draw.integers(0, 60, 900), draw.integers(0, 50, 900)
    supply, demand = draw.integers(1, 4, 60), draw.integers(1, 4, 50)
    worth = draw.integers(-50, 1000, 900)
    rows = np.zeros((110, 900))
    rows[tail, np.arange(900)] = 1
    rows[60 + head, np.arange(900)] = 1
    right = linprog(-worth, rows, np.concatenate([supply, demand]), method="highs")
    few = best_matching(supply, demand, Arcs(tail, head), [worth])
    assert few.totals[0] == round(-right.fun)
    monkeypatch.setattr(matching, "FEW", 50)
    monkeypatch.setattr(matching, "FIRST", 1)
    assert best_matching(supply, demand, Arcs(tail, head), [worth]).totals == few.totals


def test_large_first_values_do_not_drown_the_second() -> None:
    """2^40 a unit twice, and one unit of difference in the second value."""
    arcs = Arcs(np.array([0, 0]), np.array([0, 1]))
    first, second = np.array([2**40, 2**40]), np.array([0, 1])
    found = best_matching(np.array([1]), np.array([1, 1]), arcs, [first, second])
    assert found.flow.tolist() == [0, 1]


def test_nothing_moves_that_is_worth_nothing() -> None:
    arcs = Arcs(np.array([0]), np.array([0]))
    found = best_matching(np.array([2]), np.array([2]), arcs, [np.array([-1])])
    assert found.totals == (0,)
    none = np.zeros(0, dtype=np.int64)
    assert best_matching(np.array([2]), np.array([2]), Arcs(none, none), [none]).totals == (0,)
