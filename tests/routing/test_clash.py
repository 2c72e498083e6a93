"""The smallest clash: by hand, against trying all sets, and in the words of a planner."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from random import Random

import pytest

from lowhaul.linear import LinearModel
from lowhaul.solve import Limits, solve
from routing.case import Case
from routing.clash import Demand, find_clash
from routing.demands import demands_of, rule_in_words
from routing.model import Cuts, build_model
from routing.options import build_options
from routing.selection import cap_totals
from routing.tender import Tender, TenderRule
from tests.routing.handmade import handmade_case

LIMITS = Limits(20.0)


def by_row(*names: str) -> list[Demand]:
    return [Demand(f"demand {name}", frozenset({name})) for name in names]


def words(model: LinearModel, demands: list[Demand]) -> list[str]:
    clash = find_clash(model, demands, LIMITS)
    assert clash is not None
    assert clash.smallest
    return clash.words


def test_two_of_three_demands_clash() -> None:
    """x <= 3 and x >= 4 clash; x >= 1 is met with either."""
    model = LinearModel()
    x = model.column("x")
    model.row("most", {x: 1.0}, upper=3.0)
    model.row("little", {x: 1.0}, lower=1.0)
    model.row("least", {x: 1.0}, lower=4.0)
    assert words(model, by_row("most", "little", "least")) == ["demand most", "demand least"]


def test_rows_of_nobody_always_hold() -> None:
    """x + y = 5 is no demand: x <= 1, y <= 3 clash through it."""
    model = LinearModel()
    x, y = model.column("x"), model.column("y")
    model.row("sum", {x: 1.0, y: 1.0}, lower=5.0, upper=5.0)
    model.row("x", {x: 1.0}, upper=1.0)
    model.row("y", {y: 1.0}, upper=3.0)
    model.row("both", {x: 1.0, y: -1.0}, upper=9.0)
    assert words(model, by_row("x", "y", "both")) == ["demand x", "demand y"]


def test_a_clash_of_whole_numbers_is_none_of_relaxations() -> None:
    """2 x = 3 with a whole x can be met by x = 1.5."""
    model = LinearModel()
    x = model.column("x", 0.0, 10.0, integer=True)
    model.row("half", {x: 2.0}, lower=3.0, upper=3.0)
    assert find_clash(model, by_row("half"), LIMITS, relaxed_only=True) is None
    assert find_clash(model, by_row("half"), LIMITS) is not None


def test_a_clash_of_whole_numbers_is_found_too() -> None:
    """2 x = 3 with a whole x: its relaxation has x = 1.5; x <= 9 has no part in it."""
    model = LinearModel()
    x = model.column("x", 0.0, 10.0, integer=True)
    model.row("odd", {x: 2.0}, lower=3.0, upper=3.0)
    model.row("most", {x: 1.0}, upper=9.0)
    assert words(model, by_row("most", "odd")) == ["demand odd"]


def test_a_relaxed_clash_is_made_smaller_by_whole_numbers() -> None:
    """x >= 0.5 and x <= 0.4 clash; with whole x, 0.5 <= x <= 0.9 does without x <= 0.4."""
    model = LinearModel()
    x = model.column("x", integer=True)
    model.row("least", {x: 1.0}, lower=0.5)
    model.row("less", {x: 1.0}, upper=0.4)
    model.row("most", {x: 1.0}, upper=0.9)
    clash = words(model, by_row("least", "less", "most"))
    assert clash in (["demand least", "demand less"], ["demand least", "demand most"])


def test_a_demand_of_several_rows_stands_or_falls_as_one() -> None:
    model = LinearModel()
    x, y = model.column("x"), model.column("y")
    model.row("a1", {x: 1.0}, lower=2.0)
    model.row("a2", {y: 1.0}, lower=2.0)
    model.row("b", {x: 1.0, y: 1.0}, upper=3.0)
    demands = [Demand("two of each", frozenset({"a1", "a2"})), Demand("three", frozenset({"b"}))]
    assert words(model, demands) == ["two of each", "three"]


def test_no_clash_where_there_is_a_solution_or_no_demand_is_to_blame() -> None:
    model = LinearModel()
    x = model.column("x", 0.0, 1.0)
    model.row("most", {x: 1.0}, upper=0.5)
    assert find_clash(model, by_row("most"), LIMITS) is None
    model.row("cannot", {x: 1.0}, lower=2.0)
    assert find_clash(model, by_row("most"), LIMITS) is None


def test_the_clock_is_told() -> None:
    model = LinearModel()
    x = model.column("x")
    model.row("most", {x: 1.0}, upper=3.0)
    model.row("least", {x: 1.0}, lower=4.0)
    assert find_clash(model, by_row("most", "least"), Limits(0.0)) is None


@pytest.mark.parametrize("seed", range(12))
def test_what_is_left_is_irreducible(seed: int) -> None:
    """Against trying: the set found cannot be met, each of its parts with one less can."""
    rng = Random(seed)
    model = LinearModel()
    columns = [model.column(f"x{i}", 0.0, 4.0, integer=rng.random() < 0.5) for i in range(3)]
    names = [f"r{i}" for i in range(7)]
    for name in names:
        terms = {c: float(rng.choice((-1, 0, 1, 2))) for c in columns}
        bound = float(rng.randint(-3, 5))
        if rng.random() < 0.5:
            model.row(name, terms, lower=bound)
        else:
            model.row(name, terms, upper=bound)

    def met(some: tuple[str, ...]) -> bool:
        rows = [r for r in model.rows if r.name in some]
        return solve(replace(model, rows=rows, objective={}), LIMITS).found

    clash = find_clash(model, by_row(*names), LIMITS)
    if clash is None:
        assert met(tuple(names))
        return
    found = tuple(n for d in clash.demands for n in d.rows)
    assert not met(found)
    assert all(met(some) for some in combinations(found, len(found) - 1))


def clash_of(case: Case) -> list[str]:
    model = build_model(build_options(case), Cuts())
    cap_totals(model)
    demands = demands_of(case, [row.name for row in model.linear.rows])
    clash = find_clash(model.linear, demands, LIMITS)
    return clash.words if clash else []


def with_rules(*rules: TenderRule, **settings: object) -> Case:
    case = handmade_case()
    chosen = replace(case.settings, **settings)  # type: ignore[arg-type]
    return replace(case, tender=Tender(rules=rules), settings=chosen)


def test_more_carriers_than_bid_is_told_in_words() -> None:
    """Four carriers are asked for, HAUL, ELEC and OCEAN bid: the cap of 900 t is not to blame."""
    rules = (TenderRule("min_carriers", 4.0), TenderRule("max_share", 0.9))
    assert clash_of(with_rules(*rules, emissions_cap_t=900.0)) == ["at least 4 carriers"]


def test_a_budget_clashes_with_a_least_number_of_carriers() -> None:
    """Two carriers at least are used, so something is paid for; 160 EUR pay for the boxes at YARD
    that go back (2 x 80), and 10 EUR more for no leg.
    """
    rules = (TenderRule("min_carriers", 2.0), TenderRule("max_carriers", 3.0))
    assert clash_of(with_rules(*rules, budget=170.0)) == [
        "the budget of 170.00 EUR",
        "at least 2 carriers",
    ]
    assert clash_of(with_rules(*rules, budget=9_000.0)) == []


def test_two_rules_that_exclude_each_other() -> None:
    lanes = frozenset({"PORT - FAR"})
    rules = (
        TenderRule("max_carriers", 1.0),
        TenderRule("max_share", 1.0),
        TenderRule("min_carriers", 2.0),
        TenderRule("max_carriers", 3.0, lanes),
    )
    assert clash_of(with_rules(*rules)) == ["at most 1 carrier", "at least 2 carriers"]


def test_a_rule_names_its_lanes() -> None:
    scope = frozenset({"A - B", "B - C", "C - D", "D - E"})
    assert rule_in_words(TenderRule("max_share", 0.25, scope)) == (
        "no carrier with more than 0.25 of the volume on A - B, B - C, C - D and 1 more lanes"
    )
