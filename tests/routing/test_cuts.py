"""Cuts from refusals of the loader: once binding, once removed."""

from __future__ import annotations

import pytest

from lowhaul.solve import Limits, solve
from routing.cuts import learn
from routing.decode import Refusal
from routing.model import Cuts, build_model
from routing.options import build_options
from tests.routing.test_model_golden import golden_case

GROUP = 0
"""Of the stored model: three runs."""


def ends_on_two_runs(cuts: Cuts) -> str:
    """How a plan ends that must have a load unit on two runs of the group."""
    model = build_model(build_options(golden_case()), cuts)
    runs = [c for (g, _), c in model.load_units.items() if g == GROUP]
    assert len(runs) == 3
    for column in runs[:2]:
        model.linear.row(f"asked[{column}]", {column: 1.0}, lower=1.0)
    model.linear.minimise(model.co2e)
    return solve(model.linear, Limits(5.0)).status


def test_a_group_that_fell_apart_is_held_to_one_run() -> None:
    assert ends_on_two_runs(Cuts()) == "optimal"
    cuts = Cuts()
    learn(cuts, [Refusal(GROUP, 2, 0, (), frozenset(), apart=True)])
    assert ends_on_two_runs(cuts) == "infeasible"


def test_a_refused_group_asks_for_more_floor_each_time() -> None:
    """Two load units: the share rises by 0.02 / 2 and 0.02, from 1 to 1.03; ten: 1.002 + 0.02."""
    cuts = Cuts()
    learn(cuts, [Refusal(3, 2, 1, (), frozenset()), Refusal(4, 10, 1, (), frozenset())])
    assert cuts.floor_scale == pytest.approx({3: 1.03, 4: 1.022})
    learn(cuts, [Refusal(3, 2, 1, (), frozenset())])
    assert cuts.floor_scale[3] == pytest.approx(1.03 * 1.01 + 0.02)
    assert not cuts.one_run
