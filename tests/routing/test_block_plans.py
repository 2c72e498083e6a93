"""Priced blocks held against their whole models: rounded rows, fillings, rough prices."""

from __future__ import annotations

from math import inf

import numpy as np
import pytest

from lowhaul.solve import Limits, Solved, relaxation, solve
from routing import block_plans, priced_blocks
from routing.block_plans import BlockPlans
from routing.case import Case
from routing.filling.fill import fill
from routing.filling.tables import table_of
from routing.large import LargeChooser
from routing.model import Cuts, PlanModel, build_model
from routing.priced_blocks import PricedBlock, PricedBlocks
from routing.rounding import Rounding
from routing.selection import Clock, objective_constant, objectives, servable
from tests.routing.tiny_cases import corridor, plain_order, tiny_case

SEEDS = range(24)
EXACT = Limits(20.0)


def model_of(case: Case) -> PlanModel:
    """The model of the few runs, with all service that is possible asked for."""
    model = build_model(LargeChooser(case, Clock(60.0), lambda words: None).options, Cuts())
    first, _ = objectives(model, case.settings)
    model.linear.minimise(first, objective_constant(model, case.settings))
    for column in servable(model):
        model.linear.upper[column] = 0.0
    return model


def priced_by(case: Case, *, rough: bool) -> tuple[PricedBlocks, Solved]:
    model = model_of(case)
    relaxed = relaxation(model.linear, EXACT)
    return PricedBlocks(model, None if rough else relaxed), relaxed


def best_of(plans: BlockPlans, block: PricedBlock, rows: list) -> Solved:  # type: ignore[type-arg]
    small, _ = plans._small(block, plans.priced.upper, whole_units=True, rows=rows)
    return solve(small, EXACT)


def test_load_units_are_rounded_up() -> None:
    """10 handling units, 4 a container: a relaxation buys 2.5 of them, a rounded row asks for 3."""
    model = model_of(corridor(orders=(plain_order("A", "PA", 380, 9),)))
    priced = PricedBlocks(model, None)
    plans = BlockPlans(priced, 1)
    (block,) = [b for b in priced.blocks if len(b.columns) > 1]
    table = table_of(model, block.columns, priced.upper, priced.priced)
    assert table is not None
    small, kept = plans._small(block, priced.upper, whole_units=False)
    counts = [at for at, c in enumerate(kept) if int(c) in model.load_unit_columns]
    before = relaxation(small, EXACT)
    after = relaxation(small, EXACT, Rounding(table, small, kept).rows)
    assert sum(before.values[c] for c in counts) == pytest.approx(2.5)
    assert sum(after.values[c] for c in counts) == pytest.approx(3.0)
    assert after.bound > before.bound


@pytest.mark.parametrize("objective", ["min_emissions", "min_cost"])
@pytest.mark.parametrize("seed", SEEDS)
def test_rounded_rows_hold_in_the_best_plan_of_a_block(seed: int, objective: str) -> None:
    priced, _ = priced_by(tiny_case(seed, objective), rough=bool(seed % 2))
    plans = BlockPlans(priced, 1)
    for block in priced.blocks:
        table = table_of(priced.model, block.columns, priced.upper, priced.priced)
        if table is None:
            continue
        rows, bound = plans._rounded(block, table)
        best, rounded = best_of(plans, block, []), best_of(plans, block, rows)
        assert (best.status, rounded.status) in {("optimal",) * 2, ("infeasible",) * 2}
        if best.found:
            assert rounded.objective == pytest.approx(best.objective, rel=1e-6, abs=1e-3)
            assert bound <= best.objective + 1e-3


@pytest.mark.parametrize("seed", SEEDS)
def test_a_filling_keeps_all_rows_and_is_no_better_than_the_best(seed: int) -> None:
    priced, _ = priced_by(tiny_case(seed), rough=bool(seed % 2))
    plans = BlockPlans(priced, 1)
    for block in priced.blocks:
        table = table_of(priced.model, block.columns, priced.upper, priced.priced)
        if table is None:
            continue
        filled = fill(
            priced.model, priced.rows, table, block.columns, block.rows, priced.upper,
            priced.priced, 5.0, 1,
        )  # fmt: skip
        best = best_of(plans, block, [])
        if filled is None:
            continue
        assert best.found
        assert filled.value >= best.objective - 1e-3
        x = np.zeros(len(priced.upper))
        x[block.columns] = filled.values
        activity = priced.rows.by_row[block.rows] @ x
        assert (activity <= priced.rows.upper[block.rows] + 1e-5).all()
        assert (activity >= priced.rows.lower[block.rows] - 1e-5).all()


def test_most_tiny_blocks_are_filled() -> None:
    filled = asked = 0
    for seed in SEEDS:
        priced, _ = priced_by(tiny_case(seed), rough=False)
        for block in priced.blocks:
            table = table_of(priced.model, block.columns, priced.upper, priced.priced)
            if table is None:
                continue
            asked += 1
            filled += (
                fill(
                    priced.model, priced.rows, table, block.columns, block.rows, priced.upper,
                    priced.priced, 5.0, 1,
                )
                is not None
            )  # fmt: skip
    assert asked > len(SEEDS)
    assert filled >= 0.7 * asked


@pytest.mark.parametrize("rough", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
def test_blocks_bound_the_whole(seed: int, rough: bool) -> None:
    """What blocks prove together is at or below the best plan of the model."""
    priced, relaxed = priced_by(tiny_case(seed), rough=rough)
    if relaxed.status != "optimal":
        return
    plans = BlockPlans(priced, 1)
    proposed = [plans.propose(block, 2.0, lambda: 9.0) for block in priced.blocks]
    best = solve(priced.model.linear, EXACT)
    bound = priced.bound(proposed)
    assert bound > -inf
    assert bound <= best.objective + 1e-3 + 1e-6 * abs(best.objective)
    if not rough:
        assert bound >= relaxed.bound - 1e-6


@pytest.mark.parametrize("seed", SEEDS)
def test_joined_blocks_are_bounded_by_their_parts(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every block is too large for one relaxation; what centres could serve is not asked for."""
    monkeypatch.setattr(priced_blocks, "LARGE_BLOCK", 1)
    monkeypatch.setattr(block_plans, "MOST_ROUNDED", 1)
    priced, relaxed = priced_by(tiny_case(seed), rough=True)
    if relaxed.status != "optimal":
        return
    plans = BlockPlans(priced, 1)
    proposed = [plans.propose(block, 2.0, lambda: 9.0) for block in priced.blocks]
    bound = priced.bound(proposed)
    best = solve(priced.model.linear, EXACT)
    assert -inf < bound <= best.objective + 1e-3 + 1e-6 * abs(best.objective)


def test_some_joined_blocks_fall_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bound by parts that asks for nothing at all would hold, too."""
    monkeypatch.setattr(priced_blocks, "LARGE_BLOCK", 1)
    monkeypatch.setattr(block_plans, "MOST_ROUNDED", 1)
    close = 0
    for seed in SEEDS:
        priced, relaxed = priced_by(tiny_case(seed), rough=True)
        if relaxed.status == "optimal":
            plans = BlockPlans(priced, 1)
            done = [plans.propose(block, 2.0, lambda: 9.0) for block in priced.blocks]
            close += priced.bound(done) >= 0.5 * relaxed.objective
    assert close >= len(SEEDS) / 3
