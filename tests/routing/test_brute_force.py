"""The planner against trying every plan (brute_force.py), on projects drawn at random.

A plan is judged by what is booked for it (routing.ledger), not by what the solver says of it. Rows
are rounded to cents and grams, so sums may differ by a few of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from math import inf

import pytest

from lowhaul.errors import NoPlanExists
from routing.case import Case
from routing.tender import RULES
from tests.routing.brute_force import BruteForce
from tests.routing.test_planner import BOX_AT_YARD, round_trip, with_box
from tests.routing.tiny_cases import corridor, plain_order, planned, tiny_case
from tests.routing.tiny_tender import tender_case

PROJECTS = [seed for seed in range(130) if seed != 108]
"""Seed 108 has three inbound and outbound orders with six ships: right, but 5 s of trying."""

LONG_TRIES = {11, 28, 64, 70, 78, 81, 93, 96, 104, 108, 130, 148, 163, 166}
TENDERS = [seed for seed in range(185) if seed not in LONG_TRIES]
"""Projects with the terms of a tender; those left out take long to try, 1.5 to 9 s each."""

BILLS = "one run with some reused boxes is two shipments, with a bill of lading each"
FAULTS = {
    (121, "min_cost"): BILLS,
}
TENDER_FAULTS = {
    121: BILLS,
}
"""Projects that the planner does not plan best, and why; each must fail until that is mended."""


def drawn() -> list[object]:
    """Every project with both objectives."""
    return [
        pytest.param(seed, objective, marks=expected(FAULTS.get((seed, objective))))
        for seed in PROJECTS
        for objective in ("min_emissions", "min_cost")
    ]


def expected(why: str | None) -> list[pytest.MarkDecorator]:
    """The mark of a project that must fail for a known reason."""
    return [pytest.mark.xfail(strict=True, reason=why)] if why else []


@pytest.mark.parametrize(("seed", "objective"), drawn())
def test_the_plan_is_the_best_of_all(seed: int, objective: str) -> None:
    assert agrees(tiny_case(seed, objective))


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=expected(TENDER_FAULTS.get(seed))) for seed in TENDERS]
)
def test_the_plan_is_the_best_under_the_terms_of_a_tender(seed: int) -> None:
    assert agrees(tender_of(seed))


def tender_of(seed: int) -> Case:
    """Two of three for least cost, where rebates decide."""
    return tender_case(seed, "min_emissions" if seed % 3 == 2 else "min_cost")


def agrees(case: Case) -> bool:
    """The planner's plan is as good as the best of all plans, or both find none.

    True if its bound is below the best plan.
    """
    best = BruteForce(case).solve()
    if best.unserved == inf:
        with pytest.raises(NoPlanExists):
            planned(case)
        return True
    found = planned(case)
    assert found.unserved == pytest.approx(best.unserved, abs=1e-6), best.words
    first, second = (found.co2e, best.co2e), (found.cost, best.cost)
    roundings = 0.01, 0.05  # kg of about 15 rows to the gram; EUR of about 15 rows to the cent
    by_cost = case.settings.objective == "min_cost"
    if by_cost:
        first, second, roundings = second, first, roundings[::-1]
    assert first[0] == pytest.approx(first[1], rel=1e-6, abs=roundings[0]), best.words
    # the tie-breaker is solved to a gap of 1e-4
    assert second[0] == pytest.approx(second[1], rel=2e-4, abs=roundings[1]), best.words
    # prices of part loads are rounded to the cent in the model and not in the judge
    slack = 0.05 if by_cost else 1e-3
    return found.planned.bound <= first[1] + max(1e-6 * first[1], slack)


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


def test_the_tenders_are_worth_trying() -> None:
    """Every kind of terms is drawn often, and many plans would be others without one of them."""
    assert len(PROJECTS) + len(TENDERS) == 300
    drawn, binding = Counter[str](), Counter[str]()
    for seed in TENDERS:
        case = tender_of(seed)
        kinds = dict(without_each(case))
        drawn.update(kinds.keys())
        if seed < 60:
            worth = outcome(case)
            binding.update(kind for kind, other in kinds.items() if outcome(other) != worth)
    assert set(drawn) >= {*RULES, "all_units", "incremental", "conditional", "all_or_nothing"}
    assert min(drawn.values()) >= 12, drawn
    assert len(binding) >= 9, binding
    assert binding.total() >= 30, binding


def without_each(case: Case) -> Iterator[tuple[str, Case]]:
    """Each kind of terms that a case has, and the case without it."""
    tender = case.tender
    for kind in ("all_units", "incremental"):
        rest = tuple(t for t in tender.tiers if t.kind != kind)
        if rest != tender.tiers:
            yield kind, replace(case, tender=replace(tender, tiers=rest))
    for kind in ("conditional", "all_or_nothing"):
        others = tuple(b for b in tender.bundles if b.kind != kind)
        if others != tender.bundles:
            yield kind, replace(case, tender=replace(tender, bundles=others))
    groups = [b.xor_group for b in tender.bundles if b.xor_group]
    if len(groups) > len(set(groups)):
        free = tuple(replace(b, xor_group="") for b in tender.bundles)
        yield "xor_group", replace(case, tender=replace(tender, bundles=free))
    for rule in RULES:
        kept = tuple(r for r in tender.rules if r.rule != rule)
        if kept != tender.rules:
            yield rule, replace(case, tender=replace(tender, rules=kept))
    for kind in ("max_share", "min_share"):
        if any(getattr(c, kind) for c in case.carriers.values()):
            named = {n: replace(c, **{kind: None}) for n, c in case.carriers.items()}
            yield f"a carrier's {kind}", replace(case, carriers=named)


def outcome(case: Case) -> tuple[float, float]:
    """What is left and the objective, infinite without a plan."""
    try:
        found = planned(case)
    except NoPlanExists:
        return inf, inf
    by_cost = case.settings.objective == "min_cost"
    return round(found.unserved, 3), round(found.cost if by_cost else found.co2e, 1)


def test_seeds_give_the_same_project() -> None:
    assert tiny_case(3).bids == tiny_case(3).bids
    assert replace(tiny_case(3), settings=tiny_case(4).settings).orders == tiny_case(3).orders
