"""Free time in whole plans: turns through a depot, paid detention, days that a box may wait.

The corridor of tests/routing/tiny_cases.py (km): PA 0, STORE 30, YARD 50 (a depot), E1 100. Driven
km are 1.05 x these, an empty BOX emits 866 g a km. O1 is stuffed from START to START + 4. Without
round use 449.259 kg and 850 EUR, and the box of ours goes back 73.5 km: 63.651 kg and 60 EUR.
  street    31.5 km instead of 105 from the port    449.259 - 90.930 + 27.279 = 385.608 kg
  depot     31.5 km: 21 to YARD, 52.5 from there    449.259 - 90.930 + 63.651 = 421.980 kg
Either way the haulier asks 120 EUR instead of 200: 770 EUR.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, cast

import pandas as pd
import pytest

from lowhaul.findings import Findings
from routing.boxes import EmptyBoxes
from routing.case import Case
from routing.check import check_plan
from routing.distances import Distances
from routing.ledger import Ledger, make_ledger
from routing.model import Cuts, build_model
from routing.offers import make_offers
from routing.options import build_options
from routing.stocks import Stock, StockKey
from scenarios.results import result_tables
from scenarios.summary import summary_of
from tests.routing.brute_force import BruteForce
from tests.routing.corruptions import copied
from tests.routing.test_planner import round_trip, with_box
from tests.routing.tiny_cases import (
    START,
    TinyDistances,
    plain_bid,
    plain_order,
    plain_place,
    planned,
)
from tests.routing.tiny_turns import turning_case
from tests.routing.turn_corruptions import TIGHTER_TURNS, TURN_LIES, TighterTurns, TurnLie

NONE = (0, pytest.approx(512.910, abs=2e-3), 910.0)
STREET = (1, pytest.approx(385.608, abs=2e-3), 770.0)
DEPOT = (1, pytest.approx(421.980, abs=2e-3), 770.0)


def on(days: int) -> date:
    return START + timedelta(days=days)


AT_STORE = EmptyBoxes(
    "B1", "BOX", "STORE", "L1", 1, on(-6), "E1", free_until=on(-3), return_cost=60.0, currency="EUR"
)
"""Ready six days before START, free until three days before it."""


def store_case(
    *, wait: int | None = 1, depots: bool = True, objective: str = "min_emissions", **box: Any
) -> Case:
    """The corridor with STORE and its box."""
    case = with_box(replace(AT_STORE, **box), objective=objective)
    points = (*cast(TinyDistances, case.distances).points, ("STORE", 30.0, 0.0))
    places = {**case.places, "STORE": plain_place("STORE", "warehouse")}
    if not depots:
        places["YARD"] = plain_place("YARD", "warehouse")
    return replace(
        case,
        settings=replace(case.settings, box_wait_days=wait),
        places=places,
        distances=cast(Distances, TinyDistances(points)),
    )


def figures(case: Case) -> tuple[int, float, float]:
    """Boxes reused, CO2e and cost of the plan, which is the best of all."""
    found, best = planned(case), BruteForce(case).solve()
    assert found.unserved == pytest.approx(best.unserved, abs=1e-6), best.words
    assert found.co2e == pytest.approx(best.co2e, abs=0.01), best.words
    assert found.cost == pytest.approx(best.cost, abs=0.05), best.words
    return found.boxes_reused, found.co2e, found.cost


def judged(case: Case) -> tuple[Ledger, dict[str, pd.DataFrame], dict[str, Any]]:
    """The books of a plan with its tables and summary, which the judge passes."""
    found = planned(case)
    books = make_ledger(case, found.planned.plan)
    tables = result_tables(
        case, books, found.planned.plan.unserved, (), make_offers(case, Findings())
    )
    summary = summary_of(
        case, found.planned, books, project="p", scenario="s", inputs={}, seconds={}
    )
    assert check_plan(case, tables, summary) == []
    return books, tables, summary


def test_a_box_whose_free_time_ends_goes_through_a_depot() -> None:
    """O1 is stuffed on START at the earliest and takes a box no earlier than the day before; free
    time ended two days before that. The depot takes it in time; without one it goes back.
    """
    assert figures(store_case()) == DEPOT
    assert figures(store_case(depots=False)) == NONE


def test_a_box_that_may_wait_needs_no_depot() -> None:
    """Fetched on its last free day it waits three days: enough of them, or no limit."""
    assert figures(store_case(wait=2)) == DEPOT
    assert figures(store_case(wait=3)) == STREET
    assert figures(store_case(wait=None)) == STREET


def test_a_depot_saves_kilometres_or_is_not_used() -> None:
    """STORE at 150 km: return 52.5 + pick-up 105, less 105 to YARD and 52.5 on: nothing is left.
    At 149 km: 51.45 + 105 - 103.95 - 52.5 = 0 too, as YARD lies on the way: 157.5 each.
    Nearer than E1 something is: at 95 km 5.25 + 105 - 47.25 - 52.5 = 10.5 km.
    """

    def at(km: float) -> Case:
        case = store_case()
        points = dict.fromkeys(("STORE",), km)
        known = cast(TinyDistances, case.distances).points
        moved = tuple((n, points.get(n, x), y) for n, x, y in known)
        return replace(case, distances=cast(Distances, TinyDistances(moved)))

    assert planned(at(150.0)).boxes_reused == 0
    assert planned(at(95.0)).boxes_reused == 1


def test_least_co2e_pays_detention_where_least_cost_takes_the_depot() -> None:
    """Two days at 10 EUR on the street: 385.608 kg and 790 EUR, against 421.980 kg and 770 EUR."""
    assert figures(store_case(detention_per_day=10.0)) == (1, STREET[1], 790.0)
    assert figures(store_case(detention_per_day=10.0, objective="min_cost")) == DEPOT


def test_detention_is_paid_as_long_as_it_is_worth_it() -> None:
    """No depot: 770 EUR and two days of detention, against 910 EUR: up to 70 EUR a day."""
    case = {"depots": False, "objective": "min_cost"}
    assert figures(store_case(detention_per_day=69.0, **case)) == (1, STREET[1], 908.0)
    assert figures(store_case(detention_per_day=71.0, **case)) == NONE
    assert figures(store_case(**case)) == NONE


def test_stuffing_comes_early_where_free_time_ends() -> None:
    """Free until START + 1 and no day to wait: O1 is stuffed on START or the day after, not on the
    last day that would do; ready two days later, it finds the box gone.
    """
    case = store_case(wait=0, depots=False, free_until=on(1))
    found = planned(case)
    assert found.boxes_reused == 1
    assert found.planned.plan.shipments[0].depart <= on(1).toordinal()
    late = replace(case, orders=(replace(case.orders[0], ready_date=on(2)),))
    assert planned(late).boxes_reused == 0
    assert planned(replace(late, settings=replace(late.settings, box_wait_days=1))).boxes_reused


def test_an_import_box_stripped_after_free_time_costs_detention() -> None:
    """Stripped on day 3 with two days free: one day at 15 USD x 0.9 = 13.50 EUR beside 1630 EUR
    (test_planner.py). Two days to strip owe nothing; without a price the box goes back.
    """
    assert figures(priced(3, 15.0)) == (1, pytest.approx(716.658, abs=2e-3), 1643.5)
    assert figures(priced(2, 15.0)) == (1, pytest.approx(716.658, abs=2e-3), 1630.0)
    assert planned(priced(3, None)).boxes_reused == 0


def priced(unstuff_days: int, per_day: float | None, wait: int | None = None) -> Case:
    """The round trip with two free days and a price of the days after them."""
    case = round_trip(free_days=2, unstuff_days=unstuff_days)
    bids = tuple(
        replace(b, detention_per_day=per_day, currency="USD", rate=500.0) if b.bid_id == "S4" else b
        for b in case.bids
    )
    return replace(case, bids=bids, settings=replace(case.settings, box_wait_days=wait))


def test_an_import_box_waits_for_its_export_at_a_price() -> None:
    """IN arrives by START + 9 and is free until START + 11. Where boxes may not wait, O1 stuffed on
    START + 10 owes nothing, on START + 13 two days: 27.00 EUR. Without a price YARD takes the box
    in between: 52.5 km there and 52.5 back, 90.930 kg; without YARD it goes back.
    """
    kg = pytest.approx(716.658, abs=2e-3)
    case = priced(1, 15.0, wait=0)
    assert figures(case) == (1, kg, 1630.0)
    later = replace(case.orders[0], ready_date=on(13))
    case = replace(case, orders=(later, *case.orders[1:]))
    assert figures(case) == (1, kg, 1657.0)
    hard = replace(case, bids=priced(1, None).bids)
    assert figures(hard) == (1, pytest.approx(716.658 + 90.930, abs=2e-3), 1630.0)
    no_depot = {**hard.places, "YARD": plain_place("YARD", "warehouse")}
    assert planned(replace(hard, places=no_depot)).boxes_reused == 0


def test_books_of_a_depot_turn() -> None:
    """21 km to YARD on the day on which the box stands ready, 52.5 km from there on stuffing;
    saved 73.5 + 105 - 73.5 = 105 km x 866 g = 90.930 kg; 120 - 200 - 60 = -140 EUR.
    """
    books, tables, _ = judged(store_case())
    (turn,) = books.round_use
    assert (turn.depot, turn.day, turn.km_saved) == ("YARD", on(-6).toordinal(), 105.0)
    assert (turn.co2e_avoided_kg, turn.cost_change) == (90.93, -140.0)
    moves = [
        (r.origin, r.destination, r.distance_km, r.depart)
        for r in books.legs
        if r.element.kind == "empty" and "YARD" in (r.origin, r.destination)
    ]
    stuffed = books.trips[0].stuffed
    assert moves == [
        ("STORE", "YARD", 21.0, on(-6).toordinal()),
        ("YARD", "PA", 52.5, stuffed),
    ]
    shipment = tables["shipments"].iloc[0]
    assert shipment["empty_pickup_place"] == "YARD"
    assert shipment["empty_pickup_date"] == date.fromordinal(stuffed)
    ordered = tables["actions"].query("action == 'order_empty'").iloc[0]
    assert (ordered["place"], ordered["date"]) == ("YARD", date.fromordinal(stuffed))
    assert f"handed in by {on(-6)}" in ordered["note"]
    handed = tables["actions"].query("action == 'hand_over_empty' and place == 'YARD'").iloc[0]
    assert (handed["date"], handed["quantity"]) == (on(-6), 1.0)
    assert "from STORE" in handed["note"]


def test_books_of_detention() -> None:
    """Two days at 10 EUR, from the cell in `empties`: 120 - 200 - 60 + 20 = -120 EUR."""
    books, _, _ = judged(store_case(detention_per_day=10.0))
    (turn,) = books.round_use
    assert (turn.depot, turn.day, turn.cost_change) == ("", on(-1).toordinal(), -120.0)
    (row,) = [r for r in books.costs if r.charge_code == "DET"]
    assert (row.quantity, row.rate, row.amount, row.source_file) == (2.0, 10.0, 20.0, "empties")


def test_books_of_detention_of_an_import() -> None:
    """One day at 15 USD, from the cell of the bid; fetched on the day on which it stands ready."""
    books, _, _ = judged(priced(3, 15.0))
    turn = books.round_use[0]
    (row,) = [r for r in books.costs if r.charge_code == "DET"]
    assert (row.quantity, row.rate, row.rate_currency, row.amount) == (1.0, 15.0, "USD", 13.5)
    assert (row.shipment_id, row.source_file) == (turn.shipment_id, "bids")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"depots": False}, "No export in time: all are stuffed too long after their free time "
                            "(2026-03-01)."),
        ({"location": "CUST", "return_to": "I1"}, "Too far: even to PA the move of 1208 km"),
        ({"refuses": "L1"}, "L1 does not let its boxes be loaded again."),
        ({"refuses": "L1", "line": "SOC"}, "The lines of the exports do not take part"),
        ({"refuses": "T1"}, "The hauliers of the exports in time do not take part"),
        ({"line": "L2"}, "No export sails with a line that loads boxes of L2."),
        ({"available_from": on(5), "free_until": None}, "No export of their line is stuffed after"),
        ({"depots": False, "objective": "min_cost", "detention_per_day": 71.0}, "Not worth it"),
    ],
)  # fmt: skip
def test_each_box_that_stays_unused_says_why(changes: dict[str, Any], reason: str) -> None:
    changes = dict(changes)
    refuses = changes.pop("refuses", "T2")
    case = store_case(**changes)
    silent = replace(case.carriers[refuses], round_use_allowed=False)
    books, _, _ = judged(replace(case, carriers={**case.carriers, refuses: silent}))
    told = [r.reason for r in books.round_use if not r.boxes]
    assert len(told) == 1
    assert told[0].startswith(reason)


Answer = tuple[Case, dict[str, pd.DataFrame], dict[str, Any]]


@pytest.fixture(scope="module")
def answers() -> dict[str, Answer]:
    """Both plans that the lies are told about."""
    cases = {"depot": store_case(), "detention": store_case(detention_per_day=10.0)}
    return {name: (case, *judged(case)[1:]) for name, case in cases.items()}


@pytest.mark.parametrize("lie", TURN_LIES, ids=lambda lie: lie.name)
def test_lies_about_turns_are_named(answers: dict[str, Answer], lie: TurnLie) -> None:
    case, tables, summary = answers[lie.plan]
    mine = copied(tables)
    lie.mutate(mine)
    assert lie.expected_rule in {f.rule for f in check_plan(case, mine, summary)}


@pytest.mark.parametrize("terms", TIGHTER_TURNS, ids=lambda terms: terms.name)
def test_tighter_turns_are_named(answers: dict[str, Answer], terms: TighterTurns) -> None:
    case, tables, summary = answers[terms.plan]
    assert terms.expected_rule in {f.rule for f in check_plan(terms.mutate(case), tables, summary)}


@pytest.mark.parametrize("seed", range(60))
def test_the_plan_is_the_best_of_all_where_free_time_ends(seed: int) -> None:
    """Projects drawn at random (tiny_turns.py), for least CO2e or least cost; each is judged."""
    case = turning_case(seed, ("min_emissions", "min_cost")[seed % 2])
    figures(case)
    judged(case)


def test_the_projects_are_worth_trying() -> None:
    """Among those of the test before: turns through depots, of own boxes, and with detention."""
    uses, charges = [], []
    for seed in range(60):
        case = turning_case(seed, ("min_emissions", "min_cost")[seed % 2])
        plan = planned(case).planned.plan
        uses += list(plan.box_uses)
        charges += [r for r in make_ledger(case, plan).costs if r.charge_code == "DET"]
    assert sum(1 for use in uses if use.depot) >= 8
    assert sum(1 for use in uses if use.import_shipment_id) >= 6
    assert len(charges) >= 2


def test_what_is_left_of_a_stock_is_carried_from_day_to_day() -> None:
    """Five full boxes: two are stuffed on START, two by START + 3, one by START + 4. A partner's
    boxes come in on START, START + 3 (one each) and START + 4 (three): one and one and one are
    loaded again, as the later ones come too late for the rest. All there on START, all five are.
    """
    due = {"O1": 5, "O2": 5, "O3": 8, "O4": 8, "O5": 9}
    orders = tuple(plain_order(name, "PA", 160, days) for name, days in due.items())

    def boxes(*ready: int) -> tuple[EmptyBoxes, ...]:
        box = replace(AT_STORE, free_until=None, ours=False, quantity=1)
        return tuple(
            replace(box, empty_id=f"B{i}", available_from=on(day), quantity=3 if i == 2 else 1)
            for i, day in enumerate(ready)
        )

    case = replace(store_case(wait=None), orders=orders, empties=boxes(0, 3, 4))
    cheap = plain_bid("R9", "T2", "PA", "E1", 150.0, co2e_wtw_g=1500.0, co2e_per="vehicle_km")
    case = replace(case, bids=(*case.bids, cheap))
    names = build_model(build_options(case), Cuts()).linear.names
    assert any(name.startswith("left[STORE,L1,") for name in names)
    assert planned(case).boxes_reused == 3
    assert planned(replace(case, empties=boxes(0, 0, 0))).boxes_reused == 5


def test_spans_of_a_stock() -> None:
    """Boxes come in on days 1, 3 and 7; columns 10, 11 fetch on day 4, column 12 on day 9. What
    comes in on day 1 is fetched on day 4 at the earliest: days 1 and 3 are one span, until day 7.
    """
    box = replace(AT_STORE, quantity=2)
    stock = Stock(StockKey("L1", "BOX", "STORE", "A", "E1"), [(1, box), (3, box), (7, box)])
    first, second = stock.spans([(4, 10), (4, 11), (9, 12)])
    assert (first.until, first.known, first.used) == (7, 4, [10, 11])
    assert (second.until, second.known, second.used) == (None, 2, [12])
