"""Mixes of plans of blocks: held against every choice of one plan for each block."""

from __future__ import annotations

from itertools import product
from math import inf, prod

import numpy as np
import pytest

from lowhaul.solve import Limits, relaxation, solve
from routing import block_choice
from routing.block_choice import BlockChoice
from routing.block_plans import BlockPlans
from routing.case import Case
from routing.neighbourhoods import Search
from routing.priced_blocks import PricedBlocks, Proposed
from tests.routing.test_block_plans import model_of
from tests.routing.tiny_cases import tiny_case

EXACT = Limits(20.0, 1e-6)
SEEDS = range(2, 48, 3)
"""Projects in which ships and lorries are scarce (tests/routing/tiny_cases.py)."""
MOST_CHOICES = 200


def choice_of(seed: int) -> BlockChoice:
    """Plans at rough prices, then twice at those of the mix."""
    choice = empty_choice(tiny_case(seed))
    for _ in range(3):
        mix_once(choice)
    return choice


def empty_choice(case: Case) -> BlockChoice:
    """No plans yet; what is missed is open."""
    model = model_of(case)
    priced = PricedBlocks(model, None)  # its bounds are of plans that miss nothing
    for column in model.misses:
        model.linear.upper[column] = inf
    search = Search(model, lambda words: None)
    return BlockChoice(search, priced, np.zeros(len(search.values)))


def mix_once(choice: BlockChoice) -> None:
    """Plan all blocks at the prices of now, and take the prices of the mix."""
    plans = BlockPlans(choice.priced, 1)
    for block in choice.priced.blocks:
        choice.add(plans.propose(block, 2.0, lambda: 9.0, proves=False))
    mixed = choice.relax(EXACT)
    assert mixed is not None
    choice.priced.reprice(mixed.prices)


def value_of(choice: BlockChoice, taken: tuple[int, ...]) -> float:
    """The least that legs (in parts) and misses add to those plans, with what the plans add."""
    master = choice._master(whole=False)
    for (b, k), column in master.shares.items():
        share = float(k == taken[list(choice.found).index(b)])
        master.model.lower[column] = master.model.upper[column] = share
    return relaxation(master.model, EXACT).objective


@pytest.mark.parametrize("seed", SEEDS)
def test_the_choice_is_the_best_of_all_choices(seed: int) -> None:
    """No choice costs less than the mix, and the choice made is as good as the best one."""
    choice = choice_of(seed)
    if prod(len(plans) for plans in choice.found.values()) > MOST_CHOICES:
        pytest.skip("too many choices to try them all")
    choice.choose(lambda: 20.0, 1, lambda blocks: None)
    taken = tuple(int(np.argmax(choice.shares[b])) for b in choice.found)
    counts = [range(len(plans)) for plans in choice.found.values()]
    values = {every: value_of(choice, every) for every in product(*counts)}
    mix = relaxation(choice._master(whole=False).model, EXACT)
    assert min(values.values()) >= mix.objective - 1e-3
    assert values[taken] == pytest.approx(min(values.values()), rel=1e-4, abs=1e-2)
    for at, (b, plans) in enumerate(choice.found.items()):
        columns = choice.priced.blocks[b].columns
        assert (choice.search.values[columns] == plans[taken[at]].values).all()


def test_plans_are_settled_by_halves(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one block at once and nothing kept free, each block has one plan; shares are whole."""
    monkeypatch.setattr(block_choice, "MOST_AT_ONCE", 1)
    monkeypatch.setattr(block_choice, "KEPT_FREE", 0.0)
    choice = choice_of(5)
    choice.choose(lambda: 20.0, 1, lambda blocks: None)
    assert len(choice.found) > 1
    for b, plans in choice.found.items():
        assert choice.shares[b].max() == pytest.approx(1.0)
        own = choice.search.values[choice.priced.blocks[b].columns]
        assert (own == plans[int(np.argmax(choice.shares[b]))].values).all()


def test_most_projects_have_several_plans_of_a_block() -> None:
    several = [max(len(plans) for plans in choice_of(seed).found.values()) > 1 for seed in SEEDS]
    assert sum(several) >= 3


@pytest.mark.parametrize("seed", SEEDS)
def test_blocks_bound_the_whole_at_prices_of_a_mix(seed: int) -> None:
    """What blocks prove at those prices is at or below the best plan, which misses nothing."""
    choice = choice_of(seed)
    priced, model = choice.priced, choice.search.model
    plans = BlockPlans(priced, 1)
    proposed = [plans.propose(block, 2.0, lambda: 9.0) for block in priced.blocks]
    for column in model.misses:
        model.linear.upper[column] = 0.0
    best = solve(model.linear, EXACT)
    bound = priced.bound(proposed)
    assert -inf < bound <= best.objective + 1e-3 + 1e-6 * abs(best.objective)


def test_a_plan_that_is_less_late_is_better() -> None:
    """The same plan twice, the second without the day that counts 1,000."""
    choice = choice_of(5)
    b, (plan, *_) = next(iter(choice.found.items()))
    block = choice.priced.blocks[b]
    used = block.columns[plan.values > 0.5][0]
    choice.late[used] = 1e9
    choice.found[b] = [plan]
    without = plan.values.copy()
    without[block.columns == used] = 0.0
    assert choice.add(Proposed(block, -inf, without)) > 1e8


def test_what_cannot_be_kept_costs_no_more_than_so_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """However often a limit is missed, the charge stops at its most; the value of a load stays."""
    choice = choice_of(5)
    value = choice.value_of_a_load
    monkeypatch.setattr(block_choice, "FITS", -1.0)  # every limit counts as missed
    for _ in range(15):
        mixed = choice.relax(EXACT)
        assert mixed is not None
        choice.priced.reprice(mixed.prices)
    assert choice.charge == block_choice.MOST_CHARGE
    assert choice.value_of_a_load == value


def test_a_tenth_of_each_capacity_is_kept_free_of_many_blocks_only(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = choice_of(5)
    assert not few.kept_free.any()
    monkeypatch.setattr(block_choice, "MOST_AT_ONCE", 1)
    many = choice_of(5)
    first = many.search.model.goods_rows
    capacities = [r for r in many.search.linear.rows[first:] if r.name.startswith("capacity[")]
    assert capacities
    assert many.kept_free.sum() == pytest.approx(0.1 * sum(row.upper for row in capacities))


def test_prices_of_the_mix_stand_again_after_settling(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block_choice, "MOST_AT_ONCE", 1)
    choice = choice_of(5)
    mixed = choice.relax(EXACT)
    assert mixed is not None
    choice.priced.reprice(mixed.prices)
    before = choice.priced.priced.copy()
    choice.choose(lambda: 20.0, 1, lambda blocks: None)
    assert choice.priced.priced == pytest.approx(before)


def test_at_prices_of_every_leg_no_leg_alone_lessens_a_bound() -> None:
    """Legs that no plan uses are left out of a mix, and may seem worth using at its prices."""
    outside = []
    for seed in SEEDS:
        choice = choice_of(seed)
        priced = choice.priced
        beside = np.flatnonzero(~choice.goods)
        before = priced.least(beside)
        choice.price_every_leg(EXACT)
        assert priced.least(beside) == pytest.approx(0.0, abs=1e-3)
        plans = BlockPlans(priced, 1)
        proved = [Proposed(b, plans.proved(b, 2.0), None) for b in priced.blocks]
        model = choice.search.model
        for column in model.misses:
            model.linear.upper[column] = 0.0
        best = solve(model.linear, EXACT)
        assert -inf < priced.bound(proved) <= best.objective + 1e-3 + 1e-6 * abs(best.objective)
        outside.append(before)
    assert min(outside) < -1.0
