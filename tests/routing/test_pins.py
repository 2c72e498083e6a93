"""Pins: each one binding and taken away, each one broken and named by the judge."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from routing.case import Case
from routing.check.pins import RULES
from routing.check.plan import Plan as Judged
from routing.decisions import Pin
from routing.ledger import make_ledger
from routing.pins import OpenBids, bid_open
from routing.planner import plan_case
from scenarios.results import result_tables
from tests.routing.tiny_cases import (
    START,
    corridor,
    ocean,
    plain_bid,
    plain_order,
    planned,
    tiny_case,
)

O1 = frozenset({"O1/1"})


def choices(**changes: Any) -> Case:
    """The corridor with a choice everywhere: hauliers T1 (200) and T2 (230), ships L1 (500) and L2
    (560), a lorry all the way D1 (1,200), a port of its own I2 by S3 (490) and R4 (190).
    """
    bids = (
        plain_bid("R1", "T1", "PA", "E1", 200.0),
        plain_bid("R1B", "T2", "PA", "E1", 230.0),
        ocean("S1", "L1", 500.0),
        ocean("S2", "L2", 560.0),
        plain_bid("R2", "T3", "I1", "CUST", 150.0),
        plain_bid("D1", "T2", "PA", "CUST", 1200.0, transit_days=4),
        plain_bid("F1", "T2", "PA", "CUST", 1500.0, service="ftl", rate_basis="trip",
                  equipment=("TRL",), transit_days=4),
    )  # fmt: skip
    return corridor(objective="min_cost", bids=bids, **changes)


def way(case: Case) -> tuple[str, ...]:
    """The bids of the only shipment; nothing where the order stays behind."""
    shipments = plan_case(case).plan.shipments
    return tuple(leg.offer.bid.bid_id for leg in shipments[0].legs) if shipments else ()


def pinned(*pins: Pin, **changes: Any) -> Case:
    return replace(choices(**changes), pins=pins)


def fix(**named: Any) -> Pin:
    return Pin(True, O1, reason="booked", **named)


def forbid(**named: Any) -> Pin:
    return Pin(False, O1, reason="strike", **named)


def lane(name: str, fixes: bool, **named: Any) -> Pin:
    return Pin(fixes, lane=name, reason="agreed", **named)


FREE = ("R1", "S1", "R2")
BINDING: list[tuple[Pin, tuple[str, ...]]] = [
    (fix(carrier="T2"), ("R1B", "S1", "R2")),
    (fix(carrier="L2"), ("R1", "S2", "R2")),
    (fix(bid_id="S2"), ("R1", "S2", "R2")),
    (fix(bid_id="D1"), ("D1",)),
    (forbid(carrier="T1"), ("R1B", "S1", "R2")),
    (forbid(bid_id="S1"), ("R1", "S2", "R2")),
    (forbid(carrier="T3"), ("D1",)),
    (forbid(via=("I1",)), ("D1",)),
    (fix(via=("E1", "I1")), FREE),
    (fix(equipment="TRL"), ("F1",)),
    (forbid(equipment="BOX"), ("F1",)),
    (lane("PA - E1", True, carrier="T2"), ("R1B", "S1", "R2")),
    (lane("E1 - I1", False, bid_id="S1"), ("R1", "S2", "R2")),
    (lane("I1 - CUST", False, carrier="T3"), ("D1",)),
    (lane("PA - CUST", False, equipment="BOX"), FREE),
    (lane("PA - E1", False, equipment="BOX"), ("D1",)),
]


def test_without_pins_the_cheapest_way_is_taken() -> None:
    assert way(choices()) == FREE


@pytest.mark.parametrize(("pin", "bids"), BINDING, ids=lambda v: str(v)[:60])
def test_a_pin_binds(pin: Pin, bids: tuple[str, ...]) -> None:
    """T2 fixed: 230 + 500 + 150 = 880 beats its lorry at 1,200; and so on."""
    assert way(pinned(pin)) == bids


@pytest.mark.parametrize(("pin", "bids"), BINDING, ids=lambda v: str(v)[:60])
def test_the_judge_agrees_and_names_the_breach(pin: Pin, bids: tuple[str, ...]) -> None:
    """The pinned plan has no fault; the plan without the pin has one, where it is another plan."""
    case = pinned(pin)
    assert faults(case, tables_of(case)) == []
    if bids != FREE:
        assert faults(case, tables_of(choices()))


def tables_of(case: Case) -> dict[str, pd.DataFrame]:
    plan = plan_case(case).plan
    return result_tables(case, make_ledger(case, plan), plan.unserved, (), ())


def faults(case: Case, tables: dict[str, pd.DataFrame]) -> list[str]:
    judged = Judged(case, tables, {})
    return [f"{rule.__name__}: {b[2]}" for rule in RULES for b in rule(judged)]


def test_the_day_of_departure_is_kept_though_a_later_one_would_do() -> None:
    """The ship leaves on Mondays: the box may go to the port on any of four days; the pin says
    which, and without it the last is taken.
    """
    weekly = tuple(
        replace(b, departure_days=("mon",)) if b.mode == "sea" else b for b in choices().bids
    )
    for after in (0, 1, 2):
        day = START + timedelta(days=after)
        pin = fix(departure=day)
        case = replace(pinned(pin), bids=weekly)
        (shipment,) = plan_case(case).plan.shipments
        assert date.fromordinal(shipment.depart) == day
        assert faults(case, tables_of(case)) == []
    free = replace(choices(), bids=weekly)
    (shipment,) = plan_case(free).plan.shipments
    assert date.fromordinal(shipment.depart) > START + timedelta(days=2)
    assert faults(case, tables_of(free)) != []


def test_a_forbidden_day_is_not_used() -> None:
    """Every day but the last possible one is closed."""
    last = START + timedelta(days=4)
    pins = tuple(forbid(departure=START + timedelta(days=n)) for n in range(10) if n != 4)
    (shipment,) = plan_case(pinned(*pins)).plan.shipments
    assert date.fromordinal(shipment.depart) == last


def test_a_lane_may_be_closed_or_fixed_for_a_day() -> None:
    day = START + timedelta(days=2)
    case = pinned(lane("E1 - I1", True, departure=day))
    (shipment,) = plan_case(case).plan.shipments
    assert date.fromordinal(shipment.legs[1].depart) == day
    assert faults(case, tables_of(case)) == []
    shut = tuple(lane("E1 - I1", False, departure=START + timedelta(days=n)) for n in range(30))
    assert way(pinned(*shut)) == ("D1",)
    assert faults(pinned(*shut), tables_of(choices()))


def test_a_pin_that_leaves_nothing_leaves_the_order_behind_with_the_reason() -> None:
    """No ship of T1 sails: the order stays, and unserved.csv names the row."""
    case = pinned(replace(fix(carrier="L2"), row=7), replace(forbid(bid_id="S2"), row=8))
    tables = tables_of(case)
    (reason,) = tables["unserved"]["reason"].tolist()
    assert "row 7 of decisions" in reason
    assert "row 8 of decisions" in reason
    assert faults(case, tables) == []


def test_only_the_pinned_order_is_bound() -> None:
    """O2 goes by T1, O1 by T2: pinned and free goods share no load unit."""
    orders = (plain_order("O1", "PA", 80, 9), plain_order("O2", "PA", 80, 9))
    case = pinned(fix(carrier="T2", bid_id="R1B"), orders=orders)
    plan = plan_case(case).plan
    by_order = {
        s.contents[0].packed.order.order_id: s.legs[0].offer.bid.bid_id for s in plan.shipments
    }
    assert by_order == {"O1": "R1B", "O2": "R1"}
    assert len(plan.shipments) == 2


def test_the_booking_stands_with_the_shipment() -> None:
    case = pinned(fix(carrier="L2", booking_ref="BK-77"))
    tables = tables_of(case)
    assert tables["shipments"]["booking_ref"].tolist() == ["BK-77"]
    assert faults(case, tables) == []
    tables["shipments"] = tables["shipments"].assign(booking_ref="")
    assert [f.partition(":")[0] for f in faults(case, tables)] == ["booking_told"]


def test_a_way_through_a_centre_may_be_pinned() -> None:
    """PB has a lorry to HUB and no other bid: the way HUB, E1, I1 is the pinned one, and the same
    without its centre cannot be.
    """
    bids = (
        *corridor().bids,
        plain_bid("T", "T2", "PB", "HUB", 90.0, service="ftl", rate_basis="trip",
                  equipment=("TRL",)),
        plain_bid("RH", "T1", "HUB", "E1", 160.0),
    )  # fmt: skip
    orders = (plain_order("O1", "PB", 80, 12),)
    case = corridor(objective="min_cost", bids=bids, orders=orders)
    pin = fix(via=("HUB", "E1", "I1"), carrier="T1")
    through = replace(case, pins=(pin,))
    ways = {tuple(g.offer.bid.bid_id for g in s.legs) for s in plan_case(through).plan.shipments}
    assert ways == {("T",), ("RH", "S1", "R2")}
    assert faults(through, tables_of(through)) == []
    other = replace(case, pins=(fix(via=("E1", "I1")),))
    assert plan_case(other).plan.shipments == ()
    assert faults(other, tables_of(case))


def test_part_loads_keep_pins_too() -> None:
    parts = (
        plain_bid("P1", "T1", "PA", "CUST", 300.0, service="ltl", rate_basis="shipment"),
        plain_bid("P2", "T2", "PA", "CUST", 310.0, service="ltl", rate_basis="shipment"),
    )
    case = corridor(objective="min_cost", bids=parts)
    for pin, bids in (
        (fix(carrier="T2"), ("P2",)),
        (forbid(bid_id="P1"), ("P2",)),
        (lane("PA - CUST", True, bid_id="P2"), ("P2",)),
        (fix(equipment="BOX"), ()),
    ):
        assert way(case) == ("P1",)
        assert way(replace(case, pins=(pin,))) == bids
        assert faults(replace(case, pins=(pin,)), tables_of(case))


def test_open_bids_are_exact_where_carriers_are_not() -> None:
    bid = plain_bid("R1", "T1", "PA", "E1", 200.0)
    assert bid_open(bid, None)
    assert bid_open(bid, frozenset({"T1"}))
    assert not bid_open(bid, OpenBids({"T1"}))
    assert bid_open(bid, OpenBids({"R1"}))


def frozen(case: Case) -> tuple[Pin, ...]:
    """Every order of a plan frozen on all that its way is made of."""
    pins = []
    for shipment in plan_case(case).plan.shipments:
        for content in shipment.contents:
            if content.kind != "direct":
                continue
            main = max(shipment.legs, key=lambda leg: leg.offer.bid.transit_days)
            pins.append(
                Pin(
                    True,
                    frozenset({content.packed.order.key}),
                    bid_id=main.offer.bid.bid_id,
                    via=tuple(leg.offer.bid.destination for leg in shipment.legs[:-1]),
                    equipment=shipment.equipment,
                    departure=date.fromordinal(shipment.depart),
                    reason="booked",
                )
            )
    return tuple(pins)


@pytest.mark.parametrize("objective", ["min_cost", "min_emissions"])
@pytest.mark.parametrize("seed", [0, 1, 3, 5, 8, 11, 13, 17, 22, 26, 30, 41])
def test_a_frozen_plan_is_planned_again(seed: int, objective: str) -> None:
    """What is frozen as it was costs and emits what it did, and its judge finds nothing."""
    case = tiny_case(seed, objective)
    pins = frozen(case)
    again = replace(case, pins=pins)
    before, after = planned(case), planned(again)
    value = "cost" if objective == "min_cost" else "co2e"
    assert getattr(after, value) == pytest.approx(getattr(before, value), abs=0.01)
    assert after.unserved == before.unserved
    assert faults(again, tables_of(again)) == []
