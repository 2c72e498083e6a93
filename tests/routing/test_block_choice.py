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
from routing.neighbourhoods import Search
from routing.priced_blocks import PricedBlocks
from routing.selection import objectives
from tests.routing.test_block_plans import model_of
from tests.routing.tiny_cases import tiny_case

EXACT = Limits(20.0, 1e-6)
SEEDS = range(2, 48, 3)
"""Projects in which ships and lorries are scarce (tests/routing/tiny_cases.py)."""
MOST_CHOICES = 200


def choice_of(seed: int) -> BlockChoice:
    """Plans at rough prices, then twice at those of the mix."""
    model = model_of(tiny_case(seed))
    priced = PricedBlocks(model, None)
    for column in model.misses:
        model.linear.upper[column] = inf
    search = Search(model, lambda words: None)
    first, _ = objectives(model, model.options.case.settings)
    choice = BlockChoice(search, priced, search.vector(first))
    plans = BlockPlans(priced, 1)
    for _ in range(3):
        for block in priced.blocks:
            choice.add(plans.propose(block, 2.0, lambda: 9.0, proves=False))
        mixed = choice.relax(EXACT)
        assert mixed is not None
        priced.reprice(mixed.prices)
    return choice


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
    """With one block at once, each block still has one of its plans; the shares are whole."""
    monkeypatch.setattr(block_choice, "MOST_AT_ONCE", 1)
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
    bound = priced.bound(proposed=proposed, relaxed=best)
    assert -inf < bound <= best.objective + 1e-3 + 1e-6 * abs(best.objective)
