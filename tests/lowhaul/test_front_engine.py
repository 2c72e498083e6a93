"""Fronts against every solution, and the answers of both searches against each other."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lowhaul.front import Found, Point, exact_front
from lowhaul.front_search import CpSatSearch, MathOptSearch, NotProved, front_of, search_for
from lowhaul.front_shape import bound_at, even_limits, knee, lower_curve, price_of_steps
from lowhaul.linear import LinearModel


def dominated(p: Point, q: Point) -> bool:
    return p != q and all(b <= a for a, b in zip(p, q, strict=True))


def non_dominated(points: set[Point]) -> list[Point]:
    return sorted(p for p in points if not any(dominated(p, q) for q in points))


@dataclass
class Listed:
    """A search in a plain list of points."""

    points: Sequence[Point]

    def least(self, first: int, limits: Sequence[float], known: Found | None) -> Found | None:
        kept = [
            p for p in self.points
            if all(v <= u for k, (v, u) in enumerate(zip(p, limits, strict=True)) if k != first)
        ]  # fmt: skip
        if known is not None:
            assert known.point in kept, "a start that does not keep the limits"
        return Found(min(kept, key=lambda p: (p[first], sum(p)))) if kept else None


def sets_of_points(objectives: int) -> st.SearchStrategy[set[Point]]:
    value = st.integers(-4, 6)
    return st.sets(st.tuples(*[value] * objectives), min_size=1, max_size=40)


@pytest.mark.parametrize("objectives", [2, 3, 4])
def test_a_list_of_points_gives_its_front(objectives: int) -> None:
    @settings(max_examples=150, deadline=None)
    @given(sets_of_points(objectives))
    def holds(points: set[Point]) -> None:
        for workers in (1, 2, 3):
            front = exact_front(Listed(sorted(points)), objectives, workers=workers)
            assert list(front.points) == non_dominated(points)

    holds()


@settings(max_examples=100, deadline=None)
@given(sets_of_points(2))
def test_two_objectives_take_a_solve_a_point(points: set[Point]) -> None:
    """One for each end, one for each point between, one to end: both ends may be one point."""
    front = exact_front(Listed(sorted(points)), 2)
    assert front.solves <= len(front.points) + 2


@settings(max_examples=60, deadline=None)
@given(sets_of_points(3))
def test_three_objectives_take_two_solves_a_point(points: set[Point]) -> None:
    front = exact_front(Listed(sorted(points)), 3)
    assert front.solves <= 2 * len(front.points) + 4


def knapsack(
    masses: Sequence[int], most: float, values: Sequence[Sequence[int]]
) -> tuple[LinearModel, list[dict[int, float]]]:
    model = LinearModel()
    columns = [model.binary(f"x{k}") for k in range(len(masses))]
    model.row("mass", dict(zip(columns, map(float, masses), strict=True)), upper=most)
    return model, [dict(zip(columns, map(float, v), strict=True)) for v in values]


@settings(max_examples=25, deadline=None)
@given(
    st.integers(2, 3).flatmap(
        lambda p: st.tuples(
            st.lists(st.integers(1, 9), min_size=5, max_size=5),
            st.lists(st.lists(st.integers(-3, 9), min_size=5, max_size=5), min_size=p, max_size=p),
            st.lists(st.booleans(), min_size=p, max_size=p),
            st.sampled_from([12.0, 14.5]),
        )
    )
)
def test_no_solution_is_missing(
    drawn: tuple[list[int], list[list[int]], list[bool], float],
) -> None:
    masses, values, up, most = drawn
    model, objectives = knapsack(masses, most, values)
    signs = [-1 if u else 1 for u in up]
    every = {
        tuple(s * sum(v * x for v, x in zip(row, xs, strict=True))
              for s, row in zip(signs, values, strict=True))
        for xs in itertools.product((0, 1), repeat=5)
        if sum(m * x for m, x in zip(masses, xs, strict=True)) <= most
    }  # fmt: skip
    right = [tuple(s * v for s, v in zip(signs, p, strict=True)) for p in non_dominated(every)]
    front = front_of(model, objectives, up)
    assert list(front.points) == sorted(right)
    for found in front.found:
        totals = tuple(round(model.value(t, found.solution)) for t in objectives)
        assert totals == found.point


def test_both_searches_give_the_same() -> None:
    model, objectives = knapsack([3, 5, 4, 6, 7], 14, [[-4, -7, -3, -9, -8], [-6, -2, -8, -3, -5]])
    assert isinstance(search_for(model, objectives, 9), CpSatSearch)
    exact = exact_front(CpSatSearch(model, objectives, 9), 2)
    assert exact.points == exact_front(MathOptSearch(model, objectives, 9), 2).points
    assert len(exact.points) > 2


def test_columns_that_are_not_whole_go_to_a_mip_solver() -> None:
    """Flow y splits as it likes, x pays for it: cost 3 x + y2, CO2e 5 y1' as whole numbers.

    Ten units by lorry (cost 1, CO2e 4 each) or by train (cost 2 each, CO2e 1, and 10 to begin):
    whole units are forced by counting them in n; the front is lorries alone (10, 40), and n
    trains (10 - n + 2 n + 10, 4 (10 - n) + n) for n = 1 ... 10.
    """
    model = LinearModel()
    lorry = model.column("lorry", 0, 10)
    train = model.column("train", 0, 10)
    count = model.column("n", 0, 10, integer=True)
    opened = model.binary("open")
    model.row("all", {lorry: 1, train: 1}, lower=10, upper=10)
    model.row("counted", {train: 1, count: -1}, lower=0, upper=0)
    model.row("begun", {train: 1, opened: -10}, upper=0)
    cost, co2e = {lorry: 1.0, train: 2.0, opened: 10.0}, {lorry: 4.0, train: 1.0}
    assert isinstance(search_for(model, [cost, co2e], 9), MathOptSearch)
    right = [(10, 40), *((20 + n, 40 - 3 * n) for n in range(1, 11))]
    assert list(front_of(model, [cost, co2e]).points) == right


def test_an_objective_that_is_not_whole_is_refused() -> None:
    model = LinearModel()
    x = model.column("x", 0.25, 10)
    with pytest.raises(ValueError, match="not whole"):
        front_of(model, [{x: 1.0}, {x: -1.0}])


def test_nothing_feasible_is_no_front() -> None:
    model = LinearModel()
    x = model.binary("x")
    model.row("never", {x: 1.0}, lower=2)
    front = front_of(model, [{x: 1.0}, {x: -1.0}])
    assert front.points == ()


def test_a_solve_that_is_stopped_is_no_proof() -> None:
    model, objectives = knapsack(range(11, 61), 800, [range(-90, -40), range(-60, -10)])
    with pytest.raises(NotProved):
        exact_front(CpSatSearch(model, objectives, 1e-6), 2)


def test_sums_that_could_overflow_are_refused() -> None:
    model = LinearModel()
    x = model.column("x", 0, 2**30, integer=True)
    with pytest.raises(ValueError, match="too wide"):
        front_of(model, [{x: 2.0**20}, {x: -1.0}])


def test_price_of_steps_by_hand() -> None:
    """100 to 130 EUR for 12 to 9 t: 10 EUR a tonne; then 50 EUR for 2 t: 25; then nothing."""
    points = [(100.0, 12.0), (130.0, 9.0), (180.0, 7.0), (200.0, 7.0)]
    assert price_of_steps(points) == [10.0, 25.0, None]


def test_the_knee_by_hand() -> None:
    """Shares of the range: (0, 1), (0.1, 0.2), (0.5, 0.1), (1, 0): 1 - x - y is 0, 0.7, 0.4, 0."""
    points = [(100.0, 20.0), (110.0, 12.0), (150.0, 11.0), (200.0, 10.0)]
    assert knee(points) == 1
    assert knee([(a * 7 + 3, b * 0.1) for a, b in points]) == 1
    assert knee([(0.0, 2.0), (1.0, 1.0), (2.0, 0.0)]) is None
    assert knee(points[:2]) is None
    assert knee([(1.0, 1.0)] * 3) is None


def test_even_limits_by_hand() -> None:
    assert even_limits(10.0, 20.0, 5) == [20.0, 17.5, 15.0, 12.5, 10.0]
    with pytest.raises(ValueError, match="two points"):
        even_limits(1.0, 2.0, 1)


def test_what_holds_within_a_limit_holds_within_a_narrower_one() -> None:
    """At most 10: 5; at most 8: 4, which says less and is left out; at most 6: 9."""
    steps = lower_curve([(6.0, 9.0), (10.0, 5.0), (8.0, 4.0)])
    assert steps == [(10.0, 5.0), (6.0, 9.0)]
    assert [bound_at(steps, v) for v in (11.0, 10.0, 6.5, 6.0)] == [-float("inf"), 5.0, 5.0, 9.0]
