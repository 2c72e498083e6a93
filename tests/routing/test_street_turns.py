"""Street turns alone: by hand, against every flow, each rule once binding and once removed."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routing.bids import Carrier
from routing.boxes import EmptyBoxes, WantedBoxes
from routing.check.street_turns import check_street_turns
from routing.street_reasons import reasons
from routing.street_turns import best_turns
from routing.turn_case import OBJECTIVES, TurnCase
from scenarios.reuse import result_rows
from tests.routing.turn_cases import box, case, day, naive_turns, need


def pairs_of(c: TurnCase) -> list[tuple[str, str, int]]:
    plan = best_turns(c)
    assert check_street_turns(c, result_rows(c, plan)[0]) == []
    return [(t.empties.empty_id, t.wanted.wanted_id, t.boxes) for t in plan.turns]


def why(c: TurnCase) -> dict[str, str]:
    plan = best_turns(c)
    assert check_street_turns(c, result_rows(c, plan)[0]) == []
    return {c.empties[i].empty_id: kind for i, _, kind, _ in reasons(c, plan)}


def test_one_turn_by_hand() -> None:
    """YARD to PORT 100 + PORT to MILL 80 - YARD to MILL 30 = 150 km, two boxes: 300 km, 300 kg.

    Of a partner's box the return is his: 2 x 100 km = 200 kg; ours are 100 kg. It is fetched on
    day 3, the first day of stuffing. Cost: fee 20 USD x 0.5 = 10 EUR a box; the return is not ours.
    """
    line = Carrier("LINE", "A line", round_use_fee=20.0, currency="USD")
    c = case([box(quantity=3, ours=False, return_cost=70.0)], [need(quantity=2)], [line])
    (turn,) = best_turns(c).turns
    assert (turn.boxes, turn.day, turn.depot) == (2, day(3), "")
    assert (turn.km_saved, turn.co2e_avoided_kg) == (300.0, 300.0)
    assert (turn.co2e_avoided_own_kg, turn.co2e_avoided_partner_kg) == (100.0, 200.0)
    assert turn.cost_change == 20.0
    rows, unused = result_rows(c, best_turns(c))
    assert unused == {"served": 1}
    assert rows[-1]["boxes"] == 0
    assert rows[-1]["reason"].startswith("1 of 3: All exports")


def test_the_best_pair_first_is_not_the_best_plan() -> None:
    """MILL wants one box, SHOP one. Saved km: YARD-MILL 150, FARM-MILL 90 + 80 - 20 = 150,
    YARD-SHOP 100 + 120 - 60 = 160, FARM-SHOP 90 + 120 - 110 = 100. Best: YARD-SHOP and FARM-MILL,
    310 km. From the BARN only 40 + 80 - 150 < 0 and 40 + 120 - 155 = 5 km are saved.
    """
    c = case(
        [box("E1"), box("E2", location="FARM"), box("E3", location="BARN")],
        [need("W1"), need("W2", location="SHOP")],
    )
    assert pairs_of(c) == [("E1", "W2", 1), ("E2", "W1", 1)]
    assert best_turns(c).stages[0] == 310_000
    assert why(c) == {"E3": "served"}


def test_own_and_partner_add_up_with_a_long_move() -> None:
    """BARN to SHOP: pick-up 120 - move 155 = -35 km are ours, 40 km the partner's: 5 km in all."""
    c = case([box(location="BARN", ours=False)], [need(location="SHOP")])
    (turn,) = best_turns(c).turns
    assert turn.co2e_avoided_own_kg == -35.0
    assert turn.co2e_avoided_partner_kg == 40.0
    assert turn.co2e_avoided_kg == 5.0


RULES: list[tuple[str, str, dict[str, Any], dict[str, Any], dict[str, Any]]] = [
    ("type", "type", {"equipment": "22G1"}, {}, {}),
    ("grade", "grade", {"grade": "C"}, {"min_grade": "B"}, {}),
    ("line", "line", {"line": "OTHER"}, {}, {}),
    ("soc booking", "line", {}, {"line": "SOC"}, {}),
    ("ready too late", "time", {"available_from": day(6)}, {}, {}),
    ("free time over", "time", {"free_until": day(2)}, {}, {}),
    ("too far", "far", {"location": "BARN"}, {}, {}),
]


@pytest.mark.parametrize(("name", "kind", "there", "wanted", "rest"), RULES, ids=lambda v: str(v))
def test_a_rule_binds_and_removed_it_does_not(
    name: str, kind: str, there: dict[str, Any], wanted: dict[str, Any], rest: dict[str, Any]
) -> None:
    bound = case([box(**there)], [need(**wanted)], **rest)
    assert pairs_of(bound) == []
    assert why(bound) == {"E1": kind}
    assert pairs_of(case([box()], [need()])) == [("E1", "W1", 1)]


@pytest.mark.parametrize("who", ["owner", "line"])
def test_both_owner_and_line_must_consent(who: str) -> None:
    """OTHER's box on a booking of LINE, which interchanges with OTHER."""

    def asked(owner: bool, line: bool) -> TurnCase:
        parties = [
            Carrier("LINE", "", interchange_with=("OTHER",), round_use_allowed=line),
            Carrier("OTHER", "", round_use_allowed=owner),
        ]
        return case([box(line="OTHER")], [need()], parties)

    refused = asked(owner=who != "owner", line=who != "line")
    assert pairs_of(refused) == []
    assert why(refused) == {"E1": "owner" if who == "owner" else "consent"}
    assert pairs_of(asked(True, True)) == [("E1", "W1", 1)]


def test_interchange_is_not_symmetric() -> None:
    parties = [Carrier("LINE", ""), Carrier("OTHER", "", interchange_with=("LINE",))]
    assert pairs_of(case([box(line="OTHER")], [need()], parties)) == []
    assert pairs_of(case([box()], [need(line="OTHER")], parties)) == [("E1", "W1", 1)]


def test_cyclic_interchange_is_no_more_than_two_agreements() -> None:
    """LINE takes OTHER's, OTHER takes THIRD's, THIRD takes LINE's: not passed on."""
    parties = [
        Carrier("LINE", "", interchange_with=("OTHER",)),
        Carrier("OTHER", "", interchange_with=("THIRD", "OTHER")),
        Carrier("THIRD", "", interchange_with=("LINE",)),
    ]
    assert pairs_of(case([box(line="THIRD")], [need()], parties)) == []
    assert pairs_of(case([box(line="OTHER")], [need()], parties)) == [("E1", "W1", 1)]


def test_shippers_own_boxes_go_on_any_booking_whose_line_takes_part() -> None:
    assert pairs_of(case([box(line="SOC")], [need()])) == [("E1", "W1", 1)]
    assert pairs_of(case([box(line="SOC")], [need(line="SOC")])) == [("E1", "W1", 1)]
    refusing = [Carrier("LINE", "", round_use_allowed=False)]
    assert pairs_of(case([box(line="SOC")], [need()], refusing)) == []


def test_after_free_time_only_at_a_price() -> None:
    """Free until day 1, stuffed from day 3: two days at 25 EUR a box, for two boxes 100 EUR."""
    late = box(free_until=day(1), quantity=2)
    assert pairs_of(case([late], [need(quantity=2)])) == []
    priced = case([replace(late, detention_per_day=25.0)], [need(quantity=2)])
    (turn,) = best_turns(priced).turns
    assert (turn.day, turn.cost_change) == (day(3), 100.0)
    assert pairs_of(priced) == [("E1", "W1", 2)]
    dear = replace(priced, objective="cost")
    assert pairs_of(dear) == []
    assert why(dear) == {"E1": "worth"}


def test_a_box_may_wait_at_the_stuffing_place_only_where_that_is_asked_for() -> None:
    early = case([box(free_until=day(1))], [need()])
    assert pairs_of(early) == []
    waiting = replace(early, wait_days=2)
    assert pairs_of(waiting) == [("E1", "W1", 1)]
    assert best_turns(waiting).turns[0].day == day(1)


def test_a_depot_bridges_the_time_between() -> None:
    """YARD to DEPOT 10 + DEPOT to MILL 40 = 50 km: 130 of 180 km are saved, handed in on day 0."""
    early = case([box(free_until=day(1))], [need()])
    c = replace(early, depots=("DEPOT",))
    (turn,) = best_turns(c).turns
    assert (turn.depot, turn.day, turn.km_saved) == ("DEPOT", day(0), 130.0)
    assert pairs_of(c) == [("E1", "W1", 1)]
    never = replace(c, empties=(box(available_from=day(6)),))
    assert why(never) == {"E1": "time"}
    far = replace(c, empties=(box(free_until=day(1), location="FARM", return_to="FARM"),))
    assert why(far) == {"E1": "far"}  # 80 - 90 < 0 through the depot, 80 - 20 on the street


def test_a_depot_is_of_use_where_the_street_saves_nothing() -> None:
    """BARN to MILL 40 + 80 - 150 < 0 km; by DEPOT 45 + 40: 35 km are saved, as told in a table."""
    c = case([box(location="BARN")], [need()])
    assert why(c) == {"E1": "far"}
    (turn,) = best_turns(replace(c, depots=("DEPOT",))).turns
    assert (turn.depot, turn.day, turn.km_saved) == ("DEPOT", day(0), 35.0)


def test_a_late_box_takes_the_dear_street_or_the_depot_as_the_objective_says() -> None:
    """Street 150 km at 2 x 25 EUR, depot 130 km for nothing."""
    late = box(free_until=day(1), detention_per_day=25.0, return_cost=60.0)
    c = case([late], [need()], depots=("DEPOT",))
    assert best_turns(c).turns[0].depot == ""
    cheap = best_turns(replace(c, objective="cost")).turns[0]
    assert (cheap.depot, cheap.cost_change) == ("DEPOT", -60.0)


def test_ties_in_co2e_are_broken_by_cost() -> None:
    """Two owners' boxes stand side by side; LINE asks a fee of 5 EUR, OTHER 4."""
    parties = [
        Carrier("LINE", "", interchange_with=("OTHER",), round_use_fee=5.0, currency="EUR"),
        Carrier("OTHER", "", round_use_fee=4.0, currency="EUR"),
    ]
    c = case([box("E1"), box("E2", line="OTHER")], [need()], parties)
    assert pairs_of(c) == [("E2", "W1", 1)]
    assert best_turns(c).stages == (150_000, -400)


def test_most_boxes_is_more_than_most_co2e() -> None:
    """The yard saves 160 km to the shop; only it reaches the mill in grade, and both want one."""
    c = case(
        [box("E1"), box("E2", location="BARN")],
        [need("W1", to_date=day(5)), need("W2", location="SHOP", from_date=day(3))],
    )
    one = replace(c, wanted=(need("W1", min_grade="A"), need("W2", location="SHOP")))
    assert pairs_of(replace(one, objective="boxes")) == [("E1", "W1", 1), ("E2", "W2", 1)]
    assert best_turns(one).most_boxes == 2
    # 150 + 5 km for two boxes, 160 for one
    assert pairs_of(one) == [("E1", "W2", 1)]


def test_haulage_counts_where_a_kilometre_has_a_price() -> None:
    """Move 30 - pick-up 80 = -50 km at 1.20 EUR = -60 EUR; 45 EUR of the return are ours."""
    c = case([box(return_cost=45.0)], [need()], cost_per_km=1.2)
    assert best_turns(c).turns[0].cost_change == -105.0
    assert pairs_of(c) == [("E1", "W1", 1)]


def test_the_order_of_rows_does_not_matter() -> None:
    there = [box(f"E{k}", quantity=2, location=p) for k, p in enumerate(["YARD", "FARM", "YARD"])]
    wanted = [need(f"W{k}", quantity=1, location=p) for k, p in enumerate(["MILL", "SHOP"] * 2)]
    plain = pairs_of(case(there, wanted))
    for seed in range(5):
        random.Random(seed).shuffle(there)
        random.Random(seed + 9).shuffle(wanted)
        assert pairs_of(case(there, wanted)) == plain


CORRUPTIONS: dict[str, dict[str, Any]] = {
    "more boxes than there are": {"boxes": 4},
    "a box of nobody": {"empty_id": "E9"},
    "an export of nobody": {"shipment_id": "W9"},
    "too early": {"date": day(2)},
    "too late": {"date": day(6)},
    "not ready": {"date": day(-1)},
    "another place": {"from": "FARM"},
    "another type": {"equipment": "22G1"},
    "another owner": {"line": "OTHER"},
    "a depot": {"depot": "DEPOT"},
    "kilometres": {"km_saved": 300.1},
    "grams": {"co2e_avoided_kg": 300.1},
    "the partner's part": {"co2e_avoided_partner_kg": 1.0, "co2e_avoided_own_kg": 299.0},
    "the parts": {"co2e_avoided_own_kg": 299.0},
    "cost": {"cost_change": 1.0},
}


@pytest.mark.parametrize("name", CORRUPTIONS)
def test_the_check_refuses_a_corrupted_row(name: str) -> None:
    c = case([box(quantity=2)], [need(quantity=2)])
    rows, _ = result_rows(c, best_turns(c))
    assert check_street_turns(c, rows) == []
    assert check_street_turns(c, [{**rows[0], **CORRUPTIONS[name]}])


@pytest.mark.parametrize(
    "there",
    [
        {"equipment": "22G1"},
        {"grade": "C"},
        {"line": "OTHER"},
        {"free_until": day(2)},
        {"available_from": day(6)},
        {"location": "BARN"},
    ],
    ids=str,
)
def test_the_check_refuses_a_forbidden_turn(there: dict[str, Any]) -> None:
    """The rows of a sound plan, held against boxes for which it is not sound."""
    wanted = [need(min_grade="B")]
    rows, _ = result_rows(case([box()], wanted), best_turns(case([box()], wanted)))
    moved = {**rows[0], **{k: v for k, v in there.items() if k in ("equipment", "line")}}
    moved["from"] = there.get("location", "YARD")
    assert check_street_turns(case([box(**there)], wanted), [moved])


def test_the_check_wants_a_reason_for_each_unused_box() -> None:
    c = case([box(grade="C")], [need(min_grade="A")])
    rows, _ = result_rows(c, best_turns(c))
    assert check_street_turns(c, rows) == []
    assert check_street_turns(c, [])
    assert check_street_turns(c, [{**rows[0], "reason": ""}])


# -- against every flow ---------------------------------------------------------------------------

LOCATIONS, SITES, PORTS = ("YARD", "FARM", "BARN"), ("MILL", "SHOP"), ("PORT", "QUAY")
OWNERS = ("LINE", "OTHER", "SOC")


@st.composite
def tiny_cases(draw: st.DrawFn) -> TurnCase:
    def one(values: Any) -> Any:
        return draw(st.sampled_from(values))

    def number(low: int, high: int) -> int:
        return draw(st.integers(low, high))

    def emptied(k: int) -> EmptyBoxes:
        ready = number(0, 5)
        return box(
            f"E{k}", equipment=one(["45G1", "45G1", "22G1"]), location=one(LOCATIONS),
            line=one(OWNERS), quantity=number(1, 2), available_from=day(ready),
            free_until=one([None, day(ready), day(ready + 2)]), return_to=one(PORTS),
            return_cost=one([0.0, 40.0, 99.98]), currency=one(["EUR", "USD"]), grade=one("ABC"),
            vehicle=one(["lorry", "electric"]), ours=one([True, False]),
            detention_per_day=one([None, 0.0, 30.0]),
        )  # fmt: skip

    def wanted(k: int) -> WantedBoxes:
        first = number(0, 7)
        return need(
            f"W{k}", equipment=one(["45G1", "45G1", "22G1"]), location=one(SITES),
            line=one(OWNERS), quantity=number(1, 2), from_date=day(first),
            to_date=day(first + number(0, 3)), port=one(PORTS), min_grade=one("ABC"),
        )  # fmt: skip

    parties = [
        Carrier(
            name, "", round_use_allowed=one([True, True, True, False]),
            round_use_fee=one([0.0, 12.5]), currency=one(["EUR", "USD"]),
            interchange_with=one([(), (other,)]),
        )
        for name, other in (("LINE", "OTHER"), ("OTHER", "LINE"))
    ]  # fmt: skip
    return case(
        [emptied(k) for k in range(number(1, 3))],
        [wanted(k) for k in range(number(1, 3))],
        parties,
        objective=one(OBJECTIVES),
        wait_days=one([0, 2]),
        depots=one([(), ("DEPOT",)]),
        cost_per_km=one([0.0, 1.15]),
    )


def best_by_trying(c: TurnCase) -> tuple[int, ...]:
    """The best totals of all flows, in the order of the objective."""
    turns = list(naive_turns(c))
    most = [range(min(c.empties[t.i].quantity, c.wanted[t.j].quantity) + 1) for t in turns]
    best: tuple[int, ...] = ()
    for flow in itertools.product(*most):
        used, given_ = [0] * len(c.empties), [0] * len(c.wanted)
        for boxes, t in zip(flow, turns, strict=True):
            used[t.i] += boxes
            given_[t.j] += boxes
        if any(u > e.quantity for u, e in zip(used, c.empties, strict=True)):
            continue
        if any(g > w.quantity for g, w in zip(given_, c.wanted, strict=True)):
            continue
        grams = sum(b * t.grams for b, t in zip(flow, turns, strict=True))
        cents = -sum(b * t.cents for b, t in zip(flow, turns, strict=True))
        totals = {
            "co2e": (grams, cents),
            "cost": (cents, grams),
            "boxes": (sum(flow), grams, cents),
        }[c.objective]
        best = max(best, totals) if best else totals
    return best


@settings(max_examples=300, deadline=None)
@given(tiny_cases())
def test_no_flow_is_better(c: TurnCase) -> None:
    if sum(1 for _ in naive_turns(c)) > 7:
        return
    plan = best_turns(c)
    assert plan.stages == best_by_trying(c)
    assert plan.pairs == sum(1 for _ in naive_turns(c))
    assert check_street_turns(c, result_rows(c, plan)[0]) == []
