"""The front of one model under moving limits, against every plan (brute_front.py)."""

from __future__ import annotations

from dataclasses import replace
from math import inf

import pytest

from lowhaul.errors import TimeIsUp
from routing.case import Case
from routing.front import FrontPlan, Traced, trace
from routing.front_large import nondominated, price_of, trace_large
from routing.ledger import make_ledger
from routing.searched import Shared
from routing.selection import Clock
from tests.routing.brute_front import BruteFront
from tests.routing.tiny_cases import corridor, ocean, plain_bid, tiny_case

SEEDS = (*range(3), *range(4, 28), *range(29, 44))
BOOKED_OTHERWISE = {3: "cost", 28: "co2e"}
"""Projects with a point whose books are not those of its model, and what differs.

3: two runs under one bill of lading in the model are two shipments. 28: the model spreads cargo
over two bids otherwise than the loader does. Their front is not called exact.
"""


def traced(case: Case, points: int = 4, seconds: float = 60.0) -> tuple[Traced, list[FrontPlan]]:
    plans: list[FrontPlan] = []
    own = replace(case.settings, objective="min_cost")
    case = replace(case, settings=own)
    result = trace(case, points, Clock(seconds), lambda _: None, plans.append, None)
    return result, sorted(plans, key=lambda p: p.cost or 0.0)


def books(case: Case, plan: FrontPlan) -> tuple[float, float]:
    assert plan.planned is not None
    ledger = make_ledger(case, plan.planned.plan)
    return ledger.cost, sum(row.element.known.wtw_kg for row in ledger.legs)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_front_is_that_of_all_plans(seed: int) -> None:
    case = tiny_case(seed)
    result, plans = traced(case)
    assert result.complete, result.open_because
    every = BruteFront(case).points()
    found = [(p.cost, p.co2e_kg) for p in plans]
    assert len(found) == len(every), (found, every)
    for mine, right in zip(plans, every, strict=True):
        # prices of part loads are rounded to the cent in the model and not in the judge
        assert mine.cost == pytest.approx(right[0], abs=0.02)
        assert mine.co2e_kg == pytest.approx(right[1], abs=0.01)
        assert books(case, mine) == pytest.approx(right, abs=0.05)
        assert mine.proved
        assert mine.cost_bound == pytest.approx(right[0], abs=0.02)


def test_the_projects_have_fronts_worth_the_name() -> None:
    sizes = [len(traced(tiny_case(seed))[1]) for seed in SEEDS[:12]]
    assert max(sizes) >= 5
    assert sum(size > 1 for size in sizes) >= 6


@pytest.mark.parametrize("seed", sorted(BOOKED_OTHERWISE))
def test_books_may_differ_from_the_model(seed: int) -> None:
    """If this fails the model was mended: take the seed into SEEDS."""
    case = tiny_case(seed)
    _, plans = traced(case)
    own = {"cost": [p.cost for p in plans], "co2e": [p.co2e_kg for p in plans]}
    booked = [books(case, p) for p in plans]
    both = {"cost": [b[0] for b in booked], "co2e": [b[1] for b in booked]}
    differ = {k for k in own if own[k] != pytest.approx(both[k], abs=0.05)}
    assert differ == {BOOKED_OTHERWISE[seed]}


def two_ships(**changes: object) -> Case:
    """The corridor with a second ship: 100 EUR dearer, half the CO2e of 200 g a TEU-km."""
    clean = {"co2e_per": "teu_km", "data_type": "primary"}
    bids = (
        plain_bid("R1", "T1", "PA", "E1", 200.0),
        ocean("S1", "L1", 500.0, co2e_wtw_g=200.0, **clean),
        ocean("S2", "L2", 600.0, co2e_wtw_g=100.0, **clean),
        plain_bid("R2", "T3", "I1", "CUST", 150.0),
    )
    return corridor(bids=bids, **changes)


def test_two_ships_by_hand() -> None:
    """850 and 950 EUR; 1,000 km at sea (shortest distance), one TEU: 100 g less is 100 kg less."""
    _, (cheap, clean) = traced(two_ships())
    assert (cheap.cost, clean.cost) == pytest.approx((850.0, 950.0))
    assert cheap.co2e_kg is not None
    assert clean.co2e_kg is not None
    assert cheap.co2e_kg - clean.co2e_kg == pytest.approx(100.0, abs=0.01)
    assert cheap.limit_kg == inf


def test_the_scenarios_own_cap_and_budget_hold() -> None:
    """A budget of 900 leaves the cheap ship, a cap below its CO2e the clean one; both none."""
    _, plans = traced(two_ships(budget=900.0))
    assert [p.cost for p in plans] == pytest.approx([850.0])
    cap_t = ((plans[0].co2e_kg or 0.0) - 1.0) / 1000.0
    _, plans = traced(two_ships(emissions_cap_t=cap_t))
    assert [p.cost for p in plans] == pytest.approx([950.0])
    empty = two_ships(budget=900.0, emissions_cap_t=cap_t)
    _, plans = traced(empty)
    assert [p.cost for p in plans] == pytest.approx([0.0])  # the order is left behind


def test_without_time_there_is_no_plan() -> None:
    with pytest.raises(TimeIsUp):
        traced(two_ships(), seconds=0.01)


def test_a_large_case_is_planned_point_by_point() -> None:
    """The same two ships; the plans are found, nothing is claimed to be complete."""
    case = two_ships(objective="min_cost")
    plans: list[FrontPlan] = []
    result = trace_large(case, 3, Clock(30.0), lambda _: None, plans.append)
    assert not result.complete
    assert "for itself" in result.open_because
    assert {round(books(case, p)[0]) for p in plans} == {850, 950}


def test_the_price_of_a_step_makes_both_its_ends_cost_the_same() -> None:
    """850 + 1.25 x 180 = 950 + 1.25 x 100 = 1075."""
    step = (850.0, 180.0), (950.0, 100.0)
    assert price_of(step) == pytest.approx(1.25)
    assert nondominated([*step, (900.0, 185.0), (950.0, 120.0), (850.0, 180.0)]) == list(step)


def test_a_large_case_has_a_point_between_its_ends_and_bounds_below_all() -> None:
    """A third ship: 850 + 40 and 60 kg less than the cheap one, so 20 below the line of both."""
    case = two_ships(objective="min_cost")
    between = ocean(
        "S3", "L1", 540.0, co2e_wtw_g=140.0, co2e_per="teu_km", data_type="primary"
    )  # fmt: skip
    case = replace(case, bids=(*case.bids, between))
    plans: list[FrontPlan] = []
    trace_large(case, 4, Clock(40.0), lambda _: None, plans.append)
    found = sorted({(round(cost), round(kg)) for cost, kg in (books(case, p) for p in plans)})
    assert [cost for cost, _ in found] == [850, 890, 950]
    for plan in plans:
        if plan.cost_bound > -inf:
            assert plan.cost_bound <= books(case, plan)[0] + 0.01


def test_a_shared_model_is_as_it_was_for_every_plan() -> None:
    shared = Shared(two_ships(objective="min_cost"), lambda _: None)
    model = shared.fresh()
    before = list(model.linear.upper)
    model.linear.upper[0] = model.linear.lower[0] = 7.0
    assert shared.fresh().linear.upper == before
