"""The planner against trying every plan (brute_force.py), on projects drawn at random.

A plan is judged by what is booked for it (routing.ledger), not by what the solver says of it. Rows
are rounded to cents and grams, so sums may differ by a few of them.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.routing.brute_force import BruteForce
from tests.routing.test_planner import BOX_AT_YARD, round_trip, with_box
from tests.routing.tiny_cases import corridor, plain_order, planned, tiny_case

PROJECTS = [seed for seed in range(130) if seed != 108]
"""Seed 108 has three inbound and outbound orders with six ships: right, but 5 s of trying."""

BILLS = "one run with some reused boxes is two shipments, with a bill of lading each"
FAULTS = {
    (121, "min_cost"): BILLS,
}
"""Projects that the planner does not plan best, and why; each must fail until that is mended."""


def drawn() -> list[object]:
    """Every project with both objectives."""
    found: list[object] = []
    for seed in PROJECTS:
        for objective in ("min_emissions", "min_cost"):
            why = FAULTS.get((seed, objective))
            marks = [pytest.mark.xfail(strict=True, reason=why)] if why else []
            found.append(pytest.param(seed, objective, marks=marks))
    return found


@pytest.mark.parametrize(("seed", "objective"), drawn())
def test_the_plan_is_the_best_of_all(seed: int, objective: str) -> None:
    case = tiny_case(seed, objective)
    found, best = planned(case), BruteForce(case).solve()
    assert found.unserved == pytest.approx(best.unserved, abs=1e-6), best.words
    first, second = (found.co2e, best.co2e), (found.cost, best.cost)
    roundings = 0.01, 0.05  # kg of about 15 rows to the gram; EUR of about 15 rows to the cent
    if objective == "min_cost":
        first, second, roundings = second, first, roundings[::-1]
    assert first[0] == pytest.approx(first[1], rel=1e-6, abs=roundings[0]), best.words
    # the tie-breaker is solved to a gap of 1e-4
    assert second[0] == pytest.approx(second[1], rel=2e-4, abs=roundings[1]), best.words
    # prices of part loads are rounded to the cent in the model and not in the judge
    slack = 0.05 if objective == "min_cost" else 1e-3
    assert found.planned.bound <= first[1] + max(1e-6 * first[1], slack)


def test_the_judge_knows_the_sums_worked_out_by_hand() -> None:
    """The plans of test_planner.py: 449.259 kg; 453.228 kg shared; 403.794 and 716.658 kg."""
    two = (plain_order("O1", "PA", 80, 9), plain_order("O2", "PA", 80, 9))
    cases = {
        449.259: corridor(),
        453.228: corridor(orders=two),
        403.794: with_box(BOX_AT_YARD),
        716.658: round_trip(),
    }
    for kg, case in cases.items():
        assert BruteForce(case).solve().co2e == pytest.approx(kg, abs=1e-3)


def test_the_projects_are_worth_trying() -> None:
    """Sharing, turns, centres, part loads, orders left behind: each happens among them."""
    plans = [planned(tiny_case(seed)) for seed in PROJECTS[:80]]
    shared = [p for p in plans for s in p.planned.plan.shipments if len(s.contents) > 1]
    assert len(shared) >= 10
    assert sum(p.boxes_reused > 0 for p in plans) >= 8
    assert sum(p.unserved > 0 for p in plans) >= 3
    parts = [s for p in plans for s in p.planned.plan.shipments if not s.equipment]
    centres = [c for p in plans for s in p.planned.plan.shipments for c in s.contents if c.hub]
    assert len(parts) >= 5
    assert len(centres) >= 4


def test_seeds_give_the_same_project() -> None:
    assert tiny_case(3).bids == tiny_case(3).bids
    assert replace(tiny_case(3), settings=tiny_case(4).settings).orders == tiny_case(3).orders
