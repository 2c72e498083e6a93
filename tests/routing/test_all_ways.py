"""The bound over all ways, at the prices of a relaxation: below the best plan of tiny projects."""

from __future__ import annotations

from dataclasses import replace
from math import inf, isfinite

import numpy as np
import pytest

from lowhaul.solve import Limits, Solved, relaxation
from routing import large
from routing.all_ways import bound_all_ways, is_claimed, seconds_of
from routing.box_prices import price_of
from routing.case import Case
from routing.large import LargeChooser
from routing.plan_model import PlanModel
from routing.searched import Searched
from routing.selection import Clock
from routing.stocks import Stock, StockKey
from tests.routing.test_block_plans import model_of
from tests.routing.tiny_cases import corridor, plain_order, planned, tiny_case
from tests.routing.tiny_turns import turning_case

EXACT = Limits(20.0, 1e-6)
SEEDS = range(30)
UNPAID = Solved("timeout")


def relaxed_of(case: Case) -> tuple[Searched, PlanModel, Solved]:
    """What a search begins with: the few runs, their model and its relaxation."""
    searched = LargeChooser(case, Clock(60.0), lambda words: None).searched
    model = model_of(case)
    return searched, model, relaxation(model.linear, EXACT)


def case_of(seed: int, objective: str) -> Case:
    """Every other one with depots and detention, some of the others with centres."""
    case = (turning_case if seed % 2 else tiny_case)(seed, objective)
    return replace(case, settings=replace(case.settings, gap=0.0))


@pytest.mark.parametrize("objective", ["min_emissions", "min_cost"])
@pytest.mark.parametrize("seed", SEEDS)
def test_no_plan_is_better_than_the_bound(seed: int, objective: str) -> None:
    case = case_of(seed, objective)
    best = planned(case)
    if not is_claimed(case) or best.unserved:
        pytest.skip("no bound is claimed, or orders stay behind")
    searched, model, relaxed = relaxed_of(case)
    least = best.cost if objective == "min_cost" else best.co2e
    for prices in (relaxed, UNPAID):
        bound = bound_all_ways(searched, model, prices, lambda: 9.0)
        assert bound <= least + 0.05 + 1e-6 * abs(least)


def test_prices_lift_the_bound_where_boxes_and_capacities_are_scarce() -> None:
    """Over 30 projects; nearly never are the prices of a relaxation worse than none."""
    gains = []
    for seed in SEEDS:
        case = case_of(seed, "min_emissions")
        if not is_claimed(case):
            continue
        searched, model, relaxed = relaxed_of(case)
        paid, unpaid = (bound_all_ways(searched, model, p, lambda: 9.0) for p in (relaxed, UNPAID))
        if isfinite(paid) and isfinite(unpaid) and unpaid > 1.0:
            gains.append((paid - unpaid) / unpaid)
    assert len(gains) > 10
    assert np.mean(gains) > 0.01
    assert sum(gain > 1e-6 for gain in gains) > 4 * sum(gain < -1e-6 for gain in gains)


def stock(limits: list[tuple[int | None, int]], *, left: bool, to_be_used: int | None) -> Stock:
    found = Stock(StockKey("L", "BOX", "YARD", "A", "PORT"))
    found.limits, found.to_be_used = limits, to_be_used
    found.left = [0] if left else []
    return found


def test_prices_of_a_box_fall_with_the_days() -> None:
    """Days 10 to 14; rows 0 and 1 end before 12 and 14, row 2 asks that freed boxes are used.

    Sums until then at -3 and -2: 5 before day 12, then 2, none from 14 on. Day by day the same
    rows say 3, then 2; and where noise has them rise, 2 and 4, both are 4. A price of 1 for the
    use takes 1 off each.
    """
    days = np.arange(10, 15)
    both = [(12, 0), (14, 1)]
    sums, alone = (stock(both, left=left, to_be_used=None) for left in (False, True))
    prices = np.array([-3.0, -2.0, 1.0])
    assert price_of(sums, prices, days).tolist() == [5, 5, 2, 2, 0]
    assert price_of(alone, prices, days).tolist() == [3, 3, 2, 2, 0]
    assert price_of(alone, np.array([-2.0, -4.0, 1.0]), days).tolist() == [4, 4, 4, 4, 0]
    used = stock([(12, 0), (None, 1)], left=False, to_be_used=2)
    assert price_of(used, prices, days).tolist() == [4, 4, 1, 1, 1]


def test_a_bound_that_would_take_too_long_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    chooser = LargeChooser(case_of(0, "min_emissions"), Clock(60.0), said.append)
    chooser.claims_bound = True
    monkeypatch.setattr(large, "seconds_of", lambda case: 1e9)
    assert chooser.bound_all_ways(UNPAID) == -inf
    assert "no time for a bound over all ways" in said
    assert seconds_of(chooser.case) < 0.5


def test_a_bound_whose_time_is_over_is_that_of_the_relaxation() -> None:
    """Blocks then prove nothing more: it is no better than with all the time; at once, none."""
    searched, model, relaxed = relaxed_of(case_of(0, "min_emissions"))
    left_s = iter((9.0, 0.0))
    soon = bound_all_ways(searched, model, relaxed, lambda: next(left_s))
    assert 0.0 < soon <= bound_all_ways(searched, model, relaxed, lambda: 9.0)
    assert bound_all_ways(searched, model, relaxed, lambda: 0.0) == -inf


@pytest.mark.parametrize("pieces", [20, 160])
def test_a_cheaper_heavy_band_does_not_stand_for_the_light_one(pieces: int) -> None:
    """From 1,000 kg on each leg costs half; 220 kg pay in full, 1,680 kg half."""
    case = corridor(orders=(plain_order("O", "PA", pieces, 9),))
    bids = [
        replace(bid, bid_id=bid.bid_id + band, rate=bid.rate * share, **limits)
        for bid in case.bids
        for band, share, limits in (
            ("L", 1.0, {"weight_to_kg": 1_000.0}), ("H", 0.5, {"weight_from_kg": 1_000.0})
        )
    ]  # fmt: skip
    settings = replace(case.settings, objective="min_cost", gap=0.0)
    case = replace(case, bids=tuple(bids), settings=settings)
    best = planned(case)
    assert not best.unserved
    searched, model, relaxed = relaxed_of(case)
    for prices in (relaxed, UNPAID):
        bound = bound_all_ways(searched, model, prices, lambda: 9.0)
        assert 0.0 < bound <= best.cost + 0.01
