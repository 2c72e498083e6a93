"""The judge of a tender's terms: sums by hand (tender_plan.py), and each corruption named."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from routing.case import Case
from routing.check import charges, check_plan, rebates, tender
from routing.check.plan import Plan as Judged
from routing.ledger import Ledger, make_ledger
from routing.tender import Bundle, Tender
from scenarios.results import result_tables
from tests.routing.corruptions import Corruption, copied
from tests.routing.handmade_plan import handmade_plan
from tests.routing.tender_corruptions import TENDER_LIES, TIGHTER_TERMS, TighterTerms
from tests.routing.tender_plan import tender_books, tender_case, tender_tables
from tests.routing.tiny_cases import planned
from tests.routing.tiny_tender import tender_case as drawn_case

Answer = tuple[Case, dict[str, pd.DataFrame], dict[str, Any]]


@pytest.fixture(scope="module")
def books() -> Ledger:
    return tender_books()


@pytest.fixture(scope="module")
def answer(books: Ledger) -> Answer:
    case = tender_case()
    return case, *tender_tables(case, books)


def test_books_and_judge_agree_on_the_sums_by_hand(books: Ledger, answer: Answer) -> None:
    """264.98 off base rates, as tender_plan.py adds it up, and 1.92 less fuel: 27.40 - 25.48."""
    given = sorted((r.bid_id, r.amount) for r in books.costs if r.charge_code == "DISC")
    assert given == [
        ("R-FTL", -6.0),
        ("R-HP", -9.0),
        ("R-LTL", -4.0),
        ("R-PP", -10.96),
        ("R-PP", -8.22),
        ("R-SEA", -90.0),
        ("R-SEA", -18.0),
        ("R-SEAI", -54.0),
        ("R-SEAI", -54.0),
        ("R-SEAI", -10.8),
    ]
    plain = tender_books(handmade_plan()[0])
    assert plain.cost - books.cost == pytest.approx(264.98 + 1.92)
    assert check_plan(*answer) == []


def test_rebates_of_a_shipment_are_shared_by_base_cost(books: Ledger) -> None:
    """What has no shipment is shared: the costs of all shipments add up to the plan's."""
    assert sum(s.cost for s in books.sums.values()) == pytest.approx(books.cost)
    plain = tender_books(handmade_plan()[0])
    assert all(s.cost < plain.sums[name].cost for name, s in books.sums.items())


def test_a_reused_box_saves_less_where_its_rate_is_rebated(books: Ledger) -> None:
    """R-PP with the box 274 x 0.93 x 1.1 = 280.302, without it 400 x 0.93 x 1.1 = 409.20; 25 fee
    and 80 return as before: -128.898 + 25 - 80 = -183.90.
    """
    assert books.round_use[0].cost_change == -183.9


@pytest.mark.parametrize("lie", TENDER_LIES, ids=lambda c: c.name)
def test_a_lie_about_rebates_is_named(answer: Answer, lie: Corruption) -> None:
    case, tables, summary = answer
    mine = copied(tables)
    assert lie.mutate(mine, summary)
    assert lie.expected_rule in {f.rule for f in check_plan(case, mine, summary)}


@pytest.mark.parametrize("terms", TIGHTER_TERMS, ids=lambda c: c.name)
def test_terms_that_are_not_met_are_named(answer: Answer, terms: TighterTerms) -> None:
    case, tables, summary = answer
    tighter = terms.mutate(case)
    assert terms.expected_rule in {f.rule for f in check_plan(tighter, tables, summary)}


def test_what_others_pay_counts_nowhere(answer: Answer) -> None:
    """Without the rules, all orders delivered to FAR are sold free at PORT: no sea leg is ours."""
    case, tables, summary = answer
    orders = tuple(
        replace(o, named_place="PORT") if o.destination == "FAR" else o for o in case.orders
    )
    sold = replace(case, orders=orders, tender=replace(case.tender, rules=()))
    told = [f for f in check_plan(sold, tables, summary) if f.rule == "rebates_earned"]
    # R-SEAI alone is ours: 4 TEU reach the tier of 2 % only, and the bundle SEA is not whole
    assert {f.key for f in told} == {"DISC R-SEA", "DISC R-SEAI"}
    assert any("-54.00, tier of OCEAN gives -21.60" in f.message for f in told)


def test_nested_bundles_are_taken_once() -> None:
    """Both of {SEA}, {SEA, SEAI} could hold their bids; a bid goes with one, so the larger holds
    both: 1 % of 1,800 and of 1,080, and nothing of the smaller one's 3 %.
    """
    bundles = (
        Bundle("ONE", ("R-SEA",), 3.0, "all_or_nothing", 1),
        Bundle("TWO", ("R-SEA", "R-SEAI"), 1.0, "all_or_nothing", 2),
    )
    case = replace(tender_case(), tender=Tender((), bundles, ()))
    books = tender_books(case)
    given = [(r.bid_id, r.amount) for r in books.costs if r.charge_code == "DISC"]
    assert given == [("R-SEA", -18.0), ("R-SEAI", -10.8)]
    assert not [f for f in check_plan(case, *tender_tables(case, books)) if "rebate" in f.rule]


def test_without_terms_nothing_is_taken_off() -> None:
    case = replace(tender_case(), tender=Tender())
    books = tender_books(case)
    assert not [r for r in books.costs if r.charge_code == "DISC"]
    assert check_plan(case, *tender_tables(case, books)) == []


@pytest.mark.parametrize("seed", [s for s in range(30) if s not in (0, 8, 14, 16)])
def test_plans_of_drawn_tenders_are_let_through(seed: int) -> None:
    """What the planner plans and books under drawn terms, the judge finds right.

    Left out are projects whose rules no plan keeps.
    """
    case = drawn_case(seed, "min_cost")
    plan = planned(case).planned.plan
    tables = result_tables(case, make_ledger(case, plan), plan.unserved, (), ())
    judged = Judged(case, tables, {})
    rules = (*rebates.RULES, *tender.RULES, *charges.RULES)
    assert [(rule.__name__, fault) for rule in rules for fault in rule(judged)] == []
